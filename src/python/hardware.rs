//! The Python class for accelerators.

use std::path::PathBuf;

use clap::Parser;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PySequence, PyString};

use super::dataflow::AnyDataflow;
use super::error::input;
use crate::LayerKind;
use crate::cli::accelerator::AcceleratorArgs;
use crate::cli::failure::Failure;
use crate::cli::input;
use crate::cli::model::CostArgs;
use crate::dataflow::presets::Presets;
use crate::hardware::UNLIMITED;
use crate::host::builtin;
use crate::host::cost_table::CostModel;
use crate::host::dataflow_choice::DataflowChoice;
use crate::host::formats::maestro::write_platform;
use crate::host::platform::Platform;

/// An accelerator: a built-in one (`"eyeriss"`), one from a hardware file or a blob, or one with `pes` PEs and no
/// limits. The keywords change it.
///
/// Keywords are the program's flags: `pes`, `simd` (MAC lanes of a PE), `l1` (bytes in each PE), `l2`,
/// `cluster_buffer` (bytes), `noc_bw` (bytes/cycle, or one number for each level), `noc_hops` (cycles), `offchip_bw`,
/// `weights_bw` (bytes/cycle), `clock` (MHz), `bits` (of input, filter, output[, partial sum]), `activations`
/// ("offchip", "l2", "auto"), `multicast`, `l1_buffers`, `l2_buffers` (1 or 2), `weights_compression`, `prefetch`,
/// `energies` (nJ: MAC, L1, L2[, off-chip[, cluster]]), `energy_sizes`, `energy_exponent`. `name` is the name in
/// tables.
#[pyclass(frozen, eq, module = "maestrino")]
#[derive(Clone, PartialEq)]
pub struct Hardware {
    pub name: String,
    pub platform: Platform,
    pub presets: Presets,
}

/// An accelerator, or its name or file.
#[derive(FromPyObject)]
pub enum AnyHardware<'py> {
    Hardware(PyRef<'py, Hardware>),
    Name(PathBuf),
}

impl AnyHardware<'_> {
    pub fn get(&self) -> PyResult<Hardware> {
        match self {
            AnyHardware::Hardware(hardware) => Ok((*hardware).clone()),
            AnyHardware::Name(name) => Hardware::new(Some(name.clone()), None),
        }
    }
}

/// The program's flags about accelerators.
#[derive(Parser)]
#[command(no_binary_name = true, disable_help_flag = true)]
struct Flags {
    #[command(flatten)]
    accelerator: AcceleratorArgs,
    #[command(flatten)]
    cost: CostArgs,
}

/// The character that separates the numbers of a flag.
fn separator(flag: &str) -> &'static str {
    if matches!(flag, "energies" | "energy_sizes") { "," } else { ":" }
}

/// The value as the program's command line has it.
pub fn argument(value: &Bound<'_, PyAny>, separator: &str) -> PyResult<String> {
    if value.is_none() {
        return Ok("-".to_string());
    }
    if let Ok(yes) = value.cast::<PyBool>() {
        return Ok(if yes.is_true() { "yes" } else { "no" }.to_string());
    }
    if let (Err(_), Ok(several)) = (value.cast::<PyString>(), value.cast::<PySequence>()) {
        let each: PyResult<Vec<String>> = several.try_iter()?.map(|one| argument(&one?, separator)).collect();
        return Ok(each?.join(separator));
    }
    Ok(value.str()?.to_string())
}

#[pymethods]
impl Hardware {
    #[new]
    #[pyo3(signature = (name = None, /, **changes))]
    fn new(name: Option<PathBuf>, changes: Option<&Bound<'_, PyDict>>) -> PyResult<Hardware> {
        let own = match name {
            Some(name) => {
                let platform = input::platform(name.as_os_str())?;
                Hardware {
                    name: crate::host::formats::file::stem(&name),
                    platform,
                    presets: input::presets(name.as_os_str()),
                }
            }
            None => {
                let pes = changes.and_then(|changes| changes.get_item("pes").ok()?);
                let pes = pes.ok_or(Failure::Input("an accelerator needs a name, a file or pes=".to_string()))?;
                let hardware = crate::Hardware::new(pes.extract()?).map_err(input)?;
                Hardware {
                    name: "own".to_string(),
                    platform: Platform::new(hardware),
                    presets: input::presets("".as_ref()),
                }
            }
        };
        own.changed(changes)
    }

