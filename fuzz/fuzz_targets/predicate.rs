//! The text of a rule: compiled or refused with a place, and what was compiled renders for both engines.
#![no_main]

use facts::{Binding, Column, CoverageView, Engine, Kind, Params, Schema, Scope, compile};
use kernel::lang::Lang;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let column = |name, kind| {
        Column::household(name, kind).room("circumstances").title("列", "column").sentence("列", "column")
    };
    let schema = Schema::of([
        column("persons", Kind::Int),
        column("income_pc", Kind::Money),
        column("monitored", Kind::Bool),
        column("hh_type", Kind::Text),
        column("listed_on", Kind::Day),
    ])
    .expect("a schema");
    let params = Params::default();
    let scope = Scope { schema: &schema, table: "household_facts", params: &params };
    let Ok(predicate) = compile(text, scope) else { return };
    let coverage = CoverageView::default();
    let today = "2026-10-31".parse().expect("a day");
    let binding = Binding { today, params: &params, coverage: &coverage };
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let sql = predicate.sql(engine, binding);
        assert!(!sql.contains(';') || text.contains(';'), "one expression and nothing after it");
    }
    let _ = predicate.explain(&params, Lang::Zh);
});
