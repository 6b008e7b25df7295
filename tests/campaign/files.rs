//! The files that a campaign writes, and the campaigns that it refuses.

use crate::common::{Dir, read};

const TINY: &str = "space campaign --space tiny --networks 0..5 --model maestro";

fn header(text: &str) -> Vec<String> {
    csv::Reader::from_reader(text.as_bytes()).headers().unwrap().iter().map(String::from).collect()
}

const COMPARED: &str =
    "kcp_ws_accelerator_1,rs_accelerator_50,mixed_accelerator_3,kcp_ws_accelerator_51,mixed_accelerator_37";

/// The names and bytes of all files in a directory.
pub fn files(dir: &Dir, name: &str) -> Vec<(String, Vec<u8>)> {
    let entries = std::fs::read_dir(dir.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    let file =
        |entry: std::fs::DirEntry| (entry.file_name().into_string().unwrap(), std::fs::read(entry.path()).unwrap());
    let mut files: Vec<_> = entries.map(|entry| file(entry.unwrap())).collect();
    files.sort();
    files
}

#[test]
fn columns_are_in_the_order_of_dataflows_and_of_numbers_in_file_names() {
    let dir = Dir::new();
    std::fs::create_dir(dir.path("hw")).unwrap();
    for (number, pes) in [(10, 128), (9, 16), (2, 256)] {
        dir.file(&format!("hw/acc_{number}.m"), format!("num_pes: {pes}\nnoc_bw_cstr: 40\noffchip_bw_cstr: 20\n"));
    }
    dir.file("hw/readme.txt", "no hardware");
    let run = dir.run(&format!("{TINY} --hw-dir hw --dataflow xp_ws,kcp_ws:cluster=32,rs --mixed -o out")).well();
    let warning = run.stderr.lines().find(|line| line.starts_with("warning: ")).unwrap();
    assert!(warning.starts_with("warning: kcp_ws_cluster32 cannot use acc_9: layer CONV K"), "{warning}");
    assert!(warning.contains("needs 32 PEs; the array has 16"), "{warning}");
    let expected = "pos,id,xp_ws_acc_2,xp_ws_acc_9,xp_ws_acc_10,kcp_ws_cluster32_acc_2,kcp_ws_cluster32_acc_10,rs_acc_2,rs_acc_9,\
                    rs_acc_10,mixed_acc_2,mixed_acc_9,mixed_acc_10";
    for name in ["out/latency.csv", "out/energy.csv"] {
        let text = read(&dir.path(name));
        assert_eq!(header(&text).join(","), expected);
        let ids: Vec<_> =
            text.lines().skip(1).map(|line| line.splitn(3, ',').take(2).collect::<Vec<_>>().join(",")).collect();
        assert_eq!(ids, ["0,0", "1,1", "2,2", "3,3", "4,4"]);
    }
    let unusable = read(&dir.path("out/unusable.csv"));
    assert!(
        unusable.starts_with(
            "dataflow,accelerator,lacks,layer,network,layers,networks,need,have,reason\nkcp_ws_cluster32,acc_9,dataflow,CONV "
        )
    );
    assert_eq!(unusable.lines().count(), 2);
    let manifest: serde_json::Value = serde_json::from_str(&read(&dir.path("out/manifest.json"))).unwrap();
    assert_eq!(
        (&manifest["designs"], &manifest["unusable_designs"], &manifest["networks"]),
        (&11.into(), &1.into(), &5.into())
    );
    let names: Vec<_> = files(&dir, "out").into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["accelerators.csv", "energy.csv", "latency.csv", "manifest.json", "unusable.csv"]);

    // With smaller clusters, the dataflow suits the accelerator.
    let fitted = dir.run(&format!("{TINY} --hw-dir hw --dataflow kcp_ws --fit -o fitted")).well();
    assert!(!fitted.stderr.contains("warning"), "{}", fitted.stderr);
    assert_eq!(header(&read(&dir.path("fitted/latency.csv"))).len(), 5);
}

