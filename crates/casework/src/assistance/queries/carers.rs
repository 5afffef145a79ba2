//! Queries of the helpers of households.

use std::collections::BTreeMap;

use kernel::area::AreaCode;
use kernel::error::Result;
use kernel::ids::{HelperId, HouseholdId};
use kernel::time::Day;
use store::{Ctx, Row, Session, Tx, params};

use crate::assistance::carers::{Helper, NewHelper};

const OF_HOUSEHOLD: &str =
    "select id, name, unit, phone_sealed, account_id, from_day, to_day, ended_why, version, household_id
     from helpers where household_id in (select h.id from households h where h.merged_into = $1 or (h.id = $1 and h.merged_into is null))
       and from_day <= $2 order by from_day desc, id desc";

fn helper(row: &Row) -> Result<Helper> {
    Ok(Helper {
        id: row.parse(0)?,
        name: row.text(1)?,
        unit: row.text(2)?,
        phone_sealed: row.opt_text(3)?,
        account: row.opt_text(4)?,
        from: row.parse(5)?,
        to: row.opt_parse(6)?,
        why: row.opt_text(7)?.unwrap_or_default(),
        version: row.int(8)?,
        household: row.parse(9)?,
    })
}

/// Every helper that a household has had by a day, the newest first; those of a household that is held to be this one are among
/// them.
pub fn list_helpers(session: &mut Session, household: HouseholdId, on: Day) -> Result<Vec<Helper>> {
    session.rows(OF_HOUSEHOLD, params![household, on])?.iter().map(helper).collect()
}

/// Names of those who look after some households now. Whether they may be seen is asked by the caller.
pub fn helper_names(
    session: &mut Session,
    households: &[&str],
) -> Result<BTreeMap<String, String>> {
    let rows = session.rows(
        "select coalesce(h.merged_into, f.household_id), f.name from helpers f join households h on h.id = f.household_id
         where f.to_day is null and f.household_id in (select value from json_each($1)
           union select o.id from households o where o.merged_into in (select value from json_each($1)))
         order by f.from_day, f.id",
        params![serde_json::json!(households).to_string()],
    )?;
    rows.iter().map(|row| Ok((row.text(0)?, row.text(1)?))).collect()
}

/// Whether an account of a helper is there and may sign in.
pub fn is_helper_account(session: &mut Session, account: &str) -> Result<bool> {
    let sql = "select 1 from accounts where id = $1 and role = 'helper' and disabled_on is null";
    Ok(session.find(sql, params![account])?.is_some())
}

/// Accounts of helpers who work in an area: id and name.
pub fn list_helper_accounts(
    session: &mut Session,
    (low, high): (&str, &str),
) -> Result<Vec<(String, String)>> {
    let sql = "select id, name from accounts where role = 'helper' and disabled_on is null
       and home_code >= $1 and home_code <= $2 order by name, id";
    let rows = session.rows(sql, params![low, high])?;
    rows.iter().map(|row| Ok((row.text(0)?, row.text(1)?))).collect()
}

/// Writes a new helper, and the scope of the account where there is one.
pub fn insert_helper(
    tx: &mut Tx,
    ctx: &Ctx,
    (id, household): (HelperId, HouseholdId),
    (new, village): (&NewHelper, AreaCode),
) -> Result<()> {
    let phone = new.phone.as_ref();
    let sealed = phone.map(|phone| ctx.db.keys().seal_text(phone.reveal())).transpose()?;
    tx.exec(
        "insert into helpers (id, household_id, name, unit, phone_sealed, phone_tail, account_id, from_day, by_account,
           by_name, recorded_at, version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1)",
        params![
            id.to_string(),
            household,
            &new.name,
            &new.unit,
            sealed,
            phone.map(|phone| phone.tail().to_owned()),
            new.account.clone(),
            new.from,
            &ctx.actor.account,
            &ctx.actor.name,
            ctx.now
        ],
    )?;
    if let Some(account) = &new.account {
        tx.exec(
            "insert into scopes (account_id, kind, low, high, target, from_day)
             values ($1, 'household', $2, $2, $3, $4)",
            params![account, village, household, new.from],
        )?;
    }
    Ok(())
}

/// Ends a helper, and the scope of the account with it; `false` when somebody has changed it since.
pub fn end_helper(
    tx: &mut Tx,
    ctx: &Ctx,
    helper: &Helper,
    (last, why): (Day, &str),
) -> Result<bool> {
    let written = tx.exec(
        "update helpers set to_day = $3, ended_why = $4, by_account = $5, by_name = $6, version = version + 1
         where id = $1 and version = $2 and to_day is null",
        params![helper.id.to_string(), helper.version, last, why, &ctx.actor.account, &ctx.actor.name],
    )?;
    if let Some(account) = &helper.account {
        tx.exec(
            "update scopes set to_day = $4
             where account_id = $1 and kind = 'household' and target = $2 and from_day = $3 and to_day is null",
            params![account, helper.household, helper.from, last],
        )?;
    }
    Ok(written == 1)
}

/// Name, workplace and sealed phone of a helper.
pub type Contact = (String, String, Option<String>);

/// Who looks after some households on a day, by household.
pub fn list_contacts(
    session: &mut Session,
    households: &str,
    on: Day,
) -> Result<BTreeMap<String, Contact>> {
    let rows = session.rows(
        "select coalesce(h.merged_into, f.household_id), f.name, f.unit, f.phone_sealed
         from helpers f join households h on h.id = f.household_id
         where f.household_id in (select value from json_each($1)
             union select o.id from households o where o.merged_into in (select value from json_each($1)))
           and f.from_day <= $2 and (f.to_day is null or f.to_day >= $2)
         order by f.household_id, f.from_day, f.recorded_at",
        params![households, on],
    )?;
    rows.iter()
        .map(|row| Ok((row.text(0)?, (row.text(1)?, row.text(2)?, row.opt_text(3)?))))
        .collect()
}
