//! The settings as they came out, and the account of where each is from.

use std::fmt::Write as _;

use figment::Figment;
use toml::{Table, Value};

use super::{Config, ConfigError, DatabaseUrl, check};

/// The origin of what nobody set.
const DEFAULT: &str = "default";

/// Settings that hold together, with the memory of where each value came from.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The settings.
    pub config: Config,
    origins: Figment,
}

impl Loaded {
    pub(super) fn new(origins: Figment) -> Result<Self, ConfigError> {
        let mut config: Config = origins.extract_lossy()?;
        if origin(&origins, "database.url") == DEFAULT {
            config.database.url = DatabaseUrl::file_in(&config.data_dir);
        }
        let problems = check::problems(&config, |key| origin(&origins, key));
        if !problems.is_empty() {
            return Err(ConfigError::Invalid(problems));
        }
        Ok(Self { config, origins })
    }

    /// The settings as a TOML file that would give the same, except that secrets are `***`. Each line ends in a comment
    /// that tells where its value is from.
    pub fn to_toml(&self) -> String {
        let mut text = String::new();
        // Serialize is derived on plain structs of plain values, which TOML can all say.
        if let Ok(table) = Table::try_from(&self.config) {
            self.write_table(&mut text, "", &table);
        }
        text
    }

    /// Values first, tables after: whatever follows a `[table]` would belong to it.
    fn write_table(&self, text: &mut String, path: &str, table: &Table) {
        for (name, value) in table.iter().filter(|(_, value)| !value.is_table()) {
            let from = origin(&self.origins, &join(path, name));
            line(text, &format!("{name} = {value}"), &from);
        }
        match path {
            "auth" => self.write_unset_auth(text),
            "files" => self.write_unset_files(text),
            _ => {}
        }
        for (name, value) in table {
            if let Value::Table(inner) = value {
                let path = join(path, name);
                let _ = write!(text, "\n[{path}]\n");
                self.write_table(text, &path, inner);
            }
        }
    }

    /// TOML has no word for "not set"; these two knobs have no default, and a reader should learn that they are there.
    fn write_unset_auth(&self, text: &mut String) {
        if self.config.auth.secret.is_none() {
            let kept = self.config.secret_file();
            line(text, "# secret is not set", &format!("kept in {} with SQLite", kept.display()));
        }
        if self.config.auth.oidc.is_none() {
            line(text, "# oidc is not set", DEFAULT);
        }
    }

    fn write_unset_files(&self, text: &mut String) {
        let files = &self.config.files;
        if files.url.is_none() {
            let kept = self.config.files_folder();
            line(text, "# url is not set", &format!("kept in {}", kept.display()));
        }
        let unset = [
            ("endpoint", files.endpoint.is_none()),
            ("key_id", files.key_id.is_none()),
            ("secret", files.secret.is_none()),
        ];
        for (name, _) in unset.into_iter().filter(|(_, unset)| *unset) {
            line(text, &format!("# {name} is not set"), DEFAULT);
        }
    }
}

/// Where a value is from: `default`, a file, a variable or a flag.
fn origin(origins: &Figment, key: &str) -> String {
    match origins.find_metadata(key) {
        Some(from) if from.source.is_none() => from.name.to_string(),
        _ => DEFAULT.into(),
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

fn line(text: &mut String, content: &str, comment: &str) {
    let _ = writeln!(text, "{content:<44} # {comment}");
}
