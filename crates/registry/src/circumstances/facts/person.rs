//! Facts about one person, for `members(…)` in rules and for the list of people.

use kernel::ids::{HouseholdId, PersonId};
use kernel::time::Day;

use facts::Coverage;

use super::input::Turn;
use super::input::Windows;
use super::members::goes_to_school;
use super::own;
use super::picture::{Picture, comes_of_age};
use super::read::{BadBody, Reader};
use super::table::fact_columns;
use crate::circumstances::topics::HospitalStay;

const STAYS: Coverage = Coverage::events("medical_stays", 12);

fact_columns! {
    /// Facts about one person.
    PersonFacts of person {
        age: Int Age "people" ("年龄", "Age") ("满岁。", "Full years.");
        sex: Text None "people" ("性别", "Sex") ("male 男、female 女。", "male, female.");
        head: Bool None "people" ("户主", "Head") ("是户主。", "Is the head of the household.");
        labour: Text None "people" ("劳动技能", "Ability to work") ("skilled 技能、ordinary 普通、weak 弱或半、lost 丧失、none 无。", "skilled, ordinary, weak, lost, none.");
        able: Bool None "people" ("有劳动能力", "Able worker") ("普通劳动力或技能劳动力。", "普通劳动力 or 技能劳动力.");
        chronic: Bool None "people" ("长期慢性病", "Chronically ill") ("登记或最近核实有长期慢性病。", "Has a chronic illness as registered or last seen.");
        severe_ill: Bool None "people" ("患有大病", "Seriously ill") ("登记或最近核实患有大病。", "Has a serious illness as registered or last seen.");
        disability_level: Int None "people" ("残疾等级", "Grade of disability") ("1至4，1最重；0为没有。", "1 (most severe) to 4; 0 is none.");
        insured: Bool None "people" ("参加基本医保", "Insured") ("有居民医保或职工医保。", "Has resident or employee insurance.");
        major_insured: Bool None "people" ("参加大病保险", "Serious-illness insurance") ("有大病保险。", "Has serious-illness insurance.");
        pensioned: Bool None "people" ("参加养老保险", "Pension insurance") ("有居民养老或职工养老。", "Has resident or employee pension insurance.");
        school_state: Text None "people" ("在校生状况", "State at school") ("登记或最近核实的在校生状况；不在校为空文字。", "State at school as registered or last seen; empty text when not at school.");
        in_school: Bool None "people" ("在校", "At school") ("小学及以上在校。", "At primary school or above.");
        works_away: Bool None "people" ("县外务工", "Works outside the county") ("务工所在地不是本县、本乡。", "Place of work is neither 本县 nor 本乡.");
        work_months: Int Months "people" ("务工时间", "Months of work") ("登记或最近核实的务工月数。", "Months of work as registered or last seen.");
        dibao: Bool None "people" ("低保", "On dibao") ("个人栏标注低保。", "Marked dibao in the person sheet.");
        tekun: Bool None "people" ("特困", "On tekun") ("个人栏标注特困。", "Marked tekun in the person sheet.");
        family_doctor: Bool None "people" ("签约家庭医生", "Family doctor signed") ("最近一次核实已签约；从未问过为空。", "Signed with a family doctor at the last visit; empty when nobody asked.");
        oop_12m: Money Yuan "circumstances" ("近12个月合规自付", "Out-of-pocket, 12 months") ("近12个月住院结算的合规自付之和。", "Compliant out-of-pocket of the bills settled in twelve months.") [STAYS];
        hospital_stays: Int Times "circumstances" ("近12个月住院次数", "Hospital bills, 12 months") ("近12个月住院结算次数。", "Hospital bills settled in twelve months.") [STAYS];
        own_lists: Text None "intake" ("自建名单的行", "Rows of own lists") ("近36个月自建名单中的行（JSON），用 listed() 和 field() 查询。", "Rows of the county's own lists of 36 months as JSON; asked by listed() and field().");
    }
}

/// One row of `person_facts`.
#[derive(Clone, Debug, PartialEq)]
pub struct PersonFactRow {
    /// The person.
    pub person: PersonId,
    /// The household the person belongs to on the day.
    pub household: HouseholdId,
    /// The facts.
    pub facts: PersonFacts,
    /// The day on which a value next changes by itself.
    pub changes_on: Option<Day>,
}

/// A row for everybody who is here on the day.
pub(super) fn persons(
    household: HouseholdId,
    people: &[Picture],
    (reader, elsewhere): (&Reader<'_>, &Reader<'_>),
    windows: Windows,
) -> Result<Vec<PersonFactRow>, BadBody> {
    let mut bills = reader.all::<HospitalStay>()?;
    bills.extend(elsewhere.all::<HospitalStay>()?);
    let listed = own::all(reader)?;
    let row = |one: &Picture| {
        let mut turn = Turn::after(windows.day);
        for (birth, age) in one.birth_day.into_iter().zip(one.age) {
            turn.on(comes_of_age(birth, age + 1));
        }
        let mut facts = of(one);
        let mut seen = Vec::new();
        for bill in bills.iter().filter(|bill| bill.person == Some(one.person)) {
            turn.event(bill.day);
            let key = (bill.day, bill.body.total_fen, bill.body.out_of_pocket_fen);
            if !windows.holds(bill.day) || seen.contains(&key) {
                continue;
            }
            seen.push(key);
            let paid = bill.body.out_of_pocket_fen.unwrap_or(0);
            facts.oop_12m = Some(facts.oop_12m.unwrap_or(0).saturating_add(paid));
            facts.hospital_stays = Some(facts.hospital_stays.unwrap_or(0) + 1);
        }
        let of_person: Vec<_> =
            listed.iter().filter(|row| row.person == Some(one.person)).collect();
        facts.own_lists = own::text(&of_person, &mut turn);
        PersonFactRow { person: one.person, household, facts, changes_on: turn.next() }
    };
    Ok(people.iter().filter(|one| one.is_here()).map(row).collect())
}

fn of(one: &Picture) -> PersonFacts {
    let known = one.from.register.is_some() || one.from.schooling.is_some();
    let at_school = one.school_state.as_deref().is_some_and(goes_to_school);
    PersonFacts {
        age: one.age,
        sex: one.sex.clone(),
        head: Some(one.is_head()),
        labour: one.labour.map(|skill| skill.code().to_owned()),
        able: one.labour.map(|skill| skill.is_able()),
        chronic: one.chronic,
        severe_ill: one.severe,
        disability_level: one.disability.map(i64::from),
        insured: one.insured,
        major_insured: one.major,
        pensioned: one.pension,
        school_state: known.then(|| one.school_state.clone().unwrap_or_default()),
        in_school: one.at_school.or(known.then_some(at_school)),
        works_away: known.then(|| one.works_away()),
        work_months: known.then(|| one.work_months.unwrap_or(0)),
        dibao: one.register.dibao,
        tekun: one.register.tekun,
        family_doctor: one.family_doctor,
        oop_12m: None,
        hospital_stays: None,
        own_lists: None,
    }
}
