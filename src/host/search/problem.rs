//! The problem of a search: networks with their accuracies, and the designs that they may run on.

use super::query::Figures;
use crate::host::campaign::{Campaign, Costing, DesignId};
use crate::host::cost_table::Design;
use crate::{Hardware, Layer, Silicon, Total};

/// Why there is nothing to search.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ProblemError {
    /// No networks.
    #[error("there are no networks to choose from")]
    NoNetworks,
    /// No accelerator, or no dataflow.
    #[error("there is no accelerator and dataflow to choose from")]
    NoDesigns,
    /// No design that can run any network.
    #[error("no accelerator can run all layers under any of the dataflows; {reason}")]
    NoUsableDesign {
        /// Why the design that lacks least cannot.
        reason: String,
    },
    /// The number of accuracies is not the number of networks.
    #[error("there are {networks} networks but {accuracies} accuracies; give one for each network")]
    Accuracies {
        /// How many networks there are.
        networks: usize,
        /// How many accuracies were given.
        accuracies: usize,
    },
    /// The number of counts of MACs is not the number of networks.
    #[error("there are {networks} networks but {macs} numbers of MACs; give one for each network")]
    Macs {
        /// How many networks there are.
        networks: usize,
        /// How many numbers were given.
        macs: usize,
    },
    /// An accuracy that is no number.
    #[error("the accuracy of network {network} (number {} of the list) is not a finite number; mend or remove it", .place + 1)]
    NotANumber {
        /// Place of the network, from 0.
        place: usize,
        /// Its name.
        network: String,
    },
    /// The reference's energy column depends on the order of the layers, so that layers cannot be costed by themselves.
    #[error("the search needs energies that do not depend on the order of layers; take the total energy")]
    OrderedEnergy,
}

/// Networks with their accuracies, and designs.
#[derive(Clone, Debug)]
pub struct Problem {
    campaign: Campaign,
    accuracy: Vec<f64>,
    macs: Vec<u64>,
    designs: Vec<DesignId>,
    /// Networks by accuracy, the best first; equal ones in their original order.
    order: Vec<usize>,
}

impl Problem {
    /// A problem with the networks, accelerators and dataflows of a campaign. Budgets of MACs refer to `macs`, which
    /// the study counts with padding. All accelerators under the first dataflow come first.
    ///
    /// # Errors
    /// [`ProblemError`].
    pub fn new(campaign: Campaign, accuracy: Vec<f64>, macs: Vec<u64>) -> Result<Problem, ProblemError> {
        let networks = campaign.workload.networks();
        if networks.is_empty() {
            return Err(ProblemError::NoNetworks);
        }
        if accuracy.len() != networks.len() {
            return Err(ProblemError::Accuracies { networks: networks.len(), accuracies: accuracy.len() });
        }
        if macs.len() != networks.len() {
            return Err(ProblemError::Macs { networks: networks.len(), macs: macs.len() });
        }
        if let Some(place) = accuracy.iter().position(|accuracy| !accuracy.is_finite()) {
            return Err(ProblemError::NotANumber { place, network: networks[place].clone() });
        }
        if campaign.costing == Costing::MaestroCsv {
            return Err(ProblemError::OrderedEnergy);
        }
        let designs: Vec<DesignId> = campaign.designs.ids().collect();
        if designs.is_empty() {
            return Err(ProblemError::NoDesigns);
        }
        let mut order: Vec<usize> = (0..accuracy.len()).collect();
        order.sort_by(|&a, &b| accuracy[b].total_cmp(&accuracy[a]));
        Ok(Problem { campaign, accuracy, macs, designs, order })
    }

    /// The same problem with only some of its designs.
    pub(super) fn keep_designs(&mut self, keep: impl Fn(&DesignId) -> bool) {
        self.designs.retain(keep);
    }

    /// Networks, accelerators and dataflows.
    pub fn campaign(&self) -> &Campaign {
        &self.campaign
    }

    /// The number of networks; at least one.
    pub fn networks(&self) -> usize {
        self.accuracy.len()
    }

    /// Identities of the networks.
    pub fn names(&self) -> &[String] {
        self.campaign.workload.networks()
    }

    /// Their accuracies, all of them finite.
    pub fn accuracy(&self) -> &[f64] {
        &self.accuracy
    }

    /// Their multiply-accumulates.
    pub fn macs(&self) -> &[u64] {
        &self.macs
    }

    /// The networks by accuracy, best first.
    pub(super) fn order(&self) -> &[usize] {
        &self.order
    }

    /// The designs, in the order of the tables.
    pub fn designs(&self) -> &[DesignId] {
        &self.designs
    }

    /// A design by its place.
    pub fn design(&self, place: usize) -> Design {
        self.campaign.designs.design(self.designs[place])
    }

    /// The distinct layers of all networks.
    pub fn layers(&self) -> &[Layer] {
        self.campaign.workload.layers()
    }

    /// Area (um^2) and power (mW) of a design with buffers of these sizes.
    pub(super) fn silicon(&self, design: usize, l1_bytes: u64, l2_bytes: u64) -> (f64, f64) {
        silicon(self.campaign.designs.hardware(self.designs[design].accelerator), l1_bytes, l2_bytes)
    }
}

/// The figures of a network on an accelerator from its total, with the buffers that the network needs; `None` without
/// cycles.
pub(super) fn figures_of(hardware: &Hardware, total: &Total) -> Option<Figures> {
    let (area, power) = silicon(hardware, total.needs.l1, total.needs.l2);
    Some(Figures { cycles: total.cycles?, energy: total.energy.total(), area, power })
}

/// Area (um^2) and power (mW) of an accelerator with buffers of these sizes; infinite where its NoC has no limit.
pub(super) fn silicon(hardware: &Hardware, l1_bytes: u64, l2_bytes: u64) -> (f64, f64) {
    if !Silicon::is_known(hardware) {
        return (f64::INFINITY, f64::INFINITY);
    }
    let bandwidth = hardware.noc(0).bandwidth;
    let silicon = Silicon::new(hardware.pes(), hardware.simd_lanes(), bandwidth, l1_bytes, l2_bytes);
    (silicon.area(), silicon.power())
}
