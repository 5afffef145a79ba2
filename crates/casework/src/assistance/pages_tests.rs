//! The pages of help as a person meets them, without a socket.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use kernel::lang::Lang;
use kernel::permission::Role;
use store::Ctx;
use tower::ServiceExt;
use web::Viewer;

use super::tests::{County, with_each};
use super::*;

fn program(ctx: &Ctx, lang: Lang) -> Router {
    let mut ctx = ctx.clone();
    ctx.lang = lang;
    let viewer = Viewer {
        name: ctx.actor.name.clone(),
        role: ctx.actor.role,
        place: String::new(),
        home: None,
    };
    let inside = web::inside(routes()).layer(axum::Extension(viewer)).layer(axum::Extension(ctx));
    web::outside(inside)
}

fn send(ctx: &Ctx, request: Request<Body>, lang: Lang) -> (StatusCode, String) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let answer = program(ctx, lang).oneshot(request).await.unwrap();
        let status = answer.status();
        let bytes = to_bytes(answer.into_body(), 4 << 20).await.unwrap();
        (status, String::from_utf8_lossy(&bytes).into_owned())
    })
}

fn get(ctx: &Ctx, path: &str, lang: Lang) -> (StatusCode, String) {
    let language = if lang == Lang::Zh { "zh-CN" } else { "en" };
    let request = Request::builder()
        .uri(path)
        .header("accept", "text/html")
        .header("accept-language", language)
        .body(Body::empty())
        .unwrap();
    send(ctx, request, lang)
}

fn post(ctx: &Ctx, path: &str, form: &str) -> (StatusCode, String) {
    let token = web::Secret::of("secretsecretsecret").token();
    let request = Request::builder()
        .method("POST")
        .uri(path)
        .header("cookie", "shouwang_visit=secretsecretsecret")
        .header("accept", "text/html")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from(format!("_csrf={token}&{form}")))
        .unwrap();
    send(ctx, request, Lang::Zh)
}

fn planned(county: &County<'_>, village: &Ctx) -> Measure {
    let form = "kind=health_doctor&aims=illness&aims=disability&owner=%E6%9D%8E%E5%8C%BB%E7%94%9F\
                &promised=2026-10-10&due=2026-10-31&office=health&person=&words=";
    let path = format!("/households/{}/measures/new", county.household);
    let (status, body) = post(village, &path, form);
    assert_eq!(status, StatusCode::SEE_OTHER, "{body}");
    county.all("2026-10-20").remove(0)
}

#[test]
fn a_measure_is_planned_given_and_found_in_the_list() {
    with_each(|county| {
        let village = county.person_of("village", Role::Village);
        let measure = planned(county, &village);
        assert_eq!(measure.aims, ["disability", "illness"]);
        let one = format!("/assistance/{}", measure.id);
        let due = get(&village, "/assistance", Lang::Zh).1;
        assert!(due.contains("家庭医生签约服务") && due.contains("李医生") && due.contains(&one));
        assert!(!get(&village, "/assistance?state=given", Lang::Zh).1.contains(&one));
        assert!(!get(&village, "/assistance?kind=net_dibao", Lang::Zh).1.contains(&one));
        assert!(get(&village, "/assistance?office=health", Lang::Zh).1.contains(&one));
        // without a number of the contract nothing is written, and what was typed stays
        let deliver = format!("{one}/deliver");
        let (status, body) = post(
            &village,
            &deliver,
            "version=1&on=2026-10-12&proof=contract&number=&term=2027-10-11",
        );
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
        assert!(body.contains("2027-10-11") && body.contains("2026-10-12"));
        let form = "version=1&on=2026-10-12&proof=contract&number=QY-7&term=2027-10-11&amount=";
        assert_eq!(post(&village, &deliver, form).0, StatusCode::SEE_OTHER);
        assert!(get(&village, "/assistance?state=given", Lang::Zh).1.contains(&one));
        assert!(!get(&village, "/assistance", Lang::Zh).1.contains(&one));
        let (status, body) = post(&village, &deliver, form);
        assert_eq!(status, StatusCode::CONFLICT, "the second sees the first");
        assert!(body.contains("QY-7"));
        let form = "given_on=2026-10-19&words=%E9%87%8F%E8%A1%80%E5%8E%8B";
        assert_eq!(post(&village, &format!("{one}/give"), form).0, StatusCode::SEE_OTHER);
        assert!(get(&village, &one, Lang::Zh).1.contains("量血压"));
        let form = "version=2&ended_on=2026-10-20&why=";
        assert_eq!(post(&village, &format!("{one}/end"), form).0, StatusCode::UNPROCESSABLE_ENTITY);
        let form = "version=2&ended_on=2026-10-20&why=x";
        assert_eq!(post(&village, &format!("{one}/end"), form).0, StatusCode::SEE_OTHER);
        assert!(get(&village, "/assistance?state=ended", Lang::Zh).1.contains(&one));
    });
}

#[test]
fn every_page_renders_in_both_languages_and_only_for_whom_it_is() {
    with_each(|county| {
        let village = county.person_of("village", Role::Village);
        let one = format!("/assistance/{}", planned(county, &village).id);
        let plan = format!("/households/{}/measures/new", county.household);
        let helper = format!("/households/{}/helper", county.household);
        for lang in [Lang::Zh, Lang::En] {
            for path in
                ["/assistance?state=overdue", "/assistance?state=ended", &one, &plan, &helper]
            {
                let (status, body) = get(&county.ctx, path, lang);
                assert_eq!(status, StatusCode::OK, "{path}: {body}");
                assert!(!body.contains("assistance-"), "{path}: a word is missing");
            }
        }
        assert_eq!(get(&village, &helper, Lang::Zh).0, StatusCode::FORBIDDEN);
        let leader = county.person_of("leader", Role::Leader);
        assert_eq!(get(&leader, &plan, Lang::Zh).0, StatusCode::FORBIDDEN);
        let shown = get(&leader, &one, Lang::Zh);
        assert_eq!(shown.0, StatusCode::OK);
        assert!(!shown.1.contains("/deliver"), "no form for who only reads");
        assert_eq!(get(&leader, "/assistance/export", Lang::Zh).0, StatusCode::FORBIDDEN);
        assert_eq!(get(&county.ctx, "/assistance/export", Lang::Zh).0, StatusCode::OK);
        assert_eq!(county.verbs("assistance.export"), 1);
        let form = "name=%E5%BC%A0&unit=%E5%B1%80&phone=12&from=2026-10-01";
        assert_eq!(post(&county.ctx, &helper, form).0, StatusCode::UNPROCESSABLE_ENTITY);
        let form = "name=%E5%BC%A0&unit=%E5%B1%80&phone=16012345678&from=2026-10-01&seen=";
        assert_eq!(post(&county.ctx, &helper, form).0, StatusCode::SEE_OTHER);
        assert_eq!(post(&county.ctx, &helper, form).0, StatusCode::CONFLICT);
    });
}
