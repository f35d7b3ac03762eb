//! Who a message is for, as asked. The people behind it are computed by `frontdesk.audience_members`.

use platform::http::FieldError;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::organizations::Role;

/// The most entries that one list may have.
const MAX_ENTRIES: usize = 10_000;

/// Who a message is for: everybody, named people, or roles narrowed by classes, grades and schools. Lists of different kinds
/// are AND-ed, entries of one list OR-ed. With classes, grades or schools the relation counts: `student` is who is enrolled
/// there, `parent` their guardians, `teacher` who teaches there; without roles, all three.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AudienceRequest {
    /// Everybody active in the organization. Stands alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub all: Option<bool>,
    /// Exactly these people, by id. Stands alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub people: Option<Vec<Uuid>>,
    /// People with one of these roles.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub roles: Option<Vec<Role>>,
    /// Classes, by our id or the school's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = json!(["709"]))]
    pub classes: Option<Vec<String>>,
    /// Grades, by our id or the school's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grades: Option<Vec<String>>,
    /// Schools, by our id or the school's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schools: Option<Vec<String>>,
}

impl AudienceRequest {
    /// What is wrong with it, apart from what only the database knows.
    #[must_use]
    pub fn check(&self) -> Vec<FieldError> {
        let mut errors = Vec::new();
        let mut wrong = |field: &str, message: &str| errors.push(FieldError::new(field, message));
        let given = [
            ("audience.people", self.people.as_ref().map(Vec::len)),
            ("audience.roles", self.roles.as_ref().map(Vec::len)),
            ("audience.classes", self.classes.as_ref().map(Vec::len)),
            ("audience.grades", self.grades.as_ref().map(Vec::len)),
            ("audience.schools", self.schools.as_ref().map(Vec::len)),
        ];
        for (field, length) in given {
            match length {
                Some(0) => wrong(field, "is empty; leave it out, or name at least one"),
                Some(length) if length > MAX_ENTRIES => wrong(field, "has more than 10,000 entries"),
                _ => {}
            }
        }
        let lists = given.iter().filter(|(_, length)| length.is_some()).count();
        match self.all {
            Some(false) => wrong("audience.all", "can only be true; leave it out otherwise"),
            Some(true) if lists > 0 => wrong("audience.all", "stands alone: everybody, or a choice, not both"),
            None if lists == 0 => wrong(
                "audience",
                "is empty; say all, people, roles, classes, grades or schools",
            ),
            _ => {}
        }
        if self.people.is_some() && lists > 1 {
            wrong(
                "audience.people",
                "stands alone: exactly these people, or a choice by roles and classes, not both",
            );
        }
        if self.by_relation() {
            for (index, role) in self.roles.iter().flatten().enumerate() {
                if matches!(role, Role::Admin | Role::Staff) {
                    wrong(
                        &format!("audience.roles[{index}]"),
                        "admin and staff belong to no class, grade or school; send to them apart",
                    );
                }
            }
        }
        for (name, list) in [
            ("classes", &self.classes),
            ("grades", &self.grades),
            ("schools", &self.schools),
        ] {
            for (index, entry) in list.iter().flatten().enumerate() {
                if entry.is_empty() || entry.len() > 200 || entry.contains('\0') {
                    wrong(&format!("audience.{name}[{index}]"), "is no id: 1 to 200 characters");
                }
            }
        }
        errors
    }

    /// Whether classes, grades or schools narrow it.
    fn by_relation(&self) -> bool {
        self.classes.is_some() || self.grades.is_some() || self.schools.is_some()
    }
}

/// An audience whose references are resolved: what is stored, and what `frontdesk.audience_members` takes.
#[derive(Clone, Debug)]
pub struct Audience(pub Value);

impl Audience {
    /// Puts the resolved ids in the place of what was asked.
    #[must_use]
    pub fn resolved(
        asked: &AudienceRequest,
        classes: Option<Vec<Uuid>>,
        grades: Option<Vec<Uuid>>,
        schools: Option<Vec<Uuid>>,
    ) -> Self {
        let mut value = Map::new();
        if asked.all == Some(true) {
            value.insert("all".into(), json!(true));
        }
        let mut put = |name: &str, list: Option<Value>| {
            if let Some(list) = list {
                value.insert(name.into(), list);
            }
        };
        put("people", asked.people.as_ref().map(|list| json!(list)));
        put("roles", asked.roles.as_ref().map(|list| json!(list)));
        put("classes", classes.map(|list| json!(list)));
        put("grades", grades.map(|list| json!(list)));
        put("schools", schools.map(|list| json!(list)));
        Self(Value::Object(value))
    }
}

/// The body of `POST /v1/audiences/preview`.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PreviewRequest {
    /// Who it would be for.
    pub audience: AudienceRequest,
}

/// Whom an audience would reach now.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Preview {
    /// How many people.
    pub total: i64,
    /// How many of each role.
    pub by_role: std::collections::BTreeMap<String, i64>,
    /// The first few by name.
    pub sample: Vec<Sample>,
}

/// One person whom an audience would reach.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Sample {
    /// The person.
    pub id: Uuid,
    /// Their name.
    pub name: String,
    /// Their role.
    pub role: String,
    /// Every reason.
    #[schema(value_type = Vec<Object>)]
    pub reasons: Value,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(body: &str) -> Vec<String> {
        let asked: AudienceRequest = serde_json::from_str(body).unwrap();
        asked.check().into_iter().map(|error| error.field).collect()
    }

    #[test]
    fn what_makes_sense_passes() {
        for body in [
            r#"{"all":true}"#,
            r#"{"people":["018f0000-0000-7000-8000-000000000000"]}"#,
            r#"{"roles":["parent"],"classes":["709"]}"#,
            r#"{"grades":["9","10"],"schools":["02M800"]}"#,
            r#"{"roles":["admin","staff"]}"#,
        ] {
            assert_eq!(fields(body), Vec::<String>::new(), "{body}");
        }
    }

    #[test]
    fn what_makes_none_is_refused_at_its_field() {
        assert_eq!(fields("{}"), ["audience"]);
        assert_eq!(fields(r#"{"all":false}"#), ["audience.all"]);
        assert_eq!(fields(r#"{"all":true,"roles":["parent"]}"#), ["audience.all"]);
        assert_eq!(fields(r#"{"classes":[]}"#), ["audience.classes"]);
        assert_eq!(
            fields(r#"{"roles":["parent","admin"],"classes":["1"]}"#),
            ["audience.roles[1]"]
        );
        assert_eq!(fields(r#"{"classes":["1",""]}"#), ["audience.classes[1]"]);
    }
}
