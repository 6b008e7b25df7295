Network str_ww {
	Layer L0 {
		Type: DSCONV
		Dimensions { K: 1, C: 40, R: 3, S: 1, Y: 30, X: 1 }
	}
	Layer L1 {
		Type: CONV
		Dimensions { K: 128, C: 40, R: 1, S: 1, Y: 28, X: 1 }
	}
	Layer L2 {
		Type: DSCONV
		Dimensions { K: 1, C: 128, R: 5, S: 1, Y: 28, X: 1 }
	}
	Layer L3 {
		Type: CONV
		Dimensions { K: 128, C: 128, R: 1, S: 1, Y: 24, X: 1 }
	}
	Layer L4 {
		Type: DSCONV
		Dimensions { K: 1, C: 128, R: 10, S: 1, Y: 24, X: 1 }
	}
	Layer L5 {
		Type: CONV
		Dimensions { K: 128, C: 128, R: 1, S: 1, Y: 15, X: 1 }
	}
	Layer L6 {
		Type: DSCONV
		Dimensions { K: 1, C: 128, R: 15, S: 1, Y: 15, X: 1 }
	}
	Layer L7 {
		Type: CONV
		Dimensions { K: 32, C: 128, R: 1, S: 1, Y: 1, X: 1 }
	}
	Layer L8 {
		Type: GEMM
		Dimensions { N: 3, K: 32, M: 1 }
	}
}
