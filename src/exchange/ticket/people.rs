//! Whom tickets name: occupants, staff, teams; and the categories they are of.

use std::collections::{BTreeMap, HashMap, HashSet};

use sea_orm::{ColumnTrait, Condition, DatabaseTransaction, DbErr, QueryFilter};
use uuid::Uuid;

use super::row::Row;
use crate::base::Scope;
use crate::base::id::{CommunityId, OccupantId, StaffId, TeamId};
use crate::domain::category::{FIRST_LANGUAGE, names};
use crate::domain::ticket::Kind as TicketKind;
use crate::domain::{Category, Domain, NAME_MAX, Occupant, Staff, Team, TeamKind};
use crate::exchange::map::{Create, Map};
use crate::exchange::reference::referred;
use crate::exchange::refusal::Why;
use crate::exchange::report::{Noun, Report};
use crate::storage::external_ref::Kind;
use crate::storage::{among, among_texts, category, insert_many, occupant, staff, team};

/// All staff, teams and categories that the import sees; a group has some hundreds of each.
pub(super) struct Known<'a> {
    domain: &'a Domain,
    map: &'a Map,
    staff: HashMap<String, Vec<Staff>>,
    teams: HashMap<(CommunityId, String), TeamId>,
    categories: HashMap<String, Category>,
    /// What was made since the last batch was written.
    new_staff: Vec<Staff>,
    new_teams: Vec<Team>,
    new_categories: Vec<Category>,
}

impl<'a> Known<'a> {
    pub(super) async fn load(
        domain: &'a Domain,
        scope: &Scope,
        map: &'a Map,
        tx: &DatabaseTransaction,
    ) -> Result<Self, DbErr> {
        let backend = domain.db.backend();
        let mut known = Self {
            domain,
            map,
            staff: HashMap::new(),
            teams: HashMap::new(),
            categories: HashMap::new(),
            new_staff: Vec::new(),
            new_teams: Vec::new(),
            new_categories: Vec::new(),
        };
        for row in staff::Entity::visible_to(scope, backend).all(tx).await? {
            known.staff.entry(row.name.clone()).or_default().push(row);
        }
        for row in team::Entity::visible_to(scope, backend).all(tx).await? {
            known.teams.insert((row.community_id, row.name), row.id);
        }
        for row in category::Entity::visible_to(scope, backend).all(tx).await? {
            known.add_category(row);
        }
        Ok(known)
    }

    fn add_category(&mut self, row: Category) {
        for name in names(&row).into_values() {
            self.categories.entry(name).or_insert_with(|| row.clone());
        }
        self.categories.insert(row.code.clone(), row);
    }

    /// A category by its code or one of its names.
    pub(super) fn category(&mut self, name: &str, kind: TicketKind) -> Result<Category, Why> {
        let row = match self.categories.get(name) {
            Some(row) => row.clone(),
            None if self.map.may_create(Create::Categories) => self.new_category(name),
            None => return Err(Why::NoCategory { category: name.to_owned() }),
        };
        if row.ticket_kind.is_some_and(|only| only != kind) {
            return Err(Why::CategoryOfOtherKind);
        }
        Ok(row)
    }

    fn new_category(&mut self, name: &str) -> Category {
        let now = self.domain.clock().now();
        let row = Category {
            id: self.domain.clock().id(),
            parent_id: None,
            code: self.free_code(name),
            names: serde_json::to_value(BTreeMap::from([(FIRST_LANGUAGE, name)])).unwrap_or_default(),
            ticket_kind: None,
            priority: None,
            team_kind: None,
            position: i32::try_from(self.categories.len()).unwrap_or(i32::MAX),
            created_at: now,
            updated_at: now,
            closed_at: None,
            version: 1,
        };
        self.new_categories.push(row.clone());
        self.add_category(row.clone());
        row
    }

    /// A code made of a name: its Latin letters and digits, or a number where it has none.
    fn free_code(&self, name: &str) -> String {
        let words = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
        let code = words.collect::<Vec<_>>().join("_").to_uppercase();
        let code = if code.is_empty() { "IMPORTED".to_owned() } else { code };
        let code: String = code.chars().take(NAME_MAX - 6).collect();
        let others = (2..).map(|count| format!("{code}_{count}"));
        std::iter::once(code.clone())
            .chain(others)
            .find(|code| !self.categories.contains_key(code))
            .unwrap_or(code)
    }

    /// A member of staff by the name, or by `name (telephone)` where several have it.
    pub(super) fn staff(&mut self, label: &str) -> Result<StaffId, Why> {
        let (name, phone) =
            match label.strip_suffix([')', '）']).and_then(|rest| rest.rsplit_once(['(', '（'])) {
                Some((name, phone)) => (name.trim(), Some(phone.trim())),
                None => (label, None),
            };
        let found = self.staff.get(name).map(Vec::as_slice).unwrap_or_default();
        let fits = |row: &&Staff| phone.is_none() || row.phone.as_deref() == phone;
        match found.iter().filter(fits).collect::<Vec<_>>()[..] {
            [one] => Ok(one.id),
            [] if self.map.may_create(Create::Staff) => Ok(self.new_staff(name, phone)),
            [] => Err(Why::NoStaff { name: label.to_owned() }),
            _ => Err(Why::ManyStaff { name: label.to_owned() }),
        }
    }

