//! The SQL of accounts, scopes and sessions.

use kernel::area::AreaCode;
use kernel::error::{Error, Result};
use kernel::lang::Lang;
use kernel::permission::Role;
use kernel::time::{Day, Instant};
use store::{Actor, Row, Scope, ScopeKind, Session, Tx, Value, params};

use super::model::Account;

macro_rules! account_columns {
    () => {
        "a.id, a.login, a.name, a.role, a.department, a.home_code, a.must_change, a.disabled_on, a.demo, a.lang"
    };
}

fn account(row: &Row) -> Result<Account> {
    Ok(Account {
        id: row.text(0)?,
        login: row.text(1)?,
        name: row.text(2)?,
        role: row.parse::<Role>(3)?,
        department: row.opt_text(4)?,
        home: row.parse(5)?,
        must_change: row.flag(6)?,
        disabled_on: row.opt_parse::<Day>(7)?,
        demo: row.flag(8)?,
        lang: row.parse::<Lang>(9)?,
    })
}

/// The account with this login and its password hash.
pub fn find_by_login(session: &mut Session, login: &str) -> Result<Option<(Account, String)>> {
    let row = session.find(
        concat!("select ", account_columns!(), ", a.password from accounts a where a.login = $1"),
        params![login],
    )?;
    row.map(|row| Ok((account(&row)?, row.text(10)?))).transpose()
}

/// The account with this id.
pub fn find(session: &mut Session, id: &str) -> Result<Option<Account>> {
    let row = session.find(
        concat!("select ", account_columns!(), " from accounts a where a.id = $1"),
        params![id],
    )?;
    row.as_ref().map(account).transpose()
}

/// All accounts, by area and login.
pub fn list(session: &mut Session) -> Result<Vec<Account>> {
    session
        .rows(
            concat!(
                "select ",
                account_columns!(),
                " from accounts a order by a.home_code, a.login"
            ),
            &[],
        )?
        .iter()
        .map(account)
        .collect()
}

/// The sample people of a demo folder, in the order of their making.
pub fn list_demo(session: &mut Session) -> Result<Vec<Account>> {
    session
        .rows(
            concat!(
                "select ",
                account_columns!(),
                " from accounts a where a.demo = 1 and a.disabled_on is null order by a.created_at, a.id"
            ),
            &[],
        )?
        .iter()
        .map(account)
        .collect()
}

/// What an account may see on a day.
pub fn scopes(session: &mut Session, account_id: &str, today: Day) -> Result<Vec<Scope>> {
    session
        .rows(
            "select kind, target from scopes
             where account_id = $1 and from_day <= $2 and (to_day is null or to_day >= $2)",
            params![account_id, today],
        )?
        .iter()
        .map(|row| {
            let target = row.text(1)?;
            let kind = match row.text(0)?.as_str() {
                "area" => ScopeKind::Area(row.parse(1)?),
                "household" => ScopeKind::Household(target),
                _ => ScopeKind::List(target),
            };
            Ok(Scope { kind })
        })
        .collect()
}

/// Writes an account with its password hash.
pub fn insert(tx: &mut Tx, account: &Account, password: &str) -> Result<()> {
    tx.exec(
        "insert into accounts (id, login, name, role, department, home_code, password, must_change, demo, lang, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        &[
            Value::from(&account.id),
            Value::from(&account.login),
            Value::from(&account.name),
            account.role.text().into(),
            account.department.clone().into(),
            account.home.into(),
            password.into(),
            account.must_change.into(),
            account.demo.into(),
            account.lang.tag().into(),
            tx.now().into(),
        ],
    )?;
    Ok(())
}

/// The day on which the county's work stands: that of the newest entry in the journal that is not about accounts. A county
/// whose clock was set stands before the day of a command that was run without.
pub fn county_day(tx: &mut Tx) -> Result<Option<Day>> {
    let row = tx.find(
        "select at from journal where verb < 'account.' or verb > 'account.~' order by number desc limit 1",
        &[],
    )?;
    let at: Option<Instant> = row.map(|row| row.parse(0)).transpose()?;
    Ok(at.map(|at| at.day()))
}

/// Opens a scope from a day on.
pub fn insert_scope(tx: &mut Tx, account_id: &str, kind: &ScopeKind, from: Day) -> Result<()> {
    let (kind, low, high, target) = match kind {
        ScopeKind::Area(area) => {
            let (low, high) = area.range();
            ("area", low.to_string(), high.to_string(), area.to_string())
        }
        ScopeKind::Everywhere => {
            return Err(Error::fault("only the program itself sees every area"));
        }
        ScopeKind::Household(id) => ("household", String::new(), String::new(), id.clone()),
        ScopeKind::List(id) => ("list", String::new(), String::new(), id.clone()),
    };
    tx.exec(
        "insert into scopes (account_id, kind, low, high, target, from_day) values ($1, $2, $3, $4, $5, $6)",
        params![account_id, kind, low, high, target, from],
    )?;
    Ok(())
}

