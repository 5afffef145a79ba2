//! Queries that tell how each table of the registry is read at a past moment, and what is then put right by the day.

use kernel::error::Result;
use store::{PastTable, Reading, Row, Session, Tx, Value, params};

const fn of(name: &'static str, reading: Reading) -> PastTable {
    PastTable::new(name, reading)
}

const ALL: &str = "select * from {from}";

/// The tables of the store and of this wing. A test compares them with the schema.
pub const TABLES: &[PastTable] = &[
    // the store: a past view writes no journal and shows none
    of("journal", Reading::Nothing),
    of("journal_head", Reading::Nothing),
    of("access_log", Reading::Nothing),
    of("village_stamps", Reading::Nothing),
    of("writing", Reading::Nothing),
    // accounts: who may see what is that of today
    of("accounts", Reading::Now(ALL)),
    of(
        "scopes",
        Reading::Now(
            "select account_id, kind, low, high, target, '0001-01-01' as from_day, cast(null as text) as to_day
             from {from} where from_day <= {today} and (to_day is null or to_day >= {today})",
        ),
    ),
    of("sessions", Reading::Nothing),
    of("sign_in_failures", Reading::Nothing),
    of("views", Reading::Now(ALL)),
    // areas
    of("areas", Reading::Known("1 = 1")),
    of("area_names", Reading::Known("1 = 1")),
    of("area_classes", Reading::Known("t.valid_from <= {day}")),
    of("area_successors", Reading::Known("t.on_day <= {day}")),
    of("area_groups", Reading::Known("1 = 1")),
    of("village_kinds", Reading::Known("t.at <= {known} and t.from_day <= {day}")),
    of("village_incomes", Reading::Known("t.at <= {known}")),
    of("village_classes", Reading::Known("t.at <= {known}")),
    // policies: what was published by then
    of("pack_versions", Reading::Known("t.published_at <= {known}")),
    of("policy_documents", Reading::Known("t.entered_at <= {known}")),
    of("policy_drafts", Reading::Known("t.made_at <= {known}")),
    of("policy_milestones", Reading::Known("t.set_at <= {known}")),
    of("policy_issues", Reading::Known("t.issued_on <= {day}")),
    // households and people
    of("households", Reading::Known("t.created_at <= {known}")),
    of("household_places", Reading::Known("t.recorded_at <= {known}")),
    of("persons", Reading::Known("1 = 1")),
    of("memberships", Reading::Known("t.recorded_at <= {known}")),
    of("statuses", Reading::Known("t.recorded_at <= {known}")),
    of(
        "search_keys",
        Reading::Mended(
            "select k.key, k.kind, k.household_id, k.person_id, k.village_code from {county}search_keys k
             where k.person_id in (select id from main.persons) and k.person_id not in (select person_id from main.past_people)
             union all select key, kind, household_id, person_id, village_code from main.search_keys",
        ),
    ),
    of("proposals", Reading::Known("t.proposed_at <= {known}")),
    of("persons_before", Reading::Nothing),
    of("households_before", Reading::Nothing),
    of("memberships_before", Reading::Nothing),
    of("register_absences", Reading::Known("t.noted_at <= {known}")),
    // circumstances
    of("records", Reading::Wide("t.recorded_at <= {known}")),
    of("incomes", Reading::Wide("1 = 1")),
    of("coverage", Reading::Known("1 = 1")),
    of("fact_meaning", Reading::Nothing),
    // intake
    of("batches", Reading::Known("t.uploaded_at <= {known}")),
    of("batch_sheets", Reading::Known("1 = 1")),
    of("batch_rows", Reading::Wide("1 = 1")),
    of("findings", Reading::Wide("1 = 1")),
    of("match_queue", Reading::Known("1 = 1")),
    of("mappings", Reading::Known("t.decided_at <= {known}")),
    // duplicates
    of("merges", Reading::Known("t.said_at <= {known}")),
    of("merge_pairs", Reading::Known("t.at <= {known}")),
    of("merge_changes", Reading::Known("t.at <= {known}")),
    of("duplicate_verdicts", Reading::Known("t.said_at <= {known}")),
];

