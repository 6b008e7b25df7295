//! Joint loops: the body and the filter of an axis both advance, each in a loop of its own. Their turns are numbered
//! as one sequence: all turns of the inner loop for each turn of the outer one. Turns without any output are left
//! out.

use super::Tiles;
use super::laid::{Joint, Laid};
use crate::exact::axis::Part;

impl Tiles {
    /// Whether the body's and the filter's tiles both advance, each in a loop of its own.
    pub fn is_joint(&self) -> bool {
        self.joint.is_some()
    }

    /// The first and the last joint turn while the outer loop is at its turn number `outer`. Turns of the outer loop
    /// without any output are not numbered. `None` if there is no such turn, or if the loops are not joint.
    pub fn within(&self, part: &Part, outer: i32) -> Option<(i32, i32)> {
        let joint = self.joint?;
        if joint.inner > 0 {
            return (outer < self.outer_turns(joint)).then(|| (outer * joint.inner, (outer + 1) * joint.inner - 1));
        }
        let mut before = 0;
        let mut at = 0;
        for turn in 0..self.outer_turns(joint) {
            let count = self.inner_turns(part, joint, turn).map_or(0, |(first, last)| last - first + 1);
            if count > 0 {
                if at == outer {
                    return Some((before, before + count - 1));
                }
                at += 1;
            }
            before += count;
        }
        None
    }

    /// Counts the turns of joint loops. Returns `None` if some sub-clusters have tiles in fewer turns than others, or
    /// if a tile that is divided further has more outputs in one turn than in another.
    pub(super) fn pair_up(&mut self, part: &Part, leaf: bool) -> Option<()> {
        const MOST: i32 = 512;
        let joint = self.joint?;
        let clusters = self.at_work(joint);
        let (outer, inner) = (self.outer_turns(joint), self.all_inner_turns(joint));
        if outer.checked_mul(inner)? > MOST || self.ragged(joint) {
            return None;
        }
        let mut sizes = None;
        for outer in 0..outer {
            let mut count = 0;
            let mut ended = false;
            for inner in 0..inner {
                let holds = |q: i32| self.pair_tile(part, joint, outer, inner, q).is_some();
                let any = holds(0);
                let outputs = |tile: &Part| tile.outputs.len();
                let size = self.pair_tile(part, joint, outer, inner, 0).as_ref().map(outputs);
                let alike = leaf || size.is_none() || *sizes.get_or_insert(size) == size;
                if (1..clusters).any(|q| holds(q) != any) || (any && ended) || !alike {
                    return None;
                }
                ended |= count > 0 && !any;
                count += i32::from(any);
            }
            self.turns += count;
        }
        if self.turns == outer * inner
            && let Some(joint) = &mut self.joint
        {
            joint.inner = inner;
        }
        (self.turns > 0).then_some(())
    }

    /// Whether the last turn of the spatial loop has fewer tiles than its other turns.
    fn ragged(&self, joint: Joint) -> bool {
        let of = |laid: &Laid, clusters: i32| {
            clusters > 1 && laid.count > clusters && laid.count.checked_rem(clusters) != Some(0)
        };
        of(&self.body, joint.body_clusters) || of(&self.filter, joint.filter_clusters)
    }

    /// Number of sub-clusters that have work in each turn of joint loops.
    pub(super) fn at_work(&self, joint: Joint) -> i32 {
        match (joint.body_clusters > 1, joint.filter_clusters > 1) {
            (true, _) => self.body.count.min(joint.body_clusters),
            (_, true) => self.filter.count.min(joint.filter_clusters),
            _ => 1,
        }
    }

    fn outer_turns(&self, joint: Joint) -> i32 {
        if joint.filter_outer { self.filter.turns(joint.filter_clusters) } else { self.body.turns(joint.body_clusters) }
    }

    fn all_inner_turns(&self, joint: Joint) -> i32 {
        if joint.filter_outer { self.body.turns(joint.body_clusters) } else { self.filter.turns(joint.filter_clusters) }
    }

    /// The first and the last turn of the inner loop that have an output while the outer loop is at turn `outer`.
    fn inner_turns(&self, part: &Part, joint: Joint, outer: i32) -> Option<(i32, i32)> {
        let holds = |inner: &i32| self.pair_tile(part, joint, outer, *inner, 0).is_some();
        let first = (0..self.all_inner_turns(joint)).find(holds)?;
        let last = (first..self.all_inner_turns(joint)).rfind(holds)?;
        Some((first, last))
    }

    /// The turns of the outer and of the inner loop in a joint turn.
    pub(super) fn pair(&self, part: &Part, joint: Joint, mut turn: i32) -> Option<(i32, i32)> {
        if joint.inner > 0 {
            let outer = turn.checked_div(joint.inner)?;
            return (turn >= 0 && turn < self.turns).then_some((outer, turn - outer * joint.inner));
        }
        for outer in 0..self.outer_turns(joint) {
            if let Some((first, last)) = self.inner_turns(part, joint, outer) {
                let count = last - first + 1;
                if turn < count {
                    return (turn >= 0).then_some((outer, first + turn));
                }
                turn -= count;
            }
        }
        None
    }

    pub(super) fn pair_tile(&self, part: &Part, joint: Joint, outer: i32, inner: i32, q: i32) -> Option<Part> {
        let (filter, body) = if joint.filter_outer { (outer, inner) } else { (inner, outer) };
        let number = |turn: i32, clusters: i32| if clusters > 1 { turn * clusters + q } else { turn };
        let (body, filter) = (number(body, joint.body_clusters), number(filter, joint.filter_clusters));
        if body >= self.body.count || filter >= self.filter.count {
            return None;
        }
        let tile = self.tile_of(part, body, filter);
        (!tile.is_empty()).then_some(tile)
    }
}
