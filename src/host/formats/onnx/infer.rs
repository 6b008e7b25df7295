//! What one operator does, by families of operators.

mod attention;
mod convolution;
mod elementwise;
mod layout;
mod matrix;
mod normalization;
mod pooling;
mod recurrent;
mod reduction;
mod resize;
mod selection;
mod sequences;
mod shapes;
mod signal;
mod sources;
mod text;

use super::call::{Call, Inferred, Problem};
use super::schema::Node;

/// What follows from the inputs of an operator.
///
/// # Errors
/// See [`Problem`].
pub fn infer(call: &Call) -> Result<Inferred, Problem> {
    match (call.node.domain.as_str(), call.op()) {
        ("" | "ai.onnx", op) => standard(call, op),
        ("com.microsoft", op) => contributed(call, op),
        (domain @ ("com.microsoft.nchwc" | "com.ms.internal.nhwc"), op) => Err(Problem::Unsupported(format!(
            "the operator {op} of '{domain}' is what ONNX Runtime's optimiser left: use the file from before that"
        ))),
        (domain, op) => Err(Problem::Unsupported(format!("the operator {op} of '{domain}' is not known"))),
    }
}

/// Operators of ONNX itself.
fn standard(call: &Call, op: &str) -> Result<Inferred, Problem> {
    match op {
        "Conv" | "ConvInteger" | "QLinearConv" => convolution::conv(call),
        "DeformConv" => convolution::deformed(call),
        "ConvTranspose" => convolution::transposed(call),
        "MaxUnpool" => pooling::unpool(call),
        "MaxPool" | "AveragePool" | "LpPool" => pooling::pool(call),
        "GlobalAveragePool" | "GlobalMaxPool" | "GlobalLpPool" => pooling::global(call),
        "Gemm" => matrix::gemm(call, 1),
        "MatMul" | "MatMulInteger" => matrix::matmul(call, 1),
        "QLinearMatMul" => matrix::matmul(call, 3),
        "Einsum" => matrix::einsum(call),
        "LSTM" | "GRU" | "RNN" => recurrent::recurrent(call),
        "Attention" => attention::standard(call),
        "BatchNormalization"
        | "InstanceNormalization"
        | "GroupNormalization"
        | "LayerNormalization"
        | "RMSNormalization"
        | "SimplifiedLayerNormalization"
        | "MeanVarianceNormalization"
        | "LpNormalization"
        | "LRN"
        | "Softmax"
        | "LogSoftmax"
        | "Hardmax" => normalization::normalization(call),
        "Relu" | "LeakyRelu" | "PRelu" | "ThresholdedRelu" | "Elu" | "Selu" | "Celu" | "Gelu" | "Swish" | "Mish"
        | "Sigmoid" | "HardSigmoid" | "HardSwish" | "Softplus" | "Softsign" | "Shrink" | "Tanh" | "Clip" | "Erf"
        | "Exp" | "Log" | "Sqrt" | "Reciprocal" | "Neg" | "Abs" | "Sign" | "Floor" | "Ceil" | "Round" | "Sin"
        | "Cos" | "Tan" | "Asin" | "Acos" | "Atan" | "Sinh" | "Cosh" | "Asinh" | "Acosh" | "Atanh" | "Not"
        | "IsNaN" | "IsInf" | "BitwiseNot" | "Bernoulli" | "RegexFullMatch" => elementwise::unary(call),
        "Identity" | "Dropout" | "Cast" | "CastLike" | "BitCast" => elementwise::same(call),
        "QuantizeLinear" | "DequantizeLinear" | "DynamicQuantizeLinear" => elementwise::quantize(call),
        "Add" | "Sub" | "Mul" | "Div" | "Pow" | "Mod" | "Max" | "Min" | "Sum" | "Mean" | "Equal" | "Less"
        | "LessOrEqual" | "Greater" | "GreaterOrEqual" | "And" | "Or" | "Xor" | "BitShift" | "BitwiseAnd"
        | "BitwiseOr" | "BitwiseXor" | "StringConcat" => elementwise::broadcasting(call),
        "Where" => elementwise::choice(call),
        "CumSum" | "CumProd" | "GridSample" | "AffineGrid" | "RoiAlign" | "MaxRoiPool" => elementwise::moves(call),
        "RotaryEmbedding" => elementwise::moves(call),
        "ReduceMean" | "ReduceSum" | "ReduceMax" | "ReduceMin" | "ReduceProd" | "ReduceL1" | "ReduceL2"
        | "ReduceLogSum" | "ReduceLogSumExp" | "ReduceSumSquare" => reduction::reduce(call),
        "NegativeLogLikelihoodLoss" | "SoftmaxCrossEntropyLoss" => reduction::loss(call),
        "Det" => reduction::determinant(call),
        "ArgMax" | "ArgMin" => reduction::arg(call),
        "TopK" => reduction::top(call),
        "Reshape" | "Flatten" | "Squeeze" | "Unsqueeze" => shapes::reshaped(call),
        "Shape" | "Size" => shapes::measured(call),
        "Transpose" | "Expand" | "Tile" | "Pad" | "Trilu" | "ReverseSequence" | "DepthToSpace" | "SpaceToDepth" => {
            layout::rearranged(call)
        }
        "Concat" => layout::concat(call),
        "Split" => layout::split(call),
        "Slice" => layout::slice(call),
        "Gather" | "GatherElements" | "GatherND" => layout::gather(call),
        "ScatterElements" | "ScatterND" | "Scatter" | "TensorScatter" => layout::scatter(call),
        "Resize" | "Upsample" => resize::resize(call),
        "Constant" | "ConstantOfShape" | "Range" | "OneHot" | "EyeLike" | "NonZero" | "RandomNormal"
        | "RandomUniform" | "RandomNormalLike" | "RandomUniformLike" | "Multinomial" => sources::source(call),
        "DFT" => signal::dft(call),
        "STFT" => signal::stft(call),
        "HannWindow" | "HammingWindow" | "BlackmanWindow" => signal::window(call),
        "MelWeightMatrix" => signal::mel(call),
        "SplitToSequence" | "SequenceEmpty" | "SequenceConstruct" | "SequenceLength" | "SequenceAt"
        | "SequenceInsert" | "SequenceErase" => sequences::sequence(call),
        "ConcatFromSequence" => sequences::concat(call),
        "Optional" | "OptionalGetElement" | "OptionalHasElement" => sequences::optional(call),
        "Compress" => selection::compress(call),
        "Unique" => selection::unique(call),
        "CenterCropPad" => selection::center(call),
        "Col2Im" => selection::image(call),
        "TfIdfVectorizer" => text::vectorized(call),
        "StringNormalizer" => text::normalized(call),
        "NonMaxSuppression" | "StringSplit" | "ImageDecoder" => Err(call.depends(0)),
        _ => Err(Problem::Unsupported(format!("the operator {op} is not known"))),
    }
}

