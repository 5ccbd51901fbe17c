//! A home, office, shop or stall (房屋、商铺、档口).

use async_graphql::{ID, Object};

use crate::domain::Unit as Row;

/// A home, office, shop or stall (房屋、商铺、档口).
#[derive(Clone, Debug)]
pub(in crate::graphql) struct Unit(pub(in crate::graphql) Row);

impl From<Row> for Unit {
    fn from(row: Row) -> Self {
        Self(row)
    }
}

/// A home, office, shop or stall (房屋、商铺、档口).
#[Object]
impl Unit {
    /// Its id.
    pub(in crate::graphql) async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// Its number, unique by building and entrance.
    async fn number(&self) -> &str {
        &self.0.number
    }
}
