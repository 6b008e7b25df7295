//! Lists the operators of a model, or the layers of a network, as rows of figures for tables, CSV and JSON.

use crate::dim::Tensor;
use crate::host::model::{Model, Operator, Skipped, Window, Work};
use crate::host::network::{NamedLayer, Network};
use crate::host::shape;
use crate::{Dim, Layer, LayerKind};

/// Names of the figures of a [`ListingRow`], in order. `C` and `K` count the channels of all groups. `Y_in` and
/// `X_in` do not include padding.
pub const FIGURES: [&str; 21] = [
    "N",
    "K",
    "C",
    "R",
    "S",
    "Y_in",
    "X_in",
    "Y_out",
    "X_out",
    "stride_y",
    "stride_x",
    "dilation_y",
    "dilation_x",
    "groups",
    "pad_top",
    "pad_bottom",
    "pad_left",
    "pad_right",
    "M",
    "GEMM_N",
    "GEMM_K",
];

/// The operators of a model, or the layers of a network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// Name of the network.
    pub name: String,
    /// One row for each operator, in execution order.
    pub rows: Vec<ListingRow>,
    /// Operators that are left out because they cost nothing.
    pub skipped: Vec<Skipped>,
}

impl Listing {
    /// The operators of a model.
    pub fn of_model(model: &Model) -> Listing {
        let rows = model.operators.iter().map(ListingRow::of_operator).collect();
        Listing { name: model.name.clone(), rows, skipped: model.skipped.clone() }
    }

    /// The layers of a network.
    pub fn of_network(network: &Network) -> Listing {
        let rows = network.layers.iter().map(ListingRow::of_layer).collect();
        Listing { name: network.name.clone(), rows, skipped: Vec::new() }
    }

    /// Sum of the known MACs of all rows.
    pub fn macs(&self) -> u64 {
        self.rows.iter().filter_map(|row| row.macs).fold(0, u64::saturating_add)
    }

    /// Elements of all weights and biases, including those of skipped operators.
    pub fn parameters(&self) -> u64 {
        self.rows.iter().map(|row| row.parameters).fold(self.skipped_parameters(), u64::saturating_add)
    }

    /// Elements of the weights of skipped operators.
    pub fn skipped_parameters(&self) -> u64 {
        self.skipped.iter().map(|skipped| skipped.parameters).fold(0, u64::saturating_add)
    }
}

/// An operator and its figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListingRow {
    /// Its name.
    pub name: String,
    /// Its kind in the file.
    pub op: String,
    /// `CONV`, `DWCONV` (depthwise), `GROUPCONV`, `TRCONV`, `FC`, `GEMM`, `POOL`, `OTHER` (no MACs) or `UNSUPPORTED`.
    pub kind: &'static str,
    /// Its shape in a few words: `K64 C3 7x7/2 on 224x224 to 112x112`.
    pub shape: String,
    /// Values of the [`FIGURES`]; `None` for a figure that this kind of operator does not have.
    pub figures: [Option<u64>; FIGURES.len()],
    /// MACs; `None` if they are not known.
    pub macs: Option<u64>,
    /// Elements of its weights and biases.
    pub parameters: u64,
    /// Further facts, as keys and values.
    pub notes: Vec<(&'static str, String)>,
}

