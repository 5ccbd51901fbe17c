//! Who is asking: an account with the member of staff and the occupant it stands for, the posts that are held today,
//! and what follows from them.

mod sight;

use std::collections::HashMap;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, Select};

use super::ticket::sla::Clocks;
use super::{Domain, Result};
use crate::base::Scope;
use crate::base::id::{AccountId, BuildingId, CommunityId, StaffId};
use crate::storage::post::Role;
use crate::storage::{account, among, charge, community, occupancy, occupant, post, staff, team, unit};

/// Who is asking, and all that follows from it. Made anew whenever one of its parts has changed.
#[derive(Clone, Debug)]
pub struct Viewer {
    /// The sign-in.
    pub account: account::Model,
    /// The member of staff it stands for.
    pub staff: Option<staff::Model>,
    /// The occupant it stands for.
    pub occupant: Option<occupant::Model>,
    /// The posts held today.
    pub posts: Vec<post::Model>,
    /// The buildings in their charge.
    pub buildings: Vec<BuildingId>,
    /// What they see.
    pub scope: Scope,
    /// The next midnight at which a post or an occupancy may begin or end; then it must be made anew.
    pub valid_until: DateTime<Utc>,
}

/// The rows from which a viewer's sight is worked out.
#[derive(Debug, Default)]
struct Standing {
    today: HashMap<CommunityId, NaiveDate>,
    zones: HashMap<CommunityId, Tz>,
    posts: Vec<post::Model>,
    charges: Vec<charge::Model>,
    teams: Vec<team::Model>,
    superiors: Vec<StaffId>,
    occupancies: Vec<occupancy::Model>,
    units: Vec<unit::Model>,
    neighbours: Vec<occupancy::Model>,
}

impl Viewer {
    /// The roles that they hold at a community, those of the whole group among them.
    pub fn roles_at(&self, community: CommunityId) -> impl Iterator<Item = Role> {
        self.posts
            .iter()
            .filter(move |post| post.community_id.is_none_or(|at| at == community))
            .map(|post| post.role)
    }

    /// Whether they hold one of these roles at a community.
    #[must_use]
    pub fn holds(&self, roles: &[Role], community: CommunityId) -> bool {
        self.roles_at(community).any(|role| roles.contains(&role))
    }

    /// Whether they hold one of these roles in the whole group.
    #[must_use]
    pub fn holds_in_group(&self, roles: &[Role]) -> bool {
        self.posts.iter().any(|post| post.community_id.is_none() && roles.contains(&post.role))
    }

    /// The member of staff's id.
    #[must_use]
    pub fn staff_id(&self) -> Option<StaffId> {
        self.staff.as_ref().map(|staff| staff.id)
    }
}

/// The viewer of an account; `None` when there is no such account or it is closed.
///
/// # Errors
/// When the database fails.
pub async fn load(domain: &Domain, id: AccountId) -> Result<Option<Viewer>> {
    let db = domain.db.read();
    let found = account::Entity::find_by_id(id).filter(account::Column::ClosedAt.is_null()).one(db).await?;
    let Some(account) = found else {
        return Ok(None);
    };
    let staff = match account.staff_id {
        Some(id) => staff::Entity::find_by_id(id).filter(staff::Column::ClosedAt.is_null()).one(db).await?,
        None => None,
    };
    let occupant = match account.occupant_id {
        Some(id) => {
            occupant::Entity::find_by_id(id).filter(occupant::Column::ClosedAt.is_null()).one(db).await?
        }
        None => None,
    };
    let mut standing = Standing::default();
    if let Some(staff) = &staff {
        standing.load_staff(domain, staff).await?;
    }
    if let Some(occupant) = &occupant {
        standing.load_occupant(domain, occupant).await?;
    }
    let scope = standing.scope(&account, staff.as_ref(), occupant.as_ref());
    let buildings = standing.charges.iter().map(|charge| charge.building_id).collect();
    let valid_until = standing.valid_until(domain);
    Ok(Some(Viewer { account, staff, occupant, posts: standing.posts, buildings, scope, valid_until }))
}

impl Standing {
    async fn load_staff(&mut self, domain: &Domain, member: &staff::Model) -> Result<()> {
        let (db, backend) = (domain.db.read(), domain.db.backend());
        let posts = post::Entity::find().filter(post::Column::StaffId.eq(member.id)).all(db).await?;
        self.load_days(domain, posts.iter().filter_map(|post| post.community_id)).await?;
        self.posts = posts.into_iter().filter(|post| self.is_current(domain, post)).collect();
        self.charges = charge::Entity::find()
            .filter(charge::Column::StaffId.eq(member.id))
            .filter(charge::Column::ClosedAt.is_null())
            .all(db)
            .await?;
        let own_teams = self.posts.iter().filter_map(|post| post.team_id);
        self.teams = team::Entity::find()
            .filter(among(backend, team::Column::Id, own_teams).or(team::Column::LeadId.eq(member.id)))
            .all(db)
            .await?;
        self.superiors = self.find_superiors(domain, member).await?;
        Ok(())
    }

