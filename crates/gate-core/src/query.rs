//! Reading the rows of a query: plan, scan, filter, order, offset and limit.

mod paging;

use crate::database::join::try_join_all;
use crate::database::usage::Cost;
use crate::database::{Database, Order, Page, ScanSpec, Usage};
use crate::entries::{by_id, catalogue, changes_of};
use crate::filter::Filter;
use crate::planner::{Plan, Sort, has_long_list};
use crate::rows::Docs;
use crate::values::{Fault, Record, Result, Value, compare_optional};
use paging::{begins, number, order_of, place, rest_of, set_number};

pub use paging::Paging;

/// Ranges opened at once: Convex runs up to 16 reads of a function side by side.
const PARALLEL_RANGES: usize = 16;
/// Rows pulled at first when there is no limit.
const PAGE: usize = 100;
/// The same where there are pages: a row may have 1 MiB, and one transaction reads 16 MiB.
const FIRST_OF_PAGE: usize = 12;
/// Rows pulled at most in one go.
const LARGEST_PAGE: usize = 256;
/// Index entries pulled in one go where a page's worth is enough: each leads to a row that may have 1 MiB, and whoever
/// writes to that row reads it again.
const FEW_ENTRIES: usize = 4;
/// Rows that are compared with a list too long for an index, within one transaction.
const COMPARED_ROWS: usize = 10_000;

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
    /// Only count the rows.
    pub counting: bool,
    /// Find nothing rather than look through the whole table.
    pub by_index: bool,
    /// The page to read, if the rows may be too many for one transaction.
    pub paging: Option<Paging<'a>>,
    /// Stop somewhere after the first row, when a page's worth has been read since then.
    pub until: Option<&'a Usage>,
}

/// The rows of a page.
#[derive(Debug, Default)]
pub struct Rows {
    /// The rows, unless they were only counted.
    pub rows: Vec<Record>,
    /// How many were counted.
    pub count: usize,
    /// Where the next page begins; `None` after the last.
    pub next: Option<Record>,
    /// True when the rows of later pages come after these.
    pub ordered: bool,
}

impl<'a> Query<'a> {
    /// Every row that the filter accepts.
    #[must_use]
    pub fn all(table: &'a str, filter: &'a Filter) -> Self {
        Self {
            table,
            filter,
            sort: None,
            offset: 0,
            limit: None,
            counting: false,
            by_index: false,
            paging: None,
            until: None,
        }
    }

    /// The first `limit` rows that the filter accepts, in no particular order.
    #[must_use]
    pub fn first(table: &'a str, filter: &'a Filter, limit: usize) -> Self {
        Self { limit: Some(limit), ..Self::all(table, filter) }
    }

    /// Reads the rows.
    ///
    /// # Errors
    /// Faults of the database; `LIMIT_EXCEEDED` when they are too many for one transaction.
    pub async fn fetch<D: Database>(&self, db: &D) -> Result<Vec<Record>> {
        Ok(self.fetch_page(db).await?.rows)
    }

