//! A gateway in this process over an estate of its own, and clients that speak to it over the wire.
#![allow(dead_code)]

use concierge::app::{self, Running};
use concierge::base::Clock;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::database::Folder;
use super::estate;

const TICKETS: usize = 5_000;

/// What a desk asks all day.
pub(crate) const LIGHT: &str = "{ viewer { login } tickets(first: 20) { nodes { id number status } } }";

/// As dear as is taken: a page of a page of a page.
pub(crate) fn heavy() -> String {
    let fields = "id number status priority channel description createdAt version revision unit { id number floor } \
        building { id name } community { id name } responseDueAt resolutionDueAt repeated escalationLevel";
    format!(
        "{{ {} }}",
        (0..8).map(|n| format!("t{n}: tickets(first: 100) {{ nodes {{ {fields} }} }} ")).collect::<String>()
    )
}

/// A gateway with an estate, on a port of its own.
pub(crate) struct Gateway {
    running: Running,
    _folder: Folder,
    tokens: Vec<String>,
}

impl Gateway {
    pub(crate) async fn open() -> Self {
        let folder = Folder::of("wire");
        let config = folder.config(&folder.sqlite());
        let opened = app::open(&config, Clock::system()).await.unwrap();
        estate::build(&opened, TICKETS).await;
        let mut tokens = Vec::new();
        for login in ["group", "desk"] {
            tokens.push(opened.auth.open_for(login).await.unwrap().access);
        }
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let running = app::start(&config, opened, listener).await.unwrap();
        Self { running, _folder: folder, tokens }
    }

    /// The one who asks much.
    pub(crate) fn client(&self) -> Client {
        self.as_viewer(0)
    }

    /// Somebody else.
    pub(crate) fn other(&self) -> Client {
        self.as_viewer(1)
    }

    fn as_viewer(&self, which: usize) -> Client {
        let url = format!("http://{}/graphql", self.running.address);
        Client { url, token: self.tokens[which].clone(), http: reqwest::Client::new() }
    }

    pub(crate) async fn close(self) {
        self.running.stop().await;
    }
}

/// One viewer, with connections of their own.
#[derive(Clone)]
pub(crate) struct Client {
    url: String,
    token: String,
    http: reqwest::Client,
}

impl Client {
    /// The answer's bytes; nobody here reads them.
    pub(crate) async fn ask(&self, query: &str) -> usize {
        let request = self.http.post(&self.url).bearer_auth(&self.token).json(&json!({ "query": query }));
        request.send().await.unwrap().bytes().await.unwrap().len()
    }

    /// The answer, to see that it is one.
    pub(crate) async fn answer(&self, query: &str) -> Value {
        let request = self.http.post(&self.url).bearer_auth(&self.token);
        let body = json!({ "query": query, "extensions": { "cost": true } });
        request.json(&body).send().await.unwrap().json().await.unwrap()
    }
}
