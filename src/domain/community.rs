//! Communities (小区): the estates under management.

use std::collections::BTreeMap;

use chrono_tz::Tz;
use sea_orm::{ActiveEnum, ActiveModelTrait, ColumnTrait, Condition, IntoActiveModel, QueryFilter, Select};
use serde_json::Value as Json;

use super::audit::{self, Action, Note};
use super::list::listed;
use super::sla::{ServiceHours, Target, Targets};
use super::{Change, Domain, NAME_MAX, Once, Refusal, Result, Viewer, required, row};
use crate::base::id::CommunityId;
use crate::storage::community::{Column, Entity};
use crate::storage::contains;
use crate::storage::post::Role;
use crate::storage::ticket::Priority;

pub use crate::storage::community::Model as Community;

/// Those who set a community's service hours and targets.
const SETS_CLOCKS: [Role; 3] = [Role::ServiceManager, Role::ProjectHead, Role::Admin];

/// The longest that a target may be.
const YEAR_IN_MINUTES: i64 = 366 * 24 * 60;

/// Which communities; every part that is set narrows the list.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// With this in their name, or as their code.
    pub search: Option<String>,
    /// Also those that are closed.
    pub include_closed: bool,
}

/// What a new community is.
#[derive(Clone, Debug)]
pub struct New {
    /// 2 to 8 capital letters and digits; ticket numbers begin with it, and it is never changed.
    pub code: String,
    /// Its name.
    pub name: String,
    /// IANA name of its time zone.
    pub time_zone: String,
    /// The weekly calendar; none: the usual one.
    pub service_hours: Option<ServiceHours>,
    /// Targets that differ from the usual ones.
    pub clock_targets: Vec<(Priority, Targets)>,
}

/// What is to become of a community.
#[derive(Clone, Debug, Default)]
pub struct Patch {
    /// Its name.
    pub name: Change<String>,
    /// IANA name of its time zone.
    pub time_zone: Change<String>,
    /// The weekly calendar.
    pub service_hours: Change<ServiceHours>,
    /// All targets that differ from the usual ones.
    pub clock_targets: Change<Vec<(Priority, Targets)>>,
}

listed! {
    /// By its name.
    Name => Name,
    /// By when it was made.
    Created => CreatedAt,
}

fn visible(domain: &Domain, viewer: &Viewer, filter: &Filter) -> Select<Entity> {
    let search = filter.search.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let found =
        search.map(|text| Condition::any().add(contains(Column::Name, text)).add(Column::Code.eq(text)));
    let open = (!filter.include_closed).then(|| Column::ClosedAt.is_null());
    Entity::visible_to(&viewer.scope, domain.db.backend())
        .filter(Condition::all().add_option(found).add_option(open))
}

/// Takes a community under management.
///
/// # Errors
/// When it is refused or the database fails.
pub async fn create(domain: &Domain, viewer: &Viewer, input: New, once: Option<&Once>) -> Result<Community> {
    let now = domain.clock.now();
    let community = Community {
        id: domain.clock.id(),
        code: check_code(&input.code)?,
        name: required("input.name", &input.name, NAME_MAX)?,
        time_zone: check_time_zone(&input.time_zone)?,
        service_hours: check_hours(input.service_hours.unwrap_or_default())?,
        clock_targets: check_targets(input.clock_targets)?,
        created_at: now,
        updated_at: now,
        closed_at: None,
        version: 1,
    };
    if !viewer.holds_in_group(&[Role::Admin]) {
        return Err(Refusal::forbidden("only an ADMIN of the group adds a community").into());
    }
    let tx = domain.begin().await?;
    if let Some(before) = tx.claim(viewer, once, community.id.uuid()).await? {
        return row::made_before::<Entity>(domain, viewer, &tx, before).await;
    }
    let code = community.code.clone();
    let message = || format!("the code {code} belongs to another community");
    let made = community.into_active_model().insert(&tx.db).await;
    let made = made.map_err(row::taken("input.code", message))?;
    tx.commit().await?;
    Ok(made)
}

