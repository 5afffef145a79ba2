//! `shouwang demo`: a sample county in a folder of its own, screened and answered, then served.

mod cases;
mod history;
mod matters;
mod people;
mod removals;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use casework::alarms;
use casework::screening::{self, Report};
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use registry::circumstances::ledger;
use registry::intake::batch::Counts;
use registry::intake::{Delivered, Until, Wish};
use registry::{areas, policies};
use serde_json::{Value, json};
use store::Ctx;
use web::L;

use super::screen::said;
use super::{Desk, import, serve};
use crate::app::App;
use crate::config::Config;
use crate::sample::{self, Sample};

use crate::words::{complain, say, say_json};

/// Options of `demo`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Households of the sample county
    #[arg(long, value_name = "NUMBER", default_value_t = 1_200, value_parser = clap::value_parser!(u32).range(60..=20_000))]
    households: u32,
    /// The same seed makes the same county
    #[arg(long, value_name = "NUMBER", default_value_t = 7)]
    seed: u64,
    /// Make the county and stop
    #[arg(long)]
    no_serve: bool,
    /// Address and port to listen on, on this machine only; the port 0 takes a free one
    #[arg(long, value_name = "ADDRESS:PORT", env = "SHOUWANG_LISTEN")]
    listen: Option<String>,
    /// Address and port for the public side, where people declare without login, on this machine only
    #[arg(long, value_name = "ADDRESS:PORT", env = "SHOUWANG_PUBLIC_LISTEN")]
    public_listen: Option<String>,
}

/// The folder of `demo` when none is named.
const DEMO_DIR: &str = "shouwang-demo";
/// What the mark says while the county is being made, and when it is ready.
const HALF: &str = "half-made\n";
const READY: &str = "ready\n";

/// Makes the county, or opens the one that was made before, and serves it.
pub fn run(desk: &Desk, args: &Args) -> Result<ExitCode> {
    let l = L::new(desk.lang);
    let mut config = Config::settle(&desk.options, DEMO_DIR)?;
    config.public.listen = args.public_listen.clone().or(config.public.listen);
    let dir = config.dir.display().to_string();
    let app = match fs::read_to_string(config.demo_mark()).as_deref() {
        Ok(READY) => {
            say(l.t1("demo-again", "dir", dir));
            let app = App::open(config)?;
            let ctx = app.ctx(None, desk.lang)?;
            ledger::turn_day(&ctx)?;
            screening::screen_stale(&ctx)?;
            alarms::follow(&ctx)?;
            app
        }
        Ok(_) => bail!(l.t1("demo-half", "dir", dir)),
        Err(_) if config.key_file().exists() => bail!(l.t1("demo-other", "dir", dir)),
        Err(_) => make(desk, args, config)?,
    };
    if !desk.options.json {
        tell_people(l, &app)?;
    }
    if !args.no_serve {
        let listen = args.listen.clone().unwrap_or_else(|| app.config.listen.clone());
        serve::serve(&app, &listen)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn make(desk: &Desk, args: &Args, config: Config) -> Result<App> {
    let l = L::new(desk.lang);
    let began = Instant::now();
    let dir = config.dir.display().to_string();
    let households = i64::from(args.households);
    if !desk.options.json {
        say(l.t_args("demo-makes", &[("households", households.into()), ("dir", dir.into())]));
    }
    let steps = Steps::new(l);
    let app = App::create(config)?;
    fs::write(app.config.demo_mark(), HALF)?;
    // The county has worked with its lists for three weeks: each step is taken on its own day.
    let weeks = history::weeks(app.config.clock.today())?;
    let then = history::days_ago(&app, weeks.first);
    let ctx = then.ctx(None, desk.lang)?;

    let folder = app.config.dir.join("sample");
    let county = steps.step("demo-step-files", || {
        let today = app.config.clock.today();
        let households = usize::try_from(args.households).unwrap_or(usize::MAX);
        let wish = sample::Wish { households, seed: args.seed, today, until: ctx.today };
        let county = sample::make(&wish)?;
        county.write(&folder)?;
        Ok(county)
    })?;
    steps.step("demo-step-areas", || {
        policies::publish_shipped(&ctx)?;
        let list = county.files.get("areas.csv").cloned().unwrap_or_default();
        Ok(areas::import_list(&ctx, list, "areas.csv")?)
    })?;
    let lists =
        [folder.join("registry.xlsx"), folder.join("income.csv.gz"), folder.join("departments")];
    let mut delivered = steps.step("demo-step-lists", || take(desk, (&then, &ctx), &lists))?;
    steps.step("demo-step-people", || people::make(&ctx, &county))?;
    let report = steps.step("demo-step-screen", || Ok(screening::screen_all(&ctx)?))?;
    let late = [folder.join("late")];
    steps.step("demo-step-weeks", || {
        history::live(desk, (&app, &county), &weeks)?;
        cases::live(desk, (&app, &county), &weeks)?;
        removals::live(desk, &app)?;
        let some_days_ago = history::days_ago(&app, history::LATE);
        let ctx = some_days_ago.ctx(None, desk.lang)?;
        ledger::turn_day(&ctx)?;
        delivered.extend(take(desk, (&some_days_ago, &ctx), &late)?);
        screening::screen_stale(&ctx)?;
        history::today(desk, (&app, &county))?;
        matters::live(desk, &app)?;
        alarms::follow(&app.ctx(None, desk.lang)?)?;
        Ok(())
    })?;
    fs::write(app.config.demo_mark(), READY)?;
    steps.done();
    summary(desk, (&app, &county), (&delivered, &report), began.elapsed())?;
    Ok(app)
}

/// Takes lists in on a day; a refused one ends the demo, because every list of it must be one that can be read.
fn take(
    desk: &Desk,
    (app, ctx): (&App, &Ctx),
    lists: &[PathBuf],
) -> Result<Vec<(String, Delivered)>> {
    let wish = Wish::of(Until::Accepted);
    let (done, refused) = import::import_all(app, ctx, (lists, &wish), None)?;
    if refused {
        let file = lists.first().map(|file| file.display().to_string()).unwrap_or_default();
        bail!(L::new(desk.lang).t1("demo-refused", "file", file));
    }
    Ok(done.into_iter().map(|one| (one.file, one.delivered)).collect())
}

/// The steps, each with a line that moves while it lasts.
struct Steps {
    l: L,
    bars: MultiProgress,
    whole: ProgressBar,
}

impl Steps {
    const COUNT: u64 = 6;

    fn new(l: L) -> Self {
        let bars = MultiProgress::new();
        let whole = bars.add(ProgressBar::new(Self::COUNT));
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} {msg} {elapsed}") {
            whole.set_style(style);
        }
        whole.enable_steady_tick(Duration::from_millis(200));
        Steps { l, bars, whole }
    }

    fn step<T>(&self, id: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
        self.whole.set_message(self.l.t(id));
        let done = work();
        self.whole.inc(1);
        done
    }

    fn done(&self) {
        self.whole.finish_and_clear();
        let _ = self.bars.clear();
    }
}

