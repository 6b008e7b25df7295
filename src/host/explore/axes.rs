//! The order in which a grid is explored: arrays, on each array the interconnects, on each interconnect the buffers
//! and off-chip bandwidths.
//!
//! ```text
//! dataflow x PEs x bits ─> lanes x NoC x hops ─> off-chip x L1 x L2
//!        array                    speed                plane
//! ```

use crate::Hardware;
use crate::host::campaign::grid::{Grid, Key};

/// A value of a key, and what it adds to the number of a design. A `None` value leaves the accelerator unchanged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Choice {
    pub value: Option<u32>,
    pub offset: u64,
}

/// The axes of a grid under some dataflows: the choices for each key, in ascending order of their values.
#[derive(Clone, Debug)]
pub struct Axes {
    base: Hardware,
    dataflows: Vec<Choice>,
    pes: Vec<Choice>,
    bits: Vec<Choice>,
    simd: Vec<Choice>,
    noc: Vec<Choice>,
    hops: Vec<Choice>,
    pub(super) offchip: Vec<Choice>,
    pub(super) l1: Vec<Choice>,
    pub(super) l2: Vec<Choice>,
}

/// The place of the choice for each key of an array and its interconnect: dataflow, PEs, bits, lanes, NoC, hops.
pub(super) type Place = [usize; 6];

impl Axes {
    /// The axes of a grid under `dataflows` dataflows, which vary slowest. `base` has what the grid does not vary.
    ///
    /// # Errors
    /// Values that are out of range, as a sentence.
    pub(super) fn new(grid: &Grid, base: Hardware, dataflows: usize) -> Result<Axes, String> {
        let choices = |key: Key| {
            let Some((values, stride)) = grid.values(key) else { return Ok(vec![Choice { value: None, offset: 0 }]) };
            let choice = |(place, &value): (usize, &u32)| {
                key.set(base, value).map_err(|error| format!("{}={value}: {error}", key.name()))?;
                Ok(Choice { value: Some(value), offset: place as u64 * stride })
            };
            let mut choices: Vec<Choice> = values.iter().enumerate().map(choice).collect::<Result<_, String>>()?;
            choices.sort_unstable_by_key(|choice| choice.value);
            Ok::<_, String>(choices)
        };
        let of_dataflow = |place: usize| Choice { value: None, offset: place as u64 * grid.points() as u64 };
        Ok(Axes {
            base,
            dataflows: (0..dataflows).map(of_dataflow).collect(),
            pes: choices(Key::Pes)?,
            bits: choices(Key::Bits)?,
            simd: choices(Key::Simd)?,
            noc: choices(Key::Noc)?,
            hops: choices(Key::Hops)?,
            offchip: choices(Key::Offchip)?,
            l1: choices(Key::L1)?,
            l2: choices(Key::L2)?,
        })
    }

    fn outer(&self) -> [(Option<Key>, &[Choice]); 6] {
        [
            (None, &self.dataflows),
            (Some(Key::Pes), &self.pes),
            (Some(Key::Bits), &self.bits),
            (Some(Key::Simd), &self.simd),
            (Some(Key::Noc), &self.noc),
            (Some(Key::Hops), &self.hops),
        ]
    }

    /// The number of choices for each key of arrays and interconnects.
    pub(super) fn counts(&self) -> [usize; 6] {
        self.outer().map(|(_, choices)| choices.len())
    }

    /// The number of lines: arrays with an interconnect.
    pub(crate) fn lines(&self) -> u64 {
        self.counts().iter().map(|count| *count as u64).product()
    }

    /// The number of designs on each line.
    pub(super) fn plane(&self) -> u64 {
        [&self.offchip, &self.l1, &self.l2].iter().map(|choices| choices.len() as u64).product()
    }

    /// The place of a line.
    pub(super) fn place(&self, mut line: u64) -> Place {
        let mut place = self.counts();
        for count in place.iter_mut().rev() {
            (*count, line) = ((line % *count as u64) as usize, line / *count as u64);
        }
        place
    }

    /// The line in a place.
    pub(super) fn line(&self, place: &Place) -> u64 {
        let step = |line: u64, (count, place): (usize, &usize)| line * count as u64 + *place as u64;
        self.counts().into_iter().zip(place).fold(0, step)
    }

    /// The line of a design by its number.
    pub(super) fn line_of(&self, id: u64) -> u64 {
        let strides =
            |choices: &[Choice]| choices.iter().map(|choice| choice.offset).filter(|offset| *offset > 0).min();
        let place = self.outer().map(|(_, choices)| match strides(choices) {
            // Each offset is a multiple of the stride: 0, 1, 2, ... times, for as many choices as there are.
            Some(stride) => {
                let offset = id / stride % choices.len() as u64 * stride;
                choices.iter().position(|choice| choice.offset == offset).unwrap_or(0)
            }
            None => 0,
        });
        self.line(&place)
    }

    /// The accelerator in a place, without its buffers and off-chip bandwidth, and what the place adds to the numbers
    /// of designs.
    pub(super) fn hardware(&self, place: &Place) -> (Hardware, u64) {
        let mut all = (self.base, 0);
        for ((key, choices), &place) in self.outer().into_iter().zip(place) {
            let choice = choices[place];
            all.0 = key.map_or(all.0, |key| set(all.0, key, choice));
            all.1 += choice.offset;
        }
        all
    }

    /// The accelerators of a plane that differ in one key.
    pub(super) fn along(&self, key: Key, hardware: Hardware) -> impl Iterator<Item = Hardware> {
        let choices = match key {
            Key::L1 => &self.l1,
            Key::L2 => &self.l2,
            _ => &self.offchip,
        };
        choices.iter().map(move |choice| set(hardware, key, *choice))
    }
}

/// Sets a key. This cannot fail, because all values were checked when the axes were made.
fn set(hardware: Hardware, key: Key, choice: Choice) -> Hardware {
    choice.value.and_then(|value| key.set(hardware, value).ok()).unwrap_or(hardware)
}
