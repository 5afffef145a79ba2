//! `shouwang export`: a table of the county as a file, numbers of people and phones masked.

use std::fs::File;
use std::io::BufWriter;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use casework::screening::{self, State};
use clap::ValueEnum;
use kernel::idnumber::IdNumber;
use kernel::permission::Permission;
use kernel::phone::Phone;
use kernel::time::Day;
use registry::circumstances::incomes;
use registry::{households, intake};
use serde_json::json;
use sheets::{Column, ColumnKind, Columns, Value};
use store::Ctx;

use super::Desk;
use crate::words::{OrSay as _, say, say_json, wrong_option};

/// Options of `export`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What to write
    #[arg(value_enum)]
    table: Table,
    /// The file: .csv or .xlsx
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Table {
    /// Households with village, group, head and open statuses
    Households,
    /// Members of the households, identity numbers and phones masked
    Persons,
    /// Incomes by line and period
    Incomes,
    /// Files that were delivered, and what became of their rows
    Batches,
    /// Leads with reasons, due days and answers
    Leads,
}

impl Table {
    fn name(self) -> &'static str {
        match self {
            Table::Households => "households",
            Table::Persons => "persons",
            Table::Incomes => "incomes",
            Table::Batches => "batches",
            Table::Leads => "leads",
        }
    }
}

type Rows = Vec<Vec<Value>>;

/// Writes the table and notes in the journal that it went out.
pub fn run(desk: &Desk, args: &Args) -> Result<ExitCode> {
    let name = args.out.to_string_lossy().into_owned();
    let workbook = match args.out.extension().and_then(|ending| ending.to_str()) {
        Some("xlsx") => true,
        Some("csv") => false,
        _ => return Err(wrong_option("cli.option_table_file", name)),
    };
    let (_, ctx) = desk.open()?;
    let (columns, rows) = match args.table {
        Table::Households => of_households(&ctx)?,
        Table::Persons => of_persons(&ctx)?,
        Table::Incomes => of_incomes(&ctx)?,
        Table::Batches => of_batches(&ctx)?,
        Table::Leads => of_leads(&ctx)?,
    };
    let table = Columns { sheet: args.table.name().to_owned(), columns };
    let out = File::create(&args.out).or_say("cli.cannot_write", &args.out)?;
    let (out, count) = (BufWriter::new(out), rows.len());
    match workbook {
        true => table.write_xlsx(rows.into_iter(), out)?,
        false => table.write_csv(rows.into_iter(), out)?,
    }
    if args.table == Table::Leads {
        ctx.note_access("export", "lead.export", &count.to_string());
    } else {
        households::note_export(&ctx, count, args.table.name())?;
    }
    if desk.options.json {
        say_json(&json!({ "table": args.table.name(), "rows": count, "file": name }));
    } else {
        say(format!("{}  {name}", desk.l().t1("cli-rows", "n", count)));
    }
    Ok(ExitCode::SUCCESS)
}

fn columns(list: &[(&str, ColumnKind)]) -> Vec<Column> {
    list.iter().map(|(heading, kind)| Column::new(*heading, *kind)).collect()
}

fn text(text: impl ToString) -> Value {
    let text = text.to_string();
    if text.is_empty() { Value::Empty } else { Value::Text(text) }
}

fn day(day: Option<Day>) -> Value {
    day.map_or(Value::Empty, text)
}

/// Every household that the account may see, by village and number.
fn each_household(ctx: &Ctx, mut one: impl FnMut(&households::Line) -> Result<()>) -> Result<()> {
    let permit = ctx.permit(Permission::HouseholdExport)?;
    let mut session = ctx.read()?;
    let mut filter = households::Filter::default();
    loop {
        let lines = households::list_households(&mut session, &permit, &filter, 1_000)?;
        let Some(last) = lines.last() else { return Ok(()) };
        filter.after = Some((last.village.to_string(), last.number.clone()));
        lines.iter().try_for_each(&mut one)?;
    }
}

fn of_households(ctx: &Ctx) -> Result<(Vec<Column>, Rows)> {
    use ColumnKind::{Number, Text};
    let mut rows = Rows::new();
    each_household(ctx, |line| {
        let statuses: Vec<String> = line
            .statuses
            .iter()
            .map(|(scheme, value)| format!("{}:{value}", scheme.as_str()))
            .collect();
        rows.push(vec![
            text(&line.number),
            text(line.village),
            text(&line.village_name),
            text(line.group.as_deref().unwrap_or_default()),
            text(line.head.as_deref().unwrap_or_default()),
            Value::Int(line.people),
            text(statuses.join(" ")),
        ]);
        Ok(())
    })?;
    let list = [
        ("household_number", Text),
        ("village_code", Text),
        ("village", Text),
        ("group", Text),
        ("head", Text),
        ("people", Number),
        ("statuses", Text),
    ];
    Ok((columns(&list), rows))
}

