//! The study's data that the tests use.

use std::collections::HashMap;
use std::io::Read;

/// The bytes of a file.
pub fn bytes(file: &str) -> Vec<u8> {
    std::fs::read(format!("{}/tests/spaces/{file}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// The rows of a compressed CSV, by the names of the columns.
pub fn rows(file: &str) -> Vec<HashMap<String, String>> {
    let mut text = String::new();
    flate2::read::GzDecoder::new(bytes(file).as_slice()).read_to_string(&mut text).unwrap();
    csv::Reader::from_reader(text.as_bytes()).deserialize().map(Result::unwrap).collect()
}
