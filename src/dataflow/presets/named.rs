//! The named dataflows, and the tile sizes that each leaves open.

use core::fmt;

use crate::layer::kind::LayerKind;

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
    /// Ethos-U-like, for every kind of layer: blocks with output channels over clusters, output columns inside them,
    /// input channels innermost.
    KxcOs,
    /// For matrix products, weight stationary: columns over clusters, the reduced dimension inside them.
    NkpWs,
    /// Row stationary as on Eyeriss, for every kind of layer: input channels over sets of PEs, output rows inside the
    /// sets, filter rows innermost. In each PE, an input row slides past a filter row.
    CyrRs,
}

/// A tile size that a preset leaves open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Name of the parameter. For most presets, [`Tiling::fitted`](super::Tiling::fitted) shrinks the one named
    /// `cluster`.
    pub name: &'static str,
    /// The default value; for presets of MAESTRO, the one in its mapping files.
    pub default: u32,
    /// What the parameter sizes, in one line.
    pub meaning: &'static str,
}

/// The most parameters that a preset may have.
pub const MAX_PARAMETERS: usize = 3;

pub(super) const CLUSTER: &str = "cluster";

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

    /// A description of the preset in one line.
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

    /// The tile sizes that the preset leaves open; at most [`MAX_PARAMETERS`].
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

    /// The preset to use for a layer of this kind if `self` is the choice for a whole network. It is `self` if `self`
    /// can map the kind.
    ///
    /// Layers without output channels (DSCONV, POOL, ELTWISE) take [`Preset::Dpt`], as in MAESTRO's own mappings of
    /// MobileNetV2 and MnasNet. A GEMM has dimensions of its own and takes [`Preset::Nmk`], unless [`Preset::NkpWs`]
    /// is chosen. These two map nothing else: if one of them is chosen, [`Preset::KcpWs`] takes the convolutions.
    /// [`Preset::KxcOs`] and [`Preset::CyrRs`] map every kind.
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
}

impl fmt::Display for Preset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
