//! The cached tokens that end with a session, or with what a change makes of its user.

use crate::database::Database;
use crate::database::join::try_join_all;
use crate::filter::Filter;
use crate::query::Query;
use crate::rows::{Docs, Rules, doc_of};
use crate::schema::{SESSIONS, TOKENS};
use crate::values::{Result, Value};
use crate::writes::Write;

/// The field of the cached tokens, and that of the row which has its value, when a change of `field` is one after
/// which tokens must not be handed out any more: of a session's identity, or of a user's password. Sessions keep their
/// names whatever the app calls them. Where passwords are the rules say; a caller without rules has Better Auth's names.
pub(super) fn ends_tokens<'a>(
    table: &str,
    field: &str,
    rules: &'a Rules,
) -> Option<(&'static str, &'a str)> {
    let named = rules.ends_tokens.iter().find_map(|pair| match pair.as_slice() {
        [of, user] if of == field => Some(user.as_str()),
        _ => None,
    });
    match (table, field) {
        (SESSIONS, "id" | "token" | "userId") => Some(("sessionId", "id")),
        ("account", "password") => Some(("userId", named.unwrap_or("userId"))),
        _ => named.map(|user| ("userId", user)),
    }
}

/// The writes that drop the cached tokens with these values in a field: those of some sessions, or of
/// some users.
pub(super) async fn forget_tokens<D: Database>(
    db: &D,
    field: &str,
    values: Vec<Value>,
    writes: &mut Vec<Write>,
) -> Result<()> {
    let found = try_join_all(values.into_iter().map(|value| async move {
        let filter = Filter::equals(field, value);
        Query::all(TOKENS, &filter).fetch(db).await
    }))
    .await?;
    // A session can be named twice: it lost its user, and then something else deleted it.
    let mut seen = Docs::default();
    for token in found.iter().flatten() {
        if seen.insert(doc_of(token)?) {
            writes.push(Write::delete(TOKENS, token)?);
        }
    }
    Ok(())
}
