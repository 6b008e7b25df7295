//! Plots as SVG and PNG. PNGs carry their text along: no font needs to be installed.

pub mod bars;
pub mod heatmap;
pub mod xy;

use std::sync::Once;

use plotters::backend::{BitMapBackend, SVGBackend};
use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, IntoDrawingArea};
use plotters::style::{FontStyle, RGBColor, register_font};

/// Lines and letters. Not quite black and white, so that a page can tell them from colours of the data and swap them.
const INK: RGBColor = RGBColor(0x21, 0x21, 0x21);
/// Behind everything.
const PAPER: RGBColor = RGBColor(0xFE, 0xFE, 0xFE);
/// Lines behind the data.
const GRID: RGBColor = RGBColor(0xDD, 0xDD, 0xDD);

/// Why a plot could not be drawn.
#[derive(Debug, thiserror::Error)]
#[error("cannot draw: {0}")]
pub struct PlotError(String);

impl PlotError {
    fn new(error: impl std::fmt::Display) -> PlotError {
        PlotError(error.to_string())
    }
}

/// Makes `sans-serif` the font that comes with the program, Hack.
fn register_fonts() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        for style in [FontStyle::Normal, FontStyle::Bold] {
            // It is a sound font.
            let _ = register_font("sans-serif", style, epaint_default_fonts::HACK_REGULAR);
        }
    });
}

/// Something that can be drawn on any canvas.
pub trait Plot {
    /// Width and height in pixels.
    fn size(&self) -> (u32, u32);

    /// Draws it.
    ///
    /// # Errors
    /// Those of the canvas.
    fn draw<B: plotters::backend::DrawingBackend>(&self, canvas: &DrawingArea<B, Shift>) -> Result<(), PlotError>;

    /// The plot as an SVG document.
    ///
    /// # Errors
    /// None that is known.
    fn svg(&self) -> Result<String, PlotError> {
        register_fonts();
        let mut text = String::new();
        let canvas = SVGBackend::with_string(&mut text, self.size()).into_drawing_area();
        self.draw(&canvas)?;
        canvas.present().map_err(PlotError::new)?;
        drop(canvas);
        Ok(text)
    }

    /// The plot as a PNG file.
    ///
    /// # Errors
    /// None that is known.
    fn png(&self) -> Result<Vec<u8>, PlotError> {
        register_fonts();
        let (width, height) = self.size();
        let mut pixels = vec![255; width as usize * height as usize * 3];
        {
            let canvas = BitMapBackend::with_buffer(&mut pixels, (width, height)).into_drawing_area();
            self.draw(&canvas)?;
            canvas.present().map_err(PlotError::new)?;
        }
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, width, height);
        encoder.set_color(png::ColorType::Rgb);
        let mut writer = encoder.write_header().map_err(PlotError::new)?;
        writer.write_image_data(&pixels).map_err(PlotError::new)?;
        writer.finish().map_err(PlotError::new)?;
        Ok(bytes)
    }
}
