//! The cost of a whole network: every layer with its dataflow, on one accelerator.

use std::fmt;

use crate::dim::Tensor;
use crate::hardware::UNLIMITED;
use crate::host::cost_table::{Buffer, CostModel, LayerCost, Shortage};
use crate::host::dataflow_choice::DataflowChoice;
use crate::host::network::{LayerError, NamedLayer, Network};
use crate::host::performed::Performed;
use crate::total::Total;
use crate::{Calibration, Cost, Energy, EnergyTable, Error, Hardware, Layer, maestro};

/// The largest energy in nJ that is printed: whole numbers up to here fit into 64 bits.
#[cfg(feature = "plots")]
pub(crate) const MOST_ENERGY: f64 = 1e19;

/// One layer of a network, costed.
#[derive(Clone, Debug)]
pub struct EstimateRow {
    /// Name of the layer.
    pub name: String,
    /// Its shape.
    pub layer: Layer,
    /// The name of the dataflow: that of a preset, or of one of several given dataflows; `None` for a single dataflow
    /// that was given as directives.
    pub dataflow: Option<String>,
    /// Its cost.
    pub cost: LayerCost,
}

impl EstimateRow {
    /// The dataflow's name, or `"own"`.
    pub fn dataflow_name(&self) -> &str {
        self.dataflow.as_deref().unwrap_or("own")
    }
}

/// The cost of a network.
#[derive(Clone, Debug)]
pub struct Estimate {
    /// Name of the network.
    pub network: String,
    /// The cost model.
    pub model: CostModel,
    /// The accelerator.
    pub hardware: Hardware,
    /// The layers, in execution order.
    pub layers: Vec<EstimateRow>,
    /// Sums over the layers, and the largest needs of a layer.
    pub total: Total,
    /// MACs according to the layers' shapes.
    pub macs: u64,
    /// Cycles by what they wait for, in the order of [`maestro::Bound::ALL`]; `None` if L2 is too small for a layer.
    pub waits: Option<[u64; 4]>,
}

impl Estimate {
    /// Costs every layer of `network`.
    ///
    /// ```
    /// use maestrino::EnergyTable;
    /// use maestrino::dataflow::presets::Preset;
    /// use maestrino::host::builtin;
    /// use maestrino::host::cost_table::CostModel;
    /// use maestrino::host::dataflow_choice::DataflowChoice;
    /// use maestrino::host::estimate::Estimate;
    ///
    /// let network = builtin::network("ds_cnn").unwrap();
    /// let hardware = builtin::accelerator("eyeriss").unwrap();
    /// let choice = DataflowChoice::preset(Preset::KcpWs.tiling(), true);
    /// let estimate = Estimate::new(&network, &choice, &hardware, CostModel::Exact, &EnergyTable::REFERENCE).unwrap();
    /// assert_eq!((estimate.layers.len(), estimate.macs), (10, 2_656_768));
    /// assert!(estimate.misfits().is_empty() && estimate.total.cycles.is_some());
    /// ```
    ///
    /// # Errors
    /// All layers that cannot be costed; sums above 64 bits are reported for the layer that exceeds them.
    pub fn new(
        network: &Network,
        choice: &DataflowChoice,
        hardware: &Hardware,
        model: CostModel,
        energies: &EnergyTable,
    ) -> Result<Estimate, Vec<LayerError>> {
        let cost = |named: &NamedLayer| {
            let (dataflow, preset) = choice.dataflow(named, hardware.pes())?;
            let cost = LayerCost::of(model, &named.layer, &dataflow, hardware, energies)?;
            Ok((preset.map(|preset| preset.name().to_string()), cost))
        };
        Estimate::of(network, hardware, model, network.layers.iter().map(cost))
    }

    /// Makes an estimate from the costs of the layers, each with the name of its dataflow.
    ///
    /// # Errors
    /// As [`Estimate::new`].
    pub(crate) fn of(
        network: &Network,
        hardware: &Hardware,
        model: CostModel,
        costs: impl Iterator<Item = Result<(Option<String>, LayerCost), Error>>,
    ) -> Result<Estimate, Vec<LayerError>> {
        let mut estimate = Estimate {
            network: network.name.clone(),
            model,
            hardware: *hardware,
            layers: Vec::with_capacity(network.layers.len()),
            total: Total::NONE,
            macs: 0,
            waits: Some([0; 4]),
        };
        let mut errors = Vec::new();
        for (named, cost) in network.layers.iter().zip(costs) {
            if let Err(error) = cost.and_then(|(dataflow, cost)| estimate.add(named, dataflow, cost)) {
                errors.push(LayerError { layer: named.name.clone(), line: named.line, error });
            }
        }
        if errors.is_empty() { Ok(estimate) } else { Err(errors) }
    }

