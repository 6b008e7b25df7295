//! The roofline of an accelerator, and the position of a network's layers below it (Williams et al., CACM 52(4),
//! 2009).

#[cfg(feature = "plots")]
mod svg;

use std::fmt::Write;

use super::table::grid;
use crate::hardware::UNLIMITED;
use crate::host::estimate::{Estimate, EstimateRow};

/// A layer below the roof.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// Its name.
    pub layer: String,
    /// MACs for each byte that moves off-chip; infinite if none does.
    pub intensity: f64,
    /// MACs per cycle.
    pub performance: f64,
    /// The maximum MACs per cycle that the array and the off-chip bandwidth allow at this intensity.
    pub roof: f64,
}

/// The roof of an accelerator and the layers of a network below it, by the exact model.
#[derive(Clone, Debug, PartialEq)]
pub struct Roofline {
    /// MACs per cycle of the whole array.
    pub peak: f64,
    /// Bytes per cycle to and from off-chip memory, over all channels; `None` without a limit.
    pub bandwidth: Option<f64>,
    /// The layers with MACs that fit the buffers, in execution order.
    pub points: Vec<Point>,
}

impl Roofline {
    /// The roofline of an estimate.
    pub fn new(estimate: &Estimate) -> Roofline {
        let hw = &estimate.hardware;
        let peak = f64::from(hw.pes()) * f64::from(hw.simd_lanes());
        let channels = [Some(hw.offchip_bandwidth()), hw.weights_bandwidth()];
        let unlimited = channels.contains(&Some(UNLIMITED));
        let bandwidth = (!unlimited).then(|| channels.into_iter().flatten().map(f64::from).sum());
        let empty = Roofline { peak, bandwidth, points: Vec::new() };
        let point = |row: &EstimateRow| {
            let offchip = row.cost.exact()?.offchip?;
            let macs = row.layer.macs().filter(|macs| *macs > 0)? as f64;
            let intensity = macs / (offchip.bits as f64 / 8.0);
            let (roof, performance) = (empty.roof(intensity), macs / offchip.cycles.total as f64);
            Some(Point { layer: row.name.clone(), intensity, performance, roof })
        };
        let points = estimate.layers.iter().filter_map(point).collect();
        Roofline { points, ..empty }
    }

    /// The smallest and the largest intensity that is drawn.
    fn range(&self) -> (f64, f64) {
        let ridge = self.bandwidth.map(|bandwidth| self.peak / bandwidth);
        let all = self.points.iter().map(|point| point.intensity).chain(ridge).filter(|value| value.is_finite());
        let (low, high) =
            all.fold((f64::INFINITY, 0.0), |(low, high): (f64, f64), value| (low.min(value), high.max(value)));
        if low > high { (0.1, 10.0) } else { (low / 2.0, high * 2.0) }
    }

    fn roof(&self, intensity: f64) -> f64 {
        self.bandwidth.map_or(self.peak, |bandwidth| self.peak.min(intensity * bandwidth))
    }

    /// The roofline as text for a terminal: a plane with two logarithmic axes, and how close each layer is to the
    /// roof.
    pub fn render(&self) -> String {
        let (low, high) = self.range();
        let top = self.peak * 1.5;
        let least = self.points.iter().map(|point| point.performance).fold(self.roof(low), f64::min);
        let bottom = (least / 1.5).max(f64::MIN_POSITIVE);
        let place = |value: f64, (low, high): (f64, f64), cells: usize| {
            let share = (value.max(low).ln() - low.ln()) / (high.ln() - low.ln());
            ((share * (cells - 1) as f64).round() as usize).min(cells - 1)
        };
        let mut plane = vec![vec![' '; WIDTH]; HEIGHT];
        let columns = (0..WIDTH).map(|column| low * (high / low).powf(column as f64 / (WIDTH - 1) as f64));
        for (column, roof) in columns.map(|intensity| self.roof(intensity)).enumerate() {
            let row = HEIGHT - 1 - place(roof, (bottom, top), HEIGHT);
            plane[row][column] = if roof < self.peak { '/' } else { '-' };
        }
        let mark = |place: usize| MARKS.chars().nth(place % MARKS.len()).unwrap_or('*');
        for (number, point) in self.points.iter().enumerate() {
            let intensity = if point.intensity.is_finite() { point.intensity } else { high };
            let row = HEIGHT - 1 - place(point.performance, (bottom, top), HEIGHT);
            plane[row][place(intensity, (low, high), WIDTH)] = mark(number);
        }
        let mut text = format!("Roofline: {} MACs/cycle", short(self.peak));
        let _ = match self.bandwidth {
            Some(bandwidth) => {
                writeln!(text, ", {} bytes/cycle off-chip; both axes are logarithmic\n", short(bandwidth))
            }
            None => writeln!(text, ", no limit off-chip; both axes are logarithmic\n"),
        };
        let _ = writeln!(text, "  {} MACs/cycle", short(top));
        for row in plane {
            let _ = writeln!(text, "  |{}", row.into_iter().collect::<String>().trim_end());
        }
        let _ = writeln!(text, "  +{}", "-".repeat(WIDTH));
        let _ = writeln!(
            text,
            "   {} to {} MACs/byte off-chip; {} MACs/cycle at the bottom\n",
            short(low),
            short(high),
            short(bottom)
        );
        let header = ["layer", "", "MACs/byte", "MACs/cycle", "roof", "of the roof"].map(String::from);
        let row = |(number, point): (usize, &Point)| {
            vec![
                point.layer.clone(),
                mark(number).to_string(),
                if point.intensity.is_finite() { short(point.intensity) } else { "-".to_string() },
                short(point.performance),
                short(point.roof),
                format!("{:.0}%", point.performance / point.roof * 100.0),
            ]
        };
        text += &grid(&header, self.points.iter().enumerate().map(row).collect());
        text.push('\n');
        text
    }
}

const WIDTH: usize = 64;
const HEIGHT: usize = 16;
/// The letters that mark layers, in order. After the last one they start again.
const MARKS: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// A number in a few characters: `1.5M`, `0.002`.
fn short(value: f64) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        let cases =
            [(0.0, "0"), (1.0, "1"), (0.002, "0.002"), (1_500_000.0, "1.5M"), (12_345.0, "12.3k"), (93.25, "93.2")];
        for (value, text) in cases {
            assert_eq!(short(value), text);
        }
    }
}
