//! Who may do what to a ticket: the table of roles, as code without a database. It answers for tickets that the viewer
//! sees; what they do not see does not exist for them.

use crate::domain::Viewer;
pub use crate::domain::post::rung;
use crate::storage::post::Role;
use crate::storage::ticket::{Act, Model as Ticket};
use crate::storage::work_order;

/// How a viewer stands to a ticket.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Relation {
    /// The roles they hold at its community.
    pub roles: Vec<Role>,
    /// It is their own matter.
    pub reporter: bool,
    /// They own it.
    pub owner: bool,
    /// Its building is in their charge.
    pub in_charge: bool,
    /// A work order of it went to them or to their team.
    pub ordered: bool,
    /// They resolved it, and do not judge their own work.
    pub resolver: bool,
    /// It has been escalated to the group.
    pub with_group: bool,
    /// The escalation level it has reached.
    pub level: i32,
}

impl Relation {
    /// How `viewer` stands to `ticket`, whose work orders are `orders`.
    #[must_use]
    pub fn of(viewer: &Viewer, ticket: &Ticket, orders: &[work_order::Model]) -> Self {
        let staff = viewer.staff_id();
        let is_self = |id: Option<_>| staff.is_some() && id == staff;
        let sight = &viewer.scope.tickets;
        Self {
            roles: viewer.roles_at(ticket.community_id).collect(),
            reporter: viewer.occupant.as_ref().is_some_and(|own| ticket.reporter_id == Some(own.id)),
            owner: is_self(ticket.owner_id),
            in_charge: ticket.building_id.is_some_and(|building| sight.buildings.contains(&building)),
            ordered: orders
                .iter()
                .filter(|order| work_order::Status::GIVING_SIGHT.contains(&order.status))
                .any(|order| is_self(order.worker_id) || sight.teams.contains(&order.team_id)),
            resolver: is_self(ticket.resolved_by_id),
            with_group: ticket.escalation_level >= super::LAST_LEVEL,
            level: ticket.escalation_level,
        }
    }
}

/// Whether a viewer who stands so to a ticket may do this to it. What the status allows is asked elsewhere.
#[must_use]
pub fn may(relation: &Relation, act: Act) -> bool {
    (relation.reporter && reporter_may(act))
        || relation.roles.iter().any(|role| role_may(*role, relation, act))
}

fn reporter_may(act: Act) -> bool {
    matches!(act, Act::Comment | Act::Cancel | Act::Hurry | Act::Confirm | Act::Reopen | Act::Rate)
}

fn role_may(role: Role, relation: &Relation, act: Act) -> bool {
    match role {
        Role::FrontDesk => front_desk_may(relation, act),
        Role::Worker => worker_may(relation, act),
        Role::Assistant => assistant_may(relation, act),
        Role::Supervisor | Role::CenterSupervisor | Role::ServiceManager | Role::ProjectHead => {
            line_may(role, relation, act)
        }
        Role::GroupService => group_may(relation, act),
        Role::QualityOffice | Role::Executive | Role::Personnel | Role::Admin => false,
    }
}

fn is_handling(act: Act) -> bool {
    matches!(act, Act::Acknowledge | Act::Assign | Act::Dispatch | Act::Schedule)
}

fn is_owners(act: Act) -> bool {
    matches!(act, Act::Start | Act::Hold | Act::Resume | Act::Resolve | Act::HandBack | Act::Schedule)
}

fn front_desk_may(relation: &Relation, act: Act) -> bool {
    is_handling(act)
        || matches!(act, Act::Answer | Act::Comment | Act::Cancel | Act::Hurry | Act::Merge | Act::Escalate)
        || (act == Act::CallBack && !relation.resolver)
}

fn worker_may(relation: &Relation, act: Act) -> bool {
    let on_order = matches!(
        act,
        Act::Comment
            | Act::Start
            | Act::Hold
            | Act::Resume
            | Act::Resolve
            | Act::TakeOrder
            | Act::ReturnOrder
            | Act::FinishOrder
            | Act::Schedule
    );
    (relation.ordered && on_order) || act == Act::Escalate
}

fn assistant_may(relation: &Relation, act: Act) -> bool {
    let own = relation.in_charge || relation.owner;
    (relation.in_charge && (is_handling(act) || act == Act::Merge))
        || (own && act == Act::Comment)
        || (relation.owner && is_owners(act))
        || matches!(act, Act::Answer | Act::Escalate)
}

fn line_may(role: Role, relation: &Relation, act: Act) -> bool {
    let everyones = is_handling(act)
        || matches!(
            act,
            Act::Answer
                | Act::Comment
                | Act::TakeOver
                | Act::Merge
                | Act::Reject
                | Act::Escalate
                | Act::MarkMajor
                | Act::Dispose
                | Act::Redact
        );
    everyones
        || (relation.owner && is_owners(act))
        || (act == Act::Receipt && relation.level >= level_of(role))
        || match role {
            Role::CenterSupervisor => {
                matches!(act, Act::Cancel | Act::Hurry) || (act == Act::CallBack && !relation.resolver)
            }
            _ => act == Act::Reopen,
        }
}

fn group_may(relation: &Relation, act: Act) -> bool {
    matches!(act, Act::Comment | Act::Reopen | Act::Reject | Act::MarkMajor | Act::Dispose | Act::Redact)
        || (relation.owner && is_owners(act))
        || (relation.with_group && (is_handling(act) || matches!(act, Act::TakeOver | Act::Receipt)))
}

/// Whether a viewer sees the telephone number to call about a ticket whole: their own, those of the community by their
/// role, of the buildings in their charge, and on their work orders.
#[must_use]
pub fn sees_contact(viewer: &Viewer, ticket: &Ticket, orders: &[work_order::Model]) -> bool {
    let (phones, relation) = (&viewer.scope.phones, Relation::of(viewer, ticket, orders));
    phones.everywhere
        || phones.communities.contains(&ticket.community_id)
        || relation.reporter
        || relation.in_charge
        || relation.ordered
}

/// The escalation level at which a role is told.
#[must_use]
pub fn level_of(role: Role) -> i32 {
    match role {
        Role::Supervisor | Role::CenterSupervisor => 1,
        Role::ServiceManager => 2,
        Role::ProjectHead => 3,
        _ => super::LAST_LEVEL,
    }
}

/// Whether somebody with this role can own a ticket.
#[must_use]
pub fn can_own(role: Role) -> bool {
    matches!(
        role,
        Role::Assistant
            | Role::Supervisor
            | Role::CenterSupervisor
            | Role::ServiceManager
            | Role::ProjectHead
            | Role::GroupService
    )
}
