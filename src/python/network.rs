//! The Python class for networks.

use std::path::{Path, PathBuf};

use clap::Parser;
use pyo3::exceptions::PyIndexError;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::commands::with_warnings;
use super::error::input;
use super::hardware::argument;
use super::layer::Layer;
use crate::cli::failure::Failure;
use crate::cli::network;
use crate::host::builtin;
use crate::host::formats::maestro::write_network;

/// Layers in execution order. They come from ONNX, TFLite and PyTorch models, MAESTRO's model and mapping files,
/// built-in networks, or a list.
#[pyclass(frozen, eq, module = "maestrino")]
#[derive(Clone, PartialEq)]
pub struct Network {
    pub network: crate::host::network::Network,
}

/// A network, its name or file, or layers.
#[derive(FromPyObject)]
pub enum AnyNetwork<'py> {
    Network(PyRef<'py, Network>),
    Layer(PyRef<'py, Layer>),
    Layers(Vec<Layer>),
    Name(PathBuf),
}

impl AnyNetwork<'_> {
    pub fn get(&self, py: Python<'_>) -> PyResult<Network> {
        Ok(match self {
            AnyNetwork::Network(network) => (*network).clone(),
            AnyNetwork::Layer(layer) => Network::new(vec![(*layer).clone()], None),
            AnyNetwork::Layers(layers) => Network::new(layers.clone(), None),
            AnyNetwork::Name(name) => Network::read(py, Source::Path(name.clone()), None, None)?,
        })
    }
}

/// A file, or its contents.
#[derive(FromPyObject)]
enum Source {
    Bytes(Vec<u8>),
    Path(PathBuf),
}

/// The program's flags about how operators become layers.
#[derive(Parser)]
#[command(no_binary_name = true, disable_help_flag = true)]
struct Flags {
    #[command(flatten)]
    model: network::ModelArgs,
}

impl Flags {
    /// The flags of the options. `shape={"input": (1, 3, 224, 224)}` becomes --shape input=1,3,224,224; True becomes
    /// a flag without a value.
    fn of(options: Option<&Bound<'_, PyDict>>) -> PyResult<Flags> {
        let mut arguments = Vec::new();
        for (key, value) in options.into_iter().flatten() {
            let flag = format!("--{}", key.extract::<String>()?.replace('_', "-"));
            if let Ok(named) = value.cast::<PyDict>() {
                for (name, sizes) in named {
                    arguments.push(format!("{flag}={name}={}", argument(&sizes, ",")?));
                }
            } else {
                match value.extract::<bool>() {
                    Ok(true) => arguments.push(flag),
                    Ok(false) => {}
                    Err(_) => arguments.push(format!("{flag}={}", argument(&value, ",")?)),
                }
            }
        }
        Ok(Flags::try_parse_from(arguments).map_err(Failure::from)?)
    }
}

#[pymethods]
impl Network {
    #[new]
    #[pyo3(signature = (layers, /, name = None))]
    fn new(layers: Vec<Layer>, name: Option<String>) -> Network {
        let layers = layers.iter().map(Layer::named).collect();
        Network { network: crate::host::network::Network { name: name.unwrap_or_else(|| "own".to_string()), layers } }
    }

    /// Reads a built-in network by its name, or a network from a file or the bytes of a file. The format is
    /// recognised by the content: ONNX, TFLite, MAESTRO's model and mapping files, blobs; all may be compressed by
    /// gzip.
    ///
    /// Options are the program's flags: `shape={"input": (1, 3, 224, 224)}`, `batch=1`, `value={"sr": 16000}`,
    /// `padding="honour"|"ignore"`, `all_ops=True`, `skip_unsupported=True`.
    #[staticmethod]
    #[pyo3(signature = (source, /, name = None, **options))]
    fn read(
        py: Python<'_>,
        source: Source,
        name: Option<String>,
        options: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Network> {
        let flags = Flags::of(options)?;
        let mut network = with_warnings(py, move || match source {
            Source::Path(path) => network::network(path.as_os_str(), &flags.model),
            Source::Bytes(bytes) => network::network_bytes(Path::new("model"), bytes, &flags.model),
        })?;
        if let Some(name) = name {
            network.name = name;
        }
        Ok(Network { network })
    }

    /// The layers of a PyTorch module for an input of this size, including the batch. The module is exported with
    /// `torch.onnx`. The options are those of `Network.read`.
    #[staticmethod]
    #[pyo3(signature = (module, input_size, /, name = None, **options))]
    fn from_torch<'py>(
        py: Python<'py>,
        module: &Bound<'py, PyAny>,
        input_size: &Bound<'py, PyAny>,
        name: Option<String>,
        options: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Network> {
        let bytes: Vec<u8> = py.import("maestrino._torch")?.call_method1("onnx", (module, input_size))?.extract()?;
        let name = name.map_or_else(|| module.get_type().name()?.extract(), Ok)?;
        Network::read(py, Source::Bytes(bytes), Some(name), options)
    }

    /// The names of the built-in networks.
    #[staticmethod]
    fn names() -> Vec<&'static str> {
        builtin::NETWORKS.iter().map(|network| network.name).collect()
    }

    #[getter]
    fn name(&self) -> &str {
        &self.network.name
    }

    /// The layers, in execution order.
    #[getter]
    fn layers(&self) -> Vec<Layer> {
        self.network.layers.iter().map(|named| Layer { name: named.name.clone(), layer: named.layer }).collect()
    }

    /// Multiply-accumulate operations of all layers.
    #[getter]
    fn macs(&self) -> PyResult<u64> {
        let sum = self.network.layers.iter().try_fold(0u64, |sum, named| sum.checked_add(named.layer.macs()?));
        Ok(sum.ok_or_else(|| input("the network has more MACs than 64 bits hold"))?)
    }

    /// The network as a model file of MAESTRO, or as a mapping file if its layers have dataflows.
    fn to_maestro(&self) -> String {
        write_network(&self.network)
    }

    fn __len__(&self) -> usize {
        self.network.layers.len()
    }

    fn __getitem__(&self, place: isize) -> PyResult<Layer> {
        let count = self.network.layers.len();
        let from_start = if place < 0 { place.checked_add_unsigned(count) } else { Some(place) };
        let named = from_start.and_then(|place| self.network.layers.get(usize::try_from(place).ok()?));
        let named = named.ok_or_else(|| PyIndexError::new_err(format!("there is no layer {place} of {count}")))?;
        Ok(Layer { name: named.name.clone(), layer: named.layer })
    }

    fn __repr__(&self) -> String {
        let macs = self.macs().map_or("?".to_string(), |macs| macs.to_string());
        format!("<Network {}: {} layers, {macs} MACs>", self.network.name, self.network.layers.len())
    }
}
