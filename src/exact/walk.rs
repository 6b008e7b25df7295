//! One representative of each kind of step, weighted by how often the kind occurs.
//!
//! What a step moves, computes and takes depends on which loop has just advanced (those inside of it start over, those
//! outside stand still) and on the tiles of the loops: the first, one in the middle, the last. What a sub-cluster held
//! before follows from the same: it is its tile in the last step in which it had work, loops inside of the one that
//! advanced being at their last turn.

use heapless::Vec;

use crate::dim::Tensor;
use crate::error::Error;
use crate::hardware::MAX_LEVELS;

use super::axis::{Axis, Bounds, OutputBounds, Part, PerAxis, Shape, Span, points};
use super::level::{Level, Tiles};
use super::drain::Given;
use super::outputs::{Arrivals, Chain, alike, finished, finished_before, uncut, zeros};
use super::space::{Group, Groups, History, Together, add_group, distance, offset, remember};
use super::time::{Bits, Clock, Run, StepTime};

/// Kinds of steps that one mapping may have, those of inner levels counted as often as they are looked at.
pub const MAX_STEP_KINDS: u32 = 1 << 15;

/// Elements between a buffer and the sub-clusters that it feeds.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tally {
    /// Read from the buffer: input, filter.
    pub read: [i64; 2],
    /// Partial sums read back.
    pub psums: i64,
    /// Outputs written to it, partial sums included.
    pub written: i64,
    /// Of those, finished ones.
    pub finished: i64,
    /// Arriving in all sub-clusters: input, filter.
    pub arrived: [i64; 2],
    /// Outputs leaving all sub-clusters.
    pub left: i64,
    /// Of those, finished ones.
    pub left_finished: i64,
    /// The largest tile of a sub-cluster: input, filter, output.
    pub tile: [i64; 3],
    /// Some cluster takes more than one step.
    pub steps: bool,
}

/// What a walk adds up.
#[derive(Clone, Debug)]
pub(super) struct Tallies {
    pub levels: [Tally; MAX_LEVELS],
    pub operations: i64,
    /// Operations on inputs that are no inserted zeros.
    pub on_elements: i64,
}

/// A cluster in a step of the level above: its box, and what it held before.
pub(super) struct Cluster<'a> {
    pub now: Bounds,
    /// What it held along each axis, all but one; nothing where it never had a tile.
    past: &'a PerAxis<History>,
    /// Along this axis, over which it lies beside others, it held parts of its own.
    spread: Axis,
    own_past: &'a History,
    arrivals: Arrivals,
    above: Option<&'a Cluster<'a>>,
    /// The very first step of all is under way.
    starting: bool,
}

impl Chain for Cluster<'_> {
    fn arrivals(&self) -> Option<(&Arrivals, &dyn Chain)> {
        self.above.map(|above| (&self.arrivals, above as &dyn Chain))
    }
}

impl<'a> Cluster<'a> {
    /// The whole array, whose box is the layer.
    pub fn array(shape: &Shape) -> Cluster<'a> {
        Cluster {
            now: shape.whole,
            past: &NOTHING,
            spread: Axis::N,
            own_past: &NOTHING.0[0],
            arrivals: Arrivals::default(),
            above: None,
            starting: true,
        }
    }

    fn past(&self, axis: Axis) -> &History {
        if axis == self.spread { self.own_past } else { &self.past[axis] }
    }
}

const NOTHING_YET: PerAxis<History> = PerAxis([const { Vec::new() }; 6]);

static NOTHING: PerAxis<History> = NOTHING_YET;

/// A walk over the levels of a mapping.
pub(super) struct Walk<'a> {
    pub shape: &'a Shape,
    pub levels: &'a [Level],
    pub clock: &'a Clock,
    pub tallies: Tallies,
    pub kinds: u32,
}

/// The loops of a level in a box.
struct Nest {
    tiles: PerAxis<Tiles>,
    /// Axes whose loops take several turns, outermost first.
    order: Vec<Axis, 6>,
    /// Turns of these loops that are alike; none where each is a kind of its own.
    runs: Vec<Option<Runs>, 6>,
}

impl Nest {
    fn place(&self, axis: Axis) -> Option<usize> {
        self.order.iter().position(|other| *other == axis)
    }
}

/// Outputs of a step and the one before, for those that are idle.
struct Keepers<'a> {
    now: &'a OutputBounds,
    before: Option<&'a OutputBounds>,
    /// Of the step before, those that are finished.
    finished: Option<OutputBounds>,
    /// Of this one, those that will be.
    finishing: Option<OutputBounds>,
}

/// Turns of a loop that are alike: a representative, and how many.
type Runs = Vec<(i32, i32), 3>;

