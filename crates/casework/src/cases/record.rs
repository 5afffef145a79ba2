//! What belongs to a case beside its steps is written down: signed papers, risks, the comparison with departments.

use std::collections::BTreeMap;

use kernel::area::AreaCode;
use kernel::error::{Refusal, Result};
use kernel::ids::CaseId;
use kernel::permission::{Permission, allows};
use kernel::time::Day;
use registry::policies::{ListedCode, ShippedCodes};
use serde_json::json;
use store::{Ctx, Entry, Permit, Session, Tx};

use super::actions::{CONSENT, Shown};
use super::book::book;
use super::life::Phase;
use super::look::visible;
use super::model::{Case, LONGEST};
use super::queries::comparison::{self, Waiting};
use super::queries::papers::{self, Paper, Risk};
use super::queries::reminders;

/// Most risks of a household.
pub const MOST_RISKS: usize = 5;
/// How a paper may be signed.
pub const HOW: [&str; 3] = ["signed", "thumb", "for_other"];

fn tidy(text: &str) -> String {
    text.trim().chars().take(LONGEST).collect()
}

/// The case that is written on, in the version that the person saw.
fn opened(ctx: &Ctx, tx: &mut Tx, permit: &Permit, shown: Shown) -> Result<Case> {
    let case = visible(ctx, tx, permit, shown.id)?;
    let book = book(tx, ctx.today)?;
    let state = book.life(&case.life)?.state(&case.state).map(|state| state.phase);
    if matches!(state, Some(Phase::Over)) {
        return Err(Refusal::conflict("cases.over").into());
    }
    if !papers::next_version(tx, case.id, shown.version)? {
        return Err(Refusal::conflict("cases.changed").into());
    }
    Ok(case)
}

fn commit(
    ctx: &Ctx,
    mut tx: Tx,
    verb: &'static str,
    (case, detail): (&Case, serde_json::Value),
) -> Result<()> {
    tx.touch_household(case.household.to_string(), case.village);
    let entry = Entry::new(ctx, verb).about("case", case.id.to_string());
    tx.commit(entry.area(case.village).detail(detail))?;
    Ok(())
}

/// Keeps the promise of truth and consent to queries (承诺授权书): who signed, how, on which day; who read it out to somebody
/// who cannot read.
pub fn record_consent(ctx: &Ctx, shown: Shown, paper: &Paper) -> Result<()> {
    let permit = ctx.permit(Permission::CaseWork)?;
    let mut wrong = Refusal::invalid("cases.fields");
    if paper.signed_by.trim().is_empty() {
        wrong = wrong.field("signed_by", "web.required");
    }
    if !HOW.contains(&paper.how.as_str()) {
        wrong = wrong.field("how", "web.required");
    }
    if paper.how != "signed" && paper.read_by.trim().is_empty() {
        wrong = wrong.field("read_by", "cases.read_by_needed");
    }
    if paper.on > ctx.today {
        wrong = wrong.field("on", "cases.day_to_come");
    }
    if !wrong.fields.is_empty() {
        return Err(wrong.into());
    }
    let mut tx = ctx.begin()?;
    let case = opened(ctx, &mut tx, &permit, shown)?;
    let paper = Paper {
        kind: CONSENT.to_owned(),
        signed_by: tidy(&paper.signed_by),
        read_by: tidy(&paper.read_by),
        ..paper.clone()
    };
    papers::insert_paper(&mut tx, ctx, case.id, &paper)?;
    commit(ctx, tx, "case.consent", (&case, json!({ "how": paper.how, "on": paper.on })))
}

/// A risk as it is typed: its code, the code of its kind, words, since when, until when and why it is gone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewRisk {
    /// Its code.
    pub risk: String,
    /// The code of its kind, of a risk that has kinds.
    pub kind: String,
    /// In words.
    pub words: String,
    /// Why it is gone; empty while it is there.
    pub gone_why: String,
}

