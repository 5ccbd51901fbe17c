//! The gateway as the wire's tests use it: they do not care who the people are.

use concierge::config::{Config, HttpLimits};

use crate::support::App;

pub struct Server {
    pub url: String,
    app: App,
}

impl Server {
    /// Begins shutdown.
    pub fn stop(&self) {
        self.app.running.begin_stop();
    }

    /// Waits for its end.
    pub async fn stopped(self) {
        self.app.stop().await;
    }
}

pub async fn server() -> Server {
    server_with(|_| {}).await
}

pub async fn server_with(change: impl FnOnce(&mut HttpLimits)) -> Server {
    server_of(|config| change(&mut config.http)).await
}

pub async fn server_of(change: impl FnOnce(&mut Config)) -> Server {
    let app = App::with(change).await;
    Server { url: app.url.clone(), app }
}

/// A token that is valid, and may run [`SUBSCRIPTION`].
pub async fn token(server: &Server) -> String {
    server.app.actor("desk").await.token.unwrap()
}

/// Begins well and does not end by itself.
pub const SUBSCRIPTION: &str = "subscription { deskChanged { serverTime } }";

pub const MUTATION: &str = "mutation { sessionEnd(input: {}) { done } }";
