// crash; num_pes: 1 l1_size_cstr: 512 l2_size_cstr: 1048576 noc_bw_cstr: 16 offchip_bw_cstr: 100
	Layer L14_94 {
		Type: CONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 100, C: 3, R: 3, S: 7, Y: 14, X: 52 }
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
// crash; num_pes: 1 l1_size_cstr: 100 l2_size_cstr: 1048576 noc_bw_cstr: 64 offchip_bw_cstr: 1
	Layer L35_52 {
		Type: CONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 139, C: 512, R: 3, S: 3, Y: 124, X: 124 }
		Dataflow {
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(32,32) K;
			SpatialMap(Sz(R),1) Y;
			TemporalMap(7,5) X;
			TemporalMap(8,8) C;
			TemporalMap(Sz(R),Sz(R)) R;
			Cluster(1,P);
			TemporalMap(1,1) C;
			TemporalMap(32,32) K;
			TemporalMap(Sz(R),Sz(R)) R;
			SpatialMap(9,7) X;
			Cluster(32,P);
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(R),1) Y;
			SpatialMap(1,1) C;
			TemporalMap(8,8) K;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(Sz(S),1) X;
		}
	}
// crash; num_pes: 16 l1_size_cstr: 100 l2_size_cstr: 65536 noc_bw_cstr: 8 offchip_bw_cstr: 100
	Layer L1_107 {
		Type: NGCONV
		Dimensions { K: 96, C: 96, R: 3, S: 3, Y: 31, X: 52, G: 32 }
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
// crash; num_pes: 1 l1_size_cstr: 512 l2_size_cstr: 65536 noc_bw_cstr: 2 offchip_bw_cstr: 1
	Layer L7_87 {
		Type: DSCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 1, C: 95, R: 3, S: 3, Y: 77, X: 77 }
		Dataflow {
			TemporalMap(8,8) C;
			TemporalMap(1,1) K;
			TemporalMap(Sz(S),Sz(S)) S;
			SpatialMap(Sz(R),1) Y;
			TemporalMap(6,4) X;
			TemporalMap(Sz(R),Sz(R)) R;
			Cluster(1,P);
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(4,2) X;
			SpatialMap(Sz(R),1) Y;
			TemporalMap(4,4) C;
			TemporalMap(1,1) K;
			TemporalMap(Sz(S),Sz(S)) S;
			Cluster(3,P);
			TemporalMap(9,7) Y;
			SpatialMap(2,2) C;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(Sz(S),1) X;
			TemporalMap(1,1) K;
		}
	}
// crash; num_pes: 1 l1_size_cstr: 512 l2_size_cstr: 65536 noc_bw_cstr: 300 offchip_bw_cstr: 350 NoC_NumHops: 1
	Layer L13_46 {
		Type: DSCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 1, C: 4, R: 4, S: 4, Y: 104, X: 14 }
		Dataflow {
			TemporalMap(1,1) K;
			SpatialMap(Sz(R),1) Y;
			TemporalMap(11,8) X;
			TemporalMap(1,1) C;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			Cluster(8,P);
			SpatialMap(Sz(S),1) X;
		}
	}
// crash; num_pes: 7 l1_size_cstr: 512 l2_size_cstr: 3000 noc_bw_cstr: 16 offchip_bw_cstr: 100 NoC_NumHops: 2
	Layer L34_48 {
		Type: NGCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 72, C: 256, R: 5, S: 3, Y: 13, X: 13, G: 2 }
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
// crash; num_pes: 1 l1_size_cstr: 100 l2_size_cstr: 1048576 noc_bw_cstr: 64 offchip_bw_cstr: 1
	Layer L35_112 {
		Type: GEMM
		Dimensions { K: 980, M: 160, N: 107 }
		Dataflow {
			TemporalMap(1,1) N;
			TemporalMap(64,64) K;
			SpatialMap(16,16) M;
			Cluster(8,P);
			TemporalMap(1,1) N;
			SpatialMap(1,1) K;
			TemporalMap(16,16) M;
		}
	}
