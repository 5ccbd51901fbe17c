//! One matter raised (工单).

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{ExprTrait, SelectStatement};
use sea_orm::{Condition, DbBackend, QuerySelect};
use serde::{Deserialize, Serialize};

use super::search::{self, known};
use super::sql::{all_of, among_some, any_of};
use super::{among, work_order};
use crate::base::id::*;
use crate::base::{Scope, TicketSight};

/// What sort of matter a ticket is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Kind {
    /// 投诉.
    Complaint,
    /// 报修.
    Repair,
    /// 服务.
    Service,
    /// 咨询.
    Enquiry,
    /// 建议.
    Suggestion,
}

/// Where a ticket stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Status {
    /// Nobody has it yet.
    New,
    /// Somebody has it.
    Assigned,
    /// Being worked on.
    InProgress,
    /// Waiting for something; the clock stands.
    OnHold,
    /// Done, in the company's eyes.
    Resolved,
    /// Done, in the reporter's eyes.
    Closed,
    /// It was not done after all.
    Reopened,
    /// Refused, with a reply.
    Rejected,
    /// Withdrawn by the reporter.
    Cancelled,
    /// Went on as another ticket.
    Merged,
}

/// How fast a ticket must go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Priority {
    /// Danger, flood, lift.
    Urgent,
    /// Within hours.
    High,
    /// Within days.
    Normal,
    /// When there is time.
    Low,
}

/// How a ticket came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Channel {
    /// A call.
    Phone,
    /// In person.
    Counter,
    /// The residents' app.
    App,
    /// A web page.
    Web,
    /// Found on a patrol.
    Patrol,
    /// Taken over from an old system.
    Import,
}

/// Why a ticket is on hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum HoldReason {
    /// A part is on order.
    AwaitingParts,
    /// Somebody must agree first.
    AwaitingConsent,
    /// Nobody lets the worker in.
    AwaitingAccess,
    /// An outside firm must come.
    AwaitingContractor,
    /// Anything else.
    Other,
}

/// What a call back (回访) brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CallBack {
    /// The reporter is content.
    Satisfied,
    /// The reporter is not.
    Unsatisfied,
    /// Nobody answered.
    Unreachable,
}

/// What is done to a ticket: what a viewer may do, what the timeline tells and what the feed reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Act {
    /// Raise it.
    File,
    /// 受理: tell the reporter that it has arrived.
    Acknowledge,
    /// Give it to an owner.
    Assign,
    /// Give it back unowned, with a reason.
    HandBack,
    /// Answer an enquiry or a suggestion at once.
    Answer,
    /// Begin the work.
    Start,
    /// Put it on hold.
    Hold,
    /// Take it off hold.
    Resume,
    /// Say what was done.
    Resolve,
    /// Refuse it, with a reply.
    Reject,
    /// Let it go on as another ticket.
    Merge,
    /// Withdraw it.
    Cancel,
    /// Agree that it is done.
    Confirm,
    /// 回访: ask the reporter by telephone.
    CallBack,
    /// Close it, as nobody objected in time.
    Close,
    /// Say that it is not done.
    Reopen,
    /// Give it 1 to 5.
    Rate,
    /// 催办: press for it.
    Hurry,
    /// Bring it to the next level up.
    Escalate,
    /// Tell that most of the time for the first response or the resolution has gone.
    Warn,
    /// Confirm that an escalation has been received.
    Receipt,
    /// Become its owner over the present one's head.
    TakeOver,
    /// Mark it as major.
    MarkMajor,
    /// 初步处理: say what was done first.
    Dispose,
    /// Write a line.
    Comment,
    /// Give a piece of the work to a team.
    Dispatch,
    /// Take a work order.
    TakeOrder,
    /// Give a work order back.
    ReturnOrder,
    /// Report a work order as done.
    FinishOrder,
    /// Agree on an appointment.
    Schedule,
    /// Tell the team's lead that a work order is late.
    OrderLate,
    /// Take an attachment's content away.
    Redact,
    /// Erase the words about it, as its reporter's data are erased.
    Erase,
}

