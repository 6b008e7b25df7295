//! The answers of `codesign` can be built: they fit their buffers, their area is known, and their dataflow performs
//! each MAC once, or a message says that it does not.

use serde_json::Value;

use crate::common::{Dir, read};

/// The first answer of a search.
fn answer(dir: &Dir, arguments: &str) -> (Value, String) {
    let run = dir.run(&format!("codesign {arguments} --format json")).well();
    let answers: Value = serde_json::from_str(&run.stdout).unwrap();
    (answers[0].clone(), run.stderr)
}

const NETWORKS: &str = "--space tiny --networks 0..20 --dataflow xp_ws --method adaptive";

/// Regression test: buffers of one byte used to win.
#[test]
fn buffers_of_one_byte_do_not_win() {
    let dir = Dir::new();
    let grid = "--hw-grid pes=16,noc=64,l1=1:100000,l2=1:10000000";
    let (best, told) = answer(&dir, &format!("{NETWORKS} {grid} --constraint latency=1e9 --output found"));
    assert_eq!(best["accelerator"], "pes16_noc64_l1-100000_l2-10000000");
    assert_eq!((&best["l1"], &best["l2"], &best["fits"]), (&100_000.into(), &10_000_000.into(), &"yes".into()));
    let names = ["l1-1_l2-1", "l1-1_l2-10000000", "l1-100000_l2-1"].map(|sizes| format!("pes16_noc64_{sizes}"));
    assert!(told.contains(&format!("warning: xp_ws cannot use {}; the first: layer ", names.join(", "))), "{told}");
    // The file lists all buffers that each design lacks.
    let unusable = read(&dir.path("found/unusable.csv"));
    let lacks: Vec<[String; 2]> = unusable
        .lines()
        .skip(1)
        .map(|line| {
            let mut cells = line.split(',').map(String::from);
            [cells.nth(1).unwrap(), cells.next().unwrap()]
        })
        .collect();
    let lacks: Vec<(&str, &str)> = lacks.iter().map(|[name, lacks]| (name.as_str(), lacks.as_str())).collect();
    assert_eq!(lacks, [(&*names[0], "l2"), (&names[0], "l1"), (&names[1], "l1"), (&names[2], "l2")]);
}

/// With MAESTRO's formulas, a NoC without limit would take square metres.
#[test]
fn without_a_limit_of_the_noc_there_is_no_area() {
    let dir = Dir::new();
    let open = "--hw-grid pes=16,l1=100000,l2=10000000";
    let (best, _) = answer(&dir, &format!("{NETWORKS} {open} --constraint latency=1e9 --output found"));
    assert_eq!((&best["area"], &best["power"]), (&Value::Null, &Value::Null));
    let designs = read(&dir.path("found/designs.csv"));
    assert!(designs.lines().nth(1).unwrap().ends_with(",,"), "{designs}");
    dir.run("report found").quiet();
    let error = dir.run(&format!("codesign {NETWORKS} {open} --constraint area=1e9")).failed(1);
    assert!(error.contains("has no area that is known, for its NoC has no limit, and 1000000000 um^2"), "{error}");
    let evolve = "codesign --space tiny --dataflow xp_ws --method evolve --objectives accuracy,area --population 4 --generations 1";
    let error = dir.run(&format!("{evolve} {open}")).failed(1);
    assert!(error.contains("the area of pes16_l1-100000_l2-10000000 is not known"), "{error}");
    dir.run(&format!("{} {open}", evolve.replace("--objectives accuracy,area", ""))).well();
    // With a limit, the area does not depend on the network.
    let limited = "--hw-grid pes=16,noc=64,l1=100000,l2=10000000";
    let mut areas = [1e9, 6e7].map(|cycles| {
        answer(&dir, &format!("{NETWORKS} {limited} --constraint latency={cycles}")).0["area"].as_f64().unwrap()
    });
    areas.sort_by(f64::total_cmp);
    assert!(areas[0] > 0.0 && areas[0] == areas[1], "{areas:?}");
    let run = dir.run(&format!("{evolve} {limited} --format csv")).well();
    let mut rows = csv::Reader::from_reader(run.stdout.as_bytes());
    let fits = rows.headers().unwrap().iter().position(|column| column == "fits").unwrap();
    let pairs: Vec<_> = rows.records().map(|row| row.unwrap()).collect();
    assert!(!pairs.is_empty() && pairs.iter().all(|row| &row[fits] == "yes"), "{}", run.stdout);
}

