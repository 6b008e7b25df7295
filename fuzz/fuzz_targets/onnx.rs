//! Anything is read as a network or refused, in bounded time and memory.
#![no_main]

use std::io::Cursor;

use libfuzzer_sys::fuzz_target;
use maestrino::host::formats::onnx;
use maestrino::host::model::InputShapes;

fuzz_target!(|bytes: &[u8]| {
    onnx::looks_like(bytes);
    // Most mutations of real files leave the names of their inputs; `x` is the one that has no shape of its own.
    for options in [
        InputShapes::default(),
        InputShapes { shapes: vec![("x".to_string(), vec![1, 3, 48, 192])], ..InputShapes::default() },
        InputShapes { batch: Some(3), ..InputShapes::default() },
    ] {
        let _ = onnx::read(Cursor::new(bytes), "fuzz", &options);
    }
});
