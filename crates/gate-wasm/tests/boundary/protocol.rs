use gate_core::values::Record;
use gate_testkit::{MemoryDatabase, value};
use gate_wasm::{cancel, live_tasks, resume, start};
use serde_json::{Value as Json, json};

use crate::driver::{drive, parse, text};

fn database() -> MemoryDatabase {
    let db = MemoryDatabase::new();
    let rows = |rows: Json| -> Vec<Record> {
        let rows = rows.as_array().unwrap().iter().map(|row| match value(row) {
            gate_core::values::Value::Object(row) => row,
            _ => panic!("no row"),
        });
        rows.collect()
    };
    db.seed("user", rows(json!([{ "id": "u", "email": "a@x" }]))).unwrap();
    db.seed("session", rows(json!([{ "id": "s", "token": "t", "userId": "u" }]))).unwrap();
    db
}

fn done(db: &MemoryDatabase, operation: &Json) -> Json {
    // Numbers that are not whole cross as `$float`, as JavaScript writes them for us.
    let outcome = drive(db, &text(&value(operation)));
    assert_eq!(live_tasks(), 0);
    outcome.answer["done"].clone()
}

fn fault(answer: &Json) -> &str {
    answer["fault"]["code"].as_str().unwrap()
}

fn by_token() -> String {
    json!({ "sessionByToken": { "token": "t" } }).to_string()
}

#[test]
fn the_first_answer_is_a_request_in_the_form_of_the_protocol() {
    let answer = parse(&start(&by_token()));
    let task = answer["need"]["task"].clone();
    assert_eq!(
        answer,
        json!({ "need": { "task": task, "requests": [{ "scan": {
            "scan": 1, "table": "session", "index": "by_token",
            "range": { "eq": [["token", "t"]] }, "order": "asc", "take": 1,
        } }] } })
    );
    assert_eq!(live_tasks(), 1);
    cancel(u32::try_from(task.as_u64().unwrap()).unwrap());
    assert_eq!(live_tasks(), 0);
}

#[test]
fn a_session_takes_two_rounds_and_both_its_reads_one_where_they_can() {
    let db = database();
    let outcome = drive(&db, &by_token());
    assert_eq!((outcome.rounds, outcome.requests, live_tasks()), (2, 2, 0));
    let pair = json!({
        "session": { "_id": "s", "id": "s", "token": "t", "userId": "u" },
        "user": { "_id": "u", "id": "u", "email": "a@x" },
    });
    assert_eq!(outcome.answer, json!({ "done": pair }));
    let outcome =
        drive(&db, &json!({ "sessionUser": { "sessionId": "s", "userId": "u" } }).to_string());
    assert_eq!((outcome.rounds, outcome.requests, live_tasks()), (1, 2, 0));
    assert_eq!(outcome.answer, json!({ "done": pair }));
}

#[test]
fn every_kind_of_request_crosses() {
    let db = database();
    let user =
        json!({ "id": "v", "email": "b@x", "image": null, "tags": ["a", 1.5], "zero": -0.0 });
    let created = done(&db, &json!({ "create": { "model": "user", "data": user } }));
    assert_eq!(
        created,
        json!({ "_id": "v", "id": "v", "email": "b@x", "image": null, "tags": ["a", { "$float": "AAAAAAAA+D8=" }], "zero": 0 })
    );
    let filter = json!([{ "field": "email", "value": "b@x" }]);
    let update = json!({ "updateMany": { "model": "user", "where": filter, "update": { "name": "\"\u{1f600}\n" } } });
    assert_eq!(done(&db, &update), json!(1));
    let find = json!({ "findOne": { "model": "user", "where": filter, "select": ["name"] } });
    assert_eq!(done(&db, &find), json!({ "name": "\"\u{1f600}\n" }));
    assert_eq!(done(&db, &json!({ "deleteMany": { "model": "user", "where": filter } })), json!(1));
    assert_eq!(done(&db, &find), Json::Null);
    assert_eq!(done(&db, &json!({ "count": { "model": "user" } })), json!(1));
}

