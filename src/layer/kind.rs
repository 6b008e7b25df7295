//! Kinds of layers: what each computes, and which dimensions it needs.

use core::fmt;

use serde::{Deserialize, Serialize};

use crate::dim::Dim::{self, C, G, K, M, N, R, S, X, Y};

/// What a layer computes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum LayerKind {
    /// Convolution: `out[N,K,Y',X'] += in[N,C,Y,X] * filter[K,C,R,S]`.
    Conv,
    /// Depthwise convolution: `out[N,C,Y',X'] += in[N,C,Y,X] * filter[C,R,S]`. `K` may be given, but no tensor is
    /// coupled to it.
    DsConv,
    /// Grouped convolution; `K` and `C` are per group. As in the reference, its output is coupled to `C` as well.
    NgConv,
    /// Transposed convolution, costed as in the reference: a CONV over the given (upsampled) extents.
    TrConv,
    /// Matrix product: `out[M,N] += in[M,K] * filter[K,N]`.
    Gemm,
    /// Fully connected layer: a CONV whose `R`, `S`, `Y` and `X` are 1 unless given.
    Fc,
    /// Pooling, a window of `R` x `S`: data movement and window operations, no weights and no MACs.
    Pool,
    /// Elementwise operation of two tensors of the same shape: data movement, no MACs.
    Eltwise,
}

impl LayerKind {
    /// Every kind.
    pub const ALL: [LayerKind; 8] = [
        LayerKind::Conv,
        LayerKind::DsConv,
        LayerKind::NgConv,
        LayerKind::TrConv,
        LayerKind::Gemm,
        LayerKind::Fc,
        LayerKind::Pool,
        LayerKind::Eltwise,
    ];

    /// The name in the MAESTRO language. `FC`, `POOL` and `ELTWISE` are additions of maestrino.
    pub const fn name(self) -> &'static str {
        match self {
            LayerKind::Conv => "CONV",
            LayerKind::DsConv => "DSCONV",
            LayerKind::NgConv => "NGCONV",
            LayerKind::TrConv => "TRCONV",
            LayerKind::Gemm => "GEMM",
            LayerKind::Fc => "FC",
            LayerKind::Pool => "POOL",
            LayerKind::Eltwise => "ELTWISE",
        }
    }

    /// The kind with that name, if any; the inverse of [`LayerKind::name`].
    pub fn from_name(name: &str) -> Option<LayerKind> {
        LayerKind::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Whether its operations are multiply-accumulates.
    pub const fn has_macs(self) -> bool {
        !matches!(self, LayerKind::Pool | LayerKind::Eltwise)
    }

    /// Dimensions that must be given (after defaults).
    pub(super) const fn required(self) -> &'static [Dim] {
        match self {
            LayerKind::Conv | LayerKind::TrConv | LayerKind::Fc => &[K, C, R, S, Y, X],
            LayerKind::NgConv => &[G, K, C, R, S, Y, X],
            LayerKind::DsConv | LayerKind::Pool | LayerKind::Eltwise => &[C, R, S, Y, X],
            LayerKind::Gemm => &[M, N, K],
        }
    }

    /// Further dimensions that may be given.
    pub(super) const fn optional(self) -> &'static [Dim] {
        match self {
            LayerKind::Gemm => &[],
            LayerKind::DsConv => &[N, K],
            _ => &[N],
        }
    }

    /// Dimensions that are 1 if they are not given.
    pub(super) const fn defaults(self) -> &'static [Dim] {
        match self {
            LayerKind::Fc => &[R, S, Y, X],
            LayerKind::Eltwise => &[R, S],
            _ => &[],
        }
    }
}

impl fmt::Display for LayerKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
