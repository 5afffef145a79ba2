//! Partial equals full: after any sequence of changes of records, leads that followed commit by commit and village by
//! village are exactly those that asking everything anew gives. On every engine at hand, through the real derivation of
//! the facts.

use std::collections::BTreeMap;

use kernel::area::AreaCode;
use kernel::ids::{BatchId, HouseholdId, PersonId};
use kernel::time::{Clock, Day, Period};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use registry::circumstances::ledger::{self, Swap};
use registry::circumstances::topics::{Body, HospitalStay, Water, WaterOutage};
use registry::policies::{Pack, publish};
use store::testing::{TestDb, test_db};
use store::{Ctx, Entry, Tx, Value, params};

use super::*;

const VILLAGES: [&str; 3] = ["140430203201", "140430203202", "140430204201"];
const COUNTY: &str = "140430000000";
/// More than a delivery that its commit derives by itself, so that large ones are published as they are in real life.
const HOUSEHOLDS: usize = 120;
const FIRST_DAY: &str = "2026-08-03";

/// Rules that meet all that a rule can rest on: an amount inside coverage, a yes/no, a day that comes by itself, a village.
fn pack(version: u32, line: u32) -> Pack {
    let rule = |id: &str, level: &str, severity: &str, (when, column): (&str, &str)| {
        format!(
            "id = \"{id}\"\ntitle = {{ zh = \"{id}\", en = \"{id}\" }}\nbasis = \"test\"\nlevel = \"{level}\"\n\
             severity = \"{severity}\"\ndepartment = \"water\"\nwhen = \"{when}\"\nevidence = [\"{column}\"]\n\
             explain.zh = \"{{{column}}}。\"\nexplain.en = \"{{{column}}}.\"\n\
             clock = {{ days = 5, calendar = \"working\" }}\n\
             raise_again = {{ after_months = 1, or_worse_by = {{ column = \"{column}\", by = 1 }} }}\n"
        )
    };
    let head = format!(
        "id = \"test\"\nversion = {version}\ntitle = {{ zh = \"试\", en = \"test\" }}\nvalid_from = \"2021-01-01\"\nbasis = []\n"
    );
    let stay = rule("stay", "household", "severe", (&format!("oop_12m >= {line}"), "oop_12m"));
    let dry = rule("dry", "household", "notice", ("water_outage_days > 3", "water_outage_days"));
    let out = rule("out", "village", "serious", ("water_outages_12m >= 2", "water_outages_12m"));
    let water = rule("water", "household", "notice", ("not water_safe", "persons"));
    let files = [("stay", stay), ("dry", dry), ("out", out), ("water", water)];
    let mut all: BTreeMap<String, String> =
        files.into_iter().map(|(id, text)| (format!("screening/{id}.toml"), text)).collect();
    all.insert("pack.toml".to_owned(), head);
    Pack::read(all).unwrap()
}

/// One change of the county.
#[derive(Debug, Clone)]
enum Step {
    /// A household's water is looked at.
    Water { home: usize, safe: bool },
    /// A list of hospital bills arrives: household and yuan.
    Bills(Vec<(usize, i64)>),
    /// A list that names most households arrives at once.
    Large { safe: bool },
    /// A village without water from so many days ago, perhaps still.
    Outage { village: usize, ago: i64, back: bool },
    /// A delivery covers a list for the county, until today.
    Covered { list: usize },
    /// An earlier delivery is taken back.
    Revert(usize),
    /// A household moves.
    Move { home: usize, village: usize },
    /// Who lives in a household goes to that of a neighbour; what was paid before stays where it was.
    Join { home: usize },
    /// An open lead is answered.
    Answer(usize),
    /// Days pass.
    Days(i64),
    /// The line of a rule changes.
    Line(u32),
    /// The server looks for what is stale.
    Follow,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let home = 0..HOUSEHOLDS;
    let one = prop_oneof![
        3 => (home.clone(), any::<bool>()).prop_map(|(home, safe)| Step::Water { home, safe }),
        3 => proptest::collection::vec((home.clone(), 0_i64..9_000), 1..6).prop_map(Step::Bills),
        1 => any::<bool>().prop_map(|safe| Step::Large { safe }),
        2 => (0..3_usize, 0_i64..40, any::<bool>())
            .prop_map(|(village, ago, back)| Step::Outage { village, ago, back }),
        2 => (0..2_usize).prop_map(|list| Step::Covered { list }),
        3 => any::<usize>().prop_map(Step::Revert),
        2 => (home.clone(), 0..3_usize).prop_map(|(home, village)| Step::Move { home, village }),
        2 => home.prop_map(|home| Step::Join { home }),
        3 => any::<usize>().prop_map(Step::Answer),
        1 => (1..45_i64).prop_map(Step::Days),
        1 => (1_000..8_000_u32).prop_map(Step::Line),
        2 => Just(Step::Follow),
    ];
    proptest::collection::vec(one, 3..10)
}

