//! Tickets as one sheet, a row a ticket. What is imported is history: it makes no events of the feed, is never changed
//! by a second import, and what is still open starts its clocks anew.

mod export;
mod history;
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
use people::Known;
use row::Row;

pub use export::Between;
pub(super) use export::export;
pub(super) use import::Import;
pub(super) use row::COLUMNS;

/// What can be said of a file by its header alone, and by what was asked for.
pub(super) fn check(layout: &Layout, options: &Options) -> Result<(), Refused> {
    if !layout.has("community") && options.community.is_none() {
        return Err(Refused::file(Why::NoCommunity { code: String::new() }));
    }
    let either = layout.has("number") || layout.has("external_ref");
    let needed = ["kind", "description", "created_at"].into_iter().filter(|key| !layout.has(key));
    let missing = needed.chain((!either).then_some("external_ref")).collect::<Vec<_>>();
    if missing.is_empty() {
        return Ok(());
    }
    let names = missing.into_iter().filter_map(|key| layout.name(key)).collect::<Vec<_>>();
    let names = names.join(options.language.pick("、", ", "));
    Err(Refused::file(Why::MissingColumn { names }))
}

impl<'a> Table<'a> for Import<'a> {
    const OF: Of = Of::Tickets;
    const WRITES: &'static [Tried] = &[
        Filled("community", &[]),
        Filled("building", &[]),
        Filled("category", &[]),
        Filled("staff", &[]),
        Filled("team", &[]),
        Filled("ticket", &[]),
        Filled("ticket_counter", &[]),
        Filled("external_ref", &[]),
        Empty("ticket_event"),
        Empty("search_text"),
    ];
    type Row = Row;

    async fn begin(job: &'a Job<'a>, tx: &Tx<'_>) -> domain::Result<Self> {
        let (domain, scope, options) = (job.domain, job.who.scope, job.options);
        Ok(Self {
            domain,
            scope,
            layout: &job.layout,
            options,
            now: job.now,
            made: HashSet::new(),
            clocks_from: options.clocks_from.unwrap_or(job.now),
            places: Places::new(domain, scope, options.zone()),
            known: Known::load(domain, scope, &options.map, &tx.db).await?,
            links: Vec::new(),
            report: Report::default(),
        })
    }

    fn read(job: &Job<'_>, raw: &Raw) -> Result<Row, Vec<Refused>> {
        Row::read(&job.layout, raw, job.options.map.source.as_deref(), job.options.language)
    }

    async fn batch(&mut self, tx: &Tx<'_>, rows: Vec<Row>) -> domain::Result<()> {
        self.write_batch(tx, rows).await
    }

    async fn end(&mut self, tx: &Tx<'_>) -> domain::Result<()> {
        Ok(self.link(&tx.db).await?)
    }

    fn report(&mut self) -> &mut Report {
        &mut self.report
    }
}
