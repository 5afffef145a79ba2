//! Blocking work on its own threads, and who goes first when there is more than the machine can do at once: while somebody
//! waits for a publication to reach every village, pages take turns, each for a moment at most.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use kernel::error::{Error, Result};
use tokio::sync::{Semaphore, SemaphorePermit};

/// Work that is in a hurry now.
static HURRIED: AtomicUsize = AtomicUsize::new(0);
/// One page at a time beside it.
static TURN: Semaphore = Semaphore::const_new(1);
/// Longest that a page waits for its turn, whoever has it.
const LONGEST: Duration = Duration::from_millis(100);

/// Runs blocking work (database, files) on its own thread, inside the span of the request.
///
/// # Errors
/// What `work` says; a fault when it panicked.
pub async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    let _turn = turn().await;
    on_a_thread(work).await
}

/// The same for work that somebody waits for and that takes long: whatever else is asked meanwhile takes turns.
///
/// # Errors
/// As [`blocking`].
pub async fn hurried<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    let _hurry = Hurry::begin();
    on_a_thread(work).await
}

async fn on_a_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    let span = tracing::Span::current();
    match tokio::task::spawn_blocking(move || span.in_scope(work)).await {
        Ok(done) => done,
        Err(error) => Err(Error::fault(format!("blocking work stopped: {error}"))),
    }
}

/// A turn, while something is in a hurry. Who waited long enough goes without one.
async fn turn() -> Option<SemaphorePermit<'static>> {
    if HURRIED.load(Ordering::Relaxed) == 0 {
        return None;
    }
    tokio::time::timeout(LONGEST, TURN.acquire()).await.ok()?.ok()
}

struct Hurry;

impl Hurry {
    fn begin() -> Self {
        HURRIED.fetch_add(1, Ordering::Relaxed);
        Self
    }
}

impl Drop for Hurry {
    fn drop(&mut self) {
        HURRIED.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;
    use std::time::Instant;

    use super::*;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn beside_work_in_a_hurry_pages_take_turns_and_none_waits_for_ever() {
        let (end, ended) = channel::<()>();
        let (begun, hurrying) = tokio::sync::oneshot::channel();
        let hurry = tokio::spawn(hurried(move || {
            begun.send(()).ok();
            ended.recv().ok();
            Ok(())
        }));
        hurrying.await.unwrap();
        let (end_first, first_ended) = channel::<()>();
        let (first_begun, first_runs) = tokio::sync::oneshot::channel();
        let first = tokio::spawn(blocking(move || {
            first_begun.send(()).ok();
            first_ended.recv().ok();
            Ok(())
        }));
        first_runs.await.unwrap();
        // the first does not end before the second has run: the second waits for its turn, but not for ever
        let since = Instant::now();
        let waited = blocking(move || Ok(since.elapsed())).await.unwrap();
        assert!(waited >= LONGEST, "{waited:?}");
        end_first.send(()).unwrap();
        first.await.unwrap().unwrap();
        end.send(()).unwrap();
        hurry.await.unwrap().unwrap();
        assert_eq!(HURRIED.load(Ordering::Relaxed), 0);
    }
}
