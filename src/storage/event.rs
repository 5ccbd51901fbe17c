//! One row of the feed, written in the transaction that made the change: ids, kinds and versions, no words.

use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, DbBackend, Order, QueryOrder, QuerySelect, Statement, Value};

use serde::{Deserialize, Serialize};

use super::ticket::{self, Kind};
use super::work_order;
use crate::base::TicketSight;
use crate::base::id::*;

/// What an event is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Topic {
    /// A ticket was filed or changed.
    Ticket,
    /// What somebody may see has changed.
    Access,
    /// An import or export has come on.
    Transfer,
}

/// One row of the feed, written in the transaction that made the change: ids, kinds and versions, no words.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "event")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: EventId,
    /// Drawn after the row it is about was locked.
    pub insert_no: i64,
    /// Its place in the feed, once it has been numbered.
    pub seq: Option<i64>,
    /// The form of this row.
    pub schema_version: i32,
    /// What it is about.
    pub topic: Topic,
    /// The community of the ticket.
    pub community_id: Option<CommunityId>,
    /// The ticket that changed.
    pub ticket_id: Option<TicketId>,
    /// The member of staff whose rights changed.
    pub staff_id: Option<StaffId>,
    /// The occupant whose rights changed.
    pub occupant_id: Option<OccupantId>,
    /// The account whose rights or sessions changed.
    pub account_id: Option<AccountId>,
    /// What happened to the ticket.
    pub act: Option<ticket::Act>,
    /// The ticket's version after it.
    pub version: Option<i32>,
    /// The ticket's revision after it.
    pub revision: Option<i32>,
    /// Who could see the ticket before, as [`Facts`].
    pub before: Option<Json>,
    /// Who can see it now, as [`Facts`].
    pub after: Option<Json>,
    /// The import or export that has come on.
    pub data_transfer_id: Option<DataTransferId>,
    /// When.
    pub created_at: DateTimeUtc,
}

/// Rows are joined by loaders and by scoped finders, not by SeaORM relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// All that decides who sees a ticket, as it was at one moment: ids and kinds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// The community.
    pub community: CommunityId,
    /// COMPLAINT, REPAIR, …
    pub kind: Kind,
    /// The building.
    pub building: Option<BuildingId>,
    /// The unit.
    pub unit: Option<UnitId>,
    /// The owner.
    pub owner: Option<StaffId>,
    /// The reporter.
    pub reporter: Option<OccupantId>,
    /// Who typed it.
    pub filed_by: Option<AccountId>,
    /// The member of staff it is about.
    pub about_staff: Option<StaffId>,
    /// The team it is about.
    pub about_team: Option<TeamId>,
    /// The unit it is about.
    pub about_unit: Option<UnitId>,
    /// The teams with a work order that gives sight.
    pub teams: Vec<TeamId>,
    /// The workers with a work order that gives sight.
    pub workers: Vec<StaffId>,
    /// When it was filed.
    pub filed_at: DateTimeUtc,
}

impl Facts {
    /// The facts of a ticket with its work orders.
    #[must_use]
    pub fn of(ticket: &ticket::Model, orders: &[work_order::Model]) -> Self {
        let giving_sight =
            || orders.iter().filter(|order| work_order::Status::GIVING_SIGHT.contains(&order.status));
        Self {
            community: ticket.community_id,
            kind: ticket.kind,
            building: ticket.building_id,
            unit: ticket.unit_id,
            owner: ticket.owner_id,
            reporter: ticket.reporter_id,
            filed_by: ticket.filed_by_id,
            about_staff: ticket.about_staff_id,
            about_team: ticket.about_team_id,
            about_unit: ticket.about_unit_id,
            teams: giving_sight().map(|order| order.team_id).collect(),
            workers: giving_sight().filter_map(|order| order.worker_id).collect(),
            filed_at: ticket.created_at,
        }
    }

    /// Whether a ticket with these facts is seen. The twin of `ticket::Entity::visible_to`, for events, which are
    /// judged without asking the database; a test holds the two together.
    #[must_use]
    pub fn seen_by(&self, sight: &TicketSight) -> bool {
        self.seen_as_staff(sight) || self.seen_as_resident(sight)
    }

    fn seen_as_staff(&self, sight: &TicketSight) -> bool {
        let blind = self.about_staff.is_some_and(|staff| sight.blind_to_staff.contains(&staff))
            || self.about_team.is_some_and(|team| sight.blind_to_teams.contains(&team))
            || self.about_unit.is_some_and(|unit| sight.blind_to_units.contains(&unit));
        let is_self = |staff: &StaffId| sight.staff == Some(*staff);
        let seen = sight.everywhere
            || sight.communities.contains(&self.community)
            || self.building.is_some_and(|building| sight.buildings.contains(&building))
            || self.owner.as_ref().is_some_and(is_self)
            || self.workers.iter().any(is_self)
            || self.teams.iter().any(|team| sight.teams.contains(team))
            || (self.kind == Kind::Repair
                && self.filed_by.is_some()
                && self.filed_by == sight.filed_repairs_by);
        seen && !blind
    }

    fn seen_as_resident(&self, sight: &TicketSight) -> bool {
        let Some(occupant) = sight.occupant else {
            return false;
        };
        let at_home = |unit: UnitId, reporter: OccupantId| {
            sight.homes.iter().any(|home| {
                home.unit == unit && self.filed_at >= home.since && home.members.contains(&reporter)
            })
        };
        let owned =
            |unit: UnitId| sight.owned.iter().any(|owned| owned.unit == unit && self.filed_at >= owned.since);
        self.reporter == Some(occupant)
            || (self.kind != Kind::Complaint
                && self.unit.zip(self.reporter).is_some_and(|(unit, reporter)| at_home(unit, reporter)))
            || (self.kind == Kind::Repair && self.unit.is_some_and(owned))
    }
}

