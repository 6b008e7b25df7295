//! The cost of a layer in the exact model and in MAESTRO's model.

use super::dataflow::maestrino_dataflow;
use super::hardware::{energy_table, maestrino_energies, maestrino_hardware};
use super::layer::maestrino_layer;
use super::pointer::{give, read};
use super::report::report;
use super::status::{maestrino_fault, maestrino_status};
use super::struct_size::{Growing, size_of_struct};
use crate::dim::Tensor;
use crate::exact::{Fits, Needs, Transfers};
use crate::{Cost, Energy, Mapping, maestro};

/// What cycles wait for: indices of `maestrino_cost.bound_cycles`.
#[repr(i32)]
pub enum maestrino_bound {
    /// The PEs.
    MAESTRINO_BOUND_COMPUTE = 0,
    /// The network-on-chip, bringing data to the PEs.
    MAESTRINO_BOUND_NOC_IN = 1,
    /// The network-on-chip, taking outputs away.
    MAESTRINO_BOUND_NOC_OUT = 2,
    /// The off-chip interface.
    MAESTRINO_BOUND_OFFCHIP = 3,
}

/// Buffers: bits of `maestrino_cost.misfits`.
#[repr(i32)]
pub enum maestrino_buffer {
    /// L1 of a PE.
    MAESTRINO_L1 = 1,
    /// The buffer of a cluster.
    MAESTRINO_CLUSTER_BUFFER = 2,
    /// L2.
    MAESTRINO_L2 = 4,
}

/// The value of cycles if L2 is too small.
pub const MAESTRINO_NO_CYCLES: u64 = u64::MAX;

/// Elements that move between two places.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct maestrino_transfers {
    /// Inputs that move inwards.
    pub input: u64,
    /// Filter elements that move inwards.
    pub filter: u64,
    /// Partial sums that move inwards.
    pub psum: u64,
    /// Outputs that move outwards, partial sums included.
    pub output: u64,
}

/// The cost of a layer. Start from `MAESTRINO_INIT(maestrino_cost)`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct maestrino_cost {
    /// `MAESTRINO_SIZE_OF_STRUCT(maestrino_cost)`.
    pub struct_size: u32,
    /// Buffers that are too small for the layer: bits of `maestrino_buffer`; 0 if all are large enough.
    pub misfits: u32,
    /// Cycles of the whole layer; `MAESTRINO_NO_CYCLES` if L2 is too small.
    pub cycles: u64,
    /// Cycles if nothing overlapped, as with single buffers everywhere; `MAESTRINO_NO_CYCLES` if L2 is too small.
    pub serial_cycles: u64,
    /// The cycles by what they wait for, indexed by `maestrino_bound`. Off-chip waits are 0 if L2 is too small.
    pub bound_cycles: [u64; 4],
    /// Operations performed. Operations that overlapping tiles repeat are counted again.
    pub operations: u64,
    /// Operations of the layer itself.
    pub layer_operations: u64,
    /// Steps of the outermost level.
    pub steps: u64,
    /// Elements that move between all L1 and the buffers above.
    pub l1: maestrino_transfers,
    /// Elements that move between L2 and the sub-clusters of the outermost level.
    pub l2: maestrino_transfers,
    /// Elements that move off-chip; all 0 if L2 is too small.
    pub offchip: maestrino_transfers,
    /// Bits that move off-chip; 0 if L2 is too small.
    pub offchip_bits: u64,
    /// Bytes of L1 needed in each PE.
    pub l1_bytes: u64,
    /// Bytes needed in the buffer of each cluster.
    pub cluster_bytes: u64,
    /// Bytes of L2 needed. If L2 is too small, the fewest bytes that would do.
    pub l2_bytes: u64,
    /// Mean number of PEs that have work in a step.
    pub active_pes: f64,
    /// nJ of multiply-accumulates.
    pub mac_nj: f64,
    /// nJ of L1 accesses.
    pub l1_nj: f64,
    /// nJ of accesses to cluster buffers.
    pub cluster_nj: f64,
    /// nJ of L2 accesses.
    pub l2_nj: f64,
    /// nJ of off-chip transfers; 0 if L2 is too small.
    pub offchip_nj: f64,
}

