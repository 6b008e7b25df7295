//! What must hold for any layer, dataflow and accelerator.

use maestrino::dataflow::presets::{Preset, Tiling};
use maestrino::maestro::{Bound, Cost, Mapping, Range};
use maestrino::{
    Dataflow, Dim, Directive, EnergyTable, Error, Hardware, Layer, LayerKind, MAX_DIRECTIVES, MAX_EXTENT, MapKind, Noc,
    Size, Tensor,
};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};

/// So many cases of each property, or as many as `PROPTEST_CASES` wants.
fn cases(count: u32) -> ProptestConfig {
    let wanted = ProptestConfig::default();
    if std::env::var_os("PROPTEST_CASES").is_some() { wanted } else { ProptestConfig { cases: count, ..wanted } }
}

/// Sizes that are mostly small, with whatever makes edges: primes, powers of two, and ones around them.
fn extent() -> impl Strategy<Value = u32> {
    prop_oneof![4 => 1..=9u32, 3 => 10..=70u32, 1 => select(vec![64, 127, 128, 256, 513, 1000])]
}

fn kind() -> impl Strategy<Value = LayerKind> {
    select(LayerKind::ALL.to_vec())
}

/// A valid layer of that kind.
fn layer_of(kind: LayerKind) -> impl Strategy<Value = Layer> {
    let channels = (extent(), extent(), 1..=8u32);
    let window = (1..=5u32, 1..=5u32, 0..=40u32, 0..=40u32);
    let strides = prop_oneof![3 => Just((1, 1)), 1 => Just((2, 2)), 1 => (1..=4u32, 1..=4u32)];
    (channels, window, strides, proptest::option::weighted(0.3, 1..=4u32)).prop_map(
        move |((k, c, g), (r, s, more_y, more_x), (stride_y, stride_x), n)| {
            let window = [(Dim::R, r), (Dim::S, s), (Dim::Y, r + more_y), (Dim::X, s + more_x)];
            let mut dims: Vec<(Dim, u32)> = match kind {
                LayerKind::Gemm => vec![(Dim::M, k), (Dim::N, 1 + more_y), (Dim::K, c)],
                LayerKind::DsConv | LayerKind::Pool | LayerKind::Eltwise => vec![(Dim::C, c)],
                LayerKind::NgConv => vec![(Dim::K, k), (Dim::C, c), (Dim::G, g)],
                _ => vec![(Dim::K, k), (Dim::C, c)],
            };
            if kind == LayerKind::Gemm {
                return Layer::new(kind, &dims).unwrap();
            }
            dims.extend(window);
            dims.extend(n.map(|n| (Dim::N, n)));
            Layer::strided(kind, &dims, stride_y, stride_x).unwrap()
        },
    )
}

fn layer() -> impl Strategy<Value = Layer> {
    kind().prop_flat_map(layer_of)
}

fn noc() -> impl Strategy<Value = Noc> {
    (prop_oneof![1..=8u32, 9..=2000u32], 0..=12u32).prop_map(|(bandwidth, latency)| Noc { bandwidth, latency })
}

fn hardware() -> impl Strategy<Value = Hardware> {
    let pes = prop_oneof![1..=16u32, 17..=300u32, select(vec![512, 1024, 4096])];
    let lanes = prop_oneof![3 => Just(1), 1 => 2..=8u32];
    (pes, lanes, noc(), proptest::option::of((0..4usize, noc())), prop_oneof![1..=20u32, 21..=70000u32]).prop_map(
        |(pes, lanes, noc, other, offchip)| {
            let hardware = Hardware::new(pes).unwrap().with_simd_lanes(lanes).unwrap().with_noc(noc).unwrap();
            let hardware = match other {
                Some((level, noc)) => hardware.with_noc_at(level, noc).unwrap(),
                None => hardware,
            };
            hardware.with_offchip_bandwidth(offchip).unwrap()
        },
    )
}

/// The dimensions that a dataflow for this layer maps.
fn dims(layer: &Layer) -> Vec<Dim> {
    let inputs = Dim::ALL.into_iter().filter(|dim| dim.input() == *dim);
    inputs.filter(|&dim| layer.size(dim).is_some()).collect()
}

/// The maps of one level, as dataflows have them: the filter whole, a halo along `X` and `Y`, one dimension over space.
fn level(layer: Layer, outermost: bool) -> impl Strategy<Value = Vec<Directive>> {
    let all = dims(&layer);
    let count = all.len();
    let tiles = proptest::collection::vec((1..=12i32, 0..=3i32), count);
    let some = if outermost { count..=count } else { 1..=count };
    let order = proptest::sample::subsequence(all, some).prop_shuffle();
    (order, tiles, any::<prop::sample::Index>()).prop_map(|(order, tiles, spatial)| {
        let candidates: Vec<Dim> = order.iter().copied().filter(|dim| !matches!(dim, Dim::R | Dim::S)).collect();
        let spatial = if candidates.is_empty() { order[0] } else { candidates[spatial.index(candidates.len())] };
        let maps = order.iter().zip(tiles).map(|(&dim, (tile, more))| {
            let kind = if dim == spatial { MapKind::Spatial } else { MapKind::Temporal };
            let (size, offset) = match dim.filter() {
                Some(filter) => (Size { base: tile - 1, of: Some(filter) }, Size::new(tile)),
                None if matches!(dim, Dim::R | Dim::S) && kind == MapKind::Temporal => (Size::of(dim), Size::of(dim)),
                None => (Size::new(tile + more / 3), Size::new(tile)),
            };
            Directive::Map { kind, size, offset, dim }
        });
        maps.collect()
    })
}

