//! The iteration space of a layer: boxes, the MACs in a box, and the elements that these MACs touch.

use maestrino::Dim::{self, C, G, K, M, N, OutX, OutY, R, S, X, Y};
use maestrino::{Layer, LayerKind, Tensor};

use super::SimLayer;
use super::set::{MAX_ELEMENTS, Set};

/// An input axis, the filter axis that slides over it, and the output axis that results.
pub const AXES: [(Dim, Dim, Dim); 2] = [(Y, R, OutY), (X, S, OutX)];

/// The coordinates of a MAC: all dimensions except those of inputs, which follow from outputs and filter.
const POINT: [Dim; 9] = [N, G, M, K, C, OutY, R, OutX, S];

/// A box: an interval for each dimension. `Y` and `X` are inputs; `Y'` and `X'` are the outputs that the box
/// computes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    lo: [u32; 11],
    hi: [u32; 11],
}

impl Cell {
    /// The interval of a dimension.
    pub fn interval(&self, dim: Dim) -> (u32, u32) {
        (self.lo[dim as usize], self.hi[dim as usize])
    }

    /// The length of that interval.
    pub fn extent(&self, dim: Dim) -> u32 {
        let (lo, hi) = self.interval(dim);
        hi - lo
    }

    /// Sets the interval of a dimension.
    pub fn set(&mut self, dim: Dim, (lo, hi): (u32, u32)) {
        (self.lo[dim as usize], self.hi[dim as usize]) = (lo, hi.max(lo));
    }

    /// The number of iteration points in the box.
    pub fn macs(&self) -> u64 {
        POINT.iter().map(|dim| u64::from(self.extent(*dim))).product()
    }
}

/// A layer with what the simulator needs to know of it.
pub struct Space {
    layer: SimLayer,
    /// The dimensions of each tensor with their sizes, innermost last; empty if the layer has no such tensor.
    tensors: [Vec<(Dim, u32)>; 3],
    whole: Cell,
}

impl Space {
    /// The space of a layer. Extents are at most 64, and tensors have at most [`MAX_ELEMENTS`] elements.
    pub fn new(layer: &SimLayer) -> Space {
        let size = |dim: Dim| layer.layer.size(dim).unwrap_or(1);
        let tensors = Tensor::ALL.map(|tensor| {
            let dims = coupled(&layer.layer, tensor).iter();
            dims.map(|dim| (*dim, size(*dim))).collect::<Vec<_>>()
        });
        for dims in &tensors {
            assert!(dims.iter().all(|(_, size)| *size <= 64), "{dims:?}");
            assert!(dims.iter().map(|(_, size)| *size as usize).product::<usize>() <= MAX_ELEMENTS, "{dims:?}");
        }
        let whole = Cell { lo: [0; 11], hi: Dim::ALL.map(size) };
        Space { layer: *layer, tensors, whole }
    }

    /// The layer.
    pub fn layer(&self) -> &Layer {
        &self.layer.layer
    }

    /// The box of the whole layer.
    pub fn whole(&self) -> Cell {
        self.whole
    }

    /// Narrows the outputs of `cell`, a part of `parent`, to those whose window lies in `cell`, as far as `parent`
    /// holds the filter.
    pub fn narrow_outputs(&self, cell: &mut Cell, parent: &Cell) {
        for (input, filter, output) in AXES {
            let stride = self.layer().stride(input);
            let ((y0, y1), (r0, r1)) = (cell.interval(input), cell.interval(filter));
            let (lo, hi) = parent.interval(output);
            let inside = |o: &u32| o * stride + r0 >= y0 && o * stride + r1 <= y1;
            let first = (lo..hi).find(inside).unwrap_or(hi);
            let end = (first..hi).find(|o| !inside(o)).unwrap_or(hi);
            cell.set(output, (first, end));
        }
    }

    /// The elements of a tensor that the MACs of a box touch.
    pub fn touched(&self, cell: &Cell, tensor: Tensor) -> Set {
        self.product(tensor, |dim| self.touched_along(cell, dim))
    }

    /// All elements of a tensor.
    pub fn elements(&self, tensor: Tensor) -> Set {
        self.product(tensor, |dim| match dim {
            Y | X => (0..self.whole.extent(dim)).filter(|i| self.is_element(dim, *i)).fold(0, |mask, i| mask | 1 << i),
            _ => interval_mask(self.whole.interval(dim)),
        })
    }

    /// The product of one set of coordinates for each dimension of a tensor.
    fn product(&self, tensor: Tensor, along: impl Fn(Dim) -> u64) -> Set {
        let mut set = Set::default();
        let mut dims = [(0, 0); 5];
        let tensor = &self.tensors[tensor as usize];
        for (place, (dim, size)) in dims.iter_mut().zip(tensor) {
            *place = (along(*dim), *size as usize);
        }
        fill(&mut set, 0, &dims[..tensor.len()]);
        set
    }

