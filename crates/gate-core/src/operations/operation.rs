//! Every operation that crosses into the core, and what runs it.

use std::pin::Pin;

use super::adapter::{
    Count, Create, Delete, FindMany, FindOne, Increment, Update, consume_one, count, create,
    delete_many, find_many, find_one, increment_one, list, update, update_many,
};
use super::clean::{Clean, clean};
use super::keys::{AddKey, RetireKey, add_key, list_keys, retire_key};
use super::session::{
    ById, ByToken, SessionUser, StoreToken, UserSessions, revoke_session, revoke_user_sessions,
    session_by_token, session_user, store_token, token_context, user_by_id,
};
use crate::database::Database;
use crate::entries::{Fill, fill};
use crate::values::members::{Argument, from_members, malformed};
use crate::values::{Fault, Record, Result, Value};

/// An operation with its arguments.
#[derive(Debug, Clone)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[cfg_attr(feature = "typescript", ts(rename_all = "camelCase"))]
pub enum Operation {
    /// Adds a signing key.
    AddKey(AddKey),
    /// Deletes rows of a table whose time is over.
    Clean(Clean),
    /// Better Auth's `consumeOne`.
    ConsumeOne(Delete),
    /// Better Auth's `count`.
    Count(Count),
    /// Better Auth's `create`.
    Create(Create),
    /// Better Auth's `delete`.
    Delete(Delete),
    /// Better Auth's `deleteMany`.
    DeleteMany(Delete),
    /// Index entries for rows that have none.
    Fill(Fill),
    /// Better Auth's `findMany`.
    FindMany(FindMany),
    /// Better Auth's `findOne`.
    FindOne(FindOne),
    /// A user by id.
    GetUser(ById),
    /// Better Auth's `incrementOne`.
    IncrementOne(Increment),
    /// Every signing key.
    ListKeys(NoArguments),
    /// Operations in order, with the results they must have.
    Replay(Replay),
    /// Stops a key from signing.
    RetireKey(RetireKey),
    /// Deletes one session.
    RevokeSession(ById),
    /// Deletes the sessions of a user.
    RevokeUserSessions(UserSessions),
    /// The session of a token.
    SessionByToken(ByToken),
    /// The session of a JWT.
    SessionUser(SessionUser),
    /// Keeps a signed token.
    StoreToken(StoreToken),
    /// All that the token endpoint needs.
    TokenContext(ByToken),
    /// Better Auth's `update`.
    Update(Update),
    /// Better Auth's `updateMany`.
    UpdateMany(Update),
}

impl Default for Operation {
    /// Stands in for an operation that could not be read; never run.
    fn default() -> Self {
        Self::ListKeys(NoArguments {})
    }
}

/// No arguments.
#[derive(Debug, Clone, Copy)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(type = "{}"))]
pub struct NoArguments {}

/// The log of a transaction.
#[derive(Debug, Clone)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Replay {
    /// Its steps in order.
    log: Vec<Step>,
}

#[derive(Debug, Clone)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
struct Step {
    operation: Operation,
    /// The result that was observed; absent where none was. Null is a result too.
    #[cfg_attr(feature = "typescript", ts(optional, type = "unknown"))]
    expect: Option<Value>,
}

impl Argument for NoArguments {
    fn read(name: &str, value: Value) -> Result<Self> {
        Record::read(name, value).map(|_| Self {})
    }
}

from_members!(Replay, members => Self { log: members.required("log") });

from_members!(Step, members => Self {
    operation: members.required("operation"),
    // A row may hold NaN, which no other argument may.
    expect: members.raw("expect"),
});

