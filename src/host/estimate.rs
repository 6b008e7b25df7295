//! The cost of a whole network: every layer with its dataflow, on one accelerator.

use std::borrow::Cow;
use std::fmt;

use crate::dataflow::presets::{Preset, Tiling};
use crate::host::network::{NamedLayer, Network};
use crate::maestro::Cost;
use crate::{Dataflow, EnergyTable, Error, Hardware, Layer};

/// Which dataflow the layers of a network get.
#[derive(Clone, Debug)]
pub enum DataflowChoice {
    /// The one that each layer brings along (a mapping file).
    Own,
    /// The same directives for every layer (a dataflow file).
    Given(Box<Dataflow>),
    /// A preset with its tile sizes; layers that it cannot map get its stand-in (see [`Preset::for_kind`]).
    Preset {
        /// Which, with its tile sizes.
        tiling: Tiling,
        /// Whether clusters shrink to the array where they are wider.
        fit: bool,
    },
}

impl DataflowChoice {
    /// The dataflow of a layer on an array of `pes`, and the preset if it is one.
    ///
    /// # Errors
    /// [`Error::EmptyDataflow`] where the layer should bring a dataflow and does not.
    pub fn dataflow<'a>(
        &'a self,
        layer: &'a NamedLayer,
        pes: u32,
    ) -> Result<(Cow<'a, Dataflow>, Option<Preset>), Error> {
        match self {
            DataflowChoice::Own => {
                layer.dataflow.as_deref().map(|own| (Cow::Borrowed(own), None)).ok_or(Error::EmptyDataflow)
            }
            DataflowChoice::Given(dataflow) => Ok((Cow::Borrowed(dataflow), None)),
            DataflowChoice::Preset { tiling, fit } => {
                let kind = layer.layer.kind();
                let tiling = tiling.for_kind(kind);
                let tiling = if *fit { tiling.fitted(&layer.layer, pes) } else { tiling };
                Ok((Cow::Owned(tiling.dataflow(kind)?), Some(tiling.preset())))
            }
        }
    }
}

/// A layer that cannot be costed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayerError {
    /// Name of the layer.
    pub layer: String,
    /// Its line in the file that it comes from.
    pub line: Option<u32>,
    /// Why.
    pub error: Error,
}

impl fmt::Display for LayerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "layer {}", self.layer)?;
        if let Some(line) = self.line {
            write!(f, " (line {line})")?;
        }
        write!(f, ": {}", self.error)
    }
}

impl std::error::Error for LayerError {}

/// The cost of one layer of a network.
#[derive(Clone, Debug)]
pub struct LayerCost {
    /// Name of the layer.
    pub name: String,
    /// Its shape.
    pub layer: Layer,
    /// The preset that mapped it, if one did.
    pub preset: Option<Preset>,
    /// Its cost.
    pub cost: Cost,
}

impl LayerCost {
    /// The preset's name, or `"own"`.
    pub fn dataflow_name(&self) -> &'static str {
        self.preset.map_or("own", |preset| preset.name())
    }
}

/// The cost of a network.
#[derive(Clone, Debug)]
pub struct Estimate {
    /// Name of the network.
    pub network: String,
    /// The accelerator.
    pub hardware: Hardware,
    /// The layers, in execution order.
    pub layers: Vec<LayerCost>,
    /// Sums over the layers.
    pub total: Total,
}

/// Sums over the layers of a network, and the most that one layer needs.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Total {
    /// Cycles, one layer after the other.
    pub cycles: u64,
    /// MACs by the layers' shapes.
    pub macs: u64,
    /// nJ.
    pub energy: crate::Energy,
    /// Bytes of L1 that the most demanding layer needs in each PE.
    pub l1_bytes: u64,
    /// Bytes of L2 that the most demanding layer needs.
    pub l2_bytes: u64,
    /// Elements/cycle of NoC that the most demanding layer needs not to wait.
    pub noc_peak: u64,
    /// Elements/cycle off-chip that the most demanding layer needs.
    pub offchip: u64,
}

