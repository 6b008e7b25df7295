//! Plain structs, and their translation to and from the core's validated values.

use core::cell::Cell;
use core::ffi::c_char;

use super::status::maestrino_fault;
use super::status::maestrino_status::*;
use crate::dim::{DIM_COUNT, Dim, DimMap, Tensor};
use crate::error::Error;
use crate::layer::{Layer, LayerKind};
use crate::maestro::{Accesses, Cost, Mapping};
use crate::{Dataflow, Directive, EnergyTable, Hardware, MAX_DIRECTIVES, MapKind, Noc, Size};

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
    /// What it computes: a `maestrino_kind`.
    pub kind: i32,
    /// Stride of the filter along Y, in elements; 1 for none.
    pub stride_y: u32,
    /// Stride of the filter along X, in elements; 1 for none.
    pub stride_x: u32,
    /// Size of each dimension in elements, by `maestrino_dim`; 0 for none. Give input or output extents, not both.
    pub sizes: [u32; MAESTRINO_DIMS],
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

/// A dataflow: directives, outermost first. All zero is an empty one.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct maestrino_dataflow {
    /// How many of `directives` are in use.
    pub count: u32,
    /// The directives.
    pub directives: [maestrino_directive; MAESTRINO_MAX_DIRECTIVES],
}

/// An accelerator. Start from `maestrino_hardware_init`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct maestrino_hardware {
    /// Processing elements.
    pub pes: u32,
    /// Multiply-accumulate lanes of a PE.
    pub simd_lanes: u32,
    /// Bytes of L1 in each PE. Changes no figure.
    pub l1_bytes: u32,
    /// Bytes of L2. Changes no figure.
    pub l2_bytes: u32,
    /// Elements per cycle of the network-on-chip, in each direction, at every cluster level.
    pub noc_bandwidth: u32,
    /// Cycles until its first element arrives.
    pub noc_latency: u32,
    /// Elements per cycle between L2 and the outside, in each direction.
    pub offchip_bandwidth: u32,
}

/// Energy of each kind of event.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct maestrino_energies {
    /// nJ of a multiply-accumulate.
    pub mac: f64,
    /// nJ of an L1 access (one element).
    pub l1: f64,
    /// nJ of an L2 access (one element).
    pub l2: f64,
}

/// Elements of one tensor that go through the buffers.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct maestrino_accesses {
    /// Elements read from all L1 buffers.
    pub l1_read: u64,
    /// Elements written to all L1 buffers.
    pub l1_write: u64,
    /// Elements read from L2.
    pub l2_read: u64,
    /// Elements written to L2.
    pub l2_write: u64,
}

/// The cost of a layer.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct maestrino_cost {
    /// Cycles of the whole layer.
    pub cycles: u64,
    /// The same cycles, by what they wait for: a `maestrino_bound` is the index.
    pub bound_cycles: [u64; 4],
    /// Operations performed.
    pub operations: u64,
    /// Accesses of the input.
    pub input: maestrino_accesses,
    /// Accesses of the filter.
    pub filter: maestrino_accesses,
    /// Accesses of the output.
    pub output: maestrino_accesses,
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

/// The cost of a network: sums over its layers, and the most that one layer needs.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct maestrino_total {
    /// Layers costed.
    pub layers: u32,
    /// Reserved; 0.
    pub reserved: u32,
    /// Cycles, one layer after the other.
    pub cycles: u64,
    /// Operations performed.
    pub operations: u64,
    /// Bytes of L1 that the most demanding layer needs in each PE.
    pub l1_bytes: u64,
    /// Bytes of L2 that the most demanding layer needs.
    pub l2_bytes: u64,
    /// nJ of multiply-accumulates.
    pub mac_nj: f64,
    /// nJ of L1 accesses.
    pub l1_nj: f64,
    /// nJ of L2 accesses.
    pub l2_nj: f64,
}

/// A network blob that `maestrino_network_open` has checked. It refers to the caller's bytes and copies none of them.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct maestrino_network {
    /// The blob.
    pub data: *const u8,
    /// Its length in bytes.
    pub length: usize,
    /// Name of the network, not terminated; UTF-8 if it was made by `maestrino compile`.
    pub name: *const c_char,
    /// Its length in bytes.
    pub name_length: usize,
    /// Number of layers.
    pub layer_count: u32,
    /// Reserved; 0.
    pub reserved: u32,
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

