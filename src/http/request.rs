//! What comes in: the parameters of a GraphQL request, out of a body, a URL or a socket's message.

use std::time::Duration;

use async_graphql::{Extensions, Variables};
use axum::body::{Body, HttpBody};
use axum::extract::Query;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use futures_util::StreamExt;
use serde::Deserialize;
use serde_json::Value;

use super::response::Refusal;

/// The parameters of the specification and of its appendix on persisted documents. `null` is the same as absent.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Parameters {
    pub(super) query: Option<String>,
    pub(super) document_id: Option<String>,
    pub(super) operation_name: Option<String>,
    pub(super) variables: Option<Variables>,
    pub(super) extensions: Option<Extensions>,
}

impl Parameters {
    /// From a POST body.
    pub(super) fn from_json(json: &[u8]) -> Result<Self, Refusal> {
        // A mark of byte order says nothing in UTF-8, and may be passed over (RFC 8259, 8.1).
        let json = json.strip_prefix(b"\xef\xbb\xbf").unwrap_or(json);
        // serde would read an array as the struct's fields in their order.
        match json.trim_ascii_start().first() {
            Some(b'{') => {
                serde_json::from_slice(json).map_err(|error| explain(json, &error)).and_then(Self::whole)
            }
            Some(b'[') => Err(Refusal::new(
                StatusCode::BAD_REQUEST,
                "BATCH_NOT_SUPPORTED",
                "Batches are not served: send each operation as a request of its own.",
            )),
            None => Err(Refusal::bad_request("The body is empty; it must be a JSON object with `query`.")),
            Some(_) => Err(Refusal::bad_request("The body must be a JSON object with `query`.")),
        }
    }

    /// From the query part of a URL, where `variables` and `extensions` are JSON in text.
    pub(super) fn from_uri(uri: &Uri) -> Result<Self, Refusal> {
        let Query(in_url) = Query::<InUrl>::try_from_uri(uri).map_err(|_| {
            Refusal::bad_request("The URL's query is not form-encoded text that names each parameter once.")
        })?;
        Self {
            query: in_url.query,
            document_id: in_url.document_id.filter(|id| !id.is_empty()),
            operation_name: in_url.operation_name.filter(|name| !name.is_empty()),
            variables: object_in_url("variables", in_url.variables)?,
            extensions: object_in_url("extensions", in_url.extensions)?,
        }
        .whole()
    }