impl ListingRow {
    /// The row of an operator of a model.
    fn of_operator(operator: &Operator) -> ListingRow {
        let mut notes = vec![("op_index", operator.index.to_string())];
        notes.extend(operator.notes.iter().cloned());
        let mut note = |key, value: String| {
            // A reader may have noted the same fact under a longer name, such as elementwise_elements.
            if notes.iter().all(|(known, _)| !known.ends_with(key)) {
                notes.push((key, value));
            }
        };
        let mut figures = [None; FIGURES.len()];
        let kind = match &operator.work {
            Work::Conv(window) => {
                figures = of_window(window);
                match window.groups {
                    1 => "CONV",
                    groups if groups == window.c => "DWCONV",
                    _ => "GROUPCONV",
                }
            }
            Work::Transposed(window) => {
                figures = of_window(window);
                if let Some(macs) = window.macs(window.output) {
                    note("macs_by_output", macs.to_string());
                }
                "TRCONV"
            }
            &Work::FullyConnected { rows, inputs, outputs } => {
                figures = of_fully_connected(rows, inputs, outputs);
                "FC"
            }
            &Work::Gemm { batch, m, n, k, constant } => {
                [figures[18], figures[19], figures[20]] = [m, n, k].map(Some);
                note("batch", batch.to_string());
                note("weights", if constant { "const" } else { "activation" }.to_string());
                "GEMM"
            }
            Work::Pool(window) => {
                figures = of_window(window);
                "POOL"
            }
            Work::Elementwise { elements, shape, input, .. } => {
                match shape[..] {
                    // These operators work along one axis, which may mean anything. So no dimension can be called N,
                    // K or C.
                    _ if matches!(operator.op.as_str(), "Softmax" | "LogSoftmax" | "Hardmax") => (),
                    [n, c] => [figures[0], figures[1], figures[2]] = [n, c, c].map(Some),
                    [n, c, y, x] => {
                        let [y_in, x_in] = if let [_, _, y, x] = input[..] { [y, x] } else { [y, x] };
                        let extents = [y_in, x_in, y, x].map(Some);
                        let known = [n, c, c].map(Some).into_iter().chain([None, None]).chain(extents);
                        figures.iter_mut().zip(known).for_each(|(figure, known)| *figure = known);
                    }
                    _ => (),
                }
                note("elements", elements.to_string());
                "OTHER"
            }
            Work::Unsupported { why } => {
                note("why", why.replace([',', ';', '"'], " "));
                "UNSUPPORTED"
            }
        };
        ListingRow {
            name: operator.name.clone(),
            op: operator.op.clone(),
            kind,
            shape: shape(&operator.work),
            figures,
            macs: operator.work.macs(),
            parameters: operator.parameters,
            notes,
        }
    }

    /// The row of a layer of a network. The layer's extents include padding.
    fn of_layer(named: &NamedLayer) -> ListingRow {
        let layer = &named.layer;
        let size = |dim| u64::from(layer.size(dim).unwrap_or(1));
        let mut figures = of_window(&window(layer));
        let kind = match layer.kind() {
            LayerKind::Conv => "CONV",
            LayerKind::DsConv => "DWCONV",
            LayerKind::NgConv => "GROUPCONV",
            LayerKind::TrConv => "TRCONV",
            LayerKind::Pool => "POOL",
            LayerKind::Fc if size(Dim::Y) * size(Dim::X) == 1 => {
                figures = of_fully_connected(size(Dim::N), size(Dim::C), size(Dim::K));
                "FC"
            }
            LayerKind::Fc => "CONV",
            LayerKind::Gemm => {
                figures = [None; FIGURES.len()];
                [figures[18], figures[19], figures[20]] = [Dim::M, Dim::N, Dim::K].map(|dim| Some(size(dim)));
                "GEMM"
            }
            LayerKind::Eltwise => "OTHER",
        };
        let weights = match layer.kind() {
            LayerKind::DsConv => layer.elements(Tensor::Filter).and_then(|weights| weights.checked_mul(size(Dim::K))),
            kind if kind.has_macs() => layer.elements(Tensor::Filter),
            _ => Some(0),
        };
        let line = named.line.map(|line| ("line", line.to_string()));
        ListingRow {
            name: named.name.clone(),
            op: layer.kind().name().to_string(),
            kind,
            shape: shape::shape(layer),
            figures,
            macs: layer.macs(),
            parameters: weights.unwrap_or(u64::MAX),
            notes: line.into_iter().collect(),
        }
    }

    /// A figure by its name.
    pub fn figure(&self, name: &str) -> Option<u64> {
        FIGURES.iter().position(|figure| *figure == name).and_then(|place| self.figures[place])
    }
}

