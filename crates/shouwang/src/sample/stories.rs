//! Stories that a visitor can follow: what happened to a few households, placed where the sample people work.

use super::dice::Dice;
use super::events::{Call, Events, Job, Loan, Outage, Who, World, bill};
use super::people::{Household, Monitored, Person};

/// Puts the stories into the county. The village worker's village is the first of the list.
pub fn place(dice: &mut Dice, world: &mut World<'_>, events: &mut Events) {
    let mut told = Told { taken: Vec::new() };
    told.illness_below_the_line(dice, world, events);
    told.several_troubles(dice, world, events);
    told.a_vehicle(world, events);
    told.a_child_without_a_school(dice, world, events);
    told.unpaid_wages(world, events);
    told.a_house(world, events);
    told.severely_disabled(world, events);
    hailstorm_and_flood(dice, world, events);
    no_water(world, events);
    namesakes(dice, world, events);
    told.helped_since_winter(world, events);
}

/// The households that already have a story.
struct Told {
    taken: Vec<usize>,
}

impl Told {
    /// A household that fits, in the first village if there is one, else in the first township, else anywhere.
    fn household(&mut self, world: &World<'_>, fits: impl Fn(&Household) -> bool) -> Option<usize> {
        let town = |one: &Household| world.places.villages.get(one.village).map_or(0, |it| it.town);
        let near = |one: &Household| if one.village == 0 { 0 } else { 1 + town(one) };
        let whole = |one: &Household| one.members.iter().all(|person| person.gone.is_none());
        let found = world
            .households
            .iter()
            .enumerate()
            .filter(|(at, one)| !self.taken.contains(at) && whole(one) && fits(one))
            .min_by_key(|(at, one)| (near(one), *at))
            .map(|(at, _)| at)?;
        self.taken.push(found);
        Some(found)
    }

    /// Just above the line; one long stay in hospital last month takes it below.
    fn illness_below_the_line(
        &mut self,
        dice: &mut Dice,
        world: &mut World<'_>,
        events: &mut Events,
    ) {
        let quiet = |one: &Household| !one.dibao && !one.tekun && one.monitored.is_none();
        let fits =
            |one: &Household| quiet(one) && (3..=4).contains(&one.members.len()) && one.able() > 0;
        let Some(at) = self.household(world, fits) else { return };
        income(world, at, 9_640, 10_150);
        let who = (at, member(world, at, |one| one.able()));
        let mut stay = bill(dice, who, world.span.until().add_days(-9), 52_600.0);
        stay.relief = 0.0;
        stay.own = 18_420.5;
        events.stays.push(stay);
        let earlier = world.span.until().add_days(-96);
        events.stays.push(bill(dice, who, earlier, 6_850.0));
    }

    /// One household, three lists: job lost, loan overdue, bills; one lead with several reasons.
    fn several_troubles(&mut self, dice: &mut Dice, world: &mut World<'_>, events: &mut Events) {
        let fits = |one: &Household| {
            one.able() == 1 && one.lifted && one.members.len() >= 2 && one.monitored.is_none()
        };
        let either = |one: &Household| one.able() == 1 && one.members.len() >= 2;
        let Some(at) = self.household(world, fits).or_else(|| self.household(world, either)) else {
            return;
        };
        income(world, at, 11_300, 17_900);
        let able = (at, member(world, at, |one| one.able()));
        let until = world.span.until();
        let day = until.add_days(-41);
        events.jobs.push(Job { who: able, kind: "失业", day, unpaid: 0.0, again: None });
        if let Some(one) = world.households.get_mut(at)
            && let Some(head) = one.members.first_mut()
        {
            head.insured = true;
        }
        events.loans.push(Loan {
            who: (at, 0),
            number: "XD2600917316".to_owned(),
            from: until.add_days(-760),
            yuan: 50_000.0,
            balance: 50_000.0,
            overdue_days: 27,
        });
        let other = (at, member(world, at, |one| !one.able()));
        events.stays.push(bill(dice, other, until.add_days(-33), 24_800.0));
    }

    /// A household on dibao with a dear car: a question, not a veto.
    fn a_vehicle(&mut self, world: &mut World<'_>, events: &mut Events) {
        let Some(at) = self.household(world, |one| one.dibao || one.monitored.is_some()) else {
            return;
        };
        if let Some(household) = world.households.get_mut(at) {
            household.dibao = true;
        }
        let who = (at, member(world, at, |one| one.age >= 22));
        let day = world.span.until().add_days(-420);
        events.vehicles.push((who, "小型轿车".to_owned(), 138_000.0, day));
    }

