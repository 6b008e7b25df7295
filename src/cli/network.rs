//! Networks, by name or from files of any format.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{Cursor, Read, Seek};
use std::path::Path;

use crate::Error;
use crate::host::builtin;
use crate::host::formats::{self, Format, blob, onnx, tflite};
use crate::host::model::lower::{self, Padding, lower};
use crate::host::model::{InputShapes, Model, ModelError};
use crate::host::network::{LayerError, NamedLayer, Network};
use clap::ValueEnum;
use flate2::read::MultiGzDecoder;

use crate::cli::failure::Failure;
use crate::cli::input;
use crate::cli::output;

/// The network of commands that are not told one.
pub const DEFAULT: &str = "ds_cnn";

/// Arguments that size the inputs of ONNX and TFLite files.
#[derive(clap::Args, Default)]
pub struct ShapeArgs {
    /// Shape of an input of an ONNX or TFLite file; may be repeated
    #[arg(long, value_name = "NAME=1,3,224,224", value_parser = shape)]
    shape: Vec<(String, Vec<u64>)>,
    /// Batch of the inputs of an ONNX or TFLite file that have no --shape
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    batch: Option<u64>,
    /// Value of an input of an ONNX or TFLite file on which a branch, a loop or a size depends; may be repeated
    #[arg(long, value_name = "NAME=16000", value_parser = value, allow_hyphen_values = true)]
    value: Vec<(String, Vec<f64>)>,
}

/// Arguments that tell how the operators of ONNX and TFLite files become layers.
#[derive(clap::Args, Default)]
pub struct ModelArgs {
    #[command(flatten)]
    shapes: ShapeArgs,
    /// Padding in ONNX and TFLite files: inputs as large as exact MACs take, or as they are (as in MAESTRO's model files)
    /// [default: honour]
    #[arg(long, value_enum, hide_possible_values = true, value_name = "honour|ignore")]
    padding: Option<PaddingArg>,
    /// Cost pooling, elementwise and other operators of ONNX and TFLite files that have no MACs, as data movement
    #[arg(long)]
    all_ops: bool,
    /// Leave operators of ONNX and TFLite files out that cannot be costed, and layers of any network that their dataflow
    /// does not suit, with a warning
    #[arg(long)]
    skip_unsupported: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum PaddingArg {
    Honour,
    Ignore,
}

/// What a name or a file stands for.
pub enum Source {
    /// Layers.
    Network(Network),
    /// Operators.
    Model(Model),
}

impl ShapeArgs {
    /// The first flag that is given.
    fn given(&self) -> Option<&'static str> {
        let flags = [
            ("--batch", self.batch.is_some()),
            ("--shape", !self.shape.is_empty()),
            ("--value", !self.value.is_empty()),
        ];
        flags.into_iter().find(|(_, given)| *given).map(|(flag, _)| flag)
    }

    fn inputs(&self) -> InputShapes {
        InputShapes { shapes: self.shape.clone(), batch: self.batch, values: self.value.clone() }
    }
}

impl ModelArgs {
    /// The first flag that is given and is for ONNX and TFLite files alone.
    fn given(&self) -> Option<&'static str> {
        let flags = [("--padding", self.padding.is_some()), ("--all-ops", self.all_ops)];
        self.shapes.given().or(flags.into_iter().find(|(_, given)| *given).map(|(flag, _)| flag))
    }

    /// The first flag that is given.
    pub fn any_given(&self) -> Option<&'static str> {
        self.given().or(self.skip_unsupported.then_some("--skip-unsupported"))
    }

    fn options(&self) -> lower::Options {
        lower::Options {
            padding: match self.padding {
                None | Some(PaddingArg::Honour) => Padding::Honour,
                Some(PaddingArg::Ignore) => Padding::Ignore,
            },
            all_ops: self.all_ops,
            skip_unsupported: self.skip_unsupported,
        }
    }
}

/// The layers of a built-in network or of a file. Warnings go to standard error.
pub fn network(name: &OsStr, args: &ModelArgs) -> Result<Network, Failure> {
    layers(Path::new(name), source(name, &args.shapes)?, args)
}

/// The layers of what a file of this name would hold. Warnings go to standard error.
#[cfg(feature = "python")]
pub fn network_bytes(name: &Path, bytes: Vec<u8>, args: &ModelArgs) -> Result<Network, Failure> {
    let bytes = match Format::of(&bytes[..bytes.len().min(formats::PREFIX)]) {
        Format::Gzip => input::read_whole(name, MultiGzDecoder::new(bytes.as_slice()))?,
        _ => bytes,
    };
    let format = Format::of(&bytes[..bytes.len().min(formats::PREFIX)]);
    layers(name, content(name, format, Cursor::new(bytes), &args.shapes)?, args)
}

