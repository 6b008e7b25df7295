//! Figures in files: SVG or PNG, by the extension of the file.

use std::path::{Path, PathBuf};

use crate::host::report::plot::Plot;

use crate::cli::failure::Failure;

/// The file of a figure.
pub fn figure(text: &str) -> Result<PathBuf, String> {
    match kind(Path::new(text)) {
        Some(_) => Ok(text.into()),
        None => Err("expected a file that ends in .svg or .png".to_string()),
    }
}

/// Whether the figure is an SVG, or a PNG.
fn kind(path: &Path) -> Option<bool> {
    match path.extension()?.to_str()? {
        "svg" => Some(true),
        "png" => Some(false),
        _ => None,
    }
}

/// A plot in the format of its file.
pub fn draw(plot: &impl Plot, path: &Path) -> Result<Vec<u8>, Failure> {
    let drawn = match kind(path) {
        Some(true) => plot.drawing().and_then(|drawing| drawing.svg()).map(String::into_bytes),
        _ => plot.png(),
    };
    drawn.map_err(|error| Failure::Input(error.to_string()))
}
