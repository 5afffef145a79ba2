//! What must be asked again: villages whose facts changed, all rules; where only the book changed (a parameter, a rule or a
//! list was published), the rules of which something did, because what the others found stands.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use facts::CoverageView;
use kernel::error::{Error, Result};
use kernel::permission::Permission;
use kernel::time::Day;
use store::{Ctx, Db, Session, Tx};

use super::book::{Book, Bound, bound, kept_columns};
use super::queries::{self, Stale, What};
use super::rule::{Part, Rule, Template};
use super::rules::fingerprint;
use super::run::{self, Asked, Report, finish};
use super::time;

/// What can change an answer although no fact changed: the rules, the parameters, the lists that arrived, and the day
/// where a rule reads it.
pub fn digest(book: &Book, coverage: &CoverageView, today: Day) -> String {
    let reads_the_day = book.rules.iter().any(|rule| rule.predicate.reads_the_day());
    let day = reads_the_day.then_some(today);
    let mut parts = BTreeMap::new();
    parts.insert("pack", format!("{} {}", book.pack.head.id, book.pack.hash()));
    parts.insert("params", format!("{:?}", book.params));
    parts.insert("coverage", format!("{coverage:?}"));
    parts.insert("day", format!("{day:?}"));
    fingerprint(&format!("{parts:?}"))
}

/// Rule → fingerprint of all on which its answers, sentences and leads rest.
type Prints = BTreeMap<String, String>;

/// The fingerprints of the rules that a book asks.
fn prints(bound: &Bound) -> Prints {
    let asked = bound.book.rules.iter().filter(|rule| !bound.silent.contains(&rule.def.id));
    asked.map(|rule| (rule.def.id.clone(), print(bound, rule))).collect()
}

fn print(bound: &Bound, rule: &Rule) -> String {
    let mut names: BTreeSet<String> = rule.predicate.params().into_iter().collect();
    for text in [&rule.def.explain.zh, &rule.def.explain.en] {
        let parts = Template::parse(text).map(|template| template.parts).unwrap_or_default();
        names.extend(parts.into_iter().filter_map(|part| match part {
            Part::Param(name) => Some(name),
            Part::Text(_) | Part::Column(_) => None,
        }));
    }
    let params: Vec<_> = names.iter().map(|name| bound.book.params.get(name)).collect();
    let columns = kept_columns(rule);
    let reach: Vec<_> = columns
        .iter()
        .map(|column| column.coverage.as_ref().map(|list| bound.coverage.extent(list)))
        .collect();
    let asks = bound.count_of(rule);
    let asks = asks.as_ref().map(store::BuiltSql::as_str);
    fingerprint(&format!("{:?} {asks:?} {params:?} {reach:?}", rule.def))
}

/// Keeps what the rules of a book rest on today, for who has to find out what another book changes. A book of which rules
/// were left out because they take too long says nothing.
pub fn remember(tx: &mut Tx, bound: &Bound) -> Result<()> {
    let known = if bound.slow.is_empty() { prints(bound) } else { Prints::new() };
    let text = serde_json::to_string(&known).map_err(|why| Error::fault(why.to_string()))?;
    queries::save_book(tx, (&bound.digest, bound.today), &text, known.is_empty())
}

/// The rules that must be asked again in villages that were screened today by the book `before`: what is new, gone or rests
/// on something else. None where that is not known: then all are asked.
pub fn changed(
    session: &mut Session,
    before: &str,
    bound: &Bound,
) -> Result<Option<BTreeSet<String>>> {
    let Some(text) = queries::find_book(session, before, bound.today)? else { return Ok(None) };
    let Ok(known) = serde_json::from_str::<Prints>(&text) else { return Ok(None) };
    if known.is_empty() || !bound.slow.is_empty() {
        return Ok(None);
    }
    let now = prints(bound);
    let ids = known.keys().chain(now.keys()).filter(|id| known.get(*id) != now.get(*id));
    Ok(Some(ids.cloned().collect()))
}

/// Runs the rules over the villages that have changed, or whose day, rules, parameters or lists have. Nothing stale:
/// nothing done. Before the baseline there is nothing to refresh.
pub fn screen_stale(ctx: &Ctx) -> Result<Report> {
    ctx.permit(Permission::RuleRun)?;
    time::in_time(ctx, time::OF_A_RULE, |limit| stale_once(ctx, limit))
}

/// Changes with every publication of rules and parameters: who looks for what is stale looks at once.
pub fn last_publication(db: &Db) -> Result<String> {
    queries::last_publication(&mut db.read()?)
}

/// Villages that are screened in one transaction: short enough that a person who answers a lead does not wait. In tests
/// several transactions are needed for a few villages.
const VILLAGES_AT_A_TIME: usize = if cfg!(test) { 2 } else { 20 };
/// Where no fact has changed few rules are asked and little is written.
const STANDING_AT_A_TIME: usize = if cfg!(test) { 2 } else { 40 };

fn stale_once(ctx: &Ctx, limit: Duration) -> Result<Report> {
    let mut report = Report::default();
    // Most of the time nothing is stale: that is found out without keeping others from writing, and once for what stands.
    let mut session = ctx.read()?;
    let key = format!("nothing stale {} {}", session.journal_number()?, ctx.today);
    if session.remembered(key, |session| Ok(stale(session, ctx.today)?.is_none()))? {
        return Ok(report);
    }
    let Some((book, pieces)) = due(&mut session, ctx.today)? else { return Ok(report) };
    drop(session);
    std::thread::scope(|scope| {
        // The next villages are asked while the leads of these are written; whoever waits to write waits for the writing only.
        let (send, asked) = std::sync::mpsc::sync_channel::<Result<Ahead>>(1);
        let asking = &pieces;
        scope.spawn(move || {
            for piece in asking {
                let next = ahead(ctx, piece, limit);
                let failed = next.is_err();
                // nobody listens any more: another book holds
                if send.send(next).is_err() || failed {
                    break;
                }
            }
        });
        for (piece, ahead) in pieces.iter().zip(asked) {
            match written(ctx, &book.digest, (piece, ahead?), limit)? {
                Written::Leads(done) => report.add(*done),
                Written::Nothing => {}
                Written::OtherBook => break,
            }
        }
        Ok(report)
    })
}

