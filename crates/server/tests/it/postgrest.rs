//! PostgREST and supabase-js: the transaction that PostgREST opens for a request, statement by statement, as the login
//! `authenticator`, with `frontdesk.pre_request` as its pre-request function. Every shape of claims in which the supported
//! identity providers name the organization, and everything that must be refused.

mod request;

use serde_json::{Value, json};

use self::request::Api;
use crate::rollback::fill::{ADA, ADAS_SESSION, ASH, BIRCH, PAT};

const AUTH0: &str = "https://ash.eu.auth0.test/";

/// What the signed token of somebody says; PostgREST has verified it.
fn with(mut claims: Value, more: Value) -> Value {
    for (name, value) in more.as_object().unwrap() {
        claims[name] = value.clone();
    }
    claims
}

fn claims(more: Value) -> Value {
    with(
        json!({"iss": "https://id.test", "role": "authenticated", "aud": "authenticated", "sub": ADA}),
        more,
    )
}

#[tokio::test]
async fn each_providers_way_to_name_the_organization_leads_to_the_same_rows() {
    let api = Api::new().await;
    api.map_identities("https://clerk.test", "org_2clerk", "user_2clerk")
        .await;
    api.map_identities("https://zitadel.test", "227700000000000001", "163900000000000001")
        .await;
    let two_in_keycloak = json!({"ash": {"id": ASH}, "birch": {"id": BIRCH}});
    let shapes = [
        (
            "Supabase, custom access-token hook",
            claims(json!({"org_id": ASH, "org_role": "teacher"})),
        ),
        (
            "Supabase, app_metadata",
            claims(json!({"app_metadata": {"provider": "email", "org_id": ASH}})),
        ),
        (
            "Auth0",
            claims(json!({"iss": AUTH0, "sub": "auth0|ada", "org_id": "org_ash"})),
        ),
        (
            "Clerk, version 1",
            claims(
                json!({"iss": "https://clerk.test", "sub": "user_2clerk", "org_id": "org_2clerk", "org_role": "org:member"}),
            ),
        ),
        (
            "Clerk, version 2",
            claims(
                json!({"iss": "https://clerk.test", "sub": "user_2clerk", "v": 2, "o": {"id": "org_2clerk", "rol": "member", "slg": "ash"}}),
            ),
        ),
        (
            "Keycloak, one organization",
            claims(json!({"organization": {"ash": {"id": ASH}}})),
        ),
        (
            "Zitadel",
            claims(
                json!({"iss": "https://zitadel.test", "sub": "163900000000000001", "urn:zitadel:iam:user:resourceowner:id": "227700000000000001"}),
            ),
        ),
    ];
    for (shape, claims) in &shapes {
        let people = api
            .get(claims, "select org_id, name from profiles order by name")
            .await
            .unwrap();
        assert_eq!(people.as_array().unwrap().len(), 4, "{shape}: {people}");
        assert!(
            people.as_array().unwrap().iter().all(|person| person["org_id"] == ASH),
            "{shape}: {people}"
        );
        let who = api.get(claims, "select org_id(), user_id(), role()").await.unwrap();
        assert_eq!(
            who,
            json!([{"org_id": ASH, "user_id": ADA, "role": "admin"}]),
            "{shape}"
        );
    }
    for (shape, claims) in [
        (
            "Keycloak, two organizations",
            claims(json!({"organization": two_in_keycloak})),
        ),
        ("Keycloak, names without ids", claims(json!({"organization": ["ash"]}))),
        ("no organization", claims(json!({}))),
        (
            "what users write themselves",
            claims(json!({"user_metadata": {"org_id": ASH}})),
        ),
        (
            "another provider's organization of that name",
            claims(json!({"iss": "https://evil.test/", "sub": "auth0|ada", "org_id": "org_ash"})),
        ),
        (
            "another provider's user of that name",
            claims(json!({"iss": "https://evil.test/", "sub": "auth0|ada", "org_id": ASH})),
        ),
        (
            "an organization that is nobody's",
            claims(json!({"org_id": "c0000000-0000-4000-8000-00000000000c"})),
        ),
        ("an id that is no text", claims(json!({"org_id": {"id": ASH}}))),
        ("no person", with(claims(json!({"org_id": ASH})), json!({"sub": null}))),
        (
            "a person of nobody's",
            claims(json!({"org_id": ASH, "sub": "10000000-0000-4000-8000-00000000ffff"})),
        ),
        ("SQL in the place of an id", claims(json!({"org_id": "' or true --"}))),
    ] {
        assert_nobody(&api, &claims, shape).await;
    }
}

