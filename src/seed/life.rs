//! Lives through the matters, step by step in the order of time, each step by whoever does it.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::matters::{MATTERS, Matter, Step};
use super::people::People;
use super::places::Places;
use super::{Estate, LIFE};
use crate::base::id::{TicketId, WorkOrderId};
use crate::domain::attachment::Given;
use crate::domain::ticket::{
    self, CallBack, CalledBack, Channel, Dispatch, File, Hold, Place, Rating, Report, Reporter, Target,
};
use crate::domain::{Result, Visibility, viewer};

/// What comes next: when, which matter, and which of its steps; none is the filing.
type Due = (DateTime<Utc>, usize, Option<usize>);

/// What has become of a matter so far.
struct Begun {
    ticket: TicketId,
    order: Option<WorkOrderId>,
}

/// Lives until `now`; what would come later does not happen.
pub(super) async fn live(
    estate: &Estate,
    places: &Places,
    people: &People,
    now: DateTime<Utc>,
) -> Result<()> {
    let mut begun: HashMap<usize, Begun> = HashMap::new();
    for (at, matter, step) in plan(now) {
        estate.clock.advance(at - estate.clock.now());
        match (step, begun.get_mut(&matter)) {
            (None, _) => {
                let ticket = file(estate, places, people, &MATTERS[matter]).await?;
                begun.insert(matter, Begun { ticket, order: None });
            }
            (Some(step), Some(so_far)) => act(estate, people, so_far, &MATTERS[matter].then[step].1).await?,
            (Some(_), None) => {}
        }
    }
    Ok(())
}

/// All steps that happen before `now`, in the order of time.
fn plan(now: DateTime<Utc>) -> Vec<Due> {
    let zone = chrono_tz::Asia::Shanghai;
    let first = (now - LIFE).with_timezone(&zone).date_naive();
    let mut due: Vec<Due> = Vec::new();
    for (index, matter) in MATTERS.iter().enumerate() {
        let (hour, minute) = matter.time;
        let filed = viewer::start_of_day(first, zone)
            + TimeDelta::days(matter.day)
            + TimeDelta::hours(hour)
            + TimeDelta::minutes(minute);
        due.push((filed, index, None));
        let steps = matter.then.iter().enumerate();
        due.extend(steps.map(|(step, (after, _))| (filed + TimeDelta::minutes(*after), index, Some(step))));
    }
    due.retain(|(at, ..)| *at < now);
    due.sort();
    due
}

async fn file(estate: &Estate, places: &Places, people: &People, matter: &Matter) -> Result<TicketId> {
    let by_phone = matter.by.starts_with("desk");
    let input = File {
        kind: matter.kind,
        channel: if by_phone { Channel::Phone } else { Channel::App },
        description: matter.words.to_owned(),
        category: places.categories.get(matter.category).copied(),
        priority: None,
        place: Place {
            community: Some(places.community),
            building: None,
            unit: matter.unit.map(|unit| places.units[unit]),
            words: matter.place.map(str::to_owned),
        },
        reporter: Reporter {
            occupant: matter.reporter.map(|login| people.occupants[login]),
            ..Reporter::default()
        },
        about_staff: None,
        about_team: None,
        about_unit: None,
        previous: None,
        attachments: Given::default(),
    };
    Ok(ticket::file(&estate.domain, &people.viewers[matter.by], input, None).await?.id)
}

async fn act(estate: &Estate, people: &People, matter: &mut Begun, step: &Step) -> Result<()> {
    let domain = &estate.domain;
    let target = Target { id: matter.ticket, expected_version: None, field: "input.id".into() };
    let who = |login: &str| &people.viewers[login];
    match step {
        Step::Acknowledge(by) => ticket::acknowledge(domain, who(by), &target).await.map(drop),
        Step::Assign(by, owner) => {
            ticket::assign(domain, who(by), &target, people.staff[owner]).await.map(drop)
        }
        Step::Start(by) => ticket::start(domain, who(by), &target).await.map(drop),
        Step::Dispatch(by, team, task) => {
            let input = Dispatch {
                team: people.teams[team],
                task: (*task).to_owned(),
                due_at: None,
                appointment: None,
            };
            let (_, order) = ticket::dispatch(domain, who(by), &target, input, None).await?;
            matter.order = Some(order.id);
            Ok(())
        }
        Step::Take(by) => match matter.order {
            Some(order) => ticket::take(domain, who(by), order, None).await.map(drop),
            None => Ok(()),
        },
        Step::Finish(by, result) => match matter.order {
            Some(order) => {
                let report = Report { result: (*result).to_owned(), ..Report::default() };
                ticket::finish(domain, who(by), order, None, report).await.map(drop)
            }
            None => Ok(()),
        },
        Step::Hold(by, reason, days) => {
            let resume_at = domain.clock().now() + TimeDelta::days(*days);
            let hold = Hold { reason: *reason, resume_at, note: None };
            ticket::hold(domain, who(by), &target, hold).await.map(drop)
        }
        Step::Resolve(by, done) => {
            ticket::resolve(domain, who(by), &target, done, Given::default()).await.map(drop)
        }
        Step::Answer(by, answer) => ticket::answer(domain, who(by), &target, answer).await.map(drop),
        Step::Say(by, words) => {
            ticket::comment(domain, who(by), &target, words, Visibility::Public, Given::default(), None)
                .await
                .map(drop)
        }
        Step::Note(by, words) => {
            ticket::comment(domain, who(by), &target, words, Visibility::Internal, Given::default(), None)
                .await
                .map(drop)
        }
        Step::Hurry(by) => ticket::hurry(domain, who(by), &target, None).await.map(drop),
        Step::Escalate(by, reason) => ticket::escalate(domain, who(by), &target, reason).await.map(drop),
        Step::Confirm(by, stars, comment) => {
            let rating = Rating { stars: *stars, comment: Some((*comment).to_owned()) };
            ticket::confirm(domain, who(by), &target, Some(rating)).await.map(drop)
        }
        Step::CallBack(by, stars) => {
            let rating = Some(Rating { stars: *stars, comment: None });
            let call = CalledBack { outcome: CallBack::Satisfied, note: None, rating, reopen: false };
            ticket::call_back(domain, who(by), &target, call).await.map(drop)
        }
        Step::Reopen(by, reason) => ticket::reopen(domain, who(by), &target, reason).await.map(drop),
        Step::Reject(by, reply) => ticket::reject(domain, who(by), &target, reply).await.map(drop),
    }
}
