//! Income of a household: two windows of twelve months, by block, and per head.

use facts::Coverage;

use super::events::EventFacts;
use super::input::{Income, Turn, Windows};
use super::table::fact_columns;
use super::trace::Trace;

/// The income file covers the last twelve months.
const YEAR: Coverage = Coverage::latest("income", 12);
/// It covers the twelve months before them too.
const TWO_YEARS: Coverage = Coverage::latest("income", 24);

fact_columns! {
    /// Income of one household in fen.
    IncomeFacts of household {
        income_12m: Money Yuan "circumstances" ("近12个月家庭纯收入", "Net income, 12 months") ("近12个月工资、经营、财产、转移收入减去经营支出；按收入的截止日期归入。", "Wages, business, property and transfers less business costs whose last day lies in the last twelve months.") [YEAR];
        income_prev_12m: Money Yuan "circumstances" ("上一个12个月家庭纯收入", "Net income, 12 months before") ("再往前12个月的家庭纯收入。", "The same for the twelve months before.") [TWO_YEARS];
        income_pc: Money YuanPerHead "circumstances" ("近12个月人均纯收入", "Net income per head") ("近12个月家庭纯收入除以现有人口；没有人口时为空。", "Net income of twelve months divided by the present members; empty when nobody is left.") [YEAR];
        income_pc_prev: Money YuanPerHead "circumstances" ("上一个12个月人均纯收入", "Net income per head, year before") ("上一个12个月家庭纯收入除以现有人口。", "Net income of the twelve months before divided by the present members.") [TWO_YEARS];
        wage_12m: Money Yuan "circumstances" ("近12个月工资性收入", "Wages, 12 months") ("收入项a1至a5之和。", "Lines a1 to a5.") [YEAR];
        wage_prev_12m: Money Yuan "circumstances" ("上一个12个月工资性收入", "Wages, 12 months before") ("上一个12个月收入项a1至a5之和。", "Lines a1 to a5 of the twelve months before.") [TWO_YEARS];
        business_net_12m: Money Yuan "circumstances" ("近12个月生产经营净收入", "Business, net, 12 months") ("收入项b1至b4减去支出项e1至e4。", "Lines b1 to b4 less costs e1 to e4.") [YEAR];
        business_cost_12m: Money Yuan "circumstances" ("近12个月生产经营性支出", "Business costs, 12 months") ("支出项e1至e4之和，正数。", "Lines e1 to e4, positive.") [YEAR];
        property_12m: Money Yuan "circumstances" ("近12个月财产性收入", "Property income, 12 months") ("收入项c1至c5之和。", "Lines c1 to c5.") [YEAR];
        transfer_12m: Money Yuan "circumstances" ("近12个月转移性收入", "Transfers, 12 months") ("收入项d1至d6之和。", "Lines d1 to d6.") [YEAR];
        relief_income_12m: Money Yuan "circumstances" ("近12个月低保和特困供养金", "Dibao and tekun money, 12 months") ("收入项d2与d3之和。", "Lines d2 and d3.") [YEAR];
        income_reference_12m: Money Yuan "circumstances" ("收入参考", "Income reference") ("近12个月家庭纯收入减去已知的合规自付医疗支出；理赔收入在有清单后计入。", "Net income of twelve months less the compliant out-of-pocket bills that are known; claims count once a list brings them.") [YEAR];
        income_reference_pc: Money YuanPerHead "circumstances" ("人均收入参考", "Income reference per head") ("收入参考除以现有人口。", "The income reference divided by the present members.") [YEAR];
        income_last_on: Day None "circumstances" ("最近收入截止日", "Income known until") ("近两年收入记录中最晚的截止日期。", "The last day of the newest income entry of two years.");
    }
}

