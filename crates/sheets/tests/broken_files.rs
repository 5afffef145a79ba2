//! Files that nobody should be able to hurt the server with, made here byte by byte, and the laws of reading and writing.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops at what it does not expect"
)]

use std::io::{Cursor, Write};

use proptest::prelude::*;
use sheets::{Book, Cell, Column, ColumnKind, Columns, Limits, SheetError, Table, Value};
use zip::write::SimpleFileOptions;

const TYPES: &str = r#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#;
const PACKAGE: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const WORKBOOK: &str = r#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="表" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
const RELATIONS: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;

/// A workbook with one sheet whose inside is given.
fn workbook(inside: &str) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let sheet = format!(
        r#"<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{inside}</worksheet>"#
    );
    for (name, text) in [
        ("[Content_Types].xml", TYPES),
        ("_rels/.rels", PACKAGE),
        ("xl/workbook.xml", WORKBOOK),
        ("xl/_rels/workbook.xml.rels", RELATIONS),
        ("xl/worksheets/sheet1.xml", sheet.as_str()),
    ] {
        zip.start_file(name, SimpleFileOptions::default()).expect("part");
        zip.write_all(text.as_bytes()).expect("text");
    }
    zip.finish().expect("zip").into_inner()
}

fn text_row(row: u32, cells: &[&str]) -> String {
    let cells: String = cells
        .iter()
        .enumerate()
        .filter(|(_, text)| !text.is_empty())
        .map(|(column, text)| {
            format!(
                r#"<c r="{}" t="inlineStr"><is><t>{text}</t></is></c>"#,
                sheets::address(column, row)
            )
        })
        .collect();
    format!(r#"<row r="{row}">{cells}</row>"#)
}

type Rows = Vec<(u32, Vec<Cell>)>;

/// Reads everything there is; the first error if there is one.
fn read(bytes: &[u8], limits: &Limits) -> Result<Vec<Rows>, SheetError> {
    let mut book = Book::from_bytes(bytes.to_vec(), limits)?;
    (0..book.sheets().len())
        .map(|sheet| book.rows(sheet)?.map(|row| row.map(|row| (row.number, row.cells))).collect())
        .collect()
}

fn refused(bytes: &[u8]) -> &'static str {
    read(bytes, &Limits::default()).expect_err("refused").code()
}

#[test]
fn each_bad_file_gets_its_own_sentence() {
    let good = workbook(&format!("<sheetData>{}</sheetData>", text_row(1, &["姓名", "身份证号"])));
    assert!(read(&good, &Limits::default()).is_ok());
    assert_eq!(refused(b""), "sheets.empty");
    assert_eq!(refused(&good[..good.len() / 2]), "sheets.broken");
    assert_eq!(refused(b"<html><table><tr><td>\xd0\xd5\xc3\xfb"), "sheets.html");
    assert_eq!(refused(b"%PDF-1.4 \x00\x01"), "sheets.unknown_form");
    let mut compound = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    compound.resize(3000, 0);
    assert_eq!(refused(&compound), "sheets.broken");
    compound.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    assert_eq!(refused(&compound), "sheets.password");
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("说明.txt", SimpleFileOptions::default()).expect("part");
    zip.write_all(b"no workbook").expect("text");
    assert_eq!(refused(&zip.finish().expect("zip").into_inner()), "sheets.unknown_form");
    assert_eq!(refused(&workbook("<sheetData><row r=\"1\"><c r=\"A1\"><v>1</v>")), "sheets.broken");
}

#[test]
fn size_is_looked_at_before_anything_else() {
    let small = Limits { file_bytes: 1000, ..Limits::default() };
    let error = read(&[b'a'; 1001], &small).expect_err("refused");
    assert_eq!(error, SheetError::TooLarge { bytes: 1001, limit: 1000 });
}

#[test]
fn a_bomb_is_not_unpacked() {
    let huge = format!("<sheetData>{}</sheetData>", " ".repeat(40 * 1024 * 1024));
    let bomb = workbook(&huge);
    assert!(bomb.len() < 100_000, "packs well");
    assert_eq!(refused(&bomb), "sheets.bomb");

    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    for _ in 0..40 {
        packed.write_all(&b"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n".repeat(32 * 1024)).expect("packs");
    }
    assert_eq!(refused(&packed.finish().expect("packs")), "sheets.bomb");
}

