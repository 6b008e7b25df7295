//! Arguments of `maestrino codesign`.

use std::ffi::{OsStr, OsString};
use std::ops::Range;
use std::path::PathBuf;

use crate::host::campaign::Costing;
use crate::host::search::compare::Plan;
use crate::host::search::evolve::{Effort, Objective};
use crate::host::search::exhaustive::Exhaustive;
use crate::host::search::query::Limits;
use crate::host::shard::Shard;
use clap::ValueEnum;

use crate::cli::calibration::CalibrationArgs;
use crate::cli::dataflow::{Best, FitArgs, MappingArgs};
use crate::cli::failure::Failure;
use crate::cli::input::{self, Latency};
use crate::cli::model::{BufferArgs, CostArgs};
use crate::cli::space::accelerators::AcceleratorArgs;
use crate::cli::space::choice::{AccuracyArgs, RecipeArgs};
use crate::cli::space::models::ModelsArgs;

/// Find the best network and accelerator together, and compare the ways to do so.
///
/// With --constraint, shows the answer of each method. With --grid, which is the default, compares the methods on
/// limits on latency and energy at percentiles of each design's own figures, with every design as the proxy. With the
/// exact model, a network that does not fit the buffers of an accelerator cannot run there, and is no answer.
#[derive(clap::Args)]
#[command(group(clap::ArgGroup::new("source").args(["space", "models"]).required(true)))]
pub struct CodesignArgs {
    /// The space: nb301, alphanet or tiny
    #[arg(long, value_name = "NAME")]
    pub space: Option<OsString>,
    #[command(flatten)]
    pub recipe: RecipeArgs,
    #[command(flatten)]
    pub models: ModelsArgs,
    /// selected (the paper's selection), all (networks that the paper drew), a CSV file, or ids: 0..100, 5 or 1,2,3
    /// [default: selected]
    #[arg(long, value_name = "NETWORKS", conflicts_with = "models")]
    networks: Option<OsString>,
    #[command(flatten)]
    pub accuracy: AccuracyArgs,
    #[command(flatten)]
    pub accelerators: AcceleratorArgs,
    #[command(flatten)]
    pub buffers: BufferArgs,
    #[command(flatten)]
    pub cost: CostArgs,
    #[command(flatten)]
    pub calibration: CalibrationArgs,
    /// Dataflows: presets, optionally with tile sizes (kcp_ws:cluster=32), or files with Dataflow blocks.
    /// conv=mine.m+gemm=nmk is one dataflow that differs by kind of layer. Layers that no given dataflow suits take
    /// the preset for their kind, with a warning. map (or map:energy, map:edp, map:offchip) is the best mapping of
    /// each layer on each accelerator, as `maestrino map` finds it
    #[arg(long, value_name = "[KIND=]NAME|FILE[+...],...", required = true)]
    pub dataflow: Vec<OsString>,
    #[command(flatten)]
    pub fit: FitArgs,
    #[command(flatten)]
    pub map: MappingArgs,
    /// Also take designs in which each layer has the best of the dataflows, by latency, energy or EDP
    #[arg(long, value_name = "BY", num_args = 0..=1, require_equals = true, default_missing_value = "latency")]
    pub mixed: Option<Best>,
    /// How to search
    #[arg(long, value_enum, default_value_t = Method::All)]
    pub method: Method,
    /// Upper limits: latency (cycles, or with --clock a time such as 5ms), energy (nJ), edp (nJ x cycles), area
    /// (um^2) and power (mW)
    #[arg(long, value_name = "latency=N,...", value_parser = limits)]
    pub constraint: Option<Constraint>,
    /// Clock, for latencies that are given as times
    #[arg(long, value_name = "MHZ", value_parser = clock)]
    clock: Option<f64>,
    /// Compare the methods on KxK pairs of limits, for each design and for all together [default: 20x20]
    #[arg(long, value_name = "KxK", value_parser = steps)]
    pub grid: Option<usize>,
    /// The design that semi-decoupled search and transfer start from, as DATAFLOW_ACCELERATOR; auto takes the one whose
    /// rankings are closest to all others [default: auto for a constraint, every one for a comparison]
    #[arg(long, value_name = "DESIGN|auto")]
    pub proxy: Option<String>,
    /// Points of accuracy that an answer of adaptive search may miss, for fewer evaluations [default: 0]
    #[arg(long, value_name = "POINTS", value_parser = tolerance)]
    tolerance: Option<f64>,
    /// Evaluations after which adaptive search with a constraint stops; its certificate says how much accuracy may be
    /// missed
    #[arg(long, value_name = "N")]
    pub budget: Option<usize>,
    /// Also show how long each method took in a comparison
    #[arg(long)]
    pub timing: bool,
    /// Seed of evolution, or several searches with one seed each: 0..10 [default: 0]
    #[arg(long, value_name = "N|FROM..TO", value_parser = seeds)]
    seed: Option<Seeds>,
    /// Objectives of evolution: accuracy is maximized, the others are minimized [default: accuracy,latency,energy,
    /// and area if all NoCs have a limit]
    #[arg(long, value_name = "OBJECTIVE,...", value_enum, value_delimiter = ',')]
    objectives: Vec<Goal>,
    /// Also cost --networks on every design, and show how much of their front of accuracy, latency and energy is
    /// dominated by evolution's
    #[arg(long, conflicts_with = "constraint")]
    pub enumerate: bool,
    /// Size of the population: pairs of a network and a design [default: 200]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(2..=100_000))]
    population: Option<u32>,
    /// Generations of evolution [default: 250]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=1_000_000))]
    generations: Option<u32>,
    /// Form of the output
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub format: Format,
    /// Directory for all tables behind the answer; created if missing
    #[arg(long, short, value_name = "DIR")]
    pub output: Option<PathBuf>,
    /// Cost the networks on the I-th of N shares of the accelerators, or evolve with a share of the seeds, and write
    /// DIR.part-I-of-N; `maestrino merge` joins all parts and searches
    #[arg(long, requires = "output", value_name = "I/N")]
    pub shard: Option<Shard>,
}

