//! What a run changes about the leads of one subject: pure, so that a full run, a partial one and a single commit cannot
//! differ.

use std::collections::{BTreeMap, BTreeSet};

use kernel::calendar::WorkingCalendar;
use kernel::ids::LeadId;
use kernel::time::Day;

use super::model::State;
use super::rule::{Due, RaiseAgain, Severity};

/// What a run needs to know about a rule that was asked.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleHead {
    /// Its id.
    pub id: String,
    /// How bad a hit is.
    pub severity: Severity,
    /// Whose list shows it.
    pub department: String,
    /// How it was noticed.
    pub channel: String,
    /// When the answer is due.
    pub clock: Due,
    /// When an answered hit is raised again.
    pub raise_again: RaiseAgain,
}

/// A rule that hits the subject today.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// The rule, by its place among those asked.
    pub rule: usize,
    /// The sentence with its numbers, Simplified Chinese.
    pub sentence_zh: String,
    /// The same in English.
    pub sentence_en: String,
    /// JSON: column → value as it reads today.
    pub evidence: String,
    /// The value that can become worse, in its own unit (yuan, days).
    pub worse: Option<f64>,
}

/// A reason of a live lead as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct LiveReason {
    /// The rule's id.
    pub rule: String,
    /// How bad.
    pub severity: Severity,
    /// Evidence as stored.
    pub evidence: String,
}

/// The lead of the subject that waits for release or for an answer; a subject has at most one.
#[derive(Debug, Clone, PartialEq)]
pub struct LiveLead {
    /// Its id.
    pub id: LeadId,
    /// [`State::Waiting`] or [`State::Open`].
    pub state: State,
    /// The gravest of its reasons, as stored.
    pub severity: Severity,
    /// When it is due, once released.
    pub due_on: Option<Day>,
    /// Its reasons that are not gone.
    pub reasons: Vec<LiveReason>,
}

/// The newest answer that covers a rule for this subject.
#[derive(Debug, Clone, PartialEq)]
pub struct Settled {
    /// The answered lead.
    pub lead: LeadId,
    /// The rule's id.
    pub rule: String,
    /// The day of the answer.
    pub on: Day,
    /// The evidence that was answered.
    pub evidence: String,
    /// The value that can become worse, as it was answered.
    pub worse: Option<f64>,
    /// The rule stopped hitting after the answer.
    pub gone: bool,
}

/// Whether a run is the first over a county.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// New leads wait for a wave.
    Baseline,
    /// New leads are open at once.
    Daily,
}

/// The day and the rule book of a run.
#[derive(Debug, Clone, Copy)]
pub struct Round<'a> {
    /// The rules that were asked.
    pub rules: &'a [RuleHead],
    /// Rules that could not be asked: what they found before stays.
    pub silent: &'a BTreeSet<String>,
    /// The day.
    pub today: Day,
    /// Holidays.
    pub calendar: &'a WorkingCalendar,
    /// First run or not.
    pub mode: Mode,
    /// What is known of reasons that people gave: no run finds them or takes them away.
    pub people: &'a [RuleHead],
}

impl Round<'_> {
    /// Whether a reason came from people.
    fn is_of_people(&self, rule: &str) -> bool {
        self.people.iter().any(|head| head.id == rule)
    }

    /// What is known of a reason that stands.
    fn head_of(&self, reason: &LiveReason) -> Option<RuleHead> {
        let told = self.people.iter().find(|head| head.id == reason.rule);
        let told = told.map(|head| RuleHead { severity: reason.severity, ..head.clone() });
        told.or_else(|| self.rules.iter().find(|rule| rule.id == reason.rule).cloned())
    }
}

/// What stands about a subject before the run.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// Its live lead.
    pub live: Option<LiveLead>,
    /// Its answered reasons, one per rule.
    pub settled: Vec<Settled>,
}

/// The head of a lead: what follows from its reasons.
#[derive(Debug, Clone, PartialEq)]
pub struct Head {
    /// The gravest.
    pub severity: Severity,
    /// Of the gravest reason.
    pub department: String,
    /// Of the gravest reason.
    pub channel: String,
    /// Of the gravest reason; of several, the shortest.
    pub clock: Due,
}

