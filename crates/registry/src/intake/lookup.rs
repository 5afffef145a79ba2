//! Queries that bring the register and the areas into the form in which the matcher looks people up.

use std::collections::HashMap;
use std::sync::mpsc::{SyncSender, sync_channel};

use kernel::error::{Error, Result};
use store::{Ctx, Keys, Session};

use super::matching::{AreaName, Entry, IndexBuilder, Key, NumberKeys, Places, RegisterIndex};

/// The matcher's short key of a keyed digest: its first sixteen hexadecimal characters.
pub fn key_of_digest(digest: &str) -> Key {
    digest.get(..16).and_then(|head| Key::from_str_radix(head, 16).ok()).unwrap_or(0)
}

/// The matcher's short key of a text, by the keys of this data folder.
pub fn key_of_text(keys: &Keys, text: &str) -> Key {
    key_of_digest(&keys.digest(text))
}

struct Line {
    person: String,
    person_number: String,
    household: String,
    household_number: String,
    village: u64,
    name: String,
    birth: Option<u32>,
    male: Option<bool>,
    number: Option<NumberKeys>,
    wrong_check: bool,
    phone: Option<Key>,
    head: bool,
    goes: bool,
}

/// Lines that are read before they are asked for: two pieces.
const AHEAD: usize = 2;
const LINES_AT_A_TIME: usize = 4_000;

/// The whole register with everybody's latest household, the dead and those who left included: bills and lists go on
/// naming them. Households that are still arriving in an unaccepted register are left out.
pub fn load_register(ctx: &Ctx) -> Result<RegisterIndex> {
    // one thread reads, the other makes the index
    std::thread::scope(|scope| {
        let (send, receive) = sync_channel::<Vec<Line>>(AHEAD);
        let reader = scope.spawn(move || read_lines(&mut ctx.read()?, &send));
        let household_phones = load_household_phones(&mut ctx.read()?, ctx.db.keys())?;
        let mut builder = IndexBuilder::new();
        let mut last: Option<Line> = None;
        for line in receive.into_iter().flatten() {
            if let Some(before) = last.take_if(|before| before.person != line.person) {
                add(&mut builder, &before, &household_phones)?;
            }
            last = Some(line);
        }
        if let Some(line) = last {
            add(&mut builder, &line, &household_phones)?;
        }
        let read = reader.join();
        read.unwrap_or_else(|_| Err(Error::fault("the reader of the register stopped")))?;
        Ok(builder.finish())
    })
}

/// Everybody's stays, a person's one after the other.
fn read_lines(session: &mut Session, send: &SyncSender<Vec<Line>>) -> Result<()> {
    let mut piece = Vec::with_capacity(LINES_AT_A_TIME);
    session.each(
        "select p.id, p.number, h.id, h.number, h.village_code, p.name, p.birth_day, p.sex, p.id_digest, p.id15_digest,
           p.id6_digest, p.id_state, p.phone_digest, m.kin, case when p.merged_into is null then 0 else 1 end,
           case when k.id_digest = p.id_digest then 1 else 0 end
         from persons p left join persons k on k.id = p.merged_into join memberships m on m.person_id = p.id join households h on h.id = m.household_id
         where h.village_code is not null 
         order by p.id, case when m.valid_to <= m.valid_from then 0 else 1 end, m.valid_from",
        &[],
        |row| {
            // whose number is that of the one who stays is found as that one
            let same = row.flag(15)?;
            let digests = (row.opt_text(8)?, row.opt_text(9)?, row.opt_text(10)?);
            let digests = if same { (None, None, None) } else { digests };
            let number = match digests {
                (Some(whole), Some(first15), Some(last6)) => Some(NumberKeys {
                    whole: key_of_digest(&whole),
                    first15: key_of_digest(&first15),
                    last6: key_of_digest(&last6),
                }),
                _ => None,
            };
            let line = Line {
                person: row.text(0)?,
                person_number: row.text(1)?,
                household: row.text(2)?,
                household_number: row.text(3)?,
                village: row.text(4)?.parse().unwrap_or(0),
                name: row.text(5)?,
                birth: row.opt_text(6)?.and_then(|day| day.replace('-', "").parse().ok()),
                male: row.opt_text(7)?.map(|sex| sex == "male"),
                number,
                wrong_check: matches!(row.text(11)?.as_str(), "wrong_check" | "missing"),
                phone: row.opt_text(12)?.map(|digest| key_of_digest(&digest)),
                head: row.text(13)? == "head",
                goes: row.flag(14)?,
            };
            piece.push(line);
            if piece.len() == LINES_AT_A_TIME {
                // nobody listens any more: what went wrong is said there
                return Ok(send.send(std::mem::take(&mut piece)).is_ok());
            }
            Ok(true)
        },
    )?;
    let _ = send.send(piece);
    Ok(())
}

fn add(builder: &mut IndexBuilder, line: &Line, phones: &HashMap<String, Key>) -> Result<()> {
    builder.add(&Entry {
        person: line.person.parse()?,
        household: line.household.parse()?,
        person_number: &line.person_number,
        household_number: &line.household_number,
        village: line.village,
        name: &line.name,
        birth: line.birth,
        male: line.male,
        number: line.number,
        wrong_check: line.wrong_check,
        phones: [line.phone, phones.get(&line.household).copied()],
        head: line.head,
        goes: line.goes,
    });
    Ok(())
}

fn load_household_phones(session: &mut Session, keys: &Keys) -> Result<HashMap<String, Key>> {
    let mut phones = HashMap::new();
    session.each(
        "select id, phone_sealed from households where phone_sealed is not null",
        &[],
        |row| {
            let phone = keys.open_text(&row.text(1)?)?;
            phones.insert(row.text(0)?, key_of_text(keys, &phone));
            Ok(true)
        },
    )?;
    Ok(phones)
}

/// Every town and village with all the names it has or had.
pub fn load_places(session: &mut Session) -> Result<Places> {
    let mut areas: Vec<AreaName> = Vec::new();
    session.each(
        "select a.code, a.parent_code, a.level, n.name from areas a join area_names n on n.code = a.code
         order by a.code, n.name",
        &[],
        |row| {
            let code: u64 = row.text(0)?.parse().unwrap_or(0);
            if areas.last().is_none_or(|area| area.code != code) {
                let level = row.text(2)?;
                areas.push(AreaName {
                    code,
                    parent: row.opt_text(1)?.and_then(|code| code.parse().ok()).unwrap_or(0),
                    village: level == "village",
                    town: level == "town",
                    names: Vec::new(),
                });
            }
            if let Some(area) = areas.last_mut() {
                area.names.push(row.text(3)?);
            }
            Ok(true)
        },
    )?;
    Ok(Places::new(areas))
}
