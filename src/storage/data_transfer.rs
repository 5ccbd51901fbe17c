//! An import or export that somebody asked for as a task: what is to be done, and how far it is.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::ExprTrait;
use sea_orm::{QueryOrder, QuerySelect, Select};

use crate::base::id::*;

/// Into the system, or out of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Direction {
    /// Rows of a file come in.
    Import,
    /// A file is written.
    Export,
}

/// What the rows are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Content {
    /// The register.
    Register,
    /// Tickets.
    Tickets,
}

/// Where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum State {
    /// It waits for a gateway.
    Queued,
    /// A gateway works on it.
    Running,
    /// It was done.
    Done,
    /// The file, or rows of it, were refused, and nothing was kept.
    Refused,
    /// It could not be done.
    Failed,
    /// Whoever asked for it thought better of it.
    Cancelled,
}

/// What is done with the rows while it runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Stage {
    /// They are tried out.
    Checking,
    /// They are written.
    Writing,
}

/// Why it could not be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Failure {
    /// Whoever asked for it may no longer.
    Rights,
    /// There are more rows than the format holds.
    TooManyRows,
    /// It was begun several times, and no gateway came to its end.
    Interrupted,
    /// A fault of ours.
    Fault,
}

/// The language in which a file is written, and refusals are told unless another one is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Language {
    /// 中文.
    Zh,
    /// English.
    En,
}

/// An import or export that somebody asked for as a task: what is to be done, and how far it is.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "data_transfer")]
pub struct Model {
    /// Its id, under which its files are kept too.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DataTransferId,
    /// The account that asked for it.
    pub account_id: AccountId,
    /// The one community it is about.
    pub community_id: Option<CommunityId>,
    /// Into the system, or out of it.
    pub direction: Direction,
    /// What the rows are.
    pub content: Content,
    /// Where it stands.
    pub state: State,
    /// What is done with the rows while it runs.
    pub stage: Option<Stage>,
    /// The language of the file, and of refusals.
    pub language: Language,
    /// What exactly was asked for.
    pub task: Json,
    /// The name of the file that came in, or of the one that was written.
    pub file_name: Option<String>,
    /// Rows of the present stage so far.
    pub rows_done: i32,
    /// About how many there are; 0 when that is not known.
    pub rows_about: i32,
    /// Rows refused so far.
    pub rows_refused: i32,
    /// What became of the things that the rows tell of.
    pub counts: Json,
    /// Whether rows were written, or a file.
    pub written: bool,
    /// Why it could not be done.
    pub failure: Option<Failure>,
    /// The size of the file that was written.
    pub result_bytes: Option<i32>,
    /// How often a gateway has begun it; what one has begun, another does not go on with under the same number.
    pub attempts: i32,
    /// Until when the gateway that works on it has to be heard of again.
    pub lease_until: Option<DateTimeUtc>,
    /// When it was asked to stop.
    pub cancel_asked_at: Option<DateTimeUtc>,
    /// When it was asked for.
    pub created_at: DateTimeUtc,
    /// When a gateway first began it.
    pub started_at: Option<DateTimeUtc>,
    /// When it ended.
    pub ended_at: Option<DateTimeUtc>,
    /// When its files and refusals were removed.
    pub files_gone_at: Option<DateTimeUtc>,
    /// Raised with every change.
    pub revision: i32,
}

/// Rows are joined by loaders and by scoped finders, not by SeaORM relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Entity {
    /// Those that an account asked for; the only way to load any for somebody.
    #[must_use]
    pub fn of(account: AccountId) -> Select<Self> {
        Self::find().filter(Column::AccountId.eq(account))
    }

    /// The one that has waited longest for a gateway: in the queue, or begun by one that is not heard of any more.
    #[must_use]
    pub fn next(now: DateTimeUtc) -> Select<Self> {
        let abandoned = Column::State.eq(State::Running).and(Column::LeaseUntil.lt(now));
        Self::find()
            .filter(Column::EndedAt.is_null())
            .filter(Column::State.eq(State::Queued).or(abandoned))
            .order_by_asc(Column::CreatedAt)
            .order_by_asc(Column::Id)
            .limit(1)
    }
}
