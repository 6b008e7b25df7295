//! The choice of a cost model with its energies and calibration, and of what is minimised.

use crate::{Calibration, EnergyTable};
#[cfg(feature = "dse")]
use crate::{Cost, Error};

/// A cost model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum CostModel {
    /// The exact one: [`crate::exact`].
    #[default]
    Exact,
    /// The reference's: [`crate::maestro`].
    Maestro,
}

impl CostModel {
    /// `"exact"` or `"maestro"`.
    pub const fn name(self) -> &'static str {
        match self {
            CostModel::Exact => "exact",
            CostModel::Maestro => "maestro",
        }
    }

    /// A readable name: `"exact model"` or `"MAESTRO's model"`.
    pub const fn title(self) -> &'static str {
        match self {
            CostModel::Exact => "exact model",
            CostModel::Maestro => "MAESTRO's model",
        }
    }
}

/// What the best dataflow or mapping of a layer minimises. Ties go to the lower other figure (nJ if cycles are
/// minimised, cycles otherwise), then to the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Objective {
    /// Cycles.
    Latency,
    /// nJ, by the layer's own counts.
    Energy,
    /// nJ x cycles.
    Edp,
}

#[cfg(feature = "dse")]
impl Objective {
    /// The figure to minimise, and the other one to break ties.
    pub(crate) fn of(self, cycles: u64, energy: f64) -> (f64, f64) {
        // Comparing as f64 is exact up to 2^53 cycles.
        let cycles = cycles as f64;
        (self.figure(cycles, energy), if self == Objective::Latency { energy } else { cycles })
    }

    /// The figure to minimise.
    pub(crate) fn figure(self, cycles: f64, energy: f64) -> f64 {
        match self {
            Objective::Latency => cycles,
            Objective::Energy => energy,
            Objective::Edp => energy * cycles,
        }
    }

    /// The best of several candidates, the first of equal ones; `figures` are the cycles and nJ of one.
    pub(crate) fn best<T>(
        self,
        candidates: impl IntoIterator<Item = T>,
        figures: impl Fn(&T) -> (u64, f64),
    ) -> Option<T> {
        let key = |candidate: &T| {
            let (cycles, energy) = figures(candidate);
            self.of(cycles, energy)
        };
        candidates.into_iter().min_by(|a, b| key(a).partial_cmp(&key(b)).unwrap_or(std::cmp::Ordering::Equal))
    }
}

impl Objective {
    /// Every objective.
    pub const ALL: [Objective; 3] = [Objective::Latency, Objective::Energy, Objective::Edp];

    /// `"latency"`, `"energy"` or `"edp"`.
    pub const fn name(self) -> &'static str {
        match self {
            Objective::Latency => "latency",
            Objective::Energy => "energy",
            Objective::Edp => "edp",
        }
    }
}

/// How layers are costed: the model, its energies, and whether cycles are calibrated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Costing {
    /// The exact model. Networks with a layer that does not fit the buffers of an accelerator cannot run on it.
    Exact(EnergyTable),
    /// The exact model with calibrated cycles. Rates apply to a cycle on the chip or to an element that moves, so one
    /// calibration serves all designs.
    Calibrated(EnergyTable, Calibration),
    /// The reference's model, with the energies of MACs, L1 and L2 by each layer's own counts:
    /// [`Energy::total`](crate::Energy::total).
    Maestro(EnergyTable),
    /// The reference's model, with the energy column of its CSV as printed: with 6 significant digits, and dependent
    /// on the layer before. The published tables are sums of these. Layers that the reference refuses make a design
    /// unusable.
    MaestroCsv,
}

impl Costing {
    /// The model.
    pub const fn model(&self) -> CostModel {
        match self {
            Costing::Exact(_) | Costing::Calibrated(..) => CostModel::Exact,
            Costing::Maestro(_) | Costing::MaestroCsv => CostModel::Maestro,
        }
    }

    /// A readable name that says whether cycles are calibrated.
    pub const fn title(&self) -> &'static str {
        match self {
            Costing::Calibrated(..) => "exact model, cycles as calibrated",
            _ => self.model().title(),
        }
    }

    /// The energies of accesses and MACs.
    pub const fn energies(&self) -> EnergyTable {
        match self {
            Costing::Exact(energies) | Costing::Calibrated(energies, _) | Costing::Maestro(energies) => *energies,
            Costing::MaestroCsv => EnergyTable::REFERENCE,
        }
    }

    /// The calibration of cycles, if there is one.
    pub const fn calibration(&self) -> Option<&Calibration> {
        match self {
            Costing::Calibrated(_, calibration) => Some(calibration),
            Costing::Exact(_) | Costing::Maestro(_) | Costing::MaestroCsv => None,
        }
    }
}

/// Cycles of a layer by the exact model, calibrated if there is a calibration; `None` if L2 is too small.
///
/// # Errors
/// Calibrated cycles above 64 bits.
#[cfg(feature = "dse")]
pub(crate) fn cycles(
    kind: crate::LayerKind,
    cost: &Cost,
    calibration: Option<&Calibration>,
) -> Result<Option<u64>, Error> {
    match calibration.map_or(cost.cycles(), |own| own.cycles(kind, cost)) {
        Some(u64::MAX) => Err(Error::Overflow { level: 1 }),
        cycles => Ok(cycles),
    }
}
