//! Accounts: made for a member of staff or an occupant, claimed by an activation code, their passwords changed and
//! reset.

use sea_orm::{
    ActiveEnum, ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter,
    QuerySelect,
};

use super::activation::ActivationCode;
use super::session::{CLIENT_MAX, fault, normal_login};
use super::{Auth, Caller, Tokens, password};
use crate::base::id::{AccountId, OccupantId, StaffId};
use crate::domain::audit::{self, Action, By, Note};
use crate::domain::event::{self, Whose};
use crate::domain::{Error, Refusal, Result, Role, Tx, Viewer, clean, refuse_erased, required};
use crate::storage::{account, occupancy, occupant, post, staff};

/// For whom an account is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whom {
    /// A member of staff.
    Staff(StaffId),
    /// An occupant.
    Occupant(OccupantId),
}

/// Who runs the program itself can do what nobody who is signed in may.
const COMMAND_LINE: By<'static> = By::System("COMMAND_LINE");

impl Whom {
    fn noted(self, note: Note) -> Note {
        match self {
            Self::Staff(id) => note.about(id),
            Self::Occupant(id) => note.about(id),
        }
    }
}

/// An account that waits to be claimed. `Debug` does not show the code.
pub struct Invited {
    /// The account.
    pub account: AccountId,
    /// The code, shown this once.
    pub code: String,
    /// Until when it is good.
    pub expires_at: chrono::DateTime<chrono::Utc>,
}

impl std::fmt::Debug for Invited {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Invited").field("account", &self.account).finish_non_exhaustive()
    }
}

/// Those who hand activation codes to occupants they see; ADMIN does so for everybody.
const INVITES_OCCUPANTS: [Role; 6] = [
    Role::FrontDesk,
    Role::Assistant,
    Role::Supervisor,
    Role::CenterSupervisor,
    Role::ServiceManager,
    Role::ProjectHead,
];

impl Auth {
    /// Makes a code with which somebody claims their account, or sets a new password for the one they have; earlier
    /// codes are void. It ends no session: a forgotten password is no theft.
    ///
    /// # Errors
    /// When it is refused or the database fails.
    pub async fn invite(&self, viewer: &Viewer, whom: Whom) -> Result<Invited> {
        self.check_may_invite(viewer, whom).await?;
        let tx = self.0.domain.begin().await?;
        let invited = self.invite_in(&tx, viewer, whom).await?;
        tx.commit().await?;
        Ok(invited)
    }

    async fn check_may_invite(&self, viewer: &Viewer, whom: Whom) -> Result<()> {
        let (domain, backend) = (&self.0.domain, self.0.domain.db.backend());
        let admin = viewer.holds_in_group(&[Role::Admin]);
        match whom {
            Whom::Staff(id) => {
                let seen = staff::Entity::visible_to(&viewer.scope, backend).filter(staff::Column::Id.eq(id));
                seen.one(domain.db.read()).await?.ok_or_else(|| Refusal::not_found("input.staffId", id))?;
                if !admin {
                    return Err(Refusal::forbidden("accounts of staff are made by ADMIN").into());
                }
            }
            Whom::Occupant(id) => {
                let seen =
                    occupant::Entity::visible_to(&viewer.scope, backend).filter(occupant::Column::Id.eq(id));
                let row = seen
                    .one(domain.db.read())
                    .await?
                    .ok_or_else(|| Refusal::not_found("input.occupantId", id))?;
                let lives = occupancy::Entity::find().filter(occupancy::Column::OccupantId.eq(id));
                let lives = lives.all(domain.db.read()).await?;
                let mut places = lives.iter().map(|row| row.community_id).chain([row.community_id]);
                if !admin && !places.any(|place| viewer.holds(&INVITES_OCCUPANTS, place)) {
                    return Err(
                        Refusal::forbidden("activation codes are handed out by the front desk").into()
                    );
                }
            }
        }
        Ok(())
    }

