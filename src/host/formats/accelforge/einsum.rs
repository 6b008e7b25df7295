//! Translates a layer into an einsum of AccelForge.

use crate::{Dim, Layer, LayerKind};

/// Names of the tensors.
pub const INPUT: &str = "I";
pub const FILTER: &str = "W";
pub const OUTPUT: &str = "O";

/// An einsum: its rank variables, and how they index each tensor.
pub struct Einsum {
    /// Name, dimension and size of each rank variable.
    pub ranks: Vec<(&'static str, Dim, u32)>,
    pub input: String,
    pub filter: &'static str,
    pub output: &'static str,
}

impl Einsum {
    /// The einsum of a layer; `None` if it has no MACs. Extents of inputs include padding.
    pub fn of(layer: &Layer) -> Option<Einsum> {
        let ranks = |names: &[(&'static str, Dim)]| {
            names.iter().map(|&(name, dim)| (name, dim, layer.size(dim).unwrap_or(1))).collect()
        };
        let window = |channels: &str| {
            let (y, x) = (layer.stride(Dim::Y), layer.stride(Dim::X));
            format!("{{N: n, {channels}, Y: p * {y} + r, X: q * {x} + s}}")
        };
        let outputs = [("p", Dim::OutY), ("q", Dim::OutX)];
        let filter = [("r", Dim::R), ("s", Dim::S)];
        let conv =
            |channels: &[(&'static str, Dim)]| ranks(&[&[("n", Dim::N)][..], channels, &outputs, &filter].concat());
        let einsum = match layer.kind() {
            LayerKind::Conv | LayerKind::TrConv | LayerKind::Fc => Einsum {
                ranks: conv(&[("k", Dim::K), ("c", Dim::C)]),
                input: window("C: c"),
                filter: "[k, c, r, s]",
                output: "[n, k, p, q]",
            },
            LayerKind::NgConv => Einsum {
                ranks: conv(&[("g", Dim::G), ("k", Dim::K), ("c", Dim::C)]),
                input: window("G: g, C: c"),
                filter: "[g, k, c, r, s]",
                output: "[n, g, k, p, q]",
            },
            LayerKind::DsConv => Einsum {
                ranks: conv(&[("c", Dim::C)]),
                input: window("C: c"),
                filter: "[c, r, s]",
                output: "[n, c, p, q]",
            },
            LayerKind::Gemm => Einsum {
                ranks: ranks(&[("m", Dim::M), ("n", Dim::N), ("k", Dim::K)]),
                input: "[m, k]".to_string(),
                filter: "[k, n]",
                output: "[m, n]",
            },
            LayerKind::Pool | LayerKind::Eltwise => return None,
        };
        Some(einsum)
    }

    /// The rank variable of a dimension.
    pub fn rank(&self, dim: Dim) -> Option<&'static str> {
        self.ranks.iter().find(|(_, own, _)| *own == dim).map(|(name, ..)| *name)
    }
}
