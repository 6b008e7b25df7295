//! Network blobs (see [`crate::wire`]): a network with the dataflow of each layer, for firmware.

use std::fmt;
use std::sync::Arc;

use crate::host::dataflow_choice::DataflowChoice;
use crate::host::estimate::LayerError;
use crate::host::network::{NamedLayer, Network};
use crate::wire::{self, Blob, BlobLayer, WireError};
use crate::{Dataflow, Error, Layer, exact, maestro};

/// Why a network cannot become a blob.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CompileError {
    /// Layers that the dataflow does not suit.
    Layers(Vec<LayerError>),
    /// The network is too large, or has too many different dataflows.
    Wire(WireError),
}

impl fmt::Display for CompileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CompileError::Layers(errors) => errors.iter().enumerate().try_for_each(|(i, error)| match i {
                0 => write!(f, "{error}"),
                _ => write!(f, "\n{error}"),
            }),
            CompileError::Wire(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for CompileError {}

/// Whether a dataflow maps all of a layer onto an array of `pes`, so that a blob may hold the two.
///
/// # Errors
/// What makes the dataflow unfit in MAESTRO's model, which firmware has; work that is left out; a filter that is larger than its
/// input, which would not be read back.
pub fn check(layer: &Layer, dataflow: &Dataflow, pes: u32) -> Result<(), Error> {
    maestro::Mapping::new(layer, dataflow, pes)?;
    // MAESTRO's model does not mind; the exact one refuses more than that.
    if let Err(gaps @ Error::Gaps { .. }) = exact::Mapping::new(layer, dataflow, pes) {
        return Err(gaps);
    }
    layer.oversized_filter().map_or(Ok(()), Err)
}

/// The blob of a network. Each layer's dataflow must suit it on an array of `pes`; on smaller ones it may not.
///
/// # Errors
/// See [`CompileError`].
pub fn compile(network: &Network, choice: &DataflowChoice, pes: u32) -> Result<Vec<u8>, CompileError> {
    let mut dataflows: Vec<Dataflow> = Vec::new();
    let mut layers = Vec::with_capacity(network.layers.len());
    let mut errors = Vec::new();
    for named in &network.layers {
        let failed = |error| LayerError { layer: named.name.clone(), line: named.line, error };
        let suited = choice.dataflow(named, pes).and_then(|(dataflow, _)| {
            check(&named.layer, &dataflow, pes)?;
            Ok(dataflow.into_owned())
        });
        match suited {
            Ok(dataflow) => layers.push((named, position(&mut dataflows, dataflow))),
            Err(error) => errors.push(failed(error)),
        }
    }
    if !errors.is_empty() {
        return Err(CompileError::Layers(errors));
    }
    let layers = layers.iter().map(|(NamedLayer { name, layer, .. }, dataflow)| {
        // More dataflows than fit into a blob are refused there.
        let dataflow = u8::try_from(*dataflow).unwrap_or(u8::MAX);
        BlobLayer { name: name.as_str().into(), layer: *layer, dataflow }
    });
    let mut buffer = vec![0; 4096];
    while buffer.len() < MAX_BYTES {
        match wire::encode(&network.name, &dataflows, layers.clone(), &mut buffer) {
            Ok(blob) => return Ok(blob.to_vec()),
            Err(WireError::BufferTooSmall) => buffer = vec![0; buffer.len() * 2],
            Err(error) => return Err(CompileError::Wire(error)),
        }
    }
    Err(CompileError::Wire(WireError::TooMany))
}

const MAX_BYTES: usize = 1 << 30;

fn position(dataflows: &mut Vec<Dataflow>, dataflow: Dataflow) -> usize {
    dataflows.iter().position(|known| *known == dataflow).unwrap_or_else(|| {
        dataflows.push(dataflow);
        dataflows.len() - 1
    })
}

/// The network of a blob, each layer with its dataflow.
///
/// # Errors
/// See [`WireError`].
pub fn read(bytes: &[u8]) -> Result<Network, WireError> {
    let blob = Blob::open(bytes)?;
    let layers = blob.layers().map(|layer| {
        let BlobLayer { name, layer, dataflow } = layer?;
        let dataflow = Arc::new(blob.dataflow(dataflow)?);
        Ok(NamedLayer { name: name.as_str().to_string(), layer, dataflow: Some(dataflow), line: None })
    });
    Ok(Network { name: blob.name().as_str().to_string(), layers: layers.collect::<Result<_, WireError>>()? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataflow::presets::Preset;
    use crate::host::builtin;

    #[test]
    fn every_built_in_network_survives_and_the_tiny_ones_stay_small() {
        for builtin in builtin::NETWORKS {
            let network = builtin::network(builtin.name).unwrap();
            let choice = DataflowChoice::preset(Preset::KcpWs.tiling(), false);
            let bytes = compile(&network, &choice, 256).unwrap();
            let mut back = read(&bytes).unwrap();
            for (layer, original) in back.layers.iter_mut().zip(&network.layers) {
                let (dataflow, _) = choice.dataflow(original, 256).unwrap();
                assert_eq!(*layer.dataflow.take().unwrap(), *dataflow);
            }
            assert_eq!(back, network);
            if network.layers.len() < 30 {
                assert!(bytes.len() <= 1024, "{} takes {} bytes", builtin.name, bytes.len());
            }
        }
    }

    #[test]
    fn a_dataflow_that_does_not_suit_is_told_by_layer() {
        let network = builtin::network("resnet8").unwrap();
        let choice = DataflowChoice::preset(Preset::KcpWs.tiling(), false);
        let Err(CompileError::Layers(errors)) = compile(&network, &choice, 16) else { panic!() };
        assert_eq!(errors.len(), network.layers.len());
        let fitted = DataflowChoice::preset(Preset::KcpWs.tiling(), true);
        assert!(compile(&network, &fitted, 16).is_ok());
    }
}
