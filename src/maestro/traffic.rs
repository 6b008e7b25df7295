//! Traffic: accesses, operations and buffer needs of a layer, added up from the steps of its outermost level. None of it
//! depends on bandwidth.

use crate::count::{Count, volume};
use crate::dim::{DimSet, PerTensor, Tensor};
use crate::energy::{Energy, EnergyTable};
use crate::error::Error;

use super::mapping::Mapping;
use super::step::Step;

/// Accesses to the buffers for one tensor during the whole layer, in elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Accesses {
    /// Elements read from all L1 buffers.
    pub l1_read: u64,
    /// Elements written to all L1 buffers.
    pub l1_write: u64,
    /// Elements read from L2.
    pub l2_read: u64,
    /// Elements written to L2.
    pub l2_write: u64,
}

/// What a mapped layer moves, computes and stores.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Traffic {
    /// Accesses of each tensor, in elements.
    pub accesses: PerTensor<Accesses>,
    /// Operations performed. They equal the layer's own operations if the tiles fit exactly; a mapping whose tiles
    /// overlap performs more, one that leaves gaps fewer.
    pub operations: u64,
    /// Bytes of L2 that each tensor needs, with one byte per element and double buffering.
    pub l2_bytes: PerTensor<u64>,
    /// Bytes of L1 that each tensor needs in each PE, with one byte per element and double buffering.
    pub l1_bytes: PerTensor<u64>,
    /// Operations per element read, in the last case of the outermost level that computes something; infinite if that
    /// case reads nothing.
    pub arithmetic_intensity: f64,
}

impl Traffic {
    /// Bytes of L2 that the layer needs; `u64::MAX` if they do not fit into 64 bits.
    pub fn l2_total(&self) -> u64 {
        sum(&self.l2_bytes)
    }

    /// Bytes of L1 that the layer needs in each PE; `u64::MAX` if they do not fit into 64 bits.
    pub fn l1_total(&self) -> u64 {
        sum(&self.l1_bytes)
    }

    /// The energy of these accesses and operations, in nJ: the "total energy consumption" of the reference's screen
    /// output.
    ///
    /// `has_macs` says whether the layer's operations are MACs (see
    /// [`LayerKind::has_macs`](crate::LayerKind::has_macs)).
    #[cfg_attr(not(feature = "std"), inline(never))]
    pub fn energy(&self, energies: &EnergyTable, has_macs: bool) -> Energy {
        let (mut l1, mut l2) = (0.0, 0.0);
        for accesses in &self.accesses.0 {
            l1 += accesses.l1_read as f64 + accesses.l1_write as f64;
            l2 += accesses.l2_read as f64 + accesses.l2_write as f64;
        }
        let macs = if has_macs { self.operations as f64 } else { 0.0 };
        Energy { mac: macs * energies.mac, l1: l1 * energies.l1, l2: l2 * energies.l2, ..Energy::default() }
    }
}

#[cfg_attr(not(feature = "std"), inline(never))]
fn sum(bytes: &PerTensor<u64>) -> u64 {
    bytes.0.iter().fold(0, |sum, bytes| sum.saturating_add(*bytes))
}

/// Double buffering: one tile is in use while the next one is loaded.
const BUFFERS: i64 = 2;

/// Sums over the steps of the outermost level. They are signed, because partial tiles may count negative; whether the
/// result is sound is checked at the end.
#[derive(Default)]
pub(super) struct Tally {
    ingress: [Count; 2],
    egress: Count,
    produced: Count,
    consumed: Count,
    /// Number of steps up to the first that computes something, and the tile that the reference looks into first in
    /// that step.
    looked_at: u32,
    first: Option<DimSet>,
    /// Elements of input, filter and output in L2, for one of the two buffers.
    l2: [i64; 3],
    /// Operations, and elements read for them, of the last step that computes something.
    last: [i64; 2],
}

impl Tally {
    /// Adds a step of the outermost level.
    pub fn add(&mut self, step: &Step) -> Result<(), Error> {
        let &Step { occurrences, ingress: [input, filter], egress, operations, .. } = step;
        if self.first.is_none() {
            // As in the reference, steps that compute nothing add to the needs until a step computes something.
            self.l2 = [self.l2[0].saturating_add(input), self.l2[1].saturating_add(filter), egress];
            self.looked_at += 1;
            self.first = step.first_tile();
        }
        self.egress.add(occurrences, egress);
        self.produced.add(occurrences, operations);
        if !step.idle() {
            if operations < 0 {
                return Err(Error::IllFormed { level: 1 });
            }
            self.ingress[0].add(occurrences, input);
            self.ingress[1].add(occurrences, filter);
            self.consumed.add(occurrences, operations);
            self.last = [operations, input + filter];
        }
        Ok(())
    }

    /// Bytes of L2 that each tensor needs. They are final as soon as a step has computed something.
    pub fn l2_bytes(&self) -> PerTensor<i64> {
        PerTensor(self.l2.map(|elements| elements.saturating_mul(BUFFERS)))
    }

