//! Any bytes as an ONNX file. They are read as a network or refused, in bounded time and memory.
#![no_main]

use std::io::Cursor;
use std::path::Path;

use libfuzzer_sys::fuzz_target;
use maestrino::host::formats::any::{self, Contents};
use maestrino::host::formats::onnx;
use maestrino::host::model::InputShapes;
use maestrino_fuzz::check_model;

fuzz_target!(|bytes: &[u8]| {
    // First as a file of any format, as the program reads it.
    if let Ok(Contents::Model(model)) = any::read_bytes(Path::new("fuzz"), bytes.to_vec(), &InputShapes::default()) {
        check_model(&model);
    }
    // Most mutants of real files keep the names of the inputs. `x` is the input without a shape of its own.
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