/// Operators that runtimes put in place of several.
fn contributed(call: &Call, op: &str) -> Result<Inferred, Problem> {
    match op {
        "FusedConv" | "QLinearConv" | "NhwcConv" | "NhwcFusedConv" => convolution::conv(call),
        "QLinearAveragePool" => pooling::pool(call),
        "QLinearGlobalAveragePool" => pooling::global(call),
        "FusedGemm" => matrix::gemm(call, 1),
        "QGemm" => matrix::gemm(call, 3),
        "FusedMatMul" | "TransposeMatMul" | "MatMulIntegerToFloat" | "DynamicQuantizeMatMul" => matrix::matmul(call, 1),
        "MatMulNBits" => matrix::packed(call),
        "DynamicQuantizeLSTM" => recurrent::recurrent(call),
        "Attention" => attention::fused(call, 4),
        "QAttention" => attention::fused(call, 8),
        "MultiHeadAttention" => attention::multi_head(call),
        "GroupQueryAttention" => attention::grouped(call),
        "SkipLayerNormalization"
        | "SimplifiedLayerNormalization"
        | "SkipSimplifiedLayerNormalization"
        | "EmbedLayerNormalization"
        | "QLinearSoftmax"
        | "GroupNorm" => normalization::contributed(call),
        "Gelu" | "FastGelu" | "BiasGelu" | "QuickGelu" | "QLinearSigmoid" | "QLinearLeakyRelu" => {
            elementwise::unary(call)
        }
        "QuantizeLinear" | "DequantizeLinear" => elementwise::quantize(call),
        "QLinearAdd" | "QLinearMul" => elementwise::quantized_binary(call),
        "QLinearConcat" => layout::quantized_concat(call),
        "RotaryEmbedding" => elementwise::moves(call),
        _ => Err(Problem::Unsupported(format!(
            "the operator {op} of 'com.microsoft' is not known; if ONNX Runtime's optimiser put it there, use the file \
             from before that"
        ))),
    }
}

/// Whether an operator of unknown shape would carry MACs.
pub fn computes(node: &Node) -> bool {
    let computing = [
        "Conv",
        "ConvInteger",
        "QLinearConv",
        "FusedConv",
        "NhwcConv",
        "NhwcFusedConv",
        "DeformConv",
        "ConvTranspose",
        "Gemm",
        "FusedGemm",
        "QGemm",
        "MatMul",
        "MatMulInteger",
        "QLinearMatMul",
        "FusedMatMul",
        "TransposeMatMul",
        "MatMulIntegerToFloat",
        "DynamicQuantizeMatMul",
        "MatMulNBits",
        "Einsum",
        "LSTM",
        "GRU",
        "RNN",
        "DynamicQuantizeLSTM",
        "Attention",
        "MultiHeadAttention",
        "GroupQueryAttention",
        "QAttention",
    ];
    computing.contains(&node.op_type.as_str())
}

/// Whether an operator yields the same whenever its inputs are the same.
pub fn repeats(node: &Node) -> bool {
    !matches!(
        node.op_type.as_str(),
        "RandomNormal" | "RandomUniform" | "RandomNormalLike" | "RandomUniformLike" | "Multinomial" | "Bernoulli"
    )
}