/// One matter raised (工单).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ticket")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TicketId,
    /// The community it belongs to.
    pub community_id: CommunityId,
    /// For people: community code, day, counter.
    pub number: String,
    /// What sort of matter.
    pub kind: Kind,
    /// Where it stands.
    pub status: Status,
    /// How fast it must go.
    pub priority: Priority,
    /// How it came in.
    pub channel: Channel,
    /// The matter, in the reporter's words.
    pub description: String,
    /// Its category.
    pub category_id: Option<CategoryId>,
    /// The building concerned.
    pub building_id: Option<BuildingId>,
    /// The unit concerned.
    pub unit_id: Option<UnitId>,
    /// The place in words, where no unit names it.
    pub place: Option<String>,
    /// The occupant whose matter it is.
    pub reporter_id: Option<OccupantId>,
    /// A caller who is nobody's occupant.
    pub contact_name: Option<String>,
    /// Their telephone number.
    pub contact_phone: Option<String>,
    /// The account that typed it.
    pub filed_by_id: Option<AccountId>,
    /// Who keeps it until it is closed.
    pub owner_id: Option<StaffId>,
    /// A complaint about this member of staff.
    pub about_staff_id: Option<StaffId>,
    /// A complaint about this team.
    pub about_team_id: Option<TeamId>,
    /// A complaint about the people of this unit.
    pub about_unit_id: Option<UnitId>,
    /// The ended ticket it takes up again.
    pub previous_id: Option<TicketId>,
    /// The same matter from the same unit within 30 days.
    pub repeat_of_id: Option<TicketId>,
    /// The ticket it was merged into.
    pub merged_into_id: Option<TicketId>,
    /// How often it was reopened.
    pub reopen_count: i32,
    /// The highest level told: 0 none, 1 SUPERVISOR … 4 GROUP_SERVICE.
    pub escalation_level: i32,
    /// When it was marked as major.
    pub major_at: Option<DateTimeUtc>,
    /// When the response clock stopped.
    pub responded_at: Option<DateTimeUtc>,
    /// When the first response is due.
    pub response_due_at: DateTimeUtc,
    /// When the resolution is due.
    pub resolution_due_at: DateTimeUtc,
    /// When most of the time for the first response has gone; none: an earlier release wrote the row.
    pub response_warn_at: Option<DateTimeUtc>,
    /// When most of the time for the resolution has gone; none: an earlier release wrote the row.
    pub resolution_warn_at: Option<DateTimeUtc>,
    /// When it was last told that most of a time has gone.
    pub warned_at: Option<DateTimeUtc>,
    /// Why it is on hold.
    pub hold_reason: Option<HoldReason>,
    /// Since when it is on hold.
    pub held_at: Option<DateTimeUtc>,
    /// When it resumes by itself.
    pub resume_at: Option<DateTimeUtc>,
    /// What was done, or the answer, or the reply that came with a rejection.
    pub resolution: Option<String>,
    /// When it was resolved.
    pub resolved_at: Option<DateTimeUtc>,
    /// Who resolved it.
    pub resolved_by_id: Option<StaffId>,
    /// What the last call back brought.
    pub call_back: Option<CallBack>,
    /// How often the reporter could not be reached.
    pub call_back_tries: i32,
    /// 1 to 5.
    pub rating: Option<i32>,
    /// What came with the rating.
    pub rating_comment: Option<String>,
    /// When it was rated.
    pub rated_at: Option<DateTimeUtc>,
    /// When it was closed, rejected, cancelled or merged.
    pub ended_at: Option<DateTimeUtc>,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// When it was last changed.
    pub updated_at: DateTimeUtc,
    /// What compare-and-set compares; raised by people's acts only.
    pub version: i32,
    /// Raised by every change, so that the newer of two is known.
    pub revision: i32,
    /// When the words about it were erased; the line and its figures are kept.
    pub erased_at: Option<DateTimeUtc>,
}

/// Rows are joined by loaders and by scoped finders, not by SeaORM relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

#[async_trait::async_trait]
impl ActiveModelBehavior for ActiveModel {
    async fn before_save<C: ConnectionTrait>(self, db: &C, insert: bool) -> Result<Self, DbErr> {
        let (place, contact) = (&self.place, &self.contact_name);
        if insert || self.number.is_set() || self.description.is_set() || place.is_set() || contact.is_set() {
            let (number, description) = (known(&self.number)?, known(&self.description)?);
            let (place, contact) = (known(place)?, known(contact)?);
            let texts = grams::of_ticket(&number, &description, place.as_deref(), contact.as_deref());
            search::keep(db, &[(known(&self.id)?, texts)]).await?;
        }
        Ok(self)
    }
}

impl Entity {
    /// The tickets that `scope` sees; the only way to load any. [`super::event::Facts::seen_by`] is its twin.
    #[must_use]
    pub fn visible_to(scope: &Scope, backend: DbBackend) -> Select<Self> {
        Self::find().filter(seen(&scope.tickets, backend))
    }

    /// All tickets but the complaints that must not exist for `scope`: what is counted where only whether there is any
    /// is told, not which.
    #[must_use]
    pub fn not_hidden_from(scope: &Scope, backend: DbBackend) -> Select<Self> {
        Self::find().filter(not_blind(&scope.tickets, backend))
    }

    /// The complaints that must not exist for `scope`, unless it sees them as a resident.
    #[must_use]
    pub fn hidden_from(scope: &Scope, backend: DbBackend) -> Select<Self> {
        Self::find().filter(not_blind(&scope.tickets, backend).not())
    }

    /// The ids of the tickets that `scope` sees for another reason than their community or building, each part by its
    /// index; some of them twice, called [`search::SUBJECT`]. None when nothing is seen so.
    #[must_use]
    pub fn own(scope: &Scope, backend: DbBackend) -> Option<SelectStatement> {
        of_own(&scope.tickets, backend, Column::Id, work_order::Column::TicketId)
    }

