//! The directives of each preset.

use crate::dataflow::{Dataflow, Directive, Size};
use crate::dim::Dim::{self, C, G, K, M, N, OutX, OutY, R, S, X, Y};
use crate::error::Error;
use crate::layer::LayerKind;

use super::named::Preset;
use super::tiling::Tiling;

/// `SpatialMap(1,1) dim`.
const fn spread(dim: Dim) -> Directive {
    Directive::spatial(Size::new(1), Size::new(1), dim)
}

/// `TemporalMap(size,size) dim`.
const fn tiled(size: Size, dim: Dim) -> Directive {
    Directive::temporal(size, size, dim)
}

/// `TemporalMap(1,1) dim`.
const fn single(dim: Dim) -> Directive {
    tiled(Size::new(1), dim)
}

const WHOLE_R: Directive = tiled(Size::of(R), R);
const WHOLE_S: Directive = tiled(Size::of(S), S);
const SLIDE_Y: Directive = Directive::temporal(Size::of(R), Size::new(1), Y);
const SLIDE_X: Directive = Directive::temporal(Size::of(S), Size::new(1), X);
const SPREAD_Y: Directive = Directive::spatial(Size::of(R), Size::new(1), Y);
const SPREAD_X: Directive = Directive::spatial(Size::of(S), Size::new(1), X);

impl Tiling {
    /// The directives for a layer of this kind. An NGCONV gets an outermost loop over its groups, one by one. A POOL
    /// or ELTWISE has no output channels, so that their maps are left out.
    ///
    /// # Errors
    /// [`Error::TooManyDirectives`], which no preset comes near.
    pub fn dataflow(&self, kind: LayerKind) -> Result<Dataflow, Error> {
        // Tiles are at most MAX_EXTENT.
        let [first, m, n] = self.tiles.map(|tile| Size::new(tile as i32));
        let directives: &[Directive] = match self.preset() {
            Preset::KcpWs => &[
                spread(K),
                tiled(first, C),
                WHOLE_R,
                WHOLE_S,
                SLIDE_Y,
                SLIDE_X,
                Directive::cluster(first),
                spread(C),
                SLIDE_Y,
                SLIDE_X,
                WHOLE_R,
                WHOLE_S,
            ],
            Preset::XpWs => &[single(K), single(C), SLIDE_Y, SPREAD_X, WHOLE_R, WHOLE_S],
            Preset::Rs => &[
                spread(OutY),
                single(OutX),
                single(C),
                tiled(first, K),
                WHOLE_R,
                WHOLE_S,
                Directive::cluster(Size::of(R)),
                spread(Y),
                spread(R),
                WHOLE_S,
            ],
            // MAESTRO's template has TemporalMap(Sz(R),7) R, which it accepts for 7 x 7 filters only.
            Preset::YkpOs => &[
                tiled(first, K),
                SPREAD_Y,
                SLIDE_X,
                single(C),
                Directive::cluster(first),
                spread(K),
                SLIDE_Y,
                SLIDE_X,
                WHOLE_R,
                WHOLE_S,
            ],
            Preset::YxpOs => {
                // The columns that a cluster's outputs need: 8 for 1 x 1 filters, 10 for 3 x 3, 14 for 7 x 7.
                let columns = Size { base: first.base - 1, of: Some(S) };
                &[
                    single(K),
                    single(C),
                    SPREAD_Y,
                    Directive::temporal(columns, first, X),
                    Directive::cluster(first),
                    SPREAD_X,
                    WHOLE_R,
                    WHOLE_S,
                ]
            }
            Preset::CkpWs => &[
                spread(C),
                tiled(first, K),
                WHOLE_R,
                WHOLE_S,
                single(OutY),
                single(OutX),
                Directive::cluster(first),
                spread(K),
                WHOLE_R,
                WHOLE_S,
            ],
            Preset::Nlr => &[single(K), SLIDE_Y, SLIDE_X, WHOLE_R, WHOLE_S, spread(C)],
            Preset::Maeri => &[
                single(C),
                spread(K),
                single(OutY),
                single(OutX),
                WHOLE_R,
                WHOLE_S,
                Directive::cluster(Size::of(R)),
                spread(Y),
                spread(R),
                Directive::cluster(Size::of(S)),
                spread(X),
                spread(S),
            ],
            Preset::Dpt => &[spread(C), SLIDE_Y, SLIDE_X, WHOLE_R, WHOLE_S],
            Preset::Nmk => &[
                tiled(n, N),
                Directive::spatial(m, m, M),
                tiled(first, K),
                Directive::cluster(first),
                tiled(n, N),
                tiled(m, M),
                spread(K),
            ],
            // A cluster works on a block: 4 turns along each dimension, 2 along input channels.
            Preset::KxcOs => {
                let [k, x, c] = [first, m, n];
                let times = |size: Size, turns: i32| Size::new(size.base.saturating_mul(turns));
                let (k_block, x_block, c_block) = (times(k, 4), times(x, 4), times(c, 2));
                match kind {
                    LayerKind::Gemm => &[
                        Directive::spatial(k_block, k_block, N),
                        tiled(x_block, M),
                        tiled(c_block, K),
                        Directive::cluster(k),
                        spread(N),
                        tiled(x, M),
                        tiled(c, K),
                        Directive::cluster(x),
                        spread(M),
                        Directive::cluster(c),
                        spread(K),
                    ],
                    LayerKind::DsConv | LayerKind::Pool | LayerKind::Eltwise => &[
                        Directive::spatial(k_block, k_block, C),
                        tiled(Size::new(4), OutY),
                        tiled(x_block, OutX),
                        WHOLE_R,
                        WHOLE_S,
                        Directive::cluster(k),
                        spread(C),
                        single(OutY),
                        tiled(x, OutX),
                        Directive::cluster(x),
                        spread(OutX),
                        Directive::cluster(c),
                        spread(C),
                    ],
                    _ => &[
                        Directive::spatial(k_block, k_block, K),
                        tiled(Size::new(4), OutY),
                        tiled(x_block, OutX),
                        tiled(c_block, C),
                        WHOLE_R,
                        WHOLE_S,
                        Directive::cluster(k),
                        spread(K),
                        single(OutY),
                        tiled(x, OutX),
                        tiled(c, C),
                        Directive::cluster(x),
                        spread(OutX),
                        Directive::cluster(c),
                        spread(C),
                    ],
                }
            }
            Preset::CyrRs => {
                let [k, y, c] = [first, m, n];
                match kind {
                    LayerKind::Gemm => {
                        &[tiled(k, N), tiled(y, M), Directive::spatial(c, c, K), Directive::cluster(y), spread(M)]
                    }
                    LayerKind::DsConv | LayerKind::Pool | LayerKind::Eltwise => &[
                        spread(C),
                        tiled(y, OutY),
                        single(OutX),
                        WHOLE_R,
                        WHOLE_S,
                        Directive::cluster(y),
                        spread(OutY),
                        WHOLE_R,
                        Directive::cluster(Size::of(R)),
                        spread(Y),
                        spread(R),
                        WHOLE_S,
                    ],
                    _ => &[
                        tiled(k, K),
                        tiled(y, OutY),
                        Directive::spatial(c, c, C),
                        single(OutX),
                        WHOLE_R,
                        WHOLE_S,
                        Directive::cluster(y),
                        spread(OutY),
                        WHOLE_R,
                        Directive::cluster(Size::of(R)),
                        spread(Y),
                        spread(R),
                        WHOLE_S,
                    ],
                }
            }
            Preset::NkpWs => &[spread(N), tiled(first, K), single(M), Directive::cluster(first), spread(K)],
        };
        let mut dataflow = Dataflow::default();
        if kind == LayerKind::NgConv {
            dataflow.push(single(G))?;
        }
        let has_k = !matches!(kind, LayerKind::Pool | LayerKind::Eltwise);
        for &directive in directives {
            if has_k || !matches!(directive, Directive::Map { dim: K, .. }) {
                dataflow.push(directive)?;
            }
        }
        Ok(dataflow)
    }
}

