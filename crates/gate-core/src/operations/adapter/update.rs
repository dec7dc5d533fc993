//! `update`, `updateMany` and `incrementOne`.

use super::answers::{number, paged};
use super::arguments::{Increment, Update, checked};
use super::constraints::{Candidates, check_constraints};
use super::tokens::{ends_tokens, forget_tokens};
use crate::database::Database;
use crate::database::usage::rows_of_change;
use crate::entries;
use crate::query::{Paging, Query, Rows};
use crate::rows::{Rules, outward, storable};
use crate::values::{Fault, Record, Result, Value};
use crate::writes::carry_out;

/// Changes every matching row, as Better Auth's SQL adapters do, and gives the first, or none.
///
/// # Errors
/// `UNIQUE_CONSTRAINT` when a new value is taken, `FOREIGN_KEY_CONSTRAINT` when a new reference leads
/// to no row; faults of the filter, the values and the database.
pub async fn update<D: Database>(db: &D, args: Update) -> Result<Option<Record>> {
    Ok(change(db, args).await?.0.into_iter().next().map(outward))
}

/// Changes every matching row, or a page of them, and gives how many.
///
/// # Errors
/// As [`update`].
pub async fn update_many<D: Database>(db: &D, args: Update) -> Result<Value> {
    let (changed, next) = change(db, args).await?;
    Ok(paged(number(changed.len()), next, None))
}

/// Adds to fields of one row that meets the guard, sets others in the same step, and gives the row
/// as it is then. An absent or null counter counts as 0, as in Better Auth's own fallback (1.7).
///
/// # Errors
/// `UNSUPPORTED_VALUE` when a counter or a delta is no number; otherwise as [`update`].
pub async fn increment_one<D: Database>(db: &D, args: Increment) -> Result<Option<Record>> {
    let Increment { model, where_, increment, set, rules } = args;
    let filter = checked(db, &model, where_)?;
    entries::declared(db, &model, &rules).await?;
    let Some(row) = Query::first(&model, &filter, 1).fetch(db).await?.pop() else {
        return Ok(None);
    };
    let mut changes = set;
    for (field, delta) in increment {
        let sum = match (row.get(&field), delta) {
            (None | Some(Value::Null), Value::Float64(delta)) => delta,
            (Some(Value::Float64(count)), Value::Float64(delta)) => count + delta,
            _ => return Err(Fault::UnsupportedValue { field }),
        };
        changes.insert(field, Value::Float64(sum));
    }
    let changed = apply(db, &model, vec![row], changes, &rules).await?;
    Ok(changed.into_iter().next().map(outward))
}

async fn change<D: Database>(db: &D, args: Update) -> Result<(Vec<Record>, Option<Record>)> {
    let Update { model, where_, update, rules, page } = args;
    let filter = checked(db, &model, where_)?;
    entries::declared(db, &model, &rules).await?;
    let moves = Some(&update);
    let begun = db.memo().usage().clone();
    let most = rows_of_change(&update);
    let paging = page.as_ref().map(|from| Paging { from, most, moves, since: Some(&begun) });
    let query = Query { paging, ..Query::all(&model, &filter) };
    let Rows { rows, next, .. } = query.fetch_page(db).await?;
    Ok((apply(db, &model, rows, update, &rules).await?, next))
}

/// Writes the changes to the rows and gives them as they are then, still with Convex's ids.
async fn apply<D: Database>(
    db: &D,
    model: &str,
    rows: Vec<Record>,
    mut changes: Record,
    rules: &Rules,
) -> Result<Vec<Record>> {
    storable(&mut changes)?;
    if rows.is_empty() || changes.is_empty() {
        return Ok(rows);
    }
    let mut changed = rows.clone();
    for row in &mut changed {
        for (field, value) in changes.iter() {
            row.insert(field.to_owned(), value.clone());
        }
    }
    let candidates = Candidates::updated(&changed, &rows, &changes)?;
    check_constraints(db, model, &candidates, rules).await?;
    let mut writes = Vec::new();
    let mut ended = None;
    let mut values = Vec::new();
    for (field, value) in changes.iter() {
        let Some((tokens_field, of)) = ends_tokens(model, field, rules) else { continue };
        ended = Some(tokens_field);
        let renewed = rows.iter().filter(|before| before.get(field) != Some(value));
        values.extend(renewed.filter_map(|before| before.get(of).cloned()));
    }
    if let Some(field) = ended {
        forget_tokens(db, field, values, &mut writes).await?;
    }
    entries::patched(db, model, &rows, &changes, &mut writes).await?;
    carry_out(db, writes).await?;
    Ok(changed)
}
