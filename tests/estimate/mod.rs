//! `maestrino estimate` with the exact model, on the command line.

mod columns;
mod features;
mod misfits;

use std::collections::HashMap;

use serde_json::Value;

use crate::common::{Dir, text};

const NETWORK: &str = "Network net {
    Layer conv { Type: CONV Stride { X: 2, Y: 2 } Dimensions { K: 12, C: 7, R: 3, S: 3, Y: 17, X: 15 }
        Dataflow { SpatialMap(1,1) K; TemporalMap(7,7) C; TemporalMap(Sz(R),1) Y; TemporalMap(Sz(S),1) X;
                   Cluster(4, P); SpatialMap(1,1) C; } }
    Layer overlap { Type: CONV Dimensions { K: 2, C: 2, R: 1, S: 1, Y: 9, X: 4 }
        Dataflow { SpatialMap(1,1) K; TemporalMap(3,2) Y; } }
    Layer product { Type: GEMM Dimensions { M: 40, N: 30, K: 20 }
        Dataflow { SpatialMap(2,2) M; TemporalMap(3,3) N; TemporalMap(4,4) K; } }
}

";

/// The rows of a CSV, by column.
fn rows(text: &str) -> Vec<HashMap<String, String>> {
    csv::Reader::from_reader(text.as_bytes()).deserialize().map(|row| row.unwrap()).collect()
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn a_hardware_file_says_what_flags_say() {
    let dir = Dir::new();
    dir.file(
        "hw.m",
        "num_pes: 16 l1_size_cstr: 256 l2_size_cstr: 65536 noc_bw_cstr: 16 offchip_bw_cstr: 4 weights_bw: 1 psum_bits: 32
         weights_compression: 1.5 l2_buffers: 1 activations: auto noc_bw_2: 4 clock_mhz: 50 energy_mac: 0.5 energy_l1: 1
         energy_l2: 2 energy_l2_bytes: 16384 multicast: no prefetch: weights cluster_buffer: 900",
    );
    let flags = "--pes 16 --l1 256 --l2 65536 --noc-bw 16:4:16 --offchip-bw 4 --weights-bw 1 --bits 8:8:8:32 \
                 --weights-compression 1.5 --l2-buffers 1 --activations auto --clock 50 --energies 0.5,1,2 \
                 --energy-sizes -,16384 --multicast no --prefetch weights --cluster-buffer 900";
    for format in ["table", "csv", "json"] {
        let by_file = dir.run(&format!("estimate --network resnet8 --hw hw.m --format {format}")).well().stdout;
        let by_flags = format!("estimate --network resnet8 --hw study --dataflow kcp_ws {flags} --format {format}");
        assert_eq!(by_file, dir.run(&by_flags).well().stdout, "{format}");
    }
}

#[test]
fn flags_of_the_exact_model_are_refused_where_they_change_nothing() {
    let dir = Dir::new();
    for flag in [
        "--prefetch weights",
        "--energy-sizes 1,1",
        "--require-fit",
        "--what-if",
        "--roofline",
        "--roofline-svg a.svg",
        "--weights-compression 2",
        "--activations auto",
    ] {
        let error = dir.run(&format!("estimate --model maestro {flag}")).failed(2);
        assert!(error.contains(flag.split(' ').next().unwrap()), "{error}");
    }
    for flag in ["--what-if", "--roofline"] {
        let error = dir.run(&format!("estimate --format json {flag}")).failed(2);
        assert!(error.contains(flag) && error.contains("--format table"), "{error}");
    }
    for (flag, message) in [
        ("--noc-bw 1:2:3:4:5", "by level"),
        ("--energy-sizes 0,1", "bytes of L1"),
        ("--weights-compression 0.5", "1 to 1000"),
        ("--energy-exponent 0.5", "--energy-sizes"),
    ] {
        assert!(dir.run(&format!("estimate {flag}")).failed(2).contains(message), "{flag}");
    }
    assert_eq!(dir.files(), [""; 0]);
}

#[test]
fn overlapping_tiles_are_reported_by_layer() {
    let dir = Dir::new();
    dir.file("net.m", NETWORK);
    let printed =
        |network: &str| dir.run(&format!("estimate --mapping {network} --hw edge16 --l1 4000")).quiet().stdout;
    let text = printed("net.m");
    let warnings: Vec<&str> = text.lines().filter(|line| line.starts_with("warning: ")).collect();
    // Tiles of 3 rows at a distance of 2 over 9 rows: 12 rows in total.
    assert_eq!(
        warnings,
        [
            "warning: overlap performs 1.33 times the layer's MACs: the tiles of its dataflow overlap; give maps offsets as large \
          as their sizes"
        ],
        "{text}"
    );
    dir.file("two.m", NETWORK.replace("TemporalMap(3,3) N", "TemporalMap(3,1) N"));
    let text = printed("two.m");
    let warning = text.lines().find(|line| line.starts_with("warning: ")).unwrap();
    let expected = "warning: the tiles of the dataflow overlap in 2 of 3 layers, at worst product performs 2.80 times";
    assert!(warning.starts_with(expected), "{text}");
}

/// Regression tests: mappings whose figures were impossible, or did not match their counts.
#[test]
fn figures_keep_to_what_can_be() {
    let dir = Dir::new();
    let filter = "TemporalMap(Sz(R),Sz(R)) R; TemporalMap(Sz(S),Sz(S)) S;";
    let of = |layer: &str, dataflow: &str, flags: &str| {
        dir.file("net.m", format!("Network n {{ Layer l {{ {layer} {dataflow} }} }}"));
        let run = dir.run(&format!("estimate --network net.m {flags} --format csv")).quiet();
        rows(&run.stdout).remove(0)
    };
    let figure = |row: &HashMap<String, String>, name: &str| -> f64 { row[name].parse().unwrap() };
    // Output tiles of 6 divide 12 x 12 outputs exactly, with a stride of 4: 16 steps of 36 x 9 MACs on each PE,
    // without overlap. They were reported to overlap, and to take 171,397 cycles.
    let row = of(
        "Type: CONV Stride { X: 4, Y: 4 } Dimensions { K: 8, C: 4, R: 3, S: 3, Y: 47, X: 47 }",
        &format!(
            "Dataflow {{ SpatialMap(1,1) K; TemporalMap(1,1) C; TemporalMap(6,6) Y'; TemporalMap(6,6) X'; {filter} }}"
        ),
        "--hw ethos-u55-128",
    );
    assert_eq!((figure(&row, "macs"), figure(&row, "layer_macs")), (41_472.0, 41_472.0));
    assert!((5_184.0..5_184.0 * 1.05).contains(&figure(&row, "cycles")), "{row:?}");
    // One PE performs one MAC per cycle. 26 MACs were reported to take 25 cycles.
    let row = of(
        "Type: CONV Dimensions { K: 1, C: 1, Y: 26, X: 1, R: 1, S: 1 }",
        "Dataflow { TemporalMap(1,1) K; TemporalMap(1,1) C; SpatialMap(1,1) X; TemporalMap(10,10) Y; Cluster(1,P); \
         TemporalMap(9,9) Y; TemporalMap(1,1) X; SpatialMap(1,1) C; TemporalMap(1,1) K; }",
        "--pes 1 --noc-bw 81920000 --noc-hops 1",
    );
    assert_eq!(figure(&row, "layer_macs"), 26.0);
    assert!(figure(&row, "cycles") >= 26.0 && figure(&row, "utilization") <= 1.0, "{row:?}");
    // 4 bytes per cycle move off-chip.
    let row = of("Type: CONV Dimensions { K: 8, C: 8, R: 1, S: 1, Y: 24, X: 96 }", "", "--hw edge16");
    let moved = ["offchip_in_input", "offchip_in_filter", "offchip_out"].map(|name| figure(&row, name));
    assert_eq!(moved, [18_432.0, 64.0, 18_432.0]);
    assert_eq!((figure(&row, "offchip_bytes"), figure(&row, "cycles")), (moved.iter().sum(), 9_232.0));
}

#[test]
fn the_models_differ_and_say_which_they_are() {
    let dir = Dir::new();
    let exact = dir.run("estimate --network resnet8 --hw edge16 --fit --format json").quiet().stdout;
    let named = dir.run("estimate --network resnet8 --hw edge16 --fit --model exact --format json").quiet().stdout;
    assert_eq!(exact, named);
    let reference =
        json(&dir.run("estimate --network resnet8 --hw edge16 --fit --model maestro --format json").quiet().stdout);
    let exact = json(&exact);
    assert_eq!((&exact["model"], &reference["model"]), (&"exact".into(), &"maestro".into()));
    assert_ne!(exact["total"]["cycles"], reference["total"]["cycles"]);
    let table = dir.run("estimate --network resnet8 --hw edge16 --fit --model maestro").quiet().stdout;
    assert!(table.lines().next().unwrap().ends_with("; MAESTRO's model"), "{table}");
    // The format of the reference's CSV implies its model.
    let csv = |flags: &str| dir.run(&format!("estimate --format maestro-csv {flags}")).quiet().stdout;
    assert_eq!(csv(""), csv("--model maestro"));
}

#[test]
fn the_head_describes_the_accelerator() {
    let dir = Dir::new();
    let flags = "--bits 8:8:8:32 --activations l2 --multicast no --l1-buffers 1 --l2-buffers 1 --cluster-buffer 999 \
                 --weights-bw 2 --simd 2";
    let head = dir.run(&format!("estimate --hw edge16 --fit {flags}")).quiet().stdout;
    let expected = "ds_cnn on 16 PEs x 2 lanes, L1 256 B (single), clusters 999 B, L2 65,536 B (single), NoC 16 B/cycle + 1 \
                    cycles without multicast, off-chip 4 B/cycle, weights 2 B/cycle, activations in L2, 8:8:8:32 bits; exact \
                    model";
    assert_eq!(head.lines().next().unwrap(), expected);
}

#[test]
fn mappings_of_the_reference_are_costed_or_refused_with_a_reason() {
    let dir = Dir::new();
    dir.file("summary.m", text("parity/summary.m"));
    let run = dir.run("estimate --mapping summary.m --hw edge16 --pes 2048 --format json");
    match run.code {
        Some(0) => assert!(json(&run.stdout)["layers"].as_array().unwrap().len() > 3),
        _ => assert!(run.failed(1).starts_with("error: layer ")),
    }
}
