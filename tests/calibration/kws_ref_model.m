Network kws_ref_model {
	Layer L0 {
		Type: CONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 64, C: 1, R: 10, S: 4, Y: 58, X: 12 }
	}
	Layer L1 {
		Type: DSCONV
		Dimensions { K: 1, C: 64, R: 3, S: 3, Y: 27, X: 7 }
	}
	Layer L2 {
		Type: CONV
		Dimensions { K: 64, C: 64, R: 1, S: 1, Y: 25, X: 5 }
	}
	Layer L3 {
		Type: DSCONV
		Dimensions { K: 1, C: 64, R: 3, S: 3, Y: 27, X: 7 }
	}
	Layer L4 {
		Type: CONV
		Dimensions { K: 64, C: 64, R: 1, S: 1, Y: 25, X: 5 }
	}
	Layer L5 {
		Type: DSCONV
		Dimensions { K: 1, C: 64, R: 3, S: 3, Y: 27, X: 7 }
	}
	Layer L6 {
		Type: CONV
		Dimensions { K: 64, C: 64, R: 1, S: 1, Y: 25, X: 5 }
	}
	Layer L7 {
		Type: DSCONV
		Dimensions { K: 1, C: 64, R: 3, S: 3, Y: 27, X: 7 }
	}
	Layer L8 {
		Type: CONV
		Dimensions { K: 64, C: 64, R: 1, S: 1, Y: 25, X: 5 }
	}
	Layer L9 {
		Type: GEMM
		Dimensions { N: 12, K: 64, M: 1 }
	}
}
