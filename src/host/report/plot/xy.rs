//! Points and lines in a plane, for example accuracy against latency.

use plotters::backend::DrawingBackend;
use plotters::chart::ChartBuilder;
use plotters::coord::Shift;
use plotters::coord::combinators::{BindKeyPoints, IntoLogRange};
use plotters::coord::ranged1d::{AsRangedCoord, Ranged, ValueFormatter};
use plotters::drawing::DrawingArea;
use plotters::element::{Circle, Cross, PathElement, Polygon, Text, TriangleMarker};
use plotters::series::{DashedLineSeries, LineSeries};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, IntoFont, RGBColor, ShapeStyle};

use super::{GRID, INK, PAPER, Plot, PlotError};

/// A plane with several series, told apart by colour, marker and dashes.
#[derive(Clone, Debug, Default)]
pub struct XyPlot<'a> {
    /// What is along x, with its unit.
    pub x: &'a str,
    /// What is along y, with its unit.
    pub y: &'a str,
    /// Whether x is logarithmic where it spans more than a decade or so; points that are not positive are left out.
    pub log_x: bool,
    /// The same of y.
    pub log_y: bool,
    /// What is drawn, the last one on top.
    pub series: Vec<Series>,
}

/// A series of an [`XyPlot`].
#[derive(Clone, Debug)]
pub struct Series {
    /// Its name in the legend; no entry if it is empty.
    pub name: String,
    /// Its points.
    pub points: Vec<[f64; 2]>,
    /// How it is drawn.
    pub look: Look,
    /// Which colour, marker and dashes: its own number, or that of a series that it belongs to.
    pub style: usize,
}

/// How a series is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// Small pale dots: the many.
    Cloud,
    /// Markers.
    Markers,
    /// A line through the points.
    Line,
    /// A line with markers.
    LineMarkers,
}

/// Colours that the colour-blind tell apart (Okabe and Ito, 2008), on white and on black.
const COLOURS: [RGBColor; 7] = [
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(230, 159, 0),
    RGBColor(86, 180, 233),
    RGBColor(128, 128, 128),
];

const WIDTH: i32 = 560;
const HEIGHT: i32 = 380;
const FONT: i32 = 15;
const LEGEND_ROW: i32 = 24;
const MARGIN: i32 = 12;

impl XyPlot<'_> {
    /// Name and place of each entry of the legend.
    fn legend(&self) -> Vec<(&Series, i32, i32)> {
        let (mut x, mut row) = (MARGIN, 0);
        let named = self.series.iter().filter(|series| !series.name.is_empty());
        named
            .map(|series| {
                let width = 46 + series.name.chars().count() as i32 * FONT * 62 / 100;
                if x + width > WIDTH - MARGIN && x > MARGIN {
                    (x, row) = (MARGIN, row + 1);
                }
                let place = (series, x, row);
                x += width;
                place
            })
            .collect()
    }

    fn shown(&self, series: &Series) -> Vec<(f64, f64)> {
        let positive = |log: bool, value: f64| value.is_finite() && (!log || value > 0.0);
        let points = series.points.iter().filter(|[x, y]| positive(self.log_x, *x) && positive(self.log_y, *y));
        points.map(|&[x, y]| (x, y)).collect()
    }

    /// The least and the greatest value of an axis, with some room.
    fn range(&self, of: impl Fn(&(f64, f64)) -> f64, log: bool) -> (f64, f64) {
        let values = self.series.iter().flat_map(|series| self.shown(series)).map(|point| of(&point));
        let (low, high) =
            values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
        if low > high {
            return if log { (1.0, 10.0) } else { (0.0, 1.0) };
        }
        if log {
            let room = (high / low).powf(0.04).max(1.05);
            return (low / room, high * room);
        }
        let room = if high > low { (high - low) * 0.04 } else { high.abs().max(1.0) * 0.1 };
        // Nothing negative is shown where nothing is negative.
        (if low >= 0.0 { (low - room).max(0.0) } else { low - room }, high + room)
    }

    fn chart<B, X, Y>(&self, area: &DrawingArea<B, Shift>, x: X, y: Y) -> Result<(), PlotError>
    where
        B: DrawingBackend,
        X: AsRangedCoord<Value = f64>,
        Y: AsRangedCoord<Value = f64>,
        X::CoordDescType: Ranged<ValueType = f64> + ValueFormatter<f64>,
        Y::CoordDescType: Ranged<ValueType = f64> + ValueFormatter<f64>,
    {
        let mut chart = ChartBuilder::on(area)
            .margin(MARGIN)
            .margin_right(MARGIN * 2)
            .x_label_area_size(FONT * 3)
            .y_label_area_size(FONT * 5)
            .build_cartesian_2d(x, y)
            .map_err(PlotError::new)?;
        chart
            .configure_mesh()
            .light_line_style(PAPER)
            .bold_line_style(GRID)
            .axis_style(INK)
            .x_labels(6)
            .y_labels(6)
            .label_style(("sans-serif", FONT).into_font().color(&INK))
            .x_desc(self.x)
            .y_desc(self.y)
            .x_label_formatter(&|value| short(*value))
            .y_label_formatter(&|value| short(*value))
            .draw()
            .map_err(PlotError::new)?;
        for series in &self.series {
            let points = self.shown(series);
            let style = line_style(series);
            if matches!(series.look, Look::Line | Look::LineMarkers) {
                match dashes(series.style) {
                    None => chart.draw_series(LineSeries::new(points.iter().copied(), style)),
                    Some((dash, gap)) => {
                        chart.draw_series(DashedLineSeries::new(points.iter().copied(), dash, gap, style))
                    }
                }
                .map_err(PlotError::new)?;
            }
            if series.look != Look::Line {
                for point in points {
                    let at = chart.backend_coord(&point);
                    draw_marker(area, at, series)?;
                }
            }
        }
        Ok(())
    }
}

