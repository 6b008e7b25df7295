//! Plain structs, and their translation to and from the core's validated values.

use core::cell::Cell;
use core::ffi::c_char;

use super::pointer::{Growing, size_of_struct};
use super::status::maestrino_fault;
use super::status::maestrino_status::*;
use crate::dim::{DIM_COUNT, Dim, DimMap, Tensor};
use crate::error::Error;
use crate::exact::{Fits, Needs, Transfers};
use crate::layer::{Layer, LayerKind};
use crate::mapping::Directives;
use crate::total::Total;
use crate::wire::Accelerator;
use crate::{
    Cost, Dataflow, Directive, Energy, EnergyTable, Hardware, MAX_DIRECTIVES, MAX_LEVELS, MapKind, Size, maestro,
};

/// Dimensions: indices of `maestrino_layer.sizes`.
#[repr(i32)]
pub enum maestrino_dim {
    /// Input channels (per group in an NGCONV).
    MAESTRINO_C = 0,
    /// Groups of an NGCONV.
    MAESTRINO_G = 1,
    /// Output channels (per group in an NGCONV); the reduced dimension of a GEMM.
    MAESTRINO_K = 2,
    /// Rows of a GEMM's left matrix and of its product.
    MAESTRINO_M = 3,
    /// Batch of a convolution; columns of a GEMM's right matrix and of its product.
    MAESTRINO_N = 4,
    /// Filter rows.
    MAESTRINO_R = 5,
    /// Filter columns.
    MAESTRINO_S = 6,
    /// Input columns, padding included.
    MAESTRINO_X = 7,
    /// Output columns.
    MAESTRINO_OUT_X = 8,
    /// Input rows, padding included.
    MAESTRINO_Y = 9,
    /// Output rows.
    MAESTRINO_OUT_Y = 10,
}

/// Layer kinds.
#[repr(i32)]
pub enum maestrino_kind {
    /// Convolution: K C R S Y X (N).
    MAESTRINO_CONV = 0,
    /// Depthwise convolution: C R S Y X [N K].
    MAESTRINO_DSCONV = 1,
    /// Grouped convolution: G K C R S Y X (N).
    MAESTRINO_NGCONV = 2,
    /// Transposed convolution over its upsampled extents: K C R S Y X (N).
    MAESTRINO_TRCONV = 3,
    /// Matrix product: M N K.
    MAESTRINO_GEMM = 4,
    /// Fully connected: K C [R S Y X N].
    MAESTRINO_FC = 5,
    /// Pooling: C R S Y X (N).
    MAESTRINO_POOL = 6,
    /// Elementwise operation of two tensors: C Y X (N).
    MAESTRINO_ELTWISE = 7,
}

/// Presets: named dataflows.
#[repr(i32)]
pub enum maestrino_preset {
    /// NVDLA-like; tiles: cluster.
    MAESTRINO_KCP_WS = 0,
    /// Output columns over PEs; no tiles.
    MAESTRINO_XP_WS = 1,
    /// Eyeriss-like row stationary; tiles: k.
    MAESTRINO_RS = 2,
    /// Output rows over clusters, K inside; tiles: cluster.
    MAESTRINO_YKP_OS = 3,
    /// ShiDianNao-like; tiles: cluster.
    MAESTRINO_YXP_OS = 4,
    /// C over clusters, K inside; tiles: cluster.
    MAESTRINO_CKP_WS = 5,
    /// No local reuse; no tiles.
    MAESTRINO_NLR = 6,
    /// MAERI-like; no tiles.
    MAESTRINO_MAERI = 7,
    /// Depthwise; no tiles.
    MAESTRINO_DPT = 8,
    /// Matrix products; tiles: cluster, m, n.
    MAESTRINO_NMK = 9,
    /// Ethos-U-like, for every kind of layer; tiles: k, x, c.
    MAESTRINO_KXC_OS = 10,
    /// Matrix products, weight stationary; tiles: cluster.
    MAESTRINO_NKP_WS = 11,
    /// Row stationary as Eyeriss maps it, for every kind of layer; tiles: k, y, c.
    MAESTRINO_CYR_RS = 12,
}

/// Directive kinds.
#[repr(i32)]
pub enum maestrino_directive_kind {
    /// `TemporalMap(size, offset) dim`.
    MAESTRINO_TEMPORAL_MAP = 0,
    /// `SpatialMap(size, offset) dim`.
    MAESTRINO_SPATIAL_MAP = 1,
    /// `Cluster(size, P)`; `offset` and `dim` are ignored.
    MAESTRINO_CLUSTER = 2,
}

