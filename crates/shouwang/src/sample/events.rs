//! What happened to the people of the sample county in the twelve months of its lists.

use kernel::time::{Day, Month};

use super::dice::Dice;
use super::people::{Household, Person};
use super::place::Places;
use super::words::Words;

/// Household and member, by their places.
pub type Who = (usize, usize);

/// The months of which lists have arrived.
#[derive(Debug, Clone)]
pub struct Span {
    /// The day on which the county is looked at.
    pub today: Day,
    /// The last whole month.
    pub last: Month,
}

impl Span {
    /// Up to the last month that is over (that day included).
    pub fn to(until: Day, today: Day) -> Self {
        let month = until.in_month();
        let last = if month.last_day() == until { month } else { month.add_months(-1) };
        Span { today, last }
    }

    /// The twelve months, oldest first.
    pub fn months(&self) -> Vec<Month> {
        (0..12).map(|back| self.last.add_months(back - 11)).collect()
    }

    /// The first day.
    pub fn from(&self) -> Day {
        self.last.add_months(-11).first_day()
    }

    /// The last day.
    pub fn until(&self) -> Day {
        self.last.last_day()
    }
}

/// A settled hospital bill.
#[derive(Debug, Clone)]
#[allow(missing_docs, reason = "the names are those of the list")]
pub struct Stay {
    pub who: Who,
    pub day: Day,
    pub total: f64,
    pub basic: f64,
    pub major: f64,
    pub relief: f64,
    pub own: f64,
}

/// A loan on the bank's list.
#[derive(Debug, Clone)]
#[allow(missing_docs, reason = "the names are those of the list")]
pub struct Loan {
    pub who: Who,
    pub number: String,
    pub from: Day,
    pub yuan: f64,
    pub balance: f64,
    pub overdue_days: i64,
}

/// A job lost, a return home, unpaid wages.
#[derive(Debug, Clone)]
#[allow(missing_docs, reason = "the names are those of the list")]
pub struct Job {
    pub who: Who,
    pub kind: &'static str,
    pub day: Day,
    pub unpaid: f64,
    pub again: Option<Day>,
}

/// A call to the hotline.
#[derive(Debug, Clone)]
#[allow(missing_docs, reason = "the names are those of the list")]
pub struct Call {
    pub who: Option<Who>,
    pub village: usize,
    pub day: Day,
    pub category: String,
    pub text: String,
}

/// A village without water.
#[derive(Debug, Clone)]
#[allow(missing_docs, reason = "the names are those of the list")]
pub struct Outage {
    pub village: usize,
    pub cause: String,
    pub from: Day,
    pub to: Option<Day>,
}

/// Everything.
#[derive(Debug, Clone, Default)]
#[allow(missing_docs, reason = "the names are those of the lists")]
pub struct Events {
    pub stays: Vec<Stay>,
    pub deaths: Vec<(Who, Day)>,
    /// Who, when, whether out of the county.
    pub moves: Vec<(Who, Day, bool)>,
    /// Who, kind, day, yuan, reason.
    pub reliefs: Vec<(Who, &'static str, Day, f64, &'static str)>,
    /// Who, kind, grade, day.
    pub certificates: Vec<(Who, &'static str, &'static str, Day)>,
    /// Household, grade, state.
    pub houses: Vec<(usize, &'static str, &'static str)>,
    pub outages: Vec<Outage>,
    pub jobs: Vec<Job>,
    /// Place of the disaster in its list, household, rooms, mu, yuan.
    pub losses: Vec<(usize, usize, i64, f64, f64)>,
    pub loans: Vec<Loan>,
    /// Who, kind, yuan, day.
    pub vehicles: Vec<(Who, String, f64, Day)>,
    pub calls: Vec<Call>,
    /// Who, what the school found.
    pub dropouts: Vec<(Who, &'static str)>,
}

/// All that is known about the county while events are made.
pub struct World<'a> {
    /// The households in the order of their numbers.
    pub households: &'a mut Vec<Household>,
    /// Words.
    pub words: &'a Words,
    /// Places.
    pub places: &'a Places,
    /// Months.
    pub span: &'a Span,
}

impl World<'_> {
    /// Somebody.
    pub fn person(&self, who: Who) -> Option<&Person> {
        self.households.get(who.0)?.members.get(who.1)
    }

    fn people(&self, test: impl Fn(&Household, &Person) -> bool) -> Vec<Who> {
        let mut found = Vec::new();
        for (at, household) in self.households.iter().enumerate() {
            for (member, person) in household.members.iter().enumerate() {
                if test(household, person) {
                    found.push((at, member));
                }
            }
        }
        found
    }
}

