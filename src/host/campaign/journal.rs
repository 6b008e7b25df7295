//! The files of a campaign: finished blocks are kept in `DIR/.partial` until all are there, so that a campaign that was
//! stopped or killed can go on. What appears in `DIR` is complete.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use serde_json::{Map, Value, json};

use super::tables::{self, Common, Format, Part};
use super::{Accelerator, Block, Campaign, Directives, EnergyModel};
use crate::Dim;
use crate::hardware::UNLIMITED;

/// Where unfinished campaigns keep their blocks.
pub const PARTIAL: &str = ".partial";
/// What a campaign was and how much came out.
pub const MANIFEST: &str = "manifest.json";
/// The designs that some layer cannot be costed on, and why.
pub const UNUSABLE: &str = "unusable.csv";
/// The accelerators, with their figures.
pub const ACCELERATORS: &str = "accelerators.csv";

/// Why a campaign's files cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// A campaign was begun here before.
    #[error(
        "{} holds an unfinished campaign: add --resume to go on with it, or remove it to start over",
        .0.join(PARTIAL).display()
    )]
    Unfinished(PathBuf),
    /// The campaign that was begun here is another one.
    #[error(
        "{} holds an unfinished campaign with another {what}: it was {was}, now it is {is}; \
         resume with the same arguments, or remove it to start over",
        directory.join(PARTIAL).display()
    )]
    Differs {
        /// Where.
        directory: PathBuf,
        /// What differs first.
        what: String,
        /// What it was.
        was: String,
        /// What it is.
        is: String,
    },
    /// A file that should not be there, or is not what it should be.
    #[error("{}: {what}", path.display())]
    Damaged {
        /// Which.
        path: PathBuf,
        /// What is wrong.
        what: String,
    },
    /// A file that cannot be read or written.
    #[error("{}: {source}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// Names the file that an operation failed on.
pub(super) fn at<T>(path: &Path, result: io::Result<T>) -> Result<T, JournalError> {
    result.map_err(|source| JournalError::File { path: path.to_path_buf(), source })
}

/// A campaign under way.
#[derive(Debug)]
pub struct Journal {
    directory: PathBuf,
    partial: PathBuf,
    format: Format,
    parameters: Value,
    /// What the next block need not encode again.
    common: Mutex<Option<Common>>,
}

/// What a finished block amounts to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Summary {
    /// The designs, as in [`Block::designs`].
    pub designs: Vec<(usize, usize)>,
    /// Records of `unusable.csv`.
    pub unusable: Vec<[String; 7]>,
    /// As in [`Block::evaluations`].
    pub evaluations: u64,
}

impl Journal {
    /// Begins a campaign in a directory, or goes on with it; `None` if it is to be resumed and is complete. `recipe` is
    /// what makes the networks, for the manifest.
    ///
    /// # Errors
    /// A campaign that was begun there and is not to be resumed, or is another one; files that cannot be written.
    pub fn open(
        directory: &Path,
        campaign: &Campaign,
        recipe: Map<String, Value>,
        format: Format,
        resume: bool,
    ) -> Result<Option<Journal>, JournalError> {
        let partial = directory.join(PARTIAL);
        let mut parameters = Map::from_iter([("maestrino".to_string(), Value::from(env!("CARGO_PKG_VERSION")))]);
        parameters.extend(recipe);
        parameters.extend(describe(campaign));
        parameters.insert("format".to_string(), format.name().into());
        let parameters = Value::Object(parameters);
        let journal =
            Journal { directory: directory.to_path_buf(), partial, format, parameters, common: Mutex::new(None) };
        let manifest = journal.partial.join(MANIFEST);
        if journal.partial.exists() {
            if !resume {
                return Err(JournalError::Unfinished(journal.directory));
            }
            // Killed before it had begun: nothing is lost.
            if manifest.exists() {
                journal.check(&manifest)?;
                return Ok(Some(journal));
            }
        } else if resume && journal.is_complete() {
            return Ok(None);
        }
        at(&journal.partial, fs::create_dir_all(&journal.partial))?;
        journal.put(&manifest, pretty(&journal.parameters).as_bytes())?;
        Ok(Some(journal))
    }

