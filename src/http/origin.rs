//! Which pages may call from a browser. It asks us before it sends JSON or a token for a page of another origin (CORS); for
//! a socket it does not ask, so there we look ourselves.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use tower_http::cors::CorsLayer;

use super::observe::X_REQUEST_ID;
use super::response::Refusal;
use crate::config::Origins;

/// How long a browser need not ask again.
const ASKED_FOR: Duration = Duration::from_secs(10 * 60);

/// No layer at all when nothing is allowed: a browser then refuses by itself.
pub(super) fn cors(origins: &Origins) -> Option<CorsLayer> {
    let all = origins.by_frontend().into_iter().flat_map(|(_, origins)| origins);
    let all: Vec<HeaderValue> = all.filter_map(|origin| HeaderValue::from_str(origin).ok()).collect();
    (!all.is_empty()).then(|| {
        CorsLayer::new()
            .allow_origin(all)
            // The cookie with the refresh token, which the browser sends within one site alone.
            .allow_credentials(true)
            .allow_methods([Method::GET, Method::POST])
            .allow_headers([
                header::ACCEPT,
                header::AUTHORIZATION,
                header::CONTENT_TYPE,
                X_REQUEST_ID,
                HeaderName::from_static("last-event-id"),
                // Clients that upload send one of these to have the browser ask first, which ours does anyway.
                HeaderName::from_static("apollo-require-preflight"),
                HeaderName::from_static("graphql-require-preflight"),
            ])
            .expose_headers([X_REQUEST_ID, header::RETRY_AFTER, header::WWW_AUTHENTICATE])
            .max_age(ASKED_FOR)
    })
}

/// From which page a request comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Page {
    /// From none: an app, a script, or a browser that fetches for our own page.
    None,
    /// Of our own origin.
    Own,
    /// Of one of our frontends.
    Frontend(&'static str),
    /// Of somebody else.
    Foreign,
}

impl Page {
    pub(super) fn of(headers: &HeaderMap, origins: &Origins) -> Self {
        let Some(origin) = headers.get(header::ORIGIN) else { return Self::None };
        let origin = origin.to_str().unwrap_or_default();
        match origins.frontend(origin) {
            Some(frontend) => Self::Frontend(frontend),
            None if is_own(origin, headers) => Self::Own,
            None => Self::Foreign,
        }
    }

    /// Whether it is one that may call.
    pub(super) fn require_known(self) -> Result<Self, Refusal> {
        match self {
            Self::Foreign => Err(Refusal::new(
                StatusCode::FORBIDDEN,
                "FORBIDDEN_ORIGIN",
                "Pages of this origin may not call here; the setting `origins` names those that may.",
            )),
            known => Ok(known),
        }
    }
}

/// Whether the page was loaded from where it calls to. Whether by HTTPS only the proxy before us knows, so the default
/// port of either is none.
fn is_own(origin: &str, headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).and_then(plain);
    let page = origin.parse::<Uri>().ok().filter(|page| matches!(page.scheme_str(), Some("http" | "https")));
    let page =
        page.as_ref().and_then(|page| page.authority()).and_then(|authority| plain(authority.as_str()));
    host.is_some() && page == host
}

fn plain(authority: &str) -> Option<String> {
    let bare = authority.strip_suffix(":443").or(authority.strip_suffix(":80")).unwrap_or(authority);
    (!bare.is_empty()).then(|| bare.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_told_by_where_they_were_loaded_from() {
        let origins = Origins { desk: vec!["https://desk.example.com".into()], ..Origins::default() };
        let page = |origin: &str, host: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ORIGIN, HeaderValue::from_bytes(origin.as_bytes()).unwrap());
            headers.insert(header::HOST, HeaderValue::from_str(host).unwrap());
            Page::of(&headers, &origins)
        };
        assert_eq!(Page::of(&HeaderMap::new(), &origins), Page::None);
        assert_eq!(page("https://desk.example.com", "api.example.com"), Page::Frontend("desk"));
        for (origin, host) in [
            ("https://api.example.com", "api.example.com"),
            ("https://api.example.com", "api.example.com:443"),
            ("http://127.0.0.1:8080", "127.0.0.1:8080"),
            ("http://[::1]:8080", "[::1]:8080"),
            ("https://API.example.com", "api.EXAMPLE.com"),
        ] {
            assert_eq!(page(origin, host), Page::Own, "{origin} {host}");
        }
        for origin in [
            "null",
            "",
            "https://evil.example",
            "https://desk.example.com.evil.example",
            "https://desk.example.com:8443",
            "http://desk.example.com",
            "https://api.example.com:8443",
            "https://api.example.com.evil.example",
            "file://api.example.com",
            "api.example.com",
            "https://evil.example, https://api.example.com",
            "标",
        ] {
            assert_eq!(page(origin, "api.example.com"), Page::Foreign, "{origin}");
        }
    }
}
