//! The form of a list of codes that the county makes itself, part of a draft of policy.

use askama::Template;
use axum::extract::Path;
use kernel::error::{Error, Refusal, Result};
use kernel::ids::DraftId;
use kernel::permission::Permission;
use store::Ctx;
use web::ui::{Csrf, Errors, Field};
use web::{Answer, Checks, CtxOf, Desk, Fields, L, blocking, done, page_of_form};

use super::own_put::{self, Kind, Made};
use crate::policies::{
    CodeList, CodeWord, Draft, MOST_CODES, Words, draft_field_today, is_code, open_drafts, text_in,
};

/// Empty rows that wait below the words.
const EMPTY_ROWS: usize = 8;

struct WordRow {
    n: usize,
    code: String,
    zh: String,
    en: String,
}

#[derive(Template)]
#[template(path = "intake/templates/own_codes.html")]
struct CodesForm {
    l: L,
    csrf: Csrf,
    errors: Errors,
    action: String,
    head: Vec<Field>,
    rows: Vec<WordRow>,
    foot: Vec<Field>,
    known: bool,
}

fn path_of(id: &str) -> String {
    format!("codes/{id}.toml")
}

fn found(
    ctx: &Ctx,
    id: Option<&str>,
    draft: Option<DraftId>,
) -> Result<(Option<CodeList>, Vec<Draft>)> {
    ctx.permit(Permission::PolicyManage)?;
    let mut session = ctx.read()?;
    let drafts = open_drafts(&mut session)?;
    let Some(id) = id else { return Ok((None, drafts)) };
    let missing = || Error::from(Refusal::not_found("intake.no_list").arg("list", id));
    let text = text_in(&mut session, &path_of(id), (draft, ctx.today))?;
    let text = text.filter(|text| !text.trim().is_empty()).ok_or_else(missing)?;
    let codes = CodeList::read(&path_of(id), &text).map_err(|_| missing())?;
    Ok((Some(codes), drafts))
}

fn fields_of(list: &CodeList) -> Fields {
    let mut pairs = vec![
        ("title_zh".to_owned(), list.title.zh.clone()),
        ("title_en".to_owned(), list.title.en.clone()),
    ];
    for (n, one) in list.codes.iter().enumerate() {
        pairs.push((format!("w{n}_code"), one.code.clone()));
        pairs.push((format!("w{n}_zh"), one.title.zh.clone()));
        pairs.push((format!("w{n}_en"), one.title.en.clone()));
    }
    pairs.into_iter().collect()
}

fn rows(fields: &Fields) -> Vec<WordRow> {
    let get = |n: usize, what: &str| fields.text(&format!("w{n}_{what}")).to_owned();
    let used =
        (0..MOST_CODES).rev().find(|n| !get(*n, "code").is_empty() || !get(*n, "zh").is_empty());
    let shown = (used.map_or(0, |last| last + 1) + EMPTY_ROWS).min(MOST_CODES);
    let row = |n: usize| WordRow { n, code: get(n, "code"), zh: get(n, "zh"), en: get(n, "en") };
    (0..shown).map(row).collect()
}

fn list_of(fields: &Fields, known: Option<&str>) -> Result<CodeList> {
    let mut checks = Checks::new(fields);
    let id = known.unwrap_or(fields.text("id")).to_owned();
    if !is_code(&id) {
        checks.wrong("id", "policies.unfit_code");
    }
    let title = checks.required("title_zh").unwrap_or_default().to_owned();
    let typed = rows(fields).into_iter().filter(|row| !row.code.is_empty() || !row.zh.is_empty());
    let codes: Vec<CodeWord> = typed
        .map(|row| CodeWord {
            // a word without a code is its own
            code: if row.code.is_empty() { row.zh.clone() } else { row.code },
            title: Words { zh: row.zh, en: row.en },
        })
        .collect();
    if codes.is_empty() {
        checks.wrong("columns", "policies.unfit_columns");
    }
    checks.finish("policies.list_form")?;
    Ok(CodeList { id, title: Words { zh: title, en: fields.text("title_en").to_owned() }, codes })
}