    /// A child that the school does not find, and others that are only elsewhere.
    fn a_child_without_a_school(
        &mut self,
        dice: &mut Dice,
        world: &mut World<'_>,
        events: &mut Events,
    ) {
        let at_school = |one: &Person| (12..15).contains(&one.age) && one.pupil();
        let child = |one: &Household| one.members.iter().any(at_school);
        let said = ["疑似失学", "疑似失学", "外地就读", "送教上门", "因病休学", "外地就读"];
        for state in said {
            let Some(at) = self.household(world, child) else { return };
            events.dropouts.push(((at, member(world, at, at_school)), state));
        }
        dice.shuffle(&mut events.dropouts);
    }

    fn unpaid_wages(&mut self, world: &mut World<'_>, events: &mut Events) {
        let away = |one: &Person| {
            one.work_months > 0 && !matches!(one.work_place.as_str(), "本县" | "本乡")
        };
        let Some(at) = self.household(world, |one| one.members.iter().any(away)) else { return };
        let day = world.span.until().add_days(-17);
        let who = (at, member(world, at, away));
        events.jobs.push(Job { who, kind: "欠薪", day, unpaid: 18_600.0, again: None });
    }

    fn a_house(&mut self, world: &mut World<'_>, events: &mut Events) {
        let Some(at) = self.household(world, |one| one.grade == "A" && one.lifted) else { return };
        events.houses.retain(|house| house.0 != at);
        events.houses.push((at, "D级", "未改造"));
    }

    /// Taken in last winter and helped since; nothing has happened to them, so that their risks can be gone.
    fn helped_since_winter(&mut self, world: &mut World<'_>, events: &mut Events) {
        let town = |village: usize| world.places.villages.get(village).map(|it| it.town);
        let quiet = |one: &Household| {
            one.village != 0
                && town(one.village) == town(0)
                && (2..=5).contains(&one.members.len())
                && one.able() > 0
                && !(one.dibao || one.tekun || one.monitored.is_some())
                && matches!(one.grade, "A" | "B")
                && one.members.iter().all(|person| person.gone.is_none())
        };
        let fits: Vec<usize> = world
            .households
            .iter()
            .enumerate()
            .filter(|(at, one)| !self.taken.contains(at) && quiet(one))
            .map(|(at, _)| at)
            .collect();
        let most = (world.households.len() / 12).clamp(3, 16);
        let spread = fits.iter().step_by(2).chain(fits.iter().skip(1).step_by(2));
        let helped: Vec<usize> = spread.take(most).copied().collect();
        let until = world.span.until();
        for (place, at) in helped.into_iter().enumerate() {
            self.taken.push(at);
            nothing_happened(at, events);
            income(world, at, 15_400, 11_900);
            let Some(household) = world.households.get_mut(at) else { continue };
            household.water_safe = true;
            let risk = ["因病", "因务工就业不稳", "因意外事故"].get(place % 3).copied();
            let back = i64::try_from(place).unwrap_or(0);
            household.monitored = Some(Monitored {
                class: if household.lifted {
                    "脱贫不稳定户"
                } else {
                    "突发严重困难户"
                },
                since: until.add_months(-8 - back % 3).add_days(-back),
                removed: None,
                risks: risk.unwrap_or_default().to_owned(),
            });
        }
    }

    /// Newly graded, nobody able to work, in no scheme.
    fn severely_disabled(&mut self, world: &mut World<'_>, events: &mut Events) {
        let fits = |one: &Household| {
            one.able() == 0 && !one.dibao && !one.tekun && one.monitored.is_none()
        };
        let Some(at) = self.household(world, fits) else { return };
        let who = (at, member(world, at, |one| one.disability.is_none()));
        events.certificates.retain(|one| one.0 != who);
        events.certificates.push((who, "新办", "一级", world.span.until().add_days(-23)));
    }
}

fn income(world: &mut World<'_>, at: usize, now: i64, before: i64) {
    if let Some(household) = world.households.get_mut(at) {
        household.income = (now * household.size(), before * household.size());
        household.dibao = false;
        for one in &mut household.members {
            one.insured = true;
        }
    }
}

/// Takes a household out of everything that chance had for it.
fn nothing_happened(at: usize, events: &mut Events) {
    events.stays.retain(|one| one.who.0 != at);
    events.reliefs.retain(|one| one.0.0 != at);
    events.certificates.retain(|one| one.0.0 != at);
    events.houses.retain(|one| one.0 != at);
    events.jobs.retain(|one| one.who.0 != at);
    events.losses.retain(|one| one.1 != at);
    events.loans.retain(|one| one.who.0 != at);
    events.vehicles.retain(|one| one.0.0 != at);
    events.calls.retain(|one| one.who.is_none_or(|who| who.0 != at));
    events.dropouts.retain(|one| one.0.0 != at);
}

