//! What was done with cases can be lived again from what is kept: every step with its fields. Many sequences of steps by many
//! people, right and wrong, on every engine at hand; then the kept steps alone lead to the same case.

use kernel::ids::CaseId;
use kernel::time::Day;
use store::{Ctx, params};

use super::begin::OPEN;
use super::book::book;
use super::life::{Life, Need, Phase};
use super::model::{Days, Known, Take};
use super::queries;
use super::tests::*;
use super::*;

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, of: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % of
    }
}

/// The case that its kept steps alone lead to, without the version: what is written beside the steps counts there too.
fn replayed(county: &County<'_>, id: CaseId) -> Case {
    let mut session = county.ctx.read().unwrap();
    let kept = queries::list_steps(&mut session, id).unwrap();
    let stored = queries::find_any(&mut session, id).unwrap().unwrap();
    let there = Known { consent: true, risks: 1, labour: Some(true), ..Known::default() };
    let first = kept.first().unwrap();
    assert_eq!(first.step, OPEN);
    let found: Day = first.filled.get("discovered_on").unwrap().parse().unwrap();
    let mut case: Option<Case> = None;
    for one in &kept {
        let today = one.at.day();
        let book = book(&mut session, today).unwrap();
        let life = book.life(&stored.life).unwrap();
        let days = Days { today, ..book.days() };
        case = Some(match case {
            None => {
                let of = (stored.household, stored.village);
                Case::begin(life, (stored.id, stored.number.clone()), of, found, days)
            }
            Some(case) => {
                let def = life.step(&one.step).unwrap();
                let by = one.by.0.as_str();
                let take = Take { step: def, seen: case.version, by, filled: &one.filled };
                // an objection from outside is answered beside the steps
                let after = case.take(life, take, &there, days);
                after.unwrap_or_else(|why| panic!("{}: {why:?}", one.step))
            }
        });
        let state = case.as_ref().map(|case| case.state.clone());
        assert_eq!(state.as_deref(), Some(one.states.1.as_str()), "after {}", one.step);
    }
    case.unwrap()
}

/// What the journal says was done with a case: the steps and the states that they led to.
fn journalled(county: &County<'_>, id: CaseId) -> Vec<(String, String)> {
    let sql = "select detail from journal where verb = 'case.step' and about_kind = 'case' and about_id = $1
         order by number";
    let rows = county.ctx.read().unwrap().rows(sql, params![id]).unwrap();
    let one = |row: &store::Row| {
        let detail: serde_json::Value = serde_json::from_str(row.str(0).unwrap()).unwrap();
        let text = |name: &str| detail[name].as_str().unwrap().to_owned();
        (text("step"), text("to"))
    };
    rows.iter().map(one).collect()
}

/// Somebody tries some step, mostly one that is offered; what must be there is there most of the time.
fn tried(people: &People, (id, today): (CaseId, &str), dice: &mut Dice) -> bool {
    let all = [&people.village, &people.township, &people.county];
    let by = on(all[dice.roll(all.len())], today);
    let view = show(&by, id).unwrap();
    let life: Life = view.life().unwrap().clone();
    let any = dice.roll(6) == 0;
    let wanted: Vec<String> = match any || view.offered.is_empty() {
        true => life.steps.iter().map(|one| one.id.clone()).collect(),
        false => view.offered.iter().map(|(one, _)| one.id.clone()).collect(),
    };
    let wanted = &wanted[dice.roll(wanted.len())];
    let before = view.case.clone();
    let done = step(&by, id, wanted);
    let after = show(&by, id).unwrap().case;
    match done {
        Ok(case) => {
            let def = life.step(wanted).unwrap();
            assert_eq!(case, after);
            if wanted == "announce" {
                assert!(
                    after.notice_until.unwrap() < by.today,
                    "announced before the notice was over"
                );
            }
            if def.has_need(Need::OtherPerson) {
                assert_ne!(before.last_by, after.last_by, "nobody reviews their own step");
            }
            true
        }
        Err(why) => {
            // a refusal is a refusal, and leaves nothing behind
            assert!(matches!(why, kernel::Error::Refusal(_)), "{wanted}: {why}");
            assert_eq!(before, after, "{wanted} was refused and changed the case");
            false
        }
    }
}

fn prepared(by: &Ctx, id: CaseId) {
    consent(by, id);
    save_risks(by, shown(by, id), &[risk("illness")]).unwrap();
}

fn lived(first: &'static str, seeds: std::ops::Range<u64>) {
    with_each(|county| {
        let people = county.people();
        let mut states = std::collections::BTreeSet::new();
        let start: Day = first.parse().unwrap();
        for seed in seeds.clone() {
            let mut dice = Dice(seed);
            let (home, id) = county.case(&on(&people.village, first), 1);
            if dice.roll(4) > 0 {
                prepared(&on(&people.village, first), id);
                nothing_found(&on(&people.county, first), id);
                help(&on(&people.village, first), home, "work_local");
                help(&on(&people.village, first), home, "health_relief");
            }
            let (mut today, mut taken) = (start, 0);
            for _ in 0..28 {
                today = today.add_days(i64::try_from(dice.roll(5)).unwrap());
                taken += usize::from(tried(&people, (id, &today.to_string()), &mut dice));
                states.insert(
                    queries::find_any(&mut county.ctx.read().unwrap(), id).unwrap().unwrap().state,
                );
            }
            let stored = queries::find_any(&mut county.ctx.read().unwrap(), id).unwrap().unwrap();
            let again = replayed(county, id);
            assert_eq!(
                Case { version: stored.version, ..again },
                stored,
                "{} {seed}",
                county.test.engine
            );
            let mut session = county.ctx.read().unwrap();
            let kept = queries::list_steps(&mut session, id).unwrap();
            let kept = kept.into_iter().skip(1).map(|one| (one.step, one.states.1));
            assert_eq!(journalled(county, id), kept.collect::<Vec<_>>());
            assert_eq!(journalled(county, id).len(), taken);
        }
        // the walks came somewhere
        assert!(states.len() > 6, "{states:?}");
        assert!(store::verify_journal(&county.test.db).unwrap().fault.is_none());
    });
}

#[test]
fn the_kept_steps_of_random_walks_lead_to_the_same_case() {
    lived(FOUND, 1..9);
}

#[test]
fn the_phases_of_a_walk_are_those_of_its_states() {
    with_each(|county| {
        let people = county.people();
        let (_, id) = announced(county, &people, 1);
        let phase = "select phase from cases where id = $1";
        let row = county.ctx.read().unwrap().row(phase, params![id]).unwrap();
        assert_eq!(row.text(0).unwrap(), Phase::Help.code());
        assert_eq!(Case { version: 0, ..replayed(county, id) }, {
            let mut session = county.ctx.read().unwrap();
            Case { version: 0, ..queries::find_any(&mut session, id).unwrap().unwrap() }
        });
    });
}
