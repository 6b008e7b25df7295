//! Network blobs: a network, the accelerator that it was compiled for, and what its layers cost there but for the time that
//! depends on clock, bandwidths and latencies; read in place from flash.
//!
//! | bytes | what |
//! | --- | --- |
//! | 0..4 | `MSTR` |
//! | 4..6 | [`VERSION`], little endian |
//! | 6..8 | 0 |
//! | 8..12 | length of the payload, little endian |
//! | 12..16 | CRC-32 (ISO HDLC) of the payload, little endian |
//! | 16.. | the payload: sections, each a tag (u8), its length (u32, little endian) and its bytes |
//!
//! A reader skips sections whose tag it does not know. Numbers are in the encoding of
//! [postcard](https://postcard.jamesmunns.com), where nothing else is said:
//!
//! * 1, the network: its name; the number of dataflows (u8) and each as a sequence of [`Directive`]s; the number of layers
//!   (u16) and each as name, [`LayerKind`](crate::LayerKind), number of its dataflow (u8), stride along `Y`, stride along `X`
//!   (u32 each), a u16 with a bit for each [`Dim`](crate::Dim) that is given, and the sizes of these (u32 each) in the order of
//!   `Dim::ALL`; behind them, if bit 11 is set, the inserted zeros along `Y` and `X` as one row in how many is an element, and
//!   the first that is (u32 each). Variants are numbered in the order of their declarations, which only ever grow at the end.
//! * 2, the accelerator: the figures of its hardware (u32 each, in the order of `maestrino_hardware`), Hz of its clock (u32),
//!   nJ of a MAC, of accesses to L1, buffers of clusters, L2, and of a byte off-chip (f64 each, little endian).
//! * 3, what is counted: of each layer its [`Event`]s and its [`Counts`], see `wire/counted.rs`.
//! * 4, if there is a choice, the mappings of each layer that firmware chooses from: for each layer where in this section they begin
//!   (u32, little endian), the same for layers that are alike; there their number (u8), their dataflows, each as a sequence of
//!   directives, and what is counted of each as in 3. The first is the one that 1 and 3 tell.
//! * 5, if there is one, the accelerator's [`Calibration`](crate::Calibration): its rates, in the order of
//!   [`Term::ALL`](crate::calibration::Term::ALL), and its constant (u32 each), the ratios of a layer and that of a network (u16 each); all
//!   little endian.

mod accelerator;
mod calibration;
mod counted;
mod layers;
mod mappings;
mod put;
mod take;

use crc::{CRC_32_ISO_HDLC, Crc};

use crate::dataflow::{Dataflow, Directive};
use crate::error::Error;
use crate::exact::{Counts, Event};
use crate::layer::Layer;

use put::Put;
use take::{skip_dataflow, take, take_byte, take_count, take_dataflow, take_directive, take_fixed};

pub use accelerator::Accelerator;
pub use layers::Layers;
pub use mappings::{Choice, MappingSet};

/// Version of the encoding.
pub const VERSION: u16 = 2;

/// Dataflows that a blob may have.
pub const MAX_DATAFLOWS: usize = u8::MAX as usize;

/// Mappings of a layer that a blob may have.
pub const MAX_MAPPINGS: usize = u8::MAX as usize;

/// First bytes of a blob.
pub const MAGIC: [u8; 4] = *b"MSTR";
const HEADER_BYTES: usize = 16;
/// By a table of 1 KiB: opening a blob would take most of its time otherwise.
const CRC: Crc<u32> = Crc::<u32>::new(&CRC_32_ISO_HDLC);

/// The slowest clock, in Hz.
const MIN_CLOCK_HZ: u32 = 1;

/// Sections.
const NETWORK: u8 = 1;
const ACCELERATOR: u8 = 2;
const COUNTED: u8 = 3;
const MAPPINGS: u8 = 4;
const CALIBRATION: u8 = 5;
/// Bytes of a section's tag and length.
const SECTION_BYTES: usize = 5;

