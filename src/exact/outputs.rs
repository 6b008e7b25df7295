//! Outputs of a cluster: which of them start at zero, and which come back as partial sums.

use super::axis::{Axis, OutputBounds, Span};

/// What became of the outputs of a sub-cluster when it got its tile.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Arrivals {
    /// Those that it still held.
    pub held: Option<OutputBounds>,
    /// Those that its cluster computed in the step before.
    pub before: Option<OutputBounds>,
    /// Those that its cluster never computed before, since they came into its buffer.
    pub first: Option<OutputBounds>,
    /// Those that no lower sub-cluster computes: if they come back as partial sums, they come to this one.
    pub lowest: Option<OutputBounds>,
    /// Those of its cluster's step that no later one adds to, while the cluster has its present tile.
    pub last: Option<OutputBounds>,
    /// The same of the step before.
    pub last_before: Option<OutputBounds>,
    /// The step before was one of the cluster's present tile.
    pub inside: bool,
}

/// A chain of clusters, the innermost first.
pub(super) trait Chain {
    /// How the cluster got its outputs, and the cluster that it is in. `None` for the whole array.
    fn arrivals(&self) -> Option<(&Arrivals, &dyn Chain)>;
}

/// Of these outputs of a cluster, how many begin at zero with its present tile: nobody had computed them, or the partial sum
/// went to another sub-cluster.
pub(super) fn zeros(cluster: &dyn Chain, outputs: &OutputBounds) -> i64 {
    let volume = outputs.volume();
    if volume == 0 {
        return 0;
    }
    let Some((arrivals, above)) = cluster.arrivals() else { return volume };
    let within =
        |bounds: &Option<OutputBounds>, of: &OutputBounds| bounds.as_ref().map_or(0, |bounds| bounds.meet(of).volume());
    let entered = volume - within(&arrivals.held, outputs);
    let Some(lowest) = &arrivals.lowest else { return entered };
    let lowest = lowest.meet(outputs);
    let first = arrivals.first.as_ref().map_or(0, |first| zeros(above, &first.meet(&lowest)));
    entered - (lowest.volume() - within(&arrivals.before, &lowest) - first)
}

/// Of these outputs of a cluster, those that are finished with its present tile.
pub(super) fn finished(cluster: &dyn Chain, outputs: OutputBounds) -> Option<OutputBounds> {
    let Some((arrivals, above)) = cluster.arrivals() else { return Some(outputs) };
    finished(above, arrivals.last.as_ref()?.meet(&outputs))
}

/// Of these outputs of a cluster, those that were finished with the tile before its present one.
pub(super) fn finished_before(cluster: &dyn Chain, outputs: OutputBounds) -> Option<OutputBounds> {
    let Some((arrivals, above)) = cluster.arrivals() else { return Some(outputs) };
    let outputs = arrivals.last_before.as_ref()?.meet(&outputs);
    if arrivals.inside { finished(above, outputs) } else { finished_before(above, outputs) }
}

/// Whether an interval of a cluster's outputs along an axis is treated alike: nothing that decides about them cuts it.
pub(super) fn alike(cluster: &dyn Chain, axis: Axis, outputs: Span) -> bool {
    let Some((arrivals, above)) = cluster.arrivals() else { return true };
    let Arrivals { held, before, first, lowest, last, last_before, .. } = arrivals;
    let deciding = [held, before, first, lowest, last, last_before];
    deciding.into_iter().flatten().all(|bounds| uncut(bounds[axis], outputs)) && alike(above, axis, outputs)
}

/// Whether an interval lies inside of another or outside.
pub(super) fn uncut(bounds: Span, outputs: Span) -> bool {
    let both = bounds.meet(outputs);
    both.is_empty() || both == outputs
}
