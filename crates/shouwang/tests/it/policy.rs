//! What the packs say, as documents for those who do not read packs: every rule, every parameter, and which mechanism of the
//! county is carried by what. Written from the pack files themselves; the program is not asked.

use crate::contracts::document;
use crate::tree::{file, files, rooms};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

type Table = toml::Table;

/// The pack files of one kind (`screening`, `parameters`): pack, path and content, in the order of their paths.
fn of_packs(kind: &str) -> Vec<(&'static str, &'static str, Table)> {
    let inside = format!("/{kind}/");
    files()
        .iter()
        .filter(|f| f.path.starts_with("packs/") && f.path.contains(&inside))
        .filter(|f| f.path.ends_with(".toml") && !f.path.ends_with(".test.toml"))
        .map(|f| {
            let pack = f.path.split('/').nth(1).expect("a pack");
            let table = f.text.parse::<Table>().unwrap_or_else(|e| panic!("{}: {e}", f.path));
            (pack, f.path.as_str(), table)
        })
        .collect()
}

/// A text of a table, empty where there is none.
fn text<'a>(table: &'a Table, key: &str) -> &'a str {
    table.get(key).and_then(toml::Value::as_str).unwrap_or_default()
}

/// A text in one language: `title = { zh, en }`.
fn said<'a>(table: &'a Table, key: &str, lang: &str) -> &'a str {
    table.get(key).and_then(|v| v.get(lang)).and_then(toml::Value::as_str).unwrap_or_default()
}

/// The document behind a number or a rule, or that the county sets it itself.
fn source(table: &Table) -> String {
    let (basis, local) = (text(table, "basis"), text(table, "set_locally"));
    match (basis, local) {
        ("", "") => text(table, "source").to_owned(),
        ("", local) => format!("set locally: {local}"),
        (basis, _) => basis.to_owned(),
    }
}

/// A cell of a Markdown table.
fn cell(words: &str) -> String {
    words.replace('|', "\\|").replace('\n', " ")
}

/// The ids in `mechanism = ["M046", "M060"]`, as packs and journeys write them.
fn tags(words: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for line in words.lines() {
        let line = line.trim_start_matches(['/', ' ']);
        let Some(list) = line.strip_prefix("mechanism = [").and_then(|l| l.split(']').next())
        else {
            continue;
        };
        found.extend(list.split(',').map(|id| id.trim().trim_matches('"').to_owned()));
    }
    found
}

/// Packs and browser journeys that name a mechanism.
fn tagged() -> BTreeMap<String, Vec<&'static str>> {
    let mut by_id: BTreeMap<String, Vec<&'static str>> = BTreeMap::new();
    for f in files() {
        let rule = f.path.starts_with("packs/") && f.path.ends_with(".toml");
        let journey = f.path.starts_with("tests/browser/journeys/");
        if rule || journey {
            for id in tags(&f.text) {
                by_id.entry(id).or_default().push(&f.path);
            }
        }
    }
    by_id
}

#[test]
fn every_rule_stands_in_the_reference_with_its_basis() {
    let rules = of_packs("screening");
    assert!(rules.len() >= 25, "only {} rules were found", rules.len());
    let mut page = String::from(
        "# Screening rules\n\nEvery rule of the packs that ship. The texts that explain a hit, the evidence and the tests \
         stand in the pack's own files and on the page of the rule.\n",
    );
    let mut last = "";
    for (pack, path, rule) in &rules {
        if *pack != last {
            write!(
                page,
                "\n## {pack}\n\n| rule | 名称 | title | level | severity | holds when | basis | mechanism |\n\
                 | --- | --- | --- | --- | --- | --- | --- | --- |\n"
            )
            .expect("a string grows");
            last = pack;
        }
        let basis = source(rule);
        assert!(!basis.is_empty(), "{path}: neither a basis nor `set_locally`");
        let ids = tags(&file(path).expect("the rule").text);
        writeln!(
            page,
            "| `{}` | {} | {} | {} | {} | `{}` | {} | {} |",
            text(rule, "id"),
            said(rule, "title", "zh"),
            said(rule, "title", "en"),
            text(rule, "level"),
            text(rule, "severity"),
            cell(text(rule, "when")),
            cell(&basis),
            ids.into_iter().collect::<Vec<_>>().join(" ")
        )
        .expect("a string grows");
    }
    document("docs/reference/rules.md", &page);
}

