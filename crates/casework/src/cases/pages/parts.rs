//! The parts of the page of a case: risks, papers, questions, the household, what was done; and the forms that change them.

use kernel::error::Refusal;
use kernel::time::Day;
use registry::policies::{ListedCode, ShippedCodes};
use web::ui::{Choice, Event, Field, Mark, Source, Timeline, Tone};
use web::{Fields, L};

use super::super::begin::OPEN;
use super::super::life::AskKind;
use super::super::look::View;
use super::super::queries::Step;
use super::super::reassess::REASSESSED;
use super::super::record::{HOW, MOST_RISKS};
use super::super::splits::SPLIT_OFF;
use super::super::starts::Start;
use super::super::take_over::TAKE_OVER;
use super::class_word;
use super::form::FormCard;
use crate::departments::office_name;

/// A risk as the page shows it.
pub struct RiskRow {
    /// Its words, with those of its kind.
    pub title: String,
    /// In words, since when, until when.
    pub text: String,
    /// Whether it is gone.
    pub gone: bool,
}

/// The risks in their order.
pub fn risks(l: L, view: &View) -> Vec<RiskRow> {
    let row = |risk: &super::super::queries::papers::Risk| {
        let list = ShippedCodes::Risks;
        let kind = risk.kind.as_deref().map(|kind| format!(" · {}", list.words_of(kind, l.0)));
        let mut text = vec![l.t1("cases-risk-since", "day", risk.found_on.to_string())];
        if !risk.words.is_empty() {
            text.insert(0, risk.words.clone());
        }
        if let (Some(day), Some(why)) = (risk.gone_on, &risk.gone_why) {
            text.push(l.t_args(
                "cases-risk-gone",
                &[("day", day.to_string().into()), ("why", why.clone().into())],
            ));
        }
        RiskRow {
            title: format!(
                "{}. {}{}",
                risk.position,
                list.words_of(&risk.risk, l.0),
                kind.unwrap_or_default()
            ),
            text: text.join(" · "),
            gone: risk.gone_on.is_some(),
        }
    };
    view.risks.iter().map(row).collect()
}

/// Signed papers, each as a sentence.
pub fn papers(l: L, view: &View) -> Vec<String> {
    let line = |paper: &super::super::queries::papers::Paper| {
        let mut text = l.t_args(
            &format!("cases-paper-{}", paper.how),
            &[("who", paper.signed_by.clone().into()), ("day", paper.on.to_string().into())],
        );
        if !paper.read_by.is_empty() {
            text.push_str(&l.t1("cases-paper-read", "who", paper.read_by.clone()));
        }
        text
    };
    view.papers.iter().map(line).collect()
}

/// A question to a department as the page shows it.
pub struct QuestionRow {
    /// Its code.
    pub item: String,
    /// What is asked.
    pub title: String,
    /// Who is asked.
    pub office: String,
    /// How it stands.
    pub mark: Mark,
    /// Who answered and decided, and how the hit is explained.
    pub text: String,
    /// Something was found that can be opened.
    pub sealed: bool,
    /// A hit that waits for a decision, for who may decide.
    pub to_decide: bool,
}

/// The questions to departments.
pub fn questions(l: L, view: &View, works: bool) -> Vec<QuestionRow> {
    let row = |one: &super::super::queries::comparison::Question| {
        let hit = one.answer.as_deref() == Some("hit");
        let mark = match (one.answer.as_deref(), one.decision.as_deref()) {
            (None, _) => Mark::ask(l.t("cases-question-waits")),
            (Some("hit"), None) => Mark::bad(l.t("cases-question-hit")),
            (Some("hit"), Some("goes_on")) => Mark::ok(l.t("cases-question-explained")),
            (Some("hit"), Some(_)) => Mark::bad(l.t("cases-question-stops")),
            (Some(_), _) => Mark::ok(l.t("cases-question-none")),
        };
        let mut text = Vec::new();
        if let Some((on, by)) = &one.answered {
            text.push(format!("{by} {on}"));
        }
        text.extend(one.words.clone());
        text.extend(one.decided_by.clone());
        QuestionRow {
            item: one.item.clone(),
            title: ShippedCodes::Exclusions.words_of(&one.item, l.0),
            office: office_name(l, &one.office),
            mark,
            text: text.join(" · "),
            sealed: works && one.found_sealed.is_some(),
            to_decide: works && hit && one.decision.as_deref() != Some("goes_on"),
        }
    };
    view.questions.iter().map(row).collect()
}

