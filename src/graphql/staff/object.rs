//! A member of staff (员工).

use async_graphql::{ID, Object};

use crate::domain::Staff as Row;

/// A member of staff (员工).
#[derive(Clone, Debug)]
pub(in crate::graphql) struct Staff(pub(in crate::graphql) Row);

impl From<Row> for Staff {
    fn from(row: Row) -> Self {
        Self(row)
    }
}

/// A member of staff (员工).
#[Object]
impl Staff {
    /// Its id.
    pub(in crate::graphql) async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// Its name.
    async fn name(&self) -> &str {
        &self.0.name
    }
}
