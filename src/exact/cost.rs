//! The cost of a layer on an accelerator.

use crate::area::Silicon;
use crate::dataflow::Dataflow;
use crate::dim::PerTensor;
use crate::energy::{Energy, EnergyTable};
use crate::error::Error;
use crate::hardware::{Buffering, Hardware, UNLIMITED};
use crate::layer::Layer;

use super::counts::{Counts, Depth, Moves, Needs, Streams, Transfers};
use super::events::Player;
use super::mapping::Mapping;
use super::time::Clock;

/// Which buffers are large enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Fits {
    /// L1.
    pub l1: bool,
    /// The buffers of clusters.
    pub cluster: bool,
    /// L2.
    pub l2: bool,
}

impl Fits {
    /// Those of an accelerator for a layer of which everything is counted.
    fn of(counts: &Counts, hardware: &Hardware) -> Fits {
        let fits = |need: u64, bytes: u32| bytes == UNLIMITED || need <= u64::from(bytes);
        Fits {
            l1: fits(counts.needs.l1, hardware.l1_bytes()),
            cluster: fits(counts.needs.cluster, hardware.cluster_bytes()),
            l2: counts.offchip.is_some(),
        }
    }

    /// Whether all are.
    pub const fn all(self) -> bool {
        self.l1 && self.cluster && self.l2
    }
}

/// Cycles of a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Cycles {
    /// On the chip, off-chip transfers apart.
    pub on_chip: u64,
    /// Until what the first step needs has come from off-chip.
    pub first: u64,
    /// Of all other transfers off-chip, which go on beside the work on the chip.
    pub rest: u64,
    /// Until the outputs of the last step have gone off-chip.
    pub last: u64,
    /// All in all: first + max(on-chip, rest) + last.
    pub total: u64,
    /// What it would take if nothing overlapped: single buffers everywhere.
    pub serial: u64,
}

/// The cycles of a layer by what they wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Waits {
    /// Computing.
    pub compute: u64,
    /// Bringing inputs, filters and partial sums to sub-clusters.
    pub noc_in: u64,
    /// Taking outputs away.
    pub noc_out: u64,
    /// Transfers off-chip that nothing hides; 0 where L2 is too small.
    pub offchip: u64,
}

/// What moves off-chip.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Offchip {
    /// What L2 keeps of each tensor.
    pub depths: PerTensor<Depth>,
    /// Elements.
    pub transfers: Transfers,
    /// Bits, of all of them.
    pub bits: u64,
    /// The same bits, by when they move.
    pub streams: Streams,
    /// Cycles.
    pub cycles: Cycles,
}

impl Streams {
    /// Cycles of first, rest, last, and of all of it at once.
    fn cycles(&self, clock: &Clock) -> [u64; 4] {
        [self.first, self.rest, [self.last, 0], [self.activations(), self.weights()]].map(|bits| clock.offchip(bits))
    }
}

impl Offchip {
    /// The cycles where so many bits of weights have been loaded before the layer begins, the first that it needs.
    pub fn cycles_with_weights(&self, hardware: &Hardware, loaded: u64) -> Cycles {
        let clock = Clock::new(hardware);
        let mut streams = self.streams;
        let first = loaded.min(streams.first[1]);
        streams.first[1] -= first;
        streams.rest[1] = streams.rest[1].saturating_sub(loaded - first);
        let [.., before] = self.streams.cycles(&clock);
        Cycles::new(&clock, &streams, self.cycles.on_chip, self.cycles.serial.saturating_sub(before))
    }

    /// Cycles in which the channel that weights come over stands idle while the layer takes `total` cycles and `loaded` bits
    /// of its weights have been loaded before: time for the weights of the next layer. 0 where L2 is single.
    pub fn idle_cycles(&self, hardware: &Hardware, loaded: u64, total: u64) -> u64 {
        let clock = Clock::new(hardware);
        let weights = self.streams.weights().saturating_sub(loaded);
        let busy = match (clock.l2, clock.weights) {
            (Buffering::Single, _) => u64::MAX,
            (Buffering::Double, Some(own)) => own.stream(weights),
            (Buffering::Double, None) => clock.offchip.stream(weights.saturating_add(self.streams.activations())),
        };
        total.saturating_sub(busy)
    }
}

