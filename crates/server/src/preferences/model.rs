//! What can be preferred, and what cannot. No SQL, no HTTP.

use std::collections::BTreeMap;

use jiff::{civil::Time, tz::TimeZone};
use platform::http::FieldError;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The tiers that can be muted, and the channels.
const CATEGORIES: [&str; 3] = ["announcement", "reminder", "system"];
const CHANNELS: [&str; 5] = ["in_app", "websocket", "email", "push", "sms"];

/// How mail is gathered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Digest {
    /// Each message by itself.
    Off,
    /// One mail an hour.
    Hourly,
    /// One mail a day, at 8 in the morning.
    Daily,
    /// One mail a week, on Monday at 8.
    Weekly,
}

impl Digest {
    /// As the database has it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Hourly => "hourly",
            Self::Daily => "daily",
            Self::Weekly => "weekly",
        }
    }
}

/// When not to be disturbed, in the person's own time zone. Mail, push and text messages wait until it is over.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QuietHours {
    /// From, as hh:mm.
    #[schema(example = "22:00")]
    pub from: String,
    /// To, as hh:mm; the next morning when it is earlier. The same as `from`: no quiet hours.
    #[schema(example = "07:00")]
    pub to: String,
}

/// Which channels a category may use: `{"announcement": {"email": false}}`.
pub type Categories = BTreeMap<String, BTreeMap<String, bool>>;

/// What to change. What is left out stays; null goes back to the organization's defaults.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PreferenceChange {
    /// By tier, then by channel. An emergency cannot be muted.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Object>)]
    pub categories: Option<Option<Categories>>,
    /// When not to be disturbed.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<QuietHours>)]
    pub quiet_hours: Option<Option<QuietHours>>,
    /// How mail is gathered.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Digest>)]
    pub digest: Option<Option<Digest>>,
    /// IANA time zone; null: the profile's, or the organization's. Not for the organization's defaults.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, example = "Europe/Zurich")]
    pub timezone: Option<Option<String>>,
}

/// Tells null (some none) from left out (none).
fn given<'de, T: Deserialize<'de>, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

impl PreferenceChange {
    /// What is wrong with it.
    #[must_use]
    pub fn check(&self) -> Vec<FieldError> {
        let mut errors = Vec::new();
        for (category, channels) in self.categories.iter().flatten().flatten() {
            if category == "emergency" {
                errors.push(FieldError::new("categories.emergency", "an emergency cannot be muted"));
                continue;
            }
            if !CATEGORIES.contains(&category.as_str()) {
                errors.push(FieldError::new(
                    format!("categories.{category}"),
                    format!("is not known; there are {}", CATEGORIES.join(", ")),
                ));
                continue;
            }
            for channel in channels.keys().filter(|channel| !CHANNELS.contains(&channel.as_str())) {
                errors.push(FieldError::new(
                    format!("categories.{category}.{channel}"),
                    format!("is not known; there are {}", CHANNELS.join(", ")),
                ));
            }
        }
        if let Some(Some(quiet)) = &self.quiet_hours {
            for (field, text) in [("quiet_hours.from", &quiet.from), ("quiet_hours.to", &quiet.to)] {
                if parse_time(text).is_none() {
                    errors.push(FieldError::new(field, "must be a time of day such as 22:00"));
                }
            }
        }
        if let Some(Some(zone)) = &self.timezone
            && TimeZone::get(zone).is_err()
        {
            errors.push(FieldError::new("timezone", "is no IANA time zone; write Europe/Zurich"));
        }
        errors
    }
}

/// `hh:mm`.
#[must_use]
pub fn parse_time(text: &str) -> Option<Time> {
    (text.len() == 5).then(|| text.parse().ok()).flatten()
}

/// `muted` as it becomes with a change laid over it.
#[must_use]
pub fn mute(muted: &[String], categories: &Categories) -> Vec<String> {
    let mut muted = muted.to_vec();
    for (category, channels) in categories {
        for (channel, on) in channels {
            let way = format!("{category}.{channel}");
            muted.retain(|known| *known != way);
            if !on {
                muted.push(way);
            }
        }
    }
    muted.sort();
    muted
}

/// Every tier with every channel, as `muted` leaves them. An emergency uses all.
#[must_use]
pub fn categories(muted: &[String]) -> Categories {
    let channels = |category: &str| {
        let on = |channel: &str| category == "emergency" || !muted.contains(&format!("{category}.{channel}"));
        CHANNELS
            .iter()
            .map(|channel| ((*channel).to_owned(), on(channel)))
            .collect()
    };
    CATEGORIES
        .iter()
        .chain(&["emergency"])
        .map(|category| ((*category).to_owned(), channels(category)))
        .collect()
}

/// What counts, with what is one's own of it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Preferences {
    /// By tier, then by channel.
    #[schema(value_type = Object)]
    pub categories: Categories,
    /// When not to be disturbed; null for never.
    pub quiet_hours: Option<QuietHours>,
    /// How mail is gathered.
    #[schema(value_type = Digest)]
    pub digest: String,
    /// The time zone that counts.
    pub timezone: String,
    /// Which of these are one's own; the others are the organization's defaults.
    pub own: Vec<&'static str>,
}

/// Where somebody unsubscribes: the address for `List-Unsubscribe` (RFC 8058), with a token of
/// `frontdesk.unsubscribe_token`. GET shows a page with a button, POST does it at once.
#[must_use]
pub fn unsubscribe_url(public_url: &str, token: &str) -> String {
    format!("{}/v1/unsubscribe/{token}", public_url.trim_end_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(body: &str) -> Vec<String> {
        let change: PreferenceChange = serde_json::from_str(body).unwrap();
        change.check().into_iter().map(|error| error.field).collect()
    }

    #[test]
    fn each_mistake_is_named() {
        assert_eq!(
            fields(
                r#"{"categories":{"emergency":{"sms":false},"party":{},"system":{"fax":true}},
                    "quiet_hours":{"from":"25:00","to":"7"},"timezone":"Mars/Base"}"#
            ),
            [
                "categories.emergency",
                "categories.party",
                "categories.system.fax",
                "quiet_hours.from",
                "quiet_hours.to",
                "timezone"
            ]
        );
        assert_eq!(
            fields(r#"{"categories":null,"quiet_hours":null,"digest":null}"#),
            Vec::<String>::new()
        );
    }

    #[test]
    fn a_change_touches_only_what_it_names() {
        let muted = vec!["system.email".to_owned()];
        let change = Categories::from([("system".to_owned(), BTreeMap::from([("sms".to_owned(), false)]))]);
        assert_eq!(mute(&muted, &change), ["system.email", "system.sms"]);
        let all = categories(&["announcement.email".to_owned(), "emergency.sms".to_owned()]);
        assert!(!all["announcement"]["email"] && all["emergency"]["sms"] && all["system"]["sms"]);
    }
}
