//! What one request may ask for: counted on its text before it is parsed, and on the parsed document before anything
//! expands, validates or runs it. Pure: nothing here knows of a connection.

mod measure;
mod sizes;
mod tally;
mod tokens;

use std::sync::LazyLock;

use async_graphql::parser::types::{ExecutableDocument, OperationDefinition, OperationType};
use async_graphql::{ServerError, Value, Variables};

pub use measure::{Measure, measure};
pub use sizes::Sizes;
pub use tokens::{Tokens, Unclosed, count};

use super::response::{clip, error};
use crate::config::Limits;
use crate::graphql::sdl;
use tally::Tally;

/// Of the schema that is served.
static SIZES: LazyLock<Sizes> = LazyLock::new(|| Sizes::of(&sdl()));

/// Why a request is not looked at any further.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// It is more than one of the limits allows.
    Over {
        /// Which.
        limit: Limit,
        /// What was counted.
        value: u64,
        /// The most that is taken.
        most: u64,
    },
    /// A fragment contains itself.
    Cycle {
        /// Its name.
        fragment: String,
    },
    /// A block text does not end.
    Unclosed,
}

/// One of the [`Limits`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// [`Limits::document_bytes`]
    DocumentBytes,
    /// [`Limits::tokens`]
    Tokens,
    /// [`Limits::nesting`]
    Nesting,
    /// [`Limits::name_bytes`]
    NameBytes,
    /// [`Limits::operations`]
    Operations,
    /// [`Limits::fragments`]
    Fragments,
    /// [`Limits::depth`]
    Depth,
    /// [`Limits::recursion`]
    Recursion,
    /// [`Limits::fields`]
    Fields,
    /// [`Limits::root_fields`]
    RootFields,
    /// [`Limits::aliases`]
    Aliases,
    /// [`Limits::directives`]
    Directives,
    /// [`Limits::directives_at_once`]
    DirectivesAtOnce,
    /// [`Limits::arguments`]
    Arguments,
    /// [`Limits::unknown_fields`]
    UnknownFields,
    /// [`Limits::variables`]
    Variables,
    /// [`Limits::inputs`]
    Inputs,
    /// [`Limits::cost`]
    Cost,
}

impl Limit {
    /// The name of the knob, and what it counts, in words.
    fn told(self) -> (&'static str, &'static str) {
        match self {
            Self::DocumentBytes => ("document_bytes", "length of the document in bytes"),
            Self::Tokens => ("tokens", "number of tokens in the document"),
            Self::Nesting => ("nesting", "number of brackets within each other"),
            Self::NameBytes => ("name_bytes", "length of the longest name in bytes"),
            Self::Operations => ("operations", "number of operations in the document"),
            Self::Fragments => ("fragments", "number of fragments in the document"),
            Self::Depth => ("depth", "number of fields within each other"),
            Self::Recursion => ("recursion", "number of selections within each other, fragments counted,"),
            Self::Fields => ("fields", "number of fields, with every fragment in its place,"),
            Self::RootFields => ("root_fields", "number of fields at the root of the operation"),
            Self::Aliases => ("aliases", "number of aliases"),
            Self::Directives => ("directives", "number of directives"),
            Self::DirectivesAtOnce => ("directives_at_once", "number of directives in one place"),
            Self::Arguments => ("arguments", "number of arguments in one place"),
            Self::UnknownFields => ("unknown_fields", "number of fields that their types do not have"),
            Self::Variables => ("variables", "number of variables"),
            Self::Inputs => ("inputs", "number of values given to arguments"),
            Self::Cost => ("cost", "cost of the operation"),
        }
    }

    /// Refuses what is more than `most`.
    fn hold(self, value: u64, most: u64) -> Result<(), Refused> {
        match value <= most {
            true => Ok(()),
            false => Err(Refused::Over { limit: self, value, most }),
        }
    }
}

