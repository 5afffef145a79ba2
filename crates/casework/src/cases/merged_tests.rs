//! A case follows a merge of its household and its undoing, on every engine at hand.

use kernel::ids::{DeclarationId, HouseholdId};
use kernel::permission::Role;
use registry::accounts::{self, NewAccount, Reach};
use registry::duplicates::{Chosen, Kind, Outcome, Pair, merge, undo};
use store::{Actor, Ctx, Entry, Scope, ScopeKind, params};

use super::tests::{
    County, FOUND, VILLAGE, confirm, consent, help, on, shown, with_each, with_facts,
};
use super::*;
use crate::assistance::{self, NewHelper, helper_names, helpers_of};

/// Two households are held to be one, until the answer is undone.
fn merged(county: &County<'_>, goes: HouseholdId, stays: HouseholdId) -> String {
    let pair = Pair { kind: Kind::Household, goes: goes.to_string(), stays: stays.to_string() };
    match merge(&county.ctx, &pair, &Chosen::default()).unwrap() {
        Outcome::Done(id) => id.to_string(),
        Outcome::Waits(id) => panic!("{id} waits"),
    }
}

#[test]
fn a_case_goes_on_at_the_household_that_stays_and_comes_back_with_the_undoing() {
    with_each(|county| {
        let people = county.people();
        let (home, id) = county.case(&people.village, 1);
        let stays = county.household("140430203201", 1);
        let before = show(&people.village, id).unwrap().case;
        let merged = merged(county, home, stays);
        // its clocks go on as they were, and it says for whom it was opened
        let view = show(&people.village, id).unwrap();
        assert_eq!(view.case, Case { household: stays, ..before.clone() });
        assert_eq!((view.household.id, view.merged), (stays, Some(home.to_string())));
        let page = list(&people.village, &Filter::default(), None).unwrap();
        assert_eq!((page.total, page.lines[0].household.clone()), (1, stays.to_string()));
        // it can be gone on with, and what is confirmed of the household joins it
        consent(&people.village, id);
        confirm(&people.village, county.lead(stays, "140430203201"));
        assert_eq!(county.count("select count(*) from cases"), 1);
        assert_eq!(county.count("select count(*) from case_leads"), 2);
        undo(&county.ctx, &merged, ("两户", true)).unwrap();
        let view = show(&people.village, id).unwrap();
        assert_eq!((view.case.household, view.household.id), (home, home));
        assert_eq!(view.merged, None);
        assert_eq!((view.case.due, view.case.total_due), (before.due, before.total_due));
    });
}

#[test]
fn reminders_questions_objections_and_the_search_follow_a_merge_and_its_undoing() {
    with_each(|county| {
        let people = county.people();
        let village = &people.village;
        let (home, id) = county.case(village, 1);
        let stays = county.household(VILLAGE, 1);
        mark_urgent(village, shown(village, id), true).unwrap();
        let lead: kernel::ids::LeadId = {
            let sql = "select lead_id from case_leads where case_id = $1";
            county.ctx.read().unwrap().row(sql, params![id]).unwrap().parse(0).unwrap()
        };
        let mut tx = county.ctx.begin().unwrap();
        let letter: DeclarationId = county.ctx.new_id();
        assert!(receive_objection(&mut tx, lead, (letter, county.ctx.today, "不同意")).unwrap());
        tx.commit(Entry::new(&county.ctx, "test.objection")).unwrap();
        // a question of an office, without going the whole way there
        let mut tx = county.ctx.begin().unwrap();
        tx.exec(
            "insert into case_questions (case_id, item, office, asked_on, asked_by, recorded_at)
             values ($1, 'vehicle', 'police', $2, 'x', $3)",
            params![id, FOUND, county.ctx.now],
        )
        .unwrap();
        tx.commit(Entry::new(&county.ctx, "test.question")).unwrap();

        let found = |text: &HouseholdId| {
            let filter = Filter { text: Some(text.to_string()), ..Filter::default() };
            list(village, &filter, None).unwrap().total
        };
        // whom each of the lists names: the household's number, as nobody has a name here
        let named = || {
            let (papers, count) = papers_to_come(village, 9).unwrap();
            let said = open_objections(village, 9).unwrap();
            let asked = waiting(&people.county, None).unwrap();
            assert_eq!((papers.len(), count, said.len(), asked.len()), (1, 1, 1, 1));
            [papers[0].who.clone(), said[0].who.clone(), asked[0].household.0.clone()]
        };
        let all = |of: HouseholdId| [(); 3].map(|()| of.to_string());
        assert_eq!(named(), all(home), "{}", county.test.engine);
        assert_eq!((found(&home), found(&stays)), (1, 0));

        let merged = merged(county, home, stays);
        assert_eq!(named(), all(stays), "{}", county.test.engine);
        assert_eq!((found(&home), found(&stays)), (1, 1));
        // help that is promised to the one that stays is recalled of the case
        let measure = help(village, stays, "work_local");
        let due = assistance::show(village, measure).unwrap().due_on.to_string();
        run_clocks(&on(&county.ctx, &due), false, &mut |_, _| {}).unwrap();
        let kinds = || {
            let view = show(village, id).unwrap();
            view.reminders.into_iter().map(|one| one.kind).collect::<Vec<_>>()
        };
        assert!(kinds().contains(&"measure".to_owned()), "{:?}", kinds());
        // what is done at the one that stays is no longer recalled
        assert!(kinds().contains(&"papers".to_owned()));
        consent(village, id);
        assert!(!kinds().contains(&"papers".to_owned()), "{:?}", kinds());
        let said = open_objections(village, 9).unwrap();
        assert_eq!(said[0].who, stays.to_string());

        undo(&county.ctx, &merged, ("两户", true)).unwrap();
        let said = open_objections(village, 9).unwrap();
        let asked = waiting(&people.county, None).unwrap();
        assert_eq!(
            (said[0].who.clone(), asked[0].household.0.clone()),
            (home.to_string(), home.to_string())
        );
        assert_eq!((found(&home), found(&stays)), (1, 0));
    });
}