/// Whoever has no profile here is not refused (the application beside us may know them), and is nobody to us.
async fn assert_nobody(api: &Api, claims: &Value, shape: &str) {
    let who = api.get(claims, "select org_id(), user_id(), role()").await.unwrap();
    assert_eq!(who, json!([{"org_id": null, "user_id": null, "role": null}]), "{shape}");
    for table in [
        "organizations",
        "profiles",
        "notifications",
        "notification_recipients",
        "inbox",
    ] {
        let rows = api.get(claims, &format!("select org_id() from {table}")).await.unwrap();
        assert_eq!(rows, json!([]), "{shape}: {table}");
    }
    for write in [
        "select set_inbox_status(null, 'read')".to_owned(),
        format!(
            "insert into profiles (org_id, id, role, name) values ('{ASH}', gen_random_uuid(), 'admin', 'New') returning id"
        ),
    ] {
        let refused = api.post(claims, &write).await.unwrap_err();
        assert_eq!(refused.status(), 403, "{shape}: {refused:?}");
    }
}

#[tokio::test]
async fn the_application_beside_us_keeps_its_users_and_what_their_tokens_say() {
    let api = Api::new().await;
    api.map_identities("https://clerk.test", "org_2clerk", "user_2clerk")
        .await;
    api.run(
        "create table public.notes (owner text, note text);
         alter table public.notes enable row level security;
         grant select on public.notes to authenticated;
         create policy mine on public.notes to authenticated
           using (owner = current_setting('request.jwt.claims')::jsonb ->> 'sub');
         insert into public.notes values ('user_2clerk', 'mapped'), ('stranger', 'unknown here')",
    )
    .await;
    let mapped = claims(json!({"iss": "https://clerk.test", "sub": "user_2clerk", "org_id": "org_2clerk"}));
    let stranger = claims(json!({"iss": "https://clerk.test", "sub": "stranger", "org_id": "org_2clerk"}));
    // A token cannot bring what only the pre-request function says.
    let forged = with(
        stranger.clone(),
        json!({"frontdesk.org_id": ASH, "frontdesk": {"org_id": ASH, "user_id": ADA, "org_role": "admin"}}),
    );
    for (claims, note, people) in [
        (&mapped, "mapped", 4),
        (&stranger, "unknown here", 0),
        (&forged, "unknown here", 0),
    ] {
        assert_eq!(
            api.get(claims, "select note from public.notes").await.unwrap(),
            json!([{"note": note}])
        );
        assert_eq!(
            api.get(claims, "select count(*) from profiles").await.unwrap(),
            json!([{"count": people}]),
            "{note}"
        );
    }
}

#[tokio::test]
async fn the_claim_can_be_configured_on_the_login_role() {
    let api = Api::new().await;
    let mine = claims(json!({"https://ash.test/claims": {"org": ASH, "person": PAT}, "org_id": BIRCH}));
    let before = api.get(&mine, "select org_id()").await.unwrap();
    assert_eq!(before, json!([{"org_id": BIRCH}]));
    api.configure("frontdesk.org_claim", "https://ash.test/claims,org")
        .await;
    assert_eq!(
        api.get(&mine, "select org_id(), user_id()").await.unwrap(),
        json!([{"org_id": ASH, "user_id": ADA}])
    );
    api.configure("frontdesk.user_claim", "https://ash.test/claims,person")
        .await;
    assert_eq!(
        api.get(&mine, "select user_id(), role()").await.unwrap(),
        json!([{"user_id": PAT, "role": "parent"}])
    );
    // Where a path is configured, the usual places count no more.
    assert_nobody(&api, &claims(json!({"org_id": ASH})), "the usual place").await;
}

#[tokio::test]
async fn a_role_that_the_token_claims_counts_for_nothing() {
    let api = Api::new().await;
    let pat = claims(json!({"sub": PAT, "org_id": ASH, "org_role": "admin", "app_metadata": {"org_role": "service"}}));
    assert_eq!(
        api.get(&pat, "select role(), is_staff()").await.unwrap(),
        json!([{"role": "parent", "is_staff": false}])
    );
    assert_eq!(
        api.get(&pat, "select id from profiles").await.unwrap(),
        json!([{"id": PAT}])
    );
    let written = api
        .post(
            &pat,
            &format!("update profiles set role = 'admin' where id = '{PAT}' returning id"),
        )
        .await
        .unwrap();
    assert_eq!(written, json!([]));

    // Roles of the application's own are members of `authenticated`; their requests are opened like everybody's.
    api.add_role("postgrest_editor").await;
    let editor = with(pat, json!({"role": "postgrest_editor"}));
    assert_eq!(
        api.get(&editor, "select role()").await.unwrap(),
        json!([{"role": "parent"}])
    );
    let nowhere = with(
        editor,
        json!({"org_id": BIRCH, "sub": "10000000-0000-4000-8000-00000000ffff"}),
    );
    assert_nobody(&api, &nowhere, "no profile").await;
}

