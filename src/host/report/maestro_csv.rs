//! Writes the reference's CSV: its 52 columns, its header, and its numbers digit by digit.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::fmt;
use std::io::{self, Write};

use rayon::prelude::*;

use crate::dim::Tensor;
use crate::host::network::Network;
use crate::host::printed::{CsvEnergy, G, write_digits};
use crate::maestro::Cost;
use crate::maestro::{Accesses, Delay, Mapping, Range, Traffic};
use crate::{Dataflow, EnergyTable, Error, Hardware, Layer, Silicon};

/// The header line with its quirks: "Compute Delay (Min)" appears twice, and some names start with a blank while
/// others do not.
pub const HEADER: &str = "Neural Network Name, Layer Number, NumPEs, Runtime (Cycles), Activity count-based Energy (nJ), \
Throughput (MACs/Cycle), Throughput Per Energy (GMACs/s*J), Area, Power, NoC BW Req (Elements/cycle), Avg BW Req, \
Peak BW Req, Vector Width, Offchip BW Req (Elements/cycle),  L2 SRAM Size Req (Bytes), L1 SRAM Size Req (Bytes), \
Multicasting Factor (Weight), Multicasting Factor (Input), Num Total Input Pixels, Num Total Weight Pixels, Ops/J, \
Num MACs, PE power, L1 power, L2 power, NOC power, \
input l1 read, input l1 write, input l2 read, input l2 write, input reuse factor,\
filter l1 read, filter l1 write, filter l2 read, filter l2 write, filter reuse factor,\
output l1 read, output l1 write, output l2 read, output l2 write, output reuse factor,\
Ingress Delay (Min), Ingress Delay (Max), Ingress Delay (Avg), \
Egress Delay (Min), Egress Delay (Max),  Egress Delay (Avg),\
Compute Delay (Min), Compute Delay (Min), Compute Delay (Avg),\
Avg number of utilized PEs, Arithmetic Intensity";

/// The figures of a row.
#[derive(Clone, Copy, Debug)]
pub enum Row {
    /// A layer with a cost.
    Costed(Cost),
    /// A layer whose tiles yield no output: it has no cycles, delays that the reference never initialises, and `-nan`
    /// for 0/0.
    Idle(Traffic),
}

impl Row {
    /// The row of a layer.
    ///
    /// # Errors
    /// What [`Cost::of`] refuses, except layers that compute nothing; and what only the reference refuses.
    pub fn of(layer: &Layer, dataflow: &Dataflow, hardware: &Hardware) -> Result<Row, Error> {
        let mapping = Mapping::new(layer, dataflow, hardware.pes())?;
        if let Some(refusal) = mapping.refused_by_reference() {
            return Err(refusal);
        }
        match Cost::of_mapping(&mapping, hardware, &EnergyTable::REFERENCE) {
            Err(Error::NoOutput { level: 1 }) => Ok(Row::Idle(mapping.tally()?)),
            cost => cost.map(Row::Costed),
        }
    }

    /// What the layer moves.
    pub fn traffic(&self) -> &Traffic {
        match self {
            Row::Costed(cost) => &cost.traffic,
            Row::Idle(traffic) => traffic,
        }
    }

    /// Cluster levels of the dataflow. A layer without a cost counts as one level, as in the reference's energy
    /// column.
    pub fn levels(&self) -> u8 {
        match self {
            Row::Costed(cost) => cost.levels,
            Row::Idle(_) => 1,
        }
    }

    pub(super) fn delay(&self) -> Option<&Delay> {
        match self {
            Row::Costed(cost) => Some(&cost.delay),
            Row::Idle(_) => None,
        }
    }

    /// Ingress, egress and compute delays as printed: minimum, maximum, average.
    pub(super) fn printed_delays(&self) -> [[i128; 3]; 3] {
        match self.delay() {
            Some(delay) => [delay.ingress, delay.egress, delay.compute]
                .map(|Range { min, max, avg }| [min, max, avg].map(i128::from)),
            // The result of casting an infinity or a NaN to an integer on an x86.
            None => [[i128::from(i64::MIN), 0, i128::from(i64::MIN)]; 3],
        }
    }
}

/// The name of a layer or network as the reference prints it: the last word that its lexer finds in the name.
pub(crate) fn reference_name(name: &str) -> Option<&str> {
    let separators = |c: char| " ,->():\t;".contains(c);
    name.split(separators).rfind(|word| !word.is_empty())
}

/// The number of rows that one thread formats at a time.
const CHUNK: usize = 256;

