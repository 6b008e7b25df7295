//! Output to a file, whole or not at all, or to standard output; words to standard error.

use std::io::{self, BufWriter, Write};
use std::path::Path;

use maestrino::host::directory::TEMPORARY;

use crate::failure::Failure;

/// Writes a line to standard error. Where nobody can be told, the result counts all the same.
pub fn tell(line: impl std::fmt::Display) {
    let _ = writeln!(io::stderr(), "{line}");
}

/// Hands `write` a buffered writer to `path`, or to standard output if there is none. The file appears when all is written.
pub fn write(path: Option<&Path>, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Failure> {
    match path {
        None => {
            let mut out = BufWriter::new(io::stdout().lock());
            write(&mut out).and_then(|()| out.flush()).map_err(Failure::stdout)
        }
        Some(path) => {
            write_file(path, write).map_err(|source| Failure::Output { path: path.display().to_string(), source })
        }
    }
}

fn write_file(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    if path.is_dir() {
        return Err(io::Error::other("it is a directory"));
    }
    if path.exists() && !path.is_file() {
        // A device or a pipe has no whole to wait for.
        let mut out = BufWriter::new(std::fs::OpenOptions::new().write(true).open(path)?);
        write(&mut out)?;
        return out.flush();
    }
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(TEMPORARY);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // As any new file; the default of a temporary one is for its owner alone. The umask still applies.
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    // The name of the temporary file is nobody's business.
    let mut file = builder.tempfile_in(directory).map_err(|error| io::Error::from(error.kind()))?;
    let mut out = BufWriter::new(file.as_file_mut());
    write(&mut out)?;
    out.flush()?;
    drop(out);
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}
