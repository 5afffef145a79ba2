//! Understanding cards (明白卡) of many households: what stands on each, and a document of many of them that is made beside the
//! request that asks for it, with its progress. Only this program knows of a document that is being made; it is handed out
//! once and then made anew, so that it never shows what was.

use std::sync::{Arc, Mutex, PoisonError};

use kernel::error::{Error, Refusal, Result};
use kernel::permission::{FieldClass, Permission};
use registry::circumstances::ledger::Moment;
use store::{Ctx, Permit, Session};

use super::book::{CaseBook, book};
use super::queries::lists::{self, Filter, Line};
use crate::assistance::{Contact, Measure, list_contacts, measures_then};

/// Most cards in one document.
pub const MOST_CARDS: i64 = 500;
/// So many are made while the page is waited for.
const AT_ONCE: i64 = 50;
/// Cards that are made between two words of progress.
const PIECE: usize = 25;
/// Documents that are made at the same time.
const MOST_PRINTS: usize = 8;

/// What stands on a card.
#[derive(Debug, Clone)]
pub struct Card {
    /// The case.
    pub line: Line,
    /// Help that stands, and help that was given.
    pub measures: Vec<Measure>,
    /// Who looks after the household: name, workplace, phone in full where the person may read it.
    pub helper: Option<Contact>,
}

/// Cards with what the pack says of them.
pub type Cards = (Arc<CaseBook>, Vec<Card>);

/// How a document of many cards stands.
#[derive(Debug)]
pub enum Printing {
    /// It is being made: so many of so many.
    Working(usize, usize),
    /// Here it is.
    Ready(Cards),
}

#[derive(Debug)]
enum State {
    Working(usize, usize),
    Done(Cards),
    Failed(Error),
}

#[derive(Debug)]
struct Print {
    account: String,
    key: String,
    state: Arc<Mutex<State>>,
}

static PRINTS: Mutex<Vec<Print>> = Mutex::new(Vec::new());

fn held<T>(of: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What stands on the cards of some cases.
///
/// # Errors
/// Refused without `case.see`; what the database refuses.
pub fn cards_of(ctx: &Ctx, session: &mut Session, lines: &[Line]) -> Result<Vec<Card>> {
    let permit = ctx.permit(Permission::HouseholdSee)?;
    let opens = permit.opens(FieldClass::Identity);
    let ids: Vec<&str> = lines.iter().map(|line| line.household.as_str()).collect();
    let ids = serde_json::json!(ids).to_string();
    let (known, done) = ("9".to_owned(), "9".to_owned());
    let now = Moment { day: ctx.today, known, done, past: false };
    let mut measures = measures_then(session, &ids, &now)?;
    let helpers = list_contacts(session, &ids, ctx.today)?;
    let mut cards = Vec::with_capacity(lines.len());
    for line in lines {
        let helper = match helpers.get(&line.household) {
            Some((name, unit, sealed)) => {
                let sealed = sealed.as_ref().filter(|_| opens);
                let phone = sealed.map(|sealed| ctx.db.keys().open_text(sealed)).transpose()?;
                Some((name.clone(), unit.clone(), phone))
            }
            None => None,
        };
        let mut measures = measures.remove(&line.household).unwrap_or_default();
        measures.retain(|one| one.stands || one.delivered.is_some());
        cards.push(Card { line: line.clone(), measures, helper });
    }
    Ok(cards)
}

fn all(
    ctx: &Ctx,
    (permit, filter): (&Permit, &Filter),
    progress: &mut dyn FnMut(usize, usize),
) -> Result<Cards> {
    let mut session = ctx.read()?;
    let book = book(&mut session, ctx.today)?;
    let of = (filter, book.among(filter));
    let lines = lists::list(&mut session, permit, of, (None, MOST_CARDS))?;
    let mut cards = Vec::with_capacity(lines.len());
    for piece in lines.chunks(PIECE) {
        cards.extend(cards_of(ctx, &mut session, piece)?);
        progress(cards.len(), lines.len());
    }
    if cards.iter().any(|card| card.helper.as_ref().is_some_and(|(_, _, phone)| phone.is_some())) {
        ctx.note_access("reveal", "case.cards", &cards.len().to_string());
    }
    Ok((book, cards))
}

/// A document with the cards of all cases that a list shows. Few are made at once; of many the making goes on when the
/// request has ended, and who asks again with the same key is told how far it is, then handed the document.
///
/// # Errors
/// Refused without `case.see`, and while too many documents are made; what the database refuses.
pub fn print_cards(ctx: &Ctx, key: &str, filter: &Filter) -> Result<Printing> {
    let permit = ctx.permit(Permission::CaseSee)?;
    let mut prints = held(&PRINTS);
    let mine = |one: &Print| one.account == ctx.actor.account && one.key == key;
    if let Some(at) = prints.iter().position(mine) {
        let working = prints.get(at).and_then(|print| match &*held(&print.state) {
            State::Working(done, of) => Some((*done, *of)),
            _ => None,
        });
        if let Some((done, of)) = working {
            return Ok(Printing::Working(done, of));
        }
        let print = prints.remove(at);
        drop(prints);
        let state = std::mem::replace(&mut *held(&print.state), State::Working(0, 0));
        return match state {
            State::Done(cards) => Ok(Printing::Ready(cards)),
            State::Failed(why) => Err(why),
            State::Working(done, of) => Ok(Printing::Working(done, of)),
        };
    }
    let many = lists::count(&mut ctx.read()?, &permit, filter)?;
    if many <= AT_ONCE {
        drop(prints);
        return all(ctx, (&permit, filter), &mut |_, _| {}).map(Printing::Ready);
    }
    // what nobody came for goes first
    if prints.len() >= MOST_PRINTS {
        let done = |one: &Print| !matches!(&*held(&one.state), State::Working(..));
        match prints.iter().position(done) {
            Some(at) => drop(prints.remove(at)),
            None => return Err(Refusal::unavailable("cases.prints_busy").into()),
        }
    }
    let of = usize::try_from(many.min(MOST_CARDS)).unwrap_or(0);
    let state = Arc::new(Mutex::new(State::Working(0, of)));
    let account = ctx.actor.account.clone();
    prints.push(Print { account, key: key.to_owned(), state: Arc::clone(&state) });
    drop(prints);
    let (ctx, filter) = (ctx.clone(), filter.clone());
    std::thread::spawn(move || {
        let made = all(&ctx, (&permit, &filter), &mut |done, of| {
            *held(&state) = State::Working(done, of);
        });
        *held(&state) = match made {
            Ok(cards) => State::Done(cards),
            Err(why) => State::Failed(why),
        };
    });
    Ok(Printing::Working(0, of))
}
