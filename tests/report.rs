//! `maestrino report`, as a browser shows it.
//!
//! Where there is no Chromium, the tests that need one say so and pass; with `MAESTRINO_REQUIRE_BROWSER=1` they fail.

use serde_json::Value;

use crate::browser;
use crate::common::{Dir, read};

const SEARCH: &str = "codesign --space nb301 --networks 0..60 --hw-grid pes=64:256,noc=100:1000,offchip=50:300 \
                      --dataflow kcp_ws,rs,xp_ws --model maestro --output found";

/// A directory with a comparison of the methods, an answer to a constraint and what evolution found.
fn searched() -> Dir {
    let dir = Dir::new();
    dir.run(&format!("{SEARCH} --grid 4x4")).well();
    dir.run(&format!("{SEARCH} --constraint latency=30000000,energy=3000000")).well();
    let evolve = SEARCH.replace("--networks 0..60", "--method evolve --population 12 --generations 4");
    dir.run(&evolve).well();
    dir
}

fn strings(value: &Value) -> Vec<&str> {
    value.as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect()
}

#[test]
fn every_figure_holds_data_and_reads_well_at_any_width() {
    let dir = searched();
    dir.run("report found").quiet();
    let page = dir.path("found/report.html");
    let html = read(&page);
    assert!(!html.contains("<script") && !html.replace("http://www.w3.org/2000/svg", "").contains("http"));
    // Each heat map, each comparison, the fronts, the layers and the pairs that evolution found.
    let figures = [
        "layers-cycles",
        "layers-energy",
        "regret-mean",
        "regret-max",
        "evaluations",
        "network-costs",
        "shortlist",
        "correlation-latency",
        "correlation-energy",
        "fronts",
        "evolution",
    ];
    for id in figures {
        let csv = read(&dir.path(&format!("found/figures/{id}.csv")));
        assert!(csv.lines().count() > 2, "{id}: {csv}");
        assert!(read(&dir.path(&format!("found/figures/{id}.svg"))).contains("</svg>"), "{id}");
    }
    let Some(browser) = browser::browser() else { return };
    for (width, dark) in [(1280, false), (1280, true), (400, false), (400, true)] {
        let look = browser::look(browser, &page, width, dark);
        assert_eq!(look["width"], width);
        assert!(look["scroll"].as_u64().unwrap() <= u64::from(width), "wider than the screen: {}", look["scroll"]);
        assert_eq!(look["overlaps"], serde_json::json!([]), "at {width}");
        assert_eq!(look["paper"], if dark { "rgb(22, 24, 27)" } else { "rgb(254, 254, 254)" });
        assert_ne!(look["paper"], look["ink"]);
        let shown = look["figures"].as_array().unwrap();
        assert_eq!(shown.iter().map(|figure| figure["id"].as_str().unwrap()).collect::<Vec<_>>(), figures);
        for figure in shown {
            let number = |key: &str| figure[key].as_f64().unwrap();
            assert!(number("width") > 200.0 && number("height") > 50.0, "{figure}");
            assert!(number("marks") >= 10.0 && number("labels") >= 6.0, "{figure}");
            assert_eq!((strings(&figure["outside"]), &figure["cut"]), (vec![], &Value::from(false)), "{figure}");
        }
        for link in strings(&look["links"]).into_iter().filter(|link| !link.starts_with('#')) {
            assert!(dir.path("found").join(link).exists(), "{link}");
        }
    }
}

#[test]
fn evolution_alone_is_reported() {
    let dir = Dir::new();
    let effort = "--method evolve --population 20 --generations 6 --seed 0..2";
    let designs = "--hw-grid pes=64:256,noc=100:1000,offchip=50:300 --dataflow kcp_ws,rs,xp_ws --model maestro";
    dir.run(&format!("codesign --space nb301 {designs} {effort} --output alone")).well();
    let both = "--enumerate --networks 0..30 --objectives accuracy,latency,energy --output both";
    dir.run(&format!("codesign --space nb301 {designs} {effort} {both}")).well();
    let Some(browser) = browser::browser() else { return };
    for (name, known) in [("alone", false), ("both", true)] {
        dir.run(&format!("report {name}")).quiet();
        let page = dir.path(&format!("{name}/report.html"));
        let html = read(&page);
        assert!(html.contains("Co-design: nb301 by evolution") && html.contains("on 8 accelerators under 3 dataflows"));
        assert!(html.contains("evolution, seed 1") && html.contains("enumerated front") == known);
        let pairs = read(&dir.path(&format!("{name}/front.csv")));
        assert_eq!(read(&dir.path(&format!("{name}/figures/evolution.csv"))), pairs);
        for (width, dark) in [(1280, false), (400, true)] {
            let look = browser::look(browser, &page, width, dark);
            assert!(look["scroll"].as_u64().unwrap() <= u64::from(width), "wider than the screen: {}", look["scroll"]);
            assert_eq!(look["overlaps"], serde_json::json!([]), "at {width}");
            let shown = look["figures"].as_array().unwrap();
            assert_eq!(shown.len(), 1);
            assert!(shown[0]["marks"].as_f64().unwrap() >= pairs.lines().count() as f64 - 1.0, "{}", shown[0]);
        }
    }
    // Its summary is needed, and whole.
    let summary = read(&dir.path("alone/summary.json"));
    dir.file("alone/summary.json", summary.replacen("tried", "tired", 1));
    let error = dir.run("report alone").failed(1);
    assert!(error.contains("summary.json: there is no '/evolution/tried'"), "{error}");
}

