//! The API of cases as another program meets it, without a socket.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use kernel::lang::Lang;
use serde_json::{Value, json};
use store::Ctx;
use tower::ServiceExt;
use web::Viewer;

use super::tests::*;
use super::*;

fn program(ctx: &Ctx) -> Router {
    let mut ctx = ctx.clone();
    ctx.lang = Lang::En;
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

fn send(ctx: &Ctx, request: Request<Body>) -> (StatusCode, Value) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let answer = program(ctx).oneshot(request).await.unwrap();
        let status = answer.status();
        let bytes = to_bytes(answer.into_body(), 1 << 20).await.unwrap();
        (status, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
    })
}

fn get(ctx: &Ctx, path: &str) -> (StatusCode, Value) {
    let request = Request::builder().uri(path).header("accept", "application/json");
    send(ctx, request.body(Body::empty()).unwrap())
}

fn post(ctx: &Ctx, path: &str, (token, body): (bool, Value)) -> (StatusCode, Value) {
    let mut request = Request::builder()
        .method("POST")
        .uri(path)
        .header("cookie", "shouwang_visit=secretsecretsecret")
        .header("accept", "application/json")
        .header("content-type", "application/json");
    if token {
        request = request.header("x-csrf-token", web::Secret::of("secretsecretsecret").token());
    }
    send(ctx, request.body(Body::from(body.to_string())).unwrap())
}

#[test]
fn cases_are_listed_shown_and_gone_on_with_by_another_program_as_by_a_person() {
    with_each(|county| {
        let people = county.people();
        let village = &people.village;
        let (home, id) = county.case(village, 1);
        let (status, body) =
            get(village, "/api/v1/cases?area=1404&owner=village&due_to=2026-10-31");
        assert_eq!((status, &body["total"]), (StatusCode::OK, &json!(1)), "{body}");
        let one = &body["cases"][0];
        assert_eq!(
            (one["id"].as_str(), one["state"].as_str()),
            (Some(&*id.to_string()), Some("accepted"))
        );
        assert_eq!(one["household"], json!(home.to_string()));
        assert_eq!(get(village, "/api/v1/cases?owner=county").1["total"], json!(0));
        assert_eq!(get(village, "/api/v1/cases?phase=closed").1["total"], json!(0));
        for wrong in ["phase=lost", "due_to=soon", "area=x"] {
            let (status, _) = get(village, &format!("/api/v1/cases?{wrong}"));
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
        }
        let path = format!("/api/v1/cases/{id}");
        let (status, body) = get(village, &path);
        assert_eq!((status, body["steps"].as_array().unwrap().len()), (StatusCode::OK, 1));
        let check = |body: &Value| {
            let all = body["offered"].as_array().unwrap().clone();
            all.into_iter().find(|one| one["step"] == json!("check")).unwrap()
        };
        assert_eq!(check(&body)["lacks"], json!(["consent", "risks"]), "{body}");
        // the same refusals as on the page, and nothing without the token
        let go = format!("{path}/steps/check");
        let fields = json!({ "on": FOUND, "checkers": "陈会计、王队长", "capacity": "能务工" });
        let version = |by: &Ctx| get(by, &path).1["case"]["version"].clone();
        let sent = |by: &Ctx| json!({ "version": version(by), "fields": fields });
        assert_eq!(post(village, &go, (false, sent(village))).0, StatusCode::FORBIDDEN);
        let (status, body) = post(village, &go, (true, sent(village)));
        assert_eq!(
            (status, body["code"].as_str()),
            (StatusCode::CONFLICT, Some("cases.needs_consent")),
            "{body}"
        );
        consent(village, id);
        save_risks(village, shown(village, id), &[risk("illness")]).unwrap();
        let stale = json!({ "version": 1, "fields": fields });
        assert_eq!(post(village, &go, (true, stale)).0, StatusCode::CONFLICT);
        assert_eq!(post(&people.county, &go, (true, sent(village))).0, StatusCode::FORBIDDEN);
        let nowhere = format!("{path}/steps/fly");
        assert_eq!(post(village, &nowhere, (true, sent(village))).0, StatusCode::NOT_FOUND);
        let (status, body) = post(village, &go, (true, sent(village)));
        assert_eq!((status, body["state"].as_str()), (StatusCode::OK, Some("checked")), "{body}");
        let (_, body) = get(village, &path);
        let last = body["steps"].as_array().unwrap().last().unwrap().clone();
        assert_eq!((last["step"].as_str(), last["by"].as_str()), (Some("check"), Some("chen")));
        assert_eq!(county.count("select count(*) from journal where verb = 'case.step'"), 1);
    });
}

#[test]
fn a_stranger_finds_nothing_by_the_api() {
    with_each(|county| {
        let people = county.people();
        let (_, id) = county.case(&people.village, 1);
        let path = format!("/api/v1/cases/{id}");
        let go = format!("{path}/steps/refuse_at_door");
        let body = json!({ "version": 1, "fields": { "words": "x" } });
        assert_eq!(get(&people.stranger, "/api/v1/cases").1["total"], json!(0));
        assert_eq!(get(&people.stranger, &path).0, StatusCode::NOT_FOUND);
        assert_eq!(post(&people.stranger, &go, (true, body)).0, StatusCode::NOT_FOUND);
        assert_eq!(get(&people.village, "/api/v1/cases/none").0, StatusCode::NOT_FOUND);
    });
}
