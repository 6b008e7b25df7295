//! Explains how a layer runs on an accelerator, step by step: loops, the tiles of a few steps, and what each kind of
//! step moves and how long it takes. All figures are those of the exact model;
//! [`report::explain`](crate::host::report::explain) draws them.
//!
//! ```
//! use maestrino::dataflow::presets::Preset;
//! use maestrino::host::explain::Explanation;
//! use maestrino::host::report::explain::render;
//! use maestrino::{Dim, EnergyTable, Hardware, Layer, LayerKind};
//!
//! let layer = Layer::new(LayerKind::Gemm, &[(Dim::M, 8), (Dim::N, 8), (Dim::K, 64)])?;
//! let (dataflow, hardware) = (Preset::Nmk.tiling().dataflow(layer.kind())?, Hardware::new(128)?);
//! let explanation = Explanation::new(&layer, &dataflow, &hardware, &EnergyTable::REFERENCE, (4, 4))?;
//! assert!(render("product", "nmk", &explanation, &hardware).contains("par K over 64, 1 each"));
//! # Ok::<(), maestrino::Error>(())
//! ```

use std::collections::HashMap;

use crate::exact::{Counts, Event, Listener, Loop, Player, Step, StepCycles, StepKind, Steps, Tile};
use crate::{Cost, Dataflow, EnergyTable, Error, Hardware, Layer, Mapping};

/// A layer explained.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// The mapping.
    pub mapping: Mapping,
    /// Its cost.
    pub cost: Cost,
    /// The cluster levels, the outermost first.
    pub levels: Vec<Level>,
    /// The number of outputs that the sub-clusters of level 1 hold after the last step, and the cycles until they
    /// have left all levels.
    pub drain: (u64, u64),
}

/// A cluster level.
#[derive(Clone, Debug)]
pub struct Level {
    /// The number of sub-clusters of a cluster.
    pub sub_clusters: u32,
    /// Its loops over the tile that is shown, outermost first.
    pub loops: Vec<Loop>,
    /// The tile that is shown: the layer, or, at inner levels, the tile of the first sub-cluster in the first step.
    pub of: Tile,
    /// The number of steps that a cluster takes for it.
    pub steps: u64,
    /// The sub-clusters that are shown: the first ones, the last one with work in the first step, and the last one.
    pub units: Vec<u32>,
    /// The first steps and the last step.
    pub shown: Vec<ShownStep>,
    /// All kinds of steps in all tiles of all clusters of the level. They are sorted by the loop that advances, the
    /// outermost first, and then by how often they occur, the most frequent first.
    pub kinds: Vec<Kind>,
}

/// The tiles of a step.
#[derive(Clone, Debug)]
pub struct ShownStep {
    /// The number of the step, from 1.
    pub number: u64,
    /// The tile of each sub-cluster that is shown; `None` if it is idle.
    pub tiles: Vec<Option<Tile>>,
    /// The number of sub-clusters with work, of all.
    pub active: u32,
}

/// A kind of step.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// What it moves, and how often it occurs.
    pub moves: StepKind,
    /// The cycles that one such step takes.
    pub cycles: StepCycles,
}

impl Explanation {
    /// Explains a layer, with the tiles of the first sub-clusters and steps of each level (their numbers are the last
    /// argument) and of the last ones.
    ///
    /// # Errors
    /// Those of [`Mapping::new`] and [`Cost::of_mapping`].
    pub fn new(
        layer: &Layer,
        dataflow: &Dataflow,
        hardware: &Hardware,
        energies: &EnergyTable,
        (units, steps): (u32, u64),
    ) -> Result<Explanation, Error> {
        let mapping = Mapping::new(layer, dataflow, hardware.pes())?;
        let mut observer = Observer { player: Player::new(hardware), kinds: HashMap::new(), drained: (0, 0) };
        let counts = Counts::with_listener(&mapping, hardware, &mut observer)?;
        let cost = Cost::timed(&counts, &observer.player, hardware, energies)?;
        let mut levels = Vec::new();
        let mut of = mapping.whole();
        for number in 0..mapping.level_count() {
            let mut walked = mapping.steps(number, &of)?;
            let count = walked.count();
            let units = shown_units(mapping.sub_clusters(number), units, &walked);
            let first = units.iter().find_map(|unit| walked.tile(*unit));
            let shown = shown_steps(&mut walked, &units, steps);
            let mut kinds: Vec<Kind> = (observer.kinds.iter())
                .filter(|((moves, _), _)| usize::from(moves.step.level) == number)
                .map(|((moves, cycles), times)| Kind { moves: StepKind { times: *times, ..*moves }, cycles: *cycles })
                .collect();
            // The rest of the key makes the order independent of the hash table.
            kinds.sort_by_key(|Kind { moves, cycles }| {
                (
                    moves.advanced,
                    u64::MAX - moves.times,
                    moves.read,
                    moves.psums,
                    moves.outputs,
                    moves.arrived,
                    cycles.total,
                    moves.active,
                )
            });
            levels.push(Level {
                sub_clusters: mapping.sub_clusters(number),
                loops: mapping.loops(number, &of)?.to_vec(),
                of,
                steps: count,
                units,
                shown,
                kinds,
            });
            of = first.unwrap_or(of);
        }
        let (bits, cycles) = observer.drained;
        let drain = (bits / u64::from(hardware.widths().output), cycles);
        Ok(Explanation { mapping, cost, levels, drain })
    }
}

/// The first sub-clusters, the last one with work in the first step, and the last one.
fn shown_units(all: u32, most: u32, first: &Steps<'_>) -> Vec<u32> {
    let mut units: Vec<u32> = (0..all.min(most)).collect();
    let working = first.working().rev().find(|unit| first.tile(*unit).is_some());
    for last in working.into_iter().chain(all.checked_sub(1)) {
        if units.last().is_none_or(|before| *before < last) {
            units.push(last);
        }
    }
    units
}

/// The first steps and the last step.
fn shown_steps(steps: &mut Steps<'_>, units: &[u32], most: u64) -> Vec<ShownStep> {
    let show = |steps: &Steps<'_>, number: u64| ShownStep {
        number,
        tiles: units.iter().map(|unit| steps.tile(*unit)).collect(),
        active: steps.working().filter(|unit| steps.tile(*unit).is_some()).count() as u32,
    };
    let count = steps.count();
    let mut shown = vec![show(steps, 1)];
    for number in 2..=most.min(count) {
        if steps.advance() {
            shown.push(show(steps, number));
        }
    }
    if most < count {
        steps.end();
        shown.push(show(steps, count));
    }
    shown
}

/// Plays the events of a walk, and collects the kinds of steps.
struct Observer {
    player: Player,
    /// How often each kind of step occurs; equal kinds are counted together.
    kinds: HashMap<(StepKind, StepCycles), u64>,
    /// Bits and cycles of the drain.
    drained: (u64, u64),
}

// The walk consumes its listener, so it is given a reference.
impl Listener for &mut Observer {
    fn event(&mut self, event: &Event) {
        let before = self.player.on_chip();
        self.player.play(event);
        if let Event::Drained { level: 0, bits } = event {
            self.drained = (*bits, self.player.on_chip() - before);
        }
    }

    fn kind(&mut self, kind: impl FnOnce() -> StepKind) {
        let kind = kind();
        let cycles = self.player.cycles_of(&kind.step);
        let step = Step { times: 0, variant: 0, ..kind.step };
        *self.kinds.entry((StepKind { times: 0, step, ..kind }, cycles)).or_default() += kind.times;
    }

    fn separates_loops(&self) -> bool {
        true
    }
}
