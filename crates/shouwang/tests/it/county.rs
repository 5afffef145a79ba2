//! Small counties for the tests of the whole program: real area codes, invented people, workbooks made here.

use crate::tree::{program, root};
use rust_xlsxwriter::{Formula, Workbook};
use std::path::PathBuf;
use store::{Db, DbUrl, Keys, Row, Value};
use testkit::County;

/// A sheet: its name and the text of its cells. A cell that begins with `=` is a formula, an empty one is left out.
pub struct Sheet {
    pub name: &'static str,
    pub rows: Vec<Vec<String>>,
}

/// A workbook with these sheets.
pub fn workbook(sheets: &[Sheet]) -> Vec<u8> {
    let mut book = Workbook::new();
    for sheet in sheets {
        let page = book.add_worksheet().set_name(sheet.name).expect("a name");
        for (row, cells) in (0u32..).zip(&sheet.rows) {
            for (column, text) in (0u16..).zip(cells).filter(|(_, text)| !text.is_empty()) {
                let written = match text.strip_prefix('=') {
                    Some(formula) => {
                        page.write_formula(row, column, Formula::new(formula).set_result("1234.5"))
                    }
                    None => page.write_string(row, column, text),
                };
                written.expect("a cell");
            }
        }
    }
    book.save_to_buffer().expect("a workbook")
}

/// One line of cells.
pub fn cells(text: &str) -> Vec<String> {
    text.split('|').map(|cell| cell.trim().to_owned()).collect()
}

/// A citizen number of the county with its check character: born on `birth` (eight digits), the `order`th of that day.
pub fn number(birth: &str, order: u32) -> String {
    let head = format!("500154{birth}{order:03}");
    let check = kernel::idnumber::check_character(head.as_bytes()).expect("seventeen digits");
    format!("{head}{}", char::from(check))
}

/// A household number.
pub fn household(n: usize) -> String {
    format!("500154{n:06}")
}

/// A person number: the `member`th (from 1) of the `n`th household.
pub fn person(n: usize, member: usize) -> String {
    format!("{}{member:02}", household(n))
}

/// Surname and given name that nobody else in the register has.
pub fn name(n: usize, member: usize) -> String {
    const SURNAMES: [&str; 10] = ["王", "李", "周", "吴", "郑", "冯", "陈", "蒋", "韩", "杨"];
    const FIRST: [&str; 10] = ["春", "国", "志", "秀", "长", "明", "永", "文", "光", "玉"];
    const LAST: [&str; 10] = ["梅", "强", "芳", "林", "福", "兰", "贵", "英", "平", "山"];
    let at = n * 2 + member;
    format!("{}{}{}", SURNAMES[at % 10], FIRST[at / 10 % 10], LAST[at / 100 % 10])
}

/// The two sheets of a register of so many households of two people, in two villages.
pub fn register(households: usize) -> [Sheet; 2] {
    let mut homes = vec![cells("乡|村|组|户编号|户主姓名|户类型|联系电话")];
    let mut people =
        vec![cells("乡|村|人编号|户编号|姓名|性别|出生日期|证件类型|证件号码|与户主关系")];
    for n in 1..=households {
        let village = if n % 2 == 1 { "泉秀村" } else { "火焰村" };
        homes.push(cells(&format!(
            "关面乡|{village}|一组|{}|{}|一般农户|",
            household(n),
            name(n, 1)
        )));
        for (member, sex, kin) in [(1, "男", "户主"), (2, "女", "配偶")] {
            let day = 1 + n % 28;
            let order = u32::try_from(700 + (n / 28 % 140) * 2 + member % 2).expect("small");
            let birth =
                if member == 1 { format!("197003{day:02}") } else { format!("197207{day:02}") };
            let dashed = format!("{}-{}-{}", &birth[..4], &birth[4..6], &birth[6..]);
            people.push(cells(&format!(
                "关面乡|{village}|{}|{}|{}|{sex}|{dashed}|居民身份证|{}|{kin}",
                person(n, member),
                household(n),
                name(n, member),
                number(&birth, order),
            )));
        }
    }
    [Sheet { name: "户", rows: homes }, Sheet { name: "人", rows: people }]
}

/// The monthly list of hospital bills: its title, its heading, these rows of 姓名|身份证号|参保地|结算日期|合规自付.
pub fn hospital_bills(month: u32, rows: &[String]) -> Vec<u8> {
    let mut lines = vec![
        cells(&format!("2026年{month}月住院医疗费用结算明细")),
        cells(&format!("数据期间：2026年{month}月 单位：元")),
        cells("序号|姓名|身份证号|参保地|医院|结算日期|总费用|合规自付|备注"),
    ];
    for (at, row) in (1..).zip(rows) {
        let c = cells(row);
        lines.push(cells(&format!(
            "{at}|{}|{}|{}|县医院|{}|9000|{}|",
            c[0], c[1], c[2], c[3], c[4]
        )));
    }
    workbook(&[Sheet { name: "住院", rows: lines }])
}

/// The row of hospital bills of the head of the `n`th household of [`register`].
pub fn bill_of(register: &[Sheet; 2], n: usize, day: &str, amount: &str) -> String {
    let row = &register[1].rows[2 * n - 1];
    format!("{}|{}|关面乡|{day}|{amount}", row[4], row[8])
}

/// A county whose areas are known and nothing else.
pub fn with_areas() -> County {
    with_areas_by(&program())
}

/// The same, made by this program.
pub fn with_areas_by(program: &testkit::Program) -> County {
    let (county, _) = County::empty(program);
    let areas = root().join("crates/registry/tests/matching/town/areas.csv");
    county.run(&["areas", "import", areas.to_str().expect("a path")]).ok();
    county
}

/// A county with a register of so many households.
pub fn with_register(households: usize) -> (County, [Sheet; 2]) {
    let county = with_areas();
    let register = register(households);
    write(&county, "registry.xlsx", &workbook(&register));
    county.run(&["import", "registry.xlsx"]).ok();
    (county, register)
}

/// Puts a file beside the county.
pub fn write(county: &County, name: &str, bytes: &[u8]) -> PathBuf {
    let path = county.path().join(name);
    std::fs::write(&path, bytes).expect("a file");
    path
}

/// The database of the county, opened beside the program.
pub fn database(county: &County) -> Db {
    let keys = Keys::load(&county.home().join("key")).expect("a key");
    Db::open(&DbUrl::Sqlite(county.home().join("shouwang.db")), keys).expect("a database")
}

/// What a statement finds in the county's database.
pub fn ask(county: &County, sql: &'static str, params: &[Value]) -> Vec<Row> {
    database(county).read().expect("a session").rows(sql, params).expect("rows")
}

/// The one number that a statement finds.
pub fn count(county: &County, sql: &'static str) -> i64 {
    ask(county, sql, &[])[0].int(0).expect("a number")
}

/// The first text column of what a statement finds, in order.
pub fn texts(county: &County, sql: &'static str) -> Vec<String> {
    ask(county, sql, &[]).iter().map(|row| row.text(0).expect("text")).collect()
}

/// The journal must hold.
pub fn journal_holds(county: &County) {
    let told = county.run(&["journal", "verify", "--json"]).ok().json();
    assert!(told["fault"].is_null(), "{told}");
}
