//! What a draft changes of lists and codes, in words instead of files.

use web::L;

use super::super::codes::CodeList;
use super::super::indicators::IndicatorDef;
use super::super::lists::{ListColumn, ListDef};

/// Title and lines of a list or code list; none for another file, or one that is taken out of use or cannot be read.
pub(super) fn of(l: L, path: &str, text: &str) -> Option<(String, String)> {
    if path.starts_with("codes/") {
        let codes = CodeList::read(path, text).ok()?;
        let word = |one: &super::super::CodeWord| format!("{}: {}", one.code, one.title.get(l.0));
        let lines: Vec<String> = codes.codes.iter().map(word).collect();
        let what = format!("{} · {}", l.t("policies-codes"), codes.title.get(l.0));
        return Some((what, lines.join("\n")));
    }
    if path.starts_with("indicators/") {
        let one = IndicatorDef::read(path, text).ok()?;
        let word = |name: &str| l.t(&format!("indicators-{name}"));
        let line = |name: &str, what: &str| format!("{}: {what}", word(name));
        let mut lines = vec![
            line("counted", &word(&format!("counted-{}", one.counted))),
            line("when", &one.when),
        ];
        lines.extend(one.base.as_ref().map(|base| line("base", base)));
        lines.push(line("unit", one.unit.get(l.0)));
        lines.push(line("definition", one.definition.get(l.0)));
        lines.extend(one.basis.iter().chain(&one.set_locally).map(|why| line("source", why)));
        return Some((format!("{} · {}", word("one"), one.title.get(l.0)), lines.join("\n")));
    }
    if !path.starts_with("lists/") {
        return None;
    }
    let list = ListDef::read(path, text).ok()?;
    let word = |name: &str| l.t(&format!("policies-own-{name}"));
    let yes = |yes: bool| if yes { "yes" } else { "no" };
    let line = |label: &str, what: String| format!("{}: {what}", word(label));
    let by: Vec<String> = list.by.iter().map(|key| word(&format!("by-{key}"))).collect();
    let office = l.find(&format!("department-{}", list.department), &[]);
    let joined = if l.is_zh() { "、" } else { ", " };
    let mut lines = vec![
        line("department", office.unwrap_or_else(|| list.department.clone())),
        line("about", word(&format!("about-{}", list.about))),
        line("by", by.join(joined)),
        line("adds", word(&format!("adds-{}", yes(list.adds)))),
        line("absent", word(&format!("absent-{}", yes(list.absent_is_none)))),
        line("rhythm", word(&format!("rhythm-{}", list.rhythm))),
        line("due-day", list.due_day.to_string()),
    ];
    if !list.words.is_empty() {
        lines.push(line("words", list.words.join(joined)));
    }
    lines.extend(list.columns.iter().map(|column| column_line(l, &list, column)));
    let what = format!("{} · {} ({})", word("list"), list.title.get(l.0), list.id);
    Some((what, lines.join("\n")))
}

fn column_line(l: L, list: &ListDef, column: &ListColumn) -> String {
    let word = |name: &str| l.t(&format!("policies-own-{name}"));
    let mut parts = vec![word(&format!("type-{}", column.kind))];
    parts.extend(column.codes.clone());
    let is_day = list.day.as_ref() == Some(&column.name);
    for (so, name) in
        [(column.required, "required"), (column.tells_apart, "tells"), (is_day, "is-day")]
    {
        parts.extend(so.then(|| word(name)));
    }
    parts.extend(column.aliases.iter().cloned());
    format!("{}: {}", column.title.get(l.0), parts.join(" · "))
}
