//! Tests of errors in texts, and of their places.

use super::*;

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
