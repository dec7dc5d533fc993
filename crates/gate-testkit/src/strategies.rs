//! Rows and lists for property tests. Values come from small pools, so that conditions meet rows.

use std::collections::HashMap;
use std::sync::LazyLock;

use gate_core::values::{Record, Value};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{BoxedStrategy, Just, Strategy, any};
use proptest::prop_oneof;
use proptest::sample::select;
use proptest::strategy::SBoxedStrategy;
use proptest::string::string_regex;

use crate::oracle::{Condition, Listing};

/// A table as the strategies see it.
#[derive(Debug, Clone, Copy)]
pub struct TestTable {
    /// Its name.
    pub name: &'static str,
    /// Its fields but `id`, indexed ones and others.
    pub fields: &'static [&'static str],
}

/// Native-indexed tables, and one that the catalogue does not list.
pub const TEST_TABLES: &[TestTable] = &[
    TestTable { name: "session", fields: &["token", "userId", "expiresAt", "ipAddress"] },
    TestTable { name: "account", fields: &["providerId", "accountId", "userId", "scopes"] },
    TestTable {
        name: "member",
        fields: &["organizationId", "userId", "role", "createdAt", "active"],
    },
    TestTable { name: "verification", fields: &["identifier", "createdAt", "expiresAt", "value"] },
    TestTable { name: "user", fields: &["email", "name", "createdAt", "banned", "role"] },
    TestTable { name: "ownTable", fields: &["name", "createdAt", "scopes", "enabled"] },
];

/// The operators of Better Auth 1.7.
pub const OPERATORS: &[&str] =
    &["eq", "ne", "lt", "lte", "gt", "gte", "in", "not_in", "contains", "starts_with", "ends_with"];

/// Text: prefixes of one another, case pairs, characters on both sides of UTF-16's surrogates, what
/// other databases take for wildcards.
const TEXTS: &[&str] = &[
    "",
    "a",
    "A",
    "ab",
    "aB",
    "abc",
    "b",
    ".*",
    "%",
    "\u{e9}",
    "\u{c9}",
    "\u{df}",
    "\u{130}",
    "\u{d7ff}",
    "\u{e000}",
    "\u{ffff}",
    "\u{1f600}",
    "\u{1f600}a",
    "\u{10ffff}",
    "\u{10ffff}a",
    "\u{0}",
    "\"\\\n",
];

/// Up to three characters that are no control characters. As a text in the strategies below it would be
/// read again, with the table of all such characters, for each value.
#[expect(clippy::unwrap_used, reason = "the expression is a constant and right")]
static PRINTABLE: LazyLock<SBoxedStrategy<String>> =
    LazyLock::new(|| string_regex("\\PC{0,3}").unwrap().sboxed());

const NUMBERS: &[f64] = &[
    -0.0,
    0.0,
    1.0,
    -1.0,
    2.0,
    2.5,
    3.0,
    1e300,
    -1e300,
    9_007_199_254_740_991.0,
    5e-324,
    f64::INFINITY,
    f64::NEG_INFINITY,
];

/// Up to `most` rows of a table, each with an id of its own, as the adapter would have stored them.
pub fn rows(table: TestTable, most: usize) -> impl Strategy<Value = Vec<Record>> {
    let fields: Vec<_> = table.fields.iter().map(|field| stored(field)).collect();
    vec(fields, 0..=most).prop_map(move |rows| {
        let rows = rows.into_iter().enumerate();
        rows.map(|(index, values)| {
            let fields = table.fields.iter().zip(values);
            let mut row: Record = fields
                .filter_map(|(field, value)| Some(((*field).to_owned(), value?)))
                .map(|(field, mut value)| {
                    let _ = value.normalize();
                    (field, value)
                })
                .collect();
            row.insert("id".to_owned(), Value::String(format!("id{index}")));
            row
        })
        .collect()
    })
}

