//! Writes figures to files as SVG or PNG, depending on the file's extension.

use std::path::{Path, PathBuf};

use crate::host::report::plot::Plot;

use crate::cli::failure::Failure;

/// Parses the name of a figure's file.
pub fn figure(text: &str) -> Result<PathBuf, String> {
    match kind(Path::new(text)) {
        Some(_) => Ok(text.into()),
        None => Err("expected a file that ends in .svg or .png".to_string()),
    }
}

/// `true` for SVG, `false` for PNG; `None` for other extensions.
fn kind(path: &Path) -> Option<bool> {
    match path.extension()?.to_str()? {
        "svg" => Some(true),
        "png" => Some(false),
        _ => None,
    }
}

/// Draws a plot in the format of its file.
pub fn draw(plot: &impl Plot, path: &Path) -> Result<Vec<u8>, Failure> {
    let drawn = match kind(path) {
        Some(true) => plot.drawing().and_then(|drawing| drawing.svg()).map(String::into_bytes),
        _ => plot.png(),
    };
    drawn.map_err(|error| Failure::Input(error.to_string()))
}
