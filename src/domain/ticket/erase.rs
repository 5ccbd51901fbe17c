//! A reporter's data are erased: the words about their tickets go, the lines and the figures stay.

use sea_orm::sea_query::Expr;
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ColumnTrait, EntityTrait, Iterable, QueryFilter, QueryOrder, QuerySelect};

use super::lifecycle;
use super::work::{Line, orders_of, write_line};
use crate::base::id::{OccupantId, TicketId};
use crate::domain::{Domain, Result, Tx, event, row, spellings};
use crate::storage::event::Facts;
use crate::storage::ticket::{Act, Column, Entity, Model as Ticket, Status};
use crate::storage::{ticket_event, work_order};

/// How much was erased.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ErasedWords {
    /// Tickets whose words are gone.
    pub(crate) tickets: Vec<TicketId>,
    /// Lines of timelines.
    pub(crate) lines: u64,
    /// Tickets of others' on which only the number to call was the person's.
    pub(crate) contacts: Vec<TicketId>,
}

/// The numbers of an occupant's tickets that are not ended yet.
pub(crate) async fn open_numbers(tx: &Tx<'_>, reporter: OccupantId) -> Result<Vec<String>> {
    let ended = Status::iter().filter(|status| lifecycle::is_ended(*status));
    let open = Entity::find()
        .select_only()
        .column(Column::Number)
        .filter(Column::ReporterId.eq(reporter))
        .filter(Column::Status.is_not_in(ended))
        .order_by_asc(Column::Number);
    Ok(open.into_tuple().all(&tx.db).await?)
}

/// Erases the words about an occupant's matters: what they said, what was said to them and about them, where and whom
/// to call. What staff wrote goes too, since it speaks of the person; what was done and when stays.
pub(crate) async fn erase_words(
    domain: &Domain,
    tx: &Tx<'_>,
    reporter: OccupantId,
    phone: Option<&str>,
) -> Result<ErasedWords> {
    let mut erased = ErasedWords::default();
    let reported = Entity::find().filter(Column::ReporterId.eq(reporter)).order_by_asc(Column::Id);
    for was in reported.lock_exclusive().all(&tx.db).await? {
        erased.lines += erase_lines(domain, tx, ticket_event::Column::TicketId.eq(was.id)).await?;
        work_order::Entity::update_many()
            .col_expr(work_order::Column::Task, Expr::value(""))
            .col_expr(work_order::Column::Result, Expr::value(None::<String>))
            .filter(work_order::Column::TicketId.eq(was.id))
            .exec(&tx.db)
            .await?;
        erased.tickets.push(was.id);
        let mut ticket = was.clone();
        blank(&mut ticket);
        ticket.erased_at = Some(domain.clock.now());
        write(domain, tx, &was, ticket).await?;
    }
    // What they wrote elsewhere as an occupant.
    let theirs = ticket_event::Column::OccupantId.eq(reporter).and(ticket_event::Column::StaffId.is_null());
    erased.lines += erase_lines(domain, tx, theirs).await?;
    let Some(phone) = phone else { return Ok(erased) };
    let called = Entity::find().filter(Column::ContactPhone.is_in(spellings(phone))).order_by_asc(Column::Id);
    for was in called.lock_exclusive().all(&tx.db).await? {
        erased.contacts.push(was.id);
        let mut ticket = was.clone();
        ticket.contact_name = None;
        ticket.contact_phone = None;
        write(domain, tx, &was, ticket).await?;
    }
    Ok(erased)
}

/// All words of a ticket, and nothing that is counted. What is derived from them, as a column to search in, is made
/// anew from what is left, here.
fn blank(ticket: &mut Ticket) {
    ticket.description = String::new();
    ticket.place = None;
    ticket.contact_name = None;
    ticket.contact_phone = None;
    ticket.resolution = None;
    ticket.rating_comment = None;
}

async fn erase_lines(domain: &Domain, tx: &Tx<'_>, which: Expr) -> Result<u64> {
    let written = ticket_event::Entity::update_many()
        .col_expr(ticket_event::Column::Text, Expr::value(None::<String>))
        .col_expr(ticket_event::Column::ErasedAt, Expr::value(domain.clock.now()))
        .filter(which)
        .filter(ticket_event::Column::Text.is_not_null());
    Ok(written.exec(&tx.db).await?.rows_affected)
}

/// The ticket with its line and its event, so that open screens change. Its version stays: nobody's act was done.
async fn write(domain: &Domain, tx: &Tx<'_>, was: &Ticket, mut ticket: Ticket) -> Result<()> {
    let now = domain.clock.now();
    ticket.updated_at = now;
    ticket.revision += 1;
    let facts = Facts::of(&ticket, &orders_of(tx, ticket.id).await?);
    let ticket = row::write::<Entity>(tx, was, &ticket).await?;
    write_line(domain, tx, None, Act::Erase, &ticket, Line::default()).await?;
    event::ticket_changed(domain, tx, Act::Erase, &ticket, Some(&facts), &facts).await
}
