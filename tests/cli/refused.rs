//! Input that is refused: damaged files, bad layers, unknown names, wrong usage.

use maestrino::host::formats::maestro::parse_network;

use crate::common::{Dir, text};

/// Runs every command that reads a network on the file `bad.m`. Each must print one message, which names the file,
/// and nothing else.
fn assert_refused(dir: &Dir, expected: &str) {
    let files = dir.files();
    let commands = [
        "estimate --mapping bad.m",
        "estimate --network bad.m --format csv --output out.csv",
        "convert bad.m --output out.m",
        "maestro --Mapping_file=bad.m",
        "maestro --Mapping_file=bad.m --print_res=false",
    ];
    for command in commands {
        let message = dir.run(command).failed(1);
        let heads = message.lines().filter(|line| line.starts_with("error: ")).count();
        assert_eq!(heads, 1, "{command}: {message}");
        assert!(message.contains("bad.m"), "{command}: {message}");
        assert!(message.contains(expected), "{command}: {message}\ndoes not say: {expected}");
        assert!(message.len() < 2000, "{command}: a message of {} bytes", message.len());
        assert!(!message.contains(|c: char| c.is_control() && c != '\n'), "{command}: {message:?}");
        assert_eq!(dir.files(), files, "{command}");
    }
}

#[test]
fn files_that_are_none_are_refused() {
    let dir = Dir::new();
    assert!(dir.run("estimate --mapping bad.m").failed(1).contains("cannot read bad.m: "));
    assert!(dir.run("maestro --Mapping_file=bad.m").failed(1).contains("cannot read bad.m: "));
    assert!(dir.run("estimate --network bad.m").failed(1).contains("there is no file 'bad.m'"));
    assert_eq!(dir.files(), [""; 0]);

    std::fs::create_dir(dir.path("bad.m")).unwrap();
    assert_refused(&dir, "bad.m is a directory");
    std::fs::remove_dir(dir.path("bad.m")).unwrap();

    std::fs::copy(env!("CARGO_BIN_EXE_maestrino"), dir.path("bad.m")).unwrap();
    assert_refused(&dir, "bad.m is not a text file");
    for (content, expected) in [
        ("", "found the end of the file"),
        ("\n\n  \n", "found the end of the file"),
        ("// nothing\n", "found the end of the file"),
        ("\0\0\0\0", "expected `Network`"),
        ("num_pes: 4\n", "this is a hardware file"),
        ("layer,cycles\na,1\n", "expected `Network`"),
    ] {
        dir.file("bad.m", content);
        assert_refused(&dir, expected);
    }
}

/// Bytes that look random but are always the same.
fn noise(length: usize, byte: impl Fn(u64) -> u8) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15u64;
    let next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        byte(state >> 32)
    };
    std::iter::repeat_with(next).take(length).collect()
}

#[test]
fn noise_is_refused() {
    const LENGTH: usize = 20_000_000;
    let dir = Dir::new();
    let printable = noise(LENGTH, |random| b' ' + (random % 95) as u8);
    dir.file("bad.m", &printable);
    assert_refused(&dir, "--> bad.m:1:");
    dir.file("bad.m", noise(LENGTH, |random| random as u8));
    assert_refused(&dir, "bad.m is not a text file");
    // The same bytes after a valid start, and divided into lines.
    let text: Vec<u8> = printable.iter().map(|byte| if *byte == b'~' { b'\n' } else { *byte }).collect();
    dir.file("bad.m", [b"Network noise {\n\tLayer a { // ", &text[..]].concat());
    assert_refused(&dir, "--> bad.m:");
    dir.file(
        "bad.m",
        [b"Network noise { /* ", &text.iter().filter(|byte| **byte != b'*').copied().collect::<Vec<_>>()[..]].concat(),
    );
    assert_refused(&dir, "has no end");
}

