//! Work orders.

use async_graphql::{Context, ID, Object, Result};

use super::enums::{AppointmentOutcome, WorkOrderStatus};
use super::object::{Handler, Ticket};
use crate::domain::WorkOrder as Row;
use crate::domain::WorkOrderStatus::Done;
use crate::graphql::context::{loader, viewer};
use crate::graphql::loader::{HandlerOf, failed};
use crate::graphql::scalar::DateTime;
use crate::graphql::team::Team;

/// A piece of a ticket's work given to a team (派工单). The ticket's owner stays its owner.
#[derive(Clone, Debug)]
pub(in crate::graphql) struct WorkOrder(pub(in crate::graphql) Row);

impl From<Row> for WorkOrder {
    fn from(row: Row) -> Self {
        Self(row)
    }
}

/// A piece of a ticket's work given to a team (派工单). The ticket's owner stays its owner.
#[Object]
impl WorkOrder {
    /// Its id.
    pub(in crate::graphql) async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// The ticket.
    async fn ticket(&self, ctx: &Context<'_>) -> Result<Option<Ticket>> {
        Ok(loader(ctx)?.load_one(self.0.ticket_id).await.map_err(failed)?.map(Ticket))
    }

    /// The team that is to do it; absent when the viewer does not see teams.
    async fn team(&self, ctx: &Context<'_>) -> Result<Option<Team>> {
        Ok(loader(ctx)?.load_one(self.0.team_id).await.map_err(failed)?.map(Team))
    }

    /// Who took it, by name and title.
    async fn worker(&self, ctx: &Context<'_>) -> Result<Option<Handler>> {
        let Some(id) = self.0.worker_id else { return Ok(None) };
        Ok(loader(ctx)?.load_one(HandlerOf(id)).await.map_err(failed)?.map(Handler::from))
    }

    /// Where it stands.
    async fn status(&self) -> WorkOrderStatus {
        self.0.status.into()
    }

    /// What is to be done.
    async fn task(&self) -> &str {
        &self.0.task
    }

    /// By when.
    async fn due_at(&self) -> Option<DateTime> {
        self.0.due_at.map(DateTime)
    }

    /// When it was told that it is late (`ORDER_LATE`): past `dueAt`, and neither done nor given back.
    async fn late_at(&self) -> Option<DateTime> {
        self.0.late_at.map(DateTime)
    }

    /// From when on the reporter expects somebody.
    async fn appointment_from(&self) -> Option<DateTime> {
        self.0.appointment_from.map(DateTime)
    }

    /// Until when the reporter expects somebody.
    async fn appointment_to(&self) -> Option<DateTime> {
        self.0.appointment_to.map(DateTime)
    }

    /// Whether the appointment was kept.
    async fn appointment_outcome(&self) -> Option<AppointmentOutcome> {
        self.0.appointment_outcome.map(Into::into)
    }

    /// What was done; why it came back is for staff only.
    async fn result(&self, ctx: &Context<'_>) -> Result<Option<&str>> {
        let told = self.0.status == Done || viewer(ctx)?.roles_at(self.0.community_id).next().is_some();
        Ok(self.0.result.as_deref().filter(|_| told))
    }

    /// When it was taken.
    async fn taken_at(&self) -> Option<DateTime> {
        self.0.taken_at.map(DateTime)
    }

    /// When it was done, returned or withdrawn.
    async fn ended_at(&self) -> Option<DateTime> {
        self.0.ended_at.map(DateTime)
    }

    /// When it was dispatched.
    async fn created_at(&self) -> DateTime {
        self.0.created_at.into()
    }

    /// Send it back as `expectedVersion` with the next act.
    async fn version(&self) -> i32 {
        self.0.version
    }
}
