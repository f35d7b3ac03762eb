//! The beginning of a conversation: greeting, EHLO, STARTTLS, AUTH.
//!
//! Every failure here is connection-level: a wrong password or a missing certificate must hold mails back, not fail them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use smtp_proto::{
    AUTH_LOGIN, AUTH_PLAIN, EXT_8BIT_MIME, EXT_PIPELINING, EXT_SIZE, EXT_SMTP_UTF8, EXT_START_TLS, EhloResponse,
};

use super::error::{Cause, SendError, Stage};
use super::reply::Reply;
use super::settings::{Credentials, Settings, Tls};
use super::wire::Wire;

/// What the server said it can do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Capabilities {
    pub(super) pipelining: bool,
    pub(super) eight_bit: bool,
    pub(super) smtputf8: bool,
    /// SIZE was announced, so MAIL may say how large the message is.
    pub(super) size: bool,
    /// Largest message in octets, where the server names one.
    pub(super) max_size: Option<usize>,
    start_tls: bool,
    auth: u64,
}

/// Brings a fresh connection to the point where mails can be sent.
pub(super) async fn greet(wire: &mut Wire, settings: &Settings) -> Result<Capabilities, SendError> {
    if let Tls::Implicit(config) = &settings.tls {
        wire.start_tls(config, &settings.host).await?;
    }
    let greeting = wire.reply(Stage::Greeting, wire.timeouts.command).await?;
    if greeting.code != 220 {
        return Err(refused(Stage::Greeting, greeting));
    }
    let mut offers = hello(wire, &settings.helo).await?;
    if let Tls::Opportunistic(config) | Tls::Required(config) = &settings.tls {
        let required = matches!(settings.tls, Tls::Required(_));
        if offers.start_tls {
            encrypt(wire, config, &settings.host).await?;
            // What was said before encryption could have been forged (RFC 3207 section 4.2).
            offers = hello(wire, &settings.helo).await?;
        } else if required {
            return Err(unmet(
                Stage::Tls,
                "the server does not offer STARTTLS; use smtps://, or ?tls=none on a trusted network",
            ));
        }
    }
    if let Some(credentials) = &settings.credentials {
        if !wire.is_encrypted() && !matches!(settings.tls, Tls::None) {
            return Err(unmet(
                Stage::Auth,
                "the password was not sent: the server does not offer STARTTLS; use smtps:// or ?tls=none",
            ));
        }
        sign_in(wire, &offers, credentials).await?;
    }
    Ok(offers)
}

/// EHLO, or HELO to a server that knows only that.
async fn hello(wire: &mut Wire, name: &str) -> Result<Capabilities, SendError> {
    let limit = wire.timeouts.command;
    wire.command(Stage::Hello, format!("EHLO {name}\r\n").as_bytes())
        .await?;
    let (reply, bytes) = wire.reply_with_bytes(Stage::Hello, limit).await?;
    if reply.code == 250 {
        return capabilities(&bytes);
    }
    if !matches!(reply.code, 500 | 502 | 504) {
        return Err(refused(Stage::Hello, reply));
    }
    wire.command(Stage::Hello, format!("HELO {name}\r\n").as_bytes())
        .await?;
    let reply = wire.reply(Stage::Hello, limit).await?;
    if reply.code == 250 {
        Ok(Capabilities::default())
    } else {
        Err(refused(Stage::Hello, reply))
    }
}

fn capabilities(bytes: &[u8]) -> Result<Capabilities, SendError> {
    let ehlo = EhloResponse::parse(&mut bytes.iter())
        .map_err(|error| SendError::broken(Stage::Hello, Cause::Protocol(format!("EHLO reply: {error}"))))?;
    Ok(Capabilities {
        pipelining: ehlo.has_capability(EXT_PIPELINING),
        eight_bit: ehlo.has_capability(EXT_8BIT_MIME),
        smtputf8: ehlo.has_capability(EXT_SMTP_UTF8),
        size: ehlo.has_capability(EXT_SIZE),
        // Zero means "no fixed limit" (RFC 1870 section 4).
        max_size: Some(ehlo.size).filter(|size| *size > 0),
        start_tls: ehlo.has_capability(EXT_START_TLS),
        auth: ehlo.auth(),
    })
}

