//! Every sentence that a person reads stands in `locales/`, in both languages, with the same arguments.

use crate::tree::{file, files, none, rust};
use std::collections::{BTreeMap, BTreeSet};

/// What one Fluent file says: id (or `id.attribute`) → the names of its arguments.
type Messages = BTreeMap<String, BTreeSet<String>>;

/// Reads the part of Fluent's syntax that this repository uses.
fn read(text: &str) -> Messages {
    let mut messages = Messages::new();
    let (mut message, mut current) = (String::new(), String::new());
    for line in text.lines() {
        if line.starts_with('#') || line.trim().is_empty() {
            continue;
        }
        let head = line.split('=').next().unwrap_or("").trim();
        let is_word = |w: &str| {
            !w.is_empty() && w.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c))
        };
        if !line.starts_with([' ', '}', '\t']) && line.contains('=') && is_word(head) {
            message = head.to_owned();
            current = head.to_owned();
            messages.entry(current.clone()).or_default();
        } else if let Some(attribute) =
            head.strip_prefix('.').filter(|a| is_word(a) && line.contains('='))
        {
            current = format!("{message}.{attribute}");
            messages.entry(current.clone()).or_default();
        }
        let arguments = messages.entry(current.clone()).or_default();
        for piece in line.split('$').skip(1) {
            arguments.insert(
                piece
                    .chars()
                    .take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c))
                    .collect(),
            );
        }
    }
    messages
}

/// What every id of a language says, on one line: id (or `id.attribute`) → text.
pub fn texts(lang: &str) -> BTreeMap<String, String> {
    let mut texts = BTreeMap::new();
    for f in files().iter().filter(|f| f.path.starts_with(&format!("locales/{lang}/"))) {
        let (mut message, mut current) = (String::new(), String::new());
        for line in f.text.lines().filter(|l| !l.starts_with('#') && !l.trim().is_empty()) {
            let (head, said) = line.split_once('=').map_or(("", line), |(h, s)| (h.trim(), s));
            let plain = |w: &str| w.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
            if !line.starts_with([' ', '\t', '}']) && !head.is_empty() && plain(head) {
                (message, current) = (head.to_owned(), head.to_owned());
                texts.insert(current.clone(), said.trim().to_owned());
            } else if let Some(attribute) = head.strip_prefix('.').filter(|a| plain(a)) {
                current = format!("{message}.{attribute}");
                texts.insert(current.clone(), said.trim().to_owned());
            } else if let Some(text) = texts.get_mut(&current) {
                text.push(' ');
                text.push_str(line.trim());
            }
        }
    }
    texts.values_mut().for_each(|t| *t = t.trim().replace('|', "\\|"));
    texts
}

/// Language → file name → what it says.
fn locales(lang: &str) -> BTreeMap<String, Messages> {
    let folder = format!("locales/{lang}/");
    files()
        .iter()
        .filter(|f| f.path.starts_with(&folder) && f.path.ends_with(".ftl"))
        .map(|f| (f.name().to_owned(), read(&f.text)))
        .collect()
}

/// Every id of a language, of all files.
fn ids(lang: &str) -> BTreeSet<String> {
    locales(lang).into_values().flat_map(|m| m.into_keys()).collect()
}

/// What is said on the page after a form was taken: only ids that end in `-done` are shown, any other is silently nothing.
#[test]
fn what_was_done_is_said_on_the_next_page() {
    let mut wrong = Vec::new();
    let mut seen = 0;
    for f in rust().filter(|f| !f.is_test()) {
        let code: String = f.code().map(|(_, line)| format!("{}\n", line.trim())).collect();
        for call in code.split(" done(").skip(1).chain(code.split("\ndone(").skip(1)) {
            let call = call.split('\n').take(6).collect::<String>();
            let Some(id) = call.split(['"']).skip(1).step_by(2).take(2).find(|text| {
                !text.is_empty() && text.contains('-') && !text.contains(['/', ' ', '{'])
            }) else {
                continue;
            };
            seen += 1;
            if !id.ends_with("-done") {
                wrong.push(format!("{}: {id}", f.path));
            }
        }
    }
    assert!(seen > 20, "the calls are read: {seen}");
    none("What was done must end in -done to be shown", wrong);
}

