//! Walks the rounds and makes the spot checks, each step by whoever does it.

use chrono::{DateTime, Days, TimeDelta, Utc};

use super::life::Living;
use super::matters::ZONE;
use super::places::SITES;
use super::rounds::{CHECKPOINTS, Check, Finding, Subject, TIMES_A_WEEK, first_patrol};
use crate::base::id::SpotCheckId;
use crate::domain::attachment::Given;
use crate::domain::inspection::finding::{self, Found};
use crate::domain::inspection::{CheckResult, Passed, Walked, checkpoint, plan, spot_check, sync};
use crate::domain::ticket::Kind;
use crate::domain::{Result, find};

/// What is still to come of a spot check, each with how long after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    Made,
    Published,
    Rectified,
    Confirmed,
}

impl Stage {
    pub(super) const ALL: [(Self, TimeDelta); 4] = [
        (Self::Made, TimeDelta::zero()),
        (Self::Published, TimeDelta::hours(5)),
        (Self::Rectified, TimeDelta::days(4)),
        (Self::Confirmed, TimeDelta::days(6)),
    ];
}

impl Living<'_> {
    /// Hangs up the codes and says how often each building is owed a patrol.
    pub(super) async fn plan_rounds(&self, now: DateTime<Utc>) -> Result<()> {
        let domain = &self.estate.domain;
        let today = self.estate.clock.now().with_timezone(&ZONE).date_naive();
        for building in &self.places.buildings {
            let assistant = self.people.at(building.site, building.assistant).id;
            let giver = &self.people.at(building.site, "supervisor").viewer;
            for (position, place) in (0..).zip(CHECKPOINTS) {
                let code = code(building.site, building.name, place);
                let input = checkpoint::New {
                    building: building.id,
                    unit: None,
                    code,
                    place: place.to_owned(),
                    position,
                };
                checkpoint::create(domain, giver, input, None).await?;
            }
            let input = plan::New {
                building: building.id,
                times_a_week: TIMES_A_WEEK,
                staff: Some(assistant),
                from_on: Some(first_patrol(building.site, now).max(today)),
            };
            plan::create(domain, giver, input, None).await?;
        }
        Ok(())
    }

    /// Walks a round; the phone sends it at its end.
    pub(super) async fn walk(&mut self, at: usize) -> Result<()> {
        let (round, domain) = (&self.rounds[at], &self.estate.domain);
        let building = &self.places.buildings[round.building];
        let walker = &self.people.at(building.site, building.assistant).viewer;
        let started_at = round.at - TimeDelta::minutes(round.minutes);
        let steps = (1..).zip(&CHECKPOINTS[..round.passed]).map(|(nth, place)| Passed {
            code: code(building.site, building.name, place),
            at: started_at + TimeDelta::minutes(3 * nth),
        });
        let walked = Walked {
            client_id: format!("{}-{at}", SITES[building.site].code),
            patrol: None,
            building: building.id,
            started_at,
            finished_at: round.at,
            remarks: round.remarks.map(str::to_owned),
            steps: steps.collect(),
            findings: round.finding.iter().map(|finding| (round.at, self.found(finding))).collect(),
        };
        let patrol = sync(domain, walker, walked, None).await?;
        let Some(finding) = &round.finding else { return Ok(()) };
        let matter = finding.matter;
        let found = find::findings_of_patrols(domain, walker, &[patrol.id]).await?.remove(&patrol.id);
        for row in found.unwrap_or_default() {
            self.findings.insert(at, row.id);
            if let Some((matter, ticket)) = matter.zip(row.ticket_id) {
                self.begin(matter, ticket);
            }
        }
        Ok(())
    }

    fn found(&self, finding: &Finding) -> Found {
        Found {
            what: finding.what.to_owned(),
            severity: finding.severity,
            unit: None,
            place: Some(finding.place.to_owned()),
            mended_on_spot: finding.matter.is_none(),
            kind: Kind::Repair,
            category: self.places.categories.get(finding.category).copied(),
            photos: Given::default(),
        }
    }

    /// The supervisor looks again at what a round came across.
    pub(super) async fn look_again(&mut self, at: usize) -> Result<()> {
        let Some(id) = self.findings.get(&at).copied() else { return Ok(()) };
        let site = self.places.buildings[self.rounds[at].building].site;
        let looks = &self.people.at(site, "supervisor").viewer;
        finding::check(&self.estate.domain, looks, id, None, CheckResult::Mended, None).await.map(drop)
    }

    /// One stage of a spot check. A good one is told as it is; a poor one asks for something within a week.
    pub(super) async fn inspect(&mut self, at: usize, stage: Stage) -> Result<()> {
        let (check, domain) = (&self.checks[at], &self.estate.domain);
        let by = &self.people.at(check.site, check.by).viewer;
        if stage == Stage::Made {
            let made = self.make(check).await?;
            self.made.insert(at, made);
            return Ok(());
        }
        let Some(id) = self.made.get(&at).copied() else { return Ok(()) };
        let Some((who, how)) = check.rectified else { return Ok(()) };
        match stage {
            Stage::Made => Ok(()),
            Stage::Published => {
                let by_day = self.estate.clock.now().with_timezone(&ZONE).date_naive() + Days::new(7);
                spot_check::publish(domain, by, id, None, Some(by_day)).await.map(drop)
            }
            Stage::Rectified => {
                let mends = &self.people.at(check.site, who).viewer;
                spot_check::rectify(domain, mends, id, None, how, Given::default()).await.map(drop)
            }
            Stage::Confirmed => spot_check::confirm(domain, by, id, None).await.map(drop),
        }
    }

    async fn make(&self, check: &Check) -> Result<SpotCheckId> {
        let subject = match check.subject {
            Subject::Building(at) => spot_check::Subject::Building(self.places.buildings[at].id, None),
            Subject::Team(name) => spot_check::Subject::Team(self.people.teams[&(check.site, name)]),
        };
        let by = &self.people.at(check.site, check.by).viewer;
        let made = spot_check::create(
            &self.estate.domain,
            by,
            subject,
            check.score,
            check.remarks,
            Given::default(),
            None,
        )
        .await?;
        Ok(made.id)
    }
}

/// When each stage of a spot check comes.
pub(super) fn stages(check: &Check) -> impl Iterator<Item = (DateTime<Utc>, Stage)> {
    let stages = if check.rectified.is_some() { Stage::ALL.len() } else { 1 };
    Stage::ALL.into_iter().take(stages).map(|(stage, after)| (check.at + after, stage))
}

fn code(site: usize, building: &str, place: &str) -> String {
    format!("{}-{building}-{place}", SITES[site].code)
}
