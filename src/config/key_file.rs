//! The secret that a gateway on SQLite makes for itself.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use rand::{TryRng as _, rngs::SysRng};

use super::{Config, ConfigError, DatabaseKind, Secret, check::SECRET_BYTES};

impl Config {
    /// The secret that is set; else, on SQLite, the one kept in `data_dir/secret`, which is made if there is none.
    ///
    /// # Errors
    /// [`ConfigError::SecretMissing`] with PostgreSQL, [`ConfigError::SecretFile`] when the file cannot be used.
    pub fn secret(&self) -> Result<Secret, ConfigError> {
        if let Some(secret) = &self.auth.secret {
            return Ok(secret.clone());
        }
        if self.database.url.kind() != Some(DatabaseKind::Sqlite) {
            return Err(ConfigError::SecretMissing);
        }
        let path = self.secret_file();
        kept(&path).map_err(|cause| ConfigError::SecretFile { path, cause })
    }

    /// Where the secret is kept when none is set.
    pub(super) fn secret_file(&self) -> PathBuf {
        self.data_dir.join("secret")
    }
}

fn kept(path: &Path) -> io::Result<Secret> {
    if !path.try_exists()? {
        make(path)?;
    }
    refuse_if_open_to_others(path)?;
    let text = fs::read_to_string(path)?;
    let text = text.trim();
    if text.len() < SECRET_BYTES {
        return Err(io::Error::other(format!("it holds {} bytes, not {SECRET_BYTES} or more", text.len())));
    }
    Ok(Secret::new(text))
}

/// Written aside and linked into place: another process sees the whole secret or none, and of two that start together
/// one wins and both read its secret.
fn make(path: &Path) -> io::Result<()> {
    if let Some(directory) = path.parent() {
        fs::create_dir_all(directory)?;
    }
    let mut random = [0; SECRET_BYTES];
    SysRng.try_fill_bytes(&mut random).map_err(io::Error::other)?;
    let aside = path.with_extension(SysRng.try_next_u64().map_err(io::Error::other)?.to_string());

    let mut file = private(OpenOptions::new().write(true).create_new(true)).open(&aside)?;
    writeln!(file, "{}", URL_SAFE_NO_PAD.encode(random))?;
    file.sync_all()?;

    let linked = fs::hard_link(&aside, path);
    fs::remove_file(&aside)?;
    match linked {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        other => other,
    }
}

#[cfg(unix)]
fn private(options: &mut OpenOptions) -> &OpenOptions {
    use std::os::unix::fs::OpenOptionsExt as _;
    options.mode(0o600)
}

#[cfg(not(unix))]
fn private(options: &mut OpenOptions) -> &OpenOptions {
    options
}

#[cfg(unix)]
fn refuse_if_open_to_others(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = fs::metadata(path)?.permissions().mode() & 0o777;
    if mode & 0o077 == 0 {
        return Ok(());
    }
    Err(io::Error::other(format!("others can read it (mode {mode:o}); run chmod 600 {}", path.display())))
}

#[cfg(not(unix))]
fn refuse_if_open_to_others(_: &Path) -> io::Result<()> {
    Ok(())
}
