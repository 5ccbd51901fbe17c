//! The closed sets of the audit trail.

use async_graphql::Enum;

use crate::domain::audit;

/// What was done, as the audit trail has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "audit::Action")]
pub(in crate::graphql) enum AuditAction {
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
