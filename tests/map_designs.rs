//! `--dataflow map`: campaigns and searches with the best mapping of each layer on each accelerator.

use std::collections::HashMap;

use crate::common::{Dir, read};

const GRID: &str = "--hw-grid pes=12,noc=8,offchip=4:8,l1=200,l2=2000";

const CONV: &str = "Layer conv { Type: CONV Dimensions { K: 8, C: 4, R: 3, S: 3, Y: 10, X: 10 } }";
const DEPTHWISE: &str = "Layer depthwise { Type: DSCONV Dimensions { K: 1, C: 8, R: 3, S: 3, Y: 10, X: 10 } }";
const GEMM: &str = "Layer gemm { Type: GEMM Dimensions { M: 6, N: 8, K: 12 } }";

/// Two networks of small layers. The second is more accurate.
fn dir() -> Dir {
    let dir = Dir::new();
    dir.file("a.m", format!("Network a {{ {CONV} {DEPTHWISE} }}"));
    dir.file("b.m", format!("Network b {{ {CONV} {GEMM} {CONV} }}"));
    dir.file("acc.csv", "network,accuracy\na,50\nb,60\n");
    dir
}

/// The rows of a CSV, by the names of the columns.
fn rows(csv: &str) -> Vec<HashMap<String, String>> {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let header: Vec<String> = reader.headers().unwrap().iter().map(String::from).collect();
    let row = |row: csv::StringRecord| header.iter().cloned().zip(row.iter().map(String::from)).collect();
    reader.records().map(|record| row(record.unwrap())).collect()
}

/// The cell of a campaign is the sum of what `map` finds for the layers of the network.
#[test]
fn a_network_costs_what_map_finds_for_its_layers() {
    let dir = dir();
    let campaign = "space campaign --models a.m,b.m --dataflow kcp_ws,map:edp";
    let run = dir.run(&format!("{campaign} {GRID} -o out")).well();
    let message = "map: 6 of 6 mappings of a layer on an accelerator are proven to be the best";
    assert!(run.stderr.lines().any(|line| line == message), "{}", run.stderr);
    let (latency, energy) = (rows(&read(&dir.path("out/latency.csv"))), rows(&read(&dir.path("out/energy.csv"))));
    let mut compared = 0;
    for (place, network) in ["a", "b"].into_iter().enumerate() {
        for offchip in [4, 8] {
            let hardware = format!(
                "num_pes: 12\nnoc_bw_cstr: 8\noffchip_bw_cstr: {offchip}\nl1_size_cstr: 200\nl2_size_cstr: 2000\n"
            );
            dir.file("hw.m", hardware);
            dir.run(&format!("map --network {network}.m --hw hw.m --objective edp --output best.m")).quiet();
            let estimate = dir.run("estimate --mapping best.m --hw hw.m --format json").well();
            let json: serde_json::Value = serde_json::from_str(&estimate.stdout).unwrap();
            let cell = |table: &[HashMap<String, String>]| {
                table[place][&format!("map_pes12_noc8_offchip{offchip}_l1-200_l2-2000")].parse::<f64>().unwrap()
            };
            assert_eq!(json["total"]["cycles"].as_f64().unwrap(), cell(&latency), "{network} {offchip}");
            // The sum is in another order.
            let nj = json["total"]["energy_nj"].as_f64().unwrap();
            assert!((nj / cell(&energy) - 1.0).abs() < 1e-12, "{network} {offchip}");
            compared += 1;
        }
    }
    assert_eq!(compared, 4);
    for threads in [1, 2] {
        dir.run(&format!("{campaign} {GRID} --threads {threads} -o out{threads}")).well();
        for table in ["latency.csv", "energy.csv"] {
            assert_eq!(read(&dir.path(&format!("out{threads}/{table}"))), read(&dir.path(&format!("out/{table}"))));
        }
    }
}

#[test]
fn searches_answer_with_mappings_and_their_certificate() {
    let dir = dir();
    let search = format!("codesign --models a.m,b.m --accuracy acc.csv {GRID} --dataflow xp_ws,map");
    let run = dir.run(&format!("{search} --constraint latency=1e6 --format csv --output found")).well();
    assert!(run.stderr.lines().any(|line| line.starts_with("map: 6 of 6 ")), "{}", run.stderr);
    let answers = rows(&run.stdout);
    let of = |method: &str| answers.iter().find(|row| row["method"] == method).unwrap();
    let (coupled, adaptive) = (of("coupled"), of("adaptive"));
    for column in ["id", "accelerator", "dataflow", "accuracy", "cycles", "energy", "fits", "missed"] {
        assert_eq!(coupled[column], adaptive[column], "{column}");
    }
    assert_eq!([&coupled["id"], &coupled["dataflow"], &coupled["fits"]], ["b", "map", "yes"]);
    let breakdown = rows(&read(&dir.path("found/breakdown.csv")));
    assert!(breakdown.len() == 3 && breakdown.iter().all(|row| row["dataflow"] == "map"));
    let cycles: u64 = breakdown.iter().map(|row| row["cycles"].parse::<u64>().unwrap()).sum();
    assert_eq!(cycles.to_string(), coupled["cycles"]);
    dir.run("report found").quiet();
    // The same search with only one method, which needs no more mappings than before.
    let alone = dir.run(&format!("{search} --constraint latency=1e6 --method adaptive --format csv")).well();
    let row = &rows(&alone.stdout)[0];
    assert_eq!(
        [&row["id"], &row["cycles"], &row["missed"]],
        [&adaptive["id"], &adaptive["cycles"], &adaptive["missed"]]
    );
    assert!(alone.stderr.lines().any(|line| line.starts_with("map: 4 of 4 ")), "{}", alone.stderr);
}

#[test]
fn where_no_mapping_fits_the_smallest_is_told() {
    let dir = dir();
    let base = "space campaign --models a.m,b.m --hw-grid pes=12,noc=8,offchip=4,l1=3:200,l2=2000";
    dir.run(&format!("{base} --dataflow map -o out")).well();
    let unusable = rows(&read(&dir.path("out/unusable.csv")));
    assert!(unusable.iter().any(|row| row["lacks"] == "l1" && row["have"] == "3"), "{unusable:?}");
    for (flags, code, message) in [
        ("--dataflow map --model maestro", 2, "--dataflow map searches by the exact model"),
        ("--dataflow map,map:edp", 1, "two dataflows have the name map"),
        ("--dataflow map:speed", 1, "map:speed: expected one of latency, energy, edp, offchip"),
        ("--dataflow rs --map-budget 5", 2, "--map-budget is of --dataflow map"),
    ] {
        let error = dir.run(&format!("{base} {flags} -o no")).failed(code);
        assert!(error.contains(message), "{flags}: {error}");
    }
}
