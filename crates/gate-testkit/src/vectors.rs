//! The files of `tests/vectors/plans`: adapter calls that Better Auth makes, each with the filter and
//! the order to plan.

use gate_core::database::Order;
use gate_core::filter::{Clause, Filter, Operator};
use gate_core::planner::{Plan, Sort};
use serde_json::{Map, Value as Json, json};

use crate::json::value;

/// Where they are from a package's folder, in which cargo runs its tests. The folder of this clone is
/// not compiled in: what was compiled serves others too.
const FOLDER: &str = "../../tests/vectors/plans";

/// One call.
#[derive(Debug, Clone)]
pub struct PlanVector {
    /// What it looks for.
    pub name: String,
    /// The table.
    pub model: String,
    /// Which rows.
    pub filter: Filter,
    /// In which order.
    pub sort: Option<Sort>,
    /// True when no index can help: the call lists or searches a table.
    pub inherent: bool,
    /// The call as an operation of the adapter.
    pub operation: Json,
}

impl PlanVector {
    /// Reads a file of calls; none when it is not of their form.
    #[must_use]
    pub fn parse(file: &str) -> Option<Vec<Self>> {
        let entries: Vec<Map<String, Json>> = serde_json::from_str(file).ok()?;
        entries.into_iter().map(Self::from_entry).collect()
    }

    /// The calls of every file; none when one cannot be read.
    #[must_use]
    pub fn all() -> Option<Vec<Self>> {
        let mut all = Vec::new();
        for area in ["core", "plugins", "satellites"] {
            let file = std::fs::read_to_string(format!("{FOLDER}/{area}.json")).ok()?;
            all.extend(Self::parse(&file)?);
        }
        Some(all)
    }

    /// How the call is carried out.
    #[must_use]
    pub fn plan(&self) -> Plan {
        Plan::new(&self.model, &self.filter, self.sort.as_ref())
    }

    fn from_entry(mut entry: Map<String, Json>) -> Option<Self> {
        const MEMBERS: &[&str] = &["limit", "model", "sortBy", "where"];
        let name = entry.remove("name")?.as_str()?.to_owned();
        let inherent = match entry.remove("inherent") {
            None => false,
            Some(flag) => flag.as_bool()?,
        };
        let model = entry.get("model")?.as_str()?.to_owned();
        let clauses = entry.get("where")?.as_array()?;
        let (any, all): (Vec<&Json>, Vec<&Json>) =
            clauses.iter().partition(|clause| clause.get("connector") == Some(&json!("OR")));
        let group = |clauses: Vec<&Json>| clauses.into_iter().map(clause).collect::<Option<_>>();
        let filter = Filter { all: group(all)?, any: group(any)? };
        let sort = match entry.get("sortBy") {
            None => None,
            Some(sort) => Some(sort_by(sort)?),
        };
        // A misspelt member would silently plan another call.
        let known = entry.keys().all(|member| MEMBERS.contains(&member.as_str()));
        known.then(|| Self {
            name,
            model,
            filter,
            sort,
            inherent,
            operation: json!({ "findMany": entry }),
        })
    }
}

fn clause(json: &Json) -> Option<Clause> {
    let operator = match json.get("operator").map_or(Some("eq"), Json::as_str)? {
        "contains" => Operator::Contains,
        "ends_with" => Operator::EndsWith,
        "eq" => Operator::Equal,
        "gt" => Operator::Greater,
        "gte" => Operator::GreaterOrEqual,
        "in" => Operator::In,
        "lt" => Operator::Less,
        "lte" => Operator::LessOrEqual,
        "ne" => Operator::NotEqual,
        "not_in" => Operator::NotIn,
        "starts_with" => Operator::StartsWith,
        _ => return None,
    };
    let field = json.get("field")?.as_str()?.to_owned();
    Some(Clause { field, operator, value: value(json.get("value")?), insensitive: false })
}

fn sort_by(json: &Json) -> Option<Sort> {
    let order = match json.get("direction")?.as_str()? {
        "asc" => Order::Asc,
        "desc" => Order::Desc,
        _ => return None,
    };
    Some(Sort { field: json.get("field")?.as_str()?.to_owned(), order })
}