    /// The coordinates along a dimension of a tensor that the MACs of a box touch.
    fn touched_along(&self, cell: &Cell, dim: Dim) -> u64 {
        let Some((_, filter, output)) = AXES.into_iter().find(|axis| axis.0 == dim) else {
            return interval_mask(cell.interval(dim));
        };
        let window = interval_mask(cell.interval(filter));
        let (lo, hi) = cell.interval(output);
        let rows = (lo..hi).fold(0, |rows, o| rows | window << (o * self.layer().stride(dim)));
        match self.layer.up(dim) {
            (1, _) => rows,
            _ => (0..64).filter(|i| rows >> i & 1 == 1 && self.is_element(dim, *i)).fold(0, |mask, i| mask | 1 << i),
        }
    }

    /// Whether an input row (or column) is an element of the tensor and not an inserted zero.
    fn is_element(&self, dim: Dim, row: u32) -> bool {
        let (up, phase) = self.layer.up(dim);
        row % up == phase
    }

    /// The number of the layer's MACs on inputs that are not inserted zeros.
    pub fn useful_macs(&self) -> u64 {
        let mut useful = 0;
        self.for_each_run(&self.whole, |_, _, real| useful += u64::from(real.count_ones()));
        useful
    }

    /// Calls `run` for the MACs of a box, in runs along the innermost dimension `S`. It gets the number in the layer
    /// of the MAC at `S` = 0, the coordinates of the run, and those coordinates whose MACs read an input and not an
    /// inserted zero.
    pub fn for_each_run(&self, cell: &Cell, mut run: impl FnMut(usize, u64, u64)) {
        let [outer @ .., taps] = POINT;
        let columns = interval_mask(cell.interval(taps));
        let mut at = outer.map(|dim| cell.interval(dim).0);
        loop {
            let [.., row, tap, column] = at;
            let number = POINT.iter().zip(at.iter().chain(&[0]));
            let number = number.fold(0, |number, (dim, i)| number * self.whole.extent(*dim) as usize + *i as usize);
            let real = match self.is_element(Y, row * self.layer().stride(Y) + tap) {
                true => self.real_taps(column, columns),
                false => 0,
            };
            run(number, columns, real);
            let Some(last) = (0..outer.len()).rev().find(|i| at[*i] + 1 < cell.interval(outer[*i]).1) else { return };
            at[last] += 1;
            for i in last + 1..outer.len() {
                at[i] = cell.interval(outer[i]).0;
            }
        }
    }

    /// The filter columns that read an input, and not an inserted zero, at an output column.
    fn real_taps(&self, column: u32, taps: u64) -> u64 {
        let reads = |tap: &u32| self.is_element(X, column * self.layer().stride(X) + tap);
        match self.layer.up(X) {
            (1, _) => taps,
            _ => (0..64).filter(|tap| taps >> tap & 1 == 1 && reads(tap)).fold(0, |mask, tap| mask | 1 << tap),
        }
    }
}

/// The coordinates of an interval, as a mask.
fn interval_mask((lo, hi): (u32, u32)) -> u64 {
    if hi == lo { 0 } else { u64::MAX >> (64 - (hi - lo)) << lo }
}

/// Adds the elements whose coordinates are in the masks of all dimensions. `at` is the number of elements before
/// them.
fn fill(set: &mut Set, at: usize, dims: &[(u64, usize)]) {
    // A POOL has no filter, so it has no dimensions either.
    let [(mask, size), inner @ ..] = dims else { return };
    if inner.is_empty() {
        return set.add(at * size, *mask);
    }
    let mut rest = *mask;
    while rest != 0 {
        fill(set, at * size + rest.trailing_zeros() as usize, inner);
        rest &= rest - 1;
    }
}

/// The dimensions that index a tensor. For an NGCONV they are the true ones, which differ from the reference's.
fn coupled(layer: &Layer, tensor: Tensor) -> &'static [Dim] {
    match (layer.kind(), tensor) {
        (LayerKind::Gemm, Tensor::Input) => &[M, K],
        (LayerKind::Gemm, Tensor::Filter) => &[K, N],
        (LayerKind::Gemm, Tensor::Output) => &[M, N],
        (LayerKind::Pool, Tensor::Filter) => &[],
        (LayerKind::DsConv, Tensor::Filter) => &[C, R, S],
        (LayerKind::DsConv | LayerKind::Pool | LayerKind::Eltwise, Tensor::Output) => &[N, C, OutY, OutX],
        (LayerKind::Eltwise, _) => &[N, C, Y, X],
        (_, Tensor::Input) => &[N, G, C, Y, X],
        (_, Tensor::Filter) => &[G, K, C, R, S],
        (_, Tensor::Output) => &[N, G, K, OutY, OutX],
    }
}
