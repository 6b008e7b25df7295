//! Matrix products and recurrent networks.

use super::*;
use crate::host::model::listing::Listing;

/// The work of a product of `a` and `b`, where `b` is a constant or an input.
fn product(a: &str, b: &str, constant: bool) -> Work {
    let second = if constant { format!("const b float {b}") } else { format!("input b float {b}") };
    works(&format!("input a float {a}\n {second}\n y = MatMul(a, b)")).remove(0)
}

#[test]
fn products_of_two_matrices_are_fully_connected_with_constant_weights() {
    assert_eq!(product("5 7", "7 3", true), Work::FullyConnected { rows: 5, inputs: 7, outputs: 3 });
    assert_eq!(product("5 7", "7 3", false), gemm(1, 5, 3, 7, false));
}

#[test]
fn leading_dimensions_are_rows_or_batches() {
    assert_eq!(product("2 5 7", "7 3", true), gemm(1, 10, 3, 7, true));
    assert_eq!(product("2 5 7", "7 3", false), gemm(1, 10, 3, 7, false));
    assert_eq!(product("2 1 5 7", "4 7 3", false), gemm(8, 5, 3, 7, false));
    assert_eq!(product("5 7", "4 7 3", true), gemm(4, 5, 3, 7, true));
    assert_eq!(product("7", "4 7 3", false), gemm(4, 1, 3, 7, false));
    assert_eq!(product("4 5 7", "7", true), gemm(1, 20, 1, 7, true));
    assert_eq!(product("7", "7", true), gemm(1, 1, 1, 7, true));
}

#[test]
fn gemm_transposes() {
    let text = "input a float 7 5
                const b float 3 7
                const c float 3
                y = Gemm(a, b, c) transA=1 transB=1";
    assert_eq!(works(text), [Work::FullyConnected { rows: 5, inputs: 7, outputs: 3 }]);
    assert_eq!(model(text).operators[0].parameters, 24);
    let both = "input a float 5 7
                input b float 7 3
                y = Gemm(a, b)";
    assert_eq!(works(both), [gemm(1, 5, 3, 7, false)]);
}

#[test]
fn products_of_integers_and_of_runtimes() {
    let works = works(
        "input x uint8 2 5 7
         const s float
         const z uint8
         const w uint8 7 3
         a = MatMulInteger(x, w, z, z)
         b = QLinearMatMul(x, s, z, w, s, z, s, z)
         const f float 5 7
         input g float 2 5 7
         c = com.microsoft:FusedMatMul(g, g) transB=1
         const packed uint8 64 1 16
         d = com.microsoft:MatMulNBits(g, packed, s) K=7 N=64 bits=4 block_size=32
         input r uint8 4 7
         e = com.microsoft:QGemm(r, s, z, w, s, z, , s, z)",
    );
    let fully_connected = Work::FullyConnected { rows: 4, inputs: 7, outputs: 3 };
    let [a, c, d] = [gemm(1, 10, 3, 7, true), gemm(2, 5, 5, 7, false), gemm(1, 10, 64, 7, true)];
    assert_eq!(works, [a.clone(), a, c, d, fully_connected]);
}

#[test]
fn einsum_is_a_batch_of_products() {
    let einsum = |equation: &str, a: &str, b: &str| {
        let text = format!("input a float {a}\n input b float {b}\n y = Einsum(a, b) equation={equation}");
        (works(&text).remove(0), shape_of_y(&text))
    };
    let of = |work, shape: &str| (work, shape.to_string());
    assert_eq!(einsum("bhid,bhjd->bhij", "2 4 5 8", "2 4 6 8"), of(gemm(8, 5, 6, 8, false), "2x4x5x6"));
    assert_eq!(einsum("bij,jk", "2 3 4", "4 5"), of(gemm(1, 6, 5, 4, false), "2x3x5"));
    assert_eq!(einsum("...id,...jd->...ij", "2 4 5 8", "2 1 6 8"), of(gemm(8, 5, 6, 8, false), "2x4x5x6"));
    assert_eq!(einsum("abc,cde->bade", "2 3 4", "4 5 6"), of(gemm(1, 6, 30, 4, false), "3x2x5x6"));
    assert_eq!(shape_of_y("input a float 2 3 4\n y = Einsum(a) equation=abc->cab"), "4x2x3");
}

#[test]
fn recurrent_networks_are_two_products_for_each_direction() {
    let recurrent = |op: &str, gates: u64, layout: u64| {
        let x = if layout == 1 { "3 7 20" } else { "7 3 20" };
        let text = format!(
            "input x float {x}
             const w float 2 {rows} 20
             const r float 2 {rows} 32
             const b float 2 {both}
             y, h, c = {op}(x, w, r, b) hidden_size=32 direction=bidirectional layout={layout}",
            rows = gates * 32,
            both = gates * 64
        );
        let rows = gates * 32;
        let pair = [gemm(1, 21, rows, 20, true), gemm(7, 3, rows, 32, true)];
        assert_eq!(works(&text), [&pair[..], &pair[..]].concat(), "{op}");
        assert_eq!(
            model(&text).operators.iter().map(|operator| operator.parameters).sum::<u64>(),
            2 * rows * (20 + 32 + 2)
        );
        shape_of_y(&text)
    };
    assert_eq!(recurrent("LSTM", 4, 0), "7x2x3x32");
    assert_eq!(recurrent("GRU", 3, 0), "7x2x3x32");
    assert_eq!(recurrent("RNN", 1, 1), "3x7x2x32");
}

#[test]
fn weights_count_once_and_in_skipped_operators_too() {
    let text = "input x int64 1 5
                const table float 100 8
                const bias float 16
                const w float 8 16
                const scale float 16
                const one float
                ints axes 1
                g = Gather(table, x)
                p = MatMul(g, w)
                b = Add(p, bias)
                m = Mul(b, scale)
                i = Identity(bias)
                c = Add(m, i)
                o = Mul(c, one)
                t = Transpose(w)
                r = MatMul(o, t)
                l = LayerNormalization(r, s8, b8)
                const s8 float 8
                const b8 float 8
                u = Transpose(table)
                y = MatMul(l, u)";
    let model = model(text);
    let counted: Vec<u64> = model.operators.iter().map(|operator| operator.parameters).collect();
    // The second product uses the weights of the first, and the third those of the table.
    assert_eq!(counted, [8 * 16, 0, 16, 0]);
    let skipped = |op: &str| model.skipped.iter().filter(|s| s.op == op).map(|s| s.parameters).collect::<Vec<_>>();
    assert_eq!(skipped("Gather"), [800]);
    assert_eq!(skipped("Add"), [16, 0]);
    assert_eq!(skipped("Mul"), [16, 0]);
    let listing = Listing::of_model(&model);
    assert_eq!((listing.parameters(), listing.skipped_parameters()), (800 + 128 + 32 + 16, 832));
}

#[test]
fn what_steers_is_no_weight() {
    let text = "input x float 1 3 4 4
                floats scales 1 1 2 2
                floats roi 0 0 0 0 1 1 1 1
                floats low 0
                ints pads 0 0 1 1 0 0 1 1
                floats value 0.5
                r = Resize(x, roi, scales)
                c = Clip(r, low)
                y = Pad(c, pads, value)";
    let listing = Listing::of_model(&model(text));
    assert_eq!(listing.parameters(), 0);
    // The input's figures are those of the elements that are read.
    let figures = ["Y_in", "X_in", "Y_out", "X_out"].map(|name| listing.rows[0].figure(name));
    assert_eq!(figures, [4, 4, 8, 8].map(Some));
}
