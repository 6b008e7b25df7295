//! A level whose tiles all have the same size: what its steps bring, as products over axes.
//!
//! In the last turn of the loop over space some sub-clusters may be idle. They keep their operands and give their
//! outputs away. When they have work again, they still hold the operands of the turn before.

use heapless::Vec;

use super::super::space::{Axis, MAX_AXES, Split};

/// The index of the output among the tensors.
pub(super) const OUTPUT: usize = 2;

/// Elements of input and filter: first the sums over all sub-clusters that take them, then the number of different
/// ones.
pub type Operands = [u64; 4];

/// What the loop along an axis does from one step to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    Stays,
    Advances,
    /// The loop goes back from its end to its beginning.
    Around,
    /// The same, for a sub-cluster that was idle in the last turn.
    Sooner,
}

const TURNS: usize = 4;

/// The tiles of a level along an axis, and their operands along it.
#[derive(Clone, Copy, Debug)]
pub struct Laid {
    tile: u64,
    /// Turns of the loop, and the sub-clusters that have work in all turns but the last, and in the last.
    turns: u64,
    busy: [u64; 2],
    /// Whether outputs are coupled to the axis.
    produces: bool,
    /// How far a sub-cluster's present tile lies from its tile before, in outputs, for each [`Turn`].
    distances: [i64; TURNS],
    /// Operands in the tiles of the sub-clusters at work, and those of them that they still hold when the loop
    /// advances; in the first turn and in the last.
    whole: [Operands; 2],
    advanced: [Operands; 2],
    /// Operands of the first step of a box that are still held from the last step of the box before, for each
    /// [`Turn`] of the level above.
    around: [Operands; TURNS],
}

impl Laid {
    /// Tiles of an extent over `ways` sub-clusters, where the boxes follow each other as the tiles of the level
    /// `above` do; `None` if the tiles differ in size.
    fn new(axis: &Axis, [extent, tile, ways]: [u32; 3], above: Option<&Laid>) -> Option<Laid> {
        if !extent.is_multiple_of(tile) {
            return None;
        }
        let (count, pitch) = (extent / tile, i64::from(ways) * i64::from(tile));
        let (turns, all) = (count.div_ceil(ways), count.min(ways));
        let mut laid = Laid {
            tile: tile.into(),
            turns: turns.into(),
            busy: [all, count - (turns - 1) * all].map(u64::from),
            produces: axis.coupled[OUTPUT],
            distances: [0, 1, 1 - i64::from(turns), 2 - i64::from(turns)].map(|turns| turns * pitch),
            whole: [[0; 4]; 2],
            advanced: [[0; 4]; 2],
            around: [[0; 4]; TURNS],
        };
        for phase in 0..2 {
            let busy = laid.busy[phase];
            laid.whole[phase] = kept(axis, laid.tile, [(busy, 0), (0, 0)]);
            if turns > 1 {
                laid.advanced[phase] = kept(axis, laid.tile, [(busy, pitch), (0, 0)]);
            }
        }
        let [.., around, sooner] = laid.distances;
        // Only turns that may occur are computed, to save time.
        let (turning, idles) = above.map_or((false, false), |above| (above.turns > 1, above.idles()));
        for turn in [Some(0), turning.then_some(1), turning.then_some(2), idles.then_some(3)].into_iter().flatten() {
            let away = above.map_or(0, |above| above.distances[turn]);
            let groups = [(laid.busy[1], away + around), (laid.busy[0] - laid.busy[1], away + sooner)];
            laid.around[turn] = kept(axis, laid.tile, groups);
        }
        Some(laid)
    }

    /// Whether some sub-clusters have no work in the last turn.
    fn idles(&self) -> bool {
        self.busy[1] < self.busy[0]
    }

    /// The operands that the sub-clusters at work, in the first turn (phase 0) or the last (phase 1), still hold from
    /// the step before.
    fn kept(&self, turn: Turn, phase: usize) -> Operands {
        match turn {
            Turn::Stays => self.whole[phase],
            Turn::Advances => self.advanced[phase],
            Turn::Around | Turn::Sooner => self.around[0],
        }
    }
}

/// Operands along an axis that neighbouring sub-clusters still hold from their tiles before. There are two groups of
/// neighbours; each is a number of sub-clusters, and how far their tiles have moved in outputs.
fn kept(axis: &Axis, tile: u64, groups: [(u64, i64); 2]) -> Operands {
    let all = groups[0].0 + groups[1].0;
    let mut kept = [all, all, 1, 1];
    for tensor in (0..OUTPUT).filter(|tensor| axis.coupled[*tensor]) {
        let [step, window] = match axis.slide {
            Some([stride, filter, _]) if tensor == 0 => [stride.min(filter), filter].map(u64::from),
            _ => [1, 1],
        };
        let elements = |tiles: u64| (tiles * tile - 1) * step + window;
        // The new elements form one contiguous range.
        let (mut sum, mut place, mut from, mut to) = (0, 0, u64::MAX, 0);
        for (count, away) in groups {
            let own = elements(1).saturating_sub(away.unsigned_abs() * step);
            sum += count * own;
            if count > 0 && away != 0 {
                let [low, high] = if away > 0 { [own, 0] } else { [0, own] };
                from = from.min(place * tile * step + low);
                to = to.max(elements(place + count) - high);
            }
            place += count;
        }
        (kept[tensor], kept[tensor + 2]) = (sum, elements(all) - to.saturating_sub(from));
    }
    kept
}

