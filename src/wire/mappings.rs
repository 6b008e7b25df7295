//! The mappings of a layer among which firmware chooses.

use crate::exact::{Counts, Player, cycles_within};
use crate::{Dataflow, Hardware};

use super::accelerator::Accelerator;
use super::counted;
use super::error::WireError;
use super::layers::BlobLayer;
use super::put::Put;
use super::take::{skip_dataflow, take_byte, take_dataflow, take_fixed};

/// The mappings of a layer of a blob. Each has been counted on the blob's accelerator.
#[derive(Clone, Copy, Debug)]
pub struct MappingSet<'a> {
    count: u8,
    /// The dataflows of the mappings.
    dataflows: &'a [u8],
    /// The events and counts of the mappings.
    counted: &'a [u8],
}

/// A mapping that was chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Number of the mapping in its set.
    pub mapping: u8,
    /// Cycles of the layer under the mapping.
    pub cycles: u64,
}

/// Bytes of a position in the section.
const PLACE_BYTES: usize = 4;

impl<'a> MappingSet<'a> {
    /// The set of a layer.
    pub(super) fn find(section: &'a [u8], layer: u16) -> Result<MappingSet<'a>, WireError> {
        let from = |place: usize| section.get(place..).ok_or(WireError::Malformed);
        let place = u32::from_le_bytes(take_fixed(&mut from(PLACE_BYTES * usize::from(layer))?)?);
        let mut rest = from(usize::try_from(place).map_err(|_| WireError::Malformed)?)?;
        let count = take_byte(&mut rest)?;
        if count == 0 {
            return Err(WireError::Malformed);
        }
        let dataflows = rest;
        for _ in 0..count {
            skip_dataflow(&mut rest)?;
        }
        Ok(MappingSet { count, dataflows, counted: rest })
    }

    /// Number of mappings.
    pub fn count(&self) -> u8 {
        self.count
    }

    /// The dataflow of a mapping.
    ///
    /// # Errors
    /// [`WireError::Malformed`] if there is none.
    pub fn dataflow(&self, mapping: u8) -> Result<Dataflow, WireError> {
        if mapping >= self.count {
            return Err(WireError::Malformed);
        }
        let mut rest = self.dataflows;
        for _ in 0..mapping {
            skip_dataflow(&mut rest)?;
        }
        take_dataflow(&mut rest)
    }

    /// The mapping with the fewest cycles among those that fit the buffers, the first of several equal ones; `None`
    /// if none fits. `hardware` may differ from the blob's accelerator in lanes, bandwidths, latencies, and in the
    /// sizes of L1 and of cluster buffers.
    ///
    /// # Errors
    /// See [`WireError`]; also if cycles do not fit into 63 bits.
    pub fn choose(&self, hardware: &Hardware) -> Result<Option<Choice>, WireError> {
        let mut best: Option<Choice> = None;
        let (mut rest, mut counts) = (self.counted, Counts::default());
        for mapping in 0..self.count {
            let mut player = Player::new(hardware);
            counted::take(&mut rest, &mut counts, &mut |event| player.play(event))?;
            if let Some(cycles) = cycles_within(&counts, &player, hardware).map_err(WireError::Invalid)?
                && best.is_none_or(|best| cycles < best.cycles)
            {
                best = Some(Choice { mapping, cycles });
            }
        }
        Ok(best)
    }
}

/// Writes the sets of all layers: first the position of each set, then the sets; equal ones only once.
pub(super) fn put<'a>(
    accelerator: &Accelerator,
    layers: impl Iterator<Item = BlobLayer<'a>> + Clone,
    sets: &[&[Dataflow]],
    put: &mut Put<'_>,
) -> Result<(), WireError> {
    let start = put.at();
    let all = || (0..).zip(layers.clone().zip(sets));
    all().try_for_each(|_| put.bytes(&[0; PLACE_BYTES]))?;
    for (number, (layer, set)) in all() {
        let alike =
            |&(_, (other, own)): &(usize, (BlobLayer<'a>, &&[Dataflow]))| (other.layer, own) == (layer.layer, set);
        if all().take(number).any(|earlier| alike(&earlier)) {
            continue;
        }
        let begins = u32::try_from(put.at() - start).map_err(|_| WireError::TooMany)?;
        for (place, _) in all().filter(alike) {
            put.bytes_at(start + PLACE_BYTES * place, &begins.to_le_bytes())?;
        }
        let count = u8::try_from(set.len()).map_err(|_| WireError::TooMany)?;
        if count == 0 {
            return Err(WireError::Malformed);
        }
        put.bytes(&[count])?;
        set.iter().try_for_each(|dataflow| put.value(&dataflow.directives()))?;
        set.iter().try_for_each(|dataflow| counted::put(&layer.layer, dataflow, &accelerator.hardware, put))?;
    }
    Ok(())
}
