//! `GET /sittings`: drafts, sittings that were held, villages whose cases wait; `/sittings/new`: which households; one sitting.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::Path;
use kernel::area::AreaCode;
use kernel::error::{Error, Refusal, RefusalKind};
use kernel::ids::{CaseId, SittingId};
use kernel::permission::Permission;
use kernel::time::Day;
use store::Ctx;
use web::ui::{Chip, Choice, Csrf, Empty, Errors, Field, Mark, Tone};
use web::{Act, Answer as Answered, CtxOf, Desk, Fields, L, blocking, done, page, page_of_form};

use super::actions;
use super::model::{Entry, Line, Outcome, RESULTS, Sitting};

struct Row {
    href: String,
    day: String,
    village: String,
    by: String,
    chip: Chip,
}

#[derive(Template)]
#[template(path = "cases/sittings/templates/list.html")]
struct ListPage {
    l: L,
    rows: Vec<Row>,
    villages: Vec<(String, String, String)>,
    empty: Empty,
}

fn state_chip(l: L, state: &str) -> Chip {
    let tone = if state == "draft" { Tone::Amber } else { Tone::Green };
    Chip::new(tone, l.t(&format!("cases-sitting-{state}")))
}

/// `GET /sittings`
pub async fn list(CtxOf(ctx): CtxOf, desk: Desk) -> Answered {
    let l = desk.l;
    let works = desk.may(Permission::CaseWork);
    let (all, waiting) = blocking(move || {
        let waiting = if works { actions::waiting(&ctx, None)? } else { Vec::new() };
        Ok((actions::list(&ctx, None)?, waiting))
    })
    .await?;
    let mut villages: BTreeMap<AreaCode, (String, usize)> = BTreeMap::new();
    for (line, _) in waiting {
        villages.entry(line.village.0).or_insert((line.village.1, 0)).1 += 1;
    }
    let row = |one: &Sitting| Row {
        href: format!("/sittings/{}", one.id),
        day: one.entry.on.to_string(),
        village: one.village.1.clone(),
        by: one.held_by.clone().unwrap_or_else(|| one.by.clone()),
        chip: state_chip(l, &one.state),
    };
    let village = |(code, (name, n)): (AreaCode, (String, usize))| {
        (format!("/sittings/new?area={code}"), name, l.t1("cases-sitting-wait", "n", n))
    };
    let body = ListPage {
        l,
        rows: all.iter().map(row).collect(),
        villages: villages.into_iter().map(village).collect(),
        empty: Empty::new(l.t("cases-sittings-none"), l.t("cases-sittings-none-help")),
    };
    let shell = desk.shell("cases-sittings").nav("cases").crumb(l.t("nav-cases"), "/cases");
    page(&shell, body)
}

#[derive(Template)]
#[template(path = "cases/sittings/templates/new.html")]
struct NewPage {
    l: L,
    csrf: Csrf,
    errors: Errors,
    rows: Vec<(String, String, String, String)>,
    empty: Empty,
}

async fn choose(ctx: Ctx, desk: Desk, refused: Option<Refusal>) -> Answered {
    let l = desk.l;
    let area = desk.address.get("area").and_then(|text| AreaCode::parse_short(text).ok());
    let waiting = blocking(move || {
        ctx.permit(Permission::CaseWork)?;
        actions::waiting(&ctx, area.or(ctx.actor.home))
    })
    .await?;
    let rows = waiting.iter().map(|(line, removal)| {
        let matter = if *removal { "papers-matter-removal" } else { "papers-matter-taking" };
        let head = if line.head.is_empty() { &line.household_number } else { &line.head };
        let place = format!("{} {}", line.village.1, line.group.clone().unwrap_or_default());
        (line.id.to_string(), head.clone(), place, l.t(matter))
    });
    let body = NewPage {
        l,
        csrf: Csrf(desk.csrf.clone()),
        errors: Errors::new(l, refused.as_ref()),
        rows: rows.collect(),
        empty: Empty::new(l.t("cases-sitting-nobody"), l.t("cases-sitting-nobody-help")),
    };
    let shell = desk
        .shell("cases-sitting-new")
        .nav("cases")
        .crumb(l.t("nav-cases"), "/cases")
        .crumb(l.t("cases-sittings-title"), "/sittings");
    page_of_form(&shell, body, refused.as_ref())
}

/// `GET /sittings/new?area=…`
pub async fn new(CtxOf(ctx): CtxOf, desk: Desk) -> Answered {
    choose(ctx, desk, None).await
}

