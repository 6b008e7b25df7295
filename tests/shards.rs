//! Commands that are run in parts: the joined result equals that of one machine, byte by byte.

use std::fs;
use std::path::Path;

use crate::common::{Dir, Run};

/// All files in a directory with their contents.
fn content(directory: &Path) -> Vec<(String, Vec<u8>)> {
    let entries = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    let named = |path: std::path::PathBuf| {
        let bytes = if path.is_dir() { Vec::new() } else { fs::read(&path).unwrap() };
        (path.file_name().unwrap().to_string_lossy().into_owned(), bytes)
    };
    let mut all: Vec<_> = entries.map(named).collect();
    all.sort();
    all
}

/// Twelve accelerators. Half of them are too small for any network.
const CAMPAIGN: &str = "space campaign --space tiny --networks 0..30 --dataflow kcp_ws,rs --mixed --block 360 \
                        --hw-grid pes=16:32:64:128:256:512,l1=50:4096,l2=1000000,noc=16,offchip=4";

#[test]
fn a_campaign_in_parts_is_the_campaign() {
    let dir = Dir::new();
    for format in ["csv", "parquet"] {
        let command = format!("{CAMPAIGN} --format {format}");
        dir.run(&format!("{command} -o whole_{format}")).well();
        // The parts run in any order, on any number of threads, and one of them twice.
        for (part, threads) in [(3, 1), (1, 2), (2, 2), (1, 1)] {
            let run = dir.run(&format!("{command} -o {format} --shard {part}/3 --threads {threads}")).well();
            assert!(run.stderr.contains(&format!("{format}.part-{part}-of-3: part {part}/3")), "{}", run.stderr);
            let path = dir.path(&format!("{format}.part-{part}-of-3"));
            let bytes = fs::read(&path).unwrap();
            dir.run(&format!("{command} -o {format} --shard {part}/3")).well();
            assert_eq!(fs::read(&path).unwrap(), bytes, "the same part twice");
        }
        assert!(!dir.path(format).exists());
        let parts = [2, 1, 3].map(|part| format!("{format}.part-{part}-of-3")).join(" ");
        dir.run(&format!("merge {parts} -o {format}")).well();
        assert_eq!(content(&dir.path(&format!("whole_{format}"))), content(&dir.path(format)));
    }
}

const MAP: &str = "map --network mobilenet_v1_025_vww --hw edge16 --objective energy --format csv";

#[test]
fn a_map_in_parts_is_the_map() {
    let dir = Dir::new();
    let whole = dir.run(&format!("{MAP} -o whole.m")).well();
    for part in 1..=4 {
        dir.run(&format!("{MAP} --shard={part}/4 --output=best.m")).well();
        let path = dir.path(&format!("best.m.part-{part}-of-4"));
        let bytes = fs::read(&path).unwrap();
        dir.run(&format!("{MAP} --shard {part}/4 -o best.m")).well();
        assert_eq!(fs::read(path).unwrap(), bytes, "the same part twice");
    }
    let parts: Vec<String> = (1..=4).map(|part| format!("best.m.part-{part}-of-4")).collect();
    let merged = dir.run(&format!("merge -o best.m {}", parts.join(" "))).well();
    assert_eq!(merged.stdout, whole.stdout);
    assert_eq!(fs::read(dir.path("best.m")).unwrap(), fs::read(dir.path("whole.m")).unwrap());
    assert!(merged.stderr.contains("distinct layers from before"), "nothing is searched for again: {}", merged.stderr);
    assert!(!dir.path("best.m.partial").exists());
}

/// Runs all parts of a command that writes to `best`, one of them twice with another number of threads. Returns the
/// names of the parts.
fn parts(dir: &Dir, command: &str, of: usize) -> String {
    let run = |part: usize, threads: &str| {
        let arguments = format!("{command} -o best --shard {part}/{of}");
        let mut command = dir.command();
        let run = Run::of(&arguments, command.args(arguments.split_whitespace()).env("RAYON_NUM_THREADS", threads));
        assert_eq!(run.well().stdout, "", "a part prints nothing");
        fs::read(dir.path(&format!("best.part-{part}-of-{of}"))).unwrap()
    };
    let first = run(1, "1");
    assert_eq!(run(1, "3"), first, "{command}: the same part twice");
    (2..=of).for_each(|part| drop(run(part, "2")));
    assert!(!dir.path("best").exists(), "nothing is written before all parts are there");
    // The names are in another order.
    let names: Vec<String> = (1..=of).rev().map(|part| format!("best.part-{part}-of-{of}")).collect();
    names.join(" ")
}

