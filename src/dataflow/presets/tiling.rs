//! A preset with its tile sizes, which can be shrunk until a cluster fits into an array.

use core::fmt;

use crate::dim::Dim::{C, K, OutX, R, S};
use crate::error::Error;
use crate::layer::{Layer, LayerKind};
use crate::limits::MAX_EXTENT;

use super::named::{CLUSTER, MAX_PARAMETERS, Parameter, Preset};

/// A preset together with its tile sizes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Tiling {
    preset: Preset,
    /// Tile sizes in the order of [`Preset::parameters`]; unused ones are 1.
    pub(super) tiles: [u32; MAX_PARAMETERS],
}

/// Written as on the command line: `kcp_ws`, or with the tile sizes that are not the default, `kcp_ws:cluster=16`.
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

impl Preset {
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

    /// The same tiling with another value for a parameter.
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

    /// The tiling for layers of this kind: `self`, or if another preset has to map the kind (see
    /// [`Preset::for_kind`]), that preset with its defaults. Tile sizes that a user gives apply only to the preset
    /// that they chose.
    #[must_use]
    pub const fn for_kind(self, kind: LayerKind) -> Tiling {
        let preset = self.preset.for_kind(kind);
        if preset as u8 == self.preset as u8 { self } else { preset.tiling() }
    }

    /// The same preset with these tile sizes, which must be valid, in the order of [`Preset::parameters`].
    #[cfg(feature = "std")]
    pub(crate) const fn sized(mut self, tiles: [u32; MAX_PARAMETERS]) -> Tiling {
        self.tiles = tiles;
        self
    }

    /// Whether [`Tiling::fitted`] can change anything. It cannot if the preset has no clusters, or clusters as large
    /// as the filter.
    pub fn shrinks(&self) -> bool {
        let tied = |parameter: &Parameter| parameter.name == CLUSTER;
        matches!(self.preset, Preset::KxcOs | Preset::CyrRs) || self.preset.parameters().iter().any(tied)
    }

    /// The same tiling with `cluster`, and the tile tied to it, shrunk until one cluster fits into an array of `pes`
    /// PEs.
    ///
    /// Nothing changes if the preset has no such parameter; for example, the clusters of [`Preset::Rs`] and
    /// [`Preset::Maeri`] are as large as the filter. The clusters of [`Preset::YxpOs`] are also limited to the number
    /// of output columns, because a tile a little wider than the input leaves an edge tile without any output.
    /// [`Preset::KxcOs`] shrinks `c`, then `x`, then `k`. [`Preset::CyrRs`] shrinks `y`; it also shrinks `c` if a
    /// filter has more than 3 columns, and until every set has work.
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
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dim::Dim::{X, Y};

    fn conv(c: u32, filter: u32, input: u32) -> Layer {
        let dims = [(K, 64), (C, c), (R, filter), (S, filter), (Y, input), (X, input)];
        Layer::new(LayerKind::Conv, &dims).unwrap()
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
}
