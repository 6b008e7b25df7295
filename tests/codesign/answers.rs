//! The answers of every method to a constraint.

use super::{codesign, rows};
use crate::common::{self, Dir, read};

#[test]
fn every_method_answers_a_constraint() {
    let dir = Dir::new();
    let run = codesign(&dir, "--networks 0..12 --constraint latency=2e7,energy=3e6 --format csv --output out").well();
    let rows = rows(&run.stdout);
    assert_eq!(rows[0][..6], ["method", "proxy", "pos", "id", "accelerator", "dataflow"]);
    let methods: Vec<&str> = rows[1..].iter().map(|row| row[0].as_str()).collect();
    let expected =
        ["coupled", "network-first", "accelerator-first", "flops-pareto", "semi-decoupled", "transfer", "adaptive"];
    assert_eq!(methods, expected);
    // Adaptive search makes the same choice with fewer evaluations.
    let (coupled, adaptive) = (&rows[1], &rows[7]);
    assert_eq!(coupled[2..16], adaptive[2..16]);
    let evaluations = |row: &[String]| row[16].parse::<usize>().unwrap();
    assert!(evaluations(adaptive) * 2 < evaluations(coupled), "{adaptive:?} {coupled:?}");
    for row in rows[1..].iter().filter(|row| row[6] == "yes") {
        assert!(row[8].parse::<f64>().unwrap() <= 2e7 && row[9].parse::<f64>().unwrap() <= 3e6, "{row:?}");
    }
    assert_eq!(common::read(&dir.path("out/choices.csv")), run.stdout);
    // The sums of the breakdown equal the totals.
    let text = common::read(&dir.path("out/breakdown.csv"));
    let column = |name: &str| {
        let rows = self::rows(&text);
        let place = rows[0].iter().position(|column| column == name).unwrap();
        rows[1..].iter().map(|row| row[place].parse::<f64>().unwrap()).sum::<f64>()
    };
    assert_eq!(column("cycles"), coupled[8].parse::<f64>().unwrap());
    let energy = column("mac") + column("l1") + column("l2");
    assert!((energy / coupled[9].parse::<f64>().unwrap() - 1.0).abs() < 1e-12);
}

#[test]
fn adaptive_search_alone_gives_the_same_answer() {
    let dir = Dir::new();
    let answer = |method| {
        let arguments = format!("--networks 0..12 --constraint latency=2e7,area=5e9 --method {method} --format json");
        let run = codesign(&dir, &arguments).well();
        let value: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
        let fields = ["id", "accelerator", "dataflow", "accuracy", "cycles", "energy", "area", "power"];
        fields.map(|field| value[0][field].clone())
    };
    assert_eq!(answer("adaptive"), answer("coupled"));
}

#[test]
fn names_that_look_like_numbers_stay_text() {
    let dir = Dir::new();
    dir.file("1e3.m", "num_pes: 64\nnoc_bw_cstr: 100\noffchip_bw_cstr: 50\n");
    let answer = |form: &str| {
        let arguments =
            "--hw 1e3.m --dataflow xp_ws --model maestro --networks 0..2 --method coupled --constraint latency=1e12";
        dir.run(&format!("codesign --space nb301 {arguments} --format {form}")).well().stdout
    };
    let value: serde_json::Value = serde_json::from_str(&answer("json")).unwrap();
    assert_eq!(value[0]["accelerator"], "1e3");
    assert_eq!(value[0]["proxy"], serde_json::Value::Null);
    assert!(value[0]["id"].is_string() && value[0]["pos"].is_u64() && value[0]["energy"].is_f64(), "{value}");
    assert_eq!(value[0]["missed"], 0);
    assert!(answer("table").contains("1e3"));
}

#[test]
fn a_budget_bounds_evaluations_and_the_certificate_says_so() {
    let dir = Dir::new();
    let answer = |budget: &str| {
        let arguments = format!("--networks 0..12 --method adaptive --constraint latency=2e7 {budget} --format json");
        let value: serde_json::Value = serde_json::from_str(&codesign(&dir, &arguments).well().stdout).unwrap();
        let number = |field: &str| value[0][field].as_f64().unwrap();
        (number("evaluations"), number("accuracy"), number("missed"))
    };
    let (whole, best, certain) = answer("");
    assert_eq!(certain, 0.0);
    // A budget of the number of evaluations that it takes is enough.
    assert_eq!(answer(&format!("--budget {whole}")), (whole, best, 0.0));
    let mut uncertain = 0;
    for budget in [0.0, (whole / 2.0).floor(), whole - 1.0] {
        let arguments = format!("--networks 0..12 --method adaptive --constraint latency=2e7 --budget {budget}");
        if codesign(&dir, &arguments).code != Some(0) {
            assert!(codesign(&dir, &arguments).failed(1).contains("limits or --budget"));
            uncertain += 1;
            continue;
        }
        let (evaluations, accuracy, missed) = answer(&format!("--budget {budget}"));
        assert!(evaluations <= budget && best - accuracy <= missed, "{budget}: {evaluations} {accuracy} {missed}");
        uncertain += usize::from(missed > 0.0);
    }
    assert!(uncertain > 0);
}

#[test]
fn ties_and_a_single_network_are_no_trouble() {
    let dir = Dir::new();
    dir.file("equal.csv", "accuracy\n90\n90\n90\n");
    let run = codesign(&dir, "--networks 0..3 --accuracy equal.csv --constraint latency=1e9 --format csv").well();
    let answers: Vec<_> = rows(&run.stdout)[1..].iter().map(|row| row[2..6].to_vec()).collect();
    // All of them are equally accurate, so the fewest cycles win, and both exact methods agree.
    assert_eq!(answers[0], answers[6]);
    codesign(&dir, "--networks 5 --grid 2x2").well();
    codesign(&dir, "--networks 5 --constraint energy=1e12").well();
}

/// If walks are kept, the walk of a layer for one bandwidth serves all bandwidths. Another array needs another walk.
#[test]
fn walks_of_one_bandwidth_serve_all() {
    let dir = Dir::new();
    let counts = |name: &str, grid: &str| {
        let on = format!("--space tiny --networks 0..3 --dataflow xp_ws --hw-grid {grid}");
        dir.run(&format!("codesign {on} --method semi-decoupled --output {name}")).well();
        let summary: serde_json::Value =
            serde_json::from_str(&read(&dir.path(&format!("{name}/summary.json")))).unwrap();
        ["evaluations", "evaluations_remembered"].map(|key| summary[key].as_u64().unwrap())
    };
    let [layers, walks] = counts("one", "pes=64,noc=16,offchip=4");
    assert_eq!(walks, layers);
    assert_eq!(counts("bandwidths", "pes=64,noc=16:64,offchip=4:8"), [4 * layers, layers]);
    let [all, walks] = counts("arrays", "pes=64:96,noc=16,offchip=4");
    assert!(all == 2 * layers && layers < walks && walks <= all, "{all} {walks}");
}
