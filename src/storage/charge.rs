//! A building in a member of staff's charge (分管楼宇).

use sea_orm::entity::prelude::*;

use crate::base::id::*;

/// A building in a member of staff's charge (分管楼宇).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "charge")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ChargeId,
    /// The community of the building.
    pub community_id: CommunityId,
    /// Who is in charge.
    pub staff_id: StaffId,
    /// Of which building.
    pub building_id: BuildingId,
    /// Since when.
    pub created_at: DateTimeUtc,
    /// When it ended; it is kept.
    pub closed_at: Option<DateTimeUtc>,
}

/// Rows are joined by loaders and by scoped finders, not by SeaORM relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
