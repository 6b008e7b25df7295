//! Checks and files that the targets share.

use std::path::{Path, PathBuf};

use maestrino::host::directory::checksum;
use maestrino::host::model::Model;
use maestrino::host::model::listing::Listing;
use maestrino::host::model::lower::{Options, Padding, lower};
use maestrino::wire::{MAGIC, VERSION};

/// A blob with this payload and the correct length and checksum, so that mutants reach the code behind the checks.
///
/// The header of a blob is written here a second time. If it differs from the library's, `blob` and `capi` fail when
/// they start.
pub fn seal(payload: &[u8]) -> Vec<u8> {
    let length = payload.len() as u32;
    [&MAGIC[..], &VERSION.to_le_bytes(), &[0; 2], &length.to_le_bytes(), &crc32(payload).to_le_bytes(), payload]
        .concat()
}

/// The payload of a blob.
pub fn payload(blob: &[u8]) -> &[u8] {
    &blob[16..]
}

fn crc32(bytes: &[u8]) -> u32 {
    u32::from_str_radix(&checksum(bytes), 16).expect("eight digits")
}

/// A directory for this process. It is in memory if the system supports that, because files are written for each
/// input.
pub fn scratch(target: &str) -> PathBuf {
    let shm = Path::new("/dev/shm");
    let root = if shm.is_dir() { shm.to_path_buf() } else { std::env::temp_dir() };
    let directory = root.join(format!("maestrino-fuzz-{target}-{}", std::process::id()));
    std::fs::create_dir_all(&directory).expect("a scratch directory");
    directory
}

/// Checks that a model can be listed, printed and lowered.
pub fn check_model(model: &Model) {
    let listing = Listing::of_model(model);
    assert_eq!(listing.rows.len(), model.operators.len());
    maestrino::host::report::listing::render(&listing);
    for padding in [Padding::Honour, Padding::Ignore] {
        let options = Options { padding, all_ops: true, skip_unsupported: true };
        let (network, _) = lower(model, &options).expect("nothing is an error that may be skipped");
        assert!(network.layers.iter().all(|named| named.layer.operations().is_some()));
    }
}
