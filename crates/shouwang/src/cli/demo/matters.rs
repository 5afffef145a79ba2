//! Other matters of the sample county, one in each state of its life: children who are not at school, contracts, services,
//! graduates, and the re-assessment of the new stage.

use std::collections::BTreeSet;

use anyhow::Result;
use casework::cases;
use casework::screening;
use kernel::error::Error;
use kernel::ids::{CaseId, HouseholdId, PersonId};
use kernel::permission::Permission;
use registry::households;
use store::Ctx;

use super::super::Desk;
use super::cases::{BEGAN, stepped};
use super::history::days_ago;
use crate::app::App;

/// A step, who took it, how many days ago.
type Taken = (&'static str, &'static str, i64);

/// Whom a matter is about.
#[derive(Clone, Copy)]
enum Whom {
    /// A person of at least so many years and under so many.
    Aged(i64, i64),
    /// A household of which the register says this.
    With(households::Scheme, &'static str),
    /// Whom the life itself names: a campaign of the county.
    Campaign,
}

/// A life, whom it is about, why it was begun, and for each case the steps that were taken.
struct Matter {
    life: &'static str,
    whom: Whom,
    words: &'static str,
    ways: &'static [&'static [Taken]],
}

const MATTERS: [Matter; 6] = [
    Matter {
        life: "dropout",
        whom: Whom::Aged(6, 16),
        words: "学校说没有到校",
        ways: &[
            &[("visit", "bob", 4), ("back_at_school", "bob", 2)],
            &[("visit", "bob", 1)],
            &[],
            &[("visit", "bob", 4), ("escalate", "bob", 1)],
            &[("visit", "bob", 5), ("back_at_school", "bob", 4), ("stay", "bob", 1)],
            &[("another_way", "bob", 2)],
            &[("not_so", "bob", 3)],
        ],
    },
    Matter {
        life: "teaching_at_home",
        whom: Whom::Aged(6, 16),
        words: "残联和学校商定，孩子不能到校",
        ways: &[
            &[],
            &[("plan", "bob", 5), ("lesson", "bob", 2)],
            &[("plan", "bob", 5), ("lesson", "bob", 4), ("end", "bob", 1)],
        ],
    },
    Matter {
        life: "graduate_job",
        whom: Whom::Aged(20, 26),
        words: "今年毕业，还没有工作",
        ways: &[
            &[],
            &[("contact", "bob", 4), ("offer", "bob", 1)],
            &[("contact", "bob", 5), ("place", "bob", 2)],
            &[("place", "bob", 5), ("stay", "bob", 1)],
            &[("another_way", "bob", 3)],
        ],
    },
    Matter {
        life: "two_contracts",
        whom: Whom::With(households::Scheme::Type, "lifted"),
        words: "脱贫户签约",
        ways: &[
            &[],
            &[("sign_doctor", "bob", 3)],
            &[("sign_cadre", "bob", 2)],
            &[("sign_doctor", "bob", 5), ("sign_cadre_too", "bob", 4), ("serve", "bob", 1)],
            &[("end", "bob", 2)],
        ],
    },
    Matter {
        life: "reassessment",
        whom: Whom::With(households::Scheme::Type, "lifted"),
        words: "过渡期后逐户评估",
        ways: &[
            &[],
            &[("keep", "bob", 1)],
            &[("leave", "bob", 1)],
            &[("leave", "bob", 3), ("post", "bob", 2)],
            &[("keep", "bob", 3), ("post", "bob", 2), ("object", "bob", 1)],
            &[("leave", "bob", BEGAN), ("post", "bob", BEGAN), ("submit", "bob", 0)],
            &[
                ("leave", "bob", BEGAN),
                ("post", "bob", BEGAN),
                ("submit", "bob", 0),
                ("pass", "jia", 0),
            ],
            &[
                ("keep", "bob", BEGAN),
                ("post", "bob", BEGAN),
                ("submit", "bob", 0),
                ("pass", "jia", 0),
                ("decide", "alice", 0),
            ],
        ],
    },
    Matter {
        life: "service_in_kind",
        whom: Whom::Campaign,
        words: "秋收免费脱粒",
        ways: &[&[("serve", "bob", 3)], &[("serve", "bob", 4), ("end", "bob", 1)]],
    },
];

