//! A person or company that lives or works in units (业主、住户).

use async_graphql::{Context, ID, Object, Result};

use super::enums::OccupantKind;
use crate::domain::audit::{Shown, What};
use crate::domain::{Occupant as Row, occupant};
use crate::graphql::community::Community;
use crate::graphql::context::{loader, note_shown, viewer};
use crate::graphql::document::Document;
use crate::graphql::loader::{CallerOnOrder, DocumentsOfOccupant, OccupanciesOfOccupant, PlacesOf, failed};
use crate::graphql::occupancy::Occupancy;
use crate::graphql::scalar::{DateTime, PhoneNumber};

/// A person or company that lives or works in units (业主、住户).
#[derive(Clone, Debug)]
pub(in crate::graphql) struct Occupant(pub(in crate::graphql) Row);

impl From<Row> for Occupant {
    fn from(row: Row) -> Self {
        Self(row)
    }
}

/// A person or company that lives or works in units (业主、住户).
#[Object]
impl Occupant {
    /// Its id.
    pub(in crate::graphql) async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// A person or a company.
    async fn kind(&self) -> OccupantKind {
        self.0.kind.into()
    }

    /// Its name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The telephone number, masked for those who may not see it whole.
    async fn phone(&self, ctx: &Context<'_>) -> Result<Option<PhoneNumber>> {
        if self.0.phone.is_none() {
            return Ok(None);
        }
        let (viewer, loader) = (viewer(ctx)?, loader(ctx)?);
        let places = loader.load_one(PlacesOf(self.0.id)).await.map_err(failed)?.unwrap_or_default();
        // A work order is only looked for where nothing else shows the number.
        let on_order = !occupant::sees_phone(&viewer.scope.phones, self.0.id, &places, false)
            && loader.load_one(CallerOnOrder(self.0.id)).await.map_err(failed)?.is_some();
        let whole = occupant::sees_phone(&viewer.scope.phones, self.0.id, &places, on_order);
        if whole && viewer.account.occupant_id != Some(self.0.id) {
            let shown = Shown::of(What::OccupantPhone, self.0.community_id);
            note_shown(ctx, Shown { occupant: Some(self.0.id), ..shown });
        }
        Ok(occupant::phone_for(viewer, &self.0, &places, on_order).map(PhoneNumber))
    }

    /// The community that registered them.
    async fn community(&self, ctx: &Context<'_>) -> Result<Option<Community>> {
        Ok(loader(ctx)?.load_one(self.0.community_id).await.map_err(failed)?.map(Community))
    }

    /// Where they are and were, the last place first.
    async fn occupancies(&self, ctx: &Context<'_>) -> Result<Vec<Occupancy>> {
        let rows = loader(ctx)?.load_one(OccupanciesOfOccupant(self.0.id)).await.map_err(failed)?;
        Ok(rows.iter().flat_map(|rows| rows.iter().cloned()).map(Occupancy).collect())
    }

    /// What the archives keep of them and was not withdrawn, as far as the viewer may read it, the last to be filed
    /// first; `documents` is the whole list, page by page.
    async fn documents(&self, ctx: &Context<'_>) -> Result<Vec<Document>> {
        let rows = loader(ctx)?.load_one(DocumentsOfOccupant(self.0.id)).await.map_err(failed)?;
        Ok(rows.iter().flat_map(|rows| rows.iter().cloned()).map(Document).collect())
    }

    /// When they were registered.
    async fn created_at(&self) -> DateTime {
        self.0.created_at.into()
    }

    /// When it last changed.
    async fn updated_at(&self) -> DateTime {
        self.0.updated_at.into()
    }

    /// When it ended; closed ones are kept, and left out of lists unless they are asked for.
    async fn closed_at(&self) -> Option<DateTime> {
        self.0.closed_at.map(DateTime)
    }

    /// When what is personal was erased: the name is empty and the number gone; show them as a person who was erased.
    async fn erased_at(&self) -> Option<DateTime> {
        self.0.erased_at.map(DateTime)
    }

    /// Send it back as `expectedVersion` with the next update.
    async fn version(&self) -> i32 {
        self.0.version
    }
}
