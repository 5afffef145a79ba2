//! A mistake in a file of the pack is found, with the line on which it stands and words in both languages.

use kernel::lang::Lang;
use registry::policies::{Pack, shipped};
use web::L;

use super::book::CaseBook;

const LIFE: &str = "lives/monitoring.toml";
const REMOVAL: &str = "lives/removal.toml";

/// The shipped pack with one text of a file changed, and what is said of it then.
fn said(file: &str, (old, new): (&str, &str)) -> (String, Vec<(String, usize, &'static str)>) {
    let mut files = shipped().remove("cn-2021-2025").unwrap();
    let text = files.get_mut(file).unwrap();
    assert!(text.contains(old), "{old}");
    *text = text.replacen(old, new, 1);
    let changed = text.clone();
    let pack = Pack::read(files).unwrap();
    let county = "140430000000".parse().unwrap();
    let book = CaseBook::of(&pack, county, "2025-06-01".parse().unwrap()).unwrap();
    for one in &book.troubles {
        for lang in [Lang::Zh, Lang::En] {
            let id = format!("cases-wrong-{}", one.wrong.code);
            let words = one.wrong.words(L::new(lang));
            assert!(!words.contains(&id) && !words.is_empty(), "{words}");
        }
    }
    let found = book.troubles.into_iter().map(|one| (one.file, one.wrong.line, one.wrong.code));
    (changed, found.collect())
}

/// The mistake is found in the line that holds a text, and nothing else is said.
fn found(file: &str, change: (&str, &str), (code, on): (&str, &str)) {
    let (text, said) = said(file, change);
    let known: Vec<(&str, usize, &str)> =
        said.iter().map(|(file, line, code)| (file.as_str(), *line, *code)).collect();
    let hit = known.iter().find(|(of, _, what)| *of == file && *what == code);
    let Some((_, line, _)) = hit else { panic!("{code}: {known:?}") };
    let there = text.lines().nth(line - 1).unwrap();
    assert!(there.contains(on), "{code} in line {line}: {there}");
}

#[test]
fn a_state_that_no_way_leads_to_is_found_on_its_line() {
    // a state that no way leads to
    let lone = "[[states]]\nid = \"lone\"\ntitle = { zh = \"孤\", en = \"lone\" }\nphase = \"help\"\nowner = \"village\"\n\n";
    let first = "[[states]]\nid = \"accepted\"";
    let with = format!("{lone}{first}");
    found(LIFE, (first, &with), ("unreached", "id = \"lone\""));
}

#[test]
fn a_condition_of_removal_and_whom_a_life_is_for_must_compile() {
    let typo = ("income_pc > :monitoring_line", "incom_pc > :monitoring_line");
    found(REMOVAL, typo, ("condition", "incom_pc"));
    let line = ("income_pc > :monitoring_line", "income_pc > :monitor_line");
    found(REMOVAL, line, ("condition", "monitor_line"));
    found(REMOVAL, ("[\"income_pc\"]", "[\"incom_pc\"]"), ("column", "[\"incom_pc\"]"));
    let other = "lives/reassessment.toml";
    let mut shipped = shipped();
    let mut files = shipped.remove("cn-2026").unwrap();
    let text = files.get(other).unwrap().clone();
    let whom = text.lines().find(|line| line.starts_with("whom")).unwrap();
    files.insert(other.to_owned(), text.replace(whom, "whom = \"hh_tipe = '脱贫户'\""));
    let base = Pack::read(shipped.remove("cn-2021-2025").unwrap()).unwrap();
    let read = Pack::read(files).unwrap().over(&base).unwrap();
    let county = "140430000000".parse().unwrap();
    let book = CaseBook::of(&read, county, "2026-10-20".parse().unwrap()).unwrap();
    let wrong = book.troubles.iter().find(|one| one.file == other).unwrap();
    let at = text.lines().position(|line| line == whom).unwrap() + 1;
    assert_eq!((wrong.wrong.code, wrong.wrong.line), ("whom", at), "{}", wrong.wrong);
    // the life itself is not led by anybody
    assert!(book.life("reassessment").is_err());
}

#[test]
fn a_clock_without_days_in_one_area_is_told_with_the_area() {
    let text = shipped().remove("cn-2021-2025").unwrap();
    let mut pack = Pack::read(text).unwrap();
    let days = pack.parameters.iter_mut().find(|one| one.id == "case_plan_days").unwrap();
    let mut own = days.values[0].clone();
    own.area = Some("140430203000".parse().unwrap());
    own.value = facts::Scalar::Int(-1);
    days.values.push(own);
    let county = "140430000000".parse().unwrap();
    let book = CaseBook::of(&pack, county, "2025-06-01".parse().unwrap()).unwrap();
    let said: Vec<String> = book.troubles.iter().map(|one| one.wrong.to_string()).collect();
    assert!(
        said.iter()
            .any(|one| one.ends_with("clock_area parameter=case_plan_days area=140430203000")),
        "{said:?}"
    );
    // and one that holds in an area alone
    let days = pack.parameters.iter_mut().find(|one| one.id == "case_plan_days").unwrap();
    days.values.retain(|one| one.area.is_some());
    days.values[0].value = facts::Scalar::Int(10);
    let book = CaseBook::of(&pack, county, "2025-06-01".parse().unwrap()).unwrap();
    assert!(book.troubles.iter().any(|one| one.wrong.code == "clock_nowhere"));
}
