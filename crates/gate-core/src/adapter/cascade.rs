//! Deleting rows, and what follows from it in the tables that refer to them.

use super::arguments::{Reference, Rules};
use super::{doc_of, drop_rows, patch_rows};
use crate::database::Database;
use crate::entries;
use crate::fault::{Fault, Result};
use crate::filter::Filter;
use crate::join::try_join_all;
use crate::query::{Docs, Query};
use crate::schema::{SESSIONS, TOKENS};
use crate::value::{Record, Value};
use crate::write::{Write, carry_out};

/// Deletes rows. References to them cascade, become null or forbid it, as the rules say; cascades go
/// on from table to table. A cached token always goes with its session.
pub(crate) async fn delete_rows<D: Database>(
    db: &D,
    model: &str,
    rows: Vec<Record>,
    rules: &Rules,
) -> Result<()> {
    let mut doomed = Doomed::default();
    let mut pending = doomed.add(model, rows)?;
    while let Some((table, row)) = pending.pop() {
        let references = rules.references.iter().filter(|reference| reference.target == table);
        for (reference, children) in referring(db, references, &row).await? {
            match reference.on_delete.as_str() {
                "cascade" => pending.extend(doomed.add(&reference.model, children)?),
                "set null" => {
                    if ends_tokens(&reference.model, &reference.field).is_some() {
                        doomed.tokens.extend(children.iter().filter_map(id_of));
                    }
                    let nothing = Record::from([(reference.field.clone(), Value::Null)]);
                    patch_rows(db, &reference.model, &children, &nothing).await?;
                }
                "restrict" if !children.is_empty() => return Err(restricted(reference)),
                _ => {}
            }
        }
    }
    doomed.delete(db).await
}

/// The field of the cached tokens, and that of the row which has its value, when a change of `field` is one after
/// which tokens must not be handed out any more: of a session's identity, or of a user's password.
pub(super) fn ends_tokens(table: &str, field: &str) -> Option<(&'static str, &'static str)> {
    match (table, field) {
        (SESSIONS, "id" | "token" | "userId") => Some(("sessionId", "id")),
        ("account", "password") => Some(("userId", "userId")),
        _ => None,
    }
}

/// Our own id of a stored row.
fn id_of(row: &Record) -> Option<Value> {
    row.get("id").cloned()
}

/// Drops the cached tokens with these values in a field: those of some sessions, or of some users.
pub(super) async fn forget_tokens<D: Database>(
    db: &D,
    field: &str,
    values: Vec<Value>,
) -> Result<()> {
    let found = try_join_all(values.into_iter().map(|value| async move {
        let filter = Filter::equals(field, value);
        Query::all(TOKENS, &filter).fetch(db).await
    }))
    .await?;
    // A session can be named twice: it lost its user, and then something else deleted it.
    let tokens = Doomed::default().add(TOKENS, found.into_iter().flatten().collect())?;
    let tokens: Vec<Record> = tokens.into_iter().map(|(_, row)| row).collect();
    drop_rows(db, TOKENS, &tokens).await
}

/// The rows that refer to a row, by reference; all look-ups in one batch.
async fn referring<'a, D: Database>(
    db: &D,
    references: impl Iterator<Item = &'a Reference>,
    row: &Record,
) -> Result<Vec<(&'a Reference, Vec<Record>)>> {
    try_join_all(references.map(|reference| async move {
        let value = row.get(&reference.to).filter(|value| !value.is_null());
        let children = match value {
            Some(value) if reference.on_delete != "no action" => {
                let filter = Filter::equals(&reference.field, value.clone());
                Query::all(&reference.model, &filter).fetch(db).await?
            }
            _ => Vec::new(),
        };
        Ok((reference, children))
    }))
    .await
}

fn restricted(reference: &Reference) -> Fault {
    Fault::Restricted {
        model: reference.model.clone(),
        field: reference.field.clone(),
        target: reference.target.clone(),
    }
}

/// Rows that will be deleted, each once however many ways lead to it.
#[derive(Default)]
struct Doomed {
    docs: Docs,
    rows: Vec<(String, Record)>,
    /// The ids of the sessions whose cached tokens go.
    tokens: Vec<Value>,
}

impl Doomed {
    /// Adds rows of a table and gives those that were not there yet.
    fn add(&mut self, table: &str, rows: Vec<Record>) -> Result<Vec<(String, Record)>> {
        let mut added = Vec::new();
        for row in rows {
            if self.docs.insert(doc_of(&row)?) {
                if table == SESSIONS {
                    self.tokens.extend(id_of(&row));
                }
                self.rows.push((table.to_owned(), row.clone()));
                added.push((table.to_owned(), row));
            }
        }
        Ok(added)
    }

    async fn delete<D: Database>(self, db: &D) -> Result<()> {
        forget_tokens(db, "sessionId", self.tokens).await?;
        let mut writes = Vec::with_capacity(self.rows.len());
        for (table, row) in &self.rows {
            entries::dropped(db, row, &mut writes).await?;
            writes.push(Write::delete(table, row)?);
        }
        carry_out(db, writes).await
    }
}