/// The method of search.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Method {
    /// All but evolve
    All,
    /// Every network on every design
    Coupled,
    /// Choose the network first, within a budget of MACs; and choose the accelerator first
    Decoupled,
    /// The best networks on a proxy, then these on every design
    SemiDecoupled,
    /// The Pareto front of FLOPs and accuracy, then this on every design
    FlopsPareto,
    /// A proxy, corrected by costing a few networks on each design
    Transfer,
    /// Only what the answer and its certificate need
    Adaptive,
    /// Evolution (NSGA-II) of pairs of a network of the whole space and a design
    Evolve,
}

/// Objectives of evolution.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Goal {
    Accuracy,
    Latency,
    Energy,
    Area,
}

impl From<Goal> for Objective {
    fn from(goal: Goal) -> Objective {
        match goal {
            Goal::Accuracy => Objective::Accuracy,
            Goal::Latency => Objective::Latency,
            Goal::Energy => Objective::Energy,
            Goal::Area => Objective::Area,
        }
    }
}

/// Limits on an answer.
#[derive(Clone, Copy)]
pub struct Constraint {
    limits: Limits,
    latency: Option<Latency>,
}

/// Seeds of searches.
#[derive(Clone)]
pub struct Seeds(pub Range<u64>);

/// Form of the output.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Table,
    Csv,
    Json,
}

/// The number of percentiles of latency and of energy in the study's queries.
pub const GRID: usize = 20;

/// The value of `--proxy` that chooses the proxy by rank correlation.
const AUTO: &str = "auto";

