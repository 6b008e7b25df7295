//! `maestrino explore` as a user types it.

use std::collections::BTreeMap;
use std::fs::File;

use maestrino::dataflow::presets::Preset;
use maestrino::exact::{Cost, Counts, Event, Player};
use maestrino::host::builtin;
use maestrino::host::network::NamedLayer;
use maestrino::{EnergyTable, Hardware, Mapping, Noc, Silicon, Total};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::RowAccessor;
use serde_json::Value;

use crate::common::{Dir, read};

/// What a design comes to: cycles, nJ, um^2, mW. Numbers above 0 are in the order of their bits.
type Figures = [f64; 4];

/// The designs that none outdoes in the figures that count, by their ids, with how many have the same figures: pair by pair.
fn front(all: &[(u64, Figures)], counts: [bool; 4]) -> BTreeMap<u64, (Figures, u64)> {
    let key = |figures: &Figures| [0, 1, 2, 3].map(|place| if counts[place] { figures[place].to_bits() } else { 0 });
    let mut sorted: Vec<([u64; 4], u64, &Figures)> =
        all.iter().map(|(id, figures)| (key(figures), *id, figures)).collect();
    sorted.sort_by_key(|(key, id, _)| (*key, *id));
    // What outdoes another stands before it.
    let mut best: Vec<([u64; 4], u64, &Figures, u64)> = Vec::new();
    for (own, id, figures) in sorted {
        match best.iter_mut().rev().find(|(other, ..)| other.iter().zip(&own).all(|(other, own)| other <= own)) {
            Some((other, .., same)) if *other == own => *same += 1,
            Some(_) => {}
            None => best.push((own, id, figures, 1)),
        }
    }
    best.into_iter().map(|(_, id, figures, same)| (id, (*figures, same))).collect()
}

/// Rows of a CSV by the names of their columns.
fn rows(text: &str) -> Vec<BTreeMap<String, String>> {
    csv::Reader::from_reader(text.as_bytes()).deserialize().map(Result::unwrap).collect()
}

fn number(row: &BTreeMap<String, String>, column: &str) -> f64 {
    row[column].parse().unwrap_or_else(|_| panic!("{column}: {row:?}"))
}

/// The front that a run found.
fn found(csv: &str) -> BTreeMap<u64, (Figures, u64)> {
    let figures = |row: &BTreeMap<String, String>| {
        ["cycles", "energy_nj", "area_um2", "power_mw"].map(|column| row[column].parse().unwrap_or(0.0))
    };
    let row = |row: &BTreeMap<String, String>| (number(row, "id") as u64, (figures(row), number(row, "same") as u64));
    let rows = rows(csv);
    let found: BTreeMap<_, _> = rows.iter().map(row).collect();
    assert_eq!(found.len(), rows.len());
    found
}

