//! A layer: its kind, its extents, its strides.

pub(crate) mod kind;
#[cfg(feature = "std")]
mod unpadded;

use crate::dim::Dim::{C, G, K, M, N, R, S, X, Y};
use crate::dim::{Dim, DimMap, DimSet, Tensor};
use crate::error::Error;

pub use crate::limits::MAX_EXTENT;
pub use kind::LayerKind;

/// A layer, validated by [`Layer::new`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Layer {
    kind: LayerKind,
    /// Zero if the layer does not have the dimension.
    sizes: DimMap<u32>,
    stride_y: u32,
    stride_x: u32,
    inserted_y: Inserted,
    inserted_x: Inserted,
}

/// The zeros that a transposed convolution inserts between the rows (or columns) of its input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Inserted {
    /// Distance from one element to the next, in rows.
    every: u32,
    /// The first row that is an element.
    phase: u32,
}

impl Inserted {
    const NONE: Inserted = Inserted { every: 1, phase: 0 };
}

impl Layer {
    /// A layer of stride 1 with these dimensions, in elements. `Y` and `X` are the extents of the input, padding
    /// included. Give `Y'` and `X'` instead to derive them from the extents of the output.
    ///
    /// ```
    /// use maestrino::{Dim, Layer, LayerKind};
    ///
    /// let dims = [(Dim::K, 64), (Dim::C, 3), (Dim::R, 3), (Dim::S, 3), (Dim::OutY, 56), (Dim::OutX, 56)];
    /// let layer = Layer::new(LayerKind::Conv, &dims)?;
    /// assert_eq!((layer.size(Dim::Y), layer.macs()), (Some(58), Some(64 * 3 * 9 * 56 * 56)));
    /// # Ok::<(), maestrino::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error`] if a dimension is missing, foreign, repeated, zero or above [`MAX_EXTENT`], or if the filter is
    /// larger than its input.
    pub fn new(kind: LayerKind, dims: &[(Dim, u32)]) -> Result<Layer, Error> {
        Layer::strided(kind, dims, 1, 1)
    }

    /// As [`Layer::new`], with the strides of the filter along `Y` and `X`.
    ///
    /// # Errors
    /// As [`Layer::new`], and [`Error::Stride`] if a stride is zero or above [`MAX_EXTENT`].
    pub fn strided(kind: LayerKind, dims: &[(Dim, u32)], stride_y: u32, stride_x: u32) -> Result<Layer, Error> {
        let mut sizes = DimMap::filled(0);
        for &(dim, size) in dims {
            if size == 0 {
                return Err(Error::Extent { dim, size });
            }
            if sizes[dim] != 0 {
                return Err(Error::RepeatedDim(dim));
            }
            sizes[dim] = size;
        }
        Layer::with_sizes(kind, sizes, stride_y, stride_x)
    }

    /// As [`Layer::strided`], from a table that is zero for dimensions that are not given.
    pub(crate) fn with_sizes(
        kind: LayerKind,
        sizes: DimMap<u32>,
        stride_y: u32,
        stride_x: u32,
    ) -> Result<Layer, Error> {
        for (dim, stride) in [(Y, stride_y), (X, stride_x)] {
            if stride == 0 || stride > MAX_EXTENT {
                return Err(Error::Stride { dim, stride });
            }
        }
        let (inserted_y, inserted_x) = (Inserted::NONE, Inserted::NONE);
        let mut layer = Layer { kind, sizes, stride_y, stride_x, inserted_y, inserted_x };
        let known = DimSet::of(kind.required()).union(DimSet::of(kind.optional()));
        for &dim in &Dim::ALL {
            let size = layer.sizes[dim];
            if size != 0 && !known.contains(dim.input()) {
                return Err(Error::ForeignDim { kind, dim });
            }
            if size > MAX_EXTENT {
                return Err(Error::Extent { dim, size });
            }
            if dim.input() != dim && size != 0 && layer.sizes[dim.input()] != 0 {
                return Err(Error::RepeatedDim(dim));
            }
        }
        for &dim in kind.defaults() {
            if layer.sizes[dim] == 0 && layer.sizes[dim.output()] == 0 {
                layer.sizes[dim] = 1;
            }
        }
        for &dim in kind.required() {
            if layer.sizes[dim] == 0 && layer.sizes[dim.output()] == 0 {
                return Err(Error::MissingDim { kind, dim });
            }
        }
        for dim in [Y, X] {
            if known.contains(dim) {
                layer.complete_extent(dim)?;
            }
        }
        Ok(layer)
    }

    /// Derives the output extent along `dim` from the input extent, or the other way round.
    #[cfg_attr(not(feature = "std"), inline(never))]
    fn complete_extent(&mut self, dim: Dim) -> Result<(), Error> {
        let (stride, filter) = (self.stride(dim), self.sizes[dim.filter().unwrap_or(dim)]);
        if self.sizes[dim] == 0 {
            let input = (u64::from(self.sizes[dim.output()]) - 1) * u64::from(stride) + u64::from(filter);
            self.sizes[dim] = u32::try_from(input).unwrap_or(u32::MAX);
            if self.sizes[dim] > MAX_EXTENT {
                return Err(Error::Extent { dim, size: self.sizes[dim] });
            }
        }
        let input = self.sizes[dim];
        if filter > input {
            return Err(Error::FilterExceedsInput { dim, filter, input });
        }
        // The stride is at least 1; a division that might fail would drag a panic into firmware.
        self.sizes[dim.output()] = (input - filter).checked_div(stride).unwrap_or(0) + 1;
        Ok(())
    }

