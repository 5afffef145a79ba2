//! What does not fit together in the register: counts that the quality rules ask about. A contradiction is a question
//! ("it is really so, because …"), never a reason to change a fact.

use facts::Coverage;

use super::members::{goes_to_school, in_compulsory_school};
use super::picture::Picture;
use super::table::fact_columns;
use super::trace::Trace;
use crate::circumstances::topics::LabourSkill;

/// An end is known where the list has been delivered.
const CERTIFICATES: Coverage = Coverage::latest("disability_certificates", 12);

fact_columns! {
    /// Contradictions within the record of one household.
    QualityFacts of household {
        heads: Int Persons "people" ("户主人数", "Heads") ("与户主关系为户主的现有成员，应为1。", "Members recorded as head; there should be one.");
        spouses: Int Persons "people" ("配偶人数", "Spouses of the head") ("与户主关系为配偶的现有成员，至多1。", "Members recorded as the head's spouse; at most one.");
        couple_same_sex: Bool None "people" ("户主与配偶同性别", "Head and spouse of one sex") ("户主与配偶登记为同一性别。", "Head and spouse are recorded with the same sex.");
        both_insured: Int Persons "people" ("重复参保", "In both insurances") ("同时登记居民医保和职工医保的成员。", "Members recorded in resident and employee insurance at once.");
        insured_without_major: Int Persons "people" ("参保但无大病保险", "Insured without serious-illness cover") ("参加基本医保却没有大病保险的成员。", "Members with basic insurance but without serious-illness insurance.");
        ids_wrong: Int Persons "people" ("证件号码校验不符", "Numbers with a wrong check digit") ("证件号码校验位不符的成员。", "Members whose number fails its check digit.");
        ids_twice: Int Persons "people" ("证件号码重复", "Numbers used twice") ("证件号码与他人重复的成员。", "Members whose number somebody else has too.");
        ids_missing: Int Persons "people" ("缺证件号码", "Numbers missing") ("没有证件号码的成员。", "Members without a number.");
        births_differ: Int Persons "people" ("出生日期与号码不符", "Birth dates that differ from the number") ("出生日期与证件号码中的日期不同的成员。", "Members whose date of birth differs from the one in their number.");
        sexes_differ: Int Persons "people" ("性别与号码不符", "Sexes that differ from the number") ("性别与证件号码不同的成员。", "Members whose sex differs from the one in their number.");
        phones_wrong: Int Persons "people" ("手机号位数不对", "Phones of a wrong length") ("联系电话不是11位的成员。", "Members whose phone has not eleven digits.");
        educated_pupils: Int Persons "people" ("文化程度与在校并存", "Education and school at once") ("文化程度和在校生状况同时填写的成员。", "Members with both an education and a state at school.");
        working_pupils: Int Persons "people" ("在校生务工", "Pupils with months of work") ("义务教育阶段在校又有务工时间的成员。", "Members in compulsory school who have months of work.");
        work_without_place: Int Persons "people" ("务工信息不全", "Work half recorded") ("只填务工时间或只填务工所在地的成员。", "Members with months of work but no place, or the reverse.");
        unable_workers: Int Persons "people" ("无劳动力却务工", "Unable but working") ("登记为无劳动力或丧失劳动力却有务工时间的成员。", "Members recorded as unable to work who have months of work.");
        able_as_unable: Int Persons "people" ("健康成年人登记为无或弱劳动力", "Healthy adults recorded as unable") ("18至59岁、健康、不在校，却登记为无、丧失或弱劳动力的成员。", "Members of 18 to 59, healthy and not at school, recorded as without or of weak labour.");
        size_differs: Bool None "households" ("人口数与名单不符", "Size differs from the list") ("户表人口数与人表成员数不同。", "The household sheet counts other members than the person sheet lists.");
        certificates_ended: Int Persons "people" ("残疾证已失效", "Certificates of disability that ended") ("登记有残疾等级、而残联最近一条记录为注销或冻结的成员。", "Members recorded with a grade of disability whose newest certificate has ended.") [CERTIFICATES];
        nobody_able: Bool None "people" ("无人有劳动能力", "Nobody able to work") ("现有成员中没有普通、技能或弱劳动力。", "No member is able to do any work.");
    }
}

/// Looks for contradictions among the present members.
pub(super) fn quality(
    people: &[Picture],
    size: Option<i64>,
    trace: &mut impl Trace,
) -> QualityFacts {
    let mut count = |column: &'static str, is_so: &dyn Fn(&Picture) -> bool| {
        let mut found = 0;
        for one in people.iter().filter(|one| one.is_here() && is_so(one)) {
            found += 1;
            one.from.register.into_iter().for_each(|row| trace.saw(column, row));
        }
        Some(found)
    };
    let sex = |kin: &str| {
        people.iter().find(|one| one.is_here() && one.kin == kin).and_then(|one| one.sex.as_deref())
    };
    let couple = sex("head").zip(sex("spouse"));
    let unknown_labour = people.iter().any(|one| one.is_here() && one.labour.is_none());
    let able = count("nobody_able", &|one| one.is_able() || one.labour == Some(LabourSkill::Weak));
    QualityFacts {
        heads: count("heads", &Picture::is_head),
        spouses: count("spouses", &|one| one.kin == "spouse"),
        couple_same_sex: Some(couple.is_some_and(|(head, spouse)| head == spouse)),
        both_insured: count("both_insured", &|one| one.both_insured == Some(true)),
        insured_without_major: count("insured_without_major", &|one| {
            one.insured == Some(true) && one.major == Some(false)
        }),
        ids_wrong: count("ids_wrong", &|one| one.id_state == "wrong_check"),
        ids_twice: count("ids_twice", &|one| one.id_state == "twice"),
        ids_missing: count("ids_missing", &|one| one.id_state == "missing"),
        births_differ: count("births_differ", &|one| {
            one.register.number_birth_day.is_some_and(|day| Some(day) != one.register.birth_day)
        }),
        sexes_differ: count("sexes_differ", &|one| one.register.number_sex.is_some()),
        phones_wrong: count("phones_wrong", &|one| one.register.phone_digits.is_some()),
        educated_pupils: count("educated_pupils", &|one| {
            one.register.education.is_some() && one.register.school_state.is_some()
        }),
        working_pupils: count("working_pupils", &|one| {
            one.work_months.unwrap_or(0) > 0
                && one.school_state.as_deref().is_some_and(in_compulsory_school)
        }),
        work_without_place: count("work_without_place", &|one| {
            (one.work_months.unwrap_or(0) > 0) != one.work_place.is_some()
        }),
        unable_workers: count("unable_workers", &|one| {
            one.work_months.unwrap_or(0) > 0
                && matches!(one.labour, Some(LabourSkill::None | LabourSkill::Lost))
        }),
        able_as_unable: count("able_as_unable", &is_able_as_unable),
        size_differs: size.map(|size| size != people.len() as i64),
        certificates_ended: count("certificates_ended", &|one| one.certificate_ended)
            .filter(|ended| *ended > 0),
        nobody_able: match able {
            Some(0) if unknown_labour => None,
            able => able.map(|able| able == 0),
        },
    }
}

fn is_able_as_unable(one: &Picture) -> bool {
    let healthy =
        one.chronic == Some(false) && one.severe == Some(false) && one.disability == Some(0);
    let studies = one.school_state.as_deref().is_some_and(goes_to_school);
    let weak = one.labour.is_some_and(|skill| !skill.is_able());
    healthy && weak && !studies && one.aged(18, 60)
}