/// Dataflows that are likely to suit the layer: one to three levels.
fn plausible(layer: Layer) -> impl Strategy<Value = Dataflow> {
    let clusters = proptest::collection::vec((1..=8i32, level(layer, false)), 0..=2);
    (level(layer, true), clusters).prop_map(|(outermost, inner)| {
        let mut directives = outermost;
        for (size, maps) in inner {
            directives.push(Directive::cluster(Size::new(size)));
            directives.extend(maps);
        }
        Dataflow::new(&directives).unwrap()
    })
}

/// A tile at the outer and at the inner level; the whole dimension where there is none.
type Tiles = (Option<i32>, Option<i32>);

/// Dataflows of huge tiles: whole dimensions, and powers of two.
fn wide(layer: Layer) -> impl Strategy<Value = Dataflow> {
    let tile = || prop_oneof![2 => Just(None), 1 => (0..=24u32).prop_map(|bits| Some(1 << bits))];
    let all = dims(&layer);
    let tiles = proptest::collection::vec((tile(), tile()), all.len());
    let cluster = proptest::option::of((0..=20u32).prop_map(|bits| 1 << bits));
    (Just(all).prop_shuffle(), tiles, any::<prop::sample::Index>(), cluster).prop_map(
        |(order, tiles, spatial, cluster)| {
            let spatial = order[spatial.index(order.len())];
            let level = |tile: fn(&Tiles) -> Option<i32>| {
                let maps = order.iter().zip(&tiles).map(|(&dim, tiles)| {
                    let kind = if dim == spatial { MapKind::Spatial } else { MapKind::Temporal };
                    let filter = matches!(dim, Dim::R | Dim::S) && kind == MapKind::Temporal;
                    let size = tile(tiles).filter(|_| !filter).map_or(Size::of(dim), Size::new);
                    Directive::Map { kind, size, offset: size, dim }
                });
                maps.collect::<Vec<_>>()
            };
            let mut directives = level(|tiles| tiles.0);
            if let Some(size) = cluster {
                directives.push(Directive::cluster(Size::new(size)));
                directives.extend(level(|tiles| tiles.1));
            }
            Dataflow::new(&directives).unwrap()
        },
    )
}

fn preset() -> impl Strategy<Value = Preset> {
    select(Preset::ALL.to_vec())
}

/// A preset that suits the layer, with random tiles, fitted to the array.
fn tiling(layer: Layer, pes: u32) -> impl Strategy<Value = Tiling> {
    (preset(), proptest::collection::vec(proptest::option::of(1..=80u32), 3)).prop_map(move |(preset, tiles)| {
        let preset = preset.for_kind(layer.kind());
        let mut tiling = preset.tiling();
        for (parameter, tile) in preset.parameters().iter().zip(tiles) {
            tiling = tiling.with(parameter.name, tile.unwrap_or(parameter.default)).unwrap();
        }
        tiling.fitted(&layer, pes)
    })
}

/// A layer, a dataflow made for it, and an accelerator.
fn mapped() -> impl Strategy<Value = (Layer, Dataflow, Hardware)> {
    (layer(), hardware()).prop_flat_map(|(layer, hardware)| {
        let of_preset = tiling(layer, hardware.pes()).prop_map(move |tiling| tiling.dataflow(layer.kind()).unwrap());
        (Just(layer), prop_oneof![plausible(layer), of_preset], Just(hardware))
    })
}

/// Sizes from one end of what there is to the other, and beyond it.
fn any_size() -> impl Strategy<Value = Size> {
    let base = prop_oneof![
        6 => -3..=20i32,
        1 => select(vec![i32::MIN, i32::MAX, -1, MAX_EXTENT as i32, MAX_EXTENT as i32 + 1, 1 << 12]),
        1 => any::<i32>(),
    ];
    (base, proptest::option::weighted(0.3, any_dim())).prop_map(|(base, of)| Size { base, of })
}

fn any_dim() -> impl Strategy<Value = Dim> {
    select(Dim::ALL.to_vec())
}

fn any_directive() -> impl Strategy<Value = Directive> {
    prop_oneof![
        5 => (any_size(), any_size(), any_dim()).prop_map(|(size, offset, dim)| Directive::temporal(size, offset, dim)),
        3 => (any_size(), any_size(), any_dim()).prop_map(|(size, offset, dim)| Directive::spatial(size, offset, dim)),
        1 => any_size().prop_map(Directive::cluster),
    ]
}

/// Sizes up to the largest, and some beyond.
fn any_extent() -> impl Strategy<Value = u32> {
    prop_oneof![
        3 => 1..=40u32,
        3 => (0..=24u32, -1..=1i64).prop_map(|(bits, more)| (i64::from(1u32 << bits) + more).max(0) as u32),
        1 => 1..=MAX_EXTENT,
        1 => select(vec![0, MAX_EXTENT + 1, u32::MAX]),
    ]
}

fn any_layer() -> impl Strategy<Value = Result<Layer, Error>> {
    let stride = || prop_oneof![4 => Just(1), 2 => 1..=5u32, 1 => any_extent()];
    (kind(), proptest::collection::vec(any_extent(), 9), stride(), stride()).prop_map(
        |(kind, sizes, stride_y, stride_x)| {
            let own: &[Dim] = match kind {
                LayerKind::Gemm => &[Dim::M, Dim::N, Dim::K],
                LayerKind::NgConv => &[Dim::R, Dim::S, Dim::Y, Dim::X, Dim::C, Dim::K, Dim::G],
                LayerKind::DsConv | LayerKind::Pool | LayerKind::Eltwise => &[Dim::R, Dim::S, Dim::Y, Dim::X, Dim::C],
                _ => &[Dim::R, Dim::S, Dim::Y, Dim::X, Dim::C, Dim::K],
            };
            let dims: Vec<(Dim, u32)> = own.iter().copied().zip(sizes).collect();
            Layer::strided(kind, &dims, stride_y, stride_x)
        },
    )
}