#[test]
fn what_no_search_wrote_is_told() {
    let dir = Dir::new();
    std::fs::create_dir(dir.path("empty")).unwrap();
    for (name, word) in [("absent", "designs.csv"), ("empty", "maestrino codesign --output")] {
        let error = dir.run(&format!("report {name}")).failed(1);
        assert!(error.contains(word), "{error}");
    }
    assert_eq!(std::fs::read_dir(dir.path("empty")).unwrap().count(), 0);
}

#[test]
fn damage_is_told_by_file_and_line() {
    let dir = Dir::new();
    dir.run(&format!("{SEARCH} --grid 2x2")).well();
    dir.run("report found --output a.html").quiet();
    dir.run("report found --output b.html").quiet();
    assert_eq!(read(&dir.path("a.html")), read(&dir.path("b.html")));
    let methods = read(&dir.path("found/methods.csv"));
    let mut lines: Vec<String> = methods.lines().map(String::from).collect();
    lines[2] = lines[2].replacen(",0.", ",much", 1).replacen(",1,", ",much,", 1);
    dir.file("found/methods.csv", lines.join("\n"));
    let error = dir.run("report found --output c.html").failed(1);
    assert!(error.contains("methods.csv:3") && error.contains("much"), "{error}");
    assert!(!dir.path("c.html").exists());
    dir.file("found/methods.csv", methods.replacen("mean_regret", "regret", 1));
    let error = dir.run("report found").failed(1);
    assert!(error.contains("mean_regret") && error.contains("anew"), "{error}");
    dir.file("found/methods.csv", &methods);
    // Files that hold nothing, or no rows.
    let needed = ["srcc_latency.csv", "srcc_energy.csv", "latency.csv", "fronts.csv", "networks.csv", "designs.csv"];
    let optional = ["methods.csv", "curve.csv", "shortlist.csv", "unusable.csv"];
    for name in needed.into_iter().chain(optional) {
        let whole = read(&dir.path(&format!("found/{name}")));
        let header = whole.lines().next().unwrap();
        dir.file(&format!("found/{name}"), "");
        let error = dir.run("report found --output d.html").failed(1);
        assert!(error.contains(&format!("{name} is empty")) && error.contains("anew"), "{error}");
        dir.file(&format!("found/{name}"), format!("{header}\n"));
        let rows_lost = whole.lines().count() > 1;
        if rows_lost {
            let error = dir.run("report found --output d.html").failed(1);
            // It makes sense, and is not what was written.
            let told = format!("{name}: not as the search left it");
            assert!(!optional.contains(&name) || error.contains(&told), "{error}");
        }
        dir.file(&format!("found/{name}"), whole);
    }
    // Figures that are none, or that nothing could draw.
    for figure in ["NaN", "inf", "1e308", "-2e19"] {
        for name in ["latency.csv", "fronts.csv", "srcc_latency.csv"] {
            let whole = read(&dir.path(&format!("found/{name}")));
            let lines: Vec<&str> = whole.lines().collect();
            let damaged = lines.iter().enumerate().map(|(place, line)| match (place, name) {
                (0, _) => line.to_string(),
                (_, "fronts.csv") => line.rsplitn(3, ',').last().map(|rest| format!("{rest},{figure},1")).unwrap(),
                _ => line
                    .split(',')
                    .enumerate()
                    .map(|(i, cell)| if i > 1 { figure } else { cell })
                    .collect::<Vec<_>>()
                    .join(","),
            });
            let damaged: Vec<String> = damaged.collect();
            dir.file(&format!("found/{name}"), damaged.join("\n"));
            let error = dir.run("report found --output d.html").failed(1);
            assert!(error.contains(&format!("{name}:")) && error.contains(&format!(": '{figure}' in")), "{error}");
            dir.file(&format!("found/{name}"), whole);
        }
    }
    assert!(!dir.path("d.html").exists());
}