struct World<'a> {
    test: &'a TestDb,
    day: Day,
    homes: Vec<(HouseholdId, PersonId)>,
    batches: Vec<BatchId>,
    version: u32,
}

impl World<'_> {
    fn ctx(&self) -> Ctx {
        self.test.system(Clock::fixed_on(self.day))
    }

    fn village_of(&self, home: usize) -> AreaCode {
        let sql = "select village_code from households where id = $1";
        self.ctx().read().unwrap().row(sql, params![self.homes[home].0]).unwrap().parse(0).unwrap()
    }

    fn batch(&mut self, ctx: &Ctx, list: &str) -> BatchId {
        let id: BatchId = ctx.new_id();
        let mut tx = ctx.begin().unwrap();
        tx.exec(
            "insert into batches (id, template, department, list_id, file_name, file_hash, state, uploaded_by, uploaded_at)
             values ($1, $2, 'x', $2, 'x.csv', $1, 'staging', 'system', $3)",
            params![id, list, ctx.now],
        )
        .unwrap();
        tx.commit_staged(&id.to_string()).unwrap();
        self.batches.push(id);
        id
    }

    /// Publishes a batch, or takes it back, the way intake does.
    fn swap(&self, ctx: &Ctx, id: BatchId, (state, covers): (&str, Option<&str>)) {
        let begins = state == "accepted";
        let period = Period::new(self.day.add_months(-14), self.day).unwrap();
        let covers: Vec<_> = covers
            .iter()
            .map(|list| ((*list).to_owned(), COUNTY.parse::<AreaCode>().unwrap(), period))
            .collect();
        let swap = Swap {
            begins: begins.then_some(id),
            ends: (!begins).then_some(id),
            covers: covers.clone(),
        };
        let facts = ledger::prepare(ctx, &swap).unwrap();
        let mut tx = ctx.begin().unwrap();
        tx.exec(
            "update batches set state = $2, accepted_at = coalesce(accepted_at, $3) where id = $1",
            params![id, state, ctx.now],
        )
        .unwrap();
        for (list, area, period) in covers {
            tx.exec(
                "insert into coverage (department, list_id, area_code, from_day, to_day, batch_id)
                 values ('x', $1, $2, $3, $4, $5)",
                params![list, area, period.from, period.to, id],
            )
            .unwrap();
        }
        ledger::apply(&mut tx, &facts).unwrap();
        tx.commit(Entry::new(ctx, "intake.accept")).unwrap();
        ledger::forget(ctx, &facts).unwrap();
    }

    fn water(&mut self, homes: &[usize], safe: bool) {
        let ctx = self.ctx();
        let id = self.batch(&ctx, "visit");
        let body = Water { safe: Some(safe), ..Water::default() };
        let mut tx = ctx.begin().unwrap();
        for home in homes {
            let (household, village) = (self.homes[*home].0, self.village_of(*home));
            let about = ("household", Value::from(household), Some(household));
            record(&mut tx, (id, *home), about, (village, self.day, &body));
        }
        tx.commit_staged(&id.to_string()).unwrap();
        self.swap(&ctx, id, ("accepted", None));
    }

    fn take(&mut self, step: &Step) {
        let ctx = self.ctx();
        match step {
            Step::Water { home, safe } => self.water(&[*home], *safe),
            Step::Large { safe } => {
                let most: Vec<usize> = (0..HOUSEHOLDS - 5).collect();
                self.water(&most, *safe);
            }
            Step::Bills(bills) => {
                let id = self.batch(&ctx, "medical_stays");
                let mut tx = ctx.begin().unwrap();
                for (row, (home, yuan)) in bills.iter().enumerate() {
                    let (household, person) = self.homes[*home];
                    let body =
                        HospitalStay { out_of_pocket_fen: Some(yuan * 100), ..Default::default() };
                    let about = ("person", Value::from(person), Some(household));
                    let on = (self.village_of(*home), self.day.add_days(-3), &body);
                    record(&mut tx, (id, row), about, on);
                }
                tx.commit_staged(&id.to_string()).unwrap();
                self.swap(&ctx, id, ("accepted", None));
            }
            Step::Outage { village, ago, back } => {
                let id = self.batch(&ctx, "water_outages");
                let began = self.day.add_days(-*ago);
                let restored_on = back.then(|| began.add_days(ago / 2));
                let body = WaterOutage { restored_on, ..WaterOutage::default() };
                let village: AreaCode = VILLAGES[*village].parse().unwrap();
                let mut tx = ctx.begin().unwrap();
                record(
                    &mut tx,
                    (id, 0),
                    ("village", Value::from(village), None),
                    (village, began, &body),
                );
                tx.commit_staged(&id.to_string()).unwrap();
                self.swap(&ctx, id, ("accepted", None));
            }
            Step::Covered { list } => {
                let list = ["medical_stays", "water_outages"][*list];
                let id = self.batch(&ctx, list);
                self.swap(&ctx, id, ("accepted", Some(list)));
            }
            Step::Revert(at) if !self.batches.is_empty() => {
                let id = self.batches.swap_remove(at % self.batches.len());
                self.swap(&ctx, id, ("reverted", None));
            }
            Step::Revert(_) => {}
            Step::Move { home, village } => {
                let (from, id) = (self.village_of(*home), self.homes[*home].0);
                let to: AreaCode = VILLAGES[*village].parse().unwrap();
                let mut tx = ctx.begin().unwrap();
                tx.exec("update households set village_code = $2 where id = $1", params![id, to])
                    .unwrap();
                tx.touch_household(id.to_string(), to);
                tx.touch_village(from);
                tx.commit(Entry::new(&ctx, "household.move")).unwrap();
            }
            Step::Join { home } => {
                let (from, person) = self.homes[*home];
                let to = self.homes[(home + VILLAGES.len()) % HOUSEHOLDS].0;
                let mut tx = ctx.begin().unwrap();
                tx.exec(
                    "update memberships set valid_to = $3, how_out = 'merge' where household_id = $1 and person_id = $2",
                    params![from, person, self.day],
                )
                .unwrap();
                tx.exec(
                    "insert into memberships (household_id, person_id, valid_from, kin, how_in, hukou, shares_budget, resident, recorded_at)
                     values ($1, $2, $3, 'other', 'marriage', 1, 1, 1, $4) on conflict do nothing",
                    params![to, person, self.day, ctx.now],
                )
                .unwrap();
                tx.touch_household(from.to_string(), self.village_of(*home));
                tx.commit(Entry::new(&ctx, "household.join")).unwrap();
            }
            Step::Answer(at) => {
                let open = list(&ctx, &Filter::of(State::Open), None).unwrap().lines;
                if !open.is_empty() {
                    let line = &open[at % open.len()];
                    let shown = Shown { id: line.id, version: line.version };
                    let said = Answer::new(Outcome::NoRisk, "family_supports", "子女已承担");
                    answer(&ctx, shown, &said).unwrap();
                }
            }
            Step::Days(days) => {
                self.day = self.day.add_days(*days);
                ledger::turn_day(&self.ctx()).unwrap();
            }
            Step::Line(line) => {
                self.version += 1;
                publish(&ctx, &pack(self.version, *line)).unwrap();
            }
            Step::Follow => {
                screen_stale(&ctx).unwrap();
            }
        }
    }
}

