//! Reads networks from files of any format. The format is recognised by the content.

use std::io::{self, Cursor, Read, Seek};
use std::path::Path;

use super::diagnostic::Diagnostic;
use super::file::{self, FileError};
use super::foreign::foreign;
use super::format::{Format, PREFIX, not_text};
use super::maestro::{self, Parsed};
use super::{blob, onnx, tflite};
use crate::host::model::{InputShapes, Model};
use crate::host::network::Network;

/// The contents of a file.
pub enum Contents {
    /// The layers and warnings of a blob, or of a model or mapping file of MAESTRO.
    Network(Network, Vec<Diagnostic>),
    /// The operators of an ONNX or TFLite file; [`lower`](crate::host::model::lower::lower) turns them into layers.
    Model(Model),
}

/// Reads a network from a file: ONNX, TFLite, MAESTRO's language or a blob. With the feature `dse`, the file may be
/// compressed by gzip. Only text, blobs and compressed files are read into memory as a whole. `inputs` gives sizes to
/// the inputs of ONNX and TFLite files.
///
/// ```no_run
/// use std::path::Path;
/// use maestrino::host::formats::any::{Contents, read};
/// use maestrino::host::model::{InputShapes, lower};
///
/// let network = match read(Path::new("resnet50.onnx"), &InputShapes::default())? {
///     Contents::Network(network, _) => network,
///     Contents::Model(model) => lower::lower(&model, &lower::Options::default()).map_err(|errors| errors[0].to_string())?.0,
/// };
/// println!("{}: {} layers", network.name, network.layers.len());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// The file cannot be read, has another format, or contradicts itself.
pub fn read(path: &Path, inputs: &InputShapes) -> Result<Contents, FileError> {
    let shown = path.display();
    if path.join("saved_model.pb").is_file() {
        let how = format!("python -m tf2onnx.convert --saved-model {shown} --output model.onnx");
        return Err(FileError::Content(format!(
            "{shown} is the directory of a TensorFlow SavedModel; convert it: {how}"
        )));
    }
    let mut file = file::open(path)?;
    let unreadable = |source| FileError::Unreadable { path: path.display().to_string(), source };
    let prefix = prefix(&mut file).map_err(unreadable)?;
    if Format::of(&prefix) == Format::Gzip {
        return unpacked(path, prefix.chain(file), inputs);
    }
    // A pipe cannot be read twice.
    if !file.metadata().map_err(unreadable)?.is_file() {
        return content(path, Cursor::new(file::read_whole(path, prefix.chain(file))?), inputs);
    }
    content(path, file, inputs)
}

/// Reads a network from the bytes of a file with this name, like [`read`].
///
/// # Errors
/// Those of [`read`].
pub fn read_bytes(name: &Path, bytes: Vec<u8>, inputs: &InputShapes) -> Result<Contents, FileError> {
    match Format::of(&bytes[..bytes.len().min(PREFIX)]) {
        Format::Gzip => unpacked(name, bytes.as_slice(), inputs),
        _ => content(name, Cursor::new(bytes), inputs),
    }
}

/// The file's name without its extensions, as the name of a network that has none.
pub(crate) fn stem(path: &Path) -> String {
    let packed = path.extension().is_some_and(|extension| extension == "gz");
    if packed { file::stem(&path.with_extension("")) } else { file::stem(path) }
}

/// The first bytes of a source, which show the format.
fn prefix(source: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut prefix = Vec::with_capacity(PREFIX);
    source.take(PREFIX as u64).read_to_end(&mut prefix)?;
    Ok(prefix)
}

#[cfg(feature = "dse")]
fn unpacked(path: &Path, packed: impl Read, inputs: &InputShapes) -> Result<Contents, FileError> {
    content(path, Cursor::new(file::read_whole(path, flate2::read::MultiGzDecoder::new(packed))?), inputs)
}

#[cfg(not(feature = "dse"))]
fn unpacked(path: &Path, _: impl Read, _: &InputShapes) -> Result<Contents, FileError> {
    let how = "unpack it, or build maestrino with the feature dse";
    Err(FileError::Content(format!("{} is compressed by gzip: {how}", path.display())))
}

/// Reads the contents of a file that is not compressed.
fn content(path: &Path, mut source: impl Read + Seek, inputs: &InputShapes) -> Result<Contents, FileError> {
    let (name, shown) = (stem(path), path.display());
    let unreadable = |source| FileError::Unreadable { path: path.display().to_string(), source };
    source.rewind().map_err(unreadable)?;
    let prefix = prefix(&mut source).map_err(unreadable)?;
    source.rewind().map_err(unreadable)?;
    let format = Format::of(&prefix);
    // Other protocol buffers may start like an ONNX file.
    let other = match format {
        Format::Blob | Format::Tflite => None,
        Format::Onnx => foreign(&prefix),
        Format::Gzip | Format::Maestro => foreign(&prefix).or_else(|| not_text(&prefix)),
    };
    if let Some(what) = other {
        return Err(FileError::Content(format!("{shown} {what}")));
    }
    let model = match format {
        Format::Tflite => tflite::read(source, &name, inputs),
        Format::Onnx => onnx::read(source, &name, inputs),
        Format::Blob => {
            let network = blob::read(&file::read_whole(path, source)?);
            let network = network.map_err(|error| FileError::Content(format!("{shown}: {error}")))?;
            return Ok(Contents::Network(network, Vec::new()));
        }
        Format::Gzip | Format::Maestro => {
            let text = file::into_text(path, file::read_whole(path, source)?)?;
            let parsed = maestro::parse_network(&text, &path.to_string_lossy()).map_err(Box::new)?;
            let Parsed { network, warnings, .. } = parsed;
            return Ok(Contents::Network(network, warnings));
        }
    };
    model.map(Contents::Model).map_err(|error| FileError::Content(format!("{shown}: {error}")))
}
