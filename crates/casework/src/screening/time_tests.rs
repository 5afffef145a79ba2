//! A rule that takes too long on every engine at hand: it is stopped and named, the others run.

use std::time::{Duration, Instant};

use kernel::ids::{HouseholdId, PersonId};
use registry::circumstances::ledger::ensure_tables;
use registry::policies::publish;
use store::testing::test_db;
use store::{Ctx, Entry, Value};

use super::book::Trouble;
use super::preview::screen_preview_within;
use super::results::check_rules_within;
use super::run::screen_all_within;
use super::tests::{HOUSE, INCOME, VILLAGE, clock, pack};
use super::*;

/// Enough for an honest rule over six thousand households many times over, also on a busy machine.
pub(super) const LIMIT: Duration = Duration::from_millis(300);

/// Counts the members again and again: seconds over the households of the test.
pub(super) fn slow() -> String {
    let terms: Vec<String> = (0..20).map(|n| format!("members(age>{n})")).collect();
    let group = format!("({})", terms.join("+"));
    let all = format!("{} > 999999", vec![group; 5].join("+"));
    let rule = HOUSE.replace("not water_safe", &all);
    rule.replace("id = \"house\"", "id = \"slow\"")
}

pub(super) fn county(ctx: &Ctx) {
    let mut tx = ctx.begin().unwrap();
    let now = tx.now();
    let homes: Vec<HouseholdId> = (0..6_000).map(|_| ctx.new_id()).collect();
    let at = Value::from(VILLAGE);
    tx.insert_many(
        "households",
        &["id", "number", "village_code", "created_at"],
        homes.iter().map(|id| vec![(*id).into(), id.to_string().into(), at.clone(), now.into()]),
    )
    .unwrap();
    tx.insert_many(
        "household_facts",
        &["household_id", "village_code", "persons", "labour", "water_safe"],
        homes.iter().enumerate().map(|(n, id)| {
            let labour = i64::from(n > 0);
            vec![(*id).into(), at.clone(), 8_i64.into(), labour.into(), 1_i64.into()]
        }),
    )
    .unwrap();
    let people = homes.iter().flat_map(|home| std::iter::repeat_n(*home, 8));
    tx.insert_many(
        "person_facts",
        &["person_id", "household_id", "village_code", "age"],
        people.map(|home| {
            vec![ctx.new_id::<PersonId>().into(), home.into(), at.clone(), 30_i64.into()]
        }),
    )
    .unwrap();
    tx.commit(Entry::new(ctx, "test.county")).unwrap();
}

#[test]
fn a_slow_rule_is_stopped_and_named_and_the_others_run() {
    for test in test_db().unwrap() {
        let began = Instant::now();
        let ctx = test.system(clock());
        ensure_tables(&test.db).unwrap();
        let slow = slow();
        publish(&ctx, &pack(1, &[("income", INCOME), ("slow", &slow)])).unwrap();
        county(&ctx);
        let stopped = |issues: &[Issue]| {
            let slow = issues.iter().find(|issue| issue.rule == "slow");
            matches!(slow.map(|issue| &issue.trouble), Some(Trouble::Slow { millis: 300 }))
        };
        let checked = check_rules_within(&ctx, LIMIT).unwrap();
        assert!(stopped(&checked.issues), "{}: {:?}", test.engine, checked.issues);
        assert_eq!(checked.counts.get("income"), Some(&(1, 0)));

        let (lines, issues) =
            screen_preview_within(&ctx, Rules::Published, (ctx.today, LIMIT)).unwrap();
        assert!(stopped(&issues), "{}: {issues:?}", test.engine);
        assert!(lines.iter().all(|line| line.rule_id == "income") && lines.len() == 1);

        let report = screen_all_within(&ctx, LIMIT).unwrap();
        assert_eq!((report.row.kind, report.row.hits, report.row.opened), ("baseline", 1, 1));
        assert_eq!(report.issues[0].rule, "slow");
        let why = report.issues[0].trouble.to_string();
        assert!(why.contains("300 ms"), "{why}");
        // it is remembered: the page names it, and the next run does not wait for it again
        assert!(stopped(&rule_page(&ctx, "slow").unwrap().line.issues));
        let again = Instant::now();
        assert_eq!(screen_all_within(&ctx, LIMIT).unwrap().row.kind, "full");
        assert!(again.elapsed() < LIMIT, "{}", test.engine);
        assert!(began.elapsed() < Duration::from_secs(60), "nothing hangs");
    }
}
