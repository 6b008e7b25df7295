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

use crate::dim::{DimSet, PerTensor, Tensor};
use crate::error::Error;
use crate::hardware::Hardware;
use crate::layer::LayerKind;

use super::Mapping;
use super::delay::{divide_up, transfer};
use super::reuse::Volumes;
use super::traffic::{Tally, Traffic};
use crate::count::{Count, divide};

/// What tells whether two mappings have the same steps.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct StepsKey {
    kind: LayerKind,
    /// Levels and states as numbers.
    shape: Vec<i32>,
}

/// What each step of a mapping moves and computes.
#[derive(Clone, Debug)]
pub struct Steps {
    /// Sub-clusters before the clusters that have them; the outermost level last.
    nodes: Vec<Node>,
    /// Bytes of L2 for each tensor, double buffered.
    l2_bytes: PerTensor<i64>,
}

/// The cases of a level for a tile.
#[derive(Clone, Debug)]
struct Node {
    /// Place of the level, 0 for the outermost.
    level: usize,
    cases: Vec<Case>,
}

/// One step of a case.
#[derive(Clone, Debug)]
struct Case {
    volumes: Volumes,
    /// Operations of all sub-clusters.
    operations: i64,
    /// Nothing to overlap the first loads with.
    first: bool,
    /// Nodes of the two kinds of sub-clusters; none at the innermost level.
    subs: Vec<usize>,
}

/// The steps of a layer on a given network-on-chip: what remains is the off-chip interface.
#[derive(Clone, Debug)]
pub struct OnChip {
    /// How often a step is taken, and how many cycles it takes.
    steps: Vec<(i64, i64)>,
    /// Bytes of a double buffer that change with each step.
    offchip_bytes: i64,
}

impl Mapping {
    /// What tells whether another mapping has the same steps. Costs no walk.
    pub fn steps_key(&self) -> StepsKey {
        let mut shape = Vec::with_capacity(64);
        for tensor in Tensor::ALL {
            let dims = self.layer.coupled(tensor);
            shape.push(dims.len() as i32);
            shape.extend(dims.iter().map(|&dim| dim as i32));
        }
        for (index, level) in self.levels.iter().enumerate() {
            level.describe(index == 0, &self.layer, &mut shape);
        }
        if let Some(level) = self.levels.first() {
            self.cases(0, level, DimSet::default()).describe(&mut shape);
        }
        StepsKey { kind: self.layer.kind(), shape }
    }

    /// How often each case of the outermost level occurs, in the order of [`Steps`]. Costs no walk.
    ///
    /// # Errors
    /// [`Error::Overflow`].
    pub fn occurrences(&self) -> Result<Vec<i64>, Error> {
        let mut occurrences = Vec::new();
        if let Some(level) = self.levels.first() {
            let mut cases = self.cases(0, level, DimSet::default());
            while cases.advance() {
                occurrences.push(cases.occurrences().ok_or(Error::Overflow { level: 1 })?);
            }
        }
        Ok(occurrences)
    }

    /// Walks over the cases of all levels and keeps what their steps move and compute.
    ///
    /// # Errors
    /// As [`Mapping::traffic`] and [`Mapping::delay`], as far as they do not depend on how often a case occurs.
    pub fn steps(&self) -> Result<Steps, Error> {
        let mut builder = Builder { mapping: self, nodes: Vec::new(), known: HashMap::new() };
        let mut tally = Tally::default();
        let mut cases = Vec::new();
        self.walk(0, DimSet::default(), &mut |step, volumes| {
            tally.add(step, volumes)?;
            let subs = if volumes.idle() { Vec::new() } else { builder.subs(step, 0)? };
            cases.push(Case { volumes: *volumes, operations: step.operations(), first: step.is_first(), subs });
            Ok(())
        })?;
        builder.nodes.push(Node { level: 0, cases });
        Ok(Steps { nodes: builder.nodes, l2_bytes: tally.l2_bytes() })
    }
}

struct Builder<'a> {
    mapping: &'a Mapping,
    nodes: Vec<Node>,
    known: HashMap<(usize, DimSet), usize>,
}

