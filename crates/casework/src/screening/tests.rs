//! Leads on every engine at hand.

use std::collections::BTreeMap;

use kernel::area::AreaCode;
use kernel::error::{Error, RefusalKind};
use kernel::ids::{AccountId, HouseholdId, LeadId};
use kernel::lang::Lang;
use kernel::permission::{Permission, Role};
use kernel::time::{Clock, Day};
use registry::accounts::{NewAccount, Reach};
use registry::circumstances::ledger::ensure_tables;
use registry::policies::{Pack, publish};
use store::testing::{TestDb, test_db};
use store::{Actor, Ctx, Entry, Scope, ScopeKind, Value, params, verify_journal};

use super::*;

const TODAY: &str = "2026-10-12";

pub(super) fn clock() -> Clock {
    Clock::fixed_on(TODAY.parse().unwrap())
}

pub(super) const VILLAGE: &str = "140430203200";
pub(super) const OTHER: &str = "140430203201";
pub(super) const FAR: &str = "140430204200";

pub(crate) const INCOME: &str = r#"
id = "income"
title = { zh = "收入低", en = "Low income" }
basis = "test"
level = "household"
severity = "severe"
department = "agriculture"
when = "labour < 1"
evidence = ["labour", "persons"]
explain.zh = "劳动力 {labour}，人口 {persons}。"
explain.en = "Able {labour}, members {persons}."
clock = { days = 5, calendar = "working" }
raise_again = { after_months = 6, or_worse_by = { column = "persons", by = 2 } }
"#;

pub(super) const HOUSE: &str = r#"
id = "house"
title = { zh = "饮水", en = "Water" }
basis = "test"
level = "household"
severity = "notice"
department = "water"
when = "not water_safe"
evidence = ["water_safe"]
explain.zh = "饮水安全：{water_safe}。"
explain.en = "Safe water: {water_safe}."
clock = { days = 30, calendar = "calendar" }
"#;

pub(super) const OUTAGE: &str = r#"
id = "outage"
title = { zh = "停水", en = "No water" }
basis = "test"
level = "village"
severity = "serious"
department = "water"
when = "households > 100"
evidence = ["households"]
explain.zh = "影响 {households}。"
explain.en = "{households} affected."
clock = { days = 3, calendar = "working" }
"#;

const BUDGET: &str = r#"
id = "leads_per_village_week"
title = { zh = "每周", en = "weekly" }
unit = "cases"
[[values]]
from = "2021-01-01"
value = 1
set_locally = "test"
"#;

pub(crate) fn pack(version: u32, rules: &[(&str, &str)]) -> Pack {
    let head = format!(
        "id = \"test\"\nversion = {version}\ntitle = {{ zh = \"试\", en = \"test\" }}\nvalid_from = \"2021-01-01\"\nbasis = []\n"
    );
    let mut files = BTreeMap::from([
        ("pack.toml".to_owned(), head),
        ("parameters/budget.toml".to_owned(), BUDGET.to_owned()),
    ]);
    for (name, text) in rules {
        files.insert(format!("screening/{name}.toml"), (*text).to_owned());
    }
    Pack::read(files).unwrap()
}

fn all_rules() -> Pack {
    pack(1, &[("house", HOUSE), ("income", INCOME), ("outage", OUTAGE)])
}

pub(super) struct County<'a> {
    pub(super) test: &'a TestDb,
    pub(super) ctx: Ctx,
}

