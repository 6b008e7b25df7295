//! The MAESTRO language.
