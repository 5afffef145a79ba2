//! The page on which somebody tries other thresholds: what is typed, what would come of it, and what is wrong with it.

use askama::Template;
use axum::extract::Path;
use facts::Kind;
use kernel::area::AreaCode;
use web::ui::{Chip, Note, Stat, Stats, Tone};
use web::{Answer as Page, Arg, CtxOf, Desk, L, blocking, fragment, page, word_of};

use super::super::rule::{Level, RuleProblem, RuleTrouble};
use super::super::what_if::{
    Found, Line, Mistake, Numbers, Place, SHOWN, Trial, Turn, Wanted, what_if,
};
use super::histogram::Histogram;
use super::knobs::{Knob, knobs};
use super::rulebook::issue_note;
use super::said;

/// Villages shown by name.
const VILLAGES: usize = 12;

struct Row {
    name: String,
    href: String,
    number: String,
    village: String,
    turn: Chip,
    before: String,
    after: String,
}

struct PlaceRow {
    name: String,
    cells: Vec<(String, String)>,
}

struct Results {
    stats: Stats,
    work: Vec<String>,
    histogram: Option<Histogram>,
    no_histogram: bool,
    townships: Vec<PlaceRow>,
    villages: Vec<PlaceRow>,
    more_villages: String,
    rows: Vec<Row>,
    first: String,
}

impl Results {
    /// Townships, then villages: title, rows, what is left out.
    fn places(&self, l: L) -> [(String, &[PlaceRow], &str); 2] {
        [
            (l.t("screening-what-if-townships"), &self.townships, ""),
            (l.t("screening-what-if-villages"), &self.villages, &self.more_villages),
        ]
    }
}

#[derive(Template)]
#[template(path = "screening/templates/what_if.html")]
struct WhatIfPage {
    l: L,
    path: String,
    knobs: Vec<Knob>,
    names: String,
    when: String,
    when_wrong: Vec<(String, String)>,
    words: String,
    day: String,
    latest: String,
    day_wrong: String,
    past: bool,
    notes: Vec<Note>,
    results: Option<Results>,
    /// The heads of the places' columns.
    columns: [String; 6],
}

/// `GET /rules/{id}/what-if`: everything stands in the address.
pub async fn show(CtxOf(ctx): CtxOf, desk: Desk, Path(id): Path<String>) -> Page {
    let l = desk.l;
    let wanted = Wanted::of(desk.address.others(&[]));
    let today = ctx.today;
    let (rule, asked) = (id.clone(), wanted.clone());
    let trial = blocking(move || what_if(&ctx, &rule, &asked)).await?;
    let title = trial.def.as_ref().map_or(id.as_str(), |def| said(l, &def.title.zh, &def.title.en));
    let title = l.t1("screening-what-if-of", "rule", title);
    let results = match &trial.found {
        Found::Numbers(numbers) => Some(results(l, &trial, numbers)),
        _ => None,
    };
    let knobs = knobs(l, &trial, &wanted);
    let wrong_day = trial.mistakes.iter().find(|mistake| mistake.parameter().is_none());
    let words = trial.after.as_ref().map(|rule| rule.in_words(&trial.tried, l.0));
    let body = WhatIfPage {
        l,
        path: desk.address.path().to_owned(),
        names: knobs.iter().map(|knob| knob.name.as_str()).collect::<Vec<_>>().join(" "),
        knobs,
        when: trial.when.clone(),
        when_wrong: trial.problems.iter().map(|problem| problem_words(l, problem)).collect(),
        words: words.unwrap_or_default(),
        day: wanted.day.clone().unwrap_or_default(),
        latest: today.to_string(),
        day_wrong: wrong_day.map(|mistake| mistake_words(l, mistake)).unwrap_or_default(),
        past: trial.day < today,
        notes: notes(l, &trial),
        results,
        columns: heads(l),
    };
    if desk.fragment {
        return fragment(body);
    }
    let shell = desk
        .untitled()
        .title(title)
        .lead(l.t("screening-what-if-lead"))
        .nav("rules")
        .crumb(l.t("screening-rules-title"), "/rules")
        .crumb(id.clone(), format!("/rules/{id}"))
        .here(l.t("screening-what-if"))
        .wide();
    page(&shell, body)
}