/// The layers of a file. Warnings go to standard error.
pub fn network_file(path: &Path, args: &ModelArgs) -> Result<Network, Failure> {
    layers(path, file(path, &args.shapes)?, args)
}

/// Pads inputs that are smaller than their filter to it, with a warning that begins with `whose`.
pub fn pad_to_filters(network: &mut Network, whose: &str) {
    let padded = network.pad_to_filters();
    if !padded.is_empty() {
        let padded = output::few(&padded);
        output::tell(format_args!(
            "warning: {whose}the filters of {padded} are larger than their inputs, which lack the padding; they are padded to \
             the filter: give Y and X with their padding"
        ));
    }
}

/// With --skip-unsupported: leaves out layers that their dataflow does not suit, with a warning.
pub fn leave_out_unsuited(
    network: &mut Network,
    args: &ModelArgs,
    suits: impl Fn(&NamedLayer) -> Result<(), Error>,
) -> Result<(), Failure> {
    if !args.skip_unsupported {
        return Ok(());
    }
    let mut left_out = Vec::new();
    network.layers.retain(|named| match suits(named) {
        Ok(()) => true,
        Err(error) => {
            left_out.push(LayerError { layer: named.name.clone(), line: named.line, error });
            false
        }
    });
    if network.layers.is_empty() && !left_out.is_empty() {
        return Err(Failure::Layers(
            left_out,
            Some("no layer is left; choose another dataflow (see `maestrino list`)"),
        ));
    }
    for error in left_out.iter().take(TOLD) {
        output::tell(format_args!("warning: left out {error}"));
    }
    if left_out.len() > TOLD {
        output::tell(format_args!("warning: left out {} more layers", left_out.len() - TOLD));
    }
    Ok(())
}

fn layers(path: &Path, source: Source, args: &ModelArgs) -> Result<Network, Failure> {
    let name = path.display();
    let model = match source {
        Source::Model(model) => model,
        Source::Network(network) => {
            return match args.given() {
                Some(flag) => Err(inapplicable(flag, path)),
                None => Ok(network),
            };
        }
    };
    let (network, uncosted) = lower(&model, &args.options()).map_err(|errors| uncosted(path, &errors))?;
    for operator in &uncosted {
        output::tell(format_args!("warning: {name}: left out {operator}"));
    }
    let (own, upsampled) = model.transposed_macs();
    if own != upsampled && args.options().padding == Padding::Honour {
        output::tell(format_args!(
            "warning: {name}: transposed convolutions are costed over their upsampled output: {upsampled} MACs instead \
             of {own}"
        ));
    }
    if network.layers.is_empty() {
        let what = "has no operators that can be costed; `maestrino inspect` lists what it has";
        return Err(Failure::Input(format!("{name} {what}")));
    }
    Ok(network)
}

fn inapplicable(flag: &str, path: &Path) -> Failure {
    Failure::Usage(format!("{flag} is for ONNX and TFLite files; {} is neither", path.display()))
}

/// The most operators or layers that are told one by one.
const TOLD: usize = output::FEW;

fn uncosted(path: &Path, errors: &[ModelError]) -> Failure {
    let path = path.display();
    let mut text = String::new();
    for (i, error) in errors.iter().take(TOLD).enumerate() {
        let start = if i == 0 { "" } else { "\nerror: " };
        text += &format!("{start}{path}: {error}");
    }
    if errors.len() > TOLD {
        text += &format!("\nerror: {path}: {} more operators cannot be costed", errors.len() - TOLD);
    }
    Failure::Input(text + "\nhelp: --skip-unsupported leaves such operators out")
}

/// A built-in network, or what a file holds.
pub fn source(name: &OsStr, shapes: &ShapeArgs) -> Result<Source, Failure> {
    let path = Path::new(name);
    if let Some(network) = name.to_str().and_then(builtin::network) {
        return match shapes.given() {
            Some(flag) => Err(inapplicable(flag, path)),
            None => Ok(Source::Network(network)),
        };
    }
    if !path.exists() {
        let known = builtin::NETWORKS.iter().map(|network| network.name);
        return Err(input::unknown("network", &name.to_string_lossy(), known));
    }
    file(path, shapes)
}

