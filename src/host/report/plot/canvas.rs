//! Draws plots on any canvas: shapes for SVG and PDF, or the pixels of a PNG.

use std::sync::Once;

use plotters::backend::BitMapBackend;
use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, IntoDrawingArea};
use plotters::style::{FontStyle, register_font};

use super::drawing::{Drawing, Recorder};
use super::error::PlotError;
use super::font;

/// Units (tenths of a millimetre) in a metre.
const UNITS: u32 = 10_000;

/// Registers the font that comes with the program as `sans-serif`.
fn register_fonts() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // The font is valid, so this does not fail.
        let _ = register_font("sans-serif", FontStyle::Normal, font::HACK);
    });
}

/// Something that can be drawn on any canvas.
pub trait Plot {
    /// Width and height in tenths of a millimetre.
    fn size(&self) -> (u32, u32);

    /// Draws it.
    ///
    /// # Errors
    /// Errors of the canvas.
    fn draw<B: plotters::backend::DrawingBackend>(&self, canvas: &DrawingArea<B, Shift>) -> Result<(), PlotError>;

    /// The plot as shapes.
    ///
    /// # Errors
    /// No failure is known.
    fn drawing(&self) -> Result<Drawing, PlotError> {
        register_fonts();
        let mut drawing = Drawing::new(self.size());
        let canvas = Recorder::new(&mut drawing).into_drawing_area();
        self.draw(&canvas)?;
        canvas.present().map_err(PlotError::new)?;
        drop(canvas);
        Ok(drawing)
    }

    /// The plot as a PNG file, ten pixels in a millimetre.
    ///
    /// # Errors
    /// No failure is known.
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
        let size = png::PixelDimensions { xppu: UNITS, yppu: UNITS, unit: png::Unit::Meter };
        encoder.set_pixel_dims(Some(size));
        let mut writer = encoder.write_header().map_err(PlotError::new)?;
        writer.write_image_data(&pixels).map_err(PlotError::new)?;
        writer.finish().map_err(PlotError::new)?;
        Ok(bytes)
    }
}
