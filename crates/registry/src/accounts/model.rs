//! An account, what makes a password acceptable, when an account is locked.

use kernel::area::{AreaCode, AreaLevel};
use kernel::error::{Refusal, Result};
use kernel::lang::Lang;
use kernel::permission::Role;
use kernel::time::{Day, Instant};
use store::{Actor, Scope};

use crate::policies::is_office;

/// Failed attempts within [`LOCK_MS`] after which an account rests for the same time.
pub const LOCK_AFTER: usize = 5;
/// A quarter of an hour: for so long attempts are counted, and for so long a locked account rests.
pub const LOCK_MS: i64 = 15 * 60 * 1000;
/// Half a day without a request ends a session.
pub const SESSION_MS: i64 = 12 * 60 * 60 * 1000;
/// The use of a session is noted at most every ten minutes.
pub const NOTE_USE_MS: i64 = 10 * 60 * 1000;
/// The fewest characters of a password.
pub const PASSWORD_LEAST: usize = 10;

/// An account as the list of people shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Id.
    pub id: String,
    /// The name typed at sign-in.
    pub login: String,
    /// The person's name.
    pub name: String,
    /// What the person may do.
    pub role: Role,
    /// The office for which the person delivers lists.
    pub department: Option<String>,
    /// The area in which the person works.
    pub home: AreaCode,
    /// Whether the next sign-in asks for a new password.
    pub must_change: bool,
    /// The day from which the account is closed.
    pub disabled_on: Option<Day>,
    /// A sample person of a demo folder.
    pub demo: bool,
    /// The language of the person's pages.
    pub lang: Lang,
}

impl Account {
    /// This person acting with these scopes.
    pub fn actor(&self, scopes: Vec<Scope>) -> Actor {
        Actor {
            account: self.id.clone(),
            name: self.name.clone(),
            role: self.role,
            department: self.department.clone(),
            home: Some(self.home),
            scopes,
        }
    }
}

/// A new account, as the county or a township enters it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAccount {
    /// The name typed at sign-in: letters, digits, dot, dash.
    pub login: String,
    /// The person's name.
    pub name: String,
    /// What the person may do.
    pub role: Role,
    /// The office for which the person delivers lists.
    pub department: Option<String>,
    /// The area in which the person works.
    pub home: AreaCode,
    /// What the person may see.
    pub reach: Reach,
}

/// What the scope rows of a new account open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// Everything in the home area.
    Home,
    /// These households only (a helper).
    Households(Vec<String>),
    /// The households on these lists only (a department, a bank).
    Lists(Vec<String>),
}

/// The levels of area in which somebody of a role works, and the code of the sentence that says so.
const fn levels(role: Role) -> (&'static [AreaLevel], &'static str) {
    use AreaLevel::{City, County, Province, Town, Village};
    match role {
        Role::County => (&[Province, City, County], "accounts.home_not_county"),
        Role::Township => (&[Town], "accounts.home_not_town"),
        Role::Village => (&[Village], "accounts.home_not_village"),
        Role::Department | Role::Bank | Role::Inspector | Role::Evaluator | Role::Leader => {
            (&[Province, City, County, Town], "accounts.home_is_village")
        }
        Role::Helper => (AreaLevel::ALL.as_slice(), "accounts.home_unknown"),
    }
}

impl NewAccount {
    /// Refuses what cannot be an account: odd login, empty name, a village worker at home in a county.
    pub fn check(&self) -> Result<()> {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        let mut refusal = Refusal::invalid("accounts.invalid");
        let mut wrong = false;
        if self.login.len() < 2 || self.login.len() > 40 || !self.login.chars().all(plain) {
            refusal = refusal.field("login", "accounts.login_form");
            wrong = true;
        }
        if self.name.trim().is_empty() {
            refusal = refusal.field("name", "accounts.name_missing");
            wrong = true;
        }
        let known = |office: &String| is_office(office);
        if self.department.as_ref().is_some_and(|office| !known(office)) {
            refusal = refusal.field("department", "accounts.department_unknown");
            wrong = true;
        }
        // Without its office a bank would see what every office delivered.
        let of_office = matches!(self.role, Role::Department | Role::Bank);
        if self.department.is_none() && of_office {
            refusal = refusal.field("department", "accounts.department_missing");
            wrong = true;
        }
        let (levels, code) = levels(self.role);
        if !levels.contains(&self.home.level()) {
            refusal = refusal.field("home", code);
            wrong = true;
        }
        if wrong { Err(refusal.into()) } else { Ok(()) }
    }
}

