//! What an organization, a role and a profile are.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A tenant.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Organization {
    /// Its id: the `org_id` of everything it owns.
    pub id: Uuid,
    /// For people.
    pub name: String,
    /// For URLs and commands; unique.
    pub slug: String,
    /// What kind of organization it is.
    pub kind: Kind,
    /// IANA time zone, such as `America/New_York`.
    pub timezone: String,
    /// BCP 47 language tag, such as `en`.
    pub locale: String,
}

/// What kind of organization it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Classes, students, parents.
    School,
    /// Contacts and appointments.
    Clinic,
    /// Anything else.
    Other,
}

impl Kind {
    /// As the database has it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::School => "school",
            Self::Clinic => "clinic",
            Self::Other => "other",
        }
    }
}

/// How a person on a command line names an organization: its id, slug or name.
#[derive(Clone, Debug)]
pub struct OrganizationRef(pub String);

impl std::str::FromStr for OrganizationRef {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        if text.trim().is_empty() {
            Err("give the organization's id, slug or name".into())
        } else {
            Ok(Self(text.trim().into()))
        }
    }
}

/// A person's part in an organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Runs the organization.
    Admin,
    /// Works there.
    Staff,
    /// Teaches classes.
    Teacher,
    /// Guards students.
    Parent,
    /// Is enrolled in classes.
    Student,
}

impl Role {
    /// As the database has it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Staff => "staff",
            Self::Teacher => "teacher",
            Self::Parent => "parent",
            Self::Student => "student",
        }
    }
}

/// A person's membership in the organization.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Profile {
    /// The person's id.
    pub id: Uuid,
    /// Their role.
    #[schema(value_type = Role)]
    pub role: String,
    /// active or inactive.
    pub status: String,
    /// Their name.
    pub name: String,
    /// In lower case.
    pub email: Option<String>,
    /// As the organization wrote it.
    pub phone: Option<String>,
}

/// Who the caller is.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Me {
    /// Where.
    pub organization: Organization,
    /// Who; null for a service key.
    pub profile: Option<Profile>,
}
