//! `maestrino report`, checked in a browser.
//!
//! If Chromium is not installed, the tests that need it are skipped; with `MAESTRINO_REQUIRE_BROWSER=1` they fail.

use serde_json::{Value, json};

use crate::browser;
use crate::common::{Dir, Run, read};

const SEARCH: &str = "codesign --space nb301 --networks 0..60 --hw-grid pes=64:256,noc=100:1000,offchip=50:300 \
                      --dataflow kcp_ws,rs,xp_ws --model maestro --output found";

/// A directory with a comparison of the methods, an answer to a constraint and the results of evolution.
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
    // Each heat map, each comparison, the fronts, the layers and the pairs from evolution.
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
        // The width of a paper's column, with the letters in the file.
        let svg = read(&dir.path(&format!("found/figures/{id}.svg")));
        assert!(svg.contains("width=\"85mm\"") && svg.contains("</svg>") && !svg.contains("<text"), "{id}");
        let pdf = std::fs::read(dir.path(&format!("found/figures/{id}.pdf"))).unwrap();
        let text = String::from_utf8_lossy(&pdf);
        for part in ["%PDF-", "/Count 1", "/MediaBox [0 0 240.94", "/FontFile2", "%%EOF"] {
            assert!(text.contains(part), "{id}: {part}");
        }
    }
    let Some(browser) = browser::browser() else { return };
    for (width, dark) in [(1280, false), (1280, true), (400, false), (400, true)] {
        let look = browser::look(browser, &page, width, dark);
        assert_eq!(look["width"], width);
        assert!(look["scroll"].as_u64().unwrap() <= u64::from(width), "wider than the screen: {}", look["scroll"]);
        assert_eq!(look["overlaps"], json!([]), "at {width}");
        assert_eq!(look["paper"], if dark { "rgb(22, 24, 27)" } else { "rgb(254, 254, 254)" });
        assert_ne!(look["paper"], look["ink"]);
        let shown = look["figures"].as_array().unwrap();
        assert_eq!(shown.iter().map(|figure| figure["id"].as_str().unwrap()).collect::<Vec<_>>(), figures);
        for figure in shown {
            let number = |key: &str| figure[key].as_f64().unwrap();
            assert!(number("width") > 200.0 && number("height") > 50.0, "{figure}");
            assert!(number("marks") >= 10.0 && number("labels") >= 6.0, "{figure}");
            assert_eq!((strings(&figure["outside"]), &figure["cut"]), (vec![], &Value::from(false)), "{figure}");
            assert_eq!(figure["shapes"], 0, "{figure}");
            let id = figure["id"].as_str().unwrap();
            if !id.starts_with("layers") {
                assert!(ticks(figure).into_iter().all(|ticks| ticks >= 3), "{figure}");
            }
            // The caption counts what the mean leaves out.
            let caption = figure["caption"].as_str().unwrap();
            if id.starts_with("regret") || ["evaluations", "network-costs"].contains(&id) {
                assert!(caption.contains("that were answered") && caption.contains("left unanswered"), "{caption}");
            }
        }
        for link in strings(&look["links"]).into_iter().filter(|link| !link.starts_with('#')) {
            assert!(dir.path("found").join(link).exists(), "{link}");
        }
    }
}

/// The number of marks on the x and y axes of a figure.
fn ticks(figure: &Value) -> [u64; 2] {
    [0, 1].map(|axis| figure["ticks"][axis].as_u64().unwrap())
}

