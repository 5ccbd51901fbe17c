//! A use case's transaction, and requests that are repeated.

use std::sync::{Mutex, PoisonError};

use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter,
};
use uuid::Uuid;

use super::event::Whose;
use super::{Domain, Error, Refusal, Result, Viewer};
use crate::base::Id;
use crate::storage::{Tried, idempotency, search};

/// A transaction that wakes the feed when it commits. Dropped without a commit it is rolled back.
#[derive(Debug)]
pub struct Tx<'a> {
    /// The database's transaction.
    pub(crate) db: DatabaseTransaction,
    domain: &'a Domain,
    /// It writes to private copies, and is never committed.
    is_rehearsal: bool,
    /// Whose rights it changes.
    access: Mutex<Vec<Whose>>,
}

/// The key under which a client makes something once, and what it asked for.
#[derive(Clone, Debug)]
pub struct Once {
    /// The mutation.
    pub operation: &'static str,
    /// Where the key was given.
    pub field: &'static str,
    /// The client's key.
    pub key: String,
    /// A hash of the input, by which the same key with another input is recognised.
    pub input_hash: String,
}

impl Domain {
    /// Begins a use case's transaction.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn begin(&self) -> Result<Tx<'_>> {
        let db = self.db.begin().await?;
        Ok(Tx { db, domain: self, is_rehearsal: false, access: Mutex::default() })
    }

    /// Begins a transaction in which these tables are private copies, to try something out while everybody else goes on.
    /// Dropped, it leaves no trace; a commit would tell of what never was.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn rehearse(&self, tables: &[Tried]) -> Result<Tx<'_>> {
        let db = self.db.rehearse(tables).await?;
        Ok(Tx { db, domain: self, is_rehearsal: true, access: Mutex::default() })
    }

    /// What was made under a key before, for who would do much before the transaction that claims it.
    ///
    /// # Errors
    /// [`Refusal::KeyReused`] when the key was used with another input.
    pub(crate) async fn made(&self, viewer: &Viewer, once: Option<&Once>) -> Result<Option<Uuid>> {
        match once {
            Some(once) => made(self.db.read(), viewer, once).await,
            None => Ok(None),
        }
    }
}

impl Tx<'_> {
    /// Keeps what is searched of things that were written many at once; of what is only tried out, nothing.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn keep_searched<K>(
        &self,
        things: impl IntoIterator<Item = (Id<K>, String)>,
    ) -> Result<()> {
        if self.is_rehearsal {
            return Ok(());
        }
        let things = things.into_iter().collect::<Vec<_>>();
        Ok(search::keep(&self.db, &things).await?)
    }

    /// Makes everything that was written last, and wakes the feed.
    ///
    /// # Errors
    /// When the database fails; nothing was written then.
    pub(crate) async fn commit(self) -> Result<()> {
        self.db.commit().await?;
        // In this process rights change with the commit; other gateways hear of it by the feed.
        let access = self.access.into_inner().unwrap_or_else(PoisonError::into_inner);
        access.into_iter().for_each(|whose| self.domain.forget(whose));
        self.domain.committed.notify_one();
        Ok(())
    }

    /// Remembers whose rights are changed, until the commit.
    pub(crate) fn changes_access(&self, whose: Whose) {
        self.access.lock().unwrap_or_else(PoisonError::into_inner).push(whose);
    }

    /// Claims a key for what is about to be made as `result`. `Some` is what was made under the key before; two
    /// requests at the same moment are put one behind the other by the key's unique index.
    ///
    /// # Errors
    /// [`Refusal::KeyReused`] when the key was used with another input.
    pub(crate) async fn claim(
        &self,
        viewer: &Viewer,
        once: Option<&Once>,
        result: Uuid,
    ) -> Result<Option<Uuid>> {
        let Some(once) = once else {
            return Ok(None);
        };
        let row = idempotency::ActiveModel {
            id: Set(self.domain.clock.id()),
            account_id: Set(viewer.account.id),
            operation: Set(once.operation.to_owned()),
            key: Set(once.key.clone()),
            input_hash: Set(once.input_hash.clone()),
            result_id: Set(result),
            created_at: Set(self.domain.clock.now()),
        };
        let claimed = idempotency::Entity::insert(row)
            .on_conflict(OnConflict::new().do_nothing().to_owned())
            .exec_without_returning(&self.db)
            .await?;
        if claimed == 1 {
            return Ok(None);
        }
        match made(&self.db, viewer, once).await? {
            Some(before) => Ok(Some(before)),
            None => Err(reused(once)),
        }
    }
}

/// What was made under a key.
async fn made(db: &impl ConnectionTrait, viewer: &Viewer, once: &Once) -> Result<Option<Uuid>> {
    let before = idempotency::Entity::find()
        .filter(idempotency::Column::AccountId.eq(viewer.account.id))
        .filter(idempotency::Column::Operation.eq(once.operation))
        .filter(idempotency::Column::Key.eq(&once.key))
        .one(db)
        .await?;
    match before {
        Some(before) if before.input_hash != once.input_hash => Err(reused(once)),
        before => Ok(before.map(|before| before.result_id)),
    }
}

fn reused(once: &Once) -> Error {
    Refusal::KeyReused { field: once.field.into(), key: once.key.clone() }.into()
}