/// What is wrong with the condition, where, and what to do.
pub fn problem_words(l: L, problem: &RuleProblem) -> (String, String) {
    let args = problem.trouble.args();
    let args: Vec<(&str, Arg)> =
        args.into_iter().map(|(name, value)| (name, value.into())).collect();
    let code = problem.trouble.code();
    let mut what = word_of(l, "finding", code, &args);
    match &problem.trouble {
        RuleTrouble::Condition(found) if found.column > 0 => {
            let at = |number: u64| i64::try_from(number).unwrap_or(0).into();
            let place = [("line", at(found.line)), ("column", at(found.column))];
            let place = l.t_args("screening-what-if-at", &place);
            what = format!("{place}{what}");
        }
        RuleTrouble::Condition(_) => {}
        _ => what = format!("{} {what}", l.t1("screening-issue-field", "field", problem.field)),
    }
    let id = format!("finding-{}.advice", code.replace('.', "-"));
    let near = match &problem.trouble {
        RuleTrouble::Condition(found) => {
            found.trouble.args().iter().any(|(name, text)| *name == "near" && text.is_empty())
        }
        _ => false,
    };
    let advice = if near {
        l.t("screening-what-if-columns")
    } else {
        l.find(&id, &args).unwrap_or_default()
    };
    (what, advice)
}

/// What is wrong with a value of the address.
pub fn mistake_words(l: L, mistake: &Mistake) -> String {
    match mistake {
        Mistake::NoParameter { name, near } if near.is_empty() => {
            l.t1("screening-what-if-no-parameter", "name", name)
        }
        Mistake::NoParameter { name, near } => l.t_args(
            "screening-what-if-no-parameter-near",
            &[("name", name.into()), ("near", near.join(", ").into())],
        ),
        Mistake::NoValue { text, kind, .. } => {
            let id = match kind {
                Kind::Int => "screening-what-if-no-whole",
                Kind::Money => "screening-what-if-no-money",
                Kind::Day => "screening-what-if-no-day",
                Kind::Bool => "screening-what-if-no-yes",
                Kind::Real | Kind::Text => "screening-what-if-no-number",
            };
            l.t1(id, "text", text)
        }
        Mistake::OutOfRange { text, most, .. } => l.t_args(
            "screening-what-if-out-of-range",
            &[("text", text.into()), ("most", l.count(*most).into())],
        ),
        Mistake::NotRead { name } => l.t1("screening-what-if-not-read", "name", name),
        Mistake::BadDay { text } => l.t1("screening-what-if-no-day", "text", text),
        Mistake::ToCome { day } => l.t1("screening-what-if-to-come", "day", day.to_string()),
    }
}

/// What must be known before the numbers are read.
fn notes(l: L, trial: &Trial) -> Vec<Note> {
    let mut notes: Vec<Note> = trial.issues.iter().map(|issue| issue_note(l, issue)).collect();
    if !trial.issues.is_empty() {
        let text = l.t("screening-what-if-unsound-help");
        notes.push(Note::new(Tone::Amber, l.t("screening-what-if-unsound"), text));
    }
    let known = |name: &str| trial.params.contains_key(name);
    for mistake in &trial.mistakes {
        // what is about a field that the page has stands beside the field
        let elsewhere = mistake.parameter().is_some_and(|name| !known(name) || !mistake.stops());
        if elsewhere {
            let tone = if mistake.stops() { Tone::Red } else { Tone::Amber };
            notes.push(Note::new(tone, mistake_words(l, mistake), ""));
        }
    }
    match &trial.found {
        Found::Nothing => {
            let wrong = !trial.problems.is_empty() || trial.mistakes.iter().any(Mistake::stops);
            let id = if wrong { "screening-what-if-nothing" } else { "screening-what-if-cannot" };
            notes.push(Note::new(Tone::Grey, l.t(id), ""));
        }
        Found::Stopped(millis) => {
            let seconds = format!("{}.{}", millis / 1000, millis % 1000 / 100);
            let title = l.t1("screening-what-if-stopped", "seconds", seconds);
            notes.push(Note::new(Tone::Red, title, l.t("screening-what-if-stopped-help")));
        }
        Found::Refused => {
            let (title, text) = ("screening-what-if-refused", "screening-what-if-refused-help");
            notes.push(Note::new(Tone::Red, l.t(title), l.t(text)));
        }
        Found::Numbers(numbers) => notes.extend(remarks(l, trial, numbers)),
    }
    notes
}

