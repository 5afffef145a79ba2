//! `shouwang user add | reset | list`.

use std::process::ExitCode;

use anyhow::Result;
use clap::Subcommand;
use kernel::area::AreaCode;
use kernel::error::Refusal;
use kernel::permission::Role;
use registry::accounts::{self, Account, NewAccount, Reach};
use serde_json::{Value, json};

use super::Desk;
use crate::words::{say, say_json, say_pairs, wrong_option};

/// Options of `user`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    Add {
        /// The name typed at sign-in
        login: String,
        /// The person's name
        #[arg(long)]
        name: String,
        /// county, township, village, department, helper, bank, inspector, evaluator or leader
        #[arg(long)]
        role: String,
        /// Code of the area in which the person works, 6, 9 or 12 digits
        #[arg(long)]
        area: String,
        /// Office whose lists the person delivers, such as medical_insurance (医保局)
        #[arg(long)]
        department: Option<String>,
        /// Only the households on this list (may be repeated)
        #[arg(long)]
        list: Vec<String>,
    },
    Reset {
        /// The name typed at sign-in
        login: String,
    },
    List,
}

/// Runs the sub-verb.
pub fn run(desk: &Desk, args: &Args) -> Result<ExitCode> {
    let (_, ctx) = desk.open()?;
    match &args.what {
        What::Add { login, name, role, area, department, list } => {
            let Ok(role) = role.parse::<Role>() else {
                return Err(wrong_option("cli.option_role", role));
            };
            let Ok(home) = AreaCode::parse_short(area) else {
                return Err(wrong_option("cli.option_area", area));
            };
            let reach = if list.is_empty() { Reach::Home } else { Reach::Lists(list.clone()) };
            let new = NewAccount {
                login: login.clone(),
                name: name.clone(),
                role,
                department: department.clone(),
                home,
                reach,
            };
            let (account, password) = accounts::create(&ctx, &new)?;
            tell(desk, &account.login, &password);
        }
        What::Reset { login } => {
            let found = accounts::find_by_login(&mut ctx.read()?, login)?;
            let Some((account, _)) = found else {
                let refusal = Refusal::not_found("cli.no_account").arg("login", login);
                return Err(kernel::Error::from(refusal).into());
            };
            tell(desk, login, &accounts::reset(&ctx, &account.id)?);
        }
        What::List => {
            let all = accounts::list(&ctx)?;
            if desk.options.json {
                say_json(&all.iter().map(as_json).collect());
                return Ok(ExitCode::SUCCESS);
            }
            for account in &all {
                let closed = account.disabled_on.map(|day| day.to_string()).unwrap_or_default();
                let role = desk.l().t(&format!("role-{}", account.role.text()));
                let (login, home) = (&account.login, account.home);
                say(format!("{login:<16} {home} {}  {role}  {closed}", account.name).trim_end());
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn as_json(account: &Account) -> Value {
    json!({
        "login": account.login,
        "name": account.name,
        "role": account.role.text(),
        "area": account.home.to_string(),
        "department": account.department,
        "closed_on": account.disabled_on.map(|day| day.to_string()),
    })
}

fn tell(desk: &Desk, login: &str, password: &str) {
    if desk.options.json {
        say_json(&json!({ "login": login, "password": password }));
    } else {
        let l = desk.l();
        say_pairs(&[
            (l.t("cli-login"), login.to_owned()),
            (l.t("cli-password"), l.t1("cli-password-first", "password", password)),
        ]);
    }
}