/// ResNet-50 on 100,000 designs, each layer of each design costed as the model does, and each pair compared.
#[test]
fn the_front_is_that_of_brute_force() {
    let (pes, nocs, offchips) = ([64, 100, 128, 256, 512], [8, 16, 32, 50, 64], [1, 2, 4, 6, 8, 12, 16, 24, 32, 64]);
    let l1s = [32, 64, 128, 256, 512, 1024, 2048, 4096];
    let l2s: Vec<u32> = (1..=25).map(|place| 20_000 * place * place).collect();
    let network = builtin::network("resnet50").unwrap();
    let (distinct, places) = network.distinct();
    let mut all: Vec<(u64, Figures)> = Vec::new();
    let mut ids = 0..;
    for (preset, pes) in [Preset::KcpWs, Preset::YkpOs].into_iter().flat_map(|preset| pes.map(|pes| (preset, pes))) {
        let array = Hardware::new(pes).unwrap();
        let mapping = |named: &&NamedLayer| {
            let kind = named.layer.kind();
            Mapping::new(&named.layer, &preset.tiling().for_kind(kind).dataflow(kind).unwrap(), pes).unwrap()
        };
        let mappings: Vec<Mapping> = distinct.iter().map(mapping).collect();
        let counted = |l2: &u32| -> Vec<Counts> {
            let hardware = array.with_buffers(1, *l2);
            mappings.iter().map(|mapping| Counts::of(mapping, &hardware, |_| ()).unwrap()).collect()
        };
        let counted: Vec<Vec<Counts>> = l2s.iter().map(counted).collect();
        let events = |mapping| {
            let mut events = Vec::new();
            Counts::of(mapping, &array, |event| events.push(*event)).unwrap();
            events
        };
        let events: Vec<Vec<Event>> = mappings.iter().map(events).collect();
        for (noc, offchip) in nocs.into_iter().flat_map(|noc| offchips.map(|offchip| (noc, offchip))) {
            let noc = Noc { bandwidth: noc, latency: 1 };
            let array = array.with_noc(noc).unwrap().with_offchip_bandwidth(offchip).unwrap();
            let player = |events: &Vec<Event>| {
                let mut player = Player::new(&array);
                events.iter().for_each(|event| player.play(event));
                player
            };
            let players: Vec<Player> = events.iter().map(player).collect();
            for (l1, (l2, counted)) in l1s.into_iter().flat_map(|l1| l2s.iter().zip(&counted).map(move |l2| (l1, l2))) {
                let id = ids.next().unwrap();
                let hardware = array.with_buffers(l1, *l2);
                let cost = |(counts, player)| Cost::timed(counts, player, &hardware, &EnergyTable::REFERENCE).unwrap();
                let costs: Vec<Cost> = counted.iter().zip(&players).map(cost).collect();
                let mut total = Total::NONE;
                places.iter().for_each(|place| total.add(&costs[*place]).unwrap());
                if total.fits.all() {
                    let silicon = Silicon::of(&hardware, total.needs.l1, total.needs.l2);
                    let cycles = total.cycles.unwrap() as f64;
                    all.push((id, [cycles, total.energy.total(), silicon.area(), silicon.power()]));
                }
            }
        }
    }
    assert_eq!(ids.next(), Some(100_000));
    let list = |values: &[u32]| values.iter().map(u32::to_string).collect::<Vec<_>>().join(":");
    let grid = format!(
        "pes={},noc={},offchip={},l1={},l2={}",
        list(&pes),
        list(&nocs),
        list(&offchips),
        list(&l1s),
        list(&l2s)
    );
    let run = format!("explore --network resnet50 --dataflow kcp_ws,ykp_os --no-fit --hw-grid {grid} --format");
    let dir = Dir::new();
    let expected = front(&all, [true; 4]);
    assert!(all.len() > 20_000 && expected.len() > 100, "{} {}", all.len(), expected.len());
    assert!(found(&dir.run(&format!("{run} csv")).quiet().stdout) == expected);
    let told: Value = serde_json::from_str(&dir.run(&format!("{run} json")).quiet().stdout).unwrap();
    let out = &told["ruled_out"];
    let small = ["cluster_too_small", "l1_too_small", "l2_too_small"].map(|name| out[name].as_u64().unwrap());
    assert_eq!(100_000 - small.iter().sum::<u64>(), all.len() as u64);
    assert_eq!(told["costed"].as_u64().unwrap() + out["outdone"].as_u64().unwrap(), all.len() as u64);
    assert!(told["costed"].as_u64().unwrap() < all.len() as u64 / 3);
}

/// A grid in no order, with everything that a grid can vary.
const GRID: &str = "l2=60000:20000:2147483647:150000,pes=64:16,offchip=2:64:8,bits=8:4,l1=2147483647:60:300,simd=2:1,hops=1:4,noc=64:8";

