//! Tickets as one sheet, a row a ticket. What is imported is history: it makes no events of the feed, is never changed
//! by a second import, and what is still open starts its clocks anew.

mod export;
mod history;
mod import;
mod people;
mod row;

use std::path::Path;

use chrono::{DateTime, Utc};

use super::column::Layout;
use super::places::Places;
use super::refusal::{Refused, Why};
use super::report::Report;
use super::{ExchangeError, Import, Of, Progress, sheet};
use crate::base::Scope;
use crate::domain::Domain;
use crate::domain::audit::Action;
use import::Import as Importing;
use people::Known;
use row::Row;

pub use export::{Between, export};
pub(super) use row::COLUMNS;

/// Imports tickets. Those that are there already stay as they are.
///
/// # Errors
/// When the file as a whole cannot be read, or the database fails. Refused rows are no error: the report tells them.
pub async fn import(
    domain: &Domain,
    scope: &Scope,
    file: &Path,
    options: &Import,
    clocks_from: Option<DateTime<Utc>>,
    mut progress: impl FnMut(Progress),
) -> Result<Report, ExchangeError> {
    let mut incoming = sheet::open(file, options.sheet.as_deref()).await?;
    let layout = Layout::read(std::mem::take(&mut incoming.headers), COLUMNS, &options.map, options.language)
        .map_err(ExchangeError::File)?;
    check_columns(&layout, options)?;
    let now = domain.clock().now();
    let mut tx = domain.begin().await?;
    let mut import = Importing {
        domain,
        scope,
        layout: &layout,
        options,
        now,
        clocks_from: clocks_from.unwrap_or(now),
        places: Places::new(domain, scope, options.map.time_zone.unwrap_or(options.time_zone)),
        known: Known::load(domain, scope, &options.map, &tx.db).await?,
        links: Vec::new(),
        report: Report::default(),
    };
    while let Some(batch) = incoming.next().await? {
        let mut rows = Vec::with_capacity(batch.len());
        for raw in &batch {
            import.report.rows += 1;
            match Row::read(&layout, raw, options.map.source.as_deref(), options.language) {
                Ok(row) => rows.push(row),
                Err(refused) => import.report.refuse(refused),
            }
        }
        import.batch(&tx.db, rows).await?;
        progress(Progress {
            done: import.report.rows,
            about: incoming.about,
            refused: import.report.refused_rows,
        });
        if options.partial && !options.dry_run {
            tx.commit().await?;
            tx = domain.begin().await?;
        }
    }
    import.link(&tx.db).await?;
    import.report.written = !options.dry_run && (options.partial || import.report.refused_rows == 0);
    if import.report.written {
        Of::Tickets.note(domain, &tx, Action::Imported, import.report.rows).await?;
        tx.commit().await?;
    }
    Ok(import.report.sorted())
}

fn check_columns(layout: &Layout, options: &Import) -> Result<(), ExchangeError> {
    if !layout.has("community") && options.community.is_none() {
        return Err(Refused::file(Why::NoCommunity { code: String::new() }).into());
    }
    let either = layout.has("number") || layout.has("external_ref");
    let needed = ["kind", "description", "created_at"].into_iter().filter(|key| !layout.has(key));
    let missing = needed.chain((!either).then_some("external_ref")).collect::<Vec<_>>();
    if missing.is_empty() {
        return Ok(());
    }
    let name = |key: &&str| {
        let column = COLUMNS.iter().find(|column| column.key == *key);
        column.map(|column| column.name(options.language)).unwrap_or_default()
    };
    let names = missing.iter().map(name).collect::<Vec<_>>();
    let names = names.join(options.language.pick("、", ", "));
    Err(Refused::file(Why::MissingColumn { names }).into())
}
