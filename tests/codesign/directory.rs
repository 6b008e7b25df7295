//! The files that a search leaves in its directory, and how it treats a directory with other files.

use maestrino::host::directory::Lock;

use super::{DESIGNS, codesign, rows};
use crate::common::{self, Dir, Run, read};

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

/// The files in a directory, by name.
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
    let replaced = "the results of another search are replaced";
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
    // Other networks, accuracies, recipes or designs each make another task.
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
    // Another figure that is just as plausible.
    dir.file("out/latency.csv", whole.replacen(",1", ",2", 1));
    let error = dir.run("report out").failed(1);
    assert!(error.contains("latency.csv: changed since the search that summary.json describes"), "{error}");
    let again = codesign(&dir, "--method evolve --population 4 --generations 1 --output out").well().stderr;
    assert!(again.contains("latency.csv: it was changed since its search wrote it, and is removed"), "{again}");
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

/// A spreadsheet would take the names as formulas. The readers of the tables take them as they are.
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
    // The campaign is complete, and the tables are read back unchanged.
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