/// Hardware from one end to the other.
fn any_hardware() -> impl Strategy<Value = Hardware> {
    let figure = || prop_oneof![1..=64u32, 1..=i32::MAX as u32, Just(i32::MAX as u32)];
    (figure(), figure(), figure(), prop_oneof![Just(0), figure()], figure()).prop_map(
        |(pes, lanes, bandwidth, latency, offchip)| {
            let hardware = Hardware::new(pes).unwrap().with_simd_lanes(lanes).unwrap();
            hardware.with_noc(Noc { bandwidth, latency }).unwrap().with_offchip_bandwidth(offchip).unwrap()
        },
    )
}

fn check_range(range: Range) -> Result<(), TestCaseError> {
    prop_assert!(range.min <= range.avg && range.avg <= range.max, "{range:?}");
    Ok(())
}

/// Every figure of a cost is one, and they do not contradict each other.
fn check_sound(cost: &Cost, hardware: &Hardware) -> Result<(), TestCaseError> {
    let Cost { traffic, delay, energy, .. } = cost;
    prop_assert!(delay.cycles > 0);
    prop_assert_eq!(delay.bound_cycles.iter().sum::<u64>(), delay.cycles);
    let bound = Bound::ALL.iter().position(|bound| *bound == delay.bound()).unwrap();
    prop_assert!(delay.bound_cycles.iter().all(|cycles| *cycles <= delay.bound_cycles[bound]));
    for range in [delay.ingress, delay.egress, delay.compute] {
        check_range(range)?;
    }
    prop_assert!(traffic.operations > 0);
    for tensor in Tensor::ALL {
        // Counts are unsigned; a negative one would be a huge one.
        let accesses = traffic.accesses[tensor];
        for count in [accesses.l1_read, accesses.l1_write, accesses.l2_read, accesses.l2_write] {
            prop_assert!(count <= i64::MAX as u64, "{cost:?}");
        }
        prop_assert!(traffic.l1_bytes[tensor] <= i64::MAX as u64 && traffic.l2_bytes[tensor] <= i64::MAX as u64);
    }
    let silicon = cost.silicon(hardware);
    let figures = [
        energy.mac,
        energy.l1,
        energy.l2,
        energy.total(),
        cost.edp(),
        cost.utilization(hardware),
        delay.active_pes,
        delay.noc_average,
        silicon.area(),
        silicon.power(),
    ];
    prop_assert!(figures.iter().all(|figure| figure.is_finite() && *figure >= 0.0), "{figures:?}");
    // It is that of the last step alone, and negative where partial tiles count so there: see the ignored test below.
    prop_assert!(!traffic.arithmetic_intensity.is_nan());
    Ok(())
}

