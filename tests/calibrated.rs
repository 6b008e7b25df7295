//! `--calibration` of `space campaign`, `codesign`, `explore` and `map` gives the cycles of `estimate --calibration`.

use std::collections::HashMap;

use serde_json::Value;

use crate::common::{Dir, read};

/// Invented rates: each layer is determined by a different term.
const CALIBRATION: &str = "constant = 500\nlayer = [800, 1400]\nnetwork = 1229\n
[rates]\ndense = 131072\nchannelwise = 65536\noutputs = 90000\nweights = 60000\n";

const CONV: &str = "Layer conv { Type: CONV Dimensions { K: 8, C: 4, R: 3, S: 3, Y: 34, X: 34 } }";
const DEPTHWISE: &str = "Layer depthwise { Type: DSCONV Dimensions { K: 1, C: 8, R: 3, S: 3, Y: 10, X: 10 } }";
const GEMM: &str = "Layer gemm { Type: GEMM Dimensions { M: 6, N: 8, K: 120 } }";

/// A directory with two networks and a calibration. The second network is larger and more accurate.
fn dir() -> Dir {
    let dir = Dir::new();
    dir.file("a.m", format!("Network a {{ {DEPTHWISE} {GEMM} }}"));
    dir.file("b.m", format!("Network b {{ {CONV} {DEPTHWISE} {GEMM} {CONV} }}"));
    dir.file("acc.csv", "network,accuracy\na,50\nb,60\n");
    dir.file("chip.cal", CALIBRATION);
    dir.file("other.cal", CALIBRATION.replace("constant = 500", "constant = 501"));
    dir
}

/// The rows of a CSV, by the names of the columns.
fn rows(csv: &str) -> Vec<HashMap<String, String>> {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let header: Vec<String> = reader.headers().unwrap().iter().map(String::from).collect();
    let row = |row: csv::StringRecord| header.iter().cloned().zip(row.iter().map(String::from)).collect();
    reader.records().map(|record| row(record.unwrap())).collect()
}

fn json(dir: &Dir, line: &str) -> Value {
    serde_json::from_str(&dir.run(line).well().stdout).unwrap()
}

/// Calibrated cycles of the layers of an estimate.
fn layers(estimate: &Value) -> Vec<u64> {
    estimate["layers"].as_array().unwrap().iter().map(|layer| layer["calibrated_cycles"].as_u64().unwrap()).collect()
}

/// Calibrated cycles of a network, and the upper bound for nine in ten networks.
fn estimate(dir: &Dir, line: &str) -> [u64; 2] {
    let estimate = json(dir, &format!("estimate {line} --format json"));
    ["calibrated_cycles", "calibrated_upper_cycles"].map(|name| estimate["total"][name].as_u64().unwrap())
}

