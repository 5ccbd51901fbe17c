//! The register as one sheet: each row a person in a unit; a unit, building or person alone where there is no more to
//! say. A community's hours and clocks are settings and are not in it; nor are staff, teams and posts.

mod export;
mod import;
mod people;
mod row;

use std::path::Path;

use crate::base::Scope;
use crate::domain::Domain;

use super::column::Layout;
use super::places::Places;
use super::refusal::{Refused, Why};
use super::report::Report;
use super::{ExchangeError, Import, Of, Progress, sheet};
use crate::domain::audit::Action;
use import::Import as Importing;
use row::Row;

pub(super) use export::communities;
pub use export::export;
pub(super) use row::{COLUMNS, REFERENCE_MAX, columns, of_source, read_code};

/// Imports the register. What is there already is changed where the row says something else, and never doubled.
///
/// # Errors
/// When the file as a whole cannot be read, or the database fails. Refused rows are no error: the report tells them.
pub async fn import(
    domain: &Domain,
    scope: &Scope,
    file: &Path,
    options: &Import,
    mut progress: impl FnMut(Progress),
) -> Result<Report, ExchangeError> {
    let mut incoming = sheet::open(file, options.sheet.as_deref()).await?;
    let layout = Layout::read(std::mem::take(&mut incoming.headers), COLUMNS, &options.map, options.language)
        .map_err(ExchangeError::File)?;
    check_columns(&layout, options)?;
    let places = Places::new(domain, scope, options.map.time_zone.unwrap_or(options.time_zone));
    let mut import = Importing {
        domain,
        scope,
        layout: &layout,
        now: domain.clock().now(),
        places,
        community: options.community.clone(),
        may_make_communities: true,
        report: Report::default(),
    };
    let mut tx = domain.begin().await?;
    while let Some(batch) = incoming.next().await? {
        let mut rows = Vec::with_capacity(batch.len());
        for raw in &batch {
            import.report.rows += 1;
            match Row::read(&layout, raw, options.map.source.as_deref(), options.language) {
                Ok(row) => rows.push(row),
                Err(refused) => import.report.refuse(refused),
            }
        }
        import.batch(&tx, rows).await?;
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
    import.report.written = !options.dry_run && (options.partial || import.report.refused_rows == 0);
    if import.report.written {
        Of::Register.note(domain, &tx, Action::Imported, import.report.rows).await?;
        tx.commit().await?;
    }
    Ok(import.report.sorted())
}

fn check_columns(layout: &Layout, options: &Import) -> Result<(), ExchangeError> {
    let missing = |key: &str| {
        let column = COLUMNS.iter().find(|column| column.key == key);
        column.map(|column| column.name(options.language)).unwrap_or_default().to_owned()
    };
    if !layout.has("community") && options.community.is_none() {
        return Err(Refused::file(Why::NoCommunity { code: String::new() }).into());
    }
    if !["building", "unit", "occupant", "community_name"].iter().any(|key| layout.has(key)) {
        return Err(Refused::file(Why::MissingColumn { names: missing("unit") }).into());
    }
    Ok(())
}
