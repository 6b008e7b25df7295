//! Costs a network on every design of a grid, and finds the Pareto front of latency, energy, area and power.
//!
//! ```text
//! grid ─> axes ─> arrays (walks) ─> interconnects (events played) ─> classes of buffers ─> front
//!                 costs             costs                            plane
//! ```
//!
//! What the exact model counts does not depend on bandwidths, and depends on L2 only in steps. So designs that share
//! an array and an interconnect take only a few sums each, and most take none: those that have larger buffers but the
//! same cycles are ruled out together. Grids with too many arrays are [searched](search) instead.
//!
//! ```
//! use maestrino::Hardware;
//! use maestrino::dataflow::presets::Preset;
//! use maestrino::host::builtin;
//! use maestrino::host::campaign::NamedDataflow;
//! use maestrino::host::dataflow_choice::DataflowChoice;
//! use maestrino::host::explore::technology::Technology;
//! use maestrino::host::explore::{DataflowCosts, Explore, Limits, Objective};
//! use maestrino::host::shard::Shard;
//!
//! let network = builtin::network("ds_cnn").expect("a name");
//! let choice = DataflowChoice::preset(Preset::KcpWs.tiling(), true);
//! let dataflows = [NamedDataflow { name: "kcp_ws".to_string(), choice }];
//! let technology = Technology::default();
//! let costs = DataflowCosts { network: &network, dataflows: &dataflows, technology: &technology, calibration: None };
//! let explore = Explore {
//!     costs: &costs,
//!     grid: &"pes=64:128,noc=16,offchip=1..16,l1=256..2048:x2,l2=16384..1048576:x2".parse()?,
//!     base: Hardware::new(1).expect("one PE"),
//!     objectives: &[Objective::Latency, Objective::Energy, Objective::Area],
//!     limits: Limits::default(),
//! };
//! let axes = explore.axes(0)?;
//! let explored = explore.explored(explore.whole(&axes, Shard::WHOLE, &|| ()))?;
//! assert_eq!(explored.designs, 2 * 16 * 4 * 7);
//! for design in &explored.front {
//!     println!("{}: {} cycles, {:.0} nJ", design.accelerator.name, design.cycles, design.energy);
//! }
//! # Ok::<(), String>(())
//! ```

mod axes;
mod costs;
mod front;
mod limits;
pub mod mapped;
mod plane;
pub mod search;
pub mod technology;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::host::campaign::accelerators::Accelerator;
use crate::host::campaign::grid::Grid;
use crate::host::mapper::mappings::Certificate;
use crate::host::shard::Shard;
use crate::{Hardware, Silicon};

pub use axes::Axes;
pub use costs::DataflowCosts;
pub use limits::Limits;
pub use plane::Tally;

use axes::Place;
use front::{Candidate, Counting, Front};
use plane::Comparison;

/// The maximum number of designs of a grid.
const MOST_DESIGNS: u128 = 1_000_000_000_000_000;

/// The maximum number of pairs of an L1 and an L2, and of an L2 and an off-chip bandwidth, of a grid.
const MOST_PAIRS: usize = 1_000_000;

/// The maximum number of designs on a front.
const MOST_ON_FRONT: usize = 1_000_000;

/// Figures that are minimized.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Objective {
    /// Cycles.
    Latency,
    /// nJ.
    Energy,
    /// um^2.
    Area,
    /// mW.
    Power,
    /// nJ x cycles.
    Edp,
}

impl Objective {
    /// All of them.
    pub const ALL: [Objective; 5] =
        [Objective::Latency, Objective::Energy, Objective::Area, Objective::Power, Objective::Edp];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Objective::Latency => "latency",
            Objective::Energy => "energy",
            Objective::Area => "area",
            Objective::Power => "power",
            Objective::Edp => "edp",
        }
    }
}

/// An exploration: network, dataflows, grid, objectives and limits.
pub struct Explore<'a> {
    /// The network, its dataflows (the first varies slowest), and the technology.
    pub costs: &'a DataflowCosts<'a>,
    /// The designs.
    pub grid: &'a Grid,
    /// The accelerator from which figures come that the grid does not vary.
    pub base: Hardware,
    /// What is minimized.
    pub objectives: &'a [Objective],
    /// Designs that exceed these limits are ruled out.
    pub limits: Limits,
}

