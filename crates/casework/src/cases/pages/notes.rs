//! What stands above a case: its notice, what is recalled of it, what became of its household.

use kernel::time::Day;
use web::L;
use web::ui::{Note, Tone};

use super::super::life::{Need, StepDef};
use super::super::look::View;

/// Every note, the notice first.
pub(super) fn notes(l: L, view: &View, today: Day) -> Vec<Note> {
    let case = &view.case;
    let mut notes = Vec::new();
    if let (true, Some(until)) = (case.notice_hangs, case.notice_until) {
        let id = if until < today { "cases-notice-over" } else { "cases-notice-hangs" };
        notes.push(Note::new(Tone::Accent, l.t1(id, "until", until.to_string()), ""));
    }
    let recalled =
        |kind: &str| view.reminders.iter().filter(|one| one.kind == kind).collect::<Vec<_>>();
    if (case.urgent || !recalled("papers").is_empty()) && !view.known.consent {
        notes.push(Note::new(
            Tone::Amber,
            l.t("cases-papers-later"),
            l.t("cases-papers-later-help"),
        ));
    }
    if let Some(first) = recalled("measure").first() {
        let args = [
            ("n", recalled("measure").len().into()),
            ("day", first.day.to_string().into()),
            ("since", first.since.to_string().into()),
        ];
        let text = l.t_args("cases-recalled-measures", &args);
        notes.push(Note::new(Tone::Amber, text, l.t("cases-recalled-help")));
    }
    for one in recalled("step").into_iter().chain(recalled("total")).take(2) {
        let (tone, id) = match one.day < today {
            true => (Tone::Red, format!("cases-recalled-{}-over", one.kind)),
            false => (Tone::Amber, format!("cases-recalled-{}", one.kind)),
        };
        let args = [("day", one.day.to_string().into()), ("since", one.since.to_string().into())];
        notes.push(Note::new(tone, l.t_args(&id, &args), l.t("cases-recalled-help")));
    }
    notes.extend(followed(l, view));
    if let Some(number) = &view.merged {
        let (what, go_on) = (l.t1("cases-merged", "number", number), l.t("cases-merged-help"));
        notes.push(Note::new(Tone::Accent, what, go_on));
    }
    if view.household.closed_on.is_some() {
        notes.push(Note::new(
            Tone::Amber,
            l.t("cases-household-closed"),
            l.t("cases-household-closed-help"),
        ));
    }
    if let Ok(life) = view.life()
        && life.state(&case.state).is_none()
    {
        notes.push(Note::new(Tone::Red, l.t("cases-state-gone"), l.t("cases-state-gone-help")));
    }
    notes
}

/// What became of the household since the case began, and what that means for the case and its clocks.
fn followed(l: L, view: &View) -> Vec<Note> {
    let mut notes = Vec::new();
    let mut say = |id: &str, args: &[(&str, web::Arg)]| {
        let help = l.t(&format!("cases-followed-{id}-help"));
        notes.push(Note::new(Tone::Accent, l.t_args(&format!("cases-followed-{id}"), args), help));
    };
    if let Some((day, from)) = &view.followed.moved {
        say("moved", &[("day", day.to_string().into()), ("from", from.into())]);
    }
    if let Some((day, n, _)) = &view.followed.divided {
        say("divided", &[("day", day.to_string().into()), ("n", (*n).into())]);
    }
    if let Some((day, name)) = &view.followed.head_died {
        say("died", &[("day", day.to_string().into()), ("name", name.into())]);
    }
    notes
}

/// Whose turn it is and what they may do, for who cannot do it; empty for who can.
pub(super) fn waits(l: L, view: &View) -> String {
    let life = view.life().ok();
    let Some((life, state)) = life.and_then(|life| Some((life, life.state(&view.case.state)?)))
    else {
        return String::new();
    };
    let steps: Vec<&StepDef> = life.steps_from(state).filter(|step| !step.back).collect();
    let theirs: Vec<&str> = steps
        .iter()
        .filter(|step| step.by == state.owner)
        .map(|step| step.title.get(l.0))
        .collect();
    let mine = |(step, _): &(StepDef, Vec<Need>)| !step.back && step.by == state.owner;
    if theirs.is_empty() || view.offered.iter().any(mine) {
        return String::new();
    }
    let owner = l.t(&format!("cases-owner-{}", state.owner.code()));
    let steps = theirs.join(if l.is_zh() { "、" } else { "; " });
    l.t_args("cases-waits-for", &[("owner", owner.into()), ("steps", steps.into())])
}
