//! One step: what it moves, computes and takes.

use heapless::Vec;

use crate::error::Error;
use crate::limits::MAX_STEP_KINDS;

use super::along::{Factors, Move, Outputs, Side};
use super::axis::{Axis, OutputBounds, Span};
use super::cluster::{Cluster, Frame, Once, Step, Work};
use super::events::{self, Event};
use super::kinds::{Kind, Listener};
use super::level::{Level, Tiles};
use super::outputs::{self, zeros};
use super::space::{Group, Past, Together, distance, offset};
use super::time::unsigned;
use super::walk::{Steps, Times, Walk};

/// What a step moves between a buffer and all of its sub-clusters.
#[derive(Default)]
pub(super) struct Moved {
    /// Read from the buffer, once for all: input, filter.
    pub read: [i64; 2],
    /// Arriving in all sub-clusters: input, filter.
    pub arrived: [i64; 2],
    /// Outputs that enter sub-clusters.
    entered: i64,
    /// Outputs that leave sub-clusters into the buffer, and finished ones among them.
    pub given: i64,
    given_finished: i64,
    /// Outputs that leave all sub-clusters in the end, each for itself.
    left: i64,
    /// The largest tile of a sub-cluster.
    tile: [i64; 3],
}

/// One of two steps that are alike but for their partial sums. These take time, so that both are told of.
struct Variant {
    /// A reduction goes on: no output begins at zero.
    goes_on: bool,
    /// How often the cluster takes them, and how often they occur in all.
    times: i64,
    weight: i64,
    /// Partial sums among the outputs that enter sub-clusters.
    psums: i64,
    /// Active PEs.
    active: f64,
}

