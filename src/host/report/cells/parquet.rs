//! Writes rows as a Parquet file with one row group.

use std::io::{self, Write};
use std::sync::Arc;

use parquet::basic::Compression;
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::parser::parse_message_type;

use super::{Cell, Row};

/// Writes rows as a Parquet file; a figure that is not known is null.
pub fn write(mut out: impl Write, message: &str, rows: impl Iterator<Item = Row>) -> io::Result<()> {
    out.write_all(&file(message, &columns(rows)).map_err(io::Error::other)?)
}

/// A column: its name and its cells.
type Column = (&'static str, Vec<Cell>);

/// Turns rows that all have the same names into columns.
fn columns(rows: impl Iterator<Item = Row>) -> Vec<Column> {
    let mut columns: Vec<Column> = Vec::new();
    for row in rows {
        for (place, (name, cell)) in row.into_iter().enumerate() {
            match columns.get_mut(place) {
                Some((_, cells)) => cells.push(cell),
                None => columns.push((name, vec![cell])),
            }
        }
    }
    columns
}

/// The bytes of the file.
fn file(message: &str, columns: &[Column]) -> Result<Vec<u8>, ParquetError> {
    let field = |(name, cells): &Column| match cells.first() {
        Some(Cell::Count(_)) => format!("optional int64 {name};"),
        Some(Cell::Real(_)) => format!("optional double {name};"),
        Some(Cell::Flag(_)) => format!("required boolean {name};"),
        Some(Cell::Text(_)) | None => format!("required binary {name} (UTF8);"),
    };
    let fields: String = columns.iter().map(field).collect();
    let schema = Arc::new(parse_message_type(&format!("message {message} {{ {fields} }}"))?);
    let properties = Arc::new(WriterProperties::builder().set_compression(Compression::SNAPPY).build());
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, properties)?;
    let mut group = writer.next_row_group()?;
    for (_, cells) in columns {
        let Some(mut column) = group.next_column()? else { break };
        match cells.first() {
            // Values from 2^63 on would be read back as negative. No run takes that many cycles: it is 2,900 years at
            // 100 MHz.
            Some(Cell::Count(_)) => optional::<Int64Type>(&mut column, cells, |cell| match cell {
                Cell::Count(count) => count.map(|count| count as i64),
                _ => None,
            })?,
            Some(Cell::Real(_)) => optional::<DoubleType>(&mut column, cells, |cell| match cell {
                Cell::Real(real) => *real,
                _ => None,
            })?,
            Some(Cell::Flag(_)) => {
                let flags: Vec<bool> = cells.iter().map(|cell| *cell == Cell::Flag(true)).collect();
                column.typed::<BoolType>().write_batch(&flags, None, None)?;
            }
            Some(Cell::Text(_)) | None => {
                let text = |cell: &Cell| match cell {
                    Cell::Text(text) => ByteArray::from(text.as_bytes().to_vec()),
                    _ => ByteArray::default(),
                };
                let texts: Vec<ByteArray> = cells.iter().map(text).collect();
                column.typed::<ByteArrayType>().write_batch(&texts, None, None)?;
            }
        }
        column.close()?;
    }
    group.close()?;
    writer.into_inner()
}

/// Writes a column whose cells may be null.
fn optional<T: DataType>(
    column: &mut SerializedColumnWriter<'_>,
    cells: &[Cell],
    figure: impl Fn(&Cell) -> Option<T::T>,
) -> Result<(), ParquetError> {
    let figures: Vec<Option<T::T>> = cells.iter().map(figure).collect();
    let present: Vec<i16> = figures.iter().map(|figure| figure.is_some().into()).collect();
    let figures: Vec<T::T> = figures.into_iter().flatten().collect();
    column.typed::<T>().write_batch(&figures, Some(&present), None)?;
    Ok(())
}
