//! What a filter's clauses say of one field, in the terms of an index.

use std::cmp::Ordering;

use crate::database::{Bound, Key};
use crate::filter::{Clause, Filter, Operator};
use crate::values::{Value, compare_optional};

/// Index ranges that one list of values may lead to: the rest is for the rows that are changed then.
pub(super) const MOST_RANGES: usize = 3_500;

/// Where the values of a field must lie. It may allow more than the clauses do, never less.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Constraint {
    /// Between two bounds.
    Between {
        /// The lower bound.
        lower: Option<Bound>,
        /// The upper bound.
        upper: Option<Bound>,
        /// A value between them that no row has.
        hole: Option<Key>,
    },
    /// One of these, without duplicates.
    Points(Vec<Key>),
}

/// Constraints by field, each field once.
pub(super) type Constraints<'a> = Vec<(&'a str, Constraint)>;

/// The constraints of clauses that must all hold; `None` when they can accept no row.
pub(super) fn constraints<'a>(
    clauses: impl Iterator<Item = &'a Clause>,
) -> Option<Constraints<'a>> {
    let mut required: Constraints<'a> = Vec::new();
    for clause in clauses {
        let Some(constraint) = constraint(clause) else { continue };
        let known = required.iter().position(|(field, _)| *field == clause.field);
        let met = match known.map(|position| required.swap_remove(position)) {
            Some((_, known)) => known.meet(constraint),
            None => constraint,
        };
        if met.is_empty() {
            return None;
        }
        required.push((&clause.field, met));
    }
    Some(required)
}

/// True when an index can help with a clause.
pub(super) fn indexable(clause: &Clause) -> bool {
    constraint(clause).is_some()
}

/// True with a list of more values than an index looks up in one transaction.
pub(crate) fn has_long_list(filter: &Filter) -> bool {
    filter.all.iter().chain(&filter.any).any(|clause| clause.items().len() > MOST_RANGES)
}

/// What one clause says; `None` when an index cannot help with it.
fn constraint(clause: &Clause) -> Option<Constraint> {
    if clause.insensitive {
        return None;
    }
    let value = &clause.value;
    let compares = matches!(
        clause.operator,
        Operator::Greater | Operator::GreaterOrEqual | Operator::Less | Operator::LessOrEqual
    );
    if compares && value.is_null() {
        // A comparison with null is never true.
        return Some(Constraint::Points(Vec::new()));
    }
    let key = || Key::Value(value.clone());
    let bound = |inclusive| Some(Bound { value: key(), inclusive });
    match clause.operator {
        // In an index an absent field comes before null; to Better Auth they are the same.
        Operator::Equal if value.is_null() => {
            Some(Constraint::Points(vec![Key::Missing, Key::Value(Value::Null)]))
        }
        Operator::Equal => Some(Constraint::Points(vec![key()])),
        // So many ranges are not planned for.
        Operator::In if matches!(value, Value::Array(items) if items.len() > MOST_RANGES) => None,
        Operator::In => Some(Constraint::Points(points(value))),
        Operator::Greater => {
            Some(Constraint::Between { lower: bound(false), upper: None, hole: None })
        }
        Operator::GreaterOrEqual => {
            Some(Constraint::Between { lower: bound(true), upper: None, hole: None })
        }
        // Without a lower bound the range would hold every row that has no value.
        Operator::Less => {
            Some(Constraint::Between { lower: above_null(), upper: bound(false), hole: None })
        }
        Operator::LessOrEqual => {
            Some(Constraint::Between { lower: above_null(), upper: bound(true), hole: None })
        }
        Operator::NotEqual => {
            let hole = (!value.is_null()).then(key);
            Some(Constraint::Between { lower: above_null(), upper: None, hole })
        }
        Operator::StartsWith => starts_with(value),
        Operator::Contains | Operator::EndsWith | Operator::NotIn => None,
    }
}

fn above_null() -> Option<Bound> {
    Some(Bound { value: Key::Value(Value::Null), inclusive: false })
}

