//! The `[callbacks]` section of the configuration: by what a provider's report is known to be theirs.

use serde::{Deserialize, Serialize};

/// `[callbacks]`: whatever is empty, that provider's reports are refused.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ReportSettings {
    /// SES (through SNS): `user:password` of the endpoint's address.
    pub ses_login: String,
    /// Postmark: `user:password` of the webhook's address.
    pub postmark_login: String,
    /// SendGrid: the verification key of the signed event webhook.
    pub sendgrid_public_key: String,
    /// Mailgun: the webhook signing key.
    pub mailgun_signing_key: String,
    /// Bounce mails that your mail server posts: `user:password`.
    pub bounce_login: String,
}
