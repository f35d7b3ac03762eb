//! The templates that ship, as files in the binary. An organization's own by the same name goes before. No SQL, no HTTP.

use std::{collections::BTreeMap, sync::OnceLock};

use super::model::Contents;

const FILES: &[(&str, &str)] = &[
    (
        "appointment.reminder",
        include_str!("builtin/appointment.reminder.json"),
    ),
    ("digest", include_str!("builtin/digest.json")),
    ("emergency", include_str!("builtin/emergency.json")),
];

/// All of them, by name.
pub fn all() -> &'static BTreeMap<&'static str, Contents> {
    static ALL: OnceLock<BTreeMap<&'static str, Contents>> = OnceLock::new();
    ALL.get_or_init(|| {
        FILES
            .iter()
            .filter_map(|(key, text)| Some((*key, serde_json::from_str(text).ok()?)))
            .collect()
    })
}

/// One of them.
pub fn get(key: &str) -> Option<&'static Contents> {
    all().get(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::templates::{compose::render_all, model};

    #[test]
    fn what_ships_is_sound_and_renders() {
        assert_eq!(all().len(), FILES.len(), "a file cannot be read");
        let data = serde_json::json!({"organization": "O", "date": "D", "time": "T", "with": "W", "place": "P",
            "what": "W", "instructions": "I", "count": 2, "messages": [{"title": "A", "content": "B"}]});
        for (key, contents) in all() {
            assert!(model::is_key(key));
            assert_eq!(model::check(contents), [], "{key}");
            render_all(contents, data.as_object().unwrap()).unwrap_or_else(|errors| panic!("{key}: {errors:?}"));
        }
    }
}
