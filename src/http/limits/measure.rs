//! Counts what a parsed document asks for. Each fragment is counted once, however often it is spread: the time this
//! takes grows with the document's length and with nothing else.

use std::collections::HashMap;

use async_graphql::parser::types::{
    Directive, ExecutableDocument, Field, FragmentDefinition, OperationDefinition, Selection, SelectionSet,
};
use async_graphql::{Name, Positioned, Value as Given, Variables};
use async_graphql_value::Value;

use super::sizes::{Length, Object, Sizes};
use super::tally::Tally;
use super::{Limit, Refused};
use crate::config::Limits;
use crate::graphql::{PAGE_DEFAULT, PAGE_MAX};

/// So many bytes of text count as one value more.
const TEXT_BYTES: usize = 100;

/// What a schema tells of itself is in memory: so many of its fields cost as much as one of the database's.
const SELF_KNOWLEDGE: u64 = 20;

/// What an operation asks for, and what its document takes to be held against the schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measure {
    /// All of the document: every operation and every fragment, each fragment wherever it is spread.
    pub(super) whole: Tally,
    /// Fields at the root of the operation that runs.
    pub root_fields: u64,
    /// What the operation that runs costs: see [`Limits::cost`].
    pub cost: u64,
}

/// Counts what `document` asks for when `operation`, which is one of its own, runs with these variables; they hold the
/// defaults too.
///
/// # Errors
/// When selections stand within each other without end, or deeper than [`Limits::recursion`].
pub fn measure(
    document: &ExecutableDocument,
    operation: &OperationDefinition,
    variables: &Variables,
    sizes: &Sizes,
    limits: &Limits,
) -> Result<Measure, Refused> {
    let extents = variables.iter().map(|(name, value)| (name.as_str(), extent(value))).collect();
    let mut counter =
        Counter { document, variables, extents, sizes, limits, fragments: HashMap::with_capacity(8) };
    let Tally { width, cost, .. } = counter.operation(operation)?;
    let mut whole = Tally::default();
    for (_, each) in document.operations.iter() {
        whole = whole.and(counter.operation(&each.node)?);
    }
    for (name, fragment) in &document.fragments {
        whole = whole.and(counter.fragment(name, fragment, 0)?);
    }
    Ok(Measure { whole, root_fields: width, cost })
}

/// How many values a value is made of.
pub(super) fn extent(value: &Given) -> u64 {
    match value {
        Given::String(text) => of_text(text),
        Given::List(items) => 1 + items.iter().map(extent).sum::<u64>(),
        Given::Object(fields) => 1 + fields.values().map(extent).sum::<u64>(),
        _ => 1,
    }
}

fn of_text(text: &str) -> u64 {
    1 + (text.len() / TEXT_BYTES) as u64
}

struct Counter<'a> {
    document: &'a ExecutableDocument,
    variables: &'a Variables,
    /// Of each variable.
    extents: HashMap<&'a str, u64>,
    sizes: &'a Sizes,
    limits: &'a Limits,
    /// `None` while it is being counted: what spreads it then, it stands in itself.
    fragments: HashMap<&'a str, Option<Tally>>,
}

impl<'a> Counter<'a> {
    fn operation(&mut self, operation: &'a OperationDefinition) -> Result<Tally, Refused> {
        let root = self.sizes.root(operation.ty);
        let directives = self.directives(&operation.directives);
        Ok(self.selections(&operation.selection_set.node, root, 0)?.and(directives))
    }

    /// `level` is how many selections this one stands in.
    fn selections(
        &mut self,
        set: &'a SelectionSet,
        of: Option<&'a Object>,
        level: u64,
    ) -> Result<Tally, Refused> {
        self.within_recursion(level)?;
        set.items.iter().try_fold(Tally::default(), |sum, item| {
            let tally = match &item.node {
                Selection::Field(field) => self.field(&field.node, of, level)?,
                Selection::InlineFragment(inline) => {
                    let condition = inline.node.type_condition.as_ref();
                    let of = condition.map_or(of, |on| self.sizes.object(&on.node.on.node));
                    self.selections(&inline.node.selection_set.node, of, level + 1)?.within()
                }
                Selection::FragmentSpread(spread) => {
                    let name = &spread.node.fragment_name.node;
                    match self.document.fragments.get(name) {
                        Some(fragment) => self.fragment(name, fragment, level + 1)?.within(),
                        None => Tally::default(),
                    }
                }
            };
            let selected = Tally { fields: 1, ..Tally::default() };
            Ok(sum.and(tally).and(selected).and(self.directives(item.node.directives())))
        })
    }

