//! A rule that somebody makes or changes by a form: its text, its examples, and what its condition finds while it is
//! being typed.

use std::collections::BTreeMap;
use std::sync::Arc;

use facts::{Column, HOUSEHOLD, Kind, Pass, Schema, VILLAGE};
use kernel::error::{Error, Refusal, Result};
use kernel::ids::DraftId;
use kernel::lang::Lang;
use kernel::permission::Permission;
use registry::circumstances::ledger;
use registry::policies::{self, Change, Pack};
use store::{BuiltSql, Ctx, Session};

use super::book::{Book, schema};
use super::rule::{
    Calendar, Expected, Level, RuleDef, RuleProblem, RuleTrouble, SituationTests, check,
};
use super::{queries, time};

/// The pack of a draft, or of today without one.
pub fn pack_of(ctx: &Ctx, session: &mut Session, draft: Option<DraftId>) -> Result<Pack> {
    let missing = || Error::from(Refusal::unavailable("screening.no_book"));
    match draft {
        None => policies::find_pack_on(session, ctx.today)?.ok_or_else(missing),
        Some(id) => policies::preview_draft(ctx, id)?.after.map_err(|_| missing()),
    }
}

/// The fact tables with the own lists of a pack.
pub fn schema_of(pack: &Pack) -> Result<Arc<Schema>> {
    Ok(Arc::new(schema()?.with_lists(pack.own_lists().asked())))
}

/// What a rule by form is checked against.
struct Ground {
    pack: Pack,
    schema: Arc<Schema>,
    params: facts::Params,
}

fn ground(ctx: &Ctx, session: &mut Session, draft: Option<DraftId>) -> Result<Ground> {
    let pack = pack_of(ctx, session, draft)?;
    let schema = schema_of(&pack)?;
    let county = queries::find_county(session)?
        .ok_or_else(|| Error::from(Refusal::unavailable("screening.no_book")))?;
    let params = policies::resolve(&pack.parameters, county, ctx.today);
    Ok(Ground { pack, schema, params })
}

/// What a condition means and finds.
#[derive(Debug, Clone, Default)]
pub struct Understood {
    /// The condition in plain words; empty while it is wrong.
    pub words: String,
    /// The columns of the rows that it reads.
    pub columns: Vec<Column>,
    /// What is wrong with it.
    pub problems: Vec<RuleProblem>,
    /// Hits, those that cannot be told, all rows. None where it was not asked.
    pub found: Option<(i64, i64, i64)>,
    /// It was stopped after so many milliseconds.
    pub stopped: Option<i64>,
}

/// A rule of which only the condition matters.
fn only(when: &str, level: Level, known: &RuleDef) -> RuleDef {
    let (table, raise_again) = (None, Default::default());
    RuleDef { when: when.to_owned(), level, table, raise_again, ..known.clone() }
}

/// A rule with nothing but what the check needs.
fn blank() -> Result<RuleDef> {
    let text = "id = \"new\"\ntitle = { zh = \"新\", en = \"new\" }\nset_locally = \"试\"\nlevel = \"household\"\n\
                severity = \"notice\"\ndepartment = \"agriculture\"\nwhen = \"persons > 0\"\nevidence = [\"persons\"]\n\
                explain.zh = \"试\"\nexplain.en = \"trial\"\nclock = { days = 15, calendar = \"working\" }\n";
    RuleDef::parse(text).map_err(|why| Error::fault(why.to_string()))
}

/// What a condition means, over the pack of a draft (or of today), and how many rows it finds today. One that takes
/// longer than a rule may is stopped.
///
/// # Errors
/// Refused without `rule.run`, and before a pack is published.
pub fn understood(
    ctx: &Ctx,
    (when, level): (&str, Level),
    draft: Option<DraftId>,
) -> Result<Understood> {
    ctx.permit(Permission::RuleRun)?;
    let mut session = ctx.read()?;
    let Ground { schema, params, .. } = ground(ctx, &mut session, draft)?;
    let mut def = only(when, level, &blank()?);
    if level == Level::Village {
        def.evidence = vec!["households".to_owned()];
    }
    let rule = match check(&def, &schema, &params) {
        Ok(rule) => rule,
        Err(problems) => return Ok(Understood { problems, ..Understood::default() }),
    };
    let table = if level == Level::Village { &VILLAGE } else { &HOUSEHOLD };
    let columns = rule.predicate.columns();
    let mut understood = Understood {
        words: rule.in_words(&params, ctx.lang),
        columns: columns.into_iter().filter(|column| column.table == table.name).collect(),
        ..Understood::default()
    };
    let coverage = ledger::coverage_view(&mut session, ctx.today)?;
    let binding = facts::Binding { today: ctx.today, params: &params, coverage: &coverage };
    let engine = match session.engine() {
        store::Engine::Sqlite => facts::Engine::Sqlite,
        store::Engine::Postgres => facts::Engine::Postgres,
    };
    let pass = Pass { table, engine, binding };
    let sql = BuiltSql::from_generator(pass.count(&rule.predicate, facts::Only::All));
    match session.within(time::OF_A_RULE, |session| session.row(&sql, &[])) {
        Ok(row) => understood.found = Some((row.int(0)?, row.int(1)?, row.int(2)?)),
        Err(why) if time::was_stopped(&why) => {
            understood.stopped = Some(time::millis(time::OF_A_RULE));
        }
        Err(why) => return Err(why),
    }
    Ok(understood)
}

