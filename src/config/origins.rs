//! Which web pages may call.

use serde::{Deserialize, Serialize};

use super::list;

/// `[origins]`: pages of other origins than our own that may call us from a browser, by frontend: `https://desk.example.com`.
/// Such a page may read our answers, open sockets, and have the browser keep the refresh token for it; what it then may do
/// is its viewer's right, not its own. Default none: our frontends are served from our own origin.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Origins {
    /// Of the front desk's screen.
    #[serde(deserialize_with = "list::deserialize")]
    pub desk: Vec<String>,
    /// Of the staff's dashboard.
    #[serde(deserialize_with = "list::deserialize")]
    pub staff: Vec<String>,
    /// Of the residents' app.
    #[serde(deserialize_with = "list::deserialize")]
    pub resident: Vec<String>,
}

impl Origins {
    /// Each frontend by its name, with its origins.
    pub fn by_frontend(&self) -> [(&'static str, &[String]); 3] {
        [("desk", &self.desk), ("staff", &self.staff), ("resident", &self.resident)]
    }

    /// Whose page an origin is, if one of these.
    #[must_use]
    pub fn frontend(&self, origin: &str) -> Option<&'static str> {
        let found =
            self.by_frontend().into_iter().find(|(_, origins)| origins.iter().any(|known| known == origin));
        found.map(|(name, _)| name)
    }
}
