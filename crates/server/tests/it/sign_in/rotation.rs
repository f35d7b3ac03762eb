//! The provider's keys come and go, and sometimes the provider does.

use std::time::{Duration, Instant};

use jiff::SignedDuration;
use serde_json::json;

use super::desk::Desk;
use crate::support::provider::{Answer, Key, Provider, key_set};

async fn desk(provider: &Provider) -> Desk {
    Desk::open(|auth| auth.jwks = provider.url.clone()).await
}

/// Time goes on until the next look at the keys is allowed.
fn wait(desk: &Desk) {
    desk.app.app.clock.advance(SignedDuration::from_secs(31));
}

#[tokio::test]
async fn a_new_key_counts_after_one_look_and_looks_are_rare() {
    let (first, second) = (Key::rsa("first"), Key::ec("second"));
    let provider = Provider::start(&[&first]).await;
    let desk = desk(&provider).await;
    assert_eq!(provider.looks(), 0, "nobody has asked yet");
    for _ in 0..3 {
        desk.assert_in(&first.sign(&desk.claims()), "the first key").await;
    }
    assert_eq!(provider.looks(), 1);

    let token = second.sign(&desk.claims());
    provider.publish(&[&first, &second]);
    desk.assert_out(&token, "too soon to look again").await;
    assert_eq!(provider.looks(), 1);
    wait(&desk);
    desk.assert_in(&token, "the new key").await;
    assert_eq!(provider.looks(), 2);
    desk.assert_in(&first.sign(&desk.claims()), "the old key").await;
}

#[tokio::test]
async fn a_flood_of_unknown_keys_is_one_look() {
    let (known, unknown) = (Key::ec("known"), Key::ec("unknown"));
    let provider = Provider::start(&[&known]).await;
    let desk = desk(&provider).await;
    let token = unknown.sign(&desk.claims());
    let answers = futures_util::future::join_all((0..30).map(|_| desk.ask(&token))).await;
    assert!(answers.iter().all(|answer| answer.status == 401));
    assert_eq!(provider.looks(), 1);
    desk.assert_in(&known.sign(&desk.claims()), "the known key").await;
    assert_eq!(provider.looks(), 1);
}

#[tokio::test]
async fn a_key_that_was_withdrawn_stops_counting() {
    let (old, new) = (Key::ec("old"), Key::ec("new"));
    let provider = Provider::start(&[&old]).await;
    let desk = desk(&provider).await;
    let token = old.sign(&desk.claims());
    desk.assert_in(&token, "while it is published").await;
    provider.publish(&[&new]);
    // Nobody has a token of the new key, so nothing unknown makes anybody look.
    desk.app.app.clock.advance(SignedDuration::from_mins(10));
    desk.assert_out(&token, "the key is gone").await;
}

#[tokio::test]
async fn while_the_provider_is_away_the_keys_that_are_known_go_on_counting() {
    let (known, new) = (Key::ec("known"), Key::ec("new"));
    let provider = Provider::start(&[&known]).await;
    let desk = desk(&provider).await;
    let token = known.sign(&desk.claims());
    desk.assert_in(&token, "before").await;
    let huge = key_set(&[&known, &new]).to_string() + &" ".repeat(300 * 1024);
    for (what, answer) in [
        ("out of order", Answer::Broken),
        ("no JSON", Answer::Text("<html>down for maintenance</html>".into())),
        ("no key set", Answer::Keys(json!({"error": "down"}))),
        ("too large", Answer::Text(huge)),
    ] {
        provider.answer(answer);
        wait(&desk);
        desk.assert_out(&new.sign(&desk.claims()), what).await;
        desk.assert_in(&token, what).await;
    }
    drop(provider);
    wait(&desk);
    desk.assert_out(&new.sign(&desk.claims()), "nobody there").await;
    desk.app.app.clock.advance(SignedDuration::from_mins(30));
    desk.assert_in(&token, "nobody there for half an hour").await;
}

#[tokio::test]
async fn a_provider_that_was_away_at_the_start_is_asked_again() {
    let key = Key::ec("key");
    let provider = Provider::start(&[&key]).await;
    provider.answer(Answer::Broken);
    let desk = desk(&provider).await;
    desk.assert_out(&key.sign(&desk.claims()), "no keys yet").await;
    provider.publish(&[&key]);
    wait(&desk);
    desk.assert_in(&key.sign(&desk.claims()), "now there are").await;
}

