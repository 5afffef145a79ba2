//! What is known of an area: the facts of its villages added up, and what visits confirmed.

use std::collections::BTreeMap;

use facts::{Column, FactRow, Kind, Scalar, Table, Unit};
use kernel::area::{AreaCode, AreaLevel};

/// One row per area. It is added up when it is asked and stands in no table.
pub const AREA: Table = Table { name: "area_facts", key: "village_code", belongs: &[] };

const fn count(name: &'static str, unit: Unit) -> Column {
    Column::new(AREA.name, name, Kind::Int).room("alarms").unit(unit)
}

/// What alarms may ask, in the order of [`Sums`].
pub const COLUMNS: [Column; 13] = [
    count("households", Unit::Households)
        .title("户数", "Households")
        .sentence("有现有人口的家庭。", "Households with members."),
    count("persons", Unit::Persons)
        .title("人口", "Persons")
        .sentence("现有人口之和。", "Members of all households."),
    count("monitored_households", Unit::Households)
        .title("监测户", "Households under monitoring")
        .sentence("正在监测的家庭。", "Households under monitoring."),
    count("disaster_households_12m", Unit::Households)
        .title("近12个月受灾户", "Households hit, 12 months")
        .sentence("近12个月受灾名单上的家庭。", "Households on a list of losses in twelve months."),
    Column::new(AREA.name, "disaster_loss_12m", Kind::Money)
        .room("alarms")
        .title("近12个月灾害损失", "Disaster losses, 12 months")
        .sentence("家庭灾害损失之和。", "Losses of all households."),
    count("water_unsafe_households", Unit::Households)
        .title("饮水不安全户", "Households without safe water")
        .sentence(
            "登记或核实饮水不安全的家庭。",
            "Households whose water is recorded as not safe.",
        ),
    count("dangerous_houses", Unit::Households)
        .title("未处置危房", "Dangerous houses, open")
        .sentence("住建鉴定C、D级且未处置的家庭。", "Households with an open grade C or D."),
    count("complaints_12m", Unit::Cases)
        .title("近12个月诉求", "Complaints, 12 months")
        .sentence("家庭诉求之和。", "Complaints of all households."),
    count("jobless_12m", Unit::Persons)
        .title("失业返乡未再就业", "Jobless")
        .sentence("家庭失业返乡人数之和。", "Jobless members of all households."),
    count("loans_overdue", Unit::Households)
        .title("贷款逾期户", "Households overdue")
        .sentence("小额信贷逾期的家庭。", "Households with an overdue small loan."),
    count("confirmed_12m", Unit::Households)
        .title("近12个月核实有风险户", "Households with confirmed risk, 12 months")
        .sentence(
            "近12个月线索核实为有风险的家庭。",
            "Households of which a lead was answered \"risk confirmed\" in twelve months.",
        ),
    count("confirmed_3m", Unit::Households)
        .title("近3个月核实有风险户", "Households with confirmed risk, 3 months")
        .sentence(
            "近3个月线索核实为有风险的家庭。",
            "Households of which a lead was answered \"risk confirmed\" in three months.",
        ),
    count("severe_open", Unit::Cases)
        .title("在办的严重线索", "Open severe leads")
        .sentence("在办、严重程度为严重的线索。", "Leads that are open and severe."),
];

/// Sums of a village or an area: `None` where nothing is known, and whether some village is missing in a sum.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sums(pub [Option<i64>; COLUMNS.len()], pub [bool; COLUMNS.len()]);

impl Sums {
    /// Adds another village.
    #[must_use]
    pub fn plus(self, other: Sums) -> Sums {
        let mut sums = self;
        let missing = sums.1.iter_mut().zip(other.1);
        for ((sum, more), (misses, also)) in sums.0.iter_mut().zip(other.0).zip(missing) {
            *misses |= also || sum.is_some() != more.is_some();
            *sum = match (*sum, more) {
                (Some(a), Some(b)) => Some(a.saturating_add(b)),
                (known, None) | (None, known) => known,
            };
        }
        sums
    }

    /// As a row of facts: all that is known, which may be too little.
    pub fn row(&self) -> FactRow {
        let pairs = COLUMNS.iter().zip(self.0);
        pairs
            .map(|(column, value)| {
                (column.name.to_owned(), value.map_or(Scalar::Null, Scalar::Int))
            })
            .collect()
    }

    /// As a row of facts in which a sum that misses a village is not known.
    pub fn whole_row(&self) -> FactRow {
        let known = self.0.iter().zip(self.1).map(|(value, misses)| value.filter(|_| !misses));
        let pairs = COLUMNS.iter().zip(known);
        pairs
            .map(|(column, value)| {
                (column.name.to_owned(), value.map_or(Scalar::Null, Scalar::Int))
            })
            .collect()
    }
}

/// The villages added up by the areas of a level in which they lie.
pub fn by_level(villages: &BTreeMap<AreaCode, Sums>, level: AreaLevel) -> BTreeMap<AreaCode, Sums> {
    let mut areas: BTreeMap<AreaCode, Sums> = BTreeMap::new();
    for (village, sums) in villages {
        if let Some(area) = village.at(level) {
            areas.entry(area).and_modify(|sum| *sum = sum.plus(*sums)).or_insert(*sums);
        }
    }
    areas
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> AreaCode {
        text.parse().unwrap()
    }

    #[test]
    fn villages_add_up_and_what_is_unknown_everywhere_stays_unknown() {
        let mut one = Sums::default();
        (one.0[0], one.0[3]) = (Some(40), Some(2));
        let mut two = Sums::default();
        two.0[0] = Some(60);
        let villages = BTreeMap::from([
            (code("140430203201"), one),
            (code("140430203202"), two),
            (code("140430204201"), one),
        ]);
        let towns = by_level(&villages, AreaLevel::Town);
        assert_eq!(towns.len(), 2);
        let near = towns[&code("140430203000")];
        assert_eq!((near.0[0], near.0[3], near.0[4]), (Some(100), Some(2), None));
        // the second village says nothing of the fourth column: of the whole it cannot be told
        assert_eq!((near.1[0], near.1[3], near.1[4]), (false, true, false));
        let whole = near.whole_row();
        assert_eq!(
            (&whole["households"], &whole[COLUMNS[3].name]),
            (&Scalar::Int(100), &Scalar::Null)
        );
        assert_eq!(near.row()[COLUMNS[3].name], Scalar::Int(2));
        assert_eq!(one.whole_row(), one.row(), "one village misses none");
        assert_eq!(near.row()["households"], Scalar::Int(100));
        assert_eq!(near.row()["disaster_loss_12m"], Scalar::Null);
        assert_eq!(by_level(&villages, AreaLevel::County).len(), 1);
    }
}
