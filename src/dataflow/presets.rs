//! Named dataflows of the literature, directive by directive as MAESTRO's own mapping files have them.
//!
//! Letters before the underscore are the dimensions that a dataflow spreads over space; `ws` and `os` say whether
//! weights or outputs stay in the PEs. A [`Preset`] with its tile sizes is a [`Tiling`]:
//!
//! ```
//! use maestrino::dataflow::presets::Preset;
//! use maestrino::{Dim, Layer, LayerKind};
//!
//! let layer = Layer::new(LayerKind::Fc, &[(Dim::K, 10), (Dim::C, 64)])?;
//! let tiling = Preset::KcpWs.for_kind(layer.kind()).tiling().fitted(&layer, 16);
//! assert_eq!(tiling.tile("cluster"), Some(16));
//! assert_eq!(tiling.dataflow(layer.kind())?.cluster_pes(&layer)?, 16);
//! # Ok::<(), maestrino::Error>(())
//! ```

use core::fmt;

use super::{Dataflow, Directive, Size};
use crate::dim::Dim::{self, C, G, K, M, N, OutX, OutY, R, S, X, Y};
use crate::error::Error;
use crate::layer::{Layer, LayerKind, MAX_EXTENT};

/// A named dataflow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Preset {
    /// NVDLA-like: output channels over clusters, input channels inside them.
    KcpWs,
    /// Output columns over PEs; every weight is broadcast.
    XpWs,
    /// Eyeriss-like row stationary: output rows over clusters, filter rows inside them.
    Rs,
    /// Output rows over clusters, output channels inside them.
    YkpOs,
    /// ShiDianNao-like: output rows over clusters, output columns inside them.
    YxpOs,
    /// Input channels over clusters, output channels inside them.
    CkpWs,
    /// No local reuse: input channels over PEs.
    Nlr,
    /// MAERI-like: a virtual neuron of `R` x `S` PEs for each output channel.
    Maeri,
    /// Depthwise: channels over PEs, no output channels.
    Dpt,
    /// For matrix products: rows over clusters, the reduced dimension inside them.
    Nmk,
    /// Ethos-U-like, for every kind of layer: in a block, output channels over clusters, output columns inside them, input
    /// channels innermost.
    KxcOs,
    /// For matrix products, weight stationary: columns over clusters, the reduced dimension inside them.
    NkpWs,
    /// Row stationary as Eyeriss maps it, for every kind of layer: input channels over sets of rows, output rows inside them,
    /// filter rows innermost; a row slides past its filter.
    CyrRs,
}

/// A tile size that a preset leaves open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name; `cluster` is the one that [`Tiling::fitted`] shrinks.
    pub name: &'static str,
    /// Its value in MAESTRO's mapping files.
    pub default: u32,
    /// What it sizes, in one line.
    pub meaning: &'static str,
}

/// Parameters that a preset may have.
pub const MAX_PARAMETERS: usize = 3;

const CLUSTER: &str = "cluster";

impl Preset {
    /// Every preset.
    pub const ALL: [Preset; 13] = [
        Preset::KcpWs,
        Preset::XpWs,
        Preset::Rs,
        Preset::YkpOs,
        Preset::YxpOs,
        Preset::CkpWs,
        Preset::Nlr,
        Preset::Maeri,
        Preset::Dpt,
        Preset::Nmk,
        Preset::KxcOs,
        Preset::NkpWs,
        Preset::CyrRs,
    ];

