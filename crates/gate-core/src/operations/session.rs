//! Where a session is looked up. No operation here knows what time it is: a JWT never outlives its
//! session, and callers that hold a session's own token compare `expiresAt` with their clock.

use super::adapter::{delete_matching, delete_rows};
use super::keys::list_keys;
use crate::database::Database;
use crate::database::join::join;
use crate::entries::{equal, first_rows};
use crate::filter::Filter;
use crate::rows::{doc_of, official_rules, outward};
use crate::schema::{SESSIONS, TOKENS, USERS, index_name};
use crate::values::members::from_members;
use crate::values::{Record, Result, Value};

/// The session that a JWT names, and whose it is.
#[derive(Debug, Clone)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[cfg_attr(feature = "typescript", ts(rename_all = "camelCase"))]
pub struct SessionUser {
    session_id: String,
    user_id: String,
}

/// A session's own token, as a cookie or a bearer header carries it.
#[derive(Clone)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ByToken {
    token: String,
}

/// A row by our own id: a session or a user.
#[derive(Debug, Clone)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ById {
    id: String,
}

/// The sessions of a user.
#[derive(Debug, Clone)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[cfg_attr(feature = "typescript", ts(rename_all = "camelCase"))]
pub struct UserSessions {
    user_id: String,
    /// Which page: `{}` for the first, then what the page before gave. Without it, all at once.
    #[cfg_attr(feature = "typescript", ts(optional, type = "unknown"))]
    page: Option<Record>,
}

/// A signed token to keep for its session. Times in ms.
#[derive(Clone)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[cfg_attr(feature = "typescript", ts(rename_all = "camelCase"))]
pub struct StoreToken {
    session_id: String,
    user_id: String,
    token: String,
    key_id: String,
    issued_at: f64,
    expires_at: f64,
}

from_members!(SessionUser, members => Self {
    session_id: members.required("sessionId"),
    user_id: members.required("userId"),
});

from_members!(ByToken, members => Self { token: members.required("token") });

from_members!(ById, members => Self { id: members.required("id") });

from_members!(UserSessions, members => Self {
    user_id: members.required("userId"),
    page: members.optional("page"),
});

from_members!(StoreToken, members => Self {
    session_id: members.required("sessionId"),
    user_id: members.required("userId"),
    token: members.required("token"),
    key_id: members.required("keyId"),
    issued_at: members.required("issuedAt"),
    expires_at: members.required("expiresAt"),
});

impl std::fmt::Debug for ByToken {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("ByToken(…)")
    }
}

impl std::fmt::Debug for StoreToken {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("StoreToken")
            .field("session_id", &self.session_id)
            .finish_non_exhaustive()
    }
}

/// The live session of a JWT and its user: two indexed reads. None when the session is gone or
/// another user's, or when the user is gone.
///
/// # Errors
/// Faults of the database.
pub async fn session_user<D: Database>(db: &D, args: SessionUser) -> Result<Option<Record>> {
    let SessionUser { session_id, user_id } = args;
    let (session, user) = join(
        one(db, SESSIONS, "id", session_id.into()),
        one(db, USERS, "id", user_id.as_str().into()),
    )
    .await;
    let (Some(session), Some(user)) = (session?, user?) else { return Ok(None) };
    let is_owner = session.get("userId").and_then(Value::as_str) == Some(&user_id);
    Ok(is_owner.then(|| pair(session, user)))
}

/// The session of a token and its user.
///
/// # Errors
/// Faults of the database.
pub async fn session_by_token<D: Database>(db: &D, args: ByToken) -> Result<Option<Record>> {
    let Some(session) = one(db, SESSIONS, "token", args.token.into()).await? else {
        return Ok(None);
    };
    let Some(user) = owner(db, &session).await? else { return Ok(None) };
    Ok(Some(pair(session, user)))
}