/// What `estimate` tells of each design of a grid: the front of what can run and is within a limit.
#[test]
fn the_front_is_that_of_an_estimate_of_each_design() {
    let dir = Dir::new();
    let energies = "--energies 0.001,0.002,0.01,0.1,0.005 --energy-sizes 128,65536,1000";
    let more = [
        "",
        "--activations auto --l2-buffers 1 --l1-buffers 1 --multicast no",
        "--activations l2 --weights-bw 3 --weights-compression 1.7 --cluster-buffer 400",
    ];
    for (place, flags) in more.into_iter().enumerate() {
        let designs =
            format!("--network ds_cnn --dataflow kcp_ws,ykp_os --hw-grid {GRID} --clock 50 {flags} {energies}");
        let estimated = rows(&dir.run(&format!("estimate {designs} --format csv")).quiet().stdout);
        assert_eq!(estimated.len(), 2 * 4 * 2 * 3 * 2 * 3 * 2 * 2 * 2);
        let mut all: Vec<(u64, Figures)> = Vec::new();
        for (row_number, row) in estimated.iter().enumerate() {
            // Dataflows vary fastest there.
            let id = row_number / 2 + row_number % 2 * (estimated.len() / 2);
            if row["usable"] == "true" {
                let figures = ["cycles", "energy_nj", "area_um2", "power_mw"].map(|column| number(row, column));
                all.push((id as u64, figures));
            }
        }
        assert!(all.len() > 100 && all.len() < estimated.len(), "{}", all.len());
        let mut middle = [0, 1, 2, 3].map(|figure| all.iter().map(|(_, figures)| figures[figure]).collect::<Vec<_>>());
        let middle = middle.each_mut().map(|figures| {
            figures.sort_by(f64::total_cmp);
            figures[figures.len() / 2]
        });
        let cases = [
            ("", [true; 4], [f64::INFINITY; 4]),
            ("--objective latency,area", [true, false, true, false], [f64::INFINITY; 4]),
            ("--objective latency", [true, false, false, false], [f64::INFINITY; 4]),
            // Beside latency and energy their product says nothing more.
            ("--objective energy,edp,latency", [true, true, false, false], [f64::INFINITY; 4]),
            (
                "--objective energy",
                [false, true, false, false],
                [f64::INFINITY, f64::INFINITY, f64::INFINITY, middle[3]],
            ),
            (
                "--objective power,energy",
                [false, true, false, true],
                [middle[0], f64::INFINITY, f64::INFINITY, f64::INFINITY],
            ),
            ("--objective latency", [true, false, false, false], [f64::INFINITY, middle[1], middle[2], f64::INFINITY]),
        ];
        for (objective, counts, limits) in cases {
            // As the program tells them: ms at 50 MHz, nJ, mm^2, mW.
            let given = [limits[0] / 50.0 / 1000.0, limits[1], limits[2] / 1e6, limits[3]];
            let limits = [limits[0], limits[1], given[2] * 1e6, limits[3]];
            let names = ["latency", "energy", "area", "power"].into_iter().zip(given);
            let names = names.filter(|(_, limit)| limit.is_finite());
            let flags: String = names.map(|(name, limit)| format!(" --{name}-max {limit}")).collect();
            let within =
                |(_, figures): &&(u64, Figures)| figures.iter().zip(limits).all(|(figure, limit)| *figure <= limit);
            let within: Vec<(u64, Figures)> = all.iter().filter(within).copied().collect();
            let told = found(&dir.run(&format!("explore {designs} {objective}{flags} --format csv")).quiet().stdout);
            assert!(told == front(&within, counts), "{place}: {objective}{flags}: {told:?}");
        }
        // The least product, and what takes less area at a larger one; the first design of those that are alike.
        let told = found(&dir.run(&format!("explore {designs} --objective area,edp --format csv")).quiet().stdout);
        let product = |figures: &Figures| figures[0] * figures[1];
        let products: Vec<(u64, Figures)> =
            all.iter().map(|(id, figures)| (*id, [product(figures), 0.0, figures[2], 0.0])).collect();
        let expected = front(&products, [true, false, true, false]);
        let told: BTreeMap<u64, (Figures, u64)> = told
            .into_iter()
            .map(|(id, (figures, same))| (id, ([product(&figures), 0.0, figures[2], 0.0], same)))
            .collect();
        assert!(told == expected && !told.is_empty(), "{place}: {told:?}\n{expected:?}");
    }
}

const SMALL: &str = "explore --network ds_cnn --hw-grid pes=16:32:64,noc=4..40:4,hops=1..8,offchip=1..8:1,l1=32..512:x2,\
                     l2=8192..131072:x2 --dataflow kcp_ws,kxc_os";

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
fn a_search_tells_that_it_is_one_and_finds_most_of_the_front() {
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
        let told: Value = serde_json::from_str(&dir.run(&format!("{flags} json")).quiet().stdout).unwrap();
        assert_eq!(told["searched"], serde_json::json!({ "lines": 96, "of_lines": 480, "seed": seed }));
        assert_eq!(told["looked_at"], 96 * 8 * 5 * 5);
        let table = dir.run(&format!("{flags} table")).quiet().stdout;
        assert!(table.contains("96,000 designs, of which 19,200 were looked at"), "{table}");
    }
    // A fifth of the lines, chosen blindly, would have a fifth of the front.
    assert!(on_front as f64 > 0.5 * 3.0 * whole.len() as f64, "{on_front} of 3 x {}", whole.len());
    let table = dir.run(SMALL).quiet().stdout;
    assert!(table.contains("96,000 designs, all of them looked at"), "{table}");
}

