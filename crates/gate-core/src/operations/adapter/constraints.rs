//! What rows must hold to, checked in the transaction of the write: fields that are unique, and
//! references that lead to a row. Convex makes the check safe: another transaction that writes into a
//! range read here makes one of the two run again.

use crate::database::Database;
use crate::database::join::try_join_all;
use crate::filter::{Clause, Filter};
use crate::query::Query;
use crate::rows::{Reference, Rules, doc_of};
use crate::values::{Fault, Record, Result, Value};

/// The groups that hold whatever the app's schema says: the primary key, and the pair by which Better
/// Auth (1.7.3 and newer) finds an account and of which it refuses two.
const ALWAYS: &[(Option<&str>, &[&str])] =
    &[(None, &["id"]), (Some("account"), &["providerId", "accountId"])];

/// Rows as they will be, and which stored rows they replace.
pub(super) struct Candidates<'a> {
    rows: Vec<&'a Record>,
    /// The rows that are being changed, as they are stored.
    before: &'a [Record],
    /// Convex's ids of these; they do not collide with themselves.
    replaced: Vec<&'a str>,
    /// The fields that change; `None` for a new row, where all do.
    changed: Option<&'a Record>,
}

impl<'a> Candidates<'a> {
    /// A row that is being created.
    pub(super) fn created(row: &'a Record) -> Self {
        Self { rows: vec![row], before: &[], replaced: Vec::new(), changed: None }
    }

    /// Rows that are being changed: as they will be, with Convex's id still in them, and as they are.
    pub(super) fn updated(
        rows: &'a [Record],
        before: &'a [Record],
        changed: &'a Record,
    ) -> Result<Self> {
        let replaced = before.iter().map(doc_of).collect::<Result<_>>()?;
        Ok(Self { rows: rows.iter().collect(), before, replaced, changed: Some(changed) })
    }

    fn concerns(&self, group: &[&str]) -> bool {
        self.changed.is_none_or(|changed| group.iter().any(|field| changed.contains_key(field)))
    }

    /// The value that a reference is given, unless it leads nowhere, to one of these rows, or where it
    /// led before: what a foreign key looks at. All rows of a change are given the same.
    fn given(&self, reference: &Reference) -> Option<&'a Value> {
        let Reference { model, field, target, to, .. } = reference;
        let value = self.changed.or(self.rows.first().copied())?.get(field)?;
        let kept =
            self.changed.is_some() && self.before.iter().all(|row| row.get(field) == Some(value));
        let own = target == model && self.rows.iter().any(|row| row.get(to) == Some(value));
        (!value.is_null() && !kept && !own).then_some(value)
    }
}

/// A row to look for.
struct LookUp<'a> {
    table: &'a str,
    fields: Vec<&'a str>,
    values: Vec<&'a Value>,
    /// The reference that must lead to it; none where no other row may have these values.
    by: Option<&'a Reference>,
}

/// Checks every unique group and every reference that the write concerns, all look-ups in one batch.
pub(super) async fn check_constraints<D: Database>(
    db: &D,
    model: &str,
    candidates: &Candidates<'_>,
    rules: &Rules,
) -> Result<()> {
    let mut groups: Vec<Vec<&str>> = ALWAYS
        .iter()
        .filter(|(only, _)| only.is_none_or(|only| only == model))
        .map(|(_, fields)| fields.to_vec())
        .collect();
    for group in &rules.unique {
        let group: Vec<&str> = group.iter().map(String::as_str).collect();
        if !groups.contains(&group) {
            groups.push(group);
        }
    }

    let mut look_ups = Vec::new();
    for group in groups.iter().filter(|group| candidates.concerns(group)) {
        let mut taken: Vec<Vec<&Value>> = Vec::new();
        for row in &candidates.rows {
            let Some(values) = values_of(row, group) else { continue };
            if taken.contains(&values) {
                return Err(violation(model, group));
            }
            let fields = group.clone();
            look_ups.push(LookUp { table: model, fields, values: values.clone(), by: None });
            taken.push(values);
        }
    }
    for reference in rules.references.iter().filter(|reference| reference.model == model) {
        if let Some(value) = candidates.given(reference) {
            let (table, fields) = (reference.target.as_str(), vec![reference.to.as_str()]);
            look_ups.push(LookUp { table, fields, values: vec![value], by: Some(reference) });
        }
    }
    let checks = look_ups.into_iter().map(|look_up| check(db, look_up, &candidates.replaced));
    try_join_all(checks).await.map(|_| ())
}

/// The values of a group, unless one of them is absent or null: such rows never collide.
fn values_of<'a>(row: &'a Record, group: &[&str]) -> Option<Vec<&'a Value>> {
    group.iter().map(|field| row.get(field).filter(|value| !value.is_null())).collect()
}

async fn check<D: Database>(db: &D, look_up: LookUp<'_>, replaced: &[&str]) -> Result<()> {
    let LookUp { table, fields, values, by } = look_up;
    let clauses = fields.iter().zip(values);
    let filter = Filter {
        all: clauses.map(|(field, value)| Clause::equals(field, value.clone())).collect(),
        any: Vec::new(),
    };
    // Of the rows found, those that are being replaced do not count; one more than them decides.
    let most = if by.is_some() { 1 } else { replaced.len().min(1) + 1 };
    let found = Query::first(table, &filter, most).fetch(db).await?;
    if let Some(reference) = by {
        return if found.is_empty() { Err(orphan(reference)) } else { Ok(()) };
    }
    for row in &found {
        if !replaced.contains(&doc_of(row)?) {
            return Err(violation(table, &fields));
        }
    }
    Ok(())
}

fn orphan(Reference { model, field, target, .. }: &Reference) -> Fault {
    Fault::ForeignKeyConstraint {
        model: model.clone(),
        field: field.clone(),
        target: target.clone(),
    }
}

fn violation(model: &str, group: &[&str]) -> Fault {
    Fault::UniqueConstraint {
        model: model.to_owned(),
        fields: group.iter().map(|field| (*field).to_owned()).collect(),
    }
}
