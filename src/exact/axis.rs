//! Axes of the iteration space, and how many elements of a tensor a part of an axis touches.
//!
//! `Y` and `R` are one axis, and so are `X` and `S`: a part of such an axis is an interval of outputs times an interval of
//! the filter, and the input rows that these touch follow. Every other dimension is an axis of its own. A box is a part of
//! each axis; what it touches of a tensor is a product over axes, and so is what two boxes share.

use core::ops::{Index, IndexMut};

use crate::dim::{Dim, PerTensor, Tensor};
use crate::layer::{Layer, LayerKind};

/// No layer of more operations is mapped, so that products over axes do not overflow.
const MOST_OPERATIONS: f64 = (1u64 << 60) as f64;

/// An axis of the iteration space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Axis {
    /// Batch; columns of a GEMM.
    N,
    /// Groups; rows of a GEMM.
    G,
    /// Output channels; the reduced dimension of a GEMM.
    K,
    /// Input channels.
    C,
    /// `Y` and `R`.
    V,
    /// `X` and `S`.
    H,
}

impl Axis {
    pub const ALL: [Axis; 6] = [Axis::N, Axis::G, Axis::K, Axis::C, Axis::V, Axis::H];

    /// No filter slides along it.
    pub const fn is_plain(self) -> bool {
        !matches!(self, Axis::V | Axis::H)
    }

    /// The axis of a dimension.
    pub const fn of(dim: Dim) -> Axis {
        match dim {
            Dim::N => Axis::N,
            Dim::G | Dim::M => Axis::G,
            Dim::K => Axis::K,
            Dim::C => Axis::C,
            Dim::R | Dim::Y | Dim::OutY => Axis::V,
            Dim::S | Dim::X | Dim::OutX => Axis::H,
        }
    }
}

/// A table with one value for each axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PerAxis<T>(pub [T; 6]);

impl<T> Index<Axis> for PerAxis<T> {
    type Output = T;
    fn index(&self, axis: Axis) -> &T {
        &self.0[axis as usize]
    }
}

impl<T> IndexMut<Axis> for PerAxis<T> {
    fn index_mut(&mut self, axis: Axis) -> &mut T {
        &mut self.0[axis as usize]
    }
}

/// A half-open interval; empty where `hi <= lo`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub lo: i32,
    pub hi: i32,
}

impl Span {
    pub const NONE: Span = Span::new(0, 0);
    pub const ONE: Span = Span::new(0, 1);

    pub const fn new(lo: i32, hi: i32) -> Span {
        Span { lo, hi }
    }

    pub fn len(self) -> i64 {
        i64::from((self.hi - self.lo).max(0))
    }

    pub fn is_empty(self) -> bool {
        self.hi <= self.lo
    }

    pub fn meet(self, other: Span) -> Span {
        Span { lo: self.lo.max(other.lo), hi: self.hi.min(other.hi) }
    }

    /// The least interval around both.
    pub fn hull(self, other: Span) -> Span {
        Span { lo: self.lo.min(other.lo), hi: self.hi.max(other.hi) }
    }
}

/// A part of an axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Part {
    /// What tiles of the axis are laid over: input rows; the same as `outputs` where no filter slides.
    pub inputs: Span,
    pub outputs: Span,
    /// `[0, 1)` where no filter slides.
    pub filter: Span,
}

impl Part {
    pub const ONE: Part = Part { inputs: Span::new(0, 1), outputs: Span::new(0, 1), filter: Span::new(0, 1) };

    pub const NONE: Part = Part { inputs: Span::NONE, outputs: Span::NONE, filter: Span::NONE };

    /// The same, further in inputs, outputs and filter.
    pub fn moved(&self, [inputs, outputs, filter]: [i32; 3]) -> Part {
        let by = |span: Span, shift: i32| Span::new(span.lo + shift, span.hi + shift);
        Part { inputs: by(self.inputs, inputs), outputs: by(self.outputs, outputs), filter: by(self.filter, filter) }
    }

    /// All from this one to another.
    pub fn to(&self, other: &Part) -> Part {
        Part {
            inputs: self.inputs.hull(other.inputs),
            outputs: self.outputs.hull(other.outputs),
            filter: self.filter.hull(other.filter),
        }
    }

    /// Iteration points.
    pub fn points(&self) -> i64 {
        self.outputs.len() * self.filter.len()
    }

