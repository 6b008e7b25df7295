//! The choice of a network or a mapping in C.

use std::ptr::{null, null_mut};
use std::sync::Arc;

use maestrino::capi::maestrino_status::*;
use maestrino::capi::*;
use maestrino::dataflow::presets::Preset;
use maestrino::host::dataflow_choice::DataflowChoice;
use maestrino::host::formats::blob;
use maestrino::host::mapper::Objective;
use maestrino::host::mapper::mappings::{Mappings, Wanted};
use maestrino::host::mapping_sets::MappingSets;
use maestrino::host::network::{NamedLayer, Network};
use maestrino::host::platform::Platform;
use maestrino::wire::{self, Accelerator, Blob, BlobLayer};
use maestrino::{Cost, Dim, EnergyTable, Hardware, Layer, LayerKind, Noc};

use super::calls::{Out, call, without_fault};
use super::structs::{rust_hardware, same_dataflow};

/// An array without limits except these.
fn array(pes: u32, noc: u32, offchip: u32) -> [u32; 24] {
    let no = MAESTRINO_UNLIMITED;
    let nocs = [noc, 1, noc, 1, noc, 1, noc, 1];
    let all = [[pes, 1, no, no, no].as_slice(), &nocs, &[offchip, 0, 1000, 8, 8, 8, 8, 1, 0, 2, 2]].concat();
    all.try_into().unwrap()
}

/// The first network that fits and is fast enough is chosen; otherwise the fastest that fits, in any order; otherwise
/// the first.
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
    // SAFETY: here and below, the pointers are valid, and the bytes outlive the networks.
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

    // A network that does not fit its buffers is never chosen, however fast it is, and does not count as the fastest.
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

/// At compiled bandwidths, the device chooses the mapping that the mapper finds for them on a PC, and it takes as
/// long. At others, it chooses the best of its set. The model costs each mapping again from its directives.
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
    let sets_of = |most| MappingSets::new(&network, &points, &mappings, most);
    let (sets, few) = (sets_of(usize::MAX), sets_of(1));
    assert_eq!(sets.gap, 0.0);
    assert!(few.gap > 0.0 && few.dataflows.iter().all(|set| set.len() == 1));
    let bytes = blob::compile(&network, &DataflowChoice::own(), &platform, &sets.dataflows).unwrap();
    // SAFETY: here and below, the pointers are valid, and the bytes outlive the network.
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
