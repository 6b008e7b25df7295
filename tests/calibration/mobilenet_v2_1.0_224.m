Network mobilenet_v2_1.0_224 {
	Layer L0 {
		Type: CONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 32, C: 3, R: 3, S: 3, Y: 225, X: 225 }
	}
	Layer L1 {
		Type: DSCONV
		Dimensions { K: 1, C: 32, R: 3, S: 3, Y: 114, X: 114 }
	}
	Layer L2 {
		Type: CONV
		Dimensions { K: 16, C: 32, R: 1, S: 1, Y: 112, X: 112 }
	}
	Layer L3 {
		Type: CONV
		Dimensions { K: 96, C: 16, R: 1, S: 1, Y: 112, X: 112 }
	}
	Layer L4 {
		Type: DSCONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 1, C: 96, R: 3, S: 3, Y: 113, X: 113 }
	}
	Layer L5 {
		Type: CONV
		Dimensions { K: 24, C: 96, R: 1, S: 1, Y: 56, X: 56 }
	}
	Layer L6 {
		Type: CONV
		Dimensions { K: 144, C: 24, R: 1, S: 1, Y: 56, X: 56 }
	}
	Layer L7 {
		Type: DSCONV
		Dimensions { K: 1, C: 144, R: 3, S: 3, Y: 58, X: 58 }
	}
	Layer L8 {
		Type: CONV
		Dimensions { K: 24, C: 144, R: 1, S: 1, Y: 56, X: 56 }
	}
	Layer L9 {
		Type: CONV
		Dimensions { K: 144, C: 24, R: 1, S: 1, Y: 56, X: 56 }
	}
	Layer L10 {
		Type: DSCONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 1, C: 144, R: 3, S: 3, Y: 57, X: 57 }
	}
	Layer L11 {
		Type: CONV
		Dimensions { K: 32, C: 144, R: 1, S: 1, Y: 28, X: 28 }
	}
	Layer L12 {
		Type: CONV
		Dimensions { K: 192, C: 32, R: 1, S: 1, Y: 28, X: 28 }
	}
	Layer L13 {
		Type: DSCONV
		Dimensions { K: 1, C: 192, R: 3, S: 3, Y: 30, X: 30 }
	}
	Layer L14 {
		Type: CONV
		Dimensions { K: 32, C: 192, R: 1, S: 1, Y: 28, X: 28 }
	}
	Layer L15 {
		Type: CONV
		Dimensions { K: 192, C: 32, R: 1, S: 1, Y: 28, X: 28 }
	}
	Layer L16 {
		Type: DSCONV
		Dimensions { K: 1, C: 192, R: 3, S: 3, Y: 30, X: 30 }
	}
	Layer L17 {
		Type: CONV
		Dimensions { K: 32, C: 192, R: 1, S: 1, Y: 28, X: 28 }
	}
	Layer L18 {
		Type: CONV
		Dimensions { K: 192, C: 32, R: 1, S: 1, Y: 28, X: 28 }
	}
	Layer L19 {
		Type: DSCONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 1, C: 192, R: 3, S: 3, Y: 29, X: 29 }
	}
	Layer L20 {
		Type: CONV
		Dimensions { K: 64, C: 192, R: 1, S: 1, Y: 14, X: 14 }
	}
	Layer L21 {
		Type: CONV
		Dimensions { K: 384, C: 64, R: 1, S: 1, Y: 14, X: 14 }
	}
	Layer L22 {
		Type: DSCONV
		Dimensions { K: 1, C: 384, R: 3, S: 3, Y: 16, X: 16 }
	}
	Layer L23 {
		Type: CONV
		Dimensions { K: 64, C: 384, R: 1, S: 1, Y: 14, X: 14 }
	}
	Layer L24 {
		Type: CONV
		Dimensions { K: 384, C: 64, R: 1, S: 1, Y: 14, X: 14 }
	}
	Layer L25 {
		Type: DSCONV
		Dimensions { K: 1, C: 384, R: 3, S: 3, Y: 16, X: 16 }
	}
	Layer L26 {
		Type: CONV
		Dimensions { K: 64, C: 384, R: 1, S: 1, Y: 14, X: 14 }
	}
	Layer L27 {
		Type: CONV
		Dimensions { K: 384, C: 64, R: 1, S: 1, Y: 14, X: 14 }
	}
	Layer L28 {
		Type: DSCONV
		Dimensions { K: 1, C: 384, R: 3, S: 3, Y: 16, X: 16 }
	}
	Layer L29 {
		Type: CONV
		Dimensions { K: 64, C: 384, R: 1, S: 1, Y: 14, X: 14 }
	}
	Layer L30 {
		Type: CONV
		Dimensions { K: 384, C: 64, R: 1, S: 1, Y: 14, X: 14 }
	}
	Layer L31 {
		Type: DSCONV
		Dimensions { K: 1, C: 384, R: 3, S: 3, Y: 16, X: 16 }
	}
	Layer L32 {
		Type: CONV
		Dimensions { K: 96, C: 384, R: 1, S: 1, Y: 14, X: 14 }
	}
	Layer L33 {
		Type: CONV
		Dimensions { K: 576, C: 96, R: 1, S: 1, Y: 14, X: 14 }
	}
	Layer L34 {
		Type: DSCONV
		Dimensions { K: 1, C: 576, R: 3, S: 3, Y: 16, X: 16 }
	}
	Layer L35 {
		Type: CONV
		Dimensions { K: 96, C: 576, R: 1, S: 1, Y: 14, X: 14 }
	}
	Layer L36 {
		Type: CONV
		Dimensions { K: 576, C: 96, R: 1, S: 1, Y: 14, X: 14 }
	}
	Layer L37 {
		Type: DSCONV
		Dimensions { K: 1, C: 576, R: 3, S: 3, Y: 16, X: 16 }
	}
	Layer L38 {
		Type: CONV
		Dimensions { K: 96, C: 576, R: 1, S: 1, Y: 14, X: 14 }
	}
	Layer L39 {
		Type: CONV
		Dimensions { K: 576, C: 96, R: 1, S: 1, Y: 14, X: 14 }
	}
	Layer L40 {
		Type: DSCONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 1, C: 576, R: 3, S: 3, Y: 15, X: 15 }
	}
	Layer L41 {
		Type: CONV
		Dimensions { K: 160, C: 576, R: 1, S: 1, Y: 7, X: 7 }
	}
	Layer L42 {
		Type: CONV
		Dimensions { K: 960, C: 160, R: 1, S: 1, Y: 7, X: 7 }
	}
	Layer L43 {
		Type: DSCONV
		Dimensions { K: 1, C: 960, R: 3, S: 3, Y: 9, X: 9 }
	}
	Layer L44 {
		Type: CONV
		Dimensions { K: 160, C: 960, R: 1, S: 1, Y: 7, X: 7 }
	}
	Layer L45 {
		Type: CONV
		Dimensions { K: 960, C: 160, R: 1, S: 1, Y: 7, X: 7 }
	}
	Layer L46 {
		Type: DSCONV
		Dimensions { K: 1, C: 960, R: 3, S: 3, Y: 9, X: 9 }
	}
	Layer L47 {
		Type: CONV
		Dimensions { K: 160, C: 960, R: 1, S: 1, Y: 7, X: 7 }
	}
	Layer L48 {
		Type: CONV
		Dimensions { K: 960, C: 160, R: 1, S: 1, Y: 7, X: 7 }
	}
	Layer L49 {
		Type: DSCONV
		Dimensions { K: 1, C: 960, R: 3, S: 3, Y: 9, X: 9 }
	}
	Layer L50 {
		Type: CONV
		Dimensions { K: 320, C: 960, R: 1, S: 1, Y: 7, X: 7 }
	}
	Layer L51 {
		Type: CONV
		Dimensions { K: 1280, C: 320, R: 1, S: 1, Y: 7, X: 7 }
	}
	Layer L52 {
		Type: CONV
		Dimensions { K: 1001, C: 1280, R: 1, S: 1, Y: 1, X: 1 }
	}
}