impl Cycles {
    /// With what moves off-chip, `on_chip` cycles beside it, and `alone` on the chip where nothing overlaps.
    #[cfg_attr(not(feature = "std"), inline(never))]
    fn new(clock: &Clock, streams: &Streams, on_chip: u64, alone: u64) -> Cycles {
        let [first, rest, last, everything] = streams.cycles(clock);
        let total = match clock.l2 {
            Buffering::Double => on_chip.max(rest).saturating_add(first.saturating_add(last)),
            Buffering::Single => on_chip.saturating_add(everything),
        };
        Cycles { on_chip, first, rest, last, total, serial: alone.saturating_add(everything) }
    }
}

/// The cost of a layer under a dataflow on an accelerator.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Cost {
    /// Operations performed (MACs, or those of a POOL or ELTWISE), those that overlapping tiles repeat counted again.
    pub operations: u64,
    /// Operations of the layer itself.
    pub layer_operations: u64,
    /// Steps of level 1.
    pub steps: u64,
    /// Between L2 and the sub-clusters of level 1.
    pub l2: Transfers,
    /// Between all L1 and what is above them: arriving inputs, filter elements and partial sums, leaving outputs.
    pub l1: Transfers,
    /// How much of each buffer it needs.
    pub needs: Needs,
    /// Which buffers are large enough.
    pub fits: Fits,
    /// Off-chip transfers and cycles; `None` where L2 is too small.
    pub offchip: Option<Offchip>,
    /// Cycles by what they wait for.
    pub waits: Waits,
    /// PEs at work in the average step.
    pub active_pes: f64,
    /// nJ by where they go. Without off-chip where L2 is too small.
    pub energy: Energy,
    /// Cluster levels of the dataflow.
    pub levels: u8,
}

impl Cost {
    /// The cost of `layer`, with the default energies.
    ///
    /// ```
    /// use maestrino::dataflow::presets::Preset;
    /// use maestrino::{Cost, Dim, Hardware, Layer, LayerKind};
    ///
    /// let dims = [(Dim::K, 64), (Dim::C, 64), (Dim::R, 3), (Dim::S, 3), (Dim::Y, 58), (Dim::X, 58)];
    /// let layer = Layer::new(LayerKind::Conv, &dims)?;
    /// let hardware = Hardware::new(256)?.with_offchip_bandwidth(16)?;
    /// let cost = Cost::of(&layer, &Preset::KcpWs.tiling().dataflow(layer.kind())?, &hardware)?;
    /// assert_eq!((cost.operations, cost.fits.all()), (layer.macs().unwrap(), true));
    /// println!("{:?} cycles, {:.0} nJ", cost.cycles(), cost.energy.total());
    /// # Ok::<(), maestrino::Error>(())
    /// ```
    ///
    /// # Errors
    /// A dataflow that does not suit the layer or the array, or leaves work out; counts above 64 bits. Buffers that are too
    /// small are no error: see [`Cost::fits`].
    pub fn of(layer: &Layer, dataflow: &Dataflow, hardware: &Hardware) -> Result<Cost, Error> {
        Cost::with_energies(layer, dataflow, hardware, &EnergyTable::REFERENCE)
    }

    /// The cost of `layer`, with an energy table of your own.
    ///
    /// # Errors
    /// As [`Cost::of`].
    pub fn with_energies(
        layer: &Layer,
        dataflow: &Dataflow,
        hardware: &Hardware,
        energies: &EnergyTable,
    ) -> Result<Cost, Error> {
        let mapping = Mapping::new(layer, dataflow, hardware.pes());
        Cost::of_mapping(mapping.as_ref().map_err(|error| *error)?, hardware, energies)
    }

