//! `maestrino estimate` on several accelerators and under several dataflows.

use std::fs::File;

use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;
use serde_json::Value;

use crate::common::{Dir, read};

const SWEEP: &str = "estimate --hw-grid pes=64:256,noc=8:16,offchip=1:4,l2=10000:200000 --dataflow kcp_ws,kxc_os";

/// The rows of a CSV, each as a list of names and cells.
fn rows(text: &str) -> Vec<Vec<(String, String)>> {
    let mut csv = csv::Reader::from_reader(text.as_bytes());
    let names: Vec<String> = csv.headers().unwrap().iter().map(str::to_string).collect();
    let row = |record: csv::StringRecord| names.iter().cloned().zip(record.iter().map(str::to_string)).collect();
    csv.records().map(|record| row(record.unwrap())).collect()
}

fn cell<'a>(row: &'a [(String, String)], name: &str) -> &'a str {
    &row.iter().find(|(own, _)| own == name).unwrap_or_else(|| panic!("{name}")).1
}

#[test]
fn csv_json_and_parquet_tell_the_same() {
    let dir = Dir::new();
    for model in ["exact", "maestro"] {
        let sweep = format!("{SWEEP} --model {model}");
        let csv = rows(&dir.run(&format!("{sweep} --format csv")).quiet().stdout);
        assert_eq!(csv.len(), 32);
        let json: Value = serde_json::from_str(&dir.run(&format!("{sweep} --format json")).quiet().stdout).unwrap();
        dir.run(&format!("{sweep} --format parquet -o sweep.parquet")).quiet();
        let table = SerializedFileReader::new(File::open(dir.path("sweep.parquet")).unwrap()).unwrap();
        let table: Vec<_> = table.get_row_iter(None).unwrap().map(Result::unwrap).collect();
        assert_eq!((json["points"].as_array().unwrap().len(), table.len()), (32, 32));
        for (place, row) in csv.iter().enumerate() {
            let point = &json["points"][place];
            for ((name, cell), (column, field)) in row.iter().zip(table[place].get_column_iter()) {
                assert_eq!(name, column);
                let told = match field {
                    Field::Null => String::new(),
                    Field::Str(text) => text.clone(),
                    Field::Long(count) => count.to_string(),
                    Field::Double(figure) => figure.to_string(),
                    Field::Bool(flag) => flag.to_string(),
                    other => panic!("{other:?}"),
                };
                assert_eq!(*cell, told, "{name}");
                let told = match point.get(name).unwrap_or(&json[name]) {
                    Value::Null => String::new(),
                    Value::String(text) => text.clone(),
                    other => other.to_string(),
                };
                let near = |(cell, told): (f64, f64)| (cell / told - 1.0).abs() < 1e-14;
                // Numbers read from JSON may differ in the last digit.
                let close = cell.parse().ok().zip(told.parse().ok()).is_some_and(near);
                assert!(*cell == told || close, "{name}: {cell} {told}");
            }
        }
    }
}

#[test]
fn each_accelerator_has_its_own_clock_and_dataflows() {
    let dir = Dir::new();
    let names = ["edge16", "eyeriss", "ethos-u55-128"];
    let all = rows(&dir.run(&format!("estimate --hw {} --format csv", names.join(","))).quiet().stdout);
    assert_eq!(all.len(), 3);
    for (name, row) in names.iter().zip(&all) {
        let alone = dir.run(&format!("estimate --hw {name} --format json")).quiet().stdout;
        let alone: Value = serde_json::from_str(&alone).unwrap();
        assert_eq!(cell(row, "accelerator"), *name);
        for figure in ["cycles", "energy_nj", "utilization", "l1_need", "cluster_need", "l2_need"] {
            assert_eq!(cell(row, figure).parse::<f64>().unwrap(), alone["total"][figure].as_f64().unwrap(), "{figure}");
        }
        let us = alone["total"]["latency_us"].as_f64().unwrap();
        // The two are rounded separately.
        assert!((cell(row, "latency_ms").parse::<f64>().unwrap() * 1000.0 / us - 1.0).abs() < 1e-12);
        assert_eq!(cell(row, "usable"), alone["usable"].to_string());
    }
    let dataflows: Vec<&str> = all.iter().map(|row| cell(row, "dataflow")).collect();
    assert_eq!(dataflows, ["kcp_ws", "cyr_rs", "kxc_os"]);
}

