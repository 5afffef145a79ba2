use proptest::prelude::*;

use super::*;

fn day(offset: i64) -> Day {
    "2024-01-01".parse::<Day>().unwrap().add_days(offset)
}

fn house_id(number: u32) -> HouseholdId {
    format!("{number:032x}").parse().unwrap()
}

fn person(number: u32) -> PersonId {
    format!("{number:032x}").parse().unwrap()
}

fn stay(household: u32, who: u32, kin: Kin, sex: Sex) -> Membership {
    Membership {
        household: house_id(household),
        person: person(who),
        span: Span::since(day(0)),
        kin,
        how_in: HowIn::Register,
        how_out: None,
        hukou: true,
        shares_budget: true,
        resident: true,
        sex: Some(sex),
    }
}

fn family() -> House {
    House {
        id: house_id(1),
        closed_on: None,
        stays: vec![
            stay(1, 1, Kin::Head, Sex::Male),
            stay(1, 2, Kin::Spouse, Sex::Female),
            stay(1, 3, Kin::Son, Sex::Male),
            stay(1, 4, Kin::DaughterInLaw, Sex::Female),
            stay(1, 5, Kin::Mother, Sex::Female),
        ],
    }
}

fn kin_of(house: &House, who: u32, on: Day) -> Option<Kin> {
    house.members_on(on).into_iter().find(|stay| stay.person == person(who)).map(|stay| stay.kin)
}

#[test]
fn when_the_head_dies_somebody_must_become_head() {
    let house = family();
    assert_eq!(house.go(&person(1), day(10), HowOut::Death, None), Err(ChangeError::HeadNeeded));
    assert_eq!(
        house.go(&person(1), day(10), HowOut::Death, Some(&person(9))),
        Err(ChangeError::HeadNotThere)
    );
    assert_eq!(
        house.go(&person(1), day(10), HowOut::Death, Some(&person(1))),
        Err(ChangeError::HeadNotThere)
    );
}

#[test]
fn the_widow_becomes_head_and_yesterday_stays_as_it_was() {
    let mut house = family();
    let edits = house.go(&person(1), day(10), HowOut::Death, Some(&person(2))).unwrap();
    house.apply(&edits);
    assert_eq!(house.head_on(day(9)).unwrap().person, person(1));
    assert_eq!(house.head_on(day(10)).unwrap().person, person(2));
    assert_eq!(kin_of(&house, 5, day(10)), Some(Kin::HusbandsMother));
    assert_eq!(kin_of(&house, 5, day(9)), Some(Kin::Mother));
    assert_eq!(house.members_on(day(10)).len(), 4);
}

#[test]
fn the_last_one_to_go_closes_the_household() {
    let mut house = House { stays: vec![stay(1, 1, Kin::Head, Sex::Male)], ..family() };
    let edits = house.go(&person(1), day(10), HowOut::Left, None).unwrap();
    house.apply(&edits);
    assert_eq!(house.closed_on, Some(day(10)));
    assert_eq!(house.go(&person(1), day(11), HowOut::Left, None), Err(ChangeError::Closed));
}

#[test]
fn a_young_couple_sets_up_its_own_household() {
    let mut old = family();
    let going = BTreeMap::from([(person(3), Kin::Head), (person(4), Kin::Spouse)]);
    let edits = old.split(&house_id(2), &going, day(20), None).unwrap();
    let mut new = House { id: house_id(2), closed_on: None, stays: Vec::new() };
    old.apply(&edits);
    new.apply(&edits);
    assert_eq!(old.members_on(day(20)).len(), 3);
    assert_eq!(new.members_on(day(20)).len(), 2);
    assert_eq!(new.members_on(day(19)).len(), 0);
    assert_eq!(new.head_on(day(20)).unwrap().person, person(3));
}

#[test]
fn a_split_needs_one_head_and_somebody_who_stays() {
    let old = family();
    let none = BTreeMap::from([(person(3), Kin::Spouse)]);
    assert_eq!(old.split(&house_id(2), &none, day(20), None), Err(ChangeError::HeadNotThere));
    let two = BTreeMap::from([(person(3), Kin::Head), (person(4), Kin::Head)]);
    assert_eq!(old.split(&house_id(2), &two, day(20), None), Err(ChangeError::SecondHead));
    assert_eq!(
        old.split(&house_id(2), &BTreeMap::new(), day(20), None),
        Err(ChangeError::NobodyNamed)
    );
    let mut all: BTreeMap<_, _> = (1..=5).map(|who| (person(who), Kin::Other)).collect();
    all.insert(person(1), Kin::Head);
    assert_eq!(old.split(&house_id(2), &all, day(20), None), Err(ChangeError::NobodyStays));
}

#[test]
fn a_merged_household_is_closed_and_its_people_are_found_in_the_other() {
    let mut ours = family();
    let mut theirs =
        House { id: house_id(2), closed_on: None, stays: vec![stay(2, 8, Kin::Head, Sex::Male)] };
    let kins = BTreeMap::from([(person(8), Kin::Sibling)]);
    let edits = theirs.merge_into(&ours, &kins, day(5)).unwrap();
    ours.apply(&edits);
    theirs.apply(&edits);
    assert_eq!(theirs.closed_on, Some(day(5)));
    assert_eq!(kin_of(&ours, 8, day(5)), Some(Kin::Sibling));
    assert_eq!(kin_of(&theirs, 8, day(4)), Some(Kin::Head));
    assert_eq!(ours.merge_into(&ours, &kins, day(6)), Err(ChangeError::SameHousehold));
}

