//! Pages of the rules: the list with results, one rule in words with its tests.

use askama::Template;
use axum::Extension;
use axum::extract::Path;
use kernel::permission::Permission;
use web::ui::{Chip, Column, Columns, Csrf, Empty, Mark, Note, Tone};
use web::{Act, Answer as Page, CtxOf, Desk, L, blocking, done, page};

use super::super::book::{Book, Issue};
use super::super::results::{RuleLine, RulePage, rule_book, rule_page};
use super::super::rule::{Calendar, Expected, Level, Part, Rule, Template as Sentence};
use super::super::run::screen_all;
use super::what_if::problem_words;
use super::{channel_word, said, severity_chip};

struct Row {
    href: String,
    title: String,
    id: String,
    severity: Option<Chip>,
    department: String,
    level: String,
    hits: String,
    unknown: String,
    answered: String,
    confirmed: String,
    problem: Option<Chip>,
}

#[derive(Template)]
#[template(path = "screening/templates/rules.html")]
struct RulesPage {
    l: L,
    columns: Columns,
    rows: Vec<Row>,
    note: String,
    empty: Option<Empty>,
    csrf: Option<Csrf>,
}

fn office(l: L, name: &str) -> String {
    super::department_word(l, name)
}

fn row(l: L, line: &RuleLine) -> Row {
    let rule = line.rule.as_ref();
    let title = rule
        .map_or(line.id.clone(), |rule| said(l, &rule.def.title.zh, &rule.def.title.en).to_owned());
    let level = rule.map_or("household", |rule| rule.def.level.code());
    let count = &line.count;
    let dash = || "—".to_owned();
    Row {
        href: format!("/rules/{}", line.id),
        title,
        id: line.id.clone(),
        severity: rule.map(|rule| severity_chip(l, rule.def.severity)),
        department: rule.map_or_else(dash, |rule| office(l, &rule.def.department)),
        level: l.t(&format!("screening-level-{level}")),
        hits: line.last.map_or_else(dash, |(hits, _)| l.count(hits)),
        unknown: line.last.map_or_else(dash, |(_, unknown)| l.count(unknown)),
        answered: l.count(count.answered),
        confirmed: l.percent(count.confirmed, count.answered),
        problem: (!line.issues.is_empty())
            .then(|| Chip::new(Tone::Red, l.t("screening-rule-broken")).icon("bang")),
    }
}

/// `POST /rules/run`: asks every household every question.
pub async fn run(CtxOf(ctx): CtxOf) -> Page {
    ctx.permit(Permission::RuleRun)?;
    blocking(move || screen_all(&ctx).map(drop)).await?;
    done("/rules", "screening-run-done")
}

/// The list of rules.
pub async fn list(CtxOf(ctx): CtxOf, desk: Desk) -> Page {
    let l = desk.l;
    let runs = desk.may(Permission::RuleRun);
    let book = blocking(move || rule_book(&ctx)).await?;
    let columns = Columns::new(
        &desk.address,
        vec![
            Column::new(l.t("screening-rule")),
            Column::new(l.t("screening-severity")).id("severity"),
            Column::new(l.t("screening-department")).id("department"),
            Column::new(l.t("screening-level")).id("level"),
            Column::new(l.t("screening-hits")).number().id("hits"),
            Column::new(l.t("screening-cannot-tell")).number().id("unknown"),
            Column::new(l.t("screening-answered")).number().id("answered"),
            Column::new(l.t("screening-confirmed")).number().id("confirmed"),
        ],
    )
    .liked(&desk.view, "rules");
    let mut note = String::new();
    if let Some(book) = &book {
        note = l.t_args(
            "screening-book",
            &[
                ("pack", said(l, &book.pack.0.zh, &book.pack.0.en).into()),
                ("version", i64::from(book.pack.1).into()),
                ("n", book.rules.len().into()),
            ],
        );
        if let Some((at, millis)) = &book.last_run {
            let at = at.parse::<kernel::time::Instant>().map(|at| at.local_text());
            note.push(' ');
            note.push_str(&l.t_args(
                "screening-last-run",
                &[("at", at.unwrap_or_default().into()), ("ms", (*millis).into())],
            ));
        }
    }
    let rows = book.iter().flat_map(|book| &book.rules).map(|line| row(l, line)).collect();
    let empty =
        book.is_none().then(|| Empty::new(l.t("screening-no-book"), l.t("screening-no-book-help")));
    let mut shell = desk.shell("screening-rules").nav("rules").wide();
    if desk.may(Permission::PolicyManage) && book.is_some() {
        shell = shell.act(Act::new(l.t("screening-rule-new-title"), "/rules/new").icon("plus"));
    }
    let csrf = (runs && book.is_some()).then(|| Csrf(desk.csrf.clone()));
    page(&shell, RulesPage { l, columns, rows, note, empty, csrf })
}

struct Test {
    name: String,
    expected: String,
    mark: Mark,
    sentence: String,
}

