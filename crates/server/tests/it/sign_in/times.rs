//! From when and until when a token counts, for whom and from whom.

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::desk::{Desk, NOW};
use crate::support::provider::{Key, key_set};

/// Keeps the file of the keys for as long as the test runs.
async fn desk(key: &Key, change: impl FnOnce(&mut platform::auth::AuthOptions)) -> (Desk, tempfile::NamedTempFile) {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), key_set(&[key]).to_string()).unwrap();
    let desk = Desk::open(|auth| {
        auth.jwks = file.path().to_string_lossy().into_owned();
        auth.leeway_seconds = 30;
        change(auth);
    })
    .await;
    (desk, file)
}

#[tokio::test]
async fn a_token_counts_until_it_expires_give_or_take_the_leeway() {
    let key = Key::ec("key");
    let (desk, _file) = desk(&key, |_| {}).await;
    let token = key.sign(&desk.claims_but("exp", json!(NOW)));
    desk.assert_in(&token, "in its last second").await;
    desk.app.app.clock.advance(SignedDuration::from_secs(29));
    desk.assert_in(&token, "within the leeway").await;
    desk.app.app.clock.advance(SignedDuration::from_secs(1));
    assert!(desk.assert_out(&token, "after it").await.contains("expired"));
}

#[tokio::test]
async fn a_token_counts_from_its_beginning_give_or_take_the_leeway() {
    let key = Key::ec("key");
    let (desk, _file) = desk(&key, |_| {}).await;
    let token = key.sign(&desk.claims_but("nbf", json!(NOW + 60)));
    assert!(desk.assert_out(&token, "too early").await.contains("not valid yet"));
    desk.app.app.clock.advance(SignedDuration::from_secs(30));
    desk.assert_in(&token, "within the leeway").await;
}

#[tokio::test]
async fn a_token_without_an_end_or_with_times_that_are_none_does_not_count() {
    let key = Key::ec("key");
    let (desk, _file) = desk(&key, |_| {}).await;
    let later = (NOW + 3600).to_string();
    for exp in [
        Value::Null,
        json!(later),
        json!([NOW + 3600]),
        json!({}),
        json!(true),
        json!(-1),
        json!(0),
    ] {
        desk.assert_out(&key.sign(&desk.claims_but("exp", exp.clone())), &format!("exp {exp}"))
            .await;
    }
    for nbf in [json!(later), json!([NOW]), json!(1e300)] {
        desk.assert_out(&key.sign(&desk.claims_but("nbf", nbf.clone())), &format!("nbf {nbf}"))
            .await;
    }
    desk.assert_in(
        &key.sign(&desk.claims_but("exp", json!(NOW as f64 + 0.5))),
        "a fraction",
    )
    .await;
}

#[tokio::test]
async fn a_token_that_ends_at_the_end_of_all_time_does_no_harm() {
    let key = Key::ec("key");
    let (desk, _file) = desk(&key, |_| {}).await;
    // The last second that a timestamp can hold, those around it, and the last of the year 9999.
    for exp in [
        253_402_207_200_i64,
        253_402_207_199,
        253_402_207_201,
        253_402_300_799,
        i64::MAX,
    ] {
        desk.assert_in(&key.sign(&desk.claims_but("exp", json!(exp))), &format!("exp {exp}"))
            .await;
    }
    for nbf in [-377_705_023_201_i64, i64::MIN] {
        desk.assert_in(&key.sign(&desk.claims_but("nbf", json!(nbf))), &format!("nbf {nbf}"))
            .await;
    }
}

#[tokio::test]
async fn the_audience_and_the_issuer_must_be_ours_where_they_are_configured() {
    let key = Key::ec("key");
    let (desk, _file) = desk(&key, |auth| {
        auth.audience = "frontdesk".into();
        auth.issuer = "https://id.example".into();
    })
    .await;
    let with = |iss: Value, aud: Value| {
        let mut claims = desk.claims();
        for (name, value) in [("iss", iss), ("aud", aud)] {
            if !value.is_null() {
                claims[name] = value;
            }
        }
        key.sign(&claims)
    };
    let (iss, aud) = (json!("https://id.example"), json!("frontdesk"));
    desk.assert_in(&with(iss.clone(), aud.clone()), "both right").await;
    desk.assert_in(&with(iss.clone(), json!(["other", "frontdesk"])), "one of several")
        .await;
    for wrong in [
        Value::Null,
        json!("other"),
        json!([]),
        json!(["other"]),
        json!(""),
        json!("frontdesk2"),
        json!(7),
    ] {
        desk.assert_out(&with(iss.clone(), wrong.clone()), &format!("aud {wrong}"))
            .await;
    }
    for wrong in [
        Value::Null,
        json!("https://id.example/"),
        json!("https://evil.example"),
        json!(""),
        json!(7),
    ] {
        desk.assert_out(&with(wrong.clone(), aud.clone()), &format!("iss {wrong}"))
            .await;
    }
}
