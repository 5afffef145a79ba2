//! What stands in my work of cases and help, for each role on every engine at hand: what is counted is what is listed.

use kernel::area::AreaCode;
use kernel::ids::{CaseId, HouseholdId, MeasureId};
use kernel::lang::Lang;
use kernel::permission::Role;
use kernel::time::Clock;
use registry::accounts::{self, NewAccount, Reach};
use registry::circumstances::ledger::ensure_tables;
use registry::intake::Templates;
use registry::policies::publish_shipped;
use store::testing::{TestDb, test_db};
use store::{Actor, Ctx, Entry, Scope, ScopeKind, params};

use super::*;

const TODAY: &str = "2026-10-20";
const NEAR: &str = "140430203201";
const FAR: &str = "140430204201";

struct County<'a> {
    test: &'a TestDb,
    ctx: Ctx,
}

impl County<'_> {
    fn person(&self, login: &str, role: Role, (home, office): (&str, Option<&str>)) -> Ctx {
        let home: AreaCode = home.parse().unwrap();
        let office = office.map(str::to_owned);
        let lists = Reach::Lists(vec!["vehicles".to_owned()]);
        let reach = if office.is_some() { lists } else { Reach::Home };
        let name = login.to_owned();
        let new = NewAccount {
            login: name.clone(),
            name: name.clone(),
            role,
            department: office.clone(),
            home,
            reach,
        };
        let account = accounts::create(&self.ctx, &new).unwrap().0.id.to_string();
        let kind = match &office {
            Some(_) => ScopeKind::List("vehicles".to_owned()),
            None => ScopeKind::Area(home),
        };
        let scopes = vec![Scope { kind }];
        let actor = Actor { account, name, role, department: office, home: Some(home), scopes };
        Ctx::new(&self.test.db, actor, Clock::fixed_on(TODAY.parse().unwrap()), Lang::Zh)
    }

    /// A case in a state, due on a day.
    fn case(
        &self,
        village: &str,
        (state, owner, due): (&str, &str, &str),
    ) -> (HouseholdId, CaseId) {
        let (home, id): (HouseholdId, CaseId) = (self.ctx.new_id(), self.ctx.new_id());
        let mut tx = self.ctx.begin().unwrap();
        let now = tx.now();
        tx.exec(
            "insert into households (id, number, village_code, created_at) values ($1, $1, $2, $3)",
            params![home, village, now],
        )
        .unwrap();
        tx.exec(
            "insert into cases (id, number, life, household_id, village_code, state, phase, owner, discovered_on, since_day,
               due_on, sort_day, created_at, version)
             values ($1, $2, 'monitoring', $3, $4, $5, 'identify', $6, '2026-10-01', '2026-10-02', $7, $7, $8, 1)",
            params![id, id.to_string(), home, village, state, owner, due, now],
        )
        .unwrap();
        tx.commit(Entry::new(&self.ctx, "test.case")).unwrap();
        (home, id)
    }

    /// A case that is being helped: no clock runs.
    fn helping(&self, village: &str) {
        let (_, id) = self.case(village, ("helping", "village", TODAY));
        let mut tx = self.ctx.begin().unwrap();
        tx.exec("update cases set phase = 'help', due_on = null where id = $1", params![id])
            .unwrap();
        tx.commit(Entry::new(&self.ctx, "test.helping")).unwrap();
    }

    fn measure(&self, home: HouseholdId, due: &str) {
        let id: MeasureId = self.ctx.new_id();
        let mut tx = self.ctx.begin().unwrap();
        let now = tx.now();
        tx.exec(
            "insert into measures (id, household_id, village_code, kind, aims, words, owner_office, owner_name, promised_on,
               due_on, by_account, by_name, recorded_at, version)
             values ($1, $2, $3, 'work_local', '[]', '', '', '陈', '2026-10-01', $4, 'x', 'x', $5, 1)",
            params![id.to_string(), home, NEAR, due, now],
        )
        .unwrap();
        tx.commit(Entry::new(&self.ctx, "test.measure")).unwrap();
    }
}