#[test]
fn truncated_files_are_refused() {
    let whole = text("parity/summary.m");
    let whole = whole.trim_end();
    // A network that is cut off is invalid.
    let end = whole.match_indices("Layer ").nth(2).unwrap().0;
    for at in (0..end).chain(whole.len() - 100..whole.len()).filter(|at| whole.is_char_boundary(*at)) {
        assert!(parse_network(&whole[..at], "part.m").is_err(), "the first {at} bytes");
    }
    let dir = Dir::new();
    let points =
        ["Network", "{", "Layer", "Type", ": ", "Stride {", "Dimensions", ": 4", "Map(", ",1", ") ", "Cluster(", "P"];
    let mut cuts: Vec<usize> = points.iter().map(|point| whole.find(point).unwrap() + point.len()).collect();
    cuts.extend([whole.len() / 3, whole.len() / 2, whole.len() - 1]);
    for cut in cuts {
        dir.file("bad.m", &whole[..cut]);
        assert_refused(&dir, "expected ");
    }
}

#[test]
fn layers_that_make_no_sense_are_refused() {
    let dir = Dir::new();
    let dims = "Dimensions { K: 4, C: 4, R: 3, S: 3, Y: 8, X: 8 }";
    let cases = [
        (format!("Type: LSTM {dims}"), "LSTM is not supported"),
        (format!("Type: conv {dims}"), "did you mean `CONV`?"),
        (format!("Type: 7 {dims}"), "expected a layer type (CONV, "),
        (dims.to_string(), "layer `one` has no `Type`"),
        ("Type: CONV".to_string(), "layer `one` has no `Dimensions`"),
        (format!("Type: CONV {}", dims.replace("K: 4", "K: 0")), "dimension K must be 1 to 16777216, not 0"),
        (format!("Type: CONV {}", dims.replace("K: 4", "K: -4")), "dimension K must be 1 to 16777216, not -4"),
        (format!("Type: CONV {}", dims.replace("K: 4", "K: 16777217")), "dimension K must be 1 to 16777216"),
        (format!("Type: CONV {}", dims.replace("K: 4", "K: 99999999999999999999")), "is too large"),
        (format!("Type: CONV {}", dims.replace("K: 4", "K: 4.5")), "found `4.5`"),
        (format!("Type: CONV {}", dims.replace("K: 4", "K: 4, K: 5")), "dimension K is given twice"),
        (format!("Type: CONV {}", dims.replace("K: 4", "K: 4, K: 4")), "dimension K is given twice"),
        (format!("Type: CONV {}", dims.replace("X: 8", "X: 8, X': 6")), "X'"),
        (format!("Type: CONV {}", dims.replace("K: 4, ", "")), "K"),
        (format!("Type: CONV {}", dims.replace("K: 4", "K: 4, G: 2")), "G"),
        (format!("Type: CONV {}", dims.replace("K: 4", "K: 4, Q: 2")), "expected a dimension"),
        (format!("Type: CONV Stride {{ X: 0 }} {dims}"), "the stride along X must be 1 to 16777216, not 0"),
        (format!("Type: CONV Stride {{ K: 2 }} {dims}"), "K"),
        (format!("Type: CONV Type: CONV {dims}"), "has a second `Type`"),
        (
            format!("Type: CONV {dims} Dataflow {{ SpatialMap(0,1) K; }}"),
            "the size of a map must be 1 to 16777216, not 0",
        ),
        (format!("Type: CONV {dims} Dataflow {{ SpatialMap(1) K; }}"), "expected the offset of the map"),
        (format!("Type: CONV {dims} Dataflow {{ Cluster(0, P); }}"), "the size of a cluster must be 1 to 16777216"),
        (format!("Type: CONV {dims} Dataflow {{ {} }}", "SpatialMap(1,1) K; ".repeat(41)), "40"),
    ];
    for (layer, expected) in cases {
        dir.file("bad.m", format!("Network net {{\n\tLayer one {{\n\t\t{layer}\n\t}}\n}}\n"));
        assert_refused(&dir, expected);
        let message = dir.run("estimate --network bad.m").failed(1);
        assert!(message.contains("--> bad.m:2:") || message.contains("--> bad.m:3:"), "{message}");
    }
}

