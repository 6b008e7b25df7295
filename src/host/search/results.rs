//! The content of the [files](super::files) that a search writes.

mod answers;
mod csv;
mod pairs;
mod summary;
mod tables;

pub use answers::{Answered, CHOICE_COLUMNS, SCORE_COLUMNS, choice_row, choices, score_row, scores};
pub use csv::File;
pub use pairs::{Enumerated, Evolved, FRONT_COLUMNS, enumerated, front, front_row};
pub use summary::{asked, evolution_fields, exhaustive_fields, fingerprint, identity_fields, summary};
pub use tables::{of_exhaustive, shortlists};
