//! Editing a message that has not gone out: the changes laid over what it says, and checked like a new one. No SQL, no HTTP.

use platform::http::FieldError;
use serde_json::{Map, Value, json};

use super::answer::Notification;

/// The fields that an edit may name: those of a new notification but `draft`.
const FIELDS: &[&str] = &[
    "template",
    "title",
    "content",
    "audience",
    "category",
    "priority",
    "severity",
    "type",
    "channels",
    "acknowledgement",
    "action_url",
    "data",
    "related_entity",
    "scheduled_for",
    "expires_at",
];

/// The body of `POST /v1/notifications` that would ask for the notification as it is, with `changes` laid over it (RFC 7396:
/// null takes back to the default). `asked_channels` are those that its sender named.
///
/// # Errors
/// Each field that cannot be edited.
pub fn with_changes(
    current: &Notification,
    asked_channels: Option<&[String]>,
    changes: &Map<String, Value>,
) -> Result<Value, Vec<FieldError>> {
    let unknown: Vec<_> = changes
        .keys()
        .filter(|name| !FIELDS.contains(&name.as_str()))
        .map(|name| FieldError::new(name, format!("cannot be edited; these can: {}", FIELDS.join(", "))))
        .collect();
    if !unknown.is_empty() {
        return Err(unknown);
    }
    let mut body = json!({
        "title": current.title,
        "content": current.content,
        "audience": current.audience,
        "category": current.category,
        "priority": current.priority,
        "severity": current.severity,
        "type": current.r#type,
        "channels": asked_channels,
        "acknowledgement": current.acknowledgement,
        "action_url": current.action_url,
        "data": current.data,
        "related_entity": current.related_entity,
        "scheduled_for": current.scheduled_for,
        "expires_at": current.expires_at,
        "draft": current.state == "draft",
    });
    if let Some(body) = body.as_object_mut() {
        // Another tier brings its own priority, name and acknowledgement, unless they are named too.
        if changes.contains_key("category") {
            for field in ["priority", "type", "acknowledgement"] {
                body.remove(field);
            }
        }
        // Written out, or made of a template: one takes the other's place.
        let by_template = match changes.get("template") {
            Some(template) => !template.is_null(),
            None => current.template.is_some() && !changes.contains_key("title"),
        };
        if by_template {
            body.remove("title");
            body.remove("content");
            body.insert("template".to_owned(), json!(current.template));
        }
        for (name, value) in changes {
            if value.is_null() {
                body.remove(name);
            } else {
                body.insert(name.clone(), value.clone());
            }
        }
    }
    Ok(body)
}
