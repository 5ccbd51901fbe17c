//! Works on the imports and exports that were asked for as tasks: one at a time a gateway, whichever takes it first.

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use super::spool::{Spool, tidy};
use super::task::sight;
use super::{
    Between, ExchangeError, Export, Format, Import, Map, Of, OutError, Progress, Report, Stage, Watch, Who,
    export, import, read_map,
};
use crate::domain::audit::By;
use crate::domain::transfer::{
    self, Claimed, Ended, ExportTask, Failure, ImportTask, Lease, Reached, State, Task, Told,
};
use crate::domain::{Community, Domain, Error, Role, Tx, Viewer, find, viewer};

/// How often whoever watches is told; the rows themselves are counted more often.
const TELL_EVERY: Duration = Duration::from_secs(1);

/// How a gateway works on imports and exports.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How often it looks for those that another gateway has put down, or let lie.
    pub every: Duration,
    /// How long it may be silent.
    pub lease: Lease,
    /// Where files lie meanwhile.
    pub folder: PathBuf,
}

/// Works on what is asked for, until `shutdown`. What is under way then is given back, to be begun anew.
pub async fn work(domain: Domain, settings: Settings, shutdown: CancellationToken) {
    if let Err(error) = tidy(&domain, &settings.folder).await {
        tracing::warn!(%error, "what a gateway that was killed left of imports and exports could not be removed");
    }
    let mut look = interval(settings.every);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = domain.transfer_asked_for() => {}
            _ = look.tick() => {}
        }
        while !shutdown.is_cancelled() {
            match transfer::claim(&domain, settings.lease).await {
                Ok(Some(claimed)) => do_one(&domain, &settings, &claimed, &shutdown).await,
                Ok(None) => break,
                Err(error) => {
                    tracing::warn!(%error, "imports and exports could not be looked for; trying again");
                    break;
                }
            }
        }
    }
}

/// Does one, or gives it back. Whatever fails here, another gateway takes it once the lease is over.
async fn do_one(domain: &Domain, settings: &Settings, claimed: &Claimed, shutdown: &CancellationToken) {
    let done = tokio::select! {
        biased;
        () = shutdown.cancelled() => transfer::give_back(domain, claimed, false).await,
        done = Box::pin(run(domain, settings, claimed)) => done,
    };
    if let Err(error) = done {
        tracing::warn!(%error, id = %claimed.row.id, "an import or export waits to be begun again");
    }
}

async fn run(domain: &Domain, settings: &Settings, claimed: &Claimed) -> Result<(), Error> {
    let viewer = viewer::load(domain, claimed.row.account_id).await?;
    let Some(viewer) = viewer.filter(|viewer| transfer::may_now(viewer, &claimed.row)) else {
        return transfer::end(domain, None, claimed, Ended::failed(Failure::Rights)).await;
    };
    let one = One { domain, settings, claimed, viewer: &viewer };
    let ended = match one.run().await {
        Ok(ended) => ended,
        Err(ExchangeError::File(refused)) => {
            let report = Report { refused_rows: 1, refused, ..Report::default() };
            Ended { refused_rows: 0, ..report.ended(domain, claimed.row.id) }
        }
        Err(ExchangeError::Stopped) => Ended::of(State::Cancelled),
        Err(ExchangeError::Out(OutError::TooManyRows)) => Ended::failed(Failure::TooManyRows),
        Err(ExchangeError::Domain(error @ (Error::Unavailable(_) | Error::Files(_)))) => {
            tracing::warn!(%error, id = %claimed.row.id, "an import or export could not go on");
            return transfer::give_back(domain, claimed, true).await;
        }
        Err(error) => {
            tracing::error!(%error, id = %claimed.row.id, "an import or export failed");
            Ended::failed(Failure::Fault)
        }
    };
    transfer::end(domain, Some(&viewer), claimed, ended).await
}

/// One import or export, and who asked for it.
struct One<'a> {
    domain: &'a Domain,
    settings: &'a Settings,
    claimed: &'a Claimed,
    viewer: &'a Viewer,
}

