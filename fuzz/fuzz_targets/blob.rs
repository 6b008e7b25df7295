//! Any bytes as the payload of a network blob: an error, or a network that reads back as it was written.
#![no_main]

use libfuzzer_sys::fuzz_target;
use maestrino::dataflow::presets::{Preset, Presets};
use maestrino::host::builtin;
use maestrino::host::estimate::DataflowChoice;
use maestrino::host::formats::blob;
use maestrino::wire::{self, Blob, BlobLayer};
use maestrino_fuzz::{payload, seal};

fuzz_target!(
    init: {
        let choice = DataflowChoice::Preset { presets: Presets::of(Preset::KcpWs.tiling()), fit: true };
        let real = blob::compile(&builtin::network("ds_cnn").expect("built in"), &choice, 256).expect("it fits");
        assert_eq!(seal(payload(&real)), real, "the header is another one: adapt maestrino_fuzz::seal");
    },
    |bytes: &[u8]| {
        // The header itself, which mutants do not reach otherwise.
        let _ = blob::read(bytes);
        let sealed = seal(bytes);
        let Ok(network) = blob::read(&sealed) else { return };
        let opened = Blob::open(&sealed).expect("it was read");
        let dataflows: Vec<_> = (0..=u8::MAX).map_while(|number| opened.dataflow(number).ok()).collect();
        let layers: Vec<BlobLayer<'_>> = opened.layers().map(|layer| layer.expect("it was read")).collect();
        let names = layers.iter().map(|layer| layer.name).chain([opened.name()]);
        if names.into_iter().all(|name| std::str::from_utf8(name.as_bytes()).is_ok()) {
            let mut buffer = vec![0; sealed.len() * 2 + 64];
            let again = wire::encode(opened.name().as_str(), &dataflows, layers.iter().copied(), &mut buffer);
            assert_eq!(blob::read(again.expect("it fits")).expect("it is read"), network);
        }
    }
);
