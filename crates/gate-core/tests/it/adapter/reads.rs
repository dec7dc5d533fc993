//! What calls cost: the same with ten rows as with ten thousand.

use gate_testkit::{Counts, MemoryDatabase};
use serde_json::{Value as Json, json};

use super::support::{done, seed};

/// A database with this many users, each with two sessions, an account, two verifications and more.
fn database(users: usize) -> MemoryDatabase {
    let db = MemoryDatabase::new();
    let rows = |row: &dyn Fn(usize) -> Json| Json::Array((0..users).map(row).collect());
    seed(
        &db,
        "user",
        rows(&|n| json!({ "id": format!("u{n}"), "email": format!("{n}@x"), "name": "Ann" })),
    );
    for round in 0..2 {
        seed(
            &db,
            "session",
            rows(
                &|n| json!({ "id": format!("s{n}-{round}"), "token": format!("t{n}-{round}"), "userId": format!("u{n}"), "expiresAt": 1000 + n }),
            ),
        );
        seed(
            &db,
            "verification",
            rows(
                &|n| json!({ "id": format!("v{n}-{round}"), "identifier": format!("i{n}"), "createdAt": round, "expiresAt": 1000 + n }),
            ),
        );
    }
    seed(
        &db,
        "account",
        rows(
            &|n| json!({ "id": format!("a{n}"), "userId": format!("u{n}"), "providerId": "github", "accountId": format!("{n}") }),
        ),
    );
    seed(
        &db,
        "gateTokens",
        rows(
            &|n| json!({ "id": format!("s{n}-0"), "sessionId": format!("s{n}-0"), "userId": format!("u{n}"), "keyId": format!("k{n}") }),
        ),
    );
    seed(&db, "gateKeys", json!([{ "id": "k3", "createdAt": 1 }, { "id": "k4", "createdAt": 2 }]));
    seed(
        &db,
        "rateLimit",
        rows(
            &|n| json!({ "id": format!("r{n}"), "key": format!("ip{n}"), "count": 1, "lastRequest": 1000 + n }),
        ),
    );
    db
}

fn by(field: &str, value: &str) -> Json {
    json!([{ "field": field, "value": value }])
}

