//! Every page of the room in both languages, a decision and its undoing as a browser sends them, and what a stranger gets.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use kernel::lang::Lang;
use kernel::permission::Role;
use store::testing::test_db;
use store::{Ctx, params};

use crate::households::pages_tests::ask_of;
use crate::households::sample::{clock, county, someone};

fn get(ctx: &Ctx, lang: Lang, path: &str) -> (StatusCode, String, String) {
    ask_of(super::routes(), (ctx, lang), Request::get(path).body(Body::empty()).unwrap())
}

fn post(ctx: &Ctx, path: &str, form: &str) -> (StatusCode, String, String) {
    let request = Request::post(path).body(Body::from(form.to_owned())).unwrap();
    ask_of(super::routes(), (ctx, Lang::Zh), request)
}

fn id_of(ctx: &Ctx, sql: &'static str, key: &str) -> String {
    ctx.read().unwrap().row(sql, params![key]).unwrap().text(0).unwrap()
}

#[test]
fn a_pair_is_compared_merged_and_undone_on_the_pages() {
    for test in test_db().unwrap() {
        let ctx = &test.system(clock());
        county(ctx);
        let office = &someone(ctx, "alice", Role::County, "140430000000");
        let (status, to, _) =
            get(office, Lang::Zh, "/duplicates/compare?one=14043000000003&other=14043000000006");
        assert_eq!(status, StatusCode::SEE_OTHER);
        for (lang, words) in [(Lang::Zh, "是不是同一个？"), (Lang::En, "Are these the same?")]
        {
            let (status, _, text) = get(office, lang, &to);
            assert_eq!(status, StatusCode::OK, "{text}");
            for word in [words, "张小山", "王小妹", "140430000002"] {
                assert!(text.contains(word), "{word} in {text}");
            }
            assert!(!text.contains("14043019900807"), "numbers of identity have stars");
        }
        let (status, _, text) = post(office, &to, "pick=one&home=neither&name=one&reason=");
        assert_eq!(status, StatusCode::SEE_OTHER, "{text}");
        let (status, merge, _) = get(office, Lang::Zh, &to);
        assert_eq!(status, StatusCode::SEE_OTHER);
        assert!(merge.starts_with("/duplicates/merges/"), "{merge}");
        for (lang, words) in [(Lang::Zh, "撤销合并"), (Lang::En, "Undo this merge")] {
            let (status, _, text) = get(office, lang, &merge);
            assert_eq!(status, StatusCode::OK);
            assert!(text.contains(words), "{text}");
            let (_, _, text) = get(office, lang, "/duplicates?state=carried");
            assert!(text.contains("王小妹"), "{text}");
        }
        let undo = format!("{merge}/undo");
        assert_eq!(post(office, &undo, "reason=").0, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(post(office, &undo, "reason=no").0, StatusCode::SEE_OTHER);
        assert_eq!(post(office, &undo, "reason=no").0, StatusCode::CONFLICT);
        assert_eq!(post(office, &to, "pick=differ&reason=").0, StatusCode::SEE_OTHER);
        for lang in [Lang::Zh, Lang::En] {
            let (status, _, text) = get(office, lang, "/duplicates?state=differ");
            assert_eq!(status, StatusCode::OK);
            assert!(text.contains("王小妹"), "{text}");
            for state in ["suggested", "proposed", "undone"] {
                assert_eq!(
                    get(office, lang, &format!("/duplicates?state={state}")).0,
                    StatusCode::OK
                );
            }
        }
    }
}

#[test]
fn households_are_compared_and_a_stranger_finds_nothing() {
    for test in test_db().unwrap() {
        let ctx = &test.system(clock());
        county(ctx);
        let home = |number| id_of(ctx, "select id from households where number = $1", number);
        let path = format!(
            "/duplicates/pairs/household/{}/{}",
            home("140430000001"),
            home("140430000002")
        );
        let office = &someone(ctx, "alice", Role::County, "140430000000");
        for lang in [Lang::Zh, Lang::En] {
            let (status, _, text) = get(office, lang, &path);
            assert_eq!(status, StatusCode::OK, "{text}");
            assert!(text.contains("李桂花") && text.contains("赵秀英"), "{text}");
        }
        let eve = &someone(ctx, "eve", Role::Township, "140430204000");
        let leader = &someone(ctx, "leader", Role::Leader, "140430000000");
        assert_eq!(get(eve, Lang::Zh, &path).0, StatusCode::NOT_FOUND);
        assert_eq!(get(leader, Lang::Zh, &path).0, StatusCode::FORBIDDEN);
        // without the layer that words refusals only that nothing came of it can be seen
        let refused = post(leader, &path, "pick=one").0;
        assert!(!refused.is_success() && !refused.is_redirection(), "{refused}");
        assert_eq!(post(office, &path, "pick=nobody").0, StatusCode::UNPROCESSABLE_ENTITY);
        let merged = post(office, &path, "pick=one&reason=");
        assert_eq!(merged.0, StatusCode::SEE_OTHER, "{}", merged.2);
        let stands =
            id_of(ctx, "select number from households where merged_into is null and $1 = $1", "");
        assert_eq!(stands, "140430000001");
    }
}