impl Moved {
    /// Counts what arrives in a group of sub-clusters.
    fn arrive(&mut self, products: &Factors, group: &Group) {
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
    /// One step, which a cluster takes so many times.
    pub fn step(&mut self, steps: &mut Steps<'_>, side: &Side, mut times: Times) -> Result<(), Error> {
        self.another_kind()?;
        let (mut rest, once) = steps.rest();
        if let Some((_, more)) = steps.waiting.take_if(|(other, _)| once && *other == rest) {
            times = [times[0] + more[0], times[1] + more[1]];
        }
        let Steps { work, along, below, advanced, weight, activity, spread_below, .. } = steps;
        let spread_below = *spread_below;
        let along = &**along;
        let Work { level, index, cluster, .. } = *work;
        let (shape, spread, enters) = (self.shape, level.spatial(), advanced.is_none());
        let continues = !enters || cluster.continues();
        // What an idle cluster has given away it does not have any more.
        let keeps = continues && (!enters || cluster.above.is_none() || !cluster.held.is_none());
        let step = Step { cluster, spread, side, along, advanced: *advanced, keeps, goes_on: false };

        // The axis that PEs below spread comes in last.
        let has_filter = i64::from(shape.has_filter);
        (rest.touched[1], rest.held[1]) = (rest.touched[1] * has_filter, rest.held[1] * has_filter);
        let mut products = rest;
        if spread_below != spread {
            products.take(&along[spread_below].factors);
        }
        let mut moved = self.moved(&products, side, keeps);
        let fresh = match cluster.above {
            _ if moved.entered == 0 || products.first == 0 => 0,
            None => products.first * side.outputs.first.len(),
            Some(_) => zeros(shape, cluster, &step.bounds(shape, |outputs| outputs.first)),
        };
        let weights = times.map(|times| weight.saturating_mul(times));
        let all = weights[0].saturating_add(weights[1]);
        let mut variants: Vec<Variant, 2> = Vec::new();
        let mut add = |goes_on: bool, times: i64, weight: i64, psums: i64| {
            if times > 0 {
                let _ = variants.push(Variant { goes_on, times, weight, psums, active: 0.0 });
            }
        };
        if products.first == 0 || side.outputs.first.is_empty() {
            // Whether a reduction begins or goes on makes no difference.
            add(false, times[0] + times[1], all, moved.entered);
        } else {
            add(false, times[0], weights[0], moved.entered - fresh);
            add(true, times[1], weights[1], moved.entered);
        }
        // Finished outputs among those given away.
        let mut finished = OutputBounds::NONE;
        if self.clock.widens() {
            finished = self.finished(&step, all);
            moved.given_finished = finished.volume();
        }
        if enters && cluster.above.is_none() {
            let [input, filter, _] = products.touched;
            let [inputs, filters] = side.together;
            self.first_touched = [input * inputs.touched, filter * filters.touched];
        }

        let starting = cluster.starting && enters;
        let (mut operations, mut active) = (0, 0);
        let mut lower: Option<Span> = None;
        for group in &side.groups {
            let count = i64::from(group.count);
            moved.arrive(&products, group);
            let own = group.history.last().filter(|past| keeps && past.kept);
            let idled = own.is_some() && self.idled(work, &step, group.q);
            let still_held = match own {
                None => 0,
                Some(own) if !idled => self.stayed(&products, side, spread, group, own),
                Some(_) => {
                    let mut now = step.bounds(shape, |outputs| outputs.now);
                    if shape.produces(spread) {
                        now[spread] = group.now.outputs;
                    }
                    self.held(work, &step, group, idled).shared(&now)
                }
            };
            moved.left += count * (products.touched[2] * group.counts[2] - still_held);
            let Some(below) = below.as_deref_mut() else {
                operations = self.pes(&products, group, all)?.max(operations);
                active += count;
                continue;
            };
            let once = once && !idled && (group.whole_below || spread == spread_below);
            // The first of all gets the partial sums that others compute as well.
            let overlap = !shape.produces(spread) || group.overlaps();
            let first_apart =
                variants.last().is_some_and(|last| last.psums > 0) && lower.is_none() && overlap && group.count > 1;
            let split = if first_apart { 1 } else { group.count };
            let mut from = 0;
            while from < group.count {
                let mark = self.pasts.mark();
                let other;
                let mut member = group;
                if from > 0 {
                    other = group.member(from, &mut self.pasts)?;
                    member = &other;
                }
                let outputs = member.now.outputs;
                let lowest = match lower {
                    Some(_) if !shape.produces(spread) => Span::NONE,
                    None if !shape.produces(spread) => Span::ONE,
                    // Filter tiles that advance take outputs backwards.
                    Some(lower) if outputs.lo < lower.lo => Span::new(outputs.lo, outputs.hi.min(lower.lo)),
                    Some(lower) => Span::new(outputs.lo.max(lower.hi), outputs.hi),
                    None => outputs,
                };
                let mut inner = Cluster { above: Some(&step), member, held: OutputBounds::NONE, lowest, starting };
                if let (true, Some(own)) = (once, member.history.last().filter(|past| keeps && past.kept)) {
                    let before = step.outputs(spread_below).before;
                    let apart = spread_below != spread || !shape.produces(spread);
                    inner.held[spread_below] = if apart { before } else { before.meet(own.part.outputs) };
                }
                let end = if from == 0 { split } else { group.count };
                let count = i64::from(end - from);
                if !(once && self.only_step(&inner, index + 1, [&rest, &products], below, count, &mut variants)?) {
                    let held = self.held_of(work, &step, member);
                    for (which, variant) in (0..).zip(&mut variants) {
                        let step = Step { goes_on: variant.goes_on, ..step };
                        let inner = Cluster { above: Some(&step), held, ..inner };
                        let own = self.run(index + 1, &inner, below, variant.weight.saturating_mul(count))?;
                        self.emit(&Event::Cluster { level: index as u8 + 1, variant: which });
                        variant.active += own.active / own.steps.max(1) as f64 * count as f64;
                    }
                }
                self.pasts.forget(mark);
                lower = Some(outputs);
                from = end;
            }
            lower = Some(group.last().outputs);
        }
        if keeps && !level.leaf {
            self.idle(work, &step, &finished)?;
        }
        let mut psums = 0;
        // The first comes last, and ends what idle clusters gave away in all of them.
        for (which, variant) in variants.iter().enumerate().rev() {
            let partial = variant.psums;
            psums += partial * variant.weight;
            activity.add(if level.leaf { active as f64 } else { variant.active }, variant.times);
            let weight = variant.weight;
            let (variant, operations, times) = (which as u8, unsigned(operations), unsigned(variant.times));
            let taken = events::Step { variant, starting, operations, times, ..Default::default() };
            let taken = self.taken(index, &moved, partial, taken);
            let kind = Kind { step: taken, moved: &moved, psums: partial, times: weight };
            self.tell_kind(work, *advanced, &kind, || side.at_work());
            self.emit(&Event::Step(taken));
        }
        self.record(index, &moved, all, psums);
        Ok(())
    }

    /// The finished outputs among those that a step, which occurs so often, gives away.
    #[cold]
    fn finished(&mut self, step: &Step<'_>, weight: i64) -> OutputBounds {
        let (shape, cluster) = (self.shape, step.cluster);
        if cluster.above.is_none() {
            let last = step.bounds(shape, |outputs| outputs.last).volume();
            self.tallies.finished += last * weight;
        }
        let last = |step: &Step<'_>| step.bounds(shape, |outputs| outputs.last_before);
        match step.enters() {
            _ if !step.keeps => OutputBounds::NONE,
            true => outputs::finished_before(shape, cluster, last(step)),
            false => outputs::finished(shape, cluster, last(step)),
        }
    }

    /// The step of a cluster of PEs that has no other, where what it does follows from the step of the level above: products over
    /// the axes that neither level spreads, and over all but the one that the level above does.
    fn only_step(
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
        // Along the axis that the level above spreads: outputs, those held, those of the step before, and of those that come to
        // this sub-cluster as partial sums all, those of the step before, and those computed for the first time.
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
            operations = self.pes(&own, group, all)?.max(operations);
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
            let taken = self.taken(index, &moved, psums, taken);
            let kind = Kind { step: taken, moved: &moved, psums, times: variant.weight * count };
            self.tell_kind(&Work { level, index, cluster, nest: &frame.nest }, None, &kind, || active);
            self.emit(&Event::Only(taken));
            variant.active += (active * count) as f64;
        }
        self.record(index, &moved, all, all_psums);
        Ok(true)
    }

