//! `--dataflow` on the command line. The same rule decides in all commands which dataflow a layer gets.

use maestrino::host::formats::maestro::parse_network;
use serde_json::Value;

use crate::common::{Dir, read};

/// Every layer of the networks here fits its buffers, and the array has room for one cluster of every preset.
const HARDWARE: &str =
    "num_pes: 256\nl1_size_cstr: 100000\nl2_size_cstr: 10000000\nnoc_bw_cstr: 100\noffchip_bw_cstr: 50\n";

const FILTER: &str = "TemporalMap(Sz(R),Sz(R)) R; TemporalMap(Sz(S),Sz(S)) S;";

/// The directives of `xp_ws`.
const XP: &str = "TemporalMap(1,1) K; TemporalMap(1,1) C; TemporalMap(Sz(R),1) Y; SpatialMap(Sz(S),1) X;";

/// A directory with a file of one dataflow, a file of several, and the accelerator.
fn dir() -> Dir {
    let dir = Dir::new();
    dir.file("big.m", HARDWARE);
    dir.file("one.m", format!("Dataflow {{ {XP} {FILTER} }}"));
    dir.file(
        "several.m",
        format!(
            "Constant T 4;\nDataflow conv {{ SpatialMap(1,1) K; TemporalMap(T,T) C; TemporalMap(Sz(R),1) Y; \
             TemporalMap(Sz(S),1) X; {FILTER} }}\nDataflow DSCONV {{ SpatialMap(1,1) C; TemporalMap(Sz(R),1) Y; \
             TemporalMap(Sz(S),1) X; {FILTER} }}\nDataflow gemm {{ TemporalMap(1,1) N; SpatialMap(1,1) M; \
             TemporalMap(T,T) K; }}\n"
        ),
    );
    dir
}

fn total(json: &str) -> u64 {
    let told: Value = serde_json::from_str(json).unwrap();
    told["total"]["cycles"].as_u64().unwrap()
}

/// For each layer its name and its preset, or null.
fn dataflows(json: &str) -> Vec<(String, Option<String>)> {
    let told: Value = serde_json::from_str(json).unwrap();
    let text = |value: &Value| value.as_str().map(String::from);
    let layers = told["layers"].as_array().unwrap().iter();
    layers.map(|layer| (text(&layer["name"]).unwrap(), text(&layer["dataflow"]))).collect()
}

/// The cycles of a network in three ways: `estimate`; `convert` and `estimate`; `compile` and `estimate`.
fn by_network(dir: &Dir, network: &str, spec: &str, model: &str) -> [u64; 3] {
    let on = format!("--hw big.m --model {model}");
    let (pes, no_fit) = if model == "exact" { (" --pes 256", "") } else { ("", " --no-fit") };
    let direct = dir.run(&format!("estimate --network {network} --dataflow {spec} {on} --format json")).well();
    dir.run(&format!("convert {network} --dataflow {spec}{pes} -o mapping.m")).well();
    dir.run(&format!("compile {network} --dataflow {spec}{no_fit} --hw big.m -o blob")).well();
    let mapped = dir.run(&format!("estimate --mapping mapping.m {on} --format json")).quiet();
    let compiled = dir.run(&format!("estimate --network blob {on} --format json")).quiet();
    [direct, mapped, compiled].map(|run| total(&run.stdout))
}

/// The dataflows for a network that is half depthwise: equal ones, unsuited ones, alone and together.
const SPECS: [&str; 8] = [
    "one.m",
    "several.m",
    "yxp_os",
    "conv=one.m+dsconv=dpt",
    "dsconv=one.m+kcp_ws:cluster=16",
    "conv=kcp_ws:cluster=512+dsconv=kcp_ws",
    "conv=several.m+one.m",
    "gemm=nmk",
];

