//! Plots as SVG, PDF and PNG, as a paper prints them: one column wide, with letters of 7 points. Figures carry their letters
//! along: no font needs to be installed where they are shown.
//!
//! ```text
//! xy, bars, heatmap ─> Drawing ─> svg, pdf
//!                  └────────────> PNG
//! ```

mod axis;
pub mod bars;
pub mod drawing;
mod font;
pub mod heatmap;
mod pdf;
mod svg;
pub mod xy;

use std::sync::Once;

use plotters::backend::BitMapBackend;
use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, IntoDrawingArea};
use plotters::style::{FontDesc, FontStyle, FontTransform, IntoFont, RGBColor, TextStyle, register_font};

use drawing::Drawing;

/// A column of a paper, in units: tenths of a millimetre.
const COLUMN: i32 = 850;
/// Two columns and what is between them.
const PAGE: i32 = 1780;
/// Units in a metre.
const UNITS: u32 = 10_000;
/// Letters of 7 points, in units from ascent to descent, as plotters counts.
const FONT: i32 = 29;
/// The width of such a letter.
const LETTER: i32 = 15;

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

/// Text as HTML and SVG have it.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Makes `sans-serif` the font that comes with the program.
fn register_fonts() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // It is a sound font.
        let _ = register_font("sans-serif", FontStyle::Normal, font::HACK);
    });
}

fn letters() -> FontDesc<'static> {
    ("sans-serif", FONT).into_font()
}

/// The style of letters: ink, from left to right.
fn ink() -> TextStyle<'static> {
    letters().color(&INK)
}

/// The same, from top to bottom.
fn downwards() -> TextStyle<'static> {
    letters().transform(FontTransform::Rotate90).color(&INK)
}

/// How wide a text is, in units.
fn width(text: &str) -> i32 {
    text.chars().count() as i32 * LETTER
}

/// Text with its middle left out where it is longer than so many characters: names differ at both ends.
fn shortened(text: &str, most: usize) -> String {
    let letters: Vec<char> = text.chars().collect();
    if letters.len() <= most {
        return text.to_string();
    }
    let (head, tail) = (most / 2, most - 1 - most / 2);
    letters[..head].iter().chain(&['…']).chain(&letters[letters.len() - tail..]).collect()
}

/// Something that can be drawn on any canvas.
pub trait Plot {
    /// Width and height in tenths of a millimetre.
    fn size(&self) -> (u32, u32);

    /// Draws it.
    ///
    /// # Errors
    /// Those of the canvas.
    fn draw<B: plotters::backend::DrawingBackend>(&self, canvas: &DrawingArea<B, Shift>) -> Result<(), PlotError>;

    /// What there is to see.
    ///
    /// # Errors
    /// None that is known.
    fn drawing(&self) -> Result<Drawing, PlotError> {
        register_fonts();
        let mut drawing = Drawing::new(self.size());
        let canvas = drawing::Recorder::new(&mut drawing).into_drawing_area();
        self.draw(&canvas)?;
        canvas.present().map_err(PlotError::new)?;
        drop(canvas);
        Ok(drawing)
    }

    /// The plot as a PNG file, ten pixels in a millimetre.
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
        let size = png::PixelDimensions { xppu: UNITS, yppu: UNITS, unit: png::Unit::Meter };
        encoder.set_pixel_dims(Some(size));
        let mut writer = encoder.write_header().map_err(PlotError::new)?;
        writer.write_image_data(&pixels).map_err(PlotError::new)?;
        writer.finish().map_err(PlotError::new)?;
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::bars::Bars;
    use super::*;

    fn bars() -> Bars {
        Bars { rows: vec![("a & b".to_string(), 1.0, "1 (5%)".to_string())] }
    }

    #[test]
    fn figures_are_a_column_wide_and_carry_their_letters() {
        let drawing = bars().drawing().unwrap();
        let svg = drawing.svg().unwrap();
        assert!(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"85mm\""), "{svg}");
        assert!(!svg.contains("<text") && svg.contains("aria-label=\"a &amp; b\""), "{svg}");
        // Each letter is there once: a b & 1 5 ( ) %, and no outline of a space.
        assert_eq!((svg.matches("<path id=\"g").count(), svg.matches("<use ").count()), (8, 8), "{svg}");
        let pdf = drawing.pdf("Bars").unwrap();
        let text = String::from_utf8_lossy(&pdf);
        assert!(text.starts_with("%PDF-") && text.trim_end().ends_with("%%EOF"));
        // 85 mm in points, and the part of the font within the file.
        for word in ["/Count 1", "/MediaBox [0 0 240.94", "/FontFile2", "/Length1", "/ToUnicode", "(Bars)"] {
            assert!(text.contains(word), "{word}: {text}");
        }
        assert!(pdf.len() < 20_000, "{}", pdf.len());
        assert_eq!(pdf, drawing.pdf("Bars").unwrap());
    }

    #[test]
    fn long_texts_are_cut_in_the_middle() {
        assert_eq!(shortened("abcdefgh", 8), "abcdefgh");
        assert_eq!(shortened("abcdefghi", 8), "abcd…ghi");
    }
}
