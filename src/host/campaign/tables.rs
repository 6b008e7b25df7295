//! The tables of a campaign.
//!
//! * CSV: `latency.csv` (cycles) and `energy.csv` (nJ), a row for each network and a column for each design:
//!   `pos,id,kcp_ws_accelerator_1,...`, all accelerators of the first dataflow first. Empty where a network cannot run.
//! * Parquet: `costs.parquet`, a row for each network on each design, with the columns `pos` (place of the network,
//!   INT32), `id`, `dataflow`, `accelerator` (strings), `cycles` (INT64) and `energy_nj` (DOUBLE). A row group holds all
//!   networks on some of the accelerators: all networks of a design are together. There is no row where one cannot run.

use std::fmt::{self, Write as _};
use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use flate2::CrcWriter;
use parquet::basic::{Compression, Encoding};
use parquet::column::writer::{ColumnCloseResult, ColumnWriter, get_column_writer};
use parquet::data_type::ByteArray;
use parquet::errors::ParquetError;
use parquet::file::properties::{WriterProperties, WriterPropertiesPtr};
use parquet::file::reader::FileReader;
use parquet::file::serialized_reader::SerializedFileReader;
use parquet::file::writer::{SerializedFileWriter, SerializedPageWriter, TrackedWrite};
use parquet::schema::parser::parse_message_type;
use parquet::schema::types::{ColumnDescPtr, ColumnPath, TypePtr};
use rayon::prelude::*;

use super::files::{JournalError, Partial, Summary, at};
use super::{Block, Campaign, Column, DesignId, Takes};
use crate::host::alike;
use crate::host::directory::checksum_text;
use crate::host::tabular::row_start;

/// Cycles of a campaign as CSV.
pub const LATENCY: &str = "latency.csv";
/// nJ of a campaign as CSV.
pub const ENERGY: &str = "energy.csv";
/// Both as Parquet.
pub const COSTS: &str = "costs.parquet";

/// The form of the tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Two CSV files.
    Csv,
    /// One Parquet file.
    Parquet,
}

impl Format {
    /// `"csv"` or `"parquet"`.
    pub const fn name(self) -> &'static str {
        match self {
            Format::Csv => "csv",
            Format::Parquet => "parquet",
        }
    }
}

/// An encoded column of a row group.
type Encoded = (Bytes, ColumnCloseResult);

/// Encoded columns that most blocks have in common, those before `accelerator`, and the dataflows of their designs.
pub(super) type Common = (Vec<Takes>, Vec<Encoded>);

/// A block as a part of the tables.
pub(super) struct Part<'a> {
    pub campaign: &'a Campaign,
    pub block: &'a Block,
    /// From the block before.
    pub common: &'a mut Option<Common>,
}

