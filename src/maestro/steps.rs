//! Steps separated from how many times they are taken: one walk over the cases of a mapping serves all bandwidths,
//! and all layers that are cut into the same tiles.
//!
//! What a step moves and computes follows from the tiles of each level, from which tensor is coupled to which
//! dimension, and from whether each map is at its first, a steady or its last tile. It depends neither on bandwidths
//! nor on the number of turns of a loop. So
//!
//! * a walk yields [`Steps`], from which the cycles under any bandwidth, latency and number of SIMD lanes are a sum over
//!   the cases: `sum of occurrences x max(on-chip(NoC, lanes), off-chip)`;
//! * two mappings whose [`StepsKey`]s are equal have equal [`Steps`], and differ only in [`Mapping::occurrences`].
//!   Examples are a layer with more rows or with more channels in whole tiles, and an array of which a smaller part
//!   has work (this last only if no dimension is mapped twice in a level).
//!
//! Both are exact, not estimates: `tests/properties.rs` compares them with [`Cost::of`](crate::maestro::Cost::of).

use std::collections::HashMap;
use std::vec::Vec;

use crate::count::Count;
use crate::dim::DimSet;
use crate::error::Error;
use crate::hardware::Hardware;
use crate::layer::LayerKind;

use super::case::StatesKey;
use super::delay::{refill_bytes, refill_cycles};
use super::level::LevelKey;
use super::mapping::Mapping;
use super::step::Step;
use super::time::{SubClock, SubDelay, Timed};
use super::traffic::{Tally, Traffic};

/// A key. Two mappings have equal keys only if they have the same steps.
///
/// Why equal keys mean equal steps: a step is worked out from its level, the state of each dimension and which tensor is
/// coupled to which dimension, and from nothing else.
///
/// * Coupling follows from the kind, and from whether the layer has `N`, which every level then maps.
/// * Of a level, steps use the number of sub-clusters, the number that has work at the edge, and the maps: dimension,
///   spatial or temporal, size, offset, the rest at the edge, whether one tile covers the dimension, and whether a
///   tile is partial. Sub-clusters of the outermost level that never have work make no difference, see `Level::key`.
/// * The states of the outermost level are those that each map goes through: the first, whether there are steady
///   ones, and the last. The number of steady ones only affects occurrences.
/// * Inner levels divide tiles, whose extents are the sizes and edges of the level above, so that their states
///   follow.
///
/// None of these follows from the others. `tests/properties.rs` compares mappings that differ in layer, dataflow and
/// array. For properties that rarely differ alone, it has pairs of mappings that differ in nothing else: whether one
/// tile covers the dimension (if that does not follow from the edge), whether a tile is partial (an edge may be as
/// long as a tile minus its offset), and the first state (of a second spatial map, whose sub-clusters at the edge are
/// not used).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct StepsKey {
    kind: LayerKind,
    levels: Vec<LevelKey>,
    /// The states of the maps of the outermost level.
    states: Vec<StatesKey>,
}

/// What each step of a mapping moves and computes.
#[derive(Clone, Debug)]
pub struct Steps {
    /// The steps of inner levels. Those of sub-clusters come before those of the clusters that contain them.
    inner: Vec<Node>,
    /// The outermost level.
    outermost: Node,
    /// Bytes of L2 that are refilled in each step.
    refill: i64,
}

/// The steps of a level for a tile.
#[derive(Clone, Debug)]
struct Node {
    /// Index of the level; 0 is the outermost.
    level: usize,
    steps: Vec<Kept>,
}

/// A step, and the indices in [`Steps::inner`] of the steps of its sub-clusters; `None` if these are PEs.
#[derive(Clone, Debug)]
struct Kept {
    step: Step,
    subs: Option<[Option<usize>; 2]>,
}

/// The cycles of each step on a given network-on-chip, without the number of times that it is taken.
#[derive(Clone, Debug)]
pub struct Times {
    /// The index of each step that computes something, and its cycles.
    cycles: Vec<(usize, i64)>,
    /// Bytes of L2 that are refilled in each step.
    refill: i64,
}

/// The steps of a layer on a given network-on-chip. Only the off-chip bandwidth is still open.
#[derive(Clone, Debug)]
pub struct OnChip {
    /// The number of times that a step is taken, and its cycles.
    steps: Vec<(i64, i64)>,
    /// Bytes of L2 that are refilled in each step.
    refill: i64,
}

impl Mapping {
    /// The key that identifies mappings with the same steps. It needs no walk.
    pub fn steps_key(&self) -> StepsKey {
        let levels = self.levels.iter().enumerate().map(|(index, level)| level.key(index == 0, &self.layer)).collect();
        StepsKey { kind: self.layer.kind(), levels, states: self.walk(0, DimSet::default()).cases.keys() }
    }

    /// The number of times that each step of the outermost level is taken, in the order of [`Steps`]. It needs no
    /// walk.
    ///
    /// # Errors
    /// [`Error::Overflow`].
    pub fn occurrences(&self) -> Result<Vec<i64>, Error> {
        let mut cases = self.walk(0, DimSet::default()).cases;
        let mut occurrences = Vec::with_capacity(cases.remaining as usize);
        while cases.advance() {
            occurrences.push(cases.occurrences().ok_or(Error::Overflow { level: 1 })?);
        }
        Ok(occurrences)
    }

