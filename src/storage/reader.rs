//! What is read goes through here: no statement waits for an answer for ever.

use std::time::Duration;

use sea_orm::prelude::async_trait::async_trait;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr, Statement,
};
use tokio::time::timeout;

/// Connections that are read through. A statement without an answer fails after a while, as if its connection had been
/// lost: most likely it has been, and nobody said so. What has a time of its own, as a request has, ends before.
#[derive(Clone, Debug)]
pub struct Reader {
    pool: DatabaseConnection,
    /// From the wait for a free connection to the answer.
    patience: Duration,
}

impl Reader {
    pub(super) fn new(pool: DatabaseConnection, patience: Duration) -> Self {
        Self { pool, patience }
    }

    /// The connections themselves.
    pub(super) fn pool(&self) -> &DatabaseConnection {
        &self.pool
    }

    async fn within<T>(&self, answer: impl Future<Output = Result<T, DbErr>>) -> Result<T, DbErr> {
        answered(self.patience, answer).await
    }
}

/// What is asked of the database, given up after `patience`.
pub(super) async fn answered<T, E: From<DbErr>>(
    patience: Duration,
    answer: impl Future<Output = Result<T, E>>,
) -> Result<T, E> {
    let Ok(answer) = timeout(patience, answer).await else {
        let seconds = patience.as_secs_f64();
        let silent = format!("the database has not answered for {seconds} s");
        return Err(DbErr::Conn(RuntimeErr::Internal(silent)).into());
    };
    answer
}

#[async_trait]
impl ConnectionTrait for Reader {
    fn get_database_backend(&self) -> DbBackend {
        self.pool.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.within(self.pool.execute_raw(statement)).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.within(self.pool.execute_unprepared(sql)).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.within(self.pool.query_one_raw(statement)).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.within(self.pool.query_all_raw(statement)).await
    }
}
