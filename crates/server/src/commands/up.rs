//! `frontdesk up`: everything on an embedded default, in one process.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

use anyhow::{Context, anyhow};
use devdb::{Binaries, Cluster};
use jiff::SignedDuration;
use platform::{
    auth,
    clock::Clock,
    db,
    migrate::{Migrator, Up},
    telemetry,
};

use super::{
    serve::{self, StopSignals},
    state_dir::{self, Running, Secrets, StateDir},
};
use crate::{app::App, delivery::email::TransportKind, demo, migrations, settings::Settings};

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Folder for the database, secrets and previewed mail.
    #[arg(long, default_value = state_dir::DEFAULT)]
    dir: PathBuf,
    /// Port of API and console; that of server.listen by default.
    #[arg(long)]
    port: Option<u16>,
    /// Do not load the demo school and clinic.
    #[arg(long)]
    no_demo: bool,
}

/// The database that `up` works on.
struct Database {
    /// The private cluster, unless `DATABASE_URL` names another server.
    cluster: Option<Cluster>,
    running: Running,
}

/// Runs everything until Ctrl-C.
///
/// # Errors
/// What stopped it, with what to do.
pub async fn run(args: Args, config: Option<&Path>) -> anyhow::Result<()> {
    let mut settings = Settings::load(config)?;
    if std::env::var_os("FRONTDESK_LOG__FILTER").is_none() {
        settings.log.filter = "warn".into();
    }
    telemetry::start_logging(&settings.log.filter, settings.log.format).map_err(anyhow::Error::msg)?;
    let mut signals = StopSignals::listen()?;
    let dir = StateDir::open(&args.dir)?;
    let secrets = dir.secrets()?;
    if let Some(port) = args.port {
        settings.server.listen = SocketAddr::new(settings.server.listen.ip(), port);
    }
    settings.server.public_url = format!("http://localhost:{}", settings.server.listen.port());

    // Dropped in the middle, it stops the cluster that it was starting.
    let database = tokio::select! {
        database = start_database(&settings, &dir, &secrets) => database?,
        _ = signals.next() => {
            println!("Stopped before it had started.");
            return Ok(());
        }
    };
    let result = serve_on(&database.running, settings, &dir, &secrets, args.no_demo, signals).await;
    dir.withdraw();
    if let Some(cluster) = database.cluster {
        cluster.stop().await?;
    }
    result?;
    println!("Stopped. The data stays in {}.", args.dir.display());
    Ok(())
}

async fn start_database(settings: &Settings, dir: &StateDir, secrets: &Secrets) -> anyhow::Result<Database> {
    let public_url = settings.server.public_url.clone();
    if !settings.database.url.is_empty() {
        let url = settings.database.url.clone();
        migrate(&url).await?;
        let (api_url, worker_url) = if settings.database.api_url.is_empty() {
            (
                log_in(&url, "frontdesk_api", secrets).await?,
                log_in(&url, "frontdesk_worker", secrets).await?,
            )
        } else {
            (settings.database.api_url.clone(), settings.database.worker_url.clone())
        };
        return Ok(Database {
            cluster: None,
            running: Running {
                url,
                api_url,
                worker_url,
                public_url,
            },
        });
    }
    let place = dir.path("postgres");
    let binaries = Binaries::find(Cluster::existing_major(&place))?;
    let cluster = Cluster::start(&place, &binaries, devdb::Options::default()).await?;
    let url = cluster.url("frontdesk", "frontdesk_owner");
    if let Err(error) = prepare(&cluster, &url).await {
        cluster.stop().await?;
        return Err(error);
    }
    let running = Running {
        url,
        api_url: cluster.url("frontdesk", "frontdesk_api"),
        worker_url: cluster.url("frontdesk", "frontdesk_worker"),
        public_url,
    };
    Ok(Database {
        cluster: Some(cluster),
        running,
    })
}

/// The owner is an ordinary role, as on a hosted database: what works here works there.
async fn prepare(cluster: &Cluster, url: &str) -> anyhow::Result<()> {
    let superuser = db::connect(&cluster.url("postgres", "postgres")).await?;
    let exists = |sql: &'static str| superuser.query_opt(sql, &[]);
    if exists("select 1 from pg_roles where rolname = 'frontdesk_owner'")
        .await?
        .is_none()
    {
        superuser
            .batch_execute("create role frontdesk_owner login createrole")
            .await?;
    }
    if exists("select 1 from pg_database where datname = 'frontdesk'")
        .await?
        .is_none()
    {
        superuser
            .batch_execute("create database frontdesk owner frontdesk_owner")
            .await?;
    }
    migrate(url).await
}