    /// `"kcp_ws"`, `"xp_ws"`, ...
    pub const fn name(self) -> &'static str {
        match self {
            Preset::KcpWs => "kcp_ws",
            Preset::XpWs => "xp_ws",
            Preset::Rs => "rs",
            Preset::YkpOs => "ykp_os",
            Preset::YxpOs => "yxp_os",
            Preset::CkpWs => "ckp_ws",
            Preset::Nlr => "nlr",
            Preset::Maeri => "maeri",
            Preset::Dpt => "dpt",
            Preset::Nmk => "nmk",
            Preset::KxcOs => "kxc_os",
            Preset::NkpWs => "nkp_ws",
            Preset::CyrRs => "cyr_rs",
        }
    }

    /// The preset with that name, if any; the inverse of [`Preset::name`].
    pub fn from_name(name: &str) -> Option<Preset> {
        Preset::ALL.into_iter().find(|preset| preset.name() == name)
    }

    /// What it is, in one line.
    pub const fn summary(self) -> &'static str {
        match self {
            Preset::KcpWs => "NVDLA-like, weight stationary: K over clusters, C inside them",
            Preset::XpWs => "weight stationary: output columns over PEs, weights broadcast",
            Preset::Rs => "Eyeriss-like, row stationary: output rows over clusters, filter rows inside them",
            Preset::YkpOs => "output stationary: output rows over clusters, K inside them",
            Preset::YxpOs => "ShiDianNao-like, output stationary: output rows over clusters, columns inside them",
            Preset::CkpWs => "weight stationary: C over clusters, K inside them",
            Preset::Nlr => "no local reuse: C over PEs",
            Preset::Maeri => "MAERI-like: K over virtual neurons, the filter window inside them",
            Preset::Dpt => "depthwise: C over PEs; what DSCONV, POOL and ELTWISE layers get",
            Preset::Nmk => "matrix product: M over clusters, K inside them; what GEMM layers get",
            Preset::KxcOs => {
                "Ethos-U-like, output stationary: K over clusters, columns in them, C innermost; depthwise on one lane of C"
            }
            Preset::NkpWs => "matrix product, weight stationary: N over clusters, K inside them",
            Preset::CyrRs => "Eyeriss, row stationary: C over sets, output rows in them, filter rows innermost",
        }
    }

    /// The tile sizes that it leaves open; at most [`MAX_PARAMETERS`].
    pub const fn parameters(self) -> &'static [Parameter] {
        match self {
            Preset::KcpWs => {
                &[Parameter { name: CLUSTER, default: 64, meaning: "PEs of a cluster, an input channel each" }]
            }
            Preset::Rs => &[Parameter { name: "k", default: 16, meaning: "output channels that a cluster holds" }],
            Preset::YkpOs => {
                &[Parameter { name: CLUSTER, default: 16, meaning: "PEs of a cluster, an output channel each" }]
            }
            Preset::YxpOs => {
                &[Parameter { name: CLUSTER, default: 8, meaning: "PEs of a cluster, an output column each" }]
            }
            Preset::CkpWs => {
                &[Parameter { name: CLUSTER, default: 64, meaning: "PEs of a cluster, an output channel each" }]
            }
            Preset::Nmk => &[
                Parameter { name: CLUSTER, default: 100, meaning: "PEs of a cluster, a term of the sum each" },
                Parameter { name: "m", default: 1, meaning: "rows of the product that a cluster holds" },
                Parameter { name: "n", default: 1, meaning: "columns of the product that a cluster holds" },
            ],
            Preset::KxcOs => &[
                Parameter { name: "k", default: 8, meaning: "output channels of a cluster, side by side" },
                Parameter { name: "x", default: 2, meaning: "output columns of each, side by side" },
                Parameter { name: "c", default: 8, meaning: "PEs of each of these, an input channel each" },
            ],
            Preset::CyrRs => &[
                Parameter { name: "k", default: 16, meaning: "output channels that a PE holds" },
                Parameter { name: "y", default: 14, meaning: "output rows of a set, side by side" },
                Parameter {
                    name: "c",
                    default: 4,
                    meaning: "input channels that a PE holds, for filters of 3 columns",
                },
            ],
            Preset::NkpWs => {
                &[Parameter { name: CLUSTER, default: 64, meaning: "PEs of a cluster, a term of the sum each" }]
            }
            Preset::XpWs | Preset::Nlr | Preset::Maeri | Preset::Dpt => &[],
        }
    }

    /// The preset to use for a layer of this kind where `self` is the choice for a whole network: `self` if it can
    /// map the kind.
    ///
    /// Layers without output channels (DSCONV, POOL, ELTWISE) take [`Preset::Dpt`], as in MAESTRO's own mappings of
    /// MobileNetV2 and MnasNet. A GEMM has dimensions of its own and takes [`Preset::Nmk`] unless it is
    /// [`Preset::NkpWs`] that is chosen; these in turn map nothing else, so that [`Preset::KcpWs`] takes the convolutions
    /// then. [`Preset::KxcOs`] and [`Preset::CyrRs`] map every kind.
    #[must_use]
    pub const fn for_kind(self, kind: LayerKind) -> Preset {
        match (kind, self) {
            (_, Preset::KxcOs | Preset::CyrRs) | (LayerKind::Gemm, Preset::NkpWs) => self,
            (LayerKind::DsConv | LayerKind::Pool | LayerKind::Eltwise, _) => Preset::Dpt,
            (LayerKind::Gemm, _) => Preset::Nmk,
            (_, Preset::Nmk | Preset::NkpWs) => Preset::KcpWs,
            (_, chosen) => chosen,
        }
    }

    /// The preset with every tile at its default.
    pub const fn tiling(self) -> Tiling {
        let mut tiles = [1; MAX_PARAMETERS];
        let parameters = self.parameters();
        let mut place = 0;
        while place < parameters.len() {
            tiles[place] = parameters[place].default;
            place += 1;
        }
        Tiling { preset: self, tiles }
    }
}

