//! The evaluator and both databases (PostgreSQL where `SHOUWANG_TEST_PG` names one) give the same answer: random
//! predicates over random rows, with and without coverage.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use facts::{
    Binding, Buckets, Column, Coverage, CoverageView, Engine, Extent, FactRow, HOUSEHOLD, Kind,
    Only, OwnField, OwnList, PERSON, Param, Params, Pass, Predicate, Scalar, Schema, Scope,
    Situation, Unit, Versions, compile, pass::unpack, pass::unpack_pair,
};
use kernel::time::Day;
use proptest::prelude::*;
use rusqlite::types::Value;

/// Two own lists: one adds up and absence is none, of the other the newest delivery counts and absence says nothing.
fn own_lists() -> Vec<OwnList> {
    let field = |name: &str, kind| OwnField {
        name: name.into(),
        title: (name.into(), name.into()),
        kind,
        words: Vec::new(),
    };
    let list = |code: &str, adds: bool| OwnList {
        code: code.into(),
        title: (code.into(), code.into()),
        of_villages: false,
        adds,
        absent_is_none: adds,
        months: 6,
        columns: vec![
            field("钱", Kind::Money),
            field("n", Kind::Int),
            field("part", Kind::Real),
            field("good", Kind::Bool),
            field("word", Kind::Text),
        ],
    };
    vec![list("flow", true), list("stock", false)]
}

type OwnValues = (&'static str, &'static str, Option<i64>, Option<i64>, Option<&'static str>);

/// Rows of own lists as the facts hold them.
fn own_rows() -> BoxedStrategy<Scalar> {
    let row = (
        prop::sample::select(vec!["flow", "stock"]),
        prop::sample::select(vec!["2026-10-31", "2026-09-30", "2026-05-31", "2024-01-01"]),
        prop::option::weighted(0.8, -2_i64..6),
        prop::option::weighted(0.8, 0_i64..2),
        prop::option::weighted(0.8, prop::sample::select(vec!["x", "y'", "词"])),
    );
    let json = |(list, day, number, yes, word): OwnValues| {
        let mut values = serde_json::Map::new();
        if let Some(number) = number {
            values.insert("a:钱".into(), (number * 100).into());
            values.insert("n:n".into(), number.into());
            values.insert("h:part".into(), (number * 25).into());
        }
        values.extend(yes.map(|yes| ("y:good".to_owned(), yes.into())));
        values.extend(word.map(|word| ("t:word".to_owned(), word.into())));
        serde_json::json!({ "l": list, "d": day, "b": "b", "r": 1, "v": values })
    };
    prop::collection::vec(row, 0..4)
        .prop_map(move |rows| match rows.is_empty() {
            true => Scalar::Null,
            false => {
                let rows: Vec<_> = rows.into_iter().map(json).collect();
                Scalar::Text(serde_json::Value::from(rows).to_string())
            }
        })
        .boxed()
}

fn schema() -> Schema {
    let done = |column: Column| column.room("r").title("名", "name").sentence("句。", "Sentence.");
    let events = Coverage::events("list", 12);
    Schema::of(
        [
            Column::household("money_a", Kind::Money),
            Column::household("money_b", Kind::Money).covered(events),
            Column::household("count_a", Kind::Int),
            Column::household("count_b", Kind::Int).covered(events),
            Column::household("count_c", Kind::Int).covered(Coverage::latest("list", 12)),
            Column::household("share", Kind::Real),
            Column::household("yes_a", Kind::Bool),
            Column::household("yes_b", Kind::Bool).covered(events),
            Column::household("word_a", Kind::Text),
            Column::household("word_b", Kind::Text).covered(events),
            Column::household("day_a", Kind::Day),
            Column::person("age", Kind::Int),
            Column::person("well", Kind::Bool),
            Column::person("wage", Kind::Money).covered(events),
            Column::household("own_lists", Kind::Text),
            Column::person("own_lists", Kind::Text),
        ]
        .map(done),
    )
    .unwrap()
    .with_lists(own_lists())
}

fn params() -> Params {
    let area = |low: &str, high: &str, fen| facts::AreaValue {
        low: low.into(),
        high: high.into(),
        value: Scalar::Int(fen),
    };
    let mut line = Param::everywhere(Kind::Money, Unit::Yuan, Scalar::Int(300));
    line.values.insert(0, area("500154201000", "500154201999", 500));
    Params::from([
        ("line".to_owned(), line),
        ("factor".to_owned(), Param::everywhere(Kind::Real, Unit::None, Scalar::Real(0.5))),
    ])
}

fn amount(money: bool) -> BoxedStrategy<String> {
    let leaf = if money {
        prop_oneof![
            Just("money_a".to_owned()),
            Just("money_b".to_owned()),
            Just(":line".to_owned()),
            Just("coalesce(money_b, 3)".to_owned()),
            Just("members_sum(wage, age > 2)".to_owned()),
            Just("field('flow.钱')".to_owned()),
            Just("field('stock.钱', 2)".to_owned()),
        ]
        .boxed()
    } else {
        prop_oneof![
            Just("count_a".to_owned()),
            Just("count_b".to_owned()),
            Just("count_c".to_owned()),
            Just("share".to_owned()),
            Just(":factor".to_owned()),
            (0_i32..6).prop_map(|n| n.to_string()),
            (-40_i32..40).prop_map(|n| format!("({}.{})", n / 10, (n % 10).abs())),
            Just("days_since(day_a)".to_owned()),
            Just("months_since(day_a)".to_owned()),
            Just("years_since(day_a)".to_owned()),
            Just("members(age > 2 and well)".to_owned()),
            Just("members(wage > 2)".to_owned()),
            Just("field('flow.n', 36)".to_owned()),
            Just("field('stock.part')".to_owned()),
            Just("members(listed('flow', 2))".to_owned()),
        ]
        .boxed()
    };
    leaf.prop_recursive(3, 12, 3, move |inner| {
        let number = if money { amount_flat() } else { inner.clone() };
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} + {b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} - {b})")),
            (inner.clone(), number.clone()).prop_map(|(a, b)| format!("({a} * {b})")),
            (inner.clone(), number).prop_map(|(a, b)| format!("({a} / greatest({b}, 0))")),
            inner.clone().prop_map(|a| format!("abs({a})")),
            inner.clone().prop_map(|a| format!("round({a})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("least({a}, {b})")),
            (inner.clone(), inner.clone())
                .prop_map(|(a, b)| format!("case when yes_b then {a} when yes_a then {b} end")),
            (inner.clone(), inner).prop_map(|(a, b)| format!("coalesce({a}, {b})")),
        ]
    })
    .boxed()
}

