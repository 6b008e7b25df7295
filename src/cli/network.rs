//! Reads networks by name, or from files of any format.

use std::ffi::OsStr;
use std::path::Path;

use crate::Error;
use crate::host::builtin;
use crate::host::formats::any::{self, Contents};
use crate::host::model::lower::{self, Padding, lower};
use crate::host::model::{InputShapes, Model, ModelError, Work};
use crate::host::network::{LayerError, NamedLayer, Network};
use clap::ValueEnum;

use crate::cli::failure::Failure;
use crate::cli::input;
use crate::cli::output;

/// The default network.
pub const DEFAULT: &str = "ds_cnn";

/// Arguments for the sizes and values of inputs of ONNX and TFLite files.
#[derive(clap::Args, Default)]
pub struct ShapeArgs {
    /// Shape of an input of an ONNX or TFLite file; may be repeated
    #[arg(long, value_name = "NAME=1,3,224,224", value_parser = shape)]
    shape: Vec<(String, Vec<u64>)>,
    /// Batch size of inputs of an ONNX or TFLite file without --shape
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    batch: Option<u64>,
    /// Value of an input of an ONNX or TFLite file on which a branch, a loop or a size depends; may be repeated
    #[arg(long, value_name = "NAME=16000", value_parser = value, allow_hyphen_values = true)]
    value: Vec<(String, Vec<f64>)>,
}

