//! What a resolver finds in its context: who asks, the domain, the loaders.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use async_graphql::dataloader::{DataLoader, HashMapCache};
use async_graphql::{Context, Result};

use super::batch::{AtOnce, Batches};
use super::error::fault;
use super::loader::Loaders;
use crate::auth::{Auth, Caller};
use crate::domain::audit::Shown;
use crate::domain::{Domain, Error, Viewer};
use crate::live::Live;

/// One request's own data.
pub(super) struct Session {
    /// Who asks.
    pub(super) caller: Caller,
    /// The feed's head when the request began: whatever it reads shows at least all that happened up to there.
    pub(super) head: i64,
    /// The loads of this request.
    pub(super) batches: Batches,
    /// What it has shown of other people.
    pub(super) reads: Reads,
}

/// What a request has shown of other people; clones share it.
#[derive(Clone, Default)]
pub(super) struct Reads(Arc<Mutex<BTreeSet<Shown>>>);

impl Reads {
    /// All that was shown.
    pub(super) fn take(&self) -> BTreeSet<Shown> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Remembers that something of somebody else was shown whole, for the audit trail.
pub(super) fn note_shown(ctx: &Context<'_>, shown: Shown) {
    session(ctx).reads.0.lock().unwrap_or_else(PoisonError::into_inner).insert(shown);
}

/// The data loaders of one request; each row is loaded once in it.
pub(super) type Loader = DataLoader<Loaders, HashMapCache>;

/// The loaders for a viewer.
pub(super) fn loaders(domain: &Domain, viewer: &Arc<Viewer>, batches: &Batches) -> Loader {
    let loaders = Loaders { domain: domain.clone(), viewer: Arc::clone(viewer) };
    // The largest list is bounded by the page's size, so that a level is never split.
    DataLoader::with_cache(loaders, batches.clone(), AtOnce, HashMapCache::default())
        .max_batch_size(usize::MAX)
}

/// The domain.
pub(super) fn domain<'a>(ctx: &Context<'a>) -> &'a Domain {
    ctx.data_unchecked::<Domain>()
}

/// The live feed.
pub(super) fn live<'a>(ctx: &Context<'a>) -> &'a Live {
    ctx.data_unchecked::<Live>()
}

/// Sign-in and sessions.
pub(super) fn auth<'a>(ctx: &Context<'a>) -> &'a Auth {
    ctx.data_unchecked::<Auth>()
}

/// This request's own data.
pub(super) fn session<'a>(ctx: &Context<'a>) -> &'a Session {
    ctx.data_unchecked::<Session>()
}

/// Who asks; UNAUTHENTICATED when nobody is signed in.
pub(super) fn viewer<'a>(ctx: &Context<'a>) -> Result<&'a Arc<Viewer>> {
    session(ctx).caller.viewer().ok_or_else(|| fault(&Error::Unauthenticated))
}

/// The loaders; only a signed-in viewer has any.
pub(super) fn loader<'a>(ctx: &Context<'a>) -> Result<&'a Loader> {
    viewer(ctx)?;
    Ok(ctx.data_unchecked::<Loader>())
}
