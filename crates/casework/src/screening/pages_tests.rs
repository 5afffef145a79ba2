//! The pages and the API of leads as a person meets them, without a socket.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use kernel::lang::Lang;
use tower::ServiceExt;
use web::Viewer;

use super::tests::*;
use super::*;

fn program(ctx: &store::Ctx, lang: Lang) -> Router {
    let mut ctx = ctx.clone();
    ctx.lang = lang;
    let (api, _) = api::routes().split_for_parts();
    let viewer = Viewer {
        name: ctx.actor.name.clone(),
        role: ctx.actor.role,
        place: String::new(),
        home: None,
    };
    let inside =
        web::inside(routes().merge(api)).layer(axum::Extension(viewer)).layer(axum::Extension(ctx));
    web::outside(inside)
}

fn get(ctx: &store::Ctx, path: &str, lang: Lang) -> (StatusCode, String) {
    let accept = if path.starts_with("/api") { "application/json" } else { "text/html" };
    let language = if lang == Lang::Zh { "zh-CN" } else { "en" };
    let request = Request::builder()
        .uri(path)
        .header("accept", accept)
        .header("accept-language", language)
        .body(Body::empty())
        .unwrap();
    send(ctx, request, lang)
}

/// A page that must be there, in Chinese.
pub(super) fn page_of(ctx: &store::Ctx, path: &str) -> String {
    let (status, body) = get(ctx, path, Lang::Zh);
    assert_eq!(status, StatusCode::OK, "{path}: {body}");
    body
}

fn post(ctx: &store::Ctx, path: &str, form: &str) -> (StatusCode, String) {
    let cookie = "shouwang_visit=secretsecretsecret";
    let token = web::Secret::of("secretsecretsecret").token();
    let request = Request::builder()
        .method("POST")
        .uri(path)
        .header("cookie", cookie)
        .header("accept", "text/html")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from(format!("_csrf={token}&{form}")))
        .unwrap();
    send(ctx, request, Lang::Zh)
}

fn send(ctx: &store::Ctx, request: Request<Body>, lang: Lang) -> (StatusCode, String) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let answer = program(ctx, lang).oneshot(request).await.unwrap();
        let status = answer.status();
        let bytes = to_bytes(answer.into_body(), 4 << 20).await.unwrap();
        (status, String::from_utf8_lossy(&bytes).into_owned())
    })
}

#[test]
fn every_page_renders_in_both_languages() {
    with_running(|county| {
        county.household(VILLAGE, 0, false);
        county.village(OTHER, 300);
        let lines = list(&county.ctx, &Filter::of(State::Open), None).unwrap().lines;
        let at =
            |village: &str| lines.iter().find(|line| line.village.as_str() == village).unwrap();
        let (line, of_village) = (at(VILLAGE), at(OTHER));
        let answered = {
            county.household(FAR, 2, false);
            let lines = list(&county.ctx, &Filter::of(State::Open), None).unwrap().lines;
            let far = lines.into_iter().find(|line| line.village.as_str() == FAR).unwrap();
            answer(&county.ctx, shown(&far), &no_risk()).unwrap();
            far.id
        };
        for lang in [Lang::Zh, Lang::En] {
            for path in [
                "/leads".to_owned(),
                "/leads?state=answered&severity=notice&due=week".to_owned(),
                "/leads?state=waiting".to_owned(),
                "/leads?state=withdrawn&area=1404".to_owned(),
                format!("/leads/{}", line.id),
                format!("/leads/{}", of_village.id),
                format!("/leads/{answered}"),
                "/leads/answers".to_owned(),
                "/rules".to_owned(),
                "/rules/income".to_owned(),
                "/rules/outage".to_owned(),
            ] {
                let (status, body) = get(&county.ctx, &path, lang);
                assert_eq!(status, StatusCode::OK, "{path}: {body}");
                assert!(body.contains("<main"), "{path}");
            }
        }
        let (_, page) = get(&county.ctx, &format!("/leads/{}", line.id), Lang::Zh);
        assert!(page.contains("劳动力 0 人"), "{page}");
        assert!(page.contains("/leads/") && page.contains("name=\"outcome\""));
    });
}

