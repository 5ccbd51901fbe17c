//! From an `Authorization` value, of a header or of `connection_init`, to a [`Caller`].

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};

use super::response::Refusal;
use crate::auth::{Auth, AuthError, Caller};

/// How a client shall come back after the database went away.
const RETRY_AFTER_SECONDS: HeaderValue = HeaderValue::from_static("5");

/// The header's value. One that is not text is given as an empty one: it must be refused, not taken for anonymous.
pub(super) fn authorization(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION).map(|value| value.to_str().unwrap_or_default())
}

/// No value is an anonymous caller; any value must be a valid bearer token.
pub(super) async fn caller(auth: &Auth, authorization: Option<&str>) -> Result<Caller, AuthError> {
    match authorization {
        None => auth.caller(None).await,
        Some(value) => auth.caller(Some(bearer(value).ok_or(AuthError::Invalid)?)).await,
    }
}

/// The token in `Bearer <token>`; the scheme's case does not matter (RFC 9110).
fn bearer(value: &str) -> Option<&str> {
    let (scheme, token) = value.split_once(' ')?;
    let token = token.trim_ascii();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

impl From<AuthError> for Refusal {
    fn from(error: AuthError) -> Self {
        let message = error.to_string();
        match error {
            AuthError::Invalid => Self::new(StatusCode::UNAUTHORIZED, "UNAUTHENTICATED", message)
                .with_header(
                    header::WWW_AUTHENTICATE,
                    HeaderValue::from_static(r#"Bearer realm="concierge", error="invalid_token""#),
                ),
            AuthError::Unavailable => Self::new(StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE", message)
                .with_header(header::RETRY_AFTER, RETRY_AFTER_SECONDS),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_bearer_token_is_one() {
        assert_eq!(bearer("Bearer abc"), Some("abc"));
        assert_eq!(bearer("bearer  abc "), Some("abc"));
        for wrong in ["", "abc", "Bearer", "Bearer ", "Basic abc"] {
            assert_eq!(bearer(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn a_header_that_is_no_text_is_not_anonymous() {
        let mut headers = HeaderMap::new();
        assert_eq!(authorization(&headers), None);
        headers.insert(header::AUTHORIZATION, HeaderValue::from_bytes(b"Bearer \xff").unwrap());
        assert_eq!(authorization(&headers), Some(""));
    }
}
