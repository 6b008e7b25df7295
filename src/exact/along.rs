//! A step along one axis: what the loop of the axis does, and what the present tile shares with the tile of the step
//! before.

use super::axis::{Part, Span};
use super::groups::Groups;
use super::history::History;
use super::shape::Coupling;
use super::tiles::Tiles;
use super::together::Together;

/// What the loop of an axis does in a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Move {
    /// The cluster has just received its box. The loop is at its first turn; in the box before, it ended at its last
    /// turn.
    Enter,
    /// The loop stands still at a turn.
    Stay(i32),
    /// The loop has just advanced to this turn from the one before.
    Advance(i32),
    /// The loop is at the first turn given, and was at the second one in the step before: of joint loops, the outer
    /// one stands still while the inner one goes around.
    Jump(i32, i32),
    /// The loop has gone around from its last turn to its first, because a loop outside of it has advanced.
    Around,
}

impl Move {
    pub fn turn(self) -> i32 {
        match self {
            Move::Enter | Move::Around => 0,
            Move::Stay(turn) | Move::Advance(turn) | Move::Jump(turn, _) => turn,
        }
    }

    /// The turn in the step before, if that step was in the present box.
    pub fn before(self, tiles: &Tiles) -> Option<i32> {
        match self {
            Move::Enter => None,
            Move::Stay(turn) | Move::Jump(_, turn) => Some(turn),
            Move::Advance(turn) => Some(turn - 1),
            Move::Around => Some(tiles.turns - 1),
        }
    }
}

/// Outputs of a step and of the step before, as intervals of an axis; `[0, 1)` if outputs are not coupled to the
/// axis.
#[derive(Clone, Copy, Debug)]
pub(super) struct Outputs {
    pub now: Span,
    /// Outputs of the step before that have not been given away since.
    pub before: Span,
    /// Outputs of this step that the cluster had not yet computed with its present tile; empty if a reduction goes
    /// on.
    pub first: Span,
    /// Outputs of this step to which the cluster adds nothing more with its present tile. They are determined only if
    /// partial sums and finished outputs differ in width; otherwise empty.
    pub last: Span,
    /// The same for the step before.
    pub last_before: Span,
}

impl Outputs {
    pub const ONE: Outputs =
        Outputs { now: Span::ONE, before: Span::ONE, first: Span::ONE, last: Span::ONE, last_before: Span::ONE };

    /// Goes on to a step in which the loop stands still at the same turn.
    fn stay(&mut self) {
        self.before = self.now;
        self.last_before = self.last;
    }
}

/// What a step touches, keeps and computes along one axis. The numbers of several axes are multiplied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Factors {
    /// Elements that the tile touches: input, filter, output.
    pub touched: [i64; 3],
    /// Elements of input and filter that the tile of the step before touched, too.
    pub held: [i64; 2],
    /// Iteration points; iteration points that are not on inserted zeros.
    pub points: [i64; 2],
    /// Outputs of the step before that are still held.
    pub before: i64,
    /// Outputs of this step that are still held from the step before.
    pub stayed: i64,
    /// Outputs that are computed for the first time.
    pub first: i64,
}

impl Factors {
    pub const ONE: Factors = Factors { touched: [1; 3], held: [1; 2], points: [1; 2], before: 1, stayed: 1, first: 1 };

    pub fn take(&mut self, other: &Factors) {
        let (touched, held, points) = (other.touched, other.held, other.points);
        self.touched = [self.touched[0] * touched[0], self.touched[1] * touched[1], self.touched[2] * touched[2]];
        self.held = [self.held[0] * held[0], self.held[1] * held[1]];
        self.points = [self.points[0] * points[0], self.points[1] * points[1]];
        self.before *= other.before;
        self.stayed *= other.stayed;
        self.first *= other.first;
    }

    pub fn set_outputs(&mut self, outputs: &Outputs) {
        self.before = outputs.before.len();
        self.stayed = outputs.now.meet(outputs.before).len();
        self.first = outputs.first.len();
    }
}

/// A step along an axis that is not spread: all sub-clusters have the same tile along it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Along {
    pub turn: i32,
    pub now: Part,
    pub history: History,
    pub factors: Factors,
    pub outputs: Outputs,
    /// The sub-clusters are clusters of PEs, which take the tile in one piece along this axis.
    pub whole_below: bool,
    /// At most one earlier tile is remembered, and it is as large as the present one.
    pub as_before: bool,
}

impl Along {
    /// An axis of one point.
    pub const ONE: Along = Along {
        turn: 0,
        now: Part::ONE,
        history: History::of(Part::ONE, true),
        factors: Factors::ONE,
        outputs: Outputs::ONE,
        whole_below: true,
        as_before: true,
    };

    /// The tile in the step before.
    pub fn before(&self) -> &Part {
        self.history.last().map_or(&self.now, |past| &past.part)
    }

    /// Goes on to a step in which the loop stands still at the same turn.
    pub fn stay(&mut self) {
        self.history = History::of(self.now, true);
        self.factors.held = [self.factors.touched[0], self.factors.touched[1]];
        (self.factors.before, self.factors.stayed) = (self.factors.touched[2], self.factors.touched[2]);
        self.outputs.stay();
        self.as_before = true;
    }
}

/// A step along the axis that is spread over sub-clusters. The sub-clusters lie side by side along this axis.
#[derive(Clone, Debug)]
pub(super) struct Side {
    pub step: Move,
    pub groups: Groups,
    /// For input and filter: elements that any sub-cluster touches, and those that are new to at least one.
    pub together: [Together; 2],
    /// Outputs of all sub-clusters together.
    pub outputs: Outputs,
}

impl Side {
    /// Number of sub-clusters that have work.
    pub fn at_work(&self) -> i64 {
        self.groups.iter().map(|group| i64::from(group.count)).sum()
    }

    /// An empty step, to be filled in.
    pub fn new() -> Side {
        Side { step: Move::Enter, groups: Groups::new(), together: [Together::default(); 2], outputs: Outputs::ONE }
    }

    /// Goes on to a step in which the loop stands still at the same turn. Returns `false` and changes nothing unless
    /// all sub-clusters form a single group.
    pub fn stay(&mut self) -> bool {
        let [all] = self.groups.as_mut_slice() else { return false };
        all.stay();
        self.step = Move::Stay(self.step.turn());
        self.together.iter_mut().for_each(|together| together.fresh = 0);
        self.outputs.stay();
        true
    }

    /// Goes on to a step with the same tiles, before which each sub-cluster had another tile, `shift` away from the
    /// present one and disjoint from it. Neither windows nor outputs may be coupled to the axis. Returns `false` and
    /// changes nothing unless all sub-clusters form a single group.
    pub fn had_others(&mut self, [input, filter, _]: [Coupling; 3], shift: [i32; 3], kept: bool) -> bool {
        let [all] = self.groups.as_mut_slice() else { return false };
        all.history = History::of(all.now.moved(shift), kept);
        // A tensor that is not coupled to the axis stays.
        for ((shared, together), coupling) in all.shared.iter_mut().zip(&mut self.together).zip([input, filter]) {
            let stays = coupling == Coupling::Uncoupled;
            (*shared, together.fresh) = (i64::from(stays), if stays { 0 } else { together.touched });
        }
        true
    }
}
