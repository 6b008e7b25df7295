//! Turns the operators of a model into layers that can be costed.
//!
//! | operator | layer |
//! | --- | --- |
//! | convolution | `CONV`; `DSCONV` if depthwise; `NGCONV` if grouped |
//! | transposed convolution | `TRCONV`: a `CONV` of stride 1 over the upsampled output; grouped ones as convolutions are |
//! | fully connected, matrix product | `GEMM`, one for each of a batch of products |
//! | pooling | `POOL` |
//! | anything else that moves data | `ELTWISE` of two tensors, `POOL` for one tensor |
//!
//! The window of such a `POOL` covers the inputs of one output element: 1 x 1, or more if the operator reduces
//! elements or resizes to fewer. If the output has more elements, or the sizes are not multiples, the window is 1 x 1
//! over the larger of input and output, because no layer writes more than it reads.
//!
//! A depthwise convolution with a channel multiplier becomes a layer with as many channels as its output, because
//! dataflows for `DSCONV` have no `K` to spread or repeat. MACs, weights and outputs are exact, but each input
//! channel is fetched once for each of its output channels.

use crate::Dim::{self, C, G, K, M, N, OutX, OutY, R, S, X, Y};
use crate::host::model::{Model, ModelError, Operator, Window, Work, printable};
use crate::host::network::{NamedLayer, Network};
use crate::{Layer, LayerKind, MAX_EXTENT};

/// The maximum number of layers in a network. Each product of a batch of matrix products is a layer.
pub const MAX_LAYERS: usize = 1 << 16;

/// How the padding of convolutions and pooling is treated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Padding {
    /// The input has the extent that the true output needs at this stride: `(output-1) * stride + filter`. MACs are
    /// exact.
    #[default]
    Honour,
    /// The input has its unpadded extent, and dilation is ignored, as in the reference's own model files.
    Ignore,
}

/// How to turn operators into layers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Options {
    /// How padding is treated.
    pub padding: Padding,
    /// Whether operators without MACs become layers too.
    pub all_ops: bool,
    /// Whether operators that cannot be costed are left out with a warning.
    pub skip_unsupported: bool,
}

/// The layers of a model, and the operators that were left out because they cannot be costed.
///
/// ```
/// use maestrino::host::model::lower::{Options, lower};
/// use maestrino::host::model::{Model, Operator, Work};
///
/// let work = Work::FullyConnected { rows: 1, inputs: 64, outputs: 10 };
/// let head = Operator { name: "head".into(), op: "Gemm".into(), index: 0, work, parameters: 650, notes: vec![] };
/// let model = Model { name: "tiny".into(), operators: vec![head], skipped: vec![] };
/// let (network, uncosted) = lower(&model, &Options::default()).unwrap();
/// assert_eq!((network.layers[0].layer.macs(), uncosted.len()), (Some(640), 0));
/// ```
///
/// # Errors
/// All operators that cannot be costed, unless `skip_unsupported` is set.
pub fn lower(model: &Model, options: &Options) -> Result<(Network, Vec<ModelError>), Vec<ModelError>> {
    let mut layers = Vec::new();
    let mut uncosted = Vec::new();
    for operator in &model.operators {
        if matches!(operator.work, Work::Pool(_) | Work::Elementwise { .. }) && !options.all_ops {
            continue;
        }
        if is_empty(&operator.work) {
            continue;
        }
        let room = MAX_LAYERS - layers.len();
        match operator_layers(operator, options.padding, room) {
            Ok(more) => layers.extend(more),
            Err(what) => {
                let (what, help) = match unpadded(&operator.work, options.padding) {
                    Some(what) => (what, Some("--padding honour costs it".to_string())),
                    None => (what, None),
                };
                uncosted.push(ModelError { place: Some(operator.place()), what, help });
            }
        }
    }
    if uncosted.is_empty() || options.skip_unsupported {
        Ok((Network { name: model.name.clone(), layers }, uncosted))
    } else {
        Err(uncosted)
    }
}

