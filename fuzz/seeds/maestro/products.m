Network products {
	Layer mm1 {
		Type: GEMM
		Dimensions { K: 115, M: 61, N: 13 }
		Dataflow {
			TemporalMap(1,1) N;
			SpatialMap(2,2) M;
			TemporalMap(16,16) K;
			Cluster(16, P);
			TemporalMap(1,1) N;
			TemporalMap(2,2) M;
			SpatialMap(1,1) K;
		}
	}
	Layer mm2 {
		Type: GEMM
		Dimensions { K: 97, M: 67, N: 32 }
		Dataflow {
			TemporalMap(1,1) N;
			SpatialMap(2,2) M;
			TemporalMap(16,16) K;
			Cluster(16, P);
			TemporalMap(1,1) N;
			TemporalMap(2,2) M;
			SpatialMap(1,1) K;
		}
	}
	Layer mm3 {
		Type: GEMM
		Dimensions { K: 195, M: 24, N: 48 }
		Dataflow {
			TemporalMap(2,2) N;
			SpatialMap(1,1) M;
			TemporalMap(1,1) K;
		}
	}
	Layer mm4 {
		Type: GEMM
		Dimensions { K: 78, M: 20, N: 2 }
		Dataflow {
			TemporalMap(1,1) N;
			SpatialMap(2,2) M;
			TemporalMap(16,16) K;
			Cluster(16, P);
			TemporalMap(1,1) N;
			TemporalMap(2,2) M;
			SpatialMap(1,1) K;
		}
	}
	Layer mm5 {
		Type: GEMM
		Dimensions { K: 89, M: 49, N: 19 }
		Dataflow {
			TemporalMap(1,1) N;
			SpatialMap(2,2) M;
			TemporalMap(16,16) K;
			Cluster(16, P);
			TemporalMap(1,1) N;
			TemporalMap(2,2) M;
			SpatialMap(1,1) K;
		}
	}
	Layer mm6 {
		Type: GEMM
		Dimensions { K: 76, M: 66, N: 17 }
		Dataflow {
			TemporalMap(2,2) N;
			SpatialMap(1,1) M;
			TemporalMap(1,1) K;
		}
	}
	Layer mm7 {
		Type: GEMM
		Dimensions { K: 134, M: 9, N: 23 }
		Dataflow {
			TemporalMap(1,1) N;
			SpatialMap(2,2) M;
			TemporalMap(16,16) K;
			Cluster(16, P);
			TemporalMap(1,1) N;
			TemporalMap(2,2) M;
			SpatialMap(1,1) K;
		}
	}
	Layer mm8 {
		Type: GEMM
		Dimensions { K: 156, M: 65, N: 67 }
		Dataflow {
			TemporalMap(1,1) N;
			SpatialMap(2,2) M;
			TemporalMap(16,16) K;
			Cluster(16, P);
			TemporalMap(1,1) N;
			TemporalMap(2,2) M;
			SpatialMap(1,1) K;
		}
	}
	Layer mm9 {
		Type: GEMM
		Dimensions { K: 13, M: 15, N: 36 }
		Dataflow {
			TemporalMap(2,2) N;
			SpatialMap(1,1) M;
			TemporalMap(1,1) K;
		}
	}
	Layer mm10 {
		Type: GEMM
		Dimensions { K: 110, M: 73, N: 12 }
		Dataflow {
			TemporalMap(1,1) N;
			SpatialMap(2,2) M;
			TemporalMap(16,16) K;
			Cluster(16, P);
			TemporalMap(1,1) N;
			TemporalMap(2,2) M;
			SpatialMap(1,1) K;
		}
	}
	Layer mm11 {
		Type: GEMM
		Dimensions { K: 140, M: 25, N: 57 }
		Dataflow {
			TemporalMap(1,1) N;
			SpatialMap(2,2) M;
			TemporalMap(16,16) K;
			Cluster(16, P);
			TemporalMap(1,1) N;
			TemporalMap(2,2) M;
			SpatialMap(1,1) K;
		}
	}
	Layer mm12 {
		Type: GEMM
		Dimensions { K: 117, M: 53, N: 6 }
		Dataflow {
			TemporalMap(2,2) N;
			SpatialMap(1,1) M;
			TemporalMap(1,1) K;
		}
	}
	Layer mm13 {
		Type: GEMM
		Dimensions { K: 187, M: 88, N: 23 }
		Dataflow {
			TemporalMap(1,1) N;
			SpatialMap(2,2) M;
			TemporalMap(16,16) K;
			Cluster(16, P);
			TemporalMap(1,1) N;
			TemporalMap(2,2) M;
			SpatialMap(1,1) K;
		}
	}
	Layer mm14 {
		Type: GEMM
		Dimensions { K: 48, M: 13, N: 64 }
		Dataflow {
			TemporalMap(1,1) N;
			SpatialMap(2,2) M;
			TemporalMap(16,16) K;
			Cluster(16, P);
			TemporalMap(1,1) N;
			TemporalMap(2,2) M;
			SpatialMap(1,1) K;
		}
	}
}
