//! A row that an import refused.

use async_graphql::Object;

use super::enums::DataTransferLanguage;
use crate::domain::transfer::{DataTransferRefusal as Row, Language};
use crate::exchange::{self, letters};

/// A row of a file, or the whole file, that an import refused: where, what stands there, and what would be right.
#[derive(Clone, Debug)]
pub(in crate::graphql) struct RowRefusal {
    row: Row,
    /// The import's own language.
    language: Language,
}

impl From<(Row, Language)> for RowRefusal {
    fn from((row, language): (Row, Language)) -> Self {
        Self { row, language }
    }
}

/// A row of a file, or the whole file, that an import refused: where, what stands there, and what would be right.
#[Object]
impl RowRefusal {
    /// The line, as a spreadsheet counts; absent when it is the whole file.
    async fn line(&self) -> Option<i32> {
        self.row.line
    }

    /// The column's letters, as a spreadsheet names it, if it is one column's fault.
    async fn column(&self) -> Option<String> {
        self.row.column_index.and_then(|index| usize::try_from(index).ok()).map(letters)
    }

    /// The column's header; where the file has no such column, what it would be called.
    async fn header(&self) -> Option<&str> {
        self.row.header.as_deref()
    }

    /// What stands there, cut short.
    async fn value(&self) -> &str {
        &self.row.value
    }

    /// Why, for programs: NOT_A_DATE, NO_UNIT, ….
    async fn code(&self) -> &str {
        self.row.why.get("why").and_then(serde_json::Value::as_str).unwrap_or_default()
    }

    /// Why, and what would be right, in words for whoever keeps the list.
    async fn reason(
        &self,
        #[graphql(desc = "In this language; left out: in the import's.")] language: Option<
            DataTransferLanguage,
        >,
    ) -> String {
        let language = exchange::Language::from(language.map_or(self.language, Into::into));
        exchange::refused(&self.row).map(|refused| refused.why.words(language)).unwrap_or_default()
    }
}
