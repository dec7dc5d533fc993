//! From a filter and an order to index ranges.
//!
//! A plan only says where matching rows can be: its ranges hold every row that the filter accepts,
//! and the filter still judges each row. So a plan can be slow but never wrong. The property test
//! "planned result equals naive filter" guards the first half of that sentence.

mod constraint;
mod display;

use crate::database::{Bound, IndexRange, Key, Order, ScanSpec};
use crate::filter::{Clause, Filter};
use crate::schema::entry_index::{BY_KEYS, KEYS, SEARCH, UNIQUE, fields_of, index_key};
use crate::schema::{ENTRIES, index_name, indexes_of, is_unique};
use crate::values::{Record, Value};
use constraint::{Constraint, Constraints, MOST_RANGES, constraints, indexable};

pub(crate) use constraint::has_long_list;

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
    /// The name of the index; `None` for the table in order of creation.
    pub index: Option<String>,
    /// True when it is an index of entries, which lead to the rows.
    pub entries: bool,
    /// The part of the index.
    pub range: IndexRange,
    /// The direction.
    pub order: Order,
}

impl Plan {
    /// Plans a query over a table by its native indexes.
    #[must_use]
    pub fn new(table: &str, filter: &Filter, sort: Option<&Sort>) -> Self {
        Self::with_entries(table, filter, sort, &Record::new())
    }

    /// Plans a query over a table by its native indexes and by its entries: names of indexes, and
    /// whether every row has an entry there.
    #[must_use]
    pub fn with_entries(
        table: &str,
        filter: &Filter,
        sort: Option<&Sort>,
        entries: &Record,
    ) -> Self {
        let complete = entries
            .iter()
            .filter(|(name, complete)| **complete == Value::Bool(true) && !name.ends_with(SEARCH));
        let entries: Vec<_> = complete.map(|(name, _)| (name, fields_of(name))).collect();
        let bare = filter.all.is_empty() && filter.any.is_empty();
        let indexes = Indexes { table, entries: &entries, bare };
        let Some(required) = constraints(filter.all.iter()) else {
            return Self::nothing(table);
        };
        let best = indexes.best(&required, sort);
        if best.as_ref().is_none_or(|candidate| candidate.eq.is_empty())
            && let Some(union) = Self::union(&indexes, filter, sort)
        {
            return union;
        }
        match best {
            Some(candidate) => Self {
                table: table.to_owned(),
                ordered: candidate.ordered,
                steps: candidate.steps(table, sort),
                overlapping: false,
            },
            None => Self::table_scan(table, sort),
        }
    }

    /// True when some step reads a table or an index from end to end.
    #[must_use]
    pub fn scans_all(&self) -> bool {
        self.steps.iter().any(|step| {
            step.range.eq.len() == usize::from(step.entries)
                && step.range.lower.is_none()
                && step.range.upper.is_none()
        })
    }

    /// True when index entries, if there are any, could save reading the whole table.
    #[must_use]
    pub fn could_use_entries(&self, filter: &Filter) -> bool {
        self.scans_all() && (!self.ordered || filter.all.iter().chain(&filter.any).any(indexable))
    }

    fn nothing(table: &str) -> Self {
        Self { table: table.to_owned(), steps: Vec::new(), ordered: true, overlapping: false }
    }

    /// Reads the whole table in order of creation.
    pub(crate) fn table_scan(table: &str, sort: Option<&Sort>) -> Self {
        let step =
            Step { index: None, entries: false, range: IndexRange::default(), order: Order::Asc };
        Self {
            table: table.to_owned(),
            steps: vec![step],
            ordered: sort.is_none(),
            overlapping: false,
        }
    }

    /// One look-up for each OR clause, if every one of them has an index to go by.
    fn union(indexes: &Indexes<'_>, filter: &Filter, sort: Option<&Sort>) -> Option<Self> {
        let mut steps = Vec::new();
        for clause in &filter.any {
            let either: Vec<&Clause> = filter.all.iter().chain([clause]).collect();
            // A clause that can accept nothing adds nothing to the union.
            let Some(required) = constraints(either.into_iter()) else { continue };
            let candidate = indexes.best(&required, None)?;
            if !candidate.narrows() {
                return None;
            }
            steps.extend(candidate.steps(indexes.table, None));
            if steps.len() > MOST_RANGES {
                return None;
            }
        }
        let ordered = sort.is_none();
        let table = indexes.table.to_owned();
        (!filter.any.is_empty()).then_some(Self { table, steps, ordered, overlapping: true })
    }
}

impl Step {
    /// The request for this step.
    #[must_use]
    pub fn spec(&self, table: &str) -> ScanSpec {
        ScanSpec {
            table: if self.entries { ENTRIES } else { table }.to_owned(),
            index: self.index.clone(),
            range: self.range.clone(),
            order: self.order,
        }
    }
}

/// The indexes that a plan can choose from.
struct Indexes<'a> {
    table: &'a str,
    /// Name and fields of each index that every row has an entry in.
    entries: &'a [(&'a str, Vec<&'a str>)],
    /// True when the filter accepts every row.
    bare: bool,
}