/// Sets a new password hash and whether the next sign-in must change it.
pub fn save_password(tx: &mut Tx, id: &str, password: &str, must_change: bool) -> Result<()> {
    tx.exec(
        "update accounts set password = $2, must_change = $3 where id = $1",
        params![id, password, must_change],
    )?;
    Ok(())
}

/// Closes an account from a day on (`None` opens it again).
pub fn save_disabled(tx: &mut Tx, id: &str, from: Option<Day>) -> Result<()> {
    tx.exec("update accounts set disabled_on = $2 where id = $1", params![id, from])?;
    Ok(())
}

/// Sets the language of a person's pages.
pub fn save_lang(tx: &mut Tx, id: &str, lang: Lang) -> Result<()> {
    tx.exec("update accounts set lang = $2 where id = $1", params![id, lang.tag()])?;
    Ok(())
}

/// Failed attempts on a login since `since`.
pub fn failures(session: &mut Session, login: &str, since: Instant) -> Result<Vec<Instant>> {
    session
        .rows(
            "select at from sign_in_failures where login = $1 and at > $2",
            params![login, since],
        )?
        .iter()
        .map(|row| row.parse(0))
        .collect()
}

/// Notes a failed attempt.
pub fn insert_failure(tx: &mut Tx, login: &str) -> Result<()> {
    tx.exec("insert into sign_in_failures (login, at) values ($1, $2)", params![login, tx.now()])?;
    Ok(())
}

/// Forgets failed attempts after a success or a reset.
pub fn clear_failures(tx: &mut Tx, login: &str) -> Result<()> {
    tx.exec("delete from sign_in_failures where login = $1", params![login])?;
    Ok(())
}

/// Opens a session under the digest of its token.
pub fn insert_session(tx: &mut Tx, digest: &str, account_id: &str) -> Result<()> {
    tx.exec(
        "insert into sessions (token_digest, account_id, started_at, seen_at) values ($1, $2, $3, $3)",
        params![digest, account_id, tx.now()],
    )?;
    Ok(())
}

/// The account and the last sight of a session that has not ended.
pub fn find_session(session: &mut Session, digest: &str) -> Result<Option<(String, Instant)>> {
    let row = session.find(
        "select account_id, seen_at from sessions where token_digest = $1 and ended_at is null",
        params![digest],
    )?;
    row.map(|row| Ok((row.text(0)?, row.parse(1)?))).transpose()
}

/// Notes that a session is in use.
pub fn touch_session(tx: &mut Tx, digest: &str) -> Result<()> {
    tx.exec("update sessions set seen_at = $2 where token_digest = $1", params![digest, tx.now()])?;
    Ok(())
}

/// Ends one session.
pub fn end_session(tx: &mut Tx, digest: &str) -> Result<()> {
    tx.exec(
        "update sessions set ended_at = $2 where token_digest = $1 and ended_at is null",
        params![digest, tx.now()],
    )?;
    Ok(())
}

/// Ends all sessions of an account: after a reset, a new password, a closing.
pub fn end_sessions_of(tx: &mut Tx, account_id: &str) -> Result<()> {
    tx.exec(
        "update sessions set ended_at = $2 where account_id = $1 and ended_at is null",
        params![account_id, tx.now()],
    )?;
    Ok(())
}

/// The acting person behind a login that is open on a day, with the scopes of that day.
pub fn actor_of(session: &mut Session, login: &str, today: Day) -> Result<Option<Actor>> {
    let Some((account, _)) = find_by_login(session, login)? else { return Ok(None) };
    if account.disabled_on.is_some_and(|day| day <= today) {
        return Ok(None);
    }
    let scopes = scopes(session, &account.id, today)?;
    Ok(Some(account.actor(scopes)))
}

/// The name of an area as people say it; empty for a code that was not imported.
pub fn place_name(session: &mut Session, code: AreaCode) -> Result<String> {
    let row = session.find("select name from areas where code = $1", params![code])?;
    row.map(|row| row.text(0)).transpose().map(Option::unwrap_or_default)
}

/// Whether the area is in use. Before the first list of areas nobody can tell, and above the county no list speaks.
pub fn is_area(session: &mut Session, code: AreaCode) -> Result<bool> {
    let row = session.row(
        "select (select count(*) from areas where code = $1 and valid_to is null),
                (select count(*) from areas where level = $2)",
        params![code, code.level().text()],
    )?;
    Ok(row.int(0)? > 0 || row.int(1)? == 0)
}