/// What a file holds, told by its content. Only text, blobs and what gzip compressed are read into memory.
fn file(path: &Path, shapes: &ShapeArgs) -> Result<Source, Failure> {
    let shown = path.display();
    if path.join("saved_model.pb").is_file() {
        let how = format!("python -m tf2onnx.convert --saved-model {shown} --output model.onnx");
        return Err(Failure::Input(format!("{shown} is the directory of a TensorFlow SavedModel; convert it: {how}")));
    }
    let mut file = input::open(path)?;
    let read = |source| Failure::Read { path: path.display().to_string(), source };
    let prefix = prefix(&mut file).map_err(read)?;
    match Format::of(&prefix) {
        Format::Gzip => {
            let bytes = input::read_whole(path, MultiGzDecoder::new(prefix.chain(file)))?;
            let format = Format::of(&bytes[..bytes.len().min(formats::PREFIX)]);
            content(path, format, Cursor::new(bytes), shapes)
        }
        // A pipe cannot be read twice.
        format if !file.metadata().map_err(read)?.is_file() => {
            content(path, format, Cursor::new(input::read_whole(path, prefix.chain(file))?), shapes)
        }
        format => {
            file.rewind().map_err(read)?;
            content(path, format, file, shapes)
        }
    }
}

fn prefix(file: &mut File) -> std::io::Result<Vec<u8>> {
    let mut prefix = Vec::with_capacity(formats::PREFIX);
    file.take(formats::PREFIX as u64).read_to_end(&mut prefix)?;
    Ok(prefix)
}

fn content(path: &Path, format: Format, mut source: impl Read + Seek, shapes: &ShapeArgs) -> Result<Source, Failure> {
    let (name, shown) = (stem(path), path.display());
    let read = |source| Failure::Read { path: path.display().to_string(), source };
    let mut prefix = Vec::with_capacity(formats::PREFIX);
    source.by_ref().take(formats::PREFIX as u64).read_to_end(&mut prefix).map_err(read)?;
    source.rewind().map_err(read)?;
    // What starts as ONNX may be of another family of protocol buffers.
    let foreign = match format {
        Format::Blob | Format::Tflite => None,
        Format::Onnx => formats::foreign(&prefix),
        Format::Gzip | Format::Maestro => formats::foreign(&prefix).or_else(|| formats::not_text(&prefix)),
    };
    if let Some(what) = foreign {
        return Err(Failure::Input(format!("{shown} {what}")));
    }
    let model = match format {
        Format::Tflite => tflite::read(source, &name, &shapes.inputs()),
        Format::Onnx => onnx::read(source, &name, &shapes.inputs()),
        Format::Gzip | Format::Blob | Format::Maestro => {
            if let Some(flag) = shapes.given() {
                return Err(inapplicable(flag, path));
            }
            let bytes = input::read_whole(path, source)?;
            return Ok(Source::Network(match format {
                Format::Blob => blob::read(&bytes).map_err(|error| Failure::Input(format!("{shown}: {error}")))?,
                _ => input::maestro_network(&input::into_text(path, bytes)?, path)?,
            }));
        }
    };
    model.map(Source::Model).map_err(|error| Failure::Input(format!("{shown}: {error}")))
}

/// The name of a network in a file that does not tell it.
pub fn stem(path: &Path) -> String {
    let packed = path.extension().is_some_and(|extension| extension == "gz");
    if packed { input::stem(&path.with_extension("")) } else { input::stem(path) }
}

/// `sr=16000`, or a number for each element.
fn value(text: &str) -> Result<(String, Vec<f64>), String> {
    let number = |number: &str| number.trim().parse().ok().filter(|number: &f64| number.is_finite());
    let numbers = |numbers: &str| -> Option<Vec<f64>> { numbers.split(',').map(number).collect() };
    let named = text.rsplit_once('=').and_then(|(name, list)| Some((name.to_string(), numbers(list)?)));
    named.filter(|(name, _)| !name.is_empty()).ok_or("expected NAME=NUMBER,...: sr=16000".to_string())
}

/// `input=1,3,224,224`; a cache may have no rows yet. Names may contain `=`, sizes do not.
fn shape(text: &str) -> Result<(String, Vec<u64>), String> {
    let sizes = |sizes: &str| -> Option<Vec<u64>> { sizes.split(',').map(|size| size.trim().parse().ok()).collect() };
    let named = text.rsplit_once('=').and_then(|(name, list)| Some((name.to_string(), sizes(list)?)));
    named.filter(|(name, _)| !name.is_empty()).ok_or("expected NAME=SIZE,SIZE,...: input=1,3,224,224".to_string())
}
