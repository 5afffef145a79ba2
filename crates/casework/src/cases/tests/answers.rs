//! The comparison as a workbook, and lists by name.

use sheets::{Book, Column, ColumnKind, Columns, Limits, Value};

use super::*;
use crate::cases::answers_in::{answers_in, questions_out};

/// The workbook with these texts in the columns of answer and finding, by the order of its rows.
fn filled(bytes: Vec<u8>, answers: &[(&str, &str)]) -> Vec<u8> {
    let mut book = Book::from_bytes(bytes, &Limits::default()).unwrap();
    let rows: Vec<Vec<String>> = book
        .rows(0)
        .unwrap()
        .map(|row| row.unwrap().cells.iter().map(|cell| cell.shown().to_string()).collect())
        .collect();
    let columns = rows[0].iter().map(|text| Column::new(text, ColumnKind::Text)).collect();
    let row = |(row, (answer, found)): (&Vec<String>, &(&str, &str))| {
        let mut row = row.clone();
        row.resize(9, String::new());
        row[7] = (*answer).to_owned();
        row[8] = (*found).to_owned();
        row.into_iter().map(Value::Text).collect()
    };
    let mut out = Vec::new();
    Columns { sheet: "x".to_owned(), columns }
        .write_xlsx(rows[1..].iter().zip(answers).map(row), &mut out)
        .unwrap();
    out
}

#[test]
fn an_office_takes_its_questions_out_and_brings_the_answers_back() {
    with_each(|county| {
        let people = county.people();
        let (home, id) = county.case(&people.village, 1);
        consent(&people.village, id);
        save_risks(&people.village, shown(&people.village, id), &[risk("illness")]).unwrap();
        step(&people.village, id, "check").unwrap();
        ask_offices(&people.county, shown(&people.county, id)).unwrap();
        let police = county.person("dora", Role::Department, ("140430000000", Some("police")));
        let l = web::L::new(Lang::Zh);
        let out = questions_out(&police, l, None).unwrap();
        assert_eq!(crate::cases::waiting(&police, None).unwrap().len(), 2);
        // a wrong word, then a hit without what was found, then both right
        let report =
            answers_in(&police, &filled(out.clone(), &[("也许", ""), ("查到（比中）", "")]));
        let report = report.unwrap();
        let codes: Vec<&str> =
            report.rows.iter().map(|row| row.refused.as_ref().unwrap().code).collect();
        assert_eq!(codes, ["cases.sheet_answer", "cases.fields"]);
        assert_eq!(report.rows[0].number, home.to_string());
        let half = answers_in(&police, &filled(out.clone(), &[("未查到", ""), ("", "")])).unwrap();
        assert_eq!((half.taken(), half.rows.len(), half.blank), (1, 1, 1));
        let rest = filled(out.clone(), &[("未查到", ""), ("hit", "面包车")]);
        let rest = answers_in(&police, &rest).unwrap();
        assert_eq!(rest.rows[0].refused.as_ref().unwrap().code, "cases.answered_already");
        assert_eq!(rest.taken(), 1);
        assert!(crate::cases::waiting(&police, None).unwrap().is_empty());
        // not a workbook of ours; not for who asks nothing
        let other = answers_in(&police, b"a,b\n1,2\n");
        assert_eq!(refusal(other).code, "cases.no_workbook");
        let village = refusal(answers_in(&people.village, &out));
        assert_eq!(village.kind, RefusalKind::Forbidden);
    });
}

#[test]
fn households_that_nobody_looks_after_are_a_list() {
    with_each(|county| {
        let people = county.people();
        let (home, id) = county.case(&people.village, 1);
        let (_, second) = county.case(&people.village, 1);
        let none = Filter { no_helper: true, ..Filter::default() };
        assert_eq!(list(&people.township, &none, None).unwrap().total, 2);
        let helper = assistance::NewHelper {
            name: "李四".to_owned(),
            unit: "县水利局".to_owned(),
            phone: None,
            account: None,
            from: people.township.today,
            why: String::new(),
        };
        let helper = assistance::assign(&people.township, home, None, helper).unwrap();
        let left = list(&people.township, &none, None).unwrap();
        assert_eq!(left.lines.iter().map(|line| line.id).collect::<Vec<_>>(), [second]);
        let last = people.township.today;
        assistance::release(&people.township, home, helper, (last, "调离")).unwrap();
        let again = list(&people.township, &none, None).unwrap();
        assert!(again.total == 2 && again.lines.iter().any(|line| line.id == id));
    });
}