#[test]
fn what_cannot_run_is_told_with_the_reason() {
    let dir = Dir::new();
    let grid = "estimate --hw-grid pes=16:64,l1=100:1000 --dataflow kcp_ws,rs --no-fit";
    let csv = rows(&dir.run(&format!("{grid} --format csv")).quiet().stdout);
    let row = |name: &str, dataflow: &str| {
        csv.iter().find(|row| cell(row, "accelerator") == name && cell(row, "dataflow") == dataflow).unwrap()
    };
    let unsuited = row("pes16_l1-100", "kcp_ws");
    assert_eq!((cell(unsuited, "usable"), cell(unsuited, "cycles")), ("false", ""));
    assert!(cell(unsuited, "reason").starts_with("layer conv: Cluster(64, P) at level 1 needs 64 PEs"));
    let short = row("pes64_l1-100", "kcp_ws");
    assert_eq!((cell(short, "usable"), cell(short, "on_front")), ("false", "false"));
    assert!(cell(short, "reason").contains(" of L1 in each PE, and there are 100"), "{}", cell(short, "reason"));
    assert_eq!(cell(row("pes64_l1-1000", "kcp_ws"), "usable"), "true");
    let table = dir.run(grid).quiet().stdout;
    for told in ["unsuited", "not l1", "! ", "of 8 designs can run it", "pes64_l1-100 under kcp_ws: "] {
        assert!(table.contains(told), "{told}: {table}");
    }
    let none = dir.run("estimate --hw-grid pes=4:8 --no-fit --dataflow kcp_ws").failed(1);
    assert!(
        none.contains("no dataflow suits the network on any of the accelerators; the first, kcp_ws on pes4"),
        "{none}"
    );
    let none = dir.run("estimate --hw-grid pes=64,l1=1:2 --dataflow kcp_ws --require-fit -o table");
    assert!(none.failed(1).contains("ds_cnn fits none of the 2 designs"));
}

#[test]
fn the_front_is_marked_and_drawn() {
    let dir = Dir::new();
    let csv = rows(&dir.run(&format!("{SWEEP} --format csv --plot front.svg")).quiet().stdout);
    let figures =
        |row: &[(String, String)]| [cell(row, "latency_ms"), cell(row, "energy_nj")].map(|cell| cell.parse().unwrap());
    let all: Vec<[f64; 2]> = csv.iter().map(|row| figures(row)).collect();
    for (place, (row, [ms, nj])) in csv.iter().zip(&all).enumerate() {
        let as_good = |(other, [a, b]): (usize, &[f64; 2])| a <= ms && b <= nj && ((a, b) != (ms, nj) || other < place);
        assert_eq!(cell(row, "on_front") == "true", !all.iter().enumerate().any(as_good), "{place}");
    }
    let svg = read(&dir.path("front.svg"));
    for word in ["latency, ms", "energy, nJ", "kcp_ws", "kxc_os", "Pareto front"] {
        assert!(svg.contains(word), "{word}");
    }
    dir.run(&format!("{SWEEP} --plot front.png --against area")).quiet();
    assert!(std::fs::read(dir.path("front.png")).unwrap().starts_with(b"\x89PNG"));
    // With many designs, the table shows only the front.
    let many = dir.run("estimate --hw-grid pes=64,noc=8:16,offchip=1..50 --dataflow kcp_ws").quiet().stdout;
    assert!(many.contains("100 of 100 designs can run it") && many.contains("which are shown"), "{many}");
    assert!(many.lines().filter(|line| line.contains("pes64")).all(|line| line.ends_with('*')), "{many}");
}

