//! Compares the analysis with the simulator in every figure that both count.

use maestrino::exact::Depth;
use maestrino::{Activations, Buffering, Cost, EnergyTable, Error, Hardware, Noc, Widths};

use crate::simulator::{self, Array, Figures, SimLayer};

/// The accelerator as a type of the crate.
pub fn hardware(array: &Array) -> Hardware {
    let limit = |limit: Option<u64>| limit.map_or(maestrino::hardware::UNLIMITED, |limit| limit as u32);
    let buffering = |buffers: u64| if buffers == 1 { Buffering::Single } else { Buffering::Double };
    let bits = &array.bits;
    let mut hardware = Hardware::new(array.pes as u32)
        .and_then(|hardware| hardware.with_simd_lanes(array.lanes as u32))
        .and_then(|hardware| hardware.with_offchip_bandwidth(limit(array.offchip_bw)))
        .and_then(|hardware| {
            let [input, filter, output, psum] =
                [bits.input, bits.filter, bits.output, bits.psum].map(|bits| bits as u8);
            hardware.with_widths(Widths { input, filter, output, psum })
        })
        .unwrap()
        .with_buffers(limit(array.l1), limit(array.l2))
        .with_cluster_buffer(limit(array.cluster_buffer))
        .with_multicast(array.multicast)
        .with_buffering(buffering(array.l1_buffers), buffering(array.l2_buffers))
        .with_activations(match array.activations {
            simulator::Activations::L2 => Activations::L2,
            simulator::Activations::OffChip => Activations::Offchip,
        });
    if let Some(bytes) = array.weights_bw {
        hardware = hardware.with_weights_bandwidth(bytes as u32).unwrap();
    }
    for level in 0..maestrino::MAX_LEVELS {
        let noc = array.noc.get(level).or(array.noc.last()).unwrap();
        let noc = Noc { bandwidth: limit(noc.bandwidth), latency: noc.latency as u32 };
        hardware = hardware.with_noc_at(level, noc).unwrap();
    }
    hardware
}

/// The layer as a type of the crate.
pub fn layer(layer: &SimLayer) -> maestrino::Layer {
    layer.layer.with_inserted_zeros(layer.up, layer.phase).unwrap()
}

/// The cost by the analysis.
pub fn cost(sim: &SimLayer, dataflow: &maestrino::Dataflow, array: &Array) -> Result<Cost, Error> {
    let mac = array.energies;
    let energies = EnergyTable {
        mac: mac.mac,
        l1: mac.l1,
        l2: mac.l2,
        cluster: array.cluster_buffer.map(|_| mac.cluster),
        offchip: mac.offchip,
    };
    Cost::with_energies(&layer(sim), dataflow, &hardware(array), &energies)
}

/// The figures that differ, each as `name analysis for simulator`.
pub fn differences(figures: &Figures, cost: &Cost) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut same = |name: &str, ours: u64, truth: u64| {
        if ours != truth {
            wrong.push(format!("{name} {ours} for {truth}"));
        }
    };
    same("macs", cost.operations, figures.macs);
    same("layer_macs", cost.layer_operations, figures.layer_macs);
    same("steps", cost.steps, figures.steps);
    let l2 = &figures.crossings[0];
    same("l2_read_input", cost.l2.input, l2.read[0]);
    same("l2_read_filter", cost.l2.filter, l2.read[1]);
    same("l2_read_psum", cost.l2.psum, l2.psum);
    same("l2_write_output", cost.l2.output, l2.written.total());
    same("l1_arrive_input", cost.l1.input, figures.l1.arrive[0]);
    same("l1_arrive_filter", cost.l1.filter, figures.l1.arrive[1]);
    same("l1_arrive_psum", cost.l1.psum, figures.l1.arrive[2]);
    same("l1_leave_output", cost.l1.output, figures.l1.leave.total());
    same("l1_need", cost.needs.l1, figures.l1_need);
    same("cluster_need", cost.needs.cluster, figures.clusters.iter().map(|buffer| buffer.need).max().unwrap_or(0));
    same("l2_need", cost.needs.l2, figures.l2_need);
    same("l1_fits", cost.fits.l1.into(), figures.l1_fits.into());
    same("cluster_fits", cost.fits.cluster.into(), figures.clusters_fit.into());
    same("l2_fits", cost.fits.l2.into(), figures.offchip.is_some().into());
    same("wait_compute", cost.waits.compute, figures.wait[0]);
    same("wait_noc_in", cost.waits.noc_in, figures.wait[1]);
    same("wait_noc_out", cost.waits.noc_out, figures.wait[2]);
    let depth = |depth: Depth| match depth {
        Depth::Loops(loops) => u64::from(loops),
        Depth::Resident => u64::MAX,
    };
    if let (Some(ours), Some(truth)) = (&cost.offchip, &figures.offchip) {
        for (tensor, name) in ["depth_input", "depth_filter", "depth_output"].into_iter().enumerate() {
            let truth = match truth.depths[tensor] {
                simulator::Depth::L2 => u64::MAX,
                simulator::Depth::Loops(loops) => loops as u64,
            };
            same(name, depth(ours.depths.0[tensor]), truth);
        }
        same("offchip_in_input", ours.transfers.input, truth.read[0]);
        same("offchip_in_filter", ours.transfers.filter, truth.read[1]);
        same("offchip_in_psum", ours.transfers.psum, truth.read[2]);
        same("offchip_out", ours.transfers.output, truth.written.total());
        same("on_chip_cycles", ours.cycles.on_chip, figures.on_chip_cycles);
        same("first", ours.cycles.first, truth.first);
        same("rest", ours.cycles.rest, truth.rest);
        same("last", ours.cycles.last, truth.last);
        same("cycles", ours.cycles.total, truth.cycles);
        same("cycles_serial", ours.cycles.serial, truth.cycles_serial);
        same("wait_offchip", cost.waits.offchip, figures.wait_offchip.unwrap());
    }
    // The sums are in another order, so floating-point figures may differ slightly.
    let mut close = |name: &str, ours: f64, truth: f64| {
        if (ours - truth).abs() > 1e-9 * truth.abs() {
            wrong.push(format!("{name} {ours} for {truth}"));
        }
    };
    close("active_pes", cost.active_pes, figures.active_pes);
    if let Some(truth) = &figures.energy {
        close("energy_mac", cost.energy.mac, truth.mac);
        close("energy_l1", cost.energy.l1, truth.l1);
        close("energy_cluster", cost.energy.cluster, truth.cluster);
        close("energy_l2", cost.energy.l2, truth.l2);
        close("energy_offchip", cost.energy.offchip, truth.offchip);
    }
    wrong
}
