//! The seam between the core and a database: what an operation may ask for, and nothing of how it is carried out.

pub(crate) mod join;
mod memo;
mod range;
pub(crate) mod usage;

pub use memo::{Catalogue, Memo};
pub use range::{Bound, IndexRange, Key, Order, Page, ScanSpec};
pub use usage::Usage;

use crate::values::{Record, Result};

/// A database as an operation sees it, within one transaction.
///
/// A future may be awaited together with others: the skin then carries their requests out at once.
#[expect(async_fn_in_trait, reason = "operations run on one thread and need no Send bound")]
pub trait Database {
    /// An open scan.
    type Scan;

    /// Opens a scan and pulls its first rows, at most `take`; fewer, but one, where they are
    /// large and no index entries: those of one row are asked for at once.
    async fn scan(&self, spec: ScanSpec, take: usize) -> Result<(Self::Scan, Page)>;

    /// Pulls the next rows of a scan, as [`Self::scan`] pulls the first.
    async fn next(&self, scan: &Self::Scan, take: usize) -> Result<Page>;

    /// Inserts a row and gives its `_id`.
    async fn insert(&self, table: &str, record: Record) -> Result<String>;

    /// Sets fields of the row with this `_id`.
    async fn patch(&self, table: &str, doc: &str, fields: Record) -> Result<()>;

    /// Deletes the row with this `_id`.
    async fn delete(&self, table: &str, doc: &str) -> Result<()>;

    /// Has an operation, as JavaScript would ask for it, run soon in a transaction of its own.
    async fn later(&self, operation: Record) -> Result<()>;

    /// What this transaction knows of the catalogue of index entries.
    fn memo(&self) -> &Memo;

    /// Text in lower case, as `mode: "insensitive"` compares it.
    fn lowercase(&self, text: &str) -> String {
        text.to_lowercase()
    }

    /// Fills `bytes` with random ones. The core obtains none itself.
    fn fill_random(&self, bytes: &mut [u8]) -> Result<()>;
}
