//! What every answer tells a browser not to do with it.

use axum::http::{HeaderName, HeaderValue, header};
use axum::response::Response;

/// An answer is data: nothing in it runs, loads or frames.
const DATA: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

/// A page of ours: all that it needs is ours, and pictures that it has made itself. Sockets of our own origin are `'self'`.
const PAGE: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' blob: data:; \
     connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; \
     frame-ancestors 'none'",
);

/// What holds for data and pages alike. A route that knows better has set its own.
const ALWAYS: [(HeaderName, HeaderValue); 4] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
];

/// The outermost layer, so that refusals and faults have it too.
pub(super) async fn shield(mut response: Response) -> Response {
    let is_page = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().to_ascii_lowercase().starts_with(b"text/html"));
    let policy = (header::CONTENT_SECURITY_POLICY, if is_page { PAGE } else { DATA });
    for (name, value) in ALWAYS.into_iter().chain([policy]) {
        response.headers_mut().entry(name).or_insert(value);
    }
    response
}

#[cfg(test)]
mod tests {
    use axum::response::{Html, IntoResponse};

    use super::*;

    #[tokio::test]
    async fn a_page_may_load_what_is_ours_and_run_nothing_written_into_it() {
        let response = shield(Html("<!doctype html>").into_response()).await;
        let policy = response.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(policy.contains("script-src 'self';") && policy.contains("connect-src 'self';"), "{policy}");
        assert!(!policy.contains("unsafe") && policy.ends_with("frame-ancestors 'none'"), "{policy}");
    }

    #[tokio::test]
    async fn what_a_route_has_set_itself_stays() {
        let own = [(header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox")];
        let response = shield((own, "a file").into_response()).await;
        assert_eq!(response.headers()[header::CONTENT_SECURITY_POLICY], "default-src 'none'; sandbox");
        assert_eq!(response.headers()[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
    }
}
