//! One subscriber: its place in the feed, what it selects, and who it is now.

use std::sync::Arc;
use std::time::Duration;

use super::group::{GapReason, Group, Groups, Item, Template};
use super::selection::Verdict;
use super::{Feed, Selection};
use crate::auth::Caller;
use crate::domain::event::Whose;
use crate::live::{Entry, Heard, Listener, Signal};

/// How long to wait before a failed reading is tried again.
const RETRY_AFTER: Duration = Duration::from_millis(500);

pub(super) struct Subscriber {
    groups: Arc<Groups>,
    template: Arc<Template>,
    selection: Selection,
    listener: Listener,
    caller: Caller,
    group: Arc<Group>,
}

impl Subscriber {
    pub(super) fn new(
        groups: Arc<Groups>,
        template: Arc<Template>,
        selection: Selection,
        listener: Listener,
        caller: Caller,
    ) -> Self {
        let group = groups.join(&template, &caller);
        Self { groups, template, selection, listener, caller, group }
    }

    /// What it is told next; `None` when the feed has ended or the caller may no longer listen.
    pub(super) async fn next(&mut self) -> Option<Arc<str>> {
        loop {
            let heard = match self.listener.next().await {
                Ok(heard) => heard?,
                Err(error) => {
                    // It goes on from the same place as soon as the database answers: nothing is skipped.
                    tracing::warn!(%error, "a subscription waits for the database");
                    tokio::time::sleep(RETRY_AFTER).await;
                    continue;
                }
            };
            let Some(item) = self.judge(heard).await? else { continue };
            if let Some(told) = self.groups.render(&self.group, &item).await {
                return Some(told);
            }
        }
    }

    /// What is told of something heard: the outer `None` ends the subscription, the inner one tells nothing.
    async fn judge(&mut self, heard: Heard) -> Option<Option<Item>> {
        let seq = self.listener.seq();
        let item = match heard {
            Heard::Gap => Some(Item::Gap { seq, reason: GapReason::CursorUnknown }),
            Heard::CaughtUp => Some(Item::CaughtUp { seq }),
            Heard::Signal(Signal::Heartbeat { seq, at }) => match self.renew_if_outdated().await? {
                true => Some(Item::Gap { seq, reason: GapReason::SightChanged }),
                false => Some(Item::Heartbeat { seq, at }),
            },
            Heard::Signal(Signal::Event(entry)) => self.judge_event(entry).await?,
        };
        Some(item)
    }

    async fn judge_event(&mut self, entry: Arc<Entry>) -> Option<Option<Item>> {
        let viewer = self.caller.viewer()?;
        if let Some(whose) = Whose::of(&entry.event) {
            let changed = whose.is(viewer) && self.renew().await?;
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

    /// At a midnight a post may have ended.
    async fn renew_if_outdated(&mut self) -> Option<bool> {
        let now = self.groups.domain().clock().now();
        match self.caller.viewer().is_some_and(|viewer| viewer.valid_until <= now) {
            true => self.renew().await,
            false => Some(false),
        }
    }

    /// Works out anew what the caller sees, and says whether it has changed; `None` when they may no longer call.
    async fn renew(&mut self) -> Option<bool> {
        let renewed = match self.caller.renewed().await {
            Ok(renewed) => renewed?,
            // Their rights are not known now: better to end than to show what they may no longer see.
            Err(error) => {
                tracing::warn!(%error, "a subscriber's rights could not be read");
                return None;
            }
        };
        let sight = |caller: &Caller| caller.viewer().map(|viewer| viewer.scope.clone());
        let changed = sight(&renewed) != sight(&self.caller);
        self.caller = renewed;
        self.group = self.groups.join(&self.template, &self.caller);
        Some(changed)
    }
}
