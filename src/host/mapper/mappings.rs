//! A cache of the best mappings of layers on accelerators, for `--dataflow map`: each is searched for once.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::space::{Candidate, Split, axes};
use super::{Figures, Objective, Task, best};
use crate::{Dataflow, EnergyTable, Error, Hardware, Layer};

/// Which mappings are searched for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wanted {
    /// What is minimized.
    pub objective: Objective,
    /// nJ.
    pub energies: EnergyTable,
    /// The maximum number of mappings that are costed for a layer on an accelerator.
    pub budget: u64,
    /// The tolerance as a fraction: [`Task::gap`].
    pub gap: f64,
}

/// The maximum number of levels of a mapping.
const LEVELS: usize = 2;

/// The mappings that were requested so far, with up to two levels and with tiles that divide.
pub struct Mappings {
    wanted: Wanted,
    known: Mutex<HashMap<(Layer, Hardware), Shared>>,
}

/// The outcome of a search, once it has ended. Other threads that request it earlier wait.
type Shared = Arc<OnceLock<Searched>>;

/// The outcome of a search.
struct Searched {
    dataflow: Result<Dataflow, Error>,
    /// The fraction by which another mapping may be better; 0 if it is proven that none is.
    gap: f64,
}

/// How good the requested mappings are proven to be.
#[derive(Clone, Copy, Debug, PartialEq, Default, Serialize, Deserialize)]
pub struct Certificate {
    /// The number of pairs of a layer and an accelerator that were searched for.
    pub searched: usize,
    /// The number of these pairs whose mapping is proven to be the best, or that are proven to have none.
    pub proven: usize,
    /// An upper bound of how far the others are above the best, as a fraction; infinite if no mapping was found for
    /// one of them although it may have one.
    pub gap: f64,
}

impl Mappings {
    /// No mappings yet.
    pub fn new(wanted: Wanted) -> Mappings {
        Mappings { wanted, known: Mutex::default() }
    }

    /// Which mappings are searched for.
    pub(crate) fn wanted(&self) -> &Wanted {
        &self.wanted
    }

    /// The best mapping of a layer on an accelerator. If none fits its buffers, the mapping with the smallest tiles,
    /// which needs the least of them.
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
    /// None for a layer in range.
    pub fn dataflow(&self, layer: &Layer, hardware: &Hardware) -> Result<Dataflow, Error> {
        let known = {
            let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            known.entry((*layer, *hardware)).or_default().clone()
        };
        known.get_or_init(|| self.search(layer, hardware)).dataflow.clone()
    }

    /// The outcome of a search, if there was one: the mapping, and the fraction by which another one may be better.
    pub(crate) fn known(&self, layer: &Layer, hardware: &Hardware) -> Option<(Dataflow, f64)> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let Searched { dataflow, gap } = known.get(&(*layer, *hardware))?.get()?;
        Some((dataflow.clone().ok()?, *gap))
    }

    /// Adds the outcome of a search that was done elsewhere.
    pub(crate) fn learn(&self, layer: &Layer, hardware: &Hardware, dataflow: Dataflow, gap: f64) {
        let searched = Searched { dataflow: Ok(dataflow), gap };
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert((*layer, *hardware), Arc::new(OnceLock::from(searched)));
    }

    /// Searches for the mappings of several layers in parallel.
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

    /// How good all mappings so far are proven to be.
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

/// A mapping with tiles of one element.
fn smallest(layer: &Layer, pes: u32) -> Result<Dataflow, Error> {
    let axes = axes(layer);
    let split = Split { levels: 1, spatial: [0; 3], ways: [pes, 1, 1], fewer: 0 };
    let (ones, order): (Vec<u32>, Vec<usize>) = (0..axes.len()).map(|place| (1, place)).unzip();
    Candidate { split: &split, tiles: [&ones; 3], orders: [&order; 3] }.dataflow(&axes)
}

impl Certificate {
    /// The certificate of both sets of mappings.
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

/// Two caches are equal if they search for the same, whatever they have found so far.
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
