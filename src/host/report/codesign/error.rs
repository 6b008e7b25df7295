//! Why there is no report, and what to do about it.

use std::fmt;

use crate::host::report::plot::PlotError;

/// The advice for damaged files.
pub(super) const ANEW: &str = "create the directory again with `maestrino codesign --output`";

/// Why there is no report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportError {
    /// What is wrong, and where.
    pub what: String,
    /// What the user can do about it.
    pub help: Option<&'static str>,
}

impl fmt::Display for ReportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        self.help.map_or(Ok(()), |help| write!(f, "\nhelp: {help}"))
    }
}

impl std::error::Error for ReportError {}

impl From<PlotError> for ReportError {
    fn from(error: PlotError) -> ReportError {
        ReportError { what: error.to_string(), help: None }
    }
}