impl CodesignArgs {
    /// Refuses flags that contradict each other, and flags that would have no effect.
    pub fn check(&self) -> Result<(), Failure> {
        let evolve = self.method == Method::Evolve;
        let compares = !evolve && (self.grid.is_some() || self.constraint.is_none());
        let has_proxy = matches!(self.method, Method::All | Method::SemiDecoupled | Method::Transfer);
        let adapts = matches!(self.method, Method::All | Method::Adaptive);
        let of_evolution = "is of --method evolve; the other methods have no such choice";
        let of_adaptive = "is of --method adaptive and all; the other methods have no such choice";
        let time = self.constraint.is_some_and(|of| matches!(of.latency, Some(Latency::Seconds(_))));
        let wrong = [
            (time && self.clock.is_none(), "--constraint", "has a time for a latency: give --clock MHZ, or cycles"),
            (!time && self.clock.is_some(), "--clock", "is for a latency that is a time: --constraint latency=5ms"),
            (evolve && self.grid.is_some(), "--grid", "compares methods on a list of networks; evolve has none"),
            (!evolve && self.enumerate, "--enumerate", "is for --method evolve; the others enumerate anyway"),
            (!evolve && self.seed.is_some(), "--seed", of_evolution),
            (!evolve && self.population.is_some(), "--population", of_evolution),
            (!evolve && self.generations.is_some(), "--generations", of_evolution),
            (!evolve && !self.objectives.is_empty(), "--objectives", of_evolution),
            (!has_proxy && self.proxy.is_some(), "--proxy", "is of --method semi-decoupled, transfer and all"),
            (!adapts && self.tolerance.is_some(), "--tolerance", of_adaptive),
            (!adapts && self.budget.is_some(), "--budget", of_adaptive),
            (compares && self.budget.is_some(), "--budget", "is for a constraint; a comparison asks many queries"),
            (!compares && self.timing, "--timing", "is of a comparison of methods: --grid"),
            (self.timing && self.format != Format::Table, "--timing", "is shown in tables only: use --format table"),
            (
                evolve && !self.enumerate && self.networks.is_some(),
                "--networks",
                "with --method evolve, which searches the whole space, is for --enumerate",
            ),
        ];
        match wrong.into_iter().find(|(wrong, ..)| *wrong) {
            Some((_, flag, why)) => Err(Failure::Usage(format!("{flag} {why}"))),
            None => Ok(()),
        }
    }

    /// The limits of the constraint. With a calibration, the limit on estimated cycles is chosen so that nine in ten
    /// networks meet it.
    pub fn limits(&self, costing: &Costing) -> Option<Limits> {
        let Constraint { limits, .. } = self.constraint?;
        let latency = match (self.deadline(), costing.calibration()) {
            (Some(deadline), Some(own)) => own.within(deadline as u64) as f64,
            (deadline, _) => deadline.unwrap_or(limits.latency),
        };
        Some(Limits { latency, ..limits })
    }

    /// The limit on latency in cycles. A limit that is a time is always given together with a clock.
    pub fn deadline(&self) -> Option<f64> {
        self.constraint?.latency.map(|latency| latency.cycles(self.clock.unwrap_or(1.0)))
    }

    /// The networks to list.
    pub fn networks(&self) -> &OsStr {
        self.networks.as_deref().unwrap_or(OsStr::new("selected"))
    }

    /// Points of accuracy by which an answer of adaptive search may miss the best.
    pub fn tolerance(&self) -> f64 {
        self.tolerance.unwrap_or(0.0)
    }

    /// The plan of adaptive search with its options.
    pub fn adaptive(&self) -> Plan {
        Plan::Adaptive { tolerance: self.tolerance(), budget: self.budget }
    }

    /// Seeds of evolution.
    pub fn seeds(&self) -> Range<u64> {
        self.seed.clone().map_or(0..1, |seeds| seeds.0)
    }

    /// The objectives of evolution. By default, these are all whose figures are known.
    pub fn objectives(&self, knows_area: bool) -> Vec<Objective> {
        let known = |objective: &Objective| knows_area || *objective != Objective::Area;
        match self.objectives.is_empty() {
            true => Objective::ALL.into_iter().filter(known).collect(),
            false => self.objectives.iter().map(|&goal| goal.into()).collect(),
        }
    }

    /// The effort of a search with one seed.
    pub fn effort(&self, seed: u64) -> Effort {
        let [population, generations] = [(self.population, 200), (self.generations, 250)];
        let or = |(given, default): (Option<u32>, u32)| given.unwrap_or(default) as usize;
        Effort { population: or(population), generations: or(generations), seed }
    }

