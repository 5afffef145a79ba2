use proptest::prelude::*;

use super::*;
use crate::money::Money;
use crate::time::Day;

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

#[test]
fn amounts_are_read_in_all_their_forms() {
    for (cell, unit, fen) in [
        ("1563.5", Unit::Yuan, 156_350),
        ("1,563.50", Unit::Yuan, 156_350),
        ("１，５６３．５０", Unit::Yuan, 156_350),
        ("5140.68元", Unit::Yuan, 514_068),
        ("5140.68 元", Unit::TenThousand, 514_068),
        ("5140.68", Unit::TenThousand, 5_140_680_000),
        ("0.514068", Unit::TenThousand, 514_068),
        ("0.5140675", Unit::TenThousand, 514_068),
        ("1.2万", Unit::Yuan, 1_200_000),
        ("1.2万元", Unit::Yuan, 1_200_000),
        ("3千元", Unit::Yuan, 300_000),
        ("￥1,200", Unit::Yuan, 120_000),
        ("¥ 1200.00元", Unit::Yuan, 120_000),
        ("人民币1200元整", Unit::Yuan, 120_000),
        ("-12.5", Unit::Yuan, -1_250),
        ("(12.50)", Unit::Yuan, -1_250),
        ("￥-12.5", Unit::Yuan, -1_250),
        ("'300", Unit::Yuan, 30_000),
        ("0", Unit::TenThousand, 0),
        (".5", Unit::Yuan, 50),
        ("1 234.50", Unit::Yuan, 123_450),
        ("2.005", Unit::Yuan, 201),
        ("壹仟贰佰元整", Unit::TenThousand, 120_000),
        ("三百", Unit::Yuan, 30_000),
        ("两万元", Unit::Yuan, 2_000_000),
    ] {
        assert_eq!(read_amount(cell, unit), Ok(Some(Money::from_fen(fen))), "{cell}");
    }
    for empty in ["", " ", "-", "——", "/", "无", "\u{3000}"] {
        assert_eq!(read_amount(empty, Unit::Yuan), Ok(None), "{empty:?}");
    }
}

#[test]
fn what_is_no_amount_has_its_reason() {
    for (cell, problem) in [
        ("约500", CellProblem::NotAnAmount),
        ("500左右", CellProblem::NotAnAmount),
        ("九百五", CellProblem::NotAnAmount),
        ("12.5.6", CellProblem::NotAnAmount),
        ("300-500", CellProblem::NotAnAmount),
        ("5.1E+3", CellProblem::NotAnAmount),
        ("元", CellProblem::NotAnAmount),
        ("1,23", CellProblem::WrongGrouping),
        ("1234,567", CellProblem::WrongGrouping),
        ("99999999999999999999", CellProblem::AmountTooLarge),
        ("9999999999999亿元", CellProblem::AmountTooLarge),
    ] {
        assert_eq!(read_amount(cell, Unit::Yuan), Err(problem), "{cell}");
    }
    assert_eq!(read_amount_number(f64::INFINITY, Unit::Yuan), Err(CellProblem::NotAnAmount));
    assert_eq!(read_amount_number(1e300, Unit::Yuan), Err(CellProblem::AmountTooLarge));
    assert_eq!(read_amount_number(0.1 + 0.2, Unit::Yuan), Ok(Money::from_fen(30)));
    assert_eq!(read_amount_number(2.4, Unit::TenThousand), Ok(Money::from_fen(2_400_000)));
}

#[test]
fn a_unit_is_declared_in_a_heading_or_a_note() {
    for (text, unit) in [
        ("直接经济损失(万元)", Some(Unit::TenThousand)),
        ("月保障金/救助金额(元)", Some(Unit::Yuan)),
        ("贷款余额（万元）", Some(Unit::TenThousand)),
        ("补助（元/月）", Some(Unit::Yuan)),
        ("单位：开州区医疗保障局　　金额单位：元　　结算期间：2026.8.1-8.31", Some(Unit::Yuan)),
        ("填报单位：沁县医保局  金额单位：万元", Some(Unit::TenThousand)),
        ("单位：万元", Some(Unit::TenThousand)),
        ("（单位：千元）", Some(Unit::Thousand)),
        ("单位（盖章）：关面乡人民政府", None),
        ("总费用", None),
        ("面积(亩)", None),
        ("元旦慰问", None),
    ] {
        assert_eq!(Unit::declared_in(text), unit, "{text}");
    }
}

#[test]
fn dates_are_read_in_all_their_forms() {
    let expected = day("2026-03-05");
    for cell in [
        "2026-03-05",
        "2026-3-5",
        "2026.3.5",
        "2026.03.05",
        "2026年3月5日",
        "2026年03月05日",
        "2026/3/5",
        "2026/03/05",
        "20260305",
        "46086",
        "46086.5",
        "2026-03-05 00:00:00",
        "2026/3/5 8:30",
        "2026-03-05T08:30:00Z",
        "2026年3月5日 8时30分",
        "２０２６．３．５",
        " 2026-03-05\t",
        "'2026-03-05",
        "2026年3月5",
        "2026 年 3 月 5 日",
        "2026-03-05T08:30:00.000+08:00",
    ] {
        assert_eq!(read_day(cell), Ok(Some(expected)), "{cell}");
    }
    assert_eq!(read_day_number(46_086.0), Ok(expected));
    assert_eq!(read_day_number(46_086.75), Ok(expected));
    assert_eq!(read_day_number(20_260_305.0), Ok(expected));
    assert_eq!(read_day("46155"), Ok(Some(day("2026-05-13"))));
    assert_eq!(read_day("/"), Ok(None));
}

