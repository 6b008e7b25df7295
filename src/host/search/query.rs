//! Queries: the limits on a network and a design, and the order of those that meet them.

use std::cmp::Ordering;
use std::fmt;

use serde::{Deserialize, Serialize};

/// What a network costs on a design.
#[derive(Clone, Copy, Debug, PartialEq, Default, Serialize, Deserialize)]
pub struct Figures {
    /// Cycles of an inference.
    pub cycles: u64,
    /// nJ of an inference.
    pub energy: f64,
    /// um^2 of the accelerator, see [`Silicon`](crate::Silicon): with its own buffers by the exact model, with
    /// buffers as large as the network needs by the reference's; infinite if the NoC has no limit.
    pub area: f64,
    /// mW of the accelerator, with the same buffers.
    pub power: f64,
}

impl Figures {
    /// The figures of a network that cannot run on a design: no limits admit them.
    pub(crate) const UNUSABLE: Figures =
        Figures { cycles: u64::MAX, energy: f64::NAN, area: f64::NAN, power: f64::NAN };

    /// Whether the network can run.
    pub fn is_usable(&self) -> bool {
        self.energy.is_finite()
    }

    /// Cycles; NaN if the network cannot run.
    pub(super) fn latency(&self) -> f64 {
        if self.is_usable() { self.cycles as f64 } else { f64::NAN }
    }

    /// Energy-delay product, nJ x cycles.
    pub fn edp(&self) -> f64 {
        self.energy * self.cycles as f64
    }
}

/// Upper limits of what an answer costs; infinite if there is no limit. Cycles are compared as `f64`, exact up to
/// 2^53.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// Cycles.
    pub latency: f64,
    /// nJ.
    pub energy: f64,
    /// nJ x cycles.
    pub edp: f64,
    /// um^2.
    pub area: f64,
    /// mW.
    pub power: f64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits::NONE
    }
}

impl Limits {
    /// No limit at all.
    pub const NONE: Limits = Limits {
        latency: f64::INFINITY,
        energy: f64::INFINITY,
        edp: f64::INFINITY,
        area: f64::INFINITY,
        power: f64::INFINITY,
    };

    /// Limits of cycles and nJ.
    pub fn of(latency: f64, energy: f64) -> Limits {
        Limits { latency, energy, ..Limits::NONE }
    }

    /// The finite limits, each with its name and unit.
    pub(crate) fn named(&self) -> impl Iterator<Item = (&'static str, f64)> {
        let Limits { latency, energy, edp, area, power } = *self;
        let all = [
            ("latency_cycles", latency),
            ("energy_nj", energy),
            ("edp_nj_cycles", edp),
            ("area_um2", area),
            ("power_mw", power),
        ];
        all.into_iter().filter(|(_, limit)| limit.is_finite())
    }

    /// Whether a network with these figures meets all limits. Lower bounds that do not meet them prove that the
    /// network cannot.
    pub fn admit(&self, figures: &Figures) -> bool {
        figures.cycles as f64 <= self.latency
            && figures.energy <= self.energy
            && figures.edp() <= self.edp
            && figures.area <= self.area
            && figures.power <= self.power
    }

    /// The limit that a network with these figures exceeds most, relative to the limit.
    pub(super) fn exceeded(&self, figures: &Figures) -> Option<Exceeded> {
        let all = [
            ("latency", "cycles", figures.cycles as f64, self.latency),
            ("energy", "nJ", figures.energy, self.energy),
            ("edp", "nJ x cycles", figures.edp(), self.edp),
            ("area", "um^2", figures.area, self.area),
            ("power", "mW", figures.power, self.power),
        ];
        let beyond = all.into_iter().filter(|(.., figure, limit)| figure > limit);
        let beyond = beyond.map(|(what, unit, figure, limit)| Exceeded { what, unit, figure, limit });
        beyond.max_by(|a, b| a.times().total_cmp(&b.times()))
    }

    /// Limits on latency and energy at `steps` x `steps` percentiles of the figures: the middles of `steps` equal
    /// parts, such as 2.5, 7.5, ..., 97.5 for 20. Latency varies slowest. Networks that cannot run do not count.
    ///
    /// Percentiles are interpolated between the two nearest figures, as in numpy.
    pub(super) fn grid(figures: &[Figures], steps: usize) -> Vec<Limits> {
        let usable = || figures.iter().filter(|figures| figures.is_usable());
        let cycles = sorted(usable().map(|figures| figures.cycles as f64));
        let energy = sorted(usable().map(|figures| figures.energy));
        if cycles.is_empty() {
            return Vec::new();
        }
        let shares = || (0..steps).map(|step| (step as f64 + 0.5) / steps as f64);
        let pair = |latency| shares().map(move |share| (latency, share));
        let limits = shares().flat_map(pair);
        limits.map(|(l, e)| Limits::of(percentile(&cycles, l), percentile(&energy, e))).collect()
    }
}

/// A limit that is not met.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Exceeded {
    /// `"latency"`, `"energy"`, `"edp"`, `"area"` or `"power"`.
    pub what: &'static str,
    /// The unit of `figure` and `limit`.
    pub unit: &'static str,
    /// The figure of the network.
    pub figure: f64,
    /// The limit.
    pub limit: f64,
}

impl Exceeded {
    /// The figure as a multiple of the limit.
    pub fn times(&self) -> f64 {
        self.figure / self.limit.max(f64::MIN_POSITIVE)
    }
}

impl fmt::Display for Exceeded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Exceeded { what, unit, figure, limit } = self;
        if figure.is_infinite() {
            return write!(f, "has no {what} that is known, for its NoC has no limit, and {limit} {unit} are allowed");
        }
        let rounded = |figure: f64| format!("{figure:.0$}", if figure < 1000.0 { 4 } else { 0 });
        write!(f, "takes {} {unit} of {what}, and {} are allowed", rounded(*figure), rounded(*limit))
    }
}

fn sorted(figures: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut sorted: Vec<f64> = figures.collect();
    sorted.sort_by(f64::total_cmp);
    sorted
}

/// The figure below which this share of the sorted figures lies.
pub(super) fn percentile(sorted: &[f64], share: f64) -> f64 {
    let place = share * (sorted.len() - 1) as f64;
    let below = sorted[place.floor() as usize];
    let above = sorted[place.ceil() as usize];
    below + (above - below) * place.fract()
}

/// A network on a design, with its accuracy and cost.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Choice {
    /// Place of the network.
    pub network: usize,
    /// Place of the design.
    pub design: usize,
    /// Accuracy of the network, in percent or any other score.
    pub accuracy: f64,
    /// What it costs.
    pub figures: Figures,
}

impl Choice {
    /// The order of choices, the best first: more accurate; then fewer cycles, less energy, less area; then the first
    /// design and the first network. It is a total order, so all methods break ties alike.
    pub(super) fn rank(&self, other: &Choice) -> Ordering {
        let (mine, theirs) = (&self.figures, &other.figures);
        (other.accuracy.total_cmp(&self.accuracy))
            .then(mine.cycles.cmp(&theirs.cycles))
            .then(mine.energy.total_cmp(&theirs.energy))
            .then(mine.area.total_cmp(&theirs.area))
            .then(self.design.cmp(&other.design))
            .then(self.network.cmp(&other.network))
    }

    /// The better of this choice and the best so far.
    pub(super) fn or_better(self, best: Option<Choice>) -> Choice {
        best.filter(|best| best.rank(&self).is_lt()).unwrap_or(self)
    }
}
