//! Proves that a life is whole before a case is led by it.

use std::collections::{BTreeMap, BTreeSet};

use facts::{Params, Scalar};
use registry::policies::Words;

use super::life::{AskKind, Effect, Life, Phase};
use super::starts::Start;

impl Life {
    /// Reads a file and proves that the life is whole: every word in both languages, every name known, every state
    /// reached and left, every clock with its parameter.
    ///
    /// # Errors
    /// Everything that is wrong with it, in words for who writes packs.
    pub fn read(text: &str, params: &Params) -> Result<Self, Vec<String>> {
        let life: Self = toml::from_str(text).map_err(|why| vec![why.message().to_owned()])?;
        let wrong = life.problems(params);
        if wrong.is_empty() { Ok(life) } else { Err(wrong) }
    }

    fn problems(&self, params: &Params) -> Vec<String> {
        let mut wrong = Vec::new();
        if self.basis.is_some() == self.set_locally.is_some() {
            wrong.push("basis or set_locally, one of them".to_owned());
        }
        if self.starts.is_empty() {
            wrong.push("starts: how does a case begin?".to_owned());
        }
        if self.starts_by(Start::Campaign) && self.whom.is_none() {
            wrong.push("a campaign needs whom".to_owned());
        }
        if self.starts_by(Start::Register) != self.taken_over.is_some() {
            wrong.push("register and taken_over belong together".to_owned());
        }
        if let Some(states) = &self.taken_over {
            let named = [&states.running, &states.ended, &states.kept];
            let unknown = named.into_iter().filter(|name| self.state(name).is_none());
            wrong.extend(unknown.map(|name| format!("taken_over: no state {name}")));
        }
        let titles = [&self.title].into_iter();
        let titles = titles.chain(self.states.iter().map(|one| &one.title));
        let titles = titles.chain(self.steps.iter().map(|one| &one.title));
        let titles = titles.chain(self.states.iter().filter_map(|one| one.told.as_ref()));
        let titles = titles.chain(self.steps.iter().filter_map(|one| one.told.as_ref()));
        let asks = self.steps.iter().flat_map(|step| &step.asks);
        let asked = asks.clone().flat_map(|ask| {
            [&ask.title].into_iter().chain(ask.options.iter().map(|option| &option.title))
        });
        let empty = |words: &&Words| words.zh.trim().is_empty() || words.en.trim().is_empty();
        wrong.extend(
            titles.chain(asked).filter(empty).map(|words| {
                format!("{}{}: a text is missing in one language", words.zh, words.en)
            }),
        );
        for ask in asks.filter(|ask| (ask.kind == AskKind::Choice) == ask.options.is_empty()) {
            wrong.push(format!("{}: options and kind do not fit", ask.id));
        }
        wrong.extend(twice(self.states.iter().map(|one| one.id.as_str())));
        wrong.extend(twice(self.steps.iter().map(|one| one.id.as_str())));
        for step in &self.steps {
            wrong.extend(twice(step.asks.iter().map(|ask| ask.id.as_str())));
            let named = step.from.iter().chain([&step.to]);
            let unknown = named.filter(|name| !name.starts_with('@') && self.state(name).is_none());
            wrong.extend(unknown.map(|name| format!("{}: no state {name}", step.id)));
            if step.has_effect(Effect::Post) && self.notice.is_none() {
                wrong.push(format!("{}: posts a notice of no length", step.id));
            }
        }
        let clocks = self.states.iter().filter_map(|state| state.clock.as_ref());
        for clock in clocks.chain(&self.total).chain(&self.notice) {
            let known = params.get(&clock.parameter).is_some_and(|days| {
                !days.values.is_empty()
                    && days.values.iter().all(|one| matches!(one.value, Scalar::Int(0..=3_660)))
            });
            if !known {
                wrong.push(format!("no number of days {}", clock.parameter));
            }
        }
        wrong.extend(self.unreached());
        wrong
    }

    /// States that no way leads to, and states that no step leaves.
    fn unreached(&self) -> Vec<String> {
        let mut reached: BTreeSet<&str> = BTreeSet::new();
        let mut next = vec![self.start.as_str()];
        while let Some(id) = next.pop() {
            if let Some(state) = self.state(id).filter(|state| reached.insert(&state.id)) {
                next.extend(self.steps_from(state).map(|step| step.to.as_str()));
            }
        }
        let unreached = self.states.iter().filter(|state| !reached.contains(state.id.as_str()));
        let stuck = self.states.iter().filter(|state| self.steps_from(state).next().is_none());
        unreached
            .map(|state| format!("no way leads to {}", state.id))
            .chain(
                stuck
                    .filter(|state| state.phase != Phase::Over || state.clock.is_some())
                    .map(|state| format!("no step leaves {}", state.id)),
            )
            .collect()
    }
}

fn twice<'a>(names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    names.for_each(|name| *seen.entry(name).or_default() += 1);
    seen.into_iter()
        .filter(|(_, n)| *n > 1)
        .map(|(name, _)| format!("{name} is given twice"))
        .collect()
}
