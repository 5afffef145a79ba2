use proptest::prelude::*;

use super::super::rule::{Calendar, WorseBy};
use super::*;

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn id(n: u8) -> LeadId {
    LeadId::parse(&format!("{n:032x}")).unwrap()
}

fn rule(id: &str, severity: Severity, days: u16) -> RuleHead {
    RuleHead {
        id: id.into(),
        severity,
        department: format!("{id}局"),
        channel: "部门筛查预警".into(),
        clock: Due { days, calendar: Calendar::Calendar },
        raise_again: RaiseAgain {
            after_months: Some(6),
            or_worse_by: Some(WorseBy { column: "oop_12m".into(), by: 5000.0 }),
        },
    }
}

fn rules() -> Vec<RuleHead> {
    vec![
        rule("A", Severity::Notice, 30),
        rule("B", Severity::Serious, 15),
        rule("C", Severity::Severe, 5),
    ]
}

fn hit(rule: usize, evidence: &str) -> Hit {
    Hit {
        rule,
        sentence_zh: String::new(),
        sentence_en: String::new(),
        evidence: evidence.into(),
        worse: evidence.parse().ok(),
    }
}

fn live(state: State, rules: &[(&str, Severity, &str)]) -> LiveLead {
    LiveLead {
        id: id(9),
        state,
        severity: rules.iter().map(|(_, severity, _)| *severity).max().unwrap(),
        due_on: (state == State::Open).then(|| day("2026-10-20")),
        reasons: rules
            .iter()
            .map(|(rule, severity, evidence)| LiveReason {
                rule: (*rule).into(),
                severity: *severity,
                evidence: (*evidence).into(),
            })
            .collect(),
    }
}

fn settled(evidence: &str, on: &str, gone: bool) -> Settled {
    Settled {
        lead: id(1),
        rule: "B".into(),
        on: day(on),
        evidence: evidence.into(),
        worse: evidence.parse().ok(),
        gone,
    }
}

fn run_in(hits: &[Hit], known: &Known, mode: Mode) -> Plan {
    let (rules, silent) = (rules(), BTreeSet::new());
    let calendar = WorkingCalendar::new();
    let today = day("2026-10-10");
    let people = [rule("people_self", Severity::Serious, 7)];
    let calendar = &calendar;
    plan(
        hits,
        known,
        Round { rules: &rules, silent: &silent, today, calendar, mode, people: &people },
    )
}

#[test]
fn what_people_said_no_run_takes_away_and_it_heads_the_lead_when_the_rest_is_gone() {
    let reasons = [("people_self", Severity::Severe, "{}"), ("A", Severity::Notice, "1")];
    let known = Known { live: Some(live(State::Open, &reasons)), ..Known::default() };
    let plan = run(&[], &known);
    assert_eq!(plan.gone, ["A"]);
    let Change::Alter { head, .. } = plan.change else { panic!("{:?}", plan.change) };
    assert_eq!((head.severity, head.department.as_str()), (Severity::Severe, "people_self局"));
    let told = Settled { rule: "people_self".into(), ..settled("{}", "2026-09-01", false) };
    let known = Known { live: None, settled: vec![told] };
    assert_eq!(run(&[], &known).settled_gone, [], "an answer to a person holds");
}

fn run(hits: &[Hit], known: &Known) -> Plan {
    run_in(hits, known, Mode::Daily)
}

#[test]
fn several_hits_are_one_lead_headed_by_the_gravest() {
    let plan = run(&[hit(0, "1"), hit(1, "2"), hit(2, "3")], &Known::default());
    assert_eq!(plan.add, [0, 1, 2]);
    let Change::Open { head, raised_from } = plan.change else { panic!("{:?}", plan.change) };
    assert_eq!((head.severity, head.department.as_str()), (Severity::Severe, "C局"));
    assert_eq!((head.clock.days, raised_from), (5, None));
}

#[test]
fn a_new_hit_joins_and_the_due_day_stays() {
    let known = Known {
        live: Some(live(State::Open, &[("B", Severity::Serious, "2")])),
        ..Known::default()
    };
    let plan = run(&[hit(0, "1"), hit(1, "2")], &known);
    assert_eq!(plan.add, [0]);
    let Change::Alter { head, due_on, release } = plan.change else { panic!() };
    assert_eq!((head.severity, due_on), (Severity::Serious, Some(day("2026-10-20"))));
    assert!(!release);
}

#[test]
fn a_graver_hit_brings_the_due_day_forward_but_never_back() {
    let known = Known {
        live: Some(live(State::Open, &[("B", Severity::Serious, "2")])),
        ..Known::default()
    };
    let plan = run(&[hit(1, "2"), hit(2, "1")], &known);
    let Change::Alter { due_on, .. } = plan.change else { panic!() };
    assert_eq!(due_on, Some(day("2026-10-15")));
    let mut soon = known;
    soon.live.as_mut().unwrap().due_on = Some(day("2026-10-11"));
    let plan = run(&[hit(1, "2"), hit(2, "1")], &soon);
    let Change::Alter { due_on, .. } = plan.change else { panic!() };
    assert_eq!(due_on, Some(day("2026-10-11")));
}

