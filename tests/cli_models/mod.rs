//! Model files on the command line.

mod compile;
mod convert;
mod inspect;
mod messages;

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use maestrino::host::formats::maestro::parse_network;
use maestrino::host::network::Network;
use serde_json::Value;

use crate::common::{Dir, data};

// Operator numbers of TFLite.
const CONV_2D: i32 = 3;
const FULLY_CONNECTED: i32 = 9;
const MAX_POOL_2D: i32 = 17;
const RESHAPE: i32 = 22;

const SMALL: &str = "Network small {
    Layer conv { Type: CONV Dimensions { K: 8, C: 4, R: 3, S: 3, Y: 10, X: 10 } }
    Layer again { Type: CONV Dimensions { K: 8, C: 4, R: 3, S: 3, Y: 10, X: 10 } }
    Layer gemm { Type: GEMM Dimensions { M: 6, N: 8, K: 12 } }
}";

fn tflite(name: &str) -> Vec<u8> {
    let file = std::fs::File::open(data(&format!("models/{name}.tflite.gz"))).unwrap();
    let mut bytes = Vec::new();
    GzDecoder::new(file).read_to_end(&mut bytes).unwrap();
    bytes
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// The layers that `convert` makes of a file.
#[track_caller]
fn converted(dir: &Dir, arguments: &str) -> Network {
    let text = dir.run(&format!("convert {arguments}")).quiet().stdout;
    parse_network(&text, "converted").unwrap().network
}
