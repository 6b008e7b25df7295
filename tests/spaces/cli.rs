//! `maestrino space sample` and `select` on the command line.

use super::data;
use crate::common::Dir;
use maestrino::host::formats::maestro::parse_network;
use maestrino::host::spaces::{self, AlphaNet, Nb301, Space};

/// A column of a CSV, by its name.
fn column(text: &str, name: &str) -> Vec<String> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let place = reader.headers().unwrap().iter().position(|header| header == name).unwrap();
    reader.records().map(|record| record.unwrap()[place].to_string()).collect()
}

#[test]
fn sampled_networks_come_with_their_figures() {
    let dir = Dir::new();
    for name in spaces::NAMES {
        let space = spaces::by_name(name).unwrap();
        let run = dir.run(&format!("space sample --space {name} --networks 5,0..3 --format csv")).quiet();
        assert_eq!(column(&run.stdout, "id"), ["5", "0", "1", "2"]);
        for (place, seed) in [5, 0, 1, 2].into_iter().enumerate() {
            let genome = space.sample(seed);
            for (column_name, field) in space.columns().iter().zip(space.fields(&genome)) {
                assert_eq!(column(&run.stdout, column_name)[place], field);
            }
            assert_eq!(column(&run.stdout, "macs")[place], space.macs(&genome).to_string());
            assert_eq!(column(&run.stdout, "params")[place], space.params(&genome).to_string());
            assert_eq!(column(&run.stdout, "score")[place], space.surrogate(&genome).unwrap().to_string());
            if let Some(memory) = space.memory(&genome) {
                assert_eq!(column(&run.stdout, "sram_bytes")[place], memory.sram.to_string());
                assert_eq!(column(&run.stdout, "flash_bytes")[place], memory.flash.to_string());
            }
        }
        // The output can be read again, by id and by configuration.
        let file = dir.file("nets.csv", &run.stdout);
        let again = dir.run(&format!("space sample --space {name} --networks {file} --format csv")).quiet();
        assert_eq!(again.stdout, run.stdout);
        let text = dir.run(&format!("space sample --space {name} --count 2")).quiet();
        assert_eq!(text.stdout.lines().count(), 3);
        assert!(text.stdout.lines().nth(1).unwrap().ends_with(&space.format(&space.sample(0))), "{}", text.stdout);
    }
}

#[test]
fn one_network_becomes_a_model_file() {
    let dir = Dir::new();
    dir.run("space sample --space nb301 --id 7 --cells 5 --format maestro -o net.m").quiet();
    let parsed = parse_network(&std::fs::read_to_string(dir.path("net.m")).unwrap(), "net.m").unwrap();
    let space = Nb301::new(spaces::Nb301Recipe { cells: 5, ..Default::default() }).unwrap();
    let expected = space.network(&space.sample(7), "nb301_7");
    assert_eq!(parsed.network.name, expected.name);
    let layers = |network: &maestrino::host::network::Network| -> Vec<_> {
        network.layers.iter().map(|named| (named.name.clone(), named.layer)).collect()
    };
    assert_eq!(layers(&parsed.network), layers(&expected));
    dir.run("estimate --network net.m").well();
    let small = dir.run("space sample --space nb301 --id 8194 --input-size 16 --format maestro").well();
    let first = "warning: 2 layers, cell13_edge8_sep_conv_5x5_depthwise1 first, have filters larger than their inputs";
    assert!(small.stderr.starts_with(first), "{}", small.stderr);
    // The networks are read back. Only the exact model pads them.
    dir.file("small.m", &small.stdout);
    let padded = dir.run("estimate --network small.m --format csv").well();
    let warning = "warning: the filters of cell13_edge8_sep_conv_5x5_depthwise1, ";
    assert!(padded.stderr.contains(warning), "{}", padded.stderr);
    let as_written = dir.run("estimate --network small.m --format csv --model maestro").well();
    assert!(!as_written.stderr.contains("padded to"), "{}", as_written.stderr);
}

