//! Reads and writes the MAESTRO language: networks, dataflows and accelerators as text.
//!
//! ```text
//! // A comment; /* so is this */. The separators , ; : -> may be left out or doubled.
//! Constant TILE 8;
//! Network example {
//!     Layer CONV1 {
//!         Type: CONV
//!         Stride { X: 2, Y: 2 }
//!         Dimensions { K: 64, C: 3, R: 7, S: 7, Y: 224, X: 224 }
//!         Dataflow {
//!             SpatialMap(1,1) K;
//!             TemporalMap(TILE+Sz(S)-1,TILE) X;
//!             Cluster(Sz(R), P);
//!             SpatialMap(1,1) R;
//!         }
//!     }
//! }
//! ```
//!
//! The name of a network or layer is a run of any characters except spaces, braces and comments, or a string in
//! quotes. A layer without a `Dataflow` block takes the dataflow of the previous layer; `Sz` then means the layer's
//! own sizes. If no layer of a network has a dataflow, the file is a model file.

mod grammar;
pub(crate) mod hardware;
mod lexer;
mod parser;
#[cfg(test)]
mod tests;
mod writer;

pub use hardware::{HardwareFile, write_platform};
pub use writer::{write_directives, write_network};

use super::diagnostic::{Diagnostic, Fault, ParseError, Severity};
use crate::host::network::Network;
use crate::host::outline::Outlines;
use crate::{Dataflow, LayerKind};
use parser::Parser;

/// The contents of a mapping or model file.
#[derive(Clone, Debug, PartialEq)]
pub struct Parsed {
    /// The network.
    pub network: Network,
    /// The `Accelerator` block, if there is one.
    pub accelerator: Option<HardwareFile>,
    /// The first few warnings, about what looks wrong but does not matter.
    pub warnings: Vec<Diagnostic>,
}

/// Reads a mapping file or a model file: one network, and optionally constants and an `Accelerator` block. `file` is
/// its name for errors.
///
/// ```
/// use maestrino::host::formats::maestro::parse_network;
///
/// let text = "Network two { Layer A { Type: GEMM Dimensions { M: 4, N: 5, K: 6 } } Layer B { Type: FC Dimensions { K: 10, C: 64 } } }";
/// let network = parse_network(text, "two.m")?.network;
/// assert_eq!((network.name.as_str(), network.layers[0].layer.macs()), ("two", Some(120)));
/// let error = parse_network("Network two { Layer A { Type: GEM } }", "two.m").unwrap_err();
/// assert_eq!((error.line, error.column, error.found.as_str()), (1, 31, "GEM"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// The first error in the text.
pub fn parse_network(text: &str, file: &str) -> Result<Parsed, ParseError> {
    parse(text, file, |parser| {
        let (network, accelerator) = grammar::network_file(parser)?;
        let warnings = std::mem::take(&mut parser.warnings).into_iter();
        let warnings = warnings.map(|fault| Diagnostic::locate(fault, Severity::Warning, text, file)).collect();
        Ok(Parsed { network, accelerator, warnings })
    })
}

/// Reads a hardware file, or a file with an `Accelerator` block. `file` is its name for errors.
///
/// # Errors
/// The first error in the text.
pub fn parse_hardware(text: &str, file: &str) -> Result<HardwareFile, ParseError> {
    parse(text, file, hardware::hardware_file)
}

/// Reads a file with constants and `Dataflow` blocks, or with the directives of a single dataflow. The kind of layer
/// is given for a dataflow that is for one kind only (`Dataflow conv { ... }`). There is at least one dataflow, and
/// none is empty. `file` is its name for errors.
///
/// # Errors
/// The first error in the text.
pub fn parse_dataflows(text: &str, file: &str) -> Result<Vec<(Option<LayerKind>, Dataflow)>, ParseError> {
    parse(text, file, grammar::dataflow_file)
}

/// Reads a file with a single dataflow for all kinds of layer.
///
/// # Errors
/// The first error in the text.
pub fn parse_dataflow(text: &str, file: &str) -> Result<Dataflow, ParseError> {
    parse(text, file, |parser| {
        let start = parser.token.span();
        match <[_; 1]>::try_from(grammar::dataflow_file(parser)?) {
            Ok([(None, dataflow)]) => Ok(dataflow),
            _ => Err(Fault::new(start, "expected one dataflow, for all kinds of layer")),
        }
    })
}

/// Reads a file as [`parse_dataflows`] does, but parts of its dataflows may be left open. These may be sizes, offsets
/// and cluster sizes (`TemporalMap(?,?) C`, `Cluster(?, P)`), and whether a map is spatial or temporal (`?Map(1,1)
/// K`). In a level with a line `?`, the order of the loops and the maps of all dimensions that are not named are
/// open.
///
/// # Errors
/// The first error in the text, or a part that cannot belong to any mapping.
pub fn parse_outlines(text: &str, file: &str) -> Result<Outlines, ParseError> {
    parse(text, file, |parser| {
        parser.takes_open = true;
        grammar::dataflow_file(parser)
    })
}

fn parse<'a, T>(
    text: &'a str,
    file: &str,
    grammar: impl FnOnce(&mut Parser<'a>) -> Result<T, Fault>,
) -> Result<T, ParseError> {
    Parser::new(text).and_then(|mut parser| grammar(&mut parser)).map_err(|fault| ParseError::locate(fault, text, file))
}