    /// Reads a page of the rows. Of one that is not the last and not in order, each page has its own
    /// first rows, `offset` included.
    ///
    /// # Errors
    /// As [`Self::fetch`].
    pub async fn fetch_page<D: Database>(&self, db: &D) -> Result<Rows> {
        if self.limit == Some(0) {
            return Ok(Rows::default());
        }
        let plan = self.plan(db, self.sort).await?;
        if self.by_index && plan.steps.iter().any(|step| step.index.is_none()) {
            return Ok(Rows::default());
        }
        let from = self.paging.map(|page| page.from);
        let mut skip = from.and_then(|from| number(from, "skip")).unwrap_or(self.offset);
        let wanted = self.limit.map(|limit| skip.saturating_add(limit));
        let needed = wanted.filter(|_| plan.ordered);
        let sort = self.sort.filter(|_| !plan.ordered);
        let (mut rows, mut count): (Vec<Record>, usize) = (Vec::new(), 0);
        let mut ordered = plan.ordered;
        let mut next = visit(db, &plan, self, needed, &mut |row| match sort {
            _ if self.counting => count += 1,
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
        match &mut next {
            Some(next) if self.paging.is_some_and(|page| page.is_over(next)) => {
                rows.clear();
                count = 0;
                ordered = self.sort.is_none();
            }
            Some(next) if plan.ordered => set_number(next, "skip", skip),
            None if sort.is_some() && from.is_none_or(Record::is_empty) => {
                rows.drain(..skip.min(rows.len()));
            }
            _ => {}
        }
        Ok(Rows { rows, count, next, ordered })
    }

    /// A plan by native indexes; where those are of no help, by index entries if the table has any.
    async fn plan<D: Database>(&self, db: &D, sort: Option<&Sort>) -> Result<Plan> {
        let begun = self.paging.map(|page| page.from);
        if begun.is_some_and(|from| from.contains_key("whole")) {
            return Ok(Plan::table_scan(self.table, sort));
        }
        let native = Plan::new(self.table, self.filter, sort);
        // A page that is not the first goes on in the index of that before it.
        if begun.is_some_and(|from| from.contains_key("at"))
            || !native.could_use_entries(self.filter)
        {
            return Ok(native);
        }
        let known = catalogue(db, self.table).await?;
        Ok(Plan::with_entries(self.table, self.filter, sort, &known.indexes))
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

/// Hands every row that the plan finds and the query's filter accepts to `found`, at most `needed` of
/// them, and gives the place to go on at when the page is full before.
async fn visit<D: Database>(
    db: &D,
    plan: &Plan,
    query: &Query<'_>,
    needed: Option<usize>,
    found: &mut dyn FnMut(Record),
) -> Result<Option<Record>> {
    let usage = db.memo().usage();
    let paging = query.paging;
    let (begin, at) = paging.map_or((0, None), |page| begins(page.from));
    let mut left = needed;
    let mut accepted = 0;
    // Each row is compared with each value, and Convex gives a function 1 s.
    let bounded = paging.is_none() && has_long_list(query.filter);
    let mut comparable = if bounded { COMPARED_ROWS } else { usize::MAX };
    let mut seen = Docs::default();
    let mut specs: Vec<(usize, ScanSpec)> = Vec::new();
    for (number, step) in plan.steps.iter().enumerate().skip(begin) {
        let spec = step.spec(&plan.table);
        match at.filter(|_| number == begin) {
            Some(at) => {
                let rest = rest_of(&spec, &order_of(&spec.table, step), at);
                specs.extend(rest.into_iter().map(|spec| (number, spec)));
            }
            None => specs.push((number, spec)),
        }
    }
    for chunk in specs.chunks(PARALLEL_RANGES) {
        // Rows that were read before the page was full belong to it; then one more says where it ends.
        let is_full = || paging.is_some_and(|paging| usage.is_page_full(paging.since));
        let mut full = is_full();
        let small = paging.is_some() || query.until.is_some();
        let by_entries = chunk.iter().any(|(_, spec)| spec.table != plan.table);
        let largest = if by_entries && query.until.is_some() { FEW_ENTRIES } else { LARGEST_PAGE };
        let most = if small { FIRST_OF_PAGE.min(largest) } else { LARGEST_PAGE };
        let mut take = if full { 1 } else { left.unwrap_or(PAGE).min(most) };
        let opening: Vec<ScanSpec> = chunk.iter().map(|(_, spec)| spec.clone()).collect();
        let opened = open(db, &opening, take).await?;
        for ((number, spec), (scan, mut page)) in chunk.iter().zip(opened) {
            let fields = plan.steps.get(*number).map(|step| order_of(&spec.table, step));
            let fields = fields.unwrap_or_default();
            let mut last: Option<Record> = None;
            loop {
                let mut rows = page.rows;
                comparable = comparable.checked_sub(rows.len()).ok_or(Fault::LimitExceeded {
                    limit: "rows compared with a long list",
                    most: COMPARED_ROWS,
                })?;
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
                    if let Some(paging) = paging
                        && (full || accepted >= paging.most)
                    {
                        let moves = |field: &&str| {
                            paging.moves.is_some_and(|moved| moved.contains_key(field))
                        };
                        if plan.overlapping || spec.table != plan.table || fields.iter().any(moves)
                        {
                            return Ok(Some(paging.whole()));
                        }
                        // Rows at one place in the index stay on one page.
                        if last.is_none_or(|last| last != place(&fields, &row)) {
                            return Ok(Some(paging.at(*number, &fields, &row)));
                        }
                    }
                    last = paging.map(|_| place(&fields, &row));
                    let is_new = !plan.overlapping
                        || row
                            .get("_id")
                            .and_then(Value::as_str)
                            .is_some_and(|doc| seen.insert(doc));
                    if !is_new || !query.filter.matches_with(&row, &|text| db.lowercase(text)) {
                        continue;
                    }
                    accepted += match paging {
                        Some(Paging { since: Some(_), moves, .. }) => {
                            changes_of(db, &plan.table, &row, moves).await?
                        }
                        _ => 1,
                    };
                    found(row);
                    left = left.map(|left| left.saturating_sub(1));
                    if left == Some(0) {
                        return Ok(None);
                    }
                }
                if page.done {
                    break;
                }
                // The filter turned rows down: ask for more at a time, but never for all at once.
                full = is_full();
                if accepted > 0 && query.until.is_some_and(|since| usage.is_page_full(Some(since)))
                {
                    return Ok(None);
                }
                take = match usage.is_heavy() {
                    _ if full => 1,
                    true => take,
                    false => (take * 2).min(largest),
                };
                page = db.next(&scan, take).await?;
                usage.read(&page.rows)?;
            }
        }
    }
    Ok(None)
}

/// Opens scans side by side.
async fn open<D: Database>(
    db: &D,
    specs: &[ScanSpec],
    take: usize,
) -> Result<Vec<(D::Scan, Page)>> {
    let usage = db.memo().usage();
    usage.spend(Cost::Intervals, specs.len())?;
    let opened = try_join_all(specs.iter().map(|spec| db.scan(spec.clone(), take))).await?;
    opened.iter().try_for_each(|(_, page)| usage.read(&page.rows))?;
    Ok(opened)
}