/// What can be wrong with a blob, or with what should become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WireError {
    /// It ends too early.
    Truncated,
    /// It does not begin as a blob does.
    NotABlob,
    /// It is of another version of the encoding.
    Version(u16),
    /// Its CRC does not match.
    Corrupt,
    /// Its payload makes no sense although the CRC matches.
    Malformed,
    /// A layer or dataflow in it is invalid.
    Invalid(Error),
    /// More than [`MAX_DATAFLOWS`], more than [`MAX_MAPPINGS`] of a layer, or more layers than a u16 counts.
    TooMany,
    /// The buffer to write to is too small.
    BufferTooSmall,
}

impl core::fmt::Display for WireError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            WireError::Truncated => f.write_str("the network blob ends too early"),
            WireError::NotABlob => f.write_str("this is no network blob: it does not begin with MSTR"),
            WireError::Version(version) => {
                write!(f, "the network blob is of version {version}; this is version {VERSION}: compile it again")
            }
            WireError::Corrupt => f.write_str("the network blob is corrupt: its CRC does not match"),
            WireError::Malformed => f.write_str("the network blob makes no sense: compile it again"),
            WireError::Invalid(error) => write!(f, "in the network blob: {error}"),
            WireError::TooMany => write!(
                f,
                "a network blob has at most {MAX_DATAFLOWS} dataflows, as many mappings of a layer, and 65535 layers"
            ),
            WireError::BufferTooSmall => f.write_str("the buffer for the network blob is too small"),
        }
    }
}

impl core::error::Error for WireError {}

/// A name in a blob: UTF-8, which is looked at only where it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Name<'a>(&'a [u8]);

impl<'a> Name<'a> {
    /// The name; empty if it is not UTF-8.
    pub fn as_str(self) -> &'a str {
        core::str::from_utf8(self.0).unwrap_or_default()
    }

    /// Its bytes.
    pub const fn as_bytes(self) -> &'a [u8] {
        self.0
    }
}

impl<'a> From<&'a str> for Name<'a> {
    fn from(name: &'a str) -> Name<'a> {
        Name(name.as_bytes())
    }
}

/// A layer of a blob.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlobLayer<'a> {
    /// Its name.
    pub name: Name<'a>,
    /// Its shape.
    pub layer: Layer,
    /// Number of its dataflow, see [`Blob::dataflow`].
    pub dataflow: u8,
}

/// A network blob, checked by [`Blob::open`] and read in place.
#[derive(Clone, Copy, Debug)]
pub struct Blob<'a> {
    name: Name<'a>,
    /// Dataflows, from their count on.
    dataflows: &'a [u8],
    /// Layers, without their count.
    layers: &'a [u8],
    layer_count: u16,
    accelerator: &'a [u8],
    counted: &'a [u8],
    /// Empty if there is no choice.
    mappings: &'a [u8],
    /// Empty where there is none.
    calibration: &'a [u8],
}

impl<'a> Blob<'a> {
    /// Checks all of a blob: header, CRC, and every dataflow, layer and event in it. What follows the payload is ignored. Mappings
    /// that there is a choice of are checked where they are read, so that firmware that leaves them alone has no code for them.
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
        let whole = layers.at_end() && counted.rest.is_empty() && read;
        if whole { Ok(blob) } else { Err(WireError::Malformed) }
    }

    /// A blob that [`Blob::open`] has accepted before, without checking it again.
    ///
    /// # Errors
    /// A blob that [`Blob::open`] would not have accepted is an error here, or when its layers are read.
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

    /// The dataflow with that number.
    ///
    /// # Errors
    /// [`WireError::Malformed`] if there is none.
    pub fn dataflow(&self, number: u8) -> Result<Dataflow, WireError> {
        take_dataflow(&mut self.find(number)?)
    }

    /// Hands on the directives of the dataflow with that number, outermost first, without a copy of all of them.
    ///
    /// # Errors
    /// [`WireError::Malformed`] if there is none, and whatever `visit` returns.
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

    /// Where the dataflow with that number begins.
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

    /// The accelerator that it was compiled for.
    ///
    /// # Errors
    /// See [`WireError`].
    pub fn accelerator(&self) -> Result<Accelerator, WireError> {
        Accelerator::take(&mut { self.accelerator }, &mut { self.calibration })
    }

    /// The mappings of a layer that there is a choice of; `None` for a network that was compiled without.
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

    /// What is counted of the layers on that accelerator, in execution order.
    pub fn counted(&self) -> Counted<'a> {
        Counted { rest: self.counted }
    }
}