    /// Whether both have as many of everything.
    pub fn is_as_large(&self, other: &Part) -> bool {
        let alike = |a: Span, b: Span| a.hi - a.lo == b.hi - b.lo;
        alike(self.inputs, other.inputs) && alike(self.outputs, other.outputs) && alike(self.filter, other.filter)
    }

    pub fn is_empty(&self) -> bool {
        self.outputs.is_empty() || self.filter.is_empty()
    }
}

/// How a tensor looks at an axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum View {
    /// It is not coupled to it.
    Uncoupled,
    /// By outputs; by the one coordinate of an axis without a filter.
    Outputs,
    /// By filter rows.
    Filter,
    /// By the input rows under the windows.
    Windows,
}

/// How the filter slides along an axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Slide {
    pub stride: i32,
    /// One input row in so many is an element, the others are zeros that a transposed convolution inserts.
    pub every: i32,
    /// The first row that is an element.
    pub phase: i32,
}

impl Slide {
    /// Elements among these input rows.
    pub fn elements(self, rows: Span) -> i64 {
        if self.every == 1 { rows.len() } else { self.elements_apart(rows) }
    }

    /// The same where there are zeros between them.
    #[cold]
    fn elements_apart(self, rows: Span) -> i64 {
        let upto = |row: i32| i64::from((row - self.phase - 1).div_euclid(self.every.max(1)) + 1);
        if rows.is_empty() { 0 } else { upto(rows.hi) - upto(rows.lo) }
    }

    /// Steps of so many rows after which these lie on inserted zeros as before.
    pub fn period(self, rows: i32) -> i32 {
        if self.every == 1 {
            return 1;
        }
        let (mut a, mut b) = (self.every.max(1), rows.abs());
        while let Some(rest) = a.checked_rem(b) {
            (a, b) = (b, rest);
        }
        self.every.checked_div(a).unwrap_or(1).max(1)
    }

    /// Input rows under all windows of a part, as an interval; gaps between windows are in it.
    pub fn rows(self, outputs: Span, filter: Span) -> Span {
        Span::new(outputs.lo * self.stride + filter.lo, (outputs.hi - 1) * self.stride + filter.hi)
    }

    /// Whether a tile of so many input rows, cut to those that whole windows take, has all outputs of a part that it covers.
    pub fn keeps_all(self, size: i32, part: &Part) -> bool {
        let filter = part.filter.hi - part.filter.lo;
        let cut = (size - filter).checked_div(self.stride).unwrap_or(0) * self.stride + filter;
        size < filter || self.rows(part.outputs, part.filter).hi <= part.inputs.lo.saturating_add(cut)
    }

    /// Whether windows of so many filter rows leave no row out between them.
    pub fn is_dense(self, filter: Span) -> bool {
        filter.len() >= i64::from(self.stride)
    }

    /// Iteration points of a part on rows that are elements.
    pub fn points_on_elements(self, part: &Part) -> i64 {
        if self.every == 1 || part.is_empty() { part.points() } else { self.points_apart(part) }
    }

    #[cold]
    fn points_apart(self, part: &Part) -> i64 {
        let row = |row: i32| self.elements(Span::new(part.outputs.lo + row, part.outputs.hi + row));
        (part.filter.lo..part.filter.hi).map(row).sum()
    }

    fn windows(self, part: &Part) -> i64 {
        if self.stride == 1 && self.every == 1 && !part.is_empty() {
            return part.outputs.len() + part.filter.len() - 1;
        }
        if part.is_empty() {
            0
        } else if self.is_dense(part.filter) {
            self.elements(self.rows(part.outputs, part.filter))
        } else {
            part.points()
        }
    }

    fn shared_windows(self, a: &Part, b: &Part) -> i64 {
        // The rows under the windows lie among their inputs.
        if a.inputs.meet(b.inputs).is_empty() || a.is_empty() || b.is_empty() {
            return 0;
        }
        if self.is_dense(a.filter) && self.is_dense(b.filter) {
            return self.elements(self.rows(a.outputs, a.filter).meet(self.rows(b.outputs, b.filter)));
        }
        if a.filter == b.filter {
            return a.outputs.meet(b.outputs).len() * a.filter.len();
        }
        self.shared_by_remainder(a, b)
    }

