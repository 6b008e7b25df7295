//! `--dataflow map`: campaigns and searches with the best mapping of each layer on each accelerator.

use std::collections::HashMap;

use crate::common::{Dir, read};

const GRID: &str = "--hw-grid pes=16,noc=16,offchip=4:8,l1=512,l2=65536";

/// Rows by the names of columns.
fn rows(csv: &str) -> Vec<HashMap<String, String>> {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let header: Vec<String> = reader.headers().unwrap().iter().map(String::from).collect();
    let row = |row: csv::StringRecord| header.iter().cloned().zip(row.iter().map(String::from)).collect();
    reader.records().map(|record| row(record.unwrap())).collect()
}

/// A cell of a campaign is what `map` finds for the layers of the network, one after the other.
#[test]
fn a_network_costs_what_map_finds_for_its_layers() {
    let dir = Dir::new();
    let campaign = "space campaign --space tiny --networks 3,5 --dataflow kcp_ws,map:edp --map-budget 300";
    let run = dir.run(&format!("{campaign} {GRID} -o out")).well();
    let told = run.stderr.lines().find(|line| line.starts_with("map: ")).unwrap();
    assert!(told.contains(" mappings of a layer on an accelerator are proven to be the best"), "{told}");
    let (latency, energy) = (rows(&read(&dir.path("out/latency.csv"))), rows(&read(&dir.path("out/energy.csv"))));
    let mut better = 0;
    for (place, id) in ["3", "5"].into_iter().enumerate() {
        assert_eq!(latency[place]["id"], id);
        dir.run(&format!("space sample --space tiny --id {id} --format maestro -o net.m")).quiet();
        for offchip in [4, 8] {
            dir.file(
                "hw.m",
                format!(
                    "num_pes: 16\nnoc_bw_cstr: 16\noffchip_bw_cstr: {offchip}\nl1_size_cstr: 512\nl2_size_cstr: 65536\n"
                ),
            );
            let map = "map --network net.m --hw hw.m --objective edp --budget 300 --output best.m";
            dir.run(map).well();
            let estimate = dir.run("estimate --mapping best.m --hw hw.m --format json").well();
            let json: serde_json::Value = serde_json::from_str(&estimate.stdout).unwrap();
            let column = format!("pes16_noc16_offchip{offchip}_l1-512_l2-65536");
            let cell = |table: &[HashMap<String, String>], dataflow: &str| {
                table[place][&format!("{dataflow}_{column}")].parse::<f64>().unwrap()
            };
            assert_eq!(json["total"]["cycles"].as_f64().unwrap(), cell(&latency, "map"), "{id} {column}");
            assert_eq!(json["total"]["energy_nj"].as_f64().unwrap(), cell(&energy, "map"), "{id} {column}");
            let edp = |dataflow| cell(&latency, dataflow) * cell(&energy, dataflow);
            better += usize::from(edp("map") < edp("kcp_ws"));
        }
    }
    assert_eq!(better, 4);
    // Whatever the number of threads.
    for threads in [1, 2] {
        dir.run(&format!("{campaign} {GRID} --threads {threads} -o out{threads}")).well();
        for table in ["latency.csv", "energy.csv"] {
            assert_eq!(read(&dir.path(&format!("out{threads}/{table}"))), read(&dir.path(&format!("out/{table}"))));
        }
    }
}

#[test]
fn searches_answer_with_mappings_and_their_certificate() {
    let dir = Dir::new();
    let search = format!("codesign --space tiny --networks 0..4 {GRID} --dataflow xp_ws,map --map-budget 200");
    let run = dir.run(&format!("{search} --constraint latency=2e7 --format csv --output found")).well();
    assert!(run.stderr.lines().any(|line| line.starts_with("map: ")), "{}", run.stderr);
    let answers = rows(&run.stdout);
    let of = |method: &str| answers.iter().find(|row| row["method"] == method).unwrap();
    let (coupled, adaptive) = (of("coupled"), of("adaptive"));
    for column in ["id", "accelerator", "dataflow", "accuracy", "cycles", "energy", "fits", "missed"] {
        assert_eq!(coupled[column], adaptive[column], "{column}");
    }
    assert_eq!((coupled["dataflow"].as_str(), coupled["fits"].as_str()), ("map", "yes"));
    let breakdown = rows(&read(&dir.path("found/breakdown.csv")));
    assert!(breakdown.iter().all(|row| row["dataflow"] == "map"));
    let cycles: u64 = breakdown.iter().map(|row| row["cycles"].parse::<u64>().unwrap()).sum();
    assert_eq!(cycles.to_string(), coupled["cycles"]);
    dir.run("report found").quiet();
    // The same alone.
    let alone = dir.run(&format!("{search} --constraint latency=2e7 --method adaptive --format csv")).well();
    let alone = &rows(&alone.stdout)[0];
    assert_eq!(
        (&alone["id"], &alone["cycles"], &alone["missed"]),
        (&adaptive["id"], &adaptive["cycles"], &adaptive["missed"])
    );
}

#[test]
fn where_no_mapping_fits_the_smallest_is_told() {
    let dir = Dir::new();
    let base = "space campaign --space tiny --networks 0..2 --hw-grid pes=16,noc=16,offchip=4,l1=3:512,l2=65536 --dataflow map";
    dir.run(&format!("{base} --map-budget 50 -o out")).well();
    let unusable = rows(&read(&dir.path("out/unusable.csv")));
    assert!(unusable.iter().any(|row| row["lacks"] == "l1" && row["have"] == "3"), "{unusable:?}");
    for (flags, code, told) in [
        ("--model maestro", 2, "--dataflow map searches by the exact model"),
        ("--dataflow map:edp", 1, "two dataflows have the name map"),
        ("--dataflow map:speed", 1, "map:speed: expected one of latency, energy, edp, offchip"),
    ] {
        let error = dir.run(&format!("{base} {flags} -o no")).failed(code);
        assert!(error.contains(told), "{flags}: {error}");
    }
    let error = dir.run(&format!("{} --map-budget 5 -o no", base.replace("map", "rs"))).failed(2);
    assert!(error.contains("--map-budget is of --dataflow map"), "{error}");
}
