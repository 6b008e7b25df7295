//! The C functions tell what the Rust API tells, bit for bit, and fail where it fails.

use std::ffi::c_void;
use std::mem::MaybeUninit;
use std::ptr::{null, null_mut};
use std::sync::Arc;

use maestrino::Total;
use maestrino::capi::maestrino_status::*;
use maestrino::capi::*;
use maestrino::dataflow::presets::Preset;
use maestrino::exact::Transfers;
use maestrino::host::dataflow_choice::DataflowChoice;
use maestrino::host::formats::blob;
use maestrino::host::mapper::Objective;
use maestrino::host::mapper::mappings::{Mappings, Wanted};
use maestrino::host::mapping_sets::MappingSets;
use maestrino::host::network::{NamedLayer, Network};
use maestrino::host::platform::Platform;
use maestrino::wire::{self, Accelerator, Blob, BlobLayer};
use maestrino::{
    Activations, Buffering, Calibration, Cost, Dataflow, Dim, Directive, EnergyTable, Error, Hardware, Layer,
    LayerKind, MapKind, Mapping, Noc, Size, Tensor, Widths, maestro,
};
use proptest::prelude::*;

/// What an out-parameter holds before a call.
trait Out {
    fn prepared() -> MaybeUninit<Self>
    where
        Self: Sized;
}

macro_rules! plain {
    ($($name:ty),*) => { $(impl Out for $name {
        fn prepared() -> MaybeUninit<$name> {
            MaybeUninit::uninit()
        }
    })* };
}

/// As `MAESTRINO_INIT` of the header.
macro_rules! sized {
    ($($name:ty),*) => { $(impl Out for $name {
        fn prepared() -> MaybeUninit<$name> {
            let mut out = MaybeUninit::<$name>::zeroed();
            // SAFETY: there is room, and every such struct begins with its size.
            unsafe { out.as_mut_ptr().cast::<u32>().write(struct_size::<$name>()) };
            out
        }
    })* };
}

plain!((), u64);
sized!(maestrino_fault, maestrino_dataflow, maestrino_hardware, maestrino_energies, maestrino_cost);
sized!(maestrino_total, maestrino_maestro_cost, maestrino_network, maestrino_network_layer);

/// As `MAESTRINO_SIZE_OF_STRUCT` of the header.
const fn struct_size<T>() -> u32 {
    0x4d53_0000 | size_of::<T>() as u32
}

/// What a function with an out-parameter and a fault gives.
fn call<T: Out>(
    function: impl FnOnce(*mut T, *mut maestrino_fault) -> maestrino_status,
) -> Result<T, (maestrino_status, maestrino_fault)> {
    let mut out = T::prepared();
    let mut fault = maestrino_fault::prepared();
    let status = function(out.as_mut_ptr(), fault.as_mut_ptr());
    // SAFETY: a fault is always written, an out-parameter on success.
    let fault: maestrino_fault = unsafe { fault.assume_init() };
    assert_eq!(fault.status, status);
    match status {
        // SAFETY: as above.
        MAESTRINO_OK => Ok(unsafe { out.assume_init() }),
        _ => Err((status, fault)),
    }
}

/// What a function without a fault gives, which must succeed.
fn without_fault<T: Out>(function: impl FnOnce(*mut T) -> maestrino_status) -> T {
    let mut out = T::prepared();
    assert_eq!(function(out.as_mut_ptr()), MAESTRINO_OK);
    // SAFETY: written on success.
    unsafe { out.assume_init() }
}

/// The status that an error of the Rust API must become.
fn status(error: Error) -> maestrino_status {
    match error {
        Error::Pes(_) => MAESTRINO_BAD_PES,
        Error::SimdLanes(_) => MAESTRINO_BAD_SIMD_LANES,
        Error::NocBandwidth(_) => MAESTRINO_BAD_NOC_BANDWIDTH,
        Error::NocLatency(_) => MAESTRINO_BAD_NOC_LATENCY,
        Error::OffchipBandwidth(_) => MAESTRINO_BAD_OFFCHIP_BANDWIDTH,
        Error::MissingDim { .. } => MAESTRINO_MISSING_DIM,
        Error::ForeignDim { .. } => MAESTRINO_FOREIGN_DIM,
        Error::RepeatedDim(_) => MAESTRINO_REPEATED_DIM,
        Error::Extent { .. } => MAESTRINO_BAD_EXTENT,
        Error::Stride { .. } => MAESTRINO_BAD_STRIDE,
        Error::FilterExceedsInput { .. } => MAESTRINO_FILTER_EXCEEDS_INPUT,
        Error::NoSuchParameter(_) | Error::ParameterSize { .. } => MAESTRINO_BAD_TILE,
        Error::TooManyDirectives => MAESTRINO_TOO_MANY_DIRECTIVES,
        Error::TooManyLevels => MAESTRINO_TOO_MANY_LEVELS,
        Error::TooManyMaps { .. } => MAESTRINO_TOO_MANY_MAPS,
        Error::MapSize { .. } => MAESTRINO_BAD_MAP_SIZE,
        Error::ClusterSize { .. } => MAESTRINO_BAD_CLUSTER_SIZE,
        Error::SizeOfMissingDim { .. } => MAESTRINO_SIZE_OF_MISSING_DIM,
        Error::MapOfMissingDim { .. } => MAESTRINO_MAP_OF_MISSING_DIM,
        Error::MapOfInputAndOutput { .. } => MAESTRINO_MAP_OF_INPUT_AND_OUTPUT,
        Error::SplitFilter { .. } => MAESTRINO_SPLIT_FILTER,
        Error::NoSpatialMap { .. } => MAESTRINO_NO_SPATIAL_MAP,
        Error::TooManySpatialMaps { .. } => MAESTRINO_TOO_MANY_SPATIAL_MAPS,
        Error::ClusterExceedsArray { .. } => MAESTRINO_CLUSTER_EXCEEDS_ARRAY,
        Error::EmptyDataflow => MAESTRINO_EMPTY_DATAFLOW,
        Error::NoNewData { .. } => MAESTRINO_NO_NEW_DATA,
        Error::NoOutput { .. } => MAESTRINO_NO_OUTPUT,
        Error::IllFormed { .. } => MAESTRINO_ILL_FORMED,
        Error::Overflow { .. } => MAESTRINO_OVERFLOW,
        Error::Bits(_) => MAESTRINO_BAD_BITS,
        Error::Compression(_) => MAESTRINO_BAD_COMPRESSION,
        Error::Setting(_) => MAESTRINO_BAD_SETTING,
        Error::RepeatedMap { .. } => MAESTRINO_REPEATED_MAP,
        Error::SplitTogether { .. } => MAESTRINO_SPLIT_TOGETHER,
        Error::Gaps { .. } => MAESTRINO_GAPS,
        Error::TooIrregular | Error::TooManyCases => MAESTRINO_TOO_IRREGULAR,
        other => panic!("not known: {other:?}"),
    }
}

