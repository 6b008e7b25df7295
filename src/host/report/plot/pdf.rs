//! Writes a drawing as PDF: one page of the drawing's size, with the part of the font that it uses.

use std::collections::BTreeMap;
use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use pdf_writer::types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap};
use pdf_writer::{Content, Filter, Finish, Name, Pdf, Rect, Ref, Str, TextStr};
use subsetter::GlyphRemapper;

use super::drawing::{Drawing, Paint, Shape, Words};
use super::error::PlotError;
use super::font::{ADVANCE, CAPITAL, DESCENT, Font, HACK, HEIGHT};

/// Points in a tenth of a millimetre.
const POINTS: f32 = 72.0 / 254.0;
/// The distance of the control points with which a Bezier curve approximates a quarter of a circle of radius 1.
const QUARTER: f32 = 0.552_284_8;

const CATALOG: Ref = Ref::new(1);
const PAGES: Ref = Ref::new(2);
const PAGE: Ref = Ref::new(3);
const CONTENT: Ref = Ref::new(4);
const INFO: Ref = Ref::new(5);
const FONT: Ref = Ref::new(6);
const CID_FONT: Ref = Ref::new(7);
const DESCRIPTOR: Ref = Ref::new(8);
const FILE: Ref = Ref::new(9);
const UNICODE: Ref = Ref::new(10);

const SYSTEM: SystemInfo<'static> = SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };
/// The font's name, with a tag that marks it as a subset.
const NAME: Name<'static> = Name(b"MAESTR+Hack-Regular");
/// The name by which the page refers to the font.
const LETTERS: Name<'static> = Name(b"F0");

impl Drawing {
    /// A document of one page. Its bytes do not depend on time or place.
    ///
    /// # Errors
    /// No failure is known.
    pub fn pdf(&self, title: &str) -> Result<Vec<u8>, PlotError> {
        let mut letters = Letters::new()?;
        let content = compressed(&self.content(&mut letters))?;
        let mut pdf = Pdf::new();
        pdf.catalog(CATALOG).pages(PAGES);
        pdf.pages(PAGES).kids([PAGE]).count(1);
        let [width, height] = [self.size.0, self.size.1].map(|units| units as f32 * POINTS);
        let mut page = pdf.page(PAGE);
        page.media_box(Rect::new(0.0, 0.0, width, height)).parent(PAGES).contents(CONTENT);
        let mut resources = page.resources();
        resources.fonts().pair(LETTERS, FONT);
        let mut states = resources.ext_g_states();
        for percent in self.alphas() {
            let alpha = f32::from(percent) / 100.0;
            let name = state(percent);
            states
                .insert(Name(name.as_bytes()))
                .start::<pdf_writer::writers::ExtGraphicsState<'_>>()
                .non_stroking_alpha(alpha)
                .stroking_alpha(alpha);
        }
        states.finish();
        resources.finish();
        page.finish();
        pdf.stream(CONTENT, &content).filter(Filter::FlateDecode);
        pdf.document_info(INFO).title(TextStr(title)).producer(TextStr("maestrino"));
        letters.write(&mut pdf)?;
        Ok(pdf.finish())
    }

    /// The distinct opacities of the shapes, in percent.
    fn alphas(&self) -> Vec<u8> {
        let of = |shape: &Shape| match shape {
            Shape::Line(_, paint, _) | Shape::Area(_, paint) | Shape::Box(_, _, paint) => percent(paint),
            Shape::Circle(_, _, paint, _) => percent(paint),
            Shape::Words(words) => percent(&words.paint),
        };
        let mut alphas: Vec<u8> = self.shapes.iter().map(of).collect();
        alphas.sort_unstable();
        alphas.dedup();
        alphas
    }

    fn content(&self, letters: &mut Letters) -> Vec<u8> {
        let mut content = Content::new();
        // From here on, coordinates are those of the drawing.
        content.transform([POINTS, 0.0, 0.0, -POINTS, 0.0, self.size.1 as f32 * POINTS]);
        for shape in &self.shapes {
            match shape {
                Shape::Line(points, paint, width) => {
                    stroke(&mut content, paint, *width);
                    path(&mut content, points);
                    content.stroke();
                }
                Shape::Area(corners, paint) => {
                    fill(&mut content, paint);
                    path(&mut content, corners);
                    content.fill_nonzero();
                }
                Shape::Box((x, y), (width, height), paint) => {
                    fill(&mut content, paint);
                    content.rect(*x as f32, *y as f32, *width as f32, *height as f32).fill_nonzero();
                }
                Shape::Circle(centre, radius, paint, ring) => {
                    match ring {
                        Some(width) => stroke(&mut content, paint, *width),
                        None => fill(&mut content, paint),
                    }
                    circle(&mut content, *centre, *radius as f32);
                    if ring.is_some() {
                        content.stroke()
                    } else {
                        content.fill_nonzero()
                    };
                }
                Shape::Words(words) => letters.show(&mut content, words),
            }
        }
        content.finish().to_vec()
    }
}

