//! How much one request may ask for.

use serde::{Deserialize, Serialize};

/// `[limits]`: what is counted of a document before anything expands or runs it. Whatever stands in a fragment counts
/// wherever the fragment is spread. The frontends' documents meet less than half of each; a test holds them to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Length of a document, in bytes. Default 32,768 (32 KiB): the frontends' longest is under 1, and whatever people
    /// type belongs in variables.
    pub document_bytes: u64,
    /// Words, numbers, texts and signs of a document. Default 3,000: parsing them takes some milliseconds.
    pub tokens: u64,
    /// Brackets of any kind within each other, and lists and objects within each other in the variables. Default 40;
    /// at most 60: the parser takes each on the stack.
    pub nesting: u64,
    /// Length of a name, in bytes. Default 100: twice the schema's longest; the library repeats names in its messages.
    pub name_bytes: u64,
    /// Operations in one document, of which one runs. Default 30: a frontend that sends all of its own has fewer.
    pub operations: u64,
    /// Fragments defined in one document. Default 60: one a component of the busiest page.
    pub fragments: u64,
    /// Fields within each other, fragments left out. Default 16: what tools ask to learn the schema is 15 deep.
    pub depth: u64,
    /// Selections within each other, fragments counted like fields. Default 24: the depth, and some fragments on the
    /// way; at most 30, which the library takes.
    pub recursion: u64,
    /// Fields and fragments selected, with every fragment put in its place. Default 2,000: what validation takes grows
    /// with them.
    pub fields: u64,
    /// Fields of an operation at its root; mutations run one after the other. Default 20: pages ask for five.
    pub root_fields: u64,
    /// Fields renamed in a document. Default 60: nobody needs the same thing under so many names.
    pub aliases: u64,
    /// Directives in a document. Default 60: one `@include` for each part of a page.
    pub directives: u64,
    /// Directives in one place. Default 4: there is `@skip` and `@include`.
    pub directives_at_once: u64,
    /// Arguments of one field or directive. Default 20: the schema's busiest field has ten.
    pub arguments: u64,
    /// Fields that their types do not have. Default 10: one is a slip; for each the schema is searched for what may
    /// have been meant.
    pub unknown_fields: u64,
    /// Variables, defined or given. Default 60: the busiest form has twenty.
    pub variables: u64,
    /// Values given to all arguments, each variable counted wherever it is used: one for each number, word, list and
    /// object, and one for each hundred bytes of text. Default 10,000: a complaint with the longest text allowed is 700.
    pub inputs: u64,
    /// What an operation may cost: one for each field, times the size of each list that it stands in. Default 20,000:
    /// a page of 50 tickets with their timelines costs some 5,000.
    pub cost: u64,
    /// What a subscription may cost, which each of its events costs again. Default 2,000: a ticket with all that a desk
    /// shows of it costs some 100.
    pub subscription_cost: u64,
    /// What an operation may cost to run at once. A dearer one waits its turn: of each viewer one runs at a time.
    /// Default 2,000: what a page asks for costs less.
    pub light_cost: u64,
    /// Dear operations that run at a time, of all viewers together. Default half the processors, one at least.
    pub dear_at_once: usize,
    /// What a list counts as that has no pages to ask for. Default 10: such lists are short.
    pub list_size: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            document_bytes: 32 * 1024,
            tokens: 3_000,
            nesting: 40,
            name_bytes: 100,
            operations: 30,
            fragments: 60,
            depth: 16,
            recursion: 24,
            fields: 2_000,
            root_fields: 20,
            aliases: 60,
            directives: 60,
            directives_at_once: 4,
            arguments: 20,
            unknown_fields: 10,
            variables: 60,
            inputs: 10_000,
            cost: 20_000,
            subscription_cost: 2_000,
            light_cost: 2_000,
            dear_at_once: std::thread::available_parallelism().map_or(1, |cores| (cores.get() / 2).max(1)),
            list_size: 10,
        }
    }
}
