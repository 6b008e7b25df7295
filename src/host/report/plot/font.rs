//! The font of the figures: Hack. It comes with the program, its licence (MIT) allows that, and all its letters have
//! the same width.

use std::fmt::Write;

use ttf_parser::{Face, GlyphId, OutlineBuilder};

use super::error::PlotError;

/// The font's file.
pub(super) const HACK: &[u8] = epaint_default_fonts::HACK_REGULAR;

// The lengths below are in em.
/// From the lowest to the highest point of the letters.
pub(super) const HEIGHT: f64 = 1.164;
/// From the lowest point of the letters to the baseline.
pub(super) const DESCENT: f64 = 0.236;
/// The height of a capital letter.
pub(super) const CAPITAL: f64 = 0.729;
/// The width of a letter.
pub(super) const ADVANCE: f64 = 0.602;

/// The width of a text, in em.
pub(super) fn width(text: &str) -> f64 {
    text.chars().count() as f64 * ADVANCE
}

/// The parsed font.
pub(super) struct Font(Face<'static>);

impl Font {
    /// Parses the font.
    pub fn new() -> Result<Font, PlotError> {
        Face::parse(HACK, 0).map(Font).map_err(PlotError::new)
    }

    /// The number of outline units in an em.
    pub fn units(&self) -> f64 {
        f64::from(self.0.units_per_em())
    }

    /// The glyph number of a letter; 0, an empty frame, if the font lacks the letter.
    pub fn glyph(&self, letter: char) -> u16 {
        self.0.glyph_index(letter).map_or(0, |glyph| glyph.0)
    }

    /// The outline of a glyph as an SVG path, with `y` downwards; empty for a space.
    pub fn outline(&self, glyph: u16) -> String {
        let mut path = Path(String::new());
        // Only a space has no outline.
        let _ = self.0.outline_glyph(GlyphId(glyph), &mut path);
        path.0
    }
}

/// An SVG path under construction.
struct Path(String);

impl Path {
    fn add(&mut self, command: char, coordinates: &[f32]) {
        self.0.push(command);
        for (place, pair) in coordinates.chunks(2).enumerate() {
            let space = if place > 0 { " " } else { "" };
            // Writing to a string does not fail.
            let _ = write!(self.0, "{space}{} {}", pair[0], 0.0 - pair[1]);
        }
    }
}

impl OutlineBuilder for Path {
    fn move_to(&mut self, x: f32, y: f32) {
        self.add('M', &[x, y]);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.add('L', &[x, y]);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.add('Q', &[x1, y1, x, y]);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.add('C', &[x1, y1, x2, y2, x, y]);
    }

    fn close(&mut self) {
        self.0.push('Z');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_are_those_of_the_font() {
        let face = Font::new().unwrap().0;
        let of = |units: i16| f64::from(units) / f64::from(face.units_per_em());
        // Equal up to the third digit, which is how the constants are written above.
        let near = |a: f64, b: f64| assert!((a - b).abs() < 5.1e-4, "{a} {b}");
        near(of(face.ascender()) - of(face.descender()), HEIGHT);
        near(-of(face.descender()), DESCENT);
        near(of(face.capital_height().unwrap()), CAPITAL);
        for letter in ('!'..='~').chain(['…', '²', '–', '×']) {
            let glyph = face.glyph_index(letter).unwrap_or_else(|| panic!("{letter}"));
            near(f64::from(face.glyph_hor_advance(glyph).unwrap()) / f64::from(face.units_per_em()), ADVANCE);
        }
    }
}