    /// Whether the directory holds the result of this very campaign.
    fn is_complete(&self) -> bool {
        let text = fs::read_to_string(self.directory.join(MANIFEST)).unwrap_or_default();
        let manifest: Value = serde_json::from_str(&text).unwrap_or_default();
        self.parameters.as_object().is_some_and(|own| own.iter().all(|(key, value)| manifest.get(key) == Some(value)))
    }

    /// Whether the campaign that was begun is this one.
    fn check(&self, manifest: &Path) -> Result<(), JournalError> {
        let text = at(manifest, fs::read_to_string(manifest))?;
        let was: Value = serde_json::from_str(&text).map_err(|error| JournalError::Damaged {
            path: manifest.to_path_buf(),
            what: format!("is damaged ({error}); remove {} to start over", self.partial.display()),
        })?;
        let none = Value::Null;
        let keys = |value: &Value| -> Vec<String> {
            value.as_object().map(|map| map.keys().cloned().collect()).unwrap_or_default()
        };
        let of = |value: &Value, key: &str| value.get(key).unwrap_or(&none).clone();
        let all = keys(&self.parameters).into_iter().chain(keys(&was));
        match all.into_iter().find(|key| of(&was, key) != of(&self.parameters, key)) {
            None => Ok(()),
            Some(key) => Err(JournalError::Differs {
                directory: self.directory.clone(),
                was: of(&was, &key).to_string(),
                is: of(&self.parameters, &key).to_string(),
                what: key.replace('_', " "),
            }),
        }
    }

    fn place(&self, block: usize, what: &str) -> PathBuf {
        self.partial.join(format!("block-{block:06}.{what}"))
    }

    /// The part of a table that a block is kept as.
    pub(super) fn part(&self, block: usize) -> PathBuf {
        self.place(block, "part")
    }

    /// Writes a file whole or not at all.
    fn put(&self, path: &Path, content: &[u8]) -> Result<(), JournalError> {
        let unfinished = path.with_extension("unfinished");
        at(&unfinished, fs::write(&unfinished, content))?;
        at(path, fs::rename(&unfinished, path))
    }

    /// What a block amounts to, if it is finished.
    ///
    /// # Errors
    /// A file that cannot be read or is damaged.
    pub fn finished(&self, block: usize) -> Result<Option<Summary>, JournalError> {
        let path = self.place(block, "json");
        if !path.exists() {
            return Ok(None);
        }
        let text = at(&path, fs::read_to_string(&path))?;
        let summary = serde_json::from_str(&text).ok().and_then(|value| Summary::of(&value));
        summary.map(Some).ok_or_else(|| JournalError::Damaged {
            path,
            what: format!("is damaged; remove {} to start over", self.partial.display()),
        })
    }

    /// Keeps a block.
    ///
    /// # Errors
    /// Files that cannot be written.
    pub fn keep(&self, number: usize, campaign: &Campaign, block: &Block) -> Result<Summary, JournalError> {
        let part = self.part(number);
        let unfinished = part.with_extension("unfinished");
        let mut file = at(&unfinished, File::create(&unfinished))?;
        let mut common = self.common.lock().map_or(None, |mut common| common.take());
        let written = Part { campaign, block, common: &mut common }.write(self.format, &mut file);
        at(&unfinished, written.and_then(|()| file.flush()))?;
        if let Ok(mut kept) = self.common.lock() {
            *kept = common;
        }
        at(&part, fs::rename(&unfinished, &part))?;
        let summary = Summary::new(block);
        // The part is finished as soon as this file is there.
        self.put(&self.place(number, "json"), summary.to_json().to_string().as_bytes())?;
        Ok(summary)
    }

