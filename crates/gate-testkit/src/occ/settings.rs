//! How a database with many transactions behaves.

/// How often Convex runs a transaction again.
const RETRIES: usize = 4;

/// Where others may come in between.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Points {
    /// Before every request, and where a transaction begins and commits.
    Requests,
    /// Where a transaction begins and where it commits.
    Transactions,
}

/// How the database behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// Whether a commit is refused on a conflict. Without it the database is broken on purpose: to show
    /// that a test notices.
    pub conflicts: bool,
    /// Where others may come in between.
    pub points: Points,
    /// How often a transaction runs again after a conflict.
    pub retries: usize,
    /// Whether a result in the cache of queries is given only while nothing was written where it was
    /// read. Without it the cache is broken on purpose.
    pub fresh: bool,
}

impl Default for Settings {
    /// Convex's behaviour.
    fn default() -> Self {
        Self { conflicts: true, points: Points::Transactions, retries: RETRIES, fresh: true }
    }
}
