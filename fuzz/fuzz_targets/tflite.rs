//! Any bytes as a TFLite file: an error or a model that can be listed and lowered.
#![no_main]

use std::io::Cursor;

use libfuzzer_sys::fuzz_target;
use maestrino::host::formats::tflite;
use maestrino::host::model::InputShapes;
use maestrino::host::model::listing::Listing;
use maestrino::host::model::lower::{Options, Padding, lower};

fuzz_target!(|bytes: &[u8]| {
    // The file as it is, and for another batch: shapes are derived only then.
    for batch in [None, Some(3)] {
        let Ok(model) = tflite::read(Cursor::new(bytes), "fuzz", &InputShapes { batch, ..InputShapes::default() })
        else {
            continue;
        };
        let listing = Listing::of_model(&model);
        assert_eq!(listing.rows.len(), model.operators.len());
        for padding in [Padding::Honour, Padding::Ignore] {
            let options = Options { padding, all_ops: true, skip_unsupported: true };
            let (network, _) = lower(&model, &options).expect("nothing is an error that may be skipped");
            assert!(network.layers.iter().all(|named| named.layer.operations().is_some()));
        }
    }
});