    /// What it computes.
    pub const fn kind(&self) -> LayerKind {
        self.kind
    }

    /// Size of a dimension in elements, if the layer has it. `Y'` and `X'` are the output extents.
    pub fn size(&self, dim: Dim) -> Option<u32> {
        match self.sizes[dim] {
            0 => None,
            size => Some(size),
        }
    }

    /// The same layer with zeros inserted between the rows (and columns) of its input, as in an upsampling transposed
    /// convolution. Along `Y` and `X`, every `every`-th row is an element, beginning with row `phase`. The inserted
    /// zeros are neither fetched nor useful. The extents remain those of the upsampled input.
    ///
    /// # Errors
    /// [`Error::Stride`] if `every` is zero or above [`MAX_EXTENT`], if `phase` is not below `every`, or if zeros are
    /// inserted into a GEMM or along a dimension with a stride above 1.
    pub fn with_inserted_zeros(mut self, every: [u32; 2], phase: [u32; 2]) -> Result<Layer, Error> {
        for (axis, dim) in [Y, X].into_iter().enumerate() {
            let (every, phase) = (every[axis], phase[axis]);
            let plain = every == 1 && phase == 0;
            if every == 0
                || every > MAX_EXTENT
                || phase >= every
                || (!plain && (self.kind == LayerKind::Gemm || self.stride(dim) != 1))
            {
                return Err(Error::Stride { dim, stride: every });
            }
            let inserted = Inserted { every, phase };
            if dim == Y { self.inserted_y = inserted } else { self.inserted_x = inserted }
        }
        Ok(self)
    }

    /// The inserted zeros along `Y` or `X` as `(every, phase)`: every `every`-th row is an element, beginning with
    /// row `phase`. (1, 0) if no zeros are inserted.
    pub const fn inserted(&self, dim: Dim) -> (u32, u32) {
        let Inserted { every, phase } = match dim {
            Y => self.inserted_y,
            X => self.inserted_x,
            _ => Inserted::NONE,
        };
        (every, phase)
    }

    /// Stride of the filter along `Y` or `X`; 1 along any other dimension.
    pub const fn stride(&self, dim: Dim) -> u32 {
        match dim {
            Y => self.stride_y,
            X => self.stride_x,
            _ => 1,
        }
    }

