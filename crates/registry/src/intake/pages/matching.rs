//! The match queue: a row of a list beside the people it may speak of.

use askama::Template;
use axum::Extension;
use axum::response::{IntoResponse, Redirect};
use kernel::error::{Refusal, Result};
use kernel::idnumber::Sex;
use kernel::permission::Permission;
use kernel::time::Day;
use store::Ctx;
use web::ui::{Csrf, Diff, Empty, Note, Source, Tone, differences};
use web::{Address, Answer, CtxOf, Desk, Failure, Fields, L, blocking, page};

use super::said;
use crate::intake::batch::Batch;
use crate::intake::deliver::Desk as Tools;
use crate::intake::evidence::{AsRead, Evidence};
use crate::intake::mask;
use crate::intake::match_actions::{self, Question, QueueState, Verdict};
use crate::intake::match_list::number_of;
use crate::intake::match_queue::{Which, named, read_at};
use crate::intake::queries::{self, Known};

struct Compared {
    label: String,
    left: Diff,
    right: Diff,
    same: bool,
}

struct Choice {
    key: usize,
    person: String,
    words: String,
    view: String,
    current: bool,
}

#[derive(Template)]
#[template(path = "intake/templates/matching.html")]
struct MatchPage {
    l: L,
    csrf: Csrf,
    open: i64,
    decided: i64,
    lists: Vec<(String, String, bool)>,
    note: Option<Note>,
    empty: Option<Empty>,
    asked: Option<Asked>,
    here: String,
}

struct Asked {
    at: String,
    reason: String,
    source: Source,
    compared: Vec<Compared>,
    choices: Vec<Choice>,
    shown: usize,
    skip: String,
}

struct Found {
    state: QueueState,
    question: Option<(Question, Batch, Vec<Option<Known>>)>,
    numbers: Vec<(Option<String>, Option<String>)>,
    refused: Option<Refusal>,
}

fn find(ctx: &Ctx, address: &Address) -> Result<Found> {
    let state = match_actions::queue_state(ctx)?;
    let which = Which {
        list: address.get("list").map(str::to_owned),
        batch: address.get("batch").and_then(|id| id.parse().ok()),
        department: None,
    };
    let wanted = address.get("at").and_then(read_at);
    let mut refused = None;
    let mut question = None;
    if let Some(at) = wanted {
        match match_actions::load_question(ctx, at) {
            Ok(found) => question = Some(found),
            Err(error) => match error.refusal() {
                Some(refusal) => refused = Some(refusal.clone()),
                None => return Err(error),
            },
        }
    }
    if question.is_none() {
        let after = address.get("after").and_then(read_at).or(wanted);
        question = match_actions::next_question(ctx, &which, after)?;
    }
    let Some(question) = question else {
        return Ok(Found { state, question: None, numbers: Vec::new(), refused });
    };
    let mut session = ctx.read()?;
    let batch = queries::load_batch(&mut session, question.at.0)?;
    let (mut known, mut numbers) = (Vec::new(), Vec::new());
    for one in &question.candidates {
        let person = queries::find_known(&mut session, one.person, one.household)?;
        let open = |sealed: Option<&String>| sealed.and_then(|s| ctx.db.keys().open_text(s).ok());
        let id = open(person.as_ref().and_then(|p| p.id_sealed.as_ref()));
        let phone = open(person.as_ref().and_then(|p| p.phone_sealed.as_ref()));
        numbers.push((id, phone));
        known.push(person);
    }
    Ok(Found { state, question: Some((question, batch, known)), numbers, refused })
}

/// `GET /intake/match?list=&batch=&at=&candidate=`
pub async fn show(CtxOf(ctx): CtxOf, Extension(tools): Extension<Tools>, desk: Desk) -> Answer {
    let address = desk.address.clone();
    let today = ctx.today;
    let found = blocking(move || find(&ctx, &address)).await?;
    show_found(&tools, &desk, (&found, today))
}

