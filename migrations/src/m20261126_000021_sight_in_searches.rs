//! Searches begin with the fewest tickets: a worker's with what they filed, by an index; and PostgreSQL counts what
//! somebody finds who sees everything by leaving out the few that are hidden from them.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DatabaseBackend;

use crate::build::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, &["CREATE INDEX ticket_by_filer ON ticket (filed_by_id) WHERE kind = 'REPAIR'"]).await?;
        match manager.get_database_backend() {
            DatabaseBackend::Postgres => run(manager, &[ABOUT]).await,
            _ => Ok(()),
        }
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_database_backend() == DatabaseBackend::Postgres {
            run(manager, &["DROP INDEX ticket_about"]).await?;
        }
        run(manager, &["DROP INDEX ticket_by_filer"]).await
    }
}

const ABOUT: &str = "CREATE INDEX ticket_about ON ticket (id) \
     WHERE about_staff_id IS NOT NULL OR about_team_id IS NOT NULL OR about_unit_id IS NOT NULL";
