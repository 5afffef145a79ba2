//! Counts kept by village are what counting everything anew gives, and what the lists show.

use std::collections::BTreeSet;

use kernel::permission::{Permission, Role};
use store::{Ctx, Row};

use super::queries::{changes, counts, inbox, outcomes};
use super::tests::{FAR, OTHER, VILLAGE, no_risk, shown, with_running};
use super::*;

fn texts(ctx: &Ctx, sql: &'static str) -> BTreeSet<String> {
    let mut session = ctx.read().unwrap();
    let rows: Vec<Row> = session.rows(sql, &[]).unwrap();
    rows.iter().map(|row| format!("{row:?}")).collect()
}

/// Asked after every test of this room and every step of the random ones.
pub(super) fn counts_are_those_of_the_leads(ctx: &Ctx) {
    let pairs = [
        (
            "select village_code, state, level, severity, department, outcome, due_on, released_on, leads from lead_counts",
            "select village_code, state, level, severity, department, coalesce(outcome, ''),
               case when state = 'open' then coalesce(due_on, '') else '' end,
               case when state = 'open' then coalesce(released_on, '') else '' end, count(*)
             from leads group by 1, 2, 3, 4, 5, 6, 7, 8",
        ),
        (
            "select rule_id, village_code, state, level, department, outcome, holds, settled, reasons from reason_counts",
            "select r.rule_id, l.village_code, l.state, l.level, r.department, coalesce(l.outcome, ''),
               case when r.gone_on is null then 1 else 0 end, r.settled, count(*)
             from leads l join lead_reasons r on r.lead_id = l.id group by 1, 2, 3, 4, 5, 6, 7, 8",
        ),
        (
            "select village_code, released_on, leads from wave_counts",
            "select village_code, released_on, count(*) from leads
             where released_on is not null and run_id in (select id from rule_runs where kind = 'baseline') group by 1, 2",
        ),
    ];
    for (kept, anew) in pairs {
        assert_eq!(texts(ctx, kept), texts(ctx, anew), "{kept}");
    }
    sums_are_those_of_the_lists(ctx);
    let mut session = ctx.read().unwrap();
    for rule in outcomes::rule_counts(&mut session).unwrap().iter() {
        let sql = "select count(*), cast(coalesce(sum(settled), 0) as bigint) from lead_reasons where rule_id = $1";
        let row = session.row(sql, store::params![&rule.rule]).unwrap();
        assert_eq!((rule.hits, rule.answered), (row.int(0).unwrap(), row.int(1).unwrap()));
    }
    let waiting: usize =
        changes::count_waiting(&mut session).unwrap().iter().map(|one| one.1).sum();
    assert_eq!(waiting, changes::waiting(&mut session).unwrap().len());
}

/// What stands above a list is what stands in it.
fn sums_are_those_of_the_lists(ctx: &Ctx) {
    let permit = ctx.permit(Permission::LeadSee).unwrap();
    let mut session = ctx.read().unwrap();
    for state in [State::Open, State::Waiting, State::SecondLook, State::Answered, State::Withdrawn]
    {
        let all = Filter::of(state);
        let of = |change: &dyn Fn(&mut Filter)| {
            let mut filter = all.clone();
            change(&mut filter);
            filter
        };
        let mut filters = vec![
            all.clone(),
            of(&|filter| filter.severity = Some(Severity::Notice)),
            of(&|filter| filter.department = Some("water".to_owned())),
            of(&|filter| filter.area = VILLAGE.parse().ok()),
            of(&|filter| filter.due_to = Some(ctx.today.add_days(6))),
            of(&|filter| filter.due_from = Some(ctx.today.add_days(6))),
            of(&|filter| filter.released_from = Some(ctx.today)),
            of(&|filter| filter.outcome = Some(Outcome::NoRisk)),
        ];
        for rule in ["house", "income", "outage", "stay", "dry", "out", "water"] {
            filters.push(of(&|filter| filter.rule = Some(rule.to_owned())));
            filters.push(of(&|filter| {
                filter.rule = Some(rule.to_owned());
                filter.severity = Some(Severity::Severe);
            }));
        }
        for filter in filters {
            let listed = inbox::list(&mut session, &permit, &filter, (None, 10_000)).unwrap().len();
            let counted = counts::count(&mut session, &permit, &filter).unwrap();
            assert_eq!(
                usize::try_from(counted).unwrap(),
                listed,
                "{filter:?} {:?}",
                ctx.actor.role
            );
        }
    }
}

#[test]
fn everybody_counts_what_they_see() {
    with_running(|county| {
        for (village, water) in [(VILLAGE, false), (OTHER, false), (FAR, false), (FAR, true)] {
            county.household(village, 0, water);
        }
        county.village(VILLAGE, 200);
        county.village(FAR, 300);
        let open = list(&county.ctx, &Filter::of(State::Open), None).unwrap().lines;
        assert_eq!(open.len(), 6);
        answer(&county.ctx, shown(&open[0]), &no_risk()).unwrap();
        let people = [
            county.ctx.clone(),
            county.person("Alice", Role::County, None),
            county.person("Bob", Role::Township, Some("140430203000")),
            county.person("Chen", Role::Village, Some(VILLAGE)),
            // of the water office: no household, and the villages that it must see to anywhere
            county.person("Dora", Role::Department, None),
        ];
        let seen: Vec<i64> = people
            .iter()
            .map(|person| {
                sums_are_those_of_the_lists(person);
                count_states(person, None).unwrap().values().sum()
            })
            .collect();
        assert_eq!(seen, [6, 6, 3, 2, 2]);
    });
}

#[test]
fn a_lead_that_follows_its_household_is_counted_in_the_new_village() {
    with_running(|county| {
        let home = county.household(VILLAGE, 0, true);
        let count = |village: &str| {
            let filter = Filter { area: village.parse().ok(), ..Filter::of(State::Open) };
            list(&county.ctx, &filter, None).unwrap().total
        };
        assert_eq!((count(VILLAGE), count(FAR)), (1, 0));
        let mut tx = county.ctx.begin().unwrap();
        let sql = "update household_facts set village_code = $2 where household_id = $1";
        tx.exec(sql, store::params![&home, FAR]).unwrap();
        tx.touch_household(home, FAR.parse().unwrap());
        tx.commit(store::Entry::new(&county.ctx, "test.move")).unwrap();
        assert_eq!((count(VILLAGE), count(FAR)), (0, 1));
        counts_are_those_of_the_leads(&county.ctx);
    });
}

#[test]
fn what_changes_no_lead_makes_no_count_anew() {
    with_running(|county| {
        let home = county.household(VILLAGE, 0, true);
        let changed = |of: &str| {
            let sql = "select changed from counted_villages where village_code = $1";
            let row = county.ctx.read().unwrap().find(sql, store::params![of]).unwrap();
            row.map_or(0, |row| row.int(0).unwrap())
        };
        let before = (changed(VILLAGE), changed(OTHER));
        county.household(OTHER, 2, true);
        county.set(&home, VILLAGE, (0, true));
        assert_eq!((changed(VILLAGE), changed(OTHER)), before, "the same hit as before");
        county.set(&home, VILLAGE, (2, true));
        assert_eq!((changed(VILLAGE), changed(OTHER)), (before.0 + 1, before.1), "withdrawn");
    });
}