/// Both succeed with what `same` accepts, or both fail for the same reason.
fn agree<C, R>(
    c: Result<C, (maestrino_status, maestrino_fault)>,
    rust: Result<R, Error>,
    same: impl FnOnce(C, R) -> Result<(), TestCaseError>,
) -> Result<(), TestCaseError> {
    match (c, rust) {
        (Ok(c), Ok(rust)) => same(c, rust),
        (Err((found, fault)), Err(error)) => {
            prop_assert_eq!(found, status(error), "{}", error);
            prop_assert!(fault.dim >= -1 && fault.dim < 11 && fault.level <= 5);
            Ok(())
        }
        (Ok(_), Err(error)) => Err(TestCaseError::fail(format!("C succeeds, Rust: {error}"))),
        (Err((found, _)), Ok(_)) => Err(TestCaseError::fail(format!("Rust succeeds, C: {found:?}"))),
    }
}

fn c_layer(kind: LayerKind, dims: &[(Dim, u32)], strides: (u32, u32)) -> maestrino_layer {
    let mut sizes = [0; MAESTRINO_DIMS];
    for &(dim, size) in dims {
        sizes[dim as usize] = size;
    }
    let (kind, (stride_y, stride_x)) = (kind as i32, strides);
    let struct_size = struct_size::<maestrino_layer>();
    maestrino_layer { struct_size, kind, stride_y, stride_x, sizes, one_in_y: 0, phase_y: 0, one_in_x: 1, phase_x: 0 }
}

fn c_size(size: Size) -> maestrino_size {
    maestrino_size { base: size.base, of: size.of.map_or(-1, |dim| dim as i32) }
}

fn c_dataflow(directives: &[Directive]) -> maestrino_dataflow {
    let none = maestrino_size { base: 0, of: -1 };
    let empty = maestrino_directive { kind: 0, dim: 0, size: none, offset: none };
    let count = directives.len() as u32;
    let struct_size = struct_size::<maestrino_dataflow>();
    let mut dataflow = maestrino_dataflow { struct_size, count, directives: [empty; MAESTRINO_MAX_DIRECTIVES] };
    for (slot, directive) in dataflow.directives.iter_mut().zip(directives) {
        *slot = match *directive {
            Directive::Cluster { size } => maestrino_directive { kind: 2, size: c_size(size), ..empty },
            Directive::Map { kind, size, offset, dim } => maestrino_directive {
                kind: i32::from(kind == MapKind::Spatial),
                dim: dim as i32,
                size: c_size(size),
                offset: c_size(offset),
            },
        };
    }
    dataflow
}

fn same_dataflow(c: &maestrino_dataflow, rust: &Dataflow) -> Result<(), TestCaseError> {
    let expected = c_dataflow(rust.directives());
    prop_assert_eq!(c.count, expected.count);
    for (c, rust) in c.directives.iter().zip(&expected.directives) {
        let flat = |d: &maestrino_directive| (d.kind, d.dim, d.size.base, d.size.of, d.offset.base, d.offset.of);
        prop_assert_eq!(flat(c), flat(rust));
    }
    Ok(())
}

fn same_cost(c: &maestrino_cost, rust: &Cost) -> Result<(), TestCaseError> {
    let moved = |transfers: &Transfers| [transfers.input, transfers.filter, transfers.psum, transfers.output];
    let c_moved = |transfers: &maestrino_transfers| {
        let maestrino_transfers { input, filter, psum, output } = *transfers;
        [input, filter, psum, output]
    };
    let none = Transfers::default();
    let offchip = rust.offchip.as_ref();
    let transfers = [c_moved(&c.l1), c_moved(&c.l2), c_moved(&c.offchip)];
    let expected = [&rust.l1, &rust.l2, offchip.map_or(&none, |offchip| &offchip.transfers)].map(moved);
    prop_assert_eq!(transfers, expected);
    let cycles = [c.cycles, c.serial_cycles];
    prop_assert_eq!(cycles, offchip.map_or([u64::MAX; 2], |told| [told.cycles.total, told.cycles.serial]));
    let numbers = [c.operations, c.layer_operations, c.steps, c.offchip_bits];
    let bits = offchip.map_or(0, |offchip| offchip.bits);
    prop_assert_eq!(numbers, [rust.operations, rust.layer_operations, rust.steps, bits]);
    let needs = [c.l1_bytes, c.cluster_bytes, c.l2_bytes];
    prop_assert_eq!(needs, [rust.needs.l1, rust.needs.cluster, rust.needs.l2]);
    prop_assert_eq!(c.misfits, misfits(rust.fits.l1, rust.fits.cluster, rust.fits.l2));
    let waits = &rust.waits;
    prop_assert_eq!(c.bound_cycles, [waits.compute, waits.noc_in, waits.noc_out, waits.offchip]);
    let energy = &rust.energy;
    let doubles = [c.active_pes, c.mac_nj, c.l1_nj, c.cluster_nj, c.l2_nj, c.offchip_nj].map(f64::to_bits);
    let expected = [rust.active_pes, energy.mac, energy.l1, energy.cluster, energy.l2, energy.offchip];
    prop_assert_eq!(doubles, expected.map(f64::to_bits));
    Ok(())
}

fn misfits(l1: bool, cluster: bool, l2: bool) -> u32 {
    u32::from(!l1) | u32::from(!cluster) << 1 | u32::from(!l2) << 2
}

