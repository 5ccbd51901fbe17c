//! Inspections: patrols (巡查) with their plans, checkpoints and findings, and spot checks (抽查).

pub mod checkpoint;
mod clockwork;
pub mod compliance;
pub mod finding;
pub mod patrol;
mod photo;
pub mod plan;
pub mod policy;
pub mod spot_check;
mod sync;

pub use clockwork::run_due;
pub use compliance::compliance;
pub use photo::redact;
pub use sync::{Passed, Walked, sync};

pub use crate::storage::checkpoint::Model as Checkpoint;
pub use crate::storage::finding::{CheckResult, Model as Finding, Severity};
pub use crate::storage::patrol::{Model as Patrol, State};
pub use crate::storage::patrol_plan::Model as PatrolPlan;
pub use crate::storage::patrol_step::Model as PatrolStep;
pub use crate::storage::spot_check::Model as SpotCheck;

use super::{Refusal, Result, Viewer};
use crate::base::id::StaffId;

/// The longest text that a person can write about an inspection, in characters.
pub const TEXT_MAX: usize = 2_000;

/// Only staff inspect.
fn staff_of(viewer: &Viewer) -> Result<StaffId> {
    viewer
        .staff_id()
        .ok_or_else(|| Refusal::forbidden("only staff inspect; your account is nobody's on the staff").into())
}
