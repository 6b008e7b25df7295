//! Anything is read as a network or refused, in bounded time and memory.
#![no_main]

use std::io::Cursor;

use libfuzzer_sys::fuzz_target;
use maestrino::host::formats::{Format, foreign, not_text, onnx};
use maestrino::host::model::InputShapes;
use maestrino_fuzz::check_model;

fuzz_target!(|bytes: &[u8]| {
    // What a file is told to be, looked at before any reader is chosen.
    let _ = (Format::of(bytes), foreign(bytes), not_text(bytes));
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