#[test]
fn mixed_designs_are_at_least_as_good_as_the_others() {
    let dir = Dir::new();
    for (by, table) in [("latency", "latency"), ("energy", "energy")] {
        dir.run(&format!("{TINY} --hw edge16,study --dataflow rs,xp_ws,nlr --mixed={by} -o {by}")).well();
        let figures = super::study::figures(&read(&dir.path(&format!("{by}/{table}.csv"))));
        assert_eq!(figures.len(), 5 * 8);
        for ((network, column), figure) in &figures {
            let (_, accelerator) = column.rsplit_once('_').unwrap();
            let best: f64 = figures[&(network.clone(), format!("mixed_{accelerator}"))].parse().unwrap();
            assert!(best <= figure.parse::<f64>().unwrap() * (1.0 + 1e-12), "{network} {column} {by}");
        }
    }
}

#[test]
fn threads_do_not_show_and_both_forms_hold_the_same() {
    let dir = Dir::new();
    let arguments = "space campaign --space nb301,alphanet --networks 0..40 --hw study50 --dataflow kcp_ws,rs --mixed=edp --model maestro";
    for format in ["csv", "parquet"] {
        for threads in [1, 2] {
            dir.run(&format!("{arguments} --format {format} --threads {threads} -o {format}{threads}")).well();
        }
        for space in ["nb301", "alphanet"] {
            assert_eq!(files(&dir, &format!("{format}1/{space}")), files(&dir, &format!("{format}2/{space}")));
        }
    }
    for space in ["nb301", "alphanet"] {
        let [csv, parquet] = ["csv", "parquet"].map(|format| {
            dir.run(&format!("space srcc {format}1/{space} --columns {COMPARED} -o {format}_srcc")).quiet();
            read(&dir.path(&format!("{format}_srcc/srcc.csv")))
        });
        assert_eq!(csv.lines().count(), 1 + 3 * 10);
        assert_eq!(csv, parquet);
    }
    // A table in the other format would not match the manifest.
    dir.run(&format!("{arguments} --format csv -o parquet1")).well();
    assert!(!dir.path("parquet1/nb301/costs.parquet").exists());
}

#[test]
fn bad_input_is_refused_and_leaves_no_table() {
    let dir = Dir::new();
    std::fs::create_dir(dir.path("empty")).unwrap();
    std::fs::create_dir(dir.path("bad")).unwrap();
    dir.file("bad/a_1.m", "num_pes: 16\n");
    dir.file("bad/a_2.m", "num_pes: 16\nnoc_bw_cstr: 0\n");
    std::fs::create_dir(dir.path("clash")).unwrap();
    dir.file("clash/a.m", "num_pes: 64\n");
    dir.file("clash/cluster32_a.m", "num_pes: 64\n");
    dir.file("twice.csv", "id\n1\n2\n1\n");
    for (arguments, code, message) in [
        ("--hw study50 --dataflow kcp", 1, "no built-in dataflow of that name"),
        ("--hw study50 --dataflow rs,rs", 1, "two dataflows have the name rs"),
        ("--hw study50,study50 --dataflow rs", 1, "two accelerators have the name accelerator_1"),
        ("--hw study51 --dataflow rs", 1, "no built-in accelerator of that name"),
        ("--hw-dir empty --dataflow rs", 1, "empty has no hardware file (*.m)"),
        (
            "--hw-dir clash --dataflow kcp_ws,kcp_ws:cluster=32",
            1,
            "two designs would have the column kcp_ws_cluster32_a: dataflow kcp_ws on accelerator cluster32_a",
        ),
        ("--hw-dir nowhere --dataflow rs", 1, "cannot read nowhere"),
        ("--hw-dir bad --dataflow rs", 1, "bad/a_2.m:2:14"),
        ("--hw-grid pes=0 --dataflow rs", 1, "pes: '0' is not a whole number from 1"),
        ("--hw-grid pes=1..9999,noc=1..9999 --dataflow rs", 1, "the grid has more than 1000000 accelerators"),
        ("--hw-grid noc=4 --dataflow rs", 1, "pes is missing"),
        ("--hw-grid pes=4 --hw study --dataflow rs", 2, "cannot be used with"),
        ("--dataflow rs", 2, "required"),
        ("--hw study", 2, "required"),
        ("--hw study --dataflow rs --threads 0", 2, "threads"),
        ("--hw study --dataflow rs --networks twice.csv", 1, "twice.csv:4"),
        ("--hw study --dataflow rs --networks nowhere.csv", 1, "nowhere.csv"),
        ("--hw study --dataflow rs --input-size 32", 2, "--input-size is of nb301"),
        ("--hw study --dataflow rs --energy maestro-csv --model exact", 2, "leave out --model exact"),
        ("--hw study --dataflow rs --energy maestro-csv --energies 1,2,3", 2, "--energies changes nothing in"),
        ("--hw study --dataflow rs --model maestro --bits 8:8:8", 2, "--bits changes nothing in MAESTRO's model"),
        ("--hw study --dataflow rs --model maestro --energies 1,2,3,4", 2, "OFFCHIP in --energies changes nothing"),
        ("--hw study --dataflow rs --activations sram", 2, "--activations"),
        // The designs that come closest to being usable.
        (
            "--hw study --dataflow xp_ws,rs --networks 0..2 --l1 1",
            1,
            "no accelerator can be used with any of the dataflows (see above); nearest to it: xp_ws cannot use study: layer ",
        ),
        ("--hw edge16 --dataflow kcp_ws --no-fit", 1, "no accelerator can be used with any of the dataflows"),
    ] {
        let run = dir.run(&format!("space campaign --space tiny {arguments} -o out"));
        assert_eq!((run.code, run.stdout.as_str()), (Some(code), ""), "{arguments}: {}", run.stderr);
        assert!(run.stderr.contains(message), "{arguments}: {}", run.stderr);
        assert!(run.stderr.contains("error: "), "{arguments}: {}", run.stderr);
        let left = std::fs::read_dir(dir.path("out")).map(|entries| entries.count()).unwrap_or(0);
        assert_eq!(left, 0, "{arguments} left files");
    }
    let run = dir.run("space campaign --space tiny,tiny --hw study --dataflow rs -o out");
    assert!(run.failed(2).contains("tiny is given twice"));
}

