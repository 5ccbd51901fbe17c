//! GraphQL with files: `multipart/form-data` as the GraphQL multipart request specification has it. First `operations`,
//! then `map`, then the files; each is checked as it comes, and a file that is too large is not read to its end.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use async_graphql::{Value, Variables};
use axum::body::{Body, HttpBody};
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::State;
use super::limits;
use super::metrics;
use super::request::{Parameters, too_large};
use super::response::Refusal;
use crate::auth::Caller;
use crate::config;
use crate::graphql::{Incoming, Uploads, takes_a_sheet};

/// The unit in which memory is shared out.
const PIECE: usize = 1024;

/// How much may lie in memory of all requests with files. Who comes when it is used up waits for it.
pub(super) struct Room(Arc<Semaphore>);

impl Room {
    pub(super) fn new(settings: &config::Files) -> Self {
        Self(Arc::new(Semaphore::new(settings.memory_bytes.div_ceil(PIECE))))
    }

    async fn take(&self, bytes: usize, within: Duration) -> Result<OwnedSemaphorePermit, Refusal> {
        let pieces = u32::try_from(bytes.div_ceil(PIECE)).unwrap_or(u32::MAX);
        let taken = tokio::time::timeout(within, Arc::clone(&self.0).acquire_many_owned(pieces)).await;
        taken.ok().and_then(Result::ok).ok_or_else(|| {
            let message = "Too many files are coming in at the moment; try again.";
            Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE", message)
                .with_header(header::RETRY_AFTER, HeaderValue::from_static("5"))
        })
    }
}

/// A request with files, whole.
pub(super) struct Received {
    pub(super) parameters: Parameters,
    pub(super) uploads: Uploads,
    /// Given back when the request has been answered.
    pub(super) room: OwnedSemaphorePermit,
}

/// Whether files may come with the request.
pub(super) fn is_multipart(headers: &HeaderMap) -> bool {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = content_type.unwrap_or_default().split(';').next().unwrap_or_default();
    essence.trim_ascii().eq_ignore_ascii_case("multipart/form-data")
}

/// A page of any origin can send such a form without asking first, but not with an `Authorization`. So that header, and
/// that it is good, is needed; no cookie counts here.
pub(super) fn require_signed_in(caller: &Caller) -> Result<(), Refusal> {
    if !caller.is_anonymous() {
        return Ok(());
    }
    let message = "Files are taken from those who are signed in: send the access token in Authorization.";
    Err(Refusal::new(StatusCode::UNAUTHORIZED, "UNAUTHENTICATED", message)
        .with_header(header::WWW_AUTHENTICATE, HeaderValue::from_static(r#"Bearer realm="concierge""#)))
}

/// Reads a request with files.
pub(super) async fn receive(state: &State, headers: &HeaderMap, body: Body) -> Result<Received, Refusal> {
    let settings = &state.settings.files;
    let declared = body.size_hint().upper().and_then(|bytes| usize::try_from(bytes).ok());
    if body.size_hint().lower() > settings.request_bytes as u64 {
        return Err(too_large(settings.request_bytes));
    }
    // What is sent in chunks tells its length only at its end.
    let room = declared.unwrap_or(settings.request_bytes);
    let room = state.room.take(room, state.settings.http.body_timeout).await?;
    let read = async {
        let mut request = Request::new(body);
        request
            .headers_mut()
            .extend(headers.get(header::CONTENT_TYPE).map(|value| (header::CONTENT_TYPE, value.clone())));
        DefaultBodyLimit::max(settings.request_bytes).apply(&mut request);
        let multipart = Multipart::from_request(request, &()).await;
        let multipart = multipart
            .map_err(|_| Refusal::bad_request("The Content-Type names no boundary of its parts."))?;
        let parts = Parts { multipart, state, settings };
        let (parameters, uploads) = parts.read().await?;
        Ok(Received { parameters, uploads, room })
    };
    tokio::time::timeout(settings.upload_timeout, read).await.unwrap_or_else(|_| {
        let message =
            format!("The files did not come whole within {} s.", settings.upload_timeout.as_secs_f32());
        Err(Refusal::new(StatusCode::REQUEST_TIMEOUT, "TIMEOUT", message))
    })
}

/// The parts of the form, read one after the other.
struct Parts<'a> {
    multipart: Multipart,
    state: &'a State,
    settings: &'a config::Files,
}

/// Where in the variables each file belongs.
type Map = BTreeMap<String, Vec<String>>;

impl Parts<'_> {
    async fn read(mut self) -> Result<(Parameters, Uploads), Refusal> {
        let operations = self.json("operations", "first").await?;
        let mut parameters = Parameters::from_json(&operations)?;
        let map = self.json("map", "second").await?;
        let map: Map = serde_json::from_slice(&map).map_err(|_| {
            Refusal::bad_request(
                "The part `map` must be a JSON object of lists of texts: {\"0\": [\"variables.file\"]}.",
            )
        })?;
        let most = match self.brings_a_sheet(&parameters) {
            true => self.state.settings.sheet_bytes,
            false => self.settings.file_bytes,
        };
        let variables = parameters.variables.get_or_insert_default();
        check(&map, variables, self.settings.at_once)?;
        let uploads = self.files(&map, variables, most).await?;
        Ok((parameters, uploads))
    }

    /// Whether the document takes a file of rows, which may be larger than a photo. No text is parsed that the limits
    /// refuse.
    fn brings_a_sheet(&self, parameters: &Parameters) -> bool {
        let text = self.state.documents.text_of(parameters);
        text.is_some_and(|text| {
            limits::check_text(&text, &self.state.settings.limits).is_ok() && takes_a_sheet(&text)
        })
    }

    async fn json(&mut self, name: &'static str, place: &str) -> Result<Vec<u8>, Refusal> {
        let (most, settings) = (self.state.settings.http.body_bytes, self.settings);
        let Some(mut part) = self.next().await?.filter(|part| part.name() == Some(name)) else {
            return Err(Refusal::bad_request(format!("The part `{name}` must come {place}.")));
        };
        let mut json = Vec::new();
        while let Some(chunk) = next_chunk(&mut part, settings).await? {
            json.extend_from_slice(&chunk);
            if json.len() > most {
                return Err(part_too_large(name, most));
            }
        }
        Ok(json)
    }

    /// The files, each no longer than `most`.
    async fn files(&mut self, map: &Map, variables: &mut Variables, most: usize) -> Result<Uploads, Refusal> {
        let (mut uploads, mut seen) = (Uploads::default(), BTreeSet::new());
        let settings = self.settings;
        while let Some(mut part) = self.next().await? {
            let name = part.name().unwrap_or_default().to_owned();
            let Some(paths) = map.get(&name) else {
                return Err(Refusal::bad_request(format!(
                    "The part `{}` is not named in `map`.",
                    shown(&name)
                )));
            };
            if !seen.insert(name.clone()) {
                return Err(Refusal::bad_request(format!("The part `{}` came twice.", shown(&name))));
            }
            let file_name = part.file_name().map(str::to_owned);
            let mut file = Incoming::default();
            while let Some(chunk) = next_chunk(&mut part, settings).await? {
                if file.len() + chunk.len() > most {
                    return Err(part_too_large(&name, most));
                }
                file.push(&chunk);
            }
            metrics::file_received(file.len());
            let token = uploads.add(file_name, file);
            for path in paths {
                if let Some(place) = slot(variables, path) {
                    *place = token.clone();
                }
            }
        }
        match map.keys().find(|name| !seen.contains(*name)) {
            None => Ok(uploads),
            Some(missing) => Err(Refusal::bad_request(format!(
                "The part `{}` is named in `map` and did not come.",
                shown(missing)
            ))),
        }
    }

    async fn next(&mut self) -> Result<Option<Field<'_>>, Refusal> {
        let most = self.settings.request_bytes;
        self.multipart.next_field().await.map_err(|error| broken(&error, most))
    }
}

