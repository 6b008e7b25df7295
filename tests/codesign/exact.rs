//! Searches with the exact model, where buffers may be too small.

use super::{DESIGNS, EXACT, codesign, rows};
use crate::common::{self, Dir};

#[test]
fn exact_searches_answer_with_networks_that_fit() {
    let dir = Dir::new();
    let run = |arguments: &str| dir.run(&format!("codesign {EXACT} --networks 0..8 {arguments}"));
    let found = run("--constraint latency=1e9 --format csv --output out").well();
    let warnings: Vec<&str> = found.stderr.lines().filter(|line| line.starts_with("warning: xp_ws cannot ")).collect();
    assert!(
        warnings.iter().any(|line| line.contains("cannot use pes64_noc16_offchip8_l1-700_l2-9000, ")),
        "{warnings:?}"
    );
    assert!(warnings.iter().any(|line| line.contains("cannot run all networks on ")), "{warnings:?}");
    let answers = rows(&found.stdout);
    let (coupled, adaptive) = (&answers[1], &answers[7]);
    assert_eq!((coupled[0].as_str(), adaptive[0].as_str()), ("coupled", "adaptive"));
    assert_eq!(coupled[2..16], adaptive[2..16]);
    let evaluations = |row: &[String]| row[16].parse::<usize>().unwrap();
    assert!(evaluations(adaptive) <= evaluations(coupled), "{answers:?}");
    assert!(answers[1..].iter().all(|row| row.last().unwrap() == "exact"));
    // The same method alone.
    let alone = rows(&run("--constraint latency=1e9 --method adaptive --format csv").quiet().stdout);
    assert_eq!(alone[1][2..13], adaptive[2..13]);
    // The chosen network fits, and costs what `estimate` prints.
    let text = common::read(&dir.path("out/breakdown.csv"));
    let breakdown = rows(&text);
    let column = |name: &str| {
        let place = breakdown[0].iter().position(|column| column == name).unwrap();
        breakdown[1..].iter().map(|row| row[place].parse::<f64>().unwrap()).collect::<Vec<f64>>()
    };
    let sum = |name: &str| column(name).iter().sum::<f64>();
    assert_eq!(sum("cycles"), coupled[8].parse::<f64>().unwrap());
    let parts: f64 = ["mac", "l1", "cluster", "l2", "offchip"].map(sum).iter().sum();
    assert!((parts / coupled[9].parse::<f64>().unwrap() - 1.0).abs() < 1e-12);
    let (l1, l2) = (column("l1_bytes"), column("l2_bytes"));
    // The buffers are the accelerator's own, which are part of its name.
    assert!(l1.iter().all(|bytes| *bytes == 700.0));
    assert!(l2.iter().all(|bytes| coupled[4].ends_with(&format!("_l2-{bytes}"))), "{coupled:?}");
    dir.run(&format!("space sample --space tiny --id {} --format maestro -o net.m", coupled[3])).quiet();
    let number = |key: &str| {
        let rest = &coupled[4][coupled[4].find(key).unwrap() + key.len()..];
        rest.chars().take_while(char::is_ascii_digit).collect::<String>()
    };
    let hw = format!("--pes 64 --noc-bw {} --offchip-bw 8 --l1 700 --l2 {}", number("noc"), number("_l2-"));
    dir.file("one.m", "num_pes: 64\n");
    let estimate = format!("estimate --network net.m --hw one.m {hw} --activations l2 --fit --dataflow {}", coupled[5]);
    let json: serde_json::Value =
        serde_json::from_str(&dir.run(&format!("{estimate} --format json")).quiet().stdout).unwrap();
    assert_eq!(json["total"]["cycles"], coupled[8].parse::<u64>().unwrap());
    assert_eq!(
        (&json["usable"], &json["total"]["energy_nj"]),
        (&true.into(), &coupled[9].parse::<f64>().unwrap().into())
    );
}

