//! Any bytes as the files of an interrupted campaign. Resuming makes the same tables, or prints what is wrong.
//!
//! The first byte chooses what the others are. It may be a block of a campaign (its summary, a line end, its part of
//! the table) with correct checksums, whose tables are CSV (0) or Parquet (1). Or it is the manifest of an unfinished
//! (2) or finished (3) campaign.
#![no_main]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use maestrino::dataflow::presets::Preset;
use maestrino::host::campaign::files::{JournalError, Kept, MANIFEST, PARTIAL};
use maestrino::host::campaign::journal::Journal;
use maestrino::host::campaign::read::Tables;
use maestrino::host::campaign::tables::Format;
use maestrino::host::campaign::{Block, Campaign, Costing, DesignSpace, NamedDataflow, Workload, accelerators};
use maestrino::host::dataflow_choice::DataflowChoice;
use maestrino::host::directory::checksum;
use maestrino::{Dim, EnergyTable, Layer, LayerKind};
use maestrino_fuzz::scratch;
use serde_json::{Map, Value};

const FORMATS: [Format; 2] = [Format::Csv, Format::Parquet];

/// A campaign of two blocks, and the files that it leaves.
struct Known {
    directory: PathBuf,
    campaign: Campaign,
    blocks: [Block; 2],
    /// For each format, the files of an unfinished and of a finished campaign.
    files: [[Files; 2]; 2],
}

/// The names and contents of files.
type Files = Vec<(PathBuf, Vec<u8>)>;

static KNOWN: LazyLock<Known> = LazyLock::new(|| {
    let window = [(Dim::R, 3), (Dim::S, 3), (Dim::Y, 10), (Dim::X, 10)];
    let layers = [8, 64].map(|k| {
        let dims = [&[(Dim::K, k), (Dim::C, 3)][..], &window].concat();
        Layer::strided(LayerKind::Conv, &dims, 1, 1).expect("valid")
    });
    let mut workload = Workload::new();
    workload.push("one", &layers[..1]);
    workload.push("two", &layers);
    let preset = |preset: Preset| NamedDataflow {
        name: preset.to_string(),
        choice: DataflowChoice::preset(preset.tiling(), true),
    };
    let campaign = Campaign {
        workload,
        designs: DesignSpace {
            mappings: None,
            accelerators: accelerators::grid("pes=16:64,noc=8,l2=200:20000").expect("a grid"),
            dataflows: vec![preset(Preset::KcpWs), preset(Preset::Rs)],
            mixed: None,
        },
        costing: Costing::Exact(EnergyTable::REFERENCE),
    };
    let directory = scratch("blocks");
    let blocks = [campaign.block(0..2), campaign.block(2..4)];
    let mut known = Known { directory, campaign, blocks, files: Default::default() };
    known.files = FORMATS.map(|format| {
        clear(&known.directory);
        let journal = known.open(format).expect("an empty directory").expect("a new campaign");
        let kept = [0, 1].map(|block| journal.keep(block, &known.campaign, &known.blocks[block]).expect("room"));
        let unfinished = files_of(&known.directory.join(PARTIAL));
        journal.finish(&known.campaign, &kept).expect("room");
        [unfinished, files_of(&known.directory)]
    });
    known
});

impl Known {
    fn open(&self, format: Format) -> Result<Option<Journal>, String> {
        let journal = Journal::open(&self.directory, &self.campaign, Map::new(), format, true);
        journal.map_err(|error| error.to_string())
    }

    /// Resumes the campaign block by block, as the command does. Returns whether the first block was accepted
    /// unchanged.
    fn resume(&self, format: Format) -> Result<bool, (bool, String)> {
        let mut taken = false;
        let mut resume = || {
            let message = |error: JournalError| error.to_string();
            let Some(journal) = self.open(format)? else { return Ok(()) };
            let mut summaries = Vec::new();
            for (number, block) in self.blocks.iter().enumerate() {
                summaries.push(match journal.kept(number, &self.campaign).map_err(message)? {
                    Kept::Whole(summary) => {
                        taken |= number == 0;
                        summary
                    }
                    Kept::None | Kept::Damaged => journal.keep(number, &self.campaign, block).map_err(message)?,
                });
            }
            journal.finish(&self.campaign, &summaries).map_err(message)?;
            Tables::default().add(&self.directory).map_err(|error| error.to_string())
        };
        match resume() {
            Ok(()) => Ok(taken),
            Err(error) => Err((taken, error)),
        }
    }
}

fuzz_target!(|bytes: &[u8]| {
    let Some((choice, bytes)) = bytes.split_first() else { return };
    let known = &*KNOWN;
    clear(&known.directory);
    let format = FORMATS[usize::from(choice % 2)];
    let [unfinished, finished] = &known.files[usize::from(choice % 2)];
    match choice % 4 {
        0 | 1 => {
            write(unfinished);
            let (line, part) = split(bytes);
            let partial = known.directory.join(PARTIAL);
            put(&partial.join("block-000000.part"), part);
            put(&partial.join("block-000000.json"), &seal(line, part));
            match known.resume(format) {
                // Only someone who computes the checksums can have put another block there.
                Ok(true) | Err((true, _)) => {}
                Ok(false) => assert_eq!(files_of(&known.directory), *finished),
                Err((false, error)) => panic!("a block that is damaged is made anew: {error}"),
            }
        }
        2 => {
            write(unfinished);
            put(&known.directory.join(PARTIAL).join(MANIFEST), bytes);
            if known.resume(Format::Csv).is_ok() {
                assert_eq!(files_of(&known.directory), known.files[0][1]);
            }
        }
        _ => {
            write(&known.files[0][1]);
            put(&known.directory.join(MANIFEST), bytes);
            assert!(known.resume(Format::Csv).is_ok(), "whatever a manifest says, the campaign is made anew");
        }
    }
});

/// Splits bytes into a summary and a part.
fn split(bytes: &[u8]) -> (&[u8], &[u8]) {
    let end = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len());
    (&bytes[..end], bytes.get(end + 1..).unwrap_or_default())
}

/// The file of a block, with the checksums of its summary and its part.
fn seal(line: &[u8], part: &[u8]) -> Vec<u8> {
    let line = match serde_json::from_slice(line) {
        Ok(Value::Object(mut summary)) => {
            summary.insert("part_crc32".to_string(), checksum(part).into());
            Value::Object(summary).to_string().into_bytes()
        }
        _ => line.to_vec(),
    };
    [&line[..], b"\n", checksum(&line).as_bytes(), b"\n"].concat()
}

fn clear(directory: &Path) {
    let _ = fs::remove_dir_all(directory);
    fs::create_dir_all(directory).expect("a directory");
}

/// The files in a directory, without those in its subdirectories.
fn files_of(directory: &Path) -> Files {
    let entries = fs::read_dir(directory).expect("a directory").map(|entry| entry.expect("an entry").path());
    let mut files: Files = entries
        .filter(|path| path.is_file() && !path.ends_with(".lock"))
        .map(|path| (path.clone(), fs::read(&path).expect("a file")))
        .collect();
    files.sort();
    files
}

fn write(files: &Files) {
    for (path, content) in files {
        fs::create_dir_all(path.parent().expect("a directory")).expect("a directory");
        put(path, content);
    }
}

fn put(path: &Path, content: &[u8]) {
    fs::write(path, content).expect("room for a file");
}
