//! After a publication only what it changed is asked again, and what comes of it is what asking everything would give.

use std::collections::BTreeSet;
use std::time::Duration;

use kernel::ids::HouseholdId;
use registry::policies::{Pack, publish};
use store::{Entry, params};

use super::tests::{
    County, FAR, HOUSE, INCOME, OTHER, OUTAGE, VILLAGE, no_risk, pack, shown, with_each,
};
use super::*;

const LONG: Duration = Duration::from_secs(60);

/// A county with three rules, screened, its leads given out one village at a time and one of them answered.
fn settled(county: &County<'_>) {
    for (village, labour, water) in [
        (VILLAGE, 0, false),
        (VILLAGE, 2, false),
        (OTHER, 0, true),
        (FAR, 1, false),
        (FAR, 2, true),
    ] {
        county.household(village, labour, water);
    }
    county.village(FAR, 200);
    screen_all(&county.ctx).unwrap();
    release_wave(&county.ctx).unwrap();
    let open = list(&county.ctx, &Filter::of(State::Open), None).unwrap().lines;
    answer(&county.ctx, shown(&open[0]), &no_risk()).unwrap();
    assert_eq!(screen_stale(&county.ctx).unwrap().run, None, "an answer changes no fact");
}

fn due(county: &County<'_>) -> (std::sync::Arc<book::Bound>, Vec<reask::Piece>) {
    reask::due(&mut county.ctx.read().unwrap(), county.ctx.today).unwrap().unwrap()
}

fn codes(piece: &reask::Piece) -> impl Iterator<Item = &str> {
    piece.villages.iter().map(|stale| stale.village.as_str())
}

/// Publishes, and gives the rules that were asked.
fn after(county: &County<'_>, book: &Pack) -> Vec<String> {
    publish(&county.ctx, book).unwrap();
    let report = screen_stale(&county.ctx).unwrap();
    assert!(report.run.is_some(), "{}", county.test.engine);
    let full = screen_all(&county.ctx).unwrap().row;
    let what = format!("{}: {full:?}", county.test.engine);
    assert_eq!((full.opened, full.joined, full.withdrawn), (0, 0, 0), "{what}");
    assert_eq!(screen_stale(&county.ctx).unwrap().run, None);
    report.rules.into_keys().collect()
}

fn of(version: u32, [house, income, outage]: [&str; 3]) -> Pack {
    pack(version, &[("house", house), ("income", income), ("outage", outage)])
}

#[test]
fn only_the_rule_whose_text_changed_is_asked() {
    with_each(|county| {
        settled(county);
        let wider = INCOME.replace("labour < 1", "labour < 2");
        assert_eq!(after(county, &of(2, [HOUSE, &wider, OUTAGE])), ["income"]);
        let open = list(&county.ctx, &Filter::of(State::Open), None).unwrap().lines;
        let far = open.iter().find(|line| line.village.as_str() == FAR && line.reasons.len() == 2);
        assert!(far.is_some(), "the lead about water got a reason: {open:?}");
        assert_eq!(after(county, &of(3, [HOUSE, INCOME, OUTAGE])), ["income"]);
    });
}

#[test]
fn a_rule_that_goes_takes_its_reasons_along_and_nothing_is_asked() {
    with_each(|county| {
        settled(county);
        let before = county.count(State::Withdrawn);
        let asked = after(county, &pack(2, &[("income", INCOME), ("outage", OUTAGE)]));
        assert!(asked.is_empty(), "{asked:?}");
        assert!(county.count(State::Withdrawn) > before);
        assert_eq!(after(county, &of(3, [HOUSE, INCOME, OUTAGE])), ["house"]);
    });
}

#[test]
fn a_publication_that_changes_no_rule_asks_none() {
    with_each(|county| {
        settled(county);
        assert!(after(county, &of(2, [HOUSE, INCOME, OUTAGE])).is_empty());
    });
}

#[test]
fn where_a_fact_changed_meanwhile_or_the_day_did_everything_is_asked() {
    with_each(|county| {
        settled(county);
        // a commit that asked all that it changed leaves nothing to be asked again
        county.household(VILLAGE, 0, false);
        let wider = INCOME.replace("labour < 1", "labour < 2");
        assert_eq!(after(county, &of(2, [HOUSE, &wider, OUTAGE])), ["income"]);
        published(county, VILLAGE);
        let asked = after(county, &of(3, [HOUSE, INCOME, OUTAGE]));
        assert_eq!(asked, ["house", "income", "outage"]);
        publish(&county.ctx, &of(4, [HOUSE, &wider, OUTAGE])).unwrap();
        let tomorrow = screen_stale(&county.on("2026-10-13")).unwrap();
        assert_eq!(tomorrow.rules.len(), 3);
    });
}