    /// Looks at the axis that a cluster of PEs spreads over them, if they take one step; else tells that they do not.
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
        // Mostly it is the step before, moved.
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
            // Or they have the same tiles once more.
            let stays = past.as_ref().is_some_and(|past| past.kept && past.part == now);
            let whole = !shape.produces(axis) || (held == now.outputs && held.len() == 1);
            let again = stays && whole && once.side.stay();
            // Or they had others, all of them, along an axis without outputs.
            let others = |past: &Past| {
                let shift = distance(&now, &past.part).filter(|_| now.outputs.meet(past.part.outputs).is_empty());
                shift.is_some_and(|shift| once.side.had_others(shape.views_of(axis), shift, past.kept))
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

    /// Notes that another kind of step is looked at.
    fn another_kind(&mut self) -> Result<(), Error> {
        self.kinds += 1;
        if self.kinds > MAX_STEP_KINDS { Err(Error::TooIrregular) } else { Ok(()) }
    }

    /// What a step moves, as far as it follows from products over axes.
    #[inline(always)]
    fn moved(&self, products: &Factors, side: &Side, keeps: bool) -> Moved {
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

    /// Outputs of a step that a sub-cluster has from the step before, in which its tile was `own`.
    fn stayed(&self, products: &Factors, side: &Side, spread: Axis, group: &Group, own: &Past) -> i64 {
        let along = match self.shape.produces(spread) {
            true => group.now.outputs.meet(own.part.outputs).meet(side.outputs.before).len(),
            false => 1,
        };
        products.stayed * along
    }

    /// Counts what PEs compute in a step that occurs `weight` times: operations of each of them.
    fn pes(&mut self, products: &Factors, group: &Group, weight: i64) -> Result<i64, Error> {
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

    /// What a buffer sends to its sub-clusters of input and filter.
    pub fn sent(&self, moved: &Moved) -> [i64; 2] {
        if self.clock.multicast { moved.read } else { moved.arrived }
    }

    /// Tells that something takes time.
    pub fn emit(&mut self, event: &Event) {
        self.listener.event(event);
    }

    /// A step that moves this, with so many partial sums.
    fn taken(&self, index: usize, moved: &Moved, psums: i64, step: events::Step) -> events::Step {
        let (bits, [input, filter]) = (&self.clock.bits, self.sent(moved));
        let ingress = unsigned(input * bits.input + filter * bits.filter + psums * bits.psum);
        let partial = moved.given - moved.given_finished;
        let egress = unsigned(moved.given_finished * bits.output + partial * bits.psum);
        events::Step { level: index as u8, ingress, egress, ..step }
    }

    /// Adds what a step moves that occurs `weight` times, with so many partial sums over all.
    #[inline(always)]
    fn record(&mut self, index: usize, moved: &Moved, weight: i64, psums: i64) {
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

    /// Whether a sub-cluster that has work was idle in the step before: it was if the spatial loop has gone around from a last turn
    /// with too few tiles for all.
    #[cfg_attr(feature = "std", inline(always))]
    fn idled(&self, work: &Work<'_>, step: &Step<'_>, q: i32) -> bool {
        let (spread, nest) = (step.spread, work.nest);
        let idled = |tiles: &Tiles| tiles.last_turn(q).is_some_and(|turn| turn != tiles.turns - 1);
        match step.side.step {
            Move::Around => idled(nest.tiles(spread)),
            Move::Enter => match step.cluster.past(spread).last() {
                Some(past) => self.tiles_of(work, spread, &past.part, &mut None).is_ok_and(idled),
                None => false,
            },
            _ => false,
        }
    }

    /// Outputs that a sub-cluster still holds from before.
    fn held_of(&self, work: &Work<'_>, step: &Step<'_>, group: &Group) -> OutputBounds {
        match group.history.last().filter(|past| past.kept && step.keeps) {
            Some(_) => self.held(work, step, group, self.idled(work, step, group.q)),
            None => OutputBounds::NONE,
        }
    }

    /// The same of a sub-cluster that has kept some outputs. It may have been idle in the step before.
    #[cold]
    fn held(&self, work: &Work<'_>, step: &Step<'_>, group: &Group, idled: bool) -> OutputBounds {
        let Some(own) = group.history.last() else { return OutputBounds::NONE };
        let (shape, nest, spread) = (self.shape, work.nest, step.spread);
        let mut held = step.bounds(shape, |outputs| outputs.before);
        if shape.produces(spread) {
            held[spread] = held[spread].meet(own.part.outputs);
        }
        if idled {
            // Loops inside of the spatial one had gone around: those of the box that the step before was in.
            let mut inside = false;
            for &(axis, is_filter) in &work.level.loops {
                let part = match step.enters() {
                    true => step.cluster.past(axis).last().map(|past| past.part),
                    false => Some(*nest.now(axis)),
                };
                let mut first = Span::NONE;
                if let Some(part) = part
                    && let Ok(tiles) = self.tiles_of(work, axis, &part, &mut None)
                {
                    first = tiles.hull(&part, 0).map_or(Span::NONE, |first| first.outputs);
                    let moves = tiles.moves_in(is_filter);
                    inside |= axis == spread && moves;
                    if !moves || !tiles.moves_outputs() {
                        continue;
                    }
                }
                if inside && axis != spread && shape.produces(axis) {
                    held[axis] = held[axis].meet(first);
                }
            }
        }
        held
    }
}
