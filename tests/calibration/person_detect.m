Network person_detect {
	Layer L0 {
		Type: CONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 8, C: 1, R: 3, S: 3, Y: 97, X: 97 }
	}
	Layer L1 {
		Type: DSCONV
		Dimensions { K: 1, C: 8, R: 3, S: 3, Y: 50, X: 50 }
	}
	Layer L2 {
		Type: CONV
		Dimensions { K: 16, C: 8, R: 1, S: 1, Y: 48, X: 48 }
	}
	Layer L3 {
		Type: DSCONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 1, C: 16, R: 3, S: 3, Y: 49, X: 49 }
	}
	Layer L4 {
		Type: CONV
		Dimensions { K: 32, C: 16, R: 1, S: 1, Y: 24, X: 24 }
	}
	Layer L5 {
		Type: DSCONV
		Dimensions { K: 1, C: 32, R: 3, S: 3, Y: 26, X: 26 }
	}
	Layer L6 {
		Type: CONV
		Dimensions { K: 32, C: 32, R: 1, S: 1, Y: 24, X: 24 }
	}
	Layer L7 {
		Type: DSCONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 1, C: 32, R: 3, S: 3, Y: 25, X: 25 }
	}
	Layer L8 {
		Type: CONV
		Dimensions { K: 64, C: 32, R: 1, S: 1, Y: 12, X: 12 }
	}
	Layer L9 {
		Type: DSCONV
		Dimensions { K: 1, C: 64, R: 3, S: 3, Y: 14, X: 14 }
	}
	Layer L10 {
		Type: CONV
		Dimensions { K: 64, C: 64, R: 1, S: 1, Y: 12, X: 12 }
	}
	Layer L11 {
		Type: DSCONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 1, C: 64, R: 3, S: 3, Y: 13, X: 13 }
	}
	Layer L12 {
		Type: CONV
		Dimensions { K: 128, C: 64, R: 1, S: 1, Y: 6, X: 6 }
	}
	Layer L13 {
		Type: DSCONV
		Dimensions { K: 1, C: 128, R: 3, S: 3, Y: 8, X: 8 }
	}
	Layer L14 {
		Type: CONV
		Dimensions { K: 128, C: 128, R: 1, S: 1, Y: 6, X: 6 }
	}
	Layer L15 {
		Type: DSCONV
		Dimensions { K: 1, C: 128, R: 3, S: 3, Y: 8, X: 8 }
	}
	Layer L16 {
		Type: CONV
		Dimensions { K: 128, C: 128, R: 1, S: 1, Y: 6, X: 6 }
	}
	Layer L17 {
		Type: DSCONV
		Dimensions { K: 1, C: 128, R: 3, S: 3, Y: 8, X: 8 }
	}
	Layer L18 {
		Type: CONV
		Dimensions { K: 128, C: 128, R: 1, S: 1, Y: 6, X: 6 }
	}
	Layer L19 {
		Type: DSCONV
		Dimensions { K: 1, C: 128, R: 3, S: 3, Y: 8, X: 8 }
	}
	Layer L20 {
		Type: CONV
		Dimensions { K: 128, C: 128, R: 1, S: 1, Y: 6, X: 6 }
	}
	Layer L21 {
		Type: DSCONV
		Dimensions { K: 1, C: 128, R: 3, S: 3, Y: 8, X: 8 }
	}
	Layer L22 {
		Type: CONV
		Dimensions { K: 128, C: 128, R: 1, S: 1, Y: 6, X: 6 }
	}
	Layer L23 {
		Type: DSCONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 1, C: 128, R: 3, S: 3, Y: 7, X: 7 }
	}
	Layer L24 {
		Type: CONV
		Dimensions { K: 256, C: 128, R: 1, S: 1, Y: 3, X: 3 }
	}
	Layer L25 {
		Type: DSCONV
		Dimensions { K: 1, C: 256, R: 3, S: 3, Y: 5, X: 5 }
	}
	Layer L26 {
		Type: CONV
		Dimensions { K: 256, C: 256, R: 1, S: 1, Y: 3, X: 3 }
	}
	Layer L27 {
		Type: CONV
		Dimensions { K: 2, C: 256, R: 1, S: 1, Y: 1, X: 1 }
	}
}