/// What cycles are spent waiting for: indices of `maestrino_cost.bound_cycles`.
#[repr(i32)]
pub enum maestrino_bound {
    /// The PEs.
    MAESTRINO_BOUND_COMPUTE = 0,
    /// The network that brings inputs and weights.
    MAESTRINO_BOUND_NOC_IN = 1,
    /// The network that takes outputs away.
    MAESTRINO_BOUND_NOC_OUT = 2,
    /// The interface between L2 and the outside.
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
/// Cycles of what L2 is too small for.
pub const MAESTRINO_NO_CYCLES: u64 = u64::MAX;

const _: () = assert!(MAESTRINO_MAX_LEVELS == MAX_LEVELS);
const _: () = assert!(MAESTRINO_UNLIMITED == crate::hardware::UNLIMITED);

/// Number of dimensions.
pub const MAESTRINO_DIMS: usize = 11;
/// Directives that a dataflow may have.
pub const MAESTRINO_MAX_DIRECTIVES: usize = 40;
/// Tile sizes that a preset may have.
pub const MAESTRINO_MAX_TILES: usize = 3;

const _: () = assert!(MAESTRINO_DIMS == DIM_COUNT);
const _: () = assert!(MAESTRINO_MAX_DIRECTIVES == MAX_DIRECTIVES);
const _: () = assert!(MAESTRINO_MAX_TILES == crate::dataflow::presets::MAX_PARAMETERS);

/// A layer. Start from `maestrino_layer_init`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct maestrino_layer {
    /// `MAESTRINO_SIZE_OF_STRUCT(maestrino_layer)`.
    pub struct_size: u32,
    /// What it computes: a `maestrino_kind`.
    pub kind: i32,
    /// Stride of the filter along Y, in elements; 1 for none.
    pub stride_y: u32,
    /// Stride of the filter along X, in elements; 1 for none.
    pub stride_x: u32,
    /// Size of each dimension in elements, by `maestrino_dim`; 0 for none. Give input or output extents, not both.
    pub sizes: [u32; MAESTRINO_DIMS],
    /// Zeros inserted between the rows of the input, as an upsampling transposed convolution has them: one row in so many is
    /// an element. 1 (or 0) for none.
    pub one_in_y: u32,
    /// The first row that is one.
    pub phase_y: u32,
    /// The same of columns.
    pub one_in_x: u32,
    /// The first column that is an element.
    pub phase_x: u32,
}

/// A size in elements that may depend on the layer: `base`, plus the size of dimension `of`.
///
/// To be initialised by MAESTRINO_ELEMENTS or MAESTRINO_SIZE_OF: mind that an `of` of 0 is dimension C.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct maestrino_size {
    /// The constant part, in elements.
    pub base: i32,
    /// The dimension whose size is added: a `maestrino_dim`, or -1 for none.
    pub of: i32,
}

/// One line of a dataflow.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct maestrino_directive {
    /// A `maestrino_directive_kind`.
    pub kind: i32,
    /// The mapped dimension: a `maestrino_dim`.
    pub dim: i32,
    /// Elements of a tile, or members of a cluster.
    pub size: maestrino_size,
    /// Elements from one tile to the next.
    pub offset: maestrino_size,
}

/// A dataflow: directives, outermost first. Start from `MAESTRINO_INIT(maestrino_dataflow)`, an empty one.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct maestrino_dataflow {
    /// `MAESTRINO_SIZE_OF_STRUCT(maestrino_dataflow)`.
    pub struct_size: u32,
    /// How many of `directives` are in use.
    pub count: u32,
    /// The directives.
    pub directives: [maestrino_directive; MAESTRINO_MAX_DIRECTIVES],
}

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

/// Elements that move between two places.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct maestrino_transfers {
    /// Inputs, inwards.
    pub input: u64,
    /// Filter elements, inwards.
    pub filter: u64,
    /// Partial sums, inwards.
    pub psum: u64,
    /// Outputs, outwards, partial sums included.
    pub output: u64,
}