/// A list over a table: conditions, order, limit and offset.
pub fn listing(table: TestTable) -> impl Strategy<Value = Listing> {
    let sort = option::of((field(table), any::<bool>()));
    let limit = prop_oneof![2 => 0_usize..6, 3 => Just(100)];
    let offset = prop_oneof![2 => Just(0), 1 => 0_usize..6];
    let all = vec(condition(table, Just(false).boxed()), 0..4);
    let mixed = vec(condition(table, any::<bool>().boxed()), 1..5);
    let any_of = vec(condition(table, Just(true).boxed()), 1..4);
    let conditions = prop_oneof![3 => all, 2 => mixed, 1 => any_of];
    (conditions, sort, limit, offset).prop_map(|(conditions, sort, limit, offset)| {
        let sort = sort.map(|(field, descending)| (field.to_owned(), descending));
        Listing { conditions, sort, limit, offset }
    })
}

/// Any value that a document can hold, but NaN.
pub fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        4 => text(),
        3 => number(),
        1 => any::<bool>().prop_map(Value::Bool),
        1 => Just(Value::Null),
        1 => (-2_i64..3).prop_map(Value::Int64),
        1 => vec(any::<u8>(), 0..3).prop_map(Value::Bytes),
    ];
    leaf.prop_recursive(2, 6, 3, |item| {
        prop_oneof![
            vec(item.clone(), 0..3).prop_map(Value::Array),
            vec((select(&["a", "b", "c"][..]).prop_map(ToOwned::to_owned), item), 0..3)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn field(table: TestTable) -> impl Strategy<Value = &'static str> {
    let fields: Vec<&'static str> = table.fields.iter().copied().chain(["id"]).collect();
    select(fields)
}

fn condition(table: TestTable, or: BoxedStrategy<bool>) -> impl Strategy<Value = Condition> {
    let operands: HashMap<_, _> =
        table.fields.iter().chain(&["id"]).map(|field| (*field, Operands::of(field))).collect();
    // `eq` is what Better Auth asks most.
    let operator = prop_oneof![1 => Just("eq"), 2 => select(OPERATORS)];
    let of_field = (field(table), operator).prop_flat_map(move |(field, operator)| {
        let operand = operands.get(field).map_or_else(|| text().boxed(), |all| all.by(operator));
        (Just(field), Just(operator), operand)
    });
    (of_field, or, proptest::bool::weighted(0.2)).prop_map(
        |((field, operator, value), or, insensitive)| Condition {
            field: field.to_owned(),
            operator,
            value,
            or,
            insensitive,
        },
    )
}

/// What a field is compared with. Made once for each: to make a strategy costs more than to ask it.
struct Operands {
    one: BoxedStrategy<Value>,
    list: BoxedStrategy<Value>,
    part: BoxedStrategy<Value>,
}

impl Operands {
    fn of(field: &str) -> Self {
        let one = prop_oneof![8 => home(field), 1 => Just(Value::Null), 1 => any_value()].boxed();
        let list = vec(one.clone(), 0..4).prop_map(Value::Array).boxed();
        let part = if field == "scopes" { text().boxed() } else { one.clone() };
        Self { one, list, part }
    }

    fn by(&self, operator: &str) -> BoxedStrategy<Value> {
        match operator {
            "in" | "not_in" => self.list.clone(),
            "contains" => self.part.clone(),
            _ => self.one.clone(),
        }
    }
}

/// What a row holds in a field; none when the field is absent.
fn stored(field: &str) -> BoxedStrategy<Option<Value>> {
    prop_oneof![
        16 => home(field).prop_map(Some),
        2 => Just(None),
        1 => Just(Some(Value::Null)),
        1 => any_value().prop_map(Some),
    ]
    .boxed()
}

/// The values that are usual in a field.
fn home(field: &str) -> BoxedStrategy<Value> {
    match field {
        "id" => (0..8).prop_map(|index| Value::String(format!("id{index}"))).boxed(),
        "active" | "banned" | "enabled" => any::<bool>().prop_map(Value::Bool).boxed(),
        "createdAt" | "expiresAt" => number().boxed(),
        "scopes" => vec(text(), 0..3).prop_map(Value::Array).boxed(),
        _ => text().boxed(),
    }
}

fn number() -> impl Strategy<Value = Value> {
    select(NUMBERS).prop_map(Value::Float64)
}

fn text() -> impl Strategy<Value = Value> {
    prop_oneof![
        18 => select(TEXTS).prop_map(Value::from),
        1 => PRINTABLE.clone().prop_map(Value::String),
        1 => (200_usize..2_000).prop_map(|length| Value::String("x".repeat(length))),
    ]
}