#[test]
fn a_technology_replaces_every_figure() {
    let dir = Dir::new();
    let zero = "source = \"mine\"\n[mac]\nenergy = 0\narea = 0\npower = 0\n[l1]\nenergy = 0\narea = 0\npower = 0\n[l2]\nenergy = 0\n\
                area = 0\npower = 0\n[noc]\nenergy = 0\nbus_area = 0\nbus_power = 0\narbiter_area = 0\narbiter_power = 0\n[offchip]\nenergy = 0\n";
    let grid = "--network ds_cnn --dataflow kcp_ws --hw-grid pes=64,noc=16,offchip=4,l1=200,l2=100000,simd=2";
    dir.file(
        "lanes.m",
        "num_pes: 64\nsimd_lanes: 2\nl1_size_cstr: 200\nl2_size_cstr: 100000\nnoc_bw_cstr: 16\noffchip_bw_cstr: 4\n",
    );
    let layers = rows(&dir.run("estimate --network ds_cnn --dataflow kcp_ws --hw lanes.m --format csv").quiet().stdout);
    let layers: Vec<_> = layers.into_iter().filter(|row| row["layer"] != "total").collect();
    let sum =
        |columns: &[&str]| layers.iter().flat_map(|row| columns.iter().map(|name| number(row, name))).sum::<f64>();
    let l1 = ["l1_arrive_input", "l1_arrive_filter", "l1_arrive_psum", "l1_leave_output"];
    let moved = sum(&["offchip_in_input", "offchip_in_filter", "offchip_in_psum", "offchip_out"]);
    // nJ, um^2, mW of one part alone, everything else 0.
    let cases = [
        ("[mac]\nenergy = 0", "[mac]\nenergy = 1", [sum(&["macs"]), 0.0, 0.0]),
        ("[mac]\nenergy = 0\narea = 0", "[mac]\nenergy = 0\narea = 3", [0.0, 3.0 * 64.0 * 2.0, 0.0]),
        ("[l1]\nenergy = 0\narea = 0", "[l1]\nenergy = 0\narea = [[100, 7], [400, 28]]", [0.0, 14.0 * 64.0, 0.0]),
        ("[l2]\nenergy = 0\narea = 0\npower = 0", "[l2]\nenergy = 0\narea = 0\npower = 2", [0.0, 0.0, 2e5]),
        ("[noc]\nenergy = 0", "[noc]\nenergy = 1", [sum(&l1), 0.0, 0.0]),
        ("[offchip]\nenergy = 0", "[offchip]\nenergy = 0.5\narea = 10\npower = 4", [0.5 * moved, 40.0, 16.0]),
    ];
    for (old, new, expected) in cases {
        assert!(zero.contains(old));
        dir.file("mine.toml", zero.replace(old, new));
        let told = dir.run(&format!("explore {grid} --technology mine.toml --format csv")).quiet().stdout;
        let told = &rows(&told)[0];
        let figures = ["energy_nj", "area_um2", "power_mw"].map(|column| number(told, column));
        // A power law goes through logarithms.
        assert!(figures.iter().zip(expected).all(|(told, own)| (told - own).abs() <= 1e-9 * own), "{new}: {figures:?}");
    }
    let table = dir.run(&format!("explore {grid} --technology 45nm")).quiet().stdout;
    assert!(table.contains("45nm: Horowitz, ISSCC 2014 (45 nm)"), "{table}");
}

