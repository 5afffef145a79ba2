//! The form of an indicator. It goes into a draft of policy.

use askama::Template;
use casework::screening::{
    RuleProblem, RuleTrouble, names_of_conditions, pack_of, problem_words, schema_of,
};
use facts::FUNCTIONS;
use kernel::error::Result;
use kernel::ids::DraftId;
use kernel::permission::Permission;
use registry::policies::{
    Change, Counted, Document, DocumentState, Draft, IndicatorDef, OwnForm, Sent, Words, draft_of,
    foot_of, list_documents, open_drafts, put_own,
};
use store::Ctx;
use web::ui::{Choice, Csrf, Errors, Field};
use web::{Answer, Checks, CtxOf, Desk, Fields, L, blocking, fragment, page_of_form};

use super::super::define::{Read, changes, known, understood};
use super::{counted_word, figure_words};

struct Checked {
    words: Vec<(String, String)>,
    wrong: Vec<(String, String)>,
    figure: String,
    count: String,
}

#[derive(Template)]
#[template(path = "indicators/templates/check.html")]
struct CheckPart {
    l: L,
    check: Checked,
}

impl askama::filters::HtmlSafe for CheckPart {}

#[derive(Template)]
#[template(path = "indicators/templates/form.html")]
struct FormPage {
    l: L,
    csrf: Csrf,
    errors: Errors,
    action: String,
    known: bool,
    about: Vec<Field>,
    asks: Vec<Field>,
    names: Vec<(String, String)>,
    functions: Vec<&'static str>,
    check: CheckPart,
    foot: Vec<Field>,
}

struct Found {
    known: Option<IndicatorDef>,
    documents: Vec<Document>,
    drafts: Vec<Draft>,
    names: Vec<(String, String)>,
}

fn found(ctx: &Ctx, l: L, (id, draft): (Option<&str>, Option<DraftId>)) -> Result<Found> {
    ctx.permit(Permission::PolicyManage)?;
    let known = id.map(|id| known(ctx, id, draft)).transpose()?;
    let mut session = ctx.read()?;
    let mut documents = list_documents(&mut session)?;
    documents.retain(|one| one.state == DocumentState::InForce);
    let drafts = open_drafts(&mut session)?;
    let pack = pack_of(ctx, &mut session, draft)?;
    let names = names_of_conditions(l, schema_of(&pack)?.as_ref());
    Ok(Found { known, documents, drafts, names })
}

fn fields_of(def: &IndicatorDef) -> Fields {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    Fields::default()
        .with("title_zh", &def.title.zh)
        .with("title_en", &def.title.en)
        .with("unit_zh", &def.unit.zh)
        .with("unit_en", &def.unit.en)
        .with("counted", def.counted)
        .with("when", &def.when)
        .with("base", text(&def.base))
        .with("definition_zh", &def.definition.zh)
        .with("definition_en", &def.definition.en)
        .with("basis", text(&def.basis))
        .with("why", text(&def.set_locally))
}

/// The indicator as typed, whatever is missing.
fn typed(fields: &Fields, id: &str) -> IndicatorDef {
    let words = |name: &str| {
        let zh = fields.text(&format!("{name}_zh")).to_owned();
        let en = fields.text(&format!("{name}_en"));
        let en = match (en, zh.as_str()) {
            ("", "户") => "households",
            ("", "人") => "persons",
            ("", same) => same,
            (said, _) => said,
        };
        Words { en: en.to_owned(), zh: zh.clone() }
    };
    let given = |name: &str| Some(fields.text(name).to_owned()).filter(|text| !text.is_empty());
    let basis = given("basis");
    IndicatorDef {
        id: id.to_owned(),
        title: words("title"),
        unit: words("unit"),
        counted: fields.text("counted").parse().unwrap_or(Counted::Household),
        when: fields.text("when").replace("\r\n", "\n"),
        base: given("base").map(|base| base.replace("\r\n", "\n")),
        definition: words("definition"),
        set_locally: given("why").filter(|_| basis.is_none()),
        basis,
    }
}

fn checked(l: L, def: &IndicatorDef, read: Option<Result<Read>>) -> Checked {
    let mut check = Checked {
        words: Vec::new(),
        wrong: Vec::new(),
        figure: String::new(),
        count: String::new(),
    };
    let Some(Ok(read)) = read else { return check };
    if let Some((field, problem)) = read.problem {
        let trouble = RuleTrouble::Condition(problem);
        let problem = RuleProblem { rule: def.id.clone(), field, trouble };
        let (what, advice) = problem_words(l, &problem);
        check.wrong.push((format!("{}: {what}", l.t(&format!("indicators-{field}"))), advice));
    }
    if read.slow {
        check.wrong.push((l.t("refusal-indicators-slow"), String::new()));
    }
    let words = [("when", read.words.0), ("base", read.words.1)];
    let words = words.into_iter().filter(|(_, text)| !text.is_empty());
    check.words = words.map(|(name, text)| (l.t(&format!("indicators-{name}")), text)).collect();
    if let Some(counts) = read.counts {
        let args = [
            ("hits", counts.hits.into()),
            ("base", counts.base.into()),
            ("unknown", counts.unknown.into()),
        ];
        check.figure = figure_words(l, def, counts);
        check.count = l.t_args("indicators-check-count", &args);
    }
    check
}

async fn read(
    ctx: &Ctx,
    def: &IndicatorDef,
    draft: Option<DraftId>,
) -> Result<Option<Result<Read>>> {
    if def.when.is_empty() {
        return Ok(None);
    }
    let (acting, asked) = (ctx.clone(), def.clone());
    Ok(Some(blocking(move || Ok(understood(&acting, &asked, draft))).await?))
}

