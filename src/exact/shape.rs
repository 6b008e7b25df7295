//! A layer as axes: how each tensor is coupled to each axis, and how many of its elements a part of the axis touches.

use crate::dim::{Dim, PerTensor, Tensor};
use crate::layer::{Layer, LayerKind};

use super::axis::{Axis, Part, PerAxis, Span};
use super::slide::Slide;

/// Layers with this many operations or more are refused, so that products over axes do not overflow.
const MOST_OPERATIONS: f64 = (1u64 << 60) as f64;

/// How a tensor is coupled to an axis: which extent of a part determines how many elements of the tensor the part
/// touches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coupling {
    /// The tensor is not coupled to the axis.
    Uncoupled,
    /// Through outputs, or through the only coordinate of the axis if no filter slides along it.
    Outputs,
    /// Through filter rows.
    Filter,
    /// Through the input rows under the windows.
    Windows,
}

/// A box: one part of each axis.
pub(super) type Bounds = PerAxis<Part>;

/// The outputs of a box: an interval of each axis to which outputs are coupled, and `[0, 1)` for all others.
pub(super) type OutputBounds = PerAxis<Span>;

/// A layer as axes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    pub couplings: PerTensor<PerAxis<Coupling>>,
    pub slides: PerAxis<Slide>,
    pub whole: Bounds,
    /// The axes with more than one point: the first `count` entries.
    axes: [Axis; 6],
    count: u8,
    /// Whether the layer has a filter (or a second operand).
    pub has_filter: bool,
    /// An upper bound of the number of operations, of the elements of any tensor, and of the steps of any mapping
    /// whose tiles do not overlap.
    pub about: f64,
}

impl Shape {
    pub fn new(layer: &Layer) -> Shape {
        let kind = layer.kind();
        let gemm = kind == LayerKind::Gemm;
        let mut shape = Shape {
            couplings: PerTensor([PerAxis([Coupling::Uncoupled; 6]); 3]),
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
                shape.couplings[tensor][axis] = Coupling::Outputs;
            }
        }
        if !gemm {
            for axis in [Axis::V, Axis::H] {
                shape.couplings[Tensor::Input][axis] = Coupling::Windows;
                shape.couplings[Tensor::Filter][axis] =
                    if kind == LayerKind::Eltwise { Coupling::Windows } else { Coupling::Filter };
                shape.couplings[Tensor::Output][axis] = Coupling::Outputs;
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

    /// The axes with more than one point. Any part of another axis is [`Part::ONE`].
    pub fn axes(&self) -> impl Iterator<Item = Axis> + '_ {
        self.axes.get(..self.count.into()).unwrap_or_default().iter().copied()
    }

    /// How input, filter and output are coupled to an axis.
    pub fn couplings_of(&self, axis: Axis) -> [Coupling; 3] {
        let PerTensor([input, filter, output]) = &self.couplings;
        [input[axis], filter[axis], output[axis]]
    }

    /// Elements that a part of an axis touches of a tensor with the given coupling to the axis.
    #[inline(always)]
    pub fn count(&self, coupling: Coupling, axis: Axis, part: &Part) -> i64 {
        match coupling {
            Coupling::Uncoupled => 1,
            Coupling::Outputs => part.outputs.len(),
            Coupling::Filter => part.filter.len(),
            Coupling::Windows => self.slides[axis].windows(part),
        }
    }

    /// Elements of input, filter and output that a part of an axis touches.
    #[inline(always)]
    pub fn counts(&self, axis: Axis, part: &Part) -> [i64; 3] {
        let [input, filter, output] = self.couplings_of(axis);
        [self.count(input, axis, part), self.count(filter, axis, part), self.count(output, axis, part)]
    }

    /// Elements of input and filter that both parts touch.
    #[inline(always)]
    pub fn both(&self, axis: Axis, a: &Part, b: &Part) -> [i64; 2] {
        let [input, filter, _] = self.couplings_of(axis);
        [self.shared(input, axis, a, b), self.shared(filter, axis, a, b)]
    }

    /// Elements that both parts touch.
    #[inline(always)]
    pub fn shared(&self, coupling: Coupling, axis: Axis, a: &Part, b: &Part) -> i64 {
        match coupling {
            Coupling::Uncoupled => 1,
            Coupling::Outputs => a.outputs.meet(b.outputs).len(),
            Coupling::Filter => a.filter.meet(b.filter).len(),
            Coupling::Windows => self.slides[axis].shared_windows(a, b),
        }
    }

    /// Whether no product over axes overflows.
    pub fn is_countable(&self) -> bool {
        self.about < MOST_OPERATIONS
    }

    /// Elements of a tensor, including those that no operation touches.
    pub fn elements(&self, tensor: Tensor) -> i64 {
        if tensor == Tensor::Filter && !self.has_filter {
            return 0;
        }
        let along = |axis: Axis| match self.couplings[tensor][axis] {
            Coupling::Windows => self.slides[axis].elements(self.whole[axis].inputs),
            coupling => self.count(coupling, axis, &self.whole[axis]),
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
        self.couplings[Tensor::Output][axis] != Coupling::Uncoupled
    }
}

impl OutputBounds {
    pub const ONE: OutputBounds = PerAxis([Span::ONE; 6]);
    pub const NONE: OutputBounds = PerAxis([Span::NONE; 6]);

    pub fn volume(&self) -> i64 {
        self.0.iter().map(|span| span.len()).product()
    }

    /// Whether there are no outputs.
    pub fn is_none(&self) -> bool {
        self.0.iter().any(|span| span.is_empty())
    }

    /// Number of outputs in both.
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