    /// Walks over the steps of all levels and stores what they move and compute.
    ///
    /// # Errors
    /// Those errors of [`Mapping::traffic`] and [`Mapping::delay`] that do not depend on how many times a step is
    /// taken.
    pub fn steps(&self) -> Result<Steps, Error> {
        let mut builder = Builder { mapping: self, nodes: Vec::new(), known: HashMap::new() };
        let outermost = builder.node(0, DimSet::default())?;
        let mut tally = Tally::default();
        outermost.steps.iter().try_for_each(|kept| tally.add(&kept.step))?;
        Ok(Steps { inner: builder.nodes, outermost, refill: refill_bytes(&tally.l2_bytes()) })
    }
}

struct Builder<'a> {
    mapping: &'a Mapping,
    nodes: Vec<Node>,
    known: HashMap<(usize, DimSet), usize>,
}

impl Builder<'_> {
    fn node(&mut self, level: usize, partial: DimSet) -> Result<Node, Error> {
        let (mut walk, mut step) = (self.mapping.walk(level, partial), Step::default());
        let mut steps = Vec::with_capacity(walk.cases.remaining as usize);
        while walk.advance(&mut step)? {
            let subs = if self.mapping.is_innermost(level) { None } else { Some(self.subs(&step, level + 1)?) };
            steps.push(Kept { step, subs });
        }
        Ok(Node { level, steps })
    }

    /// Indices of the nodes of a step's sub-clusters.
    fn subs(&mut self, step: &Step, level: usize) -> Result<[Option<usize>; 2], Error> {
        let mut places = [None; 2];
        if step.idle() {
            return Ok(places);
        }
        for (subs, place) in step.subs.iter().zip(&mut places).filter(|(subs, _)| subs.count > 0) {
            let key = (level, subs.partial);
            if !self.known.contains_key(&key) {
                let node = self.node(level, subs.partial)?;
                self.known.insert(key, self.nodes.len());
                self.nodes.push(node);
            }
            *place = self.known.get(&key).copied();
        }
        Ok(places)
    }
}

impl Steps {
    /// The traffic of a mapping that has these steps with these occurrences: the same as [`Mapping::traffic`].
    ///
    /// # Errors
    /// As [`Mapping::traffic`].
    pub fn traffic(&self, mapping: &Mapping, occurrences: &[i64]) -> Result<Traffic, Error> {
        let mut tally = Tally::default();
        for (kept, &occurrences) in self.outermost.steps.iter().zip(occurrences) {
            tally.add(&Step { occurrences, ..kept.step })?;
        }
        let mut traffic = Traffic::default();
        tally.sum(mapping, &mut traffic)?;
        Ok(traffic)
    }

    /// The cycles of the steps with the network-on-chip and the lanes of `hardware`.
    ///
    /// # Errors
    /// As [`Mapping::delay`].
    pub fn times(&self, hardware: &Hardware) -> Result<Times, Error> {
        let mut delays: Vec<SubDelay> = Vec::with_capacity(self.inner.len());
        for Node { level, steps } in &self.inner {
            let number = *level as u8 + 1;
            let mut clock = SubClock::default();
            for kept in steps.iter().filter(|kept| !kept.step.idle()) {
                clock.add(&kept.step, &kept.time(*level, &delays, hardware), number)?;
            }
            delays.push(clock.sum(number)?);
        }
        let at_work = self.outermost.steps.iter().enumerate().filter(|(_, kept)| !kept.step.idle());
        let cycles = at_work.map(|(place, kept)| Ok((place, kept.time(0, &delays, hardware).cycles(1)?)));
        Ok(Times { cycles: cycles.collect::<Result<_, Error>>()?, refill: self.refill })
    }

    /// The cycles of a mapping that has these steps with these occurrences: the same as in [`Mapping::delay`].
    ///
    /// # Errors
    /// As [`Mapping::delay`].
    pub fn cycles(&self, occurrences: &[i64], hardware: &Hardware) -> Result<u64, Error> {
        self.times(hardware)?.taken(occurrences).cycles(hardware.offchip_bandwidth())
    }
}

impl Kept {
    fn time(&self, level: usize, delays: &[SubDelay], hardware: &Hardware) -> Timed {
        let below = match self.subs {
            None => [SubDelay::of_pe(&self.step, hardware.simd_lanes()), SubDelay::default()],
            Some(subs) => subs.map(|sub| sub.map_or(SubDelay::default(), |place| delays[place])),
        };
        Timed::new(&self.step, hardware.noc(level), below)
    }
}

impl Times {
    /// The steps of a mapping with these occurrences.
    pub fn taken(&self, occurrences: &[i64]) -> OnChip {
        let mut steps: Vec<(i64, i64)> = Vec::with_capacity(self.cycles.len());
        for &(place, cycles) in &self.cycles {
            let times = occurrences.get(place).copied().unwrap_or(0);
            match steps.last_mut() {
                Some((known, last)) if *last == cycles && known.checked_add(times).is_some() => *known += times,
                _ => steps.push((times, cycles)),
            }
        }
        OnChip { steps, refill: self.refill }
    }
}

impl OnChip {
    /// Cycles of the layer with an off-chip bandwidth of `bandwidth` elements/cycle.
    ///
    /// # Errors
    /// As [`Mapping::delay`].
    pub fn cycles(&self, bandwidth: u32) -> Result<u64, Error> {
        let offchip = refill_cycles(self.refill, bandwidth);
        let mut cycles = Count::default();
        for &(times, on_chip) in &self.steps {
            cycles.add(times, on_chip.max(offchip));
        }
        match cycles.unsigned(1)? {
            0 => Err(Error::NoOutput { level: 1 }),
            cycles => Ok(cycles),
        }
    }
}
