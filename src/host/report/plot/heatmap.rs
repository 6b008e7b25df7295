//! A square of numbers as a heat map, for example of rank correlations.

use plotters::backend::DrawingBackend;
use plotters::coord::Shift;
use plotters::drawing::DrawingArea;
use plotters::element::{Rectangle, Text};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{BLACK, Color, FontTransform, IntoFont, RGBColor, WHITE};

use super::{INK, PAPER, Plot, PlotError};

/// A heat map: the same names along both sides, a number in each cell of up to 40 names.
#[derive(Clone, Debug)]
pub struct HeatMap<'a> {
    /// What is shown.
    pub title: &'a str,
    /// Names of rows and columns.
    pub names: &'a [String],
    /// Row by row; `None` is left white.
    pub values: &'a [Option<f64>],
    /// Values at the ends of the colour scale.
    pub range: [f64; 2],
}

const MARGIN: i32 = 16;
const TITLE: i32 = 44;
const SCALE: i32 = 90;
/// Most names with numbers in the cells.
const NUMBERED: usize = 40;

/// Sizes in pixels.
struct Layout {
    cell: i32,
    font: i32,
    label: i32,
}

impl HeatMap<'_> {
    fn layout(&self) -> Layout {
        let cell = match self.names.len() {
            0..=12 => 76,
            13..=NUMBERED => 52,
            more => (2400 / more as i32).clamp(2, 40),
        };
        let font = (cell * 5 / 19).clamp(9, 20);
        let longest = self.names.iter().map(|name| name.chars().count()).max().unwrap_or(0) as i32;
        // The font is 0.6 of its size wide.
        Layout { cell, font, label: longest * font * 62 / 100 + 12 }
    }
}

impl Plot for HeatMap<'_> {
    fn size(&self) -> (u32, u32) {
        let Layout { cell, label, .. } = self.layout();
        let side = cell * self.names.len().max(1) as i32;
        let title = self.title.chars().count() as i32 * 12 + 2 * MARGIN;
        ((2 * MARGIN + label + side + SCALE).max(title) as u32, (2 * MARGIN + TITLE + side + label) as u32)
    }

    fn draw<B: DrawingBackend>(&self, canvas: &DrawingArea<B, Shift>) -> Result<(), PlotError> {
        canvas.fill(&PAPER).map_err(PlotError::new)?;
        let Layout { cell, font, label } = self.layout();
        let (left, top) = (MARGIN + label, MARGIN + TITLE);
        let side = cell * self.names.len() as i32;
        let style = |size: i32| ("sans-serif", size).into_font().color(&INK);
        let anchor = |h, v| Pos::new(h, v);
        let text = |words: String, at, style| canvas.draw(&Text::new(words, at, style)).map_err(PlotError::new);

        text(self.title.to_string(), (MARGIN, MARGIN), style(18))?;
        // Where lines are narrower than letters are high, not every name has room.
        for (place, name) in self.names.iter().enumerate().step_by((font as usize + 1).div_ceil(cell as usize)) {
            let middle = cell * place as i32 + cell / 2;
            let row = style(font).pos(anchor(HPos::Right, VPos::Center));
            text(name.clone(), (left - 6, top + middle), row)?;
            let column = ("sans-serif", font).into_font().transform(FontTransform::Rotate90).color(&INK);
            text(name.clone(), (left + middle, top + side + 6), column.pos(anchor(HPos::Left, VPos::Center)))?;
        }
        let numbered = self.names.len() <= NUMBERED;
        for (place, value) in self.values.iter().enumerate() {
            let Some(value) = *value else { continue };
            let (row, column) = (place / self.names.len(), place % self.names.len());
            let (x, y) = (left + cell * column as i32, top + cell * row as i32);
            let colour = self.colour(value);
            let cell_of = Rectangle::new([(x, y), (x + cell, y + cell)], colour.filled());
            canvas.draw(&cell_of).map_err(PlotError::new)?;
            if numbered {
                let middle = (x + cell / 2, y + cell / 2);
                let style = ("sans-serif", font).into_font().color(&readable_on(colour));
                text(number(value), middle, style.pos(anchor(HPos::Center, VPos::Center)))?;
            }
        }
        self.draw_scale(canvas, left + side + 20, top, side.max(cell))
    }
}