#[test]
fn dataflows_that_do_not_suit_the_layer_are_refused() {
    let dir = Dir::new();
    let mapping = |directives: &str| {
        let dims = "K: 4, C: 4, R: 3, S: 3, Y: 8, X: 8";
        format!(
            "Network net {{\n\tLayer one {{ Type: CONV Dimensions {{ {dims} }}\n\t\tDataflow {{ {directives} }} }}\n}}\n"
        )
    };
    let cases = [
        ("TemporalMap(1,1) K;", "level 1 has no SpatialMap"),
        ("SpatialMap(1,1) K; SpatialMap(1,1) C; SpatialMap(1,1) Y;", "level 1 has more than two SpatialMaps"),
        ("SpatialMap(1,1) G;", "level 1 maps dimension G"),
        ("SpatialMap(Sz(G),1) K;", "Sz(G) at level 1"),
        ("SpatialMap(1,1) K; TemporalMap(1,1) R;", "TemporalMap of R at level 1"),
        ("SpatialMap(1,1) K; TemporalMap(1,1) X; TemporalMap(1,1) X';", "level 1 maps X and X'"),
        ("SpatialMap(1,1) K; TemporalMap(2,2) Y;", "the tiles at level 1 produce no output"),
        ("SpatialMap(1,1) K; Cluster(32, P); SpatialMap(1,1) C; Cluster(16, P); SpatialMap(1,1) Y;", "needs 512 PEs"),
        ("SpatialMap(Sz(K)-9,1) K;", "must be 1 to 16777216, not -5"),
    ];
    for (directives, expected) in cases {
        dir.file("bad.m", mapping(directives));
        for command in
            ["estimate --mapping bad.m --model maestro --output out", "maestro --Mapping_file=bad.m --num_pes=256"]
        {
            let message = dir.run(command).failed(1);
            assert!(message.starts_with("error: layer one (line 2): "), "{command}: {message}");
            assert!(message.contains(expected), "{command}: {message}\ndoes not say: {expected}");
            assert_eq!(message.lines().count(), 1, "{command}: {message}");
            assert_eq!(dir.files(), ["bad.m"], "{command}");
        }
    }
    // Dataflows that only the exact model refuses.
    let cases = [
        ("TemporalMap(1,1) K;", "level 1 has no SpatialMap"),
        ("SpatialMap(1,1) K; SpatialMap(1,1) C; SpatialMap(1,1) Y;", "level 1 has more than two SpatialMaps"),
        ("SpatialMap(1,1) G;", "level 1 maps dimension G"),
        ("SpatialMap(1,1) K; TemporalMap(1,1) X; TemporalMap(1,1) X';", "level 1 maps X"),
        ("SpatialMap(1,1) K; TemporalMap(2,3) C;", "the tiles of C at level 1 leave out 1 of 4"),
        ("SpatialMap(1,1) K; TemporalMap(3,2) Y;", "the tiles of Y at level 1 leave out "),
        ("SpatialMap(1,1) K; Cluster(32, P); SpatialMap(1,1) C; Cluster(16, P); SpatialMap(1,1) Y;", "needs 512 PEs"),
    ];
    for (directives, expected) in cases {
        dir.file("bad.m", mapping(directives));
        let message = dir.run("estimate --mapping bad.m --output out").failed(1);
        assert!(message.starts_with("error: layer one (line 2): ") && message.contains(expected), "{message}");
        assert_eq!(dir.files(), ["bad.m"], "{directives}");
    }
    // A valid dataflow in the same file is fine.
    dir.file("bad.m", mapping("SpatialMap(1,1) K;"));
    dir.run("estimate --mapping bad.m").quiet();
}

