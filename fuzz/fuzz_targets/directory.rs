//! Any files in the directory of a search. `report` draws them, and `space srcc` compares the tables, or they print
//! what is wrong.
//!
//! The directory is `seeds/directory`. Each file there begins with a line that contains its name. An input consists
//! of one or several such files, separated by zero bytes. The checksums in the summary are corrected.
#![no_main]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use maestrino::host::campaign::read::Tables;
use maestrino::host::directory::checksum;
use maestrino::host::report::codesign;
use maestrino::host::search::files::{CHECKSUMS, NAMES, SUMMARY};
use maestrino::host::stats::{Correlations, Ranked};
use maestrino_fuzz::scratch;
use serde_json::{Map, Value};

type File = (String, Vec<u8>);

struct Known {
    directory: PathBuf,
    files: Vec<File>,
}

static KNOWN: LazyLock<Known> = LazyLock::new(|| {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds/directory");
    let entries = fs::read_dir(seeds).expect("the seeds").map(|entry| entry.expect("a seed").path());
    let files = entries.flat_map(|path| files(&fs::read(path).expect("a seed"))).collect();
    let known = Known { directory: scratch("directory"), files };
    known.files.iter().for_each(|file| known.put(file));
    known.seal();
    let page = codesign::report(&known.directory).expect("the directory as it is");
    assert!(page.figures().count() > 5);
    known
});

/// The files in an input. Files without a valid name are ignored.
fn files(bytes: &[u8]) -> Vec<File> {
    let file = |bytes: &[u8]| {
        let end = bytes.iter().position(|byte| *byte == b'\n')?;
        let name = NAMES.iter().find(|name| name.as_bytes() == &bytes[..end])?;
        Some((name.to_string(), bytes[end + 1..].to_vec()))
    };
    bytes.split(|byte| *byte == 0).filter_map(file).collect()
}

impl Known {
    fn put(&self, (name, content): &File) {
        fs::write(self.directory.join(name), content).expect("room for a file");
    }

    /// Corrects the checksums if the file is the summary.
    fn seal(&self) {
        let path = self.directory.join(SUMMARY);
        let text = fs::read(&path).unwrap_or_default();
        let Ok(Value::Object(mut summary)) = serde_json::from_slice::<Value>(&text) else { return };
        let mut sums = Map::new();
        for name in NAMES {
            if let Ok(bytes) = fs::read(self.directory.join(name)) {
                sums.insert(name.to_string(), checksum(&bytes).into());
            }
        }
        summary.insert(CHECKSUMS.to_string(), sums.into());
        self.put(&(SUMMARY.to_string(), Value::Object(summary).to_string().into_bytes()));
    }
}

fuzz_target!(|bytes: &[u8]| {
    let known = &*KNOWN;
    let changed = files(bytes);
    if changed.is_empty() {
        return;
    }
    changed.iter().for_each(|file| known.put(file));
    known.seal();
    match codesign::report(&known.directory) {
        Ok(page) => {
            page.html("figures");
            page.figures().for_each(|figure| drop(figure.data.csv().expect("rows as long as the header")));
        }
        Err(error) => drop(error.to_string()),
    }
    if changed.iter().any(|(name, _)| name == "latency.csv" || name == "energy.csv") {
        compare(&known.directory);
    }
    for (name, _) in changed {
        match known.files.iter().find(|(known, _)| *known == name) {
            Some(file) => known.put(file),
            None => fs::remove_file(known.directory.join(name)).expect("a file"),
        }
    }
});

/// Reads the tables as `space srcc` does.
fn compare(directory: &Path) {
    let mut tables = Tables::default();
    if let Err(error) = tables.add(directory) {
        let _ = error.to_string();
        return;
    }
    let names = tables.columns.iter().map(|column| column.name.clone()).collect();
    let figures: Option<Vec<_>> = tables.columns.iter().map(|column| column.latency.as_deref()).collect();
    if let Some(figures) = figures {
        let ranked: Vec<_> = figures.into_iter().map(Ranked::of).collect();
        drop(Correlations::new(names, &ranked));
    }
}
