//! A whole server on a test's database. Its jobs do not run by themselves: tests drain them, so that nothing is slept for.

use frontdesk::{
    app::App,
    delivery::{
        self,
        email::{EmailConfig, TransportKind},
    },
    notifications::jobs::{self, Step},
    router,
    settings::{DEFAULTS, Settings},
};
use jiff::SignedDuration;
use platform::{auth, clock::Clock};
use reqwest::{Method, StatusCode};
use serde_json::Value;
use uuid::Uuid;

use super::{TestDb, database::url};

/// Signs the tests' tokens.
pub const SECRET: &str = "a secret of the tests that is long enough";

/// A server and its database.
pub struct TestApp {
    /// The database.
    pub db: TestDb,
    /// The server's inside.
    pub app: App,
    /// Where it listens.
    pub url: String,
    client: reqwest::Client,
    _mail: tempfile::TempDir,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: reqwest::header::HeaderMap,
    /// The body, if it was JSON.
    pub body: Value,
}

impl Answer {
    /// The fields that a problem document names.
    pub fn fields(&self) -> Vec<&str> {
        self.body["errors"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|error| error["field"].as_str())
            .collect()
    }
}

/// The settings of a test: the defaults, mail kept in a folder.
pub fn settings(db: &TestDb, mail: &std::path::Path) -> Settings {
    let mut settings: Settings =
        platform::config::load(DEFAULTS, None, "NOTHING_BEGINS_SO_", &[], &[]).expect("the defaults");
    settings.database.api_url = url("frontdesk_api", &db.name);
    settings.database.worker_url = url("frontdesk_worker", &db.name);
    settings.database.pool_size = 8;
    settings.auth.hs256_secret = SECRET.into();
    settings.email = EmailConfig {
        transport: TransportKind::Preview,
        preview_dir: mail.to_owned(),
        ..EmailConfig::default()
    };
    settings
}

impl TestApp {
    /// A server on a fresh database, on the system's clock.
    pub async fn start() -> Self {
        Self::start_with(Clock::system(), |_| {}).await
    }

    /// A server with another clock or other settings.
    pub async fn start_with(clock: Clock, change: impl FnOnce(&mut Settings)) -> Self {
        Self::start_on(clock, change, |app| app).await
    }

    /// A server with other ways to deliver, too.
    pub async fn start_on(clock: Clock, change: impl FnOnce(&mut Settings), route: impl FnOnce(App) -> App) -> Self {
        let _already_installed = rustls::crypto::ring::default_provider().install_default();
        let db = TestDb::new().await;
        let mail = tempfile::tempdir().expect("a folder");
        let mut settings = settings(&db, mail.path());
        change(&mut settings);
        let app = route(App::new(settings, clock).expect("the settings are right"));
        app.check_safety().await.expect("the database is safe");
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let router = router::router(app.clone());
        app.tasks.spawn("test server", async move {
            let _ended = axum::serve(listener, router).await;
        });
        Self {
            db,
            app,
            url,
            client: reqwest::Client::builder().no_proxy().build().expect("a client"),
            _mail: mail,
        }
    }

    /// Starts the jobs too, for tests of what happens by itself.
    pub fn with_jobs(self) -> Self {
        self.app.start_jobs();
        self
    }

    /// A person's token.
    pub fn token(&self, org_id: Uuid, user_id: Uuid) -> String {
        let settings = &self.app.settings.auth;
        auth::mint(
            settings,
            org_id,
            user_id,
            self.app.clock.now(),
            SignedDuration::from_hours(1),
        )
        .expect("a token")
    }

    /// Asks; with a token or without, with a JSON body or without.
    pub async fn ask(&self, method: Method, path: &str, token: Option<&str>, body: Option<Value>) -> Answer {
        let mut request = self.client.request(method, format!("{}{path}", self.url));
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        self.send(request).await
    }

    /// Sends a request made by hand.
    pub async fn send(&self, request: reqwest::RequestBuilder) -> Answer {
        let response = request.send().await.expect("an answer");
        let (status, headers) = (response.status(), response.headers().clone());
        let text = response.text().await.expect("a body");
        Answer {
            status,
            headers,
            body: serde_json::from_str(&text).unwrap_or(Value::String(text)),
        }
    }

    /// For requests made by hand.
    pub fn client(&self) -> &reqwest::Client {
        &self.client
    }

    /// GET.
    pub async fn get(&self, path: &str, token: &str) -> Answer {
        self.ask(Method::GET, path, Some(token), None).await
    }

    /// POST.
    pub async fn post(&self, path: &str, token: &str, body: Value) -> Answer {
        self.ask(Method::POST, path, Some(token), Some(body)).await
    }

    /// Does all that the jobs would do now.
    pub async fn drain(&self) {
        while jobs::expand_step(&self.app).await.expect("expanding") != Step::Idle {}
        for route in self.app.routes.iter() {
            while delivery::jobs::dispatch_batch(&self.app, route)
                .await
                .expect("dispatching")
                > 0
            {}
        }
        jobs::finish(&self.app).await.expect("finishing");
    }

    /// The mails in the preview.
    pub async fn mails(&self) -> Vec<frontdesk::delivery::email::preview::Summary> {
        let store = self
            .app
            .email
            .as_ref()
            .and_then(|email| email.transport().preview().cloned())
            .expect("a preview");
        store.list(5_000).await.expect("the preview's folder").mails
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        self.app.tasks.stop();
    }
}
