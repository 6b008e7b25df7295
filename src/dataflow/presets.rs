//! Named dataflows of the literature.
