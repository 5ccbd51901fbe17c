//! A ticket.

use async_graphql::{Context, ID, Object, Result};

use super::enums::{
    CallBackOutcome, HoldReason, TicketAct, TicketChannel, TicketKind, TicketPriority, TicketStatus,
};
use super::timeline::TicketEvent;
use super::work_order::WorkOrder;
use crate::domain::audit::{Shown, What};
use crate::domain::find::Handler as Handles;
use crate::domain::ticket::{self, Ticket as Row};
use crate::graphql::attachment::Attachment;
use crate::graphql::building::Building;
use crate::graphql::category::Category;
use crate::graphql::community::Community;
use crate::graphql::context::{loader, note_shown, viewer};
use crate::graphql::loader::{AttachmentsOfTicket, HandlerOf, OrdersOf, TimelineOf, failed};
use crate::graphql::occupant::Occupant;
use crate::graphql::scalar::{DateTime, PhoneNumber};
use crate::graphql::staff::Staff;
use crate::graphql::team::Team;
use crate::graphql::unit::Unit;

/// The most lines of a timeline that are given at once.
const TIMELINE_MAX: u64 = 200;

/// One matter raised (工单), from the filing to the last word on it. Its owner keeps it until it is closed.
#[derive(Clone, Debug)]
pub(in crate::graphql) struct Ticket(pub(in crate::graphql) Row);

impl From<Row> for Ticket {
    fn from(row: Row) -> Self {
        Self(row)
    }
}

/// One matter raised (工单), from the filing to the last word on it. Its owner keeps it until it is closed.
#[Object]
impl Ticket {
    /// Its id.
    pub(in crate::graphql) async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// The number that people quote: community code, day, counter ("XH-20261123-0042"). Numbers may be skipped.
    async fn number(&self) -> &str {
        &self.0.number
    }

    /// What sort of matter it is.
    async fn kind(&self) -> TicketKind {
        self.0.kind.into()
    }

    /// Where it stands.
    async fn status(&self) -> TicketStatus {
        self.0.status.into()
    }

    /// How fast it must go.
    async fn priority(&self) -> TicketPriority {
        self.0.priority.into()
    }

    /// How it came in.
    async fn channel(&self) -> TicketChannel {
        self.0.channel.into()
    }

    /// The matter, in the words of whoever raised it; empty when they were erased.
    async fn description(&self) -> &str {
        &self.0.description
    }

    /// The community it belongs to.
    async fn community(&self, ctx: &Context<'_>) -> Result<Option<Community>> {
        let row = loader(ctx)?.load_one(self.0.community_id).await.map_err(failed)?;
        Ok(row.map(Community))
    }

    /// Its category.
    async fn category(&self, ctx: &Context<'_>) -> Result<Option<Category>> {
        let Some(id) = self.0.category_id else { return Ok(None) };
        Ok(loader(ctx)?.load_one(id).await.map_err(failed)?.map(Category))
    }

    /// The building concerned.
    async fn building(&self, ctx: &Context<'_>) -> Result<Option<Building>> {
        let Some(id) = self.0.building_id else { return Ok(None) };
        Ok(loader(ctx)?.load_one(id).await.map_err(failed)?.map(Building))
    }

    /// The unit concerned.
    async fn unit(&self, ctx: &Context<'_>) -> Result<Option<Unit>> {
        let Some(id) = self.0.unit_id else { return Ok(None) };
        Ok(loader(ctx)?.load_one(id).await.map_err(failed)?.map(Unit))
    }

    /// The place in words, where no unit names it.
    async fn place(&self) -> Option<&str> {
        self.0.place.as_deref()
    }

    /// The occupant whose matter it is; absent when nobody's, or when the viewer does not see them.
    async fn reporter(&self, ctx: &Context<'_>) -> Result<Option<Occupant>> {
        let Some(id) = self.0.reporter_id else { return Ok(None) };
        Ok(loader(ctx)?.load_one(id).await.map_err(failed)?.map(Occupant))
    }

    /// The name to ask for: the reporter's, or of a caller who is nobody's occupant.
    async fn contact_name(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        if let Some(name) = &self.0.contact_name {
            return Ok(Some(name.clone()));
        }
        Ok(self.reporter_row(ctx).await?.map(|row| row.name))
    }

    /// The telephone number to call, masked for those who may not see it whole.
    async fn contact_phone(&self, ctx: &Context<'_>) -> Result<Option<PhoneNumber>> {
        let phone = match &self.0.contact_phone {
            Some(phone) => Some(phone.clone()),
            None => self.reporter_row(ctx).await?.and_then(|row| row.phone),
        };
        let Some(phone) = phone else { return Ok(None) };
        let orders = self.own_orders(ctx).await?;
        let viewer = viewer(ctx)?;
        let whole = ticket::policy::sees_contact(viewer, &self.0, &orders);
        let own = viewer.account.occupant_id.is_some() && viewer.account.occupant_id == self.0.reporter_id;
        if whole && !own {
            let (occupant, ticket) = (self.0.reporter_id, Some(self.0.id));
            let shown = Shown::of(What::ContactPhone, self.0.community_id);
            note_shown(ctx, Shown { occupant, ticket, ..shown });
        }
        Ok(Some(PhoneNumber(if whole { phone } else { crate::domain::masked(&phone) })))
    }

