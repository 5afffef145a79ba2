//! What a person can do with questions about the record: see them, answer one.

use std::collections::BTreeSet;
use std::sync::Arc;

use kernel::area::AreaCode;
use kernel::error::{Error, Refusal, Result};
use kernel::ids::HouseholdId;
use kernel::permission::Permission;
use registry::households::find_households;
use serde_json::json;
use store::{Ctx, Entry, Permit, Session};

use super::book::{CheckBook, book};
use super::codes;
use super::model::{Kind, State};
use super::queries::{self, Answered, New, Whose};
use super::standing::{self, Asked, Found};
use crate::screening::fingerprint;

/// Rows of one page.
pub const PAGE: usize = 50;

/// Longest text that is kept, in characters.
const LONGEST: usize = 1_000;

/// A search that finds more households asks for more letters.
const FOUND_AT_MOST: i64 = 2_000;

/// Which questions a list shows; what is `None` does not matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// Where they stand.
    pub state: State,
    /// Of which check.
    pub check: Option<String>,
    /// In which area.
    pub area: Option<AreaCode>,
    /// Of households found by these words.
    pub words: Option<String>,
}

/// A question with everything that is shown of it.
#[derive(Debug, Clone)]
pub struct Question {
    /// The check, by place in the book.
    pub check: usize,
    /// Its id.
    pub id: String,
    /// Where it stands.
    pub state: State,
    /// Sentence, values, whom it names.
    pub found: Found,
    /// The answer that was given to these values.
    pub answer: Option<Answered>,
}

impl Question {
    /// Says which values were shown: an answer to others is not taken.
    pub fn seen(&self) -> String {
        fingerprint(&self.found.hit.evidence)
    }
}

/// A question in a list.
#[derive(Debug, Clone)]
pub struct Line {
    /// Of which household.
    pub whose: Whose,
    /// The question.
    pub question: Question,
}

/// A page of a list.
#[derive(Debug, Default)]
pub struct Page {
    /// The checks of today; none before a pack is published.
    pub book: Option<Arc<CheckBook>>,
    /// The rows.
    pub lines: Vec<Line>,
    /// After which the next page begins.
    pub next: Option<String>,
    /// How many rows there are in all.
    pub total: usize,
    /// How many questions stand so, in the order of [`State::ALL`], of all checks or of the one that is asked for.
    pub states: [usize; 3],
    /// How many there are of each check in the state that is asked for.
    pub counts: Vec<usize>,
}

/// What the person may see, as cheaply as can be said.
enum Seen {
    Between(String, String),
    These(BTreeSet<String>),
}

fn seen(ctx: &Ctx, session: &mut Session, permit: &Permit) -> Result<Seen> {
    let (low, high) = permit.hull();
    if permit.whole() == store::Value::from(1_i64) {
        return Ok(Seen::Between(low.to_owned(), high.to_owned()));
    }
    let rests_on = format!(
        "check scope {} {} {} {}",
        ctx.actor.account,
        ctx.today,
        session.people_version()?,
        session.scopes_of(&ctx.actor.account)?
    );
    let ids =
        session.remembered(rests_on, |session| Ok(Arc::new(queries::visible(session, permit)?)))?;
    Ok(Seen::These(BTreeSet::clone(&ids)))
}

/// Questions in the person's scope, by village and household: no order of merit.
///
/// # Errors
/// Refused without `check.see`; faults of the database.
pub fn list(ctx: &Ctx, filter: &Filter, (after, limit): (Option<&str>, usize)) -> Result<Page> {
    let permit = ctx.permit(Permission::CheckSee)?;
    listed(ctx, &permit, filter, (after, limit))
}