fn of_persons(ctx: &Ctx) -> Result<(Vec<Column>, Rows)> {
    use ColumnKind::{Day, Text};
    let keys = ctx.db.keys().clone();
    let mut session = ctx.read()?;
    let mut rows = Rows::new();
    each_household(ctx, |line| {
        for one in households::list_residents(&mut session, &line.id)? {
            let open = |sealed: &Option<String>| {
                sealed.as_ref().map(|sealed| keys.open_text(sealed)).transpose()
            };
            let id = open(&one.id_sealed)?.and_then(|id| IdNumber::of_form(&id));
            let phone = open(&one.phone_sealed)?.and_then(|phone| Phone::read(&phone).ok());
            rows.push(vec![
                text(&one.number),
                text(&line.number),
                text(line.village),
                text(&one.name),
                text(one.stay.sex.map_or("", kernel::idnumber::Sex::text)),
                day(one.birth_day),
                text(one.stay.kin.code()),
                text(id.map(|id| id.masked()).unwrap_or_default()),
                text(one.id_state.as_str()),
                text(phone.map(|phone| phone.masked()).unwrap_or_default()),
                day(one.died_on),
            ]);
        }
        Ok(())
    })?;
    let list = [
        ("person_number", Text),
        ("household_number", Text),
        ("village_code", Text),
        ("name", Text),
        ("sex", Text),
        ("birth_day", Day),
        ("kin", Text),
        ("id_number", Text),
        ("id_state", Text),
        ("phone", Text),
        ("died_on", Day),
    ];
    Ok((columns(&list), rows))
}

fn of_incomes(ctx: &Ctx) -> Result<(Vec<Column>, Rows)> {
    use ColumnKind::{Day as Days, Money, Text};
    let mut session = ctx.read()?;
    let mut rows = Rows::new();
    each_household(ctx, |line| {
        for one in incomes::list_incomes(&mut session, &line.id.to_string(), Day::MIN)? {
            rows.push(vec![
                text(&line.number),
                text(line.village),
                text(one.line.code()),
                Value::Int(one.amount_fen),
                text(one.from),
                text(one.to),
                text(&one.source),
            ]);
        }
        Ok(())
    })?;
    let list = [
        ("household_number", Text),
        ("village_code", Text),
        ("line", Text),
        ("amount_yuan", Money),
        ("from_day", Days),
        ("to_day", Days),
        ("source", Text),
    ];
    Ok((columns(&list), rows))
}

fn of_batches(ctx: &Ctx) -> Result<(Vec<Column>, Rows)> {
    use ColumnKind::{Day as Days, Number, Text};
    let mut rows = Rows::new();
    let mut filter = intake::BatchFilter::default();
    loop {
        let batches = intake::list(ctx, &filter, 500)?;
        let Some((last, _)) = batches.last() else { break };
        filter.before = Some(last.id);
        for (one, who) in &batches {
            let counts = one.counts;
            let mut row = vec![
                text(one.id),
                text(&one.file_name),
                text(&one.template),
                text(&one.department),
                text(one.state.text()),
                day(one.period.map(|period| period.from)),
                day(one.period.map(|period| period.to)),
                text(one.uploaded_at.local_text()),
                text(who),
            ];
            let numbers = [
                counts.total,
                counts.taken,
                counts.duplicate,
                counts.asked,
                counts.not_here,
                counts.rejected,
            ];
            row.extend(numbers.map(Value::Int));
            rows.push(row);
        }
    }
    let list = [
        ("batch", Text),
        ("file", Text),
        ("template", Text),
        ("department", Text),
        ("state", Text),
        ("period_from", Days),
        ("period_to", Days),
        ("uploaded_at", Text),
        ("uploaded_by", Text),
        ("rows", Number),
        ("taken", Number),
        ("duplicate", Number),
        ("asked", Number),
        ("not_here", Number),
        ("rejected", Number),
    ];
    Ok((columns(&list), rows))
}

fn of_leads(ctx: &Ctx) -> Result<(Vec<Column>, Rows)> {
    use ColumnKind::{Day as Days, Text};
    ctx.permit(Permission::LeadExport)?;
    let mut rows = Rows::new();
    let states =
        [State::Waiting, State::Open, State::SecondLook, State::Answered, State::Withdrawn];
    for state in states {
        let mut after = None;
        loop {
            let page = screening::list(ctx, &screening::Filter::of(state), after)?;
            for one in &page.lines {
                let rules: Vec<&str> =
                    one.reasons.iter().map(|reason| reason.rule.as_str()).collect();
                rows.push(vec![
                    text(one.id),
                    text(one.level.code()),
                    text(one.household_number.as_deref().unwrap_or_default()),
                    text(one.head.as_deref().unwrap_or_default()),
                    text(one.village),
                    text(&one.village_name),
                    text(&one.department),
                    text(one.severity.code()),
                    text(state.code()),
                    day(one.due_on),
                    text(rules.join(" ")),
                    text(one.outcome.map_or("", |outcome| outcome.code())),
                    text(one.answered_name.as_deref().unwrap_or_default()),
                ]);
            }
            after = page.next;
            if after.is_none() {
                break;
            }
        }
    }
    let list = [
        ("lead", Text),
        ("level", Text),
        ("household_number", Text),
        ("head", Text),
        ("village_code", Text),
        ("village", Text),
        ("department", Text),
        ("severity", Text),
        ("state", Text),
        ("due_on", Days),
        ("rules", Text),
        ("outcome", Text),
        ("answered_by", Text),
    ];
    Ok((columns(&list), rows))
}
