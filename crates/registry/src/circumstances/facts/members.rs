//! Who lives in the household and what is known of them, counted.
//!
//! A count over people is unknown as soon as the value is unknown for one of them, except where somebody already counts
//! and a larger count says no more (one uninsured member is enough).

use super::input::Origin;
use super::picture::Picture;
use super::table::fact_columns;
use super::trace::Trace;

fact_columns! {
    /// The members of one household, counted.
    MemberFacts of household {
        persons_registered: Int Persons "people" ("登记人口", "Registered members") ("登记的成员，含近期死亡和迁出的。", "Registered members, those who died or moved out since included.");
        persons: Int Persons "people" ("现有人口", "Members") ("登记成员减去已知死亡和迁出的；人均值按此计算。", "Registered members less those known to have died or moved out; values per head divide by it.");
        labour: Int Persons "people" ("劳动力", "Able workers") ("普通劳动力和技能劳动力人数。", "Members who are 普通劳动力 or 技能劳动力.");
        labour_weak: Int Persons "people" ("弱劳动力或半劳动力", "Weak or half workers") ("弱劳动力或半劳动力人数。", "Members able to do some work.");
        workers: Int Persons "people" ("务工人数", "Members at work") ("务工时间大于零的成员。", "Members with months of work.");
        migrants: Int Persons "people" ("县外务工人数", "Members working outside the county") ("务工所在地不是本县、本乡的成员。", "Members whose place of work is neither 本县 nor 本乡.");
        public_posts: Int Persons "people" ("公益性岗位人数", "Members in public posts") ("有公益性岗位的成员。", "Members with a public post.");
        uninsured: Int Persons "people" ("未参加基本医保", "Without medical insurance") ("居民医保和职工医保都没有的成员。", "Members with neither resident nor employee insurance.");
        no_major_insurance: Int Persons "people" ("未参加大病保险", "Without serious-illness insurance") ("没有大病保险的成员。", "Members without serious-illness insurance.");
        chronic: Int Persons "people" ("长期慢性病", "Chronically ill") ("长期慢性病的成员。", "Members with a chronic illness.");
        severe_ill: Int Persons "people" ("患有大病", "Seriously ill") ("患有大病的成员。", "Members with a serious illness.");
        disabled: Int Persons "people" ("持证残疾人", "Disabled") ("有残疾等级的成员。", "Members with a grade of disability.");
        disabled_severe: Int Persons "people" ("重度残疾人", "Severely disabled") ("残疾等级为一级、二级的成员。", "Members of grade 1 or 2.");
        elders: Int Persons "people" ("60岁以上", "Aged 60 and over") ("满60岁的成员。", "Members aged 60 and over.");
        elders_80: Int Persons "people" ("80岁以上", "Aged 80 and over") ("满80岁的成员。", "Members aged 80 and over.");
        elder_alone: Bool None "people" ("老人独居", "Elders alone") ("现有成员都满60岁。", "All present members are 60 or over.");
        children_under_16: Int Persons "people" ("16岁以下", "Children under 16") ("未满16岁的成员。", "Members under 16.");
        children_alone: Bool None "people" ("只有未成年人", "Children alone") ("现有成员都未满18岁。", "All present members are under 18.");
        left_behind: Int Persons "people" ("留守儿童", "Children left behind") ("20至59岁的成员都在县外务工（或没有这样的成员）的家庭中未满16岁的成员。", "Members under 16 where every member of 20 to 59 works outside the county, or there is none.");
        school_age: Int Persons "people" ("义务教育适龄", "Of school age") ("6至15岁的成员。", "Members of 6 to 15.");
        school_age_out: Int Persons "people" ("适龄但登记不在校", "Of school age, not at school in the register") ("6至15岁、在校生状况为空或为学龄前，且入户未见在校的成员。", "Members of 6 to 15 with no state at school, or still as a pre-school child, whom no visit found at school.");
        students: Int Persons "people" ("在校生", "Students") ("在校生状况为小学及以上的成员。", "Members at primary school or above.");
        students_senior: Int Persons "people" ("高中及以上在校生", "Students above compulsory school") ("普高、中职、高职、本科及以上在校的成员。", "Members at senior high, vocational school, college or university.");
        dibao_persons: Int Persons "people" ("登记低保人数", "Members marked dibao") ("个人栏标注低保的成员。", "Members whom the person sheet marks as dibao.");
        tekun_persons: Int Persons "people" ("登记特困人数", "Members marked tekun") ("个人栏标注特困的成员。", "Members whom the person sheet marks as tekun.");
        insurance_ok: Bool None "people" ("基本医疗有保障", "Medical insurance secured") ("所有成员参加了基本医保。", "Every member has basic medical insurance.");
        schooling_ok: Bool None "people" ("义务教育有保障", "Compulsory schooling secured") ("没有义务教育阶段失学的成员。", "No member of school age is out of school.");
        housing_ok: Bool None "circumstances" ("住房安全有保障", "Housing secured") ("住房等级为A或B，且住建没有未处置的危房。", "The house is of grade A or B and the housing department has no open danger.");
    }
}

