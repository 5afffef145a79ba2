//! The habits of this repository (docs/style.md, docs/architecture.md), held by tests instead of by good intentions.

use crate::tree::{File, WINGS, file, files, none, rooms, rust};
use std::collections::BTreeMap;

/// The furniture of a room: every line of code knows its file before it is written.
const FURNITURE: [&str; 11] = [
    "mod", "model", "rules", "actions", "queries", "pages", "api", "sheet", "facts", "sample",
    "tests",
];

/// Names that say nothing about what is inside.
const EMPTY_NAMES: [&str; 11] = [
    "utils", "util", "common", "helpers", "helper", "manager", "managers", "service", "services",
    "misc", "stuff",
];

/// Which of our crates each crate may use: one direction, kernel first.
const DIRECTION: [(&str, &[&str]); 10] = [
    ("kernel", &[]),
    ("store", &["kernel"]),
    ("facts", &["kernel", "store"]),
    ("sheets", &["kernel"]),
    ("web", &["kernel", "store"]),
    ("registry", &["kernel", "store", "facts", "sheets", "web"]),
    ("casework", &["kernel", "store", "facts", "sheets", "web", "registry"]),
    ("oversight", &["kernel", "store", "facts", "sheets", "web", "registry", "casework"]),
    (
        "shouwang",
        &["kernel", "store", "facts", "sheets", "web", "registry", "casework", "oversight"],
    ),
    ("testkit", &[]),
];

/// The path inside a wing's `src`, split at `/`: `["visits", "model.rs"]`.
fn in_wing(path: &str) -> Option<(&str, Vec<&str>)> {
    let rest = path.strip_prefix("crates/")?;
    let (wing, rest) = rest.split_once("/src/")?;
    WINGS.contains(&wing).then(|| (wing, rest.split('/').collect()))
}

#[test]
fn a_rust_file_has_at_most_400_lines_and_a_test_file_800() {
    let long = rust()
        .filter_map(|f| {
            let (lines, most) = (f.text.lines().count(), if f.is_test() { 800 } else { 400 });
            (lines > most).then(|| format!("{}: {lines} lines, at most {most}", f.path))
        })
        .collect();
    none("has a second idea moved in?", long);
}

#[test]
fn every_room_has_a_front_door_that_says_what_it_is() {
    let mut bad = Vec::new();
    for (wing, room) in rooms() {
        match file(&format!("crates/{wing}/src/{room}/mod.rs")) {
            None => bad.push(format!("{wing}/{room}: no mod.rs")),
            Some(door) if !door.text.starts_with("//!") => {
                bad.push(format!("{}: no `//!` at its head", door.path))
            }
            Some(_) => {}
        }
    }
    none("a room without a front door", bad);
}

#[test]
fn a_file_that_is_not_furniture_says_why_it_is_there() {
    let mut bad = Vec::new();
    for f in rust() {
        let Some((wing, parts)) = in_wing(&f.path) else { continue };
        match parts.as_slice() {
            ["lib.rs"] => {}
            [alone] => bad.push(format!("{wing}/{alone}: a wing holds rooms, not files")),
            [_, entry] => {
                let furniture = f.is_test() || FURNITURE.contains(&entry.trim_end_matches(".rs"));
                if !furniture && !f.text.starts_with("//!") {
                    bad.push(format!("{}: not furniture, and no `//!` at its head", f.path));
                }
            }
            _ => {}
        }
    }
    none("a line of code knows its file before it is written", bad);
}

#[test]
fn no_folder_or_file_has_an_empty_name() {
    let bad = files()
        .iter()
        .filter(|f| f.path.starts_with("crates/"))
        .filter(|f| {
            f.path
                .split('/')
                .any(|part| EMPTY_NAMES.contains(&part.split('.').next().unwrap_or(part)))
        })
        .map(|f| f.path.clone())
        .collect();
    none("there is no place for what merely \"helps\"", bad);
}

/// Does this line of Rust hold the beginning of a statement for a database?
fn has_sql(line: &str) -> bool {
    let line = line.split("//").next().unwrap_or("").to_lowercase();
    let verbs = ["select ", "insert into ", "delete from ", "with recursive ", "create table "];
    let start = line.trim_start();
    verbs.iter().any(|v| start.starts_with(v) || line.contains(&format!("\"{v}")))
        || (line.contains("\"update ") && line.contains(" set "))
}

#[test]
fn sql_stands_in_queries_only() {
    let mut bad = Vec::new();
    for f in rust().filter(|f| !f.is_test()) {
        // A file of queries may have a name of its own; then its first words say what it is.
        let home = f.path.ends_with("/queries.rs")
            || f.path.contains("/queries/")
            || f.text.starts_with("//! Queries")
            || f.name() == "sample.rs"
            || f.path.starts_with("crates/store/")
            || f.path.starts_with("crates/facts/");
        if home {
            continue;
        }
        bad.extend(
            f.code()
                .filter(|(_, l)| has_sql(l))
                .map(|(n, l)| format!("{}:{n}: {}", f.path, l.trim())),
        );
    }
    none("SQL outside queries.rs and files whose head begins with `//! Queries`", bad);
}

