//! A photo or document that hangs on a line of a ticket, on an inspection or in the archives. The row says what it is; what it holds is a
//! [blob](super::blob).

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::ExprTrait;
use sea_orm::{Condition, DbBackend, Select};

use super::sql::names_one_of;
use super::ticket_event::Visibility;
use super::{document, finding, spot_check, ticket};
use crate::base::Scope;
use crate::base::id::*;

/// What sort of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Kind {
    /// A picture, with a thumbnail.
    Photo,
    /// A PDF.
    Document,
}

/// Where its life stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Status {
    /// Uploaded, and hangs on nothing yet.
    Pending,
    /// Hangs on something.
    Attached,
    /// Its content is gone; that it was there stays.
    Redacted,
}

/// A photo or document.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "attachment")]
pub struct Model {
    /// Its id, under which the blobs are kept too.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AttachmentId,
    /// The community of what it hangs on.
    pub community_id: Option<CommunityId>,
    /// The account that uploaded it.
    pub uploaded_by_id: AccountId,
    /// What sort of file.
    pub kind: Kind,
    /// Where its life stands.
    pub status: Status,
    /// The media type of what is kept.
    pub media_type: String,
    /// Its name, cleaned.
    pub file_name: Option<String>,
    /// The size of what is kept.
    pub bytes: i32,
    /// A photo's width in pixels, as it is shown.
    pub width: Option<i32>,
    /// A photo's height in pixels, as it is shown.
    pub height: Option<i32>,
    /// The hash of what is kept.
    pub sha256: Option<String>,
    /// The ticket it hangs on.
    pub ticket_id: Option<TicketId>,
    /// The line it came with.
    pub ticket_event_id: Option<TicketEventId>,
    /// Who may see it: the same as may read its line.
    pub visibility: Option<Visibility>,
    /// The document of the archives that it is of.
    pub document_id: Option<DocumentId>,
    /// The finding that it shows; then it hangs on the line of the ticket that the finding raised, too.
    pub finding_id: Option<FindingId>,
    /// The spot check that it belongs to.
    pub spot_check_id: Option<SpotCheckId>,
    /// The spot check after which it shows what was put right.
    pub rectification_of_id: Option<SpotCheckId>,
    /// Its place among those that came with the same line.
    pub place: i32,
    /// When it was uploaded.
    pub created_at: DateTimeUtc,
    /// When it was attached.
    pub attached_at: Option<DateTimeUtc>,
    /// When its content was taken away.
    pub redacted_at: Option<DateTimeUtc>,
    /// When the blobs of what was redacted were gone.
    pub removed_at: Option<DateTimeUtc>,
}

/// Rows are joined by loaders and by scoped finders, not by SeaORM relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Entity {
    /// The attachments of what `scope` sees, those of INTERNAL lines only where it sees the ticket by its work; and
    /// those of `account` that hang on nothing yet. The only way to load any for somebody.
    #[must_use]
    pub fn visible_to(scope: &Scope, account: AccountId, backend: DbBackend) -> Select<Self> {
        let own = Column::Status.eq(Status::Pending).and(Column::UploadedById.eq(account));
        let hung = Condition::any()
            .add(on_seen_ticket(scope, backend))
            .add(on_seen_document(scope, backend))
            .add(on_seen_finding(scope, backend))
            .add(on_seen_spot_check(scope, backend, Column::SpotCheckId))
            .add(on_seen_spot_check(scope, backend, Column::RectificationOfId));
        Self::find().filter(Condition::any().add(own).add(hung))
    }

    /// Those of `account` that hang on nothing yet.
    #[must_use]
    pub fn pending_of(account: AccountId) -> Select<Self> {
        Self::find().filter(Column::UploadedById.eq(account)).filter(Column::Status.eq(Status::Pending))
    }
}

fn on_seen_ticket(scope: &Scope, backend: DbBackend) -> Expr {
    let readable = Condition::any()
        .add(Column::Visibility.eq(Visibility::Public))
        .add(ticket::Entity::seen_at_work(scope, backend));
    let seen = ticket::Entity::visible_to(scope, backend).filter(readable);
    names_one_of(Column::TicketId, seen, ticket::Column::Id)
}

fn on_seen_document(scope: &Scope, backend: DbBackend) -> Expr {
    names_one_of(Column::DocumentId, document::Entity::visible_to(scope, backend), document::Column::Id)
}

fn on_seen_finding(scope: &Scope, backend: DbBackend) -> Expr {
    names_one_of(Column::FindingId, finding::Entity::visible_to(scope, backend), finding::Column::Id)
}

fn on_seen_spot_check(scope: &Scope, backend: DbBackend, column: Column) -> Expr {
    names_one_of(column, spot_check::Entity::visible_to(scope, backend), spot_check::Column::Id)
}
