//! The public pages as a phone meets them, without a socket and without a database.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use kernel::time::Clock;
use store::Keys;
use tower::ServiceExt;

use super::super::model::{Letter, Mark, What, Writing};
use super::*;

pub(crate) const VILLAGE: &str = "140430203200";

fn published(keys: &Keys) -> Published {
    let said = |zh: &str, en: &str| Said { zh: zh.into(), en: en.into() };
    Published {
        address: keys.letter_address().text(),
        county: "沁县".into(),
        days: 5,
        towns: vec![Town {
            code: "140430203000".parse().unwrap(),
            name: "红坡镇".into(),
            phone: "0355-7020001".into(),
            villages: vec![Place { code: VILLAGE.parse().unwrap(), name: "红坡村".into() }],
        }],
        kinds: vec![("illness".into(), said("家里有人得病，花钱多", "Somebody is ill"))],
        statuses: Default::default(),
    }
}

/// A phone: one device that keeps its cookie.
pub(crate) struct Phone {
    door: Arc<Door>,
    device: String,
}

impl Phone {
    pub(crate) fn new(door: &Arc<Door>, device: &str) -> Self {
        Phone { door: Arc::clone(door), device: device.to_owned() }
    }

    fn send(&self, request: Request<Body>) -> (StatusCode, String) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let answer = routes(Arc::clone(&self.door)).oneshot(request).await.unwrap();
            let status = answer.status();
            let bytes = to_bytes(answer.into_body(), 4 << 20).await.unwrap();
            (status, String::from_utf8_lossy(&bytes).into_owned())
        })
    }

    fn request(&self, path: &str) -> axum::http::request::Builder {
        Request::builder()
            .uri(path)
            .header("cookie", format!("shouwang_visit={}", self.device))
            .header("accept", "text/html")
            .header("accept-language", "zh-CN")
    }

    pub(crate) fn get(&self, path: &str) -> (StatusCode, String) {
        self.send(self.request(path).body(Body::empty()).unwrap())
    }

    pub(crate) fn post(&self, path: &str, fields: &[(&str, &str)]) -> (StatusCode, String) {
        let token = web::Secret::of(&self.device).token();
        let all = [&[("_csrf", token.as_str())], fields].concat();
        let form = serde_urlencoded(&all);
        let request = self
            .request(path)
            .method("POST")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(form));
        self.send(request.unwrap())
    }

    /// Fills in the form and gives the code on the receipt.
    pub(crate) fn declare(&self, fields: &[(&str, &str)]) -> String {
        let (status, page) = self.get(&format!("/declare?village={VILLAGE}"));
        assert_eq!(status, StatusCode::OK, "{page}");
        let once = page.split("name=\"once\" value=\"").nth(1).unwrap();
        let all = [&[("once", once.split('"').next().unwrap())], fields].concat();
        let (status, page) = self.post("/declare", &all);
        assert_eq!(status, StatusCode::OK, "{page}");
        code(&page)
    }
}

fn serde_urlencoded(fields: &[(&str, &str)]) -> String {
    let escape = |text: &str| -> String {
        text.bytes()
            .map(|byte| match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
                _ => format!("%{byte:02X}"),
            })
            .collect()
    };
    let each = fields.iter().map(|(name, value)| format!("{}={}", escape(name), escape(value)));
    each.collect::<Vec<_>>().join("&")
}

/// The code on a receipt.
pub(crate) fn code(page: &str) -> String {
    let from = page.split("sw-out-code m-0\"><strong>").nth(1).expect(page);
    from.split('<').next().unwrap().to_owned()
}

/// What a household fills in.
pub(crate) const ILL: [(&str, &str); 6] = [
    ("name", "王小明"),
    ("phone", "13800001234"),
    ("number", "11010519491231002X"),
    ("village", VILLAGE),
    ("kind", "illness"),
    ("words", "我爱人住院，借了三万元"),
];

struct Outdoors {
    folder: tempfile::TempDir,
    keys: Keys,
    door: Arc<Door>,
}

fn outdoors(limits: Limits) -> Outdoors {
    let folder = tempfile::tempdir().unwrap();
    let keys = Keys::from_master([7; 32]).unwrap();
    published(&keys).write(folder.path()).unwrap();
    let clock = Clock::fixed_on("2026-11-22".parse().unwrap());
    let settings = Settings { folder: folder.path().to_owned(), clock, proxied: false };
    let door = Door::open(settings, limits).unwrap();
    Outdoors { folder, keys, door }
}

impl Outdoors {
    fn letters(&self) -> Vec<Letter> {
        let bytes = |text: &str| -> Vec<u8> {
            (0..text.len() / 2)
                .map(|at| u8::from_str_radix(&text[at * 2..at * 2 + 2], 16).unwrap())
                .collect()
        };
        let lines = read_lines(&self.folder.path().join(INBOX)).unwrap();
        lines
            .map(|line| {
                let plain = self.keys.open_letter(&bytes(&line.unwrap().sealed)).unwrap();
                serde_json::from_slice(&plain).unwrap()
            })
            .collect()
    }

    fn writings(&self) -> Vec<(Writing, Vec<String>)> {
        let letters = self.letters().into_iter();
        letters
            .filter_map(|letter| match letter.what {
                What::Declaration { writing, marks } => Some((*writing, marks)),
                What::Objection { .. } => None,
            })
            .collect()
    }
}

