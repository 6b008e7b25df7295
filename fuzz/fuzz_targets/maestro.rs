//! Any text as a mapping file: an error, or a network that reads back as it was written.
#![no_main]

use libfuzzer_sys::fuzz_target;
use maestrino::host::formats::maestro::{parse_dataflow, parse_hardware, parse_network, write_network};

fuzz_target!(|text: &str| {
    let _ = (parse_hardware(text, "fuzz"), parse_dataflow(text, "fuzz"));
    let Ok(parsed) = parse_network(text, "fuzz") else { return };
    let written = write_network(&parsed.network);
    let _ = parse_network(&written, "written").map(|again| again.network.layers.len());
});
