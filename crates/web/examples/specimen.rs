//! Writes the pages that decide the look as HTML files, in both languages, with invented people.
//!
//! `cargo run -p web --example specimen -- FOLDER`, then serve FOLDER with any file server and look.
//! A page of a room may start from the body of its specimen; the words then go to the room's Fluent files.

// A specimen stops at the first mistake: nobody depends on it running on.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, missing_docs)]

use std::path::Path;

use askama::Template;
use axum::http::Request;
use kernel::error::Refusal;
use kernel::lang::Lang;
use kernel::permission::Role;
use kernel::time::Day;
use web::ui::{
    self, Chip, Clock, Column, Columns, Evidence, Field, Icon, Mark, Source, Stat, Tone, Why,
};
use web::{Act, Address, Desk, Fields, L, Nav, NavItem, SetClock, Shell, Viewer};

#[path = "specimen/pages/mod.rs"]
mod pages;

/// A text in the language of `l`: specimens carry their words with them.
pub fn say(l: L, zh: &str, en: &str) -> String {
    if l.is_zh() { zh.to_owned() } else { en.to_owned() }
}

pub fn today() -> Day {
    Day::parse("2026-11-22").unwrap()
}

fn place(key: &'static str, href: &'static str, icon: &'static str, on_phone: bool) -> NavItem {
    NavItem { key, href, icon, permission: None, on_phone }
}

fn desk(l: L, path: &str, signed_in: bool) -> Desk {
    let (mut parts, ()) = Request::builder()
        .uri(path)
        .header("cookie", format!("shouwang_lang={}", l.tag()))
        .body(())
        .unwrap()
        .into_parts();
    let nav = [
        place("work", "/work.html", "work", true),
        place("households", "/household.html", "house", true),
        place("leads", "/lead.html", "lead", true),
        place("match", "/matching.html", "match", true),
        place("intake", "/intake.html", "intake", false),
        place("rules", "/rule.html", "rule", false),
        place("policies", "/kit.html", "policy", false),
        place("areas", "/kit.html", "area", false),
        place("accounts", "/kit.html", "people", false),
        place("journal", "/kit.html", "journal", false),
    ];
    parts.extensions.insert(Nav(nav.into()));
    parts.extensions.insert(SetClock(today()));
    if signed_in {
        let (name, place) = (say(l, "鲍春梅", "Bob Bao"), say(l, "关面乡", "Guanmian"));
        parts.extensions.insert(Viewer { name, role: Role::Township, place, home: None });
    }
    Desk::of(&parts)
}

fn write(folder: &Path, name: &str, shell: &Shell, body: impl Template) {
    std::fs::write(folder.join(format!("{name}.html")), web::render(shell, body).unwrap()).unwrap();
}

fn main() {
    let folder = std::env::args().nth(1).unwrap_or_else(|| "specimen".to_owned());
    for lang in Lang::ALL {
        let l = L(lang);
        let at = Path::new(&folder).join(lang.tag());
        std::fs::create_dir_all(&at).unwrap();
        all(&at, l);
    }
    for (path, bytes) in web::all_assets() {
        let to = Path::new(&folder).join(web::asset(path).trim_start_matches('/'));
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::write(to, bytes).unwrap();
    }
}

fn all(at: &Path, l: L) {
    let place = |shell: Shell| {
        let (county, town) = (say(l, "开州区", "Kaizhou"), say(l, "关面乡", "Guanmian"));
        shell.crumb(county, "?area=500154").crumb(town, "?area=500154201").here(say(
            l,
            "泉秀村",
            "Quanxiu",
        ))
    };
    let titled = |path: &str, zh: (&str, &str), en: (&str, &str)| {
        desk(l, path, true).untitled().title(say(l, zh.0, en.0)).lead(say(l, zh.1, en.1))
    };
    let shell = titled(
        "/work",
        ("我的工作", "按到期先后，今天先办最上面的。"),
        ("My work", "Sorted by due day; the top one comes first."),
    );
    write(at, "work", &shell.nav("work").wide(), pages::Work::new(l));
    let shell = place(desk(l, "/households/1", true).untitled().title(say(
        l,
        "张国强户",
        "Zhang Guoqiang",
    )))
    .nav("households")
    .headless()
    .wide();
    write(at, "household", &shell, pages::Household::new(l));
    let shell = titled(
        "/leads/1",
        ("线索：医疗支出负担重", "系统根据名单提示，请上门核实后答复。"),
        (
            "Lead: heavy medical cost",
            "Raised from the departments' lists. See the family, then answer.",
        ),
    );
    write(at, "lead", &place(shell).nav("leads"), pages::Lead::new(l));
    let shell = titled(
        "/intake/1",
        ("医保局 · 2026-10 住院结算", "好的行已试导入，接受之后才生效。"),
        (
            "Medical insurance · hospital stays 2026-10",
            "Tried only; nothing counts until it is accepted.",
        ),
    );
    let accept =
        Act::new(say(l, "接受 97,412 行", "Accept 97,412 rows"), "#").primary().icon("check");
    write(
        at,
        "intake",
        &shell.nav("intake").act(Act::new(say(l, "作废", "Discard"), "#")).act(accept),
        pages::Intake::new(l),
    );
    let shell = titled(
        "/match",
        ("待确认：这一行说的是谁", "电脑拿不准的，由人来定；决定会记住。"),
        (
            "To confirm: who is this row about",
            "What is not certain a person decides; the decision is remembered.",
        ),
    );
    write(at, "matching", &shell.nav("match"), pages::Matching::new(l));
    let shell = titled(
        "/rules/1",
        ("医疗支出负担重", "规则 med-01，第 3 版，2026-01-01 起。"),
        ("Heavy medical cost", "Rule med-01, version 3, from 2026-01-01."),
    );
    let publish = Act::new(say(l, "发布新版本", "Publish a version"), "#").primary();
    write(at, "rule", &shell.nav("rules").act(publish), pages::Rule::new(l));
    let shell = titled("/kit", ("部件", "每个部件一次。"), ("Parts", "Every part once."))
        .act(Act::print(l));
    write(at, "kit", &shell, pages::Kit::new(l));
    let plain = desk(l, "/sign-in", false).untitled().title(say(l, "登录", "Sign in")).headless();
    write(at, "sign-in", &plain, pages::SignIn::new(l));
    let shell =
        desk(l, "/", false).untitled().title(say(l, "六个人，六扇门", "Six people, six doors"));
    let lead = say(
        l,
        "点一下，用他的身份进去看看。每人有三步可以试。",
        "One click enters as that person. Each has three steps to try.",
    );
    write(at, "doors", &shell.lead(lead), pages::Doors::new(l));
}
