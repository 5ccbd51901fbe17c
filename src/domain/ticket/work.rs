//! One act on one ticket, from the lock to the commit. Every act goes through here, so that none forgets its right,
//! its legality, its version, its line in the timeline or its event.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect,
};
use serde_json::{Map, Value as Json};

use super::{Target, lifecycle, policy};
use crate::base::id::{TicketEventId, TicketId};
use crate::domain::attachment::{self, Prepared};
use crate::domain::{Current, Domain, Error, Field, Refusal, Result, Tx, Viewer, event, row};
use crate::storage::event::Facts;
use crate::storage::ticket::{Act, Column, Entity, Model as Ticket};
use crate::storage::ticket_event::{self, Visibility};
use crate::storage::{community, work_order};

/// An act that has been allowed and found possible, on the locked ticket.
pub(super) struct Work<'a> {
    pub(super) domain: &'a Domain,
    pub(super) viewer: &'a Viewer,
    pub(super) tx: Tx<'a>,
    pub(super) act: Act,
    /// The ticket as it was.
    pub(super) was: Box<Ticket>,
    /// The ticket as it will be; its status is already the one that follows.
    pub(super) ticket: Box<Ticket>,
    /// Its work orders; who changes one changes it here too.
    pub(super) orders: Vec<work_order::Model>,
    pub(super) relation: policy::Relation,
    /// Who could see it before the act.
    before: Facts,
    /// The line that the timeline gets.
    pub(super) line: Line,
    /// The files that hang on the line.
    pub(super) files: Prepared,
}

/// What a line of the timeline says besides the act.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) visibility: Visibility,
    pub(super) text: Option<String>,
    pub(super) params: Map<String, Json>,
}

impl Default for Line {
    fn default() -> Self {
        Self { visibility: Visibility::Public, text: None, params: Map::new() }
    }
}

impl<'a> Work<'a> {
    /// Locks the ticket and asks: does the viewer see it, may they, is it as they last saw it, is the act possible?
    pub(super) async fn open(
        domain: &'a Domain,
        viewer: &'a Viewer,
        target: &Target,
        act: Act,
    ) -> Result<Self> {
        let tx = domain.begin().await?;
        Self::open_in(domain, viewer, tx, target, act).await
    }

    /// Like [`Work::open`], in a transaction that has begun.
    pub(super) async fn open_in(
        domain: &'a Domain,
        viewer: &'a Viewer,
        tx: Tx<'a>,
        target: &Target,
        act: Act,
    ) -> Result<Self> {
        let ticket = Box::new(lock(domain, viewer, &tx, target.id, target.field.clone()).await?);
        let orders = orders_of(&tx, ticket.id).await?;
        let relation = policy::Relation::of(viewer, &ticket, &orders);
        if !policy::may(&relation, act) {
            return Err(
                Refusal::forbidden(format!("you may not do {act} to the ticket {}", ticket.number)).into()
            );
        }
        if target.expected_version.is_some_and(|expected| expected != ticket.version) {
            let expected = target.expected_version.unwrap_or_default();
            return Err(Refusal::Conflict { expected, current: Current::Ticket(ticket) }.into());
        }
        let next = lifecycle::next(ticket.status, act).filter(|_| lifecycle::possible(&ticket, act));
        let Some(next) = next else {
            return Err(illegal(&ticket, &orders, &relation, act));
        };
        let now = domain.clock.now();
        let mut changed = ticket.clone();
        changed.status = next;
        changed.updated_at = now;
        changed.version += 1;
        changed.revision += 1;
        let before = Facts::of(&ticket, &orders);
        let (line, files) = (Line::default(), Prepared::default());
        Ok(Self {
            domain,
            viewer,
            tx,
            act,
            was: ticket,
            ticket: changed,
            orders,
            relation,
            before,
            line,
            files,
        })
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        self.ticket.updated_at
    }

    /// What the person wrote.
    pub(super) fn text(&mut self, text: impl Into<Option<String>>) -> &mut Self {
        self.line.text = text.into();
        self
    }

    /// Something that the line's text is made with.
    pub(super) fn param(&mut self, name: &str, value: impl Into<Json>) -> &mut Self {
        self.line.params.insert(name.to_owned(), value.into());
        self
    }

    /// Only staff reads the line.
    pub(super) fn internal(&mut self) -> &mut Self {
        self.line.visibility = Visibility::Internal;
        self
    }

    /// The first response stops the response clock.
    pub(super) fn respond(&mut self) {
        self.ticket.responded_at = self.ticket.responded_at.or(Some(self.now()));
    }

    /// The clocks of the ticket's community.
    pub(super) async fn clocks(&self) -> Result<super::sla::Clocks> {
        let row = community::Entity::find_by_id(self.ticket.community_id).one(&self.tx.db).await?;
        let missing = || sea_orm::DbErr::RecordNotFound("the ticket's community".to_owned());
        Ok(super::sla::Clocks::of(&row.ok_or_else(missing)?))
    }

    /// Ends the hold, if there is one: the resolution is due later by the time that the clock stood.
    pub(super) async fn end_hold(&mut self) -> Result<()> {
        if self.ticket.held_at.is_some() {
            let clocks = self.clocks().await?;
            super::acts::restart_clock(&mut self.ticket, &clocks);
        }
        Ok(())
    }

    /// Withdraws the work orders that are still open: the ticket has ended without them.
    pub(super) async fn withdraw_orders(&mut self) -> Result<()> {
        let now = self.now();
        for order in self.orders.iter_mut().filter(|order| work_order::Status::OPEN.contains(&order.status)) {
            let mut change = order.clone().into_active_model();
            change.status = Set(work_order::Status::Withdrawn);
            change.ended_at = Set(Some(now));
            change.updated_at = Set(now);
            change.version = Set(order.version + 1);
            *order = change.update(&self.tx.db).await?;
        }
        Ok(())
    }

