//! Requests to providers over HTTP: one client with limits on everything, and the guard that keeps requests to addresses that
//! users gave (push subscriptions) away from our own network.
//!
//! What always holds: no redirect is followed, no proxy of the environment is used, a request has a time-out, and of an
//! answer at most [`MAX_ANSWER`] bytes are read. A guarded client connects to public addresses only, decided on the address
//! that is connected to, so that a name that resolves to something else a second time gains nothing.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use jiff::Timestamp;
use reqwest::{
    Client, Response, Url,
    dns::{Addrs, Name, Resolve, Resolving},
};

/// The most that is read of an answer, in bytes.
pub const MAX_ANSWER: usize = 64 * 1024;

/// A client for addresses that the configuration names. `http2` without TLS is spoken at once (for servers on this machine).
///
/// # Errors
/// When TLS cannot be set up.
pub fn client() -> Result<Client, reqwest::Error> {
    builder().build()
}

/// The same for a server that speaks HTTP/2 in clear, and nothing else.
///
/// # Errors
/// When TLS cannot be set up.
pub fn http2_client() -> Result<Client, reqwest::Error> {
    builder().http2_prior_knowledge().build()
}

/// A client for addresses that users gave: it connects to public addresses only.
///
/// # Errors
/// When TLS cannot be set up.
pub fn guarded_client() -> Result<Client, reqwest::Error> {
    builder().https_only(true).dns_resolver(Arc::new(PublicOnly)).build()
}

fn builder() -> reqwest::ClientBuilder {
    Client::builder()
        .user_agent(concat!("Frontdesk/", env!("CARGO_PKG_VERSION")))
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .connect_timeout(Duration::from_secs(10))
        .timeout(Duration::from_secs(30))
        .pool_idle_timeout(Duration::from_secs(60))
        .tcp_nodelay(true)
}

/// Why an address that a user gave is not one to send requests to; none when it is.
#[must_use]
pub fn refuse_address(text: &str) -> Option<&'static str> {
    let Ok(url) = Url::parse(text) else {
        return Some("is no address: it must begin with https://");
    };
    if url.scheme() != "https" {
        return Some("must begin with https://");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Some("must not hold a user or a password");
    }
    let public = match url.host() {
        Some(url::Host::Ipv4(address)) => is_public(address.into()),
        Some(url::Host::Ipv6(address)) => is_public(address.into()),
        // A name without a dot is one of this network, and so are these by RFC 6761 and 6762.
        Some(url::Host::Domain(name)) => {
            let name = name.trim_end_matches('.').to_ascii_lowercase();
            let local = ["localhost", "local", "internal", "home.arpa"]
                .iter()
                .any(|end| name.ends_with(&format!(".{end}")));
            name.contains('.') && !local
        }
        None => false,
    };
    (!public).then_some("must be an address on the public internet")
}

/// Whether an address belongs to the public internet (the special-purpose registries of IANA say which do not).
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation()
        || a == 0
        || a >= 224 // multicast, reserved, broadcast
        || (a == 100 && (64..128).contains(&b)) // shared address space, RFC 6598
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (b == 18 || b == 19)); // benchmarking, RFC 2544
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    if let Some(v4) = address.to_ipv4_mapped() {
        return is_public_v4(v4);
    }
    let parts = address.segments();
    let v4_in = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match parts {
        [0x0064, 0xff9b, 0, 0, 0, 0, high, low] => v4_in(high, low), // NAT64
        [0x2002, high, low, ..] => v4_in(high, low),                 // 6to4
        [0x2001, 0..=0x01ff, ..] | [0x2001, 0x0db8, ..] | [0x3fff, 0..=0x0fff, ..] => false,
        // Everything that is given out today begins so.
        [first, ..] => (first & 0xe000) == 0x2000,
    }
}

/// Resolves names to public addresses only. (An address in the place of a name is not resolved; [`refuse_address`] is asked.)
struct PublicOnly;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            // One private address among public ones is refused as a whole: it is an attempt.
            if found.is_empty() || !found.iter().all(|one| is_public(one.ip())) {
                return Err(format!("{} is not an address on the public internet", name.as_str()).into());
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

/// `Retry-After` in seconds or as a date (RFC 9110 section 10.2.3).
#[must_use]
pub fn retry_after(response: &Response, now: Timestamp) -> Option<Duration> {
    let text = response.headers().get("retry-after")?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse::<u64>() {
        return Some(Duration::from_secs(seconds.min(86_400)));
    }
    let at = jiff::fmt::rfc2822::parse(text).ok()?.timestamp();
    let pause = Duration::try_from(at.duration_since(now)).unwrap_or_default();
    Some(pause.min(Duration::from_secs(86_400)))
}

/// What an answer says, cut off at [`MAX_ANSWER`].
pub async fn text(mut response: Response) -> String {
    let mut bytes = Vec::new();
    while let Ok(Some(chunk)) = response.chunk().await {
        let room = MAX_ANSWER - bytes.len();
        bytes.extend_from_slice(&chunk[..chunk.len().min(room)]);
        if bytes.len() == MAX_ANSWER {
            break;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// An error of the client in one line, without the address (it may be somebody's secret).
#[must_use]
pub fn describe(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_our_own_network_are_refused_in_every_spelling() {
        for text in [
            "http://push.example.org/x",
            "ftp://push.example.org",
            "https://",
            "no address",
            "https://localhost/x",
            "https://LOCALHOST./x",
            "https://a.localhost/x",
            "https://db/x",
            "https://printer.local/x",
            "https://metadata.google.internal/x",
            "https://127.0.0.1/x",
            "https://127.1/x",
            "https://2130706433/x",
            "https://0x7f000001/x",
            "https://0177.0.0.1/x",
            "https://10.1.2.3/x",
            "https://172.31.255.255/x",
            "https://192.168.0.1/x",
            "https://169.254.169.254/latest/meta-data",
            "https://100.64.0.1/x",
            "https://0.0.0.0/x",
            "https://224.0.0.1/x",
            "https://255.255.255.255/x",
            "https://[::1]/x",
            "https://[::]/x",
            "https://[::ffff:127.0.0.1]/x",
            "https://[::ffff:a00:1]/x",
            "https://[fe80::1]/x",
            "https://[fd00::1]/x",
            "https://[64:ff9b::7f00:1]/x",
            "https://[2002:7f00:1::]/x",
            "https://[2001:0:1::1]/x",
            "https://user:password@push.example.org/x",
        ] {
            assert!(refuse_address(text).is_some(), "{text} was taken");
        }
    }

    #[test]
    fn addresses_of_push_services_are_taken() {
        for text in [
            "https://fcm.googleapis.com/fcm/send/abc",
            "https://updates.push.services.mozilla.com/wpush/v2/abc",
            "https://web.push.apple.com/abc",
            "https://wns2-by3p.notify.windows.com/w/?token=abc",
            "https://8.8.8.8/x",
            "https://[2606:4700::1111]/x",
        ] {
            assert_eq!(refuse_address(text), None, "{text}");
        }
    }

    #[tokio::test]
    async fn a_name_of_this_machine_is_not_connected_to() {
        let _already_installed = rustls::crypto::ring::default_provider().install_default();
        let answer = guarded_client().unwrap().get("https://localhost:1/").send().await;
        let error = describe(answer.unwrap_err());
        assert!(error.contains("public internet"), "{error}");
    }
}