fn each(check: impl Fn(&County<'_>)) {
    for test in test_db().unwrap() {
        ensure_tables(&test.db).unwrap();
        let ctx = test.system(Clock::fixed_on(TODAY.parse().unwrap()));
        let areas = "code,name,official_name,level,parent_code\n140430000000,沁县,沁县,county,\n\
            140430203000,牛寺乡,牛寺乡,town,140430000000\n140430203201,牛寺村,牛寺村委会,village,140430203000\n\
            140430204000,松村乡,松村乡,town,140430000000\n140430204201,松村,松村村委会,village,140430204000\n";
        registry::areas::import_list(&ctx, areas.as_bytes().to_vec(), "areas.csv").unwrap();
        publish_shipped(&ctx).unwrap();
        check(&County { test: &test, ctx });
    }
}

fn board(by: &Ctx, show: Show) -> Board {
    gather(by, &Templates::shipped().unwrap(), show).unwrap()
}

fn cases(board: &Board) -> Vec<CaseId> {
    let case = |item: &Item| match item {
        Item::Case(turn) => Some(turn.line.id),
        _ => None,
    };
    board.items.iter().filter_map(case).collect()
}

#[test]
fn every_role_sees_the_cases_in_which_it_is_its_turn_by_their_clocks() {
    each(|county| {
        let (_, today) = county.case(NEAR, ("accepted", "village", TODAY));
        let (_, late) = county.case(NEAR, ("compared", "village", "2026-10-10"));
        let (_, later) = county.case(NEAR, ("reviewed", "village", "2026-11-10"));
        let (_, township) = county.case(NEAR, ("submitted", "township", "2026-10-19"));
        let (_, office) = county.case(NEAR, ("passed", "county", TODAY));
        county.helping(NEAR);
        county.case(FAR, ("accepted", "village", TODAY));
        let village = county.person("chen", Role::Village, (NEAR, None));
        let all = board(&village, Show::All);
        assert_eq!(all.numbers, [1, 1, 0, 0], "{}", county.test.engine);
        assert_eq!(cases(&all), [late, today, later], "by their day");
        assert_eq!(cases(&board(&village, Show::Today)), [today]);
        assert_eq!(cases(&board(&village, Show::Over)), [late]);
        assert!(cases(&board(&village, Show::Waiting)).is_empty());
        let town = county.person("bob", Role::Township, ("140430203000", None));
        assert_eq!(cases(&board(&town, Show::Over)), [township]);
        let whole = county.person("alice", Role::County, ("140430000000", None));
        assert_eq!(cases(&board(&whole, Show::Today)), [office]);
        // who only looks has no turn; an office has no case
        let leader = county.person("lead", Role::Leader, ("140430000000", None));
        assert_eq!(
            (board(&leader, Show::All).numbers, cases(&board(&leader, Show::All)).len()),
            ([0; 4], 0)
        );
        let police = county.person("dora", Role::Department, ("140430000000", Some("police")));
        assert!(cases(&board(&police, Show::All)).is_empty());
    });
}

#[test]
fn more_cases_than_are_shown_lead_to_their_list_narrowed_in_the_same_way() {
    each(|county| {
        for _ in 0..52 {
            county.case(NEAR, ("accepted", "village", "2026-10-10"));
        }
        let village = county.person("chen", Role::Village, (NEAR, None));
        let over = board(&village, Show::Over);
        assert_eq!((over.numbers[1], cases(&over).len()), (52, 50));
        let more = over.items.iter().find_map(|item| match item {
            Item::Cases(all, narrowed, owner) => Some((*all, *narrowed, owner.as_str())),
            _ => None,
        });
        assert_eq!(more, Some((52, "overdue", "village")));
        let filter = casework::cases::Filter {
            phase: Some("running".to_owned()),
            owner: Some("village".to_owned()),
            due_to: Some(village.today.add_days(-1)),
            ..casework::cases::Filter::default()
        };
        assert_eq!(casework::cases::list(&village, &filter, None).unwrap().total, 52);
    });
}

#[test]
fn help_that_was_promised_and_papers_to_come_stand_in_my_work() {
    each(|county| {
        let (home, id) = county.case(NEAR, ("announced", "village", "2026-11-10"));
        county.measure(home, "2026-10-10");
        county.measure(home, "2026-12-10");
        let village = county.person("chen", Role::Village, (NEAR, None));
        let measures = |by: &Ctx| {
            board(by, Show::All).items.iter().find_map(|item| match item {
                Item::Measures(due, over) => Some((*due, *over)),
                _ => None,
            })
        };
        assert_eq!(measures(&village), Some((2, 1)), "{}", county.test.engine);
        let stranger = county.person("eve", Role::Village, (FAR, None));
        assert_eq!(measures(&stranger), None);
        let papers = |by: &Ctx| {
            let items = board(by, Show::All).items;
            items.iter().filter(|item| matches!(item, Item::Papers(_))).count()
        };
        assert_eq!(papers(&village), 0);
        let shown = casework::cases::Shown { id, version: 1 };
        casework::cases::mark_urgent(&village, shown, true).unwrap();
        assert_eq!((papers(&village), papers(&stranger)), (1, 0));
    });
}
