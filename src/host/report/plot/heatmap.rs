//! A square of numbers as a heat map, for example of rank correlations.

use plotters::backend::DrawingBackend;
use plotters::coord::Shift;
use plotters::drawing::DrawingArea;
use plotters::element::{Rectangle, Text};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{BLACK, Color, RGBColor, WHITE};

use super::canvas::Plot;
use super::error::PlotError;
use super::style::{self, COLUMN, FONT, LETTER, PAGE, PAPER, downwards, ink, letters, shortened};

/// A heat map with the same names along both sides. With up to 20 names, each cell contains its number. Names that
/// are too long for the sides are numbered and listed below the cells.
#[derive(Clone, Debug)]
pub struct HeatMap<'a> {
    /// The title of the plot.
    pub title: &'a str,
    /// Names of rows and columns.
    pub names: &'a [String],
    /// The values, row by row. A cell with `None` stays white.
    pub values: &'a [Option<f64>],
    /// The values at the two ends of the colour scale.
    pub range: [f64; 2],
}

const MARGIN: i32 = 16;
const TITLE: i32 = 48;
/// The width of the colour scale with its labels and the gap before it.
const SCALE: i32 = 120;
/// The height of a row of the list of names.
const ROW: i32 = 36;
/// The gap between the cells and their labels.
const GAP: i32 = 8;
/// The smallest cell with room for a number.
const ROOMY: i32 = 5 * LETTER + 4;
/// The maximum number of names for which cells have numbers: in a plot of one column, and of two.
const NUMBERED: [usize; 2] = [8, 20];

/// Sizes in units.
struct Layout {
    width: i32,
    cell: i32,
    label: i32,
    /// Whether the sides show numbers, with the names listed below.
    keyed: bool,
}

impl HeatMap<'_> {
    fn layout(&self) -> Layout {
        let count = self.names.len().max(1);
        let width = if count <= NUMBERED[0] { COLUMN } else { PAGE };
        let longest = |names: &mut dyn Iterator<Item = i32>| names.max().unwrap_or(0) + GAP;
        let names = longest(&mut self.names.iter().map(|name| style::width(name)));
        let cell = |label: i32| (width - 2 * MARGIN - label - SCALE) / count as i32;
        let keyed = count <= NUMBERED[1] && cell(names) < ROOMY;
        let label = if keyed { style::width(&count.to_string()) + GAP } else { names };
        let cell = cell(label).clamp(2, 100);
        // Cells have a minimum size, so many of them may be wider than a page.
        Layout { width: width.max(2 * MARGIN + label + cell * count as i32 + SCALE), cell, label, keyed }
    }

    /// The label of a row or column.
    fn label(&self, place: usize, keyed: bool) -> String {
        if keyed { (place + 1).to_string() } else { self.names[place].clone() }
    }
}