/// Writes one row for each layer of a network, after the header if `header` is set.
///
/// # Errors
/// Errors of the writer.
pub fn write(
    out: &mut impl Write,
    network: &Network,
    hardware: &Hardware,
    rows: &[Row],
    header: bool,
) -> io::Result<()> {
    let mut column = CsvEnergy::default();
    let energies: Vec<f64> = rows.iter().map(|row| column.next(row.traffic(), row.levels())).collect();
    let chunks: io::Result<Vec<Vec<u8>>> = (network.layers.par_chunks(CHUNK))
        .zip(rows.par_chunks(CHUNK))
        .zip(energies.par_chunks(CHUNK))
        .map(|((layers, rows), energies)| {
            let mut writer = RowWriter::new(&network.name, hardware);
            let mut text = Vec::with_capacity(CHUNK * 512);
            for ((named, row), energy) in layers.iter().zip(rows).zip(energies) {
                writer.write(&mut text, &named.name, &named.layer, row, *energy)?;
            }
            Ok(text)
        })
        .collect();
    if header {
        writeln!(out, "{HEADER}")?;
    }
    chunks?.iter().try_for_each(|text| out.write_all(text))
}

/// Writes rows. Keeps sums that several rows share.
#[derive(Debug)]
struct RowWriter<'a> {
    network: &'a str,
    hardware: &'a Hardware,
    sums: HashMap<u64, PeSums>,
}

impl<'a> RowWriter<'a> {
    fn new(network: &'a str, hardware: &'a Hardware) -> RowWriter<'a> {
        RowWriter { network: reference_name(network).unwrap_or(""), hardware, sums: HashMap::new() }
    }

    fn write(&mut self, out: &mut Vec<u8>, name: &str, layer: &Layer, row: &Row, energy: f64) -> io::Result<()> {
        let traffic = row.traffic();
        let delay = row.delay();
        let hardware = self.hardware;
        let (silicon, power) = self.silicon(traffic);
        let operations = traffic.operations as f64;
        let cycles = delay.map_or(0, |delay| delay.cycles);
        let noc_peak = delay.map_or(0, |delay| delay.noc_peak);
        let multicast = |tensor: Tensor| {
            let Accesses { l1_write, l2_read, .. } = traffic.accesses[tensor];
            G(l1_write as f64 / l2_read as f64)
        };
        let elements = |tensor| layer.elements(tensor).unwrap_or(u64::MAX);
        write!(
            out,
            "{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},",
            self.network,
            reference_name(name).unwrap_or("Layer"),
            hardware.pes(),
            cycles,
            G(energy),
            G(operations / cycles as f64),
            G(operations / cycles as f64 / energy * 1e9),
            G(silicon.area()),
            G(power),
            noc_peak,
            G(delay.map_or(f64::NAN, |delay| delay.noc_average)),
            noc_peak,
            hardware.simd_lanes(),
            delay.map_or(0, |delay| delay.offchip),
            traffic.l2_total(),
            traffic.l1_total(),
            multicast(Tensor::Filter),
            multicast(Tensor::Input),
            elements(Tensor::Input),
            elements(Tensor::Filter),
            G(operations / energy * 1e9),
            traffic.operations,
            G(silicon.pe_power),
            G(silicon.l1_power),
            G(silicon.l2_power),
            G(silicon.noc_power),
        )?;
        for tensor in Tensor::ALL {
            let Accesses { l1_read, l1_write, l2_read, l2_write } = traffic.accesses[tensor];
            let reuse = Quotient(l1_read, l1_write);
            write!(out, "{l1_read}, {l1_write}, {l2_read}, {l2_write}, {reuse}, ")?;
        }
        for [min, max, avg] in row.printed_delays() {
            write!(out, "{min}, {max}, {avg}, ")?;
        }
        let active = delay.map_or(0.0, |delay| delay.active_pes);
        writeln!(out, "{}, {}", G(active), G(traffic.arithmetic_intensity))
    }

    /// [`Silicon`] and its power with the reference's rounding. The reference adds up the PEs one by one, which shows
    /// if the sixth digit is a tie.
    fn silicon(&mut self, traffic: &Traffic) -> (Silicon, f64) {
        let (l1, l2) = (traffic.l1_total(), traffic.l2_total());
        let (lanes, bandwidth) = (self.hardware.simd_lanes(), self.hardware.noc(0).bandwidth);
        let pes = self.hardware.pes();
        let all = Silicon::new(pes, lanes, bandwidth, l1, l2);
        if pes > MAX_SUMMED_PES {
            return (all, all.power());
        }
        let sums = self.sums.entry(l1).or_insert_with(|| {
            let one = Silicon::new(1, lanes, bandwidth, l1, l2);
            let sum = |each: f64| (0..pes).fold(0.0, |sum, _| sum + each);
            PeSums {
                area: sum(one.pe_area),
                pe_power: sum(one.pe_power),
                l1_power: sum(one.l1_power),
                power: sum(one.pe_power + one.l1_power),
            }
        });
        let power = sums.power + all.l2_power + all.noc_power;
        (Silicon { pe_area: sums.area, pe_power: sums.pe_power, l1_power: sums.l1_power, ..all }, power)
    }
}

