//! A level whose tiles are all alike: what its steps bring, as products over axes.
//!
//! In the last turn of the loop over space some sub-clusters may be idle. These keep their operands and give their outputs away;
//! when they have work again, what they hold is of the turn before.

use heapless::Vec;

use super::super::space::{Axis, MAX_AXES};
use super::OUTPUT;

/// Elements of input and filter: in all sub-clusters that have them, and as the buffer above sends them.
pub type Operands = [u64; 4];

/// What the loop along an axis does from one step to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    Stays,
    Advances,
    /// From its end back to its beginning.
    Around,
    /// The same for a sub-cluster that was idle in the last turn.
    Sooner,
}

const TURNS: [Turn; 4] = [Turn::Stays, Turn::Advances, Turn::Around, Turn::Sooner];

/// What a step moves between a buffer and the sub-clusters below.
#[derive(Clone, Copy, Debug, Default)]
pub struct Flow {
    /// Operands that come in.
    pub operands: Operands,
    /// Outputs that enter sub-clusters, and different ones among them.
    pub entered: u64,
    pub enters: u64,
    /// Different outputs that leave.
    pub leaves: u64,
}

/// Steps in which a loop advances.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    pub turns: [Turn; MAX_AXES],
    /// Whether the tiles of outputs are others than before.
    pub moves: bool,
    /// With all sub-clusters at work, and in a last turn over space that leaves some idle.
    pub phases: [Phase; 2],
}

/// Some of them.
#[derive(Clone, Copy, Debug)]
pub struct Phase {
    /// How many there are before any loop over which outputs are summed has turned, and after that.
    pub times: [u64; 2],
    /// Sub-clusters at work.
    pub busy: u64,
    pub flow: Flow,
}

/// Tiles of a level along an axis.
#[derive(Clone, Copy, Debug)]
pub struct Laid {
    axis: Axis,
    tile: u64,
    /// Outputs from a tile of a sub-cluster to its next one.
    pitch: i64,
    turns: u64,
    /// Sub-clusters that have work in the first turn, and in the last.
    busy: [u64; 2],
    /// Whether what several take is sent once.
    multicast: bool,
}

impl Laid {
    /// Tiles over so many sub-clusters; `None` where not all are alike.
    pub fn new(axis: &Axis, extent: u32, tile: u32, ways: u32, multicast: bool) -> Option<Laid> {
        let (count, pitch) = (extent / tile, i64::from(ways) * i64::from(tile));
        let (turns, busy) = (count.div_ceil(ways), count.min(ways));
        let busy = [busy, count - (turns - 1) * busy].map(u64::from);
        let laid = Laid { axis: *axis, tile: tile.into(), pitch, turns: turns.into(), busy, multicast };
        extent.is_multiple_of(tile).then_some(laid)
    }

    fn produces(&self) -> bool {
        self.axis.coupled[OUTPUT]
    }

    /// Outputs from the tile before to the present one.
    fn distance(&self, turn: Turn) -> i64 {
        match turn {
            Turn::Stays => 0,
            Turn::Advances => self.pitch,
            Turn::Around => (1 - self.turns as i64) * self.pitch,
            Turn::Sooner => (2 - self.turns as i64) * self.pitch,
        }
    }