#[test]
fn exact_comparisons_hold_networks_that_do_not_fit() {
    let dir = Dir::new();
    let run = dir.run(&format!("codesign {EXACT} --networks 0..8 --grid 4x4 --output out")).well();
    assert!(run.stdout.lines().nth(1).unwrap().trim_end().ends_with(" exact"), "{}", run.stdout);
    let summary: serde_json::Value = serde_json::from_str(&common::read(&dir.path("out/summary.json"))).unwrap();
    assert_eq!(summary["model"], "exact");
    let methods = rows(&common::read(&dir.path("out/methods.csv")));
    let [share, violations] =
        ["exact_share", "violations"].map(|name| methods[0].iter().position(|column| column == name).unwrap());
    for row in &methods[1..] {
        assert_eq!(row[violations], "0", "{row:?}");
        if ["adaptive", "coupled"].contains(&row[1].as_str()) {
            assert_eq!(row[share], "1", "{row:?}");
        }
    }
    let latency = common::read(&dir.path("out/latency.csv"));
    assert!(latency.contains(",,") || latency.lines().any(|line| line.ends_with(',')), "{latency}");
    let designs = rows(&common::read(&dir.path("out/designs.csv")));
    let networks = designs[0].iter().position(|column| column == "networks").unwrap();
    let counts: Vec<usize> = designs[1..].iter().map(|row| row[networks].parse().unwrap()).collect();
    assert!(counts.contains(&8) && counts.iter().any(|count| (1..8).contains(count)), "{counts:?}");
    assert_eq!(summary["designs"].as_u64(), Some(counts.len() as u64));
    assert_eq!(counts.len() as u64 + summary["unusable_designs"].as_u64().unwrap(), 12);
    // The page also names the model.
    dir.run("report out").quiet();
    assert!(common::read(&dir.path("out/report.html")).contains("Costs are those of the exact model."));
    dir.run(&format!("codesign {EXACT} --method evolve --population 10 --generations 3 --output out")).well();
    dir.run("report out").quiet();
}

#[test]
fn where_nothing_fits_the_nearest_is_named() {
    let dir = Dir::new();
    let designs = "--space tiny --hw-grid pes=64,noc=16,offchip=8,l1=1:2,l2=900000 --dataflow xp_ws";
    for (arguments, message) in [
        ("--networks 0..3 --constraint latency=1e9", "no accelerator can run all layers"),
        ("--networks 0..3 --constraint latency=1e9 --method adaptive", "no network can run on any design"),
        ("--method evolve --population 6 --generations 1", "do not fit the buffers of their accelerator"),
    ] {
        let error = dir.run(&format!("codesign {designs} {arguments}")).failed(1);
        let (_, nearest) = error.split_once("nearest to it").unwrap_or_else(|| panic!("{error}"));
        assert!(error.contains(message), "{error}");
        assert!(
            nearest.contains("_l1-2_l2-900000") && nearest.contains(" of L1 in each PE, and there are 2"),
            "{error}"
        );
    }
}

#[test]
fn flags_of_one_model_are_refused_with_the_other() {
    let dir = Dir::new();
    let error = codesign(&dir, "--networks 0..2 --constraint latency=1e9 --multicast no").failed(2);
    assert!(error.contains("--multicast changes nothing in MAESTRO's model"), "{error}");
    let exact = DESIGNS.replace("--model maestro", "");
    let figure = |flags: &str, column: usize| {
        let arguments = format!("codesign --space nb301 {exact} --networks 0..3 --constraint latency=1e9 {flags}");
        let run = dir.run(&format!("{arguments} --method adaptive --format csv")).quiet();
        rows(&run.stdout)[1][column].parse::<f64>().unwrap()
    };
    let (cycles, nj) = (8, 9);
    assert!(figure("--l2-buffers 1", cycles) > figure("", cycles));
    assert!(figure("--bits 8:8:8:32", nj) > figure("", nj));
    assert!(figure("--energies 1,1,1", nj) > figure("", nj));
}