#[test]
fn a_lead_is_withdrawn_with_its_last_reason_and_not_before() {
    let two = live(State::Open, &[("A", Severity::Notice, "1"), ("B", Severity::Serious, "2")]);
    let known = Known { live: Some(two), ..Known::default() };
    let one_left = run(&[hit(0, "1")], &known);
    assert_eq!(one_left.gone, ["B"]);
    let Change::Alter { head, due_on, .. } = one_left.change else { panic!() };
    assert_eq!((head.severity, due_on), (Severity::Notice, Some(day("2026-10-20"))));
    let none_left = run(&[], &known);
    assert_eq!(none_left.change, Change::Withdraw);
    assert_eq!(none_left.gone, ["A", "B"]);
}

#[test]
fn a_rule_that_cannot_be_asked_takes_nothing_back() {
    let known = Known {
        live: Some(live(State::Open, &[("B", Severity::Serious, "2")])),
        settled: vec![settled("1", "2026-09-01", false)],
    };
    let (rules, silent) = (rules(), BTreeSet::from(["B".to_owned()]));
    let (today, calendar) = (day("2026-10-10"), WorkingCalendar::new());
    let round = Round {
        rules: &rules,
        silent: &silent,
        today,
        calendar: &calendar,
        mode: Mode::Daily,
        people: &[],
    };
    let plan = plan(&[], &known, round);
    assert_eq!(plan.change, Change::None);
    assert!(plan.gone.is_empty() && plan.settled_gone.is_empty());
}

#[test]
fn an_answer_holds_until_the_months_are_over_or_it_is_worse() {
    let known =
        |evidence, on| Known { settled: vec![settled(evidence, on, false)], ..Known::default() };
    let raised = |plan: Plan| matches!(plan.change, Change::Open { raised_from: Some(_), .. });
    assert_eq!(run(&[hit(1, "20000")], &known("20000", "2026-04-11")).change, Change::None);
    assert!(raised(run(&[hit(1, "20000")], &known("20000", "2026-04-10"))));
    assert_eq!(run(&[hit(1, "24999")], &known("20000", "2026-10-01")).change, Change::None);
    assert!(raised(run(&[hit(1, "25000")], &known("20000", "2026-10-01"))));
}

#[test]
fn what_went_and_came_back_unchanged_keeps_its_answer() {
    let gone = Known { settled: vec![settled("20000", "2026-10-01", true)], ..Known::default() };
    let back = run(&[hit(1, "20000")], &gone);
    assert_eq!((back.change, back.settled_back.len()), (Change::None, 1));
    assert!(matches!(run(&[hit(1, "20001")], &gone).change, Change::Open { .. }));
    // an answer that is too old is asked for again, whether what it was about was away in between or not
    let old = Known { settled: vec![settled("20000", "2026-04-10", true)], ..Known::default() };
    assert!(matches!(run(&[hit(1, "20000")], &old).change, Change::Open { .. }));
    let stood = Known { settled: vec![settled("20000", "2026-10-01", false)], ..Known::default() };
    assert_eq!(run(&[], &stood).settled_gone, [(id(1), "B".to_owned())]);
}

#[test]
fn a_waiting_lead_is_given_out_when_something_new_happens() {
    let known = Known {
        live: Some(live(State::Waiting, &[("A", Severity::Notice, "1")])),
        ..Known::default()
    };
    let fresh = run(&[hit(0, "1"), hit(1, "2")], &known);
    let Change::Alter { due_on, release, .. } = fresh.change else { panic!() };
    assert_eq!((due_on, release), (Some(day("2026-10-25")), true));
    let baseline = run_in(&[hit(0, "1"), hit(1, "2")], &known, Mode::Baseline);
    let Change::Alter { due_on, release, .. } = baseline.change else { panic!() };
    assert_eq!((due_on, release), (None, false));
}

#[test]
fn fresher_numbers_change_nothing_but_the_numbers() {
    let known = Known {
        live: Some(live(State::Open, &[("B", Severity::Serious, "2")])),
        ..Known::default()
    };
    let plan = run(&[hit(1, "3")], &known);
    assert_eq!((plan.change, plan.refresh), (Change::None, vec![0]));
}

