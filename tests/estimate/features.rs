//! Flags of the exact model: compressed weights, activations in L2, prefetching, what-if, rooflines.

use serde_json::Value;

use super::json;
use crate::common::Dir;

/// The totals of a run as JSON.
fn total(dir: &Dir, flags: &str) -> Value {
    json(&dir.run(&format!("estimate {flags} --format json")).quiet().stdout)["total"].clone()
}

#[test]
fn compressed_weights_move_less_and_nothing_else_changes() {
    let dir = Dir::new();
    let flags = "--network resnet8 --hw edge16";
    let (plain, compressed) = (total(&dir, flags), total(&dir, &format!("{flags} --weights-compression 2")));
    let bytes = |total: &Value| total["weight_bytes"].as_u64().unwrap();
    // The bytes of the filters of ResNet-8.
    assert_eq!((bytes(&plain), bytes(&compressed)), (77_360, 38_680));
    let moved = |total: &Value| total["offchip_bytes"].as_f64().unwrap();
    assert!(moved(&compressed) < moved(&plain));
    for same in ["macs", "l2_need", "energy_l1_nj", "energy_l2_nj"] {
        assert_eq!(plain[same], compressed[same], "{same}");
    }
}

#[test]
fn activations_stay_in_l2_where_they_fit() {
    let dir = Dir::new();
    let layers = |activations: &str| {
        let flags = format!("--network mobilenet_v2 --hw ethos-u65-256 --activations {activations}");
        let figures = json(&dir.run(&format!("estimate {flags} --format json")).quiet().stdout);
        figures["layers"].as_array().unwrap().clone()
    };
    let (auto, inside, outside) = (layers("auto"), layers("l2"), layers("offchip"));
    let mut resident = 0;
    for ((auto, inside), outside) in auto.iter().zip(&inside).zip(&outside) {
        let fits = inside["fits"] == "yes";
        resident += usize::from(fits);
        let of = |layer: &Value, name: &str| layer[name].clone();
        for name in ["cycles", "offchip_bytes", "l2_need", "energy_nj", "depth_filter", "fits"] {
            assert_eq!(of(auto, name), of(if fits { inside } else { outside }, name), "{name}");
        }
        assert_eq!(fits, auto["depth_input"] == "l2");
    }
    assert!(resident > 0 && resident < auto.len(), "{resident}");
}

#[test]
fn weights_that_load_early_hide_behind_the_layer_before() {
    let dir = Dir::new();
    let of = |flags: &str| {
        let total = total(&dir, flags);
        let figure = |name: &str| total[name].as_u64().unwrap();
        (figure("cycles"), figure("cycles_prefetched"))
    };
    let (plain, early) = of("--network mobilenet_v1_025_vww");
    assert!(early < plain, "{early} {plain}");
    // It never takes fewer cycles than with weights that load in no time, except for those of the first layer.
    let (free, _) = of("--network mobilenet_v1_025_vww --weights-bw 1000000");
    assert!(early >= free, "{early} {free}");
    // There is no prefetching if there is no room beside the previous layer, or with a single buffer.
    for flags in ["--network autoencoder --l2-buffers 1", "--network resnet8 --hw eyeriss"] {
        let (plain, early) = of(flags);
        assert_eq!(plain, early, "{flags}");
    }
    let text = dir.run("estimate --prefetch weights").quiet().stdout;
    assert!(text.contains(" with the weights of the next layer loading meanwhile ("), "{text}");
    assert!(!dir.run("estimate").quiet().stdout.contains("meanwhile"));
}

#[test]
fn what_twice_of_a_resource_saves_is_what_an_estimate_with_twice_of_it_says() {
    let dir = Dir::new();
    let text = dir.run("estimate --network resnet8 --hw edge16 --what-if").quiet().stdout;
    let table = text.split_once("What if there were twice, or half, as much of").unwrap().1;
    let row = |start: &str| -> Vec<&str> {
        let line = table.lines().find(|line| line.trim_start().starts_with(start)).unwrap_or_else(|| panic!("{table}"));
        line.trim_start()[start.len()..].split_whitespace().collect()
    };
    let figures = |flags: &str| {
        let total = total(&dir, &format!("--network resnet8 --hw edge16 {flags}"));
        (total["cycles"].as_f64().unwrap(), total["energy_nj"].as_f64().unwrap())
    };
    let (cycles, energy) = figures("");
    let change = |(then, after): (f64, f64)| {
        let percent = |before: f64, after: f64| match (after / before - 1.0) * 100.0 {
            change if change.abs() < 0.05 => "0.0%".to_string(),
            change => format!("{change:+.1}%"),
        };
        [percent(cycles, then), percent(energy, after)]
    };
    for (name, amount, twice, half) in [
        ("PEs", "16", "--pes 32", "--pes 8"),
        ("NoC B/cycle", "16", "--noc-bw 32", "--noc-bw 8"),
        ("off-chip B/cycle", "4", "--offchip-bw 8", "--offchip-bw 2"),
        ("L2 B", "65,536", "--l2 131072", "--l2 32768"),
    ] {
        let cells = row(name);
        let expected = [change(figures(twice)), change(figures(half))].concat();
        assert_eq!(
            (cells[0], &cells[1..]),
            (amount, expected.iter().map(String::as_str).collect::<Vec<_>>().as_slice())
        );
    }
    assert_eq!(row("lanes of a PE")[3..], ["cannot", "be"]);
    let small = dir.run("estimate --network resnet8 --hw edge16 --l1 44 --what-if").quiet().stdout;
    assert!(small.contains("does not fit"), "{small}");
}

#[test]
fn the_roofline_is_never_exceeded() {
    let dir = Dir::new();
    let run = dir.run("estimate --network resnet8 --hw edge16 --roofline --roofline-svg roof.svg").quiet();
    let rows: Vec<&str> = run.stdout.lines().skip_while(|line| !line.contains("of the roof")).skip(1).collect();
    assert_eq!(rows.len(), 10, "{}", run.stdout);
    for row in rows {
        let share: f64 = row.split_whitespace().last().unwrap().trim_end_matches('%').parse().unwrap();
        assert!(share > 0.0 && share <= 100.0, "{row}");
    }
    let svg = crate::common::read(&dir.path("roof.svg"));
    // A marker for each layer and one in the legend, all in the same style.
    assert!(svg.contains("<svg") && svg.contains("aria-label=\"MACs/byte off-chip\""));
    assert_eq!(svg.matches("<polygon").count(), 11, "{svg}");
    // Nothing moves off-chip, so the intensity is infinite. No NaN appears.
    let inside =
        dir.run("estimate --network resnet8 --hw edge16 --activations l2 --l2 1000000 --roofline").quiet().stdout;
    assert!(!inside.contains("NaN") && !inside.contains("inf"), "{inside}");
}
