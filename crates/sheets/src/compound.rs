//! The compound file (OLE) that Excel 97–2003 and old WPS write their workbooks into: a small file system of sectors.

use crate::{Result, SheetError};

const END: u32 = 0xFFFF_FFFA;
/// Directory entries that are looked at; a workbook has a handful.
const MOST_ENTRIES: usize = 10_000;

struct Entry {
    name: String,
    kind: u8,
    start: u32,
    size: u64,
}

/// An opened compound file, wholly in memory.
pub(crate) struct Compound<'a> {
    bytes: &'a [u8],
    sector: usize,
    fat: Vec<u32>,
    small: Vec<u32>,
    cutoff: u64,
    entries: Vec<Entry>,
}

fn broken() -> SheetError {
    SheetError::broken("the compound file ends early or contradicts itself")
}

/// Two bytes, the lower first.
pub(crate) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at.checked_add(2)?)?.try_into().ok().map(u16::from_le_bytes)
}

/// Four bytes, the lowest first.
pub(crate) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at.checked_add(4)?)?.try_into().ok().map(u32::from_le_bytes)
}

fn numbers(bytes: &[u8]) -> impl Iterator<Item = u32> {
    bytes.chunks_exact(4).filter_map(|four| u32_at(four, 0))
}

impl<'a> Compound<'a> {
    pub(crate) fn open(bytes: &'a [u8]) -> Result<Self> {
        let word = |at| u32_at(bytes, at).ok_or_else(broken);
        let shift = u16_at(bytes, 30).ok_or_else(broken)?;
        if !matches!(shift, 9 | 12) {
            return Err(broken());
        }
        let mut file = Self {
            bytes,
            sector: 1 << shift,
            fat: Vec::new(),
            small: Vec::new(),
            cutoff: u64::from(word(56)?),
            entries: Vec::new(),
        };
        let mut tables: Vec<u32> = numbers(bytes.get(76..512).ok_or_else(broken)?).collect();
        let mut next = word(68)?;
        let most = bytes.len() / file.sector;
        for _ in 0..=most {
            if next >= END {
                break;
            }
            let table = file.sector_of(next)?;
            let (more, link) = table.split_at_checked(file.sector - 4).ok_or_else(broken)?;
            tables.extend(numbers(more));
            next = u32_at(link, 0).ok_or_else(broken)?;
        }
        for table in tables.into_iter().filter(|table| *table < END).take(most) {
            let part: Vec<u32> = numbers(file.sector_of(table)?).collect();
            file.fat.extend(part);
        }
        let directory = file.chain(word(48)?, u64::MAX)?;
        file.entries = directory.chunks_exact(128).take(MOST_ENTRIES).filter_map(entry).collect();
        if word(64)? > 0 {
            file.small = numbers(&file.chain(word(60)?, u64::MAX)?).collect();
        }
        Ok(file)
    }

    /// Whether there is a stream of this name.
    pub(crate) fn holds(&self, name: &str) -> bool {
        self.entries.iter().any(|entry| entry.kind == 2 && entry.name.eq_ignore_ascii_case(name))
    }

    /// The bytes of a stream.
    pub(crate) fn stream(&self, name: &str) -> Result<Vec<u8>> {
        let named = |entry: &&Entry| entry.kind == 2 && entry.name.eq_ignore_ascii_case(name);
        let entry = self.entries.iter().find(named).ok_or_else(broken)?;
        if entry.size >= self.cutoff {
            return self.chain(entry.start, entry.size);
        }
        let root = self.entries.iter().find(|entry| entry.kind == 5).ok_or_else(broken)?;
        let lake = self.chain(root.start, root.size)?;
        let mut found = Vec::new();
        let mut at = entry.start;
        for _ in 0..=lake.len() / 64 {
            if at >= END || found.len() as u64 >= entry.size {
                break;
            }
            let from = (at as usize).checked_mul(64).ok_or_else(broken)?;
            let to = from.saturating_add(64).min(lake.len());
            found.extend_from_slice(lake.get(from..to).ok_or_else(broken)?);
            at = *self.small.get(at as usize).ok_or_else(broken)?;
        }
        cut(found, entry.size)
    }

    fn sector_of(&self, number: u32) -> Result<&'a [u8]> {
        let from = (number as usize + 1).checked_mul(self.sector).ok_or_else(broken)?;
        let to = from.saturating_add(self.sector).min(self.bytes.len());
        self.bytes.get(from..to).filter(|part| !part.is_empty()).ok_or_else(broken)
    }

    /// Sectors one after the other; never more than the file has.
    fn chain(&self, start: u32, size: u64) -> Result<Vec<u8>> {
        let mut found = Vec::new();
        let mut at = start;
        for _ in 0..=self.bytes.len() / self.sector {
            if at >= END || found.len() as u64 >= size {
                break;
            }
            found.extend_from_slice(self.sector_of(at)?);
            at = *self.fat.get(at as usize).ok_or_else(broken)?;
        }
        if size == u64::MAX { Ok(found) } else { cut(found, size) }
    }
}

/// A stream has the length that the directory says, or the file was cut.
fn cut(mut found: Vec<u8>, size: u64) -> Result<Vec<u8>> {
    let size = usize::try_from(size).map_err(|_| broken())?;
    if found.len() < size {
        return Err(broken());
    }
    found.truncate(size);
    Ok(found)
}

fn entry(bytes: &[u8]) -> Option<Entry> {
    let len = usize::from(u16_at(bytes, 64)?).checked_sub(2)?;
    let units: Vec<u16> =
        bytes.get(..len.min(64))?.chunks_exact(2).filter_map(|two| u16_at(two, 0)).collect();
    Some(Entry {
        name: String::from_utf16_lossy(&units),
        kind: *bytes.get(66)?,
        start: u32_at(bytes, 116)?,
        size: u64::from(u32_at(bytes, 120)?),
    })
}