#[tokio::test]
async fn a_provider_that_never_answers_holds_up_only_those_who_need_it_and_not_for_long() {
    let (known, unknown) = (Key::ec("known"), Key::ec("unknown"));
    let provider = Provider::start(&[&known]).await;
    let desk = desk(&provider).await;
    let token = known.sign(&desk.claims());
    desk.assert_in(&token, "before").await;
    provider.answer(Answer::Silence);
    wait(&desk);
    let started = Instant::now();
    let stranger = async {
        desk.assert_out(&unknown.sign(&desk.claims()), "an unknown key").await;
        started.elapsed()
    };
    let friend = async {
        crate::support::wait::eventually("the provider is asked", async || (provider.looks() == 2).then_some(())).await;
        desk.assert_in(&token, "a known key").await;
        started.elapsed()
    };
    let (stranger, friend) = tokio::join!(stranger, friend);
    println!("the stranger waited {stranger:?}, the friend {friend:?}");
    assert!(stranger < Duration::from_secs(20));
    assert!(friend < stranger, "who is known does not wait for the provider");
}

#[tokio::test]
async fn keys_of_kinds_that_are_not_understood_do_not_spoil_the_others() {
    // RFC 7517 section 5: what is not understood is passed over.
    let key = Key::rsa("good");
    let mut keys = key_set(&[&key]);
    let list = keys["keys"].as_array_mut().unwrap();
    list.insert(
        0,
        json!({"kty": "EC", "crv": "secp256k1", "x": "AA", "y": "AA", "kid": "bitcoin"}),
    );
    list.insert(
        0,
        json!({"kty": "AKP", "alg": "ML-DSA-65", "pub": "AA", "kid": "quantum"}),
    );
    list.insert(0, json!({"kty": "RSA", "kid": "incomplete"}));
    list.insert(
        0,
        json!({"kty": "RSA", "use": "enc", "alg": "RSA-OAEP", "n": "AQAB", "e": "AQAB", "kid": "good"}),
    );
    let provider = Provider::start(&[]).await;
    provider.answer(Answer::Keys(keys));
    let desk = desk(&provider).await;
    desk.assert_in(&key.sign(&desk.claims()), "the good key").await;
    for kid in ["bitcoin", "quantum", "incomplete"] {
        let mut header = key.header();
        header.kid = Some(kid.into());
        desk.assert_out(&key.sign_with(&header, &desk.claims()), kid).await;
    }
}

#[tokio::test]
async fn a_token_that_names_no_key_counts_when_there_is_only_one_that_fits() {
    let (rsa, ec) = (Key::rsa("rsa"), Key::ec("ec"));
    let provider = Provider::start(&[&rsa, &ec]).await;
    let desk = desk(&provider).await;
    let mut header = rsa.header();
    header.kid = None;
    let token = rsa.sign_with(&header, &desk.claims());
    desk.assert_in(&token, "one RSA key").await;
    let another = Key::rsa("another");
    provider.publish(&[&rsa, &another]);
    wait(&desk);
    desk.assert_in(&another.sign(&desk.claims()), "by name").await;
    desk.assert_out(&token, "which one?").await;
}

#[tokio::test]
async fn keys_in_a_file_count_and_a_file_that_is_none_is_named_at_the_start() {
    use platform::{auth::AuthOptions, auth::Authenticator, clock::Clock};
    let key = Key::ec("key");
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), key_set(&[&key]).to_string()).unwrap();
    let path = file.path().to_string_lossy().into_owned();
    let desk = Desk::open(|auth| {
        auth.jwks = path.clone();
        auth.hs256_secret = String::new();
    })
    .await;
    desk.assert_in(&key.sign(&desk.claims()), "from a file").await;
    let new = Key::ec("new");
    std::fs::write(file.path(), key_set(&[&new]).to_string()).unwrap();
    wait(&desk);
    desk.assert_in(&new.sign(&desk.claims()), "from the file as it is now")
        .await;
    desk.assert_out(&key.sign(&desk.claims()), "no longer in the file")
        .await;

    let refuse = |jwks: &str| {
        let options = AuthOptions {
            jwks: jwks.to_owned(),
            ..AuthOptions::default()
        };
        Authenticator::new(&options, Clock::system())
            .err()
            .expect("it is refused")
    };
    std::fs::write(file.path(), "no JSON").unwrap();
    let why = refuse(&path);
    assert!(
        why.contains("auth.jwks") && why.contains(&path) && why.contains("no JWKS"),
        "{why}"
    );
    assert!(refuse("/nowhere/jwks.json").contains("/nowhere/jwks.json"));
    assert!(refuse("").contains("auth.hs256_secret"));
}
