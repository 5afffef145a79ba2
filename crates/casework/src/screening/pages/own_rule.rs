//! The form of a rule: made by the county, or a shipped one changed. It goes into a draft of policy.

use askama::Template;
use facts::{FUNCTIONS, HOUSEHOLD, PERSON, Schema, VILLAGE, own::ROWS};
use kernel::error::{Refusal, Result};
use kernel::ids::DraftId;
use kernel::permission::Permission;
use registry::accounts::offices;
use registry::policies::{
    Document, DocumentState, Draft, OwnForm, Sent, draft_of, foot_of, list_documents, open_drafts,
    put_own,
};
use store::Ctx;
use web::ui::{Choice, Csrf, Errors, Field};
use web::{Answer, CtxOf, Desk, Fields, L, blocking, fragment, page_of_form};

use super::super::own_rule::{Typed, Understood, changes, known, pack_of, schema_of, understood};
use super::own_fields::{EXAMPLES, fields_of, level_of, names_in, typed};
use super::what_if::problem_words;

struct ExampleRow {
    n: usize,
    name: String,
    facts: String,
    not_delivered: String,
    expects: Vec<(&'static str, String, bool)>,
}

struct Checked {
    words: String,
    problems: Vec<(String, String)>,
    count: String,
    warning: String,
    evidence: Vec<(String, String, bool)>,
}

#[derive(Template)]
#[template(path = "screening/templates/own_check.html")]
struct CheckPart {
    l: L,
    check: Checked,
}

impl askama::filters::HtmlSafe for CheckPart {}

#[derive(Template)]
#[template(path = "screening/templates/own_rule.html")]
struct RuleForm {
    l: L,
    csrf: Csrf,
    errors: Errors,
    action: String,
    head: Vec<Field>,
    when: Field,
    names: Vec<(String, String)>,
    functions: Vec<&'static str>,
    check: CheckPart,
    says: Vec<Field>,
    examples: Vec<ExampleRow>,
    wrong_examples: bool,
    foot: Vec<Field>,
}

struct Found {
    known: Option<(String, Typed)>,
    documents: Vec<Document>,
    drafts: Vec<Draft>,
    schema: std::sync::Arc<Schema>,
}

fn found(ctx: &Ctx, id: Option<&str>, draft: Option<DraftId>) -> Result<Found> {
    ctx.permit(Permission::PolicyManage)?;
    let known = id.map(|id| known(ctx, id, draft)).transpose()?;
    let mut session = ctx.read()?;
    let mut documents = list_documents(&mut session)?;
    documents.retain(|one| one.state == DocumentState::InForce);
    let drafts = open_drafts(&mut session)?;
    let pack = pack_of(ctx, &mut session, draft)?;
    Ok(Found { known, documents, drafts, schema: schema_of(&pack)? })
}

/// Names that a condition may use, with their titles: columns, columns of members, own lists.
pub fn names(l: L, schema: &Schema) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for table in [HOUSEHOLD.name, VILLAGE.name] {
        for list in schema.lists_of(table) {
            let months = list.months;
            let column = list.column(HOUSEHOLD.name, None, months);
            all.push((column.name.to_owned(), column.title.get(l.0).to_owned()));
            for field in &list.columns {
                let column = list.column(HOUSEHOLD.name, Some(field), months);
                all.push((column.name.to_owned(), column.title.get(l.0).to_owned()));
            }
        }
    }
    for (table, place) in [(&HOUSEHOLD, "household"), (&PERSON, "member"), (&VILLAGE, "village")] {
        let place = l.t(&format!("screening-own-of-{place}"));
        let columns = schema.columns(table.name).filter(|column| column.name != ROWS);
        all.extend(columns.map(|column| {
            (column.name.to_owned(), format!("{} · {place}", column.title.get(l.0)))
        }));
    }
    all
}

