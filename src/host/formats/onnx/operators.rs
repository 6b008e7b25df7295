//! The table of operators. Each row is for one operator, or for several that differ only in their names. The
//! operators with graphs inside (`If`, `Loop`, `Scan`, `SequenceMap`) are in `control.rs`.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::call::{Call, Inferred, Problem};
use super::infer::{
    attention, convolution, elementwise, layout, matrix, normalization, pooling, recurrent, reduction, resize,
    selection, sequences, shapes, signal, sources, text,
};
use super::schema::Node;
use crate::host::formats::by_name;

/// Operators with the same rules.
pub struct Operator {
    names: &'static str,
    /// Infers shapes and values of the outputs, work, and weights from the inputs.
    infer: fn(&Call) -> Result<Inferred, Problem>,
    /// Whether the operator multiplies and accumulates. Such an operator cannot be left out if its shape is unknown.
    pub macs: bool,
    /// Whether the output is the same whenever the inputs are the same.
    pub repeats: bool,
    /// Whether an input only controls the computation (indices, sizes, scales, limits, fillers) and is not data.
    pub steers: fn(usize) -> bool,
}

const fn row(names: &'static str, infer: fn(&Call) -> Result<Inferred, Problem>) -> Operator {
    Operator { names, infer, macs: false, repeats: true, steers: |_| false }
}

impl Operator {
    const fn with_macs(self) -> Operator {
        Operator { macs: true, ..self }
    }

    const fn random(self) -> Operator {
        Operator { repeats: false, ..self }
    }

    const fn steered_by(self, steers: fn(usize) -> bool) -> Operator {
        Operator { steers, ..self }
    }

    /// All inputs except the first only control the computation.
    const fn steered(self) -> Operator {
        self.steered_by(|input| input > 0)
    }
}

/// Operators of ONNX itself.
const STANDARD: &[Operator] = &[
    row("Conv ConvInteger QLinearConv", convolution::conv).with_macs(),
    row("DeformConv", convolution::deformed).with_macs(),
    row("ConvTranspose", convolution::transposed).with_macs(),
    row("Gemm", |call| matrix::gemm(call, 1)).with_macs(),
    row("MatMul MatMulInteger", |call| matrix::matmul(call, 1)).with_macs(),
    row("QLinearMatMul", |call| matrix::matmul(call, 3)).with_macs(),
    row("Einsum", matrix::einsum).with_macs(),
    row("LSTM GRU RNN", recurrent::recurrent).with_macs(),
    row("Attention", attention::standard).with_macs(),
    row("MaxPool AveragePool LpPool", pooling::pool),
    row("GlobalAveragePool GlobalMaxPool GlobalLpPool", pooling::global),
    row("MaxUnpool", pooling::unpool).steered(),
    row(
        "BatchNormalization InstanceNormalization GroupNormalization LayerNormalization RMSNormalization \
         SimplifiedLayerNormalization MeanVarianceNormalization LpNormalization LRN Softmax LogSoftmax Hardmax",
        normalization::normalization,
    ),
    row(
        "Relu LeakyRelu PRelu ThresholdedRelu Elu Selu Celu Gelu Swish Mish Sigmoid HardSigmoid HardSwish Softplus \
         Softsign Shrink Tanh Erf Exp Log Sqrt Reciprocal Neg Abs Sign Floor Ceil Round Sin Cos Tan Asin Acos Atan Sinh \
         Cosh Asinh Acosh Atanh Not IsNaN IsInf BitwiseNot RegexFullMatch",
        elementwise::unary,
    ),
    row("Clip", elementwise::unary).steered(),
    row("Bernoulli", elementwise::unary).random(),
    row("Identity Cast BitCast", elementwise::same),
    row("Dropout CastLike", elementwise::same).steered(),
    row("QuantizeLinear DequantizeLinear", elementwise::quantize).steered(),
    row("DynamicQuantizeLinear", elementwise::quantize),
    row(
        "Add Sub Mul Div Pow Mod Max Min Sum Mean Equal Less LessOrEqual Greater GreaterOrEqual And Or Xor BitShift \
         BitwiseAnd BitwiseOr BitwiseXor StringConcat",
        elementwise::broadcasting,
    ),
    row("Where", elementwise::choice),
    row("CumSum CumProd", elementwise::moves).steered(),
    row("GridSample AffineGrid RoiAlign MaxRoiPool RotaryEmbedding", elementwise::moves),
    row(
        "ReduceMean ReduceSum ReduceMax ReduceMin ReduceProd ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp \
         ReduceSumSquare",
        reduction::reduce,
    ),
    row("NegativeLogLikelihoodLoss SoftmaxCrossEntropyLoss", reduction::loss),
    row("Det", reduction::determinant),
    row("ArgMax ArgMin", reduction::arg),
    row("TopK", reduction::top).steered(),
    row("Reshape Squeeze Unsqueeze", shapes::reshaped).steered(),
    row("Flatten", shapes::reshaped),
    row("Shape Size", shapes::measured),
    row("Expand Tile Pad Trilu ReverseSequence", layout::rearranged).steered(),
    row("Transpose DepthToSpace SpaceToDepth", layout::rearranged),
    row("Concat", layout::concat),
    row("Split", layout::split).steered(),
    row("Slice", layout::slice).steered(),
    row("Gather GatherElements GatherND", layout::gather).steered(),
    row("ScatterElements ScatterND Scatter", layout::scatter).steered_by(|input| input == 1),
    row("TensorScatter", layout::scatter).steered_by(|input| input == 2),
    row("Resize Upsample", resize::resize).steered(),
    row("Constant ConstantOfShape EyeLike NonZero", sources::source),
    row("Range OneHot", sources::source).steered(),
    row("RandomNormal RandomUniform RandomNormalLike RandomUniformLike Multinomial", sources::source).random(),
    row("DFT", signal::dft).steered(),
    row("STFT", signal::stft).steered_by(|input| input == 1 || input == 3),
    row("HannWindow HammingWindow BlackmanWindow", signal::window).steered_by(|_| true),
    row("MelWeightMatrix", signal::mel).steered_by(|_| true),
    row("SequenceEmpty SequenceConstruct SequenceLength SequenceInsert SequenceErase", sequences::sequence),
    row("SplitToSequence SequenceAt", sequences::sequence).steered(),
    row("ConcatFromSequence", sequences::concat),
    row("Optional OptionalGetElement OptionalHasElement", sequences::optional),
    row("Compress", selection::compress).steered(),
    row("Unique", selection::unique),
    row("CenterCropPad", selection::center).steered(),
    row("Col2Im", selection::image).steered(),
    row("TfIdfVectorizer", text::vectorized),
    row("StringNormalizer", text::normalized),
    row("NonMaxSuppression StringSplit ImageDecoder", |call| Err(call.depends(0))),
];

