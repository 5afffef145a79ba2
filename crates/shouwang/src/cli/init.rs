//! `shouwang init`: a new data folder.

use std::process::ExitCode;

use anyhow::Result;
use kernel::area::AreaCode;
use kernel::permission::Role;
use registry::accounts::{self, NewAccount, Reach};

use super::Desk;
use crate::app::App;
use crate::words::say;

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
    let home =
        AreaCode::parse_short(&args.county).or_else(|_| AreaCode::parse(&args.county)).map_err(
            |_| anyhow::anyhow!("--county {}: not an area code of 6 or 12 digits", args.county),
        )?;
    let app = App::create(desk.config()?)?;
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
    say(format!("data folder    {}", app.config.dir.display()));
    say(format!("login          {}", account.login));
    say(format!("password       {password}   (to be changed at the first sign-in)"));
    say(format!("key            {} (fingerprint)", app.db.keys().fingerprint()));
    say(format!("recovery code  {}", app.db.keys().recovery_code().0));
    say(
        "Print the recovery code and lock it away: without it and the key file a backup cannot be opened.",
    );
    Ok(ExitCode::SUCCESS)
}
