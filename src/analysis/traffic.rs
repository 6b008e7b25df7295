//! Traffic: accesses, operations and buffer needs of a layer. None of it depends on bandwidth.

use crate::dim::{Dim, DimSet, PerTensor, Tensor};
use crate::error::Error;

use super::Mapping;
use super::reuse::Step;

/// Elements of one tensor that go through the buffers during the whole layer.
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
    /// Operations performed. Equal to the layer's own where the tiles fit it exactly; a mapping whose tiles overlap
    /// or leave gaps performs more or fewer.
    pub operations: u64,
    /// Bytes of L2 that each tensor needs, one byte an element, double buffered.
    pub l2_bytes: PerTensor<u64>,
    /// Bytes of L1 that each tensor needs in each PE, one byte an element, double buffered.
    pub l1_bytes: PerTensor<u64>,
    /// Operations per element read, in the last case of the outermost level; infinite if that reads nothing.
    pub arithmetic_intensity: f64,
}

impl Traffic {
    /// Bytes of L2 that the layer needs.
    pub fn l2_total(&self) -> u64 {
        self.l2_bytes.0.iter().sum()
    }

    /// Bytes of L1 that the layer needs in each PE.
    pub fn l1_total(&self) -> u64 {
        self.l1_bytes.0.iter().sum()
    }
}

/// Double buffering: one tile at work, the next one under way.
const BUFFERS: i64 = 2;

/// Sums of the outermost level, signed: partial tiles may count negative before the whole is known to be sound.
#[derive(Default)]
struct Sums {
    ingress: PerTensor<i64>,
    egress: i64,
    produced: i64,
    consumed: i64,
    l2: PerTensor<i64>,
}

impl Mapping {
    /// Adds up the traffic of the outermost level.
    ///
    /// # Errors
    /// Counts above 64 bits, tiles that yield no output, and tiles that do not fit together.
    pub fn traffic(&self) -> Result<Traffic, Error> {
        let traffic = self.tally()?;
        let Accesses { l1_write: produced, l2_write: written, .. } = traffic.accesses[Tensor::Output];
        let mut read = Tensor::ALL.into_iter().filter(|&tensor| tensor != Tensor::Output);
        let mut read_at_all = read.clone().map(|tensor| traffic.accesses[tensor].l2_read);
        if traffic.operations == 0 && produced == 0 && read_at_all.all(|elements| elements == 0) {
            return Err(Error::NoOutput { level: 1 });
        }
        // Where partial tiles cancel full ones out, the reference prints nonsense: reuse of 0/0, or a tensor never read.
        let unread = |tensor| !self.layer.coupled(tensor).is_empty() && traffic.accesses[tensor].l2_read == 0;
        if traffic.operations == 0 || produced == 0 || written == 0 || read.any(unread) {
            return Err(Error::IllFormed { level: 1 });
        }
        Ok(traffic)
    }

    /// As [`Mapping::traffic`], but a mapping that computes nothing is no error.
    pub(crate) fn tally(&self) -> Result<Traffic, Error> {
        let mut sums = Sums::default();
        let mut intensity = 0.0;
        let mut first = true;
        if let (Some(mut cases), Some(level)) = (self.cases(0, DimSet::default()), self.levels.first()) {
            while cases.advance() {
                let step = Step::new(&self.layer, level, 1, &cases.state);
                let occurrences = cases.occurrences().ok_or(OVERFLOW)?;
                let (egress, operations) = (step.egress(), step.operations());
                let idle = step.critical_operations() <= 0;
                if first {
                    sums.need_buffers(&step)?;
                    // As in the reference, the case that sizes the buffers is the first one that computes something.
                    first = idle;
                }
                add(&mut sums.egress, occurrences, egress)?;
                add(&mut sums.produced, occurrences, operations)?;
                if idle {
                    continue;
                }
                let mut ingress = 0;
                for tensor in [Tensor::Input, Tensor::Filter] {
                    let volume = step.ingress(tensor)?;
                    add(&mut sums.ingress[tensor], occurrences, volume)?;
                    ingress += volume;
                }
                add(&mut sums.consumed, occurrences, operations)?;
                intensity = operations as f64 / ingress as f64;
            }
        }
        let mut traffic = sums.traffic(self)?;
        traffic.arithmetic_intensity = intensity;
        Ok(traffic)
    }

