//! The clocks: how long a first response and a resolution may take, by priority, and what counts as time.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::storage::community;
use crate::storage::ticket::{Model as Ticket, Priority};

/// The weekly hours in which the slower clocks run, in the community's time zone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceHours {
    /// Monday to Sunday; each day's windows from–to, in order and not overlapping.
    pub week: [Vec<(NaiveTime, NaiveTime)>; 7],
    /// Days without service.
    pub holidays: BTreeSet<NaiveDate>,
}

/// How long something may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Target {
    /// Minutes that run day and night.
    Always(i64),
    /// Minutes of service hours.
    ServiceMinutes(i64),
    /// Service days: the calendar's usual day, as long as it is.
    ServiceDays(i64),
}

/// Both targets of one priority.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Targets {
    /// Until the first response.
    pub response: Target,
    /// Until the resolution.
    pub resolution: Target,
}

/// A community's clocks.
#[derive(Clone, Debug)]
pub struct Clocks {
    zone: Tz,
    hours: ServiceHours,
    overrides: Vec<(Priority, Targets)>,
}

/// The furthest a due time is looked for; a calendar without any hours gives up there.
const HORIZON: u64 = 3_660;

impl Default for ServiceHours {
    /// Monday to Saturday, 09:00 to 18:00: a company changes it as data.
    fn default() -> Self {
        let hour = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default();
        let day = vec![(hour(9), hour(18))];
        let week = [day.clone(), day.clone(), day.clone(), day.clone(), day.clone(), day, Vec::new()];
        Self { week, holidays: BTreeSet::new() }
    }
}

impl ServiceHours {
    fn windows(&self, day: NaiveDate) -> &[(NaiveTime, NaiveTime)] {
        if self.holidays.contains(&day) {
            return &[];
        }
        &self.week[day.weekday().num_days_from_monday() as usize % 7]
    }

    /// The length of most days that have service, in minutes.
    fn usual_day(&self) -> i64 {
        let length = |day: &Vec<(NaiveTime, NaiveTime)>| {
            day.iter().map(|(from, to)| (*to - *from).num_minutes()).sum()
        };
        let lengths = self.week.iter().map(length).filter(|minutes: &i64| *minutes > 0).collect::<Vec<_>>();
        let most = lengths.iter().max_by_key(|length| lengths.iter().filter(|other| other == length).count());
        most.copied().unwrap_or(24 * 60)
    }
}

/// The targets that hold where a community has set none.
#[must_use]
pub fn default_targets(priority: Priority) -> Targets {
    let (response, resolution) = match priority {
        Priority::Urgent => (Target::Always(15), Target::Always(4 * 60)),
        Priority::High => (Target::Always(60), Target::Always(24 * 60)),
        Priority::Normal => (Target::ServiceMinutes(4 * 60), Target::ServiceDays(3)),
        Priority::Low => (Target::ServiceDays(1), Target::ServiceDays(7)),
    };
    Targets { response, resolution }
}

impl Clocks {
    /// The clocks of a community; what it has not set, or set unreadably, is as by default.
    #[must_use]
    pub fn of(community: &community::Model) -> Self {
        let overrides = serde_json::from_value::<std::collections::HashMap<String, Targets>>(
            community.clock_targets.clone(),
        );
        let overrides = overrides.unwrap_or_default().into_iter().filter_map(|(name, targets)| {
            sea_orm::ActiveEnum::try_from_value(&name).ok().map(|priority| (priority, targets))
        });
        Self {
            zone: community.time_zone.parse().unwrap_or(chrono_tz::UTC),
            hours: serde_json::from_value(community.service_hours.clone()).unwrap_or_default(),
            overrides: overrides.collect(),
        }
    }

    /// The weekly hours in which the slower clocks run.
    #[must_use]
    pub fn hours(&self) -> &ServiceHours {
        &self.hours
    }

    /// Both targets of a priority.
    #[must_use]
    pub fn targets(&self, priority: Priority) -> Targets {
        let set = self.overrides.iter().find(|(of, _)| *of == priority);
        set.map_or_else(|| default_targets(priority), |(_, targets)| *targets)
    }

