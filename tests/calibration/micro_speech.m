Network micro_speech {
	Layer L0 {
		Type: CONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 8, C: 1, R: 10, S: 8, Y: 58, X: 46 }
	}
	Layer L1 {
		Type: GEMM
		Dimensions { N: 4, K: 4000, M: 1 }
	}
}
