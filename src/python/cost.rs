//! The Python class for the cost of a layer.

use pyo3::IntoPyObjectExt;
use pyo3::exceptions::PyKeyError;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::dataflow::AnyDataflow;
use super::error::input;
use super::hardware::AnyHardware;
use super::layer::Layer;
use crate::Hardware;
use crate::cli::failure::Failure;
use crate::host::cost_table::{CostModel, LayerCost, Shortage};
use crate::host::report::csv;
use crate::host::report::figures::{self, Figure};

/// The cost of a layer on an accelerator under a dataflow. `cost["l2_read_input"]` is one of the figures of `estimate
/// --format csv`; `figures()` returns all of them.
#[pyclass(frozen, module = "maestrino")]
pub struct Cost {
    pub layer: Layer,
    pub hardware: Hardware,
    pub cost: LayerCost,
}

/// The model with this name.
pub fn model(name: &str) -> Result<CostModel, Failure> {
    [CostModel::Exact, CostModel::Maestro]
        .into_iter()
        .find(|model| model.name() == name)
        .ok_or_else(|| Failure::Input(format!("there is no model '{name}'; models are exact and maestro")))
}

fn figure(py: Python<'_>, figure: Figure) -> PyResult<Py<PyAny>> {
    match figure {
        Figure::Count(count) => count.into_py_any(py),
        Figure::Real(figure) => figure.into_py_any(py),
        Figure::Text(text) => text.into_py_any(py),
        Figure::Unknown => Ok(py.None()),
    }
}

#[pymethods]
impl Cost {
    /// Costs a layer on an accelerator under a dataflow, with the model "exact" or "maestro".
    #[new]
    #[pyo3(signature = (layer, hw, dataflow = None, *, model = "exact"))]
    fn new(layer: Layer, hw: AnyHardware<'_>, dataflow: Option<AnyDataflow<'_>>, model: &str) -> PyResult<Cost> {
        let model = self::model(model)?;
        let platform = hw.get()?;
        let choice = platform.choice(dataflow, model)?;
        let hardware = platform.platform.hardware;
        let named = layer.named();
        let (directives, _) = choice.dataflow(&named, hardware.pes()).map_err(input)?;
        let energies = platform.platform.scaled_energies();
        let cost = LayerCost::of(model, &layer.layer, &directives, &hardware, &energies).map_err(input)?;
        Ok(Cost { layer, hardware, cost })
    }

    /// The layer.
    #[getter]
    fn layer(&self) -> Layer {
        self.layer.clone()
    }

    /// Cycles; None if L2 is too small.
    #[getter]
    fn cycles(&self) -> Option<u64> {
        self.cost.cycles()
    }

    /// Energy in nJ; None if L2 is too small.
    #[getter]
    fn energy(&self) -> Option<f64> {
        self.cost.cycles().map(|_| self.cost.part().energy.total())
    }

    /// Energy x delay in nJ x cycles; None if L2 is too small.
    #[getter]
    fn edp(&self) -> Option<f64> {
        Some(self.energy()? * self.cycles()? as f64)
    }

    /// What most cycles wait for: "compute", "noc_in", ...; None if L2 is too small.
    #[getter]
    fn bound(&self) -> Option<&'static str> {
        self.cost.bound().map(|bound| bound.name())
    }

    /// Share of the MAC lanes that work in an average cycle; None if L2 is too small.
    #[getter]
    fn utilization(&self) -> Option<f64> {
        self.cost.utilization(&self.hardware)
    }

    /// Bytes of L1 that the layer needs in each PE.
    #[getter]
    fn l1_need(&self) -> u64 {
        self.cost.part().needs.l1
    }

    /// Bytes of L2 that the layer needs.
    #[getter]
    fn l2_need(&self) -> u64 {
        self.cost.part().needs.l2
    }

    /// Whether the layer fits all buffers. In MAESTRO's model, buffers are as large as they need to be.
    #[getter]
    fn fits(&self) -> bool {
        self.cost.part().fits.all()
    }

    /// Which buffers are too small, in words; empty if the layer fits.
    #[getter]
    fn misfits(&self) -> Vec<String> {
        let shortages = self.cost.exact().map(|cost| Shortage::all(cost, &self.hardware));
        shortages.into_iter().flatten().map(|shortage| shortage.to_string()).collect()
    }

    /// All figures by their names, in the order of the program's tables.
    fn figures<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let all = PyDict::new(py);
        for (name, own) in self.all() {
            all.set_item(name, figure(py, own)?)?;
        }
        Ok(all)
    }

    fn __getitem__(&self, py: Python<'_>, name: &str) -> PyResult<Py<PyAny>> {
        let found = self.all().into_iter().find(|(own, _)| own == name);
        let (_, own) =
            found.ok_or_else(|| PyKeyError::new_err(format!("there is no figure '{name}'; see figures()")))?;
        figure(py, own)
    }

    fn __repr__(&self) -> String {
        let cycles = self.cycles().map_or("?".to_string(), |cycles| cycles.to_string());
        let energy = self.energy().map_or("?".to_string(), |nj| format!("{nj:.4}"));
        let fits = if self.fits() { "" } else { ", does not fit" };
        format!("<Cost of {}: {cycles} cycles, {energy} nJ{fits}>", self.layer.name)
    }
}

impl Cost {
    fn all(&self) -> Vec<(String, Figure)> {
        match &self.cost {
            LayerCost::Exact(cost) => figures::exact(cost, &self.hardware, self.layer.layer.kind().has_macs())
                .into_iter()
                .map(|(name, figure)| (name.to_string(), figure))
                .collect(),
            LayerCost::Maestro(cost) => csv::maestro(&self.layer.layer, cost, &self.hardware),
        }
    }
}