    fn new_staff(&mut self, name: &str, phone: Option<&str>) -> StaffId {
        let now = self.domain.clock().now();
        let row = Staff {
            id: self.domain.clock().id(),
            name: name.to_owned(),
            phone: crate::domain::phone("phone", phone).ok().flatten(),
            title: None,
            manager_id: None,
            deputy_id: None,
            away_from: None,
            away_until: None,
            created_at: now,
            updated_at: now,
            closed_at: None,
            erased_at: None,
            version: 1,
        };
        let id = row.id;
        self.staff.entry(row.name.clone()).or_default().push(row.clone());
        self.new_staff.push(row);
        id
    }

    /// A team of a community by its name.
    pub(super) fn team(&mut self, community: CommunityId, name: &str) -> Result<TeamId, Why> {
        let key = (community, name.to_owned());
        if let Some(found) = self.teams.get(&key) {
            return Ok(*found);
        }
        if !self.map.may_create(Create::Staff) {
            return Err(Why::NoTeam { name: name.to_owned() });
        }
        let now = self.domain.clock().now();
        let row = Team {
            id: self.domain.clock().id(),
            community_id: community,
            kind: TeamKind::Other,
            name: name.to_owned(),
            lead_id: None,
            contractor: false,
            created_at: now,
            updated_at: now,
            closed_at: None,
            version: 1,
        };
        self.teams.insert(key, row.id);
        let id = row.id;
        self.new_teams.push(row);
        Ok(id)
    }

    /// Writes what was made.
    pub(super) async fn write(&mut self, tx: &DatabaseTransaction, report: &mut Report) -> Result<(), DbErr> {
        let made = [
            (Noun::Staff, self.new_staff.len()),
            (Noun::Team, self.new_teams.len()),
            (Noun::Category, self.new_categories.len()),
        ];
        for (noun, count) in made.into_iter().filter(|(_, count)| *count > 0) {
            report.of(noun).new += count as u64;
        }
        insert_many::<staff::Entity>(tx, std::mem::take(&mut self.new_staff)).await?;
        insert_many::<team::Entity>(tx, std::mem::take(&mut self.new_teams)).await?;
        insert_many::<category::Entity>(tx, std::mem::take(&mut self.new_categories)).await
    }
}

/// The occupants whom a batch names as reporters.
pub(super) struct Reporters {
    by_reference: HashMap<String, Uuid>,
    by_phone: HashMap<(String, String), OccupantId>,
    all: HashMap<OccupantId, Occupant>,
}

impl Reporters {
    pub(super) async fn load(tx: &DatabaseTransaction, scope: &Scope, rows: &[Row]) -> Result<Self, DbErr> {
        let references = rows.iter().filter_map(|row| row.reporter_ref.clone()).collect::<HashSet<_>>();
        let mut wanted = references.iter().filter_map(|own| OccupantId::parse(own).ok()).collect::<Vec<_>>();
        let by_reference = referred(tx, Kind::Occupant, references.into_iter()).await?;
        wanted.extend(by_reference.values().map(|id| OccupantId::new(*id)));
        let phones = rows.iter().filter_map(|row| row.reporter_phone.clone()).collect::<HashSet<_>>();
        let backend = sea_orm::ConnectionTrait::get_database_backend(tx);
        let named = Condition::any().add(among(backend, occupant::Column::Id, wanted)).add(among_texts(
            backend,
            occupant::Column::Phone,
            phones,
        ));
        let seen = occupant::Entity::visible_to(scope, backend).filter(occupant::Column::ClosedAt.is_null());
        let (mut by_phone, mut all) = (HashMap::new(), HashMap::new());
        for row in seen.filter(named).all(tx).await? {
            if let Some(phone) = &row.phone {
                by_phone.insert((row.name.clone(), phone.clone()), row.id);
            }
            all.insert(row.id, row);
        }
        Ok(Self { by_reference, by_phone, all })
    }

    /// Whose matter a row is; nobody's who is known here is possible, unless a reference says so.
    pub(super) fn find(&self, row: &Row) -> Result<Option<OccupantId>, Why> {
        if let Some(reference) = &row.reporter_ref {
            let outside = self.by_reference.get(reference).map(|id| OccupantId::new(*id));
            let found = outside.or_else(|| OccupantId::parse(reference).ok());
            return found.filter(|id| self.all.contains_key(id)).map(Some).ok_or(Why::NoReference);
        }
        let named = row.reporter.clone().zip(row.reporter_phone.clone());
        Ok(named.and_then(|key| self.by_phone.get(&key)).copied())
    }
}
