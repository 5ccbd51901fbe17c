//! Carries out what the command line asks for.

use std::io::{self, BufRead, IsTerminal, Write};
use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;

use chrono::NaiveDate;
use tokio::net::TcpListener;
use tracing::{Level, Metadata};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use super::schema::{Standing, take_back};
use super::{AppError, Opened, backup, connect, exit_code, migrate, open, start};
use crate::auth::{install_tls, password};
use crate::backup::Copied;
use crate::base::{Clock, STACK_BYTES};
use crate::cli::{self, Account, Cli, Command, Migrate, PasswordFrom};
use crate::config::{Config, Loaded, Log, LogFormat};
use crate::domain::Role;
use crate::graphql;
use crate::seed::{self, Life, SignIn};

mod privacy;

/// Carries out a command and says with what the process ends.
#[must_use]
pub fn run(cli: &Cli) -> ExitCode {
    keep_to_ourselves();
    install_tls();
    let done = match &cli.command {
        Command::Completions { shell } => print(|out| cli::write_completions(*shell, out)),
        Command::Schema => print(|out| out.write_all(graphql::sdl().as_bytes())),
        _ => with_settings(cli),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: {error}");
            exit_code(&error)
        }
    }
}

/// Whatever we write holds what is nobody else's business: databases, files, backups, exports. Nobody but our own account on
/// the machine can read it, wherever the folder is.
fn keep_to_ourselves() {
    #[cfg(unix)]
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
}

fn with_settings(cli: &Cli) -> Result<(), AppError> {
    let loaded = cli.load_config()?;
    if cli.command == Command::Config {
        return print(|out| write!(out, "{}", loaded.to_toml()));
    }
    log_as(&loaded.config.log)?;
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().thread_stack_size(STACK_BYTES).build();
    let runtime =
        runtime.map_err(|cause| AppError::Io { what: "cannot start the runtime".to_owned(), cause })?;
    runtime.block_on(carry_out(&cli.command, &loaded))
}

async fn carry_out(command: &Command, loaded: &Loaded) -> Result<(), AppError> {
    let config = &loaded.config;
    match command {
        Command::Serve(serve) => Box::pin(self::serve(config, serve.demo)).await,
        Command::Migrate { direction } => {
            migrate_as(config, direction.as_ref().unwrap_or(&Migrate::Up)).await
        }
        Command::Seed(wanted) => seed(config, Life { days: wanted.days, seed: wanted.seed }).await,
        Command::Backup { folder } => print_copied("copied", backup::make(config, folder).await?, folder),
        Command::Restore { folder } => {
            let into = config.database.url.sqlite_file().and_then(Path::parent).unwrap_or(&config.data_dir);
            print_copied("restored", backup::restore(config, folder).await?, into)
        }
        Command::Import(import) => super::exchange::import(config, import).await,
        Command::Export(export) => super::exchange::export(config, export).await,
        Command::Account(account) => self::account(config, account).await,
        Command::Privacy(privacy) => privacy::carry_out(config, privacy).await,
        Command::Token { login } => {
            let opened = open(config, Clock::system()).await?;
            let tokens = opened.auth.open_for(login).await?;
            print(|out| writeln!(out, "{}", tokens.access))
        }
        Command::Schema | Command::Config | Command::Completions { .. } => Ok(()),
    }
}

async fn serve(config: &Config, demo: bool) -> Result<(), AppError> {
    let opened = open(config, Clock::system()).await?;
    let sign_ins = if demo { plant(config, &opened, Life::YEAR).await? } else { Vec::new() };
    let listener = TcpListener::bind(config.listen).await.map_err(|cause| AppError::Io {
        what: format!(
            "cannot listen on {}; is another program there? --listen chooses another",
            config.listen
        ),
        cause,
    })?;
    let running = start(config, opened, listener).await?;
    tracing::info!(address = %running.address, "serving GraphQL at http://{}/graphql", running.address);
    if demo {
        print(|out| write_welcome(out, &running.address, &sign_ins))?;
    }
    stop_signal().await;
    tracing::info!("stopping");
    running.stop().await;
    Ok(())
}

async fn stop_signal() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupted => {}
                _ = terminated.recv() => {}
            }
            return;
        }
    }
    let _ = interrupted.await;
}

async fn migrate_as(config: &Config, direction: &Migrate) -> Result<(), AppError> {
    let db = connect(config).await?;
    match direction {
        Migrate::Up => {
            let clock = Clock::system();
            migrate(&db, &clock).await?;
            super::domain(config, db, clock).await.map(|_| ())
        }
        Migrate::Down { steps } => take_back(&db, *steps).await,
        Migrate::Status => {
            let Standing { applied, pending, unknown } = Standing::of(&db).await?;
            print(|out| {
                let lists = [("applied", applied), ("pending", pending), ("unknown", unknown)];
                let mut lines =
                    lists.iter().flat_map(|(word, steps)| steps.iter().map(move |step| (word, step)));
                lines.try_for_each(|(word, step)| writeln!(out, "{word}  {step}"))
            })
        }
    }
}

async fn seed(config: &Config, life: Life) -> Result<(), AppError> {
    let opened = open(config, Clock::system()).await?;
    let sign_ins = plant(config, &opened, life).await?;
    print(|out| write_sign_ins(out, &sign_ins))
}