#[test]
fn what_does_not_exist_is_named_with_what_does() {
    let dir = Dir::new();
    let cases = [
        ("estimate --network lenet", "network", "ds_cnn, mobilenet_v1_025_vww, "),
        ("convert lenet", "network", "ds_cnn, mobilenet_v1_025_vww, "),
        ("estimate --hw lenet", "accelerator", "study, eyeriss, nvdla, nvdla-small, ethos-u55-32, ethos-u55-64"),
        ("estimate --dataflow lenet", "dataflow", "kcp_ws, xp_ws, rs, "),
        ("convert ds_cnn --dataflow lenet", "dataflow", "kcp_ws, xp_ws, rs, "),
    ];
    for (command, what, known) in cases {
        let message = dir.run(command).failed(1);
        let expected =
            format!("error: there is no file 'lenet' and no built-in {what} of that name; built in: {known}");
        assert!(message.starts_with(&expected), "{message}");
        assert_eq!(message.lines().count(), 1, "{message}");
    }
    for tiles in ["x=3", "cluster=0", "cluster=99999999", "cluster", "cluster=x", "cluster=-1"] {
        let message = dir.run(&format!("estimate --dataflow kcp_ws:{tiles}")).failed(1);
        assert!(message.starts_with(&format!("error: tile size '{tiles}'")), "{message}");
        assert_eq!(message.lines().count(), 1, "{message}");
    }
}

#[test]
fn bad_hardware_and_dataflow_files_are_refused() {
    let dir = Dir::new();
    let cases = [
        ("--hw", "", "expected a hardware description"),
        ("--hw", "num_pes: 0", "0"),
        ("--hw", "num_pes: 4\nnum_pes: 8", "num_pes"),
        ("--hw", "num_pes: many", "found `many`"),
        ("--hw", "num_pes 4 cores: 3", "found `cores`"),
        ("--hw", "noc_bw_cstr: 0", "0"),
        ("--hw", "num_pes: 99999999999", "is too large"),
        ("--hw", "Network a { }", "this is a network file"),
        ("--dataflow", "", "expected a dataflow"),
        ("--dataflow", "SpatialMap(1,1) K; }", "found `}`"),
        ("--dataflow", "Dataflow { SpatialMap(1,1) K;", "found the end of the file inside of `Dataflow`"),
        ("--dataflow", "Network a { }", "found `Network`"),
    ];
    for (flag, content, expected) in cases {
        dir.file("bad.m", content);
        let message = dir.run(&format!("estimate {flag} bad.m --output out")).failed(1);
        assert_eq!(message.lines().filter(|line| line.starts_with("error: ")).count(), 1, "{content}: {message}");
        assert!(message.contains("--> bad.m:") && message.contains(expected), "{content}: {message}");
        assert_eq!(dir.files(), ["bad.m"], "{content}");
    }
    dir.file("ok.m", text("parity/products.m"));
    let hw = "--HW_file=bad.m --Mapping_file=ok.m";
    dir.file("bad.m", "num_pes: 4\nnoc_bw: 3");
    assert!(dir.run(&format!("maestro {hw}")).failed(1).contains("--> bad.m:2:1"));
    assert_eq!(dir.files(), ["bad.m", "ok.m"]);
}

#[test]
fn a_model_is_no_mapping() {
    let dir = Dir::new();
    dir.run("convert ds_cnn --output model.m").quiet();
    let message = dir.run("estimate --mapping model.m").failed(1);
    assert!(message.starts_with("error: model.m is a model file: "), "{message}");
    let message = dir.run("maestro --Mapping_file=model.m").failed(1);
    assert!(message.contains("the dataflow has no directive"), "{message}");
    assert_eq!(dir.files(), ["model.m"]);
    dir.run("estimate --network model.m").quiet();
}

