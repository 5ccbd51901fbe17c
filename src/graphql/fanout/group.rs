//! Those who are told the same: one document, one set of variables, one sight. What they are told is executed and
//! serialised once.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use async_graphql::parser::types::{
    DocumentOperations, ExecutableDocument, Selection as Selected, SelectionSet,
};
use async_graphql::{Request, ServerError, Value, Variables};
use chrono::{DateTime, Utc};
use futures_util::StreamExt;
use tokio::sync::OnceCell;

use super::Selection;
use crate::auth::Caller;
use crate::base::Scope;
use crate::base::id::{AccountId, CommunityId, TicketId};
use crate::domain::{Domain, Role};
use crate::graphql::Schema;
use crate::graphql::batch::Batches;
use crate::graphql::context::Session;
use crate::graphql::gateway::attach;
use crate::live::{Entry, Live};

/// Fields whose value depends on who asks and not only on what they see: who selects one shares with nobody else.
const PERSONAL: [&str; 5] = ["viewer", "viewerActions", "assignableStaff", "contactPhone", "phone"];

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

/// A subscription's operation, to be run again for each item.
pub(super) struct Template {
    query: String,
    document: ExecutableDocument,
    operation_name: Option<String>,
    variables: Variables,
    /// The variables without the cursor, which does not change what is rendered.
    shared_variables: String,
    personal: bool,
}

impl Template {
    pub(super) fn of(request: &mut Request) -> Result<Arc<Self>, ServerError> {
        let document = request.parsed_query()?.clone();
        let mut variables = serde_json::to_value(&request.variables).unwrap_or_default();
        for name in cursor_variables(&document) {
            variables.as_object_mut().and_then(|variables| variables.remove(&name));
        }
        Ok(Arc::new(Self {
            query: request.query.clone(),
            personal: is_personal(&document),
            document,
            operation_name: request.operation_name.clone(),
            variables: request.variables.clone(),
            shared_variables: variables.to_string(),
        }))
    }

    fn request(&self) -> Request {
        let mut request = Request::new(&self.query).variables(self.variables.clone());
        request.operation_name.clone_from(&self.operation_name);
        request.set_parsed_query(self.document.clone());
        request
    }
}

/// The variables that are given as `after` to a root field and to nothing else.
fn cursor_variables(document: &ExecutableDocument) -> Vec<String> {
    let operations: Vec<_> = match &document.operations {
        DocumentOperations::Single(operation) => vec![operation],
        DocumentOperations::Multiple(operations) => operations.values().collect(),
    };
    let mut names = Vec::new();
    for item in operations.iter().flat_map(|operation| &operation.node.selection_set.node.items) {
        let Selected::Field(field) = &item.node else { continue };
        for (name, value) in &field.node.arguments {
            // A variable is written with its dollar sign; a literal stands in the document and so in the key.
            if let ("after", Some(variable)) = (name.node.as_str(), value.node.to_string().strip_prefix('$'))
            {
                names.push(variable.to_owned());
            }
        }
    }
    names
}

fn is_personal(document: &ExecutableDocument) -> bool {
    fn selects(set: &SelectionSet) -> bool {
        set.items.iter().any(|item| match &item.node {
            Selected::Field(field) => {
                PERSONAL.contains(&field.node.name.node.as_str()) || selects(&field.node.selection_set.node)
            }
            Selected::InlineFragment(fragment) => selects(&fragment.node.selection_set.node),
            // Every fragment is looked at by itself.
            Selected::FragmentSpread(_) => false,
        })
    }
    let operations: Vec<_> = match &document.operations {
        DocumentOperations::Single(operation) => vec![operation],
        DocumentOperations::Multiple(operations) => operations.values().collect(),
    };
    operations.iter().any(|operation| selects(&operation.node.selection_set.node))
        || document.fragments.values().any(|fragment| selects(&fragment.node.selection_set.node))
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
    pub(super) fn new(schema: Schema, domain: Domain, live: Live) -> Self {
        Self { schema, domain, live, open: Mutex::default() }
    }

    pub(super) fn domain(&self) -> &Domain {
        &self.domain
    }

    pub(super) fn live(&self) -> &Live {
        &self.live
    }

    /// The group of a caller; the first one in it renders for all.
    pub(super) fn join(&self, template: &Arc<Template>, caller: &Caller) -> Arc<Group> {
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
            scope: viewer.map(|viewer| viewer.scope.clone()).unwrap_or_default(),
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
        let session =
            Session { caller: group.caller.clone(), head: self.live.head(), batches: batches.clone() };
        let request =
            attach(group.template.request(), session, &self.domain).data(Stage::Rendering(item.clone()));
        let answer = batches.drive(async { self.schema.execute_stream(request).next().await }).await;
        let Some(answer) = answer else { return Ok(None) };
        if let Some(error) = answer.errors.iter().find(|error| is_unavailable(error)) {
            return Err(Unavailable(error.message.clone()));
        }
        Ok(serde_json::to_string(&answer).ok().map(Into::into))
    }
}

impl Group {
    /// Whether its members see, and may do, the same as those of another group.
    pub(super) fn sees_what(&self, other: &Self) -> bool {
        (&self.key.scope, &self.key.posts) == (&other.key.scope, &other.key.posts)
    }

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