    /// The dimensions that a tensor is coupled to.
    ///
    /// They are in the reference's order: if two of them are spatially mapped in one level, the later one determines
    /// how many sub-clusters are active at the edge.
    pub const fn coupled(&self, tensor: Tensor) -> &'static [Dim] {
        let dims: &'static [Dim] = match (self.kind, tensor) {
            (LayerKind::Gemm, Tensor::Input) => &[M, K],
            (LayerKind::Gemm, Tensor::Filter) => &[K, N],
            (LayerKind::Gemm, Tensor::Output) => &[M, N],
            (LayerKind::NgConv, Tensor::Input) => &[N, G, C, Y, X],
            (LayerKind::NgConv, Tensor::Filter) => &[G, K, C, R, S],
            (LayerKind::NgConv, Tensor::Output) => &[N, G, K, C, Y, X],
            (LayerKind::DsConv, Tensor::Filter) => &[C, R, S],
            (LayerKind::Pool, Tensor::Filter) => &[],
            (LayerKind::Conv | LayerKind::TrConv | LayerKind::Fc, Tensor::Filter) => &[K, C, R, S],
            (LayerKind::Conv | LayerKind::TrConv | LayerKind::Fc, Tensor::Output) => &[N, K, Y, X],
            // Inputs of convolutions, and everything else of DSCONV, POOL and ELTWISE.
            _ => &[N, C, Y, X],
        };
        match dims {
            [N, rest @ ..] if self.sizes.at(N) == 0 => rest,
            _ => dims,
        }
    }

    /// The same dimensions, as a set.
    pub(crate) const fn coupled_set(&self, tensor: Tensor) -> DimSet {
        DimSet::of(self.coupled(tensor))
    }

    /// Number of elements of a tensor; those of the output follow from `Y'` and `X'`. `None` if it does not fit into
    /// 64 bits.
    pub fn elements(&self, tensor: Tensor) -> Option<u64> {
        let coupled = self.coupled(tensor);
        if coupled.is_empty() {
            return Some(0);
        }
        coupled.iter().try_fold(1u64, |product, &dim| {
            let dim = match (self.kind, tensor, dim) {
                // The output of a grouped convolution has no input channels, whatever the reference couples it to.
                (LayerKind::NgConv, Tensor::Output, C) => return Some(product),
                (_, Tensor::Output, dim) => dim.output(),
                (_, _, dim) => dim,
            };
            product.checked_mul(u64::from(self.sizes[dim]))
        })
    }

    /// Number of operations: one for each output element and each element reduced into it. Operations on inserted
    /// zeros do not count. `None` if the number does not fit into 64 bits.
    pub fn operations(&self) -> Option<u64> {
        let dims = self.kind.required().iter().chain(self.kind.optional());
        let size = |&dim: &Dim| match dim {
            // Counted together with Y or X, by `windows`.
            R if self.inserted_y.every > 1 => 1,
            S if self.inserted_x.every > 1 => 1,
            Y | X if self.inserted(dim).0 > 1 => self.windows(dim),
            _ => u64::from(self.sizes[dim.output()].max(1)),
        };
        dims.map(size).try_fold(1u64, u64::checked_mul)
    }

    /// Number of pairs of an output and a filter element along `Y` or `X` that do not meet an inserted zero.
    fn windows(&self, dim: Dim) -> u64 {
        let (filter, outputs) = (self.sizes[dim.filter().unwrap_or(dim)], self.sizes[dim.output()]);
        let (every, phase) = self.inserted(dim);
        // Number of rows before `row` that are elements.
        let elements = |row: u32| (row + every - 1 - phase).checked_div(every).unwrap_or(0);
        (0..filter).map(|row| u64::from(elements(row + outputs) - elements(row))).sum()
    }

    /// Number of multiply-accumulates: [`Layer::operations`], or 0 for a POOL or ELTWISE. `None` if it does not fit
    /// into 64 bits.
    pub fn macs(&self) -> Option<u64> {
        if self.kind.has_macs() { self.operations() } else { Some(0) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn conv(dims: &[(Dim, u32)]) -> Result<Layer, Error> {
        Layer::new(LayerKind::Conv, dims)
    }

    #[test]
    fn output_extents_follow_from_the_input_and_back() {
        let dims = [(K, 64), (C, 3), (R, 7), (S, 5), (Y, 229), (X, 30)];
        let layer = Layer::strided(LayerKind::Conv, &dims, 2, 3).unwrap();
        assert_eq!(layer.size(Dim::OutY), Some(112));
        assert_eq!(layer.size(Dim::OutX), Some(9));
        assert_eq!(layer.macs(), Some(64 * 3 * 7 * 5 * 112 * 9));
        assert_eq!(layer.elements(Tensor::Output), Some(64 * 112 * 9));
        let dims = [(K, 64), (C, 3), (R, 7), (S, 5), (Dim::OutY, 112), (X, 30)];
        let from_output = Layer::strided(LayerKind::Conv, &dims, 2, 3).unwrap();
        assert_eq!(from_output, layer);
    }

    #[test]
    fn bad_shapes_are_refused() {
        let shape = [(K, 4), (C, 3), (R, 3), (S, 3), (Y, 8), (X, 8)];
        assert_eq!(conv(&shape[1..]), Err(Error::MissingDim { kind: LayerKind::Conv, dim: K }));
        let with = |extra| {
            let mut dims = shape.to_vec();
            dims.push(extra);
            conv(&dims)
        };
        assert_eq!(with((G, 2)), Err(Error::ForeignDim { kind: LayerKind::Conv, dim: G }));
        assert_eq!(with((K, 5)), Err(Error::RepeatedDim(K)));
        assert_eq!(with((Dim::OutX, 6)), Err(Error::RepeatedDim(Dim::OutX)));
        assert_eq!(with((N, 0)), Err(Error::Extent { dim: N, size: 0 }));
        assert_eq!(with((N, u32::MAX)), Err(Error::Extent { dim: N, size: u32::MAX }));
        let small = [(K, 4), (C, 3), (R, 9), (S, 3), (Y, 8), (X, 8)];
        assert_eq!(conv(&small), Err(Error::FilterExceedsInput { dim: Y, filter: 9, input: 8 }));
        assert_eq!(Layer::strided(LayerKind::Conv, &shape, 1, 0), Err(Error::Stride { dim: X, stride: 0 }));
    }

    #[test]
    fn kinds_count_what_they_compute() {
        let pool = Layer::new(LayerKind::Pool, &[(C, 8), (R, 2), (S, 2), (Y, 4), (X, 4)]).unwrap();
        assert_eq!((pool.macs(), pool.operations()), (Some(0), Some(8 * 4 * 9)));
        let fc = Layer::new(LayerKind::Fc, &[(K, 10), (C, 64)]).unwrap();
        assert_eq!(fc.macs(), Some(640));
        let gemm = Layer::new(LayerKind::Gemm, &[(M, 2), (N, 3), (K, 5)]).unwrap();
        assert_eq!((gemm.macs(), gemm.elements(Tensor::Output)), (Some(30), Some(6)));
        let grouped = [(G, 2), (K, 4), (C, 3), (R, 1), (S, 1), (Y, 5), (X, 5)];
        let grouped = Layer::new(LayerKind::NgConv, &grouped).unwrap();
        assert_eq!(grouped.elements(Tensor::Output), Some(2 * 4 * 25));
        for kind in LayerKind::ALL {
            assert_eq!(LayerKind::from_name(kind.name()), Some(kind));
        }
    }
}
