//! Invalid arguments are refused.

use super::codesign;
use crate::common::Dir;

#[test]
fn what_makes_no_sense_is_refused() {
    let dir = Dir::new();
    dir.file("nan.csv", "accuracy\n90\nNaN\n");
    dir.file("short.csv", "accuracy\n90\n");
    dir.file("none.csv", "id\n");
    for (arguments, code, message) in [
        ("--networks 0..2 --accuracy nan.csv", 1, "nan.csv:3"),
        ("--networks 0..2 --accuracy short.csv", 1, "1 accuracies for 2 networks"),
        ("--networks none.csv", 1, "none.csv"),
        ("--networks 0..2 --constraint latency=1", 1, "no network meets the constraint on any design"),
        ("--networks 0..2 --method flops-pareto --constraint latency=1", 1, "the method found no network that meets"),
        ("--networks 0..2 --method adaptive --constraint energy=0", 1, "no network meets the constraint"),
        ("--networks 0..2 --proxy rs_9", 1, "there is no usable design 'rs_9'"),
        ("--method evolve --accuracy short.csv", 1, "must be builtin or a random forest"),
        ("--method evolve --population 2 --generations 0 --constraint latency=1", 1, "none of the 2 pairs"),
        ("--method evolve --grid 2x2", 2, "--grid compares methods"),
        ("--method all --enumerate", 2, "--enumerate is for"),
        ("--seed 1", 2, "--seed is of --method evolve"),
        ("--method coupled --population 10", 2, "--population is of --method evolve"),
        ("--generations 10", 2, "--generations is of --method evolve"),
        ("--objectives accuracy", 2, "--objectives is of --method evolve"),
        ("--method adaptive --proxy rs_9", 2, "--proxy is of --method semi-decoupled"),
        ("--method evolve --proxy auto", 2, "--proxy is of"),
        ("--method coupled --tolerance 0", 2, "--tolerance is of --method adaptive and all"),
        ("--method coupled --constraint latency=1e9 --budget 3", 2, "--budget is of --method adaptive and all"),
        ("--method adaptive --budget 3", 2, "--budget is for a constraint"),
        ("--constraint latency=1e9 --timing", 2, "--timing is of a comparison"),
        ("--method evolve --timing", 2, "--timing is of a comparison"),
        ("--timing --format csv", 2, "--timing is shown in tables only"),
        ("--method evolve --networks 0..3", 2, "is for --enumerate"),
        ("--networks 0..2 --method adaptive --constraint energy=1e12 --budget 0", 1, "limits or --budget"),
        ("--method evolve --seed 5..5", 2, "FROM..TO"),
        ("--constraint latency", 2, "'latency' is not KEY=NUMBER"),
        ("--constraint speed=3", 2, "there is no limit 'speed'"),
        ("--constraint latency=1,latency=2", 2, "latency is given twice"),
        ("--constraint energy=NaN", 2, "is not a number from 0"),
        ("--grid 3x4", 2, "expected KxK"),
        ("--tolerance=-1", 2, "expected a number of points from 0"),
    ] {
        let error = codesign(&dir, arguments).failed(code);
        assert!(error.contains(message), "{arguments}: {error}");
    }
    let grid = "--hw-grid pes=64..663,noc=1..100,offchip=1 --dataflow xp_ws --model maestro";
    let error = dir.run(&format!("codesign --space nb301 {grid}")).failed(1);
    assert!(error.contains("are 61080000 costs, more than"), "{error}");
    let error = dir.run("codesign --space nb301 --networks 0..2 --hw-grid pes=16 --dataflow kcp_ws --no-fit").failed(1);
    assert!(error.contains("no accelerator can run all layers"), "{error}");
    assert!(dir.files().iter().all(|file| file.ends_with(".csv")), "{:?}", dir.files());
}
