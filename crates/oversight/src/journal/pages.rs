//! Pages of the journal.

use askama::Template;
use axum::Router;
use axum::routing::get;
use kernel::area::AreaCode;
use kernel::time::Day;
use store::{JournalFault, JournalReport};
use web::ui::{Choice, Column, Columns, Empty, Field, Note, Pager, Tab, Tabs, Tone};
use web::{Act, Answer, CtxOf, Desk, Fields, L, blocking, page};

use super::actions::{self, Slip};
use super::queries::{AccessLine, EntryLine, Wanted};

const ON_A_PAGE: i64 = 100;

/// The routes of this room.
pub fn routes() -> Router {
    Router::new()
        .route("/journal", get(list))
        .route("/journal/verify", get(verify))
        .route("/journal/slip", get(slip))
        .route("/journal/access", get(access))
}

struct Line {
    number: String,
    at: String,
    actor: String,
    verb: String,
    about: String,
    href: Option<String>,
    area: String,
    detail: String,
}

#[derive(Template)]
#[template(path = "journal/templates/list.html")]
struct ListPage {
    l: L,
    tabs: Tabs,
    fields: Vec<Field>,
    filtered: bool,
    columns: Columns,
    rows: Vec<Line>,
    pager: Pager,
    empty: Empty,
}

/// What a verb is called; one that nobody named is shown as it stands.
pub(super) fn verb(l: L, code: &str) -> String {
    let id = format!("journal-verb-{}", code.replace('.', "-"));
    l.find(&id, &[]).unwrap_or_else(|| code.to_owned())
}

/// Where the thing of an entry is opened.
fn href(kind: &str, id: &str) -> Option<String> {
    match (kind, id.split_once('/')) {
        ("household", None) => Some(format!("/households/{id}")),
        ("batch", None) => Some(format!("/intake/batches/{id}")),
        ("batch_row", Some((batch, row))) => Some(format!("/intake/batches/{batch}/rows/{row}")),
        ("lead", None) => Some(format!("/leads/{id}")),
        _ => None,
    }
}

fn line(l: L, entry: &EntryLine) -> Line {
    let kind = match entry.about_kind.as_str() {
        "" => String::new(),
        kind => l.find(&format!("journal-about-{kind}"), &[]).unwrap_or_else(|| kind.to_owned()),
    };
    let short = match entry.about_name.as_str() {
        "" => entry.about_id.chars().take(8).collect(),
        name => name.to_owned(),
    };
    let detail = if entry.detail == "{}" { String::new() } else { entry.detail.clone() };
    Line {
        number: l.count(entry.number),
        at: entry.at.local_text(),
        actor: if entry.actor == "system" { l.t("journal-system") } else { entry.actor.clone() },
        verb: verb(l, &entry.verb),
        about: [kind.as_str(), &short]
            .into_iter()
            .filter(|s| !s.is_empty())
            .collect::<Vec<_>>()
            .join(" "),
        href: href(&entry.about_kind, &entry.about_id),
        area: entry.area.clone(),
        detail,
    }
}

fn wanted(desk: &Desk) -> Wanted {
    let text = |key: &str| desk.address.get(key).map(str::to_owned);
    Wanted {
        actor: text("actor"),
        verb: text("verb"),
        about: text("about"),
        area: desk.address.get("area").and_then(|code| AreaCode::parse_short(code).ok()),
        day: desk.address.get("day").and_then(|day| Day::parse(day).ok()),
        before: desk.address.get("after").and_then(|number| number.parse().ok()),
    }
}

fn tabs(desk: &Desk, here: &str) -> Tabs {
    let l = desk.l;
    let tab = |href: &str, word: String| Tab {
        href: href.to_owned(),
        label: word,
        count: None,
        current: href == here,
    };
    Tabs(vec![
        tab("/journal", l.t("journal-tab-entries")),
        tab("/journal/access", l.t("journal-tab-access")),
        tab("/journal/verify", l.t("journal-tab-verify")),
    ])
}

