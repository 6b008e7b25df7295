//! Directories of results of long commands: a lock for one command at a time, and checksums of the files.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use fs4::{FileExt, TryLockError};
use serde_json::Value;

/// The file with the id of the process that is working in a directory.
const LOCK: &str = ".lock";
/// The prefix of temporary files of results.
pub(crate) const TEMPORARY: &str = ".maestrino-";

/// Why a directory cannot be written into.
#[derive(Debug, thiserror::Error)]
pub enum DirectoryError {
    /// Another command is working there.
    #[error("{}: {by} is at work there; wait until it has ended, or give another directory", directory.display())]
    Busy {
        /// Where.
        directory: PathBuf,
        /// Which process.
        by: String,
    },
    /// A file cannot be read or written.
    #[error("{}: {source}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// The exclusive right to write into a directory. It ends with the value, or with the process.
#[derive(Debug)]
pub struct Lock {
    directory: PathBuf,
    /// Open and locked.
    file: File,
    /// Whether the lock has created the directory.
    made: bool,
}

impl Lock {
    /// Creates the directory if necessary, and locks it for this process. Removes temporary files of runs that were
    /// killed.
    ///
    /// # Errors
    /// Another process has locked it, or the file system refuses something.
    pub fn take(directory: &Path) -> Result<Lock, DirectoryError> {
        let path = directory.join(LOCK);
        let failed = |source| DirectoryError::File { path: path.clone(), source };
        let made = !directory.exists();
        loop {
            fs::create_dir_all(directory).map_err(failed)?;
            // Do not truncate the file before it is locked: it has the id of the process that holds it.
            let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path);
            let mut file = match file {
                // Another process removed the empty directory between our two steps.
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                file => file.map_err(failed)?,
            };
            if !is_ours(&file).map_err(failed)? {
                let mut by = String::new();
                // If it cannot be read, the directory is in use all the same.
                let _ = file.take(64).read_to_string(&mut by);
                let by = by.trim().parse::<u32>().map_or("another process".to_string(), |id| format!("process {id}"));
                return Err(DirectoryError::Busy { directory: directory.to_path_buf(), by });
            }
            if !is_there(&file, &path) {
                // The process that held the lock removed the file between our two steps.
                continue;
            }
            file.set_len(0).and_then(|()| writeln!(file, "{}", std::process::id())).map_err(failed)?;
            let lock = Lock { directory: directory.to_path_buf(), file, made };
            lock.remove_temporary(directory).map_err(failed)?;
            return Ok(lock);
        }
    }

    /// Removes temporary files of runs that were killed, in the locked directory or in one below it.
    ///
    /// # Errors
    /// What the file system refuses.
    pub(crate) fn remove_temporary(&self, directory: &Path) -> io::Result<()> {
        for entry in fs::read_dir(directory)? {
            let entry = entry?;
            if entry.file_name().to_string_lossy().starts_with(TEMPORARY) && entry.file_type()?.is_file() {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Remove the file while it is still locked, so that it cannot belong to another process.
        let _ = fs::remove_file(self.directory.join(LOCK));
        let _ = FileExt::unlock(&self.file);
        if self.made {
            // Only succeeds if the directory is empty.
            let _ = fs::remove_dir(&self.directory);
        }
    }
}

/// Locks a file; `false` if another process has locked it.
pub(crate) fn is_ours(file: &File) -> io::Result<bool> {
    match FileExt::try_lock(file) {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// Whether a path still names an open file.
#[cfg(unix)]
fn is_there(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let key = |metadata: fs::Metadata| (metadata.dev(), metadata.ino());
    matches!((file.metadata().map(key), fs::metadata(path).map(key)), (Ok(open), Ok(named)) if open == named)
}

/// On other systems, an open file keeps its name.
#[cfg(not(unix))]
fn is_there(_: &File, path: &Path) -> bool {
    path.exists()
}

/// The first parameter in which a command differs from the one that it should resume.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "with another {what}: it was {was}, now it is {is}; resume with the same arguments, or remove it to start over"
)]
pub struct Difference {
    what: String,
    was: String,
    is: String,
}

impl Difference {
    /// The first difference between the earlier and the present parameters of a command, given as JSON objects.
    pub(crate) fn between(was: &Value, is: &Value) -> Option<Difference> {
        let keys = |value: &Value| -> Vec<String> {
            value.as_object().map(|map| map.keys().cloned().collect()).unwrap_or_default()
        };
        let of = |value: &Value, key: &str| value.get(key).cloned().unwrap_or(Value::Null);
        let key = keys(is).into_iter().chain(keys(was)).find(|key| of(was, key) != of(is, key))?;
        let [was, is] = [was, is].map(|value| of(value, &key).to_string());
        Some(Difference { what: key.replace('_', " "), was, is })
    }
}

/// The CRC-32 of some bytes, as eight hexadecimal digits.
pub fn checksum(bytes: &[u8]) -> String {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    checksum_text(&crc)
}

/// The text of a checksum that was computed while writing or reading: see [`checksum`].
pub(crate) fn checksum_text(crc: &flate2::Crc) -> String {
    format!("{:08x}", crc.sum())
}

/// The [`checksum`] of a file, which need not fit into memory.
///
/// # Errors
/// A file that cannot be read.
pub(crate) fn checksum_of(path: &Path) -> io::Result<String> {
    let mut reader = flate2::CrcReader::new(File::open(path)?);
    io::copy(&mut reader, &mut io::sink())?;
    Ok(checksum_text(reader.crc()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_is_one_processs_at_a_time() {
        let root = tempfile::tempdir().unwrap();
        let directory = root.path().join("a/b");
        let lock = Lock::take(&directory).unwrap();
        let refused = Lock::take(&directory).unwrap_err().to_string();
        assert!(refused.contains(&format!("process {} is at work there", std::process::id())), "{refused}");
        fs::write(directory.join(format!("{TEMPORARY}x")), "half").unwrap();
        drop(lock);
        let lock = Lock::take(&directory).unwrap();
        assert_eq!(fs::read_dir(&directory).unwrap().count(), 1, "the lock alone");
        fs::write(directory.join("result"), "").unwrap();
        drop(lock);
        assert_eq!(fs::read_dir(&directory).unwrap().count(), 1, "the result alone");
        let empty = root.path().join("empty");
        drop(Lock::take(&empty).unwrap());
        assert!(!empty.exists());
    }

    #[test]
    fn checksums_are_crc32() {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), "123456789").unwrap();
        assert_eq!(
            (checksum(b"123456789").as_str(), checksum_of(file.path()).unwrap().as_str()),
            ("cbf43926", "cbf43926")
        );
    }
}
