//! The work of an analysis is bounded for any mapping, and the bound does not exclude useful mappings.

use maestrino::dataflow::presets::Preset;
use maestrino::host::builtin::{self, NETWORKS};
use maestrino::host::formats::maestro::parse_dataflow;
use maestrino::{Cost, Dim, Error, Hardware, Layer, LayerKind};

/// Four levels of seven tiles each, which do not divide one another, on an NGCONV of 9 x 10^15 MACs.
const DEEP: &str = "
    TemporalMap(51,51) N; TemporalMap(51,51) G; TemporalMap(301,301) K; TemporalMap(301,301) C;
    TemporalMap(Sz(R),Sz(R)) R; TemporalMap(Sz(S),Sz(S)) S; TemporalMap(301,301) Y; SpatialMap(301,301) X;
    Cluster(8, P);
    TemporalMap(22,22) N; TemporalMap(22,22) G; TemporalMap(70,70) K; TemporalMap(70,70) C;
    TemporalMap(Sz(R),Sz(R)) R; TemporalMap(Sz(S),Sz(S)) S; TemporalMap(70,70) Y; SpatialMap(70,70) X;
    Cluster(4, P);
    TemporalMap(9,9) N; TemporalMap(9,9) G; TemporalMap(31,31) K; TemporalMap(31,31) C;
    TemporalMap(Sz(R),Sz(R)) R; TemporalMap(Sz(S),Sz(S)) S; TemporalMap(31,31) Y; SpatialMap(31,31) X;
    Cluster(2, P);
    TemporalMap(4,4) N; TemporalMap(4,4) G; TemporalMap(14,14) K; TemporalMap(14,14) C;
    TemporalMap(Sz(R),Sz(R)) R; TemporalMap(Sz(S),Sz(S)) S; TemporalMap(14,14) Y; SpatialMap(14,14) X;";

fn layer() -> Layer {
    let dims = [(Dim::N, 100), (Dim::G, 100), (Dim::K, 1000), (Dim::C, 1000), (Dim::R, 3), (Dim::S, 3)];
    Layer::new(LayerKind::NgConv, &[&dims[..], &[(Dim::Y, 1000), (Dim::X, 1000)]].concat()).unwrap()
}

/// The tiles leave a gap between neighbours: 301 input rows hold 299 outputs, but the next tile begins 301 rows
/// further on.
#[test]
fn a_deep_mapping_is_refused_with_the_reason() {
    let dataflow = parse_dataflow(DEEP, "deep").unwrap();
    let refused = Cost::of(&layer(), &dataflow, &Hardware::new(64).unwrap());
    assert!(matches!(refused, Err(Error::Gaps { dim: Dim::Y, .. })), "{refused:?}");
}

/// The same without gaps. It can only fail because it has too many kinds of steps.
#[test]
fn a_deep_mapping_without_gaps_is_answered_or_too_irregular() {
    let text = DEEP.replace("301,301) Y", "303,301) Y").replace("301,301) X", "303,301) X");
    let text = text.replace("70,70) Y", "72,70) Y").replace("70,70) X", "72,70) X");
    let text = text.replace("31,31) Y", "33,31) Y").replace("31,31) X", "33,31) X");
    let dataflow =
        parse_dataflow(&text.replace("14,14) Y", "16,14) Y").replace("14,14) X", "16,14) X"), "deep").unwrap();
    match Cost::of(&layer(), &dataflow, &Hardware::new(64).unwrap()) {
        Ok(cost) => assert_eq!(Some(cost.operations), layer().operations()),
        Err(error) => assert_eq!(error, Error::TooIrregular),
    }
}

/// The cost of a layer under a preset on an array of this many PEs.
fn under(preset: Preset, layer: &Layer, pes: u32) -> Result<Cost, Error> {
    let tiling = preset.tiling().for_kind(layer.kind()).fitted(layer, pes);
    Cost::of(layer, &tiling.dataflow(layer.kind())?, &Hardware::new(pes)?)
}

#[test]
fn no_preset_is_refused_on_the_networks_that_are_built_in() {
    let mut costed = 0;
    for network in NETWORKS {
        for layer in builtin::network(network.name).unwrap().layers {
            for preset in Preset::ALL {
                for pes in [64, 168, 1024] {
                    let cost = under(preset, &layer.layer, pes);
                    let operations = cost.map(|cost| Some(cost.operations));
                    assert_eq!(
                        operations,
                        Ok(layer.layer.operations()),
                        "{} {} {preset} {pes}",
                        network.name,
                        layer.name
                    );
                    costed += 1;
                }
            }
        }
    }
    assert!(costed > 5000, "{costed}");
}

#[test]
fn no_preset_is_refused_where_zeros_are_inserted() {
    for taps in 2..=4 {
        let dims = [(Dim::K, 64), (Dim::C, 64), (Dim::R, taps), (Dim::S, taps), (Dim::Y, 64), (Dim::X, 64)];
        let layer = Layer::new(LayerKind::TrConv, &dims).unwrap().with_inserted_zeros([2, 2], [0, 0]).unwrap();
        for preset in Preset::ALL {
            let cost = under(preset, &layer, 256);
            assert!(cost.is_ok_and(|cost| cost.operations >= cost.layer_operations), "{preset} {taps}: {cost:?}");
        }
    }
}

/// Layers up to the largest extents are refused, or counted without an overflow.
#[test]
fn huge_layers_are_refused_or_counted() {
    use crate::simulator::random::Rng;
    let (mut counted, mut refused) = (0, 0);
    for seed in 0..super::cases(2000, 20_000) {
        let mut rng = Rng::new(seed);
        let mut extent = || 1 << rng.range(0, 24);
        let sizes = [extent(), extent(), extent(), extent()];
        let dims = [(Dim::K, sizes[0]), (Dim::C, sizes[1]), (Dim::R, 3), (Dim::S, 1)];
        let dims = [&dims[..], &[(Dim::Y, sizes[2].max(3)), (Dim::X, sizes[3])]].concat();
        let layer = Layer::new(LayerKind::Conv, &dims).unwrap();
        let preset = rng.pick(&Preset::ALL).for_kind(LayerKind::Conv);
        let pes = 1 << rng.range(0, 20);
        let dataflow = preset.tiling().fitted(&layer, pes).dataflow(LayerKind::Conv).unwrap();
        let hardware = Hardware::new(pes).unwrap().with_buffers(1 << 20, 1 << rng.range(10, 30));
        match Cost::of(&layer, &dataflow, &hardware) {
            Ok(cost) => {
                let dims = sizes.map(f64::from);
                let least = dims[0] * dims[1] * (dims[2] - 2.0).max(1.0) * 3.0 * dims[3];
                assert!(cost.operations as f64 >= least * (1.0 - 1e-9), "seed {seed}: {cost:?}");
                assert!(cost.cycles().is_none_or(|cycles| cycles as f64 * f64::from(pes) >= least * (1.0 - 1e-9)));
                counted += 1;
            }
            Err(Error::Overflow { .. }) => refused += 1,
            Err(_) => {}
        }
    }
    assert!(counted > 500 && refused > 100, "{counted} counted, {refused} refused");
}
