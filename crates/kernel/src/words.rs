//! Every code, role and permission of the kernel has its words in both languages.

use std::collections::BTreeSet;

use crate::area::AreaLevel;
use crate::cells::CellProblem;
use crate::error::message_id;
use crate::idnumber::{Repair, Unusable};
use crate::lang::Lang;
use crate::permission::{FieldClass, Permission, Role};

/// Codes that the source of the kernel names as refusals of a text.
fn refusals() -> BTreeSet<String> {
    let mut codes = BTreeSet::from(["kernel.disk_full", "kernel.not_a_word"].map(str::to_owned));
    let mut folders = vec![std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let source = std::fs::read_to_string(path).unwrap();
                let named = source.split("BadText { code: \"").skip(1);
                codes.extend(named.filter_map(|rest| rest.split('"').next()).map(str::to_owned));
            }
        }
    }
    let by_macro = ["role", "field_class", "permission"];
    codes.extend(by_macro.map(|kind| format!("permission.not_a_{kind}")));
    codes.extend(["empty", "masked", "not_a_number", "wrong_length"].map(|k| format!("phone.{k}")));
    codes
}

fn findings() -> Vec<&'static str> {
    let repairs = [
        Repair::Blanks,
        Repair::Quotes,
        Repair::FullWidth,
        Repair::Dashes,
        Repair::LowerX,
        Repair::FifteenDigits,
    ];
    let unusable = [
        Unusable::Empty,
        Unusable::Scientific,
        Unusable::CutToFifteen { first_fifteen: String::new() },
        Unusable::WrongLength,
        Unusable::WrongCharacters,
    ];
    let mut codes = vec!["idnumber.wrong_check", "idnumber.impossible_birth"];
    codes.extend(["phone.empty", "phone.masked", "phone.not_a_number", "phone.wrong_length"]);
    codes.extend(repairs.map(Repair::code));
    codes.extend(unusable.iter().map(Unusable::code));
    codes.extend(CellProblem::ALL.map(CellProblem::code));
    codes
}

/// Ids of a locale file, and those of them that carry an advice.
fn words(lang: Lang) -> (BTreeSet<String>, BTreeSet<String>) {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../locales");
    let file = std::fs::read_to_string(format!("{root}/{lang}/kernel.ftl")).unwrap();
    let (mut ids, mut advised, mut last) = (BTreeSet::new(), BTreeSet::new(), String::new());
    for line in file.lines() {
        if line.starts_with("    .advice = ") {
            assert!(advised.insert(last.clone()), "{lang} {last}: two advices");
        } else if let Some((id, text)) = line.split_once(" = ") {
            assert!(!text.trim().is_empty(), "{lang} {id}");
            assert!(ids.insert(id.to_owned()), "{lang} {id} stands twice");
            last = id.to_owned();
        }
    }
    (ids, advised)
}

#[test]
fn every_code_and_every_word_of_the_tables_is_said_in_both_languages() {
    let mut advised = BTreeSet::new();
    advised.extend(refusals().iter().map(|code| message_id("refusal", code)));
    advised.extend(findings().into_iter().map(|code| message_id("finding", code)));
    let mut all = advised.clone();
    all.extend(Role::ALL.iter().map(|role| message_id("kernel-role", role.text())));
    all.extend(FieldClass::ALL.iter().map(|one| message_id("kernel-field_class", one.text())));
    all.extend(Permission::ALL.iter().map(|one| message_id("kernel-permission", one.text())));
    all.extend(AreaLevel::ALL.iter().map(|one| message_id("kernel-area_level", one.text())));
    all.extend(["male", "female"].map(|sex| format!("kernel-sex-{sex}")));
    all.extend(["note", "warning", "error"].map(|one| format!("kernel-severity-{one}")));
    for lang in Lang::ALL {
        let (ids, with_advice) = words(lang);
        assert_eq!(ids, all, "{lang}");
        assert_eq!(with_advice, advised, "{lang}");
    }
}
