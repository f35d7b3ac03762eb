//! Tokens that somebody made who should not be able to.

use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

use super::desk::{Desk, raw};
use crate::support::{
    app::SECRET,
    provider::{Key, Provider, key_set},
};

/// A desk that takes HS256 by a secret, and one key of each other kind from a file. The keys name no algorithm, as some
/// providers' do not: only the kind of key says what it is for.
struct Setting {
    desk: Desk,
    rsa: Key,
    ec: Key,
    ed: Key,
    _file: tempfile::NamedTempFile,
}

async fn setting() -> Setting {
    let (rsa, ec, ed) = (Key::rsa("rsa"), Key::ec("ec"), Key::ed("ed"));
    let mut keys = key_set(&[&rsa, &ec, &ed]);
    for key in keys["keys"].as_array_mut().unwrap() {
        key.as_object_mut().unwrap().remove("alg");
    }
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), keys.to_string()).unwrap();
    let path = file.path().to_string_lossy().into_owned();
    Setting {
        desk: Desk::open(|auth| auth.jwks = path).await,
        rsa,
        ec,
        ed,
        _file: file,
    }
}

fn hmac(algorithm: Algorithm, kid: Option<&str>, secret: &[u8], claims: &Value) -> String {
    let mut header = Header::new(algorithm);
    header.kid = kid.map(ToOwned::to_owned);
    encode(&header, claims, &EncodingKey::from_secret(secret)).unwrap()
}

#[tokio::test]
async fn good_tokens_of_every_kind_are_taken() {
    let Setting { desk, rsa, ec, ed, .. } = setting().await;
    let claims = desk.claims();
    desk.assert_in(&hmac(Algorithm::HS256, None, SECRET.as_bytes(), &claims), "HS256")
        .await;
    for key in [&rsa, &ec, &ed] {
        desk.assert_in(&key.sign(&claims), &format!("{:?}", key.header())).await;
    }
}

#[tokio::test]
async fn a_token_without_a_signature_is_refused_however_none_is_spelt() {
    let Setting { desk, rsa, .. } = setting().await;
    let claims = desk.claims();
    let good = rsa.sign(&claims);
    let signature = good.rsplit('.').next().unwrap();
    for algorithm in ["none", "None", "NONE", "nOnE", ""] {
        for signature in ["", signature] {
            let token = raw(
                &json!({"alg": algorithm, "typ": "JWT", "kid": "rsa"}),
                &claims,
                signature,
            );
            desk.assert_out(&token, algorithm).await;
        }
    }
    let unsigned = raw(&json!({"alg": "RS256", "kid": "rsa"}), &claims, "");
    desk.assert_out(&unsigned, "RS256 without a signature").await;
    desk.assert_out(&raw(&json!({"typ": "JWT"}), &claims, signature), "no algorithm")
        .await;
}

#[tokio::test]
async fn a_public_key_is_no_secret_to_sign_with() {
    let Setting { desk, rsa, ec, ed, .. } = setting().await;
    let claims = desk.claims();
    for key in [&rsa, &ec, &ed] {
        let pem = key.public_pem();
        let jwk = key.jwk().to_string();
        let kid = key.header().kid;
        for secret in [pem.as_slice(), pem.trim_ascii(), jwk.as_bytes(), b""] {
            for algorithm in [Algorithm::HS256, Algorithm::HS384, Algorithm::HS512] {
                for kid in [kid.as_deref(), None] {
                    let token = hmac(algorithm, kid, secret, &claims);
                    desk.assert_out(&token, &format!("{algorithm:?} with a public key"))
                        .await;
                }
            }
        }
    }
}

#[tokio::test]
async fn the_secret_counts_for_hs256_only_and_a_key_for_its_own_kind_only() {
    let Setting { desk, rsa, ec, .. } = setting().await;
    let claims = desk.claims();
    for algorithm in [Algorithm::HS384, Algorithm::HS512] {
        for kid in [None, Some("rsa")] {
            desk.assert_out(&hmac(algorithm, kid, SECRET.as_bytes(), &claims), "another HMAC")
                .await;
        }
    }
    let mut header = rsa.header();
    header.kid = Some("ec".into());
    desk.assert_out(
        &rsa.sign_with(&header, &claims),
        "RSA's signature under the EC key's name",
    )
    .await;
    header = ec.header();
    header.kid = Some("rsa".into());
    desk.assert_out(
        &ec.sign_with(&header, &claims),
        "EC's signature under the RSA key's name",
    )
    .await;
}