fn show_found(tools: &Tools, desk: &Desk, (found, today): (&Found, Day)) -> Answer {
    let l = desk.l;
    let chosen = desk.address.get("list").unwrap_or_default();
    let note = found.refused.as_ref().map(|refusal| {
        let (what, todo) = web::words_of_refusal(l, refusal);
        Note::new(Tone::Amber, what, todo.unwrap_or_default())
    });
    let lists = found.state.open.iter().map(|(list, number)| {
        let words = format!("{} {}", said::list(l, &tools.templates, list), l.count(*number));
        (list.clone(), words, list == chosen)
    });
    let asked = found.question.as_ref().map(|(question, batch, known)| {
        asked(tools, desk, (question, batch), (known, &found.numbers, today))
    });
    let empty = asked.is_none().then(|| {
        Empty::new(l.t("match-empty"), l.t("match-empty-help")).action(l.t("nav-intake"), "/intake")
    });
    let body = MatchPage {
        l,
        csrf: Csrf(desk.csrf.clone()),
        open: found.state.open.iter().map(|(_, number)| number).sum(),
        decided: found.state.decided_today,
        lists: lists.collect(),
        note,
        empty,
        asked,
        here: desk.address.without("at").without("after").without("candidate").to_string(),
    };
    let shell = desk.shell("match").nav("intake").wide().crumb(l.t("nav-intake"), "/intake");
    page(&shell, body)
}

type Seen<'a> = (&'a [Option<Known>], &'a [(Option<String>, Option<String>)], Day);

fn asked(
    tools: &Tools,
    desk: &Desk,
    (question, batch): (&Question, &Batch),
    (known, numbers, today): Seen<'_>,
) -> Asked {
    let l = desk.l;
    let at = named(question.at);
    let wanted = desk.address.get("candidate").and_then(|text| text.parse::<usize>().ok());
    let shown = wanted.filter(|at| (1..=known.len()).contains(at)).unwrap_or(1);
    let person = known.get(shown - 1).and_then(Option::as_ref);
    let number = numbers.get(shown - 1).cloned().unwrap_or_default();
    let address = desk.address.with("at", &at).without("after");
    let choices = known.iter().enumerate().filter_map(|(place, person)| {
        let person = person.as_ref()?;
        let key = place + 1;
        Some(Choice {
            key,
            person: question.candidates.get(place)?.person.to_string(),
            words: words_of(l, person),
            view: address.with("candidate", &key.to_string()).to_string(),
            current: key == shown,
        })
    });
    let age = batch.uploaded_at.day().days_until(today);
    let source = Source::new(
        l,
        &said::department(l, &batch.department),
        &said::list(l, &tools.templates, &question.list),
        age,
    )
    .href(format!("/intake/batches/{}/rows/{}", question.at.0, question.at.1))
    .tip(&batch.file_name);
    Asked {
        reason: said::reason(l, &question.reason),
        source,
        compared: compare(l, &question.evidence, (person, &number)),
        choices: choices.collect(),
        shown,
        skip: desk.address.without("at").without("candidate").with("after", &at).to_string(),
        at,
    }
}

fn words_of(l: L, person: &Known) -> String {
    let group = person.group.as_deref().unwrap_or_default();
    let place = format!("{}{}{group}", person.place.0, if group.is_empty() { "" } else { " " });
    let born = person.birth.map(|day| day.to_string()).unwrap_or_default();
    l.t_args(
        "match-him",
        &[("name", (&person.name).into()), ("place", place.into()), ("born", born.into())],
    )
}

fn sex_word(l: L, sex: Option<Sex>) -> String {
    match sex {
        Some(Sex::Male) => l.t("match-sex-male"),
        Some(Sex::Female) => l.t("match-sex-female"),
        None => String::new(),
    }
}

fn written(read: Option<&AsRead>) -> String {
    read.map(AsRead::written_out).unwrap_or_default()
}

