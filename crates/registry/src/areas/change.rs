//! Pages by which the county changes areas: a new code list, another name, two villages that become one.

use askama::Template;
use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, Path};
use axum::response::IntoResponse;
use kernel::area::{AreaCode, AreaLevel};
use kernel::error::{Error, Refusal, Result};
use kernel::permission::Permission;
use store::Ctx;
use web::ui::{Choice, Csrf, Errors, Field, Note, Tone};
use web::{Address, Answer, Checks, CtxOf, Desk, Fields, L, Secret, blocking, page_of_form};

use super::actions::{self, Imported};
use super::kinds::village_kinds;
use super::model::Area;
use super::queries::{self, SaidKind};

#[derive(Template)]
#[template(path = "areas/templates/import.html")]
struct ImportPage {
    l: L,
    csrf: Csrf,
    errors: Errors,
    file: Field,
    report: Option<Note>,
    findings: Vec<(String, String, String)>,
}

fn import_page(desk: &Desk, done: Option<(&Imported, bool)>, refused: Option<&Refusal>) -> Answer {
    let l = desk.l;
    let report = done.map(|(done, tried)| {
        let numbers = l.t_args(
            "areas-imported",
            &[
                ("added", done.added.into()),
                ("renamed", done.renamed.into()),
                ("reclassed", done.reclassed.into()),
                ("succeeded", done.succeeded.into()),
            ],
        );
        let tone = if done.findings.is_empty() { Tone::Green } else { Tone::Amber };
        let said = if tried { l.t("areas-tried") } else { String::new() };
        Note::new(tone, numbers, said)
    });
    let findings = done.iter().flat_map(|(done, _)| &done.findings).map(|finding| {
        let args: Vec<(&str, web::Arg)> =
            finding.args.iter().map(|(name, value)| (name.as_ref(), value.into())).collect();
        let what = web::word_of(l, "finding", &finding.code, &args);
        let id = kernel::error::message_id("finding", &finding.code);
        let advice = l.find(&format!("{id}.advice"), &args).unwrap_or_default();
        (finding.place.cell(), what, advice)
    });
    let body = ImportPage {
        l,
        csrf: Csrf(desk.csrf.clone()),
        errors: Errors::new(l, refused),
        file: Field::input("file", "file", l.t("areas-file"))
            .help(l.t("areas-file-help"))
            .required()
            .filled(l, &Fields::default(), refused),
        findings: findings.collect(),
        report,
    };
    let shell = desk.shell("areas-import").nav("areas").crumb(l.t("areas-list-title"), "/areas");
    page_of_form(&shell, body, refused)
}

/// `GET /areas/import`
pub async fn form(CtxOf(ctx): CtxOf, desk: Desk) -> Answer {
    ctx.permit(Permission::AreaManage)?;
    import_page(&desk, None, None)
}

/// `POST /areas/import`: takes the list in and says what it changed.
pub async fn take(
    CtxOf(ctx): CtxOf,
    desk: Desk,
    secret: Secret,
    sent: std::result::Result<Multipart, MultipartRejection>,
) -> Answer {
    ctx.permit(Permission::AreaManage)?;
    let broken = || Error::from(Refusal::invalid("web.form_unreadable"));
    let mut sent = sent.map_err(|_| broken())?;
    secret.admit(&mut sent).await?;
    let (mut name, mut bytes, mut tried) = (String::new(), Vec::new(), false);
    while let Some(field) = sent.next_field().await.map_err(|_| broken())? {
        if field.name() == Some("file") {
            name = field.file_name().unwrap_or_default().to_owned();
            bytes = field.bytes().await.map_err(|_| broken())?.to_vec();
        } else if field.name() == Some("dry") {
            tried = true;
        }
    }
    if name.is_empty() || bytes.is_empty() {
        let refusal = Refusal::invalid("intake.no_file").field("file", "web.required");
        return import_page(&desk, None, Some(&refusal));
    }
    let taken = blocking(move || match tried {
        true => actions::try_list(&ctx, bytes, &name),
        false => actions::import_list(&ctx, bytes, &name),
    });
    match taken.await {
        Ok(done) => import_page(&desk, Some((&done, tried)), None),
        Err(Error::Refusal(refusal)) => import_page(&desk, None, Some(&refusal)),
        Err(fault) => Err(fault.into()),
    }
}

