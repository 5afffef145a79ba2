//! Every page of the room rendered in both languages, and what a stranger gets.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use kernel::lang::Lang;
use kernel::permission::Role;
use store::testing::test_db;
use store::{Ctx, params};
use tower::ServiceExt;
use web::Viewer;

use super::sample::{clock, county, someone};

pub(super) fn ask(ctx: &Ctx, lang: Lang, request: Request<Body>) -> (StatusCode, String, String) {
    let router = super::routes().merge(crate::areas::routes()).merge(super::api::routes());
    ask_of(router, (ctx, lang), request)
}

/// Asks one of the rooms as this person in this language: status, where it leads, the text.
pub(crate) fn ask_of(
    router: axum::Router,
    (ctx, lang): (&Ctx, Lang),
    request: Request<Body>,
) -> (StatusCode, String, String) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().unwrap();
    let viewer = Viewer {
        name: ctx.actor.name.clone(),
        role: ctx.actor.role,
        place: String::new(),
        home: None,
    };
    let mut ctx = ctx.clone();
    ctx.lang = lang;
    let (mut parts, body) = request.into_parts();
    parts.headers.insert(header::ACCEPT_LANGUAGE, lang.tag().parse().unwrap());
    parts.extensions.insert(ctx);
    parts.extensions.insert(viewer);
    // the layer that words refusals also asks for the form's token, which only a browser has
    let router = if parts.method == axum::http::Method::GET { web::inside(router) } else { router };
    runtime.block_on(async {
        let answer = router.oneshot(Request::from_parts(parts, body)).await.unwrap();
        let status = answer.status();
        let to = answer.headers().get(header::LOCATION).map(|to| to.to_str().unwrap().to_owned());
        let bytes = axum::body::to_bytes(answer.into_body(), 10_000_000).await.unwrap();
        (status, to.unwrap_or_default(), String::from_utf8_lossy(&bytes).into_owned())
    })
}

pub(super) fn get(ctx: &Ctx, lang: Lang, path: &str) -> (StatusCode, String) {
    let (status, _, text) = ask(ctx, lang, Request::get(path).body(Body::empty()).unwrap());
    (status, text)
}

pub(super) fn post(ctx: &Ctx, path: &str, form: &str) -> (StatusCode, String, String) {
    ask(ctx, Lang::Zh, Request::post(path).body(Body::from(form.to_owned())).unwrap())
}

fn id_of(ctx: &Ctx, sql: &'static str, key: &str) -> String {
    ctx.read().unwrap().row(sql, params![key]).unwrap().text(0).unwrap()
}

const HOUSEHOLD: &str = "select id from households where number = $1";
const PERSON: &str = "select id from persons where name = $1";

fn with_county(check: impl Fn(&Ctx)) {
    let test = test_db().unwrap().remove(0);
    let ctx = test.system(clock());
    county(&ctx);
    check(&ctx);
}

#[test]
fn every_page_speaks_both_languages() {
    with_county(|ctx| {
        let id = id_of(ctx, HOUSEHOLD, "140430000001");
        let person = id_of(ctx, PERSON, "张三丰");
        let mut paths = vec![
            "/households".to_owned(),
            "/households?q=zsf".to_owned(),
            "/households?q=nobody".to_owned(),
            "/households?area=140430203&status=type:lifted".to_owned(),
            "/households/proposals".to_owned(),
            "/households/not-listed".to_owned(),
            "/areas".to_owned(),
            "/areas?area=140430203".to_owned(),
            format!("/households/{id}"),
            format!("/households/{id}?as_of=2025-01-01"),
            format!("/households/{id}/print"),
            format!("/households/{id}/people/{person}/reveal"),
        ];
        let kinds = [
            "birth",
            "marriage_in",
            "return",
            "death",
            "leave",
            "split",
            "merge",
            "move",
            "correct",
            "old_register",
        ];
        paths.extend(kinds.map(|kind| format!("/households/{id}/change/{kind}")));
        for lang in [Lang::Zh, Lang::En] {
            for path in &paths {
                let (status, text) = get(ctx, lang, path);
                assert_eq!(status, StatusCode::OK, "{path}: {text}");
                assert!(text.contains("<main"), "{path}");
                assert!(!text.contains("14043019600203"), "{path} shows a number in full");
            }
        }
        assert!(get(ctx, Lang::En, "/households").1.contains("张三丰"));
        assert!(
            get(ctx, Lang::En, &format!("/households/{id}")).1.contains("Lifted out of poverty")
        );
    });
}

