//! One subscriber: its place in the feed, what it selects, and who it is now.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;

use super::group::{GapReason, Groups, Item, Membership};
use super::selection::Verdict;
use super::template::Template;
use super::{Feed, Selection, Update};
use crate::auth::Caller;
use crate::domain::event::Whose;
use crate::domain::transfer;
use crate::live::{Entry, Heard, Listener, Signal};

/// How long to wait before what failed is tried again.
const RETRY_AFTER: Duration = Duration::from_millis(500);

pub(super) struct Subscriber {
    groups: Arc<Groups>,
    template: Arc<Template>,
    selection: Selection,
    listener: Listener,
    /// The last place that was judged.
    seq: i64,
    /// Heard, but not yet judged: something else has to be told before.
    waiting: Option<Heard>,
    caller: Caller,
    membership: Membership,
}

impl Subscriber {
    pub(super) fn new(
        groups: Arc<Groups>,
        template: Arc<Template>,
        selection: Selection,
        listener: Listener,
        caller: Caller,
    ) -> Self {
        let membership = groups.join(&template, &caller);
        let seq = listener.seq();
        Self { groups, template, selection, listener, seq, waiting: None, caller, membership }
    }

    /// Tells until the feed ends or the caller may no longer listen. It is a task of its own, that goes on whether or
    /// not its peer reads: while it renders or reads, others wait for the rendering or for the connection it holds.
    pub(super) async fn run(mut self, told: mpsc::Sender<Update>) {
        while let Some(item) = self.next().await {
            let is_last = self.is_last(&item).await;
            let Some(text) = self.render(&item).await else { continue };
            let cursor = self.groups.live().cursor(item.seq());
            if told.send(Update { cursor, text }).await.is_err() || is_last {
                return;
            }
        }
    }

    /// Whether nothing can come after it: an import or export has ended, and this tells it. Asked before it is rendered,
    /// so that what is told last is the end.
    async fn is_last(&self, item: &Item) -> bool {
        let Feed::Transfer(id) = self.selection.feed else { return false };
        let told = match item {
            Item::Changed(entry) => entry.event.revision,
            Item::CaughtUp { .. } => None,
            Item::Withdrawn(_) | Item::Gap { .. } | Item::Heartbeat { .. } => return false,
        };
        // When it cannot be asked, the next change or heartbeat is.
        transfer::has_ended_with(self.groups.domain(), id, told).await.unwrap_or(false)
    }

    /// The item as it is told; `None` when there is nothing to tell.
    async fn render(&self, item: &Item) -> Option<Arc<str>> {
        loop {
            match self.groups.render(self.membership.of(item), item).await {
                Ok(text) => return text,
                Err(error) => {
                    tracing::warn!(%error, "a subscription waits for the database");
                    tokio::time::sleep(RETRY_AFTER).await;
                }
            }
        }
    }

    /// What it is told next; `None` when the feed has ended or the caller may no longer listen.
    async fn next(&mut self) -> Option<Item> {
        loop {
            let heard = self.hear().await?;
            if self.is_outdated() && self.renew().await? {
                // From the last place that was judged by the old rights: what was just heard comes after it.
                self.waiting = Some(heard);
                return Some(Item::Gap { seq: self.seq, reason: GapReason::SightChanged });
            }
            let item = self.judge(heard).await?;
            self.seq = self.listener.seq();
            if item.is_some() {
                return item;
            }
        }
    }

    async fn hear(&mut self) -> Option<Heard> {
        if let Some(heard) = self.waiting.take() {
            return Some(heard);
        }
        loop {
            match self.listener.next().await {
                Ok(heard) => return heard,
                Err(error) => {
                    // It goes on from the same place as soon as the database answers: nothing is skipped.
                    tracing::warn!(%error, "a subscription waits for the database");
                    tokio::time::sleep(RETRY_AFTER).await;
                }
            }
        }
    }

    /// What is told of something heard: the outer `None` ends the subscription, the inner one tells nothing.
    async fn judge(&mut self, heard: Heard) -> Option<Option<Item>> {
        let seq = self.listener.seq();
        Some(match heard {
            Heard::Gap => Some(Item::Gap { seq, reason: GapReason::CursorUnknown }),
            Heard::CaughtUp => Some(Item::CaughtUp { seq, at: self.groups.domain().clock().now() }),
            Heard::Signal(Signal::Heartbeat { seq, at }) => Some(Item::Heartbeat { seq, at }),
            Heard::Signal(Signal::Event(entry)) => self.judge_event(entry).await?,
        })
    }

    async fn judge_event(&mut self, entry: Arc<Entry>) -> Option<Option<Item>> {
        let viewer = self.caller.viewer()?;
        if let Some(whose) = Whose::of(&entry.event) {
            if !whose.is(viewer) {
                return Some(None);
            }
            // Read from the table, an event may be ahead of this process, which then still remembers the old rights.
            self.groups.live().reached(entry.seq).await;
            let changed = self.renew().await?;
            return Some(changed.then_some(Item::Gap { seq: entry.seq, reason: GapReason::SightChanged }));
        }
        Some(match self.selection.judge(&entry, viewer) {
            Verdict::Nothing => None,
            Verdict::Withdrawn if matches!(self.selection.feed, Feed::Desk { .. }) => {
                Some(Item::Changed(entry))
            }
            Verdict::Withdrawn => Some(Item::Withdrawn(entry)),
            Verdict::Changed => Some(Item::Changed(entry)),
        })
    }

    /// At a midnight a post may have begun or ended.
    fn is_outdated(&self) -> bool {
        let now = self.groups.domain().clock().now();
        self.caller.viewer().is_some_and(|viewer| viewer.valid_until <= now)
    }

    /// Works out anew what the caller sees, and says whether it has changed; `None` when they may no longer call. While
    /// that cannot be known nothing is told: better to wait than to show what they may no longer see.
    async fn renew(&mut self) -> Option<bool> {
        self.caller = loop {
            match self.caller.renewed().await {
                Ok(renewed) => break renewed?,
                Err(error) => {
                    tracing::warn!(%error, "a subscription waits for the database");
                    tokio::time::sleep(RETRY_AFTER).await;
                }
            }
        };
        let membership = self.groups.join(&self.template, &self.caller);
        let changed = !membership.is_as(&self.membership);
        self.membership = membership;
        Some(changed)
    }
}
