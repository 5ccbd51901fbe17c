//! The specification's CollectFields() at the root of a mutation: what is selected under one name more than once, by
//! itself or by fragments, is one field, and runs once. The library runs each selection of its own.
//!
//! The document stays valid as it was: what is a repetition stands there still, under `@skip(if: true)`.

use std::collections::{HashMap, HashSet};

use async_graphql::parser::types::{
    Directive, DocumentOperations, ExecutableDocument, Field, InlineFragment, OperationDefinition, Selection,
    SelectionSet,
};
use async_graphql::{Name, Pos, Positioned, ServerError, Value as Given, Variables};
use async_graphql_value::Value;

use super::response::{clip, error};

/// Merges the root fields of `operation`, one of the document's own, whose fragments do not contain themselves.
pub(super) fn merge(
    document: &mut ExecutableDocument,
    name: Option<&str>,
    variables: &Variables,
) -> Result<(), ServerError> {
    let Some(operation) = chosen(&mut document.operations, name) else { return Ok(()) };
    let root = std::mem::take(&mut operation.selection_set.node);
    let merged = Collector::over(document, variables).merge(&root);
    let (mut root, merged) = (root, merged?);
    if !merged.repeated.is_empty() {
        merged.apply(&mut root);
        for fragment in document.fragments.values_mut() {
            merged.apply(&mut fragment.node.selection_set.node);
        }
    }
    if let Some(operation) = chosen(&mut document.operations, name) {
        operation.selection_set.node = root;
    }
    Ok(())
}

fn chosen<'a>(
    operations: &'a mut DocumentOperations,
    name: Option<&str>,
) -> Option<&'a mut OperationDefinition> {
    match operations {
        DocumentOperations::Single(operation) => Some(&mut operation.node),
        DocumentOperations::Multiple(operations) => {
            let mut each = operations.iter_mut();
            let chosen = each.find(|(operation, _)| name.is_none_or(|name| operation.as_str() == name));
            chosen.map(|(_, operation)| &mut operation.node)
        }
    }
}

/// What is to be changed in a document, by the places where it is written: no two selections share one.
#[derive(Default)]
struct Merged {
    /// Stands there already.
    repeated: HashSet<Pos>,
    /// What repetitions select beneath a field, and it does not.
    added: HashMap<Pos, Vec<Positioned<Selection>>>,
}

impl Merged {
    fn apply(&self, set: &mut SelectionSet) {
        for item in &mut set.items {
            match &mut item.node {
                Selection::Field(field) => {
                    let added = self.added.get(&item.pos).into_iter().flatten().cloned();
                    field.node.selection_set.node.items.extend(added);
                }
                Selection::InlineFragment(inline) => self.apply(&mut inline.node.selection_set.node),
                Selection::FragmentSpread(_) => {}
            }
            if self.repeated.contains(&item.pos) {
                let pos = item.pos;
                let repetition = std::mem::replace(item, Positioned::new(skipped(pos), pos));
                if let Selection::InlineFragment(inline) = &mut item.node {
                    inline.node.selection_set.node.items.push(repetition);
                }
            }
        }
    }
}

/// `... @skip(if: true) { }`
fn skipped(pos: Pos) -> Selection {
    let at = |name| Positioned::new(Name::new(name), pos);
    let yes = Positioned::new(Value::Boolean(true), pos);
    let skip = Directive { name: at("skip"), arguments: vec![(at("if"), yes)] };
    Selection::InlineFragment(Positioned::new(
        InlineFragment {
            type_condition: None,
            directives: vec![Positioned::new(skip, pos)],
            selection_set: Positioned::new(SelectionSet::default(), pos),
        },
        pos,
    ))
}

struct Collector<'a> {
    document: &'a ExecutableDocument,
    variables: &'a Variables,
    fields: HashMap<&'a str, (Pos, &'a Field)>,
    spread: HashSet<&'a str>,
    merged: Merged,
}

impl<'a> Collector<'a> {
    fn over(document: &'a ExecutableDocument, variables: &'a Variables) -> Self {
        let (fields, spread, merged) = (HashMap::new(), HashSet::new(), Merged::default());
        Self { document, variables, fields, spread, merged }
    }

    fn merge(mut self, root: &'a SelectionSet) -> Result<Merged, ServerError> {
        self.collect(root)?;
        Ok(self.merged)
    }

    fn collect(&mut self, set: &'a SelectionSet) -> Result<(), ServerError> {
        for item in &set.items {
            if self.is_left_out(item.node.directives()) {
                continue;
            }
            match &item.node {
                Selection::Field(field) => self.field(item.pos, &field.node)?,
                Selection::InlineFragment(inline) => self.collect(&inline.node.selection_set.node)?,
                Selection::FragmentSpread(spread) => {
                    let name = &spread.node.fragment_name.node;
                    if !self.spread.insert(name) {
                        self.merged.repeated.insert(item.pos);
                    } else if let Some(fragment) = self.document.fragments.get(name) {
                        self.collect(&fragment.node.selection_set.node)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn field(&mut self, pos: Pos, field: &'a Field) -> Result<(), ServerError> {
        let key = field.response_key().node.as_str();
        let Some((first, same)) = self.fields.get(key).copied() else {
            self.fields.insert(key, (pos, field));
            return Ok(());
        };
        if !is_same(same, field) {
            let message = format!(
                "Two fields are called \"{}\" in the answer, and differ in what they do: give one an alias.",
                clip(key)
            );
            let mut conflict = error("GRAPHQL_VALIDATION_FAILED", message);
            conflict.locations.extend([first, pos]);
            return Err(conflict);
        }
        self.merged.repeated.insert(pos);
        let items = field.selection_set.node.items.iter().cloned();
        self.merged.added.entry(first).or_default().extend(items);
        Ok(())
    }

    /// Judged as the library will judge it: what is not a boolean is false.
    fn is_left_out(&self, directives: &[Positioned<Directive>]) -> bool {
        directives.iter().any(|directive| {
            let include = match directive.node.name.node.as_str() {
                "skip" => false,
                "include" => true,
                _ => return false,
            };
            let Some(condition) = directive.node.get_argument("if") else { return false };
            let holds = match &condition.node {
                Value::Boolean(holds) => *holds,
                Value::Variable(name) => matches!(self.variables.get(name), Some(Given::Boolean(true))),
                _ => false,
            };
            include != holds
        })
    }
}

/// Whether two fields do the same, in whatever order their arguments stand.
fn is_same(one: &Field, other: &Field) -> bool {
    one.name.node == other.name.node
        && one.arguments.len() == other.arguments.len()
        && one
            .arguments
            .iter()
            .all(|(name, value)| other.get_argument(&name.node).is_some_and(|other| other.node == value.node))
}
