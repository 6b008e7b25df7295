//! Writes networks in the language.

use std::fmt::{self, Write};

use super::lexer::write_name;
use crate::dim::Dim;
use crate::host::network::{NamedLayer, Network, WRITTEN_DIMS};
use crate::{Dataflow, Directive, MapKind, Size};

/// The network as a mapping file, or as a model file if no layer has a dataflow.
///
/// It reads back as the same network, except for its lines, if either all layers or none have a dataflow, and no
/// dataflow is empty or has a constant size that is zero, negative or huge.
pub fn write_network(network: &Network) -> String {
    let mut text = String::new();
    // Writing to a string does not fail.
    let _ = try_write(&mut text, network);
    text
}

fn try_write(text: &mut String, network: &Network) -> fmt::Result {
    match network.name.as_str() {
        "" => writeln!(text, "Network {{")?,
        name => writeln!(text, "Network {} {{", write_name(name))?,
    }
    for layer in &network.layers {
        write_layer(text, layer)?;
    }
    writeln!(text, "}}")
}

fn write_layer(text: &mut String, named: &NamedLayer) -> fmt::Result {
    let layer = &named.layer;
    writeln!(text, "\tLayer {} {{\n\t\tType: {}", write_name(&named.name), layer.kind())?;
    let (stride_x, stride_y) = (layer.stride(Dim::X), layer.stride(Dim::Y));
    if (stride_x, stride_y) != (1, 1) {
        writeln!(text, "\t\tStride {{ X: {stride_x}, Y: {stride_y} }}")?;
    }
    text.push_str("\t\tDimensions {");
    let sizes = WRITTEN_DIMS.into_iter().filter_map(|dim| Some((dim, layer.size(dim)?)));
    for (i, (dim, size)) in sizes.enumerate() {
        write!(text, "{} {dim}: {size}", if i == 0 { "" } else { "," })?;
    }
    text.push_str(" }\n");
    if let Some(dataflow) = &named.dataflow {
        text.push_str("\t\tDataflow {\n");
        write_dataflow(text, dataflow)?;
        text.push_str("\t\t}\n");
    }
    text.push_str("\t}\n");
    Ok(())
}

/// The directives of a dataflow, one per line.
pub fn write_directives(dataflow: &Dataflow) -> String {
    let mut text = String::new();
    // Writing to a string does not fail.
    let _ = write_dataflow(&mut text, dataflow);
    text.lines().map(|line| format!("{}\n", line.trim_start())).collect()
}

fn write_dataflow(text: &mut String, dataflow: &Dataflow) -> fmt::Result {
    for directive in dataflow.directives() {
        match *directive {
            Directive::Map { kind, size, offset, dim } => {
                let keyword = match kind {
                    MapKind::Temporal => "TemporalMap",
                    MapKind::Spatial => "SpatialMap",
                };
                writeln!(text, "\t\t\t{keyword}({},{}) {dim};", Written(size), Written(offset))?;
            }
            Directive::Cluster { size } => writeln!(text, "\t\t\tCluster({}, P);", Written(size))?,
        }
    }
    Ok(())
}

/// A size as the language writes it: `3`, `Sz(R)`, `Sz(S)+7`.
struct Written(Size);

impl fmt::Display for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Size { base, of: None } => write!(f, "{base}"),
            Size { base: 0, of: Some(dim) } => write!(f, "Sz({dim})"),
            Size { base, of: Some(dim) } => write!(f, "Sz({dim}){base:+}"),
        }
    }
}
