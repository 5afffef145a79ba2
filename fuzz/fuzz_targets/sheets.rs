//! A file somebody sent: every sheet is read to its end or refused, in bounded memory, and its table is looked for.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sheets::{Book, Limits, Table};

fuzz_target!(|bytes: &[u8]| {
    let limits = Limits {
        file_bytes: 1 << 20,
        unpacked_bytes: 8 << 20,
        rows: 5_000,
        cells: 100_000,
        ..Limits::default()
    };
    let Ok(mut book) = Book::from_bytes(bytes.to_vec(), &limits) else { return };
    for sheet in 0..book.sheets().len() {
        let Ok(rows) = book.rows(sheet) else { continue };
        let mut last = 0;
        for row in rows {
            let Ok(row) = row else { break };
            assert!(row.number > last, "rows are numbered upwards");
            last = row.number;
            row.cells.iter().for_each(|cell| drop(cell.shown()));
        }
    }
    for sheet in 0..book.sheets().len() {
        let Ok(rows) = book.rows(sheet) else { continue };
        for row in Table::new(rows, &|heading| heading.contains("姓名")) {
            if row.is_err() {
                break;
            }
        }
    }
});
