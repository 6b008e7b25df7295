//! The front as a table, a plot and a page.

use std::fs::File;

use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::RowAccessor;

use super::{SMALL, number, rows};
use crate::common::{Dir, read};

#[test]
fn a_report_has_the_front_in_every_form() {
    let dir = Dir::new();
    dir.run(&format!("{SMALL} --report found --plot front.svg --against area --format csv -o front.csv")).quiet();
    assert_eq!(dir.files(), ["found", "front.csv", "front.svg"]);
    let csv = read(&dir.path("front.csv"));
    assert_eq!(csv, read(&dir.path("found/front.csv")));
    let rows = rows(&csv);
    let table = SerializedFileReader::new(File::open(dir.path("found/front.parquet")).unwrap()).unwrap();
    let ids: Vec<i64> = table.get_row_iter(None).unwrap().map(|row| row.unwrap().get_long(0).unwrap()).collect();
    assert_eq!(ids, rows.iter().map(|row| number(row, "id") as i64).collect::<Vec<_>>());
    let page = read(&dir.path("found/report.html"));
    assert!(page.contains("96,000 designs, all of them evaluated") && page.contains("figures/latency-energy.svg"));
    for figure in ["latency-energy", "latency-area", "energy-area", "area-power"] {
        for ending in ["svg", "pdf", "csv"] {
            assert!(dir.path(&format!("found/figures/{figure}.{ending}")).is_file(), "{figure}.{ending}");
        }
    }
    assert!(read(&dir.path("front.svg")).contains("area, mm^2"));
    // Links to the figures of a page are to files.
    for link in page.split("href=\"figures/").skip(1) {
        let name = link.split('"').next().unwrap();
        assert!(dir.path("found/figures").join(name).is_file(), "{name}");
    }
}
