//! Shows the operators of a model as a table, CSV or JSON.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};

use comfy_table::{CellAlignment, Table, presets};
use serde_json::{Map, Value, json};

use super::table::grouped;
use crate::host::csv_io::{io_error, text_cell};
use crate::host::model::listing::{FIGURES, Listing, ListingRow};
use crate::host::model::printable;

/// A table for people, the skipped operators with the reasons, and totals.
pub fn render(listing: &Listing) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(["", "name", "operator", "kind", "shape", "MACs", "parameters"]);
    for (index, row) in listing.rows.iter().enumerate() {
        table.add_row(cells(index, row));
    }
    let blank = String::new;
    if listing.skipped_parameters() > 0 {
        let name = "in skipped operators".to_string();
        table.add_row([blank(), name, blank(), blank(), blank(), blank(), grouped(listing.skipped_parameters())]);
    }
    let totals = [grouped(listing.macs()), grouped(listing.parameters())];
    let total = [blank(), "total".to_string(), blank(), blank(), blank()].into_iter().chain(totals);
    table.add_row(total);
    for right in [0, 5, 6] {
        if let Some(column) = table.column_mut(right) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    let mut text = format!("{}\n\n{}\n", listing.name, table.trim_fmt());
    for row in listing.rows.iter().filter(|row| row.kind == "UNSUPPORTED") {
        let why = row.notes.iter().find(|(key, _)| *key == "why").map_or("", |(_, why)| why);
        let _ = writeln!(text, "\ncannot be costed: {} {}: {why}", printable(&row.op), shown(&row.name));
    }
    if !listing.skipped.is_empty() {
        text += "\nskipped:\n";
        let mut groups: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        listing.skipped.iter().for_each(|skipped| *groups.entry((&skipped.op, skipped.why)).or_default() += 1);
        for ((op, why), count) in groups {
            let _ = writeln!(text, "  {count} {}: {why}", printable(op));
        }
    }
    text
}

fn cells(index: usize, row: &ListingRow) -> [String; 7] {
    [
        index.to_string(),
        shown(&row.name),
        printable(&row.op),
        row.kind.to_string(),
        row.shape.clone(),
        row.macs.map_or("?".to_string(), grouped),
        grouped(row.parameters),
    ]
}

/// The number of characters of a name that are shown.
const NAME_CHARS: usize = 40;

/// Shortens a name to its end, because that is where names differ. Of the fused operators whose names TFLite joins,
/// only the first is shown.
fn shown(name: &str) -> String {
    let first = printable(name.split(';').find(|part| !part.is_empty()).unwrap_or(name));
    let excess = first.chars().count().saturating_sub(NAME_CHARS);
    if excess == 0 {
        return first;
    }
    "...".chars().chain(first.chars().skip(excess + 3)).collect()
}

/// Writes a row for each operator: `index,name,op,kind`, the [`FIGURES`], `macs` and `note` (`key=value;key;...`). A
/// cell is empty if the operator has no such figure.
///
/// # Errors
/// Errors of the writer.
pub fn write_csv(out: impl Write, listing: &Listing) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    let header = ["index", "name", "op", "kind"].into_iter().chain(FIGURES).chain(["macs", "note"]);
    csv.write_record(header).map_err(io_error)?;
    let cell = |figure: Option<u64>| figure.map_or(String::new(), |figure| figure.to_string());
    for (index, row) in listing.rows.iter().enumerate() {
        let note = |(key, value): &(&str, String)| match value.is_empty() {
            true => key.to_string(),
            false => format!("{key}={value}"),
        };
        let notes: Vec<_> = row.notes.iter().map(note).collect();
        let [name, op] = [&row.name, &row.op].map(|text| text_cell(text).into_owned());
        let mut record = vec![index.to_string(), name, op, row.kind.to_string()];
        record.extend(row.figures.iter().chain([&row.macs]).map(|figure| cell(*figure)));
        record.push(text_cell(&notes.join(";")).into_owned());
        csv.write_record(record).map_err(io_error)?;
    }
    csv.flush()
}

/// Writes the listing as one JSON object.
///
/// # Errors
/// Errors of the writer.
pub fn write_json(mut out: impl Write, listing: &Listing) -> io::Result<()> {
    let skipped = listing.skipped.iter().map(|skipped| {
        json!({
            "name": skipped.name,
            "op": skipped.op,
            "op_index": skipped.index,
            "why": skipped.why,
            "parameters": skipped.parameters,
        })
    });
    let object = json!({
        "network": listing.name,
        "operators": listing.rows.iter().map(operator).collect::<Vec<_>>(),
        "skipped": skipped.collect::<Vec<_>>(),
        "total": {
            "macs": listing.macs(),
            "parameters": listing.parameters(),
            "parameters_in_skipped": listing.skipped_parameters(),
        },
    });
    serde_json::to_writer_pretty(&mut out, &object)?;
    writeln!(out)
}

fn operator(row: &ListingRow) -> Value {
    let figures = FIGURES.iter().zip(row.figures).filter_map(|(name, figure)| Some((name.to_string(), figure?.into())));
    let notes = row.notes.iter().map(|(key, value)| (key.to_string(), value.as_str().into()));
    json!({
        "name": row.name,
        "op": row.op,
        "kind": row.kind,
        "shape": row.shape,
        "figures": figures.collect::<Map<String, Value>>(),
        "macs": row.macs,
        "parameters": row.parameters,
        "notes": notes.collect::<Map<String, Value>>(),
    })
}
