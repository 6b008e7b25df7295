//! Reads networks of the user's own, in place of a space, from model files or directories of them.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::host::cost_table::CostModel;
use crate::host::formats;
use crate::host::network::Network;
use crate::host::population::Population;

use crate::cli::accelerators;
use crate::cli::failure::Failure;
use crate::cli::natural_order::natural_order;
use crate::cli::network::{self, ModelArgs};
use crate::cli::output;

/// Arguments that choose the user's own networks.
#[derive(clap::Args)]
pub struct ModelsArgs {
    /// Networks of your own in place of a space: ONNX, TFLite and MAESTRO model files and blobs, also compressed with
    /// gzip, or directories of such files. Networks are called by file name without extension. --shape and similar
    /// flags apply to all files; for a file that needs others, make one that needs none with `maestrino convert`
    #[arg(long, value_name = "DIR|FILE,...")]
    models: Vec<OsString>,
    #[command(flatten)]
    reading: ModelArgs,
}

/// The networks. For each, the names that a table of accuracies may use for it; the first is the name without
/// extension.
pub struct Models {
    pub population: Population,
    pub names: Vec<Vec<String>>,
}

/// The extensions of model files. `.gz` may follow them.
const ENDINGS: [&str; 5] = ["onnx", "tflite", "m", "blob", "mst"];

/// The maximum number of files whose errors are printed.
const PRINTED: usize = 5;

impl ModelsArgs {
    /// Whether networks of the user's own are given.
    ///
    /// # Errors
    /// Flags for such networks are given without any.
    pub fn are_given(&self) -> Result<bool, Failure> {
        match self.reading.any_given() {
            Some(flag) if self.models.is_empty() => Err(Failure::Usage(format!("{flag} is of --models"))),
            _ => Ok(!self.models.is_empty()),
        }
    }

    /// Reads the networks, prepared for a cost model.
    ///
    /// # Errors
    /// A file is no network (the error has its name), two networks have the same name, or there are none.
    pub fn read(&self, model: CostModel) -> Result<Models, Failure> {
        let mut paths: Vec<PathBuf> = Vec::new();
        for given in self.models.iter().flat_map(|list| accelerators::names(list)) {
            let path = PathBuf::from(given);
            if path.is_dir() && !path.join("saved_model.pb").is_file() {
                paths.extend(files(&path)?)
            } else {
                paths.push(path)
            }
        }
        let mut networks: Vec<Network> = Vec::new();
        let mut known: Vec<(String, &Path)> = Vec::new();
        let mut faults = Vec::new();
        for path in &paths {
            let name = formats::any::stem(path);
            if let Some((_, other)) = known.iter().find(|(other, _)| *other == name) {
                let (other, path) = (other.display(), path.display());
                return Err(Failure::Input(if other.to_string() == path.to_string() {
                    format!("--models: {path} is given twice")
                } else {
                    format!("{other} and {path} are both the network {name}: rename one")
                }));
            }
            match network::network(path.as_os_str(), &self.reading) {
                Ok(network) => networks.push(self.prepared(network, &name, path, model)),
                Err(fault) => faults.push(fault),
            }
            known.push((name, path));
        }
        if !faults.is_empty() {
            return Err(all_of(faults));
        }
        let file = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let names =
            known.iter().map(|(name, path)| vec![name.clone(), file(path), path.display().to_string()]).collect();
        Ok(Models { population: Population::of_networks(&self.name(), &networks), names })
    }

    /// The name of the directory if only that is given, otherwise `models`.
    fn name(&self) -> String {
        let [one] = self.models.as_slice() else { return "models".to_string() };
        let directory = Path::new(one).canonicalize().ok().filter(|path| path.is_dir());
        let name = directory.and_then(|path| Some(path.file_name()?.to_string_lossy().into_owned()));
        name.unwrap_or_else(|| "models".to_string())
    }

    fn prepared(&self, mut network: Network, name: &str, path: &Path, model: CostModel) -> Network {
        network.name = name.to_string();
        if model == CostModel::Exact {
            network::pad_to_filters(&mut network, &format!("{}: ", path.display()));
        }
        if network.layers.iter().any(|layer| layer.dataflow.is_some()) {
            output::message(format_args!(
                "warning: {}: its own dataflows are ignored: --dataflow is for all networks",
                path.display()
            ));
        }
        network
    }
}

/// The model files in a directory, with `net_2.onnx` before `net_10.onnx`.
fn files(directory: &Path) -> Result<Vec<PathBuf>, Failure> {
    let read = |source| Failure::Read { path: directory.display().to_string(), source };
    let (mut files, mut others) = (Vec::new(), 0);
    for entry in std::fs::read_dir(directory).map_err(read)? {
        let path = entry.map_err(read)?.path();
        if is_model(&path) { files.push((formats::any::stem(&path), path)) } else { others += 1 }
    }
    if files.is_empty() {
        let has = match others {
            0 => "it is empty".to_string(),
            others => format!("none of the {others} files and directories in it is one"),
        };
        let endings = ENDINGS.map(|ending| format!(".{ending}")).join(", ");
        return Err(Failure::Input(format!(
            "{} has no model file (*{endings}, or these with .gz): {has}",
            directory.display()
        )));
    }
    files.sort_by(|(a, first), (b, second)| natural_order(a, b).then_with(|| first.cmp(second)));
    Ok(files.into_iter().map(|(_, path)| path).collect())
}

fn is_model(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    let ends = name.rsplit_once('.').is_some_and(|(stem, ending)| !stem.is_empty() && ENDINGS.contains(&ending));
    ends && !name.starts_with('.') && path.is_file()
}

/// Combines the faults of several files into one failure.
fn all_of(mut faults: Vec<Failure>) -> Failure {
    if faults.len() == 1 {
        return faults.remove(0);
    }
    let more = faults.len().saturating_sub(PRINTED);
    let printed: Vec<String> = faults.iter().take(PRINTED).map(ToString::to_string).collect();
    let more =
        if more > 0 { format!("\nerror: {more} more files are no networks that can be costed") } else { String::new() };
    let printed = printed.join("\n");
    Failure::Input(printed.strip_prefix("error: ").unwrap_or(&printed).to_string() + &more)
}