#[test]
fn a_form_that_is_wrong_comes_back_and_a_right_one_changes_the_household() {
    with_county(|ctx| {
        let id = id_of(ctx, HOUSEHOLD, "140430000001");
        let path = format!("/households/{id}/change/birth");
        let (status, _, text) =
            post(ctx, &path, "name=&sex=male&birth_day=2026-10-01&on=2026-10-01&kin=son");
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(text.contains("2026-10-01"));
        let (status, to, _) = post(
            ctx,
            &path,
            "name=张小宝&sex=male&birth_day=2026-10-01&on=2026-10-01&kin=grandson&id=&phone=",
        );
        assert_eq!((status, to), (StatusCode::SEE_OTHER, format!("/households/{id}")));
        assert!(get(ctx, Lang::Zh, &format!("/households/{id}")).1.contains("张小宝"));
        let correct = format!("/households/{id}/change/correct");
        let what = format!("what=register_household.h.{id}&reason=重新鉴定&on=2026-10-02&value=");
        assert_eq!(post(ctx, &correct, &format!("{what}yes")).0, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(post(ctx, &correct, &format!("{what}C")).0, StatusCode::SEE_OTHER);
        assert!(get(ctx, Lang::Zh, &correct).1.contains("C · 手工登记 2026-10-02"));
        assert_eq!(post(ctx, &correct, &format!("{what}C")).0, StatusCode::CONFLICT);
        let son = id_of(ctx, PERSON, "张小山");
        let split = format!("going={son}&head={son}&on=2026-10-02&new_head=&group=2组");
        let (status, to, text) = post(ctx, &format!("/households/{id}/change/split"), &split);
        assert_eq!(status, StatusCode::SEE_OTHER, "{text}");
        assert!(get(ctx, Lang::Zh, &to).1.contains("140430L000001"));
    });
}

#[test]
fn a_stranger_gets_not_found_by_page_and_by_api() {
    with_county(|ctx| {
        let id = id_of(ctx, HOUSEHOLD, "140430000001");
        let eve = someone(ctx, "eve", Role::Township, "140430204000");
        for path in [
            format!("/households/{id}"),
            format!("/households/{id}/print"),
            format!("/households/{id}/change/birth"),
            format!("/api/v1/households/{id}"),
        ] {
            assert_eq!(get(&eve, Lang::Zh, &path).0, StatusCode::NOT_FOUND, "{path}");
        }
        let (status, text) = get(&eve, Lang::Zh, "/api/v1/households");
        assert_eq!(status, StatusCode::OK);
        assert!(text.contains("140430000002") && !text.contains("140430000001"), "{text}");
        assert!(!get(&eve, Lang::Zh, "/households?q=张三丰").1.contains("140430000001"));
    });
}

#[test]
fn a_list_goes_out_as_a_workbook_and_stays_in_the_journal() {
    with_county(|ctx| {
        let (status, text) = get(ctx, Lang::Zh, "/households/export");
        assert_eq!(status, StatusCode::OK);
        assert!(text.starts_with("PK"));
        let (status, text) = get(ctx, Lang::Zh, "/households/export?form=csv&area=140430203");
        assert_eq!(status, StatusCode::OK);
        assert!(text.starts_with("\u{feff}户编号,户主"), "{text}");
        assert!(text.contains("140430000001,") && !text.contains("140430000002,"), "{text}");
        let eve = someone(ctx, "eve", Role::Township, "140430204000");
        let (_, hers) = get(&eve, Lang::Zh, "/households/export?form=csv");
        assert!(hers.contains("140430000002,") && !hers.contains("140430000001,"), "{hers}");
        let chen = someone(ctx, "chen", Role::Village, "140430203201");
        assert_eq!(get(&chen, Lang::Zh, "/households/export").0, StatusCode::FORBIDDEN);
        let last = "select verb from journal where verb = $1";
        assert_eq!(id_of(ctx, last, "household.export"), "household.export");
    });
}
