//! The national register beside the cases: what goes out, what differs, who settles it.

use registry::circumstances::topics::{Body, RegisterHousehold};
use sheets::{Book, Limits};

use super::*;
use crate::cases::national::{Choice, Field, differences, settle, settled, undo, workbook_of};

fn registered(county: &County<'_>, home: HouseholdId, body: &RegisterHousehold) {
    let batch: kernel::ids::BatchId = county.ctx.new_id();
    let mut tx = county.ctx.begin().unwrap();
    let now = tx.now();
    tx.exec(
        "insert into batches (id, template, department, list_id, file_name, file_hash, area_code, state, uploaded_by,
           uploaded_at, accepted_at, rows_total, rows_taken)
         values ($1, 'register_households', 'register', 'register', 'x', $1, '140430000000', 'accepted', 'system', $2, $2, 1, 1)",
        params![batch, now],
    )
    .unwrap();
    tx.exec(
        "insert into records (batch_id, row_no, seq, subject, subject_id, household_id, village_code, topic, source,
           valid_from, recorded_at, body)
         values ($1, 1, 0, 'household', $2, $2, $3, 'register_household', 'register', $4, $5, $6)",
        params![batch, home, VILLAGE, FOUND, now, body.to_json().unwrap()],
    )
    .unwrap();
    tx.commit(Entry::new(&county.ctx, "test.register")).unwrap();
}

/// A case that is monitored since a day.
fn monitored(county: &County<'_>, people: &People) -> (HouseholdId, CaseId) {
    let (home, id) = county.case(&people.village, 1);
    save_risks(&people.village, shown(&people.village, id), &[risk("illness")]).unwrap();
    let mut tx = county.ctx.begin().unwrap();
    tx.exec(
        "update cases set identified_on = '2026-09-01', class = 'object', state = 'helping', phase = 'help' where id = $1",
        params![id],
    )
    .unwrap();
    tx.commit(Entry::new(&county.ctx, "test.monitored")).unwrap();
    (home, id)
}

#[test]
fn a_difference_is_settled_field_by_field_and_silent_until_something_changes() {
    with_each(|county| {
        let people = county.people();
        let (home, id) = monitored(county, &people);
        let by = &people.county;
        assert!(differences(by, None).unwrap().is_empty(), "no register, no difference");
        let mut there = RegisterHousehold {
            monitor_type: Some("防止返贫致贫对象".to_owned()),
            identified_on: Some("2026-09-15".parse().unwrap()),
            risk_removed: Some(true),
            risks: vec!["因病".to_owned(), "因学".to_owned()],
            ..RegisterHousehold::default()
        };
        registered(county, home, &there);
        let found = differences(by, None).unwrap();
        let fields: Vec<Field> = found.iter().map(|one| one.field).collect();
        assert!(fields.contains(&Field::IdentifiedOn) && fields.contains(&Field::Risks));
        assert!(fields.contains(&Field::Removed), "{fields:?}");
        let day = (id, Field::IdentifiedOn, "2026-09-01", "2026-09-15");
        let state = (id, Field::Removed, "no", "yes");
        // a state changes by a step only
        assert_eq!(refusal(settle(by, state, Choice::Theirs)).code, "cases.not_takeable");
        settle(by, state, Choice::Ours).unwrap();
        settle(by, day, Choice::Theirs).unwrap();
        let case = show(by, id).unwrap().case;
        assert_eq!(case.identified_on.unwrap().to_string(), "2026-09-15");
        assert_eq!(case.state, "helping");
        let status =
            "select count(*) from statuses where scheme = 'monitored' and valid_from = '2026-09-15'
             and valid_to is null";
        assert_eq!(county.count(status), 1);
        let left: Vec<Field> = differences(by, None).unwrap().iter().map(|one| one.field).collect();
        assert!(!left.contains(&Field::Removed) && !left.contains(&Field::IdentifiedOn));
        assert_eq!(refusal(settle(by, day, Choice::Ours)).code, "cases.no_difference");
        // undone it stands as it was, and the difference is open again
        let done = settled(by, None).unwrap();
        let one = done.iter().find(|one| one.field == "identified_on").unwrap();
        undo(by, id, one.seq).unwrap();
        assert_eq!(show(by, id).unwrap().case.identified_on.unwrap().to_string(), "2026-09-01");
        assert!(differences(by, None).unwrap().iter().any(|one| one.field == Field::IdentifiedOn));
        assert_eq!(refusal(undo(by, id, one.seq)).code, "cases.no_difference");
        // what was kept is asked again when the register says something new
        there.risks = vec!["因灾".to_owned()];
        let risks = differences(by, None).unwrap();
        let risks = risks.iter().find(|one| one.field == Field::Risks).unwrap().clone();
        settle(by, (id, Field::Risks, &risks.ours, &risks.theirs), Choice::Ours).unwrap();
        registered(county, home, &there);
        assert!(differences(by, None).unwrap().iter().any(|one| one.field == Field::Risks));
        // only the county settles
        assert_eq!(refusal(differences(&people.village, None)).kind, RefusalKind::Forbidden);
        assert_eq!(
            refusal(settle(&people.township, day, Choice::Ours)).kind,
            RefusalKind::Forbidden
        );
        verify_journal(&county.test.db).unwrap();
    });
}

#[test]
fn monitored_households_go_out_in_the_national_headings_for_a_purpose() {
    with_each(|county| {
        let people = county.people();
        let (home, _) = monitored(county, &people);
        county.case(&people.village, 1);
        assert_eq!(refusal(workbook_of(&people.county, None, "  ")).code, "cases.fields");
        let village = refusal(workbook_of(&people.village, None, "报表"));
        assert_eq!(village.kind, RefusalKind::Forbidden);
        let bytes = workbook_of(&people.county, None, "10 月更新").unwrap();
        let mut book = Book::from_bytes(bytes, &Limits::default()).unwrap();
        let names: Vec<String> = book.sheets().iter().map(|sheet| sheet.name.clone()).collect();
        assert_eq!(names, ["户信息", "人信息"]);
        let rows: Vec<Vec<String>> = book
            .rows(0)
            .unwrap()
            .map(|row| row.unwrap().cells.iter().map(|cell| cell.shown().to_string()).collect())
            .collect();
        assert_eq!(rows.len(), 2, "one monitored household; the other is only a case");
        assert!(rows[1].contains(&home.to_string()) && rows[1].contains(&"因病".to_owned()));
        assert_eq!(
            county.count("select count(*) from journal where verb = 'case.national_out'"),
            1
        );
    });
}

#[test]
fn the_national_headings_are_those_that_intake_reads() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../packs/common/templates/");
    let read = |name: &str| std::fs::read_to_string(format!("{folder}{name}.toml")).unwrap();
    let known = |name: &str| read(name) + &read("headings");
    let sheets = [
        (known("register_households"), &crate::cases::national::HOUSEHOLD[..]),
        (known("register_persons"), &crate::cases::national::PERSON[..]),
    ];
    for (text, headings) in sheets {
        for heading in headings {
            assert!(text.contains(&format!("\"{heading}\"")), "{heading}");
        }
    }
}
