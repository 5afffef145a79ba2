//! The page of one household (一户一档), of today or of any past day, on the screen and on paper.

use askama::Template;
use axum::extract::{Extension, Path};
use kernel::area::AreaCode;
use kernel::error::Result;
use kernel::permission::{Permission, allows};
use kernel::time::{Day, Instant};
use store::{Ctx, Permit};
use web::ui::{Chip, Event, Source, Timeline, Tone};
use web::{Act, Address, Answer, CtxOf, Desk, L, blocking, page};

use super::pages::{KINDS, chip_of, status_word};
use super::panels::{Panels, Place, Subject};
use super::queries::{self, Household, Status};
use super::residents::{Resident, list_residents};
use super::status::{Scheme, held};
use super::waiting::{Proposal, list_proposals};

struct Member {
    id: String,
    name: String,
    kin: String,
    line: String,
    chips: Vec<Chip>,
    /// The household in which the person lives under another number.
    gone_to: Option<String>,
}

struct StatusLine {
    scheme: String,
    value: String,
    since: String,
    source: Source,
}

#[derive(Template)]
#[template(path = "households/templates/show.html")]
struct ShowPage {
    l: L,
    household: Household,
    head: String,
    place: String,
    phone: Option<String>,
    chips: Vec<Chip>,
    members: Vec<Member>,
    former: Vec<Member>,
    statuses: Vec<StatusLine>,
    middle: Vec<String>,
    side: Vec<String>,
    timeline: Timeline,
    waiting: usize,
    changes: Vec<(&'static str, String)>,
    may_reveal: bool,
    printed: String,
}

pub(super) async fn show(
    CtxOf(ctx): CtxOf,
    desk: Desk,
    Path(id): Path<String>,
    panels: Option<Extension<Panels>>,
) -> Answer {
    let built = build(ctx, &desk, id, panels).await?;
    let mut shell = desk.untitled().title(built.0.head.clone()).nav("households").wide().headless();
    for step in &built.1 {
        let to = Address::new("/households", "").with("area", step.0.as_str());
        shell = shell.area(step, to.to_string());
    }
    page(&shell.here(built.0.head.clone()), built.0)
}

/// The same page on paper: 一户一档.
pub(super) async fn print(
    CtxOf(ctx): CtxOf,
    desk: Desk,
    Path(id): Path<String>,
    panels: Option<Extension<Panels>>,
) -> Answer {
    let l = desk.l;
    let (mut body, _) = build(ctx, &desk, id, panels).await?;
    body.changes.clear();
    body.waiting = 0;
    body.may_reveal = false;
    let title = l.t1("households-print-title", "number", &body.household.number);
    let back = Act::new(l.t("web-back"), format!("/households/{}", body.household.id));
    page(&desk.untitled().title(title).bare().act(back).act(Act::print(l)), body)
}

type Built = (ShowPage, Vec<(AreaCode, String)>);

async fn build(
    ctx: Ctx,
    desk: &Desk,
    id: String,
    panels: Option<Extension<Panels>>,
) -> std::result::Result<Built, web::Failure> {
    let l = desk.l;
    let panels = panels.map(|Extension(panels)| panels).unwrap_or_default();
    let may_propose = desk.may(Permission::HouseholdPropose);
    let past = ctx.is_past();
    let may_reveal = desk.may(Permission::HouseholdReveal) && !past;
    let mut built = blocking(move || gather(&ctx, l, &id, &panels)).await?;
    if may_propose && built.0.household.closed_on.is_none() && !past {
        built.0.changes =
            KINDS.iter().map(|kind| (*kind, l.t(&format!("households-change-{kind}")))).collect();
    }
    built.0.may_reveal = may_reveal;
    Ok(built)
}

fn gather(ctx: &Ctx, l: L, id: &str, panels: &Panels) -> Result<Built> {
    let permit = ctx.permit(Permission::HouseholdSee)?;
    let mut session = ctx.read()?;
    let household = queries::load_household(ctx, &mut session, &permit, id)?;
    let as_of = ctx.today;
    let all = list_residents(&mut session, &household.id)?;
    let known_at: Instant = ctx.now;
    let on_day =
        |resident: &&Resident| held(resident.stay.span, resident.recorded, as_of, known_at);
    let mut here: Vec<Resident> = all.iter().filter(on_day).cloned().collect();
    here.sort_by_key(|resident| !resident.stay.kin.is_head());
    let former: Vec<&Resident> = former_of(&all, &here);
    let statuses = queries::list_statuses(&mut session, &household.id)?;
    let path = crate::areas::path_of(&mut session, household.village)?;
    let subject =
        Subject { ctx, permit: &permit, household: &household, residents: &here, as_of, l };
    let (mut middle, mut side) = (Vec::new(), Vec::new());
    for panel in panels.panels.iter() {
        if let Some(panel) = panel(&mut session, &subject)? {
            match panel.place {
                Place::Middle => middle.push(panel.html),
                Place::Side => side.push(panel.html),
            }
        }
    }
    let by_hand = list_proposals(&mut session, &permit, None, (None, Some(id)), MOST_BY_HAND)?;
    let mut events = own_events((ctx, l), &all, &statuses);
    for resident in all.iter().filter(|resident| !resident.set_aside()) {
        events.extend(comings_and_goings(l, resident, &by_hand, as_of));
    }
    for contributor in panels.events.iter() {
        events.extend(contributor(&mut session, &subject)?);
    }
    events.retain(|event| event.day <= as_of.to_string());
    events.sort_by(|a, b| b.day.cmp(&a.day));
    let open: Vec<&Status> = statuses
        .iter()
        .filter(|status| held(status.span, status.recorded, as_of, known_at))
        .collect();
    let member = |resident: &Resident| member_of(l, ctx, &permit, (resident, &open), as_of);
    let members = here.iter().map(member).collect::<Result<Vec<_>>>()?;
    let former = former.into_iter().map(member).collect::<Result<Vec<_>>>()?;
    let own: Vec<&&Status> = open.iter().filter(|status| status.person.is_none()).collect();
    let place = path
        .iter()
        .skip(3)
        .map(|(_, name)| name.as_str())
        .chain(household.group.as_deref())
        .collect::<Vec<_>>()
        .join(" ");
    let page = ShowPage {
        l,
        head: here.first().map_or_else(|| household.number.clone(), |head| head.name.clone()),
        place,
        phone: phone_of(ctx, &permit, household.phone_sealed.as_deref())?,
        chips: own.iter().filter_map(|status| chip_of(l, status.scheme, &status.value)).collect(),
        members,
        former,
        statuses: own.iter().map(|status| status_line((ctx, l), status, as_of)).collect(),
        middle,
        side,
        timeline: Timeline(events),
        waiting: by_hand.iter().filter(|one| one.state == "proposed").count(),
        changes: Vec::new(),
        may_reveal: false,
        printed: l.t_args(
            "households-printed",
            &[("day", ctx.today.to_string().into()), ("who", (&ctx.actor.name).into())],
        ),
        household,
    };
    Ok((page, path))
}

fn former_of<'a>(all: &'a [Resident], here: &[Resident]) -> Vec<&'a Resident> {
    let mut seen: Vec<kernel::ids::PersonId> =
        here.iter().map(|resident| resident.stay.person).collect();
    let mut found = Vec::new();
    let told = |resident: &&Resident| !resident.set_aside() || resident.same_as.is_some();
    for resident in all.iter().rev().filter(told) {
        if !seen.contains(&resident.stay.person) {
            seen.push(resident.stay.person);
            found.push(resident);
        }
    }
    found
}

