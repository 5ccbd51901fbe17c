//! A piece of a ticket's work given to a team (派工单).

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::SelectStatement;
use sea_orm::{DbBackend, QuerySelect};

use super::search::SUBJECT;
use super::sql::{among_some, names_one_of};
use super::ticket;
use crate::base::id::*;
use crate::base::{Scope, TicketSight};

/// Where a work order stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Status {
    /// Given to the team; nobody has taken it.
    Dispatched,
    /// A worker has taken it.
    Taken,
    /// Given back, with a reason.
    Returned,
    /// Done.
    Done,
    /// Withdrawn, as the ticket ended.
    Withdrawn,
}

/// Whether an appointment was kept (遵时守约).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AppointmentOutcome {
    /// The worker came in time.
    Kept,
    /// The worker did not come in time.
    Missed,
}

/// A piece of a ticket's work given to a team (派工单).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "work_order")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: WorkOrderId,
    /// The community of the ticket.
    pub community_id: CommunityId,
    /// The ticket.
    pub ticket_id: TicketId,
    /// The team that is to do it.
    pub team_id: TeamId,
    /// Who took it.
    pub worker_id: Option<StaffId>,
    /// Where it stands.
    pub status: Status,
    /// What is to be done.
    pub task: String,
    /// By when.
    pub due_at: Option<DateTimeUtc>,
    /// When it was told that it is late.
    pub late_at: Option<DateTimeUtc>,
    /// Beginning of the appointment.
    pub appointment_from: Option<DateTimeUtc>,
    /// End of the appointment.
    pub appointment_to: Option<DateTimeUtc>,
    /// Whether the appointment was kept.
    pub appointment_outcome: Option<AppointmentOutcome>,
    /// What was done, or why it came back.
    pub result: Option<String>,
    /// When it was taken.
    pub taken_at: Option<DateTimeUtc>,
    /// When it was done, returned or withdrawn.
    pub ended_at: Option<DateTimeUtc>,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// When it was last changed.
    pub updated_at: DateTimeUtc,
    /// What compare-and-set compares.
    pub version: i32,
}

/// Rows are joined by loaders and by scoped finders, not by SeaORM relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Status {
    /// A work order that was given back or withdrawn shows the ticket to its team no longer.
    pub const GIVING_SIGHT: [Self; 3] = [Self::Dispatched, Self::Taken, Self::Done];
    /// The work is still to be done.
    pub const OPEN: [Self; 2] = [Self::Dispatched, Self::Taken];
}

impl Entity {
    /// The work orders of the tickets that `scope` sees; the only way to load any.
    #[must_use]
    pub fn visible_to(scope: &Scope, backend: DbBackend) -> Select<Self> {
        let seen = ticket::Entity::visible_to(scope, backend);
        Self::find().filter(names_one_of(Column::TicketId, seen, ticket::Column::Id))
    }

    /// Of those to the viewer or to one of their teams that stand so this column, each part by its index; some of them
    /// twice, called [`SUBJECT`]. Nothing when there can be none.
    #[must_use]
    pub fn given_to(
        sight: &TicketSight,
        backend: DbBackend,
        statuses: &[Status],
        column: Column,
    ) -> Vec<SelectStatement> {
        let to_them = [
            among_some(backend, Column::TeamId, &sight.teams),
            sight.staff.map(|staff| Column::WorkerId.eq(staff)),
        ];
        let of_part = |part| {
            let mut orders = Self::find().select_only().column_as(column, SUBJECT).filter(part);
            orders = orders.filter(Column::Status.is_in(statuses.iter().copied()));
            QuerySelect::query(&mut orders).take()
        };
        to_them.into_iter().flatten().map(of_part).collect()
    }
}
