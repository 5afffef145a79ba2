//! The rule book on the command line.

use crate::county::{count, journal_holds, with_areas, with_register};
use crate::tree::{program, root};

#[test]
fn without_households_there_is_nothing_to_screen_and_it_is_said() {
    let county = with_areas();
    let told = county.run(&["screen"]).refused(1);
    assert!(!told.err.contains("did not work ("), "{}", told.err);
}

#[test]
fn other_rules_are_shown_and_store_nothing_and_the_countys_own_store_their_leads() {
    let (county, _) = with_register(6);
    let before = (
        count(&county, "select count(*) from leads"),
        count(&county, "select count(*) from journal"),
    );
    let rules = root().join("crates/casework/tests/truth-rules");
    let rules = rules.to_str().expect("a path");
    county.run(&["screen", "--rules", rules, "--out", "answers.csv", "--json"]);
    let after = (
        count(&county, "select count(*) from leads"),
        count(&county, "select count(*) from journal"),
    );
    assert_eq!(after, before, "nothing is stored");
    let text = std::fs::read_to_string(county.path().join("answers.csv")).expect("answers");
    let mut lines = text.trim_start_matches('\u{feff}').lines();
    assert_eq!(lines.next(), Some("rule_id,household_id,severity,certainty,explanation"));
    for line in lines {
        let certainty = line.split(',').nth(3).expect("five columns");
        assert!(["sure", "cannot_tell"].contains(&certainty), "{line}");
    }
    let told = county.run(&["screen", "--json"]).json();
    assert_eq!(told["run"]["kind"], "baseline", "{told}");
    assert_eq!(count(&county, "select count(*) from rule_runs"), 1);
    let checked = county.run(&["rules", "check", "--json"]).ok().json();
    assert!(checked["rules"].as_array().expect("rules").len() >= 25, "{checked}");
    // What is wrong with a rule is said in the language of the one who asks; the others are asked.
    let good =
        std::fs::read_to_string(root().join("packs/cn-2021-2025/screening/children-alone.toml"))
            .expect("a rule");
    let folder = county.path().join("mine");
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("good.toml"), &good).expect("a rule");
    let wrong =
        good.replace("\"children_alone\"", "\"no_such_name\"").replace("id = \"", "id = \"wrong-");
    std::fs::write(folder.join("wrong.toml"), wrong).expect("a rule");
    for (lang, words) in [("zh", "没有列 no_such_name"), ("en", "has no column no_such_name")] {
        for verb in [&["rules", "check"][..], &["screen"]] {
            // `county.run` chooses the language itself.
            let own = ["--rules", "mine", "--dir", "county", "--lang", lang];
            let told = program().run(county.path(), &[verb, &own].concat()).refused(1);
            assert!(told.err.contains(words) && told.err.contains("wrong-"), "{}", told.err);
            assert_eq!(told.err.trim().lines().count(), 1, "{}", told.err);
        }
    }
    journal_holds(&county);
}
