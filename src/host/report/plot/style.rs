//! How plots look on paper: sizes, colours and letters.

use plotters::style::{FontDesc, FontTransform, IntoFont, RGBColor, TextStyle};

/// A column of a paper, in units: tenths of a millimetre.
pub(super) const COLUMN: i32 = 850;
/// Two columns and what is between them.
pub(super) const PAGE: i32 = 1780;
/// Letters of 7 points, in units from ascent to descent, as plotters counts.
pub(super) const FONT: i32 = 29;
/// The width of such a letter.
pub(super) const LETTER: i32 = 15;

/// Lines and letters. Not quite black and white, so that a page can tell them from colours of the data and swap them.
pub(super) const INK: RGBColor = RGBColor(0x21, 0x21, 0x21);
/// Behind everything.
pub(super) const PAPER: RGBColor = RGBColor(0xFE, 0xFE, 0xFE);
/// Lines behind the data.
pub(super) const GRID: RGBColor = RGBColor(0xDD, 0xDD, 0xDD);

pub(super) fn letters() -> FontDesc<'static> {
    ("sans-serif", FONT).into_font()
}

/// The style of letters: ink, from left to right.
pub(super) fn ink() -> TextStyle<'static> {
    letters().color(&INK)
}

/// The same, from top to bottom.
pub(super) fn downwards() -> TextStyle<'static> {
    letters().transform(FontTransform::Rotate90).color(&INK)
}

/// How wide a text is, in units.
pub(super) fn width(text: &str) -> i32 {
    text.chars().count() as i32 * LETTER
}

/// Text with its middle left out where it is longer than `most` characters: names differ at both ends.
pub(super) fn shortened(text: &str, most: usize) -> String {
    let letters: Vec<char> = text.chars().collect();
    if letters.len() <= most {
        return text.to_string();
    }
    let (head, tail) = (most / 2, most - 1 - most / 2);
    letters[..head].iter().chain(&['…']).chain(&letters[letters.len() - tail..]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_cut_in_the_middle() {
        assert_eq!(shortened("abcdefgh", 8), "abcdefgh");
        assert_eq!(shortened("abcdefghi", 8), "abcd…ghi");
    }
}