/// What becomes of the live lead of a subject.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// Nothing but perhaps fresher numbers.
    None,
    /// A new lead with all reasons in `Plan::add`.
    Open {
        /// Severity, department, clock.
        head: Head,
        /// The answered lead that it raises again.
        raised_from: Option<LeadId>,
    },
    /// Reasons came or went.
    Alter {
        /// The new head.
        head: Head,
        /// The day by which it is due, if it is or becomes open.
        due_on: Option<Day>,
        /// It waited and is given out because something new happened.
        release: bool,
    },
    /// The last reason went away before anybody answered.
    Withdraw,
}

/// What a run does about one subject.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// About the lead.
    pub change: Change,
    /// Hits that become reasons, by place in the list of hits.
    pub add: Vec<usize>,
    /// Hits whose stored numbers are no longer those of today.
    pub refresh: Vec<usize>,
    /// Rules that no longer hit, of the live lead.
    pub gone: Vec<String>,
    /// Answered reasons that no longer hit.
    pub settled_gone: Vec<(LeadId, String)>,
    /// Answered reasons that hit again exactly as they were answered: the answer holds.
    pub settled_back: Vec<(LeadId, String)>,
}

/// Decides what today's hits mean for one subject.
pub fn plan(hits: &[Hit], known: &Known, round: Round<'_>) -> Plan {
    let by_rule: BTreeMap<&str, usize> = hits
        .iter()
        .enumerate()
        .filter_map(|(n, hit)| round.rules.get(hit.rule).map(|rule| (rule.id.as_str(), n)))
        .collect();
    let mut plan = Plan {
        change: Change::None,
        add: Vec::new(),
        refresh: Vec::new(),
        gone: Vec::new(),
        settled_gone: Vec::new(),
        settled_back: Vec::new(),
    };
    let mut raised_from = None;
    let live = known.live.as_ref();
    for (rule, n) in &by_rule {
        let stands = live.and_then(|lead| lead.reasons.iter().find(|r| r.rule == **rule));
        match (stands, hits.get(*n)) {
            (Some(reason), Some(hit)) if reason.evidence != hit.evidence => plan.refresh.push(*n),
            (None, Some(hit)) => match known.settled.iter().find(|s| s.rule == **rule) {
                None => plan.add.push(*n),
                Some(settled) => match again(hit, settled, round) {
                    Again::Raised => {
                        raised_from = Some(settled.lead);
                        plan.add.push(*n);
                    }
                    Again::Settled => {}
                    Again::Back => plan.settled_back.push((settled.lead, settled.rule.clone())),
                },
            },
            _ => {}
        }
    }
    plan.add.sort_unstable();
    let vanished = |rule: &str| {
        !by_rule.contains_key(rule) && !round.silent.contains(rule) && !round.is_of_people(rule)
    };
    for settled in known.settled.iter().filter(|s| !s.gone && vanished(&s.rule)) {
        plan.settled_gone.push((settled.lead, settled.rule.clone()));
    }
    if let Some(lead) = live {
        let gone = lead.reasons.iter().filter(|r| vanished(&r.rule));
        plan.gone = gone.map(|r| r.rule.clone()).collect();
    }
    plan.change = change(&plan, hits, live, raised_from, round);
    plan
}

enum Again {
    /// It is a lead once more.
    Raised,
    /// The answer holds.
    Settled,
    /// It had gone and is back as it was: the answer holds.
    Back,
}

fn again(hit: &Hit, settled: &Settled, round: Round<'_>) -> Again {
    if settled.gone && settled.evidence != hit.evidence {
        return Again::Raised;
    }
    let Some(rule) = round.rules.get(hit.rule) else { return Again::Settled };
    let due = rule
        .raise_again
        .after_months
        .is_some_and(|months| round.today >= settled.on.add_months(i64::from(months)));
    let worse = rule.raise_again.or_worse_by.as_ref().is_some_and(|worse| {
        let (Some(now), Some(then)) = (hit.worse, settled.worse) else { return false };
        let change = now - then;
        if worse.by > 0.0 { change >= worse.by } else { change <= worse.by }
    });
    match (due || worse, settled.gone) {
        (true, _) => Again::Raised,
        // An answer is about facts: the same facts after a batch was taken back and sent again need no second answer.
        (false, true) => Again::Back,
        (false, false) => Again::Settled,
    }
}