#[derive(Template)]
#[template(path = "screening/templates/rule.html")]
struct OneRulePage {
    l: L,
    chips: Vec<Chip>,
    issues: Vec<Note>,
    words: String,
    sentence: String,
    facts: Vec<(String, String)>,
    thresholds: Vec<(String, String, String)>,
    columns: Vec<(String, String, String)>,
    counts: Vec<(String, String, String)>,
    tests: Vec<Test>,
    text: String,
}

/// What is wrong with a rule: the sentence of its code, and where.
pub fn issue_note(l: L, issue: &Issue) -> Note {
    let (title, text) = issue_words(l, issue);
    Note::new(Tone::Red, title, text)
}

/// What is wrong with a rule, and more about it: where, what to do.
pub fn issue_words(l: L, issue: &Issue) -> (String, String) {
    use super::super::book::Trouble;
    match &issue.trouble {
        Trouble::Wrong(problem) => problem_words(l, problem),
        Trouble::Unreadable(error) => (l.t("screening-issue-unreadable"), error.to_string()),
        Trouble::Twice => (l.t("screening-issue-twice"), issue.file.clone()),
        Trouble::Failed(why) => (l.t("screening-issue-failed"), why.clone()),
        Trouble::Slow { millis } => {
            (l.t("screening-issue-slow"), l.t1("screening-issue-slow-ms", "ms", *millis))
        }
    }
}

fn facts(l: L, found: &RulePage) -> Vec<(String, String)> {
    let Some(rule) = &found.line.rule else { return Vec::new() };
    let def = &rule.def;
    let calendar = match def.clock.calendar {
        Calendar::Working => "screening-days-working",
        Calendar::Calendar => "screening-days-calendar",
    };
    let basis = def.basis.as_ref().or(def.set_locally.as_ref()).cloned().unwrap_or_default();
    let mut facts = vec![
        (l.t("screening-basis"), l.half(&basis)),
        (l.t("screening-department"), office(l, &def.department)),
        (l.t("screening-channel"), channel_word(l, &def.channel)),
        (l.t("screening-clock"), l.t1(calendar, "n", i64::from(def.clock.days))),
    ];
    let mut again = Vec::new();
    if let Some(months) = def.raise_again.after_months {
        again.push(l.t1("screening-again-months", "n", i64::from(months)));
    }
    if let Some(worse) = &def.raise_again.or_worse_by {
        let column = rule.evidence.iter().find(|column| column.is_named(&worse.column));
        let what = column.map_or(worse.column.as_str(), |column| column.title.get(l.0));
        let unit = column.map_or("", |column| column.unit.title().get(l.0));
        let by = format!("{} {unit}", worse.by.abs());
        again.push(l.t_args(
            "screening-again-worse",
            &[("what", what.into()), ("by", by.trim().to_owned().into())],
        ));
    }
    if again.is_empty() {
        again.push(l.t("screening-again-never"));
    }
    facts.push((l.t("screening-again"), again.join(if l.is_zh() { "；" } else { "; " })));
    if !def.mechanism.is_empty() {
        facts.push((l.t("screening-mechanism"), def.mechanism.join(" ")));
    }
    facts
}

fn thresholds(l: L, found: &RulePage) -> Vec<(String, String, String)> {
    let Some(rule) = &found.line.rule else { return Vec::new() };
    let mut rows = Vec::new();
    for name in rule.predicate.params() {
        let Some(param) = found.book.params.get(&name) else { continue };
        let title = said(l, &param.title_zh, &param.title_en);
        let parameter = found.book.pack.parameters.iter().find(|one| one.id == name);
        for area in &param.values {
            let shown = facts::shown(&area.value, param.kind, param.unit, l.0);
            let holds = parameter.iter().flat_map(|one| &one.values).find(|value| {
                value.value == area.value
                    && value.source.as_ref().or(value.set_locally.as_ref()).is_some()
            });
            let source = holds.and_then(|v| v.source.clone().or_else(|| v.set_locally.clone()));
            let source = l.half(&source.unwrap_or_default());
            rows.push((title.to_owned(), shown, source));
        }
    }
    rows
}

fn test(l: L, result: &super::super::rule::SituationResult) -> Test {
    let word = |expected: Expected| match expected {
        Expected::Hit => l.t("screening-test-hit"),
        Expected::Miss => l.t("screening-test-miss"),
        Expected::Unknown => l.t("screening-test-unknown"),
    };
    let mark = match (result.passed, &result.mistake) {
        (true, _) => Mark::ok(l.t("screening-test-passed")),
        (false, Some(mistake)) => Mark::bad(mistake.clone()),
        (false, None) => Mark::bad(l.t1("screening-test-got", "got", word(result.got))),
    };
    Test {
        name: result.name.clone(),
        expected: word(result.expected),
        mark,
        sentence: result.sentence.clone().unwrap_or_default(),
    }
}

