//! `maestrino map` on the command line.

mod freeze;
mod resume;

use crate::common::{Dir, read};

/// Small layers of several kinds.
const NETWORK: &str = "Network small {
    Layer conv { Type: CONV Dimensions { K: 8, C: 4, R: 3, S: 3, Y: 10, X: 10 } }
    Layer depthwise { Type: DSCONV Dimensions { K: 1, C: 8, R: 3, S: 3, Y: 10, X: 10 } }
    Layer again { Type: CONV Dimensions { K: 8, C: 4, R: 3, S: 3, Y: 10, X: 10 } }
    Layer gemm { Type: GEMM Dimensions { M: 6, N: 8, K: 12 } }
}";

const HARDWARE: &str = "num_pes: 12\nl1_size_cstr: 200\nl2_size_cstr: 2000\nnoc_bw_cstr: 8\noffchip_bw_cstr: 4\n";

fn dir() -> Dir {
    let dir = Dir::new();
    dir.file("small.m", NETWORK);
    dir.file("hw.m", HARDWARE);
    dir
}

/// A column of a CSV, by its name.
fn column(csv: &str, name: &str) -> Vec<String> {
    let mut rows = csv::Reader::from_reader(csv.as_bytes());
    let place = rows.headers().unwrap().iter().position(|header| header == name).unwrap();
    rows.records().map(|row| row.unwrap()[place].to_string()).collect()
}

#[test]
fn mappings_are_proven_and_cost_what_is_told() {
    let dir = dir();
    for objective in ["latency", "energy", "edp", "offchip"] {
        let on = "--hw hw.m --format csv";
        let printed = dir.run(&format!("map --network small.m {on} --objective {objective} -o best.m")).quiet().stdout;
        assert_eq!(column(&printed, "gap_percent"), ["0"; 4], "{printed}");
        let estimated = dir.run(&format!("estimate --mapping best.m {on} --require-fit")).quiet().stdout;
        for (of_map, of_estimate) in [("layer", "layer"), ("cycles", "cycles"), ("energy_nj", "energy_nj")] {
            assert_eq!(column(&printed, of_map), column(&estimated, of_estimate)[..4], "{objective}: {of_map}");
        }
    }
}

/// 12 PEs and a filter of three rows; nothing else has a factor of three.
#[test]
fn rows_of_the_filter_lie_over_space_with_those_of_inputs() {
    let dir = dir();
    dir.file("rows.m", "Network rows { Layer a { Type: CONV Dimensions { K: 4, C: 2, R: 3, S: 3, Y: 10, X: 10 } } }");
    let on = "--hw hw.m --format csv";
    let printed = dir.run(&format!("map --mapping rows.m {on} -o best.m")).quiet().stdout;
    assert_eq!(
        (column(&printed, "gap_percent"), column(&printed, "ideal_cycles")),
        (vec!["0".into()], vec!["384".into()])
    );
    let file = read(&dir.path("best.m"));
    assert!(file.contains("SpatialMap(1,1) Y;") && file.contains("SpatialMap(1,1) R;"), "{file}");
    let estimated = dir.run(&format!("estimate --mapping best.m {on} --require-fit")).quiet().stdout;
    assert_eq!(column(&printed, "cycles"), column(&estimated, "cycles")[..1]);
    // Within this latency there is no mapping with the whole filter, and this L1 has no room for the whole filter. The
    // program must not report either as impossible.
    let limit = &column(&printed, "cycles")[0];
    for flags in [format!("--constraint latency={limit}"), "--l1 20".to_string()] {
        let limited = dir.run(&format!("map --mapping rows.m {on} {flags}")).quiet().stdout;
        assert!(column(&limited, "mapping")[0].contains("R1*"), "{flags}: {limited}");
    }
    // In the exact model, inputs move with the filter whether they are mapped or not. In MAESTRO's model, inputs that
    // are not mapped are whole.
    dir.file("alone.m", file.replace("SpatialMap(1,1) Y;", ""));
    let cycles = |file: &str, model: &str| {
        let fast = "--noc-bw 64 --offchip-bw 64";
        let run = dir.run(&format!("estimate --mapping {file} {on} {fast} --model {model}")).well();
        column(&run.stdout, "cycles")[0].parse::<u64>().unwrap()
    };
    assert_eq!(cycles("best.m", "exact"), cycles("alone.m", "exact"));
    assert!(2 * cycles("best.m", "maestro") < cycles("alone.m", "maestro"));
}

#[test]
fn dataflows_of_a_mapping_file_are_replaced() {
    let dir = dir();
    let own = NETWORK.replace("Layer conv { Type: CONV", "Layer conv { Type: CONV Dataflow { SpatialMap(1,1) K; }");
    dir.file("own.m", &own);
    let wanted = dir.run("map --network small.m --hw hw.m --format csv").quiet().stdout;
    for file in ["small.m", "own.m"] {
        let run = dir.run(&format!("map --mapping {file} --hw hw.m --format csv")).well();
        assert_eq!(run.stdout, wanted, "{file}");
        assert_eq!(
            run.stderr.contains("the dataflows of 4 layers in own.m are replaced"),
            file == "own.m",
            "{}",
            run.stderr
        );
    }
    dir.file("open.m", own.replace("(1,1) K", "(?,?) K"));
    let error = dir.run("map --mapping open.m --hw hw.m").failed(1);
    assert!(error.contains("open.m:2:51") && error.contains("--freeze"), "{error}");
    dir.run("map --mapping own.m --network small.m --hw hw.m").failed(2);
    dir.run("map --hw hw.m").failed(2);
}