/// The form of the rows that this release writes. Readers of a new form land a release before its writers.
pub const SCHEMA_VERSION: i32 = 1;

/// The key of the advisory lock under which one gateway at a time numbers events.
const NUMBERING_LOCK: i64 = 0x636f_6e63_6965_7267;

/// The last place given out, 0 when there is none. SQLite goes into the index of places only when it is told that those
/// without one do not count; else it reads all events, each time that one is written.
const LAST: &str = "(SELECT COALESCE(MAX(seq), 0) FROM event WHERE seq IS NOT NULL)";

/// Writes an event in the transaction that made the change, after the row it is about was locked. On SQLite, where
/// one transaction writes at a time, it gets its place in the feed here; on PostgreSQL [`number`] gives it one.
///
/// # Errors
/// When the database fails.
pub async fn append(db: &impl ConnectionTrait, event: Model) -> Result<(), DbErr> {
    let place = match db.get_database_backend() {
        DbBackend::Postgres => "nextval('event_insert_no'), NULL::bigint".to_owned(),
        _ => format!("{LAST} + 1, {LAST} + 1"),
    };
    let sql = format!(
        "INSERT INTO event (insert_no, seq, id, schema_version, topic, community_id, ticket_id, staff_id, \
         occupant_id, account_id, act, version, revision, \"before\", \"after\", data_transfer_id, created_at) \
         VALUES ({place}, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"
    );
    let values: [Value; 15] = [
        event.id.into(),
        event.schema_version.into(),
        event.topic.into(),
        event.community_id.into(),
        event.ticket_id.into(),
        event.staff_id.into(),
        event.occupant_id.into(),
        event.account_id.into(),
        event.act.into(),
        event.version.into(),
        event.revision.into(),
        event.before.into(),
        event.after.into(),
        event.data_transfer_id.into(),
        event.created_at.into(),
    ];
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
    db.execute_raw(statement).await.map(|_| ())
}

/// Gives the events that have committed their places in the feed, by `insert_no`, and says how many there were.
/// Whoever holds the lock numbers for all gateways; who waited for it finds nothing left to number.
///
/// Why nothing is put before its cause: two changes of one row are committed one after the other, and the second drew
/// its `insert_no` after the first had committed; so both are in one batch in this order, or in two.
///
/// # Errors
/// When the database fails.
pub async fn number(db: &impl ConnectionTrait) -> Result<u64, DbErr> {
    if db.get_database_backend() != DbBackend::Postgres {
        return Ok(0);
    }
    lock(db).await?;
    // A statement of its own: what it sees begins after the lock was given, and so holds the last holder's numbers.
    let result = db
        .execute_unprepared(&format!(
            "WITH waiting AS (SELECT insert_no, row_number() OVER (ORDER BY insert_no) AS place \
                 FROM event WHERE seq IS NULL) \
                 UPDATE event SET seq = waiting.place + {LAST} \
                 FROM waiting WHERE event.insert_no = waiting.insert_no AND event.seq IS NULL",
        ))
        .await?;
    if result.rows_affected() > 0 {
        db.execute_unprepared("NOTIFY concierge_feed").await?;
    }
    Ok(result.rows_affected())
}

/// Waits until no other gateway numbers events, and keeps it so until the transaction ends. On SQLite a transaction
/// that writes is alone anyway.
///
/// # Errors
/// When the database fails.
pub async fn lock(db: &impl ConnectionTrait) -> Result<(), DbErr> {
    let backend = db.get_database_backend();
    if backend == DbBackend::Postgres {
        let lock = "SELECT pg_advisory_xact_lock($1)";
        db.execute_raw(Statement::from_sql_and_values(backend, lock, [NUMBERING_LOCK.into()])).await?;
    }
    Ok(())
}

/// Whether there are committed events without a place.
///
/// # Errors
/// When the database fails.
pub async fn unnumbered(db: &impl ConnectionTrait) -> Result<bool, DbErr> {
    let one = Entity::find().select_only().column(Column::InsertNo).filter(Column::Seq.is_null()).limit(1);
    Ok(one.into_tuple::<i64>().one(db).await?.is_some())
}

/// The numbered events behind a place, in order, at most `limit`.
///
/// # Errors
/// When the database fails.
pub async fn behind(db: &impl ConnectionTrait, seq: i64, limit: u64) -> Result<Vec<Model>, DbErr> {
    Entity::find().filter(Column::Seq.gt(seq)).order_by(Column::Seq, Order::Asc).limit(limit).all(db).await
}

/// The last place given out; 0 when there is none.
///
/// # Errors
/// When the database fails.
pub async fn head(db: &impl ConnectionTrait) -> Result<i64, DbErr> {
    let last = Statement::from_string(db.get_database_backend(), format!("SELECT {LAST} AS last"));
    let row = db.query_one_raw(last).await?;
    row.map_or(Ok(0), |row| row.try_get("", "last"))
}

/// Lets go of events from before a moment, and says how many there were. The last one stays, since the next place is
/// counted from it.
///
/// # Errors
/// When the database fails.
pub async fn prune(db: &impl ConnectionTrait, before: DateTimeUtc) -> Result<u64, DbErr> {
    let statement = Statement::from_sql_and_values(
        db.get_database_backend(),
        format!("DELETE FROM event WHERE created_at < $1 AND seq < {LAST}"),
        [before.into()],
    );
    Ok(db.execute_raw(statement).await?.rows_affected())
}
