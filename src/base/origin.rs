//! Where the present request comes from, for the audit trail: known at the wire, asked for where a use case writes.

use std::future::Future;
use std::net::IpAddr;

tokio::task_local! {
    static ORIGIN: Origin;
}

/// Where a request comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The request's id, as the log has it.
    pub request_id: Option<String>,
    /// The address of the peer; behind a proxy it is the proxy's.
    pub address: Option<IpAddr>,
}

impl Origin {
    /// Where the request that is being answered comes from; nothing is known of what runs by itself.
    #[must_use]
    pub fn current() -> Self {
        ORIGIN.try_with(Self::clone).unwrap_or_default()
    }

    /// Runs `request` as coming from here.
    pub async fn scope<T>(self, request: impl Future<Output = T>) -> T {
        ORIGIN.scope(self, request).await
    }
}
