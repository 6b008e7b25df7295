# As people write them: K, C, Cluster (lines 9, 10, 16)
mapping for an array of 64

Constant TILE 4
Network first {
	Layer padded {
		Type: DSCONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 1, C: 144, R: 5, S: 5, Y: 4, X: 4 }
		Dataflow {
			SpatialMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
}
}
Network second {
	Layer follows {
		Type: CONV
		Dimensions { K: 8.0, C: 4, R: 3, S: 3, Y: 9, X: 9 }
		Dataflow {
			SpatialMap(1,1) C;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
		}
	}
	Layer narrow {
		Type: CONV
		Stride { X: 1, Y: 1 }
		Dimensions { K: 32, C: 16, R: 5, S: 5, Y: 4, X: 4 }
		Dataflow {
			SpatialMap(TILE,TILE) K;
			TemporalMap(Sz(R),Sz(R)) R;
			TemporalMap(Sz(S),Sz(S)) S;
			TemporalMap(Sz(R),1) Y;
			TemporalMap(Sz(S),1) X;
			TemporalMap(8.0,8) C;
			Cluster(8, P);
			SpatialMap(1,1) C;
		}
	}
}
