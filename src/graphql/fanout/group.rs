//! Those who are told the same: one document, one set of variables, one sight. What they are told is executed and
//! serialised once.
//!
//! No two members of staff see quite the same: each has what they own, and is blind to complaints about themselves.
//! But what a community's desks are told of a ticket of that community that is about nobody does not depend on it. So
//! a subscriber is in two groups, and the item decides.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use async_graphql::{ServerError, Value};
use chrono::{DateTime, Utc};
use futures_util::StreamExt;
use tokio::sync::OnceCell;

use super::Selection;
use super::template::Template;
use crate::auth::Caller;
use crate::base::id::{AccountId, CommunityId, TicketId};
use crate::base::{ArchiveSight, AuditSight, InspectionSight, Scope, TicketSight};
use crate::domain::audit::Readings;
use crate::domain::{Domain, Role};
use crate::graphql::Schema;
use crate::graphql::batch::Batches;
use crate::graphql::context::{Reads, Session};
use crate::graphql::gateway::{attach, note_reads};
use crate::live::{Entry, Live};

/// How many rendered items a group keeps for those who are a little behind.
const KEPT: usize = 64;

/// What the subscription's resolver finds: whether it is run to check the arguments, or to render an item.
#[derive(Clone)]
pub(in crate::graphql) enum Stage {
    /// It puts its selection here and yields nothing.
    Opening(Arc<Mutex<Option<Selection>>>),
    /// It yields this.
    Rendering(Item),
}

/// What a subscriber is told.
#[derive(Clone, Debug)]
pub(in crate::graphql) enum Item {
    /// A ticket that they see has changed.
    Changed(Arc<Entry>),
    /// They see a ticket no longer.
    Withdrawn(Arc<Entry>),
    /// What lies between is unknown: read the lists again.
    Gap {
        /// The place from which on the feed is whole again.
        seq: i64,
        /// Why.
        reason: GapReason,
    },
    /// What was missed has been told; from here on it is live.
    CaughtUp {
        /// The place.
        seq: i64,
        /// The server's time.
        at: DateTime<Utc>,
    },
    /// All is well.
    Heartbeat {
        /// The place.
        seq: i64,
        /// The server's time.
        at: DateTime<Utc>,
    },
}

/// Why the feed has a gap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::graphql) enum GapReason {
    /// The cursor is of another life of the database, or too old.
    CursorUnknown,
    /// What the subscriber sees has changed.
    SightChanged,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum ItemKey {
    Changed(i64),
    Withdrawn(i64),
    Gap(i64, GapReason),
    CaughtUp(i64, DateTime<Utc>),
    Heartbeat(i64, DateTime<Utc>),
}

impl Item {
    /// Its place in the feed.
    pub(in crate::graphql) fn seq(&self) -> i64 {
        match self {
            Self::Changed(entry) | Self::Withdrawn(entry) => entry.seq,
            Self::Gap { seq, .. } | Self::CaughtUp { seq, .. } | Self::Heartbeat { seq, .. } => *seq,
        }
    }

    fn ticket(&self) -> Option<TicketId> {
        match self {
            Self::Changed(entry) | Self::Withdrawn(entry) => entry.event.ticket_id,
            Self::Gap { .. } | Self::CaughtUp { .. } | Self::Heartbeat { .. } => None,
        }
    }

    fn key(&self) -> ItemKey {
        match self {
            Self::Changed(entry) => ItemKey::Changed(entry.seq),
            Self::Withdrawn(entry) => ItemKey::Withdrawn(entry.seq),
            Self::Gap { seq, reason } => ItemKey::Gap(*seq, *reason),
            Self::CaughtUp { seq, at } => ItemKey::CaughtUp(*seq, *at),
            Self::Heartbeat { seq, at } => ItemKey::Heartbeat(*seq, *at),
        }
    }
}

/// What those of one group have in common. The sight is compared whole: two viewers never share by accident.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct GroupKey {
    query: String,
    operation_name: Option<String>,
    variables: String,
    scope: Scope,
    /// Staff read the internal lines of a community's tickets by their posts, which a sight does not hold.
    posts: Vec<(Role, Option<CommunityId>)>,
    account: Option<AccountId>,
}

/// All groups that somebody is in.
pub(super) struct Groups {
    schema: Schema,
    domain: Domain,
    live: Live,
    readings: Readings,
    open: Mutex<HashMap<GroupKey, Weak<Group>>>,
}

/// The text that an item is told in, once it has been made.
type Text = Arc<OnceCell<Option<Arc<str>>>>;

/// A rendered item.
struct Rendered {
    key: ItemKey,
    ticket: Option<TicketId>,
    text: Text,
}

/// The database could not be reached while an item was rendered: nothing may be told of it yet.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct Unavailable(String);

/// One group.
pub(super) struct Group {
    key: GroupKey,
    template: Arc<Template>,
    caller: Caller,
    rendered: Mutex<VecDeque<Rendered>>,
}

impl Groups {
    pub(super) fn new(schema: Schema, domain: Domain, live: Live, readings: Readings) -> Self {
        Self { schema, domain, live, readings, open: Mutex::default() }
    }

    pub(super) fn domain(&self) -> &Domain {
        &self.domain
    }

    pub(super) fn live(&self) -> &Live {
        &self.live
    }

