//! `/files/…`: what attachments hold, to whoever has a link that is good.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Query, State as Shared};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

use super::State;
use super::metrics;
use super::response::Refusal;
use crate::auth::{LinkError, LinkQuery};
use crate::domain::Error;
use crate::domain::attachment::{self, Attachment, Blob, Kind, Opened, Variant};

/// Nothing in a file may run, load or be taken for something else; and its address, which opens it, goes nowhere.
pub(super) const GUARDS: [(HeaderName, HeaderValue); 4] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'; sandbox"),
    ),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    // Its address opens it, in whichever page of a frontend stands the `<img>`.
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("cross-origin")),
];

/// `GET /files/{id}`.
pub(super) async fn get(
    Shared(state): Shared<Arc<State>>,
    id: Result<Path<String>, PathRejection>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let served = async {
        let linked = async {
            let (id, query) = link(id, &uri)?;
            state.auth.linked_file(&id, &query).await
        };
        let linked = linked.await;
        state.rates.file(linked.as_ref().map(|linked| linked.viewer.account.id))?;
        let linked = linked.map_err(|error| refuse(&error))?;
        let opened = attachment::open(&state.domain, &linked.viewer, linked.id, linked.variant).await;
        match opened.map_err(|error| refuse(&error.into()))? {
            Opened::Here(row, blob) => Ok(serve(&row, blob, linked.variant, linked.left, &headers)),
            Opened::Gone => Err(refuse_gone()),
            Opened::Missing => Err(refuse(&LinkError::Invalid)),
        }
    };
    let response = served.await.unwrap_or_else(IntoResponse::into_response);
    metrics::file_served(response.status());
    response
}

/// The parts of an address that may be a link.
pub(super) fn link(
    id: Result<Path<String>, PathRejection>,
    uri: &Uri,
) -> Result<(String, LinkQuery), LinkError> {
    let Path(id) = id.map_err(|_| LinkError::Invalid)?;
    let Query(query) = Query::try_from_uri(uri).map_err(|_| LinkError::Invalid)?;
    Ok((id, query))
}

fn serve(row: &Attachment, blob: Blob, variant: Variant, left: Duration, headers: &HeaderMap) -> Response {
    let tag = tag(row, variant);
    let known = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let is_known = known.flat_map(|value| value.split(',')).any(|known| known.trim_ascii() == tag);
    let mut response = match is_known {
        true => StatusCode::NOT_MODIFIED.into_response(),
        false => {
            let mut response = Body::from_stream(blob.content).into_response();
            let described = response.headers_mut();
            described.insert(header::CONTENT_LENGTH, HeaderValue::from(blob.size));
            described.extend(value(&row.media_type).map(|value| (header::CONTENT_TYPE, value)));
            described.extend(value(&disposition(row)).map(|value| (header::CONTENT_DISPOSITION, value)));
            response
        }
    };
    // Of the archives no browser keeps a copy: each opening is asked for here, and written down.
    let cached = match row.document_id {
        None => format!("private, max-age={}, immutable", left.as_secs()),
        Some(_) => "no-store".to_owned(),
    };
    let described = response.headers_mut();
    described.extend(GUARDS);
    described.extend(value(&tag).map(|value| (header::ETAG, value)));
    described.extend(value(&cached).map(|value| (header::CACHE_CONTROL, value)));
    response
}

fn tag(row: &Attachment, variant: Variant) -> String {
    let hash = row.sha256.as_deref().unwrap_or_default();
    match variant {
        Variant::File => format!("\"{hash}\""),
        Variant::Thumbnail => format!("\"{hash}-thumbnail\""),
    }
}

/// A photo is shown, a document is saved: what runs in a document must not run on this origin. What the archives hold is
/// saved, whatever it is.
fn disposition(row: &Attachment) -> String {
    let how = match (row.kind, row.document_id) {
        (Kind::Photo, None) => "inline",
        (Kind::Document, _) | (_, Some(_)) => "attachment",
    };
    match &row.file_name {
        Some(name) => format!("{how}; filename*=UTF-8''{}", percent_encoded(name)),
        None => how.to_owned(),
    }
}

/// As RFC 8187 writes what is no plain ASCII.
pub(super) fn percent_encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

pub(super) fn value(text: &str) -> Option<HeaderValue> {
    HeaderValue::from_str(text).ok()
}

pub(super) fn refuse(error: &LinkError) -> Refusal {
    match error {
        LinkError::Invalid => Refusal::new(StatusCode::NOT_FOUND, "NOT_FOUND", "There is no such file."),
        LinkError::Expired => Refusal::new(
            StatusCode::GONE,
            "LINK_EXPIRED",
            "This link was good for a few minutes; ask for the file's url again.",
        ),
        LinkError::Failed(Error::Unavailable(_) | Error::Files(_)) => {
            tracing::warn!(%error, "a file could not be served");
            let message = "The file cannot be read at the moment; try again.";
            Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE", message)
                .with_header(header::RETRY_AFTER, HeaderValue::from_static("5"))
        }
        LinkError::Failed(cause) => {
            tracing::error!(%cause, "a file could not be served");
            let message = "Something went wrong on our side.";
            Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL", message)
        }
    }
}

fn refuse_gone() -> Refusal {
    Refusal::new(StatusCode::GONE, "REDACTED", "What this attachment held has been taken away.")
}
