//! Brings a database to this program's schema, and refuses one that is too far ahead of it.

use std::collections::BTreeSet;

use migrations::{Migrator, MigratorTrait, RELEASE};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, sea_query::OnConflict};

use super::AppError;
use crate::base::Clock;
use crate::storage::{self, Database, release};

/// How far a database is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Standing {
    /// Steps of this program that are applied, in their order.
    pub(super) applied: Vec<String>,
    /// Steps of this program that are not.
    pub(super) pending: Vec<String>,
    /// Applied steps that this program does not know: a later release made them.
    pub(super) unknown: Vec<String>,
}

impl Standing {
    /// Reads it.
    ///
    /// # Errors
    /// When the database fails.
    pub(super) async fn of(db: &Database) -> Result<Self, AppError> {
        let mut done: BTreeSet<String> = migrations::applied(db.write()).await?.into_iter().collect();
        let mut standing = Self::default();
        for step in Migrator::migrations() {
            let name = step.name().to_owned();
            let list = if done.remove(&name) { &mut standing.applied } else { &mut standing.pending };
            list.push(name);
        }
        standing.unknown = done.into_iter().collect();
        Ok(standing)
    }
}

/// Brings the database to this program's schema, under a lock, so that several gateways may begin at once. One that the
/// next release has already expanded is served as it is.
///
/// # Errors
/// When the database is further ahead than that, or fails.
pub async fn migrate(db: &Database, clock: &Clock) -> Result<(), AppError> {
    let _held = storage::MigrationLock::take(db).await?;
    let standing = Standing::of(db).await?;
    if !standing.unknown.is_empty() {
        return serve_beside(db, &standing).await;
    }
    // Looked at first: the migrator tells the log of every call, and mostly there is nothing to tell.
    if !standing.pending.is_empty() {
        Migrator::up(db.write(), None).await?;
    }
    let row = release::ActiveModel { number: Set(RELEASE), applied_at: Set(clock.now()) };
    release::Entity::insert(row)
        .on_conflict(OnConflict::column(release::Column::Number).do_nothing().to_owned())
        .exec_without_returning(db.write())
        .await?;
    Ok(())
}

/// While a company upgrades its gateways one by one, those that wait for their turn, and one that starts again, go on
/// beside the new ones.
async fn serve_beside(db: &Database, standing: &Standing) -> Result<(), AppError> {
    let newest = release::Entity::find().order_by_desc(release::Column::Number).one(db.read()).await?;
    if newest.is_some_and(|row| row.number == RELEASE + 1) && standing.pending.is_empty() {
        tracing::warn!(
            database = RELEASE + 1,
            program = RELEASE,
            "the database is one schema release ahead of this program, which serves beside the newer one; upgrade it"
        );
        return Ok(());
    }
    Err(too_new(standing))
}

/// Takes the latest `steps` back. The release is struck out first: what is left of it nobody else may serve.
///
/// # Errors
/// When the database knows steps that this program does not, or fails.
pub(super) async fn take_back(db: &Database, steps: u32) -> Result<(), AppError> {
    let _held = storage::MigrationLock::take(db).await?;
    let standing = Standing::of(db).await?;
    if !standing.unknown.is_empty() {
        return Err(too_new(&standing));
    }
    if standing.pending.is_empty() {
        let ours = release::Entity::delete_many().filter(release::Column::Number.gte(RELEASE));
        ours.exec(db.write()).await?;
    }
    Ok(Migrator::down(db.write(), Some(steps)).await?)
}

/// What a person is told who starts an old program on a new database.
fn too_new(standing: &Standing) -> AppError {
    AppError::Other(format!(
        "the database was brought to a later schema than this program knows (concierge {}, schema release {RELEASE}): \
         it does not know {}. Start the program that made them, or a later one; to go back, let that program take \
         them back first: concierge migrate down --steps {}",
        env!("CARGO_PKG_VERSION"),
        standing.unknown.join(", "),
        standing.unknown.len(),
    ))
}