fn filters(desk: &Desk, verbs: &[String]) -> Vec<Field> {
    let l = desk.l;
    let mut choices = vec![Choice::new("", l.t("journal-any-verb"))];
    choices.extend(verbs.iter().map(|code| Choice::new(code, verb(l, code))));
    let mut given = Fields::default();
    for key in ["actor", "verb", "about", "area", "day"] {
        given = given.with(key, desk.address.get(key).unwrap_or_default());
    }
    vec![
        Field::input("date", "day", l.t("journal-day")).filled(l, &given, None),
        Field::select("verb", l.t("journal-verb"), choices).filled(l, &given, None),
        Field::text("actor", l.t("journal-actor")).filled(l, &given, None),
        Field::text("area", l.t("journal-area")).filled(l, &given, None),
        Field::text("about", l.t("journal-about")).filled(l, &given, None),
    ]
}

async fn list(CtxOf(ctx): CtxOf, desk: Desk) -> Answer {
    let l = desk.l;
    let today = ctx.today;
    let asked = wanted(&desk);
    let (mut found, verbs) =
        blocking(move || actions::entries(&ctx, &asked, ON_A_PAGE + 1)).await?;
    let size = usize::try_from(ON_A_PAGE).unwrap_or(100);
    let after = (found.len() > size)
        .then(|| found.truncate(size))
        .and_then(|()| found.last().map(|entry| entry.number.to_string()));
    let keys = ["actor", "verb", "about", "area", "day"];
    let day = desk.address.get("day").map_or_else(|| today.to_string(), str::to_owned);
    let words = ["number", "at", "actor", "verb", "col-about", "col-area", "detail"];
    let columns = words.iter().map(|id| Column::new(l.t(&format!("journal-{id}")))).collect();
    let body = ListPage {
        l,
        tabs: tabs(&desk, "/journal"),
        fields: filters(&desk, &verbs),
        filtered: keys.iter().any(|key| desk.address.get(key).is_some()),
        columns: Columns::new(&desk.address, columns),
        pager: Pager::new(l, &desk.address, found.len(), after, None),
        rows: found.iter().map(|entry| line(l, entry)).collect(),
        empty: Empty::new(l.t("journal-empty"), l.t("journal-empty-help")),
    };
    let slip = format!("/journal/slip?day={day}");
    let shell = desk
        .shell("journal")
        .nav("journal")
        .wide()
        .act(Act::new(l.t("journal-slip"), slip).icon("print"));
    page(&shell, body)
}

#[derive(Template)]
#[template(path = "journal/templates/verify.html")]
struct VerifyPage {
    l: L,
    tabs: Tabs,
    note: Note,
    entries: String,
    head: String,
}

fn verdict(l: L, report: &JournalReport) -> Note {
    match &report.fault {
        None => Note::new(Tone::Green, l.t("journal-holds"), l.t("journal-holds-text")),
        Some(fault) => {
            let what = match fault {
                JournalFault::Changed(number) => l.t1("journal-fault-changed", "number", *number),
                JournalFault::Missing(number) => l.t1("journal-fault-missing", "number", *number),
                JournalFault::Cut => l.t("journal-fault-cut"),
            };
            Note::new(Tone::Red, what, l.t("journal-fault-text"))
        }
    }
}

async fn verify(CtxOf(ctx): CtxOf, desk: Desk) -> Answer {
    let report = blocking(move || actions::verify(&ctx)).await?;
    let l = desk.l;
    let body = VerifyPage {
        l,
        tabs: tabs(&desk, "/journal/verify"),
        note: verdict(l, &report),
        entries: l.count(report.entries),
        head: grouped(&report.head),
    };
    page(&desk.shell("journal-verify").nav("journal").crumb(l.t("journal-title"), "/journal"), body)
}