/// What is known of the household: number, place, village, how many live there.
pub fn strip(l: L, view: &View) -> Vec<(String, String)> {
    let home = &view.household;
    let place = view.path.last().map(|(_, name)| name.clone()).unwrap_or_default();
    let group = home.group.clone().unwrap_or_default();
    let mut strip = vec![
        (l.t("cases-head"), view.head.clone()),
        (l.t("cases-household-number"), home.number.clone()),
        (l.t("cases-column-place"), format!("{place} {group}").trim().to_owned()),
        (l.t("cases-number"), view.case.number.clone()),
        (l.t("cases-discovered"), view.case.discovered_on.to_string()),
    ];
    if let Some(on) = view.case.identified_on {
        strip.push((l.t("cases-identified"), on.to_string()));
    }
    if let Some(class) = &view.case.class {
        strip.push((l.t("cases-column-class"), class_word(l, &view.book, class)));
    }
    strip
}

/// The papers that can be printed of this case: address and words.
pub fn prints(l: L, view: &View) -> Vec<(String, String)> {
    let id = view.case.id;
    let mut prints = vec!["check_sheet", "household_file"];
    // before it is put up and while it hangs; afterwards it is taken down
    if view.case.notice_hangs || view.case.state.ends_with("reviewed") {
        prints.push("notice");
    }
    if view.case.identified_on.is_some() {
        prints.push("card");
    }
    let print =
        |paper: &str| (format!("/cases/{id}/papers/{paper}"), l.t(&format!("papers-kind-{paper}")));
    prints.into_iter().map(print).collect()
}

/// Sittings of the village in which the case was: address and words.
pub fn sittings(l: L, view: &View) -> Vec<(String, String)> {
    let words = |(id, on, state, result): &(kernel::ids::SittingId, Day, String, String)| {
        let what = match (state.as_str(), result.as_str()) {
            ("draft", _) | (_, "") => l.t("cases-sitting-draft"),
            (_, result) => l.t(&format!("cases-result-{result}")),
        };
        (format!("/sittings/{id}"), format!("{} {on} · {what}", l.t("cases-sitting")))
    };
    view.sittings.iter().map(words).collect()
}

fn said(l: L, view: &View, step: &Step) -> (String, String) {
    if step.step == OPEN {
        let day = step.filled.get("discovered_on").cloned().unwrap_or_default();
        let by_lead = view.life().is_ok_and(|life| life.starts_by(Start::Lead));
        let id = if by_lead { "cases-opened-lead" } else { "cases-opened-on" };
        return (l.t("cases-opened"), l.t1(id, "day", day));
    }
    if step.step == SPLIT_OFF {
        let day = step.filled.get("discovered_on").cloned().unwrap_or_default();
        return (l.t("cases-split-off"), l.t1("cases-opened-on", "day", day));
    }
    if [TAKE_OVER, REASSESSED].contains(&step.step.as_str()) {
        let day = step.filled.get("discovered_on").cloned().unwrap_or_default();
        let class = step.filled.get("class").map(|class| class_word(l, &view.book, class));
        let text = match step.step.as_str() {
            TAKE_OVER => l.t1("cases-taken-over-since", "day", day),
            _ => class.unwrap_or_default(),
        };
        return (l.t(&format!("cases-{}", step.step)), text);
    }
    let def = view.book.life(&view.case.life).ok().and_then(|life| life.step(&step.step));
    let Some(def) = def else { return (step.step.clone(), String::new()) };
    let value = |ask: &super::super::life::Ask| {
        let value = step.filled.get(&ask.id)?;
        let text = match ask.kind {
            AskKind::Choice => {
                let known = ask.options.iter().find(|one| one.code == *value);
                known.map_or_else(|| value.clone(), |one| one.title.get(l.0).to_owned())
            }
            AskKind::Class => class_word(l, &view.book, value),
            AskKind::Yes => l.t("cases-yes"),
            _ => value.clone(),
        };
        let colon = if l.is_zh() { "：" } else { ": " };
        Some(format!("{}{colon}{text}", ask.title.get(l.0)))
    };
    let values: Vec<String> = def.asks.iter().filter_map(value).collect();
    (def.title.get(l.0).to_owned(), values.join(if l.is_zh() { "；" } else { "; " }))
}

/// What was done, the newest first.
pub fn timeline(l: L, view: &View) -> Timeline {
    let event = |step: &Step| {
        let (title, text) = said(l, view, step);
        Event {
            day: step.on.to_string(),
            tone: Tone::Accent,
            title,
            text,
            source: Some(Source::named(match step.by.1.as_str() {
                "" => format!("{} v{}", step.pack.0, step.pack.1),
                name => format!("{name} · {} v{}", step.pack.0, step.pack.1),
            })),
            href: None,
        }
    };
    Timeline(view.steps.iter().rev().map(event).collect())
}

