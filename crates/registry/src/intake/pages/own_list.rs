//! The form of a list that the county makes itself, part of a draft of policy.

use askama::Template;
use kernel::error::Result;
use kernel::ids::DraftId;
use kernel::permission::Permission;
use store::Ctx;
use web::ui::{Choice, Csrf, Errors, Field};
use web::{Answer, Checks, Desk, Fields, L, blocking, page_of_form};

use super::own_put::{self, Made, OwnKind};
use crate::accounts::offices;
use crate::policies::{
    About, ByKey, Change, Draft, Every, ListColumn, ListDef, ListType, MOST_COLUMNS, OwnForm,
    OwnLists, Sent, Words, column_name, draft_of, find_pack_on, foot_of, is_code, open_drafts,
};

/// Empty rows that wait below the columns of a list.
const EMPTY_ROWS: usize = 4;
/// Rows of a new list.
const FIRST_ROWS: usize = 6;

struct ColumnRow {
    n: usize,
    name: String,
    en: String,
    kinds: Vec<(&'static str, String, bool)>,
    codes: Vec<(String, String, bool)>,
    required: bool,
    tells: bool,
    is_day: bool,
    aliases: String,
}

#[derive(Template)]
#[template(path = "intake/templates/own_list.html")]
struct ListForm {
    l: L,
    csrf: Csrf,
    errors: Errors,
    action: String,
    head: Vec<Field>,
    rows: Vec<ColumnRow>,
    no_day: bool,
    foot: Vec<Field>,
    /// A list that is there: its code, for the example and for taking it away.
    known: Option<String>,
    draft: String,
    wrong_columns: bool,
}

/// What the form needs beside what was typed.
struct Found {
    list: Option<ListDef>,
    codes: Vec<(String, Words)>,
    drafts: Vec<Draft>,
}

fn found(ctx: &Ctx, id: Option<&str>, draft: Option<DraftId>) -> Result<Found> {
    ctx.permit(Permission::PolicyManage)?;
    let mut session = ctx.read()?;
    let list =
        id.map(|id| own_put::there::<OwnList>(&mut session, ctx, (id, draft))).transpose()?;
    let pack = find_pack_on(&mut session, ctx.today)?;
    let mut files = pack.map(|pack| pack.files).unwrap_or_default();
    let drafts = open_drafts(&mut session)?;
    for change in drafts.iter().flat_map(|draft| &draft.changes) {
        if let Change::File { path, text } = change {
            files.insert(path.clone(), text.clone());
        }
    }
    let own = OwnLists::of(&files).0;
    let codes = own.codes.into_values().map(|codes| (codes.id, codes.title)).collect();
    Ok(Found { list, codes, drafts })
}

/// The form of a list as it would be typed.
fn fields_of(list: &ListDef) -> Fields {
    let yes = |yes: bool| if yes { "yes" } else { "no" };
    let mut pairs = vec![
        ("id".to_owned(), list.id.clone()),
        ("title_zh".to_owned(), list.title.zh.clone()),
        ("title_en".to_owned(), list.title.en.clone()),
        ("department".to_owned(), list.department.clone()),
        ("about".to_owned(), list.about.to_string()),
        ("adds".to_owned(), yes(list.adds).to_owned()),
        ("absent".to_owned(), yes(list.absent_is_none).to_owned()),
        ("rhythm".to_owned(), list.rhythm.to_string()),
        ("due_day".to_owned(), list.due_day.to_string()),
        ("words".to_owned(), list.words.join("、")),
    ];
    pairs.extend(list.by.iter().map(|key| ("by".to_owned(), key.to_string())));
    for (n, column) in list.columns.iter().enumerate() {
        let mut put = |what: &str, text: String| pairs.push((format!("c{n}_{what}"), text));
        put("name", column.title.zh.clone());
        put("en", column.title.en.clone());
        put("type", column.kind.to_string());
        put("codes", column.codes.clone().unwrap_or_default());
        put("aliases", column.aliases.join("、"));
        if column.required {
            put("required", "yes".to_owned());
        }
        if column.tells_apart {
            put("tells", "yes".to_owned());
        }
        if list.day.as_ref() == Some(&column.name) {
            pairs.push(("day".to_owned(), n.to_string()));
        }
    }
    pairs.into_iter().collect()
}

fn parts(text: &str) -> Vec<String> {
    let parts = text.split(['、', ',', '，', ';', '；', '\n']).map(str::trim);
    parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// The list that was typed.
fn list_of(fields: &Fields, known: Option<&str>) -> Result<ListDef> {
    let mut checks = Checks::new(fields);
    let id = known.unwrap_or(fields.text("id")).to_owned();
    if !is_code(&id) {
        checks.wrong("id", "policies.unfit_code");
    }
    let title = checks.required("title_zh").unwrap_or_default().to_owned();
    let department = fields.text("department").to_owned();
    if !crate::accounts::is_office(&department) {
        checks.wrong("department", "web.required");
    }
    let about = fields.text("about").parse().unwrap_or(About::Person);
    let mut by: Vec<ByKey> = fields.all("by").iter().filter_map(|key| key.parse().ok()).collect();
    if about == About::Village {
        by.retain(|key| matches!(key, ByKey::Town | ByKey::Village));
    }
    let due_day = fields.text("due_day").parse().unwrap_or(0_u8);
    if !(1..=28).contains(&due_day) {
        checks.wrong("due_day", "policies.unfit_due_day");
    }
    let mut columns = Vec::new();
    let mut day = None;
    for n in 0..MOST_COLUMNS {
        let get = |what: &str| fields.text(&format!("c{n}_{what}"));
        let name = column_name(get("name"));
        if name.is_empty() {
            continue;
        }
        let kind = get("type").parse().unwrap_or(ListType::Text);
        if fields.text("day") == n.to_string() {
            day = Some(name.clone());
        }
        let codes = Some(get("codes")).filter(|_| kind == ListType::Code);
        columns.push(ListColumn {
            name,
            title: Words { zh: get("name").to_owned(), en: get("en").to_owned() },
            kind,
            required: get("required") == "yes",
            tells_apart: get("tells") == "yes",
            aliases: parts(get("aliases")),
            codes: codes.filter(|codes| !codes.is_empty()).map(str::to_owned),
        });
    }
    if columns.is_empty() {
        checks.wrong("columns", "policies.unfit_columns");
    }
    if by.is_empty() {
        checks.wrong("by", "policies.unfit_key");
    }
    let is_day = |column: &ListColumn| Some(&column.name) == day.as_ref();
    if columns.iter().any(|column| is_day(column) && column.kind != ListType::Day) {
        checks.wrong("columns", "policies.unfit_day");
    }
    checks.finish("policies.list_form")?;
    for column in columns.iter_mut().filter(|column| Some(&column.name) == day.as_ref()) {
        column.required = true;
    }
    Ok(ListDef {
        id,
        title: Words { zh: title, en: fields.text("title_en").to_owned() },
        department,
        about,
        by,
        day,
        adds: fields.text("adds") != "no",
        absent_is_none: fields.text("absent") != "no",
        rhythm: fields.text("rhythm").parse().unwrap_or(Every::Month),
        due_day,
        words: parts(fields.text("words")),
        columns,
    })
}

fn head(l: L, is_new: bool) -> Vec<Field> {
    let word = |name: &str| l.t(&format!("policies-own-{name}"));
    let choice = |name: &str, code: &str| {
        Choice::new(code, word(&format!("{name}-{code}")))
            .help(word(&format!("{name}-{code}-help")))
    };
    let plain = |name: &str, code: &str| Choice::new(code, word(&format!("{name}-{code}")));
    let office = |code: &String| Choice::new(code, super::said::department(l, code));
    let offices = offices().iter().map(|one| office(&one.code)).collect();
    let mut fields = Vec::new();
    if is_new {
        fields.push(Field::text("id", word("code")).help(word("code-help")).required());
    }
    fields.extend([
        Field::text("title_zh", word("title-zh")).required(),
        Field::text("title_en", word("title-en")).help(word("title-en-help")),
        Field::select("department", word("department"), offices),
        Field::radio(
            "about",
            word("about"),
            About::ALL.iter().map(|one| choice("about", one.code())).collect(),
        ),
        Field::boxes(
            "by",
            word("by"),
            ByKey::ALL.iter().map(|one| plain("by", one.code())).collect(),
        )
        .help(word("by-help")),
        Field::radio("adds", word("adds"), vec![choice("adds", "yes"), choice("adds", "no")]),
        Field::radio(
            "absent",
            word("absent"),
            vec![choice("absent", "yes"), choice("absent", "no")],
        ),
        Field::select(
            "rhythm",
            word("rhythm"),
            Every::ALL.iter().map(|one| plain("rhythm", one.code())).collect(),
        ),
        Field::input("number", "due_day", word("due-day")).help(word("due-day-help")).required(),
        Field::text("words", word("words")).help(word("words-help")),
    ]);
    fields
}

fn rows(l: L, fields: &Fields, codes: &[(String, Words)]) -> Vec<ColumnRow> {
    let used = (0..MOST_COLUMNS).rev().find(|n| !fields.text(&format!("c{n}_name")).is_empty());
    let shown = used.map_or(FIRST_ROWS, |last| last + 1 + EMPTY_ROWS).min(MOST_COLUMNS);
    let row = |n: usize| {
        let get = |what: &str| fields.text(&format!("c{n}_{what}")).to_owned();
        let (kind, chosen) = (get("type"), get("codes"));
        let word = |one: &ListType| l.t(&format!("policies-own-type-{one}"));
        ColumnRow {
            n,
            name: get("name"),
            en: get("en"),
            kinds: ListType::ALL
                .iter()
                .map(|one| (one.code(), word(one), one.code() == kind))
                .collect(),
            codes: codes
                .iter()
                .map(|(id, title)| (id.clone(), title.get(l.0).to_owned(), *id == chosen))
                .collect(),
            required: get("required") == "yes",
            tells: get("tells") == "yes",
            is_day: fields.text("day") == n.to_string(),
            aliases: get("aliases"),
        }
    };
    (0..shown).map(row).collect()
}

/// What a new list begins with.
fn blank() -> Fields {
    Fields::default()
        .with("about", About::Person)
        .with("department", "agriculture")
        .with("adds", "yes")
        .with("absent", "yes")
        .with("rhythm", Every::Month)
        .with("due_day", 10)
}

/// Lists.
pub(super) struct OwnList;

impl OwnKind for OwnList {
    type File = ListDef;
    const FOLDER: &'static str = "lists";
    const NEW: &'static str = "policies-own-new";

    fn read(path: &str, text: &str) -> Option<ListDef> {
        ListDef::read(path, text).ok()
    }

    fn typed(fields: &Fields, known: Option<&str>) -> Result<Made<ListDef>> {
        let file = list_of(fields, known)?;
        Ok(Made { id: file.id.clone(), title: file.title.zh.clone(), file })
    }
}

impl OwnForm for OwnList {
    fn put(ctx: &Ctx, known: Option<&str>, fields: &Fields) -> Result<DraftId> {
        own_put::put_file::<Self>(ctx, known, fields)
    }

    async fn shown(
        (ctx, desk, id): (Ctx, Desk, Option<String>),
        (sent, refused): Sent<'_>,
    ) -> Answer {
        let l = desk.l;
        let (draft, asked) = (draft_of(&desk, sent), id.clone());
        let found = blocking(move || found(&ctx, asked.as_deref(), draft)).await?;
        let draft = draft.map(|id| id.to_string()).unwrap_or_default();
        let fresh = found.list.as_ref().map_or_else(blank, fields_of).with("draft", &draft);
        let fields = sent.unwrap_or(&fresh);
        let head = head(l, id.is_none()).into_iter();
        let head: Vec<Field> = head.map(|one| one.filled(l, fields, refused)).collect();
        let body = ListForm {
            l,
            csrf: Csrf(desk.csrf.clone()),
            errors: Errors::new(l, refused).labelled(l, &head),
            action: own_put::action::<Self>(id.as_deref(), &draft),
            rows: rows(l, fields, &found.codes),
            no_day: fields.text("day").is_empty(),
            head,
            foot: foot_of(&desk, &found.drafts, (fields, refused)),
            known: id,
            draft,
            wrong_columns: refused
                .is_some_and(|one| one.fields.iter().any(|(name, _)| name == "columns")),
        };
        let title = found.list.as_ref().map(|list| list.title.get(l.0));
        page_of_form(&own_put::shell::<Self>(&desk, title).wide(), body, refused)
    }
}
