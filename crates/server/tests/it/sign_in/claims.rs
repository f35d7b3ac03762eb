//! Whom a token names, and what the database says about them.

use platform::auth::AuthOptions;
use serde_json::{Value, json};
use uuid::Uuid;

use super::desk::{Desk, NOW};
use crate::support::{app::SECRET, people};

fn sign(claims: &Value) -> String {
    let key = jsonwebtoken::EncodingKey::from_secret(SECRET.as_bytes());
    jsonwebtoken::encode(&jsonwebtoken::Header::default(), claims, &key).unwrap()
}

#[tokio::test]
async fn the_organization_is_where_the_configuration_says() {
    let claims = |desk: &Desk, place: Value| {
        let mut claims = json!({"sub": desk.pia, "exp": NOW + 60});
        claims
            .as_object_mut()
            .unwrap()
            .extend(place.as_object().unwrap().clone());
        sign(&claims)
    };
    let usual = Desk::open(|_| {}).await;
    let (org, other) = (usual.org, Uuid::nil());
    usual
        .assert_in(
            &claims(&usual, json!({"app_metadata": {"org_id": org}})),
            "Supabase's shape",
        )
        .await;
    usual
        .assert_in(
            &claims(&usual, json!({"org_id": org, "app_metadata": {"org_id": other}})),
            "the first counts",
        )
        .await;
    usual
        .assert_out(
            &claims(&usual, json!({"org_id": other, "app_metadata": {"org_id": org}})),
            "the first counts",
        )
        .await;
    usual
        .assert_out(
            &claims(&usual, json!({"user_metadata": {"org_id": org}})),
            "what users may write themselves",
        )
        .await;

    let strict = Desk::open(|auth: &mut AuthOptions| auth.claims.org = vec!["app_metadata.org_id".into()]).await;
    strict
        .assert_in(
            &claims(&strict, json!({"app_metadata": {"org_id": strict.org}})),
            "as configured",
        )
        .await;
    let detail = strict
        .assert_out(&claims(&strict, json!({"org_id": strict.org})), "somewhere else")
        .await;
    assert!(detail.contains("app_metadata.org_id"), "{detail}");

    let renamed = Desk::open(|auth: &mut AuthOptions| auth.claims.user = vec!["profile.id".into(), "sub".into()]).await;
    let token = claims(
        &renamed,
        json!({"org_id": renamed.org, "sub": "auth0|1", "profile": {"id": renamed.pia}}),
    );
    renamed.assert_in(&token, "the person is elsewhere").await;
}

#[tokio::test]
async fn ids_that_are_none_name_nobody() {
    let desk = Desk::open(|_| {}).await;
    let wrong = [
        Value::Null,
        json!(""),
        json!("1"),
        json!(7),
        json!([desk.org]),
        json!({"id": desk.org}),
        json!(true),
    ];
    for name in ["org_id", "sub"] {
        for value in &wrong {
            desk.assert_out(&sign(&desk.claims_but(name, value.clone())), &format!("{name} {value}"))
                .await;
        }
        let injected = format!("{}\",\"org_role\":\"admin", desk.pia);
        desk.assert_out(
            &sign(&desk.claims_but(name, json!(injected))),
            "an attempt to write into the claims",
        )
        .await;
    }
    for claims in [json!(null), json!([]), json!("text"), json!(7)] {
        desk.assert_out(&sign(&claims), &claims.to_string()).await;
    }
}

#[tokio::test]
async fn a_good_signature_is_not_enough() {
    let desk = Desk::open(|_| {}).await;
    let db = &desk.app.db;
    let elsewhere = people::organization(db, "elsewhere").await;
    let stranger = people::person(db, elsewhere, "admin", "Olga").await;
    let nobody = Uuid::from_u128(7);
    for (what, name, value) in [
        ("an organization that is none", "org_id", nobody),
        ("an organization that she does not belong to", "org_id", elsewhere),
        ("a person that is none", "sub", nobody),
        ("a person of another organization", "sub", stranger),
    ] {
        desk.assert_out(&sign(&desk.claims_but(name, json!(value))), what).await;
    }

    let token = sign(&desk.claims());
    desk.assert_in(&token, "an active member").await;
    db.run("update frontdesk.profiles set status = 'inactive' where name = 'Pia'")
        .await;
    desk.assert_out(&token, "no longer").await;
    db.run("update frontdesk.profiles set status = 'active' where name = 'Pia'")
        .await;
    desk.assert_in(&token, "again").await;
    db.run("delete from frontdesk.profiles where name = 'Pia'").await;
    desk.assert_out(&token, "not any more").await;
}

#[tokio::test]
async fn what_a_token_says_about_roles_is_not_believed() {
    let desk = Desk::open(|_| {}).await;
    let mut claims = desk.claims();
    for (name, value) in [
        ("role", json!("service_role")),
        ("org_role", json!("admin")),
        ("app_metadata", json!({"org_role": "admin", "role": "admin"})),
        ("is_admin", json!(true)),
    ] {
        claims[name] = value;
    }
    let token = sign(&claims);
    assert_eq!(desk.ask(&token).await.body["profile"]["role"], "parent");
    let body = json!({"title": "Hi", "content": "", "audience": {"all": true}});
    assert_eq!(desk.app.post("/v1/notifications", &token, body).await.status, 403);
}

#[tokio::test]
async fn somebody_with_two_memberships_is_who_the_token_says() {
    let desk = Desk::open(|_| {}).await;
    let other = people::organization(&desk.app.db, "other").await;
    let (pia, sql) = (desk.pia, "insert into frontdesk.profiles (org_id, id, role, name)");
    desk.app
        .db
        .run(&format!("{sql} values ('{other}', '{pia}', 'admin', 'Pia the boss')"))
        .await;
    let here = desk.ask(&sign(&desk.claims())).await.body;
    let there = desk.ask(&sign(&desk.claims_but("org_id", json!(other)))).await.body;
    assert_eq!(
        (&here["profile"]["role"], &there["profile"]["role"]),
        (&json!("parent"), &json!("admin"))
    );
    assert_eq!(there["organization"]["slug"], "other");
}
