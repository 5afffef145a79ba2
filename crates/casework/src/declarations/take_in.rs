//! Taking in the public inbox: each line once, each in a commit of its own, so that a program that is killed goes on where it
//! stopped. What the matching is sure of becomes a reason of the household's lead; the rest waits for a person.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use kernel::error::{Error, Refusal, Result};
use kernel::ids::{DeclarationId, HouseholdId, LeadId, PersonId};
use kernel::permission::Permission;
use kernel::time::Instant;
use registry::intake::matching::{Candidate, Decision};
use registry::intake::{AsRead, Evidence, Register, who};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Ctx, Entry, Tx};

use super::model::{Letter, Mark, State, What, Writing, marks_of};
use super::outside::{INBOX, Line, read_lines};
use super::queries::{self, New};
use crate::cases::receive_objection;
use crate::screening::{Channel, Told, raise};

/// What came of taking in an inbox.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct TakenIn {
    /// Lines that were not known.
    pub fresh: usize,
    /// Lines that had been taken in before.
    pub known: usize,
    /// Of the new ones, those whose household was found.
    pub placed: usize,
    /// Of the new ones, those that wait for a person.
    pub waiting: usize,
    /// Lines that cannot be read: broken off, or sealed to somebody else. They stay in the file.
    pub unreadable: usize,
}

/// Somebody whom a declaration may be about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MaybeOf {
    /// The person.
    pub person: PersonId,
    /// The household.
    pub household: HouseholdId,
    /// What agrees, codes of the matching.
    pub agrees: Vec<String>,
    /// What does not.
    pub differs: Vec<String>,
}

impl From<&Candidate> for MaybeOf {
    fn from(one: &Candidate) -> Self {
        let codes = |all: &[registry::intake::matching::Agreement]| {
            all.iter().map(|agreement| agreement.code().to_owned()).collect()
        };
        MaybeOf {
            person: one.person,
            household: one.household,
            agrees: codes(&one.agrees),
            differs: codes(&one.differs),
        }
    }
}

fn file_of(from: &Path) -> PathBuf {
    if from.is_dir() { from.join(INBOX) } else { from.to_owned() }
}

/// Takes in what is new in an inbox: a folder of the public side, or a file that was carried here.
///
/// # Errors
/// `declarations.no_inbox` where there is none; `screening.no_book` before a rule book is published.
pub fn take_in(ctx: &Ctx, from: &Path) -> Result<TakenIn> {
    ctx.permit(Permission::DeclarationFetch)?;
    let file = file_of(from);
    let missing = || {
        let refusal = Refusal::not_found("declarations.no_inbox");
        Error::from(refusal.arg("file", file.display()))
    };
    if !file.is_file() {
        return Err(missing());
    }
    let known: BTreeSet<String> = queries::list_letters(&mut ctx.read()?)?;
    let mut taken = TakenIn::default();
    let mut letters = Vec::new();
    for line in read_lines(&file)? {
        match line {
            Ok(line) if known.contains(&line.id) => taken.known += 1,
            Ok(line) => match open(ctx, &line) {
                Some(letter) => letters.push(letter),
                None => taken.unreadable += 1,
            },
            Err(_) => taken.unreadable += 1,
        }
    }
    if letters.is_empty() {
        return Ok(taken);
    }
    let decided = decide(ctx, &letters)?;
    for (letter, decision) in letters.into_iter().zip(decided) {
        match take_one(ctx, letter, decision)? {
            Took::As(State::Placed) => taken.placed += 1,
            Took::As(_) => taken.waiting += 1,
            Took::Known => taken.known += 1,
            Took::Nothing => taken.unreadable += 1,
        }
    }
    taken.fresh = taken.placed + taken.waiting;
    Ok(taken)
}

/// What became of one letter.
enum Took {
    /// It stands as a declaration.
    As(State),
    /// Somebody took it in meanwhile.
    Known,
    /// It speaks of a declaration that is not here: it stays in the file and is tried again.
    Nothing,
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> =
        text.chars().map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok())).collect();
    let digits = digits.filter(|digits| digits.len().is_multiple_of(2))?;
    Some(digits.chunks_exact(2).filter_map(|two| Some(two.first()? << 4 | two.get(1)?)).collect())
}