#[test]
fn what_is_no_date_has_its_reason() {
    for (cell, problem) in [
        ("2026-02-30", CellProblem::NoSuchDay),
        ("20261301", CellProblem::NoSuchDay),
        ("2026年3月", CellProblem::DayMissing),
        ("2026-03", CellProblem::DayMissing),
        ("2026.3", CellProblem::DayMissing),
        ("2026", CellProblem::DayMissing),
        ("26-3-5", CellProblem::DateAmbiguous),
        ("5/3/2026", CellProblem::DateAmbiguous),
        ("202603", CellProblem::DateAmbiguous),
        ("1026-03-05", CellProblem::YearOutOfRange),
        ("去年冬天", CellProblem::NotADate),
        ("2026-03-05至2026-03-07", CellProblem::NotADate),
        ("12", CellProblem::NotADate),
        ("99999", CellProblem::NotADate),
    ] {
        assert_eq!(read_day(cell), Err(problem), "{cell}");
    }
    assert_eq!(read_day_number(12.0), Err(CellProblem::NotADate));
    assert_eq!(read_day_number(f64::NAN), Err(CellProblem::NotADate));
}

#[test]
fn months_are_read_too() {
    for cell in ["2026-03", "2026年3月", "2026.3", "202603", "2026/3/31", "2026年3月份"] {
        let month = read_month(cell.trim_end_matches('份')).unwrap().unwrap();
        assert_eq!(month.to_string(), "2026-03", "{cell}");
    }
    assert_eq!(read_month("2026-13"), Err(CellProblem::NoSuchDay));
}

#[test]
fn yes_and_no_are_told_apart() {
    assert_eq!(read_yes_no(" 是 "), Some(true));
    assert_eq!(read_yes_no("否"), Some(false));
    assert_eq!(read_yes_no("不详"), None);
}

proptest! {
    #[test]
    fn every_form_of_a_day_is_that_day(count in -25_000_i64..47_000) {
        let (d, serial) = (Day::from_count(count), count + 25_569);
        let (y, m, n) = (d.year(), d.month(), d.day());
        for cell in [
            format!("{d}"), format!("{y}.{m}.{n}"), format!("{y}年{m}月{n}日"),
            format!("{y}/{m}/{n}"), format!("{y:04}{m:02}{n:02}"), format!("{d} 00:00:00"),
        ] {
            prop_assert_eq!(read_day(&cell), Ok(Some(d)), "{}", cell);
        }
        if (20_000..=80_000).contains(&serial) {
            prop_assert_eq!(read_day(&serial.to_string()), Ok(Some(d)));
        }
    }

    #[test]
    fn every_form_of_an_amount_is_that_amount(fen in 0_i64..1_000_000_000_000) {
        let money = Money::from_fen(fen);
        for cell in [money.plain(), money.to_string(), format!("{money}元"), format!("￥{money}")] {
            prop_assert_eq!(read_amount(&cell, Unit::Yuan), Ok(Some(money)), "{}", cell);
        }
        let in_ten_thousand = format!("{}", money.yuan() / rust_decimal::Decimal::from(10_000));
        prop_assert_eq!(read_amount(&in_ten_thousand, Unit::TenThousand), Ok(Some(money)));
        if fen < 1_000_000_000_000_000 {
            let cell: f64 = in_ten_thousand.parse().unwrap();
            prop_assert_eq!(read_amount_number(cell, Unit::TenThousand), Ok(money));
        }
    }

    #[test]
    fn no_cell_makes_the_readers_panic(cell in "\\PC{0,20}", odd in "[-0-9,.年月日元万/ ]{0,16}", number in any::<f64>()) {
        for text in [cell, odd] {
            let _ = (read_day(&text), read_month(&text), read_amount(&text, Unit::TenThousand));
            let _ = Unit::declared_in(&text);
        }
        let _ = (read_day_number(number), read_amount_number(number, Unit::Thousand), day_of_serial(number));
    }
}

#[test]
fn a_date_in_words_is_one_in_digits() {
    for text in ["二〇二六年三月五日", "二○二六年三月五日", "2026年三月五日", "二零二六年3月5号"]
    {
        assert_eq!(read_day(text), Ok(Some(day("2026-03-05"))), "{text}");
    }
    assert_eq!(read_day("二〇二六年十二月三十一日"), Ok(Some(day("2026-12-31"))));
    assert_eq!(read_day("二〇二六年三月"), Err(CellProblem::DayMissing));
}

#[test]
fn a_date_without_its_year_is_read_only_where_one_day_can_be_meant() {
    let month = crate::time::Period::new(day("2026-03-01"), day("2026-03-31")).unwrap();
    for (text, expected) in [
        ("3月5日", Some("2026-03-05")),
        ("３月５号", Some("2026-03-05")),
        ("三月五日", Some("2026-03-05")),
        ("26.3.5", Some("2026-03-05")),
        ("26-02-27", Some("2026-02-27")),
        ("2月30日", None),
        ("9月5日", None),
        ("05/03/26", None),
        ("3.5", None),
        ("2026年3月", None),
        ("上月5日", None),
    ] {
        assert_eq!(read_day_within(text, month), expected.map(day), "{text}");
    }
    let years = crate::time::Period::new(day("2024-01-01"), day("2026-12-31")).unwrap();
    assert_eq!(read_day_within("3月5日", years), None);
}