/// With more PEs than this, the sum over all PEs is computed as a product.
const MAX_SUMMED_PES: u32 = 1 << 16;

/// Sums over all PEs: area in um^2 and power in mW.
#[derive(Debug)]
struct PeSums {
    area: f64,
    pe_power: f64,
    l1_power: f64,
    power: f64,
}

/// A quotient as a C++ stream prints a quotient of `long double`s: rounded to a significand of 64 bits first, then to
/// 6 digits. The double rounding shows where the digits after the sixth are exactly one half.
struct Quotient(u64, u64);

impl fmt::Display for Quotient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.six_digits() {
            Some((digits, exponent)) => write_digits(f, false, digits, exponent),
            None => G(self.0 as f64 / self.1 as f64).fmt(f),
        }
    }
}

impl Quotient {
    /// The significand, which is at least 2^63, and the power of two to multiply it by; `None` for 0 and infinities.
    fn rounded(&self) -> Option<(u128, u32)> {
        let &Quotient(dividend, divisor) = self;
        if dividend == 0 || divisor == 0 {
            return None;
        }
        let (shift_up, shift_down) = (dividend.leading_zeros(), divisor.leading_zeros());
        let (dividend, divisor) = (u128::from(dividend << shift_up) << 64, u128::from(divisor << shift_down));
        let (quotient, rest) = (dividend / divisor, dividend % divisor);
        // The quotient has 64 or 65 bits. `halves` compares the part that is cut off with half of the last bit kept.
        let (significand, halves, long) = match quotient >> 64 {
            0 => (quotient, (2 * rest).cmp(&divisor), 0),
            _ if quotient & 1 == 0 => (quotient >> 1, Ordering::Less, 1),
            _ => (quotient >> 1, rest.cmp(&0), 1),
        };
        let up = halves.is_gt() || (halves.is_eq() && significand & 1 == 1);
        // If all 64 bits are set, rounding up carries into bit 64. The result still is a valid significand.
        Some((significand + u128::from(up), (64 + shift_up).checked_sub(shift_down + long)?))
    }

    /// Six digits and the exponent, like the function [`six_digits`]; `None` if the quotient is 0, infinite or too
    /// small for 128 bits.
    fn six_digits(&self) -> Option<([u8; 6], i32)> {
        let (significand, halvings) = self.rounded()?;
        let mut exponent = (self.0 as f64 / self.1 as f64).log10().floor() as i32;
        loop {
            let power = |exponent: i32| 10u128.checked_pow(u32::try_from(exponent).unwrap_or(0));
            let number = significand.checked_mul(power(5 - exponent)?)?;
            let one = power(exponent - 5)?.checked_mul(1u128.checked_shl(halvings)?)?;
            let (whole, rest) = (number / one, number % one);
            let up = match rest.cmp(&(one - rest)) {
                Ordering::Less => false,
                Ordering::Equal => whole % 2 == 1,
                Ordering::Greater => true,
            };
            match whole + u128::from(up) {
                ..100_000 => exponent -= 1,
                rounded @ 100_000..1_000_000 => {
                    let digit = |place: u32| b'0' + (rounded / 10u128.pow(5 - place) % 10) as u8;
                    return Some((std::array::from_fn(|place| digit(place as u32)), exponent));
                }
                _ => exponent += 1,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The expected texts are what `printf("%Lg")` prints for x86's `long double`.
    #[test]
    fn quotients_round_through_a_significand_of_64_bits() {
        let cases = [
            (1, 3, "0.333333"),
            (2, 1, "2"),
            (0, 5, "0"),
            (2469135, 2, "1.23457e+06"),
            (1, 1000000, "1e-06"),
            (10000000, 10, "1e+06"),
            (9223372036854775808, 3, "3.07446e+18"),
            (999999500000, 1000000, "1e+06"),
            (7, 1024, "0.00683594"),
            (154938245, 490000, "316.201"),
            (87174225, 45000000, "1.9372"),
            (22479740, 40000, "561.993"),
            (239358450, 30000000, "7.97862"),
            (156904205, 430000, "364.893"),
            (117414045, 21000000, "5.59114"),
            (121046030, 140000, "864.614"),
            (215172205, 37000000, "5.81547"),
        ];
        for (dividend, divisor, text) in cases {
            assert_eq!(Quotient(dividend, divisor).to_string(), text, "{dividend} / {divisor}");
        }
        // Some of the texts would differ with a significand of 53 bits.
        assert!(cases.iter().any(|&(dividend, divisor, text)| G(dividend as f64 / divisor as f64).to_string() != text));
    }

    #[test]
    fn names_lose_what_the_reference_takes_for_separators() {
        assert_eq!(reference_name("Conv2d-7"), Some("7"));
        assert_eq!(reference_name("CONV1"), Some("CONV1"));
        assert_eq!(reference_name("a:b(c)"), Some("c"));
        assert_eq!(reference_name("--"), None);
    }
}