fn same_maestro_cost(c: &maestrino_maestro_cost, rust: &maestro::Cost) -> Result<(), TestCaseError> {
    let accesses = |tensor: Tensor| {
        let a = &rust.traffic.accesses[tensor];
        [a.l1_read, a.l1_write, a.l2_read, a.l2_write]
    };
    for (c, tensor) in [(&c.input, Tensor::Input), (&c.filter, Tensor::Filter), (&c.output, Tensor::Output)] {
        prop_assert_eq!([c.l1_read, c.l1_write, c.l2_read, c.l2_write], accesses(tensor));
    }
    let numbers = [c.cycles, c.operations, c.l1_bytes, c.l2_bytes, c.noc_peak, c.offchip];
    let (delay, traffic) = (&rust.delay, &rust.traffic);
    let expected =
        [delay.cycles, traffic.operations, traffic.l1_total(), traffic.l2_total(), delay.noc_peak, delay.offchip];
    prop_assert_eq!(numbers, expected);
    prop_assert_eq!(c.bound_cycles, delay.bound_cycles);
    let bits = [c.noc_average, c.active_pes, c.mac_nj, c.l1_nj, c.l2_nj].map(f64::to_bits);
    let expected = [delay.noc_average, delay.active_pes, rust.energy.mac, rust.energy.l1, rust.energy.l2];
    prop_assert_eq!(bits, expected.map(f64::to_bits));
    Ok(())
}

type Shape = (LayerKind, Vec<(Dim, u32)>, (u32, u32));

/// Layers that are mostly valid: all dimensions that the kind knows, rarely one too many, too few or too large.
fn shape() -> impl Strategy<Value = Shape> {
    let kind = prop::sample::select(LayerKind::ALL.to_vec());
    let sizes = prop::array::uniform11(1u32..24);
    let strides = prop_oneof![9 => (1u32..4, 1u32..4), 1 => (any::<u32>(), 0u32..4)];
    let odd = (prop::sample::select(Dim::ALL.to_vec()), prop_oneof![Just(0), any::<u32>()]);
    let odd = prop::option::weighted(0.2, odd);
    (kind, sizes, strides, any::<(bool, bool)>(), odd).prop_map(|(kind, sizes, strides, (batch, out), odd)| {
        let known: &[Dim] = match kind {
            LayerKind::Gemm => &[Dim::M, Dim::N, Dim::K],
            LayerKind::NgConv => &[Dim::G, Dim::K, Dim::C, Dim::R, Dim::S, Dim::Y, Dim::X],
            LayerKind::Pool => &[Dim::C, Dim::R, Dim::S, Dim::Y, Dim::X],
            LayerKind::Eltwise => &[Dim::C, Dim::Y, Dim::X],
            _ => &[Dim::K, Dim::C, Dim::R, Dim::S, Dim::Y, Dim::X],
        };
        let extra = if batch && kind != LayerKind::Gemm { Some(Dim::N) } else { None };
        let mut dims: Vec<(Dim, u32)> = Vec::new();
        for dim in known.iter().copied().chain(extra) {
            let size = sizes[dim as usize];
            dims.push(match dim {
                Dim::R | Dim::S => (dim, size.div_ceil(4)),
                Dim::Y | Dim::X if out => (dim.output(), size),
                Dim::Y | Dim::X => (dim, size + 5),
                dim => (dim, size),
            });
        }
        if let Some((dim, size)) = odd {
            dims.retain(|(known, _)| *known != dim);
            if size != 0 {
                dims.push((dim, size));
            }
        }
        // The order in which C gives them.
        dims.sort_by_key(|(dim, _)| *dim);
        (kind, dims, strides)
    })
}

fn size() -> impl Strategy<Value = Size> {
    let dim = prop::sample::select(Dim::ALL.to_vec());
    let base = prop_oneof![20 => 1i32..9, 1 => any::<i32>()];
    prop_oneof![
        4 => base.prop_map(Size::new),
        1 => (-2i32..9, dim).prop_map(|(base, dim)| Size { base, of: Some(dim) }),
    ]
}

fn directive() -> impl Strategy<Value = Directive> {
    let dim = prop::sample::select(vec![Dim::C, Dim::K, Dim::Y, Dim::X, Dim::M, Dim::N, Dim::OutX, Dim::R]);
    prop_oneof![
        4 => (size(), dim.clone()).prop_map(|(size, dim)| Directive::temporal(size, size, dim)),
        1 => (size(), size(), dim.clone()).prop_map(|(size, offset, dim)| Directive::temporal(size, offset, dim)),
        3 => (1i32..4, dim).prop_map(|(n, dim)| Directive::spatial(Size::new(n), Size::new(n), dim)),
        1 => size().prop_map(Directive::cluster),
    ]
}

/// Random directives, or a preset for the kind.
fn directives() -> impl Strategy<Value = Result<Vec<Directive>, (Preset, [u32; MAESTRINO_MAX_TILES])>> {
    prop_oneof![
        prop::collection::vec(directive(), 0..12).prop_map(Ok),
        (prop::sample::select(Preset::ALL.to_vec()), prop::array::uniform3(0u32..20)).prop_map(Err),
    ]
}

/// The figures of `maestrino_hardware` behind its size, but for the clock: mostly in range.
fn figures() -> impl Strategy<Value = [u32; 24]> {
    let buffer = || prop_oneof![2 => Just(MAESTRINO_UNLIMITED), 1 => 1u32..4000];
    let noc = || (1u32..100, 0u32..4);
    let bits = || prop::sample::select(vec![4u32, 8, 16, 32]);
    let system = (1u32..100, prop_oneof![Just(0), 1u32..9], 500u32..=1000);
    let settings = (0u32..2, 0u32..3, 1u32..3, 1u32..3);
    let array = (1u32..400, 1u32..3, buffer(), buffer(), buffer());
    let usual = (array, prop::array::uniform4(noc()), system, prop::array::uniform4(bits()), settings);
    let usual = usual.prop_map(|((pes, lanes, l1, cluster, l2), noc, system, bits, settings)| {
        let [(b0, n0), (b1, n1), (b2, n2), (b3, n3)] = noc;
        let ((offchip, weights, permille), [i, f, o, p]) = (system, bits);
        let (multicast, activations, l1_buffers, l2_buffers) = settings;
        let array = [pes, lanes, l1, cluster, l2, b0, n0, b1, n1, b2, n2, b3, n3, offchip, weights, permille];
        let rest = [i, f, o, p, multicast, activations, l1_buffers, l2_buffers];
        std::array::from_fn(|place| if place < 16 { array[place] } else { rest[place - 16] })
    });
    // One figure may be anything.
    (usual, prop::option::weighted(0.15, (0usize..24, prop_oneof![Just(0), any::<u32>()]))).prop_map(
        |(mut usual, odd)| {
            if let Some((place, figure)) = odd {
                usual[place] = figure;
            }
            usual
        },
    )
}

