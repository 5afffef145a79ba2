//! The match queue as a list and as a file to fill in: what each row says beside the people it may speak of, numbers
//! masked as on the page.

use kernel::error::{Refusal, Result};
use kernel::ids::PersonId;
use kernel::time::{Day, Instant};
use store::Ctx;

use super::batch::place_of;
use super::evidence::{AsRead, Evidence};
use super::mask;
use super::match_actions::{Verdict, find_stored, list_stored, opened};
use super::match_queue::{At, Stored, Which};
use super::queries::{self, Known};

/// A row of the queue with everything that a person needs to decide about it.
#[derive(Debug, Clone)]
pub struct Listed {
    /// Batch and row.
    pub at: At,
    /// The list.
    pub list: String,
    /// Who sent it.
    pub department: String,
    /// Name of the file.
    pub file: String,
    /// Row as the file counts it.
    pub row: i64,
    /// Why it is asked, as a code.
    pub reason: String,
    /// `open`, `decided` or `withdrawn`.
    pub state: String,
    /// What was decided, by whom and when.
    pub decided: Option<(String, String, Instant)>,
    /// What the row says of the person.
    pub says: Says,
    /// Who it may be, the likeliest first.
    pub candidates: Vec<Shown>,
}

/// What a row says of a person, numbers masked.
#[derive(Debug, Clone, Default)]
pub struct Says {
    /// Name.
    pub name: String,
    /// Identity number, or what the list has in its place.
    pub number: String,
    /// Birthday.
    pub birth: String,
    /// Town, village and address.
    pub place: String,
    /// Phone.
    pub phone: String,
}

/// Somebody whom a row may speak of, numbers masked.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The person.
    pub id: PersonId,
    /// Number in the register.
    pub number: String,
    /// Name.
    pub name: String,
    /// Identity number; open only where it differs from the row's.
    pub identity: String,
    /// Birthday.
    pub birth: Option<Day>,
    /// Number of the household.
    pub household: String,
    /// Town, village and group.
    pub place: String,
    /// Codes of what agrees.
    pub agrees: Vec<String>,
    /// Codes of what the row says otherwise.
    pub differs: Vec<String>,
}

/// Questions in one state after a row, at most so many.
///
/// # Errors
/// Refused without `intake.match`.
pub fn list(ctx: &Ctx, wanted: (&Which, &str), page: (Option<At>, i64)) -> Result<Vec<Listed>> {
    list_stored(ctx, wanted, page)?.into_iter().map(|stored| listed(ctx, stored)).collect()
}

fn listed(ctx: &Ctx, stored: Stored) -> Result<Listed> {
    let decided = stored.decision.clone().zip(stored.decided.clone());
    let state = stored.state.clone();
    let question = opened(ctx, stored)?;
    let mut session = ctx.read()?;
    let batch = queries::load_batch(&mut session, question.at.0)?;
    let number = compact(&number_of(&question.evidence));
    let mut candidates = Vec::new();
    for one in &question.candidates {
        let Some(known) = queries::find_known(&mut session, one.person, one.household)? else {
            continue;
        };
        let own = known.id_sealed.as_ref().and_then(|sealed| ctx.db.keys().open_text(sealed).ok());
        candidates.push(Shown {
            id: one.person,
            identity: mask::pair(&number, &own.unwrap_or_default()).1,
            place: place(&known),
            number: known.number,
            name: known.name,
            birth: known.birth,
            household: known.household,
            agrees: one.agrees.clone(),
            differs: one.differs.clone(),
        });
    }
    Ok(Listed {
        at: question.at,
        list: question.list,
        department: batch.department,
        file: batch.file_name,
        row: place_of(question.at.1).1,
        reason: question.reason,
        state,
        decided: decided.map(|(what, (who, when))| (what, who, when)),
        says: says(&question.evidence, &number),
        candidates,
    })
}

fn compact(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

fn place(known: &Known) -> String {
    let group = known.group.as_deref().unwrap_or_default();
    [known.place.1.as_str(), &known.place.0, group]
        .iter()
        .filter(|part| !part.is_empty())
        .copied()
        .collect::<Vec<_>>()
        .join(" ")
}

fn written(read: Option<&AsRead>) -> String {
    read.map(AsRead::written_out).unwrap_or_default()
}

/// The number by which a row could name a citizen: its own, or the head of a certificate or roll number.
pub(super) fn number_of(evidence: &Evidence) -> String {
    let own = written(evidence.id.as_ref());
    if !own.is_empty() {
        return own;
    }
    let certificate: String = written(evidence.certificate.as_ref()).chars().take(18).collect();
    if !certificate.is_empty() {
        return certificate;
    }
    written(evidence.roll_number.as_ref()).chars().filter(|c| !"GLJglj".contains(*c)).collect()
}

fn says(evidence: &Evidence, number: &str) -> Says {
    let text = |value: &Option<String>| mask::runs(value.as_deref().unwrap_or_default());
    let places = [text(&evidence.town), text(&evidence.village), text(&evidence.address)];
    Says {
        name: text(&evidence.name),
        number: mask::pair(number, "").0,
        birth: text(&evidence.birth),
        place: places.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" "),
        phone: mask::pair(&compact(&written(evidence.phone.as_ref())), "").0,
    }
}

/// What a word of a person says about a row: a candidate's number in the register, its place in the list (1 is the
/// likeliest), or one of the other two verdicts.
///
/// # Errors
/// Not found outside the scope; invalid when nobody among the candidates is meant.
pub fn verdict(ctx: &Ctx, at: At, word: &str) -> Result<Verdict> {
    let word = word.trim();
    match word {
        "not_here" | "not_in_this_county" | "不在本县" => return Ok(Verdict::NotHere),
        "reject" | "rejected" | "退回" => return Ok(Verdict::Rejected),
        _ => {}
    }
    let stored = find_stored(ctx, at)?;
    let mut session = ctx.read()?;
    let place = word.parse::<usize>().ok();
    for (index, one) in stored.candidates.iter().enumerate() {
        let known = queries::find_known(&mut session, one.person, one.household)?;
        let number = known.is_some_and(|known| known.number == word);
        if number || place == Some(index + 1) {
            return Ok(Verdict::Person(one.person));
        }
    }
    Err(Refusal::invalid("intake.not_a_candidate").into())
}

/// Whether a row was decided exactly so already, perhaps with another row that shows the same evidence.
///
/// # Errors
/// Not found outside the scope.
pub fn is_settled(ctx: &Ctx, at: At, verdict: Verdict) -> Result<bool> {
    let stored = find_stored(ctx, at)?;
    let same = match verdict {
        Verdict::Person(person) => stored.person == Some(person),
        Verdict::NotHere => stored.decision.as_deref() == Some("not_here"),
        Verdict::Rejected => stored.decision.as_deref() == Some("rejected"),
    };
    Ok(stored.state == "decided" && same)
}
