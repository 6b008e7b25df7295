//! Horizontal bars with their figures, for example the cycles of each layer.

use plotters::backend::DrawingBackend;
use plotters::coord::Shift;
use plotters::drawing::DrawingArea;
use plotters::element::{Rectangle, Text};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, RGBColor};

use super::canvas::Plot;
use super::error::PlotError;
use super::style::{COLUMN, PAPER, ink, shortened, width};

/// Bars, one below the other.
#[derive(Clone, Debug, Default)]
pub struct Bars {
    /// The name of each bar, its length, and the text behind it.
    pub rows: Vec<(String, f64, String)>,
}

const ROW: i32 = 38;
const MARGIN: i32 = 12;
/// The gap between a bar and the texts before and behind it.
const GAP: i32 = 10;
/// The maximum length of a name, in characters.
const NAME: usize = 22;

impl Plot for Bars {
    fn size(&self) -> (u32, u32) {
        (COLUMN as u32, (2 * MARGIN + ROW * self.rows.len().max(1) as i32) as u32)
    }

    fn draw<B: DrawingBackend>(&self, canvas: &DrawingArea<B, Shift>) -> Result<(), PlotError> {
        canvas.fill(&PAPER).map_err(PlotError::new)?;
        let names: Vec<_> = self.rows.iter().map(|(name, ..)| shortened(name, NAME)).collect();
        let left = MARGIN + GAP + names.iter().map(|name| width(name)).max().unwrap_or(0);
        let right = COLUMN - MARGIN - GAP - self.rows.iter().map(|(.., note)| width(note)).max().unwrap_or(0);
        let longest =
            self.rows.iter().map(|&(_, value, _)| value).filter(|value| value.is_finite()).fold(0.0, f64::max);
        let text = |words: &str, at, h| {
            let style = ink().pos(Pos::new(h, VPos::Center));
            canvas.draw(&Text::new(words.to_string(), at, style)).map_err(PlotError::new)
        };
        for ((place, (_, value, note)), name) in (0..).zip(&self.rows).zip(&names) {
            let top = MARGIN + place * ROW;
            let share = if longest > 0.0 { (value / longest).clamp(0.0, 1.0) } else { 0.0 };
            let end = left + (f64::from((right - left).max(1)) * share).round() as i32;
            text(name, (left - GAP, top + ROW / 2), HPos::Right)?;
            let bar = Rectangle::new([(left, top + 4), (end.max(left + 1), top + ROW - 4)], BAR.filled());
            canvas.draw(&bar).map_err(PlotError::new)?;
            text(note, (end + GAP, top + ROW / 2), HPos::Left)?;
        }
        Ok(())
    }
}

const BAR: RGBColor = RGBColor(0, 114, 178);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_proportional_and_names_fit() {
        let long = "features/block12/expand/convolution".to_string();
        let rows = vec![(long, 10.0, "10 cycles".to_string()), ("b".to_string(), 5.0, "5".to_string())];
        let svg = Bars { rows }.drawing().unwrap().element();
        assert!(svg.contains("features/bl…onvolution"), "{svg}");
        let widths: Vec<i32> = svg
            .lines()
            .filter(|line| line.contains("#0072B2"))
            .filter_map(|line| line.split("width=\"").nth(1)?.split('"').next()?.parse().ok())
            .collect();
        assert_eq!(widths.len(), 2, "{svg}");
        assert!((widths[0] - 2 * widths[1]).abs() <= 2, "{widths:?}");
        assert_eq!(Bars::default().drawing().unwrap().words().count(), 0);
    }
}