#[test]
fn every_command_gives_a_layer_the_same_dataflow() {
    let dir = dir();
    dir.run("space sample --space tiny --networks 3 --format maestro -o net.m").quiet();
    let mut seen = std::collections::HashSet::new();
    for model in ["exact", "maestro"] {
        for spec in SPECS {
            // Without --fit, the array is too small for it.
            if model == "maestro" && spec.contains("512") {
                continue;
            }
            let alone = by_network(&dir, "net.m", spec, model);
            let on = format!("--space tiny --networks 3 --dataflow {spec} --hw big.m --model {model}");
            dir.run(&format!("space campaign {on} -o campaign")).well();
            let table = read(&dir.path("campaign/latency.csv"));
            let cell = table.lines().nth(1).unwrap().rsplit(',').next().unwrap();
            std::fs::remove_dir_all(dir.path("campaign")).unwrap();
            let found =
                dir.run(&format!("codesign {on} --constraint latency=1e12 --method coupled --format json")).well();
            let found: Value = serde_json::from_str(&found.stdout).unwrap();
            let together = [cell.parse().unwrap(), found[0]["cycles"].as_u64().unwrap()];
            let all = [alone.as_slice(), &together].concat();
            assert!(all.iter().all(|cycles| *cycles == all[0]), "{model} {spec}: {all:?}");
            seen.insert((model, all[0]));
        }
    }
    // All these dataflows differ, except that the last gives none for CONV and DSCONV.
    assert_eq!(seen.len(), 2 * SPECS.len() - 1);
}

/// Layers of all kinds, including a depthwise layer without K.
const NET: &str = "Network net {
Layer conv { Type: CONV Dimensions { K: 8, C: 6, R: 3, S: 3, Y: 18, X: 18 } }
Layer depthwise { Type: DSCONV Dimensions { C: 8, R: 3, S: 3, Y: 18, X: 18 } }
Layer depthwise_k { Type: DSCONV Dimensions { K: 1, C: 8, R: 3, S: 3, Y: 18, X: 18 } }
Layer pool { Type: POOL Dimensions { C: 8, R: 2, S: 2, Y: 16, X: 16 } }
Layer gemm { Type: GEMM Dimensions { M: 16, N: 10, K: 24 } }
Layer gemm2 { Type: GEMM Dimensions { M: 10, N: 10, K: 24 } }
Layer fc { Type: FC Dimensions { K: 10, C: 24 } }
}
";

#[test]
fn layers_that_nothing_given_suits_take_the_preset_for_their_kind_which_is_told_once() {
    let dir = dir();
    dir.file("net.m", NET);
    let own = |names: &[&str]| names.iter().map(|name| (name.to_string(), None)).collect::<Vec<_>>();
    for (spec, given, warning) in [
        (
            "one.m",
            own(&["conv", "depthwise_k", "fc"]),
            "one.m has no dataflow that suits depthwise, pool, gemm, gemm2: taken is dpt and nmk; add \
             +dsconv=NAME+pool=NAME+gemm=NAME for another",
        ),
        (
            "several.m",
            own(&["conv", "depthwise", "depthwise_k", "gemm", "gemm2"]),
            "several.m has no dataflow that suits pool, fc: taken is dpt and kcp_ws; add +pool=NAME+fc=NAME for another",
        ),
        (
            "conv=one.m",
            own(&["conv"]),
            "conv=one.m has no dataflow that suits depthwise, depthwise_k, pool, gemm, gemm2, fc: taken is dpt and nmk and \
             kcp_ws; add +dsconv=NAME+pool=NAME+gemm=NAME+fc=NAME for another",
        ),
    ] {
        for command in ["estimate --format json --hw big.m --network", "convert", "compile --hw big.m -o blob"] {
            let run = dir.run(&format!("{command} net.m --dataflow {spec}")).well();
            let told: Vec<_> = run.stderr.lines().filter(|line| line.starts_with("warning: ")).collect();
            assert_eq!(told, [format!("warning: {warning}")], "{command} {spec}");
            if command.starts_with("estimate") {
                let mut taken = dataflows(&run.stdout);
                taken.retain(|(_, preset)| preset.is_none());
                assert_eq!(taken, given, "{spec}");
            }
        }
        let [direct, mapped, compiled] = by_network(&dir, "net.m", spec, "exact");
        assert_eq!((direct, direct), (mapped, compiled), "{spec}");
    }
    // A preset has stand-ins for all kinds.
    dir.run("estimate --network net.m --dataflow conv=one.m+rs --hw big.m").quiet();
    dir.run("estimate --network net.m --dataflow kcp_ws --hw big.m").quiet();
    // Campaigns report kinds of layers, once for each dataflow.
    let on = "--space tiny --networks 0..3 --dataflow rs,gemm=nmk --hw big.m";
    for command in [
        format!("space campaign {on} -o out"),
        format!("codesign {on} --constraint latency=1e12"),
        "codesign --space tiny --dataflow rs,gemm=nmk --hw big.m --method evolve --generations 2 --population 4"
            .to_string(),
    ] {
        let run = dir.run(&command).well();
        let told: Vec<_> = run.stderr.lines().filter(|line| line.starts_with("warning: ")).collect();
        let expected = "warning: gemm_nmk has no dataflow that suits CONV, DSCONV: taken is kcp_ws and dpt; add \
                        +conv=NAME+dsconv=NAME for another";
        assert_eq!(told, [expected], "{command}");
    }
}

