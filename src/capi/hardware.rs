//! Accelerators, and energies of their events.

use super::pointer::{give, optional, read};
use super::report::{report, status_of};
use super::status::maestrino_status::MAESTRINO_OUT_OF_RANGE;
use super::status::{maestrino_fault, maestrino_status};
use super::struct_size::{Growing, size_of_struct};
use crate::wire::Accelerator;
use crate::{EnergyTable, Hardware, MAX_LEVELS};

/// Where the activations of a network live.
#[repr(i32)]
pub enum maestrino_activations {
    /// Outside: each layer fetches its input and writes its output.
    MAESTRINO_OFFCHIP = 0,
    /// In L2, whole, from one layer to the next.
    MAESTRINO_IN_L2 = 1,
    /// In L2 where they fit beside the stream of the filter, outside elsewhere: layer by layer.
    MAESTRINO_AUTO = 2,
}

/// Cluster levels that a dataflow may have.
pub const MAESTRINO_MAX_LEVELS: usize = 4;
/// No limit of a buffer or bandwidth.
pub const MAESTRINO_UNLIMITED: u32 = 0x7fff_ffff;

const _: () = assert!(MAESTRINO_MAX_LEVELS == MAX_LEVELS);
const _: () = assert!(MAESTRINO_UNLIMITED == crate::hardware::UNLIMITED);

/// A network-on-chip: it feeds the sub-clusters of one level.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct maestrino_noc {
    /// Bytes per cycle, in each direction.
    pub bandwidth: u32,
    /// Cycles until the first one arrives.
    pub latency: u32,
}

/// An accelerator. Start from `maestrino_hardware_init`, or from that of a network, `maestrino_network_hardware`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct maestrino_hardware {
    /// `MAESTRINO_SIZE_OF_STRUCT(maestrino_hardware)`.
    pub struct_size: u32,
    /// Processing elements.
    pub pes: u32,
    /// Multiply-accumulate lanes of a PE.
    pub simd_lanes: u32,
    /// Bytes of L1 in each PE.
    pub l1_bytes: u32,
    /// Bytes of the buffer of each cluster.
    pub cluster_bytes: u32,
    /// Bytes of L2.
    pub l2_bytes: u32,
    /// The networks-on-chip, by cluster level from the outermost.
    pub noc: [maestrino_noc; MAESTRINO_MAX_LEVELS],
    /// Bytes per cycle between L2 and the outside.
    pub offchip_bandwidth: u32,
    /// Bytes per cycle of weights, where they come over a channel of their own (flash beside SRAM); 0 where they do not.
    pub weights_bandwidth: u32,
    /// Thousandths of its bits that a filter takes off-chip: 1000 where weights are not compressed.
    pub weights_permille: u32,
    /// Bits of an input.
    pub input_bits: u32,
    /// Bits of a filter's element.
    pub filter_bits: u32,
    /// Bits of a finished output.
    pub output_bits: u32,
    /// Bits of a partial sum.
    pub psum_bits: u32,
    /// Whether what several sub-clusters take at once is read once for all.
    pub multicast: u32,
    /// Where activations live: a `maestrino_activations`.
    pub activations: u32,
    /// 1 where L1 and the buffers of clusters are single, 2 where they are double.
    pub l1_buffers: u32,
    /// The same of L2.
    pub l2_buffers: u32,
    /// Hz.
    pub clock_hz: u32,
}

/// Energy of each kind of event. Start from `maestrino_energies_init`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct maestrino_energies {
    /// `MAESTRINO_SIZE_OF_STRUCT(maestrino_energies)`.
    pub struct_size: u32,
    /// Reserved; 0.
    pub reserved: u32,
    /// nJ of a multiply-accumulate of 8 by 8 bits.
    pub mac: f64,
    /// nJ of a byte read from or written to L1.
    pub l1: f64,
    /// nJ of a byte read from or written to the buffer of a cluster.
    pub cluster: f64,
    /// nJ of a byte read from or written to L2.
    pub l2: f64,
    /// nJ of a byte that moves off-chip.
    pub offchip: f64,
}

// SAFETY: it begins with its size, and any bytes are valid ones.
unsafe impl Growing for maestrino_hardware {}
// SAFETY: as above.
unsafe impl Growing for maestrino_energies {}

/// The clock of an accelerator for which none is given, in Hz.
const DEFAULT_CLOCK_HZ: u32 = 200_000_000;

