//! Queries and comparisons that find pairs which look like one: nobody is merged for that, the list is for people to decide.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use kernel::error::Result;
use kernel::name::sound_key;
use kernel::word_list;
use store::{Keys, Session, params};

use super::queries::Kind;
use crate::intake::matching::one_slip_apart;

word_list! {
    /// Why two look like one, the strongest first.
    Reason, "kernel.not_a_word", as_str:
    /// Both have the same identity number.
    NumberTwice = "number_twice";
    /// The same name, and numbers that differ by one slip.
    NumberSlip = "number_slip";
    /// The same name, and numbers whose first fifteen digits agree.
    NumberEnd = "number_end";
    /// The same name and birthday in one township.
    NameBirth = "name_birth";
    /// A name that sounds the same, and the same phone.
    SoundPhone = "sound_phone";
    /// Households: the heads look like one person.
    Heads = "heads";
    /// Households: several members look like the same people.
    Members = "members";
}

/// Two that look like one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggested {
    /// People or households.
    pub kind: Kind,
    /// The one with the lower id.
    pub one: String,
    /// The other.
    pub other: String,
    /// Their households.
    pub homes: (String, String),
    /// The villages in which they live.
    pub villages: (String, String),
    /// Why, the strongest first.
    pub reasons: Vec<Reason>,
}

struct Person {
    id: String,
    name: String,
    birth: String,
    digest: String,
    first15: String,
    sealed: String,
    phone: String,
    household: String,
    village: String,
    head: bool,
}

const PEOPLE: &str =
    "select p.id, p.name_key, p.birth_day, p.id_digest, p.id15_digest, p.id_sealed, p.phone_digest, h.id, h.village_code, m.kin
     from persons p join memberships m on m.person_id = p.id and m.valid_to is null
     join households h on h.id = m.household_id and h.village_code is not null and h.closed_on is null
     where p.merged_into is null";

/// More of one kind than that is a mistake of a list (a phone of the village office, an invented number) and no pair.
const CROWD: usize = 12;

fn load(session: &mut Session) -> Result<Vec<Person>> {
    let mut found = Vec::new();
    session.each(PEOPLE, &[], |row| {
        let text = |at: usize| Ok::<_, kernel::Error>(row.opt_text(at)?.unwrap_or_default());
        found.push(Person {
            id: row.text(0)?,
            name: row.text(1)?,
            birth: text(2)?,
            digest: text(3)?,
            first15: text(4)?,
            sealed: text(5)?,
            phone: text(6)?,
            household: row.text(7)?,
            village: row.text(8)?,
            head: row.text(9)? == "head",
        });
        Ok(true)
    })?;
    Ok(found)
}

type Pairs = BTreeMap<(usize, usize), BTreeSet<Reason>>;

fn group(people: &[Person], key: impl Fn(&Person) -> Option<String>) -> Vec<Vec<usize>> {
    let mut groups: HashMap<String, Vec<usize>> = HashMap::new();
    for (at, person) in people.iter().enumerate() {
        if let Some(key) = key(person) {
            groups.entry(key).or_default().push(at);
        }
    }
    groups.into_values().filter(|group| (2..=CROWD).contains(&group.len())).collect()
}

fn each_pair(groups: Vec<Vec<usize>>, mut each: impl FnMut(usize, usize)) {
    for group in groups {
        for (place, one) in group.iter().enumerate() {
            for other in group.iter().skip(place + 1) {
                each(*one, *other);
            }
        }
    }
}

fn digits_differing(one: &str, other: &str) -> usize {
    one.bytes().zip(other.bytes()).filter(|(a, b)| a != b).count()
}

fn town(village: &str) -> &str {
    village.get(..9).unwrap_or(village)
}

fn find(keys: &Keys, people: &[Person]) -> Pairs {
    let mut pairs = Pairs::new();
    let mut note = |one: usize, other: usize, reason: Reason| {
        pairs.entry((one.min(other), one.max(other))).or_default().insert(reason);
    };
    let some = |text: &String| (!text.is_empty()).then(|| text.clone());
    each_pair(group(people, |p| some(&p.digest)), |a, b| note(a, b, Reason::NumberTwice));
    let first15 = |p: &Person| some(&p.first15).map(|digits| format!("{digits}|{}", p.name));
    let differ = |a: usize, b: usize| match (people.get(a), people.get(b)) {
        (Some(a), Some(b)) => a.digest != b.digest,
        _ => false,
    };
    each_pair(group(people, first15), |a, b| {
        if differ(a, b) {
            note(a, b, Reason::NumberEnd);
        }
    });
    let born =
        |p: &Person| some(&p.birth).map(|day| format!("{}|{day}|{}", p.name, town(&p.village)));
    each_pair(group(people, born), |a, b| note(a, b, Reason::NameBirth));
    let near = |p: &Person| some(&p.sealed).map(|_| format!("{}|{}", p.name, town(&p.village)));
    each_pair(group(people, near), |a, b| {
        let (Some(one), Some(other)) = (people.get(a), people.get(b)) else { return };
        if one.digest == other.digest || digits_differing(&one.birth, &other.birth) > 2 {
            return;
        }
        let open = |person: &Person| keys.open_text(&person.sealed).ok();
        if let (Some(x), Some(y)) = (open(one), open(other))
            && one_slip_apart(&x, &y)
        {
            note(a, b, Reason::NumberSlip);
        }
    });
    each_pair(group(people, |p| some(&p.phone)), |a, b| {
        let (Some(one), Some(other)) = (people.get(a), people.get(b)) else { return };
        let near = one.birth.is_empty()
            || other.birth.is_empty()
            || digits_differing(&one.birth, &other.birth) <= 2;
        if near && sound_key(&one.name) == sound_key(&other.name) {
            note(a, b, Reason::SoundPhone);
        }
    });
    pairs
}

