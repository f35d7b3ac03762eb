//! `frontdesk migrate`.

use crate::support::{
    binary::{Binary, open_folder},
    database::{create_empty, superuser, unique_name},
};

#[tokio::test]
async fn a_database_is_planned_migrated_checked_and_emptied_again() {
    let dir = open_folder();
    let name = unique_name("migrate");
    let url = create_empty(&name).await;
    let binary = Binary::bare(dir.path()).env("DATABASE_URL", url);
    let migrate = async |arguments: &[&str]| binary.run_well(&[&["migrate"], arguments].concat()).await;

    let plan = migrate(&["plan"]).await;
    for step in [
        "create_organizations",
        "create_profiles",
        "create_directory",
        "create_notifications",
    ] {
        assert!(plan.contains(step), "{step} is not in\n{plan}");
    }
    let status = migrate(&["status"]).await;
    assert!(status.contains("pending") && !status.contains("applied"), "{status}");
    let client = superuser(&name).await;
    let schemas = "select count(*) from pg_namespace where nspname = 'frontdesk'";
    assert_eq!(
        client.query_one(schemas, &[]).await.unwrap().get::<_, i64>(0),
        0,
        "asking changes nothing"
    );

    migrate(&["up", "--to", "2"]).await;
    let tables = "select string_agg(relname, ' ' order by relname) from pg_class
                  where relnamespace = 'frontdesk'::regnamespace and relkind = 'r' and relname in ('profiles', 'notifications')";
    assert_eq!(
        client.query_one(tables, &[]).await.unwrap().get::<_, String>(0),
        "profiles"
    );
    migrate(&["up"]).await;
    migrate(&["verify"]).await;
    migrate(&["up"]).await;
    let after = migrate(&["status"]).await;
    assert!(after.contains("applied") && !after.contains("pending"), "{after}");

    let harm = "alter table frontdesk.notification_logs no force row level security";
    client.batch_execute(harm).await.unwrap();
    let found = binary.run(&["migrate", "verify"]).await;
    assert_eq!(found.code(), Some(1), "{found:?}");
    let said = found.stdout + &found.stderr;
    assert!(
        said.contains("create_notifications") && said.contains("notification_logs lacks forced"),
        "{said}"
    );

    migrate(&["down", "--to", "0", "--purge"]).await;
    assert_eq!(client.query_one(schemas, &[]).await.unwrap().get::<_, i64>(0), 0);
    migrate(&["up"]).await;
    migrate(&["verify"]).await;
}

#[tokio::test]
async fn check_needs_no_database_and_everything_else_says_which_setting_is_missing() {
    let dir = open_folder();
    let binary = Binary::bare(dir.path());
    binary.run_well(&["migrate", "check"]).await;
    for arguments in [&["plan"][..], &["up"], &["down", "--to", "0"], &["status"], &["verify"]] {
        let ended = binary.run(&[&["migrate"], arguments].concat()).await;
        assert_eq!(ended.code(), Some(1));
        assert!(ended.stderr.contains("DATABASE_URL"), "{}", ended.stderr);
    }
    let nobody = binary
        .env("DATABASE_URL", "postgresql://owner@/app?host=/nowhere")
        .run(&["migrate", "status"])
        .await;
    assert!(
        nobody.code() == Some(1) && !nobody.stderr.contains("panicked"),
        "{nobody:?}"
    );
}
