//! Writes networks as workloads of ZigZag (<https://kuleuven-micas.github.io/zigzag/workload.html>), for a second opinion.
//!
//! Each layer is separate, with all its operands off-chip, because a network does not say which layer reads the
//! output of which.

use std::fmt::Write as _;

use crate::host::network::{NamedLayer, Network};
use crate::{Dim, Layer, LayerKind, Widths};

/// A network as a workload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workload {
    /// The workload as YAML.
    pub text: String,
    /// Names of layers that are left out because they have no MACs.
    pub left_out: Vec<String>,
    /// Names of transposed convolutions. ZigZag treats the zeros between their inputs as inputs.
    pub with_zeros: Vec<String>,
}

/// The loops of a layer: its equation, and the names and sizes of its dimensions.
struct Loops {
    operator: &'static str,
    equation: &'static str,
    sizes: Vec<(&'static str, u32)>,
    relations: Vec<String>,
}

/// The workload of a network whose elements have these widths.
pub fn workload(network: &Network, bits: Widths) -> Workload {
    let mut workload = Workload { text: String::new(), left_out: Vec::new(), with_zeros: Vec::new() };
    let mut id = 0;
    for named in &network.layers {
        let Some(loops) = loops(&named.layer) else {
            workload.left_out.push(named.name.clone());
            continue;
        };
        if [Dim::Y, Dim::X].into_iter().any(|dim| named.layer.inserted(dim) != (1, 0)) {
            workload.with_zeros.push(named.name.clone());
        }
        write_layer(&mut workload.text, id, named, &loops, bits);
        id += 1;
    }
    workload
}

/// The loops of a layer; `None` if it has no MACs. Extents of inputs include padding, because ZigZag expects that if
/// no padding is given.
fn loops(layer: &Layer) -> Option<Loops> {
    let size = |dim: Dim| layer.size(dim).unwrap_or(1);
    let window = || {
        let along = |dim: Dim, input: &str, output: &str, filter: &str| {
            format!("{input}={}*{output}+1*{filter}", layer.stride(dim))
        };
        vec![along(Dim::X, "ix", "ox", "fx"), along(Dim::Y, "iy", "oy", "fy")]
    };
    let outputs = [("OY", size(Dim::OutY)), ("OX", size(Dim::OutX))];
    let filter = [("FY", size(Dim::R)), ("FX", size(Dim::S))];
    let (batch, k, c) = (("B", size(Dim::N)), ("K", size(Dim::K)), ("C", size(Dim::C)));
    const GROUPED: &str = "O[b][g][k][oy][ox]+=W[g][k][c][fy][fx]*I[b][g][c][iy][ix]";
    let conv = |equation, channels: &[(&'static str, u32)]| Loops {
        operator: "Conv",
        equation,
        sizes: [&[batch][..], channels, &outputs, &filter].concat(),
        relations: window(),
    };
    match layer.kind() {
        LayerKind::Conv | LayerKind::TrConv | LayerKind::Fc => {
            Some(conv("O[b][k][oy][ox]+=W[k][c][fy][fx]*I[b][c][iy][ix]", &[k, c]))
        }
        LayerKind::NgConv => Some(conv(GROUPED, &[("G", size(Dim::G)), k, c])),
        // Each channel is a group.
        LayerKind::DsConv => Some(conv(GROUPED, &[("G", size(Dim::C)), ("K", 1), ("C", 1)])),
        LayerKind::Gemm => Some(Loops {
            operator: "Gemm",
            equation: "O[d][k]+=I[d][c]*W[c][k]",
            sizes: vec![("D", size(Dim::M)), ("K", size(Dim::N)), ("C", size(Dim::K))],
            relations: Vec::new(),
        }),
        LayerKind::Pool | LayerKind::Eltwise => None,
    }
}

fn write_layer(text: &mut String, id: usize, named: &NamedLayer, loops: &Loops, bits: Widths) {
    let Loops { operator, equation, sizes, relations } = loops;
    let list = |items: Vec<String>| format!("[{}]", items.join(", "));
    let dims = list(sizes.iter().map(|(name, _)| (*name).to_string()).collect());
    let counts = list(sizes.iter().map(|(_, size)| size.to_string()).collect());
    let Widths { input, filter, output, psum } = bits;
    // A JSON string is a valid YAML string.
    let name = serde_json::Value::from(named.name.as_str());
    let relations = list(relations.iter().map(|relation| format!("\"{relation}\"")).collect());
    // Writing to a string does not fail.
    let _ = write!(
        text,
        "- id: {id}\n  name: {name}\n  operator_type: {operator}\n  equation: {equation}\n  dimension_relations: {relations}\n  \
         loop_dims: {dims}\n  loop_sizes: {counts}\n  \
         operand_precision: {{W: {filter}, I: {input}, O: {psum}, O_final: {output}}}\n  operand_source: {{W: {id}, I: {id}}}\n"
    );
}