/// A design on the front.
#[derive(Clone, Debug, PartialEq)]
pub struct Design {
    /// Its number: its place in the grid, plus the size of the grid for each dataflow before its own.
    pub id: u64,
    /// The place of its dataflow.
    pub dataflow: usize,
    /// Its name and figures.
    pub accelerator: Accelerator,
    /// Cycles of the network.
    pub cycles: u64,
    /// nJ of the network.
    pub energy: f64,
    /// um^2 and mW; `None` if the NoC has no limit.
    pub silicon: Option<[f64; 2]>,
    /// The number of designs with the same figures in all objectives. This design is the first of them.
    pub same: u64,
}

/// The result of an exploration.
#[derive(Clone, Debug, Default)]
pub struct Explored {
    /// The front, by the objectives.
    pub front: Vec<Design>,
    /// The number of designs of the grid, under all dataflows.
    pub designs: u128,
    /// The number of designs that were costed, and that were ruled out for each reason.
    pub tally: Tally,
    /// The first layer that could not be mapped on some design, and why.
    pub unsuited: Option<String>,
    /// Bytes of the buffers of clusters, L1 and L2 that the least demanding array needs.
    pub needs: Option<[u64; 3]>,
    /// How good the mappings are proven to be, if each design was mapped.
    pub certificate: Certificate,
}

/// The result on some of the designs.
#[derive(Debug, Serialize, Deserialize)]
pub struct Part {
    front: Front,
    tally: Tally,
    /// The first failure: the number of the line or design, and the message.
    unsuited: Option<(u64, String)>,
    needs: Option<[u64; 3]>,
    certificate: Certificate,
}

impl Part {
    fn new(objectives: Counting) -> Part {
        Part {
            front: Front::new(objectives),
            tally: Tally::default(),
            unsuited: None,
            needs: None,
            certificate: Certificate::default(),
        }
    }

    /// Joins the results on these designs and on others.
    #[must_use]
    pub fn merge(mut self, other: Part) -> Part {
        self.tally.add(&other.tally);
        Part {
            front: self.front.merge(other.front),
            tally: self.tally,
            certificate: self.certificate.and(&other.certificate),
            unsuited: self.unsuited.into_iter().chain(other.unsuited).min(),
            needs: match (self.needs, other.needs) {
                (Some(a), Some(b)) => Some(std::array::from_fn(|place| a[place].min(b[place]))),
                (a, b) => a.or(b),
            },
        }
    }
}