/// With the exact model, networks that do not fit have no figure, in both formats.
#[test]
fn networks_that_do_not_fit_are_missing() {
    let dir = Dir::new();
    // Some of the networks need more than 45 KB for their activations.
    let arguments = "space campaign --space tiny --networks 0..6 --hw-grid pes=64,noc=64,offchip=16,l1=600,l2=200000:9000 \
                     --dataflow xp_ws,rs --activations l2";
    let run = dir.run(&format!("{arguments} -o csv")).well();
    let warning = run.stderr.lines().find(|line| line.starts_with("warning: xp_ws cannot")).unwrap();
    assert!(warning.contains(" bytes of L2, and there are "), "{warning}");
    assert!(run.stderr.contains(", exact model, "), "{}", run.stderr);
    let table = read(&dir.path("csv/latency.csv"));
    let figures = super::study::figures(&table);
    let missing = figures.values().filter(|figure| figure.is_empty()).count();
    assert!(missing > 0 && missing < figures.len(), "{table}");
    let energy = super::study::figures(&read(&dir.path("csv/energy.csv")));
    assert!(figures.iter().all(|(key, cycles)| cycles.is_empty() == energy[key].is_empty()));
    let manifest: serde_json::Value = serde_json::from_str(&read(&dir.path("csv/manifest.json"))).unwrap();
    assert_eq!((&manifest["model"], &manifest["energy"]["total_nj"]["offchip"]), (&"exact".into(), &0.046.into()));
    let count = |key: &str| manifest[key].as_u64().unwrap();
    assert_eq!(count("designs") + count("unusable_designs"), 4);
    assert_eq!(count("designs") as usize, header(&table).len() - 2);
    let partly = (2..header(&table).len()).filter(|&place| {
        let column = |line: &str| line.split(',').nth(place).unwrap().is_empty();
        table.lines().any(column)
    });
    assert_eq!(count("partly_usable_designs") as usize, partly.count());
    // Every buffer of a design that is too small has a row, with its size and a layer that needs more.
    let unusable = read(&dir.path("csv/unusable.csv"));
    let mut reader = csv::Reader::from_reader(unusable.as_bytes());
    let lacks: Vec<Vec<String>> = reader.records().map(|row| row.unwrap().iter().map(String::from).collect()).collect();
    let of = |design: &str| lacks.iter().filter(|row| row[1].ends_with(design)).collect::<Vec<_>>();
    assert!(of("_l2-9000").iter().any(|row| row[0] == "xp_ws" && row[2] == "l2" && row[8] == "9000"), "{unusable}");
    for row in &lacks {
        let [need, have]: [u64; 2] = [7, 8].map(|place| row[place].parse().unwrap());
        assert!(
            need > have
                && row[9]
                    == format!(
                        "needs {need} bytes of {}, and there are {have}",
                        match row[2].as_str() {
                            "l1" => "L1 in each PE",
                            _ => "L2",
                        }
                    ),
            "{row:?}"
        );
    }
    let accelerators = read(&dir.path("csv/accelerators.csv"));
    assert!(accelerators.lines().nth(1).unwrap().ends_with(",2,2,,,yes,l2,8:8:8:8,1000"), "{accelerators}");

    dir.run(&format!("{arguments} --format parquet -o parquet")).well();
    let [csv, parquet] = ["csv", "parquet"].map(|format| {
        dir.run(&format!("space srcc {format} -o {format}_srcc")).quiet();
        read(&dir.path(&format!("{format}_srcc/srcc.csv")))
    });
    assert_eq!(csv, parquet);
    // The same campaign, block by block.
    dir.run(&format!("{arguments} --block 1 --format parquet -o blocks")).well();
    dir.run("space srcc blocks -o blocks_srcc").quiet();
    assert_eq!(read(&dir.path("blocks_srcc/srcc.csv")), csv);
}

