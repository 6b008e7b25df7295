//! Accelerators, and the energies of their events.

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
    /// Off-chip: each layer fetches its input and writes its output.
    MAESTRINO_OFFCHIP = 0,
    /// In L2: they stay there as a whole from one layer to the next.
    MAESTRINO_IN_L2 = 1,
    /// Decided layer by layer: in L2 if they fit there beside the stream of the filter, otherwise off-chip.
    MAESTRINO_AUTO = 2,
}

/// The most cluster levels that a dataflow may have.
pub const MAESTRINO_MAX_LEVELS: usize = 4;
/// A buffer size or bandwidth without a limit.
pub const MAESTRINO_UNLIMITED: u32 = 0x7fff_ffff;

const _: () = assert!(MAESTRINO_MAX_LEVELS == MAX_LEVELS);
const _: () = assert!(MAESTRINO_UNLIMITED == crate::hardware::UNLIMITED);

/// The network-on-chip of one cluster level, which feeds the sub-clusters of that level.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct maestrino_noc {
    /// Bytes per cycle, in each direction.
    pub bandwidth: u32,
    /// Cycles until the first byte arrives.
    pub latency: u32,
}

/// An accelerator. Start from `maestrino_hardware_init`, or from the accelerator of a network
/// (`maestrino_network_hardware`).
#[repr(C)]
#[derive(Clone, Copy)]
pub struct maestrino_hardware {
    /// `MAESTRINO_SIZE_OF_STRUCT(maestrino_hardware)`.
    pub struct_size: u32,
    /// Number of processing elements.
    pub pes: u32,
    /// Number of multiply-accumulate lanes of a PE.
    pub simd_lanes: u32,
    /// Bytes of L1 in each PE.
    pub l1_bytes: u32,
    /// Bytes of the buffer of each cluster.
    pub cluster_bytes: u32,
    /// Bytes of L2.
    pub l2_bytes: u32,
    /// The networks-on-chip, by cluster level from the outermost.
    pub noc: [maestrino_noc; MAESTRINO_MAX_LEVELS],
    /// Off-chip bandwidth in bytes per cycle, in each direction.
    pub offchip_bandwidth: u32,
    /// Bandwidth of a separate off-chip channel for weights (for example flash beside SRAM), in bytes per cycle; 0 if
    /// there is no such channel.
    pub weights_bandwidth: u32,
    /// Off-chip size of a filter, in thousandths of its bits: 1000 if weights are not compressed.
    pub weights_permille: u32,
    /// Bits of an input.
    pub input_bits: u32,
    /// Bits of a filter element.
    pub filter_bits: u32,
    /// Bits of a finished output.
    pub output_bits: u32,
    /// Bits of a partial sum.
    pub psum_bits: u32,
    /// Whether an element that several sub-clusters take at the same time is read only once (1) or once for each of
    /// them (0).
    pub multicast: u32,
    /// Where activations live: a `maestrino_activations`.
    pub activations: u32,
    /// Buffering of L1 and of cluster buffers: 1 for single, 2 for double.
    pub l1_buffers: u32,
    /// Buffering of L2: 1 for single, 2 for double.
    pub l2_buffers: u32,
    /// Clock frequency in Hz.
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
    /// nJ of a byte read from or written to a cluster buffer.
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

/// The default clock frequency, in Hz.
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

    /// An array without limits on buffers and bandwidths.
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

/// Sets an accelerator to an array of `pes` PEs with one lane each, elements of one byte, double buffers, multicast,
/// a NoC latency of one cycle, a clock of 200 MHz, and no limit on buffers and bandwidths.
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

/// Checks whether an accelerator is valid.
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

/// Sets energies to the defaults: those of MAESTRO, and for a byte off-chip the energy of 200 MACs.
///
/// # Safety
/// `energies` is NULL or points to memory for a `maestrino_energies`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn maestrino_energies_init(energies: *mut maestrino_energies) -> maestrino_status {
    // SAFETY: as promised by the caller.
    status_of(unsafe { give(energies, maestrino_energies::of(&EnergyTable::REFERENCE)) })
}

/// The given energies, or those of `maestrino_energies_init` for NULL.
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
