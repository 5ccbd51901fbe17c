//! How many sockets and streams are open, by address and by viewer: each takes a seat with both, and gives it back.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::http::StatusCode;

use super::response::Refusal;
use crate::auth::Caller;
use crate::base::Origin;
use crate::base::id::AccountId;
use crate::config::HttpLimits;

/// When one of the others may have ended.
const RETRY_AFTER_SECONDS: u64 = 5;

/// Whose the seats are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Holder {
    Address(IpAddr),
    Viewer(AccountId),
}

/// All seats of this process.
pub(super) struct Seats {
    per_address: usize,
    per_viewer: usize,
    taken: Mutex<HashMap<Holder, usize>>,
}

/// One seat, until it is dropped.
pub(super) struct Seat {
    seats: Arc<Seats>,
    holder: Holder,
}

/// As many are open as may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Full {
    holder: Holder,
    limit: usize,
}

impl Seats {
    pub(super) fn new(limits: &HttpLimits) -> Arc<Self> {
        let (per_address, per_viewer) = (limits.sockets_per_address, limits.sockets_per_viewer);
        Arc::new(Self { per_address, per_viewer, taken: Mutex::default() })
    }

    /// A seat with the address that the present request comes from; none is needed where none is known.
    pub(super) fn of_address(self: &Arc<Self>) -> Result<Option<Seat>, Full> {
        Origin::current()
            .network()
            .map(|address| self.take(Holder::Address(address), self.per_address))
            .transpose()
    }

    /// A seat with the viewer; none is needed where nobody is signed in.
    pub(super) fn of_viewer(self: &Arc<Self>, caller: &Caller) -> Result<Option<Seat>, Full> {
        let viewer = caller.viewer().map(|viewer| Holder::Viewer(viewer.account.id));
        viewer.map(|viewer| self.take(viewer, self.per_viewer)).transpose()
    }

    /// The seats of a stream, whose viewer is known when it begins.
    pub(super) fn of_stream(self: &Arc<Self>, caller: &Caller) -> Result<Vec<Seat>, Full> {
        Ok([self.of_address()?, self.of_viewer(caller)?].into_iter().flatten().collect())
    }

    fn take(self: &Arc<Self>, holder: Holder, limit: usize) -> Result<Seat, Full> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let count = taken.entry(holder).or_default();
        if *count >= limit {
            return Err(Full { holder, limit });
        }
        *count += 1;
        Ok(Seat { seats: Arc::clone(self), holder })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.seats.taken.lock().unwrap_or_else(PoisonError::into_inner);
        match taken.get_mut(&self.holder) {
            Some(count) if *count > 1 => *count -= 1,
            _ => drop(taken.remove(&self.holder)),
        }
    }
}

impl From<Full> for Refusal {
    fn from(Full { holder, limit }: Full) -> Self {
        let whose = match holder {
            Holder::Address(_) => "This address",
            Holder::Viewer(_) => "This viewer",
        };
        let message =
            format!("{whose} has {limit} sockets and streams open, and no more are taken: close one first.");
        Self::new(StatusCode::TOO_MANY_REQUESTS, "TOO_MANY_SOCKETS", message)
            .with_retry_after(RETRY_AFTER_SECONDS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seats(per_address: usize) -> Arc<Seats> {
        Seats::new(&HttpLimits { sockets_per_address: per_address, ..HttpLimits::default() })
    }

    async fn from(seats: &Arc<Seats>, address: &str) -> Result<Option<Seat>, Full> {
        let origin = Origin { address: address.parse().ok(), ..Origin::default() };
        origin.scope(async { seats.of_address() }).await
    }

    #[tokio::test]
    async fn a_seat_is_given_back() {
        let seats = seats(2);
        let first = from(&seats, "10.0.0.1").await.unwrap();
        let second = from(&seats, "10.0.0.1").await.unwrap();
        assert_eq!(from(&seats, "10.0.0.1").await.err().map(|full| full.limit), Some(2));
        assert!(from(&seats, "10.0.0.2").await.is_ok(), "another address has its own");
        drop(first);
        assert!(from(&seats, "10.0.0.1").await.is_ok());
        drop(second);
        assert!(seats.taken.lock().unwrap().is_empty(), "nobody is remembered who holds none");
    }

    #[tokio::test]
    async fn a_network_of_64_bits_is_one_household() {
        let seats = seats(1);
        let _held = from(&seats, "2001:db8:0:1::1").await.unwrap();
        assert!(from(&seats, "2001:db8:0:1:ffff::2").await.is_err());
        assert!(from(&seats, "2001:db8:0:2::1").await.is_ok());
    }

    #[tokio::test]
    async fn who_has_no_address_and_no_name_needs_no_seat() {
        let seats = seats(0);
        assert!(seats.of_address().unwrap().is_none());
        assert!(seats.of_viewer(&Caller::anonymous()).unwrap().is_none());
    }
}
