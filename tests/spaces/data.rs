//! The study's figures, as the tests carry them.

use std::collections::HashMap;
use std::io::Read;

/// A file as it is.
pub fn bytes(file: &str) -> Vec<u8> {
    std::fs::read(format!("{}/tests/spaces/{file}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// The rows of a compressed CSV, by the names of its columns.
pub fn rows(file: &str) -> Vec<HashMap<String, String>> {
    let mut text = String::new();
    flate2::read::GzDecoder::new(bytes(file).as_slice()).read_to_string(&mut text).unwrap();
    csv::Reader::from_reader(text.as_bytes()).deserialize().map(Result::unwrap).collect()
}