#[test]
fn each_layer_takes_the_best_dataflow() {
    let dir = Dir::new();
    dir.file("mine.m", "Dataflow { SpatialMap(1,1) K; TemporalMap(1,1) C; TemporalMap(Sz(R),1) Y; TemporalMap(Sz(S),1) X; TemporalMap(Sz(R),Sz(R)) R; TemporalMap(Sz(S),Sz(S)) S; }");
    let estimate = |more: &str| rows(&dir.run(&format!("estimate --format csv {more}")).well().stdout);
    let alone = ["kcp_ws", "rs", "mine.m"].map(|dataflow| estimate(&format!("--hw edge16 --dataflow {dataflow}")));
    for (objective, figure) in [("", "cycles"), ("=energy", "energy_nj"), ("=edp", "edp_nj_cycles")] {
        let flags = format!("--mixed{objective} --dataflow kcp_ws,rs,mine.m --hw edge16");
        let mixed = estimate(&flags);
        for (place, row) in mixed.iter().enumerate() {
            let of = |rows: &Vec<Vec<(String, String)>>| {
                (cell(&rows[place], "fits") == "yes").then(|| cell(&rows[place], figure).parse::<f64>().unwrap())
            };
            let least = alone.iter().filter_map(of).reduce(f64::min).unwrap();
            assert_eq!(cell(row, figure).parse::<f64>().unwrap(), least, "{figure} {place}");
            let known = ["kcp_ws", "rs", "mine", "dpt"];
            assert!(known.contains(&cell(row, "dataflow")), "{}", cell(row, "dataflow"));
        }
        let sum: f64 = mixed.iter().map(|row| cell(row, "cycles").parse::<f64>().unwrap()).sum();
        let sweep = estimate(&format!("{flags},eyeriss"));
        assert_eq!((sweep.len(), cell(&sweep[0], "dataflow")), (2, "mixed"));
        assert_eq!(cell(&sweep[0], "cycles").parse::<f64>().unwrap(), sum);
    }
}

#[test]
fn flags_that_make_no_sense_together_are_refused() {
    let dir = Dir::new();
    for (line, code, told) in [
        ("estimate --mixed", 2, "--mixed takes the best of several dataflows"),
        ("estimate --mixed --dataflow rs", 2, "--mixed takes the best of several dataflows"),
        ("estimate --plot a.svg", 2, "--plot is of a sweep"),
        ("estimate --format parquet -o a", 2, "--format parquet is of a sweep"),
        ("estimate --hw-grid pes=64 --format parquet", 2, "--format parquet needs --output FILE"),
        ("estimate --hw-grid pes=64 --plot a.pdf", 2, "expected a file that ends in .svg or .png"),
        ("estimate --hw-grid pes=64 --what-if", 2, "--what-if is of one accelerator"),
        ("estimate --hw-grid pes=64 --format maestro-csv", 2, "--format maestro-csv is of one accelerator"),
        ("estimate --hw-grid pes=64,noc=8 --noc-bw 4", 2, "--noc-bw changes what --hw-grid pes=64,noc=8 varies"),
        ("estimate --hw-grid pes=64 --hw edge16", 2, "cannot be used with"),
        ("estimate --hw edge16,edge16", 1, "two accelerators have the name edge16"),
        ("estimate --dataflow rs,rs", 1, "two dataflows have the name rs"),
        ("estimate --hw edge16,nope", 1, "there is no file 'nope'"),
        ("estimate --hw-grid pes=1..1000000,noc=1..1000000,offchip=1..1000000", 1, "more than 1000000 accelerators"),
    ] {
        let error = dir.run(line).failed(code);
        assert!(error.contains(told), "{line}: {error}");
    }
    assert_eq!(dir.files(), [""; 0]);
}