pub(super) fn listed(
    ctx: &Ctx,
    permit: &Permit,
    filter: &Filter,
    (after, limit): (Option<&str>, usize),
) -> Result<Page> {
    let mut session = ctx.read()?;
    let session = &mut session;
    let Some(book) = book(session, ctx.today)? else { return Ok(Page::default()) };
    let villages = standing::standing(session, &book)?;
    let seen = seen(ctx, session, permit)?;
    let among = match filter.words.as_deref().map(str::trim).filter(|words| !words.is_empty()) {
        Some(words) => {
            let found = find_households(ctx, session, permit, words, FOUND_AT_MOST)?;
            Some(found.into_iter().collect::<BTreeSet<String>>())
        }
        None => None,
    };
    let bounds = filter.area.map(|area| area.range());
    let check = filter.check.as_deref().map(|id| book.place(id));
    let mut page = Page { counts: vec![0; book.checks.len()], ..Page::default() };
    let mut chosen: Vec<(&str, &Asked)> = Vec::new();
    for (village, all) in &villages {
        let inside = bounds.as_ref().is_none_or(|(low, high)| {
            low.as_str() <= village.as_str() && village.as_str() <= high.as_str()
        });
        let open = match &seen {
            Seen::Between(low, high) => low <= village && village <= high,
            Seen::These(_) => true,
        };
        if !inside || !open {
            continue;
        }
        for one in all.iter() {
            let may = match &seen {
                Seen::Between(..) => true,
                Seen::These(ids) => ids.contains(&one.household),
            };
            if !may || among.as_ref().is_some_and(|ids| !ids.contains(&one.household)) {
                continue;
            }
            let wanted = check.is_none_or(|check| check == Some(one.check));
            let at = State::ALL.iter().position(|state| *state == one.state);
            if let Some(count) = at.and_then(|at| page.states.get_mut(at)).filter(|_| wanted) {
                *count += 1;
            }
            if one.state == filter.state {
                if let Some(count) = page.counts.get_mut(one.check) {
                    *count += 1;
                }
                if wanted {
                    chosen.push((village, one));
                }
            }
        }
    }
    page.total = chosen.len();
    let key =
        |(village, one): &(&str, &Asked)| format!("{village}.{}.{}", one.household, one.check);
    let from = after.and_then(|after| chosen.iter().position(|one| key(one) == after));
    let rest = chosen.get(from.map_or(0, |at| at + 1)..).unwrap_or_default();
    let shown = rest.get(..limit.min(rest.len())).unwrap_or_default();
    page.next = (rest.len() > shown.len()).then(|| shown.last().map(key)).flatten();
    page.lines = lines(session, permit, &book, shown)?;
    page.book = Some(book);
    Ok(page)
}

fn lines(
    session: &mut Session,
    permit: &Permit,
    book: &CheckBook,
    shown: &[(&str, &Asked)],
) -> Result<Vec<Line>> {
    let mut ids: Vec<&str> = shown.iter().map(|(_, one)| one.household.as_str()).collect();
    ids.dedup();
    let whose = queries::whose(session, permit, &ids)?;
    let found = standing::questions(session, book, &ids)?;
    let mut lines = Vec::new();
    for (_, one) in shown {
        let Some(whose) = whose.get(&one.household) else { continue };
        let questions = found.get(&one.household).into_iter().flatten();
        let Some(found) = questions.into_iter().find(|found| found.check == one.check) else {
            continue;
        };
        let answer = match one.state {
            State::Open => None,
            _ => current(&queries::answers_of(session, whose.id)?, book, one.check),
        };
        let question = question(book, found.clone(), one.state, answer);
        lines.push(Line { whose: whose.clone(), question });
    }
    Ok(lines)
}

fn current(answers: &[Answered], book: &CheckBook, check: usize) -> Option<Answered> {
    let id = &book.checks.get(check)?.def.id;
    let mut held = answers.iter().filter(|answer| !answer.replaced && answer.check == *id);
    let own = held.clone().find(|answer| answer.merged.is_none());
    own.or_else(|| held.next()).cloned()
}

fn question(book: &CheckBook, found: Found, state: State, answer: Option<Answered>) -> Question {
    let id = book.checks.get(found.check).map(|check| check.def.id.clone()).unwrap_or_default();
    Question { check: found.check, id, state, found, answer }
}

/// What is asked of one household and what was ever answered. The caller has loaded it by a permit.
pub fn open_of_household(
    session: &mut Session,
    book: &CheckBook,
    household: HouseholdId,
) -> Result<(Vec<Question>, Vec<Answered>)> {
    let id = household.to_string();
    let found = standing::questions(session, book, &[&id])?.remove(&id).unwrap_or_default();
    let answers = queries::answers_of(session, household)?;
    let questions = found.into_iter().map(|found| {
        let answer = current(&answers, book, found.check);
        let given = answer.as_ref().map(|answer| (answer.kind, answer.evidence.as_str()));
        let state = State::after(given, &found.hit.evidence);
        question(book, found, state, answer.filter(|_| state != State::Open))
    });
    let questions = questions.collect();
    Ok((questions, answers))
}

/// How many questions wait for an answer in the person's scope.
///
/// # Errors
/// Refused without `check.see`; faults of the database.
pub fn count_open(ctx: &Ctx) -> Result<usize> {
    let filter = Filter { state: State::Open, check: None, area: None, words: None };
    Ok(list(ctx, &filter, (None, 0))?.total)
}