/// What is counted of the layers of a [`Blob`].
#[derive(Clone, Debug)]
pub struct Counted<'a> {
    rest: &'a [u8],
}

impl Counted<'_> {
    /// Tells the events of the next layer, and returns its counts.
    ///
    /// # Errors
    /// See [`WireError`]; there are as many as there are layers.
    pub fn next(&mut self, events: &mut dyn FnMut(&Event)) -> Result<Counts, WireError> {
        let mut counts = Counts::default();
        self.take(&mut counts, events)?;
        Ok(counts)
    }

    /// The same in place, which spares small stacks a copy.
    pub(crate) fn take(&mut self, counts: &mut Counts, events: &mut dyn FnMut(&Event)) -> Result<(), WireError> {
        counted::take(&mut self.rest, counts, events)
    }
}

/// Writes a blob to the beginning of `buffer` and returns it. Each layer names its dataflow by its number in `dataflows`,
/// and is counted on `accelerator`. `sets` are the dataflows of each layer that firmware chooses from, its own first; none for a
/// network that leaves no choice.
///
/// # Errors
/// [`WireError::TooMany`], [`WireError::Malformed`] for a dataflow number that does not exist and for sets that are not one for each
/// layer, [`WireError::Invalid`] for a layer that its dataflow does not suit, and [`WireError::BufferTooSmall`].
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

/// The header of a payload.
fn sealed(payload: &[u8]) -> Result<[u8; HEADER_BYTES], WireError> {
    let length = u32::try_from(payload.len()).map_err(|_| WireError::TooMany)?;
    let [v0, v1] = VERSION.to_le_bytes();
    let [l0, l1, l2, l3] = length.to_le_bytes();
    let [c0, c1, c2, c3] = CRC.checksum(payload).to_le_bytes();
    let [m0, m1, m2, m3] = MAGIC;
    Ok([m0, m1, m2, m3, v0, v1, 0, 0, l0, l1, l2, l3, c0, c1, c2, c3])
}

/// The next section, if there is one: its tag and its bytes.
fn section<'a>(rest: &mut &'a [u8]) -> Result<Option<(u8, &'a [u8])>, WireError> {
    if rest.is_empty() {
        return Ok(None);
    }
    let [tag, l0, l1, l2, l3] = take_fixed::<SECTION_BYTES>(rest)?;
    let length = usize::try_from(u32::from_le_bytes([l0, l1, l2, l3])).map_err(|_| WireError::Malformed)?;
    let (bytes, after) = rest.split_at_checked(length).ok_or(WireError::Malformed)?;
    *rest = after;
    Ok(Some((tag, bytes)))
}

/// The payload behind a header, its CRC checked.
fn payload(bytes: &[u8]) -> Result<&[u8], WireError> {
    let (payload, sum) = framed(bytes)?;
    if CRC.checksum(payload) == sum { Ok(payload) } else { Err(WireError::Corrupt) }
}