impl maestrino_hardware {
    pub(super) fn of(accelerator: &Accelerator) -> maestrino_hardware {
        let [pes, simd_lanes, l1_bytes, cluster_bytes, l2_bytes, b0, n0, b1, n1, b2, n2, b3, n3, rest @ ..] =
            accelerator.hardware.figures();
        let [offchip_bandwidth, weights_bandwidth, weights_permille, rest @ ..] = rest;
        let [input_bits, filter_bits, output_bits, psum_bits, multicast, activations, l1_buffers, l2_buffers] = rest;
        let noc = [(b0, n0), (b1, n1), (b2, n2), (b3, n3)];
        maestrino_hardware {
            struct_size: size_of_struct::<maestrino_hardware>(),
            pes,
            simd_lanes,
            l1_bytes,
            cluster_bytes,
            l2_bytes,
            noc: noc.map(|(bandwidth, latency)| maestrino_noc { bandwidth, latency }),
            offchip_bandwidth,
            weights_bandwidth,
            weights_permille,
            input_bits,
            filter_bits,
            output_bits,
            psum_bits,
            multicast,
            activations,
            l1_buffers,
            l2_buffers,
            clock_hz: accelerator.clock_hz,
        }
    }

    /// Of an array without limits.
    pub(super) fn unlimited(hardware: Hardware) -> maestrino_hardware {
        let (clock_hz, energies) = (DEFAULT_CLOCK_HZ, EnergyTable::REFERENCE);
        maestrino_hardware::of(&Accelerator { hardware, clock_hz, energies, calibration: None })
    }

    pub(super) fn hardware(&self) -> Result<Hardware, maestrino_fault> {
        if self.clock_hz == 0 {
            return Err(MAESTRINO_OUT_OF_RANGE.into());
        }
        let [noc0, noc1, noc2, noc3] = self.noc;
        Ok(Hardware::of_figures(&[
            self.pes,
            self.simd_lanes,
            self.l1_bytes,
            self.cluster_bytes,
            self.l2_bytes,
            noc0.bandwidth,
            noc0.latency,
            noc1.bandwidth,
            noc1.latency,
            noc2.bandwidth,
            noc2.latency,
            noc3.bandwidth,
            noc3.latency,
            self.offchip_bandwidth,
            self.weights_bandwidth,
            self.weights_permille,
            self.input_bits,
            self.filter_bits,
            self.output_bits,
            self.psum_bits,
            self.multicast,
            self.activations,
            self.l1_buffers,
            self.l2_buffers,
        ])?)
    }
}

impl maestrino_energies {
    pub(super) fn of(table: &EnergyTable) -> maestrino_energies {
        let EnergyTable { mac, l1, l2, cluster, offchip } = *table;
        let cluster = cluster.unwrap_or(l2);
        maestrino_energies {
            struct_size: size_of_struct::<maestrino_energies>(),
            reserved: 0,
            mac,
            l1,
            cluster,
            l2,
            offchip,
        }
    }

    pub(super) fn table(&self) -> Result<EnergyTable, maestrino_fault> {
        let maestrino_energies { mac, l1, cluster, l2, offchip, .. } = *self;
        let table = EnergyTable { mac, l1, l2, cluster: Some(cluster), offchip };
        if table.valid() { Ok(table) } else { Err(MAESTRINO_OUT_OF_RANGE.into()) }
    }
}

/// An array of `pes` with one lane each, elements of a byte, double buffers, multicast, a NoC of one cycle of latency, a clock
/// of 200 MHz, and no limit on buffers and bandwidths.
///
/// # Safety
/// `hardware` is NULL or points to memory for a `maestrino_hardware`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn maestrino_hardware_init(pes: u32, hardware: *mut maestrino_hardware) -> maestrino_status {
    let init = || {
        let unlimited = Hardware::new(pes)?;
        // SAFETY: as promised by the caller.
        unsafe { give(hardware, maestrino_hardware::unlimited(unlimited)) }
    };
    status_of(init())
}

/// Whether an accelerator is valid.
///
/// # Safety
/// `hardware` is NULL or points to a `maestrino_hardware`, `fault` to a `maestrino_fault` or is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn maestrino_hardware_check(
    hardware: *const maestrino_hardware,
    fault: *mut maestrino_fault,
) -> maestrino_status {
    // SAFETY: as promised by the caller.
    unsafe { report(fault, || read(hardware)?.hardware().map(drop)) }
}

/// The energies that are taken where none are given: MAESTRO's, and 200 MACs for a byte off-chip.
///
/// # Safety
/// `energies` is NULL or points to memory for a `maestrino_energies`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn maestrino_energies_init(energies: *mut maestrino_energies) -> maestrino_status {
    // SAFETY: as promised by the caller.
    status_of(unsafe { give(energies, maestrino_energies::of(&EnergyTable::REFERENCE)) })
}

/// The energies that are given, or else those of `maestrino_energies_init`.
///
/// # Safety
/// As [`read`], but NULL is allowed.
pub(super) unsafe fn energy_table(energies: *const maestrino_energies) -> Result<EnergyTable, maestrino_fault> {
    // SAFETY: as promised by the caller.
    match unsafe { optional(energies) }? {
        None => Ok(EnergyTable::REFERENCE),
        Some(energies) => energies.table(),
    }
}