impl Builder<'_> {
    /// The nodes of a step's sub-clusters: the ragged one has a tile of its own, the others share one.
    fn subs(&mut self, step: &super::Step<'_>, level: usize) -> Result<Vec<usize>, Error> {
        if level + 1 == self.mapping.levels.len() {
            return Ok(Vec::new());
        }
        let spatial = step.spatial();
        let at_work = if spatial.edge() { step.level.edge_clusters } else { step.level.clusters };
        let ragged = spatial.edge() && spatial.ragged();
        let kinds = [(true, i32::from(ragged)), (false, at_work - i32::from(ragged))];
        let present = kinds.into_iter().filter(|(_, count)| *count > 0);
        present.map(|(ragged, _)| self.node(level + 1, self.mapping.partial_dims(step.level, step, ragged))).collect()
    }

    fn node(&mut self, level: usize, partial: DimSet) -> Result<usize, Error> {
        if let Some(&known) = self.known.get(&(level, partial)) {
            return Ok(known);
        }
        let mapping = self.mapping;
        let (mut cases, mut started) = (Vec::new(), false);
        mapping.walk(level, partial, &mut |step, volumes| {
            if volumes.idle() {
                return if started { Ok(()) } else { step.ingress_of_both(&mut [0; 2]) };
            }
            started = true;
            let subs = self.subs(step, level)?;
            cases.push(Case { volumes: *volumes, operations: 0, first: step.is_first(), subs });
            Ok(())
        })?;
        self.nodes.push(Node { level, cases });
        self.known.insert((level, partial), self.nodes.len() - 1);
        Ok(self.nodes.len() - 1)
    }
}

impl Steps {
    /// The traffic of a mapping that has these steps: what [`Mapping::traffic`] gives, without its arithmetic intensity
    /// where the last case does not compute.
    ///
    /// # Errors
    /// As [`Mapping::traffic`].
    pub fn traffic(&self, mapping: &Mapping, occurrences: &[i64]) -> Result<Traffic, Error> {
        let mut tally = Tally::with_needs(self.l2_bytes);
        for (case, &times) in self.outermost().zip(occurrences) {
            tally.count(&Volumes { occurrences: times, ..case.volumes }, case.operations)?;
        }
        let mut traffic = Traffic::default();
        tally.tell(mapping, &mut traffic)?;
        Ok(traffic)
    }

    /// The steps of a mapping that has these, taken so often, on the network-on-chip and the lanes of `hardware`.
    ///
    /// # Errors
    /// As [`Mapping::delay`].
    pub fn on_chip(&self, occurrences: &[i64], hardware: &Hardware) -> Result<OnChip, Error> {
        let mut delays: Vec<i64> = Vec::with_capacity(self.nodes.len());
        for node in &self.nodes[..self.nodes.len() - 1] {
            let mut cycles = Count::default();
            for case in &node.cases {
                cycles.add(case.volumes.occurrences, case.cycles(node.level, &delays, hardware).0);
            }
            delays.push(cycles.get(node.level as u8 + 1)?);
        }
        let mut steps: Vec<(i64, i64)> = Vec::with_capacity(occurrences.len());
        for (case, &times) in self.outermost().zip(occurrences).filter(|(case, _)| !case.volumes.idle()) {
            let (cycles, compute) = case.cycles(0, &delays, hardware);
            if compute == 0 {
                return Err(Error::NoOutput { level: 2 });
            }
            match steps.last_mut() {
                Some((known, last)) if *last == cycles && known.checked_add(times).is_some() => *known += times,
                _ => steps.push((times, cycles)),
            }
        }
        let most = self.l2_bytes[Tensor::Input].saturating_add(self.l2_bytes[Tensor::Filter]);
        Ok(OnChip { steps, offchip_bytes: most.max(self.l2_bytes[Tensor::Output]) })
    }

    /// The cycles of a mapping that has these steps, taken so often: what [`Mapping::delay`] gives.
    ///
    /// # Errors
    /// As [`Mapping::delay`].
    pub fn cycles(&self, occurrences: &[i64], hardware: &Hardware) -> Result<u64, Error> {
        self.on_chip(occurrences, hardware)?.cycles(hardware.offchip_bandwidth())
    }

    fn outermost(&self) -> impl Iterator<Item = &Case> {
        self.nodes.last().into_iter().flat_map(|node| &node.cases)
    }
}

impl OnChip {
    /// Cycles of the layer with `bandwidth` elements/cycle between L2 and the outside.
    ///
    /// # Errors
    /// As [`Mapping::delay`].
    pub fn cycles(&self, bandwidth: u32) -> Result<u64, Error> {
        let offchip = divide(self.offchip_bytes, i64::from(bandwidth)) / 2;
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

impl Case {
    /// Cycles of a step, off-chip transfers apart, and those that it computes for.
    fn cycles(&self, level: usize, delays: &[i64], hardware: &Hardware) -> (i64, i64) {
        let noc = hardware.noc(level);
        let ingress = transfer(noc, self.volumes.ingress[0] + self.volumes.ingress[1]);
        let egress = transfer(noc, self.volumes.egress);
        let compute = match self.subs.as_slice() {
            [] => divide_up(self.volumes.critical_operations, hardware.simd_lanes()),
            subs => subs.iter().map(|&sub| delays[sub]).max().unwrap_or(0).max(0),
        };
        let cycles = if self.first { compute.saturating_add(ingress) } else { compute.max(ingress).max(egress) };
        (cycles, compute)
    }
}
