//! The files of a campaign: finished blocks are kept in `DIR/.partial` until all are there, so that a campaign that was
//! stopped or killed can go on. What appears in `DIR` is complete.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use serde_json::{Map, Value, json};

use super::files::{ACCELERATORS, JournalError, MANIFEST, Partial, Summary, UNUSABLE, at};
use super::tables::{self, Common, Format, Part, Parts};
use super::{Accelerator, Block, Campaign, Costing, Directives, Unusable};
use crate::hardware::UNLIMITED;
use crate::host::costs::CostModel;
use crate::{Dim, MAX_LEVELS, Noc, Widths};

/// A campaign under way.
#[derive(Debug)]
pub struct Journal {
    directory: PathBuf,
    partial: Partial,
    format: Format,
    parameters: Value,
    /// What the next block need not encode again.
    common: Mutex<Option<Common>>,
}

impl Journal {
    /// Begins a campaign in a directory, or goes on with it; `None` if it is to be resumed and is complete. `recipe` is
    /// what makes the networks, for the manifest.
    ///
    /// # Errors
    /// Designs with the same column; a campaign that was begun there and is not to be resumed, or is another one; files
    /// that cannot be written.
    pub fn open(
        directory: &Path,
        campaign: &Campaign,
        recipe: Map<String, Value>,
        format: Format,
        resume: bool,
    ) -> Result<Option<Journal>, JournalError> {
        campaign.check_names()?;
        let mut parameters = Map::from_iter([("maestrino".to_string(), Value::from(env!("CARGO_PKG_VERSION")))]);
        parameters.extend(recipe);
        parameters.extend(describe(campaign));
        parameters.insert("format".to_string(), format.name().into());
        let parameters = Value::Object(parameters);
        let partial = Partial::of(directory)?;
        let journal =
            Journal { directory: directory.to_path_buf(), partial, format, parameters, common: Mutex::new(None) };
        let manifest = journal.partial.file(MANIFEST);
        if journal.partial.path().exists() {
            if !resume {
                return Err(JournalError::Unfinished(journal.directory));
            }
            if manifest.exists() {
                journal.check(&manifest)?;
                return Ok(Some(journal));
            }
            // Killed before it had begun. Nothing tells whose blocks there are, if any: they are not taken.
            journal.partial.remove()?;
        } else if resume && journal.is_complete() {
            return Ok(None);
        }
        at(journal.partial.path(), fs::create_dir_all(journal.partial.path()))?;
        journal.partial.put(&manifest, pretty(&journal.parameters).as_bytes())?;
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
            what: format!("is damaged ({error}); remove {} to start over", self.partial.path().display()),
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

    /// What a block amounts to, if it is finished: one whose files are missing, short or damaged is not.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn finished(&self, block: usize) -> Result<Option<Summary>, JournalError> {
        let path = self.partial.summary(block);
        if !path.exists() {
            return Ok(None);
        }
        let bytes = at(&path, fs::read(&path))?;
        let summary = serde_json::from_slice(&bytes).ok().and_then(|value| Summary::of(&value));
        let length = fs::metadata(self.partial.part(block)).map(|part| part.len()).ok();
        Ok(summary.filter(|summary| length == Some(summary.part_bytes)))
    }

    /// Keeps a block.
    ///
    /// # Errors
    /// Files that cannot be written.
    pub fn keep(&self, number: usize, campaign: &Campaign, block: &Block) -> Result<Summary, JournalError> {
        let part = self.partial.part(number);
        let unfinished = part.with_extension("unfinished");
        let mut file = at(&unfinished, File::create(&unfinished))?;
        let mut common = self.common.lock().map_or(None, |mut common| common.take());
        let written = Part { campaign, block, common: &mut common }.write(self.format, &mut file);
        let written = written.and_then(|()| file.flush()).and_then(|()| file.metadata());
        let bytes = at(&unfinished, written)?.len();
        if let Ok(mut kept) = self.common.lock() {
            *kept = common;
        }
        at(&part, fs::rename(&unfinished, &part))?;
        let summary = Summary::new(block, bytes);
        self.partial.put(&self.partial.summary(number), summary.to_json().to_string().as_bytes())?;
        Ok(summary)
    }

    /// Removes the blocks.
    ///
    /// # Errors
    /// Files that cannot be removed.
    pub fn discard(self) -> Result<(), JournalError> {
        self.partial.remove()
    }