/// What was made and found, as a table or as JSON.
fn summary(
    desk: &Desk,
    (app, county): (&App, &Sample),
    (delivered, report): (&[(String, Delivered)], &Report),
    took: Duration,
) -> Result<()> {
    let l = L::new(desk.lang);
    let mut lists = Counts::default();
    let mut files = 0;
    for (_, one) in delivered
        .iter()
        .filter(|(file, _)| !file.starts_with("registry") && !file.starts_with("income"))
    {
        files += 1;
        add(&mut lists, one.counts);
    }
    let ctx = app.ctx(None, desk.lang)?;
    let leads = history::leads(&ctx)?;
    let people = people::count(&ctx)?;
    for issue in &report.issues {
        let why = [("rule", issue.rule.clone().into()), ("why", said(l, issue).into())];
        complain(&l.t_args("demo-silent", &why));
    }
    let numbers: Vec<(&str, i64)> = vec![
        ("households", people.0),
        ("persons", people.1),
        ("lists", files),
        ("rows", lists.total),
        ("taken", lists.taken),
        ("repeats", lists.duplicate),
        ("asked", lists.asked),
        ("not-here", lists.not_here),
        ("rejected", lists.rejected),
        ("leads", leads.all),
        ("severe", leads.severe),
        ("serious", leads.serious),
        ("notice", leads.notice),
        ("waiting", leads.waiting),
        ("open", leads.open),
        ("answered", leads.answered),
    ];
    let seconds = format!("{:.1}", took.as_secs_f64());
    if desk.options.json {
        let mut all: serde_json::Map<String, Value> =
            numbers.iter().map(|(name, count)| (name.replace('-', "_"), json!(count))).collect();
        all.insert("seconds".to_owned(), json!(took.as_secs_f64()));
        all.insert("county".to_owned(), json!(county.county));
        say_json(&Value::Object(all));
        return Ok(());
    }
    for (name, count) in numbers {
        say(format!("{count:>9}  {}", l.t(&format!("demo-{name}"))));
    }
    say(l.t1("demo-ready", "seconds", seconds));
    Ok(())
}

fn add(sum: &mut Counts, one: Counts) {
    sum.total += one.total;
    sum.taken += one.taken;
    sum.duplicate += one.duplicate;
    sum.asked += one.asked;
    sum.not_here += one.not_here;
    sum.rejected += one.rejected;
}

fn tell_people(l: L, app: &App) -> Result<()> {
    say(l.t1("demo-people", "password", people::PASSWORD));
    for account in registry::accounts::list_demo(&mut app.db.read()?)? {
        let role = l.t(&format!("kernel-role-{}", account.role.text()));
        say(format!("  {:<6} {}  {role}", account.login, account.name));
    }
    if let Some(file) = to_try(&app.config.dir) {
        say(l.t1("demo-to-try", "file", file.display().to_string()));
    }
    Ok(())
}

/// The list that nobody has delivered yet.
fn to_try(dir: &Path) -> Option<PathBuf> {
    let mut files = fs::read_dir(dir.join("sample").join("to-try")).ok()?;
    files.find_map(|file| file.ok().map(|file| file.path()))
}
