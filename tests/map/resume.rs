//! Searches that are stopped halfway.
#![cfg(unix)]

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::{HARDWARE, dir};
use crate::common::{Dir, read};

/// Layers whose search takes a moment. The search of the last one takes long enough to be stopped.
const NETWORK: &str = "Network long {
    Layer a { Type: CONV Dimensions { K: 8, C: 4, R: 3, S: 3, Y: 10, X: 10 } }
    Layer b { Type: GEMM Dimensions { M: 6, N: 8, K: 12 } }
    Layer c { Type: CONV Dimensions { K: 8, C: 4, R: 3, S: 3, Y: 10, X: 10 } }
    Layer d { Type: CONV Dimensions { K: 24, C: 24, R: 3, S: 3, Y: 26, X: 26 } }
}";

const MAP: &str = "map --network long.m --hw hw.m --objective energy --budget 200 --format csv";

/// Begins a search, and waits until two of its three layers are kept.
fn begin(dir: &Dir, arguments: &str) -> Child {
    let mut command = dir.command();
    // Layers are searched one after the other, in the order of the network.
    let command = command.args(arguments.split_whitespace()).env("RAYON_NUM_THREADS", "1");
    let child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let begun = Instant::now();
    while std::fs::read_to_string(dir.path("best.m.partial")).unwrap_or_default().lines().count() < 3 {
        assert!(begun.elapsed() < Duration::from_secs(60), "nothing is kept");
        std::thread::sleep(Duration::from_millis(2));
    }
    child
}

#[test]
fn stopped_searches_go_on_to_the_same_bytes() {
    let dir = dir();
    dir.file("long.m", NETWORK);
    let whole = dir.run(&format!("{MAP} -o whole.m")).quiet().stdout;
    for signal in ["INT", "KILL"] {
        let child = begin(&dir, &format!("{MAP} -o best.m"));
        Command::new("kill").args([&format!("-{signal}"), &child.id().to_string()]).status().unwrap();
        let ended = child.wait_with_output().unwrap();
        if signal == "INT" {
            let printed = String::from_utf8(ended.stderr).unwrap();
            assert_eq!(ended.status.code(), Some(130), "{printed}");
            assert!(printed.contains("interrupted: what was found is kept in best.m.partial"), "{printed}");
        }
        assert!(!ended.status.success() && !dir.path("best.m").exists(), "{signal}");
        let refused = dir.run(&format!("{MAP} -o best.m")).failed(1);
        assert!(refused.contains("best.m.partial is of a search that has not ended: add --resume"), "{refused}");
        let other = dir.run(&format!("{MAP} -o best.m --resume --any-tile")).failed(1);
        assert!(other.contains("another any tile: it was false, now it is true"), "{other}");
        let run = dir.run(&format!("{MAP} -o best.m --resume")).well();
        assert!(run.stderr.starts_with("2 of 3 distinct layers from before"), "{}", run.stderr);
        assert_eq!(run.stdout, whole, "{signal}");
        assert_eq!(read(&dir.path("best.m")), read(&dir.path("whole.m")), "{signal}");
        std::fs::remove_file(dir.path("best.m")).unwrap();
        assert_eq!(dir.files(), ["hw.m", "long.m", "small.m", "whole.m"]);
    }
}

/// Results that were being written when the search was killed, or that were damaged later, are searched again.
#[test]
fn what_is_not_whole_is_searched_for_again() {
    let dir = dir();
    dir.file("hw.m", HARDWARE);
    dir.file("long.m", NETWORK);
    let whole = dir.run(&format!("{MAP} -o whole.m")).quiet().stdout;
    let mut child = begin(&dir, &format!("{MAP} -o best.m"));
    child.kill().unwrap();
    child.wait().unwrap();
    let kept = read(&dir.path("best.m.partial"));
    let lines: Vec<&str> = kept.split_inclusive('\n').collect();
    for (damaged, known) in [
        (kept[..kept.len() - 5].to_string(), 1),
        (kept.replace("\"evaluations\":", "\"evaluations\":1"), 0),
        (lines[0][..20].to_string(), 0),
    ] {
        dir.file("best.m.partial", &damaged);
        let run = dir.run(&format!("{MAP} -o best.m --resume")).well();
        assert_eq!(run.stderr.starts_with("1 of 3"), known == 1, "{damaged}: {}", run.stderr);
        assert_eq!(run.stderr.is_empty(), known == 0, "{damaged}: {}", run.stderr);
        assert_eq!(run.stdout, whole, "{damaged}");
    }
    dir.run("map --network long.m --hw hw.m --resume").failed(2);
}