/// Built step by step, in the order in which C looks at the figures.
fn rust_hardware(figures: [u32; 24]) -> Result<Hardware, Error> {
    let [pes, lanes, l1, cluster, l2, b0, n0, b1, n1, b2, n2, b3, n3, offchip, weights, permille, rest @ ..] = figures;
    let [input, filter, output, psum, multicast, activations, l1_buffers, l2_buffers] = rest;
    let activations = match activations {
        0 => Activations::Offchip,
        1 => Activations::L2,
        2 => Activations::Auto,
        other => return Err(Error::Setting(other)),
    };
    let buffering = |copies| match copies {
        1 => Ok(Buffering::Single),
        2 => Ok(Buffering::Double),
        other => Err(Error::Setting(other)),
    };
    let (l1_buffers, l2_buffers) = (buffering(l1_buffers)?, buffering(l2_buffers)?);
    let mut system = Hardware::new(1)?;
    if weights != 0 {
        system = system.with_weights_bandwidth(weights)?;
    }
    let byte = |bits: u32| u8::try_from(bits).unwrap_or(u8::MAX);
    let widths = Widths { input: byte(input), filter: byte(filter), output: byte(output), psum: byte(psum) };
    let permille = u16::try_from(permille).unwrap_or(u16::MAX);
    let mut hardware =
        system.with_compressed_weights(permille)?.with_widths(widths)?.with_pes(pes)?.with_simd_lanes(lanes)?;
    for (level, (bandwidth, latency)) in [(b0, n0), (b1, n1), (b2, n2), (b3, n3)].into_iter().enumerate() {
        hardware = hardware.with_noc_at(level, Noc { bandwidth, latency })?;
    }
    let hardware = hardware.with_offchip_bandwidth(offchip)?.with_buffers(l1, l2).with_cluster_buffer(cluster);
    let hardware = hardware.with_multicast(multicast != 0).with_activations(activations);
    Ok(hardware.with_buffering(l1_buffers, l2_buffers))
}

fn c_hardware(figures: [u32; 24]) -> maestrino_hardware {
    let [pes, simd_lanes, l1_bytes, cluster_bytes, l2_bytes, b0, n0, b1, n1, b2, n2, b3, n3, rest @ ..] = figures;
    let [offchip_bandwidth, weights_bandwidth, weights_permille, rest @ ..] = rest;
    let [input_bits, filter_bits, output_bits, psum_bits, multicast, activations, l1_buffers, l2_buffers] = rest;
    maestrino_hardware {
        struct_size: struct_size::<maestrino_hardware>(),
        pes,
        simd_lanes,
        l1_bytes,
        cluster_bytes,
        l2_bytes,
        noc: [(b0, n0), (b1, n1), (b2, n2), (b3, n3)].map(|(bandwidth, latency)| maestrino_noc { bandwidth, latency }),
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
        clock_hz: 1_000_000,
    }
}

/// The figures again.
fn c_figures(c: &maestrino_hardware) -> [u32; 24] {
    let noc = c.noc.iter().flat_map(|noc| [noc.bandwidth, noc.latency]);
    let array = [c.pes, c.simd_lanes, c.l1_bytes, c.cluster_bytes, c.l2_bytes].into_iter().chain(noc);
    let system = [c.offchip_bandwidth, c.weights_bandwidth, c.weights_permille];
    let bits = [c.input_bits, c.filter_bits, c.output_bits, c.psum_bits];
    let settings = [c.multicast, c.activations, c.l1_buffers, c.l2_buffers];
    let all: Vec<u32> = array.chain(system).chain(bits).chain(settings).collect();
    all.try_into().unwrap()
}

/// An array without limits, but for these.
fn array(pes: u32, noc: u32, offchip: u32) -> [u32; 24] {
    let no = MAESTRINO_UNLIMITED;
    let nocs = [noc, 1, noc, 1, noc, 1, noc, 1];
    let all = [[pes, 1, no, no, no].as_slice(), &nocs, &[offchip, 0, 1000, 8, 8, 8, 8, 1, 0, 2, 2]].concat();
    all.try_into().unwrap()
}

fn rust_preset(preset: Preset, tiles: [u32; MAESTRINO_MAX_TILES], layer: &Layer, fit: u32) -> Result<Dataflow, Error> {
    let chosen = preset.for_kind(layer.kind());
    let mut tiling = chosen.tiling();
    if chosen == preset {
        for (parameter, tile) in chosen.parameters().iter().zip(tiles) {
            if tile != 0 {
                tiling = tiling.with(parameter.name, tile)?;
            }
        }
    }
    if fit != 0 {
        tiling = tiling.fitted(layer, fit);
    }
    tiling.dataflow(layer.kind())
}

/// Keeps the costs that `maestrino_estimate_network` tells in a vector.
///
/// # Safety
/// `user` is a `Vec<maestrino_cost>`, `cost` a cost.
unsafe extern "C" fn keep(
    user: *mut c_void,
    index: u32,
    _: *const maestrino_network_layer,
    cost: *const maestrino_cost,
) -> i32 {
    // SAFETY: as promised by the caller.
    let (costs, cost) = unsafe { (&mut *user.cast::<Vec<maestrino_cost>>(), *cost) };
    assert_eq!(costs.len(), index as usize);
    costs.push(cost);
    0
}

/// Miri sees every wrong access, but takes its time.
const CASES: u32 = if cfg!(miri) { 8 } else { 4000 };

