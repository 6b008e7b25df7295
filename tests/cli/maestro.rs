//! `maestrino maestro`, which takes the arguments of the reference and writes its CSV.

use std::process::Command;

use maestrino::host::builtin::NETWORKS;
use maestrino::host::report::maestro_csv;

use super::json;
use crate::common::{Dir, Run, assert_same_text, read, text};

#[test]
fn models_become_mappings_and_models_again() {
    let dir = Dir::new();
    for network in NETWORKS {
        let name = network.name;
        dir.run(&format!("convert {name} --output model.m")).quiet();
        dir.run("convert model.m --dataflow kcp_ws:cluster=32 --output mapping.m").quiet();
        dir.run("convert mapping.m --output again.m").quiet();
        let (model, mapping) = (read(&dir.path("model.m")), read(&dir.path("mapping.m")));
        assert_eq!(read(&dir.path("again.m")), model, "{name}");
        assert!(!model.contains("Dataflow"), "{name}");
        let layers = model.matches("Layer ").count();
        assert_eq!(mapping.matches("Dataflow {").count(), layers, "{name}");

        // The mapping file and the network itself give the same figures.
        let direct = format!("estimate --network {name} --dataflow kcp_ws:cluster=32 --format json");
        let direct = json(dir.run(&direct).quiet());
        let through = json(dir.run("estimate --mapping mapping.m --format json").quiet());
        assert_eq!(through["total"], direct["total"], "{name}");
        assert_eq!(through["network"], name);
        assert_eq!(through["layers"].as_array().unwrap().len(), layers);
    }
}

const FLAGS: &str = "--num_pes=50 --noc_bw_cstr=5 --noc_hops=3 --noc_hop_latency=2 --offchip_bw_cstr=6 \
                     --num_simd_lanes=2 --l1_size_cstr=9 --l2_size_cstr=100";

#[test]
fn maestro_writes_the_csv_anew() {
    let dir = Dir::new();
    dir.file("alternating.m", text("parity/alternating.m"));
    dir.file("alternating.csv", "stale\n".repeat(10_000));
    for _ in 0..2 {
        let run = dir.run(&format!("maestro --Mapping_file=alternating.m {FLAGS}")).quiet();
        assert_same_text(&text("parity/alternating-flags.screen"), &run.stdout);
        let csv = read(&dir.path("alternating.csv"));
        assert_same_text(&text("parity/alternating-flags.csv"), &csv);
        assert_eq!(csv.lines().next(), Some(maestro_csv::HEADER));
    }
    assert_eq!(dir.files(), ["alternating.csv", "alternating.m"]);
}

#[test]
fn maestro_names_the_csv_as_the_reference_does() {
    let dir = Dir::new();
    std::fs::create_dir_all(dir.path("data/mapping")).unwrap();
    std::fs::create_dir_all(dir.path("data/hw")).unwrap();
    dir.file("data/mapping/net.v2.m", text("parity/products.m"));
    dir.file("data/hw/hw.m", text("parity/whole.hw"));
    for path in ["data/mapping/net.v2.m", "data/hw/../mapping/net.v2.m", "./data/mapping/net.v2.m"] {
        dir.run(&format!("maestro --Mapping_file={path} --HW_file=data/hw/hw.m --print_res=false")).quiet();
        assert_same_text(&text("parity/products.csv"), &read(&dir.path("net.csv")));
        std::fs::remove_file(dir.path("net.csv")).unwrap();
    }
    dir.run("maestro --Mapping_file=data/mapping/net.v2.m --print_res_csv_file=false --num_pes=96").quiet();
    assert_eq!(dir.files(), ["data"]);
    assert_eq!(std::fs::read_dir(dir.path("data/mapping")).unwrap().count(), 1);
}

#[test]
fn maestro_prints_what_its_flags_ask_for() {
    let dir = Dir::new();
    dir.file("alternating.m", text("parity/alternating.m"));
    let golden = text("parity/alternating-flags.screen");
    let (layers, bandwidths) = golden.split_at(golden.find("BW Analysis:").unwrap());
    let run = |more: &str| dir.run(&format!("maestro --Mapping_file=alternating.m {FLAGS} {more}")).quiet().stdout;
    assert_eq!(run("--print_res=false"), bandwidths);
    assert_eq!(run("--print_res_csv_file=false"), layers);
    assert_eq!(run("--print_res=0 --print_res_csv_file=no"), "");
    // These flags have no effect, as in the reference.
    assert_eq!(run("--msg_print_lv=3 --do_dse=true --noc_mc_support=false --verbose=true"), golden);
}

