//! Names of layers, networks and files with any characters.

use super::{json, rows};
use crate::common::{Dir, Run, text};

#[test]
fn names_survive_in_every_format() {
    let dir = Dir::new();
    let name = r#"a, "b" \ → 7"#;
    let quoted = r#""a, \"b\" \\ → 7""#;
    let layer = "Type: CONV Dimensions { K: 4, C: 4, R: 1, S: 1, Y: 4, X: 4 }";
    dir.file("net.m", format!("Network {quoted} {{ Layer {quoted} {{ {layer} }} }}"));
    let csv = dir.run("estimate --network net.m --format csv").quiet().stdout;
    assert_eq!((rows(&csv)[0]["layer"].as_str(), rows(&csv)[0]["network"].as_str()), (name, name));
    let figures = json(dir.run("estimate --network net.m --format json"));
    assert_eq!((&figures["layers"][0]["name"], &figures["network"]), (&name.into(), &name.into()));
    assert!(dir.run("estimate --network net.m").quiet().stdout.contains(name));
    let compatible = dir.run("estimate --network net.m --format maestro-csv").quiet().stdout;
    let row = compatible.lines().nth(1).unwrap();
    assert!(row.starts_with("7,7,256,"), "{row}");
    assert_eq!(row.split(',').count(), 52);
    assert!(dir.run("convert net.m").quiet().stdout.contains(&format!("Layer {quoted} {{")));
}

/// A spreadsheet could take such names as formulas, and a terminal as control sequences.
#[test]
fn names_do_no_harm_to_who_reads_them() {
    let dir = Dir::new();
    let layer =
        |name: &str| format!("Layer {name} {{ Type: CONV Dimensions {{ K: 4, C: 4, R: 1, S: 1, Y: 4, X: 4 }} }}");
    dir.file("net.m", format!("Network @n {{ {} {} }}", layer("=1+2"), layer("a\u{1b}[31m")));
    let csv = dir.run("estimate --network net.m --format csv").quiet().stdout;
    let cells: Vec<_> = rows(&csv).iter().map(|row| (row["network"].clone(), row["layer"].clone())).collect();
    let expected = [("'@n", "'=1+2"), ("'@n", "a\u{1b}[31m")].map(|(net, layer)| (net.to_string(), layer.to_string()));
    assert_eq!(cells, expected);
    let listing = dir.run("inspect net.m --format csv").quiet().stdout;
    assert!(listing.contains("'=1+2"), "{listing}");
    // Text from a CSV appears in an error.
    dir.file("ids.csv", "id\n\u{1b}[31m4\u{7f}\n");
    let error = dir.run("space sample --space tiny --networks ids.csv").failed(1);
    assert!(error.contains("the id is '\\u{1b}[31m4\\u{7f}'"), "{error:?}");
    let columns: Vec<String> = (0..100_000).map(|place| format!("column{place}")).collect();
    dir.file("wide.csv", format!("{}\n{}\n", columns.join(","), vec!["1"; columns.len()].join(",")));
    let error =
        dir.run("codesign --space tiny --networks 0..2 --hw edge16 --dataflow rs --accuracy wide.csv").failed(1);
    assert!(error.contains("wide.csv") && error.len() < 3000, "{}", error.len());
}

#[test]
fn line_ends_and_a_byte_order_mark_change_nothing() {
    let dir = Dir::new();
    let mapping = text("parity/products.m");
    dir.file("unix.m", &mapping);
    dir.file("dos.m", format!("\u{feff}{}", mapping.replace('\n', "\r\n")));
    let run = |name: &str| dir.run(&format!("estimate --mapping {name} --format csv")).well().stdout;
    assert_eq!(run("unix.m"), run("dos.m"));
}

/// File names need not be text: `@` stands for a byte that is not UTF-8.
#[cfg(target_os = "linux")]
#[test]
fn files_may_have_names_that_are_not_utf8() {
    use std::ffi::OsString;
    use std::os::unix::ffi::OsStringExt;
    let named = |text: &str| OsString::from_vec(text.bytes().map(|c| if c == b'@' { 0xff } else { c }).collect());
    let dir = Dir::new();
    let put = |name: &str, content: &str| std::fs::write(dir.path("").join(named(name)), content).unwrap();
    let run = |arguments: &str| {
        let words = arguments.split_whitespace().map(named);
        Run::of(arguments, dir.command().args(words))
    };
    put("@map.m", &text("parity/alternating.m"));
    put("@hw.m", "num_pes: 256\nnoc_bw_cstr: 100\noffchip_bw_cstr: 50\n");
    std::fs::create_dir(dir.path("").join(named("@hws"))).unwrap();
    put("@hws/@1.m", "num_pes: 256\n");
    put("@flow.m", "Dataflow { SpatialMap(1,1) C; TemporalMap(Sz(R),1) Y; TemporalMap(Sz(S),1) X; }");
    put("@ids.csv", "id,accuracy\n1,50\n2,60\n3,70\n");
    let tiny = "--space tiny --networks @ids.csv --dataflow rs,xp_ws --hw @hw.m,study";
    for (command, written) in [
        ("estimate --mapping @map.m --hw @hw.m --format csv -o @est.csv --roofline-svg @roof.svg", "@est.csv"),
        ("estimate --network ds_cnn --hw @hw.m --dataflow @flow.m --format csv -o @flow.csv", "@flow.csv"),
        ("convert @map.m --dataflow @flow.m -o @out.m", "@out.m"),
        ("compile ds_cnn --dataflow @flow.m --hw @hw.m -o @blob.mst", "@blob.mst"),
        ("inspect @blob.mst --format csv -o @list.csv", "@list.csv"),
        ("maestro --Mapping_file=@map.m --HW_file=@hw.m --print_res=false", "@map.csv"),
        ("space sample --space tiny --networks @ids.csv --accuracy @ids.csv -o @sample.txt", "@sample.txt"),
        ("space select --space tiny --networks @ids.csv --accuracy @ids.csv --count 1 -o @select.txt", "@select.txt"),
        (&format!("space campaign {tiny} -o @campaign"), "@campaign/latency.csv"),
        ("space campaign --space tiny --networks 0 --dataflow rs --hw-dir @hws -o @campaign2", "@campaign2/energy.csv"),
        ("space srcc @campaign -o @srcc", "@srcc/srcc.csv"),
        (&format!("codesign {tiny} --accuracy @ids.csv -o @found"), "@found/summary.json"),
        ("report @found -o @page.html", "@page.html"),
    ] {
        run(command).well();
        assert!(dir.path("").join(named(written)).is_file(), "{command}");
    }
    // Errors about such files are legible.
    for (command, code) in
        [("estimate --mapping @none.m", 1), ("estimate --network @none", 1), ("estimate --hw @flow.m", 1)]
    {
        let message = run(command).failed(code);
        assert!(message.contains("\u{fffd}"), "{message}");
    }
    assert!(run("estimate --dataflow conv=@flow.m").failed(1).contains("conv=\u{fffd}flow.m"));
}