/// The shape of an operator in a few words.
fn shape(work: &Work) -> String {
    match work {
        Work::Conv(window) | Work::Transposed(window) => {
            let channels = match window.groups {
                1 => format!("K{} C{}", window.k, window.c),
                groups => format!("K{} C{} G{groups}", window.k, window.c),
            };
            channels + &slide(window)
        }
        Work::Pool(window) => format!("C{}", window.c) + &slide(window),
        Work::FullyConnected { rows, inputs, outputs } => format!("M{rows} N{outputs} K{inputs}"),
        Work::Gemm { batch: 1, m, n, k, .. } => format!("M{m} N{n} K{k}"),
        Work::Gemm { batch, m, n, k, .. } => format!("{batch} x M{m} N{n} K{k}"),
        Work::Elementwise { shape, .. } => shape.iter().map(u64::to_string).collect::<Vec<_>>().join("x"),
        Work::Unsupported { .. } => String::new(),
    }
}

/// Filter, strides, dilations, and extents of input and output: ` 7x7/2 on 224x224 to 112x112`.
fn slide(window: &Window) -> String {
    let Window { n, filter, input, output, stride, dilation, .. } = *window;
    let pair = |mark: &str, [y, x]: [u64; 2]| match (y, x) {
        (1, 1) => String::new(),
        (y, x) if y == x => format!("{mark}{y}"),
        (y, x) => format!("{mark}{y}x{x}"),
    };
    let batch = if n == 1 { String::new() } else { format!(" N{n}") };
    format!(
        "{batch} {}x{}{}{} on {}x{} to {}x{}",
        filter[0],
        filter[1],
        pair("/", stride),
        pair(" dilated ", dilation),
        input[0],
        input[1],
        output[0],
        output[1],
    )
}

fn of_window(window: &Window) -> [Option<u64>; FIGURES.len()] {
    let Window { n, k, c, filter, input, output, stride, dilation, groups, pads } = *window;
    let mut figures = [None; FIGURES.len()];
    let known = [n, k, c].into_iter().chain(filter).chain(input).chain(output).chain(stride).chain(dilation);
    let known = known.chain([groups]).chain(pads);
    figures.iter_mut().zip(known).for_each(|(figure, known)| *figure = Some(known));
    figures
}

/// The figures of a fully connected operator: those of a 1x1 convolution over one pixel, and those of a matrix
/// product.
fn of_fully_connected(rows: u64, inputs: u64, outputs: u64) -> [Option<u64>; FIGURES.len()] {
    let one = [1, 1];
    let window = Window {
        n: rows,
        k: outputs,
        c: inputs,
        filter: one,
        input: one,
        output: one,
        stride: one,
        dilation: one,
        groups: 1,
        pads: [0; 4],
    };
    let mut figures = of_window(&window);
    [figures[18], figures[19], figures[20]] = [rows, outputs, inputs].map(Some);
    figures
}

/// The window that a layer corresponds to.
fn window(layer: &Layer) -> Window {
    let size = |dim| u64::from(layer.size(dim).unwrap_or(1));
    let groups = match layer.kind() {
        LayerKind::DsConv | LayerKind::Pool | LayerKind::Eltwise => size(Dim::C),
        _ => size(Dim::G),
    };
    let (k, c) = match layer.kind() {
        LayerKind::DsConv => (size(Dim::K) * groups, groups),
        LayerKind::Pool | LayerKind::Eltwise => (groups, groups),
        _ => (size(Dim::K) * groups, size(Dim::C) * groups),
    };
    Window {
        n: size(Dim::N),
        k,
        c,
        filter: [size(Dim::R), size(Dim::S)],
        input: [size(Dim::Y), size(Dim::X)],
        output: [size(Dim::OutY), size(Dim::OutX)],
        stride: [Dim::Y, Dim::X].map(|dim| u64::from(layer.stride(dim))),
        dilation: [1, 1],
        groups,
        pads: [0; 4],
    }
}