proptest! {
    #![proptest_config(cases(1000))]

    #[test]
    fn any_cost_is_sound((layer, dataflow, hardware) in mapped()) {
        match Cost::of(&layer, &dataflow, &hardware) {
            Ok(cost) => check_sound(&cost, &hardware)?,
            Err(error) => prop_assert!(!error.to_string().is_empty()),
        }
    }

    #[test]
    fn no_more_pes_work_than_there_are((layer, dataflow, hardware) in mapped()) {
        if let Ok(cost) = Cost::of(&layer, &dataflow, &hardware) {
            prop_assert!(cost.delay.active_pes <= f64::from(hardware.pes()), "{}", cost.delay.active_pes);
        }
    }

    #[test]
    fn cycles_never_grow_with_what_is_faster(
        (layer, dataflow, hardware) in mapped(),
        bandwidth in 1..=3000u32,
        latency in 0..=20u32,
        offchip in 1..=3000u32,
        lanes in 1..=16u32,
    ) {
        let noc = hardware.noc(0);
        let at_least = |this: u32, other: u32| if other >= this { "no more" } else { "no fewer" };
        // The same network at all levels, so that one figure changes at a time.
        let base = hardware.with_noc(noc).unwrap();
        let cycles = |hardware: &Hardware| Cost::of(&layer, &dataflow, hardware).map(|cost| cost.delay.cycles);
        let Ok(before) = cycles(&base) else { return Ok(()) };
        let changes = [
            ("NoC", at_least(noc.bandwidth, bandwidth), base.with_noc(Noc { bandwidth, ..noc })),
            ("latency", at_least(latency, noc.latency), base.with_noc(Noc { latency, ..noc })),
            ("off-chip", at_least(base.offchip_bandwidth(), offchip), base.with_offchip_bandwidth(offchip)),
            ("lanes", at_least(base.simd_lanes(), lanes), base.with_simd_lanes(lanes)),
        ];
        for (what, expected, changed) in changes {
            let after = match cycles(&changed.unwrap()) {
                Ok(after) => after,
                // Inner tiles without any output are noticed only where no latency hides that they take no time.
                Err(Error::NoOutput { level: 2 }) => continue,
                Err(error) => return Err(TestCaseError::fail(format!("{what}: {error}"))),
            };
            let holds = if expected == "no more" { after <= before } else { after >= before };
            prop_assert!(holds, "{what}: {before} cycles, then {after}; expected {expected}");
        }
    }

    #[test]
    fn traffic_and_energy_do_not_depend_on_bandwidth(
        (layer, dataflow, hardware) in mapped(),
        other in hardware(),
    ) {
        let other = other.with_pes(hardware.pes()).unwrap();
        match (Cost::of(&layer, &dataflow, &hardware), Cost::of(&layer, &dataflow, &other)) {
            (Ok(cost), Ok(changed)) => {
                prop_assert_eq!(cost.traffic, changed.traffic);
                prop_assert_eq!(cost.energy, changed.energy);
                prop_assert_eq!(cost.levels, changed.levels);
            }
            // Inner tiles without any output are noticed only where no latency hides that they take no time; where there is
            // something else to refuse as well, that is told in their place.
            (Err(Error::NoOutput { level: 2 }), _) | (_, Err(Error::NoOutput { level: 2 })) => {}
            (cost, changed) => prop_assert_eq!(cost, changed),
        }
    }

    #[test]
    fn a_mapping_and_its_traffic_serve_every_bandwidth(
        (layer, dataflow, hardware) in mapped(),
        others in proptest::collection::vec(hardware(), 1..4),
    ) {
        let Ok(mapping) = Mapping::new(&layer, &dataflow, hardware.pes()) else { return Ok(()) };
        let traffic = mapping.traffic();
        for hardware in others.iter().map(|other| other.with_pes(hardware.pes()).unwrap()).chain([hardware]) {
            let cost = Cost::of(&layer, &dataflow, &hardware);
            let apart = traffic.and_then(|traffic| Ok((traffic, mapping.delay(&traffic, &hardware)?)));
            // Where both steps have something to refuse, the one that is told first depends on which is taken first.
            match (&apart, &cost) {
                (Err(_), Err(_)) => (),
                _ => prop_assert_eq!(apart, cost.map(|cost| (cost.traffic, cost.delay))),
            }
            if let Ok(cost) = cost {
                prop_assert_eq!(mapping.level_count(), usize::from(cost.levels));
                prop_assert_eq!(mapping.layer(), &layer);
                let energy = cost.traffic.energy(&EnergyTable::REFERENCE, layer.kind().has_macs());
                prop_assert_eq!(energy, cost.energy);
            }
        }
    }

    #[test]
    fn energy_follows_its_table((layer, dataflow, hardware) in mapped(), factor in 1..=16u32) {
        let Ok(cost) = Cost::of(&layer, &dataflow, &hardware) else { return Ok(()) };
        // Factors that are powers of two are exact.
        let factor = f64::from(factor.next_power_of_two());
        let EnergyTable { mac, l1, l2, .. } = EnergyTable::REFERENCE;
        let table = EnergyTable { mac: mac * factor, l1: l1 * factor, l2, ..EnergyTable::REFERENCE };
        let changed = Cost::with_energies(&layer, &dataflow, &hardware, &table).unwrap();
        prop_assert_eq!(changed.energy.mac, cost.energy.mac * factor);
        prop_assert_eq!(changed.energy.l1, cost.energy.l1 * factor);
        prop_assert_eq!(changed.energy.l2, cost.energy.l2);
        prop_assert_eq!(changed.delay, cost.delay);
        prop_assert_eq!(cost.energy.mac == 0.0, !layer.kind().has_macs());
    }

    #[test]
    fn arbitrary_directives_and_sizes_do_not_panic(
        layer in any_layer(),
        directives in proptest::collection::vec(any_directive(), 0..=14),
        hardware in any_hardware(),
    ) {
        let Ok(layer) = layer else { return Ok(()) };
        let dataflow = Dataflow::new(&directives).unwrap();
        match Cost::of(&layer, &dataflow, &hardware) {
            Ok(cost) => check_sound(&cost, &hardware)?,
            Err(error) => prop_assert!(!error.to_string().is_empty()),
        }
    }

    #[test]
    fn huge_layers_do_not_panic(
        (layer, dataflow) in any_layer().prop_flat_map(|layer| {
            let fallback = Layer::new(LayerKind::Fc, &[(Dim::K, MAX_EXTENT), (Dim::C, MAX_EXTENT)]).unwrap();
            let layer = layer.unwrap_or(fallback);
            let of_preset = tiling(layer, 1 << 20).prop_map(move |tiling| tiling.dataflow(layer.kind()).unwrap());
            (Just(layer), prop_oneof![1 => plausible(layer), 1 => of_preset, 2 => wide(layer)])
        }),
        hardware in any_hardware(),
    ) {
        match Cost::of(&layer, &dataflow, &hardware) {
            Ok(cost) => check_sound(&cost, &hardware)?,
            Err(error) => prop_assert!(!error.to_string().is_empty()),
        }
    }
}

/// The presets whose tiles neither overlap nor leave gaps.
const EXACT: [Preset; 7] =
    [Preset::KcpWs, Preset::XpWs, Preset::CkpWs, Preset::Nlr, Preset::Maeri, Preset::Dpt, Preset::Nmk];

/// The same layer without the rows and columns at the end that the filter does not reach, where the stride is above `most`.
fn reached(layer: &Layer, most: u32) -> Layer {
    let sizes = dims(layer).into_iter().map(|dim| {
        let (size, stride, filter) = (layer.size(dim).unwrap(), layer.stride(dim), dim.filter().unwrap_or(dim));
        let left = if stride > most { (size - layer.size(filter).unwrap()) % stride } else { 0 };
        (dim, size - left)
    });
    Layer::strided(layer.kind(), &sizes.collect::<Vec<_>>(), layer.stride(Dim::Y), layer.stride(Dim::X)).unwrap()
}

