//! Anything is read as a network or refused, in bounded time and memory.
#![no_main]

use std::io::Cursor;
use std::path::Path;

use libfuzzer_sys::fuzz_target;
use maestrino::host::formats::any::{self, Contents};
use maestrino::host::formats::onnx;
use maestrino::host::model::InputShapes;
use maestrino_fuzz::check_model;

fuzz_target!(|bytes: &[u8]| {
    // First as a file of any format, as `maestrino` reads it.
    if let Ok(Contents::Model(model)) = any::read_bytes(Path::new("fuzz"), bytes.to_vec(), &InputShapes::default()) {
        check_model(&model);
    }
    // Most mutations of real files leave the names of their inputs; `x` is the one that has no shape of its own.
    for options in [
        InputShapes::default(),
        InputShapes { shapes: vec![("x".to_string(), vec![1, 3, 48, 192])], ..InputShapes::default() },
        InputShapes { batch: Some(3), ..InputShapes::default() },
    ] {
        match onnx::read(Cursor::new(bytes), "fuzz", &options) {
            Ok(model) => check_model(&model),
            Err(error) => drop(error.to_string()),
        }
    }
});
