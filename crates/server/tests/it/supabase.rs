//! A hosted Supabase project, emulated: its roles, its `auth` schema, its grants, and an owner who is no superuser.
//! Migrating up and down passes there, with old and new default privileges; its tokens read the right rows; and what such
//! an owner may not do is said with what an administrator must run.

mod hosted;

use platform::{
    db::{DbError, check_safety},
    migrate::Migrator,
};
use serde_json::{Value, json};

use self::hosted::Hosted;
use crate::{
    rollback::fill::{self, ADA, ASH, BIRCH, PAT},
    support::dump::assert_same,
};

const NO_GRANTS: &str = "";
const GRANTS_OF_OLD: &str = include_str!("supabase/grants_of_old.sql");
const GRANTS_EVERYWHERE: &str = include_str!("supabase/grants_everywhere.sql");

#[tokio::test]
async fn the_limited_owner_migrates_up_and_down_and_nothing_outside_our_schema_changes() {
    let hosted = Hosted::start().await;
    let mut schemas = Vec::new();
    for (name, grants) in [("new", NO_GRANTS), ("old", GRANTS_OF_OLD), ("open", GRANTS_EVERYWHERE)] {
        let db = hosted.database(name, grants).await;
        let before = db.dump(&[]);
        let owner = db.connect("postgres").await;
        let row = owner
            .query_one(
                "select rolsuper, has_schema_privilege('auth', 'create') from pg_roles where rolname = current_user",
                &[],
            )
            .await
            .unwrap();
        assert_eq!(
            (row.get(0), row.get(1)),
            (false, false),
            "the emulated owner may too much"
        );

        fill::up_and_fill(&db.migrator(), &db.connect("supabase_admin").await).await;
        let status = db.migrator().status().await.unwrap();
        assert!(status.is_current(), "{name}: {status}");
        let verified = db.migrator().verify(&mut |_| {}).await.unwrap();
        assert!(verified.is_good(), "{name}: {verified}");
        assert_eq!(check_safety(&db.pools()).await.unwrap(), [], "{name}");
        assert_same(
            &before,
            &db.dump(&["--exclude-schema=frontdesk"]),
            "something outside our schema changed",
        );
        schemas.push(db.dump(&["--schema-only", "--schema=frontdesk"]));

        db.purge().await;
        assert_same(&before, &db.dump(&[]), "up and down did not restore the database");
    }
    assert_same(
        &schemas[0],
        &schemas[1],
        "the old default privileges leak into our schema",
    );
    assert_same(
        &schemas[0],
        &schemas[2],
        "default privileges for every schema leak into ours",
    );
}

/// Claims as Supabase's tokens carry them; `more` is what the project adds.
fn claims(user: &str, more: &Value) -> Value {
    let mut claims = json!({
        "iss": "https://project.supabase.test/auth/v1", "aud": "authenticated", "role": "authenticated", "sub": user,
        "email": "ada@example.test", "aal": "aal1", "session_id": "70000000-0000-4000-8000-000000000001", "is_anonymous": false,
        "app_metadata": {"provider": "email"}, "user_metadata": {"org_id": BIRCH, "org_role": "admin"}});
    for (name, value) in more.as_object().unwrap() {
        claims[name] = value.clone();
    }
    claims
}

#[tokio::test]
async fn supabases_tokens_read_their_own_organization_and_the_service_role_reads_all() {
    let hosted = Hosted::start().await;
    let db = hosted.database("tokens", GRANTS_OF_OLD).await;
    fill::up_and_fill(&db.migrator(), &db.connect("supabase_admin").await).await;
    assert_eq!(
        fill::empty_tables(&db.connect("supabase_admin").await).await,
        Vec::<String>::new()
    );

    let hook = json!({"org_id": ASH, "org_role": "admin"});
    let metadata = json!({"app_metadata": {"provider": "email", "org_id": ASH}});
    for shape in [&hook, &metadata] {
        for (user, people) in [(ADA, 4), (PAT, 1)] {
            let seen = db
                .seen("authenticated", &claims(user, shape), "profiles")
                .await
                .unwrap();
            assert_eq!(seen, (people, 0), "{shape} {user}");
        }
        for table in db.tables("authenticated").await {
            let (_, foreign) = db.seen("authenticated", &claims(ADA, shape), &table).await.unwrap();
            assert_eq!(foreign, 0, "{table} shows another organization's rows to {shape}");
        }
    }
    // What a user can write into their own token names no organization.
    let nobody = claims(ADA, &json!({"user_metadata": {"org_id": ASH}}));
    assert_eq!(db.seen("authenticated", &nobody, "profiles").await.unwrap(), (0, 0));

    for table in db.tables("service_role").await {
        let (own, foreign) = db
            .seen("service_role", &json!({"role": "service_role"}), &table)
            .await
            .unwrap();
        assert!(
            own > 0 && foreign > 0,
            "the service role does not see all of {table}: {own} and {foreign}"
        );
    }
    assert_eq!(db.tables("anon").await, Vec::<String>::new());
    let refused = db.seen("anon", &json!({"role": "anon"}), "profiles").await.unwrap_err();
    assert_eq!(refused.code().unwrap().code(), "42501", "{refused}");
}