#[test]
fn tiles_that_overlap_are_told() {
    let dir = Dir::new();
    let maps = |offset: u32| {
        format!(
            "Dataflow conv {{ SpatialMap(1,1) K; TemporalMap(4,{offset}) C; TemporalMap(Sz(R),1) Y; TemporalMap(Sz(S),1) X; \
             TemporalMap(Sz(R),Sz(R)) R; TemporalMap(Sz(S),Sz(S)) S; }}"
        )
    };
    dir.file("twice.m", maps(2));
    dir.file("once.m", maps(4));
    let told = |name: &str| format!("warning: {name}: the tiles of the dataflow overlap in ");
    let grid = "--hw-grid pes=16,noc=64";
    for (command, model) in [("codesign --constraint latency=1e12", ""), ("space campaign -o out", "--model maestro")] {
        for (name, warns) in [("twice", true), ("once", false)] {
            let run = format!("{command} --space tiny --networks 0..4 {grid} --dataflow {name}.m+dpt {model}");
            let stderr = dir.run(&run).well().stderr;
            assert_eq!(stderr.contains("performs ") && stderr.contains("give maps offsets"), warns, "{run}: {stderr}");
            assert!(!warns || !model.is_empty() || stderr.contains(&told("twice+dpt")), "{stderr}");
        }
    }
    let sweep = dir.run(&format!("estimate --network ds_cnn {grid} --dataflow twice.m,once.m")).well();
    assert_eq!(sweep.stderr.matches(" overlap in ").count(), 1, "{}", sweep.stderr);
    assert!(sweep.stderr.contains(&told("twice")), "{}", sweep.stderr);
}

#[test]
fn a_deadline_is_a_time_at_a_clock() {
    let dir = Dir::new();
    let base = format!("{NETWORKS} --hw-grid pes=64,noc=64,offchip=16");
    let figures = |constraint: &str| answer(&dir, &format!("{base} --constraint {constraint}")).0;
    let cycles = figures("latency=5000000");
    assert!(cycles["cycles"].as_u64().unwrap() <= 5_000_000);
    for time in ["latency=25ms", "latency=25000us", "latency=0.025s"] {
        assert_eq!(figures(&format!("{time} --clock 200")), cycles, "{time}");
    }
    assert_ne!(figures("latency=25ms --clock 100"), cycles);
    for (constraint, told) in [
        ("latency=5ms", "has a time for a latency: give --clock MHZ"),
        ("latency=5e6 --clock 200", "--clock is for a latency that is a time"),
        ("energy=5ms", "energy: '5ms' is not a number"),
    ] {
        let error = dir.run(&format!("codesign {base} --constraint {constraint}")).failed(2);
        assert!(error.contains(told), "{constraint}: {error}");
    }
}

#[test]
fn bits_are_an_axis_of_a_grid() {
    let dir = Dir::new();
    let base = "space campaign --space tiny --networks 0..3 --dataflow xp_ws";
    dir.run(&format!("{base} --hw-grid pes=64,noc=16,offchip=8,bits=8:16 -o grid")).well();
    let grid = read(&dir.path("grid/latency.csv"));
    let header = "pos,id,xp_ws_pes64_noc16_offchip8_bits8,xp_ws_pes64_noc16_offchip8_bits16";
    assert_eq!(grid.lines().next(), Some(header));
    // The results are those of the flag, and they differ.
    let columns = [8, 16].map(|bits| {
        let flag = format!("--bits {bits}:{bits}:{bits} -o bits{bits}");
        dir.run(&format!("{base} --hw-grid pes=64,noc=16,offchip=8 {flag}")).well();
        let table = read(&dir.path(&format!("bits{bits}/latency.csv")));
        table.lines().skip(1).map(|line| line.split(',').nth(2).unwrap().to_string()).collect::<Vec<_>>()
    });
    assert_ne!(columns[0], columns[1]);
    for (place, column) in columns.iter().enumerate() {
        let own: Vec<&str> = grid.lines().skip(1).map(|line| line.split(',').nth(2 + place).unwrap()).collect();
        assert_eq!(own, *column);
    }
    for (flags, told) in [
        ("--hw-grid pes=64,bits=8:16 --bits 8:8:8", "--bits and bits in --hw-grid contradict each other"),
        ("--hw-grid pes=64,l1=100:200 --l1 100", "--l1 and l1 in --hw-grid contradict each other"),
        ("--hw-grid pes=64,bits=8 --model maestro", "bits in --hw-grid changes nothing in MAESTRO's model"),
    ] {
        let error = dir.run(&format!("{base} {flags}")).failed(2);
        assert!(error.contains(told), "{flags}: {error}");
    }
}
