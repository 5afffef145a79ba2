//! `shouwang init`: a new data folder.

use std::process::ExitCode;

use anyhow::Result;
use kernel::area::AreaCode;
use kernel::error::Refusal;
use kernel::permission::Role;
use registry::accounts::{self, NewAccount, Reach};
use serde_json::json;

use super::Desk;
use crate::app::App;
use crate::words::{say, say_json, say_pairs, wrong_option};

/// Options of `init`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Code of the county, 6 or 12 digits, for the first account
    #[arg(long, value_name = "CODE")]
    county: String,
    /// Login of the first account (role: county)
    #[arg(long, value_name = "LOGIN", default_value = "county")]
    login: String,
}

/// Makes the folder, the first account, and prints what must be kept.
pub fn run(desk: &Desk, args: &Args) -> Result<ExitCode> {
    let home = AreaCode::parse_short(&args.county)
        .or_else(|_| AreaCode::parse(&args.county))
        .map_err(|_| wrong_option("cli.option_area", &args.county))?;
    let config = desk.config()?;
    // A folder in which nobody has an account yet was left when its making was cut off: nobody has seen its recovery code.
    let app = if config.key_file().exists() {
        let taken = Refusal::conflict("cli.folder_taken").arg("dir", config.dir.display());
        let app = App::open(config)?;
        if app.is_demo() || !accounts::list(&app.ctx(None, desk.lang)?)?.is_empty() {
            return Err(kernel::Error::from(taken).into());
        }
        app
    } else {
        App::create(config)?
    };
    app.make_ready()?;
    let ctx = app.ctx(None, desk.lang)?;
    let first = NewAccount {
        login: args.login.clone(),
        name: args.login.clone(),
        role: Role::County,
        department: None,
        home,
        reach: Reach::Home,
    };
    let (account, password) = accounts::create(&ctx, &first)?;
    if desk.options.json {
        say_json(&json!({
            "dir": app.config.dir.display().to_string(),
            "login": account.login,
            "password": password,
            "key": app.db.keys().fingerprint(),
            "recovery_code": app.db.keys().recovery_code().0,
        }));
        return Ok(ExitCode::SUCCESS);
    }
    let l = desk.l();
    say_pairs(&[
        (l.t("cli-folder"), app.config.dir.display().to_string()),
        (l.t("cli-login"), account.login),
        (l.t("cli-password"), l.t1("cli-password-first", "password", password)),
        (l.t("cli-key"), l.t1("cli-fingerprint", "key", app.db.keys().fingerprint())),
        (l.t("cli-code"), app.db.keys().recovery_code().0),
    ]);
    say(l.t("cli-code-help"));
    Ok(ExitCode::SUCCESS)
}