fn member(world: &World<'_>, at: usize, fits: impl Fn(&Person) -> bool) -> usize {
    let members = world.households.get(at).map(|one| one.members.as_slice()).unwrap_or_default();
    members.iter().position(fits).unwrap_or(0)
}

/// Hail over the village worker's own village, a flood in another: one matter of the village, and of the households hit hard.
fn hailstorm_and_flood(dice: &mut Dice, world: &mut World<'_>, events: &mut Events) {
    let (hail, flood) = (0, 5);
    for at in 0..world.households.len() {
        let Some(household) = world.households.get(at) else { continue };
        let hit = match household.village {
            village if village == hail => dice.often(430).then_some((0, 900, 7_800)),
            village if village == flood => dice.often(60).then_some((1, 600, 9_500)),
            _ => dice.often(6).then_some((usize::from(dice.often(500)), 300, 2_600)),
        };
        if let Some((which, low, high)) = hit {
            let rooms = if dice.often(120) { dice.between(1, 3) } else { 0 };
            let mu = dice.between(4, 88) as f64 / 10.0;
            let yuan = dice.between(low / 10, high / 10) as f64 * 10.0;
            events.losses.push((which, at, rooms, mu, yuan));
        }
    }
}

/// One village was without water for weeks, another still is; people called.
fn no_water(world: &mut World<'_>, events: &mut Events) {
    let until = world.span.until();
    let cause = |at: usize| world.words.water_causes.get(at).cloned().unwrap_or_default();
    events.outages.retain(|outage| outage.village != 1 && outage.village != 3);
    let from = until.add_days(-38);
    events.outages.push(Outage { village: 1, cause: cause(3), from, to: Some(from.add_days(24)) });
    let still = until.add_days(-6);
    events.outages.push(Outage { village: 3, cause: cause(0), from: still, to: None });
    let Some(words) = world.words.complaints.last() else { return };
    let callers: Vec<(usize, usize)> = world
        .households
        .iter()
        .enumerate()
        .filter(|(_, one)| one.village == 1 && one.head().is_some_and(|head| head.gone.is_none()))
        .map(|(at, _)| (at, 0))
        .take(4)
        .collect();
    for (place, who) in callers.into_iter().enumerate() {
        events.calls.push(Call {
            who: Some(who),
            village: 1,
            day: from.add_days(3 + 4 * i64::try_from(place).unwrap_or(0)),
            category: words.category.clone(),
            text: words.text.replace("{village}", world.places.village(1)),
        });
    }
}

/// Heads of one name in one village: a list without numbers, or with one that a spreadsheet cut, cannot tell them apart;
/// a person must.
fn namesakes(dice: &mut Dice, world: &mut World<'_>, events: &mut Events) {
    let until = world.span.until();
    for village in [0, 1, 2, 4, 5] {
        let same: Vec<usize> = world
            .households
            .iter()
            .enumerate()
            .filter(|(_, one)| one.village == village && one.head().is_some_and(|head| head.man))
            .map(|(at, _)| at)
            .collect();
        let [first, .., last] = same.as_slice() else { continue };
        let Some(name) = world.person((*first, 0)).map(|one| one.name.clone()) else { continue };
        let twin = world.households.get_mut(*last).and_then(|one| one.members.first_mut());
        let Some(twin) = twin else { continue };
        twin.name = name;
        let day = until.add_days(-dice.between(4, 70));
        if twin.here(day) {
            let yuan = dice.between(3_000, 9_000) as f64;
            events.stays.push(bill(dice, (*last, 0), day, yuan));
        }
        if !events.losses.iter().any(|loss| loss.1 == *last) {
            events.losses.push((1, *last, 0, 3.2, 1_460.0));
        }
    }
    events.losses.sort_by_key(|loss| (loss.0, loss.1));
}

/// The households whose name another head of the village bears.
pub fn same_names(households: &[Household]) -> Vec<Who> {
    let mut found = Vec::new();
    for (at, one) in households.iter().enumerate() {
        let Some(head) = one.head() else { continue };
        let twin = households.iter().enumerate().any(|(other, it)| {
            other != at
                && it.village == one.village
                && it.head().is_some_and(|two| two.name == head.name)
        });
        if twin {
            found.push((at, 0));
        }
    }
    found
}
