//! What is done to documents.

use async_graphql::{Context, Object, Result, SimpleObject};

use super::input::{DocumentFileInput, DocumentUpdateInput, DocumentWithdrawInput};
use super::object::Document;
use crate::domain;
use crate::domain::document::{self, Document as Row};
use crate::graphql::context::{domain, viewer};
use crate::graphql::error::{UserError, id, outcome};
use crate::graphql::once::once;

/// What is done to documents.
#[derive(Default)]
pub(in crate::graphql) struct DocumentMutation;

/// What an act on a document answers.
#[derive(SimpleObject)]
struct DocumentPayload {
    /// The document as it is now; absent when the act was refused.
    document: Option<Document>,
    /// Why nothing was done; empty when it was.
    user_errors: Vec<UserError>,
}

fn payload(result: domain::Result<Row>) -> Result<DocumentPayload> {
    let (document, user_errors) = outcome(result)?;
    Ok(DocumentPayload { document: document.map(Document), user_errors })
}

#[Object]
impl DocumentMutation {
    /// Files a document of an occupant or a unit, with its files in the same step: whoever may change the register there
    /// and may read what is as confidential.
    async fn document_file(&self, ctx: &Context<'_>, input: DocumentFileInput) -> Result<DocumentPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        let filed = Box::pin(async {
            let once = once("documentFile", input.idempotency_key.as_deref(), &input)?;
            document::file(domain, viewer, input.read(ctx)?, once.as_ref()).await
        });
        payload(filed.await)
    }

    /// Changes what is said of a document, or who may read it.
    async fn document_update(
        &self,
        ctx: &Context<'_>,
        input: DocumentUpdateInput,
    ) -> Result<DocumentPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        let updated = Box::pin(async {
            let (id, expected) = (id("input.id", &input.id)?, input.expected_version);
            document::update(domain, viewer, id, expected, input.into()).await
        });
        payload(updated.await)
    }

    /// Withdraws a document: that it was there stays, what its files hold is taken away and cannot be brought back.
    async fn document_withdraw(
        &self,
        ctx: &Context<'_>,
        input: DocumentWithdrawInput,
    ) -> Result<DocumentPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        let withdrawn = Box::pin(async {
            document::withdraw(domain, viewer, id("input.id", &input.id)?, input.expected_version).await
        });
        payload(withdrawn.await)
    }
}