/// The items of a list, each once. Null is none of them: `in` never accepts a row without a value.
fn points(value: &Value) -> Vec<Key> {
    let Value::Array(items) = value else { return Vec::new() };
    let mut sorted = Vec::new();
    let mut points = Vec::new();
    for item in items.iter().filter(|item| !item.is_null()) {
        if let Err(place) = place(&sorted, Some(item)) {
            sorted.insert(place, Some(item));
            points.push(Key::Value(item.clone()));
        }
    }
    points
}

/// Where a value is among sorted ones, or would be.
fn place(sorted: &[Option<&Value>], value: Option<&Value>) -> Result<usize, usize> {
    sorted.binary_search_by(|known| compare_optional(*known, value))
}

/// Text that starts with a prefix lies between the prefix and the next text of its length.
fn starts_with(value: &Value) -> Option<Constraint> {
    let prefix = value.as_str().filter(|prefix| !prefix.is_empty())?;
    let lower = Some(Bound { value: Key::Value(value.clone()), inclusive: true });
    let upper = successor(prefix)
        .map(|end| Bound { value: Key::Value(Value::String(end)), inclusive: false });
    Some(Constraint::Between { lower, upper, hole: None })
}

/// The smallest text greater than every text that starts with `prefix`; `None` if there is none.
fn successor(prefix: &str) -> Option<String> {
    let mut chars: Vec<char> = prefix.chars().collect();
    while let Some(last) = chars.pop() {
        // Code points and UTF-8 bytes have the same order; surrogates are no characters.
        let next = match last {
            '\u{D7FF}' => Some('\u{E000}'),
            last => char::from_u32(last as u32 + 1),
        };
        if let Some(next) = next {
            chars.push(next);
            return Some(chars.into_iter().collect());
        }
    }
    None
}

impl Constraint {
    /// True when no value can lie here.
    fn is_empty(&self) -> bool {
        match self {
            Self::Points(points) => points.is_empty(),
            Self::Between { lower: Some(lower), upper: Some(upper), .. } => {
                match compare_keys(&lower.value, &upper.value) {
                    Ordering::Less => false,
                    Ordering::Equal => !(lower.inclusive && upper.inclusive),
                    Ordering::Greater => true,
                }
            }
            Self::Between { .. } => false,
        }
    }

    /// Both at once.
    fn meet(self, other: Self) -> Self {
        match (self, other) {
            (Self::Points(mut a), Self::Points(b)) => {
                let mut sorted = Vec::new();
                for key in &b {
                    if let Err(place) = place(&sorted, key.value()) {
                        sorted.insert(place, key.value());
                    }
                }
                a.retain(|key| place(&sorted, key.value()).is_ok());
                Self::Points(a)
            }
            // The filter judges every row, so the bounds beside a list of values need no care.
            (Self::Points(points), Self::Between { .. })
            | (Self::Between { .. }, Self::Points(points)) => Self::Points(points),
            (
                Self::Between { lower: a, upper: x, hole },
                Self::Between { lower: b, upper: y, hole: other },
            ) => {
                let (lower, upper) = (tighter(a, b, true), tighter(x, y, false));
                // The filter judges every row, so one of two holes is enough, and none outside of the bounds is needed.
                let hole = hole.or(other).filter(|hole| {
                    let to = |bound: &Bound| compare_keys(hole, &bound.value);
                    lower.as_ref().is_none_or(|bound| to(bound).is_gt())
                        && upper.as_ref().is_none_or(|bound| to(bound).is_lt())
                });
                Self::Between { lower, upper, hole }
            }
        }
    }
}

/// The bound that allows less.
fn tighter(a: Option<Bound>, b: Option<Bound>, lower: bool) -> Option<Bound> {
    let (Some(first), Some(second)) = (&a, &b) else { return a.or(b) };
    let order = compare_keys(&first.value, &second.value);
    let order = if lower { order } else { order.reverse() };
    let first_is_tighter = order.is_gt() || (order.is_eq() && !first.inclusive);
    if first_is_tighter { a } else { b }
}

fn compare_keys(a: &Key, b: &Key) -> Ordering {
    compare_optional(a.value(), b.value())
}
