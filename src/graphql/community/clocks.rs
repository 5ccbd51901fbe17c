//! A community's service hours and the targets of its clocks, as they are shown and as they are set.

use async_graphql::{Enum, InputObject, SimpleObject};

use crate::domain::sla::{self, Clocks, Target, Targets};
use crate::domain::ticket::Priority;
use crate::domain::{Refusal, Result};
use crate::graphql::scalar::{Date, TimeOfDay};
use crate::graphql::ticket::TicketPriority;

/// A day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(super) enum Weekday {
    /// 星期一.
    Monday,
    /// 星期二.
    Tuesday,
    /// 星期三.
    Wednesday,
    /// 星期四.
    Thursday,
    /// 星期五.
    Friday,
    /// 星期六.
    Saturday,
    /// 星期日.
    Sunday,
}

impl Weekday {
    const ALL: [Self; 7] = [
        Self::Monday,
        Self::Tuesday,
        Self::Wednesday,
        Self::Thursday,
        Self::Friday,
        Self::Saturday,
        Self::Sunday,
    ];
}

/// Hours of service without a break.
#[derive(Clone, Copy, Debug, SimpleObject, InputObject)]
#[graphql(input_name = "ServiceWindowInput")]
pub(super) struct ServiceWindow {
    /// When it begins.
    from: TimeOfDay,
    /// When it ends.
    to: TimeOfDay,
}

/// The service of one day of the week.
#[derive(Clone, Debug, SimpleObject, InputObject)]
#[graphql(input_name = "ServiceDayInput")]
pub(super) struct ServiceDay {
    /// Which day.
    weekday: Weekday,
    /// Its hours, in order and not overlapping; empty when there is no service.
    windows: Vec<ServiceWindow>,
}

/// The calendar in which the slower clocks run, in the community's time zone.
#[derive(Clone, Debug, SimpleObject, InputObject)]
#[graphql(input_name = "ServiceHoursInput")]
pub(super) struct ServiceHours {
    /// The week from MONDAY on; a day that is left out of an input has no service.
    week: Vec<ServiceDay>,
    /// Days without service, in order.
    holidays: Vec<Date>,
}

impl From<&sla::ServiceHours> for ServiceHours {
    fn from(hours: &sla::ServiceHours) -> Self {
        let window = |&(from, to): &_| ServiceWindow { from: TimeOfDay(from), to: TimeOfDay(to) };
        let days = Weekday::ALL.into_iter().zip(&hours.week);
        let day = |(weekday, windows): (_, &Vec<_>)| ServiceDay {
            weekday,
            windows: windows.iter().map(window).collect(),
        };
        Self { week: days.map(day).collect(), holidays: hours.holidays.iter().copied().map(Date).collect() }
    }
}

impl ServiceHours {
    pub(super) fn read(self) -> Result<sla::ServiceHours> {
        let mut week: [Option<Vec<_>>; 7] = Default::default();
        for day in self.week {
            let windows = day.windows.iter().map(|window| (window.from.0, window.to.0)).collect();
            if week[day.weekday as usize].replace(windows).is_some() {
                let name = async_graphql::resolver_utils::enum_value(day.weekday);
                let message = format!("{name} is given twice; give each day of the week once");
                return Err(Refusal::invalid("input.serviceHours", message).into());
            }
        }
        let holidays = self.holidays.into_iter().map(|day| day.0).collect();
        Ok(sla::ServiceHours { week: week.map(Option::unwrap_or_default), holidays })
    }
}

/// What a target is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(super) enum ClockUnit {
    /// Minutes that run day and night.
    Minutes,
    /// Minutes of the service hours.
    ServiceMinutes,
    /// Service days: the calendar's usual day, as long as it is.
    ServiceDays,
}

/// How long something may take.
#[derive(Clone, Copy, Debug, SimpleObject, InputObject)]
#[graphql(input_name = "ClockTargetInput")]
pub(super) struct ClockTarget {
    /// How many; at least 1 and no more than a year has.
    amount: i64,
    /// Of what.
    unit: ClockUnit,
}

/// How long the tickets of one priority may take.
#[derive(Clone, Copy, Debug, SimpleObject, InputObject)]
#[graphql(input_name = "ClockTargetsInput")]
pub(super) struct ClockTargets {
    /// Which tickets.
    priority: TicketPriority,
    /// Until the first response.
    response: ClockTarget,
    /// Until the resolution.
    resolution: ClockTarget,
}

impl From<Target> for ClockTarget {
    fn from(target: Target) -> Self {
        let (amount, unit) = match target {
            Target::Always(minutes) => (minutes, ClockUnit::Minutes),
            Target::ServiceMinutes(minutes) => (minutes, ClockUnit::ServiceMinutes),
            Target::ServiceDays(days) => (days, ClockUnit::ServiceDays),
        };
        Self { amount, unit }
    }
}

impl From<ClockTarget> for Target {
    fn from(target: ClockTarget) -> Self {
        match target.unit {
            ClockUnit::Minutes => Self::Always(target.amount),
            ClockUnit::ServiceMinutes => Self::ServiceMinutes(target.amount),
            ClockUnit::ServiceDays => Self::ServiceDays(target.amount),
        }
    }
}

impl ClockTargets {
    /// The targets that hold for each priority, the most pressing first.
    pub(super) fn all(clocks: &Clocks) -> Vec<Self> {
        let priorities = [Priority::Urgent, Priority::High, Priority::Normal, Priority::Low];
        let one = |priority: Priority| {
            let targets = clocks.targets(priority);
            Self {
                priority: priority.into(),
                response: targets.response.into(),
                resolution: targets.resolution.into(),
            }
        };
        priorities.into_iter().map(one).collect()
    }

    pub(super) fn read(self) -> (Priority, Targets) {
        let targets = Targets { response: self.response.into(), resolution: self.resolution.into() };
        (self.priority.into(), targets)
    }
}