/// What numbers say that somebody should not overlook: everybody is hit, nobody is, nobody can be told.
fn remarks(l: L, trial: &Trial, numbers: &Numbers) -> Option<Note> {
    let counts = &numbers.counts;
    let (tone, id) = match numbers.rows {
        0 => (Tone::Grey, "screening-what-if-no-rows"),
        rows if counts.hits_after == rows => (Tone::Red, "screening-what-if-everybody"),
        rows if counts.cannot_tell_after == rows => (Tone::Red, "screening-what-if-nobody-knows"),
        rows if counts.hits_after * 2 > rows => (Tone::Amber, "screening-what-if-most"),
        _ if counts.hits_after == 0 => (Tone::Amber, "screening-what-if-nobody"),
        _ if trial.when_is_as_it_was() && trial.params == trial.tried => {
            (Tone::Grey, "screening-what-if-as-it-is")
        }
        _ => return None,
    };
    let share = l.percent(counts.hits_after, numbers.rows);
    let args =
        [("n", counts.hits_after.into()), ("all", numbers.rows.into()), ("share", share.into())];
    Some(Note::new(tone, l.t_args(id, &args), ""))
}

fn results(l: L, trial: &Trial, numbers: &Numbers) -> Results {
    let counts = &numbers.counts;
    let village = trial.after.as_ref().is_some_and(|rule| rule.def.level == Level::Village);
    let of = |id: &str| if village { format!("{id}-villages") } else { id.to_owned() };
    let share = |hits: i64| l.percent(hits, numbers.rows);
    let was =
        [("n", l.count(counts.hits_before).into()), ("share", share(counts.hits_before).into())];
    let small =
        format!("{} · {}", share(counts.hits_after), l.t_args("screening-what-if-was", &was));
    let unsure = l.t1("screening-what-if-was-unknown", "n", l.count(counts.cannot_tell_before));
    let stats = vec![
        Stat::new(l.count(counts.hits_after), l.t(&of("screening-what-if-hits"))).small(small),
        Stat::new(format!("+{}", l.count(counts.came_in)), l.t("screening-what-if-came-in")),
        Stat::new(
            format!("−{}", l.count(counts.dropped_out)),
            l.t("screening-what-if-dropped-out"),
        ),
        Stat::new(l.count(counts.unchanged), l.t("screening-what-if-unchanged")),
        Stat::new(l.count(counts.cannot_tell_after), l.t("screening-cannot-tell")).small(unsure),
    ];
    let turned = counts.came_in + counts.dropped_out;
    let mut first = String::new();
    if numbers.lines.len() >= SHOWN {
        first = l.t1("screening-what-if-first", "n", numbers.lines.len());
    }
    let place = |place: &Place| place_row(l, place);
    let changed = |place: &&Place| place.came_in + place.dropped_out > 0;
    let villages: Vec<&Place> = numbers.villages.iter().filter(changed).collect();
    let more = villages.len().saturating_sub(VILLAGES);
    Results {
        stats: Stats(stats),
        work: work(l, trial, numbers),
        histogram: numbers.bars.as_ref().map(|bars| Histogram::new(l, bars, &trial.tried)),
        no_histogram: numbers.bars.is_none(),
        townships: numbers.townships.iter().filter(|_| turned > 0 && !village).map(place).collect(),
        villages: villages.into_iter().take(VILLAGES).filter(|_| !village).map(place).collect(),
        more_villages: match more {
            0 => String::new(),
            more => l.t1("screening-what-if-more-villages", "n", more),
        },
        rows: numbers.lines.iter().map(|line| row(l, line)).collect(),
        first,
    }
}

