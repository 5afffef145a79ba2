//! `shouwang backup` and `shouwang restore`: a folder with the database, the originals and what seals them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Db, DbUrl, Entry, Keys};

use super::Desk;
use crate::app::App;
use crate::words::say;

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
    /// Recovery code; without it the key file beside the data folder of the backup is asked for
    #[arg(long, value_name = "CODE", env = "SHOUWANG_RECOVERY_CODE", hide_env_values = true)]
    code: Option<String>,
    /// Key file
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
    if args.out.exists() {
        bail!("{} exists; a backup never overwrites", args.out.display());
    }
    ctx.journal(Entry::new(&ctx, "system.backup").detail(json!({})))?;
    let unfinished = args.out.with_extension("unfinished");
    let _ = fs::remove_dir_all(&unfinished);
    fs::create_dir_all(unfinished.join("originals"))?;
    app.db.copy_to(&unfinished.join(DATABASE))?;
    copy_files(&app.config.originals(), &unfinished.join("originals"))?;
    let copy = Db::open(&DbUrl::Sqlite(unfinished.join(DATABASE)), app.db.keys().clone())?;
    let report = store::verify_journal(&copy)?;
    if let Some(fault) = report.fault {
        bail!(
            "the journal does not hold ({fault:?}); look with `shouwang journal verify` before you rely on a backup"
        );
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
    fs::rename(&unfinished, &args.out)?;
    say(format!("backup   {}", args.out.display()));
    say(format!("journal  {} entries, head {}", label.journal_entries, label.journal_head));
    say(format!(
        "key      {} (fingerprint; the key itself is not in the backup)",
        label.key_fingerprint
    ));
    Ok(ExitCode::SUCCESS)
}

/// Makes a new data folder from a backup, after checking that key and backup belong together.
pub fn restore(desk: &Desk, args: &RestoreArgs) -> Result<ExitCode> {
    let config = desk.config()?;
    let text = fs::read_to_string(args.from.join(LABEL)).with_context(|| {
        format!("{} is no backup folder: {LABEL} is missing", args.from.display())
    })?;
    let label: Label = serde_json::from_str(&text).context("the label of the backup is damaged")?;
    let keys = match (&args.code, &args.key) {
        (Some(code), _) => Keys::from_code(code)?,
        (None, Some(path)) => Keys::load(path)?,
        (None, None) => bail!("give the recovery code with --code or the key file with --key"),
    };
    if keys.fingerprint() != label.key_fingerprint {
        bail!(
            "this key ({}) does not open this backup, which was made with key {}",
            keys.fingerprint(),
            label.key_fingerprint
        );
    }
    if config.key_file().exists() {
        bail!("{} is a data folder already; choose an empty one with --dir", config.dir.display());
    }
    fs::create_dir_all(config.originals())?;
    fs::copy(args.from.join(DATABASE), config.dir.join(DATABASE))?;
    copy_files(&args.from.join("originals"), &config.originals())?;
    keys.save(&config.key_file())?;
    let app = App::open(config)?;
    let report = store::verify_journal(&app.db)?;
    if report.head != label.journal_head || report.fault.is_some() {
        bail!(
            "restored, but the journal's head is not the one sealed in the backup: {:?}",
            report.fault
        );
    }
    say(format!("restored  {}", app.config.dir.display()));
    say(format!("journal   {} entries, head as sealed", report.entries));
    Ok(ExitCode::SUCCESS)
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
