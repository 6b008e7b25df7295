//! Writes output to files (completely or not at all) and to standard output, and messages to standard error.

use std::cell::RefCell;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::Path;

use crate::host::directory::TEMPORARY;

use crate::cli::failure::Failure;

/// The maximum number of characters of a line on standard error. An error may list all columns of a large table,
/// which is more than a person can read.
const MOST: usize = 2000;

thread_local! {
    /// The messages of this thread while a caller collects them; `None` while they go to standard error.
    static COLLECTED: RefCell<Option<Vec<String>>> = const { RefCell::new(None) };
}

/// Runs `work`, and returns its result and its messages.
#[cfg(feature = "python")]
pub fn collected<T>(work: impl FnOnce() -> T) -> (T, Vec<String>) {
    let before = COLLECTED.replace(Some(Vec::new()));
    let outcome = work();
    (outcome, COLLECTED.replace(before).unwrap_or_default())
}

/// Writes a message of one or several lines to standard error. If that fails, the run goes on.
pub fn message(line: impl std::fmt::Display) {
    let collected = COLLECTED.with_borrow_mut(|messages| messages.as_mut().map(|all| all.push(line.to_string())));
    if collected.is_some() {
        return;
    }
    let _ = writeln!(io::stderr(), "{}", legible(&line.to_string()));
}

/// The maximum number of names in a message; further names are only counted.
pub const FEW: usize = 20;

/// A list of names with commas. If there are many, only the first few, and the number of the others.
pub fn few(names: &[&str]) -> String {
    let first = names[..names.len().min(FEW)].join(", ");
    if names.len() > FEW { format!("{first} and {} more", names.len() - FEW) } else { first }
}

/// The text with control characters escaped and long lines shortened.
fn legible(text: &str) -> String {
    let mut legible = String::with_capacity(text.len());
    for (place, line) in text.split('\n').enumerate() {
        if place > 0 {
            legible.push('\n');
        }
        let end = line.char_indices().nth(MOST).map_or(line.len(), |(end, _)| end);
        for c in line[..end].chars() {
            if steers(c) { legible.extend(c.escape_unicode()) } else { legible.push(c) }
        }
        if end < line.len() {
            legible += &format!("... ({} more characters)", line[end..].chars().count());
        }
    }
    legible
}

/// Whether a character may control a terminal.
fn steers(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\t')
}

/// Writes text with its control characters escaped.
struct Terminal<W>(W);

impl<W: Write> Write for Terminal<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for chunk in bytes.utf8_chunks() {
            for c in chunk.valid().chars() {
                if steers(c) { write!(self.0, "{}", c.escape_unicode())? } else { write!(self.0, "{c}")? }
            }
            // Bytes of a character that is cut in two. They cannot control a terminal.
            self.0.write_all(chunk.invalid())?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Calls `write` with a buffered writer to `path`, or to standard output if there is no path. The file appears only
/// when it is complete.
pub fn write(path: Option<&Path>, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Failure> {
    match path {
        None if io::stdout().is_terminal() => {
            let mut out = BufWriter::new(Terminal(BufWriter::new(io::stdout().lock())));
            write(&mut out).and_then(|()| out.flush()).map_err(Failure::stdout)
        }
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
        // A device or a pipe cannot be replaced.
        let mut out = BufWriter::new(std::fs::OpenOptions::new().write(true).open(path)?);
        write(&mut out)?;
        return out.flush();
    }
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    // The new file keeps the permissions of the file that it replaces.
    let former = std::fs::metadata(path).ok().map(|former| former.permissions());
    builder.prefix(TEMPORARY);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // The permissions of any new file, after the umask. A temporary file would be readable by its owner only.
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    // The error does not mention the temporary file.
    let mut file = builder.tempfile_in(directory).map_err(|error| io::Error::from(error.kind()))?;
    let mut out = BufWriter::new(file.as_file_mut());
    write(&mut out)?;
    out.flush()?;
    drop(out);
    if let Some(former) = former {
        file.as_file().set_permissions(former)?;
    }
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_steers_a_terminal() {
        let text = "a\u{1b}[31m\tb\nä\u{9b}1m\u{7f}";
        let expected = "a\\u{1b}[31m\tb\nä\\u{9b}1m\\u{7f}";
        assert_eq!(legible(text), expected);
        let mut written = Vec::new();
        Terminal(&mut written).write_all(text.as_bytes()).unwrap();
        assert_eq!(String::from_utf8(written).unwrap(), expected);
    }

    #[test]
    fn lines_are_cut_to_a_length_that_can_be_read() {
        let columns = format!("columns {}\nhelp", "é,".repeat(1_000_000));
        let text = legible(&columns);
        assert!(
            text.len() < 4000 && text.ends_with("é,... (1998008 more characters)\nhelp"),
            "{}",
            &text[text.len() - 60..]
        );
    }
}
