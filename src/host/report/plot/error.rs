//! Why a plot could not be drawn.

/// Why a plot could not be drawn.
#[derive(Debug, thiserror::Error)]
#[error("cannot draw: {0}")]
pub struct PlotError(String);

impl PlotError {
    pub(super) fn new(error: impl std::fmt::Display) -> PlotError {
        PlotError(error.to_string())
    }
}