fn amount_flat() -> BoxedStrategy<String> {
    prop_oneof![Just("count_a".to_owned()), Just("2".to_owned()), Just("share".to_owned())].boxed()
}

fn condition() -> impl Strategy<Value = String> {
    let sign = || prop::sample::select(vec!["=", "<>", "<", "<=", ">", ">="]);
    let leaf = prop_oneof![
        Just("listed('flow', 2)".to_owned()),
        Just("listed('stock', 36)".to_owned()),
        Just("field('flow.good', 12)".to_owned()),
        Just("field('stock.good')".to_owned()),
        Just("field('flow.word', 36) = 'x'".to_owned()),
        Just("field('stock.word') in ('词', 'y''')".to_owned()),
        Just("field('flow.钱', 12) > 1".to_owned()),
        Just("yes_a".to_owned()),
        Just("yes_b".to_owned()),
        Just("yes_a = yes_b".to_owned()),
        Just("word_a in ('x', 'y''')".to_owned()),
        Just("word_b = 'x'".to_owned()),
        Just("word_b <> word_a".to_owned()),
        Just("day_a between '2024-02-29' and today()".to_owned()),
        Just("count_b is null".to_owned()),
        Just("members(well) >= 2".to_owned()),
        Just("1 < members(age < 4)".to_owned()),
        (amount(true), sign(), amount(true)).prop_map(|(a, s, b)| format!("{a} {s} {b}")),
        (amount(false), sign(), amount(false)).prop_map(|(a, s, b)| format!("{a} {s} {b}")),
        (amount(false), sign()).prop_map(|(a, s)| format!("{a} {s} count_b")),
        (amount(true), 0_i32..5).prop_map(|(a, n)| format!("money_b > {a} - {n}")),
        (amount(false), amount(false)).prop_map(|(a, b)| format!("count_a in ({a}, {b}, 3)")),
    ];
    leaf.prop_recursive(3, 16, 3, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} and {b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} or {b})")),
            inner.clone().prop_map(|a| format!("(not ({a}))")),
            inner.clone().prop_map(|a| format!("(({a}) is not true)")),
            (inner.clone(), inner.clone(), inner)
                .prop_map(|(a, b, c)| format!("case when {a} then {b} else {c} end")),
        ]
    })
}