    fn add(&mut self, named: &NamedLayer, dataflow: Option<String>, cost: LayerCost) -> Result<(), Error> {
        const OVERFLOW: Error = Error::Overflow { level: 1 };
        let layer = named.layer;
        let macs = layer.macs().and_then(|macs| self.macs.checked_add(macs)).ok_or(OVERFLOW)?;
        self.total.add(cost.part())?;
        self.macs = macs;
        // These are parts of the cycles, whose sum fits.
        let waits = self.waits.zip(cost.waits());
        self.waits = waits.map(|(sum, own)| std::array::from_fn(|i| sum[i].saturating_add(own[i])));
        self.layers.push(EstimateRow { name: named.name.clone(), layer, dataflow, cost });
        Ok(())
    }

    /// nJ by where they go; `None` if L2 is too small for a layer, because then off-chip transfers are not known.
    pub fn energy(&self) -> Option<Energy> {
        self.total.cycles.map(|_| self.total.energy)
    }

    /// The fraction of the array's MAC lanes at work in the average cycle, see [`LayerCost::utilization`]; `None` if
    /// L2 is too small for a layer.
    pub fn utilization(&self) -> Option<f64> {
        let operations = |row: &EstimateRow| match &row.cost {
            LayerCost::Exact(cost) => cost.layer_operations as f64,
            LayerCost::Maestro(cost) => cost.traffic.operations as f64,
        };
        let lanes = f64::from(self.hardware.pes()) * f64::from(self.hardware.simd_lanes());
        let performed: f64 = self.layers.iter().map(operations).sum();
        self.total.cycles.map(|cycles| performed / (cycles as f64 * lanes))
    }

    /// The sum of a figure of the exact model over the layers; `None` if a layer does not have it, or in the other
    /// model.
    pub fn sum(&self, figure: impl Fn(&Cost) -> Option<u64>) -> Option<u64> {
        self.layers.iter().try_fold(0u64, |sum, row| sum.checked_add(figure(row.cost.exact()?)?))
    }

    /// The largest value of a figure of the reference's model over the layers; `None` in the other model.
    pub fn most(&self, figure: impl Fn(&maestro::Cost) -> u64) -> Option<u64> {
        let of = |row: &EstimateRow| match &row.cost {
            LayerCost::Exact(_) => None,
            LayerCost::Maestro(cost) => Some(figure(cost)),
        };
        self.layers.iter().filter_map(of).max()
    }