fn change(
    plan: &Plan,
    hits: &[Hit],
    live: Option<&LiveLead>,
    raised_from: Option<LeadId>,
    round: Round<'_>,
) -> Change {
    let added = plan.add.iter().filter_map(|n| hits.get(*n));
    let added = added.filter_map(|hit| round.rules.get(hit.rule).cloned());
    let Some(lead) = live else {
        return match head(added, round) {
            Some(head) => Change::Open { head, raised_from },
            None => Change::None,
        };
    };
    if plan.add.is_empty() && plan.gone.is_empty() {
        return Change::None;
    }
    let stays = lead.reasons.iter().filter(|reason| !plan.gone.contains(&reason.rule));
    let left = stays.clone().count() + plan.add.len();
    if left == 0 {
        return Change::Withdraw;
    }
    let staying = stays.filter_map(|reason| round.head_of(reason));
    // Only rules that cannot be asked are left: nothing can be said about the head.
    let Some(head) = head(staying.chain(added), round) else { return Change::None };
    let release = lead.state == State::Waiting && !plan.add.is_empty() && round.mode == Mode::Daily;
    let fresh = head.clock.day_after(round.today, round.calendar);
    let due_on = match (lead.state, lead.due_on) {
        (State::Waiting, _) => release.then_some(fresh),
        (_, Some(due)) if head.severity > lead.severity => Some(due.min(fresh)),
        (_, due) => due,
    };
    Change::Alter { head, due_on, release }
}

fn head(rules: impl Iterator<Item = RuleHead>, round: Round<'_>) -> Option<Head> {
    let gravest = rules.min_by_key(|rule| {
        (std::cmp::Reverse(rule.severity), rule.clock.day_after(round.today, round.calendar))
    })?;
    Some(Head {
        severity: gravest.severity,
        department: gravest.department,
        channel: gravest.channel,
        clock: gravest.clock,
    })
}

/// A lead of the baseline that waits, as far as its release is concerned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Its id.
    pub id: LeadId,
    /// Its village.
    pub village: String,
    /// How bad.
    pub severity: Severity,
}

/// Which leads the next wave gives out: in each village the gravest first, as many as are left of the week's budget
/// (`spent` = already given out this week). Of equal ones the first found go first.
pub fn wave(
    mut waiting: Vec<Waiting>,
    budget: impl Fn(&str) -> usize,
    spent: &BTreeMap<String, usize>,
) -> Vec<LeadId> {
    waiting.sort_by(|a, b| {
        (&a.village, std::cmp::Reverse(a.severity), a.id).cmp(&(
            &b.village,
            std::cmp::Reverse(b.severity),
            b.id,
        ))
    });
    let mut used: BTreeMap<&str, usize> =
        spent.iter().map(|(village, n)| (village.as_str(), *n)).collect();
    let mut released = Vec::new();
    for lead in &waiting {
        let used = used.entry(lead.village.as_str()).or_insert(0);
        if *used < budget(&lead.village) {
            *used += 1;
            released.push(lead.id);
        }
    }
    released
}

/// How many leads [`wave`] gives out, by how many wait in each village.
pub fn wave_size(
    waiting: &[(String, usize)],
    budget: impl Fn(&str) -> usize,
    spent: &BTreeMap<String, usize>,
) -> usize {
    let of_village = |(village, number): &(String, usize)| {
        let used = spent.get(village).copied().unwrap_or(0);
        (*number).min(budget(village).saturating_sub(used))
    };
    waiting.iter().map(of_village).sum()
}

/// A short text that is the same for the same text: two independent 64-bit sums, hexadecimal.
pub fn fingerprint(text: &str) -> String {
    let sum = |seed: u64, prime: u64| {
        text.bytes().fold(seed, |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(prime))
    };
    let first = sum(0xcbf2_9ce4_8422_2325, 0x0100_0000_01b3);
    let second = sum(0x9e37_79b9_7f4a_7c15, 0xff51_afd7_ed55_8ccd);
    format!("{first:016x}{second:016x}")
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