// crash; num_pes: 1 l1_size_cstr: 512 l2_size_cstr: 3000 noc_bw_cstr: 8 offchip_bw_cstr: 10
	Layer L8_69 {
		Type: TRCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 32, C: 2, R: 7, S: 7, Y: 12, X: 7 }
		Dataflow {
			TemporalMap(8,8) K;
			SpatialMap(15,9) X;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(16,16) C;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			Cluster(1,P);
			TemporalMap(Sz(S),Sz(S)) S;
			SpatialMap(Sz(R),1) Y;
			TemporalMap(64,64) K;
			TemporalMap(64,64) C;
			TemporalMap(Sz(R),Sz(R)) R;
			Cluster(16,P);
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(10,4) Y;
			TemporalMap(Sz(S),Sz(S)) S;
			SpatialMap(2,2) C;
		}
	}
// crash; num_pes: 1 l1_size_cstr: 100 l2_size_cstr: 1048576 noc_bw_cstr: 64 offchip_bw_cstr: 1
	Layer L35_94 {
		Type: TRCONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 100, C: 48, R: 3, S: 3, Y: 48, X: 48 }
		Dataflow {
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
// crash; num_pes: 7 l1_size_cstr: 512 l2_size_cstr: 3000 noc_bw_cstr: 16 offchip_bw_cstr: 100 NoC_NumHops: 2
	Layer L34_42 {
		Type: CONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 72, C: 36, R: 3, S: 3, Y: 11, X: 11 }
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
// crash; num_pes: 1 l1_size_cstr: 512 l2_size_cstr: 65536 noc_bw_cstr: 2 offchip_bw_cstr: 1
	Layer L7_54 {
		Type: CONV
		Stride { X: 3, Y: 3 }
		Dimensions { K: 16, C: 512, R: 3, S: 3, Y: 6, X: 6 }
		Dataflow {
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(32,32) C;
			TemporalMap(Sz(S),Sz(S)) S;
			SpatialMap(2,2) K;
			TemporalMap(4,2) X;
			Cluster(4,P);
			TemporalMap(64,64) C;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(16,16) K;
			TemporalMap(Sz(S),1) X;
			SpatialMap(Sz(R),1) Y;
		}
	}
// crash; num_pes: 32 l1_size_cstr: 512 l2_size_cstr: 65536 noc_bw_cstr: 32 offchip_bw_cstr: 50
	Layer L33_62 {
		Type: DSCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 1, C: 72, R: 7, S: 7, Y: 8, X: 8, N: 4 }
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
// crash; num_pes: 7 l1_size_cstr: 2048 l2_size_cstr: 65536 noc_bw_cstr: 64 offchip_bw_cstr: 70000
	Layer L31_88 {
		Type: NGCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 512, C: 16, R: 1, S: 1, Y: 80, X: 80, G: 2 }
		Dataflow {
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),1) X;
			TemporalMap(2,2) Y;
			TemporalMap(64,64) K;
			SpatialMap(32,32) G;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(7,7) C;
			Cluster(16,P);
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(5,5) C;
			TemporalMap(8,8) G;
			TemporalMap(7,7) Y;
			TemporalMap(Sz(R),Sz(R)) R;
			SpatialMap(64,64) K;
			Cluster(16,P);
			TemporalMap(Sz(S),Sz(S)) S;
			SpatialMap(Sz(R),1) Y;
			TemporalMap(8,8) K;
			TemporalMap(Sz(S),1) X;
			TemporalMap(16,16) C;
		}
	}
// crash; num_pes: 7 l1_size_cstr: 512 l2_size_cstr: 3000 noc_bw_cstr: 16 offchip_bw_cstr: 100 NoC_NumHops: 2
	Layer L34_13 {
		Type: NGCONV
		Stride { X: 4, Y: 4 }
		Dimensions { K: 10, C: 64, R: 3, S: 3, Y: 13, X: 21, G: 8 }
		Dataflow {
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(6,4) X;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(2,2) G;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(23,23) C;
			SpatialMap(16,16) K;
			Cluster(4,P);
			TemporalMap(16,16) C;
			TemporalMap(Sz(S),1) X;
			TemporalMap(8,8) G;
			TemporalMap(1,1) K;
			TemporalMap(Sz(R),Sz(R)) R;
			SpatialMap(Sz(R),1) Y;
			Cluster(32,P);
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(S),Sz(S)) S;
			SpatialMap(Sz(R),1) Y;
			TemporalMap(4,4) G;
			TemporalMap(2,2) C;
		}
	}
