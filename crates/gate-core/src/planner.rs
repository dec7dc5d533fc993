//! From a filter and an order to index ranges.
//!
//! A plan only says where matching rows can be: its ranges hold every row that the filter accepts,
//! and the filter still judges each row. So a plan can be slow but never wrong. The property test
//! "planned result equals naive filter" guards the first half of that sentence.

mod constraint;
mod display;

use crate::database::{IndexRange, Key, Order, ScanSpec};
use crate::filter::{Clause, Filter};
use crate::schema::{index_name, indexes_of, is_unique};
use constraint::{Constraint, Constraints, constraints};

/// A mutation reads at most 4,096 index ranges; half of that leaves room for its checks and writes.
const MOST_RANGES: usize = 2_000;

/// The order that a list must have.
#[derive(Debug, Clone, PartialEq)]
pub struct Sort {
    /// The physical field.
    pub field: String,
    /// The direction; absent and null come first when ascending.
    pub order: Order,
}

/// Where to look for the rows of a query.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// The table.
    pub table: String,
    /// Ranges to read one after the other. None at all when the filter can accept nothing.
    pub steps: Vec<Step>,
    /// True when rows come in the wanted order, so that a limit ends the reading.
    pub ordered: bool,
    /// True when ranges may overlap, so that a row may come twice.
    pub overlapping: bool,
}

/// One range of one index, or the whole table.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// The fields of the index; `None` for the table in order of creation.
    pub index: Option<&'static [&'static str]>,
    /// The part of the index.
    pub range: IndexRange,
    /// The direction.
    pub order: Order,
}

impl Plan {
    /// Plans a query over a table.
    #[must_use]
    pub fn new(table: &str, filter: &Filter, sort: Option<&Sort>) -> Self {
        let Some(required) = constraints(filter.all.iter()) else {
            return Self::nothing(table);
        };
        let best = Candidate::best(table, &required, sort);
        if best.as_ref().is_none_or(|candidate| candidate.eq.is_empty())
            && let Some(union) = Self::union(table, filter, sort)
        {
            return union;
        }
        match best {
            Some(candidate) => Self {
                table: table.to_owned(),
                ordered: candidate.ordered,
                steps: candidate.steps(sort),
                overlapping: false,
            },
            None => Self::table_scan(table, sort),
        }
    }

    /// True when some step reads a table or an index from end to end.
    #[must_use]
    pub fn scans_all(&self) -> bool {
        self.steps.iter().any(|step| {
            step.range.eq.is_empty() && step.range.lower.is_none() && step.range.upper.is_none()
        })
    }

    fn nothing(table: &str) -> Self {
        Self { table: table.to_owned(), steps: Vec::new(), ordered: true, overlapping: false }
    }

    fn table_scan(table: &str, sort: Option<&Sort>) -> Self {
        let step = Step { index: None, range: IndexRange::default(), order: Order::Asc };
        Self {
            table: table.to_owned(),
            steps: vec![step],
            ordered: sort.is_none(),
            overlapping: false,
        }
    }

    /// One look-up for each OR clause, if every one of them has an index to go by.
    fn union(table: &str, filter: &Filter, sort: Option<&Sort>) -> Option<Self> {
        let mut steps = Vec::new();
        for clause in &filter.any {
            let either: Vec<&Clause> = filter.all.iter().chain([clause]).collect();
            // A clause that can accept nothing adds nothing to the union.
            let Some(required) = constraints(either.into_iter()) else { continue };
            let candidate = Candidate::best(table, &required, None)?;
            if !candidate.narrows() {
                return None;
            }
            steps.extend(candidate.steps(None));
        }
        let fits = !filter.any.is_empty() && steps.len() <= MOST_RANGES;
        let ordered = sort.is_none();
        fits.then(|| Self { table: table.to_owned(), steps, ordered, overlapping: true })
    }
}

impl Step {
    /// The request for this step.
    #[must_use]
    pub fn spec(&self, table: &str) -> ScanSpec {
        ScanSpec {
            table: table.to_owned(),
            index: self.index.map(index_name),
            range: self.range.clone(),
            order: self.order,
        }
    }
}