impl Explore<'_> {
    /// The axes of the grid, for a network with this many operations.
    ///
    /// # Errors
    /// A grid that is too large, has values that are out of range, or no design within the limits: what to change, as a sentence.
    pub fn axes(&self, operations: u64) -> Result<Axes, String> {
        let (designs, coarsen) = (self.designs(), self.grid.longest().name());
        if designs > MOST_DESIGNS {
            return Err(format!(
                "the grid has {:.1e} designs ({}), and more than {:.0e} are not explored: coarsen {coarsen} or another key",
                designs as f64,
                self.grid.shape(),
                MOST_DESIGNS as f64
            ));
        }
        let axes = Axes::new(self.grid, self.base, self.dataflows())?;
        let [offchip, l1, l2] = [axes.offchip.len(), axes.l1.len(), axes.l2.len()];
        for (a, count, other) in [("l1", l1, l2), ("offchip", offchip, l2)] {
            if count * other > MOST_PAIRS {
                return Err(format!(
                    "{a} has {count} values and l2 {other}: more than {MOST_PAIRS} pairs of them are not explored; coarsen one"
                ));
            }
        }
        // A calibrated chip may be faster than its lanes suggest, so this check does not apply to it.
        let operations = if self.costs.calibration.is_some() { 0 } else { operations };
        self.limits.check(&axes, self.costs.technology, operations)?;
        Ok(axes)
    }

    fn dataflows(&self) -> usize {
        self.costs.dataflows.len()
    }

    /// The number of designs.
    pub fn designs(&self) -> u128 {
        self.grid.points().saturating_mul(self.dataflows() as u128)
    }

    /// Examines every design of a shard of the lines. A line is an array with an interconnect. `advance` is called
    /// for each line.
    pub fn whole(&self, axes: &Axes, shard: Shard, advance: &(dyn Fn() + Sync)) -> Part {
        // Neighbouring lines share their array.
        let lines: Vec<u64> = shard.range(axes.lines()).collect();
        let mut part = self.part(axes, &lines, advance);
        // Keeps only the front, so that the result does not depend on how threads shared the lines.
        part.front.best();
        part
    }

    /// Examines all designs of some lines, given in ascending order.
    fn part(&self, axes: &Axes, lines: &[u64], advance: &(dyn Fn() + Sync)) -> Part {
        let places: Vec<Place> = lines.iter().map(|line| axes.place(*line)).collect();
        let arrays: Vec<&[Place]> = places.chunk_by(|a, b| a[..3] == b[..3]).collect();
        let none = || Part::new(self.objectives());
        arrays.par_iter().map(|places| self.of_array(axes, places, advance)).reduce(none, Part::merge)
    }

    /// The same for lines that share an array.
    fn of_array(&self, axes: &Axes, places: &[Place], advance: &(dyn Fn() + Sync)) -> Part {
        let none = || Part::new(self.objectives());
        let Some(first) = places.first() else { return none() };
        let (hardware, _) = axes.hardware(first);
        let array = match self.costs.array(first[0], &hardware, axes) {
            Ok(array) => array,
            Err(error) => {
                places.iter().for_each(|_| advance());
                let mut part = Part { unsuited: Some((axes.line(first), error.to_string())), ..none() };
                part.tally.unsuited = axes.plane() * places.len() as u64;
                return part;
            }
        };
        let misfits = array.misfits;
        let comparison =
            Comparison { axes, technology: self.costs.technology, objectives: self.objectives(), limits: self.limits };
        let of_lines = |places: &[Place]| {
            let mut part = Part { needs: Some(misfits.needs), ..none() };
            for place in places {
                let (hardware, offset) = axes.hardware(place);
                let pairs = misfits.pairs.map(|pairs| pairs * axes.offchip.len() as u64);
                part.tally.small.iter_mut().zip(pairs).for_each(|(sum, more)| *sum += more);
                for class in self.costs.classes(&array, &hardware) {
                    comparison.add(&class, (&hardware, offset), &mut part.front, &mut part.tally);
                }
                advance();
            }
            part
        };
        places.par_chunks(LINES).map(of_lines).reduce(none, Part::merge)
    }

    fn objectives(&self) -> Counting {
        Objective::ALL.map(|objective| self.objectives.contains(&objective))
    }

    /// The result on all designs.
    ///
    /// # Errors
    /// A front that is too large, as a sentence.
    pub fn explored(&self, mut part: Part) -> Result<Explored, String> {
        let found = part.front.best();
        if found.len() > MOST_ON_FRONT {
            return Err(format!(
                "the front has {} designs, more than {MOST_ON_FRONT}: take fewer objectives, limits or a coarser grid",
                found.len()
            ));
        }
        let front = found.iter().map(|candidate| self.design(candidate)).collect::<Result<_, _>>()?;
        Ok(Explored {
            front,
            designs: self.designs(),
            tally: part.tally,
            unsuited: part.unsuited.map(|(_, error)| error),
            needs: part.needs,
            certificate: part.certificate,
        })
    }

    fn design(&self, Candidate { figures, id, same }: &Candidate) -> Result<Design, String> {
        let points = self.grid.points() as u64;
        if id / points >= self.dataflows() as u64 {
            return Err(format!("there is no design {id}"));
        }
        let [cycles, rest @ ..] = *figures;
        let [energy, area, power] = rest.map(f64::from_bits);
        let accelerator = self.grid.accelerator(self.base, id % points)?;
        let limited = Silicon::is_known(&accelerator.hardware);
        Ok(Design {
            id: *id,
            dataflow: (id / points) as usize,
            accelerator,
            cycles,
            energy,
            silicon: limited.then_some([area, power]),
            same: *same,
        })
    }
}

/// The number of lines that a thread examines one after the other.
const LINES: usize = 16;
