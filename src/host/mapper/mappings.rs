//! The best mappings of layers on accelerators, each searched for once: what `--dataflow map` takes.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::space::{Candidate, Split, axes};
use super::{Figures, Objective, Task, best};
use crate::{Dataflow, EnergyTable, Error, Hardware, Layer};

/// What is searched for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wanted {
    /// What is minimized.
    pub objective: Objective,
    /// nJ.
    pub energies: EnergyTable,
    /// Mappings of a layer on an accelerator that are costed at most.
    pub budget: u64,
    /// By how much, as a share, one may be above what is proven to be the least: [`Task::gap`].
    pub gap: f64,
}

/// Levels that a mapping has at most.
const LEVELS: usize = 2;

/// The mappings that were asked for so far, those that divide their tiles, on up to two levels.
pub struct Mappings {
    wanted: Wanted,
    known: Mutex<HashMap<(Layer, Hardware), Shared>>,
}

/// The outcome of a search, once it has ended. Whoever asks for it before waits.
type Shared = Arc<OnceLock<Searched>>;

/// The outcome of a search.
struct Searched {
    dataflow: Result<Dataflow, Error>,
    /// By how much, as a share, another mapping may be better; 0 where it is proven that none is.
    gap: f64,
}

/// How good the mappings that were asked for are proven to be.
#[derive(Clone, Copy, Debug, PartialEq, Default, Serialize, Deserialize)]
pub struct Certificate {
    /// Layers on accelerators that were searched for.
    pub searched: usize,
    /// Of these, those whose mapping is proven to be the best, or which are proven to have none.
    pub proven: usize,
    /// By how much, as a share, the others may be above the best at most; infinite where no mapping was found and one may be.
    pub gap: f64,
}

impl Mappings {
    /// No mappings yet.
    pub fn new(wanted: Wanted) -> Mappings {
        Mappings { wanted, known: Mutex::default() }
    }

    /// What is searched for.
    pub(crate) fn wanted(&self) -> &Wanted {
        &self.wanted
    }

    /// The best mapping of a layer on an accelerator. Where none fits its buffers, that of the smallest tiles, which needs
    /// least of them.
    ///
    /// ```
    /// use maestrino::host::mapper::Objective;
    /// use maestrino::host::mapper::mappings::{Mappings, Wanted};
    /// use maestrino::{Cost, Dim, EnergyTable, Hardware, Layer, LayerKind};
    ///
    /// let energies = EnergyTable::REFERENCE;
    /// let mappings = Mappings::new(Wanted { objective: Objective::Latency, energies, budget: 1000, gap: 0.0 });
    /// let layer = Layer::new(LayerKind::Fc, &[(Dim::K, 16), (Dim::C, 12)])?;
    /// let hardware = Hardware::new(8)?;
    /// let cost = Cost::of(&layer, &mappings.dataflow(&layer, &hardware)?, &hardware)?;
    /// assert!(cost.fits.all() && mappings.certificate().searched == 1);
    /// # Ok::<(), maestrino::Error>(())
    /// ```
    ///
    /// # Errors
    /// None that a layer in range has.
    pub fn dataflow(&self, layer: &Layer, hardware: &Hardware) -> Result<Dataflow, Error> {
        let known = {
            let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            known.entry((*layer, *hardware)).or_default().clone()
        };
        known.get_or_init(|| self.search(layer, hardware)).dataflow.clone()
    }