fn percent(paint: &Paint) -> u8 {
    (paint.alpha * 100.0).round().clamp(0.0, 100.0) as u8
}

/// The name of the graphics state for an opacity in percent.
fn state(percent: u8) -> String {
    format!("A{percent}")
}

fn rgb(paint: &Paint) -> [f32; 3] {
    [paint.rgb.0, paint.rgb.1, paint.rgb.2].map(|part| f32::from(part) / 255.0)
}

fn fill(content: &mut Content, paint: &Paint) {
    let [red, green, blue] = rgb(paint);
    content.set_parameters(Name(state(percent(paint)).as_bytes())).set_fill_rgb(red, green, blue);
}

fn stroke(content: &mut Content, paint: &Paint, width: u32) {
    let [red, green, blue] = rgb(paint);
    content.set_parameters(Name(state(percent(paint)).as_bytes()));
    content.set_stroke_rgb(red, green, blue).set_line_width(width as f32);
}

fn path(content: &mut Content, points: &[(i32, i32)]) {
    for (place, &(x, y)) in points.iter().enumerate() {
        let (x, y) = (x as f32, y as f32);
        if place == 0 {
            content.move_to(x, y)
        } else {
            content.line_to(x, y)
        };
    }
}

fn circle(content: &mut Content, (x, y): (i32, i32), radius: f32) {
    let (x, y, arm) = (x as f32, y as f32, radius * QUARTER);
    content.move_to(x + radius, y);
    content.cubic_to(x + radius, y + arm, x + arm, y + radius, x, y + radius);
    content.cubic_to(x - arm, y + radius, x - radius, y + arm, x - radius, y);
    content.cubic_to(x - radius, y - arm, x - arm, y - radius, x, y - radius);
    content.cubic_to(x + arm, y - radius, x + radius, y - arm, x + radius, y);
    content.close_path();
}

/// Collects the letters that a document uses.
struct Letters {
    font: Font,
    remapper: GlyphRemapper,
    /// The letter that each glyph of the subset stands for.
    meaning: BTreeMap<u16, char>,
}

impl Letters {
    fn new() -> Result<Letters, PlotError> {
        Ok(Letters { font: Font::new()?, remapper: GlyphRemapper::new(), meaning: BTreeMap::new() })
    }

    fn show(&mut self, content: &mut Content, words: &Words) {
        let mut glyphs = Vec::with_capacity(2 * words.text.len());
        for letter in words.text.chars() {
            let glyph = self.remapper.remap(self.font.glyph(letter));
            self.meaning.entry(glyph).or_insert(letter);
            glyphs.extend(glyph.to_be_bytes());
        }
        let (x, y) = words.start();
        let (cos, sin) = words.direction();
        fill(content, &words.paint);
        content.begin_text().set_font(LETTERS, words.em as f32);
        // The y axis points down, so the text matrix mirrors the letters to stand upright.
        content.set_text_matrix([cos, sin, sin, -cos, x, y].map(|number| number as f32));
        content.show(Str(&glyphs)).end_text();
    }

    fn write(self, pdf: &mut Pdf) -> Result<(), PlotError> {
        let part = subsetter::subset(HACK, 0, &self.remapper).map_err(PlotError::new)?;
        pdf.type0_font(FONT)
            .base_font(NAME)
            .encoding_predefined(Name(b"Identity-H"))
            .descendant_font(CID_FONT)
            .to_unicode(UNICODE);
        let thousandths = |em: f64| (1000.0 * em) as f32;
        let mut cid = pdf.cid_font(CID_FONT);
        cid.subtype(CidFontType::Type2).base_font(NAME).system_info(SYSTEM).font_descriptor(DESCRIPTOR);
        cid.default_width(thousandths(ADVANCE)).cid_to_gid_map_predefined(Name(b"Identity"));
        cid.finish();
        let mut descriptor = pdf.font_descriptor(DESCRIPTOR);
        descriptor.name(NAME).flags(FontFlags::SYMBOLIC | FontFlags::FIXED_PITCH);
        descriptor.bbox(Rect::new(0.0, thousandths(-DESCENT), thousandths(ADVANCE), thousandths(HEIGHT - DESCENT)));
        descriptor.italic_angle(0.0).ascent(thousandths(HEIGHT - DESCENT)).descent(thousandths(-DESCENT));
        descriptor.cap_height(thousandths(CAPITAL)).stem_v(80.0).font_file2(FILE);
        descriptor.finish();
        let bytes = compressed(&part)?;
        pdf.stream(FILE, &bytes).filter(Filter::FlateDecode).pair(Name(b"Length1"), part.len() as i32);
        let mut unicode = UnicodeCmap::new(Name(b"Custom"), SYSTEM);
        self.meaning.iter().for_each(|(glyph, letter)| unicode.pair(*glyph, *letter));
        pdf.cmap(UNICODE, &unicode.finish());
        Ok(())
    }
}

fn compressed(bytes: &[u8]) -> Result<Vec<u8>, PlotError> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).map_err(PlotError::new)?;
    encoder.finish().map_err(PlotError::new)
}
