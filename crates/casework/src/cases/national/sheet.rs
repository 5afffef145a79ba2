//! The monitored households and their people as a workbook in the columns of the national system: a sheet of households, one
//! of people. The headings are those that intake reads, so that what goes out can come in again.

use std::collections::BTreeMap;

use kernel::area::{AreaCode, AreaLevel};
use kernel::error::{Error, Refusal, Result};
use kernel::permission::Permission;
use registry::areas;
use registry::circumstances::topics::RegisterHousehold;
use registry::households::{Kin, Scheme};
use registry::policies::ShippedCodes;
use serde_json::json;
use sheets::{Form, FormCell, FormSheet};
use store::{Ctx, Entry, Session};

use super::super::queries as cases;
use super::super::queries::lists::Line;
use super::actions::monitored;
use super::model::way_word;
use super::queries::{self, Member};

/// Headings of the sheet of households.
pub const HOUSEHOLD: [&str; 20] = [
    "省",
    "市",
    "县",
    "乡镇",
    "行政村",
    "村民小组",
    "户编号",
    "户主姓名",
    "人口数",
    "户类型",
    "监测对象类别",
    "风险是否消除",
    "风险识别时间",
    "风险消除时间",
    "风险消除方式",
    "致贫返贫风险",
    "整户无劳动能力兜底保障户",
    "危房等级",
    "安全饮用水",
    "人均纯收入",
];
/// Headings of the sheet of people.
pub const PERSON: [&str; 26] = [
    "乡镇",
    "行政村",
    "人编号",
    "户编号",
    "姓名",
    "性别",
    "出生日期",
    "证件类型",
    "证件号码",
    "民族",
    "政治面貌",
    "与户主关系",
    "文化程度",
    "在校生状况",
    "健康状况",
    "劳动技能",
    "务工所在地",
    "务工时间",
    "务工企业名称",
    "公益性岗位",
    "居民医保",
    "职工医保",
    "大病保险",
    "居民养老",
    "职工养老",
    "成员联系电话",
];

/// The workbook, for a purpose that is written down. Numbers of people go out in full: the national system knows them by
/// nothing else.
///
/// # Errors
/// Refused without a purpose, and to who may not see numbers in full.
pub fn workbook_of(ctx: &Ctx, area: Option<AreaCode>, purpose: &str) -> Result<Vec<u8>> {
    let permit = ctx.permit(Permission::CaseExport)?;
    ctx.permit(Permission::HouseholdReveal)?;
    let purpose: String = purpose.trim().chars().take(200).collect();
    if purpose.is_empty() {
        let refusal = Refusal::invalid("cases.fields");
        return Err(refusal.field("purpose", "households.purpose_needed").into());
    }
    let (_, lines) = monitored(ctx, area)?;
    let mut session = ctx.read()?;
    let ids: Vec<&str> = lines.iter().map(|line| line.household.as_str()).collect();
    let there = queries::registered(&mut session, &ids)?;
    let members = queries::members(&mut session, &ids, ctx.today)?;
    let mut sizes: BTreeMap<&str, usize> = BTreeMap::new();
    for member in &members {
        *sizes.entry(member.household.as_str()).or_default() += 1;
    }
    let mut places = Places::default();
    let (mut households, mut people) = (vec![heads(&HOUSEHOLD)], vec![heads(&PERSON)]);
    let none = RegisterHousehold::default();
    for line in &lines {
        let body = there.get(&line.household).map_or(&none, |there| &there.2);
        let size = sizes.get(line.household.as_str()).copied().unwrap_or_default();
        let case = cases::find(&mut session, &permit, line.id)?;
        let way = case.and_then(|case| case.closed_how).unwrap_or_default();
        let path = places.of(&mut session, line.village.0)?;
        households.push(household(&path, (line, &way), (body, size)));
    }
    let by_household: BTreeMap<&str, &Line> =
        lines.iter().map(|line| (line.household.as_str(), line)).collect();
    for member in &members {
        let Some(line) = by_household.get(member.household.as_str()) else { continue };
        people.push(person(ctx, &places.of(&mut session, line.village.0)?, (line, member))?);
    }
    let counts = json!({ "households": lines.len(), "persons": members.len(), "purpose": purpose, "area": area });
    ctx.journal(Entry::new(ctx, "case.national_out").detail(counts))?;
    ctx.note_access("reveal", "case.national_out", &format!("{} households", lines.len()));
    let sheet = |name: &str, rows| FormSheet {
        name: name.to_owned(),
        rows,
        merged: Vec::new(),
        heading: Some((0, 0)),
    };
    let form = Form {
        sheets: vec![sheet("户信息", households), sheet("人信息", people)],
        made_on: (2000, 1, 1),
    };
    let mut bytes = Vec::new();
    form.write_xlsx(&mut bytes)
        .map_err(|why| Error::fault(format!("workbook for the national system: {why}")))?;
    Ok(bytes)
}

