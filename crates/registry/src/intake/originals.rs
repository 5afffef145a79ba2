//! Delivered files as they came, sealed, named by the hash of their content.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use kernel::error::{Refusal, Result};
use sha2::{Digest, Sha256};
use store::Keys;

/// Days for which a file waits for the answer which of its columns is which.
pub const UNANSWERED_DAYS: u32 = 7;
/// The same as a time.
pub const UNANSWERED: Duration = Duration::from_hours(24 * UNANSWERED_DAYS as u64);

/// The folder of the originals.
#[derive(Debug, Clone)]
pub struct Originals {
    folder: PathBuf,
    keys: Keys,
}

/// SHA-256 of a file's content as 64 hexadecimal characters.
pub fn hash_of(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Originals {
    /// Originals in this folder, sealed with these keys.
    pub fn new(folder: &Path, keys: &Keys) -> Self {
        Originals { folder: folder.to_owned(), keys: keys.clone() }
    }

    fn path(&self, hash: &str) -> PathBuf {
        self.folder.join(hash.get(..2).unwrap_or("00")).join(hash)
    }

    /// Keeps a file; one that is kept already stays as it is. Written beside and renamed, so that a crash never leaves
    /// half a file under its name.
    pub fn keep(&self, hash: &str, bytes: &[u8]) -> Result<()> {
        let path = self.path(hash);
        if path.exists() {
            return Ok(());
        }
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let unfinished = path.with_extension("unfinished");
        fs::write(&unfinished, self.keys.seal(bytes)?)?;
        fs::rename(&unfinished, &path)?;
        Ok(())
    }

    /// Forgets a file of which nothing came; one that was never kept is no matter.
    pub fn forget(&self, hash: &str) -> Result<()> {
        match fs::remove_file(self.path(hash)) {
            Err(why) if why.kind() != std::io::ErrorKind::NotFound => Err(why.into()),
            _ => Ok(()),
        }
    }

    /// The hashes of files that have lain here for longer than this.
    pub fn list_older(&self, wait: Duration) -> Result<Vec<String>> {
        let mut old = Vec::new();
        let Ok(folders) = fs::read_dir(&self.folder) else { return Ok(old) };
        for folder in folders {
            let Ok(files) = fs::read_dir(folder?.path()) else { continue };
            for file in files {
                let file = file?;
                let age = file.metadata()?.modified()?.elapsed().unwrap_or_default();
                if age > wait {
                    old.extend(file.file_name().into_string());
                }
            }
        }
        Ok(old)
    }

    /// Whether the file is kept: what was written by hand has none.
    pub fn holds(&self, hash: &str) -> bool {
        self.path(hash).exists()
    }

    /// The content of a kept file.
    pub fn open(&self, hash: &str) -> Result<Vec<u8>> {
        let sealed =
            fs::read(self.path(hash)).map_err(|_| Refusal::not_found("intake.original_missing"))?;
        self.keys.open(&sealed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_original_is_kept_sealed_and_comes_back_unchanged() {
        let folder = tempfile::tempdir().unwrap();
        let originals = Originals::new(folder.path(), &Keys::from_master([1; 32]).unwrap());
        let bytes = "姓名,身份证号\n张三,110105194912310021\n".as_bytes();
        let hash = hash_of(bytes);
        originals.keep(&hash, bytes).unwrap();
        originals.keep(&hash, bytes).unwrap();
        assert_eq!(originals.open(&hash).unwrap(), bytes);
        let stored = std::fs::read(originals.path(&hash)).unwrap();
        assert!(!String::from_utf8_lossy(&stored).contains("110105"));
        assert!(originals.open("00ff").is_err());
        assert!(originals.holds(&hash) && !originals.holds("00ff"));
        originals.forget(&hash).unwrap();
        originals.forget(&hash).unwrap();
        assert!(originals.open(&hash).is_err());
    }
}