impl Argument for Operation {
    /// Reads `{ name: arguments }`.
    fn read(name: &str, value: Value) -> Result<Self> {
        let mut members = Record::read(name, value)?.into_iter();
        let (Some((operation, args)), None) = (members.next(), members.next()) else {
            return Err(malformed(name));
        };
        let name = operation.as_str();
        match name {
            "addKey" => Argument::read(name, args).map(Self::AddKey),
            "clean" => Argument::read(name, args).map(Self::Clean),
            "consumeOne" => Argument::read(name, args).map(Self::ConsumeOne),
            "count" => Argument::read(name, args).map(Self::Count),
            "create" => Argument::read(name, args).map(Self::Create),
            "delete" => Argument::read(name, args).map(Self::Delete),
            "deleteMany" => Argument::read(name, args).map(Self::DeleteMany),
            "fill" => Argument::read(name, args).map(Self::Fill),
            "findMany" => Argument::read(name, args).map(Self::FindMany),
            "findOne" => Argument::read(name, args).map(Self::FindOne),
            "getUser" => Argument::read(name, args).map(Self::GetUser),
            "incrementOne" => Argument::read(name, args).map(Self::IncrementOne),
            "listKeys" => Argument::read(name, args).map(Self::ListKeys),
            "replay" => Argument::read(name, args).map(Self::Replay),
            "retireKey" => Argument::read(name, args).map(Self::RetireKey),
            "revokeSession" => Argument::read(name, args).map(Self::RevokeSession),
            "revokeUserSessions" => Argument::read(name, args).map(Self::RevokeUserSessions),
            "sessionByToken" => Argument::read(name, args).map(Self::SessionByToken),
            "sessionUser" => Argument::read(name, args).map(Self::SessionUser),
            "storeToken" => Argument::read(name, args).map(Self::StoreToken),
            "tokenContext" => Argument::read(name, args).map(Self::TokenContext),
            "update" => Argument::read(name, args).map(Self::Update),
            "updateMany" => Argument::read(name, args).map(Self::UpdateMany),
            _ => Err(Fault::InvalidArgument { what: format!("unknown operation `{name}`") }),
        }
    }
}

impl Operation {
    /// Reads an operation from `{ name: arguments }`, as it arrives from JavaScript.
    ///
    /// # Errors
    /// `INVALID_ARGUMENT` naming the member that does not fit; faults of the filters within.
    pub fn parse(value: Value) -> Result<Self> {
        Argument::read("operation", value)
    }
}

/// Runs an operation to its end.
///
/// # Errors
/// The faults of the operation. The database has to undo what was written before a fault, as a
/// Convex mutation that throws does.
pub async fn run<D: Database>(db: &D, operation: Operation) -> Result<Value> {
    let log = match operation {
        Operation::Replay(Replay { log }) => log,
        single => return run_single(db, single).await,
    };
    let mut results = Vec::with_capacity(log.len());
    for (step, Step { operation, expect }) in log.into_iter().enumerate() {
        let result = run_single(db, operation).await?;
        // In Convex's order NaN equals itself.
        if expect.is_some_and(|known| known != result && known.compare(&result).is_ne()) {
            return Err(Fault::Conflict { step });
        }
        results.push(result);
    }
    Ok(Value::Object(Record::from([("results".to_owned(), Value::Array(results))])))
}

/// Boxed, so that the state machine of every operation is in the wasm once and not once a caller.
fn run_single<D: Database>(
    db: &D,
    operation: Operation,
) -> Pin<Box<dyn Future<Output = Result<Value>> + '_>> {
    Box::pin(dispatch(db, operation))
}

async fn dispatch<D: Database>(db: &D, operation: Operation) -> Result<Value> {
    Ok(match operation {
        Operation::AddKey(args) => list(add_key(db, args).await?),
        Operation::Clean(args) => clean(db, args).await?,
        Operation::ConsumeOne(args) => optional(consume_one(db, args).await?),
        Operation::Count(args) => count(db, args).await?,
        Operation::Create(args) => Value::Object(create(db, args).await?),
        Operation::Delete(args) => {
            // Null, unless there is another page.
            match delete_many(db, args).await? {
                Value::Float64(_) => Value::Null,
                part => part,
            }
        }
        Operation::DeleteMany(args) => delete_many(db, args).await?,
        Operation::Fill(args) => {
            fill(db, args).await?;
            Value::Null
        }
        Operation::FindMany(args) => find_many(db, args).await?,
        Operation::FindOne(args) => optional(find_one(db, args).await?),
        Operation::GetUser(args) => optional(user_by_id(db, args).await?),
        Operation::IncrementOne(args) => optional(increment_one(db, args).await?),
        Operation::ListKeys(NoArguments {}) => list(list_keys(db).await?),
        Operation::Replay(_) => {
            return Err(Fault::InvalidArgument { what: "a log within a log".to_owned() });
        }
        Operation::RetireKey(args) => list(retire_key(db, args).await?),
        Operation::RevokeSession(args) => Value::Bool(revoke_session(db, args).await?),
        Operation::RevokeUserSessions(args) => revoke_user_sessions(db, args).await?,
        Operation::SessionByToken(args) => optional(session_by_token(db, args).await?),
        Operation::SessionUser(args) => optional(session_user(db, args).await?),
        Operation::StoreToken(args) => Value::Bool(store_token(db, args).await?),
        Operation::TokenContext(args) => optional(token_context(db, args).await?),
        Operation::Update(args) => optional(update(db, args).await?),
        Operation::UpdateMany(args) => update_many(db, args).await?,
    })
}

fn optional(record: Option<Record>) -> Value {
    record.map_or(Value::Null, Value::Object)
}