    async fn invite_in(&self, tx: &Tx<'_>, viewer: &Viewer, whom: Whom) -> Result<Invited> {
        let inner = &self.0;
        let code = ActivationCode::draw(&mut rand::rngs::SysRng).map_err(|error| no_randomness(&error))?;
        let now = inner.domain.clock().now();
        let expires_at = now + inner.settings.activation_code_ttl;
        let row = self.account_of(tx, viewer, whom).await?;
        // A resident who works here has one account: a code for it opens what the member of staff may, too.
        if row.staff_id.is_some() && !viewer.holds_in_group(&[Role::Admin]) {
            return Err(Refusal::forbidden("accounts of staff are made by ADMIN").into());
        }
        let id = row.id;
        let line = whom.noted(Note::of(Action::AccountInvited).about(id));
        audit::note(&inner.domain, tx, viewer, line).await?;
        let mut change = row.into_active_model();
        change.activation_hash = Set(Some(inner.activation.hash(&code)));
        change.activation_expires_at = Set(Some(expires_at));
        change.updated_at = Set(now);
        change.update(&tx.db).await?;
        Ok(Invited { account: id, code: code.to_string(), expires_at })
    }

    /// The account of somebody, made if there is none.
    pub(super) async fn account_of(
        &self,
        tx: &Tx<'_>,
        by: impl Into<By<'_>>,
        whom: Whom,
    ) -> Result<account::Model> {
        // The person is held while their account is looked for: of two who ask at once, the second finds what the first
        // has made.
        let of_whom = match whom {
            Whom::Staff(id) => {
                let row = staff::Entity::find_by_id(id).lock_exclusive().one(&tx.db).await?;
                refuse_erased(row.and_then(|row| row.erased_at))?;
                account::Column::StaffId.eq(id)
            }
            Whom::Occupant(id) => {
                let row = occupant::Entity::find_by_id(id).lock_exclusive().one(&tx.db).await?;
                refuse_erased(row.and_then(|row| row.erased_at))?;
                account::Column::OccupantId.eq(id)
            }
        };
        let found = account::Entity::find().filter(of_whom).filter(account::Column::ClosedAt.is_null());
        if let Some(row) = found.lock_exclusive().one(&tx.db).await? {
            return Ok(row);
        }
        let (staff_id, occupant_id) = match whom {
            Whom::Staff(id) => (Some(id), None),
            Whom::Occupant(id) => (None, Some(id)),
        };
        let now = self.0.domain.clock().now();
        let row = account::ActiveModel {
            id: Set(self.0.domain.clock().id()),
            login: Set(None),
            password_hash: Set(None),
            issuer: Set(None),
            subject: Set(None),
            staff_id: Set(staff_id),
            occupant_id: Set(occupant_id),
            activation_hash: Set(None),
            activation_expires_at: Set(None),
            locale: Set("zh-CN".to_owned()),
            created_at: Set(now),
            updated_at: Set(now),
            closed_at: Set(None),
            version: Set(1),
        };
        let made = row.insert(&tx.db).await?;
        let line = whom.noted(Note::of(Action::AccountCreated).about(made.id));
        audit::note(&self.0.domain, tx, by, line).await?;
        Ok(made)
    }

    /// Claims an account with its code: sets login and password, ends what was open, and signs in.
    ///
    /// # Errors
    /// When the code is not good, the login is taken, the password too weak, or the database fails.
    pub async fn activate(&self, code: &str, login: &str, new: &str, client: Option<&str>) -> Result<Tokens> {
        let inner = &self.0;
        // Before anything is spent: whoever mistypes the least of it keeps their code.
        let client = clean("input.client", client, CLIENT_MAX)?;
        inner.limits.activate()?;
        let wrong =
            || Refusal::invalid("input.code", "the code is not valid; ask the front desk for a new one");
        let typed = ActivationCode::parse(code).map_err(|_| wrong())?;
        let now = inner.domain.clock().now();
        let found = account::Entity::find()
            .filter(account::Column::ActivationHash.is_in(inner.activation.hashes(&typed)))
            .filter(account::Column::ActivationExpiresAt.gt(now))
            .filter(account::Column::ClosedAt.is_null())
            .one(inner.domain.db.read())
            .await?;
        let row = found.ok_or_else(wrong)?;
        let login = check_login(login)?;
        let hash = self.check_and_hash("input.password", new, &login).await?;
        let tx = inner.domain.begin().await?;
        let unchanged = account::Entity::find_by_id(row.id)
            .filter(account::Column::ActivationHash.eq(row.activation_hash.clone()))
            .lock_exclusive()
            .one(&tx.db)
            .await?;
        let row = unchanged.ok_or_else(wrong)?;
        self.end_all(&tx, row.id, None, "the account was activated anew").await?;
        let mut change = row.into_active_model();
        change.login = Set(Some(login.clone()));
        change.password_hash = Set(Some(hash));
        change.activation_hash = Set(None);
        change.activation_expires_at = Set(None);
        change.updated_at = Set(now);
        let row = change.update(&tx.db).await.map_err(|error| login_taken(error, &login))?;
        let line = Note::of(Action::AccountActivated).about(row.id).with_address();
        audit::note(&inner.domain, &tx, By::Account(row.id), line).await?;
        tx.commit().await?;
        // It was counted as an activation.
        self.compare_and_sign_in(&login, new, client.as_deref()).await
    }

