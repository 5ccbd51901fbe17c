//! A row of a file that an import refused, as code and parameters.

use sea_orm::entity::prelude::*;

use crate::base::id::*;

/// A row of a file that an import refused, as code and parameters.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "data_transfer_refusal")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DataTransferRefusalId,
    /// The import.
    pub data_transfer_id: DataTransferId,
    /// Its place in the file's order.
    pub position: i32,
    /// The line, as a spreadsheet counts; none: the whole file.
    pub line: Option<i32>,
    /// The column's place, from 0, if it is one column's fault.
    pub column_index: Option<i32>,
    /// The column's header.
    pub header: Option<String>,
    /// What stands there, cut short.
    pub value: String,
    /// Why, as a code with its parameters.
    pub why: Json,
}

/// Rows are joined by loaders and by scoped finders, not by SeaORM relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
