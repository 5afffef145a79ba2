//! Runs that store nothing: the published rules or those of a folder, over the facts of any day.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use facts::Unknown;
use kernel::error::{Error, Refusal, Result};
use kernel::lang::Lang;
use kernel::permission::Permission;
use kernel::time::Day;
use registry::circumstances::ledger;
use registry::policies::{self, Pack};
use store::{Ctx, Session};

use super::book::{Book, Bound, Issue, bound};
use super::model::Subject;
use super::rule::{Level, Rule, Severity};
use super::{queries, run, time};

/// One line of a run that stores nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreviewLine {
    /// The rule.
    pub rule_id: String,
    /// 户编号, or the village code and department of a village rule.
    pub subject: String,
    /// How bad.
    pub severity: Severity,
    /// `sure`, or `cannot_tell`.
    pub certainty: &'static str,
    /// The sentence of a hit; what is unknown otherwise.
    pub explanation: String,
}

/// Which rules a preview asks.
#[derive(Debug, Clone, Copy)]
pub enum Rules<'a> {
    /// The published book.
    Published,
    /// A folder: a whole pack, or rule files on top of the published parameters.
    Folder(&'a Path),
}

/// Asks rules over the facts of a day and stores nothing. Lines by rule, then subject. A day other than today is derived
/// anew from what was valid then and is known now.
pub fn screen_preview(
    ctx: &Ctx,
    rules: Rules<'_>,
    day: Day,
) -> Result<(Vec<PreviewLine>, Vec<Issue>)> {
    screen_preview_within(ctx, rules, (day, time::OF_A_RULE))
}

pub(super) fn screen_preview_within(
    ctx: &Ctx,
    rules: Rules<'_>,
    (day, limit): (Day, Duration),
) -> Result<(Vec<PreviewLine>, Vec<Issue>)> {
    ctx.permit(Permission::RuleRun)?;
    let mut session = ctx.read()?;
    let published = bound(&mut session, day)?
        .ok_or_else(|| Error::from(Refusal::unavailable("screening.no_book")))?;
    let then = (day != ctx.today)
        .then(|| ledger::facts_as_of(ctx, (day, None), &mut |_, _| {}))
        .transpose()?;
    let coverage =
        then.as_ref().map_or_else(|| published.coverage.clone(), |then| then.coverage.clone());
    let book = match rules {
        Rules::Published => Arc::clone(&published.book),
        Rules::Folder(folder) => over(&mut session, &published, folder, day)?,
    };
    let numbers = queries::household_numbers(&mut session)?;
    let mut facts = then.as_ref().map_or(Ok(session), |then| then.read())?;
    let asked = Bound::checked(&mut facts, book, (coverage, day), String::new())?;
    match preview(&mut facts, &asked, (&numbers, ctx.lang), limit) {
        Err(why) if time::was_stopped(&why) => {
            let asked = asked.without(time::slow_rules(&mut facts, &asked, limit)?);
            let rules = u32::try_from(asked.book.rules.len()).unwrap_or(1).max(1);
            let limit = limit.saturating_mul(rules);
            Ok((preview(&mut facts, &asked, (&numbers, ctx.lang), limit)?, asked.issues()))
        }
        lines => Ok((lines?, asked.issues())),
    }
}

/// The book of a folder: its own `pack.toml` or, without one, its rules with the published parameters.
fn over(session: &mut Session, published: &Bound, folder: &Path, day: Day) -> Result<Arc<Book>> {
    let mut files = policies::read_folder(folder)?;
    if !files.contains_key("pack.toml") {
        let rules = files.into_iter().map(|(name, text)| {
            let name = name.rsplit('/').next().unwrap_or(&name).to_owned();
            (format!("screening/{name}"), text)
        });
        let kept = published.book.pack.files.clone().into_iter();
        files = kept.filter(|(name, _)| !name.starts_with("screening/")).chain(rules).collect();
    }
    let pack = Pack::read(files).map_err(|problems| {
        let words: Vec<String> = problems.iter().map(ToString::to_string).collect();
        Error::from(Refusal::invalid("screening.bad_folder").arg("problems", words.join("; ")))
    })?;
    let county = queries::find_county(session)?
        .ok_or_else(|| Error::from(Refusal::unavailable("screening.no_book")))?;
    Ok(Arc::new(Book::of(pack, county, day)?))
}

fn preview(
    session: &mut Session,
    book: &Bound,
    (numbers, lang): (&BTreeMap<String, String>, Lang),
    limit: Duration,
) -> Result<Vec<PreviewLine>> {
    let mut lines = Vec::new();
    for ask in &book.asks {
        let answers =
            session.within(limit, |session| queries::answers_with_unknown(session, ask))?;
        let keys: Vec<&str> = answers.hits.iter().map(|row| row.key.as_str()).collect();
        let values = queries::evidence(session, ask, &keys)?;
        for row in &answers.hits {
            let stored = values.get(&row.key).map_or(&[][..], Vec::as_slice);
            for place in &row.rules {
                let Some(rule) = book.book.rules.get(*place) else { continue };
                let hit = run::hit(book, (ask, *place), stored, &row.village);
                let sentence = if lang == Lang::Zh { hit.sentence_zh } else { hit.sentence_en };
                lines.push(line(
                    rule,
                    subject(ask.level, rule, &row.key, numbers),
                    "sure",
                    sentence,
                ));
            }
        }
        for (key, places) in &answers.cannot_tell {
            let Some(situation) = queries::situation(session, ask.level, key)? else { continue };
            for place in places {
                let Some(rule) = book.book.rules.get(*place) else { continue };
                let why = rule.predicate.unknowns(book.binding(), &situation);
                let why: Vec<String> =
                    why.iter().map(|one| because(one, &book.book.params, lang)).collect();
                let subject = subject(ask.level, rule, key, numbers);
                lines.push(line(rule, subject, "cannot_tell", why.join("; ")));
            }
        }
    }
    lines.sort_by(|a, b| (&a.rule_id, &a.subject).cmp(&(&b.rule_id, &b.subject)));
    Ok(lines)
}

fn line(rule: &Rule, subject: String, certainty: &'static str, explanation: String) -> PreviewLine {
    let (rule_id, severity) = (rule.def.id.clone(), rule.def.severity);
    PreviewLine { rule_id, subject, severity, certainty, explanation }
}

fn subject(level: Level, rule: &Rule, key: &str, numbers: &BTreeMap<String, String>) -> String {
    match level {
        Level::Household => numbers.get(key).cloned().unwrap_or_else(|| key.to_owned()),
        Level::Village => Subject::Village(key.to_owned(), rule.def.department.clone()).key(),
    }
}

/// What is unknown, in a few words.
pub(crate) fn because(unknown: &Unknown, params: &facts::Params, lang: Lang) -> String {
    let parameter = |name: &str| {
        params.get(name).map_or_else(
            || name.to_owned(),
            |param| if lang == Lang::Zh { param.title_zh.clone() } else { param.title_en.clone() },
        )
    };
    let l = web::L::new(lang);
    match unknown {
        Unknown::NotDelivered(column) => {
            l.t1("screening-unknown-not_delivered", "what", column.title.get(lang))
        }
        Unknown::NotRecorded(column) => {
            l.t1("screening-unknown-not_recorded", "what", column.title.get(lang))
        }
        Unknown::NoValue(name) => l.t1("screening-unknown-no_value", "what", parameter(name)),
    }
}
