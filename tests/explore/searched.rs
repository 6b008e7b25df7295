//! Large grids, of which only some lines are searched; and threads.

use serde_json::Value;

use super::{Figures, SMALL, found};
use crate::common::Dir;

#[test]
fn threads_do_not_show() {
    let dir = Dir::new();
    for flags in ["--format csv", "--format json --lines 20 --seed 3"] {
        let of = |threads: &str| {
            let mut command = dir.command();
            command.args(SMALL.split_whitespace()).args(flags.split_whitespace()).env("RAYON_NUM_THREADS", threads);
            let run = command.output().unwrap();
            assert!(run.status.success());
            run.stdout
        };
        assert_eq!(of("1"), of("2"));
        assert!(of("1") == of("4"));
    }
}

#[test]
fn a_search_says_that_it_is_one_and_finds_most_of_the_front() {
    let dir = Dir::new();
    let whole = found(&dir.run(&format!("{SMALL} --format csv")).quiet().stdout);
    assert_eq!(whole, found(&dir.run(&format!("{SMALL} --format csv --lines 480")).quiet().stdout));
    let mut on_front = 0;
    for seed in 0..3 {
        let flags = format!("{SMALL} --lines 96 --seed {seed} --format");
        for (id, (figures, same)) in found(&dir.run(&format!("{flags} csv")).quiet().stdout) {
            let as_good = |(known, _): &(Figures, u64)| known.iter().zip(&figures).all(|(known, own)| known <= own);
            // Nothing is better than the whole front.
            assert!(whole.values().any(as_good), "{id}");
            on_front += usize::from(whole.get(&id).is_some_and(|(known, alike)| *known == figures && *alike >= same));
        }
        let report: Value = serde_json::from_str(&dir.run(&format!("{flags} json")).quiet().stdout).unwrap();
        assert_eq!(report["searched"], serde_json::json!({ "lines": 96, "of_lines": 480, "seed": seed }));
        assert_eq!(report["looked_at"], 96 * 8 * 5 * 5);
        let table = dir.run(&format!("{flags} table")).quiet().stdout;
        assert!(table.contains("96,000 designs, of which 19,200 were evaluated"), "{table}");
    }
    // Random lines, a fifth of all, would find a fifth of the front.
    assert!(on_front as f64 > 0.5 * 3.0 * whole.len() as f64, "{on_front} of 3 x {}", whole.len());
    let table = dir.run(SMALL).quiet().stdout;
    assert!(table.contains("96,000 designs, all of them evaluated"), "{table}");
}
