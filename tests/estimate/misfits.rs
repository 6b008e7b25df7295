//! Layers that do not fit a buffer.

use super::{NETWORK, json};
use crate::common::Dir;

#[test]
fn what_does_not_fit_is_marked_and_listed() {
    let dir = Dir::new();
    dir.file("net.m", NETWORK);
    let run = dir.run("estimate --mapping net.m --hw edge16 --l1 18 --l2 90 --cluster-buffer 5").quiet();
    let line = |start: &str| run.stdout.lines().find(|line| line.trim_start().starts_with(start)).unwrap_or_default();
    // Cycles, energy and off-chip transfers are unknown if L2 is too small.
    let words: Vec<&str> = line("overlap ").split_whitespace().collect();
    assert!(words.iter().filter(|word| **word == "-").count() == 8, "{}", run.stdout);
    assert!(words.iter().any(|word| word.ends_with('!')), "{}", run.stdout);
    assert!(line("total").contains(" - "), "{}", run.stdout);
    assert!(!run.stdout.contains("latency"), "{}", run.stdout);
    let listed: Vec<&str> = run.stdout.lines().filter(|line| line.starts_with("does not fit: ")).collect();
    let [l1, cluster, l2] = listed[..] else { panic!("{}", run.stdout) };
    assert!(l1.contains(" bytes of L1 in each PE, and there are 18"), "{l1}");
    assert!(cluster.contains(": conv needs ") && cluster.contains(" of the buffer of each cluster, and there are 5"));
    assert!(l2.contains(" bytes of L2, and there are 90"), "{l2}");
    let csv = dir.run("estimate --mapping net.m --hw edge16 --l1 18 --l2 90 --format csv").well();
    assert!(csv.stderr.contains("warning: does not fit: "), "{}", csv.stderr);
    // With larger buffers, all layers fit.
    let run = dir.run("estimate --mapping net.m --hw edge16 --l1 4000").quiet();
    assert!(!run.stdout.contains("does not fit") && !run.stdout.contains('!'), "{}", run.stdout);
}

#[test]
fn a_network_that_has_to_fit_fails_where_it_does_not() {
    let dir = Dir::new();
    dir.file("net.m", NETWORK);
    let command = "estimate --mapping net.m --hw edge16 --l1 18 --l2 90 --require-fit";
    for format in ["table", "csv", "json"] {
        let run = dir.run(&format!("{command} --format {format}"));
        assert_eq!(run.code, Some(1), "{}", run.stderr);
        assert!(run.stdout.contains("overlap"), "{}", run.stdout);
        let error = run.stderr.lines().last().unwrap();
        assert!(error.starts_with("error: net does not fit: ") && error.contains("of L1"), "{error}");
    }
    let figures = json(&dir.run("estimate --mapping net.m --hw edge16 --l1 18 --l2 90 --format json").quiet().stdout);
    let misfits = figures["misfits"].as_array().unwrap();
    for misfit in misfits {
        let layers = figures["layers"].as_array().unwrap();
        let worst = layers.iter().find(|layer| layer["name"] == misfit["layer"]).unwrap();
        let need = format!("{}_need", misfit["buffer"].as_str().unwrap());
        assert_eq!(worst[need.as_str()], misfit["need_bytes"]);
        assert!(worst["fits"].as_str().unwrap().contains(misfit["buffer"].as_str().unwrap()));
    }
    assert_eq!(misfits.iter().map(|misfit| &misfit["have_bytes"]).collect::<Vec<_>>(), [18, 90]);
    // Following the advice makes it fit.
    let needs = |buffer: &str| misfits.iter().find(|misfit| misfit["buffer"] == buffer).unwrap()["need_bytes"].clone();
    let (l1, l2) = (needs("l1"), needs("l2"));
    dir.run(&format!("estimate --mapping net.m --hw edge16 --l1 {l1} --l2 {l2} --require-fit")).quiet();
}