    /// Changes the caller's password and ends their other sessions.
    ///
    /// # Errors
    /// When the present password is wrong, the new one too weak, or the database fails.
    pub async fn change_password(&self, caller: &Caller, present: &str, new: &str) -> Result<()> {
        let inner = &self.0;
        let viewer = caller.viewer().ok_or(Error::Unauthenticated)?;
        let row = account::Entity::find_by_id(viewer.account.id).one(inner.domain.db.read()).await?;
        let row = row.ok_or(Error::Unauthenticated)?;
        inner.limits.password(row.id)?;
        let hash = row.password_hash.as_deref();
        let right = match hash {
            Some(hash) => inner.passwords.verify(present, hash).await.map_err(fault)?,
            None => false,
        };
        if !right {
            return Err(Refusal::invalid("input.presentPassword", "the present password is wrong").into());
        }
        let login = row.login.clone().unwrap_or_default();
        let hash = self.check_and_hash("input.newPassword", new, &login).await?;
        let tx = inner.domain.begin().await?;
        self.set_password(&tx, row, hash, caller.session()).await?;
        let line = Note::of(Action::PasswordChanged).about(viewer.account.id).with_address();
        audit::note(&inner.domain, &tx, &**viewer, line).await?;
        tx.commit().await
    }

    /// Makes sure that it is the person themself who asks, by their password; who has none signs in with another
    /// service, which vouches for them.
    ///
    /// # Errors
    /// When the password is wrong or missing, or the database fails.
    pub async fn confirm(&self, caller: &Caller, password: Option<&str>) -> Result<()> {
        let inner = &self.0;
        let viewer = caller.viewer().ok_or(Error::Unauthenticated)?;
        let row = account::Entity::find_by_id(viewer.account.id).one(inner.domain.db.read()).await?;
        let Some(hash) = row.ok_or(Error::Unauthenticated)?.password_hash else { return Ok(()) };
        inner.limits.password(viewer.account.id)?;
        let right = match password {
            Some(password) => inner.passwords.verify(password, &hash).await.map_err(fault)?,
            None => false,
        };
        if right {
            return Ok(());
        }
        Err(Refusal::invalid("input.password", "the password is wrong; give the one you sign in with").into())
    }

    /// Gives an account a new password and ends its sessions, for who runs the command line.
    ///
    /// # Errors
    /// When there is no such login, the password is too weak, or the database fails.
    pub async fn reset(&self, login: &str, new: &str) -> Result<()> {
        let message = format!("there is no account with the login \"{login}\"");
        let row = self.account_named(login).await?.ok_or_else(|| Refusal::invalid("login", message))?;
        let hash = self.check_and_hash("password", new, login).await?;
        let tx = self.0.domain.begin().await?;
        let line = Note::of(Action::PasswordReset).about(row.id);
        audit::note(&self.0.domain, &tx, COMMAND_LINE, line).await?;
        self.set_password(&tx, row, hash, None).await?;
        tx.commit().await
    }

    async fn set_password(
        &self,
        tx: &Tx<'_>,
        row: account::Model,
        hash: String,
        but: Option<crate::base::id::SessionId>,
    ) -> Result<()> {
        self.end_all(tx, row.id, but, "the password was changed").await?;
        let id = row.id;
        let mut change = row.into_active_model();
        change.password_hash = Set(Some(hash));
        change.activation_hash = Set(None);
        change.activation_expires_at = Set(None);
        change.updated_at = Set(self.0.domain.clock().now());
        change.update(&tx.db).await?;
        event::access_changed(&self.0.domain, tx, Whose::Account(id)).await
    }

