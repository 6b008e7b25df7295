//! Outputs of a cluster: which of them start at zero, which come back as partial sums, and which are finished.

use super::along::Outputs;
use super::axis::{Axis, Span};
use super::cluster::{Cluster, Step};
use super::shape::{OutputBounds, Shape};

/// Of these outputs of a cluster, how many begin at zero with its present tile. Either nobody has computed them before, or their
/// partial sum goes to another sub-cluster.
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

/// Of these outputs of a cluster, those that are finished with its present tile.
pub(super) fn finished(shape: &Shape, cluster: &Cluster<'_>, outputs: OutputBounds) -> OutputBounds {
    match cluster.above {
        None => outputs,
        Some(step) => finished(shape, step.cluster, meet(shape, step, outputs, |outputs| outputs.last)),
    }
}

/// Of these outputs of a cluster, those that were finished with the tile before its present one.
pub(super) fn finished_before(shape: &Shape, cluster: &Cluster<'_>, outputs: OutputBounds) -> OutputBounds {
    let Some(step) = cluster.above else { return outputs };
    if !step.keeps {
        return OutputBounds::NONE;
    }
    let outputs = meet(shape, step, outputs, |outputs| outputs.last_before);
    if step.enters() { finished_before(shape, step.cluster, outputs) } else { finished(shape, step.cluster, outputs) }
}

/// Outputs of a box that are also among those which `of` takes of a step.
fn meet(shape: &Shape, step: &Step<'_>, mut bounds: OutputBounds, of: impl Fn(&Outputs) -> Span) -> OutputBounds {
    for axis in shape.axes() {
        bounds[axis] = bounds[axis].meet(of(step.outputs(axis)));
    }
    bounds
}

fn within(shape: &Shape, step: &Step<'_>, bounds: &OutputBounds, of: impl Fn(&Outputs) -> Span) -> i64 {
    shape.axes().map(|axis| bounds[axis].meet(of(step.outputs(axis))).len()).product()
}

/// Whether all outputs of an interval along an axis are treated alike. They are, where each interval that decides about outputs has
/// all of them or none.
pub(super) fn alike(shape: &Shape, cluster: &Cluster<'_>, axis: Axis, outputs: Span) -> bool {
    let Some(step) = cluster.above else { return true };
    // A box without any output decides nothing.
    let empty = |of: &dyn Fn(&Outputs) -> Span| shape.axes().any(|axis| of(step.outputs(axis)).is_empty());
    let uncut_by = |of: &dyn Fn(&Outputs) -> Span| uncut(of(step.outputs(axis)), outputs) || empty(of);
    uncut(cluster.held[axis], outputs)
        && (axis != step.spread || uncut(cluster.lowest, outputs))
        && (!step.keeps || (uncut_by(&|outputs| outputs.before) && uncut_by(&|outputs| outputs.last_before)))
        && (step.goes_on || uncut_by(&|outputs| outputs.first))
        && uncut_by(&|outputs| outputs.last)
        && alike(shape, step.cluster, axis, outputs)
}

/// Whether `outputs` lie wholly inside or wholly outside of `bounds`.
pub(super) fn uncut(bounds: Span, outputs: Span) -> bool {
    let both = bounds.meet(outputs);
    both.is_empty() || both == outputs
}
