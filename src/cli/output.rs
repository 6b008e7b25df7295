//! Output to a file, whole or not at all, or to standard output; words to standard error.

use std::cell::RefCell;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::Path;

use crate::host::directory::TEMPORARY;

use crate::cli::failure::Failure;

/// Characters of a line on standard error: enough for a person, too few for all columns of a large table.
const MOST: usize = 2000;

thread_local! {
    /// What this thread has to tell, where a caller wants to have it instead of standard error.
    static HEARD: RefCell<Option<Vec<String>>> = const { RefCell::new(None) };
}

/// Does something, and gives what it would have told.
#[cfg(feature = "python")]
pub fn hear<T>(work: impl FnOnce() -> T) -> (T, Vec<String>) {
    let before = HEARD.replace(Some(Vec::new()));
    let outcome = work();
    (outcome, HEARD.replace(before).unwrap_or_default())
}

/// Writes a line, or several, to standard error. Where nobody can be told, the result counts all the same.
pub fn message(line: impl std::fmt::Display) {
    let heard = HEARD.with_borrow_mut(|heard| heard.as_mut().map(|heard| heard.push(line.to_string())));
    if heard.is_some() {
        return;
    }
    let _ = writeln!(io::stderr(), "{}", legible(&line.to_string()));
}

/// Names that are told one by one.
pub const FEW: usize = 20;

/// Names in a row, the first few of many.
pub fn few(names: &[&str]) -> String {
    let first = names[..names.len().min(FEW)].join(", ");
    if names.len() > FEW { format!("{first} and {} more", names.len() - FEW) } else { first }
}

/// Text without what steers a terminal, its lines cut to a length that can be read.
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

/// Whether a character is an order to a terminal.
fn steers(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\t')
}

/// Writes text without what steers a terminal.
struct Terminal<W>(W);

impl<W: Write> Write for Terminal<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for chunk in bytes.utf8_chunks() {
            for c in chunk.valid().chars() {
                if steers(c) { write!(self.0, "{}", c.escape_unicode())? } else { write!(self.0, "{c}")? }
            }
            // A character that is cut in two; what is left of an order is none.
            self.0.write_all(chunk.invalid())?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Hands `write` a buffered writer to `path`, or to standard output if there is none. The file appears when all is written.
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
        // A device or a pipe has no whole to wait for.
        let mut out = BufWriter::new(std::fs::OpenOptions::new().write(true).open(path)?);
        write(&mut out)?;
        return out.flush();
    }
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    // What may be done with the file that is replaced.
    let former = std::fs::metadata(path).ok().map(|former| former.permissions());
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
        let told = legible(&columns);
        assert!(
            told.len() < 4000 && told.ends_with("é,... (1998008 more characters)\nhelp"),
            "{}",
            &told[told.len() - 60..]
        );
    }
}