/// `POST /sittings/new`
pub async fn open(CtxOf(ctx): CtxOf, desk: Desk, sent: Fields) -> Answered {
    ctx.permit(Permission::CaseWork)?;
    let cases: Vec<CaseId> =
        sent.all("case").iter().filter_map(|text| CaseId::parse(text).ok()).collect();
    let acting = ctx.clone();
    match blocking(move || actions::open(&acting, &cases)).await {
        Ok(id) => done(&format!("/sittings/{id}"), "cases-sitting-opened-done"),
        Err(Error::Refusal(refusal)) => choose(ctx, desk, Some(refusal)).await,
        Err(fault) => Err(fault.into()),
    }
}

/// A household of a sitting as its page shows it.
struct LineRow {
    href: String,
    head: String,
    number: String,
    matter: String,
    result: Field,
    agreed: Field,
    words: Field,
    said: String,
    count: String,
    text: String,
    outcome: Option<Mark>,
}

#[derive(Template)]
#[template(path = "cases/sittings/templates/one.html")]
struct OnePage {
    l: L,
    id: String,
    version: i64,
    csrf: Csrf,
    errors: Errors,
    chip: Chip,
    open: bool,
    fields: Vec<Field>,
    minutes: Field,
    facts: Vec<(String, String)>,
    rows: Vec<LineRow>,
}

fn values(one: &Sitting) -> Fields {
    let entry = &one.entry;
    let present = if entry.present > 0 { entry.present.to_string() } else { String::new() };
    let mut fields = Fields::default()
        .with("on", entry.on)
        .with("place", &entry.place)
        .with("presided", &entry.presided)
        .with("recorder", &entry.recorder)
        .with("present", present)
        .with("attending", &entry.attending)
        .with("minutes", &entry.minutes);
    for line in &one.lines {
        let agreed = if line.result.is_empty() { String::new() } else { line.agreed.to_string() };
        fields = fields
            .with(&format!("result-{}", line.case), &line.result)
            .with(&format!("agreed-{}", line.case), agreed)
            .with(&format!("words-{}", line.case), &line.words);
    }
    fields
}

fn outcome(l: L, line: &Line) -> Option<Mark> {
    match &line.outcome {
        Outcome::None => None,
        Outcome::Taken => Some(Mark::ok(l.t("cases-sitting-taken"))),
        Outcome::Refused(code) => {
            let id = format!("refusal-{}", code.replace('.', "-"));
            let values = [
                ("until", String::new().into()),
                ("count", 0.into()),
                ("who", String::new().into()),
            ];
            Some(Mark::bad(l.t_args(&id, &values)))
        }
    }
}

fn row(l: L, line: &Line, (sent, refused): (&Fields, Option<&Refusal>)) -> LineRow {
    let matter = if line.removal { "papers-matter-removal" } else { "papers-matter-taking" };
    let results = RESULTS.iter().map(|one| Choice::new(*one, l.t(&format!("cases-result-{one}"))));
    let results = std::iter::once(Choice::new("", l.t("cases-result-open"))).chain(results);
    let name = |id: &str| format!("{id}-{}", line.case);
    let said = match line.result.as_str() {
        "" => String::new(),
        result => l.t(&format!("cases-result-{result}")),
    };
    LineRow {
        href: format!("/cases/{}", line.case),
        head: if line.head.is_empty() { line.household_number.clone() } else { line.head.clone() },
        number: line.number.clone(),
        matter: l.t(matter),
        result: Field::select(name("result"), l.t("cases-sitting-result"), results.collect())
            .filled(l, sent, refused),
        agreed: Field::input("number", name("agreed"), l.t("cases-sitting-agreed"))
            .filled(l, sent, refused),
        words: Field::text(name("words"), l.t("cases-sitting-words")).filled(l, sent, refused),
        said,
        count: line.agreed.to_string(),
        text: line.words.clone(),
        outcome: outcome(l, line),
    }
}

