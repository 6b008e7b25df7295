//! `maestrino map --freeze`: parts of the mapping are given.

use super::{column, dir};
use crate::common::Dir;

/// Runs `map` with a file of frozen parts, and returns the CSV.
fn map(dir: &Dir, frozen: &str, flags: &str) -> String {
    dir.file("frozen.m", frozen);
    dir.run(&format!("map --network small.m --hw hw.m --freeze frozen.m --format csv {flags}")).well().stdout
}

/// Sizes, positions and orders that are given stay, and the open parts are the best possible.
#[test]
fn what_is_given_stays() {
    let dir = dir();
    let frozen = "Dataflow conv { TemporalMap(?,?) C; SpatialMap(?,?) K; TemporalMap(Sz(R),?) Y
        Cluster(?, P)  ?Map(1,?) C; ?Map(?,4) X' ? }
        Dataflow gemm { TemporalMap(Sz(K),Sz(K)) K; SpatialMap(2,2) M; TemporalMap(4,4) N }";
    let printed = map(&dir, frozen, "");
    let free = dir.run("map --network small.m --hw hw.m --format csv").quiet().stdout;
    assert_eq!(column(&printed, "gap_percent"), ["0"; 4], "{printed}");
    let mappings = column(&printed, "mapping");
    let words: Vec<&str> = mappings[0].split(' ').collect();
    assert!(words[0].starts_with('C') && !words[0].ends_with('*'), "{printed}");
    assert!(words[1].starts_with('K') && words[1].ends_with('*'), "{printed}");
    assert_eq!(words[2..5], ["Y'1", "X'8", "|"], "{printed}");
    let level_2 = &words[6..];
    assert!(level_2.contains(&"C1*") || (level_2.contains(&"C1") && level_2.contains(&"X'4*")), "{printed}");
    // Nothing is frozen for depthwise layers.
    assert_eq!(mappings[1], column(&free, "mapping")[1]);
    assert_eq!(mappings[3], "K12 M2* N4");
    let figures =
        |csv: &str| -> Vec<u64> { column(csv, "cycles").iter().map(|cycles| cycles.parse().unwrap()).collect() };
    for (own, free) in figures(&printed).into_iter().zip(figures(&free)) {
        assert!(own >= free, "{printed} {free}");
    }
}

/// A dataflow without open parts is returned, but in terms of outputs instead of inputs.
#[test]
fn all_given_is_one_mapping_and_costs_the_same() {
    let dir = dir();
    let given = "SpatialMap(1,1) K; TemporalMap(2,2) C; TemporalMap(Sz(R),Sz(R)) R; TemporalMap(Sz(S),Sz(S)) S
        TemporalMap(1+Sz(R),2) Y; TemporalMap(Sz(S),1) X; Cluster(2, P); SpatialMap(1,1) C; TemporalMap(Sz(R),1) Y";
    let printed = map(&dir, given, "");
    // Dimensions that a level does not name are whole.
    assert_eq!(column(&printed, "mapping")[0], "K1* C2 Y'2 X'1 | 2: C1* Y'1 K1 X'1");
    let estimated = dir.run("estimate --network small.m --hw hw.m --dataflow frozen.m --format csv").well().stdout;
    for name in ["cycles", "energy_nj"] {
        assert_eq!(column(&printed, name)[0], column(&estimated, name)[0], "{name}");
    }
}

/// An impossible mapping is refused, and the error has its place.
#[test]
fn what_contradicts_itself_is_told_with_its_place() {
    let dir = dir();
    for (frozen, place, message) in [
        ("SpatialMap(?,?) K\nSpatialMap(1,1) C", "2:1", "level 1 has K over space already"),
        ("TemporalMap(?,?) K\nCluster(?, P)\n?", "2:1", "level 1 has nothing over space"),
        ("?\nCluster(?, P)\nTemporalMap(1,1) C", "3:1", "level 2 has nothing over space"),
        ("Dataflow { ? TemporalMap(1,1) Y TemporalMap(1,1) Y' }", "1:33", "level 1 has a map of Y already"),
        ("SpatialMap(1,1) R", "1:1", "R cannot lie over space"),
        ("?Map(?) K", "1:7", "expected the offset of the map, found `)`"),
        ("?Map(?,?) Q", "1:11", "expected a dimension"),
        ("Cluster(?)", "1:10", "expected `P` or `L`"),
        ("Dataflow { Map(1,1) K }", "1:12", "expected `?Map`, `?`, `TemporalMap`, `SpatialMap`, `Cluster` or `}`"),
        ("TemporalMap((,1) K", "1:13", "`?` leaves it open"),
        ("", "1:1", "expected a dataflow"),
    ] {
        dir.file("frozen.m", frozen);
        let error = dir.run("map --network small.m --hw hw.m --freeze frozen.m").failed(1);
        assert!(error.contains(&format!("frozen.m:{place}\n")) && error.contains(message), "{frozen}: {error}");
    }
    // In other commands, nothing may be open.
    dir.file("frozen.m", "TemporalMap(1,1) K; ?Map(1,1) C");
    let error = dir.run("estimate --network small.m --hw hw.m --dataflow frozen.m").failed(1);
    assert!(error.contains("frozen.m:1:21\n"), "{error}");
}

/// What does not suit a layer or the array is refused before the search, with a hint on what to change.
#[test]
fn what_cannot_fit_is_told_at_once() {
    let dir = dir();
    for (frozen, message) in [
        ("? Cluster(13, P) ?", "a cluster of level 2 has 13 members, and there are 12 PEs for it"),
        ("? Cluster(4, P) ? Cluster(2, P) ? Cluster(1, P) ?", "levels, and mappings that are searched have"),
        (
            "SpatialMap(1,1) K; TemporalMap(3,4) C",
            "layer conv: what is frozen does not suit it: level 1: tiles of 3 along C are 4 apart",
        ),
        ("? TemporalMap(2,1) Y", "tiles of 2 along Y hold no output, whose window has 3"),
        ("? TemporalMap(1,1) R", "the map of R cuts it into tiles of 1 of 3"),
        ("SpatialMap(8,8) K; TemporalMap(4,4) C; TemporalMap(?,?) Y", "layer conv: its smallest tiles need"),
    ] {
        dir.file("frozen.m", frozen);
        let run = dir.run("map --network small.m --hw hw.m --freeze frozen.m -o best.m");
        assert_eq!((run.code, run.stdout.as_str()), (Some(1), ""), "{frozen}: {}", run.stderr);
        assert!(run.stderr.contains(message), "{frozen}: {}", run.stderr);
        assert_eq!(dir.files(), ["frozen.m", "hw.m", "small.m"]);
    }
    dir.file("frozen.m", "?");
    dir.run("map --network small.m --hw hw.m --freeze frozen.m --levels 1").failed(2);
    dir.run("map --network small.m --hw hw.m --freeze none.m").failed(1);
}
