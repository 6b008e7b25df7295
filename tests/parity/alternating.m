Network alternating {
	Layer conv0 {
		Type: CONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 30, C: 8, R: 3, S: 3, Y: 9, X: 9 }
		Dataflow {
			TemporalMap(1,1) K;
			TemporalMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			SpatialMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer conv1 {
		Type: CONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 48, C: 32, R: 5, S: 1, Y: 18, X: 18 }
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
	Layer conv2 {
		Type: CONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 30, C: 32, R: 3, S: 3, Y: 16, X: 16 }
		Dataflow {
			TemporalMap(4,4) K;
			SpatialMap(2,2) C;
			TemporalMap(6,4) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer depth2 {
		Type: DSCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 1, C: 24, R: 3, S: 3, Y: 17, X: 15 }
		Dataflow {
			SpatialMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer conv3 {
		Type: CONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 16, C: 3, R: 5, S: 5, Y: 26, X: 26 }
		Dataflow {
			SpatialMap(1,1) K;
			TemporalMap(2,2) C;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer conv4 {
		Type: CONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 30, C: 20, R: 3, S: 3, Y: 30, X: 32 }
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
	Layer product4 {
		Type: GEMM
		Dimensions { K: 60, M: 33, N: 18 }
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
	Layer conv5 {
		Type: NGCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 16, C: 8, R: 3, S: 3, Y: 14, X: 16, G: 2 }
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
	Layer conv6 {
		Type: CONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 30, C: 8, R: 3, S: 3, Y: 15, X: 17 }
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
			Cluster(Sz(S),P);
			SpatialMap(1,1) X;
			SpatialMap(1,1) S;
		}
	}
	Layer conv7 {
		Type: CONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 30, C: 32, R: 3, S: 3, Y: 10, X: 10 }
		Dataflow {
			SpatialMap(1,1) K;
			TemporalMap(2,2) C;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer depth7 {
		Type: DSCONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 1, C: 24, R: 3, S: 3, Y: 17, X: 15 }
		Dataflow {
			SpatialMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer conv8 {
		Type: TRCONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 48, C: 20, R: 5, S: 5, Y: 12, X: 12 }
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
	Layer conv9 {
		Type: CONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 16, C: 3, R: 1, S: 1, Y: 9, X: 9 }
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
			Cluster(Sz(S),P);
			SpatialMap(1,1) X;
			SpatialMap(1,1) S;
		}
	}
	Layer conv10 {
		Type: CONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 48, C: 32, R: 3, S: 3, Y: 16, X: 18 }
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
			Cluster(Sz(S),P);
			SpatialMap(1,1) X;
			SpatialMap(1,1) S;
		}
	}
	Layer product10 {
		Type: GEMM
		Dimensions { K: 60, M: 33, N: 18 }
		Dataflow {
			TemporalMap(2,2) N;
			SpatialMap(1,1) M;
			TemporalMap(1,1) K;
		}
	}
	Layer conv11 {
		Type: CONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 30, C: 3, R: 1, S: 1, Y: 18, X: 18 }
		Dataflow {
			TemporalMap(4,4) K;
			SpatialMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(2,2) C;
			Cluster(4, P);
			SpatialMap(1,1) K;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer conv12 {
		Type: TRCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 8, C: 20, R: 1, S: 1, Y: 24, X: 26 }
		Dataflow {
			SpatialMap(1,1) K;
			TemporalMap(2,2) C;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer conv13 {
		Type: CONV
		Stride { X: 2, Y: 2 }
		Dimensions { K: 8, C: 8, R: 3, S: 3, Y: 22, X: 22 }
		Dataflow {
			TemporalMap(4,4) K;
			SpatialMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(2,2) C;
			Cluster(4, P);
			SpatialMap(1,1) K;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer depth13 {
		Type: DSCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 1, C: 24, R: 3, S: 3, Y: 17, X: 15 }
		Dataflow {
			SpatialMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer conv14 {
		Type: CONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 8, C: 32, R: 3, S: 1, Y: 14, X: 14 }
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
	Layer conv15 {
		Type: CONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 30, C: 8, R: 3, S: 3, Y: 9, X: 11 }
		Dataflow {
			TemporalMap(1,1) K;
			TemporalMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			SpatialMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer conv16 {
		Type: CONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 8, C: 8, R: 3, S: 3, Y: 21, X: 21 }
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
			Cluster(Sz(S),P);
			SpatialMap(1,1) X;
			SpatialMap(1,1) S;
		}
	}
	Layer conv17 {
		Type: NGCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 16, C: 20, R: 3, S: 3, Y: 15, X: 17, G: 2 }
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
	Layer conv18 {
		Type: CONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 30, C: 20, R: 1, S: 1, Y: 16, X: 16 }
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
	Layer conv19 {
		Type: CONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 8, C: 3, R: 1, S: 1, Y: 10, X: 12 }
		Dataflow {
			TemporalMap(4,4) K;
			SpatialMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(2,2) C;
			Cluster(4, P);
			SpatialMap(1,1) K;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
}