/// Writes the risks of a case in their order, the gravest first. A risk that goes on keeps its day; one that is said to be
/// gone is gone from today.
pub fn save_risks(ctx: &Ctx, shown: Shown, risks: &[NewRisk]) -> Result<()> {
    let permit = ctx.permit(Permission::CaseWork)?;
    checked(risks, ctx.today)?;
    let mut tx = ctx.begin()?;
    let case = opened(ctx, &mut tx, &permit, shown)?;
    let before: BTreeMap<String, Risk> = papers::list_risks(&mut tx, case.id)?
        .into_iter()
        .map(|risk| (risk.risk.clone(), risk))
        .collect();
    let now = risks.iter().zip(1..).map(|(new, position)| {
        let old = before.get(&new.risk);
        let gone = Some(tidy(&new.gone_why)).filter(|why| !why.is_empty());
        let gone_on = gone.as_ref().map(|_| old.and_then(|old| old.gone_on).unwrap_or(ctx.today));
        Risk {
            position,
            risk: new.risk.clone(),
            kind: Some(new.kind.clone()).filter(|kind| !kind.is_empty()),
            words: tidy(&new.words),
            found_on: old.map_or(ctx.today, |old| old.found_on),
            gone_on,
            gone_why: gone,
            name: ctx.actor.name.clone(),
        }
    });
    let now: Vec<Risk> = now.collect();
    papers::save_risks(&mut tx, case.id, &now)?;
    let codes: Vec<(&str, bool)> =
        now.iter().map(|risk| (risk.risk.as_str(), risk.gone_on.is_some())).collect();
    commit(ctx, tx, "case.risks", (&case, json!({ "risks": codes })))
}

/// The code of a risk as a register words it: signs do not count (因产业(项目)失败 is 因产业项目失败).
pub(super) fn risk_named(words: &str) -> Option<&'static ListedCode> {
    let plain = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let words = plain(words);
    ShippedCodes::Risks.all().iter().find(|one| plain(&one.zh) == words)
}

fn checked(risks: &[NewRisk], today: Day) -> Result<()> {
    let list = ShippedCodes::Risks;
    let mut wrong = Refusal::invalid("cases.fields");
    if risks.is_empty() {
        wrong = wrong.field("risk-1", "web.required");
    }
    if risks.len() > MOST_RISKS {
        return Err(Refusal::too_many("cases.too_many_risks").arg("most", MOST_RISKS).into());
    }
    for (at, risk) in risks.iter().enumerate() {
        let place = at + 1;
        let known = list.find(&risk.risk).filter(|one| one.of.is_none() && one.offered_on(today));
        let Some(known) = known else {
            wrong = wrong.field(format!("risk-{place}"), "cases.no_such_risk");
            continue;
        };
        if risks.iter().take(at).any(|other| other.risk == risk.risk) {
            wrong = wrong.field(format!("risk-{place}"), "cases.risk_twice");
        }
        let kinds = |one: &&ListedCode| one.of.as_deref() == Some(known.code.as_str());
        let has_kinds = list.all().iter().any(|one| kinds(&one));
        let kind = list.find(&risk.kind).filter(kinds);
        if has_kinds && kind.is_none() {
            wrong = wrong.field(format!("kind-{place}"), "cases.kind_needed");
        }
        let needs_words = known.is("needs_text") || kind.is_some_and(|kind| kind.is("needs_text"));
        if needs_words && risk.words.trim().is_empty() {
            wrong = wrong.field(format!("words-{place}"), "web.required");
        }
    }
    if wrong.fields.is_empty() { Ok(()) } else { Err(wrong.into()) }
}

/// Help first, papers later; or no longer so.
pub fn mark_urgent(ctx: &Ctx, shown: Shown, urgent: bool) -> Result<()> {
    let permit = ctx.permit(Permission::CaseWork)?;
    let mut tx = ctx.begin()?;
    let case = opened(ctx, &mut tx, &permit, shown)?;
    papers::save_urgent(&mut tx, case.id, urgent)?;
    let signed = papers::list_papers(&mut tx, case.id)?;
    if urgent && !signed.iter().any(|paper| paper.kind == CONSENT) {
        reminders::insert_papers(&mut tx, case.id, ctx.today)?;
    }
    commit(ctx, tx, "case.urgent", (&case, json!({ "urgent": urgent })))
}

/// Asks the offices every question of the list that was not asked yet. Without the consent paper nobody is asked.
pub fn ask_offices(ctx: &Ctx, shown: Shown) -> Result<()> {
    let permit = ctx.permit(Permission::CaseCompare)?;
    let mut tx = ctx.begin()?;
    let case = opened(ctx, &mut tx, &permit, shown)?;
    let papers = papers::list_papers(&mut tx, case.id)?;
    if !papers.iter().any(|paper| paper.kind == CONSENT) {
        return Err(Refusal::conflict("cases.needs_consent").into());
    }
    let asked = ShippedCodes::Exclusions.all().iter().filter(|one| one.offered_on(ctx.today));
    for one in asked {
        let office = one.of.as_deref().unwrap_or_default();
        comparison::insert_question(&mut tx, ctx, case.id, (&one.code, office))?;
    }
    commit(ctx, tx, "case.ask", (&case, json!({})))
}