/// One example as typed: name, values, lists that have not arrived, what the rule must answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// What happens, in words.
    pub name: String,
    /// `persons = 3; oop_12m = 25000`.
    pub facts: String,
    /// Codes of lists, apart by commas.
    pub not_delivered: String,
    /// The answer.
    pub expect: Expected,
}

/// A rule as typed, with its examples.
#[derive(Debug, Clone)]
pub struct Typed {
    /// The rule.
    pub def: RuleDef,
    /// Its examples.
    pub examples: Vec<Example>,
}

/// The value of a fact as it stands in a test file.
fn value(text: &str, kind: Kind) -> Option<toml::Value> {
    let plain: String = text.chars().filter(|c| !matches!(c, ',' | '，')).collect();
    let plain = plain.trim();
    match kind {
        Kind::Bool => match plain {
            "是" | "true" | "yes" | "1" => Some(toml::Value::Boolean(true)),
            "否" | "false" | "no" | "0" => Some(toml::Value::Boolean(false)),
            _ => None,
        },
        Kind::Text | Kind::Day => {
            Some(toml::Value::String(plain.trim_matches(['\'', '"']).to_owned()))
        }
        Kind::Money | Kind::Real | Kind::Int => match plain.parse::<i64>() {
            Ok(whole) => Some(toml::Value::Integer(whole)),
            Err(_) => plain.parse().ok().map(toml::Value::Float),
        },
    }
}

fn situation(example: &Example, def: &RuleDef, schema: &Schema) -> Result<toml::Table> {
    let wrong = |part: &str| {
        let refusal = Refusal::invalid("screening.rule_example").arg("part", part);
        Error::from(refusal.field("examples", "screening.rule_example"))
    };
    let mut facts = toml::Table::new();
    for part in example.facts.split([';', '；', '\n']).map(str::trim).filter(|p| !p.is_empty()) {
        let (name, text) = part.rsplit_once('=').ok_or_else(|| wrong(part))?;
        let column = schema.find(def.table_name(), name.trim()).ok_or_else(|| wrong(part))?;
        let value = value(text, column.kind).ok_or_else(|| wrong(part))?;
        facts.insert(column.name.to_owned(), value);
    }
    let mut one = toml::Table::new();
    one.insert("name".to_owned(), example.name.as_str().into());
    one.insert("facts".to_owned(), facts.into());
    let lists = example.not_delivered.split([',', '，', '、']).map(str::trim);
    let lists: Vec<toml::Value> = lists.filter(|l| !l.is_empty()).map(toml::Value::from).collect();
    if !lists.is_empty() {
        one.insert("not_delivered".to_owned(), lists.into());
    }
    let expect = match example.expect {
        Expected::Hit => "hit",
        Expected::Miss => "miss",
        Expected::Unknown => "unknown",
    };
    one.insert("expect".to_owned(), expect.into());
    Ok(one)
}

fn words(zh: &str, en: &str) -> toml::Value {
    let pair = [("zh", zh), ("en", en)].map(|(lang, text)| (lang.to_owned(), text.into()));
    toml::Value::Table(pair.into_iter().collect())
}