fn value(kind: Kind) -> BoxedStrategy<Scalar> {
    let known = match kind {
        Kind::Money => (-3_i64..9).prop_map(|yuan| Scalar::Int(yuan * 100)).boxed(),
        Kind::Int => (-3_i64..7).prop_map(Scalar::Int).boxed(),
        Kind::Real => (-8_i32..8).prop_map(|n| Scalar::Real(f64::from(n) / 4.0)).boxed(),
        Kind::Bool => (0_i64..2).prop_map(Scalar::Int).boxed(),
        Kind::Text => prop::sample::select(vec!["", "x", "y'"])
            .prop_map(|text| Scalar::Text(text.to_owned()))
            .boxed(),
        Kind::Day => (0_i64..1500)
            .prop_map(|n| Scalar::Text(Day::parse("2023-01-31").unwrap().add_days(n).to_string()))
            .boxed(),
    };
    prop_oneof![1 => Just(Scalar::Null), 3 => known].boxed()
}

fn fact_row(table: &'static str) -> impl Strategy<Value = FactRow> {
    let schema = schema();
    let columns: Vec<Column> = schema.columns(table).copied().collect();
    let of = |column: &Column| match column.name {
        "own_lists" => own_rows(),
        _ => value(column.kind),
    };
    let values: Vec<_> = columns.iter().map(of).collect();
    values.prop_map(move |values| {
        columns.iter().map(|column| column.name.to_owned()).zip(values).collect()
    })
}

fn situation() -> impl Strategy<Value = Situation> {
    let village = prop::sample::select(vec!["500154201001", "500154202001"]);
    (village, fact_row("household_facts"), prop::collection::vec(fact_row("person_facts"), 0..4))
        .prop_map(|(village, row, members)| Situation { village: village.to_owned(), row, members })
}

fn coverage() -> impl Strategy<Value = CoverageView> {
    let extent = prop_oneof![
        Just(Extent::Whole),
        Just(Extent::Incomplete),
        Just(Extent::Areas(Vec::new())),
        Just(Extent::Areas(vec![("500154201000".into(), "500154201999".into())])),
    ];
    extent.prop_map(|extent| {
        let mut view = CoverageView::nothing();
        for months in 1..=36 {
            view.set("own:flow", months, extent.clone());
        }
        view.set("list", 12, extent);
        view
    })
}

fn bound(value: &Scalar) -> Value {
    match value {
        Scalar::Null => Value::Null,
        Scalar::Int(value) => Value::Integer(*value),
        Scalar::Real(value) => Value::Real(*value),
        Scalar::Text(text) => Value::Text(text.clone()),
    }
}

fn database(schema: &Schema, situations: &[Situation]) -> rusqlite::Connection {
    let db = rusqlite::Connection::open_in_memory().unwrap();
    for statement in schema.create_sql() {
        db.execute(&statement, []).unwrap();
    }
    for (n, situation) in situations.iter().enumerate() {
        let insert = |table: &facts::Table, keys: Vec<String>, row: &FactRow| {
            let mut values: Vec<Value> = keys.into_iter().map(Value::Text).collect();
            values.push(Value::Null);
            values.extend(schema.columns(table.name).map(|column| bound(&row[column.name])));
            db.execute(&schema.upsert_sql(table), rusqlite::params_from_iter(values)).unwrap();
        };
        let household = format!("h{n}");
        insert(&HOUSEHOLD, vec![household.clone(), situation.village.clone()], &situation.row);
        for (m, person) in situation.members.iter().enumerate() {
            let keys = vec![format!("p{n}-{m}"), household.clone(), situation.village.clone()];
            insert(&PERSON, keys, person);
        }
    }
    db
}

/// The answers of PostgreSQL in the order of the households, where a server is at hand.
fn postgres(
    schema: &Schema,
    situations: &[Situation],
    sql: &str,
    answers: usize,
) -> Option<Vec<Vec<Option<i64>>>> {
    let numbers = |row: &postgres::Row| (0..answers).map(|n| row.get(n + 2)).collect();
    postgres_rows(schema, situations, sql, &numbers)
}

