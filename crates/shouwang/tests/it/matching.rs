//! The match queue on the command line: listed, decided one by one and from a filled-in file, undone.

use crate::county::{
    Sheet, count, hospital_bills, journal_holds, name, person, texts, with_register, workbook,
    write,
};
use serde_json::{Value as Json, json};
use sheets::{Book, Cell, Limits};
use testkit::County;

/// A county with a list whose rows name one person with the number of another: the head of the `n`th household with that
/// of the spouse in the next but one.
fn asked(rows: usize) -> County {
    let (county, people) = with_register(10);
    let bills: Vec<String> = (1..=rows)
        .map(|n| {
            let number = &people[1].rows[2 * (n + 2)][8];
            format!("{}|{number}|关面乡|2026-09-{:02}|6000", name(n, 1), n + 1)
        })
        .collect();
    write(&county, "医保_住院结算_2026-09.xlsx", &hospital_bills(9, &bills));
    let told = county.run(&["import", "医保_住院结算_2026-09.xlsx", "--json"]).ok().json();
    assert_eq!(told[0]["asked"], rows, "{told}");
    county
}

fn list(county: &County, args: &[&str]) -> Json {
    let mut all = vec!["match", "list", "--json"];
    all.extend_from_slice(args);
    county.run(&all).ok().json()
}

fn case(told: &Json, at: usize) -> String {
    told["cases"][at]["case"].as_str().expect("a case").to_owned()
}

fn outcomes(county: &County) -> Vec<String> {
    texts(
        county,
        "select r.outcome from batch_rows r join batches b on b.id = r.batch_id where b.list_id = 'medical_stays' order by r.row_no",
    )
}

#[test]
fn cases_are_listed_decided_and_undone() {
    let county = asked(4);
    let all = list(&county, &[]);
    assert_eq!(all["open"], json!({ "medical_stays": 4 }), "{all}");
    assert_eq!(all["cases"].as_array().expect("cases").len(), 4);
    let first = &all["cases"][0];
    assert_eq!(first["says"]["name"], name(1, 1).as_str(), "{first}");
    let people: Vec<&str> = first["candidates"]
        .as_array()
        .expect("candidates")
        .iter()
        .map(|one| one["person"].as_str().expect("a number"))
        .collect();
    assert!(people.contains(&person(1, 1).as_str()), "{first}");
    assert_eq!(testkit::personal(&all.to_string()), Vec::<String>::new(), "{all}");

    // Pages and filters.
    let page = list(&county, &["--limit", "3"]);
    assert_eq!(page["next"], page["cases"][2]["case"], "{page}");
    let rest = list(&county, &["--after", page["next"].as_str().expect("a case")]);
    assert_eq!((case(&rest, 0), rest["next"].is_null()), (case(&all, 3), true));
    for (args, found) in [
        (["--list", "medical_stays"], 4),
        (["--department", "medical_insurance"], 4),
        (["--department", "housing"], 0),
        (["--list", "loans"], 0),
        (["--state", "decided"], 0),
    ] {
        assert_eq!(
            list(&county, &args)["cases"].as_array().expect("cases").len(),
            found,
            "{args:?}"
        );
    }
    let table = county.run(&["match", "list"]).ok().out;
    assert!(table.contains(&case(&all, 0)) && table.contains("4 to decide"), "{table}");
    assert_eq!(testkit::personal(&table), Vec::<String>::new(), "{table}");

    // The three verdicts, and what is refused.
    let (a, b, c) = (case(&all, 0), case(&all, 1), case(&all, 2));
    county.run(&["match", "decide", &a]).refused(2);
    county.run(&["match", "decide", &a, "--not-here", "--reject"]).refused(2);
    county.run(&["match", "decide", "--not-here"]).refused(2);
    county.run(&["match", "decide", "no case", "--not-here"]).refused(2);
    let stranger = county.run(&["match", "decide", &a, "--person", &person(9, 2)]).refused(1);
    assert!(stranger.err.contains("no candidate"), "{}", stranger.err);
    let args =
        ["match", "decide", &a, "--person", &person(1, 1), "--reason", "看过户口本", "--json"];
    assert_eq!(county.run(&args).ok().json()["rows"], 1);
    county.run(&["match", "decide", &b, "--not-here"]).ok();
    county.run(&["match", "decide", &c, "--reject", "--reason", "号码串行"]).ok();
    assert_eq!(outcomes(&county), ["taken", "not_here", "rejected", "asked"]);
    let again = county.run(&["match", "decide", &a, "--not-here"]).refused(1);
    assert!(again.err.contains("decided this row at"), "{}", again.err);
    assert_eq!(list(&county, &["--state", "decided"])["cases"].as_array().expect("cases").len(), 3);
    let said =
        texts(&county, "select detail from journal where verb = 'intake.match' order by number");
    assert!(said[0].contains("看过户口本") && said[2].contains("号码串行"), "{said:?}");

    county.run(&["match", "undo"]).ok();
    assert_eq!(outcomes(&county), ["taken", "not_here", "asked", "asked"]);
    county
        .run(&["user", "add", "vil", "--name", "v", "--role", "village", "--area", "500154201200"])
        .ok();
    let village = county.run(&["match", "list", "--as", "vil"]).refused(1);
    assert!(village.err.contains("You may not do this"), "{}", village.err);
    journal_holds(&county);
}

