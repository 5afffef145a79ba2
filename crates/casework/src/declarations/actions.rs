//! What a person can do with declarations: see them, enter them, report a finding, put one aside.

use kernel::area::AreaCode;
use kernel::error::{Error, Refusal, Result};
use kernel::ids::{DeclarationId, HouseholdId};
use kernel::permission::Permission;
use kernel::time::Day;
use registry::areas;
use registry::intake::matching::Decision;
use registry::intake::{Register, who};
use registry::policies::ShippedCodes;
use serde_json::json;
use store::{Ctx, Entry, Session};

use super::model::{LONGEST_FIELD, LONGEST_NAME, LONGEST_WORDS, State, Writing};
use super::queries::desk::{self, Somebody};
use super::queries::{self, Declared, New};
use super::take_in::{evidence, insert, is_entered};
use super::to_place::decided;
use crate::screening::Channel;

/// Lines of one page.
pub const PAGE: i64 = 50;

/// Which declarations a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Filter {
    /// Where they stand.
    pub state: State,
    /// In which area.
    pub area: Option<AreaCode>,
    /// On which way they came.
    pub channel: Option<Channel>,
    /// The page, from 0.
    pub page: i64,
}

/// A line of a list.
#[derive(Debug, Clone)]
pub struct Line {
    /// The declaration.
    pub declared: Declared,
    /// The name in it.
    pub name: String,
    /// Village and township.
    pub place: (String, String),
    /// Number of its household.
    pub number: String,
}

/// One page of a list.
#[derive(Debug, Clone)]
pub struct Page {
    /// The lines.
    pub lines: Vec<Line>,
    /// Whether there are more.
    pub more: bool,
    /// How many stand where.
    pub counts: Vec<(State, i64)>,
}

/// Declarations in the person's scope, the newest first.
pub fn list(ctx: &Ctx, filter: Filter) -> Result<Page> {
    let permit = ctx.permit(Permission::DeclarationSee)?;
    let mut session = ctx.read()?;
    let channel = filter.channel.map(Channel::code);
    let asked = (filter.state, filter.area, channel);
    let from = filter.page.max(0).saturating_mul(PAGE);
    let mut found = desk::list(&mut session, &permit, asked, (PAGE + 1, from))?;
    let more = i64::try_from(found.len()).unwrap_or(i64::MAX) > PAGE;
    if more {
        found.pop();
    }
    let line = |(declared, place, number): desk::Listed| {
        let name = declared.writing(ctx.db.keys())?.name;
        Ok(Line { declared, name, place, number })
    };
    let lines = found.into_iter().map(line).collect::<Result<_>>()?;
    let counts = desk::count(&mut session, &permit, filter.area)?;
    Ok(Page { lines, more, counts })
}

/// How many wait for somebody to say whom they are about, in the person's scope.
pub fn count_waiting(ctx: &Ctx) -> Result<i64> {
    let permit = ctx.permit(Permission::DeclarationPlace)?;
    let counts = desk::count(&mut ctx.read()?, &permit, None)?;
    Ok(counts.iter().find(|(state, _)| *state == State::Waiting).map_or(0, |(_, n)| *n))
}

/// One declaration with everything about it.
#[derive(Debug, Clone)]
pub struct View {
    /// The declaration.
    pub declared: Declared,
    /// What was written.
    pub writing: Writing,
    /// Whom it may be about, those in the person's scope, with what agrees and what does not.
    pub maybe: Vec<(Somebody, Vec<String>, Vec<String>, kernel::ids::PersonId)>,
    /// The household, once it is known.
    pub household: Option<Somebody>,
    /// Names of the areas down to the village.
    pub path: Vec<(AreaCode, String)>,
    /// Name of the village that was chosen.
    pub said_village: String,
}

/// One declaration. Outside the scope it is not found.
pub fn show(ctx: &Ctx, id: DeclarationId) -> Result<View> {
    let permit = ctx.permit(Permission::DeclarationSee)?;
    let mut session = ctx.read()?;
    let declared = desk::find(&mut session, &permit, id)?
        .ok_or_else(|| ctx.not_found("declarations.none", &id.to_string()))?;
    let writing = declared.writing(ctx.db.keys())?;
    let mut maybe = Vec::new();
    for one in &declared.maybe {
        let about = (one.household, Some(one.person));
        if let Some(somebody) = desk::find_somebody(&mut session, &permit, about)? {
            maybe.push((somebody, one.agrees.clone(), one.differs.clone(), one.person));
        }
    }
    let household = match declared.household {
        Some(household) => {
            desk::find_somebody(&mut session, &permit, (household, declared.person))?
        }
        None => None,
    };
    let path = areas::path_of(&mut session, declared.village)?;
    let said = areas::path_of(&mut session, declared.said_village)?;
    let said_village = said.last().map(|(_, name)| name.clone()).unwrap_or_default();
    Ok(View { declared, writing, maybe, household, path, said_village })
}

