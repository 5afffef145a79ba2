//! `shouwang backup` and `shouwang restore`: a folder with the database, the originals and what seals them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use kernel::error::Refusal;
use registry::circumstances::ledger;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Ctx, Db, DbUrl, Engine, Entry, Keys};

use super::Desk;
use crate::app::App;
use crate::config::Config;
use crate::words::{OrSay as _, say_json, say_pairs};

/// Options of `backup`.
#[derive(Debug, clap::Args)]
pub struct BackupArgs {
    /// Folder to write, which must not exist
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
}

/// Options of `restore`.
#[derive(Debug, clap::Args)]
pub struct RestoreArgs {
    /// Folder written by `backup`
    from: PathBuf,
    /// Recovery code, as `init` printed it; or give the key file with --key
    #[arg(long, value_name = "CODE", env = "SHOUWANG_RECOVERY_CODE", hide_env_values = true)]
    code: Option<String>,
    /// The key file of the county; or give the recovery code with --code
    #[arg(long, value_name = "FILE", conflicts_with = "code")]
    key: Option<PathBuf>,
}

/// What a backup says about itself. The key is never in it.
#[derive(Debug, Serialize, Deserialize)]
struct Label {
    program: String,
    made_at: String,
    key_fingerprint: String,
    journal_entries: i64,
    journal_head: String,
}

const DATABASE: &str = "shouwang.db";
const LABEL: &str = "backup.json";

/// Copies the database while it is in use, the originals, and a label that seals the journal's head.
pub fn backup(desk: &Desk, args: &BackupArgs) -> Result<ExitCode> {
    let (app, ctx) = desk.open()?;
    if app.db.engine() == Engine::Postgres {
        return no(Refusal::invalid("store.backup_with_pg_dump"));
    }
    if args.out.exists() {
        return no(Refusal::conflict("cli.backup_exists").arg("dir", args.out.display()));
    }
    let unfinished = args.out.with_extension("unfinished");
    let _ = fs::remove_dir_all(&unfinished);
    fs::create_dir_all(&unfinished).or_say("cli.cannot_write", &unfinished)?;
    // Inside the folder of originals it would copy itself into itself.
    if fs::canonicalize(&unfinished)?.starts_with(fs::canonicalize(app.config.originals())?) {
        fs::remove_dir(&unfinished)?;
        return no(Refusal::invalid("cli.backup_inside").arg("dir", args.out.display()));
    }
    ctx.journal(Entry::new(&ctx, "system.backup").detail(json!({})))?;
    fs::create_dir_all(unfinished.join("originals")).or_say("cli.cannot_write", &unfinished)?;
    app.db.copy_to(&unfinished.join(DATABASE))?;
    copy_files(&app.config.originals(), &unfinished.join("originals"))?;
    let copy = Db::open(&DbUrl::Sqlite(unfinished.join(DATABASE)), app.db.keys().clone())?;
    let report = store::verify_journal(&copy)?;
    if report.fault.is_some() {
        return no(Refusal::conflict("cli.backup_journal"));
    }
    let label = Label {
        program: env!("CARGO_PKG_VERSION").to_owned(),
        made_at: ctx.now.to_string(),
        key_fingerprint: app.db.keys().fingerprint(),
        journal_entries: report.entries,
        journal_head: report.head,
    };
    fs::write(unfinished.join(LABEL), serde_json::to_string_pretty(&label)?)?;
    drop(copy);
    fs::rename(&unfinished, &args.out).or_say("cli.cannot_write", &args.out)?;
    let dir = args.out.display().to_string();
    if desk.options.json {
        say_json(&json!({
            "dir": dir,
            "entries": label.journal_entries,
            "head": label.journal_head,
            "key": label.key_fingerprint,
        }));
        return Ok(ExitCode::SUCCESS);
    }
    let l = desk.l();
    let sealed = [("n", label.journal_entries.into()), ("head", (&label.journal_head).into())];
    say_pairs(&[
        (l.t("cli-backup"), dir),
        (l.t("cli-journal"), l.t_args("cli-backup-journal", &sealed)),
        (l.t("cli-key"), l.t1("cli-backup-key", "key", &label.key_fingerprint)),
    ]);
    Ok(ExitCode::SUCCESS)
}

