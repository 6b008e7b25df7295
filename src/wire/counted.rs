//! The events and the [`Counts`] of a layer of a blob.
//!
//! An event is a byte with its kind (bits 0 and 1), its level (bits 2 and 3), its variant (bit 4) and whether a step
//! is the very first (bit 5), followed by its numbers as variable-length integers. The only step of a cluster has
//! kind 1, with bit 6 set. The last event is followed by [`END`] and the counts.

use crate::dim::PerTensor;
use crate::exact::{Accesses, Counts, Depth, Event, Moves, Needs, Step, Streams, Transfers};
use crate::limits::MAX_LEVELS;
use crate::{Dataflow, Hardware, Layer, Mapping};

use super::error::WireError;
use super::put::Put;
use super::take::{take_byte, take_count64, take_f64};

const STEP: u8 = 0;
const CLUSTER: u8 = 1;
const GIVEN_AWAY: u8 = 2;
const DRAINED: u8 = 3;
const VARIANT: u8 = 1 << 4;
const STARTING: u8 = 1 << 5;
const ONLY: u8 = CLUSTER | 1 << 6;
const END: u8 = 0xff;

const _: () = assert!(MAX_LEVELS <= 4, "a level takes two bits");

/// The depth that stands for a tensor that lives in L2.
const RESIDENT: u8 = 0xff;

/// Reads the events and counts of the layers of a [`Blob`](super::Blob), one layer after the other.
#[derive(Clone, Debug)]
pub struct Counted<'a> {
    rest: &'a [u8],
}