#[test]
fn an_exploration_in_parts_is_the_exploration() {
    let grid = "pes=2:16:64,noc=8:16,offchip=2:8,l1=8:64:512:2048,l2=16:16384:262144";
    let all = format!("explore --network ds_cnn --dataflow kcp_ws,rs --hw-grid {grid}");
    let mapped = "explore --network ds_cnn --dataflow map --map-budget 50 --designs 7 --seed 3 --hw-grid pes=8:16:32,noc=8:16,\
                  offchip=2:8,l1=64:2048,l2=262144";
    // There are more parts than lines, so some parts have nothing to do.
    for (command, of) in [
        (format!("{all} --format csv"), 5),
        (format!("{all} --energy-max 1e6 --format json"), 20),
        (format!("{mapped} --format json"), 3),
    ] {
        let dir = Dir::new();
        let whole = dir.run(&format!("{command} -o whole --plot whole.svg --report whole_report")).well();
        let command = format!("{command} --plot best.svg --report best_report");
        let names = parts(&dir, &command, of);
        let merged = dir.run(&format!("merge {names} -o best")).well();
        assert_eq!(merged.stderr, whole.stderr, "{command}");
        for name in ["", ".svg"] {
            let [whole, best] = ["whole", "best"].map(|of| fs::read(dir.path(&format!("{of}{name}"))).unwrap());
            assert_eq!(whole, best, "{command}: {name}");
        }
        assert_eq!(content(&dir.path("whole_report")), content(&dir.path("best_report")), "{command}");
    }
}

#[test]
fn a_codesign_in_parts_is_the_codesign() {
    let task = "codesign --space tiny --networks 0..8 --hw-grid pes=16:64:128,l1=100:4096,l2=1000000,noc=16,offchip=4";
    let mapped =
        "codesign --models a.m,b.m --accuracy accuracies.csv --hw-grid pes=4:12,l1=256,l2=100000,noc=16,offchip=4";
    let evolve = "--method evolve --seed 3..8 --population 8 --generations 3 --enumerate";
    let commands = [
        (format!("{task} --dataflow kcp_ws,rs --mixed --method semi-decoupled --grid 3x3"), 4),
        (format!("{task} --dataflow kcp_ws --model maestro --constraint latency=1e7 --format json"), 3),
        (format!("{mapped} --dataflow map,rs --constraint energy=1e9"), 2),
        (format!("{task} --dataflow rs,kcp_ws {evolve}"), 2),
    ];
    let layer = "Layer a { Type: CONV Dimensions { K: 8, C: 4, R: 3, S: 3, Y: 10, X: 10 } }";
    let other = "Layer b { Type: GEMM Dimensions { M: 6, N: 8, K: 12 } }";
    for (command, of) in commands {
        let dir = Dir::new();
        dir.file("a.m", format!("Network a {{ {layer} {other} }}"));
        dir.file("b.m", format!("Network b {{ {layer} }}"));
        dir.file("accuracies.csv", "network,accuracy\na,70\nb,60\n");
        let whole = dir.run(&format!("{command} -o whole")).well();
        let names = parts(&dir, &command, of);
        let merged = dir.run(&format!("merge {names} -o best")).well();
        assert_eq!(merged.stdout, whole.stdout, "{command}");
        assert!(!merged.stdout.is_empty());
        // The message about the quality of all mappings is the same.
        assert_eq!(merged.stderr, whole.stderr, "{command}");
        assert_eq!(content(&dir.path("whole")), content(&dir.path("best")), "{command}");
    }
}

#[test]
fn parts_of_values_that_do_not_go_together_are_refused() {
    let dir = Dir::new();
    let network = |k: u32| {
        format!("Network n {{ Layer a {{ Type: CONV Dimensions {{ K: {k}, C: 3, R: 3, S: 3, Y: 9, X: 9 }} }} }}")
    };
    dir.file("n.m", network(4));
    let explore = "explore --network n.m --dataflow rs --hw-grid pes=4:8,noc=8,offchip=4";
    (1..=3).for_each(|part| drop(dir.run(&format!("{explore} -o a --shard {part}/3")).well()));
    let refused = |parts: &str, what: &str| {
        let error = dir.run(&format!("merge {parts} -o a")).failed(1);
        assert!(error.contains(what), "{parts}: {error}");
        assert!(!dir.path("a").exists(), "{parts}: something is left");
    };
    refused("a.part-1-of-3 a.part-3-of-3", "of 3 parts one is missing: 2");
    // Any byte of the results is changed.
    let whole = fs::read(dir.path("a.part-3-of-3")).unwrap();
    let name = b"found.postcard";
    let place = whole.windows(name.len()).position(|bytes| bytes == name).unwrap() + name.len();
    let mut damaged = whole.clone();
    damaged[place + 30] ^= 1;
    fs::write(dir.path("damaged"), damaged).unwrap();
    refused("a.part-1-of-3 a.part-2-of-3 damaged", "damaged: is damaged: found.postcard");
    // The network has been changed later, or between two parts.
    dir.file("n.m", network(5));
    refused("a.part-1-of-3 a.part-2-of-3 a.part-3-of-3", "was made of other files");
    dir.run(&format!("{explore} -o a --shard 2/3")).well();
    refused("a.part-1-of-3 a.part-2-of-3 a.part-3-of-3", "were not the same");
    let codesign = "codesign --space tiny --networks 0..3 --hw eyeriss,edge16 --dataflow rs";
    dir.run(&format!("{codesign} -o a --shard 2/3")).well();
    refused("a.part-1-of-3 a.part-2-of-3 a.part-3-of-3", "part of another command");
    let none = dir.run(&format!("{codesign} -o no/where --shard 1/2")).failed(1);
    assert!(none.contains("no: there is no such directory"), "{none}");
    let searched = dir.run(&format!("{explore}:16 --lines 1 -o b --shard 1/2")).failed(2);
    assert!(searched.contains("give --lines 2"), "{searched}");
}

