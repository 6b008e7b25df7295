//! Named dataflows of the literature, mostly directive by directive as in MAESTRO's own mapping files.
//!
//! In most names, the letters before the underscore are the dimensions that the dataflow spreads over sub-clusters,
//! and `ws`, `os` or `rs` says whether weights, outputs or rows are stationary in the PEs. A [`Preset`] with its tile
//! sizes is a [`Tiling`]:
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

mod directives;
pub(crate) mod named;
mod tiling;

use crate::layer::kind::LayerKind;

pub use named::{MAX_PARAMETERS, Parameter, Preset};
pub use tiling::Tiling;

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
    /// `chosen`, and other presets for the kinds that it cannot map: see [`Preset::for_kind`].
    pub const fn of(chosen: Tiling) -> Presets {
        Presets {
            convolution: chosen.for_kind(LayerKind::Conv),
            fully_connected: chosen.for_kind(LayerKind::Fc),
            depthwise: chosen.for_kind(LayerKind::DsConv),
            gemm: chosen.for_kind(LayerKind::Gemm),
        }
    }

    /// The preset for a kind.
    pub const fn for_kind(&self, kind: LayerKind) -> Tiling {
        match kind {
            LayerKind::DsConv | LayerKind::Pool | LayerKind::Eltwise => self.depthwise,
            LayerKind::Gemm => self.gemm,
            LayerKind::Fc => self.fully_connected,
            LayerKind::Conv | LayerKind::NgConv | LayerKind::TrConv => self.convolution,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