#[test]
fn the_sql_check_knows_sql_when_it_sees_it() {
    assert!(has_sql(r#"    "select id from households","#));
    assert!(has_sql("  insert into leads values ($1)"));
    assert!(has_sql(r#"tx.exec("UPDATE leads SET due = $1", &[])"#));
    assert!(!has_sql("// select what to show"));
    assert!(!has_sql(r#"t("leads-select all")"#));
}

#[test]
fn the_model_is_pure() {
    let impure = [
        "async fn",
        "&mut Session",
        "&mut Tx",
        "&Ctx",
        "Db",
        "axum::",
        "askama",
        "std::fs",
        "std::env",
        "SystemTime",
        "Instant::now",
        "tokio::",
    ];
    let mut bad = Vec::new();
    for f in rust() {
        let Some((_, parts)) = in_wing(&f.path) else { continue };
        let pure =
            parts.iter().skip(1).any(|p| matches!(*p, "model.rs" | "rules.rs" | "model" | "rules"));
        if !pure || f.is_test() {
            continue;
        }
        for (n, line) in f.code().filter(|(_, l)| !l.trim_start().starts_with("//")) {
            if let Some(word) = impure.iter().find(|w| line.contains(*w)) {
                bad.push(format!("{}:{n}: {word}", f.path));
            }
        }
    }
    none("model.rs and rules.rs know no database, no HTTP, no files and no clock", bad);
}

#[test]
fn only_actions_open_a_transaction() {
    let mut bad = Vec::new();
    for f in rust().filter(|f| !f.is_test()) {
        let outside = f.path.starts_with("crates/shouwang/src/")
            || ["pages", "api", "sheet", "model", "rules"].iter().any(|n| {
                f.path.ends_with(&format!("/{n}.rs")) || f.path.contains(&format!("/{n}/"))
            });
        if outside {
            bad.extend(
                f.code()
                    .filter(|(_, l)| l.contains(".begin()"))
                    .map(|(n, _)| format!("{}:{n}", f.path)),
            );
        }
    }
    none("pages, API, commands and jobs call actions; they never open a transaction", bad);
}

#[test]
fn crates_use_each_other_in_one_direction() {
    let mut bad = Vec::new();
    for (name, may) in DIRECTION {
        let Some(manifest) = file(&format!("crates/{name}/Cargo.toml")) else {
            bad.push(format!("crates/{name} is gone: mend this table"));
            continue;
        };
        let table: toml::Table = toml::from_str(&manifest.text).expect("a manifest");
        let used = table.get("dependencies").and_then(|d| d.as_table()).into_iter().flatten();
        for (dep, _) in used {
            if DIRECTION.iter().any(|(ours, _)| ours == dep) && !may.contains(&dep.as_str()) {
                bad.push(format!("{name} uses {dep}"));
            }
        }
    }
    let known = DIRECTION.len();
    let there = files()
        .iter()
        .filter(|f| f.path.matches('/').count() == 2 && f.path.ends_with("/Cargo.toml"))
        .count();
    assert_eq!(known, there, "a crate that the table of directions does not know");
    none("kernel ← kits ← registry ← casework ← oversight ← shouwang", bad);
}

#[test]
fn a_room_uses_only_rooms_listed_before_it() {
    let order: BTreeMap<(&str, String), usize> =
        rooms().into_iter().enumerate().map(|(i, r)| (r, i)).collect();
    let mut bad = Vec::new();
    for f in rust().filter(|f| !f.is_test() && f.name() != "sample.rs") {
        let Some((wing, parts)) = in_wing(&f.path) else { continue };
        let Some(mine) = order.get(&(wing, parts[0].to_owned())) else { continue };
        for (n, line) in f.code().filter(|(_, l)| !l.trim_start().starts_with("//")) {
            for ((w, room), place) in &order {
                if *w == wing && place > mine && line.contains(&format!("crate::{room}::")) {
                    bad.push(format!("{}:{n}: {} comes before {room}", f.path, parts[0]));
                }
            }
        }
    }
    none("the order of lib.rs is the order of use", bad);
}

#[test]
fn a_room_speaks_to_another_through_its_front_door() {
    let inside = ["queries", "model", "rules", "actions", "pages", "api", "sheet"];
    let mut bad = Vec::new();
    for f in rust().filter(|f| !f.is_test()) {
        let here = in_wing(&f.path).map(|(_, parts)| parts[0].to_owned()).unwrap_or_default();
        for (n, line) in f.code() {
            for (wing, room) in rooms() {
                let own = room == here && f.path.contains(&format!("crates/{wing}/"));
                let deep = inside.iter().any(|i| {
                    line.contains(&format!("crate::{room}::{i}::"))
                        || line.contains(&format!("{wing}::{room}::{i}::"))
                });
                if !own && deep {
                    bad.push(format!("{}:{n}: {}", f.path, line.trim()));
                }
            }
        }
    }
    none("only what mod.rs re-exports is used by others", bad);
}

#[test]
fn nothing_is_left_unfinished() {
    let marks = [
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("#[ign", "ore"),
        concat!("敬请", "期待"),
        concat!("lorem ", "ipsum"),
    ];
    let mut bad = Vec::new();
    for f in files()
        .iter()
        .filter(|f| !f.path.starts_with("assets/vendor/") && !f.path.ends_with(".lock"))
    {
        for (n, line) in f.text.lines().enumerate() {
            if let Some(mark) = marks.iter().find(|m| line.contains(*m)) {
                bad.push(format!("{}:{}: {mark}", f.path, n + 1));
            }
        }
    }
    none("finish it or take it out", bad);
}

#[test]
fn no_test_sleeps() {
    let bad = rust()
        .filter(|f| f.is_test() && !f.path.starts_with("crates/testkit/"))
        .flat_map(|f| {
            f.text
                .lines()
                .enumerate()
                .filter(|(_, l)| l.contains(concat!("thread::", "sleep")))
                .map(|(n, _)| format!("{}:{}", f.path, n + 1))
        })
        .collect();
    none("wait for what should happen (testkit::wait_for), not for time to pass", bad);
}

#[test]
fn migrations_are_numbered_once_and_portable() {
    let mut numbers = BTreeMap::new();
    let mut bad = Vec::new();
    for f in
        files().iter().filter(|f| f.path.starts_with("migrations/") && f.path.ends_with(".sql"))
    {
        let number = f.name().split('_').next().unwrap_or("").to_owned();
        if number.len() != 4 || number.parse::<u32>().is_err() {
            bad.push(format!("{}: begins with four digits", f.path));
        }
        if let Some(other) = numbers.insert(number, f.path.clone()) {
            bad.push(format!("{} and {other} have one number", f.path));
        }
        let forbidden = [
            "boolean",
            " serial",
            "timestamp",
            " numeric",
            "jsonb",
            "without rowid",
            "autoincrement",
            " ilike ",
            " like ",
        ];
        for (n, line) in f.text.lines().enumerate() {
            let line = line.split("--").next().unwrap_or("").to_lowercase();
            if let Some(word) = forbidden.iter().find(|w| line.contains(*w)) {
                bad.push(format!(
                    "{}:{}: `{}` is not portable (migrations/README.md)",
                    f.path,
                    n + 1,
                    word.trim()
                ));
            }
        }
    }
    none("one text for two engines", bad);
}

#[test]
fn the_glossary_knows_every_room_and_every_table() {
    let glossary = &file("docs/glossary.md").expect("docs/glossary.md").text;
    let has = |word: &str| glossary.contains(&format!("`{word}`"));
    let mut missing: Vec<String> = rooms()
        .into_iter()
        .filter(|(_, r)| !has(r))
        .map(|(w, r)| format!("room {w}/{r}"))
        .collect();
    for f in
        files().iter().filter(|f| f.path.starts_with("migrations/") && f.path.ends_with(".sql"))
    {
        for line in f.text.lines() {
            let Some(rest) = line.trim().strip_prefix("create table ") else { continue };
            let table =
                rest.trim_start_matches("if not exists ").split([' ', '(']).next().unwrap_or("");
            // written under another name only until it has taken the place of the table before
            let renamed = f.text.contains(&format!("alter table {table} rename to"));
            if !has(table) && !renamed {
                missing.push(format!("table {table} ({})", f.path));
            }
        }
    }
    none("docs/glossary.md has one line for every word", missing);
}

#[test]
fn every_link_in_the_documents_leads_somewhere() {
    let mut bad = Vec::new();
    for f in files().iter().filter(|f| f.path.ends_with(".md")) {
        let folder = f.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        for target in f.text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let path = target.split('#').next().unwrap_or("");
            if path.is_empty() || path.contains("://") || path.starts_with("mailto:") {
                continue;
            }
            if !crate::tree::root().join(folder).join(path).exists() {
                bad.push(format!("{}: {target}", f.path));
            }
        }
    }
    none("a link to nothing", bad);
}

#[test]
fn every_document_begins_with_a_title_and_says_something() {
    let bad = files()
        .iter()
        .filter(|f| f.path.ends_with(".md"))
        .filter(|f| !f.text.starts_with("# ") || f.text.lines().count() < 3)
        .map(|f| f.path.clone())
        .collect();
    none("documents without a title or without a text", bad);
}

#[test]
fn every_icon_of_a_page_is_in_the_sprite() {
    let sprite = files().iter().find(|file| file.path == "assets/icons.svg").expect("the sprite");
    let of_page = |file: &&File| {
        let template = file.path.contains("/templates/") && file.name().ends_with(".html");
        template || (file.path.ends_with(".rs") && file.path.contains("/pages") && !file.is_test())
    };
    let (mut missing, mut seen) = (Vec::new(), 0);
    for file in files().iter().filter(of_page) {
        for call in ["Icon(\"", ".icon(\""] {
            for piece in file.text.split(call).skip(1) {
                let name = piece.split('"').next().unwrap_or_default();
                seen += 1;
                if !sprite.text.contains(&format!("id=\"{name}\"")) {
                    missing.push(format!("{}: {name}", file.path));
                }
            }
        }
    }
    assert!(seen > 20, "icons are found");
    none("every icon stands in assets/icons.svg", missing);
}
