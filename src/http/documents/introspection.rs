//! Whether a document asks for the schema.

use async_graphql::parser::types::{DocumentOperations, ExecutableDocument, Selection, SelectionSet};

/// Whether `__schema` or `__type` stands anywhere in it. Every fragment is looked at once and by itself, so that this
/// takes as long as the document is, whatever it would expand to.
pub(super) fn is_asked_by(document: &ExecutableDocument) -> bool {
    let by_operation = match &document.operations {
        DocumentOperations::Single(operation) => selects(&operation.node.selection_set.node),
        DocumentOperations::Multiple(operations) => {
            operations.values().any(|operation| selects(&operation.node.selection_set.node))
        }
    };
    by_operation || document.fragments.values().any(|fragment| selects(&fragment.node.selection_set.node))
}

fn selects(set: &SelectionSet) -> bool {
    set.items.iter().any(|item| match &item.node {
        Selection::Field(field) => {
            matches!(field.node.name.node.as_str(), "__schema" | "__type")
                || selects(&field.node.selection_set.node)
        }
        Selection::InlineFragment(fragment) => selects(&fragment.node.selection_set.node),
        Selection::FragmentSpread(_) => false,
    })
}