impl fmt::Display for Preset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A preset together with its tile sizes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Tiling {
    preset: Preset,
    /// In the order of [`Preset::parameters`]; the rest is 1.
    tiles: [u32; MAX_PARAMETERS],
}

/// As the command line takes it: `kcp_ws`, or with the tiles that are not the default, `kcp_ws:cluster=16`.
impl fmt::Display for Tiling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.preset.name())?;
        let mut mark = ':';
        for (parameter, tile) in self.preset.parameters().iter().zip(self.tiles) {
            if tile != parameter.default {
                write!(f, "{mark}{}={tile}", parameter.name)?;
                mark = ',';
            }
        }
        Ok(())
    }
}

/// A preset for each kind of layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Presets {
    /// For convolutions.
    pub convolution: Tiling,
    /// For fully connected layers.
    pub fully_connected: Tiling,
    /// For layers without output channels: DSCONV, POOL, ELTWISE.
    pub depthwise: Tiling,
    /// For matrix products.
    pub gemm: Tiling,
}

impl Presets {
    /// `chosen`, and what stands in for it where it cannot map a kind: see [`Preset::for_kind`].
    pub const fn of(chosen: Tiling) -> Presets {
        Presets {
            convolution: chosen.for_kind(LayerKind::Conv),
            fully_connected: chosen.for_kind(LayerKind::Fc),
            depthwise: chosen.for_kind(LayerKind::DsConv),
            gemm: chosen.for_kind(LayerKind::Gemm),
        }
    }

