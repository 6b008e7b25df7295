Network mobilenet_v1_0.75_192 {
	Layer L0 {
		Type: CONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 24, C: 3, R: 3, S: 3, Y: 193, X: 193 }
	}
	Layer L1 {
		Type: DSCONV
		Dimensions { K: 1, C: 24, R: 3, S: 3, Y: 98, X: 98 }
	}
	Layer L2 {
		Type: CONV
		Dimensions { K: 48, C: 24, R: 1, S: 1, Y: 96, X: 96 }
	}
	Layer L3 {
		Type: DSCONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 1, C: 48, R: 3, S: 3, Y: 97, X: 97 }
	}
	Layer L4 {
		Type: CONV
		Dimensions { K: 96, C: 48, R: 1, S: 1, Y: 48, X: 48 }
	}
	Layer L5 {
		Type: DSCONV
		Dimensions { K: 1, C: 96, R: 3, S: 3, Y: 50, X: 50 }
	}
	Layer L6 {
		Type: CONV
		Dimensions { K: 96, C: 96, R: 1, S: 1, Y: 48, X: 48 }
	}
	Layer L7 {
		Type: DSCONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 1, C: 96, R: 3, S: 3, Y: 49, X: 49 }
	}
	Layer L8 {
		Type: CONV
		Dimensions { K: 192, C: 96, R: 1, S: 1, Y: 24, X: 24 }
	}
	Layer L9 {
		Type: DSCONV
		Dimensions { K: 1, C: 192, R: 3, S: 3, Y: 26, X: 26 }
	}
	Layer L10 {
		Type: CONV
		Dimensions { K: 192, C: 192, R: 1, S: 1, Y: 24, X: 24 }
	}
	Layer L11 {
		Type: DSCONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 1, C: 192, R: 3, S: 3, Y: 25, X: 25 }
	}
	Layer L12 {
		Type: CONV
		Dimensions { K: 384, C: 192, R: 1, S: 1, Y: 12, X: 12 }
	}
	Layer L13 {
		Type: DSCONV
		Dimensions { K: 1, C: 384, R: 3, S: 3, Y: 14, X: 14 }
	}
	Layer L14 {
		Type: CONV
		Dimensions { K: 384, C: 384, R: 1, S: 1, Y: 12, X: 12 }
	}
	Layer L15 {
		Type: DSCONV
		Dimensions { K: 1, C: 384, R: 3, S: 3, Y: 14, X: 14 }
	}
	Layer L16 {
		Type: CONV
		Dimensions { K: 384, C: 384, R: 1, S: 1, Y: 12, X: 12 }
	}
	Layer L17 {
		Type: DSCONV
		Dimensions { K: 1, C: 384, R: 3, S: 3, Y: 14, X: 14 }
	}
	Layer L18 {
		Type: CONV
		Dimensions { K: 384, C: 384, R: 1, S: 1, Y: 12, X: 12 }
	}
	Layer L19 {
		Type: DSCONV
		Dimensions { K: 1, C: 384, R: 3, S: 3, Y: 14, X: 14 }
	}
	Layer L20 {
		Type: CONV
		Dimensions { K: 384, C: 384, R: 1, S: 1, Y: 12, X: 12 }
	}
	Layer L21 {
		Type: DSCONV
		Dimensions { K: 1, C: 384, R: 3, S: 3, Y: 14, X: 14 }
	}
	Layer L22 {
		Type: CONV
		Dimensions { K: 384, C: 384, R: 1, S: 1, Y: 12, X: 12 }
	}
	Layer L23 {
		Type: DSCONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 1, C: 384, R: 3, S: 3, Y: 13, X: 13 }
	}
	Layer L24 {
		Type: CONV
		Dimensions { K: 768, C: 384, R: 1, S: 1, Y: 6, X: 6 }
	}
	Layer L25 {
		Type: DSCONV
		Dimensions { K: 1, C: 768, R: 3, S: 3, Y: 8, X: 8 }
	}
	Layer L26 {
		Type: CONV
		Dimensions { K: 768, C: 768, R: 1, S: 1, Y: 6, X: 6 }
	}
	Layer L27 {
		Type: CONV
		Dimensions { K: 1001, C: 768, R: 1, S: 1, Y: 1, X: 1 }
	}
}