#[tokio::test]
async fn an_ended_session_and_an_ended_membership_are_refused_at_the_next_request() {
    let api = Api::new().await;
    let ada = claims(json!({"org_id": ASH, "session_id": ADAS_SESSION}));
    assert!(api.get(&ada, "select 1").await.is_ok());
    api.run(
        "update frontdesk.user_sessions set is_active = false, terminated_at = now(), termination_reason = 'admin'",
    )
    .await;
    let refused = api.get(&ada, "select 1").await.unwrap_err();
    assert_eq!(
        (refused.status(), refused.hint.as_deref()),
        (401, Some("session")),
        "{refused:?}"
    );
    // A session that was never bound here is the provider's business.
    assert!(
        api.get(&claims(json!({"org_id": ASH, "session_id": "unknown"})), "select 1")
            .await
            .is_ok()
    );

    api.run("update frontdesk.profiles set status = 'inactive'").await;
    assert_nobody(&api, &claims(json!({"org_id": ASH})), "inactive").await;
}

#[tokio::test]
async fn nobody_sees_nothing_and_the_service_role_everything() {
    let api = Api::new().await;
    let anon = json!({"role": "anon"});
    for sql in [
        "select * from profiles",
        "select * from inbox",
        "select * from organizations",
        "select set_inbox_status(null, 'read')",
    ] {
        let refused = api.get(&anon, sql).await.unwrap_err();
        assert_eq!(refused.code, "42501", "{sql}: {refused:?}");
    }
    let service = json!({"role": "service_role", "iss": "https://id.test"});
    let organizations = api.get(&service, "select id from organizations").await.unwrap();
    assert_eq!(organizations.as_array().unwrap().len(), 2);
    assert_eq!(
        api.get(&service, "select count(*) from profiles").await.unwrap(),
        json!([{"count": 8}])
    );
}

#[tokio::test]
async fn what_a_person_writes_stays_in_their_organization() {
    let api = Api::new().await;
    let ada = claims(json!({"org_id": ASH}));
    let insert = |org: &str| {
        format!(
            "insert into profiles (org_id, id, role, name) values ('{org}', gen_random_uuid(), 'staff', 'New') returning org_id"
        )
    };
    assert_eq!(api.post(&ada, &insert(ASH)).await.unwrap(), json!([{"org_id": ASH}]));
    assert_eq!(api.post(&ada, &insert(BIRCH)).await.unwrap_err().code, "42501");
    for sql in [
        format!("update profiles set org_id = '{BIRCH}' returning id"),
        "delete from notifications returning id".to_owned(),
        "select token_hash from user_sessions".to_owned(),
        "select secret_hash from service_keys".to_owned(),
        "select * from delivery_queue".to_owned(),
        "select resolve_identity('', '', '')".to_owned(),
        format!("select live_session('{BIRCH}', sha256('session'))"),
        format!("select open_request('{{\"org_id\":\"{BIRCH}\"}}')"),
    ] {
        let refused = api.post(&ada, &sql).await.unwrap_err();
        assert_eq!(refused.code, "42501", "{sql}: {refused:?}");
    }
    let read = "select set_inbox_status(array['40000000-0000-4000-8000-000000000001']::uuid[], 'read') as changed";
    assert_eq!(api.post(&ada, read).await.unwrap(), json!([{"changed": 1}]));
    let statuses = "select org_id, status from frontdesk.notification_recipients where recipient_id = $1::text::uuid order by org_id";
    assert_eq!(
        api.rows(statuses, ADA).await,
        [
            (ASH.to_owned(), "read".to_owned()),
            (BIRCH.to_owned(), "unread".to_owned())
        ]
    );
    // The claims, and with them the organization, end with the transaction.
    assert!(
        matches!(api.get(&json!({"role": "anon"}), "select org_id()").await, Ok(rows) if rows == json!([{"org_id": null}]))
    );
    assert_nobody(&api, &json!({"role": "authenticated"}), "an empty token").await;
}
