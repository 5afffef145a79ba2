//! Lists and counts of leads on every engine at hand: the quick ways answer what going through every lead would.

use kernel::permission::Role;
use kernel::time::Day;
use store::{BuiltSql, Ctx, Value};

use super::queries::{self, inbox};
use super::tests::{County, FAR, OTHER, VILLAGE, no_risk, shown, with_running};
use super::*;

/// Reasons carry the state and the day of their lead, whatever was done.
pub(super) fn reasons_stand_where_their_leads_do(ctx: &Ctx) {
    let sql = "select count(*) from lead_reasons r left join leads l on l.id = r.lead_id
               where l.id is null or r.lead_state <> l.state or r.lead_day <> l.sort_day";
    let astray = ctx.read().unwrap().row(sql, &[]).unwrap().int(0).unwrap();
    assert_eq!(astray, 0);
}

const STATES: [State; 5] =
    [State::Open, State::SecondLook, State::Waiting, State::Answered, State::Withdrawn];

/// Every lead that a person sees, from the lists without a rule.
fn all(ctx: &Ctx, state: State) -> Vec<LeadLine> {
    list(ctx, &Filter::of(state), None).unwrap().lines
}

fn agree(county: &County<'_>, who: &Ctx) {
    for state in STATES {
        let lines = all(who, state);
        let page = list(who, &Filter::of(state), None).unwrap();
        assert_eq!(page.total, i64::try_from(lines.len()).unwrap(), "{state:?}");
        let states = count_states(who, None).unwrap();
        assert_eq!(states.get(&state).copied().unwrap_or(0), page.total, "{state:?}");
        for rule in ["income", "house", "outage", "none"] {
            for area in [None, Some(VILLAGE), Some("140430203000")] {
                let filter = Filter {
                    rule: Some(rule.to_owned()),
                    area: area.map(|code| code.parse().unwrap()),
                    ..Filter::of(state)
                };
                let page = list(who, &filter, None).unwrap();
                let wanted: Vec<_> = lines
                    .iter()
                    .filter(|line| line.reasons.iter().any(|reason| reason.rule == rule))
                    .filter(|line| filter.area.is_none_or(|area| area.contains(line.village)))
                    .map(|line| line.id)
                    .collect();
                let found: Vec<_> = page.lines.iter().map(|line| line.id).collect();
                let what = format!("{} {state:?} {rule} {area:?}", county.test.engine);
                assert_eq!(found, wanted, "{what}");
                assert_eq!(page.total, i64::try_from(wanted.len()).unwrap(), "{what}");
            }
        }
    }
}

#[test]
fn leads_of_a_rule_are_those_that_have_it_as_a_reason_for_everybody_and_in_every_state() {
    with_running(|county| {
        for (village, labour, water) in [
            (VILLAGE, 0, false),
            (VILLAGE, 2, false),
            (VILLAGE, 0, true),
            (OTHER, 0, false),
            (OTHER, 2, false),
            (FAR, 0, false),
            (FAR, 2, false),
        ] {
            county.household(village, labour, water);
        }
        county.village(FAR, 200);
        let people = [
            county.ctx.clone(),
            county.person("Ann", Role::County, None),
            county.person("Bob", Role::Township, Some("140430203000")),
            county.person("Chen", Role::Village, Some(VILLAGE)),
            county.person("Dai", Role::Department, None),
        ];
        let check = || people.iter().for_each(|who| agree(county, who));
        check();
        let open = all(&county.ctx, State::Open);
        assert_eq!(open.len(), 8);
        for line in open.iter().take(4) {
            answer(&county.ctx, shown(line), &no_risk()).unwrap();
        }
        let home = open.last().and_then(|line| line.household_id.clone()).unwrap();
        let village = open.last().unwrap().village;
        county.set(&home, village.as_str(), (2, true));
        assert_eq!(all(&county.ctx, State::Withdrawn).len(), 1);
        check();
        reasons_stand_where_their_leads_do(&county.ctx);
    });
}

#[test]
fn a_list_between_days_holds_the_leads_due_then() {
    with_running(|county| {
        county.household(VILLAGE, 0, true);
        county.household(VILLAGE, 2, false);
        let day = |text: &str| Day::parse(text).ok();
        let due = |from: Option<&str>, to: Option<&str>| {
            let filter = Filter {
                due_from: from.and_then(day),
                due_to: to.and_then(day),
                ..Filter::of(State::Open)
            };
            let page = list(&county.ctx, &filter, None).unwrap();
            assert_eq!(page.total, i64::try_from(page.lines.len()).unwrap());
            page.lines.iter().map(|line| line.severity).collect::<Vec<_>>()
        };
        assert_eq!(due(None, Some("2026-10-19")), [Severity::Severe]);
        assert_eq!(due(Some("2026-10-19"), Some("2026-10-19")), [Severity::Severe]);
        assert_eq!(due(Some("2026-10-20"), None), [Severity::Notice]);
        assert_eq!(due(None, Some("2026-10-18")), []);
        assert_eq!(due(None, None).len(), 2);
    });
}

#[test]
fn the_lead_of_a_household_and_the_leads_of_a_rule_are_found_without_going_through_all() {
    with_running(|county| {
        if county.test.engine != "sqlite" {
            return;
        }
        let uses = |sql: &str, asked: usize| {
            let plan = BuiltSql::from_generator(format!("explain query plan {sql}"));
            let steps = county.ctx.read().unwrap().rows(&plan, &vec![Value::Null; asked]).unwrap();
            steps.iter().map(|step| step.text(3).unwrap()).collect::<Vec<_>>().join("\n")
        };
        assert!(uses(inbox::OF_HOUSEHOLD, 4).contains("l USING INDEX leads_live (subject=?)"));
        for sql in [queries::LIVE_OF_TOUCHED, queries::SETTLED_OF_TOUCHED] {
            let steps = uses(sql, 2);
            assert!(steps.contains("l USING INDEX sqlite_autoindex_leads_1 (id=?)"), "{steps}");
        }
        for sql in [inbox::RULE_FORWARD, inbox::RULE_BACKWARD] {
            let steps = uses(sql, 18);
            assert!(
                steps.contains("INDEX lead_reasons_rule (rule_id=? AND lead_state=? AND"),
                "{steps}"
            );
            assert!(!steps.contains("TEMP B-TREE"), "{steps}");
        }
    });
}