async fn encrypt(
    wire: &mut Wire,
    config: &std::sync::Arc<tokio_rustls::rustls::ClientConfig>,
    host: &str,
) -> Result<(), SendError> {
    wire.command(Stage::Tls, b"STARTTLS\r\n").await?;
    let reply = wire.reply(Stage::Tls, wire.timeouts.command).await?;
    if reply.code != 220 {
        return Err(refused(Stage::Tls, reply));
    }
    // Anything that came along in clear would be taken for the server's encrypted words afterwards.
    if wire.has_unread() {
        return Err(SendError::broken(
            Stage::Tls,
            Cause::Protocol("words in clear behind the STARTTLS reply".to_owned()),
        ));
    }
    wire.start_tls(config, host).await
}

/// AUTH PLAIN (RFC 4616) in one step, or AUTH LOGIN where the server has nothing better.
async fn sign_in(wire: &mut Wire, offers: &Capabilities, credentials: &Credentials) -> Result<(), SendError> {
    let Credentials { user, password } = credentials;
    let steps = if offers.auth & AUTH_PLAIN != 0 {
        vec![format!(
            "AUTH PLAIN {}\r\n",
            BASE64.encode(format!("\0{user}\0{password}"))
        )]
    } else if offers.auth & AUTH_LOGIN != 0 {
        vec![
            "AUTH LOGIN\r\n".to_owned(),
            format!("{}\r\n", BASE64.encode(user)),
            format!("{}\r\n", BASE64.encode(password)),
        ]
    } else {
        return Err(unmet(
            Stage::Auth,
            "the server offers neither AUTH PLAIN nor AUTH LOGIN; take user and password out of the URL if it wants none",
        ));
    };
    let last = steps.len() - 1;
    for (step, line) in steps.iter().enumerate() {
        wire.command(Stage::Auth, line.as_bytes()).await?;
        let reply = wire.reply(Stage::Auth, wire.timeouts.command).await?;
        let expected = if step == last { 235 } else { 334 };
        if reply.code != expected {
            return Err(refused(Stage::Auth, reply));
        }
    }
    Ok(())
}

fn refused(stage: Stage, reply: Reply) -> SendError {
    SendError::broken(stage, Cause::Refused(reply))
}

fn unmet(stage: Stage, what: &str) -> SendError {
    SendError::broken(stage, Cause::Unmet(what.to_owned()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn capabilities_are_read_whatever_else_the_server_boasts_of() {
        let offers = capabilities(
            b"250-mx.example.net greets you\r\n250-PIPELINING\r\n250-SIZE 10240000\r\n250-VRFY\r\n250-ETRN\r\n250-STARTTLS\r\n\
              250-AUTH PLAIN LOGIN XOAUTH2\r\n250-AUTH=PLAIN LOGIN\r\n250-ENHANCEDSTATUSCODES\r\n250-8BITMIME\r\n250-DSN\r\n\
              250-XCLIENT NAME ADDR PROTO\r\n250-LIMITS RCPTMAX=100 MAILMAX=50\r\n250-X-EXPS GSSAPI NTLM\r\n250-SMTPUTF8\r\n250 CHUNKING\r\n",
        )
        .unwrap();
        assert!(offers.pipelining && offers.eight_bit && offers.smtputf8 && offers.size && offers.start_tls);
        assert_eq!(offers.max_size, Some(10_240_000));
        assert!(offers.auth & AUTH_PLAIN != 0 && offers.auth & AUTH_LOGIN != 0);
    }

    #[test]
    fn a_server_may_offer_nothing() {
        assert_eq!(
            capabilities(b"250 mx.example.net\r\n").unwrap(),
            Capabilities::default()
        );
        assert_eq!(capabilities(b"250-mx\r\n250 SIZE\r\n").unwrap().max_size, None);
        assert_eq!(capabilities(b"250-mx\r\n250 SIZE 0\r\n").unwrap().max_size, None);
        assert_eq!(
            capabilities(b"250-mx\r\n250-AUTH\r\n250 PIPELINING\r\n").unwrap().auth,
            0
        );
    }
}
