//! What types cannot say: values that must fit each other, and texts that must mean something.

use std::time::Duration;

use reqwest::Url;
use tracing_subscriber::EnvFilter;

use super::{Config, Files, Oidc, Problem, duration};

/// The shortest secret, in bytes: a signature with HMAC-SHA256 is no stronger than its key.
pub(super) const SECRET_BYTES: usize = 32;

/// The shortest time that a timer keeps well.
const MOMENT: Duration = Duration::from_millis(1);
const SECOND: Duration = Duration::from_secs(1);
/// A tebibyte: more than any machine has.
const LARGEST: usize = 1 << 40;
/// The parser stops at 64.
const NESTING_MAX: u64 = 60;
/// What runs an operation goes 32 deep, and one level may be added to a mutation.
const RECURSION_MAX: u64 = 30;
/// More than that no machine computes while anybody waits.
const CROWD: usize = 100_000;
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const CENTURY: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);

/// All that is wrong, so that it can be put right in one go.
pub(super) fn problems(config: &Config, origin: impl Fn(&str) -> String) -> Vec<Problem> {
    let mut found = Found(Vec::new());
    database(config, &mut found);
    log(config, &mut found);
    auth(config, &mut found);
    origins(config, &mut found);
    http(config, &mut found);
    limits(config, &mut found);
    documents(config, &mut found);
    feed(config, &mut found);
    files(config, &mut found);
    exchange(config, &mut found);
    retention(config, &mut found);
    let problem = |(key, what): (&str, String)| Problem { key: key.into(), origin: origin(key), what };
    found.0.into_iter().map(problem).collect()
}

