//! Any text as a model or mapping file. The result is an error that can be shown, or a network that reads back as it
//! was written.
#![no_main]

use libfuzzer_sys::fuzz_target;
use maestrino::host::formats::maestro::{parse_network, write_network};
use maestrino::host::network::Network;

fuzz_target!(|text: &str| {
    let parsed = match parse_network(text, "fuzz") {
        Ok(parsed) => parsed,
        Err(error) => return drop(error.render(true)),
    };
    parsed.warnings.iter().for_each(|warning| drop(warning.render(true)));
    let network = without_lines(parsed.network);
    let mapped = network.layers.iter().filter(|named| named.dataflow.is_some()).count();
    if mapped == 0 || mapped == network.layers.len() {
        let again = parse_network(&write_network(&network), "written").expect("what was written is read");
        assert_eq!(without_lines(again.network), network);
    }
});

fn without_lines(mut network: Network) -> Network {
    network.layers.iter_mut().for_each(|named| named.line = None);
    network
}