/// Changes a community.
///
/// # Errors
/// When it is refused or the database fails.
pub async fn update(
    domain: &Domain,
    viewer: &Viewer,
    id: CommunityId,
    expected_version: Option<i32>,
    patch: Patch,
) -> Result<Community> {
    let renames = patch.name.is_set() || patch.time_zone.is_set();
    let name = patch.name.check(|name| required("input.name", &name, NAME_MAX))?;
    let time_zone = patch.time_zone.check(|zone| check_time_zone(&zone))?;
    let hours = patch.service_hours.check(check_hours)?;
    let targets = patch.clock_targets.check(check_targets)?;
    let tx = domain.begin().await?;
    let was = row::lock::<Entity>(domain, viewer, &tx, "input.id", id).await?;
    check_may_update(viewer, id, renames)?;
    row::expect_version::<Entity>(&was, expected_version)?;
    let mut community = was.clone();
    name.put(&mut community.name);
    time_zone.put(&mut community.time_zone);
    hours.put(&mut community.service_hours);
    targets.put(&mut community.clock_targets);
    let saved = row::save::<Entity>(domain, &tx, &was, community).await?;
    let changed = changed_settings(&was, &saved);
    if !changed.is_empty() {
        let line = Note::of(Action::SettingsChanged).at(id).about(id).with("changed", changed);
        audit::note(domain, &tx, viewer, line).await?;
    }
    tx.commit().await?;
    Ok(saved)
}

/// The settings that an update has changed, as the audit trail calls them.
fn changed_settings(was: &Community, now: &Community) -> Vec<&'static str> {
    let settings = [
        ("timeZone", was.time_zone != now.time_zone),
        ("serviceHours", was.service_hours != now.service_hours),
        ("clockTargets", was.clock_targets != now.clock_targets),
    ];
    settings.into_iter().filter(|(_, changed)| *changed).map(|(name, _)| name).collect()
}

fn check_may_update(viewer: &Viewer, id: CommunityId, renames: bool) -> Result<()> {
    if viewer.holds_in_group(&[Role::Admin]) {
        return Ok(());
    }
    if renames {
        let message = "only an ADMIN of the group changes a community's name or time zone";
        return Err(Refusal::forbidden(message).into());
    }
    if !viewer.holds(&SETS_CLOCKS, id) {
        let message = "the SERVICE_MANAGER, the PROJECT_HEAD and ADMIN set a community's hours and targets";
        return Err(Refusal::forbidden(message).into());
    }
    Ok(())
}

pub(crate) fn check_code(code: &str) -> Result<String> {
    let code = required("input.code", code, NAME_MAX)?;
    let fits = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit();
    if !(2..=8).contains(&code.len()) || !code.chars().all(fits) {
        let message =
            format!("\"{code}\" cannot be a code; write 2 to 8 capital letters and digits, such as XH");
        return Err(Refusal::invalid("input.code", message).into());
    }
    Ok(code)
}

pub(crate) fn check_time_zone(name: &str) -> Result<String> {
    let name = required("input.timeZone", name, NAME_MAX)?;
    let zone = name.parse::<Tz>().map_err(|_| {
        let message = format!("\"{name}\" is not a time zone; write an IANA name, such as Asia/Shanghai");
        Refusal::invalid("input.timeZone", message)
    })?;
    Ok(zone.name().to_owned())
}

pub(crate) fn check_hours(hours: ServiceHours) -> Result<Json> {
    for windows in &hours.week {
        let mut closed_from = None;
        for (from, to) in windows {
            if to <= from || closed_from.is_some_and(|last| *from < last) {
                let message = format!(
                    "the hours {from} to {to} end before they begin or overlap those before; \
                     give each day's hours in order, such as 09:00 to 12:00, 13:00 to 18:00"
                );
                return Err(Refusal::invalid("input.serviceHours", message).into());
            }
            closed_from = Some(*to);
        }
    }
    Ok(serde_json::to_value(hours).unwrap_or_default())
}

fn check_targets(targets: Vec<(Priority, Targets)>) -> Result<Json> {
    let mut by_priority = BTreeMap::new();
    for (priority, targets) in targets {
        check_target(targets.response)?;
        check_target(targets.resolution)?;
        let name = priority.to_value();
        if by_priority.insert(name.clone(), targets).is_some() {
            let message = format!("{name} is given twice; give each priority once");
            return Err(Refusal::invalid("input.clockTargets", message).into());
        }
    }
    Ok(serde_json::to_value(by_priority).unwrap_or_default())
}

fn check_target(target: Target) -> Result<()> {
    let (length, longest, unit) = match target {
        Target::Always(minutes) | Target::ServiceMinutes(minutes) => (minutes, YEAR_IN_MINUTES, "minutes"),
        Target::ServiceDays(days) => (days, 366, "service days"),
    };
    if (1..=longest).contains(&length) {
        return Ok(());
    }
    let message = format!("{length} {unit} cannot be a target; it goes from 1 to {longest}");
    Err(Refusal::invalid("input.clockTargets", message).into())
}
