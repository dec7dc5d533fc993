//! House-keeping: rows whose time is over, a few of them with every write and more on request.

use crate::adapter::{Reference, Rules, delete_rows, number};
use crate::database::Database;
use crate::fault::Result;
use crate::filter::{Clause, Filter, Operator};
use crate::members::from_members;
use crate::query::Query;
use crate::schema::{SESSIONS, TOKENS};
use crate::value::{Record, Value};

/// A day in ms. How long a row stays after its time: whoever comes late is told that it is too late,
/// and not that it never was.
const DAY: f64 = 86_400_000.0;

/// How long a rate limit stays after its last request, in ms: a window of an app may be a month.
const LONGEST_WINDOW: f64 = 31.0 * DAY;

/// Tables of rows that are of no use after a time, and the field that says when. A row without that
/// time, such as a key that never expires, is in no range of the index.
const EXPIRING: [(&str, &str); 9] = [
    ("apikey", "expiresAt"),
    ("deviceCode", "expiresAt"),
    (TOKENS, "expiresAt"),
    ("oauthAccessToken", "expiresAt"),
    ("oauthClientAssertion", "expiresAt"),
    ("oauthRefreshToken", "expiresAt"),
    ("rateLimit", "lastRequest"),
    (SESSIONS, "expiresAt"),
    ("verification", "expiresAt"),
];

/// Which rows to delete.
#[derive(Debug, Clone)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Clean {
    /// The time, in ms since the epoch.
    now: f64,
    /// How many rows of each table at most.
    most: usize,
    /// The tables; without it all that have such rows.
    #[cfg_attr(feature = "typescript", ts(optional))]
    tables: Option<Vec<String>>,
}

from_members!(Clean, members => Self {
    now: members.required("now"),
    most: members.required("most"),
    tables: members.optional("tables"),
});

/// What refers to sessions in the tables of the official packages, for deletions that no app's schema
/// comes with.
pub(crate) fn official_rules() -> Rules {
    let references = ["oauthAccessToken", "oauthRefreshToken"].map(|model| Reference {
        model: model.to_owned(),
        field: "sessionId".to_owned(),
        target: SESSIONS.to_owned(),
        to: "id".to_owned(),
        on_delete: "set null".to_owned(),
    });
    Rules { references: references.into(), ..Rules::default() }
}

/// Deletes rows that are over for as long as they stay, and tells how many, and whether there may be more.
///
/// # Errors
/// Faults of the database.
pub async fn clean<D: Database>(db: &D, args: Clean) -> Result<Record> {
    let rules = official_rules();
    let (mut deleted, mut more) = (0, false);
    for (table, field) in EXPIRING {
        if args.tables.as_ref().is_some_and(|tables| tables.iter().all(|wanted| wanted != table)) {
            continue;
        }
        let grace = if table == "rateLimit" { LONGEST_WINDOW } else { DAY };
        let over = Clause {
            field: field.to_owned(),
            operator: Operator::Less,
            value: Value::Float64(args.now - grace),
            insensitive: false,
        };
        let filter = Filter { all: vec![over], any: Vec::new() };
        let rows = Query::first(table, &filter, args.most).fetch(db).await?;
        deleted += rows.len();
        more |= rows.len() == args.most;
        delete_rows(db, table, rows, &rules).await?;
    }
    Ok(Record::from([
        ("deleted".to_owned(), number(deleted)),
        ("more".to_owned(), Value::Bool(more)),
    ]))
}
