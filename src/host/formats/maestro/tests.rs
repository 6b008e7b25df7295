use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::*;
use crate::dim::Dim;
use crate::host::network::NamedLayer;
use crate::{Directive, Layer, LayerKind, MAX_DIRECTIVES, Size};

/// `line:column `found` message`.
pub(super) fn summary(error: &Diagnostic) -> String {
    format!("{}:{} `{}` {}", error.line, error.column, error.found, error.message)
}

fn read(text: &str) -> Network {
    let parsed = parse_network(text, "a.m").unwrap_or_else(|error| panic!("{error}\n{text}"));
    assert_eq!(parsed.warnings, []);
    parsed.network
}

fn fails(text: &str) -> String {
    summary(&parse_network(text, "a.m").unwrap_err())
}

fn without_lines(mut network: Network) -> Network {
    network.layers.iter_mut().for_each(|layer| layer.line = None);
    network
}

/// Every piece of syntax, in the various ways of the files that come with the reference.
const SAMPLE: &str = "\u{feff}// 6 512   2048 8 64 64\r
Constant Seq_Len 128;
Constant TILE: 2*4
Network torchvision.models.googlenet {
\t// Stem
\tLayer Conv2d-7 { //Batched FC layer
\t\tType: CONV //MatMul -> M(seql)xK(dv)
\t\tStride { X: 2, Y: 3 }\t
\t\tDimensions { N: Seq_Len, K: 2 C:3,R 3,S 3 , Y:224, X: 30 }
\t\tDataflow {
\t\t\tSpatialMap (1,1) K; // Flexible
\t\t\tTemporalMap(TILE+Sz(S)-1, TILE) X’;
\t\t\tTemporalMap(Sz(R), Sz(R)) R
\t\t\tTemporalMap(-1+Sz(R),1)->Y';
\t\t\tCluster(Sz(S), P);
\t\t\tCluster(TILE,L);
\t\t\tSpatialMap(1 1) S;;
\t\t\tSpatialMap(1,1) S;
\t\t}
\t} //good

\tLayer Bottleneck1_1_1{Dimensions{M 4 N 5 K 6} Type GEMM}
\tLayer a:b { Type: FC /* { */ Dimensions { K: 10, C: 64 } Dataflow { } }
}
Accelerator {
  PE { NumPEs: 168; VectorWidth: 1; MultPrecision: INT8, AddPrecision: INT16 }
  Buffer { GlobalL2: 2048, LocalL1: 64}
  NoC {Bandwidth: 64; AvgLatency: 2}
}
";

#[test]
fn the_sample_reads_as_it_should() {
    let parsed = parse_network(SAMPLE, "a.m").unwrap();
    let block = AcceleratorBlock {
        pes: Some(168),
        simd_lanes: Some(1),
        l1: Some(64),
        l2: Some(2048),
        noc_bandwidth: Some(64),
        noc_latency: Some(2),
    };
    assert_eq!((parsed.accelerator, parsed.warnings.as_slice()), (Some(block), &[][..]));
    let sz = |dim, base| Size { base, of: Some(dim) };
    let dataflow = Dataflow::new(&[
        Directive::spatial(Size::new(1), Size::new(1), Dim::K),
        Directive::temporal(sz(Dim::S, 7), Size::new(8), Dim::OutX),
        Directive::temporal(Size::of(Dim::R), Size::of(Dim::R), Dim::R),
        Directive::temporal(sz(Dim::R, -1), Size::new(1), Dim::OutY),
        Directive::cluster(Size::of(Dim::S)),
        Directive::cluster(Size::new(8)),
        Directive::spatial(Size::new(1), Size::new(1), Dim::S),
        Directive::spatial(Size::new(1), Size::new(1), Dim::S),
    ]);
    let dims = [(Dim::N, 128), (Dim::K, 2), (Dim::C, 3), (Dim::R, 3), (Dim::S, 3), (Dim::Y, 224), (Dim::X, 30)];
    let named = |name: &str, layer, line| NamedLayer {
        name: name.to_owned(),
        layer,
        dataflow: dataflow.clone().ok().map(Into::into),
        line: Some(line),
    };
    let expected = Network {
        name: "torchvision.models.googlenet".to_owned(),
        layers: vec![
            named("Conv2d-7", Layer::strided(LayerKind::Conv, &dims, 3, 2).unwrap(), 6),
            named(
                "Bottleneck1_1_1",
                Layer::new(LayerKind::Gemm, &[(Dim::M, 4), (Dim::N, 5), (Dim::K, 6)]).unwrap(),
                22,
            ),
            named("a:b", Layer::new(LayerKind::Fc, &[(Dim::K, 10), (Dim::C, 64)]).unwrap(), 23),
        ],
    };
    assert_eq!(parsed.network, expected);
    // In old files a line ends in CR.
    let old = SAMPLE.replace("\r\n", "\n").replace('\n', "\r");
    assert_eq!(read(&old), expected);
}