/// The summary and the page say where the figures come from. The same question gives the same bytes anywhere.
#[test]
fn model_accuracies_limits_command_and_version_are_shown() {
    let dir = Dir::new();
    let base = SEARCH.replace(" --output found", "");
    dir.file("acc.csv", (0..60).fold("id,accuracy\n".to_string(), |csv, id| csv + &format!("{id},{}\n", 60 + id % 30)));
    let asked = format!("{base} --accuracy acc.csv --constraint latency=30000000,energy=3e6");
    let somewhere = dir.path("some where");
    let run = |arguments: &str| dir.run(arguments).well();
    let shown = run(&format!("{asked} -o found")).stdout;
    let mut command = dir.command();
    command.args(asked.split_whitespace()).arg("--output").arg(&somewhere);
    Run::of(&asked, &mut command).well();
    let summary = read(&dir.path("found/summary.json"));
    assert_eq!(read(&somewhere.join("summary.json")), summary);
    let fields: Value = serde_json::from_str(&summary).unwrap();
    assert_eq!(fields["model"], "maestro");
    assert_eq!(fields["accuracy"], json!({"source": "acc.csv", "kind": "table"}));
    let version = env!("CARGO_PKG_VERSION");
    let limits = json!({"latency_cycles": 30_000_000.0, "energy_nj": 3_000_000.0});
    let command = format!("maestrino {asked}");
    assert_eq!(fields["constraint"], json!({"version": version, "command": command, "limits": limits}));
    run(&format!("{base} --accuracy acc.csv --grid 2x2 -o found"));
    run("report found");
    let page = read(&dir.path("found/report.html"));
    for words in [
        "MAESTRO's model".to_string(),
        "<dd>acc.csv</dd>".to_string(),
        "latency at most 30,000,000 cycles, energy at most 3,000,000 nJ".to_string(),
        format!("{command} (version {version})"),
        format!("maestrino {base} --accuracy acc.csv --grid 2x2 (version {version})"),
    ] {
        assert!(page.contains(&words), "{words}: {page}");
    }
    // The figures of the answers, with their buffers, equal those of the terminal, digit by digit.
    let cells: Vec<&str> = shown.lines().skip(1).flat_map(str::split_whitespace).collect();
    let figures: Vec<_> = cells.iter().filter(|cell| cell.contains(',')).collect();
    assert!(figures.len() > 30, "{shown}");
    assert!(figures.iter().all(|figure| page.contains(&format!(">{figure}</td>"))), "{figures:?}: {page}");
    for heading in ["energy, nJ", "area, um^2", "power, mW", "L1, B", "L2, B", "fits"] {
        assert!(shown.contains(heading) && page.contains(&format!(">{heading}</th>")), "{heading}: {shown}");
    }
    let answers = read(&dir.path("found/choices.csv"));
    assert!(answers.lines().next().unwrap().contains(",area,power,l1,l2,fits,"), "{answers}");
    // Without these entries there is no page.
    for (word, place) in [("\"source\"", "/accuracy/source"), ("\"command\"", "/comparison/command")] {
        let whole = read(&dir.path("found/summary.json"));
        // The command of the comparison is the last one.
        let at = whole.rfind(word).unwrap();
        dir.file("found/summary.json", format!("{}\"other\"{}", &whole[..at], &whole[at + word.len()..]));
        let error = dir.run("report found").failed(1);
        assert!(
            error.contains(&format!("there is no '{place}'")) && error.contains("create the directory again"),
            "{error}"
        );
        dir.file("found/summary.json", whole);
    }
}

/// In MAESTRO's model, buffers are no limit. The page says which of them are too small.
#[test]
fn answers_tell_whether_they_fit() {
    let dir = Dir::new();
    let answer = |flags: &str| {
        let arguments = "codesign --space nb301 --networks 0..3 --hw-grid pes=64,noc=100,offchip=50 --dataflow kcp_ws \
                         --method coupled --constraint latency=1e12 --format json";
        let run = dir.run(&format!("{arguments} {flags}")).well();
        let answers: Value = serde_json::from_str(&run.stdout).unwrap();
        let figure = |name: &str| answers[0][name].as_u64().unwrap();
        (figure("l1"), figure("l2"), answers[0]["fits"].as_str().unwrap().to_string())
    };
    let (l1, l2, fits) = answer("--model maestro");
    assert!(l1 > 1 && l2 > 1 && fits == "yes", "{l1} {l2} {fits}");
    assert_eq!(answer("--model maestro --l1 1 --l2 1"), (l1, l2, "l1+l2".to_string()));
    assert_eq!(answer(&format!("--model maestro --l1 {l1} --l2 {}", l2 - 1)), (l1, l2, "l2".to_string()));
    assert_eq!(answer("--l1 5000 --l2 5000000"), (5000, 5_000_000, "yes".to_string()));
}

