//! Workbooks of Excel 97–2003, as old office programs still write them: the kept file was made with xlwt.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test stops at what it does not expect"
)]

use sheets::{Book, Cell, Kind, Limits, Row, SheetError};

fn kept() -> Vec<u8> {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/read-biff8.xls");
    std::fs::read(file).expect("the kept workbook")
}

fn rows(bytes: Vec<u8>, sheet: usize, limits: &Limits) -> Result<Vec<Row>, SheetError> {
    Book::from_bytes(bytes, limits)?.rows(sheet)?.collect()
}

fn text(text: &str) -> Cell {
    Cell::Text(text.into())
}

#[test]
fn every_cell_of_an_old_workbook_is_read_as_it_is_in_a_new_one() {
    let mut book = Book::from_bytes(kept(), &Limits::default()).expect("opens");
    assert_eq!(book.kind(), Kind::Workbook);
    let sheets: Vec<_> = book.sheets().iter().map(|one| (one.name.clone(), one.hidden)).collect();
    assert_eq!(sheets, [("住院结算".to_owned(), false), ("说明".to_owned(), true)]);
    assert_eq!(book.hidden_rows(0), 1);
    assert_eq!(book.rows_about(1), Some(601));
    let found: Vec<Row> = book.rows(0).expect("rows").map(|row| row.expect("row")).collect();
    assert_eq!(found.iter().map(|row| row.number).collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(found[0].cells, [text("2026年9月住院费用结算明细")]);
    let heads = ["乡镇", "姓名", "身份证号", "出院日期", "自付金额（元）", "备注"];
    assert_eq!(found[1].cells, heads.map(text));
    let second = [
        text("关面乡"),
        text("丁保桂"),
        text("500101198001010012"),
        Cell::Serial(46_269.0),
        Cell::Number(20_000.0),
        text(&"长".repeat(9000)),
    ];
    assert_eq!(
        found[3].cells, second,
        "merged township, a Chinese day, a text over several records"
    );
    assert_eq!(found[3].spread, [0]);
    assert_eq!(found[2].cells[3..5], [Cell::Serial(46_268.0), Cell::Number(1234.56)]);
    assert_eq!(found[2].cells[5], text(&"a".repeat(9000)));
    assert_eq!(found[4].cells[4], Cell::Number(0.01));
    assert_eq!(found[5].cells[4], Cell::Formula, "no result was stored with it");
    assert_eq!(found[6].cells[1], Cell::Bool(true));
}

#[test]
fn shared_texts_go_on_over_the_borders_of_records() {
    let found = rows(kept(), 1, &Limits::default()).expect("reads");
    assert_eq!(found.len(), 601);
    for (n, row) in found.iter().skip(1).enumerate() {
        let told = format!("第{n}行的一段不短的文字，让共享字符串跨过记录的边界");
        assert_eq!(row.cells, [text(&told)]);
    }
}

#[test]
fn an_old_workbook_keeps_to_the_limits_and_no_damage_hurts() {
    let code = |bytes: Vec<u8>, limits: &Limits| match rows(bytes, 0, limits) {
        Ok(_) => "read",
        Err(error) => error.code(),
    };
    let bytes = kept();
    assert_eq!(
        code(bytes.clone(), &Limits { rows: 5, ..Limits::default() }),
        "sheets.too_many_rows"
    );
    let narrow = Limits { columns: 4, ..Limits::default() };
    assert_eq!(code(bytes.clone(), &narrow), "sheets.too_many_columns");
    assert_eq!(
        code(bytes.clone(), &Limits { sheets: 1, ..Limits::default() }),
        "sheets.too_many_sheets"
    );
    assert_eq!(code(bytes[..bytes.len() / 2].to_vec(), &Limits::default()), "sheets.broken");
    // The records are marked as encrypted.
    let mut locked = bytes.clone();
    let code_page = locked.windows(4).position(|four| four == [0x42, 0, 2, 0]).expect("a record");
    locked[code_page] = 0x2F;
    assert_eq!(code(locked, &Limits::default()), "sheets.password");
    // Whatever single byte is hurt, the end is rows or a sentence.
    for at in (0..bytes.len()).step_by(1301) {
        let mut hurt = bytes.clone();
        hurt[at] ^= 0xA5;
        let _: Result<Vec<Row>, SheetError> = rows(hurt, 0, &Limits::default());
    }
}
