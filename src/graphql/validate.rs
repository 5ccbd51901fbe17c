//! Holds documents against the schema without running them.

use std::sync::Arc;

use async_graphql::async_trait::async_trait;
use async_graphql::extensions::{Extension, ExtensionContext, ExtensionFactory, NextValidation};
use async_graphql::parser::types::ExecutableDocument;
use async_graphql::{Request, ServerError, ValidationResult};

use super::{Schema, builder};

/// A schema that answers with what is wrong with a document, and does nothing else.
pub struct Validator(Schema);

impl Default for Validator {
    fn default() -> Self {
        Self(builder().extension(GoNoFurther).finish())
    }
}

impl std::fmt::Debug for Validator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Validator")
    }
}

impl Validator {
    /// What does not fit the schema, in words; empty when all does. Variables are another matter: they come with each
    /// request.
    pub async fn faults(&self, text: &str, document: ExecutableDocument) -> Vec<String> {
        let mut request = Request::new(text);
        request.set_parsed_query(document);
        self.0.execute(request).await.errors.into_iter().map(|error| error.message).collect()
    }
}

/// Ends a valid request where its execution would begin, with no error to tell.
struct GoNoFurther;

impl ExtensionFactory for GoNoFurther {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

#[async_trait]
impl Extension for GoNoFurther {
    async fn validation(
        &self,
        ctx: &ExtensionContext<'_>,
        next: NextValidation<'_>,
    ) -> Result<ValidationResult, Vec<ServerError>> {
        next.run(ctx).await?;
        Err(Vec::new())
    }
}
