//! Clients that send exactly what a test says.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// Nothing a test waits for takes longer, so what hangs fails.
const PATIENCE: Duration = Duration::from_secs(20);

/// A WebSocket client.
pub struct Ws(pub WebSocketStream<MaybeTlsStream<TcpStream>>);

/// What a socket gave.
#[derive(Debug, PartialEq)]
pub enum Got {
    Message(Value),
    /// A ping of the WebSocket layer.
    Ping,
    Close(u16, String),
    /// The connection ended without a close frame.
    Dropped,
}

impl Ws {
    /// Opens a socket with these headers and our sub-protocol.
    pub async fn open_with(url: &str, headers: &[(&'static str, &str)]) -> Self {
        let mut all = vec![("sec-websocket-protocol", "graphql-transport-ws")];
        all.extend_from_slice(headers);
        Self::open_raw(url, &all).await
    }

    /// Opens a socket with these headers and nothing else.
    pub async fn open_raw(url: &str, headers: &[(&'static str, &str)]) -> Self {
        let url = format!("{}/graphql", url.replacen("http", "ws", 1));
        let mut request = url.into_client_request().unwrap();
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        Self(connect_async(request).await.unwrap().0)
    }

    pub async fn open(url: &str) -> Self {
        Self::open_with(url, &[]).await
    }

    /// Opens a socket and has it acknowledged.
    pub async fn ready(url: &str, token: Option<&str>) -> Self {
        let mut ws = Self::open(url).await;
        ws.init(token).await;
        ws.expect(json!({ "type": "connection_ack" })).await;
        ws
    }

    /// Like [`Ws::ready`], of a gateway that may be going away.
    pub async fn try_ready(url: &str, token: &str) -> Option<Self> {
        let mut request = format!("{}/graphql", url.replacen("http", "ws", 1)).into_client_request().unwrap();
        request.headers_mut().insert("sec-websocket-protocol", "graphql-transport-ws".parse().unwrap());
        let mut ws = Self(connect_async(request).await.ok()?.0);
        let authorization = json!({ "Authorization": format!("Bearer {token}") });
        let init = json!({ "type": "connection_init", "payload": authorization });
        ws.0.send(Message::text(init.to_string())).await.ok()?;
        (ws.next().await == Got::Message(json!({ "type": "connection_ack" }))).then_some(ws)
    }

    pub async fn init(&mut self, token: Option<&str>) {
        let message = match token {
            None => json!({ "type": "connection_init" }),
            Some(token) => {
                json!({ "type": "connection_init", "payload": { "Authorization": format!("Bearer {token}") } })
            }
        };
        self.send(message).await;
    }

    pub async fn subscribe(&mut self, id: &str, query: &str) {
        self.send(json!({ "id": id, "type": "subscribe", "payload": { "query": query } })).await;
    }

    pub async fn send(&mut self, message: Value) {
        self.text(&message.to_string()).await;
    }

    pub async fn text(&mut self, text: &str) {
        self.frame(Message::text(text)).await;
    }

    pub async fn frame(&mut self, frame: Message) {
        self.0.send(frame).await.unwrap();
    }

    pub async fn next(&mut self) -> Got {
        loop {
            return match tokio::time::timeout(PATIENCE, self.0.next()).await.expect("nothing came") {
                Some(Ok(Message::Text(text))) => Got::Message(serde_json::from_str(&text).unwrap()),
                Some(Ok(Message::Ping(_))) => Got::Ping,
                Some(Ok(Message::Close(Some(frame)))) => {
                    Got::Close(frame.code.into(), frame.reason.to_string())
                }
                Some(Ok(Message::Pong(_))) => continue,
                Some(Ok(other)) => panic!("{other:?}"),
                Some(Err(_)) | None => Got::Dropped,
            };
        }
    }

    pub async fn expect(&mut self, message: Value) {
        assert_eq!(self.next().await, Got::Message(message));
    }

    /// The next message, which must be one.
    pub async fn message(&mut self) -> Value {
        match self.next().await {
            Got::Message(message) => message,
            other => panic!("{other:?}"),
        }
    }

    /// Waits for the close frame and gives its code and reason.
    pub async fn closed(&mut self) -> (u16, String) {
        loop {
            match self.next().await {
                Got::Close(code, reason) => return (code, reason),
                Got::Dropped => panic!("dropped without a close frame"),
                Got::Message(_) | Got::Ping => {}
            }
        }
    }
}

/// Sends bytes on a connection of their own and gives all that comes back.
pub async fn raw(url: &str, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(url.trim_start_matches("http://")).await.unwrap();
    // The server may answer and close before it has taken all.
    let _ = stream.write_all(bytes).await;
    let mut answer = Vec::new();
    let _ = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut answer)).await.expect("no answer");
    String::from_utf8(answer).unwrap()
}

impl Ws {
    /// The data of the next result of an operation; pings and the like are passed over.
    pub async fn data(&mut self, id: &str) -> Value {
        let message = self.result(id).await;
        assert_eq!(message.get("errors"), None, "{message}");
        message["data"].clone()
    }

    /// The next result of an operation, whole.
    pub async fn result(&mut self, id: &str) -> Value {
        loop {
            match self.next().await {
                Got::Ping => {}
                Got::Message(message) if message["type"] == "ping" => {}
                Got::Message(mut message) if message["type"] == "next" && message["id"] == id => {
                    return message["payload"].take();
                }
                other => panic!("{other:?}"),
            }
        }
    }

    pub async fn subscribe_with(&mut self, id: &str, query: &str, variables: Value) {
        let payload = json!({ "query": query, "variables": variables });
        self.send(json!({ "id": id, "type": "subscribe", "payload": payload })).await;
    }
}
