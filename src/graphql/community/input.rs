//! What communities are made of and what is changed of them.

use async_graphql::{ID, InputObject};

use super::clocks::{ClockTargets, ServiceHours};
use crate::domain::Result;
use crate::domain::community::{New, Patch};

/// A new community.
#[derive(Clone, Debug, InputObject)]
pub(super) struct CommunityCreateInput {
    /// Sent again with the same key, the same community is answered and none is made.
    pub(super) idempotency_key: Option<String>,
    /// 2 to 8 capital letters and digits, such as "XH"; ticket numbers begin with it, and it is never changed.
    code: String,
    /// Its name; at most 100 characters.
    name: String,
    /// The IANA name of its time zone, such as "Asia/Shanghai".
    time_zone: String,
    /// The calendar in which the slower clocks run; MONDAY to SATURDAY from 09:00 to 18:00 when left out.
    service_hours: Option<ServiceHours>,
    /// Targets that differ from the usual ones.
    clock_targets: Option<Vec<ClockTargets>>,
}

impl CommunityCreateInput {
    pub(super) fn read(self) -> Result<New> {
        let targets = self.clock_targets.unwrap_or_default();
        Ok(New {
            code: self.code,
            name: self.name,
            time_zone: self.time_zone,
            service_hours: self.service_hours.map(ServiceHours::read).transpose()?,
            clock_targets: targets.into_iter().map(ClockTargets::read).collect(),
        })
    }
}

/// What is to change of a community; what is left out stays as it is.
#[derive(Clone, Debug, InputObject)]
pub(super) struct CommunityUpdateInput {
    /// The community.
    pub(super) id: ID,
    /// The version that was shown to the person; when somebody was faster, the answer is a CONFLICT.
    pub(super) expected_version: Option<i32>,
    /// Its name; ADMIN only.
    name: Option<String>,
    /// The IANA name of its time zone; ADMIN only. What is due already stays due when it is.
    time_zone: Option<String>,
    /// The whole calendar in which the slower clocks run.
    service_hours: Option<ServiceHours>,
    /// All targets that differ from the usual ones; where a priority is left out, the usual ones hold again.
    clock_targets: Option<Vec<ClockTargets>>,
}

impl CommunityUpdateInput {
    pub(super) fn read(self) -> Result<Patch> {
        let targets = self.clock_targets;
        let targets = targets.map(|all| all.into_iter().map(ClockTargets::read).collect::<Vec<_>>());
        Ok(Patch {
            name: self.name.into(),
            time_zone: self.time_zone.into(),
            service_hours: self.service_hours.map(ServiceHours::read).transpose()?.into(),
            clock_targets: targets.into(),
        })
    }
}