/// The payload behind a header, and the CRC that it should have.
fn framed(bytes: &[u8]) -> Result<(&[u8], u32), WireError> {
    let (header, rest) = bytes.split_first_chunk::<HEADER_BYTES>().ok_or(WireError::Truncated)?;
    let [m0, m1, m2, m3, v0, v1, r0, r1, l0, l1, l2, l3, c0, c1, c2, c3] = *header;
    if [m0, m1, m2, m3] != MAGIC {
        return Err(WireError::NotABlob);
    }
    let version = u16::from_le_bytes([v0, v1]);
    if version != VERSION {
        return Err(WireError::Version(version));
    }
    if [r0, r1] != [0; 2] {
        return Err(WireError::Malformed);
    }
    let length = u32::from_le_bytes([l0, l1, l2, l3]);
    let payload = usize::try_from(length).ok().and_then(|length| rest.get(..length)).ok_or(WireError::Truncated)?;
    Ok((payload, u32::from_le_bytes([c0, c1, c2, c3])))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataflow::presets::Preset;
    use crate::exact::{Accesses, Depth, Moves, Player, Step, Streams, Transfers};
    use crate::{Activations, Buffering, Cost, Dim, EnergyTable, Hardware, LayerKind, Mapping, Noc, Widths};

    /// An accelerator without a figure that is alike to another.
    fn accelerator() -> Accelerator {
        let mut hardware = Hardware::new(300)
            .and_then(|hardware| hardware.with_simd_lanes(2))
            .and_then(|hardware| hardware.with_offchip_bandwidth(17))
            .and_then(|hardware| hardware.with_weights_bandwidth(5))
            .and_then(|hardware| hardware.with_compressed_weights(900))
            .and_then(|hardware| hardware.with_widths(Widths { input: 8, filter: 4, output: 16, psum: 32 }))
            .unwrap()
            .with_buffers(700, 70_000_000)
            .with_cluster_buffer(7000)
            .with_multicast(false)
            .with_activations(Activations::Auto)
            .with_buffering(Buffering::Single, Buffering::Double);
        for level in 0..4 {
            let noc = Noc { bandwidth: 40 + level, latency: 1 + level };
            hardware = hardware.with_noc_at(level as usize, noc).unwrap();
        }
        let energies = EnergyTable { mac: 1.0, l1: 2.0, l2: 3.0, cluster: Some(4.0), offchip: 5.0 };
        Accelerator { hardware, clock_hz: 123_456_789, energies, calibration: None }
    }

    fn sample() -> (std::vec::Vec<u8>, [Dataflow; 2], [BlobLayer<'static>; 3]) {
        let dims = [(Dim::K, 64), (Dim::C, 3), (Dim::R, 7), (Dim::S, 5), (Dim::Y, 229), (Dim::X, 300), (Dim::N, 2)];
        let conv = Layer::strided(LayerKind::Conv, &dims, 2, 3).unwrap();
        let gemm = Layer::new(LayerKind::Gemm, &[(Dim::M, 9), (Dim::N, 300), (Dim::K, 7000)]).unwrap();
        let upsampled = Layer::new(LayerKind::TrConv, &dims[..6]).unwrap();
        let upsampled = upsampled.with_inserted_zeros([2, 3], [1, 2]).unwrap();
        let dataflow = |preset: Preset, kind| preset.tiling().dataflow(kind).unwrap();
        let dataflows = [dataflow(Preset::KcpWs, LayerKind::Conv), dataflow(Preset::Nmk, LayerKind::Gemm)];
        let layers = [
            BlobLayer { name: "first".into(), layer: conv, dataflow: 0 },
            BlobLayer { name: "zweite Schicht: ß".into(), layer: gemm, dataflow: 1 },
            BlobLayer { name: "upsampled".into(), layer: upsampled, dataflow: 0 },
        ];
        let mut buffer = [0; 4096];
        let blob =
            encode("net", &accelerator(), &dataflows, layers.iter().copied(), &[], &mut buffer).unwrap().to_vec();
        (blob, dataflows, layers)
    }

    #[test]
    fn a_blob_holds_what_went_in() {
        let (bytes, dataflows, layers) = sample();
        for blob in [Blob::open(&bytes).unwrap(), Blob::reopen(&bytes).unwrap()] {
            assert_eq!((blob.name().as_str(), blob.layer_count()), ("net", 3));
            let read: Result<std::vec::Vec<_>, _> = blob.layers().collect();
            assert_eq!(read.unwrap(), layers);
            assert_eq!(blob.dataflow(0).unwrap(), dataflows[0]);
            assert_eq!(blob.dataflow(1).unwrap(), dataflows[1]);
            assert_eq!(blob.dataflow(2), Err(WireError::Malformed));
            assert_eq!(blob.accelerator().unwrap(), accelerator());
        }
        let mut longer = bytes.clone();
        longer.extend([0xff; 7]);
        assert!(Blob::open(&longer).is_ok());
    }

    /// On other lanes, bandwidths and latencies, too.
    #[test]
    fn layers_cost_what_their_mappings_cost() {
        let (bytes, dataflows, layers) = sample();
        let Accelerator { hardware, energies, .. } = accelerator();
        let other = hardware.with_simd_lanes(1).unwrap().with_noc(Noc { bandwidth: 3, latency: 9 }).unwrap();
        let other = other.with_offchip_bandwidth(2).unwrap().with_buffers(10, 70_000_000);
        for hardware in [hardware, other] {
            let mut counted = Blob::open(&bytes).unwrap().counted();
            for layer in layers {
                let mut player = Player::new(&hardware);
                let counts = counted.next(&mut |event| player.play(event)).unwrap();
                let told = Cost::timed(&counts, &player, &hardware, &energies).unwrap();
                let mapping = Mapping::new(&layer.layer, &dataflows[usize::from(layer.dataflow)], 300).unwrap();
                assert_eq!(told, Cost::of_mapping(&mapping, &hardware, &energies).unwrap());
                assert!(told.cycles().is_some_and(|cycles| cycles > 0));
            }
        }
    }

    #[test]
    fn sections_of_others_are_skipped_and_none_of_ours_may_be_missing() {
        let (bytes, ..) = sample();
        let with = |payload: std::vec::Vec<u8>| {
            let mut blob = sealed(&payload).unwrap().to_vec();
            blob.extend(payload);
            Blob::open(&blob).map(|blob| (blob.layer_count(), blob.accelerator().unwrap()))
        };
        let unknown = [77, 3, 0, 0, 0, 1, 2, 3];
        assert_eq!(with([&unknown, &bytes[16..], &unknown].concat()), Ok((3, accelerator())));
        let mut sections = std::vec::Vec::new();
        let mut rest = &bytes[16..];
        while !rest.is_empty() {
            let before = rest;
            section(&mut rest).unwrap();
            sections.push(before[..before.len() - rest.len()].to_vec());
        }
        assert_eq!(sections.len(), 3);
        for missing in 0..3 {
            let others = sections.iter().enumerate().filter(|(place, _)| *place != missing);
            let others = others.flat_map(|(_, section)| section.clone()).collect();
            assert_eq!(with(others), Err(WireError::Malformed), "section {missing}");
        }
    }

    #[test]
    fn the_encoding_is_stable() {
        let (bytes, ..) = sample();
        assert_eq!(bytes[..8], *b"MSTR\x02\x00\x00\x00");
        assert_eq!(bytes[8..12], (bytes.len() as u32 - 16).to_le_bytes());
        assert_eq!(bytes[12..16], CRC.checksum(&bytes[16..]).to_le_bytes());
        assert_eq!(CRC.checksum(b"123456789"), 0xcbf4_3926);
        let mut rest = &bytes[16..];
        let [network, accelerator] = [(); 2].map(|()| section(&mut rest).unwrap().unwrap().1);
        // A change here or below means a new VERSION.
        assert_eq!([network, accelerator].map(|section| CRC.checksum(section)), [3_386_122_732, 4_037_238_940]);

        // Which events a walk tells of may change, how they are written may not.
        let step = Step { level: 1, variant: 1, starting: true, operations: 300, ingress: 5, egress: 0, times: 1 };
        let last = Step { level: 0, variant: 0, starting: false, operations: 0, ingress: 1, egress: 2, times: 3 };
        let events = [
            Event::Only(step),
            Event::Cluster { level: 1, variant: 0 },
            Event::GivenAway { level: 2, bits: 7 },
            Event::Step(last),
            Event::Drained { level: 3, bits: 127 },
        ];
        let written = [0x75, 0xac, 2, 5, 0, 5, 0x0a, 7, 0, 0, 1, 2, 3, 0x0f, 127, 0xff];
        let counts = [2, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19];
        let active = 1.5f64.to_le_bytes();
        let offchip = [1, 0xff, 0, 3, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29];
        let all = [&written[..], &counts, &active, &offchip].concat();
        let mut read = std::vec::Vec::new();
        let counts = Counted { rest: &all }.next(&mut |event| read.push(*event)).unwrap();
        assert_eq!(read, events);
        let Counts { operations, steps, l2, l1, needs, accesses, active_pes, levels, .. } = counts;
        assert_eq!((levels, operations, steps, needs.l1, needs.cluster, needs.l2), (2, 1, 3, 4, 5, 6));
        let transfers = |[input, filter, psum, output]: [u64; 4]| Transfers { input, filter, psum, output };
        assert_eq!((l2, l1), (transfers([7, 8, 9, 10]), transfers([11, 12, 13, 14])));
        assert_eq!(accesses, Accesses { mac: 15, l1: 16, l2: 17, cluster: 18, offchip: 19 });
        let Moves { depths, transfers: moved, bits, streams } = counts.offchip.unwrap();
        assert_eq!(depths.0, [Depth::Resident, Depth::Loops(0), Depth::Loops(3)]);
        assert_eq!((active_pes, moved, bits), (1.5, transfers([20, 21, 22, 23]), 24));
        assert_eq!(streams, Streams { first: [25, 26], rest: [27, 28], last: 29 });
    }

    /// A blob with sets: two mappings of the first layer, and of the last, which is alike; one of the layer between.
    fn with_sets() -> (std::vec::Vec<u8>, [std::vec::Vec<Dataflow>; 3], [BlobLayer<'static>; 3]) {
        let (_, dataflows, [first, second, _]) = sample();
        let other = Preset::YxpOs.tiling().dataflow(LayerKind::Conv).unwrap();
        let pair = std::vec![dataflows[0].clone(), other];
        let sets = [pair.clone(), std::vec![dataflows[1].clone()], pair];
        let layers = [first, second, BlobLayer { name: "again".into(), ..first }];
        let mut buffer = [0; 8192];
        let all = sets.each_ref().map(|set| set.as_slice());
        let blob = encode("net", &accelerator(), &dataflows, layers.into_iter(), &all, &mut buffer).unwrap().to_vec();
        (blob, sets, layers)
    }

    /// What is chosen takes as long as the model tells, and no other mapping that fits takes less.
    #[test]
    fn the_fastest_mapping_that_fits_is_chosen() {
        let (bytes, sets, layers) = with_sets();
        let blob = Blob::open(&bytes).unwrap();
        let mut chosen = std::collections::BTreeSet::new();
        for (bandwidth, offchip, l1) in
            [(64, 64, 700), (1, 64, 700), (64, 1, 700), (3, 2, 700), (64, 64, 20), (64, 64, 1)]
        {
            let hardware = accelerator().hardware.with_noc(Noc { bandwidth, latency: 1 }).unwrap();
            let hardware = hardware.with_offchip_bandwidth(offchip).unwrap().with_buffers(l1, 70_000_000);
            for (number, (set, layer)) in (0..).zip(sets.iter().zip(&layers)) {
                let read = blob.mappings(number).unwrap().unwrap();
                assert_eq!(usize::from(read.count()), set.len());
                let cycles = |flow| Cost::of(&layer.layer, flow, &hardware).unwrap();
                let fitting =
                    (0..).zip(set).map(|(mapping, flow)| (cycles(flow), mapping)).filter(|(cost, _)| cost.fits.all());
                let best = fitting.map(|(cost, mapping)| (cost.cycles().unwrap(), mapping)).min();
                let choice = read.choose(&hardware).unwrap();
                assert_eq!(choice.map(|choice| (choice.cycles, choice.mapping)), best, "layer {number}, {hardware:?}");
                chosen.insert((number, choice.map(|choice| choice.mapping)));
                for (mapping, flow) in (0..).zip(set) {
                    assert_eq!(read.dataflow(mapping).as_ref(), Ok(flow));
                }
                assert_eq!(read.dataflow(read.count()), Err(WireError::Malformed));
            }
        }
        // Each mapping of the first layer is the best somewhere, and somewhere none fits.
        assert!([None, Some(0), Some(1)].iter().all(|choice| chosen.contains(&(0, *choice))), "{chosen:?}");
        assert_eq!(blob.mappings(3).err(), Some(WireError::Malformed));
        let (without, ..) = sample();
        assert!(Blob::open(&without).unwrap().mappings(0).unwrap().is_none());
    }

    /// Sets are the same for who knows nothing of them, stand once for layers that are alike, and damage is an error, no panic.
    #[test]
    fn sets_are_a_section_of_their_own() {
        let (bytes, sets, layers) = with_sets();
        let blob = Blob::open(&bytes).unwrap();
        let mut rest = &bytes[16..];
        let sections = [(); 4].map(|()| section(&mut rest).unwrap().unwrap());
        assert_eq!(sections.map(|(tag, _)| tag), [NETWORK, ACCELERATOR, COUNTED, MAPPINGS]);
        let [.., (_, mappings)] = sections;
        assert_eq!((mappings[..4].to_vec(), mappings[..4] == mappings[8..12]), (std::vec![12, 0, 0, 0], true));
        let mut buffer = [0; 8192];
        let dataflows = [sets[0][0].clone(), sets[1][0].clone()];
        let plain = encode("net", &accelerator(), &dataflows, layers.into_iter(), &[], &mut buffer).unwrap();
        assert_eq!(plain[16..], bytes[16..16 + plain.len() - 16]);
        for length in 0..mappings.len() {
            let cut = Blob { mappings: &mappings[..length], ..blob };
            let read = |layer| cut.mappings(layer).map(|set| set.map(|set| set.choose(&accelerator().hardware)));
            let all = [0, 1, 2].map(read);
            assert!(length == 0 || all.iter().any(|set| !matches!(set, Ok(Some(Ok(_))))), "cut to {length}");
        }
        let none: &[Dataflow] = &[];
        for (sets, error) in [(&[none; 2][..], WireError::Malformed), (&[none; 3][..], WireError::Malformed)] {
            let encoded = encode("net", &accelerator(), &dataflows, layers.into_iter(), sets, &mut buffer);
            assert_eq!(encoded.err(), Some(error));
        }
    }

    #[test]
    fn every_damage_is_noticed() {
        let (bytes, ..) = sample();
        for length in 0..bytes.len() {
            assert!(Blob::open(&bytes[..length]).is_err(), "cut to {length}");
            // Cut and sealed anew: the payload itself must be checked.
            let mut cut = bytes[..length].to_vec();
            if let Some((header, payload)) = cut.split_at_mut_checked(16) {
                header[8..12].copy_from_slice(&(payload.len() as u32).to_le_bytes());
                header[12..].copy_from_slice(&CRC.checksum(payload).to_le_bytes());
                assert!(Blob::open(&cut).is_err(), "cut to {length} and sealed");
            }
            let _ = Blob::reopen(&bytes[..length]).map(|blob| blob.layers().count());
        }
        for i in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[i] ^= 0x10;
            assert!(Blob::open(&damaged).is_err(), "byte {i}");
        }
        let with = |at: usize, byte: u8| {
            let mut bytes = bytes.clone();
            bytes[at] = byte;
            Blob::open(&bytes).unwrap_err()
        };
        assert_eq!(with(0, b'm'), WireError::NotABlob);
        assert_eq!(with(4, 1), WireError::Version(1));
        assert_eq!(with(22, 0), WireError::Corrupt);
        assert_eq!(Blob::open(&bytes[..15]).unwrap_err(), WireError::Truncated);
    }

    #[test]
    fn what_does_not_fit_is_an_error() {
        let (bytes, dataflows, layers) = sample();
        for length in 0..bytes.len() {
            let mut buffer = vec![0; length];
            let encoded = encode("net", &accelerator(), &dataflows, layers.iter().copied(), &[], &mut buffer);
            assert_eq!(encoded.unwrap_err(), WireError::BufferTooSmall);
        }
        let mut buffer = [0; 4096];
        let one = &dataflows[..1];
        assert_eq!(
            encode("net", &accelerator(), one, layers.iter().copied(), &[], &mut buffer),
            Err(WireError::Malformed)
        );
        let many: std::vec::Vec<_> = std::iter::repeat_n(dataflows[0].clone(), MAX_DATAFLOWS + 1).collect();
        assert_eq!(
            encode("net", &accelerator(), &many, layers.iter().copied(), &[], &mut buffer),
            Err(WireError::TooMany)
        );
    }
}
