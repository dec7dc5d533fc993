//! Unique fields, checked in the transaction of the write. Convex makes the check safe: another
//! transaction that inserts into a range read here makes one of the two run again.

use super::doc_of;
use crate::database::Database;
use crate::fault::{Fault, Result};
use crate::filter::{Clause, Filter};
use crate::join::try_join_all;
use crate::query::Query;
use crate::value::{Record, Value};

/// The groups that hold whatever the app's schema says: the primary key, and the pair by which Better
/// Auth (1.7.3 and newer) finds an account and of which it refuses two.
const ALWAYS: &[(Option<&str>, &[&str])] =
    &[(None, &["id"]), (Some("account"), &["providerId", "accountId"])];

/// Rows as they will be, and which stored rows they replace.
pub(super) struct Candidates<'a> {
    rows: Vec<&'a Record>,
    /// Convex's ids of the rows that are being changed; they do not collide with themselves.
    replaced: Vec<&'a str>,
    /// The fields that change; `None` for a new row, where all do.
    changed: Option<&'a Record>,
}

impl<'a> Candidates<'a> {
    /// A row that is being created.
    pub(super) fn created(row: &'a Record) -> Self {
        Self { rows: vec![row], replaced: Vec::new(), changed: None }
    }

    /// Rows that are being changed: as they will be, with Convex's id still in them.
    pub(super) fn updated(rows: &'a [Record], changed: &'a Record) -> Result<Self> {
        let replaced = rows.iter().map(doc_of).collect::<Result<_>>()?;
        Ok(Self { rows: rows.iter().collect(), replaced, changed: Some(changed) })
    }

    fn concerns(&self, group: &[&str]) -> bool {
        self.changed.is_none_or(|changed| group.iter().any(|field| changed.contains_key(field)))
    }
}

/// Checks every unique group that the write concerns, all look-ups in one batch.
pub(super) async fn check_unique<D: Database>(
    db: &D,
    model: &str,
    candidates: &Candidates<'_>,
    declared: &[Vec<String>],
) -> Result<()> {
    let mut groups: Vec<Vec<&str>> = ALWAYS
        .iter()
        .filter(|(only, _)| only.is_none_or(|only| only == model))
        .map(|(_, fields)| fields.to_vec())
        .collect();
    for group in declared {
        let group: Vec<&str> = group.iter().map(String::as_str).collect();
        if !groups.contains(&group) {
            groups.push(group);
        }
    }

    let mut lookups = Vec::new();
    for group in groups.iter().filter(|group| candidates.concerns(group)) {
        let mut taken: Vec<Vec<&Value>> = Vec::new();
        for row in &candidates.rows {
            let Some(values) = values_of(row, group) else { continue };
            if taken.contains(&values) {
                return Err(violation(model, group));
            }
            lookups.push(is_taken(db, model, group, values.clone(), &candidates.replaced));
            taken.push(values);
        }
    }
    try_join_all(lookups).await.map(|_| ())
}

/// The values of a group, unless one of them is absent or null: such rows never collide.
fn values_of<'a>(row: &'a Record, group: &[&str]) -> Option<Vec<&'a Value>> {
    group.iter().map(|field| row.get(field).filter(|value| !value.is_null())).collect()
}

async fn is_taken<D: Database>(
    db: &D,
    model: &str,
    group: &[&str],
    values: Vec<&Value>,
    replaced: &[&str],
) -> Result<()> {
    let clauses = group.iter().zip(values);
    let filter = Filter {
        all: clauses.map(|(field, value)| Clause::equals(field, value.clone())).collect(),
        any: Vec::new(),
    };
    // Of the rows found, those that are being replaced do not count; one more than them decides.
    let found = Query::first(model, &filter, replaced.len().min(1) + 1).fetch(db).await?;
    for row in &found {
        if !replaced.contains(&doc_of(row)?) {
            return Err(violation(model, group));
        }
    }
    Ok(())
}

fn violation(model: &str, group: &[&str]) -> Fault {
    Fault::UniqueConstraint {
        model: model.to_owned(),
        fields: group.iter().map(|field| (*field).to_owned()).collect(),
    }
}
