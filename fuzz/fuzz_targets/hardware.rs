//! Any text as a hardware file. The result is an error that can be shown, or an accelerator that reads back as it was
//! written.
#![no_main]

use libfuzzer_sys::fuzz_target;
use maestrino::host::formats::maestro::{parse_hardware, write_platform};
use maestrino::host::report::table::describe;

fuzz_target!(|text: &str| {
    let file = match parse_hardware(text, "fuzz") {
        Ok(file) => file,
        Err(error) => return drop(error.render(true)),
    };
    let platform = file.platform().expect("no figure is out of range");
    assert!(platform.scaled_energies().offchip >= 0.0);
    describe(&platform.hardware);
    let again = parse_hardware(&write_platform(&platform), "written").expect("what was written is read");
    assert_eq!(again.platform(), Ok(platform));
});
