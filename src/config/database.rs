//! Where the database is, and how many connections a gateway opens to it.

use std::{fmt, path::Path, time::Duration};

use serde::{Deserialize, Serialize, Serializer};

use super::{duration, secret::HIDDEN};

/// `[database]`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    /// `sqlite://PATH` or `postgres://USER:PASSWORD@HOST/NAME`. Default `concierge.db` in `data_dir`, that is
    /// `sqlite://./data/concierge.db`: one machine needs nothing installed. Several gateways want PostgreSQL.
    pub url: DatabaseUrl,
    /// SQLite only: connections that read beside the one that writes. Default 4: WAL lets readers run while the writer
    /// works, and more of them than cores only wait for each other. Dear operations have `limits.dear_at_once` besides.
    pub readers: u32,
    /// PostgreSQL only: the most connections this gateway opens. Default 16: PostgreSQL's own default of 100 then
    /// carries several gateways, their listeners and an administrator. Dear operations have `limits.dear_at_once` besides.
    pub max_connections: u32,
    /// How long a request waits for a free connection before it fails. Default 5s: short of `http.request_timeout`, so
    /// that an exhausted pool is named as such.
    #[serde(with = "duration")]
    pub acquire_timeout: Duration,
    /// How long the feed and what happens by the clock wait for an answer before they take the connection for dead and go
    /// on with another. Default 30s: nothing of theirs takes as long on a database that answers at all.
    #[serde(with = "duration")]
    pub answer_timeout: Duration,
}

impl Default for Database {
    fn default() -> Self {
        Self {
            url: DatabaseUrl::file_in(Path::new("./data")),
            readers: 4,
            max_connections: 16,
            acquire_timeout: Duration::from_secs(5),
            answer_timeout: Duration::from_secs(30),
        }
    }
}

/// The address of a database. It may hold a password, so `Debug`, `Display` and `Serialize` show `***` in its place.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct DatabaseUrl(String);

/// The databases this program speaks to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DatabaseKind {
    /// A file, or memory, of one process.
    Sqlite,
    /// A server that several gateways may share.
    Postgres,
}

impl DatabaseUrl {
    /// Takes the text as it is; [`DatabaseUrl::kind`] tells whether it is an address we know.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The SQLite database of a gateway that keeps its things in this directory.
    pub(super) fn file_in(data_dir: &Path) -> Self {
        Self(format!("sqlite://{}", data_dir.join("concierge.db").display()))
    }

    /// The whole address with its password, for the code that connects.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The file of an SQLite database; `None` for one in memory, and for PostgreSQL.
    pub fn sqlite_file(&self) -> Option<&Path> {
        let path = self.0.strip_prefix("sqlite://")?.split('?').next()?;
        (!path.is_empty() && path != ":memory:").then(|| Path::new(path))
    }

    /// Which database it names, or `None` where it names none that we speak to.
    pub fn kind(&self) -> Option<DatabaseKind> {
        match self.0.split_once(':')?.0 {
            "sqlite" => Some(DatabaseKind::Sqlite),
            "postgres" | "postgresql" => Some(DatabaseKind::Postgres),
            _ => None,
        }
    }

    /// The address with every password in it replaced.
    fn shown(&self) -> String {
        let address = hide_user_password(&self.0);
        let Some((address, query)) = address.split_once('?') else { return address };
        let query: Vec<_> = query.split('&').map(hide_query_password).collect();
        format!("{address}?{}", query.join("&"))
    }
}

/// The last `@` ends the user's part: a password may hold a `?` or an `@` that nobody escaped, and rather too much
/// is hidden than too little.
fn hide_user_password(address: &str) -> String {
    let parts = address.split_once("://").and_then(|(scheme, rest)| {
        let (user, host) = rest.rsplit_once('@')?;
        let (name, _) = user.split_once(':')?;
        Some(format!("{scheme}://{name}:{HIDDEN}@{host}"))
    });
    parts.unwrap_or_else(|| address.to_owned())
}

fn hide_query_password(pair: &str) -> String {
    match pair.split_once('=') {
        Some((key, _)) if key.eq_ignore_ascii_case("password") => format!("{key}={HIDDEN}"),
        _ => pair.to_owned(),
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown())
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for DatabaseUrl {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.shown())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_shown() {
        for (url, shown) in [
            ("sqlite://./data/concierge.db", "sqlite://./data/concierge.db"),
            ("sqlite::memory:", "sqlite::memory:"),
            ("postgres://localhost/c", "postgres://localhost/c"),
            ("postgres://ann@db/c", "postgres://ann@db/c"),
            ("postgres://ann:pa:ss@db:5432/c", "postgres://ann:***@db:5432/c"),
            ("postgres://ann:p@s?s@db/c", "postgres://ann:***@db/c"),
            ("postgres://db/c?user=ann&Password=pass&a=b", "postgres://db/c?user=ann&Password=***&a=b"),
        ] {
            let url = DatabaseUrl::new(url);
            assert_eq!(url.to_string(), shown);
            assert_eq!(format!("{url:?}"), shown);
        }
    }

    #[test]
    fn the_scheme_names_the_database() {
        for (url, kind) in [
            ("sqlite://./a.db", Some(DatabaseKind::Sqlite)),
            ("sqlite::memory:", Some(DatabaseKind::Sqlite)),
            ("postgres://h/d", Some(DatabaseKind::Postgres)),
            ("postgresql://h/d", Some(DatabaseKind::Postgres)),
            ("mysql://h/d", None),
            ("concierge.db", None),
            ("", None),
        ] {
            assert_eq!(DatabaseUrl::new(url).kind(), kind, "{url}");
        }
    }
}
