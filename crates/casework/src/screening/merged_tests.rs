//! Leads follow a merge and its undoing, on every engine at hand: as a full screening would have it.

use kernel::ids::{HouseholdId, PersonId};
use kernel::time::Clock;
use registry::circumstances::ledger;
use registry::duplicates::{Chosen, Kind, Outcome, Pair, merge, undo};
use registry::policies::publish;
use store::testing::{TestDb, test_db};
use store::{Ctx, Entry, params};

use super::tests::{INCOME, no_risk, pack, shown};
use super::*;

const TODAY: &str = "2026-10-20";
const VILLAGE: &str = "140430203201";

/// Three households: of two persons, of two, of one.
pub(crate) fn county(test: &TestDb) -> (Ctx, Vec<HouseholdId>, Vec<PersonId>) {
    ledger::ensure_tables(&test.db).unwrap();
    test.db.derive_with(vec![ledger::derivation, refresh]).unwrap();
    let ctx = test.system(Clock::fixed_on(TODAY.parse().unwrap()));
    let areas = "code,name,official_name,level,parent_code\n140430000000,沁县,沁县,county,\n\
        140430203000,牛寺乡,牛寺乡,town,140430000000\n140430203201,牛寺村,牛寺村委会,village,140430203000\n";
    registry::areas::import_list(&ctx, areas.as_bytes().to_vec(), "areas.csv").unwrap();
    let few = INCOME.replace("labour < 1", "persons < 2").replace("\"labour\", ", "");
    let few = few.replace("劳动力 {labour}，", "").replace("Able {labour}, members", "Members");
    publish(&ctx, &pack(1, &[("income", &few)])).unwrap();
    let (mut homes, mut people) = (Vec::new(), Vec::new());
    let mut tx = ctx.begin().unwrap();
    for (at, members) in [2, 2, 1].into_iter().enumerate() {
        let home: HouseholdId = ctx.new_id();
        for n in 0..members {
            let person: PersonId = ctx.new_id();
            let number = format!("P{at}{n}");
            tx.exec(
                "insert into persons (id, number, name, name_key, sex, birth_day, certificate, id_state)
                 values ($1, $2, $2, $2, 'male', '1970-01-01', 'none', 'missing')",
                params![person, number],
            )
            .unwrap();
            let kin = if n == 0 { "head" } else { "child" };
            tx.exec(
                "insert into memberships (household_id, person_id, valid_from, kin, how_in, hukou, shares_budget, resident, recorded_at)
                 values ($1, $2, '2020-01-01', $4, 'register', 1, 1, 1, $3)",
                params![home, person, ctx.now, kin],
            )
            .unwrap();
            if n == 0 {
                tx.exec(
                    "insert into households (id, number, village_code, head_id, created_at) values ($1, $2, $3, $4, $5)",
                    params![home, format!("H{at}"), VILLAGE, person, ctx.now],
                )
                .unwrap();
            }
            people.push(person);
        }
        tx.touch_household(home.to_string(), VILLAGE.parse().unwrap());
        homes.push(home);
    }
    tx.commit(Entry::new(&ctx, "test.county")).unwrap();
    screen_all(&ctx).unwrap();
    (ctx, homes, people)
}

/// The live leads by household, in the order of the households; a full screening finds nothing to change.
fn live(ctx: &Ctx, homes: &[HouseholdId]) -> Vec<bool> {
    let lines: Vec<LeadLine> = [State::Open, State::Waiting]
        .into_iter()
        .flat_map(|state| list(ctx, &Filter::of(state), None).unwrap().lines)
        .collect();
    let report = screen_all(ctx).unwrap().row;
    assert_eq!((report.opened, report.withdrawn), (0, 0), "leads were current");
    let has = |home: &HouseholdId| {
        lines.iter().any(|line| line.household_id.as_deref() == Some(&home.to_string()))
    };
    homes.iter().map(has).collect()
}

pub(crate) fn carried(ctx: &Ctx, pair: &Pair) -> String {
    match merge(ctx, pair, &Chosen::default()).unwrap() {
        Outcome::Done(id) => id.to_string(),
        Outcome::Waits(id) => panic!("{id} waits"),
    }
}

#[test]
fn a_household_that_loses_a_member_by_a_merge_gets_a_lead_and_the_undoing_withdraws_it() {
    for test in test_db().unwrap() {
        let (ctx, homes, people) = county(&test);
        assert_eq!(live(&ctx, &homes), [false, false, true]);
        // the child of the second household is the child of the first
        let pair =
            Pair { kind: Kind::Person, goes: people[3].to_string(), stays: people[1].to_string() };
        let id = carried(&ctx, &pair);
        assert_eq!(live(&ctx, &homes), [false, true, true], "{}", test.engine);
        undo(&ctx, &id, ("两个人", true)).unwrap();
        assert_eq!(live(&ctx, &homes), [false, false, true], "{}", test.engine);
    }
}

#[test]
fn a_household_that_goes_into_another_takes_its_lead_away_and_an_answer_stays() {
    for test in test_db().unwrap() {
        let (ctx, homes, _) = county(&test);
        let pair =
            Pair { kind: Kind::Household, goes: homes[2].to_string(), stays: homes[0].to_string() };
        let id = carried(&ctx, &pair);
        assert_eq!(live(&ctx, &homes), [false, false, false], "{}", test.engine);
        undo(&ctx, &id, ("两户", true)).unwrap();
        assert_eq!(live(&ctx, &homes), [false, false, true], "{}", test.engine);
        // answered before they are merged again: the answer is kept, and what it covered is not raised anew
        release_wave(&ctx).unwrap();
        let line = list(&ctx, &Filter::of(State::Open), None).unwrap().lines.remove(0);
        answer(&ctx, shown(&line), &no_risk()).unwrap();
        let id = carried(&ctx, &pair);
        assert_eq!(live(&ctx, &homes), [false, false, false]);
        undo(&ctx, &id, ("两户", true)).unwrap();
        assert_eq!(live(&ctx, &homes), [false, false, false], "{}", test.engine);
        let kept = show(&ctx, line.id).unwrap();
        assert_eq!(kept.history.len(), 1);
    }
}
