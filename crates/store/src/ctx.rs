//! Who acts, when, in which language, under which request. Nothing happens without it.

use std::sync::Arc;

use kernel::area::AreaCode;
use kernel::error::{Refusal, Result};
use kernel::ids::{Id, RequestId};
use kernel::lang::Lang;
use kernel::permission::{Permission, Role};
use kernel::time::{Clock, Day, Instant};

use crate::access::AccessNote;
use crate::db::{Db, Session};
use crate::journal::Entry;
use crate::permit::Permit;
use crate::tx::Tx;

/// What a scope opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScopeKind {
    /// Every area: only the program itself.
    Everywhere,
    /// Everything in an area: a county, a township, a village.
    Area(AreaCode),
    /// One household, by id.
    Household(String),
    /// The rows of one list that a department or a bank delivers, by list id.
    List(String),
}

/// A scope that is in force today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// What it opens.
    pub kind: ScopeKind,
}

/// The person (or the program itself) on whose behalf something happens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Account id as stored.
    pub account: String,
    /// Name shown in the journal.
    pub name: String,
    /// What this person may do.
    pub role: Role,
    /// The office whose lists this person delivers, if any.
    pub department: Option<String>,
    /// The area in which the person works, the start of every page; `None` for the program itself: everywhere.
    pub home: Option<AreaCode>,
    /// What this person may see, today.
    pub scopes: Vec<Scope>,
}

impl Actor {
    /// The program itself: command line and jobs. Its scope row is part of the schema.
    pub fn system() -> Self {
        Actor {
            account: "system".to_owned(),
            name: "system".to_owned(),
            role: Role::County,
            department: None,
            home: None,
            scopes: vec![Scope { kind: ScopeKind::Everywhere }],
        }
    }

    /// Whether the person's work covers the area.
    pub fn works_in(&self, area: AreaCode) -> bool {
        self.home.is_none_or(|home| home.contains(area))
    }
}

/// The context of one request, command or job. Cheap to clone.
#[derive(Clone)]
pub struct Ctx {
    /// The database.
    pub db: Db,
    /// Who acts.
    pub actor: Arc<Actor>,
    /// When; the same instant for all that this context does.
    pub now: Instant,
    /// The day in the county (+08:00).
    pub today: Day,
    /// In which language answers are given.
    pub lang: Lang,
    /// The request's number, for log and journal.
    pub request: Arc<str>,
    /// In a past view: the context of today, for the logs. There is nothing to be changed in the past.
    pub present: Option<Arc<Ctx>>,
}

impl Ctx {
    /// A context for `actor` at the instant that `clock` shows.
    pub fn new(db: &Db, actor: Actor, clock: Clock, lang: Lang) -> Self {
        let now = clock.now();
        let request = db.ids().make_at::<RequestId>(now).to_string();
        Ctx {
            db: db.clone(),
            actor: Arc::new(actor),
            now,
            today: now.day(),
            lang,
            request: request.into(),
            present: None,
        }
    }

    /// The command line and jobs: the program acting for itself.
    pub fn system(db: &Db, clock: Clock) -> Self {
        Ctx::new(db, Actor::system(), clock, Lang::Zh)
    }

    /// A new id (UUIDv7 of this context's instant, ascending).
    pub fn new_id<T: Id>(&self) -> T {
        self.db.ids().make_at(self.now)
    }

    /// The right to do `permission`, or a refusal; the refusal is noted in the access log.
    pub fn permit(&self, permission: Permission) -> Result<Permit> {
        if kernel::permission::allows(self.actor.role, permission) {
            return Ok(Permit::new(self, permission));
        }
        self.note_access("denied", permission.text(), "");
        Err(Refusal::forbidden("access.forbidden").into())
    }

    /// Notes an attempt on something outside the scope, or a reveal, in the buffered access log.
    pub fn note_access(&self, kind: &'static str, verb: &str, about: &str) {
        let present = self.present();
        present.db.note_access(AccessNote {
            at: present.now,
            account: self.actor.account.clone(),
            kind,
            verb: verb.to_owned(),
            about: about.to_owned(),
            request: self.request.to_string(),
        });
    }

    /// *Not found*, for what does not exist and for what lies outside the scope alike; noted in the access log.
    pub fn not_found(&self, code: &'static str, about: &str) -> kernel::error::Error {
        self.note_access("not_found", code, about);
        Refusal::not_found(code).into()
    }

    /// The same person before a past state of the county, which lies in a database of its own: its day is today, and
    /// what was known at the instant is all that is known.
    #[must_use]
    pub fn at(&self, past: &Db, day: Day, known: Instant) -> Self {
        let present = self.present.clone().unwrap_or_else(|| Arc::new(self.clone()));
        Ctx { db: past.clone(), now: known, today: day, present: Some(present), ..self.clone() }
    }

    /// The same person before another database.
    #[must_use]
    pub fn on(&self, db: &Db) -> Self {
        Ctx { db: db.clone(), ..self.clone() }
    }

    /// Whether this is a past view: then nothing can be changed.
    pub fn is_past(&self) -> bool {
        self.present.is_some()
    }

    /// The context of today.
    pub fn present(&self) -> &Ctx {
        self.present.as_deref().unwrap_or(self)
    }

    /// A read-only session.
    pub fn read(&self) -> Result<Session> {
        self.db.read()
    }

    /// Journals something that changes no row: a backup, an export.
    pub fn journal(&self, entry: Entry) -> Result<()> {
        self.present().begin()?.commit(entry)?;
        Ok(())
    }

    /// A write transaction.
    pub fn begin(&self) -> Result<Tx> {
        if self.is_past() {
            return Err(Refusal::conflict("past.nothing_to_change").into());
        }
        Tx::begin(&self.db, self.now, self.today)
    }

    /// A write transaction for a piece of something that nobody sees before it is published. Its commit does not wait for
    /// the disk; the publication does, and what lies before it in the log is on the disk with it.
    pub fn begin_piece(&self) -> Result<Tx> {
        Tx::begin_piece(&self.db, self.now, self.today)
    }
}
