//! What is pushed: tickets as they change, and the front desk's figures.

use std::sync::{Arc, PoisonError};

use async_graphql::{Context, Enum, ID, InputObject, Object, Result, SimpleObject, Subscription, Union};
use futures_util::Stream;
use futures_util::stream;

use super::context::{domain, live, loader, viewer};
use super::error::{fault, id, ids};
use super::fanout::{Feed, GapReason as Reason, Item, Selection, Stage};
use super::loader::failed;
use super::scalar::DateTime;
use super::ticket::{Ticket, TicketAct, TicketKind};
use crate::base::id::TicketId;
use crate::domain::{Error, Refusal, find, ticket};
use crate::live::{Cursor, Entry};

/// Where a client that lost its stream goes on, as the request says it beside the document: it repeats the document
/// with the `after` it began with, and this place is the later one.
#[derive(Clone, Debug)]
pub struct ResumeAfter(pub String);

/// Which tickets of a feed.
#[derive(Clone, Debug, Default, InputObject)]
struct FeedFilter {
    /// Only of these kinds; without it only COMPLAINT.
    kinds: Option<Vec<TicketKind>>,
    /// Only of these buildings.
    building_ids: Option<Vec<ID>>,
    /// Only when one of these happened: [FILE] for new ones alone.
    acts: Option<Vec<TicketAct>>,
}

/// What comes over a feed. Keep the last `cursor`: with it as `after` a new subscription goes on where this one ended,
/// without a loss and without a double.
#[derive(Union)]
#[expect(clippy::large_enum_variant, reason = "a changed ticket is what nearly every update is")]
#[graphql(name = "FeedUpdate")]
enum FeedUpdate {
    /// A ticket changed.
    Changed(TicketChanged),
    /// A ticket left the viewer's sight.
    Withdrawn(TicketWithdrawn),
    /// Something may have been missed.
    Gap(FeedGap),
    /// From here on it is live.
    CaughtUp(FeedCaughtUp),
    /// All is well.
    Heartbeat(FeedHeartbeat),
}

/// A ticket that the viewer sees was filed or changed. It is shown as it is at delivery: of two copies the one with the
/// greater `revision` is the newer.
#[derive(SimpleObject)]
struct TicketChanged {
    /// The place in the feed.
    cursor: String,
    /// What happened.
    act: TicketAct,
    /// When it happened.
    at: DateTime,
    /// The ticket's revision after it.
    revision: i32,
    /// The ticket, as it is now.
    ticket: Ticket,
}

/// A ticket left the viewer's sight: take it from the screen.
#[derive(SimpleObject)]
struct TicketWithdrawn {
    /// The place in the feed.
    cursor: String,
    /// The ticket's id, and nothing else of it.
    ticket_id: ID,
}

/// What lies before is not known: read the lists again, then go on from here.
#[derive(SimpleObject)]
struct FeedGap {
    /// The place from which on the feed is whole.
    cursor: String,
    /// Why.
    reason: GapReason,
}

/// Why a feed has a gap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "Reason")]
enum GapReason {
    /// The cursor is of another life of this database, as after a restore, or too old.
    CursorUnknown,
    /// What the viewer sees has changed: a post, a charge, a home.
    SightChanged,
}

/// All that was missed since `after` has been told; from here on it is live.
#[derive(SimpleObject)]
struct FeedCaughtUp {
    /// The place in the feed.
    cursor: String,
    /// The server's time.
    server_time: DateTime,
}

/// Nothing else happened up to here.
#[derive(SimpleObject)]
struct FeedHeartbeat {
    /// The place in the feed.
    cursor: String,
    /// The server's time: correct countdowns by it.
    server_time: DateTime,
}

/// The front desk's figures, as they are now.
struct DeskFigures {
    cursor: String,
    filter: ticket::Filter,
}

/// The front desk's figures, as they are now.
#[Object]
impl DeskFigures {
    /// The place in the feed.
    async fn cursor(&self) -> &str {
        &self.cursor
    }

    /// The server's time.
    async fn server_time(&self, ctx: &Context<'_>) -> DateTime {
        domain(ctx).clock().now().into()
    }

