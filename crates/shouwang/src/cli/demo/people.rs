//! The sample people: who they are, where they work, what they may see.

use anyhow::{Context as _, Result};
use kernel::area::AreaCode;
use kernel::permission::{Permission, Role};
use registry::accounts::{self, NewAccount, Reach};
use registry::households::{self, Filter};
use store::Ctx;

use crate::sample::Sample;

/// The password of all of them; it need not be changed, and works only in a folder that `demo` made.
pub const PASSWORD: &str = "shouwang-2026";
/// The office of the department's person, as its templates name it.
const OFFICE: &str = "medical_insurance";
/// Households of a helper.
const HELPED: i64 = 6;

/// Makes them all; the first six have a door.
pub fn make(ctx: &Ctx, county: &Sample) -> Result<()> {
    let area = |code: &str| {
        AreaCode::parse(code).ok().with_context(|| format!("{code}: not an area of the sample"))
    };
    let town = |at: usize| area(county.towns.get(at).map_or("", String::as_str));
    let (whole, village) = (area(&county.county)?, area(&county.village)?);
    let bob = town(0)?;
    let seats = [
        ("alice", Role::County, whole, None, Reach::Home),
        ("bob", Role::Township, bob, None, Reach::Home),
        ("chen", Role::Village, village, None, Reach::Home),
        (
            "dora",
            Role::Department,
            whole,
            Some(OFFICE),
            Reach::Lists(vec!["medical_stays".to_owned()]),
        ),
        ("eve", Role::Township, town(1)?, None, Reach::Home),
        ("feng", Role::Inspector, whole, None, Reach::Home),
        ("gao", Role::Helper, village, None, Reach::Households(some(ctx, village)?)),
        ("han", Role::Bank, whole, Some("bank"), Reach::Lists(vec!["loans".to_owned()])),
        // the second person of the county office, who publishes what the first has drafted
        ("iris", Role::County, whole, None, Reach::Home),
        // and of bob's township: who handed a case in does not agree to it
        ("jia", Role::Township, bob, None, Reach::Home),
    ];
    for (login, role, home, department, reach) in seats {
        let new = NewAccount {
            login: login.to_owned(),
            name: county.people.get(login).cloned().unwrap_or_else(|| login.to_owned()),
            role,
            department: department.map(str::to_owned),
            home,
            reach,
        };
        accounts::create_demo(ctx, &new, PASSWORD)?;
    }
    Ok(())
}

fn some(ctx: &Ctx, village: AreaCode) -> Result<Vec<String>> {
    let permit = ctx.permit(Permission::HouseholdSee)?;
    let filter = Filter { area: Some(village), ..Filter::default() };
    let lines = households::list_households(&mut ctx.read()?, &permit, &filter, HELPED)?;
    Ok(lines.into_iter().map(|line| line.id.to_string()).collect())
}

/// Households and the people who live in them today.
pub fn count(ctx: &Ctx) -> Result<(i64, i64)> {
    let permit = ctx.permit(Permission::HouseholdSee)?;
    let mut session = ctx.read()?;
    let mut filter = Filter::default();
    let (mut homes, mut heads) = (0, 0);
    loop {
        let lines = households::list_households(&mut session, &permit, &filter, 500)?;
        let Some(last) = lines.last() else { return Ok((homes, heads)) };
        filter.after = Some((last.village.to_string(), last.number.clone()));
        homes += i64::try_from(lines.len()).unwrap_or(0);
        heads += lines.iter().map(|line| line.people).sum::<i64>();
    }
}