/// Phone and number in full, for calling back: an act with a purpose.
pub fn reveal(ctx: &Ctx, id: DeclarationId, purpose: &str) -> Result<Writing> {
    let permit = ctx.permit(Permission::DeclarationReveal)?;
    let purpose = purpose.trim();
    if purpose.is_empty() {
        let refusal = Refusal::invalid("declarations.purpose_needed");
        return Err(refusal.field("purpose", "web.required").into());
    }
    let declared = desk::find(&mut ctx.read()?, &permit, id)?
        .ok_or_else(|| ctx.not_found("declarations.none", &id.to_string()))?;
    let entry = Entry::new(ctx, "declaration.reveal").about("declaration", id.to_string());
    ctx.journal(entry.area(declared.village).detail(json!({ "purpose": purpose })))?;
    declared.writing(ctx.db.keys())
}

/// Why a declaration is put aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotOurs {
    /// Whom it is about does not live in this county.
    NotHere,
    /// There is nothing in it that could be followed.
    Junk,
}

/// Puts a declaration aside with a reason; it is kept, and can be placed later all the same.
pub fn put_aside(
    ctx: &Ctx,
    (id, version): (DeclarationId, i64),
    (as_what, words): (NotOurs, &str),
) -> Result<()> {
    let permit = ctx.permit(Permission::DeclarationPlace)?;
    let words: String = words.trim().chars().take(LONGEST_WORDS).collect();
    if words.is_empty() {
        return Err(Refusal::invalid("declarations.words_needed")
            .field("words", "web.required")
            .into());
    }
    let mut tx = ctx.begin()?;
    let one = desk::find(&mut tx, &permit, id)?
        .ok_or_else(|| ctx.not_found("declarations.none", &id.to_string()))?;
    let (state, verb) = match as_what {
        NotOurs::NotHere => (State::NotHere, "declaration.not_here"),
        NotOurs::Junk => (State::Junk, "declaration.junk"),
    };
    if !queries::save_aside(&mut tx, ctx, (id, version), (state, &words))? {
        return Err(decided(&one));
    }
    let entry = Entry::new(ctx, verb).about("declaration", id.to_string());
    tx.commit(entry.area(one.village).detail(json!({ "words": words })))?;
    Ok(())
}

/// What somebody found in a village about a household.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The household.
    pub household: HouseholdId,
    /// The kind of trouble.
    pub kind: String,
    /// What was seen.
    pub words: String,
    /// On which day.
    pub on: Day,
    /// It cannot wait.
    pub urgent: bool,
}

/// Reports a finding: a reason of the household's lead, at once.
pub fn report(ctx: &Ctx, finding: Finding) -> Result<DeclarationId> {
    let permit = ctx.permit(Permission::DeclarationReport)?;
    let mut session = ctx.read()?;
    let about = desk::find_somebody(&mut session, &permit, (finding.household, None))?;
    let about = about.ok_or_else(|| {
        ctx.not_found("declarations.no_household", &finding.household.to_string())
    })?;
    let village = must_stand(&mut session, finding.household)?;
    drop(session);
    let writing = Writing {
        name: about.head,
        phone: String::new(),
        number: String::new(),
        words: finding.words,
        village,
        kind: finding.kind,
        helper: None,
        source: String::new(),
    };
    check(ctx, (&writing, finding.on))?;
    let new = new(ctx, Channel::Village, (writing, finding.on, finding.urgent));
    let sure = (finding.household, "declaration.report");
    store_new(ctx, new, Some(sure), None)
}

fn must_stand(session: &mut Session, household: HouseholdId) -> Result<AreaCode> {
    let refusal = || Refusal::conflict("declarations.closed_household");
    Ok(queries::find_standing(session, household)?.ok_or_else(refusal)?.village)
}

fn new(ctx: &Ctx, channel: Channel, (writing, on, urgent): (Writing, Day, bool)) -> New {
    New {
        letter: None,
        channel,
        urgent,
        said_on: on,
        said_at: ctx.now,
        writing,
        marks: Vec::new(),
        objects_to: None,
    }
}

