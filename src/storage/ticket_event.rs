//! One line of a ticket's timeline (跟进记录); never edited, never removed.

use sea_orm::entity::prelude::*;

use crate::base::id::*;

/// Who may read a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Visibility {
    /// The reporter and everyone who sees the ticket.
    Public,
    /// Staff only.
    Internal,
}

/// One line of a ticket's timeline (跟进记录); never edited, never removed.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ticket_event")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TicketEventId,
    /// The community of the ticket.
    pub community_id: CommunityId,
    /// The ticket.
    pub ticket_id: TicketId,
    /// The ticket's revision that this line made; unique in the ticket.
    pub revision: i32,
    /// What happened.
    pub act: super::ticket::Act,
    /// Who may read it.
    pub visibility: Visibility,
    /// The account that acted; none: the system.
    pub account_id: Option<AccountId>,
    /// The member of staff who acted.
    pub staff_id: Option<StaffId>,
    /// The occupant who acted.
    pub occupant_id: Option<OccupantId>,
    /// The parameters of the system's text: codes, ids, moments.
    pub params: Json,
    /// What a person wrote.
    pub text: Option<String>,
    /// When.
    pub created_at: DateTimeUtc,
    /// When what was written was erased; the line is kept.
    pub erased_at: Option<DateTimeUtc>,
}

/// Rows are joined by loaders and by scoped finders, not by SeaORM relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
