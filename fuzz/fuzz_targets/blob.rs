//! Any bytes as the payload of a network blob. The result is an error, or a network that reads back as it was
//! written.
#![no_main]

use libfuzzer_sys::fuzz_target;
use maestrino::Hardware;
use maestrino::dataflow::presets::Preset;
use maestrino::exact::Player;
use maestrino::host::builtin;
use maestrino::host::dataflow_choice::DataflowChoice;
use maestrino::host::formats::blob;
use maestrino::host::platform::Platform;
use maestrino::wire::{self, Blob, BlobLayer, WireError};
use maestrino_fuzz::{payload, seal};

fuzz_target!(
    init: {
        let choice = DataflowChoice::preset(Preset::KcpWs.tiling(), true);
        let platform = Platform::new(Hardware::new(256).expect("a valid array"));
        let real = blob::compile(&builtin::network("ds_cnn").expect("built in"), &choice, &platform, &[]).expect("it fits");
        assert_eq!(seal(payload(&real)), real, "the header is another one: adapt maestrino_fuzz::seal");
    },
    |bytes: &[u8]| {
        // Tests the header itself, which mutants of the payload do not reach.
        let _ = blob::read(bytes);
        let sealed = seal(bytes);
        let Ok(network) = blob::read(&sealed) else { return };
        let opened = Blob::open(&sealed).expect("it was read");
        let dataflows: Vec<_> = (0..=u8::MAX).map_while(|number| opened.dataflow(number).ok()).collect();
        let layers: Vec<BlobLayer<'_>> = opened.layers().map(|layer| layer.expect("it was read")).collect();
        let names = layers.iter().map(|layer| layer.name).chain([opened.name()]);
        if names.into_iter().all(|name| std::str::from_utf8(name.as_bytes()).is_ok()) {
            let accelerator = opened.accelerator().expect("it was read");
            let mut buffer = vec![0; 1 << 20];
            // A blob with a dataflow that does not suit its layer can be read, but not written.
            match wire::encode(opened.name().as_str(), &accelerator, &dataflows, layers.iter().copied(), &[], &mut buffer) {
                Ok(again) => assert_eq!(blob::read(again).expect("it is read"), network),
                Err(error) => assert!(matches!(error, WireError::Invalid(_) | WireError::BufferTooSmall), "{error}"),
            }
        }
        // What is counted can be timed, or there is an error that it is too much.
        let (accelerator, mut counted) = (opened.accelerator().expect("it was read"), opened.counted());
        for layer in 0..opened.layer_count() {
            if let Ok(Some(set)) = opened.mappings(layer) {
                let _ = (set.choose(&accelerator.hardware), set.dataflow(0));
            }
            let mut player = Player::new(&accelerator.hardware);
            let counts = counted.next(&mut |event| player.play(event)).expect("it was read");
            let _ = maestrino::Cost::timed(&counts, &player, &accelerator.hardware, &accelerator.energies);
        }
    }
);
