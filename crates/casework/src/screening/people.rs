//! Reasons that come from people: the household itself, a neighbour, a village worker, the hotline, a petition, the media.
//! They join the lead of the household like the hits of rules. No run finds them and none takes them away: only an answer
//! settles them.

use facts::{Params, Scalar};
use kernel::area::AreaCode;
use kernel::error::{Refusal, Result};
use kernel::ids::{DeclarationId, LeadId};
use kernel::lang::Lang;
use kernel::time::Day;
use registry::policies::ShippedCodes;
use serde::{Deserialize, Serialize};
use store::{Session, Tx, Value};
use web::L;

use super::book::{Bound, bound, working_calendar};
use super::model::State;
use super::queries::changes::{Batch, NewLead};
use super::queries::{What, told as queries};
use super::rule::{Calendar, Due, Level, RaiseAgain, Severity};
use super::rules::{Head, RuleHead};

kernel::word_list! {
    /// The way on which something was said about a household.
    Channel, "screening.not_a_channel", code:
    /// 本人申报.
    Household = "self";
    /// 邻居、亲属代报.
    Neighbour = "neighbour";
    /// 村干部、网格员排查发现.
    Village = "village";
    /// 12345, 12317.
    Hotline = "hotline";
    /// 信访.
    Petition = "petition";
    /// 媒体、舆情.
    Media = "media";
}

/// Days until the answer where the rule book says nothing.
const DAYS: u16 = 5;
/// Days until the answer to what cannot wait, where the rule book says nothing.
const URGENT_DAYS: u16 = 2;
/// The parameter for what cannot wait.
const URGENT: &str = "lead_days_urgent";

impl Channel {
    /// What stands in the place of a rule.
    #[must_use]
    pub const fn rule(self) -> &'static str {
        match self {
            Self::Household => "people_self",
            Self::Neighbour => "people_neighbour",
            Self::Village => "people_village",
            Self::Hotline => "people_hotline",
            Self::Petition => "people_petition",
            Self::Media => "people_media",
        }
    }

    /// The channel behind the reason of a lead, if it came from people.
    #[must_use]
    pub fn of_rule(rule: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|channel| channel.rule() == rule)
    }

    /// Who stands in the place of a department.
    const fn office(self) -> &'static str {
        match self {
            Self::Household | Self::Neighbour => "household",
            Self::Village => "village",
            Self::Hotline | Self::Petition => "hotline",
            Self::Media => "media",
        }
    }

    /// How the national system calls it.
    const fn national(self) -> &'static str {
        match self {
            Self::Household | Self::Neighbour => "农户自主申报",
            Self::Village => "基层干部排查",
            Self::Hotline | Self::Petition => "信访、12345",
            Self::Media => "媒体、舆情",
        }
    }

    /// The parameter of the rule book that says by when it must be answered.
    const fn parameter(self) -> &'static str {
        match self {
            Self::Household => "lead_days_self",
            Self::Neighbour => "lead_days_neighbour",
            Self::Village => "lead_days_village",
            Self::Hotline => "lead_days_hotline",
            Self::Petition => "lead_days_petition",
            Self::Media => "lead_days_media",
        }
    }

    /// The channel in words.
    #[must_use]
    pub fn word(self, l: L) -> String {
        l.t(&format!("screening-told-{}", self.code()))
    }
}

fn clock(params: &Params, name: &str, otherwise: u16) -> Due {
    let days = params.get(name).and_then(|param| match param.only_value() {
        Some(Scalar::Int(days)) => u16::try_from(*days).ok(),
        _ => None,
    });
    Due { days: days.unwrap_or(otherwise), calendar: Calendar::Working }
}

/// The working days within which somebody must answer what came on this way, and what cannot wait.
#[must_use]
pub fn days_of(params: &Params, channel: Channel, urgent: bool) -> Due {
    let usual = clock(params, channel.parameter(), DAYS);
    let fast = clock(params, URGENT, URGENT_DAYS);
    if urgent && fast.days < usual.days { fast } else { usual }
}

fn head(params: &Params, channel: Channel, urgent: bool) -> RuleHead {
    RuleHead {
        id: channel.rule().to_owned(),
        severity: if urgent { Severity::Severe } else { Severity::Serious },
        department: channel.office().to_owned(),
        channel: channel.national().to_owned(),
        clock: days_of(params, channel, urgent),
        raise_again: RaiseAgain::default(),
    }
}

/// The working days within which the rule book of a day asks for an answer to what came on this way.
///
/// # Errors
/// Faults of the database.
pub fn days_on(session: &mut Session, today: Day, channel: Channel) -> Result<u16> {
    let book = bound(session, today)?;
    Ok(book.map_or(DAYS, |book| days_of(&book.book.params, channel, false).days))
}

/// What a run must know of the reasons that people gave.
#[must_use]
pub(super) fn heads(params: &Params) -> Vec<RuleHead> {
    Channel::ALL.iter().map(|channel| head(params, *channel, false)).collect()
}

