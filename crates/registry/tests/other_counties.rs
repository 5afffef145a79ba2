//! Lists as another county might send them: other headings, other order, other furniture. And the kept excerpts of the
//! shared test data.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test stops at what it does not expect"
)]

use std::path::Path;

use registry::intake::{AsRead, Mapping, ReadRow, Templates, reading};
use sheets::{Book, Limits, NotData, RowKind};

/// Reads a file and gives its rows and the mapping of each sheet.
fn read_bytes(name: &str, bytes: &[u8]) -> (Vec<ReadRow>, Vec<Mapping>) {
    let templates = Templates::shipped().expect("templates");
    let mut book = Book::from_bytes(bytes.to_vec(), &Limits::default()).expect("opens");
    let plans = reading::plan(&mut book, name, &templates, &|_| None).expect("plans");
    let mut rows = Vec::new();
    for plan in &plans {
        reading::read(&mut book, (name, plan), &templates, &mut |row| {
            rows.push(row);
            Ok(())
        })
        .expect("reads");
    }
    (rows, plans.into_iter().map(|plan| plan.mapping.expect("recognised")).collect())
}

fn data(rows: &[ReadRow]) -> Vec<&ReadRow> {
    rows.iter().filter(|row| row.kind == RowKind::Data).collect()
}

fn kind(rows: &[ReadRow], number: u32) -> RowKind {
    rows.iter().find(|row| row.row == number).expect("the row").kind
}

#[test]
fn hospital_bills_with_other_headings_order_and_two_heading_rows() {
    let csv = "\
某县医保中心住院补偿公示,,,,,,,
单位：某县医疗保障局,,,金额单位：千元,,,2026年5月,
参保人员,,,,费用,,结算情况,
患者姓名,公民身份证号,所属乡镇,行政村,住院总费用,政策范围内自付,就医机构,结算时间
张三,110101199003070011,甲镇,乙村,12.5,3.2,县医院,2026年5月3日
,,,,,,,
李四,11010119900307002X,甲镇,乙村,\"1,200.5元\",300元,县医院,2026-05-04
甲镇小计,,,,13.7,3.5,,
患者姓名,公民身份证号,所属乡镇,行政村,住院总费用,政策范围内自付,就医机构,结算时间
王五,,甲镇,丙村,8,约二,县医院,46147
注：以上数据以系统为准,,,,,,,
全县合计,,,,21.7,5.5,,
制表：赵六,,审核：钱七,,,,2026年6月1日,
";
    let (rows, mappings) = read_bytes("公示.csv", csv.as_bytes());
    assert_eq!(mappings[0].template, "medical_stays");
    assert!(mappings[0].is_sure(), "{mappings:?}");
    let found = data(&rows);
    let numbers: Vec<u32> = found.iter().map(|row| row.row).collect();
    assert_eq!(numbers, [5, 7, 10]);
    assert_eq!(found[0].amount.map(|money| money.fen()), Some(320_000));
    assert_eq!(found[0].event_date.map(|day| day.to_string()).as_deref(), Some("2026-05-03"));
    assert_eq!(found[1].amount.map(|money| money.fen()), Some(30_000));
    assert_eq!(found[2].event_date.map(|day| day.to_string()).as_deref(), Some("2026-05-05"));
    assert_eq!(found[2].findings[0].code, "cells.not_an_amount");
    assert_eq!(found[2].findings[0].place.cell(), "F10");
    assert_eq!(kind(&rows, 8), RowKind::NotData(NotData::Total));
    assert_eq!(kind(&rows, 9), RowKind::NotData(NotData::RepeatedHeading));
    assert_eq!(kind(&rows, 11), RowKind::NotData(NotData::Comment));
    assert_eq!(kind(&rows, 12), RowKind::NotData(NotData::Total));
    assert_eq!(kind(&rows, 13), RowKind::NotData(NotData::Signature));
}

#[test]
fn lists_of_one_office_are_told_apart() {
    for (name, csv, template, date, amount) in [
        (
            "a.csv",
            "号牌号码,车主,身份证明号码,车型,购车价格（元）,住址\n京A·*001,张三,110101199003070011,轿车,80000,甲镇乙村\n",
            "vehicles",
            None,
            Some(8_000_000),
        ),
        (
            "b.csv",
            "姓名,公民身份号码,死亡时间,注销时间,户口所在地\n张三,110101199003070011,20260301,2026/3/5,甲镇乙村1组\n",
            "deaths",
            Some("2026-03-01"),
            None,
        ),
        (
            "2026年4月迁移.csv",
            "姓名,身份证号,迁移类型,迁移日期,原户籍地址,迁往地\n张三,110101199003070011,迁出,2026.4.1,甲镇乙村,外省\n",
            "hukou_moves",
            Some("2026-04-01"),
            None,
        ),
        (
            "信贷2026年6月末.csv",
            "贷款台账,,,,,\n合同编号,客户姓名,证件号码,发放金额(万元),贷款余额(万元),贷款到期日\nA1,张三,110101199003070011,5,4.5,2027-01-01\n",
            "loans",
            Some("2026-06-30"),
            Some(4_500_000),
        ),
        (
            "受灾2026-08-02.csv",
            "序号,镇（街道）,村（居）,户主,灾害种类,损失金额（元）\n1,甲镇,乙村,张三,洪涝,\"12,300\"\n2,,丙村,李四,洪涝,900\n",
            "disaster_losses",
            Some("2026-08-02"),
            Some(1_230_000),
        ),
        (
            "疑似辍学.csv",
            "学生姓名,身份证件号码,户籍所在乡镇,户籍所在村,学段,核查结果,核查时间\n张三,110101201503070011,甲镇,乙村,小学,疑似失学,2026-09-10\n",
            "dropout_suspects",
            Some("2026-09-10"),
            None,
        ),
        (
            "工单.csv",
            "工单编号,来电时间,诉求人,来电号码,事发地址,问题描述,承办单位\n001,2026-03-05 14:22:10,张先生,16012345678,甲镇乙村,路灯坏了,甲镇\n",
            "complaints",
            Some("2026-03-05"),
            None,
        ),
        (
            "人社.csv",
            "姓名,身份证号码,户籍地,务工地点,单位名称,人员类型,失业时间,拖欠工资金额,是否就业\n张三,110101199003070011,甲镇乙村,外省,厂,欠薪,2026/3/9,￥2300,否\n",
            "job_events",
            Some("2026-03-09"),
            Some(230_000),
        ),
    ] {
        let (rows, mappings) = read_bytes(name, csv.as_bytes());
        assert_eq!(mappings[0].template, template, "{name}: {mappings:?}");
        let found = data(&rows);
        assert_eq!(found[0].event_date.map(|day| day.to_string()).as_deref(), date, "{name}");
        assert_eq!(found[0].amount.map(|money| money.fen()), amount, "{name}: {found:?}");
        assert!(found.iter().all(|row| row.findings.is_empty()), "{name}: {found:?}");
    }
}

