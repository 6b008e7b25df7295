//! What one kind of step moves and computes.

use crate::dim::DimSet;

/// What one step moves and computes, in elements, and how many times such a step is taken.
///
/// Volumes fit into 64 bits, because a level that would exceed them is refused when it is built.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Step {
    /// Number of times that the step is taken.
    pub occurrences: i64,
    /// Whether nothing has advanced yet: this is the very first step, and nothing overlaps its loads.
    pub first: bool,
    /// Elements of input and filter read from the buffer above.
    pub ingress: [i64; 2],
    /// Elements of output written to the buffer above.
    pub egress: i64,
    /// Operations of the busiest sub-cluster.
    pub critical_operations: i64,
    /// Operations of all sub-clusters; only for the outermost level, since those of inner levels are not needed.
    pub operations: i64,
    /// The sub-clusters that have work: the ragged one, and the others, whose tiles are alike.
    pub subs: [Subs; 2],
}

/// Sub-clusters that have work and whose tiles are alike.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Subs {
    /// Number of such sub-clusters; 0 if the step has none of this kind.
    pub count: i32,
    /// The dimensions along which their tiles are partial; not filled in for PEs.
    pub partial: DimSet,
}

impl Step {
    /// Whether nothing is computed, because a partial tile is smaller than the filter.
    pub fn idle(&self) -> bool {
        self.critical_operations <= 0
    }

    /// The partial dimensions of the tile that the reference looks into first; `None` if nothing is computed.
    pub fn first_tile(&self) -> Option<DimSet> {
        let [ragged, others] = self.subs;
        let first = if ragged.count > 0 { ragged } else { others };
        (!self.idle()).then_some(first.partial)
    }

    /// Number of sub-clusters that have work.
    pub fn at_work(&self) -> i32 {
        let [ragged, others] = self.subs;
        ragged.count + others.count
    }
}
