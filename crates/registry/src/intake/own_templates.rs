//! Lists that the county made itself, as templates: found, read, matched and stored like those that ship.

use std::sync::{Arc, Mutex, PoisonError};

use facts::own::{PREFIX, key};
use kernel::error::Result;
use kernel::finding::{Finding, Place, Severity};
use kernel::time::Day;
use serde_json::Value;
use store::Session;

use super::reading::{FieldValue, ReadRow};
use super::template::{Coverage, FieldType, Names, Template, TemplateColumn, Templates, Title};
use crate::circumstances::topics::{OwnListRow, Topic};
use crate::policies::{
    About, ByKey, CodeList, ListColumn, ListDef, ListType, OwnLists, Words, county_files,
};

/// Own lists come after those that others lean on.
const ORDER: u32 = 900;

type Kept = Vec<(String, Arc<Templates>)>;

/// Templates kept in memory by the versions of the county's changes: a county has one at a time, tests of one program
/// several.
static KEPT: Mutex<Kept> = Mutex::new(Vec::new());
const MOST_KEPT: usize = 8;

/// The templates that ship with those of the county's own lists of a day; the given ones where it has none.
pub(super) fn with_own(
    shipped: &Arc<Templates>,
    session: &mut Session,
    day: Day,
) -> Result<Arc<Templates>> {
    let (mut name, mut known) = (String::new(), None);
    let found = county_files(session, (day, &["lists", "codes"]), &mut |versions| {
        versions.clone_into(&mut name);
        let kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
        known = kept.iter().find(|(of, _)| of == versions).map(|(_, made)| Arc::clone(made));
        known.is_some() || versions.is_empty()
    })?;
    let Some(files) = found else { return Ok(known.unwrap_or_else(|| Arc::clone(shipped))) };
    let own = OwnLists::of(&files).0;
    let made = Arc::new(Templates::shipped_and(templates(&own))?);
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    kept.insert(0, (name, Arc::clone(&made)));
    kept.truncate(MOST_KEPT);
    Ok(made)
}

/// Every own list as a template.
pub(super) fn templates(own: &OwnLists) -> Vec<Template> {
    own.lists.values().map(|list| template(list, own)).collect()
}

fn title(words: &Words) -> Title {
    Title { zh: words.zh.clone(), en: words.en.clone() }
}

fn template(list: &ListDef, own: &OwnLists) -> Template {
    let id = format!("{PREFIX}{}", list.id);
    let mut columns = identifying(list);
    columns.extend(list.columns.iter().map(|one| column(one, own)));
    let mut words = vec![list.title.zh.clone()];
    words.extend(list.words.iter().filter(|word| !word.trim().is_empty()).cloned());
    // where rows add up and nothing was said, only a row that is the same in everything is the same event
    let any = !list.adds || list.columns.iter().any(|one| one.tells_apart);
    let apart = list
        .columns
        .iter()
        .filter(|one| !any || one.tells_apart || list.day.as_ref() == Some(&one.name));
    let days = list.day.iter().cloned();
    let stated = ["@event_day", "@as_of"].map(str::to_owned);
    Template {
        list: id.clone(),
        id,
        department: list.department.clone(),
        topic: Some(Topic::OwnListRow.as_str().to_owned()),
        title: title(&list.title),
        subject: match list.about {
            About::Person => Names::Person,
            About::Head => Names::Head,
            About::Village => Names::Village,
        },
        coverage: if list.adds { Coverage::Events } else { Coverage::Snapshot },
        words,
        sheets: Vec::new(),
        town_from_sheet: false,
        event_date: if list.day.is_some() { days.collect() } else { stated.into() },
        amount: None,
        order: ORDER,
        columns,
        told_apart_by: Some(apart.map(|one| one.name.clone()).collect()),
        roles: Arc::default(),
        others: Arc::default(),
    }
}

fn plain(field: &str, kind: FieldType, (like, required): (&str, bool)) -> TemplateColumn {
    TemplateColumn {
        field: field.to_owned(),
        kind,
        headings: Vec::new(),
        like: Some(like.to_owned()),
        required,
        fill: false,
        values: Vec::new(),
        not_headings: Vec::new(),
        codes: None,
        known: Vec::new(),
        forms: Vec::new(),
        not: Vec::new(),
    }
}

