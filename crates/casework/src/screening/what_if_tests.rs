//! What other thresholds would find, on every engine at hand.

use std::collections::BTreeSet;

use kernel::permission::Role;
use kernel::time::Day;
use registry::policies::{Pack, publish};
use store::Ctx;

use super::tests::*;
use super::what_if::{Changed, Counts, Difference, compare};
use super::*;

const LINE: &str = r#"
id = "labour_line"
title = { zh = "劳动力线", en = "Labour line" }
unit = "persons"
[[values]]
from = "2021-01-01"
value = 1
set_locally = "test"
"#;

/// The rules of the tests with a parameter: labour below a line.
pub(super) fn with_line(version: u32, line: i64, rules: &[(&str, &str)]) -> Pack {
    let base = pack(version, rules);
    let mut files = base.files;
    let text = LINE.replace("value = 1", &format!("value = {line}"));
    files.insert("parameters/line.toml".to_owned(), text);
    Pack::read(files).unwrap()
}

pub(super) fn income() -> String {
    INCOME.replace("labour < 1", "labour < :labour_line")
}

/// Twelve households in two villages, labour 0 to 4, water now safe now not, in three of them unknown.
pub(super) fn fill(county: &County<'_>) {
    for n in 0..12_i64 {
        let village = if n % 3 == 0 { OTHER } else { VILLAGE };
        let id = county.household(village, n % 5, n % 2 == 0);
        if n % 4 == 3 {
            let mut tx = county.ctx.begin().unwrap();
            let sql = "update household_facts set labour = null, water_safe = null where household_id = $1";
            tx.exec(sql, store::params![&id]).unwrap();
            tx.touch_household(id.as_str(), village.parse().unwrap());
            tx.commit(store::Entry::new(&county.ctx, "test.unknown")).unwrap();
        }
    }
    county.village(VILLAGE, 300);
    county.village(OTHER, 90);
}

fn one<'a>(found: &'a [Difference], rule: &str) -> &'a Difference {
    found.iter().find(|one| one.rule == rule).unwrap()
}

/// Subjects by certainty that a preview of a pack's rules gives for one rule.
pub(super) fn previewed(
    ctx: &Ctx,
    pack: &Pack,
    rule: &str,
) -> (BTreeSet<String>, BTreeSet<String>) {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in &pack.files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let (lines, _) = screen_preview(ctx, Rules::Folder(folder.path()), ctx.today).unwrap();
    let of = |certainty: &str| {
        let own = lines.iter().filter(|line| line.rule_id == rule && line.certainty == certainty);
        own.map(|line| line.subject.clone()).collect()
    };
    (of("sure"), of("cannot_tell"))
}

pub(super) fn expected(ctx: &Ctx, rule: &str, before: &Pack, after: &Pack) -> Counts {
    let ((was, unsure), (is, still)) = (previewed(ctx, before, rule), previewed(ctx, after, rule));
    let n = |set: &BTreeSet<String>| i64::try_from(set.len()).unwrap();
    Counts {
        hits_before: n(&was),
        hits_after: n(&is),
        came_in: n(&(&is - &was)),
        dropped_out: n(&(&was - &is)),
        unchanged: n(&(&was & &is)),
        cannot_tell_before: n(&unsure),
        cannot_tell_after: n(&still),
    }
}

#[test]
fn two_books_differ_as_their_previews_do() {
    with_each(|county| {
        let outage = OUTAGE.to_owned();
        let before =
            with_line(2, 1, &[("house", HOUSE), ("income", &income()), ("outage", &outage)]);
        publish(&county.ctx, &before).unwrap();
        fill(county);
        let wider = outage.replace("households > 100", "households > 50");
        let after = with_line(3, 3, &[("house", HOUSE), ("income", &income()), ("outage", &wider)]);
        let found = compare(&county.ctx, &after, county.ctx.today).unwrap();
        let rules: Vec<&str> = found.iter().map(|one| one.rule.as_str()).collect();
        assert_eq!(rules, ["income", "outage"], "{}: the house is as it was", county.test.engine);
        let line = one(&found, "income");
        assert_eq!(line.changed, [Changed::Parameter("labour_line".to_owned())]);
        assert_eq!(line.title.zh, "收入低");
        let counts = line.counts.unwrap();
        assert_eq!(counts, expected(&county.ctx, "income", &before, &after));
        assert!(counts.came_in > 0 && counts.unchanged > 0 && counts.cannot_tell_after == 3);
        assert_eq!(counts.unchanged + counts.dropped_out, counts.hits_before);
        assert_eq!(counts.unchanged + counts.came_in, counts.hits_after);
        let village = one(&found, "outage");
        assert_eq!(
            (village.level, village.changed.as_slice()),
            (Level::Village, &[Changed::Condition][..])
        );
        assert_eq!(village.counts.unwrap(), expected(&county.ctx, "outage", &before, &after));
        assert_eq!(village.counts.unwrap().came_in, 1);
        let back =
            compare(&county.ctx, &with_line(3, 0, &[("income", &income())]), county.ctx.today)
                .unwrap();
        let counts = one(&back, "income").counts.unwrap();
        assert_eq!((counts.hits_after, counts.dropped_out), (0, counts.hits_before));
        assert_eq!(compare(&county.ctx, &before, county.ctx.today).unwrap(), []);
    });
}

