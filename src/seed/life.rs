//! Lives through it all in the order of time, each step by whoever does it, while the clock does its own.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::inspections::{self, Stage};
use super::matters::{By, Matter};
use super::people::People;
use super::places::Places;
use super::rounds::{Check, Round};
use super::story::Step;
use super::{Estate, Life, month_of};
use crate::base::id::{FindingId, SpotCheckId, TicketId, WorkOrderId};
use crate::domain::attachment::Given;
use crate::domain::ticket::{
    self, Appointment, CallBack, CalledBack, Channel, Dispatch, File, Hold, Place, Rating, Report, Reporter,
    Target,
};
use crate::domain::{AppointmentOutcome, Result, Viewer, Visibility};

/// A life under way.
pub(super) struct Living<'a> {
    pub(super) estate: &'a Estate,
    pub(super) places: &'a Places,
    pub(super) people: &'a People,
    pub(super) matters: Vec<Matter>,
    pub(super) rounds: Vec<Round>,
    pub(super) checks: Vec<Check>,
    begun: HashMap<usize, Begun>,
    pub(super) findings: HashMap<usize, FindingId>,
    pub(super) made: HashMap<usize, SpotCheckId>,
}

/// What has become of a matter so far.
struct Begun {
    ticket: TicketId,
    order: Option<Ordered>,
}

/// A work order, and until when somebody is expected.
#[derive(Clone, Copy)]
struct Ordered {
    id: WorkOrderId,
    until: Option<DateTime<Utc>>,
}

/// What comes next. Of two things at the same moment the one that stands first here comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Due {
    Walk(usize),
    File(usize),
    Step(usize, usize),
    LookAgain(usize),
    Inspect(usize, Stage),
    Clock,
}

/// How often the clock is looked at, in the last days and before.
const TICKS: (TimeDelta, TimeDelta) = (TimeDelta::hours(3), TimeDelta::hours(24));

/// What a life is made of.
pub(super) struct Script {
    pub(super) matters: Vec<Matter>,
    pub(super) rounds: Vec<Round>,
    pub(super) checks: Vec<Check>,
}

/// Lives until `now`; what would come later does not happen.
pub(super) async fn live(
    estate: &Estate,
    (places, people): (&Places, &People),
    script: Script,
    life: Life,
    now: DateTime<Utc>,
    tell: impl Fn(NaiveDate),
) -> Result<()> {
    let Script { matters, rounds, checks } = script;
    let (begun, findings, made) = (HashMap::new(), HashMap::new(), HashMap::new());
    let mut living = Living { estate, places, people, matters, rounds, checks, begun, findings, made };
    living.plan_rounds(now).await?;
    let mut month = NaiveDate::MIN;
    for (at, due) in living.plan(life, now) {
        if month < month_of(at) {
            month = month_of(at);
            tell(month);
        }
        estate.clock.advance(at - estate.clock.now());
        living.come_to(due).await?;
    }
    estate.clock.advance(now - estate.clock.now());
    living.come_to(Due::Clock).await
}

