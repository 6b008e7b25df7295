//! Tests that write and read blobs, and that read cut and damaged ones.

use super::format::{ACCELERATOR, COUNTED, MAPPINGS, NETWORK};
use super::frame::{CRC, sealed, section};
use super::*;
use crate::dataflow::presets::Preset;
use crate::exact::{Accesses, Counts, Depth, Event, Moves, Player, Step, Streams, Transfers};
use crate::{
    Activations, Buffering, Cost, Dataflow, Dim, EnergyTable, Hardware, Layer, LayerKind, Mapping, Noc, Widths,
};

/// An accelerator whose figures all differ from each other.
fn accelerator() -> Accelerator {
    let mut hardware = Hardware::new(300)
        .and_then(|hardware| hardware.with_simd_lanes(2))
        .and_then(|hardware| hardware.with_offchip_bandwidth(17))
        .and_then(|hardware| hardware.with_weights_bandwidth(5))
        .and_then(|hardware| hardware.with_compressed_weights(900))
        .and_then(|hardware| hardware.with_widths(Widths { input: 8, filter: 4, output: 16, psum: 32 }))
        .unwrap()
        .with_buffers(700, 70_000_000)
        .with_cluster_buffer(7000)
        .with_multicast(false)
        .with_activations(Activations::Auto)
        .with_buffering(Buffering::Single, Buffering::Double);
    for level in 0..4 {
        let noc = Noc { bandwidth: 40 + level, latency: 1 + level };
        hardware = hardware.with_noc_at(level as usize, noc).unwrap();
    }
    let energies = EnergyTable { mac: 1.0, l1: 2.0, l2: 3.0, cluster: Some(4.0), offchip: 5.0 };
    Accelerator { hardware, clock_hz: 123_456_789, energies, calibration: None }
}

