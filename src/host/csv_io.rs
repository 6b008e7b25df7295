//! Cells, rows and compressed text of CSV files, for all code that reads or writes them.

use std::borrow::Cow;
use std::io::{self, Read, Write};

/// Names of the column with the id of a network: ours, and those of the study's files.
pub(crate) const ID_COLUMNS: [&str; 3] = ["id", "seed", "config_index"];

/// The maximum size of a table in bytes, uncompressed.
const MAX_BYTES: u64 = 256 << 20;

/// The text of a table, plain or compressed by gzip (in one or several members).
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

/// First characters of text that spreadsheets take as a formula, and the apostrophe that [`text_cell`] puts in front
/// of it.
const ESCAPED: [char; 7] = ['=', '@', '+', '-', '\t', '\r', '\''];

/// Text as a cell that spreadsheets take as text: with an apostrophe in front if they would take it as a formula.
pub fn text_cell(text: &str) -> Cow<'_, str> {
    if text.starts_with(ESCAPED) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// A number unchanged, other text as [`text_cell`].
pub fn cell(text: &str) -> Cow<'_, str> {
    if text.parse::<f64>().is_ok() { Cow::Borrowed(text) } else { text_cell(text) }
}

/// Writes a row, each text or number as its [`cell`].
///
/// # Errors
/// Errors of the writer, and a row whose length differs from those before.
pub fn write_row(
    csv: &mut csv::Writer<impl Write>,
    texts: impl IntoIterator<Item = impl AsRef<str>>,
) -> csv::Result<()> {
    texts.into_iter().try_for_each(|text| csv.write_field(cell(text.as_ref()).as_bytes()))?;
    csv.write_record(None::<&[u8]>)
}

/// The start of a row, with each text or number as its [`cell`]. What is appended must start with a comma.
///
/// # Errors
/// Errors of the writer, which writes into memory.
pub(crate) fn row_start(texts: impl IntoIterator<Item = impl AsRef<str>>) -> io::Result<Vec<u8>> {
    let mut csv = csv::WriterBuilder::new().buffer_capacity(64).from_writer(Vec::new());
    write_row(&mut csv, texts).map_err(io_error)?;
    let mut row = csv.into_inner().map_err(|error| io::Error::other(error.to_string()))?;
    row.pop_if(|end| *end == b'\n');
    Ok(row)
}

/// The text that [`text_cell`] or [`cell`] made this cell from.
pub fn of_cell(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|text| text.starts_with(ESCAPED)).unwrap_or(cell)
}

/// The error of a CSV writer as an I/O error; keeps its kind.
pub fn io_error(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn formulas_are_text() {
        let pairs = [("=1+2", "'=1+2"), ("@x", "'@x"), ("+1", "'+1"), ("-1", "'-1"), ("a=1", "a=1"), ("", "")];
        for (text, cell) in pairs.into_iter().chain([("'=1", "''=1"), ("'a", "''a"), ("\tx", "'\tx")]) {
            assert_eq!(text_cell(text), cell);
            assert_eq!(of_cell(cell), text);
        }
        assert_eq!(["-1.5e3", "-x", "", "'"].map(cell), ["-1.5e3", "'-x", "", "''"]);
        // Cells that other programs wrote.
        assert_eq!(["'a", "'", "-1"].map(of_cell), ["'a", "'", "-1"]);
    }

    #[test]
    fn a_row_goes_on_behind_its_start() {
        for (id, start) in [("7", "0,7"), ("=a", "0,'=a"), ("a,\"b\n", "0,\"a,\"\"b\n\""), ("", "0,")] {
            assert_eq!(String::from_utf8(row_start(["0", id]).unwrap()).unwrap(), start);
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