#[test]
fn what_is_written_reads_back() {
    let network = without_lines(read(SAMPLE));
    let text = write_network(&network);
    assert_eq!(without_lines(read(&text)), network);
    assert!(text.starts_with(
        "Network torchvision.models.googlenet {
\tLayer Conv2d-7 {
\t\tType: CONV
\t\tStride { X: 2, Y: 3 }
\t\tDimensions { N: 128, K: 2, C: 3, R: 3, S: 3, Y: 224, X: 30 }
\t\tDataflow {
\t\t\tSpatialMap(1,1) K;
\t\t\tTemporalMap(Sz(S)+7,8) X';
\t\t\tTemporalMap(Sz(R),Sz(R)) R;
\t\t\tTemporalMap(Sz(R)-1,1) Y';
\t\t\tCluster(Sz(S), P);
"
    ));
    let mut model = network;
    model.layers.iter_mut().for_each(|layer| layer.dataflow = None);
    model.name = String::new();
    let text = write_network(&model);
    assert!(text.starts_with("Network {\n") && !text.contains("Dataflow"));
    assert_eq!(without_lines(read(&text)), model);
}

#[test]
fn a_network_may_be_empty_or_nameless() {
    assert_eq!(read("Network{}"), Network::default());
    assert_eq!(read("Network \"a b\" {}").name, "a b");
}

#[test]
fn oddities_that_change_nothing_are_warnings() {
    let text =
        "Constant A 1\nConstant A 2\nNetwork a {\n\tLayer b { Type: FC Dimensions { N: 1, N: 1, K: A, C: 2 } }\n}";
    let parsed = parse_network(text, "a.m").unwrap();
    let warnings: Vec<String> = parsed.warnings.iter().map(summary).collect();
    let expected = ["2:10 `A` the constant `A` is defined again", "4:40 `N` dimension N is given twice"];
    assert_eq!(warnings, expected);
    assert_eq!(parsed.warnings[0].severity, Severity::Warning);
    assert_eq!(parsed.network.layers[0].layer.size(Dim::K), Some(2));
    let many = "Network { ".to_owned() + &"Layer b { Type: FC Dimensions { K 1 K 1 C 1 } }".repeat(99) + "}";
    assert_eq!(parse_network(&many, "a.m").unwrap().warnings.len(), 16);
}

#[test]
fn a_dataflow_can_stand_alone() {
    let expected =
        Dataflow::new(&[Directive::spatial(Size::new(4), Size::new(4), Dim::K), Directive::cluster(Size::of(Dim::R))]);
    for text in [
        "Constant A 4; // tile\nDataflow { SpatialMap(A,A) K; Cluster(Sz(R), P); }",
        "SpatialMap(4,4) K\nCluster(Sz(R),P)",
    ] {
        assert_eq!(parse_dataflow(text, "d.m").unwrap(), expected.clone().unwrap());
    }
    for (text, expected) in [
        ("", "1:1 `` expected a dataflow, found the end of the file"),
        ("Dataflow { }", "1:13 `` expected a dataflow, found the end of the file"),
        ("Cluster(2, P) }", "1:15 `}` expected the end of the dataflow, found `}`"),
        ("Dataflow { Cluster(2, P) } x", "1:28 `x` expected the end of the dataflow, found `x`"),
        ("Layer", "1:1 `Layer` expected `Dataflow`, `TemporalMap`, `SpatialMap` or `Cluster`, found `Layer`"),
    ] {
        assert_eq!(summary(&parse_dataflow(text, "d.m").unwrap_err()), expected, "{text}");
    }
    for text in ["Dataflow conv { Cluster(2, P) }", "Dataflow { Cluster(2, P) } Dataflow fc { Cluster(2, P) }"] {
        let expected = "1:1 `Dataflow` expected one dataflow, for all kinds of layer";
        assert_eq!(summary(&parse_dataflow(text, "d.m").unwrap_err()), expected, "{text}");
    }
    let many = "Cluster(2, P)\n".repeat(MAX_DIRECTIVES + 1);
    let error = parse_dataflow(&many, "d.m").unwrap_err();
    assert_eq!(summary(&error), "41:1 `Cluster` a dataflow has at most 40 directives");
}

#[test]
fn a_file_may_hold_a_dataflow_for_each_kind() {
    let cluster = |size| Dataflow::new(&[Directive::cluster(Size::new(size))]).unwrap();
    let text = "Constant A 4;\nDataflow conv { Cluster(A, P); }\nConstant B 2;\nDataflow GEMM { Cluster(B, P); }\n\
                Dataflow { Cluster(3, P); }\n";
    let expected = [(Some(LayerKind::Conv), cluster(4)), (Some(LayerKind::Gemm), cluster(2)), (None, cluster(3))];
    assert_eq!(parse_dataflows(text, "d.m").unwrap(), expected);
    assert_eq!(parse_dataflows("Cluster(3, P)", "d.m").unwrap(), [(None, cluster(3))]);
    for (text, expected) in [
        (
            "Dataflow cnov { Cluster(2, P) }",
            "1:10 `cnov` expected a kind of layer (conv, dsconv, ngconv, trconv, gemm, fc, pool, eltwise) or `{`, found `cnov`",
        ),
        ("Dataflow conv", "1:14 `` expected `{` after `Dataflow`, found the end of the file"),
        (
            "Dataflow conv { Cluster(2, P) }\nDataflow CONV { Cluster(2, P) }",
            "2:1 `Dataflow` this is the second dataflow for CONV layers",
        ),
        (
            "Dataflow { Cluster(2, P) } Dataflow { Cluster(2, P) }",
            "1:28 `Dataflow` this is the second dataflow for all kinds of layer",
        ),
        ("Dataflow conv { } Dataflow { Cluster(2, P) }", "1:19 `Dataflow` expected a dataflow, found `Dataflow`"),
        (
            "Dataflow conv { Cluster(2, P) } Cluster(2, P)",
            "1:33 `Cluster` expected the end of the dataflow, found `Cluster`",
        ),
    ] {
        assert_eq!(summary(&parse_dataflows(text, "d.m").unwrap_err()), expected, "{text}");
    }
}

#[test]
fn errors_of_files_and_networks() {
    const TOP: &str = "expected `Network`, `Constant` or `Accelerator`, found";
    for (text, expected) in [
        ("", "1:1 `` expected a network, found the end of the file"),
        ("// nothing\n\n", "1:11 `` expected a network, found the end of the file"),
        ("Constant A 1", "1:13 `` expected a network, found the end of the file"),
        ("\0\u{1}", &format!("1:1 `\0` {TOP} `\\0`")),
        ("num_pes: 4", &format!("1:1 `num_pes` {TOP} `num_pes`")),
        ("a\nLayer b { }", &format!("2:1 `Layer` {TOP} `Layer`")),
        ("Network a { /* }", "1:13 `/*` expected `*/`: the comment that starts here has no end"),
        ("Network \"a {\n}", "1:9 `\"` expected a closing `\"`, found the end of the line"),
        ("Network a b { }", "1:11 `b` expected `{` after `Network`, found `b`"),
        ("Network", "1:8 `` expected `{` after `Network`, found the end of the file"),
        ("Network a { Type }", "1:13 `Type` expected `Layer` or `}`, found `Type`"),
        ("Network a {", "1:12 `` expected `Layer` or `}`, found the end of the file inside of `Network`"),
        ("Network a { Layer { } }", "1:19 `{` expected the name of the layer, found `{`"),
        ("Network a { Layer b c { } }", "1:21 `c` expected `{` after the name of the layer, found `c`"),
        ("Constant 4 5", "1:10 `4` expected the name of a constant, found `4`"),
        ("Constant Sz 5", "1:10 `Sz` expected the name of a constant, found `Sz`"),
        ("Constant A x", "1:12 `x` expected an integer or a constant, found `x`"),
        ("Constant A Sz(R)", "1:12 `Sz` expected an integer or a constant, found `Sz`"),
    ] {
        assert_eq!(fails(text), expected, "{text}");
    }
    let truncated = parse_network("Network a {\nLayer b {\n\tDataflow { Cluster(2, P);\n", "a.m").unwrap_err();
    assert_eq!(truncated.help.as_deref(), Some("the `Dataflow` block of line 3 has no closing `}`"));
    assert_eq!((truncated.line, truncated.column), (3, 27));
}

/// As the reference reads them.
#[test]
fn what_stands_outside_of_blocks_is_skipped_with_a_warning() {
    let text = "# K, C: Layer {\nmy net /* x */\nNetwork a {\nLayer b { Type: FC Dimensions { K: 2.0, C: 3 } } }\n}";
    let parsed = parse_network(text, "a.m").unwrap();
    assert_eq!((parsed.network.name.as_str(), parsed.network.layers.len()), ("a", 1));
    let [warning] = parsed.warnings.as_slice() else { panic!("{:?}", parsed.warnings) };
    assert_eq!((warning.line, warning.column, warning.found.as_str()), (1, 1, "#"));
    assert_eq!(parsed.network.layers[0].layer.size(Dim::K), Some(2));
}

/// As the reference reads them: a layer takes the dataflow of the one before, be it in another block.
#[test]
fn several_networks_are_one_under_the_last_name() {
    let layer = |name: &str, rest: &str| format!("Layer {name} {{ Type: FC Dimensions {{ K 2 C 3 }} {rest} }}");
    let first = layer("x", "Dataflow { SpatialMap(1,1) K; }");
    let text = format!("Network a {{ {first} }}\nNetwork b {{ {} }} Network {{ {} }}", layer("y", ""), layer("z", ""));
    let parsed = parse_network(&text, "a.m").unwrap();
    let Network { name, layers } = parsed.network;
    assert_eq!((name.as_str(), layers.len()), ("b", 3));
    assert!(layers.iter().all(|layer| layer.dataflow.is_some() && layer.dataflow == layers[0].dataflow));
    assert_eq!(parsed.warnings.iter().map(|warning| warning.line).collect::<Vec<_>>(), [2]);
    let bare = format!("Network a {{ {} }} Network b {{ {first} }}", layer("y", ""));
    assert!(fails(&bare).contains("a later layer has one"));
}

#[test]
fn filters_larger_than_inputs_are_read_and_can_be_padded() {
    let text = "Network a { Layer b { Type: CONV Stride { Y 2 X 2 } Dimensions { K 2 C 3 R 5 S 3 Y 4 X 5 } } }";
    let mut network = parse_network(text, "a.m").unwrap().network;
    let dims = [Dim::Y, Dim::X, Dim::OutY, Dim::OutX];
    let sizes = |network: &Network| dims.map(|dim| network.layers[0].layer.size(dim).unwrap());
    assert_eq!(sizes(&network), [4, 5, 1, 2]);
    assert_eq!(network.pad_to_filters(), ["b"]);
    assert_eq!(sizes(&network), [5, 5, 1, 2]);
    assert_eq!(network.pad_to_filters(), [""; 0]);
}

#[test]
fn errors_of_layers() {
    for (body, expected) in [
        ("", "1:19 `b` layer `b` has no `Type`"),
        ("Type: FC", "1:19 `b` layer `b` has no `Dimensions`"),
        ("Dimensions { K 1 C 1 }", "1:19 `b` layer `b` has no `Type`"),
        ("Type: FC Type: FC", "2:10 `Type` layer `b` has a second `Type`"),
        ("Stride { } Stride { }", "2:12 `Stride` layer `b` has a second `Stride`"),
        ("Size", "2:1 `Size` expected `Type`, `Stride`, `Dimensions`, `Dataflow` or `}`, found `Size`"),
        (
            "Type: LSTM",
            "2:7 `LSTM` expected a layer type (CONV, DSCONV, NGCONV, TRCONV, GEMM, FC, POOL, ELTWISE), found `LSTM`",
        ),
        ("Dimensions K", "2:12 `K` expected `{` after `Dimensions`, found `K`"),
        ("Dimensions { k: 1 }", "2:14 `k` expected a dimension (C, G, K, M, N, R, S, X, X', Y, Y'), found `k`"),
        ("Dimensions { K: 0 }", "2:17 `0` dimension K must be 1 to 16777216, not 0"),
        ("Dimensions { K: -4 }", "2:17 `-4` dimension K must be 1 to 16777216, not -4"),
        ("Dimensions { K: 4-5 }", "2:17 `4-5` dimension K must be 1 to 16777216, not -1"),
        ("Dimensions { K: 16777217 }", "2:17 `16777217` dimension K must be 1 to 16777216, not 16777217"),
        (
            "Dimensions { K: 99999999999 }",
            "2:17 `99999999999` `99999999999` is too large, an integer is at most 4294967295",
        ),
        ("Dimensions { K: 4294967295*4294967295 }", "2:17 `4294967295*4294967295` the value is too large"),
        ("Dimensions { K: .0 }", "2:17 `.0` expected an integer or a constant, found `.0`"),
        ("Dimensions { K: 1.5 }", "2:17 `1.5` expected an integer, found `1.5`"),
        ("Dimensions { K: FOO }", "2:17 `FOO` expected an integer or a constant, found `FOO`"),
        ("Dimensions { K: Sz(C) }", "2:17 `Sz` expected an integer or a constant, found `Sz`"),
        ("Dimensions { K: }", "2:17 `}` expected an integer or a constant, found `}`"),
        ("Dimensions { K: 1, K: 2 }", "2:20 `K` dimension K is given twice"),
        ("Dimensions { K: 2, K: 2 }", "2:20 `K` dimension K is given twice"),
        ("Type: FC Dimensions { K: 2 }", "2:10 `Dimensions { K: 2 }` a FC layer needs dimension C"),
        ("Type: FC Dimensions { K: 2, C: 3, G: 5 }", "2:35 `G: 5` a FC layer has no dimension G"),
        ("Type: FC Dimensions { K 2 C 3 X 5 X' 5 }", "2:35 `X' 5` dimension X is given more than once"),
        ("Stride { X: 0 }", "2:13 `0` the stride along X must be 1 to 16777216, not 0"),
        ("Stride { X: 2, X: 2 }", "2:16 `X` the stride along X is given twice"),
        (
            "Type: FC Dimensions { K 2 C 3 } Stride { K: 2 }",
            "2:42 `K: 2` a stride is along X or Y and 1 to 16777216, not 2 along K",
        ),
    ] {
        assert_eq!(fails(&format!("Network a {{ Layer b {{\n{body}\n}} }}")), expected, "{body}");
    }
    let error = parse_network("Network a { Layer b { Type: Conv } }", "a.m").unwrap_err();
    assert_eq!(error.help.as_deref(), Some("did you mean `CONV`?"));
}

#[test]
fn errors_of_dataflows() {
    for (text, expected) in [
        ("SpatialMap 1,1 K", "1:12 `1` expected `(`, found `1`"),
        ("SpatialMap(1) K", "1:13 `)` expected the offset of the map, found `)`"),
        ("SpatialMap(1,1,1) K", "1:16 `1` expected `)`, found `1`"),
        ("SpatialMap(8,-1) K", "1:14 `-1` the offset of a map must be 1 to 16777216, not -1"),
        ("SpatialMap(0,1) K", "1:12 `0` the size of a map must be 1 to 16777216, not 0"),
        ("SpatialMap(1,1) Q", "1:17 `Q` expected a dimension (C, G, K, M, N, R, S, X, X', Y, Y'), found `Q`"),
        ("SpatialMap(R,1) K", "1:12 `R` expected an integer or a constant, found `R`"),
        ("SpatialMap(Sz R,1) K", "1:15 `R` expected `(` after `Sz`, found `R`"),
        ("SpatialMap(Sz(R,1) K", "1:17 `1` expected `)`, found `1`"),
        ("SpatialMap(Sz(R)*2,1) K", "1:17 `*` `Sz(...)` cannot be multiplied"),
        ("SpatialMap(2*Sz(R),1) K", "1:14 `Sz` `Sz(...)` cannot be multiplied"),
        ("SpatialMap(9-Sz(R),1) K", "1:14 `Sz` a size has at most one `Sz(...)`, and does not subtract it"),
        ("SpatialMap(Sz(R)+Sz(S),1) K", "1:18 `Sz` a size has at most one `Sz(...)`, and does not subtract it"),
        ("SpatialMap(Sz(R)+4294967295,1) K", "1:12 `Sz(R)+4294967295` the value is too large"),
        ("SpatialMap(4+,1) K", "1:13 `+` expected an integer or a constant after `+`"),
        ("SpatialMap(4+) K", "1:14 `)` expected an integer or a constant, found `)`"),
        ("Cluster(0,P)", "1:9 `0` the size of a cluster must be 1 to 16777216, not 0"),
        ("Cluster(2)", "1:10 `)` expected `P` or `L`, found `)`"),
        ("Cluster(2, Q)", "1:12 `Q` expected `P` or `L`, found `Q`"),
        ("Cluster(2, P", "1:13 `` expected `)`, found the end of the file"),
    ] {
        assert_eq!(summary(&parse_dataflow(text, "d.m").unwrap_err()), expected, "{text}");
    }
    let error = parse_dataflow("SpatialMap(R,1) K", "d.m").unwrap_err();
    assert_eq!(error.help.as_deref(), Some("the size of a dimension is written `Sz(R)`"));
}

#[test]
fn a_dataflow_is_inherited_but_not_by_the_layers_before() {
    let layer = "Layer b { Type: FC Dimensions { K 2 C 3 } }\n";
    let mapped = "Layer c { Type: FC Dimensions { K 2 C 3 } Dataflow { SpatialMap(1,1) K } }\n";
    let network = read(&format!("Network a {{\n{mapped}{layer}{layer}}}"));
    assert_eq!(network.layers[2].dataflow, network.layers[0].dataflow);
    let expected = "2:7 `b` expected a `Dataflow` in this layer: a later layer has one";
    assert_eq!(fails(&format!("Network a {{\n{layer}{layer}{mapped}}}")), expected);
}

#[test]
fn nesting_and_noise_are_harmless() {
    for open in ["{", "(", "Accelerator { NoC { ", "-", "Network a { Layer b { Dataflow { TemporalMap((("] {
        assert!(parse_network(&open.repeat(100_000), "a.m").unwrap_err().to_string().len() < 2000);
    }
    for start in
        ["", "Network ", "Network \"", "Constant A ", "Network { Layer a { Type ", "Network { Layer a { Stride { X "]
    {
        let noise = format!("{start}{} x", "é".repeat(1_000_000));
        assert!(parse_network(&noise, "a.m").unwrap_err().to_string().len() < 2000, "{start}");
    }
}

fn any_size() -> impl Strategy<Value = Size> {
    let symbolic = (any::<i32>(), select(&Dim::ALL)).prop_map(|(base, dim)| Size { base, of: Some(dim) });
    prop_oneof![(1..1000).prop_map(Size::new), select(&Dim::ALL).prop_map(Size::of), symbolic]
}

fn any_directive() -> impl Strategy<Value = Directive> {
    let map = (any::<bool>(), any_size(), any_size(), select(&Dim::ALL)).prop_map(|(temporal, size, offset, dim)| {
        if temporal { Directive::temporal(size, offset, dim) } else { Directive::spatial(size, offset, dim) }
    });
    prop_oneof![map, any_size().prop_map(Directive::cluster)]
}

fn any_layer() -> impl Strategy<Value = Layer> {
    (select(&LayerKind::ALL), proptest::array::uniform10(1u32..300)).prop_map(|(kind, n)| {
        let dims: &[Dim] = match kind {
            LayerKind::Gemm => &[Dim::M, Dim::N, Dim::K],
            LayerKind::NgConv => &[Dim::G, Dim::K, Dim::C, Dim::R, Dim::S, Dim::OutY, Dim::OutX],
            LayerKind::Pool | LayerKind::Eltwise => &[Dim::C, Dim::R, Dim::S, Dim::OutY, Dim::OutX, Dim::N],
            _ => &[Dim::K, Dim::C, Dim::R, Dim::S, Dim::OutY, Dim::OutX],
        };
        let dims: Vec<(Dim, u32)> = dims.iter().copied().zip(n).collect();
        Layer::strided(kind, &dims, n[8], n[9]).unwrap()
    })
}

proptest! {
    #[test]
    fn any_network_survives_writing_and_reading(
        name in ".*",
        layers in prop::collection::vec((".*", any_layer(), prop::collection::vec(any_directive(), 1..40)), 0..4),
        mapped: bool,
    ) {
        let layers = layers.into_iter().map(|(name, layer, directives)| {
            let dataflow = mapped.then(|| Dataflow::new(&directives).unwrap());
            NamedLayer { name, layer, dataflow: dataflow.map(Into::into), line: None }
        });
        let network = Network { name, layers: layers.collect() };
        prop_assert_eq!(without_lines(read(&write_network(&network))), network);
    }

    #[test]
    fn no_text_makes_it_panic(text in "\\PC*|(.|\n)*") {
        let _ = parse_network(&text, "a.m").map_err(|error| error.render(true));
        let _ = parse_hardware(&text, "a.m").map_err(|error| error.to_string());
        let _ = parse_dataflow(&text, "a.m").map_err(|error| error.to_string());
    }

    #[test]
    fn no_mutation_makes_it_panic(
        cuts in prop::collection::vec((any::<Index>(), any::<Index>(), any::<Index>()), 1..4),
        noise in prop::option::of(any::<char>()),
    ) {
        let mut chars: Vec<char> = SAMPLE.chars().collect();
        for (from, length, to) in cuts {
            let from = from.index(chars.len());
            let moved: Vec<char> = chars.drain(from..chars.len().min(from + length.index(20))).collect();
            let to = to.index(chars.len() + 1);
            chars.splice(to..to, moved.into_iter().chain(noise));
        }
        let text: String = chars.into_iter().collect();
        if let Err(error) = parse_network(&text, "a.m") {
            prop_assert!(error.to_string().contains(&error.message));
            prop_assert!(text[error.span.clone()].starts_with(&error.found));
        }
    }
}

#[test]
fn layers_with_the_same_dataflow_share_it() {
    let layer = |name: &str, flow: &str| {
        format!(
            "Layer {name} {{ Type: CONV Dimensions {{ K: 8, C: 3, R: 3, S: 3, Y: 9, X: 9 }} Dataflow {{ {flow} }} }}\n"
        )
    };
    let (one, other) = ("SpatialMap(1,1) K; // }\n", "SpatialMap(A,A) C; /* } */");
    let layers: String = [("a", one), ("b", other), ("c", one), ("d", "SpatialMap(2,2) C;"), ("e", other)]
        .map(|(name, flow)| layer(name, flow))
        .concat();
    let parsed = parse_network(&format!("Constant A 2; Network n {{ {layers} }}"), "n.m").unwrap().network.layers;
    let flows: Vec<_> = parsed.iter().map(|layer| layer.dataflow.clone().unwrap()).collect();
    assert!(std::sync::Arc::ptr_eq(&flows[0], &flows[2]) && std::sync::Arc::ptr_eq(&flows[1], &flows[4]));
    assert_ne!(flows[0], flows[1]);
    assert_eq!(flows[1], flows[3]);
    let lines: Vec<_> = parsed.iter().map(|layer| layer.line.unwrap()).collect();
    assert_eq!(lines, [1, 3, 4, 6, 7]);
    // What follows on a known block is read as ever.
    let broken = format!("Network n {{ {}{} x", layer("a", one), layer("b", one));
    let error = parse_network(&broken, "n.m").unwrap_err().to_string();
    assert!(error.contains("found `x`") && error.contains("n.m:5:"), "{error}");
}