#[test]
fn no_preset_is_better() {
    let dir = dir();
    let printed = dir.run("map --network small.m --hw hw.m --format csv --any-tile").quiet().stdout;
    let best: Vec<u64> = column(&printed, "cycles").iter().map(|cycles| cycles.parse().unwrap()).collect();
    let mut compared = 0;
    for preset in ["kcp_ws", "xp_ws", "rs", "ykp_os", "kxc_os"] {
        let run = dir.run(&format!(
            "estimate --network small.m --hw hw.m --l1 10000 --l2 100000 --dataflow {preset} --format csv"
        ));
        for (best, cycles) in best.iter().zip(column(&run.stdout, "cycles")) {
            // A preset may have three levels, which the searched space does not include.
            compared += u32::from(*best <= cycles.parse().unwrap());
        }
    }
    assert!(compared >= 18, "{compared} of 20");
}

#[test]
fn threads_change_no_byte() {
    let dir = dir();
    for flags in ["--objective edp", "--levels 3 --budget 50"] {
        let map = |threads: &str| {
            let mut command = dir.command();
            command.args(format!("map --network small.m --hw hw.m {flags} -o best.m").split(' '));
            let out = command.env("RAYON_NUM_THREADS", threads).output().unwrap();
            assert!(out.status.success());
            (out.stdout, read(&dir.path("best.m")))
        };
        assert_eq!(map("1"), map("3"), "{flags}");
    }
}

/// Three spatial dimensions use 30 PEs, but a pair and one dimension use 21.
#[test]
fn three_levels_have_three_dimensions_over_space() {
    let dir = dir();
    dir.file("primes.m", "Network n { Layer a { Type: CONV Dimensions { K: 2, C: 3, R: 7, S: 7, Y: 11, X: 7 } } }");
    let on = "--hw hw.m --pes 30 --noc-bw 64 --offchip-bw 64 --l1 10000 --l2 100000 --format csv";
    let [two, three] = [2, 3].map(|levels| {
        let map = format!("map --network primes.m {on} --levels {levels} -o best{levels}.m");
        dir.run(&map).quiet().stdout
    });
    assert_eq!([&two, &three].map(|csv| column(csv, "gap_percent")), [["0"], ["0"]], "{two} {three}");
    assert_eq!(column(&three, "mapping")[0].matches('*').count(), 3, "{three}");
    let cycles = |csv: &str| column(csv, "cycles")[0].parse::<u32>().unwrap();
    // Computing takes 49 or 70 cycles.
    assert!(cycles(&three) + 5 < cycles(&two), "{two} {three}");
    let estimated = dir.run(&format!("estimate --mapping best3.m {on} --require-fit")).quiet().stdout;
    for name in ["cycles", "energy_nj"] {
        assert_eq!(column(&three, name), column(&estimated, name)[..1], "{name}");
    }
}

#[test]
fn what_fits_no_buffer_is_told_and_leaves_no_file() {
    let dir = dir();
    let printed = dir.run("map --network small.m --hw hw.m --l1 8 -o best.m").failed(1);
    assert!(printed.contains("layer conv: its smallest tiles need"), "{printed}");
    // One of the limits is known to be impossible at once; for the other a search is needed.
    let printed = dir.run("map --network small.m --hw hw.m --constraint energy=99.5,latency=1751 -o best.m").failed(1);
    assert!(printed.contains("no mapping was found for conv"), "{printed}");
    assert_eq!(dir.files(), ["hw.m", "small.m"]);
}

/// With a budget of one mapping, all other mappings are only bounded.
#[test]
fn a_budget_leaves_a_gap() {
    let dir = dir();
    let printed = dir.run("map --network small.m --hw hw.m --format csv --objective energy --budget 1").quiet().stdout;
    let gaps: Vec<f64> = column(&printed, "gap_percent").iter().map(|gap| gap.parse().unwrap()).collect();
    assert_eq!(column(&printed, "evaluations"), ["1"; 4]);
    let best = dir.run("map --network small.m --hw hw.m --format csv --objective energy").quiet().stdout;
    let figures =
        |csv: &str| -> Vec<f64> { column(csv, "figure").iter().map(|figure| figure.parse().unwrap()).collect() };
    for ((found, best), gap) in figures(&printed).into_iter().zip(figures(&best)).zip(gaps) {
        assert!(found >= best && found <= best * (1.0 + gap / 100.0) * (1.0 + 1e-9), "{found} {best} {gap}");
    }
}

