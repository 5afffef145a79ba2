//! Proves that a life is whole before a case is led by it.

use std::collections::{BTreeMap, BTreeSet};

use facts::{Params, Scalar};
use registry::policies::Words;

use super::life::{AskKind, ClockDef, Effect, Life, Phase};
use super::starts::Start;
use super::wrong::{Wrong, line_of};
use crate::papers::Paper;

/// Papers that a step may name beside those that the program lays out.
const STEP_PAPERS: [&str; 6] =
    ["comparison", "township_list", "county_list", "answer", "removal_sheet", "look_back"];

/// The longest clock of a state, in days.
const LONGEST: i64 = 3_660;

impl Life {
    /// Reads a file and proves that the life is whole: every word in both languages, every name known, every state
    /// reached and left, every clock with its parameter wherever it holds.
    ///
    /// # Errors
    /// Everything that is wrong with it, with its lines.
    pub fn read(text: &str, params: &Params) -> Result<Self, Vec<Wrong>> {
        let life: Self = toml::from_str(text).map_err(|why| vec![Wrong::unreadable(text, &why)])?;
        let wrong = life.problems(text, params);
        if wrong.is_empty() { Ok(life) } else { Err(wrong) }
    }

    fn problems(&self, text: &str, params: &Params) -> Vec<Wrong> {
        let top = |word: &str, code| Wrong::new(line_of(text, ("", ""), word), code);
        let mut wrong = Vec::new();
        if self.basis.is_some() == self.set_locally.is_some() {
            wrong.push(top("basis", "basis"));
        }
        if self.starts.is_empty() {
            wrong.push(top("starts", "starts"));
        }
        if self.starts_by(Start::Campaign) && self.whom.is_none() {
            wrong.push(top("starts", "campaign_whom"));
        }
        if self.starts_by(Start::Register) != self.taken_over.is_some() {
            wrong.push(top("starts", "register_taken_over"));
        }
        if let Some(states) = &self.taken_over {
            let named = [&states.running, &states.ended, &states.kept];
            let unknown = named.into_iter().filter(|name| self.state(name).is_none());
            wrong
                .extend(unknown.map(|name| {
                    top(&format!("\"{name}\""), "taken_over_state").arg("state", name)
                }));
        }
        if self.state(&self.start).is_none() {
            wrong.push(top("start =", "start").arg("state", &self.start));
        }
        wrong.extend(self.wrong_words(text));
        wrong.extend(self.wrong_steps(text));
        for (found, at) in self.clocks(text) {
            wrong.extend(wrong_clock(found, params).map(|one| Wrong { line: at, ..one }));
        }
        wrong.extend(self.unreached(text));
        wrong
    }

    /// Every clock with its line.
    fn clocks(&self, text: &str) -> Vec<(&ClockDef, usize)> {
        let named = |clock: &ClockDef| format!("\"{}\"", clock.parameter);
        let of_state = self.states.iter().filter_map(|state| {
            let clock = state.clock.as_ref()?;
            Some((clock, line_of(text, ("states", &state.id), &named(clock))))
        });
        let own = self.total.iter().chain(&self.notice);
        let own = own.map(|clock| (clock, line_of(text, ("", ""), &named(clock))));
        of_state.chain(own).collect()
    }

    fn wrong_words(&self, text: &str) -> Vec<Wrong> {
        let whole = std::iter::once((&self.title, 1));
        let states = self.states.iter().flat_map(|one| {
            let at = line_of(text, ("states", &one.id), "title");
            std::iter::once(&one.title).chain(&one.told).map(move |words| (words, at))
        });
        let steps = self.steps.iter().flat_map(|one| {
            let at = line_of(text, ("steps", &one.id), "title");
            let asks = one.asks.iter().flat_map(|ask| {
                std::iter::once(&ask.title).chain(ask.options.iter().map(|option| &option.title))
            });
            let said = std::iter::once(&one.title).chain(&one.told).chain(asks);
            said.map(move |words| (words, at))
        });
        let all: Vec<(&Words, usize)> = whole.chain(states).chain(steps).collect();
        let empty = |words: &Words| words.zh.trim().is_empty() || words.en.trim().is_empty();
        let wrong = all.into_iter().filter(|(words, _)| empty(words));
        wrong
            .map(|(words, at)| {
                Wrong::new(at, "words").arg("what", format!("{}{}", words.zh, words.en))
            })
            .collect()
    }

