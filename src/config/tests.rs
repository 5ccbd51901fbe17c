use std::fs;

use super::*;

/// A directory of this test alone, gone when the test ends.
struct Directory(PathBuf);

impl Directory {
    fn new(test: &str) -> Self {
        let path = std::env::temp_dir().join(format!("concierge-config-{test}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, text).unwrap();
        path
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn environment(variables: &[(&str, &str)]) -> Sources {
    let environment = variables.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    Sources { environment, ..Sources::default() }
}

fn refused(variables: &[(&str, &str)]) -> String {
    environment(variables).load().unwrap_err().to_string()
}

#[test]
fn nothing_set_gives_the_defaults() {
    assert_eq!(Sources::default().load().unwrap().config, Config::default());
}

#[test]
fn the_later_source_wins_and_is_named() {
    let directory = Directory::new("order");
    let file = directory.file(
        "c.toml",
        "data_dir = 'of the file'\nlisten = '0.0.0.0:1'\n[http]\nbody_bytes = 1\nws_queue = 7\n",
    );
    let sources = Sources {
        file: Some(file.clone()),
        environment: environment(&[("CONCIERGE_LISTEN", "0.0.0.0:2"), ("CONCIERGE_HTTP__BODY_BYTES", "2")])
            .environment,
        flags: vec![Flag { name: "--listen", key: "listen", value: "0.0.0.0:3".into() }],
    };
    let loaded = sources.load().unwrap();
    let config = &loaded.config;
    assert_eq!(config.data_dir, PathBuf::from("of the file"));
    assert_eq!(config.http.ws_queue, 7);
    assert_eq!(config.http.body_bytes, 2);
    assert_eq!(config.listen.port(), 3);

    let text = loaded.to_toml();
    let line_of = |knob: &str| {
        let line = text.lines().find(|line| line.starts_with(&format!("{knob} ="))).unwrap();
        line.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let file = file.display();
    assert_eq!(line_of("listen"), "listen = \"0.0.0.0:3\" # --listen");
    assert_eq!(line_of("body_bytes"), "body_bytes = 2 # CONCIERGE_HTTP__BODY_BYTES");
    assert_eq!(line_of("ws_queue"), format!("ws_queue = 7 # {file}"));
    assert_eq!(line_of("batch"), "batch = 500 # default");
}

#[test]
fn what_config_prints_is_a_settings_file_that_gives_the_same() {
    let directory = Directory::new("again");
    let variables = [
        ("CONCIERGE_AUTH__OIDC__ISSUER", "https://id.example.com"),
        ("CONCIERGE_AUTH__OIDC__AUDIENCE", "concierge"),
        ("CONCIERGE_AUTH__OIDC__JWKS_URL", "https://id.example.com/keys"),
        ("CONCIERGE_ORIGINS__DESK", "https://a.example.com, http://127.0.0.1:5173"),
        ("CONCIERGE_FEED__RETENTION", "1h 30m"),
        ("CONCIERGE_HTTP__TRUSTED_PROXIES", "10.0.0.0/8, fd00::/8"),
        ("CONCIERGE_HTTP__FORWARDED_BY", "forwarded"),
        ("CONCIERGE_RATE__VIEWER", "off"),
        ("CONCIERGE_RATE__SIGN_IN", "3 / 90s"),
    ];
    let loaded = environment(&variables).load().unwrap();
    assert_eq!(loaded.config.origins.desk, ["https://a.example.com", "http://127.0.0.1:5173"]);
    assert_eq!(loaded.config.feed.retention, Duration::from_secs(5400));
    assert_eq!(loaded.config.http.trusted_proxies.len(), 2);
    assert_eq!(loaded.config.rate.viewer, Times(None));
    assert!(loaded.to_toml().contains("sign_in = \"3/90s\""), "{}", loaded.to_toml());
    let algorithms = &loaded.config.auth.oidc.as_ref().unwrap().algorithms;
    assert_eq!(algorithms, &[OidcAlgorithm::Rs256, OidcAlgorithm::Es256, OidcAlgorithm::EdDsa]);

    let file = directory.file("printed.toml", &loaded.to_toml());
    let again = Sources { file: Some(file), ..Sources::default() }.load().unwrap();
    assert_eq!(again.config, loaded.config);
}

#[test]
fn trusted_only_needs_something_to_trust() {
    let only = ("CONCIERGE_DOCUMENTS__TRUSTED_ONLY", "true");
    let told = "documents.trusted_only (from CONCIERGE_DOCUMENTS__TRUSTED_ONLY): leaves nothing to run";
    assert!(refused(&[only]).starts_with(told), "{}", refused(&[only]));
    let loaded = environment(&[only, ("CONCIERGE_DOCUMENTS__MANIFESTS", "a.json, b.json")]).load().unwrap();
    assert_eq!(loaded.config.documents.manifests, [PathBuf::from("a.json"), PathBuf::from("b.json")]);
    assert!(loaded.config.documents.trusted_only);
}

#[test]
fn secrets_are_not_shown() {
    let secret = "0123456789-0123456789-0123456789";
    let loaded =
        environment(&[("CONCIERGE_AUTH__SECRET", secret), ("DATABASE_URL", "postgres://ann:hush@db/c")]);
    let loaded = loaded.load().unwrap();
    assert_eq!(loaded.config.secrets().unwrap().current.expose(), secret);
    assert_eq!(loaded.config.database.url.expose(), "postgres://ann:hush@db/c");

    let seen = format!("{}{:?}", loaded.to_toml(), loaded.config);
    assert!(!seen.contains(secret) && !seen.contains("hush"), "{seen}");
    assert!(seen.contains("secret = \"***\""), "{seen}");
    assert!(seen.contains("postgres://ann:***@db/c"), "{seen}");
}

#[test]
fn a_secret_of_digits_keeps_its_zeros() {
    let secret = "00000000000000000000000000000000000001";
    let loaded = environment(&[("CONCIERGE_AUTH__SECRET", secret)]).load().unwrap();
    assert_eq!(loaded.config.secrets().unwrap().current.expose(), secret);
}

#[test]
fn our_own_name_of_the_database_goes_before_the_general_one() {
    for variables in [
        [("CONCIERGE_DATABASE__URL", "sqlite://ours"), ("DATABASE_URL", "sqlite://general")],
        [("DATABASE_URL", "sqlite://general"), ("CONCIERGE_DATABASE__URL", "sqlite://ours")],
    ] {
        assert_eq!(environment(&variables).load().unwrap().config.database.url.expose(), "sqlite://ours");
    }
}

#[test]
fn the_database_is_in_the_data_directory_unless_told() {
    let url =
        |variables: &[_]| environment(variables).load().unwrap().config.database.url.expose().to_owned();
    assert_eq!(url(&[("CONCIERGE_DATA_DIR", "/var/lib/c")]), "sqlite:///var/lib/c/concierge.db");
    assert_eq!(url(&[("CONCIERGE_DATA_DIR", "/var/lib/c"), ("DATABASE_URL", "sqlite://x")]), "sqlite://x");
}

#[test]
fn variables_that_are_no_settings_are_left_alone() {
    let variables = [
        ("CONCIERGE_LISTEN", "  "),
        ("DATABASE_URL", ""),
        ("CONCIERGE_TEST_POSTGRES", "required"),
        ("CONCIERGE_REAL_DATA", "/data"),
        ("CONCIERGE_SERVICE_HOST", "10.0.0.1"),
        ("CONCIERGE_PORT_8080_TCP", "tcp://10.0.0.1:8080"),
        ("PATH", "/bin"),
    ];
    assert_eq!(environment(&variables).load().unwrap().config, Config::default());
}

#[test]
fn what_is_not_known_is_refused_by_name() {
    assert_eq!(
        refused(&[("CONCIERGE_FEED__BUFER", "1")]),
        "feed.bufer (from CONCIERGE_FEED__BUFER): no such knob; there are: poll_every, heartbeat_every, buffer, batch, \
         retention"
    );
    assert_eq!(
        refused(&[("CONCIERGE_LOG__FORMAT", "xml")]),
        "log.format (from CONCIERGE_LOG__FORMAT): \"xml\" is none of: text, json"
    );
}

#[test]
fn what_cannot_be_is_refused_with_what_would_be_right() {
    for (name, value, message) in [
        (
            "FEED__RETENTION",
            "30",
            "feed.retention (from CONCIERGE_FEED__RETENTION): \"30\" is no length of time; write a number and its unit (ms, s, m, h, d), such as \"30s\", \"15m\" or \"30d\"",
        ),
        (
            "FEED__RETENTION",
            "0s",
            "feed.retention (from CONCIERGE_FEED__RETENTION): 0ms is too short; at least 1s",
        ),
        (
            "AUTH__ACCESS_TOKEN_TTL",
            "60d",
            "auth.refresh_token_ttl (from default): 30d is too short; at least 60d",
        ),
        (
            "AUTH__SECRET",
            "short",
            "auth.secret (from CONCIERGE_AUTH__SECRET): has 5 bytes; at least 32, as `openssl rand -base64 32` makes them",
        ),
        (
            "DATABASE__URL",
            "mysql://a:b@h/d",
            "database.url (from CONCIERGE_DATABASE__URL): mysql://a:***@h/d names no database we know; sqlite://PATH or postgres://USER:PASSWORD@HOST/NAME",
        ),
        (
            "RATE__VIEWER",
            "10",
            "rate.viewer (from CONCIERGE_RATE__VIEWER): \"10\" is no limit; write how many times within which time, at most 1d, such as \"10/10m\", or \"off\"",
        ),
        (
            "AUTH__HASHES__AT_ONCE",
            "0",
            "auth.hashes.at_once (from CONCIERGE_AUTH__HASHES__AT_ONCE): 0 is too small; at least 1",
        ),
        (
            "HTTP__WS_IDLE_AFTER",
            "20s",
            "http.ws_idle_after (from CONCIERGE_HTTP__WS_IDLE_AFTER): must be longer than http.ws_ping_every (20s), or every quiet socket is closed",
        ),
        (
            "ORIGINS__DESK",
            "https://a.b/c",
            "origins.desk (from CONCIERGE_ORIGINS__DESK): \"https://a.b/c\" is no origin; scheme, host and port alone, such as https://desk.example.com",
        ),
        (
            "ORIGINS__DESK",
            "*",
            "origins.desk (from CONCIERGE_ORIGINS__DESK): \"*\" is no origin; scheme, host and port alone, such as https://desk.example.com",
        ),
        (
            "AUTH__ARGON2__MEMORY_KIB",
            "4",
            "auth.argon2 (from CONCIERGE_AUTH__ARGON2__MEMORY_KIB): cannot be: memory cost is too small; memory_kib is at least 8 for each lane",
        ),
        ("AUTH__OIDC__ISSUER", "x", "auth.oidc (from CONCIERGE_AUTH__OIDC__ISSUER): `audience` is missing"),
    ] {
        let found = refused(&[(&format!("CONCIERGE_{name}"), value)]);
        assert_eq!(found.lines().next(), Some(message), "{name}={value}");
    }
}

#[test]
fn keys_come_only_over_a_line_that_nobody_else_writes_on() {
    for (url, fine) in [
        ("https://id.example.com/keys", true),
        ("http://127.0.0.1:9/keys", true),
        ("http://[::1]:9/keys", true),
        ("http://localhost/keys", true),
        ("http://id.example.com/keys", false),
        ("http://127.0.0.1.example.com/keys", false),
        ("file:///etc/keys", false),
        ("keys", false),
    ] {
        let oidc = [
            ("CONCIERGE_AUTH__OIDC__ISSUER", "https://id.example.com"),
            ("CONCIERGE_AUTH__OIDC__AUDIENCE", "concierge"),
            ("CONCIERGE_AUTH__OIDC__JWKS_URL", url),
        ];
        assert_eq!(environment(&oidc).load().is_ok(), fine, "{url}");
    }
}

#[test]
fn only_signatures_with_two_keys_can_be_chosen() {
    let found = refused(&[("CONCIERGE_AUTH__OIDC__ALGORITHMS", "RS256,HS256")]);
    assert_eq!(
        found,
        "auth.oidc.algorithms (from CONCIERGE_AUTH__OIDC__ALGORITHMS): \"HS256\" is none of: RS256, RS384, RS512, PS256, \
         PS384, PS512, ES256, ES384, EdDSA"
    );
}

#[test]
fn all_that_is_wrong_is_told_at_once() {
    let found = refused(&[("CONCIERGE_FEED__BATCH", "0"), ("CONCIERGE_FEED__BUFFER", "0")]);
    assert_eq!(found.lines().count(), 2, "{found}");
}

#[test]
fn a_broken_file_is_told_by_line_without_showing_it() {
    let directory = Directory::new("broken");
    let path = directory.file("c.toml", "[auth]\nsecret = \"hush\n");
    let error = Sources { file: Some(path.clone()), ..Sources::default() }.load().unwrap_err().to_string();
    assert_eq!(error, format!("{}, line 2, column 15: invalid basic string", path.display()));

    let missing = directory.0.join("none.toml");
    let error = Sources { file: Some(missing.clone()), ..Sources::default() }.load().unwrap_err().to_string();
    assert!(error.starts_with(&format!("cannot read the settings file {}: ", missing.display())), "{error}");

    let path = directory.file("d.toml", "[auth]\nsecret = 1234567\n");
    let error = Sources { file: Some(path.clone()), ..Sources::default() }.load().unwrap_err().to_string();
    assert_eq!(error, format!("auth.secret (from {}): must be text", path.display()));
}

#[test]
fn on_sqlite_a_secret_is_made_once_and_kept() {
    let directory = Directory::new("kept");
    let config = Config { data_dir: directory.0.join("data"), ..Config::default() };
    let made = config.secrets().unwrap();
    assert_eq!(made.current.expose().len(), 43);
    assert_eq!(config.secrets().unwrap(), made);
    let left: Vec<_> =
        fs::read_dir(&config.data_dir).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["secret"]);
}

#[test]
fn gateways_that_start_together_keep_one_secret() {
    let directory = Directory::new("together");
    let config = Config { data_dir: directory.0.join("data"), ..Config::default() };
    let secrets: Vec<_> = std::thread::scope(|scope| {
        let started: Vec<_> = (0..8).map(|_| scope.spawn(|| config.secrets().unwrap())).collect();
        started.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(secrets.iter().all(|secret| *secret == secrets[0]));
}

#[cfg(unix)]
#[test]
fn a_kept_secret_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;

    let directory = Directory::new("mode");
    let config = Config { data_dir: directory.0.clone(), ..Config::default() };
    config.secrets().unwrap();
    let path = config.secret_file();
    let mode = |path: &PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&path), 0o600);

    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    let shown = path.display();
    assert_eq!(
        config.secrets().unwrap_err().to_string(),
        format!(
            "cannot keep the secret in {shown}: others can read it (mode 644); run chmod 600 {shown}; or set \
             CONCIERGE_AUTH__SECRET"
        )
    );
}

#[test]
fn with_postgresql_the_secret_must_be_set() {
    let loaded = environment(&[("DATABASE_URL", "postgres://db/c")]).load().unwrap();
    let error = loaded.config.secrets().unwrap_err().to_string();
    assert!(
        error.starts_with("auth.secret is not set.") && error.contains("openssl rand -base64 32"),
        "{error}"
    );
}

#[test]
fn files_are_in_the_data_folder_until_a_bucket_is_named() {
    let config = environment(&[("CONCIERGE_DATA_DIR", "of/tests")]).load().unwrap().config;
    assert_eq!((config.files.bucket(), config.files_folder()), (None, PathBuf::from("of/tests/files")));
    let variables = [
        ("CONCIERGE_FILES__URL", "s3://photos/of/estates/"),
        ("CONCIERGE_FILES__ENDPOINT", "https://minio.example.com"),
        ("CONCIERGE_FILES__KEY_ID", "id"),
        ("CONCIERGE_FILES__SECRET", "hush-hush"),
    ];
    let loaded = environment(&variables).load().unwrap();
    assert_eq!(loaded.config.files.bucket(), Some(("photos", "of/estates")));
    let seen = format!("{}{:?}", loaded.to_toml(), loaded.config);
    assert!(!seen.contains("hush-hush"), "{seen}");
}

#[test]
fn what_cannot_be_of_files_is_refused() {
    for (variable, value, what) in [
        (
            "URL",
            "photos",
            "files.url (from CONCIERGE_FILES__URL): \"photos\" names no bucket; s3://BUCKET or s3://BUCKET/PREFIX",
        ),
        ("URL", "s3:///x", "names no bucket"),
        ("ENDPOINT", "https://x.example.com", "is of use with S3 only; set files.url to s3://BUCKET too"),
        ("KEY_ID", "id", "files.secret belong together; set both, or neither for the role of the machine"),
        ("FILE_BYTES", "0", "0 is too small; at least 1"),
        ("REQUEST_BYTES", "1000", "1000 is too small; at least files.file_bytes (10485760)"),
        ("MEMORY_BYTES", "1000", "1000 is too small; at least files.request_bytes (67108864)"),
        ("WORKERS", "0", "0 is too small; at least 1"),
        ("PENDING_FOR", "0s", "0ms is too short; at least 1s"),
    ] {
        let said = refused(&[(&format!("CONCIERGE_FILES__{variable}"), value)]);
        assert!(said.contains(what), "{variable}: {said}");
    }
    let s3 = ("CONCIERGE_FILES__URL", "s3://photos");
    let said = refused(&[s3, ("CONCIERGE_FILES__ENDPOINT", "minio:9000")]);
    assert!(said.contains("\"minio:9000\" is no address; such as https://minio.example.com"), "{said}");
    let said = refused(&[s3, ("CONCIERGE_FILES__SECRET", "hush-hush")]);
    assert!(said.contains("files.key_id") && !said.contains("hush-hush"), "{said}");
}

#[test]
fn a_limit_is_so_many_times_within_a_time() {
    let times = |text: &str| serde_json::from_value::<Times>(text.into()).map_err(|error| error.to_string());
    let quota = times("60/1h").unwrap().0.unwrap();
    assert_eq!((quota.times.get(), quota.within), (60, Duration::from_secs(3600)));
    for wrong in
        ["", "10", "10/", "/10m", "0/10m", "-1/10m", "10/0s", "10/10", "10/25h", "2000/1us", "on", "1.5/1s"]
    {
        assert!(times(wrong).unwrap_err().contains("is no limit"), "{wrong}");
    }
}

#[test]
fn what_signed_before_still_verifies() {
    let [first, second, third] = ["1", "2", "3"].map(|digit| digit.repeat(32));
    let given = [
        ("CONCIERGE_AUTH__SECRET", first.as_str()),
        ("CONCIERGE_AUTH__FORMER_SECRETS", &format!("{second}, {third}")),
    ];
    let loaded = environment(&given).load().unwrap();
    let shown =
        |secrets: Secrets| secrets.iter().map(|secret| secret.expose().to_owned()).collect::<Vec<_>>();
    assert_eq!(shown(loaded.config.secrets().unwrap()), [first.clone(), second.clone(), third.clone()]);
    assert!(!format!("{}{:?}", loaded.to_toml(), loaded.config).contains(&second));

    let directory = Directory::new("rotation");
    let config = Config { data_dir: directory.0.clone(), ..Config::default() };
    let made = config.secrets().unwrap().current;
    let path = directory.0.join("secret");
    fs::write(&path, format!("{first}\n\n{}\n", made.expose())).unwrap();
    assert_eq!(shown(config.secrets().unwrap()), [first, made.expose().to_owned()]);
}
