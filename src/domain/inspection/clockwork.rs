//! What happens to patrols by the clock.

use chrono::TimeDelta;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

use crate::domain::{Domain, Result};
use crate::storage::patrol::{ActiveModel, Column, Entity, State};

/// How long a patrol may be under way.
const ABANDONED_AFTER: TimeDelta = TimeDelta::hours(24);

/// Gives up the patrols that were begun a day ago and never finished, and says how many. The statement itself asks
/// whether they are still under way, so that each is given up once, however many gateways look.
///
/// # Errors
/// When the database fails; they are found again next time.
pub async fn run_due(domain: &Domain) -> Result<u64> {
    let now = domain.clock.now();
    let abandoned =
        ActiveModel { state: Set(State::Abandoned), updated_at: Set(now), ..ActiveModel::default() };
    let done = Entity::update_many()
        .set(abandoned)
        .filter(Column::State.eq(State::UnderWay))
        .filter(Column::StartedAt.lte(now - ABANDONED_AFTER))
        .exec(domain.db.write())
        .await?;
    Ok(done.rows_affected)
}
