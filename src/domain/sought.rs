//! Lists of units and people that are searched: how a database goes from what is found to them.

use sea_orm::sea_query::{Expr, ExprTrait, SelectStatement};
use sea_orm::{ColumnTrait, DbBackend};

use super::row::at_most;
use super::{Domain, Result};
use crate::storage::search::looked_up;

/// So many are looked up. With more, those that a page needs are soon come upon in the list's order.
const RARE: u64 = 5_000;

/// How many have what is looked for.
pub(super) enum Sought {
    /// Few, as far as the database must be told.
    Rare,
    /// Many, or it finds its way by itself.
    Common,
}

impl Sought {
    /// SQLite need not know: it looks up what is found anyway.
    pub(super) async fn of(domain: &Domain, ids: Option<SelectStatement>) -> Result<Self> {
        match ids {
            Some(ids)
                if domain.db.backend() == DbBackend::Postgres
                    && at_most(domain.db.read(), ids.clone(), RARE).await? =>
            {
                Ok(Self::Rare)
            }
            _ => Ok(Self::Common),
        }
    }

    /// Those with one of the ids that are found.
    pub(super) fn among(&self, id: impl ColumnTrait, ids: SelectStatement) -> Expr {
        match self {
            Self::Rare => looked_up(id, ids),
            Self::Common => Expr::col(id.as_column_ref()).in_subquery(ids),
        }
    }
}