    /// Operands that neighbouring sub-clusters have from the tile before: so many, which were so many outputs away, and others.
    fn kept(&self, groups: [(u64, i64); 2]) -> Operands {
        let all = groups[0].0 + groups[1].0;
        let mut kept = [all, all, 1, 1];
        for tensor in (0..OUTPUT).filter(|tensor| self.axis.coupled[*tensor]) {
            let [step, window] = match self.axis.slide {
                Some([stride, filter, _]) if tensor == 0 => [stride.min(filter), filter].map(u64::from),
                _ => [1, 1],
            };
            let elements = |tiles: u64| (tiles * self.tile - 1) * step + window;
            let shared = |away: i64| elements(1).saturating_sub(away.unsigned_abs() * step);
            // What is new lies in a row.
            let (mut from, mut to, mut place) = (u64::MAX, 0, 0);
            let mut sum = 0;
            for (count, away) in groups {
                let own = shared(away);
                sum += count * own;
                if count > 0 && away != 0 {
                    let [low, high] = if away > 0 { [own, 0] } else { [0, own] };
                    from = from.min(place * self.tile * step + low);
                    to = to.max(elements(place + count) - high);
                }
                place += count;
            }
            kept[tensor] = sum;
            kept[2 + tensor] = elements(all) - to.saturating_sub(from);
        }
        if self.multicast { kept } else { [kept[0], kept[1], kept[0], kept[1]] }
    }

    /// All of the tiles of so many sub-clusters.
    fn whole(&self, busy: u64) -> Operands {
        self.kept([(busy, 0), (0, 0)])
    }

    /// What a box begins with of what the one before, so many outputs away, ended with.
    fn around(&self, away: i64) -> Operands {
        let [all, last] = self.busy;
        self.kept([(last, away + self.distance(Turn::Around)), (all - last, away + self.distance(Turn::Sooner))])
    }
}

/// How a level divides its box.
#[derive(Clone, Debug)]
pub struct Level {
    /// Elements of the tile of a sub-cluster.
    pub tile: [u64; 3],
    /// Sub-clusters that have work in the first turn over space, and in the last.
    pub busy: [u64; 2],
    /// Whether each of them has other outputs.
    pub apart: bool,
    /// Tiles of all sub-clusters, and whether there is more than one step.
    pub tiles: u64,
    pub turns: bool,
    /// What the first step of all brings.
    pub first: Flow,
    /// The other steps.
    pub kinds: Vec<Kind, MAX_AXES>,
    /// The axis over space.
    pub spread: usize,
    laid: Vec<Laid, MAX_AXES>,
    /// Operands in an element of all axes.
    single: Operands,
}

impl Level {
    pub fn new(laid: Vec<Laid, MAX_AXES>, spread: usize, order: &[usize], single: [u64; 2]) -> Level {
        let [input, filter] = single;
        let mut level = Level {
            tile: [0; 3],
            busy: laid[spread].busy,
            apart: laid[spread].produces(),
            tiles: laid.iter().map(|laid| (laid.turns - 1) * laid.busy[0] + laid.busy[1]).product(),
            turns: laid.iter().any(|laid| laid.turns > 1),
            first: Flow::default(),
            kinds: Vec::new(),
            spread,
            laid,
            single: [input, filter, input, filter],
        };
        let [input, filter, ..] = level.product(|_, laid| laid.whole(1));
        let outputs = level.laid.iter().filter(|laid| laid.produces()).map(|laid| laid.tile).product();
        level.tile = [input, filter, outputs];
        let all = level.product(|_, laid| laid.whole(laid.busy[0]));
        level.first = level.flow(all, [0; 4], true, [0, level.busy[0]]);
        level.kinds = level.kinds(order);
        level
    }

    /// Operands of a box, of which each axis has so many.
    fn product(&self, along: impl Fn(usize, &Laid) -> Operands) -> Operands {
        let along = self.laid.iter().enumerate().map(|(place, laid)| along(place, laid));
        along.fold(self.single, |all, own| [0, 1, 2, 3].map(|place| all[place] * own[place]))
    }

    /// What comes with such tiles, some of which is there; sub-clusters that had outputs before, and that have some now.
    fn flow(&self, all: Operands, kept: Operands, moves: bool, [before, now]: [u64; 2]) -> Flow {
        let outputs = if moves { self.tile[OUTPUT] } else { 0 };
        let different = |busy: u64| outputs * if self.apart { busy } else { busy.min(1) };
        Flow {
            operands: [0, 1, 2, 3].map(|place| all[place] - kept[place]),
            entered: outputs * now,
            enters: different(now),
            leaves: different(before),
        }
    }