/// Holds the text of a document to the limits, before it is parsed.
///
/// # Errors
/// When it is too long, has too many tokens, or is nested deeper than the parser's stack should take.
pub fn check_text(document: &str, limits: &Limits) -> Result<(), Refused> {
    Limit::DocumentBytes.hold(document.len() as u64, limits.document_bytes)?;
    let Tokens { count, nesting, name_bytes } = count(document).map_err(|Unclosed| Refused::Unclosed)?;
    Limit::Tokens.hold(count, limits.tokens)?;
    Limit::Nesting.hold(nesting, limits.nesting)?;
    Limit::NameBytes.hold(name_bytes, limits.name_bytes)
}

/// Holds a parsed document to the limits, and tells what its operation costs. The variables hold the defaults too.
///
/// # Errors
/// When it is more than one of the limits allows, or a fragment contains itself.
pub fn check(
    document: &ExecutableDocument,
    operation: &OperationDefinition,
    variables: &Variables,
    limits: &Limits,
) -> Result<u64, Refused> {
    let defined = document.operations.iter().map(|(_, each)| each.node.variable_definitions.len());
    let defined = defined.max().unwrap_or_default();
    Limit::Operations.hold(document.operations.iter().count() as u64, limits.operations)?;
    Limit::Fragments.hold(document.fragments.len() as u64, limits.fragments)?;
    Limit::Variables.hold(defined.max(variables.len()) as u64, limits.variables)?;
    Limit::Nesting.hold(variables.values().map(nesting).max().unwrap_or_default(), limits.nesting)?;
    let Measure { whole, root_fields, cost } = measure(document, operation, variables, &SIZES, limits)?;
    check_whole(&whole, limits)?;
    let (most_fields, most_cost) = most(operation.ty, limits);
    Limit::RootFields.hold(root_fields, most_fields)?;
    Limit::Cost.hold(cost, most_cost)?;
    Ok(cost)
}

/// How many root fields an operation of this type may have, and what it may cost.
#[must_use]
pub fn most(of: OperationType, limits: &Limits) -> (u64, u64) {
    match of {
        OperationType::Query | OperationType::Mutation => (limits.root_fields, limits.cost),
        // One, as the specification has it.
        OperationType::Subscription => (1, limits.subscription_cost),
    }
}

fn check_whole(whole: &Tally, limits: &Limits) -> Result<(), Refused> {
    Limit::Depth.hold(whole.depth, limits.depth)?;
    Limit::Fields.hold(whole.fields, limits.fields)?;
    Limit::Aliases.hold(whole.aliases, limits.aliases)?;
    Limit::Directives.hold(whole.directives, limits.directives)?;
    Limit::DirectivesAtOnce.hold(whole.directives_at_once, limits.directives_at_once)?;
    Limit::Arguments.hold(whole.arguments, limits.arguments)?;
    Limit::UnknownFields.hold(whole.unknown, limits.unknown_fields)?;
    Limit::Inputs.hold(whole.inputs, limits.inputs)
}

/// Lists and objects within each other. What parses the JSON stops at 128.
fn nesting(value: &Value) -> u64 {
    match value {
        Value::List(items) => 1 + items.iter().map(nesting).max().unwrap_or_default(),
        Value::Object(fields) => 1 + fields.values().map(nesting).max().unwrap_or_default(),
        _ => 0,
    }
}

impl From<Refused> for ServerError {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Over { limit, value, most } => {
                let (name, what) = limit.told();
                let mut over =
                    error("LIMIT_EXCEEDED", format!("The {what} is {value}; at most {most} is taken."));
                let extensions = over.extensions.get_or_insert_default();
                extensions.set("limit", name);
                // Sums stop at the top; JSON readers lose count before that.
                extensions.set("value", value.min(u64::from(u32::MAX)));
                extensions.set("most", most);
                over
            }
            Refused::Cycle { fragment } => {
                let message = format!("The fragment \"{}\" contains itself.", clip(&fragment));
                error("GRAPHQL_VALIDATION_FAILED", message)
            }
            Refused::Unclosed => {
                error("GRAPHQL_PARSE_FAILED", "The document has a block text that does not end.")
            }
        }
    }
}

#[cfg(test)]
mod tests;
