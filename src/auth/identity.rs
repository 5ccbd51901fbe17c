//! Accounts that an outside issuer vouches for.

use sea_orm::{ActiveModelTrait, ActiveValue::Set, IntoActiveModel};

use super::{Auth, Whom};
use crate::base::id::AccountId;
use crate::domain::audit::{self, Action, Note};
use crate::domain::event::{self, Whose};
use crate::domain::{Domain, Error, Refusal, Result, Role, Viewer, find, required};

impl Auth {
    /// Ties somebody's account to the name that the outside issuer knows them by; a former name is let go. Tokens of
    /// that issuer with this name are taken from then on.
    ///
    /// # Errors
    /// When it is refused, above all when no issuer is set or the name belongs to another account, or the database
    /// fails.
    pub async fn link(&self, viewer: &Viewer, whom: Whom, subject: &str) -> Result<AccountId> {
        let inner = &self.0;
        if !viewer.holds_in_group(&[Role::Admin]) {
            return Err(Refusal::forbidden("accounts are tied to outside identities by ADMIN").into());
        }
        let Some(oidc) = &inner.settings.oidc else {
            let message = "no outside issuer is set; the setting auth.oidc names one";
            return Err(Refusal::invalid("input.subject", message).into());
        };
        let subject = required("input.subject", subject, 255)?;
        check_known(&inner.domain, viewer, whom).await?;
        let tx = inner.domain.begin().await?;
        let row = self.account_of(&tx, viewer, whom).await?;
        let id = row.id;
        let mut change = row.into_active_model();
        change.issuer = Set(Some(oidc.issuer.clone()));
        change.subject = Set(Some(subject.clone()));
        change.updated_at = Set(inner.domain.clock().now());
        change.update(&tx.db).await.map_err(|error| taken(error, &subject))?;
        event::access_changed(&inner.domain, &tx, Whose::Account(id)).await?;
        audit::note(&inner.domain, &tx, viewer, Note::of(Action::AccountLinked).about(id)).await?;
        tx.commit().await?;
        Ok(id)
    }
}

async fn check_known(domain: &Domain, viewer: &Viewer, whom: Whom) -> Result<()> {
    match whom {
        Whom::Staff(id) if find::staff_members(domain, viewer, &[id]).await?.is_empty() => {
            Err(Refusal::not_found("input.staffId", id).into())
        }
        Whom::Occupant(id) if find::occupants(domain, viewer, &[id]).await?.is_empty() => {
            Err(Refusal::not_found("input.occupantId", id).into())
        }
        _ => Ok(()),
    }
}

fn taken(error: sea_orm::DbErr, subject: &str) -> Error {
    match error.sql_err() {
        Some(sea_orm::SqlErr::UniqueConstraintViolation(_)) => {
            let message = format!("\"{subject}\" is tied to another account already");
            Refusal::duplicate("input.subject", message).into()
        }
        _ => error.into(),
    }
}
