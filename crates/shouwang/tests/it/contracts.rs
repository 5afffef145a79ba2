//! What others rely on: the command line, the API, the codes of refusals. Each stands as a document in `docs/reference`, so
//! that a change of it is a change that somebody reads. `SHOUWANG_WRITE_DOCS=1` writes them anew.

use crate::tree::{program, root};
use crate::words::texts;
use std::fmt::Write as _;
use testkit::County;

/// Compares a document with what the program says today, or writes it.
pub fn document(path: &str, now: &str) {
    let full = root().join(path);
    if std::env::var_os("SHOUWANG_WRITE_DOCS").is_some() {
        std::fs::create_dir_all(full.parent().expect("a folder")).expect("a folder");
        std::fs::write(&full, now).expect("a document");
    }
    let then = std::fs::read_to_string(&full).unwrap_or_default();
    let different = then.lines().zip(now.lines()).position(|(a, b)| a != b);
    let line = different.unwrap_or_else(|| then.lines().count().min(now.lines().count()));
    assert!(
        then == now,
        "{path}, line {}:\n  written: {}\n  now:     {}\nRun the tests once with SHOUWANG_WRITE_DOCS=1 and read the difference.",
        line + 1,
        then.lines().nth(line).unwrap_or("(end)"),
        now.lines().nth(line).unwrap_or("(end)")
    );
}

/// The verbs that a help text lists.
fn verbs(help: &str) -> Vec<String> {
    help.lines()
        .skip_while(|l| *l != "Commands:")
        .skip(1)
        .take_while(|l| !l.is_empty())
        .filter(|l| l.starts_with("  ") && !l.starts_with("   "))
        .filter_map(|l| l.split_whitespace().next())
        .filter(|v| *v != "help")
        .map(str::to_owned)
        .collect()
}

/// The help of this verb and of all below it.
fn helps(path: &[String], text: &mut String) {
    let folder = std::env::temp_dir();
    let mut args = path.to_vec();
    args.extend(["--lang", "en", "--help"].map(str::to_owned));
    let help = program().run(&folder, &args).ok().out;
    let help = help.lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
    let name = std::iter::once("shouwang".to_owned())
        .chain(path.iter().cloned())
        .collect::<Vec<_>>()
        .join(" ");
    writeln!(text, "## `{name}`\n\n```text\n{}\n```\n", help.trim()).expect("a string grows");
    for verb in verbs(&help) {
        let mut below = path.to_vec();
        below.push(verb);
        helps(&below, text);
    }
}

#[test]
fn the_command_line_is_as_documented() {
    let mut text = "# Command line\n\nWhat `--help` says. Exit code 0: done; 1: it went wrong; 2: the command line is wrong.\n\n".to_owned();
    helps(&[], &mut text);
    let missing: Vec<_> =
        VERBS.iter().filter(|v| !text.contains(&format!("## `shouwang {v}`"))).collect();
    assert!(missing.is_empty(), "verbs that the README promises: {missing:?}");
    document("docs/reference/cli.md", &text);
}

/// What the README and the operating guides promise.
const VERBS: [&str; 5] = ["init", "serve", "backup", "restore", "doctor"];

#[test]
fn a_wrong_command_line_ends_with_2_and_a_missing_county_with_1() {
    let folder = tempfile::TempDir::new().expect("a folder");
    program().run(folder.path(), &["no-such-verb"]).refused(2);
    program().run(folder.path(), &["serve", "--no-such-option"]).refused(2);
    let told = program().run(folder.path(), &["doctor", "--lang", "en"]).refused(1);
    assert!(told.err.contains("shouwang init"), "it says what to do: {}", told.err);
}

#[test]
fn every_code_of_a_refusal_and_of_a_finding_is_documented_in_both_languages() {
    let (zh, en) = (texts("zh-CN"), texts("en"));
    let mut text = "# Refusals and findings\n\nWhat the program says no with, and what it says about files. Generated from `locales/`.\n".to_owned();
    for (family, title) in [("refusal", "Refusals"), ("finding", "Findings")] {
        writeln!(
            text,
            "\n## {title}\n\n| code | 中文 | English | what to do |\n| --- | --- | --- | --- |"
        )
        .expect("a string grows");
        for (id, said) in
            zh.iter().filter(|(id, _)| id.starts_with(&format!("{family}-")) && !id.contains('.'))
        {
            let code = id.trim_start_matches(family).trim_start_matches('-');
            let english = en.get(id).map_or("", String::as_str);
            let advice = en.get(&format!("{id}.advice")).map_or("", String::as_str);
            writeln!(text, "| `{code}` | {said} | {english} | {advice} |").expect("a string grows");
        }
    }
    document("docs/reference/refusals.md", &text);
}

#[test]
fn the_api_is_as_documented() {
    let (county, _) = County::empty(&program());
    let server = county.serve();
    let answer = server.visitor().api("/api/openapi.json").status(200);
    let mut text = serde_json::to_string_pretty(&answer.json()).expect("JSON");
    text.push('\n');
    document("docs/reference/openapi.json", &text);
}

#[test]
fn the_facts_are_documented_as_they_are_derived() {
    let page = program().run(&std::env::temp_dir(), &["facts", "reference"]).ok().out;
    document("docs/reference/facts.md", &page);
}

#[test]
fn the_tables_are_as_documented() {
    let (county, _) = County::empty(&program());
    let made = crate::county::texts(
        &county,
        "select sql from sqlite_master where sql is not null and name not like 'sqlite_%' order by tbl_name, type desc, name",
    );
    assert!(made.len() > 40, "{} tables and indexes", made.len());
    let mut text = String::from(
        "-- The tables as the migrations and the declared facts leave them on SQLite. Generated; PostgreSQL has the same columns.\n",
    );
    for statement in made {
        let lines: Vec<&str> = statement.lines().map(str::trim_end).collect();
        writeln!(text, "\n{};", lines.join("\n")).expect("a string grows");
    }
    document("docs/reference/schema.sql", &text);
}
