//! `/files/transfers/…`: what exports have written and imports have refused, to whoever has a link that is good.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State as Shared};
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

use super::State;
use super::files::{GUARDS, link, percent_encoded, refuse, value};
use super::metrics;
use super::response::Refusal;
use crate::auth::{LinkError, LinkedSheet, SheetFile};
use crate::domain::transfer::{self, DataTransferRefusal, Download, Language};
use crate::exchange;

const CSV: &str = "text/csv; charset=utf-8";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// `GET /files/transfers/{id}`.
pub(super) async fn get(
    Shared(state): Shared<Arc<State>>,
    id: Result<Path<String>, PathRejection>,
    uri: Uri,
) -> Response {
    let served = async {
        let linked = async {
            let (id, query) = link(id, &uri)?;
            state.auth.linked_sheet(&id, &query).await
        };
        let linked = linked.await;
        state.rates.file(linked.as_ref().map(|linked| linked.viewer.account.id))?;
        open(&state, &linked.map_err(|error| refuse(&error))?).await
    };
    let response = served.await.unwrap_or_else(IntoResponse::into_response);
    metrics::file_served(response.status());
    response
}

async fn open(state: &State, linked: &LinkedSheet) -> Result<Response, Refusal> {
    let result = linked.file == SheetFile::Result;
    let found = transfer::download(&state.domain, &linked.viewer, linked.id, result).await;
    match (found.map_err(|error| refuse(&error.into()))?, linked.file) {
        (Download::Result(row, blob), _) => {
            let name = row.file_name.unwrap_or_default();
            let media_type = if name.ends_with(".xlsx") { XLSX } else { CSV };
            let mut response = serve(Body::from_stream(blob.content), &name, media_type);
            response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(blob.size));
            Ok(response)
        }
        (Download::Refusals(_, rows), SheetFile::Refusals(language)) => refusals(&rows, language),
        _ => Err(refuse(&LinkError::Invalid)),
    }
}

fn refusals(rows: &[DataTransferRefusal], language: Language) -> Result<Response, Refusal> {
    let refused = rows.iter().filter_map(exchange::refused).collect::<Vec<_>>();
    let mut table = Vec::new();
    exchange::write_csv(&refused, &mut table, language.into()).map_err(|error| {
        tracing::error!(%error, "refusals could not be written as a table");
        Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL", "Something went wrong on our side.")
    })?;
    Ok(serve(Body::from(table), "refused.csv", CSV))
}

/// Saved, never shown; and kept by nobody on the way: it is full of people.
fn serve(body: Body, name: &str, media_type: &'static str) -> Response {
    let mut response = body.into_response();
    let described = response.headers_mut();
    described.extend(GUARDS);
    described.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    described.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    let disposition = format!("attachment; filename*=UTF-8''{}", percent_encoded(name));
    described.extend(value(&disposition).map(|value| (header::CONTENT_DISPOSITION, value)));
    response
}
