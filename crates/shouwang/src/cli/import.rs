//! `shouwang import`: files or a whole folder of lists.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Result;
use indicatif::{ProgressBar, ProgressStyle};
use kernel::error::Refusal;
use kernel::time::{Month, Period};
use registry::intake::{self, Delivered, Line, Looked, Register, Until, Upload, Watcher, Wish};
use serde_json::json;
use store::Ctx;

use super::Desk;
use super::rows_out::RowsOut;
use crate::app::App;
use crate::words::{OrSay as _, complain, say, say_json, say_numbers, sentence, wrong_option};

/// Options of `import`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Which list it is (a template such as medical_stays, a list such as register, or a department such as education;
    /// `auto` recognises it by the content), then files; or just files or a folder
    #[arg(required = true, value_name = "TEMPLATE|FILE|DIR")]
    what: Vec<PathBuf>,
    /// The month or period that the files speak of: 2026-09 or 2026-09-01..2026-09-30
    #[arg(long, value_name = "PERIOD")]
    period: Option<String>,
    /// Look only: print what would become of every row, write nothing
    #[arg(long)]
    dry_run: bool,
    /// Write one line for each row: file,sheet,row,outcome,person_id,household_id,event_date,amount_yuan,repeats,reason
    #[arg(long, value_name = "FILE.csv")]
    rows_out: Option<PathBuf>,
}

/// One file that was found.
struct Found {
    name: String,
    upload: Upload,
    order: (u32, Option<Period>, String),
    /// The names under which its list goes: template, list, department.
    called: Vec<String>,
    /// It stands open, unless too many others do.
    looked: Option<Looked>,
}

impl Found {
    fn is(&self, wanted: &str) -> bool {
        self.called.iter().any(|name| name == wanted)
    }
}

/// The list that was asked for by name, if the first word is no file.
fn wanted<'a>(desk: &intake::Desk, what: &'a [PathBuf]) -> Result<(Option<String>, &'a [PathBuf])> {
    let Some((first, rest)) = what.split_first() else { return Ok((None, what)) };
    let name = first.to_string_lossy();
    if first.exists() || rest.is_empty() {
        return Ok((None, what));
    }
    let known = |template: &intake::Template| {
        [&template.id, &template.list, &template.department].iter().any(|own| **own == name)
    };
    match name.as_ref() {
        "auto" => Ok((None, rest)),
        "registry" => Ok((Some("register".to_owned()), rest)),
        _ if desk.templates.iter().any(known) => Ok((Some(name.into_owned()), rest)),
        _ => {
            Err(kernel::Error::from(Refusal::not_found("cli.not_a_list").arg("name", name)).into())
        }
    }
}