/// The book of today and what must be asked by it; `None` where nothing must.
pub(super) fn due(session: &mut Session, today: Day) -> Result<Option<(Arc<Bound>, Vec<Piece>)>> {
    let Some((book, found)) = stale(session, today)? else { return Ok(None) };
    let pieces = pieces(session, &book, found)?;
    Ok(Some((book, pieces)))
}

/// What the rules answered about villages, and how these stood then.
pub(super) struct Ahead {
    stood: Vec<Stale>,
    asked: Asked,
}

/// Which of a piece are stale now, and what the rules say of them.
pub(super) fn ahead(ctx: &Ctx, piece: &Piece, limit: Duration) -> Result<Ahead> {
    let mut session = ctx.read()?;
    let stood = still_stale(&mut session, piece)?;
    let asked = run::ask(&mut session, &piece.asking, (&piece.about(&stood), limit))?;
    Ok(Ahead { stood, asked })
}

/// The villages of a piece that are as stale as they were found: what somebody else has screened meanwhile is left alone,
/// and so is what has changed otherwise; what became stale meanwhile is the next run's.
fn still_stale(session: &mut Session, piece: &Piece) -> Result<Vec<Stale>> {
    let mut now = queries::stale_among(session, &piece.asking.digest, &piece.villages)?;
    now.retain(|stale| piece.villages.contains(stale));
    Ok(now)
}

/// What came of a piece.
pub(super) enum Written {
    Leads(Box<Report>),
    /// None of its villages is stale any more.
    Nothing,
    /// Another book holds by now.
    OtherBook,
}

/// Writes the leads of a piece. Where a village has changed since it was asked the rules are asked again.
pub(super) fn written(
    ctx: &Ctx,
    book: &str,
    (piece, ahead): (&Piece, Ahead),
    limit: Duration,
) -> Result<Written> {
    let mut tx = ctx.begin()?;
    if bound(&mut tx, ctx.today)?.is_none_or(|now| now.digest != book) {
        return Ok(Written::OtherBook);
    }
    let now = still_stale(&mut tx, piece)?;
    if now.is_empty() {
        return Ok(Written::Nothing);
    }
    let what = piece.about(&now);
    let asked = match ahead.stood == now {
        true => ahead.asked,
        false => run::ask(&mut tx, &piece.asking, (&what, limit))?,
    };
    let villages = now.into_iter().map(|stale| (stale.village, stale.stamp)).collect();
    let done = finish(ctx, tx, &piece.asking, ("stale", what, villages), asked)?;
    Ok(Written::Leads(Box::new(done)))
}

/// What is asked and written in one transaction.
pub(super) struct Piece {
    /// The book, perhaps with only some of its rules.
    asking: Arc<Bound>,
    /// Whether anything is to be asked.
    any: bool,
    /// Whether no fact of its villages has changed since they were screened.
    pub(super) standing: bool,
    pub(super) villages: Vec<Stale>,
}

impl Piece {
    /// Where nothing has changed for any rule no village need be looked at.
    fn about(&self, villages: &[Stale]) -> What {
        let looked_at = villages.iter().filter(|_| self.any);
        let codes = looked_at.map(|stale| stale.village.clone()).collect();
        if self.standing { What::Standing(codes) } else { What::Villages(codes) }
    }
}

/// Villages that were screened by the same book are asked the same rules: those of which something has changed since.
fn pieces(session: &mut Session, book: &Arc<Bound>, found: Vec<Stale>) -> Result<Vec<Piece>> {
    let mut groups: BTreeMap<Option<String>, Vec<Stale>> = BTreeMap::new();
    for stale in found {
        groups.entry(stale.right_by.clone()).or_default().push(stale);
    }
    let mut pieces = Vec::new();
    for (before, villages) in groups {
        let standing = before.is_some();
        let changed = before.map(|before| changed(session, &before, book)).transpose()?;
        let (asking, any) = match changed.flatten() {
            None => (Arc::clone(book), true),
            Some(changed) => (Arc::new(book.only(&changed)), !changed.is_empty()),
        };
        let size = match (any, standing && asking.unchanged.len() > asking.book.rules.len() / 2) {
            (false, _) => villages.len(),
            (true, true) => STANDING_AT_A_TIME,
            (true, false) => VILLAGES_AT_A_TIME,
        };
        let parts = villages.chunks(size.max(1));
        pieces.extend(parts.map(|part| Piece {
            asking: Arc::clone(&asking),
            any,
            standing,
            villages: part.to_vec(),
        }));
    }
    Ok(pieces)
}

/// The rule book and the villages that changed since they were screened by it; `None` when there are
/// none or the county has not been screened yet.
fn stale(session: &mut Session, today: Day) -> Result<Option<(Arc<Bound>, Vec<Stale>)>> {
    let Some(book) = bound(session, today)? else { return Ok(None) };
    let villages = queries::stale_villages(session, &book.digest)?;
    if villages.is_empty() || !queries::has_baseline(session)? {
        return Ok(None);
    }
    Ok(Some((book, villages)))
}