/// A single design is its own proxy and ranks networks as itself, so there is nothing to draw.
#[test]
fn nothing_is_empty_for_one_design() {
    let dir = Dir::new();
    let one =
        "codesign --space tiny --networks 0..8 --hw-grid pes=64,noc=16,offchip=8 --dataflow kcp_ws --model maestro";
    dir.run(&format!("{one} --grid 3x3 --output found")).well();
    dir.run(&format!("{one} --constraint latency=1e12 --output found")).well();
    dir.run("report found").quiet();
    let page = read(&dir.path("found/report.html"));
    assert!(page.contains("Co-design: tiny on one design"));
    for absent in
        ["Rank correlation", "id=\"correlation", "id=\"regret", "1 designs", "<tbody>\n</tbody>", "over the proxies"]
    {
        assert!(!page.contains(absent), "{absent}");
    }
    let Some(browser) = browser::browser() else { return };
    for width in [1280, 400] {
        let look = browser::look(browser, &dir.path("found/report.html"), width, false);
        assert!(look["scroll"].as_u64().unwrap() <= u64::from(width), "wider than the screen: {}", look["scroll"]);
        assert_eq!(look["overlaps"], json!([]), "at {width}");
        let shown = look["figures"].as_array().unwrap();
        let ids: Vec<_> = shown.iter().map(|figure| figure["id"].as_str().unwrap()).collect();
        assert_eq!(ids, ["layers-cycles", "layers-energy", "evaluations", "network-costs", "shortlist", "fronts"]);
        assert!(shown[2..].iter().all(|figure| ticks(figure).into_iter().all(|ticks| ticks >= 3)), "{shown:?}");
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
        assert!(html.contains(">power, mW</th>") && html.contains(">L2, B</th>"));
        let pairs = read(&dir.path(&format!("{name}/front.csv")));
        assert_eq!(read(&dir.path(&format!("{name}/figures/evolution.csv"))), pairs);
        for (width, dark) in [(1280, false), (400, true)] {
            let look = browser::look(browser, &page, width, dark);
            assert!(look["scroll"].as_u64().unwrap() <= u64::from(width), "wider than the screen: {}", look["scroll"]);
            assert_eq!(look["overlaps"], json!([]), "at {width}");
            let shown = look["figures"].as_array().unwrap();
            assert_eq!(shown.len(), 1);
            assert!(shown[0]["marks"].as_f64().unwrap() >= pairs.lines().count() as f64 - 1.0, "{}", shown[0]);
        }
    }
    // The summary is needed, and must be complete.
    let summary = read(&dir.path("alone/summary.json"));
    dir.file("alone/summary.json", summary.replacen("tried", "tired", 1));
    let error = dir.run("report alone").failed(1);
    assert!(error.contains("summary.json: there is no '/evolution/tried'"), "{error}");
}

#[test]
fn what_no_search_wrote_is_refused() {
    let dir = Dir::new();
    std::fs::create_dir(dir.path("empty")).unwrap();
    for (name, word) in [("absent", "designs.csv"), ("empty", "maestrino codesign --output")] {
        let error = dir.run(&format!("report {name}")).failed(1);
        assert!(error.contains(word), "{error}");
    }
    assert_eq!(std::fs::read_dir(dir.path("empty")).unwrap().count(), 0);
}

#[test]
fn damage_is_found_by_file_and_line() {
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
    assert!(error.contains("mean_regret") && error.contains("create the directory again"), "{error}");
    dir.file("found/methods.csv", &methods);
    // Files that are empty or have no rows.
    let needed = ["srcc_latency.csv", "srcc_energy.csv", "latency.csv", "fronts.csv", "networks.csv", "designs.csv"];
    let optional = ["methods.csv", "curve.csv", "shortlist.csv", "unusable.csv"];
    for name in needed.into_iter().chain(optional) {
        let whole = read(&dir.path(&format!("found/{name}")));
        let header = whole.lines().next().unwrap();
        dir.file(&format!("found/{name}"), "");
        let error = dir.run("report found --output d.html").failed(1);
        assert!(error.contains(&format!("{name} is empty")) && error.contains("create the directory again"), "{error}");
        dir.file(&format!("found/{name}"), format!("{header}\n"));
        let rows_lost = whole.lines().count() > 1;
        if rows_lost {
            let error = dir.run("report found --output d.html").failed(1);
            // The file is plausible, but differs from what was written.
            let message = format!("{name}: changed since the search");
            assert!(!optional.contains(&name) || error.contains(&message), "{error}");
        }
        dir.file(&format!("found/{name}"), whole);
    }
    // Figures that are not numbers, or that cannot be drawn.
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