/// The text of a rule's file.
fn text_of(def: &RuleDef) -> Result<String> {
    let mut table = toml::Table::new();
    let mut put = |name: &str, value: toml::Value| drop(table.insert(name.to_owned(), value));
    put("id", def.id.as_str().into());
    put("title", words(&def.title.zh, &def.title.en));
    match (&def.basis, &def.set_locally) {
        (Some(basis), _) => put("basis", basis.as_str().into()),
        (None, why) => put("set_locally", why.clone().unwrap_or_default().into()),
    }
    let level = if def.level == Level::Village { "village" } else { "household" };
    put("level", level.into());
    put("severity", def.severity.code().into());
    put("department", def.department.as_str().into());
    put("channel", def.channel.as_str().into());
    put("when", def.when.as_str().into());
    put("evidence", def.evidence.clone().into());
    put("explain", words(&def.explain.zh, &def.explain.en));
    let calendar = if def.clock.calendar == Calendar::Working { "working" } else { "calendar" };
    let mut clock = toml::Table::new();
    clock.insert("days".to_owned(), i64::from(def.clock.days).into());
    clock.insert("calendar".to_owned(), calendar.into());
    put("clock", clock.into());
    let mut again = toml::Table::new();
    if let Some(months) = def.raise_again.after_months {
        again.insert("after_months".to_owned(), i64::from(months).into());
    }
    if let Some(worse) = &def.raise_again.or_worse_by {
        let mut by = toml::Table::new();
        by.insert("column".to_owned(), worse.column.as_str().into());
        by.insert("by".to_owned(), worse.by.into());
        again.insert("or_worse_by".to_owned(), by.into());
    }
    if !again.is_empty() {
        put("raise_again", again.into());
    }
    if !def.mechanism.is_empty() {
        put("mechanism", def.mechanism.clone().into());
    }
    toml::to_string(&table).map_err(|why| Error::fault(why.to_string()))
}

/// The changes of a draft that make the rule what was typed: its file and that of its examples. Refused with what is
/// wrong, also when an example does not come out as it should; nothing is stored.
///
/// # Errors
/// `screening.rule_form` with the fields; *unavailable* before a pack is published.
pub fn changes(
    ctx: &Ctx,
    typed: &Typed,
    (file, draft): (&str, Option<DraftId>),
) -> Result<Vec<Change>> {
    ctx.permit(Permission::PolicyManage)?;
    let mut session = ctx.read()?;
    let Ground { pack, schema, params } = ground(ctx, &mut session, draft)?;
    let def = &typed.def;
    let rule = check(def, &schema, &params).map_err(|problems| refused(&problems))?;
    let text = text_of(def)?;
    let mut changes = vec![Change::File { path: file.to_owned(), text }];
    let kept = pack.test_of(file).map(others_of).unwrap_or_default();
    if typed.examples.is_empty() {
        return Ok(changes);
    }
    let mut situations = Vec::new();
    for example in &typed.examples {
        situations.push(toml::Value::from(situation(example, def, &schema)?));
    }
    let mut table = toml::Table::new();
    table.insert("rule".to_owned(), def.id.as_str().into());
    table.insert("situation".to_owned(), situations.into());
    let text = toml::to_string(&table).map_err(|why| Error::fault(why.to_string()))?;
    let tests = SituationTests::parse(&text).map_err(|why| Error::fault(why.to_string()))?;
    for result in tests.run(&rule, &schema, &params, ctx.today) {
        if !result.passed {
            let got = result.mistake.unwrap_or_else(|| expected_code(result.got).to_owned());
            let refusal = Refusal::invalid("screening.rule_example_fails")
                .arg("name", &result.name)
                .arg("expected", expected_code(result.expected))
                .arg("got", got);
            return Err(refusal.field("examples", "screening.rule_example_differs").into());
        }
    }
    let text = match table.get_mut("situation").and_then(toml::Value::as_array_mut) {
        Some(all) if !kept.is_empty() => {
            all.extend(kept);
            toml::to_string(&table).map_err(|why| Error::fault(why.to_string()))?
        }
        _ => text,
    };
    let path = file.strip_suffix(".toml").unwrap_or(file);
    changes.push(Change::File { path: format!("{path}.test.toml"), text });
    Ok(changes)
}

/// The word of an answer in test files and forms.
pub const fn expected_code(expected: Expected) -> &'static str {
    match expected {
        Expected::Hit => "hit",
        Expected::Miss => "miss",
        Expected::Unknown => "unknown",
    }
}