#[test]
fn a_report_has_the_front_in_every_form() {
    let dir = Dir::new();
    dir.run(&format!("{SMALL} --report found --plot front.svg --against area --format csv -o front.csv")).quiet();
    assert_eq!(dir.files(), ["found", "front.csv", "front.svg"]);
    let csv = read(&dir.path("front.csv"));
    assert_eq!(csv, read(&dir.path("found/front.csv")));
    let rows = rows(&csv);
    let table = SerializedFileReader::new(File::open(dir.path("found/front.parquet")).unwrap()).unwrap();
    let ids: Vec<i64> = table.get_row_iter(None).unwrap().map(|row| row.unwrap().get_long(0).unwrap()).collect();
    assert_eq!(ids, rows.iter().map(|row| number(row, "id") as i64).collect::<Vec<_>>());
    let page = read(&dir.path("found/report.html"));
    assert!(page.contains("96,000 designs, all of them looked at") && page.contains("figures/latency-energy.svg"));
    for figure in ["latency-energy", "latency-area", "energy-area", "area-power"] {
        for ending in ["svg", "pdf", "csv"] {
            assert!(dir.path(&format!("found/figures/{figure}.{ending}")).is_file(), "{figure}.{ending}");
        }
    }
    assert!(read(&dir.path("front.svg")).contains("area, mm^2"));
    // Links to the figures of a page are to files.
    for link in page.split("href=\"figures/").skip(1) {
        let name = link.split('"').next().unwrap();
        assert!(dir.path("found/figures").join(name).is_file(), "{name}");
    }
}

/// Every design of a small grid costs what `map` and `estimate` tell of it, each layer at its best mapping; of a larger one some are
/// drawn, which is told.
#[test]
fn designs_at_their_best_mappings() {
    let dir = Dir::new();
    dir.file(
        "small.m",
        "Network small {
            Layer conv { Type: CONV Dimensions { K: 8, C: 4, R: 3, S: 3, Y: 10, X: 10 } }
            Layer again { Type: CONV Dimensions { K: 8, C: 4, R: 3, S: 3, Y: 10, X: 10 } }
            Layer gemm { Type: GEMM Dimensions { M: 6, N: 8, K: 12 } }
        }",
    );
    let all = "explore --network small.m --hw-grid pes=4:12,noc=8,offchip=1:8,l1=8:200,l2=4000";
    for goal in ["map", "map:energy", "map:edp"] {
        let objective = goal.split_once(':').map_or("latency", |(_, objective)| objective);
        let run = dir.run(&format!("{all} --dataflow {goal} --objective latency,energy,area --format csv")).well();
        assert!(
            run.stderr.contains("16 of 16 mappings of a layer on an accelerator are proven to be the best"),
            "{}",
            run.stderr
        );
        let told = found(&run.stdout);
        let mut designs: Vec<(u64, Figures)> = Vec::new();
        for (id, (pes, offchip, l1)) in (0..).zip(
            [4, 12].into_iter().flat_map(|pes| [1, 8].map(|offchip| [8, 200].map(|l1| (pes, offchip, l1)))).flatten(),
        ) {
            // No mapping fits.
            if l1 == 8 {
                continue;
            }
            let hardware = format!(
                "num_pes: {pes}\nl1_size_cstr: {l1}\nl2_size_cstr: 4000\nnoc_bw_cstr: 8\noffchip_bw_cstr: {offchip}\n"
            );
            dir.file("hw.m", &hardware);
            dir.run(&format!("map --network small.m --hw hw.m --objective {objective} -o best.m --format csv")).well();
            let estimated = dir.run("estimate --mapping best.m --hw hw.m --format json").well().stdout;
            let json: Value = serde_json::from_str(&estimated).unwrap();
            let total = &json["total"];
            let own = Hardware::new(pes).unwrap().with_buffers(l1, 4000);
            let area = Silicon::of(&own.with_noc(Noc { bandwidth: 8, latency: 1 }).unwrap(), 0, 0).area();
            designs.push((id, [total["cycles"].as_f64().unwrap(), total["energy_nj"].as_f64().unwrap(), area, 0.0]));
        }
        let expected = front(&designs, [true, true, true, false]);
        assert!(told.keys().eq(expected.keys()) && !told.is_empty(), "{goal}: {told:?}\n{expected:?}");
        for (id, (figures, _)) in &expected {
            let ([cycles, nj, area, _], _) = told[id];
            // Mappings that differ by a part in 10^12 count as equal, and either may be taken.
            let rounded = (nj / figures[1] - 1.0).abs() < 1e-12;
            assert!(cycles == figures[0] && area == figures[2] && rounded, "{goal}: {id} {:?} {figures:?}", told[id]);
        }
    }
    let drawn = |flags: &str| dir.run(&format!("{all} --dataflow map --designs 3 {flags}")).well().stdout;
    assert!(drawn("--seed 2").contains("8 designs, of which 3 were looked at: drawn at random (seed 2)"));
    assert_eq!(drawn("--seed 2 --format csv"), drawn("--seed 2 --format csv"));
    let tiny = dir.run("explore --network small.m --hw-grid pes=4,noc=8,l1=1:2 --dataflow map").failed(1);
    assert!(tiny.contains("2 L1 is too small (the least that would do: 38 B)"), "{tiny}");
}