fn heads(names: &[&str]) -> Vec<FormCell> {
    names.iter().map(|name| FormCell::from(*name)).collect()
}

/// Names of the areas above a village, each read once.
#[derive(Default)]
struct Places(BTreeMap<AreaCode, Vec<(AreaCode, String)>>);

impl Places {
    fn of(&mut self, session: &mut Session, village: AreaCode) -> Result<Vec<(AreaCode, String)>> {
        if let Some(known) = self.0.get(&village) {
            return Ok(known.clone());
        }
        let path = areas::path_of(session, village)?;
        self.0.insert(village, path.clone());
        Ok(path)
    }
}

fn at(path: &[(AreaCode, String)], level: AreaLevel) -> FormCell {
    let found = path.iter().find(|(code, _)| code.level() == level);
    found.map_or(FormCell::Empty, |(_, name)| FormCell::from(name.as_str()))
}

fn yes(value: Option<bool>) -> FormCell {
    value.map_or(FormCell::Empty, |yes| FormCell::from(if yes { "是" } else { "否" }))
}

fn household(
    path: &[(AreaCode, String)],
    (line, way): (&Line, &str),
    (body, size): (&RegisterHousehold, usize),
) -> Vec<FormCell> {
    let text = |text: &str| FormCell::from(text);
    let opt = |text: &Option<String>| FormCell::from(text.clone().unwrap_or_default());
    let day = |day: Option<kernel::time::Day>| {
        FormCell::from(day.map(|day| day.to_string()).unwrap_or_default())
    };
    let risks: Vec<String> = line
        .risks
        .iter()
        .map(|risk| ShippedCodes::Risks.words_of(risk, kernel::lang::Lang::Zh))
        .collect();
    let class = line.class.as_deref().map(|class| Scheme::Monitored.official(class));
    let grade = body.house_grade.map(|grade| grade.word()).unwrap_or_default();
    let income = body
        .income_last_year_fen
        .map_or(FormCell::Empty, |fen| FormCell::from(kernel::money::Money::from_fen(fen).plain()));
    vec![
        at(path, AreaLevel::Province),
        at(path, AreaLevel::City),
        at(path, AreaLevel::County),
        at(path, AreaLevel::Town),
        at(path, AreaLevel::Village),
        text(line.group.as_deref().unwrap_or_default()),
        text(&line.household_number),
        text(&line.head),
        FormCell::from(size.to_string()),
        opt(&body.household_type),
        text(class.unwrap_or_default()),
        yes(Some(line.closed_on.is_some())),
        day(line.identified_on),
        day(line.closed_on),
        text(way_word(way)),
        text(&risks.join("；")),
        yes(body.no_labour),
        text(grade),
        yes(body.water_safe),
        income,
    ]
}

fn person(
    ctx: &Ctx,
    path: &[(AreaCode, String)],
    (line, member): (&Line, &Member),
) -> Result<Vec<FormCell>> {
    let keys = ctx.db.keys();
    let open = |sealed: &Option<String>| -> Result<String> {
        let text = sealed.as_deref().map(|sealed| keys.open_text(sealed)).transpose()?;
        Ok(text.unwrap_or_default())
    };
    let number = match open(&member.id_sealed)? {
        number if number.is_empty() => number,
        number => number + &member.certificate_tail,
    };
    let there = &member.there;
    let opt = |text: &Option<String>| FormCell::from(text.clone().unwrap_or_default());
    let sex = match member.sex.as_deref() {
        Some("male" | "m" | "男") => "男",
        Some("female" | "f" | "女") => "女",
        _ => "",
    };
    let kin = Kin::parse(&member.kin).map_or("其他", Kin::official);
    let months = there.work_months.map(|months| months.to_string()).unwrap_or_default();
    Ok(vec![
        at(path, AreaLevel::Town),
        at(path, AreaLevel::Village),
        FormCell::from(member.number.as_str()),
        FormCell::from(line.household_number.as_str()),
        FormCell::from(member.name.as_str()),
        FormCell::from(sex),
        FormCell::from(member.birth_day.map(|day| day.to_string()).unwrap_or_default()),
        opt(&there.certificate),
        FormCell::from(number),
        opt(&there.nation),
        opt(&there.party),
        FormCell::from(kin),
        opt(&there.education),
        opt(&there.school_state),
        opt(&there.health),
        FormCell::from(there.labour.map(|labour| labour.word()).unwrap_or_default()),
        opt(&there.work_place),
        FormCell::from(months),
        opt(&there.employer),
        opt(&there.public_post),
        yes(there.resident_insurance),
        yes(there.employee_insurance),
        yes(there.major_insurance),
        yes(there.resident_pension),
        yes(there.employee_pension),
        FormCell::from(open(&member.phone_sealed)?),
    ])
}