/// Elements of one tensor that go through the buffers, in MAESTRO's model.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct maestrino_maestro_accesses {
    /// Elements read from all L1 buffers.
    pub l1_read: u64,
    /// Elements written to all L1 buffers.
    pub l1_write: u64,
    /// Elements read from L2.
    pub l2_read: u64,
    /// Elements written to L2.
    pub l2_write: u64,
}

/// The cost of a layer in MAESTRO's model. Start from `MAESTRINO_INIT(maestrino_maestro_cost)`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct maestrino_maestro_cost {
    /// `MAESTRINO_SIZE_OF_STRUCT(maestrino_maestro_cost)`.
    pub struct_size: u32,
    /// Reserved; 0.
    pub reserved: u32,
    /// Cycles of the whole layer.
    pub cycles: u64,
    /// The same cycles by what they wait for, indexed by `maestrino_bound`.
    pub bound_cycles: [u64; 4],
    /// Operations performed.
    pub operations: u64,
    /// Accesses of the input.
    pub input: maestrino_maestro_accesses,
    /// Accesses of the filter.
    pub filter: maestrino_maestro_accesses,
    /// Accesses of the output.
    pub output: maestrino_maestro_accesses,
    /// Bytes of L1 needed in each PE, double buffered.
    pub l1_bytes: u64,
    /// Bytes of L2 needed, double buffered.
    pub l2_bytes: u64,
    /// NoC bandwidth that the most demanding step would need so as not to wait, in elements per cycle.
    pub noc_peak: u64,
    /// Off-chip bandwidth needed, in elements per cycle.
    pub offchip: u64,
    /// NoC bandwidth needed on average, in elements per cycle.
    pub noc_average: f64,
    /// Mean number of PEs that have work.
    pub active_pes: f64,
    /// nJ of multiply-accumulates.
    pub mac_nj: f64,
    /// nJ of L1 accesses.
    pub l1_nj: f64,
    /// nJ of L2 accesses.
    pub l2_nj: f64,
}

// SAFETY: it begins with its size, and any bytes are valid ones.
unsafe impl Growing for maestrino_cost {}
// SAFETY: as above.
unsafe impl Growing for maestrino_maestro_cost {}

impl maestrino_transfers {
    const fn of(transfers: &Transfers) -> maestrino_transfers {
        let Transfers { input, filter, psum, output } = *transfers;
        maestrino_transfers { input, filter, psum, output }
    }
}

/// Bits of the buffers that are too small.
pub(super) fn misfits(fits: Fits) -> u32 {
    let bit = |fits: bool, buffer: maestrino_buffer| if fits { 0 } else { buffer as u32 };
    bit(fits.l1, maestrino_buffer::MAESTRINO_L1)
        | bit(fits.cluster, maestrino_buffer::MAESTRINO_CLUSTER_BUFFER)
        | bit(fits.l2, maestrino_buffer::MAESTRINO_L2)
}

impl maestrino_cost {
    pub(super) fn of(cost: &Cost) -> maestrino_cost {
        let offchip = cost.offchip.as_ref();
        let Needs { l1: l1_bytes, cluster: cluster_bytes, l2: l2_bytes } = cost.needs;
        let Energy { mac, l1, l2, cluster, offchip: outside } = cost.energy;
        maestrino_cost {
            struct_size: size_of_struct::<maestrino_cost>(),
            misfits: misfits(cost.fits),
            cycles: offchip.map_or(MAESTRINO_NO_CYCLES, |offchip| offchip.cycles.total),
            serial_cycles: offchip.map_or(MAESTRINO_NO_CYCLES, |offchip| offchip.cycles.serial),
            bound_cycles: [cost.waits.compute, cost.waits.noc_in, cost.waits.noc_out, cost.waits.offchip],
            operations: cost.operations,
            layer_operations: cost.layer_operations,
            steps: cost.steps,
            l1: maestrino_transfers::of(&cost.l1),
            l2: maestrino_transfers::of(&cost.l2),
            offchip: maestrino_transfers::of(&offchip.map_or(Transfers::default(), |offchip| offchip.transfers)),
            offchip_bits: offchip.map_or(0, |offchip| offchip.bits),
            l1_bytes,
            cluster_bytes,
            l2_bytes,
            active_pes: cost.active_pes,
            mac_nj: mac,
            l1_nj: l1,
            cluster_nj: cluster,
            l2_nj: l2,
            offchip_nj: outside,
        }
    }
}