impl Part<'_> {
    /// Writes it. For a CSV that is all cycles, then all nJ, 8 bytes each; for Parquet a file with one row group.
    pub fn write(&mut self, format: Format, file: impl Write + Send) -> io::Result<()> {
        match format {
            Format::Csv => {
                let mut out = BufWriter::with_capacity(BUFFER, file);
                let mut cycles = self.block.columns.iter().flat_map(|column| &column.cycles);
                cycles.try_for_each(|cycles| out.write_all(&cycles.to_le_bytes()))?;
                let mut energy = self.block.columns.iter().flat_map(|column| &*column.energy);
                energy.try_for_each(|energy| out.write_all(&energy.to_le_bytes()))?;
                out.flush()
            }
            Format::Parquet => self.write_parquet(file).map_err(io::Error::other),
        }
    }

    fn write_parquet(&mut self, file: impl Write + Send) -> Result<(), ParquetError> {
        let mut writer = SerializedFileWriter::new(BufWriter::new(file), schema()?, properties())?;
        if !self.block.designs.is_empty() {
            let dataflows: Vec<Takes> = self.block.designs.iter().map(|design| design.takes).collect();
            // Where networks are missing, blocks have nothing in common.
            let whole = self.block.columns.iter().all(|column| column.cycles.iter().all(|cycles| *cycles > 0));
            let known = self.common.take_if(|(of, _)| whole && *of == dataflows).map(|(_, columns)| columns);
            let start = known.as_ref().map_or(0, Vec::len);
            let columns = writer.schema_descr().columns();
            let encoded =
                columns.par_iter().enumerate().skip(start).map(|(number, column)| self.encode(number, column));
            let mut encoded: Vec<Encoded> =
                known.into_iter().flatten().map(Ok).chain(encoded.collect::<Vec<_>>()).collect::<Result<_, _>>()?;
            let mut group = writer.next_row_group()?;
            for (bytes, close) in &encoded {
                group.append_column(bytes, close.clone())?;
            }
            group.close()?;
            encoded.truncate(COMMON);
            *self.common = whole.then_some((dataflows, encoded));
        }
        writer.close()?;
        Ok(())
    }

    fn encode(&self, number: usize, column: &ColumnDescPtr) -> Result<Encoded, ParquetError> {
        let mut buffer = TrackedWrite::new(Vec::new());
        let pages = Box::new(SerializedPageWriter::new(&mut buffer));
        let mut writer = get_column_writer(column.clone(), properties(), pages);
        self.write_column(number, &mut writer)?;
        let close = writer.close()?;
        Ok((Bytes::from(buffer.into_inner()?), close))
    }

    fn write_column(&self, number: usize, writer: &mut ColumnWriter<'_>) -> Result<(), ParquetError> {
        let networks = self.campaign.workload.networks();
        for (&DesignId { takes, accelerator }, Column { cycles, energy }) in
            self.block.designs.iter().zip(&self.block.columns)
        {
            let present = || (0..networks.len()).filter(|&network| cycles[network] > 0);
            match writer {
                ColumnWriter::Int32ColumnWriter(writer) => {
                    let places: Vec<i32> = present().map(|network| network as i32).collect();
                    writer.write_batch(&places, None, None)?;
                }
                ColumnWriter::Int64ColumnWriter(writer) => {
                    // Above 2^63 cycles they would be read as negative; no accelerator runs for 2,900 years at 100 MHz.
                    let cycles: Vec<i64> = present().map(|network| cycles[network] as i64).collect();
                    writer.write_batch(&cycles, None, None)?;
                }
                ColumnWriter::DoubleColumnWriter(writer) => {
                    let energy: Vec<f64> = present().map(|network| energy[network]).collect();
                    writer.write_batch(&energy, None, None)?;
                }
                ColumnWriter::ByteArrayColumnWriter(writer) => {
                    let text = |text: &str| ByteArray::from(text.as_bytes().to_vec());
                    let same = match number {
                        1 => {
                            let ids: Vec<ByteArray> = present().map(|network| text(&networks[network])).collect();
                            writer.write_batch(&ids, None, None)?;
                            continue;
                        }
                        2 => text(self.campaign.designs.name(takes)),
                        _ => text(&self.campaign.designs.accelerators[accelerator.0].name),
                    };
                    let rows = present().count();
                    let same = vec![same; rows.min(1024)];
                    for start in (0..rows).step_by(same.len().max(1)) {
                        writer.write_batch(&same[..same.len().min(rows - start)], None, None)?;
                    }
                }
                _ => return Err(ParquetError::General("no such column".to_string())),
            }
        }
        Ok(())
    }
}

/// Columns that the row groups of most blocks have in common: `pos`, `id` and `dataflow`.
const COMMON: usize = 3;

fn schema() -> Result<TypePtr, ParquetError> {
    let message = "message campaign {
        required int32 pos;
        required binary id (UTF8);
        required binary dataflow (UTF8);
        required binary accelerator (UTF8);
        required int64 cycles;
        required double energy_nj;
    }";
    Ok(Arc::new(parse_message_type(message)?))
}