/// What chance brings; the stories come on top of it.
pub fn by_chance(dice: &Dice, world: &mut World<'_>) -> Events {
    let mut events = Events::default();
    leaving(dice.apart("leaving"), world, &mut events);
    illness(dice.apart("illness"), world, &mut events);
    relief(dice.apart("relief"), world, &mut events);
    work(dice.apart("work"), world, &mut events);
    property(dice.apart("property"), world, &mut events);
    voices(dice.apart("voices"), world, &mut events);
    events
}

fn some(dice: &mut Dice, from: &[Who], count: usize) -> Vec<Who> {
    let mut pool = from.to_vec();
    dice.shuffle(&mut pool);
    pool.truncate(count);
    pool
}

/// So many of each thousand, at least one.
fn share(of: usize, per_mille: usize) -> usize {
    (of * per_mille / 1000).max(1)
}

fn leaving(mut dice: Dice, world: &mut World<'_>, events: &mut Events) {
    let (first, last) = (world.span.from(), world.span.until());
    let old = world.people(|_, one| one.age >= 58);
    for who in some(&mut dice, &old, share(world.households.len(), 18)) {
        events.deaths.push((who, dice.day(first, last)));
    }
    let young = world.people(|_, one| (20..40).contains(&one.age) && one.kin != "户主");
    for who in some(&mut dice, &young, share(world.households.len(), 14)) {
        events.moves.push((who, dice.day(first, last), true));
    }
    let gone = events.deaths.iter().copied();
    let gone: Vec<(Who, Day)> =
        gone.chain(events.moves.iter().map(|(who, day, _)| (*who, *day))).collect();
    for ((at, member), day) in gone {
        let person = world.households.get_mut(at).and_then(|one| one.members.get_mut(member));
        if let Some(person) = person {
            person.gone = Some(day);
        }
    }
    events.moves.sort_by_key(|(who, day, _)| (*day, *who));
    events.deaths.sort_by_key(|(who, day)| (*day, *who));
}

/// A bill of this much in all; how it is shared follows the size.
pub fn bill(dice: &mut Dice, who: Who, day: Day, total: f64) -> Stay {
    let cents = |yuan: f64| (yuan * 100.0).round() / 100.0;
    let basic = cents(total * dice.between(52, 68) as f64 / 100.0);
    let rest = total - basic;
    let major = if rest > 12_000.0 { cents((rest - 12_000.0) * 0.6) } else { 0.0 };
    let relief = if dice.often(80) { cents((rest - major) * 0.3) } else { 0.0 };
    let own = cents((rest - major - relief) * 0.86);
    Stay { who, day, total: cents(total), basic, major, relief, own }
}

fn illness(mut dice: Dice, world: &mut World<'_>, events: &mut Events) {
    let sick = world.people(|_, one| one.insured && (one.age >= 40 || one.health != "健康"));
    let all = world.people(|_, one| one.insured);
    let wanted = share(world.households.len(), 360);
    for count in 0..wanted {
        let pool = if dice.often(800) { &sick } else { &all };
        let Some(who) = pool.get(dice.below(pool.len())).copied() else { continue };
        let day = dice.day(world.span.from(), world.span.until());
        if world.person(who).is_none_or(|one| !one.here(day)) {
            continue;
        }
        let total = match count % 40 {
            0 => dice.between(34_000, 68_000),
            1..8 => dice.between(8_000, 19_000),
            _ => dice.between(1_600, 8_000),
        };
        let cents = dice.between(0, 99) as f64 / 100.0;
        events.stays.push(bill(&mut dice, who, day, total as f64 + cents));
    }
    events.stays.sort_by_key(|stay| (stay.day, stay.who));
    let (first, last) = (world.span.from(), world.span.until());
    let adults =
        world.people(|_, one| one.age >= 40 && one.disability.is_none() && one.gone.is_none());
    let disabled = world.people(|_, one| one.disability.is_some() && one.gone.is_none());
    for who in some(&mut dice, &adults, share(world.households.len(), 9)) {
        let grade = dice.of(["二级", "三级", "三级", "四级", "四级"]);
        events.certificates.push((who, "新办", grade, dice.day(first, last)));
    }
    for who in some(&mut dice, &disabled, share(world.households.len(), 10)) {
        let grade =
            world.person(who).and_then(|one| one.disability.as_ref()).map_or("四级", |it| it.1);
        events.certificates.push((who, "换证", grade, dice.day(first, last)));
    }
}

