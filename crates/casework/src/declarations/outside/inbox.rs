//! The inbox: a file to which lines are added and from which nothing is taken. What a line holds is sealed to the county.
//!
//! A line is on the disk before it is acknowledged. What a process that was killed left half-written ends where the next one
//! begins, and is counted as damaged when the county reads the file.

use std::collections::HashMap;
use std::fs::{File, OpenOptions, TryLockError, create_dir_all};
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use kernel::area::AreaCode;
use kernel::error::{Error, Refusal, Result};
use serde::{Deserialize, Serialize};

/// The name of the file in the folder.
pub const INBOX: &str = "inbox.jsonl";
/// Bytes that an inbox may grow to, so that nobody fills the disk: more than a million declarations.
pub const MOST_BYTES: u64 = 2 * 1024 * 1024 * 1024;
/// Longest line that is read; the pages take in much less.
const LONGEST_LINE: u64 = 64 * 1024;

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The digest of the code; of an objection one of its own. A line is taken in once.
    pub id: String,
    /// When.
    pub at: String,
    /// The township that was chosen.
    pub town: Option<AreaCode>,
    /// The letter, as hexadecimal characters.
    pub sealed: String,
}

#[derive(Debug)]
struct Opened {
    file: File,
    bytes: u64,
    /// The ids that are there, with their townships.
    known: HashMap<String, Option<AreaCode>>,
}

/// An inbox that is open for adding. One process at a time.
#[derive(Debug)]
pub struct Inbox {
    opened: Mutex<Opened>,
    most: u64,
}

impl Inbox {
    /// Opens the inbox of a folder, which is made if it is not there.
    ///
    /// # Errors
    /// `declarations.inbox_taken` while another process has it open; faults of the folder.
    pub fn open(folder: &Path, most: u64) -> Result<Self> {
        create_dir_all(folder)?;
        let mut file =
            OpenOptions::new().create(true).read(true).append(true).open(folder.join(INBOX))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(Refusal::conflict("declarations.inbox_taken")
                    .arg("folder", folder.display())
                    .into());
            }
            Err(TryLockError::Error(why)) => return Err(why.into()),
        }
        let mut bytes = file.metadata()?.len();
        if bytes > 0 {
            let mut last = [0_u8; 1];
            file.seek(SeekFrom::End(-1))?;
            file.read_exact(&mut last)?;
            if last != *b"\n" {
                file.write_all(b"\n")?;
                bytes += 1;
            }
        }
        let mut known = HashMap::new();
        for line in read_lines(&folder.join(INBOX))?.filter_map(std::result::Result::ok) {
            known.insert(line.id, line.town);
        }
        Ok(Inbox { opened: Mutex::new(Opened { file, bytes, known }), most })
    }

    /// Adds a line, on the disk when this returns; `false` when it was there.
    ///
    /// # Errors
    /// `declarations.inbox_full`; faults of the disk, after which nothing of the line counts.
    pub fn add(&self, line: &Line) -> Result<bool> {
        let mut text = serde_json::to_string(line).map_err(|why| Error::fault(why.to_string()))?;
        text.push('\n');
        let length = u64::try_from(text.len()).unwrap_or(u64::MAX);
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        if opened.known.contains_key(&line.id) {
            return Ok(false);
        }
        if opened.bytes.saturating_add(length) > self.most {
            return Err(Refusal::unavailable("declarations.inbox_full").into());
        }
        let before = opened.bytes;
        let written = opened.file.write_all(text.as_bytes()).and_then(|()| opened.file.sync_data());
        if let Err(why) = written {
            // half a line would make the next one unreadable too
            let _ = opened.file.set_len(before);
            return Err(why.into());
        }
        opened.bytes += length;
        opened.known.insert(line.id.clone(), line.town);
        Ok(true)
    }

    /// Whether a line of this id is there; with the township that was chosen.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<Option<AreaCode>> {
        self.opened.lock().unwrap_or_else(PoisonError::into_inner).known.get(id).copied()
    }
}

/// The lines of an inbox; a line that cannot be read is its number, from 1.
///
/// # Errors
/// Faults of the file.
pub fn read_lines(
    file: &Path,
) -> Result<impl Iterator<Item = std::result::Result<Line, usize>> + use<>> {
    let mut reader = BufReader::new(File::open(file)?);
    let mut number = 0;
    Ok(std::iter::from_fn(move || {
        loop {
            let mut text = Vec::new();
            let read = (&mut reader).take(LONGEST_LINE).read_until(b'\n', &mut text).ok()?;
            if read == 0 {
                return None;
            }
            number += 1;
            if text.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            return Some(serde_json::from_slice(&text).map_err(|_| number));
        }
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(id: &str) -> Line {
        Line {
            id: id.into(),
            at: "2026-11-22T00:00:00.000Z".into(),
            town: None,
            sealed: "00".into(),
        }
    }

    #[test]
    fn what_was_acknowledged_is_there_after_a_kill_in_the_middle_of_a_line() {
        let folder = tempfile::tempdir().unwrap();
        let inbox = Inbox::open(folder.path(), MOST_BYTES).unwrap();
        assert!(inbox.add(&line("a")).unwrap());
        assert!(!inbox.add(&line("a")).unwrap(), "the same form sent twice is one line");
        drop(inbox);
        let path = folder.path().join(INBOX);
        let mut torn = std::fs::read(&path).unwrap();
        torn.extend(br#"{"id":"b","at":"20"#);
        std::fs::write(&path, torn).unwrap();
        let inbox = Inbox::open(folder.path(), MOST_BYTES).unwrap();
        assert!(inbox.find("a").is_some() && inbox.find("b").is_none());
        assert!(inbox.add(&line("c")).unwrap());
        let read: Vec<_> = read_lines(&path).unwrap().collect();
        assert_eq!(read, [Ok(line("a")), Err(2), Ok(line("c"))]);
    }

    #[test]
    fn one_process_at_a_time_and_never_more_than_the_disk_should_hold() {
        let folder = tempfile::tempdir().unwrap();
        let inbox = Inbox::open(folder.path(), 100).unwrap();
        let second = Inbox::open(folder.path(), 100).unwrap_err();
        assert_eq!(second.refusal().unwrap().code, "declarations.inbox_taken");
        assert!(inbox.add(&line("a")).unwrap());
        let full = inbox.add(&line("b")).unwrap_err();
        assert_eq!(full.refusal().unwrap().code, "declarations.inbox_full");
    }
}
