//! Imports and exports are asked for, and stopped.

use async_graphql::{Context, Object, Result, SimpleObject};

use super::input::{
    DataTransferCancelInput, RegisterExportInput, RegisterImportInput, TicketsExportInput, TicketsImportInput,
};
use super::object::DataTransfer;
use crate::domain::{self, transfer};
use crate::graphql::context::{domain, viewer};
use crate::graphql::error::{UserError, id, outcome};
use crate::graphql::once::once;

/// Imports and exports are asked for, and stopped.
#[derive(Default)]
pub(in crate::graphql) struct TransferMutation;

/// What asking for an import or export, or stopping it, answers.
#[derive(SimpleObject)]
struct DataTransferPayload {
    /// The import or export as it is now; absent when it was refused.
    data_transfer: Option<DataTransfer>,
    /// Why nothing was done; empty when it was.
    user_errors: Vec<UserError>,
}

fn payload(result: domain::Result<transfer::DataTransfer>) -> Result<DataTransferPayload> {
    let (row, user_errors) = outcome(result)?;
    Ok(DataTransferPayload { data_transfer: row.map(DataTransfer), user_errors })
}

#[Object]
impl TransferMutation {
    /// Takes a list of the register in a `multipart/form-data` request, and puts its import into the queue. What is there
    /// already is changed where a row says something else, and never doubled. CENTER_SUPERVISOR, SERVICE_MANAGER,
    /// PROJECT_HEAD, ADMIN.
    async fn register_import(
        &self,
        ctx: &Context<'_>,
        input: RegisterImportInput,
    ) -> Result<DataTransferPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        let begun = Box::pin(async {
            let once = once("registerImport", input.idempotency_key.as_deref(), &input)?;
            let (new, file) = input.read(ctx)?;
            transfer::begin(domain, viewer, new, Some(file), once.as_ref()).await
        });
        payload(begun.await)
    }

    /// Takes the tickets of an old system in a `multipart/form-data` request, and puts their import into the queue. They
    /// are history and no news: no feed tells of them. Those that are there already stay as they are.
    /// CENTER_SUPERVISOR, SERVICE_MANAGER, PROJECT_HEAD, ADMIN.
    async fn tickets_import(
        &self,
        ctx: &Context<'_>,
        input: TicketsImportInput,
    ) -> Result<DataTransferPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        let begun = Box::pin(async {
            let once = once("ticketsImport", input.idempotency_key.as_deref(), &input)?;
            let (new, file) = input.read(ctx)?;
            transfer::begin(domain, viewer, new, Some(file), once.as_ref()).await
        });
        payload(begun.await)
    }

    /// Puts an export of the register into the queue: what the viewer sees of it, telephone numbers masked where they
    /// are masked for them. SUPERVISOR and those above them, CENTER_SUPERVISOR, GROUP_SERVICE, ADMIN.
    async fn register_export(
        &self,
        ctx: &Context<'_>,
        input: RegisterExportInput,
    ) -> Result<DataTransferPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        let begun = Box::pin(async {
            let once = once("registerExport", input.idempotency_key.as_deref(), &input)?;
            transfer::begin(domain, viewer, input.read()?, None, once.as_ref()).await
        });
        payload(begun.await)
    }

    /// Puts an export of tickets into the queue: those that the viewer sees, a row each. SUPERVISOR and those above them,
    /// CENTER_SUPERVISOR, GROUP_SERVICE, ADMIN.
    async fn tickets_export(
        &self,
        ctx: &Context<'_>,
        input: TicketsExportInput,
    ) -> Result<DataTransferPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        let begun = Box::pin(async {
            let once = once("ticketsExport", input.idempotency_key.as_deref(), &input)?;
            transfer::begin(domain, viewer, input.read()?, None, once.as_ref()).await
        });
        payload(begun.await)
    }

    /// Stops an import or export of the viewer's: at once while it waits, else before its next rows. What an import has
    /// written by then stays, and running it again makes no doubles.
    async fn data_transfer_cancel(
        &self,
        ctx: &Context<'_>,
        input: DataTransferCancelInput,
    ) -> Result<DataTransferPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        let cancelled =
            Box::pin(async { transfer::cancel(domain, viewer, id("input.id", &input.id)?).await });
        payload(cancelled.await)
    }
}