    /// The day it is in the community.
    #[must_use]
    pub fn day(&self, at: DateTime<Utc>) -> NaiveDate {
        at.with_timezone(&self.zone).date_naive()
    }

    /// Starts both clocks of a ticket.
    pub fn start(&self, ticket: &mut Ticket, at: DateTime<Utc>) {
        let Targets { response, resolution } = self.targets(ticket.priority);
        ticket.response_due_at = self.due(at, response);
        ticket.response_warn_at = Some(self.nearly_due(at, response));
        ticket.resolution_due_at = self.due(at, resolution);
        ticket.resolution_warn_at = Some(self.nearly_due(at, resolution));
    }

    /// When something is due that begins at `start` and may take `target`.
    #[must_use]
    pub fn due(&self, start: DateTime<Utc>, target: Target) -> DateTime<Utc> {
        self.after(start, target, 60)
    }

    /// When 80 % of the target have gone.
    #[must_use]
    pub fn nearly_due(&self, start: DateTime<Utc>, target: Target) -> DateTime<Utc> {
        self.after(start, target, 48)
    }

    /// The moment so many halves of the target after it was due.
    #[must_use]
    pub fn past(&self, due: DateTime<Utc>, target: Target, halves: i32) -> DateTime<Utc> {
        self.after(due, target, 30 * i64::from(halves))
    }

    /// When so many seconds for each minute of the target have gone.
    fn after(&self, start: DateTime<Utc>, target: Target, seconds_a_minute: i64) -> DateTime<Utc> {
        let span = |minutes: i64| TimeDelta::seconds(minutes * seconds_a_minute);
        match target {
            Target::Always(minutes) => start + span(minutes),
            Target::ServiceMinutes(minutes) => self.after_service(start, span(minutes)),
            Target::ServiceDays(days) => self.after_service(start, span(days * self.hours.usual_day())),
        }
    }

    /// Where a due time moves to when the clock stood from `from` to `to`.
    #[must_use]
    pub fn moved(
        &self,
        due: DateTime<Utc>,
        target: Target,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> DateTime<Utc> {
        match target {
            Target::Always(_) => due + (to - from),
            // A due time that had passed before the clock stopped stays passed.
            _ if due <= from => due,
            _ => self.after_service(to, self.service_between(from, due)),
        }
    }

    fn after_service(&self, start: DateTime<Utc>, span: TimeDelta) -> DateTime<Utc> {
        if span <= TimeDelta::zero() {
            return start;
        }
        let mut left = span;
        for (from, to) in self.service_from(start) {
            let open = to - from;
            if open >= left {
                return from + left;
            }
            left -= open;
        }
        start + span
    }

    fn service_between(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> TimeDelta {
        let windows = self.service_from(from).take_while(|(open, _)| *open < to);
        windows.map(|(open, close)| close.min(to) - open).sum()
    }

    /// The windows of service from a moment on, the one it falls into cut short.
    fn service_from(&self, start: DateTime<Utc>) -> impl Iterator<Item = (DateTime<Utc>, DateTime<Utc>)> {
        let first = self.day(start);
        (0..HORIZON)
            .filter_map(move |offset| first.checked_add_days(Days::new(offset)))
            .flat_map(move |day| {
                let windows = self.hours.windows(day).iter();
                windows.map(move |(from, to)| (self.moment(day, *from), self.moment(day, *to)))
            })
            .map(move |(from, to)| (from.max(start), to))
            .filter(|(from, to)| from < to)
    }

    fn moment(&self, day: NaiveDate, time: NaiveTime) -> DateTime<Utc> {
        let local = day.and_time(time);
        let zoned = self.zone.from_local_datetime(&local).earliest();
        // A time that a clock change skips is told by the clock as it was before, an hour on.
        let after_gap = || self.zone.from_local_datetime(&(local + TimeDelta::hours(1))).earliest();
        zoned.or_else(after_gap).map_or_else(|| local.and_utc(), |zoned| zoned.with_timezone(&Utc))
    }
}
