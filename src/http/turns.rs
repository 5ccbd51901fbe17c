//! Who costs much waits: of each viewer one dear operation runs at a time, and of all together a few, on threads of their
//! own that give way and through connections of their own, so that whoever asks little always finds a processor and a
//! connection free.

use std::any::Any;
use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::{io, thread};

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use tracing::Instrument;

use crate::auth::Caller;
use crate::base::id::AccountId;
use crate::base::{Origin, STACK_BYTES};
use crate::config::Limits;

/// The turns of dear operations.
pub(super) struct Turns {
    /// What costs no more runs at once.
    light: u64,
    all: Arc<Semaphore>,
    /// Of those who run one, or wait. Nobody in particular is one of them.
    of_viewers: Mutex<HashMap<Option<AccountId>, Weak<Semaphore>>>,
    /// To the threads, of which there are as many as turns. They end with it.
    threads: Sender<BoxFuture<'static, ()>>,
}

/// Held while a dear operation runs.
struct Turn {
    _of_all: OwnedSemaphorePermit,
    /// Given back last.
    _of_viewer: OwnedSemaphorePermit,
}

/// What an operation came to, or with what it panicked.
type Outcome<T> = Result<T, Box<dyn Any + Send>>;

impl Turns {
    /// Begins the threads. Called within the runtime whose operations they take.
    pub(super) fn new(limits: &Limits) -> io::Result<Self> {
        let (threads, taken) = channel();
        let taken = Arc::new(Mutex::new(taken));
        for _ in 0..limits.dear_at_once {
            let (taken, runtime) = (Arc::clone(&taken), Handle::current());
            let begun = thread::Builder::new().name("dear".to_owned()).stack_size(STACK_BYTES);
            begun.spawn(move || work(&taken, &runtime))?;
        }
        let all = Arc::new(Semaphore::new(limits.dear_at_once));
        Ok(Self { light: limits.light_cost, all, of_viewers: Mutex::default(), threads })
    }

    /// Whether an operation of this cost waits for its turn.
    pub(super) fn is_dear(&self, cost: u64) -> bool {
        cost > self.light
    }

    /// Runs an operation of this cost: at once when it is light, and when its turn has come when it is not. Who gives up
    /// waiting ends it.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        caller: &Caller,
        cost: u64,
        operation: impl Future<Output = T> + Send + 'static,
    ) -> Outcome<T> {
        let operation = AssertUnwindSafe(operation).catch_unwind();
        if !self.is_dear(cost) {
            return operation.await;
        }
        let turn = self.take(caller).await.map_err(gone)?;
        let operation = Origin::current().scope(operation).in_current_span();
        let (mut tell, told) = oneshot::channel();
        let job = async move {
            let outcome = tokio::select! {
                outcome = operation => outcome,
                () = tell.closed() => return,
            };
            // Whoever is next may begin as soon as the outcome is known.
            drop(turn);
            // Who does not wait any more need not be told.
            let _ = tell.send(outcome);
        };
        self.threads.send(job.boxed()).map_err(gone)?;
        told.await.map_err(gone)?
    }

    /// Turns come in the order of asking, and of one viewer only the first in the row waits among the others.
    async fn take(&self, caller: &Caller) -> Result<Turn, tokio::sync::AcquireError> {
        let viewer = self.of_viewer(caller.viewer().map(|viewer| viewer.account.id));
        let of_viewer = viewer.acquire_owned().await?;
        let of_all = Arc::clone(&self.all).acquire_owned().await?;
        Ok(Turn { _of_all: of_all, _of_viewer: of_viewer })
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

/// Runs one operation after another. What they wait for, the runtime's own threads look after.
fn work(taken: &Mutex<Receiver<BoxFuture<'static, ()>>>, runtime: &Handle) {
    give_way();
    loop {
        let next = taken.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(operation) = next else { return };
        runtime.block_on(operation);
    }
}

/// Lets every other thread go before this one. Elsewhere than on Linux it would be the whole process.
fn give_way() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::nice(GIVES_WAY) {
        tracing::warn!(%error, "dear operations run like all others");
    }
}

/// How nice, of 19.
#[cfg(target_os = "linux")]
const GIVES_WAY: i32 = 10;

/// A thread has ended, as none does while there is somebody to ask for it.
fn gone<E: Send + 'static>(error: E) -> Box<dyn Any + Send> {
    Box::new(error)
}