proptest! {
    #![proptest_config(cases(2000))]

    #[test]
    fn exact_presets_perform_the_layers_own_operations(
        (preset, layer, pes) in (select(EXACT.to_vec()), kind())
            .prop_map(|(preset, kind)| (preset.for_kind(kind), kind))
            .prop_flat_map(|(preset, kind)| (Just(preset), layer_of(kind), prop_oneof![1..=64u32, 65..=2000u32])),
    ) {
        // A stride of 2 leaves one row at most, which does no harm unless it is spread over space.
        let layer = reached(&layer, if preset == Preset::XpWs { 1 } else { 2 });
        // A cluster of this one is as large as the filter.
        let window = |dim| if preset == Preset::Maeri { layer.size(dim).unwrap() } else { 1 };
        let pes = pes.max(window(Dim::R) * window(Dim::S));
        // Where a single PE is left with a column at the end, the reference counts its inputs instead of its outputs.
        if preset == Preset::XpWs {
            let columns = layer.size(Dim::OutX).unwrap();
            prop_assume!(columns <= pes || pes > 1 && columns % pes != 1 || layer.size(Dim::S) == Some(1));
        }
        let tiling = preset.tiling().fitted(&layer, pes);
        let dataflow = tiling.dataflow(layer.kind()).unwrap();
        let cost = Cost::of(&layer, &dataflow, &Hardware::new(pes).unwrap());
        let cost = cost.map_err(|error| TestCaseError::fail(format!("{preset}: {error}")))?;
        prop_assert_eq!(Some(cost.traffic.operations), layer.operations(), "{}", preset);
    }
}

/// The strategies above would prove nothing if hardly any of their dataflows suited their layers.
#[test]
fn the_random_dataflows_suit_their_layers() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut costed = [0; 5];
    let mut kinds = std::collections::HashSet::new();
    for _ in 0..1000 {
        let (layer, dataflow, hardware) = mapped().new_tree(&mut runner).unwrap().current();
        let levels = Cost::of(&layer, &dataflow, &hardware).map_or(0, |cost| usize::from(cost.levels));
        costed[levels] += 1;
        if levels > 0 {
            kinds.insert(layer.kind());
        }
    }
    assert!(costed[1] > 150 && costed[2] > 100 && costed[3] > 20, "{costed:?}");
    assert_eq!(kinds.len(), LayerKind::ALL.len());
}

#[test]
fn dataflows_end_at_their_limit() {
    let directive = Directive::spatial(Size::new(1), Size::new(1), Dim::K);
    assert!(Dataflow::new(&[directive; MAX_DIRECTIVES]).is_ok());
    assert_eq!(Dataflow::new(&[directive; MAX_DIRECTIVES + 1]), Err(Error::TooManyDirectives));
}

/// Strides that leave rows at the end, spread over space: the last tile has -2 outputs.
#[test]
fn no_figure_is_negative() {
    let dims = [(Dim::K, 1), (Dim::C, 1), (Dim::R, 3), (Dim::S, 1), (Dim::Y, 256), (Dim::X, 9)];
    let layer = Layer::strided(LayerKind::Conv, &dims, 32, 1).unwrap();
    let dataflow = Dataflow::new(&[
        Directive::temporal(Size::of(Dim::S), Size::new(1), Dim::X),
        Directive::spatial(Size::of(Dim::R), Size::new(1), Dim::Y),
    ]);
    if let Ok(cost) = Cost::of(&layer, &dataflow.unwrap(), &Hardware::new(3).unwrap()) {
        assert!(cost.traffic.arithmetic_intensity >= 0.0, "{}", cost.traffic.arithmetic_intensity);
    }
}

/// Inner steps of 31 cycles that add up to a little less than 2^63, and as many elements to bring in before.
#[test]
fn cycles_above_64_bits_are_an_error() {
    let (side, channels) = (1 << 20, 1 << 18);
    let dims = [(Dim::K, 1), (Dim::C, channels), (Dim::R, 1), (Dim::S, 1), (Dim::Y, side), (Dim::X, side)];
    let layer = Layer::new(LayerKind::Conv, &dims).unwrap();
    let whole = |dim| Directive::temporal(Size::of(dim), Size::of(dim), dim);
    let one = Size::new(1);
    let dataflow = Dataflow::new(&[
        Directive::spatial(one, one, Dim::K),
        whole(Dim::C),
        whole(Dim::Y),
        whole(Dim::X),
        Directive::cluster(one),
        Directive::spatial(one, one, Dim::C),
        Directive::temporal(one, one, Dim::Y),
        Directive::temporal(one, one, Dim::X),
    ]);
    let hardware = |latency| Hardware::new(1).unwrap().with_noc(Noc { bandwidth: 1, latency }).unwrap();
    let cost = |latency| Cost::of(&layer, dataflow.as_ref().unwrap(), &hardware(latency));
    assert!(cost(30).is_ok());
    assert!(matches!(cost(31), Err(Error::Overflow { .. })));
}

mod networks {
    use super::*;
    use maestrino::host::cost_table::CostModel;
    use maestrino::host::dataflow_choice::DataflowChoice;
    use maestrino::host::estimate::Estimate;
    use maestrino::host::network::{NamedLayer, Network};
    use maestrino::host::printed::CsvEnergy;
    use maestrino::host::report::maestro_csv::Row;

    /// A network whose layers bring dataflows that suit them on this accelerator.
    fn network() -> impl Strategy<Value = (Network, Hardware)> {
        let layers = proptest::collection::vec(layer().prop_flat_map(|layer| (Just(layer), plausible(layer))), 4..12);
        (layers, hardware()).prop_map(|(layers, hardware)| {
            let sound = layers.into_iter().filter(|(layer, dataflow)| Cost::of(layer, dataflow, &hardware).is_ok());
            let named = sound.enumerate().map(|(i, (layer, dataflow))| NamedLayer {
                name: format!("layer{i}"),
                layer,
                dataflow: Some(dataflow.into()),
                line: None,
            });
            (Network { name: "random".to_string(), layers: named.collect() }, hardware)
        })
    }

