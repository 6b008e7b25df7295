Network fuzz {
	Layer L0_18 {
		Type: CONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 24, C: 32, R: 1, S: 1, Y: 12, X: 45 }
		Dataflow {
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(R),1) Y;
			SpatialMap(8,8) K;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(2,2) C;
		}
	}
	Layer L0_20 {
		Type: GEMM
		Dimensions { K: 889, M: 106, N: 388 }
		Dataflow {
			TemporalMap(1,1) N;
			TemporalMap(64,64) K;
			SpatialMap(64,64) M;
			Cluster(4,P);
			SpatialMap(1,1) K;
			TemporalMap(1,1) N;
			TemporalMap(64,64) M;
		}
	}
	Layer L0_26 {
		Type: CONV
		Stride { X: 3, Y: 3 }
		Dimensions { K: 10, C: 48, R: 3, S: 3, Y: 9, X: 9 }
		Dataflow {
			SpatialMap(1,1) Y';
			TemporalMap(1,1) X';
			TemporalMap(1,1) C;
			TemporalMap(4,4) K;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			Cluster(Sz(R),P);
			SpatialMap(1,1) Y;
			SpatialMap(1,1) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L0_29 {
		Type: CONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 96, C: 8, R: 3, S: 3, Y: 17, X: 17 }
		Dataflow {
			TemporalMap(1,1) C;
			SpatialMap(1,1) K;
			TemporalMap(1,1) Y';
			TemporalMap(1,1) X';
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			Cluster(Sz(R),P);
			SpatialMap(1,1) Y;
			SpatialMap(1,1) R;
			TemporalMap(Sz(S),Sz(S)) S;
			Cluster(Sz(S),P);
			SpatialMap(1,1) X;
			SpatialMap(1,1) S;
		}
	}
	Layer L0_40 {
		Type: NGCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 2, C: 1, R: 3, S: 3, Y: 13, X: 147, G: 32 }
		Dataflow {
			TemporalMap(1,1) G;
			SpatialMap(1,1) K;
			TemporalMap(8,8) C;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			Cluster(8, P);
			SpatialMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L1_20 {
		Type: DSCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 1, C: 237, R: 4, S: 4, Y: 30, X: 48 }
		Dataflow {
			SpatialMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L1_34 {
		Type: GEMM
		Dimensions { K: 78, M: 163, N: 265 }
		Dataflow {
			TemporalMap(8,8) N;
			TemporalMap(64,64) K;
			SpatialMap(32,32) M;
		}
	}
	Layer L1_37 {
		Type: NGCONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 96, C: 36, R: 1, S: 1, Y: 21, X: 19, G: 4 }
		Dataflow {
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(Sz(R),1) Y;
			SpatialMap(16,16) C;
			TemporalMap(1,1) K;
			TemporalMap(64,64) G;
			TemporalMap(6,6) X;
			TemporalMap(Sz(R),Sz(R)) R;
		}
	}
	Layer L1_45 {
		Type: CONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 48, C: 96, R: 5, S: 5, Y: 7, X: 84 }
		Dataflow {
			TemporalMap(4,4) K;
			SpatialMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(1,1) C;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			Cluster(4, P);
			SpatialMap(1,1) K;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L1_48 {
		Type: TRCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 2, C: 32, R: 3, S: 3, Y: 36, X: 36 }
		Dataflow {
			TemporalMap(1,1) C;
			SpatialMap(1,1) K;
			TemporalMap(1,1) Y';
			TemporalMap(1,1) X';
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			Cluster(Sz(R),P);
			SpatialMap(1,1) Y;
			SpatialMap(1,1) R;
			TemporalMap(Sz(S),Sz(S)) S;
			Cluster(Sz(S),P);
			SpatialMap(1,1) X;
			SpatialMap(1,1) S;
		}
	}
	Layer L2_28 {
		Type: NGCONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 36, C: 3, R: 1, S: 1, Y: 6, X: 6, G: 32 }
		Dataflow {
			TemporalMap(1,1) G;
			SpatialMap(1,1) K;
			TemporalMap(64,64) C;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			Cluster(64,P);
			SpatialMap(1,1) C;
		}
	}
	Layer L2_49 {
		Type: NGCONV
		Stride { X: 3, Y: 3 }
		Dimensions { K: 16, C: 64, R: 7, S: 7, Y: 28, X: 12, G: 32 }
		Dataflow {
			TemporalMap(1,1) G;
			TemporalMap(1,1) C;
			SpatialMap(1,1) K;
			TemporalMap(1,1) Y';
			TemporalMap(1,1) X';
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			Cluster(Sz(R),P);
			SpatialMap(1,1) Y;
			SpatialMap(1,1) R;
			TemporalMap(Sz(S),Sz(S)) S;
			Cluster(Sz(S),P);
			SpatialMap(1,1) X;
			SpatialMap(1,1) S;
		}
	}
	Layer L2_50 {
		Type: DSCONV
		Stride { X: 4, Y: 4 }
		Dimensions { K: 1, C: 36, R: 1, S: 1, Y: 2, X: 2 }
		Dataflow {
			SpatialMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L2_66 {
		Type: CONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 64, C: 32, R: 1, S: 1, Y: 28, X: 28 }
		Dataflow {
			TemporalMap(1,1) C;
			SpatialMap(1,1) K;
			TemporalMap(1,1) Y';
			TemporalMap(1,1) X';
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			Cluster(Sz(R),P);
			SpatialMap(1,1) Y;
			SpatialMap(1,1) R;
			TemporalMap(Sz(S),Sz(S)) S;
			Cluster(Sz(S),P);
			SpatialMap(1,1) X;
			SpatialMap(1,1) S;
		}
	}
	Layer L2_69 {
		Type: CONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 100, C: 219, R: 7, S: 7, Y: 9, X: 9 }
		Dataflow {
			TemporalMap(1,1) K;
			TemporalMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			SpatialMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L3_3 {
		Type: GEMM
		Dimensions { K: 289, M: 399, N: 76 }
		Dataflow {
			SpatialMap(1,1) M;
			TemporalMap(16,16) K;
			TemporalMap(2,2) N;
			Cluster(2,P);
			SpatialMap(1,1) K;
			TemporalMap(2,2) N;
			TemporalMap(1,1) M;
		}
	}
	Layer L3_19 {
		Type: CONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 36, C: 1, R: 2, S: 2, Y: 20, X: 20, N: 4 }
		Dataflow {
			TemporalMap(1,1) N;
			SpatialMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L3_50 {
		Type: CONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 8, C: 4, R: 5, S: 5, Y: 30, X: 30, N: 8 }
		Dataflow {
			TemporalMap(1,1) N;
			TemporalMap(1,1) K;
			SpatialMap(Sz(R),1) Y;
			TemporalMap(12,8) X;
			TemporalMap(1,1) C;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			Cluster(8,P);
			SpatialMap(Sz(S),1) X;
		}
	}
	Layer L3_63 {
		Type: TRCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 8, C: 512, R: 3, S: 7, Y: 3, X: 87 }
		Dataflow {
			SpatialMap(1,1) K;
			TemporalMap(8,8) C;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			Cluster(8, P);
			SpatialMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L3_69 {
		Type: TRCONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 48, C: 16, R: 2, S: 2, Y: 148, X: 148 }
		Dataflow {
			TemporalMap(1,1) K;
			SpatialMap(Sz(R),1) Y;
			TemporalMap(5,4) X;
			TemporalMap(1,1) C;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			Cluster(4,P);
			SpatialMap(Sz(S),1) X;
		}
	}
	Layer L4_3 {
		Type: NGCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 100, C: 32, R: 2, S: 2, Y: 20, X: 20, G: 2 }
		Dataflow {
			TemporalMap(1,1) G;
			SpatialMap(1,1) Y';
			TemporalMap(1,1) X';
			TemporalMap(1,1) C;
			TemporalMap(4,4) K;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			Cluster(Sz(R),P);
			SpatialMap(1,1) Y;
			SpatialMap(1,1) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L4_14 {
		Type: DSCONV
		Dimensions { K: 1, C: 8, R: 7, S: 7, Y: 126, X: 126 }
		Dataflow {
			SpatialMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L4_36 {
		Type: NGCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 1, C: 72, R: 4, S: 4, Y: 4, X: 4, G: 32 }
		Dataflow {
			TemporalMap(1,1) G;
			TemporalMap(1,1) C;
			SpatialMap(1,1) K;
			TemporalMap(1,1) Y';
			TemporalMap(1,1) X';
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			Cluster(Sz(R),P);
			SpatialMap(1,1) Y;
			SpatialMap(1,1) R;
			TemporalMap(Sz(S),Sz(S)) S;
			Cluster(Sz(S),P);
			SpatialMap(1,1) X;
			SpatialMap(1,1) S;
		}
	}
	Layer L4_58 {
		Type: TRCONV
		Stride { X: 1, Y: 2 }
		Dimensions { K: 32, C: 3, R: 4, S: 4, Y: 30, X: 156 }
		Dataflow {
			TemporalMap(1,1) K;
			TemporalMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			SpatialMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L4_64 {
		Type: CONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 268, C: 100, R: 1, S: 1, Y: 212, X: 212 }
		Dataflow {
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(64,64) C;
			TemporalMap(Sz(S),1) X;
			SpatialMap(1,1) K;
			TemporalMap(Sz(R),1) Y;
			Cluster(2,P);
			TemporalMap(8,8) K;
			TemporalMap(4,4) C;
			TemporalMap(Sz(S),Sz(S)) S;
			SpatialMap(Sz(S),1) X;
			TemporalMap(1,1) Y;
			TemporalMap(Sz(R),Sz(R)) R;
			Cluster(2,P);
			SpatialMap(1,1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(1,1) K;
		}
	}
	Layer L5_0 {
		Type: NGCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 36, C: 1, R: 1, S: 1, Y: 3, X: 3, G: 4 }
		Dataflow {
			TemporalMap(1,1) G;
			SpatialMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L5_40 {
		Type: GEMM
		Dimensions { K: 605, M: 240, N: 187 }
		Dataflow {
			TemporalMap(4,4) K;
			TemporalMap(2,2) N;
			SpatialMap(32,32) M;
		}
	}
	Layer L5_48 {
		Type: TRCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 72, C: 512, R: 3, S: 3, Y: 8, X: 8 }
		Dataflow {
			SpatialMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L5_51 {
		Type: CONV
		Dimensions { K: 10, C: 48, R: 7, S: 7, Y: 23, X: 42 }
		Dataflow {
			SpatialMap(1,1) K;
			TemporalMap(2,2) C;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			Cluster(2,P);
			SpatialMap(1,1) C;
		}
	}
	Layer L5_65 {
		Type: CONV
		Dimensions { K: 64, C: 512, R: 2, S: 2, Y: 18, X: 183 }
		Dataflow {
			TemporalMap(1,1) K;
			TemporalMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			SpatialMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L6_1 {
		Type: NGCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 36, C: 8, R: 5, S: 5, Y: 28, X: 28, G: 4, N: 1 }
		Dataflow {
			TemporalMap(1,1) N;
			TemporalMap(1,1) G;
			SpatialMap(1,1) K;
			TemporalMap(8,8) C;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			Cluster(8, P);
			SpatialMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L6_14 {
		Type: CONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 10, C: 2, R: 1, S: 1, Y: 19, X: 19 }
		Dataflow {
			SpatialMap(1,1) K;
			TemporalMap(16,16) C;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			Cluster(16,P);
			SpatialMap(1,1) C;
		}
	}
	Layer L6_29 {
		Type: CONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 36, C: 256, R: 5, S: 1, Y: 13, X: 13 }
		Dataflow {
			TemporalMap(5,5) X;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(1,1) K;
			SpatialMap(1,1) C;
			Cluster(8,P);
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(1,1) K;
			SpatialMap(16,16) C;
			Cluster(1,P);
			TemporalMap(64,64) K;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(32,32) C;
			TemporalMap(Sz(S),1) X;
			SpatialMap(Sz(R),1) Y;
		}
	}
	Layer L6_58 {
		Type: DSCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 1, C: 8, R: 7, S: 7, Y: 7, X: 7, N: 2 }
		Dataflow {
			TemporalMap(1,1) N;
			SpatialMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L6_60 {
		Type: GEMM
		Dimensions { K: 538, M: 506, N: 18 }
		Dataflow {
			TemporalMap(1,1) K;
			SpatialMap(1,1) M;
			TemporalMap(1,1) N;
			Cluster(2,P);
			TemporalMap(1,1) M;
			TemporalMap(1,1) N;
			SpatialMap(1,1) K;
		}
	}
	Layer L7_6 {
		Type: NGCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 64, C: 2, R: 1, S: 1, Y: 31, X: 2, G: 4 }
		Dataflow {
			TemporalMap(1,1) G;
			TemporalMap(1,1) C;
			SpatialMap(1,1) K;
			TemporalMap(1,1) Y';
			TemporalMap(1,1) X';
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			Cluster(Sz(R),P);
			SpatialMap(1,1) Y;
			SpatialMap(1,1) R;
			TemporalMap(Sz(S),Sz(S)) S;
			Cluster(Sz(S),P);
			SpatialMap(1,1) X;
			SpatialMap(1,1) S;
		}
	}
	Layer L7_16 {
		Type: TRCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 96, C: 100, R: 3, S: 3, Y: 58, X: 14 }
		Dataflow {
			SpatialMap(1,1) Y';
			TemporalMap(1,1) X';
			TemporalMap(1,1) C;
			TemporalMap(31,31) K;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			Cluster(Sz(R),P);
			SpatialMap(1,1) Y;
			SpatialMap(1,1) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L7_29 {
		Type: CONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 512, C: 3, R: 3, S: 3, Y: 57, X: 27, N: 4 }
		Dataflow {
			TemporalMap(1,1) N;
			TemporalMap(1,1) C;
			SpatialMap(1,1) K;
			TemporalMap(1,1) Y';
			TemporalMap(1,1) X';
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			Cluster(Sz(R),P);
			SpatialMap(1,1) Y;
			SpatialMap(1,1) R;
			TemporalMap(Sz(S),Sz(S)) S;
			Cluster(Sz(S),P);
			SpatialMap(1,1) X;
			SpatialMap(1,1) S;
		}
	}
	Layer L7_35 {
		Type: NGCONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 48, C: 96, R: 3, S: 3, Y: 43, X: 6, G: 32 }
		Dataflow {
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(1,1) G;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(64,64) K;
			TemporalMap(Sz(S),1) X;
			SpatialMap(4,4) C;
		}
	}
	Layer L7_65 {
		Type: GEMM
		Dimensions { K: 773, M: 445, N: 210 }
		Dataflow {
			TemporalMap(1,1) N;
			TemporalMap(32,32) K;
			SpatialMap(4,4) M;
		}
	}
	Layer L8_2 {
		Type: TRCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 8, C: 4, R: 1, S: 1, Y: 3, X: 3 }
		Dataflow {
			TemporalMap(1,1) K;
			TemporalMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			SpatialMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L8_19 {
		Type: CONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 3, C: 48, R: 1, S: 1, Y: 26, X: 26 }
		Dataflow {
			TemporalMap(1,1) K;
			TemporalMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			SpatialMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L8_50 {
		Type: CONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 2, C: 48, R: 1, S: 1, Y: 15, X: 15, N: 1 }
		Dataflow {
			TemporalMap(Sz(S),1) X;
			SpatialMap(16,16) N;
			TemporalMap(2,2) K;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(8,8) C;
			TemporalMap(Sz(R),1) Y;
			Cluster(1,P);
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(64,64) K;
			TemporalMap(Sz(S),1) X;
			SpatialMap(2,2) C;
			TemporalMap(Sz(R),Sz(R)) R;
			Cluster(16,P);
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(20,20) C;
			SpatialMap(1,1) N;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(5,5) Y;
		}
	}
	Layer L8_64 {
		Type: DSCONV
		Stride { X: 1, Y: 2 }
		Dimensions { K: 1, C: 512, R: 2, S: 2, Y: 19, X: 19 }
		Dataflow {
			TemporalMap(1,1) K;
			TemporalMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			SpatialMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L8_72 {
		Type: NGCONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 128, C: 2, R: 4, S: 4, Y: 50, X: 48, G: 2 }
		Dataflow {
			TemporalMap(1,1) G;
			SpatialMap(1,1) Y';
			TemporalMap(1,1) X';
			TemporalMap(1,1) C;
			TemporalMap(90,90) K;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			Cluster(Sz(R),P);
			SpatialMap(1,1) Y;
			SpatialMap(1,1) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L9_12 {
		Type: CONV
		Dimensions { K: 1, C: 4, R: 7, S: 3, Y: 70, X: 70 }
		Dataflow {
			SpatialMap(1,1) Y';
			TemporalMap(1,1) X';
			TemporalMap(1,1) C;
			TemporalMap(1,1) K;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			Cluster(Sz(R),P);
			SpatialMap(1,1) Y;
			SpatialMap(1,1) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L9_18 {
		Type: GEMM
		Dimensions { K: 583, M: 37, N: 393 }
		Dataflow {
			TemporalMap(64,64) N;
			SpatialMap(2,2) M;
			TemporalMap(467,467) K;
		}
	}
	Layer L9_19 {
		Type: DSCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 1, C: 256, R: 2, S: 1, Y: 223, X: 223 }
		Dataflow {
			SpatialMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L9_38 {
		Type: TRCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 72, C: 96, R: 3, S: 3, Y: 24, X: 24 }
		Dataflow {
			TemporalMap(7,5) Y;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(1,1) K;
			SpatialMap(8,8) C;
			TemporalMap(Sz(S),1) X;
			Cluster(8,P);
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(64,64) K;
			TemporalMap(1,1) C;
			SpatialMap(Sz(S),1) X;
		}
	}
	Layer L9_39 {
		Type: NGCONV
		Dimensions { K: 64, C: 48, R: 4, S: 4, Y: 50, X: 50, G: 2 }
		Dataflow {
			TemporalMap(1,1) G;
			SpatialMap(1,1) C;
			TemporalMap(32,32) K;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			Cluster(32,P);
			SpatialMap(1,1) K;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L10_27 {
		Type: CONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 8, C: 54, R: 1, S: 2, Y: 98, X: 5 }
		Dataflow {
			SpatialMap(1,1) Y';
			TemporalMap(1,1) X';
			TemporalMap(1,1) C;
			TemporalMap(2,2) K;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			Cluster(Sz(R),P);
			SpatialMap(1,1) Y;
			SpatialMap(1,1) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L10_40 {
		Type: CONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 512, C: 2, R: 5, S: 5, Y: 11, X: 11, N: 2 }
		Dataflow {
			TemporalMap(16,16) K;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(11,7) X;
			TemporalMap(Sz(R),1) Y;
			SpatialMap(1,1) N;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(64,64) C;
		}
	}
	Layer L10_57 {
		Type: GEMM
		Dimensions { K: 185, M: 411, N: 44 }
		Dataflow {
			TemporalMap(9,9) N;
			SpatialMap(16,16) M;
			TemporalMap(109,109) K;
			Cluster(4,P);
			SpatialMap(1,1) K;
			TemporalMap(16,16) M;
			TemporalMap(9,9) N;
		}
	}
	Layer L10_70 {
		Type: TRCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 16, C: 3, R: 4, S: 4, Y: 84, X: 84 }
		Dataflow {
			SpatialMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L10_72 {
		Type: NGCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 128, C: 32, R: 7, S: 3, Y: 14, X: 14, G: 4 }
		Dataflow {
			TemporalMap(1,1) G;
			TemporalMap(1,1) K;
			TemporalMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			SpatialMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L11_7 {
		Type: TRCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 100, C: 100, R: 1, S: 1, Y: 14, X: 14, N: 4 }
		Dataflow {
			TemporalMap(1,1) N;
			SpatialMap(1,1) K;
			TemporalMap(32,32) C;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			Cluster(32, P);
			SpatialMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L11_19 {
		Type: NGCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 67, C: 121, R: 1, S: 1, Y: 13, X: 27, G: 32 }
		Dataflow {
			TemporalMap(1,1) G;
			SpatialMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L11_31 {
		Type: DSCONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 1, C: 72, R: 3, S: 3, Y: 6, X: 6 }
		Dataflow {
			SpatialMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L11_46 {
		Type: CONV
		Stride { X: 3, Y: 1 }
		Dimensions { K: 4, C: 128, R: 3, S: 3, Y: 49, X: 49 }
		Dataflow {
			TemporalMap(1,1) K;
			TemporalMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			SpatialMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L11_57 {
		Type: CONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 128, C: 36, R: 2, S: 2, Y: 5, X: 5 }
		Dataflow {
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(80,80) K;
			TemporalMap(8,8) C;
			SpatialMap(Sz(S),1) X;
			TemporalMap(Sz(R),1) Y;
			Cluster(4,P);
			SpatialMap(4,4) K;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(4,4) C;
			Cluster(3,P);
			TemporalMap(5,4) X;
			SpatialMap(64,64) C;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(7,6) Y;
			TemporalMap(64,64) K;
		}
	}
}