#[test]
fn every_check_stands_in_the_reference_with_its_question() {
    let checks = of_packs("checks");
    assert!(checks.len() >= 25, "only {} checks were found", checks.len());
    let mut page = String::from(
        "# Data checks\n\nEvery question about the record that the packs ask, with its number in the national list of checks \
         where it has one. None changes a fact: it is mended by hand or answered \"it is really so, because …\".\n\n\
         | check | numbers | 名称 | question | level | asked when | office | mechanism |\n\
         | --- | --- | --- | --- | --- | --- | --- | --- |\n",
    );
    for (pack, path, check) in &checks {
        assert!(!source(check).is_empty(), "{path}: neither a basis nor `set_locally`");
        let numbers = check.get("numbers").and_then(toml::Value::as_array).cloned();
        let numbers = numbers.unwrap_or_default();
        let numbers: Vec<&str> = numbers.iter().filter_map(toml::Value::as_str).collect();
        let ids = tags(&file(path).expect("the check").text);
        writeln!(
            page,
            "| `{}` ({pack}) | {} | {} | {} | {} | `{}` | {} | {} |",
            text(check, "id"),
            numbers.join(" "),
            said(check, "title", "zh"),
            said(check, "question", "en"),
            text(check, "level"),
            cell(text(check, "when")),
            text(check, "department"),
            ids.into_iter().collect::<Vec<_>>().join(" ")
        )
        .expect("a string grows");
    }
    document("docs/reference/checks.md", &page);
}

#[test]
fn every_parameter_stands_in_the_reference_with_its_source() {
    let parameters = of_packs("parameters");
    assert!(!parameters.is_empty(), "no parameter was found");
    let mut page = String::from(
        "# Parameters\n\nEvery dated number of the packs that ship: from which day, where, in which unit, and who says so.\n\n\
         | parameter | 名称 | title | unit | from | area | value | source |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n",
    );
    for (pack, path, parameter) in &parameters {
        let values = parameter.get("values").and_then(toml::Value::as_array).cloned();
        for value in values.unwrap_or_default() {
            let value = value.as_table().expect("a value is a table");
            let says = source(value);
            assert!(!says.is_empty(), "{path}: a value from {} has no source", text(value, "from"));
            writeln!(
                page,
                "| `{}` ({pack}) | {} | {} | {} | {} | {} | {} | {} |",
                text(parameter, "id"),
                said(parameter, "title", "zh"),
                said(parameter, "title", "en"),
                text(parameter, "unit"),
                text(value, "from"),
                text(value, "area"),
                value.get("value").map(ToString::to_string).unwrap_or_default(),
                cell(&says)
            )
            .expect("a string grows");
        }
    }
    document("docs/reference/parameters.md", &page);
}

#[test]
fn every_mechanism_of_a_room_that_stands_is_carried_or_says_why_not() {
    let list = file("docs/mechanisms.toml").expect("the list of mechanisms");
    let list = list.text.parse::<Table>().expect("the list of mechanisms is TOML");
    let list = list["mechanism"].as_array().expect("mechanisms");
    let tagged = tagged();
    let standing: BTreeSet<String> = rooms().into_iter().map(|(_, room)| room).collect();
    let mut page = String::from(
        "# Mechanisms (机制)\n\nWhat a county does to keep households from falling back, which room owns it and what carries it. \
         A dash: its room does not stand yet.\n\n| id | 机制 | mechanism | room | carried by |\n| --- | --- | --- | --- | --- |\n",
    );
    let mut wrong = Vec::new();
    let mut known = BTreeSet::new();
    for entry in list {
        let entry = entry.as_table().expect("a mechanism is a table");
        let (id, room, open) = (text(entry, "id"), text(entry, "room"), text(entry, "open"));
        known.insert(id.to_owned());
        let named =
            entry.get("carried_by").and_then(toml::Value::as_array).cloned().unwrap_or_default();
        let named: Vec<String> =
            named.iter().filter_map(|p| p.as_str().map(str::to_owned)).collect();
        for path in &named {
            if !files().iter().any(|f| f.path == *path || f.path.starts_with(&format!("{path}/"))) {
                wrong.push(format!("{id}: {path} is not there"));
            }
        }
        let by_tag = tagged.get(id).map(Vec::as_slice).unwrap_or_default();
        if standing.contains(room) && named.is_empty() && by_tag.is_empty() && open.is_empty() {
            wrong.push(format!(
                "{id} belongs to the room {room}: nothing carries it and `open` gives no reason"
            ));
        }
        if !named.is_empty() && !open.is_empty() {
            wrong.push(format!("{id} is carried and open at once"));
        }
        let mut carriers: Vec<String> = named
            .iter()
            .map(String::as_str)
            .chain(by_tag.iter().copied())
            .map(|p| format!("`{p}`"))
            .collect();
        if !open.is_empty() {
            carriers.push(format!("open: {open}"));
        }
        if carriers.is_empty() {
            carriers.push("–".to_owned());
        }
        writeln!(
            page,
            "| {id} | {} | {} | {room} | {} |",
            text(entry, "zh"),
            text(entry, "en"),
            carriers.join(" ")
        )
        .expect("a string grows");
    }
    wrong.extend(
        tagged.keys().filter(|id| !known.contains(*id)).map(|id| format!("{id} is in no list")),
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    document("docs/reference/mechanisms.md", &page);
}

#[test]
fn tags_are_read_as_packs_and_journeys_write_them() {
    let found = tags(
        "// mechanism = [\"M046\", \"M060\"]\nconst mechanism = [];\nmechanism = [\"M001\"] # why",
    );
    assert_eq!(found.into_iter().collect::<Vec<_>>(), ["M001", "M046", "M060"]);
}
