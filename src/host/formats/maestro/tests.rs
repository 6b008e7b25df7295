//! Tests of reading and writing networks and dataflows.

mod errors;
mod random;

use super::*;
use crate::dim::Dim;
use crate::host::network::NamedLayer;
use crate::{Directive, Layer, LayerKind, MAX_DIRECTIVES, Size};

/// `line:column `found` message`.
pub(in crate::host::formats::maestro) fn summary(error: &Diagnostic) -> String {
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

/// All parts of the syntax, in the different styles that the files of the reference use.
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
    let block = HardwareFile {
        num_pes: Some(168),
        simd_lanes: Some(1),
        l1_size: Some(64),
        l2_size: Some(2048),
        noc_bw: Some(64),
        noc_hops: Some(2),
        ..HardwareFile::default()
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
    // In old files, lines end in CR.
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

/// The reference skips it, too.
#[test]
fn what_stands_outside_of_blocks_is_skipped_with_a_warning() {
    let text = "# K, C: Layer {\nmy net /* x */\nNetwork a {\nLayer b { Type: FC Dimensions { K: 2.0, C: 3 } } }\n}";
    let parsed = parse_network(text, "a.m").unwrap();
    assert_eq!((parsed.network.name.as_str(), parsed.network.layers.len()), ("a", 1));
    let [warning] = parsed.warnings.as_slice() else { panic!("{:?}", parsed.warnings) };
    assert_eq!((warning.line, warning.column, warning.found.as_str()), (1, 1, "#"));
    assert_eq!(parsed.network.layers[0].layer.size(Dim::K), Some(2));
}

/// As in the reference, a layer takes the dataflow of the previous layer, even if that is in another block.
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
    // The text after a block that was reused is read as usual.
    let broken = format!("Network n {{ {}{} x", layer("a", one), layer("b", one));
    let error = parse_network(&broken, "n.m").unwrap_err().to_string();
    assert!(error.contains("found `x`") && error.contains("n.m:5:"), "{error}");
}
