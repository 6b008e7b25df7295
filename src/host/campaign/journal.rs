//! The files of a campaign while it runs. Finished blocks are kept in `DIR/.partial` until all are there, so that a
//! campaign that was stopped or killed can continue. What appears in `DIR` is complete, and its manifest has the
//! checksum of each file.

#[cfg(feature = "cli")]
mod portions;

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use flate2::CrcWriter;
use serde_json::{Map, Value};

use super::files::{ACCELERATORS, JournalError, Kept, MANIFEST, Partial, Summary, UNUSABLE, at};
use super::identity::{columns, describe, figures};
use super::tables::{self, Common, Format, Part, Parts};
use super::{Block, Campaign, DesignId, Unusable};
use crate::host::cost_table::CostModel;
use crate::host::directory::{Difference, Lock, checksum_of, checksum_text};

/// A campaign that is running.
#[derive(Debug)]
pub struct Journal {
    directory: PathBuf,
    partial: Partial,
    format: Format,
    parameters: Value,
    /// Encoded columns of the last block, which the next block may share.
    common: Mutex<Option<Common>>,
    replaces: Option<String>,
    _lock: Lock,
}

impl Journal {
    /// Begins a campaign in a directory, or resumes it; `None` if it is to be resumed and is already complete.
    /// `recipe` describes how the networks are made, for the manifest.
    ///
    /// # Errors
    /// Designs with the same column; another command is working there; an unfinished campaign is there and `resume`
    /// is not set, or it is a different campaign; files that cannot be written.
    pub fn open(
        directory: &Path,
        campaign: &Campaign,
        recipe: Map<String, Value>,
        format: Format,
        resume: bool,
    ) -> Result<Option<Journal>, JournalError> {
        campaign.designs.check_names()?;
        let mut parameters = Map::from_iter([("maestrino".to_string(), Value::from(env!("CARGO_PKG_VERSION")))]);
        parameters.extend(recipe);
        parameters.extend(describe(campaign));
        parameters.insert("format".to_string(), format.name().into());
        let parameters = Value::Object(parameters);
        let lock = Lock::take(directory)?;
        let partial = Partial::of(directory)?;
        let (directory, common) = (directory.to_path_buf(), Mutex::new(None));
        let mut journal = Journal { directory, partial, format, parameters, common, replaces: None, _lock: lock };
        let manifest = journal.partial.file(MANIFEST);
        if journal.partial.path().exists() {
            if !resume {
                return Err(JournalError::Unfinished(journal.directory));
            }
            if manifest.exists() {
                journal.check(&manifest)?;
                return Ok(Some(journal));
            }
            // The campaign was killed before it wrote its manifest. If there are blocks, it is unknown to which
            // campaign they belong, so they are not used.
            journal.partial.remove()?;
        } else {
            match journal.former() {
                Former::Same(None) if resume => return Ok(None),
                Former::Same(Some(damaged)) => {
                    journal.replaces = Some(format!(
                        "{damaged} was changed since the campaign wrote it: everything is computed again"
                    ));
                }
                Former::Another => journal.replaces = Some("the results of another campaign are replaced".to_string()),
                Former::Same(None) | Former::None => {}
            }
        }
        at(journal.partial.path(), fs::create_dir_all(journal.partial.path()))?;
        journal.partial.put(&manifest, pretty(&journal.parameters).as_bytes())?;
        Ok(Some(journal))
    }

    /// A sentence about the results that are replaced in the directory; `None` if there are none, or the same ones.
    pub fn replaces(&self) -> Option<&str> {
        self.replaces.as_deref()
    }

    /// The finished campaign that the directory holds.
    fn former(&self) -> Former {
        let Ok(text) = fs::read_to_string(self.directory.join(MANIFEST)) else { return Former::None };
        let manifest: Value = serde_json::from_str(&text).unwrap_or_default();
        let same = |own: &Map<String, Value>| own.iter().all(|(key, value)| manifest.get(key) == Some(value));
        if !self.parameters.as_object().is_some_and(same) {
            return Former::Another;
        }
        let Some(files) = manifest.get(CHECKSUMS).and_then(Value::as_object) else {
            return Former::Same(Some(MANIFEST.to_string()));
        };
        let whole = |(name, crc): &(&String, &Value)| {
            checksum_of(&self.directory.join(name)).is_ok_and(|is| crc.as_str() == Some(is.as_str()))
        };
        Former::Same(files.iter().find(|file| !whole(file)).map(|(name, _)| name.clone()))
    }

    /// Checks that the campaign that was begun is this one.
    fn check(&self, manifest: &Path) -> Result<(), JournalError> {
        let text = at(manifest, fs::read_to_string(manifest))?;
        let was: Value = serde_json::from_str(&text).map_err(|error| JournalError::Damaged {
            path: manifest.to_path_buf(),
            what: format!("is damaged ({error}); remove {} to start over", self.partial.path().display()),
        })?;
        match Difference::between(&was, &self.parameters) {
            None => Ok(()),
            Some(difference) => Err(JournalError::Differs { directory: self.directory.clone(), difference }),
        }
    }

