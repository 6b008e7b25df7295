Network toycar {
	Layer L0 {
		Type: GEMM
		Dimensions { N: 128, K: 640, M: 1 }
	}
	Layer L1 {
		Type: GEMM
		Dimensions { N: 128, K: 128, M: 1 }
	}
	Layer L2 {
		Type: GEMM
		Dimensions { N: 128, K: 128, M: 1 }
	}
	Layer L3 {
		Type: GEMM
		Dimensions { N: 128, K: 128, M: 1 }
	}
	Layer L4 {
		Type: GEMM
		Dimensions { N: 8, K: 128, M: 1 }
	}
	Layer L5 {
		Type: GEMM
		Dimensions { N: 128, K: 8, M: 1 }
	}
	Layer L6 {
		Type: GEMM
		Dimensions { N: 128, K: 128, M: 1 }
	}
	Layer L7 {
		Type: GEMM
		Dimensions { N: 128, K: 128, M: 1 }
	}
	Layer L8 {
		Type: GEMM
		Dimensions { N: 128, K: 128, M: 1 }
	}
	Layer L9 {
		Type: GEMM
		Dimensions { N: 640, K: 128, M: 1 }
	}
}
