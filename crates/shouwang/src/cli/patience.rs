//! Work beside the requests after a fault: it waits, longer each time, and says what is wrong once a minute and not at
//! every try, so that neither the log nor the machine is filled by a full disk or a database that is away.

use std::time::Duration;

const FIRST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(5);
const SAID_EVERY: Duration = Duration::from_secs(60);

/// How often something has failed in a row.
#[derive(Debug, Default)]
pub struct Patience {
    pause: Option<Duration>,
    silent: Duration,
}

impl Patience {
    /// It failed: how long to wait, and whether to say why.
    pub fn failed(&mut self) -> (Duration, bool) {
        let first = self.pause.is_none();
        let pause = self.pause.map_or(FIRST, |pause| (pause * 2).min(LONGEST));
        self.pause = Some(pause);
        self.silent += pause;
        let say = first || self.silent >= SAID_EVERY;
        if say {
            self.silent = Duration::ZERO;
        }
        (pause, say)
    }

    /// It worked; whether it had failed before.
    pub fn worked(&mut self) -> bool {
        self.silent = Duration::ZERO;
        self.pause.take().is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_of_faults_is_told_in_some_lines_and_the_next_fault_at_once() {
        let mut patience = Patience::default();
        assert!(!patience.worked());
        let (mut waited, mut said, mut tries) = (Duration::ZERO, 0, 0);
        while waited < Duration::from_secs(3_600) {
            let (pause, say) = patience.failed();
            assert!(pause <= LONGEST, "it goes on soon after the fault is over");
            assert!(say || tries > 0, "the first one is said");
            (waited, said, tries) = (waited + pause, said + usize::from(say), tries + 1);
        }
        assert!((55..=61).contains(&said), "{said}");
        assert!(tries < 800, "{tries}");
        assert!(patience.worked() && !patience.worked());
        assert_eq!(patience.failed(), (FIRST, true));
    }
}
