//! From a model to layers that can be costed.
//!
//! | operator | layer |
//! | --- | --- |
//! | convolution | `CONV`; `DSCONV` if depthwise; `NGCONV` if grouped |
//! | transposed convolution | `TRCONV`: a `CONV` of stride 1 over the upsampled output; grouped ones as convolutions are |
//! | fully connected, matrix product | `GEMM`, one for each of a batch of products |
//! | pooling | `POOL` |
//! | anything else that moves data | `ELTWISE` of two tensors, `POOL` of a 1 x 1 window for one tensor |
//!
//! A depthwise convolution with a multiplier has as many channels as its output, because dataflows for `DSCONV` have no
//! `K` to spread or repeat: MACs, weights and outputs are exact, and each input channel is fetched once for each output.

use crate::Dim::{self, C, G, K, M, N, OutX, OutY, R, S, X, Y};
use crate::host::model::{Model, ModelError, Operator, Window, Work};
use crate::host::network::{NamedLayer, Network};
use crate::{Layer, LayerKind, MAX_EXTENT};

/// The most layers of a network; batches of matrix products become a layer each.
pub const MAX_LAYERS: usize = 1 << 16;

/// What becomes of the padding of convolutions and pooling.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Padding {
    /// The input is as large as the true output takes at that stride, so that MACs are exact: `(output-1) * stride + filter`.
    #[default]
    Honour,
    /// The input as it is, without padding and dilation, as in the reference's own model files.
    Ignore,
}

/// How to turn operators into layers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Options {
    /// What becomes of padding.
    pub padding: Padding,
    /// Whether operators without MACs become layers as well.
    pub all_ops: bool,
    /// Whether operators that cannot be costed are left out with a warning.
    pub skip_unsupported: bool,
}

/// The layers of a model, and the operators that were left out because they cannot be costed.
///
/// # Errors
/// All operators that cannot be costed, unless they are to be skipped.
pub fn lower(model: &Model, options: &Options) -> Result<(Network, Vec<ModelError>), Vec<ModelError>> {
    let mut layers = Vec::new();
    let mut uncosted = Vec::new();
    for operator in &model.operators {
        if matches!(operator.work, Work::Pool(_) | Work::Elementwise { .. }) && !options.all_ops {
            continue;
        }
        let room = MAX_LAYERS - layers.len();
        match operator_layers(operator, options.padding, room) {
            Ok(more) => layers.extend(more),
            Err(what) => uncosted.push(ModelError { place: Some(operator.place()), what, help: None }),
        }
    }
    if uncosted.is_empty() || options.skip_unsupported {
        Ok((Network { name: model.name.clone(), layers }, uncosted))
    } else {
        Err(uncosted)
    }
}

/// The layers of an operator, at most `room`.
fn operator_layers(operator: &Operator, padding: Padding, room: usize) -> Result<Vec<NamedLayer>, String> {
    let name = layer_name(&operator.name);
    let (layer, copies) = match &operator.work {
        Work::Conv(window) => (conv(window, padding)?, 1),
        Work::Transposed(window) => (transposed(window, padding)?, 1),
        Work::FullyConnected { rows, inputs, outputs } => (gemm(*rows, *outputs, *inputs)?, 1),
        Work::Gemm { batch, m, n, k, .. } => (gemm(*m, *n, *k)?, *batch),
        Work::Pool(window) => (pool(window, padding)?, 1),
        Work::Elementwise { shape, binary, .. } => (elementwise(shape, *binary)?, 1),
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

/// A name to show. TFLite joins the names of all operators that were fused into one, the last of them first.
fn layer_name(name: &str) -> String {
    name.split(';').find(|part| !part.is_empty()).unwrap_or(name).to_string()
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
    convolution(LayerKind::TrConv, window, extents, [1, 1])
}

/// A convolution of this kind if it has one group.
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

/// Channels, rows and columns are independent of each other, so that it does not matter which axis counts as which.
fn elementwise(shape: &[u64], binary: bool) -> Result<Layer, String> {
    let (n, c, y, x) = match *shape {
        [] => (1, 1, 1, 1),
        [n, c, y, x] => (n, c, y, x),
        [ref outer @ .., last] => {
            let rows = outer.iter().try_fold(1u64, |rows, &size| rows.checked_mul(size));
            (1, last, rows.ok_or("its output is too large")?, 1)
        }
    };
    let kind = if binary { LayerKind::Eltwise } else { LayerKind::Pool };
    layer(kind, &[(N, n), (C, c), (R, 1), (S, 1), (Y, y), (X, x)], [1, 1])
}

fn gemm(m: u64, n: u64, k: u64) -> Result<Layer, String> {
    layer(LayerKind::Gemm, &[(M, m), (N, n), (K, k)], [1, 1])
}

/// The layer, without a batch of 1.
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