// rejected; num_pes: 32 l1_size_cstr: 100 l2_size_cstr: 3000 noc_bw_cstr: 32 offchip_bw_cstr: 10
	Layer L28_85 {
		Type: DSCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 1, C: 48, R: 3, S: 3, Y: 7, X: 7 }
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
// rejected; num_pes: 1024 l1_size_cstr: 100 l2_size_cstr: 1048576 noc_bw_cstr: 300 offchip_bw_cstr: 1
	Layer L2_102 {
		Type: DSCONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 1, C: 96, R: 5, S: 5, Y: 8, X: 8 }
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
// rejected; num_pes: 1024 l1_size_cstr: 2048 l2_size_cstr: 3000 noc_bw_cstr: 1 offchip_bw_cstr: 1 NoC_NumHops: 2
	Layer L32_38 {
		Type: DSCONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 1, C: 512, R: 3, S: 3, Y: 45, X: 45, N: 8 }
		Dataflow {
			TemporalMap(1,1) N;
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
// rejected; num_pes: 7 l1_size_cstr: 2048 l2_size_cstr: 65536 noc_bw_cstr: 32 offchip_bw_cstr: 70000
	Layer L15_110 {
		Type: DSCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 1, C: 1, R: 3, S: 3, Y: 42, X: 4 }
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
// rejected; num_pes: 168 l1_size_cstr: 100 l2_size_cstr: 3000 noc_bw_cstr: 8 offchip_bw_cstr: 100
	Layer L36_75 {
		Type: DSCONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 1, C: 1, R: 4, S: 1, Y: 148, X: 148 }
		Dataflow {
			TemporalMap(1,1) K;
			SpatialMap(Sz(R),1) Y;
			TemporalMap(16,16) X;
			TemporalMap(1,1) C;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			Cluster(16,P);
			SpatialMap(Sz(S),1) X;
		}
	}
// rejected; num_pes: 16 l1_size_cstr: 100 l2_size_cstr: 65536 noc_bw_cstr: 300 offchip_bw_cstr: 100 NoC_NumHops: 5
	Layer L19_76 {
		Type: DSCONV
		Stride { X: 1, Y: 2 }
		Dimensions { K: 1, C: 16, R: 5, S: 5, Y: 112, X: 112 }
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
// rejected; num_pes: 1 l1_size_cstr: 512 l2_size_cstr: 65536 noc_bw_cstr: 2 offchip_bw_cstr: 1
	Layer L7_36 {
		Type: DSCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 1, C: 72, R: 7, S: 7, Y: 15, X: 15 }
		Dataflow {
			TemporalMap(29,29) C;
			SpatialMap(15,9) Y;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),1) X;
			TemporalMap(1,1) K;
			TemporalMap(Sz(S),Sz(S)) S;
			Cluster(1,P);
			SpatialMap(8,8) K;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
		}
	}
