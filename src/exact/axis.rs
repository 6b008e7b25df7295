//! Axes of the iteration space, and parts of them.
//!
//! `Y` and `R` are one axis, and so are `X` and `S`. A part of such an axis is an interval of outputs times an
//! interval of the filter; the input rows that it touches follow from these. Every other dimension is an axis of its
//! own. A box is one part of each axis. The number of elements of a tensor that a box touches is a product over axes,
//! and so is the number that two boxes share.

use core::ops::{Index, IndexMut};

use crate::dim::Dim;

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

    /// Whether no filter slides along the axis.
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

/// A half-open interval; empty if `hi <= lo`.
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

    /// The smallest interval that contains both.
    pub fn hull(self, other: Span) -> Span {
        Span { lo: self.lo.min(other.lo), hi: self.hi.max(other.hi) }
    }
}

/// A part of an axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Part {
    /// The range that tiles divide: input rows, or the same as `outputs` if no filter slides along the axis.
    pub inputs: Span,
    pub outputs: Span,
    /// `[0, 1)` if no filter slides along the axis.
    pub filter: Span,
}

impl Part {
    pub const ONE: Part = Part { inputs: Span::new(0, 1), outputs: Span::new(0, 1), filter: Span::new(0, 1) };

    pub const NONE: Part = Part { inputs: Span::NONE, outputs: Span::NONE, filter: Span::NONE };

    /// The same part, shifted by the given numbers of inputs, outputs and filter elements.
    pub fn moved(&self, [inputs, outputs, filter]: [i32; 3]) -> Part {
        let by = |span: Span, shift: i32| Span::new(span.lo + shift, span.hi + shift);
        Part { inputs: by(self.inputs, inputs), outputs: by(self.outputs, outputs), filter: by(self.filter, filter) }
    }

    /// The smallest part that contains both.
    pub fn to(&self, other: &Part) -> Part {
        Part {
            inputs: self.inputs.hull(other.inputs),
            outputs: self.outputs.hull(other.outputs),
            filter: self.filter.hull(other.filter),
        }
    }

    /// Number of iteration points.
    pub fn points(&self) -> i64 {
        self.outputs.len() * self.filter.len()
    }

    /// Whether both parts have the same numbers of inputs, outputs and filter elements.
    pub fn is_as_large(&self, other: &Part) -> bool {
        let alike = |a: Span, b: Span| a.hi - a.lo == b.hi - b.lo;
        alike(self.inputs, other.inputs) && alike(self.outputs, other.outputs) && alike(self.filter, other.filter)
    }

    pub fn is_empty(&self) -> bool {
        self.outputs.is_empty() || self.filter.is_empty()
    }
}

/// The shift from `a` to `b`, in inputs, outputs and filter elements; `None` if their sizes differ.
pub(super) fn distance(a: &Part, b: &Part) -> Option<[i32; 3]> {
    let of = |a: Span, b: Span| (a.hi - a.lo == b.hi - b.lo).then_some(b.lo - a.lo);
    Some([of(a.inputs, b.inputs)?, of(a.outputs, b.outputs)?, of(a.filter, b.filter)?])
}