fn open(ctx: &Ctx, line: &Line) -> Option<Letter> {
    let plain = ctx.db.keys().open_letter(&unhex(&line.sealed)?).ok()?;
    let letter: Letter = serde_json::from_slice(&plain).ok()?;
    (letter.id == line.id && Instant::parse(&letter.at).is_ok()).then_some(letter)
}

/// What a writing shows of whom it is about, as the matching reads it.
pub(super) fn evidence(
    names: &std::collections::BTreeMap<kernel::area::AreaCode, (String, String)>,
    writing: &Writing,
) -> Evidence {
    let some = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let place = names.get(&writing.village);
    Evidence {
        id: some(&writing.number).map(AsRead::Text),
        name: some(&writing.name),
        phone: some(&writing.phone).map(AsRead::Text),
        village: place.map(|(village, _)| village.clone()),
        town: place.map(|(_, town)| town.clone()),
        ..Evidence::default()
    }
}

fn decide(ctx: &Ctx, letters: &[Letter]) -> Result<Vec<Option<Decision>>> {
    let names = queries::names_of_villages(&mut ctx.read()?)?;
    let writing = |letter: &Letter| match &letter.what {
        What::Declaration { writing, .. } => Some(evidence(&names, writing)),
        What::Objection { .. } => None,
    };
    let asked: Vec<Option<Evidence>> = letters.iter().map(writing).collect();
    let evidence: Vec<Evidence> = asked.iter().flatten().cloned().collect();
    if evidence.is_empty() {
        return Ok(asked.iter().map(|_| None).collect());
    }
    let register = Register::load(ctx)?;
    let mut decided = who(ctx, &register, &evidence)?.into_iter();
    Ok(asked.iter().map(|one| one.as_ref().and_then(|_| decided.next())).collect())
}

fn take_one(ctx: &Ctx, letter: Letter, decision: Option<Decision>) -> Result<Took> {
    let at = Instant::parse(&letter.at)?;
    let mut tx = ctx.begin()?;
    match letter.what {
        What::Declaration { writing, marks } => {
            let channel = writing.channel();
            let marks = marks_of(&marks);
            let new = New {
                letter: Some(letter.id),
                channel,
                urgent: false,
                said_on: at.day(),
                said_at: at,
                writing: *writing,
                marks,
                objects_to: None,
            };
            let Some((id, state)) = insert(ctx, &mut tx, new, decision.as_ref())? else {
                return Ok(Took::Known);
            };
            let entry = Entry::new(ctx, "declaration.take_in").about("declaration", id.to_string());
            tx.commit(entry.detail(json!({ "channel": channel.code(), "state": state.code() })))?;
            Ok(Took::As(state))
        }
        What::Objection { of, words } => object(ctx, tx, (letter.id, at), (&of, words)),
    }
}

/// Writes a declaration and, where it is sure whom it is about and nothing makes it wait, the reason of the lead.
pub(super) fn insert(
    ctx: &Ctx,
    tx: &mut Tx,
    mut new: New,
    decision: Option<&Decision>,
) -> Result<Option<(DeclarationId, State)>> {
    let same = ctx.db.keys().digest(&new.writing.same());
    if queries::find_same_since(tx, &same, new.said_on.add_days(-AGAIN_DAYS))? {
        new.marks.push(Mark::Again);
    }
    let id: DeclarationId = tx.db().ids().make_at(tx.now());
    let mut found = None;
    let (reason, maybe) = match decision {
        Some(Decision::Sure { person, household, by, .. }) => {
            found = Some((Some(*person), *household));
            (by.code(), Vec::new())
        }
        Some(Decision::Ask { candidates, why }) => {
            (why.code(), candidates.iter().map(MaybeOf::from).collect())
        }
        Some(other) => (other.reason().code(), Vec::new()),
        None => ("", Vec::new()),
    };
    let waits = new.marks.iter().any(|mark| mark.waits());
    let maybe: Vec<MaybeOf> = match (&found, waits) {
        (Some((Some(person), household)), true) => vec![MaybeOf {
            person: *person,
            household: *household,
            agrees: Vec::new(),
            differs: Vec::new(),
        }],
        _ => maybe,
    };
    if !queries::insert(ctx, tx, (id, &new), (&same, reason, &maybe))? {
        return Ok(None);
    }
    let Some((person, household)) = found.filter(|_| !waits) else {
        return Ok(Some((id, State::Waiting)));
    };
    let placed = place_in(ctx, tx, (id, person, household))?;
    Ok(Some((id, if placed { State::Placed } else { State::Waiting })))
}

