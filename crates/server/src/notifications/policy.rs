//! The policies of the tiers: which channels at once, which later and for whom, and whether people's choices count. No SQL,
//! no HTTP. The defaults are `frontdesk.default_policy`.

use platform::http::FieldError;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::{
    audience::AudienceRequest,
    model::{Category, Channel, words},
};

/// The most steps that a policy may have.
const MAX_STEPS: usize = 10;
/// The latest that a step may come: 30 days.
const MAX_AFTER: u32 = 30 * 86_400;

words! {
    /// For whom a later step still counts.
    Condition {
        /// Who has not read the message.
        Unread = "unread",
        /// Who has not acknowledged it.
        Unacknowledged = "unacknowledged",
    }
}

/// Something that follows later.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyStep {
    /// Seconds after the fan-out.
    #[schema(minimum = 1)]
    pub after: u32,
    /// For whom; for everybody when it is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub r#if: Option<Condition>,
    /// Channels to try now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channels: Option<Vec<Channel>>,
    /// Whom to tell instead that there are people who have not answered: an audience with our ids.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<AudienceRequest>,
}

/// An organization's own rules for a tier. What is left out stays as it ships.
#[derive(Clone, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyChange {
    /// Channels at once, when the sender names none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channels: Option<Vec<Channel>>,
    /// What follows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub steps: Option<Vec<PolicyStep>>,
    /// Whether the steps follow also when the sender names the channels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub steps_always: Option<bool>,
    /// Whether messages ask for an acknowledgement when the sender does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acknowledgement: Option<bool>,
    /// Whether people's preferences count. Not for an emergency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preferences: Option<bool>,
    /// Whether people's quiet hours count. Not for an emergency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quiet_hours: Option<bool>,
    /// Whether mail goes into the digest of who has chosen one. Not for an emergency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<bool>,
    /// What waits or is tried again goes only as long as this is true of the person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub only_if: Option<Condition>,
}

impl PolicyChange {
    /// What is wrong with it.
    #[must_use]
    pub fn check(&self, category: Category) -> Vec<FieldError> {
        let mut errors = Vec::new();
        let mut wrong = |field: &str, message: &str| errors.push(FieldError::new(field, message));
        if self.channels.as_ref().is_some_and(Vec::is_empty) {
            wrong(
                "channels",
                "is empty; leave it out for the tier's own, or name at least one",
            );
        }
        if category == Category::Emergency {
            for (field, value) in [
                ("preferences", self.preferences),
                ("quiet_hours", self.quiet_hours),
                ("digest", self.digest),
            ] {
                if value == Some(true) {
                    wrong(
                        field,
                        "an emergency goes past what people prefer; this cannot be changed",
                    );
                }
            }
        }
        let steps = self.steps.as_deref().unwrap_or_default();
        if steps.len() > MAX_STEPS {
            wrong("steps", "has more than 10 entries");
        }
        for (index, step) in steps.iter().enumerate() {
            let at = |name: &str| format!("steps[{index}].{name}");
            if step.after == 0 || step.after > MAX_AFTER {
                wrong(&at("after"), "must be between 1 second and 30 days (2,592,000)");
            }
            match (&step.channels, &step.to) {
                (Some(channels), None) if channels.is_empty() => wrong(&at("channels"), "is empty; name at least one"),
                (Some(_), None) => {}
                (None, Some(audience)) => {
                    for error in audience.check() {
                        wrong(&at(&error.field.replacen("audience", "to", 1)), &error.message);
                    }
                }
                _ => wrong(&at("channels"), "a step has either channels, or an audience in `to`"),
            }
        }
        errors
    }
}

/// A tier's rules as the API answers them.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Policy {
    /// The tier.
    #[schema(value_type = Category)]
    pub category: String,
    /// The rules that count.
    #[schema(value_type = Object)]
    pub policy: Value,
    /// What the organization has changed; null when nothing.
    #[schema(value_type = Option<PolicyChange>)]
    pub changes: Option<Value>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(category: Category, body: &str) -> Vec<String> {
        let change: PolicyChange = serde_json::from_str(body).unwrap();
        change.check(category).into_iter().map(|error| error.field).collect()
    }

    #[test]
    fn an_emergency_cannot_be_made_to_wait_for_preferences() {
        let body = r#"{"preferences":true,"quiet_hours":true}"#;
        assert_eq!(fields(Category::Emergency, body), ["preferences", "quiet_hours"]);
        assert_eq!(fields(Category::Announcement, body), Vec::<String>::new());
    }

    #[test]
    fn a_step_says_when_and_how() {
        let body = r#"{"steps":[{"after":0,"channels":["email"]},{"after":5},{"after":5,"to":{}},
            {"after":5,"channels":["sms"],"to":{"all":true}},{"after":9,"if":"unread","channels":["sms"]}]}"#;
        assert_eq!(
            fields(Category::Announcement, body),
            [
                "steps[0].after",
                "steps[1].channels",
                "steps[2].to",
                "steps[3].channels"
            ]
        );
    }
}
