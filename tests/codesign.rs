//! `maestrino codesign`: answers, comparisons, and what is refused.

use maestrino::host::directory::Lock;

use crate::common::{self, Dir, Run, read};

const DESIGNS: &str = "--model maestro --hw-grid pes=64:256,noc=100:500,offchip=50 --dataflow kcp_ws,xp_ws";
/// By the exact model; half of the accelerators are too small for some networks of `tiny`, one for all.
const EXACT: &str = "--space tiny --dataflow xp_ws,kcp_ws --fit --activations l2 \
                     --hw-grid pes=64,noc=16:64,offchip=8,l1=700,l2=9000:200000:900000";

fn codesign(dir: &Dir, arguments: &str) -> Run {
    dir.run(&format!("codesign --space nb301 {DESIGNS} {arguments}"))
}

fn rows(text: &str) -> Vec<Vec<String>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().unwrap().iter().map(String::from).collect();
    let rows = reader.records().map(|row| row.unwrap().iter().map(String::from).collect());
    std::iter::once(header).chain(rows).collect()
}

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
    // The same choice, for less.
    let (coupled, adaptive) = (&rows[1], &rows[7]);
    assert_eq!(coupled[2..16], adaptive[2..16]);
    let evaluations = |row: &[String]| row[16].parse::<usize>().unwrap();
    assert!(evaluations(adaptive) * 2 < evaluations(coupled), "{adaptive:?} {coupled:?}");
    for row in rows[1..].iter().filter(|row| row[6] == "yes") {
        assert!(row[8].parse::<f64>().unwrap() <= 2e7 && row[9].parse::<f64>().unwrap() <= 3e6, "{row:?}");
    }
    assert_eq!(common::read(&dir.path("out/choices.csv")), run.stdout);
    // The breakdown adds up.
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
fn a_comparison_leaves_its_tables_and_the_same_bytes_each_time() {
    let dir = Dir::new();
    let compare = |out: &str, threads: &str| {
        let arguments = format!("codesign --space nb301 {DESIGNS} --networks 0..12 --grid 4x4 --output {out}");
        let mut command = dir.command();
        command.env("RAYON_NUM_THREADS", threads).args(arguments.split_whitespace());
        Run::of(&arguments, &mut command).well()
    };
    let first = compare("a", "1");
    assert_eq!(first.stdout, compare("b", "2").stdout);
    let expected = [
        "curve.csv",
        "designs.csv",
        "energy.csv",
        "fronts.csv",
        "latency.csv",
        "methods.csv",
        "networks.csv",
        "shortlist.csv",
        "srcc_energy.csv",
        "srcc_latency.csv",
        "summary.json",
        "unusable.csv",
    ];
    let mut files: Vec<_> = std::fs::read_dir(dir.path("a"))
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    files.sort();
    assert_eq!(files, expected);
    for file in &files {
        let [a, b] = ["a", "b"].map(|out| common::read(&dir.path(out).join(file)));
        assert!(a == b && !a.is_empty(), "{file}");
    }
    let adaptive = first.stdout.lines().filter(|line| line.contains(" adaptive ")).count();
    assert_eq!(adaptive, 2, "{}", first.stdout);
    let methods = rows(&common::read(&dir.path("a/methods.csv")));
    let share = methods[0].iter().position(|column| column == "exact_share").unwrap();
    for row in methods.iter().filter(|row| ["adaptive", "coupled"].contains(&row[1].as_str())) {
        assert_eq!(row[share], "1", "{row:?}");
    }
}

#[test]
fn evolution_gives_a_front_that_the_seed_decides() {
    let dir = Dir::new();
    let front = |seed| {
        let effort = "--method evolve --population 12 --generations 5 --constraint latency=3e7 --format csv";
        codesign(&dir, &format!("{effort} --seed {seed} --output out")).well().stdout
    };
    let first = front(1);
    assert_eq!(first, common::read(&dir.path("out/front.csv")));
    assert_eq!(first, front(1));
    assert_ne!(first, front(2));
    let rows = rows(&first);
    assert!(rows.len() > 3 && rows[1..].iter().all(|row| row[5].parse::<f64>().unwrap() <= 3e7));
}

