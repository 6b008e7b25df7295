//! Dataflows and accelerators, by name or from files.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use maestrino::dataflow::presets::{Preset, Presets, Tiling};
use maestrino::host::builtin;
use maestrino::host::costs::CostModel;
use maestrino::host::estimate::{DataflowChoice, LayerError};
use maestrino::host::formats::maestro::{self, HardwareFile, Parsed};
use maestrino::host::network::Network;
use maestrino::host::platform::Platform;
use maestrino::{Error, Hardware};

use crate::failure::Failure;
use crate::output;

/// A dataflow by name, with its tile sizes, or from a file.
pub enum Dataflow {
    Preset(Tiling),
    Given(Box<maestrino::Dataflow>),
}

/// Arguments that choose the dataflow of a network.
#[derive(clap::Args)]
pub struct DataflowArgs {
    /// Preset, with tile sizes if you like (kcp_ws:cluster=32), or a file with a Dataflow block
    /// [default: what a mapping file brings, else that of a built-in accelerator, else kcp_ws]
    #[arg(long, value_name = "NAME|FILE")]
    dataflow: Option<String>,
    #[command(flatten)]
    fit: FitArgs,
}

/// Arguments that tell whether presets are cut to the array.
#[derive(clap::Args)]
pub struct FitArgs {
    /// Let clusters of presets that are wider than the array shrink to it [default, but for --model maestro]
    #[arg(long, overrides_with = "no_fit")]
    fit: bool,
    /// Take the tile sizes of presets as they are
    #[arg(long, overrides_with = "fit")]
    no_fit: bool,
}

impl FitArgs {
    /// Whether they are in a model: what the reference publishes is not.
    pub fn fit(&self, model: CostModel) -> bool {
        self.fit || (model == CostModel::Exact && !self.no_fit)
    }
}

impl DataflowArgs {
    /// What they choose for a network, on an accelerator whose dataflows are `own`.
    pub fn choice(&self, network: &Network, own: Presets, model: CostModel) -> Result<DataflowChoice, Failure> {
        let fit = self.fit.fit(model);
        let brings = network.layers.iter().any(|layer| layer.dataflow.is_some());
        Ok(match self.dataflow.as_deref().map(dataflow).transpose()? {
            None if brings => DataflowChoice::Own,
            None => DataflowChoice::Preset { presets: own, fit },
            Some(Dataflow::Preset(tiling)) => DataflowChoice::Preset { presets: Presets::of(tiling), fit },
            Some(Dataflow::Given(dataflow)) => DataflowChoice::Given(dataflow),
        })
    }
}

/// The failure of layers that `choice` does not suit.
pub fn unsuited(errors: Vec<LayerError>, choice: &DataflowChoice) -> Failure {
    let too_wide = errors.iter().any(|error| matches!(error.error, Error::ClusterExceedsArray { .. }));
    let help = match choice {
        DataflowChoice::Own | DataflowChoice::Given(_) => None,
        DataflowChoice::Preset { presets, fit: false } if too_wide && presets.convolution.shrinks() => {
            Some("--fit lets the clusters of a preset shrink to the array")
        }
        DataflowChoice::Preset { .. } if too_wide => Some("choose another preset (see `maestrino list`) or more PEs"),
        DataflowChoice::Preset { .. } => Some("choose another preset (see `maestrino list`)"),
    };
    Failure::Layers(errors, help)
}

/// The largest text that is read; the largest real mapping files are some MB.
pub const MAX_BYTES: u64 = 256 << 20;

/// Text of a file.
fn text(path: &str) -> Result<String, Failure> {
    into_text(path, bytes(path)?)
}

pub fn into_text(path: &str, bytes: Vec<u8>) -> Result<String, Failure> {
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..at].iter().filter(|&&byte| byte == b'\n').count() + 1;
        Failure::Input(format!(
            "{path} is not a text file: line {line} (byte {at}) is not UTF-8; expected a MAESTRO file"
        ))
    })
}

/// All of a file.
pub fn bytes(path: &str) -> Result<Vec<u8>, Failure> {
    read_whole(path, open(path)?)
}

/// A file, which must not be a directory.
pub fn open(path: &str) -> Result<File, Failure> {
    let read = |source| Failure::Read { path: path.to_string(), source };
    let file = File::open(path).map_err(read)?;
    if file.metadata().map_err(read)?.is_dir() {
        return Err(Failure::Input(format!("{path} is a directory; give a file")));
    }
    Ok(file)
}

