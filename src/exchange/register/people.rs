//! The people of a batch and where they live. A person is told by their reference; else by name and telephone number;
//! without a number by the name among those who are in the unit, since two strangers may have one name.

use std::collections::{HashMap, HashSet};

use sea_orm::{
    ColumnTrait, Condition, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::import::{Import, Placed, Units};
use super::row::Person;
use crate::base::id::{Id, OccupantId, UnitId};
use crate::domain::event::{Whose, access_changed};
use crate::domain::sla::Clocks;
use crate::domain::{Community, Occupancy, Occupant, OccupantKind, Result, Tx, Unit};
use crate::exchange::reference::{references as references_of, referred};
use crate::exchange::refusal::Why;
use crate::exchange::report::Noun;
use crate::storage::external_ref::{self, Kind};
use crate::storage::{account, among, among_texts, insert_many, occupancy, occupant, update};

/// The people of a batch, as they will be.
#[derive(Default)]
pub(super) struct People {
    all: HashMap<OccupantId, Occupant>,
    /// Those that were there, each as they were; only those that a row names.
    was: HashMap<OccupantId, Occupant>,
    new: HashSet<OccupantId>,
    by_reference: HashMap<String, OccupantId>,
    /// Those who have a reference, whichever.
    referred: HashSet<OccupantId>,
    new_references: Vec<external_ref::Model>,
    by_phone: HashMap<(String, String), OccupantId>,
    by_name: HashMap<(UnitId, String), OccupantId>,
    living: HashMap<(UnitId, OccupantId), Vec<Occupancy>>,
    new_occupancies: Vec<Occupancy>,
    ended: Vec<(Occupancy, Occupancy)>,
    unchanged: u64,
}

impl People {
    /// All that is known of the people whom a batch names, and of those who are in its units.
    pub(super) async fn load(
        import: &Import<'_>,
        tx: &Tx<'_>,
        placed: &[Placed],
        units: &Units,
    ) -> Result<Self> {
        let (tx, scope) = (&tx.db, import.scope);
        let backend = import.domain.db.backend();
        let persons = || placed.iter().filter_map(|placed| placed.row.person.as_ref());
        let mut people = Self::default();

        let there = placed.iter().filter_map(|placed| placed.key.as_ref()).filter(|key| units.existed(key));
        let there = there.filter_map(|key| units.get(key)).map(|unit| unit.id).collect::<HashSet<_>>();
        let mut wanted = HashSet::new();
        if !there.is_empty() {
            let living = occupancy::Entity::visible_to(scope, backend).filter(among(
                backend,
                occupancy::Column::UnitId,
                there,
            ));
            for row in living.all(tx).await? {
                wanted.insert(row.occupant_id);
                people.living.entry((row.unit_id, row.occupant_id)).or_default().push(row);
            }
        }
        let references = persons().filter_map(|person| person.reference.clone()).collect::<HashSet<_>>();
        for reference in &references {
            wanted.extend(OccupantId::parse(reference).ok());
        }
        let any_reference = !references.is_empty();
        for (reference, id) in referred(tx, Kind::Occupant, references.into_iter()).await? {
            wanted.insert(Id::new(id));
            people.by_reference.insert(reference, Id::new(id));
        }
        let phones = persons().filter_map(|person| person.phone.clone()).collect::<HashSet<_>>();
        let named = Condition::any().add(among(backend, occupant::Column::Id, wanted)).add(among_texts(
            backend,
            occupant::Column::Phone,
            phones,
        ));
        let seen = occupant::Entity::visible_to(scope, backend).filter(named);
        for row in seen.order_by_desc(occupant::Column::ClosedAt.is_not_null()).all(tx).await? {
            people.add(row);
        }
        if any_reference {
            let ids = people.all.keys().copied();
            let known = references_of(tx, Kind::Occupant, ids).await?;
            people.referred = known.into_keys().map(Id::new).collect();
        }
        let in_units = people.living.keys().filter_map(|(unit, id)| Some((*unit, people.all.get(id)?)));
        let mut in_units = in_units.collect::<Vec<_>>();
        // Of several with one name the one who is still here.
        in_units.sort_by_key(|(_, row)| row.closed_at.is_none());
        people.by_name = in_units.into_iter().map(|(unit, row)| ((unit, row.name.clone()), row.id)).collect();
        Ok(people)
    }

    fn add(&mut self, row: Occupant) {
        if let Some(phone) = &row.phone {
            self.by_phone.insert((row.name.clone(), phone.clone()), row.id);
        }
        self.all.insert(row.id, row);
    }

    /// Takes what a row says of its person. A refusal names the column.
    pub(super) fn take(
        &mut self,
        import: &mut Import<'_>,
        placed: &Placed,
        unit: Option<&Unit>,
    ) -> Result<(), (&'static str, Why)> {
        let Some(person) = &placed.row.person else { return Ok(()) };
        let id = match self.find(person, unit).map_err(|why| ("occupant_ref", why))? {
            Some(id) => {
                self.check(import, placed, person, id)?;
                self.change(id, person);
                id
            }
            None => self.make(import, person, &placed.community),
        };
        if let Some(reference) = &person.reference {
            self.remember(import, id, reference, &placed.community);
            import.named.insert(id);
        }
        let Some(unit) = unit else { return Ok(()) };
        self.by_name.insert((unit.id, person.name.clone()), id);
        self.settle(import, placed, person, id, unit)
    }

    /// Whoever was closed stays so, and nobody has two names in one file.
    fn check(
        &self,
        import: &Import<'_>,
        placed: &Placed,
        person: &Person,
        id: OccupantId,
    ) -> Result<(), (&'static str, Why)> {
        let Some(row) = self.all.get(&id) else { return Ok(()) };
        if let Some(at) = row.closed_at {
            return Err(("occupant", Why::closed(Clocks::of(&placed.community).day(at))));
        }
        if row.name != person.name && import.named.contains(&id) {
            return Err(("occupant_ref", Why::OtherName { name: row.name.clone() }));
        }
        Ok(())
    }

    fn find(&self, person: &Person, unit: Option<&Unit>) -> Result<Option<OccupantId>, Why> {
        if let Some(reference) = &person.reference {
            // A reference that leads to nobody who is seen here would lead nobody there later either.
            if let Some(id) = self.by_reference.get(reference) {
                return if self.all.contains_key(id) { Ok(Some(*id)) } else { Err(Why::NoReference) };
            }
            let own = OccupantId::parse(reference).ok();
            if let Some(id) = own.filter(|id| self.all.contains_key(id)) {
                return Ok(Some(id));
            }
        }
        let with_phone = person.phone.as_ref().map(|phone| (person.name.clone(), phone.clone()));
        if let Some(id) = with_phone.and_then(|key| self.by_phone.get(&key)) {
            return Ok(self.free_for(*id, person));
        }
        let in_unit = unit.and_then(|unit| self.by_name.get(&(unit.id, person.name.clone())));
        let same = in_unit.filter(|id| {
            // One who has another number is another person of the name.
            let known = self.all.get(id).and_then(|row| row.phone.as_ref());
            person.phone.is_none() || known.is_none() || known == person.phone.as_ref()
        });
        Ok(same.and_then(|id| self.free_for(*id, person)))
    }

    /// A person who came under another reference is another person, whatever their name.
    fn free_for(&self, id: OccupantId, person: &Person) -> Option<OccupantId> {
        (person.reference.is_none() || !self.referred.contains(&id)).then_some(id)
    }

    fn change(&mut self, id: OccupantId, person: &Person) {
        let Some(row) = self.all.get_mut(&id) else { return };
        if !self.new.contains(&id) {
            self.was.entry(id).or_insert_with(|| row.clone());
        }
        row.name.clone_from(&person.name);
        row.kind = person.kind.unwrap_or(row.kind);
        row.phone = person.phone.clone().or(row.phone.take());
    }

    fn make(&mut self, import: &Import<'_>, person: &Person, community: &Community) -> OccupantId {
        let row = Occupant {
            id: import.domain.clock().id(),
            community_id: community.id,
            kind: person.kind.unwrap_or(OccupantKind::Person),
            name: person.name.clone(),
            phone: person.phone.clone(),
            created_at: import.now,
            updated_at: import.now,
            closed_at: None,
            erased_at: None,
            version: 1,
        };
        let id = row.id;
        self.new.insert(id);
        self.add(row);
        id
    }

    /// Keeps a reference, unless it is the id that the person has here.
    fn remember(&mut self, import: &Import<'_>, id: OccupantId, reference: &str, community: &Community) {
        if OccupantId::parse(reference).is_ok_and(|own| own == id)
            || self.by_reference.contains_key(reference)
        {
            return;
        }
        self.by_reference.insert(reference.to_owned(), id);
        self.referred.insert(id);
        self.new_references.push(external_ref::Model {
            kind: Kind::Occupant,
            reference: reference.to_owned(),
            community_id: community.id,
            thing_id: id.uuid(),
            created_at: import.now,
        });
    }

    /// Ties a person to a unit, unless they are tied to it as the row says already.
    fn settle(
        &mut self,
        import: &Import<'_>,
        placed: &Placed,
        person: &Person,
        id: OccupantId,
        unit: &Unit,
    ) -> Result<(), (&'static str, Why)> {
        let Some(kind) = person.occupancy else { return Ok(()) };
        let times = self.living.entry((unit.id, id)).or_default();
        let mut alike = times.iter_mut().filter(|row| row.kind == kind).collect::<Vec<_>>();
        // A list without days says that they are or were here; who moved out since does not move in by it again.
        let without_days = || {
            let open = alike.iter().position(|row| row.to_on.is_none());
            open.or_else(|| alike.len().checked_sub(1))
        };
        let same = match person.from_on {
            Some(from) => alike.iter().position(|row| row.from_on == from),
            None => without_days(),
        };
        if let Some(place) = same {
            let row = &mut alike[place];
            if row.to_on.is_none() && person.to_on.is_some() {
                let was = row.clone();
                row.to_on = person.to_on;
                row.updated_at = import.now;
                self.ended.push((was, row.clone()));
            } else {
                self.unchanged += 1;
            }
            return Ok(());
        }
        let from = person.from_on.unwrap_or_else(|| Clocks::of(&placed.community).day(import.now));
        let overlaps = |row: &&mut Occupancy| {
            person.to_on.is_none_or(|to| row.from_on <= to) && row.to_on.is_none_or(|to| from <= to)
        };
        if let Some(row) = alike.iter().find(|row| overlaps(row)) {
            let to = row.to_on.map(|day| day.to_string()).unwrap_or_default();
            return Err(("from_on", Why::ThereAlready { from: row.from_on.to_string(), to }));
        }
        let row = Occupancy {
            id: import.domain.clock().id(),
            community_id: unit.community_id,
            unit_id: unit.id,
            occupant_id: id,
            kind,
            from_on: from,
            to_on: person.to_on,
            created_at: import.now,
            updated_at: import.now,
        };
        times.push(row.clone());
        self.new_occupancies.push(row);
        Ok(())
    }

    /// Writes what has changed.
    pub(super) async fn write(mut self, import: &mut Import<'_>, tx: &Tx<'_>) -> Result<()> {
        let whose = self.touched(&tx.db).await?;
        let new = self.new.iter().filter_map(|id| self.all.get(id).cloned()).collect::<Vec<_>>();
        let count = import.report.of(Noun::Occupant);
        count.new += new.len() as u64;
        tx.keep_searched(new.iter().map(|row| (row.id, grams::of_occupant(&row.name)))).await?;
        insert_many::<occupant::Entity>(&tx.db, new).await?;
        for (id, was) in &self.was {
            let Some(row) = self.all.get_mut(id) else { continue };
            if row == was {
                count.unchanged += 1;
                continue;
            }
            row.version += 1;
            row.updated_at = import.now;
            update::<occupant::Entity>(&tx.db, was, row).await?;
            count.updated += 1;
        }
        insert_many::<external_ref::Entity>(&tx.db, self.new_references).await?;
        let count = import.report.of(Noun::Occupancy);
        count.new += self.new_occupancies.len() as u64;
        count.updated += self.ended.len() as u64;
        count.unchanged += self.unchanged;
        insert_many::<occupancy::Entity>(&tx.db, self.new_occupancies).await?;
        for (was, row) in &self.ended {
            update::<occupancy::Entity>(&tx.db, was, row).await?;
        }
        for id in whose {
            access_changed(import.domain, tx, Whose::Occupant(id)).await?;
        }
        Ok(())
    }

    /// Those who can sign in and see more or less from now on: who moved, and who lives with them.
    async fn touched(&self, tx: &DatabaseTransaction) -> Result<Vec<OccupantId>> {
        let moved = self.new_occupancies.iter().chain(self.ended.iter().map(|(_, row)| row));
        let units = moved.map(|row| row.unit_id).collect::<HashSet<_>>();
        let there = self.living.keys().filter(|(unit, id)| units.contains(unit) && !self.new.contains(id));
        let there = there.map(|(_, id)| *id).collect::<HashSet<_>>();
        if there.is_empty() {
            return Ok(Vec::new());
        }
        let backend = sea_orm::ConnectionTrait::get_database_backend(tx);
        let accounts = account::Entity::find()
            .select_only()
            .column(account::Column::OccupantId)
            .filter(among(backend, account::Column::OccupantId, there))
            .filter(account::Column::ClosedAt.is_null());
        Ok(accounts.into_tuple::<OccupantId>().all(tx).await?)
    }
}