#[test]
fn nobody_joins_twice_and_there_is_no_second_head() {
    let house = family();
    assert_eq!(house.join(stay(1, 2, Kin::Spouse, Sex::Female)), Err(ChangeError::AlreadyAMember));
    assert_eq!(house.join(stay(1, 9, Kin::Head, Sex::Female)), Err(ChangeError::SecondHead));
}

#[test]
fn a_change_before_a_recorded_one_is_refused() {
    let mut house = family();
    let edits = house.go(&person(3), day(30), HowOut::Left, None).unwrap();
    house.apply(&edits);
    assert_eq!(house.go(&person(4), day(20), HowOut::Left, None), Err(ChangeError::LaterChange));
    assert!(house.go(&person(4), day(30), HowOut::Left, None).is_ok());
}

/// One random change of two households.
#[derive(Clone, Debug)]
enum Act {
    Join(u32, u32),
    Go(u32, u32, u32),
    Crown(u32, u32),
    Split(u32, Vec<u32>),
    Merge(u32, u32),
}

fn act() -> impl Strategy<Value = Act> {
    let who = || 1u32..12;
    let which = || 0u32..6;
    prop_oneof![
        (which(), who()).prop_map(|(h, p)| Act::Join(h, p)),
        (which(), who(), who()).prop_map(|(h, p, n)| Act::Go(h, p, n)),
        (which(), who()).prop_map(|(h, p)| Act::Crown(h, p)),
        (which(), proptest::collection::vec(who(), 1..4)).prop_map(|(h, p)| Act::Split(h, p)),
        (which(), which()).prop_map(|(a, b)| Act::Merge(a, b)),
    ]
}

fn edits_of(houses: &[House], act: &Act, on: Day) -> Option<Edits> {
    let at = |index: &u32| houses.get(*index as usize);
    match act {
        Act::Join(house, who) => {
            let elsewhere = houses
                .iter()
                .any(|h| h.stays.iter().any(|s| s.person == person(*who) && s.span.is_open()));
            let mut newcomer = stay(0, *who, Kin::Son, Sex::Male);
            newcomer.household = at(house)?.id;
            newcomer.span = Span::since(on);
            if elsewhere { None } else { at(house)?.join(newcomer).ok() }
        }
        Act::Go(house, who, next) => {
            at(house)?.go(&person(*who), on, HowOut::Left, Some(&person(*next))).ok()
        }
        Act::Crown(house, who) => at(house)?.change_head(&person(*who), on).ok(),
        Act::Split(house, who) => {
            let mut going: BTreeMap<_, _> = who.iter().map(|w| (person(*w), Kin::Other)).collect();
            going.insert(person(who[0]), Kin::Head);
            let stays =
                at(house)?.members_on(on).into_iter().find(|s| !going.contains_key(&s.person))?;
            at(house)?
                .split(&house_id(100 + houses.len() as u32), &going, on, Some(&stays.person))
                .ok()
        }
        Act::Merge(from, into) => at(from)?.merge_into(at(into)?, &BTreeMap::new(), on).ok(),
    }
}

proptest! {
    /// Whatever is born, leaves, splits and merges: on every day each person lives in at most one household, each
    /// household with people has exactly one head, and what was true before a change stays true.
    #[test]
    fn history_is_kept_and_there_is_always_one_head(acts in proptest::collection::vec((act(), 0i64..3), 1..25)) {
        let mut houses = vec![family()];
        let mut today = 1;
        for (act, pause) in acts {
            today += pause;
            let Some(edits) = edits_of(&houses, &act, day(today)) else { continue };
            let before: Vec<Vec<(PersonId, Kin)>> = houses.iter().map(|h| seen(h, day(today - 1))).collect();
            for opened in &edits.opened {
                if !houses.iter().any(|h| h.id == opened.household) {
                    houses.push(House { id: opened.household, closed_on: None, stays: Vec::new() });
                }
            }
            houses.iter_mut().for_each(|h| h.apply(&edits));
            for (house, was) in houses.iter().zip(before) {
                prop_assert_eq!(seen(house, day(today - 1)), was);
            }
            let mut everybody: Vec<PersonId> = Vec::new();
            for house in &houses {
                let here = seen(house, day(today));
                let heads = here.iter().filter(|(_, kin)| kin.is_head()).count();
                prop_assert_eq!(heads, usize::from(!here.is_empty()), "{:?}", here);
                prop_assert_eq!(here.is_empty(), house.closed_on.is_some());
                everybody.extend(here.into_iter().map(|(who, _)| who));
            }
            let count = everybody.len();
            everybody.sort();
            everybody.dedup();
            prop_assert_eq!(everybody.len(), count);
        }
    }
}

fn seen(house: &House, on: Day) -> Vec<(PersonId, Kin)> {
    house.members_on(on).into_iter().map(|stay| (stay.person, stay.kin)).collect()
}
