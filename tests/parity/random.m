Network fuzz {
	Layer L0_3 {
		Type: NGCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 4, C: 8, R: 7, S: 7, Y: 23, X: 29, G: 4, N: 2 }
		Dataflow {
			TemporalMap(1,1) N;
			TemporalMap(1,1) G;
			SpatialMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L0_23 {
		Type: GEMM
		Dimensions { K: 614, M: 132, N: 207 }
		Dataflow {
			TemporalMap(8,8) K;
			TemporalMap(4,4) N;
			SpatialMap(8,8) M;
		}
	}
	Layer L0_26 {
		Type: TRCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 100, C: 128, R: 2, S: 2, Y: 29, X: 29 }
		Dataflow {
			TemporalMap(1,1) K;
			TemporalMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			SpatialMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L0_53 {
		Type: DSCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 1, C: 256, R: 4, S: 4, Y: 5, X: 5 }
		Dataflow {
			SpatialMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L0_59 {
		Type: GEMM
		Dimensions { K: 993, M: 36, N: 332 }
		Dataflow {
			TemporalMap(1,1) K;
			TemporalMap(1,1) N;
			SpatialMap(2,2) M;
			Cluster(1,P);
			TemporalMap(2,2) M;
			SpatialMap(1,1) K;
			TemporalMap(1,1) N;
		}
	}
	Layer L0_93 {
		Type: CONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 144, C: 4, R: 1, S: 1, Y: 1, X: 1 }
		Dataflow {
			SpatialMap(1,1) Y';
			TemporalMap(1,1) X';
			TemporalMap(1,1) C;
			TemporalMap(16,16) K;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			Cluster(Sz(R),P);
			SpatialMap(1,1) Y;
			SpatialMap(1,1) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L0_101 {
		Type: CONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 144, C: 96, R: 7, S: 7, Y: 77, X: 77 }
		Dataflow {
			SpatialMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L1_2 {
		Type: CONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 4, C: 128, R: 1, S: 1, Y: 17, X: 17 }
		Dataflow {
			SpatialMap(1,1) C;
			TemporalMap(4,4) K;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			Cluster(4,P);
			SpatialMap(1,1) K;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L1_3 {
		Type: TRCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 4, C: 48, R: 5, S: 5, Y: 7, X: 20 }
		Dataflow {
			SpatialMap(1,1) K;
			TemporalMap(4,4) C;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			Cluster(4,P);
			SpatialMap(1,1) C;
		}
	}
	Layer L1_29 {
		Type: CONV
		Dimensions { K: 175, C: 256, R: 2, S: 2, Y: 63, X: 63 }
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
	Layer L1_50 {
		Type: TRCONV
		Dimensions { K: 96, C: 128, R: 1, S: 1, Y: 148, X: 55 }
		Dataflow {
			SpatialMap(1,1) K;
			TemporalMap(4,4) C;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			Cluster(4,P);
			SpatialMap(1,1) C;
		}
	}
	Layer L1_82 {
		Type: NGCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 10, C: 48, R: 1, S: 1, Y: 3, X: 3, G: 8, N: 2 }
		Dataflow {
			TemporalMap(1,1) N;
			TemporalMap(1,1) G;
			SpatialMap(1,1) Y';
			TemporalMap(1,1) X';
			TemporalMap(1,1) C;
			TemporalMap(64,64) K;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			Cluster(Sz(R),P);
			SpatialMap(1,1) Y;
			SpatialMap(1,1) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L1_111 {
		Type: CONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 72, C: 256, R: 1, S: 1, Y: 1, X: 1 }
		Dataflow {
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(1,1) C;
			TemporalMap(4,4) X;
			TemporalMap(Sz(R),1) Y;
			SpatialMap(32,32) K;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L1_119 {
		Type: NGCONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 75, C: 48, R: 1, S: 1, Y: 2, X: 2, G: 8 }
		Dataflow {
			TemporalMap(1,1) G;
			SpatialMap(1,1) Y';
			TemporalMap(1,1) X';
			TemporalMap(1,1) C;
			TemporalMap(16,16) K;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			Cluster(Sz(R),P);
			SpatialMap(1,1) Y;
			SpatialMap(1,1) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L2_2 {
		Type: TRCONV
		Stride { X: 3, Y: 3 }
		Dimensions { K: 1, C: 48, R: 5, S: 5, Y: 54, X: 54 }
		Dataflow {
			TemporalMap(1,1) K;
			TemporalMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			SpatialMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L2_12 {
		Type: DSCONV
		Stride { X: 4, Y: 4 }
		Dimensions { K: 1, C: 2, R: 1, S: 1, Y: 196, X: 196 }
		Dataflow {
			SpatialMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L2_79 {
		Type: CONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 8, C: 8, R: 3, S: 3, Y: 11, X: 11 }
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
	Layer L2_88 {
		Type: DSCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 1, C: 256, R: 4, S: 4, Y: 29, X: 11, N: 2 }
		Dataflow {
			TemporalMap(1,1) N;
			SpatialMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L2_105 {
		Type: NGCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 144, C: 64, R: 4, S: 4, Y: 22, X: 22, G: 32 }
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
	Layer L2_108 {
		Type: CONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 32, C: 4, R: 1, S: 1, Y: 29, X: 29 }
		Dataflow {
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(20,20) K;
			TemporalMap(4,4) C;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(3,3) X;
			SpatialMap(2,2) Y;
			Cluster(1,P);
			TemporalMap(1,1) C;
			TemporalMap(Sz(S),Sz(S)) S;
			SpatialMap(Sz(R),1) Y;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(4,4) K;
			TemporalMap(Sz(S),1) X;
			Cluster(2,P);
			TemporalMap(8,8) C;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(16,16) K;
			TemporalMap(6,6) Y;
			TemporalMap(Sz(R),Sz(R)) R;
			SpatialMap(6,6) X;
		}
	}
	Layer L2_115 {
		Type: GEMM
		Dimensions { K: 857, M: 125, N: 7 }
		Dataflow {
			SpatialMap(1,1) M;
			TemporalMap(1,1) K;
			TemporalMap(2,2) N;
			Cluster(4,P);
			SpatialMap(1,1) K;
			TemporalMap(2,2) N;
			TemporalMap(1,1) M;
		}
	}
	Layer L3_3 {
		Type: GEMM
		Dimensions { K: 868, M: 48, N: 382 }
		Dataflow {
			TemporalMap(4,4) N;
			SpatialMap(16,16) M;
			TemporalMap(2,2) K;
		}
	}
	Layer L3_6 {
		Type: NGCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 100, C: 36, R: 3, S: 3, Y: 19, X: 19, G: 4 }
		Dataflow {
			TemporalMap(1,1) G;
			SpatialMap(1,1) Y';
			TemporalMap(1,1) X';
			TemporalMap(1,1) C;
			TemporalMap(64,64) K;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			Cluster(Sz(R),P);
			SpatialMap(1,1) Y;
			SpatialMap(1,1) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L3_35 {
		Type: CONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 8, C: 36, R: 3, S: 3, Y: 120, X: 120 }
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
	Layer L3_87 {
		Type: TRCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 2, C: 256, R: 4, S: 4, Y: 103, X: 103 }
		Dataflow {
			SpatialMap(64,64) C;
			TemporalMap(12,9) Y;
			TemporalMap(7,4) X;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(1,1) K;
			Cluster(2,P);
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(16,16) C;
			TemporalMap(Sz(S),Sz(S)) S;
			SpatialMap(4,1) X;
			TemporalMap(Sz(R),1) Y;
			Cluster(2,P);
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(Sz(R),1) Y;
			SpatialMap(1,1) C;
			TemporalMap(Sz(R),Sz(R)) R;
		}
	}
	Layer L3_95 {
		Type: TRCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 48, C: 4, R: 7, S: 7, Y: 93, X: 93 }
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
	Layer L3_100 {
		Type: CONV
		Stride { X: 1, Y: 2 }
		Dimensions { K: 24, C: 3, R: 1, S: 1, Y: 53, X: 19 }
		Dataflow {
			TemporalMap(1,1) K;
			TemporalMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			SpatialMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L3_103 {
		Type: NGCONV
		Stride { X: 3, Y: 3 }
		Dimensions { K: 64, C: 8, R: 1, S: 1, Y: 8, X: 8, G: 8 }
		Dataflow {
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),1) X;
			SpatialMap(2,2) C;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(4,4) K;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(64,64) G;
		}
	}
	Layer L4_21 {
		Type: CONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 1, C: 8, R: 7, S: 2, Y: 22, X: 45, N: 1 }
		Dataflow {
			TemporalMap(1,1) N;
			TemporalMap(1,1) K;
			TemporalMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			SpatialMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L4_32 {
		Type: TRCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 144, C: 4, R: 7, S: 7, Y: 29, X: 16 }
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
	Layer L4_66 {
		Type: NGCONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 2, C: 2, R: 7, S: 7, Y: 61, X: 61, G: 32 }
		Dataflow {
			TemporalMap(1,1) G;
			TemporalMap(16,16) K;
			SpatialMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(1,1) C;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			Cluster(16, P);
			SpatialMap(1,1) K;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L4_73 {
		Type: DSCONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 1, C: 4, R: 3, S: 7, Y: 16, X: 16, N: 2 }
		Dataflow {
			TemporalMap(1,1) N;
			SpatialMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L4_89 {
		Type: CONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 256, C: 256, R: 1, S: 1, Y: 16, X: 1 }
		Dataflow {
			TemporalMap(1,1) C;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(R),Sz(R)) R;
			SpatialMap(8,8) K;
			TemporalMap(4,4) X;
			Cluster(32,P);
			SpatialMap(8,8) Y;
			TemporalMap(Sz(R),Sz(R)) R;
			Cluster(2,P);
			SpatialMap(5,5) X;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L4_100 {
		Type: NGCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 16, C: 2, R: 7, S: 7, Y: 17, X: 17, G: 4, N: 2 }
		Dataflow {
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(7,1) X;
			TemporalMap(4,4) N;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(3,3) K;
			TemporalMap(16,16) C;
			TemporalMap(Sz(S),Sz(S)) S;
			SpatialMap(2,2) G;
			Cluster(4,P);
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(4,4) N;
			SpatialMap(2,2) K;
			TemporalMap(1,1) C;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),1) X;
			Cluster(1,P);
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(1,1) C;
			SpatialMap(8,8) K;
			TemporalMap(64,64) N;
			TemporalMap(Sz(R),1) Y;
		}
	}
	Layer L4_118 {
		Type: CONV
		Stride { X: 1, Y: 2 }
		Dimensions { K: 24, C: 36, R: 1, S: 1, Y: 95, X: 95 }
		Dataflow {
			SpatialMap(1,1) K;
			TemporalMap(4,4) C;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			Cluster(4,P);
			SpatialMap(1,1) C;
		}
	}
	Layer L5_3 {
		Type: NGCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 72, C: 128, R: 3, S: 3, Y: 4, X: 4, G: 32 }
		Dataflow {
			TemporalMap(1,1) G;
			SpatialMap(1,1) C;
			TemporalMap(16,16) K;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			Cluster(16,P);
			SpatialMap(1,1) K;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L5_4 {
		Type: TRCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 10, C: 8, R: 3, S: 3, Y: 116, X: 4 }
		Dataflow {
			TemporalMap(1,1) K;
			TemporalMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			SpatialMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L5_5 {
		Type: CONV
		Dimensions { K: 48, C: 36, R: 5, S: 7, Y: 56, X: 8, N: 8 }
		Dataflow {
			TemporalMap(1,1) N;
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
	Layer L5_15 {
		Type: GEMM
		Dimensions { K: 387, M: 138, N: 383 }
		Dataflow {
			SpatialMap(16,16) M;
			TemporalMap(32,32) K;
			TemporalMap(32,32) N;
			Cluster(8,P);
			TemporalMap(32,32) N;
			SpatialMap(1,1) K;
			TemporalMap(16,16) M;
		}
	}
	Layer L5_21 {
		Type: GEMM
		Dimensions { K: 267, M: 181, N: 366 }
		Dataflow {
			TemporalMap(2,2) N;
			TemporalMap(64,64) K;
			SpatialMap(1,1) M;
		}
	}
	Layer L5_58 {
		Type: CONV
		Dimensions { K: 144, C: 128, R: 1, S: 7, Y: 6, X: 13 }
		Dataflow {
			TemporalMap(32,32) C;
			SpatialMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(8,8) Y;
			TemporalMap(2,2) K;
		}
	}
	Layer L5_72 {
		Type: DSCONV
		Stride { X: 1, Y: 2 }
		Dimensions { K: 1, C: 48, R: 4, S: 4, Y: 30, X: 30 }
		Dataflow {
			SpatialMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L6_6 {
		Type: TRCONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 64, C: 48, R: 3, S: 3, Y: 24, X: 14 }
		Dataflow {
			SpatialMap(1,1) C;
			TemporalMap(16,16) K;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			Cluster(16,P);
			SpatialMap(1,1) K;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L6_36 {
		Type: TRCONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 24, C: 48, R: 3, S: 3, Y: 10, X: 10 }
		Dataflow {
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(64,64) C;
			SpatialMap(Sz(S),1) X;
			TemporalMap(4,4) K;
			TemporalMap(Sz(R),Sz(R)) R;
			Cluster(2,P);
			TemporalMap(8,6) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(1,1) K;
			TemporalMap(1,1) C;
			SpatialMap(Sz(R),1) Y;
		}
	}
	Layer L6_55 {
		Type: NGCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 96, C: 512, R: 2, S: 2, Y: 2, X: 2, G: 32 }
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
	Layer L6_70 {
		Type: CONV
		Stride { X: 3, Y: 3 }
		Dimensions { K: 96, C: 32, R: 5, S: 1, Y: 13, X: 13 }
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
	Layer L6_80 {
		Type: CONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 10, C: 48, R: 1, S: 1, Y: 10, X: 10, N: 2 }
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
	Layer L6_84 {
		Type: CONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 10, C: 3, R: 3, S: 1, Y: 3, X: 3 }
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
	Layer L6_117 {
		Type: TRCONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 64, C: 100, R: 1, S: 5, Y: 2, X: 65, N: 2 }
		Dataflow {
			TemporalMap(1,1) N;
			SpatialMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L7_10 {
		Type: NGCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 256, C: 48, R: 2, S: 2, Y: 5, X: 5, G: 32 }
		Dataflow {
			TemporalMap(1,1) G;
			SpatialMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L7_18 {
		Type: GEMM
		Dimensions { K: 483, M: 71, N: 276 }
		Dataflow {
			TemporalMap(1,1) N;
			TemporalMap(66,66) K;
			SpatialMap(32,32) M;
		}
	}
	Layer L7_22 {
		Type: DSCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 1, C: 48, R: 7, S: 7, Y: 29, X: 151 }
		Dataflow {
			SpatialMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L7_23 {
		Type: TRCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 4, C: 2, R: 7, S: 7, Y: 8, X: 8 }
		Dataflow {
			TemporalMap(1,1) K;
			TemporalMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			SpatialMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L7_30 {
		Type: CONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 512, C: 512, R: 4, S: 2, Y: 17, X: 17 }
		Dataflow {
			TemporalMap(4,4) K;
			TemporalMap(10,7) Y;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			SpatialMap(2,2) C;
		}
	}
	Layer L7_74 {
		Type: NGCONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 8, C: 72, R: 4, S: 4, Y: 7, X: 7, G: 32 }
		Dataflow {
			TemporalMap(1,1) G;
			SpatialMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L7_76 {
		Type: CONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 3, C: 1, R: 1, S: 1, Y: 13, X: 13, N: 8 }
		Dataflow {
			TemporalMap(1,1) N;
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
	Layer L8_11 {
		Type: NGCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 8, C: 512, R: 3, S: 3, Y: 35, X: 35, G: 8, N: 8 }
		Dataflow {
			TemporalMap(1,1) N;
			TemporalMap(1,1) G;
			TemporalMap(1,1) K;
			TemporalMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			SpatialMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L8_15 {
		Type: DSCONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 1, C: 1, R: 1, S: 1, Y: 41, X: 38 }
		Dataflow {
			SpatialMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L8_22 {
		Type: NGCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 512, C: 96, R: 1, S: 1, Y: 5, X: 5, G: 2 }
		Dataflow {
			TemporalMap(1,1) G;
			SpatialMap(1,1) Y';
			TemporalMap(1,1) X';
			TemporalMap(1,1) C;
			TemporalMap(64,64) K;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			Cluster(Sz(R),P);
			SpatialMap(1,1) Y;
			SpatialMap(1,1) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L8_27 {
		Type: CONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 4, C: 36, R: 1, S: 1, Y: 110, X: 110 }
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
	Layer L8_46 {
		Type: CONV
		Stride { X: 3, Y: 3 }
		Dimensions { K: 10, C: 79, R: 1, S: 1, Y: 4, X: 4, N: 2 }
		Dataflow {
			TemporalMap(1,1) N;
			SpatialMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L8_79 {
		Type: CONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 36, C: 1, R: 1, S: 1, Y: 1, X: 1 }
		Dataflow {
			SpatialMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L8_94 {
		Type: TRCONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 32, C: 512, R: 7, S: 5, Y: 25, X: 9 }
		Dataflow {
			TemporalMap(32,32) K;
			TemporalMap(Sz(S),Sz(S)) S;
			SpatialMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(15,9) Y;
			TemporalMap(1,1) C;
		}
	}
	Layer L9_2 {
		Type: NGCONV
		Stride { X: 2, Y: 1 }
		Dimensions { K: 10, C: 72, R: 3, S: 3, Y: 10, X: 10, G: 8 }
		Dataflow {
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(1,1) G;
			TemporalMap(5,3) Y;
			TemporalMap(7,7) C;
			SpatialMap(4,2) X;
			TemporalMap(8,8) K;
			TemporalMap(Sz(S),Sz(S)) S;
			Cluster(16,P);
			TemporalMap(Sz(S),1) X;
			SpatialMap(Sz(R),1) Y;
			TemporalMap(4,4) G;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(64,64) C;
			TemporalMap(4,4) K;
		}
	}
	Layer L9_14 {
		Type: TRCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 3, C: 8, R: 1, S: 1, Y: 42, X: 162, N: 8 }
		Dataflow {
			TemporalMap(1,1) N;
			SpatialMap(1,1) C;
			TemporalMap(16,16) K;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			Cluster(16,P);
			SpatialMap(1,1) K;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L9_30 {
		Type: DSCONV
		Dimensions { K: 1, C: 3, R: 1, S: 1, Y: 31, X: 31 }
		Dataflow {
			SpatialMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L9_73 {
		Type: GEMM
		Dimensions { K: 662, M: 504, N: 235 }
		Dataflow {
			TemporalMap(1,1) K;
			TemporalMap(16,16) N;
			SpatialMap(4,4) M;
			Cluster(16,P);
			TemporalMap(16,16) N;
			TemporalMap(4,4) M;
			SpatialMap(1,1) K;
		}
	}
	Layer L9_75 {
		Type: CONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 2, C: 1, R: 3, S: 3, Y: 11, X: 8, N: 2 }
		Dataflow {
			TemporalMap(1,1) N;
			SpatialMap(1,1) Y';
			TemporalMap(1,1) X';
			TemporalMap(1,1) C;
			TemporalMap(32,32) K;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			Cluster(Sz(R),P);
			SpatialMap(1,1) Y;
			SpatialMap(1,1) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L9_98 {
		Type: TRCONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 72, C: 96, R: 3, S: 5, Y: 16, X: 16 }
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
	Layer L9_114 {
		Type: GEMM
		Dimensions { K: 691, M: 219, N: 427 }
		Dataflow {
			SpatialMap(32,32) M;
			TemporalMap(1,1) N;
			TemporalMap(16,16) K;
			Cluster(16,P);
			TemporalMap(32,32) M;
			SpatialMap(1,1) K;
			TemporalMap(1,1) N;
		}
	}
	Layer L10_39 {
		Type: NGCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 3, C: 1, R: 7, S: 7, Y: 22, X: 22, G: 8 }
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
	Layer L10_68 {
		Type: NGCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 72, C: 96, R: 2, S: 2, Y: 136, X: 136, G: 32 }
		Dataflow {
			TemporalMap(1,1) G;
			SpatialMap(1,1) C;
			TemporalMap(4,4) K;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			Cluster(4,P);
			SpatialMap(1,1) K;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L10_72 {
		Type: CONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 4, C: 256, R: 4, S: 4, Y: 12, X: 173, N: 2 }
		Dataflow {
			TemporalMap(Sz(S),1) X;
			TemporalMap(8,8) N;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(2,2) K;
			SpatialMap(2,2) C;
			Cluster(32,P);
			TemporalMap(32,32) K;
			SpatialMap(Sz(S),1) X;
			TemporalMap(4,4) C;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(2,2) N;
			Cluster(4,P);
			TemporalMap(8,8) K;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(64,64) C;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(9,6) X;
			SpatialMap(Sz(R),1) Y;
		}
	}
	Layer L10_103 {
		Type: CONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 32, C: 2, R: 2, S: 2, Y: 52, X: 52, N: 2 }
		Dataflow {
			SpatialMap(4,4) N;
			TemporalMap(10,9) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(8,8) K;
			TemporalMap(7,6) Y;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(16,16) C;
			Cluster(3,P);
			TemporalMap(2,1) Y;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(8,8) N;
			SpatialMap(7,6) X;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L10_110 {
		Type: CONV
		Dimensions { K: 218, C: 4, R: 2, S: 7, Y: 53, X: 53, N: 2 }
		Dataflow {
			TemporalMap(1,1) N;
			SpatialMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L10_111 {
		Type: GEMM
		Dimensions { K: 991, M: 81, N: 240 }
		Dataflow {
			TemporalMap(1,1) N;
			TemporalMap(528,528) K;
			SpatialMap(64,64) M;
		}
	}
	Layer L10_117 {
		Type: CONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 256, C: 3, R: 4, S: 4, Y: 43, X: 43, N: 2 }
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
	Layer L11_9 {
		Type: DSCONV
		Dimensions { K: 1, C: 72, R: 2, S: 2, Y: 174, X: 174, N: 1 }
		Dataflow {
			TemporalMap(1,1) N;
			SpatialMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L11_40 {
		Type: NGCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 96, C: 154, R: 1, S: 1, Y: 81, X: 6, G: 2 }
		Dataflow {
			TemporalMap(8,8) K;
			TemporalMap(2,2) C;
			TemporalMap(16,16) G;
			TemporalMap(3,3) Y;
			SpatialMap(Sz(S),1) X;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(Sz(R),Sz(R)) R;
		}
	}
	Layer L11_53 {
		Type: TRCONV
		Dimensions { K: 10, C: 100, R: 1, S: 1, Y: 26, X: 11, N: 4 }
		Dataflow {
			SpatialMap(64,64) N;
			TemporalMap(64,64) C;
			TemporalMap(1,1) Y;
			TemporalMap(8,8) K;
			TemporalMap(9,9) X;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(Sz(R),Sz(R)) R;
			Cluster(4,P);
			TemporalMap(1,1) C;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			SpatialMap(4,4) K;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(8,8) N;
		}
	}
	Layer L11_58 {
		Type: CONV
		Dimensions { K: 256, C: 3, R: 2, S: 2, Y: 7, X: 7 }
		Dataflow {
			TemporalMap(4,4) K;
			TemporalMap(1,1) C;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(9,8) X;
			SpatialMap(2,1) Y;
			TemporalMap(Sz(R),Sz(R)) R;
			Cluster(32,P);
			SpatialMap(Sz(S),1) X;
			TemporalMap(4,4) C;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(R),1) Y;
		}
	}
	Layer L11_60 {
		Type: CONV
		Stride { X: 1, Y: 2 }
		Dimensions { K: 64, C: 512, R: 2, S: 2, Y: 72, X: 72, N: 1 }
		Dataflow {
			TemporalMap(1,1) N;
			TemporalMap(1,1) K;
			TemporalMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			SpatialMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L11_87 {
		Type: TRCONV
		Dimensions { K: 72, C: 96, R: 1, S: 1, Y: 27, X: 27 }
		Dataflow {
			SpatialMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L11_117 {
		Type: CONV
		Stride { X: 1, Y: 2 }
		Dimensions { K: 3, C: 256, R: 1, S: 1, Y: 3, X: 2, N: 4 }
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
	Layer L12_2 {
		Type: DSCONV
		Stride { X: 3, Y: 3 }
		Dimensions { K: 1, C: 100, R: 1, S: 1, Y: 3, X: 2, N: 2 }
		Dataflow {
			TemporalMap(1,1) N;
			SpatialMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L12_38 {
		Type: GEMM
		Dimensions { K: 203, M: 151, N: 239 }
		Dataflow {
			TemporalMap(64,64) K;
			TemporalMap(32,32) N;
			SpatialMap(101,101) M;
		}
	}
	Layer L12_94 {
		Type: TRCONV
		Stride { X: 4, Y: 4 }
		Dimensions { K: 2, C: 100, R: 1, S: 1, Y: 206, X: 5 }
		Dataflow {
			TemporalMap(1,1) K;
			TemporalMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			SpatialMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L12_97 {
		Type: NGCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 72, C: 32, R: 3, S: 3, Y: 7, X: 7, G: 4 }
		Dataflow {
			TemporalMap(1,1) G;
			TemporalMap(2,2) K;
			SpatialMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(1,1) C;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			Cluster(2, P);
			SpatialMap(1,1) K;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L12_104 {
		Type: CONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 64, C: 48, R: 1, S: 2, Y: 7, X: 16, N: 8 }
		Dataflow {
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(2,2) N;
			TemporalMap(10,9) X;
			TemporalMap(4,4) K;
			SpatialMap(Sz(R),1) Y;
			TemporalMap(16,16) C;
			TemporalMap(Sz(R),Sz(R)) R;
			Cluster(32,P);
			TemporalMap(7,7) Y;
			SpatialMap(8,8) N;
			TemporalMap(8,8) K;
			TemporalMap(Sz(S),1) X;
		}
	}
	Layer L12_108 {
		Type: GEMM
		Dimensions { K: 686, M: 290, N: 274 }
		Dataflow {
			TemporalMap(16,16) K;
			TemporalMap(64,64) N;
			SpatialMap(8,8) M;
			Cluster(16,P);
			SpatialMap(1,1) K;
			TemporalMap(64,64) N;
			TemporalMap(8,8) M;
		}
	}
	Layer L12_114 {
		Type: NGCONV
		Stride { X: 4, Y: 4 }
		Dimensions { K: 48, C: 1, R: 7, S: 7, Y: 26, X: 17, G: 4 }
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
	Layer L13_9 {
		Type: CONV
		Stride { X: 2, Y: 1 }
		Dimensions { K: 16, C: 32, R: 3, S: 3, Y: 6, X: 56, N: 2 }
		Dataflow {
			TemporalMap(1,1) N;
			TemporalMap(1,1) K;
			TemporalMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			SpatialMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L13_24 {
		Type: TRCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 32, C: 2, R: 2, S: 2, Y: 123, X: 123 }
		Dataflow {
			TemporalMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			SpatialMap(4,4) K;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(Sz(R),Sz(R)) R;
		}
	}
	Layer L13_65 {
		Type: CONV
		Stride { X: 2, Y: 1 }
		Dimensions { K: 48, C: 4, R: 7, S: 7, Y: 15, X: 15 }
		Dataflow {
			SpatialMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L13_74 {
		Type: CONV
		Stride { X: 3, Y: 3 }
		Dimensions { K: 2, C: 512, R: 1, S: 1, Y: 4, X: 4 }
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
	Layer L13_86 {
		Type: CONV
		Dimensions { K: 144, C: 64, R: 1, S: 1, Y: 209, X: 209, N: 4 }
		Dataflow {
			TemporalMap(1,1) N;
			TemporalMap(Sz(R),1) Y;
			SpatialMap(16,16) K;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(Sz(S),1) X;
			TemporalMap(1,1) C;
			TemporalMap(Sz(R),Sz(R)) R;
			Cluster(1,P);
			TemporalMap(Sz(R),Sz(R)) R;
			SpatialMap(16,16) N;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(16,16) C;
		}
	}
	Layer L13_95 {
		Type: DSCONV
		Stride { X: 2, Y: 1 }
		Dimensions { K: 1, C: 256, R: 3, S: 3, Y: 113, X: 42 }
		Dataflow {
			SpatialMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L13_102 {
		Type: DSCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 1, C: 107, R: 5, S: 5, Y: 45, X: 32, N: 4 }
		Dataflow {
			TemporalMap(1,1) N;
			SpatialMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L14_22 {
		Type: CONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 173, C: 48, R: 3, S: 3, Y: 44, X: 44, N: 8 }
		Dataflow {
			TemporalMap(1,1) N;
			SpatialMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L14_26 {
		Type: CONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 36, C: 64, R: 1, S: 1, Y: 101, X: 101 }
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
	Layer L14_27 {
		Type: CONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 256, C: 32, R: 1, S: 1, Y: 3, X: 3 }
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
	Layer L14_29 {
		Type: NGCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 512, C: 35, R: 4, S: 4, Y: 11, X: 11, G: 8, N: 4 }
		Dataflow {
			TemporalMap(1,1) N;
			TemporalMap(1,1) G;
			TemporalMap(1,1) K;
			TemporalMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			SpatialMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L14_51 {
		Type: DSCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 1, C: 268, R: 5, S: 5, Y: 40, X: 40 }
		Dataflow {
			SpatialMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L14_62 {
		Type: GEMM
		Dimensions { K: 755, M: 264, N: 236 }
		Dataflow {
			SpatialMap(34,34) M;
			TemporalMap(1,1) N;
			TemporalMap(64,64) K;
		}
	}
	Layer L14_105 {
		Type: GEMM
		Dimensions { K: 932, M: 308, N: 395 }
		Dataflow {
			TemporalMap(32,32) N;
			SpatialMap(1,1) M;
			TemporalMap(1,1) K;
		}
	}
	Layer L15_7 {
		Type: NGCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 100, C: 512, R: 1, S: 1, Y: 109, X: 109, G: 8 }
		Dataflow {
			TemporalMap(1,1) G;
			SpatialMap(1,1) C;
			TemporalMap(4,4) K;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			Cluster(4,P);
			SpatialMap(1,1) K;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L15_12 {
		Type: GEMM
		Dimensions { K: 736, M: 376, N: 509 }
		Dataflow {
			TemporalMap(64,64) N;
			SpatialMap(8,8) M;
			TemporalMap(8,8) K;
			Cluster(4,P);
			TemporalMap(64,64) N;
			SpatialMap(1,1) K;
			TemporalMap(8,8) M;
		}
	}
	Layer L15_25 {
		Type: CONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 6, C: 1, R: 2, S: 2, Y: 86, X: 86, N: 8 }
		Dataflow {
			TemporalMap(1,1) N;
			TemporalMap(1,1) K;
			SpatialMap(Sz(R),1) Y;
			TemporalMap(3,2) X;
			TemporalMap(1,1) C;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			Cluster(2,P);
			SpatialMap(Sz(S),1) X;
		}
	}
	Layer L15_29 {
		Type: CONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 96, C: 8, R: 1, S: 1, Y: 25, X: 97 }
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
	Layer L15_32 {
		Type: TRCONV
		Dimensions { K: 36, C: 1, R: 1, S: 1, Y: 64, X: 64 }
		Dataflow {
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(R),Sz(R)) R;
			SpatialMap(2,2) X;
			TemporalMap(1,1) K;
			TemporalMap(4,4) C;
			TemporalMap(Sz(S),Sz(S)) S;
			Cluster(3,P);
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(64,64) K;
			TemporalMap(3,3) X;
			SpatialMap(1,1) C;
		}
	}
	Layer L15_63 {
		Type: TRCONV
		Dimensions { K: 48, C: 32, R: 1, S: 1, Y: 8, X: 97 }
		Dataflow {
			TemporalMap(1,1) K;
			TemporalMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			SpatialMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L15_92 {
		Type: GEMM
		Dimensions { K: 681, M: 108, N: 121 }
		Dataflow {
			SpatialMap(1,1) M;
			TemporalMap(16,16) K;
			TemporalMap(2,2) N;
			Cluster(2,P);
			TemporalMap(2,2) N;
			SpatialMap(1,1) K;
			TemporalMap(1,1) M;
		}
	}
	Layer L16_26 {
		Type: NGCONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 144, C: 512, R: 5, S: 5, Y: 17, X: 17, G: 4 }
		Dataflow {
			TemporalMap(1,1) G;
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
	Layer L16_27 {
		Type: CONV
		Dimensions { K: 4, C: 8, R: 3, S: 3, Y: 37, X: 63 }
		Dataflow {
			SpatialMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L16_45 {
		Type: TRCONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 128, C: 2, R: 5, S: 5, Y: 54, X: 54 }
		Dataflow {
			SpatialMap(1,1) C;
			TemporalMap(4,4) K;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			Cluster(4,P);
			SpatialMap(1,1) K;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L16_74 {
		Type: NGCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 32, C: 2, R: 4, S: 3, Y: 216, X: 9, G: 8 }
		Dataflow {
			TemporalMap(1,1) G;
			SpatialMap(1,1) Y';
			TemporalMap(1,1) X';
			TemporalMap(1,1) C;
			TemporalMap(16,16) K;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			Cluster(Sz(R),P);
			SpatialMap(1,1) Y;
			SpatialMap(1,1) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L16_95 {
		Type: NGCONV
		Stride { X: 3, Y: 3 }
		Dimensions { K: 10, C: 256, R: 1, S: 1, Y: 1, X: 1, G: 4 }
		Dataflow {
			TemporalMap(1,1) G;
			SpatialMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L16_102 {
		Type: NGCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 4, C: 61, R: 1, S: 1, Y: 8, X: 8, G: 2 }
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
	Layer L16_105 {
		Type: DSCONV
		Stride { X: 3, Y: 2 }
		Dimensions { K: 1, C: 2, R: 2, S: 2, Y: 20, X: 20, N: 2 }
		Dataflow {
			TemporalMap(1,1) N;
			SpatialMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L17_17 {
		Type: CONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 256, C: 32, R: 1, S: 1, Y: 7, X: 19 }
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
	Layer L17_18 {
		Type: NGCONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 16, C: 128, R: 1, S: 1, Y: 12, X: 12, G: 4 }
		Dataflow {
			TemporalMap(1,1) G;
			SpatialMap(1,1) K;
			TemporalMap(4,4) C;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			Cluster(4,P);
			SpatialMap(1,1) C;
		}
	}
	Layer L17_50 {
		Type: CONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 128, C: 100, R: 1, S: 1, Y: 15, X: 15, N: 8 }
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
	Layer L17_61 {
		Type: NGCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 144, C: 48, R: 5, S: 5, Y: 35, X: 35, G: 32 }
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
	Layer L17_73 {
		Type: TRCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 135, C: 2, R: 1, S: 1, Y: 18, X: 219 }
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
	Layer L17_82 {
		Type: TRCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 8, C: 72, R: 4, S: 4, Y: 31, X: 31 }
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
	Layer L17_93 {
		Type: TRCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 72, C: 48, R: 3, S: 3, Y: 182, X: 14 }
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
	Layer L18_2 {
		Type: TRCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 10, C: 16, R: 4, S: 4, Y: 28, X: 28 }
		Dataflow {
			SpatialMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L18_17 {
		Type: GEMM
		Dimensions { K: 733, M: 503, N: 83 }
		Dataflow {
			TemporalMap(16,16) K;
			TemporalMap(4,4) N;
			SpatialMap(16,16) M;
		}
	}
	Layer L18_57 {
		Type: TRCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 16, C: 32, R: 5, S: 3, Y: 54, X: 54 }
		Dataflow {
			SpatialMap(1,1) K;
			TemporalMap(4,4) C;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			Cluster(4,P);
			SpatialMap(1,1) C;
		}
	}
	Layer L18_93 {
		Type: CONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 2, C: 8, R: 3, S: 3, Y: 25, X: 25 }
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
	Layer L18_107 {
		Type: NGCONV
		Stride { X: 2, Y: 1 }
		Dimensions { K: 1, C: 32, R: 1, S: 1, Y: 5, X: 5, G: 32 }
		Dataflow {
			TemporalMap(1,1) G;
			SpatialMap(1,1) Y';
			TemporalMap(1,1) X';
			TemporalMap(1,1) C;
			TemporalMap(32,32) K;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			Cluster(Sz(R),P);
			SpatialMap(1,1) Y;
			SpatialMap(1,1) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L18_110 {
		Type: CONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 256, C: 277, R: 5, S: 5, Y: 45, X: 45, N: 2 }
		Dataflow {
			TemporalMap(1,1) N;
			TemporalMap(1,1) K;
			TemporalMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			SpatialMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L18_111 {
		Type: DSCONV
		Stride { X: 4, Y: 1 }
		Dimensions { K: 1, C: 100, R: 7, S: 5, Y: 12, X: 12, N: 2 }
		Dataflow {
			TemporalMap(1,1) N;
			SpatialMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L19_9 {
		Type: DSCONV
		Dimensions { K: 1, C: 115, R: 7, S: 7, Y: 18, X: 18 }
		Dataflow {
			SpatialMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L19_25 {
		Type: CONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 8, C: 3, R: 1, S: 1, Y: 47, X: 47, N: 2 }
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
	Layer L19_31 {
		Type: NGCONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 3, C: 36, R: 2, S: 2, Y: 38, X: 35, G: 8 }
		Dataflow {
			TemporalMap(31,31) C;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(2,2) G;
			TemporalMap(Sz(S),Sz(S)) S;
			SpatialMap(7,6) X;
			TemporalMap(1,1) K;
			Cluster(3,P);
			SpatialMap(4,4) C;
			TemporalMap(5,4) Y;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(64,64) K;
			TemporalMap(32,32) G;
			TemporalMap(Sz(S),Sz(S)) S;
			Cluster(4,P);
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(1,1) G;
			TemporalMap(Sz(S),Sz(S)) S;
			SpatialMap(Sz(R),1) Y;
		}
	}
	Layer L19_39 {
		Type: GEMM
		Dimensions { K: 126, M: 132, N: 494 }
		Dataflow {
			SpatialMap(1,1) M;
			TemporalMap(1,1) N;
			TemporalMap(32,32) K;
			Cluster(4,P);
			TemporalMap(1,1) M;
			SpatialMap(1,1) K;
			TemporalMap(1,1) N;
		}
	}
	Layer L19_86 {
		Type: CONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 10, C: 36, R: 3, S: 5, Y: 23, X: 110 }
		Dataflow {
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(64,64) K;
			TemporalMap(10,8) Y;
			SpatialMap(1,1) C;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(13,9) X;
			Cluster(8,P);
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(5,1) X;
			SpatialMap(2,2) C;
			TemporalMap(32,32) K;
			TemporalMap(Sz(R),1) Y;
			Cluster(2,P);
			SpatialMap(9,9) K;
			TemporalMap(6,4) Y;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L19_87 {
		Type: NGCONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 2, C: 36, R: 1, S: 1, Y: 3, X: 37, G: 8 }
		Dataflow {
			TemporalMap(1,1) G;
			SpatialMap(1,1) Y';
			TemporalMap(1,1) X';
			TemporalMap(1,1) C;
			TemporalMap(16,16) K;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			Cluster(Sz(R),P);
			SpatialMap(1,1) Y;
			SpatialMap(1,1) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L19_108 {
		Type: TRCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 16, C: 256, R: 1, S: 1, Y: 57, X: 63 }
		Dataflow {
			TemporalMap(1,1) K;
			SpatialMap(Sz(R),1) Y;
			TemporalMap(8,8) X;
			TemporalMap(1,1) C;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			Cluster(8,P);
			SpatialMap(Sz(S),1) X;
		}
	}
	Layer L20_25 {
		Type: CONV
		Dimensions { K: 72, C: 96, R: 1, S: 1, Y: 44, X: 79 }
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
	Layer L20_27 {
		Type: NGCONV
		Stride { X: 1, Y: 2 }
		Dimensions { K: 100, C: 96, R: 1, S: 1, Y: 9, X: 9, G: 32 }
		Dataflow {
			TemporalMap(1,1) G;
			SpatialMap(1,1) C;
			TemporalMap(4,4) K;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			Cluster(4,P);
			SpatialMap(1,1) K;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L20_60 {
		Type: NGCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 100, C: 3, R: 7, S: 7, Y: 34, X: 34, G: 2 }
		Dataflow {
			TemporalMap(32,32) C;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(4,4) K;
			TemporalMap(16,16) G;
			TemporalMap(8,2) X;
			SpatialMap(Sz(R),1) Y;
			TemporalMap(Sz(R),Sz(R)) R;
			Cluster(4,P);
			TemporalMap(32,32) G;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(Sz(R),Sz(R)) R;
			SpatialMap(Sz(S),1) X;
			TemporalMap(64,64) K;
			Cluster(8,P);
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(14,8) X;
			TemporalMap(16,16) G;
			TemporalMap(64,64) K;
			TemporalMap(Sz(S),Sz(S)) S;
			SpatialMap(12,6) Y;
		}
	}
	Layer L20_61 {
		Type: NGCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 128, C: 2, R: 3, S: 3, Y: 5, X: 5, G: 2 }
		Dataflow {
			TemporalMap(1,1) G;
			SpatialMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L20_84 {
		Type: TRCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 128, C: 48, R: 4, S: 5, Y: 8, X: 8 }
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
	Layer L20_112 {
		Type: TRCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 8, C: 3, R: 3, S: 2, Y: 104, X: 12, N: 2 }
		Dataflow {
			TemporalMap(1,1) N;
			TemporalMap(8,8) K;
			SpatialMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(1,1) C;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			Cluster(8, P);
			SpatialMap(1,1) K;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L21_32 {
		Type: TRCONV
		Stride { X: 1, Y: 2 }
		Dimensions { K: 256, C: 265, R: 3, S: 3, Y: 16, X: 16 }
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
	Layer L21_53 {
		Type: NGCONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 189, C: 96, R: 1, S: 1, Y: 63, X: 17, G: 32, N: 2 }
		Dataflow {
			TemporalMap(1,1) N;
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
	Layer L21_61 {
		Type: NGCONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 128, C: 32, R: 1, S: 1, Y: 23, X: 3, G: 2 }
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
	Layer L21_63 {
		Type: CONV
		Stride { X: 4, Y: 4 }
		Dimensions { K: 2, C: 86, R: 7, S: 7, Y: 81, X: 81 }
		Dataflow {
			TemporalMap(1,1) K;
			TemporalMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			SpatialMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L21_77 {
		Type: TRCONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 64, C: 512, R: 4, S: 4, Y: 4, X: 4 }
		Dataflow {
			SpatialMap(9,6) Y;
			TemporalMap(16,16) K;
			TemporalMap(32,32) C;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L21_84 {
		Type: TRCONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 4, C: 103, R: 7, S: 7, Y: 16, X: 16 }
		Dataflow {
			TemporalMap(1,1) K;
			TemporalMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			SpatialMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L22_0 {
		Type: CONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 1, C: 36, R: 7, S: 2, Y: 8, X: 3 }
		Dataflow {
			TemporalMap(64,64) K;
			TemporalMap(1,1) C;
			SpatialMap(Sz(R),1) Y;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),1) X;
			Cluster(3,P);
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(1,1) K;
			TemporalMap(Sz(S),Sz(S)) S;
			SpatialMap(Sz(R),1) Y;
			TemporalMap(23,23) C;
			TemporalMap(9,8) X;
			Cluster(16,P);
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(1,1) K;
			TemporalMap(Sz(S),1) X;
			SpatialMap(22,22) C;
			TemporalMap(Sz(R),1) Y;
		}
	}
	Layer L22_23 {
		Type: TRCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 3, C: 4, R: 1, S: 3, Y: 6, X: 6 }
		Dataflow {
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			SpatialMap(32,32) K;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(4,4) Y;
			TemporalMap(2,2) C;
			Cluster(16,P);
			TemporalMap(2,2) K;
			TemporalMap(Sz(R),Sz(R)) R;
			SpatialMap(64,64) C;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(S),Sz(S)) S;
			Cluster(8,P);
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(2,2) K;
			SpatialMap(32,32) C;
		}
	}
	Layer L22_41 {
		Type: TRCONV
		Stride { X: 1, Y: 2 }
		Dimensions { K: 512, C: 3, R: 3, S: 3, Y: 76, X: 76 }
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
	Layer L22_84 {
		Type: TRCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 24, C: 64, R: 4, S: 4, Y: 7, X: 7 }
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
	Layer L22_86 {
		Type: NGCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 8, C: 36, R: 1, S: 1, Y: 57, X: 57, G: 2 }
		Dataflow {
			TemporalMap(2,2) C;
			TemporalMap(1,1) K;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(Sz(R),1) Y;
			SpatialMap(4,4) G;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),1) X;
		}
	}
	Layer L22_91 {
		Type: CONV
		Stride { X: 1, Y: 2 }
		Dimensions { K: 24, C: 3, R: 3, S: 3, Y: 11, X: 11, N: 8 }
		Dataflow {
			TemporalMap(1,1) N;
			TemporalMap(1,1) K;
			SpatialMap(Sz(R),1) Y;
			TemporalMap(18,16) X;
			TemporalMap(1,1) C;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			Cluster(16,P);
			SpatialMap(Sz(S),1) X;
		}
	}
	Layer L23_15 {
		Type: CONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 24, C: 72, R: 5, S: 5, Y: 92, X: 92 }
		Dataflow {
			TemporalMap(1,1) K;
			TemporalMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			SpatialMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L23_30 {
		Type: DSCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 1, C: 48, R: 3, S: 3, Y: 12, X: 12, N: 2 }
		Dataflow {
			TemporalMap(1,1) N;
			SpatialMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L23_55 {
		Type: GEMM
		Dimensions { K: 454, M: 422, N: 193 }
		Dataflow {
			TemporalMap(32,32) N;
			TemporalMap(4,4) K;
			SpatialMap(16,16) M;
		}
	}
	Layer L23_76 {
		Type: NGCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 144, C: 2, R: 2, S: 2, Y: 45, X: 45, G: 2, N: 4 }
		Dataflow {
			TemporalMap(1,1) N;
			TemporalMap(1,1) G;
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
	Layer L23_80 {
		Type: TRCONV
		Stride { X: 3, Y: 3 }
		Dimensions { K: 1, C: 16, R: 4, S: 4, Y: 34, X: 34 }
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
	Layer L23_109 {
		Type: NGCONV
		Dimensions { K: 8, C: 48, R: 7, S: 7, Y: 107, X: 107, G: 2 }
		Dataflow {
			TemporalMap(1,1) G;
			SpatialMap(1,1) Y';
			TemporalMap(1,1) X';
			TemporalMap(1,1) C;
			TemporalMap(8,8) K;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			Cluster(Sz(R),P);
			SpatialMap(1,1) Y;
			SpatialMap(1,1) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L24_2 {
		Type: DSCONV
		Dimensions { K: 1, C: 2, R: 1, S: 5, Y: 7, X: 7 }
		Dataflow {
			SpatialMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L24_30 {
		Type: NGCONV
		Stride { X: 1, Y: 2 }
		Dimensions { K: 3, C: 96, R: 2, S: 2, Y: 127, X: 127, G: 4, N: 8 }
		Dataflow {
			TemporalMap(1,1) N;
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
	Layer L24_39 {
		Type: GEMM
		Dimensions { K: 1010, M: 273, N: 96 }
		Dataflow {
			SpatialMap(16,16) M;
			TemporalMap(1,1) N;
			TemporalMap(1,1) K;
			Cluster(2,P);
			TemporalMap(16,16) M;
			TemporalMap(1,1) N;
			SpatialMap(1,1) K;
		}
	}
	Layer L24_50 {
		Type: TRCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 48, C: 2, R: 1, S: 1, Y: 18, X: 24 }
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
	Layer L24_60 {
		Type: TRCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 64, C: 256, R: 7, S: 7, Y: 13, X: 13 }
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
	Layer L24_101 {
		Type: TRCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 100, C: 1, R: 3, S: 3, Y: 31, X: 46, N: 8 }
		Dataflow {
			TemporalMap(1,1) N;
			TemporalMap(1,1) K;
			TemporalMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			SpatialMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L25_38 {
		Type: CONV
		Stride { X: 1, Y: 2 }
		Dimensions { K: 32, C: 128, R: 3, S: 3, Y: 39, X: 3 }
		Dataflow {
			TemporalMap(16,16) K;
			SpatialMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(1,1) C;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			Cluster(16, P);
			SpatialMap(1,1) K;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L25_44 {
		Type: CONV
		Stride { X: 4, Y: 4 }
		Dimensions { K: 32, C: 100, R: 7, S: 7, Y: 117, X: 32 }
		Dataflow {
			TemporalMap(13,7) X;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			SpatialMap(16,16) C;
			TemporalMap(24,24) K;
			Cluster(4,P);
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			SpatialMap(2,2) K;
			TemporalMap(11,5) X;
			TemporalMap(1,1) C;
			Cluster(4,P);
			TemporalMap(Sz(R),Sz(R)) R;
			SpatialMap(Sz(R),1) Y;
			TemporalMap(1,1) K;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L25_51 {
		Type: TRCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 24, C: 4, R: 4, S: 4, Y: 58, X: 9, N: 1 }
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
	Layer L25_59 {
		Type: TRCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 78, C: 100, R: 2, S: 2, Y: 16, X: 16 }
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
	Layer L25_90 {
		Type: CONV
		Dimensions { K: 29, C: 96, R: 1, S: 1, Y: 6, X: 5 }
		Dataflow {
			TemporalMap(1,1) K;
			TemporalMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			SpatialMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L25_95 {
		Type: NGCONV
		Stride { X: 4, Y: 2 }
		Dimensions { K: 512, C: 2, R: 1, S: 1, Y: 14, X: 14, G: 8 }
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
	Layer L26_6 {
		Type: TRCONV
		Dimensions { K: 31, C: 1, R: 7, S: 7, Y: 201, X: 7 }
		Dataflow {
			SpatialMap(1,1) Y';
			TemporalMap(1,1) X';
			TemporalMap(1,1) C;
			TemporalMap(16,16) K;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			Cluster(Sz(R),P);
			SpatialMap(1,1) Y;
			SpatialMap(1,1) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L26_18 {
		Type: NGCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 8, C: 32, R: 7, S: 7, Y: 7, X: 44, G: 2 }
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
	Layer L26_28 {
		Type: NGCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 16, C: 8, R: 5, S: 3, Y: 10, X: 10, G: 4 }
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
	Layer L26_48 {
		Type: TRCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 64, C: 512, R: 5, S: 5, Y: 8, X: 112 }
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
	Layer L26_56 {
		Type: CONV
		Stride { X: 1, Y: 2 }
		Dimensions { K: 256, C: 36, R: 7, S: 7, Y: 8, X: 8 }
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
	Layer L26_73 {
		Type: TRCONV
		Stride { X: 3, Y: 3 }
		Dimensions { K: 64, C: 48, R: 7, S: 7, Y: 23, X: 23 }
		Dataflow {
			TemporalMap(16,16) C;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(2,2) K;
			SpatialMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			Cluster(3,P);
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(Sz(R),Sz(R)) R;
			SpatialMap(Sz(S),1) X;
			TemporalMap(8,8) K;
			TemporalMap(Sz(R),1) Y;
			Cluster(2,P);
			SpatialMap(4,4) C;
			TemporalMap(14,8) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(8,8) K;
		}
	}
	Layer L27_38 {
		Type: GEMM
		Dimensions { K: 449, M: 226, N: 498 }
		Dataflow {
			TemporalMap(4,4) N;
			TemporalMap(1,1) K;
			SpatialMap(4,4) M;
		}
	}
	Layer L27_46 {
		Type: TRCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 512, C: 16, R: 1, S: 1, Y: 28, X: 28 }
		Dataflow {
			SpatialMap(32,32) K;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(1,1) C;
			TemporalMap(Sz(S),1) X;
		}
	}
	Layer L27_60 {
		Type: CONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 48, C: 75, R: 3, S: 3, Y: 23, X: 23, N: 2 }
		Dataflow {
			TemporalMap(1,1) N;
			TemporalMap(8,8) K;
			SpatialMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(1,1) C;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			Cluster(8, P);
			SpatialMap(1,1) K;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L27_75 {
		Type: TRCONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 128, C: 32, R: 2, S: 2, Y: 4, X: 48, N: 2 }
		Dataflow {
			TemporalMap(1,1) N;
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
	Layer L27_81 {
		Type: NGCONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 24, C: 64, R: 7, S: 7, Y: 126, X: 126, G: 2 }
		Dataflow {
			TemporalMap(1,1) G;
			SpatialMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L27_98 {
		Type: NGCONV
		Stride { X: 2, Y: 1 }
		Dimensions { K: 72, C: 512, R: 2, S: 2, Y: 42, X: 42, G: 32 }
		Dataflow {
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(63,63) K;
			TemporalMap(16,16) C;
			SpatialMap(64,64) G;
			TemporalMap(4,3) Y;
			Cluster(2,P);
			TemporalMap(Sz(R),Sz(R)) R;
			SpatialMap(64,64) C;
			TemporalMap(16,16) K;
			TemporalMap(32,32) G;
			TemporalMap(Sz(S),1) X;
			Cluster(4,P);
			TemporalMap(3,3) G;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(9,8) X;
			SpatialMap(Sz(R),1) Y;
			TemporalMap(Sz(R),Sz(R)) R;
		}
	}
	Layer L28_37 {
		Type: DSCONV
		Dimensions { K: 1, C: 8, R: 1, S: 1, Y: 203, X: 12, N: 2 }
		Dataflow {
			TemporalMap(1,1) N;
			SpatialMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L28_53 {
		Type: GEMM
		Dimensions { K: 601, M: 196, N: 480 }
		Dataflow {
			TemporalMap(64,64) N;
			SpatialMap(1,1) M;
			TemporalMap(597,597) K;
			Cluster(16,P);
			TemporalMap(64,64) N;
			SpatialMap(1,1) K;
			TemporalMap(1,1) M;
		}
	}
	Layer L28_54 {
		Type: NGCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 100, C: 32, R: 3, S: 3, Y: 3, X: 3, G: 2 }
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
	Layer L28_65 {
		Type: CONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 8, C: 32, R: 1, S: 1, Y: 13, X: 24, N: 4 }
		Dataflow {
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(64,64) C;
			TemporalMap(Sz(S),1) X;
			TemporalMap(3,3) N;
			SpatialMap(2,2) K;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L28_77 {
		Type: TRCONV
		Dimensions { K: 32, C: 2, R: 5, S: 5, Y: 5, X: 5 }
		Dataflow {
			TemporalMap(1,1) K;
			TemporalMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			SpatialMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L28_96 {
		Type: TRCONV
		Dimensions { K: 8, C: 81, R: 1, S: 1, Y: 164, X: 164 }
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
	Layer L29_54 {
		Type: CONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 4, C: 8, R: 2, S: 2, Y: 6, X: 2, N: 8 }
		Dataflow {
			TemporalMap(1,1) N;
			SpatialMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L29_61 {
		Type: NGCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 96, C: 8, R: 2, S: 2, Y: 3, X: 3, G: 2 }
		Dataflow {
			TemporalMap(1,1) G;
			SpatialMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L29_74 {
		Type: CONV
		Dimensions { K: 128, C: 2, R: 7, S: 7, Y: 26, X: 26 }
		Dataflow {
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
	Layer L29_78 {
		Type: DSCONV
		Stride { X: 1, Y: 2 }
		Dimensions { K: 1, C: 100, R: 3, S: 3, Y: 19, X: 19 }
		Dataflow {
			SpatialMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L29_108 {
		Type: NGCONV
		Stride { X: 3, Y: 3 }
		Dimensions { K: 2, C: 48, R: 7, S: 5, Y: 92, X: 92, G: 2 }
		Dataflow {
			TemporalMap(1,1) G;
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
	Layer L29_110 {
		Type: CONV
		Stride { X: 3, Y: 3 }
		Dimensions { K: 1, C: 2, R: 5, S: 5, Y: 22, X: 22, N: 2 }
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
	Layer L30_5 {
		Type: TRCONV
		Dimensions { K: 1, C: 16, R: 7, S: 7, Y: 10, X: 8 }
		Dataflow {
			TemporalMap(16,16) C;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),1) X;
			SpatialMap(16,16) K;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),Sz(S)) S;
			Cluster(1,P);
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(11,5) X;
			TemporalMap(1,1) K;
			TemporalMap(Sz(R),Sz(R)) R;
			SpatialMap(8,8) C;
			TemporalMap(9,3) Y;
			Cluster(8,P);
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(10,4) X;
			TemporalMap(10,4) Y;
			TemporalMap(1,1) C;
			TemporalMap(Sz(S),Sz(S)) S;
			SpatialMap(2,2) K;
		}
	}
	Layer L30_17 {
		Type: DSCONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 1, C: 96, R: 1, S: 1, Y: 7, X: 7 }
		Dataflow {
			SpatialMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L30_29 {
		Type: GEMM
		Dimensions { K: 333, M: 325, N: 75 }
		Dataflow {
			TemporalMap(97,97) K;
			SpatialMap(1,1) M;
			TemporalMap(1,1) N;
		}
	}
	Layer L30_79 {
		Type: CONV
		Stride { X: 1, Y: 2 }
		Dimensions { K: 64, C: 8, R: 2, S: 2, Y: 12, X: 12 }
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
	Layer L30_82 {
		Type: NGCONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 3, C: 128, R: 1, S: 2, Y: 52, X: 15, G: 2 }
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
	Layer L30_94 {
		Type: TRCONV
		Stride { X: 2, Y: 1 }
		Dimensions { K: 24, C: 32, R: 1, S: 1, Y: 6, X: 6 }
		Dataflow {
			SpatialMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L31_14 {
		Type: TRCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 16, C: 512, R: 3, S: 3, Y: 7, X: 7 }
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
	Layer L31_29 {
		Type: CONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 72, C: 36, R: 4, S: 4, Y: 4, X: 4, N: 4 }
		Dataflow {
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(2,2) K;
			TemporalMap(2,2) C;
			TemporalMap(2,2) N;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(R),Sz(R)) R;
			SpatialMap(Sz(S),1) X;
			Cluster(3,P);
			SpatialMap(3,3) N;
			TemporalMap(10,7) Y;
			TemporalMap(1,1) K;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(16,16) C;
			Cluster(2,P);
			TemporalMap(Sz(R),Sz(R)) R;
			SpatialMap(Sz(R),1) Y;
			TemporalMap(1,1) N;
			TemporalMap(1,1) K;
			TemporalMap(9,6) X;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(10,10) C;
		}
	}
	Layer L31_46 {
		Type: CONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 16, C: 96, R: 1, S: 1, Y: 3, X: 3 }
		Dataflow {
			SpatialMap(1,1) Y';
			TemporalMap(1,1) X';
			TemporalMap(1,1) C;
			TemporalMap(32,32) K;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			Cluster(Sz(R),P);
			SpatialMap(1,1) Y;
			SpatialMap(1,1) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L31_64 {
		Type: GEMM
		Dimensions { K: 121, M: 505, N: 319 }
		Dataflow {
			TemporalMap(2,2) N;
			SpatialMap(242,242) M;
			TemporalMap(2,2) K;
			Cluster(2,P);
			SpatialMap(1,1) K;
			TemporalMap(242,242) M;
			TemporalMap(2,2) N;
		}
	}
	Layer L31_65 {
		Type: NGCONV
		Dimensions { K: 8, C: 1, R: 4, S: 4, Y: 192, X: 126, G: 8 }
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
	Layer L31_79 {
		Type: NGCONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 10, C: 2, R: 2, S: 2, Y: 6, X: 6, G: 8 }
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
	Layer L32_4 {
		Type: NGCONV
		Stride { X: 3, Y: 3 }
		Dimensions { K: 100, C: 48, R: 3, S: 3, Y: 34, X: 34, G: 4 }
		Dataflow {
			TemporalMap(1,1) G;
			SpatialMap(1,1) C;
			TemporalMap(4,4) K;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			Cluster(4,P);
			SpatialMap(1,1) K;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L32_18 {
		Type: DSCONV
		Dimensions { K: 1, C: 154, R: 4, S: 4, Y: 44, X: 44 }
		Dataflow {
			SpatialMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L32_19 {
		Type: CONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 96, C: 96, R: 3, S: 3, Y: 11, X: 11 }
		Dataflow {
			SpatialMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L32_57 {
		Type: CONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 48, C: 256, R: 3, S: 3, Y: 6, X: 48, N: 8 }
		Dataflow {
			TemporalMap(1,1) N;
			SpatialMap(1,1) Y';
			TemporalMap(1,1) X';
			TemporalMap(1,1) C;
			TemporalMap(8,8) K;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			Cluster(Sz(R),P);
			SpatialMap(1,1) Y;
			SpatialMap(1,1) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L32_82 {
		Type: CONV
		Dimensions { K: 100, C: 128, R: 3, S: 3, Y: 23, X: 116, N: 2 }
		Dataflow {
			TemporalMap(1,1) N;
			SpatialMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L32_112 {
		Type: GEMM
		Dimensions { K: 844, M: 402, N: 466 }
		Dataflow {
			TemporalMap(1,1) K;
			SpatialMap(16,16) M;
			TemporalMap(64,64) N;
			Cluster(8,P);
			SpatialMap(1,1) K;
			TemporalMap(64,64) N;
			TemporalMap(16,16) M;
		}
	}
	Layer L33_36 {
		Type: NGCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 52, C: 2, R: 3, S: 3, Y: 31, X: 31, G: 8 }
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
	Layer L33_38 {
		Type: TRCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 2, C: 1, R: 1, S: 1, Y: 12, X: 12, N: 8 }
		Dataflow {
			TemporalMap(1,1) N;
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
	Layer L33_69 {
		Type: TRCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 10, C: 32, R: 3, S: 3, Y: 12, X: 6, N: 1 }
		Dataflow {
			TemporalMap(1,1) N;
			TemporalMap(1,1) K;
			TemporalMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			SpatialMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L33_71 {
		Type: DSCONV
		Stride { X: 2, Y: 1 }
		Dimensions { K: 1, C: 100, R: 3, S: 3, Y: 53, X: 53, N: 4 }
		Dataflow {
			TemporalMap(1,1) N;
			SpatialMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L33_93 {
		Type: CONV
		Stride { X: 1, Y: 2 }
		Dimensions { K: 144, C: 100, R: 7, S: 7, Y: 150, X: 150, N: 2 }
		Dataflow {
			TemporalMap(1,1) N;
			TemporalMap(1,1) K;
			SpatialMap(Sz(R),1) Y;
			TemporalMap(14,8) X;
			TemporalMap(1,1) C;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			Cluster(8,P);
			SpatialMap(Sz(S),1) X;
		}
	}
	Layer L33_110 {
		Type: GEMM
		Dimensions { K: 392, M: 151, N: 306 }
		Dataflow {
			SpatialMap(38,38) M;
			TemporalMap(25,25) K;
			TemporalMap(1,1) N;
		}
	}
	Layer L34_0 {
		Type: CONV
		Stride { X: 4, Y: 2 }
		Dimensions { K: 1, C: 128, R: 7, S: 7, Y: 202, X: 202 }
		Dataflow {
			SpatialMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L34_43 {
		Type: NGCONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 512, C: 16, R: 7, S: 7, Y: 15, X: 123, G: 8 }
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
	Layer L34_57 {
		Type: NGCONV
		Dimensions { K: 1, C: 256, R: 3, S: 2, Y: 5, X: 6, G: 8, N: 8 }
		Dataflow {
			TemporalMap(1,1) N;
			TemporalMap(1,1) G;
			SpatialMap(1,1) K;
			TemporalMap(4,4) C;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			Cluster(4,P);
			SpatialMap(1,1) C;
		}
	}
	Layer L34_97 {
		Type: CONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 171, C: 16, R: 1, S: 3, Y: 48, X: 48 }
		Dataflow {
			SpatialMap(1,1) C;
			TemporalMap(4,4) K;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			Cluster(4,P);
			SpatialMap(1,1) K;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L34_105 {
		Type: CONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 36, C: 3, R: 2, S: 2, Y: 20, X: 20, N: 1 }
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
	Layer L34_108 {
		Type: TRCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 103, C: 32, R: 7, S: 1, Y: 8, X: 8 }
		Dataflow {
			TemporalMap(1,1) K;
			TemporalMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			SpatialMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L35_0 {
		Type: GEMM
		Dimensions { K: 799, M: 412, N: 430 }
		Dataflow {
			SpatialMap(267,267) M;
			TemporalMap(1,1) K;
			TemporalMap(32,32) N;
			Cluster(1,P);
			TemporalMap(32,32) N;
			SpatialMap(1,1) K;
			TemporalMap(267,267) M;
		}
	}
	Layer L35_43 {
		Type: NGCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 2, C: 72, R: 1, S: 1, Y: 18, X: 18, G: 8 }
		Dataflow {
			TemporalMap(2,2) K;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),1) X;
			TemporalMap(16,16) G;
			SpatialMap(4,4) C;
			TemporalMap(1,1) Y;
		}
	}
	Layer L35_50 {
		Type: CONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 215, C: 2, R: 1, S: 1, Y: 14, X: 14 }
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
	Layer L35_84 {
		Type: CONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 100, C: 96, R: 7, S: 1, Y: 49, X: 49 }
		Dataflow {
			TemporalMap(1,1) K;
			TemporalMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			SpatialMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L35_97 {
		Type: GEMM
		Dimensions { K: 845, M: 268, N: 245 }
		Dataflow {
			TemporalMap(16,16) N;
			TemporalMap(16,16) K;
			SpatialMap(32,32) M;
		}
	}
	Layer L35_98 {
		Type: DSCONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 1, C: 182, R: 1, S: 1, Y: 20, X: 109 }
		Dataflow {
			SpatialMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L36_15 {
		Type: TRCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 3, C: 2, R: 5, S: 5, Y: 8, X: 10 }
		Dataflow {
			SpatialMap(1,1) Y';
			TemporalMap(1,1) X';
			TemporalMap(1,1) C;
			TemporalMap(64,64) K;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			Cluster(Sz(R),P);
			SpatialMap(1,1) Y;
			SpatialMap(1,1) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L36_34 {
		Type: TRCONV
		Dimensions { K: 2, C: 512, R: 3, S: 2, Y: 22, X: 22 }
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
	Layer L36_63 {
		Type: NGCONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 36, C: 48, R: 4, S: 2, Y: 7, X: 7, G: 32, N: 4 }
		Dataflow {
			TemporalMap(1,1) N;
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
	Layer L36_71 {
		Type: NGCONV
		Dimensions { K: 72, C: 100, R: 3, S: 3, Y: 20, X: 20, G: 32 }
		Dataflow {
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(69,69) C;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(4,4) G;
			TemporalMap(5,3) Y;
			SpatialMap(Sz(S),1) X;
			TemporalMap(8,8) K;
			Cluster(3,P);
			TemporalMap(1,1) K;
			TemporalMap(2,2) G;
			TemporalMap(4,4) C;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(Sz(R),Sz(R)) R;
			SpatialMap(Sz(R),1) Y;
			Cluster(32,P);
			SpatialMap(Sz(R),1) Y;
			TemporalMap(64,64) C;
			TemporalMap(64,64) G;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(51,51) K;
		}
	}
	Layer L36_112 {
		Type: CONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 3, C: 2, R: 4, S: 1, Y: 99, X: 99, N: 8 }
		Dataflow {
			TemporalMap(Sz(S),1) X;
			TemporalMap(4,4) C;
			TemporalMap(Sz(R),Sz(R)) R;
			SpatialMap(3,3) K;
			TemporalMap(1,1) N;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),Sz(S)) S;
			Cluster(4,P);
			SpatialMap(Sz(S),1) X;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(2,2) K;
			TemporalMap(4,4) C;
			TemporalMap(Sz(S),Sz(S)) S;
			Cluster(3,P);
			SpatialMap(2,2) C;
			TemporalMap(2,2) N;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),1) X;
			TemporalMap(4,4) K;
			TemporalMap(Sz(R),1) Y;
		}
	}
	Layer L36_116 {
		Type: TRCONV
		Stride { X: 3, Y: 3 }
		Dimensions { K: 2, C: 48, R: 4, S: 1, Y: 14, X: 14 }
		Dataflow {
			SpatialMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L37_0 {
		Type: CONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 16, C: 32, R: 1, S: 1, Y: 7, X: 7, N: 1 }
		Dataflow {
			TemporalMap(8,8) X;
			TemporalMap(64,64) N;
			TemporalMap(8,8) K;
			SpatialMap(5,5) Y;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(8,8) C;
			Cluster(32,P);
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(4,4) K;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(2,2) N;
			TemporalMap(64,64) C;
			SpatialMap(Sz(S),1) X;
			Cluster(3,P);
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(8,8) C;
			SpatialMap(1,1) N;
			TemporalMap(2,2) K;
			TemporalMap(Sz(R),Sz(R)) R;
		}
	}
	Layer L37_32 {
		Type: TRCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 3, C: 2, R: 5, S: 5, Y: 7, X: 56 }
		Dataflow {
			SpatialMap(1,1) Y';
			TemporalMap(1,1) X';
			TemporalMap(1,1) C;
			TemporalMap(32,32) K;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			Cluster(Sz(R),P);
			SpatialMap(1,1) Y;
			SpatialMap(1,1) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L37_54 {
		Type: NGCONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 64, C: 100, R: 3, S: 3, Y: 83, X: 83, G: 2 }
		Dataflow {
			TemporalMap(1,1) G;
			SpatialMap(1,1) Y';
			TemporalMap(1,1) X';
			TemporalMap(1,1) C;
			TemporalMap(21,21) K;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			Cluster(Sz(R),P);
			SpatialMap(1,1) Y;
			SpatialMap(1,1) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L37_86 {
		Type: CONV
		Dimensions { K: 1, C: 72, R: 1, S: 1, Y: 6, X: 6 }
		Dataflow {
			TemporalMap(1,1) K;
			TemporalMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			SpatialMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L37_111 {
		Type: CONV
		Dimensions { K: 38, C: 36, R: 4, S: 7, Y: 10, X: 10 }
		Dataflow {
			SpatialMap(1,1) K;
			TemporalMap(4,4) C;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			Cluster(4,P);
			SpatialMap(1,1) C;
		}
	}
	Layer L37_117 {
		Type: DSCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 1, C: 64, R: 1, S: 1, Y: 6, X: 6 }
		Dataflow {
			SpatialMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L38_24 {
		Type: NGCONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 8, C: 194, R: 1, S: 1, Y: 26, X: 26, G: 32, N: 8 }
		Dataflow {
			TemporalMap(1,1) N;
			TemporalMap(1,1) G;
			SpatialMap(1,1) Y';
			TemporalMap(1,1) X';
			TemporalMap(1,1) C;
			TemporalMap(16,16) K;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			Cluster(Sz(R),P);
			SpatialMap(1,1) Y;
			SpatialMap(1,1) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L38_36 {
		Type: NGCONV
		Stride { X: 3, Y: 3 }
		Dimensions { K: 32, C: 4, R: 7, S: 7, Y: 12, X: 12, G: 8 }
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
	Layer L38_41 {
		Type: TRCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 212, C: 32, R: 1, S: 3, Y: 4, X: 29 }
		Dataflow {
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(5,3) X;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(1,1) K;
			SpatialMap(Sz(R),1) Y;
			TemporalMap(10,10) C;
			Cluster(16,P);
			SpatialMap(11,11) K;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(3,1) X;
			Cluster(16,P);
			TemporalMap(32,32) K;
			TemporalMap(7,7) Y;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			SpatialMap(30,30) C;
		}
	}
	Layer L38_46 {
		Type: NGCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 16, C: 128, R: 7, S: 7, Y: 17, X: 8, G: 32 }
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
	Layer L38_62 {
		Type: NGCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 96, C: 64, R: 5, S: 1, Y: 24, X: 24, G: 8, N: 1 }
		Dataflow {
			TemporalMap(1,1) N;
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
	Layer L38_72 {
		Type: NGCONV
		Dimensions { K: 48, C: 72, R: 3, S: 7, Y: 16, X: 16, G: 2 }
		Dataflow {
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(12,6) X;
			TemporalMap(2,2) C;
			SpatialMap(64,64) G;
			TemporalMap(32,32) K;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(R),1) Y;
			Cluster(3,P);
			SpatialMap(Sz(R),1) Y;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(2,2) K;
			TemporalMap(4,4) G;
			TemporalMap(8,8) C;
		}
	}
	Layer L39_20 {
		Type: NGCONV
		Dimensions { K: 72, C: 64, R: 1, S: 3, Y: 13, X: 13, G: 4 }
		Dataflow {
			TemporalMap(1,1) G;
			TemporalMap(1,1) K;
			SpatialMap(Sz(R),1) Y;
			TemporalMap(4,2) X;
			TemporalMap(1,1) C;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			Cluster(2,P);
			SpatialMap(Sz(S),1) X;
		}
	}
	Layer L39_23 {
		Type: CONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 144, C: 96, R: 7, S: 5, Y: 8, X: 42, N: 2 }
		Dataflow {
			TemporalMap(1,1) N;
			TemporalMap(1,1) K;
			TemporalMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			SpatialMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L39_55 {
		Type: GEMM
		Dimensions { K: 7, M: 241, N: 294 }
		Dataflow {
			TemporalMap(8,8) K;
			SpatialMap(64,64) M;
			TemporalMap(1,1) N;
		}
	}
	Layer L39_56 {
		Type: TRCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 4, C: 4, R: 4, S: 4, Y: 28, X: 28, N: 4 }
		Dataflow {
			TemporalMap(1,1) N;
			SpatialMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L39_94 {
		Type: CONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 1, C: 2, R: 3, S: 3, Y: 10, X: 8, N: 2 }
		Dataflow {
			TemporalMap(1,1) N;
			SpatialMap(1,1) Y';
			TemporalMap(1,1) X';
			TemporalMap(1,1) C;
			TemporalMap(16,16) K;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			Cluster(Sz(R),P);
			SpatialMap(1,1) Y;
			SpatialMap(1,1) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer L39_103 {
		Type: GEMM
		Dimensions { K: 316, M: 487, N: 480 }
		Dataflow {
			TemporalMap(2,2) K;
			SpatialMap(2,2) M;
			TemporalMap(32,32) N;
			Cluster(2,P);
			TemporalMap(32,32) N;
			TemporalMap(2,2) M;
			SpatialMap(1,1) K;
		}
	}
}