/// Refuses a password that is short, all one kind of character, or the login itself.
pub fn check_password(password: &str, login: &str) -> Result<()> {
    let refuse = |code| Err(Refusal::invalid(code).field("password", code).into());
    if password.chars().count() < PASSWORD_LEAST {
        return refuse("accounts.password_short");
    }
    let kinds = [
        password.chars().any(|c| c.is_ascii_digit()),
        password.chars().any(|c| c.is_ascii_alphabetic()),
        password.chars().any(|c| !c.is_ascii_alphanumeric()),
    ];
    if kinds.iter().filter(|kind| **kind).count() < 2 {
        return refuse("accounts.password_plain");
    }
    if password.to_lowercase().contains(&login.to_lowercase()) {
        return refuse("accounts.password_login");
    }
    Ok(())
}

/// Whether an account rests after these failed attempts (any order), and until when.
pub fn locked_until(failures: &[Instant], now: Instant) -> Option<Instant> {
    let mut recent: Vec<Instant> =
        failures.iter().copied().filter(|at| *at > now.add_millis(-LOCK_MS)).collect();
    recent.sort_unstable();
    let decisive =
        recent.len().checked_sub(LOCK_AFTER).and_then(|i| recent.get(i + LOCK_AFTER - 1));
    decisive.map(|at| at.add_millis(LOCK_MS))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> Instant {
        "2026-10-31T01:00:00.000Z".parse::<Instant>().unwrap().add_millis(minute * 60_000)
    }

    #[test]
    fn five_failures_within_a_quarter_of_an_hour_lock() {
        let four: Vec<Instant> = (0..4).map(at).collect();
        assert_eq!(locked_until(&four, at(4)), None);
        let five: Vec<Instant> = (0..5).map(at).collect();
        assert_eq!(locked_until(&five, at(5)), Some(at(4).add_millis(LOCK_MS)));
        assert_eq!(locked_until(&five, at(15)), None, "the first failure is no longer recent");
    }

    #[test]
    fn a_password_is_long_mixed_and_not_the_login() {
        assert!(check_password("kurz1", "bob").is_err());
        assert!(check_password("onlyletters", "bob").is_err());
        assert!(check_password("bob-2026-autumn", "bob").is_err());
        assert!(check_password("wheat field 7", "bob").is_ok());
    }

    #[test]
    fn every_fault_of_a_new_account_is_named_at_its_field() {
        let bad = NewAccount {
            login: "x y".into(),
            name: " ".into(),
            role: Role::Department,
            department: None,
            home: AreaCode::parse("140430000000").unwrap(),
            reach: Reach::Home,
        };
        let kernel::error::Error::Refusal(refusal) = bad.check().unwrap_err() else {
            panic!("a bad form is a refusal")
        };
        assert_eq!(refusal.fields.len(), 3);
    }

    #[test]
    fn everybody_works_in_an_area_of_the_right_level() {
        let (county, town, village) = ("140430000000", "140430203000", "140430203201");
        let wrong = |role: Role, home: &str| {
            let office = matches!(role, Role::Department | Role::Bank);
            let department = office.then(|| "water".to_owned());
            let new = NewAccount {
                login: "bob".into(),
                name: "鲍勃".into(),
                role,
                department,
                home: home.parse().unwrap(),
                reach: Reach::Home,
            };
            match new.check() {
                Ok(()) => None,
                Err(kernel::error::Error::Refusal(refusal)) => Some(refusal.fields[0].clone().1),
                Err(fault) => panic!("{fault:?}"),
            }
        };
        let each = |role| [county, town, village].map(|home| wrong(role, home));
        let not = |code| Some(code);
        let code = "accounts.home_not_town";
        assert_eq!(each(Role::Township), [not(code), None, not(code)]);
        let code = "accounts.home_not_village";
        assert_eq!(each(Role::Village), [not(code), not(code), None]);
        let code = "accounts.home_not_county";
        assert_eq!(each(Role::County), [None, not(code), not(code)]);
        for role in [Role::Department, Role::Bank, Role::Inspector, Role::Evaluator, Role::Leader] {
            assert_eq!(each(role), [None, None, not("accounts.home_is_village")], "{role}");
        }
        assert_eq!(each(Role::Helper), [None, None, None]);
        assert_eq!(wrong(Role::County, "140400000000"), None, "a city may look after its counties");
    }
}