    /// The sums. A layer that computes nothing, or whose partial tiles do not fit together, is an error.
    #[cfg_attr(not(feature = "std"), inline(never))]
    pub fn sum(&self, mapping: &Mapping, traffic: &mut Traffic) -> Result<(), Error> {
        if self.first.is_none() {
            return Err(Error::NoOutput { level: 1 });
        }
        self.sum_all(mapping, traffic)?;
        let Accesses { l1_write: produced, l2_write: written, .. } = traffic.accesses[Tensor::Output];
        let unread = |tensor| !mapping.layer.coupled(tensor).is_empty() && traffic.accesses[tensor].l2_read == 0;
        // If partial tiles cancel full ones out, the reference prints nonsense: a reuse of 0/0, or a tensor that is
        // never read.
        let unwritten = traffic.operations == 0 || produced == 0 || written == 0;
        if unwritten || unread(Tensor::Input) || unread(Tensor::Filter) {
            return Err(Error::IllFormed { level: 1 });
        }
        Ok(())
    }

    /// The sums as they are.
    fn sum_all(&self, mapping: &Mapping, traffic: &mut Traffic) -> Result<(), Error> {
        // Reset everything: a tensor without coupled dimensions would otherwise keep the figures of the layer before.
        *traffic = Traffic { operations: self.consumed.unsigned(1)?, ..Traffic::default() };
        if self.first.is_some() {
            traffic.arithmetic_intensity = self.last[0] as f64 / self.last[1] as f64;
        }
        let (leaf, looked_at) = self.first_leaf(mapping)?;
        for tensor in Tensor::ALL {
            if !mapping.layer.coupled(tensor).is_empty() {
                self.sum_tensor(mapping, tensor, traffic)?;
                // Skipped steps do not add to the need of the output.
                let repeats = if tensor == Tensor::Output { 1 } else { i64::from(looked_at) };
                let bytes = volume(mapping.layer.coupled(tensor), BUFFERS * repeats, &|dim| {
                    mapping.levels.get(leaf).map_or(0, |level| level.tile(dim, false))
                });
                traffic.l1_bytes[tensor] = bytes.unsigned(1)?;
            }
        }
        Ok(())
    }

    /// The level whose first steps determine the size of L1, and the number of these steps.
    ///
    /// Normally this is the innermost level and 1. In the reference, after a step that computes nothing, the next
    /// step adds to the needs of the tensors read.
    fn first_leaf(&self, mapping: &Mapping) -> Result<(usize, u32), Error> {
        let (mut index, mut looked_at, mut first) = (0, self.looked_at, self.first);
        while let Some(partial) = first.filter(|_| !mapping.is_innermost(index)) {
            index += 1;
            let (mut walk, mut step) = (mapping.walk(index, partial), Step::default());
            while walk.advance(&mut step)? && step.idle() {}
            (looked_at, first) = (walk.cases.looked_at, step.first_tile());
        }
        Ok((index, looked_at))
    }

    #[cfg_attr(not(feature = "std"), inline(never))]
    fn sum_tensor(&self, mapping: &Mapping, tensor: Tensor, traffic: &mut Traffic) -> Result<(), Error> {
        let accesses = &mut traffic.accesses[tensor];
        let elements = mapping.reference_elements(tensor).unsigned(1)?;
        let moved = match tensor {
            Tensor::Input => self.ingress[0],
            Tensor::Filter => self.ingress[1],
            Tensor::Output => self.egress,
        };
        let moved = moved.unsigned(1)?;
        if tensor == Tensor::Output {
            accesses.l1_read = self.produced.unsigned(1)?;
            accesses.l1_write = accesses.l1_read;
            accesses.l2_read = elements;
            accesses.l2_write = moved;
        } else {
            *accesses = Accesses { l1_read: traffic.operations, l1_write: moved, l2_read: moved, l2_write: elements };
        }
        traffic.l2_bytes[tensor] = Count::from(self.l2_bytes()[tensor]).unsigned(1)?;
        Ok(())
    }
}

impl Mapping {
    /// Adds up the traffic of the outermost level.
    ///
    /// # Errors
    /// [`Error::Overflow`] if a count does not fit into 64 bits, [`Error::NoOutput`] if tiles yield no output, and
    /// [`Error::IllFormed`] if tiles do not fit together.
    pub fn traffic(&self) -> Result<Traffic, Error> {
        let mut traffic = Traffic::default();
        self.tallied()?.sum(self, &mut traffic)?;
        Ok(traffic)
    }

    /// As [`Mapping::traffic`], but a mapping that computes nothing is not an error, nor is a nonsensical result that
    /// is not negative.
    #[cfg(feature = "dse")]
    pub(crate) fn tally(&self) -> Result<Traffic, Error> {
        let mut traffic = Traffic::default();
        self.tallied()?.sum_all(self, &mut traffic)?;
        Ok(traffic)
    }

    fn tallied(&self) -> Result<Tally, Error> {
        let mut tally = Tally::default();
        let (mut walk, mut step) = (self.walk(0, DimSet::default()), Step::default());
        while walk.advance(&mut step)? {
            tally.add(&step)?;
        }
        Ok(tally)
    }

    /// Elements of a tensor as the reference counts them: it does not divide an output by the stride.
    fn reference_elements(&self, tensor: Tensor) -> Count {
        // Lossless: at most MAX_EXTENT.
        let size = |dim| self.layer.size(dim).unwrap_or(1) as i32;
        volume(self.layer.coupled(tensor), 1, &|dim| match (tensor, dim.filter()) {
            (Tensor::Output, Some(filter)) => size(dim) - size(filter) + 1,
            _ => size(dim),
        })
    }
}