/// Reasons, how many pairs of members, the villages.
type Near<'a> = (BTreeSet<Reason>, usize, (&'a str, &'a str));

fn households(people: &[Person], pairs: &Pairs) -> Vec<Suggested> {
    let mut found: BTreeMap<(&str, &str), Near<'_>> = BTreeMap::new();
    for (a, b) in pairs.keys() {
        let (Some(one), Some(other)) = (people.get(*a), people.get(*b)) else { continue };
        if one.household == other.household {
            continue;
        }
        let (low, high) = if one.household < other.household { (one, other) } else { (other, one) };
        let entry = found.entry((&low.household, &high.household)).or_default();
        entry.1 += 1;
        entry.2 = (&low.village, &high.village);
        if one.head && other.head {
            entry.0.insert(Reason::Heads);
        }
        if entry.1 > 1 {
            entry.0.insert(Reason::Members);
        }
    }
    found
        .into_iter()
        .filter(|(_, (reasons, ..))| !reasons.is_empty())
        .map(|((one, other), (reasons, _, villages))| Suggested {
            kind: Kind::Household,
            one: one.to_owned(),
            other: other.to_owned(),
            homes: (one.to_owned(), other.to_owned()),
            villages: (villages.0.to_owned(), villages.1.to_owned()),
            reasons: reasons.into_iter().collect(),
        })
        .collect()
}

/// Everything that looks like one in the whole county, the strongest reasons first. For the program: whoever shows it leaves
/// out what lies outside the scope, what was decided, and what was merged meanwhile.
///
/// # Errors
/// What the database refuses.
pub fn suggested(session: &mut Session, keys: &Keys) -> Result<Vec<Suggested>> {
    let version = session
        .row("select (select count(*) from persons), (select count(*) from persons_before)", &[])?;
    let key = format!("duplicates {} {}", version.int(0)?, version.int(1)?);
    session.remembered(key, |session| {
        let people = load(session)?;
        let pairs = find(keys, &people);
        let mut found = households(&people, &pairs);
        for ((a, b), reasons) in &pairs {
            let (Some(one), Some(other)) = (people.get(*a), people.get(*b)) else { continue };
            let (low, high) = if one.id < other.id { (one, other) } else { (other, one) };
            found.push(Suggested {
                kind: Kind::Person,
                one: low.id.clone(),
                other: high.id.clone(),
                homes: (low.household.clone(), high.household.clone()),
                villages: (low.village.clone(), high.village.clone()),
                reasons: reasons.iter().copied().collect(),
            });
        }
        found.sort_by(|a, b| (&a.reasons, &a.one, &a.other).cmp(&(&b.reasons, &b.one, &b.other)));
        Ok(found)
    })
}

/// Which of some households the permit opens and which still stand.
pub(super) fn open_homes(
    session: &mut Session,
    permit: &store::Permit,
    ids: &BTreeSet<&str>,
) -> Result<BTreeSet<String>> {
    let list = serde_json::json!(ids).to_string();
    let mut params = vec![permit.account(), permit.today()];
    params.extend(params![list].iter().cloned());
    let rows = session.rows(
        concat!(
            "select h.id from households h where h.id in (select value from json_each($3)) and h.merged_into is null
               and h.closed_on is null and ",
            store::visible!("h.village_code", "h.id")
        ),
        &params,
    )?;
    rows.iter().map(|row| row.text(0)).collect()
}

/// Which of some people are held to be somebody else by now.
pub(super) fn merged_people(
    session: &mut Session,
    ids: &BTreeSet<&str>,
) -> Result<BTreeSet<String>> {
    let rows = session.rows(
        "select id from persons where id in (select value from json_each($1)) and merged_into is not null",
        params![serde_json::json!(ids).to_string()],
    )?;
    rows.iter().map(|row| row.text(0)).collect()
}
