//! How a household stands: kind, monitoring, relief, house and water, and the answers to the guarantees.

use facts::Coverage;
use kernel::time::{Day, Instant};

use super::input::{HouseholdRecords, Origin, Status, Turn};
use super::read::{BadBody, Reader};
use super::table::fact_columns;
use super::trace::Trace;
use crate::circumstances::topics::{
    Clothing, Food, Housing, OldRegister, RegisterHousehold, ReliefKind, SocialAssistance, Water,
};
use crate::households::Scheme;

fact_columns! {
    /// How one household stands on the day.
    StandingFacts of household {
        hh_type: Text None "households" ("户类型", "Kind of household") ("登记册的户类型：一般户、脱贫户。", "Kind of household as in the register: 一般户 (general), 脱贫户 (lifted out of poverty).");
        monitor_type: Text None "households" ("监测对象类别", "Class under monitoring") ("脱贫不稳定户、边缘易致贫户、突发严重困难户；从未监测为空文字。", "The class under monitoring, also after the risk was removed; empty text when never monitored.");
        risk_removed: Text None "households" ("风险是否消除", "Risk removed") ("是、否；从未监测为空文字。", "是 (yes), 否 (no); empty text when never monitored.");
        monitored: Bool None "households" ("正在监测", "Under monitoring") ("有监测对象类别且风险未消除。", "Has a class under monitoring and the risk is not removed.");
        identified_on: Day None "households" ("风险识别时间", "Risk identified on") ("最近一次识别的日期。", "The day of the last identification.");
        removed_on: Day None "households" ("风险消除时间", "Risk removed on") ("最近一次消除的日期。", "The day of the last removal.");
        removal_way: Text None "households" ("风险消除方式", "Way of removal") ("帮扶消除、自然消除。", "帮扶消除 (by help), 自然消除 (by itself).");
        no_labour_marked: Bool None "households" ("标注整户无劳动能力", "Marked as wholly without labour") ("登记册标注为整户无劳动能力兜底保障户。", "The register marks the whole household as without labour, on the safety net.");
        risk_illness: Bool None "households" ("风险含因病", "Risk: illness") ("致贫返贫风险中有因病。", "Illness stands among the causes.");
        risk_disability: Bool None "households" ("风险含因残", "Risk: disability") ("致贫返贫风险中有因残。", "Disability stands among the causes.");
        risk_schooling: Bool None "households" ("风险含因学", "Risk: schooling") ("致贫返贫风险中有因学。", "Schooling stands among the causes.");
        risk_disaster: Bool None "households" ("风险含因灾", "Risk: disaster") ("致贫返贫风险中有因自然灾害。", "A natural disaster stands among the causes.");
        risk_labour: Bool None "households" ("风险含缺劳动力", "Risk: lack of labour") ("致贫返贫风险中有缺劳动力。", "Lack of labour stands among the causes.");
        risk_unstable_work: Bool None "households" ("风险含就业不稳", "Risk: unstable work") ("致贫返贫风险中有因务工就业不稳。", "Unstable work stands among the causes.");
        dibao: Bool None "households" ("低保户", "On dibao") ("登记册标注低保；登记册之后民政另有新增或停发的，以民政为准。", "The register says dibao; a later grant or end reported by civil affairs wins.");
        tekun: Bool None "households" ("特困户", "On tekun") ("登记册标注特困；登记册之后民政另有变动的，以民政为准。", "The register says tekun; a later change reported by civil affairs wins.");
        house_grade: Text None "circumstances" ("住房等级", "Grade of the house") ("最近一次可信的住房等级：A、B、C、D。", "The latest trusted grade of the house: A, B, C, D.");
        water_safe: Bool None "circumstances" ("安全饮用水", "Safe drinking water") ("登记册或更晚的入户核实认为饮水安全。", "The register or a later visit says that drinking water is safe.");
        relocated: Bool None "circumstances" ("易地搬迁", "Relocated") ("属于易地搬迁安置户。", "Was resettled by the relocation programme.");
        food_ok: Bool None "circumstances" ("不愁吃", "Enough to eat") ("最近一次入户认为口粮和蛋白质有保障；从未问过为空。", "The latest visit found staple food and protein secured; empty when nobody asked.");
        clothing_ok: Bool None "circumstances" ("不愁穿", "Enough clothes") ("最近一次入户认为四季衣被有保障；从未问过为空。", "The latest visit found clothes and bedding for the seasons; empty when nobody asked.");
        floor_area: Real SquareMetres "circumstances" ("住房面积", "Floor area") ("登记册的住房面积。", "Floor area as in the register.");
        farmland: Real Mu "circumstances" ("耕地面积", "Farmland") ("登记册的耕地面积。", "Farmland as in the register.");
        road_distance: Real Kilometres "circumstances" ("与村主干路距离", "Distance to the village road") ("登记册的与村主干路距离。", "Distance to the village road as in the register.");
        income_pc_reported: Money YuanPerHead "circumstances" ("登记册人均纯收入(上年度)", "Income per head in the register (last year)") ("登记册写的上年度人均纯收入，不是计算值。", "What the register states for last year; not worked out here.");
        old_register: Bool None "households" ("建档立卡户", "In the old register") ("2020年前登记为建档立卡贫困户；名册已接收而没有的为否。", "Stood in the register of poor households before 2020; no when the list arrived without it.") [OLD];
        old_causes: Text None "households" ("建档立卡致贫原因", "Causes in the old register") ("建档立卡名册的致贫原因，主要原因在前，以顿号隔开。", "Causes of poverty as the old register has them, the main one first.") [OLD];
        old_exit_year: Text None "households" ("脱贫年度", "Year of leaving the old register") ("建档立卡名册的脱贫年度，四位数字；未脱贫为空。", "The year in which the household left the old register, four digits.");
    }
}

