//! One draft: what it changes, what that would do, and the way to publication.

use askama::Template;
use axum::Extension;
use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use kernel::error::{Error, Refusal, Result};
use kernel::ids::DraftId;
use kernel::permission::Permission;
use store::Ctx;
use web::ui::{Chip, Choice, Csrf, Errors, Field, Note, Tone};
use web::{Answer, Checks, CtxOf, Desk, Fields, L, blocking, done, page_of_form};

use super::super::actions::{self, DraftHead, Preview, Trial, Tried};
use super::super::model::{Change, Document, DocumentState, Draft, DraftState, Stance};
use super::super::pack::Pack;
use super::super::parameter::Parameter;
use super::super::queries;
use super::{own_words, state_chip};

#[derive(Template)]
#[template(path = "policies/templates/form.html")]
struct NewDraft {
    l: L,
    csrf: Csrf,
    errors: Errors,
    action: String,
    fields: Vec<Field>,
    button: String,
}

fn head_fields(l: L, documents: &[Document]) -> Vec<Field> {
    let stances = Stance::ALL.iter().map(|stance| {
        Choice::new(stance.code(), l.t(&format!("policies-stance-{stance}")))
            .help(l.t(&format!("policies-stance-{stance}-help")))
    });
    let mut choices = vec![Choice::new("", l.t("policies-no-document"))];
    let holding = documents.iter().filter(|one| one.state == DocumentState::InForce);
    choices.extend(holding.map(|one| Choice::new(one.id.to_string(), one.named())));
    vec![
        Field::text("title", l.t("policies-field-draft-title")).required(),
        Field::input("date", "valid_from", l.t("policies-field-from")).required(),
        Field::radio("stance", l.t("policies-stance"), stances.collect()),
        Field::select("document", l.t("policies-document"), choices),
    ]
}

pub(super) fn head_of(ctx: &Ctx, fields: &Fields) -> Result<DraftHead> {
    let mut checks = Checks::new(fields);
    let (title, from) = (checks.required("title"), checks.day("valid_from"));
    checks.finish("policies.draft_form")?;
    Ok(DraftHead {
        title: title.unwrap_or_default().to_owned(),
        stance: fields.text("stance").parse().unwrap_or(Stance::Adjusted),
        document: fields.text("document").parse().ok(),
        valid_from: from.unwrap_or(ctx.today),
    })
}

async fn new_page(
    (ctx, desk): (Ctx, Desk),
    (sent, refused): (Option<&Fields>, Option<&Refusal>),
) -> Answer {
    let (l, today) = (desk.l, ctx.today);
    let documents = blocking(move || -> Result<Vec<Document>> {
        ctx.permit(Permission::PolicyManage)?;
        queries::list_documents(&mut ctx.read()?)
    })
    .await?;
    let fresh =
        Fields::default().with("valid_from", today.add_days(1)).with("stance", Stance::Adjusted);
    let fields = sent.unwrap_or(&fresh);
    let made = head_fields(l, &documents).into_iter();
    let made: Vec<Field> = made.map(|field| field.filled(l, fields, refused)).collect();
    let body = NewDraft {
        l,
        csrf: Csrf(desk.csrf.clone()),
        errors: Errors::new(l, refused).labelled(l, &made),
        action: "/policies/drafts/new".to_owned(),
        fields: made,
        button: l.t("policies-begin"),
    };
    let shell = desk
        .shell("policies-draft-new")
        .nav("policies")
        .crumb(l.t("policies-list-title"), "/policies")
        .crumb(l.t("policies-changes"), "/policies/changes");
    page_of_form(&shell, body, refused)
}

/// `GET /policies/drafts/new`
pub async fn form(CtxOf(ctx): CtxOf, desk: Desk) -> Answer {
    new_page((ctx, desk), (None, None)).await
}

/// `POST /policies/drafts/new`
pub async fn begin(CtxOf(ctx): CtxOf, desk: Desk, fields: Fields) -> Answer {
    let (acting, sent) = (ctx.clone(), fields.clone());
    let begun = blocking(move || {
        acting.permit(Permission::PolicyManage)?;
        actions::begin_draft(&acting, &head_of(&acting, &sent)?)
    });
    match begun.await {
        Ok(draft) => done(&format!("/policies/drafts/{draft}"), "policies-begun-done"),
        Err(Error::Refusal(refusal)) if !refusal.fields.is_empty() => {
            new_page((ctx, desk), (Some(&fields), Some(&refusal))).await
        }
        Err(error) => Err(error.into()),
    }
}

/// One change, as people read it.
struct Changed {
    what: String,
    href: String,
    before: String,
    after: String,
    reason: String,
}

struct EffectRow {
    rule: String,
    title: String,
    before: String,
    after: String,
    added: String,
    dropped: String,
    unknown: String,
}