#[test]
fn bad_usage_ends_with_2() {
    let dir = Dir::new();
    dir.file("ok.m", text("parity/products.m"));
    let cases = [
        ("estimate --bogus", "--bogus"),
        ("estimate --mapping ok.m --network ds_cnn", "cannot be used with"),
        ("estimate --mapping ok.m --dataflow kcp_ws", "cannot be used with"),
        ("estimate --mapping", "--mapping"),
        ("estimate --pes x", "--pes"),
        ("estimate --pes 0", "PEs"),
        ("estimate --pes -1", "-1"),
        ("estimate --pes 4294967295", "PEs"),
        ("estimate --pes 4294967296", "--pes"),
        ("estimate --simd 0", "SIMD"),
        ("estimate --noc-bw 0", "NoC"),
        ("estimate --noc-hops 4294967295", "NoC"),
        ("estimate --offchip-bw 0", "off-chip"),
        ("estimate --clock 0", "--clock"),
        ("estimate --clock nan", "--clock"),
        ("estimate --clock inf", "--clock"),
        ("estimate --energies 1,2", "--energies"),
        ("estimate --energies 1,2,3,4,5,6", "--energies"),
        ("estimate --model gem5", "--model"),
        ("estimate --model exact --format maestro-csv", "leave out --model exact"),
        ("estimate --format maestro-csv --bits 8:8:8", "--bits changes nothing"),
        ("estimate --format maestro-csv --energies 1,2,3", "--energies changes nothing"),
        ("estimate --bits 8", "--bits"),
        ("estimate --bits 8:8:8:8:8", "--bits"),
        ("estimate --bits 0:8:8", "--bits"),
        ("estimate --bits 8:8:300", "--bits"),
        ("estimate --activations dram", "--activations"),
        ("estimate --multicast maybe", "--multicast"),
        ("estimate --l1-buffers 3", "--l1-buffers"),
        ("estimate --l2-buffers 0", "--l2-buffers"),
        ("estimate --cluster-buffer -1", "-1"),
        ("estimate --weights-bw 0", "off-chip"),
        ("estimate --model maestro --bits 8:8:8", "--bits changes nothing in MAESTRO's model"),
        ("estimate --model maestro --activations l2", "--activations changes nothing"),
        ("estimate --model maestro --multicast no", "--multicast changes nothing"),
        ("estimate --model maestro --l1-buffers 1", "--l1-buffers changes nothing"),
        ("estimate --model maestro --l2-buffers 1", "--l2-buffers changes nothing"),
        ("estimate --model maestro --cluster-buffer 9", "--cluster-buffer changes nothing"),
        ("estimate --model maestro --weights-bw 9", "--weights-bw changes nothing"),
        ("estimate --model maestro --energies 1,2,3,4", "OFFCHIP in --energies changes nothing"),
        ("estimate --energies 1,2,-3", "--energies"),
        ("estimate --energies 1,2,nan", "--energies"),
        ("estimate --format xml", "--format"),
        ("estimate ds_cnn", "ds_cnn"),
        ("estimates", "estimates"),
        ("convert", "<NAME|FILE>"),
        ("convert ds_cnn --pes 4", "--dataflow"),
        ("list everything", "everything"),
        ("maestro", "--Mapping_file"),
        ("maestro --Mapping_file=ok.m --bogus=1", "--bogus"),
        ("maestro --Mapping_file=ok.m --num_pes=0", "PEs"),
        ("maestro --Mapping_file=ok.m --num_pes=x", "--num_pes"),
        ("maestro --Mapping_file=ok.m --noc_bw_cstr=0", "NoC"),
        ("maestro --Mapping_file=ok.m --num_simd_lanes=0", "SIMD"),
        ("maestro --Mapping_file=ok.m --print_res=maybe", "--print_res"),
        ("maestro --Mapping_file=ok.m --bw_sweep=1 --top_bw_only=1 --bw_tick=0", "--bw_tick"),
        ("maestro --Mapping_file=ok.m --bw_sweep=1 --top_bw_only=1 --min_noc_bw=9 --max_noc_bw=8", "--max_noc_bw"),
    ];
    for (command, expected) in cases {
        let message = dir.run(command).failed(2);
        assert!(message.contains(expected), "{command}: {message}");
        assert!(message.contains("--help"), "{command}: {message}");
        assert_eq!(dir.files(), ["ok.m"], "{command}");
    }
    // Without a command, the help is printed.
    let run = dir.run("");
    assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""));
    assert!(run.stderr.contains("estimate") && run.stderr.contains("convert"), "{}", run.stderr);
}