fn no<T>(refusal: Refusal) -> Result<T> {
    Err(kernel::Error::from(refusal).into())
}

/// Makes a new data folder from a backup, after checking that key and backup belong together.
pub fn restore(desk: &Desk, args: &RestoreArgs) -> Result<ExitCode> {
    let config = desk.config()?;
    let dir = config.dir.display().to_string();
    let Ok(text) = fs::read_to_string(args.from.join(LABEL)) else {
        return no(Refusal::invalid("cli.not_a_backup").arg("dir", args.from.display()));
    };
    let Ok(label) = serde_json::from_str::<Label>(&text) else {
        return no(Refusal::invalid("cli.backup_damaged").arg("dir", args.from.display()));
    };
    let keys = match (&args.code, &args.key) {
        (Some(code), _) => Keys::from_code(code)?,
        (None, Some(path)) => Keys::load(path)?,
        (None, None) => return no(Refusal::invalid("cli.option_key")),
    };
    if keys.fingerprint() != label.key_fingerprint {
        let refusal = Refusal::invalid("cli.backup_other_key").arg("key", keys.fingerprint());
        return no(refusal.arg("made", label.key_fingerprint));
    }
    if config.key_file().exists() {
        return no(Refusal::conflict("cli.folder_taken").arg("dir", dir));
    }
    let database = args.from.join(DATABASE);
    fs::create_dir_all(config.originals()).or_say("cli.cannot_write", &config.dir)?;
    match &config.database {
        DbUrl::Sqlite(path) if path.exists() => {
            return no(Refusal::conflict("cli.folder_taken").arg("dir", path.display()));
        }
        DbUrl::Sqlite(path) => {
            fs::copy(&database, path).or_say("cli.cannot_write", path)?;
        }
        DbUrl::Postgres(_) => move_over(&config, &keys, &database)?,
    }
    // Looked at before anything is derived or noted, so that it is the very journal of the backup.
    let database = Db::open(&config.database, keys.clone())?;
    let report = store::verify_journal(&database)?;
    if report.head != label.journal_head || report.fault.is_some() {
        return no(Refusal::conflict("cli.restore_head"));
    }
    drop(database);
    copy_files(&args.from.join("originals"), &config.originals())?;
    keys.save(&config.key_file())?;
    let moved = matches!(config.database, DbUrl::Postgres(_));
    let app = App::open(config)?;
    if moved {
        ledger::rebuild(&Ctx::system(&app.db, app.config.clock), &mut |_, _| {})?;
    }
    if desk.options.json {
        say_json(&json!({ "dir": dir, "entries": report.entries, "head": report.head }));
        return Ok(ExitCode::SUCCESS);
    }
    let l = desk.l();
    say_pairs(&[
        (l.t("cli-restored"), dir),
        (l.t("cli-journal"), l.t1("cli-restored-journal", "n", report.entries)),
    ]);
    Ok(ExitCode::SUCCESS)
}

/// Tables that are derived from the others: made anew where a county has moved to.
const DERIVED: [&str; 4] = ["household_facts", "person_facts", "village_facts", "fact_meaning"];

/// Moves the county of a backup into an empty PostgreSQL database. The backup itself is not touched: what is read is a
/// copy of it, brought to the newest migration.
fn move_over(config: &Config, keys: &Keys, backup: &Path) -> Result<()> {
    let copy = config.dir.join("moving.db");
    let _ = fs::remove_file(&copy);
    fs::copy(backup, &copy).or_say("cli.cannot_write", &copy)?;
    let target = Db::open(&config.database, keys.clone())?;
    ledger::ensure_tables(&target)?;
    let source = Db::open(&DbUrl::Sqlite(copy.clone()), keys.clone())?;
    store::transfer(&source, &target, &DERIVED)?;
    drop(source);
    for end in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(config.dir.join(format!("moving.db{end}")));
    }
    Ok(())
}

fn copy_files(from: &Path, to: &Path) -> Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            fs::create_dir_all(&target)?;
            copy_files(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