    /// Open tickets that still wait for a first response.
    async fn waiting(&self, ctx: &Context<'_>) -> Result<u64> {
        self.count(ctx, ticket::Filter { open: Some(true), responded: Some(false), ..self.filter.clone() })
            .await
    }

    /// Open tickets without an owner.
    async fn unassigned(&self, ctx: &Context<'_>) -> Result<u64> {
        self.count(ctx, ticket::Filter { open: Some(true), owned: Some(false), ..self.filter.clone() }).await
    }

    /// Open tickets that are not overdue, and of whose time for the first response or the resolution 80 % have gone.
    async fn due_soon(&self, ctx: &Context<'_>) -> Result<u64> {
        self.count(ctx, ticket::Filter { due_soon: Some(true), ..self.filter.clone() }).await
    }

    /// Open tickets that are past their first response or their resolution.
    async fn overdue(&self, ctx: &Context<'_>) -> Result<u64> {
        self.count(ctx, ticket::Filter { overdue: Some(true), ..self.filter.clone() }).await
    }
}

impl DeskFigures {
    async fn count(&self, ctx: &Context<'_>, filter: ticket::Filter) -> Result<u64> {
        ticket::count(domain(ctx), viewer(ctx)?, &filter).await.map_err(|error| fault(&error))
    }
}

/// What is pushed.
#[derive(Default)]
pub(super) struct FeedSubscription;

#[Subscription]
impl FeedSubscription {
    /// The tickets of communities as they are filed and changed, in order, each change once: first what was missed since
    /// `after`, then live.
    async fn complaint_feed<'ctx>(
        &self,
        ctx: &Context<'ctx>,
        #[graphql(desc = "Of these communities; left out: all that the viewer sees.")] community_ids: Option<
            Vec<ID>,
        >,
        #[graphql(desc = "The last cursor that was received, or `feedCursor`; left out: from now on.")] after: Option<String>,
        #[graphql(desc = "Which tickets; left out: all complaints.")] filter: Option<FeedFilter>,
    ) -> Result<impl Stream<Item = Result<FeedUpdate>> + use<'ctx>> {
        let read = || {
            let filter = filter.unwrap_or_default();
            let kinds = filter.kinds.unwrap_or_else(|| vec![TicketKind::Complaint]);
            Ok(Feed::Complaints {
                communities: ids("communityIds", community_ids.as_deref())?,
                kinds: kinds.into_iter().map(Into::into).collect(),
                buildings: ids("filter.buildingIds", filter.building_ids.as_deref())?,
                acts: filter.acts.map(|acts| acts.into_iter().map(Into::into).collect()),
            })
        };
        feed(ctx, read().map_err(|error| fault(&error))?, after.as_deref()).await
    }

    /// One ticket, as it changes.
    async fn ticket_changed<'ctx>(
        &self,
        ctx: &Context<'ctx>,
        #[graphql(name = "id", desc = "The ticket.")] given: ID,
        #[graphql(desc = "The last cursor that was received, or `feedCursor`; left out: from now on.")] after: Option<String>,
    ) -> Result<impl Stream<Item = Result<FeedUpdate>> + use<'ctx>> {
        let id: TicketId = id("id", &given).map_err(|error| fault(&error))?;
        if is_opening(ctx) {
            let seen =
                find::tickets(domain(ctx), viewer(ctx)?, &[id]).await.map_err(|error| fault(&error))?;
            if seen.is_empty() {
                return Err(fault(&Error::from(Refusal::not_found("id", id))));
            }
        }
        feed(ctx, Feed::Ticket(id), after.as_deref()).await
    }

    /// The viewer's own tickets, as they change: those they reported or own, and those with a work order to them or to
    /// their team.
    async fn my_tickets_changed<'ctx>(
        &self,
        ctx: &Context<'ctx>,
        #[graphql(desc = "The last cursor that was received, or `feedCursor`; left out: from now on.")] after: Option<String>,
    ) -> Result<impl Stream<Item = Result<FeedUpdate>> + use<'ctx>> {
        feed(ctx, Feed::Mine, after.as_deref()).await
    }

    /// The front desk's figures: at once, with every change, and with every heartbeat, since time alone makes overdue.
    async fn desk_changed<'ctx>(
        &self,
        ctx: &Context<'ctx>,
        #[graphql(desc = "Of these communities; left out: all that the viewer sees.")] community_ids: Option<
            Vec<ID>,
        >,
    ) -> Result<impl Stream<Item = Result<DeskFigures>> + use<'ctx>> {
        let communities = ids("communityIds", community_ids.as_deref()).map_err(|error| fault(&error))?;
        let filter = ticket::Filter { communities: communities.clone(), ..ticket::Filter::default() };
        let item = stage(ctx, Feed::Desk { communities }, None)?;
        let figures = item.map(|item| Ok(DeskFigures { cursor: cursor(ctx, item.seq()), filter }));
        Ok(stream::iter(figures))
    }
}

