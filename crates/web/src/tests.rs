//! The layers as a browser meets them.

use askama::Template;
use axum::body::{Body, to_bytes};
use axum::extract::{Multipart, Request};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Extension, Router};
use kernel::error::{Error, Refusal};
use kernel::permission::{Permission, Role};
use tower::ServiceExt;

use crate::{Answer, Desk, Failure, Fields, Nav, NavItem, Secret, Viewer};

#[derive(Template)]
#[template(source = "<p>{{ text }}</p>", ext = "html")]
struct Text {
    text: String,
}

async fn show(desk: Desk) -> Answer {
    crate::page(&desk.untitled().title("A & B").nav("households"), Text { text: "<b>".to_owned() })
}

async fn refuse() -> Answer {
    Err(Refusal::conflict("web.required").field("day", "web.not_a_day").into())
}

async fn fail() -> Answer {
    let work: Result<(), Error> = crate::blocking(|| Err(Error::fault("the secret cause"))).await;
    Ok(work.map(|()| Response::default())?)
}

async fn burst() -> Answer {
    let bare = std::hint::black_box(Vec::<u8>::new());
    assert_eq!(bare.len(), 1, "the secret cause");
    crate::done("/", "web-saved-done")
}

async fn save(fields: Fields) -> Answer {
    assert_eq!(fields.text("name"), "张三");
    crate::done("/show", "web-saved-done")
}

async fn upload(secret: Secret, mut upload: Multipart) -> Answer {
    secret.admit(&mut upload).await?;
    let file = upload.next_field().await.map_err(|_| Error::fault("no file"))?;
    assert_eq!(file.and_then(|file| file.file_name().map(str::to_owned)).as_deref(), Some("a.csv"));
    crate::done("/show", "web-saved-done")
}

const NAV: [NavItem; 2] = [
    NavItem {
        key: "households",
        href: "/households",
        icon: "house",
        permission: Some(Permission::HouseholdSee),
        on_phone: true,
    },
    NavItem {
        key: "journal",
        href: "/journal",
        icon: "journal",
        permission: Some(Permission::JournalSee),
        on_phone: false,
    },
];

fn program() -> Router {
    let rooms = Router::new()
        .route("/show", get(show))
        .route("/refuse", get(refuse))
        .route("/fail", get(fail))
        .route("/burst", get(burst))
        .route("/signed-out", get(async || -> Answer { Err(Failure::sign_in()) }))
        .route("/save", post(save))
        .route("/upload", post(upload));
    let chen = Viewer {
        name: "陈".to_owned(),
        role: Role::Village,
        place: "关面村".to_owned(),
        home: None,
    };
    crate::outside(crate::inside(rooms).layer(Extension(chen)).layer(Extension(Nav(NAV.into()))))
}

async fn ask(request: Request) -> (StatusCode, axum::http::HeaderMap, String) {
    let answer = program().oneshot(request).await.unwrap();
    let (parts, body) = answer.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.unwrap();
    (parts.status, parts.headers, String::from_utf8(bytes.to_vec()).unwrap())
}

fn to(path: &str) -> axum::http::request::Builder {
    Request::builder().uri(path).header("cookie", "shouwang_session=abc")
}

#[tokio::test]
async fn a_page_has_frame_escaped_body_and_headers() {
    let (status, headers, body) = ask(to("/show?x=1").body(Body::empty()).unwrap()).await;
    assert_eq!(status, StatusCode::OK);
    assert!(body.contains("<p>&#60;b&#62;</p>") && body.contains("<h1>A &#38; B</h1>"), "{body}");
    assert!(body.contains("lang=\"zh-CN\"") && body.contains("back=%2Fshow%3Fx%3D1"));
    assert!(
        body.contains("/households") && !body.contains("/journal"),
        "a village does not see the journal"
    );
    let policy = headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("script-src 'self';") && !policy.contains("unsafe-eval"));
    assert_eq!(headers["cache-control"], "no-store");
    assert!(!body.contains("<script>") && !body.contains("onclick"));
}

#[tokio::test]
async fn a_refusal_is_a_page_a_fragment_or_a_problem() {
    let (status, _, body) =
        ask(to("/refuse").header("accept-language", "en").body(Body::empty()).unwrap()).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(
        body.contains("This must be filled in")
            && body.contains("Write the day as")
            && body.contains("Reference")
    );

    let (status, headers, body) =
        ask(to("/refuse").header("hx-request", "true").body(Body::empty()).unwrap()).await;
    assert_eq!(
        (status, headers["hx-retarget"].to_str().unwrap()),
        (StatusCode::CONFLICT, "#notice")
    );
    assert!(!body.contains("<html"));

    let (status, headers, body) =
        ask(to("/refuse").header("accept", "application/json").body(Body::empty()).unwrap()).await;
    assert_eq!(
        (status, headers["content-type"].to_str().unwrap()),
        (StatusCode::CONFLICT, "application/problem+json")
    );
    let problem: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!(
        (&problem["code"], &problem["fields"][0]["name"]),
        (&"web.required".into(), &"day".into())
    );
}

