//! The SQL of slips: numbers by village, and lists that came.

use std::collections::BTreeMap;

use kernel::area::AreaCode;
use kernel::error::Result;
use kernel::time::{Day, Instant, Period};
use store::{Permit, Session, params, visible};

use super::model::{Counts, Week};

/// Days within which something is due soon.
const SOON: i64 = 3;
/// Days of the week that has passed.
const WEEK: i64 = 7;

const COUNTS: &str = concat!(
    "select l.village_code,
       cast(sum(case when l.state = 'open' and l.released_on >= $5 then 1 else 0 end) as bigint),
       cast(sum(case when l.state = 'open' and l.due_on = $2 then 1 else 0 end) as bigint),
       cast(sum(case when l.state = 'open' and l.due_on > $2 and l.due_on <= $6 then 1 else 0 end) as bigint),
       cast(sum(case when l.state = 'open' and l.due_on < $2 then 1 else 0 end) as bigint),
       cast(sum(case when l.state = 'open' then 1 else 0 end) as bigint),
       cast(sum(case when l.answered_on >= $7 then 1 else 0 end) as bigint)
     from leads l where l.village_code >= $3 and l.village_code <= $4
       and (l.state = 'open' or (l.state in ('answered', 'second_look') and l.sort_day >= $7)) and ",
    visible!("l.village_code", "l.household_id"),
    " group by l.village_code"
);

/// The numbers of every village in an area that the person may see.
pub fn count_villages(
    session: &mut Session,
    permit: &Permit,
    (area, today): (AreaCode, Day),
) -> Result<BTreeMap<AreaCode, Counts>> {
    let (low, high) = area.range();
    let values = [
        permit.account(),
        permit.today(),
        low.into(),
        high.into(),
        today.add_days(-1).into(),
        today.add_days(SOON).into(),
        today.add_days(1 - WEEK).into(),
    ];
    let rows = session.rows(COUNTS, &values)?;
    rows.iter()
        .map(|row| {
            let counts = Counts {
                fresh: row.int(1)?,
                today: row.int(2)?,
                soon: row.int(3)?,
                overdue: row.int(4)?,
                open: row.int(5)?,
                answered: row.int(6)?,
            };
            Ok((row.parse(0)?, counts))
        })
        .collect()
}

const WEEK_OF: &str = concat!(
    "select cast(coalesce(sum(case when l.released_on >= $5 and l.released_on <= $6 then 1 else 0 end), 0) as bigint),
       cast(coalesce(sum(case when l.answered_on >= $5 and l.answered_on <= $6 then 1 else 0 end), 0) as bigint),
       cast(coalesce(sum(case when l.answered_on >= $5 and l.answered_on <= $6 and l.outcome = 'risk_confirmed'
         then 1 else 0 end), 0) as bigint)
     from leads l where l.village_code >= $3 and l.village_code <= $4
       and (l.released_on >= $5 or l.answered_on >= $5) and ",
    visible!("l.village_code", "l.household_id")
);

/// What happened in an area in the seven days that end with a day.
pub fn week_to(
    session: &mut Session,
    permit: &Permit,
    (area, last): (AreaCode, Day),
) -> Result<Week> {
    let (low, high) = area.range();
    let values = [
        permit.account(),
        permit.today(),
        low.into(),
        high.into(),
        last.add_days(1 - WEEK).into(),
        last.into(),
    ];
    let row = session.row(WEEK_OF, &values)?;
    Ok(Week { given: row.int(0)?, answered: row.int(1)?, confirmed: row.int(2)? })
}

/// A list that came: its id, its time, the area that it covers.
pub type Came = (String, Option<Period>, AreaCode);

/// Lists that were accepted in the last seven days.
pub fn list_came(session: &mut Session, today: Day) -> Result<Vec<Came>> {
    let since = Instant::start_of(today.add_days(1 - WEEK));
    let rows = session.rows(
        "select distinct c.list_id, b.period_from, b.period_to, c.area_code
         from coverage c join batches b on b.id = c.batch_id
         where b.state = 'accepted' and b.accepted_at >= $1 order by c.list_id, b.period_from, c.area_code",
        params![since],
    )?;
    rows.iter()
        .map(|row| {
            let ends = row.opt_parse::<Day>(1)?.zip(row.opt_parse::<Day>(2)?);
            let period = ends.and_then(|(from, to)| Period::new(from, to));
            Ok((row.text(0)?, period, row.parse(3)?))
        })
        .collect()
}