impl Plot for XyPlot<'_> {
    fn size(&self) -> (u32, u32) {
        let rows = self.legend().last().map_or(0, |(_, _, row)| row + 1);
        (WIDTH as u32, (HEIGHT + rows * LEGEND_ROW + MARGIN) as u32)
    }

    fn draw<B: DrawingBackend>(&self, canvas: &DrawingArea<B, Shift>) -> Result<(), PlotError> {
        canvas.fill(&PAPER).map_err(PlotError::new)?;
        let (area, _) = canvas.split_vertically(HEIGHT);
        let (x, y) = (self.range(|point| point.0, self.log_x), self.range(|point| point.1, self.log_y));
        let ((x0, x1), (y0, y1)) = (x, y);
        // Within a decade or so an axis reads as well if it is linear.
        let spans = |log: bool, low: f64, high: f64| log && high / low > 30.0;
        let log = |low: f64, high: f64| (low..high).log_scale().with_key_points(ticks(low, high));
        match (spans(self.log_x, x0, x1), spans(self.log_y, y0, y1)) {
            (false, false) => self.chart(&area, x0..x1, y0..y1),
            (true, false) => self.chart(&area, log(x0, x1), y0..y1),
            (false, true) => self.chart(&area, x0..x1, log(y0, y1)),
            (true, true) => self.chart(&area, log(x0, x1), log(y0, y1)),
        }?;
        for (series, x, row) in self.legend() {
            let middle = HEIGHT + row * LEGEND_ROW + LEGEND_ROW / 2;
            if matches!(series.look, Look::Line | Look::LineMarkers) {
                let ends = [(x, middle), (x + 28, middle)];
                match dashes(series.style) {
                    None => canvas.draw(&PathElement::new(ends, line_style(series))).map_err(PlotError::new)?,
                    Some((dash, gap)) => {
                        let (dash, period) = (dash as i32, (dash + gap) as i32);
                        for start in (x..x + 28).step_by(period as usize) {
                            let part = [(start, middle), ((start + dash).min(x + 28), middle)];
                            canvas.draw(&PathElement::new(part, line_style(series))).map_err(PlotError::new)?;
                        }
                    }
                }
            }
            if series.look != Look::Line {
                draw_marker(canvas, (x + 14, middle), series)?;
            }
            let style = ("sans-serif", FONT).into_font().color(&INK).pos(Pos::new(HPos::Left, VPos::Center));
            canvas.draw(&Text::new(series.name.clone(), (x + 34, middle), style)).map_err(PlotError::new)?;
        }
        Ok(())
    }
}

fn colour(style: usize) -> RGBColor {
    COLOURS[style % COLOURS.len()]
}

fn line_style(series: &Series) -> ShapeStyle {
    colour(series.style).stroke_width(2)
}

/// Pixels of dash and gap.
fn dashes(style: usize) -> Option<(u32, u32)> {
    [None, Some((8, 4)), Some((2, 3)), Some((12, 3)), Some((5, 5)), Some((3, 7))][style % 6]
}

fn draw_marker<B: DrawingBackend>(
    area: &DrawingArea<B, Shift>,
    (x, y): (i32, i32),
    series: &Series,
) -> Result<(), PlotError> {
    let colour = colour(series.style);
    if series.look == Look::Cloud {
        return area.draw(&Circle::new((x, y), 2, colour.mix(0.35).filled())).map_err(PlotError::new);
    }
    let full = colour.filled();
    let around = |corners: [(i32, i32); 4]| corners.map(|(dx, dy)| (x + dx, y + dy)).to_vec();
    match series.style % 6 {
        0 => area.draw(&Circle::new((x, y), 4, full)),
        1 => area.draw(&Polygon::new(around([(-4, -4), (4, -4), (4, 4), (-4, 4)]), full)),
        2 => area.draw(&TriangleMarker::new((x, y), 6, full)),
        3 => area.draw(&Polygon::new(around([(0, -6), (6, 0), (0, 6), (-6, 0)]), full)),
        4 => area.draw(&Cross::new((x, y), 4, colour.stroke_width(2))),
        _ => area.draw(&Circle::new((x, y), 4, colour.stroke_width(2))),
    }
    .map_err(PlotError::new)
}

