//! A Transformer encoder block.

use super::builder::Layers;
use crate::Dim::{K, M, N};
use crate::LayerKind;
use crate::host::network::NamedLayer;

const TOKENS: u32 = 128;
const MODEL: u32 = 512;
const HEADS: u32 = 8;
const HIDDEN: u32 = 2048;

/// Each head is a separate layer. Heads share no matrix, so a single larger GEMM would wrongly reuse operands.
pub(super) fn transformer_block() -> Vec<NamedLayer> {
    let mut net = Layers::default();
    let mut gemm = |name: String, n, k| net.push(name, LayerKind::Gemm, &[(M, TOKENS), (N, n), (K, k)], 1);
    gemm("qkv".to_string(), 3 * MODEL, MODEL);
    for head in 1..=HEADS {
        gemm(format!("scores_head{head}"), TOKENS, MODEL / HEADS);
    }
    for head in 1..=HEADS {
        gemm(format!("context_head{head}"), MODEL / HEADS, TOKENS);
    }
    gemm("projection".to_string(), MODEL, MODEL);
    gemm("ffn1".to_string(), HIDDEN, MODEL);
    gemm("ffn2".to_string(), MODEL, HIDDEN);
    net.finish()
}