impl Estimate {
    /// Costs every layer of `network`.
    ///
    /// # Errors
    /// All layers that cannot be costed; sums above 64 bits are reported for the layer that exceeds them.
    pub fn new(
        network: &Network,
        choice: &DataflowChoice,
        hardware: &Hardware,
        energies: &EnergyTable,
    ) -> Result<Estimate, Vec<LayerError>> {
        let mut layers = Vec::with_capacity(network.layers.len());
        let mut errors = Vec::new();
        let mut total = Total::default();
        for named in &network.layers {
            let costed = choice.dataflow(named, hardware.pes()).and_then(|(dataflow, preset)| {
                let cost = Cost::with_energies(&named.layer, &dataflow, hardware, energies)?;
                total.add(&named.layer, &cost)?;
                Ok(LayerCost { name: named.name.clone(), layer: named.layer, preset, cost })
            });
            match costed {
                Ok(layer) => layers.push(layer),
                Err(error) => errors.push(LayerError { layer: named.name.clone(), line: named.line, error }),
            }
        }
        if errors.is_empty() {
            Ok(Estimate { network: network.name.clone(), hardware: *hardware, layers, total })
        } else {
            Err(errors)
        }
    }

    /// What the accelerator has too little of, and where the dataflow does not fit the layers: a sentence each.
    pub fn warnings(&self) -> Vec<String> {
        let (hw, total) = (&self.hardware, &self.total);
        let needs = [
            ("L1 buffer", total.l1_bytes, hw.l1_bytes(), "bytes in each PE"),
            ("L2 buffer", total.l2_bytes, hw.l2_bytes(), "bytes"),
            ("NoC", total.noc_peak, hw.noc(0).bandwidth, "elements/cycle"),
            ("off-chip interface", total.offchip, hw.offchip_bandwidth(), "elements/cycle"),
        ];
        let scarce = needs.into_iter().filter(|(_, need, given, _)| *need > u64::from(*given));
        let scarce = scarce.map(|(what, need, given, unit)| {
            format!("the {what} would need {need} {unit} for the most demanding layer; it has {given}")
        });
        scarce.chain(self.misfit()).collect()
    }

    /// The layers whose tiles overlap or leave gaps, so that more or fewer operations are performed than the layer has.
    fn misfit(&self) -> Option<String> {
        let ratio = |row: &LayerCost| {
            let own = row.layer.operations().unwrap_or(u64::MAX);
            row.cost.traffic.operations as f64 / own as f64
        };
        let distance = |row: &LayerCost| ratio(row).ln().abs();
        let off: Vec<_> = self.layers.iter().filter(|row| ratio(row) != 1.0).collect();
        let worst = off.iter().max_by(|a, b| distance(a).total_cmp(&distance(b)))?;
        Some(format!(
            "the tiles of the dataflow overlap or leave gaps in {} of {} layers, at worst in {}, \
             which performs {:.2} times the operations that it has",
            off.len(),
            self.layers.len(),
            worst.name,
            ratio(worst),
        ))
    }
}

impl Total {
    fn add(&mut self, layer: &Layer, cost: &Cost) -> Result<(), Error> {
        const OVERFLOW: Error = Error::Overflow { level: 1 };
        let macs = layer.macs().ok_or(OVERFLOW)?;
        self.cycles = self.cycles.checked_add(cost.delay.cycles).ok_or(OVERFLOW)?;
        self.macs = self.macs.checked_add(macs).ok_or(OVERFLOW)?;
        self.energy.mac += cost.energy.mac;
        self.energy.l1 += cost.energy.l1;
        self.energy.l2 += cost.energy.l2;
        self.l1_bytes = self.l1_bytes.max(cost.traffic.l1_total());
        self.l2_bytes = self.l2_bytes.max(cost.traffic.l2_total());
        self.noc_peak = self.noc_peak.max(cost.delay.noc_peak);
        self.offchip = self.offchip.max(cost.delay.offchip);
        Ok(())
    }
}
