//! Where the present request comes from, for the audit trail: known at the wire, asked for where a use case writes.

use std::future::Future;
use std::net::{IpAddr, Ipv6Addr};

tokio::task_local! {
    static ORIGIN: Origin;
}

/// Where a request comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The request's id, as the log has it.
    pub request_id: Option<String>,
    /// The address of the client, as far as the proxies on the way are trusted to name it.
    pub address: Option<IpAddr>,
}

impl Origin {
    /// Where the request that is being answered comes from; nothing is known of what runs by itself.
    #[must_use]
    pub fn current() -> Self {
        ORIGIN.try_with(Self::clone).unwrap_or_default()
    }

    /// The address by which one client is told from another: of IPv6 the first 64 bits, since whoever has one address
    /// there has all that begin so.
    #[must_use]
    pub fn network(&self) -> Option<IpAddr> {
        self.address.map(|address| match address.to_canonical() {
            IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX))),
            v4 => v4,
        })
    }

    /// Runs `request` as coming from here.
    pub async fn scope<T>(self, request: impl Future<Output = T>) -> T {
        ORIGIN.scope(self, request).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_network_is_one_client() {
        for (address, network) in [
            ("192.0.2.7", "192.0.2.7"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
            ("2001:db8:1:2::", "2001:db8:1:2::"),
            ("::ffff:192.0.2.7", "192.0.2.7"),
        ] {
            let origin = Origin { address: address.parse().ok(), ..Origin::default() };
            assert_eq!(origin.network(), network.parse().ok(), "{address}");
        }
        assert_eq!(Origin::default().network(), None);
    }
}