/// What a step moves between a buffer and the sub-clusters below it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Flow {
    /// Operands that come in.
    pub operands: Operands,
    /// Outputs that enter sub-clusters, and the number of different ones among them.
    pub entered: u64,
    pub enters: u64,
    /// Different outputs that leave.
    pub leaves: u64,
}

/// Steps in which a loop advances.
#[derive(Clone, Debug)]
pub struct Kind {
    /// What each loop does.
    pub turns: [Turn; MAX_AXES],
    /// Whether the tiles of outputs differ from those before.
    pub moves: bool,
    /// The steps with all sub-clusters at work, and those in a last turn over space that leaves some idle.
    pub phases: [Phase; 2],
}

/// The steps of a kind that have the same number of sub-clusters at work.
#[derive(Clone, Debug)]
pub struct Phase {
    pub steps: Vec<Steps, 4>,
    /// Sub-clusters at work.
    pub busy: u64,
    pub flow: Flow,
}

/// Steps of a phase that agree in what the loops over a reduction do.
#[derive(Clone, Copy, Debug)]
pub struct Steps {
    pub times: u64,
    /// Whether a loop over a reduction has turned before, so that outputs that enter come back as partial sums.
    pub goes_on: bool,
    /// Whether outputs that leave will come back, and whether outputs that enter are still unfinished after this
    /// tile.
    pub gives_partial: bool,
    pub remains: bool,
}

impl Phase {
    /// The number of steps that bring no partial sums, and of those that do.
    pub fn times(&self) -> [u64; 2] {
        let mut times = [0; 2];
        self.steps.iter().for_each(|steps| times[usize::from(steps.goes_on)] += steps.times);
        times
    }
}

/// How a level divides its box.
#[derive(Clone, Debug)]
pub struct Level {
    laid: Vec<Laid, MAX_AXES>,
    /// The axis over space.
    pub(super) spread: usize,
    /// Elements of the tile of a sub-cluster.
    pub(super) tile: [u64; 3],
    /// Sub-clusters that have work in the first turn over space and in the last.
    pub(super) busy: [u64; 2],
    /// Whether each sub-cluster has its own outputs.
    pub(super) apart: bool,
    /// Operands for a single element of each axis.
    single: Operands,
    /// Operands in the tiles of the sub-clusters at work, in the first turn over space and in the last.
    whole: [Operands; 2],
}

impl Level {
    /// A level that cuts boxes of these extents into these tiles. The last argument has the elements of input and
    /// filter that belong to no axis. `None` if the tiles differ in size.
    pub(super) fn new(
        axes: &[Axis],
        (split, index): (&Split, usize),
        [extents, tiles]: [&[u32]; 2],
        above: Option<&Level>,
        [input, filter]: [u64; 2],
    ) -> Option<Level> {
        let single = [input, filter, input, filter];
        let (spread, laid) = (split.spatial[index], Vec::new());
        let mut level =
            Level { laid, spread, tile: [input, filter, 1], busy: [1; 2], apart: false, single, whole: [single; 2] };
        for (place, axis) in axes.iter().enumerate() {
            let sizes = [extents[place], tiles[place], split.ways_along(index, place)];
            level.laid.push(Laid::new(axis, sizes, above.map(|above| &above.laid[place]))?).ok()?;
        }
        (level.busy, level.apart) = (level.laid[spread].busy, level.laid[spread].produces);
        level.whole = [0, 1].map(|phase| level.product(|_, laid| laid.whole[phase]));
        // All sub-clusters have the same amount of each tensor.
        let outputs = level.laid.iter().filter(|laid| laid.produces).map(|laid| laid.tile).product();
        level.tile = [level.whole[0][0] / level.busy[0], level.whole[0][1] / level.busy[0], outputs];
        Some(level)
    }

    /// Operands of a box, given those along each axis.
    #[inline(always)]
    fn product(&self, along: impl Fn(usize, &Laid) -> Operands) -> Operands {
        let mut all = self.single;
        for (place, laid) in self.laid.iter().enumerate() {
            all.iter_mut().zip(along(place, laid)).for_each(|(all, own)| *all *= own);
        }
        all
    }

