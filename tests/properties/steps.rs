//! The steps of a mapping are those of all mappings with the same key.

use maestrino::dataflow::presets::Preset;
use maestrino::maestro::{Cost, Mapping};
use maestrino::{
    Dataflow, Dim, Directive, EnergyTable, Error, Hardware, Layer, LayerKind, MAX_DIRECTIVES, MapKind, Size,
};
use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};

use super::random::{cases, dims, hardware, mapped};

/// Traffic and cycles of the mapping `to`, computed with the steps of `from`, which has the same key.
fn by_steps_of(from: &Mapping, to: &Mapping, hardware: &Hardware) -> Result<(maestrino::maestro::Traffic, u64), Error> {
    let steps = from.steps()?;
    let occurrences = to.occurrences()?;
    Ok((steps.traffic(to, &occurrences)?, steps.cycles(&occurrences, hardware)?))
}

/// The dataflow with an additional map of a dimension that it maps already.
fn with_doubled(dataflow: &Dataflow, place: usize, size: i32) -> Dataflow {
    let mut directives = dataflow.directives().to_vec();
    let place = place % directives.len();
    if let Directive::Map { dim, .. } = directives[place] {
        directives.insert(place + 1, Directive::temporal(Size::new(size), Size::new(size), dim));
    }
    Dataflow::new(&directives).unwrap_or_else(|_| dataflow.clone())
}

fn compare_steps(from: &Mapping, to: &Mapping, hardware: &Hardware) -> Result<(), TestCaseError> {
    let by_steps = by_steps_of(from, to, hardware);
    match (by_steps, Cost::of_mapping(to, hardware, &EnergyTable::REFERENCE)) {
        (Err(_), Err(_)) => (),
        (by_steps, cost) => prop_assert_eq!(by_steps, cost.map(|cost| (cost.traffic, cost.delay.cycles))),
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

/// A change of a mapping: what is changed, where, and by how much.
type Change = (u8, usize, i32);

/// A layer, a dataflow and a number of PEs with a change; `None` if the change is impossible.
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

/// Mappings that differ a little in the layer, the dataflow or the array. If their keys are equal, they have the same
/// steps.
#[test]
fn mappings_with_the_same_key_have_the_same_steps() {
    let reached = std::cell::Cell::new(0);
    let config = cases(4000);
    let many = config.cases;
    // The same cases in each run, so that the coverage does not depend on luck.
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let change = || (0..=12u8, 0..10usize, prop_oneof![Just(-1), Just(1), -12..=12i32]);
    let changes = proptest::collection::vec((change(), change(), any::<bool>()), 24);
    let doubled = proptest::option::weighted(0.2, (0..MAX_DIRECTIVES, 1..=4i32));
    let outcome = TestRunner::new_with_rng(config, rng).run(
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
    if let Err(error) = outcome {
        panic!("{error}");
    }
    assert!(reached.get() > 2 * many, "{} of {many} cases", reached.get());
}

/// Pairs of mappings whose keys differ in a single field and whose steps differ. Random mappings hardly ever do.
#[test]
fn mappings_that_differ_in_one_field_of_the_key_have_other_steps() {
    let map = |size: i32, offset: i32| (Size::new(size), Size::new(offset));
    let spatial = |(size, offset), dim| Directive::spatial(size, offset, dim);
    let rows = spatial(map(1, 1), Dim::K);
    let short = spatial(map(7, 3), Dim::C);
    let inside = Directive::temporal(Size::new(2), Size::new(1), Dim::C);
    let hardware = Hardware::new(8).unwrap();
    let pairs: [(&str, [u32; 2], Vec<Directive>); 3] = [
        // A second spatial map has as many tiles as there are clusters, or one less.
        ("first state", [7, 8], vec![rows, spatial(map(1, 1), Dim::C)]),
        // The extent is a tile, or less than a tile. What is left at the edge, minus the offset if it is that large,
        // is the same.
        ("partial", [2, 5], vec![rows, spatial(map(5, 3), Dim::C)]),
        // Neither extent is a tile, and both leave the same at the edge. At the inner level, one tile covers only one
        // of them.
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

/// If a dimension is mapped twice, its state is that of the last map, which may not be at its edge when the first one
/// is.
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
    // The loops over channels and rows take more turns.
    assert_eq!(key(Preset::XpWs, &small, 64), key(Preset::XpWs, &conv(72, 80, 34), 64));
    // Not all PEs have work.
    assert_eq!(key(Preset::XpWs, &small, 64), key(Preset::XpWs, &small, 512));
    // All PEs have work, or another number of them.
    assert_ne!(key(Preset::XpWs, &small, 32), key(Preset::XpWs, &small, 64));
    assert_ne!(key(Preset::KcpWs, &small, 64), key(Preset::KcpWs, &small, 128));
    assert_ne!(key(Preset::KcpWs, &small, 64), key(Preset::KcpWs, &conv(36, 41, 20), 64));
}
