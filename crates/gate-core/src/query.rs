//! Reading the rows of a query: plan, scan, filter, order, offset and limit.

use crate::database::{Database, Order, Page, ScanSpec};
use crate::entries::{by_id, catalogue};
use crate::fault::Result;
use crate::filter::Filter;
use crate::join::try_join_all;
use crate::planner::{Plan, Sort};
use crate::value::{Record, Value, compare_optional};

/// Ranges opened at once: Convex runs up to 16 reads of a function side by side.
const PARALLEL_RANGES: usize = 16;
/// Rows pulled at first when there is no limit.
const PAGE: usize = 100;
/// Rows pulled at most in one go.
const LARGEST_PAGE: usize = 256;

/// What to read.
#[derive(Debug, Clone)]
pub struct Query<'a> {
    /// The table.
    pub table: &'a str,
    /// Which rows.
    pub filter: &'a Filter,
    /// In which order.
    pub sort: Option<&'a Sort>,
    /// How many to leave out first.
    pub offset: usize,
    /// How many at most.
    pub limit: Option<usize>,
}

impl<'a> Query<'a> {
    /// Every row that the filter accepts.
    #[must_use]
    pub fn all(table: &'a str, filter: &'a Filter) -> Self {
        Self { table, filter, sort: None, offset: 0, limit: None }
    }

    /// The first `limit` rows that the filter accepts, in no particular order.
    #[must_use]
    pub fn first(table: &'a str, filter: &'a Filter, limit: usize) -> Self {
        Self { limit: Some(limit), ..Self::all(table, filter) }
    }

    /// Reads the rows.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn fetch<D: Database>(&self, db: &D) -> Result<Vec<Record>> {
        if self.limit == Some(0) {
            return Ok(Vec::new());
        }
        let plan = self.plan(db, self.sort).await?;
        let wanted = self.limit.map(|limit| self.offset.saturating_add(limit));
        let needed = wanted.filter(|_| plan.ordered);
        let sort = self.sort.filter(|_| !plan.ordered);
        let mut rows: Vec<Record> = Vec::new();
        let mut skip = self.offset;
        visit(db, &plan, self.filter, needed, |row| match sort {
            None if skip > 0 => skip -= 1,
            None => rows.push(row),
            Some(sort) => {
                let before = |known: &Record| sort.compare(known, &row).is_le();
                rows.insert(rows.partition_point(before), row);
                // However many match, only those that can still be in the answer are kept.
                rows.truncate(wanted.unwrap_or(usize::MAX));
            }
        })
        .await?;
        if sort.is_some() {
            rows.drain(..self.offset.min(rows.len()));
        }
        Ok(rows)
    }

    /// A plan by native indexes; where those are of no help, by index entries if the table has any.
    async fn plan<D: Database>(&self, db: &D, sort: Option<&Sort>) -> Result<Plan> {
        let native = Plan::new(self.table, self.filter, sort);
        if !native.could_use_entries(self.filter) {
            return Ok(native);
        }
        let known = catalogue(db, self.table).await?;
        Ok(Plan::with_entries(self.table, self.filter, sort, &known.indexes))
    }

    /// Counts the rows without keeping them.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn count<D: Database>(&self, db: &D) -> Result<usize> {
        let mut count = 0;
        let plan = self.plan(db, None).await?;
        visit(db, &plan, self.filter, None, |_| count += 1).await?;
        Ok(count)
    }
}

impl Sort {
    /// Compares two rows; rows that are equal here keep the order of creation, or its reverse when
    /// descending, as an index would give them.
    fn compare(&self, a: &Record, b: &Record) -> std::cmp::Ordering {
        let by = |field: &str| compare_optional(a.get(field), b.get(field));
        let order = by(&self.field).then_with(|| by("_creationTime")).then_with(|| by("_id"));
        match self.order {
            Order::Asc => order,
            Order::Desc => order.reverse(),
        }
    }
}

/// Hands every row that the plan finds and the filter accepts to `found`, at most `needed` of them.
async fn visit<D: Database>(
    db: &D,
    plan: &Plan,
    filter: &Filter,
    needed: Option<usize>,
    mut found: impl FnMut(Record),
) -> Result<()> {
    let mut left = needed;
    let mut seen = Docs::default();
    let specs: Vec<ScanSpec> = plan.steps.iter().map(|step| step.spec(&plan.table)).collect();
    for chunk in specs.chunks(PARALLEL_RANGES) {
        let mut take = left.unwrap_or(PAGE).min(LARGEST_PAGE);
        let opened = open(db, chunk, take).await?;
        for (spec, (scan, mut page)) in chunk.iter().zip(opened) {
            loop {
                let mut rows = page.rows;
                if spec.table != plan.table {
                    // Entries, each of which leads to a row.
                    let docs = rows.iter().filter_map(|entry| entry.get("doc"));
                    let specs: Vec<ScanSpec> = docs.map(|doc| by_id(&plan.table, doc)).collect();
                    rows = Vec::with_capacity(specs.len());
                    for (_, page) in open(db, &specs, 1).await? {
                        rows.extend(page.rows);
                    }
                }
                for row in rows {
                    let is_new = !plan.overlapping
                        || row
                            .get("_id")
                            .and_then(Value::as_str)
                            .is_some_and(|doc| seen.insert(doc));
                    if !is_new || !filter.matches_with(&row, &|text| db.lowercase(text)) {
                        continue;
                    }
                    found(row);
                    left = left.map(|left| left.saturating_sub(1));
                    if left == Some(0) {
                        return Ok(());
                    }
                }
                if page.done {
                    break;
                }
                // The filter turned rows down: ask for more at a time, but never for all at once.
                take = (take * 2).min(LARGEST_PAGE);
                page = db.next(&scan, take).await?;
            }
        }
    }
    Ok(())
}

/// Opens scans side by side.
async fn open<D: Database>(
    db: &D,
    specs: &[ScanSpec],
    take: usize,
) -> Result<Vec<(D::Scan, Page)>> {
    try_join_all(specs.iter().map(|spec| db.scan(spec.clone(), take))).await
}

/// A set of Convex's ids, kept as a sorted list: a tree would be another copy of its code in the wasm.
#[derive(Default)]
pub(crate) struct Docs(Vec<String>);

impl Docs {
    /// Adds an id; false when it was there already.
    pub(crate) fn insert(&mut self, doc: &str) -> bool {
        match self.0.binary_search_by(|known| known.as_str().cmp(doc)) {
            Ok(_) => false,
            Err(position) => {
                self.0.insert(position, doc.to_owned());
                true
            }
        }
    }
}