fn checked(l: L, read: Option<Result<Understood>>, fields: &Fields) -> Checked {
    let mut check = Checked {
        words: String::new(),
        problems: Vec::new(),
        count: String::new(),
        warning: String::new(),
        evidence: Vec::new(),
    };
    let Some(Ok(read)) = read else { return check };
    check.problems = read.problems.iter().map(|problem| problem_words(l, problem)).collect();
    check.words = read.words;
    if let Some((hits, unknown, rows)) = read.found {
        let args = [("hits", hits.into()), ("unknown", unknown.into()), ("rows", rows.into())];
        check.count = l.t_args("screening-own-count", &args);
        if rows > 0 && hits * 10 >= rows * 8 {
            check.warning = l.t_args("screening-own-everybody", &args);
        }
    }
    if let Some(millis) = read.stopped {
        check.warning = l.t1("screening-own-stopped", "ms", millis);
    }
    let chosen = fields.all("evidence");
    let more = names_in(fields.text("evidence_more"));
    let taken =
        |name: &str| chosen.iter().any(|one| one == name) || (chosen.is_empty() && more.is_empty());
    check.evidence = read
        .columns
        .iter()
        .filter(|column| !more.iter().any(|name| column.is_named(name)))
        .map(|c| (c.name.to_owned(), c.title.get(l.0).to_owned(), taken(c.name)))
        .collect();
    check
}

fn head(l: L, found: &Found) -> Vec<Field> {
    let word = |name: &str| l.t(&format!("screening-own-{name}"));
    let mut basis = vec![Choice::new("", l.t("policies-no-document"))];
    let mut known = found.known.iter().filter_map(|(_, typed)| typed.def.basis.clone());
    basis.extend(known.next().map(|basis| Choice::new(basis.clone(), l.half(&basis))));
    basis.extend(found.documents.iter().map(|one| Choice::new(one.named(), one.named())));
    let severities = ["severe", "serious", "notice"];
    let severity = |code: &str| Choice::new(code, l.t(&format!("screening-severity-{code}")));
    let office = |code: &String| Choice::new(code, super::department_word(l, code));
    let mut fields = Vec::new();
    if found.known.is_none() {
        fields.push(Field::text("id", word("id")).help(word("id-help")).required());
    }
    fields.extend([
        Field::text("title_zh", word("title-zh")).required(),
        Field::text("title_en", word("title-en")).help(l.t("policies-own-title-en-help")),
        Field::select("basis", l.t("screening-basis"), basis),
        Field::text("why", l.t("policies-why")).help(l.t("policies-why-help")),
        Field::radio(
            "level",
            l.t("screening-level"),
            vec![
                Choice::new("household", l.t("screening-level-household")),
                Choice::new("village", l.t("screening-level-village")),
            ],
        ),
        Field::radio("severity", l.t("screening-severity"), severities.map(severity).to_vec()),
        Field::select(
            "department",
            l.t("screening-department"),
            offices().iter().map(|one| office(&one.code)).collect(),
        ),
        Field::input("number", "days", word("days")).required(),
        Field::select(
            "calendar",
            word("calendar"),
            vec![
                Choice::new("working", word("calendar-working")),
                Choice::new("calendar", word("calendar-calendar")),
            ],
        ),
        Field::input("number", "again", word("again")).help(word("again-help")),
    ]);
    fields
}

fn example_rows(l: L, fields: &Fields) -> Vec<ExampleRow> {
    let used = (0..500).take_while(|n| !fields.text(&format!("e{n}_facts")).is_empty()).count();
    let row = |n: usize| {
        let get = |what: &str| fields.text(&format!("e{n}_{what}")).to_owned();
        let chosen = get("expect");
        let usual = ["hit", "miss", "unknown"].get(n).copied().unwrap_or("hit");
        let is = |code: &str| if chosen.is_empty() { code == usual } else { code == chosen };
        let word = |code: &'static str| (code, l.t(&format!("screening-own-{code}")), is(code));
        ExampleRow {
            n,
            name: get("name"),
            facts: get("facts"),
            not_delivered: get("missing"),
            expects: ["hit", "miss", "unknown"].map(word).to_vec(),
        }
    };
    (0..EXAMPLES.max(used + 1)).map(row).collect()
}

/// Rules.
pub(super) struct OwnRule;

impl OwnForm for OwnRule {
    fn put(ctx: &Ctx, known: Option<&str>, fields: &Fields) -> Result<DraftId> {
        put_rule(ctx, known, fields)
    }