    /// All steps but the first.
    fn kinds(&self, order: &[usize]) -> Vec<Kind, MAX_AXES> {
        let mut kinds = Vec::<Kind, MAX_AXES>::new();
        let (mut before, mut begins) = ([1, 0], [1, 0]);
        let [all, last] = self.busy;
        for &place in order.iter().filter(|place| self.laid[**place].turns > 1) {
            let laid = &self.laid[place];
            // Where the last turn over space leaves some idle, so do all steps in it.
            let among = |[full, idle]: [u64; 2], turns: u64| match place == self.spread && last < all {
                true => [full * (turns - 1), full],
                false => [full * turns, idle * turns],
            };
            let advances = among(before, laid.turns - 1);
            let first = if laid.produces() { among(begins, laid.turns - 1) } else { [0; 2] };
            let phase = |phase: usize| {
                let times = [first[phase], advances[phase] - first[phase]];
                Phase { times, busy: self.busy[phase], flow: Flow::default() }
            };
            kinds.iter_mut().for_each(|outside| outside.turns[place] = Turn::Around);
            let mut turns = [Turn::Stays; MAX_AXES];
            turns[place] = Turn::Advances;
            // There is room for every axis.
            let _ = kinds.push(Kind { turns, moves: false, phases: [phase(0), phase(1)] });
            before = among(before, laid.turns);
            begins = if laid.produces() { among(begins, laid.turns) } else { begins };
        }
        for Kind { turns, moves, phases } in &mut kinds {
            *moves = self.laid.iter().zip(&*turns).any(|(laid, turn)| laid.produces() && *turn != Turn::Stays);
            for Phase { busy, flow, .. } in phases.iter_mut().filter(|phase| phase.times != [0; 2]) {
                let at_work = |place: usize| if place == self.spread { *busy } else { 1 };
                let whole = self.product(|place, laid| laid.whole(at_work(place)));
                let kept = self.product(|place, laid| match turns[place] {
                    Turn::Stays => laid.whole(at_work(place)),
                    Turn::Advances => laid.kept([(at_work(place), laid.pitch), (0, 0)]),
                    Turn::Around | Turn::Sooner => laid.around(0),
                });
                let before = match turns[self.spread] {
                    Turn::Stays => *busy,
                    Turn::Advances => all,
                    Turn::Around | Turn::Sooner => last,
                };
                *flow = self.flow(whole, kept, *moves, [before, *busy]);
            }
        }
        kinds
    }

    /// All of them.
    pub fn phases(&self) -> impl Iterator<Item = &Phase> {
        self.kinds.iter().flat_map(|kind| &kind.phases)
    }

    /// Different outputs that sub-clusters have when a box ends.
    pub fn held(&self) -> u64 {
        self.tile[OUTPUT] * if self.apart { self.busy[1] } else { 1 }
    }

    /// What a box begins with, given how tiles of the level above lie along each axis.
    pub fn kept_from(&self, above: &[Laid]) -> Kept {
        let along = self.laid.iter().zip(above);
        let along = along.map(|(laid, above)| TURNS.map(|turn| laid.around(above.distance(turn)))).collect();
        Kept { along, single: self.single }
    }
}

/// What a box begins with of what the one before ended with, along each axis and by what the level above does there.
#[derive(Clone, Debug)]
pub struct Kept {
    along: Vec<[Operands; TURNS.len()], MAX_AXES>,
    single: Operands,
}

impl Kept {
    /// In all.
    pub fn of(&self, turns: &[Turn; MAX_AXES]) -> Operands {
        let along = self.along.iter().zip(turns).map(|(along, turn)| along[*turn as usize]);
        along.fold(self.single, |all, own| [0, 1, 2, 3].map(|place| all[place] * own[place]))
    }
}