/// A kind of step: the turn of each loop, and the loop that has just advanced, by its place in the order.
struct Kind {
    turn: PerAxis<i32>,
    advanced: Option<usize>,
}

impl<'a> Walk<'a> {
    pub fn new(shape: &'a Shape, levels: &'a [Level], clock: &'a Clock) -> Walk<'a> {
        let tallies = Tallies { levels: [Tally::default(); MAX_LEVELS], operations: 0, on_elements: 0 };
        Walk { shape, levels, clock, tallies, kinds: 0 }
    }

    /// Walks the steps of a cluster in its present box. Its counts are added `weight` times.
    pub fn run(&mut self, index: usize, cluster: &Cluster<'_>, weight: i64) -> Result<Run, Error> {
        let mut run = Run::default();
        let Some(level) = self.levels.get(index) else { return Ok(run) };
        let nest = self.nest(level, cluster)?;
        let mut kind = Kind { turn: PerAxis([0; 6]), advanced: None };
        let first = self.step(index, cluster, &nest, &kind, weight)?;
        run.add(&first, 1);
        for place in 0..nest.order.len() {
            kind.advanced = Some(place);
            kind.turn = PerAxis([0; 6]);
            self.kinds_below(index, cluster, &nest, &mut kind, 0, weight, 1, &mut run)?;
        }
        if run.steps > 1 {
            if let Some(tally) = self.tallies.levels.get_mut(index) {
                tally.steps = true;
            }
        }
        Ok(run)
    }

    /// Every combination of turns of the loops from `place` to the one that advances.
    #[expect(clippy::too_many_arguments, reason = "the state of a recursion over loops")]
    fn kinds_below(
        &mut self,
        index: usize,
        cluster: &Cluster<'_>,
        nest: &Nest,
        kind: &mut Kind,
        place: usize,
        weight: i64,
        times: i64,
        run: &mut Run,
    ) -> Result<(), Error> {
        let (Some(advanced), Some(&axis)) = (kind.advanced, nest.order.get(place)) else { return Ok(()) };
        let advances = place == advanced;
        let mut visit = |walk: &mut Self, turn: i32, count: i32| {
            kind.turn[axis] = turn;
            let times = times * i64::from(count);
            if !advances {
                return walk.kinds_below(index, cluster, nest, kind, place + 1, weight, times, run);
            }
            let step = walk.step(index, cluster, nest, kind, weight.saturating_mul(times))?;
            run.add(&step, times);
            Ok(())
        };
        let Some(Some(runs)) = nest.runs.get(place) else {
            return (i32::from(advances)..nest.tiles[axis].turns).try_for_each(|turn| visit(self, turn, 1));
        };
        for &(start, count) in runs {
            // A loop that advances is past its first turn.
            let skip = i32::from(advances && start == 0);
            if count > skip {
                visit(self, start + skip, count - skip)?;
            }
        }
        Ok(())
    }

    /// The loops of a level in a cluster's present box.
    fn nest(&self, level: &Level, cluster: &Cluster<'_>) -> Result<Nest, Error> {
        let (shape, bounds) = (self.shape, &cluster.now);
        let mut nest = Nest { tiles: PerAxis([Tiles::ONE; 6]), order: Vec::new(), runs: Vec::new() };
        for axis in shape.axes() {
            nest.tiles[axis] = level.divide(shape, axis, &bounds[axis])?;
        }
        for &(axis, is_filter) in &level.loops {
            let tiles = &nest.tiles[axis];
            let moves = tiles.turns > 1 && (tiles.filter_moves == is_filter || tiles.together());
            if moves && !nest.order.contains(&axis) {
                let uncut = !shape.produces(axis) || alike(cluster, axis, bounds[axis].outputs);
                let runs = (tiles.regular && uncut).then(|| self.runs(axis, tiles, &bounds[axis]));
                // There is room for every axis.
                let _ = nest.order.push(axis);
                let _ = nest.runs.push(runs);
            }
        }
        Ok(nest)
    }

    /// Turns that are alike.
    fn runs(&self, axis: Axis, tiles: &Tiles, part: &Part) -> Runs {
        let produces = self.shape.produces(axis) && !tiles.filter_moves;
        let (first, second) = (tiles.hull(part, 0), tiles.hull(part, 1));
        let apart = match (first, second) {
            (Some(first), Some(second)) => first.outputs.meet(second.outputs).is_empty(),
            _ => false,
        };
        let last = tiles.turns - 1;
        let alike = match (first, tiles.hull(part, last)) {
            (Some(first), Some(last)) => offset(&first, &last, self.shape.slides[axis]).is_some(),
            _ => false,
        };
        let own_first = !(produces && apart);
        let own_last = !alike || tiles.active(0).len() != tiles.active(last).len() || (own_first && self.clock.widens());
        let mut runs = Runs::new();
        let (mut start, mut end) = (0, tiles.turns);
        // There is room for three.
        if own_first {
            let _ = runs.push((0, 1));
            start = 1;
        }
        if own_last && end > start {
            end -= 1;
        }
        if end > start {
            let _ = runs.push((start, end - start));
        }
        if end < tiles.turns {
            let _ = runs.push((last, 1));
        }
        runs
    }

    fn step(
        &mut self,
        index: usize,
        cluster: &Cluster<'_>,
        nest: &Nest,
        kind: &Kind,
        weight: i64,
    ) -> Result<StepTime, Error> {
        self.kinds += 1;
        let Some(level) = self.levels.get(index).filter(|_| self.kinds <= MAX_STEP_KINDS) else {
            return Err(Error::TooIrregular);
        };
        let shape = self.shape;
        let spread = level.spatial();
        // Along all axes but the spatial one, sub-clusters have the same, and had the same before.
        let (mut now, mut held) = (cluster.now, cluster.now);
        let continues = kind.advanced.is_some() || !cluster.own_past.is_empty();
        let missing = Error::IllFormed { level: level.number };
        for axis in shape.axes() {
            if axis != spread {
                now[axis] = nest.tiles[axis].at(&cluster.now[axis], kind.turn[axis], 0).ok_or(missing)?;
                if continues {
                    held[axis] = self.part_before(level, cluster, nest, kind, axis, &now[axis])?;
                }
            }
        }
        let tiles = &nest.tiles[spread];
        let box_part = &cluster.now[spread];
        let turn = kind.turn[spread];
        let together = tiles.hull(box_part, turn).ok_or(missing)?;

        // Outputs of the step, and of the one before.
        let mut outputs = shape.outputs(&now);
        if shape.produces(spread) {
            outputs[spread] = together.outputs;
        }
        let hull_before = self.hull_before(level, cluster, nest, kind)?;
        let before = self.before(cluster, kind, &held, spread, hull_before);
        let first = self.first(cluster, nest, kind, &outputs);
        let stayed = before.as_ref().map_or(0, |before| before.meet(&outputs).volume());
        let entered = outputs.volume() - stayed;
        let psums = entered - first.as_ref().map_or(0, |first| zeros(cluster, first));
        let given = before.as_ref().map_or(0, OutputBounds::volume) - stayed;
        let inside = kind.advanced.is_some();
        // Which outputs are finished does not matter where partial sums are as wide.
        let (mut last, mut last_before, mut finished_outputs, mut finishing) = (None, None, None, None);
        if self.clock.widens() {
            last = self.last(cluster, nest, kind, &outputs);
            last_before = if inside { self.last_before(cluster, nest, kind, before.as_ref()) } else { before };
            finished_outputs = match last_before {
                Some(last) if inside => finished(cluster, last),
                Some(last) => finished_before(cluster, last),
                None => None,
            };
            finishing = last.and_then(|last| finished(cluster, last));
        }
        let given_finished = finished_outputs.as_ref().map_or(0, OutputBounds::volume);

        let deciding = [before, first, last, last_before];
        let apart = shape.produces(spread)
            && !(deciding.iter().flatten().all(|bounds| uncut(bounds[spread], outputs[spread]))
                && alike(cluster, spread, outputs[spread]));
        // Which of them gets partial sums matters below it alone.
        let groups = self.groups(level, cluster, nest, kind, psums > 0 && !level.leaf, apart)?;

        // What is new, once for all sub-clusters and for each of them.
        let mut read = [0; 2];
        let mut arrived = [0; 2];
        for (tensor, (read, arrived)) in
            [Tensor::Input, Tensor::Filter].into_iter().zip(read.iter_mut().zip(&mut arrived))
        {
            if tensor == Tensor::Filter && !shape.has_filter {
                continue;
            }
            let views = &shape.views[tensor];
            let (mut touched, mut shared) = (1, 1);
            for axis in shape.axes() {
                if axis != spread {
                    touched *= shape.count(views[axis], axis, &now[axis]);
                    if continues {
                        shared *= shape.shared(views[axis], axis, &now[axis], &held[axis]);
                    }
                }
            }
            if !continues {
                shared = 0;
            }
            let view = views[spread];
            let all = Together::new(shape, view, spread, &groups)?;
            *read = touched * all.touched - shared * (all.touched - all.fresh);
            for group in &groups {
                let own = shape.count(view, spread, &group.now);
                let held = group.history.first().map_or(0, |past| shape.shared(view, spread, &group.now, &past.part));
                *arrived += (touched * own - shared * held) * i64::from(group.count);
            }
        }

        // The slowest sub-cluster.
        let starting = cluster.starting && kind.advanced.is_none();
        let leaf = level.leaf;
        let mut past = NOTHING_YET;
        if !leaf {
            for axis in Axis::ALL.into_iter().filter(|axis| *axis != spread) {
                past[axis] = self.history(level, cluster, nest, kind, axis, 0, &now[axis])?;
            }
        }
        let mut time = StepTime::default();
        let (mut left, mut left_finished) = (0, 0);
        let mut tile = [0; 3];
        let mut lower: Option<Span> = None;
        for group in &groups {
            let count = i64::from(group.count);
            let mut bounds = now;
            bounds[spread] = group.now;
            let own = shape.outputs(&bounds);
            let stayed = self.held(cluster, nest, kind, level, group, &held, hull_before);
            left += count * (own.volume() - stayed.as_ref().map_or(0, |stayed| stayed.meet(&own).volume()));
            left_finished += count * finishing.as_ref().map_or(0, |finishing| finishing.meet(&own).volume());
            for (largest, tensor) in tile.iter_mut().zip(Tensor::ALL) {
                *largest = shape.volume(tensor, &bounds).max(*largest);
            }
            if leaf {
                let operations = points(&bounds);
                self.tallies.operations += operations * count * weight;
                self.tallies.on_elements += shape.points_on_elements(&bounds) * count * weight;
                time.compute(self.clock.pe(operations), count);
            } else {
                let mut lowest = own;
                lowest[spread] = match lower {
                    Some(_) if !shape.produces(spread) => Span::new(0, 0),
                    Some(lower) => Span::new(own[spread].lo.max(lower.hi), own[spread].hi),
                    None => own[spread],
                };
                let arrivals = Arrivals { held: stayed, before, first, lowest: Some(lowest), last, last_before, inside };
                let inner = Cluster {
                    now: bounds,
                    past: &past,
                    spread,
                    own_past: &group.history,
                    arrivals,
                    above: Some(cluster),
                    starting,
                };
                time.compute(self.run(index + 1, &inner, weight * count)?, count);
            }
            let end = group.last();
            lower = Some(if shape.produces(spread) { end.outputs } else { Span::new(0, 1) });
        }

        if !leaf || self.clock.widens() {
            let keepers = Keepers { now: &outputs, before: before.as_ref(), finished: finished_outputs, finishing };
            self.idle(index, level, cluster, nest, kind, continues.then_some(&held), &keepers, weight, &mut time)?;
        }

        let noc = self.clock.noc(index);
        let moved_in = if self.clock.multicast { read } else { arrived };
        let bits: &Bits = &self.clock.bits;
        time.transfers(
            noc.cycles(moved_in[0] * bits.input + moved_in[1] * bits.filter + psums * bits.psum),
            noc.cycles(given_finished * bits.output + (given - given_finished) * bits.psum),
            starting,
        );

        if let Some(tally) = self.tallies.levels.get_mut(index) {
            for tensor in 0..2 {
                tally.read[tensor] += moved_in[tensor] * weight;
                tally.arrived[tensor] += arrived[tensor] * weight;
            }
            tally.psums += psums * weight;
            tally.written += entered * weight;
            tally.finished += finishing.as_ref().map_or(0, OutputBounds::volume) * weight;
            tally.left += left * weight;
            tally.left_finished += left_finished * weight;
            for (largest, tile) in tally.tile.iter_mut().zip(tile) {
                *largest = tile.max(*largest);
            }
        }
        Ok(time)
    }

    /// Idle sub-clusters: what they give away takes its time below, and what they keep is finished with the others'.
    #[expect(clippy::too_many_arguments, reason = "a step and what is known of it")]
    fn idle(
        &mut self,
        index: usize,
        level: &Level,
        cluster: &Cluster<'_>,
        nest: &Nest,
        kind: &Kind,
        past: Option<&Bounds>,
        keepers: &Keepers<'_>,
        weight: i64,
        time: &mut StepTime,
    ) -> Result<(), Error> {
        let Some(before) = keepers.before else { return Ok(()) };
        let axis = level.spatial();
        let (tiles, part, turn) = (&nest.tiles[axis], &cluster.now[axis], kind.turn[axis]);
        let first_idle = tiles.active(turn).hi;
        let place = nest.place(axis);
        // Boxes that left sub-clusters with a tile: earlier turns of the present one, and those before.
        let here = matches!((kind.advanced, place), (Some(advanced), Some(place)) if place <= advanced) && turn > 0;
        let mut q = first_idle;
        let mut source: Option<(Tiles, Part, i32)> = here.then_some((*tiles, *part, turn - 1));
        let moved = kind.advanced.is_some() && self.moves_outputs(nest, 0);
        let mut boxes = cluster.past(axis).iter().filter(|past| past.kept && !moved);
        loop {
            let (tiles, part, turn) = match source.take() {
                Some(source) => source,
                None => match boxes.next() {
                    None => return Ok(()),
                    Some(past) => {
                        let tiles = self.tiles_of(level, cluster, nest, axis, &past.part)?;
                        (tiles, past.part, tiles.turns - 1)
                    }
                },
            };
            let end = if tiles.spatial { tiles.active(turn).hi } else { 0 };
            let mut outermost = true;
            for turn in [turn, turn - 1] {
                let end = if turn >= 0 && tiles.spatial { tiles.active(turn).hi } else { end };
                while q < end {
                    // Those alike at once: all but the last, whose tile may be cut.
                    let count = if tiles.regular && !level.leaf { (end - 1 - q).max(1) } else if tiles.regular { (end - 1 - q).max(1) } else { 1 };
                    let Some(tile) = tiles.at(&part, turn, q) else { break };
                    let within = here && outermost;
                    self.idle_group(index, level, cluster, nest, kind, past, keepers, tile, within, before, weight * i64::from(count), time)?;
                    q += count;
                }
                outermost = false;
            }
        }
    }

    /// One of a group of idle sub-clusters, whose last tile along the spatial axis was `tile`.
    #[expect(clippy::too_many_arguments, reason = "a step and what is known of it")]
    fn idle_group(
        &mut self,
        index: usize,
        level: &Level,
        cluster: &Cluster<'_>,
        nest: &Nest,
        kind: &Kind,
        past: Option<&Bounds>,
        keepers: &Keepers<'_>,
        tile: Part,
        within: bool,
        before: &OutputBounds,
        weight: i64,
        time: &mut StepTime,
    ) -> Result<(), Error> {
        let axis = level.spatial();
        let mut bounds = cluster.now;
        let Some(past) = past else { return Ok(()) };
        for other in self.shape.axes().filter(|other| *other != axis) {
            bounds[other] = past[other];
        }
        bounds[axis] = tile;
        let mut held = self.shape.outputs(&bounds);
        // Idle for some steps of the present box: loops inside went around.
        if let (true, Some(advanced), Some(place)) = (within, kind.advanced, nest.place(axis)) {
            if place < advanced {
                for &inside in nest.order.iter().skip(place + 1) {
                    let (tiles, part) = (&nest.tiles[inside], &cluster.now[inside]);
                    let (first, last) = (tiles.hull(part, 0), tiles.hull(part, tiles.turns - 1));
                    let (Some(first), Some(last)) = (first, last) else { return Ok(()) };
                    bounds[inside] = last;
                    if self.shape.produces(inside) {
                        held[inside] = first.outputs.meet(last.outputs);
                    }
                }
            }
        }
        let held = held.meet(before);
        if held.volume() == 0 {
            return Ok(());
        }
        let given = Given { held, still: keepers.now, finished: keepers.finished };
        if !level.leaf {
            time.give_away(self.give_away(index + 1, &bounds, &given)?);
        }
        if let Some(finishing) = keepers.finishing.map(|finishing| finishing.meet(&held)) {
            self.keep(index, level, &bounds, &finishing, weight)?;
        }
        Ok(())
    }

    /// Counts outputs that an idle sub-cluster and those below it keep to the end.
    fn keep(&mut self, index: usize, level: &Level, bounds: &Bounds, kept: &OutputBounds, weight: i64) -> Result<(), Error> {
        if let Some(tally) = self.tallies.levels.get_mut(index) {
            tally.left_finished += kept.meet(&self.shape.outputs(bounds)).volume() * weight;
        }
        let Some(below) = self.levels.get(index + 1).filter(|_| !level.leaf) else { return Ok(()) };
        let held = self.held_at_end(below, bounds)?.meet(kept).volume();
        if let Some(tally) = self.tallies.levels.get_mut(index + 1) {
            tally.finished += held * weight;
        }
        let mut ends: Vec<(Bounds, i64), 4> = Vec::new();
        self.each_end(below, bounds, &mut |bounds, count| ends.push((*bounds, count)).map_err(|_| Error::TooIrregular))?;
        ends.iter().try_for_each(|(bounds, count)| self.keep(index + 1, below, bounds, kept, weight * count))
    }

    /// What every sub-cluster had along an axis in the step before; `now` is what it has in this one.
    fn part_before(
        &self,
        level: &Level,
        cluster: &Cluster<'_>,
        nest: &Nest,
        kind: &Kind,
        axis: Axis,
        now: &Part,
    ) -> Result<Part, Error> {
        let missing = Error::IllFormed { level: level.number };
        let Some(advanced) = kind.advanced else {
            let part = cluster.past(axis).first().ok_or(missing)?.part;
            let tiles = self.tiles_of(level, cluster, nest, axis, &part)?;
            return tiles.at(&part, tiles.turns - 1, 0).ok_or(missing);
        };
        let (tiles, part) = (&nest.tiles[axis], &cluster.now[axis]);
        let turn = match nest.place(axis) {
            Some(place) if place > advanced => tiles.turns - 1,
            Some(place) if place == advanced => kind.turn[axis] - 1,
            _ => return Ok(*now),
        };
        tiles.at(part, turn, 0).ok_or(missing)
    }

    /// What sub-cluster `q` held along an axis before a step; `now` is its tile in it.
    #[expect(clippy::too_many_arguments, reason = "a step and a sub-cluster")]
    fn history(
        &self,
        level: &Level,
        cluster: &Cluster<'_>,
        nest: &Nest,
        kind: &Kind,
        axis: Axis,
        q: i32,
        now: &Part,
    ) -> Result<History, Error> {
        let mut history = History::new();
        let Some(advanced) = kind.advanced else {
            for past in cluster.past(axis) {
                let tiles = self.tiles_of(level, cluster, nest, axis, &past.part)?;
                let still = past.kept && (history.is_empty() || !self.moves_outputs(nest, 0));
                if let Some(last) = tiles.last_turn(q) {
                    let turns = [Some(last), last.checked_sub(1)];
                    for (i, turn) in turns.into_iter().flatten().filter(|turn| *turn >= 0).enumerate() {
                        if let Some(part) = tiles.at(&past.part, turn, q) {
                            remember(&mut history, part, still && (i == 0 || !self.moves_outputs(nest, 0)));
                            if level.leaf {
                                return Ok(history);
                            }
                        }
                    }
                }
            }
            return Ok(history);
        };
        let (tiles, part) = (&nest.tiles[axis], &cluster.now[axis]);
        let place = nest.place(axis);
        match place {
            Some(place) if place > advanced => {
                if let Some(last) = tiles.last_turn(q) {
                    for turn in [last, last - 1] {
                        if let Some(part) = tiles.at(part, turn, q).filter(|_| turn >= 0) {
                            remember(&mut history, part, turn == last || !self.moves_outputs(nest, place + 1));
                            if level.leaf {
                                break;
                            }
                        }
                    }
                }
            }
            Some(place) if place == advanced => {
                if let Some(part) = tiles.at(part, kind.turn[axis] - 1, q) {
                    remember(&mut history, part, true);
                }
            }
            _ => remember(&mut history, *now, true),
        }
        Ok(history)
    }

    /// The tiles of a box that the cluster had before; those of the present one serve where it is as large.
    fn tiles_of(
        &self,
        level: &Level,
        cluster: &Cluster<'_>,
        nest: &Nest,
        axis: Axis,
        part: &Part,
    ) -> Result<Tiles, Error> {
        match offset(&cluster.now[axis], part, self.shape.slides[axis]) {
            Some(_) => Ok(nest.tiles[axis]),
            None => level.divide(self.shape, axis, part),
        }
    }

    /// Whether a loop from `place` inwards changes outputs.
    fn moves_outputs(&self, nest: &Nest, place: usize) -> bool {
        nest.order.iter().skip(place).any(|axis| self.shape.produces(*axis) && !nest.tiles[*axis].filter_moves)
    }

    /// What all sub-clusters together had along the spatial axis in the step before.
    fn hull_before(
        &self,
        level: &Level,
        cluster: &Cluster<'_>,
        nest: &Nest,
        kind: &Kind,
    ) -> Result<Option<Part>, Error> {
        let axis = level.spatial();
        let (tiles, part, turn) = (&nest.tiles[axis], &cluster.now[axis], kind.turn[axis]);
        Ok(match (kind.advanced, nest.place(axis)) {
            (None, _) => match cluster.past(axis).first() {
                None => None,
                Some(past) => {
                    let tiles = self.tiles_of(level, cluster, nest, axis, &past.part)?;
                    tiles.hull(&past.part, tiles.turns - 1)
                }
            },
            (Some(advanced), Some(place)) if place > advanced => tiles.hull(part, tiles.turns - 1),
            (Some(advanced), Some(place)) if place == advanced => tiles.hull(part, turn - 1),
            _ => tiles.hull(part, turn),
        })
    }

    /// Outputs of the step before.
    fn before(
        &self,
        cluster: &Cluster<'_>,
        kind: &Kind,
        held: &Bounds,
        spread: Axis,
        hull: Option<Part>,
    ) -> Option<OutputBounds> {
        let hull = hull?;
        let mut outputs = self.shape.outputs(held);
        if self.shape.produces(spread) {
            outputs[spread] = hull.outputs;
        }
        if kind.advanced.is_none() && cluster.above.is_some() {
            outputs = outputs.meet(cluster.arrivals.held.as_ref()?);
        }
        Some(outputs)
    }

    /// Outputs of the step that the cluster has not computed before with its present tile.
    fn first(&self, cluster: &Cluster<'_>, nest: &Nest, kind: &Kind, outputs: &OutputBounds) -> Option<OutputBounds> {
        let mut first = *outputs;
        for &axis in &nest.order {
            let (tiles, turn) = (&nest.tiles[axis], kind.turn[axis]);
            if turn > 0 {
                if !self.shape.produces(axis) || (tiles.filter_moves && !tiles.together()) {
                    return None;
                }
                let before = tiles.hull(&cluster.now[axis], turn - 1)?.outputs;
                first[axis] = Span::new(first[axis].lo.max(before.hi), first[axis].hi);
            }
        }
        Some(first)
    }

    /// Outputs of the step to which the cluster adds nothing more while it has its present tile.
    fn last(&self, cluster: &Cluster<'_>, nest: &Nest, kind: &Kind, outputs: &OutputBounds) -> Option<OutputBounds> {
        self.last_of(cluster, nest, outputs, |axis, _| kind.turn[axis])
    }

    /// The same of the step before, within the present tile.
    fn last_before(
        &self,
        cluster: &Cluster<'_>,
        nest: &Nest,
        kind: &Kind,
        before: Option<&OutputBounds>,
    ) -> Option<OutputBounds> {
        let advanced = kind.advanced?;
        self.last_of(cluster, nest, before?, |axis, place| match place {
            place if place < advanced => kind.turn[axis],
            place if place == advanced => kind.turn[axis] - 1,
            _ => nest.tiles[axis].turns - 1,
        })
    }

    fn last_of(
        &self,
        cluster: &Cluster<'_>,
        nest: &Nest,
        outputs: &OutputBounds,
        turn: impl Fn(Axis, usize) -> i32,
    ) -> Option<OutputBounds> {
        let mut last = *outputs;
        for (place, &axis) in nest.order.iter().enumerate() {
            let (tiles, turn) = (&nest.tiles[axis], turn(axis, place));
            if turn + 1 < tiles.turns {
                if !self.shape.produces(axis) || (tiles.filter_moves && !tiles.together()) {
                    return None;
                }
                let next = tiles.hull(&cluster.now[axis], turn + 1)?.outputs;
                last[axis] = Span::new(last[axis].lo, last[axis].hi.min(next.lo));
            }
        }
        Some(last)
    }

    /// Outputs that a sub-cluster still holds from before.
    #[expect(clippy::too_many_arguments, reason = "a step and a sub-cluster")]
    fn held(
        &self,
        cluster: &Cluster<'_>,
        nest: &Nest,
        kind: &Kind,
        level: &Level,
        group: &Group,
        past: &Bounds,
        hull_before: Option<Part>,
    ) -> Option<OutputBounds> {
        let own = group.history.first().filter(|past| past.kept)?;
        let spread = level.spatial();
        let mut held = self.shape.outputs(past);
        if self.shape.produces(spread) {
            held[spread] = own.part.outputs;
        }
        if let Some(hull) = hull_before.filter(|_| self.shape.produces(spread)) {
            held[spread] = held[spread].meet(hull.outputs);
        }
        if kind.advanced.is_none() && cluster.above.is_some() {
            held = held.meet(cluster.arrivals.held.as_ref()?);
        }
        // Idle since an earlier turn: loops inside went around once more.
        let Some(place) = nest.place(spread) else { return Some(held) };
        let (tiles, boxes) = match kind.advanced {
            Some(advanced) if place > advanced => (nest.tiles[spread], None),
            Some(_) => return Some(held),
            None => {
                let past = cluster.past(spread).first()?;
                (self.tiles_of(level, cluster, nest, spread, &past.part).ok()?, Some(cluster))
            }
        };
        if tiles.last_turn(group.q).is_some_and(|turn| turn != tiles.turns - 1) {
            for &axis in nest.order.iter().skip(place + 1) {
                if self.shape.produces(axis) {
                    let part = match boxes {
                        None => cluster.now[axis],
                        Some(cluster) => cluster.past(axis).first()?.part,
                    };
                    let first = self.tiles_of(level, cluster, nest, axis, &part).ok()?.at(&part, 0, 0)?;
                    held[axis] = held[axis].meet(first.outputs);
                }
            }
        }
        Some(held)
    }

    /// Whether all sub-clusters at work have full tiles, and had so before.
    fn uniform(&self, level: &Level, cluster: &Cluster<'_>, nest: &Nest, kind: &Kind) -> bool {
        let axis = level.spatial();
        let (tiles, turn) = (&nest.tiles[axis], kind.turn[axis]);
        let full = |part: &Part, tiles: &Tiles, turn: i32| {
            let active = tiles.active(turn);
            let ends = (tiles.at(part, turn, active.lo), tiles.at(part, turn, active.hi - 1));
            matches!(ends, (Some(first), Some(last)) if distance(&first, &last).is_some())
        };
        let part = &cluster.now[axis];
        if !full(part, tiles, turn) {
            return false;
        }
        match (kind.advanced, nest.place(axis)) {
            (None, _) => match cluster.past(axis).as_slice() {
                [] => true,
                [past] => {
                    tiles.turns == 1 && offset(part, &past.part, self.shape.slides[axis]).is_some()
                }
                _ => false,
            },
            (Some(advanced), Some(place)) if place > advanced => {
                let last = tiles.turns - 1;
                tiles.active(last) == tiles.active(turn) && full(part, tiles, last)
            }
            _ => true,
        }
    }

    /// Groups of the sub-clusters at work.
    fn groups(
        &self,
        level: &Level,
        cluster: &Cluster<'_>,
        nest: &Nest,
        kind: &Kind,
        split: bool,
        apart: bool,
    ) -> Result<Groups, Error> {
        let axis = level.spatial();
        let (tiles, part, turn) = (&nest.tiles[axis], &cluster.now[axis], kind.turn[axis]);
        let active = tiles.active(turn);
        let mut groups = Groups::new();
        let group = |q: i32| {
            let now = tiles.at(part, turn, q)?;
            Some(self.history(level, cluster, nest, kind, axis, q, &now).map(|history| Group::new(q, now, history)))
        };
        let slide = self.shape.slides[axis];
        if active.len() == 1 {
            let only = group(active.lo).ok_or(Error::IllFormed { level: level.number })??;
            let _ = groups.push(only);
            return Ok(groups);
        }
        if tiles.regular && !apart && !split && self.uniform(level, cluster, nest, kind) {
            let mut all = group(0).ok_or(Error::IllFormed { level: level.number })??;
            let next = tiles.at(part, turn, 1).and_then(|next| distance(&all.now, &next));
            all.repeat(active.hi, next.unwrap_or_default());
            let _ = groups.push(all);
            return Ok(groups);
        }
        let mut bounds: Vec<i32, 24> = Vec::new();
        let mut regular = tiles.regular && !apart;
        if regular {
            let mut cut = |at: i32| {
                if at > active.lo && at < active.hi && !bounds.contains(&at) {
                    bounds.push(at).map_err(|_| Error::TooIrregular)
                } else {
                    Ok(())
                }
            };
            cut(active.lo + 1)?;
            cut(active.hi - 1)?;
            let mut ends = |tiles: &Tiles| {
                let end = tiles.last.checked_rem(tiles.clusters).unwrap_or(0);
                for at in [end, end + 1, tiles.last, tiles.last + 1] {
                    cut(at)?;
                }
                Ok(())
            };
            ends(tiles)?;
            if kind.advanced.is_none() {
                for past in cluster.past(axis) {
                    let tiles = self.tiles_of(level, cluster, nest, axis, &past.part)?;
                    regular &= tiles.regular;
                    ends(&tiles)?;
                }
            }
            bounds.sort_unstable();
        }
        if !regular {
            for q in active.lo..active.hi {
                let group = group(q).ok_or(Error::IllFormed { level: level.number })??;
                if apart {
                    groups.push(group).map_err(|_| Error::TooIrregular)?;
                } else {
                    add_group(&mut groups, group, 1, None, slide, level.leaf, split)?;
                }
            }
            return Ok(groups);
        }
        let _ = bounds.push(active.hi);
        let mut q = active.lo;
        for &end in &bounds {
            let first = group(q).ok_or(Error::IllFormed { level: level.number })??;
            let shift = if end - q > 1 { tiles.at(part, turn, q + 1).and_then(|next| distance(&first.now, &next)) } else { None };
            add_group(&mut groups, first, end - q, shift, slide, level.leaf, split)?;
            q = end;
        }
        Ok(groups)
    }
}
