//! What this room puts on the household page: the guarantees with source and age, income by month, and its events.

use askama::Template;
use kernel::error::{OrFault, Result};
use kernel::permission::FieldClass as Opened;
use kernel::time::Month;
use store::Session;
use web::L;
use web::ui::{Event, Mark, MonthBar, MonthChart, Source, Tone};

use super::incomes::{Income, list_counted};
use super::matrix::{Judged, Verdict, judge};
use super::queries::{Said, list_records, list_village_records};
use super::topics::{
    FieldClass, HospitalStay, IncomeBlock, OldRegister, OwnListRow, SocialAssistance, Topic,
};
use crate::households::opens_row;
use crate::households::{Panel, Place, Subject};

/// The name of an office; what is no office (the word that an income row itself gives) stays as it is.
fn office(l: L, code: &str) -> String {
    l.find(&format!("department-{code}"), &[]).unwrap_or_else(|| code.to_owned())
}

/// Where a record comes from, as a chip that opens the row of the file.
fn source_of(l: L, said: &Said, subject: &Subject) -> Source {
    let list = said.period_to.as_deref().and_then(|day| day.get(..7)).unwrap_or_default();
    let source =
        Source::new(l, &office(l, &said.department), list, said.on.days_until(subject.as_of));
    let source = source.tip(l.t(said.topic.title_id()));
    if opens_row(subject.ctx, &said.department) { source.href(said.href()) } else { source }
}

/// The same of a line of income. Rows of incomes are found through the household they are asked for.
fn source_of_income(l: L, income: &Income, subject: &Subject) -> Source {
    let source = Source::new(l, &income.source, "", income.to.days_until(subject.as_of));
    if subject.ctx.actor.department.is_some() || !opens_row(subject.ctx, "") {
        return source;
    }
    let (batch, row) = &income.row;
    source.href(format!("/intake/batches/{batch}/rows/{row}?of={}", subject.household.id))
}

struct MatrixRow {
    label: String,
    mark: Mark,
    source: Option<Source>,
}

#[derive(Template)]
#[template(path = "circumstances/templates/matrix.html")]
struct MatrixPanel {
    l: L,
    rows: Vec<MatrixRow>,
}

/// The guarantee matrix.
///
/// # Errors
/// What the database refuses.
pub fn guarantees(session: &mut Session, subject: &Subject) -> Result<Option<Panel>> {
    let l = subject.l;
    let rows = judged(session, subject)?
        .into_iter()
        .map(|judged| MatrixRow {
            label: l.t(&format!("circumstances-guarantee-{}", judged.guarantee)),
            source: judged.said.as_ref().map(|said| source_of(l, said, subject)),
            mark: mark_of(l, &judged),
        })
        .collect();
    let html = MatrixPanel { l, rows }.render().or_fault("guarantees")?;
    Ok(Some(Panel { place: Place::Middle, html }))
}

fn judged(session: &mut Session, subject: &Subject) -> Result<Vec<Judged>> {
    let mut records = list_records(session, subject.household.id, subject.as_of)?;
    records.extend(list_village_records(session, subject.household.village.as_str())?);
    records.retain(|said| said.on <= subject.as_of);
    Ok(judge(&records, subject.residents, subject.as_of))
}

/// The guarantees of which nobody has said how they stand: what a visit can fill in.
///
/// # Errors
/// Faults of the database; records that cannot be read.
pub fn unseen(session: &mut Session, subject: &Subject) -> Result<Vec<String>> {
    let open = judged(session, subject)?.into_iter().filter(|one| one.verdict == Verdict::Unknown);
    Ok(open.map(|one| subject.l.t(&format!("circumstances-guarantee-{}", one.guarantee))).collect())
}

fn mark_of(l: L, judged: &Judged) -> Mark {
    let id = format!("circumstances-guarantee-{}-{}", judged.guarantee, judged.verdict.as_str());
    let text = l.t_args(&id, &[("n", judged.counted.0.into()), ("of", judged.counted.1.into())]);
    match judged.verdict {
        Verdict::Ok => Mark::ok(text),
        Verdict::Bad => Mark::bad(text),
        Verdict::Unknown => Mark::ask(text),
    }
}

