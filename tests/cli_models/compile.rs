//! `compile`: turns networks into blobs.

use super::{SMALL, json};
use crate::common;
use crate::common::Dir;

#[test]
fn compile_takes_an_accelerator_as_estimate_does_and_writes_bytes_or_c() {
    let dir = Dir::new();
    let bytes = |name: &str| std::fs::read(dir.path(name)).unwrap();
    dir.run("compile ds_cnn --hw edge16 -o net.mst").well();
    dir.run("compile ds_cnn --hw edge16 --format c --symbol kws -o net.c").well();
    let source = common::read(&dir.path("net.c"));
    let list = source.split_once("const uint8_t kws[] = {").unwrap().1.split_once('}').unwrap().0;
    let numbers: Vec<u8> = list.split(',').filter_map(|number| number.trim().parse().ok()).collect();
    assert_eq!(numbers, bytes("net.mst"));
    assert!(source.ends_with(&format!("const uint32_t kws_length = {};\n", numbers.len())), "{source}");
    dir.run("compile ds_cnn --format c -o default.c").well();
    assert!(common::read(&dir.path("default.c")).contains("const uint8_t ds_cnn[] = {"));

    // `estimate` gives the blob the same costs on its own accelerator.
    let own = json(&dir.run("estimate --network net.mst --format json").quiet().stdout);
    let builtin = json(&dir.run("estimate --network ds_cnn --hw edge16 --format json").quiet().stdout);
    assert_eq!(own["total"], builtin["total"]);

    // Every figure of the accelerator is in the blob.
    for flags in ["--pes 8", "--l2 20000", "--noc-bw 3:5", "--clock 12", "--bits 8:4:8:32", "--energies 1,2,3,4,5"] {
        dir.run(&format!("compile ds_cnn --hw edge16 {flags} -o other.mst")).well();
        assert_ne!(bytes("other.mst"), bytes("net.mst"), "{flags}");
    }
    let tight = dir.run("compile ds_cnn --hw edge16 --l1 10 -o tight.mst").well();
    assert!(tight.stderr.contains("warning: does not fit: "), "{}", tight.stderr);
    let refused = dir.run("compile ds_cnn --hw edge16 --l1 10 --require-fit -o refused.mst");
    assert_eq!(refused.code, Some(1));
    assert!(refused.stderr.contains(" does not fit: ") && !dir.path("refused.mst").exists(), "{}", refused.stderr);
    for wrong in ["--symbol kws", "--format c --symbol 1x", "--model maestro"] {
        let wrong = dir.run(&format!("compile ds_cnn {wrong} -o wrong.mst"));
        assert_eq!((wrong.code, dir.path("wrong.mst").exists()), (Some(2), false), "{}", wrong.stderr);
    }
}

/// Firmware chooses from mappings that are the fastest at some bandwidths. To a reader that does not know of the
/// choice, the blob has the best mapping for its own accelerator.
#[test]
fn compile_maps_layers_and_leaves_a_choice() {
    let dir = Dir::new();
    dir.file("small.m", SMALL);
    dir.file("hw.m", "num_pes: 12\nl1_size_cstr: 200\nl2_size_cstr: 2000\nnoc_bw_cstr: 8\noffchip_bw_cstr: 4\n");
    let on = "compile small.m --hw hw.m --dataflow map -o";
    let plain = dir.run(&format!("{on} plain.mst")).well().stderr;
    assert!(plain.contains("2 of 2 mappings of a layer on an accelerator are proven to be the best"), "{plain}");
    let speeds = "--bandwidths offchip=1:4:16,noc=2:8";
    let choice = dir.run(&format!("{on} choice.mst {speeds}")).well().stderr;
    assert!(choice.contains("at the 6 combinations of bandwidths at most 0.00 % from the fastest found"), "{choice}");
    let one = dir.run(&format!("{on} one.mst {speeds} --pareto 1")).well().stderr;
    assert!(one.contains("3 mappings of 3 layers, of a layer 1 at most;") && !one.contains(" 0.00 %"), "{one}");
    let size = |name: &str| std::fs::metadata(dir.path(name)).unwrap().len();
    assert!(size("plain.mst") < size("one.mst") && size("one.mst") < size("choice.mst"));
    dir.run("map --network small.m --hw hw.m -o best.m").well();
    let csv = |network: &str| dir.run(&format!("estimate {network} --hw hw.m --format csv")).well().stdout;
    let best = csv("--mapping best.m");
    assert!(["plain.mst", "choice.mst", "one.mst"].iter().all(|blob| csv(&format!("--network {blob}")) == best));
    for (flags, code, message) in [
        ("--bandwidths offchip=1:4,l2=100", 1, "a blob is of one l2; vary noc, hops, offchip, l1 and simd"),
        (
            "--bandwidths offchip=1..200,noc=1..200",
            1,
            "40000 combinations are more than 10000: take fewer values of noc",
        ),
        ("--bandwidths offchip=1..1000000,noc=1..1000000,hops=0..999999", 1, "combinations are more than 10000"),
        ("--bandwidths offchip=4..1", 1, "is not a range FIRST..LAST:STEP that goes up"),
        ("--bandwidths fast", 1, "'fast' is not KEY=VALUES"),
        ("--pareto 2", 2, "--bandwidths"),
        ("--bandwidths offchip=1 --pareto 0", 2, "--pareto"),
    ] {
        let error = dir.run(&format!("{on} wrong.mst {flags}")).failed(code);
        assert!(error.contains(message) && !dir.path("wrong.mst").exists(), "{flags}: {error}");
    }
    let error = dir.run("compile small.m --hw hw.m --map-budget 5 -o wrong.mst").failed(2);
    assert!(error.contains("--map-budget is of --dataflow map"), "{error}");
}