impl Living<'_> {
    /// All that happens within the life, in the order of time.
    fn plan(&self, life: Life, now: DateTime<Utc>) -> Vec<(DateTime<Utc>, Due)> {
        let mut due = Vec::new();
        for (index, matter) in self.matters.iter().enumerate() {
            if matter.by != By::Patrol {
                due.push((matter.at, Due::File(index)));
            }
            let steps = matter.then.iter().enumerate();
            due.extend(
                steps.map(|(step, (after, _))| {
                    (matter.at + TimeDelta::minutes(*after), Due::Step(index, step))
                }),
            );
        }
        for (index, round) in self.rounds.iter().enumerate() {
            due.push((round.at, Due::Walk(index)));
            let again = round.finding.as_ref().and_then(|finding| finding.checked_at);
            due.extend(again.map(|at| (at, Due::LookAgain(index))));
        }
        for (index, check) in self.checks.iter().enumerate() {
            due.extend(inspections::stages(check).map(|(at, stage)| (at, Due::Inspect(index, stage))));
        }
        let mut tick = life.begins(now);
        while tick < now {
            due.push((tick, Due::Clock));
            tick += if now - tick < TimeDelta::days(2) { TICKS.0 } else { TICKS.1 };
        }
        due.retain(|(at, _)| life.begins(now) <= *at && *at < now);
        due.sort();
        due
    }

    async fn come_to(&mut self, due: Due) -> Result<()> {
        match due {
            Due::File(matter) => self.file(matter).await,
            Due::Step(matter, step) => Box::pin(self.act(matter, step)).await,
            Due::Walk(round) => Box::pin(self.walk(round)).await,
            Due::LookAgain(round) => self.look_again(round).await,
            Due::Inspect(check, stage) => self.inspect(check, stage).await,
            Due::Clock => ticket::run_due(&self.estate.domain).await.map(drop),
        }
    }

    /// Notes that a matter has become a ticket.
    pub(super) fn begin(&mut self, matter: usize, ticket: TicketId) {
        self.begun.insert(matter, Begun { ticket, order: None });
    }

    async fn file(&mut self, at: usize) -> Result<()> {
        let matter = &self.matters[at];
        let channel = match matter.by {
            By::Staff(_, channel) => channel,
            By::Reporter | By::Patrol => Channel::App,
        };
        let input = File {
            kind: matter.kind,
            channel,
            description: matter.words.clone(),
            category: self.places.categories.get(matter.category).copied(),
            priority: None,
            place: Place {
                community: Some(self.places.communities[matter.site]),
                building: matter.building,
                unit: matter.unit,
                words: matter.place.clone(),
            },
            reporter: Reporter {
                occupant: matter.reporter.map(|one| self.people.residents[one].id),
                ..Reporter::default()
            },
            about_staff: matter.about.map(|login| self.people.at(matter.site, login).id),
            about_team: None,
            about_unit: None,
            previous: None,
            attachments: Given::default(),
        };
        let by = match matter.by {
            By::Staff(login, _) => self.staff(matter, login),
            By::Reporter | By::Patrol => self.reporter(matter),
        };
        let ticket = ticket::file(&self.estate.domain, by, input, None).await?.id;
        self.begin(at, ticket);
        Ok(())
    }

    fn staff(&self, matter: &Matter, login: &str) -> &Viewer {
        &self.people.at(matter.site, login).viewer
    }

    /// The reporter, or the desk on behalf of one without the app.
    fn reporter(&self, matter: &Matter) -> &Viewer {
        let own = matter.reporter.and_then(|one| self.people.residents[one].viewer.as_ref());
        own.unwrap_or_else(|| self.staff(matter, "desk"))
    }

    async fn act(&mut self, at: usize, step: usize) -> Result<()> {
        let matter = &self.matters[at];
        let Some(Begun { ticket, order }) = self.begun.get(&at) else { return Ok(()) };
        let (domain, order) = (&self.estate.domain, *order);
        let target = Target { id: *ticket, expected_version: None, field: "input.id".into() };
        let who = |login: &str| self.staff(matter, login);
        let own = self.reporter(matter);
        match matter.then[step].1 {
            Step::Acknowledge(by) => ticket::acknowledge(domain, who(by), &target).await.map(drop),
            Step::Assign(by, owner) => {
                let owner = self.people.at(matter.site, owner).id;
                ticket::assign(domain, who(by), &target, owner).await.map(drop)
            }
            Step::Start(by) => ticket::start(domain, who(by), &target).await.map(drop),
            Step::Dispatch(by, team, task) => self.dispatch(at, by, (team, task), None).await,
            Step::Appoint(by, team, task, from, to) => {
                let on = |after| matter.at + TimeDelta::minutes(after);
                let appointment = Appointment { from: on(from), to: on(to) };
                self.dispatch(at, by, (team, task), Some(appointment)).await
            }
            Step::Take(by) => match order {
                Some(order) => ticket::take(domain, who(by), order.id, None).await.map(drop),
                None => Ok(()),
            },
            Step::Finish(by, result) => match order {
                Some(order) => {
                    let report = self.report(order, result);
                    ticket::finish(domain, who(by), order.id, None, report).await.map(drop)
                }
                None => Ok(()),
            },
            Step::Hold(by, reason, days) => {
                let resume_at = domain.clock().now() + TimeDelta::days(days);
                let hold = Hold { reason, resume_at, note: None };
                ticket::hold(domain, who(by), &target, hold).await.map(drop)
            }
            Step::Resolve(by, done) => {
                ticket::resolve(domain, who(by), &target, done, Given::default()).await.map(drop)
            }
            Step::Answer(by, answer) => ticket::answer(domain, who(by), &target, answer).await.map(drop),
            Step::Say(by, words) => self.say(who(by), &target, words, Visibility::Public).await,
            Step::Note(by, words) => self.say(who(by), &target, words, Visibility::Internal).await,
            Step::Hurry => ticket::hurry(domain, own, &target, None).await.map(drop),
            Step::Escalate(by, reason) => ticket::escalate(domain, who(by), &target, reason).await.map(drop),
            Step::MarkMajor(by, why) => ticket::mark_major(domain, who(by), &target, why).await.map(drop),
            Step::Receipt(by) => ticket::receipt(domain, who(by), &target).await.map(drop),
            Step::Confirm(stars, comment) => {
                let rating = Rating { stars, comment: Some(comment.to_owned()) };
                ticket::confirm(domain, own, &target, Some(rating)).await.map(drop)
            }
            Step::CallBack(by, stars) => {
                let outcome = if stars > 2 { CallBack::Satisfied } else { CallBack::Unsatisfied };
                let rating = Some(Rating { stars, comment: None });
                let call = CalledBack { outcome, note: None, rating, reopen: false };
                ticket::call_back(domain, who(by), &target, call).await.map(drop)
            }
            Step::Unreachable(by) => {
                let call =
                    CalledBack { outcome: CallBack::Unreachable, note: None, rating: None, reopen: false };
                ticket::call_back(domain, who(by), &target, call).await.map(drop)
            }
            Step::CalledInVain(by, why) => {
                let note = Some(why.to_owned());
                let call = CalledBack { outcome: CallBack::Unsatisfied, note, rating: None, reopen: true };
                ticket::call_back(domain, who(by), &target, call).await.map(drop)
            }
            Step::Reopen(reason) => ticket::reopen(domain, own, &target, reason).await.map(drop),
            Step::Reject(by, reply) => ticket::reject(domain, who(by), &target, reply).await.map(drop),
            Step::Cancel(why) => ticket::cancel(domain, own, &target, Some(why)).await.map(drop),
            Step::Merge(by, main) => match self.begun.get(&main) {
                Some(main) => ticket::merge(domain, who(by), &target, main.ticket).await.map(drop),
                None => Ok(()),
            },
        }
    }

    async fn dispatch(
        &mut self,
        at: usize,
        by: &str,
        (team, task): (&'static str, &str),
        appointment: Option<Appointment>,
    ) -> Result<()> {
        let matter = &self.matters[at];
        let Some(begun) = self.begun.get(&at) else { return Ok(()) };
        let target = Target { id: begun.ticket, expected_version: None, field: "input.id".into() };
        let team = self.people.teams[&(matter.site, team)];
        let input = Dispatch { team, task: task.to_owned(), due_at: None, appointment };
        let by = self.staff(matter, by);
        let (_, order) = ticket::dispatch(&self.estate.domain, by, &target, input, None).await?;
        if let Some(begun) = self.begun.get_mut(&at) {
            begun.order = Some(Ordered { id: order.id, until: order.appointment_to });
        }
        Ok(())
    }

    /// What a worker reports; an appointment was kept when all was done soon after its end.
    fn report(&self, order: Ordered, result: &str) -> Report {
        let now = self.estate.clock.now();
        let kept = |until: DateTime<Utc>| match now <= until + TimeDelta::hours(1) {
            true => AppointmentOutcome::Kept,
            false => AppointmentOutcome::Missed,
        };
        Report { result: result.to_owned(), outcome: order.until.map(kept), attachments: Given::default() }
    }

    async fn say(&self, by: &Viewer, target: &Target, words: &str, seen: Visibility) -> Result<()> {
        let said = ticket::comment(&self.estate.domain, by, target, words, seen, Given::default(), None);
        said.await.map(drop)
    }
}