const OLD: Coverage = Coverage::latest("old_register", 0);

type Order = (Day, Instant);

/// What the register and whatever came later say about the household; with the register's own row and its number of
/// members.
pub(super) fn standing(
    of: &HouseholdRecords,
    reader: &Reader<'_>,
    counted: &[kernel::ids::PersonId],
    turn: &mut Turn,
    trace: &mut impl Trace,
) -> Result<(StandingFacts, Option<i64>), BadBody> {
    let mut facts = StandingFacts::default();
    let mut known: Option<Order> = None;
    let mut size = None;
    if let Some(told) = reader.register::<RegisterHousehold>(None)? {
        known = Some(told.order);
        size = told.body.size;
        facts.register(told.body);
        for column in StandingFacts::COLUMNS {
            trace.saw(column.name, told.origin);
        }
    }
    facts.statuses((&of.statuses, known.is_some()), turn, reader, trace);
    facts.relief(reader, known, counted, trace)?;
    facts.house(reader, known, trace)?;
    facts.old_register(reader, trace)?;
    Ok((facts, size))
}

/// The word that the register uses for a status.
fn official(status: &Status) -> String {
    let scheme = Scheme::parse(&status.scheme);
    scheme.map_or(status.value.as_str(), |scheme| scheme.official(&status.value)).to_owned()
}

fn hundredths(value: Option<i64>) -> Option<f64> {
    value.and_then(|value| i32::try_from(value).ok()).map(|value| f64::from(value) / 100.0)
}

impl StandingFacts {
    fn register(&mut self, row: RegisterHousehold) {
        let was_monitored = row.monitor_type.is_some();
        let has = |cause: &str| Some(row.risks.iter().any(|risk| risk.contains(cause)));
        self.risk_illness = has("因病");
        self.risk_disability = has("因残");
        self.risk_schooling = has("因学");
        self.risk_disaster = has("灾害");
        self.risk_labour = has("缺劳动力");
        self.risk_unstable_work = has("就业不稳");
        self.monitored =
            if was_monitored { row.risk_removed.map(|removed| !removed) } else { Some(false) };
        self.risk_removed = match (was_monitored, row.risk_removed) {
            (_, Some(true)) => Some("是".to_owned()),
            (_, Some(false)) => Some("否".to_owned()),
            (false, None) => Some(String::new()),
            (true, None) => None,
        };
        self.monitor_type = Some(row.monitor_type.unwrap_or_default());
        self.hh_type = row.household_type;
        self.identified_on = row.identified_on;
        self.removed_on = row.removed_on;
        self.removal_way = row.removal_way;
        self.no_labour_marked = row.no_labour;
        let relief = row.relief.unwrap_or_default();
        self.dibao = Some(relief.contains("低保"));
        self.tekun = Some(relief.contains("特困"));
        self.house_grade = row.house_grade.map(|grade| grade.code().to_owned());
        self.water_safe = row.water_safe;
        self.relocated = row.relocated;
        self.floor_area = hundredths(row.floor_area);
        self.farmland = hundredths(row.farmland);
        self.road_distance = hundredths(row.road_distance);
        self.income_pc_reported = row.income_last_year_fen;
    }