async fn migrate(url: &str) -> anyhow::Result<()> {
    let migrator = Migrator::new(url, migrations::plan()?);
    migrator
        .up(Up::default(), &mut |event| tracing::info!("{event}"))
        .await?;
    Ok(())
}

/// Gives a login role the password that we keep, and answers its URL.
async fn log_in(owner_url: &str, role: &str, secrets: &Secrets) -> anyhow::Result<String> {
    let owner = db::connect(owner_url).await?;
    // The password is base64url, so it needs no escaping; ALTER ROLE takes no parameters.
    owner
        .batch_execute(&format!("alter role {role} password '{}'", secrets.login_password))
        .await
        .with_context(|| format!("the owner in DATABASE_URL may not set the password of {role}; set database.api_url and database.worker_url yourself"))?;
    let (scheme, rest) = owner_url
        .split_once("://")
        .ok_or_else(|| anyhow!("DATABASE_URL must begin with postgresql://"))?;
    let authority_end = rest.find(['/', '?']).unwrap_or(rest.len());
    let place = rest[..authority_end].rfind('@').map_or(rest, |at| &rest[at + 1..]);
    Ok(format!("{scheme}://{role}:{}@{place}", secrets.login_password))
}

async fn serve_on(
    running: &Running,
    mut settings: Settings,
    dir: &StateDir,
    secrets: &Secrets,
    no_demo: bool,
    signals: StopSignals,
) -> anyhow::Result<()> {
    settings.database.api_url.clone_from(&running.api_url);
    settings.database.worker_url.clone_from(&running.worker_url);
    if settings.auth.hs256_secret.is_empty() && settings.auth.jwks.is_empty() {
        settings.auth.hs256_secret.clone_from(&secrets.hs256_secret);
    }
    if settings.sessions.fingerprint_key.is_empty() {
        settings.sessions.fingerprint_key.clone_from(&secrets.fingerprint_key);
    }
    if settings.email.transport == TransportKind::Off {
        settings.email.transport = TransportKind::Preview;
    }
    if settings.email.transport == TransportKind::Preview {
        settings.email.preview_dir = dir.path("mail");
    }
    let app = App::new(settings, Clock::system())?;
    app.check_safety().await?;
    let listener = serve::listen(&app).await?;
    serve::stop_on_signal(&app.tasks, signals);
    dir.announce(running)?;
    if !no_demo {
        demo::load(&app.db, &app.clock, &dir.path("demo-school"))
            .await
            .context("the demo data cannot be loaded")?;
    }
    greet(&app, dir, no_demo).await?;
    app.serve(listener).await
}

async fn greet(app: &App, dir: &StateDir, no_demo: bool) -> anyhow::Result<()> {
    let url = &app.settings.server.public_url;
    println!("Frontdesk is running at {url}");
    println!("  API reference  {url}/docs");
    if app
        .email
        .as_ref()
        .is_some_and(|email| email.transport().preview().is_some())
    {
        println!("  Mail preview   {url}/dev/mail");
    }
    println!("  Data           {}", dir.path("").display());
    if no_demo || app.settings.auth.hs256_secret.is_empty() {
        println!("\nCtrl-C stops it.");
        return Ok(());
    }
    let people = demo::people(&app.db).await?;
    let mut organization = None;
    for person in &people {
        if organization != Some(person.organization.id) {
            println!("\nSign in at {}:", person.organization.name);
            organization = Some(person.organization.id);
        }
        println!(
            "  {:<8} {:<18} {url}/#token={}",
            person.role,
            person.name,
            token(app, person)?
        );
    }
    if let Some(admin) = people
        .iter()
        .find(|person| person.role == "admin" && person.organization.slug == "riverside")
    {
        println!("\nSend the parents of class 3A a message:\n");
        println!("  curl -s {url}/v1/notifications \\");
        println!("    -H 'authorization: Bearer {}' \\", token(app, admin)?);
        println!("    -H 'content-type: application/json' \\");
        println!(
            "    -d '{{\"title\":\"Early dismissal on Friday\",\"content\":\"School ends at 12:30.\",\
             \"audience\":{{\"roles\":[\"parent\"],\"classes\":[\"3A\"]}},\"channels\":[\"in_app\",\"websocket\",\"email\"]}}'"
        );
    }
    println!("\nCtrl-C stops it.");
    Ok(())
}

fn token(app: &App, person: &demo::Person) -> anyhow::Result<String> {
    let lifetime = SignedDuration::from_hours(12);
    auth::mint(
        &app.settings.auth,
        person.organization.id,
        person.id,
        app.clock.now(),
        lifetime,
    )
    .map_err(|error| anyhow!(error))
}
