//! Programs that write to the same embedded database take turns, in the order in which they ask. SQLite itself lets whoever
//! asks at the right moment in: an import that writes piece after piece would leave a person who answers a lead at the
//! door for seconds.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use kernel::error::Result;

/// How often a program that waits looks again.
const LOOK_AGAIN: Duration = Duration::from_millis(1);

/// Two locked files: whoever writes holds the room; whoever is next holds the door, and who comes after that waits there.
/// They only say who is next. That two programs never write at once is SQLite's own lock.
pub(crate) struct Turns {
    door: File,
    room: File,
    patience: Duration,
}

impl Turns {
    /// The turns of all programs that use this folder; a program waits for its turn no longer than `patience`.
    pub(crate) fn open(folder: &Path, patience: Duration) -> Result<Self> {
        std::fs::create_dir_all(folder)?;
        let open = |name: &str| {
            let mut options = OpenOptions::new();
            options.create(true).truncate(false).write(true).open(folder.join(name))
        };
        Ok(Turns { door: open("door")?, room: open("room")?, patience })
    }

    /// Waits for the turn. Somebody who holds it too long is not waited for: then SQLite says what is the matter.
    pub(crate) fn take(&self) {
        let until = Instant::now() + self.patience;
        if locked(&self.door, until) {
            locked(&self.room, until);
            unlock(&self.door);
        }
    }

    /// Whether another program is at the door. Asked by who writes: nobody else of this program is there then.
    pub(crate) fn is_wanted(&self) -> bool {
        match self.door.try_lock() {
            Ok(()) => unlock(&self.door),
            Err(TryLockError::WouldBlock) => return true,
            // who cannot look does not know
            Err(TryLockError::Error(_)) => {}
        }
        false
    }

    /// Lets the next program in.
    pub(crate) fn give(&self) {
        unlock(&self.room);
    }
}

fn locked(file: &File, until: Instant) -> bool {
    loop {
        match file.try_lock() {
            Ok(()) => return true,
            Err(TryLockError::WouldBlock) if Instant::now() < until => sleep(LOOK_AGAIN),
            Err(_) => return false,
        }
    }
}

fn unlock(file: &File) {
    // A lock that cannot be given back goes with its program.
    let _ = file.unlock();
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn who_asks_gets_in_before_one_who_was_in_comes_again() {
        let folder = tempfile::tempdir().unwrap();
        let open = || Turns::open(folder.path(), Duration::from_secs(10)).unwrap();
        let (busy, person) = (open(), open());
        let (pieces, done) = (AtomicUsize::new(0), AtomicBool::new(false));
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    busy.take();
                    pieces.fetch_add(1, Ordering::Relaxed);
                    sleep(Duration::from_millis(10));
                    busy.give();
                }
            });
            while pieces.load(Ordering::Relaxed) == 0 {
                sleep(LOOK_AGAIN);
            }
            for _ in 0..20 {
                let before = pieces.load(Ordering::Relaxed);
                person.take();
                let after = pieces.load(Ordering::Relaxed);
                person.give();
                // the piece that was being written, and at most one that was at the door already
                assert!(after <= before + 2, "{} pieces were let in before", after - before);
            }
            done.store(true, Ordering::Relaxed);
        });
    }

    #[test]
    fn nobody_waits_for_ever() {
        let folder = tempfile::tempdir().unwrap();
        let first = Turns::open(folder.path(), Duration::from_secs(10)).unwrap();
        let other = Turns::open(folder.path(), Duration::from_millis(20)).unwrap();
        first.take();
        other.take();
        other.give();
        // the door is free for others again
        first.give();
        first.take();
    }
}
