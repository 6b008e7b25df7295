//! Computes the figures of a layer from a walk.

use maestrino::{LayerKind, Tensor};

use super::level::Level;
use super::offchip::{Offchip, offchip};
use super::space::Space;
use super::time::{Timing, total};
use super::walk::{Crossing, Outputs, Walk};
use super::{Array, has_macs};

/// The cluster buffers of a level below the first.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ClusterBuffer {
    /// Bytes of one buffer; 0 if no tile takes more than one step, because there is no buffer then.
    pub need: u64,
    /// Reads of all buffers: inputs, filter elements, partial sums.
    pub read: [u64; 3],
    pub read_outputs: Outputs,
    pub written: [u64; 3],
    pub written_outputs: Outputs,
}

/// L1 accesses, summed over PEs. `read_psum` and `write_psum` are those of MACs; outputs that leave and partial sums
/// that come back are counted separately.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct L1 {
    pub read_input: u64,
    pub read_filter: u64,
    pub read_psum: u64,
    pub write_psum: u64,
    pub arrive: [u64; 3],
    pub leave: Outputs,
}

/// Energy by part, in nJ.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Energy {
    pub mac: f64,
    pub l1: f64,
    pub cluster: f64,
    pub l2: f64,
    pub offchip: f64,
}

/// Everything that the model counts.
#[derive(Clone, Debug, PartialEq)]
pub struct Figures {
    pub macs: u64,
    pub useful_macs: u64,
    pub layer_macs: u64,
    /// Steps of level 1.
    pub steps: u64,
    pub active_pes: f64,
    /// What crosses between each level and the buffer above it. The first is between L2 and level 1.
    pub crossings: Vec<Crossing>,
    pub l1: L1,
    /// The cluster buffers of the levels below the first.
    pub clusters: Vec<ClusterBuffer>,
    /// L1 and L2 that the layer needs, in bytes.
    pub l1_need: u64,
    pub l2_need: u64,
    pub l1_fits: bool,
    pub clusters_fit: bool,
    pub on_chip_cycles: u64,
    pub on_chip_cycles_serial: u64,
    /// Cycles spent waiting for compute, NoC in and NoC out.
    pub wait: [u64; 3],
    /// `None` if L2 is too small.
    pub offchip: Option<Offchip>,
    pub wait_offchip: Option<u64>,
    /// Useful MACs per lane and cycle.
    pub utilization: Option<f64>,
    pub energy: Option<Energy>,
}

impl Figures {
    /// Which buffers are too small: some of `l1`, `l2` and `cluster`; or `yes` if all are large enough.
    pub fn fits(&self) -> String {
        let parts = [("l1", self.l1_fits), ("l2", self.offchip.is_some()), ("cluster", self.clusters_fit)];
        let small: Vec<&str> = parts.iter().filter(|(_, fits)| !fits).map(|(name, _)| *name).collect();
        if small.is_empty() { "yes".into() } else { small.join("+") }
    }
}

/// Computes the figures of a walk.
pub(super) fn figures(space: &Space, walk: &Walk, array: &Array, levels: &[Level]) -> Figures {
    let (l2_need, offchip) = offchip(space, walk, array, levels[0].loops());
    let pe = walk.largest.last().map_or(0, |tile| tile_bits(tile, array));
    let cluster_bits: Vec<u64> = (1..levels.len()).map(|level| cluster_bits(walk, array, level)).collect();
    let clusters: Vec<ClusterBuffer> =
        cluster_bits.iter().enumerate().map(|(i, bits)| cluster_buffer(walk, i + 1, *bits)).collect();
    let Timing { given, serial } = walk.time;
    let l1 = l1_accesses(space, walk);
    let peak = (array.pes * array.lanes) as f64;
    Figures {
        macs: walk.macs,
        useful_macs: walk.useful_macs,
        layer_macs: space.useful_macs(),
        steps: walk.records.len() as u64,
        active_pes: walk.active_pes,
        crossings: walk.crossings.clone(),
        l1,
        l1_need: pe.div_ceil(8),
        l2_need: l2_need.div_ceil(8),
        l1_fits: fits(pe, array.l1),
        clusters_fit: cluster_bits.iter().all(|bits| fits(*bits, array.cluster_buffer)),
        on_chip_cycles: total(given),
        on_chip_cycles_serial: total(serial),
        wait: given,
        offchip,
        wait_offchip: offchip.map(|offchip| offchip.cycles - total(given)),
        utilization: offchip.map(|offchip| walk.useful_macs as f64 / (offchip.cycles as f64 * peak)),
        energy: offchip.map(|offchip| energy(space, walk, array, &offchip, &l1, &clusters)),
        clusters,
    }
}

