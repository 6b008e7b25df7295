//! Draws a calibration as a scatter plot.

use crate::host::calibrate::{Outcome, Sample};
use crate::host::report::plot::PlotError;
use crate::host::report::plot::xy::{Look, Series, XyPlot};

/// Modeled and calibrated cycles against measured ones, as an SVG document.
///
/// # Errors
/// No failure is known.
pub fn svg(outcome: &Outcome, samples: &[Sample]) -> Result<String, PlotError> {
    let points = |cycles: &dyn Fn(usize) -> f64| {
        samples.iter().enumerate().map(|(place, sample)| [sample.measured, cycles(place)]).collect()
    };
    let ends = |by: fn(f64, f64) -> f64, start: f64| samples.iter().map(|sample| sample.measured).fold(start, by);
    let (low, high) = (ends(f64::min, f64::INFINITY), ends(f64::max, 0.0));
    let series = |name: &str, points, look, style| Series { name: name.to_string(), points, look, style };
    let plot = XyPlot {
        x: "measured, cycles",
        y: "estimated, cycles",
        log_x: true,
        log_y: true,
        series: vec![
            series("as measured", vec![[low, low], [high, high]], Look::Line, 2),
            series("as the model is", points(&|place| samples[place].modeled as f64), Look::Cloud, 1),
            series("calibrated, unseen", points(&|place| outcome.unseen[place]), Look::Markers, 0),
        ],
    };
    plot.drawing()?.svg()
}
