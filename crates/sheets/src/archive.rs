//! A workbook as an archive: how much is in it, which sheet lies where, and what in a sheet must be known before its rows
//! are read.

use std::io::Read;

use memchr::memmem;

use crate::workbook::Source;
use crate::{Limits, Result, SheetError};

/// A block of merged cells, all bounds 0-based and inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Block {
    pub(crate) top: u32,
    pub(crate) left: u32,
    pub(crate) bottom: u32,
    pub(crate) right: u32,
}

/// What the text of a sheet holds, seen before it is read.
#[derive(Debug, Default, Clone)]
pub(crate) struct Part {
    /// Merged blocks of more than one row.
    pub(crate) blocks: Vec<Block>,
    /// Some cell has a formula.
    pub(crate) formulas: bool,
    /// Rows that somebody hid, by hand or by a filter.
    pub(crate) hidden_rows: u64,
}

/// Looks the archive through before anything is unpacked into memory: sizes as they are and not as they are declared,
/// merged blocks, formulas. Gives the sheets in the order of the workbook.
pub(crate) fn survey(
    source: &mut Box<dyn Source>,
    file_bytes: u64,
    limits: &Limits,
) -> Result<Vec<Part>> {
    let mut archive = zip::ZipArchive::new(source).map_err(|error| match error {
        zip::result::ZipError::Io(io) => SheetError::from(io),
        other => SheetError::broken(other),
    })?;
    let mut total = 0u64;
    let mut parts: Vec<(String, Part)> = Vec::new();
    let (mut workbook, mut relations) = (Vec::new(), Vec::new());
    let allowed = if file_bytes.saturating_mul(limits.unpacked_ratio) < Limits::RATIO_FROM {
        Limits::RATIO_FROM.min(limits.unpacked_bytes)
    } else {
        limits.unpacked_bytes.min(file_bytes.saturating_mul(limits.unpacked_ratio))
    };
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).map_err(|error| match error {
            zip::result::ZipError::UnsupportedArchive(why) if why.contains("assword") => {
                SheetError::Password
            }
            other => SheetError::broken(other),
        })?;
        let name = entry.name().map_err(SheetError::broken)?.replace('\\', "/").to_lowercase();
        if !(name.ends_with(".xml") || name.ends_with(".rels")) {
            continue;
        }
        if entry.size() > allowed {
            return Err(SheetError::Bomb { limit: allowed });
        }
        let mut scan = Scan::default();
        let keep = name.ends_with("xl/workbook.xml") || name.ends_with("workbook.xml.rels");
        let mut kept = Vec::new();
        let mut buffer = vec![0u8; 64 * 1024];
        loop {
            let read = entry.read(&mut buffer)?;
            if read == 0 {
                break;
            }
            total = total.saturating_add(read as u64);
            if total > allowed {
                return Err(SheetError::Bomb { limit: allowed });
            }
            let piece = buffer.get(..read).unwrap_or_default();
            if keep && kept.len() < 4 * 1024 * 1024 {
                kept.extend_from_slice(piece);
            } else if name.contains("worksheets/") {
                scan.take(piece);
            }
        }
        match () {
            () if name.ends_with("xl/workbook.xml") => workbook = kept,
            () if keep => relations = kept,
            () if name.contains("worksheets/") => parts.push((name, scan.finish())),
            () => {}
        }
    }
    if workbook.is_empty() {
        return Err(SheetError::Unknown);
    }
    Ok(in_order(&String::from_utf8_lossy(&workbook), &String::from_utf8_lossy(&relations), &parts))
}

/// The parts in the order in which the workbook names its sheets.
fn in_order(workbook: &str, relations: &str, parts: &[(String, Part)]) -> Vec<Part> {
    tags(workbook, "sheet")
        .map(|tag| {
            let id = attribute(tag, ":id").or_else(|| attribute(tag, "id")).unwrap_or_default();
            let target = tags(relations, "Relationship")
                .find(|relation| attribute(relation, "Id") == Some(id))
                .and_then(|relation| attribute(relation, "Target"))
                .map(|target| target.trim_start_matches(['.', '/']).to_lowercase());
            target
                .and_then(|target| parts.iter().find(|(name, _)| name.ends_with(&target)))
                .map(|(_, part)| part.clone())
                .unwrap_or_default()
        })
        .collect()
}