#[derive(Template)]
#[template(path = "areas/templates/change.html")]
struct ChangePage {
    l: L,
    csrf: Csrf,
    errors: Errors,
    code: String,
    name: Field,
    official: Field,
    on: Field,
    merging: Option<(Field, Field)>,
    households: i64,
    village: bool,
    kind: Option<(Field, Field, Field)>,
    said: Vec<(String, String)>,
}

struct Found {
    area: Area,
    others: Vec<(AreaCode, String)>,
    said: Vec<SaidKind>,
    households: i64,
    path: Vec<(AreaCode, String)>,
}

fn found(ctx: &Ctx, code: AreaCode) -> Result<Found> {
    ctx.permit(Permission::AreaManage)?;
    let mut session = ctx.read()?;
    let area = queries::find_area(&mut session, code)?
        .filter(|area| area.span.is_open() && ctx.actor.works_in(area.row.code));
    let Some(area) = area else {
        return Err(Refusal::not_found("areas.no_such_village").arg("code", code).into());
    };
    let counts = queries::count_people(&mut session, code)?;
    let mut others = Vec::new();
    if area.row.level == AreaLevel::Village
        && let Some(county) = code.at(AreaLevel::County)
    {
        let all = queries::list_areas(&mut session, Some(county))?;
        let town = |code: AreaCode| {
            let town = code.at(AreaLevel::Town);
            all.iter().find(|area| Some(area.row.code) == town).map(|area| area.row.name.clone())
        };
        for other in &all {
            let open = other.span.is_open() && other.row.level == AreaLevel::Village;
            if open && other.row.code != code {
                let name =
                    format!("{} {}", town(other.row.code).unwrap_or_default(), other.row.name);
                others.push((other.row.code, name));
            }
        }
        // those of the same township first: that is where a village is merged into
        others.sort_by_key(|(other, _)| {
            (other.at(AreaLevel::Town) != code.at(AreaLevel::Town), *other)
        });
    }
    let path = queries::path_of(&mut session, code)?;
    let said = queries::list_said_kinds(&mut session, code)?;
    let households = counts.iter().map(|(_, households, _)| households).sum();
    Ok(Found { area, others, said, households, path })
}

/// All kinds that may apply, from which day on, by which document.
fn kind_fields(
    l: L,
    found: &Found,
    (fields, refused): (&Fields, Option<&Refusal>),
    today: kernel::time::Day,
) -> Result<(Field, Field, Field)> {
    let offered = village_kinds()?
        .iter()
        .filter(|kind| !kind.otherwise && kind.to.is_none_or(|to| today < to));
    let choices = offered.map(|kind| Choice::new(&kind.name, kind.word(l.0))).collect();
    let mut fields = fields.clone();
    if fields.text("kind_on").is_empty() {
        let class = found.area.row.class.clone().unwrap_or_default();
        fields = fields.with("kind_on", today).with("kind", class);
    }
    let boxes = Field::boxes("kind", l.t("areas-kinds"), choices).help(l.t("areas-kinds-help"));
    Ok((
        boxes.filled(l, &fields, refused),
        Field::input("date", "kind_on", l.t("areas-kind-on")).filled(l, &fields, refused),
        Field::text("document", l.t("areas-kind-document")).required().filled(l, &fields, refused),
    ))
}

async fn change_page(
    ctx: Ctx,
    desk: &Desk,
    code: AreaCode,
    (sent, refused): (Option<&Fields>, Option<&Refusal>),
) -> Answer {
    let (l, today) = (desk.l, ctx.today);
    let found = blocking(move || found(&ctx, code)).await?;
    let row = &found.area.row;
    let fresh = Fields::default()
        .with("name", &row.name)
        .with("official", &row.official_name)
        .with("on", today);
    let fields = sent.unwrap_or(&fresh);
    let day = |label: &str| Field::input("date", "on", l.t(label)).filled(l, fields, refused);
    let merging = (!found.others.is_empty()).then(|| {
        let mut choices = vec![Choice::new("", l.t("areas-choose-village"))];
        choices.extend(found.others.iter().map(|(code, name)| Choice::new(code.as_str(), name)));
        let into = Field::select("into", l.t("areas-merge-into"), choices);
        (into.filled(l, fields, refused), day("areas-merge-on"))
    });
    let village = row.level == AreaLevel::Village;
    let kind = match village {
        true => Some(kind_fields(l, &found, (fields, refused), today)?),
        false => None,
    };
    let said = found.said.iter().map(|one| {
        let what = format!("{} · {}", one.from, one.class);
        (what, format!("{} · {} · {}", one.document, one.by, one.at.local_text()))
    });
    let body = ChangePage {
        l,
        csrf: Csrf(desk.csrf.clone()),
        errors: Errors::new(l, refused),
        kind,
        said: said.collect(),
        code: code.to_string(),
        name: Field::text("name", l.t("areas-new-name")).filled(l, fields, refused),
        official: Field::text("official", l.t("areas-official-name"))
            .help(l.t("areas-official-help"))
            .filled(l, fields, refused),
        on: day("areas-renamed-on"),
        merging,
        households: found.households,
        village,
    };
    let mut shell = desk
        .untitled()
        .title(l.t1("areas-change-title", "name", &row.name))
        .lead(l.t("areas-change-lead"))
        .nav("areas");
    for step in &found.path {
        let to = Address::new("/areas", "").with("area", step.0.as_str());
        shell = shell.area(step, to.to_string());
    }
    page_of_form(&shell, body, refused)
}

