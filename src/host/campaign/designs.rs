//! The designs of a campaign or a search: accelerators under dataflows.

use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Accelerator;
use crate::host::cost_table::{CostModel, Design, Objective};
use crate::host::dataflow_choice::DataflowChoice;
use crate::host::ids::{AcceleratorId, DataflowId};
use crate::host::mapper::mappings::Mappings;
use crate::host::pricing::counted;
use crate::{Dataflow, Error, Hardware, Layer};

/// A dataflow with a name.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedDataflow {
    /// Its name in the tables.
    pub name: String,
    /// Which directives layers get under it.
    pub choice: DataflowChoice,
}

/// Name of the designs where each layer takes the best dataflow.
pub(crate) const MIXED: &str = "mixed";

/// Name of the dataflow that is the best mapping of each layer on each accelerator.
pub(crate) const MAP: &str = "map";

/// Every accelerator under every dataflow.
#[derive(Clone, Debug, Default)]
pub struct DesignSpace {
    /// The accelerators.
    pub accelerators: Vec<Accelerator>,
    /// The dataflows.
    pub dataflows: Vec<NamedDataflow>,
    /// If set, the best mappings are one more dataflow, which comes last.
    pub mappings: Option<Arc<Mappings>>,
    /// If set, there are also designs where each layer takes the best of the dataflows that can map it, by this
    /// objective.
    pub mixed: Option<Objective>,
}

/// Which dataflow the layers of a design take. In tables, all designs of the first dataflow come first, and designs
/// where layers take their best dataflow come last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Takes {
    /// All layers take this dataflow.
    One(DataflowId),
    /// Each layer takes the dataflow that is best for it.
    Best,
}

/// A design of a space.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct DesignId {
    /// The dataflow of its layers.
    pub takes: Takes,
    /// Its accelerator.
    pub accelerator: AcceleratorId,
}

impl DesignSpace {
    /// The dataflows, and the best of them if `mixed` is set, in the order of the tables.
    pub(crate) fn takes(&self) -> impl Iterator<Item = Takes> + Clone + use<> {
        let one = (0..self.all_dataflows()).map(|place| Takes::One(DataflowId(place)));
        one.chain(self.mixed.map(|_| Takes::Best))
    }

    /// All designs, in the order of the tables.
    pub fn ids(&self) -> impl Iterator<Item = DesignId> + use<> {
        let accelerators = (0..self.accelerators.len()).map(AcceleratorId);
        self.takes().flat_map(move |takes| accelerators.clone().map(move |accelerator| DesignId { takes, accelerator }))
    }

    /// The number of designs for each accelerator.
    pub(crate) fn each(&self) -> usize {
        self.takes().count()
    }

    /// Whether the space has this design.
    pub(crate) fn has(&self, point: DesignId) -> bool {
        let takes = match point.takes {
            Takes::One(DataflowId(place)) => place < self.all_dataflows(),
            Takes::Best => self.mixed.is_some(),
        };
        takes && point.accelerator.0 < self.accelerators.len()
    }

    /// The dataflows from which the layers of a design choose.
    pub(crate) fn candidates(&self, takes: Takes) -> impl Iterator<Item = DataflowId> + use<> {
        let range: Range<usize> = match takes {
            Takes::One(DataflowId(place)) => place..place + 1,
            Takes::Best => 0..self.all_dataflows(),
        };
        range.map(DataflowId)
    }

    /// The figure by which the best dataflow of a layer is chosen.
    pub(crate) fn objective(&self) -> Objective {
        self.mixed.unwrap_or(Objective::Latency)
    }

    /// The hardware of an accelerator.
    pub(crate) fn hardware(&self, AcceleratorId(place): AcceleratorId) -> &Hardware {
        &self.accelerators[place].hardware
    }

    /// The name of a dataflow, or of the choice of the best one.
    pub(crate) fn name(&self, takes: Takes) -> &str {
        match takes {
            Takes::One(DataflowId(place)) => self.dataflows.get(place).map_or(MAP, |dataflow| &dataflow.name),
            Takes::Best => MIXED,
        }
    }

    /// A design by its place, with its names.
    pub fn design(&self, point: DesignId) -> Design {
        let Accelerator { name, hardware } = &self.accelerators[point.accelerator.0];
        Design { accelerator: name.clone(), dataflow: self.name(point.takes).to_string(), hardware: *hardware }
    }

    /// The number of dataflows; the best mappings count as one.
    pub(crate) fn all_dataflows(&self) -> usize {
        self.dataflows.len() + usize::from(self.mappings.is_some())
    }

    /// The part of an accelerator on which the directives and steps under a dataflow depend. The best mappings may
    /// depend on all of it.
    pub(crate) fn counted(&self, DataflowId(place): DataflowId, model: CostModel, hardware: &Hardware) -> Hardware {
        if place < self.dataflows.len() { counted(model, hardware) } else { *hardware }
    }

    /// The same for all dataflows together.
    pub(crate) fn counted_by_all(&self, model: CostModel, hardware: &Hardware) -> Hardware {
        if self.mappings.is_none() { counted(model, hardware) } else { *hardware }
    }

    /// The directives that a layer gets under a dataflow on an accelerator.
    pub(crate) fn directives(
        &self,
        DataflowId(place): DataflowId,
        layer: &Layer,
        hardware: &Hardware,
    ) -> Result<Dataflow, Error> {
        match (self.dataflows.get(place), &self.mappings) {
            (Some(NamedDataflow { choice, .. }), _) => {
                let taken = choice.taken(layer, false, hardware.pes());
                choice.directives(taken, layer.kind()).map(std::borrow::Cow::into_owned)
            }
            (None, Some(mappings)) => mappings.dataflow(layer, hardware),
            (None, None) => Err(Error::EmptyDataflow),
        }
    }
}
