//! Layouts of papers on every engine at hand.

use std::io::{Cursor, Read, Write};

use kernel::error::{Error, RefusalKind};
use kernel::lang::Lang;
use kernel::permission::Role;
use kernel::time::Clock;
use sheets::docx::{Place, Template};
use store::testing::{TestDb, test_db};
use store::{Actor, Ctx, params};

use super::model::{FIELDS, Problem, read};
use super::*;

const TODAY: &str = "2026-10-20";

fn ctx(test: &TestDb, role: Role) -> Ctx {
    let clock = Clock::fixed_on(TODAY.parse().unwrap());
    let actor = Actor { role, name: "试".to_owned(), ..Actor::system() };
    Ctx::new(&test.db, actor, clock, Lang::Zh)
}

/// A layout in which a text was changed.
fn changed(paper: Paper, from: &str, to: &str) -> Vec<u8> {
    let mut zip = zip::ZipArchive::new(Cursor::new(shipped(paper).unwrap())).unwrap();
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..zip.len() {
        let mut part = zip.by_index(index).unwrap();
        let name = part.name().unwrap().to_string();
        let mut text = String::new();
        part.read_to_string(&mut text).unwrap();
        if name == "word/document.xml" {
            assert!(text.contains(from), "{from} is not in the layout");
            text = text.replace(from, to);
        }
        out.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        out.write_all(text.as_bytes()).unwrap();
    }
    out.finish().unwrap().into_inner()
}

fn text_of(bytes: &[u8]) -> String {
    let all = Template::read(bytes).unwrap().paragraphs();
    all.into_iter().map(|(_, text)| text).collect::<Vec<_>>().join("\n")
}

/// Every value says its own id, every list has two lines.
fn full(paper: Paper) -> Values {
    let mut values = Values::default();
    for field in paper.fields().filter(|field| !field.row) {
        values.one.insert(field.id, format!("〈{}〉", field.zh));
    }
    for n in 1..=2 {
        let row = paper.fields().filter(|field| field.row);
        values.rows.push(row.map(|field| (field.id, format!("〈{}{n}〉", field.zh))).collect());
    }
    values
}

#[test]
fn every_layout_that_ships_is_read_and_leaves_no_placeholder() {
    for paper in Paper::ALL {
        let template = read(*paper, shipped(*paper).unwrap()).unwrap();
        let used: Vec<String> = template.placeholders().into_iter().map(|one| one.name).collect();
        assert!(used.len() > 5, "{}", paper.code());
        let made = template.fill(&[full(*paper)], &|name| paper.slot(name)).unwrap();
        let text = text_of(&made);
        assert!(!text.contains("{{") && !text.contains("}}"), "{}: {text}", paper.code());
        for name in used {
            let row = matches!(paper.slot(&name), Some(sheets::docx::Slot::Row(_)));
            let shown = if row { format!("〈{name}2〉") } else { format!("〈{name}〉") };
            assert!(text.contains(&shown), "{}: {name} is lost", paper.code());
        }
    }
}

#[test]
fn names_of_placeholders_are_told_apart_and_boards_know_nothing_private() {
    for paper in Paper::ALL {
        let mut names: Vec<&str> = paper.fields().flat_map(|field| [field.id, field.zh]).collect();
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all, "{}", paper.code());
    }
    for field in FIELDS.iter().filter(|field| field.on.iter().any(|paper| paper.is_public())) {
        let private = ["risk", "number", "facts", "class", "case", "member", "phone"];
        assert!(!private.iter().any(|word| field.id.contains(word)), "{}", field.id);
    }
}

#[test]
fn what_is_wrong_with_a_layout_is_told_with_its_place() {
    let notice = Paper::Notice;
    let wrong = |from: &str, to: &str| read(notice, &changed(notice, from, to)).unwrap_err();
    let unknown = wrong("{{名单.户主}}", "{{名单.身份证号}}");
    assert_eq!(unknown, [Problem::Unknown("名单.身份证号".to_owned(), Place::Row(1, 2))]);
    let outside = wrong("监督电话：", "{{名单.组}}监督电话：");
    assert!(
        matches!(&outside[..], [Problem::OutsideRow(name, Place::Paragraph(_))] if name == "名单.组")
    );
    assert!(matches!(
        &wrong("{{公示开始日期}}", "{{公示开始日期")[..],
        [Problem::Open(_, Place::Paragraph(_)), ..]
    ));
    let phone = wrong("________________", "0938-6521234");
    assert!(matches!(&phone[..], [Problem::NotPublic(what, _)] if what == "093865"));
    let none = changed(notice, "{{名单.", "{{没有.");
    assert!(read(notice, &none).unwrap_err().contains(&Problem::NoRow));
    for problem in wrong("{{名单.户主}}", "{{张三}}") {
        let (what, advice) = web::words_of_refusal(web::L::new(Lang::Zh), &problem.refusal());
        assert!(what.contains("第 1 张表第 2 行") && what.contains("张三"), "{what}");
        assert!(advice.is_some());
    }
}

