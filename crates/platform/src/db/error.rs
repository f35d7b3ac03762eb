//! What can go wrong between us and PostgreSQL, in the few kinds that callers tell apart.

use tokio_postgres::error::SqlState;

/// An error of the database or of the way to it.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// The caller has no active profile, or their key or session is not live (SQLSTATE FD401 of `open_request`).
    #[error("the caller is not welcome in this organization")]
    Unauthenticated,
    /// The database refused for lack of a privilege, by grant, by row security or by a function's own check.
    #[error("the database refused: {0}")]
    Forbidden(String),
    /// It clashes with what is there (SQLSTATE FD409 of a function of ours).
    #[error("{0}")]
    Conflict(String),
    /// A named constraint said no.
    #[error("constraint {constraint} of {table} is violated")]
    Constraint {
        /// The constraint's name, as in the migrations.
        constraint: String,
        /// The table's name.
        table: String,
    },
    /// No connection is to be had just now.
    #[error("the database cannot be reached: {0}")]
    Unavailable(String),
    /// A URL, certificate or pool setting is wrong.
    #[error("{0}")]
    Configuration(String),
    /// Everything else: a defect of ours.
    #[error("the database failed: {}", describe(.0))]
    Failed(tokio_postgres::Error),
}

impl DbError {
    /// The violated constraint's name, if that is what happened.
    #[must_use]
    pub fn constraint(&self) -> Option<&str> {
        match self {
            Self::Constraint { constraint, .. } => Some(constraint),
            _ => None,
        }
    }
}

fn describe(error: &tokio_postgres::Error) -> String {
    error.as_db_error().map_or_else(
        || error.to_string(),
        |db| format!("{} (SQLSTATE {})", db.message(), db.code().code()),
    )
}

impl From<tokio_postgres::Error> for DbError {
    fn from(error: tokio_postgres::Error) -> Self {
        let Some(db) = error.as_db_error() else {
            let unreachable = error.is_closed()
                || std::error::Error::source(&error).is_some_and(|source| source.is::<std::io::Error>());
            return if unreachable {
                Self::Unavailable(error.to_string())
            } else {
                Self::Failed(error)
            };
        };
        let code = db.code();
        if code.code() == "FD401" {
            return Self::Unauthenticated;
        }
        if code.code() == "FD409" {
            return Self::Conflict(db.message().to_owned());
        }
        if *code == SqlState::INSUFFICIENT_PRIVILEGE {
            return Self::Forbidden(db.message().to_owned());
        }
        if code.code().starts_with("23")
            && let Some(constraint) = db.constraint()
        {
            return Self::Constraint {
                constraint: constraint.to_owned(),
                table: db.table().unwrap_or_default().to_owned(),
            };
        }
        // Class 57 (operator intervention), 08 (connection) and 53 (resources): the server is going away or full.
        if ["57P", "08", "53"].iter().any(|class| code.code().starts_with(class)) {
            return Self::Unavailable(db.message().to_owned());
        }
        Self::Failed(error)
    }
}

impl From<deadpool_postgres::PoolError> for DbError {
    fn from(error: deadpool_postgres::PoolError) -> Self {
        match error {
            deadpool_postgres::PoolError::Backend(error) => match Self::from(error) {
                Self::Failed(error) => Self::Unavailable(describe(&error)),
                other => other,
            },
            other => Self::Unavailable(other.to_string()),
        }
    }
}
