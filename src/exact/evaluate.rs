//! Counts a layer: walks its steps, and computes all counts from the sums of the walk.

use crate::dim::PerTensor;
use crate::error::Error;
use crate::hardware::Hardware;

use super::cluster::{Cluster, Frame};
use super::counts::{Accesses, Counts, Depth, Moves, Needs, Streams, Transfers};
use super::events::Event;
use super::l2::{Retained, compressed};
use super::listener::Listener;
use super::mapping::Mapping;
use super::retention::Retention;
use super::time::Clock;
use super::walk::Walk;
use super::walked::Walked;

impl Counts {
    /// Counts a layer, and passes each event that takes time to `events`.
    ///
    /// ```
    /// use maestrino::dataflow::presets::Preset;
    /// use maestrino::exact::{Counts, Mapping, Player};
    /// use maestrino::{Cost, Dim, EnergyTable, Hardware, Layer, LayerKind, Noc};
    ///
    /// let layer = Layer::new(LayerKind::Gemm, &[(Dim::M, 64), (Dim::N, 32), (Dim::K, 48)])?;
    /// let dataflow = Preset::Nmk.tiling().dataflow(layer.kind())?;
    /// let slow = Hardware::new(256)?;
    /// let mut events = Vec::new();
    /// let counts = Counts::of(&Mapping::new(&layer, &dataflow, 256)?, &slow, |event| events.push(*event))?;
    /// // Other bandwidths take the same events, without another walk.
    /// let fast = slow.with_noc(Noc { bandwidth: 64, latency: 1 })?;
    /// let mut player = Player::new(&fast);
    /// events.iter().for_each(|event| player.play(event));
    /// let cost = Cost::timed(&counts, &player, &fast, &EnergyTable::REFERENCE)?;
    /// assert_eq!(cost, Cost::of(&layer, &dataflow, &fast)?);
    /// # Ok::<(), maestrino::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::TooIrregular`]; [`Error::Overflow`] if a count does not fit into 64 bits.
    pub fn of(mapping: &Mapping, hardware: &Hardware, events: impl FnMut(&Event)) -> Result<Counts, Error> {
        Counts::with_listener(mapping, hardware, events)
    }

    /// The same, but with a listener, to which the walk also reports what moves in each kind of step.
    ///
    /// # Errors
    /// As [`Counts::of`].
    pub fn with_listener(mapping: &Mapping, hardware: &Hardware, listener: impl Listener) -> Result<Counts, Error> {
        let clock = Clock::new(hardware);
        let shape = &mapping.shape;
        if shape.about >= clock.most_operations() {
            return Err(OVERFLOW);
        }
        let mut walk = Walk::new(shape, &mapping.levels, &clock, listener);
        let mut frame = Frame::new();
        let array = walk.run(0, &Cluster::ARRAY, &mut frame, 1)?;
        let last = walk.drain(0, &shape.whole, Some(&frame.nest))?;
        let walked = Walked {
            mapping,
            hardware,
            clock: &clock,
            tallies: &walk.tallies,
            steps: array.steps,
            active_pes: array.active / array.steps.max(1) as f64,
            frame: &frame,
            first: walk.first_touched,
            last,
        };
        walked.counts()
    }
}

const OVERFLOW: Error = Error::Overflow { level: 1 };

/// Checks that a count has not saturated.
fn count(count: i64) -> Result<u64, Error> {
    u64::try_from(count).ok().filter(|_| count != i64::MAX).ok_or(OVERFLOW)
}

