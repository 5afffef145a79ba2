//! What this room puts on the page of a household: its help, its helper, and what was given in the timeline.

use askama::Template;
use kernel::error::{OrFault, Result};
use kernel::permission::{FieldClass, Permission, allows};
use registry::households::{Panel, Place, Subject as OfHousehold};
use store::Session;
use web::L;
use web::ui::{Chip, Clock, Event, Tone};

use super::{kind_word, risk_words};
use crate::assistance::carers::helpers_of;
use crate::assistance::model::{Ending, Measure};
use crate::assistance::queries::measures_of;
use crate::departments::office_name;

struct MeasureRow {
    href: String,
    kind: String,
    line: String,
    chip: Option<Chip>,
    clock: Option<Clock>,
}

#[derive(Template)]
#[template(path = "assistance/templates/measures.html")]
struct MeasuresPanel {
    l: L,
    rows: Vec<MeasureRow>,
    over: Vec<MeasureRow>,
    new: Option<String>,
}

fn may_see(subject: &OfHousehold) -> bool {
    allows(subject.ctx.actor.role, Permission::AssistanceSee)
}

/// How it stands, as a chip; what is promised and waits has a clock instead.
pub(super) fn chip(l: L, measure: &Measure) -> Option<Chip> {
    let word = |id: &str| l.t(&format!("assistance-is-{id}"));
    match (&measure.ended, &measure.delivered) {
        (Some((_, Ending::Withdrawn, _)), _) => Some(Chip::new(Tone::Grey, word("withdrawn"))),
        (Some(_), _) => Some(Chip::new(Tone::Grey, word("ended"))),
        (None, Some(_)) if !measure.stands => Some(Chip::new(Tone::Grey, word("over"))),
        (None, Some(_)) => Some(Chip::new(Tone::Green, word("given")).icon("check")),
        (None, None) => None,
    }
}

fn row(subject: &OfHousehold, measure: &Measure) -> MeasureRow {
    let l = subject.l;
    let waits = measure.delivered.is_none() && measure.ended.is_none();
    let person = measure.subject.person().and_then(|person| {
        subject.residents.iter().find(|one| one.stay.person == person).map(|one| one.name.clone())
    });
    let office = (!measure.office.is_empty()).then(|| office_name(l, &measure.office));
    let aims = Some(risk_words(l, &measure.aims)).filter(|words| !words.is_empty());
    let parts = [person, aims, office, Some(measure.owner.clone())];
    MeasureRow {
        href: format!("/assistance/{}", measure.id),
        kind: kind_word(l, &measure.kind),
        line: parts.into_iter().flatten().collect::<Vec<_>>().join(" · "),
        chip: chip(l, measure),
        clock: waits.then(|| Clock::new(l, subject.as_of, measure.due_on)),
    }
}

/// The help of a household.
///
/// # Errors
/// What the database refuses.
pub fn measures(session: &mut Session, subject: &OfHousehold) -> Result<Option<Panel>> {
    if !may_see(subject) {
        return Ok(None);
    }
    let role = subject.ctx.actor.role;
    let plans = allows(role, Permission::AssistancePlan)
        && !subject.ctx.is_past()
        && subject.household.closed_on.is_none();
    let all = measures_of(session, subject.household.id, subject.as_of)?;
    let (stands, over): (Vec<&Measure>, Vec<&Measure>) = all.iter().partition(|one| one.stands);
    let rows = |all: Vec<&Measure>| all.into_iter().map(|one| row(subject, one)).collect();
    let body = MeasuresPanel {
        l: subject.l,
        rows: rows(stands),
        over: rows(over),
        new: plans.then(|| format!("/households/{}/measures/new", subject.household.id)),
    };
    Ok(Some(Panel { place: Place::Middle, html: body.render().or_fault("help of a household")? }))
}

#[derive(Template)]
#[template(path = "assistance/templates/helper_panel.html")]
struct HelperPanel {
    l: L,
    now: Option<(String, String, Option<String>, String)>,
    before: Vec<(String, String)>,
    release: Option<String>,
    change: Option<(String, String)>,
}

/// Who looks after a household, and who did.
///
/// # Errors
/// What the database refuses.
pub fn helper(session: &mut Session, subject: &OfHousehold) -> Result<Option<Panel>> {
    if !may_see(subject) {
        return Ok(None);
    }
    let l = subject.l;
    let all = helpers_of(session, subject.household.id, subject.as_of)?;
    let (now, before): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|one| one.to.is_none_or(|last| last >= subject.as_of));
    let change = allows(subject.ctx.actor.role, Permission::AssistanceAssign)
        && !subject.ctx.is_past()
        && subject.household.closed_on.is_none();
    let id = if now.is_empty() { "assistance-helper-name" } else { "assistance-helper-change" };
    let has = !now.is_empty();
    let now = now.into_iter().next().map(|one| -> Result<_> {
        let sealed = one.phone_sealed.filter(|_| subject.permit.opens(FieldClass::Identity));
        let phone = sealed.map(|sealed| subject.ctx.db.keys().open_text(&sealed)).transpose()?;
        let since = l.t1("assistance-helper-since", "day", one.from.to_string());
        Ok((one.name, one.unit, phone, since))
    });
    let span = |one: crate::assistance::Helper| {
        let last = one.to.map(|day| day.to_string()).unwrap_or_default();
        (format!("{} · {}", one.name, one.unit), format!("{} – {last}", one.from))
    };
    let body = HelperPanel {
        l,
        now: now.transpose()?,
        before: before.into_iter().map(span).collect(),
        release: (change && has)
            .then(|| format!("/households/{}/helper/release", subject.household.id)),
        change: change.then(|| (format!("/households/{}/helper", subject.household.id), l.t(id))),
    };
    Ok(Some(Panel { place: Place::Side, html: body.render().or_fault("helper of a household")? }))
}

/// What was given, and who came to help, for the timeline.
///
/// # Errors
/// What the database refuses.
pub fn events(session: &mut Session, subject: &OfHousehold) -> Result<Vec<Event>> {
    if !may_see(subject) {
        return Ok(Vec::new());
    }
    let l = subject.l;
    let mut events = Vec::new();
    for measure in measures_of(session, subject.household.id, subject.as_of)? {
        let kind = kind_word(l, &measure.kind);
        let mut say = |day: String, tone: Tone, id: &str, text: String| {
            events.push(Event {
                day,
                tone,
                title: l.t1(&format!("assistance-event-{id}"), "kind", &kind),
                text,
                source: None,
                href: Some(format!("/assistance/{}", measure.id)),
            });
        };
        say(measure.promised_on.to_string(), Tone::Grey, "promised", measure.words.clone());
        if let Some(given) = &measure.delivered {
            let proof = l.t(&format!("assistance-proof-{}", given.proof.code()));
            let money = subject.permit.opens(FieldClass::Money);
            let amount = given.amount.filter(|_| money).map(|amount| l.money(amount.fen()));
            let parts = [Some(format!("{proof} {}", given.number)), amount];
            let text = parts.into_iter().flatten().collect::<Vec<_>>().join(" · ");
            say(given.on.to_string(), Tone::Green, "given", text);
        }
        if let Some((on, how, why)) = &measure.ended {
            say(on.to_string(), Tone::Grey, how.code(), why.clone());
        }
    }
    for one in helpers_of(session, subject.household.id, subject.as_of)? {
        events.push(Event {
            day: one.from.to_string(),
            tone: Tone::Grey,
            title: l.t1("assistance-event-helper", "name", &one.name),
            text: one.unit,
            source: None,
            href: None,
        });
    }
    Ok(events)
}