/// Arguments for how operators of ONNX and TFLite files become layers.
#[derive(clap::Args, Default)]
pub struct ModelArgs {
    #[command(flatten)]
    shapes: ShapeArgs,
    /// Padding in ONNX and TFLite files: count it, so that MACs are exact, or ignore it as MAESTRO's model files do
    /// [default: honour]
    #[arg(long, value_enum, hide_possible_values = true, value_name = "honour|ignore")]
    padding: Option<PaddingArg>,
    /// Cost pooling, elementwise and other operators of ONNX and TFLite files that have no MACs, as data movement
    #[arg(long)]
    all_ops: bool,
    /// Leave out, with a warning, operators of ONNX and TFLite files that cannot be costed, and layers of any network
    /// that their dataflow does not suit
    #[arg(long)]
    skip_unsupported: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum PaddingArg {
    Honour,
    Ignore,
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
    /// The first flag for ONNX and TFLite files that is given.
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

/// The layers of a built-in network or of a file. Prints warnings to standard error.
pub fn network(name: &OsStr, args: &ModelArgs) -> Result<Network, Failure> {
    layers(Path::new(name), contents(name, &args.shapes)?, args)
}

/// The layers in `bytes`, the contents of a file with this name. Prints warnings to standard error.
#[cfg(feature = "python")]
pub fn network_bytes(name: &Path, bytes: Vec<u8>, args: &ModelArgs) -> Result<Network, Failure> {
    let inputs = args.shapes.inputs();
    layers(name, checked(any::read_bytes(name, bytes, &inputs)?, name, &args.shapes)?, args)
}

/// The layers of a file. Prints warnings to standard error.
pub fn network_file(path: &Path, args: &ModelArgs) -> Result<Network, Failure> {
    layers(path, file(path, &args.shapes)?, args)
}

/// Pads inputs that are smaller than their filter to the filter's size. Prints a warning that begins with `whose`.
pub fn pad_to_filters(network: &mut Network, whose: &str) {
    let padded = network.pad_to_filters();
    if !padded.is_empty() {
        let padded = output::few(&padded);
        output::message(format_args!(
            "warning: {whose}the filters of {padded} are larger than their inputs, which lack the padding; they are padded to \
             the filter: give Y and X with their padding"
        ));
    }
}

/// With --skip-unsupported, leaves out layers that their dataflow does not suit, and prints a warning.
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
    for error in left_out.iter().take(LINES) {
        output::message(format_args!("warning: left out {error}"));
    }
    if left_out.len() > LINES {
        output::message(format_args!("warning: left out {} more layers", left_out.len() - LINES));
    }
    Ok(())
}

fn layers(path: &Path, contents: Contents, args: &ModelArgs) -> Result<Network, Failure> {
    let name = path.display();
    let model = match contents {
        Contents::Model(model) => model,
        Contents::Network(network, _) => {
            return match args.given() {
                Some(flag) => Err(inapplicable(flag, path)),
                None => Ok(network),
            };
        }
    };
    let (network, uncosted) = lower(&model, &args.options()).map_err(|errors| uncosted(path, &errors))?;
    for operator in &uncosted {
        output::message(format_args!("warning: {name}: left out {operator}"));
    }
    let (own, upsampled) = transposed_macs(&model);
    if own != upsampled && args.options().padding == Padding::Honour {
        output::message(format_args!(
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

/// The MACs of a model's transposed convolutions, and the MACs of the convolutions over their upsampled inputs that
/// are costed instead.
fn transposed_macs(model: &Model) -> (u64, u64) {
    let windows = model.operators.iter().filter_map(|operator| match &operator.work {
        Work::Transposed(window) => Some(window),
        _ => None,
    });
    windows.fold((0, 0), |(own, costed): (u64, u64), window| {
        let macs = |positions| window.macs(positions).unwrap_or(u64::MAX);
        (own.saturating_add(macs(window.input)), costed.saturating_add(macs(window.output)))
    })
}

fn inapplicable(flag: &str, path: &Path) -> Failure {
    Failure::Usage(format!("{flag} is for ONNX and TFLite files; {} is neither", path.display()))
}

/// The maximum number of operators or layers that get a line each.
const LINES: usize = output::FEW;

fn uncosted(path: &Path, errors: &[ModelError]) -> Failure {
    let path = path.display();
    let mut text = String::new();
    for (i, error) in errors.iter().take(LINES).enumerate() {
        let start = if i == 0 { "" } else { "\nerror: " };
        text += &format!("{start}{path}: {error}");
    }
    if errors.len() > LINES {
        text += &format!("\nerror: {path}: {} more operators cannot be costed", errors.len() - LINES);
    }
    Failure::Input(text + "\nhelp: --skip-unsupported leaves such operators out")
}

/// The contents of a built-in network or of a file. Prints warnings to standard error.
pub fn contents(name: &OsStr, shapes: &ShapeArgs) -> Result<Contents, Failure> {
    let path = Path::new(name);
    if let Some(network) = name.to_str().and_then(builtin::network) {
        return checked(Contents::Network(network, Vec::new()), path, shapes);
    }
    if !path.exists() {
        let known = builtin::NETWORKS.iter().map(|network| network.name);
        return Err(input::unknown("network", &name.to_string_lossy(), known));
    }
    file(path, shapes)
}

/// The contents of a file. Prints warnings to standard error.
fn file(path: &Path, shapes: &ShapeArgs) -> Result<Contents, Failure> {
    checked(any::read(path, &shapes.inputs())?, path, shapes)
}

/// Prints warnings. Refuses `--shape` and similar flags for a file that takes none.
fn checked(contents: Contents, path: &Path, shapes: &ShapeArgs) -> Result<Contents, Failure> {
    if let Contents::Network(_, warnings) = &contents {
        if let Some(flag) = shapes.given() {
            return Err(inapplicable(flag, path));
        }
        warnings.iter().for_each(output::message);
    }
    Ok(contents)
}

/// Parses `sr=16000`, or a list with a number for each element.
fn value(text: &str) -> Result<(String, Vec<f64>), String> {
    let number = |number: &str| number.trim().parse().ok().filter(|number: &f64| number.is_finite());
    let numbers = |numbers: &str| -> Option<Vec<f64>> { numbers.split(',').map(number).collect() };
    let named = text.rsplit_once('=').and_then(|(name, list)| Some((name.to_string(), numbers(list)?)));
    named.filter(|(name, _)| !name.is_empty()).ok_or("expected NAME=NUMBER,...: sr=16000".to_string())
}

/// Parses `input=1,3,224,224`. A size may be 0, for a cache that has no rows yet. Names may contain `=`.
fn shape(text: &str) -> Result<(String, Vec<u64>), String> {
    let sizes = |sizes: &str| -> Option<Vec<u64>> { sizes.split(',').map(|size| size.trim().parse().ok()).collect() };
    let named = text.rsplit_once('=').and_then(|(name, list)| Some((name.to_string(), sizes(list)?)));
    named.filter(|(name, _)| !name.is_empty()).ok_or("expected NAME=SIZE,SIZE,...: input=1,3,224,224".to_string())
}
