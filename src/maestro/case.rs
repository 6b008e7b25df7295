//! Iteration cases: the kinds of steps that a level's loops take.
//!
//! Each map is in its initial tile, in a steady one, or in a partial one at the edge. The cases of a level are the
//! combinations of these states. Steps of the same case cost the same, so that each case is analysed once.

use crate::count::product;
use crate::dataflow::MapKind;
use crate::dim::{DimMap, DimSet};
use crate::error::Error;
use crate::layer::Layer;
use crate::limits::{MAX_CASES, MAX_MAPS};

use super::level::{Level, Map};

/// The position of a step along a map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Position {
    Init,
    Steady,
    Edge,
}

/// The state of one map in one case. It takes one byte, because a small stack holds one for each dimension.
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

    /// Whether the tile, or one of the tiles of a spatial map, is partial.
    pub fn edge(self) -> bool {
        self.0 & State::EDGE != 0
    }

    /// Whether the initial tiles cover the dimension, so that the map never advances.
    pub fn whole(self) -> bool {
        self.0 & State::WHOLE != 0
    }

    /// Whether, in a spatial step, the last sub-cluster that has work has a partial tile.
    pub fn ragged(self) -> bool {
        self.0 & State::RAGGED != 0
    }
}

const INIT: State = State(0);

/// The states that a map goes through, and the present one.
#[derive(Clone, Copy, Debug)]
struct States {
    /// Number of steps in the steady state.
    steady: i32,
    init: State,
    edge: Option<State>,
    /// Number of the present state.
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

    /// The present state, and how many times it occurs in one pass over the dimension.
    fn state(&self) -> (State, i32) {
        match (self.current, self.edge) {
            (0, _) => (self.init, 1),
            (1, _) | (_, None) if self.steady > 0 => (State(State::STEADY), self.steady),
            (_, edge) => (edge.unwrap_or(INIT), 1),
        }
    }
}

/// The states that a map goes through, without the number of steady steps.
#[cfg(feature = "std")]
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct StatesKey {
    init: State,
    steady: bool,
    edge: Option<State>,
}

/// An upper bound of the number of cases of a level, for full and for partial tiles.
fn most_cases(layer: &Layer, above: Option<&Level>, level: &Level) -> u64 {
    let states =
        |map: &Map, partial| u64::from(States::of(map, extent(layer, above, map, partial), level.clusters).count());
    // At most three for each map: far below 64 bits.
    level.maps.iter().map(|map| states(map, false).max(states(map, true))).product()
}

/// Refuses levels whose loops have too many kinds of steps together.
pub(super) fn check_count(layer: &Layer, levels: &[Level]) -> Result<(), Error> {
    let mut above = None;
    let mut most = 1_u64;
    for level in levels {
        most = most.saturating_mul(most_cases(layer, above, level));
        above = Some(level);
    }
    if most > MAX_CASES { Err(Error::TooManyCases) } else { Ok(()) }
}

/// The extent that a map divides: that of a full or of the last tile of the level above, or that of the whole layer.
fn extent(layer: &Layer, above: Option<&Level>, map: &Map, partial: bool) -> i32 {
    above.map_or(layer.size(map.dim).unwrap_or(0) as i32, |above| above.tile(map.dim, partial))
}

/// The cases of a level for a tile of a given extent, one after the other.
///
/// The order is the reference's, because its off-chip bandwidth requirement and its arithmetic intensity depend on
/// which case comes last. The state number of the innermost map increases by one in each case. That of an outer map
/// increases whenever the number of the next inner map leaves 0.
pub(super) struct Cases<'a> {
    maps: &'a [Map],
    states: heapless::Vec<States, MAX_MAPS, u8>,
    /// Number of cases to come.
    pub remaining: u32,
    /// Number of cases visited, the present one included.
    pub looked_at: u32,
    /// The state of each mapped dimension; that of its last map if there are two.
    pub state: DimMap<State>,
}

impl<'a> Cases<'a> {
    /// The cases of `level` for a tile of `above` (or for the whole layer) that is partial along the dimensions in
    /// `partial`.
    pub fn new(layer: &Layer, above: Option<&Level>, partial: DimSet, level: Option<&'a Level>) -> Cases<'a> {
        let (maps, clusters) = level.map_or((&[][..], 1), |level| (&level.maps[..], level.clusters));
        let mut cases =
            Cases { maps, states: heapless::Vec::new(), remaining: 1, looked_at: 0, state: DimMap::filled(INIT) };
        for map in maps {
            let states = States::of(map, extent(layer, above, map, partial.contains(map.dim)), clusters);
            cases.remaining *= u32::from(states.count());
            // There is room for every map of a level.
            let _ = cases.states.push(states);
        }
        cases.look_up();
        cases
    }

    /// Moves on to the next case. Returns `false` after the last one.
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

    /// How many times the case occurs. `None` if the number does not fit into 64 bits.
    pub fn occurrences(&self) -> Option<i64> {
        let times = self.states.iter().map(|states| i64::from(states.state().1));
        product(times.filter(|times| *times != 1))
    }

    /// The states that each map goes through. The steps depend on these; the number of steady steps only affects how
    /// many times steps occur.
    #[cfg(feature = "std")]
    pub fn keys(&self) -> std::vec::Vec<StatesKey> {
        let key = |&States { steady, init, edge, .. }: &States| StatesKey { init, steady: steady > 0, edge };
        self.states.iter().map(key).collect()
    }
}
