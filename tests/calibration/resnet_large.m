Network resnet_large {
	Layer L0 {
		Type: CONV
		Dimensions { K: 40, C: 3, R: 3, S: 3, Y: 34, X: 34 }
	}
	Layer L1 {
		Type: CONV
		Dimensions { K: 40, C: 40, R: 3, S: 3, Y: 34, X: 34 }
	}
	Layer L2 {
		Type: CONV
		Dimensions { K: 40, C: 40, R: 3, S: 3, Y: 34, X: 34 }
	}
	Layer L3 {
		Type: CONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 80, C: 40, R: 3, S: 3, Y: 33, X: 33 }
	}
	Layer L4 {
		Type: CONV
		Dimensions { K: 80, C: 80, R: 3, S: 3, Y: 18, X: 18 }
	}
	Layer L5 {
		Type: CONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 80, C: 40, R: 1, S: 1, Y: 31, X: 31 }
	}
	Layer L6 {
		Type: CONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 160, C: 80, R: 3, S: 3, Y: 17, X: 17 }
	}
	Layer L7 {
		Type: CONV
		Dimensions { K: 160, C: 160, R: 3, S: 3, Y: 10, X: 10 }
	}
	Layer L8 {
		Type: CONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 160, C: 80, R: 1, S: 1, Y: 15, X: 15 }
	}
	Layer L9 {
		Type: GEMM
		Dimensions { N: 10, K: 160, M: 1 }
	}
}
