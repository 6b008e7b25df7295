//! One step: what it moves, computes and takes.

use crate::error::Error;

use super::along::{Along, Move, Outputs, Side};
use super::axis::{Axis, OutputBounds, Span};
use super::cluster::{Cluster, Step, Work};
use super::events::{self, Event};
use super::level::Tiles;
use super::outputs::{self, zeros};
use super::space::{Group, Past, Together};
use super::time::unsigned;
use super::walk::{MAX_STEP_KINDS, Steps, Walk};

/// Products over all axes but the spatial one.
struct Products {
    /// Elements that the tile touches: input, filter, output.
    touched: [i64; 3],
    /// Of input and filter, those that the tile before did as well.
    held: [i64; 2],
    /// Iteration points, and those that are not on inserted zeros.
    points: [i64; 2],
    /// Outputs: of the step and the one before, those of both, and those that are computed for the first time.
    now: i64,
    before: i64,
    stayed: i64,
    first: i64,
}

impl Products {
    const ONE: Products =
        Products { touched: [1; 3], held: [1; 2], points: [1; 2], now: 1, before: 1, stayed: 1, first: 1 };

    fn take(&mut self, counts: &[i64; 3], shared: &[i64; 2], points: &[i64; 2], outputs: &Outputs) {
        self.touched = [self.touched[0] * counts[0], self.touched[1] * counts[1], self.touched[2] * counts[2]];
        self.held = [self.held[0] * shared[0], self.held[1] * shared[1]];
        self.points = [self.points[0] * points[0], self.points[1] * points[1]];
        self.now *= outputs.now.len();
        self.before *= outputs.before.len();
        self.stayed *= outputs.now.meet(outputs.before).len();
        self.first *= outputs.first.len();
    }
}

/// What a step moves between a buffer and all of its sub-clusters.
#[derive(Default)]
struct Moved {
    /// Read from the buffer, once for all: input, filter.
    read: [i64; 2],
    /// Arriving in all sub-clusters: input, filter.
    arrived: [i64; 2],
    /// Outputs that enter sub-clusters, and partial sums among them.
    entered: i64,
    psums: i64,
    /// Outputs that leave sub-clusters into the buffer, and finished ones among them.
    given: i64,
    given_finished: i64,
    /// Outputs that leave all sub-clusters in the end, each for itself.
    left: i64,
    /// The largest tile of a sub-cluster.
    tile: [i64; 3],
    /// Operations of the busiest PE, if sub-clusters are PEs.
    operations: i64,
    /// Active PEs.
    active: f64,
}

impl Moved {
    /// Counts what arrives in a group of sub-clusters.
    fn arrive(&mut self, products: &Products, group: &Group) {
        let Products { touched, held, .. } = products;
        let ([inputs, filters, _], shared, count) = (group.counts, group.shared, i64::from(group.count));
        let new = [touched[0] * inputs - held[0] * shared[0], touched[1] * filters - held[1] * shared[1]];
        self.arrived = [self.arrived[0] + new[0] * count, self.arrived[1] + new[1] * count];
        for ((largest, touched), own) in self.tile.iter_mut().zip(touched).zip(group.counts) {
            *largest = (touched * own).max(*largest);
        }
    }
}