fn fits(bits: u64, bytes: Option<u64>) -> bool {
    bytes.is_none_or(|bytes| bits <= 8 * bytes)
}

/// Bits of a buffer that holds the largest tile. Outputs have the width of partial sums.
fn tile_bits(tile: &[u64; 3], array: &Array) -> u64 {
    let bits = array.bits;
    array.l1_buffers * (tile[0] * bits.input + tile[1] * bits.filter + tile[2] * bits.psum)
}

/// Bits of the buffer of a cluster whose sub-clusters are those of `level`; 0 if the cluster takes a single step in
/// each tile.
fn cluster_bits(walk: &Walk, array: &Array, level: usize) -> u64 {
    if walk.most_steps[level] > 1 { tile_bits(&walk.largest[level - 1], array) } else { 0 }
}

/// What passes through the cluster buffers between levels `level - 1` and `level`.
fn cluster_buffer(walk: &Walk, level: usize, bits: u64) -> ClusterBuffer {
    if bits == 0 {
        return ClusterBuffer::default();
    }
    let (above, below) = (&walk.crossings[level - 1], &walk.crossings[level]);
    ClusterBuffer {
        need: bits.div_ceil(8),
        read: [below.read[0], below.read[1], below.psum],
        read_outputs: above.left,
        written: [above.arrived[0], above.arrived[1], above.psum],
        written_outputs: below.written,
    }
}

fn l1_accesses(space: &Space, walk: &Walk) -> L1 {
    let Crossing { arrived, psum, left, .. } = walk.crossings[walk.crossings.len() - 1];
    L1 {
        // No buffer contains inserted zeros.
        read_input: walk.macs - walk.macs_on_zeros,
        read_filter: if space.layer().kind() == LayerKind::Pool { 0 } else { walk.macs },
        read_psum: walk.macs,
        write_psum: walk.macs,
        arrive: [arrived[0], arrived[1], psum],
        leave: left,
    }
}

fn energy(space: &Space, walk: &Walk, array: &Array, offchip: &Offchip, l1: &L1, clusters: &[ClusterBuffer]) -> Energy {
    // Outputs are accumulated in L1 and in cluster buffers, so they have the width of partial sums there.
    let (bits, energies) = (array.bits, array.energies);
    // The counts are those of inputs, filter elements and partial sums.
    let wide = |counts: [u64; 3]| counts[0] * bits.input + counts[1] * bits.filter + counts[2] * bits.psum;
    let bytes = |bits: u64| bits as f64 / 8.0;
    let macs = if has_macs(space.layer().kind()) { walk.macs } else { 0 };
    let l1_bits =
        wide([l1.read_input, l1.read_filter, l1.read_psum + l1.write_psum + l1.leave.total()]) + wide(l1.arrive);
    let cluster_bits: u64 = clusters
        .iter()
        .map(|buffer| {
            wide(buffer.read)
                + wide(buffer.written)
                + (buffer.read_outputs.total() + buffer.written_outputs.total()) * bits.psum
        })
        .sum();
    let inner = &walk.crossings[0];
    let moved_off_chip = wide(offchip.read) + bits.outputs(offchip.written);
    let l2_bits = wide([inner.read[0], inner.read[1], inner.psum]) + bits.outputs(inner.written) + moved_off_chip;
    Energy {
        mac: macs as f64 * (bits.input * bits.filter) as f64 / 64.0 * energies.mac,
        l1: bytes(l1_bits) * energies.l1,
        cluster: bytes(cluster_bits) * if array.cluster_buffer.is_some() { energies.cluster } else { energies.l2 },
        l2: bytes(l2_bits) * energies.l2,
        offchip: bytes(moved_off_chip) * energies.offchip,
    }
}

/// The number of elements of a tensor.
pub fn elements(layer: &super::SimLayer, tensor: Tensor) -> u64 {
    Space::new(layer).elements(tensor).len()
}