/// Whether an operator has no elements to work on, such as one that reads a cache that is still empty in the first
/// step.
fn is_empty(work: &Work) -> bool {
    match work {
        Work::Pool(window) => window.n == 0 || window.c == 0 || window.output.contains(&0),
        Work::Elementwise { elements, .. } => *elements == 0,
        _ => work.macs() == Some(0),
    }
}

/// The error message if the filter is larger than the input because padding is ignored.
fn unpadded(work: &Work, padding: Padding) -> Option<String> {
    let (Work::Conv(window) | Work::Transposed(window) | Work::Pool(window)) = work else { return None };
    let axis = (0..2).find(|&axis| window.filter[axis] > window.input[axis])?;
    let (of, filter, input) = (["rows", "columns"][axis], window.filter[axis], window.input[axis]);
    (padding == Padding::Ignore)
        .then(|| format!("the filter of {filter} {of} is larger than the input of {input} {of} without its padding"))
}

/// The layers of an operator. More than `room` layers are an error.
fn operator_layers(operator: &Operator, padding: Padding, room: usize) -> Result<Vec<NamedLayer>, String> {
    let name = layer_name(&operator.name);
    let (layer, copies) = match &operator.work {
        Work::Conv(window) => (conv(window, padding)?, 1),
        Work::Transposed(window) => (transposed(window, padding)?, 1),
        Work::FullyConnected { rows, inputs, outputs } => (gemm(*rows, *outputs, *inputs)?, 1),
        Work::Gemm { batch, m, n, k, .. } => (gemm(*m, *n, *k)?, *batch),
        Work::Pool(window) => (pool(window, padding)?, 1),
        Work::Elementwise { shape, binary: true, .. } => (elementwise(LayerKind::Eltwise, shape, [1, 1])?, 1),
        Work::Elementwise { shape, input, .. } => (moved(input, shape)?, 1),
        Work::Unsupported { why } => return Err(why.clone()),
    };
    if copies > room as u64 {
        return Err(format!("{copies} layers are too many: a network has at most {MAX_LAYERS}"));
    }
    let named = |name| NamedLayer { name, layer, dataflow: None, line: None };
    Ok(match copies {
        1 => vec![named(name)],
        _ => (1..=copies).map(|number| named(format!("{name}_{number}"))).collect(),
    })
}

/// A name to show in tables. TFLite joins the names of all operators that were fused into one, with the last operator
/// first. Only that name is taken.
fn layer_name(name: &str) -> String {
    printable(name.split(';').find(|part| !part.is_empty()).unwrap_or(name))
}

fn conv(window: &Window, padding: Padding) -> Result<Layer, String> {
    let extents = match padding {
        Padding::Honour => [(OutY, window.output[0]), (OutX, window.output[1])],
        Padding::Ignore => [(Y, window.input[0]), (X, window.input[1])],
    };
    convolution(LayerKind::Conv, window, extents, window.stride)
}

fn transposed(window: &Window, padding: Padding) -> Result<Layer, String> {
    let extents = match padding {
        Padding::Honour => [(OutY, window.output[0]), (OutX, window.output[1])],
        Padding::Ignore => [(Y, window.input[0]), (X, window.input[1])],
    };
    let layer = convolution(LayerKind::TrConv, window, extents, [1, 1])?;
    if padding == Padding::Ignore {
        return Ok(layer);
    }
    // The upsampled input has stride - 1 rows of zeros between any two rows of the input. Before the first row it has
    // filter - 1 rows of zeros, minus those that padding cuts off. Rows of padding count as rows of the input, as
    // they do in a CONV.
    let inserted = |axis: usize| {
        let (stride, before) = (window.stride[axis], window.pads[2 * axis]);
        let exact = window.dilation[axis] == 1 && stride > 1 && stride <= window.filter[axis] + window.input[axis];
        let first = i128::from(window.filter[axis]) - 1 - i128::from(before);
        if exact { (stride, first.rem_euclid(i128::from(stride))) } else { (1, 0) }
    };
    let [rows, columns] = [inserted(0), inserted(1)];
    // No stride is larger than an extent, and no phase is larger than a stride, so both fit into 32 bits.
    let zeros = layer.with_inserted_zeros([rows.0 as u32, columns.0 as u32], [rows.1 as u32, columns.1 as u32]);
    zeros.map_err(|error| error.to_string())
}