fn phone_of(ctx: &Ctx, permit: &Permit, sealed: Option<&str>) -> Result<Option<String>> {
    if !permit.opens(kernel::permission::FieldClass::Identity) {
        return Ok(None);
    }
    let open = |text: &str| ctx.db.keys().open_text(text);
    let phone = sealed.map(open).transpose()?;
    Ok(phone.and_then(|text| kernel::phone::Phone::read(&text).ok()).map(|phone| phone.masked()))
}

fn member_of(
    l: L,
    ctx: &Ctx,
    permit: &Permit,
    (resident, statuses): (&Resident, &[&Status]),
    as_of: Day,
) -> Result<Member> {
    let mut parts = Vec::new();
    if let Some(sex) = resident.stay.sex {
        parts.push(l.t(&format!("households-sex-{}", sex.text())));
    }
    if let Some(birth) = resident.birth_day {
        parts.push(l.t1("households-age", "n", birth.age_on(resident.died_on.unwrap_or(as_of))));
    }
    if permit.opens(kernel::permission::FieldClass::Identity)
        && let Some(sealed) = &resident.id_sealed
        && let Some(id) = kernel::idnumber::IdNumber::of_form(&ctx.db.keys().open_text(sealed)?)
    {
        parts.push(id.masked());
    }
    parts.extend(phone_of(ctx, permit, resident.phone_sealed.as_deref())?);
    let mut chips = Vec::new();
    if let Some((name, _)) = &resident.same_as {
        chips.push(Chip::new(Tone::Accent, l.t1("households-same-as", "name", name)));
    } else if let Some(day) = resident.died_on {
        chips.push(Chip::new(Tone::Grey, l.t1("households-died", "day", day.to_string())));
    } else if let Some(how) = resident.stay.how_out {
        let day = resident.stay.span.to.map(|day| day.to_string()).unwrap_or_default();
        chips.push(Chip::new(
            Tone::Grey,
            format!("{} {day}", l.t(&format!("households-out-{}", how.as_str()))),
        ));
    }
    if resident.id_state != crate::people::IdState::Ok {
        let word = l.t(&format!("people-id-{}", resident.id_state.as_str()));
        chips.push(Chip::new(Tone::Amber, word).icon("bang"));
    }
    let own = statuses.iter().filter(|status| status.person == Some(resident.stay.person));
    chips.extend(own.filter_map(|status| chip_of(l, status.scheme, &status.value)));
    Ok(Member {
        id: resident.stay.person.to_string(),
        name: resident.name.clone(),
        kin: l.t(&format!("households-kin-{}", resident.stay.kin.code())),
        line: parts.join(" · "),
        chips,
        gone_to: resident.same_as.as_ref().map(|(_, home)| home.clone()),
    })
}