proptest! {
    #![proptest_config(ProptestConfig { cases: CASES, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn layers((kind, dims, strides) in shape()) {
        let layer = c_layer(kind, &dims, strides);
        // SAFETY: the pointers point to what they must.
        let c = call(|out, fault| unsafe { maestrino_layer_macs(&layer, out, fault) });
        let rust = Layer::strided(kind, &dims, strides.0, strides.1);
        let rust = rust.and_then(|layer| layer.macs().ok_or(Error::Overflow { level: 0 }));
        agree(c, rust, |c, rust| { prop_assert_eq!(c, rust); Ok(()) })?;
    }

    #[test]
    fn accelerators(figures in figures(), pes in prop_oneof![0u32..9, any::<u32>()]) {
        let hardware = c_hardware(figures);
        // SAFETY: the pointers point to what they must.
        let c = call(|_: *mut (), fault| unsafe { maestrino_hardware_check(&hardware, fault) });
        agree(c, rust_hardware(figures), |_, _| Ok(()))?;

        let mut init = maestrino_hardware::prepared();
        // SAFETY: the pointers point to what they must.
        let found = unsafe { maestrino_hardware_init(pes, init.as_mut_ptr()) };
        match Hardware::new(pes) {
            Err(error) => prop_assert_eq!(found, status(error)),
            Ok(hardware) => {
                prop_assert_eq!(found, MAESTRINO_OK);
                // SAFETY: written on success.
                let c = unsafe { init.assume_init() };
                prop_assert_eq!(rust_hardware(c_figures(&c)), Ok(hardware));
                prop_assert_eq!(c.clock_hz, 200_000_000);
            }
        }
    }

    #[test]
    fn estimates(
        (kind, dims, strides) in shape(),
        directives in directives(),
        figures in figures(),
        fit in any::<bool>(),
        energies in prop::option::of(prop::array::uniform5(0.0f64..10.0)),
        zeros in prop::option::weighted(0.2, (1u32..4, 0u32..3)),
    ) {
        let (zeros_y, phase_y) = zeros.unwrap_or((1, 0));
        let layer = maestrino_layer { one_in_y: zeros_y, phase_y, ..c_layer(kind, &dims, strides) };
        let hardware = c_hardware(figures);
        let rust_layer = Layer::strided(kind, &dims, strides.0, strides.1)
            .and_then(|layer| layer.with_inserted_zeros([zeros_y, 1], [phase_y, 0]));
        let pes = figures[0];
        let fit = if fit { pes } else { 0 };

        let (c_flow, rust_flow) = match directives {
            Ok(directives) => (c_dataflow(&directives), Dataflow::new(&directives)),
            Err((preset, tiles)) => {
                let number = preset as i32;
                // SAFETY: the pointers point to what they must.
                let c = call(|out, fault| unsafe {
                    maestrino_dataflow_preset(number, &layer, tiles.as_ptr(), fit, out, fault)
                });
                let rust = rust_layer.and_then(|layer| rust_preset(preset, tiles, &layer, fit));
                let flow = c.unwrap_or(c_dataflow(&[]));
                agree(c, rust.clone(), |c, rust| same_dataflow(&c, &rust))?;
                (flow, rust.or(Ok(Dataflow::default())))
            }
        };
        let rust_flow = rust_flow.unwrap();
        // SAFETY: the pointers point to what they must.
        let c = call(|_: *mut (), fault| unsafe { maestrino_dataflow_check(&layer, &c_flow, pes, fault) });
        let mapping = rust_layer.and_then(|layer| Mapping::new(&layer, &rust_flow, pes));
        agree(c, mapping, |(), _| Ok(()))?;

        let own = energies.map(|[mac, l1, cluster, l2, offchip]| {
            let struct_size = struct_size::<maestrino_energies>();
            maestrino_energies { struct_size, reserved: 0, mac, l1, cluster, l2, offchip }
        });
        let energies_pointer = own.as_ref().map_or(null(), |own| own as *const _);
        let table = energies.map_or(EnergyTable::REFERENCE, |[mac, l1, cluster, l2, offchip]| {
            EnergyTable { mac, l1, cluster: Some(cluster), l2, offchip }
        });
        // SAFETY: the pointers point to what they must.
        let c = call(|out, fault| unsafe {
            maestrino_estimate_layer(&layer, &c_flow, &hardware, energies_pointer, out, fault)
        });
        // In the order in which C looks at what it is given.
        let rust = rust_layer.and_then(|layer| {
            let hardware = rust_hardware(figures)?;
            Cost::with_energies(&layer, &rust_flow, &hardware, &table)
        });
        agree(c, rust, |c, rust| same_cost(&c, &rust))?;

        // SAFETY: the pointers point to what they must.
        let c = call(|out, fault| unsafe {
            maestrino_maestro_estimate_layer(&layer, &c_flow, &hardware, energies_pointer, out, fault)
        });
        let rust = rust_layer.and_then(|layer| {
            let hardware = rust_hardware(figures)?;
            maestro::Cost::with_energies(&layer, &rust_flow, &hardware, &table)
        });
        agree(c, rust, |c, rust| same_maestro_cost(&c, &rust))?;
    }

    #[test]
    fn networks(
        shapes in prop::collection::vec(shape(), 0..6),
        presets in prop::collection::vec(prop::sample::select(Preset::ALL.to_vec()), 1..9),
        figures in figures(),
        // Other lanes, NoC, bandwidths, and L1 than those of the blob.
        speeds in (1u32..4, 1u32..100, 0u32..5, 1u32..50, 1u32..500),
        own_energies in any::<bool>(),
        clock_hz in 1u32..,
        deadline in any::<u16>(),
        calibration in prop::option::of((any::<[u32; 6]>(), any::<u16>(), any::<[u16; 3]>())),
    ) {
        let Ok(own) = rust_hardware(figures) else { return Ok(()) };
        let figures = std::array::from_fn(|place| if place == 20 { figures[20].min(1) } else { figures[place] });
        let dataflows: Vec<_> =
            presets.iter().map(|preset| preset.tiling().dataflow(LayerKind::Conv).unwrap()).collect();
        let layers: Vec<_> = shapes
            .iter()
            .filter_map(|(kind, dims, strides)| Layer::strided(*kind, dims, strides.0, strides.1).ok())
            .zip((0..dataflows.len() as u8).cycle())
            .filter(|(layer, dataflow)| Cost::of(layer, &dataflows[usize::from(*dataflow)], &own).is_ok())
            .map(|(layer, dataflow)| BlobLayer { name: "a layer".into(), layer, dataflow })
            .collect();
        let energies = EnergyTable { mac: 1.5, l1: 2.5, cluster: Some(3.5), l2: 4.5, offchip: 5.5 };
        let calibration = calibration.map(|(rates, constant, [low, high, network])| {
            let (rates, constant, layer) = (rates.map(|rate| rate >> 12), constant.into(), [low, high]);
            Calibration { rates, constant, layer, network }
        });
        let accelerator = Accelerator { hardware: own, clock_hz, energies, calibration };
        let mut buffer = vec![0; 1 << 16];
        let bytes = wire::encode("a network", &accelerator, &dataflows, layers.iter().copied(), &[], &mut buffer).unwrap();
        let blob = Blob::open(bytes).unwrap();

        // SAFETY: here and below, the pointers point to what they must, and the bytes stay.
        let network: maestrino_network =
            call(|out, fault| unsafe { maestrino_network_open(bytes.as_ptr(), bytes.len(), out, fault) }).unwrap();
        prop_assert_eq!(network.layer_count as usize, layers.len());
        let name = blob.name().as_bytes();
        prop_assert_eq!((network.name.cast(), network.name_length), (name.as_ptr(), name.len()));
        let compiled: maestrino_hardware =
            without_fault(|out| unsafe { maestrino_network_hardware(&network, out) });
        prop_assert_eq!((c_figures(&compiled), compiled.clock_hz), (c_figures(&c_hardware(figures)), clock_hz));
        let told: maestrino_energies =
            without_fault(|out| unsafe { maestrino_network_energies(&network, out) });
        prop_assert_eq!([told.mac, told.l1, told.cluster, told.l2, told.offchip], [1.5, 2.5, 3.5, 4.5, 5.5]);

        let mut cursor = maestrino_cursor { index: 0, offset: 0 };
        let mut next = || {
            let mut layer = maestrino_network_layer::prepared();
            match unsafe { maestrino_network_next(&network, &mut cursor, layer.as_mut_ptr()) } {
                MAESTRINO_OK => Ok(unsafe { layer.assume_init() }),
                status => Err(status),
            }
        };
        for expected in blob.layers() {
            let (expected, found) = (expected.unwrap(), next().unwrap());
            let name = unsafe { std::slice::from_raw_parts(found.name.cast::<u8>(), found.name_length) };
            prop_assert_eq!(name, expected.name.as_bytes());
            prop_assert_eq!(found.dataflow, u32::from(expected.dataflow));
            let dims: Vec<_> = Dim::ALL.into_iter().zip(found.layer.sizes).filter(|(_, size)| *size != 0).collect();
            let kind = LayerKind::ALL[found.layer.kind as usize];
            let layer = Layer::strided(kind, &dims, found.layer.stride_y, found.layer.stride_x);
            prop_assert_eq!(layer, Ok(expected.layer));
        }
        prop_assert_eq!(next().err(), Some(MAESTRINO_END));
        for (number, expected) in (0..).zip(&dataflows) {
            let mut found = maestrino_dataflow::prepared();
            let status = unsafe { maestrino_network_dataflow(&network, number, found.as_mut_ptr()) };
            prop_assert_eq!(status, MAESTRINO_OK);
            same_dataflow(&unsafe { found.assume_init() }, expected)?;
        }

        let (lanes, bandwidth, latency, offchip, l1) = speeds;
        let other = own.with_simd_lanes(lanes).unwrap().with_noc(Noc { bandwidth, latency }).unwrap();
        let other = other.with_offchip_bandwidth(offchip).unwrap().with_buffers(l1, own.l2_bytes());
        let given = {
            let mut given = c_hardware(figures);
            (given.simd_lanes, given.offchip_bandwidth, given.l1_bytes) = (lanes, offchip, l1);
            given.noc = [bandwidth; 4].map(|bandwidth| maestrino_noc { bandwidth, latency });
            maestrino_hardware { clock_hz, ..given }
        };
        let reference = {
            let EnergyTable { mac, l1, l2, offchip, .. } = EnergyTable::REFERENCE;
            let struct_size = struct_size::<maestrino_energies>();
            maestrino_energies { struct_size, reserved: 0, mac, l1, cluster: l2, l2, offchip }
        };
        for (hardware, pointer) in [(own, null()), (other, &raw const given)] {
            let mut visited: Vec<maestrino_cost> = Vec::new();
            let user = (&raw mut visited).cast();
            let energies_pointer = if own_energies { null() } else { &raw const reference };
            let c: maestrino_total = call(|out, fault| unsafe {
                maestrino_estimate_network(&network, pointer, energies_pointer, Some(keep), user, out, fault)
            })
            .unwrap();
            let table = if own_energies { energies } else { EnergyTable::REFERENCE };
            let (mut total, mut sum) = (Total::NONE, 0u64);
            prop_assert_eq!(visited.len(), layers.len());
            for (visited, layer) in visited.iter().zip(&layers) {
                let flow = &dataflows[usize::from(layer.dataflow)];
                let cost = Cost::with_energies(&layer.layer, flow, &hardware, &table).unwrap();
                same_cost(visited, &cost)?;
                total.add(&cost).unwrap();
                let cycles = calibration.and_then(|own| own.cycles(layer.layer.kind(), &cost));
                sum = sum.saturating_add(cycles.unwrap_or(u64::MAX));
            }
            let calibrated = calibration.map(|own| [sum, own.upper(sum)]);
            prop_assert_eq!([c.calibrated_cycles, c.calibrated_upper_cycles], calibrated.unwrap_or([u64::MAX; 2]));
            prop_assert_eq!((c.layers, c.misfit_layers), (total.layers, total.misfits));
            prop_assert_eq!(c.misfits, misfits(total.fits.l1, total.fits.cluster, total.fits.l2));
            prop_assert_eq!((c.cycles, c.operations), (total.cycles.unwrap_or(u64::MAX), total.operations));
            let needs = [c.l1_bytes, c.cluster_bytes, c.l2_bytes];
            prop_assert_eq!(needs, [total.needs.l1, total.needs.cluster, total.needs.l2]);
            let nj = [c.mac_nj, c.l1_nj, c.cluster_nj, c.l2_nj, c.offchip_nj].map(f64::to_bits);
            let energy = &total.energy;
            let expected = [energy.mac, energy.l1, energy.cluster, energy.l2, energy.offchip];
            prop_assert_eq!(nj, expected.map(f64::to_bits));

            let (mut index, mut chosen) = (7, maestrino_total::prepared());
            let found = unsafe {
                let chosen = chosen.as_mut_ptr();
                maestrino_choose_network(&network, 1, pointer, deadline.into(), &mut index, chosen, null_mut())
            };
            let us = |cycles: u64| (u128::from(cycles) * 1_000_000).div_ceil(u128::from(clock_hz));
            // A deadline is held by what the chip was measured to take.
            let cycles = calibrated.map(|[_, upper]| upper).or(total.cycles);
            let expected = match cycles.filter(|_| total.fits.all()) {
                None => MAESTRINO_DOES_NOT_FIT,
                // Cycles that are too many to tell are u64::MAX.
                Some(cycles) if cycles == u64::MAX || us(cycles) > u128::from(u64::MAX) => {
                    prop_assert_eq!(found, MAESTRINO_OVERFLOW);
                    continue;
                }
                Some(cycles) if us(cycles) <= u128::from(deadline) => MAESTRINO_OK,
                Some(_) => MAESTRINO_DEADLINE_MISSED,
            };
            prop_assert_eq!(found, expected);
            prop_assert_eq!((index, unsafe { chosen.assume_init() }.cycles), (0, c.cycles));
        }

        // Whatever the counts depend on must be the same.
        for place in [0, 4, 15, 16, 17, 18, 19, 20, 21, 22, 23] {
            let mut changed = figures;
            changed[place] = match place {
                20 => u32::from(figures[20] == 0),
                21 => (figures[21] + 1) % 3,
                22 | 23 => 3 - figures[place],
                15 => if figures[15] == 1000 { 999 } else { 1000 },
                16..20 => if figures[place] == 8 { 16 } else { 8 },
                _ => if figures[place] == 77 { 78 } else { 77 },
            };
            let changed = c_hardware(changed);
            let found = call(|out: *mut maestrino_total, fault| unsafe {
                maestrino_estimate_network(&network, &changed, null(), None, null_mut(), out, fault)
            });
            prop_assert_eq!(found.map_err(|(status, _)| status).err(), Some(MAESTRINO_OTHER_ACCELERATOR), "{}", place);
        }
    }

    #[test]
    fn microseconds(
        cycles in prop_oneof![9 => any::<u64>(), 9 => 0u64..10_000_000, 1 => Just(u64::MAX)],
        clock in prop_oneof![any::<u32>(), 0u32..9],
    ) {
        let mut us = 7;
        // SAFETY: the pointer points to what it must.
        let status = unsafe { maestrino_cycles_to_us(cycles, clock, &mut us) };
        if cycles == u64::MAX {
            prop_assert_eq!((status, us), (MAESTRINO_DOES_NOT_FIT, 7));
            return Ok(());
        }
        let exact = (clock != 0).then(|| (u128::from(cycles) * 1_000_000).div_ceil(u128::from(clock)));
        match exact.map(u64::try_from) {
            None => prop_assert_eq!((status, us), (MAESTRINO_OUT_OF_RANGE, 7)),
            Some(Err(_)) => prop_assert_eq!((status, us), (MAESTRINO_OVERFLOW, 7)),
            Some(Ok(exact)) => prop_assert_eq!((status, us), (MAESTRINO_OK, exact)),
        }
    }
}

