//! Who sees a ticket is said twice: to the database by `ticket::Entity::visible_to`, and of an event, without asking
//! the database, by `event::Facts::seen_by`. The two must say the same.

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};
use concierge::base::id::*;
use concierge::base::{Clock, Home, Id, Kind as Named, Owned, Scope, TicketSight};
use concierge::storage::event::Facts;
use concierge::storage::{account, ticket, work_order};
use sea_orm::{ConnectionTrait, EntityTrait, IntoActiveModel, Iterable, QuerySelect};

use crate::on_both;
use crate::support::App;
use crate::support::world::START;

const TICKETS: usize = 240;
const SIGHTS: usize = 300;

/// The same numbers in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.roll(of.len())]
    }

    /// One in `sides` times nothing.
    fn maybe<T: Copy>(&mut self, of: &[T], sides: usize) -> Option<T> {
        (self.roll(sides) == 0).then(|| self.one(of))
    }

    fn some<T: Copy + PartialEq>(&mut self, of: &[T], most: usize) -> Vec<T> {
        let mut some = Vec::new();
        for _ in 0..self.roll(most + 1) {
            let one = self.one(of);
            if !some.contains(&one) {
                some.push(one);
            }
        }
        some
    }

    fn moment(&mut self) -> DateTime<Utc> {
        START + TimeDelta::hours(i64::try_from(self.roll(4)).unwrap())
    }
}

/// All that tickets and sights are made of.
struct Pool {
    communities: Vec<CommunityId>,
    buildings: Vec<BuildingId>,
    units: Vec<UnitId>,
    occupants: Vec<OccupantId>,
    staff: Vec<StaffId>,
    teams: Vec<TeamId>,
    accounts: Vec<AccountId>,
}

fn ids<K: Named>(shown: &[&String]) -> Vec<Id<K>> {
    shown.iter().map(|id| Id::parse(id).unwrap()).collect()
}

impl Pool {
    async fn of(app: &App, db: &impl ConnectionTrait) -> Self {
        let world = &app.world;
        let staff = ["desk", "worker", "worker2", "assistant", "supervisor", "manager"];
        let staff: Vec<_> = staff.iter().map(|login| world.staff(login)).collect();
        Self {
            communities: ids(&[&world.xinghe, &world.yunshan]),
            buildings: ids(&[&world.a, &world.b, &world.c]),
            units: ids(&[&world.a101, &world.a2_101, &world.b201, &world.c101]),
            occupants: ids(&[&world.lin_yi, &world.lin_er, &world.wang_lin, &world.chen_zu]),
            staff: ids(&staff.iter().collect::<Vec<_>>()),
            teams: ids(&[&world.engineering, &world.cleaning, &world.yunshan_engineering]),
            accounts: account::Entity::find()
                .limit(4)
                .all(db)
                .await
                .unwrap()
                .iter()
                .map(|row| row.id)
                .collect(),
        }
    }

    fn ticket(&self, dice: &mut Dice, number: usize) -> ticket::Model {
        let filed_at = dice.moment();
        ticket::Model {
            id: Clock::system().id(),
            community_id: dice.one(&self.communities),
            number: format!("T-{number}"),
            kind: dice.one(&ticket::Kind::iter().collect::<Vec<_>>()),
            status: ticket::Status::New,
            priority: ticket::Priority::Normal,
            channel: ticket::Channel::App,
            description: "x".into(),
            category_id: None,
            building_id: dice.maybe(&self.buildings, 2),
            unit_id: dice.maybe(&self.units, 2),
            place: None,
            reporter_id: dice.maybe(&self.occupants, 2),
            contact_name: None,
            contact_phone: None,
            filed_by_id: dice.maybe(&self.accounts, 2),
            owner_id: dice.maybe(&self.staff, 2),
            about_staff_id: dice.maybe(&self.staff, 4),
            about_team_id: dice.maybe(&self.teams, 6),
            about_unit_id: dice.maybe(&self.units, 6),
            previous_id: None,
            repeat_of_id: None,
            merged_into_id: None,
            reopen_count: 0,
            escalation_level: 0,
            major_at: None,
            responded_at: None,
            response_due_at: filed_at,
            resolution_due_at: filed_at,
            response_warn_at: None,
            resolution_warn_at: None,
            warned_at: None,
            hold_reason: None,
            held_at: None,
            resume_at: None,
            resolution: None,
            resolved_at: None,
            resolved_by_id: None,
            call_back: None,
            call_back_tries: 0,
            rating: None,
            rating_comment: None,
            rated_at: None,
            ended_at: None,
            created_at: filed_at,
            updated_at: filed_at,
            version: 1,
            revision: 1,
            erased_at: None,
        }
    }