impl Plot for HeatMap<'_> {
    fn size(&self) -> (u32, u32) {
        let Layout { width, cell, label, keyed } = self.layout();
        let side = cell * self.names.len().max(1) as i32;
        let below = if keyed { FONT + 2 * GAP + ROW * self.names.len() as i32 } else { label };
        (width as u32, (2 * MARGIN + TITLE + side + below) as u32)
    }

    fn draw<B: DrawingBackend>(&self, canvas: &DrawingArea<B, Shift>) -> Result<(), PlotError> {
        canvas.fill(&PAPER).map_err(PlotError::new)?;
        let Layout { width, cell, label, keyed } = self.layout();
        let (left, top) = (MARGIN + label, MARGIN + TITLE);
        let side = cell * self.names.len() as i32;
        let text = |words: String, at, style| canvas.draw(&Text::new(words, at, style)).map_err(PlotError::new);
        let most = |from: i32| ((width - MARGIN - from) / LETTER).max(3) as usize;

        text(shortened(self.title, most(MARGIN)), (MARGIN, MARGIN), ink())?;
        // If rows are lower than a letter, only some of the labels have room.
        for place in (0..self.names.len()).step_by((FONT as usize + 1).div_ceil(cell as usize)) {
            let middle = cell * place as i32 + cell / 2;
            let row = ink().pos(Pos::new(HPos::Right, VPos::Center));
            text(self.label(place, keyed), (left - GAP, top + middle), row)?;
            let at = (left + middle, top + side + GAP);
            let column = if keyed {
                ink().pos(Pos::new(HPos::Center, VPos::Top))
            } else {
                downwards().pos(Pos::new(HPos::Left, VPos::Center))
            };
            text(self.label(place, keyed), at, column)?;
        }
        for (place, name) in self.names.iter().enumerate().filter(|_| keyed) {
            let y = top + side + FONT + 2 * GAP + ROW * place as i32;
            let number = ink().pos(Pos::new(HPos::Right, VPos::Top));
            text((place + 1).to_string(), (left - GAP, y), number)?;
            text(shortened(name, most(left + GAP)), (left + GAP, y), ink())?;
        }
        for (place, value) in self.values.iter().enumerate() {
            let Some(value) = *value else { continue };
            let (row, column) = (place / self.names.len(), place % self.names.len());
            let (x, y) = (left + cell * column as i32, top + cell * row as i32);
            let colour = self.colour(value);
            let cell_of = Rectangle::new([(x, y), (x + cell, y + cell)], colour.filled());
            canvas.draw(&cell_of).map_err(PlotError::new)?;
            if cell >= ROOMY {
                let style = letters().color(&readable_on(colour)).pos(Pos::new(HPos::Center, VPos::Center));
                text(number(value), (x + cell / 2, y + cell / 2), style)?;
            }
        }
        self.draw_scale(canvas, left + side + 2 * GAP, top, side.max(100))
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
        const WIDTH: i32 = 22;
        for band in 0..BANDS {
            let value = high - (high - low) * (f64::from(band) + 0.5) / f64::from(BANDS);
            // Each band reaches below the next one, so that no gap shows between them.
            let (from, to) = (top + height * band / BANDS, top + height);
            let area = Rectangle::new([(left, from), (left + WIDTH, to)], self.colour(value).filled());
            canvas.draw(&area).map_err(PlotError::new)?;
        }
        for step in 0..=4 {
            let value = low + (high - low) * f64::from(step) / 4.0;
            let y = top + height - height * step / 4;
            let style = ink().pos(Pos::new(HPos::Left, VPos::Center));
            canvas.draw(&Text::new(format!("{value:.2}"), (left + WIDTH + GAP, y), style)).map_err(PlotError::new)?;
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

/// The colour map viridis of matplotlib (CC0) at multiples of 1/9. Larger values are lighter, also in grey and for
/// colour-blind readers.
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

/// Black or white, whichever has more contrast with this colour.
fn readable_on(RGBColor(r, g, b): RGBColor) -> RGBColor {
    let luminance = 0.299 * f64::from(r) + 0.587 * f64::from(g) + 0.114 * f64::from(b);
    if luminance > 120.0 { BLACK } else { WHITE }
}

/// A number in at most five characters. Only the value 1 is shown as `1`.
fn number(value: f64) -> String {
    // The correlation of equal rankings may differ from 1 by a rounding error.
    if (value - 1.0).abs() < 1e-9 {
        return "1".to_string();
    }
    match format!("{value:.3}") {
        rounded if rounded == "1.000" => ">.999".to_string(),
        rounded if rounded.starts_with('-') => format!("{value:.2}"),
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
        let svg = map.drawing().unwrap().element();
        for word in ["NVDLA #1", "WS &lt;&amp;&gt;", "0.988", "-0.25", "Spearman", ">1<"] {
            assert!(svg.contains(word), "{word}: {svg}");
        }
        let png = map.png().unwrap();
        let reader = png::Decoder::new(std::io::Cursor::new(&png)).read_info().unwrap();
        assert_eq!((reader.info().width, reader.info().height), map.size());
        assert_eq!(png, map.png().unwrap());
        // Shows that text is drawn even though no font is installed: without names the image differs.
        let nameless = HeatMap { title: "", names: &["", ""].map(String::from), ..map };
        assert_ne!(png, nameless.png().unwrap());
    }

    #[test]
    fn only_one_is_shown_as_one() {
        assert_eq!([1.0, 0.9999, 0.994, 0.0, -1.0].map(number), ["1", ">.999", "0.994", "0.000", "-1.00"]);
    }
}