/// What is needed of whatever is entered at a desk.
fn check(ctx: &Ctx, (writing, on): (&Writing, Day)) -> Result<()> {
    let mut wrong: Vec<(&str, &'static str)> = Vec::new();
    if ShippedCodes::Risks.find(&writing.kind).is_none_or(|one| !one.offered_on(ctx.today)) {
        wrong.push(("kind", "web.required"));
    }
    if writing.words.trim().is_empty() {
        wrong.push(("words", "web.required"));
    }
    let long = [
        ("words", &writing.words, LONGEST_WORDS),
        ("name", &writing.name, LONGEST_NAME),
        ("source", &writing.source, LONGEST_FIELD),
        ("phone", &writing.phone, LONGEST_FIELD),
        ("number", &writing.number, LONGEST_FIELD),
    ];
    for (name, text, most) in long {
        if text.chars().count() > most {
            wrong.push((name, "declarations.too_long"));
        }
    }
    if on > ctx.today {
        wrong.push(("on", "declarations.later_day"));
    }
    if wrong.is_empty() {
        return Ok(());
    }
    let refusal = Refusal::invalid("declarations.form");
    Err(wrong.into_iter().fold(refusal, |refusal, (name, code)| refusal.field(name, code)).into())
}

/// What came by hotline, petition or media.
#[derive(Debug, Clone)]
pub struct Entered {
    /// The way on which it came.
    pub channel: Channel,
    /// The household, where the person knows it.
    pub household: Option<HouseholdId>,
    /// What was written down.
    pub writing: Writing,
    /// The day on which it came.
    pub on: Day,
    /// It cannot wait.
    pub urgent: bool,
}

/// Enters what came by hotline, petition or media; without a household the matching looks for it, and where it is not sure the
/// declaration waits for a person.
pub fn enter(ctx: &Ctx, entered: Entered) -> Result<DeclarationId> {
    let permit = ctx.permit(Permission::DeclarationEnter)?;
    if !is_entered(entered.channel) {
        return Err(Refusal::invalid("declarations.form").field("channel", "web.required").into());
    }
    let mut writing = entered.writing;
    let mut session = ctx.read()?;
    if let Some(household) = entered.household {
        let about = desk::find_somebody(&mut session, &permit, (household, None))?
            .ok_or_else(|| ctx.not_found("declarations.no_household", &household.to_string()))?;
        writing.village = must_stand(&mut session, household)?;
        if writing.name.is_empty() {
            writing.name = about.head;
        }
    }
    check(ctx, (&writing, entered.on))?;
    let needed = [("name", &writing.name), ("source", &writing.source)];
    if let Some((name, _)) = needed.into_iter().find(|(_, text)| text.trim().is_empty()) {
        return Err(Refusal::invalid("declarations.form").field(name, "web.required").into());
    }
    if !ctx.actor.works_in(writing.village) {
        return Err(Refusal::invalid("declarations.form").field("village", "web.required").into());
    }
    let names = queries::names_of_villages(&mut session)?;
    drop(session);
    let decision = match entered.household {
        Some(_) => None,
        None => {
            let asked = [evidence(&names, &writing)];
            who(ctx, Register::load(ctx)?.as_ref(), &asked)?.into_iter().next()
        }
    };
    let new = new(ctx, entered.channel, (writing, entered.on, entered.urgent));
    let sure = entered.household.map(|household| (household, "declaration.enter"));
    store_new(ctx, new, sure, decision)
}

fn store_new(
    ctx: &Ctx,
    new: New,
    sure: Option<(HouseholdId, &'static str)>,
    decision: Option<Decision>,
) -> Result<DeclarationId> {
    let channel = new.channel;
    let mut tx = ctx.begin()?;
    let taken = || Error::fault("an id that was there");
    let id = match sure {
        Some((household, _)) => {
            let (id, _) = insert(ctx, &mut tx, new, None)?.ok_or_else(taken)?;
            if !super::take_in::place_in(ctx, &mut tx, (id, None, household))? {
                return Err(Refusal::conflict("declarations.closed_household").into());
            }
            id
        }
        None => insert(ctx, &mut tx, new, decision.as_ref())?.ok_or_else(taken)?.0,
    };
    let declared = queries::load(&mut tx, id)?;
    let verb = sure.map_or("declaration.enter", |(_, verb)| verb);
    let entry = Entry::new(ctx, verb).about("declaration", id.to_string()).area(declared.village);
    let detail = json!({ "channel": channel.code(), "state": declared.state.code() });
    tx.commit(entry.detail(detail))?;
    Ok(id)
}