#[test]
fn a_huge_dimension_costs_nothing_and_a_far_cell_is_refused() {
    let declared = workbook(&format!(
        r#"<dimension ref="A1:XFD1048576"/><sheetData>{}</sheetData>"#,
        text_row(1_048_576, &["甲", "乙"])
    ));
    let rows = read(&declared, &Limits::default()).expect("reads");
    assert_eq!(rows[0].len(), 1);
    assert_eq!(rows[0][0].0, 1_048_576);
    let far = workbook(r#"<sheetData><row r="1"><c r="XFD1"><v>1</v></c></row></sheetData>"#);
    assert_eq!(refused(&far), "sheets.too_many_columns");
    let many = Limits { rows: 10, ..Limits::default() };
    let rows: String = (1..=11).map(|row| text_row(row, &["a"])).collect();
    let error =
        read(&workbook(&format!("<sheetData>{rows}</sheetData>")), &many).expect_err("refused");
    assert_eq!(error.code(), "sheets.too_many_rows");
    assert_eq!(
        read(&[b'a'; 70_000], &Limits { line_bytes: 65_536, ..Limits::default() })
            .expect_err("refused")
            .code(),
        "sheets.long_line"
    );
}

#[test]
fn cells_keep_the_kind_that_the_file_gave_them() {
    let file = workbook(
        r##"<sheetData><row r="3"><c r="A3"><v>5.12222195409028E+17</v></c><c r="B3" t="e"><v>#REF!</v></c>
        <c r="C3" t="b"><v>1</v></c><c r="D3"><f>SUM(A1:A2)</f><v>12.5</v></c><c r="E3"><f>NOW()</f></c>
        <c r="G3" t="str"><f>A1</f><v>文</v></c></row></sheetData>"##,
    );
    let rows = read(&file, &Limits::default()).expect("reads");
    assert_eq!(
        rows[0],
        [(
            3,
            vec![
                Cell::Number(512_222_195_409_028_000.0),
                Cell::Error("#REF!".into()),
                Cell::Bool(true),
                Cell::Number(12.5),
                Cell::Formula,
                Cell::Empty,
                Cell::Text("文".into()),
            ]
        )]
    );
}

#[test]
fn a_merged_block_gives_its_value_to_the_rows_below() {
    let rows = [
        text_row(1, &["乡镇", "行政村", "户主姓名"]),
        text_row(2, &["关面乡", "泉秀村", "李金兵"]),
        text_row(3, &["", "火焰村", "丁保桂"]),
        text_row(5, &["", "小园村", "周杰"]),
    ];
    let file = workbook(&format!(
        r#"<sheetData>{}</sheetData><mergeCells count="1"><mergeCell ref="A2:A4"/></mergeCells>"#,
        rows.concat()
    ));
    let mut book = Book::from_bytes(file, &Limits::default()).expect("opens");
    let rows: Vec<sheets::Row> = book.rows(0).expect("rows").map(|row| row.expect("row")).collect();
    assert_eq!(rows[2].cell(0), &Cell::Text("关面乡".into()));
    assert_eq!(rows[2].spread, [0]);
    assert_eq!(rows[3].cell(0), &Cell::Empty);
}

#[test]
fn bytes_of_no_encoding_are_replaced_and_told() {
    let mut book =
        Book::from_bytes(&b"a,b,c\n1,\xff\xff\xff,3\n"[..], &Limits::default()).expect("opens");
    let mut rows = book.rows(0).expect("rows");
    assert_eq!(rows.by_ref().count(), 2);
    assert_eq!(rows.bad_lines(), [2]);
}

fn values() -> impl Strategy<Value = Vec<Vec<Value>>> {
    let cell = prop_oneof![
        Just(Value::Empty),
        "[a-z\u{4e00}-\u{4e20}=+@,\"' 0-9-]{1,12}".prop_map(Value::Text),
        (-1_000_000i32..1_000_000).prop_map(|number| Value::Number(f64::from(number) / 4.0)),
        (-1_000_000_000i64..1_000_000_000).prop_map(Value::Int),
    ];
    prop::collection::vec(prop::collection::vec(cell, 4), 0..12)
}

fn table() -> Columns {
    let columns = ["甲", "乙", "丙", "丁"].map(|heading| Column::new(heading, ColumnKind::Number));
    Columns { sheet: "表".into(), columns: columns.to_vec() }
}

fn expected(value: &Value, csv: bool) -> Cell {
    match value {
        Value::Empty => Cell::Empty,
        Value::Text(text) if csv => Cell::Text(sheets::harmless(text).into_owned()),
        Value::Text(text) => Cell::Text(text.clone()),
        Value::Number(number) if csv => Cell::Text(format!("{number}")),
        Value::Number(number) => Cell::Number(*number),
        Value::Int(number) if csv => Cell::Text(number.to_string()),
        Value::Int(number) => Cell::Number(*number as f64),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read_back(rows in values()) {
        for csv in [false, true] {
            let mut file = Vec::new();
            match csv {
                true => table().write_csv(rows.iter().cloned(), &mut file).expect("writes"),
                false => table().write_xlsx(rows.iter().cloned(), &mut file).expect("writes"),
            }
            let found = read(&file, &Limits::default()).expect("reads");
            for (at, row) in rows.iter().enumerate() {
                let number = u32::try_from(at).expect("small") + 2;
                let found = found[0].iter().find(|(row, _)| *row == number);
                for (column, value) in row.iter().enumerate() {
                    let cell = found.and_then(|(_, cells)| cells.get(column)).unwrap_or(&Cell::Empty);
                    prop_assert_eq!(cell, &expected(value, csv));
                }
            }
        }
    }

    #[test]
    fn no_bytes_make_the_readers_panic(bytes in prop::collection::vec(any::<u8>(), 0..4000), head in 0usize..6) {
        let heads: [&[u8]; 6] = [b"", b"PK\x03\x04", b"\x1f\x8b\x08", b"\xef\xbb\xbf", b"\xff\xfe", b"\"a,"];
        let file = [heads[head], &bytes].concat();
        let _ = read(&file, &Limits::default());
    }

    #[test]
    fn a_damaged_workbook_does_not_panic(at in 0usize..2000, byte in any::<u8>(), cut in 0usize..2000) {
        let rows: String = (1..40).map(|row| text_row(row, &["姓名", "5.12E+17", "", "2026年3月5日"])).collect();
        let mut file = workbook(&format!(
            r#"<sheetData>{rows}</sheetData><mergeCells><mergeCell ref="A2:A40"/></mergeCells>"#
        ));
        let place = at % file.len();
        file[place] = byte;
        let _ = read(&file, &Limits::default());
        file.truncate(cut.max(1).min(file.len()));
        let _ = read(&file, &Limits::default());
    }

    #[test]
    fn a_damaged_sheet_does_not_panic(inside in "[<>/a-z\"= 0-9:A-Zrcv]{0,200}") {
        let _ = read(&workbook(&format!("<sheetData>{inside}</sheetData>")), &Limits::default());
        let _ = read(&workbook(&format!(
            r#"<sheetData><row r="1"><c r="{inside}"><v>1</v></c></row></sheetData>"#
        )), &Limits::default());
    }

    #[test]
    fn every_line_of_a_text_table_is_in_some_row(lines in prop::collection::vec("[a-z\",;\t ]{0,12}", 0..30)) {
        let file = format!("{}\n", lines.join("\n"));
        let mut book = Book::from_bytes(file.into_bytes(), &Limits::default()).expect("opens");
        let table = Table::new(book.rows(0).expect("rows"), &|_| false);
        let letters = |text: &str| text.chars().filter(char::is_ascii_lowercase).count();
        let read: usize = table
            .map(|row| row.expect("row").0.cells.iter().map(|cell| letters(&cell.shown())).sum::<usize>())
            .sum();
        prop_assert_eq!(read, lines.iter().map(|line| letters(line)).sum::<usize>());
    }
}
