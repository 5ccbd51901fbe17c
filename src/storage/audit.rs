//! One line of the audit trail: who did what to whose data. Written once; the database refuses to change it.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ActiveValue::Set, Condition, ConnectionTrait, DbBackend, QueryOrder, QuerySelect, Statement};

use super::among;
use crate::base::Scope;
use crate::base::id::*;

/// What was done. A new one is a new word here and in the schema; the table takes any.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Action {
    /// Somebody signed in.
    SignedIn,
    /// Somebody tried to, in vain.
    SignInFailed,
    /// Somebody signed out, or ended another session of theirs.
    SignedOut,
    /// A refresh token was used a second time, which ended the session.
    TokenReused,
    /// An access token was made for a script.
    TokenIssued,
    /// Somebody changed their password.
    PasswordChanged,
    /// Somebody was given a new password at the command line.
    PasswordReset,
    /// An account was made.
    AccountCreated,
    /// A code to claim an account was made.
    AccountInvited,
    /// An account was claimed with its code.
    AccountActivated,
    /// An account was tied to an outside identity.
    AccountLinked,
    /// A post was granted.
    PostGranted,
    /// A post's last day was set.
    PostEnded,
    /// A post was taken back before its first day.
    PostWithdrawn,
    /// A building was given into somebody's charge.
    ChargeGranted,
    /// A building was taken out of somebody's charge.
    ChargeEnded,
    /// Rows were taken out of the system in bulk.
    Exported,
    /// Rows were brought into the system in bulk.
    Imported,
    /// Settings were changed: a community's hours or targets, or those of the program.
    SettingsChanged,
    /// Telephone numbers were shown whole to somebody else.
    PersonalDataRead,
    /// An archive was read.
    ArchiveRead,
    /// Somebody asked for their personal data, or that they be erased.
    PrivacyRequested,
    /// Such a request was granted.
    PrivacyGranted,
    /// Such a request was refused.
    PrivacyRefused,
    /// All that is kept of a person was handed out.
    PersonalDataExported,
    /// A person's data were erased.
    Erased,
}

impl Action {
    /// Those that tell of reading; they are kept for a time of their own, and the migration's triggers name them too.
    pub const READINGS: [Self; 2] = [Self::PersonalDataRead, Self::ArchiveRead];
}

/// Which part of the trail is let go together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Class {
    /// What was done.
    Trail,
    /// What was read.
    Readings,
}

/// One line of the audit trail: who did what to whose data. Written once; the database refuses to change it.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AuditId,
    /// When.
    pub at: DateTimeUtc,
    /// What was done.
    pub action: Action,
    /// By which account; none: what runs by itself, or somebody at the command line.
    pub account_id: Option<AccountId>,
    /// The member of staff that the account stood for.
    pub staff_id: Option<StaffId>,
    /// The occupant that the account stood for.
    pub occupant_id: Option<OccupantId>,
    /// The community it concerns, if one alone.
    pub community_id: Option<CommunityId>,
    /// Codes, numbers and ids; no names, no words of people.
    pub details: Json,
    /// The request's id, as the log has it.
    pub request_id: Option<String>,
}

/// Rows are joined by loaders and by scoped finders, not by SeaORM relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Related<address::Entity> for Entity {
    fn to() -> RelationDef {
        Self::belongs_to(address::Entity).from(Column::Id).to(address::Column::AuditId).into()
    }
}

impl Entity {
    /// The lines that `scope` sees; the only way to load any.
    #[must_use]
    pub fn visible_to(scope: &Scope, backend: DbBackend) -> Select<Self> {
        let sight = &scope.audit;
        Self::find().filter(Condition::any().add(Expr::value(sight.everywhere)).add(among(
            backend,
            Column::CommunityId,
            sight.communities.iter().copied(),
        )))
    }
}

/// Whom and what a line is about, in the order in which it was told.
pub mod subject {
    use sea_orm::entity::prelude::*;

    use crate::base::id::*;

