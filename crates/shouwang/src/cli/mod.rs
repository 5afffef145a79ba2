//! The command line: one file for each verb. Exit code 0: done; 1: it went wrong; 2: the command line is wrong.

mod areas;
mod backup;
mod bench;
mod clocks;
mod declare;
mod demo;
mod doctor;
mod export;
mod facts;
mod help;
mod import;
mod init;
mod journal;
mod matching;
mod patience;
mod rows_out;
mod rules;
mod screen;
mod serve;
mod user;

use std::ffi::OsString;
use std::process::ExitCode;

use anyhow::Result;
use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};
use kernel::lang::Lang;
use store::Ctx;
use web::L;

use crate::app::App;
use crate::config::{self, Config, DEFAULT_DIR, Options};
use crate::words;

#[derive(Debug, Parser)]
#[command(name = "shouwang", version, max_term_width = 100)]
struct Cli {
    #[command(flatten)]
    options: Options,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Demo(demo::Args),
    Init(init::Args),
    Areas(areas::Args),
    Import(import::Args),
    Match(matching::Args),
    Screen(screen::Args),
    Rules(rules::Args),
    Serve(serve::Args),
    Declare(declare::Args),
    User(user::Args),
    Facts(facts::Args),
    Clocks,
    Journal(journal::Args),
    Export(export::Args),
    Backup(backup::BackupArgs),
    Restore(backup::RestoreArgs),
    Doctor,
    Bench(bench::Args),
}

/// What every verb gets.
pub struct Desk {
    /// The options common to all verbs.
    pub options: Options,
    /// The language of the output.
    pub lang: Lang,
}

impl Desk {
    /// Words for results, in the language of the output.
    pub fn l(&self) -> L {
        L(self.lang)
    }

    /// The settings, with the usual data folder.
    pub fn config(&self) -> Result<Config> {
        Config::settle(&self.options, DEFAULT_DIR)
    }

    /// The open data folder and the context of the command.
    pub fn open(&self) -> Result<(App, Ctx)> {
        let app = App::open(self.config()?)?;
        let ctx = app.ctx(self.options.as_login.as_deref(), self.lang)?;
        Ok((app, ctx))
    }
}

/// What is logged: `SHOUWANG_LOG`, else warnings. The driver of PostgreSQL writes the values of its statements, names of
/// people among them, so whatever is asked for, it says warnings at most.
fn log_filter() -> tracing_subscriber::EnvFilter {
    use tracing_subscriber::EnvFilter;
    let mut filter =
        EnvFilter::try_from_env("SHOUWANG_LOG").unwrap_or_else(|_| EnvFilter::new("warn"));
    for quiet in ["tokio_postgres=warn", "postgres=warn"] {
        if let Ok(directive) = quiet.parse() {
            filter = filter.add_directive(directive);
        }
    }
    filter
}

/// Parses the command line and runs the verb.
pub fn run() -> ExitCode {
    let args: Vec<OsString> = std::env::args_os().collect();
    let lang = config::lang_of(&args);
    let told = help::in_words(Cli::command(), L(lang));
    let cli = match Cli::from_arg_matches(&told.get_matches_from(args)) {
        Ok(cli) => cli,
        Err(wrong) => wrong.exit(),
    };
    tracing_subscriber::fmt().with_env_filter(log_filter()).with_writer(std::io::stderr).init();
    let desk = Desk { options: cli.options, lang };
    match dispatch(&desk, cli.verb) {
        Ok(code) => code,
        Err(why) => {
            let known = why.downcast_ref::<kernel::Error>();
            let text = known.map_or_else(|| format!("{why:#}"), |e| words::sentence(e, lang));
            words::complain(&text);
            ExitCode::from(if known.is_some_and(words::is_wrong_line) { 2 } else { 1 })
        }
    }
}

fn dispatch(desk: &Desk, verb: Verb) -> Result<ExitCode> {
    match verb {
        Verb::Demo(args) => demo::run(desk, &args),
        Verb::Init(args) => init::run(desk, &args),
        Verb::Areas(args) => areas::run(desk, &args),
        Verb::Import(args) => import::run(desk, &args),
        Verb::Match(args) => matching::run(desk, &args),
        Verb::Screen(args) => screen::run(desk, &args),
        Verb::Rules(args) => rules::run(desk, &args),
        Verb::Serve(args) => serve::run(desk, &args),
        Verb::Declare(args) => declare::run(desk, &args),
        Verb::User(args) => user::run(desk, &args),
        Verb::Facts(args) => facts::run(desk, &args),
        Verb::Clocks => clocks::run(desk),
        Verb::Journal(args) => journal::run(desk, &args),
        Verb::Export(args) => export::run(desk, &args),
        Verb::Backup(args) => backup::backup(desk, &args),
        Verb::Restore(args) => backup::restore(desk, &args),
        Verb::Doctor => doctor::run(desk),
        Verb::Bench(args) => bench::run(desk, &args),
    }
}