/// Whether the subscription is only opened, and nothing told yet.
pub(super) fn is_opening(ctx: &Context<'_>) -> bool {
    matches!(ctx.data_unchecked::<Stage>(), Stage::Opening(_))
}

/// While the subscription is opened, puts down what it selects; afterwards gives the item that is to be rendered.
pub(super) fn stage(ctx: &Context<'_>, feed: Feed, after: Option<&str>) -> Result<Option<Item>> {
    viewer(ctx)?;
    match ctx.data_unchecked::<Stage>() {
        Stage::Rendering(item) => Ok(Some(item.clone())),
        Stage::Opening(slot) => {
            let after = after
                .map(Cursor::parse)
                .transpose()
                .map_err(|error| fault(&Error::from(Refusal::invalid("after", error.to_string()))))?;
            let mut slot = slot.lock().unwrap_or_else(PoisonError::into_inner);
            if slot.is_some() {
                let message = "a subscription has exactly one root field; open one for each";
                return Err(fault(&Error::from(Refusal::invalid("query", message))));
            }
            *slot = Some(Selection { feed, after });
            Ok(None)
        }
    }
}

async fn feed<'ctx>(
    ctx: &Context<'ctx>,
    feed: Feed,
    after: Option<&str>,
) -> Result<impl Stream<Item = Result<FeedUpdate>> + use<'ctx>> {
    let after = ctx.data_opt::<ResumeAfter>().map_or(after, |ResumeAfter(cursor)| Some(cursor));
    let update = match stage(ctx, feed, after)? {
        None => None,
        Some(item) => update(ctx, &item).await.transpose(),
    };
    Ok(stream::iter(update))
}

/// The item as it is told; `None` when the ticket has gone from the viewer's sight since, which a later event tells.
async fn update(ctx: &Context<'_>, item: &Item) -> Result<Option<FeedUpdate>> {
    let cursor = cursor(ctx, item.seq());
    Ok(Some(match item {
        Item::Changed(entry) => return changed(ctx, entry, cursor).await,
        Item::Withdrawn(entry) => {
            let ticket_id = entry.event.ticket_id.map(|id| id.to_string()).unwrap_or_default().into();
            FeedUpdate::Withdrawn(TicketWithdrawn { cursor, ticket_id })
        }
        Item::Gap { reason, .. } => FeedUpdate::Gap(FeedGap { cursor, reason: (*reason).into() }),
        Item::CaughtUp { at, .. } => FeedUpdate::CaughtUp(FeedCaughtUp { cursor, server_time: (*at).into() }),
        Item::Heartbeat { at, .. } => {
            FeedUpdate::Heartbeat(FeedHeartbeat { cursor, server_time: (*at).into() })
        }
    }))
}

async fn changed(ctx: &Context<'_>, entry: &Arc<Entry>, cursor: String) -> Result<Option<FeedUpdate>> {
    let event = &entry.event;
    let (Some(id), Some(act)) = (event.ticket_id, event.act) else {
        return Ok(None);
    };
    let row = loader(ctx)?.load_one(id).await.map_err(failed)?;
    Ok(row.map(|row| {
        FeedUpdate::Changed(TicketChanged {
            cursor,
            act: act.into(),
            at: event.created_at.into(),
            revision: event.revision.unwrap_or_default(),
            ticket: Ticket(row),
        })
    }))
}

fn cursor(ctx: &Context<'_>, seq: i64) -> String {
    live(ctx).cursor(seq).to_string()
}
