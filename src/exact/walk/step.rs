//! One step: what it moves and computes, and how long it takes. Sub-clusters that are not PEs walk the level below.

use heapless::Vec;

use crate::error::Error;

use super::kinds::Kind;
use super::{Steps, Times, Variant, Walk};
use crate::exact::along::Side;
use crate::exact::axis::Span;
use crate::exact::cluster::{Cluster, Step, Work};
use crate::exact::events::{self, Event};
use crate::exact::listener::Listener;
use crate::exact::outputs::{self, zeros};
use crate::exact::shape::OutputBounds;
use crate::exact::time::unsigned;

impl<E: Listener> Walk<'_, E> {
    /// Counts a step that occurs `times` in the walk over a cluster's box.
    pub(super) fn step(&mut self, steps: &mut Steps<'_>, side: &Side, mut times: Times) -> Result<(), Error> {
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
        // A cluster that enters a box may hold none of its outputs any more, because it gave them away while it was
        // idle.
        let keeps = continues && (!enters || cluster.above.is_none() || !cluster.held.is_none());
        let step = Step { cluster, spread, side, along, advanced: *advanced, keeps, goes_on: false };

        // The axis that the PEs below spread is multiplied in last.
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
            // It makes no difference whether a reduction begins or goes on.
            add(false, times[0] + times[1], all, moved.entered);
        } else {
            add(false, times[0], weights[0], moved.entered - fresh);
            add(true, times[1], weights[1], moved.entered);
        }
        // The finished outputs among those that are given away.
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
                operations = self.count_operations(&products, group, all)?.max(operations);
                active += count;
                continue;
            };
            let once = once && !idled && (group.whole_below || spread == spread_below);
            // If several sub-clusters compute the same output, its partial sum comes to the first of them. So that
            // one may have to be analysed apart from the rest of its group.
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
                    // If the filter's tiles advance, the outputs of sub-clusters go backwards.
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
        // Variant 0 comes last: all variants wait for what idle clusters give away, and the player clears it with
        // variant 0.
        for (which, variant) in variants.iter().enumerate().rev() {
            let partial = variant.psums;
            psums += partial * variant.weight;
            activity.add(if level.leaf { active as f64 } else { variant.active }, variant.times);
            let weight = variant.weight;
            let (variant, operations, times) = (which as u8, unsigned(operations), unsigned(variant.times));
            let taken = events::Step { variant, starting, operations, times, ..Default::default() };
            let taken = self.with_transfers(index, &moved, partial, taken);
            let kind = Kind { step: taken, moved: &moved, psums: partial, times: weight };
            self.report_kind(work, *advanced, &kind, || side.at_work());
            self.emit(&Event::Step(taken));
        }
        self.record(index, &moved, all, psums);
        Ok(())
    }

    /// The finished outputs among those that a step gives away. The step occurs `weight` times.
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
}