#[test]
fn a_form_answers_and_the_second_of_two_reads_who_was_first() {
    with_running(|county| {
        county.household(VILLAGE, 0, true);
        let line = county.one(State::Open);
        let path = format!("/leads/{}/answer", line.id);
        let (status, body) = post(&county.ctx, &path, "version=1&outcome=no_risk&reason=");
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(body.contains("需要写明理由"), "{body}");
        let (status, _) = post(&county.ctx, &path, "version=1&outcome=already_covered");
        assert_eq!(status, StatusCode::SEE_OTHER);
        let (status, body) = post(&county.ctx, &path, "version=1&outcome=risk_confirmed");
        assert_eq!(status, StatusCode::CONFLICT);
        assert!(body.contains("system") && body.contains("已纳入监测或已有保障"), "{body}");
    });
}

#[test]
fn chosen_leads_are_answered_from_the_list() {
    with_running(|county| {
        county.household(VILLAGE, 2, false);
        let line = county.one(State::Open);
        let none = post(&county.ctx, "/leads/answer", "outcome=no_risk&reason_code=settled");
        assert_eq!(none.0, StatusCode::UNPROCESSABLE_ENTITY);
        let form = format!("lead={}.1&outcome=no_risk&reason_code=settled&back=", line.id);
        assert_eq!(post(&county.ctx, "/leads/answer", &form).0, StatusCode::SEE_OTHER);
        assert_eq!(county.count(State::Open), 0);
    });
}

#[test]
fn a_stranger_finds_nothing_by_page_or_api() {
    with_running(|county| {
        county.household(VILLAGE, 0, true);
        let eve = county.person("Eve", kernel::permission::Role::Village, Some(FAR));
        let id = county.one(State::Open).id;
        for path in [format!("/leads/{id}"), format!("/api/v1/leads/{id}")] {
            assert_eq!(get(&eve, &path, Lang::Zh).0, StatusCode::NOT_FOUND, "{path}");
        }
        let path = format!("/leads/{id}/answer");
        assert_eq!(post(&eve, &path, "version=1&outcome=already_covered").0, StatusCode::NOT_FOUND);
        let (status, body) = get(&eve, "/api/v1/leads", Lang::En);
        assert_eq!((status, body.contains("\"total\":0")), (StatusCode::OK, true), "{body}");
    });
}

#[test]
fn the_api_lists_shows_and_refuses_a_filter_that_is_none() {
    with_running(|county| {
        county.household(VILLAGE, 0, true);
        let id = county.one(State::Open).id;
        let (status, body) = get(&county.ctx, "/api/v1/leads?severity=severe&area=1404", Lang::En);
        assert_eq!(status, StatusCode::OK);
        assert!(body.contains(&id.to_string()) && body.contains("Able 0"), "{body}");
        let (status, body) = get(&county.ctx, &format!("/api/v1/leads/{id}"), Lang::En);
        assert_eq!((status, body.contains("\"rule\":\"income\"")), (StatusCode::OK, true));
        assert_eq!(
            get(&county.ctx, "/api/v1/leads?state=lost", Lang::En).0,
            StatusCode::UNPROCESSABLE_ENTITY
        );
    });
}

#[test]
fn a_workbook_goes_out_and_its_answers_come_back() {
    with_running(|county| {
        county.household(VILLAGE, 0, true);
        county.household(VILLAGE, 2, false);
        let l = web::L::new(Lang::Zh);
        let bytes = workbook_of(&county.ctx, l, &Filter::of(State::Open)).unwrap();
        let back = answers_in(&county.ctx, &bytes).unwrap();
        assert_eq!((back.rows.len(), back.blank), (0, 2), "nobody has filled it in");
        let lines = list(&county.ctx, &Filter::of(State::Open), None).unwrap().lines;
        let filled = |outcome: &str, version: i64, line: &LeadLine| {
            format!("{},{version},x,,,,,,{outcome},子女已承担\n", line.id)
        };
        let head = "线索编号,版本,户编号,户主,村组,严重程度,触发原因,到期日,核查结论,理由\n";
        let text = format!(
            "{head}{}{}{}",
            filled("无风险", 1, &lines[0]),
            filled("没事", 1, &lines[1]),
            filled("No risk", 9, &lines[1])
        );
        let report = answers_in(&county.ctx, text.as_bytes()).unwrap();
        let codes: Vec<_> =
            report.rows.iter().map(|row| row.refused.as_ref().map(|r| r.code)).collect();
        assert_eq!(
            codes,
            [None, Some("screening.sheet_outcome"), Some("screening.changed")],
            "{report:?}"
        );
        assert_eq!(county.count(State::Open), 1);
        assert_eq!(
            answers_in(&county.ctx, b"a,b\n1,2\n").unwrap_err().code(),
            Some("screening.no_workbook")
        );
    });
}

