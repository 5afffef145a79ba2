//! Counts the rows and filled cells of a file and says how long reading took:
//! `cargo run --release -p sheets --example count -- FILE…`

use std::io::Write;
use std::path::Path;
use std::time::Instant;

use sheets::{Book, Limits};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut out = std::io::stdout().lock();
    for file in std::env::args().skip(1) {
        let started = Instant::now();
        let mut book = Book::open(Path::new(&file), &Limits::default())?;
        let opened = started.elapsed();
        for sheet in 0..book.sheets().len() {
            let (mut rows, mut cells) = (0u64, 0usize);
            for row in book.rows(sheet)? {
                let row = row?;
                rows += 1;
                cells += row.own().count();
            }
            writeln!(out, "{file} sheet {sheet}: {rows} rows, {cells} cells")?;
        }
        writeln!(out, "{file}: opened in {opened:.2?}, all in {:.2?}", started.elapsed())?;
        if let Ok(status) = std::fs::read_to_string("/proc/self/status") {
            let peak = status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default();
            writeln!(out, "peak memory {peak}")?;
        }
    }
    Ok(())
}