/// What somebody said about a household.
#[derive(Debug, Clone)]
pub struct Told {
    /// The household.
    pub household: String,
    /// Where it stands.
    pub village: AreaCode,
    /// On which way it was said.
    pub channel: Channel,
    /// Where it can be read.
    pub declaration: DeclarationId,
    /// The day on which it was said.
    pub on: Day,
    /// The kind of trouble, a code of the list of risks.
    pub kind: String,
    /// It cannot wait.
    pub urgent: bool,
    /// It speaks against an answer.
    pub objection: bool,
}

/// One thing that was said, as a reason keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// Where it can be read.
    pub declaration: String,
    /// The day.
    pub on: Day,
    /// The kind of trouble.
    pub kind: String,
    /// It cannot wait.
    pub urgent: bool,
    /// It speaks against an answer.
    pub objection: bool,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Kept {
    said: Vec<Said>,
}

/// What was said, from the evidence of a reason.
#[must_use]
pub fn said_of(evidence: &str) -> Vec<Said> {
    serde_json::from_str::<Kept>(evidence).map(|kept| kept.said).unwrap_or_default()
}

/// A kind of trouble as a household would say it.
#[must_use]
pub fn plain_kind(kind: &str, lang: Lang) -> String {
    let found = ShippedCodes::Risks.find(kind);
    let plain = found.and_then(|one| one.plain.as_ref()).map(|words| words.get(lang).to_owned());
    plain.unwrap_or_else(|| ShippedCodes::Risks.words_of(kind, lang))
}

/// One thing that was said, in words.
#[must_use]
pub fn words_of_said(said: &Said, l: L) -> String {
    let what = match said.objection {
        true => l.t("screening-told-objection"),
        false => plain_kind(&said.kind, l.0),
    };
    let id = if said.urgent { "screening-told-urgent" } else { "screening-told-one" };
    l.t_args(id, &[("day", said.on.to_string().into()), ("what", what.into())])
}

fn sentence(channel: Channel, said: &[Said], lang: Lang) -> String {
    let l = L(lang);
    let each: Vec<String> = said.iter().map(|one| words_of_said(one, l)).collect();
    let between = if l.is_zh() { "；" } else { "; " };
    l.t_args(
        "screening-told",
        &[("channel", channel.word(l).into()), ("said", each.join(between).into())],
    )
}

/// Makes what somebody said a reason of the lead of the household: the one that stands, else a new one. The caller has found
/// the household, writes the journal and commits.
///
/// # Errors
/// `screening.no_book` before a rule book is published; faults of the database.
pub fn raise(tx: &mut Tx, told: &Told) -> Result<LeadId> {
    let today = tx.today();
    let book = bound(tx, today)?.ok_or_else(|| Refusal::unavailable("screening.no_book"))?;
    let what = What::Touched { households: vec![told.household.clone()], villages: Vec::new() };
    let live = super::queries::live(tx, &what)?.remove(&told.household);
    let fresh = head(&book.book.params, told.channel, told.urgent);
    let due = fresh.clock.day_after(today, working_calendar()?);
    let mut batch = Batch::default();
    let stands = live
        .as_ref()
        .and_then(|lead| lead.reasons.iter().find(|reason| reason.rule == told.channel.rule()));
    let mut said = stands.map(|reason| said_of(&reason.evidence)).unwrap_or_default();
    said.push(Said {
        declaration: told.declaration.to_string(),
        on: told.on,
        kind: told.kind.clone(),
        urgent: told.urgent,
        objection: told.objection,
    });
    let severity = stands.map_or(fresh.severity, |reason| reason.severity.max(fresh.severity));
    let new = Head {
        severity,
        department: fresh.department.clone(),
        channel: fresh.channel.clone(),
        clock: fresh.clock,
    };
    let id = match &live {
        None => {
            let id: LeadId = tx.db().ids().make_at(tx.now());
            let lead = NewLead {
                id,
                level: Level::Household,
                subject: &told.household,
                household: Some(&told.household),
                village: told.village.as_str(),
                head: &new,
                state: State::Open,
                due_on: Some(due),
                raised_from: queries::last_answered(tx, &told.household)?,
            };
            batch.open(&lead, &book, None);
            id
        }
        Some(lead) => {
            let waits = lead.state == State::Waiting;
            let (before, _) = queries::head_of(tx, lead.id)?;
            let graver = severity > lead.severity;
            let head = if graver { &new } else { &before };
            let soonest = lead.due_on.filter(|_| !waits).map_or(due, |day| day.min(due));
            batch.alter(lead.id, head, Some(soonest), waits.then_some(today));
            lead.id
        }
    };
    batch.told(row(&book, (id, told.channel), (severity, &said), today));
    batch.write(tx)?;
    Ok(id)
}

fn row(
    book: &Bound,
    (lead, channel): (LeadId, Channel),
    (severity, said): (Severity, &[Said]),
    today: Day,
) -> Vec<Value> {
    let pack = &book.book.pack.head;
    let evidence = serde_json::json!({ "said": said });
    vec![
        lead.into(),
        channel.rule().into(),
        severity.code().into(),
        channel.office().into(),
        Value::from(&pack.id),
        pack.version.into(),
        "sure".into(),
        0_i64.into(),
        sentence(channel, said, Lang::Zh).into(),
        sentence(channel, said, Lang::En).into(),
        evidence.to_string().into(),
        Value::Null,
        today.into(),
    ]
}