    /// The buffers that are too small for some layer, in the exact model. Empty if the network can run.
    pub fn misfits(&self) -> Vec<Misfit<'_>> {
        let of_layer = |row: &EstimateRow, buffer: Buffer| {
            Shortage::all(row.cost.exact()?, &self.hardware).find(|shortage| shortage.buffer == buffer)
        };
        let of_buffer = |buffer: Buffer| {
            let short: Vec<(&str, Shortage)> =
                (self.layers.iter()).filter_map(|row| Some((row.name.as_str(), of_layer(row, buffer)?))).collect();
            let (layer, worst) = *short.iter().rev().max_by_key(|(_, shortage)| shortage.need)?;
            let others = short.iter().map(|(name, _)| *name).filter(|name| *name != layer).collect();
            Some(Misfit { shortage: worst, layer, others })
        };
        Buffer::ALL.into_iter().filter_map(of_buffer).collect()
    }

    /// Sentences about what else a user should know and can change, in addition to [`Estimate::misfits`].
    pub fn advice(&self) -> Vec<String> {
        self.scarce().into_iter().chain(self.performed()).collect()
    }

    /// [`Estimate::misfits`] and [`Estimate::advice`] as sentences.
    pub fn warnings(&self) -> Vec<String> {
        self.misfits().iter().map(|misfit| format!("does not fit: {misfit}")).chain(self.advice()).collect()
    }

    /// Bytes of all weights as they are stored off-chip; `None` if they do not fit into 64 bits.
    pub fn weight_bytes(&self) -> Option<u64> {
        let bits =
            |row: &EstimateRow| row.layer.elements(Tensor::Filter)?.checked_mul(self.hardware.widths().filter.into());
        let bits = self.layers.iter().try_fold(0u64, |sum, row| sum.checked_add(bits(row)?))?;
        let permille = u128::from(self.hardware.weights_permille());
        u64::try_from((u128::from(bits) * permille).div_ceil(8000)).ok()
    }

    /// Cycles of each layer if its weights load while the layer before runs. The amount is limited by the idle cycles
    /// of their channel and by the room that the layer before leaves in L2. `None` if L2 is too small for a layer,
    /// and in the reference's model.
    pub fn prefetched(&self) -> Option<Vec<u64>> {
        let hw = &self.hardware;
        let rate = 8 * u64::from(hw.weights_bandwidth().unwrap_or(hw.offchip_bandwidth()));
        let mut cycles = Vec::with_capacity(self.layers.len());
        let mut loaded = 0;
        for (place, row) in self.layers.iter().enumerate() {
            let cost = row.cost.exact()?;
            let offchip = cost.offchip?;
            let total = offchip.cycles_with_weights(hw, loaded).total;
            cycles.push(total);
            let next = self.layers.get(place + 1).and_then(|row| row.cost.exact()?.offchip);
            let room = match hw.l2_bytes() {
                UNLIMITED => u64::MAX,
                bytes => 8 * u64::from(bytes).saturating_sub(cost.needs.l2),
            };
            let idle = offchip.idle_cycles(hw, loaded, total);
            loaded = next.map_or(0, |next| next.streams.weights()).min(room).min(idle.saturating_mul(rate));
        }
        Some(cycles)
    }

    /// The sum of [`Estimate::prefetched`].
    pub fn prefetched_cycles(&self) -> Option<u64> {
        self.prefetched()?.into_iter().try_fold(0u64, u64::checked_add)
    }

    /// Calibrated cycles of each layer; `None` if L2 is too small for a layer, and in the reference's model.
    pub fn calibrated(&self, calibration: &Calibration) -> Option<Vec<u64>> {
        self.layers.iter().map(|row| calibration.cycles(row.layer.kind(), row.cost.exact()?)).collect()
    }

    /// The sum of [`Estimate::calibrated`], and the bound that nine in ten networks stay below.
    pub fn calibrated_cycles(&self, calibration: &Calibration) -> Option<[u64; 2]> {
        let cycles = self.calibrated(calibration)?.into_iter().fold(0, u64::saturating_add);
        Some([cycles, calibration.upper(cycles)])
    }

    /// Sentences about what the accelerator has too little of, in the reference's model.
    fn scarce(&self) -> Vec<String> {
        let hw = &self.hardware;
        let most = |figure: fn(&maestro::Cost) -> u64| {
            let of = |row: &'_ EstimateRow| match &row.cost {
                LayerCost::Exact(_) => None,
                LayerCost::Maestro(cost) => Some(figure(cost)),
            };
            self.layers.iter().filter_map(|row| Some((of(row)?, row.name.as_str()))).rev().max_by_key(|(most, _)| *most)
        };
        let needs = [
            ("L1 buffer", most(|cost| cost.traffic.l1_total()), hw.l1_bytes(), "bytes in each PE", "--l1"),
            ("L2 buffer", most(|cost| cost.traffic.l2_total()), hw.l2_bytes(), "bytes", "--l2"),
            ("NoC", most(|cost| cost.delay.noc_peak), hw.noc(0).bandwidth, "bytes/cycle", "--noc-bw"),
            (
                "off-chip interface",
                most(|cost| cost.delay.offchip),
                hw.offchip_bandwidth(),
                "bytes/cycle",
                "--offchip-bw",
            ),
        ];
        let sentence = |(what, most, given, unit, flag): (&str, Option<(u64, &str)>, u32, &str, &str)| {
            let (need, layer) = most.filter(|(need, _)| *need > u64::from(given))?;
            Some(format!("the {what} would need {need} {unit} for {layer}; it has {given}: {flag}"))
        };
        needs.into_iter().filter_map(sentence).collect()
    }

    /// A sentence about the layers for which more or fewer operations are performed than they have.
    fn performed(&self) -> Option<String> {
        let layers = self.layers.iter().map(|row| (row.name.clone(), &row.layer, row.cost.operations()));
        Performed::of(self.model, layers).map(|performed| performed.to_string())
    }
}

/// A buffer that is too small for some layers of a network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit<'a> {
    /// The buffer, what the most demanding layer needs of it, and its size.
    pub shortage: Shortage,
    /// The layer that needs most of it.
    pub layer: &'a str,
    /// The other layers for which it is too small.
    pub others: Vec<&'a str>,
}

/// A sentence that says what to change.
impl fmt::Display for Misfit<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Misfit { shortage, layer, others } = self;
        write!(f, "{layer} {shortage}")?;
        let named = others[..others.len().min(NAMED)].join(", ");
        match others.len() {
            0 => {}
            count if count <= NAMED => write!(f, "; too little for {named}, too")?,
            count => write!(f, "; too little for {named} and {} more layers, too", count - NAMED)?,
        }
        write!(f, " ({} {}, or a dataflow with smaller tiles)", shortage.buffer.flag(), shortage.need)
    }
}

/// The maximum number of other layers that are named.
const NAMED: usize = 3;
