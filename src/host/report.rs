//! Results as text: a table for people, CSV and JSON for programs, and the reference's own output.

pub mod codesign;
pub mod csv;
pub mod figures;
pub mod json;
pub mod listing;
pub mod maestro_csv;
pub mod maestro_screen;
pub mod mapping;
pub mod page;
pub mod plot;
pub mod roofline;
pub mod sweep;
pub mod table;
pub mod what_if;