/// Takes in what was named, in the order in which lists lean on each other.
pub fn run(desk: &Desk, args: &Args) -> Result<ExitCode> {
    let until = if args.dry_run { Until::Look } else { Until::Accepted };
    let wish = Wish { period: period(args.period.as_deref())?, ..Wish::of(until) };
    let (app, ctx) = desk.open()?;
    let mut out = args.rows_out.as_deref().map(RowsOut::create).transpose()?;
    let began = Instant::now();
    let (done, failed) = import_all(&app, &ctx, (&args.what, &wish), out.as_mut())?;
    if until == Until::Accepted {
        casework::screening::screen_stale(&ctx)?;
    }
    if let Some(out) = out {
        out.finish(&ctx)?;
    }
    tell(desk, &done, began.elapsed());
    Ok(if failed { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

/// What came of a file.
pub struct Done {
    /// Its name.
    pub file: String,
    /// What the intake says.
    pub delivered: Delivered,
    /// From the beginning of the command until all rows of the file were matched and stored.
    stored: Option<Duration>,
}

/// Takes in files and folders; returns what came of each, and whether one was refused.
pub fn import_all(
    app: &App,
    ctx: &Ctx,
    (what, wish): (&[PathBuf], &Wish),
    mut out: Option<&mut RowsOut>,
) -> Result<(Vec<Done>, bool)> {
    let began = Instant::now();
    let intake_desk = app.intake()?.of_day(&mut ctx.read()?, ctx.today)?;
    intake::sweep(ctx)?;
    let (wanted, what) = wanted(&intake_desk, what)?;
    let mut files = collect(ctx, &intake_desk, what)?;
    files.sort_by(|a, b| a.order.cmp(&b.order));
    let mut wish = wish.clone();
    let mut done: Vec<Done> = Vec::new();
    let mut failed = false;
    for file in files {
        if let Some(wanted) = wanted.as_deref().filter(|wanted| !file.is(wanted)) {
            failed = true;
            let found = file.called.first().map_or("unknown", String::as_str);
            let refusal = Refusal::invalid("cli.other_list").arg("wanted", wanted);
            let refusal = kernel::Error::from(refusal.arg("found", found));
            complain(&format!("{}: {}", file.name, sentence(&refusal, ctx.lang)));
            continue;
        }
        // The register and the incomes change whom the lists can find; the index is loaded after them, once.
        if file.order.0 > LAST_OF_REGISTER && wish.register.is_none() {
            wish.register = Some(Register::load(ctx)?);
        }
        let mut bar = Bar::new(&file.name, out.as_deref_mut());
        let result = intake::bring(ctx, &intake_desk, (&file.upload, file.looked, &wish), &mut bar);
        let stored = bar.finish().map(|at| at.duration_since(began));
        match result {
            Ok(delivered) => done.push(Done { file: file.name, delivered, stored }),
            Err(why) => {
                failed = true;
                complain(&format!("{}: {}", file.name, sentence(&why, ctx.lang)));
            }
        }
    }
    Ok((done, failed))
}

/// Templates up to this order are the register and the incomes.
const LAST_OF_REGISTER: u32 = 99;

fn period(text: Option<&str>) -> Result<Option<Period>> {
    let Some(text) = text else { return Ok(None) };
    if let Ok(month) = Month::parse(text) {
        return Ok(Some(month.period()));
    }
    let days =
        text.split_once("..").and_then(|(from, to)| Some((from.parse().ok()?, to.parse().ok()?)));
    match days.and_then(|(from, to)| Period::new(from, to)) {
        Some(period) => Ok(Some(period)),
        None => Err(wrong_option("cli.option_period", text)),
    }
}

/// So many bytes of files are kept open from the first look on; the others are opened again when it is their turn.
const MOST_OPEN: usize = 32 * 1024 * 1024;

fn collect(ctx: &Ctx, desk: &intake::Desk, what: &[PathBuf]) -> Result<Vec<Found>> {
    let mut paths: Vec<(PathBuf, String)> = Vec::new();
    for path in what {
        walk(path, path.file_name().map(PathBuf::from).unwrap_or_default().as_path(), &mut paths)
            .or_say("cli.cannot_read", path)?;
    }
    let mut files = Vec::new();
    let mut open = 0;
    for (path, name) in paths {
        let bytes: Arc<[u8]> = fs::read(&path).or_say("cli.cannot_read", &path)?.into();
        let upload = Upload { name: name.clone(), bytes };
        match intake::look(ctx, desk, &upload) {
            Ok(looked) => {
                let plans = &looked.plans;
                let template = intake::template_of(&desk.templates, plans);
                let period = plans.iter().find_map(|plan| plan.said.period);
                let order = template.map_or(u32::MAX, |template| template.order);
                let called = plans
                    .iter()
                    .filter_map(|plan| desk.templates.get(&plan.mapping.as_ref()?.template))
                    .flat_map(|t| [t.id.clone(), t.list.clone(), t.department.clone()])
                    .collect();
                open += upload.bytes.len();
                let looked = (open <= MOST_OPEN).then_some(looked);
                let order = (order, period, name.clone());
                files.push(Found { order, name, upload, called, looked });
            }
            Err(_) => files.push(Found {
                order: (u32::MAX, None, name.clone()),
                name,
                upload,
                called: Vec::new(),
                looked: None,
            }),
        }
    }
    Ok(files)
}

/// Lists are workbooks and text tables, whatever they are called; area codes and answers beside them are other commands' business.
fn walk(path: &Path, name: &Path, found: &mut Vec<(PathBuf, String)>) -> std::io::Result<()> {
    if !path.is_dir() {
        found.push((path.to_owned(), name.to_string_lossy().into_owned()));
        return Ok(());
    }
    let mut inside: Vec<PathBuf> =
        fs::read_dir(path)?.map(|one| one.map(|one| one.path())).collect::<Result<_, _>>()?;
    inside.sort();
    for one in inside {
        let file =
            one.file_name().map(|file| file.to_string_lossy().into_owned()).unwrap_or_default();
        if one.is_dir() || is_list(&file) {
            walk(&one, &name.join(&file), found)?;
        }
    }
    Ok(())
}

/// Every ending under which offices send tables; what a spreadsheet has open leaves a file `~$…` beside.
fn is_list(file: &str) -> bool {
    const ENDS: [&str; 9] =
        [".xlsx", ".xlsm", ".xls", ".et", ".csv", ".tsv", ".csv.gz", ".tsv.gz", ".xlsx.gz"];
    let lower = file.to_lowercase();
    let hidden = lower.starts_with(['.', '~']);
    !hidden && lower != "areas.csv" && ENDS.iter().any(|end| lower.ends_with(end))
}

/// A progress bar that also collects `--rows-out`.
struct Bar<'a> {
    bar: ProgressBar,
    file: String,
    out: Option<&'a mut RowsOut>,
    stored: Option<Instant>,
}

impl<'a> Bar<'a> {
    fn new(file: &str, out: Option<&'a mut RowsOut>) -> Self {
        let bar = ProgressBar::new_spinner();
        let style = ProgressStyle::with_template("{spinner} {msg} {pos} ({per_sec})");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
        bar.set_message(file.to_owned());
        bar.enable_steady_tick(Duration::from_millis(200));
        Bar { bar, file: file.to_owned(), out, stored: None }
    }

    /// Answers when all rows were stored, if they were.
    fn finish(self) -> Option<Instant> {
        self.bar.finish_and_clear();
        self.stored
    }
}

impl Watcher for Bar<'_> {
    fn rows(&mut self, done: usize) {
        self.bar.set_position(u64::try_from(done).unwrap_or(0));
    }

    fn line(&mut self, line: Line) {
        if let Some(out) = &mut self.out {
            out.add(&self.file, line);
        }
    }

    fn stored(&mut self) {
        self.stored = Some(Instant::now());
    }
}

fn tell(desk: &Desk, done: &[Done], took: Duration) {
    if desk.options.json {
        let list: Vec<_> = done.iter().map(as_json).collect();
        say_json(&json!(list));
        return;
    }
    let l = desk.l();
    let heads = ["rows", "taken", "repeats", "asked", "not-here", "rejected"];
    let rows = done.iter().map(|Done { file, delivered: one, .. }| {
        let c = one.counts;
        let numbers = [c.total, c.taken, c.duplicate, c.asked, c.not_here, c.rejected];
        let known = if one.known.is_some() { l.t("cli-import-known") } else { String::new() };
        (numbers, format!("{file}  {known}").trim_end().to_owned())
    });
    let heads = heads.map(|word| l.t(&format!("cli-import-{word}")));
    say_numbers(&heads, &l.t("cli-import-file"), &rows.collect::<Vec<_>>());
    let seconds = format!("{:.1}", took.as_secs_f64());
    let said = [("n", done.len().into()), ("seconds", seconds.into())];
    say(l.t_args("cli-import-done", &said));
}

fn as_json(done: &Done) -> serde_json::Value {
    let one = &done.delivered;
    let stored = done.stored.and_then(|after| u64::try_from(after.as_millis()).ok());
    let findings: Vec<_> = one
        .findings
        .iter()
        .map(|finding| {
            json!({ "code": finding.code, "sheet": finding.place.sheet, "cell": finding.place.cell() })
        })
        .collect();
    json!({
        "file": done.file,
        "batch": one.batch.map(|id| id.to_string()),
        "known": one.known.is_some(),
        "template": one.template,
        "rows": one.counts.total,
        "taken": one.counts.taken,
        "duplicate": one.counts.duplicate,
        "asked": one.counts.asked,
        "not_here": one.counts.not_here,
        "rejected": one.counts.rejected,
        "not_data": one.not_data,
        "stored_after_ms": stored,
        "findings": findings,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_in_a_folder_is_a_list_whatever_it_is_called() {
        for name in ["医保.XLSX", "民政.xls", "教育.csv.gz", "残联.xlsx.gz", "人社.tsv", "台账.et"]
        {
            assert!(is_list(name), "{name}");
        }
        for name in ["areas.csv", "~$医保.xlsx", ".DS_Store.csv", "说明.docx", "README.md"] {
            assert!(!is_list(name), "{name}");
        }
    }
}