impl maestrino_maestro_cost {
    pub(super) fn of(cost: &maestro::Cost) -> maestrino_maestro_cost {
        let accesses = |tensor| {
            let maestro::Accesses { l1_read, l1_write, l2_read, l2_write } = cost.traffic.accesses[tensor];
            maestrino_maestro_accesses { l1_read, l1_write, l2_read, l2_write }
        };
        maestrino_maestro_cost {
            struct_size: size_of_struct::<maestrino_maestro_cost>(),
            reserved: 0,
            cycles: cost.delay.cycles,
            bound_cycles: cost.delay.bound_cycles,
            operations: cost.traffic.operations,
            input: accesses(Tensor::Input),
            filter: accesses(Tensor::Filter),
            output: accesses(Tensor::Output),
            l1_bytes: cost.traffic.l1_total(),
            l2_bytes: cost.traffic.l2_total(),
            noc_peak: cost.delay.noc_peak,
            offchip: cost.delay.offchip,
            noc_average: cost.delay.noc_average,
            active_pes: cost.delay.active_pes,
            mac_nj: cost.energy.mac,
            l1_nj: cost.energy.l1,
            l2_nj: cost.energy.l2,
        }
    }
}

/// Computes the cost of a layer under a dataflow on an accelerator. `energies` may be NULL for those of
/// `maestrino_energies_init`.
///
/// Buffers that are too small are not an error: `misfits` shows them. This is the whole analysis. It takes tens of
/// KiB of stack and flash, and a time that grows with the product of the numbers of kinds of steps of all cluster
/// levels (32,768 at most). For layers that have been compiled into a blob, `maestrino_estimate_network` takes a
/// fraction of that.
///
/// # Safety
/// Each pointer is NULL or points to what its type says; `cost` to memory for it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn maestrino_estimate_layer(
    layer: *const maestrino_layer,
    dataflow: *const maestrino_dataflow,
    hardware: *const maestrino_hardware,
    energies: *const maestrino_energies,
    cost: *mut maestrino_cost,
    fault: *mut maestrino_fault,
) -> maestrino_status {
    let estimate = || {
        // SAFETY: as promised by the caller.
        let (layer, hardware) = unsafe { (read(layer)?.layer()?, read(hardware)?.hardware()?) };
        // SAFETY: as promised by the caller.
        let energies = unsafe { energy_table(energies) }?;
        // SAFETY: as promised by the caller.
        let dataflow = unsafe { read(dataflow) }?;
        let mapping = dataflow.map(|directives| Mapping::of(&layer, directives, hardware.pes()))?;
        let found = Cost::of_mapping(&mapping, &hardware, &energies)?;
        // SAFETY: as promised by the caller.
        unsafe { give(cost, maestrino_cost::of(&found)) }
    };
    // SAFETY: as promised by the caller.
    unsafe { report(fault, estimate) }
}

/// Computes the cost of a layer in MAESTRO's model, with its faults, for comparisons with MAESTRO. The model uses
/// PEs, lanes, the outermost NoC, the off-chip bandwidth, and the energies of MACs, L1 and L2. The time grows with
/// the product of the numbers of kinds of steps of all cluster levels (2^23 at most; a PC takes some 20 million a
/// second).
///
/// # Safety
/// Each pointer is NULL or points to what its type says; `cost` to memory for it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn maestrino_maestro_estimate_layer(
    layer: *const maestrino_layer,
    dataflow: *const maestrino_dataflow,
    hardware: *const maestrino_hardware,
    energies: *const maestrino_energies,
    cost: *mut maestrino_maestro_cost,
    fault: *mut maestrino_fault,
) -> maestrino_status {
    let estimate = || {
        // SAFETY: as promised by the caller.
        let (layer, hardware) = unsafe { (read(layer)?.layer()?, read(hardware)?.hardware()?) };
        // SAFETY: as promised by the caller.
        let energies = unsafe { energy_table(energies) }?;
        // SAFETY: as promised by the caller.
        let dataflow = unsafe { read(dataflow) }?;
        let mut mapping = maestro::Mapping::unmapped(&layer);
        dataflow.map(|directives| mapping.map(directives, hardware.pes()))?;
        let mut result = maestro::Cost::default();
        result.evaluate(&mapping, &hardware, &energies)?;
        // SAFETY: as promised by the caller.
        unsafe { give(cost, maestrino_maestro_cost::of(&result)) }
    };
    // SAFETY: as promised by the caller.
    unsafe { report(fault, estimate) }
}
