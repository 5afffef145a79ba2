//! The kept corpus of broken files, replayed: each is read or refused as its name says, never with a panic, and twice
//! with the same end. `fuzz/run` begins with these files, and what it finds is kept here.

#![allow(clippy::expect_used, reason = "a test stops at what it does not expect")]

use std::path::Path;

use sheets::{Book, Limits, Table};

/// Reads everything there is: rows read, or the code of the refusal.
fn read(bytes: &[u8]) -> Result<usize, &'static str> {
    let limits = Limits { file_bytes: 1 << 20, unpacked_bytes: 8 << 20, ..Limits::default() };
    let mut book = Book::from_bytes(bytes.to_vec(), &limits).map_err(|why| why.code())?;
    let mut count = 0;
    for sheet in 0..book.sheets().len() {
        let mut last = 0;
        for row in book.rows(sheet).map_err(|why| why.code())? {
            let row = row.map_err(|why| why.code())?;
            assert!(row.number > last, "rows are numbered upwards");
            last = row.number;
            count += row.cells.iter().map(|cell| cell.shown().len().min(1)).max().map_or(0, |_| 1);
        }
        let rows = book.rows(sheet).map_err(|why| why.code())?;
        for row in Table::new(rows, &|heading| heading.contains("姓名")) {
            row.map_err(|why| why.code())?;
        }
    }
    Ok(count)
}

#[test]
fn every_kept_file_ends_as_its_name_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let mut files: Vec<_> =
        std::fs::read_dir(folder).expect("corpus").map(|one| one.expect("file").path()).collect();
    files.sort();
    assert!(files.len() >= 30, "only {} files", files.len());
    let mut wrong = Vec::new();
    for file in files {
        let name = file.file_name().expect("name").to_string_lossy().into_owned();
        let bytes = std::fs::read(&file).expect("bytes");
        let got = read(&bytes);
        assert_eq!(read(&bytes), got, "{name}: not the same twice");
        let as_named = match name.split('-').next() {
            Some("read") => got.is_ok(),
            Some("refused") => got.is_err(),
            Some("any") => got.as_ref().err() != Some(&"sheets.io"),
            _ => false,
        };
        if !as_named {
            wrong.push(format!("{name}: {got:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