#[test]
fn a_mapping_keeps_its_own_dataflows_where_nothing_given_suits() {
    let dir = dir();
    dir.file("net.m", NET);
    dir.run("convert net.m --dataflow rs -o mapping.m").quiet();
    let run = dir.run("convert mapping.m --dataflow gemm=several.m").well();
    let expected = "warning: gemm=several.m has no dataflow that suits conv, depthwise, depthwise_k, pool, fc: taken is \
                    their own; add +conv=NAME+dsconv=NAME+pool=NAME+fc=NAME for another\n";
    assert_eq!(run.stderr, expected);
    let layers = |text: &str| parse_network(text, "m").unwrap().network.layers;
    for (new, old) in layers(&run.stdout).iter().zip(layers(&read(&dir.path("mapping.m")))) {
        assert_eq!(new.dataflow == old.dataflow, !new.name.starts_with("gemm"), "{}", new.name);
    }
}

#[test]
fn a_dataflow_of_the_command_line_comes_before_that_of_a_file() {
    let dir = dir();
    dir.file("net.m", NET);
    let taken = |spec: &str| {
        let run = dir.run(&format!("estimate --network net.m --dataflow {spec} --hw big.m --format json")).quiet();
        dataflows(&run.stdout).into_iter().map(|(_, preset)| preset.unwrap_or_default()).collect::<Vec<_>>()
    };
    let own = "";
    assert_eq!(taken("several.m+kcp_ws"), [own, own, own, "dpt", own, own, "kcp_ws"]);
    assert_eq!(taken("kcp_ws+several.m+gemm=nkp_ws"), [own, own, own, "dpt", "nkp_ws", "nkp_ws", "kcp_ws"]);
    // Kinds in upper or lower case, and names of files that look like something else.
    assert_eq!(taken("GEMM=nkp_ws+rs"), ["rs", "dpt", "dpt", "dpt", "nkp_ws", "nkp_ws", "rs"]);
    for name in ["a+b.m", "conv=c.m", "d,e.m"] {
        dir.file(name, read(&dir.path("one.m")));
        let run = dir.run(&format!("estimate --network net.m --dataflow {name} --hw big.m --format json")).well();
        assert_eq!(
            total(&run.stdout),
            total(&dir.run("estimate --network net.m --dataflow one.m --hw big.m --format json").well().stdout)
        );
    }
}