struct Found(Vec<(&'static str, String)>);

impl Found {
    fn unless(&mut self, holds: bool, key: &'static str, what: impl FnOnce() -> String) {
        if !holds {
            self.0.push((key, what()));
        }
    }

    fn at_least(&mut self, key: &'static str, value: u64, least: u64) {
        self.unless(value >= least, key, || format!("{value} is too small; at least {least}"));
    }

    fn at_least_one(&mut self, key: &'static str, value: impl TryInto<u64>) {
        // What does not fit into 64 bits is no less than one.
        self.at_least(key, value.try_into().unwrap_or(u64::MAX), 1);
    }

    /// The upper end keeps every sum of a time and a length of time inside the calendar.
    fn lasts(&mut self, key: &'static str, value: Duration, least: Duration) {
        let (shown, least_shown) = (duration::text(value), duration::text(least));
        self.unless(value >= least, key, || format!("{shown} is too short; at least {least_shown}"));
        self.unless(value <= CENTURY, key, || format!("{shown} is too long; at most 100 years"));
    }
}

fn database(config: &Config, found: &mut Found) {
    let database = &config.database;
    found.unless(database.url.kind().is_some(), "database.url", || {
        format!(
            "{} names no database we know; sqlite://PATH or postgres://USER:PASSWORD@HOST/NAME",
            database.url
        )
    });
    found.at_least_one("database.readers", database.readers);
    // One connection listens for events for as long as the gateway runs.
    found.at_least("database.max_connections", database.max_connections.into(), 2);
    found.lasts("database.acquire_timeout", database.acquire_timeout, MOMENT);
    found.lasts("database.answer_timeout", database.answer_timeout, MOMENT);
}

fn log(config: &Config, found: &mut Found) {
    if let Err(error) = EnvFilter::try_new(&config.log.filter) {
        found.0.push(("log.filter", error.to_string()));
    }
}

fn auth(config: &Config, found: &mut Found) {
    let auth = &config.auth;
    if let Some(secret) = &auth.secret {
        let bytes = secret.expose().len();
        found.unless(bytes >= SECRET_BYTES, "auth.secret", || {
            format!("has {bytes} bytes; at least {SECRET_BYTES}, as `openssl rand -base64 32` makes them")
        });
    }
    for (place, former) in auth.former_secrets.iter().enumerate() {
        found.unless(former.expose().len() >= SECRET_BYTES, "auth.former_secrets", || {
            format!(
                "number {} is shorter than {SECRET_BYTES} bytes, and was never a secret of ours",
                place + 1
            )
        });
    }
    found.unless(!auth.issuer.trim().is_empty(), "auth.issuer", || "is empty; a name is needed".into());
    found.lasts("auth.access_token_ttl", auth.access_token_ttl, SECOND);
    found.lasts("auth.refresh_token_ttl", auth.refresh_token_ttl, auth.access_token_ttl);
    found.lasts("auth.activation_code_ttl", auth.activation_code_ttl, SECOND);
    found.lasts("auth.file_link_ttl", auth.file_link_ttl, SECOND);

    let cost = auth.argon2;
    if let Err(error) = argon2::Params::new(cost.memory_kib, cost.iterations, cost.parallelism, None) {
        found.0.push(("auth.argon2", format!("cannot be: {error}; memory_kib is at least 8 for each lane")));
    }
    found.at_least_one("auth.hashes.at_once", auth.hashes.at_once);
    found.unless(auth.hashes.at_once.max(auth.hashes.waiting) <= CROWD, "auth.hashes", || {
        format!("cannot be so many; at most {CROWD} each")
    });
    if let Some(oidc) = &auth.oidc {
        outside_issuer(oidc, config, found);
    }
}

fn outside_issuer(oidc: &Oidc, config: &Config, found: &mut Found) {
    found.unless(!oidc.issuer.is_empty(), "auth.oidc.issuer", || "is empty; the `iss` of its tokens".into());
    // Equal names would let the outside issuer's subjects pass for our accounts, or the other way round.
    found.unless(oidc.issuer != config.auth.issuer, "auth.oidc.issuer", || {
        "is our own auth.issuer; the two must differ".into()
    });
    found.unless(!oidc.audience.is_empty(), "auth.oidc.audience", || {
        "is empty; the `aud` that means us".into()
    });
    found.unless(!oidc.algorithms.is_empty(), "auth.oidc.algorithms", || {
        "is empty; name one, such as RS256".into()
    });
    found.unless(safe_to_fetch(&oidc.jwks_url), "auth.oidc.jwks_url", || {
        format!(
            "{:?} is no https address; http only for this machine (127.0.0.1, ::1, localhost)",
            oidc.jwks_url
        )
    });
}

/// Keys that came over a line others can write on would let those others sign in as anyone.
fn safe_to_fetch(url: &str) -> bool {
    let Ok(url) = Url::parse(url) else { return false };
    match (url.scheme(), url.host_str()) {
        ("https", Some(_)) => true,
        ("http", Some(host)) => matches!(host, "127.0.0.1" | "[::1]" | "localhost"),
        _ => false,
    }
}

fn origins(config: &Config, found: &mut Found) {
    let origins = &config.origins;
    let each = [
        ("origins.desk", &origins.desk),
        ("origins.staff", &origins.staff),
        ("origins.resident", &origins.resident),
    ];
    for (key, origin) in each.into_iter().flat_map(|(key, list)| list.iter().map(move |origin| (key, origin)))
    {
        found.unless(is_origin(origin), key, || {
            format!("{origin:?} is no origin; scheme, host and port alone, such as https://desk.example.com")
        });
    }
}

fn is_origin(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| url.origin().ascii_serialization() == text)
}

fn http(config: &Config, found: &mut Found) {
    let http = &config.http;
    for (key, value) in [
        ("http.body_bytes", http.body_bytes),
        ("http.ws_frame_bytes", http.ws_frame_bytes),
        ("http.ws_subscriptions", http.ws_subscriptions),
        ("http.ws_queue", http.ws_queue),
        ("http.sockets_per_viewer", http.sockets_per_viewer),
        ("http.sockets_per_address", http.sockets_per_address),
    ] {
        found.at_least_one(key, value);
    }
    found.at_least_one("http.ws_messages_per_second", http.ws_messages_per_second);
    for (key, value) in [
        ("http.header_timeout", http.header_timeout),
        ("http.body_timeout", http.body_timeout),
        ("http.request_timeout", http.request_timeout),
        ("http.shutdown_timeout", http.shutdown_timeout),
        ("http.ws_init_timeout", http.ws_init_timeout),
        ("http.ws_ping_every", http.ws_ping_every),
        ("http.ws_idle_after", http.ws_idle_after),
    ] {
        found.lasts(key, value, MOMENT);
    }
    found.unless(http.ws_idle_after > http.ws_ping_every, "http.ws_idle_after", || {
        let ping = duration::text(http.ws_ping_every);
        format!("must be longer than http.ws_ping_every ({ping}), or every quiet socket is closed")
    });
}

fn limits(config: &Config, found: &mut Found) {
    let limits = &config.limits;
    for (key, value) in [
        ("limits.document_bytes", limits.document_bytes),
        ("limits.tokens", limits.tokens),
        ("limits.nesting", limits.nesting),
        ("limits.name_bytes", limits.name_bytes),
        ("limits.operations", limits.operations),
        ("limits.depth", limits.depth),
        ("limits.fields", limits.fields),
        ("limits.root_fields", limits.root_fields),
        ("limits.cost", limits.cost),
        ("limits.list_size", limits.list_size),
    ] {
        found.at_least_one(key, value);
    }
    found.at_least_one("limits.dear_at_once", limits.dear_at_once);
    found.at_least_one("limits.subscription_cost", limits.subscription_cost);
    for (key, value, most) in [
        ("limits.nesting", limits.nesting, NESTING_MAX),
        ("limits.recursion", limits.recursion, RECURSION_MAX),
    ] {
        found.unless(value <= most, key, || format!("{value} is too large; at most {most}"));
    }
}

fn documents(config: &Config, found: &mut Found) {
    let documents = &config.documents;
    found.unless(
        !documents.trusted_only || !documents.manifests.is_empty(),
        "documents.trusted_only",
        || "leaves nothing to run; name the frontends' manifests in documents.manifests".into(),
    );
}

fn retention(config: &Config, found: &mut Found) {
    let retention = &config.retention;
    for (key, value) in [
        ("retention.audit", retention.audit),
        ("retention.readings", retention.readings),
        ("retention.addresses", retention.addresses),
        ("retention.idempotency", retention.idempotency),
        ("retention.sessions", retention.sessions),
        ("retention.requests", retention.requests),
    ] {
        found.lasts(key, value, DAY);
    }
}

fn feed(config: &Config, found: &mut Found) {
    let feed = &config.feed;
    found.lasts("feed.poll_every", feed.poll_every, MOMENT);
    found.lasts("feed.heartbeat_every", feed.heartbeat_every, MOMENT);
    found.lasts("feed.retention", feed.retention, SECOND);
    found.at_least_one("feed.buffer", feed.buffer);
    found.at_least_one("feed.batch", feed.batch);
    found.lasts("jobs.every", config.jobs.every, MOMENT);
}

fn files(config: &Config, found: &mut Found) {
    let files = &config.files;
    for (key, value) in [
        ("files.file_bytes", files.file_bytes),
        ("files.at_once", files.at_once),
        ("files.workers", files.workers),
    ] {
        found.at_least_one(key, value);
    }
    found.at_least_one("files.pixels", files.pixels);
    found.lasts("files.upload_timeout", files.upload_timeout, MOMENT);
    found.lasts("files.pending_for", files.pending_for, SECOND);
    found.unless(files.request_bytes >= files.file_bytes, "files.request_bytes", || {
        format!("{} is too small; at least files.file_bytes ({})", files.request_bytes, files.file_bytes)
    });
    // Who needs more than there is would wait for ever.
    found.unless(files.memory_bytes >= files.request_bytes, "files.memory_bytes", || {
        format!("{} is too small; at least files.request_bytes ({})", files.memory_bytes, files.request_bytes)
    });
    // The memory is shared out in KiB, counted in 32 bits.
    found.unless(files.memory_bytes <= LARGEST, "files.memory_bytes", || {
        format!("{} is too large; at most {LARGEST}", files.memory_bytes)
    });
    found.unless(i32::try_from(files.file_bytes).is_ok(), "files.file_bytes", || {
        format!("{} is too large; at most {}", files.file_bytes, i32::MAX)
    });
    bucket(files, found);
}

fn exchange(config: &Config, found: &mut Found) {
    let exchange = &config.exchange;
    found.at_least_one("exchange.file_bytes", exchange.file_bytes);
    found.lasts("exchange.poll_every", exchange.poll_every, MOMENT);
    found.lasts("exchange.lease", exchange.lease, SECOND);
    found.lasts("exchange.kept_for", exchange.kept_for, SECOND);
}

fn bucket(files: &Files, found: &mut Found) {
    found.unless(files.url.is_none() || files.bucket().is_some(), "files.url", || {
        format!(
            "{:?} names no bucket; s3://BUCKET or s3://BUCKET/PREFIX",
            files.url.as_deref().unwrap_or_default()
        )
    });
    found.unless(files.url.is_some() || files.endpoint.is_none(), "files.endpoint", || {
        "is of use with S3 only; set files.url to s3://BUCKET too".into()
    });
    found.unless(files.url.is_some() || files.key_id.is_none(), "files.key_id", || {
        "is of use with S3 only; set files.url to s3://BUCKET too".into()
    });
    found.unless(files.key_id.is_some() == files.secret.is_some(), "files.key_id", || {
        "and files.secret belong together; set both, or neither for the role of the machine".into()
    });
    found.unless(!files.region.trim().is_empty(), "files.region", || "is empty; a name is needed".into());
    if let Some(endpoint) = &files.endpoint {
        let is_address =
            Url::parse(endpoint).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        found.unless(is_address, "files.endpoint", || {
            format!("{endpoint:?} is no address; such as https://minio.example.com")
        });
    }
}