// rejected; num_pes: 256 l1_size_cstr: 100 l2_size_cstr: 1048576 noc_bw_cstr: 64 offchip_bw_cstr: 50
	Layer L17_107 {
		Type: DSCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 1, C: 3, R: 1, S: 1, Y: 27, X: 27 }
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
// rejected; num_pes: 16 l1_size_cstr: 100 l2_size_cstr: 65536 noc_bw_cstr: 300 offchip_bw_cstr: 100 NoC_NumHops: 5
	Layer L19_55 {
		Type: DSCONV
		Stride { X: 1, Y: 2 }
		Dimensions { K: 1, C: 100, R: 1, S: 1, Y: 47, X: 47 }
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
// rejected; num_pes: 7 l1_size_cstr: 100 l2_size_cstr: 65536 noc_bw_cstr: 1000 offchip_bw_cstr: 70000 NoC_NumHops: 3
	Layer L18_115 {
		Type: DSCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 1, C: 512, R: 1, S: 1, Y: 24, X: 24 }
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
// rejected; num_pes: 128 l1_size_cstr: 512 l2_size_cstr: 65536 noc_bw_cstr: 16 offchip_bw_cstr: 10
	Layer L6_100 {
		Type: DSCONV
		Stride { X: 4, Y: 4 }
		Dimensions { K: 1, C: 1, R: 4, S: 5, Y: 4, X: 31 }
		Dataflow {
			SpatialMap(1,1) K;
			TemporalMap(64,64) C;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			Cluster(64, P);
			SpatialMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
// rejected; num_pes: 64 l1_size_cstr: 512 l2_size_cstr: 65536 noc_bw_cstr: 32 offchip_bw_cstr: 70000 NoC_NumHops: 3
	Layer L23_81 {
		Type: DSCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 1, C: 3, R: 1, S: 1, Y: 9, X: 9 }
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
// rejected; num_pes: 32 l1_size_cstr: 512 l2_size_cstr: 65536 noc_bw_cstr: 32 offchip_bw_cstr: 50
	Layer L33_113 {
		Type: DSCONV
		Stride { X: 3, Y: 3 }
		Dimensions { K: 1, C: 16, R: 3, S: 3, Y: 42, X: 42 }
		Dataflow {
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
// rejected; num_pes: 7 l1_size_cstr: 512 l2_size_cstr: 3000 noc_bw_cstr: 16 offchip_bw_cstr: 100 NoC_NumHops: 2
	Layer L34_116 {
		Type: DSCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 1, C: 32, R: 5, S: 5, Y: 5, X: 5 }
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
// degenerate; num_pes: 128 l1_size_cstr: 512 l2_size_cstr: 65536 noc_bw_cstr: 16 offchip_bw_cstr: 10
	Layer L6_53 {
		Type: TRCONV
		Stride { X: 2, Y: 1 }
		Dimensions { K: 179, C: 64, R: 7, S: 7, Y: 9, X: 9 }
		Dataflow {
			SpatialMap(8,8) K;
			TemporalMap(14,8) X;
			TemporalMap(16,16) C;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(R),Sz(R)) R;
			Cluster(4,P);
			TemporalMap(16,16) C;
			SpatialMap(64,64) K;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(12,6) X;
			TemporalMap(Sz(R),Sz(R)) R;
		}
	}
// degenerate; num_pes: 1024 l1_size_cstr: 100 l2_size_cstr: 1048576 noc_bw_cstr: 300 offchip_bw_cstr: 1
	Layer L2_53 {
		Type: CONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 144, C: 2, R: 7, S: 7, Y: 220, X: 8 }
		Dataflow {
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
// degenerate; num_pes: 1 l1_size_cstr: 512 l2_size_cstr: 3000 noc_bw_cstr: 8 offchip_bw_cstr: 10
	Layer L8_18 {
		Type: DSCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 1, C: 48, R: 4, S: 4, Y: 4, X: 4 }
		Dataflow {
			TemporalMap(7,4) Y;
			TemporalMap(1,1) C;
			SpatialMap(10,7) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(1,1) K;
		}
	}
// degenerate; num_pes: 32 l1_size_cstr: 512 l2_size_cstr: 65536 noc_bw_cstr: 32 offchip_bw_cstr: 50
	Layer L33_13 {
		Type: NGCONV
		Stride { X: 1, Y: 2 }
		Dimensions { K: 144, C: 32, R: 5, S: 2, Y: 6, X: 6, G: 32 }
		Dataflow {
			TemporalMap(Sz(S),1) X;
			TemporalMap(32,32) K;
			TemporalMap(4,4) G;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(8,8) C;
			TemporalMap(Sz(S),Sz(S)) S;
			SpatialMap(10,6) Y;
			Cluster(2,P);
			TemporalMap(32,32) K;
			TemporalMap(32,32) G;
			TemporalMap(24,24) C;
			SpatialMap(Sz(R),1) Y;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(Sz(R),Sz(R)) R;
		}
	}
// degenerate; num_pes: 128 l1_size_cstr: 512 l2_size_cstr: 65536 noc_bw_cstr: 16 offchip_bw_cstr: 10
	Layer L6_52 {
		Type: CONV
		Stride { X: 3, Y: 3 }
		Dimensions { K: 8, C: 64, R: 7, S: 7, Y: 12, X: 8 }
		Dataflow {
			TemporalMap(Sz(R),Sz(R)) R;
			SpatialMap(Sz(R),1) Y;
			TemporalMap(4,4) C;
			TemporalMap(Sz(S),1) X;
			TemporalMap(8,8) K;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
// degenerate; num_pes: 7 l1_size_cstr: 2048 l2_size_cstr: 65536 noc_bw_cstr: 32 offchip_bw_cstr: 70000
	Layer L15_69 {
		Type: TRCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 1, C: 48, R: 1, S: 5, Y: 2, X: 5 }
		Dataflow {
			TemporalMap(1,1) K;
			SpatialMap(Sz(R),1) Y;
			TemporalMap(8,4) X;
			TemporalMap(1,1) C;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			Cluster(4,P);
			SpatialMap(Sz(S),1) X;
		}
	}
// degenerate; num_pes: 1 l1_size_cstr: 512 l2_size_cstr: 65536 noc_bw_cstr: 2 offchip_bw_cstr: 1
	Layer L7_117 {
		Type: DSCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 1, C: 16, R: 3, S: 3, Y: 6, X: 6 }
		Dataflow {
			TemporalMap(6,4) X;
			TemporalMap(64,64) C;
			TemporalMap(64,64) K;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			SpatialMap(7,5) Y;
		}
	}
// degenerate; num_pes: 168 l1_size_cstr: 2048 l2_size_cstr: 1048576 noc_bw_cstr: 1 offchip_bw_cstr: 250
	Layer L21_71 {
		Type: NGCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 64, C: 128, R: 5, S: 5, Y: 6, X: 6, G: 32 }
		Dataflow {
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(2,2) G;
			TemporalMap(94,94) C;
			TemporalMap(Sz(R),Sz(R)) R;
			SpatialMap(Sz(S),1) X;
			TemporalMap(10,6) Y;
			TemporalMap(8,8) K;
		}
	}
// degenerate; num_pes: 512 l1_size_cstr: 100 l2_size_cstr: 65536 noc_bw_cstr: 1 offchip_bw_cstr: 50 NoC_NumHops: 1
	Layer L22_52 {
		Type: CONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 64, C: 64, R: 4, S: 4, Y: 4, X: 4 }
		Dataflow {
			TemporalMap(8,8) C;
			TemporalMap(Sz(R),Sz(R)) R;
			SpatialMap(5,2) Y;
			TemporalMap(8,8) K;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(S),Sz(S)) S;
			Cluster(1,P);
			SpatialMap(Sz(R),1) Y;
			TemporalMap(7,4) X;
			TemporalMap(32,32) C;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(2,2) K;
			TemporalMap(Sz(R),Sz(R)) R;
		}
	}
// degenerate; num_pes: 1 l1_size_cstr: 512 l2_size_cstr: 1048576 noc_bw_cstr: 16 offchip_bw_cstr: 100
	Layer L14_9 {
		Type: DSCONV
		Stride { X: 3, Y: 3 }
		Dimensions { K: 1, C: 64, R: 5, S: 7, Y: 24, X: 8 }
		Dataflow {
			SpatialMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
// degenerate; num_pes: 168 l1_size_cstr: 100 l2_size_cstr: 1048576 noc_bw_cstr: 8 offchip_bw_cstr: 50
	Layer L26_59 {
		Type: CONV
		Stride { X: 3, Y: 1 }
		Dimensions { K: 128, C: 16, R: 3, S: 3, Y: 8, X: 4 }
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
// degenerate; num_pes: 32 l1_size_cstr: 2048 l2_size_cstr: 3000 noc_bw_cstr: 64 offchip_bw_cstr: 350
	Layer L20_87 {
		Type: DSCONV
		Stride { X: 3, Y: 3 }
		Dimensions { K: 1, C: 100, R: 3, S: 3, Y: 21, X: 4 }
		Dataflow {
			TemporalMap(1,1) K;
			TemporalMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			SpatialMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
// rejected; num_pes: 168 l1_size_cstr: 100 l2_size_cstr: 3000 noc_bw_cstr: 8 offchip_bw_cstr: 100
	Layer L36_78 {
		Type: CONV
		Stride { X: 4, Y: 4 }
		Dimensions { K: 8, C: 64, R: 2, S: 7, Y: 19, X: 14 }
		Dataflow {
			TemporalMap(Sz(R),1) Y;
			TemporalMap(16,16) K;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			SpatialMap(1,1) C;
			TemporalMap(Sz(S),1) X;
			Cluster(2,P);
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(32,32) C;
			TemporalMap(Sz(R),Sz(R)) R;
			SpatialMap(Sz(S),1) X;
		}
	}
// rejected; num_pes: 32 l1_size_cstr: 2048 l2_size_cstr: 3000 noc_bw_cstr: 64 offchip_bw_cstr: 350
	Layer L20_81 {
		Type: DSCONV
		Stride { X: 3, Y: 3 }
		Dimensions { K: 1, C: 2, R: 1, S: 1, Y: 83, X: 83 }
		Dataflow {
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
// rejected; num_pes: 512 l1_size_cstr: 512 l2_size_cstr: 65536 noc_bw_cstr: 8 offchip_bw_cstr: 1
	Layer L37_95 {
		Type: NGCONV
		Stride { X: 3, Y: 3 }
		Dimensions { K: 512, C: 96, R: 1, S: 1, Y: 113, X: 113, G: 4, N: 8 }
		Dataflow {
			TemporalMap(1,1) N;
			TemporalMap(1,1) G;
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
// rejected; num_pes: 512 l1_size_cstr: 100 l2_size_cstr: 65536 noc_bw_cstr: 1 offchip_bw_cstr: 50 NoC_NumHops: 1
	Layer L22_119 {
		Type: CONV
		Stride { X: 3, Y: 3 }
		Dimensions { K: 249, C: 16, R: 1, S: 1, Y: 56, X: 56 }
		Dataflow {
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
// rejected; num_pes: 512 l1_size_cstr: 100 l2_size_cstr: 1048576 noc_bw_cstr: 2 offchip_bw_cstr: 50
	Layer L5_59 {
		Type: DSCONV
		Stride { X: 4, Y: 4 }
		Dimensions { K: 1, C: 2, R: 2, S: 2, Y: 53, X: 39 }
		Dataflow {
			TemporalMap(7,6) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(1,1) K;
			SpatialMap(2,2) C;
			Cluster(32,P);
			TemporalMap(7,6) X;
			SpatialMap(16,16) C;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(8,8) K;
			TemporalMap(Sz(R),1) Y;
			Cluster(8,P);
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(Sz(S),1) X;
			SpatialMap(2,2) K;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(R),1) Y;
		}
	}
// rejected; num_pes: 64 l1_size_cstr: 100 l2_size_cstr: 65536 noc_bw_cstr: 2 offchip_bw_cstr: 50
	Layer L24_63 {
		Type: CONV
		Stride { X: 3, Y: 3 }
		Dimensions { K: 96, C: 36, R: 2, S: 1, Y: 104, X: 104 }
		Dataflow {
			SpatialMap(1,1) K;
			TemporalMap(64,64) C;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			Cluster(64, P);
			SpatialMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
// rejected; num_pes: 512 l1_size_cstr: 100 l2_size_cstr: 65536 noc_bw_cstr: 1 offchip_bw_cstr: 50 NoC_NumHops: 1
	Layer L22_31 {
		Type: CONV
		Stride { X: 4, Y: 4 }
		Dimensions { K: 4, C: 3, R: 2, S: 2, Y: 3, X: 3 }
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
// rejected; num_pes: 64 l1_size_cstr: 100 l2_size_cstr: 65536 noc_bw_cstr: 2 offchip_bw_cstr: 50
	Layer L24_115 {
		Type: CONV
		Stride { X: 4, Y: 4 }
		Dimensions { K: 4, C: 72, R: 1, S: 1, Y: 26, X: 26 }
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
// crash; num_pes: 512 l1_size_cstr: 512 l2_size_cstr: 65536 noc_bw_cstr: 8 offchip_bw_cstr: 1
	Layer L37_91 {
		Type: NGCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 256, C: 72, R: 1, S: 7, Y: 7, X: 27, G: 8 }
		Dataflow {
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			SpatialMap(4,4) C;
			TemporalMap(Sz(S),1) X;
			TemporalMap(9,9) Y;
			TemporalMap(32,32) K;
			TemporalMap(2,2) G;
			Cluster(16,P);
			TemporalMap(1,1) K;
			TemporalMap(Sz(R),Sz(R)) R;
			SpatialMap(8,8) Y;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(1,1) G;
			TemporalMap(13,7) X;
			TemporalMap(4,4) C;
			Cluster(1,P);
			SpatialMap(64,64) C;
			TemporalMap(8,2) X;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(32,32) G;
			TemporalMap(32,32) K;
		}
	}
// crash; num_pes: 1024 l1_size_cstr: 2048 l2_size_cstr: 1048576 noc_bw_cstr: 2 offchip_bw_cstr: 250 NoC_NumHops: 3
	Layer L11_62 {
		Type: CONV
		Dimensions { K: 16, C: 512, R: 4, S: 4, Y: 120, X: 120 }
		Dataflow {
			TemporalMap(8,8) C;
			SpatialMap(6,3) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(16,16) K;
			Cluster(8,P);
			SpatialMap(5,2) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(16,16) K;
			TemporalMap(16,16) C;
			Cluster(3,P);
			SpatialMap(1,1) C;
			TemporalMap(2,2) K;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
// crash; num_pes: 168 l1_size_cstr: 100 l2_size_cstr: 1048576 noc_bw_cstr: 8 offchip_bw_cstr: 50
	Layer L26_9 {
		Type: TRCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 128, C: 36, R: 5, S: 5, Y: 19, X: 19 }
		Dataflow {
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(4,4) C;
			TemporalMap(6,2) Y;
			SpatialMap(Sz(S),1) X;
			TemporalMap(115,115) K;
			Cluster(1,P);
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(9,5) X;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(64,64) C;
			SpatialMap(Sz(R),1) Y;
		}
	}
// crash; num_pes: 64 l1_size_cstr: 100 l2_size_cstr: 1048576 noc_bw_cstr: 300 offchip_bw_cstr: 250
	Layer L27_84 {
		Type: CONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 144, C: 128, R: 4, S: 4, Y: 42, X: 103 }
		Dataflow {
			TemporalMap(10,7) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(1,1) K;
			SpatialMap(4,4) C;
			TemporalMap(Sz(R),1) Y;
			Cluster(1,P);
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),Sz(S)) S;
			SpatialMap(11,8) X;
			TemporalMap(32,32) K;
			TemporalMap(32,32) C;
			TemporalMap(Sz(R),Sz(R)) R;
		}
	}
// crash; num_pes: 1024 l1_size_cstr: 2048 l2_size_cstr: 65536 noc_bw_cstr: 500 offchip_bw_cstr: 250
	Layer L10_8 {
		Type: CONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 48, C: 32, R: 1, S: 5, Y: 26, X: 88 }
		Dataflow {
			TemporalMap(Sz(R),1) Y;
			TemporalMap(1,1) K;
			TemporalMap(Sz(S),Sz(S)) S;
			SpatialMap(2,2) C;
			TemporalMap(6,2) X;
			TemporalMap(Sz(R),Sz(R)) R;
			Cluster(32,P);
			TemporalMap(7,3) X;
			SpatialMap(1,1) K;
			TemporalMap(16,16) C;
			TemporalMap(Sz(S),Sz(S)) S;
			Cluster(16,P);
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(32,32) K;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(23,23) C;
			SpatialMap(Sz(R),1) Y;
		}
	}
// crash; num_pes: 32 l1_size_cstr: 2048 l2_size_cstr: 3000 noc_bw_cstr: 64 offchip_bw_cstr: 350
	Layer L20_3 {
		Type: CONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 64, C: 8, R: 7, S: 7, Y: 82, X: 82 }
		Dataflow {
			TemporalMap(1,1) C;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(Sz(S),1) X;
			SpatialMap(8,8) K;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(10,4) Y;
			Cluster(32,P);
			TemporalMap(16,16) C;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(9,3) X;
			SpatialMap(16,16) K;
		}
	}
// crash; num_pes: 1024 l1_size_cstr: 2048 l2_size_cstr: 65536 noc_bw_cstr: 500 offchip_bw_cstr: 250
	Layer L10_52 {
		Type: CONV
		Dimensions { K: 2, C: 96, R: 4, S: 5, Y: 4, X: 9 }
		Dataflow {
			TemporalMap(Sz(S),1) X;
			TemporalMap(64,64) C;
			SpatialMap(1,1) K;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),Sz(S)) S;
			Cluster(2,P);
			TemporalMap(8,8) C;
			SpatialMap(7,4) Y;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(S),Sz(S)) S;
			Cluster(1,P);
			SpatialMap(Sz(R),1) Y;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(2,2) C;
			TemporalMap(6,2) X;
			TemporalMap(8,8) K;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
// crash; num_pes: 32 l1_size_cstr: 512 l2_size_cstr: 1048576 noc_bw_cstr: 1000 offchip_bw_cstr: 250
	Layer L39_12 {
		Type: CONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 144, C: 1, R: 3, S: 3, Y: 15, X: 23 }
		Dataflow {
			TemporalMap(16,16) K;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(8,8) C;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			SpatialMap(10,8) X;
			Cluster(16,P);
			TemporalMap(Sz(S),Sz(S)) S;
			SpatialMap(5,3) Y;
			TemporalMap(1,1) K;
			TemporalMap(Sz(R),Sz(R)) R;
		}
	}
// rejected; num_pes: 256 l1_size_cstr: 100 l2_size_cstr: 1048576 noc_bw_cstr: 64 offchip_bw_cstr: 50
	Layer L17_46 {
		Type: DSCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 1, C: 128, R: 1, S: 7, Y: 8, X: 8 }
		Dataflow {
			TemporalMap(64,64) C;
			SpatialMap(12,6) X;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(2,2) K;
			Cluster(16,P);
			TemporalMap(Sz(S),1) X;
			TemporalMap(1,1) C;
			SpatialMap(Sz(R),1) Y;
			TemporalMap(Sz(R),Sz(R)) R;
		}
	}
// rejected; num_pes: 1024 l1_size_cstr: 2048 l2_size_cstr: 65536 noc_bw_cstr: 500 offchip_bw_cstr: 250
	Layer L10_93 {
		Type: DSCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 1, C: 48, R: 7, S: 7, Y: 7, X: 7 }
		Dataflow {
			TemporalMap(1,1) K;
			SpatialMap(Sz(R),1) Y;
			TemporalMap(10,4) X;
			TemporalMap(1,1) C;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			Cluster(4,P);
			SpatialMap(Sz(S),1) X;
		}
	}
// rejected; num_pes: 32 l1_size_cstr: 2048 l2_size_cstr: 3000 noc_bw_cstr: 64 offchip_bw_cstr: 350
	Layer L20_102 {
		Type: DSCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 1, C: 96, R: 7, S: 7, Y: 22, X: 157 }
		Dataflow {
			SpatialMap(8,2) X;
			TemporalMap(16,16) K;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(1,1) C;
			Cluster(3,P);
			SpatialMap(2,2) K;
			TemporalMap(13,7) Y;
		}
	}
// crash; num_pes: 32 l1_size_cstr: 512 l2_size_cstr: 1048576 noc_bw_cstr: 1000 offchip_bw_cstr: 250
	Layer L39_65 {
		Type: CONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 2, C: 32, R: 7, S: 7, Y: 8, X: 8 }
		Dataflow {
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(8,8) K;
			SpatialMap(13,7) Y;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(17,17) C;
			TemporalMap(9,3) X;
			Cluster(1,P);
			TemporalMap(6,6) C;
			TemporalMap(Sz(R),Sz(R)) R;
			SpatialMap(8,8) K;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(Sz(S),1) X;
		}
	}
