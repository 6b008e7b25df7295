//! `maestrino explain` on the command line: drawings that were checked by eye, and figures that equal those of
//! `estimate`.
//!
//! `WRITE_EXPLAINED=1 cargo test explain` writes the drawings again. Check them by eye.

use serde_json::Value;

use crate::common::{Dir, assert_same_text, data, read};

/// An accelerator on which every preset fits.
const HARDWARE: &str =
    "num_pes: 64\nl1_size_cstr: 4000\nl2_size_cstr: 40000\nnoc_bw_cstr: 16\nNoC_NumHops: 1\noffchip_bw_cstr: 4\n";

/// Layers with unusual features: cut tiles, a stride, depthwise, a product, one channel, a pool.
const LAYERS: &str = "Network odd {
    Layer conv { Type: CONV Stride { X: 1, Y: 1 } Dimensions { K: 10, C: 6, R: 3, S: 3, Y: 11, X: 11 } }
    Layer strided { Type: CONV Stride { X: 2, Y: 2 } Dimensions { K: 8, C: 3, R: 3, S: 3, Y: 13, X: 13 } }
    Layer depthwise { Type: DSCONV Stride { X: 1, Y: 1 } Dimensions { C: 12, R: 3, S: 3, Y: 9, X: 9 } }
    Layer product { Type: GEMM Dimensions { M: 5, N: 7, K: 20 } }
    Layer point { Type: CONV Stride { X: 1, Y: 1 } Dimensions { K: 70, C: 1, R: 1, S: 1, Y: 1, X: 1 } }
}
";

/// Layers with their own dataflows: clusters of one PE, three levels, products on a diagonal.
const MAPPED: &str = "Network own {
    Layer single { Type: CONV Stride { X: 1, Y: 1 } Dimensions { K: 6, C: 4, R: 3, S: 3, Y: 8, X: 8 }
        Dataflow { SpatialMap(1,1) K; TemporalMap(2,2) C; TemporalMap(3,1) Y; TemporalMap(8,8) X; Cluster(1, P);
            SpatialMap(1,1) C; TemporalMap(3,3) R; } }
    Layer nested { Type: GEMM Dimensions { M: 9, N: 10, K: 16 }
        Dataflow { SpatialMap(4,4) M; TemporalMap(10,10) N; TemporalMap(8,8) K; Cluster(16, P);
            SpatialMap(1,1) M; TemporalMap(5,5) N; TemporalMap(8,8) K; Cluster(4, P); SpatialMap(2,2) K; } }
}
";

fn dir() -> Dir {
    let dir = Dir::new();
    dir.file("chip.m", HARDWARE);
    dir.file("odd.m", LAYERS);
    dir.file("own.m", MAPPED);
    dir
}

/// Asserts that the drawing is the one that was checked.
#[track_caller]
fn is_as_drawn(name: &str, arguments: &str) {
    let drawn = dir().run(arguments).quiet().stdout;
    let path = data("explain").join(format!("{name}.txt"));
    if std::env::var_os("WRITE_EXPLAINED").is_some() {
        std::fs::write(&path, &drawn).unwrap();
    }
    assert_same_text(&read(&path), &drawn);
}

#[test]
fn a_convolution_is_drawn() {
    is_as_drawn("conv", "explain conv --network odd.m --hw chip.m --dataflow kcp_ws:cluster=8");
}

#[test]
fn row_stationary_is_drawn_with_its_diagonals() {
    is_as_drawn("rs", "explain strided --network odd.m --hw chip.m --dataflow rs");
}

#[test]
fn products_and_depthwise_layers_are_drawn() {
    is_as_drawn("others", "explain product depthwise --network odd.m --hw chip.m --steps 2 --units 2");
}

#[test]
fn layers_with_dataflows_of_their_own_are_drawn() {
    is_as_drawn("own", "explain 1 2 --mapping own.m --hw chip.m --units 2");
}

#[test]
fn what_does_not_fit_is_drawn_and_told() {
    let dir = dir();
    let small = dir.run("explain conv --network odd.m --hw chip.m --l1 8 --l2 64").quiet().stdout;
    assert!(small.contains("Off-chip: L2 is too small: the least that would do is"), "{small}");
    assert!(small.contains("Does not fit: L1 would need") && small.contains("Does not fit: L2 would need"), "{small}");
}

