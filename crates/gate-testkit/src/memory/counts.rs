//! What operations asked the database for.

/// Requests by kind, and what they cost.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Rows that scans gave: what Convex counts as documents read.
    pub documents: usize,
    /// The bytes of their texts, and of rows that were changed or deleted: Convex reads those once more.
    pub bytes: usize,
    /// Scans opened.
    pub scans: usize,
    /// Of these, over a whole table or a whole index.
    pub full_scans: usize,
    /// Further pages of open scans.
    pub nexts: usize,
    /// Rows inserted.
    pub inserts: usize,
    /// Rows patched.
    pub patches: usize,
    /// Rows deleted.
    pub deletes: usize,
}

impl Counts {
    pub(super) fn scan(&mut self, full: bool) {
        self.scans += 1;
        self.full_scans += usize::from(full);
    }

    /// Every request, of whatever kind.
    #[must_use]
    pub fn requests(&self) -> usize {
        self.scans + self.nexts + self.writes()
    }

    /// Every request that writes.
    #[must_use]
    pub fn writes(&self) -> usize {
        self.inserts + self.patches + self.deletes
    }
}