type About = (&'static str, Value, Option<HouseholdId>);

fn record<B: Body>(
    tx: &mut Tx,
    (batch, row): (BatchId, usize),
    (subject, about, household): About,
    (village, on, body): (AreaCode, Day, &B),
) {
    let now = tx.now();
    tx.exec(
        "insert into records (batch_id, row_no, seq, subject, subject_id, household_id, village_code, topic, source,
           valid_from, recorded_at, body) values ($1, $2, 0, $3, $4, $5, $6, $7, 'x', $8, $9, $10)",
        &[
            batch.into(),
            i64::try_from(row).unwrap().into(),
            subject.into(),
            about,
            household.into(),
            village.into(),
            B::TOPIC.as_str().into(),
            on.into(),
            now.into(),
            body.to_json().unwrap().into(),
        ],
    )
    .unwrap();
}

/// Areas, and households of one person each.
fn settle(test: &TestDb) -> World<'_> {
    assert!(!ledger::ensure_tables(&test.db).unwrap());
    test.db.derive_with(vec![ledger::derivation, refresh]).unwrap();
    let day: Day = FIRST_DAY.parse().unwrap();
    let ctx = test.system(Clock::fixed_on(day));
    let areas = "code,name,official_name,level,parent_code\n140430000000,沁县,沁县,county,\n\
        140430203000,牛寺乡,牛寺乡,town,140430000000\n140430203201,牛寺村,牛寺村委会,village,140430203000\n\
        140430203202,南沟村,南沟村委会,village,140430203000\n140430204000,段柳乡,段柳乡,town,140430000000\n\
        140430204201,段柳村,段柳村委会,village,140430204000\n";
    registry::areas::import_list(&ctx, areas.as_bytes().to_vec(), "areas.csv").unwrap();
    publish(&ctx, &pack(1, 5_000)).unwrap();
    let mut tx = ctx.begin().unwrap();
    let homes: Vec<(HouseholdId, PersonId)> =
        (0..HOUSEHOLDS).map(|_| (ctx.new_id(), ctx.new_id())).collect();
    for (at, (household, person)) in homes.iter().enumerate() {
        let village = VILLAGES[at % 3];
        tx.exec(
            "insert into households (id, number, village_code, head_id, created_at) values ($1, $2, $3, $4, $5)",
            params![*household, format!("H{at:04}"), village, *person, ctx.now],
        )
        .unwrap();
        tx.exec(
            "insert into persons (id, number, name, name_key, sex, birth_day, certificate, id_state)
             values ($1, $2, '某', '某', 'male', '1970-01-01', 'none', 'missing')",
            params![*person, format!("P{at:04}")],
        )
        .unwrap();
        tx.exec(
            "insert into memberships (household_id, person_id, valid_from, kin, how_in, hukou, shares_budget, resident, recorded_at)
             values ($1, $2, '2020-01-01', 'head', 'register', 1, 1, 1, $3)",
            params![*household, *person, ctx.now],
        )
        .unwrap();
        tx.touch_household(household.to_string(), village.parse().unwrap());
    }
    tx.commit(Entry::new(&ctx, "test.county")).unwrap();
    assert_eq!(screen_all(&ctx).unwrap().row.kind, "baseline");
    World { test, day, homes, batches: Vec::new(), version: 1 }
}