    /// The groups of a caller.
    pub(super) fn join(&self, template: &Arc<Template>, caller: &Caller) -> Membership {
        let scope = caller.viewer().map(|viewer| viewer.scope.clone()).unwrap_or_default();
        let shares = !template.personal && !template.sight_bound;
        let common = shares.then(|| self.group(template, caller, in_common(&scope)));
        Membership { own: self.group(template, caller, scope), common }
    }

    /// The group with this scope; the first one in it renders for all.
    fn group(&self, template: &Arc<Template>, caller: &Caller, scope: Scope) -> Arc<Group> {
        let viewer = caller.viewer();
        let mut posts: Vec<_> = viewer
            .iter()
            .flat_map(|viewer| &viewer.posts)
            .map(|post| (post.role, post.community_id))
            .collect();
        posts.sort();
        let key = GroupKey {
            query: template.query.clone(),
            operation_name: template.operation_name.clone(),
            variables: template.shared_variables.clone(),
            scope,
            posts,
            account: viewer.filter(|_| template.personal).map(|viewer| viewer.account.id),
        };
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(group) = open.get(&key).and_then(Weak::upgrade) {
            return group;
        }
        open.retain(|_, group| group.strong_count() > 0);
        let group = Arc::new(Group {
            key: key.clone(),
            template: Arc::clone(template),
            caller: caller.clone(),
            rendered: Mutex::default(),
        });
        open.insert(key, Arc::downgrade(&group));
        group
    }

    /// The item as the group's members are told it; `None` when there is nothing to tell, as the ticket has gone from
    /// their sight since.
    ///
    /// # Errors
    /// When the database cannot be reached; it can be tried again.
    pub(super) async fn render(&self, group: &Group, item: &Item) -> Result<Option<Arc<str>>, Unavailable> {
        group.text_of(item).get_or_try_init(|| self.execute(group, item)).await.cloned()
    }

    async fn execute(&self, group: &Group, item: &Item) -> Result<Option<Arc<str>>, Unavailable> {
        let batches = Batches::default();
        let reads = Reads::default();
        let session = Session {
            caller: group.caller.clone(),
            head: self.live.head(),
            batches: batches.clone(),
            reads: reads.clone(),
        };
        let request =
            attach(group.template.request(), session, &self.domain).data(Stage::Rendering(item.clone()));
        let answer = batches.drive(async { self.schema.execute_stream(request).next().await }).await;
        let Some(answer) = answer else { return Ok(None) };
        if let Some(error) = answer.errors.iter().find(|error| is_unavailable(error)) {
            return Err(Unavailable(error.message.clone()));
        }
        // What shows a telephone number is shared with no other account: see `Template::personal`.
        note_reads(&self.readings, &group.caller, &reads).await;
        Ok(serde_json::to_string(&answer).ok().map(Into::into))
    }
}

/// What those who see a whole community have in common with each other.
fn in_common(scope: &Scope) -> Scope {
    let mut common = scope.clone();
    common.tickets = TicketSight {
        everywhere: scope.tickets.everywhere,
        communities: scope.tickets.communities.clone(),
        ..TicketSight::default()
    };
    // Nothing that hangs on a ticket shows an inspection or the trail, and who selects `documents` shares with nobody.
    common.inspections = InspectionSight::default();
    common.audit = AuditSight::default();
    common.archives = ArchiveSight::default();
    // Who sees the staff of the communities where they work sees themselves among them.
    if scope.staff.everywhere || !scope.staff.communities.is_empty() {
        common.staff.own = None;
    }
    common
}

/// The groups of one subscriber.
pub(super) struct Membership {
    /// Those who see exactly the same.
    own: Arc<Group>,
    /// Those who see the same of a ticket that is open to all in its community.
    common: Option<Arc<Group>>,
}

impl Membership {
    /// The group in which an item is the same for all.
    pub(super) fn of(&self, item: &Item) -> &Group {
        match &self.common {
            Some(common) if self.is_common(item) => common,
            _ => &self.own,
        }
    }

    fn is_common(&self, item: &Item) -> bool {
        let Item::Changed(entry) = item else { return true };
        let sight = &self.own.key.scope.tickets;
        entry.after.as_ref().is_some_and(|facts| {
            (sight.everywhere || sight.communities.contains(&facts.community))
                && facts.about_staff.is_none()
                && facts.about_team.is_none()
                && facts.about_unit.is_none()
        })
    }

    /// Whether the subscriber sees, and may do, the same as before.
    pub(super) fn is_as(&self, before: &Self) -> bool {
        (&self.own.key.scope, &self.own.key.posts) == (&before.own.key.scope, &before.own.key.posts)
    }
}

impl Group {
    /// Where an item's text is, or will be.
    fn text_of(&self, item: &Item) -> Text {
        let (key, ticket) = (item.key(), item.ticket());
        let mut rendered = self.rendered.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = rendered.iter().rev().find(|known| known.key == key) {
            return Arc::clone(&known.text);
        }
        // A ticket is shown as it is at delivery: who comes late does not get it as it was before this change.
        if ticket.is_some() {
            rendered.retain(|known| known.ticket != ticket);
        }
        let text = Text::default();
        rendered.push_back(Rendered { key, ticket, text: Arc::clone(&text) });
        if rendered.len() > KEPT {
            rendered.pop_front();
        }
        text
    }
}

fn is_unavailable(error: &ServerError) -> bool {
    let code = error.extensions.as_ref().and_then(|extensions| extensions.get("code"));
    code.is_some_and(|code| matches!(code, Value::String(code) if code == "UNAVAILABLE"))
}
