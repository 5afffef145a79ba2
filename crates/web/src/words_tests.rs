//! Both languages say the same things, and what the code asks for exists.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use kernel::lang::Lang;

use crate::{Arg, L};

/// Message id → its values (`$n`) and attributes (`.advice`).
fn messages(tag: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (path, bytes) in crate::embedded::locales() {
        if !path.starts_with(&format!("{tag}/")) {
            continue;
        }
        let mut at = String::new();
        for line in String::from_utf8(bytes).unwrap().lines().filter(|line| !line.starts_with('#'))
        {
            if line.starts_with(|first: char| first.is_ascii_lowercase()) {
                at = line.split('=').next().unwrap().trim().to_owned();
                assert!(!found.contains_key(&at), "{path}: {at} stands twice");
                found.insert(at.clone(), BTreeSet::new());
            }
            let parts = found.entry(at.clone()).or_default();
            if let Some(attribute) = line.trim_start().strip_prefix('.') {
                parts.insert(format!(".{}", attribute.split('=').next().unwrap().trim()));
            }
            for value in line.split('$').skip(1) {
                let end = value
                    .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                    .unwrap_or(value.len());
                parts.insert(format!("${}", &value[..end]));
            }
        }
    }
    found
}

#[test]
fn both_languages_have_the_same_messages_and_values() {
    let (zh, en) = (messages("zh-CN"), messages("en"));
    assert!(zh.len() > 100);
    for (id, parts) in &zh {
        assert_eq!(Some(parts), en.get(id), "{id}");
    }
    for id in en.keys() {
        assert!(zh.contains_key(id), "{id} is missing in zh-CN");
    }
}

fn files(at: &Path, ends: &[&str], found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(at).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files(&path, ends, found);
        } else if ends.iter().any(|end| path.to_string_lossy().ends_with(end)) {
            found.push(path);
        }
    }
}

/// Every text literal that directly follows `before` in the sources of all crates.
fn literals(before: &[&str]) -> BTreeMap<String, PathBuf> {
    let mut sources = Vec::new();
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join(".."), &[".rs", ".html"], &mut sources);
    let mut found = BTreeMap::new();
    for path in sources.into_iter().filter(|path| !path.to_string_lossy().contains("tests")) {
        let text = std::fs::read_to_string(&path).unwrap();
        // What stands below a file's tests is not shown to anybody; comments neither.
        let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
        let text: String = text
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
            .collect::<Vec<_>>()
            .join("\n");
        for before in before {
            for rest in text.split(before).skip(1) {
                let Some(literal) =
                    rest.trim_start().strip_prefix('"').and_then(|rest| rest.split('"').next())
                else {
                    continue;
                };
                if !literal.contains(['{', '<']) {
                    found.insert(literal.to_owned(), path.clone());
                }
            }
        }
    }
    found
}

#[test]
fn every_message_the_code_asks_for_exists() {
    let known = messages("zh-CN");
    let asked = literals(&[".t(", ".t1(", ".t_args("]);
    assert!(asked.len() > 30);
    for (id, path) in asked {
        let (message, attribute) =
            id.split_once('.').map_or((id.as_str(), None), |(m, a)| (m, Some(format!(".{a}"))));
        let parts = known.get(message);
        assert!(parts.is_some(), "{}: no message `{id}`", path.display());
        assert!(
            attribute.is_none_or(|attribute| parts.unwrap().contains(&attribute)),
            "{}: `{id}`",
            path.display()
        );
    }
}

#[test]
fn every_refusal_has_its_sentence() {
    let known = messages("zh-CN");
    let kinds = ["invalid", "not_found", "forbidden", "conflict", "too_many", "unavailable"];
    let before: Vec<String> =
        kinds.iter().map(|kind| format!("Refusal::{kind}(")).chain(["bad(".to_owned()]).collect();
    let codes = literals(&before.iter().map(String::as_str).collect::<Vec<_>>());
    assert!(codes.len() > 4);
    let id = |code: &str| kernel::error::message_id("refusal", code);
    let missing: Vec<String> = codes
        .iter()
        .filter(|(code, _)| code.contains('.') && !known.contains_key(&id(code)))
        .map(|(code, path)| format!("{} ({})", id(code), path.display()))
        .collect();
    assert!(missing.is_empty(), "no words for {missing:#?}");
}

#[test]
fn numbers_are_grouped_and_choose_the_plural() {
    let (zh, en) = (L(Lang::Zh), L(Lang::En));
    assert_eq!(en.t1("web-days", "n", 1), "1 day");
    assert_eq!(en.t1("web-days", "n", 12_345), "12,345 days");
    assert_eq!(zh.t1("web-clock-over", "n", 3), "超期 3 天");
    assert_eq!(zh.ago(23), "23 天前");
    assert_eq!(en.ago(1), "yesterday");
    assert_eq!(
        zh.t_args("web-shown-of", &[("n", Arg::Int(50)), ("total", Arg::Int(50_090))]),
        "显示 50 条，共 50,090 条"
    );
}

#[test]
#[cfg(debug_assertions)]
#[should_panic(expected = "no message")]
fn a_message_that_does_not_exist_stops_a_debug_build() {
    let _ = L(Lang::Zh).t("web-there-is-no-such-message");
}

#[test]
fn english_counts_one_and_many_whether_a_number_or_its_text_is_given() {
    let l = L::new(Lang::En);
    let one = [
        ("households-former", "One person"),
        ("households-age", "1 year"),
        ("circumstances-income-lines", "One entry"),
        ("finding-people-not_listed", "One known member"),
        ("finding-households-not_listed", "One household"),
    ];
    for (id, begins) in one {
        for arg in [Arg::Int(1), Arg::Text("1".to_owned())] {
            let said = l.t1(id, "n", arg);
            assert!(said.starts_with(begins) && !said.contains("years"), "{id}: {said}");
        }
        assert!(l.t1(id, "n", Arg::Text("3".to_owned())).starts_with('3'), "{id}");
    }
    assert_eq!(l.t1("circumstances-guarantee-insurance-ok", "of", 1_i64), "Insured");
    let number = l.t1("households-detail-merge", "number", "140430000001");
    assert!(number.contains("140430000001"), "{number}");
    let zeros = l.t1("households-detail-merge", "number", "007");
    assert!(zeros.contains("007"), "{zeros}");
}

#[test]
fn a_basis_in_both_languages_is_shown_in_the_readers() {
    let both = "县里定 (set by the county)";
    assert_eq!(L(Lang::Zh).half(both), "县里定");
    assert_eq!(L(Lang::En).half(both), "set by the county");
    for whole in ["中农组发〔2021〕7号", "a list (of one)", "第8条 (甲)"] {
        assert_eq!(L(Lang::En).half(whole), whole);
    }
}
