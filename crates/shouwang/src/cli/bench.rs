//! `shouwang bench`: how long this county's own questions take on this machine. Reads only; less than a minute.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::Result;
use casework::screening::what_if::{Wanted, what_if};
use casework::screening::{self, Filter, State};
use facts::{Kind, Param, Scalar};
use kernel::error::Refusal;
use kernel::permission::Permission;
use oversight::{search, work};
use registry::households::{self, Line};
use registry::intake::Templates;
use serde_json::json;
use store::Ctx;
use web::L;

use super::Desk;
use crate::words::{say, say_json, say_table};

/// Options of `bench`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// How often each question is asked
    #[arg(long, value_name = "NUMBER", default_value_t = 20, value_parser = clap::value_parser!(u16).range(1..=1000))]
    times: u16,
}

/// No question is asked any longer than this, however often it was to be asked.
const LONGEST: Duration = Duration::from_secs(6);

/// One line of the table: what was asked, and how long each answer took.
struct Measured {
    name: &'static str,
    took: Vec<Duration>,
    /// What was found, so that a quick answer of nothing is seen.
    found: usize,
}

impl Measured {
    /// The time that so many of a hundred answers keep within, in milliseconds.
    fn share(&self, percent: usize) -> f64 {
        let mut sorted = self.took.clone();
        sorted.sort_unstable();
        let at = (sorted.len() * percent / 100).min(sorted.len().saturating_sub(1));
        sorted.get(at).map_or(0.0, |took| took.as_secs_f64() * 1000.0)
    }
}

/// Asks everything and prints the table.
pub fn run(desk: &Desk, args: &Args) -> Result<ExitCode> {
    let (_, ctx) = desk.open()?;
    let began = Instant::now();
    let lines = measure(&ctx, usize::from(args.times))?;
    let l = desk.l();
    if desk.options.json {
        let of = |line: &Measured| {
            json!({
                "what": line.name, "times": line.took.len(), "found": line.found,
                "p50_ms": rounded(line.share(50)), "p95_ms": rounded(line.share(95)), "max_ms": rounded(line.share(100)),
            })
        };
        say_json(&json!(lines.iter().map(of).collect::<Vec<_>>()));
    } else {
        tell(l, &lines);
        say(l.t1("cli-bench-done", "seconds", format!("{:.1}", began.elapsed().as_secs_f64())));
    }
    Ok(ExitCode::SUCCESS)
}

fn rounded(millis: f64) -> f64 {
    (millis * 100.0).round() / 100.0
}

fn tell(l: L, lines: &[Measured]) {
    let heads = ["p50", "p95", "max", "times", "found"].map(|id| l.t(&format!("cli-bench-{id}")));
    let cells = |line: &Measured| {
        let time = |percent| format!("{:.1}", line.share(percent));
        let counts = [line.took.len().to_string(), line.found.to_string()];
        let [times, found] = counts;
        let name = l.t(&format!("cli-bench-{}", line.name));
        ([time(50), time(95), time(100), times, found], name)
    };
    say_table(&heads, &l.t("cli-bench-what"), &lines.iter().map(cells).collect::<Vec<_>>());
}