#[cfg(test)]
mod tests {
    use super::super::named::MAX_PARAMETERS;
    use super::*;
    use crate::dataflow::MapKind;
    use crate::limits::MAX_EXTENT;

    fn size(size: Size) -> String {
        match size {
            Size { base, of: None } => base.to_string(),
            Size { base: 0, of: Some(dim) } => format!("Sz({dim})"),
            Size { base, of: Some(dim) } => format!("{base}+Sz({dim})"),
        }
    }

    fn text(tiling: Tiling, kind: LayerKind) -> String {
        let mut text = String::new();
        for directive in tiling.dataflow(kind).unwrap().directives() {
            text += &match *directive {
                Directive::Map { kind: MapKind::Temporal, size: s, offset, dim } => {
                    format!("T({},{}) {dim}; ", size(s), size(offset))
                }
                Directive::Map { kind: MapKind::Spatial, size: s, offset, dim } => {
                    format!("S({},{}) {dim}; ", size(s), size(offset))
                }
                Directive::Cluster { size: s } => format!("Cluster({}); ", size(s)),
            };
        }
        text.trim_end().to_string()
    }

    /// Transcribed from the reference's mapping files (commit 4eb08d1), `T` for TemporalMap and `S` for SpatialMap.
    #[test]
    fn defaults_are_the_references_directives() {
        let expected = [
            // Resnet50_kcp_ws.m and every other *_kcp_ws.m
            "S(1,1) K; T(64,64) C; T(Sz(R),Sz(R)) R; T(Sz(S),Sz(S)) S; T(Sz(R),1) Y; T(Sz(S),1) X; Cluster(64); \
             S(1,1) C; T(Sz(R),1) Y; T(Sz(S),1) X; T(Sz(R),Sz(R)) R; T(Sz(S),Sz(S)) S;",
            // Resnet50_xp_ws.m
            "T(1,1) K; T(1,1) C; T(Sz(R),1) Y; S(Sz(S),1) X; T(Sz(R),Sz(R)) R; T(Sz(S),Sz(S)) S;",
            // googlenet_rs.m
            "S(1,1) Y'; T(1,1) X'; T(1,1) C; T(16,16) K; T(Sz(R),Sz(R)) R; T(Sz(S),Sz(S)) S; Cluster(Sz(R)); \
             S(1,1) Y; S(1,1) R; T(Sz(S),Sz(S)) S;",
            // googlenet_ykp_os.m, but for the offsets of R and S
            "T(16,16) K; S(Sz(R),1) Y; T(Sz(S),1) X; T(1,1) C; Cluster(16); \
             S(1,1) K; T(Sz(R),1) Y; T(Sz(S),1) X; T(Sz(R),Sz(R)) R; T(Sz(S),Sz(S)) S;",
            // Resnet50_yxp_os.m: (8,8) X, (10,8) X or (14,8) X, after the filter
            "T(1,1) K; T(1,1) C; S(Sz(R),1) Y; T(7+Sz(S),8) X; Cluster(8); \
             S(Sz(S),1) X; T(Sz(R),Sz(R)) R; T(Sz(S),Sz(S)) S;",
            // vgg16_ckp_ws.m, its 3 written as Sz(R) and Sz(S)
            "S(1,1) C; T(64,64) K; T(Sz(R),Sz(R)) R; T(Sz(S),Sz(S)) S; T(1,1) Y'; T(1,1) X'; Cluster(64); \
             S(1,1) K; T(Sz(R),Sz(R)) R; T(Sz(S),Sz(S)) S;",
            // Resnet50_nlr.m
            "T(1,1) K; T(Sz(R),1) Y; T(Sz(S),1) X; T(Sz(R),Sz(R)) R; T(Sz(S),Sz(S)) S; S(1,1) C;",
            // vgg16_maeri.m
            "T(1,1) C; S(1,1) K; T(1,1) Y'; T(1,1) X'; T(Sz(R),Sz(R)) R; T(Sz(S),Sz(S)) S; Cluster(Sz(R)); \
             S(1,1) Y; S(1,1) R; Cluster(Sz(S)); S(1,1) X; S(1,1) S;",
            // the DSCONV layers of MobileNetV2_kcp_ws.m
            "S(1,1) C; T(Sz(R),1) Y; T(Sz(S),1) X; T(Sz(R),Sz(R)) R; T(Sz(S),Sz(S)) S;",
            // gnmt_nmk.m
            "T(1,1) N; S(1,1) M; T(100,100) K; Cluster(100); T(1,1) N; T(1,1) M; S(1,1) K;",
            // Ours.
            "S(32,32) K; T(4,4) Y'; T(8,8) X'; T(16,16) C; T(Sz(R),Sz(R)) R; T(Sz(S),Sz(S)) S; Cluster(8); \
             S(1,1) K; T(1,1) Y'; T(2,2) X'; T(8,8) C; Cluster(2); S(1,1) X'; Cluster(8); S(1,1) C;",
            "S(1,1) N; T(64,64) K; T(1,1) M; Cluster(64); S(1,1) K;",
            "T(16,16) K; T(14,14) Y'; S(4,4) C; T(1,1) X'; T(Sz(R),Sz(R)) R; T(Sz(S),Sz(S)) S; Cluster(14); \
             S(1,1) Y'; T(Sz(R),Sz(R)) R; Cluster(Sz(R)); S(1,1) Y; S(1,1) R; T(Sz(S),Sz(S)) S;",
        ];
        assert_eq!(expected.len(), Preset::ALL.len());
        for (preset, expected) in Preset::ALL.into_iter().zip(expected) {
            assert_eq!(text(preset.tiling(), LayerKind::Conv), expected, "{preset}");
            let grouped = text(preset.tiling(), LayerKind::NgConv);
            assert_eq!(grouped, format!("T(1,1) G; {expected}"), "{preset}");
        }
    }

