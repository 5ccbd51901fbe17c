//! A home, office, shop or stall (房屋、商铺、档口).

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{Condition, DbBackend};

use super::among;
use super::search::{self, known};
use crate::base::Scope;
use crate::base::id::*;

/// What a unit is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Usage {
    /// A home.
    Residence,
    /// An office.
    Office,
    /// A shop.
    Shop,
    /// A stall.
    Stall,
}

/// A home, office, shop or stall (房屋、商铺、档口).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "unit")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: UnitId,
    /// The community it belongs to.
    pub community_id: CommunityId,
    /// The building; a shop may stand by itself.
    pub building_id: Option<BuildingId>,
    /// The stairwell, where there are any.
    pub entrance_id: Option<EntranceId>,
    /// Its number, unique by building and entrance.
    pub number: String,
    /// The floor; 1 is the ground floor, -1 the first basement.
    pub floor: Option<i32>,
    /// What it is used for.
    pub usage: Usage,
    /// 户型, as the company writes it.
    pub layout: Option<String>,
    /// 朝向, as the company writes it.
    pub orientation: Option<String>,
    /// Area in hundredths of a square metre.
    pub area_dm2: Option<i32>,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// When it was last changed.
    pub updated_at: DateTimeUtc,
    /// When it ended; it is kept.
    pub closed_at: Option<DateTimeUtc>,
    /// What compare-and-set compares.
    pub version: i32,
}

/// Rows are joined by loaders and by scoped finders, not by SeaORM relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

#[async_trait::async_trait]
impl ActiveModelBehavior for ActiveModel {
    async fn before_save<C: ConnectionTrait>(self, db: &C, insert: bool) -> Result<Self, DbErr> {
        if insert || self.number.is_set() {
            let texts = grams::of_unit(&known(&self.number)?);
            search::keep(db, &[(known(&self.id)?, texts)]).await?;
        }
        Ok(self)
    }
}

impl Entity {
    /// The units that `scope` sees; the only way to load any.
    #[must_use]
    pub fn visible_to(scope: &Scope, backend: DbBackend) -> Select<Self> {
        let sight = &scope.register;
        Self::find().filter(
            Condition::any()
                .add(Expr::value(sight.everywhere))
                .add(among(backend, Column::CommunityId, sight.communities.iter().copied()))
                .add(among(backend, Column::Id, sight.own_units.iter().copied())),
        )
    }
}
