//! Grids of accelerators: all combinations of values of some figures.

use std::str::FromStr;

use super::accelerator::Accelerator;
use crate::hardware::UNLIMITED;
use crate::{Error, Hardware, Noc, Widths};

/// A figure that a grid may vary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    /// Processing elements.
    Pes,
    /// Bytes/cycle of the NoC, at every cluster level.
    Noc,
    /// Latency of the NoC: cycles until the first element arrives.
    Hops,
    /// Bytes/cycle off-chip.
    Offchip,
    /// Bytes of L1.
    L1,
    /// Bytes of L2.
    L2,
    /// MAC lanes of a PE.
    Simd,
    /// Bits of inputs, filters, outputs and partial sums, all the same.
    Bits,
}

impl Key {
    /// All of them.
    pub const ALL: [Key; 8] = [Key::Pes, Key::Noc, Key::Hops, Key::Offchip, Key::L1, Key::L2, Key::Simd, Key::Bits];

    /// Its name: `pes`.
    pub const fn name(self) -> &'static str {
        match self {
            Key::Pes => "pes",
            Key::Noc => "noc",
            Key::Hops => "hops",
            Key::Offchip => "offchip",
            Key::L1 => "l1",
            Key::L2 => "l2",
            Key::Simd => "simd",
            Key::Bits => "bits",
        }
    }

    /// The least value.
    const fn least(self) -> u32 {
        match self {
            Key::Hops | Key::L1 | Key::L2 => 0,
            _ => 1,
        }
    }

    /// The accelerator with this value.
    ///
    /// # Errors
    /// [`Error`] if the value is out of range.
    pub fn set(self, hardware: Hardware, value: u32) -> Result<Hardware, Error> {
        let noc = hardware.noc(0);
        match self {
            Key::Pes => hardware.with_pes(value),
            Key::Noc => hardware.with_noc(Noc { bandwidth: value, ..noc }),
            Key::Hops => hardware.with_noc(Noc { latency: value, ..noc }),
            Key::Offchip => hardware.with_offchip_bandwidth(value),
            Key::L1 => Ok(hardware.with_buffers(value, hardware.l2_bytes())),
            Key::L2 => Ok(hardware.with_buffers(hardware.l1_bytes(), value)),
            Key::Simd => hardware.with_simd_lanes(value),
            Key::Bits => {
                let bits = u8::try_from(value).map_err(|_| Error::Bits(u8::MAX))?;
                hardware.with_widths(Widths { input: bits, filter: bits, output: bits, psum: bits })
            }
        }
    }
}

/// The maximum number of values of a key.
const MAX_VALUES: usize = 1_000_000;

/// The accelerators of a grid, as text: `pes=16:32:64,noc=100..1000:100,l1=64..4096:x2`. Lists are separated by colons; a range
/// has its first and last value and a step (1 if there is none), or an `x` and a factor.
///
/// The first key varies slowest; names hold the values, `pes16_noc100_l1-512`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grid {
    /// In the order of the text.
    axes: Vec<(Key, Vec<u32>)>,
}

impl FromStr for Grid {
    type Err = String;

    fn from_str(text: &str) -> Result<Grid, String> {
        let mut axes: Vec<(Key, Vec<u32>)> = Vec::new();
        for axis in text.split(',') {
            let known = || Key::ALL.map(Key::name).join(", ");
            let (name, values) =
                axis.split_once('=').ok_or_else(|| format!("'{axis}' is not KEY=VALUES; keys are {}", known()))?;
            let key = Key::ALL
                .into_iter()
                .find(|key| key.name() == name.trim())
                .ok_or_else(|| format!("there is no key '{}'; keys are {}", name.trim(), known()))?;
            if axes.iter().any(|(other, _)| *other == key) {
                return Err(format!("{} is given twice", key.name()));
            }
            axes.push((key, values_of(key, values)?));
        }
        Ok(Grid { axes })
    }
}

impl Grid {
    /// The number of accelerators.
    pub(crate) fn points(&self) -> u128 {
        self.axes.iter().fold(1, |points, (_, values)| points.saturating_mul(values.len() as u128))
    }

