//! Leads of a past day are those that were shown on that day, on every engine at hand.

use kernel::time::Day;
use registry::past::{Asked, Known, Shelf};
use store::Ctx;

use super::queries::past::{PAST_STEPS, PAST_TABLES};
use super::tests::{OTHER, VILLAGE, no_risk, shown, with_running};
use super::*;

const STATES: [State; 5] =
    [State::Open, State::Waiting, State::SecondLook, State::Answered, State::Withdrawn];

/// Lists, reasons, answers and counts as they can be seen.
fn figures(ctx: &Ctx) -> Vec<String> {
    let mut found = Vec::new();
    for state in STATES {
        let page = list(ctx, &Filter::of(state), None).unwrap();
        found.push(format!("{state:?}: {}", page.total));
        for line in &page.lines {
            let view = show(ctx, line.id).unwrap();
            found.push(format!("{line:?} {:?} {:?}", view.reasons, view.history));
        }
    }
    let mut session = ctx.read().unwrap();
    for sql in [
        "select village_code, state, severity, department, outcome, leads from lead_counts
         order by 1, 2, 3, 4, 5, due_on, released_on",
        "select rule_id, village_code, state, holds, settled, reasons from reason_counts order by 1, 2, 3, 4, 5",
    ] {
        found.extend(session.rows(sql, &[]).unwrap().iter().map(|row| format!("{:?}", row.0)));
    }
    found
}

#[test]
fn leads_of_a_past_day_are_those_that_were_shown_on_it() {
    with_running(|county| {
        let day = |text: &str| text.parse::<Day>().unwrap();
        let mut seen = Vec::new();
        let mut see = |on: &str| seen.push((day(on), figures(&county.on(on))));
        see("2026-10-12");
        let poor = county.household(VILLAGE, 0, true);
        let dry = county.household(OTHER, 2, false);
        see("2026-10-12");
        // the second look at one day counts: what stood when the day ended
        let answer_on = |on: &str, village: &str| {
            let ctx = county.on(on);
            let lines = list(&ctx, &Filter::of(State::Open), None).unwrap().lines;
            let line = lines.iter().find(|line| line.village.as_str() == village).unwrap();
            answer(&ctx, shown(line), &no_risk()).unwrap();
        };
        answer_on("2026-10-14", VILLAGE);
        see("2026-10-14");
        // a reason goes: the lead of the other village is withdrawn; another reason comes to the first household
        let later = super::tests::County { test: county.test, ctx: county.on("2026-10-16") };
        later.set(&dry, OTHER, (2, true));
        see("2026-10-16");
        later.set(&poor, VILLAGE, (0, false));
        see("2026-10-16");
        let seen: std::collections::BTreeMap<Day, Vec<String>> = seen.into_iter().collect();
        assert!(seen.len() > 2);
        let now = county.on("2026-10-20");
        let shelf = Shelf::new(PAST_TABLES, PAST_STEPS);
        for (day, then) in &seen {
            let asked = Asked { day: *day, known: Some(Known::On(*day)) };
            let past = shelf.of(&now, &asked).unwrap();
            assert_eq!(then, &figures(&past.ctx(&now)), "{} on {day}", county.test.engine);
        }
        // a list of a past day may be taken out; that is noted today
        let asked = Asked { day: day("2026-10-12"), known: None };
        let past = shelf.of(&now, &asked).unwrap();
        let l = web::L(now.lang);
        assert!(!workbook_of(&past.ctx(&now), l, &Filter::of(State::Open)).unwrap().is_empty());
        let sql = "select verb, at from journal order by number desc limit 1";
        let entry = now.read().unwrap().row(sql, &[]).unwrap();
        assert_eq!(
            (entry.text(0).unwrap(), entry.text(1).unwrap()),
            ("lead.export".to_owned(), now.now.to_string())
        );
        let (first, last) = (seen.values().next().unwrap(), seen.values().last().unwrap());
        assert_ne!(first, last, "something happened");
    });
}
