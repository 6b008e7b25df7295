//! Layers whose input is smaller than their filter, because the extents in a model file lack the padding.

use crate::dim::Dim::{X, Y};
use crate::dim::{DIM_COUNT, Dim};
use crate::error::Error;

use super::{Layer, LayerKind};

impl Layer {
    /// As [`Layer::strided`], but a filter larger than its input yields one output, as in the reference. The networks
    /// of the study need this, because their extents lack the padding: for example, a 5 x 5 filter on 4 x 4 elements.
    ///
    /// # Errors
    /// As [`Layer::strided`], except for such a filter.
    pub fn unpadded(kind: LayerKind, dims: &[(Dim, u32)], stride_y: u32, stride_x: u32) -> Result<Layer, Error> {
        let given = |dim: Dim| dims.iter().find(|(given, _)| *given == dim).map(|(_, size)| *size);
        let widened = |&(dim, size): &(Dim, u32)| match dim.filter().and_then(given) {
            Some(filter) if filter > size && size > 0 => (dim, filter),
            _ => (dim, size),
        };
        let wide: heapless::Vec<_, DIM_COUNT> = dims.iter().map(widened).take(DIM_COUNT).collect();
        let mut layer = Layer::strided(kind, &wide, stride_y, stride_x)?;
        for dim in [Y, X] {
            if let Some(size) = given(dim) {
                layer.sizes[dim] = size;
            }
        }
        Ok(layer)
    }

    /// [`Error::FilterExceedsInput`] if [`Layer::unpadded`] made this layer from an input smaller than the filter;
    /// otherwise `None`.
    pub fn oversized_filter(&self) -> Option<Error> {
        [Y, X].into_iter().find_map(|dim| {
            let (filter, input) = (self.sizes[dim.filter()?], self.sizes[dim]);
            (filter > input).then_some(Error::FilterExceedsInput { dim, filter, input })
        })
    }

    /// The same layer with an input at least as large as its filter.
    #[must_use]
    pub fn padded_to_filter(mut self) -> Layer {
        for dim in [Y, X] {
            let filter = dim.filter().map_or(0, |filter| self.sizes[filter]);
            if self.sizes[dim] != 0 {
                self.sizes[dim] = self.sizes[dim].max(filter);
            }
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dim::Dim::{C, K, R, S};

    #[test]
    fn filters_larger_than_unpadded_inputs_yield_one_output() {
        let dims = [(K, 1), (C, 3), (R, 5), (S, 3), (Y, 4), (X, 4)];
        let refused = Error::FilterExceedsInput { dim: Y, filter: 5, input: 4 };
        assert_eq!(Layer::new(LayerKind::DsConv, &dims), Err(refused));
        let layer = Layer::unpadded(LayerKind::DsConv, &dims, 2, 1).unwrap();
        assert_eq!([Y, Dim::OutY, X, Dim::OutX].map(|dim| layer.size(dim)), [Some(4), Some(1), Some(4), Some(2)]);
        assert_eq!((layer.stride(Y), layer.oversized_filter()), (2, Some(refused)));
        assert_eq!(
            Layer::strided(LayerKind::DsConv, &[(K, 1), (C, 3), (R, 5), (S, 3), (Y, 5), (X, 4)], 2, 1),
            Ok(layer.padded_to_filter())
        );
        let padded = [(K, 1), (C, 3), (R, 3), (S, 3), (Y, 4), (X, 4)];
        let layer = Layer::unpadded(LayerKind::DsConv, &padded, 1, 1).unwrap();
        assert_eq!((Ok(layer), layer.oversized_filter()), (Layer::new(LayerKind::DsConv, &padded), None));
        let zero = [(K, 1), (C, 3), (R, 5), (S, 3), (Y, 0), (X, 4)];
        assert_eq!(Layer::unpadded(LayerKind::DsConv, &zero, 1, 1), Err(Error::Extent { dim: Y, size: 0 }));
    }
}