impl Walked<'_> {
    fn counts(&self) -> Result<Counts, Error> {
        let leaf = self.mapping.levels.len().saturating_sub(1);
        let (outer, inner) = (self.tally(0), self.tally(leaf));
        let retained = self.retain()?;
        let bytes = |bits: i64| Ok(count(bits)?.div_ceil(8));
        Ok(Counts {
            operations: count(self.tallies.operations)?,
            layer_operations: self.mapping.layer().operations().ok_or(OVERFLOW)?,
            steps: count(self.steps)?,
            l2: Transfers {
                input: count(outer.read[0])?,
                filter: count(outer.read[1])?,
                psum: count(outer.psums)?,
                output: count(outer.written)?,
            },
            l1: Transfers {
                input: count(inner.arrived[0])?,
                filter: count(inner.arrived[1])?,
                psum: count(inner.psums)?,
                output: count(inner.left)?,
            },
            needs: Needs {
                l1: bytes(self.l1_bits())?,
                cluster: bytes(self.cluster_bits())?,
                l2: bytes(retained.need)?,
            },
            offchip: if retained.fits { Some(self.offchip(&retained)?) } else { None },
            active_pes: self.active_pes,
            accesses: self.accesses(&retained)?,
            levels: self.mapping.levels.len() as u8,
        })
    }

    /// Bits of a tile, with outputs as wide as partial sums.
    fn tile_bits(&self, tile: [i64; 3]) -> i64 {
        let bits = &self.clock.bits;
        tile[0] * bits.input + tile[1] * bits.filter + tile[2] * bits.psum
    }

    fn l1_bits(&self) -> i64 {
        let leaf = self.mapping.levels.len().saturating_sub(1);
        i64::from(self.clock.l1.factor()) * self.tile_bits(self.tally(leaf).tile)
    }

    /// Bits of the largest cluster buffer. A cluster with a single step needs no buffer: it passes everything on.
    fn cluster_bits(&self) -> i64 {
        let keeps = |level: &usize| self.tally(*level).steps;
        let inner = (1..self.mapping.levels.len()).filter(keeps);
        let bits = inner.map(|level| self.tile_bits(self.tally(level - 1).tile)).max().unwrap_or(0);
        i64::from(self.clock.l1.factor()) * bits
    }

    fn offchip(&self, retained: &Retained) -> Result<Moves, Error> {
        let bits = &self.clock.bits;
        let [input, filter, output] = retained.chosen;
        let psums = if retained.resident { 0 } else { output.entering - retained.outputs };
        let written = if retained.resident { 0 } else { output.entering };
        // `first`: bits of activations and of weights that the first step needs. `activations` and `weights`: all
        // others, and all.
        let first = [
            if retained.resident { 0 } else { self.first[0] * bits.input },
            compressed(self.hardware, self.first[1] * bits.filter),
        ];
        let last = if retained.resident { 0 } else { self.last * bits.output };
        let weights = compressed(self.hardware, filter.entering * bits.filter);
        let activations = retained.bits - weights - first[0] - last;
        let streams = Streams {
            first: [count(first[0])?, count(first[1])?],
            rest: [count(activations)?, count(weights - first[1])?],
            last: count(last)?,
        };
        let depth = |option: Retention, resident: bool| {
            if resident { Depth::Resident } else { Depth::Loops(option.depth) }
        };
        Ok(Moves {
            depths: PerTensor([
                depth(input, retained.resident),
                depth(filter, false),
                depth(output, retained.resident),
            ]),
            transfers: Transfers {
                input: count(input.entering)?,
                filter: count(filter.entering)?,
                psum: count(psums)?,
                output: count(written)?,
            },
            bits: count(retained.bits)?,
            streams,
        })
    }

    /// Accesses scale with their bits, a MAC with the product of its operands' bits. In L1 and in cluster buffers,
    /// outputs are as wide as partial sums, because they are accumulated there.
    fn accesses(&self, retained: &Retained) -> Result<Accesses, Error> {
        let bits = &self.clock.bits;
        let wide = |elements: i64, bits: i64| i128::from(elements) * i128::from(bits);
        let inwards = |read: [i64; 2], psums: i64| {
            wide(read[0], bits.input) + wide(read[1], bits.filter) + wide(psums, bits.psum)
        };
        let operations = self.tallies.operations;
        let leaf = self.mapping.levels.len().saturating_sub(1);
        let (outer, inner) = (self.tally(0), self.tally(leaf));
        // A MAC reads its operands and its partial sum, and writes the partial sum. Inserted zeros are in no buffer.
        let operands = if self.mapping.shape.has_filter { bits.filter } else { 0 } + 2 * bits.psum;
        let l1 = wide(self.tallies.on_elements, bits.input)
            + wide(operations, operands)
            + inwards(inner.arrived, inner.psums)
            + wide(inner.left, bits.psum);
        let finished = self.tallies.finished;
        let written = wide(finished, bits.output) + wide(outer.written - finished, bits.psum);
        let mut l2 = inwards(outer.read, outer.psums) + written;
        if retained.fits {
            let weights = retained.chosen[1].entering * bits.filter;
            // L2 holds weights uncompressed.
            l2 += i128::from(retained.bits) - i128::from(compressed(self.hardware, weights)) + i128::from(weights);
        }
        let mut cluster = 0;
        for level in 1..self.mapping.levels.len() {
            let (above, own) = (self.tally(level - 1), self.tally(level));
            if own.steps {
                cluster += inwards(above.arrived, above.psums)
                    + wide(above.left, bits.psum)
                    + inwards(own.read, own.psums)
                    + wide(own.written, bits.psum);
            }
        }
        let has_macs = self.mapping.layer().kind().has_macs();
        let mac = if has_macs { wide(operations, bits.input * bits.filter) } else { 0 };
        let count = |count: i128| u64::try_from(count).map_err(|_| OVERFLOW);
        Ok(Accesses {
            mac: count(mac)?,
            l1: count(l1)?,
            l2: count(l2)?,
            cluster: count(cluster)?,
            offchip: if retained.fits { count(retained.bits.into())? } else { 0 },
        })
    }
}
