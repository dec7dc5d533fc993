//! Why an operation did not happen. A fault names models and fields, never values: they may be tokens.

/// The error of every operation of the core.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// A recorded result came out otherwise when a transaction was replayed.
    #[error("step {step} of the transaction found other data than before")]
    Conflict {
        /// The index of the step in the log.
        step: usize,
    },
    /// A reference to a row that is not there.
    #[error("foreign key constraint failed: `{model}.{field}` refers to no row of `{target}`")]
    ForeignKeyConstraint {
        /// The table of the row that was to be written.
        model: String,
        /// The referring field.
        field: String,
        /// The table referred to.
        target: String,
    },
    /// A bug of ours, or a reply that does not fit its request.
    #[error("internal fault: {what}")]
    Internal {
        /// What was found.
        what: &'static str,
    },
    /// The arguments of an operation are not of its form.
    #[error("invalid argument: {what}")]
    InvalidArgument {
        /// What is wrong with them.
        what: String,
    },
    /// A table or field that Convex cannot hold.
    #[error("`{name}` is not a name that Convex accepts for a table or field")]
    InvalidName {
        /// The name.
        name: String,
    },
    /// More than one transaction of Convex can hold. Nothing has changed.
    #[error("this needs more than {most} {limit} in one transaction; an action does it in pages")]
    LimitExceeded {
        /// What there is too much of.
        limit: &'static str,
        /// How much an operation may use.
        most: usize,
    },
    /// A row is still referenced and the reference says restrict.
    #[error("a row of `{target}` is still referenced by `{model}.{field}`")]
    Restricted {
        /// The referencing table.
        model: String,
        /// The referencing field.
        field: String,
        /// The table of the row that was to be deleted.
        target: String,
    },
    /// Another row has the same value in a unique field.
    #[error("unique constraint failed: {model}.{}", fields.join(", "))]
    UniqueConstraint {
        /// The table.
        model: String,
        /// The fields that must be unique together.
        fields: Vec<String>,
    },
    /// An operator that this version does not know.
    #[error("unknown operator `{operator}`")]
    UnknownOperator {
        /// The operator.
        operator: String,
    },
    /// Replies for an operation that has ended or never began.
    #[error("there is no such task")]
    UnknownTask,
    /// A value that no field can hold, or that an operator cannot compare.
    #[error("field `{field}` cannot hold or be compared with this value")]
    UnsupportedValue {
        /// The field.
        field: String,
    },
}

impl Fault {
    /// The stable code, the same on every side of the boundary.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Conflict { .. } => "CONFLICT",
            Self::ForeignKeyConstraint { .. } => "FOREIGN_KEY_CONSTRAINT",
            Self::Internal { .. } => "INTERNAL_FAULT",
            Self::InvalidArgument { .. } => "INVALID_ARGUMENT",
            Self::InvalidName { .. } => "INVALID_NAME",
            Self::LimitExceeded { .. } => "LIMIT_EXCEEDED",
            Self::Restricted { .. } => "RESTRICTED",
            Self::UniqueConstraint { .. } => "UNIQUE_CONSTRAINT",
            Self::UnknownOperator { .. } => "UNKNOWN_OPERATOR",
            Self::UnknownTask => "UNKNOWN_TASK",
            Self::UnsupportedValue { .. } => "UNSUPPORTED_VALUE",
        }
    }
}

/// The result of an operation of the core.
pub type Result<T, E = Fault> = std::result::Result<T, E>;
