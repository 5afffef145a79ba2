//! The form of a list of codes that the county makes itself, part of a draft of policy.

use askama::Template;
use kernel::error::Result;
use kernel::ids::DraftId;
use kernel::permission::Permission;
use store::Ctx;
use web::ui::{Csrf, Errors, Field};
use web::{Answer, Checks, Desk, Fields, L, blocking, page_of_form};

use super::own_put::{self, Made, OwnKind};
use crate::policies::{
    CodeList, CodeWord, Draft, MOST_CODES, OwnForm, Sent, Words, draft_of, foot_of, is_code,
    open_drafts,
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

fn found(
    ctx: &Ctx,
    (id, draft): (Option<&str>, Option<DraftId>),
) -> Result<(Option<CodeList>, Vec<Draft>)> {
    ctx.permit(Permission::PolicyManage)?;
    let mut session = ctx.read()?;
    let drafts = open_drafts(&mut session)?;
    let list = id.map(|id| own_put::there::<OwnCodes>(&mut session, ctx, (id, draft)));
    Ok((list.transpose()?, drafts))
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

fn head(l: L, new: bool) -> Vec<Field> {
    let code = Field::text("id", l.t("policies-own-code"));
    let code = new.then(|| code.help(l.t("policies-own-code-help")).required());
    let english = Field::text("title_en", l.t("policies-own-title-en"));
    let titles = [
        Field::text("title_zh", l.t("policies-own-title-zh")).required(),
        english.help(l.t("policies-own-title-en-help")),
    ];
    code.into_iter().chain(titles).collect()
}

/// Lists of codes.
pub(super) struct OwnCodes;

impl OwnKind for OwnCodes {
    type File = CodeList;
    const FOLDER: &'static str = "codes";
    const NEW: &'static str = "policies-codes-new";

    fn read(path: &str, text: &str) -> Option<CodeList> {
        CodeList::read(path, text).ok()
    }

    fn typed(fields: &Fields, known: Option<&str>) -> Result<Made<CodeList>> {
        let file = list_of(fields, known)?;
        Ok(Made { id: file.id.clone(), title: file.title.zh.clone(), file })
    }
}

impl OwnForm for OwnCodes {
    fn put(ctx: &Ctx, known: Option<&str>, fields: &Fields) -> Result<DraftId> {
        own_put::put_file::<Self>(ctx, known, fields)
    }

    async fn shown(
        (ctx, desk, id): (Ctx, Desk, Option<String>),
        (sent, refused): Sent<'_>,
    ) -> Answer {
        let l = desk.l;
        let (draft, asked) = (draft_of(&desk, sent), id.clone());
        let (list, drafts) = blocking(move || found(&ctx, (asked.as_deref(), draft))).await?;
        let draft = draft.map(|id| id.to_string()).unwrap_or_default();
        let fresh = list.as_ref().map_or_else(Fields::default, fields_of).with("draft", &draft);
        let fields = sent.unwrap_or(&fresh);
        let head = head(l, id.is_none()).into_iter();
        let head: Vec<Field> = head.map(|one| one.filled(l, fields, refused)).collect();
        let body = CodesForm {
            l,
            csrf: Csrf(desk.csrf.clone()),
            errors: Errors::new(l, refused).labelled(l, &head),
            action: own_put::action::<Self>(id.as_deref(), &draft),
            rows: rows(fields),
            head,
            foot: foot_of(&desk, &drafts, (fields, refused)),
            known: id.is_some(),
        };
        let title = list.as_ref().map(|list| list.title.get(l.0));
        page_of_form(&own_put::shell::<Self>(&desk, title), body, refused)
    }
}
