//! Writes a drawing as SVG.

use std::collections::BTreeSet;
use std::fmt::{self, Write};

use super::drawing::{Anchor, Drawing, Paint, Shape, Words};
use super::error::PlotError;
use super::font::{ADVANCE, Font};

/// Escapes a text for HTML and SVG.
pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

impl Drawing {
    /// A standalone document. Letters are outlines, so that they look the same everywhere.
    ///
    /// # Errors
    /// No failure is known.
    pub fn svg(&self) -> Result<String, PlotError> {
        let font = Font::new()?;
        let letters: BTreeSet<char> = self.words().flat_map(str::chars).collect();
        let glyphs: BTreeSet<u16> = letters.into_iter().map(|letter| font.glyph(letter)).collect();
        let mut definitions = String::from("<defs>");
        for glyph in glyphs {
            let outline = font.outline(glyph);
            if !outline.is_empty() {
                definitions += &format!("<path id=\"g{glyph}\" d=\"{outline}\"/>");
            }
        }
        definitions += "</defs>\n";
        let write = |svg: &mut String| self.write(svg, &definitions, |svg, words| outlined(svg, words, &font));
        let mut svg = String::new();
        write(&mut svg).map_err(PlotError::new)?;
        Ok(svg)
    }

    /// An element for an HTML page. Texts use a font of the page, so that they can be searched and read aloud.
    pub(crate) fn element(&self) -> String {
        let mut svg = String::new();
        // Writing to a string does not fail.
        let _ = self.write(&mut svg, "", spelled);
        svg
    }

    fn write(
        &self,
        svg: &mut String,
        definitions: &str,
        write_words: impl Fn(&mut String, &Words) -> fmt::Result,
    ) -> fmt::Result {
        let (width, height) = self.size;
        let millimetres = |units: u32| f64::from(units) / 10.0;
        writeln!(
            svg,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}mm\" height=\"{}mm\" viewBox=\"0 0 {width} {height}\">",
            millimetres(width),
            millimetres(height)
        )?;
        svg.push_str(definitions);
        for shape in &self.shapes {
            match shape {
                Shape::Line(points, paint, width) => {
                    let points = places(points);
                    writeln!(svg, "<polyline points=\"{points}\" fill=\"none\"{}/>", stroke(paint, *width))?;
                }
                Shape::Area(corners, paint) => {
                    writeln!(svg, "<polygon points=\"{}\"{}/>", places(corners), fill(paint))?;
                }
                Shape::Box((x, y), (width, height), paint) => {
                    let size = format!("width=\"{width}\" height=\"{height}\"");
                    writeln!(svg, "<rect x=\"{x}\" y=\"{y}\" {size}{}/>", fill(paint))?;
                }
                Shape::Circle((x, y), radius, paint, ring) => {
                    let look = ring.map_or(fill(paint), |width| format!(" fill=\"none\"{}", stroke(paint, width)));
                    writeln!(svg, "<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\"{look}/>")?;
                }
                Shape::Words(words) => write_words(svg, words)?,
            }
        }
        svg.push_str("</svg>\n");
        Ok(())
    }
}

fn spelled(svg: &mut String, words: &Words) -> fmt::Result {
    let (x, y) = words.at;
    let anchor = match words.anchor {
        Anchor::Start => "",
        Anchor::Middle => " text-anchor=\"middle\"",
        Anchor::End => " text-anchor=\"end\"",
    };
    let degrees = 90 * u32::from(words.turns);
    let turn = if degrees > 0 { format!(" transform=\"rotate({degrees} {x:.1} {y:.1})\"") } else { String::new() };
    let (size, paint, text) = (words.em, fill(&words.paint), escape(&words.text));
    writeln!(svg, "<text x=\"{x:.1}\" y=\"{y:.1}\" font-size=\"{size:.1}\"{anchor}{turn}{paint}>{text}</text>")
}

fn outlined(svg: &mut String, words: &Words, font: &Font) -> fmt::Result {
    let ((x, y), degrees) = (words.start(), 90 * u32::from(words.turns));
    let scale = words.em / font.units();
    let (text, paint) = (escape(&words.text), fill(&words.paint));
    write!(svg, "<g aria-label=\"{text}\" transform=\"translate({x:.1} {y:.1})")?;
    if degrees > 0 {
        write!(svg, " rotate({degrees})")?;
    }
    write!(svg, " scale({scale:.5})\"{paint}>")?;
    for (place, letter) in words.text.chars().enumerate().filter(|(_, letter)| *letter != ' ') {
        let x = place as f64 * ADVANCE * font.units();
        write!(svg, "<use href=\"#g{}\" x=\"{x:.0}\"/>", font.glyph(letter))?;
    }
    svg.push_str("</g>\n");
    Ok(())
}

fn places(points: &[(i32, i32)]) -> String {
    let points: Vec<String> = points.iter().map(|(x, y)| format!("{x},{y}")).collect();
    points.join(" ")
}

fn colour(paint: &Paint) -> String {
    let (red, green, blue) = paint.rgb;
    format!("#{red:02X}{green:02X}{blue:02X}")
}

fn fill(paint: &Paint) -> String {
    let opacity = if paint.alpha < 1.0 { format!(" fill-opacity=\"{}\"", paint.alpha) } else { String::new() };
    format!(" fill=\"{}\"{opacity}", colour(paint))
}

fn stroke(paint: &Paint, width: u32) -> String {
    let opacity = if paint.alpha < 1.0 { format!(" stroke-opacity=\"{}\"", paint.alpha) } else { String::new() };
    format!(" stroke=\"{}\" stroke-width=\"{width}\"{opacity}", colour(paint))
}
