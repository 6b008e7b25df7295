//! Results as text: tables for people, CSV and JSON for programs.

pub mod maestro_csv;