/// Every lead with its reasons, as far as a person can see them.
fn leads(ctx: &Ctx) -> Vec<String> {
    let mut session = ctx.read().unwrap();
    let rows = session
        .rows(
            "select l.id, l.subject, l.village_code, l.department, l.severity, l.state, coalesce(l.due_on, ''), r.rule_id,
               coalesce(r.gone_on, ''), r.severity, r.sentence_zh, r.evidence, cast(r.settled as text)
             from leads l join lead_reasons r on r.lead_id = l.id order by l.id, r.rule_id",
            &[],
        )
        .unwrap();
    let text =
        |row: &store::Row| (0..13).map(|at| row.text(at).unwrap()).collect::<Vec<_>>().join(" | ");
    rows.iter().map(text).collect()
}

#[test]
fn leads_that_followed_change_by_change_are_those_of_a_full_screening() {
    for test in test_db().unwrap() {
        let mut world = settle(&test);
        let mut runner = TestRunner::deterministic();
        let (mut most, mut states) = (0, std::collections::BTreeSet::new());
        for round in 0..30 {
            let sequence = steps().new_tree(&mut runner).unwrap().current();
            for step in &sequence {
                world.take(step);
            }
            let ctx = world.ctx();
            screen_stale(&ctx).unwrap();
            let partial = leads(&ctx);
            let report = screen_all(&ctx).unwrap();
            let full = leads(&ctx);
            let what = format!("{}, round {round}, {}: {sequence:#?}", test.engine, world.day);
            let other: Vec<_> = partial.iter().filter(|line| !full.contains(line)).collect();
            assert_eq!(partial, full, "{what}\nonly partial: {other:#?}");
            super::listed_tests::reasons_stand_where_their_leads_do(&ctx);
            super::counted_tests::counts_are_those_of_the_leads(&ctx);
            let row = report.row;
            assert_eq!((row.opened, row.joined, row.withdrawn), (0, 0, 0), "{what}");
            most = most.max(row.hits);
            states
                .extend(full.iter().filter_map(|line| line.split(" | ").nth(5).map(str::to_owned)));
        }
        assert!(most > 20, "the rules were hit: {most}");
        assert!(states.contains("open") && states.contains("withdrawn"), "{states:?}");
        let rebuilt = ledger::rebuild(&world.ctx(), &mut |_, _| {}).unwrap();
        assert_eq!(rebuilt.changed, 0, "{}", test.engine);
    }
}
