//! `frontdesk serve`.

use anyhow::Context;
use platform::{clock::Clock, tasks::Tasks, telemetry};
use tokio::{
    net::TcpListener,
    signal::unix::{Signal, SignalKind, signal},
};

use crate::{
    app::App,
    settings::{ProcessRole, Settings},
};

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What this process does; server.role by default.
    #[arg(long, value_enum)]
    role: Option<ProcessRole>,
}

/// Serves until it is told to stop.
///
/// # Errors
/// When the configuration or the database is not fit, or the port is taken.
pub async fn run(args: Args, mut settings: Settings) -> anyhow::Result<()> {
    settings.server.role = args.role.unwrap_or(settings.server.role);
    telemetry::start_logging(&settings.log.filter, settings.log.format).map_err(anyhow::Error::msg)?;
    let signals = StopSignals::listen()?;
    let app = App::new(settings, Clock::system())?;
    app.check_safety().await?;
    let listener = listen(&app).await?;
    tracing::info!(address = %listener.local_addr()?, role = ?app.settings.server.role, "serving");
    stop_on_signal(&app.tasks, signals);
    app.serve(listener).await?;
    tracing::info!("stopped");
    Ok(())
}

/// Takes the configured port.
///
/// # Errors
/// When somebody else has it.
pub async fn listen(app: &App) -> anyhow::Result<TcpListener> {
    let address = app.settings.server.listen;
    TcpListener::bind(address).await.with_context(|| {
        format!("{address} cannot be listened on; choose another with FRONTDESK_SERVER__LISTEN or --port")
    })
}

/// Ctrl-C and SIGTERM, listened for from the moment this is made: none is lost that comes before anybody waits for it.
pub struct StopSignals {
    interrupt: Signal,
    terminate: Signal,
}

impl StopSignals {
    /// Starts to listen; from then on neither signal ends the process by itself.
    ///
    /// # Errors
    /// When the system does not let us.
    pub fn listen() -> anyhow::Result<Self> {
        let listen = |kind| signal(kind).context("signals cannot be listened for");
        Ok(Self {
            interrupt: listen(SignalKind::interrupt())?,
            terminate: listen(SignalKind::terminate())?,
        })
    }

    /// Waits for the next one; the exit code of a process that it ends at once.
    pub async fn next(&mut self) -> i32 {
        tokio::select! {
            _ = self.interrupt.recv() => 130,
            _ = self.terminate.recv() => 143,
        }
    }
}

/// The first signal stops the process in order; a second one ends it at once.
#[allow(
    clippy::disallowed_methods,
    reason = "it outlives the supervisor's tasks, so that the second signal counts"
)]
pub fn stop_on_signal(tasks: &Tasks, mut signals: StopSignals) {
    let tasks = tasks.clone();
    tokio::spawn(async move {
        signals.next().await;
        tasks.stop();
        std::process::exit(signals.next().await);
    });
}
