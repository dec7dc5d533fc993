//! What must hold between rows, as far as a write needs it.

use crate::schema::SESSIONS;
use crate::values::members::from_members;

/// What Better Auth's own metadata says of the app's schema, as far as a write needs it.
#[derive(Debug, Clone, Default)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Rules {
    /// Groups of fields that must be unique together. A group with an absent or null field is free.
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<_>"))]
    pub unique: Vec<Vec<String>>,
    /// For a deletion every reference of the schema, so that cascades can go from table to table; for
    /// other writes those of the written table, which must lead to a row.
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<_>"))]
    pub references: Vec<Reference>,
    /// The fields of each index that the table needs and the schema lacks: rows get index entries.
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<_>"))]
    pub indexes: Vec<Vec<String>>,
    /// Pairs of fields: once the first changes, the cached tokens of the user that the second names end.
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<_>", rename = "endsTokens"))]
    pub ends_tokens: Vec<Vec<String>>,
}

/// A field that refers to a field of another table.
#[derive(Debug, Clone)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[cfg_attr(feature = "typescript", ts(rename_all = "camelCase"))]
pub struct Reference {
    /// The referring table.
    pub model: String,
    /// Its field.
    pub field: String,
    /// The table referred to.
    pub target: String,
    /// Its field.
    pub to: String,
    /// `cascade`, `set null`, `restrict`, or anything else for no action: as `restrict`, unless the referring row goes too.
    pub on_delete: String,
}

impl Reference {
    /// True when rows that refer can forbid a deletion.
    pub(crate) fn forbids(&self) -> bool {
        !matches!(self.on_delete.as_str(), "cascade" | "set null")
    }
}

from_members!(Rules, members => Self {
    unique: members.or_default("unique"),
    references: members.or_default("references"),
    indexes: members.or_default("indexes"),
    ends_tokens: members.or_default("endsTokens"),
});

from_members!(Reference, members => Self {
    model: members.required("model"),
    field: members.field("field"),
    target: members.required("target"),
    to: members.field("to"),
    on_delete: members.required("onDelete"),
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
