//! A document in the archives (业主档案) of an occupant or a unit. What it holds are [attachments](super::attachment).

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{Condition, DbBackend, Iterable};

use super::among;
use crate::base::id::*;
use crate::base::{ArchiveSight, Reach, Scope};

/// What a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Category {
    /// 合同.
    Contract,
    /// 身份证明: a copy of it.
    Identity,
    /// 收楼资料: papers of the handover.
    Handover,
    /// 装修资料.
    Renovation,
    /// 委托书.
    PowerOfAttorney,
    /// 往来函件.
    Correspondence,
    /// Anything else.
    Other,
}

/// Who may read a document; each reads less than the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Confidentiality {
    /// 普通.
    Normal,
    /// 保密.
    Confidential,
    /// 机密.
    Secret,
}

impl Confidentiality {
    /// How far a viewer sees the documents of this confidentiality.
    #[must_use]
    pub fn reach(self, sight: &ArchiveSight) -> &Reach {
        match self {
            Self::Normal => &sight.normal,
            Self::Confidential => &sight.confidential,
            Self::Secret => &sight.secret,
        }
    }
}

/// A document in the archives of an occupant or a unit.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "document")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DocumentId,
    /// The community of the unit, or the one that registered the occupant.
    pub community_id: CommunityId,
    /// The unit's building.
    pub building_id: Option<BuildingId>,
    /// The unit that it is about.
    pub unit_id: Option<UnitId>,
    /// The occupant that it is about.
    pub occupant_id: Option<OccupantId>,
    /// What it is.
    pub category: Category,
    /// Who may read it.
    pub confidentiality: Confidentiality,
    /// What it is called.
    pub title: String,
    /// The day that stands on it.
    pub dated_on: Option<Date>,
    /// What the company has to say of it.
    pub note: Option<String>,
    /// Who filed it.
    pub filed_by_id: StaffId,
    /// When it was filed.
    pub created_at: DateTimeUtc,
    /// When it was last changed.
    pub updated_at: DateTimeUtc,
    /// When it was withdrawn and its content taken away; the line is kept.
    pub withdrawn_at: Option<DateTimeUtc>,
    /// When its words were erased with the person's data.
    pub erased_at: Option<DateTimeUtc>,
    /// What compare-and-set compares.
    pub version: i32,
}

/// Rows are joined by loaders and by scoped finders, not by SeaORM relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Entity {
    /// The documents that `scope` sees: by its work as far as their confidentiality lets it, and what is kept of the
    /// viewer unless it is secret. The only way to load any.
    #[must_use]
    pub fn visible_to(scope: &Scope, backend: DbBackend) -> Select<Self> {
        let sight = &scope.archives;
        let by_work = Confidentiality::iter().map(|confidentiality| {
            Condition::all()
                .add(Column::Confidentiality.eq(confidentiality))
                .add(within(confidentiality.reach(sight), backend))
        });
        let own = sight
            .occupant
            .map(|own| Column::OccupantId.eq(own).and(Column::Confidentiality.ne(Confidentiality::Secret)));
        Self::find().filter(by_work.fold(Condition::any().add_option(own), Condition::add))
    }
}

fn within(reach: &Reach, backend: DbBackend) -> Condition {
    Condition::any()
        .add(Expr::value(reach.everywhere))
        .add(among(backend, Column::CommunityId, reach.communities.iter().copied()))
        .add(among(backend, Column::BuildingId, reach.buildings.iter().copied()))
}

impl Model {
    /// Whether `scope` sees it by its work, and not only as the person it is about.
    #[must_use]
    pub fn seen_at_work(&self, scope: &Scope) -> bool {
        self.confidentiality.reach(&scope.archives).covers(self.community_id, self.building_id)
    }
}