fn helper_of(county: &County<'_>) -> (String, Ctx) {
    let home = VILLAGE.parse().unwrap();
    let new = NewAccount {
        login: "carer".to_owned(),
        name: "李干部".to_owned(),
        role: Role::Helper,
        department: None,
        home,
        reach: Reach::Home,
    };
    let account = accounts::create(&county.ctx, &new).unwrap().0.id.to_string();
    let actor = Actor {
        account: account.clone(),
        name: "李干部".to_owned(),
        role: Role::Helper,
        department: None,
        home: Some(home),
        scopes: vec![Scope { kind: ScopeKind::List("none".to_owned()) }],
    };
    let mut tx = county.ctx.begin().unwrap();
    tx.exec("delete from scopes where account_id = $1", params![&account]).unwrap();
    tx.commit(Entry::new(&county.ctx, "test.scopes")).unwrap();
    let clock = kernel::time::Clock::fixed_on(FOUND.parse().unwrap());
    (account, Ctx::new(&county.test.db, actor, clock, kernel::lang::Lang::Zh))
}

#[test]
fn helpers_follow_a_merge_and_its_undoing() {
    with_facts(|county| {
        let people = county.people();
        let (home, id) = county.case(&people.village, 1);
        let stays = county.household(VILLAGE, 1);
        let (account, carer) = helper_of(county);
        let new = |name: &str, from: &str, account: Option<String>| NewHelper {
            name: name.to_owned(),
            unit: "县农业农村局".to_owned(),
            phone: None,
            account,
            from: from.parse().unwrap(),
            why: "两户是一户".to_owned(),
        };
        let town = &people.township;
        assistance::assign(town, home, None, new("李干部", "2026-10-01", Some(account))).unwrap();
        assert!(show(&carer, id).is_ok(), "{}", county.test.engine);
        let names = |of: HouseholdId| {
            let mut session = county.ctx.read().unwrap();
            let on = county.ctx.today;
            let all = helpers_of(&mut session, of, on).unwrap();
            let now = all.into_iter().filter(|one| one.to.is_none()).map(|one| one.name);
            let short = helper_names(&mut session, &[&of.to_string()]).unwrap();
            (now.collect::<Vec<_>>(), short.get(&of.to_string()).cloned())
        };
        let none = (Vec::new(), None);
        let li = (vec!["李干部".to_owned()], Some("李干部".to_owned()));
        assert_eq!((names(home), names(stays)), (li.clone(), none.clone()));
        let no_helper = || {
            let filter = Filter { no_helper: true, ..Filter::default() };
            list(&people.village, &filter, None).unwrap().total
        };
        assert_eq!(no_helper(), 0);

        let merged = merged(county, home, stays);
        assert_eq!((names(home), names(stays)), (none.clone(), li.clone()));
        assert_eq!(no_helper(), 0);
        // the account goes on seeing the case, now at the one that stays
        assert_eq!(show(&carer, id).unwrap().household.id, stays);
        let seen = |by: &Ctx| list(by, &Filter::default(), None).unwrap().total;
        assert_eq!((seen(&carer), seen(&people.stranger)), (1, 0));
        let fact = "select helper_named from household_facts where household_id = $1";
        let told = |of: HouseholdId| {
            county
                .ctx
                .read()
                .unwrap()
                .find(fact, params![of])
                .unwrap()
                .and_then(|row| row.opt_int(0).unwrap())
        };
        assert_eq!(told(stays), Some(1), "{}", county.test.engine);
        // naming another one ends this one, wherever it was written down
        let first = {
            let mut session = county.ctx.read().unwrap();
            helpers_of(&mut session, stays, county.ctx.today).unwrap()[0].id
        };
        assistance::assign(town, stays, Some(first), new("王干部", "2026-10-10", None)).unwrap();
        assert_eq!(names(stays).0, ["王干部"]);
        assert_eq!(seen(&carer), 0, "the account of before sees it no longer");
        undo(&county.ctx, &merged, ("两户", true)).unwrap();
        // each has what was written down for it
        assert_eq!(
            (names(home).0, names(stays).0),
            (Vec::<String>::new(), vec!["王干部".to_owned()])
        );
    });
}
