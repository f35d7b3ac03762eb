//! What the directory's lists answer.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::organizations::Role;

/// A school or grade: something with a name that classes and students belong to.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Group {
    /// Our id.
    pub id: Uuid,
    /// The school's own id.
    pub external_id: String,
    /// For people.
    pub name: String,
}

/// A class (a section, in rosters).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Class {
    /// Our id.
    pub id: Uuid,
    /// The school's own id.
    pub external_id: String,
    /// For people.
    pub name: String,
    /// What is taught.
    pub course: Option<String>,
    /// When in the day.
    pub period: Option<String>,
    /// Name of the grade.
    pub grade: Option<String>,
    /// Name of the school.
    pub school: Option<String>,
}

/// `?role=…&q=…`
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ProfileQuery {
    /// Only people with this role.
    pub role: Option<Role>,
    /// Only people whose name or email contains this.
    pub q: Option<String>,
    /// Rows on a page, 1–100; 20 by default.
    #[param(minimum = 1, maximum = 100, default = 20)]
    pub limit: Option<i64>,
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
}

/// `?q=…`
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ClassQuery {
    /// Only classes whose name or own id contains this.
    pub q: Option<String>,
    /// Rows on a page, 1–100; 20 by default.
    #[param(minimum = 1, maximum = 100, default = 20)]
    pub limit: Option<i64>,
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
}
