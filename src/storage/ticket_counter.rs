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

/// Draws several numbers at once and gives the last of them.
///
/// # Errors
/// When the database fails.
pub async fn draw_many(
    db: &impl ConnectionTrait,
    community: CommunityId,
    on_day: Date,
    count: i32,
) -> Result<i32, DbErr> {
    set(db, community, on_day, count, "ticket_counter.last + excluded.last").await
}

/// Sees to it that no number up to `last` is given out any more.
///
/// # Errors
/// When the database fails.
pub async fn raise(
    db: &impl ConnectionTrait,
    community: CommunityId,
    on_day: Date,
    last: i32,
) -> Result<i32, DbErr> {
    let greater =
        "CASE WHEN ticket_counter.last > excluded.last THEN ticket_counter.last ELSE excluded.last END";
    set(db, community, on_day, last, greater).await
}

async fn set(
    db: &impl ConnectionTrait,
    community: CommunityId,
    on_day: Date,
    value: i32,
    when_there: &str,
) -> Result<i32, DbErr> {
    let sql = format!(
        "INSERT INTO ticket_counter (community_id, on_day, last) VALUES ($1, $2, $3) \
         ON CONFLICT (community_id, on_day) DO UPDATE SET last = {when_there} RETURNING last"
    );
    let values = [community.into(), on_day.into(), value.into()];
    let row =
        db.query_one_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await?;
    row.ok_or(DbErr::RecordNotInserted)?.try_get("", "last")
}

/// Draws the next number, in a statement of its own and outside any transaction, so that nobody waits for it.
///
/// # Errors
/// When the database fails.
pub async fn draw(db: &impl ConnectionTrait, community: CommunityId, on_day: Date) -> Result<i32, DbErr> {
    draw_many(db, community, on_day, 1).await
}