    /// The number of the proxy design that is named; `None` for `auto`.
    pub fn proxy_of(&self, exhaustive: &Exhaustive) -> Result<Option<usize>, Failure> {
        let Some(name) = self.proxy.as_deref().filter(|name| *name != AUTO) else { return Ok(None) };
        let columns: Vec<String> = (0..exhaustive.problem().designs().len())
            .map(|design| exhaustive.problem().design(design).column())
            .collect();
        match columns.iter().position(|column| column == name) {
            Some(proxy) => Ok(Some(proxy)),
            None => Err(Failure::Input(format!(
                "there is no usable design '{name}' for a proxy; designs are {}, ... ({} of them)",
                columns.iter().take(3).cloned().collect::<Vec<_>>().join(", "),
                columns.len()
            ))),
        }
    }

    /// The plans of the methods that are asked for. `proxy` chooses the proxy.
    pub fn plans(&self, proxy: impl FnOnce() -> usize) -> Vec<Plan> {
        let adaptive = self.adaptive();
        match self.method {
            Method::Coupled => vec![Plan::Coupled],
            Method::FlopsPareto => vec![Plan::FlopsPareto],
            Method::Adaptive => vec![adaptive],
            Method::Decoupled => vec![Plan::NetworkFirst, Plan::AcceleratorFirst],
            Method::SemiDecoupled => vec![Plan::SemiDecoupled(proxy())],
            Method::Transfer => vec![Plan::Transfer(proxy())],
            Method::Evolve => Vec::new(),
            Method::All => {
                let proxy = proxy();
                vec![
                    Plan::Coupled,
                    Plan::NetworkFirst,
                    Plan::AcceleratorFirst,
                    Plan::FlopsPareto,
                    Plan::SemiDecoupled(proxy),
                    Plan::Transfer(proxy),
                    adaptive,
                ]
            }
        }
    }
}

fn limits(text: &str) -> Result<Constraint, String> {
    let (mut limits, mut latency) = (Limits::NONE, None);
    input::limits(text, &KEYS.join(", "), |key, value| {
        let limit = match key {
            "latency" => {
                latency = Some(input::latency(key, value)?);
                return Ok(true);
            }
            "energy" => &mut limits.energy,
            "edp" => &mut limits.edp,
            "area" => &mut limits.area,
            "power" => &mut limits.power,
            _ => return Ok(false),
        };
        *limit = input::limit(key, value)?;
        Ok(true)
    })?;
    Ok(Constraint { limits, latency })
}

const KEYS: [&str; 5] = ["latency", "energy", "edp", "area", "power"];

fn steps(text: &str) -> Result<usize, String> {
    let equal = text.split_once('x').filter(|(a, b)| a == b).map(|(steps, _)| steps);
    let steps = equal.and_then(|steps| steps.parse().ok()).filter(|steps| (1..=100).contains(steps));
    steps.ok_or_else(|| "expected KxK with K from 1 to 100, as 20x20".to_string())
}

fn seeds(text: &str) -> Result<Seeds, String> {
    let range = match text.split_once("..") {
        Some((from, to)) => from.parse().ok().zip(to.parse().ok()).map(|(from, to)| from..to),
        None => text.parse().ok().and_then(|seed: u64| Some(seed..seed.checked_add(1)?)),
    };
    let range = range.filter(|range| (1..=1000).contains(&range.end.saturating_sub(range.start)));
    range.map(Seeds).ok_or_else(|| "expected a number, or FROM..TO with at most 1000 seeds between".to_string())
}

fn clock(text: &str) -> Result<f64, String> {
    let mhz = text.parse().ok().filter(|mhz: &f64| mhz.is_finite() && *mhz > 0.0);
    mhz.ok_or_else(|| "expected MHz above 0".to_string())
}

fn tolerance(text: &str) -> Result<f64, String> {
    let points = text.parse().ok().filter(|points: &f64| points.is_finite() && *points >= 0.0);
    points.ok_or_else(|| "expected a number of points from 0".to_string())
}