fn properties() -> WriterPropertiesPtr {
    let mut properties = WriterProperties::builder().set_compression(Compression::SNAPPY);
    // Counting up, and hardly ever the same twice.
    for column in ["pos", "cycles"] {
        let column = ColumnPath::from(column);
        properties = properties
            .set_column_dictionary_enabled(column.clone(), false)
            .set_column_encoding(column, Encoding::DELTA_BINARY_PACKED);
    }
    Arc::new(properties.build())
}

/// Bytes that are written at once.
const BUFFER: usize = 1 << 16;

/// Figures that are held in memory at a time while a CSV is written, with the text that they become; there are two.
const HELD: usize = 1 << 20;

/// The parts of all blocks.
pub(super) struct Parts<'a> {
    pub partial: &'a Partial,
    pub campaign: &'a Campaign,
    /// Those of all blocks, in their order.
    pub summaries: &'a [Summary],
}

impl Parts<'_> {
    /// Puts the parts together; where the tables are, and their checksums.
    pub fn assemble(&self, format: Format) -> Result<Vec<(PathBuf, String)>, JournalError> {
        let names: &[&str] = match format {
            Format::Csv => &[LATENCY, ENERGY],
            Format::Parquet => &[COSTS],
        };
        let table = |&name: &&str| {
            let path = self.partial.file(name);
            let mut file = CrcWriter::new(at(&path, File::create(&path))?);
            match format {
                Format::Csv => self.assemble_csv(name, &path, &mut file)?,
                Format::Parquet => at(&path, self.assemble_parquet(&mut file).map_err(io::Error::other))?,
            }
            Ok((path, checksum_text(file.crc())))
        };
        names.par_iter().map(table).collect()
    }

    /// Splices the row groups of the parts, without decoding them.
    fn assemble_parquet(&self, file: impl Write + Send) -> Result<(), ParquetError> {
        let mut writer = SerializedFileWriter::new(BufWriter::new(file), schema()?, properties())?;
        for part in 0..self.summaries.len() {
            let file = File::open(self.partial.part(part))?;
            let reader = SerializedFileReader::new(file.try_clone()?)?;
            for group in reader.metadata().row_groups() {
                let mut copy = writer.next_row_group()?;
                for column in group.columns() {
                    let close = ColumnCloseResult {
                        bytes_written: column.compressed_size() as u64,
                        rows_written: group.num_rows() as u64,
                        metadata: column.clone(),
                        bloom_filter: None,
                        column_index: None,
                        offset_index: None,
                    };
                    copy.append_column(&file, close)?;
                }
                copy.close()?;
            }
        }
        writer.close()?;
        Ok(())
    }

    /// Writes a table by networks from parts by designs, some networks at a time.
    fn assemble_csv(&self, name: &str, path: &Path, file: impl Write) -> Result<(), JournalError> {
        let networks = self.campaign.workload.networks();
        // Of each part: its design's places in the table, and where in the part its column is.
        let mut places: Vec<(DesignId, usize, usize)> = Vec::new();
        for (part, summary) in self.summaries.iter().enumerate() {
            places.extend(summary.designs.iter().enumerate().map(|(column, &design)| (design, part, column)));
        }
        places.sort_unstable();
        // Of each part: its columns and their places in the table, those of energy after those of cycles.
        let mut slots: Vec<Vec<(usize, usize)>> = vec![Vec::new(); self.summaries.len()];
        for (slot, &(_, part, column)) in places.iter().enumerate() {
            let before = if name == ENERGY { self.summaries[part].designs.len() } else { 0 };
            slots[part].push((before + column, slot));
        }
        let mut out = BufWriter::with_capacity(BUFFER, file);
        let designs = places.iter().map(|&(design, ..)| self.campaign.designs.design(design).column());
        let header = row_start(["pos".to_string(), "id".to_string()].into_iter().chain(designs));
        at(path, header.and_then(|header| out.write_all(&[header.as_slice(), b"\n"].concat())))?;
        let step = (HELD / places.len().max(1)).max(1);
        for start in (0..networks.len()).step_by(step) {
            let rows = start..networks.len().min(start + step);
            let mut columns = vec![vec![0; rows.len() * FIGURE]; places.len()];
            for (part, slots) in slots.iter().enumerate().filter(|(_, slots)| !slots.is_empty()) {
                let part = self.partial.part(part);
                at(&part, read_columns(&part, slots, networks.len(), start, &mut columns))?;
            }
            let write = if name == ENERGY { write_energy } else { write_cycles };
            let columns = Columns::new(&columns);
            let line = |row: usize| {
                let mut line = row_start([&row.to_string(), &networks[row]])?;
                columns.write_row(row - start, write, &mut line);
                Ok(line)
            };
            let lines: Vec<io::Result<Vec<u8>>> = rows.into_par_iter().map(line).collect();
            let written = lines.into_iter().try_for_each(|line| out.write_all(&line?));
            at(path, written)?;
        }
        at(path, out.flush())
    }
}