    /// Elements of a tensor as the reference counts them: it does not divide an output by the stride.
    fn reference_elements(&self, tensor: Tensor) -> Result<i64, Error> {
        let size = |dim| i64::from(self.layer.size(dim).unwrap_or(1));
        let coupled = self.layer.coupled(tensor);
        let dims = coupled.iter().map(|&dim| match (tensor, dim.filter()) {
            (Tensor::Output, Some(filter)) if self.layer.slides() => size(dim) - size(filter) + 1,
            _ => size(dim),
        });
        let none = i64::from(!coupled.is_empty());
        dims.into_iter().try_fold(none, i64::checked_mul).ok_or(OVERFLOW)
    }

    /// The innermost level that is the first to be evaluated, and how many of its first cases size its buffers.
    ///
    /// Normally the innermost one and 1. In the reference, a case that computes nothing lets the next one add to
    /// the needs of the tensors read.
    fn first_leaf(&self) -> (usize, i64) {
        let mut partial = DimSet::default();
        for (index, level) in self.levels.iter().enumerate() {
            let Some(mut cases) = self.cases(index, partial) else { break };
            let mut looked_at = 0;
            loop {
                if !cases.advance() {
                    return (index, looked_at);
                }
                looked_at += 1;
                let step = Step::new(&self.layer, level, 1, &cases.state);
                if step.critical_operations() > 0 {
                    if index + 1 == self.levels.len() {
                        return (index, looked_at);
                    }
                    let spatial = step.spatial();
                    partial = self.partial_dims(level, &step, spatial.edge && spatial.ragged);
                    break;
                }
            }
        }
        (0, 1)
    }
}

const OVERFLOW: Error = Error::Overflow { level: 1 };

fn add(sum: &mut i64, occurrences: i64, volume: i64) -> Result<(), Error> {
    *sum = occurrences.checked_mul(volume).and_then(|more| sum.checked_add(more)).ok_or(OVERFLOW)?;
    Ok(())
}

impl Sums {
    fn need_buffers(&mut self, step: &Step<'_>) -> Result<(), Error> {
        for tensor in [Tensor::Input, Tensor::Filter] {
            add(&mut self.l2[tensor], BUFFERS, step.ingress(tensor)?)?;
        }
        self.l2[Tensor::Output] = BUFFERS.checked_mul(step.egress()).ok_or(OVERFLOW)?;
        Ok(())
    }

    fn traffic(&self, mapping: &Mapping) -> Result<Traffic, Error> {
        let count = |value: i64| u64::try_from(value).map_err(|_| Error::IllFormed { level: 1 });
        let mut traffic = Traffic { operations: count(self.consumed)?, ..Traffic::default() };
        let (leaf, looked_at) = mapping.first_leaf();
        for tensor in Tensor::ALL {
            let coupled = mapping.layer.coupled(tensor);
            let elements = count(mapping.reference_elements(tensor)?)?;
            let accesses = &mut traffic.accesses[tensor];
            *accesses = if tensor == Tensor::Output {
                let produced = count(self.produced)?;
                let l2_write = count(self.egress)?;
                Accesses { l1_read: produced, l1_write: produced, l2_read: elements, l2_write }
            } else if coupled.is_empty() {
                Accesses::default()
            } else {
                let read = count(self.ingress[tensor])?;
                Accesses { l1_read: traffic.operations, l1_write: read, l2_read: read, l2_write: elements }
            };
            traffic.l2_bytes[tensor] = count(self.l2[tensor])?;
            traffic.l1_bytes[tensor] = count(mapping.leaf_bytes(tensor, leaf, looked_at)?)?;
        }
        Ok(traffic)
    }
}

impl Mapping {
    fn leaf_bytes(&self, tensor: Tensor, leaf: usize, looked_at: i64) -> Result<i64, Error> {
        let coupled = self.layer.coupled(tensor);
        let Some(level) = self.levels.get(leaf) else { return Ok(0) };
        if coupled.is_empty() {
            return Ok(0);
        }
        let tile = |dim: &Dim| i64::from(level.tile[*dim]);
        let repeats = if tensor == Tensor::Output { 1 } else { looked_at };
        coupled.iter().map(tile).chain([BUFFERS, repeats]).try_fold(1, i64::checked_mul).ok_or(OVERFLOW)
    }
}