/// The cost of a layer. Start from `MAESTRINO_INIT(maestrino_cost)`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct maestrino_cost {
    /// `MAESTRINO_SIZE_OF_STRUCT(maestrino_cost)`.
    pub struct_size: u32,
    /// Buffers that are too small for it: bits of `maestrino_buffer`; 0 where it fits.
    pub misfits: u32,
    /// Cycles of the whole layer; `MAESTRINO_NO_CYCLES` where L2 is too small.
    pub cycles: u64,
    /// Cycles if nothing overlapped: single buffers everywhere; `MAESTRINO_NO_CYCLES` where L2 is too small.
    pub serial_cycles: u64,
    /// The cycles by what they wait for: a `maestrino_bound` is the index. Off-chip waits are 0 where L2 is too small.
    pub bound_cycles: [u64; 4],
    /// Operations performed, those that overlapping tiles repeat counted again.
    pub operations: u64,
    /// Operations of the layer itself.
    pub layer_operations: u64,
    /// Steps of the outermost level.
    pub steps: u64,
    /// Between all L1 and what is above them.
    pub l1: maestrino_transfers,
    /// Between L2 and the sub-clusters of the outermost level.
    pub l2: maestrino_transfers,
    /// Off-chip; all 0 where L2 is too small.
    pub offchip: maestrino_transfers,
    /// Bits of the same.
    pub offchip_bits: u64,
    /// Bytes of L1 needed in each PE.
    pub l1_bytes: u64,
    /// Bytes needed of the buffer of each cluster.
    pub cluster_bytes: u64,
    /// Bytes of L2 needed; where it does not fit, the least that would do.
    pub l2_bytes: u64,
    /// PEs at work in the average step.
    pub active_pes: f64,
    /// nJ of multiply-accumulates.
    pub mac_nj: f64,
    /// nJ of L1 accesses.
    pub l1_nj: f64,
    /// nJ of accesses to the buffers of clusters.
    pub cluster_nj: f64,
    /// nJ of L2 accesses.
    pub l2_nj: f64,
    /// nJ of transfers off-chip; 0 where L2 is too small.
    pub offchip_nj: f64,
}

/// The cost of a network: sums over its layers, and the most that one layer needs. Start from
/// `MAESTRINO_INIT(maestrino_total)`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct maestrino_total {
    /// `MAESTRINO_SIZE_OF_STRUCT(maestrino_total)`.
    pub struct_size: u32,
    /// Layers.
    pub layers: u32,
    /// Buffers that are too small for some layer: bits of `maestrino_buffer`; 0 where the network fits.
    pub misfits: u32,
    /// Layers that some buffer is too small for.
    pub misfit_layers: u32,
    /// Cycles, one layer after the other; `MAESTRINO_NO_CYCLES` where L2 is too small for one.
    pub cycles: u64,
    /// Operations performed.
    pub operations: u64,
    /// Bytes of L1 that the most demanding layer needs in each PE.
    pub l1_bytes: u64,
    /// Bytes that the most demanding layer needs of the buffer of each cluster.
    pub cluster_bytes: u64,
    /// Bytes of L2 that the most demanding layer needs.
    pub l2_bytes: u64,
    /// nJ of multiply-accumulates.
    pub mac_nj: f64,
    /// nJ of L1 accesses.
    pub l1_nj: f64,
    /// nJ of accesses to the buffers of clusters.
    pub cluster_nj: f64,
    /// nJ of L2 accesses.
    pub l2_nj: f64,
    /// nJ of transfers off-chip.
    pub offchip_nj: f64,
    /// Cycles as the accelerator was measured to take them, where the blob brings a calibration; else, and where L2 is too small
    /// for a layer, `MAESTRINO_NO_CYCLES`.
    pub calibrated_cycles: u64,
    /// What nine in ten networks of which so many are told stay below.
    pub calibrated_upper_cycles: u64,
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
    /// The same cycles, by what they wait for: a `maestrino_bound` is the index.
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
    /// Elements per cycle of NoC that the most demanding step would need not to wait.
    pub noc_peak: u64,
    /// Elements per cycle off-chip needed.
    pub offchip: u64,
    /// Elements per cycle of NoC needed on average.
    pub noc_average: f64,
    /// PEs at work on average.
    pub active_pes: f64,
    /// nJ of multiply-accumulates.
    pub mac_nj: f64,
    /// nJ of L1 accesses.
    pub l1_nj: f64,
    /// nJ of L2 accesses.
    pub l2_nj: f64,
}