#[tokio::test]
async fn a_key_that_the_token_brings_itself_is_not_used() {
    let Setting { desk, .. } = setting().await;
    let own = Key::rsa("rsa");
    let elsewhere = Provider::start(&[&own]).await;
    let mut header = own.header();
    desk.assert_out(&own.sign_with(&header, &desk.claims()), "another key by the same name")
        .await;
    header.jwk = Some(serde_json::from_value(own.jwk()).unwrap());
    header.jku = Some(elsewhere.url.clone());
    header.x5u = Some(elsewhere.url.clone());
    desk.assert_out(&own.sign_with(&header, &desk.claims()), "brings its own key")
        .await;
    header.kid = Some("../../../etc/passwd' or '1'='1".into());
    desk.assert_out(&own.sign_with(&header, &desk.claims()), "a strange name")
        .await;
    assert_eq!(elsewhere.looks(), 0);
}

#[tokio::test]
async fn a_token_that_was_altered_in_any_place_is_refused() {
    let Setting { desk, rsa, ec, ed, .. } = setting().await;
    for key in [&rsa, &ec, &ed] {
        let good = key.sign(&desk.claims());
        let dots: Vec<usize> = good.match_indices('.').map(|(at, _)| at).collect();
        for at in [3, dots[0] + 5, dots[0] + 40, dots[1] + 1, dots[1] + 30] {
            let mut altered = good.clone().into_bytes();
            altered[at] = if altered[at] == b'A' { b'B' } else { b'A' };
            desk.assert_out(&String::from_utf8(altered).unwrap(), &format!("{good} at {at}"))
                .await;
        }
        let other = key.sign(&desk.claims_but("sub", json!(uuid::Uuid::nil())));
        let mixed = format!("{}.{}", &other[..other.rfind('.').unwrap()], &good[dots[1] + 1..]);
        desk.assert_out(&mixed, "another token's signature").await;
    }
}

#[tokio::test]
async fn what_is_no_token_is_refused_without_trouble() {
    let Setting { desk, rsa, .. } = setting().await;
    let good = rsa.sign(&desk.claims());
    let padded = rsa.sign(&desk.claims_but("padding", json!("x".repeat(8 * 1024))));
    let deep = raw(
        &json!({"alg": "RS256", "kid": "rsa"}),
        &json!([[[[[[[[[[]]]]]]]]]]),
        "AAAA",
    );
    let garbage = [
        "x",
        ".",
        "..",
        "...",
        "a.b.c",
        "eyJhbGciOiJIUzI1NiJ9..",
        "fdk_",
        "fds_",
        "fdk_AAAA",
        "null",
        "undefined",
        &good[..good.len() - 40],
        &good[1..],
        &format!("{good}.{good}"),
        &format!("{good}A"),
        &good.replace('.', ".."),
        &deep,
        &padded,
        &"A".repeat(60_000),
    ];
    for token in garbage {
        desk.assert_out(token, &token[..token.len().min(60)]).await;
    }
    desk.assert_in(&good, "the good one").await;
}

#[tokio::test]
async fn a_token_that_demands_what_is_not_understood_is_refused() {
    // RFC 7515 section 4.1.11.
    let Setting { desk, .. } = setting().await;
    let header = json!({"alg": "HS256", "crit": ["http://example.com/only-on-sundays"], "http://example.com/only-on-sundays": true});
    let unsigned = raw(&header, &desk.claims(), "");
    let message = unsigned.trim_end_matches('.');
    let key = EncodingKey::from_secret(SECRET.as_bytes());
    let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &key, Algorithm::HS256).unwrap();
    desk.assert_out(&format!("{message}.{signature}"), "crit").await;
}

#[tokio::test]
async fn the_header_must_be_a_bearer_token() {
    let Setting { desk, rsa, .. } = setting().await;
    let good = rsa.sign(&desk.claims());
    let url = format!("{}/v1/me", desk.app.url);
    for value in [
        "",
        "Bearer",
        "Bearer ",
        &good,
        &format!("Basic {good}"),
        &format!("Token {good}"),
    ] {
        let request = desk.app.client().get(&url).header("authorization", value);
        assert_eq!(desk.app.send(request).await.status, 401, "{value}");
    }
    assert_eq!(desk.app.send(desk.app.client().get(&url)).await.status, 401);
    let twice = desk
        .app
        .client()
        .get(&url)
        .bearer_auth("garbage")
        .header("authorization", format!("Bearer {good}"));
    assert_eq!(
        desk.app.send(twice).await.status,
        401,
        "the first counts, and it is none"
    );
    let lower = desk
        .app
        .client()
        .get(&url)
        .header("authorization", format!("bearer {good}"));
    assert_eq!(desk.app.send(lower).await.status, 200);
}
