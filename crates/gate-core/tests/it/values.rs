//! Values: Convex's order, and the JSON that they cross in.
use std::cmp::Ordering;

use gate_core::values::{Record, Value, compare_optional, json};
use gate_testkit::strategies::any_value;
use proptest::prelude::*;

fn text(value: &Value) -> String {
    let mut text = String::new();
    json::write(value, &mut text);
    text
}

fn object(entries: &[(&str, Value)]) -> Value {
    Value::Object(entries.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect())
}

#[test]
fn values_stand_in_the_order_of_convex() {
    let ascending = [
        None,
        Some(Value::Null),
        Some(Value::Int64(i64::MIN)),
        Some(Value::Int64(-1)),
        Some(Value::Int64(i64::MAX)),
        Some(Value::Float64(f64::NEG_INFINITY)),
        Some(Value::Float64(-1.0)),
        Some(Value::Float64(-0.0)),
        Some(Value::Float64(0.0)),
        Some(Value::Float64(5e-324)),
        Some(Value::Float64(f64::INFINITY)),
        Some(Value::Bool(false)),
        Some(Value::Bool(true)),
        Some(Value::from("")),
        Some(Value::from("a")),
        Some(Value::from("a\u{0}")),
        Some(Value::from("ab")),
        Some(Value::from("b")),
        // By UTF-8, not by UTF-16, where the next two stand the other way round.
        Some(Value::from("\u{ffff}")),
        Some(Value::from("\u{1f600}")),
        Some(Value::Bytes(Vec::new())),
        Some(Value::Bytes(vec![0])),
        Some(Value::Bytes(vec![255])),
        Some(Value::Array(Vec::new())),
        Some(Value::Array(vec![Value::Null])),
        Some(Value::Array(vec![Value::Null, Value::Null])),
        Some(Value::Array(vec![Value::from("a")])),
        Some(object(&[])),
        Some(object(&[("a", Value::Null)])),
        Some(object(&[("a", Value::Null), ("b", Value::Null)])),
        Some(object(&[("a", Value::Bool(false))])),
        Some(object(&[("b", Value::Null)])),
    ];
    for (i, a) in ascending.iter().enumerate() {
        for (j, b) in ascending.iter().enumerate() {
            assert_eq!(compare_optional(a.as_ref(), b.as_ref()), i.cmp(&j), "{a:?} and {b:?}");
        }
    }
}