#[test]
fn an_absent_value_is_asked_for_as_undefined_and_bounds_are_written_out() {
    let claim = json!({ "findMany": { "model": "deviceCode", "where": [{ "field": "userId", "value": null }] } });
    let answer = parse(&start(&claim.to_string()));
    let requests = answer["need"]["requests"].as_array().unwrap();
    assert_eq!(requests[0]["scan"]["range"], json!({ "eq": [["userId", { "$undefined": true }]] }));
    assert_eq!(requests[1]["scan"]["range"], json!({ "eq": [["userId", null]] }));
    assert_eq!(
        (&requests[0]["scan"]["scan"], &requests[1]["scan"]["scan"]),
        (&json!(1), &json!(2))
    );
    cancel(u32::try_from(answer["need"]["task"].as_u64().unwrap()).unwrap());

    let expired = json!({ "findMany": { "model": "verification", "where": [{ "field": "expiresAt", "operator": "lt", "value": 5 }] } });
    let answer = parse(&start(&expired.to_string()));
    assert_eq!(
        answer["need"]["requests"][0]["scan"]["range"],
        json!({
            "eq": [],
            "lower": ["expiresAt", { "value": null, "inclusive": false }],
            "upper": ["expiresAt", { "value": 5, "inclusive": false }],
        })
    );
    cancel(u32::try_from(answer["need"]["task"].as_u64().unwrap()).unwrap());
    assert_eq!(live_tasks(), 0);
}

