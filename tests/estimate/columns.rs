//! Compares the columns of the CSV with the library's figures, for every flag.

use maestrino::exact::Depth;
use maestrino::hardware::UNLIMITED;
use maestrino::host::builtin;
use maestrino::host::formats::maestro::parse_network;
use maestrino::{Activations, Buffering, Cost, Dataflow, EnergyTable, Hardware, Layer, Noc, Widths};
use serde_json::Value;

use super::{NETWORK, json, rows};
use crate::common::Dir;

/// The columns of `cases.csv` from `layer_macs` on.
fn truth_columns() -> Vec<String> {
    let mut text = String::new();
    let file = std::fs::File::open(crate::common::data("truth/cases.csv.gz")).unwrap();
    std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(file), &mut text).unwrap();
    let columns = text.lines().next().unwrap().split(',').map(String::from);
    columns.skip_while(|column| column != "layer_macs").collect()
}

/// Flags, and the same settings through the library.
fn settings() -> Vec<(&'static str, Hardware, EnergyTable)> {
    let base = builtin::accelerator("edge16").unwrap();
    let reference = EnergyTable::REFERENCE;
    let small = base.with_buffers(40, 90);
    vec![
        ("", base, reference),
        ("--l1 40 --l2 90", small, reference),
        ("--bits 8:4:16", base.with_widths(Widths { input: 8, filter: 4, output: 16, psum: 16 }).unwrap(), reference),
        ("--bits 8:8:8:32", base.with_widths(Widths { psum: 32, ..Widths::BYTES }).unwrap(), reference),
        ("--activations l2", base.with_activations(Activations::L2), reference),
        ("--multicast no", base.with_multicast(false), reference),
        ("--l1-buffers 1", base.with_buffering(Buffering::Single, Buffering::Double), reference),
        ("--l2-buffers 1", base.with_buffering(Buffering::Double, Buffering::Single), reference),
        ("--cluster-buffer 7", base.with_cluster_buffer(7), reference),
        ("--weights-bw 1", base.with_weights_bandwidth(1).unwrap(), reference),
        ("--weights-compression 3", base.with_compressed_weights(334).unwrap(), reference),
        ("--activations auto --l2 700", base.with_buffers(256, 700).with_activations(Activations::Auto), reference),
        (
            "--noc-bw 3:- --noc-hops 2:1",
            base.with_noc(Noc { bandwidth: UNLIMITED, latency: 1 })
                .and_then(|hardware| hardware.with_noc_at(0, Noc { bandwidth: 3, latency: 2 }))
                .unwrap(),
            reference,
        ),
        (
            "--energies 1,2,3,4,5 --energy-sizes 64,-,- --energy-exponent 1",
            base,
            EnergyTable { mac: 1.0, l1: 8.0, l2: 3.0, offchip: 4.0, cluster: Some(5.0) },
        ),
        ("--energies 1,2,3", base, EnergyTable { mac: 1.0, l1: 2.0, l2: 3.0, ..reference }),
        ("--energies 1,2,3,4", base, EnergyTable { mac: 1.0, l1: 2.0, l2: 3.0, offchip: 4.0, ..reference }),
        ("--energies 1,2,3,4,5", base, EnergyTable { mac: 1.0, l1: 2.0, l2: 3.0, offchip: 4.0, cluster: Some(5.0) }),
    ]
}

/// The library's figures under the column names of the CSV.
fn expected(cost: &Cost, hardware: &Hardware) -> Vec<(&'static str, String)> {
    let unknown = || "-".to_string();
    let of = |figure: &dyn Fn(&maestrino::exact::Offchip) -> u64| {
        cost.offchip.as_ref().map_or_else(unknown, |offchip| figure(offchip).to_string())
    };
    let depth = |place: usize| match cost.offchip.map(|offchip| offchip.depths.0[place]) {
        None => unknown(),
        Some(Depth::Resident) => "l2".to_string(),
        Some(Depth::Loops(loops)) => loops.to_string(),
    };
    let nj = |nj: f64| cost.offchip.map_or_else(unknown, |_| nj.to_string());
    let waits = cost.waits;
    vec![
        ("layer_macs", cost.layer_operations.to_string()),
        ("macs", cost.operations.to_string()),
        ("useful_macs", cost.layer_operations.to_string()),
        ("steps", cost.steps.to_string()),
        ("l2_read_input", cost.l2.input.to_string()),
        ("l2_read_filter", cost.l2.filter.to_string()),
        ("l2_read_psum", cost.l2.psum.to_string()),
        ("l2_write_output", cost.l2.output.to_string()),
        ("l1_arrive_input", cost.l1.input.to_string()),
        ("l1_arrive_filter", cost.l1.filter.to_string()),
        ("l1_arrive_psum", cost.l1.psum.to_string()),
        ("l1_leave_output", cost.l1.output.to_string()),
        ("depth_input", depth(0)),
        ("depth_filter", depth(1)),
        ("depth_output", depth(2)),
        ("l2_need", cost.needs.l2.to_string()),
        ("l1_need", cost.needs.l1.to_string()),
        ("cluster_need", cost.needs.cluster.to_string()),
        ("offchip_in_input", of(&|offchip| offchip.transfers.input)),
        ("offchip_in_filter", of(&|offchip| offchip.transfers.filter)),
        ("offchip_in_psum", of(&|offchip| offchip.transfers.psum)),
        ("offchip_out", of(&|offchip| offchip.transfers.output)),
        ("offchip_filter_bytes", of(&|offchip| offchip.streams.weights().div_ceil(8))),
        ("first", of(&|offchip| offchip.cycles.first)),
        ("rest", of(&|offchip| offchip.cycles.rest)),
        ("last", of(&|offchip| offchip.cycles.last)),
        ("cycles", of(&|offchip| offchip.cycles.total)),
        ("cycles_serial", of(&|offchip| offchip.cycles.serial)),
        ("active_pes", cost.active_pes.to_string()),
        ("wait_compute", waits.compute.to_string()),
        ("wait_noc_in", waits.noc_in.to_string()),
        ("wait_noc_out", waits.noc_out.to_string()),
        ("wait_offchip", of(&|_| waits.offchip)),
        ("energy_mac_nj", cost.energy.mac.to_string()),
        ("energy_l1_nj", cost.energy.l1.to_string()),
        ("energy_cluster_nj", cost.energy.cluster.to_string()),
        ("energy_l2_nj", nj(cost.energy.l2)),
        ("energy_offchip_nj", nj(cost.energy.offchip)),
        ("energy_nj", nj(cost.energy.total())),
        ("utilization", cost.utilization(hardware).map_or_else(unknown, |share| share.to_string())),
        ("area_um2", cost.silicon(hardware).area().to_string()),
    ]
}