/// A layer of a network blob.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct maestrino_network_layer {
    /// Its name, not terminated; in the caller's bytes, and UTF-8 if it was made by `maestrino compile`.
    pub name: *const c_char,
    /// The length of its name in bytes.
    pub name_length: usize,
    /// Its shape.
    pub layer: maestrino_layer,
    /// Number of its dataflow, for `maestrino_network_dataflow`.
    pub dataflow: u32,
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
    pub(super) const EMPTY: maestrino_layer =
        maestrino_layer { kind: 0, stride_y: 1, stride_x: 1, sizes: [0; MAESTRINO_DIMS] };

    pub(super) fn layer(&self) -> Result<Layer, maestrino_fault> {
        let mut sizes = DimMap::filled(0);
        for (dim, size) in Dim::ALL.into_iter().zip(self.sizes) {
            sizes[dim] = size;
        }
        Ok(Layer::with_sizes(kind(self.kind)?, sizes, self.stride_y, self.stride_x)?)
    }

    pub(super) fn of(layer: &Layer) -> maestrino_layer {
        let mut sizes = [0; MAESTRINO_DIMS];
        for (size, dim) in sizes.iter_mut().zip(Dim::ALL) {
            // Input extents only: they tell the output.
            *size = if dim.input() == dim { layer.size(dim).unwrap_or(0) } else { 0 };
        }
        maestrino_layer {
            kind: layer.kind() as i32,
            stride_y: layer.stride(Dim::Y),
            stride_x: layer.stride(Dim::X),
            sizes,
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
    /// Maps the layer of `mapping` with these directives.
    pub(super) fn map(&self, mapping: &mut Mapping, pes: u32) -> Result<(), maestrino_fault> {
        let count = usize::try_from(self.count).ok();
        let used = count.and_then(|count| self.directives.get(..count)).ok_or(MAESTRINO_COUNT_TOO_LARGE)?;
        let unknown = Cell::new(None);
        let mapped = mapping.map(
            &|add| {
                used.iter().try_for_each(|directive| match directive.directive() {
                    Ok(directive) => add(directive),
                    Err(fault) => {
                        unknown.set(Some(fault));
                        Err(Error::EmptyDataflow)
                    }
                })
            },
            pes,
        );
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

impl maestrino_hardware {
    pub(super) fn of(hardware: &Hardware) -> maestrino_hardware {
        maestrino_hardware {
            pes: hardware.pes(),
            simd_lanes: hardware.simd_lanes(),
            l1_bytes: hardware.l1_bytes(),
            l2_bytes: hardware.l2_bytes(),
            noc_bandwidth: hardware.noc(0).bandwidth,
            noc_latency: hardware.noc(0).latency,
            offchip_bandwidth: hardware.offchip_bandwidth(),
        }
    }

    pub(super) fn hardware(&self) -> Result<Hardware, maestrino_fault> {
        let noc = Noc { bandwidth: self.noc_bandwidth, latency: self.noc_latency };
        let (array, buffers) = ([self.pes, self.simd_lanes], [self.l1_bytes, self.l2_bytes]);
        Ok(Hardware::of_parts(array, buffers, noc, self.offchip_bandwidth)?)
    }
}

impl maestrino_energies {
    pub(super) fn table(&self) -> Result<EnergyTable, maestrino_fault> {
        let maestrino_energies { mac, l1, l2 } = *self;
        // As integers, numbers from 0 on are ordered like their bits; negative ones and NaN are above infinity.
        if [mac, l1, l2].into_iter().all(|nj| nj.to_bits() < f64::INFINITY.to_bits()) {
            Ok(EnergyTable { mac, l1, l2, ..EnergyTable::REFERENCE })
        } else {
            Err(MAESTRINO_OUT_OF_RANGE.into())
        }
    }
}

impl maestrino_cost {
    pub(super) fn of(cost: &Cost) -> maestrino_cost {
        let accesses = |tensor| {
            let Accesses { l1_read, l1_write, l2_read, l2_write } = cost.traffic.accesses[tensor];
            maestrino_accesses { l1_read, l1_write, l2_read, l2_write }
        };
        maestrino_cost {
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

impl maestrino_total {
    pub(super) const NONE: maestrino_total = maestrino_total {
        layers: 0,
        reserved: 0,
        cycles: 0,
        operations: 0,
        l1_bytes: 0,
        l2_bytes: 0,
        mac_nj: 0.0,
        l1_nj: 0.0,
        l2_nj: 0.0,
    };

    pub(super) fn add(&mut self, cost: &Cost) -> Result<(), maestrino_fault> {
        self.layers += 1;
        self.cycles = self.cycles.checked_add(cost.delay.cycles).ok_or(MAESTRINO_OVERFLOW)?;
        self.operations = self.operations.checked_add(cost.traffic.operations).ok_or(MAESTRINO_OVERFLOW)?;
        self.l1_bytes = self.l1_bytes.max(cost.traffic.l1_total());
        self.l2_bytes = self.l2_bytes.max(cost.traffic.l2_total());
        self.mac_nj += cost.energy.mac;
        self.l1_nj += cost.energy.l1;
        self.l2_nj += cost.energy.l2;
        Ok(())
    }
}
