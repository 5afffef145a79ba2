//! `GET /brief`: the morning of an area on one screen of a phone and one printed page.

use askama::Template;
use axum::Extension;
use kernel::error::Result;
use kernel::permission::{Permission, allows};
use registry::intake;
use store::Ctx;
use web::ui::{Empty, Icon};
use web::{Act, Answer as Page, CtxOf, Desk, L, blocking, page};

use super::super::actions::{Brief, brief};
use crate::alarms;
use crate::departments::{self, QuestionFilter};
use crate::screening;

/// Something that needs action: how many, what, where it opens.
struct Need {
    number: String,
    word: String,
    href: String,
    grave: bool,
}

struct Trend {
    word: String,
    href: String,
    now: String,
    before: String,
    change: String,
    icon: Icon,
}

#[derive(Template)]
#[template(path = "slips/templates/brief.html")]
struct BriefPage {
    l: L,
    needs: Vec<Need>,
    trends: Vec<Trend>,
    empty: Option<Empty>,
}

struct Found {
    brief: Option<Brief>,
    second_look: i64,
    alarms: i64,
    late: Option<usize>,
    over: Option<usize>,
}

fn find(ctx: &Ctx, tools: &intake::Desk) -> Result<Found> {
    let may = |permission| allows(ctx.actor.role, permission);
    let late = may(Permission::DeliverySee)
        .then(|| departments::calendar(ctx, &tools.templates, None))
        .transpose()?;
    let open = QuestionFilter { state: Some("open"), ..QuestionFilter::default() };
    let questions = may(Permission::QuestionSee)
        .then(|| departments::list_questions(ctx, &open, 500))
        .transpose()?;
    let past = |all: Vec<departments::Question>| {
        all.iter().filter(|one| one.asked.due_on < ctx.today).count()
    };
    Ok(Found {
        brief: brief(ctx)?,
        second_look: screening::work_counts(ctx)?.second_look,
        alarms: alarms::count_open(ctx)?.0,
        late: late.map(|calendar| calendar.late(ctx.today).len()),
        over: questions.map(past),
    })
}

fn needs(l: L, found: &Found, brief: &Brief) -> Vec<Need> {
    let need = |number: i64, id: &str, href: &str, grave: bool| Need {
        number: l.count(number),
        word: l.t(id),
        href: href.to_owned(),
        grave: grave && number > 0,
    };
    let whole = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let leads = brief.leads;
    let mut needs = vec![
        need(leads.overdue, "slips-overdue", "/leads?due=overdue", true),
        need(leads.today, "slips-today", "/leads?due=today", false),
        need(leads.fresh, "slips-fresh", "/leads?due=new", false),
        need(found.alarms, "slips-alarms", "/alarms", true),
        need(found.second_look, "slips-second_look", "/leads?state=second_look", false),
    ];
    if let Some(late) = found.late {
        needs.push(need(whole(late), "slips-late", "/departments/late", true));
    }
    if let Some(over) = found.over {
        needs.push(need(whole(over), "slips-questions", "/questions", true));
    }
    needs
}

fn trends(l: L, brief: &Brief) -> Vec<Trend> {
    let (now, before) = brief.weeks;
    let trend = |now: i64, before: i64, id: &str, href: &str| Trend {
        word: l.t(id),
        href: href.to_owned(),
        now: l.count(now),
        before: l.count(before),
        change: match now - before {
            0 => l.t("slips-same"),
            more if more > 0 => l.t1("slips-more", "n", more),
            less => l.t1("slips-less", "n", -less),
        },
        icon: Icon(match now - before {
            0 => "right",
            more if more > 0 => "up",
            _ => "down",
        }),
    };
    vec![
        trend(now.given, before.given, "slips-given", "/leads"),
        trend(now.answered, before.answered, "slips-answered", "/leads?state=answered"),
        trend(
            now.confirmed,
            before.confirmed,
            "slips-confirmed",
            "/leads?state=answered&outcome=risk_confirmed",
        ),
    ]
}

/// The page.
pub async fn show(
    CtxOf(ctx): CtxOf,
    Extension(tools): Extension<intake::Desk>,
    desk: Desk,
) -> Page {
    let (l, today) = (desk.l, ctx.today);
    ctx.permit(Permission::SlipSee)?;
    let found = blocking(move || find(&ctx, &tools)).await?;
    let place = found.brief.as_ref().and_then(|one| one.path.last().map(|(_, name)| name.clone()));
    let body = BriefPage {
        l,
        needs: found.brief.as_ref().map(|one| needs(l, &found, one)).unwrap_or_default(),
        trends: found.brief.as_ref().map(|one| trends(l, one)).unwrap_or_default(),
        empty: found.brief.is_none().then(|| Empty::new(l.t("slips-none"), l.t("slips-none-help"))),
    };
    let shell = desk
        .untitled()
        .title(l.t_args(
            "slips-brief-of",
            &[("place", place.unwrap_or_default().into()), ("day", today.to_string().into())],
        ))
        .lead(l.t("slips-brief-lead"))
        .nav("work")
        .act(Act::new(l.t("slips-title"), "/slips").icon("print"))
        .act(Act::print(l));
    page(&shell, body)
}
