//! The domain's errors as GraphQL: refusals are data in a mutation's payload, everything else is a top-level error
//! with `extensions.code`. This file alone turns one into the other.

use std::sync::Arc;

use async_graphql::{
    Enum, Error as GraphqlError, ErrorExtensions, ID, Interface, MaybeUndefined, Object, Result,
};

use super::node::Node;
use super::ticket::{TicketAct, TicketStatus};
use crate::base::{Id, Kind};
use crate::domain::{self, Change, Error, Field, Refusal};

/// A top-level error. What is our fault is logged with its cause and told without it.
pub(super) fn fault(error: &Error) -> GraphqlError {
    let code = match error {
        Error::Refused(refusal) => refusal.code(),
        Error::Page(_) => "INVALID",
        Error::Unauthenticated => "UNAUTHENTICATED",
        Error::TooOften(_) => "RATE_LIMITED",
        Error::Unavailable(cause) => {
            tracing::warn!(%cause, "the database does not answer");
            "UNAVAILABLE"
        }
        Error::Files(cause) => {
            tracing::error!(%cause, "the store of files failed");
            "UNAVAILABLE"
        }
        Error::Fault(cause) => {
            tracing::error!(%cause, "a request failed");
            "INTERNAL"
        }
    };
    let field = match error {
        Error::Refused(refusal) => refusal.field().map(|field| field.0.clone()),
        _ => None,
    };
    GraphqlError::new(error.to_string()).extend_with(|_, extensions| {
        extensions.set("code", code);
        if let Some(field) = field {
            extensions.set("field", field);
        }
        if let Error::TooOften(refused) = error {
            extensions.set("retryAfter", refused.seconds());
        }
    })
}

/// Reads an id of one kind from an argument.
pub(super) fn id<K: Kind>(field: &str, given: &ID) -> domain::Result<Id<K>> {
    Ok(Id::parse(given).map_err(|error| Refusal::id(field, &error))?)
}

/// Reads an id that may be absent.
pub(super) fn maybe_id<K: Kind>(field: &str, given: Option<&ID>) -> domain::Result<Option<Id<K>>> {
    given.map(|given| id(field, given)).transpose()
}

/// Reads a list of ids that may be absent.
pub(super) fn ids<K: Kind>(field: &str, given: Option<&[ID]>) -> domain::Result<Option<Vec<Id<K>>>> {
    given.map(|given| given.iter().map(|given| id(field, given)).collect()).transpose()
}

/// Reads an id that an update gives, clears with `null` or leaves out.
pub(super) fn change_id<K: Kind>(
    field: &str,
    given: MaybeUndefined<ID>,
) -> domain::Result<Change<Option<Id<K>>>> {
    Change::from(given).check(|given| maybe_id(field, given.as_ref()))
}

/// Splits what a use case answered into what it made and what it refused; a fault becomes a top-level error.
pub(super) fn outcome<T>(result: domain::Result<T>) -> Result<(Option<T>, Vec<UserError>)> {
    match result {
        Ok(made) => Ok((Some(made), Vec::new())),
        Err(Error::Refused(refusal)) => Ok((None, vec![UserError::from(*refusal)])),
        Err(error) => Err(fault(&error)),
    }
}

/// Why a mutation did nothing, for programs. `message` says it to people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(super) enum UserErrorCode {
    /// A value that cannot be taken; `field` names it, `message` says what would be right.
    Invalid,
    /// What was named does not exist, or not for this viewer.
    NotFound,
    /// The viewer sees the thing and may not do this to it.
    Forbidden,
    /// The ticket's status does not allow the act; `legal` lists what is possible.
    IllegalMove,
    /// Somebody else was faster; `current` is how the thing stands now.
    Conflict,
    /// There is one already.
    Duplicate,
    /// The idempotency key was used before, with another input.
    KeyReused,
}