impl<'a> Indexes<'a> {
    /// The index that answers most; `None` when no index answers anything.
    fn best(&self, required: &'a Constraints<'_>, sort: Option<&Sort>) -> Option<Candidate<'a>> {
        let mut best = None;
        let mut consider = |candidate: Candidate<'a>| {
            // An entry leads to a row, so all entries cost more than all rows: only for the first few
            // in their order, which a filter would not let be few.
            let in_order =
                sort.is_some() && candidate.ordered && (self.bare || candidate.entries.is_none());
            // The first of equals: `by_public_id` leads the list, then the schema's own order.
            if (candidate.narrows() || in_order)
                && best.as_ref().is_none_or(|best: &Candidate<'_>| candidate.rank() > best.rank())
            {
                best = Some(candidate);
            }
        };
        for fields in indexes_of(self.table) {
            consider(Candidate::fit(self.table, fields, None, required, sort));
        }
        for (name, fields) in self.entries {
            consider(Candidate::fit(self.table, fields, Some(name), required, sort));
        }
        best
    }
}

/// An index and how much of the filter it answers.
struct Candidate<'a> {
    fields: &'a [&'a str],
    /// The name of the index, if it is one of entries.
    entries: Option<&'a str>,
    /// The values of the first fields.
    eq: Vec<(&'a str, &'a [Key])>,
    /// Bounds of the field after them.
    range: Option<(&'a str, &'a Constraint)>,
    /// True when the bounds leave a value out, and so are two ranges.
    has_hole: bool,
    ordered: bool,
    /// True when one row at most should be in the range: nothing narrows more. Data from elsewhere may hold more, so
    /// no order is concluded from it.
    single: bool,
}

impl<'a> Candidate<'a> {
    fn fit(
        table: &str,
        fields: &'a [&'a str],
        entries: Option<&'a str>,
        required: &'a Constraints<'_>,
        sort: Option<&Sort>,
    ) -> Self {
        let mut eq = Vec::new();
        let mut count = 1_usize;
        for field in fields {
            let Some(Constraint::Points(points)) = constraint_of(required, field) else { break };
            let product = count.saturating_mul(points.len());
            // An entry leads to a row, which is one more range.
            if product > if entries.is_some() { MOST_RANGES / 2 } else { MOST_RANGES } {
                break;
            }
            count = product;
            eq.push((*field, points.as_slice()));
        }
        let next = fields.get(eq.len()).copied();
        let range = next.and_then(|field| {
            let constraint = constraint_of(required, field)?;
            let narrows = match constraint {
                Constraint::Points(_) => false,
                // All but one value of a whole index is not worth two ranges.
                Constraint::Between { hole, .. } => hole.is_none() || !eq.is_empty(),
            };
            narrows.then_some((field, constraint))
        });
        let has_hole = matches!(range, Some((_, Constraint::Between { hole: Some(_), .. })));
        let is_point =
            |eq: &(&str, &[Key])| matches!(eq.1, [Key::Value(value)] if !value.is_null());
        let single = match (entries, eq.first()) {
            (Some(name), _) if name.ends_with(UNIQUE) => {
                eq.len() == fields.len() && eq.iter().all(is_point)
            }
            (_, Some(first)) => is_point(first) && is_unique(table, first.0),
            (_, None) => false,
        };
        let ordered = sort.is_none_or(|sort| {
            count == 1
                && !has_hole
                && (next == Some(sort.field.as_str())
                    || eq.iter().any(|(field, _)| *field == sort.field))
        });
        Self { fields, entries, eq, range, has_hole, ordered, single }
    }

    /// True when less than the whole index has to be read.
    fn narrows(&self) -> bool {
        !self.eq.is_empty() || self.range.is_some()
    }

    /// Fixed fields narrow more than bounds do, and an order in the index saves reading all to sort it.
    /// A value left out narrows least.
    fn rank(&self) -> (bool, usize, bool, bool, bool) {
        let bounded = self.range.is_some() && !self.has_hole;
        (self.single, self.eq.len(), bounded, self.ordered, self.has_hole)
    }

    fn steps(&self, table: &str, sort: Option<&Sort>) -> Vec<Step> {
        let order = match sort {
            Some(sort) if self.ordered => sort.order,
            _ => Order::Asc,
        };
        // The values of a row's fields are in fields of other names in its entry.
        let name = |place: usize, field: &str| match KEYS.get(place) {
            Some(key) if self.entries.is_some() => (*key).to_owned(),
            _ => field.to_owned(),
        };
        let mut prefixes = vec![Vec::new()];
        let mut index = index_name(self.fields);
        if let Some(name) = self.entries {
            prefixes = vec![vec![("index".to_owned(), Key::Value(index_key(table, name)))]];
            index = BY_KEYS.to_owned();
        }
        for (place, (field, points)) in self.eq.iter().enumerate() {
            let field = name(place, field);
            prefixes = prefixes
                .iter()
                .flat_map(|prefix| points.iter().map(|point| extended(prefix, &field, point)))
                .collect();
        }
        let mut bounds = vec![(None, None)];
        if let Some((field, Constraint::Between { lower, upper, hole })) = self.range {
            let field = name(self.eq.len(), field);
            let side = |bound: Option<Bound>| bound.map(|bound| (field.clone(), bound));
            let (lower, upper) = (side(lower.clone()), side(upper.clone()));
            bounds = match hole {
                Some(value) => {
                    let edge = side(Some(Bound { value: value.clone(), inclusive: false }));
                    vec![(lower, edge.clone()), (edge, upper)]
                }
                None => vec![(lower, upper)],
            };
        }
        prefixes
            .iter()
            .flat_map(|eq| bounds.iter().map(move |bounds| (eq.clone(), bounds.clone())))
            .map(|(eq, (lower, upper))| Step {
                index: Some(index.clone()),
                entries: self.entries.is_some(),
                range: IndexRange { eq, lower, upper },
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
