//! Counting two answers for each row.

/// What two versions of a rule find in the same rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Hit before.
    pub hits_before: i64,
    /// Hit after.
    pub hits_after: i64,
    /// Hit only after.
    pub came_in: i64,
    /// Hit only before.
    pub dropped_out: i64,
    /// Hit before and after.
    pub unchanged: i64,
    /// The version before cannot tell.
    pub cannot_tell_before: i64,
    /// The version after cannot tell.
    pub cannot_tell_after: i64,
}

impl Counts {
    /// Adds `rows` rows with the same two answers; `None` is *cannot tell*.
    pub fn add(&mut self, (before, after): (Option<bool>, Option<bool>), rows: i64) {
        let (was, is) = (before == Some(true), after == Some(true));
        let counted = |yes: bool| if yes { rows } else { 0 };
        self.hits_before += counted(was);
        self.hits_after += counted(is);
        self.came_in += counted(is && !was);
        self.dropped_out += counted(was && !is);
        self.unchanged += counted(was && is);
        self.cannot_tell_before += counted(before.is_none());
        self.cannot_tell_after += counted(after.is_none());
    }

    /// The same with another count beside it.
    #[must_use]
    pub fn and(self, other: Counts) -> Counts {
        Counts {
            hits_before: self.hits_before + other.hits_before,
            hits_after: self.hits_after + other.hits_after,
            came_in: self.came_in + other.came_in,
            dropped_out: self.dropped_out + other.dropped_out,
            unchanged: self.unchanged + other.unchanged,
            cannot_tell_before: self.cannot_tell_before + other.cannot_tell_before,
            cannot_tell_after: self.cannot_tell_after + other.cannot_tell_after,
        }
    }
}
