//! Outputs of a cluster: which of them start at zero, which come back as partial sums, and which are finished.

use super::along::Outputs;
use super::axis::{Axis, Span};
use super::cluster::{Cluster, Step};
use super::shape::{OutputBounds, Shape};

/// The number of the given outputs of a cluster that start at zero in its present box. An output starts at zero if it
/// has not been computed before, or if its partial sum goes to another sub-cluster.
#[cold]
pub(super) fn zeros(shape: &Shape, cluster: &Cluster<'_>, outputs: &OutputBounds) -> i64 {
    let volume = outputs.volume();
    let Some(step) = cluster.above.filter(|_| volume > 0) else { return volume };
    let held = if step.keeps { cluster.held.shared(outputs) } else { 0 };
    let mut lowest = *outputs;
    lowest[step.spread] = lowest[step.spread].meet(cluster.lowest);
    if lowest[step.spread].is_empty() {
        return volume - held;
    }
    let back = lowest.volume();
    let before = if step.keeps { within(shape, step, &lowest, |outputs| outputs.before) } else { 0 };
    let first = match step.goes_on {
        true => 0,
        false => zeros(shape, step.cluster, &meet(shape, step, lowest, |outputs| outputs.first)),
    };
    volume - held - (back - before - first)
}

/// The given outputs of a cluster that are finished once the cluster leaves its present box.
pub(super) fn finished(shape: &Shape, cluster: &Cluster<'_>, outputs: OutputBounds) -> OutputBounds {
    match cluster.above {
        None => outputs,
        Some(step) => finished(shape, step.cluster, meet(shape, step, outputs, |outputs| outputs.last)),
    }
}

/// The given outputs of a cluster that were finished when the cluster left the box before its present one.
pub(super) fn finished_before(shape: &Shape, cluster: &Cluster<'_>, outputs: OutputBounds) -> OutputBounds {
    let Some(step) = cluster.above else { return outputs };
    if !step.keeps {
        return OutputBounds::NONE;
    }
    let outputs = meet(shape, step, outputs, |outputs| outputs.last_before);
    if step.enters() { finished_before(shape, step.cluster, outputs) } else { finished(shape, step.cluster, outputs) }
}

/// The outputs in `bounds` that are also among those that `of` selects of a step.
fn meet(shape: &Shape, step: &Step<'_>, mut bounds: OutputBounds, of: impl Fn(&Outputs) -> Span) -> OutputBounds {
    for axis in shape.axes() {
        bounds[axis] = bounds[axis].meet(of(step.outputs(axis)));
    }
    bounds
}

fn within(shape: &Shape, step: &Step<'_>, bounds: &OutputBounds, of: impl Fn(&Outputs) -> Span) -> i64 {
    shape.axes().map(|axis| bounds[axis].meet(of(step.outputs(axis))).len()).product()
}

/// Whether all outputs of an interval along an axis are treated alike. This is so if each interval that decides about
/// outputs contains all of them or none.
pub(super) fn alike(shape: &Shape, cluster: &Cluster<'_>, axis: Axis, outputs: Span) -> bool {
    let Some(step) = cluster.above else { return true };
    // A box without any outputs decides nothing.
    let empty = |of: &dyn Fn(&Outputs) -> Span| shape.axes().any(|axis| of(step.outputs(axis)).is_empty());
    let uncut_by = |of: &dyn Fn(&Outputs) -> Span| uncut(of(step.outputs(axis)), outputs) || empty(of);
    uncut(cluster.held[axis], outputs)
        && (axis != step.spread || uncut(cluster.lowest, outputs))
        && (!step.keeps || (uncut_by(&|outputs| outputs.before) && uncut_by(&|outputs| outputs.last_before)))
        && (step.goes_on || uncut_by(&|outputs| outputs.first))
        && uncut_by(&|outputs| outputs.last)
        && alike(shape, step.cluster, axis, outputs)
}

/// Whether `outputs` lie either wholly inside or wholly outside of `bounds`.
pub(super) fn uncut(bounds: Span, outputs: Span) -> bool {
    let both = bounds.meet(outputs);
    both.is_empty() || both == outputs
}