async fn next_chunk(part: &mut Field<'_>, settings: &config::Files) -> Result<Option<bytes::Bytes>, Refusal> {
    part.chunk().await.map_err(|error| broken(&error, settings.request_bytes))
}

fn broken(error: &MultipartError, most: usize) -> Refusal {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => too_large(most),
        _ => Refusal::bad_request("The body is no multipart/form-data, or it broke off before its end.")
            .with_header(header::CONNECTION, HeaderValue::from_static("close")),
    }
}

fn part_too_large(name: &str, most: usize) -> Refusal {
    let message = format!("The part `{}` is larger than the {most} bytes that are taken.", shown(name));
    Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "PAYLOAD_TOO_LARGE", message)
        .with_header(header::CONNECTION, HeaderValue::from_static("close"))
}

/// Whether every path names a place of its own in the variables, at which `null` holds it free.
fn check(map: &Map, variables: &mut Variables, at_once: usize) -> Result<(), Refusal> {
    if map.len() > at_once {
        let message = format!("{} files are too many; at most {at_once} come with one request.", map.len());
        return Err(Refusal::bad_request(message));
    }
    let mut taken = BTreeSet::new();
    for (name, paths) in map {
        if paths.is_empty() {
            return Err(Refusal::bad_request(format!("`map` gives the part `{}` no place.", shown(name))));
        }
        for path in paths {
            if !taken.insert(path) {
                return Err(Refusal::bad_request(format!("`map` gives the place `{}` twice.", shown(path))));
            }
            if slot(variables, path) != Some(&mut Value::Null) {
                return Err(Refusal::bad_request(format!(
                    "`map` gives the place `{}`, and there is no null in the variables; a place is written like \
                     variables.input.file or variables.input.files.0.",
                    shown(path)
                )));
            }
        }
    }
    Ok(())
}

/// The place in the variables that a path names.
fn slot<'a>(variables: &'a mut Variables, path: &str) -> Option<&'a mut Value> {
    let mut steps = path.strip_prefix("variables.")?.split('.');
    let first = variables.get_mut(steps.next()?)?;
    steps.try_fold(first, |value, step| match value {
        Value::Object(fields) => fields.get_mut(step),
        Value::List(items) => items.get_mut(step.parse::<usize>().ok()?),
        _ => None,
    })
}

/// As much of a client's own words as an error gives back.
fn shown(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(64).collect()
}
