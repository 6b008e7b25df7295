//! Points and lines in a plane, for example accuracy against latency.

use plotters::backend::DrawingBackend;
use plotters::chart::ChartBuilder;
use plotters::coord::Shift;
use plotters::drawing::DrawingArea;
use plotters::element::{Circle, Cross, PathElement, Polygon, Text, TriangleMarker};
use plotters::series::{DashedLineSeries, LineSeries};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, RGBColor, ShapeStyle};

use super::axis::Axis;
use super::canvas::Plot;
use super::drawing::Drawing;
use super::error::PlotError;
use super::style::{COLUMN, FONT, GRID, INK, LETTER, PAPER, ink, shortened, width};

/// A plane with several series, which differ in colour, marker and dashes.
#[derive(Clone, Debug, Default)]
pub struct XyPlot<'a> {
    /// The title of the x axis, with its unit.
    pub(crate) x: &'a str,
    /// The title of the y axis, with its unit.
    pub(crate) y: &'a str,
    /// Whether x may be logarithmic, which it is if it spans more than a decade or so. Points that are not positive
    /// are left out then.
    pub(crate) log_x: bool,
    /// The same for y.
    pub(crate) log_y: bool,
    /// The series; later ones cover earlier ones.
    pub(crate) series: Vec<Series>,
}

/// A series of an [`XyPlot`].
#[derive(Clone, Debug)]
pub(crate) struct Series {
    /// The name in the legend. A series with an empty name has no entry.
    pub name: String,
    /// Its points.
    pub points: Vec<[f64; 2]>,
    /// How it is drawn.
    pub look: Look,
    /// The number that selects colour, marker and dashes. Series that belong together share it.
    pub style: usize,
}

/// How a series is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    /// Small pale dots, for many points.
    Cloud,
    /// Markers.
    Markers,
    /// A line through the points.
    Line,
    /// A line with markers.
    LineMarkers,
}

/// Colours that colour-blind readers can distinguish (Okabe and Ito, 2008), on white and on black.
const COLOURS: [RGBColor; 7] = [
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(230, 159, 0),
    RGBColor(86, 180, 233),
    RGBColor(128, 128, 128),
];

/// The height of the plot above the legend, in units.
const HEIGHT: i32 = 560;
const LEGEND_ROW: i32 = 42;
const MARGIN: i32 = 16;
/// The width of the sample before a name in the legend.
const SAMPLE: i32 = 60;

