//! Writing a blob.

use crate::dataflow::Dataflow;

use super::accelerator::Accelerator;
use super::error::WireError;
use super::format::{ACCELERATOR, CALIBRATION, COUNTED, MAPPINGS, MAX_DATAFLOWS, NETWORK};
use super::frame::{HEADER_BYTES, sealed};
use super::layers::BlobLayer;
use super::put::Put;
use super::{counted, mappings};

/// Writes a blob to the beginning of `buffer` and returns it. Each layer refers to its dataflow by the number in
/// `dataflows`, and is counted on `accelerator`. `sets` are, for each layer, the dataflows among which firmware
/// chooses, the layer's own first; empty for a network without such a choice.
///
/// # Errors
/// [`WireError::TooMany`]; [`WireError::Malformed`] if a dataflow number does not exist, or if there is not one set
/// for each layer; [`WireError::Invalid`] if a dataflow does not suit its layer; and [`WireError::BufferTooSmall`].
pub fn encode<'b, 'a>(
    name: &str,
    accelerator: &Accelerator,
    dataflows: &[Dataflow],
    layers: impl ExactSizeIterator<Item = BlobLayer<'a>> + Clone,
    sets: &[&[Dataflow]],
    buffer: &'b mut [u8],
) -> Result<&'b [u8], WireError> {
    let layer_count = u16::try_from(layers.len()).map_err(|_| WireError::TooMany)?;
    if dataflows.len() > MAX_DATAFLOWS {
        return Err(WireError::TooMany);
    }
    if !sets.is_empty() && sets.len() != layers.len() {
        return Err(WireError::Malformed);
    }
    let mut put = Put::new(buffer);
    put.bytes(&[0; HEADER_BYTES])?;
    put.section(NETWORK, |put| {
        put.value(&name)?;
        put.value(&(dataflows.len() as u8))?;
        for dataflow in dataflows {
            put.value(&dataflow.directives())?;
        }
        put.value(&layer_count)?;
        layers.clone().try_for_each(|layer| layer.put(put))
    })?;
    put.section(ACCELERATOR, |put| accelerator.put(put))?;
    if let Some(calibration) = &accelerator.calibration {
        put.section(CALIBRATION, |put| calibration.put(put))?;
    }
    put.section(COUNTED, |put| {
        layers.clone().try_for_each(|BlobLayer { layer, dataflow, .. }| {
            let dataflow = dataflows.get(usize::from(dataflow)).ok_or(WireError::Malformed)?;
            counted::put(&layer, dataflow, &accelerator.hardware, put)
        })
    })?;
    if !sets.is_empty() {
        put.section(MAPPINGS, |put| mappings::put(accelerator, layers, sets, put))?;
    }
    let blob = put.done();
    let (header, payload) = blob.split_first_chunk_mut::<HEADER_BYTES>().ok_or(WireError::BufferTooSmall)?;
    *header = sealed(payload)?;
    Ok(blob)
}