#[test]
fn a_long_scan_asks_for_its_next_pages_by_number() {
    let db = MemoryDatabase::new();
    let rows = (0..700).map(|index| {
        Record::from([("id".to_owned(), gate_core::values::Value::String(index.to_string()))])
    });
    db.seed("user", rows).unwrap();
    let outcome = drive(&db, r#"{"count":{"model":"user"}}"#);
    assert_eq!(outcome.answer, json!({ "done": 700 }));
    assert_eq!((outcome.rounds, db.counts().nexts, live_tasks()), (4, 3, 0));
}

#[test]
fn a_fault_carries_its_code_its_text_and_what_it_names() {
    let db = database();
    let taken = json!({ "create": {
        "model": "user", "data": { "email": "a@x" }, "rules": { "unique": [["email"]] },
    } });
    let answer = drive(&db, &taken.to_string()).answer;
    assert_eq!(
        answer,
        json!({ "fault": {
            "code": "UNIQUE_CONSTRAINT",
            "message": "unique constraint failed: user.email",
            "meta": { "model": "user", "fields": ["email"] },
        } })
    );
    assert_eq!((live_tasks(), db.rows("user").len()), (0, 1));

    for (operation, code, meta) in [
        (json!({ "count": { "model": "a-b" } }), "INVALID_NAME", json!({ "name": "a-b" })),
        (
            json!({ "count": { "model": "user", "where": [{ "field": "id", "value": 1, "operator": "like" }] } }),
            "UNKNOWN_OPERATOR",
            json!({ "operator": "like" }),
        ),
        (
            json!({ "incrementOne": { "model": "user", "where": [], "increment": { "email": 1 } } }),
            "UNSUPPORTED_VALUE",
            json!({ "field": "email" }),
        ),
        (
            json!({ "replay": { "log": [{ "operation": { "count": { "model": "user" } }, "expect": 9 }] } }),
            "CONFLICT",
            json!({ "step": 0 }),
        ),
        (
            json!({ "deleteMany": { "model": "user", "rules": { "references": [
                { "model": "session", "field": "userId", "target": "user", "to": "id", "onDelete": "restrict" },
            ] } } }),
            "RESTRICTED",
            json!({ "model": "session", "field": "userId", "target": "user" }),
        ),
        (json!({ "findOne": {} }), "INVALID_ARGUMENT", json!({})),
    ] {
        let answer = drive(&db, &operation.to_string()).answer;
        assert_eq!((fault(&answer), &answer["fault"]["meta"]), (code, &meta), "{operation}");
        assert_eq!(live_tasks(), 0);
    }
}

#[test]
fn what_is_no_operation_is_a_fault_and_leaves_no_task() {
    for text in [
        "",
        "{",
        "null",
        "[]",
        "1",
        "{}",
        r#"{"explode":{}}"#,
        r#"{"count":{"model":"user"},"findOne":{"model":"user"}}"#,
        r#"{"count":null}"#,
        r#"{"count":{"model":1}}"#,
        r#"{"count":{"model":"user","where":{}}}"#,
        r#"{"findMany":{"model":"user","limit":-1}}"#,
        r#"{"findMany":{"model":"user","sortBy":{"field":"id"}}}"#,
        r#"{"create":{"model":"user"}}"#,
        r#"{"sessionUser":{"sessionId":"s"}}"#,
        r#"{"replay":{"log":[{}]}}"#,
    ] {
        let answer = parse(&start(text));
        assert_eq!(fault(&answer), "INVALID_ARGUMENT", "{text}");
        assert_eq!(live_tasks(), 0, "{text}");
    }
}

#[test]
fn a_decimal_that_nobody_here_reads_is_refused_as_a_whole() {
    let plain = r#"{"create":{"model":"user","data":{"n":1.5}}}"#;
    assert_eq!(fault(&parse(&start(plain))), "INVALID_ARGUMENT");
    assert_eq!(live_tasks(), 0);
}

#[test]
fn replies_that_do_not_fit_end_the_task() {
    for replies in [
        "",
        "null",
        "{}",
        "[]",
        "[null]",
        "[1]",
        r#"[{"rows":[]}]"#,
        r#"[{"rows":{},"done":true}]"#,
        r#"[{"rows":[1],"done":true}]"#,
        r#"[{"rows":[],"done":1}]"#,
        r#"[{"rows":[],"done":true},{"rows":[],"done":true}]"#,
    ] {
        let answer = parse(&start(&by_token()));
        let task = u32::try_from(answer["need"]["task"].as_u64().unwrap()).unwrap();
        assert_eq!(fault(&parse(&resume(task, replies))), "INTERNAL_FAULT", "{replies}");
        assert_eq!(live_tasks(), 0, "{replies}");
        assert_eq!(fault(&parse(&resume(task, replies))), "UNKNOWN_TASK");
    }
}

#[test]
fn a_task_is_known_until_it_is_cancelled() {
    let task = |answer: Json| u32::try_from(answer["need"]["task"].as_u64().unwrap()).unwrap();
    let (first, second) = (task(parse(&start(&by_token()))), task(parse(&start(&by_token()))));
    assert_ne!(first, second);
    assert_eq!(live_tasks(), 2);
    cancel(first);
    cancel(first);
    cancel(12345);
    assert_eq!(live_tasks(), 1);
    let nothing = r#"[{"rows":[],"done":true}]"#;
    assert_eq!(fault(&parse(&resume(first, nothing))), "UNKNOWN_TASK");
    assert_eq!(parse(&resume(second, nothing)), json!({ "done": null }));
    assert_eq!(live_tasks(), 0);
}

#[test]
fn a_fault_never_repeats_a_value() {
    let secret = "a-token-that-must-not-show";
    let db = database();
    for operation in [
        json!({ "create": { "model": "user", "data": { "id": "u", "token": secret } } }),
        json!({ "findMany": { "model": "user", "where": [{ "field": "token", "value": secret, "operator": "in" }] } }),
        json!({ "sessionByToken": { "token": [secret] } }),
        json!({ "incrementOne": { "model": "user", "increment": { "email": secret } } }),
        json!({ "storeToken": { "sessionId": "s", "userId": "u", "token": secret } }),
        json!({ "addKey": { "key": { "privateKey": secret }, "expectNewest": null } }),
    ] {
        let answer = drive(&db, &operation.to_string()).answer;
        assert!(answer.get("fault").is_some(), "{operation}");
        assert!(!answer.to_string().contains(secret), "{operation}");
    }
}