#[test]
fn evolution_with_several_seeds_is_held_against_what_is_enumerated() {
    let dir = Dir::new();
    let effort = "--method evolve --population 20 --generations 15 --objectives accuracy,latency,energy --format csv";
    let run = codesign(&dir, &format!("{effort} --seed 3..5 --enumerate --networks 0..40 --output out")).well();
    let pairs = rows(&run.stdout);
    let point = |row: &[String], from: usize| -> Vec<f64> {
        row[from..from + 3].iter().map(|figure| figure.parse().unwrap()).collect()
    };
    let known = rows(&common::read(&dir.path("out/enumerated.csv")));
    let better = |a: &[f64], b: &[f64]| a[0] >= b[0] && a[1] <= b[1] && a[2] <= b[2] && a != b;
    for seed in ["3", "4"] {
        let own: Vec<_> = pairs[1..].iter().filter(|row| row[0] == seed).map(|row| point(row, 4)).collect();
        let dominated = known[1..].iter().filter(|row| own.iter().any(|own| better(own, &point(row, 3)))).count();
        let told = format!("it dominates {dominated} of the {} pairs", known.len() - 1);
        let line = run.stderr.lines().find(|line| line.starts_with(&format!("seed {seed}: "))).unwrap();
        assert!(line.contains(&told), "{told}: {line}");
    }
    // Nothing enumerated is better than the front that is told of it.
    let mixed: Vec<_> = known[1..].iter().map(|row| point(row, 3)).collect();
    assert!(mixed.iter().all(|a| mixed.iter().all(|b| !better(a, b))));
    // A seed finds the same beside others as alone.
    let alone = codesign(&dir, &format!("{effort} --seed 4")).well().stdout;
    let others: Vec<_> = pairs.iter().filter(|row| row[0] == "4" || row[0] == "seed").cloned().collect();
    assert_eq!(rows(&alone), others);
}

