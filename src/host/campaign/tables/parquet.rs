//! The tables of a campaign as Parquet.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::sync::Arc;

use bytes::Bytes;
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

use super::{Part, Parts};
use crate::host::campaign::{Column, DesignId, Takes};

/// An encoded column of a row group.
type Encoded = (Bytes, ColumnCloseResult);

/// Encoded columns that most blocks have in common (those before `accelerator`), and the dataflows of the block's
/// designs.
pub(in crate::host::campaign) type Common = (Vec<Takes>, Vec<Encoded>);

impl Part<'_> {
    pub(super) fn write_parquet(&mut self, file: impl Write + Send) -> Result<(), ParquetError> {
        let mut writer = SerializedFileWriter::new(BufWriter::new(file), schema()?, properties())?;
        if !self.block.designs.is_empty() {
            let dataflows: Vec<Takes> = self.block.designs.iter().map(|design| design.takes).collect();
            // If networks are missing, the block has nothing in common with others.
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
    // These columns count up or hardly ever repeat a value.
    for column in ["pos", "cycles"] {
        let column = ColumnPath::from(column);
        properties = properties
            .set_column_dictionary_enabled(column.clone(), false)
            .set_column_encoding(column, Encoding::DELTA_BINARY_PACKED);
    }
    Arc::new(properties.build())
}

impl Parts<'_> {
    /// Splices the row groups of the parts, without decoding them.
    pub(super) fn assemble_parquet(&self, file: impl Write + Send) -> Result<(), ParquetError> {
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
}