fn ask(ctx: &store::Ctx, path: &str, (lang, part): (Lang, bool)) -> (StatusCode, String) {
    let language = if lang == Lang::Zh { "zh-CN" } else { "en" };
    let mut request = Request::builder()
        .uri(path)
        .header("accept", "text/html")
        .header("accept-language", language);
    if part {
        request = request.header("hx-request", "true");
    }
    send(ctx, request.body(Body::empty()).unwrap(), lang)
}

#[test]
fn a_what_if_shows_numbers_chart_table_and_names_and_answers_a_slider_with_its_parts() {
    with_each(|county| {
        let rule = what_if_tests::income();
        let pack = what_if_tests::with_line(
            2,
            1,
            &[("house", HOUSE), ("income", &rule), ("outage", OUTAGE)],
        );
        registry::policies::publish(&county.ctx, &pack).unwrap();
        what_if_tests::fill(county);
        screen_all(&county.ctx).unwrap();
        let path = "/rules/income/what-if?p.labour_line=3";
        for lang in [Lang::Zh, Lang::En] {
            let (status, body) = ask(&county.ctx, path, (lang, false));
            assert_eq!(status, StatusCode::OK, "{body}");
            for part in [
                "<svg",
                "<table",
                "name=\"p.labour_line\" value=\"3\"",
                "data-turns",
                "/households/",
                "sw-stat",
            ] {
                assert!(body.contains(part), "{part}: {body}");
            }
            assert!(!body.contains("screening-what-if"), "words are missing: {body}");
            let (status, part) = ask(&county.ctx, path, (lang, true));
            assert_eq!((status, part.contains("<html")), (StatusCode::OK, false));
            assert!(part.contains("data-slot=\"results\"") && part.contains("<svg"));
        }
        for (query, zh, en) in [
            ("p.labour_line=lots", "不是整数", "is no whole number"),
            ("p.labour_line=-4", "超出范围", "out of range"),
            ("p.labour_lin=4", "没有参数 labour_lin", "There is no parameter labour_lin"),
            ("p.leads_per_village_week=x", "不是整数", "is no whole number"),
            ("when=labor+%3C+2", "labour", "labour"),
            ("when=labour+%3C", "无法读取", "cannot be read"),
            ("when=labour+%2F+0+%3C+2", "除数为零", "Division by zero"),
            ("when=persons+%3E+0", "全部命中", "Everybody is hit"),
            ("when=persons+%3E+900", "一个也不命中", "Nobody is hit"),
            ("when=persons+%2F+%28persons+-+3%29+%3E+1", "判断不了", "division by zero"),
            ("day=2030-01-01", "还没有到", "still to come"),
            ("day=soon", "不是日期", "is no day"),
            ("when=labour+%3C+2&p.labour_line=3", "没有用到参数", "does not read the parameter"),
            ("", "与现行规则相同", "The same as the rule in force"),
        ] {
            for (lang, words) in [(Lang::Zh, zh), (Lang::En, en)] {
                let path = format!("/rules/income/what-if?{query}");
                let (status, body) = ask(&county.ctx, &path, (lang, false));
                assert_eq!(status, StatusCode::OK, "{query}");
                assert!(body.contains(words), "{query}: {words}: {body}");
            }
        }
        let (_, page) = get(&county.ctx, "/rules/outage/what-if?when=households+%3E+50", Lang::En);
        assert!(page.contains("villages hit") && page.contains("/households?area="), "{page}");
        let (_, page) = get(&county.ctx, "/rules/income", Lang::En);
        assert!(page.contains("href=\"/rules/income/what-if\""), "{page}");
        assert_eq!(get(&county.ctx, "/rules/none/what-if", Lang::Zh).0, StatusCode::NOT_FOUND);
        let chen = county.person("Chen", kernel::permission::Role::Village, Some(VILLAGE));
        assert_eq!(get(&chen, path, Lang::Zh).0, StatusCode::FORBIDDEN);
        let (_, page) = get(&chen, "/rules/income", Lang::En);
        assert!(!page.contains("what-if"), "{page}");
    });
}