#[test]
fn flags_of_the_exact_model_show_in_the_tables() {
    let dir = Dir::new();
    let hardware = "num_pes: 128\nnoc_bw_cstr: 4\noffchip_bw_cstr: 2\nl1_size_cstr: 1000\nl2_size_cstr: 30000\n";
    dir.file("hw.m", hardware);
    let table = |flags: &str| {
        let hw = "--hw hw.m --dataflow kcp_ws";
        dir.run(&format!("space campaign --space tiny --networks 0..1 {hw} {flags} -o out")).well();
        ["latency", "energy"].map(|name| {
            let text = read(&dir.path(&format!("out/{name}.csv")));
            text.trim_end().rsplit(',').next().unwrap().parse::<f64>().unwrap()
        })
    };
    let [cycles, energy] = table("");
    for (flags, changes) in [
        ("--bits 8:8:8:32", [true, true]),
        ("--multicast no", [true, true]),
        ("--l1-buffers 1", [true, false]),
        ("--l2-buffers 1", [true, true]),
        ("--cluster-buffer 100000", [false, false]),
        ("--weights-bw 2", [true, false]),
        ("--energies 1,1,1,1,1", [false, true]),
        ("--l2 2000000", [true, true]),
    ] {
        let [other_cycles, other_energy] = table(flags);
        assert_eq!([other_cycles != cycles, other_energy != energy], changes, "{flags}");
    }
}

#[test]
fn hardware_files_say_more_than_the_references_but_share_their_energies() {
    let dir = Dir::new();
    let file = "num_pes: 16 noc_bw_cstr: 16 noc_bw_2: 4 noc_bw_3: unlimited weights_compression: 2 psum_bits: 32 clock_mhz: 50";
    dir.file("mine.m", file);
    let arguments = "space campaign --space tiny --networks 0..5 --hw mine.m --dataflow kcp_ws";
    dir.run(&format!("{arguments} -o out")).well();
    let table = read(&dir.path("out/accelerators.csv"));
    let line = table.lines().nth(1).unwrap();
    assert!(line.starts_with("mine,16,1,16:4::16,1,") && line.ends_with(",8:8:8:32,500"), "{line}");
    let energy = |out: &str| read(&dir.path(&format!("{out}/energy.csv")));
    dir.run(&format!("{arguments} --weights-compression 1 -o plain")).well();
    assert_ne!(energy("out"), energy("plain"));
    for more in ["energy_l1: 1", "energy_l2_bytes: 1000", "prefetch: weights"] {
        dir.file("mine.m", format!("{file} {more}"));
        let error = dir.run(arguments).failed(1);
        assert!(error.contains("mine.m has energies, prefetch or a calibration"), "{error}");
    }
}