fn compare(
    l: L,
    evidence: &Evidence,
    (person, (id, phone)): (Option<&Known>, &(Option<String>, Option<String>)),
) -> Vec<Compared> {
    let text = |value: Option<&String>| value.cloned().unwrap_or_default();
    let known = |read: &dyn Fn(&Known) -> String| person.map(read).unwrap_or_default();
    let compact = |text: String| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    let numbers = mask::pair(&compact(number_of(evidence)), &text(id.as_ref()));
    let phones = mask::pair(&compact(written(evidence.phone.as_ref())), &text(phone.as_ref()));
    let sex = evidence.sex.as_deref().and_then(Sex::read);
    let known_sex = |person: &Known| match person.sex.as_deref() {
        Some("male") => sex_word(l, Some(Sex::Male)),
        Some("female") => sex_word(l, Some(Sex::Female)),
        _ => String::new(),
    };
    let group = |person: &Known| person.group.clone().unwrap_or_default();
    let join = if l.is_zh() { "、" } else { ", " };
    let lines = [
        ("name", text(evidence.name.as_ref()), known(&|p| p.name.clone())),
        ("number", numbers.0, numbers.1),
        ("sex", sex_word(l, sex), known(&known_sex)),
        (
            "birth",
            text(evidence.birth.as_ref()),
            known(&|p| p.birth.map(|day| day.to_string()).unwrap_or_default()),
        ),
        ("town", text(evidence.town.as_ref()), known(&|p| p.place.1.clone())),
        ("village", text(evidence.village.as_ref()), known(&|p| p.place.0.clone())),
        ("address", text(evidence.address.as_ref()), known(&group)),
        ("phone", phones.0, phones.1),
        ("guardian", text(evidence.guardian.as_ref()), String::new()),
        ("household", written(evidence.household_number.as_ref()), known(&|p| p.household.clone())),
        ("others", String::new(), known(&|p| p.others.join(join))),
    ];
    lines
        .into_iter()
        .filter(|(_, left, right)| !left.is_empty() || !right.is_empty())
        .map(|(id, left, right)| {
            let both = !left.is_empty() && !right.is_empty() && id != "address";
            let same = both && left == right;
            // Numbers of different length have no places to compare.
            let starred = left.contains('*') || right.contains('*');
            let comparable = both && (!starred || left.chars().count() == right.chars().count());
            let (a, b) =
                if comparable { differences(&left, &right) } else { unmarked(&left, &right) };
            Compared { label: l.t(&format!("match-line-{id}")), left: a, right: b, same }
        })
        .collect()
}

/// One side says nothing: nothing differs.
fn unmarked(left: &str, right: &str) -> (Diff, Diff) {
    (differences(left, left).0, differences(right, right).0)
}

/// `POST /intake/match`: the decision; the next question follows.
pub async fn decide(CtxOf(ctx): CtxOf, desk: Desk, fields: Fields) -> Answer {
    ctx.permit(Permission::IntakeMatch)?;
    let unreadable = || Failure::from(Refusal::invalid("web.form_unreadable"));
    let at = read_at(fields.text("at")).ok_or_else(unreadable)?;
    let verdict = match fields.text("pick") {
        "none" => Verdict::NotHere,
        "unusable" => Verdict::Rejected,
        person => Verdict::Person(person.parse().map_err(|_| unreadable())?),
    };
    let here = back(&desk, &fields);
    let text = fields.text("at").to_owned();
    match blocking(move || match_actions::decide(&ctx, at, verdict)).await {
        Ok(_) => Ok(Redirect::to(&here.with("after", &text).to_string()).into_response()),
        // Somebody was faster: the page says who, and goes on with the next.
        Err(error) if error.code() == Some("intake.already_decided") => {
            Ok(Redirect::to(&here.with("at", &text).to_string()).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// The queue with the filters that the form was shown under.
fn back(desk: &Desk, fields: &Fields) -> Address {
    let mut here = Address::new("/intake/match", "");
    for key in ["list", "batch"] {
        here = here.with(key, fields.text(key));
        if let Some(value) = desk.address.get(key) {
            here = here.with(key, value);
        }
    }
    here
}

/// `POST /intake/match/undo`: the last decision is asked again.
pub async fn undo(CtxOf(ctx): CtxOf, desk: Desk, fields: Fields) -> Answer {
    ctx.permit(Permission::IntakeMatch)?;
    let here = back(&desk, &fields);
    let at = blocking(move || match_actions::undo(&ctx)).await?;
    let to = here.with("at", &named(at));
    Ok(Redirect::to(&to.to_string()).into_response())
}