impl XyPlot<'_> {
    /// The plot as shapes, for SVG and PDF.
    ///
    /// # Errors
    /// No failure is known.
    pub fn drawing(&self) -> Result<Drawing, PlotError> {
        Plot::drawing(self)
    }

    /// The plot as a PNG file, ten pixels in a millimetre.
    ///
    /// # Errors
    /// No failure is known.
    pub fn png(&self) -> Result<Vec<u8>, PlotError> {
        Plot::png(self)
    }

    /// For each entry of the legend: its series, its x in units, and the number of its row.
    fn legend(&self) -> Vec<(&Series, i32, i32)> {
        let (mut x, mut row) = (MARGIN, 0);
        let named = self.series.iter().filter(|series| !series.name.is_empty());
        named
            .map(|series| {
                let width = SAMPLE + width(&Self::entry(series)) + 3 * LETTER;
                if x + width > COLUMN && x > MARGIN {
                    (x, row) = (MARGIN, row + 1);
                }
                let place = (series, x, row);
                x += width;
                place
            })
            .collect()
    }

    /// A name, shortened to fit into a row of the legend.
    fn entry(series: &Series) -> String {
        shortened(&series.name, ((COLUMN - 2 * MARGIN - SAMPLE) / LETTER) as usize)
    }

    fn shown(&self, series: &Series) -> Vec<(f64, f64)> {
        let positive = |log: bool, value: f64| value.is_finite() && (!log || value > 0.0);
        let points = series.points.iter().filter(|[x, y]| positive(self.log_x, *x) && positive(self.log_y, *y));
        points.map(|&[x, y]| (x, y)).collect()
    }

    /// The axes, x and y.
    fn axes(&self) -> [Axis; 2] {
        let points = || self.series.iter().flat_map(|series| self.shown(series));
        [
            Axis::of(points().map(|(x, _)| x), self.log_x, 45),
            // The texts of the y axis are below each other, so they may be long.
            Axis::of(points().map(|(_, y)| y), self.log_y, usize::MAX),
        ]
    }

    fn chart<B: DrawingBackend>(&self, area: &DrawingArea<B, Shift>) -> Result<(), PlotError> {
        let [x, y] = self.axes();
        let longest = y.marks.iter().map(|(_, text)| width(text)).max().unwrap_or(0);
        let mut chart = ChartBuilder::on(area)
            .margin(MARGIN)
            // Room for half of the text at the end of the axis.
            .margin_right(MARGIN + 4 * LETTER)
            .x_label_area_size(3 * FONT)
            .y_label_area_size(longest + 2 * FONT)
            .build_cartesian_2d(x, y)
            .map_err(PlotError::new)?;
        chart
            .configure_mesh()
            .light_line_style(PAPER)
            .bold_line_style(GRID.stroke_width(2))
            .axis_style(INK.stroke_width(2))
            .set_all_tick_mark_size(8)
            .label_style(ink())
            .x_desc(self.x)
            .y_desc(self.y)
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
        (COLUMN as u32, (HEIGHT + rows * LEGEND_ROW + MARGIN) as u32)
    }

    fn draw<B: DrawingBackend>(&self, canvas: &DrawingArea<B, Shift>) -> Result<(), PlotError> {
        canvas.fill(&PAPER).map_err(PlotError::new)?;
        let (area, _) = canvas.split_vertically(HEIGHT);
        self.chart(&area)?;
        for (series, x, row) in self.legend() {
            let middle = HEIGHT + row * LEGEND_ROW + LEGEND_ROW / 2;
            if matches!(series.look, Look::Line | Look::LineMarkers) {
                let ends = [(x, middle), (x + SAMPLE - LETTER, middle)];
                match dashes(series.style) {
                    None => canvas.draw(&PathElement::new(ends, line_style(series))).map_err(PlotError::new)?,
                    Some((dash, gap)) => {
                        let (dash, period) = (dash as i32, (dash + gap) as i32);
                        for start in (x..x + SAMPLE - LETTER).step_by(period as usize) {
                            let part = [(start, middle), ((start + dash).min(x + SAMPLE - LETTER), middle)];
                            canvas.draw(&PathElement::new(part, line_style(series))).map_err(PlotError::new)?;
                        }
                    }
                }
            }
            if series.look != Look::Line {
                draw_marker(canvas, (x + (SAMPLE - LETTER) / 2, middle), series)?;
            }
            let style = ink().pos(Pos::new(HPos::Left, VPos::Center));
            canvas.draw(&Text::new(Self::entry(series), (x + SAMPLE, middle), style)).map_err(PlotError::new)?;
        }
        Ok(())
    }
}

fn colour(style: usize) -> RGBColor {
    COLOURS[style % COLOURS.len()]
}

fn line_style(series: &Series) -> ShapeStyle {
    colour(series.style).stroke_width(4)
}

/// The lengths of dash and gap, in units.
fn dashes(style: usize) -> Option<(u32, u32)> {
    [None, Some((16, 8)), Some((5, 6)), Some((24, 6)), Some((10, 10)), Some((6, 14))][style % 6]
}

fn draw_marker<B: DrawingBackend>(
    area: &DrawingArea<B, Shift>,
    (x, y): (i32, i32),
    series: &Series,
) -> Result<(), PlotError> {
    let colour = colour(series.style);
    if series.look == Look::Cloud {
        return area.draw(&Circle::new((x, y), 4, colour.mix(0.35).filled())).map_err(PlotError::new);
    }
    let full = colour.filled();
    let around = |corners: [(i32, i32); 4]| corners.map(|(dx, dy)| (x + dx, y + dy)).to_vec();
    match series.style % 6 {
        0 => area.draw(&Circle::new((x, y), 8, full)),
        1 => area.draw(&Polygon::new(around([(-7, -7), (7, -7), (7, 7), (-7, 7)]), full)),
        2 => area.draw(&TriangleMarker::new((x, y), 11, full)),
        3 => area.draw(&Polygon::new(around([(0, -10), (10, 0), (0, 10), (-10, 0)]), full)),
        4 => area.draw(&Cross::new((x, y), 7, colour.stroke_width(4))),
        _ => area.draw(&Circle::new((x, y), 7, colour.stroke_width(3))),
    }
    .map_err(PlotError::new)
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
            let svg = plot.drawing().unwrap().element();
            // There is one more in the legend.
            assert_eq!(svg.matches("<circle").count(), points + 1, "{svg}");
            for word in ["cycles", "accuracy, %", "a &amp; b 0", "a &amp; b 3"] {
                assert!(svg.contains(word), "{word}");
            }
            assert!(plot.png().unwrap().len() > 1000);
        }
    }

    #[test]
    fn a_plot_of_nothing_is_an_empty_plane() {
        for log in [false, true] {
            let plot = XyPlot { x: "x", y: "y", log_x: log, log_y: log, series: Vec::new() };
            assert!(plot.drawing().unwrap().words().count() > 6);
        }
    }
}