    fn estimate(network: &Network, hardware: &Hardware) -> Estimate {
        Estimate::new(network, &DataflowChoice::own(), hardware, CostModel::Maestro, &EnergyTable::REFERENCE).unwrap()
    }

    proptest! {
        #[test]
        fn the_order_of_the_layers_changes_no_figure(
            ((network, hardware), shuffled) in network().prop_flat_map(|(network, hardware)| {
                let order = Just((0..network.layers.len()).collect::<Vec<_>>()).prop_shuffle();
                (Just((network, hardware)), order)
            }),
        ) {
            let layers = shuffled.iter().map(|&i| network.layers[i].clone()).collect();
            let other = Network { name: network.name.clone(), layers };
            let (before, after) = (estimate(&network, &hardware), estimate(&other, &hardware));
            for (row, &i) in after.layers.iter().zip(&shuffled) {
                prop_assert_eq!(&row.name, &before.layers[i].name);
                prop_assert_eq!(row.cost, before.layers[i].cost);
            }
            let (total, sum) = (before.total, after.total);
            prop_assert_eq!((total.cycles, before.macs), (sum.cycles, after.macs));
            prop_assert_eq!(total.needs, sum.needs);
            for figure in [|cost: &Cost| cost.delay.noc_peak, |cost: &Cost| cost.delay.offchip] {
                prop_assert_eq!(before.most(figure), after.most(figure));
            }
            // The order of additions shows in the last bits.
            let [total, sum] = [total, sum].map(|total| total.energy.total());
            prop_assert!((total - sum).abs() <= 1e-9 * total);
        }

        #[test]
        fn the_compatible_energy_column_looks_at_the_layer_before((network, hardware) in network()) {
            let row = |named: &NamedLayer| Row::of(&named.layer, named.dataflow.as_ref().unwrap(), &hardware);
            let rows: Vec<Row> = network.layers.iter().filter_map(|named| row(named).ok()).collect();
            let mut energy = CsvEnergy::default();
            let mut charged = 0;
            for row in &rows {
                let next = |column: &mut CsvEnergy| column.next(row.traffic(), row.levels());
                let (alone, in_order) = (next(&mut CsvEnergy::default()), next(&mut energy));
                let Row::Costed(cost) = row else { continue };
                if cost.levels == 1 {
                    prop_assert_eq!(alone, in_order);
                } else if charged > 0 {
                    prop_assert!(in_order > alone, "{in_order} in order, {alone} alone");
                }
                charged += 1;
            }
        }
    }
}

/// The offset of an edge tile, and not its size, is what makes these counts large.
#[test]
fn counts_of_huge_offsets_are_noticed() {
    let layer = Layer::new(LayerKind::Fc, &[(Dim::N, MAX_EXTENT), (Dim::C, MAX_EXTENT), (Dim::K, 30)]).unwrap();
    let dataflow = Dataflow::new(&[Directive::spatial(Size::new(1), Size::new(5), Dim::N)]).unwrap();
    let cost = Cost::of(&layer, &dataflow, &Hardware::new(386).unwrap());
    assert_eq!(cost, Err(Error::Overflow { level: 1 }));
}

/// What the steps of `from` say of another mapping with the same key, beside what the model says of it.
fn told_by_steps(
    from: &Mapping,
    to: &Mapping,
    hardware: &Hardware,
) -> Result<(maestrino::maestro::Traffic, u64), Error> {
    let steps = from.steps()?;
    let occurrences = to.occurrences()?;
    Ok((steps.traffic(to, &occurrences)?, steps.cycles(&occurrences, hardware)?))
}

/// The dataflow with the dimension of one of its maps mapped once more.
fn with_doubled(dataflow: &Dataflow, place: usize, size: i32) -> Dataflow {
    let mut directives = dataflow.directives().to_vec();
    let place = place % directives.len();
    if let Directive::Map { dim, .. } = directives[place] {
        directives.insert(place + 1, Directive::temporal(Size::new(size), Size::new(size), dim));
    }
    Dataflow::new(&directives).unwrap_or_else(|_| dataflow.clone())
}

fn compare_steps(from: &Mapping, to: &Mapping, hardware: &Hardware) -> Result<(), TestCaseError> {
    let told = told_by_steps(from, to, hardware);
    match (told, Cost::of_mapping(to, hardware, &EnergyTable::REFERENCE)) {
        (Err(_), Err(_)) => (),
        (told, cost) => prop_assert_eq!(told, cost.map(|cost| (cost.traffic, cost.delay.cycles))),
    }
    Ok(())
}

proptest! {
    #![proptest_config(cases(2000))]

    #[test]
    fn the_steps_of_a_mapping_serve_every_bandwidth((layer, dataflow, hardware) in mapped(), other in hardware()) {
        let Ok(mapping) = Mapping::new(&layer, &dataflow, hardware.pes()) else { return Ok(()) };
        compare_steps(&mapping, &mapping, &hardware)?;
        compare_steps(&mapping, &mapping, &other.with_pes(hardware.pes()).unwrap())?;
    }
}

/// What is changed of a mapping, where, and by how much.
type Change = (u8, usize, i32);