impl<'a> Counted<'a> {
    pub(super) fn new(section: &'a [u8]) -> Counted<'a> {
        Counted { rest: section }
    }

    /// Whether nothing is left.
    pub(super) fn at_end(&self) -> bool {
        self.rest.is_empty()
    }

    /// Passes the events of the next layer to `events`, and returns its counts.
    ///
    /// # Errors
    /// See [`WireError`]; also if there are no more layers.
    pub fn next(&mut self, events: &mut dyn FnMut(&Event)) -> Result<Counts, WireError> {
        let mut counts = Counts::default();
        self.take(&mut counts, events)?;
        Ok(counts)
    }

    /// The same in place, which saves a copy on small stacks.
    pub(crate) fn take(&mut self, counts: &mut Counts, events: &mut dyn FnMut(&Event)) -> Result<(), WireError> {
        take(&mut self.rest, counts, events)
    }
}

/// Counts a layer, and writes its events and counts.
pub(super) fn put(layer: &Layer, dataflow: &Dataflow, hardware: &Hardware, put: &mut Put<'_>) -> Result<(), WireError> {
    let mapping = Mapping::new(layer, dataflow, hardware.pes()).map_err(WireError::Invalid)?;
    let mut written = Ok(());
    let counts = Counts::of(&mapping, hardware, |event| {
        if written.is_ok() {
            written = put_event(event, put);
        }
    });
    written?;
    put.bytes(&[END])?;
    put_counts(&counts.map_err(WireError::Invalid)?, put)
}

fn put_event(event: &Event, put: &mut Put<'_>) -> Result<(), WireError> {
    let head = |kind: u8, level: u8| kind | level << 2;
    let which = |variant: u8| if variant == 0 { 0 } else { VARIANT };
    match *event {
        Event::Step(Step { level, variant, starting, operations, ingress, egress, times }) => {
            put.bytes(&[head(STEP, level) | which(variant) | if starting { STARTING } else { 0 }])?;
            put.counts(&[operations, ingress, egress, times])
        }
        Event::Only(Step { level, variant, starting, operations, ingress, egress, .. }) => {
            put.bytes(&[head(ONLY, level) | which(variant) | if starting { STARTING } else { 0 }])?;
            put.counts(&[operations, ingress, egress])
        }
        Event::Cluster { level, variant } => put.bytes(&[head(CLUSTER, level) | which(variant)]),
        Event::GivenAway { level, bits } => {
            put.bytes(&[head(GIVEN_AWAY, level)])?;
            put.counts(&[bits])
        }
        Event::Drained { level, bits } => {
            put.bytes(&[head(DRAINED, level)])?;
            put.counts(&[bits])
        }
    }
}

fn put_counts(counts: &Counts, put: &mut Put<'_>) -> Result<(), WireError> {
    let Counts { operations, layer_operations, steps, l2, l1, needs, offchip, active_pes, accesses, levels } = *counts;
    put.bytes(&[levels])?;
    put.counts(&[operations, layer_operations, steps, needs.l1, needs.cluster, needs.l2])?;
    put_transfers(&l2, put)?;
    put_transfers(&l1, put)?;
    let Accesses { mac, l1, l2, cluster, offchip: outside } = accesses;
    put.counts(&[mac, l1, l2, cluster, outside])?;
    put.bytes(&active_pes.to_le_bytes())?;
    put.bytes(&[offchip.is_some().into()])?;
    let Some(Moves { depths: PerTensor(depths), transfers, bits, streams }) = offchip else { return Ok(()) };
    put.bytes(&depths.map(|depth| match depth {
        Depth::Loops(loops) => loops,
        Depth::Resident => RESIDENT,
    }))?;
    put_transfers(&transfers, put)?;
    let Streams { first, rest, last } = streams;
    put.counts(&[bits, first[0], first[1], rest[0], rest[1], last])
}

fn put_transfers(transfers: &Transfers, put: &mut Put<'_>) -> Result<(), WireError> {
    let Transfers { input, filter, psum, output } = *transfers;
    put.counts(&[input, filter, psum, output])
}

/// Passes the events of a layer to `events`, and reads its counts.
pub(super) fn take(rest: &mut &[u8], counts: &mut Counts, events: &mut dyn FnMut(&Event)) -> Result<(), WireError> {
    loop {
        let head = take_byte(rest)?;
        if head == END {
            return take_counts(rest, counts);
        }
        if head > 0x7f {
            return Err(WireError::Malformed);
        }
        let (level, variant) = (head >> 2 & 3, head >> 4 & 1);
        let mut step = Step { level, variant, starting: head & STARTING != 0, times: 1, ..Step::default() };
        events(&match head & (ONLY | 3) {
            STEP => {
                let Step { operations, ingress, egress, times, .. } = &mut step;
                take_into(rest, [operations, ingress, egress, times])?;
                Event::Step(step)
            }
            ONLY => {
                let Step { operations, ingress, egress, .. } = &mut step;
                take_into(rest, [operations, ingress, egress])?;
                Event::Only(step)
            }
            CLUSTER => Event::Cluster { level, variant },
            GIVEN_AWAY => Event::GivenAway { level, bits: take_count64(rest)? },
            DRAINED => Event::Drained { level, bits: take_count64(rest)? },
            _ => return Err(WireError::Malformed),
        });
    }
}

fn take_counts(rest: &mut &[u8], counts: &mut Counts) -> Result<(), WireError> {
    let Counts { operations, layer_operations, steps, l2, l1, needs, offchip, active_pes, accesses, levels } = counts;
    *levels = take_byte(rest)?;
    let Needs { l1: l1_bytes, cluster: cluster_bytes, l2: l2_bytes } = needs;
    take_into(rest, [operations, layer_operations, steps, l1_bytes, cluster_bytes, l2_bytes])?;
    take_transfers(rest, l2)?;
    take_transfers(rest, l1)?;
    let Accesses { mac, l1, l2, cluster, offchip: outside } = accesses;
    take_into(rest, [mac, l1, l2, cluster, outside])?;
    *active_pes = take_f64(rest)?;
    match take_byte(rest)? {
        0 => *offchip = None,
        1 => take_moves(rest, offchip.insert(Moves::default()))?,
        _ => return Err(WireError::Malformed),
    }
    Ok(())
}

fn take_moves(rest: &mut &[u8], moves: &mut Moves) -> Result<(), WireError> {
    let Moves { depths: PerTensor(depths), transfers, bits, streams } = moves;
    for depth in depths {
        *depth = match take_byte(rest)? {
            RESIDENT => Depth::Resident,
            loops => Depth::Loops(loops),
        };
    }
    take_transfers(rest, transfers)?;
    let Streams { first: [first, first_weights], rest: [beside, weights_beside], last } = streams;
    take_into(rest, [bits, first, first_weights, beside, weights_beside, last])
}

fn take_transfers(rest: &mut &[u8], transfers: &mut Transfers) -> Result<(), WireError> {
    let Transfers { input, filter, psum, output } = transfers;
    take_into(rest, [input, filter, psum, output])
}

fn take_into<const N: usize>(rest: &mut &[u8], counts: [&mut u64; N]) -> Result<(), WireError> {
    for count in counts {
        *count = take_count64(rest)?;
    }
    Ok(())
}