    /// The one for a kind.
    pub const fn for_kind(&self, kind: LayerKind) -> Tiling {
        match kind {
            LayerKind::DsConv | LayerKind::Pool | LayerKind::Eltwise => self.depthwise,
            LayerKind::Gemm => self.gemm,
            LayerKind::Fc => self.fully_connected,
            LayerKind::Conv | LayerKind::NgConv | LayerKind::TrConv => self.convolution,
        }
    }
}

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
    /// The preset.
    pub const fn preset(&self) -> Preset {
        self.preset
    }

    /// The value of a parameter, if the preset has it.
    pub fn tile(&self, name: &str) -> Option<u32> {
        let mut named = self.preset.parameters().iter().zip(self.tiles);
        named.find_map(|(parameter, tile)| (parameter.name == name).then_some(tile))
    }

    /// The same with another value for a parameter.
    ///
    /// # Errors
    /// [`Error::NoSuchParameter`] if the preset lacks it, [`Error::ParameterSize`] if `size` is zero or above
    /// [`MAX_EXTENT`].
    pub fn with(mut self, name: &str, size: u32) -> Result<Tiling, Error> {
        let mut named = self.preset.parameters().iter().zip(&mut self.tiles);
        let (parameter, tile) =
            named.find(|(parameter, _)| parameter.name == name).ok_or(Error::NoSuchParameter(self.preset))?;
        if size == 0 || size > MAX_EXTENT {
            return Err(Error::ParameterSize { name: parameter.name, size });
        }
        *tile = size;
        Ok(self)
    }

    /// The same, or where another preset has to map this kind (see [`Preset::for_kind`]), that one with its defaults:
    /// tile sizes that a user gives are those of the preset that they choose.
    #[must_use]
    pub const fn for_kind(self, kind: LayerKind) -> Tiling {
        let preset = self.preset.for_kind(kind);
        if preset as u8 == self.preset as u8 { self } else { preset.tiling() }
    }

    /// Tile sizes that are known to be sound, in the order of [`Preset::parameters`].
    #[cfg(feature = "std")]
    pub(crate) const fn sized(mut self, tiles: [u32; MAX_PARAMETERS]) -> Tiling {
        self.tiles = tiles;
        self
    }

    /// Whether [`Tiling::fitted`] can change anything: not where clusters are as large as the filter.
    pub fn shrinks(&self) -> bool {
        let tied = |parameter: &Parameter| parameter.name == CLUSTER;
        matches!(self.preset, Preset::KxcOs | Preset::CyrRs) || self.preset.parameters().iter().any(tied)
    }

    /// The same with `cluster`, and the tile tied to it, shrunk until one cluster fits into an array of `pes`.
    ///
    /// Nothing changes where the preset has no such parameter: the clusters of [`Preset::Rs`] and [`Preset::Maeri`]
    /// are as large as the filter. The clusters of [`Preset::YxpOs`] also shrink to the output columns, because a
    /// tile a little wider than the input leaves an edge tile without any output. [`Preset::KxcOs`] shrinks `c`, then `x`,
    /// then `k`. [`Preset::CyrRs`] shrinks `y`, and `c` until there is work for every set, and where a filter has more than
    /// 3 columns.
    #[must_use]
    pub fn fitted(mut self, layer: &Layer, pes: u32) -> Tiling {
        if self.preset == Preset::KxcOs {
            let [k, x, c] = self.tiles;
            let c = c.min(pes).max(1);
            let columns = pes.checked_div(c).unwrap_or(1).max(1);
            let x = x.min(columns).max(1);
            self.tiles = [k.min(columns.checked_div(x).unwrap_or(1)).max(1), x, c];
            return self;
        }
        if self.preset == Preset::CyrRs {
            let [k, y, c] = self.tiles;
            let (rows, columns) = (layer.size(R).unwrap_or(1), layer.size(S).unwrap_or(1));
            let y = y.min(pes.checked_div(rows).unwrap_or(1)).max(1);
            let sets = pes.checked_div(y.saturating_mul(rows)).unwrap_or(1).max(1);
            let channels = layer.size(if layer.kind() == LayerKind::Gemm { K } else { C }).unwrap_or(1);
            let held = c.saturating_mul(3).checked_div(columns).unwrap_or(c);
            self.tiles = [k, y, c.min(held).min(channels.div_ceil(sets)).max(1)];
            return self;
        }
        let limit = match self.preset {
            Preset::YxpOs => layer.size(OutX).unwrap_or(pes).min(pes),
            _ => pes,
        };
        for (parameter, tile) in self.preset.parameters().iter().zip(&mut self.tiles) {
            if parameter.name == CLUSTER {
                *tile = (*tile).min(limit).max(1);
            }
        }
        self
    }

    /// The directives for a layer of this kind: an NGCONV goes through its groups one by one, outermost; a POOL or ELTWISE
    /// has no output channels to map.
    ///
    /// # Errors
    /// [`Error::TooManyDirectives`], which no preset comes near.
    pub fn dataflow(&self, kind: LayerKind) -> Result<Dataflow, Error> {
        // Tiles are at most MAX_EXTENT.
        let [first, m, n] = self.tiles.map(|tile| Size::new(tile as i32));
        let directives: &[Directive] = match self.preset {
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
            // A block of 4 turns of everything, and of 2 of input channels, stays in a cluster.
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
    use super::*;
    use crate::dataflow::MapKind;

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

    fn conv(c: u32, filter: u32, input: u32) -> Layer {
        let dims = [(K, 64), (C, c), (R, filter), (S, filter), (Y, input), (X, input)];
        Layer::new(LayerKind::Conv, &dims).unwrap()
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

    #[test]
    fn fitting_takes_the_largest_cluster_that_the_array_holds() {
        let layer = conv(64, 3, 58);
        for preset in Preset::ALL {
            let Some(default) = preset.tiling().tile(CLUSTER) else {
                if matches!(preset, Preset::KxcOs | Preset::CyrRs) {
                    continue;
                }
                assert_eq!(preset.tiling().fitted(&layer, 1), preset.tiling());
                continue;
            };
            for pes in [1, 7, default, 1000] {
                let fitted = preset.tiling().fitted(&layer, pes).dataflow(LayerKind::Conv).unwrap();
                assert_eq!(fitted.cluster_pes(&layer), Ok(pes.min(default)), "{preset} {pes}");
            }
        }
        assert_eq!(Preset::YxpOs.tiling().fitted(&conv(64, 3, 9), 256).tile(CLUSTER), Some(7));
        let tiles =
            |pes: u32| ["k", "x", "c"].map(|name| Preset::KxcOs.tiling().fitted(&layer, pes).tile(name).unwrap());
        assert_eq!([1024, 64, 16, 9, 7].map(tiles), [[8, 2, 8], [4, 2, 8], [1, 2, 8], [1, 1, 8], [1, 1, 7]]);
        // 4 sets of 14 x 3 share 64 channels; 24 sets have 3 each. A filter of 5 columns leaves room for 2.
        let tiles = |layer: &Layer, pes: u32| {
            ["k", "y", "c"].map(|name| Preset::CyrRs.tiling().fitted(layer, pes).tile(name).unwrap())
        };
        assert_eq!([168, 1024, 30].map(|pes| tiles(&layer, pes)), [[16, 14, 4], [16, 14, 3], [16, 10, 4]]);
        assert_eq!(tiles(&conv(64, 5, 58), 168), [16, 14, 2]);
    }

    #[test]
    fn every_kind_gets_a_preset_of_its_dimensions() {
        for preset in Preset::ALL {
            assert_eq!(Preset::from_name(preset.name()), Some(preset));
            let of_all = matches!(preset, Preset::KxcOs | Preset::CyrRs);
            assert_eq!(preset.for_kind(LayerKind::DsConv), if of_all { preset } else { Preset::Dpt });
            let own = of_all || preset == Preset::NkpWs;
            assert_eq!(preset.for_kind(LayerKind::Gemm), if own { preset } else { Preset::Nmk });
            let gemm = [Preset::Nmk, Preset::NkpWs].contains(&preset);
            assert_eq!(preset.for_kind(LayerKind::Conv), if gemm { Preset::KcpWs } else { preset });
            let presets = Presets::of(preset.tiling());
            for kind in LayerKind::ALL {
                assert_eq!(presets.for_kind(kind), preset.tiling().for_kind(kind), "{preset} {kind:?}");
            }
        }
    }
}
