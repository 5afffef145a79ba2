//! Lists whose layout nobody has seen before: headings in other words, columns that nobody asked for, numbers and names
//! of other people beside the one whom the row is about, furniture in other places.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test stops at what it does not expect"
)]

use registry::intake::{AsRead, Mapping, ReadRow, Templates, reading};
use sheets::{Book, Limits, NotData, RowKind};

fn read(name: &str, csv: &str) -> (Vec<ReadRow>, Mapping) {
    let templates = Templates::shipped().expect("templates");
    let bytes = csv.as_bytes().to_vec();
    let mut book = Book::from_bytes(bytes, &Limits::default()).expect("opens");
    let mut plans = reading::plan(&mut book, name, &templates, &|_| None).expect("plans");
    let mut rows = Vec::new();
    reading::read(&mut book, (name, &plans[0]), &templates, &mut |row| {
        rows.push(row);
        Ok(())
    })
    .expect("reads");
    (rows, plans.remove(0).mapping.expect("recognised"))
}

fn data(rows: &[ReadRow]) -> Vec<&ReadRow> {
    rows.iter().filter(|row| row.kind == RowKind::Data).collect()
}

fn heading_of<'m>(mapping: &'m Mapping, field: &str) -> &'m str {
    mapping.column(field).map_or("", |column| column.heading.as_str())
}

const NUMBERS: [&str; 3] = ["110101199003070011", "11010119900307002X", "110101199003070038"];

#[test]
fn headings_in_other_words_are_understood() {
    let [a, b, c] = NUMBERS;
    for (csv, template, fields) in [
        (
            format!(
                "入院日期,患者信息姓名,病员身份证件号码,参保区域（乡镇）,清算年月日,个人自付,合规部分自付费用(元),住院天数\n\
                 2026-01-02,张三,{a},甲镇,2026-01-09,900,300,7\n2026-01-03,李四,{b},甲镇,2026-01-12,800,200,9\n"
            ),
            "medical_stays",
            vec![
                ("id", "病员身份证件号码"),
                ("town", "参保区域（乡镇）"),
                ("settled_on", "清算年月日"),
                ("out_of_pocket_fen", "合规部分自付费用(元)"),
            ],
        ),
        (
            format!(
                "入库时间,事项,户主姓名,户主身份证号,享受对象,对象身份证,银行账号,发放数额（元）,所在行政村,确认年月日\n\
                 2026-03-09,低保新增,王老大,{c},张三,{a},6217000000000000001,320,乙村,2026-03-04\n\
                 2026-03-09,临时救助,李老大,{c},李四,{b},6217000000000000002,800,丙村,2026-03-05\n"
            ),
            "social_assistance",
            vec![
                ("kind", "事项"),
                ("name", "享受对象"),
                ("id", "对象身份证"),
                ("amount_fen", "发放数额（元）"),
                ("changed_on", "确认年月日"),
            ],
        ),
        (
            format!(
                "申报人,申报人身份证号,亡者,亡者公民身份号码,去世年月日,户口注销年月日,生前户口地址\n\
                 王五,{c},张三,{a},2026-01-02,2026-01-09,甲镇乙村1组\n王六,{c},李四,{b},2026.1.5,2026.1.9,甲镇丙村2组\n"
            ),
            "deaths",
            vec![
                ("name", "亡者"),
                ("id", "亡者公民身份号码"),
                ("died_on", "去世年月日"),
                ("struck_on", "户口注销年月日"),
            ],
        ),
        (
            format!(
                "担保人,担保人证件号,借款农户,身份证,借据流水,起贷年月日,剩余贷款余额(万元),五级状态\n\
                 王五,{c},张三,{a},XD01,2024-01-02,2.5,正常\n王六,{c},李四,{b},XD02,2024-01-05,3,关注\n"
            ),
            "loans",
            vec![("name", "借款农户"), ("id", "身份证"), ("balance_fen", "剩余贷款余额(万元)")],
        ),
        (
            format!(
                "持证残疾人,残疾人证号码（20位）,办了什么,发证年月日,住址,监护人身份证号\n\
                 张三,{a}42,新办,2026-01-02,甲镇乙村,{c}\n李四,{b}43,换证,2026-01-05,甲镇丙村,{c}\n"
            ),
            "disability_certificates",
            vec![("change", "办了什么"), ("issued_on", "发证年月日"), ("id", "")],
        ),
    ] {
        let (rows, mapping) = read("2026年6月.csv", &csv);
        assert_eq!(mapping.template, template, "{mapping:?}");
        assert!(mapping.is_sure(), "{template}: {mapping:?}");
        for (field, heading) in fields {
            assert_eq!(heading_of(&mapping, field), heading, "{template} {field}: {mapping:?}");
        }
        assert!(data(&rows).iter().all(|row| row.findings.is_empty()), "{template} {rows:?}");
    }
}

#[test]
fn names_and_numbers_that_stand_in_each_others_column_are_seen() {
    let [a, b, c] = NUMBERS;
    let csv = format!(
        "姓名,身份证号码,户籍村,类型,失业/返乡日期\n{a},张三,乙村,失业,2026-03-01\n{b},李四,乙村,返乡,2026-03-02\n\
         {c},王五,丙村,失业,2026-03-05\n"
    );
    let (rows, mapping) = read("1.csv", &csv);
    assert!(mapping.is_sure(), "{mapping:?}");
    let row = data(&rows)[0];
    assert_eq!(row.evidence.name.as_deref(), Some("张三"));
    assert_eq!(row.evidence.id, Some(AsRead::Text(a.into())));
}