/// What is wrong with a rule, each at its field of the form.
fn refused(problems: &[RuleProblem]) -> Error {
    let words: Vec<String> = problems.iter().map(|one| one.trouble.to_string()).collect();
    let refusal = Refusal::invalid("screening.rule_form").arg("problems", words.join("; "));
    let field = |problem: &RuleProblem| match (problem.field, &problem.trouble) {
        ("title.zh" | "title.en", _) => ("title_zh", "web.required"),
        ("basis", _) => ("why", "policies.unfit_source"),
        ("id", _) => ("id", "screening.rule_bad_id"),
        ("clock", _) => ("days", "screening.rule_bad_clock"),
        ("when", _) => ("when", "screening.rule_bad_when"),
        ("explain.zh", _) => ("explain_zh", "screening.rule_bad_sentence"),
        ("explain.en", _) => ("explain_en", "screening.rule_bad_sentence"),
        ("department", _) => ("department", "web.required"),
        (_, RuleTrouble::NoEvidence) => ("evidence_more", "screening.rule_no_evidence"),
        _ => ("evidence_more", "screening.rule_bad_evidence"),
    };
    problems
        .iter()
        .map(field)
        .fold(refusal, |refusal, (name, code)| refusal.field(name, code))
        .into()
}

/// The sentence that a rule says when nobody wrote one: its title and the values that it rests on.
pub fn sentence_of(title: &str, evidence: &[Column], lang: Lang) -> String {
    let (colon, comma, stop) =
        if lang == Lang::Zh { ("：", "，", "。") } else { (": ", ", ", ".") };
    let value = |column: &Column| format!("{} {{{}}}", column.title.get(lang), column.name);
    let values: Vec<String> = evidence.iter().map(value).collect();
    format!("{title}{colon}{}{stop}", values.join(comma))
}

/// The rule of today's book or of a draft with its examples, for the form that changes it.
///
/// # Errors
/// Not found where there is no such rule; *unavailable* before a pack is published.
pub fn known(ctx: &Ctx, id: &str, draft: Option<DraftId>) -> Result<(String, Typed)> {
    ctx.permit(Permission::PolicyManage)?;
    let mut session = ctx.read()?;
    let pack = pack_of(ctx, &mut session, draft)?;
    let county = queries::find_county(&mut session)?;
    let missing = || Error::from(Refusal::not_found("screening.no_rule").arg("rule", id));
    let book = Book::of(pack, county.ok_or_else(missing)?, ctx.today)?;
    let found = book.pack.folder("screening").find_map(|(file, text)| {
        let def = RuleDef::parse(text).ok()?;
        (def.id == id).then(|| (file.to_owned(), def))
    });
    let (file, def) = found.ok_or_else(missing)?;
    let examples = book.pack.test_of(&file).map(examples_of).unwrap_or_default();
    Ok((file, Typed { def, examples }))
}

/// The examples of a test file that the form can show: those about the members of a household, a village or a day stay
/// in the text.
fn examples_of(text: &str) -> Vec<Example> {
    let one = |case: &toml::Value| {
        let case = case.as_table().filter(|case| is_shown(case))?;
        let facts: BTreeMap<String, toml::Value> =
            case.get("facts").and_then(|f| f.clone().try_into().ok()).unwrap_or_default();
        let facts = facts.iter().map(|(name, value)| match value {
            toml::Value::String(text) => format!("{name} = {text}"),
            other => format!("{name} = {other}"),
        });
        let lists = case.get("not_delivered").and_then(toml::Value::as_array);
        let lists = lists.into_iter().flatten().filter_map(toml::Value::as_str);
        Some(Example {
            name: case.get("name")?.as_str()?.to_owned(),
            facts: facts.collect::<Vec<_>>().join("; "),
            not_delivered: lists.collect::<Vec<_>>().join("、"),
            expect: match case.get("expect")?.as_str()? {
                "hit" => Expected::Hit,
                "miss" => Expected::Miss,
                _ => Expected::Unknown,
            },
        })
    };
    cases_of(text).iter().filter_map(one).collect()
}

fn cases_of(text: &str) -> Vec<toml::Value> {
    let table = text.parse::<toml::Table>().unwrap_or_default();
    table.get("situation").and_then(toml::Value::as_array).cloned().unwrap_or_default()
}

fn is_shown(case: &toml::Table) -> bool {
    !["members", "village", "today", "says"].iter().any(|name| case.contains_key(*name))
}

/// The examples of a test file that the form does not show.
fn others_of(text: &str) -> Vec<toml::Value> {
    let hidden = |case: &toml::Value| case.as_table().is_some_and(|case| !is_shown(case));
    cases_of(text).into_iter().filter(hidden).collect()
}