#[test]
fn a_campaign_has_calibrated_cycles_and_whose_they_are() {
    let dir = dir();
    let campaign = "space campaign --models a.m,b.m --hw edge16,ethos-u55-128 --dataflow kcp_ws,xp_ws --mixed";
    let run = dir.run(&format!("{campaign} --calibration chip.cal -o out")).well();
    assert!(run.stderr.contains("exact model, cycles as calibrated"), "{}", run.stderr);
    let latency = rows(&read(&dir.path("out/latency.csv")));
    for (row, network) in latency.iter().zip(["a", "b"]) {
        for hw in ["edge16", "ethos-u55-128"] {
            let cell = |dataflow: &str| row[&format!("{dataflow}_{hw}")].parse::<u64>().unwrap();
            let [kcp, xp] = ["kcp_ws", "xp_ws"].map(|dataflow| {
                let line = format!("--network {network}.m --hw {hw} --dataflow {dataflow} --calibration chip.cal");
                let estimate = json(&dir, &format!("estimate {line} --format json"));
                assert_eq!(estimate["total"]["calibrated_cycles"], cell(dataflow), "{line}");
                layers(&estimate)
            });
            // The best dataflow by calibrated cycles, layer by layer.
            let best: u64 = kcp.iter().zip(&xp).map(|(kcp, xp)| kcp.min(xp)).sum();
            assert_eq!(cell("mixed"), best, "{network} {hw}");
        }
    }
    // Energies do not change.
    dir.run(&format!("{campaign} -o bare")).well();
    let energy = |of: &str| {
        let text = read(&dir.path(&format!("{of}/energy.csv")));
        rows(&text).into_iter().map(|row| row["kcp_ws_edge16"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(energy("out"), energy("bare"));
    let manifest =
        |of: &str| -> Value { serde_json::from_str(&read(&dir.path(&format!("{of}/manifest.json")))).unwrap() };
    assert_eq!(manifest("out")["calibration"]["rates"]["outputs"], 90000);
    assert_eq!(manifest("out")["calibration"]["constant"], 500);
    assert!(manifest("bare")["calibration"].is_null());
    // A complete campaign is recognised. With another calibration, or without one, it is another campaign.
    let again = |with: &str| dir.run(&format!("{campaign} {with} -o out --resume")).well().stderr;
    assert!(again("--calibration chip.cal").contains("holds this campaign, complete"));
    assert!(again("--calibration other.cal").contains("the results of another campaign are replaced"));
    assert!(again("").contains("the results of another campaign are replaced"));
    // A campaign that was begun is not continued with another calibration.
    std::fs::create_dir(dir.path("out/.partial")).unwrap();
    std::fs::copy(dir.path("bare/manifest.json"), dir.path("out/.partial/manifest.json")).unwrap();
    let refused = dir.run(&format!("{campaign} --calibration chip.cal -o out --resume")).failed(1);
    assert!(refused.contains("with another calibration: it was null, now it is {\"constant\":500"), "{refused}");
}

#[test]
fn codesign_holds_the_upper_bound_against_a_deadline() {
    let dir = dir();
    let bounds = ["a", "b"].map(|network| {
        estimate(&dir, &format!("--network {network}.m --hw edge16 --dataflow kcp_ws --calibration chip.cal"))
    });
    let [[_, a_upper], [b, b_upper]] = bounds;
    // By the model, the more accurate network meets a deadline that nine in ten such networks do not meet.
    assert!(a_upper < b && b < b_upper, "{bounds:?}");
    let search = "codesign --models a.m,b.m --accuracy acc.csv --hw edge16 --dataflow kcp_ws --format json";
    for method in ["adaptive", "coupled"] {
        let answer = |latency: u64| {
            let line = format!("{search} --method {method} --constraint latency={latency} --calibration chip.cal");
            let run = dir.run(&line).well();
            let within =
                format!("for nine in ten networks to meet a latency of {latency} cycles, the estimate may be at most ");
            assert!(run.stderr.contains(&within), "{}", run.stderr);
            let answer: Value = serde_json::from_str(&run.stdout).unwrap();
            (answer[0]["id"].as_str().unwrap().to_string(), answer[0]["cycles"].as_u64().unwrap())
        };
        assert_eq!(answer(b_upper), ("b".to_string(), b), "{method}");
        assert_eq!(answer(b_upper - 1), ("a".to_string(), bounds[0][0]), "{method}");
    }
    // Files of two calibrations are not kept together.
    let save = |calibration: &str| {
        dir.run(&format!("{search} --calibration {calibration} --constraint latency={b_upper} -o found")).well().stderr
    };
    save("chip.cal");
    let summary: Value = serde_json::from_str(&read(&dir.path("found/summary.json"))).unwrap();
    assert_eq!(summary["calibration"]["rates"]["dense"], 131072);
    assert!(!save("chip.cal").contains("another search"));
    assert!(save("other.cal").contains("the results of another search are replaced"));
}

#[test]
fn evolution_looks_at_calibrated_cycles() {
    let dir = dir();
    let evolve = "codesign --space tiny --method evolve --population 4 --generations 2 --hw edge16 --dataflow kcp_ws \
                  --objectives latency,energy --format json";
    let bare = json(&dir, evolve);
    let calibrated = json(&dir, &format!("{evolve} --calibration chip.cal"));
    let cycles = |front: &Value| front[0]["cycles"].as_u64().unwrap();
    assert!(cycles(&calibrated) > cycles(&bare), "{calibrated} {bare}");
}

#[test]
fn explore_has_calibrated_cycles_of_each_design() {
    let dir = dir();
    let explore = "explore --network b.m --dataflow kcp_ws:cluster=4 --hw edge16 \
                   --hw-grid pes=16:64,noc=4:16,offchip=1:8,l2=4096:65536 --objective latency,energy,area";
    let front = |with: &str| rows(&dir.run(&format!("{explore} --format csv {with}")).well().stdout);
    // Cycles on and off the chip have separate rates. All cycles together depend on the off-chip bandwidth as well.
    dir.file("factor.cal", "constant = 7\nlayer = [800, 1400]\nnetwork = 1024\n[rates]\ncycles = 70000\n");
    let bare = front("");
    let mut fastest = u64::MAX;
    for calibration in ["factor.cal", "chip.cal"] {
        let calibrated = front(&format!("--calibration {calibration}"));
        assert!(calibrated.len() > 4, "{}", calibrated.len());
        fastest = u64::MAX;
        for row in &calibrated {
            let [pes, noc, offchip, l2] =
                ["pes", "noc_bytes_per_cycle", "offchip_bytes_per_cycle", "l2_bytes"].map(|column| &row[column]);
            let line = format!(
                "--network b.m --hw edge16 --dataflow kcp_ws:cluster=4 --pes {pes} --noc-bw {noc} --offchip-bw {offchip} \
                 --l2 {l2} --calibration {calibration}"
            );
            let [cycles, upper] = estimate(&dir, &line);
            assert_eq!(row["cycles"].parse(), Ok(cycles), "{line}");
            fastest = fastest.min(upper);
            // Energies do not change.
            assert!(bare.iter().any(|bare| bare["energy_nj"] == row["energy_nj"]), "{line}");
        }
    }
    // A limit applies to the upper bound: at 500 MHz, the fastest design meets its own cycles as the limit, but not
    // one cycle less.
    let limited = |cycles: u64, code: Option<i32>| {
        let ms = cycles as f64 / 500.0 / 1000.0;
        let run = dir.run(&format!("{explore} --format csv --calibration chip.cal --clock 500 --latency-max {ms}"));
        assert_eq!(run.code, code, "{}", run.stderr);
    };
    limited(fastest, Some(0));
    limited(fastest - 1, Some(1));
    // A calibrated chip may be faster than the lanes in its description allow.
    dir.file("tenth.cal", "layer = [1024, 1024]\nnetwork = 1024\n[rates]\ncycles = 6554\n");
    dir.run(&format!("{explore} --calibration tenth.cal --clock 500 --latency-max 0.01")).well();
    let text = dir.run(&format!("{explore} --calibration chip.cal")).well().stdout;
    assert!(text.starts_with("b, exact model, cycles as calibrated, "), "{text}");
    let found = json(&dir, &format!("{explore} --calibration chip.cal --format json"));
    assert_eq!(found["calibration"]["network"], 1229);
}

#[test]
fn map_has_calibrated_cycles_of_the_mappings_that_it_finds() {
    let dir = dir();
    let map = "map --network b.m --hw edge16 --budget 200 --calibration chip.cal";
    let found = rows(&dir.run(&format!("{map} --format csv -o best.m")).well().stdout);
    let estimate = json(&dir, "estimate --mapping best.m --hw edge16 --calibration chip.cal --format json");
    let cells: Vec<u64> = found.iter().map(|row| row["calibrated_cycles"].parse().unwrap()).collect();
    assert_eq!(cells, layers(&estimate));
    let [cycles, upper] = ["calibrated_cycles", "calibrated_upper_cycles"].map(|name| estimate["total"][name].clone());
    let table = dir.run(map).well().stdout.replace(',', "");
    let last =
        format!("as calibrated: {cycles} cycles nine in ten networks at most {upper}; mappings are the best ones");
    assert!(table.contains(&last), "{table}");
    // The mappings are the same as without a calibration, and so are the mappings that `explore` finds.
    let bare = rows(&dir.run("map --network b.m --hw edge16 --budget 200 --format csv").well().stdout);
    assert!(found.iter().zip(&bare).all(|(found, bare)| found["mapping"] == bare["mapping"]));
    assert!(!bare[0].contains_key("calibrated_cycles"));
    let grid = "--hw edge16 --hw-grid pes=16 --dataflow map --map-budget 200 --calibration chip.cal --format csv";
    let mapped = rows(&dir.run(&format!("explore --network b.m {grid} --objective latency,energy")).well().stdout);
    let estimate = json(&dir, "estimate --mapping best.m --hw edge16 --pes 16 --calibration chip.cal --format json");
    assert_eq!(mapped[0]["cycles"], estimate["total"]["calibrated_cycles"].to_string());
}

#[test]
fn what_a_calibration_is_not_for_is_refused() {
    let dir = dir();
    dir.file("bad.cal", "layer = [1, 2]\n");
    let commands = [
        "space campaign --models a.m --hw edge16 --dataflow kcp_ws -o out",
        "codesign --models a.m,b.m --accuracy acc.csv --hw edge16 --dataflow kcp_ws -o out",
        "explore --network a.m --hw-grid pes=16 -o out",
        "map --network a.m -o out",
    ];
    let before = dir.files();
    for command in commands {
        let maestro = dir.run(&format!("{command} --calibration chip.cal --model maestro")).failed(2);
        assert!(maestro.contains("exact model") && maestro.contains("leave out"), "{maestro}");
        let bad = dir.run(&format!("{command} --calibration bad.cal")).failed(1);
        assert!(bad.contains("bad.cal: ") && bad.contains("network"), "{bad}");
    }
    let csv = dir.run(&format!("{} --calibration chip.cal --energy maestro-csv", commands[0])).failed(2);
    assert!(csv.contains("--calibration is of the exact model"), "{csv}");
    dir.run("compile a.m --hw edge16 --calibration chip.cal -o a.mst").well();
    let blob = dir.run("space campaign --models a.m --hw a.mst --dataflow kcp_ws -o out").failed(1);
    assert!(blob.contains("calibration") && blob.contains("--calibration"), "{blob}");
    std::fs::remove_file(dir.path("a.mst")).unwrap();
    let mut after = dir.files();
    // A refused search leaves only the lock of its output.
    after.retain(|name| before.contains(name) || name != "out");
    assert_eq!(after, before);
}