struct LineRow {
    label: String,
    months: String,
    amount: String,
    source: Source,
}

#[derive(Template)]
#[template(path = "circumstances/templates/income.html")]
struct IncomePanel {
    l: L,
    chart: MonthChart,
    per_head: Option<String>,
    per_head_before: Option<String>,
    net: String,
    lines: Vec<LineRow>,
}

const BLOCKS: [IncomeBlock; 4] =
    [IncomeBlock::Wage, IncomeBlock::Business, IncomeBlock::Property, IncomeBlock::Transfer];

/// Net income of the entries whose last day lies in the twelve months up to `last`.
fn net_of(incomes: &[Income], last: Month) -> i64 {
    let from = last.add_months(-11).first_day();
    let to = last.last_day();
    let counts = incomes.iter().filter(|income| income.to >= from && income.to <= to);
    counts.fold(0, |sum, income| match income.line.block() {
        IncomeBlock::Cost => sum - income.amount_fen,
        _ => sum + income.amount_fen,
    })
}

/// The months that the chart shows, each entry spread evenly over the months it is for.
fn bars(incomes: &[Income], last: Month) -> Vec<MonthBar> {
    let first = last.add_months(-23);
    let mut bars: Vec<MonthBar> = (0..24)
        .map(|at| MonthBar {
            month: first.add_months(at).to_string(),
            blocks: vec![0; BLOCKS.len()],
            counts: at >= 12,
        })
        .collect();
    for income in incomes {
        let Some(block) = BLOCKS.iter().position(|block| *block == income.line.block()) else {
            continue;
        };
        let months = income.from.in_month().months_until(income.to.in_month()) + 1;
        for at in 0..months.max(1) {
            let month = first.months_until(income.from.in_month().add_months(at));
            let bar = usize::try_from(month).ok().and_then(|at| bars.get_mut(at));
            if let Some(sum) = bar.and_then(|bar| bar.blocks.get_mut(block)) {
                *sum += income.amount_fen / months.max(1);
            }
        }
    }
    bars
}

/// Income by month and by line; for those who may see money.
///
/// # Errors
/// What the database refuses.
pub fn income(session: &mut Session, subject: &Subject) -> Result<Option<Panel>> {
    if !subject.permit.opens(Opened::Money) {
        return Ok(None);
    }
    let l = subject.l;
    let last = subject.as_of.in_month();
    let since = last.add_months(-23).first_day();
    let mut incomes = list_counted(session, subject.household.id, (since, subject.as_of))?;
    incomes.retain(|income| income.to <= last.last_day());
    if incomes.is_empty() {
        return Ok(None);
    }
    let heads = i64::try_from(subject.residents.len()).unwrap_or(0);
    let per_head = |sum: i64| (heads > 0).then(|| l.money(sum / heads.max(1)));
    let net = net_of(&incomes, last);
    let legend =
        BLOCKS.iter().map(|block| l.t(&format!("circumstances-block-{}", word(*block)))).collect();
    let lines = incomes.iter().filter(|income| income.to >= last.add_months(-11).first_day()).map(
        |income| {
            let sign = if income.line.block() == IncomeBlock::Cost { -1 } else { 1 };
            LineRow {
                label: label_of(l, income),
                months: format!("{} – {}", income.from.in_month(), income.to.in_month()),
                amount: l.money(sign * income.amount_fen),
                source: source_of_income(l, income, subject),
            }
        },
    );
    let panel = IncomePanel {
        l,
        chart: MonthChart::new(l, l.t("circumstances-income-chart"), legend, &bars(&incomes, last)),
        per_head: per_head(net),
        per_head_before: per_head(net_of(&incomes, last.add_months(-12))),
        net: l.money(net),
        lines: lines.collect(),
    };
    Ok(Some(Panel { place: Place::Middle, html: panel.render().or_fault("income")? }))
}

