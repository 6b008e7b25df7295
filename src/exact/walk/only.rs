//! A shortcut: if a cluster of PEs takes only one step, this step follows from the step of the level above, without a
//! walk of its own.

use crate::error::Error;

use super::kinds::Kind;
use super::{Variant, Walk};
use crate::exact::along::{Factors, Move, Outputs, Side};
use crate::exact::axis::{Span, distance};
use crate::exact::cluster::{Cluster, Frame, Once, Work};
use crate::exact::events::{self, Event};
use crate::exact::groups::Group;
use crate::exact::history::Past;
use crate::exact::level::Level;
use crate::exact::listener::Listener;
use crate::exact::outputs::zeros;
use crate::exact::slide::offset;
use crate::exact::time::unsigned;

impl<E: Listener> Walk<'_, E> {
    /// Counts the only step of a cluster of PEs, if it follows from the step of the level above. Returns `false` and
    /// counts nothing otherwise. `rest` are products over the axes that neither level spreads, `products` those over
    /// all axes but the one that the level above spreads.
    pub(super) fn only_step(
        &mut self,
        cluster: &Cluster<'_>,
        index: usize,
        [rest, products]: [&Factors; 2],
        frame: &mut Frame,
        count: i64,
        variants: &mut [Variant],
    ) -> Result<bool, Error> {
        let (Some(level), Some(above)) = (self.levels.get(index), cluster.above) else { return Ok(false) };
        let (shape, member, spread) = (self.shape, cluster.member, level.spatial());
        let history = cluster.past(spread);
        let past = history.last().copied().filter(|_| cluster.continues());
        if !member.history.at_most_one()
            || !history.at_most_one()
            || member.history.last().is_some_and(|past| !past.part.is_as_large(&member.now))
        {
            return Ok(false);
        }
        if !self.once(level, index, cluster, past, frame)? {
            return Ok(false);
        }
        let Some(Once { side, .. }) = &frame.once else { return Ok(false) };
        self.another_kind()?;
        // Outputs along the axis that the level above spreads: `held` by this cluster, those of this step (`now`),
        // and those still there from the step before (`before`). Below, `back` are the outputs whose partial sums
        // come to this cluster, and `before_back` counts those of them that were there in the step before.
        // `zeros_held` counts the outputs that begin at zero because another cluster gets their partial sum: those
        // that are not in `back`, less the ones that were there in the step before.
        let kept = member.history.last().filter(|past| above.keeps && past.kept);
        let held = kept.map_or(Span::NONE, |past| past.part.outputs);
        let outputs = &above.side.outputs;
        let (now, before) = match shape.produces(above.spread) {
            true => (member.now.outputs, held.meet(outputs.before)),
            false => (Span::ONE, if kept.is_some() { Span::ONE } else { Span::NONE }),
        };
        let stayed = now.meet(before).len();
        let keeps = products.before * before.len() > 0;
        let mut own = *rest;
        if spread != above.spread {
            let Group { counts: touched, shared: held, points, .. } = *member;
            own.take(&Factors { touched, held, points, before: before.len(), stayed, first: 1 });
        }
        let mut moved = self.moved(&own, side, keeps);
        let back = now.meet(cluster.lowest);
        let before_back = if above.keeps { products.stayed * back.meet(outputs.before).len() } else { 0 };
        let zeros_held = products.touched[2] * (now.len() - back.len()) - products.stayed * stayed + before_back;
        let all = variants.iter().fold(0i64, |all, variant| all.saturating_add(variant.weight)).saturating_mul(count);
        let (mut operations, mut active) = (0, 0);
        for group in &side.groups {
            moved.arrive(&own, group);
            let kept = group.history.last().filter(|past| keeps && past.kept);
            let still_held = kept.map_or(0, |past| self.stayed(&own, side, spread, group, past));
            moved.left += i64::from(group.count) * (own.touched[2] * group.counts[2] - still_held);
            operations = self.count_operations(&own, group, all)?.max(operations);
            active += i64::from(group.count);
        }
        let mut all_psums = 0;
        for (which, variant) in (0..).zip(variants) {
            let first = match above.cluster.above {
                _ if variant.goes_on || moved.entered == 0 => 0,
                None => products.first * back.meet(outputs.first).len(),
                Some(_) => {
                    let mut first = above.bounds(shape, |outputs| outputs.first);
                    first[above.spread] = first[above.spread].meet(back);
                    zeros(shape, above.cluster, &first)
                }
            };
            let psums = if moved.entered > 0 { moved.entered - zeros_held - first } else { 0 };
            all_psums += psums * variant.weight * count;
            let (starting, operations) = (cluster.starting, unsigned(operations));
            let taken = events::Step { variant: which, starting, operations, times: 1, ..Default::default() };
            let taken = self.with_transfers(index, &moved, psums, taken);
            let kind = Kind { step: taken, moved: &moved, psums, times: variant.weight * count };
            self.report_kind(&Work { level, index, cluster, nest: &frame.nest }, None, &kind, || active);
            self.emit(&Event::Only(taken));
            variant.active += (active * count) as f64;
        }
        self.record(index, &moved, all, all_psums);
        Ok(true)
    }

    /// Analyses the axis that a cluster spreads over its PEs. Returns whether the cluster takes a single step.
    fn once(
        &mut self,
        level: &Level,
        index: usize,
        cluster: &Cluster<'_>,
        past: Option<Past>,
        frame: &mut Frame,
    ) -> Result<bool, Error> {
        let (shape, axis) = (self.shape, level.spatial());
        let (now, slide, held) = (cluster.part(shape, axis), shape.slides[axis], cluster.held[axis]);
        let Frame { nest, once, .. } = frame;
        // In most cases, the step is the one analysed last, shifted.
        if let Some(once) = once
            && let Some(shift) = offset(&once.now, &now, slide)
            && slide.every == 1
        {
            let follows = match (&once.past, &past) {
                (Some(a), Some(b)) => a.kept == b.kept && distance(&a.part, &b.part) == Some(shift),
                (None, None) => true,
                _ => false,
            };
            let by = shift[1];
            let holds = Span::new(once.held.lo + by, once.held.hi + by) == held;
            if follows && (!shape.produces(axis) || (holds && now.outputs.len() == 1)) {
                return Ok(true);
            }
            // Or the PEs have the same tiles once more.
            let stays = past.as_ref().is_some_and(|past| past.kept && past.part == now);
            let whole = !shape.produces(axis) || (held == now.outputs && held.len() == 1);
            let again = stays && whole && once.side.stay();
            // Or all PEs had other tiles before, along an axis without outputs.
            let others = |past: &Past| {
                let shift = distance(&now, &past.part).filter(|_| now.outputs.meet(past.part.outputs).is_empty());
                shift.is_some_and(|shift| once.side.had_others(shape.couplings_of(axis), shift, past.kept))
            };
            if again || (!shape.produces(axis) && past.as_ref().is_some_and(others)) {
                (once.now, once.past, once.held) = (now, past, held);
                return Ok(true);
            }
        }
        nest.order.clear();
        self.lay_axis(level, axis, now, nest)?;
        if nest.tiles(axis).turns > 1 || past.is_some_and(|past| !past.part.is_as_large(&now)) {
            *once = None;
            return Ok(false);
        }
        if once.is_none() {
            *once = Some(Once { now, past, held, side: Side::new() });
        }
        let Some(own) = once else { return Ok(false) };
        (own.now, own.past, own.held) = (now, past, held);
        self.side(&Work { level, index, cluster, nest }, Move::Enter, &mut own.side)?;
        if !shape.produces(axis) {
            own.side.outputs = Outputs::ONE;
        } else if own.side.outputs.now != now.outputs {
            *once = None;
            return Ok(false);
        }
        Ok(true)
    }
}