/// Questions that wait for an answer: of the person's own office, or of all offices for who runs the comparison.
pub fn waiting(ctx: &Ctx, office: Option<&str>) -> Result<Vec<Waiting>> {
    let permit = ctx.permit(Permission::CaseCompare)?;
    let office = permit.department().or(office).map(str::to_owned);
    let mut session = ctx.read()?;
    if permit.department().is_some() {
        return comparison::list_of_office(&mut session, office.as_deref().unwrap_or_default());
    }
    comparison::list_waiting(&mut session, &permit, office.as_deref())
}

/// What an office says to a question.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OfficeAnswer {
    /// Something was found.
    pub hit: bool,
    /// What; needed for a hit, kept sealed.
    pub found: String,
}

/// The case of a question, for who may answer it: the office that is asked wherever the household stands, others in their
/// scope.
fn of_question(
    ctx: &Ctx,
    session: &mut Session,
    (permit, id): (&Permit, CaseId),
    item: &str,
) -> Result<(AreaCode, bool)> {
    let missing = || ctx.not_found("cases.no_question", &format!("{id} {item}"));
    if let Some(office) = permit.department() {
        let found = comparison::find_of_office(session, (id, item), office)?;
        return found.ok_or_else(missing);
    }
    let case = visible(ctx, session, permit, id)?;
    let known = comparison::list_questions(session, id)?;
    let known = known.iter().find(|question| question.item == item).ok_or_else(missing)?;
    Ok((case.village, known.answer.is_some()))
}

/// Keeps what an office answers. A second answer is told of the first.
pub fn answer_question(ctx: &Ctx, (id, item): (CaseId, &str), answer: &OfficeAnswer) -> Result<()> {
    let permit = ctx.permit(Permission::CaseCompare)?;
    let found = tidy(&answer.found);
    if answer.hit && found.is_empty() {
        return Err(Refusal::invalid("cases.fields").field("found", "web.required").into());
    }
    let mut tx = ctx.begin()?;
    let (village, answered) = of_question(ctx, &mut tx, (&permit, id), item)?;
    let sealed = match answer.hit {
        true => Some(ctx.db.keys().seal_text(&found)?),
        false => None,
    };
    let code = if answer.hit { "hit" } else { "none" };
    if answered || !comparison::save_answer(&mut tx, ctx, (id, item), (code, sealed))? {
        return Err(Refusal::conflict("cases.answered_already").into());
    }
    let entry = Entry::new(ctx, "case.answer").about("case", id.to_string()).area(village);
    tx.commit(entry.detail(json!({ "item": item, "answer": code })))?;
    Ok(())
}

/// Decides about a hit: it is explained and the case goes on, or it stops the case. The words say why.
pub fn decide_question(
    ctx: &Ctx,
    (id, item): (CaseId, &str),
    (goes_on, words): (bool, &str),
) -> Result<()> {
    let permit = ctx.permit(Permission::CaseWork)?;
    let words = tidy(words);
    if words.is_empty() {
        return Err(Refusal::invalid("cases.fields").field("words", "web.required").into());
    }
    let mut tx = ctx.begin()?;
    let case = visible(ctx, &mut tx, &permit, id)?;
    let decision = if goes_on { "goes_on" } else { "stops" };
    if !comparison::save_decision(&mut tx, ctx, (id, item), (decision, &words))? {
        return Err(Refusal::conflict("cases.no_hit").into());
    }
    let entry = Entry::new(ctx, "case.decide").about("case", id.to_string()).area(case.village);
    tx.commit(entry.detail(json!({ "item": item, "decision": decision })))?;
    Ok(())
}

/// Opens what an office found, for somebody who works on the case; without a consent paper it stays sealed and the attempt
/// is noted.
pub fn open_found(ctx: &Ctx, (id, item): (CaseId, &str)) -> Result<String> {
    let permit = ctx.permit(Permission::CaseWork)?;
    let mut session = ctx.read()?;
    let case = visible(ctx, &mut session, &permit, id)?;
    let about = format!("{} {item}", case.number);
    let papers = papers::list_papers(&mut session, id)?;
    if !papers.iter().any(|paper| paper.kind == CONSENT)
        || !allows(ctx.actor.role, Permission::CaseWork)
    {
        ctx.note_access("denied", "case.open_found", &about);
        return Err(Refusal::forbidden("cases.sealed").into());
    }
    let questions = comparison::list_questions(&mut session, id)?;
    let sealed =
        questions.into_iter().find(|one| one.item == item).and_then(|one| one.found_sealed);
    let Some(sealed) = sealed else { return Err(ctx.not_found("cases.no_question", &about)) };
    ctx.note_access("reveal", "case.open_found", &about);
    ctx.db.keys().open_text(&sealed)
}