/// Days within which the same person declaring once more is marked.
const AGAIN_DAYS: i64 = 30;

/// An objection to what a case has decided reaches the case, whose lead it stays with; of another one nothing.
fn objected(ctx: &Ctx, tx: &mut Tx, one: &queries::Declared) -> Result<Option<LeadId>> {
    let Some(before) = one.objects_to else { return Ok(None) };
    let Some(lead) = queries::find_lead_that_counts(tx, before)? else { return Ok(None) };
    let words = one.writing(ctx.db.keys())?.words;
    let reached = receive_objection(tx, lead, (one.id, one.said_on, &words))?;
    Ok(reached.then_some(lead))
}

/// Gives a declaration to a household: a reason of its lead. `false` where the household no longer stands.
pub(super) fn place_in(
    ctx: &Ctx,
    tx: &mut Tx,
    (id, person, household): (DeclarationId, Option<PersonId>, HouseholdId),
) -> Result<bool> {
    let Some(stands) = queries::find_standing(tx, household)? else { return Ok(false) };
    let one = queries::load(tx, id)?;
    let told = Told {
        household: stands.household.to_string(),
        village: stands.village,
        channel: one.channel,
        declaration: id,
        on: one.said_on,
        kind: one.kind.clone(),
        urgent: one.urgent,
        objection: one.objects_to.is_some(),
    };
    let lead = match objected(ctx, tx, &one)? {
        Some(lead) => lead,
        None => raise(tx, &told)?,
    };
    let mut marks = one.marks.clone();
    if one.said_village != stands.village && !marks.contains(&Mark::OtherVillage) {
        marks.push(Mark::OtherVillage);
    }
    queries::save_placed(tx, ctx, (id, person, &stands), (lead, &marks))?;
    Ok(true)
}

fn object(
    ctx: &Ctx,
    mut tx: Tx,
    (letter, at): (String, Instant),
    (of, words): (&str, String),
) -> Result<Took> {
    let Some(before) = queries::find_by_letter(&mut tx, of)? else { return Ok(Took::Nothing) };
    let mut writing = before.writing(ctx.db.keys())?;
    writing.words = words;
    let new = New {
        letter: Some(letter),
        channel: before.channel,
        urgent: true,
        said_on: at.day(),
        said_at: at,
        writing,
        marks: Vec::new(),
        objects_to: Some(before.id),
    };
    let id: DeclarationId = tx.db().ids().make_at(tx.now());
    let same = before.same_digest.clone();
    if !queries::insert(ctx, &mut tx, (id, &new), (&same, "objection", &[]))? {
        return Ok(Took::Known);
    }
    let placed = match before.household {
        Some(household) => place_in(ctx, &mut tx, (id, before.person, household))?,
        None => false,
    };
    let state = if placed { State::Placed } else { State::Waiting };
    let entry = Entry::new(ctx, "declaration.object").about("declaration", id.to_string());
    tx.commit(entry.detail(json!({ "of": before.id, "state": state.code() })))?;
    Ok(Took::As(state))
}

/// The way of what somebody enters at a desk, of those that are entered there.
pub(super) fn is_entered(channel: Channel) -> bool {
    matches!(channel, Channel::Hotline | Channel::Petition | Channel::Media)
}
