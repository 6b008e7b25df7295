//! Output as the reference prints it: numbers as from a C++ stream, and the energy column of its CSV, which campaigns
//! also sum up.

use std::fmt::{self, Write as _};

use crate::dim::Tensor;
use crate::energy::{REFERENCE_L1, REFERENCE_L2, REFERENCE_MAC};
use crate::maestro::Traffic;

/// The reference's energy column, which depends on the layer before.
///
/// It is 0.00023 nJ x (18.61 x L2 accesses without output reads + 1.68 x L1 accesses), where a layer whose dataflow has
/// more than one level is charged the L1 accesses of the layer *before* it in the file, and the first such layer none.
#[derive(Clone, Copy, Debug, Default)]
pub struct CsvEnergy {
    previous_l1: [u64; 6],
}

impl CsvEnergy {
    /// The column for the next layer, whose dataflow has `levels` levels, in nJ.
    pub fn next(&mut self, traffic: &Traffic, levels: u8) -> f64 {
        let [input, filter, output] = Tensor::ALL.map(|tensor| traffic.accesses[tensor]);
        let l2 = [input.l2_read, input.l2_write, filter.l2_read, filter.l2_write, output.l2_write];
        let l1 = [input.l1_read, input.l1_write, filter.l1_read, filter.l1_write, output.l1_read, output.l1_write];
        let previous = std::mem::replace(&mut self.previous_l1, l1);
        let sum = |start: f64, counts: &[u64], each: f64| {
            counts.iter().fold(start, |energy, &count| energy + count as f64 * each)
        };
        // The order of the additions is that of the reference, so that the result agrees to the last bit.
        let energy = match levels {
            2.. => sum(sum(0.0, &previous, REFERENCE_L1), &l2, REFERENCE_L2),
            _ => sum(sum(0.0, &l2, REFERENCE_L2), &l1, REFERENCE_L1),
        };
        energy * REFERENCE_MAC
    }
}

/// A number as a C++ stream prints it by default (`%g`): 6 significant digits, no trailing zeros.
pub struct G(pub f64);

impl fmt::Display for G {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = self.0;
        if value.is_nan() {
            // The result of 0/0 on x86.
            return f.write_str("-nan");
        }
        if value.is_infinite() {
            return f.write_str(if value > 0.0 { "inf" } else { "-inf" });
        }
        if value.abs() < 1e6 && value.trunc() == value {
            return fmt::Display::fmt(&(value as i32), f);
        }
        let (negative, digits, exponent) = six_digits(value);
        write_digits(f, negative, digits, exponent)
    }
}

/// Six significant digits and a decimal exponent as `%g` writes them, without trailing zeros.
pub(super) fn write_digits(f: &mut fmt::Formatter<'_>, negative: bool, digits: [u8; 6], exponent: i32) -> fmt::Result {
    let sign = if negative { "-" } else { "" };
    let digits = std::str::from_utf8(&digits).map_err(|_| fmt::Error)?.trim_end_matches('0');
    let (first, rest) = digits.split_at(1);
    let dot = if rest.is_empty() { "" } else { "." };
    match exponent {
        0..6 => {
            let point = exponent as usize + 1;
            match digits.split_at_checked(point) {
                Some((whole, "")) => write!(f, "{sign}{whole}"),
                Some((whole, fraction)) => write!(f, "{sign}{whole}.{fraction}"),
                None => write!(f, "{sign}{digits:0<point$}"),
            }
        }
        -4..0 => {
            let zeros = &"000"[..(-exponent - 1) as usize];
            write!(f, "{sign}0.{zeros}{digits}")
        }
        _ => {
            let exponent_sign = if exponent < 0 { '-' } else { '+' };
            write!(f, "{sign}{first}{dot}{rest}e{exponent_sign}{:02}", exponent.abs())
        }
    }
}

/// The first six significant digits of a finite number other than 0, rounded, and its decimal exponent.
fn six_digits(value: f64) -> (bool, [u8; 6], i32) {
    const POWERS: [f64; 23] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22,
    ];
    let magnitude = value.abs();
    // A product or quotient of a number and an exact power of ten has a single rounding error, which is far less than
    // the margin below.
    let above = POWERS.iter().position(|power| magnitude < *power);
    if let Some(exponent) = above.map(|above| above as i32 - 1).filter(|exponent| *exponent >= 0) {
        let scaled = match exponent {
            0..=5 => magnitude * POWERS[(5 - exponent) as usize],
            _ => magnitude / POWERS[(exponent - 5) as usize],
        };
        let (whole, fraction) = (scaled.trunc(), scaled.fract());
        let rounded = whole + f64::from(u8::from(fraction > 0.5));
        if (fraction - 0.5).abs() > 1e-6 && (1e5..1e6).contains(&rounded) {
            let mut digits = [b'0'; 6];
            let mut rest = rounded as u32;
            for digit in digits.iter_mut().rev() {
                *digit = b'0' + (rest % 10) as u8;
                rest /= 10;
            }
            return (value < 0.0, digits, exponent);
        }
    }
    // d.ddddde-ddd
    let mut text = heapless::String::<16>::new();
    let mut digits = [b'0'; 6];
    let mut exponent = 0;
    if write!(text, "{magnitude:.5e}").is_ok()
        && let Some((mantissa, power)) = text.split_once('e')
    {
        for (digit, byte) in digits.iter_mut().zip(mantissa.bytes().filter(u8::is_ascii_digit)) {
            *digit = byte;
        }
        exponent = power.parse().unwrap_or(0);
    }
    (value < 0.0, digits, exponent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_look_as_a_cpp_stream_prints_them() {
        let cases = [
            (0.0, "0"),
            (1.0, "1"),
            (100000.0, "100000"),
            (1000000.0, "1e+06"),
            (999999.5, "1e+06"),
            (4434632.9, "4.43463e+06"),
            (161502437500.0, "1.61502e+11"),
            (0.0001234567, "0.000123457"),
            (0.00001234567, "1.23457e-05"),
            (35.1856, "35.1856"),
            (13.2, "13.2"),
            (-2.5, "-2.5"),
            (1e100, "1e+100"),
            (f64::INFINITY, "inf"),
            (f64::NAN, "-nan"),
        ];
        for (value, text) in cases {
            assert_eq!(G(value).to_string(), text);
        }
    }

    #[test]
    fn the_quick_way_to_six_digits_agrees_with_the_exact_one() {
        let mut value = 1.0;
        for i in 0..20_000 {
            value *= if value > 1e21 { 1e-21 } else { 1.0 + f64::from(i % 97) / 101.0 };
            for value in [value, value.round(), value.round() + 0.5, (value * 10.0).round() / 10.0] {
                let (_, digits, exponent) = six_digits(value);
                let quick = format!("{}.{}e{exponent}", digits[0] as char, String::from_utf8_lossy(&digits[1..]));
                assert_eq!(quick, format!("{value:.5e}"));
            }
        }
    }
}
