//! The journal on every engine at hand.

use std::collections::BTreeSet;

use kernel::error::RefusalKind;
use kernel::lang::Lang;
use kernel::permission::Role;
use kernel::time::{Clock, Day};
use store::testing::test_db;
use store::{Actor, Ctx, Entry};

use super::*;

fn each(check: impl Fn(&store::testing::TestDb, &Ctx)) {
    let clock = Clock::fixed_on("2026-10-31".parse().unwrap());
    for test in test_db().unwrap() {
        check(&test, &test.system(clock));
    }
}

fn write(ctx: &Ctx, verb: &'static str, about: &str) {
    let entry = Entry::new(ctx, verb).about("batch", about);
    ctx.begin().unwrap().commit(entry).unwrap();
}

#[test]
fn entries_are_found_by_what_they_say_and_paged_by_number() {
    each(|_, ctx| {
        for about in ["a", "b", "a"] {
            write(ctx, "intake.accept", about);
        }
        write(ctx, "intake.revert", "a");
        let find = |wanted: Wanted| {
            let (found, _) = entries(ctx, &wanted, 2).unwrap();
            found.into_iter().map(|line| line.number).collect::<Vec<_>>()
        };
        assert_eq!(find(Wanted::default()), [4, 3]);
        assert_eq!(find(Wanted { before: Some(3), ..Wanted::default() }), [2, 1]);
        assert_eq!(find(Wanted { about: Some("b".into()), ..Wanted::default() }), [2]);
        assert_eq!(find(Wanted { verb: Some("intake.revert".into()), ..Wanted::default() }), [4]);
        let other: Day = "2026-10-30".parse().unwrap();
        assert!(find(Wanted { day: Some(other), ..Wanted::default() }).is_empty());
        assert_eq!(find(Wanted { day: Some(ctx.today), ..Wanted::default() }), [4, 3]);
    });
}

#[test]
fn the_slip_of_a_day_ends_in_the_code_that_verification_finds() {
    each(|_, ctx| {
        write(ctx, "intake.accept", "a");
        write(ctx, "intake.accept", "b");
        let paper = slip(ctx, ctx.today).unwrap();
        let (first, last) = paper.ends.unwrap();
        let report = verify(ctx).unwrap();
        assert_eq!((first.number, last.number, report.entries), (1, 2, 2));
        assert_eq!(last.mac, report.head);
        assert_eq!(paper.verbs, [("intake.accept".to_owned(), 2)]);
        assert!(slip(ctx, ctx.today.add_days(-1)).unwrap().ends.is_none());
    });
}

#[test]
fn a_stranger_is_refused_and_the_refusal_stands_in_the_access_log() {
    each(|test, ctx| {
        let mut actor = Actor::system();
        actor.role = Role::Village;
        let clock = Clock::fixed_on(ctx.today);
        let village = Ctx::new(&test.db, actor, clock, Lang::En);
        let error = entries(&village, &Wanted::default(), 1).unwrap_err();
        assert_eq!(error.refusal().unwrap().kind, RefusalKind::Forbidden);
        test.db.flush_access().unwrap();
        let log = access(ctx, Some("denied"), None, 10).unwrap();
        assert_eq!(log.len(), 1);
        assert_eq!((log[0].kind.as_str(), log[0].verb.as_str()), ("denied", "journal.see"));
        assert!(access(ctx, Some("reveal"), None, 10).unwrap().is_empty());
    });
}

#[test]
fn a_household_is_named_by_its_number_and_what_is_no_household_by_what_was_asked() {
    each(|test, ctx| {
        let id = "0".repeat(32);
        let mut tx = ctx.begin().unwrap();
        tx.exec(
            "insert into households (id, number, created_at) values ($1, '140430000001', '2026-01-01T00:00:00.000Z')",
            store::params![id.as_str()],
        )
        .unwrap();
        tx.commit(Entry::new(ctx, "household.correct").about("household", &id)).unwrap();
        let (found, _) = entries(ctx, &Wanted::default(), 1).unwrap();
        assert_eq!(found[0].about_name, "140430000001");
        ctx.note_access("not_found", "household.see", &id);
        ctx.note_access("not_found", "household.see", "elsewhere");
        test.db.flush_access().unwrap();
        let log = access(ctx, Some("not_found"), None, 10).unwrap();
        let mut about: Vec<&str> = log.iter().map(|line| line.about.as_str()).collect();
        about.sort_unstable();
        assert_eq!(about, ["140430000001", "elsewhere"]);
    });
}

#[test]
fn every_verb_of_the_program_has_a_name() {
    let mut verbs = BTreeSet::new();
    for wing in ["registry", "casework"] {
        let root =
            std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(wing).join("src");
        collect(&root, &mut verbs);
    }
    assert!(verbs.len() > 20, "{verbs:?}");
    let l = web::L(Lang::Zh);
    for verb in verbs {
        let id = format!("journal-verb-{}", verb.replace('.', "-"));
        assert!(l.find(&id, &[]).is_some(), "no words for {id}");
    }
}

fn collect(at: &std::path::Path, verbs: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(at).unwrap().flatten() {
        let path = entry.path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            collect(&path, verbs);
        } else if name.ends_with(".rs") && !name.contains("test") {
            let text = std::fs::read_to_string(&path).unwrap();
            let text =
                text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default().to_owned();
            for piece in text.split("Entry::new(").skip(1) {
                let verb = piece.split(')').next().and_then(|call| call.split('"').nth(1));
                verbs.extend(verb.filter(|verb| !verb.starts_with("test.")).map(str::to_owned));
            }
        }
    }
}
