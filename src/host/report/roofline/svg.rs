//! Draws a roofline as a figure.

use super::{Point, Roofline};
use crate::host::report::plot::PlotError;
use crate::host::report::plot::xy::{Look, Series, XyPlot};

impl Roofline {
    /// The roofline as an SVG document.
    ///
    /// # Errors
    /// No failure is known.
    pub fn svg(&self) -> Result<String, PlotError> {
        let (low, high) = self.range();
        let steps = (0..=100).map(|step| low * (high / low).powf(f64::from(step) / 100.0));
        let roof = steps.map(|intensity| [intensity, self.roof(intensity)]).collect();
        let at = |point: &Point| [if point.intensity.is_finite() { point.intensity } else { high }, point.performance];
        let plot = XyPlot {
            x: "MACs/byte off-chip",
            y: "MACs/cycle",
            log_x: true,
            log_y: true,
            series: vec![
                Series { name: "roof".to_string(), points: roof, look: Look::Line, style: 0 },
                Series {
                    name: "layers".to_string(),
                    points: self.points.iter().map(at).collect(),
                    look: Look::Markers,
                    style: 1,
                },
            ],
        };
        plot.drawing()?.svg()
    }
}
