//! Who costs much waits: of each viewer one dear operation runs at a time, and of all together so many that some of the
//! processor is always left for whoever asks little.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::auth::Caller;
use crate::base::id::AccountId;
use crate::config::Limits;

/// The turns of dear operations.
pub(super) struct Turns {
    /// What costs no more runs at once.
    light: u64,
    all: Arc<Semaphore>,
    /// Of those who run one, or wait. Nobody in particular is one of them.
    of_viewers: Mutex<HashMap<Option<AccountId>, Weak<Semaphore>>>,
}

/// Held while a dear operation runs.
pub(super) struct Turn {
    _of_all: OwnedSemaphorePermit,
    /// Given back last.
    _of_viewer: OwnedSemaphorePermit,
}

impl Turns {
    pub(super) fn new(limits: &Limits) -> Self {
        let all = Arc::new(Semaphore::new(limits.dear_at_once));
        Self { light: limits.light_cost, all, of_viewers: Mutex::default() }
    }

    /// Waits until an operation of this cost may run; `None` when it need not wait. Turns come in the order of asking,
    /// and of one viewer only the first in the row waits among the others.
    pub(super) async fn take(&self, caller: &Caller, cost: u64) -> Option<Turn> {
        if cost <= self.light {
            return None;
        }
        let viewer = self.of_viewer(caller.viewer().map(|viewer| viewer.account.id));
        let of_viewer = viewer.acquire_owned().await.ok()?;
        let of_all = Arc::clone(&self.all).acquire_owned().await.ok()?;
        Some(Turn { _of_all: of_all, _of_viewer: of_viewer })
    }

    fn of_viewer(&self, account: Option<AccountId>) -> Arc<Semaphore> {
        let mut viewers = self.of_viewers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = viewers.get(&account).and_then(Weak::upgrade) {
            return known;
        }
        viewers.retain(|_, known| known.strong_count() > 0);
        let fresh = Arc::new(Semaphore::new(1));
        viewers.insert(account, Arc::downgrade(&fresh));
        fresh
    }
}
