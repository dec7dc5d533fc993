//! The signing keys. Their private parts are encrypted on the app's side; which key signs when is
//! decided there too, because only there is a clock.

use super::adapter::delete_rows;
use crate::database::{Database, Order};
use crate::filter::Filter;
use crate::planner::Sort;
use crate::query::Query;
use crate::rows::{Rules, doc_of};
use crate::schema::{KEYS, TOKENS};
use crate::values::members::from_members;
use crate::values::{Fault, Record, Result, Value};

/// A key to add.
#[derive(Clone)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[cfg_attr(feature = "typescript", ts(rename_all = "camelCase"))]
pub struct AddKey {
    key: Record,
    /// The id of the newest key that is not retired, as the caller saw it.
    expect_newest: Option<String>,
    /// When every other key signs no more (ms), if they are to have an end.
    #[cfg_attr(feature = "typescript", ts(optional))]
    retire_others_at: Option<f64>,
}

/// A key to retire.
#[derive(Debug, Clone)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[cfg_attr(feature = "typescript", ts(rename_all = "camelCase"))]
pub struct RetireKey {
    id: String,
    /// ms
    retired_at: f64,
}

from_members!(AddKey, members => Self {
    key: members.required("key"),
    expect_newest: members.required("expectNewest"),
    retire_others_at: members.optional("retireOthersAt"),
});

from_members!(RetireKey, members => Self {
    id: members.required("id"),
    retired_at: members.required("retiredAt"),
});

impl std::fmt::Debug for AddKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("AddKey(…)")
    }
}

/// Every key, newest first.
///
/// # Errors
/// Faults of the database.
pub async fn list_keys<D: Database>(db: &D) -> Result<Vec<Record>> {
    Ok(stored(db).await?.into_iter().map(inward_only).collect())
}

/// Tokens that go with their key. The rest of them end by themselves: none is handed out once its key
/// is not the one that signs, and a compromised key must be retired however many there are.
const MOST_TOKENS: usize = 1000;

/// Adds a key if the newest one still is the expected, gives the others their end, and gives all
/// keys: of concurrent first requests one adds its key and the others get that one back.
///
/// # Errors
/// `INVALID_ARGUMENT` when the key has no id; faults of the database.
pub async fn add_key<D: Database>(db: &D, args: AddKey) -> Result<Vec<Record>> {
    let known = stored(db).await?;
    let is_usable = |key: &&Record| key.get("retiredAt").is_none_or(Value::is_null);
    let newest = known.iter().find(is_usable).and_then(|key| key.get("id")).and_then(Value::as_str);
    let is_new = known.iter().all(|key| key.get("id") != args.key.get("id"));
    if newest != args.expect_newest.as_deref() || !is_new {
        return Ok(known.into_iter().map(inward_only).collect());
    }
    if !matches!(args.key.get("id"), Some(Value::String(_))) {
        return Err(Fault::InvalidArgument { what: "a key needs an id".to_owned() });
    }
    if let Some(at) = args.retire_others_at {
        for key in &known {
            end(db, key, at).await?;
        }
    }
    db.insert(KEYS, args.key).await?;
    list_keys(db).await
}

/// Marks a key as retired, drops the tokens cached under it, and gives all keys. Of two times the
/// earlier one stands.
///
/// # Errors
/// Faults of the database.
pub async fn retire_key<D: Database>(db: &D, args: RetireKey) -> Result<Vec<Record>> {
    let id = Value::String(args.id);
    for key in stored(db).await? {
        if key.get("id") == Some(&id) {
            end(db, &key, args.retired_at).await?;
        }
    }
    let filter = Filter::equals("keyId", id);
    let tokens = Query::first(TOKENS, &filter, MOST_TOKENS).fetch(db).await?;
    delete_rows(db, TOKENS, tokens, &Rules::default()).await?;
    list_keys(db).await
}

/// Gives a key its end, unless it has one that is as early.
async fn end<D: Database>(db: &D, key: &Record, at: f64) -> Result<()> {
    if matches!(key.get("retiredAt"), Some(Value::Float64(known)) if *known <= at) {
        return Ok(());
    }
    let fields = Record::from([("retiredAt".to_owned(), Value::Float64(at))]);
    db.patch(KEYS, doc_of(key)?, fields).await
}

async fn stored<D: Database>(db: &D) -> Result<Vec<Record>> {
    let everything = Filter::default();
    let newest_first = Sort { field: "createdAt".to_owned(), order: Order::Desc };
    Query { sort: Some(&newest_first), ..Query::all(KEYS, &everything) }.fetch(db).await
}

/// A key without Convex's fields.
fn inward_only(mut key: Record) -> Record {
    key.remove("_id");
    key.remove("_creationTime");
    key
}
