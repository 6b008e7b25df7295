//! Any bytes as a TFLite file. The result is an error, or a model that can be listed and lowered.
#![no_main]

use std::io::Cursor;

use libfuzzer_sys::fuzz_target;
use maestrino::host::formats::tflite;
use maestrino::host::model::InputShapes;
use maestrino_fuzz::check_model;

fuzz_target!(|bytes: &[u8]| {
    // The file with its own batch and with another one, because shapes are derived only for another one.
    for batch in [None, Some(3)] {
        match tflite::read(Cursor::new(bytes), "fuzz", &InputShapes { batch, ..InputShapes::default() }) {
            Ok(model) => check_model(&model),
            Err(error) => drop(error.to_string()),
        }
    }
});