    /// The words that staff say to the reporter, if this act says any. Who hurries speaks for the reporter.
    fn reply(&self) -> Option<String> {
        let by_staff = !self.relation.reporter && !self.relation.roles.is_empty();
        let to_reporter = self.line.visibility == Visibility::Public && self.act != Act::Hurry;
        self.line.text.clone().filter(|_| by_staff && to_reporter)
    }

    /// Writes the ticket, its line and its event, and commits.
    pub(super) async fn finish(self) -> Result<Ticket> {
        let (tx, ticket) = self.write().await?;
        tx.commit().await?;
        Ok(ticket)
    }

    /// Writes the ticket, its line and its event; the transaction goes on.
    pub(super) async fn write(mut self) -> Result<(Tx<'a>, Ticket)> {
        let reply = self.reply();
        if reply.is_some() && lifecycle::is_open(self.was.status) {
            self.respond();
        }
        let after = Facts::of(&self.ticket, &self.orders);
        let ticket = row::write::<Entity>(&self.tx, &self.was, &self.ticket).await?;
        let line = write_line(self.domain, &self.tx, Some(self.viewer), self.act, &ticket, self.line).await?;
        self.files.attach(&self.tx, self.viewer, line).await?;
        event::ticket_changed(self.domain, &self.tx, self.act, &ticket, Some(&self.before), &after).await?;
        if let Some(words) = reply {
            tell_merged(self.domain, &self.tx, self.viewer, &ticket, &words).await?;
        }
        Ok((self.tx, ticket))
    }
}

/// What is said to the reporter of a ticket is said to those whose tickets were merged into it, and into those.
async fn tell_merged(
    domain: &Domain,
    tx: &Tx<'_>,
    viewer: &Viewer,
    main: &Ticket,
    words: &str,
) -> Result<()> {
    let mut found = merged_into(tx, main.id).await?;
    while let Some(was) = found.pop() {
        found.append(&mut merged_into(tx, was.id).await?);
        let mut ticket = was.clone();
        ticket.updated_at = main.updated_at;
        ticket.revision += 1;
        let ticket = row::write::<Entity>(tx, &was, &ticket).await?;
        let mut line = Line { text: Some(words.to_owned()), ..Line::default() };
        line.params.insert("main".to_owned(), main.number.clone().into());
        write_line(domain, tx, Some(viewer), Act::Comment, &ticket, line).await?;
        let facts = Facts::of(&ticket, &orders_of(tx, ticket.id).await?);
        event::ticket_changed(domain, tx, Act::Comment, &ticket, Some(&facts), &facts).await?;
    }
    Ok(())
}

async fn merged_into(tx: &Tx<'_>, main: TicketId) -> Result<Vec<Ticket>> {
    let merged = Entity::find().filter(Column::MergedIntoId.eq(main)).order_by_desc(Column::Id);
    Ok(merged.lock_exclusive().all(&tx.db).await?)
}

/// Locks a ticket that the viewer sees.
pub(super) async fn lock(
    domain: &Domain,
    viewer: &Viewer,
    tx: &Tx<'_>,
    id: TicketId,
    field: impl Into<Field>,
) -> Result<Ticket> {
    let seen = Entity::visible_to(&viewer.scope, domain.db.backend());
    let found = seen.filter(Column::Id.eq(id)).lock_exclusive().one(&tx.db).await?;
    found.ok_or_else(|| Refusal::not_found(field, id).into())
}

pub(super) async fn orders_of(tx: &Tx<'_>, ticket: TicketId) -> Result<Vec<work_order::Model>> {
    Ok(work_order::Entity::find().filter(work_order::Column::TicketId.eq(ticket)).all(&tx.db).await?)
}

fn illegal(ticket: &Ticket, orders: &[work_order::Model], relation: &policy::Relation, act: Act) -> Error {
    let legal = lifecycle::all_possible(ticket, orders).filter(|act| policy::may(relation, *act)).collect();
    Refusal::IllegalMove { act, status: ticket.status, legal }.into()
}

/// Adds a line to a ticket's timeline, on which files may be hung; without a viewer the system wrote it.
pub(super) async fn write_line(
    domain: &Domain,
    tx: &Tx<'_>,
    viewer: Option<&Viewer>,
    act: Act,
    ticket: &Ticket,
    line: Line,
) -> Result<attachment::Hook> {
    let id: TicketEventId = domain.clock.id();
    let row = ticket_event::ActiveModel {
        id: Set(id),
        community_id: Set(ticket.community_id),
        ticket_id: Set(ticket.id),
        revision: Set(ticket.revision),
        act: Set(act),
        visibility: Set(line.visibility),
        account_id: Set(viewer.map(|viewer| viewer.account.id)),
        staff_id: Set(viewer.and_then(Viewer::staff_id)),
        occupant_id: Set(viewer.and_then(|viewer| viewer.occupant.as_ref()).map(|own| own.id)),
        params: Set(Json::Object(line.params)),
        text: Set(line.text),
        created_at: Set(ticket.updated_at),
        erased_at: Set(None),
    };
    ticket_event::Entity::insert(row).exec_without_returning(&tx.db).await?;
    let on = attachment::On::Line { ticket: ticket.id, id, visibility: line.visibility };
    Ok(attachment::Hook { on, community: ticket.community_id, at: ticket.updated_at })
}
