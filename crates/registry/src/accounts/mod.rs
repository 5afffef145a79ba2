//! Accounts 账号: who signs in, what each may do (role) and see (scope).
//!
//! In the county's life: the county office makes township accounts, townships make village accounts; a department or
//! a bank sees the households on its own lists; a helper sees the households that were assigned.
//! What can never happen here: a password stored in clear, a session token stored at all (only its keyed digest),
//! a role tested anywhere but in the permission table of the kernel.
//! Used by every page through the session, by the command line (`user add`, `user reset`), and by the journal.

mod actions;
mod me;
mod model;
mod pages;
mod people;
mod queries;

pub use crate::policies::{Office, is_office, office_named, offices};
pub use actions::{
    Current, Started, change_password, choose_language, create, create_demo, enter_demo, list,
    random_token, reset, resume, set_disabled, sign_in, sign_out,
};
pub use model::{Account, LOCK_AFTER, LOCK_MS, NewAccount, PASSWORD_LEAST, Reach, SESSION_MS};
pub use pages::{Door, routes};
pub use queries::{actor_of, find_by_login, list_demo};

#[cfg(test)]
mod tests;
