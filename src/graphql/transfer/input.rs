//! What imports and exports take, and which of them a list has.

use async_graphql::{Context, Enum, ID, InputObject};

use super::enums::{
    DataTransferContent, DataTransferDirection, DataTransferFormat, DataTransferLanguage, DataTransferState,
    ImportKeeps,
};
use crate::domain::transfer::{
    Content, ExportTask, Filter, ImportTask, Keeps, Language, New, Sort, SortBy, Task,
};
use crate::domain::{Refusal, Result, attachment};
use crate::exchange::{self, Of};
use crate::graphql::error::maybe_id;
use crate::graphql::scalar::{Date, DateTime};
use crate::graphql::upload::Upload;

/// The longest map, in bytes.
const MAP_MAX: usize = 64 * 1024;

/// A list of the register that is to be imported.
#[derive(Clone, Debug, InputObject)]
pub(super) struct RegisterImportInput {
    /// Sent again with the same key and the same file, the same import is answered.
    pub(super) idempotency_key: Option<String>,
    /// The community it is for: rows that name none are of this one, and those that name another are refused. Only an
    /// ADMIN of the group leaves it out; then the file may hold several, and new ones.
    community_id: Option<ID>,
    /// The file: CSV or XLSX.
    pub(super) file: Upload,
    /// What the file's columns and values are called here, as the text of a map in TOML; left out when they are called
    /// as in an export.
    map: Option<String>,
    /// The sheet of a workbook; the first when left out.
    sheet: Option<String>,
    /// What is kept of it. Left out: all or nothing.
    keeps: Option<ImportKeeps>,
    /// The language of the values that the file has and of the refusals. Left out: Chinese.
    language: Option<DataTransferLanguage>,
}

/// Tickets of an old system that are to be imported.
#[derive(Clone, Debug, InputObject)]
pub(super) struct TicketsImportInput {
    /// Sent again with the same key and the same file, the same import is answered.
    pub(super) idempotency_key: Option<String>,
    /// The community it is for: rows that name none are of this one, and those that name another are refused. Only an
    /// ADMIN of the group leaves it out.
    community_id: Option<ID>,
    /// The file: CSV or XLSX.
    pub(super) file: Upload,
    /// What the file's columns and values are called here, as the text of a map in TOML; left out when they are called
    /// as in an export.
    map: Option<String>,
    /// The sheet of a workbook; the first when left out.
    sheet: Option<String>,
    /// What is kept of it. Left out: all or nothing.
    keeps: Option<ImportKeeps>,
    /// When the clocks of tickets that are still open start, so that the first day is no storm of alarms. Left out: when
    /// the import is done.
    clocks_from: Option<DateTime>,
    /// The language of the values that the file has and of the refusals. Left out: Chinese.
    language: Option<DataTransferLanguage>,
}

/// The register that is to be exported.
#[derive(Clone, Debug, InputObject)]
pub(super) struct RegisterExportInput {
    /// Sent again with the same key, the same export is answered.
    pub(super) idempotency_key: Option<String>,
    /// Of this community; left out, by those with a post for the whole group: of all that the viewer sees.
    community_id: Option<ID>,
    /// As what. Left out: CSV.
    format: Option<DataTransferFormat>,
    /// The language of the header and of the values of closed sets. Left out: Chinese.
    language: Option<DataTransferLanguage>,
}

/// The tickets that are to be exported.
#[derive(Clone, Debug, InputObject)]
pub(super) struct TicketsExportInput {
    /// Sent again with the same key, the same export is answered.
    pub(super) idempotency_key: Option<String>,
    /// Of this community; left out, by those with a post for the whole group: of all that the viewer sees.
    community_id: Option<ID>,
    /// The first day on which they were raised.
    from: Option<Date>,
    /// The last day on which they were raised.
    until: Option<Date>,
    /// As what. Left out: CSV.
    format: Option<DataTransferFormat>,
    /// The language of the header and of the values of closed sets. Left out: Chinese.
    language: Option<DataTransferLanguage>,
}

/// Which import or export is stopped.
#[derive(Clone, Debug, InputObject)]
pub(super) struct DataTransferCancelInput {
    /// The import or export.
    pub(super) id: ID,
}

/// What all imports take.
struct Importing<'a> {
    community_id: Option<&'a ID>,
    map: Option<&'a str>,
    sheet: Option<&'a str>,
    keeps: Option<ImportKeeps>,
    clocks_from: Option<DateTime>,
    language: Option<DataTransferLanguage>,
}

