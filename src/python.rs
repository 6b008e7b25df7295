//! The Python package `maestrino._maestrino`: layers, dataflows, accelerators and networks as objects, what they cost, one by one
//! or by the million, and every command of the program in the same process. Its Python half is beside it, in `maestrino/`.

mod commands;
mod cost;
mod costs;
mod dataflow;
mod error;
mod estimate;
mod hardware;
mod layer;
mod network;

use pyo3::prelude::*;

/// What `import maestrino` finds here.
#[pymodule]
mod _maestrino {
    #[pymodule_export]
    use super::commands::{main, within};
    #[pymodule_export]
    use super::cost::Cost;
    #[pymodule_export]
    use super::costs::costs;
    #[pymodule_export]
    use super::dataflow::Dataflow;
    #[pymodule_export]
    use super::error::Error;
    #[pymodule_export]
    use super::estimate::{Estimate, estimate};
    #[pymodule_export]
    use super::hardware::Hardware;
    #[pymodule_export]
    use super::layer::Layer;
    #[pymodule_export]
    use super::network::Network;
    use super::*;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        // What a file is, its content tells: names for those who know it.
        let network = module.getattr("Network")?;
        for name in ["from_onnx", "from_tflite"] {
            network.setattr(name, network.getattr("read")?)?;
        }
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