/// What a directory holds, by name.
fn held(dir: &Dir, name: &str) -> Vec<String> {
    let entries = std::fs::read_dir(dir.path(name)).unwrap();
    let mut names: Vec<_> = entries.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_directory_holds_one_task() {
    let dir = Dir::new();
    let add = |arguments: &str| codesign(&dir, &format!("{arguments} --output out")).well().stderr;
    let replaced = "what another search left there is replaced";
    std::fs::create_dir(dir.path("out")).unwrap();
    dir.file("out/notes.txt", "mine");
    assert!(!add("--networks 0..6 --grid 2x2").contains(replaced));
    assert!(!add("--networks 0..6 --constraint latency=1e9").contains(replaced));
    assert!(!add("--method evolve --population 4 --generations 1").contains(replaced));
    let all = held(&dir, "out");
    for file in ["choices.csv", "front.csv", "methods.csv", "networks.csv", "notes.txt", "summary.json"] {
        assert!(all.iter().any(|name| name == file), "{file}: {all:?}");
    }
    let summary: serde_json::Value = serde_json::from_str(&common::read(&dir.path("out/summary.json"))).unwrap();
    assert_eq!((summary["networks"].as_u64(), summary["evolution"]["accelerators"].as_u64()), (Some(6), Some(4)));
    // Other networks, other accuracies, another recipe, and other designs each make another task.
    dir.file("equal.csv", "accuracy\n90\n90\n90\n90\n90\n91\n");
    for other in [
        "--networks 0..7 --constraint latency=1e9",
        "--networks 0..7 --constraint latency=1e9 --cells 8",
        "--networks 0..6 --constraint latency=1e9 --accuracy equal.csv",
        "--networks 0..6 --constraint latency=1e9 --fit",
        "--method evolve --population 4 --generations 1",
    ] {
        assert!(add(other).contains(replaced), "{other}");
        let left = held(&dir, "out");
        assert!(left.iter().any(|name| name == "notes.txt"));
        assert!(!left.iter().any(|name| name == "methods.csv" || name == "curve.csv"), "{other}: {left:?}");
    }
    assert_eq!(held(&dir, "out"), ["front.csv", "notes.txt", "summary.json"]);
}

#[test]
fn a_directory_is_verified_and_one_commands_at_a_time() {
    let dir = Dir::new();
    let search = "--networks 0..6 --constraint latency=1e9 --output out";
    codesign(&dir, search).well();
    dir.run("report out").well();
    let whole = common::read(&dir.path("out/latency.csv"));
    // Another figure, which makes as much sense.
    dir.file("out/latency.csv", whole.replacen(",1", ",2", 1));
    let error = dir.run("report out").failed(1);
    assert!(error.contains("latency.csv: not as the search left it that summary.json tells of"), "{error}");
    let again = codesign(&dir, "--method evolve --population 4 --generations 1 --output out").well().stderr;
    assert!(again.contains("latency.csv: it is not as its search left it, and is removed"), "{again}");
    assert!(!dir.path("out/latency.csv").exists());
    dir.file("out/.maestrino-a1b2c3", "half a file");
    codesign(&dir, search).well();
    dir.run("report out").well();
    assert_eq!(common::read(&dir.path("out/latency.csv")), whole);
    assert!(!held(&dir, "out").iter().any(|name| name.starts_with('.')), "{:?}", held(&dir, "out"));

    dir.file("out/figures/.maestrino-a1b2c3", "half a file");
    dir.run("report out").well();
    assert!(!dir.path("out/figures/.maestrino-a1b2c3").exists());

    let lock = Lock::take(&dir.path("out")).unwrap();
    for error in [codesign(&dir, search).failed(1), dir.run("report out").failed(1)] {
        assert!(error.contains(&format!("out: process {} is at work there", std::process::id())), "{error}");
    }
    drop(lock);
    codesign(&dir, search).well();
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

/// A spreadsheet would take the names as formulas; what reads the tables takes them as they are.
#[test]
fn names_that_look_like_formulas_stay_text() {
    let dir = Dir::new();
    let hardware = "num_pes: 64\nl2_size_cstr: 1000000\nnoc_bw_cstr: 100\noffchip_bw_cstr: 50\n";
    dir.file("=1+2.m", hardware);
    dir.file("-b.m", hardware.replace("64", "128"));
    dir.file("@d.m", "Dataflow { SpatialMap(1,1) C; TemporalMap(Sz(R),1) Y; TemporalMap(Sz(S),1) X; }");
    let designs = "--space tiny --networks 0..4 --hw ./-b.m,=1+2.m --dataflow @d.m,xp_ws";
    let cells = |name: &str| {
        let text = read(&dir.path(name));
        csv::Reader::from_reader(text.as_bytes())
            .into_records()
            .map(|row| row.unwrap().iter().map(String::from).collect::<Vec<_>>())
            .collect::<Vec<_>>()
    };
    dir.run(&format!("space campaign {designs} -o campaign")).well();
    let table = read(&dir.path("campaign/latency.csv"));
    assert!(table.starts_with("pos,id,'@d_-b,'@d_=1+2,xp_ws_-b,xp_ws_=1+2\n"), "{table}");
    let accelerators: Vec<_> = cells("campaign/accelerators.csv").iter().map(|row| row[0].clone()).collect();
    assert_eq!(accelerators, ["'-b", "'=1+2"]);
    // Complete as it is, read back as it was.
    let again = dir.run(&format!("space campaign {designs} -o campaign --resume")).well();
    assert!(again.stderr.contains("holds this campaign, complete"), "{}", again.stderr);
    let ranked = dir.run("space srcc campaign --columns @d_=1+2,xp_ws_-b -o srcc").well();
    assert!(ranked.stdout.contains(" @d_=1+2 ") && !ranked.stdout.contains('\''), "{}", ranked.stdout);
    assert_eq!(cells("srcc/srcc.csv")[0][1..3], ["'@d_=1+2", "xp_ws_-b"]);

    let found =
        dir.run(&format!("codesign {designs} --constraint latency=1e12 --grid 2x2 --format csv -o found")).well();
    let formulas =
        |text: &str| text.split(['\n', ',']).any(|cell| cell.starts_with(['=', '@', '+']) || cell.starts_with("-b"));
    assert!(!formulas(&found.stdout), "{}", found.stdout);
    for name in dir.path("found").read_dir().unwrap().map(|entry| entry.unwrap().path()) {
        if name.extension().is_some_and(|extension| extension == "csv") {
            assert!(!formulas(&read(&name)), "{}: {}", name.display(), read(&name));
        }
    }
    assert_eq!(cells("found/designs.csv")[1][..3], ["'@d_=1+2", "'=1+2", "'@d"]);
    dir.run("report found").well();
    let page = read(&dir.path("found/report.html"));
    assert!(page.contains("@d_=1+2") && !page.contains("'@d") && !page.contains("&#39;@d"));
    dir.run(&format!("codesign {designs} --proxy @d_=1+2 --method transfer --constraint latency=1e12")).well();
}

#[test]
fn a_budget_bounds_evaluations_and_the_certificate_tells() {
    let dir = Dir::new();
    let told = |budget: &str| {
        let arguments = format!("--networks 0..12 --method adaptive --constraint latency=2e7 {budget} --format json");
        let value: serde_json::Value = serde_json::from_str(&codesign(&dir, &arguments).well().stdout).unwrap();
        let number = |field: &str| value[0][field].as_f64().unwrap();
        (number("evaluations"), number("accuracy"), number("missed"))
    };
    let (whole, best, certain) = told("");
    assert_eq!(certain, 0.0);
    // As many as it takes are enough.
    assert_eq!(told(&format!("--budget {whole}")), (whole, best, 0.0));
    let mut uncertain = 0;
    for budget in [0.0, (whole / 2.0).floor(), whole - 1.0] {
        let arguments = format!("--networks 0..12 --method adaptive --constraint latency=2e7 --budget {budget}");
        if codesign(&dir, &arguments).code != Some(0) {
            assert!(codesign(&dir, &arguments).failed(1).contains("limits or --budget"));
            uncertain += 1;
            continue;
        }
        let (evaluations, accuracy, missed) = told(&format!("--budget {budget}"));
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
    // All of them are equally accurate: the fewest cycles win, and both exact methods agree.
    assert_eq!(answers[0], answers[6]);
    codesign(&dir, "--networks 5 --grid 2x2").well();
    codesign(&dir, "--networks 5 --constraint energy=1e12").well();
}

#[test]
fn what_makes_no_sense_is_refused() {
    let dir = Dir::new();
    dir.file("nan.csv", "accuracy\n90\nNaN\n");
    dir.file("short.csv", "accuracy\n90\n");
    dir.file("none.csv", "id\n");
    for (arguments, code, told) in [
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
        ("--timing --format csv", 2, "--timing is told in a table only"),
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
        assert!(error.contains(told), "{arguments}: {error}");
    }
    let grid = "--hw-grid pes=64..663,noc=1..100,offchip=1 --dataflow xp_ws --model maestro";
    let error = dir.run(&format!("codesign --space nb301 {grid}")).failed(1);
    assert!(error.contains("are 61080000 costs, more than"), "{error}");
    let error = dir.run("codesign --space nb301 --networks 0..2 --hw-grid pes=16 --dataflow kcp_ws --no-fit").failed(1);
    assert!(error.contains("no accelerator can run all layers"), "{error}");
    assert!(dir.files().iter().all(|file| file.ends_with(".csv")), "{:?}", dir.files());
}

#[test]
fn exact_searches_answer_with_networks_that_fit() {
    let dir = Dir::new();
    let run = |arguments: &str| dir.run(&format!("codesign {EXACT} --networks 0..8 {arguments}"));
    let told = run("--constraint latency=1e9 --format csv --output out").well();
    let warnings: Vec<&str> = told.stderr.lines().filter(|line| line.starts_with("warning: xp_ws cannot ")).collect();
    assert!(
        warnings.iter().any(|line| line.contains("cannot use pes64_noc16_offchip8_l1-700_l2-9000, ")),
        "{warnings:?}"
    );
    assert!(warnings.iter().any(|line| line.contains("cannot run all networks on ")), "{warnings:?}");
    let answers = rows(&told.stdout);
    let (coupled, adaptive) = (&answers[1], &answers[7]);
    assert_eq!((coupled[0].as_str(), adaptive[0].as_str()), ("coupled", "adaptive"));
    assert_eq!(coupled[2..16], adaptive[2..16]);
    let evaluations = |row: &[String]| row[16].parse::<usize>().unwrap();
    assert!(evaluations(adaptive) <= evaluations(coupled), "{answers:?}");
    assert!(answers[1..].iter().all(|row| row.last().unwrap() == "exact"));
    // The same alone.
    let alone = rows(&run("--constraint latency=1e9 --method adaptive --format csv").quiet().stdout);
    assert_eq!(alone[1][2..13], adaptive[2..13]);
    // What was chosen fits, and costs what an estimate says.
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
    // The accelerator's own buffers, which its name tells.
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
    // And so does the page.
    dir.run("report out").quiet();
    assert!(common::read(&dir.path("out/report.html")).contains("Costs are those of the exact model."));
    dir.run(&format!("codesign {EXACT} --method evolve --population 10 --generations 3 --output out")).well();
    dir.run("report out").quiet();
}

#[test]
fn where_nothing_fits_the_nearest_is_told() {
    let dir = Dir::new();
    let designs = "--space tiny --hw-grid pes=64,noc=16,offchip=8,l1=1:2,l2=900000 --dataflow xp_ws";
    for (arguments, told) in [
        ("--networks 0..3 --constraint latency=1e9", "no accelerator can run all layers"),
        ("--networks 0..3 --constraint latency=1e9 --method adaptive", "no network can run on any design"),
        ("--method evolve --population 6 --generations 1", "do not fit the buffers of their accelerator"),
    ] {
        let error = dir.run(&format!("codesign {designs} {arguments}")).failed(1);
        let (_, nearest) = error.split_once("nearest to it").unwrap_or_else(|| panic!("{error}"));
        assert!(error.contains(told), "{error}");
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

/// With a memory of walks, what is asked of a layer for one bandwidth serves all; another array is walked anew.
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