#[test]
fn selections_are_the_studys_or_follow_the_rule() {
    let dir = Dir::new();
    let selected = dir.run("space select --space alphanet --format csv").quiet();
    let listed: Vec<String> = AlphaNet.selected().iter().map(u32::to_string).collect();
    assert_eq!(column(&selected.stdout, "id"), listed);
    let file = dir.file("forest.csv.gz", data::bytes("alphanet_forest.csv.gz"));
    let by_rule = dir.run(&format!("space select --space alphanet --accuracy {file} --format csv")).quiet();
    let mut sorted = AlphaNet.selected();
    sorted.sort_unstable();
    assert_eq!(column(&by_rule.stdout, "id"), sorted.iter().map(u32::to_string).collect::<Vec<_>>());
    let few = "space select --space nb301 --accuracy builtin --networks 0..100 --count 5 --seed 1 --format csv";
    let few = column(&dir.run(few).quiet().stdout, "id");
    assert!((5..40).contains(&few.len()), "{few:?}");
}

/// The text of a file of this repository.
fn own(file: &str) -> String {
    std::fs::read_to_string(format!("{}/{file}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// A built-in space under its name, and a file that describes the same space.
#[test]
fn a_file_that_restates_a_built_in_space_gives_the_same() {
    let dir = Dir::new();
    dir.file("mine.toml", own("src/host/spaces/tiny.toml"));
    let designs = "--networks 0..5 --hw-grid pes=16:64,noc=8,offchip=4 --dataflow kcp_ws,xp_ws";
    let evolve = "--method evolve --population 10 --generations 2 --seed 0..2";
    for command in [
        "space sample --count 50 --format csv".to_string(),
        "space sample --id 7 --format maestro --classes 10".to_string(),
        "space select --format csv".to_string(),
        format!("codesign {designs} --constraint latency=1e9"),
        format!("codesign {designs} --grid 2x2"),
        format!("codesign --hw-grid pes=16:64 --dataflow xp_ws {evolve}"),
    ] {
        let [built_in, mine] = ["tiny", "mine.toml"].map(|space| dir.run(&format!("{command} --space {space}")));
        assert_eq!((built_in.stdout, built_in.stderr), (mine.stdout.clone(), mine.stderr), "{command}");
        assert!(mine.stdout.lines().count() > 2, "{command}");
    }
    for (space, output) in [("tiny", "a"), ("mine.toml", "b")] {
        dir.run(&format!("space campaign --space {space} {designs} -o {output}")).well();
    }
    for file in ["latency.csv", "energy.csv"] {
        let [built_in, mine] = ["a", "b"].map(|output| std::fs::read(dir.path(&format!("{output}/{file}"))).unwrap());
        assert_eq!(built_in, mine);
    }
}

#[test]
fn spaces_come_from_files() {
    let dir = Dir::new();
    let guide = own("src/guide/spaces.md");
    let examples: Vec<&str> = guide.split("```toml\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    let [example, shorter] = examples[..] else { panic!("{} examples", examples.len()) };
    dir.file("kws.toml", example);
    dir.file("mine.toml", shorter);
    for (space, name, measure) in [("kws.toml", "kws", " score "), ("mine.toml", "mine", "flash B ")] {
        let sample = dir.run(&format!("space sample --space {space} --count 3")).quiet().stdout;
        assert!(sample.lines().next().unwrap().trim_end().ends_with(&format!("{measure} configuration")), "{sample}");
        assert_eq!(sample.lines().count(), 4);
        let model = dir.run(&format!("space sample --space {space} --id 2 --format maestro")).quiet().stdout;
        assert!(model.starts_with(&format!("Network {name}_2 {{")), "{model}");
        let selected = dir.run(&format!("space select --space {space} --format csv")).quiet().stdout;
        let bytes = column(&selected, "flash_bytes");
        assert!(space == "mine.toml" || bytes.iter().all(|bytes| bytes.parse::<u64>().unwrap() <= 262_144));
        assert_eq!(bytes.len(), if space == "mine.toml" { 1000 } else { 500 });
    }
    // A file of networks by their configurations, with their accuracies.
    let nets = dir.run("space sample --space mine.toml --count 3 --format csv").quiet().stdout;
    let with = |line: (usize, &str)| {
        format!("{},{}\n", line.1, if line.0 == 0 { "accuracy".into() } else { (70 + line.0).to_string() })
    };
    dir.file("acc.csv", nets.lines().enumerate().map(with).collect::<String>());
    let designs = "--hw edge16 --dataflow kcp_ws";
    let found = dir.run(&format!(
        "codesign --space mine.toml --networks acc.csv --accuracy acc.csv {designs} --constraint latency=1e12 --method coupled --format csv"
    ));
    assert_eq!(column(&found.quiet().stdout, "accuracy"), ["73"]);
    dir.run(&format!("space campaign --space mine.toml,kws.toml --networks 0..2 {designs} -o both")).well();
    assert!(dir.path("both/mine/latency.csv").is_file() && dir.path("both/kws/latency.csv").is_file());
    // Without a score, networks cannot be ranked.
    let none = "the space mine has no score of its own: give --accuracy FILE, or [score] in the file of the space";
    for method in ["adaptive", "evolve"] {
        let error = dir.run(&format!("codesign --space mine.toml {designs} --method {method} -o none")).failed(1);
        assert!(error.starts_with(&format!("error: {none}")), "{error}");
    }
    dir.file("wrong.toml", example.replace("depth = 1 }", "dept = 1 }"));
    let error = dir.run("space sample --space wrong.toml -o none").failed(1);
    assert!(error.starts_with("error: unknown field `dept`, expected one of `block`"), "{error}");
    assert!(error.contains("--> wrong.toml:15:57"), "{error}");
    let twice = dir.run(&format!("space campaign --space kws.toml,kws.toml {designs} -o none")).failed(2);
    assert!(twice.contains("kws is given twice"), "{twice}");
    assert!(!dir.path("none").exists());
}

#[test]
fn bad_input_is_one_clear_error() {
    let dir = Dir::new();
    let config = "normal,reduce\n0:skip_connect|1:skip_connect,\n";
    dir.file("short.csv", config);
    dir.file("twice.csv", "id\n4\n4\n");
    dir.file("acc.csv", "accuracy\n90\n");
    dir.file("forest.csv", "tree,node,left,right,feature,threshold,value\n0,0,0,0,0,1,\n");
    for (arguments, code, expected) in [
        (
            "sample --space nb301 --networks nope",
            1,
            "there is no file 'nope'; expected selected, all, a CSV file, or ids",
        ),
        (
            "sample --space nb301 --networks short.csv",
            1,
            "short.csv:2: normal: expected 8 edges separated by '|', found 2",
        ),
        ("sample --space tiny --networks twice.csv", 1, "twice.csv:3: the same network as in line 2"),
        ("sample --space tiny --accuracy acc.csv", 1, "acc.csv: 1 accuracies for 10 networks"),
        (
            "sample --space tiny --accuracy forest.csv",
            1,
            "forest.csv:2: child 0 has two parents, or leads back to itself",
        ),
        ("sample --space tiny --accuracy none.csv", 1, "cannot read none.csv"),
        ("sample --space alphanet --id 99999999", 1, "no network of alphanet has the id 99999999"),
        ("sample --space nb301 --input-size 30", 1, "an input size of 30 does not suit"),
        ("sample --space alphanet --aux-head", 2, "--aux-head is of nb301; alphanet has no such choice"),
        (
            "sample --space alphanet --classes 3",
            2,
            "--classes is of nb301, tiny and spaces from files; alphanet has no such choice",
        ),
        ("sample --space nb301 --format maestro", 2, "a model file holds one network; --networks names 10"),
        (
            "sample --space nb302",
            1,
            "there is no file 'nb302' and no built-in space of that name; built in: nb301, alphanet, tiny",
        ),
        ("select --space nb301 --seed 3", 2, "the following required arguments were not provided"),
    ] {
        let error = dir.run(&format!("space {arguments} -o out.txt")).failed(code);
        assert!(error.starts_with(&format!("error: {expected}")), "{arguments}: {error}");
    }
    assert_eq!(dir.files(), ["acc.csv", "forest.csv", "short.csv", "twice.csv"]);
}