impl Walk<'_> {
    /// One step, which a cluster takes so often each time that it takes these steps.
    pub fn step(&mut self, steps: &mut Steps<'_>, side: &Side, times: i64) -> Result<(), Error> {
        self.another_kind()?;
        let Steps { work, along, below, advanced, weight, activity } = steps;
        let weight = weight.saturating_mul(times);
        let along = &**along;
        let Work { level, index, cluster, .. } = *work;
        let (shape, spread, enters) = (self.shape, level.spatial(), advanced.is_none());
        let continues = !enters || cluster.continues();
        // What an idle cluster has given away it does not have any more.
        let keeps = continues && (!enters || cluster.above.is_none() || !cluster.held.is_none());
        let step = Step { cluster, spread, side, along, advanced: *advanced, keeps };

        let mut products = Products::ONE;
        for axis in shape.axes().filter(|axis| *axis != spread) {
            let Along { counts, shared, points, outputs, .. } = &along[axis];
            products.take(counts, shared, points, outputs);
        }
        let mut moved = self.moved(&mut products, side, continues, keeps);
        let fresh = match cluster.above {
            _ if moved.entered == 0 || products.first == 0 => 0,
            None => products.first * side.outputs.first.len(),
            Some(_) => zeros(shape, cluster, &step.bounds(shape, |outputs| outputs.first)),
        };
        moved.psums = moved.entered - fresh;
        // Finished outputs among those given away.
        let mut finished = OutputBounds::NONE;
        if self.clock.widens() {
            if keeps {
                let last = step.bounds(shape, |outputs| outputs.last_before);
                finished = match enters {
                    true => outputs::finished_before(shape, cluster, last),
                    false => outputs::finished(shape, cluster, last),
                };
                moved.given_finished = finished.volume();
            }
            if cluster.above.is_none() {
                let last = step.bounds(shape, |outputs| outputs.last).volume();
                self.tallies.finished += last * weight;
            }
        }
        if enters && cluster.above.is_none() {
            let [input, filter, _] = products.touched;
            let [inputs, filters] = side.together;
            self.first_touched = [input * inputs.touched, filter * filters.touched];
        }

        // What sub-clusters do.
        let mut lower: Option<Span> = None;
        for group in &side.groups {
            let count = i64::from(group.count);
            moved.arrive(&products, group);
            let mut held = OutputBounds::NONE;
            let mut still_held = 0;
            if let Some(own) = group.history.last().filter(|past| keeps && past.kept) {
                let idled = self.idled(work, &step, group.q);
                if idled || !level.leaf {
                    held = self.held(work, &step, group, idled);
                }
                if idled {
                    let mut now = step.bounds(shape, |outputs| outputs.now);
                    if shape.produces(spread) {
                        now[spread] = group.now.outputs;
                    }
                    still_held = held.shared(&now);
                } else {
                    still_held = self.stayed(&products, side, spread, group, own);
                }
            }
            moved.left += count * (products.touched[2] * group.counts[2] - still_held);
            let Some(below) = below.as_deref_mut() else {
                self.pes(&products, spread, group, weight, &mut moved);
                continue;
            };
            // The first of all gets the partial sums that others compute as well.
            let overlap = !shape.produces(spread) || group.overlaps();
            let first_apart = moved.psums > 0 && lower.is_none() && overlap && group.count > 1;
            let split = if first_apart { 1 } else { group.count };
            for (from, count) in [(0, split), (split, group.count - split)] {
                if count == 0 {
                    continue;
                }
                let mark = self.pasts.mark();
                let other;
                let (mut member, mut held) = (group, held);
                if from > 0 {
                    other = group.member(from, &mut self.pasts)?;
                    member = &other;
                    held = self.held_of(work, &step, member);
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
                let starting = cluster.starting && enters;
                let inner = Cluster { above: Some(&step), member, held, lowest, starting };
                let run = self.run(index + 1, &inner, below, weight * i64::from(count))?;
                self.pasts.forget(mark);
                self.tell(Event::Cluster { level: index as u8 + 1 });
                moved.active += run.active / run.steps.max(1) as f64 * f64::from(count);
                lower = Some(outputs);
            }
            lower = Some(group.last().outputs);
        }
        if keeps && !level.leaf {
            self.idle(work, &step, &finished)?;
        }
        activity.add(moved.active, times);
        self.record(index, &moved, cluster.starting && enters, weight, times);
        Ok(())
    }

    /// The step of a cluster of PEs that has no other, where what it does follows from the step of the level above: its active
    /// PEs.
    pub fn only_step(&mut self, work: &Work<'_>, weight: i64) -> Result<Option<f64>, Error> {
        let Work { level, index, cluster, nest } = *work;
        let (shape, spread) = (self.shape, level.spatial());
        let Some(above) = cluster.above.filter(|_| level.leaf && nest.order.is_empty() && !self.clock.widens()) else {
            return Ok(None);
        };
        let continues = cluster.continues();
        let keeps = continues && !cluster.held.is_none();
        let mut products = Products::ONE;
        for axis in shape.axes() {
            let past = cluster.past(axis);
            if !past.at_most_one() || past.last().is_some_and(|past| !nest.now[axis].is_as_large(&past.part)) {
                return Ok(None);
            }
            if axis == spread {
                continue;
            }
            if !nest.tiles[axis].whole {
                return Ok(None);
            }
            let mut outputs = Outputs::ONE;
            if shape.produces(axis) {
                outputs.now = nest.now[axis].outputs;
                outputs.before = past.last().map_or(outputs.now, |past| past.part.outputs).meet(cluster.held[axis]);
                outputs.first = outputs.now;
            }
            if axis == above.spread {
                let Group { now, counts, shared, .. } = cluster.member;
                let points = [now.points(), shape.slides[axis].points_on_elements(now)];
                products.take(counts, shared, &points, &outputs);
            } else {
                let Along { counts, shared, points, .. } = &above.along[axis];
                products.take(counts, shared, points, &outputs);
            }
        }
        self.another_kind()?;
        let mut side = Side::new();
        self.side(work, Move::Enter, &mut side)?;
        let mut moved = self.moved(&mut products, &side, continues, keeps);
        if moved.entered > 0 {
            let mut first = shape.outputs(&nest.now);
            first[spread] = side.outputs.first;
            moved.psums = moved.entered - zeros(shape, cluster, &first);
        }
        for group in &side.groups {
            moved.arrive(&products, group);
            let own = group.history.last().filter(|past| keeps && past.kept);
            let still_held = own.map_or(0, |own| self.stayed(&products, &side, spread, group, own));
            moved.left += i64::from(group.count) * (products.touched[2] * group.counts[2] - still_held);
            self.pes(&products, spread, group, weight, &mut moved);
        }
        self.record(index, &moved, cluster.starting, weight, 1);
        Ok(Some(moved.active))
    }

    /// Notes that another kind of step is looked at.
    fn another_kind(&mut self) -> Result<(), Error> {
        self.kinds += 1;
        if self.kinds > MAX_STEP_KINDS { Err(Error::TooIrregular) } else { Ok(()) }
    }

    /// What a step moves, as far as it follows from products over axes.
    fn moved(&self, products: &mut Products, side: &Side, continues: bool, keeps: bool) -> Moved {
        let Outputs { now, before, .. } = side.outputs;
        let (given, stays) = match keeps {
            true => (products.before * before.len(), products.stayed * now.meet(before).len()),
            false => (0, 0),
        };
        if !continues {
            products.held = [0; 2];
        }
        if !self.shape.has_filter {
            (products.touched[1], products.held[1]) = (0, 0);
        }
        let read = |touched: i64, held: i64, together: Together| {
            touched * together.touched - held * (together.touched - together.fresh)
        };
        let ([input, filter, _], held, [inputs, filters]) = (products.touched, products.held, side.together);
        let read = [read(input, held[0], inputs), read(filter, held[1], filters)];
        Moved { read, entered: products.now * now.len() - stays, given: given - stays, ..Moved::default() }
    }

    /// Outputs of a step that a sub-cluster has from the step before, in which its tile was `own`.
    fn stayed(&self, products: &Products, side: &Side, spread: Axis, group: &Group, own: &Past) -> i64 {
        let along = match self.shape.produces(spread) {
            true => group.now.outputs.meet(own.part.outputs).meet(side.outputs.before).len(),
            false => 1,
        };
        products.stayed * along
    }

    /// Counts what PEs compute in a step.
    fn pes(&mut self, products: &Products, spread: Axis, group: &Group, weight: i64, moved: &mut Moved) {
        let operations = products.points[0] * group.now.points();
        let on_elements = products.points[1] * self.shape.slides[spread].points_on_elements(&group.now);
        let count = i64::from(group.count);
        self.tallies.operations += operations * count * weight;
        self.tallies.on_elements += on_elements * count * weight;
        moved.operations = moved.operations.max(operations);
        moved.active += f64::from(group.count);
    }

    /// Tells that something takes time.
    pub fn tell(&mut self, event: Event) {
        (self.events)(&event);
    }

    /// Adds what a step moves, and tells of it.
    fn record(&mut self, index: usize, moved: &Moved, starting: bool, weight: i64, times: i64) {
        let bits = &self.clock.bits;
        let read = if self.clock.multicast { moved.read } else { moved.arrived };
        let ingress = read[0] * bits.input + read[1] * bits.filter + moved.psums * bits.psum;
        let egress = moved.given_finished * bits.output + (moved.given - moved.given_finished) * bits.psum;
        let [operations, ingress, egress, times] = [moved.operations, ingress, egress, times].map(unsigned);
        self.tell(Event::Step(events::Step { level: index as u8, starting, operations, ingress, egress, times }));

        let Some(tally) = self.tallies.levels.get_mut(index) else { return };
        let add = |sum: &mut [i64; 2], more: [i64; 2]| *sum = [sum[0] + more[0] * weight, sum[1] + more[1] * weight];
        add(&mut tally.read, read);
        add(&mut tally.arrived, moved.arrived);
        tally.psums += moved.psums * weight;
        tally.written += moved.entered * weight;
        tally.left += moved.left * weight;
        for (largest, tile) in tally.tile.iter_mut().zip(moved.tile) {
            *largest = tile.max(*largest);
        }
    }

    /// Whether a sub-cluster at work was idle in the step before, loops inside of the spatial one having gone around.
    fn idled(&self, work: &Work<'_>, step: &Step<'_>, q: i32) -> bool {
        let (spread, nest) = (step.spread, work.nest);
        let idled = |tiles: &Tiles| tiles.last_turn(q).is_some_and(|turn| turn != tiles.turns - 1);
        match step.side.step {
            Move::Around => idled(&nest.tiles[spread]),
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

    /// The same of one that has kept some, and may have been idle in the step before.
    fn held(&self, work: &Work<'_>, step: &Step<'_>, group: &Group, idled: bool) -> OutputBounds {
        let Some(own) = group.history.last() else { return OutputBounds::NONE };
        let (shape, nest, spread) = (self.shape, work.nest, step.spread);
        let mut held = step.bounds(shape, |outputs| outputs.before);
        if shape.produces(spread) {
            held[spread] = held[spread].meet(own.part.outputs);
        }
        if idled {
            // Loops inside of the spatial one had gone around: those of the box that the step before was in.
            let inside = work.level.loops.iter().skip_while(|(axis, _)| *axis != spread).skip(1);
            for &(axis, _) in inside.filter(|(axis, _)| *axis != spread && shape.produces(*axis)) {
                let part = match step.enters() {
                    true => step.cluster.past(axis).last().map(|past| past.part),
                    false => Some(nest.now[axis]),
                };
                let mut first = Span::NONE;
                if let Some(part) = part
                    && let Ok(tiles) = self.tiles_of(work, axis, &part, &mut None)
                {
                    first = tiles.hull(&part, 0).map_or(Span::NONE, |first| first.outputs);
                    if tiles.turns == 1 || !tiles.moves_outputs() {
                        continue;
                    }
                }
                held[axis] = held[axis].meet(first);
            }
        }
        held
    }
}
