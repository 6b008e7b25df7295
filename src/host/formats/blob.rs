//! Writes and reads network blobs (see [`crate::wire`]): a network with the dataflow of each layer, for firmware.

use std::fmt;
use std::sync::Arc;

use crate::host::dataflow_choice::DataflowChoice;
use crate::host::network::{LayerError, NamedLayer, Network};
use crate::host::platform::Platform;
use crate::wire::{self, Accelerator, Blob, BlobLayer, WireError};
use crate::{Dataflow, Error, Layer, Mapping};

/// Why a network cannot become a blob.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum CompileError {
    /// The dataflow does not suit these layers.
    Layers(Vec<LayerError>),
    /// The network is too large, or has too many different dataflows.
    Wire(WireError),
    /// The clock in MHz is below 1 Hz, or its Hz do not fit into 32 bits.
    Clock(f64),
}

impl fmt::Display for CompileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CompileError::Layers(errors) => errors.iter().enumerate().try_for_each(|(i, error)| match i {
                0 => write!(f, "{error}"),
                _ => write!(f, "\n{error}"),
            }),
            CompileError::Wire(error) => error.fmt(f),
            CompileError::Clock(mhz) => write!(f, "a network blob can hold a clock of 1 Hz to 4294 MHz, not {mhz} MHz"),
        }
    }
}

impl std::error::Error for CompileError {}

/// Checks that a dataflow suits a layer on an array of `pes`, so that a blob may contain them.
///
/// # Errors
/// The dataflow does not suit the layer, or the filter is larger than its input, which could not be read back.
pub(crate) fn check(layer: &Layer, dataflow: &Dataflow, pes: u32) -> Result<(), Error> {
    Mapping::new(layer, dataflow, pes)?;
    layer.oversized_filter().map_or(Ok(()), Err)
}

/// The blob of a network on an accelerator. The chosen dataflow must suit each layer. `sets` has the mappings of each
/// layer that firmware can choose from, starting with the layer's own; or it is empty.
///
/// ```
/// use maestrino::Hardware;
/// use maestrino::dataflow::presets::Preset;
/// use maestrino::host::builtin;
/// use maestrino::host::dataflow_choice::DataflowChoice;
/// use maestrino::host::formats::blob;
/// use maestrino::host::platform::Platform;
///
/// let network = builtin::network("resnet8").expect("it is built in");
/// let choice = DataflowChoice::preset(Preset::KcpWs.tiling(), false);
/// let bytes = blob::compile(&network, &choice, &Platform::new(Hardware::new(256)?), &[])?;
/// assert_eq!(blob::read(&bytes)?.layers.len(), network.layers.len());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// See [`CompileError`].
pub fn compile(
    network: &Network,
    choice: &DataflowChoice,
    platform: &Platform,
    sets: &[Arc<[Dataflow]>],
) -> Result<Vec<u8>, CompileError> {
    let hz = (platform.clock_mhz * 1e6).round();
    if !(1.0..=f64::from(u32::MAX)).contains(&hz) {
        return Err(CompileError::Clock(platform.clock_mhz));
    }
    let (hardware, energies) = (platform.hardware, platform.scaled_energies());
    let accelerator = Accelerator { hardware, clock_hz: hz as u32, energies, calibration: platform.calibration };
    let pes = hardware.pes();
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
        // If there are more dataflows than a blob can hold, the encoder returns an error.
        let dataflow = u8::try_from(*dataflow).unwrap_or(u8::MAX);
        BlobLayer { name: name.as_str().into(), layer: *layer, dataflow }
    });
    let sets: Vec<&[Dataflow]> = sets.iter().map(|set| &**set).collect();
    // If the buffer is too small, it is enlarged and everything is encoded again.
    let mut buffer = vec![0; 1 << 20];
    while buffer.len() < MAX_BYTES {
        match wire::encode(&network.name, &accelerator, &dataflows, layers.clone(), &sets, &mut buffer) {
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

/// C source that contains a blob: `const uint8_t SYMBOL[]` and `const uint32_t SYMBOL_length`.
pub fn c_source(symbol: &str, blob: &[u8]) -> String {
    let mut text = String::from(
        "/* A network for maestrino_network_open, made by `maestrino compile`. */\n#include <stdint.h>\n\n",
    );
    // In C++, a const is visible to other files only if it is declared extern.
    for declared in [format!("const uint8_t {symbol}[]"), format!("const uint32_t {symbol}_length")] {
        text += &format!("extern {declared};\n");
    }
    text += &format!("\nconst uint8_t {symbol}[] = {{\n");
    for line in blob.chunks(20) {
        let bytes: Vec<String> = line.iter().map(u8::to_string).collect();
        text += &format!("    {},\n", bytes.join(", "));
    }
    text + &format!("}};\nconst uint32_t {symbol}_length = {};\n", blob.len())
}

/// The accelerator that a blob was compiled for.
///
/// # Errors
/// See [`WireError`].
pub fn platform(bytes: &[u8]) -> Result<Platform, WireError> {
    let Accelerator { hardware, clock_hz, energies, calibration } = Blob::open(bytes)?.accelerator()?;
    Ok(Platform { clock_mhz: f64::from(clock_hz) / 1e6, energies, calibration, ..Platform::new(hardware) })
}

/// The network in a blob. Each layer has its dataflow.
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

    fn array(pes: u32) -> Platform {
        Platform::new(crate::Hardware::new(pes).unwrap())
    }

    #[test]
    fn every_built_in_network_survives_and_the_tiny_ones_stay_small() {
        for builtin in builtin::NETWORKS {
            let network = builtin::network(builtin.name).unwrap();
            let choice = DataflowChoice::preset(Preset::KcpWs.tiling(), false);
            let bytes = compile(&network, &choice, &array(256), &[]).unwrap();
            let mut back = read(&bytes).unwrap();
            for (layer, original) in back.layers.iter_mut().zip(&network.layers) {
                let (dataflow, _) = choice.dataflow(original, 256).unwrap();
                assert_eq!(*layer.dataflow.take().unwrap(), *dataflow);
            }
            assert_eq!(back, network);
            if network.layers.len() < 30 {
                assert!(bytes.len() <= 5 << 10, "{} takes {} bytes", builtin.name, bytes.len());
            }
        }
    }

    #[test]
    fn a_dataflow_that_does_not_suit_is_an_error_of_each_layer() {
        let network = builtin::network("resnet8").unwrap();
        let choice = DataflowChoice::preset(Preset::KcpWs.tiling(), false);
        let Err(CompileError::Layers(errors)) = compile(&network, &choice, &array(16), &[]) else { panic!() };
        assert_eq!(errors.len(), network.layers.len());
        let fitted = DataflowChoice::preset(Preset::KcpWs.tiling(), true);
        assert!(compile(&network, &fitted, &array(16), &[]).is_ok());
    }
}
