//! Any text as the file of a space. The result is an error that can be shown, or a space whose networks can be
//! written as text, read back, and turned into layers.
#![no_main]

use libfuzzer_sys::fuzz_target;
use maestrino::host::spaces::{Space, Staged};

fuzz_target!(|text: &str| {
    let space = match Staged::read(text, "fuzz") {
        Ok(space) => space,
        Err(error) => return drop(error.render(true)),
    };
    assert!(space.size() > 0 && space.population() > 0);
    for genome in space.draw(2) {
        assert!(space.contains(&genome));
        assert_eq!(space.parse(&space.format(&genome)), Ok(genome));
        assert!(space.macs(&genome) > 0 && !space.layers(&genome).is_empty());
        assert!(space.memory(&genome).is_some_and(|memory| memory.sram > 0 && memory.flash > 0));
    }
});