    /// The key with the most values.
    pub(crate) fn longest(&self) -> Key {
        self.axes.iter().max_by_key(|(_, values)| values.len()).map_or(Key::Pes, |(key, _)| *key)
    }

    /// The values of a key in their order, and the stride: the distance in the grid between accelerators that differ
    /// by one step of this key. `None` if it does not vary.
    pub(crate) fn values(&self, key: Key) -> Option<(&[u32], u64)> {
        let place = self.axes.iter().position(|(own, _)| *own == key)?;
        let inner = self.axes[place + 1..].iter().map(|(_, values)| values.len() as u64);
        Some((&self.axes[place].1, inner.fold(1, u64::saturating_mul)))
    }

    /// Each key with the number of its values: `pes 3 x noc 10`.
    pub(crate) fn shape(&self) -> String {
        let axis = |(key, values): &(Key, Vec<u32>)| format!("{} {}", key.name(), values.len());
        self.axes.iter().map(axis).collect::<Vec<_>>().join(" x ")
    }

    /// # Errors
    /// A grid without the number of PEs.
    pub(crate) fn needs_pes(&self) -> Result<(), String> {
        match self.values(Key::Pes) {
            Some(_) => Ok(()),
            None => Err("pes is missing, for example pes=64:128:256".to_string()),
        }
    }

    /// The accelerator in a place of the grid. Figures that do not vary are those of `base`.
    ///
    /// # Errors
    /// A value that is out of range.
    pub(crate) fn accelerator(&self, base: Hardware, place: u64) -> Result<Accelerator, String> {
        let mut rest = place;
        let mut chosen: Vec<(Key, u32)> = Vec::with_capacity(self.axes.len());
        for (key, values) in self.axes.iter().rev() {
            let count = values.len() as u64;
            chosen.push((*key, values[(rest % count) as usize]));
            rest /= count;
        }
        chosen.reverse();
        // After a name that ends in a digit, the value would be read as a part of the name.
        let dash = |name: &str| if name.ends_with(|last: char| last.is_ascii_digit()) { "-" } else { "" };
        let part = |(key, value): &(Key, u32)| format!("{}{}{value}", key.name(), dash(key.name()));
        let name = chosen.iter().map(part).collect::<Vec<_>>().join("_");
        let set = |hardware, &(key, value): &(Key, u32)| Key::set(key, hardware, value);
        let hardware = chosen.iter().try_fold(base, set).map_err(|error| format!("{name}: {error}"))?;
        Ok(Accelerator { name, hardware })
    }
}

fn values_of(key: Key, text: &str) -> Result<Vec<u32>, String> {
    let (name, least) = (key.name(), key.least());
    let number = |text: &str| {
        let number = text.trim().parse().ok().filter(|number| (least..=UNLIMITED).contains(number));
        number.ok_or_else(|| format!("{name}: '{}' is not a whole number from {least} to {UNLIMITED}", text.trim()))
    };
    let values: Vec<u32> = match text.split_once("..") {
        None => text.split(':').map(number).collect::<Result<_, _>>()?,
        Some((first, last)) => {
            let (last, step) = last.split_once(':').unwrap_or((last, "1"));
            let (factor, step) = step.trim().strip_prefix('x').map_or((false, step), |factor| (true, factor));
            let (first, last, step) = (number(first)?, number(last)?, number(step)?);
            if first > last || step == 0 || (factor && (step == 1 || first == 0)) {
                return Err(format!(
                    "{name}: '{text}' is not a range FIRST..LAST:STEP that goes up, nor FIRST..LAST:xFACTOR"
                ));
            }
            if !factor && ((last - first) / step) as usize >= MAX_VALUES {
                return Err(format!(
                    "{name}: the range '{text}' has more than {MAX_VALUES} values; take a larger step"
                ));
            }
            let next = |value: &u32| if factor { value.checked_mul(step) } else { value.checked_add(step) };
            std::iter::successors(Some(first), next).take_while(|value| *value <= last).collect()
        }
    };
    let mut sorted = values.clone();
    sorted.sort_unstable();
    match sorted.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(twice) => Err(format!("{name}: {} is given twice", twice[0])),
        None => Ok(values),
    }
}