    #[test]
    fn every_parameter_shapes_its_dataflow() {
        for preset in Preset::ALL {
            assert!(preset.parameters().len() <= MAX_PARAMETERS);
            for parameter in preset.parameters() {
                let default = preset.tiling();
                assert_eq!(default.tile(parameter.name), Some(parameter.default));
                let other = default.with(parameter.name, 5).unwrap();
                assert_eq!(other.tile(parameter.name), Some(5));
                assert_ne!(text(other, LayerKind::Conv), text(default, LayerKind::Conv), "{preset} {}", parameter.name);
                for size in [0, MAX_EXTENT + 1] {
                    let error = Error::ParameterSize { name: parameter.name, size };
                    assert_eq!(default.with(parameter.name, size), Err(error));
                }
            }
            assert_eq!(preset.tiling().with("tile", 5), Err(Error::NoSuchParameter(preset)));
            assert_eq!(preset.tiling().tile("tile"), None);
        }
        let nmk = Preset::Nmk.tiling().with("m", 10).unwrap().with("n", 50).unwrap();
        let expected = "T(50,50) N; S(10,10) M; T(100,100) K; Cluster(100); T(50,50) N; T(10,10) M; S(1,1) K;";
        assert_eq!(text(nmk, LayerKind::Gemm), expected);
    }
}