#[test]
fn maestro_takes_abbreviated_flags() {
    let dir = Dir::new();
    dir.file("products.m", text("parity/products.m"));
    dir.file("hw.m", text("parity/whole.hw"));
    for flags in
        ["--Mapping_file=products.m --HW_file=hw.m", "--Map=products.m --HW=hw.m", "--Mapping products.m --HW_f hw.m"]
    {
        dir.run(&format!("maestro {flags}")).quiet();
        assert_same_text(&text("parity/products.csv"), &read(&dir.path("products.csv")));
        std::fs::remove_file(dir.path("products.csv")).unwrap();
    }
    dir.run("maestro --Mapping_file=products.m --num_p=96 --noc_b=24 --noc_hop=2 --offchip=12").failed(2);
    dir.run("maestro --Mapping_file=products.m --num_p=96 --noc_b=24 --noc_hops=2 --noc_hop_l=1 --offchip=12").quiet();
    assert_same_text(&text("parity/products.csv"), &read(&dir.path("products.csv")));
}

#[cfg(unix)]
#[test]
fn the_program_stands_in_for_the_reference_under_its_name() {
    let dir = Dir::new();
    dir.file("alternating.m", text("parity/alternating.m"));
    std::fs::create_dir_all(dir.path("bin")).unwrap();
    let program = dir.path("bin/maestro");
    for copy in [false, true] {
        if copy {
            std::fs::remove_file(&program).unwrap();
            // Another process copies the program. If this process did, tests that run in parallel could pass the open
            // file on to programs that they start, and a file that is open for writing cannot be executed.
            let copied = Command::new("cp").arg(env!("CARGO_BIN_EXE_maestrino")).arg(&program).status().unwrap();
            assert!(copied.success());
        } else {
            std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_maestrino"), &program).unwrap();
        }
        let command = || {
            let mut command = Command::new(&program);
            command.current_dir(dir.path(""));
            command
        };
        let flags: Vec<&str> = FLAGS.split_whitespace().collect();
        let run = Run::of("maestro", command().arg("--Mapping_file=alternating.m").args(&flags)).quiet();
        assert_same_text(&text("parity/alternating-flags.screen"), &run.stdout);
        assert_same_text(&text("parity/alternating-flags.csv"), &read(&dir.path("alternating.csv")));
        std::fs::remove_file(dir.path("alternating.csv")).unwrap();
        assert!(Run::of("maestro", command().arg("--Mapping_file=none.m")).failed(1).contains("none.m"));
        assert!(Run::of("maestro", command().arg("--bogus")).failed(2).contains("--bogus"));
        assert_eq!(dir.files(), ["alternating.m", "bin"]);
    }
}

/// A layer with 6.5e18 MACs, which fit into 64 bits. The accesses for three tensors do not.
#[test]
fn maestro_does_not_panic_on_huge_layers() {
    let dir = Dir::new();
    let huge = "Type: CONV Dimensions { K: 4194304, C: 1048576, R: 1, S: 1, Y: 1216, X: 1216 } \
                Dataflow { SpatialMap(1,1) K; TemporalMap(64,64) C; TemporalMap(1024,1024) Y; TemporalMap(1024,1024) X; }";
    dir.file("huge.m", format!("Network huge {{ Layer a {{ {huge} }} }}"));
    assert!(dir.run("maestro --Mapping_file=huge.m --num_pes=1024").well().stdout.contains("6503197861922996224"));
    // Layers whose needs of L2 fit into 64 bits, but not their sum.
    let large =
        "Type: CONV Dimensions { K: 1, C: 262144, R: 1, S: 1, Y: 1048576, X: 1048576 } Dataflow { SpatialMap(1,1) K; }";
    let layers: String = (0..40).map(|i| format!("Layer a{i} {{ {large} }}\n")).collect();
    dir.file("large.m", format!("Network large {{ {layers} }}"));
    dir.run("maestro --Mapping_file=large.m --num_pes=1");
}
