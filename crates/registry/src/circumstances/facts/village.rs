//! Facts about a whole village: its own events, and its households added up.

use kernel::time::Day;

use facts::Coverage;

use super::HouseholdFactRow;
use super::happened::dry_days;
use super::input::{Origin, Record, Surroundings, Turn, Windows};
use super::own;
use super::read::{BadBody, Reader, Told};
use super::table::fact_columns;
use crate::circumstances::topics::WaterOutage;

const OUTAGES: Coverage = Coverage::events("water_outages", 12);

fact_columns! {
    /// Facts about one village.
    VillageFacts of village {
        water_outage_days: Int Days "circumstances" ("近12个月停水天数", "Days without water, 12 months") ("近12个月停水的总天数，重叠的只算一次；未恢复的算到当天。", "Days without water in twelve months, overlaps once; an outage still going on counts up to today.") [OUTAGES];
        water_outages_12m: Int Times "circumstances" ("近12个月停水次数", "Outages, 12 months") ("近12个月开始的停水次数。", "Outages that began in twelve months.") [OUTAGES];
        water_out_now: Bool None "circumstances" ("正在停水", "Without water now") ("有尚未恢复的停水。", "An outage is still going on.") [OUTAGES];
        households: Int Households "households" ("户数", "Households") ("有现有人口的家庭。", "Households with members.");
        persons: Int Persons "people" ("人口", "Persons") ("现有人口之和。", "Members of all households.");
        monitored_households: Int Households "households" ("监测户", "Households under monitoring") ("正在监测的家庭。", "Households under monitoring.");
        disaster_households_12m: Int Households "circumstances" ("近12个月受灾户", "Households hit, 12 months") ("近12个月受灾名单上的家庭。", "Households on a list of losses in twelve months.");
        disaster_loss_12m: Money Yuan "circumstances" ("近12个月灾害损失", "Disaster losses, 12 months") ("家庭灾害损失之和。", "Losses of all households.");
        water_unsafe_households: Int Households "circumstances" ("饮水不安全户", "Households without safe water") ("登记或核实饮水不安全的家庭。", "Households whose water is recorded as not safe.");
        dangerous_houses: Int Households "circumstances" ("未处置危房", "Dangerous houses, open") ("住建鉴定C、D级且未处置的家庭。", "Households with an open grade C or D.");
        complaints_12m: Int Cases "circumstances" ("近12个月诉求", "Complaints, 12 months") ("家庭诉求之和。", "Complaints of all households.");
        complaints_water_12m: Int Cases "circumstances" ("近12个月饮水诉求", "Water complaints, 12 months") ("家庭饮水诉求之和。", "Complaints about water of all households.");
        jobless_12m: Int Persons "circumstances" ("失业返乡未再就业", "Jobless") ("家庭失业返乡人数之和。", "Jobless members of all households.");
        loans_overdue: Int Households "circumstances" ("贷款逾期户", "Households overdue") ("小额信贷逾期的家庭。", "Households with an overdue small loan.");
        own_lists: Text None "intake" ("自建名单的行", "Rows of own lists") ("近36个月村级自建名单中的行（JSON），用 listed() 和 field() 查询。", "Rows of the county's own lists of villages of 36 months as JSON; asked by listed() and field().");
    }
}

/// One row of `village_facts`, without the key.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct VillageFactRow {
    /// The facts.
    pub facts: VillageFacts,
    /// The day on which a value next changes by itself.
    pub changes_on: Option<Day>,
}

/// What the village's own records say on a day; also fills in what its households need to know.
///
/// # Errors
/// When a body cannot be read.
pub fn village_events(
    records: &[Record],
    day: Day,
    around: &mut Surroundings,
) -> Result<VillageFactRow, BadBody> {
    let windows = Windows::ending(day);
    let mut turn = Turn::after(day);
    let reader = Reader::of(records, day)?;
    reader.turning_days().for_each(|changes| turn.on(changes));
    let mut told: Vec<Told<WaterOutage>> = reader.all()?;
    // the newest row about an outage speaks: next quarter's list may bring the day water came back
    told.sort_by_key(|one| std::cmp::Reverse(one.order));
    let mut outages: Vec<(Day, Option<Day>)> = Vec::new();
    let mut rows: Vec<Origin> = Vec::new();
    for one in told {
        let end = one.body.restored_on;
        if outages.iter().any(|(from, _)| *from == one.day)
            || end.is_some_and(|end| end < windows.from)
        {
            continue;
        }
        outages.push((one.day, end));
        rows.push(one.origin);
        turn.event(one.day);
        end.into_iter().for_each(|end| turn.event(end));
        if end.is_none() || one.day < windows.from {
            turn.on(day.add_days(1));
        }
    }
    let mut facts = VillageFacts::default();
    if !outages.is_empty() {
        facts.water_outage_days = Some(dry_days(&outages, windows));
        facts.water_outages_12m =
            Some(outages.iter().filter(|(from, _)| windows.holds(*from)).count() as i64);
        facts.water_out_now = Some(outages.iter().any(|(_, end)| end.is_none_or(|end| end > day)));
    }
    let listed = own::all(&reader)?;
    facts.own_lists = own::text(&listed.iter().collect::<Vec<_>>(), &mut turn);
    around.water_outage_days = facts.water_outage_days;
    around.water_outage_rows = rows;
    Ok(VillageFactRow { facts, changes_on: turn.next() })
}

impl VillageFactRow {
    /// Adds one household of the village.
    pub fn add(&mut self, row: &HouseholdFactRow) {
        let persons = row.members.persons.unwrap_or(0);
        if persons == 0 {
            return;
        }
        let facts = &mut self.facts;
        let add = |sum: &mut Option<i64>, by: i64| *sum = Some(sum.unwrap_or(0).saturating_add(by));
        let yes = i64::from;
        let above = |value: Option<i64>| i64::from(value.unwrap_or(0) > 0);
        add(&mut facts.households, 1);
        add(&mut facts.persons, persons);
        add(&mut facts.monitored_households, yes(row.standing.monitored == Some(true)));
        add(&mut facts.disaster_households_12m, above(row.events.disaster_count));
        add(&mut facts.disaster_loss_12m, row.events.disaster_loss.unwrap_or(0));
        add(&mut facts.water_unsafe_households, yes(row.standing.water_safe == Some(false)));
        let danger = row.events.house_cd.as_deref().is_some_and(|grade| !grade.is_empty());
        add(&mut facts.dangerous_houses, yes(danger));
        add(&mut facts.complaints_12m, row.events.complaints_12m.unwrap_or(0));
        add(&mut facts.complaints_water_12m, row.events.complaints_water.unwrap_or(0));
        add(&mut facts.jobless_12m, row.events.jobless_count.unwrap_or(0));
        add(&mut facts.loans_overdue, above(row.events.loan_overdue_days));
    }
}
