//! Sizes, colours and letters of plots on paper.

use plotters::style::{FontDesc, FontTransform, IntoFont, RGBColor, TextStyle};

/// The width of a column of a paper, in units of a tenth of a millimetre.
pub(super) const COLUMN: i32 = 850;
/// The width of two columns and the gap between them.
pub(super) const PAGE: i32 = 1780;
/// The height of letters of 7 points from ascent to descent, as plotters measures it, in units.
pub(super) const FONT: i32 = 29;
/// The width of a letter, in units.
pub(super) const LETTER: i32 = 15;

/// The colour of lines and letters. It is not quite black, and `PAPER` is not quite white, so that a page can
/// distinguish them from data colours and swap them.
pub(super) const INK: RGBColor = RGBColor(0x21, 0x21, 0x21);
/// The colour of the background.
pub(super) const PAPER: RGBColor = RGBColor(0xFE, 0xFE, 0xFE);
/// The colour of grid lines behind the data.
pub(super) const GRID: RGBColor = RGBColor(0xDD, 0xDD, 0xDD);

pub(super) fn letters() -> FontDesc<'static> {
    ("sans-serif", FONT).into_font()
}

/// Horizontal text in ink.
pub(super) fn ink() -> TextStyle<'static> {
    letters().color(&INK)
}

/// Text in ink that runs from top to bottom.
pub(super) fn downwards() -> TextStyle<'static> {
    letters().transform(FontTransform::Rotate90).color(&INK)
}

/// The width of a text, in units.
pub(super) fn width(text: &str) -> i32 {
    text.chars().count() as i32 * LETTER
}

/// Shortens a text to `most` characters by leaving out its middle, because names differ at both ends.
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
