//! Which plans, checkpoints, patrols, findings and spot checks, in which order.

use async_graphql::{Enum, ID, InputObject};

use super::enums::{FindingSeverity, PatrolState};
use crate::domain::Result;
use crate::domain::inspection::{checkpoint, finding, patrol, plan, spot_check};
use crate::graphql::error::ids;
use crate::graphql::scalar::Date;

/// Which patrol plans. Every part that is given narrows the list; an empty list matches nothing.
#[derive(Clone, Debug, Default, InputObject)]
pub(super) struct PatrolPlanFilter {
    /// Of one of these communities.
    community_ids: Option<Vec<ID>>,
    /// Of one of these buildings.
    building_ids: Option<Vec<ID>>,
    /// Also those that are closed.
    #[graphql(default)]
    include_closed: bool,
}

impl PatrolPlanFilter {
    pub(super) fn read(self) -> Result<plan::Filter> {
        Ok(plan::Filter {
            communities: ids("filter.communityIds", self.community_ids.as_deref())?,
            buildings: ids("filter.buildingIds", self.building_ids.as_deref())?,
            include_closed: self.include_closed,
        })
    }
}

/// Which checkpoints. Every part that is given narrows the list; an empty list matches nothing.
#[derive(Clone, Debug, Default, InputObject)]
pub(super) struct CheckpointFilter {
    /// Of one of these communities.
    community_ids: Option<Vec<ID>>,
    /// Of one of these buildings.
    building_ids: Option<Vec<ID>>,
    /// Also those that were taken away.
    #[graphql(default)]
    include_closed: bool,
}

impl CheckpointFilter {
    pub(super) fn read(self) -> Result<checkpoint::Filter> {
        Ok(checkpoint::Filter {
            communities: ids("filter.communityIds", self.community_ids.as_deref())?,
            buildings: ids("filter.buildingIds", self.building_ids.as_deref())?,
            include_closed: self.include_closed,
        })
    }
}

/// Which patrols. Every part that is given narrows the list; an empty list matches nothing.
#[derive(Clone, Debug, Default, InputObject)]
pub(super) struct PatrolFilter {
    /// Of one of these communities.
    community_ids: Option<Vec<ID>>,
    /// Of one of these buildings.
    building_ids: Option<Vec<ID>>,
    /// Walked by one of these members of staff.
    staff_ids: Option<Vec<ID>>,
    /// In one of these states.
    states: Option<Vec<PatrolState>>,
    /// `true`: finished with every checkpoint passed; `false`: not so.
    complete: Option<bool>,
    /// Begun on this day or later.
    from: Option<Date>,
    /// Begun on this day or before.
    to: Option<Date>,
}

impl PatrolFilter {
    pub(super) fn read(self) -> Result<patrol::Filter> {
        Ok(patrol::Filter {
            communities: ids("filter.communityIds", self.community_ids.as_deref())?,
            buildings: ids("filter.buildingIds", self.building_ids.as_deref())?,
            staff: ids("filter.staffIds", self.staff_ids.as_deref())?,
            states: self.states.map(|states| states.into_iter().map(Into::into).collect()),
            complete: self.complete,
            from: self.from.map(|day| day.0),
            to: self.to.map(|day| day.0),
        })
    }
}

/// Which findings. Every part that is given narrows the list; an empty list matches nothing.
#[derive(Clone, Debug, Default, InputObject)]
pub(super) struct FindingFilter {
    /// Of one of these communities.
    community_ids: Option<Vec<ID>>,
    /// Of one of these buildings.
    building_ids: Option<Vec<ID>>,
    /// That raised one of these tickets.
    ticket_ids: Option<Vec<ID>>,
    /// Of one of these severities.
    severities: Option<Vec<FindingSeverity>>,
    /// `true`: mended on the spot; `false`: with a ticket.
    mended_on_spot: Option<bool>,
    /// `true`: somebody has looked again; `false`: nobody yet.
    checked: Option<bool>,
}