/// What `source` holds, up to [`MAX_BYTES`].
pub fn read_whole(path: &str, source: impl Read) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let read = |source| Failure::Read { path: path.to_string(), source };
    source.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(read)?;
    if bytes.len() as u64 > MAX_BYTES {
        let may = "only ONNX and TFLite files may, and not compressed ones";
        return Err(Failure::Input(format!("{path} holds more than {} MB; {may}", MAX_BYTES >> 20)));
    }
    Ok(bytes)
}

/// A network in MAESTRO's language. Warnings go to standard error.
pub fn maestro_network(text: &str, path: &str) -> Result<Network, Failure> {
    let Parsed { network, warnings, .. } = maestro::parse_network(text, path).map_err(Box::new)?;
    for warning in &warnings {
        output::tell(warning);
    }
    Ok(network)
}

/// A built-in accelerator, or one from a file.
pub fn hardware(name: &str) -> Result<Hardware, Failure> {
    platform(name).map(|platform| platform.hardware)
}

/// A built-in accelerator, or one from a file, with its clock and energies.
pub fn platform(name: &str) -> Result<Platform, Failure> {
    if let Some(builtin) = builtin::ACCELERATORS.iter().find(|builtin| builtin.name == name) {
        return Ok(builtin.platform());
    }
    if !Path::new(name).exists() {
        let known = builtin::ACCELERATORS.iter().map(|accelerator| accelerator.name);
        return Err(unknown("accelerator", name, known));
    }
    let (_, file) = hardware_file(name)?;
    file.platform().map_err(|error| Failure::Input(format!("{name}: {error}")))
}

/// The dataflows of a built-in accelerator; of any other, those of [`DEFAULT_DATAFLOW`].
pub fn presets(accelerator: &str) -> Presets {
    let own = builtin::ACCELERATORS.iter().find(|builtin| builtin.name == accelerator);
    own.map_or(Presets::of(DEFAULT_DATAFLOW.tiling()), |builtin| builtin.presets)
}

/// The preset of layers that bring none, on an accelerator that has none.
const DEFAULT_DATAFLOW: Preset = Preset::KcpWs;

/// An accelerator from a file, and the figures that the file gives.
pub fn hardware_file(path: &str) -> Result<(Hardware, HardwareFile), Failure> {
    let text = text(path)?;
    let file = maestro::parse_hardware(&text, path).map_err(Box::new)?;
    let hardware = file.hardware().map_err(|error| Failure::Input(format!("{path}: {error}")))?;
    Ok((hardware, file))
}

/// A preset with tile sizes (`kcp_ws:cluster=32`), or a dataflow from a file.
pub fn dataflow(spec: &str) -> Result<Dataflow, Failure> {
    let (name, tiles) = spec.split_once(':').unwrap_or((spec, ""));
    if let Some(preset) = Preset::from_name(name) {
        return tiling(preset, tiles).map(Dataflow::Preset);
    }
    if !Path::new(spec).exists() {
        return Err(unknown("dataflow", name, Preset::ALL.iter().map(|preset| preset.name())));
    }
    let text = text(spec)?;
    Ok(Dataflow::Given(Box::new(maestro::parse_dataflow(&text, spec).map_err(Box::new)?)))
}

fn tiling(preset: Preset, tiles: &str) -> Result<Tiling, Failure> {
    let mut tiling = preset.tiling();
    let mut given = Vec::new();
    for tile in tiles.split(',').filter(|tile| !tile.is_empty()) {
        let assigned = tile.split_once('=').and_then(|(name, size)| Some((name, size.parse().ok()?)));
        let Some((name, size)) = assigned else {
            return Err(Failure::Input(format!("tile size '{tile}' of {preset} is not NAME=NUMBER")));
        };
        if given.contains(&name) {
            return Err(Failure::Input(format!("tile size '{tile}': {name} is given twice")));
        }
        given.push(name);
        tiling = tiling.with(name, size).map_err(|error| Failure::Input(format!("tile size '{tile}': {error}")))?;
    }
    Ok(tiling)
}

pub fn unknown<'a>(what: &str, name: &str, known: impl Iterator<Item = &'a str>) -> Failure {
    let known: Vec<_> = known.collect();
    Failure::Input(format!(
        "there is no file '{name}' and no built-in {what} of that name; built in: {}",
        known.join(", ")
    ))
}