/// Schools of compulsory education and above in 在校生状况; the rest are children before school.
pub(super) fn goes_to_school(state: &str) -> bool {
    !matches!(state, "" | "学龄前儿童" | "学前教育")
}

/// Classes of compulsory education.
pub(super) fn in_compulsory_school(state: &str) -> bool {
    matches!(state, "小学" | "七年级" | "八年级" | "九年级" | "初中")
}

/// Counts those of whom something is so; unknown for one is unknown for all.
fn exactly<'a>(
    people: impl Iterator<Item = &'a Picture>,
    is_so: impl Fn(&Picture) -> Option<bool>,
) -> Option<i64> {
    people.map(is_so).try_fold(0, |sum, so| so.map(|so| sum + i64::from(so)))
}

/// Counts those of whom something is known to be so; unknown only if nobody counts and somebody is unknown.
fn at_least<'a>(
    people: impl Iterator<Item = &'a Picture>,
    is_so: impl Fn(&Picture) -> Option<bool>,
) -> Option<i64> {
    let (mut sum, mut unknown) = (0, false);
    for so in people.map(is_so) {
        match so {
            Some(so) => sum += i64::from(so),
            None => unknown = true,
        }
    }
    (sum > 0 || !unknown).then_some(sum)
}

/// Counts the members.
pub(super) fn members(people: &[Picture], trace: &mut impl Trace) -> MemberFacts {
    let here = || people.iter().filter(|one| one.is_here());
    let persons = here().count() as i64;
    let aged = |from: i64, below: i64| {
        exactly(here(), move |one| one.age.map(|age| age >= from && age < below))
    };
    let labour = |is: fn(&Picture) -> bool| exactly(here(), move |one| one.labour.map(|_| is(one)));
    let kids = aged(0, 16);
    let away = exactly(here(), |one| one.age.map(|_| one.aged(20, 60) && !one.works_away()));
    let elders = aged(60, i64::MAX);
    let uninsured = at_least(here(), |one| one.insured.map(|insured| !insured));
    let facts = MemberFacts {
        persons_registered: Some(people.len() as i64),
        persons: Some(persons),
        labour: labour(Picture::is_able),
        labour_weak: labour(|one| {
            one.labour == Some(crate::circumstances::topics::LabourSkill::Weak)
        }),
        workers: at_least(here(), |one| Some(one.work_months.unwrap_or(0) > 0)),
        migrants: at_least(here(), |one| Some(one.works_away())),
        public_posts: at_least(here(), |one| Some(one.register.public_post.is_some())),
        uninsured,
        no_major_insurance: at_least(here(), |one| one.major.map(|major| !major)),
        chronic: at_least(here(), |one| one.chronic),
        severe_ill: at_least(here(), |one| one.severe),
        disabled: at_least(here(), |one| one.disability.map(|level| level > 0)),
        disabled_severe: at_least(here(), |one| {
            one.disability.map(|level| level == 1 || level == 2)
        }),
        elders,
        elders_80: aged(80, i64::MAX),
        elder_alone: elders.map(|elders| persons > 0 && elders == persons),
        children_under_16: kids,
        children_alone: aged(0, 18).map(|minors| persons > 0 && minors == persons),
        left_behind: kids.zip(away).map(|(kids, at_home)| if at_home == 0 { kids } else { 0 }),
        school_age: exactly(here(), |one| one.age.map(|_| one.is_of_school_age())),
        school_age_out: exactly(here(), |one| one.age.map(|_| is_out_of_school(one))),
        students: at_least(here(), |one| {
            Some(one.school_state.as_deref().is_some_and(goes_to_school))
        }),
        students_senior: at_least(here(), |one| {
            Some(
                one.school_state
                    .as_deref()
                    .is_some_and(|state| goes_to_school(state) && !in_compulsory_school(state)),
            )
        }),
        dibao_persons: at_least(here(), |one| one.register.dibao),
        tekun_persons: at_least(here(), |one| one.register.tekun),
        insurance_ok: uninsured.map(|count| count == 0),
        schooling_ok: None,
        housing_ok: None,
    };
    listen(people, trace);
    facts
}

