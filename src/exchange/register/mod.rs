//! The register as one sheet: each row a person in a unit; a unit, building or person alone where there is no more to
//! say. A community's hours and clocks are settings and are not in it; nor are staff, teams and posts.

mod export;
mod import;
mod people;
mod row;

use std::collections::HashSet;

use super::column::Layout;
use super::places::Places;
use super::refusal::{Refused, Why};
use super::report::Report;
use super::run::{Job, Table};
use super::sheet::Raw;
use super::{Import as Options, Of};
use crate::domain::{self, Tx};
use crate::storage::Tried::{self, Empty, Filled};
use row::{Row, names_owners};

pub(super) use export::{communities, export};
pub(super) use import::Import;
pub(super) use row::{COLUMNS, REFERENCE_MAX, columns, of_source, read_code};

/// What can be said of a file by its header alone, and by what was asked for.
pub(super) fn check(layout: &Layout, options: &Options) -> Result<(), Refused> {
    if !layout.has("community") && options.community.is_none() {
        return Err(Refused::file(Why::NoCommunity { code: String::new() }));
    }
    let missing = |key| {
        let names = layout.name(key).unwrap_or_default().to_owned();
        Err(Refused::file(Why::MissingColumn { names }))
    };
    if !["building", "unit", "occupant", "community_name"].iter().any(|key| layout.has(key)) {
        return missing("unit");
    }
    // Whoever lists people beside units must say what they are there.
    let lists_people = layout.has("unit") && layout.has("occupant");
    if lists_people && !layout.has("occupancy") && !names_owners(layout) {
        return missing("occupancy");
    }
    Ok(())
}

impl<'a> Table<'a> for Import<'a> {
    const OF: Of = Of::Register;
    const WRITES: &'static [Tried] = &[
        Filled("community", &[]),
        Filled("building", &[]),
        Filled("entrance", &[]),
        Filled("unit", &[]),
        Filled("occupant", &["occupant_by_phone"]),
        Filled("occupancy", &["occupancy_by_unit", "occupancy_by_community"]),
        Filled("external_ref", &["external_ref_by_thing"]),
        Empty("search_text"),
        Empty("event"),
    ];
    type Row = Row;

    async fn begin(job: &'a Job<'a>, _: &Tx<'_>) -> domain::Result<Self> {
        Ok(Self {
            domain: job.domain,
            scope: job.who.scope,
            job,
            now: job.now,
            places: Places::new(job.domain, job.who.scope, job.options.zone()),
            named: HashSet::new(),
            report: Report::default(),
        })
    }

    fn read(job: &Job<'_>, raw: &Raw) -> Result<Row, Vec<Refused>> {
        Row::read(&job.layout, raw, job.options.map.source.as_deref(), job.options.language)
    }

    async fn batch(&mut self, tx: &Tx<'_>, rows: Vec<Row>) -> domain::Result<()> {
        self.write_batch(tx, rows).await
    }

    async fn end(&mut self, _: &Tx<'_>) -> domain::Result<()> {
        Ok(())
    }

    fn report(&mut self) -> &mut Report {
        &mut self.report
    }
}