#[test]
fn a_town_written_once_holds_for_its_block() {
    let csv = "乡镇,受灾村,户主姓名,受灾类型,直接经济损失(万元)\n甲镇,乙村,张三,风雹,0.1\n,丙村,李四,风雹,0.2\n,小计,,,0.3\n丁镇,戊村,王五,风雹,0.4\n";
    let (rows, _) = read_bytes("受灾_20260618.csv", csv.as_bytes());
    let towns: Vec<Option<&str>> =
        data(&rows).iter().map(|row| row.evidence.town.as_deref()).collect();
    assert_eq!(towns, [Some("甲镇"), Some("甲镇"), Some("丁镇")]);
}

#[test]
fn a_mapping_corrected_by_hand_is_used_again_for_the_same_headings() {
    let templates = Templates::shipped().expect("templates");
    let csv = "姓名,身份证号,死亡日期,甲,乙\n张三,110101199003070011,2026-03-01,2026-03-04,x\n";
    let mut book = Book::from_bytes(csv.as_bytes().to_vec(), &Limits::default()).expect("opens");
    let plans = reading::plan(&mut book, "a.csv", &templates, &|_| None).expect("plans");
    let layout = plans[0].layout.clone().expect("layout");
    let mut mapping = plans[0].mapping.clone().expect("mapping");
    assert_eq!(mapping.unused.len(), 2);
    mapping.assign("struck_on", &layout.headings[3]);
    let kept = mapping.clone();
    let remembered = |signature: &str| (signature == plans[0].signature).then(|| kept.clone());
    let again = reading::plan(&mut book, "b.csv", &templates, &remembered).expect("plans");
    // the samples are those of the file at hand
    if let Some(column) = mapping.columns.last_mut() {
        column.samples = vec!["2026-03-04".to_owned()];
    }
    assert_eq!(again[0].mapping.as_ref(), Some(&mapping));
    reading::read(&mut book, ("b.csv", &again[0]), &templates, &mut |row| {
        if row.kind == RowKind::Data {
            assert_eq!(
                row.day("struck_on").map(|day| day.to_string()).as_deref(),
                Some("2026-03-04")
            );
        }
        Ok(())
    })
    .expect("reads");
}

#[test]
fn the_kept_excerpts_read_as_they_always_did() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let mut files: Vec<_> = std::fs::read_dir(&folder)
        .expect("corpus")
        .map(|entry| entry.expect("entry").path())
        .filter(|path| path.extension().is_some_and(|end| end == "csv" || end == "xlsx"))
        .collect();
    files.sort();
    let mut lines = Vec::new();
    for path in files {
        let name = path.file_name().expect("name").to_string_lossy().into_owned();
        let bytes = std::fs::read(&path).expect("reads");
        let (rows, mappings) = read_bytes(&name, &bytes);
        let lists: Vec<&str> = mappings.iter().map(|mapping| mapping.template.as_str()).collect();
        lines.push(format!("## {name} {lists:?}"));
        for row in rows {
            let id = match &row.evidence.id {
                Some(AsRead::Text(text)) => format!("text of {}", text.chars().count()),
                Some(AsRead::Number(number)) => format!("number {number:e}"),
                None => "-".to_owned(),
            };
            let kind = match row.kind {
                RowKind::Data => "data",
                RowKind::NotData(kind) => kind.name(),
            };
            lines.push(format!(
                "{}:{} {kind} id={id} day={} amount={} town={} findings={}",
                row.sheet,
                row.row,
                row.event_date.map_or("-".to_owned(), |day| day.to_string()),
                row.amount.map_or("-".to_owned(), |money| money.fen().to_string()),
                row.evidence.town.as_deref().unwrap_or("-"),
                row.findings
                    .iter()
                    .map(|finding| finding.code.as_ref())
                    .collect::<Vec<_>>()
                    .join(",")
            ));
        }
    }
    insta::assert_snapshot!(lines.join("\n"));
}
