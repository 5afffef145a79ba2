//! Opens the data folder and wires the rooms together.

use std::sync::Arc;

use anyhow::Result;
use kernel::error::Refusal;
use kernel::lang::Lang;
use registry::circumstances::ledger;
use registry::{accounts, intake, policies};
use sheets::Limits;
use store::{Ctx, Db, DbUrl, Keys};

use crate::config::Config;
use crate::words::OrSay as _;

/// An open data folder.
#[derive(Clone)]
pub struct App {
    /// Its settings.
    pub config: Config,
    /// Its database, with the derivations registered.
    pub db: Db,
}

impl App {
    /// Makes a new data folder: folder, key file, empty database. Refuses to touch one that exists.
    pub fn create(config: Config) -> Result<Self> {
        if config.key_file().exists() {
            let refusal = Refusal::conflict("cli.folder_taken");
            return Err(kernel::Error::from(refusal.arg("dir", config.dir.display())).into());
        }
        std::fs::create_dir_all(config.originals()).or_say("cli.cannot_write", &config.dir)?;
        Keys::generate()?.save(&config.key_file())?;
        Self::open(config)
    }

    /// Opens a data folder that exists.
    pub fn open(config: Config) -> Result<Self> {
        if !config.key_file().exists() {
            let refusal = Refusal::not_found("cli.folder_missing");
            return Err(kernel::Error::from(refusal.arg("dir", config.dir.display())).into());
        }
        let keys = Keys::load(&config.key_file())?;
        if let DbUrl::Sqlite(path) = &config.database
            && let Some(folder) = path.parent()
        {
            std::fs::create_dir_all(folder)?;
        }
        let db = Db::open(&config.database, keys)?;
        ledger::hear(casework::cases::acted);
        let stale = ledger::ensure_tables(&db)?;
        db.derive_with(vec![
            casework::cases::refresh,
            ledger::derivation,
            casework::screening::refresh,
        ])?;
        if stale {
            ledger::rebuild(&Ctx::system(&db, config.clock), &mut |_, _| {})?;
        }
        Ok(App { config, db })
    }

    /// The context of a command: the program itself, or the account named with `--as`.
    pub fn ctx(&self, as_login: Option<&str>, lang: Lang) -> Result<Ctx> {
        let clock = self.config.clock;
        let Some(login) = as_login else {
            let mut ctx = Ctx::system(&self.db, clock);
            ctx.lang = lang;
            return Ok(ctx);
        };
        let today = clock.today();
        let mut session = self.db.read()?;
        let Some(actor) = accounts::actor_of(&mut session, login, today)? else {
            let refusal = Refusal::not_found("cli.no_account").arg("login", login);
            return Err(kernel::Error::from(refusal).into());
        };
        Ok(Ctx::new(&self.db, actor, clock, lang))
    }

    /// Before anything is served or screened: what a program that stopped in the middle left is cleared away, and rule
    /// books that ship with this program and are not known yet are published.
    pub fn make_ready(&self) -> Result<()> {
        let ctx = Ctx::system(&self.db, self.config.clock);
        intake::sweep(&ctx)?;
        policies::publish_shipped(&ctx)?;
        Ok(())
    }

    /// What intake works with in this folder.
    pub fn intake(&self) -> Result<intake::Desk> {
        Ok(intake::Desk {
            templates: Arc::new(intake::Templates::shipped()?),
            originals: intake::Originals::new(&self.config.originals(), self.db.keys()),
            limits: Limits { file_bytes: self.config.max_upload, ..Limits::default() },
        })
    }

    /// Whether this folder was made by `demo`.
    pub fn is_demo(&self) -> bool {
        self.config.demo_mark().exists()
    }
}
