//! What people do with accounts: sign in and out, change a password, create, close, reset.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use kernel::error::{Error, Refusal, Result};
use kernel::ids::AccountId;
use kernel::lang::Lang;
use kernel::permission::Permission;
use kernel::time::Clock;
use serde_json::json;
use store::{Actor, Ctx, Db, Entry, ScopeKind};

use super::model::{
    Account, LOCK_MS, NOTE_USE_MS, NewAccount, Reach, SESSION_MS, check_password, locked_until,
};
use super::queries;

/// A session that has just begun: the token goes into the cookie and nowhere else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Started {
    /// The secret of the cookie.
    pub token: String,
    /// Whose session.
    pub account: Account,
}

/// A session in use.
#[derive(Debug, Clone)]
pub struct Current {
    /// The acting person with today's scopes.
    pub actor: Actor,
    /// The account.
    pub account: Account,
    /// The place of work, in words.
    pub place: String,
}

fn hash(password: &str) -> Result<String> {
    Argon2::default()
        .hash_password(password.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|why| Error::fault(format!("password hash: {why}")))
}

fn matches(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash)
        .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

/// 32 random bytes as 64 hexadecimal characters.
pub fn random_token() -> Result<String> {
    let mut bytes = [0u8; 32];
    getrandom::fill(&mut bytes).map_err(|why| Error::fault(format!("no randomness: {why}")))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Signs in. Wrong login and wrong password get the same answer after the same work; the fifth failure within a
/// quarter of an hour locks the login for a quarter of an hour, whether it exists or not.
pub fn sign_in(ctx: &Ctx, login: &str, password: &str) -> Result<Started> {
    let mut session = ctx.read()?;
    let failures = queries::failures(&mut session, login, ctx.now.add_millis(-LOCK_MS))?;
    if let Some(until) = locked_until(&failures, ctx.now) {
        return Err(Refusal::too_many("accounts.locked").arg("until", until.local_text()).into());
    }
    let found = queries::find_by_login(&mut session, login)?;
    drop(session);
    let (stored, account) = match found {
        Some((account, stored)) => (stored, Some(account)),
        None => (hash("the work that a real account would take")?, None),
    };
    let right = matches(password, &stored);
    let account = account.filter(|account| right && !is_closed(account, ctx));
    match account {
        Some(account) => start(ctx, account),
        None => {
            let mut tx = ctx.begin()?;
            queries::insert_failure(&mut tx, login)?;
            tx.commit(Entry::new(ctx, "account.sign_in_failed"))?;
            Err(Refusal::invalid("accounts.wrong_password").into())
        }
    }
}

fn is_closed(account: &Account, ctx: &Ctx) -> bool {
    account.disabled_on.is_some_and(|day| day <= ctx.today)
}

/// Enters as a sample person. Only for accounts that `demo` made; the listener is loopback only there.
pub fn enter_demo(ctx: &Ctx, login: &str) -> Result<Started> {
    let found = queries::find_by_login(&mut ctx.read()?, login)?;
    match found {
        Some((account, _)) if account.demo && !is_closed(&account, ctx) => start(ctx, account),
        _ => Err(ctx.not_found("accounts.unknown", login)),
    }
}

fn start(ctx: &Ctx, account: Account) -> Result<Started> {
    let token = random_token()?;
    let mut tx = ctx.begin()?;
    let digest = tx.db().keys().digest(&token);
    queries::clear_failures(&mut tx, &account.login)?;
    queries::insert_session(&mut tx, &digest, &account.id)?;
    tx.commit(Entry::new(ctx, "account.sign_in").about("account", &account.id))?;
    Ok(Started { token, account })
}

/// Finds the session of a cookie, if it is still good, and notes its use (at most once a minute).
pub fn resume(db: &Db, clock: Clock, token: &str) -> Result<Option<Current>> {
    let ctx = Ctx::system(db, clock);
    let digest = db.keys().digest(token);
    let mut session = db.read()?;
    let Some((account_id, seen)) = queries::find_session(&mut session, &digest)? else {
        return Ok(None);
    };
    if seen.add_millis(SESSION_MS) < ctx.now {
        return Ok(None);
    }
    let Some(account) = queries::find(&mut session, &account_id)? else { return Ok(None) };
    if is_closed(&account, &ctx) {
        return Ok(None);
    }
    let scopes = queries::scopes(&mut session, &account_id, ctx.today)?;
    let place = queries::place_name(&mut session, account.home)?;
    drop(session);
    if seen.add_millis(NOTE_USE_MS) < ctx.now {
        let mut tx = ctx.begin()?;
        queries::touch_session(&mut tx, &digest)?;
        tx.commit(Entry::new(&ctx, "account.session_used").about("account", &account_id))?;
    }
    let actor = account.actor(scopes);
    Ok(Some(Current { actor, account, place }))
}

/// Ends the session of a cookie.
pub fn sign_out(ctx: &Ctx, token: &str) -> Result<()> {
    let mut tx = ctx.begin()?;
    let digest = tx.db().keys().digest(token);
    queries::end_session(&mut tx, &digest)?;
    tx.commit(Entry::new(ctx, "account.sign_out").about("account", &ctx.actor.account))?;
    Ok(())
}

/// Changes one's own password; all other sessions end, and the caller signs in again.
pub fn change_password(ctx: &Ctx, old: &str, new: &str) -> Result<()> {
    let mut session = ctx.read()?;
    let account = queries::find(&mut session, &ctx.actor.account)?
        .ok_or_else(|| ctx.not_found("accounts.unknown", &ctx.actor.account))?;
    let stored = queries::find_by_login(&mut session, &account.login)?.map(|(_, hash)| hash);
    drop(session);
    if !matches(old, &stored.unwrap_or_default()) {
        return Err(Refusal::invalid("accounts.wrong_password")
            .field("old", "accounts.wrong_password")
            .into());
    }
    check_password(new, &account.login)?;
    let hash = hash(new)?;
    let mut tx = ctx.begin()?;
    queries::save_password(&mut tx, &account.id, &hash, false)?;
    queries::end_sessions_of(&mut tx, &account.id)?;
    tx.commit(Entry::new(ctx, "account.change_password").about("account", &account.id))?;
    Ok(())
}

/// Sets the language of one's own pages.
pub fn choose_language(ctx: &Ctx, lang: Lang) -> Result<()> {
    let mut tx = ctx.begin()?;
    queries::save_lang(&mut tx, &ctx.actor.account, lang)?;
    tx.commit(Entry::new(ctx, "account.language").about("account", &ctx.actor.account))?;
    Ok(())
}

/// Creates an account with a first password, which the person must change; returns that password once.
pub fn create(ctx: &Ctx, new: &NewAccount) -> Result<(Account, String)> {
    let password = first_password()?;
    let account = create_with(ctx, new, &password, false)?;
    Ok((account, password))
}

/// Creates a sample person of a demo folder, with a known password that need not be changed.
pub fn create_demo(ctx: &Ctx, new: &NewAccount, password: &str) -> Result<Account> {
    create_with(ctx, new, password, true)
}

fn create_with(ctx: &Ctx, new: &NewAccount, password: &str, demo: bool) -> Result<Account> {
    ctx.permit(Permission::AccountManage)?;
    new.check()?;
    within_home(ctx, new.home)?;
    if !kernel::permission::may_appoint(ctx.actor.role, new.role) {
        return Err(Refusal::forbidden("accounts.role_above")
            .field("role", "accounts.role_above")
            .into());
    }
    let account = Account {
        id: ctx.new_id::<AccountId>().to_string(),
        login: new.login.clone(),
        name: new.name.trim().to_owned(),
        role: new.role,
        department: new.department.clone(),
        home: new.home,
        must_change: !demo,
        disabled_on: None,
        demo,
        lang: ctx.lang,
    };
    let hash = hash(password)?;
    let mut tx = ctx.begin()?;
    if !queries::is_area(&mut tx, new.home)? {
        return Err(Refusal::invalid("accounts.invalid")
            .field("home", "accounts.home_not_there")
            .into());
    }
    if queries::find_by_login(&mut tx, &new.login)?.is_some() {
        return Err(Refusal::conflict("accounts.login_taken")
            .field("login", "accounts.login_taken")
            .into());
    }
    queries::insert(&mut tx, &account, &hash)?;
    // on the county's clock, so that a command that was run without it makes nobody who sees nothing
    let from = queries::county_day(&mut tx)?.map_or(ctx.today, |day| day.min(ctx.today));
    for scope in scopes_of(new) {
        queries::insert_scope(&mut tx, &account.id, &scope, from)?;
    }
    let detail = json!({ "login": account.login, "role": account.role.text() });
    tx.commit(
        Entry::new(ctx, "account.create")
            .about("account", &account.id)
            .area(new.home)
            .detail(detail),
    )?;
    Ok(account)
}

fn scopes_of(new: &NewAccount) -> Vec<ScopeKind> {
    match &new.reach {
        Reach::Home => vec![ScopeKind::Area(new.home)],
        Reach::Households(ids) => ids.iter().cloned().map(ScopeKind::Household).collect(),
        Reach::Lists(ids) => ids.iter().cloned().map(ScopeKind::List).collect(),
    }
}

fn within_home(ctx: &Ctx, area: kernel::area::AreaCode) -> Result<()> {
    if ctx.actor.works_in(area) {
        return Ok(());
    }
    Err(Refusal::forbidden("accounts.outside_area").into())
}

fn managed(ctx: &Ctx, id: &str) -> Result<Account> {
    ctx.permit(Permission::AccountManage)?;
    let account = queries::find(&mut ctx.read()?, id)?;
    account
        .filter(|account| ctx.actor.works_in(account.home))
        .ok_or_else(|| ctx.not_found("accounts.unknown", id))
}

/// Closes an account from today, or opens it again; its sessions end at once.
pub fn set_disabled(ctx: &Ctx, id: &str, disabled: bool) -> Result<()> {
    let account = managed(ctx, id)?;
    if account.id == ctx.actor.account {
        return Err(Refusal::conflict("accounts.not_oneself").into());
    }
    let mut tx = ctx.begin()?;
    queries::save_disabled(&mut tx, id, disabled.then_some(ctx.today))?;
    queries::end_sessions_of(&mut tx, id)?;
    let verb = if disabled { "account.disable" } else { "account.enable" };
    tx.commit(Entry::new(ctx, verb).about("account", id).area(account.home))?;
    Ok(())
}

/// Gives a new first password, returned once; its sessions end and a lock is lifted.
pub fn reset(ctx: &Ctx, id: &str) -> Result<String> {
    let account = managed(ctx, id)?;
    let password = first_password()?;
    let hash = hash(&password)?;
    let mut tx = ctx.begin()?;
    queries::save_password(&mut tx, id, &hash, true)?;
    queries::clear_failures(&mut tx, &account.login)?;
    queries::end_sessions_of(&mut tx, id)?;
    tx.commit(Entry::new(ctx, "account.reset").about("account", id).area(account.home))?;
    Ok(password)
}

/// The accounts at home in the caller's area.
pub fn list(ctx: &Ctx) -> Result<Vec<Account>> {
    ctx.permit(Permission::AccountManage)?;
    let mut accounts = queries::list(&mut ctx.read()?)?;
    accounts.retain(|account| ctx.actor.works_in(account.home));
    Ok(accounts)
}

/// Three groups of four letters and digits that are hard to mistake for each other.
fn first_password() -> Result<String> {
    const LETTERS: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";
    let token = random_token()?;
    let mut groups = Vec::new();
    for group in token.as_bytes().chunks(8).take(3) {
        let letters: String = group
            .chunks(2)
            .filter_map(|pair| std::str::from_utf8(pair).ok())
            .filter_map(|pair| usize::from_str_radix(pair, 16).ok())
            .filter_map(|n| LETTERS.get(n % LETTERS.len()).map(|byte| char::from(*byte)))
            .collect();
        groups.push(letters);
    }
    Ok(groups.join("-"))
}