    /// The outcome of a search, if there was one: the mapping, and by how much, as a share, a better one may be better.
    pub(crate) fn known(&self, layer: &Layer, hardware: &Hardware) -> Option<(Dataflow, f64)> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let Searched { dataflow, gap } = known.get(&(*layer, *hardware))?.get()?;
        Some((dataflow.clone().ok()?, *gap))
    }

    /// Adds the outcome of a search elsewhere.
    pub(crate) fn learn(&self, layer: &Layer, hardware: &Hardware, dataflow: Dataflow, gap: f64) {
        let searched = Searched { dataflow: Ok(dataflow), gap };
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert((*layer, *hardware), Arc::new(OnceLock::from(searched)));
    }

    /// Searches for those of several layers at the same time.
    pub(crate) fn prepare(&self, layers: &[Layer], hardware: &Hardware) {
        layers.par_iter().for_each(|layer| drop(self.dataflow(layer, hardware)));
    }

    fn search(&self, layer: &Layer, hardware: &Hardware) -> Searched {
        let Wanted { objective, ref energies, budget, gap } = self.wanted;
        let limits = Figures::UNLIMITED;
        let (levels, frozen, any_tile, time) = (LEVELS, None, false, None);
        let task = Task { layer, hardware, energies, objective, limits, levels, frozen, any_tile, budget, time, gap };
        let answer = best(&task);
        let gap = if answer.proven() { 0.0 } else { answer.gap().unwrap_or(f64::INFINITY) };
        let dataflow = answer.found.map_or_else(|| smallest(layer, hardware.pes()), |found| Ok(found.dataflow));
        Searched { dataflow, gap }
    }

    /// How good they are proven to be.
    pub fn certificate(&self) -> Certificate {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let gaps = known.values().filter_map(|searched| searched.get()).map(|searched| searched.gap);
        gaps.fold(Certificate::default(), |all, gap| Certificate {
            searched: all.searched + 1,
            proven: all.proven + usize::from(gap == 0.0),
            gap: all.gap.max(gap),
        })
    }
}

/// Tiles of one element.
fn smallest(layer: &Layer, pes: u32) -> Result<Dataflow, Error> {
    let axes = axes(layer);
    let split = Split { levels: 1, spatial: [0; 3], ways: [pes, 1, 1], fewer: 0 };
    let (ones, order): (Vec<u32>, Vec<usize>) = (0..axes.len()).map(|place| (1, place)).unzip();
    Candidate { split: &split, tiles: [&ones; 3], orders: [&order; 3] }.dataflow(&axes)
}

impl Certificate {
    /// That of these and others.
    #[must_use]
    pub(crate) fn and(self, other: &Certificate) -> Certificate {
        Certificate {
            searched: self.searched + other.searched,
            proven: self.proven + other.proven,
            gap: self.gap.max(other.gap),
        }
    }
}

impl fmt::Display for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Certificate { searched, proven, gap } = self;
        write!(f, "{proven} of {searched} mappings of a layer on an accelerator are proven to be the best")?;
        match proven == searched {
            true => Ok(()),
            false if gap.is_infinite() => write!(f, "; of others nothing is known"),
            false => write!(f, ", the others at most {:.1} % from it", 100.0 * gap),
        }
    }
}

/// Two that search for the same are equal, whatever they have found so far.
impl PartialEq for Mappings {
    fn eq(&self, other: &Mappings) -> bool {
        self.wanted == other.wanted
    }
}

impl fmt::Debug for Mappings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.wanted.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Dim, LayerKind};

    #[test]
    fn what_was_found_elsewhere_is_not_searched_for() {
        let wanted = Wanted { objective: Objective::Latency, energies: EnergyTable::REFERENCE, budget: 100, gap: 0.0 };
        let layer = Layer::new(LayerKind::Fc, &[(Dim::K, 6), (Dim::C, 4)]).unwrap();
        let hardware = Hardware::new(4).unwrap();
        let best = Mappings::new(wanted).dataflow(&layer, &hardware).unwrap();
        let (other, mappings) = (smallest(&layer, 1).unwrap(), Mappings::new(wanted));
        assert!(other != best && mappings.known(&layer, &hardware).is_none());
        mappings.learn(&layer, &hardware, other.clone(), 0.25);
        assert_eq!(mappings.dataflow(&layer, &hardware), Ok(other.clone()));
        assert_eq!(mappings.known(&layer, &hardware), Some((other, 0.25)));
        assert_eq!(mappings.certificate(), Certificate { searched: 1, proven: 0, gap: 0.25 });
    }
}
