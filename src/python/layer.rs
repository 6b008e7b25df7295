//! The Python class for layers.

use std::fmt::Write;

use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::error::input;
use crate::cli::failure::Failure;
use crate::host::network::{NamedLayer, WRITTEN_DIMS};
use crate::{Dim, LayerKind};

/// A layer: its kind, its dimensions in elements and its strides.
///
/// `Y` and `X` are the rows and columns of the input, including padding. `Y_out` and `X_out` may be given instead.
#[pyclass(frozen, eq, hash, module = "maestrino", from_py_object)]
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Layer {
    pub name: String,
    pub layer: crate::Layer,
}

/// One stride for both directions, or (along Y, along X).
#[derive(FromPyObject)]
enum Stride {
    Both(u32),
    Each(u32, u32),
}

/// The kind with this name.
pub fn kind(name: &str) -> Result<LayerKind, Failure> {
    let known = || LayerKind::ALL.map(LayerKind::name).join(", ");
    LayerKind::from_name(&name.to_ascii_uppercase())
        .ok_or_else(|| Failure::Input(format!("there is no kind of layer '{name}'; kinds are {}", known())))
}

/// The dimension with this name in Python.
fn dim(name: &str) -> Option<Dim> {
    match name {
        "Y_out" => Some(Dim::OutY),
        "X_out" => Some(Dim::OutX),
        _ => Dim::from_name(name).filter(|dim| dim.input() == *dim),
    }
}

#[pymethods]
impl Layer {
    #[new]
    #[pyo3(signature = (kind, /, *, stride = Stride::Both(1), name = None, **dims))]
    fn new(kind: &str, stride: Stride, name: Option<String>, dims: Option<&Bound<'_, PyDict>>) -> PyResult<Layer> {
        let kind = self::kind(kind)?;
        let mut sizes = Vec::new();
        for (key, size) in dims.into_iter().flatten() {
            let key: String = key.extract()?;
            let dim = dim(&key).ok_or_else(|| {
                let known = "N, G, K, C, R, S, Y, X, M, Y_out and X_out";
                Failure::Input(format!("there is no dimension '{key}'; dimensions are {known}"))
            })?;
            sizes.push((dim, size.extract()?));
        }
        let [y, x] = match stride {
            Stride::Both(stride) => [stride; 2],
            Stride::Each(y, x) => [y, x],
        };
        let layer = crate::Layer::strided(kind, &sizes, y, x).map_err(input)?;
        Ok(Layer { name: name.unwrap_or_else(|| kind.name().to_lowercase()), layer })
    }

    /// The name; not necessarily unique in a network.
    #[getter]
    fn name(&self) -> &str {
        &self.name
    }

    /// The kind: "CONV", "DSCONV", "GEMM", ...
    #[getter]
    fn kind(&self) -> &'static str {
        self.layer.kind().name()
    }

    /// Sizes in elements, by dimension. `Y_out` and `X_out` are those of the output.
    #[getter]
    fn dims<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dims = PyDict::new(py);
        for dim in Dim::ALL {
            if let Some(size) = self.layer.size(dim) {
                dims.set_item(dim.name().replace('\'', "_out"), size)?;
            }
        }
        Ok(dims)
    }

    /// Strides along Y and X.
    #[getter]
    fn stride(&self) -> (u32, u32) {
        (self.layer.stride(Dim::Y), self.layer.stride(Dim::X))
    }

    /// Multiply-accumulate operations; 0 for a layer that has none.
    #[getter]
    fn macs(&self) -> PyResult<u64> {
        Ok(self.layer.macs().ok_or(Failure::Input(format!("{} has more MACs than 64 bits hold", self.name)))?)
    }

    fn __repr__(&self) -> String {
        let mut text = format!("Layer({:?}", self.kind());
        for (dim, size) in WRITTEN_DIMS.into_iter().filter_map(|dim| Some((dim, self.layer.size(dim)?))) {
            let _ = write!(text, ", {dim}={size}");
        }
        match self.stride() {
            (1, 1) => {}
            (y, x) if y == x => text += &format!(", stride={y}"),
            (y, x) => text += &format!(", stride=({y}, {x})"),
        }
        text + &format!(", name={:?})", self.name)
    }
}

impl Layer {
    /// The layer as part of a network.
    pub fn named(&self) -> NamedLayer {
        NamedLayer { name: self.name.clone(), layer: self.layer, dataflow: None, line: None }
    }
}