#[derive(Template)]
#[template(path = "policies/templates/draft.html")]
struct DraftPage {
    l: L,
    csrf: Csrf,
    errors: Errors,
    draft: Draft,
    chips: Vec<Chip>,
    head: Vec<Field>,
    changes: Vec<Changed>,
    notes: Vec<Note>,
    effects: Vec<EffectRow>,
    tried: bool,
    everybody: bool,
    own: bool,
    undoes: String,
    version: Option<i64>,
}

fn parameter_of<'a>(pack: &'a Pack, id: &str) -> Option<&'a Parameter> {
    pack.parameters.iter().find(|one| one.id == id)
}

fn change_lines(l: L, ctx: &Ctx, preview: &Preview) -> Vec<Changed> {
    let day = preview.draft.valid_from;
    let line = |change: &Change| match change {
        Change::Value(value) => {
            let place = kernel::area::AreaCode::parse_short(&value.area).ok().or(super::home(ctx));
            let shown = |pack: &Pack| {
                let known = parameter_of(pack, &value.parameter).zip(place);
                known.map(|(one, place)| super::today(l, one, (place, day)).0).unwrap_or_default()
            };
            let title = parameter_of(&preview.before, &value.parameter)
                .map_or(value.parameter.as_str(), |one| one.title.get(l.0));
            let title = match value.area.as_str() {
                "" => title.to_owned(),
                area => format!("{title} · {area}"),
            };
            Changed {
                what: title,
                href: format!("/policies/parameters/{}", value.parameter),
                before: shown(&preview.before),
                after: preview.after.as_ref().map(shown).unwrap_or_else(|_| value.value.clone()),
                reason: value.source.clone().or(value.set_locally.clone()).unwrap_or_default(),
            }
        }
        Change::File { path, text } => {
            let known = preview.before.files.get(path).map_or("", String::as_str);
            let (gone, come) = lines_that_differ(known, text);
            let href = href_of(path, preview.draft.id);
            let reason = String::new();
            if let Some((what, after)) = own_words::of(l, path, text) {
                let before =
                    own_words::of(l, path, known).map(|(_, lines)| lines).unwrap_or_default();
                let (before, after) = lines_that_differ(&before, &after);
                return Changed { what, href, before, after, reason };
            }
            Changed { what: path.clone(), href, before: gone, after: come, reason }
        }
    };
    preview.draft.changes.iter().map(line).collect()
}

/// Where a file of a draft is changed.
fn href_of(path: &str, draft: DraftId) -> String {
    let stem = |folder: &str| path.strip_prefix(folder)?.strip_suffix(".toml");
    if let Some(list) = stem("lists/") {
        return format!("/policies/lists/{list}?draft={draft}");
    }
    if let Some(codes) = stem("codes/") {
        return format!("/policies/codes/{codes}?draft={draft}");
    }
    if let Some(indicator) = stem("indicators/") {
        return format!("/indicators/{indicator}/edit?draft={draft}");
    }
    match path.starts_with("screening/") {
        true => format!("/policies/files?path={path}&draft={draft}"),
        false => String::new(),
    }
}

/// The lines that only one of two texts has.
fn lines_that_differ(before: &str, after: &str) -> (String, String) {
    let only = |one: &str, other: &str| {
        let known: Vec<&str> = other.lines().collect();
        let own = one.lines().filter(|line| !line.trim().is_empty() && !known.contains(line));
        own.collect::<Vec<_>>().join("\n")
    };
    (only(before, after), only(after, before))
}

fn notes(l: L, preview: &Preview, tried: Option<&Tried>) -> Vec<Note> {
    let mut notes = Vec::new();
    let draft = &preview.draft;
    if !draft.said.is_empty() {
        notes.push(Note::new(Tone::Amber, l.t("policies-given-back"), draft.said.clone()));
    }
    if let Err(problems) = &preview.after {
        for problem in problems {
            let args: Vec<(&str, web::Arg)> =
                problem.fault.args().into_iter().map(|(name, text)| (name, text.into())).collect();
            let what = web::word_of(l, "finding", problem.fault.code(), &args);
            notes.push(Note::new(Tone::Red, problem.file.clone(), what));
        }
    }
    for one in tried.iter().flat_map(|tried| &tried.effects).filter(|one| one.hits_everybody()) {
        let args = [
            ("rule", one.title.get(l.0).into()),
            ("hits", one.hits.1.into()),
            ("rows", one.rows.into()),
        ];
        let text = l.t_args("policies-everybody", &args);
        notes.push(Note::new(Tone::Amber, l.t("policies-everybody-title"), text));
    }
    for wrong in tried.iter().flat_map(|tried| &tried.wrong) {
        notes.push(Note::new(Tone::Red, wrong.rule.clone(), wrong.what.clone()));
    }
    notes
}