#[test]
fn one_spoiled_number_does_not_hide_its_column() {
    let csv = "类别,姓名,身份证号,村名,救助金额,审批日期\n临时救助,张三,待补,乙村,500,2026-03-01\n";
    let (rows, mapping) = read("1.csv", csv);
    assert!(mapping.is_sure(), "{mapping:?}");
    assert_eq!(data(&rows)[0].evidence.id, Some(AsRead::Text("待补".into())));
}

#[test]
fn the_time_of_day_behind_a_date_does_not_hide_its_column() {
    let csv = "填报说明：日期格式如2026-01-01\n受理时间,工单编号,来电人,反映内容\n\
               2026-10-21 14:05:22,A1,张三,路坏了\n2026-10-02 00:00:00,A2,李四,路坏了\n2026-10-13T08:30:00,A3,王五,路坏了\n";
    let (rows, mapping) = read("1.csv", csv);
    assert!(mapping.is_sure(), "{mapping:?}");
    let days: Vec<String> =
        data(&rows).iter().filter_map(|row| row.event_date).map(|day| day.to_string()).collect();
    assert_eq!(days, ["2026-10-21", "2026-10-02", "2026-10-13"]);
}

#[test]
fn numbers_of_columns_below_the_heading_are_no_row() {
    let a = NUMBERS[0];
    for line in ["1,2,3,4,5", "甲,乙,1,2,3", "（1）,（2）,（3）,（4）,（5=3+4）"] {
        let csv = format!(
            "姓名,身份证号码,户籍村,类型,失业日期\n{line}\n张三,{a},乙村,失业,2026-03-01\n"
        );
        let (rows, _) = read("1.csv", &csv);
        assert_eq!(rows[1].kind, RowKind::NotData(NotData::Heading), "{line}");
        assert_eq!(data(&rows).len(), 1, "{line}");
    }
}

#[test]
fn what_a_heading_ends_with_tells_an_amount_from_a_balance() {
    let [a, b, _] = NUMBERS;
    let csv = format!(
        "贷款凭据号,借款户姓名,证件号,贷款发放总金额(万元),贷款结存本金余额(万元)\nXD1,张三,{a},5,1.5\nXD2,李四,{b},3,0.5\n"
    );
    let (_, mapping) = read("2026年6月.csv", &csv);
    assert_eq!(heading_of(&mapping, "balance_fen"), "贷款结存本金余额(万元)", "{mapping:?}");
    assert_eq!(heading_of(&mapping, "amount_fen"), "贷款发放总金额(万元)", "{mapping:?}");
}

#[test]
fn a_heading_that_stands_twice_over_different_values_is_asked() {
    let csv = |second: &str| {
        format!(
            "沁县2026年3月住院医疗费用结算明细表\n姓名,身份证号,参保地,结算日期,合规自付,合规自付\n\
             张三,{},甲镇,2026-03-05,100,{second}\n李四,{},甲镇,2026-03-06,120,120\n",
            NUMBERS[0], NUMBERS[1]
        )
    };
    let (_, differing) = read("a.csv", &csv("900"));
    assert_eq!(differing.template, "medical_stays");
    assert!(!differing.is_sure(), "{differing:?}");
    let (_, same) = read("a.csv", &csv("100"));
    assert!(same.is_sure(), "{same:?}");
}

#[test]
fn days_without_a_year_and_values_in_words_are_read_by_what_the_list_says() {
    let mut csv =
        "沁县2026年3月住院医疗费用结算明细表\n姓名,身份证号,参保地,结算日期,合规自付,备注\n"
            .to_owned();
    for (day, amount) in [
        ("3月5日", "壹仟贰佰元整"),
        ("26.3.5", "1200"),
        ("二〇二六年三月五日", "一千二百元"),
        ("2026年三月五日", "１，２００．００元"),
    ] {
        csv.push_str(&format!("张三,{},甲镇,{day},\"{amount}\",\n", NUMBERS[0]));
    }
    csv.push_str(&format!("李四,{},甲镇,上月5日,九百五,\n", NUMBERS[1]));
    let (rows, _) = read("医保.csv", &csv);
    let rows = data(&rows);
    for row in &rows[..4] {
        assert_eq!(row.event_date.map(|day| day.to_string()).as_deref(), Some("2026-03-05"));
        assert_eq!(row.amount.map(kernel::money::Money::fen), Some(120_000), "{row:?}");
    }
    let codes: Vec<&str> = rows[4].findings.iter().map(|finding| finding.code.as_ref()).collect();
    assert_eq!(codes, ["cells.not_a_date", "cells.not_an_amount"]);
}

#[test]
fn a_short_list_with_one_unknown_heading_is_asked_and_not_unknown() {
    let csv = |ticket: &str| {
        format!(
            "受理登记时间,{ticket},反映问题地点,来电群众姓名,主要内容\n\
             2025-11-02,2511053764,甲镇乙村,张三,想申请低保\n2025-11-03,2511053765,甲镇丙村,李四,路断了\n"
        )
    };
    let (_, known) = read("信访副本.csv", &csv("工单序号"));
    assert_eq!((known.template.as_str(), known.is_sure()), ("complaints", true), "{known:?}");
    assert_eq!(heading_of(&known, "ticket"), "工单序号");
    let (_, asked) = read("信访副本.csv", &csv("甲"));
    assert_eq!((asked.template.as_str(), asked.is_sure()), ("complaints", false));
    assert_eq!(asked.missing, ["ticket"]);
}
