//! DKIM (RFC 6376, RFC 8463): a signature by which receivers know that a mail is its domain's.

use std::path::Path;

use lettre::message::{
    dkim::{DkimCanonicalization, DkimCanonicalizationType, DkimConfig, DkimSigningAlgorithm, DkimSigningKey},
    header::HeaderName,
};

/// What is signed, where it is there. (Not Content-Type: lettre counts it to the body's first part and would sign its absence.) RFC 6376 section 5.4.1, and what one-click unsubscribing demands (RFC 8058 section 4).
const SIGNED: [&str; 9] = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "MIME-Version",
    "Auto-Submitted",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
];

/// Signs mails for one domain.
pub struct Dkim(DkimConfig);

impl Dkim {
    /// Reads the key: an RSA key in PEM (PKCS#1), or 32 bytes of an Ed25519 key in base64.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn open(selector: &str, domain: &str, file: &Path) -> Result<Self, String> {
        let wrong = |what: &dyn std::fmt::Display| format!("email.dkim_key {}: {what}", file.display());
        let text = std::fs::read_to_string(file).map_err(|error| wrong(&error))?;
        let algorithm = if text.contains("-----BEGIN") {
            DkimSigningAlgorithm::Rsa
        } else {
            DkimSigningAlgorithm::Ed25519
        };
        let key = DkimSigningKey::new(text.trim(), algorithm).map_err(|error| {
            wrong(&format!(
                "{error}; an RSA key must begin with BEGIN RSA PRIVATE KEY (openssl genrsa -traditional)"
            ))
        })?;
        Ok(Self(DkimConfig::new(
            selector.to_owned(),
            domain.to_owned(),
            key,
            SIGNED.into_iter().map(HeaderName::new_from_ascii_str).collect(),
            DkimCanonicalization {
                header: DkimCanonicalizationType::Relaxed,
                body: DkimCanonicalizationType::Relaxed,
            },
        )))
    }

    /// Adds the signature.
    pub(super) fn sign(&self, message: &mut lettre::Message) {
        message.sign(&self.0);
    }
}
