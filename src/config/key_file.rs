//! The secret that a gateway on SQLite makes for itself.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use rand::{TryRng as _, rngs::SysRng};

use super::{Config, ConfigError, DatabaseKind, Secret, Secrets, check::SECRET_BYTES};

impl Config {
    /// The secrets that are set; in place of the one that signs, on SQLite, those kept in `data_dir/secret`, a line each,
    /// of which the first signs; that file is made if there is none.
    ///
    /// # Errors
    /// [`ConfigError::SecretMissing`] with PostgreSQL, [`ConfigError::SecretFile`] when the file cannot be used.
    pub fn secrets(&self) -> Result<Secrets, ConfigError> {
        let mut secrets = self.current_secrets()?;
        secrets.former.extend(self.auth.former_secrets.iter().cloned());
        Ok(secrets)
    }

    fn current_secrets(&self) -> Result<Secrets, ConfigError> {
        if let Some(secret) = &self.auth.secret {
            return Ok(secret.clone().into());
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

fn kept(path: &Path) -> io::Result<Secrets> {
    if !path.try_exists()? {
        make(path)?;
    }
    refuse_if_open_to_others(path)?;
    let text = fs::read_to_string(path)?;
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let current = read(lines.next().unwrap_or_default())?;
    Ok(Secrets { current, former: lines.map(read).collect::<io::Result<_>>()? })
}

fn read(line: &str) -> io::Result<Secret> {
    if line.len() < SECRET_BYTES {
        return Err(io::Error::other(format!("it holds {} bytes, not {SECRET_BYTES} or more", line.len())));
    }
    Ok(Secret::new(line))
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