/// The insides of the tags of this name, whatever their prefix.
fn tags<'a>(xml: &'a str, name: &'a str) -> impl Iterator<Item = &'a str> {
    xml.split('<').filter_map(move |piece| {
        let inside = piece.split('>').next()?;
        let (head, rest) = inside.split_once(char::is_whitespace)?;
        (head.rsplit(':').next() == Some(name)).then_some(rest)
    })
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    ['"', '\''].into_iter().find_map(|quote| {
        let open = format!("{name}={quote}");
        let mut from = 0;
        while let Some(at) = tag.get(from..)?.find(&open).map(|at| at + from) {
            let before = tag.get(..at).and_then(|before| before.chars().last());
            if name.starts_with(':') || before.is_none_or(char::is_whitespace) {
                return tag.get(at + open.len()..)?.split(quote).next();
            }
            from = at + open.len();
        }
        None
    })
}

/// Finds merged blocks, formulas and hidden rows in the text of a sheet that passes by in pieces.
#[derive(Default)]
struct Scan {
    tail: Vec<u8>,
    part: Part,
}

impl Scan {
    /// Longer than any tag that is looked for.
    const OVERLAP: usize = 512;

    fn take(&mut self, piece: &[u8]) {
        self.tail.extend_from_slice(piece);
        let end = self.tail.len().saturating_sub(Self::OVERLAP);
        self.look(end);
        self.tail.drain(..end);
    }

    fn finish(mut self) -> Part {
        self.look(self.tail.len());
        self.part
    }

    /// Tags that begin before `end`.
    fn look(&mut self, end: usize) {
        let text = self.tail.as_slice();
        if !self.part.formulas {
            self.part.formulas = [&b"<f>"[..], b"<f ", b":f>", b":f "]
                .iter()
                .any(|tag| memmem::find(text, tag).is_some());
        }
        for at in memmem::find_iter(text, b" hidden=") {
            let (before, after) = text.split_at_checked(at).unwrap_or_default();
            let value = after.get(9..).unwrap_or_default();
            let tag = memchr::memrchr(b'<', before).filter(|open| *open < end);
            let name = tag.and_then(|open| before.get(open + 1..)).unwrap_or_default();
            let name = name.split(|byte| byte.is_ascii_whitespace()).next().unwrap_or_default();
            let is_row = name == b"row" || name.ends_with(b":row");
            self.part.hidden_rows +=
                u64::from(is_row && value.starts_with(b"1") | value.starts_with(b"true"));
        }
        for at in memmem::find_iter(text, b"mergeCell ref=") {
            if at >= end || self.part.blocks.len() >= 100_000 {
                continue;
            }
            let range = text.get(at + 15..).unwrap_or_default();
            let range = range.split(|byte| matches!(byte, b'"' | b'\'')).next().unwrap_or_default();
            let Some(block) = std::str::from_utf8(range).ok().and_then(block) else { continue };
            if block.bottom > block.top {
                self.part.blocks.push(block);
            }
        }
    }
}

fn block(range: &str) -> Option<Block> {
    let (from, to) = range.split_once(':')?;
    let ((top, left), (bottom, right)) = (place(from)?, place(to)?);
    (top <= bottom && left <= right).then_some(Block { top, left, bottom, right })
}

fn place(address: &str) -> Option<(u32, u32)> {
    let split = address.find(|c: char| c.is_ascii_digit())?;
    let (letters, digits) = address.split_at_checked(split)?;
    let column = letters.bytes().try_fold(0u32, |column, letter| {
        let digit = letter.to_ascii_uppercase().checked_sub(b'A').filter(|digit| *digit < 26)?;
        column.checked_mul(26)?.checked_add(u32::from(digit) + 1)
    })?;
    Some((digits.parse::<u32>().ok()?.checked_sub(1)?, column.checked_sub(1)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_somebody_hid_are_counted_wherever_the_text_is_cut() {
        let text = r#"<cols><col min="1" hidden="1"/></cols><sheetData><row r="1" spans="1:3"><c r="A1"/></row>
            <row r="2" hidden="1" ht="0"/><x:row r='3' hidden='true'/><row r="4" hidden="0"><c r="A4" hidden="1"/></row>
            <row r="5" customHeight="1" hidden="1"></row></sheetData>"#;
        for size in [1, 7, 64, text.len()] {
            let mut scan = Scan::default();
            text.as_bytes().chunks(size).for_each(|piece| scan.take(piece));
            assert_eq!(scan.finish().hidden_rows, 3, "in pieces of {size}");
        }
    }
}
