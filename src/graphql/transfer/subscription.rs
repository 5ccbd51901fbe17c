//! An import or export, as it comes on.

use async_graphql::{Context, ID, Result, Subscription};
use futures_util::Stream;
use futures_util::stream;

use super::object::DataTransfer;
use crate::base::id::DataTransferId;
use crate::domain::{Error, Refusal, transfer};
use crate::graphql::context::{domain, loader, viewer};
use crate::graphql::error::{fault, id};
use crate::graphql::fanout::Feed;
use crate::graphql::feed::{is_opening, stage};
use crate::graphql::loader::failed;

/// An import or export, as it comes on.
#[derive(Default)]
pub(in crate::graphql) struct TransferSubscription;

#[Subscription]
impl TransferSubscription {
    /// An import or export of the viewer's: as it is now, then at most once a second as it comes on, and with every
    /// heartbeat. It completes when the import or export has ended, with the end told last.
    async fn data_transfer_changed<'ctx>(
        &self,
        ctx: &Context<'ctx>,
        #[graphql(name = "id", desc = "The import or export.")] given: ID,
    ) -> Result<impl Stream<Item = Result<DataTransfer>> + use<'ctx>> {
        let id: DataTransferId = id("id", &given).map_err(|error| fault(&error))?;
        if is_opening(ctx) {
            let own =
                transfer::find(domain(ctx), viewer(ctx)?, &[id]).await.map_err(|error| fault(&error))?;
            if own.is_empty() {
                return Err(fault(&Error::from(Refusal::not_found("id", id))));
            }
        }
        let row = match stage(ctx, Feed::Transfer(id), None)? {
            Some(_) => loader(ctx)?.load_one(id).await.map_err(failed)?,
            None => None,
        };
        Ok(stream::iter(row.map(|row| Ok(DataTransfer(row)))))
    }
}