    /// Rows of the same remainder by the stride are an interval in each of them; the smaller filter has one of each.
    #[cold]
    fn shared_by_remainder(self, a: &Part, b: &Part) -> i64 {
        let rows = if a.filter.len() < b.filter.len() { a.filter } else { b.filter };
        let of = |row: i32| {
            let remainder = row.rem_euclid(self.stride.max(1));
            self.of_remainder(a, remainder).meet(self.of_remainder(b, remainder)).len()
        };
        (rows.lo..rows.hi).map(of).sum()
    }

    /// The rows of a part that leave `remainder` when divided by the stride, as quotients.
    pub fn of_remainder(self, part: &Part, remainder: i32) -> Span {
        let stride = self.stride.max(1);
        let first = (part.filter.lo - remainder + stride - 1).div_euclid(stride);
        let last = (part.filter.hi - 1 - remainder).div_euclid(stride);
        if first > last { Span::new(0, 0) } else { Span::new(part.outputs.lo + first, part.outputs.hi + last) }
    }
}

/// A part of each axis.
pub(super) type Bounds = PerAxis<Part>;

/// The outputs of a box: an interval of each axis that outputs are coupled to, the rest is `[0, 1)`.
pub(super) type OutputBounds = PerAxis<Span>;

/// A layer as axes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    pub views: PerTensor<PerAxis<View>>,
    pub slides: PerAxis<Slide>,
    pub whole: Bounds,
    /// The axes along which there is more than one point.
    axes: [Axis; 6],
    count: u8,
    /// Whether it has a filter (or a second operand) at all.
    pub has_filter: bool,
    /// More than it has operations, elements of a tensor, or steps, unless tiles overlap.
    pub about: f64,
}

impl Shape {
    pub fn new(layer: &Layer) -> Shape {
        let kind = layer.kind();
        let gemm = kind == LayerKind::Gemm;
        let mut shape = Shape {
            views: PerTensor([PerAxis([View::Uncoupled; 6]); 3]),
            slides: PerAxis([Slide { stride: 1, every: 1, phase: 0 }; 6]),
            whole: PerAxis([Part::ONE; 6]),
            axes: Axis::ALL,
            count: 0,
            has_filter: kind != LayerKind::Pool,
            about: 1.0,
        };
        // Lossless: at most MAX_EXTENT.
        let extent = |dim: Dim| layer.size(dim).unwrap_or(1) as i32;
        for dim in [Dim::N, Dim::G, Dim::M, Dim::K, Dim::C] {
            if layer.size(dim).is_some() {
                let span = Span::new(0, extent(dim));
                shape.whole[Axis::of(dim)] = Part { inputs: span, outputs: span, filter: Span::new(0, 1) };
            }
        }
        if !gemm {
            for (axis, dim, filter) in [(Axis::V, Dim::Y, Dim::R), (Axis::H, Dim::X, Dim::S)] {
                let (every, phase) = layer.inserted(dim);
                shape.slides[axis] =
                    Slide { stride: layer.stride(dim) as i32, every: every as i32, phase: phase as i32 };
                shape.whole[axis] = Part {
                    inputs: Span::new(0, extent(dim)),
                    outputs: Span::new(0, extent(dim.output())),
                    filter: Span::new(0, extent(filter)),
                };
            }
        }
        let (input, filter, output): (&[Axis], &[Axis], &[Axis]) = match kind {
            LayerKind::Gemm => (&[Axis::G, Axis::K], &[Axis::K, Axis::N], &[Axis::G, Axis::N]),
            LayerKind::DsConv | LayerKind::Pool => (&[Axis::N, Axis::C], &[Axis::C], &[Axis::N, Axis::C]),
            LayerKind::Eltwise => (&[Axis::N, Axis::C], &[Axis::N, Axis::C], &[Axis::N, Axis::C]),
            _ => (&[Axis::N, Axis::G, Axis::C], &[Axis::G, Axis::K, Axis::C], &[Axis::N, Axis::G, Axis::K]),
        };
        for (tensor, axes) in Tensor::ALL.into_iter().zip([input, filter, output]) {
            for &axis in axes {
                shape.views[tensor][axis] = View::Outputs;
            }
        }
        if !gemm {
            for axis in [Axis::V, Axis::H] {
                shape.views[Tensor::Input][axis] = View::Windows;
                shape.views[Tensor::Filter][axis] =
                    if kind == LayerKind::Eltwise { View::Windows } else { View::Filter };
                shape.views[Tensor::Output][axis] = View::Outputs;
            }
        }
        for axis in Axis::ALL {
            if (shape.whole[axis] != Part::ONE || shape.slides[axis].every > 1)
                && let Some(place) = shape.axes.get_mut(usize::from(shape.count))
            {
                *place = axis;
                shape.count += 1;
                let part = &shape.whole[axis];
                shape.about *= part.points().max(part.inputs.len()).max(part.outputs.len()) as f64;
            }
        }
        shape
    }