async fn shown(
    (ctx, desk, id): (Ctx, Desk, Option<String>),
    (sent, refused): (Option<&Fields>, Option<&Refusal>),
) -> Answer {
    let l = desk.l;
    let draft: Option<DraftId> = desk.address.get("draft").and_then(|id| id.parse().ok());
    let asked = id.clone();
    let (list, drafts) = blocking(move || found(&ctx, asked.as_deref(), draft)).await?;
    let draft = draft.map(|id| id.to_string()).unwrap_or_default();
    let fresh = list.as_ref().map_or_else(Fields::default, fields_of).with("draft", &draft);
    let fields = sent.unwrap_or(&fresh);
    let mut head = Vec::new();
    if id.is_none() {
        let code = Field::text("id", l.t("policies-own-code"));
        head.push(code.help(l.t("policies-own-code-help")).required());
    }
    head.push(Field::text("title_zh", l.t("policies-own-title-zh")).required());
    let english = Field::text("title_en", l.t("policies-own-title-en"));
    head.push(english.help(l.t("policies-own-title-en-help")));
    let filled = |made: Vec<Field>| -> Vec<Field> {
        made.into_iter().map(|one| one.filled(l, fields, refused)).collect()
    };
    let head = filled(head);
    let body = CodesForm {
        l,
        csrf: Csrf(desk.csrf.clone()),
        errors: Errors::new(l, refused).labelled(l, &head),
        action: match &id {
            None => "/policies/codes/new".to_owned(),
            Some(id) => format!("/policies/codes/{id}?draft={draft}"),
        },
        rows: rows(fields),
        head,
        foot: filled(vec![draft_field_today(l, &drafts)]),
        known: id.is_some(),
    };
    let shell = match &list {
        None => desk.shell("policies-codes-new"),
        Some(list) => {
            desk.untitled().title(list.title.get(l.0)).lead(l.t("policies-own-edit-lead"))
        }
    };
    let shell = shell
        .nav("policies")
        .crumb(l.t("policies-list-title"), "/policies")
        .crumb(l.t("policies-lists"), "/policies/lists");
    page_of_form(&shell, body, refused)
}

/// `GET /policies/codes/new`
pub async fn form(CtxOf(ctx): CtxOf, desk: Desk) -> Answer {
    shown((ctx, desk, None), (None, None)).await
}

/// `GET /policies/codes/{id}`
pub async fn show(CtxOf(ctx): CtxOf, desk: Desk, Path(id): Path<String>) -> Answer {
    shown((ctx, desk, Some(id)), (None, None)).await
}

const KIND: Kind<CodeList> = Kind {
    path_of,
    read: |fields, known| {
        let file = list_of(fields, known)?;
        Ok(Made { id: file.id.clone(), title: file.title.zh.clone(), file })
    },
};

async fn put_in((ctx, desk, id): (Ctx, Desk, Option<String>), fields: Fields) -> Answer {
    let (acting, sent, known) = (ctx.clone(), fields.clone(), id.clone());
    match blocking(move || own_put::put(&acting, &KIND, known.as_deref(), &sent)).await {
        Ok(draft) => done(&format!("/policies/drafts/{draft}"), "policies-put-done"),
        Err(Error::Refusal(refusal)) if !refusal.fields.is_empty() => {
            shown((ctx, desk, id), (Some(&fields), Some(&refusal))).await
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /policies/codes/new`
pub async fn make(CtxOf(ctx): CtxOf, desk: Desk, fields: Fields) -> Answer {
    put_in((ctx, desk, None), fields).await
}

/// `POST /policies/codes/{id}`
pub async fn put(CtxOf(ctx): CtxOf, desk: Desk, Path(id): Path<String>, fields: Fields) -> Answer {
    put_in((ctx, desk, Some(id)), fields).await
}