    fn wrong_steps(&self, text: &str) -> Vec<Wrong> {
        let mut wrong = Vec::new();
        let doubled = |table: &str, names: Vec<&str>| -> Vec<Wrong> {
            let names = twice(names.into_iter());
            let at = |name: &String| line_of(text, (table, name), "");
            names.iter().map(|name| Wrong::new(at(name), "twice").arg("what", name)).collect()
        };
        wrong.extend(doubled("states", self.states.iter().map(|one| one.id.as_str()).collect()));
        wrong.extend(doubled("steps", self.steps.iter().map(|one| one.id.as_str()).collect()));
        for step in &self.steps {
            let line = |word: &str| line_of(text, ("steps", &step.id), word);
            for name in twice(step.asks.iter().map(|ask| ask.id.as_str())) {
                wrong.push(Wrong::new(line(&format!("\"{name}\"")), "twice").arg("what", &name));
            }
            for ask in &step.asks {
                if (ask.kind == AskKind::Choice) == ask.options.is_empty() {
                    let at = line(&format!("\"{}\"", ask.id));
                    wrong.push(Wrong::new(at, "ask_options").arg("field", &ask.id));
                }
            }
            for name in step.from.iter().chain([&step.to]) {
                if !name.starts_with('@') && self.state(name).is_none() {
                    let at = line(&format!("\"{name}\""));
                    wrong.push(Wrong::new(at, "no_state").arg("step", &step.id).arg("state", name));
                }
            }
            if step.has_effect(Effect::Post) && self.notice.is_none() {
                wrong.push(Wrong::new(line("post"), "notice").arg("step", &step.id));
            }
            if let Some(paper) = &step.paper
                && Paper::of(paper).is_none()
                && !STEP_PAPERS.contains(&paper.as_str())
            {
                wrong.push(
                    Wrong::new(line("paper"), "paper").arg("step", &step.id).arg("paper", paper),
                );
            }
        }
        wrong
    }

    /// States that no way leads to, and states that no step leaves.
    fn unreached(&self, text: &str) -> Vec<Wrong> {
        let mut reached: BTreeSet<&str> = BTreeSet::new();
        let mut next = vec![self.start.as_str()];
        while let Some(id) = next.pop() {
            if let Some(state) = self.state(id).filter(|state| reached.insert(&state.id)) {
                next.extend(self.steps_from(state).map(|step| step.to.as_str()));
            }
        }
        let wrong =
            |id: &str, code| Wrong::new(line_of(text, ("states", id), ""), code).arg("state", id);
        let unreached = self.states.iter().filter(|state| !reached.contains(state.id.as_str()));
        let stuck = self.states.iter().filter(|state| self.steps_from(state).next().is_none());
        let stuck = stuck.filter(|state| state.phase != Phase::Over || state.clock.is_some());
        unreached
            .map(|state| wrong(&state.id, "unreached"))
            .chain(stuck.map(|state| wrong(&state.id, "stuck")))
            .collect()
    }
}

/// A clock without a number of days: nowhere, or in some area of the county.
fn wrong_clock(clock: &ClockDef, params: &Params) -> Option<Wrong> {
    let wrong = |code| Wrong::new(1, code).arg("parameter", &clock.parameter);
    let Some(days) = params.get(&clock.parameter) else { return Some(wrong("clock")) };
    let good = |value: &Scalar| matches!(value, Scalar::Int(0..=LONGEST));
    let everywhere = |low: &str, high: &str| {
        low.bytes().all(|digit| digit == b'0') && high.bytes().all(|digit| digit == b'9')
    };
    if let Some(bad) = days.values.iter().find(|one| !good(&one.value)) {
        return Some(match everywhere(&bad.low, &bad.high) {
            true => wrong("clock"),
            false => wrong("clock_area").arg("area", &bad.low),
        });
    }
    // the last value is that of everywhere; without it some village has none
    let rest = days.values.last().is_some_and(|one| everywhere(&one.low, &one.high));
    (!rest).then(|| wrong("clock_nowhere"))
}

fn twice<'a>(names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    names.for_each(|name| *seen.entry(name).or_default() += 1);
    seen.into_iter().filter(|(_, n)| *n > 1).map(|(name, _)| name.to_owned()).collect()
}
