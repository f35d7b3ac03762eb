//! `frontdesk config`.

use frontdesk::settings::DEFAULTS;

use crate::support::binary::{Binary, open_folder};

#[tokio::test]
async fn show_prints_what_is_in_force_and_no_secret() {
    let dir = open_folder();
    let file = dir.path().join("frontdesk.toml");
    std::fs::write(
        &file,
        "[database]\npool_size = 7\n[email]\nfrom = \"School <a@school.example>\"\n",
    )
    .unwrap();
    let shown = Binary::bare(dir.path())
        .env(
            "DATABASE_URL",
            "postgresql://owner:geheim1@db.example/app?sslmode=require&password=geheim2",
        )
        .set(
            "database.api_url",
            "postgresql://frontdesk_api:geheim3%40x@db.example:5432/app",
        )
        .set(
            "database.worker_url",
            "host=db.example user=frontdesk_worker password='geheim4 x' dbname=app",
        )
        .set("auth.hs256_secret", "geheim5 geheim5 geheim5 geheim5 geheim5")
        .set("sessions.fingerprint_key", "geheim6 geheim6 geheim6 geheim6 geheim6")
        .set("email.url", "smtp://school:geheim7@mail.example:587")
        .set("auth.jwks", "https://frontdesk:geheim8@id.example/jwks.json")
        .run_well(&["config", "show"])
        .await;
    assert!(!shown.contains("geheim"), "{shown}");
    for part in [
        "pool_size = 7",
        "School <a@school.example>",
        "db.example",
        "frontdesk_worker",
        "mail.example",
        "id.example",
    ] {
        assert!(shown.contains(part), "{part} is not in\n{shown}");
    }
    toml::from_str::<toml::Table>(&shown).unwrap();
}

#[tokio::test]
async fn show_defaults_prints_the_commented_file() {
    let dir = open_folder();
    let shown = Binary::bare(dir.path())
        .run_well(&["config", "show", "--defaults"])
        .await;
    assert_eq!(shown, DEFAULTS.trim());
}

#[tokio::test]
async fn the_environment_overrides_the_file_and_what_is_wrong_is_named_with_its_place() {
    let dir = open_folder();
    let bare = Binary::bare(dir.path());
    let file = dir.path().join("other.toml");
    std::fs::write(&file, "[database]\npool_size = 7\n").unwrap();
    let file = file.to_str().unwrap();
    let show = ["config", "show", "--config", file];
    assert!(bare.run_well(&show).await.contains("pool_size = 7"));
    assert!(
        bare.clone()
            .set("database.pool_size", 9)
            .run_well(&show)
            .await
            .contains("pool_size = 9")
    );

    std::fs::write(file, "[database]\npool_sizes = 7\n").unwrap();
    let wrong = bare.run(&show).await;
    assert_eq!(wrong.code(), Some(1));
    assert!(
        wrong.stderr.contains("pool_sizes") && wrong.stderr.contains("other.toml"),
        "{}",
        wrong.stderr
    );
    std::fs::write(file, "[database\n").unwrap();
    let wrong = bare.run(&show).await;
    assert_eq!(wrong.code(), Some(1));
    assert!(!wrong.stderr.contains("panicked"), "{}", wrong.stderr);
    let missing = bare.run(&["config", "show", "--config", "nowhere.toml"]).await;
    assert!(
        missing.code() == Some(1) && missing.stderr.contains("nowhere.toml"),
        "{missing:?}"
    );
}

#[tokio::test]
async fn check_lists_everything_that_is_missing_at_once() {
    let dir = open_folder();
    let bare = Binary::bare(dir.path());
    let found = bare
        .clone()
        .set("email.transport", "smtp")
        .set("email.url", "nonsense")
        .run(&["config", "check"])
        .await;
    assert_eq!(found.code(), Some(1));
    for part in ["FRONTDESK_DATABASE__API_URL", "auth.hs256_secret", "email.url"] {
        assert!(found.stderr.contains(part), "{part} is not in\n{}", found.stderr);
    }
    let complete = bare
        .set("database.api_url", "postgresql://frontdesk_api@/app?host=/tmp")
        .set("database.worker_url", "postgresql://frontdesk_worker@/app?host=/tmp")
        .set("auth.hs256_secret", "a secret that is long enough to count");
    assert_eq!(
        complete.run_well(&["config", "check"]).await,
        "The configuration is complete."
    );
}

#[tokio::test]
async fn a_worthless_number_is_refused_before_it_does_harm() {
    let dir = open_folder();
    let complete = Binary::bare(dir.path())
        .set("database.api_url", "postgresql://frontdesk_api@/app?host=/tmp")
        .set("database.worker_url", "postgresql://frontdesk_worker@/app?host=/tmp")
        .set("auth.hs256_secret", "a secret that is long enough to count");
    for (setting, value) in [
        ("delivery.expand_chunk", "0"),
        ("delivery.claim_batch", "0"),
        ("delivery.lease", "0"),
        ("delivery.max_attempts", "0"),
        ("delivery.poll_interval", "0"),
        ("database.pool_size", "0"),
    ] {
        let found = complete.clone().set(setting, value).run(&["config", "check"]).await;
        assert_eq!(found.code(), Some(1), "{setting} = {value}");
        assert!(found.stderr.contains(setting), "{}", found.stderr);
    }
}