fn about(l: L, found: &Found) -> Vec<Field> {
    let word = |name: &str| l.t(&format!("indicators-{name}"));
    let mut basis = vec![Choice::new("", l.t("policies-no-document"))];
    let known = found.known.iter().filter_map(|known| known.basis.clone());
    basis.extend(known.map(|basis| Choice::new(basis.clone(), l.half(&basis))));
    basis.extend(found.documents.iter().map(|one| Choice::new(one.named(), one.named())));
    let mut fields = Vec::new();
    if found.known.is_none() {
        fields.push(Field::text("id", word("id")).help(word("id-help")).required());
    }
    fields.extend([
        Field::text("title_zh", word("title-zh")).required(),
        Field::text("title_en", word("title-en")).help(l.t("policies-own-title-en-help")),
        Field::text("unit_zh", word("unit")).help(word("unit-help")).required(),
        Field::text("unit_en", word("unit-en")),
        Field::area("definition_zh", word("definition")).help(word("definition-help")).required(),
        Field::area("definition_en", word("definition-en")),
        Field::select("basis", l.t("screening-basis"), basis),
        Field::text("why", l.t("policies-why")).help(l.t("policies-why-help")),
    ]);
    fields
}

fn asks(l: L) -> Vec<Field> {
    let word = |name: &str| l.t(&format!("indicators-{name}"));
    let counted = Counted::ALL.iter().map(|one| Choice::new(one.code(), counted_word(l, *one)));
    vec![
        Field::radio("counted", word("counted"), counted.collect()),
        Field::area("when", word("when")).help(l.t("screening-own-when-help")).required(),
        Field::area("base", word("base")).help(word("base-help")),
    ]
}

/// Indicators.
pub(super) struct OwnIndicator;

impl OwnForm for OwnIndicator {
    fn put(ctx: &Ctx, known: Option<&str>, fields: &Fields) -> Result<DraftId> {
        put_in(ctx, known, fields)
    }

    async fn shown(
        (ctx, desk, id): (Ctx, Desk, Option<String>),
        (sent, refused): Sent<'_>,
    ) -> Answer {
        let l = desk.l;
        let draft = draft_of(&desk, sent);
        let (acting, asked) = (ctx.clone(), id.clone());
        let found = blocking(move || found(&acting, l, (asked.as_deref(), draft))).await?;
        let blank = Fields::default().with("counted", Counted::Household).with("unit_zh", "户");
        let fresh = found.known.as_ref().map_or(blank, fields_of);
        let fresh = fresh.with("draft", draft.map(|id| id.to_string()).unwrap_or_default());
        let fields = sent.unwrap_or(&fresh);
        let filled = |made: Vec<Field>| -> Vec<Field> {
            made.into_iter().map(|one| one.filled(l, fields, refused)).collect()
        };
        let def = typed(fields, id.as_deref().unwrap_or("new"));
        let read = read(&ctx, &def, draft).await?;
        let (about, asks) = (filled(about(l, &found)), filled(asks(l)));
        let mut labels = about.clone();
        labels.extend(asks.clone());
        let body = FormPage {
            l,
            csrf: Csrf(desk.csrf.clone()),
            errors: Errors::new(l, refused).labelled(l, &labels),
            action: match &id {
                None => "/indicators/new".to_owned(),
                Some(id) => format!("/indicators/{id}/edit"),
            },
            known: id.is_some(),
            about,
            asks,
            names: found.names,
            functions: FUNCTIONS.iter().map(|(_, form)| *form).collect(),
            check: CheckPart { l, check: checked(l, &def, read) },
            foot: foot_of(&desk, &found.drafts, (fields, refused)),
        };
        let shell = match &found.known {
            None => desk.shell("indicators-new"),
            Some(known) => {
                desk.untitled().title(known.title.get(l.0)).lead(l.t("indicators-edit-lead"))
            }
        };
        let shell =
            shell.nav("indicators").wide().crumb(l.t("indicators-list-title"), "/indicators");
        page_of_form(&shell, body, refused)
    }
}

/// `GET /indicators/check?when=…&base=…&counted=…`: how a definition is understood, and what it finds now.
pub async fn check(CtxOf(ctx): CtxOf, desk: Desk) -> Answer {
    ctx.permit(Permission::PolicyManage)?;
    let l = desk.l;
    let fields: Fields =
        desk.address.others(&[]).map(|(n, v)| (n.to_string(), v.to_string())).collect();
    let (def, draft) = (typed(&fields, "new"), draft_of(&desk, Some(&fields)));
    let read = read(&ctx, &def, draft).await?;
    fragment(CheckPart { l, check: checked(l, &def, read) })
}

fn put_in(ctx: &Ctx, id: Option<&str>, fields: &Fields) -> Result<DraftId> {
    ctx.permit(Permission::PolicyManage)?;
    let draft: Option<DraftId> = fields.text("draft").parse().ok();
    if let Some(id) = id.filter(|_| fields.text("remove") == "yes") {
        let title = known(ctx, id, draft)?.title.zh;
        let change = Change::File { path: IndicatorDef::path_of(id), text: String::new() };
        return put_own(ctx, fields, title, vec![change]);
    }
    let mut checks = Checks::new(fields);
    let code = id.unwrap_or_else(|| fields.text("id"));
    if !registry::policies::is_code(code) {
        checks.wrong("id", "indicators.bad_id");
    }
    for name in ["title_zh", "unit_zh", "definition_zh", "when"] {
        checks.required(name);
    }
    if fields.text("basis").is_empty() && fields.text("why").is_empty() {
        checks.wrong("why", "policies.unfit_source");
    }
    checks.finish("indicators.incomplete")?;
    let def = typed(fields, code);
    let made = changes(ctx, (&def, id.is_none()), draft)?;
    put_own(ctx, fields, def.title.zh, made)
}