#[test]
fn rules_that_come_go_break_or_weigh_more_are_named() {
    with_each(|county| {
        publish(
            &county.ctx,
            &with_line(2, 1, &[("house", HOUSE), ("income", INCOME), ("outage", OUTAGE)]),
        )
        .unwrap();
        fill(county);
        let graver = HOUSE.replace("severity = \"notice\"", "severity = \"severe\"");
        let broken = INCOME.replace("labour < 1", "labor < 1");
        let fresh =
            HOUSE.replace("id = \"house\"", "id = \"new\"").replace("not water_safe", "water_safe");
        let after = with_line(3, 1, &[("house", &graver), ("income", &broken), ("new", &fresh)]);
        let found = compare(&county.ctx, &after, county.ctx.today).unwrap();
        let house = one(&found, "house");
        assert_eq!(house.changed, [Changed::Severity]);
        let counts = house.counts.unwrap();
        assert_eq!((counts.came_in, counts.dropped_out), (0, 0));
        assert_eq!(counts.unchanged, counts.hits_before);
        let income = one(&found, "income");
        assert_eq!(income.changed, [Changed::Unsound]);
        assert!(matches!(&income.problems[..], [Issue { trouble: Trouble::Wrong(_), .. }]));
        let counts = income.counts.unwrap();
        assert_eq!(
            (counts.unchanged, counts.dropped_out),
            (counts.hits_before, 0),
            "its leads stay"
        );
        let new = one(&found, "new");
        assert_eq!(new.changed, [Changed::New]);
        let counts = new.counts.unwrap();
        assert_eq!((counts.hits_before, counts.came_in), (0, counts.hits_after));
        assert_eq!(one(&found, "outage").changed, [Changed::Gone]);
        assert_eq!(one(&found, "outage").counts.unwrap().dropped_out, 1);
    });
}

#[test]
fn a_rule_that_takes_too_long_is_stopped_and_the_others_are_counted() {
    with_each(|county| {
        publish(&county.ctx, &with_line(2, 1, &[("house", HOUSE)])).unwrap();
        time_tests::county(&county.ctx);
        let safe = HOUSE.replace("not water_safe", "water_safe");
        let after = with_line(3, 1, &[("house", &safe), ("slow", &time_tests::slow())]);
        let limits = (county.ctx.today, time_tests::LIMIT);
        let found = what_if::compare_within(&county.ctx, &after, limits).unwrap();
        let slow = one(&found, "slow");
        let millis = time_tests::LIMIT.as_millis().try_into().ok();
        assert_eq!((slow.counts, slow.stopped), (None, millis), "{}", county.test.engine);
        assert_eq!(one(&found, "house").counts.unwrap().came_in, 6_000);
    });
}

#[test]
fn only_who_may_run_rules_compares_books() {
    with_running(|county| {
        let chen = county.person("Chen", Role::Village, Some(VILLAGE));
        let leader = county.person("Lin", Role::Leader, None);
        for ctx in [chen, leader] {
            let refused = compare(&ctx, &with_line(3, 1, &[]), ctx.today).unwrap_err();
            assert_eq!(refused.code(), Some("access.forbidden"));
        }
    });
}

#[test]
fn a_day_to_come_is_asked_with_the_facts_of_today() {
    with_each(|county| {
        publish(&county.ctx, &with_line(2, 1, &[("income", &income())])).unwrap();
        fill(county);
        let after = with_line(3, 4, &[("income", &income())]);
        let now = compare(&county.ctx, &after, county.ctx.today).unwrap();
        let later: Day = "2027-01-01".parse().unwrap();
        assert_eq!(compare(&county.ctx, &after, later).unwrap(), now);
    });
}
