//! Attention in one operator.

use super::*;

fn products(text: &str) -> Vec<Work> {
    works(text).into_iter().filter(|work| matches!(work, Work::Gemm { .. })).collect()
}

#[test]
fn attention_of_onnx() {
    let four = "input q float 2 8 5 16
                input k float 2 2 7 16
                input v float 2 2 7 24
                y = Attention(q, k, v)";
    assert_eq!(products(four), [gemm(16, 5, 7, 16, false), gemm(16, 5, 24, 7, false)]);
    assert_eq!(shape_of_y(four), "2x8x5x24");
    let three = "input q float 2 5 128
                 input k float 2 7 32
                 input v float 2 7 48
                 input pk float 2 2 3 16
                 input pv float 2 2 3 24
                 y, key = Attention(q, k, v, , pk, pv) q_num_heads=8 kv_num_heads=2";
    assert_eq!(products(three), [gemm(16, 5, 10, 16, false), gemm(16, 5, 24, 10, false)]);
    assert_eq!(shape_of_y(three), "2x5x192");
}

#[test]
fn attention_with_its_projection() {
    let text = "input x float 2 5 64
                const w float 64 96
                const b float 96
                y = com.microsoft:Attention(x, w, b) num_heads=4";
    let expected = [gemm(1, 10, 96, 64, true), gemm(8, 5, 5, 8, false), gemm(8, 5, 8, 5, false)];
    assert_eq!(products(text), expected);
    assert_eq!(model(text).operators[0].parameters, 64 * 96 + 96);
    assert_eq!(shape_of_y(text), "2x5x32");
}

#[test]
fn attention_of_heads() {
    let expected = [gemm(8, 5, 7, 16, false), gemm(8, 5, 16, 7, false)];
    let apart = "input q float 2 5 64
                 input k float 2 7 64
                 input v float 2 7 64
                 y = com.microsoft:MultiHeadAttention(q, k, v) num_heads=4";
    assert_eq!(products(apart), expected);
    assert_eq!(shape_of_y(apart), "2x5x64");
    let packed = "input q float 2 5 64
                  input kv float 2 7 4 2 16
                  y = com.microsoft:MultiHeadAttention(q, kv) num_heads=4";
    assert_eq!(products(packed), expected);
    let all = "input qkv float 2 5 4 3 16
               y = com.microsoft:MultiHeadAttention(qkv) num_heads=4";
    assert_eq!(products(all), [gemm(8, 5, 5, 16, false), gemm(8, 5, 16, 5, false)]);
    let shared = "input q float 2 1 64
                  input k float 2 1 32
                  input v float 2 1 32
                  input pk float 2 2 9 16
                  input pv float 2 2 9 16
                  y, pk2 = com.microsoft:GroupQueryAttention(q, k, v, pk, pv) num_heads=4 kv_num_heads=2";
    assert_eq!(products(shared), [gemm(8, 1, 10, 16, false), gemm(8, 1, 16, 10, false)]);
}
