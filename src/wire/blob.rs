//! Reading a blob in place.

use crate::dataflow::{Dataflow, Directive};
use crate::exact::Counts;

use super::accelerator::Accelerator;
use super::counted::Counted;
use super::error::WireError;
use super::format::{ACCELERATOR, CALIBRATION, COUNTED, MAPPINGS, NETWORK};
use super::frame::{framed, payload, section};
use super::layers::{Layers, Name};
use super::mappings::MappingSet;
use super::take::{skip_dataflow, take, take_byte, take_count, take_dataflow, take_directive};

/// A network blob, checked by [`Blob::open`] and read in place.
#[derive(Clone, Copy, Debug)]
pub struct Blob<'a> {
    name: Name<'a>,
    /// The dataflows, beginning with their number.
    dataflows: &'a [u8],
    /// The layers, without their number.
    layers: &'a [u8],
    layer_count: u16,
    accelerator: &'a [u8],
    counted: &'a [u8],
    /// Empty if firmware has no choice of mappings.
    pub(super) mappings: &'a [u8],
    /// Empty if there is no calibration.
    calibration: &'a [u8],
}

impl<'a> Blob<'a> {
    /// Checks a whole blob: header, CRC, and all of its dataflows, layers and events. Bytes after the payload are
    /// ignored. Mappings to choose from are checked only when they are read, so that firmware that does not choose
    /// contains no code for them.
    ///
    /// # Errors
    /// See [`WireError`].
    pub fn open(bytes: &'a [u8]) -> Result<Blob<'a>, WireError> {
        let blob = Blob::unchecked(payload(bytes)?)?;
        let mut rest = blob.dataflows;
        let dataflow_count = take_byte(&mut rest)?;
        let mut counts = Counts::default();
        let (mut layers, mut counted) = (blob.layers(), blob.counted());
        for _ in 0..blob.layer_count {
            let layer = layers.read()?;
            if layer.dataflow >= dataflow_count {
                return Err(WireError::Malformed);
            }
            counted.take(&mut counts, &mut |_| ())?;
        }
        let (mut accelerator, mut calibration) = (blob.accelerator, blob.calibration);
        Accelerator::take(&mut accelerator, &mut calibration)?;
        let read = accelerator.is_empty() && calibration.is_empty();
        let whole = layers.at_end() && counted.at_end() && read;
        if whole { Ok(blob) } else { Err(WireError::Malformed) }
    }

    /// A blob that [`Blob::open`] has accepted before, without checking it again.
    ///
    /// # Errors
    /// A blob that [`Blob::open`] would not have accepted yields an error here or when its layers are read.
    pub fn reopen(bytes: &'a [u8]) -> Result<Blob<'a>, WireError> {
        Blob::unchecked(framed(bytes)?.0)
    }

    fn unchecked(payload: &'a [u8]) -> Result<Blob<'a>, WireError> {
        let (mut network, mut accelerator, mut counted) = (None, None, None);
        let (mut mappings, mut calibration) = (None, None);
        let mut rest = payload;
        while let Some((tag, bytes)) = section(&mut rest)? {
            match tag {
                NETWORK => network = network.or(Some(bytes)),
                ACCELERATOR => accelerator = accelerator.or(Some(bytes)),
                COUNTED => counted = counted.or(Some(bytes)),
                MAPPINGS => mappings = mappings.or(Some(bytes)),
                CALIBRATION => calibration = calibration.or(Some(bytes)),
                _ => {}
            }
        }
        let (Some(mut rest), Some(accelerator), Some(counted)) = (network, accelerator, counted) else {
            return Err(WireError::Malformed);
        };
        let name = Name(take(&mut rest)?);
        let dataflows = rest;
        let dataflow_count = take_byte(&mut rest)?;
        for _ in 0..dataflow_count {
            skip_dataflow(&mut rest)?;
        }
        let layer_count = u16::try_from(take::<u32>(&mut rest)?).map_err(|_| WireError::Malformed)?;
        let (mappings, calibration) = (mappings.unwrap_or_default(), calibration.unwrap_or_default());
        Ok(Blob { name, dataflows, layers: rest, layer_count, accelerator, counted, mappings, calibration })
    }

    /// Name of the network.
    pub fn name(&self) -> Name<'a> {
        self.name
    }

    /// Number of layers.
    pub fn layer_count(&self) -> u16 {
        self.layer_count
    }

    /// The dataflow with the given number.
    ///
    /// # Errors
    /// [`WireError::Malformed`] if there is none.
    pub fn dataflow(&self, number: u8) -> Result<Dataflow, WireError> {
        take_dataflow(&mut self.find(number)?)
    }

    /// Passes the directives of the dataflow with the given number to `visit`, outermost first, without a copy of all
    /// of them.
    ///
    /// # Errors
    /// [`WireError::Malformed`] if there is none, and the errors of `visit`.
    pub fn directives<E: From<WireError>>(
        &self,
        number: u8,
        mut visit: impl FnMut(Directive) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut rest = self.find(number)?;
        for _ in 0..take_count(&mut rest)? {
            visit(take_directive(&mut rest)?)?;
        }
        Ok(())
    }

    /// The bytes from the beginning of the dataflow with the given number on.
    fn find(&self, number: u8) -> Result<&'a [u8], WireError> {
        let mut rest = self.dataflows;
        let count = take_byte(&mut rest)?;
        if number >= count {
            return Err(WireError::Malformed);
        }
        for _ in 0..number {
            skip_dataflow(&mut rest)?;
        }
        Ok(rest)
    }

    /// The layers, in execution order.
    pub fn layers(&self) -> Layers<'a> {
        Layers::new(self.layers, self.layer_count)
    }

    /// The accelerator for which the network was compiled.
    ///
    /// # Errors
    /// See [`WireError`].
    pub fn accelerator(&self) -> Result<Accelerator, WireError> {
        Accelerator::take(&mut { self.accelerator }, &mut { self.calibration })
    }

    /// The mappings of a layer among which firmware can choose; `None` for a network that was compiled without a
    /// choice.
    ///
    /// # Errors
    /// [`WireError::Malformed`] if there is no such layer.
    pub fn mappings(&self, layer: u16) -> Result<Option<MappingSet<'a>>, WireError> {
        match self.mappings {
            [] => Ok(None),
            _ if layer >= self.layer_count => Err(WireError::Malformed),
            section => MappingSet::find(section, layer).map(Some),
        }
    }

    /// The events and counts of the layers on that accelerator, in execution order.
    pub fn counted(&self) -> Counted<'a> {
        Counted::new(self.counted)
    }
}