/// Adds up the entries; `None` everywhere when nothing was ever recorded in the window.
pub(super) fn income(
    entries: &[Income],
    windows: Windows,
    turn: &mut Turn,
    trace: &mut impl Trace,
) -> IncomeFacts {
    let mut facts = IncomeFacts::default();
    let (mut sums, mut seen) = (Sums::default(), false);
    let (mut before, mut seen_before) = (Sums::default(), false);
    for entry in entries {
        turn.event(entry.to_day);
        turn.on(entry.to_day.add_months(24));
        if windows.holds(entry.to_day) {
            seen = true;
            sums.add(entry);
            trace.saw("income_12m", entry.origin);
            trace.saw(sums.column(entry.line), entry.origin);
        } else if windows.held_before(entry.to_day) {
            seen_before = true;
            before.add(entry);
            trace.saw("income_prev_12m", entry.origin);
        } else {
            continue;
        }
        facts.income_last_on = facts.income_last_on.max(Some(entry.to_day));
    }
    if seen {
        facts.income_12m = Some(sums.net());
        facts.wage_12m = Some(sums.wage);
        facts.business_net_12m = Some(sums.business.saturating_sub(sums.cost));
        facts.business_cost_12m = Some(sums.cost);
        facts.property_12m = Some(sums.property);
        facts.transfer_12m = Some(sums.transfer);
        facts.relief_income_12m = Some(sums.relief);
    }
    if seen_before {
        facts.income_prev_12m = Some(before.net());
        facts.wage_prev_12m = Some(before.wage);
    }
    facts
}

impl IncomeFacts {
    /// Fills in what depends on the members and on the bills.
    pub(super) fn per_head(&mut self, persons: i64, events: &EventFacts) {
        let share = |sum: Option<i64>| sum.and_then(|fen| divided(fen, persons));
        self.income_reference_12m =
            self.income_12m.map(|net| net.saturating_sub(events.oop_12m.unwrap_or(0)));
        self.income_pc = share(self.income_12m);
        self.income_pc_prev = share(self.income_prev_12m);
        self.income_reference_pc = share(self.income_reference_12m);
    }
}

/// Fen per head, halves away from zero; nobody has no share.
pub(super) fn divided(fen: i64, persons: i64) -> Option<i64> {
    if persons <= 0 {
        return None;
    }
    let (fen, persons) = (i128::from(fen), i128::from(persons));
    let half = if fen < 0 { -persons } else { persons };
    i64::try_from((fen * 2 + half) / (persons * 2)).ok()
}

#[derive(Clone, Copy, Default)]
struct Sums {
    wage: i64,
    business: i64,
    property: i64,
    transfer: i64,
    cost: i64,
    relief: i64,
}

impl Sums {
    fn add(&mut self, entry: &Income) {
        let fen = entry.amount_fen;
        let [block, _] = entry.line;
        let sum = match block {
            b'a' => &mut self.wage,
            b'b' => &mut self.business,
            b'c' => &mut self.property,
            b'd' => &mut self.transfer,
            _ => &mut self.cost,
        };
        *sum = sum.saturating_add(fen);
        if matches!(&entry.line, b"d2" | b"d3") {
            self.relief = self.relief.saturating_add(fen);
        }
    }

    fn net(&self) -> i64 {
        self.wage
            .saturating_add(self.business)
            .saturating_add(self.property)
            .saturating_add(self.transfer)
            .saturating_sub(self.cost)
    }

    fn column(&self, [block, _]: [u8; 2]) -> &'static str {
        match block {
            b'a' => "wage_12m",
            b'c' => "property_12m",
            b'd' => "transfer_12m",
            _ => "business_net_12m",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::divided;

    #[test]
    fn a_share_is_rounded_to_the_fen_away_from_zero() {
        assert_eq!(divided(6_759_800, 3), Some(2_253_267));
        assert_eq!(divided(1, 2), Some(1));
        assert_eq!(divided(-1, 2), Some(-1));
        assert_eq!(divided(-7, 3), Some(-2));
        assert_eq!(divided(100, 0), None);
    }
}