#[tokio::test]
async fn the_applications_own_policies_see_the_same_token_as_before() {
    let hosted = Hosted::start().await;
    let db = hosted.database("beside", NO_GRANTS).await;
    fill::up_and_fill(&db.migrator(), &db.connect("supabase_admin").await).await;
    let mine = claims(ADA, &json!({"org_id": ASH, "org_role": "owner"}));
    let sql = "select count(*), min(auth.email()), min(auth.uid()::text) from public.todos";
    let row = db.ask("authenticated", &mine, sql).await.unwrap();
    assert_eq!(
        row.get::<_, i64>(0),
        1,
        "the policy of public.todos reads auth.uid() and auth.email()"
    );
    assert_eq!(
        (row.get::<_, &str>(1), row.get::<_, &str>(2)),
        ("ada@example.test", ADA)
    );
}

#[tokio::test]
async fn a_claim_of_ones_own_is_named_without_a_superuser() {
    let hosted = Hosted::start().await;
    let db = hosted.database("claim", NO_GRANTS).await;
    fill::up_and_fill(&db.migrator(), &db.connect("supabase_admin").await).await;
    let owner = db.connect("postgres").await;
    let refused = owner
        .batch_execute("alter role authenticator set frontdesk.org_claim = 'x'")
        .await
        .unwrap_err();
    assert_eq!(
        refused.code().unwrap().code(),
        "42501",
        "documented in 70_sessions.sql: only a superuser may"
    );
    owner
        .batch_execute(
            "create function public.open_request() returns void language plpgsql as $$
             begin
               perform set_config('frontdesk.org_claim', 'https://example.test/claims,org', true), frontdesk.pre_request();
             end $$",
        )
        .await
        .unwrap();
    let mine = claims(ADA, &json!({"https://example.test/claims": {"org": ASH}}));
    let row = db
        .ask_through(
            "public.open_request",
            "authenticated",
            &mine,
            "select count(*) from frontdesk.profiles",
        )
        .await;
    assert_eq!(row.unwrap().get::<_, i64>(0), 4);
}

#[tokio::test]
async fn what_an_owner_may_not_do_is_said_with_what_an_administrator_must_run() {
    let hosted = Hosted::start().await;
    let db = hosted.database("limits", NO_GRANTS).await;
    let admin = db.connect("supabase_admin").await;
    admin
        .batch_execute("create role builder login; create role maker login createrole")
        .await
        .unwrap();
    let up = async |user: &str| {
        Migrator::new(db.url(user), frontdesk::migrations::plan().unwrap())
            .up(Default::default(), &mut |_| {})
            .await
    };

    let error = up("builder").await.unwrap_err().to_string();
    assert!(
        error.contains("the role frontdesk_api does not exist, and builder may not create roles"),
        "{error}"
    );
    assert!(error.contains("create role frontdesk_api login noinherit"), "{error}");

    // From 16 on, whoever may create roles may not give away those of others (a managed server's own API roles, say).
    let error = up("maker").await.unwrap_err().to_string();
    if hosted.major() >= 16 {
        assert!(
            error.contains("maker may not grant the role anon to frontdesk_api"),
            "{error}"
        );
        assert!(
            error.contains("grant anon, authenticated, service_role to maker with admin option"),
            "{error}"
        );
        admin
            .batch_execute("grant anon, authenticated, service_role to maker with admin option")
            .await
            .unwrap();
        let error = up("maker").await.unwrap_err().to_string();
        assert!(error.contains("grant create on database"), "{error}");
    } else {
        assert!(
            error.contains("maker may not create the schema frontdesk in the database limits"),
            "{error}"
        );
        assert!(error.contains("grant create on database limits to maker"), "{error}");
    }
    // Each piece of advice works.
    admin
        .batch_execute("grant create on database limits to maker")
        .await
        .unwrap();
    up("maker").await.unwrap();
    assert_eq!(check_safety(&db.pools()).await.unwrap(), []);
    let without_context = db
        .pools()
        .query(
            &crate::support::people::caller(ASH.parse().unwrap(), ADA.parse().unwrap()),
            "select 1",
            &[],
        )
        .await;
    assert!(
        matches!(without_context, Err(DbError::Unauthenticated)),
        "{without_context:?}"
    );
}