impl County<'_> {
    pub(super) fn on(&self, day: &str) -> Ctx {
        self.test.system(Clock::fixed_on(day.parse().unwrap()))
    }

    pub(super) fn person(&self, name: &str, role: Role, reach: Option<&str>) -> Ctx {
        let home: AreaCode = reach.unwrap_or("140430000000").parse().unwrap();
        let new = NewAccount {
            login: name.to_lowercase(),
            name: name.to_owned(),
            role,
            department: match role {
                Role::Department => Some("water".to_owned()),
                Role::Bank => Some("bank".to_owned()),
                _ => None,
            },
            home,
            reach: if role == Role::Department {
                Reach::Lists(vec!["water_outages".to_owned()])
            } else {
                Reach::Home
            },
        };
        let account = registry::accounts::create(&self.ctx, &new).unwrap().0;
        let scope = match role {
            Role::Department => ScopeKind::List("water_outages".to_owned()),
            _ => ScopeKind::Area(home),
        };
        let actor = Actor {
            account: account.id.to_string(),
            name: name.to_owned(),
            role,
            department: new.department.clone(),
            home: Some(home),
            scopes: vec![Scope { kind: scope }],
        };
        Ctx::new(&self.test.db, actor, Clock::fixed_on(TODAY.parse().unwrap()), Lang::Zh)
    }

    pub(super) fn household(&self, village: &str, labour: i64, water_safe: bool) -> String {
        let id: HouseholdId = self.ctx.new_id();
        let mut tx = self.ctx.begin().unwrap();
        let now = tx.now();
        tx.exec(
            "insert into households (id, number, village_code, created_at) values ($1, $2, $3, $4)",
            params![id, id.to_string(), village, now],
        )
        .unwrap();
        let facts =
            "insert into household_facts (household_id, village_code, persons, labour, water_safe)
                     values ($1, $2, 3, $3, $4)";
        tx.exec(facts, params![id, village, labour, water_safe]).unwrap();
        tx.touch_household(id.to_string(), village.parse().unwrap());
        tx.commit(Entry::new(&self.ctx, "test.household")).unwrap();
        id.to_string()
    }

    pub(super) fn village(&self, code: &str, households: i64) {
        let mut tx = self.ctx.begin().unwrap();
        tx.exec(
            "insert into village_facts (village_code, households) values ($1, $2)
             on conflict (village_code) do update set households = excluded.households",
            params![code, households],
        )
        .unwrap();
        tx.touch_village(code.parse().unwrap());
        tx.commit(Entry::new(&self.ctx, "test.village")).unwrap();
    }

    pub(super) fn set(&self, household: &str, village: &str, (labour, water_safe): (i64, bool)) {
        let mut tx = self.ctx.begin().unwrap();
        tx.exec(
            "update household_facts set labour = $2, water_safe = $3 where household_id = $1",
            params![household, labour, water_safe],
        )
        .unwrap();
        tx.touch_household(household, village.parse().unwrap());
        tx.commit(Entry::new(&self.ctx, "test.facts")).unwrap();
    }

    pub(super) fn one(&self, state: State) -> LeadLine {
        let lines = list(&self.ctx, &Filter::of(state), None).unwrap().lines;
        assert_eq!(lines.len(), 1, "{}: {lines:?}", self.test.engine);
        lines.into_iter().next().unwrap()
    }

    pub(super) fn one_of(&self, village: &str) -> LeadLine {
        let lines = list(&self.ctx, &Filter::of(State::Open), None).unwrap().lines;
        lines.into_iter().find(|line| line.village.as_str() == village).unwrap()
    }

    pub(super) fn count(&self, state: State) -> i64 {
        list(&self.ctx, &Filter::of(state), None).unwrap().total
    }
}

pub(super) fn shown(line: &LeadLine) -> Shown {
    Shown { id: line.id, version: line.version }
}

pub(super) fn no_risk() -> Answer {
    Answer::new(Outcome::NoRisk, "family_supports", "子女已承担")
}

fn refusal<T: std::fmt::Debug>(result: kernel::Result<T>) -> (RefusalKind, &'static str) {
    match result.unwrap_err() {
        Error::Refusal(refusal) => (refusal.kind, refusal.code),
        fault => panic!("expected a refusal, got {fault:?}"),
    }
}