    /// The state of a block's files.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn kept(&self, block: usize, campaign: &Campaign) -> Result<Kept, JournalError> {
        let path = self.partial.summary(block);
        if !path.exists() {
            return Ok(Kept::None);
        }
        let summary = Summary::of_text(&at(&path, fs::read(&path))?);
        let known = |design: &DesignId| campaign.designs.has(*design);
        let summary = summary.filter(|summary| summary.designs.iter().all(known));
        let part = self.partial.part(block);
        match summary {
            Some(summary) if part.exists() && at(&part, checksum_of(&part))? == summary.part_crc32 => {
                Ok(Kept::Whole(summary))
            }
            _ => Ok(Kept::Damaged),
        }
    }

    /// Writes a finished block.
    ///
    /// # Errors
    /// Files that cannot be written.
    pub fn keep(&self, number: usize, campaign: &Campaign, block: &Block) -> Result<Summary, JournalError> {
        let part = self.partial.part(number);
        let unfinished = part.with_extension("unfinished");
        let mut file = CrcWriter::new(at(&unfinished, File::create(&unfinished))?);
        let mut common = self.common.lock().map_or(None, |mut common| common.take());
        let written = Part { campaign, block, common: &mut common }.write(self.format, &mut file);
        at(&unfinished, written.and_then(|()| file.get_ref().sync_all()))?;
        if let Ok(mut kept) = self.common.lock() {
            *kept = common;
        }
        at(&part, fs::rename(&unfinished, &part))?;
        let summary = Summary::new(block, checksum_text(file.crc()));
        self.partial.put(&self.partial.summary(number), summary.to_text().as_bytes())?;
        Ok(summary)
    }

    /// Removes the blocks.
    ///
    /// # Errors
    /// Files that cannot be removed.
    pub fn discard(self) -> Result<(), JournalError> {
        self.partial.remove()
    }

    /// Turns the blocks into tables, and removes the blocks. `summaries` has the summaries of all blocks, in order.
    ///
    /// # Errors
    /// Files that cannot be read or written.
    pub fn finish(self, campaign: &Campaign, summaries: &[Summary]) -> Result<(), JournalError> {
        let designs: usize = summaries.iter().map(|summary| summary.designs.len()).sum();
        let unusable: Vec<&Unusable> = summaries.iter().flat_map(|summary| &summary.unusable).collect();
        let mut files = Parts { partial: &self.partial, campaign, summaries }.assemble(self.format)?;
        let lacks: Vec<[String; 10]> = unusable.iter().flat_map(|unusable| unusable.rows()).collect();
        let lacks = lacks.iter().map(|row| row.as_slice());
        files.push(self.partial.put_csv(UNUSABLE, &Unusable::COLUMNS, lacks)?);
        let model = campaign.costing.model();
        let accelerators: Vec<_> =
            campaign.designs.accelerators.iter().map(|accelerator| figures(accelerator, model)).collect();
        let accelerators = accelerators.iter().map(|record| record.as_slice());
        files.push(self.partial.put_csv(ACCELERATORS, columns(model), accelerators)?);
        let mut manifest = self.parameters.clone();
        if let Value::Object(manifest) = &mut manifest {
            manifest.insert("distinct_layers".to_string(), campaign.workload.layers().len().into());
            manifest.insert("designs".to_string(), designs.into());
            let all = campaign.designs.accelerators.len() * campaign.designs.each();
            manifest.insert("unusable_designs".to_string(), (all - designs).into());
            if campaign.costing.model() == CostModel::Exact {
                // These designs have columns in which some networks are missing.
                manifest.insert("partly_usable_designs".to_string(), (unusable.len() + designs - all).into());
            }
            manifest.insert(
                "evaluations".to_string(),
                summaries.iter().map(|summary| summary.evaluations).sum::<u64>().into(),
            );
            let mut checksums = Map::new();
            for (file, checksum) in &files {
                let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
                checksums.insert(name, checksum.as_str().into());
            }
            manifest.insert(CHECKSUMS.to_string(), checksums.into());
        }
        let path = self.partial.file("final.json");
        self.partial.put(&path, pretty(&manifest).as_bytes())?;
        // The manifest shows that the other files are complete. So it is moved last, and the old one is removed
        // first.
        for name in [MANIFEST, tables::LATENCY, tables::ENERGY, tables::COSTS] {
            let _ = fs::remove_file(self.directory.join(name));
        }
        for (file, _) in files {
            if let Some(name) = file.file_name() {
                at(&file, fs::rename(&file, self.directory.join(name)))?;
            }
        }
        at(&path, fs::rename(&path, self.directory.join(MANIFEST)))?;
        self.partial.remove()
    }
}

/// The finished campaign in a directory.
enum Former {
    /// The result of this campaign, and the first of its files that has changed, if any.
    Same(Option<String>),
    /// The result of another campaign.
    Another,
    None,
}

/// The field of a manifest with the checksum of each file, by name.
const CHECKSUMS: &str = "files_crc32";

fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}