impl One<'_> {
    async fn run(&self) -> Result<Ended, ExchangeError> {
        let row = &self.claimed.row;
        let community = match row.community_id {
            Some(id) => find::communities(self.domain, self.viewer, &[id]).await?.remove(&id),
            None => None,
        };
        match serde_json::from_value(row.task.clone()) {
            Ok(Task::Import(task)) => self.import(task, community).await,
            Ok(Task::Export(task)) => self.export(&task, community).await,
            Err(error) => {
                tracing::error!(%error, id = %row.id, "a later release asked for this");
                Ok(Ended::failed(Failure::Fault))
            }
        }
    }

    fn who<'a>(&'a self, scope: &'a crate::base::Scope) -> Who<'a> {
        let row = &self.claimed.row;
        Who {
            scope,
            by: By::Viewer(self.viewer),
            community: row.community_id,
            transfer: Some(row.id),
            may_make_communities: row.community_id.is_none() && self.viewer.holds_in_group(&[Role::Admin]),
        }
    }

    async fn import(&self, task: ImportTask, community: Option<Community>) -> Result<Ended, ExchangeError> {
        let (domain, row) = (self.domain, &self.claimed.row);
        let of = Of::from(row.content);
        // It was read when it was asked for.
        let map = task.map.as_deref().map_or_else(|| Ok(Map::default()), |text| read_map(text, of));
        let Ok(map) = map else { return Ok(Ended::failed(Failure::Fault)) };
        let Some(blob) = transfer::input(domain, self.claimed).await? else {
            tracing::error!(id = %row.id, "the file of an import is not in the store");
            return Ok(Ended::failed(Failure::Fault));
        };
        let spool = Spool::new(&self.settings.folder, self.claimed).await.map_err(Error::from)?;
        spool.fill(blob).await.map_err(Error::from)?;
        let options = Import {
            map,
            sheet: task.sheet,
            community: community.map(|community| community.code),
            mode: task.keeps.into(),
            clocks_from: task.clocks_from,
            language: row.language.into(),
            time_zone: domain.time_zone(),
        };
        let scope = sight(self.viewer, row.community_id);
        let report = import(domain, of, self.who(&scope), spool.path(), &options, self.telling()).await?;
        Ok(report.ended(domain, row.id))
    }

    async fn export(&self, task: &ExportTask, community: Option<Community>) -> Result<Ended, ExchangeError> {
        let (domain, row) = (self.domain, &self.claimed.row);
        let of = Of::from(row.content);
        let spool = Spool::new(&self.settings.folder, self.claimed).await.map_err(Error::from)?;
        let code = community.map(|community| community.code);
        let options = Export {
            community: code.clone(),
            format: task.format.into(),
            language: row.language.into(),
            time_zone: domain.time_zone(),
            between: Between { from: task.from, until: task.until },
        };
        let who = self.who(&self.viewer.scope);
        let rows = export(domain, of, who, spool.path(), &options, self.telling()).await?;
        let bytes = transfer::put_result(domain, self.claimed, spool.path()).await?;
        let name = file_name(of, code.as_deref(), options.format);
        Ok(Ended { rows, written: true, result: Some((name, bytes)), ..Ended::of(State::Done) })
    }

    fn telling(&self) -> Telling<'_> {
        Telling { domain: self.domain, claimed: self.claimed, last: None }
    }
}

/// What a file that was written is called.
fn file_name(of: Of, community: Option<&str>, format: Format) -> String {
    let what = match of {
        Of::Register => "register",
        Of::Tickets => "tickets",
    };
    let ending = match format {
        Format::Csv => "csv",
        Format::Xlsx => "xlsx",
    };
    let place = community.map(|code| format!("-{code}")).unwrap_or_default();
    format!("{what}{place}.{ending}")
}

/// Says how far it is: with each batch that is written, and once a second otherwise.
struct Telling<'a> {
    domain: &'a Domain,
    claimed: &'a Claimed,
    /// When, and of which stage, was last told loudly.
    last: Option<(Instant, Stage)>,
}

impl Watch for Telling<'_> {
    async fn tell(&mut self, progress: Progress, within: Option<&Tx<'_>>) -> Result<ControlFlow<()>, Error> {
        let is_new = |(at, stage): &(Instant, Stage)| *stage != progress.stage || at.elapsed() >= TELL_EVERY;
        let loud = self.last.as_ref().is_none_or(is_new);
        if within.is_none() && !loud {
            return Ok(ControlFlow::Continue(()));
        }
        let Progress { stage, done, about, refused } = progress;
        let reached = Reached { stage: stage.into(), done, about, refused };
        let told = self.claimed.tell(self.domain, within, reached, loud).await?;
        if loud {
            self.last = Some((Instant::now(), stage));
        }
        Ok(match told {
            Told::GoOn => ControlFlow::Continue(()),
            Told::Stop => ControlFlow::Break(()),
        })
    }
}