impl Importing<'_> {
    fn read(self, content: Content) -> Result<New> {
        let makes_more = match self.map {
            Some(text) => exchange::makes_more(&read_map(text, content.into())?),
            None => false,
        };
        let task = ImportTask {
            map: self.map.map(str::to_owned),
            sheet: self.sheet.map(str::to_owned),
            keeps: self.keeps.map_or(Keeps::AllOrNothing, Into::into),
            clocks_from: self.clocks_from.map(|from| from.0),
        };
        Ok(New {
            community: maybe_id("input.communityId", self.community_id)?,
            content,
            task: Task::Import(task),
            language: language(self.language),
            makes_more,
        })
    }
}

fn read_map(text: &str, of: Of) -> Result<exchange::Map> {
    if text.len() > MAP_MAX {
        let message = format!("the map has {} bytes; at most {MAP_MAX} are taken", text.len());
        return Err(Refusal::invalid("input.map", message).into());
    }
    exchange::read_map(text, of).map_err(|error| Refusal::invalid("input.map", error.to_string()).into())
}

fn language(given: Option<DataTransferLanguage>) -> Language {
    given.map_or(Language::Zh, Into::into)
}

impl RegisterImportInput {
    /// What is asked for, with the file.
    pub(super) fn read(&self, ctx: &Context<'_>) -> Result<(New, attachment::File)> {
        let importing = Importing {
            community_id: self.community_id.as_ref(),
            map: self.map.as_deref(),
            sheet: self.sheet.as_deref(),
            keeps: self.keeps,
            clocks_from: None,
            language: self.language,
        };
        Ok((importing.read(Content::Register)?, self.file.file(ctx)?))
    }
}

impl TicketsImportInput {
    /// What is asked for, with the file.
    pub(super) fn read(&self, ctx: &Context<'_>) -> Result<(New, attachment::File)> {
        let importing = Importing {
            community_id: self.community_id.as_ref(),
            map: self.map.as_deref(),
            sheet: self.sheet.as_deref(),
            keeps: self.keeps,
            clocks_from: self.clocks_from,
            language: self.language,
        };
        Ok((importing.read(Content::Tickets)?, self.file.file(ctx)?))
    }
}

fn exporting(
    content: Content,
    community_id: Option<&ID>,
    task: ExportTask,
    asked: Option<DataTransferLanguage>,
) -> Result<New> {
    let community = maybe_id("input.communityId", community_id)?;
    Ok(New { community, content, task: Task::Export(task), language: language(asked), makes_more: false })
}

fn format(given: Option<DataTransferFormat>) -> crate::domain::transfer::Format {
    given.unwrap_or(DataTransferFormat::Csv).into()
}

impl RegisterExportInput {
    /// What is asked for.
    pub(super) fn read(&self) -> Result<New> {
        let task = ExportTask { format: format(self.format), from: None, until: None };
        exporting(Content::Register, self.community_id.as_ref(), task, self.language)
    }
}

impl TicketsExportInput {
    /// What is asked for.
    pub(super) fn read(&self) -> Result<New> {
        let (from, until) = (self.from.map(|day| day.0), self.until.map(|day| day.0));
        let task = ExportTask { format: format(self.format), from, until };
        exporting(Content::Tickets, self.community_id.as_ref(), task, self.language)
    }
}

/// Which imports and exports. Every part that is given narrows the list; an empty list matches nothing.
#[derive(Clone, Debug, Default, InputObject)]
pub(super) struct DataTransferFilter {
    /// Into the system, or out of it.
    directions: Option<Vec<DataTransferDirection>>,
    /// Of these rows.
    contents: Option<Vec<DataTransferContent>>,
    /// Standing so.
    states: Option<Vec<DataTransferState>>,
}

impl From<DataTransferFilter> for Filter {
    fn from(filter: DataTransferFilter) -> Self {
        fn each<T, U: From<T>>(given: Option<Vec<T>>) -> Option<Vec<U>> {
            given.map(|given| given.into_iter().map(Into::into).collect())
        }
        Self {
            directions: each(filter.directions),
            contents: each(filter.contents),
            states: each(filter.states),
        }
    }
}

/// The order of a list of imports and exports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(super) enum DataTransferOrder {
    /// Newest first.
    CreatedDesc,
    /// Oldest first.
    CreatedAsc,
}

impl From<DataTransferOrder> for Sort {
    fn from(order: DataTransferOrder) -> Self {
        Self { by: SortBy::Created, descending: order == DataTransferOrder::CreatedDesc }
    }
}
