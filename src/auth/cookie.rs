//! The refresh token as a browser keeps it: in a cookie that no script can read and no other site can send.

use super::Auth;

/// The cookie's name.
const NAME: &str = "concierge_refresh";

/// The refresh token that a request's cookies brought. `Debug` does not show it.
#[derive(Clone)]
pub struct RefreshCookie(String);

impl std::fmt::Debug for RefreshCookie {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RefreshCookie")
    }
}

impl RefreshCookie {
    /// Finds it among the cookies of a `Cookie` header.
    #[must_use]
    pub fn find(cookies: &str) -> Option<Self> {
        let mut pairs = cookies.split(';').filter_map(|pair| pair.trim().split_once('='));
        pairs.find(|(name, _)| *name == NAME).map(|(_, token)| Self(token.to_owned()))
    }

    /// The refresh token.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.0
    }
}

impl Auth {
    /// The `Set-Cookie` that has a browser keep a refresh token for as long as its session lasts.
    #[must_use]
    pub fn cookie(&self, refresh_token: &str) -> String {
        self.set_cookie(refresh_token, self.0.settings.refresh_token_ttl.as_secs())
    }

    /// The `Set-Cookie` that has a browser forget it.
    #[must_use]
    pub fn forgotten_cookie(&self) -> String {
        self.set_cookie("", 0)
    }

    fn set_cookie(&self, value: &str, max_age: u64) -> String {
        let secure = if self.0.settings.cookie_secure { "; Secure" } else { "" };
        format!("{NAME}={value}; Path=/graphql; Max-Age={max_age}; HttpOnly; SameSite=Strict{secure}")
    }
}
