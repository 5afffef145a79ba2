//! Kept texts of rules that are odd or hostile: compiled or refused with a place, never a panic, and nothing but one
//! expression reaches an engine. `fuzz/run` begins with them, and what it finds is kept here.

#![allow(clippy::expect_used, reason = "a test stops at what it does not expect")]

use std::path::Path;

use facts::{Binding, Column, CoverageView, Engine, Kind, Params, Schema, Scope, compile};
use kernel::lang::Lang;

fn schema() -> Schema {
    let column = |name, kind| {
        let column = Column::household(name, kind).room("circumstances");
        column.title("列", "column").sentence("列", "column")
    };
    Schema::of([
        column("persons", Kind::Int),
        column("income_pc", Kind::Money),
        column("monitored", Kind::Bool),
        column("hh_type", Kind::Text),
        column("listed_on", Kind::Day),
    ])
    .expect("a schema")
}

#[test]
fn every_kept_text_is_compiled_or_refused() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let (schema, params, coverage) = (schema(), Params::default(), CoverageView::default());
    let scope = Scope { schema: &schema, table: "household_facts", params: &params };
    let today = "2026-10-31".parse().expect("a day");
    let binding = Binding { today, params: &params, coverage: &coverage };
    let (mut compiled, mut refused) = (0, 0);
    for one in std::fs::read_dir(folder).expect("corpus") {
        let path = one.expect("file").path();
        let text = std::fs::read_to_string(&path).expect("text");
        match compile(&text, scope) {
            Ok(predicate) => {
                compiled += 1;
                for engine in [Engine::Sqlite, Engine::Postgres] {
                    let sql = predicate.sql(engine, binding).to_lowercase();
                    for word in ["drop ", "select ", ";", "--", "/*"] {
                        assert!(!sql.contains(word), "{}: {sql}", path.display());
                    }
                }
                assert!(!predicate.explain(&params, Lang::Zh).is_empty());
            }
            Err(problem) => {
                refused += 1;
                assert!(!problem.to_string().is_empty(), "{}", path.display());
            }
        }
    }
    assert!(compiled >= 3 && refused >= 12, "{compiled} compiled, {refused} refused");
}