    async fn shown(
        (ctx, desk, id): (Ctx, Desk, Option<String>),
        (sent, refused): Sent<'_>,
    ) -> Answer {
        let l = desk.l;
        let draft = draft_of(&desk, sent);
        let (acting, asked) = (ctx.clone(), id.clone());
        let found = blocking(move || found(&acting, asked.as_deref(), draft)).await?;
        let blank = Fields::default()
            .with("level", "household")
            .with("severity", "serious")
            .with("department", "agriculture")
            .with("days", 15)
            .with("calendar", "working")
            .with("when", desk.address.get("when").unwrap_or_default());
        let fresh = found.known.as_ref().map_or(blank, |(_, typed)| fields_of(typed));
        let fresh = fresh.with("draft", draft.map(|id| id.to_string()).unwrap_or_default());
        let fields = sent.unwrap_or(&fresh);
        let filled = |made: Vec<Field>| -> Vec<Field> {
            made.into_iter().map(|one| one.filled(l, fields, refused)).collect()
        };
        let (when, level) = (fields.text("when").to_owned(), level_of(fields));
        let read = match when.is_empty() {
            true => None,
            false => Some(blocking(move || Ok(understood(&ctx, (&when, level), draft))).await?),
        };
        let word = |name: &str| l.t(&format!("screening-own-{name}"));
        let head = filled(head(l, &found));
        let says = filled(vec![
            Field::text("evidence_more", word("evidence-more")).help(word("evidence-more-help")),
            Field::area("explain_zh", word("explain-zh")).help(word("explain-help")),
            Field::area("explain_en", word("explain-en")),
        ]);
        let when =
            Field::area("when", l.t("screening-rule-words")).help(word("when-help")).required();
        let when = when.filled(l, fields, refused);
        let mut labels = head.clone();
        labels.extend(says.clone());
        labels.push(when.clone());
        let title = found.known.as_ref().map(|(_, typed)| typed.def.title.get(l.0).to_owned());
        let wrong = |one: &Refusal| one.fields.iter().any(|(name, _)| name == "examples");
        let body = RuleForm {
            l,
            csrf: Csrf(desk.csrf.clone()),
            errors: Errors::new(l, refused).labelled(l, &labels),
            action: match &id {
                None => "/rules/new".to_owned(),
                Some(id) => format!("/rules/{id}/edit"),
            },
            head,
            when,
            names: names(l, &found.schema),
            functions: FUNCTIONS.iter().map(|(_, form)| *form).collect(),
            check: CheckPart { l, check: checked(l, read, fields) },
            says,
            examples: example_rows(l, fields),
            wrong_examples: refused.is_some_and(wrong),
            foot: foot_of(&desk, &found.drafts, (fields, refused)),
        };
        let shell = match title {
            None => desk.shell("screening-rule-new"),
            Some(title) => desk.untitled().title(title).lead(word("edit-lead")),
        };
        let shell = shell.nav("rules").wide().crumb(l.t("screening-rules-title"), "/rules");
        page_of_form(&shell, body, refused)
    }
}

/// `GET /rules/check?when=…&level=…&draft=…`: how a condition is understood, and how many it finds now.
pub async fn understood_as(CtxOf(ctx): CtxOf, desk: Desk) -> Answer {
    ctx.permit(Permission::PolicyManage)?;
    let l = desk.l;
    let fields: Fields =
        desk.address.others(&[]).map(|(n, v)| (n.to_string(), v.to_string())).collect();
    let draft = draft_of(&desk, Some(&fields));
    let (when, level) = (fields.text("when").to_owned(), level_of(&fields));
    let read = match when.is_empty() {
        true => None,
        false => Some(blocking(move || Ok(understood(&ctx, (&when, level), draft))).await?),
    };
    fragment(CheckPart { l, check: checked(l, read, &fields) })
}

fn put_rule(ctx: &Ctx, id: Option<&str>, fields: &Fields) -> Result<DraftId> {
    ctx.permit(Permission::PolicyManage)?;
    let draft: Option<DraftId> = fields.text("draft").parse().ok();
    let before = id.map(|id| known(ctx, id, draft)).transpose()?;
    let read = understood(ctx, (fields.text("when"), level_of(fields)), draft)?;
    let typed = typed(fields, before.as_ref().map(|(_, typed)| typed), &read)?;
    let file = match before {
        Some((file, _)) => file,
        None => {
            if known(ctx, &typed.def.id, draft).is_ok() {
                let refusal = Refusal::conflict("screening.rule_there").arg("rule", &typed.def.id);
                return Err(refusal.field("id", "screening.rule_there").into());
            }
            format!("screening/{}.toml", typed.def.id)
        }
    };
    let made = changes(ctx, &typed, (&file, draft))?;
    put_own(ctx, fields, typed.def.title.zh, made)
}