fn relief(mut dice: Dice, world: &mut World<'_>, events: &mut Events) {
    let (first, last) = (world.span.from(), world.span.until());
    let heads = |world: &World<'_>, test: &dyn Fn(&Household) -> bool| -> Vec<Who> {
        let all = world.people(|_, one| one.kin == "户主" && one.gone.is_none());
        all.into_iter().filter(|who| world.households.get(who.0).is_some_and(test)).collect()
    };
    let count = world.households.len();
    let dibao = heads(world, &|one| one.dibao);
    for who in some(&mut dice, &dibao, share(count, 12)) {
        let yuan = dice.of([320.0, 360.0, 420.0]);
        events.reliefs.push((who, "低保新增", dice.day(first, last), yuan, "符合条件"));
    }
    let fine = heads(world, &|one| !one.dibao && !one.tekun);
    for who in some(&mut dice, &fine, share(count, 8)) {
        let reason = dice.of(["家庭成员就业", "收入超过标准"]);
        events.reliefs.push((who, "低保停发", dice.day(first, last), 360.0, reason));
    }
    for who in some(&mut dice, &fine, share(count, 16)) {
        let yuan = dice.of([1_000.0, 1_500.0, 2_000.0, 3_000.0]);
        let reason = dice.of(["突发疾病", "火灾", "意外事故"]);
        events.reliefs.push((who, "临时救助", dice.day(first, last), yuan, reason));
    }
    events.reliefs.sort_by_key(|relief| (relief.2, relief.0));
}

fn work(mut dice: Dice, world: &mut World<'_>, events: &mut Events) {
    let (first, last) = (world.span.from(), world.span.until());
    let workers = world.people(|_, one| one.work_months > 0 && one.gone.is_none());
    for who in some(&mut dice, &workers, share(world.households.len(), 42)) {
        let day = dice.day(first, last);
        let kind = dice.of(["失业", "返乡", "返乡", "欠薪"]);
        let unpaid = if kind == "欠薪" { dice.between(8, 160) as f64 * 100.0 } else { 0.0 };
        let later = day.add_days(dice.between(12, 80));
        let again = (kind != "欠薪" && dice.often(620)).then_some(later);
        events.jobs.push(Job { who, kind, day, unpaid, again: again.filter(|day| *day <= last) });
    }
    events.jobs.sort_by_key(|job| (job.day, job.who));
}

fn property(mut dice: Dice, world: &mut World<'_>, events: &mut Events) {
    let count = world.households.len();
    let until = world.span.until();
    let adults = world
        .people(|_, one| (24..60).contains(&one.age) && one.kin == "户主" && one.gone.is_none());
    for who in some(&mut dice, &adults, share(count, 62)) {
        let yuan = dice.of([20_000.0, 30_000.0, 50_000.0, 50_000.0]);
        let paid = if dice.often(400) { dice.between(5, 60) as f64 / 100.0 } else { 0.0 };
        events.loans.push(Loan {
            who,
            number: format!("XD{:010}", dice.below(10_000_000_000)),
            from: until.add_days(-dice.between(120, 1_050)),
            yuan,
            balance: (yuan * (1.0 - paid) * 100.0).round() / 100.0,
            overdue_days: if dice.often(45) { dice.between(8, 95) } else { 0 },
        });
    }
    let owners =
        world.people(|household, one| (22..66).contains(&one.age) && one.man && !household.dibao);
    for who in some(&mut dice, &owners, share(count, 170)) {
        let kind = dice.word(&world.words.vehicles).to_owned();
        let wan =
            if kind.contains("轿车") { dice.between(380, 1_600) } else { dice.between(60, 780) };
        let day = until.add_days(-dice.between(40, 4_000));
        events.vehicles.push((who, kind, wan as f64 * 100.0, day));
    }
    let mut homes: Vec<usize> = (0..count).collect();
    dice.shuffle(&mut homes);
    for at in homes.into_iter().take(share(count, 9)) {
        let state = dice.of(["未改造", "改造中", "已改造", "已改造"]);
        events.houses.push((at, dice.of(["C级", "C级", "D级"]), state));
    }
}

fn voices(mut dice: Dice, world: &mut World<'_>, events: &mut Events) {
    let (first, last) = (world.span.from(), world.span.until());
    let adults =
        world.people(|_, one| one.age >= 22 && !one.phone.is_empty() && one.gone.is_none());
    for who in some(&mut dice, &adults, share(world.households.len(), 38)) {
        let village = world.households.get(who.0).map_or(0, |one| one.village);
        let at = dice.below(world.words.complaints.len().saturating_sub(1));
        let Some(call) = world.words.complaints.get(at) else { continue };
        events.calls.push(Call {
            who: (!dice.often(120)).then_some(who),
            village,
            day: dice.day(first, last),
            category: call.category.clone(),
            text: call.text.replace("{village}", world.places.village(village)),
        });
    }
    for village in 0..world.places.villages.len() {
        if dice.often(120) {
            let from = dice.day(first, last.add_days(-15));
            let to = Some(from.add_days(dice.between(1, 8)));
            let cause = dice.word(&world.words.water_causes).to_owned();
            events.outages.push(Outage { village, cause, from, to });
        }
    }
    events.calls.sort_by_key(|call| call.day);
}
