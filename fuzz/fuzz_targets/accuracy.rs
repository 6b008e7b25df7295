//! Any text as a CSV of accuracies, a random forest or a list of networks, for each space. The result is an error
//! that can be shown, or an accuracy for each network. The first byte chooses the space.
#![no_main]

use libfuzzer_sys::fuzz_target;
use maestrino::host::spaces::accuracy::Accuracy;
use maestrino::host::spaces::{NAMES, by_name, networks};

fuzz_target!(|bytes: &[u8]| {
    let Some((choice, bytes)) = bytes.split_first() else { return };
    let name = NAMES[usize::from(*choice) % NAMES.len()];
    // To find network 99,999 of this space, all networks before it are drawn. That takes less than a second, but too
    // long for a mutant.
    let header = bytes.split(|byte| b"\r\n".contains(byte)).find(|line| !line.is_empty()).unwrap_or_default();
    let header = String::from_utf8_lossy(header).replace('"', "");
    let by_id = header.split(',').any(|name| ["id", "seed", "config_index"].contains(&name.trim()));
    if name == "alphanet" && (by_id || header.trim().parse::<u32>().is_ok()) {
        return;
    }
    let space = by_name(name).expect("a name");
    let listed = networks::read(space.as_ref(), bytes, "fuzz").map_err(|error| error.to_string()).unwrap_or_default();
    match Accuracy::read(space.as_ref(), bytes, "fuzz") {
        Ok(accuracy) => drop(accuracy.of_all(space.as_ref(), &listed).map_err(|error| error.to_string())),
        Err(error) => drop(error.to_string()),
    }
});
