//! Asks the matching about single people whom no list names: who declares on the public page, of whom the hotline writes.

use kernel::error::{Error, Result};
use store::Ctx;

use super::assign::Register;
use super::evidence::Evidence;
use super::matching::{Decision, Matcher, Member, Subject};
use super::{lookup, queries};

/// Whom each piece of evidence speaks of, by the register as it was loaded.
///
/// # Errors
/// Faults of the database.
pub fn who(ctx: &Ctx, register: &Register, asked: &[Evidence]) -> Result<Vec<Decision>> {
    let keys = ctx.db.keys();
    let session = std::cell::RefCell::new(ctx.read()?);
    let failed: std::cell::RefCell<Option<Error>> = std::cell::RefCell::default();
    let digest = |text: &str| lookup::key_of_text(keys, text);
    let open = |member: Member| {
        let person = register.index.person(member)?.person;
        let found = queries::find_sealed_number(&mut session.borrow_mut(), person);
        let opened = found.and_then(|sealed| sealed.map(|text| keys.open_text(&text)).transpose());
        opened.map_err(|why| *failed.borrow_mut() = Some(why)).ok().flatten()
    };
    let matcher = Matcher::new(&register.index, &register.places, &digest, &open);
    let decided = asked.iter().map(|one| matcher.decide(Subject::Person, one)).collect();
    failed.borrow_mut().take().map_or(Ok(decided), Err)
}
