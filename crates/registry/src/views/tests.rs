//! Views on every engine at hand.

use kernel::error::{Error, RefusalKind};
use kernel::lang::Lang;
use kernel::time::Clock;
use store::testing::test_db;
use store::{Actor, Ctx};

use super::model::NewView;
use super::*;

fn with_two(check: impl Fn(&Ctx, &Ctx)) {
    for test in test_db().unwrap() {
        let clock = Clock::fixed_on("2026-10-31".parse().unwrap());
        let person = |account: &str| {
            let actor = Actor { account: account.to_owned(), ..Actor::system() };
            Ctx::new(&test.db, actor, clock, Lang::Zh)
        };
        check(&person("alice"), &person("bob"));
    }
}

fn new(name: &str, at: &str) -> NewView {
    NewView::parse(name, at).unwrap()
}

fn names(ctx: &Ctx) -> Vec<String> {
    list(ctx).unwrap().into_iter().map(|view| format!("{} {}", view.name, view.address())).collect()
}

fn refused(error: Error) -> (RefusalKind, &'static str) {
    let refusal = error.refusal().expect("a refusal");
    (refusal.kind, refusal.code)
}

#[test]
fn a_view_is_ones_own_and_the_same_name_takes_its_place() {
    with_two(|alice, bob| {
        keep(alice, &new("严重", "/leads?severity=severe")).unwrap();
        keep(alice, &new("严重", "/households?status=monitored")).unwrap();
        keep(alice, &new("严重", "/leads?severity=severe&area=140430203000&after=9")).unwrap();
        assert_eq!(
            names(alice),
            ["严重 /households?status=monitored", "严重 /leads?severity=severe&area=140430203000"]
        );
        assert!(names(bob).is_empty());
        let id = list(alice).unwrap()[0].id;
        assert_eq!(
            refused(drop_view(bob, id).unwrap_err()),
            (RefusalKind::NotFound, "views.unknown")
        );
        drop_view(alice, id).unwrap();
        assert_eq!(names(alice).len(), 1);
        assert_eq!(refused(drop_view(alice, id).unwrap_err()).1, "views.unknown");
        let mut session = alice.read().unwrap();
        let verbs = session.rows("select verb from journal order by number", &[]).unwrap();
        let verbs: Vec<String> = verbs.iter().map(|row| row.text(0).unwrap()).collect();
        assert_eq!(verbs, ["view.keep", "view.keep", "view.keep", "view.drop"]);
    });
}

#[test]
fn the_fifty_first_view_is_refused_and_another_may_still_be_replaced() {
    with_two(|alice, _| {
        for n in 0..MOST {
            keep(alice, &new(&format!("第{n}个"), "/leads")).unwrap();
        }
        let over = keep(alice, &new("多一个", "/leads")).unwrap_err();
        assert_eq!(refused(over), (RefusalKind::Conflict, "views.too_many"));
        keep(alice, &new("第7个", "/leads?state=open")).unwrap();
        assert_eq!(list(alice).unwrap().len(), MOST);
    });
}
