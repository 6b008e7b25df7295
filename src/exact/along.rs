//! A step along one axis: the tile, the one before, and what follows from both.

use crate::dim::Tensor;
use crate::error::Error;

use super::axis::{Axis, Part, Span};
use super::cluster::{Cluster, Nest};
use super::level::{Level, Tiles};
use super::outputs::{alike, uncut};
use super::space::{Group, Groups, History, Together, add_group, distance, offset};
use super::walk::Walk;

/// What the loop of an axis does in a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Move {
    /// The cluster has just got its box: the loop is at its first turn, and was at its last one in the box before.
    Enter,
    /// It stands still at a turn.
    Stay(i32),
    /// It has just come to a turn from the one before.
    Advance(i32),
    /// It is at a turn, having been at another: the outer one of joint loops stands still while the inner one goes around.
    Jump(i32, i32),
    /// It has gone around from its last turn to the first, as a loop outside of it advanced.
    Around,
}

impl Move {
    pub fn turn(self) -> i32 {
        match self {
            Move::Enter | Move::Around => 0,
            Move::Stay(turn) | Move::Advance(turn) | Move::Jump(turn, _) => turn,
        }
    }
}

/// Outputs along an axis: of a step and the one before, `[0, 1)` where outputs are not coupled to it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Outputs {
    pub now: Span,
    /// Those of the step before that have not been given away since.
    pub before: Span,
    /// Of this step, those that the cluster had not computed with its present tile; none where a reduction goes on.
    pub first: Option<Span>,
    /// Of this step, those to which it adds nothing more with its present tile.
    pub last: Option<Span>,
    /// The same of the step before.
    pub last_before: Option<Span>,
}

impl Outputs {
    const ONE: Outputs = {
        let one = Span::new(0, 1);
        Outputs { now: one, before: one, first: Some(one), last: Some(one), last_before: Some(one) }
    };

    /// Outputs of a loop whose tiles in the turn now and in the one before are these.
    fn new(
        walk: &Walk<'_>,
        cluster: &Cluster<'_>,
        axis: Axis,
        tiles: &Tiles,
        step: Move,
        now: &Part,
        before: &Part,
    ) -> Result<Outputs, Error> {
        let produces = walk.shape.produces(axis);
        let reduces = !produces || !tiles.moves_outputs();
        let of = |part: &Part| if produces { part.outputs } else { Span::new(0, 1) };
        let mut outputs = Outputs { now: of(now), before: of(before), first: None, last: None, last_before: None };
        if let (Move::Enter, Some(held)) = (step, cluster.arrivals.held.filter(|_| cluster.above.is_some())) {
            outputs.before = outputs.before.meet(held[axis]);
        }
        let turn = step.turn();
        let hull = |turn: i32| tiles.hull(&cluster.now[axis], turn).map(|part| part.outputs);
        // Joint loops take outputs in another order than that of their tiles.
        let joint = tiles.is_joint() && produces;
        outputs.first = match turn {
            _ if joint => Some(apart(outputs.now, (0..turn).filter_map(hull))?),
            0 => Some(outputs.now),
            _ if reduces => None,
            _ => hull(turn - 1).map(|earlier| Span::new(outputs.now.lo.max(earlier.hi), outputs.now.hi)),
        };
        if walk.clock.widens() {
            let last = |turn: i32, own: Span| {
                Ok(match turn + 1 < tiles.turns {
                    _ if joint => Some(apart(own, (turn + 1..tiles.turns).filter_map(hull))?),
                    false => Some(own),
                    true if reduces => None,
                    true => hull(turn + 1).map(|later| Span::new(own.lo, own.hi.min(later.lo))),
                })
            };
            outputs.last = last(turn, outputs.now)?;
            outputs.last_before = match step {
                Move::Enter | Move::Around => Some(outputs.before),
                Move::Stay(_) => outputs.last,
                Move::Advance(turn) => last(turn - 1, outputs.before)?,
                Move::Jump(_, turn) => last(turn, outputs.before)?,
            };
        }
        Ok(outputs)
    }
}

