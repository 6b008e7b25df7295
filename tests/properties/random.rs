//! Random layers, dataflows and accelerators.

use maestrino::dataflow::presets::{Preset, Tiling};
use maestrino::{Dataflow, Dim, Directive, Error, Hardware, Layer, LayerKind, MAX_EXTENT, MapKind, Noc, Size};
use proptest::prelude::*;
use proptest::sample::select;

/// The number of cases for a property: `count`, or `PROPTEST_CASES` if that is set.
pub(super) fn cases(count: u32) -> ProptestConfig {
    let wanted = ProptestConfig::default();
    if std::env::var_os("PROPTEST_CASES").is_some() { wanted } else { ProptestConfig { cases: count, ..wanted } }
}

/// Sizes that are mostly small. They include values that cause edges: primes, powers of two, and numbers next to
/// them.
pub(super) fn extent() -> impl Strategy<Value = u32> {
    prop_oneof![4 => 1..=9u32, 3 => 10..=70u32, 1 => select(vec![64, 127, 128, 256, 513, 1000])]
}

pub(super) fn kind() -> impl Strategy<Value = LayerKind> {
    select(LayerKind::ALL.to_vec())
}

/// A valid layer of this kind.
pub(super) fn layer_of(kind: LayerKind) -> impl Strategy<Value = Layer> {
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

pub(super) fn layer() -> impl Strategy<Value = Layer> {
    kind().prop_flat_map(layer_of)
}

pub(super) fn noc() -> impl Strategy<Value = Noc> {
    (prop_oneof![1..=8u32, 9..=2000u32], 0..=12u32).prop_map(|(bandwidth, latency)| Noc { bandwidth, latency })
}

pub(super) fn hardware() -> impl Strategy<Value = Hardware> {
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
pub(super) fn dims(layer: &Layer) -> Vec<Dim> {
    let inputs = Dim::ALL.into_iter().filter(|dim| dim.input() == *dim);
    inputs.filter(|&dim| layer.size(dim).is_some()).collect()
}

/// The maps of one level, as in real dataflows: the whole filter, a halo along `X` and `Y`, one spatial dimension.
pub(super) fn level(layer: Layer, outermost: bool) -> impl Strategy<Value = Vec<Directive>> {
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

/// Dataflows of one to three levels that are likely to suit the layer.
pub(super) fn plausible(layer: Layer) -> impl Strategy<Value = Dataflow> {
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

/// A tile at the outer and at the inner level; `None` is the whole dimension.
pub(super) type Tiles = (Option<i32>, Option<i32>);

/// Dataflows with huge tiles: whole dimensions, and powers of two.
pub(super) fn wide(layer: Layer) -> impl Strategy<Value = Dataflow> {
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

pub(super) fn preset() -> impl Strategy<Value = Preset> {
    select(Preset::ALL.to_vec())
}

/// A preset that suits the layer, with random tiles, fitted to the array.
pub(super) fn tiling(layer: Layer, pes: u32) -> impl Strategy<Value = Tiling> {
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
pub(super) fn mapped() -> impl Strategy<Value = (Layer, Dataflow, Hardware)> {
    (layer(), hardware()).prop_flat_map(|(layer, hardware)| {
        let of_preset = tiling(layer, hardware.pes()).prop_map(move |tiling| tiling.dataflow(layer.kind()).unwrap());
        (Just(layer), prop_oneof![plausible(layer), of_preset], Just(hardware))
    })
}

/// Sizes from the smallest to the largest, and beyond both.
pub(super) fn any_size() -> impl Strategy<Value = Size> {
    let base = prop_oneof![
        6 => -3..=20i32,
        1 => select(vec![i32::MIN, i32::MAX, -1, MAX_EXTENT as i32, MAX_EXTENT as i32 + 1, 1 << 12]),
        1 => any::<i32>(),
    ];
    (base, proptest::option::weighted(0.3, any_dim())).prop_map(|(base, of)| Size { base, of })
}

pub(super) fn any_dim() -> impl Strategy<Value = Dim> {
    select(Dim::ALL.to_vec())
}

pub(super) fn any_directive() -> impl Strategy<Value = Directive> {
    prop_oneof![
        5 => (any_size(), any_size(), any_dim()).prop_map(|(size, offset, dim)| Directive::temporal(size, offset, dim)),
        3 => (any_size(), any_size(), any_dim()).prop_map(|(size, offset, dim)| Directive::spatial(size, offset, dim)),
        1 => any_size().prop_map(Directive::cluster),
    ]
}

/// Extents up to the largest, and some beyond it.
pub(super) fn any_extent() -> impl Strategy<Value = u32> {
    prop_oneof![
        3 => 1..=40u32,
        3 => (0..=24u32, -1..=1i64).prop_map(|(bits, more)| (i64::from(1u32 << bits) + more).max(0) as u32),
        1 => 1..=MAX_EXTENT,
        1 => select(vec![0, MAX_EXTENT + 1, u32::MAX]),
    ]
}

pub(super) fn any_layer() -> impl Strategy<Value = Result<Layer, Error>> {
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

/// Accelerators with figures from the smallest to the largest.
pub(super) fn any_hardware() -> impl Strategy<Value = Hardware> {
    let figure = || prop_oneof![1..=64u32, 1..=i32::MAX as u32, Just(i32::MAX as u32)];
    (figure(), figure(), figure(), prop_oneof![Just(0), figure()], figure()).prop_map(
        |(pes, lanes, bandwidth, latency, offchip)| {
            let hardware = Hardware::new(pes).unwrap().with_simd_lanes(lanes).unwrap();
            hardware.with_noc(Noc { bandwidth, latency }).unwrap().with_offchip_bandwidth(offchip).unwrap()
        },
    )
}

/// The properties would prove nothing if hardly any of the random dataflows suited their layers.
#[test]
fn the_random_dataflows_suit_their_layers() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut costed = [0; 5];
    let mut kinds = std::collections::HashSet::new();
    for _ in 0..1000 {
        let (layer, dataflow, hardware) = mapped().new_tree(&mut runner).unwrap().current();
        let levels =
            maestrino::maestro::Cost::of(&layer, &dataflow, &hardware).map_or(0, |cost| usize::from(cost.levels));
        costed[levels] += 1;
        if levels > 0 {
            kinds.insert(layer.kind());
        }
    }
    assert!(costed[1] > 150 && costed[2] > 100 && costed[3] > 20, "{costed:?}");
    assert_eq!(kinds.len(), LayerKind::ALL.len());
}
