//! `maestrino space srcc` as a user runs it.

use maestrino::host::campaign::read::Tables;

use crate::common::{Dir, read};

/// Spearman's rho and Kendall's tau of the rows of `srcc.csv`.
fn coefficients(text: &str) -> Vec<(String, f64, f64)> {
    let rows =
        csv::Reader::from_reader(text.as_bytes()).into_records().map(|record| record.unwrap()).collect::<Vec<_>>();
    let number = |text: &str| text.parse().unwrap();
    rows.iter().map(|row| (format!("{} {} {}", &row[0], &row[1], &row[2]), number(&row[3]), number(&row[4]))).collect()
}

#[test]
fn the_papers_heat_map() {
    let dir = Dir::new();
    let campaign = "space campaign --space nb301 --input-size 16 --aux-head --hw paper --dataflow rs,xp_ws,kcp_ws --model maestro --energy maestro-csv";
    dir.run(&format!("{campaign} -o costs")).well();
    for (figure, least, most) in [("paper", 0.9944, 0.9945), ("paper-doubled", 0.974, 0.9755)] {
        let run = dir.run(&format!("space srcc costs --figure {figure} -o {figure}")).quiet();
        assert!(run.stdout.contains("0.9944") != (figure == "paper-doubled"), "{}", run.stdout);
        let rows = coefficients(&read(&dir.path(&format!("{figure}/srcc.csv"))));
        assert_eq!(rows.len(), 3 * 21);
        let latency: Vec<_> = rows.iter().filter(|(name, ..)| name.starts_with("latency")).collect();
        assert_eq!(
            (latency[0].0.as_str(), latency[20].0.as_str()),
            ("latency NVDLA #1 NVDLA #2", "latency Eyeriss #2 Eyeriss #3")
        );
        let worst = latency.iter().min_by(|a, b| a.1.total_cmp(&b.1)).unwrap();
        assert!((least..most).contains(&worst.1), "{worst:?}");
        assert!(worst.0.contains("NVDLA #1 Eyeriss"), "{worst:?}");
        let svg = read(&dir.path(&format!("{figure}/srcc_latency.svg")));
        let place = |name: &str| svg.find(name).unwrap_or_else(|| panic!("{name} is not in the heat map"));
        let names = ["NVDLA #1", "NVDLA #2", "WS #1", "WS #2", "Eyeriss #1", "Eyeriss #2", "Eyeriss #3"].map(place);
        assert!(names.is_sorted(), "{names:?}");
        assert!(std::fs::read(dir.path(&format!("{figure}/srcc_edp.png"))).unwrap().starts_with(b"\x89PNG"));
    }
    let few = dir
        .run("space srcc costs --columns rs_hw1,kcp_ws_hw2 --metric latency --coefficient kendall --worst 1")
        .quiet();
    assert!(few.stdout.starts_with("Kendall rank correlation of latency, 1018 networks"), "{}", few.stdout);
    assert!(few.stdout.trim_end().ends_with("rs_hw1 and kcp_ws_hw2"), "{}", few.stdout);
}

#[test]
fn published_tables_can_be_compared_too() {
    let dir = Dir::new();
    dir.file("rs.csv", "pos,seed,latency_authors,energy_authors\n0,7,3,1\n1,8,5,2\n2,9,4,3\n");
    // The networks are in another order.
    dir.file("xp_latency.csv", "pos,seed,xp\n0,9,40\n1,8,50\n2,7,30\n");
    dir.run("space srcc rs.csv xp_latency.csv --metric latency -o out").quiet();
    assert_eq!(read(&dir.path("out/srcc.csv")), "metric,a,b,spearman,kendall\nlatency,rs_authors,xp,1,1\n");
    let lacking = dir.run("space srcc rs.csv xp_latency.csv --metric edp").failed(1);
    assert!(lacking.contains("no table has the EDP of xp"), "{lacking}");
}