    /// Whom or what a line is about.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "audit_subject")]
    pub struct Model {
        /// The line.
        #[sea_orm(primary_key, auto_increment = false)]
        pub audit_id: AuditId,
        /// Its place among the line's subjects.
        #[sea_orm(primary_key, auto_increment = false)]
        pub position: i32,
        /// What it is: the word before the colon of its id.
        pub kind: String,
        /// Which one.
        pub subject_id: Uuid,
    }

    /// Nothing is joined to it.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// The address that a sign-in came from. It stands apart from the trail, as it is kept for a shorter time and can be
/// erased.
pub mod address {
    use sea_orm::entity::prelude::*;

    use crate::base::id::*;

    /// The address that a sign-in came from.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "audit_address")]
    pub struct Model {
        /// The line.
        #[sea_orm(primary_key, auto_increment = false)]
        pub audit_id: AuditId,
        /// The address.
        pub address: String,
        /// When it was written.
        pub at: DateTimeUtc,
    }

    /// Nothing is joined to it.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Writes a line, in the transaction that did what it tells.
///
/// # Errors
/// When the database fails.
pub async fn append(
    db: &impl ConnectionTrait,
    line: Model,
    subjects: &[(&'static str, Uuid)],
    address: Option<String>,
) -> Result<(), DbErr> {
    let (id, at) = (line.id, line.at);
    Entity::insert(line.into_active_model_whole()).exec_without_returning(db).await?;
    if !subjects.is_empty() {
        let rows = (0..).zip(subjects).map(|(position, (kind, subject))| subject::ActiveModel {
            audit_id: Set(id),
            position: Set(position),
            kind: Set((*kind).to_owned()),
            subject_id: Set(*subject),
        });
        subject::Entity::insert_many(rows).exec_without_returning(db).await?;
    }
    if let Some(address) = address {
        let row = address::ActiveModel { audit_id: Set(id), address: Set(address), at: Set(at) };
        address::Entity::insert(row).exec_without_returning(db).await?;
    }
    Ok(())
}

impl Model {
    fn into_active_model_whole(self) -> ActiveModel {
        ActiveModel {
            id: Set(self.id),
            at: Set(self.at),
            action: Set(self.action),
            account_id: Set(self.account_id),
            staff_id: Set(self.staff_id),
            occupant_id: Set(self.occupant_id),
            community_id: Set(self.community_id),
            details: Set(self.details),
            request_id: Set(self.request_id),
        }
    }
}

/// The last line of an action that belongs to no community.
///
/// # Errors
/// When the database fails.
pub async fn last(db: &impl ConnectionTrait, action: Action) -> Result<Option<Model>, DbErr> {
    let lines = Entity::find().filter(Column::Action.eq(action)).filter(Column::CommunityId.is_null());
    lines.order_by_desc(Column::At).order_by_desc(Column::Id).limit(1).one(db).await
}

/// Lets go of at most `limit` lines of a class from before a moment, and says how many there were. The guard in the
/// database is told first: from then on it holds what is younger.
///
/// # Errors
/// When the database fails.
pub async fn prune(
    db: &impl ConnectionTrait,
    class: Class,
    before: DateTimeUtc,
    limit: u64,
) -> Result<u64, DbErr> {
    let backend = db.get_database_backend();
    let raise = "UPDATE audit_kept SET kept_from = $1 WHERE class = $2 AND kept_from < $1";
    let values = [before.into(), class.to_value().into()];
    db.execute_raw(Statement::from_sql_and_values(backend, raise, values)).await?;
    let readings = Column::Action.is_in(Action::READINGS);
    let of_class = match class {
        Class::Readings => readings,
        Class::Trail => readings.not(),
    };
    let mut old = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(of_class)
        .filter(Column::At.lt(before))
        .order_by_asc(Column::At)
        .limit(limit);
    let old = QuerySelect::query(&mut old).take();
    Ok(Entity::delete_many().filter(Column::Id.in_subquery(old)).exec(db).await?.rows_affected)
}