    /// Makes an account with a login and a password for a new member of staff, who holds these group-wide roles: the
    /// first ADMIN, for who runs the command line.
    ///
    /// # Errors
    /// When the login is taken, the password too weak, or the database fails.
    pub async fn create(&self, login: &str, name: &str, new: &str, roles: &[Role]) -> Result<AccountId> {
        let inner = &self.0;
        let login = check_login(login)?;
        let name = required("name", name, 100)?;
        let hash = self.check_and_hash("password", new, &login).await?;
        let now = inner.domain.clock().now();
        let tx = inner.domain.begin().await?;
        let member = staff::ActiveModel {
            id: Set(inner.domain.clock().id()),
            name: Set(name),
            phone: Set(None),
            title: Set(None),
            manager_id: Set(None),
            deputy_id: Set(None),
            away_from: Set(None),
            away_until: Set(None),
            created_at: Set(now),
            updated_at: Set(now),
            closed_at: Set(None),
            erased_at: Set(None),
            version: Set(1),
        };
        let member = member.insert(&tx.db).await?;
        for role in roles {
            let held = post::ActiveModel {
                id: Set(inner.domain.clock().id()),
                staff_id: Set(member.id),
                role: Set(*role),
                community_id: Set(None),
                team_id: Set(None),
                from_on: Set(now.with_timezone(&inner.domain.time_zone).date_naive()),
                to_on: Set(None),
                created_at: Set(now),
                updated_at: Set(now),
            };
            let held = held.insert(&tx.db).await?;
            let line = Note::of(Action::PostGranted).about(member.id).about(held.id);
            let line = line.with("role", held.role.to_value());
            audit::note(&inner.domain, &tx, COMMAND_LINE, line).await?;
        }
        let id = self.set_login(&tx, Whom::Staff(member.id), &login, hash).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Gives somebody a login and a password at once, without a code: for the demo's accounts.
    ///
    /// # Errors
    /// When the login is taken, the password too weak, or the database fails.
    pub async fn grant_login(&self, whom: Whom, login: &str, new: &str) -> Result<AccountId> {
        let login = check_login(login)?;
        let hash = self.check_and_hash("password", new, &login).await?;
        let tx = self.0.domain.begin().await?;
        let id = self.set_login(&tx, whom, &login, hash).await?;
        tx.commit().await?;
        Ok(id)
    }

    async fn set_login(&self, tx: &Tx<'_>, whom: Whom, login: &str, hash: String) -> Result<AccountId> {
        let mut change = self.account_of(tx, COMMAND_LINE, whom).await?.into_active_model();
        change.login = Set(Some(login.to_owned()));
        change.password_hash = Set(Some(hash));
        Ok(change.update(&tx.db).await.map_err(|error| login_taken(error, login))?.id)
    }

    async fn check_and_hash(&self, field: &'static str, new: &str, login: &str) -> Result<String> {
        password::check(new, login).map_err(|rule| Refusal::invalid(field, rule.to_string()))?;
        self.0.passwords.hash(new).await.map_err(fault)
    }
}

fn check_login(login: &str) -> Result<String> {
    let login = normal_login(&required("input.login", login, 64)?);
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '@' | '+');
    if login.chars().count() < 2 || !login.chars().all(fits) {
        let message =
            format!("\"{login}\" cannot be a login; use 2 to 64 letters, digits or any of . - _ @ +");
        return Err(Refusal::invalid("input.login", message).into());
    }
    Ok(login)
}

fn login_taken(error: sea_orm::DbErr, login: &str) -> Error {
    match error.sql_err() {
        Some(sea_orm::SqlErr::UniqueConstraintViolation(_)) => {
            Refusal::duplicate("input.login", format!("the login \"{login}\" is taken; choose another"))
                .into()
        }
        _ => error.into(),
    }
}

fn no_randomness(error: &impl std::fmt::Display) -> Error {
    Error::Fault(sea_orm::DbErr::Custom(format!("the machine gives no random numbers: {error}")))
}