/// The lines of a workbook as text.
fn lines(county: &County, file: &str) -> Vec<Vec<String>> {
    let mut book = Book::open(&county.path().join(file), &Limits::default()).expect("opens");
    let rows = book.rows(0).expect("rows");
    rows.map(|row| row.expect("a row").cells.iter().map(Cell::shown).collect()).collect()
}

#[test]
fn the_queue_goes_out_as_a_workbook_and_comes_back_filled_in() {
    let county = asked(5);
    county.run(&["match", "list", "--out", "queue.xlsx"]).ok();
    let mut rows = lines(&county, "queue.xlsx");
    assert_eq!(rows.len(), 6);
    assert_eq!(rows[0][..3], ["case", "decision", "because"]);
    assert_eq!(testkit::personal(&format!("{rows:?}")), Vec::<String>::new());
    let at = |n: usize| 1 + n;
    rows[at(0)].splice(1..3, [person(1, 1), "本人来过".to_owned()]);
    rows[at(1)][1] = "不在本县".to_owned();
    rows[at(2)][1] = "reject".to_owned();
    rows[at(3)][1] = "99".to_owned();
    write(&county, "filled.xlsx", &workbook(&[Sheet { name: "match", rows }]));
    let told = county.run(&["match", "decide", "--from", "filled.xlsx", "--json"]).refused(1);
    let counts = told.json();
    assert_eq!(
        (&counts["lines"], &counts["decided"], &counts["rows"]),
        (&json!(4), &json!(3), &json!(3))
    );
    assert_eq!(counts["refused"][0]["line"], 5, "{counts}");
    assert!(told.err.contains("filled.xlsx:5: This person is no candidate"), "{}", told.err);
    assert_eq!(outcomes(&county), ["taken", "not_here", "rejected", "asked", "asked"]);

    // The same file once more changes nothing; a text table does as well.
    county.run(&["match", "decide", "--from", "filled.xlsx"]).refused(1);
    assert_eq!(count(&county, "select count(*) from journal where verb = 'intake.match'"), 3);
    county.run(&["match", "list", "--out", "rest.csv"]).ok();
    let text = std::fs::read_to_string(county.path().join("rest.csv")).expect("a text");
    let filled = text.replacen(",,,", ",1,,", 1);
    assert_ne!(filled, text, "{text}");
    write(&county, "rest.csv", filled.as_bytes());
    county.run(&["match", "decide", "--from", "rest.csv"]).ok();
    assert_eq!(outcomes(&county).iter().filter(|outcome| *outcome == "asked").count(), 1);
    let wrong = county.run(&["match", "decide", "--from", "registry.xlsx"]).refused(1);
    assert!(wrong.err.contains("match list --out"), "{}", wrong.err);
    county.run(&["match", "decide", "--from", "nowhere.csv"]).refused(1);
    county.run(&["match", "list", "--out", "queue.txt"]).refused(2);

    // One command was one decision: it is undone as a whole.
    county.run(&["match", "undo"]).ok();
    assert_eq!(outcomes(&county), ["taken", "not_here", "rejected", "asked", "asked"]);
    county.run(&["match", "undo"]).ok();
    assert_eq!(outcomes(&county), ["asked", "asked", "asked", "asked", "asked"]);
    journal_holds(&county);
}