/// The counts of a rule; who may see leads opens them.
fn counts(desk: &Desk, line: &RuleLine) -> Vec<(String, String, String)> {
    let l = desk.l;
    let of = |id: &str, number: i64, href: String| (l.t(id), l.count(number), href);
    let to = |state: &str| match desk.may(Permission::LeadSee) {
        true => format!("/leads?state={state}&rule={}", line.id),
        false => String::new(),
    };
    let none = String::new;
    vec![
        of("screening-hits", line.last.map_or(0, |(hits, _)| hits), none()),
        of("screening-cannot-tell", line.last.map_or(0, |(_, unknown)| unknown), none()),
        of("screening-live", line.count.live, to("open")),
        of("screening-answered", line.count.answered, to("answered")),
        of("screening-confirmed-count", line.count.confirmed, none()),
        of("screening-wrong-data-count", line.count.wrong_data, none()),
    ]
}

/// The sentence of a hit with the names of its values where a hit has numbers.
fn sentence_of(l: L, rule: &Rule, book: &Book, text: &str) -> String {
    let Ok(template) = Sentence::parse(text) else { return text.to_owned() };
    let named = |title: &str| match l.is_zh() {
        true => format!("〔{title}〕"),
        false => format!("[{title}]"),
    };
    let part = |part: &Part| match part {
        Part::Text(text) => text.clone(),
        Part::Column(name) => {
            let column = rule.evidence.iter().find(|column| column.is_named(name));
            named(column.map_or(name.as_str(), |column| column.title.get(l.0)))
        }
        Part::Param(name) => {
            let param = book.params.get(name.as_str());
            named(param.map_or(name.as_str(), |p| said(l, &p.title_zh, &p.title_en)))
        }
    };
    template.parts.iter().map(part).collect()
}

/// One rule.
pub async fn show(
    CtxOf(ctx): CtxOf,
    desk: Desk,
    lists: Option<Extension<registry::intake::Desk>>,
    Path(id): Path<String>,
) -> Page {
    let l = desk.l;
    let found = blocking(move || rule_page(&ctx, &id)).await?;
    let rule = found.line.rule.as_ref();
    let title = rule.map_or(found.line.id.clone(), |rule| {
        said(l, &rule.def.title.zh, &rule.def.title.en).to_owned()
    });
    let words = rule.map(|rule| rule.in_words(&found.book.params, l.0)).unwrap_or_default();
    let sentence = rule.map(|rule| {
        sentence_of(l, rule, &found.book, said(l, &rule.def.explain.zh, &rule.def.explain.en))
    });
    let chips = rule.map(|rule| {
        let level = match rule.def.level {
            Level::Household => "screening-level-household",
            Level::Village => "screening-level-village",
        };
        vec![severity_chip(l, rule.def.severity), Chip::new(Tone::Grey, l.t(level))]
    });
    let columns = rule.map(|rule| {
        let line = |column: &facts::Column| {
            let list = column.coverage.map(|coverage| {
                let known = lists.as_ref().and_then(|Extension(desk)| {
                    desk.templates.iter().find(|template| template.list == coverage.list)
                });
                let title = known.map(|known| said(l, &known.title.zh, &known.title.en));
                l.t1("screening-from-list", "list", title.unwrap_or(coverage.list))
            });
            (
                column.title.get(l.0).to_owned(),
                column.sentence.get(l.0).to_owned(),
                list.unwrap_or_default(),
            )
        };
        rule.predicate.columns().iter().map(line).collect()
    });
    let body = OneRulePage {
        l,
        chips: chips.unwrap_or_default(),
        issues: found.line.issues.iter().map(|issue| issue_note(l, issue)).collect(),
        words,
        sentence: sentence.unwrap_or_default(),
        facts: facts(l, &found),
        thresholds: thresholds(l, &found),
        columns: columns.unwrap_or_default(),
        counts: counts(&desk, &found.line),
        tests: found.tests.iter().map(|result| test(l, result)).collect(),
        text: found.text.clone(),
    };
    let mut shell = desk
        .untitled()
        .title(title)
        .lead(l.t1("screening-rule-lead", "id", &found.line.id))
        .nav("rules")
        .crumb(l.t("screening-rules-title"), "/rules")
        .here(found.line.id.clone());
    if desk.may(Permission::LeadSee) {
        let leads = format!("/leads?rule={}", found.line.id);
        shell = shell.act(Act::new(l.t("screening-rule-leads"), leads));
    }
    if desk.may(Permission::RuleRun) {
        let what_if = format!("/rules/{}/what-if", found.line.id);
        shell = shell.act(Act::new(l.t("screening-what-if"), what_if));
    }
    if desk.may(Permission::PolicyManage) && !found.file.is_empty() {
        let href = format!("/policies/files?path={}", found.file);
        let form = format!("/rules/{}/edit", found.line.id);
        shell = shell
            .act(Act::new(l.t("policies-change-rule"), form).icon("rule"))
            .act(Act::new(l.t("screening-rule-as-text"), href));
    }
    page(&shell, body)
}
