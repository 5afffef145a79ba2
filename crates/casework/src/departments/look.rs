//! What people see here: the calendar of lists, what came back, the rules of an office, all offices.

use std::collections::{BTreeMap, BTreeSet};

use kernel::area::AreaCode;
use kernel::error::Result;
use kernel::permission::Permission;
use kernel::time::{Day, Period};
use registry::accounts::{is_office, offices};
use registry::intake::{self, Template, Templates};
use registry::policies::ListRhythm;
use store::{Ctx, Session};

use super::model::{self, Arrival, County, Slot, Standing};
use super::queries::questions::count_open;
use super::queries::{self, RejectedRow, SaidOfRow, UnreadFile};
use crate::screening::{self, Returned, RuleLine, working_calendar};

/// Days back for which files with unreadable rows are shown.
const UNREAD_DAYS: i64 = 366;

/// A list of an office with its calendar.
#[derive(Debug, Clone)]
pub struct ListLine {
    /// The list.
    pub list: String,
    /// Its office.
    pub department: String,
    /// Its rhythm.
    pub rhythm: ListRhythm,
    /// Twelve months of it.
    pub slots: Vec<Slot>,
    /// The next delivery that is not here, and its day.
    pub next: Option<(Period, Day)>,
}

/// The calendar of some lists.
#[derive(Debug, Clone)]
pub struct Calendar {
    /// The lists in the order of the offices.
    pub lines: Vec<ListLine>,
    /// Names of villages and towns.
    pub names: BTreeMap<AreaCode, String>,
    /// Villages of every town.
    pub towns: BTreeMap<AreaCode, usize>,
}

/// The office that the person may look at: an office sees itself, who belongs to none sees all.
pub fn office(ctx: &Ctx, department: &str) -> Result<()> {
    let own = ctx.actor.department.as_deref().is_none_or(|own| own == department);
    if own && is_office(department) {
        return Ok(());
    }
    Err(ctx.not_found("departments.no_office", department))
}

/// The calendar of the lists of an office, or of all of them.
pub fn calendar(ctx: &Ctx, templates: &Templates, department: Option<&str>) -> Result<Calendar> {
    ctx.permit(Permission::DeliverySee)?;
    let department = ctx.actor.department.as_deref().or(department);
    calendar_in(ctx, &mut ctx.read()?, (templates, department))
}

fn calendar_in(
    ctx: &Ctx,
    session: &mut Session,
    (templates, department): (&Templates, Option<&str>),
) -> Result<Calendar> {
    let villages = queries::list_villages(session)?;
    let codes: Vec<AreaCode> = villages.iter().map(|(code, _)| *code).collect();
    let since = queries::first_day(session)?.unwrap_or(ctx.today);
    let arrivals = queries::list_arrivals(session, ctx.today.add_months(-25))?;
    let county =
        County { villages: &codes, today: ctx.today, since, calendar: working_calendar()? };
    let mut by_list: BTreeMap<&str, Vec<Arrival>> = BTreeMap::new();
    for one in &arrivals {
        by_list.entry(&one.list).or_default().push(one.clone());
    }
    let order = |code: &str| offices().iter().position(|office| office.code == code);
    let mut lines = Vec::new();
    for (known, own) in intake::rhythms_on(session, ctx.today)? {
        let wanted = department.is_none_or(|wanted| wanted == known.department);
        let template = templates.iter().find(|template: &&Template| template.list == known.list);
        let coverage = template.map(|template| template.coverage).or(own);
        let (Some(rhythm), Some(coverage), true) = (known.on(ctx.today), coverage, wanted) else {
            continue;
        };
        let arrived = by_list.get(known.list.as_str()).map_or(&[][..], Vec::as_slice);
        let of = (rhythm, coverage);
        let mut slots = model::slots(of, arrived, &county, model::window(ctx.today));
        // a list that the county made this year owed nothing before
        slots.retain(|slot| known.begins().is_none_or(|begins| begins <= slot.period.to));
        lines.push(ListLine {
            list: known.list.clone(),
            department: known.department.clone(),
            slots,
            next: model::next_due(of, arrived, &county),
            rhythm: known.clone(),
        });
    }
    lines.sort_by_key(|line| order(&line.department));
    let towns = queries::list_towns(session)?;
    let inside = |town: AreaCode| codes.iter().filter(|code| town.contains(**code)).count();
    Ok(Calendar {
        lines,
        towns: towns.iter().map(|(code, _)| (*code, inside(*code))).collect(),
        names: villages.into_iter().chain(towns).collect(),
    })
}

impl Calendar {
    /// Deliveries whose day has passed, in the order of the offices: nothing here, or not for all villages.
    pub fn late(&self, today: Day) -> Vec<(&ListLine, &Slot)> {
        let is_late = |slot: &&Slot| {
            let over = slot.due.is_some_and(|due| due < today);
            slot.standing == Standing::Late || (slot.standing == Standing::Partly && over)
        };
        let slots = |line| -> Vec<(&ListLine, &Slot)> {
            let line: &ListLine = line;
            line.slots.iter().filter(is_late).map(|slot| (line, slot)).collect()
        };
        self.lines.iter().flat_map(slots).collect()
    }