fn sample() -> (Vec<u8>, [Dataflow; 2], [BlobLayer<'static>; 3]) {
    let dims = [(Dim::K, 64), (Dim::C, 3), (Dim::R, 7), (Dim::S, 5), (Dim::Y, 229), (Dim::X, 300), (Dim::N, 2)];
    let conv = Layer::strided(LayerKind::Conv, &dims, 2, 3).unwrap();
    let gemm = Layer::new(LayerKind::Gemm, &[(Dim::M, 9), (Dim::N, 300), (Dim::K, 7000)]).unwrap();
    let upsampled = Layer::new(LayerKind::TrConv, &dims[..6]).unwrap();
    let upsampled = upsampled.with_inserted_zeros([2, 3], [1, 2]).unwrap();
    let dataflow = |preset: Preset, kind| preset.tiling().dataflow(kind).unwrap();
    let dataflows = [dataflow(Preset::KcpWs, LayerKind::Conv), dataflow(Preset::Nmk, LayerKind::Gemm)];
    let layers = [
        BlobLayer { name: "first".into(), layer: conv, dataflow: 0 },
        BlobLayer { name: "zweite Schicht: ß".into(), layer: gemm, dataflow: 1 },
        BlobLayer { name: "upsampled".into(), layer: upsampled, dataflow: 0 },
    ];
    let mut buffer = [0; 4096];
    let blob = encode("net", &accelerator(), &dataflows, layers.iter().copied(), &[], &mut buffer).unwrap().to_vec();
    (blob, dataflows, layers)
}

#[test]
fn a_blob_holds_what_went_in() {
    let (bytes, dataflows, layers) = sample();
    for blob in [Blob::open(&bytes).unwrap(), Blob::reopen(&bytes).unwrap()] {
        assert_eq!((blob.name().as_str(), blob.layer_count()), ("net", 3));
        let read: Result<Vec<_>, _> = blob.layers().collect();
        assert_eq!(read.unwrap(), layers);
        assert_eq!(blob.dataflow(0).unwrap(), dataflows[0]);
        assert_eq!(blob.dataflow(1).unwrap(), dataflows[1]);
        assert_eq!(blob.dataflow(2), Err(WireError::Malformed));
        assert_eq!(blob.accelerator().unwrap(), accelerator());
    }
    let mut longer = bytes.clone();
    longer.extend([0xff; 7]);
    assert!(Blob::open(&longer).is_ok());
}

/// The same for other lanes, bandwidths and latencies.
#[test]
fn layers_cost_what_their_mappings_cost() {
    let (bytes, dataflows, layers) = sample();
    let Accelerator { hardware, energies, .. } = accelerator();
    let other = hardware.with_simd_lanes(1).unwrap().with_noc(Noc { bandwidth: 3, latency: 9 }).unwrap();
    let other = other.with_offchip_bandwidth(2).unwrap().with_buffers(10, 70_000_000);
    for hardware in [hardware, other] {
        let mut counted = Blob::open(&bytes).unwrap().counted();
        for layer in layers {
            let mut player = Player::new(&hardware);
            let counts = counted.next(&mut |event| player.play(event)).unwrap();
            let cost = Cost::timed(&counts, &player, &hardware, &energies).unwrap();
            let mapping = Mapping::new(&layer.layer, &dataflows[usize::from(layer.dataflow)], 300).unwrap();
            assert_eq!(cost, Cost::of_mapping(&mapping, &hardware, &energies).unwrap());
            assert!(cost.cycles().is_some_and(|cycles| cycles > 0));
        }
    }
}

#[test]
fn sections_of_others_are_skipped_and_none_of_ours_may_be_missing() {
    let (bytes, ..) = sample();
    let with = |payload: Vec<u8>| {
        let mut blob = sealed(&payload).unwrap().to_vec();
        blob.extend(payload);
        Blob::open(&blob).map(|blob| (blob.layer_count(), blob.accelerator().unwrap()))
    };
    let unknown = [77, 3, 0, 0, 0, 1, 2, 3];
    assert_eq!(with([&unknown, &bytes[16..], &unknown].concat()), Ok((3, accelerator())));
    let mut sections = Vec::new();
    let mut rest = &bytes[16..];
    while !rest.is_empty() {
        let before = rest;
        section(&mut rest).unwrap();
        sections.push(before[..before.len() - rest.len()].to_vec());
    }
    assert_eq!(sections.len(), 3);
    for missing in 0..3 {
        let others = sections.iter().enumerate().filter(|(place, _)| *place != missing);
        let others = others.flat_map(|(_, section)| section.clone()).collect();
        assert_eq!(with(others), Err(WireError::Malformed), "section {missing}");
    }
}

#[test]
fn the_encoding_is_stable() {
    let (bytes, ..) = sample();
    assert_eq!(bytes[..8], *b"MSTR\x02\x00\x00\x00");
    assert_eq!(bytes[8..12], (bytes.len() as u32 - 16).to_le_bytes());
    assert_eq!(bytes[12..16], CRC.checksum(&bytes[16..]).to_le_bytes());
    assert_eq!(CRC.checksum(b"123456789"), 0xcbf4_3926);
    let mut rest = &bytes[16..];
    let [network, accelerator] = [(); 2].map(|()| section(&mut rest).unwrap().unwrap().1);
    // A change here or below means a new VERSION.
    assert_eq!([network, accelerator].map(|section| CRC.checksum(section)), [3_386_122_732, 4_037_238_940]);

    // The events that a walk emits may change; their encoding may not.
    let step = Step { level: 1, variant: 1, starting: true, operations: 300, ingress: 5, egress: 0, times: 1 };
    let last = Step { level: 0, variant: 0, starting: false, operations: 0, ingress: 1, egress: 2, times: 3 };
    let events = [
        Event::Only(step),
        Event::Cluster { level: 1, variant: 0 },
        Event::GivenAway { level: 2, bits: 7 },
        Event::Step(last),
        Event::Drained { level: 3, bits: 127 },
    ];
    let written = [0x75, 0xac, 2, 5, 0, 5, 0x0a, 7, 0, 0, 1, 2, 3, 0x0f, 127, 0xff];
    let counts = [2, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19];
    let active = 1.5f64.to_le_bytes();
    let offchip = [1, 0xff, 0, 3, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29];
    let all = [&written[..], &counts, &active, &offchip].concat();
    let mut read = Vec::new();
    let counts = Counted::new(&all).next(&mut |event| read.push(*event)).unwrap();
    assert_eq!(read, events);
    let Counts { operations, steps, l2, l1, needs, accesses, active_pes, levels, .. } = counts;
    assert_eq!((levels, operations, steps, needs.l1, needs.cluster, needs.l2), (2, 1, 3, 4, 5, 6));
    let transfers = |[input, filter, psum, output]: [u64; 4]| Transfers { input, filter, psum, output };
    assert_eq!((l2, l1), (transfers([7, 8, 9, 10]), transfers([11, 12, 13, 14])));
    assert_eq!(accesses, Accesses { mac: 15, l1: 16, l2: 17, cluster: 18, offchip: 19 });
    let Moves { depths, transfers: moved, bits, streams } = counts.offchip.unwrap();
    assert_eq!(depths.0, [Depth::Resident, Depth::Loops(0), Depth::Loops(3)]);
    assert_eq!((active_pes, moved, bits), (1.5, transfers([20, 21, 22, 23]), 24));
    assert_eq!(streams, Streams { first: [25, 26], rest: [27, 28], last: 29 });
}

/// A blob with sets: two mappings for the first layer and for the last, which equals the first; one for the layer
/// between.
fn with_sets() -> (Vec<u8>, [Vec<Dataflow>; 3], [BlobLayer<'static>; 3]) {
    let (_, dataflows, [first, second, _]) = sample();
    let other = Preset::YxpOs.tiling().dataflow(LayerKind::Conv).unwrap();
    let pair = vec![dataflows[0].clone(), other];
    let sets = [pair.clone(), vec![dataflows[1].clone()], pair];
    let layers = [first, second, BlobLayer { name: "again".into(), ..first }];
    let mut buffer = [0; 8192];
    let all = sets.each_ref().map(|set| set.as_slice());
    let blob = encode("net", &accelerator(), &dataflows, layers.into_iter(), &all, &mut buffer).unwrap().to_vec();
    (blob, sets, layers)
}

/// The chosen mapping takes the cycles that the model says, and no other mapping that fits takes fewer.
#[test]
fn the_fastest_mapping_that_fits_is_chosen() {
    let (bytes, sets, layers) = with_sets();
    let blob = Blob::open(&bytes).unwrap();
    let mut chosen = std::collections::BTreeSet::new();
    for (bandwidth, offchip, l1) in [(64, 64, 700), (1, 64, 700), (64, 1, 700), (3, 2, 700), (64, 64, 20), (64, 64, 1)]
    {
        let hardware = accelerator().hardware.with_noc(Noc { bandwidth, latency: 1 }).unwrap();
        let hardware = hardware.with_offchip_bandwidth(offchip).unwrap().with_buffers(l1, 70_000_000);
        for (number, (set, layer)) in (0..).zip(sets.iter().zip(&layers)) {
            let read = blob.mappings(number).unwrap().unwrap();
            assert_eq!(usize::from(read.count()), set.len());
            let cycles = |flow| Cost::of(&layer.layer, flow, &hardware).unwrap();
            let fitting =
                (0..).zip(set).map(|(mapping, flow)| (cycles(flow), mapping)).filter(|(cost, _)| cost.fits.all());
            let best = fitting.map(|(cost, mapping)| (cost.cycles().unwrap(), mapping)).min();
            let choice = read.choose(&hardware).unwrap();
            assert_eq!(choice.map(|choice| (choice.cycles, choice.mapping)), best, "layer {number}, {hardware:?}");
            chosen.insert((number, choice.map(|choice| choice.mapping)));
            for (mapping, flow) in (0..).zip(set) {
                assert_eq!(read.dataflow(mapping).as_ref(), Ok(flow));
            }
            assert_eq!(read.dataflow(read.count()), Err(WireError::Malformed));
        }
    }
    // Each mapping of the first layer is the best somewhere, and somewhere none fits.
    assert!([None, Some(0), Some(1)].iter().all(|choice| chosen.contains(&(0, *choice))), "{chosen:?}");
    assert_eq!(blob.mappings(3).err(), Some(WireError::Malformed));
    let (without, ..) = sample();
    assert!(Blob::open(&without).unwrap().mappings(0).unwrap().is_none());
}

/// The other sections are those of a blob without sets; equal layers share a set; damage is an error, not a panic.
#[test]
fn sets_are_a_section_of_their_own() {
    let (bytes, sets, layers) = with_sets();
    let blob = Blob::open(&bytes).unwrap();
    let mut rest = &bytes[16..];
    let sections = [(); 4].map(|()| section(&mut rest).unwrap().unwrap());
    assert_eq!(sections.map(|(tag, _)| tag), [NETWORK, ACCELERATOR, COUNTED, MAPPINGS]);
    let [.., (_, mappings)] = sections;
    assert_eq!((mappings[..4].to_vec(), mappings[..4] == mappings[8..12]), (vec![12, 0, 0, 0], true));
    let mut buffer = [0; 8192];
    let dataflows = [sets[0][0].clone(), sets[1][0].clone()];
    let plain = encode("net", &accelerator(), &dataflows, layers.into_iter(), &[], &mut buffer).unwrap();
    assert_eq!(plain[16..], bytes[16..16 + plain.len() - 16]);
    for length in 0..mappings.len() {
        let mut cut = blob;
        cut.mappings = &mappings[..length];
        let read = |layer| cut.mappings(layer).map(|set| set.map(|set| set.choose(&accelerator().hardware)));
        let all = [0, 1, 2].map(read);
        assert!(length == 0 || all.iter().any(|set| !matches!(set, Ok(Some(Ok(_))))), "cut to {length}");
    }
    let none: &[Dataflow] = &[];
    for (sets, error) in [(&[none; 2][..], WireError::Malformed), (&[none; 3][..], WireError::Malformed)] {
        let encoded = encode("net", &accelerator(), &dataflows, layers.into_iter(), sets, &mut buffer);
        assert_eq!(encoded.err(), Some(error));
    }
}

#[test]
fn every_damage_is_noticed() {
    let (bytes, ..) = sample();
    for length in 0..bytes.len() {
        assert!(Blob::open(&bytes[..length]).is_err(), "cut to {length}");
        // Cut, with a new valid header: the payload itself must be checked.
        let mut cut = bytes[..length].to_vec();
        if let Some((header, payload)) = cut.split_at_mut_checked(16) {
            header[8..12].copy_from_slice(&(payload.len() as u32).to_le_bytes());
            header[12..].copy_from_slice(&CRC.checksum(payload).to_le_bytes());
            assert!(Blob::open(&cut).is_err(), "cut to {length} and sealed");
        }
        let _ = Blob::reopen(&bytes[..length]).map(|blob| blob.layers().count());
    }
    for i in 0..bytes.len() {
        let mut damaged = bytes.clone();
        damaged[i] ^= 0x10;
        assert!(Blob::open(&damaged).is_err(), "byte {i}");
    }
    let with = |at: usize, byte: u8| {
        let mut bytes = bytes.clone();
        bytes[at] = byte;
        Blob::open(&bytes).unwrap_err()
    };
    assert_eq!(with(0, b'm'), WireError::NotABlob);
    assert_eq!(with(4, 1), WireError::Version(1));
    assert_eq!(with(22, 0), WireError::Corrupt);
    assert_eq!(Blob::open(&bytes[..15]).unwrap_err(), WireError::Truncated);
}

#[test]
fn what_does_not_fit_is_an_error() {
    let (bytes, dataflows, layers) = sample();
    for length in 0..bytes.len() {
        let mut buffer = vec![0; length];
        let encoded = encode("net", &accelerator(), &dataflows, layers.iter().copied(), &[], &mut buffer);
        assert_eq!(encoded.unwrap_err(), WireError::BufferTooSmall);
    }
    let mut buffer = [0; 4096];
    let one = &dataflows[..1];
    assert_eq!(encode("net", &accelerator(), one, layers.iter().copied(), &[], &mut buffer), Err(WireError::Malformed));
    let many: Vec<_> = std::iter::repeat_n(dataflows[0].clone(), MAX_DATAFLOWS + 1).collect();
    assert_eq!(encode("net", &accelerator(), &many, layers.iter().copied(), &[], &mut buffer), Err(WireError::TooMany));
}