/// The first that fits and is fast enough, else the fastest that fits, whatever their order; else the first.
#[test]
fn choices() {
    let dataflow = Preset::XpWs.tiling().dataflow(LayerKind::Conv).unwrap();
    let hardware = rust_hardware(array(64, 64, 64)).unwrap().with_buffers(100, 10_000);
    let accelerator =
        Accelerator { hardware, clock_hz: 1_000_000, energies: EnergyTable::REFERENCE, calibration: None };
    let blob = |(channels, rows)| {
        let dims = [(Dim::K, channels), (Dim::C, 4), (Dim::R, 3), (Dim::S, 3), (Dim::Y, rows), (Dim::X, 16)];
        let layer = Layer::new(LayerKind::Conv, &dims).unwrap();
        let mut buffer = [0; 1024];
        let layers = [BlobLayer { name: "conv".into(), layer, dataflow: 0 }].into_iter();
        wire::encode("net", &accelerator, std::slice::from_ref(&dataflow), layers, &[], &mut buffer).unwrap().to_vec()
    };
    let blobs = [(32, 16), (8, 16), (16, 16)].map(blob);
    // SAFETY: here and below, the pointers point to what they must, and the bytes stay.
    let networks = blobs.each_ref().map(|bytes| {
        call(|out, fault| unsafe { maestrino_network_open(bytes.as_ptr(), bytes.len(), out, fault) }).unwrap()
    });
    let estimate = |network: &maestrino_network, hardware: *const maestrino_hardware| -> maestrino_total {
        call(|out, fault| unsafe {
            maestrino_estimate_network(network, hardware, null(), None, null_mut(), out, fault)
        })
        .unwrap()
    };
    let cycles = networks.each_ref().map(|network| estimate(network, null()).cycles);
    assert!(cycles[1] < cycles[2] && cycles[2] < cycles[0]);
    let choose = |networks: &[maestrino_network], hardware, deadline_us| {
        let (mut index, mut total) = (7, maestrino_total::prepared());
        let status = unsafe {
            let (first, count, total) = (networks.as_ptr(), networks.len() as u32, total.as_mut_ptr());
            maestrino_choose_network(first, count, hardware, deadline_us, &mut index, total, null_mut())
        };
        let total = unsafe { total.assume_init() };
        assert_eq!(total.cycles, estimate(&networks[index as usize], hardware).cycles);
        (status, index)
    };
    assert_eq!(choose(&networks, null(), cycles[0]), (MAESTRINO_OK, 0));
    assert_eq!(choose(&networks, null(), cycles[0] - 1), (MAESTRINO_OK, 1));
    assert_eq!(choose(&networks, null(), cycles[1]), (MAESTRINO_OK, 1));
    assert_eq!(choose(&networks, null(), cycles[1] - 1), (MAESTRINO_DEADLINE_MISSED, 1));

    // One that fits no buffer is never chosen, however fast it is; nor is it the fastest.
    let mut small = without_fault(|out| unsafe { maestrino_network_hardware(&networks[0], out) });
    small.l1_bytes = 1;
    assert_eq!(choose(&networks, &small, u64::from(u32::MAX)), (MAESTRINO_DOES_NOT_FIT, 0));
    let tight = Accelerator { hardware: hardware.with_buffers(1, 10_000), ..accelerator };
    let layer = Blob::open(&blobs[1]).unwrap().layers().next().unwrap().unwrap();
    let mut buffer = [0; 1024];
    let flows = std::slice::from_ref(&dataflow);
    let bytes = wire::encode("tight", &tight, flows, [layer].into_iter(), &[], &mut buffer).unwrap();
    let unfit = call(|out, fault| unsafe { maestrino_network_open(bytes.as_ptr(), bytes.len(), out, fault) }).unwrap();
    let mixed = [unfit, networks[0], networks[2]];
    assert_eq!(choose(&mixed, null(), cycles[0]), (MAESTRINO_OK, 1));
    assert_eq!(choose(&mixed, null(), 1), (MAESTRINO_DEADLINE_MISSED, 2));
    assert_eq!(choose(&mixed[..1], null(), u64::from(u32::MAX)), (MAESTRINO_DOES_NOT_FIT, 0));
}