/// A layer, a dataflow and PEs with something changed; `None` where that cannot be.
fn changed(
    (layer, dataflow, pes): &(Layer, Dataflow, u32),
    (what, place, by): Change,
) -> Option<(Layer, Dataflow, u32)> {
    let dims: Vec<Dim> = dims(layer);
    let dim = dims[place % dims.len()];
    let sized = |kind: LayerKind, size: i64| {
        let size = u32::try_from(size).ok()?;
        let own = |&other: &Dim| (other, if other == dim { size } else { layer.size(other).unwrap_or(1) });
        let (y, x) = if kind == LayerKind::Gemm { (1, 1) } else { (layer.stride(Dim::Y), layer.stride(Dim::X)) };
        Some((Layer::strided(kind, &dims.iter().map(own).collect::<Vec<_>>(), y, x).ok()?, dataflow.clone(), *pes))
    };
    let extent = i64::from(layer.size(dim)?);
    let mut directives = dataflow.directives().to_vec();
    let at = place % directives.len();
    let more = |size: Size| Size { base: size.base + by, ..size };
    match what {
        // Whole tiles, or as many as there are PEs.
        0 | 1 => {
            let offset = directives.iter().find_map(|directive| match directive {
                Directive::Map { offset, dim: own, .. } if own.input() == dim => Some(*offset),
                _ => None,
            })?;
            let of = offset.of.and_then(|of| layer.size(of)).unwrap_or(0);
            let tile = (i64::from(offset.base) + i64::from(of)) * i64::from(layer.stride(dim));
            return sized(
                layer.kind(),
                extent + tile * i64::from(by.abs()) * if what == 0 { 1 } else { i64::from(*pes) },
            );
        }
        2 => return sized(layer.kind(), extent + i64::from(by)),
        3 => return sized(LayerKind::ALL[place % LayerKind::ALL.len()], extent),
        4 => return Some((*layer, dataflow.clone(), pes.checked_add_signed(by).filter(|pes| *pes > 0)?)),
        5 => return Some((*layer, dataflow.clone(), pes << by.rem_euclid(4))),
        6 => match &mut directives[at] {
            Directive::Map { size, .. } | Directive::Cluster { size } => *size = more(*size),
        },
        7 => match &mut directives[at] {
            Directive::Map { offset, .. } => *offset = more(*offset),
            Directive::Cluster { .. } => return None,
        },
        8 => match &mut directives[at] {
            Directive::Map { size, offset, .. } => (*size, *offset) = (more(*size), more(*offset)),
            Directive::Cluster { .. } => return None,
        },
        9 => match &mut directives[at] {
            Directive::Map { kind, .. } => {
                *kind = if *kind == MapKind::Spatial { MapKind::Temporal } else { MapKind::Spatial };
            }
            Directive::Cluster { .. } => return None,
        },
        10 => match &mut directives[at] {
            Directive::Map { dim: own, .. } => *own = dim,
            Directive::Cluster { .. } => return None,
        },
        11 => directives.swap(at, (at + 1) % dataflow.directives().len()),
        _ => return Some((*layer, with_doubled(dataflow, place, by.abs()), *pes)),
    }
    Some((*layer, Dataflow::new(&directives).ok()?, *pes))
}

/// Mappings that differ a little, in the layer, the dataflow or the array: where their keys are equal, the steps of one are
/// those of the other.
#[test]
fn mappings_with_the_same_key_have_the_same_steps() {
    let reached = std::cell::Cell::new(0);
    let config = cases(4000);
    let many = config.cases;
    // The same cases each time, so that what is reached does not depend on luck.
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let change = || (0..=12u8, 0..10usize, prop_oneof![Just(-1), Just(1), -12..=12i32]);
    let changes = proptest::collection::vec((change(), change(), any::<bool>()), 24);
    let doubled = proptest::option::weighted(0.2, (0..MAX_DIRECTIVES, 1..=4i32));
    let told = TestRunner::new_with_rng(config, rng).run(
        &(mapped(), changes, doubled),
        |((layer, dataflow, hardware), changes, doubled)| {
            let dataflow = doubled.map_or(dataflow.clone(), |(place, size)| with_doubled(&dataflow, place, size));
            let base = (layer, dataflow, hardware.pes());
            let Ok(mapping) = Mapping::new(&base.0, &base.1, base.2) else { return Ok(()) };
            let key = mapping.steps_key();
            for (first, second, both) in changes {
                let other =
                    changed(&base, first).and_then(|other| if both { changed(&other, second) } else { Some(other) });
                let Some(other) = other.filter(|other| *other != base) else { continue };
                let Ok(mapped) = Mapping::new(&other.0, &other.1, other.2) else { continue };
                if mapped.steps_key() == key {
                    reached.set(reached.get() + 1);
                    let hardware = hardware.with_pes(other.2).unwrap();
                    compare_steps(&mapping, &mapped, &hardware)?;
                }
            }
            Ok(())
        },
    );
    if let Err(error) = told {
        panic!("{error}");
    }
    assert!(reached.get() > 2 * many, "{} of {many} cases", reached.get());
}

/// Mappings that agree in all of their keys but one field, which random ones hardly ever do, and whose steps differ.
#[test]
fn mappings_that_differ_in_one_field_of_the_key_have_other_steps() {
    let map = |size: i32, offset: i32| (Size::new(size), Size::new(offset));
    let spatial = |(size, offset), dim| Directive::spatial(size, offset, dim);
    let rows = spatial(map(1, 1), Dim::K);
    let short = spatial(map(7, 3), Dim::C);
    let inside = Directive::temporal(Size::new(2), Size::new(1), Dim::C);
    let hardware = Hardware::new(8).unwrap();
    let pairs: [(&str, [u32; 2], Vec<Directive>); 3] = [
        // As many tiles of a second map over space as there are clusters, or one less.
        ("first state", [7, 8], vec![rows, spatial(map(1, 1), Dim::C)]),
        // A tile, or less than that: what is left at the edge, less the offset where there is as much, is the same.
        ("partial", [2, 5], vec![rows, spatial(map(5, 3), Dim::C)]),
        // Neither is a tile, and of both the same is left at the edge; within, one tile covers one of them only.
        ("whole", [2, 5], vec![rows, short, Directive::cluster(Size::new(2)), rows, inside]),
    ];
    for (field, channels, directives) in pairs {
        let dataflow = Dataflow::new(&directives).unwrap();
        let layer = |c| Layer::new(LayerKind::Fc, &[(Dim::K, 15), (Dim::C, c)]).unwrap();
        let [one, other] = channels.map(|c| Mapping::new(&layer(c), &dataflow, hardware.pes()).unwrap());
        assert_ne!(one.steps_key(), other.steps_key(), "{field}");
        assert!(compare_steps(&one, &one, &hardware).is_ok() && compare_steps(&other, &other, &hardware).is_ok());
        assert!(compare_steps(&one, &other, &hardware).is_err() || compare_steps(&other, &one, &hardware).is_err());
    }
}

