//! One sign-in: a password, or issuer and subject; for at most one member of staff and one occupant.

use sea_orm::entity::prelude::*;

use crate::base::id::*;

/// One sign-in: a password, or issuer and subject; for at most one member of staff and one occupant.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "account")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AccountId,
    /// What is typed at sign-in, in lower case.
    pub login: Option<String>,
    /// argon2id, as a PHC string; none: no password yet.
    pub password_hash: Option<String>,
    /// The outside issuer, when one vouches for the person.
    pub issuer: Option<String>,
    /// The person's name at that issuer.
    pub subject: Option<String>,
    /// The member of staff.
    pub staff_id: Option<StaffId>,
    /// The occupant.
    pub occupant_id: Option<OccupantId>,
    /// Keyed hash of the code with which the person claims the account.
    pub activation_hash: Option<String>,
    /// Until when the code is good.
    pub activation_expires_at: Option<DateTimeUtc>,
    /// Language of texts made for the person.
    pub locale: String,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// When it was last changed.
    pub updated_at: DateTimeUtc,
    /// When it ended; it is kept.
    pub closed_at: Option<DateTimeUtc>,
    /// What compare-and-set compares.
    pub version: i32,
}

/// Rows are joined by loaders and by scoped finders, not by SeaORM relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