    /// Who keeps it until it is closed, as a member of staff. Residents do not see staff; they have `handler`.
    async fn owner(&self, ctx: &Context<'_>) -> Result<Option<Staff>> {
        let Some(id) = self.0.owner_id else { return Ok(None) };
        Ok(loader(ctx)?.load_one(id).await.map_err(failed)?.map(Staff))
    }

    /// Who handles it, by name and title, for everybody who sees the ticket.
    async fn handler(&self, ctx: &Context<'_>) -> Result<Option<Handler>> {
        let Some(id) = self.0.owner_id else { return Ok(None) };
        Ok(loader(ctx)?.load_one(HandlerOf(id)).await.map_err(failed)?.map(Handler::from))
    }

    /// A complaint about this member of staff; it is shown to those who handle it.
    async fn about_staff(&self, ctx: &Context<'_>) -> Result<Option<Staff>> {
        let Some(id) = self.0.about_staff_id else { return Ok(None) };
        Ok(loader(ctx)?.load_one(id).await.map_err(failed)?.map(Staff))
    }

    /// A complaint about this team.
    async fn about_team(&self, ctx: &Context<'_>) -> Result<Option<Team>> {
        let Some(id) = self.0.about_team_id else { return Ok(None) };
        Ok(loader(ctx)?.load_one(id).await.map_err(failed)?.map(Team))
    }

    /// A complaint about the people of this unit, who never learn who complained.
    async fn about_unit(&self, ctx: &Context<'_>) -> Result<Option<Unit>> {
        let Some(id) = self.0.about_unit_id else { return Ok(None) };
        Ok(loader(ctx)?.load_one(id).await.map_err(failed)?.map(Unit))
    }

    /// The ended ticket that it takes up again.
    async fn previous(&self, ctx: &Context<'_>) -> Result<Option<Ticket>> {
        self.other(ctx, self.0.previous_id).await
    }

    /// The same matter from the same unit within 30 days: the one before.
    async fn repeat_of(&self, ctx: &Context<'_>) -> Result<Option<Ticket>> {
        self.other(ctx, self.0.repeat_of_id).await
    }

    /// Whether the same matter came from the same unit within the 30 days before.
    async fn repeated(&self) -> bool {
        self.0.repeat_of_id.is_some()
    }

    /// The ticket it went on as.
    async fn merged_into(&self, ctx: &Context<'_>) -> Result<Option<Ticket>> {
        self.other(ctx, self.0.merged_into_id).await
    }

    /// How often it was reopened.
    async fn reopen_count(&self) -> i32 {
        self.0.reopen_count
    }

    /// The highest level told: 0 none, 1 SUPERVISOR, 2 SERVICE_MANAGER, 3 PROJECT_HEAD, 4 GROUP_SERVICE.
    async fn escalation_level(&self) -> i32 {
        self.0.escalation_level
    }

    /// When it was marked as major.
    async fn major_at(&self) -> Option<DateTime> {
        self.0.major_at.map(DateTime)
    }

    /// When the first response came: an acknowledgement, an assignment by a person, or a public reply.
    async fn responded_at(&self) -> Option<DateTime> {
        self.0.responded_at.map(DateTime)
    }

    /// When the first response is due.
    async fn response_due_at(&self) -> DateTime {
        self.0.response_due_at.into()
    }

    /// When 80 % of the time for the first response will have gone: from then on a screen shows it as nearly due, and
    /// the feed tells it once (`WARN`).
    async fn response_warn_at(&self) -> Option<DateTime> {
        self.0.response_warn_at.map(DateTime)
    }

    /// When 80 % of the time for the resolution will have gone: from then on a screen shows it as nearly due, and the
    /// feed tells it once (`WARN`). It moves on with `resolutionDueAt` when a hold ends.
    async fn resolution_warn_at(&self) -> Option<DateTime> {
        self.0.resolution_warn_at.map(DateTime)
    }

    /// When the resolution is due. While it is on hold the clock stands; it moves on when the hold ends.
    async fn resolution_due_at(&self) -> DateTime {
        self.0.resolution_due_at.into()
    }

    /// Why it is on hold.
    async fn hold_reason(&self) -> Option<HoldReason> {
        self.0.hold_reason.map(Into::into)
    }

    /// When the hold ends by itself.
    async fn resume_at(&self) -> Option<DateTime> {
        self.0.resume_at.map(DateTime)
    }

    /// What was done, the answer, or the reply that came with a rejection.
    async fn resolution(&self) -> Option<&str> {
        self.0.resolution.as_deref()
    }

    /// When it was resolved.
    async fn resolved_at(&self) -> Option<DateTime> {
        self.0.resolved_at.map(DateTime)
    }

