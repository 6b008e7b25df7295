//! Compares specifications of layers and mappings with hand-written ones and with the model's counts.

use super::*;
use crate::host::builtin;
use crate::host::mapper::Objective;
use crate::host::mapper::mappings::{Mappings, Wanted};
use crate::{Dim, LayerKind};
use crate::{Directive, EnergyTable, Hardware, Noc, Size};

fn conv() -> Layer {
    let dims = [(Dim::K, 8), (Dim::C, 6), (Dim::R, 3), (Dim::S, 3), (Dim::Y, 17), (Dim::X, 9)];
    Layer::strided(LayerKind::Conv, &dims, 2, 1).unwrap()
}

fn platform() -> Platform {
    let hardware = Hardware::new(8).unwrap().with_buffers(64, 4096).with_simd_lanes(2).unwrap();
    let hardware = hardware.with_noc(Noc { bandwidth: 16, latency: 1 }).unwrap().with_offchip_bandwidth(4).unwrap();
    let energies = EnergyTable { mac: 1.0, l1: 2.0, l2: 3.0, cluster: None, offchip: 5.0 };
    Platform { clock_mhz: 100.0, energies, ..Platform::new(hardware) }
}

/// Two clusters of four PEs. Channels are spread over the clusters, and rows over the PEs of a cluster. Rows are
/// mapped once as inputs and once as outputs.
fn dataflow() -> Dataflow {
    let one = Size::new;
    let maps = [
        Directive::spatial(one(2), one(2), Dim::K),
        Directive::temporal(one(3), one(3), Dim::C),
        Directive::temporal(one(9), one(8), Dim::Y),
        Directive::cluster(one(4)),
        Directive::temporal(one(1), one(1), Dim::C),
        Directive::spatial(one(1), one(1), Dim::OutY),
        Directive::temporal(Size::of(Dim::S), one(1), Dim::X),
    ];
    Dataflow::new(&maps).unwrap()
}

#[test]
fn a_specification_is_as_accelforge_reads_it() {
    let text = specification(&conv(), Some(&dataflow()), &platform()).unwrap().unwrap();
    assert_eq!(text, include_str!("expected.yaml"));
}

/// If all tiles divide, the loops multiply to the layer's MACs. Each tensor is in each memory once.
#[test]
fn mappings_hold_each_mac_once() {
    let platform = Platform { energies: EnergyTable::REFERENCE, ..platform() };
    let wanted = Wanted { objective: Objective::Latency, energies: EnergyTable::REFERENCE, budget: 1, gap: 0.0 };
    let mappings = Mappings::new(wanted);
    let (mut written, mut two_levels) = (0, 0);
    let mut all = vec![("conv".to_string(), conv(), dataflow())];
    // The layers do not all fit into small buffers.
    let hardware = platform.hardware.with_buffers(512, 1 << 20);
    let platform = Platform { hardware, ..platform };
    for network in ["resnet8", "ds_cnn", "transformer_block"] {
        let network = builtin::network(network).unwrap();
        let mapped = network.layers.iter().map(|named| (named, mappings.dataflow(&named.layer, &hardware).unwrap()));
        all.extend(mapped.map(|(named, dataflow)| (named.name.clone(), named.layer, dataflow)));
    }
    for (name, layer, dataflow) in &all {
        let Some(text) = specification(layer, Some(dataflow), &platform).unwrap() else { continue };
        let (_, mapping) = text.split_once("\nmapping:").unwrap();
        let mut left: Vec<(String, u64)> = text
            .lines()
            .filter_map(|line| line.trim().split_once(": 0 <= "))
            .map(|(rank, bound)| (rank.to_string(), bound.rsplit(' ').next().unwrap().parse().unwrap()))
            .collect();
        let (mut turns, mut rank, mut even) = (1, None, true);
        let mut stored = std::collections::BTreeMap::<&str, Vec<&str>>::new();
        let mut tensors = Vec::new();
        for line in mapping.lines() {
            match line.trim().split_once(": ") {
                Some(("rank_variable", own)) => rank = left.iter_mut().find(|(other, _)| other == own),
                Some(("tile_shape", tile)) => {
                    let (left, tile) = (&mut rank.as_mut().unwrap().1, tile.parse::<u64>().unwrap());
                    assert!(*left > tile, "{name}: {left} {tile}");
                    even &= left.is_multiple_of(tile);
                    turns *= *left / tile;
                    *left = tile;
                }
                Some(("tensors", names)) => tensors = names.trim_matches(['[', ']']).split(", ").collect(),
                Some(("component", memory)) if memory != "MAC" && !tensors.is_empty() => {
                    stored.entry(memory).or_default().append(&mut tensors);
                }
                _ => {}
            }
        }
        assert!(!even || Some(turns) == layer.macs(), "{name}: {turns}");
        assert!(left.iter().all(|(_, left)| *left == 1), "{name}: {left:?}");
        for (memory, held) in &mut stored {
            held.sort_unstable();
            assert_eq!(*held, ["I", "O", "W"], "{name}: {memory}");
        }
        assert!(stored.contains_key("L2") && stored.contains_key("L1"));
        two_levels += usize::from(stored.contains_key("Cluster1"));
        written += usize::from(even);
    }
    assert!(written > 20 && two_levels > 0, "{written} {two_levels}");
}

#[test]
fn what_accelforge_cannot_express_is_an_error() {
    let one = Size::new;
    let with = |maps: &[Directive]| specification(&conv(), Some(&Dataflow::new(maps).unwrap()), &platform());
    let outputs = Directive::spatial(one(1), one(1), Dim::OutY);
    assert_eq!(with(&[Directive::temporal(one(4), one(2), Dim::C), outputs]), Err(MappingError::Overlap(Dim::C)));
    let rows = [Directive::temporal(one(9), one(2), Dim::Y), Directive::spatial(one(1), one(1), Dim::K)];
    assert_eq!(with(&rows), Err(MappingError::Overlap(Dim::Y)));
    let split = [Directive::temporal(one(1), one(1), Dim::S), outputs];
    assert_eq!(with(&split), Err(MappingError::SplitFilter(Dim::S)));
    let pair = [Directive::spatial(one(8), one(8), Dim::K), Directive::spatial(one(6), one(6), Dim::C)];
    assert_eq!(with(&pair), Err(MappingError::Together));
    assert!(matches!(with(&[Directive::temporal(one(1), one(1), Dim::C)]), Err(MappingError::Invalid(_))));
    let small = Platform::new(platform().hardware.with_buffers(64, 8));
    assert!(matches!(specification(&conv(), Some(&dataflow()), &small), Err(MappingError::L2(_))));
    let pool = Layer::new(LayerKind::Pool, &[(Dim::C, 4), (Dim::R, 2), (Dim::S, 2), (Dim::Y, 8), (Dim::X, 8)]).unwrap();
    assert_eq!(specification(&pool, None, &platform()), Ok(None));
}