/// The calls, with the documents that each may read and the scans that it may open.
fn calls() -> Vec<(&'static str, Json, usize, usize)> {
    let accounts = json!({ "as": "account", "table": "account", "from": "id", "to": "userId", "relation": "one-to-many", "limit": 100 });
    let owner = json!({ "as": "user", "table": "user", "from": "userId", "to": "id", "relation": "one-to-one", "limit": 1 });
    let unique = json!({ "unique": [["email"]] });
    let cascade = json!({ "references": [
        { "model": "session", "field": "userId", "target": "user", "to": "id", "onDelete": "cascade" },
        { "model": "account", "field": "userId", "target": "user", "to": "id", "onDelete": "cascade" },
    ] });
    vec![
        (
            "session of a JWT",
            json!({ "sessionUser": { "sessionId": "s3-0", "userId": "u3" } }),
            2,
            2,
        ),
        ("session of a token", json!({ "sessionByToken": { "token": "t3-0" } }), 2, 2),
        ("unknown token", json!({ "sessionByToken": { "token": "no" } }), 0, 1),
        ("token endpoint", json!({ "tokenContext": { "token": "t3-0" } }), 5, 4),
        (
            "store a token",
            json!({ "storeToken": { "sessionId": "s3-0", "userId": "u3", "token": "j", "keyId": "k3", "issuedAt": 1, "expiresAt": 2 } }),
            2,
            2,
        ),
        ("user", json!({ "getUser": { "id": "u3" } }), 1, 1),
        (
            "user by email with accounts",
            json!({ "findOne": { "model": "user", "where": by("email", "3@x"), "join": [accounts] } }),
            2,
            2,
        ),
        (
            "session with its user",
            json!({ "findOne": { "model": "session", "where": by("token", "t3-0"), "join": [owner] } }),
            2,
            2,
        ),
        (
            "sessions of a user",
            json!({ "findMany": { "model": "session", "where": [
            { "field": "userId", "value": "u3" }, { "field": "expiresAt", "operator": "gt", "value": 5 },
        ] } }),
            2,
            1,
        ),
        (
            "sessions by tokens",
            json!({ "findMany": { "model": "session", "where": [
            { "field": "token", "operator": "in", "value": ["t1-0", "t2-1", "no"] },
        ] } }),
            2,
            3,
        ),
        (
            "account by key",
            json!({ "findMany": { "model": "account", "limit": 2, "where": [
            { "field": "accountId", "value": "3" }, { "field": "providerId", "value": "github" },
        ] } }),
            1,
            1,
        ),
        (
            "newest verification",
            json!({ "findMany": { "model": "verification", "where": by("identifier", "i3"), "limit": 1,
            "sortBy": { "field": "createdAt", "direction": "desc" } } }),
            1,
            1,
        ),
        (
            "nothing expired",
            json!({ "deleteMany": { "model": "verification", "where": [
            { "field": "expiresAt", "operator": "lt", "value": 1000 },
        ] } }),
            0,
            1,
        ),
        (
            "first users by name",
            json!({ "findMany": { "model": "user", "limit": 5, "sortBy": { "field": "name", "direction": "asc" } } }),
            5,
            1,
        ),
        (
            "rate limit",
            json!({ "incrementOne": { "model": "rateLimit", "increment": { "count": 1 }, "where": [
            { "field": "key", "value": "ip3" }, { "field": "count", "operator": "lt", "value": 100 },
        ] } }),
            1,
            1,
        ),
        (
            "sign-up",
            json!({ "create": { "model": "user", "data": { "id": "new", "email": "new@x" }, "rules": unique } }),
            0,
            3,
        ),
        (
            "taken email",
            json!({ "findOne": { "model": "user", "where": by("email", "0@x") } }),
            1,
            1,
        ),
        (
            "change of an email",
            json!({ "update": { "model": "user", "where": by("id", "u3"), "update": { "email": "z@x" }, "rules": unique } }),
            1,
            2,
        ),
        (
            "sign-out",
            json!({ "deleteMany": { "model": "session", "where": by("token", "t4-0") } }),
            2,
            2,
        ),
        ("revoke", json!({ "revokeSession": { "id": "s5-0" } }), 2, 4),
        ("revoke all", json!({ "revokeUserSessions": { "userId": "u6" } }), 3, 7),
        ("retire a key", json!({ "retireKey": { "id": "k7", "retiredAt": 1 } }), 5, 3),
        // The user, two sessions, an account, and the cached token of one session.
        (
            "delete a user",
            json!({ "deleteMany": { "model": "user", "where": by("id", "u8"), "rules": cascade } }),
            5,
            5,
        ),
    ]
}

fn cost(users: usize) -> Vec<(&'static str, Counts)> {
    let db = database(users);
    let cost = |(name, operation, _, _): (&'static str, Json, usize, usize)| {
        db.reset_counts();
        done(&db, operation);
        (name, db.counts())
    };
    calls().into_iter().map(cost).collect()
}

#[test]
fn an_indexed_call_costs_the_same_with_ten_rows_and_ten_thousand() {
    let small = cost(10);
    assert_eq!(small, cost(10_000));
    for ((name, counts), (_, _, documents, scans)) in small.into_iter().zip(calls()) {
        assert_eq!((counts.documents, counts.scans, counts.nexts), (documents, scans, 0), "{name}");
    }
}

#[test]
fn a_long_scan_is_read_in_pages() {
    let db = database(1_000);
    done(
        &db,
        json!({ "count": { "model": "user", "where": [{ "field": "email", "operator": "contains", "value": "9" }] } }),
    );
    let counts = db.counts();
    // 100, 200, then 256 at a time.
    assert_eq!((counts.documents, counts.full_scans, counts.nexts), (1_000, 1, 4));
}
