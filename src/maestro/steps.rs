//! Steps apart from how often they are taken: one walk over the cases of a mapping serves every bandwidth and every
//! layer that is cut into the same tiles.
//!
//! What a step moves and computes follows from the tiles of each level, from which tensor is coupled to which dimension,
//! and from which map is at its first, a steady or its last tile. It follows neither from bandwidths nor from how often
//! a loop turns. So
//!
//! * a walk yields [`Steps`], from which the cycles under any bandwidth, latency and number of SIMD lanes are a sum over
//!   the cases: `sum of occurrences x max(on-chip(NoC, lanes), off-chip)`;
//! * two mappings whose [`StepsKey`]s are equal have equal [`Steps`], and differ in [`Mapping::occurrences`] only: a
//!   layer with more rows, more channels in whole tiles, or an array of which less is at work (the last not where a
//!   dimension is mapped twice in a level).
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

/// A key that two mappings share only if they have the same steps.
///
/// Why equal keys mean equal steps: a step is worked out from its level, the state of each dimension and which tensor is
/// coupled to which dimension, and from nothing else.
///
/// * Coupling follows from the kind, and from whether the layer has `N`, which every level then maps.
/// * Steps use of a level its sub-clusters, those at work at the edge, and its maps: dimension, over space or time, size,
///   offset, what is left at the edge, whether one tile covers the dimension, whether a tile is partial. Sub-clusters of the
///   outermost level that are never at work make no difference, see `Level::key`.
/// * States of the outermost level are those that each map goes through: the first, whether there are steady ones, the
///   last. How many steady ones there are goes into occurrences alone.
/// * Levels further in divide tiles, whose extents are sizes and edges of the level above: their states follow.
///
/// None of these follows from the others. `tests/properties.rs` compares mappings that differ in layer, dataflow and array,
/// and has pairs that differ in one of these alone, for those that rarely do: whether one tile covers the dimension (where that
/// does not follow from the edge), whether a tile is partial (an edge may be as long as a tile less its offset), and the first
/// state (of a second map over space, whose clusters at the edge are not looked at).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct StepsKey {
    kind: LayerKind,
    levels: Vec<LevelKey>,
    /// Of the maps of the outermost level.
    states: Vec<StatesKey>,
}

/// What each step of a mapping moves and computes.
#[derive(Clone, Debug)]
pub struct Steps {
    /// Sub-clusters before the clusters that have them.
    inner: Vec<Node>,
    /// The outermost level.
    outermost: Node,
    /// Bytes of L2 that change with each step.
    refill: i64,
}

/// The steps of a level for a tile.
#[derive(Clone, Debug)]
struct Node {
    /// Place of the level, 0 for the outermost.
    level: usize,
    steps: Vec<Kept>,
}

/// A step, and the places in [`Steps::inner`] of what its sub-clusters do; none if they are PEs.
#[derive(Clone, Debug)]
struct Kept {
    step: Step,
    subs: Option<[Option<usize>; 2]>,
}

/// How long steps take on a given network-on-chip, however often they are taken.
#[derive(Clone, Debug)]
pub struct Times {
    /// Cycles of each step that computes something, by its place.
    cycles: Vec<(usize, i64)>,
    /// Bytes of L2 that change with each step.
    refill: i64,
}

/// The steps of a layer on a given network-on-chip: what remains is the off-chip interface.
#[derive(Clone, Debug)]
pub struct OnChip {
    /// How often a step is taken, and how many cycles it takes.
    steps: Vec<(i64, i64)>,
    /// Bytes of L2 that change with each step.
    refill: i64,
}

impl Mapping {
    /// The key by which mappings with the same steps are found. Needs no walk.
    pub fn steps_key(&self) -> StepsKey {
        let levels = self.levels.iter().enumerate().map(|(index, level)| level.key(index == 0, &self.layer)).collect();
        StepsKey { kind: self.layer.kind(), levels, states: self.walk(0, DimSet::default()).cases.keys() }
    }

    /// How often each step of the outermost level is taken, in the order of [`Steps`]. Needs no walk.
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

    /// Walks over the steps of all levels and keeps what they move and compute.
    ///
    /// # Errors
    /// As [`Mapping::traffic`] and [`Mapping::delay`], as far as they do not depend on how often a step is taken.
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

    /// Places of the nodes of a step's sub-clusters.
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
    /// The traffic of a mapping that has these steps, taken so often: what [`Mapping::traffic`] gives.
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

    /// How long the steps take on the network-on-chip and the lanes of `hardware`.
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

    /// The cycles of a mapping that has these steps, taken so often: what [`Mapping::delay`] gives.
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
    /// The steps of a mapping that has these, taken so often.
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
    /// Cycles of the layer with `bandwidth` elements/cycle between L2 and the outside.
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