#[test]
fn a_changed_layout_holds_from_its_day_and_an_earlier_one_is_taken_up_again() {
    for test in test_db().unwrap() {
        let county = ctx(&test, Role::County);
        let card = Paper::Card;
        let mine = changed(card, "明白卡", "明白卡（本县）");
        let later = county.today.add_days(3);
        let first = add(&county, card, ("卡.docx", &mine), county.today).unwrap().unwrap();
        let second = changed(card, "明白卡", "明白卡（新）");
        let second = add(&county, card, ("新卡.docx", &second), later).unwrap().unwrap();
        assert_eq!((first, second), (1, 2), "{}", test.engine);
        let made = |day| {
            let mut session = county.read().unwrap();
            let made = made_with(&mut session, (card, day), &[full(card)]).unwrap();
            (made.layout, text_of(&made.bytes))
        };
        let (layout, text) = made(county.today);
        assert_eq!(layout, 1);
        assert!(text.contains("明白卡（本县）") && text.contains("〈户主〉"));
        assert!(made(later).1.contains("明白卡（新）"));
        assert_eq!(take_back(&county, card, 0, county.today).unwrap(), 3);
        assert!(!made(county.today).1.contains("本县"));
        assert_eq!(take_back(&county, card, 1, county.today).unwrap(), 4);
        assert!(made(county.today).1.contains("本县"));
        let all = versions(&county, card).unwrap();
        let again: Vec<_> = all.iter().map(|one| (one.version, one.again_of)).collect();
        assert_eq!(again, [(4, Some(1)), (3, Some(0)), (2, None), (1, None)]);
        let sql = "select count(*) from journal where verb in ('paper.change', 'paper.take_back')";
        let noted = county.read().unwrap().row(sql, &[]).unwrap();
        assert_eq!(noted.int(0).unwrap(), 4, "{}", test.engine);
        let missing = take_back(&county, card, 9, county.today).unwrap_err();
        assert!(matches!(missing, Error::Refusal(one) if one.code == "papers.no_such_version"));
    }
}

#[test]
fn a_wrong_layout_or_a_day_in_the_past_changes_nothing_and_only_the_county_may() {
    for test in test_db().unwrap() {
        let county = ctx(&test, Role::County);
        let good = shipped(Paper::Ledger).unwrap();
        let wrong = add(&county, Paper::Ledger, ("a.doc", b"\xd0\xcf\x11\xe0"), county.today);
        assert_eq!(wrong.unwrap().unwrap_err().len(), 1);
        let past = add(&county, Paper::Ledger, ("a", good), county.today.add_days(-1));
        assert!(
            matches!(past, Err(Error::Refusal(one)) if one.code == "papers.begins_in_the_past")
        );
        let village = ctx(&test, Role::Village);
        let stranger = add(&village, Paper::Ledger, ("a", good), village.today);
        assert!(matches!(stranger, Err(Error::Refusal(one)) if one.kind == RefusalKind::Forbidden));
        let kept = county.read().unwrap().row("select count(*) from paper_layouts", &[]).unwrap();
        assert_eq!(kept.int(0).unwrap(), 0, "{}", test.engine);
        assert_eq!(list(&county).unwrap().len(), Paper::ALL.len());
    }
}

#[test]
fn a_name_that_must_not_hang_on_a_board_stops_the_document() {
    for test in test_db().unwrap() {
        let county = ctx(&test, Role::County);
        let mut values = full(Paper::Notice);
        values.rows[0].insert("list.head", "张三 512222196512277731".to_owned());
        let mut session = county.read().unwrap();
        let made = made_with(&mut session, (Paper::Notice, county.today), &[values]);
        assert!(matches!(made, Err(Error::Refusal(one)) if one.code == "papers.not_public_made"));
        let params = params!["notice"];
        let sql = "select count(*) from paper_layouts where paper = $1";
        assert_eq!(session.row(sql, params).unwrap().int(0).unwrap(), 0);
    }
}
