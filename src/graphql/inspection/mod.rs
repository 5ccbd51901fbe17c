//! Inspections on the wire: patrols (巡查) with plans, checkpoints and findings, and spot checks (抽查).

mod checkpoint;
mod compliance;
mod enums;
mod filter;
mod finding;
mod finding_input;
mod finding_mutation;
mod input;
mod mutation;
mod patrol;
mod plan;
mod query;
mod spot_check;

pub(super) use checkpoint::Checkpoint;
pub(super) use compliance::ComplianceQuery;
pub(super) use finding::Finding;
pub(super) use finding_mutation::FindingMutation;
pub(super) use mutation::InspectionMutation;
pub(super) use patrol::Patrol;
pub(super) use plan::PatrolPlan;
pub(super) use query::{CheckpointQuery, FindingQuery, PatrolPlanQuery, PatrolQuery, SpotCheckQuery};
pub(super) use spot_check::SpotCheck;