/// `GET /areas/{code}/change`
pub async fn show(CtxOf(ctx): CtxOf, desk: Desk, Path(code): Path<String>) -> Answer {
    ctx.permit(Permission::AreaManage)?;
    change_page(ctx, &desk, code_of(&code)?, (None, None)).await
}

fn code_of(text: &str) -> Result<AreaCode> {
    AreaCode::parse_short(text)
        .map_err(|_| Refusal::not_found("areas.no_such_village").arg("code", text).into())
}

/// Does what a form asked for; what is refused is said on the page again.
async fn settle(
    (ctx, desk, code): (Ctx, Desk, AreaCode),
    sent: Fields,
    work: impl FnOnce(&Ctx, &Fields) -> Result<String> + Send + 'static,
) -> Answer {
    ctx.permit(Permission::AreaManage)?;
    let (acting, fields) = (ctx.clone(), sent.clone());
    let done = blocking(move || {
        found(&acting, code)?;
        work(&acting, &fields)
    });
    match done.await {
        Ok(to) => web::done(&to, "areas-changed-done"),
        Err(Error::Refusal(refusal)) if refusal.kind != kernel::error::RefusalKind::NotFound => {
            let answer = change_page(ctx, &desk, code, (Some(&sent), Some(&refusal))).await?;
            Ok(answer.into_response())
        }
        Err(error) => Err(error.into()),
    }
}

fn back_to(code: AreaCode) -> String {
    let above = code.at(AreaLevel::Town).filter(|town| *town != code);
    let above = above.or(code.at(AreaLevel::County)).unwrap_or(code);
    Address::new("/areas", "").with("area", above.as_str()).to_string()
}

/// `POST /areas/{code}/rename`
pub async fn rename(
    CtxOf(ctx): CtxOf,
    desk: Desk,
    Path(code): Path<String>,
    fields: Fields,
) -> Answer {
    let code = code_of(&code)?;
    settle((ctx, desk, code), fields, move |ctx, fields| {
        let mut checks = Checks::new(fields);
        let (name, on) = (checks.required("name"), checks.day("on"));
        checks.finish("areas.change_incomplete")?;
        let name = name.unwrap_or_default();
        actions::rename(ctx, code, (name, fields.text("official")), on.unwrap_or(ctx.today))?;
        Ok(back_to(code))
    })
    .await
}

/// `POST /areas/{code}/merge`
pub async fn merge(
    CtxOf(ctx): CtxOf,
    desk: Desk,
    Path(code): Path<String>,
    fields: Fields,
) -> Answer {
    let code = code_of(&code)?;
    settle((ctx, desk, code), fields, move |ctx, fields| {
        let mut checks = Checks::new(fields);
        let (into, on) = (checks.required("into"), checks.day("on"));
        checks.finish("areas.change_incomplete")?;
        let into = code_of(into.unwrap_or_default())?;
        actions::merge(ctx, code, into, on.unwrap_or(ctx.today))?;
        Ok(back_to(into))
    })
    .await
}

/// `POST /areas/{code}/kind`
pub async fn kind(
    CtxOf(ctx): CtxOf,
    desk: Desk,
    Path(code): Path<String>,
    fields: Fields,
) -> Answer {
    let code = code_of(&code)?;
    settle((ctx, desk, code), fields, move |ctx, fields| {
        let mut checks = Checks::new(fields);
        let (on, document) = (checks.day("kind_on"), checks.required("document"));
        checks.finish("areas.change_incomplete")?;
        let from = (on.unwrap_or(ctx.today), document.unwrap_or_default());
        actions::set_kind(ctx, code, fields.all("kind"), from)?;
        Ok(back_to(code))
    })
    .await
}