/// Of school age, not at school in the register, and no visit found the child there.
fn is_out_of_school(one: &Picture) -> bool {
    let absent = match one.at_school {
        Some(at_school) => !at_school,
        None => !one.school_state.as_deref().is_some_and(goes_to_school),
    };
    one.is_of_school_age() && absent
}

impl MemberFacts {
    /// Fills in the guarantees that rest on other parts too.
    pub(super) fn guarantees(
        &mut self,
        grade: Option<&str>,
        open_danger: Option<&str>,
        suspects: Option<i64>,
    ) {
        self.housing_ok = match (grade, open_danger) {
            (_, Some("C" | "D")) | (Some("C" | "D"), _) => Some(false),
            (Some("A" | "B"), _) => Some(true),
            _ => None,
        };
        self.schooling_ok = match (suspects, self.school_age_out) {
            (Some(suspects), _) if suspects > 0 => Some(false),
            (_, Some(0)) => Some(true),
            // a child without an entry is a question, not yet a drop-out
            _ => None,
        };
    }
}

fn listen(people: &[Picture], trace: &mut impl Trace) {
    let mut saw = |so: bool, column: &'static str, origin: Option<Origin>| {
        if so {
            origin.into_iter().for_each(|row| trace.saw(column, row));
        }
    };
    for one in people {
        let from = &one.from;
        saw(true, "persons_registered", from.register);
        saw(one.is_here(), "persons", from.register);
        if let Some(gone) = one.gone {
            saw(true, "persons", gone.origin);
            continue;
        }
        saw(true, "labour", from.labour);
        saw(true, "labour_weak", from.labour);
        saw(one.work_months.unwrap_or(0) > 0, "workers", from.work);
        saw(one.works_away(), "migrants", from.work);
        saw(one.register.public_post.is_some(), "public_posts", from.register);
        saw(one.insured != Some(true), "uninsured", from.insurance);
        saw(one.major != Some(true), "no_major_insurance", from.insurance);
        saw(one.chronic == Some(true), "chronic", from.health);
        saw(one.severe == Some(true), "severe_ill", from.health);
        saw(one.disability.is_some_and(|level| level > 0), "disabled", from.disability);
        saw(
            one.disability.is_some_and(|level| level == 1 || level == 2),
            "disabled_severe",
            from.disability,
        );
        saw(one.aged(60, i64::MAX), "elders", from.register);
        saw(one.aged(80, i64::MAX), "elders_80", from.register);
        saw(one.aged(0, 16), "children_under_16", from.register);
        saw(one.aged(0, 18), "children_alone", from.register);
        saw(one.aged(0, 16) || one.works_away(), "left_behind", from.work);
        saw(one.is_of_school_age(), "school_age", from.register);
        saw(is_out_of_school(one), "school_age_out", from.schooling);
        saw(one.school_state.is_some(), "students", from.schooling);
        saw(one.school_state.is_some(), "students_senior", from.schooling);
        saw(one.register.dibao == Some(true), "dibao_persons", from.register);
        saw(one.register.tekun == Some(true), "tekun_persons", from.register);
    }
}
