//! The store: one SQL text, two engines (SQLite embedded, PostgreSQL by changing one address), the journal in the
//! commit, and the permit without which nobody's rows are read.
//!
//! What can never happen here: a write without a journal entry ([`Tx::commit`] is the only commit and takes an
//! [`Entry`]); a statement glued together from user input (SQL is `&'static str`, or comes from the predicate compiler
//! as [`BuiltSql`]); a read of people's rows by someone outside their scope ([`visible!`] needs a [`Permit`]).
//!
//! Everything here blocks. Pages run it on the blocking pool of the runtime (see docs/decisions/0001).

mod access;
mod ctx;
mod db;
mod derived;
mod journal;
mod kept;
mod keys;
mod lease;
mod letter;
mod log;
mod memo;
mod migrate;
mod past;
mod permit;
mod pieces;
mod postgres;
mod sqlite;
pub mod testing;
mod transfer;
mod turns;
mod tx;
mod value;

pub use access::AccessNote;
pub use ctx::{Actor, Ctx, Scope, ScopeKind};
pub use db::{Db, DbUrl, Engine, Session};
pub use derived::has_table;
pub use journal::{Entry, JournalFault, JournalReport, verify as verify_journal};
pub use kept::{columns_of, kept_tables};
pub use keys::{Keys, RecoveryCode};
pub use lease::Lease;
pub use letter::LetterAddress;
pub use migrate::{collation, migrations_applied, schema_text};
pub use past::{Moment, PastTable, Reading};
pub use permit::Permit;
pub use pieces::Pace;
pub use transfer::transfer;
pub use tx::{Derivation, Touched, Tx};
pub use value::{BuiltSql, IntoSql, Row, Value};