    /// The axes along which there is more than one point; any part of the others is [`Part::ONE`].
    pub fn axes(&self) -> impl Iterator<Item = Axis> + '_ {
        self.axes.get(..self.count.into()).unwrap_or_default().iter().copied()
    }

    /// How input, filter and output look at an axis.
    pub fn views_of(&self, axis: Axis) -> [View; 3] {
        let PerTensor([input, filter, output]) = &self.views;
        [input[axis], filter[axis], output[axis]]
    }

    /// Elements that a part of an axis touches, of a tensor that looks at it so.
    #[inline(always)]
    pub fn count(&self, view: View, axis: Axis, part: &Part) -> i64 {
        match view {
            View::Uncoupled => 1,
            View::Outputs => part.outputs.len(),
            View::Filter => part.filter.len(),
            View::Windows => self.slides[axis].windows(part),
        }
    }

    /// Elements of input, filter and output that a part of an axis touches.
    #[inline(always)]
    pub fn counts(&self, axis: Axis, part: &Part) -> [i64; 3] {
        let [input, filter, output] = self.views_of(axis);
        [self.count(input, axis, part), self.count(filter, axis, part), self.count(output, axis, part)]
    }

    /// Elements of input and filter that both parts touch.
    #[inline(always)]
    pub fn both(&self, axis: Axis, a: &Part, b: &Part) -> [i64; 2] {
        let [input, filter, _] = self.views_of(axis);
        [self.shared(input, axis, a, b), self.shared(filter, axis, a, b)]
    }

    /// Elements that both parts touch.
    #[inline(always)]
    pub fn shared(&self, view: View, axis: Axis, a: &Part, b: &Part) -> i64 {
        match view {
            View::Uncoupled => 1,
            View::Outputs => a.outputs.meet(b.outputs).len(),
            View::Filter => a.filter.meet(b.filter).len(),
            View::Windows => self.slides[axis].shared_windows(a, b),
        }
    }

    /// Whether no product over axes overflows.
    pub fn is_countable(&self) -> bool {
        self.about < MOST_OPERATIONS
    }

    /// Elements of a tensor, also those that no operation touches.
    pub fn elements(&self, tensor: Tensor) -> i64 {
        if tensor == Tensor::Filter && !self.has_filter {
            return 0;
        }
        let along = |axis: Axis| match self.views[tensor][axis] {
            View::Windows => self.slides[axis].elements(self.whole[axis].inputs),
            view => self.count(view, axis, &self.whole[axis]),
        };
        Axis::ALL.into_iter().map(along).product()
    }

    /// The outputs of a box.
    pub fn outputs(&self, bounds: &Bounds) -> OutputBounds {
        let mut outputs = OutputBounds::ONE;
        for axis in self.axes() {
            if self.produces(axis) {
                outputs[axis] = bounds[axis].outputs;
            }
        }
        outputs
    }

    /// Whether outputs are coupled to an axis.
    pub fn produces(&self, axis: Axis) -> bool {
        self.views[Tensor::Output][axis] != View::Uncoupled
    }
}

impl OutputBounds {
    pub const ONE: OutputBounds = PerAxis([Span::ONE; 6]);
    pub const NONE: OutputBounds = PerAxis([Span::NONE; 6]);

    pub fn volume(&self) -> i64 {
        self.0.iter().map(|span| span.len()).product()
    }

    /// Whether there is none.
    pub fn is_none(&self) -> bool {
        self.0.iter().any(|span| span.is_empty())
    }

    /// Those in both.
    pub fn shared(&self, other: &OutputBounds) -> i64 {
        self.0.iter().zip(&other.0).map(|(a, b)| a.meet(*b).len()).product()
    }

    pub fn meet(&self, other: &OutputBounds) -> OutputBounds {
        let mut both = *self;
        for axis in Axis::ALL {
            both[axis] = self[axis].meet(other[axis]);
        }
        both
    }
}
