//! The composition root: what a running Frontdesk is made of, and how it starts and stops.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use anyhow::{Context, bail};
use axum::{extract::FromRef, serve::ListenerExt};
use metrics_exporter_prometheus::PrometheusHandle;
use platform::{
    auth::Authenticator,
    clock::Clock,
    db::{self, Db},
    tasks::Tasks,
    telemetry,
};
use tokio::{net::TcpListener, sync::Notify};

use crate::{
    delivery::{self, EmailChannel, Route},
    notifications::{self, Channel},
    preferences,
    realtime::{self, Hub},
    router,
    settings::{ProcessRole, Settings},
};

/// Everything that handlers and jobs need; cheap to clone.
#[derive(Clone)]
pub struct App {
    /// The way to the database.
    pub db: Db,
    /// Verifies credentials.
    pub auth: Authenticator,
    /// The time.
    pub clock: Clock,
    /// Background tasks.
    pub tasks: Tasks,
    /// The configuration.
    pub settings: Arc<Settings>,
    /// Realtime connections.
    pub hub: Hub,
    /// Wakes the jobs of this process.
    pub wake: Arc<Wake>,
    /// Channels that this server can send on.
    pub channels: Arc<[Channel]>,
    /// Who delivers on each channel that needs somebody to.
    pub routes: Arc<[Arc<Route>]>,
    /// The email channel's first provider, if it is on.
    pub email: Option<Arc<EmailChannel>>,
    /// The public key that browsers subscribe for push messages with.
    pub push_key: Option<String>,
    /// Renders the metrics.
    pub metrics: PrometheusHandle,
}

/// Wake-ups within the process. One that gets lost costs a poll interval.
#[derive(Default)]
pub struct Wake {
    /// There is something to expand.
    pub expander: Notify,
    /// There is something to deliver.
    pub dispatcher: Notify,
}

impl FromRef<App> for Authenticator {
    fn from_ref(app: &App) -> Self {
        app.auth.clone()
    }
}

impl App {
    /// Puts the parts together; talks to nobody yet.
    ///
    /// # Errors
    /// When a setting is wrong.
    pub fn new(settings: Settings, clock: Clock) -> anyhow::Result<Self> {
        settings.delivery.check().map_err(anyhow::Error::msg)?;
        let db = Db::new(&settings.db().map_err(anyhow::Error::msg)?)?;
        let auth = Authenticator::new(&settings.auth, clock.clone())
            .map_err(anyhow::Error::msg)?
            .with_identities(db.clone());
        let opened = delivery::open_routes(&settings, &db, &clock)?;
        let mut channels = vec![Channel::InApp, Channel::Websocket];
        channels.extend(opened.routes.iter().map(|route| route.channel()));
        Ok(Self {
            db,
            auth,
            clock,
            tasks: Tasks::new(),
            settings: Arc::new(settings),
            hub: Hub::default(),
            wake: Arc::default(),
            channels: channels.into(),
            routes: opened.routes.into_iter().map(Arc::new).collect(),
            email: opened.email,
            push_key: opened.push_key,
            metrics: telemetry::start_metrics().map_err(anyhow::Error::msg)?,
        })
    }

    /// The same with another way to deliver on a channel: for channels and providers that are made elsewhere.
    #[must_use]
    pub fn with_route(mut self, route: Route) -> Self {
        let channel = route.channel();
        let others = self.routes.iter().filter(|one| one.channel() != channel).cloned();
        self.routes = others.chain([Arc::new(route)]).collect();
        if !self.channels.contains(&channel) {
            self.channels = self.channels.iter().copied().chain([channel]).collect();
        }
        self
    }

    /// Refuses a database that would let one organization see another's rows.
    ///
    /// # Errors
    /// Each finding and its fix.
    pub async fn check_safety(&self) -> anyhow::Result<()> {
        let findings = db::check_safety(&self.db)
            .await
            .context("the database cannot be checked")?;
        if findings.is_empty() {
            return Ok(());
        }
        let lines: Vec<_> = findings
            .iter()
            .map(|finding| format!("- {}\n  {}", finding.problem, finding.fix))
            .collect();
        bail!("this database is not safe to serve from:\n{}", lines.join("\n"));
    }

    /// Starts this process's share of the jobs.
    pub fn start_jobs(&self) {
        let role = self.settings.server.role;
        if role != ProcessRole::Api {
            self.tasks
                .spawn("expander", notifications::jobs::run_expander(self.clone()));
            self.tasks
                .spawn("digests", preferences::jobs::run_digests(self.clone()));
            for route in self.routes.iter() {
                let dispatcher = delivery::jobs::run_dispatcher(self.clone(), route.clone());
                self.tasks.spawn("dispatcher", dispatcher);
            }
        }
        if role != ProcessRole::Worker {
            self.tasks.spawn("realtime hub", realtime::run_hub(self.clone()));
        }
    }

    /// Serves on a listener until [`Tasks::stop`], then finishes what is under way. A worker serves its health and metrics.
    ///
    /// # Errors
    /// When work under way does not end in time.
    pub async fn serve(self, listener: TcpListener) -> anyhow::Result<()> {
        self.start_jobs();
        let limit = Duration::from_secs(self.settings.server.shutdown_timeout);
        let stopping = self.tasks.stopping();
        let listener = listener.tap_io(|stream| {
            let _unsupported = stream.set_nodelay(true);
        });
        let server = axum::serve(
            listener,
            router::router(self.clone()).into_make_service_with_connect_info::<SocketAddr>(),
        )
        .with_graceful_shutdown(stopping.clone().cancelled_owned())
        .into_future();
        let drained = async {
            stopping.cancelled().await;
            tokio::time::sleep(limit).await;
        };
        tokio::select! {
            result = server => result?,
            () = drained => tracing::warn!("some connections did not end in time; closing them"),
        }
        if !self.tasks.shut_down(limit).await {
            bail!(
                "some work did not end within {} seconds; deliveries under way are repeated at the next start",
                limit.as_secs()
            );
        }
        if let Some(email) = &self.email {
            email.transport().close().await;
        }
        self.db.close();
        Ok(())
    }
}