/// What is left of an interval without others, if it is one.
fn apart(mut own: Span, others: impl Iterator<Item = Span>) -> Result<Span, Error> {
    for other in others {
        let both = own.meet(other);
        if both.is_empty() {
            continue;
        }
        own = match (both.lo == own.lo, both.hi == own.hi) {
            (true, _) => Span::new(both.hi, own.hi),
            (_, true) => Span::new(own.lo, both.lo),
            _ => return Err(Error::TooIrregular),
        };
    }
    Ok(own)
}

/// A step along an axis on which all sub-clusters have the same.
#[derive(Clone, Copy, Debug)]
pub(super) struct Along {
    pub now: Part,
    pub before: Part,
    /// Elements of the tile: input, filter, output.
    pub counts: [i64; 3],
    /// Of input and filter, those that the tile before had as well.
    pub shared: [i64; 2],
    /// Iteration points, and those of them that are not on inserted zeros.
    pub points: [i64; 2],
    pub outputs: Outputs,
    /// For the levels below.
    pub history: History,
}

impl Along {
    /// An axis of one point.
    pub const ONE: Along = Along {
        now: Part::ONE,
        before: Part::ONE,
        counts: [1; 3],
        shared: [1; 2],
        points: [1; 2],
        outputs: Outputs::ONE,
        history: History::of(Part::ONE),
    };
}

/// A step along the axis that is spread over sub-clusters.
#[derive(Clone, Debug)]
pub(super) struct Side {
    pub step: Move,
    pub groups: Groups,
    /// Of input and filter, elements that any sub-cluster touches, and those new to any.
    pub together: [Together; 2],
    /// Of all sub-clusters together.
    pub outputs: Outputs,
}

impl Side {
    /// One that is still to be filled in.
    pub fn new() -> Side {
        Side { step: Move::Enter, groups: Groups::new(), together: [Together::default(); 2], outputs: Outputs::ONE }
    }
}