/// A network blob that `maestrino_network_open` has checked. It refers to the caller's bytes and copies none of them. Start
/// from `MAESTRINO_INIT(maestrino_network)`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct maestrino_network {
    /// `MAESTRINO_SIZE_OF_STRUCT(maestrino_network)`.
    pub struct_size: u32,
    /// Number of layers.
    pub layer_count: u32,
    /// The blob.
    pub data: *const u8,
    /// Its length in bytes.
    pub length: usize,
    /// Name of the network, not terminated; UTF-8 if it was made by `maestrino compile`.
    pub name: *const c_char,
    /// Its length in bytes.
    pub name_length: usize,
}

/// Where an iteration over the layers of a network stands. All zero is the beginning.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct maestrino_cursor {
    /// Number of the next layer.
    pub index: u32,
    /// Its place in the blob, in bytes; 0 at the beginning.
    pub offset: u32,
}

/// A layer of a network blob. Start from `MAESTRINO_INIT(maestrino_network_layer)`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct maestrino_network_layer {
    /// `MAESTRINO_SIZE_OF_STRUCT(maestrino_network_layer)`.
    pub struct_size: u32,
    /// Number of its dataflow, for `maestrino_network_dataflow`.
    pub dataflow: u32,
    /// Its name, not terminated; in the caller's bytes, and UTF-8 if it was made by `maestrino compile`.
    pub name: *const c_char,
    /// The length of its name in bytes.
    pub name_length: usize,
    /// Its shape.
    pub layer: maestrino_layer,
}

pub(super) fn dim(number: i32) -> Result<Dim, maestrino_fault> {
    let dim = usize::try_from(number).ok().and_then(|number| Dim::ALL.get(number));
    dim.copied().ok_or(MAESTRINO_UNKNOWN_NUMBER.into())
}

pub(super) fn kind(number: i32) -> Result<LayerKind, maestrino_fault> {
    let kind = usize::try_from(number).ok().and_then(|number| LayerKind::ALL.get(number));
    kind.copied().ok_or(MAESTRINO_UNKNOWN_NUMBER.into())
}

impl maestrino_layer {
    pub(super) const EMPTY: maestrino_layer = maestrino_layer {
        struct_size: size_of_struct::<maestrino_layer>(),
        kind: 0,
        stride_y: 1,
        stride_x: 1,
        sizes: [0; MAESTRINO_DIMS],
        one_in_y: 1,
        phase_y: 0,
        one_in_x: 1,
        phase_x: 0,
    };

    pub(super) fn layer(&self) -> Result<Layer, maestrino_fault> {
        let mut sizes = DimMap::filled(0);
        for (dim, size) in Dim::ALL.into_iter().zip(self.sizes) {
            sizes[dim] = size;
        }
        let layer = Layer::with_sizes(kind(self.kind)?, sizes, self.stride_y, self.stride_x)?;
        let every = [self.one_in_y.max(1), self.one_in_x.max(1)];
        Ok(layer.with_inserted_zeros(every, [self.phase_y, self.phase_x])?)
    }

    pub(super) fn of(layer: &Layer) -> maestrino_layer {
        let mut sizes = [0; MAESTRINO_DIMS];
        for (size, dim) in sizes.iter_mut().zip(Dim::ALL) {
            // Input extents only: they tell the output.
            *size = if dim.input() == dim { layer.size(dim).unwrap_or(0) } else { 0 };
        }
        let ((one_in_y, phase_y), (one_in_x, phase_x)) = (layer.inserted(Dim::Y), layer.inserted(Dim::X));
        maestrino_layer {
            struct_size: size_of_struct::<maestrino_layer>(),
            kind: layer.kind() as i32,
            stride_y: layer.stride(Dim::Y),
            stride_x: layer.stride(Dim::X),
            sizes,
            one_in_y,
            phase_y,
            one_in_x,
            phase_x,
        }
    }
}

impl maestrino_size {
    const NONE: maestrino_size = maestrino_size { base: 0, of: -1 };

    fn size(self) -> Result<Size, maestrino_fault> {
        let of = if self.of == -1 { None } else { Some(dim(self.of)?) };
        Ok(Size { base: self.base, of })
    }

    fn from(size: Size) -> maestrino_size {
        maestrino_size { base: size.base, of: size.of.map_or(-1, |dim| dim as i32) }
    }
}

impl maestrino_directive {
    const NONE: maestrino_directive =
        maestrino_directive { kind: 0, dim: 0, size: maestrino_size::NONE, offset: maestrino_size::NONE };

