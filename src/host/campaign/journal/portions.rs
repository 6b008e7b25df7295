//! A campaign in parts: each part packs its blocks into a file, and all parts are joined again.

use std::fs;
use std::path::{Path, PathBuf};

use super::Journal;
use crate::host::campaign::files::{JournalError, MANIFEST, Partial, at};
use crate::host::directory::Lock;
use crate::host::shard::{self, About};

impl Journal {
    /// Packs the blocks with these numbers, all finished, into the file of a part, and removes them.
    ///
    /// # Errors
    /// Files that cannot be read or written.
    pub(crate) fn pack(self, path: &Path, about: &About, blocks: &[usize]) -> Result<(), JournalError> {
        let partial = &self.partial;
        let files = blocks.iter().flat_map(|&block| [partial.part(block), partial.summary(block)]);
        let entry = |path: PathBuf| {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            shard::file(name, &path)
        };
        shard::pack(path, about, files.chain([partial.file(MANIFEST)]).map(entry))?;
        self.partial.remove()
    }

    /// Joins all parts of a campaign in a directory, as if a single campaign had been interrupted after its last
    /// block.
    ///
    /// # Errors
    /// An unfinished campaign there, parts that are damaged or of different campaigns, files that cannot be written.
    pub(crate) fn unpack(directory: &Path, parts: &mut [shard::Part]) -> Result<(), JournalError> {
        let _lock = Lock::take(directory)?;
        let partial = Partial::of(directory)?;
        if partial.path().exists() {
            return Err(JournalError::Unfinished(directory.to_path_buf()));
        }
        at(partial.path(), fs::create_dir_all(partial.path()))?;
        let laid = shard::unpack(parts, MANIFEST, |name| partial.file(name));
        if laid.is_err() {
            partial.remove()?;
        }
        Ok(laid?)
    }
}
