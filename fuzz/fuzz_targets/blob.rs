//! Any bytes as a network blob: an error or a network.
#![no_main]

use libfuzzer_sys::fuzz_target;
use maestrino::host::formats::blob;

fuzz_target!(|bytes: &[u8]| {
    let _ = blob::read(bytes);
});
