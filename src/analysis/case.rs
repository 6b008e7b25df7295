//! Iteration cases: the kinds of steps that a level's loops take.
//!
//! Each map is in its initial tile, in a steady one, or in a partial one at the edge. A level's steps are the
//! combinations of these; steps of the same combination cost the same, so that each combination is looked at once.

use crate::dataflow::MapKind;
use crate::dim::{Dim, DimMap};

use super::count::product;
use super::level::{Level, MAX_MAPS, Map};

/// Where along a map a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Position {
    Init,
    Steady,
    Edge,
}

/// The state of one map in one case.
#[derive(Clone, Copy, Debug)]
pub(super) struct State {
    pub position: Position,
    /// How often this state occurs in one pass over the dimension.
    pub occurrences: i32,
    /// A tile is partial.
    pub edge: bool,
    /// The initial tiles cover the dimension: it never advances.
    pub whole: bool,
    /// In a spatial step, the last sub-cluster at work has a partial tile.
    pub ragged: bool,
}

const STEADY_ONCE: State =
    State { position: Position::Steady, occurrences: 1, edge: false, whole: false, ragged: false };

/// The states that a map goes through: the initial one, then these.
#[derive(Clone, Copy, Debug)]
struct States {
    init: State,
    steady: i32,
    edge: Option<bool>,
}

impl States {
    fn of(map: &Map, extent: i32, clusters: i32) -> States {
        let fit = map.fit(extent);
        let init = State { position: Position::Init, ..STEADY_ONCE };
        match (map.kind, fit.turns(clusters)) {
            (MapKind::Temporal, _) => States {
                init: State { edge: fit.tiles == 0, whole: fit.is_one(), ..init },
                steady: fit.tiles - 1,
                edge: fit.rest.then_some(false),
            },
            (MapKind::Spatial, None) => {
                let partial = fit.tiles < clusters;
                States { init: State { edge: partial, whole: true, ragged: partial, ..init }, steady: 0, edge: None }
            }
            (MapKind::Spatial, Some(turns)) => States {
                init,
                steady: turns.full - 1,
                edge: (turns.left > 0 || fit.rest).then_some(turns.left > 0 && fit.rest),
            },
        }
    }

    fn count(&self) -> u8 {
        1 + u8::from(self.steady > 0) + u8::from(self.edge.is_some())
    }

    /// The state with that number, below [`States::count`].
    fn get(&self, number: u8) -> State {
        match (number, self.edge) {
            (0, _) => self.init,
            (1, _) if self.steady > 0 => State { occurrences: self.steady, ..STEADY_ONCE },
            (_, ragged) => {
                let ragged = ragged.unwrap_or(false);
                State { position: Position::Edge, edge: true, ragged, ..STEADY_ONCE }
            }
        }
    }
}

/// The cases of a level for a tile of a given extent, one after the other.
///
/// The order is the reference's: which case comes last shows in its off-chip bandwidth requirement and in its arithmetic
/// intensity. An inner map's number goes up by one in each case, and an outer map's whenever the next inner one leaves 0.
pub(super) struct Cases<'a> {
    level: &'a Level,
    states: heapless::Vec<(States, u8), MAX_MAPS, u8>,
    remaining: u32,
    started: bool,
    /// State of each mapped dimension; of the last map where there are two.
    pub state: DimMap<State>,
}

impl<'a> Cases<'a> {
    pub fn new(level: &'a Level, extent: impl Fn(Dim) -> i32) -> Cases<'a> {
        let mut cases = Cases {
            level,
            states: heapless::Vec::new(),
            remaining: 1,
            started: false,
            state: DimMap::filled(STEADY_ONCE),
        };
        for map in &level.maps {
            let states = States::of(map, extent(map.dim), level.clusters);
            cases.remaining *= u32::from(states.count());
            // There is room: a level has no more maps than this.
            let _ = cases.states.push((states, 0));
        }
        cases.look_up();
        cases
    }

    /// Moves on to the next case; `false` after the last.
    pub fn advance(&mut self) -> bool {
        if self.remaining == 0 {
            return false;
        }
        self.remaining -= 1;
        if self.started {
            for (states, number) in self.states.iter_mut().rev() {
                let left_zero = *number == 0;
                *number = if *number + 1 == states.count() { 0 } else { *number + 1 };
                if !left_zero {
                    break;
                }
            }
            self.look_up();
        }
        self.started = true;
        true
    }

    fn look_up(&mut self) {
        for (map, (states, number)) in self.level.maps.iter().zip(&self.states) {
            self.state[map.dim] = states.get(*number);
        }
    }

    /// How often the case occurs. `None` if that does not fit into 64 bits.
    pub fn occurrences(&self) -> Option<i64> {
        product(self.states.iter().map(|(states, number)| i64::from(states.get(*number).occurrences)))
    }
}