    /// Statuses that were not brought by the register: a case opened or closed, a class set by hand. Of a household that no
    /// register names yet, because it was set up by a split, those that it took along are all there is.
    fn statuses(
        &mut self,
        (statuses, registered): (&[Status], bool),
        turn: &mut Turn,
        reader: &Reader<'_>,
        trace: &mut impl Trace,
    ) {
        for status in statuses {
            turn.on(status.valid_from);
            status.valid_to.into_iter().for_each(|end| turn.on(end));
        }
        let today = reader.day();
        let newest = |scheme: &str| {
            statuses
                .iter()
                .filter(|one| one.scheme == scheme && one.person.is_none())
                .filter(|one| !(one.from_register && registered))
                .filter(|one| one.valid_from <= today)
                .max_by_key(|one| one.valid_from)
        };
        let holds = |one: &Status| one.valid_to.is_none_or(|end| end > today);
        if let Some(one) = newest("monitored") {
            let open = holds(one);
            self.monitor_type = Some(official(one));
            self.monitored = Some(open);
            self.risk_removed = Some(if open { "否" } else { "是" }.to_owned());
            self.identified_on = Some(one.valid_from);
            self.removed_on = one.valid_to.filter(|_| !open);
            trace.saw("monitored", one.origin);
        }
        if let Some(one) = newest("type") {
            self.hh_type = Some(official(one));
            trace.saw("hh_type", one.origin);
        }
        if let Some(one) = newest("dibao") {
            self.dibao = Some(holds(one));
            trace.saw("dibao", one.origin);
        }
        if let Some(one) = newest("tekun") {
            self.tekun = Some(holds(one));
            trace.saw("tekun", one.origin);
        }
    }

    /// Grants and ends that civil affairs reported after the register was made.
    fn relief(
        &mut self,
        reader: &Reader<'_>,
        known: Option<Order>,
        counted: &[kernel::ids::PersonId],
        trace: &mut impl Trace,
    ) -> Result<(), BadBody> {
        let mut changes = reader.all::<SocialAssistance>()?;
        changes.retain(|told| known.is_none_or(|known| told.order > known));
        changes.retain(|told| told.person.is_none_or(|person| counted.contains(&person)));
        changes.sort_by_key(|told| told.order);
        for told in changes {
            let (column, flag, value): (_, &mut Option<bool>, bool) = match told.body.kind {
                Some(ReliefKind::DibaoNew) => ("dibao", &mut self.dibao, true),
                Some(ReliefKind::DibaoStopped) => ("dibao", &mut self.dibao, false),
                Some(ReliefKind::TekunNew) => ("tekun", &mut self.tekun, true),
                Some(ReliefKind::TekunStopped) => ("tekun", &mut self.tekun, false),
                Some(ReliefKind::TemporaryRelief) | None => continue,
            };
            *flag = Some(value);
            trace.saw(column, told.origin);
        }
        Ok(())
    }

    /// What the register before 2020 says, by its newest row.
    fn old_register(&mut self, reader: &Reader<'_>, trace: &mut impl Trace) -> Result<(), BadBody> {
        let newest = reader.all::<OldRegister>()?.into_iter().max_by_key(|told| told.order);
        let Some(told) = newest else { return Ok(()) };
        self.old_register = Some(true);
        self.old_causes = Some(told.body.causes.join("、"));
        self.old_exit_year = told.body.exit_year.map(|year| year.to_string());
        for column in ["old_register", "old_causes", "old_exit_year"] {
            trace.saw(column, told.origin);
        }
        Ok(())
    }

    /// What visits saw after the register was made.
    fn house(
        &mut self,
        reader: &Reader<'_>,
        known: Option<Order>,
        trace: &mut impl Trace,
    ) -> Result<(), BadBody> {
        let newer = |order: Order| known.is_none_or(|known| order > known);
        let mut saw = |column: &'static str, origin: Origin| trace.saw(column, origin);
        if let Some(told) = reader.newest::<Housing>(None)?.filter(|told| newer(told.order)) {
            if let Some(grade) = told.body.grade {
                self.house_grade = Some(grade.code().to_owned());
                saw("house_grade", told.origin);
            }
            if told.body.relocated.is_some() {
                self.relocated = told.body.relocated;
                saw("relocated", told.origin);
            }
        }
        let water = reader.newest::<Water>(None)?;
        if let Some(told) = water.filter(|told| newer(told.order) && told.body.safe.is_some()) {
            self.water_safe = told.body.safe;
            saw("water_safe", told.origin);
        }
        if let Some(told) = reader.newest::<Food>(None)? {
            self.food_ok = match (told.body.enough, told.body.protein) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (enough, _) => enough,
            };
            saw("food_ok", told.origin);
        }
        if let Some(told) = reader.newest::<Clothing>(None)? {
            self.clothing_ok = told.body.enough;
            saw("clothing_ok", told.origin);
        }
        Ok(())
    }
}