impl Walk<'_> {
    /// A step along an axis on which all sub-clusters have the same.
    pub fn along(
        &self,
        level: &Level,
        cluster: &Cluster<'_>,
        nest: &Nest,
        axis: Axis,
        step: Move,
    ) -> Result<Along, Error> {
        let missing = Error::IllFormed { level: level.number };
        let (shape, tiles, part) = (self.shape, &nest.tiles[axis], &cluster.now[axis]);
        let now = tiles.at(part, step.turn(), 0).ok_or(missing)?;
        let before = match step {
            Move::Stay(_) => now,
            Move::Advance(turn) => tiles.at(part, turn - 1, 0).ok_or(missing)?,
            Move::Jump(_, turn) => tiles.at(part, turn, 0).ok_or(missing)?,
            Move::Around => tiles.at(part, tiles.turns - 1, 0).ok_or(missing)?,
            Move::Enter => match cluster.past(axis).first() {
                None => now,
                Some(past) => {
                    let tiles = self.tiles_of(level, cluster, nest, axis, &past.part)?;
                    tiles.at(&past.part, tiles.turns - 1, 0).ok_or(missing)?
                }
            },
        };
        let history = match level.leaf {
            true => History::NONE,
            false => self.history(level, cluster, nest, axis, step, 0, &now)?,
        };
        let count = |tensor: Tensor| shape.count(shape.views[tensor][axis], axis, &now);
        let counts = Tensor::ALL.map(count);
        let shared = |tensor: Tensor| shape.shared(shape.views[tensor][axis], axis, &now, &before);
        Ok(Along {
            now,
            before,
            counts,
            shared: if before == now {
                [counts[0], counts[1]]
            } else {
                [shared(Tensor::Input), shared(Tensor::Filter)]
            },
            points: [now.points(), shape.slides[axis].points_on_elements(&now)],
            outputs: Outputs::new(self, cluster, axis, tiles, step, &now, &before)?,
            history,
        })
    }

    /// A step along the axis that is spread over sub-clusters.
    pub fn side(
        &self,
        level: &Level,
        cluster: &Cluster<'_>,
        nest: &Nest,
        step: Move,
        side: &mut Side,
    ) -> Result<(), Error> {
        let missing = Error::IllFormed { level: level.number };
        let axis = level.spatial();
        let (shape, tiles, part) = (self.shape, &nest.tiles[axis], &cluster.now[axis]);
        let now = tiles.hull(part, step.turn()).ok_or(missing)?;
        let before = match step {
            Move::Stay(_) => now,
            Move::Advance(turn) => tiles.hull(part, turn - 1).ok_or(missing)?,
            Move::Jump(_, turn) => tiles.hull(part, turn).ok_or(missing)?,
            Move::Around => tiles.hull(part, tiles.turns - 1).ok_or(missing)?,
            Move::Enter => match cluster.past(axis).first() {
                None => now,
                Some(past) => {
                    let tiles = self.tiles_of(level, cluster, nest, axis, &past.part)?;
                    tiles.hull(&past.part, tiles.turns - 1).ok_or(missing)?
                }
            },
        };
        let outputs = Outputs::new(self, cluster, axis, tiles, step, &now, &before)?;
        let deciding = [Some(outputs.before), outputs.first, outputs.last, outputs.last_before];
        let apart = shape.produces(axis)
            && !(deciding.into_iter().flatten().all(|span| uncut(span, outputs.now))
                && alike(cluster, axis, outputs.now));
        side.groups.clear();
        self.groups(level, cluster, nest, step, apart, &mut side.groups)?;
        for group in &mut side.groups {
            group.count_elements(shape, axis);
        }
        for (together, tensor) in side.together.iter_mut().zip([Tensor::Input, Tensor::Filter]) {
            *together = Together::new(shape, shape.views[tensor][axis], axis, &side.groups)?;
        }
        side.step = step;
        side.outputs = outputs;
        Ok(())
    }

    /// What sub-cluster `q` held along an axis before a step; `now` is its tile in it.
    #[expect(clippy::too_many_arguments, reason = "a step and a sub-cluster")]
    pub fn history(
        &self,
        level: &Level,
        cluster: &Cluster<'_>,
        nest: &Nest,
        axis: Axis,
        step: Move,
        q: i32,
        now: &Part,
    ) -> Result<History, Error> {
        let mut history = History::NONE;
        let (tiles, part) = (&nest.tiles[axis], &cluster.now[axis]);
        let place = nest.place(axis);
        match step {
            Move::Stay(_) => history.remember(*now, true),
            Move::Advance(turn) => {
                if let Some(part) = tiles.at(part, turn - 1, q) {
                    history.remember(part, true);
                }
            }
            Move::Jump(_, turn) => {
                if let Some(part) = tiles.at(part, turn, q) {
                    history.remember(part, true);
                }
            }
            Move::Around => {
                let moved = self.moves_outputs(nest, place.map_or(0, |place| place + 1));
                if let Some(last) = tiles.last_turn(q) {
                    for turn in [last, last - 1] {
                        if let Some(part) = tiles.at(part, turn, q).filter(|_| turn >= 0) {
                            history.remember(part, turn == last || !moved);
                        }
                    }
                }
            }
            Move::Enter if cluster.continues() => {
                let moved = self.moves_outputs(nest, 0);
                for past in cluster.past(axis).iter() {
                    let tiles = self.tiles_of(level, cluster, nest, axis, &past.part)?;
                    let still = past.kept && (history.is_empty() || !moved);
                    let Some(last) = tiles.last_turn(q) else { continue };
                    for turn in [last, last - 1] {
                        if let Some(part) = tiles.at(&past.part, turn, q).filter(|_| turn >= 0) {
                            history.remember(part, still && (turn == last || !moved));
                        }
                    }
                }
            }
            Move::Enter => {}
        }
        Ok(history)
    }

    /// The tiles of a box that the cluster had before; those of the present one serve where it is as large.
    pub fn tiles_of(
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
    pub fn moves_outputs(&self, nest: &Nest, place: usize) -> bool {
        nest.order.iter().skip(place).any(|axis| self.shape.produces(*axis) && nest.tiles[*axis].moves_outputs())
    }

    /// Whether all sub-clusters at work have full tiles, and had so before.
    fn uniform(&self, level: &Level, cluster: &Cluster<'_>, nest: &Nest, step: Move) -> bool {
        let axis = level.spatial();
        let (tiles, turn) = (&nest.tiles[axis], step.turn());
        let full = |part: &Part, turn: i32| {
            let active = tiles.active(turn);
            let ends = (tiles.at(part, turn, active.lo), tiles.at(part, turn, active.hi - 1));
            matches!(ends, (Some(first), Some(last)) if distance(&first, &last).is_some())
        };
        let part = &cluster.now[axis];
        full(part, turn)
            && match step {
                Move::Enter => match cluster.past(axis).single() {
                    None => !cluster.continues(),
                    Some(past) => tiles.turns == 1 && offset(part, &past.part, self.shape.slides[axis]).is_some(),
                },
                Move::Around => {
                    let last = tiles.turns - 1;
                    tiles.active(last) == tiles.active(turn) && full(part, last)
                }
                _ => true,
            }
    }

    /// Groups of the sub-clusters at work; each of them alone where what decides about their outputs cuts between them.
    fn groups(
        &self,
        level: &Level,
        cluster: &Cluster<'_>,
        nest: &Nest,
        step: Move,
        apart: bool,
        groups: &mut Groups,
    ) -> Result<(), Error> {
        let missing = Error::IllFormed { level: level.number };
        let axis = level.spatial();
        let (tiles, part, turn) = (&nest.tiles[axis], &cluster.now[axis], step.turn());
        let active = tiles.active(turn);
        let group = |q: i32| -> Result<Group, Error> {
            let now = tiles.at(part, turn, q).ok_or(missing)?;
            Ok(Group::new(q, now, self.history(level, cluster, nest, axis, step, q, &now)?))
        };
        if active.len() == 1 {
            let _ = groups.push(group(active.lo)?);
            return Ok(());
        }
        if tiles.regular && !apart && self.uniform(level, cluster, nest, step) {
            let mut all = group(0)?;
            let next = tiles.at(part, turn, 1).and_then(|next| distance(&all.now, &next));
            all.repeat(active.hi, next.unwrap_or_default());
            let _ = groups.push(all);
            return Ok(());
        }
        let slide = self.shape.slides[axis];
        let mut bounds: heapless::Vec<i32, 24> = heapless::Vec::new();
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
                [end, end + 1, tiles.last, tiles.last + 1].into_iter().try_for_each(&mut cut)
            };
            ends(tiles)?;
            if step == Move::Enter {
                for past in cluster.past(axis).iter() {
                    let tiles = self.tiles_of(level, cluster, nest, axis, &past.part)?;
                    regular &= tiles.regular;
                    ends(&tiles)?;
                }
            }
            bounds.sort_unstable();
        }
        if !regular {
            for q in active.lo..active.hi {
                let group = group(q)?;
                if apart {
                    groups.push(group).map_err(|_| Error::TooIrregular)?;
                } else {
                    add_group(groups, group, 1, None, slide, level.leaf)?;
                }
            }
            return Ok(());
        }
        let _ = bounds.push(active.hi);
        let mut q = active.lo;
        for &end in &bounds {
            let first = group(q)?;
            let next = if end - q > 1 { tiles.at(part, turn, q + 1) } else { None };
            let shift = next.and_then(|next| distance(&first.now, &next));
            add_group(groups, first, end - q, shift, slide, level.leaf)?;
            q = end;
        }
        Ok(())
    }
}
