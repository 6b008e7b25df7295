Network mobilenet_v1_0.25_128 {
	Layer L0 {
		Type: CONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 8, C: 3, R: 3, S: 3, Y: 129, X: 129 }
	}
	Layer L1 {
		Type: DSCONV
		Dimensions { K: 1, C: 8, R: 3, S: 3, Y: 66, X: 66 }
	}
	Layer L2 {
		Type: CONV
		Dimensions { K: 16, C: 8, R: 1, S: 1, Y: 64, X: 64 }
	}
	Layer L3 {
		Type: DSCONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 1, C: 16, R: 3, S: 3, Y: 65, X: 65 }
	}
	Layer L4 {
		Type: CONV
		Dimensions { K: 32, C: 16, R: 1, S: 1, Y: 32, X: 32 }
	}
	Layer L5 {
		Type: DSCONV
		Dimensions { K: 1, C: 32, R: 3, S: 3, Y: 34, X: 34 }
	}
	Layer L6 {
		Type: CONV
		Dimensions { K: 32, C: 32, R: 1, S: 1, Y: 32, X: 32 }
	}
	Layer L7 {
		Type: DSCONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 1, C: 32, R: 3, S: 3, Y: 33, X: 33 }
	}
	Layer L8 {
		Type: CONV
		Dimensions { K: 64, C: 32, R: 1, S: 1, Y: 16, X: 16 }
	}
	Layer L9 {
		Type: DSCONV
		Dimensions { K: 1, C: 64, R: 3, S: 3, Y: 18, X: 18 }
	}
	Layer L10 {
		Type: CONV
		Dimensions { K: 64, C: 64, R: 1, S: 1, Y: 16, X: 16 }
	}
	Layer L11 {
		Type: DSCONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 1, C: 64, R: 3, S: 3, Y: 17, X: 17 }
	}
	Layer L12 {
		Type: CONV
		Dimensions { K: 128, C: 64, R: 1, S: 1, Y: 8, X: 8 }
	}
	Layer L13 {
		Type: DSCONV
		Dimensions { K: 1, C: 128, R: 3, S: 3, Y: 10, X: 10 }
	}
	Layer L14 {
		Type: CONV
		Dimensions { K: 128, C: 128, R: 1, S: 1, Y: 8, X: 8 }
	}
	Layer L15 {
		Type: DSCONV
		Dimensions { K: 1, C: 128, R: 3, S: 3, Y: 10, X: 10 }
	}
	Layer L16 {
		Type: CONV
		Dimensions { K: 128, C: 128, R: 1, S: 1, Y: 8, X: 8 }
	}
	Layer L17 {
		Type: DSCONV
		Dimensions { K: 1, C: 128, R: 3, S: 3, Y: 10, X: 10 }
	}
	Layer L18 {
		Type: CONV
		Dimensions { K: 128, C: 128, R: 1, S: 1, Y: 8, X: 8 }
	}
	Layer L19 {
		Type: DSCONV
		Dimensions { K: 1, C: 128, R: 3, S: 3, Y: 10, X: 10 }
	}
	Layer L20 {
		Type: CONV
		Dimensions { K: 128, C: 128, R: 1, S: 1, Y: 8, X: 8 }
	}
	Layer L21 {
		Type: DSCONV
		Dimensions { K: 1, C: 128, R: 3, S: 3, Y: 10, X: 10 }
	}
	Layer L22 {
		Type: CONV
		Dimensions { K: 128, C: 128, R: 1, S: 1, Y: 8, X: 8 }
	}
	Layer L23 {
		Type: DSCONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 1, C: 128, R: 3, S: 3, Y: 9, X: 9 }
	}
	Layer L24 {
		Type: CONV
		Dimensions { K: 256, C: 128, R: 1, S: 1, Y: 4, X: 4 }
	}
	Layer L25 {
		Type: DSCONV
		Dimensions { K: 1, C: 256, R: 3, S: 3, Y: 6, X: 6 }
	}
	Layer L26 {
		Type: CONV
		Dimensions { K: 256, C: 256, R: 1, S: 1, Y: 4, X: 4 }
	}
	Layer L27 {
		Type: CONV
		Dimensions { K: 1001, C: 256, R: 1, S: 1, Y: 1, X: 1 }
	}
}
