//! The last number given out in a community on a day.

use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, Statement};

use crate::base::id::CommunityId;

/// The last number given out in a community on a day.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ticket_counter")]
pub struct Model {
    /// The community.
    #[sea_orm(primary_key, auto_increment = false)]
    pub community_id: CommunityId,
    /// The day, in the community's time zone.
    #[sea_orm(primary_key, auto_increment = false)]
    pub on_day: Date,
    /// The last number.
    pub last: i32,
}

/// It refers to a community, and nothing is joined to it.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Draws the next number, in a statement of its own and outside any transaction, so that nobody waits for it.
///
/// # Errors
/// When the database fails.
pub async fn draw(db: &impl ConnectionTrait, community: CommunityId, on_day: Date) -> Result<i32, DbErr> {
    let statement = Statement::from_sql_and_values(
        db.get_database_backend(),
        "INSERT INTO ticket_counter (community_id, on_day, last) VALUES ($1, $2, 1) \
         ON CONFLICT (community_id, on_day) DO UPDATE SET last = ticket_counter.last + 1 RETURNING last",
        [community.into(), on_day.into()],
    );
    let row = db.query_one_raw(statement).await?;
    row.ok_or_else(|| DbErr::RecordNotInserted)?.try_get("", "last")
}
