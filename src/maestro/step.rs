//! What one kind of step moves and computes.

use crate::dim::DimSet;

/// What one step moves and computes, in elements, and how often such a step is taken.
///
/// Volumes fit into 64 bits: a level that would exceed them is refused when it is built.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Step {
    /// How often it is taken.
    pub occurrences: i64,
    /// Nothing has advanced yet: it is the first of all, and nothing overlaps its loads.
    pub first: bool,
    /// Elements of input and filter read from the buffer above.
    pub ingress: [i64; 2],
    /// Elements of output written to the buffer above.
    pub egress: i64,
    /// Operations of the busiest sub-cluster.
    pub critical_operations: i64,
    /// Operations of all sub-clusters. Only of the outermost level; those of others are not needed.
    pub operations: i64,
    /// The sub-clusters at work: the ragged one, and the others, which share a tile.
    pub subs: [Subs; 2],
}

/// Sub-clusters at work whose tiles are alike.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Subs {
    /// How many: 0 where a step has none of this kind.
    pub count: i32,
    /// The dimensions along which their tile is partial; left out for PEs.
    pub partial: DimSet,
}

impl Step {
    /// Whether nothing is computed: a partial tile that is smaller than the filter.
    pub fn idle(&self) -> bool {
        self.critical_operations <= 0
    }

    /// What is partial of the tile that the reference looks into first; none if nothing is computed.
    pub fn first_tile(&self) -> Option<DimSet> {
        let [ragged, others] = self.subs;
        let first = if ragged.count > 0 { ragged } else { others };
        (!self.idle()).then_some(first.partial)
    }

    /// Sub-clusters at work.
    pub fn at_work(&self) -> i32 {
        let [ragged, others] = self.subs;
        ragged.count + others.count
    }
}