#[test]
fn parts_that_do_not_go_together_are_refused() {
    let dir = Dir::new();
    let map = "map --network ds_cnn --hw edge16";
    for part in 1..=3 {
        dir.run(&format!("{map} -o a.m --shard {part}/3")).well();
    }
    let refused = |parts: &str, what: &str| {
        let error = dir.run(&format!("merge {parts} -o a.m")).failed(1);
        assert!(error.contains(what), "{parts}: {error}");
        assert!(!dir.path("a.m").exists() && !dir.path("a.m.partial").exists(), "{parts}: something is left");
    };
    refused("a.m.part-1-of-3 a.m.part-3-of-3", "of 3 parts one is missing: 2");
    refused("a.m.part-2-of-3", "of 3 parts some are missing: 1, 3");
    fs::copy(dir.path("a.m.part-1-of-3"), dir.path("copy")).unwrap();
    refused("a.m.part-1-of-3 a.m.part-2-of-3 copy a.m.part-3-of-3", "are both part 1/3");
    dir.run(&format!("{map} --objective edp -o b.m --shard 2/3")).well();
    refused("a.m.part-1-of-3 b.m.part-2-of-3 a.m.part-3-of-3", "part of another command");
    dir.run(&format!("{map} -o a.m --shard 2/2")).well();
    refused("a.m.part-1-of-3 a.m.part-2-of-2", "one of 2 parts, not of 3");
    refused("a.m.part-1-of-3 nothing", "nothing: ");
    dir.file("text", "no part");
    refused("text", "text: is no part of a command");
    // Any byte of the results is changed.
    let whole = fs::read(dir.path("a.m.part-3-of-3")).unwrap();
    let place = whole.windows(9).position(|bytes| bytes == b"\"mapping\"").unwrap();
    let mut damaged = whole.clone();
    damaged[place + 1] = b'M';
    fs::write(dir.path("damaged"), damaged).unwrap();
    refused("a.m.part-1-of-3 a.m.part-2-of-3 damaged", "damaged: is damaged");
    fs::write(dir.path("cut"), &whole[..whole.len() / 2]).unwrap();
    refused("a.m.part-1-of-3 a.m.part-2-of-3 cut", "cut: is no part of a command, or is damaged");
    // A file that the command names has been changed in the meantime.
    let network = |k: u32| {
        format!("Network n {{ Layer a {{ Type: CONV Dimensions {{ K: {k}, C: 3, R: 3, S: 3, Y: 9, X: 9 }} }} }}")
    };
    dir.file("n.m", network(4));
    dir.run("map --network n.m -o c.m --shard 1/2").well();
    dir.file("n.m", network(5));
    dir.run("map --network n.m -o c.m --shard 2/2").well();
    let error = dir.run("merge c.m.part-1-of-2 c.m.part-2-of-2 -o c.m").failed(1);
    assert!(error.contains("were not the same"), "{error}");
}

#[test]
fn shares_that_make_no_sense_are_refused() {
    let dir = Dir::new();
    for shard in ["0/3", "4/3", "1", "a/b", "1/100001"] {
        let error = dir.run(&format!("map --network ds_cnn -o a.m --shard {shard}")).failed(2);
        assert!(error.contains("expected I/N"), "{error}");
    }
    assert!(dir.run("map --network ds_cnn --shard 1/2").failed(2).contains("--output"));
    let error = dir.run(&format!("{CAMPAIGN} --shard 1/100 -o c")).failed(1);
    assert!(error.contains("too few for 100 parts"), "{error}");
    let error =
        dir.run("space campaign --space tiny --networks 0..30 --hw study50 --dataflow rs --shard 1/5 -o c").failed(1);
    let block = error.split("--block ").nth(1).and_then(|rest| rest.split(' ').next()).unwrap();
    dir.run(&format!(
        "space campaign --space tiny --networks 0..30 --hw study50 --dataflow rs --shard 1/5 -o c --block {block}"
    ))
    .well();
    assert_eq!(dir.files(), ["c.part-1-of-5"]);
}
