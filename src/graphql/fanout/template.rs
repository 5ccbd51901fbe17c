//! A subscription's operation, and with whom its results can be shared as far as the document decides it.

use std::sync::Arc;

use async_graphql::parser::types::{
    DocumentOperations, ExecutableDocument, Selection as Selected, SelectionSet,
};
use async_graphql::{Request, ServerError, Variables};

/// Fields whose value depends on who asks and not only on what they see: who selects one shares with nobody else.
const PERSONAL: [&str; 9] = [
    "viewer",
    "viewerActions",
    "assignableStaff",
    "contactPhone",
    "phone",
    "documents",
    "url",
    "thumbnailUrl",
    "dataTransferChanged",
];

/// Fields that show, or count, tickets other than the one that has changed. A test holds them to the schema.
const SIGHT_BOUND: [&str; 4] = ["previous", "repeatOf", "mergedInto", "deskChanged"];

/// A subscription's operation, to be run again for each item.
pub(super) struct Template {
    pub(super) query: String,
    document: ExecutableDocument,
    pub(super) operation_name: Option<String>,
    variables: Variables,
    /// The variables without the cursor, which does not change what is rendered.
    pub(super) shared_variables: String,
    /// Nothing of it is shared with another account.
    pub(super) personal: bool,
    /// It shows tickets besides the one that has changed, and so depends on the whole of what a viewer sees.
    pub(super) sight_bound: bool,
}

impl Template {
    pub(super) fn of(request: &mut Request) -> Result<Arc<Self>, ServerError> {
        let document = request.parsed_query()?.clone();
        let mut variables = serde_json::to_value(&request.variables).unwrap_or_default();
        for name in cursor_variables(&document) {
            variables.as_object_mut().and_then(|variables| variables.remove(&name));
        }
        Ok(Arc::new(Self {
            query: request.query.clone(),
            personal: selects_any(&document, &PERSONAL),
            sight_bound: selects_any(&document, &SIGHT_BOUND),
            document,
            operation_name: request.operation_name.clone(),
            variables: request.variables.clone(),
            shared_variables: variables.to_string(),
        }))
    }

    pub(super) fn request(&self) -> Request {
        let mut request = Request::new(&self.query).variables(self.variables.clone());
        request.operation_name.clone_from(&self.operation_name);
        request.set_parsed_query(self.document.clone());
        request
    }
}

/// The variables that are given as `after` to a root field and to nothing else.
fn cursor_variables(document: &ExecutableDocument) -> Vec<String> {
    let operations: Vec<_> = match &document.operations {
        DocumentOperations::Single(operation) => vec![operation],
        DocumentOperations::Multiple(operations) => operations.values().collect(),
    };
    let mut names = Vec::new();
    for item in operations.iter().flat_map(|operation| &operation.node.selection_set.node.items) {
        let Selected::Field(field) = &item.node else { continue };
        for (name, value) in &field.node.arguments {
            // A variable is written with its dollar sign; a literal stands in the document and so in the key.
            if let ("after", Some(variable)) = (name.node.as_str(), value.node.to_string().strip_prefix('$'))
            {
                names.push(variable.to_owned());
            }
        }
    }
    names
}

fn selects_any(document: &ExecutableDocument, names: &[&str]) -> bool {
    fn selects(set: &SelectionSet, names: &[&str]) -> bool {
        set.items.iter().any(|item| match &item.node {
            Selected::Field(field) => {
                names.contains(&field.node.name.node.as_str())
                    || selects(&field.node.selection_set.node, names)
            }
            Selected::InlineFragment(fragment) => selects(&fragment.node.selection_set.node, names),
            // Every fragment is looked at by itself.
            Selected::FragmentSpread(_) => false,
        })
    }
    let operations: Vec<_> = match &document.operations {
        DocumentOperations::Single(operation) => vec![operation],
        DocumentOperations::Multiple(operations) => operations.values().collect(),
    };
    operations.iter().any(|operation| selects(&operation.node.selection_set.node, names))
        || document.fragments.values().any(|fragment| selects(&fragment.node.selection_set.node, names))
}