#[test]
fn what_is_declared_lies_sealed_in_the_inbox_and_the_code_says_it_was_received() {
    let out = outdoors(Limits::default());
    let phone = Phone::new(&out.door, "phone0123456789a");
    let code = phone.declare(&ILL);
    let raw = std::fs::read_to_string(out.folder.path().join(INBOX)).unwrap();
    for hidden in ["王小明", "13800001234", "11010519491231002X", "三万", &code] {
        assert!(!raw.contains(hidden), "{hidden} lies open");
    }
    let (writing, marks) = out.writings().remove(0);
    assert_eq!((writing.name.as_str(), writing.kind.as_str()), ("王小明", "illness"));
    assert_eq!(marks, Vec::<String>::new());
    let (status, page) = phone.post("/declare/status", &[("code", &code.to_lowercase())]);
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("已收到") && page.contains("0355-7020001"), "{page}");
    let (status, page) = phone.post("/declare/status", &[("code", "2222-2222-2222-2222")]);
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert!(!page.contains("已收到"));
}

#[test]
fn the_same_form_sent_twice_is_one_line_with_one_code() {
    let out = outdoors(Limits::default());
    let phone = Phone::new(&out.door, "phone0123456789a");
    let once = "0123456789abcdef0123456789abcdef";
    let all = [&[("once", once)][..], &ILL].concat();
    let first = code(&phone.post("/declare", &all).1);
    assert_eq!(first, code(&phone.post("/declare", &all).1));
    assert_eq!(out.letters().len(), 1);
}

#[test]
fn scripts_and_links_are_only_text_and_what_is_missing_is_said_at_its_field() {
    let out = outdoors(Limits::default());
    let phone = Phone::new(&out.door, "phone0123456789a");
    let bad = "<script>alert(1)</script> http://evil.example/";
    let mut form = ILL.to_vec();
    form[0].1 = bad;
    form[4].1 = "no_such_kind";
    let (status, page) = phone.post("/declare", &form);
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!page.contains("<script>alert") && page.contains("&#60;script"), "{page}");
    assert!(!page.contains("href=\"http://evil"));
    assert!(page.contains("我爱人住院"), "what was typed is still there");
    assert!(!out.folder.path().join(INBOX).metadata().is_ok_and(|file| file.len() > 0));
    let long = "长".repeat(20_000);
    form[4].1 = "illness";
    form[5].1 = &long;
    let (status, _) = phone.post("/declare", &form);
    assert!(status.is_client_error(), "{status}");
}

#[test]
fn a_neighbour_names_themselves_reads_back_and_need_not_know_the_number() {
    let out = outdoors(Limits::default());
    let phone = Phone::new(&out.door, "phone0123456789a");
    let mut form = ILL.to_vec();
    form[2].1 = "";
    let (status, page) = phone.post("/declare", &form);
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "for oneself the number is asked");
    assert!(page.contains("id=\"w-number\""));
    form.extend([("helper", "李四"), ("helper_phone", "13900001234"), ("relation", "邻居")]);
    let (_, page) = phone.post("/declare", &form);
    assert!(page.contains("w-read_back"), "{page}");
    form.push(("read_back", "yes"));
    phone.declare(&form);
    let (writing, marks) = out.writings().remove(0);
    assert_eq!(writing.helper.unwrap().relation, "邻居");
    assert_eq!(marks, [Mark::NoNumber.code()]);
}

#[test]
fn a_flood_from_one_phone_is_taken_in_and_marked() {
    let out = outdoors(Limits { device: 2, ..Limits::default() });
    let flood = Phone::new(&out.door, "phone0123456789a");
    for _ in 0..4 {
        flood.declare(&ILL);
    }
    Phone::new(&out.door, "other0123456789a").declare(&ILL);
    let marked: Vec<bool> = out.writings().iter().map(|(_, marks)| !marks.is_empty()).collect();
    assert_eq!(marked, [false, false, true, true, false], "nothing is refused");
}

#[test]
fn a_number_that_cannot_be_right_is_taken_in_and_marked() {
    let out = outdoors(Limits::default());
    let mut form = ILL.to_vec();
    form[2].1 = "110105194912310022";
    Phone::new(&out.door, "phone0123456789a").declare(&form);
    assert_eq!(out.writings().remove(0).1, [Mark::WrongNumber.code()]);
}

#[test]
fn who_asks_for_codes_without_end_is_asked_to_wait() {
    let out = outdoors(Limits { asked: 2, ..Limits::default() });
    let phone = Phone::new(&out.door, "phone0123456789a");
    let ask = || phone.post("/declare/status", &[("code", "2222-2222-2222-2222")]).0;
    assert_eq!((ask(), ask()), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND));
    assert_eq!(ask(), StatusCode::TOO_MANY_REQUESTS);
}

#[test]
fn before_anything_is_published_the_page_says_where_to_go() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Clock::fixed_on("2026-11-22".parse().unwrap());
    let settings = Settings { folder: folder.path().to_owned(), clock, proxied: false };
    let door = Door::open(settings, Limits::default()).unwrap();
    let (status, page) = Phone::new(&door, "phone0123456789a").get("/declare");
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(page.contains("村委会"), "{page}");
    let published = published(&Keys::from_master([7; 32]).unwrap());
    published.write(folder.path()).unwrap();
    assert_eq!(Phone::new(&door, "phone0123456789a").get("/declare").0, StatusCode::OK);
}

#[test]
fn every_public_page_is_said_in_english_too_and_asks_nobody_to_sign_in() {
    let out = outdoors(Limits::default());
    let phone = Phone::new(&out.door, "phone0123456789a");
    for path in ["/declare", "/declare/status"] {
        let request = phone.request(path).header("cookie", "shouwang_lang=en");
        let (status, page) = phone.send(request.body(Body::empty()).unwrap());
        assert_eq!(status, StatusCode::OK, "{path}");
        assert!(page.contains("lang=\"en\"") && !page.contains("declarations-"), "{path}: {page}");
    }
    for inside in ["/leads", "/sign-in", "/households", "/work"] {
        assert_eq!(phone.get(inside).0, StatusCode::NOT_FOUND, "{inside}");
    }
}