/// The state of a dimension that is mapped twice is that of its last map, which is not at its edge where its first one is.
#[test]
fn idle_clusters_count_where_a_dimension_is_mapped_twice() {
    let dims = [(Dim::K, 16), (Dim::C, 3), (Dim::R, 3), (Dim::S, 3), (Dim::Y, 18), (Dim::X, 18)];
    let layer = Layer::new(LayerKind::Conv, &dims).unwrap();
    let one = Size::new(1);
    let two = Size::new(2);
    let maps = [Directive::spatial(one, one, Dim::K), Directive::temporal(two, two, Dim::K)];
    let dataflow = Dataflow::new(&maps).unwrap();
    let [few, many] = [300, 3000].map(|pes| Mapping::new(&layer, &dataflow, pes).unwrap());
    let traffic = |mapping: &Mapping, pes| {
        let hardware = Hardware::new(pes).unwrap();
        Cost::of_mapping(mapping, &hardware, &EnergyTable::REFERENCE).unwrap().traffic
    };
    assert_ne!(traffic(&few, 300), traffic(&many, 3000));
    assert_ne!(few.steps_key(), many.steps_key());
}

#[test]
fn layers_that_are_cut_into_the_same_tiles_share_their_steps() {
    let conv = |k, c, extent| {
        let dims = [(Dim::K, k), (Dim::C, c), (Dim::R, 3), (Dim::S, 3), (Dim::Y, extent), (Dim::X, 34)];
        Layer::new(LayerKind::Conv, &dims).unwrap()
    };
    let key = |preset: Preset, layer: &Layer, pes| {
        let dataflow = preset.tiling().dataflow(layer.kind()).unwrap();
        Mapping::new(layer, &dataflow, pes).unwrap().steps_key()
    };
    let small = conv(36, 40, 20);
    // Loops over channels and rows turn more often.
    assert_eq!(key(Preset::XpWs, &small, 64), key(Preset::XpWs, &conv(72, 80, 34), 64));
    // Not all PEs are at work.
    assert_eq!(key(Preset::XpWs, &small, 64), key(Preset::XpWs, &small, 512));
    // All of them are, or another number of them.
    assert_ne!(key(Preset::XpWs, &small, 32), key(Preset::XpWs, &small, 64));
    assert_ne!(key(Preset::KcpWs, &small, 64), key(Preset::KcpWs, &small, 128));
    assert_ne!(key(Preset::KcpWs, &small, 64), key(Preset::KcpWs, &conv(36, 41, 20), 64));
}

/// The tiles of a dimension that is mapped several times are those of its last map, each time.
#[test]
fn large_tiles_of_a_dimension_that_is_mapped_often_overflow() {
    let dims = [(Dim::K, 1), (Dim::C, 1 << 24), (Dim::R, 1), (Dim::S, 1), (Dim::Y, 1), (Dim::X, 1)];
    let layer = Layer::new(LayerKind::Conv, &dims).unwrap();
    let map = |size| Directive::temporal(Size::new(size), Size::new(size), Dim::C);
    let one = Directive::spatial(Size::new(1), Size::new(1), Dim::K);
    let dataflow = Dataflow::new(&[one, map(1), map(1), map(1), map(1 << 24)]).unwrap();
    assert_eq!(Cost::of(&layer, &dataflow, &Hardware::new(1).unwrap()), Err(Error::Overflow { level: 1 }));
}

/// What time an analysis takes is bounded: three levels whose tiles divide nothing are answered up to a number of cases.
#[test]
fn mappings_of_too_many_cases_are_refused() {
    let dims = [(Dim::N, 101), (Dim::K, 257), (Dim::C, 131), (Dim::R, 3), (Dim::S, 3), (Dim::Y, 131), (Dim::X, 131)];
    let layer = Layer::new(LayerKind::Conv, &dims).unwrap();
    let mapped = |batch: [i32; 3]| {
        let map = |size: i32, dim| Directive::temporal(Size::new(size), Size::new(size), dim);
        // Neighbouring tiles share what the filter needs.
        let slide = |size: i32, dim| Directive::temporal(Size::new(size + 2), Size::new(size), dim);
        let mut directives = Vec::new();
        for (n, [k, c, extent, lanes]) in batch.into_iter().zip([[30, 17, 38, 100], [11, 7, 13, 4], [2, 3, 3, 1]]) {
            directives.extend([
                map(n, Dim::N),
                map(k, Dim::K),
                map(c, Dim::C),
                slide(extent, Dim::Y),
                slide(extent, Dim::X),
            ]);
            directives.extend([
                Directive::spatial(Size::new(lanes), Size::new(lanes), Dim::K),
                Directive::cluster(Size::new(4)),
            ]);
        }
        directives.pop();
        Mapping::new(&layer, &Dataflow::new(&directives).unwrap(), 64).map(drop)
    };
    assert_eq!(mapped([101, 101, 101]), Ok(()));
    assert_eq!(mapped([10, 4, 3]), Err(Error::TooManyCases));
}