/// The fastest mapping within a limit of energy is slower than the fastest one, and meets the limit; and vice versa.
/// A search that need not find the best ends sooner, and its result is no farther from the best than allowed.
#[test]
fn a_gap_ends_a_search() {
    let dir = dir();
    let run = |flags: &str| {
        let printed =
            dir.run(&format!("map --network small.m --hw hw.m --format csv --objective edp {flags}")).quiet().stdout;
        let numbers =
            |name: &str| -> Vec<f64> { column(&printed, name).iter().map(|text| text.parse().unwrap()).collect() };
        (numbers("gap_percent"), numbers("evaluations").iter().sum::<f64>(), numbers("figure"))
    };
    let (gaps, all, best) = run("");
    assert_eq!(gaps, [0.0; 4]);
    let (gaps, fewer, figures) = run("--gap 20%");
    assert!(gaps.iter().all(|gap| *gap <= 20.0) && gaps.iter().any(|gap| *gap > 0.0), "{gaps:?}");
    assert!(fewer < all, "{fewer} {all}");
    for ((gap, figure), best) in gaps.iter().zip(figures).zip(best) {
        assert!(best <= figure && figure <= best * (1.0 + gap / 100.0) * (1.0 + 1e-12), "{best} {figure} {gap}");
    }
    for wrong in ["-1", "nan", "1%%"] {
        let printed = dir.run(&format!("map --network small.m --gap={wrong}")).failed(2);
        assert!(printed.contains("a percentage from 0, as 0.1%"), "{printed}");
    }
    let printed = dir.run("space campaign --space tiny --hw eyeriss --dataflow kcp_ws --map-gap 1% -o out").failed(2);
    assert!(printed.contains("--map-gap is of --dataflow map"), "{printed}");
}

#[test]
fn limits_are_kept() {
    let dir = dir();
    let map = |flags: &str| dir.run(&format!("map --network small.m --hw hw.m --format csv {flags}"));
    let figures = |csv: &str, name: &str| -> Vec<f64> {
        column(csv, name).iter().map(|figure| figure.parse().unwrap()).collect()
    };
    let least = |csv: &str, name: &str| figures(csv, name).into_iter().fold(0.0, f64::max);
    for (objective, key, limited) in [("latency", "energy", "energy_nj"), ("energy", "latency", "cycles")] {
        let free = map(&format!("--objective {objective}")).quiet().stdout;
        let best = map(&format!("--objective {key}")).quiet().stdout;
        // The most demanding layer determines the limit.
        let limit = 1.01 * least(&best, limited);
        let printed = map(&format!("--objective {objective} --constraint {key}={limit}")).quiet().stdout;
        assert!(figures(&printed, limited).iter().all(|figure| *figure <= limit), "{objective} {key}: {printed}");
        assert_eq!(column(&printed, "gap_percent"), ["0"; 4], "{printed}");
        let slower =
            figures(&printed, "figure").iter().zip(figures(&free, "figure")).filter(|(own, free)| *own > free).count();
        assert!(slower > 0, "{objective} {key} {limit}: {printed} {free}");
    }
    let none = map("--constraint energy=1").failed(1);
    assert!(
        none.contains("layer gemm: every mapping has") && none.contains("nJ or more, and the limit is 1"),
        "{none}"
    );
    let none = map("--constraint latency=2 --levels 1").failed(1);
    assert!(none.contains("cycles or more, and the limit is 2: a higher one (--constraint latency=...)"), "{none}");
}

/// A limit that is a time is converted with the clock.
#[test]
fn latencies_are_cycles_or_times() {
    let dir = dir();
    let map = |constraint: &str| {
        dir.run(&format!(
            "map --network small.m --hw hw.m --objective energy --clock 2 --constraint latency={constraint}"
        ))
    };
    let printed = map("2000").quiet().stdout;
    assert_eq!(map("1000us").quiet().stdout, printed);
    assert_eq!(map("1ms").quiet().stdout, printed);
    assert_ne!(map("2000us").quiet().stdout, printed);
    map("450ns").failed(2);
}

#[test]
fn time_ends_a_search_and_is_told_on_demand() {
    let dir = dir();
    let printed = dir.run("map --network mobilenet_v2 --hw hw.m --l1 4000 --l2 4000000 --time 0.000001").stdout;
    assert!(!printed.contains("seconds"), "{printed}");
    let timed = dir.run("map --network small.m --hw hw.m --timing --time 60").quiet().stdout;
    assert!(timed.contains("seconds") && timed.contains("3 of 3 distinct layers proven"), "{timed}");
    dir.run("map --network small.m --hw hw.m --timing --format csv").failed(2);
}

#[test]
fn what_it_does_not_do_is_told() {
    let dir = dir();
    for flags in ["latency", "speed=3", "latency=1,latency=2", "energy=-1"] {
        dir.run(&format!("map --network small.m --hw hw.m --constraint {flags}")).failed(2);
    }
    for (flags, status) in [
        ("--time 0", 2),
        ("--time x", 2),
        ("--levels 4", 2),
        ("--model maestro", 2),
        ("--budget 0", 2),
        ("--network none.m", 2),
    ] {
        dir.run(&format!("map --network small.m --hw hw.m {flags}")).failed(status);
    }
}
