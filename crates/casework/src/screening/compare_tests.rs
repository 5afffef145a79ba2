//! Two drafts side by side, on every engine at hand: what the comparison says is what each draft would find.

use kernel::ids::DraftId;
use kernel::permission::Role;
use registry::policies::{Change, DraftHead, Stance, begin_with, publish_draft, submit_draft};

use super::tests::*;
use super::what_if::{Compared, Sides, compare_drafts};
use super::*;

fn draft(ctx: &store::Ctx, title: &str, rules: &[(&str, String)]) -> DraftId {
    let head = DraftHead {
        title: title.into(),
        stance: Stance::Adjusted,
        document: None,
        valid_from: ctx.today,
    };
    let file = |(name, text): &(&str, String)| Change::File {
        path: format!("screening/{name}.toml"),
        text: text.clone(),
    };
    let mut changes = rules.iter().map(file);
    let id = begin_with(ctx, &head, changes.next().unwrap()).unwrap();
    for (revision, change) in (0..).zip(changes) {
        registry::policies::put_change(ctx, id, revision, change).unwrap();
    }
    id
}

fn income(limit: i64) -> (&'static str, String) {
    ("income", INCOME.replace("labour < 1", &format!("labour < {limit}")))
}

fn compared(ctx: &store::Ctx, one: Option<DraftId>, other: Option<DraftId>) -> Compared {
    compare_drafts(ctx, Sides { one, other, day: None }).unwrap()
}

#[test]
fn two_drafts_find_what_each_finds_when_it_is_published() {
    with_running(|county| {
        // labour 0 hits today; 1 comes in with the first draft, 1 and 2 with the second
        let mut homes = Vec::new();
        for (village, labour) in [(VILLAGE, 0), (VILLAGE, 1), (OTHER, 1), (OTHER, 2), (FAR, 3)] {
            homes.push(county.household(village, labour, true));
        }
        let ann = county.person("Ann", Role::County, None);
        let ben = county.person("Ben", Role::County, None);
        let narrow = draft(&ann, "窄", &[income(2)]);
        let wide = draft(&ann, "宽", &[income(3)]);

        let found = compared(&ann, Some(narrow), Some(wide));
        let titles = found.titles.clone().map(Option::unwrap_or_default);
        assert_eq!(titles, ["窄", "宽"]);
        assert_eq!(found.rules.len(), 1);
        // the household of the baseline in FAR has labour 2 as well
        assert_eq!((found.one.households, found.other.households), (3, 5));
        assert_eq!(found.households, (0, 2, 3), "{}", county.test.engine);
        assert_eq!((found.one.new_leads, found.other.new_leads), (2, 4), "one has a lead");
        assert_eq!((found.past, found.all_apart), (false, 2));
        let apart: Vec<_> = found.apart.iter().map(|one| one.household.as_str()).collect();
        assert!(apart.contains(&homes[3].as_str()), "{apart:?}");
        assert!(found.apart.iter().all(|one| one.one.is_empty() && one.other == ["income"]));
        let villages: Vec<_> = found
            .places
            .1
            .iter()
            .map(|place| {
                (place.code.as_str(), place.only_other, place.leads_one, place.leads_other)
            })
            .collect();
        assert_eq!(villages, [(OTHER, 1, 1, 2), (FAR, 1, 0, 1)]);
        let towns: i64 = found.places.0.iter().map(|place| place.only_other).sum();
        assert_eq!(towns, 2);
        // the other way round, and against what is published
        assert_eq!(compared(&ann, Some(wide), Some(narrow)).households, (2, 0, 3));
        assert_eq!(compared(&ann, None, Some(narrow)).households, (0, 2, 1));
        assert!(compared(&ann, Some(narrow), Some(narrow)).rules.is_empty());

        // published, it finds that many
        submit_draft(&ann, narrow, 0).unwrap();
        publish_draft(&ben, narrow, 1, &trial()).unwrap();
        screen_all(&county.ctx).unwrap();
        let filter = |state| Filter { rule: Some("income".into()), ..Filter::of(state) };
        let live = [State::Open, State::Waiting]
            .map(|state| list(&county.ctx, &filter(state), None).unwrap().total);
        assert_eq!(live.iter().sum::<i64>(), 3);
        assert_eq!(compared(&ann, None, Some(wide)).households, (0, 2, 3));
    });
}

#[test]
fn rules_that_go_come_or_trade_places_are_told_apart() {
    with_running(|county| {
        county.household(VILLAGE, 0, false);
        county.household(VILLAGE, 1, false);
        let ann = county.person("Ann", Role::County, None);
        // one draft lets go of the rule of the water; the other widens that of income
        let without = draft(&ann, "去", &[("house", String::new())]);
        let wide = draft(&ann, "宽", &[income(2)]);
        let found = compared(&ann, Some(without), Some(wide));
        assert_eq!(found.rules.len(), 2);
        assert_eq!((found.one.households, found.other.households), (1, 2));
        assert_eq!(found.households, (0, 1, 1));
        // the first is found by both, but by the rule of the water on the right only
        assert_eq!(found.all_apart, 2);
        let both = found.apart.iter().find(|one| !one.one.is_empty()).unwrap();
        let rules = |ids: &[String]| {
            let mut ids = ids.to_vec();
            ids.sort();
            ids.join(" ")
        };
        assert_eq!(
            (rules(&both.one), rules(&both.other)),
            ("income".into(), "house income".into())
        );
    });
}

#[test]
fn over_a_past_day_what_was_confirmed_since_is_counted_and_strangers_are_refused() {
    with_running(|county| {
        county.household(VILLAGE, 0, true);
        let ann = county.person("Ann", Role::County, None);
        let wide = draft(&ann, "宽", &[income(2)]);
        let day = Some("2026-09-01".parse().unwrap());
        let found = compare_drafts(&ann, Sides { one: None, other: Some(wide), day }).unwrap();
        assert!(found.past);
        assert_eq!(found.day.to_string(), "2026-09-01");
        assert_eq!((found.one.confirmed, found.other.confirmed), (0, 0), "nobody stood then");
        let code = |result: kernel::error::Result<Compared>| {
            result.unwrap_err().refusal().map(|refusal| refusal.code).unwrap()
        };
        let later = Some("2027-01-01".parse().unwrap());
        let sides = Sides { one: None, other: Some(wide), day: later };
        assert_eq!(code(compare_drafts(&ann, sides)), "screening.day_to_come");
        let bob = county.person("Bob", Role::Township, Some("140430203000"));
        let sides = Sides { one: None, other: Some(wide), day: None };
        assert_eq!(code(compare_drafts(&bob, sides)), "access.forbidden");
    });
}
