//! An identity provider: the keys that it signs tokens with, and the server at which it publishes them, as slowly and as
//! wrongly as it is told to.

use std::{
    io::Write,
    process::{Command, Stdio},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use axum::{Router, http::StatusCode, response::IntoResponse, routing::get};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode, jwk::Jwk};
use serde_json::{Value, json};
use tokio::task::JoinHandle;

/// A key pair with a name.
pub struct Key {
    id: String,
    algorithm: Algorithm,
    private: EncodingKey,
    pem: Vec<u8>,
}

impl Key {
    /// A new RSA key of 2,048 bits, for RS256.
    pub fn rsa(id: &str) -> Self {
        let pem = generate(&["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"]);
        let private = EncodingKey::from_rsa_pem(&pem).expect("an RSA key");
        Self::new(id, Algorithm::RS256, private, pem)
    }

    /// A new key on the curve P-256, for ES256.
    pub fn ec(id: &str) -> Self {
        let pem = generate(&["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]);
        let private = EncodingKey::from_ec_pem(&pem).expect("an EC key");
        Self::new(id, Algorithm::ES256, private, pem)
    }

    /// A new key on the curve Ed25519, for EdDSA.
    pub fn ed(id: &str) -> Self {
        let pem = generate(&["-algorithm", "ED25519"]);
        let private = EncodingKey::from_ed_pem(&pem).expect("an Ed25519 key");
        Self::new(id, Algorithm::EdDSA, private, pem)
    }

    fn new(id: &str, algorithm: Algorithm, private: EncodingKey, pem: Vec<u8>) -> Self {
        Self {
            id: id.to_owned(),
            algorithm,
            private,
            pem,
        }
    }

    /// The public half, as a JWKS has it.
    pub fn jwk(&self) -> Value {
        let mut jwk = Jwk::from_encoding_key(&self.private, self.algorithm).expect("a JWK");
        jwk.common.key_id = Some(self.id.clone());
        serde_json::to_value(jwk).expect("JSON")
    }

    /// The public half as PEM: what an attacker has too.
    pub fn public_pem(&self) -> Vec<u8> {
        openssl(&["pkey", "-pubout"], &self.pem)
    }

    /// The usual header: algorithm and key.
    pub fn header(&self) -> Header {
        let mut header = Header::new(self.algorithm);
        header.kid = Some(self.id.clone());
        header
    }

    /// A token with the usual header.
    pub fn sign(&self, claims: &Value) -> String {
        self.sign_with(&self.header(), claims)
    }

    /// A token with a header of one's own.
    pub fn sign_with(&self, header: &Header, claims: &Value) -> String {
        encode(header, claims, &self.private).expect("a token")
    }
}

/// A JWKS of keys.
pub fn key_set(keys: &[&Key]) -> Value {
    json!({"keys": keys.iter().map(|key| key.jwk()).collect::<Vec<_>>()})
}

fn generate(options: &[&str]) -> Vec<u8> {
    openssl(&[&["genpkey"], options].concat(), &[])
}

fn openssl(arguments: &[&str], input: &[u8]) -> Vec<u8> {
    let mut openssl = Command::new("openssl")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("openssl is not installed: run `make test`, which sets it up, or scripts/setup");
    openssl
        .stdin
        .take()
        .expect("its input")
        .write_all(input)
        .expect("it reads");
    let output = openssl.wait_with_output().expect("it ends");
    assert!(output.status.success(), "openssl {arguments:?} failed");
    output.stdout
}

/// What the provider's server does when it is asked.
#[derive(Clone)]
pub enum Answer {
    /// Publishes this.
    Keys(Value),
    /// Sends this, whatever it is.
    Text(String),
    /// Is out of order.
    Broken,
    /// Takes the request and never answers.
    Silence,
}

/// The provider's server. Dropped, nobody listens there any more.
pub struct Provider {
    /// Where the keys are.
    pub url: String,
    answer: Arc<Mutex<Answer>>,
    looks: Arc<AtomicUsize>,
    server: JoinHandle<()>,
}

impl Provider {
    /// Starts with these keys.
    pub async fn start(keys: &[&Key]) -> Self {
        let answer = Arc::new(Mutex::new(Answer::Keys(key_set(keys))));
        let looks = Arc::new(AtomicUsize::new(0));
        let (current, count) = (answer.clone(), looks.clone());
        let handler = move || {
            count.fetch_add(1, Ordering::SeqCst);
            let answer = current.lock().expect("the answer").clone();
            respond(answer)
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}/jwks.json", listener.local_addr().expect("an address"));
        let router = Router::new().route("/jwks.json", get(handler));
        let server = tokio::spawn(async move {
            let _ended = axum::serve(listener, router).await;
        });
        Self {
            url,
            answer,
            looks,
            server,
        }
    }

    /// Answers otherwise from now on.
    pub fn answer(&self, answer: Answer) {
        *self.answer.lock().expect("the answer") = answer;
    }

    /// Publishes these keys from now on.
    pub fn publish(&self, keys: &[&Key]) {
        self.answer(Answer::Keys(key_set(keys)));
    }

    /// How often it was asked.
    pub fn looks(&self) -> usize {
        self.looks.load(Ordering::SeqCst)
    }
}

async fn respond(answer: Answer) -> axum::response::Response {
    match answer {
        Answer::Keys(keys) => axum::Json(keys).into_response(),
        Answer::Text(text) => text.into_response(),
        Answer::Broken => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        Answer::Silence => std::future::pending().await,
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        self.server.abort();
    }
}