#[test]
fn what_is_wrong_with_a_dataflow_is_told() {
    let dir = dir();
    let kinds = "conv, dsconv, ngconv, trconv, gemm, fc, pool, eltwise";
    dir.file("cnov.m", "Dataflow conv { SpatialMap(1,1) K; }\nDataflow cnov { SpatialMap(1,1) K; }\n");
    dir.file("twice.m", "Dataflow conv { SpatialMap(1,1) K; }\nDataflow CONV { SpatialMap(1,1) K; }\n");
    dir.file("gemm.m", "Dataflow gemm { SpatialMap(1,1) K; }\n");
    for (spec, code, expected) in [
        (
            "cnov=rs",
            2,
            &format!("error: --dataflow cnov=rs: there is no kind of layer 'cnov'; kinds are {kinds}") as &str,
        ),
        ("conv=", 2, "error: --dataflow conv=: expected a preset or a file after '='"),
        ("conv=rs+conv=xp_ws", 2, "error: --dataflow conv=rs+conv=xp_ws: there are two dataflows for CONV layers"),
        ("rs+xp_ws", 2, "error: --dataflow rs+xp_ws: there are two dataflows for all kinds of layer"),
        ("several.m+gemm.m", 2, "error: --dataflow several.m+gemm.m: there are two dataflows for GEMM layers"),
        ("conv=lenet", 1, "error: there is no file 'lenet' and no built-in dataflow of that name; built in: kcp_ws, "),
        ("conv=rs+", 1, "error: there is no file '' and no built-in dataflow of that name; built in: kcp_ws, "),
        ("gemm=nmk:cluster=0", 1, "error: tile size 'cluster=0': "),
        ("conv=gemm.m", 1, "error: gemm.m: there is no dataflow for CONV layers; there is one for GEMM"),
        ("cnov.m", 1, &format!("error: expected a kind of layer ({kinds}) or `{{`, found `cnov`")),
        ("twice.m", 1, "error: this is the second dataflow for CONV layers"),
    ] {
        let on = "--space tiny --networks 0..2 --hw big.m";
        for command in [
            "estimate".to_string(),
            "convert ds_cnn".to_string(),
            "compile ds_cnn -o out".to_string(),
            format!("space campaign {on} -o out"),
            format!("codesign {on}"),
        ] {
            let message = dir.run(&format!("{command} --dataflow {spec}")).failed(code);
            assert!(message.starts_with(expected), "{command} {spec}: {message}");
            if spec.ends_with(".m") && code == 1 && !spec.contains('=') {
                assert!(message.contains(&format!("--> {spec}:2:")), "{message}");
            }
        }
    }
    assert!(!dir.path("out").exists());
}

/// The dataflow suits the layer but leaves work out. That is no design, and no other dataflow takes its place.
#[test]
fn a_dataflow_that_leaves_work_out_is_refused() {
    let dir = dir();
    dir.file(
        "gap.m",
        format!("Dataflow {{ SpatialMap(1,1) K; TemporalMap(1,64) C; {FILTER} TemporalMap(Sz(R),1) Y; TemporalMap(Sz(S),1) X; }}"),
    );
    let expected = "the tiles of C at level 1 leave out 63 of 64";
    for command in ["estimate", "compile ds_cnn -o out"] {
        let message = dir.run(&format!("{command} --dataflow gap.m")).failed(1);
        assert!(message.contains(expected), "{command}: {message}");
    }
    let on = "--space tiny --networks 0..3 --hw big.m --dataflow gap.m";
    let message = dir.run(&format!("space campaign {on} -o campaign")).stderr;
    assert!(message.contains("gap cannot use big: ") && message.contains("leave out"), "{message}");
    let on = on.replace("gap.m", "kcp_ws,gap.m");
    let run = dir.run(&format!("codesign {on} --constraint latency=1e12 --format json")).well();
    assert!(run.stderr.contains("gap cannot use big: "), "{}", run.stderr);
    let rows: Value = serde_json::from_str(&run.stdout).unwrap();
    assert!(rows.as_array().unwrap().iter().all(|row| row["dataflow"] == "kcp_ws"), "{rows}");
    // It is not part of a mixed design either, because each layer takes the best of the dataflows that perform all
    // work.
    dir.run(&format!("space campaign {on} --mixed -o mixed")).well();
    let table = read(&dir.path("mixed/latency.csv"));
    assert!(table.starts_with("pos,id,kcp_ws_big,mixed_big\n"), "{table}");
    for row in table.lines().skip(1) {
        let cells: Vec<_> = row.split(',').collect();
        assert_eq!(cells[2], cells[3], "{table}");
    }
}
