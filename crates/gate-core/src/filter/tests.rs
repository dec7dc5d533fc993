use super::*;
use crate::values::json;
use crate::values::members::Argument;

fn filter(clauses: &str) -> Result<Filter> {
    let clauses = json::parse(clauses).expect("the test's own JSON");
    Filter::parse(Argument::read("where", clauses)?, &str::to_lowercase)
}

/// Which of the rows a filter accepts, by their position.
fn accepted(clauses: &str, rows: &[&str]) -> Vec<usize> {
    let filter = filter(clauses).expect("a filter");
    let matches = |row: &&str| match json::parse(row) {
        Some(Value::Object(row)) => filter.matches(&row),
        _ => panic!("the test's own JSON"),
    };
    rows.iter().enumerate().filter(|(_, row)| matches(row)).map(|(index, _)| index).collect()
}

/// A row without the field, one with null, and three with numbers.
const NUMBERS: &[&str] = &["{}", r#"{"n":null}"#, r#"{"n":0}"#, r#"{"n":5}"#, r#"{"n":9}"#];

const TEXTS: &[&str] = &[
    "{}",
    r#"{"t":null}"#,
    r#"{"t":""}"#,
    r#"{"t":"a.*b"}"#,
    r#"{"t":"aXXb"}"#,
    r#"{"t":"A.*B"}"#,
];

fn by(operator: &str, value: &str) -> String {
    format!(r#"[{{"field":"n","operator":"{operator}","value":{value}}}]"#)
}

fn by_text(operator: &str, value: &str) -> String {
    format!(r#"[{{"field":"t","operator":"{operator}","value":{value}}}]"#)
}

#[test]
fn only_eq_null_finds_a_row_without_a_value() {
    assert_eq!(accepted(&by("eq", "null"), NUMBERS), [0, 1]);
    assert_eq!(accepted(&by("ne", "null"), NUMBERS), [2, 3, 4]);
    assert_eq!(accepted(&by("ne", "5"), NUMBERS), [2, 4]);
    assert_eq!(accepted(&by("not_in", "[5]"), NUMBERS), [2, 4]);
    assert_eq!(accepted(&by("in", "[null,5]"), NUMBERS), [3]);
}

#[test]
fn a_clause_without_a_value_is_no_clause_for_null() {
    let refused = filter(r#"[{"field":"n"}]"#);
    assert_eq!(refused, Err(Fault::UnsupportedValue { field: "n".to_owned() }));
}

#[test]
fn a_comparison_with_null_is_never_true() {
    for operator in ["lt", "lte", "gt", "gte"] {
        assert_eq!(accepted(&by(operator, "null"), NUMBERS), [0; 0], "{operator}");
    }
    for operator in ["contains", "starts_with", "ends_with"] {
        assert_eq!(accepted(&by_text(operator, "null"), TEXTS), [0; 0], "{operator}");
    }
}

#[test]
fn a_row_without_a_value_is_on_no_side_of_a_comparison() {
    assert_eq!(accepted(&by("lt", "5"), NUMBERS), [2]);
    assert_eq!(accepted(&by("lte", "5"), NUMBERS), [2, 3]);
    assert_eq!(accepted(&by("gt", "5"), NUMBERS), [4]);
    assert_eq!(accepted(&by("gte", "5"), NUMBERS), [3, 4]);
}

#[test]
fn values_of_different_kinds_do_not_compare() {
    let rows =
        [r#"{"n":"9"}"#, r#"{"n":true}"#, r#"{"n":[9]}"#, r#"{"n":{"$integer":"CQAAAAAAAAA="}}"#];
    for operator in ["eq", "lt", "lte", "gt", "gte"] {
        assert_eq!(accepted(&by(operator, "9"), &rows), [0; 0], "{operator}");
    }
    assert_eq!(accepted(&by("ne", "9"), &rows), [0, 1, 2, 3]);
}

#[test]
fn an_empty_list_holds_nothing() {
    assert_eq!(accepted(&by("in", "[]"), NUMBERS), [0; 0]);
    assert_eq!(accepted(&by("not_in", "[]"), NUMBERS), [0, 1, 2, 3, 4]);
}

#[test]
fn text_is_searched_literally() {
    assert_eq!(accepted(&by_text("contains", r#"".*""#), TEXTS), [3, 5]);
    assert_eq!(accepted(&by_text("starts_with", r#""a.""#), TEXTS), [3]);
    assert_eq!(accepted(&by_text("ends_with", r#""*b""#), TEXTS), [3]);
    assert_eq!(accepted(&by_text("contains", r#""%""#), TEXTS), [0; 0]);
    assert_eq!(accepted(&by_text("contains", r#""""#), TEXTS), [2, 3, 4, 5]);
}

#[test]
fn contains_on_a_list_asks_for_an_item() {
    let rows = [r#"{"t":["read","write"]}"#, r#"{"t":["rea"]}"#, r#"{"t":[]}"#, r#"{"t":"read"}"#];
    assert_eq!(accepted(&by_text("contains", r#""rea""#), &rows), [1, 3]);
}

#[test]
fn the_insensitive_mode_concerns_text_only() {
    let insensitive = |operator: &str, value: &str| {
        by_text(operator, value).replace('}', r#","mode":"insensitive"}"#)
    };
    assert_eq!(accepted(&insensitive("eq", r#""a.*B""#), TEXTS), [3, 5]);
    assert_eq!(accepted(&insensitive("ne", r#""a.*B""#), TEXTS), [2, 4]);
    assert_eq!(accepted(&insensitive("in", r#"["A.*b","x"]"#), TEXTS), [3, 5]);
    assert_eq!(accepted(&insensitive("not_in", r#"["A.*b"]"#), TEXTS), [2, 4]);
    assert_eq!(accepted(&insensitive("contains", r#"".*B""#), TEXTS), [3, 5]);
    assert_eq!(accepted(&insensitive("starts_with", r#""A""#), TEXTS), [3, 4, 5]);
    assert_eq!(accepted(&insensitive("ends_with", r#""B""#), TEXTS), [3, 4, 5]);
    assert_eq!(accepted(&insensitive("eq", "null"), TEXTS), [0, 1]);
    // Order knows no mode: "A" comes before "a".
    assert_eq!(accepted(&insensitive("gte", r#""a""#), TEXTS), [3, 4]);
}

#[test]
fn every_and_clause_and_one_or_clause_must_hold() {
    let rows = [
        r#"{"a":1,"b":1,"c":1}"#,
        r#"{"a":1,"b":2,"c":1}"#,
        r#"{"a":1,"b":2,"c":2}"#,
        r#"{"a":2,"b":1}"#,
    ];
    let clauses = r#"[
        {"field":"b","value":1,"connector":"OR"},
        {"field":"a","value":1,"connector":"AND"},
        {"field":"c","value":2,"connector":"OR"}
    ]"#;
    assert_eq!(accepted(clauses, &rows), [0, 2]);
    // A single clause has nothing to be connected with, whatever its connector.
    assert_eq!(accepted(r#"[{"field":"a","value":1,"connector":"OR"}]"#, &rows), [0, 1, 2]);
    // One OR clause beside AND clauses must hold: it is all that the OR group has.
    let beside = r#"[{"field":"a","value":1},{"field":"c","value":1,"connector":"OR"}]"#;
    assert_eq!(accepted(beside, &rows), [0, 1]);
    assert_eq!(accepted("[]", &rows), [0, 1, 2, 3]);
}

#[test]
fn minus_zero_is_zero() {
    assert_eq!(accepted(&by("eq", "-0"), NUMBERS), [2]);
    assert_eq!(accepted(&by("gte", "-0"), NUMBERS), [2, 3, 4]);
    assert_eq!(accepted(&by("lt", "-0"), NUMBERS), [0; 0]);
}

#[test]
fn what_is_no_filter_is_a_fault() {
    let unknown = Fault::UnknownOperator { operator: "like".to_owned() };
    assert_eq!(filter(&by("like", "1")), Err(unknown));
    for clauses in [
        by("in", "1"),
        by("not_in", r#""a""#),
        r#"[{"field":"a","value":1,"connector":"XOR"}]"#.to_owned(),
        r#"[{"field":"a","value":1,"mode":"loud"}]"#.to_owned(),
        r#"[{"value":1}]"#.to_owned(),
        r#"[1]"#.to_owned(),
        "{}".to_owned(),
    ] {
        let fault = filter(&clauses).expect_err(&clauses);
        assert_eq!(fault.code(), "INVALID_ARGUMENT", "{clauses}");
    }
    // NaN has no place in an order, so it cannot be compared with.
    let nan = filter(&by("eq", r#"{"$float":"AAAAAAAA+H8="}"#));
    assert_eq!(nan, Err(Fault::UnsupportedValue { field: "n".to_owned() }));
}

#[test]
fn a_list_is_lower_cased_once_and_not_for_every_row() {
    let calls = std::cell::Cell::new(0);
    let counted = |text: &str| {
        calls.set(calls.get() + 1);
        text.to_lowercase()
    };
    let clauses = by_text("in", r#"["A","B","A.*B"]"#).replace('}', r#","mode":"insensitive"}"#);
    let clauses = json::parse(&clauses).expect("the test's own JSON");
    let clauses = Argument::read("where", clauses);
    let filter = Filter::parse(clauses.expect("clauses"), &counted).expect("a filter");
    assert_eq!(calls.get(), 3);
    let found = TEXTS.iter().filter(|row| match json::parse(row) {
        Some(Value::Object(row)) => filter.matches_with(&row, &counted),
        _ => panic!("the test's own JSON"),
    });
    // Of the six rows two have no text.
    assert_eq!((found.count(), calls.get()), (2, 3 + 4));
}

#[test]
fn a_part_is_found_wherever_it_is() {
    let texts = |letters: &[&str]| -> Vec<String> {
        let longer = |texts: &Vec<String>| {
            let each =
                |text: &String| letters.iter().map(|letter| format!("{text}{letter}")).collect();
            texts.iter().flat_map(|text| -> Vec<String> { each(text) }).collect::<Vec<_>>()
        };
        let mut all = vec![vec![String::new()]];
        for length in 0..7 {
            all.push(longer(&all[length]));
        }
        all.concat()
    };
    let all = texts(&["a", "b"]);
    for text in &all {
        for part in &all {
            assert_eq!(
                holds(text.as_bytes(), part.as_bytes()),
                text.contains(part),
                "{part} in {text}"
            );
        }
    }
}

#[test]
fn a_long_part_of_a_long_text_is_looked_for_once() {
    // Anew at each place these are a hundred thousand million comparisons: the test would not end.
    let (text, part) = ("a".repeat(2 << 20), "a".repeat(1 << 20));
    assert!(holds(text.as_bytes(), part.as_bytes()));
    assert!(!holds(text.as_bytes(), format!("{part}b").as_bytes()));
}