/// The columns by which a row is given to somebody. The name is always there; what was chosen beside it is asked for,
/// but places may be missing where a number identifies.
fn identifying(list: &ListDef) -> Vec<TemplateColumn> {
    let head = list.about == About::Head;
    let mut columns = Vec::new();
    if list.about != About::Village {
        let like = if head { "head_name" } else { "name" };
        let mut name = plain("name", FieldType::Name, (like, true));
        if head {
            name.headings.push("姓名".to_owned());
        }
        columns.push(name);
    }
    let numbered = list.by.iter().any(|key| matches!(key, ByKey::Id | ByKey::PersonNumber));
    for key in &list.by {
        let (kind, is_place) = match key {
            ByKey::Id => (FieldType::Id, false),
            ByKey::PersonNumber => (FieldType::PersonNumber, false),
            ByKey::HouseholdNumber => (FieldType::HouseholdNumber, false),
            ByKey::Birth => (FieldType::Birth, false),
            ByKey::Phone => (FieldType::Phone, false),
            ByKey::Town => (FieldType::Town, true),
            ByKey::Village => (FieldType::Village, true),
        };
        let required = !is_place || (*key == ByKey::Village && !numbered);
        columns.push(plain(key.code(), kind, (key.code(), required)));
    }
    columns
}

fn column(one: &ListColumn, own: &OwnLists) -> TemplateColumn {
    let kind = match one.kind {
        ListType::Text => FieldType::Text,
        ListType::Number => FieldType::Int,
        ListType::Measure => FieldType::Hundredths,
        ListType::Amount => FieldType::Amount,
        ListType::Day => FieldType::Date,
        ListType::YesNo => FieldType::YesNo,
        ListType::Code => FieldType::Code,
    };
    let codes = one.codes.as_ref().and_then(|id| own.codes.get(id)).cloned().map(Arc::new);
    let mut headings = vec![one.title.zh.clone(), one.name.clone(), one.title.en.clone()];
    headings.extend(one.aliases.iter().cloned());
    headings.retain(|heading| !heading.trim().is_empty());
    headings.dedup();
    let values = codes.iter().flat_map(|list: &Arc<CodeList>| &list.codes);
    TemplateColumn {
        headings,
        values: values.map(|word| word.title.zh.clone()).collect(),
        codes: codes.clone(),
        like: None,
        ..plain(&one.name, kind, ("", one.required))
    }
}

/// What a row says in the columns of its list. A word that its code list does not have is told and left out.
pub(super) fn row(template: &Template, row: &ReadRow, unknown: &mut Vec<Finding>) -> OwnListRow {
    let mut values = serde_json::Map::new();
    for (name, value) in &row.fields {
        let Some(column) = template.column(name) else { continue };
        let (kind, value) = match value {
            FieldValue::Bool(yes) => (facts::Kind::Bool, Value::from(i64::from(*yes))),
            FieldValue::Int(number) if column.kind == FieldType::Hundredths => {
                (facts::Kind::Real, Value::from(*number))
            }
            FieldValue::Int(number) => (facts::Kind::Int, Value::from(*number)),
            FieldValue::Money(money) => (facts::Kind::Money, Value::from(money.fen())),
            FieldValue::Day(day) => (facts::Kind::Day, Value::from(day.to_string())),
            FieldValue::Text(text) => {
                let code = match &column.codes {
                    None => Some(text.as_str()),
                    Some(codes) => codes.code_of(text),
                };
                let Some(code) = code else {
                    let place = Place::file(&*row.file).sheet(&*row.sheet).row(row.row);
                    let finding = Finding::new("intake.word_unknown", Severity::Warning).at(place);
                    unknown.push(finding.arg("text", text).arg("field", name));
                    continue;
                };
                (facts::Kind::Text, Value::from(code))
            }
        };
        values.insert(key(kind, name), value);
    }
    let list = template.list.strip_prefix(PREFIX).unwrap_or(&template.list).to_owned();
    OwnListRow { list, title: (template.title.zh.clone(), template.title.en.clone()), values }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told_apart_by(adds: bool, ticked: &str) -> Vec<String> {
        let column = |name: &str| {
            let apart = if name == ticked { "tells_apart = true\n" } else { "" };
            format!(
                "[[columns]]\nname = \"{name}\"\ntitle = {{ zh = \"{name}\", en = \"\" }}\ntype = \"text\"\n{apart}"
            )
        };
        let text = format!(
            "id = \"arrears\"\ntitle = {{ zh = \"欠费\", en = \"arrears\" }}\ndepartment = \"agriculture\"\nabout = \"person\"\n\
             by = [\"id\"]\nadds = {adds}\nabsent_is_none = true\nrhythm = \"monthly\"\ndue_day = 10\n{}{}",
            column("欠费金额"),
            column("原因"),
        );
        let (own, problems) = OwnLists::of(&[("lists/arrears.toml".to_owned(), text)].into());
        assert!(problems.is_empty(), "{problems:?}");
        templates(&own).remove(0).told_apart_by.unwrap()
    }

    #[test]
    fn where_rows_add_up_only_the_same_row_is_a_repeat_unless_the_county_says_what_tells_them_apart()
     {
        assert_eq!(told_apart_by(true, ""), ["欠费金额", "原因"]);
        assert_eq!(told_apart_by(true, "原因"), ["原因"]);
        assert!(told_apart_by(false, "").is_empty());
    }
}
