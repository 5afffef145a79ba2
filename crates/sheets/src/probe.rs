//! What kind of file the first bytes betray, whatever its name says.

use crate::{Charset, Result, SheetError};

/// The forms that are told apart by their first bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// A zip archive: hopefully a workbook.
    Zip,
    /// A compound file: hopefully a workbook of Excel 97–2003.
    Compound,
    /// Packed by gzip: hopefully a text table.
    Gzip,
    /// Text, hopefully a table.
    Text,
}

/// Looks at the first bytes (a few thousand are enough; the compound file is looked through as far as given).
pub(crate) fn form(head: &[u8]) -> Result<Form> {
    if head.is_empty() {
        return Err(SheetError::Empty);
    }
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return Ok(Form::Zip);
    }
    if head.starts_with(b"\x1f\x8b") {
        return Ok(Form::Gzip);
    }
    if head.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        return if names_encryption(head) { Err(SheetError::Password) } else { Ok(Form::Compound) };
    }
    if looks_like_markup(head) {
        return Err(SheetError::Html);
    }
    if looks_binary(head) {
        return Err(SheetError::Unknown);
    }
    Ok(Form::Text)
}

/// The directory of the compound file (UTF-16) holds the stream of an encrypted new workbook.
fn names_encryption(head: &[u8]) -> bool {
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    memchr::memmem::find(head, &name).is_some()
}

fn looks_like_markup(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let start = head.iter().position(|byte| !byte.is_ascii_whitespace()).unwrap_or(0);
    let lower: Vec<u8> = head.iter().skip(start).take(512).map(u8::to_ascii_lowercase).collect();
    let marks: [&[u8]; 8] = [
        b"<!doctype",
        b"<html",
        b"<?xml",
        b"<table",
        b"<head",
        b"<meta",
        b"mime-version:",
        b"<style",
    ];
    marks.iter().any(|mark| lower.starts_with(mark))
}

/// Control characters that no text table holds. UTF-16 announces itself and is text.
fn looks_binary(head: &[u8]) -> bool {
    let marked = head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff");
    if marked || Charset::wide(head).is_some() {
        return false;
    }
    let marks: [&[u8]; 6] =
        [b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"Rar!", b"7z\xbc\xaf", b"MZ\x90"];
    marks.iter().any(|mark| head.starts_with(mark))
        || head.iter().filter(|byte| matches!(byte, 0..=8 | 14..=25 | 28..=31)).count() * 200
            > head.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_the_file_does_not_matter() {
        assert_eq!(form(b""), Err(SheetError::Empty));
        assert_eq!(form("姓名,身份证号".as_bytes()), Ok(Form::Text));
        assert_eq!(
            form(b"\r\n <HTML xmlns:x=\"urn:schemas-microsoft-com\">"),
            Err(SheetError::Html)
        );
        assert_eq!(form(b"<?xml version=\"1.0\"?><Workbook>"), Err(SheetError::Html));
        assert_eq!(form(b"%PDF-1.7"), Err(SheetError::Unknown));
        assert_eq!(form(b"\x1f\x8b\x08"), Ok(Form::Gzip));
        assert_eq!(form(b"\0\0\0\0\0\0\0\0"), Err(SheetError::Unknown));
    }

    #[test]
    fn a_compound_file_is_old_or_encrypted() {
        let mut file = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
        file.resize(4096, 0);
        assert_eq!(form(&file), Ok(Form::Compound));
        file.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
        assert_eq!(form(&file), Err(SheetError::Password));
    }
}
