//! What an own list must be.

use std::collections::BTreeMap;

use super::lists::*;
use super::pack::PackFault;

pub(crate) const DRONES: &str = r#"
id = "drones"
title = { zh = "无人机飞手", en = "" }
department = "agriculture"
about = "person"
by = ["id", "village"]
adds = true
absent_is_none = true
rhythm = "monthly"
due_day = 10
[[columns]]
name = "金额"
title = { zh = "补贴金额", en = "subsidy" }
type = "amount"
"#;

fn faults(text: &str) -> Vec<PackFault> {
    let wrong = ListDef::read("lists/drones.toml", text).unwrap_err();
    wrong.into_iter().map(|problem| problem.fault).collect()
}

#[test]
fn english_falls_back_and_a_list_without_a_key_is_refused() {
    let list = ListDef::read("lists/drones.toml", DRONES).unwrap();
    assert_eq!((list.title.en.as_str(), list.rhythm.looked_back(true)), ("无人机飞手", 12));
    let keyless = DRONES.replace(r#"["id", "village"]"#, "[]");
    assert_eq!(faults(&keyless), [PackFault::NoKey]);
    let town = DRONES.replace(r#"["id", "village"]"#, r#"["town"]"#);
    assert_eq!(faults(&town), [PackFault::NoKey]);
    let village = DRONES.replace("\"person\"", "\"village\"");
    assert_eq!(faults(&village), [PackFault::NoKey]);
    assert_eq!(faults(&DRONES.replace("金额\"", "name\"")).len(), 1);
    assert_eq!(faults(&DRONES.replace("\"amount\"", "\"code\"")).len(), 1);
    assert_eq!(column_name("补贴金额（万元）"), "补贴金额");
}

#[test]
fn a_column_that_refers_to_no_code_list_is_named() {
    let text = DRONES.replace("\"amount\"", "\"code\"\ncodes = \"kinds\"");
    let mut files = BTreeMap::from([("lists/drones.toml".to_owned(), text)]);
    assert_eq!(OwnLists::of(&files).1.len(), 1);
    let codes = r#"
id = "kinds"
title = { zh = "机型", en = "Kinds" }
codes = [ { code = "q", title = { zh = "四旋翼", en = "quad" } } ]
"#;
    files.insert("codes/kinds.toml".to_owned(), codes.to_owned());
    let (own, problems) = OwnLists::of(&files);
    assert_eq!(problems, []);
    assert_eq!(own.codes["kinds"].code_of(" 四旋翼 "), Some("q"));
    assert_eq!(own.codes["kinds"].code_of("六旋翼"), None);
    assert_eq!(own.asked()[0].columns[0].words.len(), 1);
}
