//! Draws a sweep as a plot.

use super::Swept;
use crate::host::report::plot::xy::{Look, Series, XyPlot};
use crate::host::sweep::{Against, front};

/// The maximum number of points that are drawn with full markers; more are drawn as a cloud.
const MARKED: usize = 100;

impl Swept<'_> {
    /// Plots latency against another figure for the points that can run: a series for each dataflow, and the front.
    pub fn plot(&self, against: Against) -> XyPlot<'static> {
        let y = match against {
            Against::Energy => "energy, nJ",
            Against::Area => "area, mm^2",
        };
        let mut series: Vec<Series> = Vec::new();
        let look = if self.points.len() > MARKED { Look::Cloud } else { Look::Markers };
        for point in self.points {
            let Some(figures) = point.latency_and(against) else { continue };
            let place = series.iter().position(|series| series.name == point.dataflow).unwrap_or(series.len());
            if place == series.len() {
                series.push(Series { name: point.dataflow.to_string(), points: Vec::new(), look, style: place });
            }
            series[place].points.push(figures);
        }
        let best = front(self.points, against).into_iter();
        let best = best.filter_map(|place| self.points[place].latency_and(against)).collect();
        let style = series.len();
        series.push(Series { name: "Pareto front".to_string(), points: best, look: Look::Line, style });
        XyPlot { x: "latency, ms", y, log_x: true, log_y: true, series }
    }
}