#[test]
fn the_reader_of_fluent_files_reads_them() {
    let messages = read(
        "# note\na-b = Hello { $who }\n    and { $n ->\n        [one] one\n       *[other] { $n }\n    }\n  .advice = Ask { $whom }\n\nc = d = e\n",
    );
    assert_eq!(messages.keys().collect::<Vec<_>>(), ["a-b", "a-b.advice", "c"]);
    assert_eq!(messages["a-b"], BTreeSet::from(["n".to_owned(), "who".to_owned()]));
    assert_eq!(messages["a-b.advice"], BTreeSet::from(["whom".to_owned()]));
}

#[test]
fn both_languages_say_the_same_things() {
    let (zh, en) = (locales("zh-CN"), locales("en"));
    let mut bad = Vec::new();
    for name in zh.keys().chain(en.keys()).collect::<BTreeSet<_>>() {
        let (Some(zh), Some(en)) = (zh.get(name), en.get(name)) else {
            bad.push(format!("{name}: in one language only"));
            continue;
        };
        for id in zh.keys().chain(en.keys()).collect::<BTreeSet<_>>() {
            match (zh.get(id), en.get(id)) {
                (Some(_), None) => bad.push(format!("{name}: {id} has no English")),
                (None, Some(_)) => bad.push(format!("{name}: {id} has no Chinese")),
                (Some(a), Some(b)) if a != b => {
                    bad.push(format!("{name}: {id}: arguments {a:?} and {b:?}"))
                }
                _ => {}
            }
        }
    }
    none("the two languages differ", bad);
}

#[test]
fn no_id_is_defined_twice() {
    for lang in ["zh-CN", "en"] {
        let mut home: BTreeMap<String, String> = BTreeMap::new();
        let mut bad = Vec::new();
        for f in files().iter().filter(|f| f.path.starts_with(&format!("locales/{lang}/"))) {
            for line in f
                .text
                .lines()
                .filter(|l| !l.starts_with([' ', '#', '.', '}', '\t']) && l.contains('='))
            {
                let id = line.split('=').next().unwrap_or("").trim().to_owned();
                if let Some(other) = home.insert(id.clone(), f.path.clone()) {
                    bad.push(format!("{id}: {other} and {}", f.path));
                }
            }
        }
        none("one id, one sentence", bad);
    }
}

#[test]
fn english_is_english_and_chinese_is_chinese() {
    let han = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    let mut bad = Vec::new();
    for f in files().iter().filter(|f| f.path.starts_with("locales/zh-CN/")) {
        let words = f.text.lines().filter(|l| !l.starts_with('#')).collect::<String>();
        if !words.is_empty() && !han(&words) {
            bad.push(format!("{}: not one Chinese character", f.path));
        }
    }
    none("the languages are where they belong", bad);
}

/// The string literal that follows each occurrence of `before` in a text.
fn literals_after<'a>(text: &'a str, before: &'a str) -> impl Iterator<Item = &'a str> {
    text.match_indices(before).filter_map(move |(at, _)| {
        let rest = text[at + before.len()..].trim_start();
        let quote = rest.chars().next().filter(|c| *c == '"' || *c == '\'')?;
        let rest = &rest[1..];
        rest.find(quote).map(|end| &rest[..end])
    })
}

#[test]
fn every_id_that_a_page_uses_is_worded() {
    let (zh, en) = (ids("zh-CN"), ids("en"));
    let pages = files().iter().filter(|f| {
        f.path.starts_with("crates/")
            && (f.path.ends_with(".html") || (f.path.ends_with(".rs") && !f.is_test()))
    });
    let mut bad = Vec::new();
    for f in pages {
        let said: String =
            f.code().filter(|(_, l)| !l.trim_start().starts_with("//")).map(|(_, l)| l).collect();
        for call in [".t(", ".t1(", ".t_args("] {
            for id in literals_after(&said, call) {
                let is_id = id.contains('-')
                    && id
                        .chars()
                        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_".contains(c));
                if is_id && !id.ends_with('-') && (!zh.contains(id) || !en.contains(id)) {
                    bad.push(format!("{}: {id}", f.path));
                }
            }
        }
    }
    none("an id without words", bad);
}

