//! One village: its class in a year, what was written down, and the class by hand.

use askama::Template;
use axum::extract::Path;
use kernel::area::AreaCode;
use kernel::error::{Error, Refusal, RefusalKind, Result};
use kernel::permission::Permission;
use store::Ctx;
use web::ui::{Chip, Choice, Csrf, Errors, Field};
use web::{Address, Answer, CtxOf, Desk, Fields, L, blocking, done, page_of_form};

use super::super::actions::{self, View};
use super::super::listed::Listed;
use super::super::model::Collective;
use super::{class_chip, kind_of, lines_in_words, year_field, year_of};

struct Past {
    year: i64,
    what: String,
    document: String,
    by: String,
}

#[derive(Template)]
#[template(path = "villages/templates/one.html")]
struct OnePage {
    l: L,
    csrf: Csrf,
    errors: Errors,
    code: String,
    class: Chip,
    by_hand: bool,
    kind: String,
    income: String,
    lines: String,
    incomes: Vec<Past>,
    set: Vec<Past>,
    form: Option<(Field, Field, Field)>,
    lists: Vec<ListCard>,
}

/// An own list with its rows about the village.
struct ListCard {
    title: String,
    day: String,
    heads: Vec<String>,
    rows: Vec<(String, Vec<(String, String)>)>,
}

fn list_card(l: L, listed: &Listed) -> ListCard {
    let words = |(zh, en): &(String, String)| if l.is_zh() { zh.clone() } else { en.clone() };
    let heads: Vec<String> = listed.columns().map(|field| words(&field.title)).collect();
    let row = |row: &facts::OwnRow| {
        let cells = heads.iter().cloned().zip(listed.cells(row, l.0)).collect();
        (row.day.to_string(), cells)
    };
    ListCard {
        title: words(&listed.list.title),
        day: l.t("villages-own-day"),
        rows: listed.rows.iter().map(row).collect(),
        heads,
    }
}

fn pasts(l: L, view: &View) -> (Vec<Past>, Vec<Past>) {
    let incomes = view.incomes.iter().map(|one| Past {
        year: one.year,
        what: l.money(one.amount),
        document: one.document.clone(),
        by: format!("{} · {}", one.by, one.at.local_text()),
    });
    let set = view.by_hand.iter().map(|one| Past {
        year: one.year,
        what: one.class.map_or_else(
            || l.t("villages-follows"),
            |class| l.t(&format!("villages-class-{class}")),
        ),
        document: one.document.clone(),
        by: format!("{} · {}", one.by, one.at.local_text()),
    });
    (incomes.collect(), set.collect())
}

async fn one_page(
    ctx: Ctx,
    desk: Desk,
    (code, year): (AreaCode, i64),
    (sent, refused): (Fields, Option<Refusal>),
) -> Answer {
    let (l, now) = (desk.l, i64::from(ctx.today.year()));
    let view = blocking(move || actions::show(&ctx, code, year)).await?;
    let line = &view.line;
    let form = desk.may(Permission::VillageClass).then(|| {
        let refused = refused.as_ref();
        let mut choices = vec![Choice::new("", l.t("villages-follows"))];
        choices.extend(
            [Collective::Shell, Collective::Weak, Collective::Over]
                .map(|class| Choice::new(class.text(), l.t(&format!("villages-class-{class}")))),
        );
        (
            year_field(l, year, now),
            Field::select("class", l.t("villages-sheet-class"), choices).filled(l, &sent, refused),
            Field::text("document", l.t("villages-sheet-document"))
                .help(l.t("villages-class-document-help"))
                .filled(l, &sent, refused),
        )
    });
    let (incomes, set) = pasts(l, &view);
    let body = OnePage {
        l,
        csrf: Csrf(desk.csrf.clone()),
        errors: Errors::new(l, refused.as_ref()),
        code: code.to_string(),
        class: class_chip(l, line.class),
        by_hand: line.by_hand.is_some(),
        kind: kind_of(l, line)?,
        income: line.income.as_ref().map(|income| l.money(income.amount)).unwrap_or_default(),
        lines: lines_in_words(l, view.thresholds),
        incomes,
        set,
        form,
        lists: view.lists.iter().map(|listed| list_card(l, listed)).collect(),
    };
    let mut shell = desk
        .untitled()
        .title(l.t_args(
            "villages-one-title",
            &[("name", (&line.names.0).into()), ("year", year.to_string().into())],
        ))
        .nav("areas")
        .crumb(l.t("villages-title"), format!("/villages?year={year}"));
    for step in &view.path {
        let to = Address::new("/villages", "").with("year", &year.to_string());
        shell = shell.area(step, to.with("area", step.0.as_str()).to_string());
    }
    page_of_form(&shell, body, refused.as_ref())
}

fn code_of(text: &str) -> Result<AreaCode> {
    AreaCode::parse_short(text)
        .map_err(|_| Refusal::not_found("areas.no_such_village").arg("code", text).into())
}

/// `GET /villages/{code}?year=`
pub async fn show(CtxOf(ctx): CtxOf, desk: Desk, Path(code): Path<String>) -> Answer {
    let year = year_of(desk.address.get("year").unwrap_or(""), &ctx);
    one_page(ctx, desk, (code_of(&code)?, year), (Fields::default(), None)).await
}

/// `POST /villages/{code}`: the class of a year by hand.
pub async fn set(
    CtxOf(ctx): CtxOf,
    (desk, Path(code)): (Desk, Path<String>),
    sent: Fields,
) -> Answer {
    ctx.permit(Permission::VillageClass)?;
    let (code, year) = (code_of(&code)?, year_of(sent.text("year"), &ctx));
    let (acting, form) = (ctx.clone(), sent.clone());
    let result = blocking(move || {
        let class = match form.text("class") {
            "" => None,
            text => Some(text.parse::<Collective>()?),
        };
        actions::set_class(&acting, (code, year), class, form.text("document"))
    })
    .await;
    match result {
        Ok(()) => done(&format!("/villages/{code}?year={year}"), "villages-set-done"),
        Err(Error::Refusal(refusal)) if refusal.kind != RefusalKind::NotFound => {
            one_page(ctx, desk, (code, year), (sent, Some(refusal))).await
        }
        Err(error) => Err(error.into()),
    }
}
