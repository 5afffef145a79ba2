//! The open folder of the public side: what was published, read again when it changes, and the inbox.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use kernel::error::{Error, Result};
use kernel::time::Clock;

use super::inbox::{Inbox, MOST_BYTES};
use super::limits::Limits;
use super::published::{PUBLISHED, Published};

type Read = Option<(SystemTime, Arc<Published>)>;

/// How the public side runs.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The folder.
    pub folder: PathBuf,
    /// The clock of the process.
    pub clock: Clock,
    /// Requests come through a proxy that writes the caller's address into `X-Forwarded-For`.
    pub proxied: bool,
}

/// What the handlers work with.
#[derive(Debug)]
pub struct Door {
    pub(super) settings: Settings,
    pub(super) inbox: Inbox,
    pub(super) limits: Limits,
    pub(super) secret: [u8; 32],
    read: Mutex<Read>,
}

impl Door {
    /// Opens the folder.
    ///
    /// # Errors
    /// As [`Inbox::open`]; a fault without randomness.
    pub fn open(settings: Settings, limits: Limits) -> Result<Arc<Self>> {
        let mut secret = [0_u8; 32];
        getrandom::fill(&mut secret)
            .map_err(|why| Error::fault(format!("no randomness: {why}")))?;
        let inbox = Inbox::open(&settings.folder, MOST_BYTES)?;
        Ok(Arc::new(Door { settings, inbox, limits, secret, read: Mutex::default() }))
    }

    /// What is published now.
    ///
    /// # Errors
    /// As [`Published::read`].
    pub fn published(&self) -> Result<Arc<Published>> {
        let changed = changed_at(&self.settings.folder);
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if let (Some((at, known)), Some(changed)) = (&*read, changed)
            && *at == changed
        {
            return Ok(Arc::clone(known));
        }
        let fresh = Arc::new(Published::read(&self.settings.folder)?);
        *read = changed.map(|at| (at, Arc::clone(&fresh)));
        Ok(fresh)
    }
}

fn changed_at(folder: &Path) -> Option<SystemTime> {
    std::fs::metadata(folder.join(PUBLISHED)).and_then(|file| file.modified()).ok()
}