    /// The same accelerator with changes, given by the keywords of `Hardware`.
    #[pyo3(signature = (**changes))]
    fn replace(&self, changes: Option<&Bound<'_, PyDict>>) -> PyResult<Hardware> {
        self.clone().changed(changes)
    }

    /// The name, or "own".
    #[getter]
    fn name(&self) -> &str {
        &self.name
    }

    /// Whether the accelerator is built into the program.
    #[getter]
    fn is_builtin(&self) -> bool {
        builtin::ACCELERATORS
            .iter()
            .any(|own| (own.name, own.platform(), own.presets) == (self.name.as_str(), self.platform, self.presets))
    }

    /// Processing elements.
    #[getter]
    fn pes(&self) -> u32 {
        self.platform.hardware.pes()
    }

    /// MAC lanes of a PE.
    #[getter]
    fn simd(&self) -> u32 {
        self.platform.hardware.simd_lanes()
    }

    /// Bytes of L1 in each PE; None if there is no limit.
    #[getter]
    fn l1(&self) -> Option<u32> {
        limited(self.platform.hardware.l1_bytes())
    }

    /// Bytes of L2; None if there is no limit.
    #[getter]
    fn l2(&self) -> Option<u32> {
        limited(self.platform.hardware.l2_bytes())
    }

    /// Bytes/cycle of the outermost network-on-chip in each direction; None if there is no limit.
    #[getter]
    fn noc_bw(&self) -> Option<u32> {
        limited(self.platform.hardware.noc(0).bandwidth)
    }

    /// Bytes/cycle between L2 and the outside; None if there is no limit.
    #[getter]
    fn offchip_bw(&self) -> Option<u32> {
        limited(self.platform.hardware.offchip_bandwidth())
    }

    /// The clock in MHz.
    #[getter]
    fn clock(&self) -> f64 {
        self.platform.clock_mhz
    }

    /// The default dataflow for each kind of layer, in a form that `Dataflow` accepts.
    #[getter]
    fn dataflow(&self) -> String {
        let own = |kind: LayerKind| format!("{}={}", kind.name().to_lowercase(), self.presets.for_kind(kind));
        LayerKind::ALL.map(own).join("+")
    }

    /// The accelerator as a hardware file. MAESTRO knows the first lines of it. The calibration is not part of it.
    fn to_maestro(&self) -> String {
        write_platform(&self.platform)
    }

    fn __repr__(&self) -> String {
        let size = |figure: Option<u32>| figure.map_or("None".to_string(), |figure| figure.to_string());
        format!(
            "<Hardware {}: {} PEs, L1 {} B, L2 {} B, NoC {} B/cycle, off-chip {} B/cycle, {} MHz>",
            self.name,
            self.pes(),
            size(self.l1()),
            size(self.l2()),
            size(self.noc_bw()),
            size(self.offchip_bw()),
            self.clock()
        )
    }
}

fn limited(figure: u32) -> Option<u32> {
    (figure != UNLIMITED).then_some(figure)
}

impl Hardware {
    /// The dataflow of each layer: the given one, or that of the accelerator.
    pub fn choice(&self, dataflow: Option<AnyDataflow<'_>>, model: CostModel) -> PyResult<DataflowChoice> {
        let own = || DataflowChoice::of_accelerator(self.presets, model == CostModel::Exact);
        dataflow.map_or_else(|| Ok(own()), |given| Ok(given.get()?.choice(model)))
    }

    fn changed(mut self, changes: Option<&Bound<'_, PyDict>>) -> PyResult<Hardware> {
        let mut arguments = Vec::new();
        for (key, value) in changes.into_iter().flatten() {
            let key: String = key.extract()?;
            if key == "name" {
                self.name = value.extract()?;
                continue;
            }
            if key == "model" {
                return Err(Failure::Input("model= is of estimate and cost, not of an accelerator".to_string()).into());
            }
            let value = match (key.as_str(), value.extract::<bool>()) {
                ("prefetch", Ok(yes)) => if yes { "weights" } else { "none" }.to_string(),
                // None means no limit.
                ("l1" | "l2" | "offchip_bw" | "cluster_buffer", _) if value.is_none() => UNLIMITED.to_string(),
                _ => argument(&value, separator(&key))?,
            };
            arguments.push(format!("--{}={value}", key.replace('_', "-")));
        }
        let flags = Flags::try_parse_from(arguments).map_err(Failure::from)?;
        self.platform = flags.accelerator.apply(self.platform, &flags.cost)?;
        Ok(self)
    }
}
