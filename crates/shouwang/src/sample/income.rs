//! Two years of income by line, quarter by quarter, so that the lines of a year add up to its net income.

use kernel::time::{Day, Month};

use super::dice::Dice;
use super::people::Household;

/// One entry: line, yuan, first and last day, source.
pub type Entry = (&'static str, i64, Day, Day, &'static str);

/// The entries of a household for the two years up to a month.
pub fn entries(dice: &mut Dice, household: &Household, last: Month) -> Vec<Entry> {
    let mut all = Vec::new();
    for (back, target) in [(12, household.income.1), (0, household.income.0)] {
        year(dice, household, (last.add_months(-back), target), &mut all);
    }
    all
}

/// Net income of the entries that end on or after a day.
#[cfg(test)]
pub fn net(entries: &[Entry], from: Day) -> i64 {
    let counted = entries.iter().filter(|entry| entry.3 >= from);
    counted.map(|entry| if entry.0.starts_with('e') { -entry.1 } else { entry.1 }).sum()
}

fn year(
    dice: &mut Dice,
    household: &Household,
    (last, target): (Month, i64),
    all: &mut Vec<Entry>,
) {
    let mut left = target;
    let quarterly =
        |all: &mut Vec<Entry>, (line, source): (&'static str, &'static str), sum: i64| {
            let part = sum / 4;
            for quarter in 0..4 {
                let end = last.add_months(-3 * (3 - quarter));
                let yuan = if quarter == 3 { sum - 3 * part } else { part };
                all.push((line, yuan, end.add_months(-2).first_day(), end.last_day(), source));
            }
        };
    let count = |test: &dyn Fn(&super::people::Person) -> bool| {
        i64::try_from(household.members.iter().filter(|one| test(one)).count()).unwrap_or(0)
    };
    let pensioners = count(&|one| one.pension && one.age >= 60);
    let mut fixed = vec![(("d4", "社保"), pensioners * 1_980)];
    if household.dibao {
        fixed.push((("d2", "民政"), household.size() * 3_600));
    }
    if household.tekun {
        fixed.push((("d3", "民政"), 9_600));
    }
    fixed.push((("a4", "一卡通"), count(&|one| !one.post.is_empty()) * 4_800));
    for (line, sum) in fixed {
        // What is fixed never makes a poor household a rich one.
        let sum = sum.min(left / 2);
        if sum > 0 {
            quarterly(all, line, sum);
            left -= sum;
        }
    }
    let workers = count(&|one| one.work_months > 0);
    if workers > 0 {
        let wage = left * dice.between(62, 88) / 100;
        quarterly(all, ("a1", "务工监测"), wage);
        left -= wage;
    }
    let season = (last.add_months(-6).first_day(), last.last_day());
    let yearly = |all: &mut Vec<Entry>, line: &'static str, sum: i64, source: &'static str| {
        if sum > 0 {
            all.push((line, sum, season.0, season.1, source));
        }
    };
    let land = left * dice.between(8, 20) / 100;
    yearly(all, "d6", land, "耕地地力保护补贴");
    left -= land;
    if household.able() == 0 {
        let rent = left * dice.between(20, 50) / 100;
        yearly(all, "c2", rent, "流转合同");
        yearly(all, "d6", left - rent, "赡养费");
    } else {
        let cost = left * dice.between(25, 60) / 100;
        yearly(all, "b1", left + cost, "村级采集");
        yearly(all, "e1", cost, "村级采集");
    }
}