/// A number in a few characters: `1.5M`, `0.002`.
pub(in crate::host::report) fn short(value: f64) -> String {
    let magnitude = value.abs();
    let (scaled, suffix) = match magnitude {
        1e12.. => (value / 1e12, "T"),
        1e9.. => (value / 1e9, "G"),
        1e6.. => (value / 1e6, "M"),
        1e4.. => (value / 1e3, "k"),
        _ => (value, ""),
    };
    let digits = match scaled.abs() {
        100.0.. => 0,
        10.0.. => 1,
        0.1.. | 0.0 => 2,
        _ => 4,
    };
    let text = format!("{scaled:.digits$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    format!("{text}{suffix}")
}

/// Marks of a logarithmic axis: 1, 2, 5, 10, ..., or of these only the powers of ten, or few of them, where there are many.
fn ticks(low: f64, high: f64) -> Vec<f64> {
    const MOST: usize = 8;
    let decades = low.log10().floor() as i32..=high.log10().ceil() as i32;
    let marks = |digits: &[f64], step: usize| -> Vec<f64> {
        let all =
            decades.clone().step_by(step).flat_map(|decade| digits.iter().map(move |digit| digit * 10f64.powi(decade)));
        all.filter(|mark| (low..=high).contains(mark)).collect()
    };
    let fine = marks(&[1.0, 2.0, 5.0], 1);
    if fine.len() <= MOST { fine } else { marks(&[1.0], decades.clone().count().div_ceil(MOST)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_series_is_drawn_and_named() {
        let series = |name: &str, look, style| Series {
            name: name.to_string(),
            points: vec![[1.0, 2.0], [10.0, 3.0], [0.0, 1.0], [f64::NAN, 1.0]],
            look,
            style,
        };
        let looks = [Look::Cloud, Look::Markers, Look::Line, Look::LineMarkers];
        let mut plot = XyPlot { x: "cycles", y: "accuracy, %", ..XyPlot::default() };
        plot.series = looks.iter().enumerate().map(|(i, &look)| series(&format!("a & b {i}"), look, i)).collect();
        for (log_x, points) in [(false, 3), (true, 2)] {
            plot.log_x = log_x;
            let svg = plot.svg().unwrap();
            // One in the legend.
            assert_eq!(svg.matches("<circle").count(), points + 1, "{svg}");
            for word in ["cycles", "accuracy, %", "a &amp; b 0", "a &amp; b 3"] {
                assert!(svg.contains(word), "{word}");
            }
            assert!(plot.png().unwrap().len() > 1000);
        }
    }

    #[test]
    fn a_logarithmic_axis_has_several_marks() {
        assert_eq!(ticks(800_000.0, 50_000_000.0), [1e6, 2e6, 5e6, 1e7, 2e7, 5e7]);
        assert_eq!(ticks(1.0, 1e5), [1.0, 10.0, 100.0, 1e3, 1e4, 1e5]);
        let many = ticks(1e-3, 1e18);
        assert!((4..=8).contains(&many.len()), "{many:?}");
        let points = vec![[900_000.0, 1.0], [45_000_000.0, 2.0]];
        let series = Series { name: "a".to_string(), points, look: Look::Markers, style: 0 };
        let plot = XyPlot { x: "cycles", log_x: true, series: vec![series], ..XyPlot::default() };
        let svg = plot.svg().unwrap();
        for mark in ["1M", "2M", "5M", "10M", "20M"] {
            assert!(svg.lines().any(|line| line.trim() == mark), "{mark}: {svg}");
        }
    }

    #[test]
    fn a_plot_of_nothing_is_an_empty_plane() {
        for log in [false, true] {
            let plot = XyPlot { x: "x", y: "y", log_x: log, log_y: log, series: Vec::new() };
            assert!(plot.svg().unwrap().contains("<svg"));
        }
    }

    #[test]
    fn numbers_are_short() {
        let cases =
            [(0.0, "0"), (1.0, "1"), (0.002, "0.002"), (1_500_000.0, "1.5M"), (12_345.0, "12.3k"), (93.25, "93.2")];
        for (value, text) in cases {
            assert_eq!(short(value), text);
        }
    }
}