    /// The areas of missing villages in words: a town all of whose villages are missing is named instead of them.
    pub fn places(&self, missing: &[AreaCode]) -> Vec<String> {
        let mut left: BTreeSet<AreaCode> = missing.iter().copied().collect();
        let mut names = Vec::new();
        let name =
            |code: &AreaCode| self.names.get(code).cloned().unwrap_or_else(|| code.to_string());
        for (town, villages) in &self.towns {
            let inside: Vec<AreaCode> =
                left.iter().copied().filter(|code| town.contains(*code)).collect();
            if inside.len() == *villages && *villages > 0 {
                names.push(name(town));
                left.retain(|code| !town.contains(*code));
            }
        }
        names.extend(left.iter().map(name));
        names
    }
}

/// A row or a lead that came back to an office as wrong.
#[derive(Debug, Clone)]
pub struct Back {
    /// By what it is answered.
    pub subject: String,
    /// What came back.
    pub what: BackOf,
    /// What the office has said about it.
    pub said: Option<SaidOfRow>,
}

/// What came back.
#[derive(Debug, Clone)]
pub enum BackOf {
    /// A lead that ended as wrong data, with the office's reasons.
    Lead(Vec<Returned>),
    /// A row that cannot be used.
    Row(RejectedRow),
}

/// What came back to an office: rows and leads, and files with rows that could not be read.
#[derive(Debug, Clone, Default)]
pub struct AllBack {
    /// Rows and leads; those without a word of the office first.
    pub back: Vec<Back>,
    /// Files.
    pub unread: Vec<UnreadFile>,
}

/// What came back to an office as wrong.
pub fn all_back(ctx: &Ctx, department: &str) -> Result<AllBack> {
    ctx.permit(Permission::DeliverySee)?;
    office(ctx, department)?;
    let mut leads: Vec<Vec<Returned>> = Vec::new();
    for one in screening::returned(ctx, department)? {
        match leads.last_mut() {
            Some(last) if last.first().is_some_and(|first| first.lead == one.lead) => {
                last.push(one)
            }
            _ => leads.push(vec![one]),
        }
    }
    let mut session = ctx.read()?;
    let mut said = queries::list_said(&mut session, department)?;
    let mut back: Vec<Back> = Vec::new();
    for reasons in leads {
        let Some(lead) = reasons.first().map(|one| one.lead) else { continue };
        let subject = format!("lead/{lead}/{department}");
        back.push(Back { said: said.remove(&subject), subject, what: BackOf::Lead(reasons) });
    }
    for row in queries::list_rejected(&mut session, department)? {
        let subject = format!("row/{}/{}", row.batch, row.key);
        back.push(Back { said: said.remove(&subject), subject, what: BackOf::Row(row) });
    }
    back.sort_by_key(|one| one.said.is_some());
    let since = ctx.today.add_days(-UNREAD_DAYS);
    Ok(AllBack { back, unread: queries::list_unread(&mut session, department, since)? })
}

/// The rules that read the lists of an office or name it, with what came of them, in the order of the rule book.
pub fn rules_of(ctx: &Ctx, department: &str) -> Result<Vec<RuleLine>> {
    ctx.permit(Permission::DeliverySee)?;
    office(ctx, department)?;
    let known = intake::rhythms_on(&mut ctx.read()?, ctx.today)?;
    let mine: BTreeSet<&str> = known
        .iter()
        .filter(|(known, _)| known.department == department)
        .map(|(known, _)| known.list.as_str())
        .collect();
    let reads = |line: &RuleLine| {
        line.rule.as_ref().is_some_and(|rule| {
            rule.def.department == department
                || rule.lists().iter().any(|list| mine.contains(list.as_str()))
        })
    };
    let book = screening::rule_book(ctx)?;
    Ok(book.map(|book| book.rules.into_iter().filter(reads).collect()).unwrap_or_default())
}

/// What one office has to do, for the list of all of them.
#[derive(Debug, Clone)]
pub struct OfficeLine {
    /// The office.
    pub code: &'static str,
    /// Lists.
    pub lists: usize,
    /// Lists whose day has passed.
    pub late: Vec<String>,
    /// The next day on which a list is due, and the list.
    pub next: Option<(Day, String)>,
    /// What came back and has no word of the office.
    pub back: usize,
    /// Open questions, and those past their day.
    pub questions: (i64, i64),
}

/// All offices that deliver lists, in the order of the code list: never by how they do.
pub fn list_offices(ctx: &Ctx, templates: &Templates) -> Result<Vec<OfficeLine>> {
    let calendar = calendar(ctx, templates, None)?;
    let open = count_open(&mut ctx.read()?, ctx.today)?;
    let late = calendar.late(ctx.today);
    let mut lines = Vec::new();
    for known in offices() {
        let mine: Vec<&ListLine> =
            calendar.lines.iter().filter(|line| line.department == known.code).collect();
        if mine.is_empty() || ctx.actor.department.as_ref().is_some_and(|own| *own != known.code) {
            continue;
        }
        let mut names: Vec<String> = Vec::new();
        for (line, _) in late.iter().filter(|(line, _)| line.department == known.code) {
            if !names.contains(&line.list) {
                names.push(line.list.clone());
            }
        }
        let next =
            mine.iter().filter_map(|line| line.next.map(|(_, due)| (due, line.list.clone())));
        let asked = open.iter().find(|(code, _, _)| code == &known.code);
        let back = all_back(ctx, &known.code)?.back;
        lines.push(OfficeLine {
            code: &known.code,
            lists: mine.len(),
            late: names,
            next: next.min(),
            back: back.iter().filter(|one| one.said.is_none()).count(),
            questions: asked.map_or((0, 0), |(_, open, over)| (*open, *over)),
        });
    }
    Ok(lines)
}
