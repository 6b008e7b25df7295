Network mobilenet_v1_0.5_160 {
	Layer L0 {
		Type: CONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 16, C: 3, R: 3, S: 3, Y: 161, X: 161 }
	}
	Layer L1 {
		Type: DSCONV
		Dimensions { K: 1, C: 16, R: 3, S: 3, Y: 82, X: 82 }
	}
	Layer L2 {
		Type: CONV
		Dimensions { K: 32, C: 16, R: 1, S: 1, Y: 80, X: 80 }
	}
	Layer L3 {
		Type: DSCONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 1, C: 32, R: 3, S: 3, Y: 81, X: 81 }
	}
	Layer L4 {
		Type: CONV
		Dimensions { K: 64, C: 32, R: 1, S: 1, Y: 40, X: 40 }
	}
	Layer L5 {
		Type: DSCONV
		Dimensions { K: 1, C: 64, R: 3, S: 3, Y: 42, X: 42 }
	}
	Layer L6 {
		Type: CONV
		Dimensions { K: 64, C: 64, R: 1, S: 1, Y: 40, X: 40 }
	}
	Layer L7 {
		Type: DSCONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 1, C: 64, R: 3, S: 3, Y: 41, X: 41 }
	}
	Layer L8 {
		Type: CONV
		Dimensions { K: 128, C: 64, R: 1, S: 1, Y: 20, X: 20 }
	}
	Layer L9 {
		Type: DSCONV
		Dimensions { K: 1, C: 128, R: 3, S: 3, Y: 22, X: 22 }
	}
	Layer L10 {
		Type: CONV
		Dimensions { K: 128, C: 128, R: 1, S: 1, Y: 20, X: 20 }
	}
	Layer L11 {
		Type: DSCONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 1, C: 128, R: 3, S: 3, Y: 21, X: 21 }
	}
	Layer L12 {
		Type: CONV
		Dimensions { K: 256, C: 128, R: 1, S: 1, Y: 10, X: 10 }
	}
	Layer L13 {
		Type: DSCONV
		Dimensions { K: 1, C: 256, R: 3, S: 3, Y: 12, X: 12 }
	}
	Layer L14 {
		Type: CONV
		Dimensions { K: 256, C: 256, R: 1, S: 1, Y: 10, X: 10 }
	}
	Layer L15 {
		Type: DSCONV
		Dimensions { K: 1, C: 256, R: 3, S: 3, Y: 12, X: 12 }
	}
	Layer L16 {
		Type: CONV
		Dimensions { K: 256, C: 256, R: 1, S: 1, Y: 10, X: 10 }
	}
	Layer L17 {
		Type: DSCONV
		Dimensions { K: 1, C: 256, R: 3, S: 3, Y: 12, X: 12 }
	}
	Layer L18 {
		Type: CONV
		Dimensions { K: 256, C: 256, R: 1, S: 1, Y: 10, X: 10 }
	}
	Layer L19 {
		Type: DSCONV
		Dimensions { K: 1, C: 256, R: 3, S: 3, Y: 12, X: 12 }
	}
	Layer L20 {
		Type: CONV
		Dimensions { K: 256, C: 256, R: 1, S: 1, Y: 10, X: 10 }
	}
	Layer L21 {
		Type: DSCONV
		Dimensions { K: 1, C: 256, R: 3, S: 3, Y: 12, X: 12 }
	}
	Layer L22 {
		Type: CONV
		Dimensions { K: 256, C: 256, R: 1, S: 1, Y: 10, X: 10 }
	}
	Layer L23 {
		Type: DSCONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 1, C: 256, R: 3, S: 3, Y: 11, X: 11 }
	}
	Layer L24 {
		Type: CONV
		Dimensions { K: 512, C: 256, R: 1, S: 1, Y: 5, X: 5 }
	}
	Layer L25 {
		Type: DSCONV
		Dimensions { K: 1, C: 512, R: 3, S: 3, Y: 7, X: 7 }
	}
	Layer L26 {
		Type: CONV
		Dimensions { K: 512, C: 512, R: 1, S: 1, Y: 5, X: 5 }
	}
	Layer L27 {
		Type: CONV
		Dimensions { K: 1001, C: 512, R: 1, S: 1, Y: 1, X: 1 }
	}
}