#[test]
fn every_refusal_and_every_finding_is_worded() {
    let (zh, en) = (ids("zh-CN"), ids("en"));
    let mut bad = Vec::new();
    let kinds = ["invalid", "not_found", "forbidden", "conflict", "too_many", "unavailable", "new"];
    for f in rust().filter(|f| !f.is_test()) {
        let code: String = f.code().map(|(_, l)| format!("{l}\n")).collect();
        let mut found: Vec<(&str, String)> = Vec::new();
        for kind in kinds {
            for maker in ["Refusal", "Self"] {
                let codes = literals_after(&code, &format!("{maker}::{kind}("))
                    .filter(|c| maker == "Refusal" || c.contains('.'))
                    .map(str::to_owned)
                    .collect::<Vec<_>>();
                found.extend(codes.into_iter().map(|c| ("refusal", c)));
            }
        }
        for (at, _) in code.match_indices("Refusal::new(") {
            let inside = &code[at..code[at..].find(')').map_or(code.len(), |e| at + e)];
            found.extend(inside.split('"').nth(1).map(|c| ("refusal", c.to_owned())));
        }
        for call in ["Finding::new(", "Finding::error(", "Finding::warning(", "Finding::note("] {
            found.extend(literals_after(&code, call).map(|c| ("finding", c.to_owned())));
        }
        for (prefix, code) in found {
            if !code
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "._".contains(c))
            {
                continue;
            }
            let id = format!("{prefix}-{}", code.replace('.', "-"));
            for (lang, there) in [("zh-CN", &zh), ("en", &en)] {
                if !there.contains(&id) {
                    bad.push(format!("{}: {code}: {lang} has no {id}", f.path));
                }
            }
        }
    }
    none("what happened, in both languages", bad);
}

#[test]
fn both_readmes_show_the_same_commands() {
    let commands = |path: &str| -> Vec<String> {
        let text = &file(path).unwrap_or_else(|| panic!("{path}")).text;
        let mut inside = false;
        let mut commands = Vec::new();
        for line in text.lines() {
            if line.starts_with("```") {
                inside = !inside;
            } else if inside {
                commands.push(line.split(" # ").next().unwrap_or("").trim().to_owned());
            }
        }
        commands
    };
    let (en, zh) = (commands("README.md"), commands("README.zh-CN.md"));
    assert!(en.iter().any(|l| l.contains("demo")), "the README shows the first command");
    assert_eq!(en, zh, "README.md and README.zh-CN.md");
}

/// A value is written with its unit ("1 person", "3 people"), so what follows it must be right for one and for many.
#[test]
fn the_english_sentences_of_rules_are_right_for_one() {
    let many = [" are ", " have ", " were ", "(of them"];
    let mut complaints = Vec::new();
    let mut sentences = 0;
    let rules =
        files().iter().filter(|f| f.path.starts_with("packs/") && f.path.ends_with(".toml"));
    for rule in rules {
        let of = |line: &&str| line.starts_with("explain.en") || line.starts_with("question.en");
        for line in rule.text.lines().filter(of) {
            sentences += 1;
            let said = line.split_once('"').map_or("", |(_, said)| said);
            let after = said.split_once('}').map_or("", |(_, after)| after);
            let wrong = many.iter().any(|word| after.contains(word)) || said.starts_with("All ");
            if wrong {
                complaints.push(format!("{}: {said}", rule.path));
            }
        }
    }
    assert!(sentences > 60, "only {sentences} sentences were found");
    none("sentences that are wrong for one", complaints);
}