#[test]
fn normalising_drops_the_sign_of_zero_and_finds_nan_at_any_depth() {
    let mut zeroes =
        Value::Array(vec![Value::Float64(-0.0), object(&[("n", Value::Float64(-0.0))])]);
    assert!(zeroes.normalize());
    assert_eq!(text(&zeroes), r#"[0,{"n":0}]"#);
    assert!(!Value::Array(vec![object(&[("n", Value::Float64(f64::NAN))])]).normalize());
}

#[test]
fn a_record_keeps_its_fields_in_name_order_and_each_once() {
    let mut record = Record::from([("b".to_owned(), Value::Null), ("a".to_owned(), Value::Null)]);
    record.insert("b".to_owned(), Value::Bool(true));
    assert_eq!(text(&Value::Object(record.clone())), r#"{"a":null,"b":true}"#);
    assert_eq!(record.remove("a"), Some(Value::Null));
    assert_eq!(record.remove("a"), None);
    assert!(!record.contains_key("a") && record.contains_key("b"));
}

#[test]
fn special_values_have_the_json_of_convex() {
    // Written down by hand after the `convexToJson` of the convex package.
    for (value, expected) in [
        (Value::Int64(1), r#"{"$integer":"AQAAAAAAAAA="}"#),
        (Value::Int64(-1), r#"{"$integer":"//////////8="}"#),
        (Value::Bytes(vec![1, 2, 3]), r#"{"$bytes":"AQID"}"#),
        (Value::Bytes(vec![1, 2]), r#"{"$bytes":"AQI="}"#),
        (Value::Bytes(vec![1]), r#"{"$bytes":"AQ=="}"#),
        (Value::Bytes(Vec::new()), r#"{"$bytes":""}"#),
        (Value::Float64(-0.0), r#"{"$float":"AAAAAAAAAIA="}"#),
        (Value::Float64(f64::INFINITY), r#"{"$float":"AAAAAAAA8H8="}"#),
        (Value::Float64(2.5), r#"{"$float":"AAAAAAAABEA="}"#),
        (Value::Float64(-3.0), "-3"),
        (Value::Float64(9_007_199_254_740_992.0), "9007199254740992"),
    ] {
        assert_eq!(text(&value), expected);
        assert_eq!(json::parse(expected), Some(value), "{expected}");
    }
}

#[test]
fn escapes_become_characters() {
    let parsed = json::parse(r#""\ud83d\ude00 \u00e9 \n\t\r\b\f\/\\\"""#);
    assert_eq!(parsed, Some(Value::from("\u{1f600} \u{e9} \n\t\r\u{8}\u{c}/\\\"")));
    // Half a surrogate pair has no UTF-8.
    assert_eq!(json::parse(r#""\ud83d""#), Some(Value::from("\u{fffd}")));
    assert_eq!(json::parse(r#""\ud83dx""#), Some(Value::from("\u{fffd}x")));
    assert_eq!(json::parse(r#""\ude00\ud83d\ude00""#), Some(Value::from("\u{fffd}\u{1f600}")));
    assert_eq!(json::parse(r#""\ud83d\ud83d\ude00""#), Some(Value::from("\u{fffd}\u{1f600}")));
}

#[test]
fn what_is_no_json_is_refused() {
    for text in [
        "",
        " ",
        "{",
        "}",
        "[",
        "[1,]",
        "[1 2]",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{a:1}",
        "'a'",
        "\"",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\\u+123\"",
        "\"\n\"",
        "nul",
        "truefalse",
        "1 1",
        "-",
        "+1",
        "01x",
        "1.5",
        "1e3",
        "99999999999999999999",
        "9007199254740993",
        "NaN",
        "\u{a0}1",
        r#"{"$integer":"AQ=="}"#,
        r#"{"$float":1}"#,
        r#"{"$bytes":"A"}"#,
        r#"{"$bytes":"===="}"#,
        r#"{"$bytes":"AQ=A"}"#,
        r#"{"$new":"AQ=="}"#,
        r#"{"$bytes":"AQ==","b":1}"#,
        r#"{"a":1,"$bytes":"AQ=="}"#,
    ] {
        assert_eq!(json::parse(text), None, "{text}");
    }
    assert_eq!(json::parse(&"[".repeat(1_000_000)), None);
    let deep = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);
    assert!(json::parse(&deep(100)).is_some());
    assert_eq!(json::parse(&deep(101)), None);
}

/// The values that need no special form, as another library reads them.
fn plain() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        any::<String>().prop_map(serde_json::Value::from),
        (-(1_i64 << 53)..=1 << 53).prop_map(serde_json::Value::from),
        any::<bool>().prop_map(serde_json::Value::from),
        Just(serde_json::Value::Null),
    ];
    leaf.prop_recursive(3, 16, 4, |item| {
        prop_oneof![
            proptest::collection::vec(item.clone(), 0..4).prop_map(serde_json::Value::from),
            proptest::collection::btree_map("[^$].{0,3}", item, 0..4)
                .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: gate_testkit::cases(4_000),
        failure_persistence: Some(Box::new(
            proptest::test_runner::FileFailurePersistence::WithSource("regressions")
        )),
        ..ProptestConfig::default()
    })]

    #[test]
    fn json_gives_back_the_value(value in any_value()) {
        let written = text(&value);
        prop_assert_eq!(json::parse(&written), Some(value));
        // Another reader agrees that it is JSON.
        prop_assert!(serde_json::from_str::<serde_json::Value>(&written).is_ok());
    }

    #[test]
    fn json_is_read_as_another_library_reads_it(value in plain(), pretty in any::<bool>()) {
        let written = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) };
        prop_assert_eq!(json::parse(&written.unwrap()), Some(gate_testkit::value(&value)));
    }

    #[test]
    fn whole_texts_of_any_kind_never_panic(text in "[\\[\\]{}\",:\\\\u0-9a-f$ -]{0,40}") {
        let read = json::parse(&text).is_some();
        // What is read here is JSON to others as well.
        prop_assert!(!read || serde_json::from_str::<serde_json::Value>(&text).is_ok() || text.contains('$') || has_leading_zero(&text));
    }

    #[test]
    fn the_order_is_total(a in any_value(), b in any_value(), c in any_value()) {
        prop_assert_eq!(a.compare(&b), b.compare(&a).reverse());
        if a.compare(&b) != Ordering::Greater && b.compare(&c) != Ordering::Greater {
            prop_assert_ne!(a.compare(&c), Ordering::Greater);
        }
    }
}

/// Only our own writers are read, so a number like 007 needs no refusal.
fn has_leading_zero(text: &str) -> bool {
    text.split(|each: char| !each.is_ascii_digit()).any(|run| run.len() > 1 && run.starts_with('0'))
}

#[test]
fn breaks_and_tabs_cross_in_two_letters() {
    assert_eq!(text(&Value::from("a\n\r\t\u{1}\u{1f}")), r#""a\n\r\t\u0001\u001f""#);
}
