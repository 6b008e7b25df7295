//! The tables of a campaign.
//!
//! * CSV: `latency.csv` (cycles) and `energy.csv` (nJ), a row for each network and a column for each design:
//!   `pos,id,kcp_ws_accelerator_1,...`, all accelerators of the first dataflow first. Empty where a network cannot run.
//! * Parquet: `costs.parquet`, a row for each network on each design, with the columns `pos` (place of the network,
//!   INT32), `id`, `dataflow`, `accelerator` (strings), `cycles` (INT64) and `energy_nj` (DOUBLE). A row group holds all
//!   networks on some of the accelerators: all networks of a design are together. There is no row where one cannot run.

#[cfg(feature = "parquet")]
mod parquet;

use std::fmt::{self, Write as _};
use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};

use flate2::CrcWriter;
use rayon::prelude::*;

use super::files::{JournalError, Partial, Summary, at};
use super::{Block, Campaign, DesignId};
use crate::host::alike;
use crate::host::csv_io::row_start;
use crate::host::directory::checksum_text;

/// Cycles of a campaign as CSV.
pub(super) const LATENCY: &str = "latency.csv";
/// nJ of a campaign as CSV.
pub(super) const ENERGY: &str = "energy.csv";
/// Cycles and nJ of a campaign as Parquet.
pub(super) const COSTS: &str = "costs.parquet";

/// The form of the tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Two CSV files.
    Csv,
    /// One Parquet file.
    #[cfg(feature = "parquet")]
    Parquet,
}

impl Format {
    /// `"csv"` or `"parquet"`.
    pub const fn name(self) -> &'static str {
        match self {
            Format::Csv => "csv",
            #[cfg(feature = "parquet")]
            Format::Parquet => "parquet",
        }
    }
}

/// What blocks of a Parquet file have in common.
#[cfg(feature = "parquet")]
pub(super) use parquet::Common;
#[cfg(not(feature = "parquet"))]
pub(super) type Common = std::convert::Infallible;

/// A block as a part of the tables.
pub(super) struct Part<'a> {
    #[cfg_attr(not(feature = "parquet"), expect(dead_code))]
    pub campaign: &'a Campaign,
    pub block: &'a Block,
    /// What the block before had.
    #[cfg_attr(not(feature = "parquet"), expect(dead_code))]
    pub common: &'a mut Option<Common>,
}

impl Part<'_> {
    /// Writes the part. For CSV, this is all cycles, then all nJ, 8 bytes each; for Parquet, a file with one row
    /// group.
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
            #[cfg(feature = "parquet")]
            Format::Parquet => self.write_parquet(file).map_err(io::Error::other),
        }
    }
}

/// The size of the write buffer in bytes.
const BUFFER: usize = 1 << 16;

/// The number of figures that are held in memory while a CSV is written, with their text. There are two such sets.
const HELD: usize = 1 << 20;

/// The parts of all blocks.
pub(super) struct Parts<'a> {
    pub partial: &'a Partial,
    pub campaign: &'a Campaign,
    /// The summaries of all blocks, in order.
    pub summaries: &'a [Summary],
}

impl Parts<'_> {
    /// Joins the parts. Returns the paths of the tables and their checksums.
    pub fn assemble(&self, format: Format) -> Result<Vec<(PathBuf, String)>, JournalError> {
        let names: &[&str] = match format {
            Format::Csv => &[LATENCY, ENERGY],
            #[cfg(feature = "parquet")]
            Format::Parquet => &[COSTS],
        };
        let table = |&name: &&str| {
            let path = self.partial.file(name);
            let mut file = CrcWriter::new(at(&path, File::create(&path))?);
            match format {
                Format::Csv => self.assemble_csv(name, &path, &mut file)?,
                #[cfg(feature = "parquet")]
                Format::Parquet => at(&path, self.assemble_parquet(&mut file).map_err(io::Error::other))?,
            }
            Ok((path, checksum_text(file.crc())))
        };
        names.par_iter().map(table).collect()
    }

    /// Writes a table with rows for networks from parts with columns for designs, some networks at a time.
    fn assemble_csv(&self, name: &str, path: &Path, file: impl Write) -> Result<(), JournalError> {
        let networks = self.campaign.workload.networks();
        // For each column of a part: its design, its part, and its place there.
        let mut places: Vec<(DesignId, usize, usize)> = Vec::new();
        for (part, summary) in self.summaries.iter().enumerate() {
            places.extend(summary.designs.iter().enumerate().map(|(column, &design)| (design, part, column)));
        }
        places.sort_unstable();
        // For each part: its columns and their places in the table. Those of energy come after those of cycles.
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

/// Reads columns of a part into their places in the table. A column of the part has `networks` figures. From the
/// network in place `start` on, as many are read as `columns` have room for.
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

/// Writes cycles, or nothing if a network cannot run.
fn write_cycles(text: &mut String, figure: [u8; FIGURE]) -> fmt::Result {
    match u64::from_le_bytes(figure) {
        0 => Ok(()),
        cycles => text.write_str(itoa::Buffer::new().format(cycles)),
    }
}

/// Writes nJ, or nothing if a network cannot run.
fn write_energy(text: &mut String, figure: [u8; FIGURE]) -> fmt::Result {
    match f64::from_le_bytes(figure) {
        nj if nj.is_nan() => Ok(()),
        nj => write!(text, "{nj}"),
    }
}

/// Columns of a table. Many are equal, because designs that differ only in speeds take the same energy. The figures
/// of equal columns are converted to text only once.
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

    /// Writes the rest of a line.
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