    /// Turns the blocks into tables, and removes them. `summaries` are those of all blocks, in their order.
    ///
    /// # Errors
    /// Files that cannot be read or written.
    pub fn finish(self, campaign: &Campaign, summaries: &[Summary]) -> Result<(), JournalError> {
        let designs: usize = summaries.iter().map(|summary| summary.designs.len()).sum();
        let unusable: Vec<&[String; 7]> = summaries.iter().flat_map(|summary| &summary.unusable).collect();
        let mut files = tables::assemble(&self, campaign, summaries, self.format)?;
        let header = ["dataflow", "accelerator", "layer", "network", "layers", "networks", "reason"];
        files.push(self.csv(UNUSABLE, &header.map(String::from), unusable.iter().map(|record| record.as_slice()))?);
        let accelerators: Vec<_> = campaign.accelerators.iter().map(figures).collect();
        let header = ["accelerator", "pes", "simd_lanes", "noc", "hops", "offchip", "l1_bytes", "l2_bytes"];
        files.push(self.csv(
            ACCELERATORS,
            &header.map(String::from),
            accelerators.iter().map(|record| record.as_slice()),
        )?);
        let mut manifest = self.parameters.clone();
        if let Value::Object(manifest) = &mut manifest {
            manifest.insert("distinct_layers".to_string(), campaign.workload.layers().len().into());
            manifest.insert("designs".to_string(), designs.into());
            manifest.insert("unusable_designs".to_string(), unusable.len().into());
            manifest.insert(
                "evaluations".to_string(),
                summaries.iter().map(|summary| summary.evaluations).sum::<u64>().into(),
            );
        }
        let path = self.partial.join("final.json");
        self.put(&path, pretty(&manifest).as_bytes())?;
        // Its presence says that the others are complete: it goes last, and what was there before goes first.
        for name in [MANIFEST, tables::LATENCY, tables::ENERGY, tables::COSTS] {
            let _ = fs::remove_file(self.directory.join(name));
        }
        for file in files {
            if let Some(name) = file.file_name() {
                at(&file, fs::rename(&file, self.directory.join(name)))?;
            }
        }
        at(&path, fs::rename(&path, self.directory.join(MANIFEST)))?;
        at(&self.partial, fs::remove_dir_all(&self.partial))
    }

    /// Writes a CSV into the directory of unfinished files.
    fn csv<'a>(
        &self,
        name: &str,
        header: &[String],
        records: impl Iterator<Item = &'a [String]>,
    ) -> Result<PathBuf, JournalError> {
        let path = self.partial.join(name);
        let mut writer = csv::Writer::from_writer(Vec::new());
        let written = writer.write_record(header).and_then(|()| {
            let mut records = records;
            records.try_for_each(|record| writer.write_record(record))
        });
        at(&path, written.map_err(io::Error::other))?;
        let bytes = writer.into_inner().map_err(|error| io::Error::other(error.to_string()));
        self.put(&path, &at(&path, bytes)?)?;
        Ok(path)
    }

    /// A file under way.
    pub(super) fn unfinished(&self, name: &str) -> PathBuf {
        self.partial.join(name)
    }
}

fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}

/// A record of `accelerators.csv`; empty where there is no limit.
fn figures(Accelerator { name, hardware }: &Accelerator) -> [String; 8] {
    let noc = hardware.noc(0);
    let limited = |figure: u32| if figure == UNLIMITED { String::new() } else { figure.to_string() };
    [
        name.clone(),
        hardware.pes().to_string(),
        hardware.simd_lanes().to_string(),
        limited(noc.bandwidth),
        noc.latency.to_string(),
        limited(hardware.offchip_bandwidth()),
        limited(hardware.l1_bytes()),
        limited(hardware.l2_bytes()),
    ]
}

