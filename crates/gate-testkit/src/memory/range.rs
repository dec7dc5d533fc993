//! Index ranges: which are well formed, and which rows lie within.

use std::cmp::Ordering;

use gate_core::database::{Bound, IndexRange, Key, ScanSpec};
use gate_core::schema::{index_name, indexes_of};
use gate_core::values::{Record, Result, compare_optional};

use super::refusals::refused;

/// A range of an index that exists.
pub(crate) struct Bounds<'a> {
    fields: &'static [&'static str],
    range: &'a IndexRange,
}

impl<'a> Bounds<'a> {
    /// Checks a scan as Convex does.
    pub(crate) fn new(spec: &'a ScanSpec) -> Result<Self> {
        let fields: &[&str] = match &spec.index {
            None => &[],
            Some(name) if name == "by_creation_time" => &["_creationTime"],
            Some(name) if name == "by_id" => &["_id"],
            Some(name) => indexes_of(&spec.table)
                .find(|fields| index_name(fields) == *name)
                .ok_or(refused("the index does not exist"))?,
        };
        let IndexRange { eq, lower, upper } = &spec.range;
        if eq.len() > fields.len() || !eq.iter().zip(fields).all(|((field, _), own)| field == own) {
            return Err(refused("fixed fields that are no prefix of the index"));
        }
        // Every index ends with the time of creation, which no one declares.
        let next = fields.get(eq.len()).or(spec.index.as_ref().map(|_| &"_creationTime"));
        for (field, _) in [lower, upper].into_iter().flatten() {
            if next != Some(&field.as_str()) {
                return Err(refused("a bound on another field than the next"));
            }
        }
        Ok(Self { fields, range: &spec.range })
    }

    /// A range that was checked before, over these fields.
    pub(crate) fn checked(fields: &'static [&'static str], range: &'a IndexRange) -> Self {
        Self { fields, range }
    }

    pub(crate) fn fields(&self) -> &'static [&'static str] {
        self.fields
    }

    /// The id that every row in the range has, if the range is by our own id.
    pub(crate) fn public_id(&self) -> Option<&str> {
        match self.range.eq.first() {
            Some((field, Key::Value(id))) if field == "id" => id.as_str(),
            _ => None,
        }
    }

    pub(crate) fn hold(&self, row: &Record) -> bool {
        self.place(row).is_eq()
    }

    /// Where a row is in the order of the index: before the range, in it, or after it.
    pub(crate) fn place(&self, row: &Record) -> Ordering {
        let order = |field: &str, key: &Key| compare_optional(row.get(field), key.value());
        let outside = |bound: &Option<(String, Bound)>, side: Ordering| {
            bound.as_ref().is_some_and(|(field, bound)| {
                let order = order(field, &bound.value);
                if order.is_eq() { !bound.inclusive } else { order == side }
            })
        };
        let IndexRange { eq, lower, upper } = self.range;
        let fixed = eq.iter().map(|(field, key)| order(field, key)).find(|order| order.is_ne());
        match fixed {
            Some(order) => order,
            None if outside(lower, Ordering::Less) => Ordering::Less,
            None if outside(upper, Ordering::Greater) => Ordering::Greater,
            None => Ordering::Equal,
        }
    }
}