    fn order(&self, dice: &mut Dice, ticket: &ticket::Model) -> work_order::Model {
        work_order::Model {
            id: Clock::system().id(),
            community_id: ticket.community_id,
            ticket_id: ticket.id,
            team_id: dice.one(&self.teams),
            worker_id: dice.maybe(&self.staff, 2),
            status: dice.one(&work_order::Status::iter().collect::<Vec<_>>()),
            task: "x".into(),
            due_at: None,
            late_at: None,
            appointment_from: None,
            appointment_to: None,
            appointment_outcome: None,
            result: None,
            taken_at: None,
            ended_at: None,
            created_at: START,
            updated_at: START,
            version: 1,
        }
    }

    fn sight(&self, dice: &mut Dice) -> TicketSight {
        TicketSight {
            everywhere: dice.roll(12) == 0,
            communities: if dice.roll(3) == 0 { dice.some(&self.communities, 1) } else { Vec::new() },
            buildings: dice.some(&self.buildings, 1),
            staff: dice.maybe(&self.staff, 2),
            teams: dice.some(&self.teams, 1),
            occupant: dice.maybe(&self.occupants, 2),
            homes: dice
                .some(&self.units, 2)
                .into_iter()
                .map(|unit| Home { unit, since: dice.moment(), members: dice.some(&self.occupants, 2) })
                .collect(),
            owned: dice
                .some(&self.units, 2)
                .into_iter()
                .map(|unit| Owned { unit, since: dice.moment() })
                .collect(),
            filed_repairs_by: dice.maybe(&self.accounts, 2),
            blind_to_staff: dice.some(&self.staff, 2),
            blind_to_teams: dice.some(&self.teams, 1),
            blind_to_units: dice.some(&self.units, 1),
        }
    }
}

on_both! {
    async fn what_an_event_says_is_what_the_database_says(app) {
        let db = app.outside().await;
        let pool = Pool::of(app, &db).await;
        let mut dice = Dice(20_261_123);
        let mut tickets = Vec::new();
        for number in 0..TICKETS {
            let ticket = pool.ticket(&mut dice, number);
            ticket::Entity::insert(ticket.clone().into_active_model()).exec_without_returning(&db).await.unwrap();
            let orders: Vec<_> = (0..dice.roll(3)).map(|_| pool.order(&mut dice, &ticket)).collect();
            for order in &orders {
                work_order::Entity::insert(order.clone().into_active_model()).exec_without_returning(&db).await.unwrap();
            }
            tickets.push((ticket.id, Facts::of(&ticket, &orders)));
        }
        let (mut seen, mut unseen) = (0, 0);
        for _ in 0..SIGHTS {
            let scope = Scope { tickets: pool.sight(&mut dice), ..Scope::default() };
            let rows = ticket::Entity::visible_to(&scope, db.get_database_backend())
                .select_only()
                .column(ticket::Column::Id)
                .into_tuple::<TicketId>()
                .all(&db)
                .await
                .unwrap();
            let rows: HashSet<_> = rows.into_iter().collect();
            for (id, facts) in &tickets {
                assert_eq!(facts.seen_by(&scope.tickets), rows.contains(id), "{facts:#?}\n{:#?}", scope.tickets);
            }
            seen += rows.len();
            unseen += tickets.len() - rows.len();
        }
        // The dice throw enough of both.
        assert!(seen > SIGHTS * TICKETS / 5 && unseen > SIGHTS * TICKETS / 5, "{seen} {unseen}");
    }
}
