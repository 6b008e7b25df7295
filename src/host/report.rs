//! Results as text: a table for people, CSV and JSON for programs, and the reference's own output.

pub mod calibration;
mod cells;
pub mod codesign;
pub mod comparison;
pub mod csv;
pub mod explain;
pub mod explore;
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
pub mod told;
pub mod what_if;

/// Text as HTML and SVG have it.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