fn effect_rows(l: L, tried: Option<&Tried>) -> Vec<EffectRow> {
    let row = |effect: &actions::Effect| EffectRow {
        rule: effect.rule.clone(),
        title: effect.title.get(l.0).to_owned(),
        before: l.count(effect.hits.0),
        after: l.count(effect.hits.1),
        added: l.count(effect.added),
        dropped: l.count(effect.dropped),
        unknown: format!("{} → {}", l.count(effect.unknown.0), l.count(effect.unknown.1)),
    };
    tried.iter().flat_map(|tried| &tried.effects).map(row).collect()
}

struct Found {
    preview: Preview,
    documents: Vec<Document>,
    tried: Option<Tried>,
}

fn found(ctx: &Ctx, id: DraftId, trial: &Trial) -> Result<Found> {
    let preview = actions::preview_draft(ctx, id)?;
    let documents = queries::list_documents(&mut ctx.read()?)?;
    let waits = matches!(preview.draft.state, DraftState::Open | DraftState::Submitted);
    let tried = match &preview.after {
        Ok(after) if waits && !preview.draft.changes.is_empty() => {
            Some((trial.0)(ctx, after, preview.draft.valid_from.max(ctx.today))?)
        }
        _ => None,
    };
    Ok(Found { preview, documents, tried })
}

/// Who asks for which draft; what every page of a draft needs.
pub struct Asked {
    pub(super) ctx: Ctx,
    desk: Desk,
    pub(super) trial: Trial,
    pub(super) id: DraftId,
}

impl<S: Send + Sync> FromRequestParts<S> for Asked {
    type Rejection = web::Failure;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &S,
    ) -> std::result::Result<Self, web::Failure> {
        let CtxOf(ctx) = CtxOf::from_request_parts(parts, state).await?;
        let missing = || web::Failure::from(Refusal::not_found("policies.no_draft"));
        let trial = Extension::from_request_parts(parts, state).await;
        let Extension(trial) = trial.map_err(|_| Error::fault("no dry run".to_owned()))?;
        let id = Path::<String>::from_request_parts(parts, state).await.map_err(|_| missing())?;
        let id = id.parse().map_err(|_| missing())?;
        Ok(Asked { ctx, desk: Desk::of(parts), trial, id })
    }
}

pub(super) async fn shown(
    Asked { ctx, desk, trial, id }: Asked,
    (sent, refused): (Option<&Fields>, Option<&Refusal>),
) -> Answer {
    let l = desk.l;
    let me = ctx.clone();
    let found = blocking(move || found(&ctx, id, &trial)).await?;
    let draft = found.preview.draft.clone();
    let fresh = Fields::default()
        .with("title", &draft.title)
        .with("valid_from", draft.valid_from)
        .with("stance", draft.stance)
        .with("document", draft.document.map(|id| id.to_string()).unwrap_or_default());
    let fields = sent.unwrap_or(&fresh);
    let head = head_fields(l, &found.documents).into_iter();
    let head: Vec<Field> = head.map(|field| field.filled(l, fields, refused)).collect();
    let chips = vec![
        state_chip(l, draft.state),
        Chip::new(Tone::Grey, l.t(&format!("policies-stance-{}", draft.stance))),
        Chip::new(Tone::Grey, l.t1("policies-from-day", "day", draft.valid_from.to_string())),
    ];
    let account = &me.actor.account;
    let body = DraftPage {
        l,
        csrf: Csrf(desk.csrf.clone()),
        errors: Errors::new(l, refused),
        chips,
        changes: change_lines(l, &me, &found.preview),
        notes: notes(l, &found.preview, found.tried.as_ref()),
        effects: effect_rows(l, found.tried.as_ref()),
        tried: found.tried.is_some(),
        everybody: found
            .tried
            .iter()
            .flat_map(|tried| &tried.effects)
            .any(actions::Effect::hits_everybody),
        own: draft.made_by == *account || draft.submitted_by.as_ref() == Some(account),
        undoes: draft
            .undoes
            .map(|version| l.t1("policies-undoes", "version", i64::from(version)))
            .unwrap_or_default(),
        head,
        version: draft.version.map(i64::from),
        draft: draft.clone(),
    };
    let shell = desk
        .untitled()
        .title(draft.title)
        .nav("policies")
        .wide()
        .crumb(l.t("policies-list-title"), "/policies")
        .crumb(l.t("policies-changes"), "/policies/changes");
    page_of_form(&shell, body, refused)
}

/// `GET /policies/drafts/{id}`
pub async fn show(asked: Asked) -> Answer {
    shown(asked, (None, None)).await
}
