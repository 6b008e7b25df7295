//! The C functions tell what the Rust API tells, bit for bit, and fail where it fails.

use std::ffi::c_void;
use std::mem::MaybeUninit;
use std::ptr::{null, null_mut};

use maestrino::capi::maestrino_status::*;
use maestrino::capi::*;
use maestrino::dataflow::presets::Preset;
use maestrino::hardware::UNLIMITED;
use maestrino::maestro::{Cost, Mapping};
use maestrino::wire::{self, Blob, BlobLayer};
use maestrino::{Dataflow, Dim, Directive, EnergyTable, Error, Hardware, Layer, LayerKind, MapKind, Noc, Size, Tensor};
use proptest::prelude::*;

/// What a function with an out-parameter and a fault gives.
fn call<T>(
    function: impl FnOnce(*mut T, *mut maestrino_fault) -> maestrino_status,
) -> Result<T, (maestrino_status, maestrino_fault)> {
    let mut out = MaybeUninit::uninit();
    let mut fault = MaybeUninit::uninit();
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
    maestrino_layer { kind: kind as i32, stride_y: strides.0, stride_x: strides.1, sizes }
}

fn c_size(size: Size) -> maestrino_size {
    maestrino_size { base: size.base, of: size.of.map_or(-1, |dim| dim as i32) }
}