/// The same where it can be told at once; `None` where everything would have to be asked for it first.
///
/// # Errors
/// Refused without `check.see`; faults of the database.
pub fn count_open_at_once(ctx: &Ctx) -> Result<Option<usize>> {
    ctx.permit(Permission::CheckSee)?;
    let mut session = ctx.read()?;
    let Some(book) = book(&mut session, ctx.today)? else { return Ok(Some(0)) };
    if standing::standing_at_once(&mut session, &book)?.is_none() {
        return Ok(None);
    }
    drop(session);
    count_open(ctx).map(Some)
}

/// One question of a household, and what was ever answered to it.
#[derive(Debug)]
pub struct View {
    /// The checks of today.
    pub book: Arc<CheckBook>,
    /// The household.
    pub whose: Whose,
    /// The check, by place in the book.
    pub check: usize,
    /// The question, if it is still asked.
    pub question: Option<Question>,
    /// Answers to this check, the newest first.
    pub answers: Vec<Answered>,
}

/// One question. Outside the scope, and of no check of today, it is not found.
///
/// # Errors
/// Refused without `check.see`; *not found*; faults of the database.
pub fn show(ctx: &Ctx, check: &str, household: HouseholdId) -> Result<View> {
    let permit = ctx.permit(Permission::CheckSee)?;
    view(ctx, (&mut ctx.read()?, &permit), check, household)
}

fn view(
    ctx: &Ctx,
    (session, permit): (&mut Session, &Permit),
    check: &str,
    household: HouseholdId,
) -> Result<View> {
    let id = household.to_string();
    let missing = || ctx.not_found("quality.not_found", &id);
    let book = book(session, ctx.today)?.ok_or_else(missing)?;
    let place = book.place(check).ok_or_else(missing)?;
    let whose = queries::whose(session, permit, &[&id])?.remove(&id).ok_or_else(missing)?;
    let (questions, mut answers) = open_of_household(session, &book, household)?;
    answers.retain(|answer| answer.check == check);
    let question = questions.into_iter().find(|question| question.check == place);
    Ok(View { book, whose, check: place, question, answers })
}

/// An answer as a person gives it.
#[derive(Debug, Clone)]
pub struct Given {
    /// The check.
    pub check: String,
    /// The household.
    pub household: HouseholdId,
    /// Which values were shown.
    pub seen: String,
    /// What is said.
    pub kind: Kind,
    /// Why it is so: a code of the list.
    pub code: String,
    /// In own words.
    pub words: String,
}

fn tidy(given: &Given) -> Result<(String, String)> {
    let words: String = given.words.trim().chars().take(LONGEST).collect();
    if given.kind == Kind::Mending {
        return Ok((String::new(), words));
    }
    let needed = |field: &'static str, code: &'static str| {
        Error::from(Refusal::invalid(code).field(field, "web.required"))
    };
    if !codes::offered()?.any(|one| one.code == given.code) {
        return Err(needed("code", "quality.reason_needed"));
    }
    if given.code == codes::OTHER && words.is_empty() {
        return Err(needed("words", "quality.words_needed"));
    }
    Ok((given.code.clone(), words))
}

/// Answers a question. The second of two people is told who was first; values that changed meanwhile are read first.
///
/// # Errors
/// Refused without `check.answer`, without a reason, when it is no longer asked, was answered or has other values.
pub fn answer(ctx: &Ctx, given: &Given) -> Result<()> {
    let permit = ctx.permit(Permission::CheckAnswer)?;
    let (code, words) = tidy(given)?;
    let mut tx = ctx.begin()?;
    let view = view(ctx, (&mut tx, &permit), &given.check, given.household)?;
    let Some(question) = view.question else {
        return Err(Refusal::conflict("quality.no_longer").into());
    };
    let first = question.answer.as_ref().filter(|before| before.kind == given.kind);
    if let Some(first) = first {
        return Err(Refusal::conflict("quality.said_already").arg("who", &first.by).into());
    }
    if question.seen() != given.seen {
        return Err(Refusal::conflict("quality.changed").into());
    }
    let hit = question.found.hit;
    let answered = Answered {
        check: given.check.clone(),
        kind: given.kind,
        code,
        words,
        evidence: hit.evidence,
        question: (hit.sentence_zh, hit.sentence_en),
        by: ctx.actor.name.clone(),
        at: ctx.now,
        replaced: false,
        merged: None,
    };
    let head = &view.book.bound.book.pack.head;
    let (household, village) = (given.household, view.whose.village);
    let new = New { household, village, answer: &answered, pack: (&head.id, head.version) };
    if !queries::save(&mut tx, ctx, &new)? {
        return Err(Refusal::conflict("quality.said_meanwhile").into());
    }
    let detail =
        json!({ "check": answered.check, "kind": answered.kind.code(), "code": answered.code });
    let entry =
        Entry::new(ctx, "check.answer").about("household", household.to_string()).area(village);
    tx.commit(entry.detail(detail))?;
    Ok(())
}