#[tokio::test]
async fn a_fault_or_a_panic_shows_a_reference_and_no_cause() {
    for path in ["/fail", "/burst"] {
        let (status, headers, body) = ask(to(path).body(Body::empty()).unwrap()).await;
        assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(!body.contains("secret") && !body.contains("assertion"));
        assert!(body.contains(headers["x-request-id"].to_str().unwrap()), "{path}: {body}");
    }
}

#[tokio::test]
async fn an_unknown_address_and_a_wrong_method_have_words() {
    let (status, _, body) = ask(to("/nowhere").body(Body::empty()).unwrap()).await;
    assert!(status == StatusCode::NOT_FOUND && body.contains("没有这个页面"));
    let (_, _, body) = ask(to("/assets/x/none.css").body(Body::empty()).unwrap()).await;
    assert!(body.contains("没有这个页面"));
}

#[tokio::test]
async fn who_is_not_signed_in_is_led_there_and_back() {
    let (status, headers, _) = ask(to("/signed-out?a=1").body(Body::empty()).unwrap()).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    assert_eq!(headers["location"], "/sign-in?next=%2Fsigned-out%3Fa%3D1");
    let (status, _, _) =
        ask(to("/signed-out").header("accept", "application/json").body(Body::empty()).unwrap())
            .await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_form_without_the_token_of_its_session_is_refused() {
    let form = |token: &str| {
        let body = format!("_csrf={token}&name=%E5%BC%A0%E4%B8%89");
        to("/save")
            .method("POST")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(body))
            .unwrap()
    };
    let (status, headers, _) = ask(form(&Secret::of("abc").token())).await;
    assert_eq!((status, headers["location"].to_str().unwrap()), (StatusCode::SEE_OTHER, "/show"));
    assert!(headers["set-cookie"].to_str().unwrap().contains("web-saved-done"));
    for wrong in ["", "abc", &Secret::of("another").token()] {
        assert_eq!(ask(form(wrong)).await.0, StatusCode::FORBIDDEN, "{wrong}");
    }
    let foreign =
        to("/save").method("POST").header("content-type", "multipart/form-data; boundary=x");
    let foreign = foreign.header("sec-fetch-site", "cross-site").body(Body::empty()).unwrap();
    assert_eq!(ask(foreign).await.0, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn what_was_done_is_said_once() {
    let request = Request::builder()
        .uri("/show")
        .header("cookie", "shouwang_session=abc; shouwang_done=web-saved-done");
    let (_, headers, body) = ask(request.body(Body::empty()).unwrap()).await;
    assert!(body.contains("已保存。"));
    assert!(headers["set-cookie"].to_str().unwrap().contains("Max-Age=0"));
}

#[tokio::test]
async fn an_asset_is_kept_for_ever_only_under_its_own_digest() {
    let (status, headers, body) =
        ask(to(&crate::asset("app.css")).body(Body::empty()).unwrap()).await;
    assert_eq!(status, StatusCode::OK);
    assert!(
        headers["cache-control"].to_str().unwrap().contains("immutable")
            && body.contains("--accent")
    );
    let (_, headers, _) = ask(to("/assets/old/app.css").body(Body::empty()).unwrap()).await;
    assert_eq!(headers["cache-control"], "no-store");
    let (status, _, _) =
        ask(to("/assets/old/vendor/manifest.toml").body(Body::empty()).unwrap()).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_language_is_remembered_and_leads_nowhere_else() {
    let (status, headers, _) =
        ask(to("/language?to=en&back=//evil.example").body(Body::empty()).unwrap()).await;
    assert_eq!((status, headers["location"].to_str().unwrap()), (StatusCode::SEE_OTHER, "/"));
    assert!(headers["set-cookie"].to_str().unwrap().starts_with("shouwang_lang=en;"));
}

#[tokio::test]
async fn an_upload_brings_its_token_first() {
    let send = |token: &str| {
        let body = format!(
            "--x\r\nContent-Disposition: form-data; name=\"_csrf\"\r\n\r\n{token}\r\n--x\r\n\
             Content-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n1,2\r\n--x--\r\n"
        );
        let request = to("/upload").method("POST").header("sec-fetch-site", "same-origin");
        request
            .header("content-type", "multipart/form-data; boundary=x")
            .body(Body::from(body))
            .unwrap()
    };
    assert_eq!(ask(send(&Secret::of("abc").token())).await.0, StatusCode::SEE_OTHER);
    assert_eq!(ask(send("wrong")).await.0, StatusCode::FORBIDDEN);
}