    /// A document, or the name of one, must be there.
    fn whole(self) -> Result<Self, Refusal> {
        let is_persisted = |extensions: &Extensions| extensions.0.contains_key("persistedQuery");
        let names = self.document_id.is_some() || self.extensions.as_ref().is_some_and(is_persisted);
        match self.query.is_some() || names {
            true => Ok(self),
            false => Err(Refusal::bad_request("The parameter `query` is missing.")),
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct InUrl {
    query: Option<String>,
    document_id: Option<String>,
    operation_name: Option<String>,
    variables: Option<String>,
    extensions: Option<String>,
}

fn object_in_url<T: for<'de> Deserialize<'de>>(
    name: &str,
    json: Option<String>,
) -> Result<Option<T>, Refusal> {
    let Some(json) = json.filter(|json| !json.is_empty()) else { return Ok(None) };
    serde_json::from_str(&json).map_err(|_| {
        Refusal::bad_request(format!("The parameter `{name}` must be a JSON object, or absent."))
    })
}

/// Why the body is none, in its sender's words. Read a second time only here, where it failed the first time.
fn explain(json: &[u8], error: &serde_json::Error) -> Refusal {
    let Ok(Value::Object(body)) = serde_json::from_slice::<Value>(json) else {
        let (line, column) = (error.line(), error.column());
        return Refusal::bad_request(format!("The body is not JSON: see line {line}, column {column}."));
    };
    let wrong =
        |name: &str, must: &str| Refusal::bad_request(format!("The parameter `{name}` must be {must}."));
    for name in ["query", "documentId", "operationName"] {
        if !matches!(body.get(name), None | Some(Value::Null | Value::String(_))) {
            return wrong(name, if name == "query" { "a string" } else { "a string, null or absent" });
        }
    }
    for name in ["variables", "extensions"] {
        if !matches!(body.get(name), None | Some(Value::Null | Value::Object(_))) {
            return wrong(name, "an object, null or absent");
        }
    }
    Refusal::bad_request(
        "The body is not a GraphQL request: a parameter is given twice or holds what GraphQL cannot.",
    )
}

/// Forms and plain text are refused: a page of any origin can send those without a preflight.
pub(super) fn require_json(headers: &HeaderMap) -> Result<(), Refusal> {
    let content_type =
        headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut parts = content_type.split(';').map(str::trim_ascii);
    let is_json = parts.next().is_some_and(|essence| essence.eq_ignore_ascii_case("application/json"));
    let charset =
        parts.filter_map(|part| part.split_once('=')).find(|(name, _)| name.eq_ignore_ascii_case("charset"));
    let is_utf8 = charset.is_none_or(|(_, charset)| charset.trim_matches('"').eq_ignore_ascii_case("utf-8"));
    if !is_json || !is_utf8 {
        return Err(unsupported("The body's Content-Type must be application/json, in UTF-8."));
    }
    match headers.get(header::CONTENT_ENCODING) {
        Some(coding) if !coding.as_bytes().eq_ignore_ascii_case(b"identity") => {
            Err(unsupported("The body must come as it is, without a Content-Encoding.")
                .with_header(header::ACCEPT_ENCODING, HeaderValue::from_static("identity")))
        }
        _ => Ok(()),
    }
}

fn unsupported(message: &'static str) -> Refusal {
    Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "UNSUPPORTED_MEDIA_TYPE", message)
}

/// The whole body, however it is framed; its declared length is believed only when it is too long.
pub(super) async fn read_body(body: Body, limit: usize, within: Duration) -> Result<Vec<u8>, Refusal> {
    if body.size_hint().lower() > limit as u64 {
        return Err(too_large(limit));
    }
    let read = async {
        let mut bytes = Vec::new();
        let mut chunks = body.into_data_stream();
        while let Some(chunk) = chunks.next().await {
            let chunk = chunk.map_err(|_| Refusal::bad_request("The body broke off before its end."))?;
            if bytes.len() + chunk.len() > limit {
                return Err(too_large(limit));
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    };
    tokio::time::timeout(within, read).await.unwrap_or_else(|_| {
        let message = format!("The body did not come whole within {} s.", within.as_secs_f32());
        Err(Refusal::new(StatusCode::REQUEST_TIMEOUT, "TIMEOUT", message))
    })
}

pub(super) fn too_large(limit: usize) -> Refusal {
    let message = format!("The body is larger than the {limit} bytes that are taken.");
    // The rest of the body is not read, so that nothing else can come over this connection.
    Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "PAYLOAD_TOO_LARGE", message)
        .with_header(header::CONNECTION, HeaderValue::from_static("close"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(body: &str) -> String {
        Parameters::from_json(body.as_bytes()).unwrap_err().message().to_owned()
    }

    #[test]
    fn a_body() {
        let body = r#" {"query":"{a}","operationName":null,"variables":{"n":1},"extensions":null,"more":1}"#;
        let parameters = Parameters::from_json(body.as_bytes()).unwrap();
        assert_eq!(parameters.query.as_deref(), Some("{a}"));
        assert_eq!(parameters.operation_name, None);
        assert_eq!(parameters.variables.unwrap().len(), 1);
    }

    #[test]
    fn what_is_wrong_with_a_body_is_said() {
        for (body, message) in [
            ("", "The body is empty; it must be a JSON object with `query`."),
            ("nonsense", "The body must be a JSON object with `query`."),
            (r#"["{a}"]"#, "Batches are not served: send each operation as a request of its own."),
            (r#"{"query":"#, "The body is not JSON: see line 1, column 9."),
            (r#"{"qeury":"{a}"}"#, "The parameter `query` is missing."),
            (r#"{"query":null,"extensions":{}}"#, "The parameter `query` is missing."),
            (r#"{"query":0}"#, "The parameter `query` must be a string."),
            (r#"{"documentId":7}"#, "The parameter `documentId` must be a string, null or absent."),
            (
                r#"{"query":"{a}","operationName":[]}"#,
                "The parameter `operationName` must be a string, null or absent.",
            ),
            (
                r#"{"query":"{a}","variables":"x"}"#,
                "The parameter `variables` must be an object, null or absent.",
            ),
            (
                r#"{"query":"{a}","extensions":[1]}"#,
                "The parameter `extensions` must be an object, null or absent.",
            ),
        ] {
            assert_eq!(refused(body), message);
        }
        assert!(refused(r#"{"query":"{a}","query":"{b}"}"#).contains("given twice"));
    }

    #[test]
    fn a_url() {
        let uri =
            Uri::from_static("/graphql?query=%7Ba%7D&operationName=&variables=%7B%22n%22%3A1%7D&extensions=");
        let parameters = Parameters::from_uri(&uri).unwrap();
        assert_eq!((parameters.query.as_deref(), parameters.operation_name), (Some("{a}"), None));
        assert_eq!(parameters.variables.unwrap().len(), 1);
        for wrong in ["/graphql", "/graphql?query=a&variables=[1]", "/graphql?query=a&query=b"] {
            assert!(Parameters::from_uri(&Uri::from_static(wrong)).is_err(), "{wrong}");
        }
    }

    #[test]
    fn only_json_in_utf8() {
        let with = |value| HeaderMap::from_iter([(header::CONTENT_TYPE, HeaderValue::from_static(value))]);
        assert!(require_json(&HeaderMap::new()).is_err());
        for good in
            ["application/json", "Application/JSON; charset=UTF-8", "application/json;charset=\"utf-8\""]
        {
            assert!(require_json(&with(good)).is_ok(), "{good}");
        }
        for bad in [
            "text/plain",
            "application/x-www-form-urlencoded",
            "application/json; charset=gbk",
            "application/jsonp",
        ] {
            assert!(require_json(&with(bad)).is_err(), "{bad}");
        }
    }
}