/// Times one question; what it found the last time stands beside.
fn timed(
    (name, times): (&'static str, usize),
    mut ask: impl FnMut(usize) -> kernel::Result<usize>,
) -> Result<Measured> {
    let mut line = Measured { name, took: Vec::with_capacity(times), found: 0 };
    let began = Instant::now();
    for turn in 0..times {
        let start = Instant::now();
        line.found = ask(turn)?;
        line.took.push(start.elapsed());
        if began.elapsed() > LONGEST {
            break;
        }
    }
    Ok(line)
}

fn measure(ctx: &Ctx, times: usize) -> Result<Vec<Measured>> {
    // the first look at the county, before anything of it lies in memory
    let cold = timed(("rules-cold", 1), |_| screening::count_hits(ctx, None))?;
    let people = sample(ctx)?;
    let line = |turn: usize| people.get(turn % people.len().max(1));
    let village = line(0).map(|line| line.village);
    let templates = Templates::shipped()?;
    let name = |turn: usize| line(turn).and_then(|line| line.head.clone()).unwrap_or_default();
    let number = |turn: usize| line(turn).map(|line| line.number.clone()).unwrap_or_default();
    let open = Filter::of(State::Open);
    let waiting = Filter::of(State::Waiting);
    let leads = |filter: &Filter| Ok(screening::list(ctx, filter, None)?.lines.len());
    let mut lines = vec![
        cold,
        timed(("rules", times), |_| screening::count_hits(ctx, None))?,
        timed(("rules-village", times), |_| screening::count_hits(ctx, village))?,
    ];
    lines.extend(thresholds(ctx, times)?);
    lines.extend([
        timed(("households", times), |_| Ok(sample(ctx)?.len()))?,
        timed(("household", times), |turn| line(turn).map_or(Ok(0), |line| household(ctx, line)))?,
        timed(("search-name", times), |turn| {
            Ok(search::find(ctx, &templates, &name(turn))?.people.len())
        })?,
        timed(("search-number", times), |turn| {
            let found = search::find(ctx, &templates, &number(turn))?;
            Ok(found.people.len() + found.households.len())
        })?,
        timed(("leads-open", times), |_| leads(&open))?,
        timed(("leads-waiting", times), |_| leads(&waiting))?,
        timed(("rule-book", times), |_| {
            Ok(screening::rule_book(ctx)?.map_or(0, |book| book.rules.len()))
        })?,
        timed(("work", times), |_| {
            Ok(work::gather(ctx, &templates, work::Show::All)?.items.len())
        })?,
    ]);
    Ok(lines)
}

/// The first page of households. Refused in a county without any.
fn sample(ctx: &Ctx) -> kernel::Result<Vec<Line>> {
    let permit = ctx.permit(Permission::HouseholdSee)?;
    let filter = households::Filter::default();
    let found = households::list_households(&mut ctx.read()?, &permit, &filter, 50)?;
    if found.is_empty() {
        return Err(Refusal::unavailable("cli.bench_empty").into());
    }
    Ok(found)
}

/// What the page of a household asks: who lives there, what is said of them, its leads, what rules cannot tell.
fn household(ctx: &Ctx, line: &Line) -> kernel::Result<usize> {
    let permit = ctx.permit(Permission::HouseholdSee)?;
    let mut session = ctx.read()?;
    let id = line.id.to_string();
    let house = households::load_household(ctx, &mut session, &permit, &id)?;
    let residents = households::list_residents(&mut session, &house.id)?;
    households::list_statuses(&mut session, &house.id)?;
    screening::of_household(ctx, &mut session, &id)?;
    drop(session);
    screening::cannot_tell(ctx, &id)?;
    Ok(residents.len())
}

/// Every rule that reads a number, with that number from half to one and a half times.
fn thresholds(ctx: &Ctx, times: usize) -> Result<Option<Measured>> {
    let mut knobs: Vec<(String, String, Param)> = Vec::new();
    for line in screening::rule_book(ctx)?.map(|book| book.rules).unwrap_or_default() {
        let Some(rule) = line.rule else { continue };
        let book = screening::rule_page(ctx, &line.id)?.book;
        let read = rule.predicate.params().into_iter();
        let known = read.filter_map(|name| Some((name.clone(), book.params.get(&name)?.clone())));
        let number = |(_, param): &(String, Param)| half(param, 100).is_some();
        if let Some((name, param)) = known.into_iter().find(number) {
            knobs.push((line.id, name, param));
        }
    }
    if knobs.is_empty() {
        return Ok(None);
    }
    let many = times.max(knobs.len());
    timed(("what-if", many), |turn| {
        let Some((rule, name, param)) = knobs.get(turn % knobs.len()) else { return Ok(0) };
        let share = 50 + i64::try_from(5 * (turn / knobs.len() % 21)).unwrap_or(50);
        let value = half(param, share).unwrap_or_default();
        let wanted = Wanted::of([(format!("p.{name}").as_str(), value.as_str())].into_iter());
        let trial = what_if(ctx, rule, &wanted)?;
        Ok(match trial.found {
            screening::what_if::Found::Numbers(numbers) => {
                usize::try_from(numbers.rows).unwrap_or(usize::MAX)
            }
            _ => 0,
        })
    })
    .map(Some)
}

/// The value of a parameter, so many hundredths of it, as somebody would type it. None where it is no number.
#[allow(clippy::cast_precision_loss)]
fn half(param: &Param, share: i64) -> Option<String> {
    match (&param.values.first()?.value, param.kind) {
        (Scalar::Int(fen), Kind::Money) => Some((fen * share / 10_000).to_string()),
        (Scalar::Int(number), Kind::Int) => Some((number * share / 100).to_string()),
        (Scalar::Real(number), _) => Some((number * share as f64 / 100.0).to_string()),
        _ => None,
    }
}