/// A county without households, with fact tables and the test's pack; leads follow every commit.
pub(super) fn with_each(check: impl Fn(&County<'_>)) {
    for test in test_db().unwrap() {
        let ctx = test.system(Clock::fixed_on(TODAY.parse().unwrap()));
        ensure_tables(&test.db).unwrap();
        test.db.derive_with(vec![refresh]).unwrap();
        publish(&ctx, &all_rules()).unwrap();
        check(&County { test: &test, ctx: ctx.clone() });
        super::listed_tests::reasons_stand_where_their_leads_do(&ctx);
        super::counted_tests::counts_are_those_of_the_leads(&ctx);
    }
}

/// The same, after a baseline in which nothing hit.
pub(super) fn with_running(check: impl Fn(&County<'_>)) {
    with_each(|county| {
        county.household(FAR, 2, true);
        assert_eq!(screen_all(&county.ctx).unwrap().row.kind, "baseline");
        check(county);
    });
}

#[test]
fn the_first_run_is_a_baseline_given_out_in_waves() {
    with_each(|county| {
        let severe = county.household(VILLAGE, 0, true);
        county.household(VILLAGE, 2, false);
        county.household(OTHER, 0, false);
        county.village(VILLAGE, 200);
        assert_eq!(county.count(State::Waiting), 0, "no commit makes leads before the baseline");
        let report = screen_all(&county.ctx).unwrap();
        assert_eq!((report.row.kind, report.row.opened, report.row.hits), ("baseline", 4, 5));
        assert_eq!((county.count(State::Waiting), county.count(State::Open)), (4, 0));
        assert_eq!(waiting_for_wave(&county.ctx).unwrap().1, 2, "one for each village");
        assert_eq!(release_wave(&county.ctx).unwrap(), 2, "one for each village");
        assert_eq!(waiting_for_wave(&county.ctx).unwrap().1, 0, "the week's budget is spent");
        let open = list(&county.ctx, &Filter::of(State::Open), None).unwrap().lines;
        let first = open.iter().find(|line| line.village.as_str() == VILLAGE).unwrap();
        assert_eq!(first.household_id.as_deref(), Some(severe.as_str()));
        assert_eq!(first.due_on, Day::parse("2026-10-19").ok());
        assert_eq!(release_wave(&county.ctx).unwrap(), 0, "the week's budget is spent");
        assert_eq!(release_wave(&county.on("2026-10-19")).unwrap(), 1, "a new week");
        let again = screen_all(&county.ctx).unwrap();
        assert_eq!((again.row.kind, again.row.opened, again.row.withdrawn), ("full", 0, 0));
    });
}

#[test]
fn several_hits_are_one_lead_that_grows_and_is_withdrawn() {
    with_running(|county| {
        let home = county.household(VILLAGE, 2, false);
        let lead = county.one(State::Open);
        assert_eq!((lead.severity, lead.reasons.len()), (Severity::Notice, 1));
        assert_eq!(lead.due_on, Day::parse("2026-11-11").ok());
        county.set(&home, VILLAGE, (0, false));
        let grown = county.one(State::Open);
        assert_eq!((grown.id, grown.severity, grown.reasons.len()), (lead.id, Severity::Severe, 2));
        assert_eq!(grown.due_on, Day::parse("2026-10-19").ok(), "graver, so sooner");
        assert_eq!(grown.reasons[0].zh, "劳动力 0 人，人口 3 人。");
        county.set(&home, VILLAGE, (2, false));
        assert_eq!(county.one(State::Open).reasons.len(), 1);
        county.set(&home, VILLAGE, (2, true));
        assert_eq!(county.count(State::Open), 0);
        let gone = show(&county.ctx, lead.id).unwrap();
        assert_eq!(gone.lead.state, State::Withdrawn);
        assert!(gone.reasons.iter().all(|reason| reason.gone_on == TODAY.parse().ok()));
        county.set(&home, VILLAGE, (2, false));
        assert_ne!(county.one(State::Open).id, lead.id, "a withdrawn lead is not woken");
    });
}

#[test]
fn a_village_has_one_lead_for_the_department() {
    with_running(|county| {
        county.village(VILLAGE, 200);
        let lead = county.one(State::Open);
        assert_eq!((lead.level, lead.department.as_str()), (Level::Village, "water"));
        let dora = county.person("Dora", Role::Department, None);
        assert_eq!(list(&dora, &Filter::of(State::Open), None).unwrap().total, 1);
        let answered = answer(&dora, shown(&lead), &Answer::new(Outcome::HelpedOrdinary, "", ""));
        assert_eq!(answered.unwrap(), State::Answered);
        county.village(VILLAGE, 201);
        assert_eq!(county.count(State::Open), 0, "never raised again: the rule says nothing of it");
    });
}

#[test]
fn an_answer_is_kept_and_raised_again_only_as_the_rule_says() {
    with_running(|county| {
        let home = county.household(VILLAGE, 0, true);
        let lead = county.one(State::Open);
        answer(&county.ctx, shown(&lead), &Answer::new(Outcome::AlreadyCovered, "", "")).unwrap();
        county.set(&home, VILLAGE, (0, true));
        assert_eq!(screen_all(&county.ctx).unwrap().row.opened, 0);
        assert_eq!(screen_all(&county.on("2027-04-11")).unwrap().row.opened, 0);
        assert_eq!(screen_all(&county.on("2027-04-12")).unwrap().row.opened, 1);
        let raised = county.one(State::Open);
        let view = show(&county.ctx, raised.id).unwrap();
        assert_eq!(view.lead.raised_from, Some(lead.id));
        assert_eq!(show(&county.ctx, lead.id).unwrap().lead.state, State::Answered);
    });
}

#[test]
fn a_worse_value_raises_the_lead_at_once() {
    with_running(|county| {
        let home = county.household(VILLAGE, 0, true);
        answer(&county.ctx, shown(&county.one(State::Open)), &no_risk()).unwrap();
        let persons = |n: i64| {
            let mut tx = county.ctx.begin().unwrap();
            tx.exec(
                "update household_facts set persons = $2 where household_id = $1",
                params![&home, n],
            )
            .unwrap();
            tx.touch_household(home.as_str(), VILLAGE.parse().unwrap());
            tx.commit(Entry::new(&county.ctx, "test.persons")).unwrap();
            county.count(State::Open)
        };
        assert_eq!(persons(4), 0);
        assert_eq!(persons(5), 1);
    });
}

#[test]
fn the_second_of_two_people_is_told_who_was_first() {
    with_running(|county| {
        county.household(VILLAGE, 0, true);
        let chen = county.person("Chen", Role::Village, Some(VILLAGE));
        let bob = county.person("Bob", Role::Township, Some("140430203000"));
        let lead = county.one(State::Open);
        answer(&chen, shown(&lead), &Answer::new(Outcome::RiskConfirmed, "", "大病")).unwrap();
        let Err(Error::Refusal(late)) = answer(&bob, shown(&lead), &no_risk()) else {
            panic!("both answered")
        };
        assert_eq!((late.kind, late.code), (RefusalKind::Conflict, "screening.already_answered"));
        let args: BTreeMap<_, _> = late.args.iter().map(|(k, v)| (*k, v.as_str())).collect();
        assert_eq!((args["who"], args["outcome"]), ("Chen", "risk_confirmed"));
        let view = show(&bob, lead.id).unwrap();
        let given = view.lead.given.unwrap();
        assert_eq!((given.name.as_str(), given.answer.outcome), ("Chen", Outcome::RiskConfirmed));
        assert_eq!(view.history.len(), 1);
    });
}

#[test]
fn two_answers_at_the_same_moment_leave_one() {
    with_running(|county| {
        county.household(VILLAGE, 0, true);
        let lead = county.one(State::Open);
        let results: Vec<bool> = std::thread::scope(|scope| {
            let hands: Vec<_> = (0..4)
                .map(|_| {
                    let ctx = county.ctx.clone();
                    scope.spawn(move || answer(&ctx, shown(&lead_of(&ctx)), &no_risk()).is_ok())
                })
                .collect();
            hands.into_iter().map(|hand| hand.join().unwrap()).collect()
        });
        assert_eq!(results.iter().filter(|done| **done).count(), 1, "{}", county.test.engine);
        assert_eq!(show(&county.ctx, lead.id).unwrap().history.len(), 1);
    });

    fn lead_of(ctx: &Ctx) -> LeadLine {
        let open = list(ctx, &Filter::of(State::Open), None).unwrap().lines;
        let done = list(ctx, &Filter::of(State::Answered), None).unwrap().lines;
        let drawn = list(ctx, &Filter::of(State::SecondLook), None).unwrap().lines;
        let mut line = open.into_iter().chain(done).chain(drawn).next().unwrap();
        line.version = 1;
        line
    }
}

#[test]
fn a_reason_that_came_meanwhile_is_read_before_answering() {
    with_running(|county| {
        let home = county.household(VILLAGE, 2, false);
        let lead = county.one(State::Open);
        county.set(&home, VILLAGE, (0, false));
        assert_eq!(
            refusal(answer(&county.ctx, shown(&lead), &no_risk())),
            (RefusalKind::Conflict, "screening.changed")
        );
        answer(&county.ctx, shown(&county.one(State::Open)), &no_risk()).unwrap();
    });
}

#[test]
fn a_dismissal_without_a_reason_is_refused_at_the_field() {
    with_running(|county| {
        county.household(VILLAGE, 0, true);
        let lead = county.one(State::Open);
        let silent = Answer::new(Outcome::NoRisk, "", "  ");
        let Err(Error::Refusal(refused)) = answer(&county.ctx, shown(&lead), &silent) else {
            panic!()
        };
        assert_eq!(refused.fields, [("reason".to_owned(), "web.required")]);
        assert_eq!(county.count(State::Open), 1);
    });
}

#[test]
fn what_waits_stands_gravest_first_over_all_pages() {
    with_each(|county| {
        county.household(VILLAGE, 2, false);
        county.household(VILLAGE, 0, true);
        county.household(OTHER, 2, false);
        county.household(OTHER, 0, true);
        screen_all(&county.ctx).unwrap();
        let permit = county.ctx.permit(Permission::LeadSee).unwrap();
        let mut session = county.ctx.read().unwrap();
        let (mut after, mut seen) = (None, Vec::new());
        loop {
            let filter = Filter::of(State::Waiting);
            let page = queries::inbox::list(&mut session, &permit, &filter, (after, 1)).unwrap();
            let Some(line) = page.first() else { break };
            after = Some((line.sort_day, line.id));
            seen.push((line.severity, line.id));
        }
        let graver = |two: &[(Severity, LeadId)]| two[0].0 >= two[1].0;
        assert!(seen.len() == 4 && seen.windows(2).all(graver), "{seen:?}");
        assert!(seen[0].0 > seen[3].0, "{seen:?}");
        let all = list(&county.ctx, &Filter::of(State::Waiting), None).unwrap().lines;
        let ids = |line: &LeadLine| line.id;
        assert_eq!(
            all.iter().map(ids).collect::<Vec<_>>(),
            seen.iter().map(|s| s.1).collect::<Vec<_>>()
        );
    });
}

#[test]
fn what_lies_outside_the_scope_or_waits_is_not_found_and_the_attempt_is_noted() {
    with_each(|county| {
        county.household(VILLAGE, 0, true);
        screen_all(&county.ctx).unwrap();
        let chen = county.person("Chen", Role::Village, Some(VILLAGE));
        let eve = county.person("Eve", Role::Village, Some(FAR));
        let lead = county.one(State::Waiting);
        let gone = (RefusalKind::NotFound, "screening.no_lead");
        assert_eq!(refusal(show(&chen, lead.id)), gone, "not given out yet");
        assert_eq!(list(&chen, &Filter::of(State::Waiting), None).unwrap().total, 0);
        release_wave(&county.ctx).unwrap();
        let lead = county.one(State::Open);
        assert!(show(&chen, lead.id).is_ok());
        assert_eq!(refusal(show(&eve, lead.id)), gone);
        assert_eq!(refusal(answer(&eve, shown(&lead), &no_risk())), gone);
        assert_eq!(list(&eve, &Filter::of(State::Open), None).unwrap().total, 0);
        let household = lead.household_id.as_deref().unwrap();
        assert!(of_household(&eve, &mut eve.read().unwrap(), household).unwrap().is_empty());
        assert_eq!(county.test.db.flush_access().unwrap(), 3);
    });
}

#[test]
fn readers_and_villages_do_only_what_is_theirs() {
    with_running(|county| {
        county.household(VILLAGE, 0, true);
        let lead = county.one(State::Open);
        let feng = county.person("Feng", Role::Inspector, Some("140430000000"));
        assert!(show(&feng, lead.id).is_ok());
        let forbidden = (RefusalKind::Forbidden, "access.forbidden");
        assert_eq!(refusal(answer(&feng, shown(&lead), &no_risk())), forbidden);
        let chen = county.person("Chen", Role::Village, Some(VILLAGE));
        assert_eq!(refusal(release_wave(&chen)), forbidden);
        assert_eq!(refusal(screen_all(&chen)), forbidden);
        assert_eq!(refusal(second_look(&chen, shown(&lead), &Look::Agree)), forbidden);
    });
}

#[test]
fn several_leads_are_answered_together_and_the_rest_is_named() {
    with_running(|county| {
        for _ in 0..3 {
            county.household(VILLAGE, 2, false);
        }
        county.household(FAR, 2, false);
        let all = list(&county.ctx, &Filter::of(State::Open), None).unwrap().lines;
        let chen = county.person("Chen", Role::Village, Some(VILLAGE));
        let mut chosen: Vec<Shown> = all.iter().map(shown).collect();
        chosen[0].version = 7;
        let together = answer_together(&chen, &chosen, &no_risk()).unwrap();
        assert_eq!(together.answered.len(), 2);
        let codes: Vec<&str> = together.refused.iter().map(|(_, refusal)| refusal.code).collect();
        assert_eq!(codes, ["screening.changed", "screening.no_lead"]);
        assert_eq!(show(&chen, together.answered[0]).unwrap().history[0].together, 4);
        assert_eq!(refusal(answer_together(&chen, &[], &no_risk())).1, "screening.none_chosen");
    });
}

/// Answers leads of severe households until one is drawn for a second look.
fn drawn(county: &County<'_>, by: &Ctx) -> (String, LeadId) {
    for _ in 0..200 {
        let home = county.household(VILLAGE, 0, true);
        let lead = county.one(State::Open);
        if answer(by, shown(&lead), &no_risk()).unwrap() == State::SecondLook {
            return (home, lead.id);
        }
    }
    panic!("none of 200 was drawn");
}

#[test]
fn the_township_looks_a_second_time_at_a_drawn_dismissal() {
    with_running(|county| {
        let bob = county.person("Bob", Role::Township, Some("140430203000"));
        let (home, id) = drawn(county, &bob);
        let line = county.one(State::SecondLook);
        assert_eq!(line.id, id);
        let own = refusal(second_look(&bob, shown(&line), &Look::Agree));
        assert_eq!(own, (RefusalKind::Forbidden, "screening.own_answer"));
        let disagree = Look::Disagree("漏算住院费".to_owned());
        assert_eq!(second_look(&county.ctx, shown(&line), &disagree).unwrap(), State::Open);
        let view = show(&county.ctx, id).unwrap();
        assert_eq!((view.lead.state, view.history.len()), (State::Open, 2));
        assert!(view.lead.given.is_none());
        county.set(&home, VILLAGE, (0, true));
        assert_eq!(county.count(State::Open), 1, "the same lead, not a second one");
        answer(&county.ctx, shown(&county.one(State::Open)), &no_risk()).unwrap();
    });
}

#[test]
fn disagreement_beside_a_newer_lead_moves_the_reasons_there() {
    with_running(|county| {
        let bob = county.person("Bob", Role::Township, Some("140430203000"));
        let (home, id) = drawn(county, &bob);
        county.set(&home, VILLAGE, (0, false));
        let newer = county.one(State::Open);
        assert_eq!(newer.severity, Severity::Notice);
        let line = county.one(State::SecondLook);
        second_look(&county.ctx, shown(&line), &Look::Disagree("再查".to_owned())).unwrap();
        let joined = county.one(State::Open);
        assert_eq!(
            (joined.id, joined.severity, joined.reasons.len()),
            (newer.id, Severity::Severe, 2)
        );
        assert_eq!(show(&county.ctx, id).unwrap().lead.state, State::Answered);
        screen_all(&county.ctx).unwrap();
        assert_eq!(county.one(State::Open).reasons.len(), 2);
    });
}

#[test]
fn a_wrong_rule_is_named_and_the_others_run() {
    with_running(|county| {
        let wrong = HOUSE.replace("not water_safe", "not watter_safe");
        let better = INCOME.replace("labour < 1", "labour < 2");
        publish(&county.ctx, &pack(2, &[("house", &wrong), ("income", &better)])).unwrap();
        county.household(VILLAGE, 1, false);
        let report = screen_all(&county.ctx).unwrap();
        assert_eq!(report.issues.len(), 1);
        assert!(report.issues[0].trouble.to_string().contains("water_safe"), "{:?}", report.issues);
        assert_eq!(county.one(State::Open).reasons[0].rule, "income");
    });
}

#[test]
fn a_changed_rule_book_makes_every_village_stale() {
    with_running(|county| {
        county.household(VILLAGE, 1, true);
        screen_stale(&county.ctx).unwrap();
        assert_eq!(screen_stale(&county.ctx).unwrap(), Report::default(), "nothing is stale");
        let wider = INCOME.replace("labour < 1", "labour < 2");
        publish(&county.ctx, &pack(2, &[("income", &wider)])).unwrap();
        let report = screen_stale(&county.ctx).unwrap();
        assert_eq!((report.row.villages, report.row.opened), (2, 1));
    });
}

#[test]
fn a_lead_moves_with_its_household() {
    with_running(|county| {
        let home = county.household(VILLAGE, 0, true);
        let mut tx = county.ctx.begin().unwrap();
        tx.exec(
            "update household_facts set village_code = $2 where household_id = $1",
            params![&home, FAR],
        )
        .unwrap();
        tx.touch_household(home.as_str(), FAR.parse().unwrap());
        tx.commit(Entry::new(&county.ctx, "test.move")).unwrap();
        assert_eq!(county.one(State::Open).village.as_str(), FAR);
        let eve = county.person("Eve", Role::Village, Some(FAR));
        assert_eq!(list(&eve, &Filter::of(State::Open), None).unwrap().total, 1);
    });
}

#[test]
fn everything_is_journalled_and_the_chain_holds() {
    with_running(|county| {
        county.household(VILLAGE, 0, true);
        answer(&county.ctx, shown(&county.one(State::Open)), &no_risk()).unwrap();
        let rows = county
            .ctx
            .read()
            .unwrap()
            .rows("select verb from journal order by number desc limit 1", &[])
            .unwrap();
        assert_eq!(rows[0].text(0).unwrap(), Permission::LeadAnswer.text());
        assert_eq!(verify_journal(&county.test.db).unwrap().fault, None);
    });
}

#[test]
fn my_work_counts_what_is_due() {
    with_running(|county| {
        county.household(VILLAGE, 0, true);
        let counts = work_counts(&county.ctx).unwrap();
        assert_eq!((counts.due_today, counts.overdue, counts.fresh), (0, 0, 1));
        let due = work_counts(&county.on("2026-10-19")).unwrap();
        assert_eq!((due.due_today, due.overdue, due.fresh), (1, 0, 0));
        let late = work_counts(&county.on("2026-10-20")).unwrap();
        assert_eq!((late.due_today, late.overdue), (0, 1));
        assert_eq!(work_items(&county.ctx, 10).unwrap().len(), 1);
    });
}

#[test]
fn pages_of_the_inbox_join_up() {
    with_running(|county| {
        for _ in 0..7 {
            county.household(VILLAGE, 2, false);
        }
        let mut tx = county.ctx.begin().unwrap();
        let filler: Vec<Vec<Value>> = (0..PAGE)
            .map(|n| {
                let id: LeadId = county.ctx.new_id();
                let _: AccountId = county.ctx.new_id();
                let text = |text: &str| Value::from(text);
                vec![
                    id.into(),
                    text("household"),
                    format!("x{n}").into(),
                    text(VILLAGE),
                    text("d"),
                    text("c"),
                    text("notice"),
                    text("open"),
                    text(TODAY),
                    text(TODAY),
                    5i64.into(),
                    text("working"),
                    text(TODAY),
                    1i64.into(),
                    text("test"),
                    1i64.into(),
                ]
            })
            .collect();
        tx.insert_many(
            "leads",
            &[
                "id",
                "level",
                "subject",
                "village_code",
                "department",
                "channel",
                "severity",
                "state",
                "opened_on",
                "due_on",
                "clock_days",
                "clock_kind",
                "sort_day",
                "version",
                "pack_id",
                "pack_version",
            ],
            filler,
        )
        .unwrap();
        tx.touch_counted(VILLAGE.parse().unwrap());
        tx.commit(Entry::new(&county.ctx, "test.filler")).unwrap();
        let first = list(&county.ctx, &Filter::of(State::Open), None).unwrap();
        assert_eq!((first.lines.len(), first.total), (50, 57));
        let second = list(&county.ctx, &Filter::of(State::Open), first.next).unwrap();
        assert_eq!((second.lines.len(), second.next), (7, None));
        let mut filter = Filter::of(State::Open);
        filter.rule = Some("house".to_owned());
        assert_eq!(list(&county.ctx, &filter, None).unwrap().total, 7);
    });
}

#[test]
fn a_sentence_with_values_of_a_closed_class_is_sealed_for_the_role() {
    with_running(|county| {
        let sick = INCOME
            .replace("labour < 1", "labour < 1 and severe_ill >= 0")
            .replace(r#"["labour", "persons"]"#, r#"["severe_ill"]"#)
            .replace("{labour}", "{severe_ill}");
        publish(&county.ctx, &pack(2, &[("income", &sick)])).unwrap();
        let home = county.household(VILLAGE, 0, true);
        let mut tx = county.ctx.begin().unwrap();
        tx.exec(
            "update household_facts set severe_ill = 2 where household_id = $1",
            params![&home],
        )
        .unwrap();
        tx.touch_household(home.as_str(), VILLAGE.parse().unwrap());
        tx.commit(Entry::new(&county.ctx, "test.sick")).unwrap();
        let full = county.one(State::Open);
        assert!(full.reasons[0].zh.contains("2 人"), "{full:?}");
        let leader = county.person("Leader", Role::Leader, Some("140430000000"));
        let sealed = list(&leader, &Filter::of(State::Open), None).unwrap().lines.remove(0);
        assert_eq!(sealed.reasons[0].zh, "收入低");
        assert_eq!(show(&leader, sealed.id).unwrap().reasons[0].en, "Low income");
    });
}

#[test]
fn a_bank_is_told_the_reasons_of_its_own_lists_and_of_no_other() {
    with_running(|county| {
        let loan = HOUSE.replace(r#"id = "house""#, r#"id = "loan""#).replace("water\"", "bank\"");
        publish(&county.ctx, &pack(2, &[("income", INCOME), ("loan", &loan)])).unwrap();
        let both = county.household(VILLAGE, 0, false);
        let poor = county.household(VILLAGE, 0, true);
        let all = list(&county.ctx, &Filter::of(State::Open), None).unwrap().lines;
        assert_eq!(all.len(), 2);
        let of = |home: &str| {
            all.iter().find(|line| line.household_id.as_deref() == Some(home)).unwrap()
        };
        assert_eq!(of(&both).reasons.len(), 2);
        let han = county.person("Han", Role::Bank, Some("140430000000"));
        let seen = list(&han, &Filter::of(State::Open), None).unwrap();
        assert_eq!((seen.lines.len(), seen.total), (1, 1), "{}", county.test.engine);
        let rules: Vec<&str> = seen.lines[0].reasons.iter().map(|r| r.rule.as_str()).collect();
        assert_eq!((seen.lines[0].id, rules), (of(&both).id, vec!["loan"]));
        for (rule, expected) in [("income", 0), ("loan", 1)] {
            let filter = Filter { rule: Some(rule.to_owned()), ..Filter::of(State::Open) };
            let found = list(&han, &filter, None).unwrap();
            assert_eq!((found.lines.len(), found.total), (expected, expected as i64), "{rule}");
        }
        let gone = (RefusalKind::NotFound, "screening.no_lead");
        assert_eq!(refusal(show(&han, of(&poor).id)), gone);
        assert!(of_household(&han, &mut han.read().unwrap(), &poor).unwrap().is_empty());
        answer(&county.ctx, shown(of(&both)), &no_risk()).unwrap();
        assert!(show(&county.ctx, of(&both).id).unwrap().history[0].reason.is_some());
        let view = show(&han, of(&both).id).unwrap();
        assert_eq!((view.reasons.len(), &view.history[0].reason), (1, &None));
        assert_eq!(view.lead.given.unwrap().answer.reason, None);
    });
}