/// The line of the form; of a share also what was delivered for all of those who lived together then.
fn label_of(l: L, income: &Income) -> String {
    let line = l.t(&income.line.title_id());
    match income.part_of_fen {
        Some(fen) => {
            let share = l.t1("circumstances-income-share", "amount", l.money(fen));
            format!("{line} · {share}")
        }
        None => line,
    }
}

const fn word(block: IncomeBlock) -> &'static str {
    match block {
        IncomeBlock::Wage => "wage",
        IncomeBlock::Business => "business",
        IncomeBlock::Property => "property",
        IncomeBlock::Transfer => "transfer",
        IncomeBlock::Cost => "cost",
    }
}

/// Whether the one who looks may see values of the topic. Vehicles and other assets never stand on this page.
fn may_see(subject: &Subject, topic: Topic) -> bool {
    match topic.class() {
        FieldClass::Basic => true,
        FieldClass::Identity => subject.permit.opens(Opened::Identity),
        FieldClass::Health => subject.permit.opens(Opened::Health),
        FieldClass::Money => subject.permit.opens(Opened::Money),
        FieldClass::Asset => false,
    }
}

/// What departments reported about the household, for the timeline.
///
/// # Errors
/// What the database refuses.
pub fn events(session: &mut Session, subject: &Subject) -> Result<Vec<Event>> {
    let l = subject.l;
    let records = list_records(session, subject.household.id, subject.as_of)?;
    let told = |said: &&Said| {
        !matches!(said.topic, Topic::RegisterHousehold | Topic::RegisterPerson)
            && may_see(subject, said.topic)
    };
    let event = |said: &Said| {
        let of =
            |id: &String| subject.residents.iter().find(|one| one.stay.person.to_string() == *id);
        let named = said.person.as_ref().and_then(of);
        let title = l.t(said.topic.title_id());
        Event {
            day: said.on.to_string(),
            tone: Tone::Grey,
            title: named.map_or(title.clone(), |person| format!("{} · {title}", person.name)),
            text: text_of(l, said),
            source: Some(source_of(l, said, subject)),
            href: None,
        }
    };
    Ok(records.iter().filter(told).map(event).collect())
}

/// The amount that a record names, in words.
fn text_of(l: L, said: &Said) -> String {
    if let Some(stay) = said.body::<HospitalStay>() {
        let paid = stay
            .out_of_pocket_fen
            .map(|fen| l.t1("circumstances-out-of-pocket", "amount", l.money(fen)));
        return paid.unwrap_or_default();
    }
    if let Some(relief) = said.body::<SocialAssistance>() {
        let kind = relief.kind.map(|kind| kind.word().to_owned());
        let parts: Vec<String> =
            kind.into_iter().chain(relief.amount_fen.map(|fen| l.money(fen))).collect();
        return parts.join(" · ");
    }
    if let Some(old) = said.body::<OldRegister>() {
        let exit = old
            .exit_year
            .map(|year| l.t1("circumstances-old_register-exit", "year", year.to_string()));
        let causes = Some(old.causes.join("、")).filter(|text| !text.is_empty());
        return causes.into_iter().chain(exit).collect::<Vec<_>>().join(" · ");
    }
    if let Some(row) = said.body::<OwnListRow>() {
        return own_text(l, &row);
    }
    String::new()
}

/// A row of an own list: which one, and what it says.
fn own_text(l: L, row: &OwnListRow) -> String {
    let title = if l.is_zh() { &row.title.0 } else { &row.title.1 };
    let value = |(key, value): (&String, &serde_json::Value)| {
        let (mark, name) = key.split_once(':')?;
        let shown = match (mark, value.as_i64()) {
            ("a", Some(fen)) => l.money(fen),
            ("y", Some(yes)) => l.t(if yes == 1 { "facts-yes" } else { "facts-no" }),
            ("h", Some(hundredths)) => kernel::money::Money::from_fen(hundredths).plain(),
            (_, Some(number)) => l.count(number),
            _ => value.as_str()?.to_owned(),
        };
        Some(format!("{name} {shown}"))
    };
    let parts = row.values.iter().filter_map(value);
    std::iter::once(title.clone()).chain(parts).collect::<Vec<_>>().join(" · ")
}