impl FindingFilter {
    pub(super) fn read(self) -> Result<finding::Filter> {
        Ok(finding::Filter {
            communities: ids("filter.communityIds", self.community_ids.as_deref())?,
            buildings: ids("filter.buildingIds", self.building_ids.as_deref())?,
            tickets: ids("filter.ticketIds", self.ticket_ids.as_deref())?,
            severities: self.severities.map(|all| all.into_iter().map(Into::into).collect()),
            mended_on_spot: self.mended_on_spot,
            checked: self.checked,
        })
    }
}

/// Which spot checks. Every part that is given narrows the list; an empty list matches nothing.
#[derive(Clone, Debug, Default, InputObject)]
pub(super) struct SpotCheckFilter {
    /// Of one of these communities.
    community_ids: Option<Vec<ID>>,
    /// Of one of these buildings.
    building_ids: Option<Vec<ID>>,
    /// Of one of these teams.
    team_ids: Option<Vec<ID>>,
    /// `true`: published (通报); `false`: not yet.
    published: Option<bool>,
    /// `true`: something is to be put right and that is not confirmed; `false`: not so.
    open: Option<bool>,
    /// `true`: something was to be put right by a day that is over, in the community's time zone, and nobody has reported
    /// that it is; `false`: not so.
    overdue: Option<bool>,
    /// With something to be put right by a day before this one, and nobody has reported that it is.
    due_before: Option<Date>,
}

impl SpotCheckFilter {
    pub(super) fn read(self) -> Result<spot_check::Filter> {
        Ok(spot_check::Filter {
            communities: ids("filter.communityIds", self.community_ids.as_deref())?,
            buildings: ids("filter.buildingIds", self.building_ids.as_deref())?,
            teams: ids("filter.teamIds", self.team_ids.as_deref())?,
            published: self.published,
            open: self.open,
            overdue: self.overdue,
            due_before: self.due_before.map(|day| day.0),
        })
    }
}

/// Declares the order of a list as its noun sorts it.
macro_rules! orders {
    ($($(#[$doc:meta])* $order:ident in $noun:ident {
        $($(#[$of:meta])* $name:ident = $by:ident, $descending:literal;)*
    })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
        pub(super) enum $order {
            $($(#[$of])* $name,)*
        }

        impl From<$order> for $noun::Sort {
            fn from(order: $order) -> Self {
                let (by, descending) = match order {
                    $($order::$name => ($noun::SortBy::$by, $descending),)*
                };
                Self { by, descending }
            }
        }
    )*};
}

orders! {
    /// The order of a list of patrol plans.
    PatrolPlanOrder in plan {
        /// Oldest first.
        CreatedAsc = Created, false;
        /// Newest first.
        CreatedDesc = Created, true;
    }

    /// The order of a list of checkpoints.
    CheckpointOrder in checkpoint {
        /// In the order of the round.
        PositionAsc = Position, false;
        /// Backwards.
        PositionDesc = Position, true;
        /// Oldest first.
        CreatedAsc = Created, false;
        /// Newest first.
        CreatedDesc = Created, true;
    }

    /// The order of a list of patrols.
    PatrolOrder in patrol {
        /// The last begun first.
        StartedDesc = Started, true;
        /// The first begun first.
        StartedAsc = Started, false;
    }

    /// The order of a list of findings.
    FindingOrder in finding {
        /// The last found first.
        FoundDesc = Found, true;
        /// The first found first.
        FoundAsc = Found, false;
    }

    /// The order of a list of spot checks.
    SpotCheckOrder in spot_check {
        /// Newest first.
        CreatedDesc = Created, true;
        /// Oldest first.
        CreatedAsc = Created, false;
        /// The worst first.
        ScoreAsc = Score, false;
        /// The best first.
        ScoreDesc = Score, true;
    }
}