/// Tells month by month how far the estate has come, since it takes some seconds.
async fn plant(config: &Config, opened: &Opened, life: Life) -> Result<Vec<SignIn>, AppError> {
    let now = opened.domain.clock().now();
    let tell = |month: NaiveDate| {
        let mut err = io::stderr();
        let _ =
            write!(err, "\r星河·国际 lives through {} …", month.format("%Y-%m")).and_then(|()| err.flush());
        if month == seed::month_of(now) {
            let _ = writeln!(err);
        }
    };
    let secrets = config.secrets()?;
    Ok(seed::plant(&opened.db, &config.auth, &secrets, config.time_zone, (life, now), tell).await?)
}

fn write_welcome(out: &mut impl Write, address: &SocketAddr, sign_ins: &[SignIn]) -> io::Result<()> {
    writeln!(out, "\n星河·国际 is open.\n")?;
    writeln!(out, "  GraphQL over HTTP        http://{address}/graphql")?;
    writeln!(out, "  GraphQL over WebSocket   ws://{address}/graphql")?;
    writeln!(out, "  readiness, metrics       http://{address}/readyz  http://{address}/metrics\n")?;
    write_sign_ins(out, sign_ins)
}

/// The offices and the first community whole; of the others, which are alike, the logins.
fn write_sign_ins(out: &mut impl Write, sign_ins: &[SignIn]) -> io::Result<()> {
    writeln!(out, "Sign in with any of these; the password of all is {}\n", seed::PASSWORD)?;
    let first = sign_ins.iter().find_map(|one| one.at);
    for SignIn { login, name, role, .. } in sign_ins.iter().filter(|one| one.at.is_none() || one.at == first)
    {
        writeln!(out, "  {login:<12} {name} · {role}")?;
    }
    for others in sign_ins.chunk_by(|one, next| one.at == next.at) {
        let at = others.first().and_then(|one| one.at).filter(|at| Some(*at) != first);
        if let Some(at) = at {
            let logins = others.iter().map(|one| one.login.as_str()).collect::<Vec<_>>();
            writeln!(out, "\n  {at}: {}", logins.join(" "))?;
        }
    }
    Ok(())
}

async fn account(config: &Config, account: &Account) -> Result<(), AppError> {
    let opened = open(config, Clock::system()).await?;
    match account {
        Account::Create { admin, login, name, password } => {
            let (new, made) = read_password(*password)?;
            let roles: &[Role] = if *admin { &[Role::Admin] } else { &[] };
            opened.auth.create(login, name.as_deref().unwrap_or(login), &new, roles).await?;
            print_password(made.then_some(&new), login)
        }
        Account::Reset { login, password } => {
            let (new, made) = read_password(*password)?;
            opened.auth.reset(login, &new).await?;
            print_password(made.then_some(&new), login)
        }
    }
}

/// The password, and whether it was made here.
fn read_password(from: PasswordFrom) -> Result<(String, bool), AppError> {
    if !from.stdin {
        let drawn = password::draw(&mut rand::rngs::SysRng);
        return Ok((drawn.map_err(|error| AppError::Other(format!("no random numbers: {error}")))?, true));
    }
    let mut line = String::new();
    let read = io::stdin().lock().read_line(&mut line);
    read.map_err(|cause| AppError::Io { what: "cannot read the password".to_owned(), cause })?;
    Ok((line.trim_end_matches(['\r', '\n']).to_owned(), false))
}

fn print_password(made: Option<&String>, login: &str) -> Result<(), AppError> {
    match made {
        Some(password) => print(|out| writeln!(out, "login:    {login}\npassword: {password}")),
        None => print(|out| writeln!(out, "login:    {login}")),
    }
}

/// Says where to, too: a folder that was not meant looks just like one that was.
fn print_copied(done: &str, copied: Copied, to: &Path) -> Result<(), AppError> {
    let to = std::path::absolute(to).unwrap_or_else(|_| to.to_owned());
    print(|out| {
        writeln!(out, "{done}: {} files, {} bytes, into {}", copied.files, copied.bytes, to.display())
    })
}

fn log_as(log: &Log) -> Result<(), AppError> {
    let filter = EnvFilter::try_new(&log.filter)
        .map_err(|error| AppError::Other(format!("log.filter \"{}\" cannot be read: {error}", log.filter)))?;
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
    match log.format {
        LogFormat::Json => lines.json().finish().with(filter_fn(tells_no_secret)).init(),
        LogFormat::Text => {
            lines.with_ansi(io::stderr().is_terminal()).finish().with(filter_fn(tells_no_secret)).init();
        }
    }
    Ok(())
}

/// This library traces what comes over a socket, tokens and passwords too; no setting may switch that on.
fn tells_no_secret(line: &Metadata<'_>) -> bool {
    *line.level() != Level::TRACE || !line.target().starts_with("tungstenite")
}

/// Writes to standard output. Who closes the pipe has read enough.
pub(super) fn print(
    write: impl FnOnce(&mut io::StdoutLock<'static>) -> io::Result<()>,
) -> Result<(), AppError> {
    let mut out = io::stdout().lock();
    match write(&mut out).and_then(|()| out.flush()) {
        Err(cause) if cause.kind() != io::ErrorKind::BrokenPipe => {
            Err(AppError::Io { what: "cannot write".to_owned(), cause })
        }
        _ => Ok(()),
    }
}
