//! What is kept of an import or export that was asked for as a task, and what it means here.

use std::collections::BTreeMap;

use super::map::{Create, Map};
use super::refusal::{Column, Refused, Why};
use super::report::{Count, Noun};
use super::{Format, Language, Mode, Of, Report, Stage};
use crate::base::Scope;
use crate::base::id::{CommunityId, DataTransferId};
use crate::domain::transfer::{self, Content, DataTransferRefusal, Keeps};
use crate::domain::{Domain, Viewer};

impl From<Content> for Of {
    fn from(content: Content) -> Self {
        match content {
            Content::Register => Self::Register,
            Content::Tickets => Self::Tickets,
        }
    }
}

impl From<transfer::Language> for Language {
    fn from(language: transfer::Language) -> Self {
        match language {
            transfer::Language::Zh => Self::Chinese,
            transfer::Language::En => Self::English,
        }
    }
}

impl From<transfer::Format> for Format {
    fn from(format: transfer::Format) -> Self {
        match format {
            transfer::Format::Csv => Self::Csv,
            transfer::Format::Xlsx => Self::Xlsx,
        }
    }
}

impl From<Keeps> for Mode {
    /// A gateway serves meanwhile: nothing keeps others from writing for long.
    fn from(keeps: Keeps) -> Self {
        match keeps {
            Keeps::AllOrNothing => Self::Beside,
            Keeps::WhatIsSound => Self::Partial,
            Keeps::Nothing => Self::DryRun,
        }
    }
}

impl From<Stage> for transfer::Stage {
    fn from(stage: Stage) -> Self {
        match stage {
            Stage::Checking => Self::Checking,
            Stage::Writing => Self::Writing,
        }
    }
}

/// Whether a map lets things be made that take more than the right to import: all but buildings.
#[must_use]
pub fn makes_more(map: &Map) -> bool {
    map.create.iter().any(|what| *what != Create::Buildings)
}

/// What an import sees. Of the community that it is for all, whatever the person themself may see of it: a ticket that
/// is there must be known again, or it would be doubled. Staff are found as far as the person sees them.
pub(super) fn sight(viewer: &Viewer, community: Option<CommunityId>) -> Scope {
    let Some(community) = community else { return Scope::system("an import into all communities") };
    let mut scope = Scope::default();
    scope.register.communities = vec![community];
    scope.tickets.communities = vec![community];
    scope.staff = viewer.scope.staff.clone();
    scope
}

/// What became of the things that the rows of an import tell of.
#[must_use]
pub fn counts(kept: &serde_json::Value) -> BTreeMap<Noun, Count> {
    serde_json::from_value(kept.clone()).unwrap_or_default()
}

/// A refusal as it was told; none when a later release wrote it.
#[must_use]
pub fn refused(row: &DataTransferRefusal) -> Option<Refused> {
    let why: Why = serde_json::from_value(row.why.clone()).ok()?;
    let index = row.column_index.and_then(|index| u32::try_from(index).ok());
    let column = row.header.clone().map(|header| Column { index, header });
    let line = row.line.and_then(|line| u64::try_from(line).ok());
    Some(Refused { line, column, value: row.value.clone(), why })
}

/// Refusals as they are kept, in the file's order.
pub(super) fn refusals(domain: &Domain, id: DataTransferId, refused: &[Refused]) -> Vec<DataTransferRefusal> {
    let index = |refused: &Refused| refused.column.as_ref().and_then(|column| column.index);
    let row = |(position, refused): (i32, &Refused)| DataTransferRefusal {
        id: domain.clock().id(),
        data_transfer_id: id,
        position,
        line: refused.line.and_then(|line| i32::try_from(line).ok()),
        column_index: index(refused).and_then(|index| i32::try_from(index).ok()),
        header: refused.column.as_ref().map(|column| column.header.clone()),
        value: refused.value.clone(),
        why: serde_json::to_value(&refused.why).unwrap_or_default(),
    };
    (1..).zip(refused).map(row).collect()
}

impl Report {
    /// How an import ended that was read to its end, or broken off at the wish of whoever asked for it.
    pub(super) fn ended(self, domain: &Domain, id: DataTransferId) -> transfer::Ended {
        let state = match (self.stopped, self.refused_rows, self.written) {
            (true, ..) => transfer::State::Cancelled,
            (false, 1.., false) => transfer::State::Refused,
            (false, ..) => transfer::State::Done,
        };
        transfer::Ended {
            rows: self.rows,
            refused_rows: self.refused_rows,
            counts: serde_json::to_value(&self.counts).unwrap_or_default(),
            written: self.written,
            refusals: refusals(domain, id, &self.refused),
            ..transfer::Ended::of(state)
        }
    }
}