    /// What a step moves if sub-clusters still hold `kept`, and `before` of them were at work in the step before.
    fn flow(&self, phase: usize, kept: Operands, moves: bool, before: u64) -> Flow {
        let (outputs, busy) = (if moves { self.tile[OUTPUT] } else { 0 }, self.busy[phase]);
        let different = |busy: u64| if self.apart { outputs * busy } else { outputs };
        let mut operands = self.whole[phase];
        operands.iter_mut().zip(kept).for_each(|(all, kept)| *all -= kept);
        Flow {
            operands,
            entered: outputs * busy,
            enters: different(busy),
            leaves: if before > 0 { different(before) } else { 0 },
        }
    }

    /// What the very first step moves.
    pub(super) fn first(&self) -> Flow {
        self.flow(0, [0; 4], true, 0)
    }

    /// What the first step of a box moves, given what each loop of the level above does.
    pub(super) fn enters(&self, above: &[Turn; MAX_AXES], moves: bool) -> Flow {
        let kept = self.product(|place, laid| laid.around[above[place] as usize]);
        self.flow(0, kept, moves, self.busy[1])
    }

    /// The number of different outputs that sub-clusters hold when a box ends.
    pub(super) fn held(&self) -> u64 {
        self.tile[OUTPUT] * if self.apart { self.busy[1] } else { 1 }
    }

    /// Iteration points in the tile of a sub-cluster, where a window counts as one.
    pub(super) fn points(&self) -> u64 {
        self.laid.iter().map(|laid| laid.tile).product()
    }

    /// The number of tiles of all sub-clusters in all steps.
    pub(super) fn tiles(&self) -> u64 {
        self.laid.iter().map(|laid| (laid.turns - 1) * laid.busy[0] + laid.busy[1]).product()
    }

    /// Whether there is more than one step.
    pub(super) fn turns(&self) -> bool {
        self.laid.iter().any(|laid| laid.turns > 1)
    }

    /// Whether steps have different outputs.
    pub(super) fn moves(&self) -> bool {
        self.laid.iter().any(|laid| laid.turns > 1 && laid.produces)
    }

    /// Whether one of these loops turns over a reduction.
    pub(super) fn sums(&self, order: &[usize]) -> bool {
        order.iter().any(|place| self.laid[*place].turns > 1 && !self.laid[*place].produces)
    }

    /// Reports all steps but the first, under this order of the loops.
    pub(super) fn steps(&self, order: &[usize], mut report: impl FnMut(&Kind)) {
        let [all, last] = self.busy;
        let mut turns = [Turn::Stays; MAX_AXES];
        let turning = |place: &usize| self.laid[*place].turns > 1;
        order.iter().copied().filter(turning).for_each(|place| turns[place] = Turn::Around);
        // The number of turns of the loops outside, indexed by whether a reduction continues, whether it remains
        // unfinished, and the phase.
        let mut outside = [[[0; 2]; 2]; 2];
        outside[0][0][0] = 1;
        for (number, &place) in order.iter().enumerate().filter(|(_, place)| turning(place)) {
            let laid = &self.laid[place];
            let sums = usize::from(!laid.produces);
            let (mut advances, mut inside) = ([[[0; 2]; 2]; 2], [[[0; 2]; 2]; 2]);
            for (goes_on, remains) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
                let times = outside[goes_on][remains];
                // If the last turn over space leaves sub-clusters idle, they are idle in all steps of that turn.
                let ends = if place == self.spread && laid.idles() { [0, times[0]] } else { times };
                for phase in 0..2 {
                    for counts in [&mut advances, &mut inside] {
                        counts[goes_on | sums][remains | sums][phase] += times[phase] * (laid.turns - 2);
                        counts[goes_on | sums][remains][phase] += ends[phase];
                    }
                    inside[goes_on][remains | sums][phase] += times[phase];
                }
            }
            turns[place] = Turn::Advances;
            let moves = self.laid.iter().zip(turns).any(|(laid, turn)| laid.produces && turn != Turn::Stays);
            let sums_inside = self.sums(&order[number + 1..]);
            let phase = |phase: usize| {
                let mut steps = Vec::new();
                for (goes_on, remains) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
                    let times = advances[goes_on][remains][phase];
                    if times > 0 {
                        let (goes_on, remains) = (goes_on > 0, remains > 0);
                        let gives_partial = remains || !laid.produces;
                        // The list has room for all four.
                        let _ = steps.push(Steps { times, goes_on, gives_partial, remains: remains || sums_inside });
                    }
                }
                let busy = self.busy[phase];
                let before = match turns[self.spread] {
                    Turn::Stays => busy,
                    Turn::Advances => all,
                    Turn::Around | Turn::Sooner => last,
                };
                let kept = || self.product(|place, laid| laid.kept(turns[place], phase));
                let flow = if steps.is_empty() { Flow::default() } else { self.flow(phase, kept(), moves, before) };
                Phase { steps, busy, flow }
            };
            report(&Kind { turns, moves, phases: [phase(0), phase(1)] });
            turns[place] = Turn::Stays;
            outside = inside;
        }
    }
}
