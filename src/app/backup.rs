//! `backup` and `restore`.

use std::path::Path;

use super::schema::Standing;
use super::{AppError, connect, migrate};
use crate::backup::{self, Backup, Copied, Kept};
use crate::base::Clock;
use crate::config::{Config, DatabaseUrl};
use crate::storage::{Database, epoch, unserved};

/// Copies what the gateway keeps into `folder`, while it serves.
pub(super) async fn make(config: &Config, folder: &Path) -> Result<Copied, AppError> {
    // Connecting would make an empty one.
    if let Some(file) = config.database.url.sqlite_file().filter(|file| !file.exists()) {
        return Err(AppError::Other(format!("there is no database at {}", file.display())));
    }
    let db = connect(config).await?;
    let steps = Standing::of(&db).await?.applied;
    let copied = backup::make(&db, &Clock::system(), steps, &kept(config), folder).await?;
    db.close().await?;
    Ok(copied)
}

/// Brings a backup back: what people attached, and SQLite's database into its empty place; PostgreSQL's must be back
/// already. Either begins a new life, so that every subscriber is told of the gap.
pub(super) async fn restore(config: &Config, folder: &Path) -> Result<Copied, AppError> {
    let (backup, mut copied) = (Backup::open(folder)?, Copied::default());
    let Some(file) = config.database.url.sqlite_file() else {
        backup.check_beside_postgres()?;
        put_in_order(config).await?;
        backup.copy_kept(&kept(config), &mut copied)?;
        return Ok(copied);
    };
    // One that serves has its database open even where it was moved away.
    let _unserved = unserved(file)?;
    let laid = backup.lay(file, &mut copied)?;
    let mut aside = config.clone();
    aside.database.url = DatabaseUrl::new(format!("sqlite://{}", laid.path().display()));
    put_in_order(&aside).await?;
    backup.copy_kept(&kept(config), &mut copied)?;
    laid.finish()?;
    Ok(copied)
}

/// A bucket has copies of its own.
fn kept(config: &Config) -> Kept {
    Kept {
        files: config.files.bucket().is_none().then(|| config.files_folder()),
        ledger: super::ledger(config),
    }
}

async fn put_in_order(config: &Config) -> Result<(), AppError> {
    let db = connect(config).await?;
    let ordered = begin_anew(&db).await;
    db.close().await?;
    ordered
}

async fn begin_anew(db: &Database) -> Result<(), AppError> {
    if Standing::of(db).await?.applied.is_empty() {
        let say =
            "the database is empty; bring it back first, for instance with pg_restore, and say this again";
        return Err(AppError::Other(say.to_owned()));
    }
    let clock = Clock::system();
    migrate(db, &clock).await?;
    Ok(epoch::begin(db.write(), clock.id(), clock.now()).await?)
}