#[test]
fn the_csv_is_what_the_library_says_under_every_flag() {
    let dir = Dir::new();
    dir.file("net.m", NETWORK);
    let network = parse_network(NETWORK, "net.m").unwrap().network;
    let cost = |layer: &Layer, dataflow: &Dataflow, hardware: &Hardware, energies: &EnergyTable| {
        Cost::with_energies(layer, dataflow, hardware, energies).unwrap()
    };
    let mut seen = std::collections::HashSet::new();
    for (flags, hardware, energies) in settings() {
        let arguments = format!("estimate --mapping net.m --hw edge16 {flags} --format");
        let csv = dir.run(&format!("{arguments} csv")).well().stdout;
        let figures = json(&dir.run(&format!("{arguments} json")).quiet().stdout);
        let header: Vec<&str> = csv.lines().next().unwrap().split(',').collect();
        assert_eq!(header[..6], ["network", "model", "layer", "kind", "shape", "dataflow"]);
        let place = header.iter().position(|column| *column == "layer_macs").unwrap();
        let truth = truth_columns();
        assert_eq!(header[place..place + truth.len()], truth);
        let layers = figures["layers"].as_array().unwrap();
        for ((row, named), in_json) in rows(&csv).iter().zip(&network.layers).zip(layers) {
            let cost = cost(&named.layer, named.dataflow.as_ref().unwrap(), &hardware, &energies);
            assert_eq!((row["model"].as_str(), &row["layer"]), ("exact", &named.name));
            for (column, value) in expected(&cost, &hardware) {
                assert_eq!(row[column], value, "{flags} {} {column}", named.name);
                let same = match (&in_json[column], value.parse::<f64>()) {
                    (Value::Null, _) => value == "-",
                    (Value::String(text), _) => *text == value,
                    // Reading JSON may round.
                    (number, Ok(value)) => (number.as_f64().unwrap() - value).abs() <= 1e-12 * value,
                    _ => false,
                };
                assert!(same, "{flags} {} {column}: {} for {value}", named.name, in_json[column]);
            }
            let on_chip = cost.waits.compute + cost.waits.noc_in + cost.waits.noc_out;
            assert_eq!(row["on_chip_cycles"], on_chip.to_string());
            if let Some(offchip) = cost.offchip {
                assert_eq!(offchip.cycles.on_chip, on_chip);
            }
            let short: Vec<&str> = [("l1", cost.fits.l1), ("cluster", cost.fits.cluster), ("l2", cost.fits.l2)]
                .into_iter()
                .filter_map(|(name, fits)| (!fits).then_some(name))
                .collect();
            assert_eq!(row["fits"], if short.is_empty() { "yes".to_string() } else { short.join("+") });
            seen.insert(row["fits"].clone());
        }
        let total = &figures["total"];
        let sum = |column: &str| -> Option<f64> {
            figures["layers"].as_array().unwrap().iter().map(|layer| layer[column].as_f64()).sum()
        };
        for column in ["cycles", "cycles_serial", "macs", "layer_macs", "energy_nj", "offchip_bytes", "energy_l1_nj"] {
            match (total[column].as_f64(), sum(column)) {
                (Some(total), Some(sum)) => assert!((total - sum).abs() <= 1e-9 * sum, "{flags} {column}"),
                (total, sum) => assert!(column == "energy_l1_nj" || total == sum, "{flags} {column}"),
            }
        }
        assert_eq!(total["macs"], 66_528, "{flags}");
    }
    assert!(
        seen.contains("yes") && seen.contains("cluster") && seen.iter().any(|fits| fits.contains("l2")),
        "{seen:?}"
    );
}