/// All that the token endpoint needs: session, user, cached token and keys.
///
/// # Errors
/// Faults of the database.
pub async fn token_context<D: Database>(db: &D, args: ByToken) -> Result<Option<Record>> {
    let (session, keys) = join(one(db, SESSIONS, "token", args.token.into()), list_keys(db)).await;
    let Some(session) = session? else { return Ok(None) };
    let id = session.get("id").cloned().unwrap_or(Value::Null);
    let (user, cached) = join(owner(db, &session), one(db, TOKENS, "sessionId", id)).await;
    let Some(user) = user? else { return Ok(None) };
    let mut context = pair(session, user);
    context.insert(
        "cached".to_owned(),
        cached?.map_or(Value::Null, |row| Value::Object(cached_token(row))),
    );
    context.insert("keys".to_owned(), Value::Array(keys?.into_iter().map(Value::Object).collect()));
    Ok(Some(context))
}

/// Keeps a signed token for its session, in place of an earlier one. False, and nothing is kept, when
/// the session is gone or another user's.
///
/// # Errors
/// Faults of the database.
pub async fn store_token<D: Database>(db: &D, args: StoreToken) -> Result<bool> {
    let (session, known) = join(
        one(db, SESSIONS, "id", args.session_id.as_str().into()),
        one(db, TOKENS, "sessionId", args.session_id.as_str().into()),
    )
    .await;
    let owner = session?.and_then(|session| session.get("userId").cloned());
    if owner != Some(args.user_id.as_str().into()) {
        return Ok(false);
    }
    let fields = Record::from([
        ("token".to_owned(), Value::String(args.token)),
        ("keyId".to_owned(), Value::String(args.key_id)),
        ("issuedAt".to_owned(), Value::Float64(args.issued_at)),
        ("expiresAt".to_owned(), Value::Float64(args.expires_at)),
    ]);
    if let Some(known) = known? {
        db.patch(TOKENS, doc_of(&known)?, fields).await?;
        return Ok(true);
    }
    let mut row = fields;
    row.insert("id".to_owned(), args.session_id.as_str().into());
    row.insert("sessionId".to_owned(), Value::String(args.session_id));
    row.insert("userId".to_owned(), Value::String(args.user_id));
    db.insert(TOKENS, row).await?;
    Ok(true)
}

/// Deletes a session and its cached token; false when it was gone already.
///
/// # Errors
/// Faults of the database.
pub async fn revoke_session<D: Database>(db: &D, args: ById) -> Result<bool> {
    let found = one(db, SESSIONS, "id", args.id.into()).await?;
    let existed = found.is_some();
    delete_rows(db, SESSIONS, found.into_iter().collect(), &official_rules()).await?;
    Ok(existed)
}

/// Deletes every session of a user with their cached tokens, or a page of them, and gives how many.
///
/// # Errors
/// `LIMIT_EXCEEDED` when they are too many at once; faults of the database.
pub async fn revoke_user_sessions<D: Database>(db: &D, args: UserSessions) -> Result<Value> {
    let filter = Filter::equals("userId", args.user_id.into());
    delete_matching(db, SESSIONS, &filter, &official_rules(), args.page.as_ref()).await
}

/// The user with this id.
///
/// # Errors
/// Faults of the database.
pub async fn user_by_id<D: Database>(db: &D, args: ById) -> Result<Option<Record>> {
    Ok(one(db, USERS, "id", args.id.into()).await?.map(outward))
}

async fn owner<D: Database>(db: &D, session: &Record) -> Result<Option<Record>> {
    match session.get("userId") {
        Some(user @ Value::String(_)) => one(db, USERS, "id", user.clone()).await,
        _ => Ok(None),
    }
}

/// The row that an index names. Nothing is planned: a context that is new would compile the planner for it.
async fn one<D: Database>(
    db: &D,
    table: &str,
    field: &str,
    value: Value,
) -> Result<Option<Record>> {
    let spec = equal(table, &index_name(&[field]), &[(field, &value)]);
    Ok(first_rows(db, spec, 1).await?.pop())
}

fn pair(session: Record, user: Record) -> Record {
    Record::from([
        ("session".to_owned(), Value::Object(outward(session))),
        ("user".to_owned(), Value::Object(outward(user))),
    ])
}

fn cached_token(mut row: Record) -> Record {
    row.retain(|field| matches!(field, "token" | "keyId" | "issuedAt" | "expiresAt"));
    row
}