/// A convolution. The layer is of kind `kind` if there is one group, otherwise depthwise or grouped.
fn convolution(kind: LayerKind, window: &Window, extents: [(Dim, u64); 2], stride: [u64; 2]) -> Result<Layer, String> {
    let &Window { n, k, c, filter, groups, .. } = window;
    let divides = |channels: u64| channels.checked_rem(groups) == Some(0);
    if !divides(c) || !divides(k) {
        return Err(format!("{groups} groups do not divide {c} input and {k} output channels"));
    }
    let mut dims = vec![(N, n), (R, filter[0]), (S, filter[1])];
    dims.extend(extents);
    let kind = match groups {
        1 => {
            dims.extend([(K, k), (C, c)]);
            kind
        }
        _ if groups == c => {
            dims.extend([(K, 1), (C, k)]);
            LayerKind::DsConv
        }
        _ => {
            dims.extend([(G, groups), (K, k / groups), (C, c / groups)]);
            LayerKind::NgConv
        }
    };
    layer(kind, &dims, stride)
}

fn pool(window: &Window, padding: Padding) -> Result<Layer, String> {
    let mut dims = vec![(N, window.n), (C, window.c), (R, window.filter[0]), (S, window.filter[1])];
    dims.extend(match padding {
        Padding::Honour => [(OutY, window.output[0]), (OutX, window.output[1])],
        Padding::Ignore => [(Y, window.input[0]), (X, window.input[1])],
    });
    layer(LayerKind::Pool, &dims, window.stride)
}

/// A layer that reads one tensor and writes another: a pool whose window covers the inputs of one output element.
fn moved(input: &[u64], output: &[u64]) -> Result<Layer, String> {
    let count = |shape: &[u64]| shape.iter().try_fold(1u64, |count, &size| count.checked_mul(size));
    let (read, written) = count(input).zip(count(output)).ok_or("its input or output is too large")?;
    if let (&[n, c, rows, columns], &[m, k, y, x]) = (input, output)
        && (n, c) == (m, k)
        && let (Some(taller), Some(wider)) = (times(rows, y), times(columns, x))
    {
        return elementwise(LayerKind::Pool, input, [taller, wider]);
    }
    match times(read, written) {
        Some(window) if window > 1 => elementwise(LayerKind::Pool, &[1, written, window, 1], [window, 1]),
        _ => elementwise(LayerKind::Pool, if read > written { input } else { output }, [1, 1]),
    }
}

/// The exact quotient of `whole` and `part`; `None` if there is a remainder.
fn times(whole: u64, part: u64) -> Option<u64> {
    (part > 0 && whole >= part && whole.is_multiple_of(part)).then(|| whole / part)
}

/// A layer that visits each element once. The elements do not depend on each other, so it does not matter which axis
/// counts as channels, rows or columns.
fn elementwise(kind: LayerKind, shape: &[u64], window: [u64; 2]) -> Result<Layer, String> {
    let (n, c, y, x) = match *shape {
        [] => (1, 1, 1, 1),
        [n, c, y, x] => (n, c, y, x),
        [ref outer @ .., last] => {
            let rows = outer.iter().try_fold(1u64, |rows, &size| rows.checked_mul(size));
            (1, last, rows.ok_or("its output is too large")?, 1)
        }
    };
    layer(kind, &[(N, n), (C, c), (R, window[0]), (S, window[1]), (Y, y), (X, x)], window)
}

fn gemm(m: u64, n: u64, k: u64) -> Result<Layer, String> {
    layer(LayerKind::Gemm, &[(M, m), (N, n), (K, k)], [1, 1])
}