    /// What the last call back brought.
    async fn call_back(&self) -> Option<CallBackOutcome> {
        self.0.call_back.map(Into::into)
    }

    /// The reporter's rating, 1 to 5.
    async fn rating(&self) -> Option<i32> {
        self.0.rating
    }

    /// What came with the rating.
    async fn rating_comment(&self) -> Option<&str> {
        self.0.rating_comment.as_deref()
    }

    /// When it was closed, rejected, cancelled or merged.
    async fn ended_at(&self) -> Option<DateTime> {
        self.0.ended_at.map(DateTime)
    }

    /// When what is personal was erased: the description is empty, the other words are gone; what happened and when stays.
    async fn erased_at(&self) -> Option<DateTime> {
        self.0.erased_at.map(DateTime)
    }

    /// When it was filed.
    async fn created_at(&self) -> DateTime {
        self.0.created_at.into()
    }

    /// When it last changed.
    async fn updated_at(&self) -> DateTime {
        self.0.updated_at.into()
    }

    /// Send it back as `expectedVersion` with the next act; people's acts raise it, jobs and comments do not.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// Raised by every change: of two copies the one with the greater revision is the newer.
    async fn revision(&self) -> i32 {
        self.0.revision
    }

    /// The timeline's last lines, oldest first: who did what, when. Residents read the PUBLIC ones.
    async fn timeline(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            default = 50,
            validator(minimum = 1, maximum = 200),
            desc = "How many lines, at most 200."
        )]
        last: u64,
    ) -> Result<Vec<TicketEvent>> {
        let key = TimelineOf { ticket: self.0.id, last: last.min(TIMELINE_MAX) };
        let lines = loader(ctx)?.load_one(key).await.map_err(failed)?;
        Ok(lines.iter().flat_map(|lines| lines.iter().cloned()).map(TicketEvent).collect())
    }

    /// The pieces of its work that were given to teams, oldest first.
    async fn work_orders(&self, ctx: &Context<'_>) -> Result<Vec<WorkOrder>> {
        let orders = loader(ctx)?.load_one(OrdersOf(self.0.id)).await.map_err(failed)?;
        Ok(orders.iter().flat_map(|orders| orders.iter().cloned()).map(WorkOrder).collect())
    }

    /// The photos and documents that hang on its lines, in the order in which they came. Residents see those of PUBLIC
    /// lines.
    async fn attachments(&self, ctx: &Context<'_>) -> Result<Vec<Attachment>> {
        let rows = loader(ctx)?.load_one(AttachmentsOfTicket(self.0.id)).await.map_err(failed)?;
        Ok(rows.iter().flat_map(|rows| rows.iter().cloned()).map(Attachment).collect())
    }

    /// What the viewer can do to it now: show these as buttons. Each is a mutation of its own.
    async fn viewer_actions(&self, ctx: &Context<'_>) -> Result<Vec<TicketAct>> {
        let orders = self.own_orders(ctx).await?;
        let acts = ticket::actions(viewer(ctx)?, &self.0, &orders);
        Ok(acts.into_iter().map(Into::into).collect())
    }

    /// To whom the viewer can give it: staff of its community in a role that can own. Empty when they may not assign.
    async fn assignable_staff(&self, ctx: &Context<'_>) -> Result<Vec<Staff>> {
        let rows = ticket::assignable(crate::graphql::context::domain(ctx), viewer(ctx)?, &self.0).await;
        let rows = rows.map_err(|error| crate::graphql::error::fault(&error))?;
        Ok(rows.into_iter().map(Staff).collect())
    }
}

impl Ticket {
    async fn other(&self, ctx: &Context<'_>, id: Option<crate::base::id::TicketId>) -> Result<Option<Self>> {
        let Some(id) = id else { return Ok(None) };
        Ok(loader(ctx)?.load_one(id).await.map_err(failed)?.map(Self))
    }

    async fn reporter_row(&self, ctx: &Context<'_>) -> Result<Option<crate::domain::Occupant>> {
        let Some(id) = self.0.reporter_id else { return Ok(None) };
        loader(ctx)?.load_one(id).await.map_err(failed)
    }

    /// The work orders, where they decide what the viewer may: only a worker's rights hang on them.
    async fn own_orders(&self, ctx: &Context<'_>) -> Result<Vec<crate::domain::WorkOrder>> {
        if viewer(ctx)?.scope.tickets.teams.is_empty() {
            return Ok(Vec::new());
        }
        let orders = loader(ctx)?.load_one(OrdersOf(self.0.id)).await.map_err(failed)?;
        Ok(orders.map(|orders| orders.to_vec()).unwrap_or_default())
    }
}

/// Who handles a matter: a name and a title, for everybody who sees the matter.
pub(in crate::graphql) struct Handler(Handles);

impl From<Handles> for Handler {
    fn from(handles: Handles) -> Self {
        Self(handles)
    }
}

/// Who handles a matter: a name and a title, for everybody who sees the matter.
#[Object]
impl Handler {
    /// The name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The job title.
    async fn title(&self) -> Option<&str> {
        self.0.title.as_deref()
    }
}
