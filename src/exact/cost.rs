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
    /// Which buffers of `hardware` are large enough for a counted layer.
    fn of(counts: &Counts, hardware: &Hardware) -> Fits {
        let fits = |need: u64, bytes: u32| bytes == UNLIMITED || need <= u64::from(bytes);
        Fits {
            l1: fits(counts.needs.l1, hardware.l1_bytes()),
            cluster: fits(counts.needs.cluster, hardware.cluster_bytes()),
            l2: counts.offchip.is_some(),
        }
    }

    /// Whether all buffers are large enough.
    pub const fn all(self) -> bool {
        self.l1 && self.cluster && self.l2
    }
}

/// Cycles of a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Cycles {
    /// On-chip cycles, without off-chip transfers.
    pub on_chip: u64,
    /// Cycles to load from off-chip what the first step needs.
    pub first: u64,
    /// Cycles of all other off-chip transfers, which run in parallel with the work on the chip.
    pub rest: u64,
    /// Cycles to store the outputs of the last step off-chip.
    pub last: u64,
    /// Total cycles: first + max(on-chip, rest) + last. If L2 is single-buffered, on-chip cycles plus those of all
    /// off-chip transfers.
    pub total: u64,
    /// Cycles if nothing overlapped, as with single buffers everywhere.
    pub serial: u64,
}

/// The cycles of a layer by what they wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Waits {
    /// Cycles that wait for compute.
    pub compute: u64,
    /// Cycles that wait for inputs, filter elements and partial sums on their way to sub-clusters.
    pub noc_in: u64,
    /// Cycles that wait for outputs on their way from sub-clusters.
    pub noc_out: u64,
    /// Cycles that wait for off-chip transfers; 0 if L2 is too small.
    pub offchip: u64,
}

/// What moves off-chip.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Offchip {
    /// What L2 keeps of each tensor.
    pub depths: PerTensor<Depth>,
    /// Elements that move.
    pub transfers: Transfers,
    /// Bits that move, in total.
    pub bits: u64,
    /// The same bits, by when they move.
    pub streams: Streams,
    /// Cycles of the layer.
    pub cycles: Cycles,
}

impl Streams {
    /// Cycles of `first`, `rest` and `last`, and of all bits in one transfer.
    fn cycles(&self, clock: &Clock) -> [u64; 4] {
        [self.first, self.rest, [self.last, 0], [self.activations(), self.weights()]].map(|bits| clock.offchip(bits))
    }
}

impl Offchip {
    /// The cycles of the layer if `loaded` bits of its weights, those needed first, have been loaded before it
    /// begins.
    pub fn cycles_with_weights(&self, hardware: &Hardware, loaded: u64) -> Cycles {
        let clock = Clock::new(hardware);
        let mut streams = self.streams;
        let first = loaded.min(streams.first[1]);
        streams.first[1] -= first;
        streams.rest[1] = streams.rest[1].saturating_sub(loaded - first);
        let [.., before] = self.streams.cycles(&clock);
        Cycles::new(&clock, &streams, self.cycles.on_chip, self.cycles.serial.saturating_sub(before))
    }

    /// Cycles in which the channel for weights is idle, and could load weights of the next layer. The layer takes
    /// `total` cycles, and `loaded` bits of its weights have been loaded before. 0 if L2 is single-buffered.
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
    /// Combines off-chip transfers with `on_chip` cycles, and with `alone`, the on-chip cycles if nothing overlaps.
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
    /// Operations performed (MACs, or those of a POOL or ELTWISE). Operations that overlapping tiles repeat are
    /// counted again.
    pub operations: u64,
    /// Operations of the layer itself.
    pub layer_operations: u64,
    /// Steps of level 1.
    pub steps: u64,
    /// Elements that move between L2 and the sub-clusters of level 1.
    pub l2: Transfers,
    /// Elements that move between all L1 and the buffers above: inputs, filter elements and partial sums arrive,
    /// outputs leave.
    pub l1: Transfers,
    /// Bytes that the layer needs in each buffer.
    pub needs: Needs,
    /// Which buffers are large enough.
    pub fits: Fits,
    /// Off-chip transfers and cycles; `None` if L2 is too small.
    pub offchip: Option<Offchip>,
    /// Cycles by what they wait for.
    pub waits: Waits,
    /// Mean number of PEs that have work in a step.
    pub active_pes: f64,
    /// Energy by component, in nJ. It lacks the off-chip part if L2 is too small.
    pub energy: Energy,
    /// Number of cluster levels of the dataflow.
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
    /// An [`Error`] if the dataflow does not suit the layer or the array or leaves work out, or if a count does not
    /// fit into 64 bits. Buffers that are too small are not an error: see [`Cost::fits`].
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
    /// [`Error::TooIrregular`]; [`Error::Overflow`] if a count does not fit into 64 bits.
    pub fn of_mapping(mapping: &Mapping, hardware: &Hardware, energies: &EnergyTable) -> Result<Cost, Error> {
        let mut player = Player::new(hardware);
        let counts = Counts::of(mapping, hardware, |event| player.play(event))?;
        Cost::timed(&counts, &player, hardware, energies)
    }

    /// The cost of a layer from its counts and from a player that has played all of its events.
    ///
    /// `hardware` may differ from the accelerator of the counts in lanes, bandwidths, latencies, and in the sizes of
    /// L1 and of cluster buffers. The player must have been made for `hardware`.
    ///
    /// # Errors
    /// [`Error::Overflow`] if cycles do not fit into 63 bits.
    pub fn timed(counts: &Counts, player: &Player, hardware: &Hardware, energies: &EnergyTable) -> Result<Cost, Error> {
        let mut cost = Cost::default();
        cost.time(counts, player, hardware, energies)?;
        Ok(cost)
    }

    /// The same in place, which saves copies on small stacks.
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

    /// Total cycles; `None` if L2 is too small.
    pub fn cycles(&self) -> Option<u64> {
        self.offchip.map(|offchip| offchip.cycles.total)
    }

    /// Mean number of useful operations per cycle and MAC lane of the array: 0 to 1. `None` if L2 is too small.
    pub fn utilization(&self, hardware: &Hardware) -> Option<f64> {
        let lanes = f64::from(hardware.pes()) * f64::from(hardware.simd_lanes());
        self.cycles().map(|cycles| self.layer_operations as f64 / (cycles as f64 * lanes))
    }

    /// Energy-delay product, nJ x cycles; `None` if L2 is too small.
    pub fn edp(&self) -> Option<f64> {
        self.cycles().map(|cycles| self.energy.total() * cycles as f64)
    }

    /// Area and power of the accelerator. A buffer without a limit counts with the size that the layer needs.
    pub fn silicon(&self, hardware: &Hardware) -> Silicon {
        Silicon::of(hardware, self.needs.l1, self.needs.l2)
    }
}

/// Only the total cycles of [`Cost::timed`]; `None` if any buffer is too small.
pub(crate) fn cycles_within(counts: &Counts, player: &Player, hardware: &Hardware) -> Result<Option<u64>, Error> {
    let Some(moves) = counts.offchip.as_ref().filter(|_| Fits::of(counts, hardware).all()) else { return Ok(None) };
    let on_chip = player.end();
    let Cycles { total, serial, .. } = Cycles::new(player.clock(), &moves.streams, on_chip.cycles(), on_chip.serial);
    in_range(total.max(serial)).map(|()| Some(total))
}

fn in_range(cycles: u64) -> Result<(), Error> {
    if cycles < i64::MAX.unsigned_abs() { Ok(()) } else { Err(Error::Overflow { level: 1 }) }
}