/// What `read` makes of each row of PostgreSQL.
fn postgres_rows<T>(
    schema: &Schema,
    situations: &[Situation],
    sql: &str,
    read: &dyn Fn(&postgres::Row) -> T,
) -> Option<Vec<T>> {
    thread_local! {
        static CLIENT: std::cell::RefCell<Option<postgres::Client>> =
            std::cell::RefCell::new(std::env::var("SHOUWANG_TEST_PG").ok().map(|url| {
                postgres::Client::connect(&url, postgres::NoTls).unwrap()
            }));
    }
    CLIENT.with_borrow_mut(|client| {
        let mut tx = client.as_mut()?.transaction().unwrap();
        tx.batch_execute("set local search_path to pg_temp").unwrap();
        tx.batch_execute(&schema.create_sql().join(";\n")).unwrap();
        let mut insert = |table: &facts::Table, keys: &[String], row: &FactRow| {
            let mut values: Vec<String> = keys.iter().map(|key| format!("'{key}'")).collect();
            values.push("null".into());
            values.extend(schema.columns(table.name).map(|column| match &row[column.name] {
                Scalar::Null => "null".into(),
                Scalar::Int(value) => value.to_string(),
                Scalar::Real(value) => value.to_string(),
                Scalar::Text(text) => format!("'{}'", text.replace('\'', "''")),
            }));
            let names = schema.upsert_columns(table).join(", ");
            let values = values.join(", ");
            let text = format!("insert into {} ({names}) values ({values})", table.name);
            tx.batch_execute(&text).unwrap();
        };
        for (n, situation) in situations.iter().enumerate() {
            let (household, village) = (format!("h{n}"), situation.village.clone());
            insert(&HOUSEHOLD, &[household.clone(), village.clone()], &situation.row);
            for (m, person) in situation.members.iter().enumerate() {
                insert(&PERSON, &[format!("p{n}-{m}"), household.clone(), village.clone()], person);
            }
        }
        let rows = tx.query(sql, &[]).unwrap_or_else(|why| panic!("{why:?}: {sql}"));
        Some(rows.iter().map(read).collect())
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]
    #[test]
    fn the_evaluator_agrees_with_the_database(
        texts in prop::collection::vec(condition(), 4),
        situations in prop::collection::vec(situation(), 6),
        coverage in coverage(),
    ) {
        let (schema, params) = (schema(), params());
        let scope = Scope { schema: &schema, table: "household_facts", params: &params };
        let predicates: Vec<Predicate> = texts
            .iter()
            .filter_map(|text| match compile(text, scope) {
                Ok(predicate) => Some(predicate),
                Err(problem) => {
                    let large = matches!(problem.trouble, facts::Trouble::TooLarge(_));
                    assert!(large, "{text}: {problem}");
                    None
                }
            })
            .collect();
        let predicates: Vec<&Predicate> = predicates.iter().collect();
        let today = Day::parse("2026-10-31").unwrap();
        let binding = Binding { today, params: &params, coverage: &coverage };
        let pass = Pass { table: &HOUSEHOLD, engine: Engine::Sqlite, binding };
        let db = database(&schema, &situations);
        let plain_sql = pass.answers(&predicates, Only::All) + " order by 1";
        let packed_sql = pass.packed(&predicates, Only::All) + " order by 1";
        let mut plain = db.prepare(&plain_sql).unwrap();
        let mut packed = db.prepare(&packed_sql).unwrap();
        let mut plain = plain.query([]).unwrap();
        let mut packed = packed.query([]).unwrap();
        let elsewhere = Pass { engine: Engine::Postgres, ..pass };
        let elsewhere = elsewhere.answers(&predicates, Only::All) + " order by 1";
        let elsewhere = postgres(&schema, &situations, &elsewhere, predicates.len());
        for (household, situation) in situations.iter().enumerate() {
            let row = plain.next().unwrap().unwrap();
            let bits = packed.next().unwrap().unwrap();
            let words = if predicates.is_empty() { vec![] } else { vec![bits.get::<_, i64>(2).unwrap()] };
            for (n, predicate) in predicates.iter().enumerate() {
                let stored: Option<i64> = row.get(n + 2).unwrap();
                let evaluated = predicate.eval(binding, situation);
                prop_assert_eq!(
                    stored.map(|answer| answer == 1), evaluated,
                    "{} on {:?} covered {:?}", predicate.text(), situation, coverage
                );
                prop_assert_eq!(unpack(&words, n), evaluated);
                if let Some(elsewhere) = &elsewhere {
                    prop_assert_eq!(
                        elsewhere[household][n].map(|answer| answer == 1), evaluated,
                        "PostgreSQL: {} on {:?} covered {:?}", predicate.text(), situation, coverage
                    );
                }
                let causes = predicate.unknowns(binding, situation);
                prop_assert!(evaluated.is_some() || !causes.is_empty()
                    || predicate.text().contains('/') || predicate.text().contains("case"),
                    "{} is unknown without a cause", predicate.text());
            }
        }
    }

    #[test]
    fn two_versions_are_counted_as_the_evaluator_answers(
        texts in prop::collection::vec(condition(), 2),
        sign in prop::sample::select(vec![">", ">=", "<", "<=", "="]),
        situations in prop::collection::vec(situation(), 6),
        coverage in coverage(),
    ) {
        let (schema, params) = (schema(), params());
        let mut other = params.clone();
        other.insert("line".to_owned(), Param::everywhere(Kind::Money, Unit::Yuan, Scalar::Int(100)));
        let of = |text: &String, params: &Params| {
            let scope = Scope { schema: &schema, table: "household_facts", params };
            compile(&format!("count_a {sign} 2 or ({text})"), scope).ok()
        };
        let (Some(before), Some(after)) = (of(&texts[0], &params), of(&texts[1], &other)) else {
            return Ok(());
        };
        let today = Day::parse("2026-10-31").unwrap();
        let was = Binding { today, params: &params, coverage: &coverage };
        let is = Binding { params: &other, ..was };
        let versions = Versions { before: Some((&before, was)), after: Some((&after, is)) };
        let comparison = &before.comparisons(&params)[0];
        let buckets = Buckets { comparison, binding: was, low: -2.0, width: 2.0, count: 3 };
        let sqlite = Pass { table: &HOUSEHOLD, engine: Engine::Sqlite, binding: was };
        let elsewhere = Pass { engine: Engine::Postgres, ..sqlite };
        let expected: Vec<(Option<bool>, Option<bool>, i64)> = situations
            .iter()
            .map(|one| {
                let bucket = match one.row["count_a"] {
                    Scalar::Int(n) if comparison.parts_above() => (n + 3).div_euclid(2).clamp(0, 4),
                    Scalar::Int(n) => (n + 4).div_euclid(2).clamp(0, 4),
                    _ => 5,
                };
                (before.eval(was, one), after.eval(is, one), bucket)
            })
            .collect();
        let split = |packed: i64| {
            let (a, b) = unpack_pair(&[packed & 15], 0);
            (a, b, packed >> 4)
        };
        let db = database(&schema, &situations);
        let mut sorted = expected.clone();
        sorted.sort_unstable();
        let places = db.query_row(&sqlite.places().unwrap(), [], |row| Ok((row.get(0)?, row.get(1)?)));
        let (first, last): (i64, i64) = places.unwrap();
        let middle = first.midpoint(last) + 1;
        let mut compared = Vec::new();
        // every row lies in one of the halves
        for part in [[i64::MIN, middle], [middle, i64::MAX]] {
            let before = compared.len();
            compared.extend(
                db.prepare(&sqlite.compared(&versions, Some(&buckets)))
                    .unwrap()
                    .query_map(part, |row| {
                        let (a, b, bucket) = split(row.get(2)?);
                        let named: Option<String> = row.get(0)?;
                        assert_eq!(named.is_some(), !matches!((a, b), (Some(false), Some(false)) | (None, None)));
                        Ok((a, b, bucket))
                    })
                    .unwrap()
                    .map(Result::unwrap),
            );
            prop_assert!(compared.len() - before <= situations.len().div_ceil(2));
        }
        compared.sort_unstable();
        prop_assert_eq!(&compared, &sorted, "{} then {}", before.text(), after.text());
        let there = elsewhere.compared(&versions, Some(&buckets));
        let there = there.replace("$1", "0").replace("$2", "1");
        if let Some(mut there) = postgres_rows(&schema, &situations, &there, &|row| split(row.get(2))) {
            there.sort_unstable();
            prop_assert_eq!(&there, &sorted, "PostgreSQL: {} then {}", before.text(), after.text());
        }
        let twice = [versions, Versions { before: None, after: Some((&before, was)) }];
        let both = |word: i64| (unpack_pair(&[word], 0), unpack_pair(&[word], 1));
        let mut pairs: Vec<_> = expected
            .iter()
            .map(|(a, b, _)| ((*a, *b), (Some(false), *a)))
            .collect();
        pairs.sort_unstable();
        let mut packed: Vec<_> = db
            .prepare(&sqlite.versions(&twice))
            .unwrap()
            .query_map([], |row| Ok(both(row.get(0)?)))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        packed.sort_unstable();
        prop_assert_eq!(&packed, &pairs);
        let there = elsewhere.versions(&twice);
        if let Some(mut there) = postgres_rows(&schema, &situations, &there, &|row| both(row.get(0))) {
            there.sort_unstable();
            prop_assert_eq!(&there, &pairs);
        }
    }

    #[test]
    fn no_text_makes_the_compiler_panic(text in "[-a-z0-9_()<>=:.,'*/+ ]{0,60}") {
        let (schema, params) = (schema(), params());
        let scope = Scope { schema: &schema, table: "household_facts", params: &params };
        let _ = compile(&text, scope);
    }
}
