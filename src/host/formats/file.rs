//! Reads files and texts.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use super::diagnostic::ParseError;

/// The maximum number of bytes that are read into memory. The largest real mapping files have some MB. ONNX and
/// TFLite files are not read as a whole.
pub(crate) const MAX_BYTES: u64 = 256 << 20;

/// Why a file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// The file cannot be read.
    #[error("cannot read {path}: {source}")]
    Unreadable {
        /// The file.
        path: String,
        /// The error of the operating system.
        source: io::Error,
    },
    /// The content is of another kind, or contradicts itself. The text says what, where, and what to do.
    #[error("{0}")]
    Content(String),
    /// The text is not in its language. The error has line and column, and what was expected.
    #[error("{0}")]
    Text(#[from] Box<ParseError>),
}

/// Opens a file.
///
/// # Errors
/// The file cannot be read, or is a directory.
pub(super) fn open(path: &Path) -> Result<File, FileError> {
    let unreadable = |source| FileError::Unreadable { path: path.display().to_string(), source };
    let file = File::open(path).map_err(unreadable)?;
    if file.metadata().map_err(unreadable)?.is_dir() {
        return Err(FileError::Content(format!("{} is a directory; give a file", path.display())));
    }
    Ok(file)
}

/// The bytes of a file.
///
/// # Errors
/// The file cannot be read, or has more than 256 MB.
pub fn bytes(path: &Path) -> Result<Vec<u8>, FileError> {
    read_whole(path, open(path)?)
}

/// The text of a file.
///
/// # Errors
/// Those of [`bytes()`], and text that is not UTF-8.
pub fn text(path: &Path) -> Result<String, FileError> {
    into_text(path, bytes(path)?)
}

/// All bytes of a source. `path` is the name of the file for errors.
///
/// # Errors
/// The source cannot be read, or has more than [`MAX_BYTES`].
pub(super) fn read_whole(path: &Path, source: impl Read) -> Result<Vec<u8>, FileError> {
    let mut bytes = Vec::new();
    let unreadable = |source| FileError::Unreadable { path: path.display().to_string(), source };
    source.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > MAX_BYTES {
        let may = "only ONNX and TFLite files may, and not compressed ones";
        return Err(FileError::Content(format!("{} holds more than {} MB; {may}", path.display(), MAX_BYTES >> 20)));
    }
    Ok(bytes)
}

/// Bytes as text. `path` is the name of the file for errors.
///
/// # Errors
/// The bytes are not UTF-8.
pub(super) fn into_text(path: &Path, bytes: Vec<u8>) -> Result<String, FileError> {
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..at].iter().filter(|&&byte| byte == b'\n').count() + 1;
        FileError::Content(format!("{} is not a text file: line {line} (byte {at}) is not UTF-8", path.display()))
    })
}

/// The name of a file without its extension, as a name for contents that have none.
pub(crate) fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}
