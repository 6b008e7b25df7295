//! Bars with their figures beside them, for example the cycles of each layer.

use plotters::backend::DrawingBackend;
use plotters::coord::Shift;
use plotters::drawing::DrawingArea;
use plotters::element::{Rectangle, Text};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, IntoFont, RGBColor};

use super::{INK, PAPER, Plot, PlotError};

/// Bars, one below the other.
#[derive(Clone, Debug, Default)]
pub struct Bars {
    /// Their names, lengths, and what is written behind them.
    pub rows: Vec<(String, f64, String)>,
}

const WIDTH: i32 = 560;
const ROW: i32 = 22;
const FONT: i32 = 14;
const MARGIN: i32 = 12;
/// The longest name, in characters.
const NAME: usize = 22;

fn width(text: &str) -> i32 {
    text.chars().count() as i32 * FONT * 62 / 100
}

impl Plot for Bars {
    fn size(&self) -> (u32, u32) {
        (WIDTH as u32, (2 * MARGIN + ROW * self.rows.len().max(1) as i32) as u32)
    }

    fn draw<B: DrawingBackend>(&self, canvas: &DrawingArea<B, Shift>) -> Result<(), PlotError> {
        canvas.fill(&PAPER).map_err(PlotError::new)?;
        let names: Vec<_> = self.rows.iter().map(|(name, ..)| shortened(name)).collect();
        let left = MARGIN + 8 + names.iter().map(|name| width(name)).max().unwrap_or(0);
        let right = WIDTH - MARGIN - 8 - self.rows.iter().map(|(.., note)| width(note)).max().unwrap_or(0);
        let longest =
            self.rows.iter().map(|&(_, value, _)| value).filter(|value| value.is_finite()).fold(0.0, f64::max);
        let text = |words: &str, at, h| {
            let style = ("sans-serif", FONT).into_font().color(&INK).pos(Pos::new(h, VPos::Center));
            canvas.draw(&Text::new(words.to_string(), at, style)).map_err(PlotError::new)
        };
        for ((place, (_, value, note)), name) in (0..).zip(&self.rows).zip(&names) {
            let top = MARGIN + place * ROW;
            let share = if longest > 0.0 { (value / longest).clamp(0.0, 1.0) } else { 0.0 };
            let end = left + (f64::from((right - left).max(1)) * share).round() as i32;
            text(name, (left - 8, top + ROW / 2), HPos::Right)?;
            let bar = Rectangle::new([(left, top + 3), (end.max(left + 1), top + ROW - 3)], BAR.filled());
            canvas.draw(&bar).map_err(PlotError::new)?;
            text(note, (end + 8, top + ROW / 2), HPos::Left)?;
        }
        Ok(())
    }
}

const BAR: RGBColor = RGBColor(0, 114, 178);

/// A name with its middle left out where it is long: layers differ at both ends.
fn shortened(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    if letters.len() <= NAME {
        return name.to_string();
    }
    let (head, tail) = (NAME / 2, NAME - 1 - NAME / 2);
    letters[..head].iter().chain(&['…']).chain(&letters[letters.len() - tail..]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_proportional_and_names_fit() {
        let long = "features/block12/expand/convolution".to_string();
        let rows = vec![(long, 10.0, "10 cycles".to_string()), ("b".to_string(), 5.0, "5".to_string())];
        let svg = Bars { rows }.svg().unwrap();
        assert!(svg.contains("features/bl…onvolution"), "{svg}");
        let widths: Vec<i32> = svg
            .lines()
            .filter(|line| line.contains("#0072B2"))
            .filter_map(|line| line.split("width=\"").nth(1)?.split('"').next()?.parse().ok())
            .collect();
        assert_eq!(widths.len(), 2, "{svg}");
        assert!((widths[0] - 2 * widths[1]).abs() <= 2, "{widths:?}");
        assert!(Bars::default().svg().unwrap().contains("<svg"));
    }
}