/// Who is found by other texts, or in another household, than today; the names of tables without `county` are those of the
/// past state.
const OTHERWISE: &str = "insert into main.past_people (person_id)
    select p.id from main.persons p left join county.persons c on c.id = p.id
      where c.id is null or c.name <> p.name or c.merged_into is not p.merged_into
    union select stays_id from county.merge_pairs where kind = 'person' and (at > $1 or undone_at > $1)
    union select goes_id from county.merge_pairs where kind = 'person' and (at > $1 or undone_at > $1)
    union select m.person_id from main.memberships m join main.households h on h.id = m.household_id
      left join county.households ch on ch.id = h.id
      left join county.memberships cm on cm.household_id = m.household_id and cm.person_id = m.person_id and cm.valid_to is null
      where m.valid_to is null and (cm.person_id is null or ch.village_code is not h.village_code)
    union select p.id from main.persons p
      where not exists (select 1 from main.memberships m where m.person_id = p.id and m.valid_to is null)";

/// Finds them; all where the county cannot be looked at beside.
pub(super) fn find_otherwise(tx: &mut Tx, beside: bool) -> Result<()> {
    tx.exec("create table main.past_people (person_id text primary key) without rowid", &[])?;
    let now = tx.now();
    match beside {
        true => tx.exec(OTHERWISE, params![now])?,
        false => tx.exec("insert into past_people (person_id) select id from persons", &[])?,
    };
    Ok(())
}

/// Their names, with those of whom they are held to be, and where they lived last: id, name, household, village.
pub(super) fn names(session: &mut Session) -> Result<Vec<Row>> {
    session.rows(
        "select w.person_id, n.name, h.id, h.village_code from main.past_people w
         join main.persons p on p.id = w.person_id and p.merged_into is null
         join main.persons n on n.id = w.person_id or n.id in (select g.id from main.persons g where g.merged_into = w.person_id)
         join main.households h on h.village_code is not null and h.id = (select m.household_id from main.memberships m
           where m.person_id = w.person_id order by m.valid_to is null desc, m.valid_from desc limit 1)
         order by w.person_id",
        &[],
    )
}

/// Writes the texts by which they are found.
pub(super) fn save_keys(tx: &mut Tx, keys: Vec<Vec<Value>>) -> Result<()> {
    tx.exec_many(
        "insert into main.search_keys (key, kind, household_id, person_id, village_code) values ($1, $2, $3, $4, $5)
         on conflict (key, person_id, kind) do nothing",
        keys,
    )?;
    Ok(())
}

/// What holds on another day than today: rows that begin after the day are not there yet, ends after it have not come.
pub const STEPS: &[&str] = &[
    // what was decided later was open
    "update proposals set state = 'proposed', decided_by = null, decided_at = null, reason = null
     where decided_at > {known}",
    "update merges set state = 'carried', undone_by = null, undone_at = null, undo_reason = null where undone_at > {known}",
    "update merges set state = 'proposed', decided_by = null, decided_at = null where decided_at > {known}",
    "update merge_pairs set undone_at = null where undone_at > {known}",
    "update policy_milestones set value = null, value_on = null, value_by = null where value_on > {day}",
    "update policy_issues set received_at = null, received_by = null, received_name = null where received_at > {known}",
    "delete from coverage where batch_id not in (select id from batches)",
    "delete from batch_sheets where batch_id not in (select id from batches)",
    "delete from match_queue where batch_id not in (select id from batches)",
    // where households stood on the day
    "update households set
       (village_code, group_name, address) = (select p.village_code, p.group_name, p.address from household_places p
          where p.household_id = households.id and p.valid_to > {day} order by p.valid_to limit 1)
     where village_code is not null and id in (select household_id from household_places where valid_to > {day})",
    "delete from household_places where valid_to > {day}",
    "delete from households where opened_on > {day}",
    "update households set closed_on = null, closed_at = null where closed_on > {day}",
    // who lived there
    "delete from memberships where valid_from > {day} or household_id not in (select id from households)",
    "update memberships set valid_to = null, how_out = null, ended_at = null, ended_by = null where valid_to > {day}",
    "update households set head_id = (select m.person_id from memberships m where m.household_id = households.id
        and m.kin = 'head' and m.valid_to is null order by m.valid_from desc limit 1)
     where id in (select m.household_id from memberships m where m.kin = 'head' and m.valid_to is null)
       and not exists (select 1 from memberships m where m.household_id = households.id and m.person_id = households.head_id
                         and m.kin = 'head' and m.valid_to is null)",
    "delete from persons where id not in (select person_id from memberships)",
    "update persons set died_on = null where died_on > {day}",
    // what they were
    "delete from statuses where valid_from > {day} or household_id not in (select id from households)",
    "update statuses set valid_to = null, ended_at = null, ended_by = null where valid_to > {day}",
    "update areas set valid_to = null where valid_to > {day}",
];
