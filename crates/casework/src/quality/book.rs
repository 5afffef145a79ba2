//! The checks of a pack, read and proven by the engine of screening, and whom each names.

use std::sync::{Arc, Mutex, PoisonError};

use facts::{PERSON, Predicate, Scope, compile};
use kernel::error::Result;
use kernel::lang::Lang;
use kernel::time::Day;
use store::{Ctx, Session};

use super::model::{CheckDef, read_as_rule};
use crate::screening::{Ask, Bound, Checked, Questions, Rule, bound_to, check_questions};

const CHECKS: Questions = Questions { folder: "checks", read: read_as_rule };

/// Books kept in memory, beside those of screening.
const MOST_KEPT: usize = 16;

/// One check that can be asked.
#[derive(Debug, Clone)]
pub struct Check {
    /// As written.
    pub def: CheckDef,
    /// Whom it names.
    pub who: Option<Predicate>,
}

/// A check that cannot be asked, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckTrouble {
    /// The file in the pack.
    pub file: String,
    /// What is wrong with it.
    pub why: String,
}

/// The checks of a day in a database.
#[derive(Debug)]
pub struct CheckBook {
    pub(super) bound: Arc<Bound>,
    /// The checks, by the places of their rules in the book.
    pub checks: Vec<Check>,
    /// Those that cannot be asked.
    pub troubles: Vec<CheckTrouble>,
}

impl CheckBook {
    fn of(bound: Arc<Bound>) -> Self {
        let book = &bound.book;
        let mut troubles: Vec<CheckTrouble> = Vec::new();
        let mut trouble = |file: &str, why: String| {
            troubles.push(CheckTrouble { file: file.to_owned(), why });
        };
        for issue in &book.issues {
            trouble(&issue.file, issue.trouble.to_string());
        }
        let scope = Scope { schema: &book.schema, table: PERSON.name, params: &book.params };
        let mut checks = Vec::new();
        for file in &book.files {
            let text = book.pack.files.get(file).map(String::as_str).unwrap_or_default();
            let Ok(def) = CheckDef::parse(text) else { continue };
            let who = match def.who.as_deref().map(|who| compile(who, scope)).transpose() {
                Ok(who) => who,
                Err(problem) => {
                    trouble(file, format!("who: {problem}"));
                    None
                }
            };
            checks.push(Check { def, who });
        }
        CheckBook { bound, checks, troubles }
    }

    /// The place of a check.
    pub fn place(&self, id: &str) -> Option<usize> {
        self.checks.iter().position(|check| check.def.id == id)
    }

    /// The rule of a check.
    pub(super) fn rule(&self, place: usize) -> Option<&Rule> {
        self.bound.book.rules.get(place)
    }

    /// The statements; none where the pack has no check.
    pub(super) fn ask(&self) -> Option<&Ask> {
        self.bound.asks.first()
    }

    /// The condition of a check in plain words.
    pub fn in_words(&self, place: usize, lang: Lang) -> String {
        let params = &self.bound.book.params;
        self.rule(place).map(|rule| rule.in_words(params, lang)).unwrap_or_default()
    }
}

type Kept = Vec<Arc<CheckBook>>;

static KEPT: Mutex<Kept> = Mutex::new(Vec::new());

/// The checks that hold today; `None` before any pack is published or any household is known.
///
/// # Errors
/// Faults of the database; a published pack that is unsound.
pub fn book(session: &mut Session, today: Day) -> Result<Option<Arc<CheckBook>>> {
    let Some(bound) = bound_to(session, today, &CHECKS)? else { return Ok(None) };
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = kept.iter().find(|known| Arc::ptr_eq(&known.bound, &bound)) {
        return Ok(Some(Arc::clone(known)));
    }
    let made = Arc::new(CheckBook::of(bound));
    kept.insert(0, Arc::clone(&made));
    kept.truncate(MOST_KEPT);
    Ok(Some(made))
}

/// Proves the checks against the data: each is counted alone.
///
/// # Errors
/// Refused without `rule.see` and before a pack is published.
pub fn check_all(ctx: &Ctx) -> Result<Checked> {
    check_questions(ctx, &CHECKS)
}
