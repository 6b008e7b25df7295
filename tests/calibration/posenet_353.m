Network posenet_353 {
	Layer L0 {
		Type: CONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 24, C: 3, R: 3, S: 3, Y: 355, X: 483 }
	}
	Layer L1 {
		Type: DSCONV
		Dimensions { K: 1, C: 24, R: 3, S: 3, Y: 179, X: 243 }
	}
	Layer L2 {
		Type: CONV
		Dimensions { K: 48, C: 24, R: 1, S: 1, Y: 177, X: 241 }
	}
	Layer L3 {
		Type: DSCONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 1, C: 48, R: 3, S: 3, Y: 179, X: 243 }
	}
	Layer L4 {
		Type: CONV
		Dimensions { K: 96, C: 48, R: 1, S: 1, Y: 89, X: 121 }
	}
	Layer L5 {
		Type: DSCONV
		Dimensions { K: 1, C: 96, R: 3, S: 3, Y: 91, X: 123 }
	}
	Layer L6 {
		Type: CONV
		Dimensions { K: 96, C: 96, R: 1, S: 1, Y: 89, X: 121 }
	}
	Layer L7 {
		Type: DSCONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 1, C: 96, R: 3, S: 3, Y: 91, X: 123 }
	}
	Layer L8 {
		Type: CONV
		Dimensions { K: 192, C: 96, R: 1, S: 1, Y: 45, X: 61 }
	}
	Layer L9 {
		Type: DSCONV
		Dimensions { K: 1, C: 192, R: 3, S: 3, Y: 47, X: 63 }
	}
	Layer L10 {
		Type: CONV
		Dimensions { K: 192, C: 192, R: 1, S: 1, Y: 45, X: 61 }
	}
	Layer L11 {
		Type: DSCONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 1, C: 192, R: 3, S: 3, Y: 47, X: 63 }
	}
	Layer L12 {
		Type: CONV
		Dimensions { K: 384, C: 192, R: 1, S: 1, Y: 23, X: 31 }
	}
	Layer L13 {
		Type: DSCONV
		Dimensions { K: 1, C: 384, R: 3, S: 3, Y: 25, X: 33 }
	}
	Layer L14 {
		Type: CONV
		Dimensions { K: 384, C: 384, R: 1, S: 1, Y: 23, X: 31 }
	}
	Layer L15 {
		Type: DSCONV
		Dimensions { K: 1, C: 384, R: 3, S: 3, Y: 25, X: 33 }
	}
	Layer L16 {
		Type: CONV
		Dimensions { K: 384, C: 384, R: 1, S: 1, Y: 23, X: 31 }
	}
	Layer L17 {
		Type: DSCONV
		Dimensions { K: 1, C: 384, R: 3, S: 3, Y: 25, X: 33 }
	}
	Layer L18 {
		Type: CONV
		Dimensions { K: 384, C: 384, R: 1, S: 1, Y: 23, X: 31 }
	}
	Layer L19 {
		Type: DSCONV
		Dimensions { K: 1, C: 384, R: 3, S: 3, Y: 25, X: 33 }
	}
	Layer L20 {
		Type: CONV
		Dimensions { K: 384, C: 384, R: 1, S: 1, Y: 23, X: 31 }
	}
	Layer L21 {
		Type: DSCONV
		Dimensions { K: 1, C: 384, R: 3, S: 3, Y: 25, X: 33 }
	}
	Layer L22 {
		Type: CONV
		Dimensions { K: 384, C: 384, R: 1, S: 1, Y: 23, X: 31 }
	}
	Layer L23 {
		Type: DSCONV
		Dimensions { K: 1, C: 384, R: 3, S: 3, Y: 25, X: 33 }
	}
	Layer L24 {
		Type: CONV
		Dimensions { K: 384, C: 384, R: 1, S: 1, Y: 23, X: 31 }
	}
	Layer L25 {
		Type: DSCONV
		Dimensions { K: 1, C: 384, R: 3, S: 3, Y: 25, X: 33 }
	}
	Layer L26 {
		Type: CONV
		Dimensions { K: 384, C: 384, R: 1, S: 1, Y: 23, X: 31 }
	}
	Layer L27 {
		Type: CONV
		Dimensions { K: 32, C: 384, R: 1, S: 1, Y: 23, X: 31 }
	}
	Layer L28 {
		Type: CONV
		Dimensions { K: 32, C: 384, R: 1, S: 1, Y: 23, X: 31 }
	}
	Layer L29 {
		Type: CONV
		Dimensions { K: 17, C: 384, R: 1, S: 1, Y: 23, X: 31 }
	}
	Layer L30 {
		Type: CONV
		Dimensions { K: 34, C: 384, R: 1, S: 1, Y: 23, X: 31 }
	}
}