/// Why a mutation did nothing. Nothing was changed.
#[derive(Interface)]
#[graphql(
    name = "UserError",
    field(name = "code", ty = "UserErrorCode", desc = "For programs."),
    field(
        name = "field",
        ty = "Option<Vec<String>>",
        desc = "The path in the arguments to the value that is wrong, if one is."
    ),
    field(
        name = "message",
        ty = "String",
        desc = "For people: what is wrong, which value, and what would be right."
    )
)]
pub(super) enum UserError {
    /// A value that cannot be taken.
    InvalidInput(InvalidInput),
    /// What was named does not exist.
    NotFound(NotFound),
    /// The viewer may not.
    Forbidden(Forbidden),
    /// The ticket's status does not allow it.
    IllegalMove(IllegalMove),
    /// Somebody else was faster.
    Conflict(Conflict),
    /// There is one already.
    Duplicate(Duplicate),
    /// The key was used before.
    KeyReused(KeyReused),
}

impl From<Refusal> for UserError {
    fn from(refusal: Refusal) -> Self {
        let shared = Arc::new(refusal);
        match &*shared {
            Refusal::Invalid { .. } => Self::InvalidInput(InvalidInput(shared)),
            Refusal::NotFound { .. } => Self::NotFound(NotFound(shared)),
            Refusal::Forbidden { .. } => Self::Forbidden(Forbidden(shared)),
            Refusal::IllegalMove { .. } => Self::IllegalMove(IllegalMove(shared)),
            Refusal::Conflict { .. } => Self::Conflict(Conflict(shared)),
            Refusal::Duplicate { .. } => Self::Duplicate(Duplicate(shared)),
            Refusal::KeyReused { .. } => Self::KeyReused(KeyReused(shared)),
        }
    }
}

fn path(refusal: &Refusal) -> Option<Vec<String>> {
    refusal.field().map(|Field(path)| path.clone())
}

macro_rules! refusals {
    ($($(#[$doc:meta])* $name:ident = $code:ident { $($own:item)* })*) => {$(
        $(#[$doc])*
        pub(super) struct $name(Arc<Refusal>);

        $(#[$doc])*
        #[Object]
        impl $name {
            /// For programs.
            async fn code(&self) -> UserErrorCode {
                UserErrorCode::$code
            }

            /// The path in the arguments to the value that is wrong, if one is.
            async fn field(&self) -> Option<Vec<String>> {
                path(&self.0)
            }

            /// For people: what is wrong, which value, and what would be right.
            async fn message(&self) -> String {
                self.0.message()
            }

            $($own)*
        }
    )*};
}

refusals! {
    /// A value that cannot be taken.
    InvalidInput = Invalid {}

    /// What was named does not exist, or not for this viewer, who cannot tell which.
    NotFound = NotFound {}

    /// The viewer sees the thing and may not do this to it.
    Forbidden = Forbidden {}

    /// The ticket's status does not allow the act.
    IllegalMove = IllegalMove {
        /// The status the ticket has.
        async fn status(&self) -> Option<TicketStatus> {
            match &*self.0 {
                Refusal::IllegalMove { status, .. } => Some((*status).into()),
                _ => None,
            }
        }

        /// What this viewer can do to the ticket instead.
        async fn legal(&self) -> Vec<TicketAct> {
            match &*self.0 {
                Refusal::IllegalMove { legal, .. } => legal.iter().map(|act| (*act).into()).collect(),
                _ => Vec::new(),
            }
        }
    }

    /// Somebody else has changed it since the version that was expected.
    Conflict = Conflict {
        /// How it stands now, with the version to expect next time.
        async fn current(&self) -> Option<Node> {
            match &*self.0 {
                Refusal::Conflict { current, .. } => Some(Node::from(current.clone())),
                _ => None,
            }
        }
    }

    /// There is one already, where only one can be.
    Duplicate = Duplicate {}

    /// The idempotency key was used before, with another input.
    KeyReused = KeyReused {}
}