/// Builds the layer. A batch of 1 is left out.
fn layer(kind: LayerKind, dims: &[(Dim, u64)], stride: [u64; 2]) -> Result<Layer, String> {
    let extent = |what: &str, size: u64| match u32::try_from(size) {
        Ok(size) if size <= MAX_EXTENT => Ok(size),
        _ => Err(format!("{what} is {size}; at most {MAX_EXTENT} can be costed")),
    };
    let mut sizes = Vec::with_capacity(dims.len());
    for &(dim, size) in dims {
        if dim != N || size != 1 || kind == LayerKind::Gemm {
            sizes.push((dim, extent(dim.name(), size)?));
        }
    }
    let stride = [extent("stride along Y", stride[0])?, extent("stride along X", stride[1])?];
    let layer = Layer::strided(kind, &sizes, stride[0], stride[1]).map_err(|error| error.to_string())?;
    match layer.operations() {
        Some(_) => Ok(layer),
        None => Err("its operations do not fit into 64 bits".to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dim::Tensor;

    const WINDOW: Window = Window {
        n: 2,
        k: 12,
        c: 6,
        filter: [3, 2],
        input: [8, 9],
        output: [8, 9],
        stride: [1, 1],
        dilation: [1, 1],
        groups: 3,
        pads: [1, 1, 0, 1],
    };

    fn lowered(work: Work, padding: Padding) -> Result<Vec<Layer>, String> {
        let operator =
            Operator { name: "op".into(), op: "Op".into(), index: 0, work, parameters: 0, notes: Vec::new() };
        let layers = operator_layers(&operator, padding, 100)?;
        Ok(layers.iter().map(|named| named.layer).collect())
    }

    fn sizes(layer: &Layer) -> [u32; 9] {
        [N, G, K, C, R, S, Y, X, M].map(|dim| layer.size(dim).unwrap_or(0))
    }

    #[test]
    fn groups_become_grouped_or_depthwise_layers() {
        let layer = lowered(Work::Conv(WINDOW), Padding::Honour).unwrap()[0];
        assert_eq!((layer.kind(), sizes(&layer)), (LayerKind::NgConv, [2, 3, 4, 2, 3, 2, 10, 10, 0]));
        assert_eq!(layer.macs(), WINDOW.macs(WINDOW.output));
        let depthwise = Window { groups: 6, k: 6, ..WINDOW };
        let layer = lowered(Work::Conv(depthwise), Padding::Ignore).unwrap()[0];
        assert_eq!((layer.kind(), sizes(&layer)), (LayerKind::DsConv, [2, 0, 1, 6, 3, 2, 8, 9, 0]));
        let wrong = lowered(Work::Conv(Window { groups: 4, ..WINDOW }), Padding::Honour);
        assert_eq!(wrong, Err("4 groups do not divide 6 input and 12 output channels".to_string()));
        assert!(lowered(Work::Conv(Window { groups: 0, ..WINDOW }), Padding::Honour).is_err());
    }

    #[test]
    fn transposed_convolutions_cover_the_upsampled_output() {
        let window = Window { groups: 1, stride: [2, 3], output: [16, 27], ..WINDOW };
        let layer = lowered(Work::Transposed(window), Padding::Honour).unwrap()[0];
        assert_eq!((layer.kind(), sizes(&layer)), (LayerKind::TrConv, [2, 0, 12, 6, 3, 2, 18, 28, 0]));
        assert_eq!((layer.stride(Y), layer.stride(X)), (1, 1));
        // The filter has 3 rows and reaches back 2 rows, of which the padding cuts off 1. So rows 1, 3, 5, ... are
        // elements.
        assert_eq!((layer.inserted(Y), layer.inserted(X)), ((2, 1), (3, 1)));
        // Each of the 16 outputs reads 3 rows, and every second row is an element. Each of the 27 reads 2 columns,
        // and every third column is an element.
        assert_eq!(layer.macs(), Some(2 * 12 * 6 * 24 * 18));
        assert_eq!(Work::Transposed(window).macs(), Some(2 * 12 * 6 * 6 * 8 * 9));
        let grouped = lowered(Work::Transposed(Window { groups: 3, ..window }), Padding::Honour).unwrap()[0];
        assert_eq!((grouped.kind(), grouped.macs()), (LayerKind::NgConv, Some(2 * 12 * 2 * 24 * 18)));
        let plain = lowered(Work::Transposed(window), Padding::Ignore).unwrap()[0];
        assert_eq!(plain.inserted(Y), (1, 0));
    }

    #[test]
    fn strides_and_dilation_leave_macs_exact() {
        // Five taps with dilation 4 span 17 of the 31 rows; the stride is 3.
        let window =
            Window { filter: [5, 1], input: [31, 9], output: [5, 9], stride: [3, 1], dilation: [4, 1], ..WINDOW };
        let layer = lowered(Work::Conv(window), Padding::Honour).unwrap()[0];
        assert_eq!((layer.size(Y), layer.size(OutY)), (Some(17), Some(5)));
        assert_eq!(layer.macs(), window.macs(window.output));
        let pool = lowered(Work::Pool(Window { c: 6, k: 6, groups: 6, ..window }), Padding::Honour).unwrap()[0];
        assert_eq!((pool.kind(), pool.operations()), (LayerKind::Pool, Some(2 * 6 * 5 * 5 * 9)));
    }

    #[test]
    fn tensors_of_any_rank_are_moved() {
        let of = |shape: &[u64], binary| {
            let elements = shape.iter().product();
            let work = Work::Elementwise { elements, input: shape.to_vec(), shape: shape.to_vec(), binary };
            lowered(work, Padding::Honour).unwrap()[0]
        };
        for shape in [&[][..], &[7], &[2, 7], &[2, 3, 7], &[1, 2, 3, 7], &[2, 3, 4, 5, 6]] {
            for (binary, kind) in [(false, LayerKind::Pool), (true, LayerKind::Eltwise)] {
                let layer = of(shape, binary);
                assert_eq!((layer.kind(), layer.operations()), (kind, Some(shape.iter().product())));
            }
        }
    }

    #[test]
    fn reductions_read_all_of_their_input() {
        let of = |input: &[u64], shape: &[u64]| {
            let elements = shape.iter().product();
            let work = Work::Elementwise { elements, input: input.to_vec(), shape: shape.to_vec(), binary: false };
            let layer = lowered(work, Padding::Honour).unwrap()[0];
            let [read, written] = [Tensor::Input, Tensor::Output].map(|tensor| layer.elements(tensor).unwrap());
            (sizes(&layer), layer.size(OutY), layer.size(OutX), read, written)
        };
        // Reduced along the columns, with the axis kept; the same without it; along rows of tokens; over everything.
        assert_eq!(of(&[1, 8, 5, 7], &[1, 8, 5, 1]), ([0, 0, 0, 8, 1, 7, 5, 7, 0], Some(5), Some(1), 280, 40));
        assert_eq!(of(&[1, 8, 5, 7], &[1, 8, 5]), ([0, 0, 0, 40, 7, 1, 7, 1, 0], Some(1), Some(1), 280, 40));
        assert_eq!([of(&[2, 49, 96], &[2, 96]).3, of(&[2, 49, 96], &[2, 96]).4], [9408, 192]);
        assert_eq!(of(&[3, 5], &[]).3, 15);
        // Resized to half, to twice, and to two thirds of the size.
        assert_eq!(of(&[1, 3, 8, 6], &[1, 3, 4, 3]), ([0, 0, 0, 3, 2, 2, 8, 6, 0], Some(4), Some(3), 144, 36));
        assert_eq!(of(&[1, 3, 4, 3], &[1, 3, 8, 6]).4, 144);
        assert_eq!(of(&[1, 3, 6, 6], &[1, 3, 4, 4]).3, 108);
    }
}