/// An index and how much of the filter it answers.
struct Candidate<'a> {
    fields: &'static [&'static str],
    /// The values of the first fields.
    eq: Vec<(&'static str, &'a [Key])>,
    /// Bounds of the field after them.
    range: Option<(&'static str, &'a Constraint)>,
    ordered: bool,
    /// True when one row at most should be in the range: nothing narrows more. Data from elsewhere may hold more, so
    /// no order is concluded from it.
    single: bool,
}

impl<'a> Candidate<'a> {
    /// The index that answers most; `None` when no index answers anything.
    fn best(table: &str, required: &'a Constraints<'_>, sort: Option<&Sort>) -> Option<Self> {
        indexes_of(table)
            .map(|fields| Self::fit(table, fields, required, sort))
            .filter(|candidate| candidate.narrows() || (sort.is_some() && candidate.ordered))
            // The first of equals: `by_public_id` leads the list, then the schema's own order.
            .reduce(|best, other| if other.rank() > best.rank() { other } else { best })
    }

    fn fit(
        table: &str,
        fields: &'static [&'static str],
        required: &'a Constraints<'_>,
        sort: Option<&Sort>,
    ) -> Self {
        let mut eq = Vec::new();
        let mut count = 1_usize;
        for field in fields {
            let Some(Constraint::Points(points)) = constraint_of(required, field) else { break };
            let product = count.saturating_mul(points.len());
            if product > MOST_RANGES {
                break;
            }
            count = product;
            eq.push((*field, points.as_slice()));
        }
        let next = fields.get(eq.len()).copied();
        let range = next.and_then(|field| {
            let constraint = constraint_of(required, field)?;
            matches!(constraint, Constraint::Between { .. }).then_some((field, constraint))
        });
        let single = matches!(
            eq.as_slice(),
            [(field, [Key::Value(value)]), ..] if !value.is_null() && is_unique(table, field)
        );
        let ordered = sort.is_none_or(|sort| {
            count == 1
                && (next == Some(sort.field.as_str())
                    || eq.iter().any(|(field, _)| *field == sort.field))
        });
        Self { fields, eq, range, ordered, single }
    }

    /// True when less than the whole index has to be read.
    fn narrows(&self) -> bool {
        !self.eq.is_empty() || self.range.is_some()
    }

    /// Fixed fields narrow more than bounds do, and an order in the index saves reading all to sort it.
    fn rank(&self) -> (bool, usize, bool, bool) {
        (self.single, self.eq.len(), self.range.is_some(), self.ordered)
    }

    fn steps(&self, sort: Option<&Sort>) -> Vec<Step> {
        let order = match sort {
            Some(sort) if self.ordered => sort.order,
            _ => Order::Asc,
        };
        let mut prefixes = vec![Vec::new()];
        for (field, points) in &self.eq {
            prefixes = prefixes
                .iter()
                .flat_map(|prefix| points.iter().map(move |point| extended(prefix, field, point)))
                .collect();
        }
        let (lower, upper) = match self.range {
            Some((field, Constraint::Between { lower, upper })) => (
                lower.clone().map(|bound| (field.to_owned(), bound)),
                upper.clone().map(|bound| (field.to_owned(), bound)),
            ),
            _ => (None, None),
        };
        prefixes
            .into_iter()
            .map(|eq| Step {
                index: Some(self.fields),
                range: IndexRange { eq, lower: lower.clone(), upper: upper.clone() },
                order,
            })
            .collect()
    }
}

fn constraint_of<'a>(required: &'a Constraints<'_>, field: &str) -> Option<&'a Constraint> {
    required.iter().find(|(known, _)| *known == field).map(|(_, constraint)| constraint)
}

fn extended(prefix: &[(String, Key)], field: &str, point: &Key) -> Vec<(String, Key)> {
    prefix.iter().cloned().chain([(field.to_owned(), point.clone())]).collect()
}