/// Operators of ONNX Runtime (`com.microsoft`). Its optimiser replaces groups of ONNX operators by these.
const CONTRIBUTED: &[Operator] = &[
    row("FusedConv QLinearConv NhwcConv NhwcFusedConv", convolution::conv).with_macs(),
    row("FusedGemm", |call| matrix::gemm(call, 1)).with_macs(),
    row("QGemm", |call| matrix::gemm(call, 3)).with_macs(),
    row("FusedMatMul TransposeMatMul MatMulIntegerToFloat DynamicQuantizeMatMul", |call| matrix::matmul(call, 1))
        .with_macs(),
    row("MatMulNBits", matrix::packed).with_macs(),
    row("DynamicQuantizeLSTM", recurrent::recurrent).with_macs(),
    row("Attention", |call| attention::fused(call, 4)).with_macs(),
    row("QAttention", |call| attention::fused(call, 8)).with_macs(),
    row("MultiHeadAttention", attention::multi_head).with_macs(),
    row("GroupQueryAttention", attention::grouped).with_macs(),
    row("QLinearAveragePool", pooling::pool).steered(),
    row("QLinearGlobalAveragePool", pooling::global).steered(),
    row(
        "SkipLayerNormalization SimplifiedLayerNormalization SkipSimplifiedLayerNormalization EmbedLayerNormalization \
         GroupNorm",
        normalization::contributed,
    ),
    row("QLinearSoftmax", normalization::contributed).steered(),
    row("Gelu FastGelu BiasGelu QuickGelu", elementwise::unary),
    row("QLinearSigmoid QLinearLeakyRelu", elementwise::unary).steered(),
    row("QuantizeLinear DequantizeLinear", elementwise::quantize).steered(),
    row("QLinearAdd QLinearMul", elementwise::quantized_binary).steered_by(|input| input != 0 && input != 3),
    row("QLinearConcat", layout::quantized_concat).steered_by(|input| input < 2 || input % 3 != 2),
    row("RotaryEmbedding", elementwise::moves),
];

/// The operators by their names.
type Known = HashMap<&'static str, &'static Operator>;

fn by_name(rows: &'static [Operator]) -> Known {
    by_name::by_name(rows, |row| row.names)
}

/// The row of a node's operator; `None` if it is not in the table.
pub fn find(node: &Node) -> Option<&'static Operator> {
    static KNOWN: LazyLock<[Known; 2]> = LazyLock::new(|| [by_name(STANDARD), by_name(CONTRIBUTED)]);
    let [standard, contributed] = &*KNOWN;
    let known = match node.domain.as_str() {
        "" | "ai.onnx" => standard,
        "com.microsoft" => contributed,
        _ => return None,
    };
    known.get(node.op_type.as_str()).copied()
}

/// Infers the outputs and the work of an operator. `operator` is its row, if it has one.
///
/// # Errors
/// See [`Problem`].
pub fn infer(operator: Option<&Operator>, call: &Call) -> Result<Inferred, Problem> {
    if let Some(operator) = operator {
        return (operator.infer)(call);
    }
    let op = call.op();
    Err(Problem::Unsupported(match call.node.domain.as_str() {
        "" | "ai.onnx" => format!("the operator {op} is not known"),
        "com.microsoft" => format!(
            "the operator {op} of 'com.microsoft' is not known; if ONNX Runtime's optimiser put it there, use the file from \
             before that"
        ),
        domain @ ("com.microsoft.nchwc" | "com.ms.internal.nhwc") => format!(
            "the operator {op} of '{domain}' is what ONNX Runtime's optimiser left: use the file from before that"
        ),
        domain => format!("the operator {op} of '{domain}' is not known"),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_operator_has_two_rows() {
        for rows in [STANDARD, CONTRIBUTED] {
            let names: Vec<&str> = rows.iter().flat_map(|row| row.names.split_whitespace()).collect();
            assert_eq!(by_name(rows).len(), names.len(), "{names:?}");
        }
    }
}