#[test]
fn a_wave_gives_each_village_its_gravest_within_the_budget() {
    let lead =
        |n, village: &str, severity| Waiting { id: id(n), village: village.into(), severity };
    let waiting = vec![
        lead(1, "a", Severity::Notice),
        lead(2, "a", Severity::Severe),
        lead(3, "a", Severity::Serious),
        lead(4, "b", Severity::Notice),
        lead(5, "c", Severity::Severe),
    ];
    let spent = BTreeMap::from([("c".to_owned(), 2)]);
    assert_eq!(wave(waiting, |_| 2, &spent), [id(2), id(3), id(4)]);
}

fn any_hits() -> impl Strategy<Value = Vec<Hit>> {
    proptest::collection::btree_map(0_usize..3, 0_u32..4, 0..3)
        .prop_map(|map| map.into_iter().map(|(rule, v)| hit(rule, &v.to_string())).collect())
}

fn any_known() -> impl Strategy<Value = Known> {
    let reasons = proptest::collection::btree_map(0_usize..3, 0_u32..4, 0..3);
    (reasons, any::<bool>(), proptest::option::of((0_u32..4, any::<bool>()))).prop_map(
        |(reasons, open, done)| {
            let (all, state) = (rules(), if open { State::Open } else { State::Waiting });
            let names: Vec<(String, Severity, String)> = reasons
                .iter()
                .map(|(n, v)| (all[*n].id.clone(), all[*n].severity, v.to_string()))
                .collect();
            let named: Vec<(&str, Severity, &str)> =
                names.iter().map(|(r, s, e)| (r.as_str(), *s, e.as_str())).collect();
            let lead = (!named.is_empty()).then(|| live(state, &named));
            let has_b = reasons.contains_key(&1);
            let done = done.filter(|_| !has_b);
            Known {
                live: lead,
                settled: done
                    .map(|(v, gone)| settled(&v.to_string(), "2026-10-01", gone))
                    .into_iter()
                    .collect(),
            }
        },
    )
}

/// What stands after a plan was carried out.
fn carried_out(plan: &Plan, hits: &[Hit], known: &Known) -> Known {
    let all = rules();
    let mut after = known.clone();
    for (_, rule) in &plan.settled_gone {
        after.settled.iter_mut().filter(|s| s.rule == *rule).for_each(|s| s.gone = true);
    }
    for (_, rule) in &plan.settled_back {
        after.settled.iter_mut().filter(|s| s.rule == *rule).for_each(|s| s.gone = false);
    }
    let mut reasons = after.live.as_ref().map(|l| l.reasons.clone()).unwrap_or_default();
    reasons.retain(|r| !plan.gone.contains(&r.rule));
    for n in plan.add.iter().chain(&plan.refresh) {
        let rule = &all[hits[*n].rule];
        reasons.retain(|r| r.rule != rule.id);
        reasons.push(LiveReason {
            rule: rule.id.clone(),
            severity: rule.severity,
            evidence: hits[*n].evidence.clone(),
        });
    }
    match &plan.change {
        Change::Withdraw => after.live = None,
        Change::Open { head, .. } => {
            after.live = Some(LiveLead {
                id: id(7),
                state: State::Open,
                severity: head.severity,
                due_on: Some(day("2026-10-12")),
                reasons,
            });
        }
        Change::Alter { head, due_on, release } => {
            let lead = after.live.as_mut().unwrap();
            lead.severity = head.severity;
            lead.due_on = *due_on;
            lead.reasons = reasons;
            if *release {
                lead.state = State::Open;
            }
        }
        Change::None => {
            if let Some(lead) = after.live.as_mut() {
                lead.reasons = reasons;
            }
        }
    }
    after
}

proptest! {
    #[test]
    fn a_second_run_over_the_same_facts_changes_nothing(hits in any_hits(), known in any_known()) {
        let first = run(&hits, &known);
        let after = carried_out(&first, &hits, &known);
        let second = run(&hits, &after);
        prop_assert_eq!(&second.change, &Change::None, "{:?} then {:?}", first, second);
        prop_assert!(second.add.is_empty() && second.refresh.is_empty() && second.gone.is_empty());
        prop_assert!(second.settled_gone.is_empty() && second.settled_back.is_empty());
    }

    #[test]
    fn the_lead_holds_what_hits_and_is_not_settled(hits in any_hits(), known in any_known()) {
        let after = carried_out(&run(&hits, &known), &hits, &known);
        let all = rules();
        let held: BTreeSet<String> = after.live.iter().flat_map(|l| &l.reasons).map(|r| r.rule.clone()).collect();
        for (n, rule) in all.iter().enumerate() {
            let hits_now = hits.iter().any(|hit| hit.rule == n);
            let settled = after.settled.iter().any(|s| s.rule == rule.id);
            prop_assert!(!held.contains(&rule.id) || hits_now);
            prop_assert!(!hits_now || settled || held.contains(&rule.id));
        }
        prop_assert!(after.live.is_none_or(|lead| !lead.reasons.is_empty()));
    }
}
