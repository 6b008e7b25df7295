//! What all tables in CSV files have in common, whoever reads or writes them.

use std::borrow::Cow;
use std::io::{self, Read};

/// Columns that hold the id of a network: ours, and those of the study's files.
pub(crate) const ID_COLUMNS: [&str; 3] = ["id", "seed", "config_index"];

/// The largest table that is read, unpacked.
const MAX_BYTES: u64 = 256 << 20;

/// The text of a table, plain or compressed by gzip, in one piece or several.
///
/// # Errors
/// Those of the reader; damaged data; more than 256 MB.
pub(crate) fn unpacked(source: impl Read) -> io::Result<Vec<u8>> {
    limited(source, MAX_BYTES)
}

fn limited(mut source: impl Read, most: u64) -> io::Result<Vec<u8>> {
    const GZIP: [u8; 2] = [0x1f, 0x8b];
    let mut start = Vec::new();
    source.by_ref().take(GZIP.len() as u64).read_to_end(&mut start)?;
    let packed = start == GZIP;
    let source = io::Cursor::new(start).chain(source);
    let source: &mut dyn Read = if packed { &mut flate2::read::MultiGzDecoder::new(source) } else { &mut { source } };
    let mut bytes = Vec::new();
    if source.take(most + 1).read_to_end(&mut bytes)? as u64 > most {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, format!("larger than {} MB", most >> 20)));
    }
    Ok(bytes)
}

/// Text as a cell that spreadsheets take as text: behind an apostrophe where they would take it as a formula.
pub fn text_cell(text: &str) -> Cow<'_, str> {
    match text.as_bytes() {
        [b'=' | b'@' | b'+' | b'-' | b'\t' | b'\r', ..] => Cow::Owned(format!("'{text}")),
        _ => Cow::Borrowed(text),
    }
}

/// The error of a CSV's writer, with its kind.
pub fn io_error(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn formulas_are_text() {
        for (text, cell) in [("=1+2", "'=1+2"), ("@x", "'@x"), ("+1", "'+1"), ("-1", "'-1"), ("a=1", "a=1"), ("", "")] {
            assert_eq!(text_cell(text), cell);
        }
    }

    #[test]
    fn all_members_are_read_up_to_the_limit() {
        let twice = [packed(b"id\n1\n"), packed(b"2\n")].concat();
        for source in [twice.as_slice(), b"id\n1\n2\n"] {
            assert_eq!(limited(source, 7).unwrap(), b"id\n1\n2\n");
            assert_eq!(limited(source, 6).unwrap_err().kind(), io::ErrorKind::FileTooLarge);
        }
        assert_eq!(unpacked(&b""[..]).unwrap(), b"");
        assert!(unpacked(&twice[..twice.len() - 9]).is_err());
    }
}
