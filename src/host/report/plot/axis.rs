//! Chooses the marks of an axis and their texts.

use std::ops::Range;

use plotters::coord::ranged1d::{KeyPointHint, NoDefaultFormatting, Ranged, ValueFormatter};

/// An axis with at least two marks, in ascending order.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Axis {
    low: f64,
    high: f64,
    /// Whether the axis is logarithmic.
    log: bool,
    /// The marks and their texts. No two texts are equal.
    pub marks: Vec<(f64, String)>,
}

/// The maximum number of marks on an axis.
const MOST: usize = 8;

impl Axis {
    /// An axis that covers all of these values with some room at the ends. It is logarithmic only if `wants_log` is
    /// set and the values span more than a decade or so; otherwise a linear axis is as readable. The texts of the
    /// marks have at most `letters` letters in total, unless there are only two or three marks.
    pub fn of(values: impl Iterator<Item = f64>, wants_log: bool, letters: usize) -> Axis {
        let (low, high) =
            values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
        let (low, high) = if low > high { (0.0, 1.0) } else { (low, high) };
        let log = wants_log && low > 0.0 && high / low > 25.0;
        let (low, high) = if log {
            let room = (high / low).powf(0.04);
            (low / room, high * room)
        } else {
            roomy(low, high)
        };
        let mut marks = if log { decades(low, high) } else { steps(low, high) };
        while marks.len() > 3 && marks.iter().map(|(_, text)| text.chars().count() + 1).sum::<usize>() > letters {
            // Keep only every second mark.
            marks = marks.into_iter().step_by(2).collect();
        }
        Axis { low, high, log, marks }
    }
}

impl Ranged for Axis {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, (from, to): (i32, i32)) -> i32 {
        let of = |value: f64| if self.log { value.ln() } else { value };
        let share = (of(*value) - of(self.low)) / (of(self.high) - of(self.low));
        from + (f64::from(to - from) * share).round() as i32
    }

    fn key_points<Hint: KeyPointHint>(&self, hint: Hint) -> Vec<f64> {
        let between = hint.weight().allow_light_points();
        if between { Vec::new() } else { self.marks.iter().map(|(mark, _)| *mark).collect() }
    }

    fn range(&self) -> Range<f64> {
        self.low..self.high
    }
}

impl ValueFormatter<f64> for Axis {
    fn format_ext(&self, value: &f64) -> String {
        self.marks.iter().find(|(mark, _)| mark == value).map_or(String::new(), |(_, text)| text.clone())
    }
}

/// A linear range with some room at the ends. It includes negative numbers only if there are negative values.
fn roomy(low: f64, high: f64) -> (f64, f64) {
    let size = low.abs().max(high.abs());
    // A smaller difference is a rounding error, and the digits at the marks would not show it.
    let room = if high - low > size * 1e-9 {
        (high - low) * 0.04
    } else if size > 0.0 {
        size * 0.1
    } else {
        1.0
    };
    (if low >= 0.0 { (low - room).max(0.0) } else { low - room }, high + room)
}

/// Multiples of 1, 2 or 5 times a power of ten. The coarsest step with at least four marks is taken, or the one with
/// three if that has too many.
fn steps(low: f64, high: f64) -> Vec<(f64, String)> {
    let largest = (high - low).log10().ceil() as i32;
    let mut known = Vec::new();
    for (exponent, digit) in (0..).flat_map(|down| [5_i64, 2, 1].map(|digit| (largest - down, digit))) {
        let step = digit as f64 * 10f64.powi(exponent);
        // Dividing by a power of ten, rather than multiplying by a fraction, gives the nearest number to each
        // decimal.
        let at = |place: i64| match exponent {
            0.. => place as f64 * step,
            _ => (place * digit) as f64 / 10f64.powi(-exponent),
        };
        let places = (low / step).ceil() as i64..=(high / step).floor() as i64;
        let within: Vec<f64> = places.take(MOST + 1).map(at).filter(|mark| (low..=high).contains(mark)).collect();
        let count = within.len();
        if count > MOST {
            break;
        }
        if count >= 3 {
            let scale = scale(low.abs().max(high.abs()), 1e4);
            let digits = (scale.0 - exponent).max(0) as usize;
            known = within.into_iter().map(|mark| (mark, formatted(mark, scale, digits))).collect();
        }
        if count >= 4 {
            break;
        }
    }
    known
}

