//! One managed estate (小区).

use async_graphql::{ID, Object};

use super::clocks::{ClockTargets, ServiceHours};
use crate::domain::Community as Row;
use crate::domain::sla::Clocks;
use crate::graphql::scalar::DateTime;

/// One managed estate (小区).
#[derive(Clone, Debug)]
pub(in crate::graphql) struct Community(pub(in crate::graphql) Row);

impl From<Row> for Community {
    fn from(row: Row) -> Self {
        Self(row)
    }
}

/// One managed estate (小区). List its buildings and teams with `buildings` and `teams`, filtered by its id.
#[Object]
impl Community {
    /// Its id.
    pub(in crate::graphql) async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// 2 to 8 capital letters and digits, with which its tickets' numbers begin.
    async fn code(&self) -> &str {
        &self.0.code
    }

    /// Its name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The IANA name of its time zone, such as "Asia/Shanghai". Show its moments in it.
    async fn time_zone(&self) -> &str {
        &self.0.time_zone
    }

    /// The calendar in which the slower clocks run.
    async fn service_hours(&self) -> ServiceHours {
        Clocks::of(&self.0).hours().into()
    }

    /// How long its tickets may take, one for each priority: its own targets, and the usual ones where it has none.
    async fn clock_targets(&self) -> Vec<ClockTargets> {
        ClockTargets::all(&Clocks::of(&self.0))
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        self.0.created_at.into()
    }

    /// When it last changed.
    async fn updated_at(&self) -> DateTime {
        self.0.updated_at.into()
    }

    /// When it ended; closed ones are kept, and left out of lists unless they are asked for.
    async fn closed_at(&self) -> Option<DateTime> {
        self.0.closed_at.map(DateTime)
    }

    /// Send it back as `expectedVersion` with the next update.
    async fn version(&self) -> i32 {
        self.0.version
    }
}
