//! The Python class for dataflows: presets, files, directives.

use std::path::PathBuf;

use pyo3::prelude::*;

use super::error::input;
use super::layer::Layer;
use crate::cli::dataflow::Spec;
use crate::cli::failure::Failure;
use crate::host::cost_table::CostModel;
use crate::host::dataflow_choice::{DataflowChoice, Directives, Given};
use crate::host::formats::maestro;

/// How a layer is spread over PEs and time. It is made of a preset with tile sizes (`"kcp_ws:cluster=32"`), a file
/// with Dataflow blocks, directives in MAESTRO's language (`"SpatialMap(1,1) K; TemporalMap(1,1) C; ..."`), or one of
/// these for each kind of layer (`"conv=mine.m+gemm=nmk"`).
#[pyclass(frozen, eq, module = "maestrino")]
#[derive(Clone, PartialEq)]
pub struct Dataflow {
    /// The specification that the dataflow was made of.
    spec: String,
    pub name: String,
    given: Vec<Given>,
    fit: Option<bool>,
}

/// A dataflow, or a specification of one.
#[derive(FromPyObject)]
pub enum AnyDataflow<'py> {
    Dataflow(PyRef<'py, Dataflow>),
    Spec(PathBuf),
}

impl AnyDataflow<'_> {
    pub fn get(&self) -> PyResult<Dataflow> {
        match self {
            AnyDataflow::Dataflow(dataflow) => Ok((*dataflow).clone()),
            AnyDataflow::Spec(spec) => Dataflow::new(spec.clone(), None),
        }
    }
}

#[pymethods]
impl Dataflow {
    #[new]
    #[pyo3(signature = (spec, /, *, fit = None))]
    fn new(spec: PathBuf, fit: Option<bool>) -> PyResult<Dataflow> {
        let text = spec.to_string_lossy().into_owned();
        let listed = text.contains("Map") && text.contains('(') && !spec.exists();
        let (name, given) = if listed {
            let dataflow =
                maestro::parse_dataflow(&text, "dataflow").map_err(|error| Failure::from(Box::new(error)))?;
            ("own".to_string(), vec![Given { kind: None, directives: Directives::Listed(Box::new(dataflow)) }])
        } else {
            let Spec { name, given } = Spec::new(spec.as_os_str())?;
            (name, given)
        };
        Ok(Dataflow { spec: text, name, given, fit })
    }

    /// The name in tables.
    #[getter]
    fn name(&self) -> &str {
        &self.name
    }

    /// The directives that a layer gets on an array of `pes` PEs, in MAESTRO's language.
    fn directives(&self, layer: &Layer, pes: u32) -> PyResult<String> {
        let (choice, named) = (self.choice(CostModel::Exact), layer.named());
        let (dataflow, _) = choice.dataflow(&named, pes).map_err(input)?;
        Ok(maestro::write_directives(&dataflow))
    }

    fn __repr__(&self) -> String {
        format!("Dataflow({:?})", self.spec)
    }
}

impl Dataflow {
    /// The dataflow of each layer. Presets are fitted to the array, by default only with the exact model.
    pub fn choice(&self, model: CostModel) -> DataflowChoice {
        DataflowChoice::given(self.given.clone(), self.fit.unwrap_or(model == CostModel::Exact))
    }
}
