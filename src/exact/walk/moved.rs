//! What one step moves, and the sums over all steps.

use crate::error::Error;

use super::Walk;
use crate::exact::along::{Factors, Outputs, Side};
use crate::exact::events;
use crate::exact::groups::Group;
use crate::exact::listener::Listener;
use crate::exact::time::unsigned;
use crate::exact::together::Together;

/// What a step moves between a buffer and all of its sub-clusters.
#[derive(Default)]
pub(super) struct Moved {
    /// Elements read from the buffer, each once for all sub-clusters: input, filter.
    pub read: [i64; 2],
    /// Elements that arrive in sub-clusters, summed over all of them: input, filter.
    pub arrived: [i64; 2],
    /// Outputs that enter sub-clusters.
    pub entered: i64,
    /// Outputs that leave sub-clusters for the buffer, and the finished outputs among them.
    pub given: i64,
    pub given_finished: i64,
    /// Outputs that are new to their sub-cluster, summed over all sub-clusters. Each of them leaves it once, in a
    /// later step or at the end.
    pub left: i64,
    /// Elements of the largest tile of a sub-cluster: input, filter, output.
    tile: [i64; 3],
}

impl Moved {
    /// Adds what arrives in a group of sub-clusters.
    pub fn arrive(&mut self, products: &Factors, group: &Group) {
        let Factors { touched, held, .. } = products;
        let ([inputs, filters, _], shared, count) = (group.counts, group.shared, i64::from(group.count));
        let new = [touched[0] * inputs - held[0] * shared[0], touched[1] * filters - held[1] * shared[1]];
        self.arrived = [self.arrived[0] + new[0] * count, self.arrived[1] + new[1] * count];
        for ((largest, touched), own) in self.tile.iter_mut().zip(touched).zip(group.counts) {
            *largest = (touched * own).max(*largest);
        }
    }
}

impl<E: Listener> Walk<'_, E> {
    /// What a step moves, except what is counted group by group.
    #[inline(always)]
    pub(super) fn moved(&self, products: &Factors, side: &Side, keeps: bool) -> Moved {
        let Outputs { now, before, .. } = side.outputs;
        let (given, stays) = match keeps {
            true => (products.before * before.len(), products.stayed * now.meet(before).len()),
            false => (0, 0),
        };
        let read = |touched: i64, held: i64, together: Together| {
            touched * together.touched - held * (together.touched - together.fresh)
        };
        let ([input, filter, _], held, [inputs, filters]) = (products.touched, products.held, side.together);
        let read = [read(input, held[0], inputs), read(filter, held[1], filters)];
        Moved { read, entered: products.touched[2] * now.len() - stays, given: given - stays, ..Moved::default() }
    }

    /// Adds what a group of PEs computes in a step that occurs `weight` times. Returns the operations of one PE.
    pub(super) fn count_operations(&mut self, products: &Factors, group: &Group, weight: i64) -> Result<i64, Error> {
        let operations = products.points[0] * group.points[0];
        let times = i64::from(group.count).saturating_mul(weight);
        self.tallies.about += operations as f64 * times as f64;
        if self.tallies.about >= self.tallies.most {
            return Err(Error::Overflow { level: 1 });
        }
        self.tallies.operations += operations * times;
        self.tallies.on_elements += products.points[1] * group.points[1] * times;
        Ok(operations)
    }

    /// Elements of input and filter that a buffer sends to its sub-clusters.
    pub(super) fn sent(&self, moved: &Moved) -> [i64; 2] {
        if self.clock.multicast { moved.read } else { moved.arrived }
    }

    /// Completes a step with the bits that enter and leave sub-clusters. `psums` partial sums enter.
    pub(super) fn with_transfers(&self, index: usize, moved: &Moved, psums: i64, step: events::Step) -> events::Step {
        let (bits, [input, filter]) = (&self.clock.bits, self.sent(moved));
        let ingress = unsigned(input * bits.input + filter * bits.filter + psums * bits.psum);
        let partial = moved.given - moved.given_finished;
        let egress = unsigned(moved.given_finished * bits.output + partial * bits.psum);
        events::Step { level: index as u8, ingress, egress, ..step }
    }

    /// Adds what a step moves. The step occurs `weight` times, and `psums` is the total number of its partial sums.
    #[inline(always)]
    pub(super) fn record(&mut self, index: usize, moved: &Moved, weight: i64, psums: i64) {
        let read = self.sent(moved);
        let Some(tally) = self.tallies.levels.get_mut(index) else { return };
        let add = |sum: &mut [i64; 2], more: [i64; 2]| *sum = [sum[0] + more[0] * weight, sum[1] + more[1] * weight];
        add(&mut tally.read, read);
        add(&mut tally.arrived, moved.arrived);
        tally.psums += psums;
        tally.written += moved.entered * weight;
        tally.left += moved.left * weight;
        for (largest, tile) in tally.tile.iter_mut().zip(moved.tile) {
            *largest = tile.max(*largest);
        }
    }
}
