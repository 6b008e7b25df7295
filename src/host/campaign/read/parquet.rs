//! Reads a campaign's Parquet file.

use std::cell::Cell;
use std::collections::{BTreeMap, HashSet};
use std::fs::File;
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::sync::Once;

use parquet::file::reader::FileReader;
use parquet::file::serialized_reader::SerializedFileReader;
use parquet::record::RowAccessor;

use super::{Figure, Rows, Tables};

impl Tables {
    /// Adds a campaign's table. The file may be damaged.
    pub(super) fn add_parquet(&mut self, path: &Path) -> Result<(), String> {
        let added = unless_it_panics(|| self.add_rows(path));
        added.unwrap_or_else(|| Err("is not a campaign's table: its pages are damaged".to_string()))
    }

    fn add_rows(&mut self, path: &Path) -> Result<(), String> {
        let explained = |error: parquet::errors::ParquetError| format!("is not a campaign's table: {error}");
        let file = File::open(path).map_err(|error| format!("cannot be read: {error}"))?;
        let reader = SerializedFileReader::new(file).map_err(explained)?;
        let rows = reader.metadata().file_metadata().num_rows();
        if rows > MAX_ROWS {
            return Err(format!("has {rows} rows; at most {MAX_ROWS} are read: choose fewer networks or accelerators"));
        }
        let mut designs: Vec<(String, Rows, Vec<f64>)> = Vec::new();
        // By their places.
        let mut networks: BTreeMap<i32, String> = BTreeMap::new();
        for row in reader.get_row_iter(None).map_err(explained)? {
            let row = row.map_err(explained)?;
            let id = row.get_string(1).map_err(explained)?.clone();
            networks.entry(row.get_int(0).map_err(explained)?).or_insert_with(|| id.clone());
            let name = format!("{}_{}", row.get_string(2).map_err(explained)?, row.get_string(3).map_err(explained)?);
            let (cycles, energy) = (row.get_long(4).map_err(explained)? as u64, row.get_double(5).map_err(explained)?);
            if designs.last().is_none_or(|(last, ..)| *last != name) {
                designs.push((name, Vec::new(), Vec::new()));
            }
            if let Some((_, rows, energies)) = designs.last_mut() {
                rows.push((id, rows.len() as u64, vec![cycles as f64]));
                energies.push(energy);
            }
        }
        for (name, mut rows, mut energies) in designs {
            // Networks that cannot run on the design have no row.
            if rows.len() < networks.len() {
                let present: HashSet<String> = rows.iter().map(|(id, ..)| id.clone()).collect();
                for id in networks.values().filter(|id| !present.contains(*id)) {
                    rows.push((id.clone(), rows.len() as u64, vec![f64::NAN]));
                    energies.push(f64::NAN);
                }
            }
            let order = self.order(&rows).map_err(|(_, what)| format!("{name}: {what}"))?;
            let of = |figures: &dyn Fn(usize) -> f64| order.iter().map(|&row| figures(row)).collect::<Vec<f64>>();
            let of_design = |what| format!("{name}: {what}");
            self.insert(&name, Figure::Latency, of(&|row| rows[row].2[0])).map_err(of_design)?;
            self.insert(&name, Figure::Energy, of(&|row| energies[row])).map_err(of_design)?;
        }
        Ok(())
    }
}

thread_local! {
    /// Whether panics of this thread become errors, so that their messages are not printed.
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// What `read` returns; `None` if it panics. The Parquet reader panics on some damaged files.
fn unless_it_panics<T>(read: impl FnOnce() -> T) -> Option<T> {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let print = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if !QUIET.get() {
                print(panic)
            }
        }));
    });
    QUIET.set(true);
    let read = panic::catch_unwind(AssertUnwindSafe(read));
    QUIET.set(false);
    read.ok()
}

/// The maximum number of rows of a Parquet file.
const MAX_ROWS: i64 = 20_000_000;