/// The work it makes, in sentences.
fn work(l: L, trial: &Trial, numbers: &Numbers) -> Vec<String> {
    let mut said = Vec::new();
    match numbers.confirmed {
        None => {
            let args = [
                ("in", numbers.counts.came_in.into()),
                ("joined", numbers.joined.into()),
                ("fresh", numbers.new_leads.into()),
            ];
            said.push(l.t_args("screening-what-if-leads", &args));
            let busiest = numbers.villages.iter().filter(|place| place.new_leads > 0);
            if let Some(busiest) = busiest.rev().max_by_key(|place| (place.weeks, place.new_leads))
            {
                let args = [
                    ("village", (&busiest.name).into()),
                    ("n", busiest.new_leads.into()),
                    ("weeks", busiest.weeks.unwrap_or(0).into()),
                ];
                let id = if busiest.weeks.is_some() {
                    "screening-what-if-weeks-of"
                } else {
                    "screening-what-if-no-budget"
                };
                said.push(l.t_args(id, &args));
            }
        }
        Some((before, after)) => {
            let args = [
                ("day", trial.day.to_string().into()),
                ("before", before.into()),
                ("hits", numbers.counts.hits_before.into()),
                ("after", after.into()),
                ("found", numbers.counts.hits_after.into()),
            ];
            said.push(l.t_args("screening-what-if-confirmed", &args));
        }
    }
    said
}

fn heads(l: L) -> [String; 6] {
    [
        l.t("screening-what-if-came-in"),
        l.t("screening-what-if-dropped-out"),
        l.t("screening-what-if-unchanged"),
        l.t("screening-what-if-joined"),
        l.t("screening-what-if-new-leads"),
        l.t("screening-what-if-weeks"),
    ]
}

fn place_row(l: L, place: &Place) -> PlaceRow {
    let (came_in, dropped_out) = (place.came_in, place.dropped_out);
    let numbers = [came_in, dropped_out, place.unchanged, place.joined, place.new_leads];
    let weeks = place.weeks.map_or_else(|| "—".to_owned(), |weeks| l.count(weeks));
    let cells = numbers.into_iter().map(|number| l.count(number)).chain([weeks]);
    PlaceRow { name: place.name.clone(), cells: heads(l).into_iter().zip(cells).collect() }
}

fn row(l: L, line: &Line) -> Row {
    let turn = match line.turn {
        Turn::In => Chip::new(Tone::Accent, l.t("screening-what-if-came-in")).icon("plus"),
        Turn::Out => Chip::new(Tone::Amber, l.t("screening-what-if-dropped-out")).icon("cross"),
        Turn::Unsure => Chip::new(Tone::Grey, l.t("screening-cannot-tell")).icon("ask"),
    };
    let sentence = |said_: &Option<(String, String)>, can_tell: bool| match (said_, can_tell) {
        (Some((zh, en)), _) => said(l, zh, en).to_owned(),
        (None, true) => l.t("screening-what-if-no-hit"),
        (None, false) => l.t("screening-cannot-tell"),
    };
    let code = line.number.parse::<AreaCode>().ok().filter(|_| line.household.is_none());
    let href = match (&line.household, code) {
        (Some(id), _) => format!("/households/{id}"),
        (None, Some(code)) => format!("/households?area={code}"),
        (None, None) => String::new(),
    };
    Row {
        name: line.name.clone(),
        href,
        number: line.number.clone(),
        village: line.village.clone(),
        turn,
        before: sentence(&line.before, line.can_tell.0),
        after: sentence(&line.after, line.can_tell.1),
    }
}
