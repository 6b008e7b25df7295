//! The Python function and class for the cost of a network.

use std::path::PathBuf;

use pyo3::prelude::*;

use super::commands::with_warnings;
use super::cost::{Cost, model};
use super::dataflow::AnyDataflow;
use super::error::input;
use super::hardware::AnyHardware;
use super::layer::Layer;
use super::network::AnyNetwork;
use crate::cli::failure::Failure;
use crate::cli::{calibration as calibrations, dataflow as specs, estimate as programs, network as networks};
use crate::host::campaign::NamedDataflow;
use crate::host::cost_table::{CostModel, Objective};
use crate::host::dataflow_choice::DataflowChoice;
use crate::host::platform::Platform;
use crate::host::report::{csv, maestro_csv, table};
use crate::host::sweep::{Sweep, Target};

/// One dataflow, or several.
#[derive(FromPyObject)]
pub enum Dataflows<'py> {
    One(AnyDataflow<'py>),
    Several(Vec<AnyDataflow<'py>>),
}

/// The cost of a network on an accelerator: sums, and `layers`. Printing it shows the program's table. `to_pandas()`
/// and `to_arrow()` have a row for each layer.
#[pyclass(frozen, module = "maestrino")]
pub struct Estimate {
    estimate: crate::host::estimate::Estimate,
    platform: Platform,
    network: crate::host::network::Network,
    /// The dataflow, if there is only one.
    choice: Option<DataflowChoice>,
}

/// Costs a network on an accelerator. The network may be an object, a name, a file, or a list of layers.
///
/// Without `dataflow`, layers take their own dataflow if they have one, otherwise that of the accelerator. If there
/// are several dataflows, each layer takes the best that fits, by `mixed`: "latency", "energy" or "edp". `model` is
/// "exact" or "maestro". `calibration` is a file that `maestrino calibrate` wrote.
#[pyfunction]
#[pyo3(signature = (network, hw, dataflow = None, *, model = "exact", mixed = None, calibration = None))]
pub fn estimate(
    py: Python<'_>,
    network: AnyNetwork<'_>,
    hw: AnyHardware<'_>,
    dataflow: Option<Dataflows<'_>>,
    model: &str,
    mixed: Option<&str>,
    calibration: Option<PathBuf>,
) -> PyResult<Estimate> {
    let model = self::model(model)?;
    let mut network = network.get(py)?.network;
    let hw = hw.get()?;
    let given = match dataflow {
        None => None,
        Some(Dataflows::One(one)) => Some(vec![one.get()?]),
        Some(Dataflows::Several(several)) => Some(several.iter().map(AnyDataflow::get).collect::<PyResult<_>>()?),
    };
    let dataflows: Vec<NamedDataflow> = match given {
        Some(given) => {
            given.into_iter().map(|own| NamedDataflow { choice: own.choice(model), name: own.name }).collect()
        }
        None if network.layers.iter().any(|layer| layer.dataflow.is_some()) => {
            vec![NamedDataflow { name: "own".to_string(), choice: DataflowChoice::own() }]
        }
        None => {
            let choice = hw.choice(None, model)?;
            vec![NamedDataflow { name: hw.presets.convolution.preset().name().to_string(), choice }]
        }
    };
    let mixed = match (mixed, dataflows.len()) {
        (None, 1) => None,
        (None, count) => {
            return Err(
                input(format!("{count} dataflows: say by what each layer takes the best: mixed=\"latency\"")).into()
            );
        }
        (Some(_), 0 | 1) => return Err(input("mixed= takes the best of several dataflows").into()),
        (Some(name), _) => {
            let known = Objective::ALL.into_iter().find(|objective| objective.name() == name);
            Some(known.ok_or_else(|| input(format!("mixed=\"{name}\": expected latency, energy or edp")))?)
        }
    };
    with_warnings(py, move || {
        if network.layers.is_empty() {
            return Err(Failure::Input(format!("the network {} has no layers", network.name)));
        }
        if calibration.is_some() && model == CostModel::Maestro {
            return Err(Failure::Input("a calibration is of the exact model".to_string()));
        }
        if model == CostModel::Exact {
            networks::pad_to_filters(&mut network, "");
        }
        let platform = calibrations::apply(hw.platform, calibration.as_deref())?;
        let target = Target { name: hw.name, platform };
        let sweep = Sweep { network: &network, dataflows: &dataflows, mixed, model };
        let choice = &dataflows[0].choice;
        let estimate = match mixed {
            Some(_) => sweep.mixed(&target),
            None => {
                let energies = sweep.energies(&platform);
                crate::host::estimate::Estimate::new(&network, choice, &platform.hardware, model, &energies)
            }
        };
        let estimate = estimate.map_err(|errors| specs::unsuited(errors, choice))?;
        let choice = mixed.is_none().then(|| choice.clone());
        Ok(Estimate { estimate, platform, network, choice })
    })
}

#[pymethods]
impl Estimate {
    /// Cycles; None if L2 is too small for a layer.
    #[getter]
    fn cycles(&self) -> Option<u64> {
        self.estimate.total.cycles
    }

    /// Calibrated cycles, and the number of cycles that nine in ten networks stay below; None without a calibration.
    #[getter]
    fn calibrated_cycles(&self) -> Option<(u64, u64)> {
        let [cycles, upper] = self.estimate.calibrated_cycles(&self.platform.calibration?)?;
        Some((cycles, upper))
    }

    /// Milliseconds at the accelerator's clock; None if L2 is too small for a layer.
    #[getter]
    fn latency_ms(&self) -> Option<f64> {
        Some(self.estimate.total.cycles? as f64 / (self.platform.clock_mhz * 1e3))
    }

    /// Energy in nJ; None if L2 is too small for a layer.
    #[getter]
    fn energy(&self) -> Option<f64> {
        self.estimate.energy().map(|energy| energy.total())
    }

    /// The number of MACs, from the layers' shapes.
    #[getter]
    fn macs(&self) -> u64 {
        self.estimate.macs
    }

    /// Share of the MAC lanes that work in an average cycle; None if L2 is too small for a layer.
    #[getter]
    fn utilization(&self) -> Option<f64> {
        self.estimate.utilization()
    }

    /// Whether all layers fit the buffers.
    #[getter]
    fn fits(&self) -> bool {
        self.estimate.total.fits.all()
    }

    /// What does not fit, and other warnings, with a sentence for each.
    #[getter]
    fn warnings(&self) -> Vec<String> {
        self.estimate.warnings()
    }

    /// The cost of each layer, in execution order.
    #[getter]
    fn layers(&self) -> Vec<Cost> {
        let of = |row: &crate::host::estimate::EstimateRow| Cost {
            layer: Layer { name: row.name.clone(), layer: row.layer },
            hardware: self.estimate.hardware,
            cost: row.cost,
        };
        self.estimate.layers.iter().map(of).collect()
    }

    /// A row for each layer, as `maestrino estimate --format csv` writes it.
    fn to_csv(&self) -> PyResult<String> {
        let mut out = Vec::new();
        csv::write(&mut out, &self.estimate, &self.platform)?;
        Ok(String::from_utf8_lossy(&out).into_owned())
    }

    /// The CSV that MAESTRO itself writes, including its energy column. It needs the model "maestro" and a single
    /// dataflow.
    fn to_maestro_csv(&self) -> PyResult<String> {
        let choice = self.choice.as_ref().filter(|_| self.estimate.model == CostModel::Maestro);
        let choice = choice.ok_or_else(|| input("MAESTRO's CSV is of model=\"maestro\" and a single dataflow"))?;
        let hardware = &self.platform.hardware;
        let rows = programs::reference_rows(&self.network, choice, |_| Ok(*hardware))?;
        let mut out = Vec::new();
        maestro_csv::write(&mut out, &self.network, hardware, &rows, true)?;
        Ok(String::from_utf8_lossy(&out).into_owned())
    }

    /// The layers as a pandas.DataFrame.
    fn to_pandas<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.table(py)?.call_method0("to_pandas")
    }

    /// The layers as a pyarrow.Table.
    fn to_arrow<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.table(py)?.call_method0("to_arrow")
    }

    fn __str__(&self) -> String {
        table::render(&self.estimate, &self.platform)
    }

    fn __repr__(&self) -> String {
        let or_unknown = |figure: Option<String>| figure.unwrap_or_else(|| "?".to_string());
        format!(
            "<Estimate of {}: {} cycles, {} ms, {} nJ{}>",
            self.estimate.network,
            or_unknown(self.cycles().map(|cycles| cycles.to_string())),
            or_unknown(self.latency_ms().map(|ms| format!("{ms:.4}"))),
            or_unknown(self.energy().map(|nj| format!("{nj:.1}"))),
            if self.fits() { "" } else { ", does not fit" }
        )
    }
}

impl Estimate {
    fn table<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        py.import("maestrino._table")?.getattr("Table")?.call1((self.to_csv()?,))
    }
}