/// Whether the one who looks may open rows of lists of this department: a chip that others see leads nowhere.
#[must_use]
pub fn opens_row(ctx: &Ctx, department: &str) -> bool {
    allows(ctx.actor.role, Permission::IntakeSee)
        && ctx.actor.department.as_deref().is_none_or(|own| own == department)
}

/// The row that a status came with, for who may open it.
fn row_of(ctx: &Ctx, status: &Status) -> Option<String> {
    opens_row(ctx, &status.source)
        .then(|| format!("/intake/batches/{}/rows/{}", status.row.0, status.row.1))
}

/// The name of a source in words: the register, a form, or the department as it is stored.
pub(super) fn source_word(l: L, source: &str) -> String {
    match l.find(&format!("households-source-{source}"), &[]) {
        Some(word) => word,
        None => source.to_owned(),
    }
}

fn status_line((ctx, l): (&Ctx, L), status: &Status, as_of: Day) -> StatusLine {
    let age = status.span.from.days_until(as_of);
    let source = Source::new(l, &source_word(l, &status.source), "", age);
    StatusLine {
        scheme: l.t(&format!("households-scheme-{}", status.scheme.as_str())),
        value: status_word(l, status.scheme, &status.value),
        since: l.t1("households-since", "day", status.span.from.to_string()),
        source: match row_of(ctx, status) {
            Some(row) => source.href(row),
            None => source,
        },
    }
}

/// Changes by hand that are looked through for who made them.
const MOST_BY_HAND: i64 = 200;

/// How somebody came and went. What was written down by hand says so, and who proposed and who confirmed it.
fn comings_and_goings(l: L, resident: &Resident, by_hand: &[Proposal], as_of: Day) -> Vec<Event> {
    let stay = &resident.stay;
    let came = (stay.how_in.as_str(), Some(stay.span.from), "in", Tone::Green);
    let went = (stay.how_out.map_or("", |how| how.as_str()), stay.span.to, "out", Tone::Grey);
    let told =
        [came, went].into_iter().filter(|(how, ..)| !matches!(*how, "" | "head" | "correction"));
    let mut events = Vec::new();
    for (how, day, way, tone) in told {
        let (Some(day), false) = (day, way == "in" && how == "register") else { continue };
        let kind = match how {
            "marriage" => "marriage_in",
            "left" => "leave",
            how => how,
        };
        let made = by_hand.iter().find(|one| (one.kind.as_str(), one.on) == (kind, day));
        let decided = made.and_then(|one| Some((one, one.decided.as_ref()?)));
        let text = decided.map(|(one, (who, at))| {
            l.t_args(
                "households-by-hand",
                &[("by", (&one.by).into()), ("who", who.into()), ("at", at.into())],
            )
        });
        let source = (how != "register")
            .then(|| Source::new(l, &source_word(l, "hand"), "", day.days_until(as_of)));
        events.push(Event {
            day: day.to_string(),
            tone,
            title: l.t1(&format!("households-event-{way}-{how}"), "name", &resident.name),
            text: text.unwrap_or_default(),
            source,
            href: None,
        });
    }
    events
}

/// Changes of the head and statuses, for the timeline.
fn own_events((ctx, l): (&Ctx, L), residents: &[Resident], statuses: &[Status]) -> Vec<Event> {
    let event = |day: Day, tone, title: String| Event {
        day: day.to_string(),
        tone,
        title,
        text: String::new(),
        source: None,
        href: None,
    };
    let mut events = Vec::new();
    for resident in residents {
        let stay = &resident.stay;
        if stay.how_in.as_str() == "head" && stay.kin.is_head() {
            events.push(event(
                stay.span.from,
                Tone::Accent,
                l.t1("households-event-head", "name", &resident.name),
            ));
        }
    }
    for status in
        statuses.iter().filter(|status| status.scheme != Scheme::Type || status.value != "general")
    {
        let word = status_word(l, status.scheme, &status.value);
        let named = status
            .person
            .and_then(|id| residents.iter().find(|resident| resident.stay.person == id));
        let word = named.map_or(word.clone(), |resident| format!("{} · {word}", resident.name));
        let mut begun =
            event(status.span.from, Tone::Accent, l.t1("households-event-status", "status", &word));
        begun.href = row_of(ctx, status);
        events.push(begun);
        if let Some(day) = status.span.to {
            events.push(event(
                day,
                Tone::Grey,
                l.t1("households-event-status-ended", "status", &word),
            ));
        }
    }
    events
}