#[test]
fn bad_input_is_told_at_once() {
    let dir = Dir::new();
    dir.file("bad.toml", "[l1]\nenergy = [[64, 2], [128, 1]]\n");
    dir.file("typo.toml", "[mca]\nenergy = 1\n");
    let values = "1..1000000:1";
    for (flags, code, told) in [
        (
            format!("pes={values},noc={values},offchip={values}"),
            1,
            "the grid has 1.0e18 designs (pes 1000000 x noc 1000000",
        ),
        ("pes=16..8,noc=8".to_string(), 1, "is not a range FIRST..LAST:STEP that goes up"),
        ("pes=,noc=8".to_string(), 1, "pes: '' is not a whole number"),
        ("pes=16,noc=8,bits=200".to_string(), 1, "bits=200: "),
        ("noc=8".to_string(), 1, "pes is missing"),
        ("pes=16".to_string(), 1, "a NoC without a limit has no area and no power"),
        (format!("pes=16,noc=8,l1={values},l2=1..100:1"), 1, "l1 has 1000000 values and l2 100"),
        ("pes=16,noc=8 --pes 4".to_string(), 2, "--pes changes what --hw-grid varies"),
        ("pes=16,noc=8,bits=4:8 --bits 8:8:8".to_string(), 2, "--bits changes what --hw-grid varies"),
        ("pes=16:64,noc=8 --area-max 0.001".to_string(), 1, "the smallest design of the grid takes"),
        ("pes=16:64,noc=8 --power-max 0.1".to_string(), 1, "mW, more than 0.1: fewer or smaller pes"),
        (
            "pes=16:64,noc=8 --latency-max 0.001".to_string(),
            1,
            "cycles on the 64 lanes of the largest array, more than 200:",
        ),
        ("pes=16:64,noc=8 --latency-max 1 --energy-max 1".to_string(), 1, "2 beyond --energy-max"),
        ("pes=16:64,noc=8,l1=8:9".to_string(), 1, "4 L1 is too small (the least that would do: "),
        ("pes=16:64,noc=8 --area-max 0".to_string(), 2, "expected a number above 0"),
        ("pes=16,noc=8 --objective area,area".to_string(), 2, "--objective names a figure twice"),
        ("pes=16,noc=8 --model maestro".to_string(), 2, "explore works by the exact model"),
        ("pes=16,noc=8 --prefetch weights".to_string(), 2, "leave out --prefetch"),
        ("pes=16,noc=8 --technology bad.toml".to_string(), 1, "bad.toml: [l1] energy: [128, 1] stands behind [64, 2]"),
        ("pes=16,noc=8 --technology typo.toml".to_string(), 1, "unknown field `mca`"),
        ("pes=16,noc=8 --technology 3nm".to_string(), 1, "built in: 28nm, 45nm"),
        ("pes=16,noc=8 --technology 45nm --energies 1,2,3".to_string(), 2, "cannot be used with"),
        ("pes=16,noc=8 --format parquet".to_string(), 2, "--format parquet needs --output FILE"),
        ("pes=2,noc=8 --no-fit --dataflow kcp_ws".to_string(), 1, "1 unsuited: "),
        ("pes=2,noc=8 --map-budget 5".to_string(), 2, "--map-budget is of --dataflow map"),
        ("pes=2,noc=8 --dataflow map:speed".to_string(), 1, "expected one of latency, energy, edp, offchip"),
        (format!("pes={values},noc={values},offchip={values} --dataflow map"), 1, "the grid has 1.0e18 designs"),
        ("pes=16,noc=8 --dataflow map --area-max 0.001".to_string(), 1, "the smallest design of the grid takes"),
        ("pes=16,noc=8 --dataflow map --designs 0".to_string(), 2, "--designs"),
    ] {
        let error = dir.run(&format!("explore --network ds_cnn --report found --hw-grid {flags}")).failed(code);
        assert!(error.contains(told), "{flags}: {error}");
        assert!(!dir.path("found").exists(), "{flags}");
    }
}