impl HeatMap<'_> {
    fn draw_scale<B: DrawingBackend>(
        &self,
        canvas: &DrawingArea<B, Shift>,
        left: i32,
        top: i32,
        height: i32,
    ) -> Result<(), PlotError> {
        let [low, high] = self.range;
        const BANDS: i32 = 64;
        for band in 0..BANDS {
            let value = high - (high - low) * (f64::from(band) + 0.5) / f64::from(BANDS);
            // Each reaches below the next, lest the paper shows between them.
            let (from, to) = (top + height * band / BANDS, top + height);
            let area = Rectangle::new([(left, from), (left + 16, to)], self.colour(value).filled());
            canvas.draw(&area).map_err(PlotError::new)?;
        }
        for step in 0..=4 {
            let value = low + (high - low) * f64::from(step) / 4.0;
            let y = top + height - height * step / 4;
            let style = ("sans-serif", 15).into_font().color(&INK).pos(Pos::new(HPos::Left, VPos::Center));
            canvas.draw(&Text::new(format!("{value:.2}"), (left + 22, y), style)).map_err(PlotError::new)?;
        }
        Ok(())
    }

    fn colour(&self, value: f64) -> RGBColor {
        let [low, high] = self.range;
        let place = ((value - low) / (high - low)).clamp(0.0, 1.0) * (VIRIDIS.len() - 1) as f64;
        let (from, part) = (place.floor() as usize, place.fract());
        let to = (from + 1).min(VIRIDIS.len() - 1);
        let [r, g, b] = std::array::from_fn(|channel| {
            let (from, to) = (f64::from(VIRIDIS[from][channel]), f64::from(VIRIDIS[to][channel]));
            (from + (to - from) * part).round() as u8
        });
        RGBColor(r, g, b)
    }
}

/// The colour map viridis of matplotlib (CC0), at ninths: lighter means more, also in grey and to the colour-blind.
const VIRIDIS: [[u8; 3]; 10] = [
    [68, 1, 84],
    [72, 40, 120],
    [62, 74, 137],
    [49, 104, 142],
    [38, 130, 142],
    [31, 158, 137],
    [53, 183, 121],
    [109, 205, 89],
    [180, 222, 44],
    [253, 231, 37],
];

/// Black or white, whichever stands out.
fn readable_on(RGBColor(r, g, b): RGBColor) -> RGBColor {
    let luminance = 0.299 * f64::from(r) + 0.587 * f64::from(g) + 0.114 * f64::from(b);
    if luminance > 120.0 { BLACK } else { WHITE }
}

/// Three decimals; only 1 looks like 1.
fn number(value: f64) -> String {
    // Correlations of equal rankings may be off by a rounding error.
    if (value - 1.0).abs() < 1e-9 {
        return "1".to_string();
    }
    match format!("{value:.3}") {
        rounded if rounded == "1.000" => ">0.999".to_string(),
        rounded => rounded,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_show_every_name_and_number() {
        let names = ["NVDLA #1", "WS <&>"].map(String::from);
        let values = [Some(1.0), Some(0.98765), Some(-0.25), None];
        let map = HeatMap { title: "Spearman", names: &names, values: &values, range: [-1.0, 1.0] };
        let svg = map.svg().unwrap();
        for word in ["NVDLA #1", "WS &lt;&amp;&gt;", "0.988", "-0.250", "Spearman", ">\n1\n<"] {
            assert!(svg.contains(word), "{word}: {svg}");
        }
        let png = map.png().unwrap();
        let reader = png::Decoder::new(std::io::Cursor::new(&png)).read_info().unwrap();
        assert_eq!((reader.info().width, reader.info().height), map.size());
        assert_eq!(png, map.png().unwrap());
        // The text is drawn although no font is installed: a map without it differs.
        let nameless = HeatMap { title: "", names: &["", ""].map(String::from), ..map };
        assert_ne!(png, nameless.png().unwrap());
    }

    #[test]
    fn only_one_is_shown_as_one() {
        assert_eq!([1.0, 0.9999, 0.994, 0.0].map(number), ["1", ">0.999", "0.994", "0.000"]);
    }
}