    /// The cost of a mapping, which must be for as many PEs as `hardware` has.
    ///
    /// # Errors
    /// [`Error::TooIrregular`], and counts above 64 bits.
    pub fn of_mapping(mapping: &Mapping, hardware: &Hardware, energies: &EnergyTable) -> Result<Cost, Error> {
        let mut player = Player::new(hardware);
        let counts = Counts::of(mapping, hardware, |event| player.play(event))?;
        Cost::timed(&counts, &player, hardware, energies)
    }

    /// The cost of a layer of which everything is counted and all events have been played.
    ///
    /// `hardware` may differ from the one that the counts are of in lanes, bandwidths, latencies and clock, and in how large L1
    /// and the buffers of clusters are; the player must be one for it.
    ///
    /// # Errors
    /// Cycles above 63 bits.
    pub fn timed(counts: &Counts, player: &Player, hardware: &Hardware, energies: &EnergyTable) -> Result<Cost, Error> {
        let mut cost = Cost::default();
        cost.time(counts, player, hardware, energies)?;
        Ok(cost)
    }

    /// The same in place, which spares small stacks a copy or two.
    pub(crate) fn time(
        &mut self,
        counts: &Counts,
        player: &Player,
        hardware: &Hardware,
        energies: &EnergyTable,
    ) -> Result<(), Error> {
        let clock = player.clock();
        let on_chip = player.end();
        self.operations = counts.operations;
        self.layer_operations = counts.layer_operations;
        self.steps = counts.steps;
        (self.l2, self.l1) = (counts.l2, counts.l1);
        self.needs = counts.needs;
        self.fits = Fits::of(counts, hardware);
        self.active_pes = counts.active_pes;
        self.energy = counts.accesses.energy(energies);
        self.levels = counts.levels;
        let [compute, noc_in, noc_out] = on_chip.waits;
        self.waits = Waits { compute, noc_in, noc_out, offchip: 0 };
        let mut longest = on_chip.cycles();
        self.offchip = None;
        if let Some(moves) = &counts.offchip {
            let cycles = Cycles::new(clock, &moves.streams, on_chip.cycles(), on_chip.serial);
            self.waits.offchip = cycles.total - cycles.on_chip;
            longest = cycles.total.max(cycles.serial);
            let Moves { depths, transfers, bits, streams } = *moves;
            self.offchip = Some(Offchip { depths, transfers, bits, streams, cycles });
        }
        in_range(longest)
    }

    /// Cycles all in all; `None` where L2 is too small.
    pub fn cycles(&self) -> Option<u64> {
        self.offchip.map(|offchip| offchip.cycles.total)
    }

    /// Useful operations in the average cycle for each MAC lane of the array: 0 to 1. `None` where L2 is too small.
    pub fn utilization(&self, hardware: &Hardware) -> Option<f64> {
        let lanes = f64::from(hardware.pes()) * f64::from(hardware.simd_lanes());
        self.cycles().map(|cycles| self.layer_operations as f64 / (cycles as f64 * lanes))
    }

    /// Energy-delay product, nJ x cycles; `None` where L2 is too small.
    pub fn edp(&self) -> Option<f64> {
        self.cycles().map(|cycles| self.energy.total() * cycles as f64)
    }

    /// Area and power of the accelerator, with its own buffers where it has limits, with those that the layer needs elsewhere.
    pub fn silicon(&self, hardware: &Hardware) -> Silicon {
        Silicon::of(hardware, self.needs.l1, self.needs.l2)
    }
}

/// Cycles all in all, as [`Cost::timed`] has them, without anything else; `None` where a buffer is too small.
pub(crate) fn cycles_within(counts: &Counts, player: &Player, hardware: &Hardware) -> Result<Option<u64>, Error> {
    let Some(moves) = counts.offchip.as_ref().filter(|_| Fits::of(counts, hardware).all()) else { return Ok(None) };
    let on_chip = player.end();
    let Cycles { total, serial, .. } = Cycles::new(player.clock(), &moves.streams, on_chip.cycles(), on_chip.serial);
    in_range(total.max(serial)).map(|()| Some(total))
}

fn in_range(cycles: u64) -> Result<(), Error> {
    if cycles < i64::MAX.unsigned_abs() { Ok(()) } else { Err(Error::Overflow { level: 1 }) }
}