    fn fragment(
        &mut self,
        name: &'a Name,
        fragment: &'a Positioned<FragmentDefinition>,
        level: u64,
    ) -> Result<Tally, Refused> {
        match self.fragments.get(name.as_str()) {
            Some(Some(known)) => {
                let known = *known;
                self.within_recursion(level + known.height)?;
                return Ok(known);
            }
            Some(None) => return Err(Refused::Cycle { fragment: name.to_string() }),
            None => {}
        }
        self.fragments.insert(name, None);
        let of = self.sizes.object(&fragment.node.type_condition.node.on.node);
        let directives = self.directives(&fragment.node.directives);
        let tally = self.selections(&fragment.node.selection_set.node, of, level)?.and(directives);
        self.fragments.insert(name, Some(tally));
        Ok(tally)
    }

    fn field(&mut self, field: &'a Field, of: Option<&'a Object>, level: u64) -> Result<Tally, Refused> {
        let name = field.name.node.as_str();
        let target = of.and_then(|of| of.field(name));
        let leads_to = target.and_then(|target| self.sizes.object(&target.of_type));
        let set = &field.selection_set.node;
        let inner = match set.items.is_empty() {
            true => Tally::default(),
            false => self.selections(set, leads_to, level + 1)?.within(),
        };
        let arguments = field.arguments.iter().map(|(_, value)| self.extent(&value.node));
        let inputs = inner.inputs.saturating_add(arguments.sum());
        let each = match leads_to {
            Some(page) if page.is_page => {
                inner.cost.saturating_add(inner.per_item.saturating_mul(self.page(field)))
            }
            _ => inner.cost,
        };
        let is_unknown = of.is_some() && target.is_none() && name != "__typename";
        let length = target.map_or(Length::One, |target| target.length);
        let (cost, per_item) = match length {
            Length::One if name.starts_with("__") => (1 + each / SELF_KNOWLEDGE, 0),
            Length::One => (each.saturating_add(1), 0),
            Length::List if of.is_some_and(|of| of.is_page) => (1, each),
            Length::List => (each.saturating_mul(self.list(field)).saturating_add(1), 0),
            Length::Known(length) => (each.saturating_mul(length).saturating_add(1), 0),
        };
        Ok(Tally {
            width: 1,
            aliases: inner.aliases.saturating_add(u64::from(field.alias.is_some())),
            inputs,
            unknown: inner.unknown.saturating_add(u64::from(is_unknown)),
            cost,
            per_item,
            depth: inner.depth + 1,
            arguments: inner.arguments.max(field.arguments.len() as u64),
            ..inner
        })
    }

    fn directives(&self, directives: &[Positioned<Directive>]) -> Tally {
        let count = directives.len() as u64;
        let arguments = || directives.iter().map(|directive| &directive.node.arguments);
        Tally {
            directives: count,
            directives_at_once: count,
            arguments: arguments().map(|arguments| arguments.len() as u64).max().unwrap_or_default(),
            inputs: arguments().flatten().map(|(_, value)| self.extent(&value.node)).sum(),
            ..Tally::default()
        }
    }

    /// How many items of a list are asked for; more than there may be is an error when it runs.
    fn page(&self, field: &Field) -> u64 {
        let asked = ["first", "last"].into_iter().filter_map(|name| field.get_argument(name));
        let asked = asked.filter_map(|size| match &size.node {
            Value::Variable(name) => self.variables.get(name).and_then(|size| match size {
                Given::Number(size) => size.as_u64(),
                _ => None,
            }),
            Value::Number(size) => size.as_u64(),
            _ => None,
        });
        asked.max().unwrap_or(PAGE_DEFAULT).min(PAGE_MAX)
    }

    /// How long a list without pages is taken to be: as long as the longest list that is given to it.
    fn list(&self, field: &Field) -> u64 {
        let given = field.arguments.iter().map(|(_, value)| match &value.node {
            Value::List(items) => items.len(),
            Value::Variable(name) => match self.variables.get(name) {
                Some(Given::List(items)) => items.len(),
                _ => 0,
            },
            _ => 0,
        });
        self.limits.list_size.max(given.max().unwrap_or_default() as u64)
    }

    fn extent(&self, value: &Value) -> u64 {
        match value {
            Value::Variable(name) => self.extents.get(name.as_str()).copied().unwrap_or(1),
            Value::String(text) => of_text(text),
            Value::List(items) => 1 + items.iter().map(|item| self.extent(item)).sum::<u64>(),
            Value::Object(fields) => 1 + fields.values().map(|value| self.extent(value)).sum::<u64>(),
            _ => 1,
        }
    }

    fn within_recursion(&self, level: u64) -> Result<(), Refused> {
        Limit::Recursion.hold(level, self.limits.recursion)
    }
}