/// The number after a word.
fn number(text: &str, before: &str) -> u64 {
    let begin = text.find(before).unwrap_or_else(|| panic!("no {before} in {text}")) + before.len();
    let digits = text[begin..].chars().take_while(|c| c.is_ascii_digit() || *c == ',').filter(|c| *c != ',');
    digits.collect::<String>().parse().unwrap()
}

/// The cells of the line that begins with a word, below the first heading of kinds of steps.
fn cells<'a>(text: &'a str, name: &str) -> Vec<&'a str> {
    let line = text.lines().find(|line| line.trim_start().starts_with(name)).unwrap();
    line.split_whitespace().collect()
}

#[test]
fn figures_are_those_of_estimate_for_every_preset() {
    let dir = dir();
    let mut looked_at = 0;
    for preset in [
        "kcp_ws", "xp_ws", "rs", "ykp_os", "yxp_os", "ckp_ws", "nlr", "maeri", "dpt", "nmk", "kxc_os", "cyr_rs",
        "nkp_ws",
    ] {
        for layer in ["conv", "strided", "depthwise", "product", "point"] {
            let arguments = format!("{layer} --network odd.m --hw chip.m --dataflow {preset}");
            let drawn = dir.run(&format!("explain {arguments}"));
            if drawn.code != Some(0) {
                continue;
            }
            let told = dir.run(&format!(
                "estimate --network odd.m --hw chip.m --dataflow {preset} --skip-unsupported --format json"
            ));
            let told: Value = serde_json::from_str(&told.well().stdout).unwrap();
            let row = told["layers"].as_array().unwrap().iter().find(|row| row["name"] == layer).unwrap();
            let figure = |name: &str| row[name].as_u64().unwrap_or_else(|| panic!("{name}: {row}"));
            let text = &drawn.stdout;
            assert_eq!(number(text, "Cycles: "), figure("cycles"), "{arguments}");
            let total = cells(text, "total");
            let own: Vec<u64> = total[1..].iter().map(|cell| cell.replace(',', "").parse().unwrap()).collect();
            let expected =
                ["steps", "l2_read_input", "l2_read_filter", "l2_read_psum", "l2_write_output", "on_chip_cycles"];
            assert_eq!(own, expected.map(figure), "{arguments}");
            looked_at += 1;
        }
    }
    assert!(looked_at > 50, "{looked_at}");
}

/// The largest possible array takes no longer to draw.
#[test]
fn the_largest_array_is_drawn() {
    let dir = dir();
    let drawn = dir.run("explain conv depthwise --network odd.m --pes 2147483647 --dataflow kcp_ws").quiet().stdout;
    assert!(drawn.contains("PE 2147483646") && drawn.contains("10 tiles on 33,554,431 clusters: 1 turn"), "{drawn}");
    let cycles = |pes: &str| {
        let told =
            dir.run(&format!("estimate --network odd.m --pes {pes} --dataflow kcp_ws --format json")).quiet().stdout;
        serde_json::from_str::<Value>(&told).unwrap()["total"]["cycles"].as_u64().unwrap()
    };
    assert_eq!(cycles("2147483647"), cycles("100000"));
}

#[test]
fn layers_are_named_or_numbered() {
    let dir = dir();
    let by_name = dir.run("explain product --network odd.m --hw chip.m").quiet().stdout;
    let by_number = dir.run("explain 4 --network odd.m --hw chip.m").quiet().stdout;
    assert_eq!(by_name, by_number);
    let both = dir.run("explain 4 conv --network odd.m --hw chip.m -o both.txt").quiet();
    assert_eq!(both.stdout, "");
    assert!(read(&dir.path("both.txt")).starts_with(&by_name));
    let error = dir.run("explain pool 1 --network odd.m --hw chip.m -o none.txt").failed(1);
    assert!(error.contains("odd has no layer pool") && error.contains("conv, strided"), "{error}");
    assert!(dir.run("explain 6 --network odd.m").failed(1).contains("from 1 to 5"));
    assert!(dir.run("explain 0 --network odd.m").failed(1).contains("no layer 0"));
    assert!(!dir.path("none.txt").exists());
    assert_eq!(dir.run("explain").code, Some(2));
    assert!(dir.run("explain 1 --model maestro").failed(2).contains("leave out --model maestro"));
    assert!(dir.run("explain 1 --dataflow rs,kcp_ws").failed(2).contains("takes one dataflow"));
    assert!(dir.run("explain 1 --dataflow map:energy").failed(2).contains("search first"));
    assert!(dir.run("explain 1 --hw eyeriss --pes 3 --dataflow rs").failed(1).contains("layer conv"));
}