    /// The communities of those of [`own`](Self::own), in the same way.
    #[must_use]
    pub fn communities_of_own(scope: &Scope, backend: DbBackend) -> Option<SelectStatement> {
        of_own(&scope.tickets, backend, Column::CommunityId, work_order::Column::CommunityId)
    }

    /// Whether `scope` sees the ticket by its work rather than as a resident: then it reads what is INTERNAL too.
    #[must_use]
    pub fn seen_at_work(scope: &Scope, backend: DbBackend) -> Condition {
        seen_as_staff(&scope.tickets, backend)
    }
}

/// Only the parts by which anything is seen at all: with one that never holds beside the others, SQLite goes through all
/// tickets for the few of a resident.
fn seen(sight: &TicketSight, backend: DbBackend) -> Condition {
    match (sight.is_of_work(), sight.occupant.is_some()) {
        (true, false) => seen_as_staff(sight, backend),
        (false, _) => seen_as_resident(sight, backend),
        (true, true) => {
            Condition::any().add(seen_as_staff(sight, backend)).add(seen_as_resident(sight, backend))
        }
    }
}

fn seen_as_staff(sight: &TicketSight, backend: DbBackend) -> Condition {
    let at_large = [
        // Said even if it does not hold: a page is found soonest in the list's order, and a part that no index answers
        // keeps SQLite from collecting all that somebody sees before it sorts them.
        Some(Expr::value(sight.everywhere)),
        among_some(backend, Column::CommunityId, &sight.communities),
        among_some(backend, Column::BuildingId, &sight.buildings),
    ];
    let seen = any_of(at_large.into_iter().chain(own_at_work(sight, backend)));
    Condition::all().add(seen).add(not_blind(sight, backend))
}

/// What the viewer raised, keeps, or works on.
fn own_at_work(sight: &TicketSight, backend: DbBackend) -> [Option<Expr>; 3] {
    let [raised, kept] = raised_and_kept(sight);
    let orders = all_of(ordered(sight, backend, work_order::Column::TicketId));
    [raised, kept, orders.map(|orders| Column::Id.in_subquery(orders))]
}

fn raised_and_kept(sight: &TicketSight) -> [Option<Expr>; 2] {
    [
        sight
            .filed_repairs_by
            .map(|account| Column::FiledById.eq(account).and(Column::Kind.eq(Kind::Repair))),
        sight.staff.map(|staff| Column::OwnerId.eq(staff)),
    ]
}

/// The work orders by which the viewer sees a ticket, for as long as each stands or was done.
fn ordered(sight: &TicketSight, backend: DbBackend, column: work_order::Column) -> Vec<SelectStatement> {
    work_order::Entity::given_to(sight, backend, &work_order::Status::GIVING_SIGHT, column)
}

/// A column of the viewer's own tickets, or what stands for it in their work orders, which are many: in an index.
fn of_own(
    sight: &TicketSight,
    backend: DbBackend,
    column: Column,
    of_order: work_order::Column,
) -> Option<SelectStatement> {
    let as_resident = sight.occupant.map(|_| seen_as_resident(sight, backend));
    let tickets = raised_and_kept(sight).into_iter().flatten().map(Condition::from).chain(as_resident);
    let tickets = tickets.map(|part| {
        let mut part = Entity::find().select_only().column_as(column, search::SUBJECT).filter(part);
        QuerySelect::query(&mut part).take()
    });
    all_of(tickets.chain(ordered(sight, backend, of_order)))
}

fn not_blind(sight: &TicketSight, backend: DbBackend) -> Condition {
    Condition::all()
        .add(not_about(
            Column::AboutStaffId,
            among(backend, Column::AboutStaffId, sight.blind_to_staff.iter().copied()),
        ))
        .add(not_about(
            Column::AboutTeamId,
            among(backend, Column::AboutTeamId, sight.blind_to_teams.iter().copied()),
        ))
        .add(not_about(
            Column::AboutUnitId,
            among(backend, Column::AboutUnitId, sight.blind_to_units.iter().copied()),
        ))
}

fn not_about(column: Column, blind: Expr) -> Condition {
    Condition::any().add(column.is_null()).add(blind.not())
}

fn seen_as_resident(sight: &TicketSight, backend: DbBackend) -> Condition {
    let mut any = Condition::any();
    let Some(occupant) = sight.occupant else {
        return any.add(Expr::value(false));
    };
    any = any.add(Column::ReporterId.eq(occupant));
    for home in &sight.homes {
        any = any.add(
            Column::UnitId
                .eq(home.unit)
                .and(Column::CreatedAt.gte(home.since))
                .and(Column::Kind.ne(Kind::Complaint))
                .and(among(backend, Column::ReporterId, home.members.iter().copied())),
        );
    }
    for owned in &sight.owned {
        any = any.add(
            Column::UnitId
                .eq(owned.unit)
                .and(Column::CreatedAt.gte(owned.since))
                .and(Column::Kind.eq(Kind::Repair)),
        );
    }
    any
}

impl std::fmt::Display for Act {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.to_value())
    }
}

impl std::fmt::Display for Status {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.to_value())
    }
}
