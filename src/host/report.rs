//! Results as text: a table for people, CSV and JSON for programs, and the reference's own output.

pub mod calibration;
mod cells;
#[cfg(feature = "plots")]
pub mod codesign;
#[cfg(feature = "plots")]
pub(crate) mod comparison;
pub mod csv;
pub mod explain;
pub mod explore;
pub(crate) mod figures;
pub mod json;
pub mod listing;
pub mod maestro_csv;
#[cfg(feature = "cli")]
pub(crate) mod maestro_screen;
pub mod mapping;
#[cfg(feature = "plots")]
pub mod page;
#[cfg(feature = "plots")]
pub(crate) mod plot;
#[cfg(feature = "plots")]
pub(crate) mod readable;
pub mod roofline;
pub mod sweep;
pub mod table;
pub mod what_if;

#[cfg(feature = "plots")]
pub use plot::{Drawing, PlotError, XyPlot};