fn c_dataflow(directives: &[Directive]) -> maestrino_dataflow {
    let none = maestrino_size { base: 0, of: -1 };
    let empty = maestrino_directive { kind: 0, dim: 0, size: none, offset: none };
    let count = directives.len() as u32;
    let mut dataflow = maestrino_dataflow { count, directives: [empty; MAESTRINO_MAX_DIRECTIVES] };
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

fn numbers() -> impl Strategy<Value = [u32; 7]> {
    let usual = (1u32..400, 1u32..3, any::<u32>(), any::<u32>(), 1u32..100, 0u32..4, 1u32..100);
    let usual = usual.prop_map(|(a, b, c, d, e, f, g)| [a, b, c, d, e, f, g]);
    prop_oneof![9 => usual, 1 => prop::array::uniform7(any::<u32>())]
}

fn rust_hardware(numbers: [u32; 7]) -> Result<Hardware, Error> {
    let [pes, lanes, l1, l2, bandwidth, latency, offchip] = numbers;
    Hardware::new(pes)?
        .with_simd_lanes(lanes)?
        .with_buffers(l1, l2)
        .with_noc(Noc { bandwidth, latency })?
        .with_offchip_bandwidth(offchip)
}

fn c_hardware(numbers: [u32; 7]) -> maestrino_hardware {
    let [pes, simd_lanes, l1_bytes, l2_bytes, noc_bandwidth, noc_latency, offchip_bandwidth] = numbers;
    maestrino_hardware { pes, simd_lanes, l1_bytes, l2_bytes, noc_bandwidth, noc_latency, offchip_bandwidth }
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
    fn accelerators(numbers in numbers(), pes in prop_oneof![0u32..9, any::<u32>()]) {
        let hardware = c_hardware(numbers);
        // SAFETY: the pointers point to what they must.
        let c = call(|_: *mut (), fault| unsafe { maestrino_hardware_check(&hardware, fault) });
        agree(c, rust_hardware(numbers), |_, _| Ok(()))?;

        let mut init = MaybeUninit::uninit();
        // SAFETY: the pointers point to what they must.
        let found = unsafe { maestrino_hardware_init(pes, init.as_mut_ptr()) };
        match Hardware::new(pes) {
            Err(error) => prop_assert_eq!(found, status(error)),
            Ok(hardware) => {
                prop_assert_eq!(found, MAESTRINO_OK);
                // SAFETY: written on success.
                let c = unsafe { init.assume_init() };
                let again = rust_hardware([
                    c.pes, c.simd_lanes, c.l1_bytes, c.l2_bytes, c.noc_bandwidth, c.noc_latency, c.offchip_bandwidth,
                ]);
                prop_assert_eq!(again, Ok(hardware));
            }
        }
    }

    #[test]
    fn estimates(
        (kind, dims, strides) in shape(),
        directives in directives(),
        numbers in numbers(),
        fit in any::<bool>(),
        energies in prop::option::of(prop::array::uniform3(0.0f64..10.0)),
    ) {
        let layer = c_layer(kind, &dims, strides);
        let hardware = c_hardware(numbers);
        let rust_layer = Layer::strided(kind, &dims, strides.0, strides.1);
        let fit = if fit { numbers[0] } else { 0 };

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
        // SAFETY: the pointers point to what they must.
        let c = call(|_: *mut (), fault| unsafe { maestrino_dataflow_check(&layer, &c_flow, numbers[0], fault) });
        let mapping = rust_layer.and_then(|layer| Mapping::new(&layer, rust_flow.as_ref().unwrap(), numbers[0]));
        agree(c, mapping, |(), _| Ok(()))?;

        let own = energies.map(|[mac, l1, l2]| maestrino_energies { mac, l1, l2 });
        let energies_pointer = own.as_ref().map_or(null(), |own| own as *const _);
        // SAFETY: the pointers point to what they must.
        let c = call(|out, fault| unsafe {
            maestrino_estimate_layer(&layer, &c_flow, &hardware, energies_pointer, out, fault)
        });
        let table = energies.map_or(EnergyTable::REFERENCE, |[mac, l1, l2]| EnergyTable { mac, l1, l2, ..EnergyTable::REFERENCE });
        // In the order in which C looks at what it is given.
        let rust = rust_layer.and_then(|layer| {
            let hardware = rust_hardware(numbers)?;
            Cost::with_energies(&layer, rust_flow.as_ref().unwrap(), &hardware, &table)
        });
        agree(c, rust, |c, rust| same_cost(&c, &rust))?;
    }

    #[test]
    fn networks(
        shapes in prop::collection::vec(shape(), 0..6),
        presets in prop::collection::vec(prop::sample::select(Preset::ALL.to_vec()), 1..9),
        numbers in numbers(),
        clock in 1u32..,
        deadline in any::<u16>(),
    ) {
        let dataflows: Vec<_> =
            presets.iter().map(|preset| preset.tiling().dataflow(LayerKind::Conv).unwrap()).collect();
        let layers: Vec<_> = shapes
            .iter()
            .filter_map(|(kind, dims, strides)| Layer::strided(*kind, dims, strides.0, strides.1).ok())
            .zip((0..dataflows.len() as u8).cycle())
            .map(|(layer, dataflow)| BlobLayer { name: "a layer".into(), layer, dataflow })
            .collect();
        let mut buffer = [0; 8192];
        let bytes = wire::encode("a network", &dataflows, layers.iter().copied(), &mut buffer).unwrap();
        let blob = Blob::open(bytes).unwrap();

        // SAFETY: here and below, the pointers point to what they must, and the bytes stay.
        let network: maestrino_network =
            call(|out, fault| unsafe { maestrino_network_open(bytes.as_ptr(), bytes.len(), out, fault) }).unwrap();
        prop_assert_eq!(network.layer_count as usize, layers.len());
        let name = blob.name().as_bytes();
        prop_assert_eq!((network.name.cast(), network.name_length), (name.as_ptr(), name.len()));

        let mut cursor = maestrino_cursor { index: 0, offset: 0 };
        let mut next = || {
            let mut layer = MaybeUninit::<maestrino_network_layer>::uninit();
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
            let mut found = MaybeUninit::uninit();
            let status = unsafe { maestrino_network_dataflow(&network, number, found.as_mut_ptr()) };
            prop_assert_eq!(status, MAESTRINO_OK);
            same_dataflow(&unsafe { found.assume_init() }, expected)?;
        }

        let hardware = c_hardware(numbers);
        let mut visited: Vec<maestrino_cost> = Vec::new();
        let user = (&raw mut visited).cast();
        let c = call(|out, fault| unsafe {
            maestrino_estimate_network(&network, &hardware, null(), Some(keep), user, out, fault)
        });
        let rust = rust_hardware(numbers).and_then(|hardware| {
            let flow = |layer: &BlobLayer<'_>| &dataflows[usize::from(layer.dataflow)];
            let cost = |layer: &BlobLayer<'_>| Cost::of(&layer.layer, flow(layer), &hardware);
            layers.iter().map(cost).collect::<Result<Vec<_>, _>>()
        });
        agree(c, rust.clone(), |c: maestrino_total, costs| {
            prop_assert_eq!((c.layers as usize, c.reserved, visited.len()), (costs.len(), 0, costs.len()));
            for (visited, cost) in visited.iter().zip(&costs) {
                same_cost(visited, cost)?;
            }
            let sum = |figure: fn(&Cost) -> u64| costs.iter().map(figure).sum::<u64>();
            let most = |figure: fn(&Cost) -> u64| costs.iter().map(figure).max().unwrap_or(0);
            prop_assert_eq!(c.cycles, sum(|cost| cost.delay.cycles));
            prop_assert_eq!(c.operations, sum(|cost| cost.traffic.operations));
            prop_assert_eq!(c.l1_bytes, most(|cost| cost.traffic.l1_total()));
            prop_assert_eq!(c.l2_bytes, most(|cost| cost.traffic.l2_total()));
            let nj = |figure: fn(&Cost) -> f64| costs.iter().map(figure).fold(0.0, |sum, nj| sum + nj).to_bits();
            prop_assert_eq!(c.mac_nj.to_bits(), nj(|cost| cost.energy.mac));
            prop_assert_eq!(c.l1_nj.to_bits(), nj(|cost| cost.energy.l1));
            prop_assert_eq!(c.l2_nj.to_bits(), nj(|cost| cost.energy.l2));
            Ok(())
        })?;
        if let Ok(costs) = rust {
            let cycles: u64 = costs.iter().map(|cost| cost.delay.cycles).sum();
            let us = u64::try_from((u128::from(cycles) * 1_000_000).div_ceil(u128::from(clock))).unwrap();
            let (mut index, mut total) = (7, MaybeUninit::<maestrino_total>::uninit());
            let found = unsafe {
                maestrino_choose_network(
                    &network, 1, &hardware, clock, deadline.into(), &mut index, total.as_mut_ptr(), null_mut(),
                )
            };
            let fits = |need: fn(&Cost) -> u64, bytes: u32| costs.iter().all(|cost| need(cost) <= u64::from(bytes));
            let l1 = fits(|cost| cost.traffic.l1_total(), hardware.l1_bytes);
            let l2 = fits(|cost| cost.traffic.l2_total(), hardware.l2_bytes);
            let met = us <= u64::from(deadline) && l1 && l2;
            prop_assert_eq!(found, if met { MAESTRINO_OK } else { MAESTRINO_DEADLINE_MISSED });
            prop_assert_eq!((index, unsafe { total.assume_init() }.cycles), (0, cycles));
        }
    }

    #[test]
    fn microseconds(
        cycles in prop_oneof![any::<u64>(), 0u64..10_000_000],
        clock in prop_oneof![any::<u32>(), 0u32..9],
    ) {
        let mut us = 7;
        // SAFETY: the pointer points to what it must.
        let status = unsafe { maestrino_cycles_to_us(cycles, clock, &mut us) };
        let exact = (clock != 0).then(|| (u128::from(cycles) * 1_000_000).div_ceil(u128::from(clock)));
        match exact.map(u64::try_from) {
            None => prop_assert_eq!((status, us), (MAESTRINO_OUT_OF_RANGE, 7)),
            Some(Err(_)) => prop_assert_eq!((status, us), (MAESTRINO_OVERFLOW, 7)),
            Some(Ok(exact)) => prop_assert_eq!((status, us), (MAESTRINO_OK, exact)),
        }
    }
}

/// A layer costs the same whatever comes before it: a POOL has no filter to read, not that of the CONV before.
#[test]
fn layers_of_a_network_do_not_see_each_other() {
    let window = [(Dim::C, 1), (Dim::R, 1), (Dim::S, 1), (Dim::Y, 6), (Dim::X, 6)];
    let conv = Layer::new(LayerKind::Conv, &[&[(Dim::K, 1)], &window[..]].concat()).unwrap();
    let pool = Layer::new(LayerKind::Pool, &window).unwrap();
    let dataflow = Preset::Dpt.tiling().dataflow(LayerKind::Pool).unwrap();
    let layers = [conv, pool].map(|layer| BlobLayer { name: "layer".into(), layer, dataflow: 0 });
    let mut buffer = [0; 512];
    let bytes = wire::encode("net", std::slice::from_ref(&dataflow), layers.into_iter(), &mut buffer).unwrap();
    let mut costs: Vec<maestrino_cost> = Vec::new();
    let hardware = c_hardware([4, 1, 0, 0, 4, 1, 4]);
    // SAFETY: the pointers point to what they must, and the bytes stay.
    unsafe {
        let network = call(|out, fault| maestrino_network_open(bytes.as_ptr(), bytes.len(), out, fault)).unwrap();
        let user = (&raw mut costs).cast();
        call(|out, fault| maestrino_estimate_network(&network, &hardware, null(), Some(keep), user, out, fault))
            .unwrap();
    }
    let filter = &costs[1].filter;
    assert_eq!([filter.l1_read, filter.l1_write, filter.l2_read, filter.l2_write], [0; 4]);
}

/// The first that is fast enough, else the fastest, whatever their order.
#[test]
fn choices() {
    let dataflow = Preset::XpWs.tiling().dataflow(LayerKind::Conv).unwrap();
    let blob = |(channels, extent)| {
        let dims = [(Dim::K, channels), (Dim::C, 4), (Dim::R, 3), (Dim::S, 3), (Dim::Y, extent), (Dim::X, extent)];
        let layer = Layer::new(LayerKind::Conv, &dims).unwrap();
        let mut buffer = [0; 512];
        let layers = [BlobLayer { name: "conv".into(), layer, dataflow: 0 }].into_iter();
        wire::encode("net", std::slice::from_ref(&dataflow), layers, &mut buffer).unwrap().to_vec()
    };
    let blobs = [(32, 16), (8, 10), (16, 12)].map(blob);
    // SAFETY: here and below, the pointers point to what they must, and the bytes stay.
    let networks = blobs.each_ref().map(|bytes| {
        call(|out, fault| unsafe { maestrino_network_open(bytes.as_ptr(), bytes.len(), out, fault) }).unwrap()
    });
    let hardware = c_hardware([64, 1, UNLIMITED, UNLIMITED, 64, 1, 64]);
    let cycles = networks.each_ref().map(|network| {
        let total: maestrino_total = call(|out, fault| unsafe {
            maestrino_estimate_network(network, &hardware, null(), None, null_mut(), out, fault)
        })
        .unwrap();
        total.cycles
    });
    assert!(cycles[1] < cycles[2] && cycles[2] < cycles[0]);
    let choose = |deadline_us| {
        let (mut index, mut total) = (7, MaybeUninit::<maestrino_total>::uninit());
        let status = unsafe {
            let (networks, total) = (networks.as_ptr(), total.as_mut_ptr());
            maestrino_choose_network(networks, 3, &hardware, 1_000_000, deadline_us, &mut index, total, null_mut())
        };
        assert_eq!(unsafe { total.assume_init() }.cycles, cycles[index as usize]);
        (status, index)
    };
    assert_eq!(choose(cycles[0]), (MAESTRINO_OK, 0));
    assert_eq!(choose(cycles[0] - 1), (MAESTRINO_OK, 1));
    assert_eq!(choose(cycles[1]), (MAESTRINO_OK, 1));
    assert_eq!(choose(cycles[1] - 1), (MAESTRINO_DEADLINE_MISSED, 1));
    // A network that the buffers do not hold is passed over, however fast it is.
    let totals = networks.each_ref().map(|network| {
        let total: maestrino_total = call(|out, fault| unsafe {
            maestrino_estimate_network(network, &hardware, null(), None, null_mut(), out, fault)
        })
        .unwrap();
        total
    });
    let tight = |l1: u64, l2: u64| {
        let hardware = maestrino_hardware { l1_bytes: l1 as u32, l2_bytes: l2 as u32, ..hardware };
        let (mut index, mut total) = (7, MaybeUninit::<maestrino_total>::uninit());
        let status = unsafe {
            let (networks, total) = (networks.as_ptr(), total.as_mut_ptr());
            maestrino_choose_network(networks, 3, &hardware, 1_000_000, u64::MAX, &mut index, total, null_mut())
        };
        (status, index)
    };
    assert!(totals[1].l2_bytes < totals[2].l2_bytes && totals[2].l2_bytes < totals[0].l2_bytes);
    assert_eq!(tight(totals[0].l1_bytes, totals[0].l2_bytes), (MAESTRINO_OK, 0));
    assert_eq!(tight(totals[0].l1_bytes, totals[0].l2_bytes - 1), (MAESTRINO_OK, 1));
    assert_eq!(tight(1, 1), (MAESTRINO_DEADLINE_MISSED, 1));
}
