//! Iteration cases: the kinds of steps that a level's loops take.
//!
//! Each map is in its initial tile, in a steady one, or in a partial one at the edge. A level's steps are the
//! combinations of these; steps of the same combination cost the same, so that each combination is looked at once.

use crate::count::product;
use crate::dataflow::MapKind;
use crate::dim::{DimMap, DimSet};
use crate::error::Error;
use crate::layer::Layer;
use crate::limits::{MAX_CASES, MAX_MAPS};

use super::level::{Level, Map};

/// Where along a map a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Position {
    Init,
    Steady,
    Edge,
}

/// The state of one map in one case. One byte: there is one for each dimension on a small stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct State(u8);

impl State {
    const STEADY: u8 = 1;
    const LAST: u8 = 2;
    const EDGE: u8 = 4;
    const WHOLE: u8 = 8;
    const RAGGED: u8 = 16;

    const fn with(self, flag: u8, set: bool) -> State {
        State(if set { self.0 | flag } else { self.0 })
    }

    pub fn position(self) -> Position {
        match self.0 & (State::STEADY | State::LAST) {
            0 => Position::Init,
            State::STEADY => Position::Steady,
            _ => Position::Edge,
        }
    }

    /// A tile is partial.
    pub fn edge(self) -> bool {
        self.0 & State::EDGE != 0
    }

    /// The initial tiles cover the dimension: it never advances.
    pub fn whole(self) -> bool {
        self.0 & State::WHOLE != 0
    }

    /// In a spatial step, the last sub-cluster at work has a partial tile.
    pub fn ragged(self) -> bool {
        self.0 & State::RAGGED != 0
    }
}

const INIT: State = State(0);

/// The states that a map goes through, and the one that it is in.
#[derive(Clone, Copy, Debug)]
struct States {
    /// How often it is steady.
    steady: i32,
    init: State,
    edge: Option<State>,
    /// Number of the current state.
    current: u8,
}

impl States {
    fn of(map: &Map, extent: i32, clusters: i32) -> States {
        let fit = map.fit(extent);
        let last = State(State::LAST | State::EDGE);
        let (steady, init, edge) = match (map.kind, fit.turns(clusters)) {
            (MapKind::Temporal, _) => {
                let init = INIT.with(State::EDGE, fit.tiles == 0).with(State::WHOLE, fit.is_one());
                (fit.tiles - 1, init, fit.rest.then_some(last))
            }
            (MapKind::Spatial, None) => {
                let init = INIT.with(State::EDGE | State::RAGGED, fit.tiles < clusters);
                (0, init.with(State::WHOLE, true), None)
            }
            (MapKind::Spatial, Some(turns)) => {
                let last = last.with(State::RAGGED, turns.left > 0 && fit.rest);
                (turns.full - 1, INIT, (turns.left > 0 || fit.rest).then_some(last))
            }
        };
        States { steady, init, edge, current: 0 }
    }

    fn count(&self) -> u8 {
        1 + u8::from(self.steady > 0) + u8::from(self.edge.is_some())
    }

    /// The current state, and how often it occurs in one pass over the dimension.
    fn state(&self) -> (State, i32) {
        match (self.current, self.edge) {
            (0, _) => (self.init, 1),
            (1, _) | (_, None) if self.steady > 0 => (State(State::STEADY), self.steady),
            (_, edge) => (edge.unwrap_or(INIT), 1),
        }
    }
}

/// The states that a map goes through, however often it is steady.
#[cfg(feature = "std")]
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct StatesKey {
    init: State,
    steady: bool,
    edge: Option<State>,
}

/// The most cases that a level has for a tile, be it a full or a partial one.
fn most_cases(layer: &Layer, above: Option<&Level>, level: &Level) -> u64 {
    let states =
        |map: &Map, partial| u64::from(States::of(map, extent(layer, above, map, partial), level.clusters).count());
    // Three for each map: far below 64 bits.
    level.maps.iter().map(|map| states(map, false).max(states(map, true))).product()
}

/// Refuses levels whose loops take too many kinds of steps together.
pub(super) fn check_count(layer: &Layer, levels: &[Level]) -> Result<(), Error> {
    let mut above = None;
    let mut most = 1_u64;
    for level in levels {
        most = most.saturating_mul(most_cases(layer, above, level));
        above = Some(level);
    }
    if most > MAX_CASES { Err(Error::TooManyCases) } else { Ok(()) }
}

/// What a map divides: a tile of the level above, a full or the last one, or the whole layer.
fn extent(layer: &Layer, above: Option<&Level>, map: &Map, partial: bool) -> i32 {
    above.map_or(layer.size(map.dim).unwrap_or(0) as i32, |above| above.tile(map.dim, partial))
}

/// The cases of a level for a tile of a given extent, one after the other.
///
/// The order is the reference's: which case comes last shows in its off-chip bandwidth requirement and in its arithmetic
/// intensity. An inner map's number goes up by one in each case, and an outer map's whenever the next inner one leaves 0.
pub(super) struct Cases<'a> {
    maps: &'a [Map],
    states: heapless::Vec<States, MAX_MAPS, u8>,
    /// How many are to come.
    pub remaining: u32,
    /// How many have been looked at, the present one included.
    pub looked_at: u32,
    /// State of each mapped dimension; of the last map where there are two.
    pub state: DimMap<State>,
}

impl<'a> Cases<'a> {
    /// The cases of `level`, below `above` or of the whole layer, whose tile is a partial one along `partial`.
    pub fn new(layer: &Layer, above: Option<&Level>, partial: DimSet, level: Option<&'a Level>) -> Cases<'a> {
        let (maps, clusters) = level.map_or((&[][..], 1), |level| (&level.maps[..], level.clusters));
        let mut cases =
            Cases { maps, states: heapless::Vec::new(), remaining: 1, looked_at: 0, state: DimMap::filled(INIT) };
        for map in maps {
            let states = States::of(map, extent(layer, above, map, partial.contains(map.dim)), clusters);
            cases.remaining *= u32::from(states.count());
            // There is room: a level has no more maps than this.
            let _ = cases.states.push(states);
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
        if self.looked_at > 0 {
            for states in self.states.iter_mut().rev() {
                let left_zero = states.current == 0;
                states.current = if states.current + 1 == states.count() { 0 } else { states.current + 1 };
                if !left_zero {
                    break;
                }
            }
            self.look_up();
        }
        self.looked_at += 1;
        true
    }

    fn look_up(&mut self) {
        for (map, states) in self.maps.iter().zip(&self.states) {
            (self.state[map.dim], _) = states.state();
        }
    }

    /// How often the case occurs. `None` if that does not fit into 64 bits.
    pub fn occurrences(&self) -> Option<i64> {
        let times = self.states.iter().map(|states| i64::from(states.state().1));
        product(times.filter(|times| *times != 1))
    }

    /// The states that each map goes through: what the steps depend on, apart from how often they occur.
    #[cfg(feature = "std")]
    pub fn keys(&self) -> std::vec::Vec<StatesKey> {
        let key = |&States { steady, init, edge, .. }: &States| StatesKey { init, steady: steady > 0, edge };
        self.states.iter().map(key).collect()
    }
}
