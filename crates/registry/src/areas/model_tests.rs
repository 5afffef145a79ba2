use proptest::prelude::*;

use super::*;

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn code(number: u32) -> AreaCode {
    format!("140430100{number:03}").parse().unwrap()
}

fn village(number: u32, name: &str) -> AreaRow {
    AreaRow {
        code: code(number),
        name: name.to_owned(),
        official_name: format!("{name}委会"),
        level: AreaLevel::Village,
        parent: Some("140430100000".parse().unwrap()),
        class: Some("一般村".to_owned()),
        former_names: Vec::new(),
        point: None,
    }
}

fn town() -> AreaRow {
    AreaRow {
        code: "140430100000".parse().unwrap(),
        level: AreaLevel::Town,
        parent: Some("140430000000".parse().unwrap()),
        class: None,
        ..village(0, "定昌镇")
    }
}

fn known(rows: &[AreaRow]) -> Vec<Area> {
    rows.iter().map(|row| Area { row: row.clone(), span: Span::since(day("2020-01-01")) }).collect()
}

#[test]
fn the_same_list_twice_changes_nothing() {
    let rows = [town(), village(201, "红坡村"), village(202, "西陈村")];
    assert_eq!(compare(&known(&rows), &rows), Vec::new());
}

#[test]
fn a_new_name_keeps_the_old_one() {
    let changes =
        compare(&known(&[town(), village(201, "红家坪村")]), &[town(), village(201, "红坡村")]);
    assert!(
        matches!(&changes[..], [AreaChange::Rename { old_name, .. }] if old_name == "红家坪村")
    );
}

#[test]
fn a_code_that_left_the_list_lives_on_where_its_name_went() {
    let heir =
        AreaRow { former_names: vec!["红家坪村".to_owned()], ..village(216, "红坡村") };
    let changes = compare(&known(&[town(), village(201, "红家坪村")]), &[town(), heir.clone()]);
    assert!(changes.contains(&AreaChange::Add(heir)));
    assert!(changes.contains(&AreaChange::Succeed { old: code(201), new: code(216) }));
}

#[test]
fn a_code_that_left_without_a_trace_is_asked_about() {
    let changes = compare(&known(&[town(), village(201, "红家坪村")]), &[town()]);
    assert_eq!(changes, vec![AreaChange::Missing(code(201))]);
}

#[test]
fn a_list_of_another_county_says_nothing_about_ours() {
    let other = AreaRow { code: "500154201000".parse().unwrap(), parent: None, ..town() };
    let changes = compare(&known(&[town(), village(201, "红坡村")]), std::slice::from_ref(&other));
    assert_eq!(changes, vec![AreaChange::Add(other)]);
}

#[test]
fn an_old_code_resolves_through_two_mergers_from_their_days_on() {
    let links = Successors::new([
        (code(1), code(2), day("2021-01-01")),
        (code(2), code(3), day("2023-01-01")),
    ]);
    assert_eq!(links.on(code(1), day("2020-12-31")), vec![code(1)]);
    assert_eq!(links.on(code(1), day("2021-01-01")), vec![code(2)]);
    assert_eq!(links.on(code(1), day("2026-01-01")), vec![code(3)]);
}

#[test]
fn a_divided_village_lives_on_in_both_parts() {
    let on = day("2021-01-01");
    let links = Successors::new([(code(1), code(2), on), (code(1), code(3), on)]);
    assert_eq!(links.on(code(1), on), vec![code(2), code(3)]);
}

proptest! {
    #[test]
    fn a_village_never_has_two_classes_on_one_day(sets in proptest::collection::vec((0u8..4, 0i64..2000), 1..20), probe in 0i64..2100) {
        let start = day("2020-01-01");
        let mut classes = Classes::default();
        for (class, offset) in &sets {
            classes.set(&format!("class{class}"), start.add_days(*offset));
        }
        let at = start.add_days(probe);
        prop_assert!(classes.rows().iter().filter(|(_, span)| span.holds_on(at)).count() <= 1);
        let (last, from) = sets.last().unwrap();
        let expected = format!("class{last}");
        prop_assert_eq!(classes.on(start.add_days(*from)), Some(expected.as_str()));
    }

    #[test]
    fn any_links_end_somewhere(links in proptest::collection::vec((0u32..8, 0u32..8), 0..20), from in 0u32..8) {
        let on = day("2021-01-01");
        let successors = Successors::new(links.iter().map(|(a, b)| (code(*a), code(*b), on)));
        prop_assert!(!successors.on(code(from), on).is_empty());
    }

    #[test]
    fn an_ended_span_holds_on_no_day_from_its_end(from in 0i64..500, end in 0i64..1000, probe in 0i64..1200) {
        let start = day("2020-01-01");
        let span = Span::since(start.add_days(from)).ended(start.add_days(end));
        let at = start.add_days(probe);
        prop_assert_eq!(span.holds_on(at), probe >= from && probe < end);
    }
}