/// Bytes of a figure in a part.
const FIGURE: usize = 8;

/// Reads columns of a part, of so many networks, into their places in the table: as many figures as there is room for, those
/// of the network in place `start` first.
fn read_columns(
    part: &Path,
    slots: &[(usize, usize)],
    networks: usize,
    start: usize,
    columns: &mut [Vec<u8>],
) -> io::Result<()> {
    let mut file = File::open(part)?;
    for &(column, slot) in slots {
        file.seek(SeekFrom::Start(((column * networks + start) * FIGURE) as u64))?;
        file.read_exact(&mut columns[slot])?;
    }
    Ok(())
}

/// Writes cycles; nothing where a network cannot run.
fn write_cycles(text: &mut String, figure: [u8; FIGURE]) -> fmt::Result {
    match u64::from_le_bytes(figure) {
        0 => Ok(()),
        cycles => text.write_str(itoa::Buffer::new().format(cycles)),
    }
}

/// Writes nJ; nothing where a network cannot run.
fn write_energy(text: &mut String, figure: [u8; FIGURE]) -> fmt::Result {
    match f64::from_le_bytes(figure) {
        nj if nj.is_nan() => Ok(()),
        nj => write!(text, "{nj}"),
    }
}

/// Columns of a table as they are in parts. Many are equal, as designs that differ in speeds alone take the same energy: a
/// figure of these becomes text once.
struct Columns<'a> {
    distinct: Vec<&'a [[u8; FIGURE]]>,
    /// For each column its place in `distinct`.
    places: Vec<usize>,
}

impl Columns<'_> {
    fn new(columns: &[Vec<u8>]) -> Columns<'_> {
        let groups = alike::groups(columns);
        let distinct = groups.iter().map(|group| columns[group[0]].as_chunks().0).collect();
        Columns { distinct, places: alike::places(&groups, columns.len()) }
    }

    /// Writes what is left of a line that has begun.
    fn write_row(&self, row: usize, write: fn(&mut String, [u8; FIGURE]) -> fmt::Result, line: &mut Vec<u8>) {
        let mut texts = String::with_capacity(self.distinct.len() * 20);
        let mut ranges: Vec<Range<usize>> = Vec::with_capacity(self.distinct.len());
        for column in &self.distinct {
            let start = texts.len();
            texts.push(',');
            // Writing to a String cannot fail.
            let _ = write(&mut texts, column[row]);
            ranges.push(start..texts.len());
        }
        line.reserve_exact(self.places.iter().map(|&place| ranges[place].len()).sum::<usize>() + 1);
        self.places.iter().for_each(|&place| line.extend_from_slice(&texts.as_bytes()[ranges[place].clone()]));
        line.push(b'\n');
    }
}