/// What a device chooses at some bandwidths is what the mapper finds for them on a PC, and takes as long; at others it is the best
/// of what it has. The model costs each mapping anew, from its directives.
#[test]
fn a_mapping_chosen_on_the_device_is_the_pc_s() {
    let conv = [(Dim::K, 16), (Dim::C, 8), (Dim::R, 3), (Dim::S, 3), (Dim::Y, 14), (Dim::X, 14)];
    let layers = [
        Layer::new(LayerKind::Conv, &conv).unwrap(),
        Layer::new(LayerKind::DsConv, &conv[1..]).unwrap(),
        Layer::new(LayerKind::Gemm, &[(Dim::M, 12), (Dim::N, 40), (Dim::K, 64)]).unwrap(),
    ];
    let own = Hardware::new(16).unwrap().with_buffers(256, 4096).with_noc(Noc { bandwidth: 16, latency: 1 }).unwrap();
    let at = |offchip, bandwidth| {
        own.with_offchip_bandwidth(offchip).unwrap().with_noc(Noc { bandwidth, latency: 1 }).unwrap()
    };
    let own = at(4, 16);
    let points: Vec<Hardware> = [(1, 16), (4, 16), (16, 16), (4, 4), (16, 2)].map(|(off, noc)| at(off, noc)).to_vec();
    let wanted = Wanted { objective: Objective::Latency, energies: EnergyTable::REFERENCE, budget: 10_000, gap: 0.0 };
    let mappings = Mappings::new(wanted);
    let named = layers.iter().map(|layer| NamedLayer {
        name: "layer".to_string(),
        layer: *layer,
        dataflow: Some(Arc::new(mappings.dataflow(layer, &own).unwrap())),
        line: None,
    });
    let network = Network { name: "net".to_string(), layers: named.collect() };
    let platform = Platform::new(own);
    let told = |most| MappingSets::new(&network, &points, &mappings, most);
    let (sets, few) = (told(usize::MAX), told(1));
    assert_eq!(sets.gap, 0.0);
    assert!(few.gap > 0.0 && few.dataflows.iter().all(|set| set.len() == 1));
    let bytes = blob::compile(&network, &DataflowChoice::own(), &platform, &sets.dataflows).unwrap();
    // SAFETY: here and below, the pointers point to what they must, and the bytes stay.
    let opened: maestrino_network =
        call(|out, fault| unsafe { maestrino_network_open(bytes.as_ptr(), bytes.len(), out, fault) }).unwrap();
    let compiled: maestrino_hardware = without_fault(|out| unsafe { maestrino_network_hardware(&opened, out) });
    let mut chosen = std::collections::BTreeSet::new();
    for hardware in points.iter().copied().chain([at(2, 16), at(64, 1), at(7, 9)]) {
        let noc = hardware.noc(0);
        let noc = [maestrino_noc { bandwidth: noc.bandwidth, latency: noc.latency }; 4];
        let given = maestrino_hardware { offchip_bandwidth: hardware.offchip_bandwidth(), noc, ..compiled };
        for (number, layer) in (0..).zip(&layers) {
            let mut mapping = 77;
            let cycles: u64 = call(|out, fault| unsafe {
                maestrino_choose_mapping(&opened, number, &given, &mut mapping, out, fault)
            })
            .unwrap();
            chosen.insert((number, mapping));
            let mut dataflow = maestrino_dataflow::prepared();
            let status = unsafe { maestrino_network_mapping(&opened, number, mapping, dataflow.as_mut_ptr()) };
            assert_eq!(status, MAESTRINO_OK);
            let set = &sets.dataflows[number as usize];
            let rust = &set[mapping as usize];
            same_dataflow(&unsafe { dataflow.assume_init() }, rust).unwrap();
            let cost = |flow| Cost::of(layer, flow, &hardware).unwrap().cycles().unwrap();
            assert_eq!(cycles, cost(rust));
            assert_eq!(Some(cycles), set.iter().map(cost).min());
            if points.contains(&hardware) {
                assert_eq!(cycles, cost(&mappings.dataflow(layer, &hardware).unwrap()), "{hardware:?}");
            }
        }
    }
    assert!(chosen.iter().any(|(_, mapping)| *mapping != 0), "{chosen:?}");
    assert_eq!(mappings.certificate().proven, mappings.certificate().searched);
}
