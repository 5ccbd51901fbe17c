//! What somebody asks to be done with their personal data.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{Condition, DbBackend};

use crate::base::Scope;
use crate::base::id::*;

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Kind {
    /// All that is kept of them.
    Export,
    /// That it be erased.
    Erase,
}

/// Where a request stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum State {
    /// It waits.
    Requested,
    /// It was carried out.
    Done,
    /// It was refused.
    Refused,
}

/// What somebody asks to be done with their personal data.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "privacy_request")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PrivacyRequestId,
    /// The account that asked.
    pub account_id: AccountId,
    /// Whose data.
    pub occupant_id: OccupantId,
    /// What is asked for.
    pub kind: Kind,
    /// Where it stands.
    pub state: State,
    /// Why it was refused.
    pub reason: Option<String>,
    /// Who decided.
    pub decided_by_id: Option<StaffId>,
    /// When it was decided.
    pub decided_at: Option<DateTimeUtc>,
    /// When it was asked for.
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

impl Entity {
    /// The requests that `scope` sees: their own, or those of everybody; the only way to load any.
    #[must_use]
    pub fn visible_to(scope: &Scope, _: DbBackend) -> Select<Self> {
        let mut any = Condition::any().add(Expr::value(scope.audit.everywhere));
        if let Some(own) = scope.register.occupant {
            any = any.add(Column::OccupantId.eq(own));
        }
        Self::find().filter(any)
    }
}
