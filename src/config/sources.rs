//! Where settings come from, each laid over the one before under a name to answer by.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use figment::{
    Figment, Metadata, Profile, Provider,
    providers::Serialized,
    util::nest,
    value::{Dict, Map, Value},
};

use super::{Config, ConfigError, Loaded, error::Problem};

const PREFIX: &str = "CONCIERGE_";
const DEFAULT_FILE: &str = "concierge.toml";

/// Variables that bear our prefix and are no settings: the test suite's own, and those which Kubernetes puts into every
/// pod beside a service named `concierge`.
const NOT_SETTINGS: [&str; 4] =
    ["CONCIERGE_TEST_", "CONCIERGE_REAL_DATA", "CONCIERGE_SERVICE_", "CONCIERGE_PORT"];

/// All that [`Sources::load`] reads. A test fills in its own; [`Sources::of_process`] takes those of this process.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// The settings file; it must be there.
    pub file: Option<PathBuf>,
    /// Variables by name. Only `DATABASE_URL` and `CONCIERGE_*` are looked at; an empty one counts as not set, since
    /// that is how compose files pass what is not set.
    pub environment: Vec<(String, String)>,
    /// Flags of the command line that set a knob.
    pub flags: Vec<Flag>,
}

/// A flag that sets a knob.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flag {
    /// As it is typed: `--listen`.
    pub name: &'static str,
    /// The knob it sets: `listen`.
    pub key: &'static str,
    /// The text given.
    pub value: String,
}

impl Sources {
    /// The file named, else `./concierge.toml` if there is one; the environment of this process; these flags.
    ///
    /// # Errors
    /// [`ConfigError::Invalid`] for a variable of ours that is no Unicode.
    pub fn of_process(file: Option<PathBuf>, flags: Vec<Flag>) -> Result<Self, ConfigError> {
        let file = file.or_else(|| Some(Path::new(".").join(DEFAULT_FILE)).filter(|path| path.is_file()));
        let environment = env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value)))
            .filter(|(name, _)| knob_of(name).is_some())
            .map(|(name, value)| match value.into_string() {
                Ok(value) => Ok((name, value)),
                Err(_) => Err(not_unicode(name)),
            })
            .collect::<Result<_, _>>()?;
        Ok(Self { file, environment, flags })
    }

    /// Lays all over one another and checks what comes of it.
    ///
    /// # Errors
    /// What [`ConfigError`] tells, except for the secret, which only [`Config::secrets`] looks for.
    pub fn load(&self) -> Result<Loaded, ConfigError> {
        let mut figment = Figment::from(Serialized::defaults(Config::default()));
        if let Some(path) = &self.file {
            figment = figment.merge(Layer { name: path.display().to_string(), values: read(path)? });
        }
        // The general name goes first, so that the one which is ours alone decides.
        let (general, own): (Vec<_>, Vec<_>) =
            self.environment.iter().partition(|(name, _)| name == "DATABASE_URL");
        for (name, value) in general.into_iter().chain(own) {
            let Some(key) = knob_of(name).filter(|_| !value.trim().is_empty()) else { continue };
            figment = figment.merge(Layer::of(name, &key, value));
        }
        for flag in &self.flags {
            figment = figment.merge(Layer::of(flag.name, flag.key, &flag.value));
        }
        Loaded::new(figment)
    }
}

/// The knob that a variable sets: `CONCIERGE_HTTP__BODY_BYTES` is `http.body_bytes`.
fn knob_of(variable: &str) -> Option<String> {
    if variable == "DATABASE_URL" {
        return Some("database.url".into());
    }
    if NOT_SETTINGS.iter().any(|other| variable.starts_with(other)) {
        return None;
    }
    Some(variable.strip_prefix(PREFIX)?.to_ascii_lowercase().replace("__", "."))
}

fn not_unicode(name: String) -> ConfigError {
    let key = knob_of(&name).unwrap_or_default();
    ConfigError::Invalid(vec![Problem { key, origin: name, what: "is no Unicode text".into() }])
}

fn read(path: &Path) -> Result<Dict, ConfigError> {
    let text =
        fs::read_to_string(path).map_err(|cause| ConfigError::File { path: path.to_owned(), cause })?;
    toml::from_str(&text).map_err(|error| {
        let before = text.get(..error.span().map_or(0, |span| span.start)).unwrap_or_default();
        ConfigError::Syntax {
            path: path.to_owned(),
            line: before.matches('\n').count() + 1,
            column: before.chars().rev().take_while(|c| *c != '\n').count() + 1,
            what: error.message().to_owned(),
        }
    })
}

/// Values of one origin, whose name is kept with each of them.
struct Layer {
    name: String,
    values: Dict,
}

impl Layer {
    /// The value stays text as it was given; it is read as a number where the knob is one. So a secret made of digits
    /// keeps its leading zeros.
    fn of(name: &str, key: &str, value: &str) -> Self {
        let values = nest(key, Value::from(value)).into_dict().unwrap_or_default();
        Self { name: name.to_owned(), values }
    }
}

impl Provider for Layer {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.name.clone())
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        Ok(Profile::Default.collect(self.values.clone()))
    }
}
