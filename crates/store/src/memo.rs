//! Answers that are kept in memory while nothing can have changed them: counts above a list, sums of a whole county.

use std::any::Any;
use std::sync::{Arc, Mutex, PoisonError};

use kernel::error::Result;

use crate::db::Session;

/// Answers that are kept; the one longest unused goes first.
const MOST_KEPT: usize = 256;

type Kept = (String, Arc<dyn Any + Send + Sync>);

#[derive(Default)]
pub(crate) struct Memo(Mutex<Vec<Kept>>);

impl Memo {
    fn find(&self, key: &str) -> Option<Arc<dyn Any + Send + Sync>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = kept.iter().position(|(known, _)| known == key)?;
        let found = kept.remove(at);
        let answer = Arc::clone(&found.1);
        kept.insert(0, found);
        Some(answer)
    }

    fn keep(&self, key: String, answer: Arc<dyn Any + Send + Sync>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(known, _)| *known != key);
        kept.insert(0, (key, answer));
        kept.truncate(MOST_KEPT);
    }
}

impl Session {
    /// What `work` answers, kept for the next who asks with the same key. The key says everything on which the answer
    /// rests: what is asked, for whom, and the state of the data, by [`Session::people_version`] or
    /// [`Session::journal_number`] as this session sees them. A transaction that writes works everything out itself.
    ///
    /// # Errors
    /// What `work` answers; it is not kept.
    pub fn remembered<T: Clone + Send + Sync + 'static>(
        &mut self,
        key: String,
        work: impl FnOnce(&mut Self) -> Result<T>,
    ) -> Result<T> {
        let Some(memo) = self.memo() else { return work(self) };
        if let Some(known) = memo.find(&key).and_then(|answer| answer.downcast_ref::<T>().cloned())
        {
            return Ok(known);
        }
        let answer = work(self)?;
        memo.keep(key, Arc::new(answer.clone()));
        Ok(answer)
    }

    /// Goes up with every change of where households stand, who lives there, or what is said of them.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn people_version(&mut self) -> Result<i64> {
        self.row("select coalesce(max(stamp), 0) from village_stamps", &[])?.int(0)
    }

    /// The number of the newest entry of the journal: nothing that anybody can see changes without one.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn journal_number(&mut self) -> Result<i64> {
        self.row("select number from journal_head where id = 1", &[])?.int(0)
    }

    /// The scopes of an account as they stand, for keys of answers that depend on them.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn scopes_of(&mut self, account: &str) -> Result<String> {
        let rows = self.rows(
            "select kind, low, high, target, from_day, coalesce(to_day, '') from scopes where account_id = $1
             order by kind, low, high, target, from_day, to_day",
            &[account.into()],
        )?;
        Ok(format!("{rows:?}"))
    }
}

#[cfg(test)]
mod tests {
    use kernel::error::Error;

    use crate::testing::test_db;

    #[test]
    fn an_answer_is_worked_out_once_for_a_key_and_a_writer_works_it_out_itself() {
        for test in test_db().unwrap() {
            let db = &test.db;
            let mut session = db.read().unwrap();
            assert_eq!(session.remembered("a".into(), |_| Ok(1)).unwrap(), 1);
            assert_eq!(session.remembered("a".into(), |_| Ok(2)).unwrap(), 1);
            assert_eq!(session.remembered("b".into(), |_| Ok(3)).unwrap(), 3);
            // another kind of answer under the same key is no answer
            assert_eq!(session.remembered("a".into(), |_| Ok("x")).unwrap(), "x");
            let failed = session.remembered::<i64>("c".into(), |_| Err(Error::fault("no")));
            assert!(failed.is_err());
            assert_eq!(session.remembered("c".into(), |_| Ok(4)).unwrap(), 4);
            drop(session);
            let mut writing = db.write_session().unwrap();
            assert_eq!(writing.remembered("b".into(), |_| Ok(5)).unwrap(), 5);
            drop(writing);
            assert_eq!(db.read().unwrap().remembered("b".into(), |_| Ok(6)).unwrap(), 3);
        }
    }
}