#[test]
fn a_rule_that_was_silent_is_asked_when_it_is_put_right() {
    with_each(|county| {
        let wrong = HOUSE.replace("not water_safe", "not water_saved");
        publish(&county.ctx, &of(2, [&wrong, INCOME, OUTAGE])).unwrap();
        settled(county);
        assert_eq!(after(county, &of(3, [HOUSE, INCOME, OUTAGE])), ["house"]);
        assert!(after(county, &of(4, [&wrong, INCOME, OUTAGE])).is_empty(), "what it found stands");
    });
}

/// A household whose facts are published with many others: its leads follow later.
fn published(county: &County<'_>, village: &str) {
    let id: HouseholdId = county.ctx.new_id();
    let mut tx = county.ctx.begin().unwrap();
    let now = tx.now();
    let sql =
        "insert into households (id, number, village_code, created_at) values ($1, $2, $3, $4)";
    tx.exec(sql, params![id, id.to_string(), village, now]).unwrap();
    let sql =
        "insert into household_facts (household_id, village_code, persons, labour, water_safe)
               values ($1, $2, 3, 0, 0)";
    tx.exec(sql, params![id, village]).unwrap();
    tx.touch_published(village.parse().unwrap());
    tx.commit(Entry::new(&county.ctx, "test.published")).unwrap();
}

fn leads_in(county: &County<'_>, village: &str) -> i64 {
    let mut session = county.ctx.read().unwrap();
    let sql = "select count(*) from leads where village_code = $1";
    session.row(sql, params![village]).unwrap().int(0).unwrap()
}

#[test]
fn what_changes_between_asking_and_writing_is_left_to_the_next_run() {
    with_each(|county| {
        settled(county);
        for village in [VILLAGE, OTHER] {
            published(county, village);
        }
        let (book, pieces) = due(county);
        assert_eq!(pieces.len(), 1);
        assert_eq!(codes(&pieces[0]).collect::<Vec<_>>(), [VILLAGE, OTHER]);
        let ahead = reask::ahead(&county.ctx, &pieces[0], LONG).unwrap();
        published(county, OTHER);
        let before = (leads_in(county, VILLAGE), leads_in(county, OTHER));
        reask::written(&county.ctx, &book.digest, (&pieces[0], ahead), LONG).unwrap();
        let after = (leads_in(county, VILLAGE), leads_in(county, OTHER));
        assert_eq!(after, (before.0 + 1, before.1), "{}", county.test.engine);
        let left = due(county).1;
        assert_eq!(left.iter().flat_map(codes).collect::<Vec<_>>(), [OTHER]);
        assert_eq!(screen_stale(&county.ctx).unwrap().row.opened, 2);
        let full = screen_all(&county.ctx).unwrap().row;
        assert_eq!((full.opened, full.joined, full.withdrawn), (0, 0, 0), "{full:?}");
    });
}

#[test]
fn what_was_asked_for_another_book_is_not_written() {
    with_each(|county| {
        settled(county);
        published(county, FAR);
        let (book, pieces) = due(county);
        let ahead = reask::ahead(&county.ctx, &pieces[0], LONG).unwrap();
        publish(&county.ctx, &pack(2, &[("outage", OUTAGE)])).unwrap();
        let before = leads_in(county, FAR);
        let done = reask::written(&county.ctx, &book.digest, (&pieces[0], ahead), LONG).unwrap();
        assert!(matches!(done, reask::Written::OtherBook), "{}", county.test.engine);
        assert_eq!(leads_in(county, FAR), before);
        screen_stale(&county.ctx).unwrap();
        assert_eq!(leads_in(county, FAR), before, "the new book does not ask about water");
    });
}

#[test]
fn only_where_no_fact_changed_is_nobody_looked_for_who_moved() {
    with_each(|county| {
        settled(county);
        let before = last_publication(&county.ctx.db).unwrap();
        published(county, FAR);
        let wider = INCOME.replace("labour < 1", "labour < 2");
        publish(&county.ctx, &of(2, [HOUSE, &wider, OUTAGE])).unwrap();
        assert_ne!(last_publication(&county.ctx.db).unwrap(), before, "the server looks at once");
        let (_, pieces) = due(county);
        let standing = |piece: &&reask::Piece| piece.standing;
        let still: Vec<&str> = pieces.iter().filter(standing).flat_map(codes).collect();
        assert!(still.contains(&VILLAGE) && still.contains(&OTHER), "{still:?}");
        assert!(!still.contains(&FAR), "its facts have changed: {still:?}");
        let all: BTreeSet<&str> = pieces.iter().flat_map(codes).collect();
        assert_eq!(all, BTreeSet::from([VILLAGE, OTHER, FAR]));
    });
}
