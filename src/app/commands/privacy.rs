//! `concierge privacy`: hands out or erases what is kept of one person.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::Path;

use super::{AppError, open, print};
use crate::base::{Clock, Id, Kind};
use crate::cli::{Privacy, Reason as Given, Whose};
use crate::config::Config;
use crate::domain::audit::By;
use crate::domain::privacy::{self, Erased, Reason, Subject};

pub(super) async fn carry_out(config: &Config, command: &Privacy) -> Result<(), AppError> {
    match command {
        Privacy::Export { whose, out } => export(config, whose, out.as_deref()).await,
        Privacy::Erase { whose, reason, dry_run } => {
            let whose = subject(whose)?;
            let opened = open(config, Clock::system()).await?;
            let erased = privacy::erase(&opened.domain, whose, (*reason).into(), *dry_run).await?;
            print(|out| write_counts(out, &erased, *dry_run))
        }
        Privacy::Replay => {
            // It is done as the database is opened.
            open(config, Clock::system()).await?;
            print(|out| writeln!(out, "the database has all that the ledger of erasures has"))
        }
    }
}

async fn export(config: &Config, whose: &Whose, out: Option<&Path>) -> Result<(), AppError> {
    let whose = subject(whose)?;
    let opened = open(config, Clock::system()).await?;
    let document = privacy::export(&opened.domain, By::System("COMMAND_LINE"), whose).await?;
    let text = format!("{document:#}\n");
    match out {
        Some(path) => write_new(path, &text)
            .map_err(|cause| AppError::Io { what: format!("cannot write {}", path.display()), cause }),
        None => print(|out| out.write_all(text.as_bytes())),
    }
}

/// For its owner alone, and never over another file.
fn write_new(path: &Path, text: &str) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

fn subject(whose: &Whose) -> Result<Subject, AppError> {
    match (&whose.occupant, &whose.staff) {
        (Some(id), _) => Ok(Subject::Occupant(read("--occupant", id)?)),
        (None, Some(id)) => Ok(Subject::Staff(read("--staff", id)?)),
        (None, None) => Err(AppError::Other("name a person: --occupant or --staff".to_owned())),
    }
}

fn read<K: Kind>(flag: &str, given: &str) -> Result<Id<K>, AppError> {
    Id::parse(given).map_err(|error| AppError::Other(format!("{flag}: {error}")))
}

fn write_counts(out: &mut impl Write, erased: &Erased, dry_run: bool) -> io::Result<()> {
    writeln!(out, "{}", if dry_run { "this would be erased:" } else { "erased:" })?;
    erased
        .iter()
        .filter(|(_, count)| **count > 0)
        .try_for_each(|(what, count)| writeln!(out, "  {count} {what}"))
}

impl From<Given> for Reason {
    fn from(given: Given) -> Self {
        match given {
            Given::OwnRequest => Self::OwnRequest,
            Given::NoLongerNeeded => Self::NoLongerNeeded,
            Given::TakenByMistake => Self::TakenByMistake,
            Given::Ordered => Self::Ordered,
        }
    }
}