    /// Turns the blocks into tables, and removes them. `summaries` are those of all blocks, in their order.
    ///
    /// # Errors
    /// Files that cannot be read or written.
    pub fn finish(self, campaign: &Campaign, summaries: &[Summary]) -> Result<(), JournalError> {
        let designs: usize = summaries.iter().map(|summary| summary.designs.len()).sum();
        let unusable: Vec<&[String; 8]> = summaries.iter().flat_map(|summary| &summary.unusable).collect();
        let mut files = Parts { partial: &self.partial, campaign, summaries }.assemble(self.format)?;
        let unusable_designs = unusable.iter().map(|record| record.as_slice());
        files.push(self.partial.put_csv(UNUSABLE, &Unusable::COLUMNS, unusable_designs)?);
        let model = campaign.costing.model();
        let accelerators: Vec<_> =
            campaign.accelerators.iter().map(|accelerator| figures(accelerator, model)).collect();
        let accelerators = accelerators.iter().map(|record| record.as_slice());
        files.push(self.partial.put_csv(ACCELERATORS, columns(model), accelerators)?);
        let mut manifest = self.parameters.clone();
        if let Value::Object(manifest) = &mut manifest {
            manifest.insert("distinct_layers".to_string(), campaign.workload.layers().len().into());
            manifest.insert("designs".to_string(), designs.into());
            let all = campaign.accelerators.len() * campaign.designs_each();
            manifest.insert("unusable_designs".to_string(), (all - designs).into());
            if campaign.costing.model() == CostModel::Exact {
                // They have columns, in which some networks are missing.
                manifest.insert("partly_usable_designs".to_string(), (unusable.len() + designs - all).into());
            }
            manifest.insert(
                "evaluations".to_string(),
                summaries.iter().map(|summary| summary.evaluations).sum::<u64>().into(),
            );
        }
        let path = self.partial.file("final.json");
        self.partial.put(&path, pretty(&manifest).as_bytes())?;
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
        self.partial.remove()
    }
}

fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}

/// Columns of `accelerators.csv`; the reference's model knows the first of them only.
const FIGURES: [&str; 16] = [
    "accelerator",
    "pes",
    "simd_lanes",
    "noc",
    "hops",
    "offchip",
    "l1_bytes",
    "l2_bytes",
    "l1_buffers",
    "l2_buffers",
    "cluster_bytes",
    "weights_bw",
    "multicast",
    "activations",
    "bits",
    "weights_permille",
];

fn columns(model: CostModel) -> &'static [&'static str] {
    match model {
        CostModel::Exact => &FIGURES,
        CostModel::Maestro => &FIGURES[..8],
    }
}

/// A record of `accelerators.csv`; empty where there is no limit. Of a NoC that is not alike at all levels, those of each.
fn figures(Accelerator { name, hardware }: &Accelerator, model: CostModel) -> Vec<String> {
    let limited = |figure: u32| if figure == UNLIMITED { String::new() } else { figure.to_string() };
    let levels = |tell: &dyn Fn(Noc) -> String| {
        let mut told: Vec<String> = (0..MAX_LEVELS).map(|level| tell(hardware.noc(level))).collect();
        if told.iter().all(|other| *other == told[0]) {
            told.truncate(1);
        }
        told.join(":")
    };
    let Widths { input, filter, output, psum } = hardware.widths();
    let mut record = vec![
        name.clone(),
        hardware.pes().to_string(),
        hardware.simd_lanes().to_string(),
        levels(&|noc| limited(noc.bandwidth)),
        levels(&|noc| noc.latency.to_string()),
        limited(hardware.offchip_bandwidth()),
        limited(hardware.l1_bytes()),
        limited(hardware.l2_bytes()),
        hardware.l1_buffers().factor().to_string(),
        hardware.l2_buffers().factor().to_string(),
        limited(hardware.cluster_bytes()),
        hardware.weights_bandwidth().map_or(String::new(), |bytes| bytes.to_string()),
        if hardware.multicast() { "yes" } else { "no" }.to_string(),
        hardware.activations().name().to_string(),
        format!("{input}:{filter}:{output}:{psum}"),
        hardware.weights_permille().to_string(),
    ];
    record.truncate(columns(model).len());
    record
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
        accelerators.update(figures(accelerator, campaign.costing.model()).join(",").as_bytes());
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
    let energy = match campaign.costing {
        Costing::Exact(table) => json!({"total_nj": {
            "mac": table.mac, "l1": table.l1, "l2": table.l2, "offchip": table.offchip,
            "cluster": table.cluster.unwrap_or(table.l2),
        }}),
        Costing::Maestro(table) => json!({"total_nj": {"mac": table.mac, "l1": table.l1, "l2": table.l2}}),
        Costing::MaestroCsv => "maestro-csv".into(),
    };
    let mut map = Map::new();
    let entries: [(&str, Value); 9] = [
        ("model", campaign.costing.model().name().into()),
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