/// Begins them and takes their steps, each on its own day.
pub fn live(desk: &Desk, app: &App) -> Result<()> {
    let then = days_ago(app, BEGAN);
    let (bob, alice) = (then.ctx(Some("bob"), desk.lang)?, then.ctx(Some("alice"), desk.lang)?);
    let book = cases::book(&mut bob.read()?, bob.today)?;
    let homes = homes(&bob)?;
    let mut taken = BTreeSet::new();
    for matter in MATTERS.iter().filter(|matter| book.life(matter.life).is_ok()) {
        let begun = match matter.whom {
            Whom::Campaign => campaign(&alice, &bob, matter)?,
            whom => by_hand(&bob, (matter, whom), (&homes, &mut taken))?,
        };
        for (id, way) in begun.into_iter().zip(matter.ways) {
            for (step, login, back) in *way {
                let ctx = days_ago(app, *back).ctx(Some(login), desk.lang)?;
                if !stepped(&ctx, (id, matter.life), step)? {
                    break;
                }
            }
        }
    }
    Ok(())
}

/// A household that a matter can be about.
struct Home {
    line: households::Line,
    /// Lists of the schools suspect that a child of it is not there.
    missed: bool,
}

/// Households of the township by their number, those in which a child is missed first.
fn homes(ctx: &Ctx) -> Result<Vec<Home>> {
    let permit = ctx.permit(Permission::HouseholdSee)?;
    let filter = households::Filter::default();
    let lines = households::list_households(&mut ctx.read()?, &permit, &filter, 300)?;
    let mut homes = Vec::new();
    for line in lines {
        let facts = screening::facts_of(ctx, &line.id.to_string())?;
        let missed = matches!(facts.get("dropout_suspects"), Some(facts::Scalar::Int(1..)));
        homes.push(Home { line, missed });
    }
    homes.sort_by(|a, b| (!a.missed, &a.line.number).cmp(&(!b.missed, &b.line.number)));
    Ok(homes)
}

/// As many cases as there are ways, each about somebody else.
fn by_hand(
    ctx: &Ctx,
    (matter, whom): (&Matter, Whom),
    (homes, taken): (&[Home], &mut BTreeSet<PersonId>),
) -> Result<Vec<CaseId>> {
    let mut begun = Vec::new();
    for home in homes {
        if begun.len() == matter.ways.len() {
            break;
        }
        let person = match whom {
            Whom::Aged(from, to) => match aged(ctx, home.line.id, (from, to), taken)? {
                Some(person) => Some(person),
                None => continue,
            },
            Whom::With(scheme, value) => {
                let has =
                    |(known, of): &(households::Scheme, String)| *known == scheme && of == value;
                let under = |(known, _): &(households::Scheme, String)| {
                    *known == households::Scheme::Monitored
                };
                let statuses = &home.line.statuses;
                if !statuses.iter().any(has) || statuses.iter().any(under) {
                    continue;
                }
                None
            }
            Whom::Campaign => continue,
        };
        taken.extend(person);
        let of = (matter.life, home.line.id);
        begun.push(cases::open_by_hand(ctx, of, (person, matter.words))?);
    }
    Ok(begun)
}

/// A member of this age who lives there and is in no other matter.
fn aged(
    ctx: &Ctx,
    home: HouseholdId,
    (from, to): (i64, i64),
    taken: &BTreeSet<PersonId>,
) -> Result<Option<PersonId>> {
    let (young, old) = (ctx.today.add_months(-from * 12), ctx.today.add_months(-to * 12));
    let members = households::list_residents(&mut ctx.read()?, &home)?;
    let fits = members.iter().find(|one| {
        one.birth_day.is_some_and(|born| born <= young && born > old)
            && one.died_on.is_none()
            && !taken.contains(&one.stay.person)
    });
    Ok(fits.map(|one| one.stay.person))
}

/// The county begins it for everybody; those of the township, by the number of the household.
fn campaign(county: &Ctx, bob: &Ctx, matter: &Matter) -> Result<Vec<CaseId>> {
    let due_on = county.today.add_days(60);
    match cases::start_campaign(county, matter.life, (matter.words, due_on)) {
        // in a very small county the life is for nobody
        Err(Error::Refusal(_)) => return Ok(Vec::new()),
        done => done?,
    };
    let filter = cases::Filter { life: Some(matter.life.to_owned()), ..cases::Filter::default() };
    let (_, mut lines) = cases::list_all(bob, &filter, 1_000)?;
    lines.sort_by(|a, b| a.household_number.cmp(&b.household_number));
    Ok(lines.into_iter().map(|line| line.id).collect())
}