/// A code in groups of eight, so that a person can compare it with paper.
fn grouped(code: &str) -> String {
    let letters: Vec<char> = code.chars().collect();
    letters.chunks(8).map(|part| part.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

#[derive(Template)]
#[template(path = "journal/templates/slip.html")]
struct SlipPage {
    l: L,
    day: String,
    before: String,
    next: Option<String>,
    ends: Option<(String, String, String, String)>,
    verbs: Vec<(String, String)>,
    total: String,
}

async fn slip(CtxOf(ctx): CtxOf, desk: Desk) -> Answer {
    let l = desk.l;
    let today = ctx.today;
    let day = desk.address.get("day").and_then(|day| Day::parse(day).ok()).unwrap_or(today);
    let found: Slip = blocking(move || actions::slip(&ctx, day)).await?;
    let body = SlipPage {
        l,
        day: day.to_string(),
        before: day.add_days(-1).to_string(),
        next: (day < today).then(|| day.add_days(1).to_string()),
        ends: found.ends.as_ref().map(|(first, last)| {
            let end = l.count(last.number);
            (l.count(first.number), end, last.at.local_text(), grouped(&last.mac))
        }),
        total: l.count(found.verbs.iter().map(|(_, number)| number).sum::<i64>()),
        verbs: found.verbs.iter().map(|(code, n)| (verb(l, code), l.count(*n))).collect(),
    };
    let shell = desk
        .shell("journal-slip")
        .nav("journal")
        .crumb(l.t("journal-title"), "/journal")
        .act(Act::print(l));
    page(&shell, body)
}

struct AccessRow {
    at: String,
    who: String,
    kind: String,
    verb: String,
    about: String,
}

#[derive(Template)]
#[template(path = "journal/templates/access.html")]
struct AccessPage {
    l: L,
    tabs: Tabs,
    kinds: Tabs,
    columns: Columns,
    rows: Vec<AccessRow>,
    pager: Pager,
    empty: Empty,
}

fn access_row(l: L, line: &AccessLine) -> AccessRow {
    let kind = l.find(&format!("journal-kind-{}", line.kind), &[]);
    let code = line.verb.replace('.', "-");
    let words = ["kernel-permission", "journal-tried"]
        .iter()
        .find_map(|family| l.find(&format!("{family}-{code}"), &[]));
    AccessRow {
        at: line.at.local_text(),
        who: if line.who == "system" { l.t("journal-system") } else { line.who.clone() },
        kind: kind.unwrap_or_else(|| line.kind.clone()),
        verb: words.unwrap_or_else(|| verb(l, &line.verb)),
        about: line.about.chars().take(40).collect(),
    }
}

async fn access(CtxOf(ctx): CtxOf, desk: Desk) -> Answer {
    let l = desk.l;
    let kind = desk.address.get("kind").map(str::to_owned);
    let before = desk
        .address
        .get("after")
        .and_then(|key| key.split_once('|'))
        .map(|(a, b)| (a.to_owned(), b.to_owned()));
    let mut found = blocking(move || {
        let before = before.as_ref().map(|(at, request)| (at.as_str(), request.as_str()));
        actions::access(&ctx, kind.as_deref(), before, ON_A_PAGE + 1)
    })
    .await?;
    let size = usize::try_from(ON_A_PAGE).unwrap_or(100);
    let after = (found.len() > size)
        .then(|| found.truncate(size))
        .and_then(|()| found.last().map(|line| format!("{}|{}", line.at, line.request)));
    let here = desk.address.get("kind").unwrap_or_default();
    let kinds = ["", "denied", "not_found", "reveal"].map(|kind| Tab {
        href: desk.address.without("after").with("kind", kind).to_string(),
        label: match kind {
            "" => l.t("web-all"),
            kind => l.t(&format!("journal-kind-{kind}")),
        },
        count: None,
        current: kind == here,
    });
    let words = ["at", "actor", "kind", "tried", "col-about"];
    let columns = words.iter().map(|id| Column::new(l.t(&format!("journal-{id}")))).collect();
    let body = AccessPage {
        l,
        tabs: tabs(&desk, "/journal/access"),
        kinds: Tabs(kinds.into()),
        columns: Columns::new(&desk.address, columns),
        pager: Pager::new(l, &desk.address, found.len(), after, None),
        rows: found.iter().map(|line| access_row(l, line)).collect(),
        empty: Empty::new(l.t("journal-access-empty"), l.t("journal-access-empty-help")),
    };
    let shell =
        desk.shell("journal-access").nav("journal").wide().crumb(l.t("journal-title"), "/journal");
    page(&shell, body)
}
