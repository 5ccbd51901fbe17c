//! Compliance: patrols done ÷ owed.

use async_graphql::{Context, ID, Object, Result, SimpleObject};

use crate::domain::Error;
use crate::domain::inspection::{compliance, compliance::Compliance};
use crate::graphql::building::Building;
use crate::graphql::context::{domain, viewer};
use crate::graphql::error::{fault, id};
use crate::graphql::scalar::Date;

/// Compliance, asked for.
#[derive(Default)]
pub(in crate::graphql) struct ComplianceQuery;

/// What patrols were owed and done in a building in a week.
#[derive(SimpleObject)]
struct PatrolCompliance {
    /// The building.
    building: Building,
    /// The Monday of the week; it goes to Sunday, in the community's time zone.
    week_of: Date,
    /// How many patrols were owed.
    owed: usize,
    /// How many days had a complete patrol.
    done: usize,
    /// The days with a complete patrol, in order.
    days: Vec<Date>,
    /// Done ÷ owed in whole percent, rounded down, at most 100; absent where nothing was owed.
    percent: Option<i32>,
}

impl From<Compliance> for PatrolCompliance {
    fn from(week: Compliance) -> Self {
        Self {
            week_of: week.week_of.into(),
            owed: week.owed,
            done: week.days.len(),
            percent: week.percent(),
            days: week.days.into_iter().map(Date).collect(),
            building: Building(week.building),
        }
    }
}

#[Object]
impl ComplianceQuery {
    /// Patrols done ÷ owed, by building and week: the buildings that the viewer sees patrolled, by name, each week by
    /// week. A building without a plan and without a patrol is left out.
    async fn patrol_compliance(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The community.")] community_id: ID,
        #[graphql(desc = "A day of the first week.")] week_of: Date,
        #[graphql(default = 1, desc = "How many weeks, 1 to 53.")] weeks: i32,
    ) -> Result<Vec<PatrolCompliance>> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        let told = async {
            let community = id("communityId", &community_id)?;
            compliance(domain, viewer, community, week_of.0, weeks).await
        };
        let told = told.await.map_err(|error: Error| fault(&error))?;
        Ok(told.into_iter().map(PatrolCompliance::from).collect())
    }
}