/// Marks at 1, 2 and 5 times the powers of ten; at the powers alone if these are too many; or at only some of the
/// powers.
fn decades(low: f64, high: f64) -> Vec<(f64, String)> {
    let exponents = low.log10().floor() as i32..=high.log10().ceil() as i32;
    let marks = |digits: &[i32], step: usize| -> Vec<(f64, String)> {
        let all =
            exponents.clone().step_by(step).flat_map(|exponent| digits.iter().map(move |digit| (*digit, exponent)));
        let all = all.map(|(digit, exponent)| match exponent {
            0.. => f64::from(digit) * 10f64.powi(exponent),
            _ => f64::from(digit) / 10f64.powi(-exponent),
        });
        all.filter(|mark| (low..=high).contains(mark)).map(|mark| (mark, plain(mark))).collect()
    };
    let fine = marks(&[1, 2, 5], 1);
    let step = (1..).find(|&step| marks(&[1], step).len() <= MOST).unwrap_or(1);
    if fine.len() <= MOST { fine } else { marks(&[1], step) }
}

/// The exponent and letter of the unit prefix for numbers up to `largest`. Numbers below `least` get none.
fn scale(largest: f64, least: f64) -> (i32, &'static str) {
    let units = [(12, "T"), (9, "G"), (6, "M"), (3, "k")];
    let units = units.into_iter().filter(|(exponent, _)| largest >= 10f64.powi(*exponent).max(least));
    units.max_by_key(|(exponent, _)| *exponent).unwrap_or((0, ""))
}

fn formatted(value: f64, (exponent, unit): (i32, &str), digits: usize) -> String {
    if value == 0.0 {
        return "0".to_string();
    }
    format!("{:.digits$}{unit}", value / 10f64.powi(exponent))
}

/// The text of a mark on a logarithmic axis, which has a single non-zero digit.
fn plain(mark: f64) -> String {
    match mark {
        1e15.. => format!("{mark:e}"),
        1.0.. => formatted(mark, scale(mark, 1e3), 0),
        1e-4.. => format!("{mark}"),
        _ => format!("{mark:e}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(values: [f64; 2], log: bool) -> Vec<String> {
        Axis::of(values.into_iter(), log, 40).marks.into_iter().map(|(_, text)| text).collect()
    }

    #[test]
    fn marks_are_round_numbers_with_the_digits_that_tell_them_apart() {
        assert_eq!(texts([0.0, 0.153], false), ["0", "0.05", "0.10", "0.15"]);
        assert_eq!(texts([0.0, 100.0], false), ["0", "20", "40", "60", "80", "100"]);
        assert_eq!(texts([71.612, 71.631], false), ["71.615", "71.620", "71.625", "71.630"]);
        assert_eq!(texts([3_632_609.0, 3_632_700.0], false), ["3.63262M", "3.63266M", "3.63270M"]);
        assert_eq!(texts([-1.0, 1.0], false), ["-1.0", "-0.5", "0", "0.5", "1.0"]);
        assert_eq!(texts([800_000.0, 50_000_000.0], true), ["1M", "2M", "5M", "10M", "20M", "50M"]);
        assert_eq!(texts([0.001, 0.05], true), ["0.001", "0.002", "0.005", "0.01", "0.02", "0.05"]);
        assert_eq!(texts([1e-6, 1e16], true), ["0.0001", "0.1", "100", "100k", "100M", "100G", "100T"]);
        // A short range reads as well on a linear axis.
        assert_eq!(texts([10.0, 200.0], true), ["50", "100", "150", "200"]);
    }

    #[test]
    fn every_axis_has_several_marks_that_differ() {
        let mut values = vec![0.0];
        for exponent in -9..=18 {
            values.extend([1.0, 2.9].map(|digits| digits * 10f64.powi(exponent)));
        }
        for &low in &values {
            let near = [1.0, 1.0 + 1e-12, 1.0 + 1e-6, 1.001, 1.3].map(|factor| low * factor);
            for &high in values.iter().chain(&near).filter(|high| **high >= low) {
                for (low, high) in [(low, high), (-high, -low), (-high, low)] {
                    for (log, letters) in [(false, 40), (true, 40), (false, 10)] {
                        let axis = Axis::of([low, high].into_iter(), log, letters);
                        let marks = &axis.marks;
                        let shown = format!("{low} to {high}, {log}: {marks:?}");
                        assert!((2..=MOST + 1).contains(&marks.len()), "{shown}");
                        assert!(axis.low <= low && high <= axis.high && axis.low < axis.high, "{shown}");
                        let apart = |pair: &[(f64, String)]| pair[0].0 < pair[1].0 && pair[0].1 != pair[1].1;
                        assert!(marks.windows(2).all(apart), "{shown}");
                        assert!(marks.iter().all(|(mark, _)| (axis.low..=axis.high).contains(mark)), "{shown}");
                        let letters_taken: usize = marks.iter().map(|(_, text)| text.chars().count() + 1).sum();
                        assert!(marks.len() <= 3 || letters_taken <= letters, "{shown}");
                    }
                }
            }
        }
    }
}