/// What makes a campaign the one that it is.
fn describe(campaign: &Campaign) -> Map<String, Value> {
    const CRC: crc::Crc<u64> = crc::Crc::<u64>::new(&crc::CRC_64_XZ);
    let hex = |digest: crc::Digest<'_, u64>| Value::from(format!("{:016x}", digest.finalize()));
    let workload = &campaign.workload;
    let mut layers = CRC.digest();
    for layer in workload.layers() {
        layers.update(layer.kind().name().as_bytes());
        for dim in Dim::ALL {
            layers.update(&layer.size(dim).unwrap_or(0).to_le_bytes());
        }
        [Dim::Y, Dim::X].iter().for_each(|dim| layers.update(&layer.stride(*dim).to_le_bytes()));
    }
    for (network, sequence) in workload.networks().iter().zip(workload.sequences()) {
        layers.update(network.as_bytes());
        layers.update(&(sequence.len() as u64).to_le_bytes());
        sequence.iter().for_each(|layer| layers.update(&layer.to_le_bytes()));
    }
    let mut accelerators = CRC.digest();
    for accelerator in &campaign.accelerators {
        accelerators.update(figures(accelerator).join(",").as_bytes());
        accelerators.update(b"\n");
    }
    let dataflows = campaign.dataflows.iter().map(|dataflow| match &dataflow.directives {
        Directives::Preset { tiling, fit } => {
            let tiles =
                tiling.preset().parameters().iter().filter_map(|parameter| {
                    Some((parameter.name.to_string(), Value::from(tiling.tile(parameter.name)?)))
                });
            json!({"name": dataflow.name, "preset": tiling.preset().name(), "tiles": Map::from_iter(tiles), "fit": fit})
        }
        Directives::Given(given) => {
            json!({"name": dataflow.name, "directives": format!("{:?}", given.directives())})
        }
    });
    let energy = match campaign.energy {
        EnergyModel::Total(table) => json!({"total_nj": {"mac": table.mac, "l1": table.l1, "l2": table.l2}}),
        EnergyModel::MaestroCsv => "maestro-csv".into(),
    };
    let mut map = Map::new();
    let entries: [(&str, Value); 8] = [
        ("networks", workload.networks().len().into()),
        ("layers", workload.layer_count().into()),
        ("layers_crc64", hex(layers)),
        ("accelerators", campaign.accelerators.len().into()),
        ("accelerators_crc64", hex(accelerators)),
        ("dataflows", dataflows.collect()),
        ("mixed", campaign.mixed.map_or(Value::Null, |objective| objective.name().into())),
        ("energy", energy),
    ];
    map.extend(entries.map(|(key, value)| (key.to_string(), value)));
    map
}

impl Summary {
    fn new(block: &Block) -> Summary {
        let unusable = block.unusable.iter().map(|unusable| {
            [
                unusable.dataflow.clone(),
                unusable.accelerator.clone(),
                unusable.layer.clone(),
                unusable.network.clone(),
                unusable.layers.to_string(),
                unusable.networks.to_string(),
                unusable.reason.to_string(),
            ]
        });
        Summary { designs: block.designs.clone(), unusable: unusable.collect(), evaluations: block.evaluations }
    }

    fn to_json(&self) -> Value {
        json!({"designs": self.designs, "unusable": self.unusable, "evaluations": self.evaluations})
    }

    fn of(value: &Value) -> Option<Summary> {
        let pair = |value: &Value| Some((value.get(0)?.as_u64()? as usize, value.get(1)?.as_u64()? as usize));
        let record = |value: &Value| {
            let fields: Option<Vec<String>> =
                value.as_array()?.iter().map(|field| Some(field.as_str()?.into())).collect();
            fields?.try_into().ok()
        };
        Some(Summary {
            designs: value.get("designs")?.as_array()?.iter().map(pair).collect::<Option<_>>()?,
            unusable: value.get("unusable")?.as_array()?.iter().map(record).collect::<Option<_>>()?,
            evaluations: value.get("evaluations")?.as_u64()?,
        })
    }
}
