//! A person's device: a WebSocket that is opened with a ticket, read frame by frame, and answered.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{self, Message, client::IntoClientRequest, http::header::ORIGIN, protocol::CloseFrame},
};

use super::TestApp;

/// How long a frame that must come may take.
const PATIENCE: Duration = Duration::from_secs(30);

pub struct Device {
    socket: WebSocketStream<TcpStream>,
    /// Unread messages, as the greeting said.
    pub unread: i64,
}

impl Device {
    /// Signs in with a token, opens the socket and hears the greeting.
    pub async fn connect(app: &TestApp, token: &str) -> Self {
        let ticket = ticket(app, token).await;
        let mut device = Self::open(&app.url, &ticket, None).await.expect("the ticket is good");
        device.greet().await;
        device
    }

    /// Opens a socket with a ticket, as a page of an origin or as no page. What was answered when it was refused.
    pub async fn open(server: &str, ticket: &str, origin: Option<&str>) -> Result<Self, (StatusCode, Value)> {
        Self::open_on(
            TcpSocket::new_v4().expect("a socket"),
            server,
            &format!("?ticket={ticket}"),
            origin,
        )
        .await
    }

    /// The same on a TCP socket of one's own, with any query.
    pub async fn open_on(
        socket: TcpSocket,
        server: &str,
        query: &str,
        origin: Option<&str>,
    ) -> Result<Self, (StatusCode, Value)> {
        let host = server.strip_prefix("http://").expect("a server in clear");
        let stream = socket
            .connect(host.parse().expect("address and port"))
            .await
            .expect("it listens");
        let mut request = format!("ws://{host}/v1/realtime{query}")
            .into_client_request()
            .expect("a request");
        if let Some(origin) = origin {
            request.headers_mut().insert(ORIGIN, origin.parse().expect("a header"));
        }
        match client_async(request, stream).await {
            Ok((socket, _)) => Ok(Self { socket, unread: 0 }),
            Err(tungstenite::Error::Http(refusal)) => {
                let body = refusal.body().as_deref().unwrap_or_default();
                Err((refusal.status(), serde_json::from_slice(body).unwrap_or_default()))
            }
            Err(error) => panic!("the socket cannot be opened: {error}"),
        }
    }

    /// Hears the greeting.
    pub async fn greet(&mut self) {
        let ready = self.next().await;
        assert_eq!(ready["type"], "ready", "{ready}");
        self.unread = ready["unread"].as_i64().expect("a number");
    }

    /// The next frame.
    pub async fn next(&mut self) -> Value {
        match self.next_or_close().await {
            Ok(frame) => frame,
            Err(close) => panic!("the server closed the socket: {close:?}"),
        }
    }

    /// The next frame of a type; what comes before it is passed over.
    pub async fn next_of(&mut self, kind: &str) -> Value {
        self.until(kind).await.pop().expect("the frame")
    }

    /// All frames up to the first of a type.
    pub async fn until(&mut self, kind: &str) -> Vec<Value> {
        let mut frames = Vec::new();
        loop {
            frames.push(self.next().await);
            if frames.last().is_some_and(|frame| frame["type"] == kind) {
                return frames;
            }
        }
    }

    /// The next frame, or the code and reason with which the server closed; 1006 when it just went.
    pub async fn next_or_close(&mut self) -> Result<Value, (u16, String)> {
        loop {
            let message = tokio::time::timeout(PATIENCE, self.socket.next())
                .await
                .expect("a frame comes");
            match message {
                Some(Ok(Message::Text(text))) => return Ok(serde_json::from_str(&text).expect("JSON")),
                Some(Ok(Message::Close(Some(CloseFrame { code, reason })))) => {
                    return Err((code.into(), reason.to_string()));
                }
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(Ok(other)) => panic!("only text was promised: {other:?}"),
                Some(Err(_)) | None => return Err((1006, String::new())),
            }
        }
    }

    /// The code with which the server closes; frames before that are passed over.
    pub async fn closed(&mut self) -> u16 {
        loop {
            if let Err((code, _)) = self.next_or_close().await {
                return code;
            }
        }
    }

    /// Sends a message of any kind.
    pub async fn send(&mut self, message: Message) {
        self.try_send(message).await.expect("it can be sent");
    }

    /// The same, to a server that may have hung up.
    pub async fn try_send(&mut self, message: Message) -> Result<(), tungstenite::Error> {
        self.socket.send(message).await
    }

    /// Says what has been shown.
    pub async fn acknowledge(&mut self, delivery_ids: &[&Value]) {
        let frame = json!({"type": "ack", "delivery_ids": delivery_ids});
        self.send(Message::text(frame.to_string())).await;
    }

    /// Takes leave.
    pub async fn leave(mut self) {
        self.socket.close(None).await.expect("a close");
        self.closed().await;
    }
}

/// A ticket for the owner of a token.
pub async fn ticket(app: &TestApp, token: &str) -> String {
    let answer = app.ask(Method::POST, "/v1/realtime/tickets", Some(token), None).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{answer:?}");
    answer.body["ticket"].as_str().expect("a ticket").to_owned()
}
