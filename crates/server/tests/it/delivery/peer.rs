//! Servers of providers on this machine: they answer as a test tells them and keep what they were sent.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, Method, StatusCode, Uri},
    response::{IntoResponse, Response},
};
use serde_json::Value;

/// One request.
#[derive(Clone, Debug)]
pub struct Request {
    pub method: String,
    pub path: String,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Request {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

/// Status, headers and body of an answer.
pub type Reply = (u16, Vec<(&'static str, String)>, String);
type Script = Arc<dyn Fn(&Request) -> Reply + Send + Sync>;

/// The server; it ends with the test's runtime.
pub struct Peer {
    pub url: String,
    requests: Arc<Mutex<Vec<Request>>>,
}

#[derive(Clone)]
struct Inside {
    script: Script,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Peer {
    pub async fn start(script: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Self {
        let inside = Inside {
            script: Arc::new(script),
            requests: Arc::default(),
        };
        let requests = inside.requests.clone();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(answer).with_state(inside);
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, requests }
    }

    /// What came so far.
    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }
}

async fn answer(State(inside): State<Inside>, method: Method, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let request = Request {
        method: method.to_string(),
        path: uri.path_and_query().unwrap().to_string(),
        headers,
        body: body.to_vec(),
    };
    let (status, headers, body) = (inside.script)(&request);
    inside.requests.lock().unwrap().push(request);
    let mut response = (StatusCode::from_u16(status).unwrap(), body).into_response();
    for (name, value) in headers {
        response.headers_mut().insert(name, value.parse().unwrap());
    }
    response
}

/// A script among the test's peers (`tests/peers`), for node.
pub fn script(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers");
    assert!(
        folder.join("node_modules").exists(),
        "the independent implementations are not installed: run `make test`, or scripts/setup test"
    );
    folder.join(name)
}

/// Runs one to its end, with JSON in and out.
pub fn run(name: &str, command: &str, input: &Value) -> Value {
    let mut child = Command::new("node")
        .arg(script(name))
        .arg(command)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let written = serde_json::to_writer(child.stdin.take().unwrap(), input);
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{name} {command} refused {input}");
    written.ok();
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Runs openssl; what it printed.
pub fn openssl(arguments: &[&str]) -> String {
    let output = Command::new("openssl").args(arguments).output().unwrap();
    assert!(output.status.success(), "openssl {arguments:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}