    /// Those to whom the member of staff answers: line managers, leads of their teams, and who holds a higher rung of
    /// the chain where they work.
    async fn find_superiors(&self, domain: &Domain, member: &staff::Model) -> Result<Vec<StaffId>> {
        let (db, backend) = (domain.db.read(), domain.db.backend());
        let communities = self.posts.iter().filter_map(|post| post.community_id);
        let colleagues = post::Entity::find()
            .filter(
                among(backend, post::Column::CommunityId, communities)
                    .or(post::Column::CommunityId.is_null()),
            )
            .filter(post::Column::Role.is_in(sight::SUPERIOR_ROLES))
            .all(db)
            .await?;
        let mut superiors = colleagues
            .iter()
            .filter(|theirs| self.is_current(domain, theirs))
            .filter(|theirs| self.posts.iter().any(|own| sight::answers_to(own, theirs)))
            .map(|theirs| theirs.staff_id)
            .chain(self.teams.iter().filter_map(|team| team.lead_id))
            .filter(|id| *id != member.id)
            .collect::<Vec<_>>();
        // The line goes on above one who is a superior for another reason too.
        let mut line = Vec::new();
        let mut next = member.manager_id;
        while let Some(manager) = next.filter(|id| *id != member.id && !line.contains(id)) {
            line.push(manager);
            next = staff::Entity::find_by_id(manager).one(db).await?.and_then(|row| row.manager_id);
        }
        superiors.extend(line);
        superiors.sort();
        superiors.dedup();
        Ok(superiors)
    }

    async fn load_occupant(&mut self, domain: &Domain, person: &occupant::Model) -> Result<()> {
        let (db, backend) = (domain.db.read(), domain.db.backend());
        let occupancies = occupancy::Entity::find()
            .filter(occupancy::Column::OccupantId.eq(person.id))
            .order_by_asc(occupancy::Column::Id)
            .all(db)
            .await?;
        self.load_days(domain, occupancies.iter().map(|row| row.community_id)).await?;
        self.occupancies = occupancies.into_iter().filter(|row| self.is_lived_in(row)).collect();
        let units = || self.occupancies.iter().map(|row| row.unit_id);
        self.units = unit::Entity::find().filter(among(backend, unit::Column::Id, units())).all(db).await?;
        let neighbours = occupancy::Entity::find().filter(among(backend, occupancy::Column::UnitId, units()));
        self.neighbours = neighbours.all(db).await?.into_iter().filter(|row| self.is_lived_in(row)).collect();
        Ok(())
    }

    async fn load_days(&mut self, domain: &Domain, ids: impl Iterator<Item = CommunityId>) -> Result<()> {
        let wanted: Select<community::Entity> = community::Entity::find()
            .filter(Condition::all().add(among(domain.db.backend(), community::Column::Id, ids)));
        for community in wanted.all(domain.db.read()).await? {
            let zone = community.time_zone.parse().unwrap_or(domain.time_zone);
            self.zones.insert(community.id, zone);
            self.today.insert(community.id, domain.clock.now().with_timezone(&zone).date_naive());
        }
        Ok(())
    }

    fn is_current(&self, domain: &Domain, post: &post::Model) -> bool {
        let group_day = || domain.clock.now().with_timezone(&domain.time_zone).date_naive();
        let today = match post.community_id {
            Some(id) => self.today.get(&id).copied(),
            None => Some(group_day()),
        };
        today.is_some_and(|today| post.from_on <= today && post.to_on.is_none_or(|last| today <= last))
    }

    fn is_lived_in(&self, row: &occupancy::Model) -> bool {
        let today = self.today.get(&row.community_id);
        today.is_some_and(|today| row.from_on <= *today && row.to_on.is_none_or(|last| *today <= last))
    }

    fn valid_until(&self, domain: &Domain) -> DateTime<Utc> {
        let zones = self.zones.values().copied().chain([domain.time_zone]);
        let midnights = zones.map(|zone| next_midnight(domain.clock.now(), zone));
        midnights.min().unwrap_or_else(|| domain.clock.now())
    }
}

fn next_midnight(now: DateTime<Utc>, zone: Tz) -> DateTime<Utc> {
    let tomorrow =
        now.with_timezone(&zone).date_naive().checked_add_days(Days::new(1)).unwrap_or(NaiveDate::MAX);
    start_of_day(tomorrow, zone)
}

/// The day it is in a community.
///
/// # Errors
/// When the database fails.
pub async fn today(domain: &Domain, id: CommunityId) -> Result<NaiveDate> {
    Ok(clocks(domain, id).await?.day(domain.clock.now()))
}

/// A community's clocks and calendar.
///
/// # Errors
/// When the database fails.
pub async fn clocks(domain: &Domain, id: CommunityId) -> Result<Clocks> {
    let row = community::Entity::find_by_id(id).one(domain.db.read()).await?;
    let missing = || sea_orm::DbErr::RecordNotFound(format!("the community {id}"));
    Ok(Clocks::of(&row.ok_or_else(missing)?))
}

/// The first moment of a day in a time zone; where a clock change skips midnight, the first one that exists.
#[must_use]
pub fn start_of_day(day: NaiveDate, zone: Tz) -> DateTime<Utc> {
    let midnight = day.and_time(NaiveTime::MIN);
    let local = zone.from_local_datetime(&midnight).earliest();
    let after_gap = || zone.from_local_datetime(&(midnight + chrono::TimeDelta::hours(1))).earliest();
    local.or_else(after_gap).map_or_else(|| midnight.and_utc(), |time| time.with_timezone(&Utc))
}
