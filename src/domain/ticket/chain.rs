//! The chain of command at a community, as far as it decides who can own a ticket.

use chrono::NaiveDate;
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::policy;
use crate::base::id::{CommunityId, StaffId};
use crate::domain::Result;
use crate::storage::ticket::Model as Ticket;
use crate::storage::{post, team};

/// The highest rung; what is about somebody on it is judged by another one on it.
const TOP: u8 = 5;

/// The posts that are held at a community on one day, those of the whole group among them.
pub(super) struct Chain(Vec<post::Model>);

/// Whom a complaint is about: those people, the highest of whom stands on that rung.
#[derive(Default)]
pub(super) struct Subject {
    people: Vec<StaffId>,
    /// 0: nobody.
    pub(super) rung: u8,
}

impl Chain {
    pub(super) async fn of(
        db: &impl ConnectionTrait,
        community: CommunityId,
        today: NaiveDate,
    ) -> Result<Self> {
        let here = post::Column::CommunityId.eq(community).or(post::Column::CommunityId.is_null());
        let mut posts = post::Entity::find().filter(here).all(db).await?;
        posts.retain(|post| post.from_on <= today && post.to_on.is_none_or(|last| today <= last));
        Ok(Self(posts))
    }

    /// Whom a ticket is about: the member of staff, or the team with its lead.
    pub(super) async fn subject(&self, db: &impl ConnectionTrait, ticket: &Ticket) -> Result<Subject> {
        let mut people = Vec::from_iter(ticket.about_staff_id);
        if let Some(id) = ticket.about_team_id {
            let lead = team::Entity::find_by_id(id).one(db).await?.and_then(|team| team.lead_id);
            let members = self.0.iter().filter(|post| post.team_id == Some(id)).map(|post| post.staff_id);
            people.extend(members.chain(lead));
        }
        let rung = people.iter().map(|who| self.rung(*who)).max().unwrap_or(0);
        Ok(Subject { people, rung })
    }

    /// Whether they hold a role here in which they can own a ticket.
    pub(super) fn can_own(&self, who: StaffId) -> bool {
        self.of_staff(who).any(|post| policy::can_own(post.role))
    }

    /// Whether they stand above those whom the ticket is about.
    pub(super) fn may_judge(&self, who: StaffId, subject: &Subject) -> bool {
        !subject.people.contains(&who) && self.rung(who) >= Ord::min(subject.rung + 1, TOP)
    }

    /// All who can own a ticket about this.
    pub(super) fn owners<'a>(&'a self, subject: &'a Subject) -> impl Iterator<Item = StaffId> {
        let able = self.0.iter().map(|post| post.staff_id);
        able.filter(|who| self.can_own(*who) && self.may_judge(*who, subject))
    }

    fn rung(&self, who: StaffId) -> u8 {
        self.of_staff(who).map(|post| policy::rung(post.role)).max().unwrap_or(0)
    }

    fn of_staff(&self, who: StaffId) -> impl Iterator<Item = &post::Model> {
        self.0.iter().filter(move |post| post.staff_id == who)
    }
}
