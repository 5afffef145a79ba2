//! Writing something large piece by piece, so that nobody waits for the writer: the pieces are short while others want to
//! write, and long while nobody does, because every transaction writes the pages anew that it touched.

use std::sync::mpsc::Receiver;
use std::time::Duration;

use kernel::error::Result;

use crate::ctx::Ctx;
use crate::tx::Tx;

/// So long is the writer held while others want it.
const SHORT: Duration = Duration::from_millis(30);
/// So long at most while nobody does.
const LONG: Duration = Duration::from_millis(500);

/// How long who writes in bulk may hold the writer: twice as long after every time that nobody else wanted it.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    hold: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Pace { hold: SHORT }
    }
}

impl Pace {
    /// How long the next transaction may take.
    pub fn hold(&self) -> Duration {
        self.hold
    }

    /// Whether this transaction may go on with a further piece.
    pub fn goes_on(&self, tx: &Tx) -> bool {
        tx.held_for() < self.hold && !tx.is_wanted()
    }

    /// Asked before a transaction is committed, for the next one.
    pub fn ends(&mut self, tx: &Tx) {
        self.hold = if tx.is_wanted() { SHORT } else { (self.hold * 2).min(LONG) };
    }
}

impl Ctx {
    /// Writes what comes under a batch in staging, until nobody sends any more. What has come already goes into one
    /// transaction, at the pace that others allow.
    ///
    /// # Errors
    /// What `write` or the database refuses; then nothing more is taken from `pieces`.
    pub fn write_staged<P>(
        &self,
        batch: &str,
        pieces: Receiver<P>,
        mut write: impl FnMut(&mut Tx, P) -> Result<()>,
    ) -> Result<()> {
        let mut pace = Pace::default();
        while let Ok(first) = pieces.recv() {
            let mut tx = self.begin_piece()?;
            write(&mut tx, first)?;
            while pace.goes_on(&tx)
                && let Ok(next) = pieces.try_recv()
            {
                write(&mut tx, next)?;
            }
            pace.ends(&tx);
            tx.commit_staged(batch)?;
        }
        Ok(())
    }
}