#[test]
fn bad_tables_are_refused_with_their_row() {
    let dir = Dir::new();
    std::fs::create_dir(dir.path("empty")).unwrap();
    dir.file("latency.csv", "pos,id,a,b\n0,1,5,6\n1,2,7,8\n2,3,9,9\n");
    dir.file("twice_latency.csv", "pos,id,c\n0,1,5\n1,2,7\n2,1,9\n");
    dir.file("missing_latency.csv", "pos,id,c\n0,1,5\n1,2,7\n");
    dir.file("more_latency.csv", "pos,id,c\n0,1,5\n1,2,7\n2,3,9\n3,4,9\n");
    dir.file("word_latency.csv", "pos,id,c\n0,1,5\n1,2,x\n");
    dir.file("short_latency.csv", "pos,id,c\n0,1,5\n1,2\n");
    dir.file("same_latency.csv", "pos,id,a\n0,1,5\n1,2,7\n2,3,9\n");
    dir.file("nameless.csv", "pos,id,a\n0,1,5\n1,2,7\n");
    dir.file("noid_latency.csv", "pos,name,a\n0,1,5\n");
    dir.file("one_latency.csv", "pos,id,a,b\n0,1,5,6\n");
    dir.file("bad.parquet", "not parquet");
    for (arguments, message) in [
        ("latency.csv twice_latency.csv", "twice_latency.csv:4: network 1 is there twice, first in line 2"),
        ("latency.csv missing_latency.csv", "missing_latency.csv: network 3 is missing"),
        ("latency.csv more_latency.csv", "more_latency.csv:5: network 4 is not in the first table"),
        ("word_latency.csv", "word_latency.csv:3: column c: 'x' is not a number"),
        ("short_latency.csv", "short_latency.csv:3: has 2 fields; expected 3"),
        ("latency.csv same_latency.csv", "same_latency.csv: column a: another table has a already"),
        ("nameless.csv", "nameless.csv:1: column a: cycles or nJ?"),
        ("noid_latency.csv", "noid_latency.csv:1: no column id, seed, config_index"),
        ("one_latency.csv", "one_latency.csv: has 1 networks"),
        ("bad.parquet", "bad.parquet: is not a campaign's table"),
        ("empty", "empty: has no latency.csv"),
        ("nowhere.csv", "nowhere.csv: cannot be read"),
        ("latency.csv --columns a,z", "the tables have no design z"),
        ("latency.csv --columns a", "1 designs: expected 2"),
        ("latency.csv --figure paper", "the tables have no design kcp_ws_hw1"),
    ] {
        let error = dir.run(&format!("space srcc {arguments} -o out")).failed(1);
        assert!(error.contains(message), "{arguments}: {error}");
        assert!(!dir.path("out").exists(), "{arguments} left files");
    }
}

/// The Parquet reader considers some kinds of damage impossible, and panics.
#[test]
fn a_parquet_table_with_any_byte_changed_is_read_or_refused() {
    let dir = Dir::new();
    let campaign =
        "space campaign --space tiny --networks 0..2 --hw-grid pes=16:64 --dataflow kcp_ws,rs --model maestro";
    dir.run(&format!("{campaign} --fit --format parquet -o costs")).well();
    let bytes = std::fs::read(dir.path("costs/costs.parquet")).unwrap();
    let read = |bytes: &[u8]| {
        dir.file("changed.parquet", bytes);
        Tables::default().add(&dir.path("changed.parquet"))
    };
    assert_eq!(read(&bytes), Ok(()));
    let mut damaged = None;
    for place in 0..bytes.len() {
        for change in [1, 2, 0xFE] {
            let mut changed = bytes.clone();
            changed[place] = changed[place].wrapping_add(change);
            if read(&changed).is_err_and(|error| error.what.contains("its pages are damaged")) {
                damaged = Some(changed);
            }
        }
    }
    dir.file("damaged.parquet", damaged.expect("a panic: without any, what catches it can go"));
    let error = dir.run("space srcc damaged.parquet").failed(1);
    assert!(error.ends_with("damaged.parquet: is not a campaign's table: its pages are damaged\n"), "{error}");
}
