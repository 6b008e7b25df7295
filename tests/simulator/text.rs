//! Writes a case as three lines, from which the case can be repeated.

use std::fmt::Write;

use maestrino::{Dataflow, Dim, Directive, MapKind, Size};

use super::{Activations, Array, Noc, SimLayer};

/// A layer: `CONV C3 K4 R3 S3 X8 Y8 stride 2x2`, followed by `up 2x2 phase 1x0` if it has inserted zeros.
pub fn layer(sim: &SimLayer) -> String {
    let layer = &sim.layer;
    let mut text = layer.kind().to_string();
    for dim in Dim::ALL {
        if let Some(size) = layer.size(dim).filter(|_| dim.input() == dim) {
            write!(text, " {dim}{size}").unwrap();
        }
    }
    write!(text, " stride {}x{}", layer.stride(Dim::Y), layer.stride(Dim::X)).unwrap();
    if sim.up != [1, 1] {
        write!(text, " up {}x{} phase {}x{}", sim.up[0], sim.up[1], sim.phase[0], sim.phase[1]).unwrap();
    }
    text
}

/// A dataflow in MAESTRO's language.
pub fn dataflow(dataflow: &Dataflow) -> String {
    let directive = |directive: &Directive| match *directive {
        Directive::Cluster { size: members } => format!("Cluster({}, P);", size(members)),
        Directive::Map { kind, size: extent, offset, dim } => {
            let keyword = if kind == MapKind::Spatial { "SpatialMap" } else { "TemporalMap" };
            format!("{keyword}({},{}) {dim};", size(extent), size(offset))
        }
    };
    dataflow.directives().iter().map(directive).collect::<Vec<_>>().join(" ")
}

fn size(size: Size) -> String {
    match size {
        Size { base, of: None } => base.to_string(),
        Size { base: 0, of: Some(dim) } => format!("Sz({dim})"),
        Size { base, of: Some(dim) } => format!("{base}+Sz({dim})"),
    }
}

/// The figures of the array; `-` if there is no limit.
pub fn array(array: &Array) -> String {
    let limit = |limit: Option<u64>| limit.map_or("-".to_string(), |limit| limit.to_string());
    let noc = |noc: &Noc| format!("{}@{}", limit(noc.bandwidth), noc.latency);
    let bits = array.bits;
    format!(
        "pes {} lanes {} noc {} offchip {} weights {} l1 {} l2 {} cluster {} activations {} bits {}:{}:{}:{} multicast {} \
         buffers {}:{}",
        array.pes,
        array.lanes,
        array.noc.iter().map(noc).collect::<Vec<_>>().join(","),
        limit(array.offchip_bw),
        limit(array.weights_bw),
        limit(array.l1),
        limit(array.l2),
        limit(array.cluster_buffer),
        if array.activations == Activations::L2 { "l2" } else { "offchip" },
        bits.input,
        bits.filter,
        bits.output,
        bits.psum,
        if array.multicast { "yes" } else { "no" },
        array.l1_buffers,
        array.l2_buffers,
    )
}