    fn directive(&self) -> Result<Directive, maestrino_fault> {
        let size = self.size.size()?;
        let kind = match self.kind {
            0 => MapKind::Temporal,
            1 => MapKind::Spatial,
            2 => return Ok(Directive::Cluster { size }),
            _ => return Err(MAESTRINO_UNKNOWN_NUMBER.into()),
        };
        Ok(Directive::Map { kind, size, offset: self.offset.size()?, dim: dim(self.dim)? })
    }

    fn from(directive: Directive) -> maestrino_directive {
        match directive {
            Directive::Cluster { size } => {
                maestrino_directive { kind: 2, size: maestrino_size::from(size), ..maestrino_directive::NONE }
            }
            Directive::Map { kind, size, offset, dim } => maestrino_directive {
                kind: if kind == MapKind::Temporal { 0 } else { 1 },
                dim: dim as i32,
                size: maestrino_size::from(size),
                offset: maestrino_size::from(offset),
            },
        }
    }
}

impl maestrino_dataflow {
    /// Maps something with these directives.
    pub(super) fn map<T>(&self, map: impl FnOnce(Directives<'_>) -> Result<T, Error>) -> Result<T, maestrino_fault> {
        let count = usize::try_from(self.count).ok();
        let used = count.and_then(|count| self.directives.get(..count)).ok_or(MAESTRINO_COUNT_TOO_LARGE)?;
        let unknown = Cell::new(None);
        let mapped = map(&|add| {
            used.iter().try_for_each(|directive| match directive.directive() {
                Ok(directive) => add(directive),
                Err(fault) => {
                    unknown.set(Some(fault));
                    Err(Error::EmptyDataflow)
                }
            })
        });
        match unknown.get() {
            Some(fault) => Err(fault),
            None => Ok(mapped?),
        }
    }

    /// Makes this one the same as `dataflow`.
    pub(super) fn set(&mut self, dataflow: &Dataflow) {
        self.count = dataflow.directives().len() as u32;
        let mut directives = dataflow.directives().iter();
        for slot in &mut self.directives {
            *slot = directives.next().map_or(maestrino_directive::NONE, |own| maestrino_directive::from(*own));
        }
    }
}

/// Hz of an accelerator whose clock nobody has told.
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

impl maestrino_transfers {
    const fn of(transfers: &Transfers) -> maestrino_transfers {
        let Transfers { input, filter, psum, output } = *transfers;
        maestrino_transfers { input, filter, psum, output }
    }
}

/// Bits of the buffers that are too small.
fn misfits(fits: Fits) -> u32 {
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

impl maestrino_total {
    pub(super) fn of(total: &Total, [calibrated_cycles, calibrated_upper_cycles]: [u64; 2]) -> maestrino_total {
        let Needs { l1: l1_bytes, cluster: cluster_bytes, l2: l2_bytes } = total.needs;
        let Energy { mac, l1, l2, cluster, offchip } = total.energy;
        maestrino_total {
            struct_size: size_of_struct::<maestrino_total>(),
            layers: total.layers,
            misfits: misfits(total.fits),
            misfit_layers: total.misfits,
            cycles: total.cycles.unwrap_or(MAESTRINO_NO_CYCLES),
            operations: total.operations,
            l1_bytes,
            cluster_bytes,
            l2_bytes,
            mac_nj: mac,
            l1_nj: l1,
            cluster_nj: cluster,
            l2_nj: l2,
            offchip_nj: offchip,
            calibrated_cycles,
            calibrated_upper_cycles,
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

// SAFETY: each begins with the size of the struct, and any bytes are valid ones.
unsafe impl Growing for maestrino_layer {}
// SAFETY: as above.
unsafe impl Growing for maestrino_dataflow {}
// SAFETY: as above.
unsafe impl Growing for maestrino_hardware {}
// SAFETY: as above.
unsafe impl Growing for maestrino_energies {}
// SAFETY: as above.
unsafe impl Growing for maestrino_cost {}
// SAFETY: as above.
unsafe impl Growing for maestrino_total {}
// SAFETY: as above.
unsafe impl Growing for maestrino_maestro_cost {}
// SAFETY: as above.
unsafe impl Growing for maestrino_network {}
// SAFETY: as above.
unsafe impl Growing for maestrino_network_layer {}
// SAFETY: as above; but only we write a status.
unsafe impl Growing for maestrino_fault {}
