//! The documents behind policy: each under the one that it stands under, with its targets and its receipts.

use std::collections::BTreeMap;

use askama::Template;
use kernel::error::Result;
use kernel::ids::DocumentId;
use kernel::permission::Permission;
use kernel::time::Day;
use web::ui::{Chip, Empty, Stat, Stats, Tabs, Tone};
use web::{Answer, CtxOf, Desk, L, blocking, page};

use super::super::model::{Document, DocumentState};
use super::super::plans::{Milestone, MilestoneState};
use super::super::queries;
use super::{shell, tabs};

struct DocumentRow {
    href: String,
    depth: usize,
    number: String,
    title: String,
    issuer: String,
    kind: String,
    span: String,
    targets: String,
    receipts: String,
    state: Chip,
    supersedes: String,
}

#[derive(Template)]
#[template(path = "policies/templates/documents.html")]
struct DocumentsPage {
    l: L,
    tabs: Tabs,
    stats: Option<Stats>,
    rows: Vec<DocumentRow>,
    empty: Empty,
    manages: bool,
}

/// Whether a document holds on a day, as people say it.
pub(super) fn document_chip(l: L, document: &Document, (day, superseded): (Day, bool)) -> Chip {
    let chip = |tone, word: &str| Chip::new(tone, l.t(&format!("policies-document-{word}")));
    let ended = document.valid_to.is_some_and(|to| to < day);
    match document.state {
        DocumentState::Draft => chip(Tone::Accent, "draft"),
        DocumentState::Repealed => chip(Tone::Grey, "repealed"),
        DocumentState::InForce if superseded => chip(Tone::Grey, "superseded"),
        DocumentState::InForce if day < document.valid_from => chip(Tone::Amber, "later"),
        DocumentState::InForce if ended && document.runs_out_on().is_some_and(|on| day <= on) => {
            chip(Tone::Amber, "running_out")
        }
        DocumentState::InForce if ended => chip(Tone::Grey, "ended"),
        DocumentState::InForce => chip(Tone::Green, "in_force"),
    }
}

/// Documents in the order of the tree: each is followed by those under it. What stands under one that is not there, or in
/// a ring, stands by itself.
fn in_order(all: &[Document]) -> Vec<(usize, &Document)> {
    let mut under: BTreeMap<Option<DocumentId>, Vec<&Document>> = BTreeMap::new();
    let known = |id: &DocumentId| all.iter().any(|one| one.id == *id);
    for one in all {
        under.entry(one.parent.filter(known)).or_default().push(one);
    }
    let mut open: Vec<(usize, &Document)> = Vec::new();
    let mut ordered: Vec<(usize, &Document)> = Vec::new();
    let put = |open: &mut Vec<_>, depth: usize, of: Option<DocumentId>| {
        let children = under.get(&of).into_iter().flatten().rev();
        open.extend(children.map(|one| (depth, *one)));
    };
    put(&mut open, 0, None);
    while let Some((depth, one)) = open.pop() {
        ordered.push((depth, one));
        put(&mut open, depth + 1, Some(one.id));
    }
    let missing = all.iter().filter(|one| !ordered.iter().any(|(_, known)| known.id == one.id));
    let missing: Vec<_> = missing.map(|one| (0, one)).collect();
    ordered.extend(missing);
    ordered
}

struct Found {
    documents: Vec<Document>,
    milestones: Vec<Milestone>,
    receipts: Vec<(DocumentId, i64, i64)>,
}

fn stats(l: L, found: &Found, today: Day) -> Option<Stats> {
    let count = |state| found.milestones.iter().filter(|one| one.state(today) == state).count();
    let without: i64 = found.receipts.iter().map(|(_, sent, received)| sent - received).sum();
    if found.milestones.is_empty() && found.receipts.is_empty() {
        return None;
    }
    let stat = |state: MilestoneState, tone, icon| {
        let stat = Stat::new(l.count(count(state)), l.t(&format!("policies-milestone-{state}")));
        if count(state) > 0 { stat.tone(tone, icon) } else { stat }
    };
    let receipts = Stat::new(l.count(without), l.t("policies-no-receipt"));
    Some(Stats(vec![
        stat(MilestoneState::Met, Tone::Green, "check"),
        stat(MilestoneState::Due, Tone::Accent, "clock"),
        stat(MilestoneState::Missed, Tone::Red, "bang"),
        if without > 0 { receipts.tone(Tone::Amber, "clock") } else { receipts },
    ]))
}

/// `GET /policies/documents`: the documents behind policy.
pub async fn list(CtxOf(ctx): CtxOf, desk: Desk) -> Answer {
    let (l, day) = (desk.l, ctx.today);
    let found = blocking(move || -> Result<Found> {
        ctx.permit(Permission::PolicySee)?;
        let mut session = ctx.read()?;
        Ok(Found {
            documents: queries::list_documents(&mut session)?,
            milestones: queries::list_milestones(&mut session)?,
            receipts: queries::count_receipts(&mut session)?,
        })
    })
    .await?;
    let all = &found.documents;
    let row = |(depth, document): (usize, &Document)| {
        let earlier = all.iter().find(|other| Some(other.id) == document.supersedes);
        let to = document.valid_to.map_or_else(String::new, |to| to.to_string());
        let mine = || found.milestones.iter().filter(|one| one.document == document.id);
        let met = mine().filter(|one| one.state(day) == MilestoneState::Met).count();
        let receipts = found.receipts.iter().find(|(id, _, _)| *id == document.id);
        let of = |part: i64, whole: i64| format!("{} / {}", l.count(part), l.count(whole));
        DocumentRow {
            href: format!("/policies/documents/{}", document.id),
            depth: depth.min(4),
            number: document.number.clone(),
            title: document.title.clone(),
            issuer: document.issuer.clone(),
            kind: l.t(&format!("policies-kind-{}", document.kind)),
            span: format!("{} – {to}", document.valid_from),
            targets: match mine().count() {
                0 => String::new(),
                all => format!("{} / {}", l.count(met), l.count(all)),
            },
            receipts: receipts.map(|(_, sent, got)| of(*got, *sent)).unwrap_or_default(),
            state: document_chip(l, document, (day, document.is_superseded(all, day))),
            supersedes: earlier.map(|one| one.number.clone()).unwrap_or_default(),
        }
    };
    let manages = desk.may(Permission::PolicyManage);
    let mut empty = Empty::new(l.t("policies-no-documents"), l.t("policies-no-documents-help"));
    if manages {
        empty = empty.action(l.t("policies-new-document"), "/policies/documents/new");
    }
    let body = DocumentsPage {
        l,
        tabs: tabs(&desk, "documents"),
        stats: stats(l, &found, day),
        rows: in_order(all).into_iter().map(row).collect(),
        empty,
        manages,
    };
    page(&shell(&desk), body)
}
