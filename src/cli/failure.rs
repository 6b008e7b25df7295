//! Failures that end a run: bad input (exit code 1) or bad usage (exit code 2).

use std::io;

use crate::host::formats::diagnostic::ParseError;
use crate::host::formats::file::FileError;
use crate::host::network::LayerError;

/// Why a run ends without a result.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The arguments contradict each other.
    #[error("error: {0}\n\nFor more information, try '--help'.")]
    Usage(String),
    /// Input that does not exist or is invalid.
    #[error("error: {0}")]
    Input(String),
    /// A file that cannot be read.
    #[error("error: cannot read {path}: {source}")]
    Read { path: String, source: io::Error },
    /// A text that is not in its language.
    #[error("{0}")]
    Parse(#[from] Box<ParseError>),
    /// Layers that cannot be costed.
    #[error("{}", in_lines(.0, *.1))]
    Layers(Vec<LayerError>, Option<&'static str>),
    /// Help, or arguments that cannot be parsed, as the parser words it.
    #[error("{0}")]
    Arguments(#[from] clap::Error),
    /// Ctrl-C ended the run.
    #[error("{0}")]
    Interrupted(String),
    /// Output that cannot be written.
    #[error("error: cannot write {path}: {source}")]
    Output { path: String, source: io::Error },
}

impl Failure {
    /// The exit code: 2 for bad usage, 130 after Ctrl-C as in shells, 0 for help, 1 otherwise.
    pub fn code(&self) -> u8 {
        match self {
            Failure::Usage(_) => 2,
            Failure::Interrupted(_) => 130,
            Failure::Arguments(error) => u8::try_from(error.exit_code()).unwrap_or(2),
            _ => 1,
        }
    }

    /// A failure to write to standard output.
    pub fn stdout(source: io::Error) -> Failure {
        Failure::Output { path: "standard output".to_string(), source }
    }
}

impl From<FileError> for Failure {
    fn from(error: FileError) -> Failure {
        match error {
            FileError::Unreadable { path, source } => Failure::Read { path, source },
            FileError::Content(what) => Failure::Input(what),
            FileError::Text(error) => Failure::Parse(error),
        }
    }
}

/// One line for each error, and one for the help.
fn in_lines(errors: &[LayerError], help: Option<&str>) -> String {
    let errors = errors.iter().map(|error| format!("error: {error}"));
    errors.chain(help.map(|help| format!("help: {help}"))).collect::<Vec<_>>().join("\n")
}