/// The form of a part that the address opens.
pub fn form(
    l: L,
    today: Day,
    (view, wish): (&View, &str),
    (sent, refused): (&Fields, Option<&Refusal>),
) -> Option<FormCard> {
    let id = view.case.id;
    match wish {
        "consent" => {
            let sent =
                if refused.is_some() { sent.clone() } else { Fields::default().with("on", today) };
            let how = HOW.map(|how| Choice::new(how, l.t(&format!("cases-how-{how}"))));
            let fields = vec![
                Field::input("date", "on", l.t("cases-signed-on")),
                Field::text("signed_by", l.t("cases-signed-by")),
                Field::radio("how", l.t("cases-how"), how.into()),
                Field::text("read_by", l.t("cases-read-by")).help(l.t("cases-read-by-help")),
            ];
            let fields = fields.into_iter().map(|field| field.filled(l, &sent, refused)).collect();
            Some(card(l, "consent", (format!("/cases/{id}/consent"), fields)))
        }
        "risks" => Some(card(
            l,
            "risks",
            (format!("/cases/{id}/risks"), risk_fields(l, today, view, (sent, refused))),
        )),
        _ if wish.starts_with("objection-") => {
            let seq: i64 = wish.strip_prefix("objection-")?.parse().ok()?;
            let (_, words) = view.objections.iter().find(|(one, _)| one.seq == seq)?;
            let field = Field::area("answer", l.t("cases-objection-answer"))
                .help(l.t("cases-objection-answer-help"))
                .filled(l, sent, refused);
            let action = format!("/cases/{id}/objections/{seq}");
            let mut card = card(l, "objection", (action, vec![field]));
            card.help = l.t1("cases-objection-said", "words", words.clone());
            Some(card)
        }
        _ => {
            let item = wish.strip_prefix("decide-")?;
            let choices = ["goes_on", "stops"]
                .map(|code| Choice::new(code, l.t(&format!("cases-decide-{code}"))));
            let fields = vec![
                Field::radio("decision", l.t("cases-decision"), choices.into()),
                Field::area("words", l.t("cases-explained")).help(l.t("cases-explained-help")),
            ];
            let fields = fields.into_iter().map(|field| field.filled(l, sent, refused)).collect();
            let mut card = card(l, "decide", (format!("/cases/{id}/questions/{item}"), fields));
            card.title = ShippedCodes::Exclusions.words_of(item, l.0);
            Some(card)
        }
    }
}

fn card(l: L, part: &str, (action, fields): (String, Vec<Field>)) -> FormCard {
    FormCard {
        title: l.t(&format!("cases-form-{part}")),
        action,
        fields,
        lacks: Vec::new(),
        help: l.t(&format!("cases-form-{part}-help")),
    }
}

fn risk_fields(
    l: L,
    today: Day,
    view: &View,
    (sent, refused): (&Fields, Option<&Refusal>),
) -> Vec<Field> {
    let mut values = Fields::default();
    for risk in &view.risks {
        let place = risk.position;
        values = values
            .with(&format!("risk-{place}"), &risk.risk)
            .with(&format!("kind-{place}"), risk.kind.as_deref().unwrap_or_default())
            .with(&format!("words-{place}"), &risk.words)
            .with(&format!("gone-{place}"), risk.gone_why.as_deref().unwrap_or_default());
    }
    let values = if refused.is_some() { sent } else { &values };
    let offered = |one: &&ListedCode| one.offered_on(today);
    let list = ShippedCodes::Risks.all();
    let none = || Choice::new("", l.t("cases-no-risk"));
    let choices = |of: bool| -> Vec<Choice> {
        let known = list.iter().filter(offered).filter(|one| one.of.is_some() == of);
        std::iter::once(none())
            .chain(known.map(|one| Choice::new(one.code.as_str(), one.words(l.0))))
            .collect()
    };
    let mut fields = Vec::new();
    // one empty place more than there are risks: nobody has to look through five
    let places = (view.risks.len() + 1).clamp(2, MOST_RISKS);
    let has_disaster = values_have(values, "disaster");
    for place in 1..=places {
        fields.push(Field::select(
            format!("risk-{place}"),
            l.t1("cases-risk-place", "n", place),
            choices(false),
        ));
        if has_disaster || place == 1 || refused.is_some() {
            fields.push(
                Field::select(format!("kind-{place}"), l.t("cases-risk-kind"), choices(true))
                    .help(l.t("cases-risk-kind-help")),
            );
        }
        fields.push(Field::text(format!("words-{place}"), l.t("cases-risk-words")));
        if view.risks.iter().any(|risk| usize::try_from(risk.position) == Ok(place))
            && view.case.identified_on.is_some()
        {
            fields.push(
                Field::text(format!("gone-{place}"), l.t("cases-risk-gone-why"))
                    .help(l.t("cases-risk-gone-help")),
            );
        }
    }
    fields.into_iter().map(|field| field.filled(l, values, refused)).collect()
}

fn values_have(values: &Fields, risk: &str) -> bool {
    (1..=MOST_RISKS).any(|place| values.text(&format!("risk-{place}")) == risk)
}