async fn shown(
    ctx: Ctx,
    desk: Desk,
    (id, sent, refused): (SittingId, Option<Fields>, Option<Refusal>),
) -> Answered {
    let l = desk.l;
    let one = blocking(move || actions::show(&ctx, id)).await?;
    let sent = sent.unwrap_or_else(|| values(&one));
    let refusal = refused.as_ref();
    let open = one.is_draft() && desk.may(Permission::CaseWork);
    let field = |field: Field| field.filled(l, &sent, refusal);
    let entry = &one.entry;
    let facts = [
        ("on", entry.on.to_string()),
        ("place", entry.place.clone()),
        ("presided", entry.presided.clone()),
        ("recorder", entry.recorder.clone()),
        ("present", entry.present.to_string()),
        ("attending", entry.attending.clone()),
        ("minutes", entry.minutes.clone()),
    ];
    let word = |id: &str| l.t(&format!("cases-sitting-{id}"));
    let fields = vec![
        field(Field::input("date", "on", word("on"))),
        field(Field::text("place", word("place"))),
        field(Field::text("presided", word("presided"))),
        field(Field::text("recorder", word("recorder"))),
        field(Field::input("number", "present", word("present"))),
        field(Field::text("attending", word("attending"))),
    ];
    let minutes =
        field(Field::area("minutes", word("minutes")).help(l.t("cases-sitting-minutes-help")));
    let rows: Vec<LineRow> = one.lines.iter().map(|line| row(l, line, (&sent, refusal))).collect();
    let of_rows = rows.iter().flat_map(|row| [row.result.clone(), row.agreed.clone()]);
    let named: Vec<Field> =
        fields.iter().cloned().chain([minutes.clone()]).chain(of_rows).collect();
    let body = OnePage {
        l,
        id: id.to_string(),
        version: one.version,
        csrf: Csrf(desk.csrf.clone()),
        errors: Errors::new(l, refusal).labelled(l, &named),
        chip: state_chip(l, &one.state),
        open,
        fields,
        minutes,
        facts: facts.into_iter().map(|(id, value)| (word(id), value)).collect(),
        rows,
    };
    let mut shell = desk
        .untitled()
        .title(format!("{} · {}", l.t("cases-sitting"), one.village.1))
        .nav("cases")
        .wide()
        .crumb(l.t("nav-cases"), "/cases")
        .crumb(l.t("cases-sittings-title"), "/sittings")
        .act(
            Act::new(l.t("papers-kind-minutes"), format!("/sittings/{id}/minutes")).icon("export"),
        );
    if desk.may(Permission::PaperMake) {
        let to = format!("/sittings/{id}/minutes.docx");
        shell = shell.act(Act::new(l.t("papers-word"), to).icon("export"));
    }
    page_of_form(&shell, body, refusal)
}

/// `GET /sittings/{id}`
pub async fn show(CtxOf(ctx): CtxOf, (desk, Path(id)): (Desk, Path<SittingId>)) -> Answered {
    shown(ctx, desk, (id, None, None)).await
}

fn entry_of(sent: &Fields, cases: impl Iterator<Item = CaseId>) -> Result<Entry, Refusal> {
    let wrong = Refusal::invalid("cases.fields");
    let on = Day::parse(sent.text("on")).map_err(|_| wrong.clone().field("on", "web.not_a_day"))?;
    let number = |name: &str| match sent.text(name).trim() {
        "" => Ok(0),
        text => {
            let parsed = text.parse::<u32>().map(i64::from);
            parsed.map_err(|_| wrong.clone().field(name.to_owned(), "web.not_a_number"))
        }
    };
    let mut lines = BTreeMap::new();
    for case in cases {
        let result = sent.text(&format!("result-{case}")).to_owned();
        let agreed = number(&format!("agreed-{case}"))?;
        lines.insert(case, (result, agreed, sent.text(&format!("words-{case}")).to_owned()));
    }
    let text = |name: &str| sent.text(name).to_owned();
    Ok(Entry {
        on,
        place: text("place"),
        presided: text("presided"),
        recorder: text("recorder"),
        present: number("present")?,
        attending: text("attending"),
        minutes: text("minutes"),
        lines,
    })
}

/// `POST /sittings/{id}`: keeps what was entered; enters it as held; drops it.
pub async fn change(
    CtxOf(ctx): CtxOf,
    (desk, Path(id)): (Desk, Path<SittingId>),
    sent: Fields,
) -> Answered {
    ctx.permit(Permission::CaseWork)?;
    let (acting, form) = (ctx.clone(), sent.clone());
    let changed = blocking(move || {
        let version: i64 = form.text("version").parse().unwrap_or(0);
        if form.text("do") == "drop" {
            return actions::drop_draft(&acting, (id, version))
                .map(|()| "cases-sitting-dropped-done");
        }
        let one = actions::show(&acting, id)?;
        let entry = entry_of(&form, one.lines.iter().map(|line| line.case))?;
        actions::save(&acting, (id, version), entry)?;
        if form.text("do") != "hold" {
            return Ok("cases-sitting-saved");
        }
        actions::hold(&acting, (id, version + 1)).map(|_| "cases-sitting-held-done")
    })
    .await;
    match changed {
        Ok("cases-sitting-dropped-done") => done("/sittings", "cases-sitting-dropped-done"),
        Ok(said) => done(&format!("/sittings/{id}"), said),
        Err(Error::Refusal(refusal)) if refusal.kind != RefusalKind::NotFound => {
            // what was kept before the refusal has a new version
            let kept = refusal.code == "cases.sitting_incomplete";
            let sent = if kept { None } else { Some(sent) };
            shown(ctx, desk, (id, sent, Some(refusal))).await
        }
        Err(error) => Err(error.into()),
    }
}
